/*
 * ATA and ATAPI drives behind the macio cell: what firmware and drivers rely on.
 * If this fails, guests find no disk, read wrong data, or hang.
 *
 * SPDX-License-Identifier: MIT
 */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "libqtest.h"

enum { SECTORS = 20000, CD_SECTORS = 300 };
enum { REG_DATA = 0x00, REG_ERROR = 0x10, REG_COUNT = 0x20, REG_LOW = 0x30, REG_MID = 0x40,
       REG_HIGH = 0x50, REG_DEVICE = 0x60, REG_STATUS = 0x70, REG_CONTROL = 0x160,
       REG_INTERRUPT = 0x300 };
enum { ERR = 0x01, DRQ = 0x08, DRDY = 0x40, BSY = 0x80 };

#define CONFIG_ADDRESS 0xfec00000u
#define CONFIG_DATA    0xfee00000u
#define MACIO_BASE     0x80800000u
#define DBDMA_BASE     (MACIO_BASE + 0x8000)
#define DEVICE_IRQ     (1u << 30)

static const uint64_t ide[2] = { MACIO_BASE + 0x20000, MACIO_BASE + 0x21000 };
static const int channel[2] = { 0x16, 0x1a };
static char *dir;
static QTestState *q;

static void write_le(uint64_t addr, uint32_t val)
{
    qtest_writel(q, addr, GUINT32_SWAP_LE_BE(val));
}

static uint32_t read_le(uint64_t addr)
{
    return GUINT32_SWAP_LE_BE(qtest_readl(q, addr));
}

/* Byte i of the disk: every sector differs. */
static uint8_t disk_byte(uint64_t offset)
{
    return (offset / 512 * 7 + offset % 512 * 3 + offset / 65536) & 0xff;
}

static char *make_image(const char *name, uint64_t bytes)
{
    char *path = g_build_filename(dir, name, NULL);
    g_autofree char *data = g_malloc(bytes);
    uint64_t i;

    for (i = 0; i < bytes; i++) {
        data[i] = disk_byte(i);
    }
    g_assert_true(g_file_set_contents(path, data, bytes, NULL));
    return path;
}

static void start(const char *options)
{
    g_autofree char *disk = make_image("disk.img", SECTORS * 512);
    g_autofree char *cd = make_image("cd.iso", CD_SECTORS * 2048);

    q = qtest_init("-M g3beige -m 64 -vga none -drive file=%s,format=raw,index=0%s -drive file=%s,index=2,"
                   "media=cdrom", disk, options, cd);
    write_le(CONFIG_ADDRESS, 0x80008010);           /* macio is device 16 */
    write_le(CONFIG_DATA, MACIO_BASE);
    write_le(CONFIG_ADDRESS, 0x80008004);
    write_le(CONFIG_DATA, 6);                       /* memory, bus master */
}

static uint8_t in(int bus, int reg)
{
    return qtest_readb(q, ide[bus] + reg);
}

static void out(int bus, int reg, uint8_t val)
{
    qtest_writeb(q, ide[bus] + reg, val);
}

/* The status once the drive is no longer busy; also clears the interrupt. */
static uint8_t wait_ready(int bus)
{
    int i;

    for (i = 0; i < 20000 && (in(bus, REG_CONTROL) & BSY); i++) {
        g_usleep(50);
    }
    g_assert_false(in(bus, REG_CONTROL) & BSY);
    return in(bus, REG_STATUS);
}

static bool irq_pending(int bus)
{
    return read_le(ide[bus] + REG_INTERRUPT) & DEVICE_IRQ;
}

static void command(int bus, uint8_t device, uint32_t lba, uint8_t count, uint8_t cmd)
{
    out(bus, REG_DEVICE, device | (lba >> 24 & 0xf));
    out(bus, REG_COUNT, count);
    out(bus, REG_LOW, lba);
    out(bus, REG_MID, lba >> 8);
    out(bus, REG_HIGH, lba >> 16);
    out(bus, REG_STATUS, cmd);
}

