/*
 * Virtio block cards and the rings under them: requests of all kinds against an
 * image, indirect descriptors, saved state, and rings that make no sense, which
 * break the device and nothing else. If this fails, guests lose their disks, or
 * a guest can harm the host.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <unistd.h>
#include "hw/virtio/virtio-driver.h"

enum { T_IN = 0, T_OUT = 1, T_FLUSH = 4, T_GET_ID = 8, T_DISCARD = 11, T_WRITE_ZEROES = 13 };
enum { DISK_SECTORS = 2048, STATUS_AT = VIO_DATA + 0x100, BUFFER = VIO_DATA + 0x10000 };
#define ALL_FEATURES 0xdfffffffu        /* not EVENT_IDX */

static VIODriver drv;
static char *image;

static void start(const char *props)
{
    g_autofree char *args = NULL;
    int fd = g_file_open_tmp("vblk-XXXXXX", &image, NULL);

    g_assert_cmpint(ftruncate(fd, DISK_SECTORS * 512), ==, 0);
    close(fd);
    args = g_strdup_printf("-drive if=none,id=d,file=%s,format=raw,serial=abc123,discard=unmap "
                           "-device virtio-blk-pci,id=card,drive=d%s", image, props);
    vio_start(&drv, args);
}

static void stop(void)
{
    qtest_quit(drv.q);
    unlink(image);
    g_free(image);
}

static void put_header(uint32_t type, uint64_t sector)
{
    vio_put(&drv, VIO_DATA, type, 4);
    vio_put(&drv, VIO_DATA + 4, 0, 4);
    vio_put(&drv, VIO_DATA + 8, sector, 8);
    vio_put(&drv, STATUS_AT, 0xaa, 1);
}

static uint8_t request(uint32_t type, uint64_t sector, uint32_t bytes)
{
    bool in = type == T_IN || type == T_GET_ID;
    uint64_t table = vio_ring(0);

    put_header(type, sector);
    vio_desc(&drv, table, 0, VIO_DATA, 16, VIO_F_NEXT, bytes ? 1 : 2);
    vio_desc(&drv, table, 1, BUFFER, bytes, VIO_F_NEXT | (in ? VIO_F_WRITE : 0), 2);
    vio_desc(&drv, table, 2, STATUS_AT, 1, VIO_F_WRITE, 0);
    vio_offer(&drv, 0, 0);
    vio_wait_used(&drv, 0);
    return vio_get(&drv, STATUS_AT, 1);
}

static void test_requests(void)
{
    uint8_t data[1024], back[1024];

    start("");
    g_assert_cmphex(g3_config_read(drv.q, VIO_SLOT, 0), ==, 0x10011af4);
    g_assert_cmphex(g3_config_read(drv.q, VIO_SLOT, 0x2c), ==, 0x00021af4);
    vio_up(&drv, ALL_FEATURES, 1);
    g_assert_cmpuint(vio_read32(&drv, VIO_CONFIG), ==, DISK_SECTORS);
    for (int i = 0; i < 1024; i++) {
        data[i] = i * 7;
    }
    qtest_memwrite(drv.q, BUFFER, data, sizeof(data));
    g_assert_cmphex(request(T_OUT, 10, 1024), ==, 0);
    g_assert_cmphex(vio_read32(&drv, VIO_ISR) & 1, ==, 1);
    g_assert_cmphex(vio_read32(&drv, VIO_ISR) & 1, ==, 0);
    g_assert_cmphex(request(T_FLUSH, 0, 0), ==, 0);
    qtest_memset(drv.q, BUFFER, 0, 1024);
    g_assert_cmphex(request(T_IN, 10, 1024), ==, 0);
    qtest_memread(drv.q, BUFFER, back, sizeof(back));
    g_assert_cmpmem(back, 1024, data, 1024);
    g_assert_cmphex(request(T_GET_ID, 0, 20), ==, 0);
    qtest_memread(drv.q, BUFFER, back, 20);
    g_assert_cmpstr((char *)back, ==, "abc123");
    g_assert_cmphex(request(77, 0, 0), ==, 2);
    g_assert_cmphex(request(T_IN, DISK_SECTORS - 1, 1024), ==, 1);
    g_assert_cmphex(request(T_IN, UINT64_MAX - 1, 1024), ==, 1);
    g_assert_cmphex(request(T_OUT, 0, 100), ==, 1);
    vio_put(&drv, BUFFER, 10, 8);                       /* one range: sector 10, 2 sectors */
    vio_put(&drv, BUFFER + 8, 2, 4);
    vio_put(&drv, BUFFER + 12, 1, 4);
    g_assert_cmphex(request(T_WRITE_ZEROES, 0, 16), ==, 0);
    vio_put(&drv, BUFFER + 12, 0, 4);
    g_assert_cmphex(request(T_DISCARD, 0, 16), ==, 0);
    vio_put(&drv, BUFFER + 8, 0x1000000, 4);
    g_assert_cmphex(request(T_DISCARD, 0, 16), ==, 1);
    g_assert_cmphex(request(T_IN, 10, 1024), ==, 0);
    qtest_memread(drv.q, BUFFER, back, sizeof(back));
    memset(data, 0, sizeof(data));
    g_assert_cmpmem(back, 1024, data, 1024);
    stop();
}

