/*
 * Monitor: trace events, switched and listed.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "monitor/monitor-int.h"
#include "trace/trace.h"

static void hmp_trace_event(Monitor *mon, const char *args)
{
    g_autofree char *pattern = monitor_next_word(&args), *state = monitor_next_word(&args);
    bool on = state && !strcmp(state, "on");
    Error *err = NULL;

    if (!on && (!state || strcmp(state, "off"))) {
        error_report("trace-event: expected NAME|PATTERN on|off");
    } else if (monitor_args_done(args) && !trace_enable(pattern, on, &err)) {
        error_prepend(&err, "trace-event: ");
        error_report_err(err);
    }
}

static void print_state(const TraceEvent *event, void *mon)
{
    monitor_printf(mon, "%s : state %d\n", event->name, *event->on);
}

static void info_trace_events(Monitor *mon, const char *args)
{
    g_autofree char *pattern = monitor_next_word(&args);

    if (monitor_args_done(args) && !trace_foreach(pattern, print_state, mon)) {
        error_report("no trace event is called '%s'", pattern);
    }
}

static void hmp_trace_file(Monitor *mon, const char *args)
{
    g_autofree char *word = monitor_next_word(&args);

    if (!word || strcmp(word, "flush")) {
        error_report("trace-file: expected flush");
    } else if (monitor_args_done(args)) {
        trace_flush();
    }
}

/* --- completion ----------------------------------------------------------------- */

typedef struct Completion {
    const char *prefix;
    void (*offer)(void *opaque, const char *word);
    void *opaque;
} Completion;

static void offer_event(const TraceEvent *event, void *opaque)
{
    Completion *completion = opaque;

    if (g_str_has_prefix(event->name, completion->prefix)) {
        completion->offer(completion->opaque, event->name);
    }
}

static void complete_events(const char *prefix, void (*offer)(void *opaque, const char *word), void *opaque)
{
    Completion completion = { prefix, offer, opaque };

    trace_foreach(NULL, offer_event, &completion);
}

static const HMPCommand trace_commands[] = {
    { "trace-event", NULL, "name|pattern on|off", "switch trace events", hmp_trace_event, complete_events },
    { "trace-file", NULL, "flush", "write what the trace file's buffer holds", hmp_trace_file },
    { "info trace-events", NULL, "[pattern]", "show which trace events are on", info_trace_events, complete_events },
};

static void QEMU_CONSTRUCTOR register_trace_commands(void)
{
    for (size_t i = 0; i < ARRAY_SIZE(trace_commands); i++) {
        hmp_register(&trace_commands[i]);
    }
}
