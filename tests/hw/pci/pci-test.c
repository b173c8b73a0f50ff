/*
 * PCI configuration space and base addresses behind Grackle and UniNorth. If
 * this fails, firmware finds no devices or maps them where they do not answer.
 *
 * SPDX-License-Identifier: MIT
 */
#include <unistd.h>
#include "hw/mac-test.h"

enum { VGA_SLOT = 1 };

static void test_missing_device_reads_ones(void)
{
    QTestState *s = g3_start("");

    g_assert_cmphex(g3_config_read(s, 9, 0), ==, 0xffffffff);
    g3_config_write(s, 9, PCI_BAR0, 0x12345678);
    qtest_quit(s);
}

static void test_disabled_address_register(void)
{
    QTestState *s = g3_start("");

    write_le32(s, G3_CONFIG, G3_MACIO_SLOT << 11);
    g_assert_cmphex(read_le32(s, G3_DATA), ==, 0xffffffff);
    qtest_quit(s);
}

static void test_identity(void)
{
    QTestState *s = g3_start("");

    g_assert_cmphex(g3_config_read(s, 0, 0), ==, 0x00021057);
    g_assert_cmphex(g3_config_read(s, VGA_SLOT, 0), ==, 0x11111234);
    g_assert_cmphex(g3_config_read(s, VGA_SLOT, 8), ==, 0x03000002);
    g_assert_cmphex(g3_config_read(s, G3_MACIO_SLOT, 0), ==, 0x0010106b);
    g3_config_write(s, G3_MACIO_SLOT, 0, 0);
    g_assert_cmphex(g3_config_read(s, G3_MACIO_SLOT, 0), ==, 0x0010106b);
    qtest_quit(s);
}

static void test_bar_sizing(void)
{
    QTestState *s = g3_start("");

    g3_config_write(s, VGA_SLOT, PCI_BAR0, 0xffffffff);
    g_assert_cmphex(g3_config_read(s, VGA_SLOT, PCI_BAR0), ==, 0xff000008);
    g3_config_write(s, VGA_SLOT, PCI_BAR0 + 4, 0xffffffff);
    g_assert_cmphex(g3_config_read(s, VGA_SLOT, PCI_BAR0 + 4), ==, 0);
    qtest_quit(s);
}

static void test_bar_follows_command_and_address(void)
{
    QTestState *s = g3_start("");

    g3_config_write(s, VGA_SLOT, PCI_BAR0, 0x90000000);
    g3_config_write(s, VGA_SLOT, PCI_CMD, 2);
    qtest_writel(s, 0x90000000, 0xcafef00d);
    g_assert_cmphex(qtest_readl(s, 0x90000000), ==, 0xcafef00d);
    g3_config_write(s, VGA_SLOT, PCI_BAR0, 0x91000000);
    g_assert_cmphex(qtest_readl(s, 0x91000000), ==, 0xcafef00d);
    g_assert_cmphex(qtest_readl(s, 0x90000000), !=, 0xcafef00d);
    g3_config_write(s, VGA_SLOT, PCI_CMD, 0);
    g_assert_cmphex(qtest_readl(s, 0x91000000), !=, 0xcafef00d);
    qtest_quit(s);
}

/* The data register's address bits choose the word; bit 2 of the address register does not. */
static void test_uninorth_forms(void)
{
    QTestState *s = core99_start("");

    write_le32(s, CORE99_CONFIG, 1u << CORE99_MACIO_SLOT | 4);
    g_assert_cmphex(read_le32(s, CORE99_DATA), ==, 0x0022106b);
    write_le32(s, CORE99_CONFIG, CORE99_MACIO_SLOT << 11 | 1);
    g_assert_cmphex(read_le32(s, CORE99_DATA), ==, 0x0022106b);
    write_le32(s, CORE99_CONFIG, 1u << 31 | CORE99_MACIO_SLOT << 11 | 8);
    g_assert_cmphex(read_le32(s, CORE99_DATA), ==, 0xff000000);
    write_le32(s, CORE99_CONFIG, 0);
    g_assert_cmphex(read_le32(s, CORE99_DATA), ==, 0xffffffff);
    qtest_quit(s);
}

static void bridge_config(QTestState *s, int bus, int slot, int reg, uint32_t value)
{
    write_le32(s, G3_CONFIG, 0x80000000u | bus << 16 | slot << 11 | reg);
    write_le32(s, G3_DATA, value);
}

/* A card behind a bridge: found once the bus numbers are set, mapped inside the windows alone. */
static void test_bridge(void)
{
    enum { BRIDGE_SLOT = 5, CARD_SLOT = 3 };
    QTestState *s = g3_start("-device pci-bridge,id=br,addr=5 -device e1000,bus=br.0,addr=3");

    g_assert_cmphex(g3_config_read(s, BRIDGE_SLOT, 8), ==, 0x06040000);
    bridge_config(s, 0, BRIDGE_SLOT, 0x18, 0x00020200);
    write_le32(s, G3_CONFIG, 0x80000000u | 2 << 16 | CARD_SLOT << 11);
    g_assert_cmphex(read_le32(s, G3_DATA), ==, 0x100e8086);
    bridge_config(s, 2, CARD_SLOT, 0x10, 0x90000000);
    bridge_config(s, 2, CARD_SLOT, 4, 6);
    g_assert_cmphex(qtest_readl(s, 0x90000008), ==, 0);
    bridge_config(s, 0, BRIDGE_SLOT, 0x20, 0x90009000);
    bridge_config(s, 0, BRIDGE_SLOT, 4, 6);
    g_assert_cmphex(read_le32(s, 0x90000008), !=, 0);
    bridge_config(s, 0, BRIDGE_SLOT, 0x20, 0x91009100);
    g_assert_cmphex(read_le32(s, 0x90000008), ==, 0);
    qtest_quit(s);
}

/* romfile= gives a BAR of the next power of two with the file's bytes. */
static void test_rom(void)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("rom-XXXXXX", &path, NULL);
    static const uint8_t rom[2500] = { 0x55, 0xaa, 5 };
    QTestState *s;

    g_assert_cmpint(write(fd, rom, sizeof(rom)), ==, sizeof(rom));
    close(fd);
    s = qtest_init("-M g3beige -device e1000,addr=5,romfile=%s -device e1000,addr=6,rombar=0", path);
    g3_config_write(s, 6, 0x30, 0xffffffff);
    g_assert_cmphex(g3_config_read(s, 6, 0x30), ==, 0);
    g3_config_write(s, 5, 0x30, 0xffffffff);
    g_assert_cmphex(g3_config_read(s, 5, 0x30), ==, 0xfffff001);
    g3_config_write(s, 5, 0x30, 0x90000001);
    g3_config_write(s, 5, 4, 2);
    g_assert_cmphex(read_le32(s, 0x90000000), ==, 0x0005aa55);
    qtest_quit(s);
    unlink(path);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pci/missing-device", test_missing_device_reads_ones);
    g_test_add_func("/pci/disabled-address", test_disabled_address_register);
    g_test_add_func("/pci/identity", test_identity);
    g_test_add_func("/pci/bar-sizing", test_bar_sizing);
    g_test_add_func("/pci/bar-mapping", test_bar_follows_command_and_address);
    g_test_add_func("/pci/uninorth-forms", test_uninorth_forms);
    g_test_add_func("/pci/bridge", test_bridge);
    g_test_add_func("/pci/rom", test_rom);
    return g_test_run();
}
