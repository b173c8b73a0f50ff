/*
 * What the process is for the host: a daemon, its identity, its limits.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SYSEMU_PROCESS_H
#define SYSEMU_PROCESS_H

#include "qemu/error.h"

/*
 * -daemonize, before any thread: returns in a child without a terminal. The
 * caller's process waits for process_ready() and ends with status 0, or with 1
 * when the child ends before.
 */
bool process_daemonize(Error **errp);
bool process_is_daemon(void);
/* The machine stands: a daemon lets go of the terminal and tells its caller. */
bool process_ready(Error **errp);

/* -runas: "USER" or "UID:GID". */
bool process_check_user(const char *user, Error **errp);
bool process_become_user(const char *user, Error **errp);
bool process_chroot(const char *dir, Error **errp);
/* -pidfile: writes and locks it; process_remove_pidfile at the end. */
bool process_write_pidfile(const char *path, Error **errp);
void process_remove_pidfile(void);

/* -sandbox on[,obsolete=..][,elevateprivileges=..][,spawn=..][,resourcecontrol=..] */
bool sandbox_check(const char *options, Error **errp);
/* From here on the kernel refuses what was chosen; all threads. */
bool sandbox_start(const char *options, Error **errp);

#endif
