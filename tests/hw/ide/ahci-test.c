/*
 * AHCI: identification by the data port, DMA and queued commands, resets, saved state, and command lists that make no sense. If this
 * fails, SATA disks and CDs of guests fail.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "hw/mac-test.h"

#define ABAR 0x90000000u
enum { SLOT = 5, LIST = 0x100000, FIS = 0x101000, TABLE = 0x102000, DATA = 0x110000,
       DISK_SECTORS = 4096 };
enum { GHC = 0x04, IS = 0x08, CLB = 0x00, FB = 0x08, PIS = 0x10, PIE = 0x14, CMD = 0x18, TFD = 0x20,
       SIG = 0x24, SSTS = 0x28, SCTL = 0x2c, SERR = 0x30, SACT = 0x34, CI = 0x38 };
enum { IS_DHRS = 1, IS_PSS = 2, IS_SDBS = 8, IS_HBFS = 1 << 29, IS_TFES = 1 << 30 };

static QTestState *q;
static char *image;

static uint32_t port_read(int port, int reg)
{
    return read_le32(q, ABAR + 0x100 + 0x80 * port + reg);
}

static void port_write(int port, int reg, uint32_t value)
{
    write_le32(q, ABAR + 0x100 + 0x80 * port + reg, value);
}

static void port_up(int port)
{
    port_write(port, CLB, LIST);
    port_write(port, FB, FIS);
    port_write(port, PIE, 0x7dc0007f);
    port_write(port, CMD, 0x10);
    port_write(port, CMD, 0x11);
}

static void start(void)
{
    int fd = g_file_open_tmp("ahci-XXXXXX", &image, NULL);

    g_assert_cmpint(ftruncate(fd, DISK_SECTORS * 512), ==, 0);
    close(fd);
    q = qtest_init("-M g3beige -vga none -nic none -drive if=none,id=d,file=%s,format=raw "
                   "-device ahci,id=a,addr=%d -device ide-hd,drive=d,bus=a.0,serial=S1",
                   image, SLOT);
    g3_config_write(q, SLOT, PCI_BAR0 + 20, ABAR);
    g3_config_write(q, SLOT, PCI_CMD, 6);
    write_le32(q, ABAR + GHC, 0x80000002);
    port_up(0);
}

static void stop(void)
{
    qtest_quit(q);
    unlink(image);
    g_free(image);
}

/* Slot and command FIS; one region of `bytes` at DATA. */
static void issue(int slot, uint8_t command, uint8_t features, uint64_t lba, uint16_t count,
                  uint32_t bytes, bool write)
{
    uint8_t fis[64] = { 0x27, 0x80, command, features, lba, lba >> 8, lba >> 16, 0x40, lba >> 24,
                        lba >> 32, lba >> 40, 0, count, count >> 8 };
    uint32_t table = TABLE + 0x100 * slot;

    qtest_memwrite(q, table, fis, sizeof(fis));
    write_le32(q, table + 0x80, DATA);
    write_le32(q, table + 0x84, 0);
    write_le32(q, table + 0x8c, bytes ? bytes - 1 : 0);
    write_le32(q, LIST + 32 * slot, (bytes ? 1 << 16 : 0) | (write ? 0x40 : 0) | 5);
    write_le32(q, LIST + 32 * slot + 4, 0);
    write_le32(q, LIST + 32 * slot + 8, table);
    write_le32(q, LIST + 32 * slot + 12, 0);
    port_write(0, CI, 1u << slot);
}

static void wait_clear(int reg, uint32_t bits)
{
    for (int tries = 0; port_read(0, reg) & bits; tries++) {
        g_assert_cmpint(tries, <, 20000);
        g_usleep(500);
    }
}

static void test_registers(void)
{
    start();
    g_assert_cmphex(read_le32(q, ABAR), ==, 0xc0141f05);
    g_assert_cmphex(read_le32(q, ABAR + 0x0c), ==, 0x3f);
    g_assert_cmphex(port_read(0, SSTS), ==, 0x113);
    g_assert_cmphex(port_read(0, SIG), ==, 0x101);
    g_assert_cmphex(port_read(1, SSTS), ==, 0);
    g_assert_cmphex(port_read(1, SIG), ==, 0xffffffff);
    g_assert_cmphex(port_read(0, CMD), ==, 0xc017);
    port_write(0, CMD, 0x10);
    port_write(0, SCTL, 1);
    port_write(0, SCTL, 0);
    g_assert_cmphex(port_read(0, SERR), ==, 1u << 26);
    g_assert_cmphex(port_read(0, TFD), ==, 0x150);
    write_le32(q, ABAR + GHC, 1);
    g_assert_cmphex(read_le32(q, ABAR + GHC), ==, 0x80000000);
    g_assert_cmphex(port_read(0, CMD), ==, 6);
    g_assert_cmphex(port_read(0, TFD), ==, 0x7f);
    stop();
}

static void test_identify(void)
{
    uint8_t data[512];

    start();
    issue(3, 0xec, 0, 0, 0, 512, false);
    wait_clear(CI, 1u << 3);
    g_assert_cmphex(port_read(0, PIS) & IS_PSS, ==, IS_PSS);
    g_assert_cmphex(read_le32(q, ABAR + IS), ==, 1);
    g_assert_cmphex(port_read(0, TFD), ==, 0x50);
    qtest_memread(q, DATA, data, sizeof(data));
    g_assert_cmpmem(data + 20, 2, "1S", 2);
    g_assert_cmpuint(data[120] | data[121] << 8, ==, DISK_SECTORS);
    g_assert_cmphex(data[153] & 1, ==, 1);              /* queued commands */
    g_assert_cmpuint(read_le32(q, LIST + 32 * 3 + 4), ==, 512);
    port_write(0, PIS, ~0u);
    write_le32(q, ABAR + IS, 1);
    g_assert_cmphex(read_le32(q, ABAR + IS), ==, 0);
    stop();
}

