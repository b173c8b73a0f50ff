/*
 * Devices and buses: life cycle, reset, interrupt wires, listings.
 *
 * Properties are qdev-properties.c's, -device is qdev-device-add.c's.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/qdev.h"
#include "hw/boards.h"
#include "hw/core/qdev-internal.h"
#include "trace/hw-core.h"

static GPtrArray *all_buses;        /* of BusState *, in order of qbus_init */
static GPtrArray *busless_devices;  /* of DeviceState *, realized without a bus */
static bool machine_ready;

static const TypeInfo bus_info = { .name = "bus", .instance_size = sizeof(BusState) };
DEFINE_TYPE(bus_info)

/* --- object tree -------------------------------------------------------- */

Object *object_root(void)
{
    static Object root;

    if (!root.type) {
        root.type = type_by_name("object");
        root.ref = 1;
    }
    return &root;
}

/* A child of the machine that groups devices: "unattached", "peripheral". */
Object *qdev_container(const char *name)
{
    Object *parent = current_machine ? OBJECT(current_machine) : object_root();
    Object *group = object_child(parent, name);

    if (!group) {
        group = object_new("object");
        object_add_child(parent, name, group);
    }
    return group;
}

void qdev_set_machine_ready(void)
{
    machine_ready = true;
}

bool qdev_machine_is_ready(void)
{
    return machine_ready;
}

/* --- life cycle --------------------------------------------------------- */

DeviceState *qdev_new(const char *type)
{
    return DEVICE(object_new(type));
}

const char *qdev_bus_type(const TypeInfo *type)
{
    for (; type; type = type_parent(type)) {
        if (type->bus_type) {
            return type->bus_type;
        }
    }
    return NULL;
}

static void unrealize_from(DeviceState *dev, const TypeInfo *type)
{
    for (; type; type = type_parent(type)) {
        if (type->unrealize) {
            type->unrealize(dev);
        }
    }
}

/* Root first; when one fails, what its ancestors did is undone. */
static bool realize_chain(DeviceState *dev, const TypeInfo *type, Error **errp)
{
    if (!type) {
        return true;
    }
    if (!realize_chain(dev, type_parent(type), errp)) {
        return false;
    }
    if (type->realize && !type->realize(dev, errp)) {
        unrealize_from(dev, type_parent(type));
        return false;
    }
    return true;
}

static bool bus_attach(DeviceState *dev, BusState *bus, Error **errp)
{
    if (bus->max_devices && (int)bus->devices->len >= bus->max_devices) {
        error_setg(errp, "bus '%s' is full (%d devices)", bus->name, bus->max_devices);
        return false;
    }
    dev->parent_bus = bus;
    if (bus->plug && !bus->plug(bus, dev, errp)) {
        dev->parent_bus = NULL;
        return false;
    }
    g_ptr_array_add(bus->devices, dev);
    return true;
}

static void bus_detach(DeviceState *dev)
{
    BusState *bus = dev->parent_bus;

    if (!bus) {
        g_ptr_array_remove(busless_devices, dev);
        return;
    }
    g_ptr_array_remove(bus->devices, dev);
    if (bus->unplug) {
        bus->unplug(bus, dev);
    }
    dev->parent_bus = NULL;
}

static bool attach(DeviceState *dev, BusState *bus, Error **errp)
{
    const char *type_name = dev->parent_obj.type->name;
    const char *wanted = qdev_bus_type(dev->parent_obj.type);

    if (!bus && g_strcmp0(wanted, "System") == 0) {
        bus = sysbus_get_default();
    }
    if (bus) {
        if (g_strcmp0(wanted, bus->bus_type)) {
            error_setg(errp, "%s cannot be plugged into bus '%s' of type %s", type_name,
                       bus->name, bus->bus_type);
            return false;
        }
        return bus_attach(dev, bus, errp);
    }
    if (wanted) {
        error_setg(errp, "%s needs a bus of type %s", type_name, wanted);
        return false;
    }
    if (!busless_devices) {
        busless_devices = g_ptr_array_new();
    }
    g_ptr_array_add(busless_devices, dev);
    return true;
}

