/*
 * Errors for the user: the Error object and the reporting functions.
 *
 * Owns what goes to stderr. A monitor takes lines over through
 * error_set_report_hook(); nothing here knows monitors.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/error.h"

struct Error {
    char *msg;
    ErrorClass error_class;
};

Error *error_abort;
Error *error_fatal;

static const char *program_name = "qemu";
static const char *guest_name;          /* NULL: not in messages */
static bool timestamps;
static bool (*report_hook)(const char *line);

void error_set_progname(const char *argv0)
{
    const char *slash = strrchr(argv0, '/');

    program_name = slash ? slash + 1 : argv0;
}

void error_set_timestamps(bool on)
{
    timestamps = on;
}

void error_set_guest_name(const char *name)
{
    guest_name = name;
}

/* "2024-02-29T12:34:56.789012Z NAME " as far as it was asked for. */
static void print_prefix(void)
{
    if (timestamps) {
        g_autoptr(GDateTime) now = g_date_time_new_now_utc();
        g_autofree char *text = g_date_time_format(now, "%Y-%m-%dT%H:%M:%S.%fZ");

        fprintf(stderr, "%s ", text);
    }
    if (guest_name) {
        fprintf(stderr, "%s ", guest_name);
    }
}

void error_set_report_hook(bool (*hook)(const char *line))
{
    report_hook = hook;
}

/* Store err, or end the process when the caller said that it must not fail. */
static void error_deliver(Error **errp, Error *err)
{
    if (errp == &error_abort) {
        fprintf(stderr, "%s: unexpected error: %s\n", program_name, err->msg);
        abort();
    }
    if (errp == &error_fatal) {
        error_report_err(err);
        exit(1);
    }
    if (!errp) {
        error_free(err);
        return;
    }
    assert(!*errp);
    *errp = err;
}

void error_setg(Error **errp, const char *fmt, ...)
{
    Error *err = g_new0(Error, 1);
    va_list ap;

    va_start(ap, fmt);
    err->msg = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    error_deliver(errp, err);
}

void error_setg_errno(Error **errp, int os_errno, const char *fmt, ...)
{
    Error *err = g_new0(Error, 1);
    g_autofree char *text = NULL;
    va_list ap;

    va_start(ap, fmt);
    text = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    err->msg = g_strdup_printf("%s: %s", text, g_strerror(os_errno < 0 ? -os_errno : os_errno));
    error_deliver(errp, err);
}

void error_prepend(Error **errp, const char *fmt, ...)
{
    g_autofree char *prefix = NULL;
    char *joined;
    va_list ap;

    if (!errp || !*errp) {
        return;
    }
    va_start(ap, fmt);
    prefix = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    joined = g_strconcat(prefix, (*errp)->msg, NULL);
    g_free((*errp)->msg);
    (*errp)->msg = joined;
}

void error_propagate(Error **errp, Error *err)
{
    if (err) {
        error_deliver(errp, err);
    }
}

void error_set_class(Error **errp, ErrorClass error_class)
{
    if (errp && *errp) {
        (*errp)->error_class = error_class;
    }
}

ErrorClass error_get_class(const Error *err)
{
    return err->error_class;
}

const char *error_get_pretty(const Error *err)
{
    return err->msg;
}

void error_free(Error *err)
{
    if (err) {
        g_free(err->msg);
        g_free(err);
    }
}

static void report_line(const char *kind, const char *fmt, va_list ap)
{
    g_autofree char *text = g_strdup_vprintf(fmt, ap);
    g_autofree char *line = g_strconcat(kind, text, NULL);

    if (!report_hook || !report_hook(line)) {
        print_prefix();
        fprintf(stderr, "%s: %s\n", program_name, line);
    }
}

void error_report(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    report_line("", fmt, ap);
    va_end(ap);
}

void warn_report(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    report_line("warning: ", fmt, ap);
    va_end(ap);
}

void error_report_err(Error *err)
{
    error_report("%s", err->msg);
    error_free(err);
}
