/*
 * Timers: order, re-arming, deletion, clocks that stand. If this fails, guest
 * timers fire late, twice or in the wrong order.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/timer.h"
#include "test-stubs.h"

static GString *trail;          /* a letter for each callback */

typedef struct Probe {
    char letter;
    QEMUTimer *ts;
    int64_t rearm_ns;           /* > 0: again so much later */
    QEMUTimer *victim;          /* deleted by the callback */
} Probe;

static void fired(void *opaque)
{
    Probe *p = opaque;

    g_string_append_c(trail, p->letter);
    if (p->rearm_ns) {
        timer_mod_ns(p->ts, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + p->rearm_ns);
    }
    if (p->victim) {
        timer_del(p->victim);
    }
}

static Probe *probe_new(char letter)
{
    Probe *p = g_new0(Probe, 1);

    p->letter = letter;
    p->ts = timer_new_ns(QEMU_CLOCK_VIRTUAL, fired, p);
    return p;
}

static void probe_free(Probe *p)
{
    timer_free(p->ts);
    g_free(p);
}

static void run_at(int64_t now_ns, const char *expected)
{
    test_clock_ns = now_ns;
    g_string_truncate(trail, 0);
    qemu_clock_run_timers(QEMU_CLOCK_VIRTUAL);
    g_assert_cmpstr(trail->str, ==, expected);
}

static void test_order(void)
{
    Probe *a = probe_new('a'), *b = probe_new('b'), *c = probe_new('c');

    timer_mod_ns(c->ts, 300);
    timer_mod_ns(a->ts, 100);
    timer_mod_ns(b->ts, 100);
    g_assert_cmpint(qemu_clock_deadline_ns(QEMU_CLOCK_VIRTUAL), ==, 100);
    run_at(99, "");
    run_at(100, "ab");          /* equal times: in order of timer_mod */
    g_assert_false(timer_pending(a->ts));
    g_assert_cmpint(timer_expire_time_ns(a->ts), ==, -1);
    run_at(1000, "c");
    g_assert_cmpint(qemu_clock_deadline_ns(QEMU_CLOCK_VIRTUAL), ==, -1);
    probe_free(a);
    probe_free(b);
    probe_free(c);
}

static void test_modify(void)
{
    Probe *a = probe_new('a'), *b = probe_new('b');

    timer_mod_ns(a->ts, 100);
    timer_mod_ns(b->ts, 200);
    timer_mod_ns(a->ts, 300);   /* moves, does not double */
    run_at(250, "b");
    timer_del(a->ts);
    timer_del(a->ts);
    run_at(1000, "");
    timer_mod_ns(a->ts, -5);    /* the past: at once */
    run_at(1000, "a");
    a->rearm_ns = 10;
    timer_mod_ns(a->ts, 2000);
    run_at(2000, "a");
    run_at(2010, "a");
    b->victim = a->ts;
    timer_mod_ns(b->ts, 2015);
    run_at(2100, "b");          /* a would have been next */
    probe_free(a);
    probe_free(b);
}

static void test_scale(void)
{
    QEMUTimer *ts = timer_new_ms(QEMU_CLOCK_VIRTUAL, fired, NULL);

    timer_mod(ts, 7);
    g_assert_cmpint(timer_expire_time_ns(ts), ==, 7000000);
    timer_mod(ts, INT64_MAX / 2);       /* does not wrap into the past */
    g_assert_cmpint(timer_expire_time_ns(ts), ==, INT64_MAX);
    timer_free(ts);
}

/* The virtual clock stands until the machine starts: nothing wakes the main loop. */
static void test_stopped_clock(void)
{
    Probe *a = probe_new('a');

    test_clock_ns = 0;
    timer_mod_ns(a->ts, 500);
    g_assert_cmpint(qemu_clock_sleep_ns(), ==, -1);
    test_clock_ns = 600;
    g_assert_false(qemu_clock_run_all_timers());
    qemu_clock_enable(QEMU_CLOCK_VIRTUAL, true);
    g_assert_cmpint(qemu_clock_sleep_ns(), ==, 0);
    test_clock_ns = 100;
    g_assert_cmpint(qemu_clock_sleep_ns(), ==, 400);
    test_clock_ns = 500;
    g_assert_true(qemu_clock_run_all_timers());
    qemu_clock_enable(QEMU_CLOCK_VIRTUAL, false);
    probe_free(a);
}

/* A clock that moves on with each look at it: the time to sleep never gets negative (forever). */
static void test_moving_clock(void)
{
    Probe *a = probe_new('a');

    qemu_clock_enable(QEMU_CLOCK_VIRTUAL, true);
    for (int64_t deadline_ns = 0; deadline_ns < 5; deadline_ns++) {
        timer_mod_ns(a->ts, deadline_ns);
        test_clock_ns = 0;
        test_clock_step_ns = 1;
        g_assert_cmpint(qemu_clock_sleep_ns(), >=, 0);
        test_clock_step_ns = 0;
    }
    qemu_clock_enable(QEMU_CLOCK_VIRTUAL, false);
    probe_free(a);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    trail = g_string_new(NULL);
    g_test_add_func("/timer/order", test_order);
    g_test_add_func("/timer/modify", test_modify);
    g_test_add_func("/timer/scale", test_scale);
    g_test_add_func("/timer/stopped-clock", test_stopped_clock);
    g_test_add_func("/timer/moving-clock", test_moving_clock);
    return g_test_run();
}
