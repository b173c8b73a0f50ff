/*
 * Options on the process and what it has of the host: names, clocks,
 * messages, descriptors, the sandbox.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include <sys/prctl.h>
#include "qemu/cutils.h"
#include "qemu/fdset.h"
#include "qemu/optlist.h"
#include "qemu/thread-name.h"
#include "sysemu/process.h"
#include "vl-options-int.h"

static bool rtc_base(RTCOptions *rtc, const char *base, Error **errp)
{
    struct tm tm = { 0 };
    const char *end;

    if (!strcmp(base, "utc") || !strcmp(base, "localtime")) {
        rtc->localtime = *base == 'l';
        return true;
    }
    end = strptime(base, "%Y-%m-%dT%H:%M:%S", &tm);
    end = end ? end : strptime(base, "%Y-%m-%d", &tm);
    if (!end || *end) {
        error_setg(errp, "-rtc base=%s: expected utc, localtime or YYYY-MM-DD[THH:MM:SS]", base);
        return false;
    }
    rtc->has_base = true;
    rtc->base_s = timegm(&tm);
    return true;
}

bool opt_rtc(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    g_autoptr(OptList) list = optlist_new(arg, NULL);
    const char *base = optlist_get(list, "base");
    const char *clock = optlist_get(list, "clock");
    const char *driftfix = optlist_get(list, "driftfix");       /* late ticks always come, docs/pc.md */

    if (driftfix && strcmp(driftfix, "none") && strcmp(driftfix, "slew")) {
        error_setg(errp, "-rtc driftfix=%s: expected none or slew", driftfix);
        return false;
    }
    if (base && !rtc_base(&opts->rtc, base, errp)) {
        return false;
    }
    if (clock && strcmp(clock, "host") && strcmp(clock, "vm") && strcmp(clock, "rt")) {
        error_setg(errp, "-rtc clock=%s: expected host, rt or vm", clock);
        return false;
    }
    opts->rtc.clock_vm = clock && !strcmp(clock, "vm");
    return optlist_check_unknown(list, "-rtc", errp);
}

bool opt_seed(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    opts->has_seed = qemu_parse_uint(arg, 0, UINT64_MAX, &opts->seed);
    if (!opts->has_seed) {
        error_setg(errp, "-seed %s: expected a number", arg);
    }
    return opts->has_seed;
}

bool opt_name(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    g_autoptr(OptList) list = optlist_new(arg, "guest");
    const char *name = optlist_get(list, "guest"), *process = optlist_get(list, "process");
    bool thread_names;

    if (!optlist_get_bool(list, "debug-threads", false, &thread_names, "-name", errp) ||
        !optlist_check_unknown(list, "-name", errp)) {
        return false;
    }
    opts->name = name ? g_intern_string(name) : opts->name;
    if (process) {
        prctl(PR_SET_NAME, process);
    }
    if (thread_names) {
        thread_names_enable();
    }
    return true;
}

/* Eight hexadecimal digits, then 4-4-4-12. */
bool opt_uuid(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    size_t i, digits = 0;

    for (i = 0; shape[i] && (shape[i] == '-' ? arg[i] == '-' : g_ascii_isxdigit(arg[i])); i++) {
        if (shape[i] == 'x') {
            opts->uuid[digits / 2] = opts->uuid[digits / 2] << 4 | g_ascii_xdigit_value(arg[i]);
            digits++;
        }
    }
    if (shape[i] || arg[i]) {
        error_setg(errp, "-uuid %s: expected %s", arg, shape);
        return false;
    }
    return true;
}

bool opt_msg(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    g_autoptr(OptList) list = optlist_new(arg, NULL);
    bool timestamp, guest_name;

    if (!optlist_get_bool(list, "timestamp", false, &timestamp, "-msg", errp) ||
        !optlist_get_bool(list, "guest-name", false, &guest_name, "-msg", errp) ||
        !optlist_check_unknown(list, "-msg", errp)) {
        return false;
    }
    error_set_timestamps(timestamp);
    opts->name_in_messages = guest_name;
    return true;
}

bool opt_add_fd(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    g_autoptr(OptList) list = optlist_new(arg, NULL);
    uint64_t fd, set;

    if (!optlist_get(list, "fd") || !optlist_get(list, "set")) {
        error_setg(errp, "-add-fd %s: fd= and set= are needed", arg);
        return false;
    }
    if (!optlist_get_uint(list, "fd", 0, INT_MAX, &fd, "-add-fd", errp) ||
        !optlist_get_uint(list, "set", 0, INT_MAX, &set, "-add-fd", errp)) {
        return false;
    }
    if (fd <= 2) {
        error_setg(errp, "-add-fd fd=%" PRIu64 ": the standard streams stay where they are", fd);
        return false;
    }
    if (!fdset_add(set, fd, optlist_get(list, "opaque"), errp)) {
        error_prepend(errp, "-add-fd: ");
        return false;
    }
    return optlist_check_unknown(list, "-add-fd", errp);
}

bool opt_sandbox(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    opts->sandbox = arg;
    return sandbox_check(arg, errp);
}

bool opt_runas(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    opts->runas = arg;
    return process_check_user(arg, errp);
}

bool opt_overcommit(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    g_autoptr(OptList) list = optlist_new(arg, NULL);
    bool cpu_pm;

    if (!optlist_get_bool(list, "mem-lock", false, &opts->mem_lock, "-overcommit", errp) ||
        !optlist_get_bool(list, "cpu-pm", false, &cpu_pm, "-overcommit", errp) ||
        !optlist_check_unknown(list, "-overcommit", errp)) {
        return false;
    }
    if (cpu_pm) {
        error_setg(errp, "-overcommit cpu-pm=on: needs guest CPUs that run on the host's");
    }
    return !cpu_pm;
}