/* The machine owns what nobody else does; only now, so that buses are not named after the id. */
static void adopt(DeviceState *dev)
{
    Object *group = qdev_container("unattached");
    unsigned number = group->children ? group->children->len : 0;
    g_autofree char *id = g_strdup_printf("device[%u]", number);

    while (object_child(group, id)) {       /* others have gone meanwhile */
        g_free(id);
        id = g_strdup_printf("device[%u]", ++number);
    }
    object_ref(OBJECT(dev));
    object_add_child(group, id, OBJECT(dev));
}

bool qdev_realize(DeviceState *dev, BusState *bus, Error **errp)
{
    assert(!dev->realized);
    if (!qdev_check_globals(errp) || !attach(dev, bus, errp)) {
        return false;
    }
    if (!realize_chain(dev, dev->parent_obj.type, errp)) {
        bus_detach(dev);
        return false;
    }
    dev->realized = true;
    if (!dev->parent_obj.parent) {
        adopt(dev);
    }
    if (machine_ready) {
        device_reset(dev);
        if (dev->parent_bus && dev->parent_bus->plugged) {
            dev->parent_bus->plugged(dev->parent_bus, dev);
        }
    }
    return true;
}

bool qdev_realize_and_unref(DeviceState *dev, BusState *bus, Error **errp)
{
    bool ok = qdev_realize(dev, bus, errp);

    object_unref(OBJECT(dev));
    return ok;
}

/* What hangs on the device's buses goes with it. */
static void remove_children(DeviceState *dev)
{
    for (guint i = 0; dev->child_buses && i < dev->child_buses->len; i++) {
        BusState *bus = g_ptr_array_index(dev->child_buses, i);

        while (bus->devices->len) {
            DeviceState *child = g_ptr_array_index(bus->devices, bus->devices->len - 1);

            qdev_unrealize(child);
            object_unparent(OBJECT(child));
        }
    }
}

void qdev_unrealize(DeviceState *dev)
{
    if (dev->realized) {
        remove_children(dev);
        unrealize_from(dev, dev->parent_obj.type);
        bus_detach(dev);
        dev->realized = false;
    }
}

static void foreach_on_bus(BusState *bus, void (*fn)(DeviceState *dev, void *opaque), void *opaque)
{
    for (guint i = 0; i < bus->devices->len; i++) {
        DeviceState *dev = g_ptr_array_index(bus->devices, i);

        fn(dev, opaque);
        for (guint j = 0; dev->child_buses && j < dev->child_buses->len; j++) {
            foreach_on_bus(g_ptr_array_index(dev->child_buses, j), fn, opaque);
        }
    }
}

void qdev_foreach(void (*fn)(DeviceState *dev, void *opaque), void *opaque)
{
    for (guint i = 0; all_buses && i < all_buses->len; i++) {
        BusState *bus = g_ptr_array_index(all_buses, i);

        if (!bus->parent) {
            foreach_on_bus(bus, fn, opaque);
        }
    }
    for (guint i = 0; busless_devices && i < busless_devices->len; i++) {
        fn(g_ptr_array_index(busless_devices, i), opaque);
    }
}

/* --- reset ---------------------------------------------------------------- */

static void reset_chain(DeviceState *dev, const TypeInfo *type)
{
    if (type) {
        reset_chain(dev, type_parent(type));
        if (type->reset) {
            type->reset(dev);
        }
    }
}

