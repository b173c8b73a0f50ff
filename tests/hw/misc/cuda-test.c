/*
 * CUDA: the byte handshake, the clock, ADB scanning; and the 6522's timers. If
 * this fails, firmware and Linux hang at start or measure a wrong time base.
 *
 * SPDX-License-Identifier: MIT
 */
#include "hw/mac-test.h"

enum { REG_B = 0, REG_DIRB = 2, REG_T1CL = 4, REG_T1CH = 5, REG_T1LL = 6, REG_T1LH = 7, REG_SR = 10,
       REG_ACR = 11, REG_IFR = 13, REG_IER = 14 };
enum { TREQ = 0x08, TACK = 0x10, TIP = 0x20, SR_OUT = 0x1c, SR_IN = 0x0c, INT_SR = 0x04, INT_T1 = 0x40,
       T1_CONTINUOUS = 0x40 };
enum { BYTE_TIME_NS = 1000000 };

static void wait_for_byte(QTestState *s)
{
    qtest_clock_step(s, BYTE_TIME_NS);
    g_assert_cmphex(via_read(s, REG_IFR) & INT_SR, ==, INT_SR);
}

static void set_lines(QTestState *s, uint8_t clear, uint8_t set)
{
    via_write(s, REG_B, (via_read(s, REG_B) & ~clear) | set);
}

static void toggle_tack(QTestState *s)
{
    via_write(s, REG_B, via_read(s, REG_B) ^ TACK);
}

/* One transaction out, one in; returns the length of the answer. */
static int transact(QTestState *s, const uint8_t *packet, int len, uint8_t *answer, int max)
{
    int got = 0;

    via_write(s, REG_DIRB, TIP | TACK);
    via_write(s, REG_ACR, SR_OUT);
    for (int i = 0; i < len; i++) {
        via_write(s, REG_SR, packet[i]);
        if (i == 0) {
            set_lines(s, TIP, 0);
        } else {
            toggle_tack(s);
        }
        wait_for_byte(s);
    }
    via_write(s, REG_ACR, SR_IN);
    via_read(s, REG_SR);
    set_lines(s, 0, TIP | TACK);
    wait_for_byte(s);
    g_assert_cmphex(via_read(s, REG_B) & TREQ, ==, 0);
    via_read(s, REG_SR);
    set_lines(s, TIP, 0);
    for (;;) {
        wait_for_byte(s);
        g_assert_cmpint(got, <, max);
        answer[got++] = via_read(s, REG_SR);
        if (via_read(s, REG_B) & TREQ) {
            break;
        }
        toggle_tack(s);
    }
    set_lines(s, 0, TIP | TACK);
    wait_for_byte(s);
    via_read(s, REG_SR);
    return got;
}

static void test_set_and_get_time(void)
{
    static const uint8_t set[] = { 1, 9, 0xb0, 0x00, 0x00, 0x10 }, get[] = { 1, 3 };
    QTestState *s = g3_start("");
    uint8_t answer[16];

    g_assert_cmpint(transact(s, set, sizeof(set), answer, 16), ==, 3);
    g_assert_cmpint(transact(s, get, sizeof(get), answer, 16), ==, 7);
    g_assert_cmphex(answer[0], ==, 1);
    g_assert_cmphex(answer[2], ==, 3);
    g_assert_cmphex(answer[3], ==, 0xb0);
    g_assert_cmphex(answer[4], ==, 0x00);
    g_assert_cmphex(answer[6], >=, 0x10);
    g_assert_cmphex(answer[6], <, 0x20);
    qtest_quit(s);
}

static void test_pram_keeps_bytes(void)
{
    static const uint8_t set[] = { 1, 0x0c, 0x00, 0x80, 0x5a, 0xa5 }, get[] = { 1, 7, 0x00, 0x80 };
    QTestState *s = g3_start("");
    uint8_t answer[64];

    transact(s, set, sizeof(set), answer, 64);
    g_assert_cmpint(transact(s, get, sizeof(get), answer, 64), >=, 5);
    g_assert_cmphex(answer[3], ==, 0x5a);
    g_assert_cmphex(answer[4], ==, 0xa5);
    qtest_quit(s);
}

