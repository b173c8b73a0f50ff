/*
 * Run states: starting and stopping the machine, requests from any thread
 * (reset, shutdown, power button, stop) and how the main loop carries them out.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/boards.h"
#include "hw/core/cpu.h"
#include "migration/migration.h"
#include "monitor/qmp.h"
#include "qemu/main-loop.h"
#include "qemu/timer.h"
#include "sysemu/runstate-internal.h"
#include "sysemu/sysemu.h"
#include "trace/root.h"

typedef struct StateHandler {
    VMChangeStateHandler *cb;
    void *opaque;
} StateHandler;

typedef struct Notifier {
    void (*fn)(void *opaque);
    void *opaque;
} Notifier;

static const char *const state_names[RUN_STATE__MAX] = {
    [RUN_STATE_PRELAUNCH] = "prelaunch",
    [RUN_STATE_RUNNING] = "running",
    [RUN_STATE_PAUSED] = "paused",
    [RUN_STATE_DEBUG] = "debug",
    [RUN_STATE_IO_ERROR] = "io-error",
    [RUN_STATE_SHUTDOWN] = "shutdown",
    [RUN_STATE_INTERNAL_ERROR] = "internal-error",
    [RUN_STATE_SAVE_VM] = "save-vm",
    [RUN_STATE_RESTORE_VM] = "restore-vm",
    [RUN_STATE_SUSPENDED] = "suspended",
    [RUN_STATE_INMIGRATE] = "inmigrate",
    [RUN_STATE_POSTMIGRATE] = "postmigrate",
};

static RunState current_state = RUN_STATE_PRELAUNCH;    /* written under the BQL */
static pthread_t main_thread;
static ShutdownActions actions;

static GArray *state_handlers;          /* of StateHandler */
static GArray *powerdown_notifiers;     /* of Notifier */
static GArray *suspend_notifiers;       /* of Notifier */
static GArray *wakeup_notifiers;        /* of Notifier */
static GArray *exit_notifiers;          /* of Notifier */

/* Requests, set by any thread and by signal handlers, taken by the main loop. */
static int reset_requested;             /* a ShutdownCause */
static int shutdown_requested;          /* a ShutdownCause */
static int powerdown_requested;
static int suspend_requested;
static int exit_status;
static int wakeup_requested;
static int vmstop_requested = RUN_STATE__MAX;

/* --- states ------------------------------------------------------------------ */

void runstate_init(ShutdownActions when)
{
    main_thread = pthread_self();
    actions = when;
}

RunState runstate_get(void)
{
    return qatomic_read(&current_state);
}

bool runstate_is_running(void)
{
    return runstate_get() == RUN_STATE_RUNNING;
}

const char *runstate_name(RunState state)
{
    return state_names[state];
}

void qemu_add_vm_change_state_handler(VMChangeStateHandler *cb, void *opaque)
{
    StateHandler handler = { cb, opaque };

    if (!state_handlers) {
        state_handlers = g_array_new(false, false, sizeof(StateHandler));
    }
    g_array_append_val(state_handlers, handler);
}

void qemu_del_vm_change_state_handler(VMChangeStateHandler *cb, void *opaque)
{
    for (guint i = 0; state_handlers && i < state_handlers->len; i++) {
        StateHandler *handler = &g_array_index(state_handlers, StateHandler, i);

        if (handler->cb == cb && handler->opaque == opaque) {
            g_array_remove_index(state_handlers, i);
            return;
        }
    }
}

static void notify_state(bool running, RunState state)
{
    for (guint i = 0; state_handlers && i < state_handlers->len; i++) {
        StateHandler handler = g_array_index(state_handlers, StateHandler, i);

        handler.cb(handler.opaque, running, state);
    }
}

/* With -icount the vCPU thread runs the virtual clock's timers, with -qtest the client. */
static bool virtual_timers_in_main_loop(void)
{
    return !icount_enabled() && !qtest_enabled();
}

bool vm_prepare_start(void)
{
    if (runstate_is_running()) {
        return false;
    }
    qatomic_set(&vmstop_requested, RUN_STATE__MAX);
    cpu_enable_ticks();
    trace_runstate_set(state_names[RUN_STATE_RUNNING]);
    qatomic_set(&current_state, RUN_STATE_RUNNING);
    qmp_event("RESUME", NULL);
    notify_state(true, RUN_STATE_RUNNING);
    if (virtual_timers_in_main_loop()) {
        qemu_clock_enable(QEMU_CLOCK_VIRTUAL, true);
    }
    return true;
}

