/*
 * Which trace events are on, and which output they go to: -trace, -d trace:PATTERN
 * and the monitor's trace-event.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/optlist.h"
#include "output.h"

/* Those that configure --enable-trace-backends names; the first is the default. */
static const TraceOutput *const outputs[] = {
#ifdef CONFIG_TRACE
    CONFIG_TRACE_OUTPUTS
#else
    NULL
#endif
};

static const TraceOutput *chosen;       /* NULL: the default */
static const TraceOutput *open_output;  /* NULL: none is open yet */
static char *output_filename;           /* NULL: the output's own choice */
static bool started;                    /* options are done: outputs open at once */

static const TraceOutput *output(void)
{
    return chosen ? chosen : outputs[0];
}

void trace_emit(const TraceEvent *event, const char *format, ...)
{
    const TraceOutput *to = qatomic_load_acquire(&open_output);
    va_list ap;

    if (to) {
        va_start(ap, format);
        to->emit(event, format, ap);
        va_end(ap);
    }
}

void trace_flush(void)
{
    if (open_output && open_output->flush) {
        open_output->flush();
    }
}

void trace_close(void)
{
    const TraceOutput *was_open = open_output;

    qatomic_store_release(&open_output, NULL);
    if (was_open && was_open->close) {
        was_open->close();
    }
}

static bool open_chosen(Error **errp)
{
    if (!open_output) {
        if (!output()->open(output_filename, errp)) {
            return false;
        }
        qatomic_store_release(&open_output, output());
    }
    return true;
}

static bool any_is_on(void)
{
    for (unsigned i = 0; i < trace_event_count; i++) {
        if (*trace_events[i]->on) {
            return true;
        }
    }
    return false;
}

bool trace_start(Error **errp)
{
    started = true;
    return !any_is_on() || open_chosen(errp);
}

/* --- patterns ------------------------------------------------------------------ */

unsigned trace_foreach(const char *pattern, void (*fn)(const TraceEvent *event, void *opaque), void *opaque)
{
    GPatternSpec *spec = g_pattern_spec_new(pattern ? pattern : "*");
    unsigned found = 0;

    for (unsigned i = 0; i < trace_event_count; i++) {
        if (g_pattern_spec_match_string(spec, trace_events[i]->name)) {
            fn(trace_events[i], opaque);
            found++;
        }
    }
    g_pattern_spec_free(spec);
    return found;
}

static void switch_event(const TraceEvent *event, void *on)
{
    qatomic_set(event->on, *(bool *)on);
}

bool trace_enable(const char *pattern, bool on, Error **errp)
{
    if (*pattern == '-') {
        on = !on;
        pattern++;
    }
    if (!outputs[0]) {
        error_setg(errp, "trace events are not in this build (configure --enable-trace-backends)");
        return false;
    }
    if (on && started && !open_chosen(errp)) {
        return false;
    }
    if (!trace_foreach(pattern, switch_event, &on)) {
        error_setg(errp, "no trace event is called '%s' (see -trace help)", pattern);
        return false;
    }
    return true;
}

/* One pattern a line, blank lines and '#' comments. */
static bool enable_from_file(const char *filename, Error **errp)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) err = NULL;
    g_auto(GStrv) lines = NULL;

    if (!g_file_get_contents(filename, &text, NULL, &err)) {
        error_setg(errp, "events=%s: cannot read: %s", filename,
                   err->code == G_FILE_ERROR_NOENT ? "No such file or directory" : err->message);
        return false;
    }
    lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        char *pattern = g_strstrip(*line);

        if (*pattern && *pattern != '#' && !trace_enable(pattern, true, errp)) {
            error_prepend(errp, "events=%s: ", filename);
            return false;
        }
    }
    return true;
}

/* --- options ------------------------------------------------------------------- */

static bool choose_output(const char *name, Error **errp)
{
    for (size_t i = 0; i < ARRAY_SIZE(outputs); i++) {
        if (outputs[i] && !strcmp(outputs[i]->name, name)) {
            chosen = outputs[i];
            return true;
        }
    }
    error_setg(errp, "output=%s: this build has no such output", name);
    return false;
}

static bool take_options(OptList *list, Error **errp)
{
    const char *value;

    for (int i = 0; (value = optlist_get_nth(list, "enable", i)); i++) {
        if (!trace_enable(value, true, errp)) {
            return false;
        }
    }
    for (int i = 0; (value = optlist_get_nth(list, "events", i)); i++) {
        if (!enable_from_file(value, errp)) {
            return false;
        }
    }
    value = optlist_get(list, "output");
    if (value && !choose_output(value, errp)) {
        return false;
    }
    value = optlist_get(list, "file");
    if (value) {
        g_free(output_filename);
        output_filename = g_strdup(value);
    }
    return true;
}

bool trace_option(const char *text, Error **errp)
{
    g_autoptr(OptList) list = optlist_new(text, "enable");

    if (!take_options(list, errp)) {
        error_prepend(errp, "-trace: ");
        return false;
    }
    return optlist_check_unknown(list, "-trace", errp);
}

void trace_print_list(FILE *f)
{
    for (unsigned i = 0; outputs[0] && i < trace_event_count; i++) {
        fprintf(f, "%s\n", trace_events[i]->name);
    }
}
