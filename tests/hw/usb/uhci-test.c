/*
 * UHCI and USB mass storage: a device is found, addressed and configured, a
 * disk read and written through bulk packets, and schedules that make no sense
 * end the frame; a disk that goes. If this fails, guests of the PC have no USB.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "hw/mac-test.h"

#define IO 0xfe002000u
enum { SLOT = 5, CMD = 0, STS = 2, INTR = 4, FRNUM = 6, FLBASE = 8, SOF = 12, PORT1 = 16 };
enum { LIST = 0x100000, QH = 0x102000, TDS = 0x103000, DATA = 0x110000 };
enum { SETUP = 0x2d, IN = 0x69, OUT = 0xe1, ACTIVE = 1 << 23, STALLED = 1 << 22, SPD = 1 << 29 };

static QTestState *q;
static char *image;
static int toggles[2];          /* of bulk OUT and IN */

static uint16_t reg_read(int reg)
{
    return GUINT16_SWAP_LE_BE(qtest_readw(q, IO + reg));
}

static void reg_write(int reg, uint16_t value)
{
    qtest_writew(q, IO + reg, GUINT16_SWAP_LE_BE(value));
}

static void start_with(const char *args)
{
    int fd = g_file_open_tmp("uhci-XXXXXX", &image, NULL);

    g_assert_cmpint(ftruncate(fd, 1 << 20), ==, 0);
    close(fd);
    q = qtest_init("-M g3beige -vga none -nic none -drive if=none,id=d,file=%s,format=raw "
                   "-device piix3-usb-uhci,id=u,addr=%d -device usb-storage,id=m,bus=u.0,drive=d %s",
                   image, SLOT, args);
    g3_config_write(q, SLOT, PCI_BAR0 + 16, 0x2000);
    g3_config_write(q, SLOT, PCI_CMD, 7);
    toggles[0] = toggles[1] = 0;
}

static void start(void) { start_with(""); }

static void stop(void)
{
    qtest_quit(q);
    unlink(image);
    g_free(image);
}

static void run(void)
{
    for (int i = 0; i < 1024; i++) {
        write_le32(q, LIST + 4 * i, QH | 2);
    }
    write_le32(q, IO + FLBASE, LIST);
    reg_write(PORT1, 0x200);
    reg_write(PORT1, 0);
    reg_write(PORT1, 4);
    write_le32(q, QH, 1);
    write_le32(q, QH + 4, 1);
    reg_write(CMD, 1);
}

static void put_td(int i, int pid, int addr, int endpoint, int toggle, int len, uint32_t buffer,
                   bool last)
{
    write_le32(q, TDS + 16 * i, last ? 1 : (TDS + 16 * (i + 1)) | 4);
    write_le32(q, TDS + 16 * i + 4, ACTIVE | 3 << 27 | (pid == IN ? SPD : 0) | (last ? 1 << 24 : 0));
    write_le32(q, TDS + 16 * i + 8,
               pid | addr << 8 | endpoint << 15 | toggle << 19 | (uint32_t)((len - 1) & 0x7ff) << 21);
    write_le32(q, TDS + 16 * i + 12, buffer);
}

/* Runs the TDs; the last one's control word, when none is active any more. */
static uint32_t run_tds(int n)
{
    write_le32(q, QH + 4, TDS);
    for (int tries = 0; tries < 2000; tries++) {
        bool busy = false;

        qtest_clock_step(q, 1000000);
        for (int i = 0; i < n; i++) {
            uint32_t control = read_le32(q, TDS + 16 * i + 4);

            if (control & STALLED || ((control & ACTIVE) == 0 && (read_le32(q, QH + 4) & ~15u) ==
                                                                     TDS + 16u * i)) {
                return control;         /* short packet or stall: the queue stops there */
            }
            busy |= control & ACTIVE;
        }
        if (!busy) {
            return read_le32(q, TDS + 16 * (n - 1) + 4);
        }
        g_usleep(200);
    }
    g_assert_not_reached();
}

