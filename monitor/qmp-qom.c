/*
 * QMP: devices, objects, their types and properties.
 *
 * The object tree has types, children and properties of devices; "type" and,
 * for devices, "realized" are there for all. CPUs show their features.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "monitor/qmp-int.h"
#include "hw/boards.h"
#include "hw/core/cpu.h"
#include "hw/core/qdev-internal.h"
#include "hw/user-creatable.h"
#include "qemu/json-options.h"

/* --- device_add, device_del ------------------------------------------------------------------ */

json_t *qmp_device_add(json_t *args, Error **errp)
{
    g_autofree char *options = json_to_options(args);

    return qmp_done_if(qdev_device_add(options, errp) != NULL);
}

json_t *qmp_device_del(json_t *args, Error **errp)
{
    return qmp_done_if(qdev_device_del(qmp_str(args, "id"), errp));
}

/* --- objects that are no devices ---------------------------------------------------------------- */

json_t *qmp_object_add(json_t *args, Error **errp)
{
    g_autofree char *options = json_to_options(args);

    return qmp_done_if(user_object_add(options, errp));
}

json_t *qmp_object_del(json_t *args, Error **errp)
{
    return qmp_done_if(user_object_del(qmp_str(args, "id"), errp));
}

static void list_memdev(Object *obj, void *opaque)
{
    MemoryBackend *backend = (MemoryBackend *)object_dynamic_cast(obj, TYPE_MEMORY_BACKEND);

    if (backend) {
        json_array_append_new(opaque, json_pack("{s:s,s:I,s:b,s:b,s:b,s:b,s:[],s:s}", "id", obj->id,
            "size", (json_int_t)backend->size, "merge", backend->merge, "dump", backend->dump,
            "prealloc", backend->prealloc, "share", backend->share, "host-nodes", "policy", "default"));
    }
}

json_t *qmp_query_memdev(json_t *args, Error **errp)
{
    json_t *list = json_array();

    user_object_foreach(list_memdev, list);
    return list;
}

/* --- properties --------------------------------------------------------------------------------- */

static const char *kind_name(PropertyKind kind)
{
    static const char *const names[] = {
        [PROP_BOOL] = "bool", [PROP_U8] = "uint8", [PROP_U16] = "uint16", [PROP_U32] = "uint32",
        [PROP_U64] = "uint64", [PROP_I32] = "int32", [PROP_SIZE] = "size", [PROP_STRING] = "str",
        [PROP_CHR] = "str", [PROP_DRIVE] = "str", [PROP_NETDEV] = "str", [PROP_MACADDR] = "str",
        [PROP_PCI_DEVFN] = "int32", [PROP_LINK] = "link<object>",
    };

    return names[kind];
}

static void add_property(json_t *list, const char *name, const char *type, const char *desc)
{
    json_array_append_new(list, json_pack("{s:s,s:s,s:s*}", "name", name, "type", type, "description", desc));
}

static void list_type_props(json_t *list, const TypeInfo *type)
{
    for (; type; type = type_parent(type)) {
        for (const Property *prop = type->props; prop && prop->name; prop++) {
            json_t *item;

            add_property(list, prop->name, kind_name(prop->kind), prop->desc);
            item = json_array_get(list, json_array_size(list) - 1);
            if (prop->has_default) {
                json_object_set_new(item, "default-value", prop->kind == PROP_BOOL
                                    ? json_boolean(prop->defval) : json_integer(prop->defval));
            }
        }
    }
}

static void list_feature(void *opaque, const CPUModelProp *prop)
{
    add_property(opaque, prop->name, prop->kind == CPU_PROP_FEATURE ? "bool"
                                     : prop->kind == CPU_PROP_INT ? "int" : "string", NULL);
}

static void list_cpu_props(json_t *list, const TypeInfo *type, CPUState *cpu)
{
    const CPUClass *cc = type_is_a(type, TYPE_CPU) ? type_class_data(type) : NULL;

    if (cc && cc->model_props) {
        cc->model_props(type, cpu, list_feature, list);
        add_property(list, "unavailable-features", "strList", NULL);
    }
}

