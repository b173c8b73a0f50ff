/*
 * CMD646 PCI IDE controller: ports, bus master, interrupts. If this fails,
 * drivers of PCI IDE find no disk or lose interrupts.
 *
 * SPDX-License-Identifier: MIT
 */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "libqtest.h"

enum { SECTORS = 4096, SLOT = 5, CONFIG = 0x80000000u | SLOT << 11 };
enum { PORT_COMMAND = 0x1000, PORT_CONTROL = 0x1010, PORT_MASTER = 0x1040 };
enum { ERR = 0x01, DRQ = 0x08, BSY = 0x80 };
enum { BM_ACTIVE = 1, BM_ERROR = 2, BM_INTERRUPT = 4 };
enum { TABLE = 0x10000, BUFFER = 0x30000, BYTES = 200 * 512 };

#define CONFIG_ADDRESS 0xfec00000u
#define CONFIG_DATA    0xfee00000u
#define PCI_IO         0xfe000000u

static char *dir;
static QTestState *q;

static void write_le(uint64_t addr, uint32_t val)
{
    qtest_writel(q, addr, GUINT32_SWAP_LE_BE(val));
}

static uint32_t config_read(int reg)
{
    write_le(CONFIG_ADDRESS, CONFIG | (reg & ~3));
    return GUINT32_SWAP_LE_BE(qtest_readl(q, CONFIG_DATA)) >> 8 * (reg & 3);
}

static void config_write(int reg, uint32_t val)
{
    write_le(CONFIG_ADDRESS, CONFIG | reg);
    write_le(CONFIG_DATA, val);
}

static uint8_t disk_byte(uint64_t offset)
{
    return (offset / 512 * 13 + offset % 512 * 3) & 0xff;
}

static void start(void)
{
    g_autofree char *path = g_build_filename(dir, "disk.img", NULL);
    g_autofree char *data = g_malloc(SECTORS * 512);
    int i;

    for (i = 0; i < SECTORS * 512; i++) {
        data[i] = disk_byte(i);
    }
    g_assert_true(g_file_set_contents(path, data, SECTORS * 512, NULL));
    q = qtest_init("-M g3beige -m 64 -vga none -nic none -drive file=%s,format=raw,if=none,id=d"
                   " -device cmd646-ide,id=cmd,addr=%d.0 -device ide-hd,id=hd,drive=d,bus=cmd.0", path, SLOT);
    g_assert_cmphex(config_read(0), ==, 0x06461095);
    config_write(0x10, PORT_COMMAND);
    config_write(0x14, PORT_CONTROL);
    config_write(0x20, PORT_MASTER);
    config_write(0x04, 5);                          /* ports, bus master */
}

static uint8_t in(int port)
{
    return qtest_readb(q, PCI_IO + port);
}

static void out(int port, uint8_t val)
{
    qtest_writeb(q, PCI_IO + port, val);
}

static void command(uint32_t lba, uint8_t count, uint8_t cmd)
{
    out(PORT_COMMAND + 6, 0xe0);
    out(PORT_COMMAND + 2, count);
    out(PORT_COMMAND + 3, lba);
    out(PORT_COMMAND + 4, lba >> 8);
    out(PORT_COMMAND + 5, lba >> 16);
    out(PORT_COMMAND + 7, cmd);
}

static void wait_ready(void)
{
    int i;

    for (i = 0; i < 20000 && (in(PORT_CONTROL + 2) & BSY); i++) {
        g_usleep(50);
    }
    g_assert_false(in(PORT_CONTROL + 2) & BSY);
}

/* Interrupts latch in the bus master's status, MRDMODE and CFR, and clear there. */
static void test_pio_interrupt(void)
{
    uint16_t word;

    start();
    command(3, 1, 0x20);
    wait_ready();
    g_assert_cmphex(in(PORT_MASTER + 2) & BM_INTERRUPT, ==, BM_INTERRUPT);
    g_assert_cmphex(in(PORT_MASTER + 1) & 4, ==, 4);
    g_assert_cmphex(config_read(0x50) & 4, ==, 4);
    out(PORT_MASTER + 2, BM_INTERRUPT);
    out(PORT_MASTER + 1, 4);
    g_assert_cmphex(in(PORT_MASTER + 2) & BM_INTERRUPT, ==, 0);
    g_assert_cmphex(config_read(0x50) & 4, ==, 0);
    g_assert_cmphex(in(PORT_COMMAND + 7) & (DRQ | ERR), ==, DRQ);
    word = qtest_readw(q, PCI_IO + PORT_COMMAND);   /* big-endian load of a little-endian port */
    g_assert_cmphex(word >> 8, ==, disk_byte(3 * 512));
    g_assert_cmphex(word & 0xff, ==, disk_byte(3 * 512 + 1));
    qtest_quit(q);
}

