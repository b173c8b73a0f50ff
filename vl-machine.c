/*
 * From the command line to a MachineState: which board, its memory, its
 * properties. Building the board itself is MachineClass.init's.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include <sys/mman.h>
#include "hw/boards.h"
#include "hw/core/qdev-internal.h"
#include "hw/user-creatable.h"
#include "qemu/cutils.h"
#include "qemu/optlist.h"
#include "sysemu/sysemu.h"
#include "sysemu/vl-options.h"

/* The last name given by -M NAME, -M NAME,prop=.. or -M type=NAME; props stay in the lists. */
static const char *machine_name(const VLOptions *opts, GPtrArray *lists)
{
    const char *name = opts->machine;

    for (guint i = 0; i < lists->len; i++) {
        const char *type = optlist_get(g_ptr_array_index(lists, i), "type");

        name = type ? type : name;
    }
    return name;
}

static bool set_from_string(const char **field, const char *value)
{
    *field = g_strdup(value);
    return true;
}

static bool parse_switch(const char *name, const char *value, bool *flag, Error **errp)
{
    if (!qemu_parse_bool(value, flag)) {
        error_setg(errp, "-machine %s=%s: expected on or off", name, value);
        return false;
    }
    return true;
}

/* Properties that every machine has. *known false: not one of them. */
static bool set_common_prop(MachineState *ms, const char *name, const char *value, bool *known,
                            Error **errp)
{
    bool flag;

    *known = true;
    if (!strcmp(name, "accel")) {
        /* "kvm:tcg": the first that there is. */
        g_auto(GStrv) names = g_strsplit(value, ":", -1);

        for (char **word = names; *word; word++) {
            if (!strcmp(*word, "tcg") || !strcmp(*word, "qtest")) {
                qtest_enabled_flag |= **word == 'q';
                return true;
            }
        }
        error_setg(errp, "-machine accel=%s: not supported (supported: tcg, qtest)", value);
        return false;
    }
    if (!strcmp(name, "graphics")) {
        if (!parse_switch(name, value, &flag, errp)) {
            return false;
        }
        ms->nographic = !flag;
        return true;
    }
    if (!strcmp(name, "usb")) {
        if (!parse_switch(name, value, &flag, errp)) {
            return false;
        }
        ms->usb = flag;
        return true;
    }
    if (!strcmp(name, "kernel")) {
        return set_from_string(&ms->kernel_filename, value);
    }
    if (!strcmp(name, "initrd")) {
        return set_from_string(&ms->initrd_filename, value);
    }
    if (!strcmp(name, "append")) {
        return set_from_string(&ms->kernel_cmdline, value);
    }
    if (!strcmp(name, "memory-backend")) {
        return set_from_string(&ms->memory_backend, value);
    }
    if (!strcmp(name, "firmware")) {
        return set_from_string(&ms->firmware, value);
    }
    if (!strcmp(name, "mem-merge")) {
        return parse_switch(name, value, &ms->merge_ram, errp);
    }
    if (!strcmp(name, "dump-guest-core")) {
        if (!parse_switch(name, value, &flag, errp)) {
            return false;
        }
        ms->hide_ram = !flag;
        return true;
    }
    *known = false;
    return true;
}

static bool set_prop(MachineState *ms, const char *name, const char *value, Error **errp)
{
    bool known;

    for (const Property *prop = ms->mc->props; prop && prop->name; prop++) {
        if (!strcmp(prop->name, name)) {
            if (!property_parse(prop, ms, value, errp)) {
                error_prepend(errp, "-machine %s: ", ms->mc->name);
                return false;
            }
            return true;
        }
    }
    if (!set_common_prop(ms, name, value, &known, errp)) {
        return false;
    }
    if (!known) {
        error_setg(errp, "-machine %s: no property '%s'", ms->mc->name, name);
        return false;
    }
    return true;
}

static bool set_props(MachineState *ms, GPtrArray *lists, Error **errp)
{
    for (const Property *prop = ms->mc->props; prop && prop->name; prop++) {
        property_set_default(prop, ms);
    }
    for (guint i = 0; i < lists->len; i++) {
        const char *name, *value;

        while (optlist_take_unknown(g_ptr_array_index(lists, i), &name, &value)) {
            if (!set_prop(ms, name, value, errp)) {
                return false;
            }
        }
    }
    return true;
}

/* -machine memory-backend=ID. NULL: error set. */
static MemoryBackend *find_backend(const MachineState *ms, const VLOptions *opts, Error **errp)
{
    MemoryBackend *backend = (MemoryBackend *)user_object_find(ms->memory_backend, TYPE_MEMORY_BACKEND);

    if (!backend) {
        error_setg(errp, "-machine memory-backend=%s: no such memory backend (see -object)", ms->memory_backend);
    } else if (opts->ram_size && opts->ram_size != backend->size) {
        error_setg(errp, "-m: the size is not that of the memory backend '%s'", ms->memory_backend);
        return NULL;
    }
    return backend;
}

