/*
 * -device and device_add: TYPE,prop=value,... into a realized device, and their
 * help texts; device_del.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/boards.h"
#include "hw/core/qdev-internal.h"
#include "migration/migration.h"
#include "monitor/qmp.h"
#include "qemu/optlist.h"

/* Other names of types, by which they can be made too. */
static const struct { const char *alias, *type; } aliases[] = {
    { "ahci", "ich9-ahci" }, { "virtio-balloon", "virtio-balloon-pci" },
    { "virtio-blk", "virtio-blk-pci" }, { "virtio-keyboard", "virtio-keyboard-pci" },
    { "virtio-mouse", "virtio-mouse-pci" }, { "virtio-net", "virtio-net-pci" }, { "virtio-rng", "virtio-rng-pci" },
    { "virtio-scsi", "virtio-scsi-pci" }, { "virtio-serial", "virtio-serial-pci" },
    { "virtio-tablet", "virtio-tablet-pci" },
};

const char *qdev_resolve_alias(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(aliases); i++) {
        if (!strcmp(aliases[i].alias, name)) {
            return aliases[i].type;
        }
    }
    return name;
}

static bool type_user_creatable(const TypeInfo *type)
{
    return type && type->user_creatable && type_is_a(type, "device");
}

bool id_wellformed(const char *id)
{
    if (!g_ascii_isalpha(*id)) {
        return false;
    }
    while (g_ascii_isalnum(*id) || (*id && strchr("-._", *id))) {
        id++;
    }
    return !*id;
}

/* NULL with *errp set when there is none; *bus NULL for types that need none. */
static bool choose_bus(const TypeInfo *type, const char *name, BusState **bus, Error **errp)
{
    const char *bus_type = qdev_bus_type(type);

    *bus = NULL;
    if (!bus_type) {
        return true;
    }
    if (name) {
        *bus = qbus_find(NULL, name);
        if (!*bus) {
            error_setg(errp, "no bus '%s'", name);
        }
    } else {
        *bus = qbus_find(bus_type, NULL);
        if (!*bus) {
            error_setg(errp, "this machine has no bus of type %s", bus_type);
        }
    }
    return *bus != NULL;
}

/* While the machine runs only some buses take devices. */
static bool may_come_or_go(const char *name, const BusState *bus, Error **errp)
{
    if (qdev_machine_is_ready() && !(bus && bus->hotpluggable)) {
        error_setg(errp, "%s '%s' does not support hotplugging", bus ? "Bus" : "Device",
                   bus ? bus->name : name);
        return false;
    }
    if (migration_is_active()) {
        error_setg(errp, "the state of the machine is being written");
        return false;
    }
    return true;
}

/* Whatever is left in opts is a property. */
static bool set_properties(DeviceState *dev, OptList *opts, Error **errp)
{
    const char *name, *value;

    while (optlist_take_unknown(opts, &name, &value)) {
        if (!qdev_prop_parse(dev, name, value, errp)) {
            return false;
        }
    }
    return true;
}

/* On failure the device is gone. */
static bool make_device(DeviceState *dev, const char *id, BusState *bus, OptList *opts, Error **errp)
{
    Object *group = qdev_container("peripheral");

    if (id && object_child(group, id)) {
        error_setg(errp, "id '%s' is already in use", id);
        object_unref(OBJECT(dev));
        return false;
    }
    object_add_child(id ? group : qdev_container("peripheral-anon"), id, OBJECT(dev));
    if (set_properties(dev, opts, errp) && qdev_realize(dev, bus, errp)) {
        return true;
    }
    object_unparent(OBJECT(dev));
    return false;
}

DeviceState *qdev_device_add(const char *optstr, Error **errp)
{
    g_autoptr(OptList) opts = optlist_new(optstr, "driver");
    const char *driver = optlist_get(opts, "driver");
    const char *name = driver ? qdev_resolve_alias(driver) : NULL;
    const char *id = optlist_get(opts, "id");
    const char *bus_name = optlist_get(opts, "bus");
    const TypeInfo *type = name ? type_by_name(name) : NULL;
    DeviceState *dev = NULL;
    BusState *bus;

    if (!type_user_creatable(type)) {
        error_setg(errp, "-device %s: %s", name ? name : "",
                   type ? "cannot be made with -device" : "unknown device (see -device help)");
        return NULL;
    }
    if (id && !id_wellformed(id)) {
        error_setg(errp, "-device %s: id '%s' must be a letter followed by letters, digits, -._",
                   name, id);
        return NULL;
    }
    if (choose_bus(type, bus_name, &bus, errp) && may_come_or_go(name, bus, errp)) {
        dev = qdev_new(name);
        if (!make_device(dev, id, bus, opts, errp)) {
            dev = NULL;
        }
    }
    if (!dev) {
        error_prepend(errp, "-device %s: ", name);
    }
    return dev;
}

