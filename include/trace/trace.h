/*
 * Trace events.
 *
 * They are declared in trace-events files, one for each folder; the build makes
 * trace_NAME() functions of them (gen/trace/FOLDER.h, scripts/tracegen.py). An
 * event that is off costs the test of one byte. docs/tracing.md has the user's view.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TRACE_TRACE_H
#define TRACE_TRACE_H

#include "qemu/error.h"

typedef struct TraceEvent {
    unsigned id;                /* index in trace_events */
    const char *name;
    const char *kinds;          /* a letter for each argument: s string, u 32 bits, q 64 bits */
    const char *arguments;      /* their names, separated by blanks */
    const char *format;
    uint8_t *on;
} TraceEvent;

extern const TraceEvent *const trace_events[];
extern const unsigned trace_event_count;

#ifdef CONFIG_TRACE
#define TRACE_IS_ON(byte) unlikely(qatomic_read(&(byte)))
#else
#define TRACE_IS_ON(byte) false
#endif

/* Out of line: the arguments go to the chosen output. Any thread. */
void trace_emit(const TraceEvent *event, const char *format, ...) QEMU_PRINTF(2, 3) __attribute__((cold));

/*
 * -trace TEXT, repeatable: [enable=]PATTERN, events=FILE, file=FILE,
 * output=log|binary|ftrace. Outputs are opened by trace_start().
 */
bool trace_option(const char *text, Error **errp);
/* After the options: open the output when any event is on. */
bool trace_start(Error **errp);
/* Switch the events that match; a PATTERN with a '-' in front switches off. False: none matches. */
bool trace_enable(const char *pattern, bool on, Error **errp);
/* Calls fn for each event whose name matches (NULL: all); returns how many. */
unsigned trace_foreach(const char *pattern, void (*fn)(const TraceEvent *event, void *opaque), void *opaque);
/* -trace help: all events, one a line. */
void trace_print_list(FILE *f);
/* What is still in memory goes to the file. */
void trace_flush(void);
/* End of the process. */
void trace_close(void);

#endif
