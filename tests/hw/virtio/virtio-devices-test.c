/*
 * Virtio network, entropy, console, balloon and SCSI cards: each does its work
 * through its queues, and takes broken requests without harm. If this fails,
 * guests have no network, randomness, console or disks.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <unistd.h>
#include "hw/virtio/virtio-driver.h"

enum { BUFFER = VIO_DATA + 0x10000 };
#define ALL_FEATURES 0xdfffffffu        /* not EVENT_IDX */

static VIODriver drv;

static void check_state(void)
{
    char *saved = qtest_vmsave(drv.q, "card"), *again;

    vio_write8(&drv, 0x14, 0);
    qtest_vmload(drv.q, "card", saved);
    again = qtest_vmsave(drv.q, "card");
    g_assert_cmpstr(saved, ==, again);
    g_free(saved);
    g_free(again);
}

/* --- network ---------------------------------------------------------------- */

static void test_net(void)
{
    static const uint8_t request[60] = {
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x52, 0x54, 0x00, 0xaa, 0xbb, 0xcc, 0x08, 0x06, 0x00, 0x01,
        0x08, 0x00, 0x06, 0x04, 0x00, 0x01, 0x52, 0x54, 0x00, 0xaa, 0xbb, 0xcc, 0x0a, 0x00, 0x02, 0x0f,
        0, 0, 0, 0, 0, 0, 0x0a, 0x00, 0x02, 0x02,
    };
    uint8_t frame[64];

    vio_start(&drv, "-netdev user,id=n -device virtio-net-pci,id=card,netdev=n,mac=52:54:00:aa:bb:cc");
    g_assert_cmphex(g3_config_read(drv.q, VIO_SLOT, 0), ==, 0x10001af4);
    vio_up(&drv, ALL_FEATURES, 3);
    g_assert_cmphex(vio_read32(&drv, VIO_CONFIG), ==, 0xaa005452);
    vio_desc(&drv, vio_ring(0), 0, BUFFER, 30, VIO_F_WRITE, 0);     /* the reply needs three of them */
    vio_desc(&drv, vio_ring(0), 1, BUFFER + 0x100, 30, VIO_F_WRITE, 0);
    vio_desc(&drv, vio_ring(0), 2, BUFFER + 0x200, 30, VIO_F_WRITE, 0);
    for (int i = 0; i < 3; i++) {
        vio_offer(&drv, 0, i);
    }
    qtest_memset(drv.q, VIO_DATA, 0, 12);
    qtest_memwrite(drv.q, VIO_DATA + 12, request, sizeof(request));
    vio_desc(&drv, vio_ring(1), 0, VIO_DATA, 72, 0, 0);
    vio_offer(&drv, 1, 0);
    vio_wait_used(&drv, 1);
    g_assert_cmpuint(vio_wait_used(&drv, 0), ==, 30);
    g_assert_cmpuint(vio_wait_used(&drv, 0), ==, 30);
    g_assert_cmpuint(vio_wait_used(&drv, 0), ==, 64 + 12 - 60);
    g_assert_cmpuint(vio_get(&drv, BUFFER + 10, 2), ==, 3);
    qtest_memread(drv.q, BUFFER + 12, frame, 18);
    g_assert_cmpmem(frame, 6, request + 6, 6);
    g_assert_cmphex(frame[12] << 8 | frame[13], ==, 0x0806);
    vio_put(&drv, VIO_DATA, 0, 3);                      /* promiscuous mode off */
    vio_desc(&drv, vio_ring(2), 0, VIO_DATA, 3, VIO_F_NEXT, 1);
    vio_desc(&drv, vio_ring(2), 1, BUFFER + 0x300, 1, VIO_F_WRITE, 0);
    vio_put(&drv, BUFFER + 0x300, 0xff, 1);
    vio_offer(&drv, 2, 0);
    vio_wait_used(&drv, 2);
    g_assert_cmphex(vio_get(&drv, BUFFER + 0x300, 1), ==, 0);
    check_state();
    /* Segmentation of what is no TCP, a checksum outside of the packet: dropped. */
    vio_put(&drv, VIO_DATA, 0x0101, 2);
    vio_offer(&drv, 1, 0);
    vio_wait_used(&drv, 1);
    vio_put(&drv, VIO_DATA, 0x0001, 2);
    vio_put(&drv, VIO_DATA + 6, 0xffff, 2);
    vio_offer(&drv, 1, 0);
    vio_wait_used(&drv, 1);
    g_assert_cmphex(vio_status(&drv), ==, VIO_STATUS_OK);
    qtest_quit(drv.q);
}

/* --- entropy ---------------------------------------------------------------- */

static void test_rng(void)
{
    uint8_t bytes[64] = { 0 };
    unsigned set = 0;

    vio_start(&drv, "-device virtio-rng-pci,id=card");
    vio_up(&drv, ALL_FEATURES, 1);
    vio_desc(&drv, vio_ring(0), 0, BUFFER, 64, VIO_F_WRITE, 0);
    vio_offer(&drv, 0, 0);
    g_assert_cmpuint(vio_wait_used(&drv, 0), ==, 64);
    qtest_memread(drv.q, BUFFER, bytes, sizeof(bytes));
    for (int i = 0; i < 64; i++) {
        set += bytes[i] != 0;
    }
    g_assert_cmpuint(set, >, 32);
    check_state();
    qtest_quit(drv.q);
}

