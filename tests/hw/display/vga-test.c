/*
 * Standard VGA card: VBE registers, geometry limits, byte order, palette. If
 * this fails, firmware and guests draw nothing or in wrong colours, or the card
 * reaches beyond video memory.
 *
 * SPDX-License-Identifier: MIT
 */
#include "hw/mac-test.h"

enum { VGA_SLOT = 1, PCI_BAR2 = 0x18 };
#define FRAMEBUFFER 0x90000000u
#define REGS        0x91000000u
enum { ID, XRES, YRES, BPP, ENABLE, BANK, VIRT_WIDTH, VIRT_HEIGHT, X_OFFSET, Y_OFFSET, MEMORY_64K };
enum { ENABLED = 1, GET_CAPS = 2, NO_CLEAR = 0x80 };
#define ORDER_BIG    0xbebebebeu
#define ORDER_LITTLE 0x1e1e1e1eu

static QTestState *start(void)
{
    QTestState *s = g3_start("-vga std");

    g3_config_write(s, VGA_SLOT, PCI_BAR0, FRAMEBUFFER);
    g3_config_write(s, VGA_SLOT, PCI_BAR2, REGS);
    g3_config_write(s, VGA_SLOT, PCI_CMD, 2);
    return s;
}

static uint16_t vbe(QTestState *s, int reg)
{
    return __builtin_bswap16(qtest_readw(s, REGS + 0x500 + 2 * reg));
}

static void set_vbe(QTestState *s, int reg, uint16_t value)
{
    qtest_writew(s, REGS + 0x500 + 2 * reg, __builtin_bswap16(value));
}

static void set_mode(QTestState *s, int width, int height, int bits, int flags)
{
    set_vbe(s, ENABLE, 0);
    set_vbe(s, XRES, width);
    set_vbe(s, YRES, height);
    set_vbe(s, BPP, bits);
    set_vbe(s, ENABLE, ENABLED | flags);
}

static void test_registers(void)
{
    QTestState *s = start();

    g_assert_cmphex(vbe(s, ID), ==, 0xb0c5);
    g_assert_cmpint(vbe(s, MEMORY_64K), ==, 256);
    set_vbe(s, ENABLE, GET_CAPS);
    g_assert_cmpint(vbe(s, XRES), >=, 1600);
    set_mode(s, 800, 600, 32, 0);
    g_assert_cmpint(vbe(s, XRES), ==, 800);
    g_assert_cmpint(vbe(s, VIRT_WIDTH), ==, 800);
    g_assert_cmpint(vbe(s, VIRT_HEIGHT), ==, 16 * 1024 * 1024 / 3200);
    qtest_quit(s);
}

static void test_switching_on_clears(void)
{
    QTestState *s = start();

    set_mode(s, 640, 480, 32, 0);
    qtest_writel(s, FRAMEBUFFER + 64, 0x12345678);
    set_mode(s, 640, 480, 32, NO_CLEAR);
    g_assert_cmphex(qtest_readl(s, FRAMEBUFFER + 64), ==, 0x12345678);
    set_mode(s, 640, 480, 32, 0);
    g_assert_cmphex(qtest_readl(s, FRAMEBUFFER + 64), ==, 0);
    qtest_quit(s);
}

/* Absurd values are cut to what video memory holds; none may end the emulator. */
static void test_geometry_is_bounded(void)
{
    static const uint16_t values[] = { 0, 1, 7, 0x7fff, 0x8000, 0xffff };
    static const uint16_t depths[] = { 0, 1, 4, 8, 15, 24, 32, 0xffff };
    QTestState *s = start();

    for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
        for (size_t j = 0; j < G_N_ELEMENTS(depths); j++) {
            set_mode(s, values[i], values[G_N_ELEMENTS(values) - 1 - i], depths[j], 0);
            set_vbe(s, VIRT_WIDTH, values[i]);
            set_vbe(s, X_OFFSET, 0xffff);
            set_vbe(s, Y_OFFSET, 0xffff);
            g_assert_cmpint(vbe(s, VIRT_WIDTH), >=, vbe(s, XRES));
        }
    }
    g_assert_cmphex(vbe(s, ID), ==, 0xb0c5);
    qtest_quit(s);
}

static void test_byte_order_register(void)
{
    QTestState *s = start();

    g_assert_cmphex(read_le32(s, REGS + 0x604), ==, ORDER_BIG);
    write_le32(s, REGS + 0x604, ORDER_LITTLE);
    g_assert_cmphex(read_le32(s, REGS + 0x604), ==, ORDER_LITTLE);
    write_le32(s, REGS + 0x604, 0x12345678);
    g_assert_cmphex(read_le32(s, REGS + 0x604), ==, ORDER_LITTLE);
    qtest_quit(s);
}

/* A colour is written and read back through the DAC's three accesses. */
static void test_palette(void)
{
    QTestState *s = start();

    qtest_writeb(s, REGS + 0x408, 7);
    for (int part = 1; part <= 3; part++) {
        qtest_writeb(s, REGS + 0x409, part * 10);
    }
    qtest_writeb(s, REGS + 0x407, 7);
    for (int part = 1; part <= 3; part++) {
        g_assert_cmpint(qtest_readb(s, REGS + 0x409), ==, part * 10);
    }
    qtest_quit(s);
}

static uint8_t port(QTestState *s, int number)
{
    return qtest_readb(s, REGS + 0x400 + number - 0x3c0);
}

static void set_port(QTestState *s, int number, uint8_t value)
{
    qtest_writeb(s, REGS + 0x400 + number - 0x3c0, value);
}

