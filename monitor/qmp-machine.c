/*
 * QMP: the process, its run state, machines, memory.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "monitor/monitor.h"
#include "monitor/qmp-int.h"
#include "hw/boards.h"
#include "hw/core/cpu.h"
#include "hw/virtio/balloon.h"
#include "migration/migration.h"
#include "sysemu/sysemu.h"
#include "sysemu/vl-options.h"
#include "ui/console.h"

/* --- identity ------------------------------------------------------------------------- */

json_t *qmp_query_name(json_t *args, Error **errp)
{
    return json_pack("{s:s*}", "name", qemu_name);
}

json_t *qmp_query_uuid(json_t *args, Error **errp)
{
    GString *text = g_string_new(NULL);
    json_t *answer;

    for (size_t i = 0; i < sizeof(qemu_uuid); i++) {
        g_string_append_printf(text, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "",
                               qemu_uuid[i]);
    }
    answer = json_pack("{s:s}", "UUID", text->str);
    g_string_free(text, true);
    return answer;
}

json_t *qmp_query_kvm(json_t *args, Error **errp)
{
    return json_pack("{s:b,s:b}", "enabled", false, "present", false);
}

json_t *qmp_query_target(json_t *args, Error **errp)
{
    return json_pack("{s:s}", "arch", target_name());
}

json_t *qmp_query_display_options(json_t *args, Error **errp)
{
    return json_pack("{s:s}", "type", display_none ? "none" : "default");
}

json_t *qmp_query_none(json_t *args, Error **errp)
{
    return json_array();
}

/* --- run state ------------------------------------------------------------------------ */

json_t *qmp_query_status(json_t *args, Error **errp)
{
    return json_pack("{s:b,s:b,s:s}", "running", runstate_is_running(), "singlestep",
                     singlestep_one_insn, "status", runstate_name(runstate_get()));
}

json_t *qmp_stop(json_t *args, Error **errp)
{
    vm_stop(RUN_STATE_PAUSED);
    migration_stay_stopped();
    return qmp_done();
}

json_t *qmp_cont(json_t *args, Error **errp)
{
    RunState state = runstate_get();

    if (state == RUN_STATE_SHUTDOWN || state == RUN_STATE_INTERNAL_ERROR) {
        error_setg(errp, "Resetting the Virtual Machine is required");
        return NULL;
    }
    if (migration_is_active()) {
        error_setg(errp, "The state of the machine is being written");
        return NULL;
    }
    if (migration_is_incoming()) {
        migration_incoming_autostart();
    } else if (state != RUN_STATE_SUSPENDED) {
        vm_start();
    }
    return qmp_done();
}

json_t *qmp_quit(json_t *args, Error **errp)
{
    qemu_system_shutdown_request(SHUTDOWN_CAUSE_HOST_QMP_QUIT);
    return qmp_done();
}

json_t *qmp_system_reset(json_t *args, Error **errp)
{
    if (migration_is_incoming()) {
        error_setg(errp, "The state of the machine has not come yet");
        return NULL;
    }
    qemu_system_reset_request(SHUTDOWN_CAUSE_HOST_RESET);
    return qmp_done();
}

json_t *qmp_system_powerdown(json_t *args, Error **errp)
{
    qemu_system_powerdown_request();
    return qmp_done();
}

json_t *qmp_system_wakeup(json_t *args, Error **errp)
{
    if (!qemu_system_wakeup_request()) {
        error_setg(errp, "Unable to wake up: guest is not in suspended state");
        return NULL;
    }
    return qmp_done();
}

json_t *qmp_inject_nmi(json_t *args, Error **errp)
{
    bool done = false;

    CPU_FOREACH(cpu) {
        if (cpu->cc->inject_nmi) {
            cpu->cc->inject_nmi(cpu);
            done = true;
        }
    }
    if (!done) {
        error_setg(errp, "machine does not provide NMIs");
    }
    return qmp_done_if(done);
}

/* The CPU of "cpu-index", 0 when it is absent. NULL: error set. */
static CPUState *chosen_cpu(json_t *args, Error **errp)
{
    int64_t index = qmp_int(args, "cpu-index", 0);
    CPUState *cpu = index >= 0 && index <= INT_MAX ? qemu_get_cpu(index) : NULL;

    if (!cpu) {
        error_setg(errp, "Parameter 'cpu-index' expects a CPU number");
    }
    return cpu;
}

json_t *qmp_human_monitor_command(json_t *args, Error **errp)
{
    CPUState *cpu = json_object_get(args, "cpu-index") ? chosen_cpu(args, errp) : NULL;
    g_autofree char *text = NULL, *valid = NULL;

    if (json_object_get(args, "cpu-index") && !cpu) {
        return NULL;
    }
    text = monitor_run_captured(qmp_str(args, "command-line"), cpu ? cpu->cpu_index : 0);
    g_strdelimit(text, "\r", '\n');
    valid = g_utf8_make_valid(text, -1);
    return json_string(valid);
}

/* --- options of the command line -------------------------------------------------------- */

typedef struct OptionSearch {
    const char *only;           /* NULL: all */
    json_t *list;
} OptionSearch;