/* 16-bit loads of a big-endian CPU: memory order is disk order. */
static void data_in(int bus, uint8_t *buf, size_t bytes)
{
    size_t i;

    for (i = 0; i < bytes; i += 2) {
        uint16_t word = qtest_readw(q, ide[bus] + REG_DATA);

        buf[i] = word >> 8;
        buf[i + 1] = word;
    }
}

static void data_out(int bus, const uint8_t *buf, size_t bytes)
{
    size_t i;

    for (i = 0; i < bytes; i += 2) {
        qtest_writew(q, ide[bus] + REG_DATA, buf[i] << 8 | buf[i + 1]);
    }
}

static void assert_disk_bytes(const uint8_t *buf, uint64_t offset, size_t bytes)
{
    size_t i;

    for (i = 0; i < bytes; i++) {
        g_assert_cmphex(buf[i], ==, disk_byte(offset + i));
    }
}

static void test_identify(void)
{
    uint8_t id[512];

    start(",serial=ABC123");
    command(0, 0xe0, 0, 0, 0xec);
    g_assert_true(irq_pending(0));
    g_assert_cmphex(wait_ready(0) & (DRQ | DRDY | ERR), ==, DRQ | DRDY);
    g_assert_false(irq_pending(0));
    data_in(0, id, sizeof(id));
    g_assert_cmphex(in(0, REG_STATUS) & (DRQ | BSY), ==, 0);
    g_assert_cmpmem(id + 20, 6, "BA1C32", 6);
    g_assert_cmpint(id[120] | id[121] << 8 | id[122] << 16, ==, SECTORS);
    g_assert_cmpint(id[200] | id[201] << 8, ==, SECTORS);
    /* no drive 1: status 0; no drive on the second unit of the CD's bus */
    out(0, REG_DEVICE, 0xf0);
    g_assert_cmphex(in(0, REG_STATUS), ==, 0);
    out(0, REG_STATUS, 0xec);
    g_assert_cmphex(in(0, REG_STATUS), ==, 0);
    out(0, REG_DEVICE, 0xe0);
    g_assert_cmphex(in(0, REG_STATUS) & DRDY, ==, DRDY);
    qtest_quit(q);
}

/* Polled reads find their data with the first look at the status. */
static void test_pio_read(void)
{
    uint8_t buf[8 * 512];
    int i;

    start("");
    command(0, 0xe0, 1234, 3, 0x20);
    for (i = 0; i < 3; i++) {
        g_assert_true(irq_pending(0));
        g_assert_cmphex(wait_ready(0) & (DRQ | ERR), ==, DRQ);
        data_in(0, buf, 512);
        assert_disk_bytes(buf, (1234 + i) * 512, 512);
    }
    g_assert_cmphex(in(0, REG_STATUS), ==, DRDY | 0x10);
    g_assert_false(irq_pending(0));
    g_assert_cmpint(in(0, REG_LOW) | in(0, REG_MID) << 8, ==, 1236);
    g_assert_cmpint(in(0, REG_COUNT), ==, 0);

    /* multiple: one block for all eight sectors; LBA48 with the high bytes first */
    command(0, 0xe0, 0, 8, 0xc6);
    g_assert_cmphex(wait_ready(0) & ERR, ==, 0);
    out(0, REG_DEVICE, 0xe0);
    out(0, REG_COUNT, 0);
    out(0, REG_LOW, 0);
    command(0, 0xe0, 19992, 8, 0x29);
    g_assert_cmphex(wait_ready(0) & DRQ, ==, DRQ);
    data_in(0, buf, sizeof(buf));
    assert_disk_bytes(buf, 19992 * 512, sizeof(buf));

    /* cylinder 2, head 3, sector 4 of 16 heads and 63 sectors */
    out(0, REG_DEVICE, 0xa3);
    out(0, REG_COUNT, 1);
    out(0, REG_LOW, 4);
    out(0, REG_MID, 2);
    out(0, REG_HIGH, 0);
    out(0, REG_STATUS, 0x20);
    g_assert_cmphex(wait_ready(0) & DRQ, ==, DRQ);
    data_in(0, buf, 512);
    assert_disk_bytes(buf, ((2 * 16 + 3) * 63 + 3) * 512, 512);
    qtest_quit(q);
}