/* NULL: error set. */
static const TypeInfo *find_type(const char *name, Error **errp)
{
    const TypeInfo *type = type_by_name(qdev_resolve_alias(name));

    if (!type) {
        error_setg(errp, "Class '%s' not found", name);
        error_set_class(errp, ERROR_DEVICE_NOT_FOUND);
    }
    return type;
}

json_t *qmp_device_list_properties(json_t *args, Error **errp)
{
    const TypeInfo *type = find_type(qmp_str(args, "typename"), errp);
    json_t *list;

    if (!type) {
        return NULL;
    }
    if (!type_is_a(type, "device")) {
        error_setg(errp, "Parameter 'typename' expects a device type");
        return NULL;
    }
    list = json_array();
    list_type_props(list, type);
    list_cpu_props(list, type, NULL);
    return list;
}

json_t *qmp_qom_list_properties(json_t *args, Error **errp)
{
    const TypeInfo *type = find_type(qmp_str(args, "typename"), errp);
    json_t *list;

    if (!type) {
        return NULL;
    }
    list = json_array();
    add_property(list, "type", "string", NULL);
    if (type_is_a(type, "device")) {
        add_property(list, "realized", "bool", NULL);
    }
    list_type_props(list, type);
    list_cpu_props(list, type, NULL);
    if (type_is_a(type, "machine")) {
        static const char *const common[] = { "accel", "append", "firmware", "graphics", "initrd", "kernel",
                                              "memory-backend", "usb" };

        for (size_t i = 0; i < ARRAY_SIZE(common); i++) {
            add_property(list, common[i], strcmp(common[i], "graphics") ? "string" : "bool", NULL);
        }
    }
    return list;
}

typedef struct TypeSearch {
    bool abstract_too;
    json_t *list;
} TypeSearch;

static bool type_is_abstract(const TypeInfo *type)
{
    if (type_is_a(type, TYPE_CPU)) {
        g_autofree char *model = cpu_model_of_type(type);

        return !model;
    }
    return !type->instance_size || (type_is_a(type, "device") && !type->realize && !type->user_creatable &&
                                    !qdev_bus_type(type));
}

static void list_type(const TypeInfo *type, void *opaque)
{
    TypeSearch *search = opaque;
    const TypeInfo *parent = type_parent(type);
    bool abstract = type_is_abstract(type);
    json_t *item;

    if (abstract && !search->abstract_too) {
        return;
    }
    item = json_pack("{s:s,s:s*}", "name", type->name, "parent", parent ? parent->name : NULL);
    if (abstract) {
        json_object_set_new(item, "abstract", json_true());
    }
    json_array_append_new(search->list, item);
}

json_t *qmp_qom_list_types(json_t *args, Error **errp)
{
    TypeSearch search = { qmp_bool(args, "abstract"), json_array() };
    const char *ancestor = qmp_str(args, "implements");
    const TypeInfo *type = ancestor ? type_by_name(ancestor) : NULL;

    type_foreach(ancestor ? ancestor : "object", list_type, &search);
    if (type && strcmp(ancestor, "object")) {
        list_type(type, &search);
    }
    return search.list;
}

/* --- objects -------------------------------------------------------------------------------------- */

/* Absolute paths begin at the root, others anywhere. NULL: error set. */
static Object *find_object(json_t *args, Error **errp)
{
    const char *path = qmp_str(args, "path");
    Object *obj = object_resolve_path(object_root(), path);

    if (!obj) {
        error_setg(errp, "Device '%s' not found", path);
        error_set_class(errp, ERROR_DEVICE_NOT_FOUND);
    }
    return obj;
}

json_t *qmp_qom_list(json_t *args, Error **errp)
{
    Object *obj = find_object(args, errp);
    json_t *list;

    if (!obj) {
        return NULL;
    }
    list = json_array();
    add_property(list, "type", "string", NULL);
    for (guint i = 0; obj->children && i < obj->children->len; i++) {
        Object *child = g_ptr_array_index(obj->children, i);
        g_autofree char *type = g_strdup_printf("child<%s>", child->type ? child->type->name : "object");

        add_property(list, child->id, type, NULL);
    }
    if (object_dynamic_cast(obj, "device")) {
        add_property(list, "realized", "bool", NULL);
        list_type_props(list, obj->type);
        list_cpu_props(list, obj->type, (CPUState *)obj);
    }
    return list;
}