void vm_start(void)
{
    if (vm_prepare_start()) {
        resume_all_vcpus();
    }
}

static void do_vm_stop(RunState state)
{
    if (!runstate_is_running()) {
        /* A guest that sleeps stands still, and only its wake-up may start it. */
        if (runstate_get() != RUN_STATE_SHUTDOWN && runstate_get() != RUN_STATE_SUSPENDED) {
            qatomic_set(&current_state, state);
        }
        return;
    }
    qemu_clock_enable(QEMU_CLOCK_VIRTUAL, false);
    cpu_disable_ticks();
    pause_all_vcpus();
    trace_runstate_set(state_names[state]);
    qatomic_set(&current_state, state);
    notify_state(false, state);
    qmp_event("STOP", NULL);
}

/* How programs that steer the machine call a cause. */
static const char *cause_name(ShutdownCause cause)
{
    static const char *const names[] = {
        [SHUTDOWN_CAUSE_NONE] = "none", [SHUTDOWN_CAUSE_HOST_QMP_QUIT] = "host-qmp-quit",
        [SHUTDOWN_CAUSE_HOST_SIGNAL] = "host-signal", [SHUTDOWN_CAUSE_HOST_UI] = "host-ui",
        [SHUTDOWN_CAUSE_GUEST_SHUTDOWN] = "guest-shutdown", [SHUTDOWN_CAUSE_GUEST_RESET] = "guest-reset",
        [SHUTDOWN_CAUSE_GUEST_PANIC] = "guest-panic", [SHUTDOWN_CAUSE_HOST_RESET] = "host-qmp-system-reset",
    };

    return names[cause];
}

static void tell_cause(const char *event, ShutdownCause cause)
{
    bool guest = cause == SHUTDOWN_CAUSE_GUEST_SHUTDOWN || cause == SHUTDOWN_CAUSE_GUEST_RESET ||
                 cause == SHUTDOWN_CAUSE_GUEST_PANIC;

    qmp_event(event, "{s:b,s:s}", "guest", guest, "reason", cause_name(cause));
}

/* On a vCPU's own thread: it leaves its block and waits until it is resumed. */
static void stop_current_vcpu(void)
{
    if (!pthread_equal(pthread_self(), main_thread) && current_cpu) {
        current_cpu->stop = true;
        cpu_exit(current_cpu);
    }
}

void vm_stop(RunState state)
{
    if (pthread_equal(pthread_self(), main_thread)) {
        do_vm_stop(state);
        return;
    }
    qatomic_set(&vmstop_requested, state);
    stop_current_vcpu();
    qemu_notify_event();
}

/* --- requests ------------------------------------------------------------------ */

void qemu_system_reset_request(ShutdownCause cause)
{
    if (actions.reset_exits) {
        qatomic_set(&shutdown_requested, cause);
    } else {
        qatomic_set(&reset_requested, cause);
    }
    stop_current_vcpu();
    qemu_notify_event();
}

void qemu_system_shutdown_request(ShutdownCause cause)
{
    qatomic_set(&shutdown_requested, cause);
    stop_current_vcpu();
    qemu_notify_event();
}

void qemu_system_exit_request(int status)
{
    qatomic_set(&exit_status, status);
    qatomic_set(&shutdown_requested, SHUTDOWN_CAUSE_HOST_QMP_QUIT);
    stop_current_vcpu();
    qemu_notify_event();
}

int qemu_exit_status(void)
{
    return qatomic_read(&exit_status);
}

void qemu_system_killed(void)
{
    qatomic_set(&shutdown_requested, SHUTDOWN_CAUSE_HOST_SIGNAL);
    qemu_notify_event();
}

void qemu_system_powerdown_request(void)
{
    qatomic_set(&powerdown_requested, 1);
    qemu_notify_event();
}

void qemu_system_suspend_request(void)
{
    qatomic_set(&suspend_requested, 1);
    stop_current_vcpu();
    qemu_notify_event();
}

bool qemu_system_wakeup_request(void)
{
    if (runstate_get() != RUN_STATE_SUSPENDED) {
        return false;
    }
    qatomic_set(&wakeup_requested, 1);
    qemu_notify_event();
    return true;
}

