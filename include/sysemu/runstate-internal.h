/*
 * Between vl.c and vl-runstate.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SYSEMU_RUNSTATE_INTERNAL_H
#define SYSEMU_RUNSTATE_INTERNAL_H

#include "qemu/osdep.h"

typedef struct ShutdownActions {
    bool reset_exits;           /* -no-reboot */
    bool shutdown_pauses;       /* -no-shutdown */
} ShutdownActions;

/* On the main thread, before any request. */
void runstate_init(ShutdownActions when);
/* Carry out what was requested. True: the process is to end. BQL. */
bool main_loop_should_exit(void);
/* Guest time jumps there; it stands still. BQL. */
void cpu_set_clock_ns(int64_t now_ns);
/* All devices and the board into their reset state. BQL, vCPUs stopped. */
void qemu_system_reset(void);
/* From a signal handler. */
void qemu_system_killed(void);
void qemu_exit_notify(void);
/* What qemu_system_exit_request said, 0 otherwise. */
int qemu_exit_status(void);

#endif