static void control(int addr, const uint8_t *setup, int in_len)
{
    qtest_memwrite(q, DATA, setup, 8);
    put_td(0, SETUP, addr, 0, 0, 8, DATA, false);
    if (in_len) {
        put_td(1, IN, addr, 0, 1, in_len, DATA + 0x100, false);
        put_td(2, OUT, addr, 0, 1, 0, 0, true);
    } else {
        put_td(1, IN, addr, 0, 1, 0, 0, true);
    }
    g_assert_cmphex(run_tds(in_len ? 3 : 2) & (STALLED | ACTIVE), ==, 0);
}

static void bulk(int pid, uint32_t buffer, int len)
{
    int n = 0, *toggle = &toggles[pid == IN];

    for (int done = 0; done < len; done += 64, n++, *toggle ^= 1) {
        put_td(n, pid, 1, pid == IN ? 1 : 2, *toggle, MIN(64, len - done), buffer + done,
               done + 64 >= len);
    }
    g_assert_cmphex(run_tds(n) & (STALLED | ACTIVE), ==, 0);
}

/* The command's status. */
static int scsi(const uint8_t *cdb, int pid, uint32_t bytes)
{
    uint8_t cbw[31] = { 'U', 'S', 'B', 'C', 1, 2, 3, 4 };

    cbw[8] = bytes;
    cbw[9] = bytes >> 8;
    cbw[12] = pid == IN ? 0x80 : 0;
    cbw[14] = 10;
    memcpy(cbw + 15, cdb, 10);
    qtest_memwrite(q, DATA, cbw, sizeof(cbw));
    bulk(OUT, DATA, 31);
    if (bytes) {
        bulk(pid, DATA + 0x1000, bytes);
    }
    bulk(IN, DATA + 0x100, 13);
    g_assert_cmphex(read_le32(q, DATA + 0x100), ==, 0x53425355);
    g_assert_cmphex(read_le32(q, DATA + 0x104), ==, 0x04030201);
    return qtest_readb(q, DATA + 0x10c);
}

static void enumerate(void)
{
    static const uint8_t set_address[8] = { 0, 5, 1 }, get_device[8] = { 0x80, 6, 0, 1, 0, 0, 18 },
        set_configuration[8] = { 0, 9, 1 };

    run();
    control(0, set_address, 0);
    control(1, get_device, 18);
    g_assert_cmphex(qtest_readb(q, DATA + 0x101), ==, 1);
    control(1, set_configuration, 0);
}

static void test_registers(void)
{
    start();
    g_assert_cmphex(g3_config_read(q, SLOT, 0), ==, 0x70208086);
    g_assert_cmphex(g3_config_read(q, SLOT, 8), ==, 0x0c030001);
    g_assert_cmphex(g3_config_read(q, SLOT, 0x60) & 0xff, ==, 0x10);
    g_assert_cmphex(reg_read(STS), ==, 0x20);
    g_assert_cmphex(reg_read(PORT1), ==, 0x83);
    g_assert_cmphex(reg_read(PORT1 + 2), ==, 0x80);
    g_assert_cmphex(qtest_readb(q, IO + SOF), ==, 64);
    reg_write(PORT1, 2);
    g_assert_cmphex(reg_read(PORT1), ==, 0x81);
    stop();
}

