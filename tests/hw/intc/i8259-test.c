/*
 * The pair of 8259s: priorities, masks, end of interrupt, edge and level,
 * cascade, saved state. If this fails, PCs lose interrupts.
 *
 * SPDX-License-Identifier: MIT
 */
#include "hw/pc-test.h"

static void set_line(QTestState *s, int n, int level)
{
    qtest_set_irq_in(s, "isa-i8259", NULL, n, level);
}

static void test_priority_and_eoi(void)
{
    QTestState *s = pc_start("");

    pc_init_pics(s);
    qtest_irq_intercept_out(s, "isa-i8259");
    set_line(s, 4, 1);
    set_line(s, 3, 1);
    g_assert_true(qtest_get_irq(s, 0));
    g_assert_cmphex(pc_poll_master(s), ==, 0x83);
    g_assert_false(qtest_get_irq(s, 0));        /* 4 is less urgent than what is in service */
    qtest_outb(s, 0x20, 0x0b);
    g_assert_cmphex(qtest_inb(s, 0x20), ==, 0x08);
    qtest_outb(s, 0x20, 0x20);
    g_assert_true(qtest_get_irq(s, 0));
    g_assert_cmphex(pc_poll_master(s), ==, 0x84);
    qtest_outb(s, 0x20, 0x64);
    g_assert_false(qtest_get_irq(s, 0));
    g_assert_cmphex(pc_poll_master(s), ==, 0);
    qtest_quit(s);
}

static void test_mask_keeps_request(void)
{
    QTestState *s = pc_start("");

    pc_init_pics(s);
    qtest_irq_intercept_out(s, "isa-i8259");
    qtest_outb(s, 0x21, 0x08);
    set_line(s, 3, 1);
    g_assert_false(qtest_get_irq(s, 0));
    g_assert_cmphex(pc_irr(s) & 0xff, ==, 0x08);
    qtest_outb(s, 0x21, 0x00);
    g_assert_true(qtest_get_irq(s, 0));
    qtest_quit(s);
}

/* An edge is taken once; a level comes back after EOI while it is up. */
static void test_edge_and_level(void)
{
    QTestState *s = pc_start("");

    pc_init_pics(s);
    qtest_outb(s, 0x4d0, 0x20);
    g_assert_cmphex(qtest_inb(s, 0x4d0), ==, 0x20);
    qtest_outb(s, 0x4d0, 0x27);                 /* 0 to 2 cannot be levels */
    g_assert_cmphex(qtest_inb(s, 0x4d0), ==, 0x20);
    set_line(s, 5, 1);
    g_assert_cmphex(pc_poll_master(s), ==, 0x85);
    qtest_outb(s, 0x20, 0x20);
    g_assert_cmphex(pc_poll_master(s), ==, 0x85);
    set_line(s, 5, 0);
    qtest_outb(s, 0x20, 0x20);
    g_assert_cmphex(pc_poll_master(s), ==, 0);
    set_line(s, 3, 1);
    g_assert_cmphex(pc_poll_master(s), ==, 0x83);
    qtest_outb(s, 0x20, 0x20);
    g_assert_cmphex(pc_poll_master(s), ==, 0);
    qtest_quit(s);
}

/* The RTC's periodic interrupt is line 0 of the slave, which is line 2 of the master. */
static void test_cascade(void)
{
    QTestState *s = pc_start("-rtc clock=vm");

    pc_init_pics(s);
    qtest_outb(s, 0x70, 0x0b);
    qtest_outb(s, 0x71, 0x42);
    qtest_clock_step(s, 2000000);
    g_assert_cmphex(pc_irr(s), ==, 0x0104);
    qtest_quit(s);
}

static void test_rotation(void)
{
    QTestState *s = pc_start("");

    pc_init_pics(s);
    qtest_outb(s, 0x20, 0xc3);                  /* line 3 gets the lowest priority */
    set_line(s, 3, 1);
    set_line(s, 4, 1);
    g_assert_cmphex(pc_poll_master(s), ==, 0x84);
    qtest_quit(s);
}

static void test_state_survives(void)
{
    QTestState *s = pc_start("");
    g_autofree char *state = NULL;

    pc_init_pics(s);
    qtest_outb(s, 0x21, 0x5a);
    set_line(s, 6, 1);
    state = qtest_vmsave(s, "isa-i8259");
    qtest_outb(s, 0x20, 0x11);
    g_assert_cmphex(qtest_inb(s, 0x21), ==, 0);
    qtest_vmload(s, "isa-i8259", state);
    g_assert_cmphex(qtest_inb(s, 0x21), ==, 0x5a);
    g_assert_cmphex(pc_irr(s) & 0x40, ==, 0x40);
    qtest_quit(s);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/i8259/priority-and-eoi", test_priority_and_eoi);
    g_test_add_func("/i8259/mask", test_mask_keeps_request);
    g_test_add_func("/i8259/edge-and-level", test_edge_and_level);
    g_test_add_func("/i8259/cascade", test_cascade);
    g_test_add_func("/i8259/rotation", test_rotation);
    g_test_add_func("/i8259/state", test_state_survives);
    return g_test_run();
}