static void notifier_add(GArray **list, void (*fn)(void *opaque), void *opaque)
{
    Notifier notifier = { fn, opaque };

    if (!*list) {
        *list = g_array_new(false, false, sizeof(Notifier));
    }
    g_array_append_val(*list, notifier);
}

static void notifiers_call(GArray *list)
{
    for (guint i = 0; list && i < list->len; i++) {
        Notifier notifier = g_array_index(list, Notifier, i);

        notifier.fn(notifier.opaque);
    }
}

void qemu_register_powerdown_notifier(void (*fn)(void *opaque), void *opaque)
{
    notifier_add(&powerdown_notifiers, fn, opaque);
}

void qemu_register_suspend_notifier(void (*fn)(void *opaque), void *opaque)
{
    notifier_add(&suspend_notifiers, fn, opaque);
}

void qemu_register_wakeup_notifier(void (*fn)(void *opaque), void *opaque)
{
    notifier_add(&wakeup_notifiers, fn, opaque);
}

void qemu_add_exit_notifier(void (*fn)(void *opaque), void *opaque)
{
    notifier_add(&exit_notifiers, fn, opaque);
}

void qemu_exit_notify(void)
{
    notifiers_call(exit_notifiers);
}

/* --- in the main loop -------------------------------------------------------------- */

void qemu_system_reset(void)
{
    trace_system_reset();
    qemu_devices_reset();
    if (current_machine->mc->reset) {
        current_machine->mc->reset(current_machine);
    }
}

static void do_reset(ShutdownCause cause)
{
    pause_all_vcpus();
    qemu_system_reset();
    tell_cause("RESET", cause);
    if (runstate_get() == RUN_STATE_SHUTDOWN || runstate_get() == RUN_STATE_INTERNAL_ERROR) {
        qatomic_set(&current_state, RUN_STATE_PAUSED);
    } else if (runstate_get() == RUN_STATE_SUSPENDED) {
        qatomic_set(&current_state, RUN_STATE_RUNNING);
    }
    if (runstate_is_running()) {
        resume_all_vcpus();
    }
}

/* The clocks run on: timers of the board may wake the guest. */
static void do_suspend(void)
{
    if (!runstate_is_running()) {
        return;
    }
    pause_all_vcpus();
    notifiers_call(suspend_notifiers);
    qatomic_set(&current_state, RUN_STATE_SUSPENDED);
    qmp_event("SUSPEND", NULL);
}

static void do_wakeup(void)
{
    qemu_system_reset();
    notifiers_call(wakeup_notifiers);
    qmp_event("WAKEUP", NULL);
    qatomic_set(&current_state, RUN_STATE_RUNNING);
    resume_all_vcpus();
}

/* -no-shutdown keeps the process, except when the user asked for its end. */
static bool shutdown_ends_process(ShutdownCause cause)
{
    return !actions.shutdown_pauses || cause == SHUTDOWN_CAUSE_HOST_SIGNAL ||
           cause == SHUTDOWN_CAUSE_HOST_QMP_QUIT || cause == SHUTDOWN_CAUSE_HOST_UI;
}

bool main_loop_should_exit(void)
{
    ShutdownCause cause = qatomic_xchg(&shutdown_requested, SHUTDOWN_CAUSE_NONE);
    RunState stop;

    if (cause != SHUTDOWN_CAUSE_NONE) {
        tell_cause("SHUTDOWN", cause);
        if (shutdown_ends_process(cause)) {
            return true;
        }
        do_vm_stop(RUN_STATE_SHUTDOWN);
    }
    /* While the state is being written it must not change. */
    cause = migration_is_active() ? SHUTDOWN_CAUSE_NONE : qatomic_xchg(&reset_requested, SHUTDOWN_CAUSE_NONE);
    if (cause != SHUTDOWN_CAUSE_NONE) {
        do_reset(cause);
    }
    if (qatomic_xchg(&suspend_requested, 0)) {
        do_suspend();
    }
    if (qatomic_xchg(&wakeup_requested, 0) && runstate_get() == RUN_STATE_SUSPENDED) {
        do_wakeup();
    }
    if (qatomic_xchg(&powerdown_requested, 0)) {
        qmp_event("POWERDOWN", NULL);
        notifiers_call(powerdown_notifiers);
    }
    stop = qatomic_xchg(&vmstop_requested, RUN_STATE__MAX);
    if (stop != RUN_STATE__MAX) {
        do_vm_stop(stop);
    }
    return false;
}