/* Children first: the parent's reset has the last word on its inputs. */
void device_reset(DeviceState *dev)
{
    trace_device_reset(OBJECT(dev)->type->name, OBJECT(dev)->id ? OBJECT(dev)->id : "");
    for (guint i = 0; dev->child_buses && i < dev->child_buses->len; i++) {
        BusState *bus = g_ptr_array_index(dev->child_buses, i);

        for (guint j = 0; j < bus->devices->len; j++) {
            device_reset(g_ptr_array_index(bus->devices, j));
        }
        if (bus->reset) {
            bus->reset(bus);
        }
    }
    reset_chain(dev, dev->parent_obj.type);
}

/* The system bus, and buses that belong to the board itself (ISA without a bridge). */
static void reset_parentless_buses(void)
{
    for (guint i = 0; i < all_buses->len; i++) {
        BusState *bus = g_ptr_array_index(all_buses, i);

        for (guint j = 0; !bus->parent && j < bus->devices->len; j++) {
            device_reset(g_ptr_array_index(bus->devices, j));
        }
    }
}

void qdev_reset_all(void)
{
    sysbus_get_default();
    reset_parentless_buses();
    for (guint i = 0; busless_devices && i < busless_devices->len; i++) {
        device_reset(g_ptr_array_index(busless_devices, i));
    }
}

/* --- wires ---------------------------------------------------------------- */

typedef struct NamedGPIO {
    char *name;
    qemu_irq *in;
    int num_in;
    qemu_irq **out;
    int num_out;
} NamedGPIO;

static NamedGPIO *named_gpio(DeviceState *dev, const char *name)
{
    NamedGPIO *gpio;

    if (!dev->named_gpios) {
        dev->named_gpios = g_ptr_array_new();
    }
    for (guint i = 0; i < dev->named_gpios->len; i++) {
        gpio = g_ptr_array_index(dev->named_gpios, i);
        if (!strcmp(gpio->name, name)) {
            return gpio;
        }
    }
    gpio = g_new0(NamedGPIO, 1);
    gpio->name = g_strdup(name);
    g_ptr_array_add(dev->named_gpios, gpio);
    return gpio;
}

static void gpio_in_append(qemu_irq **in, int *count, qemu_irq_handler handler, DeviceState *dev,
                           const char *name, int n)
{
    *in = g_renew(qemu_irq, *in, *count + n);
    for (int i = 0; i < n; i++, (*count)++) {
        (*in)[*count] = qemu_allocate_irq(name, handler, dev, *count);
    }
}

static void gpio_out_append(qemu_irq ***out, int *count, qemu_irq *pins, int n)
{
    *out = g_renew(qemu_irq *, *out, *count + n);
    for (int i = 0; i < n; i++) {
        (*out)[(*count)++] = &pins[i];
    }
}

void qdev_init_gpio_in(DeviceState *dev, qemu_irq_handler handler, int n)
{
    gpio_in_append(&dev->gpio_in, &dev->num_gpio_in, handler, dev, OBJECT(dev)->type->name, n);
}

void qdev_init_gpio_out(DeviceState *dev, qemu_irq *pins, int n)
{
    gpio_out_append(&dev->gpio_out, &dev->num_gpio_out, pins, n);
}

void qdev_init_gpio_in_named(DeviceState *dev, qemu_irq_handler handler, const char *name, int n)
{
    NamedGPIO *gpio = named_gpio(dev, name);
    g_autofree char *line = g_strdup_printf("%s.%s", OBJECT(dev)->type->name, name);

    gpio_in_append(&gpio->in, &gpio->num_in, handler, dev, g_intern_string(line), n);
}

void qdev_init_gpio_out_named(DeviceState *dev, qemu_irq *pins, const char *name, int n)
{
    NamedGPIO *gpio = named_gpio(dev, name);

    gpio_out_append(&gpio->out, &gpio->num_out, pins, n);
}

qemu_irq qdev_get_gpio_in(DeviceState *dev, int n)
{
    assert(n >= 0 && n < dev->num_gpio_in);
    return dev->gpio_in[n];
}

