/*
 * The interval timer that docs/devices.md explains: expiry, interrupt, reset, saved
 * state, bad accesses. When this fails, the device to copy from is wrong.
 *
 * SPDX-License-Identifier: MIT
 */
#include "libqtest.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define TIMER 0x80001000u
#define PATH "interval-timer"
enum { PERIOD = 0, STATUS = 4, COUNT = 8 };
enum { MICROSECOND = 1000 };

static const char *executable(void)
{
    const char *exe = getenv("QEMU_EXE_TEACH");

    return exe ? exe : "teach-softmmu/qemu-system-teach";
}

static QTestState *start(void)
{
    QTestState *s = qtest_init_exe(executable(), "-M teach");

    qtest_irq_intercept_out(s, PATH);
    return s;
}

static void test_expiry(void)
{
    QTestState *s = start();

    qtest_writel(s, TIMER + PERIOD, 100);
    qtest_clock_step(s, 99 * MICROSECOND);
    g_assert_cmphex(qtest_readl(s, TIMER + STATUS), ==, 0);
    g_assert_false(qtest_get_irq(s, 0));
    qtest_clock_step(s, MICROSECOND);
    g_assert_cmphex(qtest_readl(s, TIMER + STATUS), ==, 1);
    g_assert_true(qtest_get_irq(s, 0));
    qtest_writel(s, TIMER + STATUS, ~1u);
    g_assert_true(qtest_get_irq(s, 0));
    qtest_writel(s, TIMER + STATUS, 1);
    g_assert_false(qtest_get_irq(s, 0));
    qtest_clock_step(s, 100 * MICROSECOND);
    g_assert_true(qtest_get_irq(s, 0));
    g_assert_cmpint(qtest_readl(s, TIMER + COUNT), ==, 200);
    qtest_writel(s, TIMER + PERIOD, 0);
    qtest_writel(s, TIMER + STATUS, 1);
    qtest_clock_step(s, 1000 * MICROSECOND);
    g_assert_false(qtest_get_irq(s, 0));
    qtest_quit(s);
}

static void test_saved_state(void)
{
    QTestState *s = start();
    char *state, *again;

    qtest_writel(s, TIMER + PERIOD, 100);
    qtest_clock_step(s, 150 * MICROSECOND);
    state = qtest_vmsave(s, PATH);
    qtest_writel(s, TIMER + PERIOD, 7);
    qtest_writel(s, TIMER + STATUS, 1);
    qtest_vmload(s, PATH, state);
    again = qtest_vmsave(s, PATH);
    g_assert_cmpstr(state, ==, again);
    g_assert_cmpint(qtest_readl(s, TIMER + PERIOD), ==, 100);
    g_assert_cmphex(qtest_readl(s, TIMER + STATUS), ==, 1);
    qtest_writel(s, TIMER + STATUS, 1);
    qtest_clock_step(s, 50 * MICROSECOND);
    g_assert_cmphex(qtest_readl(s, TIMER + STATUS), ==, 1);
    g_free(state);
    g_free(again);
    qtest_quit(s);
}

/* Reserved registers and other sizes do nothing, and the machine goes on. */
static void test_bad_accesses(void)
{
    QTestState *s = start();

    qtest_writel(s, TIMER + 0x800, 0xffffffff);
    qtest_writeb(s, TIMER + PERIOD, 1);
    qtest_writeq(s, TIMER + PERIOD, 1);
    g_assert_cmphex(qtest_readl(s, TIMER + 0xffc), ==, 0);
    qtest_writel(s, TIMER + PERIOD, 0xffffffff);
    qtest_clock_step(s, 4294967294ll * MICROSECOND);
    g_assert_cmphex(qtest_readl(s, TIMER + STATUS), ==, 0);
    qtest_clock_step(s, MICROSECOND);
    g_assert_cmphex(qtest_readl(s, TIMER + STATUS), ==, 1);
    qtest_quit(s);
}

int main(int argc, char **argv)
{
    if (access(executable(), X_OK)) {
        printf("1..0 # SKIP %s is not built\n", executable());
        return 0;
    }
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/interval-timer/expiry", test_expiry);
    g_test_add_func("/interval-timer/saved-state", test_saved_state);
    g_test_add_func("/interval-timer/bad-accesses", test_bad_accesses);
    return g_test_run();
}