static void check_mask(QTestState *s, int index_port, const uint8_t *mask, int count)
{
    for (int i = 0; i < count; i++) {
        set_port(s, index_port, i);
        set_port(s, index_port + 1, 0xff);
        g_assert_cmphex(port(s, index_port + 1), ==, mask[i]);
    }
}

/* Bits that do not exist read as 0; indices have their widths. */
static void test_existing_bits(void)
{
    static const uint8_t seq[] = { 0x03, 0x3d, 0x0f, 0x3f, 0x0e, 0x00, 0x00, 0xff };
    static const uint8_t gfx[] = { 0x0f, 0x0f, 0x0f, 0x1f, 0x03, 0x7b, 0x0f, 0x0f, 0xff, 0, 0, 0, 0, 0, 0, 0 };
    QTestState *s = start();

    set_port(s, 0x3c2, 0xff);
    g_assert_cmphex(port(s, 0x3cc), ==, 0xef);
    set_port(s, 0x3da, 0xff);
    g_assert_cmphex(port(s, 0x3ca), ==, 0x10);
    check_mask(s, 0x3c4, seq, sizeof(seq));
    check_mask(s, 0x3ce, gfx, sizeof(gfx));
    for (int i = 0; i < 0x20; i++) {
        uint8_t mask = i < 0x10 ? 0x3f : i == 0x10 ? 0xef : i == 0x11 ? 0xff : i == 0x12 ? 0x3f : i < 0x15 ? 0x0f : 0;

        port(s, 0x3da);
        set_port(s, 0x3c0, i);
        set_port(s, 0x3c0, 0xff);
        g_assert_cmphex(port(s, 0x3c1), ==, mask);
    }
    set_port(s, 0x3c4, 0xff);
    g_assert_cmphex(port(s, 0x3c4), ==, 7);
    set_port(s, 0x3ce, 0xff);
    g_assert_cmphex(port(s, 0x3ce), ==, 0xf);
    set_port(s, 0x3c2, 0xee);           /* monochrome: the colour ports are gone */
    g_assert_cmphex(port(s, 0x3d4), ==, 0xff);
    qtest_quit(s);
}

/* The first eight CRTC registers, but for a bit of the line compare, can be locked. */
static void test_crtc_lock(void)
{
    QTestState *s = start();

    set_port(s, 0x3c2, 1);
    set_port(s, 0x3d4, 0x11);
    set_port(s, 0x3d5, 0x80);
    set_port(s, 0x3d4, 0x00);
    set_port(s, 0x3d5, 0x55);
    g_assert_cmphex(port(s, 0x3d5), ==, 0);
    set_port(s, 0x3d4, 0x07);
    set_port(s, 0x3d5, 0xff);
    g_assert_cmphex(port(s, 0x3d5), ==, 0x10);
    qtest_quit(s);
}

/* Text mode at 70 Hz: the bits follow guest time. */
static void test_retrace(void)
{
    enum { LINE_NS = 31778, FRAME_NS = LINE_NS * 449, SHOWN_LINES = 400, RETRACE_LINE = 412 };
    static const uint8_t crtc[] = { 0x5f, 0x4f, 0x50, 0x82, 0x55, 0x81, 0xbf, 0x1f, 0, 0x4f, 0, 0, 0, 0, 0, 0,
                                    0x9c, 0x8e, 0x8f };
    QTestState *s = start();

    set_port(s, 0x3c2, 0x67);
    set_port(s, 0x3d4, 0x11);
    set_port(s, 0x3d5, 0);
    for (size_t i = 0; i < sizeof(crtc); i++) {
        set_port(s, 0x3d4, i);
        set_port(s, 0x3d5, crtc[i]);
    }
    qtest_clock_step(s, LINE_NS * 3 + 1000);
    g_assert_cmphex(port(s, 0x3da) & 9, ==, 0);
    qtest_clock_step(s, LINE_NS - 2000);
    g_assert_cmphex(port(s, 0x3da) & 9, ==, 1);
    qtest_clock_step(s, LINE_NS * (RETRACE_LINE - 3) + 1000);
    g_assert_cmphex(port(s, 0x3da) & 9, ==, 9);
    qtest_clock_step(s, FRAME_NS - LINE_NS * (RETRACE_LINE - 10));
    g_assert_cmphex(port(s, 0x3da) & 8, ==, 0);
    qtest_quit(s);
}

static void test_edid(void)
{
    static const uint8_t header[] = { 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00 };
    QTestState *s = start();
    uint8_t edid[128], sum = 0;

    qtest_memread(s, REGS, edid, sizeof(edid));
    g_assert_cmpmem(edid, 8, header, 8);
    for (size_t i = 0; i < sizeof(edid); i++) {
        sum += edid[i];
    }
    g_assert_cmpint(sum, ==, 0);
    g_assert_cmpint(edid[54 + 2] | (edid[54 + 4] & 0xf0) << 4, ==, 1280);
    g_assert_cmpint(edid[54 + 5] | (edid[54 + 7] & 0xf0) << 4, ==, 800);
    qtest_writeb(s, REGS, 0x55);
    g_assert_cmphex(qtest_readb(s, REGS), ==, 0);
    qtest_quit(s);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/vga/registers", test_registers);
    g_test_add_func("/vga/clear", test_switching_on_clears);
    g_test_add_func("/vga/bounds", test_geometry_is_bounded);
    g_test_add_func("/vga/byte-order", test_byte_order_register);
    g_test_add_func("/vga/palette", test_palette);
    g_test_add_func("/vga/existing-bits", test_existing_bits);
    g_test_add_func("/vga/crtc-lock", test_crtc_lock);
    g_test_add_func("/vga/retrace", test_retrace);
    g_test_add_func("/vga/edid", test_edid);
    return g_test_run();
}