static void test_pio_write(void)
{
    g_autofree char *path = g_build_filename(dir, "disk.img", NULL);
    g_autofree char *content = NULL;
    uint8_t buf[1024], back[1024];
    int i;

    for (i = 0; i < 1024; i++) {
        buf[i] = i * 5 + i / 256;
    }
    start("");
    command(0, 0xe0, 700, 2, 0x30);
    g_assert_false(irq_pending(0));                 /* the first block asks without interrupt */
    g_assert_cmphex(wait_ready(0) & DRQ, ==, DRQ);
    data_out(0, buf, 512);
    g_assert_cmphex(wait_ready(0) & DRQ, ==, DRQ);
    data_out(0, buf + 512, 512);
    g_assert_cmphex(wait_ready(0) & (DRQ | ERR), ==, 0);
    command(0, 0xe0, 0, 0, 0xe7);
    g_assert_cmphex(wait_ready(0) & ERR, ==, 0);
    command(0, 0xe0, 700, 2, 0x20);
    wait_ready(0);
    data_in(0, back, 512);
    wait_ready(0);
    data_in(0, back + 512, 512);
    g_assert_cmpmem(back, 1024, buf, 1024);
    qtest_quit(q);
    g_assert_true(g_file_get_contents(path, &content, NULL, NULL));
    g_assert_cmpmem(content + 700 * 512, 1024, buf, 1024);
}

static void test_errors(void)
{
    start("");
    command(0, 0xe0, SECTORS - 1, 2, 0x20);         /* one sector too far */
    g_assert_cmphex(wait_ready(0) & (ERR | DRQ), ==, ERR);
    g_assert_cmphex(in(0, REG_ERROR) & 0x10, ==, 0x10);
    command(0, 0xe0, 0, 1, 0xfe);                   /* no such command */
    g_assert_cmphex(wait_ready(0) & ERR, ==, ERR);
    g_assert_cmphex(in(0, REG_ERROR), ==, 0x04);
    g_assert_cmphex(qtest_readw(q, ide[0] + REG_DATA), ==, 0);
    /* interrupts off, then on again */
    out(0, REG_CONTROL, 2);
    command(0, 0xe0, 0, 1, 0x40);
    g_assert_false(irq_pending(0));
    out(0, REG_CONTROL, 0);
    g_assert_true(irq_pending(0));
    /* software reset in the middle of a transfer: signatures of disk and CD */
    command(0, 0xe0, 0, 2, 0x20);
    out(0, REG_CONTROL, 4);
    g_assert_cmphex(in(0, REG_STATUS) & BSY, ==, BSY);
    out(0, REG_CONTROL, 0);
    g_assert_cmphex(wait_ready(0), ==, 0x50);
    g_assert_cmphex(in(0, REG_ERROR), ==, 1);
    g_assert_cmphex(in(0, REG_MID) | in(0, REG_HIGH) << 8, ==, 0);
    out(1, REG_CONTROL, 4);
    out(1, REG_CONTROL, 0);
    g_assert_cmphex(wait_ready(1), ==, 0);
    g_assert_cmphex(in(1, REG_MID) | in(1, REG_HIGH) << 8, ==, 0xeb14);
    command(1, 0xa0, 0, 0, 0xec);
    g_assert_cmphex(wait_ready(1) & ERR, ==, ERR);
    qtest_quit(q);
}

