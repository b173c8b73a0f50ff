/*
 * Where serial lines and monitors go: what was asked for, and the defaults.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "chardev/char.h"
#include "monitor/monitor.h"
#include "monitor/qmp.h"
#include "qemu/optlist.h"
#include "sysemu/sysemu.h"
#include "sysemu/vl-options.h"

static GPtrArray *serial_chardevs;      /* of Chardev *, NULL entries for "none" */
static GPtrArray *parallel_chardevs;    /* the same */

static Chardev *chardev_at(GPtrArray *list, int i)
{
    return list && i >= 0 && i < (int)list->len ? g_ptr_array_index(list, i) : NULL;
}

Chardev *serial_hd(int i)
{
    return chardev_at(serial_chardevs, i);
}

Chardev *parallel_hd(int i)
{
    return chardev_at(parallel_chardevs, i);
}

/* kind: "serial", "parallel". */
static bool add_port(GPtrArray *list, const char *kind, const char *spec, Error **errp)
{
    g_autofree char *label = g_strdup_printf("%s%u", kind, list->len);
    Chardev *chr = NULL;

    if (strcmp(spec, "none")) {
        chr = qemu_chr_new(label, spec, errp);
        if (!chr) {
            return false;
        }
    }
    g_ptr_array_add(list, chr);
    return true;
}

/* n: number of the -monitor option; labels of chardevs must differ. */
static bool add_monitor(const char *spec, unsigned n, Error **errp)
{
    g_autofree char *label = g_strdup_printf("compat_monitor%u", n);
    Chardev *chr;

    if (!strcmp(spec, "none")) {
        return true;
    }
    chr = qemu_chr_new(label, spec, errp);
    /* "mon:" brings its own monitor. */
    return chr && (g_str_has_prefix(spec, "mon:") || monitor_init_hmp(chr, true, errp));
}

static bool add_mon(const char *text, Error **errp)
{
    g_autoptr(OptList) list = optlist_new(text, "chardev");
    const char *id = optlist_get(list, "chardev");
    const char *mode = optlist_get(list, "mode");
    Chardev *chr = id ? qemu_chr_find(id) : NULL;
    bool control = mode && !strcmp(mode, "control"), pretty;

    if (!chr) {
        error_setg(errp, "-mon %s: no such chardev", id ? id : "");
        return false;
    }
    if (mode && !control && strcmp(mode, "readline")) {
        error_setg(errp, "-mon mode=%s: expected readline or control", mode);
        return false;
    }
    optlist_get(list, "id");            /* a name for the monitor, which nothing asks for */
    if (!optlist_get_bool(list, "pretty", false, &pretty, "-mon", errp) ||
        !optlist_check_unknown(list, "-mon", errp)) {
        return false;
    }
    return control ? qmp_session_new(chr, pretty, errp) : monitor_init_hmp(chr, true, errp);
}

static bool add_qmp(const GPtrArray *specs, bool pretty, Error **errp)
{
    static unsigned count;

    for (guint i = 0; i < specs->len; i++) {
        const char *spec = g_ptr_array_index(specs, i);
        g_autofree char *label = g_strdup_printf("compat_qmp%u", count++);
        Chardev *chr;

        if (!strcmp(spec, "none")) {
            continue;
        }
        chr = qemu_chr_new(label, spec, errp);
        if (!chr || !qmp_session_new(chr, pretty, errp)) {
            return false;
        }
    }
    return true;
}

static bool monitor_on_serial_line(const VLOptions *opts)
{
    for (guint i = 0; i < opts->serials->len; i++) {
        if (g_str_has_prefix(g_ptr_array_index(opts->serials, i), "mon:")) {
            return true;
        }
    }
    return false;
}

/*
 * Nobody said where: with -nographic the first serial line and the monitor
 * share the terminal; with a window they are consoles in it; without a window
 * they go nowhere, as the parallel port does. "-serial mon:.." says where both go.
 */
static void choose_defaults(VLOptions *opts)
{
    bool want_serial = !opts->serials->len;
    bool want_parallel = !opts->parallels->len;
    bool want_monitor = !opts->monitors->len && !opts->mons->len && !opts->qmps->len &&
                        !opts->pretty_qmps->len && !monitor_on_serial_line(opts);
    const char *elsewhere = display_none ? "null" : "vc";

    if (opts->no_defaults) {
        return;
    }
    if (want_parallel) {
        g_ptr_array_add(opts->parallels, (void *)elsewhere);
    }
    if (opts->nographic && want_serial && want_monitor) {
        g_ptr_array_add(opts->serials, (void *)"mon:stdio");
        return;
    }
    if (want_serial) {
        g_ptr_array_add(opts->serials, (void *)(opts->nographic ? "stdio" : elsewhere));
    }
    if (want_monitor) {
        g_ptr_array_add(opts->monitors, (void *)(opts->nographic ? "stdio" : elsewhere));
    }
}

bool vl_create_chardevs(VLOptions *opts, Error **errp)
{
    serial_chardevs = g_ptr_array_new();
    parallel_chardevs = g_ptr_array_new();
    for (guint i = 0; i < opts->chardevs->len; i++) {
        if (!qemu_chr_new_from_opts(g_ptr_array_index(opts->chardevs, i), errp)) {
            return false;
        }
    }
    choose_defaults(opts);
    for (guint i = 0; i < opts->serials->len; i++) {
        if (!add_port(serial_chardevs, "serial", g_ptr_array_index(opts->serials, i), errp)) {
            return false;
        }
    }
    for (guint i = 0; i < opts->monitors->len; i++) {
        if (!add_monitor(g_ptr_array_index(opts->monitors, i), i, errp)) {
            return false;
        }
    }
    for (guint i = 0; i < opts->parallels->len; i++) {
        if (!add_port(parallel_chardevs, "parallel", g_ptr_array_index(opts->parallels, i), errp)) {
            return false;
        }
    }
    for (guint i = 0; i < opts->mons->len; i++) {
        if (!add_mon(g_ptr_array_index(opts->mons, i), errp)) {
            return false;
        }
    }
    return add_qmp(opts->qmps, false, errp) && add_qmp(opts->pretty_qmps, true, errp);
}