static void test_dma(void)
{
    uint8_t data[4096], back[4096];

    start();
    for (int i = 0; i < 4096; i++) {
        data[i] = i * 5 + (i >> 8);
    }
    qtest_memwrite(q, DATA, data, sizeof(data));
    issue(0, 0x35, 0, 100, 8, 4096, true);              /* WRITE DMA EXT */
    wait_clear(CI, 1);
    g_assert_cmphex(port_read(0, PIS) & IS_DHRS, ==, IS_DHRS);
    g_assert_cmphex(qtest_readb(q, FIS + 0x40), ==, 0x34);
    qtest_memset(q, DATA, 0, 4096);
    issue(1, 0x25, 0, 100, 8, 4096, false);             /* READ DMA EXT */
    wait_clear(CI, 2);
    qtest_memread(q, DATA, back, sizeof(back));
    g_assert_cmpmem(back, 4096, data, 4096);
    issue(2, 0xea, 0, 0, 0, 0, false);                  /* FLUSH CACHE EXT */
    wait_clear(CI, 4);
    qtest_memset(q, DATA, 0, 4096);
    issue(4, 0x24, 0, 100, 8, 4096, false);             /* READ SECTORS EXT: data port */
    wait_clear(CI, 1 << 4);
    qtest_memread(q, DATA, back, sizeof(back));
    g_assert_cmpmem(back, 4096, data, 4096);
    port_write(0, PIS, ~0u);
    issue(5, 0x25, 0, DISK_SECTORS, 8, 4096, false);    /* behind the end */
    wait_clear(CI, 1 << 5);
    g_assert_cmphex(port_read(0, PIS) & IS_TFES, ==, IS_TFES);
    g_assert_cmphex(port_read(0, TFD) & 1, ==, 1);
    stop();
}

static void queued(int tag, bool write, uint64_t lba, uint16_t sectors)
{
    port_write(0, SACT, 1u << tag);
    issue(tag, write ? 0x61 : 0x60, sectors, lba, tag << 3, sectors * 512, write);
}

static void test_queued(void)
{
    uint8_t data[4096], back[4096];
    char *saved, *again;

    start();
    memset(data, 0x5c, sizeof(data));
    qtest_memwrite(q, DATA, data, sizeof(data));
    queued(7, true, 200, 8);
    wait_clear(SACT, 1u << 7);
    g_assert_cmphex(port_read(0, PIS) & IS_SDBS, ==, IS_SDBS);
    qtest_memset(q, DATA, 0, 4096);
    queued(9, false, 200, 8);
    wait_clear(SACT, 1u << 9);
    qtest_memread(q, DATA, back, sizeof(back));
    g_assert_cmpmem(back, 4096, data, 4096);
    port_write(0, PIS, ~0u);
    queued(1, false, DISK_SECTORS, 8);
    g_assert_cmphex(port_read(0, PIS) & IS_TFES, ==, IS_TFES);
    g_assert_cmphex(port_read(0, SACT), ==, 2);
    port_write(0, CMD, 0x10);
    g_assert_cmphex(port_read(0, SACT), ==, 0);
    port_write(0, CMD, 0x11);
    saved = qtest_vmsave(q, "a");
    write_le32(q, ABAR + GHC, 1);
    qtest_vmload(q, "a", saved);
    again = qtest_vmsave(q, "a");
    g_assert_cmpstr(saved, ==, again);
    queued(2, false, 0, 8);
    wait_clear(SACT, 4);
    g_free(saved);
    g_free(again);
    stop();
}

/* Lists and tables in no memory, FISes of other kinds, tables too short. */
static void test_hostile(void)
{
    start();
    issue(0, 0x25, 0, 0, 8, 512, false);                /* 8 sectors, room for one */
    wait_clear(CI, 1);
    g_assert_cmphex(port_read(0, PIS) & 1 << 24, ==, 1 << 24);
    port_write(0, PIS, ~0u);
    write_le32(q, TABLE, 0);
    port_write(0, CI, 1);
    wait_clear(CI, 1);
    g_assert_cmphex(port_read(0, PIS) & IS_HBFS, ==, (uint32_t)IS_HBFS);
    port_write(0, CLB + 4, 0xffffffff);
    port_write(0, CLB, 0xfffffc00);
    port_write(0, CI, 0xffffffff);
    wait_clear(CI, 0xffffffff);
    port_write(0, CLB + 4, 0);
    port_write(0, CLB, LIST);
    port_write(0, FB, 0xfffff000);
    issue(0, 0xec, 0, 0, 0, 512, false);
    wait_clear(CI, 1);
    g_assert_cmphex(qtest_readb(q, DATA), ==, 0x40);
    stop();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ahci/registers", test_registers);
    g_test_add_func("/ahci/identify", test_identify);
    g_test_add_func("/ahci/dma", test_dma);
    g_test_add_func("/ahci/queued", test_queued);
    g_test_add_func("/ahci/hostile", test_hostile);
    return g_test_run();
}
