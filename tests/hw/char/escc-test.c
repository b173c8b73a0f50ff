/*
 * Z85C30: register pointer, loopback, interrupts. If this fails, the serial
 * console is silent or hangs.
 *
 * SPDX-License-Identifier: MIT
 */
#include "hw/mac-test.h"

enum { B_CONTROL = 0x00, B_DATA = 0x10, A_CONTROL = 0x20, A_DATA = 0x30 };
enum { RX_AVAILABLE = 0x01, TX_EMPTY = 0x04, LOOPBACK = 0x10, RX_ON = 0x01, TX_ON = 0x08,
       INT_TX = 0x02, INT_RX_ALL = 0x10, MASTER = 0x08, RESET_ALL = 0xc0, RESET_TX = 0x28 };
#define ESCC_PATH "escc"

static uint64_t at(int offset)
{
    return MACIO_BASE + MACIO_ESCC + offset;
}

static uint8_t rr(QTestState *s, int control, int reg)
{
    qtest_writeb(s, at(control), reg);
    return qtest_readb(s, at(control));
}

static void wr(QTestState *s, int control, int reg, uint8_t value)
{
    qtest_writeb(s, at(control), reg);
    qtest_writeb(s, at(control), value);
}

static QTestState *start_loopback(void)
{
    QTestState *s = g3_start("");

    qtest_irq_intercept_out(s, ESCC_PATH);
    wr(s, A_CONTROL, 14, LOOPBACK);
    wr(s, A_CONTROL, 3, RX_ON);
    wr(s, A_CONTROL, 5, TX_ON);
    return s;
}

static void test_pointer_returns_to_zero(void)
{
    QTestState *s = g3_start("");

    wr(s, A_CONTROL, 12, 0x5a);
    g_assert_cmphex(rr(s, A_CONTROL, 12), ==, 0x5a);
    g_assert_cmphex(qtest_readb(s, at(A_CONTROL)) & TX_EMPTY, ==, TX_EMPTY);
    g_assert_cmphex(rr(s, B_CONTROL, 12), !=, 0x5a);
    qtest_quit(s);
}

static void test_loopback_keeps_order(void)
{
    QTestState *s = start_loopback();

    for (int i = 0; i < 100; i++) {
        qtest_writeb(s, at(A_DATA), i);
    }
    for (int i = 0; i < 100; i++) {
        g_assert_cmphex(rr(s, A_CONTROL, 0) & RX_AVAILABLE, ==, RX_AVAILABLE);
        g_assert_cmphex(qtest_readb(s, at(A_DATA)), ==, i);
    }
    g_assert_cmphex(rr(s, A_CONTROL, 0) & RX_AVAILABLE, ==, 0);
    g_assert_cmphex(rr(s, B_CONTROL, 0) & RX_AVAILABLE, ==, 0);
    qtest_quit(s);
}

static void test_transmitter_off_sends_nothing(void)
{
    QTestState *s = start_loopback();

    wr(s, A_CONTROL, 5, 0);
    qtest_writeb(s, at(A_DATA), 1);
    g_assert_cmphex(rr(s, A_CONTROL, 0) & RX_AVAILABLE, ==, 0);
    qtest_quit(s);
}

/* Output 1 of the chip is channel A. */
static void test_interrupts(void)
{
    QTestState *s = start_loopback();

    wr(s, A_CONTROL, 1, INT_TX | INT_RX_ALL);
    qtest_writeb(s, at(A_DATA), 'x');
    g_assert_false(qtest_get_irq(s, 1));
    wr(s, A_CONTROL, 9, MASTER);
    g_assert_true(qtest_get_irq(s, 1));
    g_assert_false(qtest_get_irq(s, 0));
    g_assert_cmphex(rr(s, A_CONTROL, 3), ==, 0x30);
    qtest_readb(s, at(A_DATA));
    g_assert_cmphex(rr(s, A_CONTROL, 3), ==, 0x10);
    g_assert_true(qtest_get_irq(s, 1));
    qtest_writeb(s, at(A_CONTROL), RESET_TX);
    g_assert_cmphex(rr(s, A_CONTROL, 3), ==, 0);
    g_assert_false(qtest_get_irq(s, 1));
    qtest_quit(s);
}

/* Heathrow latches edges: what was acknowledged comes back with the next character. */
static void test_each_character_interrupts(void)
{
    enum { EVENT = 0x20, ACK = 0x28, SOURCE_A = 1 << 15 };
    QTestState *s = g3_start("");

    wr(s, A_CONTROL, 5, TX_ON);
    wr(s, A_CONTROL, 1, INT_TX);
    wr(s, A_CONTROL, 9, MASTER);
    for (int i = 0; i < 3; i++) {
        qtest_writeb(s, at(A_DATA), 'x');
        g_assert_cmphex(read_le32(s, MACIO_BASE + EVENT) & SOURCE_A, ==, SOURCE_A);
        write_le32(s, MACIO_BASE + ACK, SOURCE_A);
        g_assert_cmphex(read_le32(s, MACIO_BASE + EVENT) & SOURCE_A, ==, 0);
    }
    qtest_quit(s);
}

static void test_hardware_reset(void)
{
    QTestState *s = start_loopback();

    wr(s, A_CONTROL, 12, 0x77);
    qtest_writeb(s, at(A_DATA), 1);
    wr(s, A_CONTROL, 9, RESET_ALL);
    g_assert_cmphex(rr(s, A_CONTROL, 0) & RX_AVAILABLE, ==, 0);
    g_assert_cmphex(rr(s, A_CONTROL, 12), ==, 0);
    qtest_quit(s);
}

static void test_state_survives(void)
{
    QTestState *s = start_loopback();
    char *saved, *again;

    qtest_writeb(s, at(A_DATA), 0xa7);
    saved = qtest_vmsave(s, ESCC_PATH);
    wr(s, A_CONTROL, 9, RESET_ALL);
    qtest_vmload(s, ESCC_PATH, saved);
    again = qtest_vmsave(s, ESCC_PATH);
    g_assert_cmpstr(saved, ==, again);
    g_assert_cmphex(qtest_readb(s, at(A_DATA)), ==, 0xa7);
    g_free(saved);
    g_free(again);
    qtest_quit(s);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/escc/pointer", test_pointer_returns_to_zero);
    g_test_add_func("/escc/loopback", test_loopback_keeps_order);
    g_test_add_func("/escc/transmitter-off", test_transmitter_off_sends_nothing);
    g_test_add_func("/escc/interrupts", test_interrupts);
    g_test_add_func("/escc/each-character", test_each_character_interrupts);
    g_test_add_func("/escc/reset", test_hardware_reset);
    g_test_add_func("/escc/vmstate", test_state_survives);
    return g_test_run();
}