/* Two descriptors and a stop, at `table`. */
static void start_dbdma(int bus, unsigned op, uint32_t table, uint32_t addr, uint32_t bytes)
{
    uint64_t regs = DBDMA_BASE + channel[bus] * 0x80;
    uint32_t first = bytes / 2 + 6;

    write_le(table + 0, op << 28 | first);
    write_le(table + 4, addr);
    write_le(table + 8, 0);
    write_le(table + 12, 0);
    write_le(table + 16, (op + 1) << 28 | (bytes - first));
    write_le(table + 20, addr + first);
    write_le(table + 24, 0);
    write_le(table + 28, 0);
    write_le(table + 32, 7u << 28);
    write_le(regs, 0xfc000000);                     /* stop what may run */
    write_le(regs + 12, table);
    write_le(regs, 0x80008000);
}

static void wait_dbdma(int bus)
{
    uint64_t status = DBDMA_BASE + channel[bus] * 0x80 + 4;
    int i;

    for (i = 0; i < 20000 && (read_le(status) & 0x400); i++) {
        g_usleep(50);
    }
    g_assert_cmphex(read_le(status) & 0x0c00, ==, 0);       /* neither active nor dead */
}

static void test_dma(void)
{
    enum { TABLE = 0x10000, BUFFER = 0x20000, BYTES = 48 * 512 };
    g_autofree uint8_t *buf = g_malloc(BYTES);
    int i;

    start("");
    for (i = 0; i < 4; i++) {                       /* engine first, drive first */
        if (i & 1) {
            start_dbdma(0, 2, TABLE, BUFFER, BYTES);
        }
        command(0, 0xe0, 300 + i, BYTES / 512, 0xc8);
        if (!(i & 1)) {
            start_dbdma(0, 2, TABLE, BUFFER, BYTES);
        }
        wait_dbdma(0);
        g_assert_cmphex(wait_ready(0) & (DRQ | ERR), ==, 0);
        qtest_memread(q, BUFFER, buf, BYTES);
        assert_disk_bytes(buf, (300 + i) * 512, BYTES);
    }
    command(0, 0xe0, 9000, BYTES / 512, 0xca);      /* the other way */
    start_dbdma(0, 0, TABLE, BUFFER, BYTES);
    wait_dbdma(0);
    g_assert_cmphex(wait_ready(0) & (DRQ | ERR), ==, 0);
    qtest_memset(q, BUFFER, 0, BYTES);
    command(0, 0xe0, 9000, BYTES / 512, 0xc8);
    start_dbdma(0, 2, TABLE, BUFFER, BYTES);
    wait_dbdma(0);
    qtest_memread(q, BUFFER, buf, BYTES);
    assert_disk_bytes(buf, 303 * 512, BYTES);
    qtest_quit(q);
}

static void packet(uint8_t features, uint16_t limit, const uint8_t *cdb)
{
    out(1, REG_DEVICE, 0xa0);
    out(1, REG_ERROR, features);
    out(1, REG_MID, limit);
    out(1, REG_HIGH, limit >> 8);
    out(1, REG_STATUS, 0xa0);
    g_assert_cmphex(wait_ready(1) & (DRQ | BSY), ==, DRQ);
    g_assert_cmphex(in(1, REG_COUNT) & 3, ==, 1);
    data_out(1, cdb, 12);
}

/* All data blocks of a packet command; the bytes received. */
static size_t packet_data(uint8_t *buf, size_t limit)
{
    size_t bytes = 0;

    while (wait_ready(1) & DRQ) {
        size_t n = in(1, REG_MID) | in(1, REG_HIGH) << 8;

        g_assert_cmphex(in(1, REG_COUNT) & 3, ==, 2);
        g_assert_cmpint(n, <=, limit);
        data_in(1, buf + bytes, n);
        bytes += n;
    }
    g_assert_cmphex(in(1, REG_COUNT) & 3, ==, 3);
    return bytes;
}