static void test_disk(void)
{
    static const uint8_t inquiry[10] = { 0x12, 0, 0, 0, 36 }, ready[10] = { 0 },
        write10[10] = { 0x2a, 0, 0, 0, 0, 7, 0, 0, 2 }, read10[10] = { 0x28, 0, 0, 0, 0, 7, 0, 0, 2 };
    uint8_t data[1024], back[1024];
    char *saved, *again;

    start();
    enumerate();
    g_assert_cmpint(scsi(ready, OUT, 0), ==, 1);        /* unit attention */
    g_assert_cmpint(scsi(ready, OUT, 0), ==, 0);
    g_assert_cmpint(scsi(inquiry, IN, 36), ==, 0);
    qtest_memread(q, DATA + 0x1008, back, 8);
    g_assert_cmpmem(back, 8, "QEMU    ", 8);
    for (int i = 0; i < 1024; i++) {
        data[i] = i * 13;
    }
    qtest_memwrite(q, DATA + 0x1000, data, 1024);
    g_assert_cmpint(scsi(write10, OUT, 1024), ==, 0);
    qtest_memset(q, DATA + 0x1000, 0, 1024);
    g_assert_cmpint(scsi(read10, IN, 1024), ==, 0);
    qtest_memread(q, DATA + 0x1000, back, 1024);
    g_assert_cmpmem(back, 1024, data, 1024);
    saved = qtest_vmsave(q, "u");
    reg_write(CMD, 2);
    qtest_vmload(q, "u", saved);
    again = qtest_vmsave(q, "u");
    g_assert_cmpstr(saved, ==, again);
    g_free(saved);
    g_free(again);
    stop();
}

/* Rings without transfers, links to nowhere, packets of no kind. */
static void test_hostile(void)
{
    start();
    run();
    write_le32(q, QH, QH | 2);
    qtest_clock_step(q, 5000000);
    for (int i = 0; i < 64; i++) {                      /* inactive TDs in a circle */
        write_le32(q, TDS + 16 * i, TDS + 16 * ((i + 1) % 64));
        write_le32(q, TDS + 16 * i + 4, 0);
    }
    for (int i = 0; i < 1024; i++) {
        write_le32(q, LIST + 4 * i, TDS);
    }
    qtest_clock_step(q, 5000000);
    put_td(0, 0x55, 0, 0, 0, 8, DATA, true);
    qtest_clock_step(q, 5000000);
    g_assert_cmphex(reg_read(STS) & 0x30, ==, 0x30);    /* process error, halted */
    reg_write(STS, 0x3f);
    write_le32(q, IO + FLBASE, 0x70000000);
    reg_write(CMD, 1);
    qtest_clock_step(q, 5000000);
    reg_write(CMD, 2);
    g_assert_cmphex(reg_read(STS), ==, 0x20);
    stop();
}

/* The disk goes while a command waits for its data to be fetched. */
static void test_removed(void)
{
    static const uint8_t cbw[31] = { 'U', 'S', 'B', 'C', 1, 2, 3, 4, 0, 4, 0, 0, 0x80, 0, 10, 0x28, 0, 0, 0, 0, 0, 0, 0, 2 };
    char *path = g_strdup_printf("%s/uhci-monitor-%d", g_get_tmp_dir(), (int)getpid());
    char *args = g_strdup_printf("-monitor unix:%s,server=on,wait=off", path);
    struct sockaddr_un addr = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    start_with(args);
    enumerate();
    qtest_memwrite(q, DATA, cbw, sizeof(cbw));
    bulk(OUT, DATA, 31);
    g_strlcpy(addr.sun_path, path, sizeof(addr.sun_path));
    g_assert_cmpint(connect(fd, (struct sockaddr *)&addr, sizeof(addr)), ==, 0);
    g_assert_cmpint(write(fd, "device_del m\n", 13), ==, 13);
    while (reg_read(PORT1) & 1) {
        g_usleep(1000);
    }
    g_assert_cmphex(reg_read(PORT1) & 0xf, ==, 0xa);    /* connection and enable have changed */
    close(fd);
    stop();
    unlink(path);
    g_free(args);
    g_free(path);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/uhci/registers", test_registers);
    g_test_add_func("/uhci/disk", test_disk);
    g_test_add_func("/uhci/hostile", test_hostile);
    g_test_add_func("/uhci/removed", test_removed);
    return g_test_run();
}
