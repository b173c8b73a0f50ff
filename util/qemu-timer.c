/*
 * Clocks and timers.
 *
 * Owns the sorted list of pending timers of each clock. Guest time itself
 * (ticks, stop, instruction counting) is cpus.c's: cpu_get_clock_ns().
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/timer.h"
#include "qemu/main-loop.h"

struct QEMUTimer {
    QEMUTimerCB *cb;
    void *opaque;
    QEMUTimer *next;            /* in the clock's list; list lock */
    int64_t expires_ns;         /* -1: not pending */
    QEMUClockType clock;
    int scale;
};

typedef struct ClockList {
    pthread_mutex_t lock;
    QEMUTimer *first;           /* ascending expiry; equal ones in order of timer_mod */
    int64_t wake_ns;            /* the main loop looks again at that time, or before */
    /* Timers do not run in the main loop and do not wake it: the machine is stopped, or they
     * run elsewhere (-icount, -qtest). */
    bool stopped;
} ClockList;

static ClockList clocks[QEMU_CLOCK_MAX] = {
    [QEMU_CLOCK_REALTIME] = { .lock = PTHREAD_MUTEX_INITIALIZER, .wake_ns = INT64_MAX },
    [QEMU_CLOCK_VIRTUAL] = { .lock = PTHREAD_MUTEX_INITIALIZER, .wake_ns = INT64_MAX,
                             .stopped = true },
    [QEMU_CLOCK_HOST] = { .lock = PTHREAD_MUTEX_INITIALIZER, .wake_ns = INT64_MAX },
};

static int64_t host_clock_ns(clockid_t id)
{
    struct timespec ts;

    clock_gettime(id, &ts);
    return ts.tv_sec * NANOSECONDS_PER_SECOND + ts.tv_nsec;
}

int64_t qemu_clock_get_ns(QEMUClockType type)
{
    switch (type) {
    case QEMU_CLOCK_VIRTUAL:
        return cpu_get_clock_ns();
    case QEMU_CLOCK_HOST:
        return host_clock_ns(CLOCK_REALTIME);
    default:
        return host_clock_ns(CLOCK_MONOTONIC);
    }
}

void qemu_clock_enable(QEMUClockType type, bool enabled)
{
    bool was_stopped = qatomic_xchg(&clocks[type].stopped, !enabled);

    if (was_stopped && enabled) {
        qemu_notify_event();
    }
}

QEMUTimer *timer_new(QEMUClockType type, int scale, QEMUTimerCB *cb, void *opaque)
{
    QEMUTimer *ts = g_new0(QEMUTimer, 1);

    ts->clock = type;
    ts->scale = scale;
    ts->cb = cb;
    ts->opaque = opaque;
    ts->expires_ns = -1;
    return ts;
}

static void timer_unlink_locked(ClockList *list, QEMUTimer *ts)
{
    if (ts->expires_ns < 0) {
        return;
    }
    for (QEMUTimer **link = &list->first; *link; link = &(*link)->next) {
        if (*link == ts) {
            *link = ts->next;
            break;
        }
    }
    qatomic_set(&ts->expires_ns, -1);
}

void timer_del(QEMUTimer *ts)
{
    ClockList *list = &clocks[ts->clock];

    pthread_mutex_lock(&list->lock);
    timer_unlink_locked(list, ts);
    pthread_mutex_unlock(&list->lock);
}

void timer_free(QEMUTimer *ts)
{
    if (ts) {
        timer_del(ts);
        g_free(ts);
    }
}

void timer_mod_ns(QEMUTimer *ts, int64_t expires_ns)
{
    ClockList *list = &clocks[ts->clock];
    QEMUTimer **link = &list->first;
    bool wake;

    expires_ns = MAX(expires_ns, 0);
    pthread_mutex_lock(&list->lock);
    timer_unlink_locked(list, ts);
    while (*link && (*link)->expires_ns <= expires_ns) {
        link = &(*link)->next;
    }
    ts->next = *link;
    qatomic_set(&ts->expires_ns, expires_ns);
    *link = ts;
    /* A later deadline needs no wake-up: guests move their next tick all the time. */
    wake = expires_ns < list->wake_ns && !qatomic_read(&list->stopped);
    if (wake) {
        list->wake_ns = expires_ns;
    }
    pthread_mutex_unlock(&list->lock);
    if (wake) {
        qemu_notify_event();
    }
    if (ts->clock == QEMU_CLOCK_VIRTUAL) {
        icount_timer_armed(expires_ns);
    }
}

void timer_mod(QEMUTimer *ts, int64_t expires_scaled)
{
    int64_t expires_ns;

    if (__builtin_mul_overflow(expires_scaled, (int64_t)ts->scale, &expires_ns)) {
        expires_ns = expires_scaled < 0 ? 0 : INT64_MAX;
    }
    timer_mod_ns(ts, expires_ns);
}

bool timer_pending(const QEMUTimer *ts)
{
    return qatomic_read(&ts->expires_ns) >= 0;
}

int64_t timer_expire_time_ns(const QEMUTimer *ts)
{
    return qatomic_read(&ts->expires_ns);
}

int64_t qemu_clock_deadline_ns(QEMUClockType type)
{
    ClockList *list = &clocks[type];
    int64_t deadline_ns;

    pthread_mutex_lock(&list->lock);
    deadline_ns = list->first ? list->first->expires_ns : -1;
    pthread_mutex_unlock(&list->lock);
    return deadline_ns;
}

/* The deadline that the main loop is going to wait for; INT64_MAX: none. */
static int64_t clock_announce_wait(ClockList *list)
{
    int64_t deadline_ns;

    pthread_mutex_lock(&list->lock);
    deadline_ns = list->first && !list->stopped ? list->first->expires_ns : INT64_MAX;
    list->wake_ns = deadline_ns;
    pthread_mutex_unlock(&list->lock);
    return deadline_ns;
}

int64_t qemu_clock_sleep_ns(void)
{
    int64_t sleep_ns = -1;

    for (int type = 0; type < QEMU_CLOCK_MAX; type++) {
        int64_t deadline_ns = clock_announce_wait(&clocks[type]);

        if (deadline_ns != INT64_MAX) {
            /* MAX evaluates its arguments twice, and time passes in between. */
            int64_t now_ns = qemu_clock_get_ns(type);
            int64_t left_ns = MAX(deadline_ns - now_ns, 0);

            sleep_ns = sleep_ns < 0 ? left_ns : MIN(sleep_ns, left_ns);
        }
    }
    return sleep_ns;
}

bool qemu_clock_run_timers(QEMUClockType type)
{
    ClockList *list = &clocks[type];
    /* Read once: a callback that arms an expired timer must not spin here. */
    int64_t now_ns = qemu_clock_get_ns(type);
    bool progress = false;

    for (;;) {
        QEMUTimer *ts;
        QEMUTimerCB *cb;
        void *opaque;

        pthread_mutex_lock(&list->lock);
        ts = list->first;
        if (!ts || ts->expires_ns > now_ns) {
            pthread_mutex_unlock(&list->lock);
            return progress;
        }
        list->first = ts->next;
        qatomic_set(&ts->expires_ns, -1);
        cb = ts->cb;
        opaque = ts->opaque;
        pthread_mutex_unlock(&list->lock);
        cb(opaque);             /* may free ts */
        progress = true;
    }
}

bool qemu_clock_run_all_timers(void)
{
    bool progress = false;

    for (int type = 0; type < QEMU_CLOCK_MAX; type++) {
        if (!qatomic_read(&clocks[type].stopped)) {
            progress |= qemu_clock_run_timers(type);
        }
    }
    return progress;
}