qemu_irq qdev_get_gpio_in_named(DeviceState *dev, const char *name, int n)
{
    NamedGPIO *gpio = named_gpio(dev, name);

    assert(n >= 0 && n < gpio->num_in);
    return gpio->in[n];
}

void qdev_connect_gpio_out(DeviceState *dev, int n, qemu_irq pin)
{
    assert(n >= 0 && n < dev->num_gpio_out);
    *dev->gpio_out[n] = pin;
}

void qdev_connect_gpio_out_named(DeviceState *dev, const char *name, int n, qemu_irq pin)
{
    NamedGPIO *gpio = named_gpio(dev, name);

    assert(n >= 0 && n < gpio->num_out);
    *gpio->out[n] = pin;
}

int qdev_num_gpio_in_named(DeviceState *dev, const char *name)
{
    return name ? named_gpio(dev, name)->num_in : dev->num_gpio_in;
}

/* --- saved state ------------------------------------------------------------ */

static bool save_chain(DeviceState *dev, const TypeInfo *type, GByteArray *buf)
{
    return !type || (save_chain(dev, type_parent(type), buf) &&
                     (!type->vmsd || vmstate_save(type->vmsd, dev, buf)));
}

bool qdev_vmstate_save(DeviceState *dev, GByteArray *buf)
{
    return save_chain(dev, dev->parent_obj.type, buf);
}

static bool load_chain(DeviceState *dev, const TypeInfo *type, const uint8_t **data,
                       const uint8_t *end, const char **why)
{
    return !type || (load_chain(dev, type_parent(type), data, end, why) &&
                     (!type->vmsd || vmstate_load(type->vmsd, dev, data, end, why)));
}

bool qdev_vmstate_load(DeviceState *dev, const uint8_t *data, size_t size, const char **why)
{
    const uint8_t *end = data + size;

    if (!load_chain(dev, dev->parent_obj.type, &data, end, why)) {
        return false;
    }
    *why = "saved state is too long";
    return data == end;
}

/* --- buses ---------------------------------------------------------------- */

/* "ID.n" below a device with an id, else "type.n" with n counted for the type. */
static char *automatic_bus_name(const char *bus_type, const DeviceState *parent)
{
    unsigned n = 0;

    if (parent && parent->parent_obj.id) {
        return g_strdup_printf("%s.%u", parent->parent_obj.id,
                               parent->child_buses ? parent->child_buses->len : 0);
    }
    for (guint i = 0; i < all_buses->len; i++) {
        BusState *bus = g_ptr_array_index(all_buses, i);

        n += !strcmp(bus->bus_type, bus_type);
    }
    g_autofree char *lower = g_ascii_strdown(bus_type, -1);
    return g_strdup_printf("%s.%u", lower, n);
}

void qbus_init(BusState *bus, size_t size, const char *bus_type, DeviceState *parent,
               const char *name)
{
    if (!all_buses) {
        all_buses = g_ptr_array_new();
    }
    assert(size >= sizeof(BusState));
    bus->obj.type = &bus_info;
    bus->obj.ref = 1;
    bus->bus_type = bus_type;
    bus->parent = parent;
    bus->name = name ? g_strdup(name) : automatic_bus_name(bus_type, parent);
    bus->devices = g_ptr_array_new();
    g_ptr_array_add(all_buses, bus);
    if (parent) {
        if (!parent->child_buses) {
            parent->child_buses = g_ptr_array_new();
        }
        g_ptr_array_add(parent->child_buses, bus);
    }
}

/* A bus that is not full is preferred; of full ones the first, for its error message. */
BusState *qbus_find(const char *bus_type, const char *name)
{
    BusState *full = NULL;

    for (guint i = 0; all_buses && i < all_buses->len; i++) {
        BusState *bus = g_ptr_array_index(all_buses, i);

        if ((bus_type && strcmp(bus->bus_type, bus_type)) || (name && strcmp(bus->name, name))) {
            continue;
        }
        if (!bus->max_devices || (int)bus->devices->len < bus->max_devices) {
            return bus;
        }
        full = full ? full : bus;
    }
    return full;
}

