/*
 * The object model: types, objects, devices, buses, properties.
 *
 * A type is one static const TypeInfo, registered by type_init(). Types form
 * single-inheritance chains by parent name; the instance structure of a child
 * starts with its parent's. Operations that a family adds (PCI, IDE, ...) are
 * a const structure in `class_data`, found through the chain.
 *
 * Life: device_new (init from root type to leaf) -> properties -> realize ->
 * reset (any number) -> unrealize -> object_unref frees. Realize is the only
 * step that may fail.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_QDEV_H
#define HW_QDEV_H

#include "qemu/error.h"
#include "hw/irq.h"
#include "migration/vmstate.h"

typedef struct Object Object;
typedef struct DeviceState DeviceState;
typedef struct BusState BusState;
typedef struct TypeInfo TypeInfo;

typedef enum {
    PROP_BOOL, PROP_U8, PROP_U16, PROP_U32, PROP_U64, PROP_I32, PROP_SIZE,
    PROP_STRING,    /* char *, owned by the device */
    PROP_CHR,       /* Chardev backend: CharBackend field */
    PROP_DRIVE,     /* BlockBackend * by id */
    PROP_NETDEV,    /* NetClientState peer by id: NICConf field */
    PROP_MACADDR,   /* MACAddr field */
    PROP_PCI_DEVFN, /* int32_t, "slot.fn", -1 = automatic */
    PROP_LINK,      /* Object *: set from C only */
} PropertyKind;

typedef struct Property {
    const char *name;
    PropertyKind kind;
    size_t offset;
    bool has_default;
    int64_t defval;
    const char *desc;
} Property;

#define DEFINE_PROP(n, s, f, k, d) { .name = n, .kind = k, .offset = offsetof(s, f), .has_default = true, .defval = (d) }
#define DEFINE_PROP_BOOL(n, s, f, d)   DEFINE_PROP(n, s, f, PROP_BOOL, d)
#define DEFINE_PROP_UINT8(n, s, f, d)  DEFINE_PROP(n, s, f, PROP_U8, d)
#define DEFINE_PROP_UINT16(n, s, f, d) DEFINE_PROP(n, s, f, PROP_U16, d)
#define DEFINE_PROP_UINT32(n, s, f, d) DEFINE_PROP(n, s, f, PROP_U32, d)
#define DEFINE_PROP_UINT64(n, s, f, d) DEFINE_PROP(n, s, f, PROP_U64, d)
#define DEFINE_PROP_INT32(n, s, f, d)  DEFINE_PROP(n, s, f, PROP_I32, d)
#define DEFINE_PROP_STRING(n, s, f)    { .name = n, .kind = PROP_STRING, .offset = offsetof(s, f) }
#define DEFINE_PROP_CHR(n, s, f)       { .name = n, .kind = PROP_CHR, .offset = offsetof(s, f) }
#define DEFINE_PROP_DRIVE(n, s, f)     { .name = n, .kind = PROP_DRIVE, .offset = offsetof(s, f) }
#define DEFINE_PROP_NETDEV(n, s, f)    { .name = n, .kind = PROP_NETDEV, .offset = offsetof(s, f) }
#define DEFINE_PROP_MACADDR(n, s, f)   { .name = n, .kind = PROP_MACADDR, .offset = offsetof(s, f) }
#define DEFINE_PROP_LINK(n, s, f)      { .name = n, .kind = PROP_LINK, .offset = offsetof(s, f) }
/* Which the firmware tries first, 0 or more; -1: not chosen. In DeviceState, for disks and network cards. */
#define DEFINE_PROP_BOOTINDEX \
    { .name = "bootindex", .kind = PROP_I32, .offset = offsetof(DeviceState, bootindex), .has_default = true, .defval = -1 }
#define DEFINE_PROP_END { .name = NULL }

struct TypeInfo {
    const char *name;
    const char *parent;             /* NULL: "object" */
    const char *desc;               /* one line for -device help */
    size_t instance_size;
    void (*init)(Object *obj);      /* wiring that cannot fail */
    void (*finalize)(Object *obj);

