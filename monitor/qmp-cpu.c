/*
 * QMP: guest CPUs and the models that they are made of.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "monitor/qmp-int.h"
#include "hw/boards.h"
#include "hw/core/cpu.h"
#include "hw/core/qdev-internal.h"

/* --- CPUs of this machine ------------------------------------------------------------------ */

static json_t *topology_props(int index)
{
    CPUTopology t = current_machine->topology;
    int threads = MAX(t.threads, 1), cores = MAX(t.cores, 1);

    return json_pack("{s:i,s:i,s:i}", "socket-id", index / (cores * threads), "core-id",
                     index / threads % cores, "thread-id", index % threads);
}

json_t *qmp_query_cpus_fast(json_t *args, Error **errp)
{
    json_t *list = json_array();

    CPU_FOREACH(cpu) {
        g_autofree char *path = object_path(OBJECT(cpu));

        json_array_append_new(list, json_pack("{s:i,s:s,s:i,s:o,s:s}", "cpu-index", cpu->cpu_index,
            "qom-path", path, "thread-id", cpu->thread_id, "props", topology_props(cpu->cpu_index),
            "target", target_name()));
    }
    return list;
}

json_t *qmp_query_hotpluggable_cpus(json_t *args, Error **errp)
{
    json_t *list = json_array();

    CPU_FOREACH(cpu) {
        g_autofree char *path = object_path(OBJECT(cpu));

        json_array_append_new(list, json_pack("{s:s,s:i,s:o,s:s}", "type", OBJECT(cpu)->type->name,
            "vcpus-count", 1, "props", topology_props(cpu->cpu_index), "qom-path", path));
    }
    return list;
}

/* --- models -------------------------------------------------------------------------------- */

static void list_unavailable(void *opaque, const CPUModelProp *prop)
{
    if (prop->kind == CPU_PROP_FEATURE && prop->unavailable) {
        json_array_append_new(opaque, json_string(prop->name));
    }
}

static void list_model(const TypeInfo *type, void *opaque)
{
    g_autofree char *model = cpu_model_of_type(type);
    const CPUClass *cc = type_class_data(type);
    json_t *info;

    if (!model) {
        return;
    }
    info = json_pack("{s:s,s:s,s:b,s:b,s:b}", "name", model, "typename", type->name, "static", false,
                     "deprecated", false, "migration-safe", strcmp(model, "max") != 0);
    if (cc->model_props) {
        json_t *missing = json_array();

        cc->model_props(type, NULL, list_unavailable, missing);
        json_object_set_new(info, "unavailable-features", missing);
    }
    json_array_append_new(opaque, info);
}

json_t *qmp_query_cpu_definitions(json_t *args, Error **errp)
{
    json_t *list = json_array();

    type_foreach(TYPE_CPU, list_model, list);
    return list;
}

static void collect_prop(void *opaque, const CPUModelProp *prop)
{
    json_t *value = prop->kind == CPU_PROP_INT ? json_integer(prop->number)
                    : prop->kind == CPU_PROP_STRING ? json_string(prop->text)
                    : json_boolean(prop->on && !prop->unavailable);

    json_object_set_new(opaque, prop->name, value);
}

static void collect_off(void *opaque, const CPUModelProp *prop)
{
    CPUModelProp off = { .name = prop->name, .kind = prop->kind, .text = "" };

    collect_prop(opaque, &off);
}

/* What the request says on top of the model. "migratable" changes nothing here. */
static bool apply_props(json_t *props, json_t *wanted, Error **errp)
{
    const char *name;
    json_t *value;

    json_object_foreach(wanted, name, value) {
        json_t *known = json_object_get(props, name);

        if (!strcmp(name, "migratable")) {
            continue;
        }
        if (!known || (json_is_boolean(known) != json_is_boolean(value))) {
            error_setg(errp, known ? "Invalid parameter type for '%s'" : "Property '%s' not found", name);
            return false;
        }
        json_object_set(props, name, value);
    }
    return true;
}

/* "base" is the model without features: what a static expansion is told relative to. */
json_t *qmp_query_cpu_model_expansion(json_t *args, Error **errp)
{
    json_t *request = json_object_get(args, "model"), *props, *wanted = json_object_get(request, "props");
    const char *name = qmp_str(request, "name");
    bool base = !strcmp(name, "base"), is_static = !strcmp(qmp_str(args, "type"), "static");
    const TypeInfo *type = cpu_type_by_model(base ? "max" : name);
    const CPUClass *cc = type ? type_class_data(type) : NULL;

    if (wanted && !json_is_object(wanted)) {
        error_setg(errp, "Invalid parameter type for 'model.props', expected: object");
        return NULL;
    }
    if (!cc || !cc->model_props) {
        error_setg(errp, cc ? "The CPU model '%s' has no properties" : "The CPU definition '%s' is unknown", name);
        return NULL;
    }
    props = json_object();
    cc->model_props(type, NULL, base ? collect_off : collect_prop, props);
    if (!apply_props(props, wanted, errp)) {
        json_decref(props);
        return NULL;
    }
    return json_pack("{s:{s:s,s:o}}", "model", "name", is_static ? "base" : name, "props", props);
}
