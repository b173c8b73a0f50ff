/*
 * Trace events as text: "NAME ARGUMENTS", a line each, to the log (-D) or to a
 * file of their own, and to the kernel's ftrace buffer.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "output.h"

/* --- log ------------------------------------------------------------------------ */

static FILE *text_file;         /* NULL: the log */
static pthread_mutex_t text_lock = PTHREAD_MUTEX_INITIALIZER;

static bool log_open(const char *filename, Error **errp)
{
    if (!filename) {
        return qemu_log_open(errp);
    }
    text_file = fopen(filename, "w");
    if (!text_file) {
        error_setg_errno(errp, errno, "-trace file=%s: cannot open", filename);
        return false;
    }
    return true;
}

static void log_emit(const TraceEvent *event, const char *format, va_list ap)
{
    FILE *f = text_file;

    if (f) {
        pthread_mutex_lock(&text_lock);
    } else if (!(f = qemu_log_trylock())) {
        return;
    }
    fprintf(f, "%s ", event->name);
    vfprintf(f, format, ap);
    fputc('\n', f);
    if (text_file) {
        pthread_mutex_unlock(&text_lock);
    } else {
        qemu_log_unlock(f);
    }
}

static void log_flush(void)
{
    if (text_file) {
        fflush(text_file);
    }
}

static void log_close(void)
{
    pthread_mutex_lock(&text_lock);
    if (text_file) {
        fflush(text_file);      /* left open: another thread may be at an event */
    }
    pthread_mutex_unlock(&text_lock);
}

const TraceOutput trace_output_log = { "log", log_open, log_emit, log_flush, log_close };

/* --- ftrace --------------------------------------------------------------------- */

static int marker_fd = -1;

/* The kernel's trace file system, Documentation/trace/ftrace.rst; a filename stands for its trace_marker. */
static bool ftrace_open(const char *filename, Error **errp)
{
    static const char *const places[] = { "/sys/kernel/tracing/trace_marker", "/sys/kernel/debug/tracing/trace_marker" };

    for (size_t i = 0; i < ARRAY_SIZE(places) && marker_fd < 0; i++) {
        marker_fd = open(filename ? filename : places[i], O_WRONLY | O_CLOEXEC);
    }
    if (marker_fd < 0) {
        error_setg_errno(errp, errno, "-trace output=ftrace: cannot open %s", filename ? filename : places[0]);
        return false;
    }
    return true;
}

static void ftrace_emit(const TraceEvent *event, const char *format, va_list ap)
{
    char line[1024];
    int used = snprintf(line, sizeof(line), "%s ", event->name);
    int more = vsnprintf(line + used, sizeof(line) - used, format, ap);
    size_t size = MIN((size_t)(used + MAX(more, 0)), sizeof(line) - 1);

    line[size] = '\n';
    if (write(marker_fd, line, size + 1) < 0) {
        return;                 /* tracing is off in the kernel */
    }
}

const TraceOutput trace_output_ftrace = { "ftrace", ftrace_open, ftrace_emit, NULL, NULL };