    /* devices */
    bool (*realize)(DeviceState *dev, Error **errp);    /* every type in the chain, root first */
    void (*unrealize)(DeviceState *dev);                /* every type, leaf first */
    void (*reset)(DeviceState *dev);    /* called for every type in the chain, root first */
    const Property *props;              /* ends with DEFINE_PROP_END */
    const VMStateDescription *vmsd;
    const char *bus_type;               /* "PCI", "IDE", "ADB", "usb", "System", ... */
    bool user_creatable;                /* -device may make it */
    const char *category;               /* "network", "storage", "input", "display", "usb", "misc" */

    const void *class_data;             /* operations of the family */
};

struct Object {
    const TypeInfo *type;
    Object *parent;         /* owner */
    char *id;               /* name below the parent, owned */
    GPtrArray *children;
    uint32_t ref;
    bool on_heap;           /* from object_new: the last unref frees it */
};

void type_register_static(const TypeInfo *info);
/* Registers a function that runs before main. */
#define type_init(fn) \
    static void QEMU_CONSTRUCTOR fn##_constructor(void) { fn(); }
#define DEFINE_TYPE(info) \
    static void QEMU_CONSTRUCTOR info##_register(void) { type_register_static(&info); }

const TypeInfo *type_by_name(const char *name);     /* NULL: unknown */
bool type_is_a(const TypeInfo *type, const char *ancestor);
/* Calls fn for each registered type below ancestor, by name. */
void type_foreach(const char *ancestor, void (*fn)(const TypeInfo *, void *), void *opaque);
const TypeInfo *type_parent(const TypeInfo *type);  /* NULL: is "object" */
/* class_data of the nearest type in the chain that has one. */
const void *type_class_data(const TypeInfo *type);
const void *object_class_data(const Object *obj);

Object *object_new(const char *type);
/* Make an object in zeroed memory of the caller's, who also frees it after the last unref. */
void object_initialize(void *mem, const char *type);
void object_ref(Object *obj);
void object_unref(Object *obj);
/* parent takes over the caller's reference. id may be NULL ("TYPE[n]"). */
void object_add_child(Object *parent, const char *id, Object *child);
void object_unparent(Object *child);                /* drops the parent's reference */
Object *object_child(const Object *parent, const char *id);     /* NULL: none */
char *object_path(const Object *obj);               /* "/peripheral/net0"; g_free */
/* "/a/b" from root, or the first object called `path`, else of type `path`, anywhere below it; NULL: none. */
Object *object_resolve_path(Object *root, const char *path);
Object *object_dynamic_cast(Object *obj, const char *type);     /* NULL: is not one */
/* Asserts the type. */
Object *object_check(Object *obj, const char *type);
#define OBJECT(o) ((Object *)(o))
#define OBJECT_CHECK(ctype, obj, name) ((ctype *)object_check(OBJECT(obj), (name)))
#define DEVICE(o) OBJECT_CHECK(DeviceState, (o), "device")

struct DeviceState {
    Object parent_obj;
    BusState *parent_bus;
    bool realized;
    GPtrArray *child_buses;     /* of BusState * */
    qemu_irq *gpio_in;          /* unnamed inputs */
    int num_gpio_in;
    qemu_irq **gpio_out;        /* unnamed outputs: where to store the wire */
    int num_gpio_out;
    GPtrArray *named_gpios;     /* see qdev.c */
    int32_t bootindex;          /* property of disks and network cards; -1: none */
};

/* The bus (or NULL for the system bus) lends itself; the machine owns the device. */
DeviceState *qdev_new(const char *type);
bool qdev_realize(DeviceState *dev, BusState *bus, Error **errp) QEMU_MUST_CHECK;
/* Realize, and drop the caller's reference. */
bool qdev_realize_and_unref(DeviceState *dev, BusState *bus, Error **errp) QEMU_MUST_CHECK;
void qdev_unrealize(DeviceState *dev);
/* Calls fn for each realized device: buses depth first, then those without one. */
void qdev_foreach(void (*fn)(DeviceState *dev, void *opaque), void *opaque);
void device_reset(DeviceState *dev);        /* the device and what hangs on its buses */
/* -device TYPE,prop=value,...  */
DeviceState *qdev_device_add(const char *optstr, Error **errp);
/* device_del: by id or path. The device may stay until the guest lets go of it. */
bool qdev_device_del(const char *id, Error **errp);
/* The guest has let go of a device that -device or device_add made: it goes, and clients are told. */
void qdev_unplug(DeviceState *dev);
/* "virtio-net" -> "virtio-net-pci"; other names as they are. */
const char *qdev_resolve_alias(const char *name);
void qdev_print_types(FILE *f);                         /* -device help */
bool qdev_print_props(const char *type, FILE *f, Error **errp);      /* -device TYPE,help */