/* Regions of 64 KiB (as count 0) and the rest; `last` regions are marked as the end. */
static void write_table(uint32_t second)
{
    write_le(TABLE, BUFFER);
    write_le(TABLE + 4, 0);
    write_le(TABLE + 8, BUFFER + 0x10000);
    write_le(TABLE + 12, second | 1u << 31);
    write_le(PCI_IO + PORT_MASTER + 4, TABLE);
}

static void test_dma(void)
{
    g_autofree uint8_t *buf = g_malloc(BYTES);
    int i;

    start();
    write_table(BYTES - 0x10000);
    command(100, BYTES / 512, 0xc8);
    out(PORT_MASTER, 8 | 1);
    for (i = 0; i < 20000 && !(in(PORT_MASTER + 2) & BM_INTERRUPT); i++) {
        g_usleep(50);
    }
    g_assert_cmphex(in(PORT_MASTER + 2) & 7, ==, BM_INTERRUPT);
    g_assert_cmphex(in(PORT_COMMAND + 7) & (DRQ | ERR | BSY), ==, 0);
    out(PORT_MASTER, 8);
    qtest_memread(q, BUFFER, buf, BYTES);
    for (i = 0; i < BYTES; i++) {
        g_assert_cmphex(buf[i], ==, disk_byte(100 * 512 + i));
    }
    /* a table longer than the transfer: active stays; shorter: no interrupt, not active */
    write_table(0x8000);
    command(0, 130, 0xc8);
    out(PORT_MASTER + 2, 6);
    out(PORT_MASTER, 8 | 1);
    wait_ready();
    for (i = 0; i < 20000 && !(in(PORT_MASTER + 2) & BM_INTERRUPT); i++) {
        g_usleep(50);
    }
    g_assert_cmphex(in(PORT_MASTER + 2) & 7, ==, BM_INTERRUPT | BM_ACTIVE);
    in(PORT_COMMAND + 7);
    out(PORT_MASTER, 8);
    write_table(512);
    out(PORT_MASTER + 2, 6);
    command(0, 200, 0xc8);
    out(PORT_MASTER, 8 | 1);
    for (i = 0; i < 20000 && (in(PORT_MASTER + 2) & BM_ACTIVE); i++) {
        g_usleep(50);
    }
    g_assert_cmphex(in(PORT_MASTER + 2) & 7, ==, 0);
    qtest_quit(q);
}

/* A transfer that is saved in the middle continues from there. */
static void test_state(void)
{
    g_autofree char *state = NULL, *again = NULL;
    uint16_t rest[200];
    int i;

    start();
    command(7, 2, 0x20);
    wait_ready();
    for (i = 0; i < 100; i++) {
        qtest_readw(q, PCI_IO + PORT_COMMAND);
    }
    state = qtest_vmsave(q, "hd");
    for (i = 0; i < 200; i++) {
        rest[i] = qtest_readw(q, PCI_IO + PORT_COMMAND);
    }
    command(0, 1, 0xec);
    qtest_vmload(q, "hd", state);
    again = qtest_vmsave(q, "hd");
    g_assert_cmpstr(state, ==, again);
    for (i = 0; i < 200; i++) {
        g_assert_cmphex(qtest_readw(q, PCI_IO + PORT_COMMAND), ==, rest[i]);
    }
    qtest_quit(q);
}

int main(int argc, char **argv)
{
    g_autofree char *remove = NULL;
    int status;

    g_test_init(&argc, &argv, NULL);
    dir = g_dir_make_tmp("cmd646-test.XXXXXX", NULL);
    g_test_add_func("/cmd646/pio-interrupt", test_pio_interrupt);
    g_test_add_func("/cmd646/dma", test_dma);
    g_test_add_func("/cmd646/state", test_state);
    status = g_test_run();
    remove = g_strdup_printf("rm -rf '%s'", dir);
    return status | system(remove);
}