static void test_bad_packets(void)
{
    static const uint8_t unknown[] = { 1, 0xee }, short_one[] = { 1, 9, 1 }, type[] = { 0x77, 0 };
    QTestState *s = g3_start("");
    uint8_t answer[16], flood[100] = { 1, 0 };

    transact(s, unknown, sizeof(unknown), answer, 16);
    g_assert_cmphex(answer[0], ==, 2);
    g_assert_cmphex(answer[1], ==, 2);
    g_assert_cmphex(answer[3], ==, 0xee);
    transact(s, short_one, sizeof(short_one), answer, 16);
    g_assert_cmphex(answer[0], ==, 2);
    g_assert_cmphex(answer[1], ==, 3);
    transact(s, type, sizeof(type), answer, 16);
    g_assert_cmphex(answer[0], ==, 2);
    g_assert_cmphex(answer[1], ==, 1);
    transact(s, flood, sizeof(flood), answer, 16);
    qtest_quit(s);
}

static void test_adb_scan(void)
{
    static const uint8_t talk_keyboard[] = { 0, 0x2f }, talk_nobody[] = { 0, 0x7f };
    static const uint8_t move[] = { 0, 0x2b, 0x28, 0xfe }, talk_moved[] = { 0, 0x8f };
    QTestState *s = g3_start("");
    uint8_t answer[16];

    g_assert_cmpint(transact(s, talk_keyboard, 2, answer, 16), ==, 5);
    g_assert_cmphex(answer[1], ==, 0);
    g_assert_cmphex(answer[2], ==, 0x2f);
    g_assert_cmphex(answer[3] & 0xf, ==, 2);
    g_assert_cmphex(answer[4], ==, 1);
    g_assert_cmpint(transact(s, talk_nobody, 2, answer, 16), ==, 3);
    g_assert_cmphex(answer[1] & 2, ==, 2);
    transact(s, move, sizeof(move), answer, 16);
    g_assert_cmpint(transact(s, talk_keyboard, 2, answer, 16), ==, 3);
    g_assert_cmpint(transact(s, talk_moved, 2, answer, 16), ==, 5);
    qtest_quit(s);
}

static void test_t1_one_shot(void)
{
    QTestState *s = g3_start("");

    via_write(s, REG_ACR, 0);
    via_write(s, REG_T1CL, 0xff);
    via_write(s, REG_T1CH, 0x00);
    g_assert_cmphex(via_read(s, REG_IFR) & INT_T1, ==, 0);
    qtest_clock_step(s, 300000);        /* 235 of 256 ticks at 783.3 kHz */
    g_assert_cmphex(via_read(s, REG_IFR) & INT_T1, ==, 0);
    qtest_clock_step(s, 40000);
    g_assert_cmphex(via_read(s, REG_IFR) & INT_T1, ==, INT_T1);
    via_read(s, REG_T1CL);
    qtest_clock_step(s, 1000000);
    g_assert_cmphex(via_read(s, REG_IFR) & INT_T1, ==, 0);
    qtest_quit(s);
}

static void test_t1_continuous(void)
{
    QTestState *s = g3_start("");

    via_write(s, REG_ACR, T1_CONTINUOUS);
    via_write(s, REG_T1CL, 0xff);
    via_write(s, REG_T1CH, 0x00);
    for (int i = 0; i < 5; i++) {
        qtest_clock_step(s, 340000);
        g_assert_cmphex(via_read(s, REG_IFR) & INT_T1, ==, INT_T1);
        via_write(s, REG_IFR, INT_T1);
        g_assert_cmphex(via_read(s, REG_IFR) & INT_T1, ==, 0);
    }
    qtest_quit(s);
}

static void test_interrupt_needs_enable(void)
{
    QTestState *s = g3_start("");

    via_write(s, REG_T1CL, 1);
    via_write(s, REG_T1CH, 0);
    qtest_clock_step(s, 1000000);
    g_assert_cmphex(via_read(s, REG_IFR), ==, INT_T1);
    via_write(s, REG_IER, 0x80 | INT_T1);
    g_assert_cmphex(via_read(s, REG_IFR), ==, 0x80 | INT_T1);
    via_write(s, REG_IER, INT_T1);
    g_assert_cmphex(via_read(s, REG_IFR), ==, INT_T1);
    qtest_quit(s);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cuda/time", test_set_and_get_time);
    g_test_add_func("/cuda/pram", test_pram_keeps_bytes);
    g_test_add_func("/cuda/bad-packets", test_bad_packets);
    g_test_add_func("/cuda/adb-scan", test_adb_scan);
    g_test_add_func("/via/t1-one-shot", test_t1_one_shot);
    g_test_add_func("/via/t1-continuous", test_t1_continuous);
    g_test_add_func("/via/interrupt-enable", test_interrupt_needs_enable);
    return g_test_run();
}