/* The quota is used up until the next period, which the test's clock brings. */
static void test_rng_limit(void)
{
    vio_start(&drv, "-device virtio-rng-pci,id=card,max-bytes=16,period=1000");
    vio_up(&drv, ALL_FEATURES, 1);
    vio_desc(&drv, vio_ring(0), 0, BUFFER, 64, VIO_F_WRITE, 0);
    vio_offer(&drv, 0, 0);
    g_assert_cmpuint(vio_wait_used(&drv, 0), ==, 16);
    vio_offer(&drv, 0, 0);
    g_assert_false(vio_used_pending(&drv, 0));
    qtest_clock_step(drv.q, 1100000000);
    g_assert_cmpuint(vio_wait_used(&drv, 0), ==, 16);
    qtest_quit(drv.q);
}

/* --- console ---------------------------------------------------------------- */

static void control(uint32_t port, uint16_t event, uint16_t value)
{
    vio_put(&drv, VIO_DATA, port, 4);
    vio_put(&drv, VIO_DATA + 4, event, 2);
    vio_put(&drv, VIO_DATA + 6, value, 2);
    vio_desc(&drv, vio_ring(3), 0, VIO_DATA, 8, 0, 0);
    vio_offer(&drv, 3, 0);
    vio_wait_used(&drv, 3);
}

static void test_console(void)
{
    g_autofree char *path = NULL, *args = NULL, *text = NULL;
    int fd = g_file_open_tmp("vcon-XXXXXX", &path, NULL);

    close(fd);
    args = g_strdup_printf("-chardev file,id=c,path=%s -device virtio-serial-pci,id=card,addr=5 "
                           "-device virtserialport,bus=card.0,chardev=c,name=org.x", path);
    memset(&drv, 0, sizeof(drv));
    drv.q = qtest_init("-M g3beige -vga none -nic none %s", args);
    g3_config_write(drv.q, VIO_SLOT, PCI_BAR0 + 16, VIO_BASE);
    g3_config_write(drv.q, VIO_SLOT, PCI_CMD, 6);
    vio_up(&drv, ALL_FEATURES, 6);
    for (int i = 0; i < 4; i++) {
        vio_desc(&drv, vio_ring(2), i, BUFFER + 0x100 * i, 64, VIO_F_WRITE, 0);
        vio_offer(&drv, 2, i);
    }
    control(0xffffffff, 0, 1);                          /* device ready: port 1 is announced */
    g_assert_cmpuint(vio_wait_used(&drv, 2), ==, 8);
    g_assert_cmpuint(vio_get(&drv, BUFFER, 4), ==, 1);
    g_assert_cmpuint(vio_get(&drv, BUFFER + 4, 2), ==, 1);
    control(1, 3, 1);                                   /* port ready: its name comes */
    g_assert_cmpuint(vio_wait_used(&drv, 2), ==, 8 + 5);
    g_assert_cmpuint(vio_get(&drv, BUFFER + 0x104, 2), ==, 7);
    control(1, 6, 1);
    control(77, 6, 1);                                  /* no such port */
    qtest_memwrite(drv.q, VIO_DATA, "hello", 5);
    vio_desc(&drv, vio_ring(5), 0, VIO_DATA, 5, 0, 0);
    vio_offer(&drv, 5, 0);
    vio_wait_used(&drv, 5);
    check_state();
    qtest_quit(drv.q);
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, "hello");
    unlink(path);
}

/* --- balloon ---------------------------------------------------------------- */

static void test_balloon(void)
{
    vio_start(&drv, "-device virtio-balloon-pci,id=card");
    vio_up(&drv, ALL_FEATURES, 3);
    qtest_memset(drv.q, 0x300000, 0x77, 0x1000);
    vio_put(&drv, VIO_DATA, 0x300, 4);
    vio_put(&drv, VIO_DATA + 4, 0xffffffff, 4);         /* no memory there */
    vio_desc(&drv, vio_ring(0), 0, VIO_DATA, 8, 0, 0);
    vio_offer(&drv, 0, 0);
    vio_wait_used(&drv, 0);
    g_assert_cmphex(qtest_readb(drv.q, 0x300000), ==, 0);
    vio_write32(&drv, VIO_CONFIG + 4, 1);
    g_assert_cmpuint(vio_read32(&drv, VIO_CONFIG + 4), ==, 1);
    check_state();
    qtest_quit(drv.q);
}

/* --- SCSI ----------------------------------------------------------------- */

