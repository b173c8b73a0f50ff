/*
 * The process as a whole: run states, reset and shutdown requests, command line results.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SYSEMU_SYSEMU_H
#define SYSEMU_SYSEMU_H

#include "qemu/error.h"
#include "qemu/timer.h"

typedef enum {
    RUN_STATE_PRELAUNCH, RUN_STATE_RUNNING, RUN_STATE_PAUSED, RUN_STATE_DEBUG,
    RUN_STATE_IO_ERROR, RUN_STATE_SHUTDOWN, RUN_STATE_INTERNAL_ERROR,
    RUN_STATE_SAVE_VM, RUN_STATE_RESTORE_VM, RUN_STATE_SUSPENDED,
    RUN_STATE_INMIGRATE, RUN_STATE_POSTMIGRATE, RUN_STATE__MAX
} RunState;

typedef enum {
    SHUTDOWN_CAUSE_NONE, SHUTDOWN_CAUSE_HOST_QMP_QUIT, SHUTDOWN_CAUSE_HOST_SIGNAL,
    SHUTDOWN_CAUSE_HOST_UI, SHUTDOWN_CAUSE_GUEST_SHUTDOWN, SHUTDOWN_CAUSE_GUEST_RESET,
    SHUTDOWN_CAUSE_GUEST_PANIC, SHUTDOWN_CAUSE_HOST_RESET
} ShutdownCause;

bool runstate_is_running(void);
RunState runstate_get(void);
const char *runstate_name(RunState state);
void vm_start(void);                    /* BQL */
/* As vm_start, but the caller resumes the CPUs that it wants. False: it runs already. */
bool vm_prepare_start(void);
void vm_stop(RunState state);           /* BQL; from a vCPU thread: takes effect when it leaves its block */
typedef void VMChangeStateHandler(void *opaque, bool running, RunState state);
void qemu_add_vm_change_state_handler(VMChangeStateHandler *cb, void *opaque);
void qemu_del_vm_change_state_handler(VMChangeStateHandler *cb, void *opaque);

/* Any thread; done by the main loop. */
void qemu_system_reset_request(ShutdownCause cause);
void qemu_system_shutdown_request(ShutdownCause cause);
/* As a shutdown by the guest; the process ends with that status. */
void qemu_system_exit_request(int status);
void qemu_system_powerdown_request(void);
void qemu_register_powerdown_notifier(void (*fn)(void *opaque), void *opaque);
/*
 * The guest sleeps with its memory kept (ACPI S3): its CPUs stop, time goes on.
 * Waking up resets the machine (memory stays), calls the wakeup notifiers and
 * lets the CPUs run from the reset vector. False: it does not sleep.
 */
void qemu_system_suspend_request(void);
bool qemu_system_wakeup_request(void);
void qemu_register_suspend_notifier(void (*fn)(void *opaque), void *opaque);
void qemu_register_wakeup_notifier(void (*fn)(void *opaque), void *opaque);
void qemu_add_exit_notifier(void (*fn)(void *opaque), void *opaque);

/*
 * Firmware file: through -L, QEMU_FIRMWARE_PATH, the configured path, the
 * executable's share/. Returns a new string (g_free) or NULL.
 */
char *qemu_find_file(const char *name);

extern bool qtest_enabled_flag;
static inline bool qtest_enabled(void) { return qtest_enabled_flag; }
extern bool singlestep_one_insn;        /* -singlestep */
extern int icount_shift;                /* -icount shift=N; -1: off */
static inline bool icount_enabled(void) { return icount_shift >= 0; }
extern bool display_none;               /* no window: -nographic or -display none */

#define QEMU_VERSION_TEXT "7.2.0-compatible"    /* the command line and monitor dialect spoken */
extern const char *qemu_name;           /* -name, NULL: none */
extern uint8_t qemu_uuid[16];           /* -uuid, zero: none */

struct Chardev;
/* Chardevs of -serial, in order; NULL where "none" or absent. */
struct Chardev *serial_hd(int i);
/* The same for -parallel. */
struct Chardev *parallel_hd(int i);

/* Guest randomness and RTC base come through here so that runs can repeat. */
void qemu_guest_getrandom(void *buf, size_t len);
void qemu_get_timedate(struct tm *tm, int64_t offset_s);
time_t qemu_timedate(int64_t offset_s);
/* The same clock in ns since 1970, and the clock it runs with (for timers). */
int64_t qemu_rtc_ns(void);
QEMUClockType qemu_rtc_clock_type(void);

#endif