/* Segments that do not lie together in an indirect table, with event indexes. */
static void test_indirect(void)
{
    uint64_t table = VIO_DATA + 0x1000;
    uint8_t data[1536], back[1536];

    start("");
    vio_up(&drv, 0xffffffff, 1);
    for (int i = 0; i < 1536; i++) {
        data[i] = i * 3 + 1;
    }
    qtest_memwrite(drv.q, BUFFER, data, 1024);
    qtest_memwrite(drv.q, BUFFER + 0x8000, data + 1024, 512);
    for (int dir = T_OUT; dir >= T_IN; dir--) {
        uint16_t write = dir == T_IN ? VIO_F_WRITE : 0;
        uint32_t written;

        put_header(dir, 4);
        vio_desc(&drv, table, 0, VIO_DATA, 16, VIO_F_NEXT, 1);
        vio_desc(&drv, table, 1, BUFFER, 1024, VIO_F_NEXT | write, 2);
        vio_desc(&drv, table, 2, BUFFER + 0x8000, 512, VIO_F_NEXT | write, 3);
        vio_desc(&drv, table, 3, STATUS_AT, 1, VIO_F_WRITE, 0);
        vio_desc(&drv, vio_ring(0), 5, table, 64, VIO_F_INDIRECT, 0);
        vio_offer(&drv, 0, 5);
        written = vio_wait_used(&drv, 0);
        g_assert_cmphex(vio_get(&drv, STATUS_AT, 1), ==, 0);
        g_assert_cmpuint(written, ==, dir == T_IN ? 1537 : 1);
        qtest_memset(drv.q, BUFFER, 0, 1024);
        if (dir == T_OUT) {
            qtest_memset(drv.q, BUFFER + 0x8000, 0, 512);
        }
    }
    qtest_memread(drv.q, BUFFER + 0x8000, back + 1024, 512);
    g_assert_cmpmem(back + 1024, 512, data + 1024, 512);
    g_assert_cmpuint(vio_get(&drv, vio_ring(0) + 0x804 + 8 * VIO_RING_SIZE, 2), ==, 2);
    stop();
}

static void test_state(void)
{
    char *saved, *again;

    start("");
    vio_up(&drv, ALL_FEATURES, 1);
    g_assert_cmphex(request(T_IN, 0, 512), ==, 0);
    saved = qtest_vmsave(drv.q, "card");
    vio_write8(&drv, 0x14, 0);
    g_assert_cmphex(vio_status(&drv), ==, 0);
    vio_write16(&drv, 0x16, 0);
    g_assert_cmphex(vio_read32(&drv, 0x20), ==, 0);
    qtest_vmload(drv.q, "card", saved);
    again = qtest_vmsave(drv.q, "card");
    g_assert_cmpstr(saved, ==, again);
    g_assert_cmphex(vio_status(&drv), ==, VIO_STATUS_OK);
    g_assert_cmphex(request(T_IN, 1, 512), ==, 0);
    g_free(saved);
    g_free(again);
    stop();
}

/* Each row is descriptor 0 of a request; the device must say that it needs a reset. */
static void test_broken_rings(void)
{
    static const struct { uint64_t addr; uint32_t len; uint16_t flags, next; } rows[] = {
        { VIO_DATA, 16, VIO_F_NEXT, 0 },                /* a loop */
        { VIO_DATA, 16, VIO_F_NEXT, 500 },              /* outside of the table */
        { VIO_DATA, 0, 0, 0 },                          /* nothing */
        { VIO_DATA, 8, 0, 0 },                          /* no header, no status */
        { VIO_DATA, 17, VIO_F_INDIRECT, 0 },            /* half a descriptor */
        { 0xfffffffffffffff0, 64, VIO_F_INDIRECT, 0 },  /* a table in no memory */
        { UINT64_MAX - 4, 64, 0, 0 },                   /* round the end of memory */
    };

    start("");
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        vio_up(&drv, ALL_FEATURES, 1);
        vio_desc(&drv, vio_ring(0), 0, rows[i].addr, rows[i].len, rows[i].flags, rows[i].next);
        vio_offer(&drv, 0, 0);
        vio_wait_broken(&drv);
        g_assert_false(vio_used_pending(&drv, 0));
    }
    vio_up(&drv, ALL_FEATURES, 1);
    drv.avail[0] = 500;                                 /* more than the ring holds */
    vio_offer(&drv, 0, 0);
    vio_wait_broken(&drv);
    vio_up(&drv, ALL_FEATURES, 1);
    g_assert_cmphex(request(T_IN, 0, 512), ==, 0);
    stop();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/virtio-blk/requests", test_requests);
    g_test_add_func("/virtio-blk/indirect", test_indirect);
    g_test_add_func("/virtio-blk/state", test_state);
    g_test_add_func("/virtio-blk/broken-rings", test_broken_rings);
    return g_test_run();
}