/* Set before realize. The string form parses like the command line. */
bool qdev_prop_parse(DeviceState *dev, const char *name, const char *value, Error **errp);
void qdev_prop_set_bool(DeviceState *dev, const char *name, bool value);
void qdev_prop_set_uint8(DeviceState *dev, const char *name, uint8_t value);
void qdev_prop_set_uint16(DeviceState *dev, const char *name, uint16_t value);
void qdev_prop_set_uint32(DeviceState *dev, const char *name, uint32_t value);
void qdev_prop_set_uint64(DeviceState *dev, const char *name, uint64_t value);
void qdev_prop_set_int32(DeviceState *dev, const char *name, int32_t value);
void qdev_prop_set_string(DeviceState *dev, const char *name, const char *value);
void qdev_prop_set_link(DeviceState *dev, const char *name, void *object);
struct Chardev;
void qdev_prop_set_chr(DeviceState *dev, const char *name, struct Chardev *chr);    /* NULL: none */
struct BlockBackend;
void qdev_prop_set_drive(DeviceState *dev, const char *name, struct BlockBackend *blk);
struct NICInfo;
void qdev_set_nic_properties(DeviceState *dev, struct NICInfo *nd);   /* "mac" and "netdev" */

void qdev_init_gpio_in(DeviceState *dev, qemu_irq_handler handler, int n);
void qdev_init_gpio_out(DeviceState *dev, qemu_irq *pins, int n);
void qdev_init_gpio_in_named(DeviceState *dev, qemu_irq_handler handler, const char *name, int n);
void qdev_init_gpio_out_named(DeviceState *dev, qemu_irq *pins, const char *name, int n);
qemu_irq qdev_get_gpio_in(DeviceState *dev, int n);
qemu_irq qdev_get_gpio_in_named(DeviceState *dev, const char *name, int n);
void qdev_connect_gpio_out(DeviceState *dev, int n, qemu_irq pin);
void qdev_connect_gpio_out_named(DeviceState *dev, const char *name, int n, qemu_irq pin);

struct BusState {
    Object obj;
    const char *bus_type;       /* what a device's bus_type must equal */
    char *name;
    DeviceState *parent;        /* may be NULL */
    GPtrArray *devices;         /* of DeviceState *, in order of realize */
    int max_devices;            /* 0: no limit */
    /* Called when a device is realized on the bus, before its own realize. */
    bool (*plug)(BusState *bus, DeviceState *dev, Error **errp);
    void (*unplug)(BusState *bus, DeviceState *dev);
    bool hotpluggable;          /* devices may come and go while the machine runs */
    /* May be NULL: a device has come while the machine runs. */
    void (*plugged)(BusState *bus, DeviceState *dev);
    /*
     * device_del. Tells the guest, which lets go of the device; qdev_unplug then
     * ends it. NULL: the device goes at once. False: the guest cannot be told.
     */
    bool (*unplug_request)(BusState *bus, DeviceState *dev, Error **errp);
    void (*reset)(BusState *bus);
};

/* Initialise an embedded bus; it lives as long as parent. name NULL: automatic. */
void qbus_init(BusState *bus, size_t size, const char *bus_type, DeviceState *parent, const char *name);
BusState *qbus_find(const char *bus_type, const char *name);    /* either may be NULL */
BusState *sysbus_get_default(void);

/* Functions called at system reset, in order of registration, after the devices. */
void qemu_register_reset(void (*fn)(void *opaque), void *opaque);
void qemu_unregister_reset(void (*fn)(void *opaque), void *opaque);
void qemu_devices_reset(void);

/* `info qtree`. */
void qtree_info(void (*print)(void *opaque, const char *fmt, ...), void *opaque);

#endif
