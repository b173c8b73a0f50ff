/*
 * Where trace events go: one of the outputs below. trace/control.c chooses.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TRACE_OUTPUT_H
#define TRACE_OUTPUT_H

#include "trace/trace.h"

typedef struct TraceOutput {
    const char *name;
    /* filename NULL: the output's own choice. */
    bool (*open)(const char *filename, Error **errp);
    void (*emit)(const TraceEvent *event, const char *format, va_list ap);
    void (*flush)(void);
    void (*close)(void);
} TraceOutput;

extern const TraceOutput trace_output_log, trace_output_binary, trace_output_ftrace;

#endif
