/*
 * Heathrow interrupt controller: latching, acknowledging, masking, levels. If
 * this fails, Old World machines lose interrupts or drown in them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "hw/mac-test.h"

enum { EVENT = 0x20, ENABLE = 0x24, ACK = 0x28, LEVEL = 0x2c, HIGH_EVENT = 0x10, HIGH_ENABLE = 0x14,
       HIGH_LEVEL = 0x1c };
enum { EDGE_SOURCE = 15, LEVEL_SOURCE = 21, HIGH_SOURCE = 40 };
#define PIC_PATH "heathrow"

static uint32_t reg(QTestState *s, int offset)
{
    return read_le32(s, MACIO_BASE + offset);
}

static void set_reg(QTestState *s, int offset, uint32_t value)
{
    write_le32(s, MACIO_BASE + offset, value);
}

static void set_source(QTestState *s, int n, int level)
{
    qtest_set_irq_in(s, PIC_PATH, NULL, n, level);
}

static void test_edge_is_latched_until_acknowledged(void)
{
    QTestState *s = g3_start("");
    uint32_t bit = 1u << EDGE_SOURCE;

    qtest_irq_intercept_out(s, PIC_PATH);
    set_source(s, EDGE_SOURCE, 1);
    g_assert_cmphex(reg(s, EVENT), ==, bit);
    g_assert_cmphex(reg(s, LEVEL), ==, bit);
    g_assert_false(qtest_get_irq(s, 0));
    set_reg(s, ENABLE, bit);
    g_assert_true(qtest_get_irq(s, 0));
    set_source(s, EDGE_SOURCE, 0);
    g_assert_cmphex(reg(s, LEVEL), ==, 0);
    g_assert_true(qtest_get_irq(s, 0));
    set_reg(s, ACK, bit);
    g_assert_cmphex(reg(s, EVENT), ==, 0);
    g_assert_false(qtest_get_irq(s, 0));
    qtest_quit(s);
}

static void test_level_source_follows_its_wire(void)
{
    QTestState *s = g3_start("");
    uint32_t bit = 1u << LEVEL_SOURCE;

    qtest_irq_intercept_out(s, PIC_PATH);
    set_reg(s, ENABLE, bit);
    set_source(s, LEVEL_SOURCE, 1);
    g_assert_true(qtest_get_irq(s, 0));
    set_reg(s, ACK, bit);
    g_assert_true(qtest_get_irq(s, 0));
    set_source(s, LEVEL_SOURCE, 0);
    g_assert_false(qtest_get_irq(s, 0));
    g_assert_cmphex(reg(s, EVENT), ==, 0);
    qtest_quit(s);
}

static void test_high_bank(void)
{
    QTestState *s = g3_start("");
    uint32_t bit = 1u << (HIGH_SOURCE - 32);

    set_reg(s, HIGH_ENABLE, bit);
    set_source(s, HIGH_SOURCE, 1);
    g_assert_cmphex(reg(s, HIGH_EVENT), ==, bit);
    g_assert_cmphex(reg(s, HIGH_LEVEL), ==, bit);
    g_assert_cmphex(reg(s, EVENT), ==, 0);
    qtest_quit(s);
}

static void test_state_survives(void)
{
    QTestState *s = g3_start("");
    char *saved, *again;

    set_reg(s, ENABLE, 0x12345678);
    set_source(s, EDGE_SOURCE, 1);
    saved = qtest_vmsave(s, PIC_PATH);
    set_reg(s, ENABLE, 0);
    set_source(s, EDGE_SOURCE, 0);
    set_reg(s, ACK, ~0u);
    qtest_vmload(s, PIC_PATH, saved);
    g_assert_cmphex(reg(s, ENABLE), ==, 0x12345678);
    g_assert_cmphex(reg(s, EVENT), ==, 1u << EDGE_SOURCE);
    again = qtest_vmsave(s, PIC_PATH);
    g_assert_cmpstr(saved, ==, again);
    g_free(saved);
    g_free(again);
    qtest_quit(s);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/heathrow/edge", test_edge_is_latched_until_acknowledged);
    g_test_add_func("/heathrow/level", test_level_source_follows_its_wire);
    g_test_add_func("/heathrow/high-bank", test_high_bank);
    g_test_add_func("/heathrow/vmstate", test_state_survives);
    return g_test_run();
}