/* Response; data at BUFFER. dir: 1 from the device, 2 to it. */
static uint8_t scsi(int target, int lun, const uint8_t *cdb, int dir, uint32_t bytes)
{
    uint8_t header[51] = { 1, target, 0x40, lun };
    uint64_t table = vio_ring(2);

    memcpy(header + 19, cdb, 16);
    qtest_memwrite(drv.q, VIO_DATA, header, sizeof(header));
    qtest_memset(drv.q, VIO_DATA + 0x100, 0xee, 108);
    vio_desc(&drv, table, 0, VIO_DATA, 51, VIO_F_NEXT, dir == 2 ? 1 : 2);
    vio_desc(&drv, table, 1, BUFFER, bytes, VIO_F_NEXT, 2);
    vio_desc(&drv, table, 2, VIO_DATA + 0x100, 108, VIO_F_WRITE | (dir == 1 ? VIO_F_NEXT : 0), 3);
    vio_desc(&drv, table, 3, BUFFER, bytes, VIO_F_WRITE, 0);
    vio_offer(&drv, 2, 0);
    vio_wait_used(&drv, 2);
    return vio_get(&drv, VIO_DATA + 0x100 + 11, 1);
}

static uint8_t scsi_status(void)
{
    return vio_get(&drv, VIO_DATA + 0x100 + 10, 1);
}

static void test_scsi(void)
{
    static const uint8_t ready[16] = { 0 }, inquiry[16] = { 0x12, 0, 0, 0, 36 },
        capacity[16] = { 0x25 }, write10[16] = { 0x2a, 0, 0, 0, 0, 5, 0, 0, 2 },
        read10[16] = { 0x28, 0, 0, 0, 0, 5, 0, 0, 2 }, beyond[16] = { 0x28, 0, 1, 0, 0, 0, 0, 0, 1 },
        luns[16] = { 0xa0, 0, 0, 0, 0, 0, 0, 0, 0, 64 }, bogus[16] = { 0xe7 };
    g_autofree char *path = NULL, *args = NULL;
    int fd = g_file_open_tmp("vscsi-XXXXXX", &path, NULL);
    uint8_t data[1024], back[1024];

    g_assert_cmpint(ftruncate(fd, 1 << 20), ==, 0);
    close(fd);
    args = g_strdup_printf("-drive if=none,id=d,file=%s,format=raw -device virtio-scsi-pci,id=card,addr=5 "
                           "-device scsi-hd,drive=d,bus=card.0,scsi-id=3,serial=S", path);
    memset(&drv, 0, sizeof(drv));
    drv.q = qtest_init("-M g3beige -vga none -nic none %s", args);
    g3_config_write(drv.q, VIO_SLOT, PCI_BAR0 + 16, VIO_BASE);
    g3_config_write(drv.q, VIO_SLOT, PCI_CMD, 6);
    vio_up(&drv, ALL_FEATURES, 3);
    g_assert_cmpuint(scsi(0, 0, ready, 0, 0), ==, 3);   /* nobody there */
    g_assert_cmpuint(scsi(3, 0, ready, 0, 0), ==, 0);
    g_assert_cmpuint(scsi_status(), ==, 2);             /* unit attention: reset */
    g_assert_cmpuint(vio_get(&drv, VIO_DATA + 0x100 + 12 + 2, 1), ==, 6);
    scsi(3, 0, ready, 0, 0);
    g_assert_cmpuint(scsi_status(), ==, 0);
    scsi(3, 0, inquiry, 1, 36);
    qtest_memread(drv.q, BUFFER, back, 36);
    g_assert_cmpmem(back + 8, 8, "QEMU    ", 8);
    scsi(3, 0, capacity, 1, 8);
    g_assert_cmphex(qtest_readl(drv.q, BUFFER), ==, 2047);
    for (int i = 0; i < 1024; i++) {
        data[i] = i * 11;
    }
    qtest_memwrite(drv.q, BUFFER, data, 1024);
    scsi(3, 0, write10, 2, 1024);
    g_assert_cmpuint(scsi_status(), ==, 0);
    qtest_memset(drv.q, BUFFER, 0, 1024);
    scsi(3, 0, read10, 1, 1024);
    g_assert_cmpuint(scsi_status(), ==, 0);
    qtest_memread(drv.q, BUFFER, back, 1024);
    g_assert_cmpmem(back, 1024, data, 1024);
    scsi(3, 0, beyond, 1, 512);
    g_assert_cmpuint(scsi_status(), ==, 2);
    g_assert_cmpuint(vio_get(&drv, VIO_DATA + 0x100 + 12 + 12, 1), ==, 0x21);
    scsi(3, 0, luns, 1, 64);
    g_assert_cmphex(qtest_readl(drv.q, BUFFER), ==, 8);
    scsi(3, 5, ready, 0, 0);                            /* no such unit */
    g_assert_cmpuint(scsi_status(), ==, 2);
    scsi(3, 0, bogus, 0, 0);
    g_assert_cmpuint(scsi_status(), ==, 2);
    check_state();
    qtest_quit(drv.q);
    unlink(path);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/virtio/net", test_net);
    g_test_add_func("/virtio/rng", test_rng);
    g_test_add_func("/virtio/rng-limit", test_rng_limit);
    g_test_add_func("/virtio/console", test_console);
    g_test_add_func("/virtio/balloon", test_balloon);
    g_test_add_func("/virtio/scsi", test_scsi);
    return g_test_run();
}
