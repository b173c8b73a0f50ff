/*
 * The PC's clocks: 8254, RTC, HPET, PM timer. If this fails, guests calibrate
 * wrongly, tick wrongly or lose the date.
 *
 * SPDX-License-Identifier: MIT
 */
#include "hw/pc-test.h"

#define HPET 0xfed00000u
#define SECOND 1000000000ll
enum { HPET_CONFIG = 0x10, HPET_COUNTER = 0xf0, HPET_T0_CONFIG = 0x100, HPET_T0_VALUE = 0x108 };
enum { PM_DEVFN = 0x0b, PM_BASE = 0x600 };

static uint16_t read_counter(QTestState *s, int n)
{
    qtest_outb(s, 0x43, n << 6);
    return qtest_inb(s, 0x40 + n) | qtest_inb(s, 0x40 + n) << 8;
}

static void load_counter(QTestState *s, int n, int mode, uint16_t count)
{
    qtest_outb(s, 0x43, n << 6 | 0x30 | mode << 1);
    qtest_outb(s, 0x40 + n, count);
    qtest_outb(s, 0x40 + n, count >> 8);
}

static void test_pit_counts(void)
{
    QTestState *s = pc_start("");

    load_counter(s, 0, 2, 10000);
    qtest_clock_step(s, SECOND / 1193 + 1);
    g_assert_cmpint(read_counter(s, 0), ==, 9000);
    qtest_clock_step(s, SECOND / 1193 * 10);
    g_assert_cmpint(read_counter(s, 0), <=, 9000);
    g_assert_cmpint(read_counter(s, 0), >, 8990);
    qtest_quit(s);
}

static void test_pit_interrupts(void)
{
    QTestState *s = pc_start("");

    pc_init_pics(s);
    load_counter(s, 0, 2, 1193);
    qtest_clock_step(s, 900000);
    g_assert_cmphex(pc_irr(s) & 1, ==, 0);
    qtest_clock_step(s, 200000);
    g_assert_cmphex(pc_irr(s) & 1, ==, 1);
    qtest_quit(s);
}

/* One edge a period, also after the first was taken. */
static void test_pit_repeats(void)
{
    QTestState *s = pc_start("");

    pc_init_pics(s);
    load_counter(s, 0, 2, 1193);
    qtest_clock_step(s, 1100000);
    g_assert_cmphex(pc_poll_master(s), ==, 0x80);
    qtest_outb(s, 0x20, 0x20);
    g_assert_cmphex(pc_irr(s) & 1, ==, 0);
    qtest_clock_step(s, 50 * 1000000);
    g_assert_cmphex(pc_poll_master(s), ==, 0x80);
    qtest_quit(s);
}

/* Port 0x61: the gate of counter 2, and its output after a one-shot. */
static void test_speaker_port(void)
{
    QTestState *s = pc_start("");

    qtest_outb(s, 0x61, 0x01);
    load_counter(s, 2, 0, 1193);
    g_assert_cmphex(qtest_inb(s, 0x61) & 0x23, ==, 0x01);
    qtest_clock_step(s, 1100000);
    g_assert_cmphex(qtest_inb(s, 0x61) & 0x23, ==, 0x21);
    qtest_quit(s);
}

static uint8_t cmos(QTestState *s, int index)
{
    qtest_outb(s, 0x70, index);
    return qtest_inb(s, 0x71);
}

static void set_cmos(QTestState *s, int index, uint8_t value)
{
    qtest_outb(s, 0x70, index);
    qtest_outb(s, 0x71, value);
}