/* "[cpus=]N[,maxcpus=M]" has the parameters cpus and maxcpus. */
static json_t *shape_parameters(const char *shape)
{
    json_t *list = json_array();
    const char *start = shape;

    for (const char *p = shape; shape && *p; p++) {
        if (*p == '=') {
            g_autofree char *name = g_strndup(start, p - start);

            json_array_append_new(list, json_pack("{s:s,s:s}", "name", name, "type", "string"));
        } else if (!g_ascii_isalnum(*p) && !strchr("-_.", *p)) {
            start = p + 1;
        }
    }
    return list;
}

static void list_option(const char *name, const char *shape, void *opaque)
{
    OptionSearch *search = opaque;

    if (!search->only || !strcmp(search->only, name)) {
        json_array_append_new(search->list, json_pack("{s:s,s:o}", "option", name, "parameters",
                                                      shape_parameters(shape)));
    }
}

json_t *qmp_query_command_line_options(json_t *args, Error **errp)
{
    OptionSearch search = { qmp_str(args, "option"), json_array() };

    vl_foreach_option(list_option, &search);
    if (search.only && !json_array_size(search.list)) {
        error_setg(errp, "invalid option name: %s", search.only);
        json_decref(search.list);
        return NULL;
    }
    return search.list;
}

/* --- machines --------------------------------------------------------------------------- */

static void list_machine(const MachineClass *mc, void *opaque)
{
    json_t *info = json_pack("{s:s,s:s*,s:i,s:b,s:b,s:b,s:b}", "name", mc->name, "alias", mc->alias,
                             "cpu-max", MAX(mc->max_cpus, 1), "hotpluggable-cpus", false,
                             "numa-mem-supported", false, "deprecated", false, "acpi", mc->has_acpi);

    if (mc->is_default) {
        json_object_set_new(info, "is-default", json_true());
    }
    if (mc->default_cpu_type) {
        const TypeInfo *type = cpu_type_by_model(mc->default_cpu_type);

        json_object_set_new(info, "default-cpu-type", json_string(type ? type->name : ""));
    }
    if (!mc->is_empty) {
        json_object_set_new(info, "default-ram-id", json_string(MACHINE_RAM_ID));
    }
    json_array_append_new(opaque, info);
}

json_t *qmp_query_machines(json_t *args, Error **errp)
{
    json_t *list = json_array();

    machine_foreach(list_machine, list);
    return list;
}

json_t *qmp_query_current_machine(json_t *args, Error **errp)
{
    return json_pack("{s:b}", "wakeup-suspend-support", current_machine->mc->has_acpi);
}

/* --- memory ----------------------------------------------------------------------------- */

json_t *qmp_query_memory_size_summary(json_t *args, Error **errp)
{
    return json_pack("{s:I,s:i}", "base-memory", (json_int_t)current_machine->ram_size,
                     "plugged-memory", 0);
}

json_t *qmp_query_balloon(json_t *args, Error **errp)
{
    uint64_t bytes;

    return balloon_get_actual(&bytes, errp) ? json_pack("{s:I}", "actual", (json_int_t)bytes) : NULL;
}

json_t *qmp_balloon(json_t *args, Error **errp)
{
    return qmp_done_if(balloon_set_target(MAX(qmp_int(args, "value", 0), 0), errp));
}

json_t *qmp_query_dump_guest_memory_capability(json_t *args, Error **errp)
{
    return json_pack("{s:[]}", "formats");
}

/* Copies guest memory to a file. cpu: whose virtual addresses these are, NULL: physical ones. */
static bool save_memory(CPUState *cpu, uint64_t addr, int64_t size, const char *filename, Error **errp)
{
    FILE *f = size < 0 ? NULL : fopen(filename, "wb");
    int64_t left = size;
    uint8_t buf[1024];
    bool ok = true;

    if (!f) {
        error_setg_errno(errp, size < 0 ? EINVAL : errno, "cannot open '%s'", filename);
        return false;
    }
    while (left && ok) {
        size_t len = MIN((uint64_t)left, sizeof(buf) - addr % sizeof(buf));

        ok = cpu ? cpu_memory_rw_debug(cpu, addr, buf, len, false)
                 : address_space_read(&address_space_memory, addr, buf, len) == MEMTX_OK;
        if (!ok) {
            error_setg(errp, "invalid addr 0x%016" PRIx64 "/size %" PRId64 " specified", addr, left);
        } else if (fwrite(buf, 1, len, f) != len) {
            ok = false;
            error_setg_errno(errp, errno, "cannot write '%s'", filename);
        }
        addr += len;
        left -= len;
    }
    if (fclose(f) && ok) {
        ok = false;
        error_setg_errno(errp, errno, "cannot write '%s'", filename);
    }
    return ok;
}

json_t *qmp_memsave(json_t *args, Error **errp)
{
    CPUState *cpu = chosen_cpu(args, errp);

    return qmp_done_if(cpu && save_memory(cpu, qmp_int(args, "val", 0), qmp_int(args, "size", 0),
                                   qmp_str(args, "filename"), errp));
}

json_t *qmp_pmemsave(json_t *args, Error **errp)
{
    return qmp_done_if(save_memory(NULL, qmp_int(args, "val", 0), qmp_int(args, "size", 0),
                                   qmp_str(args, "filename"), errp));
}