static void bus_forget(BusState *bus)
{
    g_ptr_array_remove(all_buses, bus);
    g_ptr_array_free(bus->devices, true);
    g_free(bus->name);
}

static void device_finalize(Object *obj)
{
    DeviceState *dev = (DeviceState *)obj;

    qdev_properties_release(dev);
    for (guint i = 0; dev->child_buses && i < dev->child_buses->len; i++) {
        bus_forget(g_ptr_array_index(dev->child_buses, i));
    }
    if (dev->child_buses) {
        g_ptr_array_free(dev->child_buses, true);
    }
    for (guint i = 0; dev->named_gpios && i < dev->named_gpios->len; i++) {
        NamedGPIO *gpio = g_ptr_array_index(dev->named_gpios, i);

        g_free(gpio->name);
        g_free(gpio->in);       /* the wires stay: others may hold them */
        g_free(gpio->out);
        g_free(gpio);
    }
    if (dev->named_gpios) {
        g_ptr_array_free(dev->named_gpios, true);
    }
    g_free(dev->gpio_in);
    g_free(dev->gpio_out);
}

/* --- info qtree --------------------------------------------------------------- */

typedef void PrintFunc(void *opaque, const char *fmt, ...);

static void print_bus(BusState *bus, int indent, PrintFunc *print, void *opaque);

static void print_device(DeviceState *dev, int indent, PrintFunc *print, void *opaque)
{
    const TypeInfo *type = dev->parent_obj.type;

    print(opaque, "%*sdev: %s, id \"%s\"\n", indent, "", type->name,
          dev->parent_obj.id ? dev->parent_obj.id : "");
    if (dev->num_gpio_in) {
        print(opaque, "%*sgpio-in \"\" %d\n", indent + 2, "", dev->num_gpio_in);
    }
    if (dev->num_gpio_out) {
        print(opaque, "%*sgpio-out \"\" %d\n", indent + 2, "", dev->num_gpio_out);
    }
    for (guint i = 0; dev->named_gpios && i < dev->named_gpios->len; i++) {
        const NamedGPIO *gpio = g_ptr_array_index(dev->named_gpios, i);

        print(opaque, "%*sgpio-%s \"%s\" %d\n", indent + 2, "", gpio->num_in ? "in" : "out",
              gpio->name, gpio->num_in ? gpio->num_in : gpio->num_out);
    }
    for (; type; type = type_parent(type)) {
        for (const Property *prop = type->props; prop && prop->name; prop++) {
            g_autofree char *value = qdev_prop_format(dev, prop);

            print(opaque, "%*s%s = %s\n", indent + 2, "", prop->name, value);
        }
    }
    for (guint i = 0; dev->child_buses && i < dev->child_buses->len; i++) {
        print_bus(g_ptr_array_index(dev->child_buses, i), indent + 2, print, opaque);
    }
}

static void print_bus(BusState *bus, int indent, PrintFunc *print, void *opaque)
{
    print(opaque, "%*sbus: %s\n%*stype %s\n", indent, "", bus->name, indent + 2, "",
          bus->bus_type);
    for (guint i = 0; i < bus->devices->len; i++) {
        print_device(g_ptr_array_index(bus->devices, i), indent + 2, print, opaque);
    }
}

void qtree_info(PrintFunc *print, void *opaque)
{
    print_bus(sysbus_get_default(), 0, print, opaque);
}

static void device_init(Object *obj)
{
    qdev_properties_set_defaults((DeviceState *)obj);
}

static const TypeInfo device_info = {
    .name = "device",
    .instance_size = sizeof(DeviceState),
    .init = device_init,
    .finalize = device_finalize,
};
DEFINE_TYPE(device_info)
