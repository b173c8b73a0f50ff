/*
 * Clocks and timers.
 *
 * QEMU_CLOCK_VIRTUAL runs only while the machine runs and is what the guest
 * sees; with -icount it is a function of executed instructions. REALTIME is
 * the host's monotonic clock, for the user interface. HOST is wall time.
 * All values are nanoseconds. Callbacks run in the main loop under the BQL.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef QEMU_TIMER_H
#define QEMU_TIMER_H

#include "qemu/osdep.h"

#define NANOSECONDS_PER_SECOND INT64_C(1000000000)
#define SCALE_MS 1000000
#define SCALE_US 1000
#define SCALE_NS 1

typedef enum {
    QEMU_CLOCK_REALTIME,
    QEMU_CLOCK_VIRTUAL,
    QEMU_CLOCK_HOST,
    QEMU_CLOCK_MAX
} QEMUClockType;

typedef void QEMUTimerCB(void *opaque);
typedef struct QEMUTimer QEMUTimer;

/* Any thread, no lock needed. */
int64_t qemu_clock_get_ns(QEMUClockType type);
static inline int64_t qemu_clock_get_ms(QEMUClockType t) { return qemu_clock_get_ns(t) / SCALE_MS; }
static inline int64_t qemu_clock_get_us(QEMUClockType t) { return qemu_clock_get_ns(t) / SCALE_US; }

/* A stopped timer; the caller owns it. scale: SCALE_NS, _US or _MS. */
QEMUTimer *timer_new(QEMUClockType type, int scale, QEMUTimerCB *cb, void *opaque);
static inline QEMUTimer *timer_new_ns(QEMUClockType t, QEMUTimerCB *cb, void *o) { return timer_new(t, SCALE_NS, cb, o); }
static inline QEMUTimer *timer_new_ms(QEMUClockType t, QEMUTimerCB *cb, void *o) { return timer_new(t, SCALE_MS, cb, o); }
void timer_free(QEMUTimer *ts);          /* deletes it first; NULL is fine */
void timer_mod(QEMUTimer *ts, int64_t expires_scaled);
void timer_mod_ns(QEMUTimer *ts, int64_t expires_ns);
void timer_del(QEMUTimer *ts);
bool timer_pending(const QEMUTimer *ts);
int64_t timer_expire_time_ns(const QEMUTimer *ts);   /* -1: not pending */

/* Earliest expiry of a clock in absolute ns, -1 when it has no timer. */
int64_t qemu_clock_deadline_ns(QEMUClockType type);
/* Run what has expired. True when a callback ran. Main loop and qtest only. */
bool qemu_clock_run_timers(QEMUClockType type);
bool qemu_clock_run_all_timers(void);

/*
 * A stopped clock's timers neither run nor wake the main loop. VIRTUAL starts
 * stopped; vm_start and vm_stop switch it.
 */
void qemu_clock_enable(QEMUClockType type, bool enabled);
/* For the main loop: how long it may sleep, ns until the next timer, -1: none. */
int64_t qemu_clock_sleep_ns(void);

/* cpus.c: QEMU_CLOCK_VIRTUAL in ns. Any thread. */
int64_t cpu_get_clock_ns(void);
/* A timer of the virtual clock is due at expires_ns: with -icount the slice ends there. */
void icount_timer_armed(int64_t expires_ns);
/* True on a vCPU's thread with -icount: what follows must depend on the count alone. */
bool icount_on_vcpu(void);
/* cpus.c: start and stop of guest time (BQL held). */
void cpu_enable_ticks(void);
void cpu_disable_ticks(void);
/* -qtest: virtual time stands still and moves by clock_step alone. */
void qtest_clock_set_ns(int64_t now_ns);

#endif
