/*
 * OpenPIC: priorities, nesting, edges and levels, timers. If this fails, New
 * World machines lose interrupts or take them in the wrong order.
 *
 * SPDX-License-Identifier: MIT
 */
#include "hw/mac-test.h"

enum { FEATURE = 0x1000, GLOBAL_CONF = 0x1020, IPI_0 = 0x10a0, TIMER_0 = 0x1100, SOURCES = 0x10000,
       CPU_0 = 0x20000, IPI_DISPATCH = 0x40, TASK_PRIORITY = 0x80, ACK = 0xa0, EOI = 0xb0 };
enum { LEVEL = 1 << 22, SPURIOUS = 0xff, CONF_RESET = 1u << 31 };
#define PIC_PATH "openpic"

static uint32_t reg(QTestState *s, int offset)
{
    return read_le32(s, MACIO_BASE + MACIO_OPENPIC + offset);
}

static void set_reg(QTestState *s, int offset, uint32_t value)
{
    write_le32(s, MACIO_BASE + MACIO_OPENPIC + offset, value);
}

static void enable_source(QTestState *s, int n, int priority, int vector, uint32_t flags)
{
    set_reg(s, SOURCES + n * 0x20, flags | priority << 16 | vector);
    set_reg(s, SOURCES + n * 0x20 + 0x10, 1);
}

static QTestState *start(void)
{
    QTestState *s = core99_start("");

    qtest_irq_intercept_out(s, PIC_PATH);
    set_reg(s, CPU_0 + TASK_PRIORITY, 0);
    return s;
}

static void set_source(QTestState *s, int n, int level)
{
    qtest_set_irq_in(s, PIC_PATH, NULL, n, level);
}

static void test_reset_state(void)
{
    QTestState *s = core99_start("");

    g_assert_cmphex(reg(s, FEATURE), ==, 0x003f0002);
    g_assert_cmphex(reg(s, SOURCES), ==, 0xa0000000);
    g_assert_cmphex(reg(s, CPU_0 + TASK_PRIORITY), ==, 15);
    g_assert_cmphex(reg(s, CPU_0 + ACK), ==, SPURIOUS);
    set_reg(s, SOURCES + 5 * 0x20, 0xffffffff);
    g_assert_cmphex(reg(s, SOURCES + 5 * 0x20), ==, 0x80cf00ff);
    set_reg(s, GLOBAL_CONF, CONF_RESET);
    g_assert_cmphex(reg(s, SOURCES + 5 * 0x20), ==, 0xa0000000);
    g_assert_cmphex(reg(s, GLOBAL_CONF), ==, 0);
    qtest_quit(s);
}

static void test_level_is_delivered_again(void)
{
    QTestState *s = start();

    enable_source(s, 7, 8, 0x47, LEVEL);
    set_source(s, 7, 1);
    g_assert_true(qtest_get_irq(s, 0));
    g_assert_cmphex(reg(s, CPU_0 + ACK), ==, 0x47);
    g_assert_false(qtest_get_irq(s, 0));
    set_reg(s, CPU_0 + EOI, 0);
    g_assert_true(qtest_get_irq(s, 0));
    set_source(s, 7, 0);
    g_assert_false(qtest_get_irq(s, 0));
    g_assert_cmphex(reg(s, CPU_0 + ACK), ==, SPURIOUS);
    qtest_quit(s);
}

static void test_edge_is_latched_once(void)
{
    QTestState *s = start();

    enable_source(s, 3, 8, 0x43, 0);
    set_source(s, 3, 1);
    set_source(s, 3, 0);
    g_assert_cmphex(reg(s, CPU_0 + ACK), ==, 0x43);
    set_reg(s, CPU_0 + EOI, 0);
    g_assert_cmphex(reg(s, CPU_0 + ACK), ==, SPURIOUS);
    qtest_quit(s);
}

static void test_priorities_nest(void)
{
    QTestState *s = start();

    enable_source(s, 1, 4, 0x41, LEVEL);
    enable_source(s, 2, 9, 0x42, LEVEL);
    set_source(s, 1, 1);
    g_assert_cmphex(reg(s, CPU_0 + ACK), ==, 0x41);
    set_source(s, 2, 1);
    g_assert_true(qtest_get_irq(s, 0));
    g_assert_cmphex(reg(s, CPU_0 + ACK), ==, 0x42);
    set_source(s, 2, 0);
    set_reg(s, CPU_0 + EOI, 0);
    g_assert_false(qtest_get_irq(s, 0));
    set_reg(s, CPU_0 + EOI, 0);
    g_assert_true(qtest_get_irq(s, 0));
    set_reg(s, CPU_0 + TASK_PRIORITY, 4);
    g_assert_false(qtest_get_irq(s, 0));
    qtest_quit(s);
}

static void test_ipi(void)
{
    QTestState *s = start();

    set_reg(s, IPI_0, 10 << 16 | 0x50);
    set_reg(s, CPU_0 + IPI_DISPATCH, 1);
    g_assert_true(qtest_get_irq(s, 0));
    g_assert_cmphex(reg(s, CPU_0 + ACK), ==, 0x50);
    qtest_quit(s);
}

static void test_timer(void)
{
    QTestState *s = start();

    set_reg(s, TIMER_0 + 0x20, 5 << 16 | 0x60);
    set_reg(s, TIMER_0 + 0x30, 1);
    set_reg(s, TIMER_0 + 0x10, 4160);           /* 1 ms */
    qtest_clock_step(s, 900000);
    g_assert_false(qtest_get_irq(s, 0));
    qtest_clock_step(s, 200000);
    g_assert_true(qtest_get_irq(s, 0));
    g_assert_cmphex(reg(s, CPU_0 + ACK), ==, 0x60);
    set_reg(s, CPU_0 + EOI, 0);
    qtest_clock_step(s, 1000000);
    g_assert_true(qtest_get_irq(s, 0));
    qtest_quit(s);
}

static void test_state_survives(void)
{
    QTestState *s = start();
    char *saved, *again;

    enable_source(s, 1, 4, 0x41, LEVEL);
    set_source(s, 1, 1);
    saved = qtest_vmsave(s, PIC_PATH);
    set_reg(s, GLOBAL_CONF, CONF_RESET);
    qtest_vmload(s, PIC_PATH, saved);
    again = qtest_vmsave(s, PIC_PATH);
    g_assert_cmpstr(saved, ==, again);
    g_assert_cmphex(reg(s, CPU_0 + ACK), ==, 0x41);
    g_free(saved);
    g_free(again);
    qtest_quit(s);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/openpic/reset", test_reset_state);
    g_test_add_func("/openpic/level", test_level_is_delivered_again);
    g_test_add_func("/openpic/edge", test_edge_is_latched_once);
    g_test_add_func("/openpic/priorities", test_priorities_nest);
    g_test_add_func("/openpic/ipi", test_ipi);
    g_test_add_func("/openpic/timer", test_timer);
    g_test_add_func("/openpic/vmstate", test_state_survives);
    return g_test_run();
}