/* What the host does with the memory of -m. */
static bool prepare_memory(MachineState *ms, const VLOptions *opts, MemoryBackend *backend, Error **errp)
{
    void *host = memory_region_get_ram_ptr(ms->ram);

    if (backend && !memory_backend_prepare(backend, host, errp)) {
        return false;
    }
    if (ms->merge_ram) {
        madvise(host, ms->ram_size, MADV_MERGEABLE);    /* where the kernel can */
    }
    if (ms->hide_ram) {
        madvise(host, ms->ram_size, MADV_DONTDUMP);
    }
    if (opts->mem_lock && mlock(host, ms->ram_size) < 0) {
        error_setg_errno(errp, errno, "-overcommit mem-lock=on");
        return false;
    }
    return true;
}

static bool set_size(MachineState *ms, const VLOptions *opts, Error **errp)
{
    const MachineClass *mc = ms->mc;
    MemoryBackend *backend = NULL;

    if (mc->is_empty) {
        return true;
    }
    if (ms->memory_backend && !(backend = find_backend(ms, opts, errp))) {
        return false;
    }
    ms->ram_size = backend ? backend->size : opts->ram_size ? opts->ram_size : mc->default_ram_size;
    if (mc->max_ram_size && ms->ram_size > mc->max_ram_size) {
        error_setg(errp, "-m: %s has at most %" PRIu64 " MiB of memory", mc->name,
                   mc->max_ram_size >> 20);
        return false;
    }
    if (ms->ram_size < mc->min_ram_size) {
        error_setg(errp, "-m: %s needs at least %" PRIu64 " MiB of memory", mc->name, mc->min_ram_size >> 20);
        return false;
    }
    if (ms->ram_size % 4096) {
        error_setg(errp, "-m: the size must be a multiple of 4 KiB");
        return false;
    }
    ms->smp_cpus = opts->smp_cpus ? opts->smp_cpus : 1;
    ms->topology = opts->smp_cpus ? opts->topology : (CPUTopology) { 1, 1, 1, 1 };
    if (ms->topology.max_cpus > MAX(mc->max_cpus, 1)) {
        error_setg(errp, "-smp %d: %s has at most %d CPU%s", ms->topology.max_cpus, mc->name,
                   MAX(mc->max_cpus, 1), mc->max_cpus > 1 ? "s" : "");
        return false;
    }
    ms->ram = g_new0(MemoryRegion, 1);
    if (!memory_region_init_ram(ms->ram, OBJECT(ms), "ram", ms->ram_size, errp)) {
        error_prepend(errp, "-m: ");
        return false;
    }
    return prepare_memory(ms, opts, backend, errp);
}

static void set_fields(MachineState *ms, const VLOptions *opts)
{
    const MachineClass *mc = ms->mc;

    ms->cpu_type = opts->cpu ? opts->cpu : mc->default_cpu_type;
    ms->firmware = opts->bios;
    ms->kernel_filename = opts->kernel;
    ms->initrd_filename = opts->initrd;
    ms->kernel_cmdline = opts->append;
    ms->boot = opts->boot;
    ms->boot.order = opts->boot.order ? opts->boot.order : mc->default_boot_order;
    ms->boot_order = opts->boot.once ? opts->boot.once : ms->boot.order;
    ms->prom_env = opts->prom_env;
    ms->graphic_width = opts->graphic_width;
    ms->graphic_height = opts->graphic_height;
    ms->graphic_depth = opts->graphic_depth;
    ms->nographic = opts->nographic;
    ms->usb = opts->usb;
    ms->vga_model = opts->vga ? opts->vga : opts->no_defaults ? "none" : mc->default_display;
    ms->vga_model = ms->vga_model ? ms->vga_model : "none";
}

static bool check_fields(const MachineState *ms, Error **errp)
{
    if (!ms->kernel_filename && (ms->initrd_filename || ms->kernel_cmdline)) {
        error_setg(errp, "-%s: only works together with -kernel",
                   ms->initrd_filename ? "initrd" : "append");
        return false;
    }
    return true;
}

static bool create(const VLOptions *opts, GPtrArray *lists, Error **errp)
{
    const char *name = machine_name(opts, lists);
    const MachineClass *mc = machine_find(name);
    MachineState *ms;

    if (!mc) {
        error_setg(errp, "-machine %s: %s", name ? name : "",
                   name ? "unknown machine (see -machine help)" : "no machine is built in");
        return false;
    }
    ms = machine_new(mc);
    object_add_child(object_root(), "machine", OBJECT(ms));
    set_fields(ms, opts);
    return set_props(ms, lists, errp) && check_fields(ms, errp) && set_size(ms, opts, errp);
}

bool vl_create_machine(const VLOptions *opts, Error **errp)
{
    GPtrArray *lists = g_ptr_array_new();       /* of OptList * */
    bool ok;

    for (guint i = 0; i < opts->machine_props->len; i++) {
        g_ptr_array_add(lists, optlist_new(g_ptr_array_index(opts->machine_props, i), "type"));
    }
    ok = create(opts, lists, errp);
    for (guint i = 0; i < lists->len; i++) {
        optlist_free(g_ptr_array_index(lists, i));
    }
    g_ptr_array_free(lists, true);
    return ok;
}