static void test_rtc_time(void)
{
    QTestState *s = pc_start("-rtc base=2024-02-28T23:59:58,clock=vm");

    g_assert_cmphex(cmos(s, 0), ==, 0x58);
    g_assert_cmphex(cmos(s, 4), ==, 0x23);
    g_assert_cmphex(cmos(s, 7), ==, 0x28);
    g_assert_cmphex(cmos(s, 0x32), ==, 0x20);
    qtest_clock_step(s, 3 * SECOND);
    g_assert_cmphex(cmos(s, 0), ==, 0x01);
    g_assert_cmphex(cmos(s, 7), ==, 0x29);
    g_assert_cmphex(cmos(s, 8), ==, 0x02);
    set_cmos(s, 0x0b, 0x82);                    /* SET: the clock stands */
    set_cmos(s, 4, 0x12);
    qtest_clock_step(s, 5 * SECOND);
    g_assert_cmphex(cmos(s, 0), ==, 0x01);
    set_cmos(s, 0x0b, 0x06);                    /* binary, running; years beyond 2262 too */
    qtest_clock_step(s, 9 * SECOND);
    g_assert_cmpint(cmos(s, 0), ==, 10);
    g_assert_cmpint(cmos(s, 4), ==, 18);
    qtest_quit(s);
}

static void test_rtc_flags(void)
{
    QTestState *s = pc_start("-rtc base=2024-01-01T00:00:00,clock=vm");

    pc_init_pics(s);
    cmos(s, 0x0c);
    qtest_clock_step(s, SECOND);
    g_assert_cmphex(cmos(s, 0x0c) & 0x50, ==, 0x50);    /* update and periodic, nobody enabled them */
    g_assert_cmphex(pc_irr(s) >> 8 & 1, ==, 0);
    set_cmos(s, 1, 0x05);
    set_cmos(s, 3, 0xff);
    set_cmos(s, 5, 0xff);
    set_cmos(s, 0x0b, 0x22);                    /* alarm at second 5 */
    qtest_clock_step(s, 3 * SECOND + SECOND / 2);
    g_assert_cmphex(pc_irr(s) >> 8 & 1, ==, 0);
    qtest_clock_step(s, SECOND);
    g_assert_cmphex(pc_irr(s) >> 8 & 1, ==, 1);
    g_assert_cmphex(cmos(s, 0x0c) & 0xa0, ==, 0xa0);
    qtest_quit(s);
}

static void test_hpet(void)
{
    QTestState *s = pc_start("");

    pc_init_pics(s);
    g_assert_cmphex(qtest_readq(s, HPET), ==, 0x009896808086a201ull);
    qtest_writel(s, HPET + HPET_T0_CONFIG, 0x4);
    qtest_writeq(s, HPET + HPET_T0_VALUE, 1000);
    qtest_writel(s, HPET + HPET_CONFIG, 3);     /* legacy: instead of the 8254 */
    qtest_clock_step(s, 9000);
    g_assert_cmpint(qtest_readq(s, HPET + HPET_COUNTER), ==, 900);
    g_assert_cmphex(pc_irr(s) & 1, ==, 0);
    qtest_clock_step(s, 1000);
    g_assert_cmphex(pc_irr(s) & 1, ==, 1);
    qtest_quit(s);
}

static void test_pm_timer(void)
{
    QTestState *s = pc_start("");

    pc_config_write(s, PM_DEVFN, 0x40, PM_BASE | 1);
    pc_config_write8(s, PM_DEVFN, 0x80, 1);
    qtest_clock_step(s, SECOND);
    g_assert_cmpint(qtest_inl(s, PM_BASE + 8), ==, 3579545);
    pc_init_pics(s);
    qtest_outw(s, PM_BASE + 2, 1);              /* interrupt when bit 23 changes */
    g_assert_cmphex(pc_irr(s) >> 8 & 2, ==, 0);
    qtest_clock_step(s, 2 * SECOND);
    g_assert_cmphex(qtest_inw(s, PM_BASE), ==, 1);
    g_assert_cmphex(pc_irr(s) >> 8 & 2, ==, 2);
    qtest_quit(s);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pit/counts", test_pit_counts);
    g_test_add_func("/pit/interrupts", test_pit_interrupts);
    g_test_add_func("/pit/repeats", test_pit_repeats);
    g_test_add_func("/pit/speaker-port", test_speaker_port);
    g_test_add_func("/rtc/time", test_rtc_time);
    g_test_add_func("/rtc/flags", test_rtc_flags);
    g_test_add_func("/hpet/legacy", test_hpet);
    g_test_add_func("/pm-timer/counts", test_pm_timer);
    return g_test_run();
}