/* A field as JSON. */
static json_t *property_value(DeviceState *dev, const Property *prop)
{
    const void *field = (char *)dev + prop->offset;
    g_autofree char *text = NULL;

    switch (prop->kind) {
    case PROP_BOOL:
        return json_boolean(*(const bool *)field);
    case PROP_U8:
        return json_integer(*(const uint8_t *)field);
    case PROP_U16:
        return json_integer(*(const uint16_t *)field);
    case PROP_U32:
        return json_integer(*(const uint32_t *)field);
    case PROP_I32:
    case PROP_PCI_DEVFN:
        return json_integer(*(const int32_t *)field);
    case PROP_U64:
    case PROP_SIZE:
        return json_integer(*(const uint64_t *)field);
    default:
        text = qdev_prop_format(dev, prop);
        if (*text == '"') {             /* the listing's quotes */
            text[strlen(text) - 1] = '\0';
            return json_string(text + 1);
        }
        return json_string(text);
    }
}

typedef struct FeatureSearch {
    const char *name;
    json_t *value;              /* NULL: not found yet */
} FeatureSearch;

static void find_feature(void *opaque, const CPUModelProp *prop)
{
    FeatureSearch *search = opaque;

    if (!search->value && !strcmp(prop->name, search->name)) {
        search->value = prop->kind == CPU_PROP_INT ? json_integer(prop->number)
                        : prop->kind == CPU_PROP_STRING ? json_string(prop->text) : json_boolean(prop->on);
    }
}

static json_t *device_property(DeviceState *dev, const char *name)
{
    const Property *prop = qdev_prop_find(dev, name);
    FeatureSearch search = { .name = name };

    if (!strcmp(name, "realized")) {
        return json_boolean(dev->realized);
    }
    if (prop) {
        return property_value(dev, prop);
    }
    if (object_dynamic_cast(OBJECT(dev), TYPE_CPU)) {
        CPUState *cpu = (CPUState *)dev;

        if (cpu->cc->model_props) {
            if (!strcmp(name, "unavailable-features")) {
                return json_array();
            }
            cpu->cc->model_props(OBJECT(dev)->type, cpu, find_feature, &search);
        }
    }
    return search.value;
}

json_t *qmp_qom_get(json_t *args, Error **errp)
{
    Object *obj = find_object(args, errp), *child;
    const char *name = qmp_str(args, "property");
    json_t *value = NULL;

    if (!obj) {
        return NULL;
    }
    child = object_child(obj, name);
    if (!strcmp(name, "type")) {
        value = json_string(obj->type->name);
    } else if (child) {
        g_autofree char *path = object_path(child);

        value = json_string(path);
    } else if (object_dynamic_cast(obj, "device")) {
        value = device_property((DeviceState *)obj, name);
    }
    if (!value) {
        error_setg(errp, "Property '%s.%s' not found", obj->type->name, name);
    }
    return value;
}

/* The text that -device would take. */
static char *value_text(json_t *value)
{
    if (json_is_string(value)) {
        return g_strdup(json_string_value(value));
    }
    if (json_is_boolean(value)) {
        return g_strdup(json_is_true(value) ? "on" : "off");
    }
    return json_is_integer(value) ? g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value)) : NULL;
}

json_t *qmp_qom_set(json_t *args, Error **errp)
{
    Object *obj = find_object(args, errp);
    const char *name = qmp_str(args, "property");
    g_autofree char *text = value_text(json_object_get(args, "value"));
    DeviceState *dev = (DeviceState *)object_dynamic_cast(obj, "device");

    if (!obj) {
        return NULL;
    }
    if (!dev || !qdev_prop_find(dev, name)) {
        error_setg(errp, "Property '%s.%s' not found", obj->type->name, name);
        return NULL;
    }
    if (dev->realized) {
        error_setg(errp, "Attempt to set property '%s' on device '%s' (type '%s') after it was realized", name,
                   obj->id ? obj->id : "", obj->type->name);
        return NULL;
    }
    if (!text) {
        error_setg(errp, "Invalid parameter type for 'value'");
        return NULL;
    }
    return qmp_done_if(qdev_prop_parse(dev, name, text, errp));
}
