/*
 * Errors for the user: options, files, properties.
 *
 * A function that can fail takes `Error **errp` last and returns bool (or a
 * pointer): true means done; false means *errp is set (when errp is not NULL)
 * and everything is undone. Callers test the result. Only vl.c exits.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef QEMU_ERROR_H
#define QEMU_ERROR_H

#include "qemu/osdep.h"

typedef struct Error Error;

/* Pass &error_abort where failure is a bug, &error_fatal only in vl.c. */
extern Error *error_abort;
extern Error *error_fatal;

/* Set *errp (NULL: ignored). The text has no trailing newline or full stop. */
void error_setg(Error **errp, const char *fmt, ...) QEMU_PRINTF(2, 3);
/* As error_setg, with ": " and strerror(os_errno) appended. */
void error_setg_errno(Error **errp, int os_errno, const char *fmt, ...) QEMU_PRINTF(3, 4);
/* Put text in front of *errp's message. */
void error_prepend(Error **errp, const char *fmt, ...) QEMU_PRINTF(2, 3);
/* Hand `err` (owned by the callee afterwards) to *errp. */
void error_propagate(Error **errp, Error *err);
/* What kind of failure programs are told that steer the machine (QMP). */
typedef enum ErrorClass {
    ERROR_GENERIC, ERROR_COMMAND_NOT_FOUND, ERROR_DEVICE_NOT_ACTIVE, ERROR_DEVICE_NOT_FOUND,
} ErrorClass;
/* Give *errp, which is set, a class other than ERROR_GENERIC. */
void error_set_class(Error **errp, ErrorClass error_class);
ErrorClass error_get_class(const Error *err);
/* The message; borrowed from err. */
const char *error_get_pretty(const Error *err);
void error_free(Error *err);

/* One line to the user on stderr, or on the monitor whose command runs. */
void error_report(const char *fmt, ...) QEMU_PRINTF(1, 2);
void warn_report(const char *fmt, ...) QEMU_PRINTF(1, 2);
/* -msg: the time before each line on stderr; the guest's name too (NULL: not). */
void error_set_timestamps(bool on);
void error_set_guest_name(const char *name);
/* Name that starts each line on stderr (last part of argv[0]). */
void error_set_progname(const char *argv0);
/* hook sees each reported line first (no newline); true: it took care of it. */
void error_set_report_hook(bool (*hook)(const char *line));
/* error_report the message, then free it. */
void error_report_err(Error *err);

#endif