void qdev_unplug(DeviceState *dev)
{
    Object *obj = OBJECT(dev);
    g_autofree char *path = object_path(obj);
    bool named = obj->parent == qdev_container("peripheral");
    g_autofree char *id = named ? g_strdup(obj->id) : NULL;

    qdev_unrealize(dev);
    object_unparent(obj);
    qmp_event("DEVICE_DELETED", "{s:s*,s:s}", "device", id, "path", path);
}

bool qdev_device_del(const char *id, Error **errp)
{
    Object *obj = *id == '/' ? object_resolve_path(object_root(), id)
                             : object_child(qdev_container("peripheral"), id);
    DeviceState *dev = (DeviceState *)object_dynamic_cast(obj, "device");

    if (!dev || !dev->realized) {
        error_setg(errp, "Device '%s' not found", id);
        error_set_class(errp, ERROR_DEVICE_NOT_FOUND);
        return false;
    }
    if (obj->parent != qdev_container("peripheral") && obj->parent != qdev_container("peripheral-anon")) {
        error_setg(errp, "%s belongs to the machine", id);
        return false;
    }
    if (!may_come_or_go(obj->type->name, dev->parent_bus, errp)) {
        return false;
    }
    if (dev->parent_bus->unplug_request) {
        return dev->parent_bus->unplug_request(dev->parent_bus, dev, errp);
    }
    qdev_unplug(dev);
    return true;
}

typedef struct ListContext {
    FILE *f;
    const char *category;
    bool heading;
} ListContext;

static void print_type(const TypeInfo *type, void *opaque)
{
    ListContext *ctx = opaque;
    const char *bus;

    if (!type_user_creatable(type) ||
        strcmp(type->category ? type->category : "misc", ctx->category)) {
        return;
    }
    if (!ctx->heading) {
        fprintf(ctx->f, "%c%s devices:\n", g_ascii_toupper(*ctx->category), ctx->category + 1);
        ctx->heading = true;
    }
    bus = qdev_bus_type(type);
    fprintf(ctx->f, "name \"%s\"", type->name);
    if (bus) {
        fprintf(ctx->f, ", bus %s", bus);
    }
    if (type->desc) {
        fprintf(ctx->f, ", desc \"%s\"", type->desc);
    }
    fputc('\n', ctx->f);
}

void qdev_print_types(FILE *f)
{
    static const char *const categories[] = { "storage", "network", "input", "display", "usb",
                                              "sound", "bridge", "misc" };

    for (size_t i = 0; i < ARRAY_SIZE(categories); i++) {
        ListContext ctx = { .f = f, .category = categories[i] };

        type_foreach("device", print_type, &ctx);
    }
}

static const char *kind_name(PropertyKind kind)
{
    static const char *const names[] = {
        [PROP_BOOL] = "bool", [PROP_U8] = "uint8", [PROP_U16] = "uint16", [PROP_U32] = "uint32",
        [PROP_U64] = "uint64", [PROP_I32] = "int32", [PROP_SIZE] = "size", [PROP_STRING] = "str",
        [PROP_CHR] = "chardev id", [PROP_DRIVE] = "drive id", [PROP_NETDEV] = "netdev id",
        [PROP_MACADDR] = "MAC address", [PROP_PCI_DEVFN] = "slot[.function]", [PROP_LINK] = "link",
    };

    return names[kind];
}

bool qdev_print_props(const char *name, FILE *f, Error **errp)
{
    const TypeInfo *type = type_by_name(qdev_resolve_alias(name));

    if (!type_user_creatable(type)) {
        error_setg(errp, "-device %s: unknown device (see -device help)", name);
        return false;
    }
    fprintf(f, "%s options:\n", name);
    for (; type; type = type_parent(type)) {
        for (const Property *prop = type->props; prop && prop->name; prop++) {
            if (prop->kind == PROP_LINK) {
                continue;
            }
            fprintf(f, "  %s=<%s>", prop->name, kind_name(prop->kind));
            if (prop->has_default && prop->kind == PROP_BOOL) {
                fprintf(f, " (default: %s)", prop->defval ? "on" : "off");
            } else if (prop->has_default && prop->defval >= 0) {
                fprintf(f, " (default: %" PRId64 ")", prop->defval);
            }
            fprintf(f, "%s%s\n", prop->desc ? "  " : "", prop->desc ? prop->desc : "");
        }
    }
    return true;
}