static void test_cd(void)
{
    static const uint8_t capacity[12] = { 0x25 }, ready[12] = { 0 }, eject[12] = { 0x1b, 0, 0, 0, 2 };
    static const uint8_t sense[12] = { 0x03, 0, 0, 0, 18 }, bad[12] = { 0xff };
    static const uint8_t read[12] = { 0x28, 0, 0, 0, 0, 40, 0, 0, 5 };
    static const uint8_t beyond[12] = { 0x28, 0, 0, 0, 1, 40, 0, 0, 5 };
    uint8_t buf[5 * 2048];

    start("");
    packet(0, 0xfffe, capacity);
    g_assert_cmpint(packet_data(buf, 8), ==, 8);
    g_assert_cmpint(buf[2] << 8 | buf[3], ==, CD_SECTORS - 1);
    packet(0, 3000, read);
    g_assert_cmpint(packet_data(buf, 3000), ==, sizeof(buf));
    assert_disk_bytes(buf, 40 * 2048, sizeof(buf));
    packet(1, 0, read);                             /* by DMA */
    start_dbdma(1, 2, 0x10000, 0x20000, sizeof(buf));
    wait_dbdma(1);
    g_assert_cmphex(wait_ready(1) & (DRQ | ERR), ==, 0);
    qtest_memread(q, 0x20000, buf, sizeof(buf));
    assert_disk_bytes(buf, 40 * 2048, sizeof(buf));
    packet(0, 0xfffe, beyond);
    g_assert_cmphex(wait_ready(1) & (DRQ | ERR), ==, ERR);
    packet(0, 0xfffe, bad);
    g_assert_cmphex(wait_ready(1) & ERR, ==, ERR);
    g_assert_cmphex(in(1, REG_ERROR) >> 4, ==, 5);
    packet(0, 0xfffe, ready);
    g_assert_cmphex(wait_ready(1) & ERR, ==, 0);
    packet(0, 0xfffe, eject);
    g_assert_cmphex(wait_ready(1) & ERR, ==, 0);
    packet(0, 0xfffe, ready);
    g_assert_cmphex(wait_ready(1) & ERR, ==, ERR);
    packet(0, 18, sense);
    g_assert_cmpint(packet_data(buf, 18), ==, 18);
    g_assert_cmphex(buf[2], ==, 2);
    g_assert_cmphex(buf[12], ==, 0x3a);
    qtest_quit(q);
}

/* Any register sequence: the emulator answers and goes on. */
static void test_random(void)
{
    GRand *rand = g_rand_new_with_seed(3);
    int i;

    start(",snapshot=on");
    for (i = 0; i < 4000; i++) {
        int bus = g_rand_boolean(rand);
        int reg = g_rand_int_range(rand, 0, 24) * 16;

        switch (g_rand_int_range(rand, 0, 6)) {
        case 0:
            in(bus, reg);
            break;
        case 1:
            qtest_readw(q, ide[bus]);
            break;
        case 2:
            qtest_writew(q, ide[bus], g_rand_int_range(rand, 0, 65536));
            break;
        case 3:
            out(bus, reg, g_rand_int_range(rand, 0, 256));
            break;
        case 4:
            start_dbdma(bus, g_rand_boolean(rand) ? 2 : 0, 0x10000, 0x20000,
                        g_rand_int_range(rand, 16, 60000));
            break;
        default:
            command(bus, 0xe0, g_rand_int_range(rand, 0, SECTORS), g_rand_int_range(rand, 0, 256),
                    g_rand_int_range(rand, 0, 256));
            break;
        }
    }
    qtest_quit(q);
    g_rand_free(rand);
}

int main(int argc, char **argv)
{
    g_autofree char *remove = NULL;
    int status;

    g_test_init(&argc, &argv, NULL);
    dir = g_dir_make_tmp("macio-ide-test.XXXXXX", NULL);
    g_test_add_func("/ide/identify", test_identify);
    g_test_add_func("/ide/pio-read", test_pio_read);
    g_test_add_func("/ide/pio-write", test_pio_write);
    g_test_add_func("/ide/errors", test_errors);
    g_test_add_func("/ide/dma", test_dma);
    g_test_add_func("/ide/cd", test_cd);
    g_test_add_func("/ide/random", test_random);
    status = g_test_run();
    remove = g_strdup_printf("rm -rf '%s'", dir);
    return status | system(remove);
}
