/*
 * Properties: from text and from C into the fields of a device, and back.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/core/qdev-internal.h"
#include "block/block.h"
#include "chardev/char.h"
#include "net/net.h"
#include "qemu/cutils.h"

/* What fits into an integer property of each kind. */
static bool integer_limits(PropertyKind kind, int64_t *min, uint64_t *max)
{
    *min = 0;
    switch (kind) {
    case PROP_U8:
        *max = UINT8_MAX;
        return true;
    case PROP_U16:
        *max = UINT16_MAX;
        return true;
    case PROP_U32:
        *max = UINT32_MAX;
        return true;
    case PROP_U64:
    case PROP_SIZE:
        *max = UINT64_MAX;
        return true;
    case PROP_I32:
        *min = INT32_MIN;
        *max = INT32_MAX;
        return true;
    default:
        return false;
    }
}

static void store_integer(const Property *prop, void *field, uint64_t value)
{
    switch (prop->kind) {
    case PROP_BOOL:
        *(bool *)field = value;
        break;
    case PROP_U8:
        *(uint8_t *)field = value;
        break;
    case PROP_U16:
        *(uint16_t *)field = value;
        break;
    case PROP_U32:
    case PROP_I32:
    case PROP_PCI_DEVFN:
        *(uint32_t *)field = value;
        break;
    case PROP_U64:
    case PROP_SIZE:
        *(uint64_t *)field = value;
        break;
    default:
        break;
    }
}

static bool parse_integer(const Property *prop, void *field, const char *value, Error **errp)
{
    int64_t min = 0;
    uint64_t max = 0, result;
    char *end;

    integer_limits(prop->kind, &min, &max);
    errno = 0;
    if (*value == '-') {
        int64_t negative = strtoll(value, &end, 0);

        result = negative;
        if (negative < min) {
            errno = ERANGE;
        }
    } else {
        result = strtoull(value, &end, 0);
        if (result > max) {
            errno = ERANGE;
        }
    }
    if (end == value || *end) {
        error_setg(errp, "'%s=%s': expected a number", prop->name, value);
        return false;
    }
    if (errno) {
        error_setg(errp, "'%s=%s': out of range", prop->name, value);
        return false;
    }
    store_integer(prop, field, result);
    return true;
}

static bool parse_mac(const Property *prop, MACAddr *mac, const char *value, Error **errp)
{
    unsigned b[6];
    int used = 0;

    if (sscanf(value, "%2x:%2x:%2x:%2x:%2x:%2x%n", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5],
               &used) != 6 || value[used]) {
        error_setg(errp, "'%s=%s': expected a MAC address, 52:54:00:12:34:56", prop->name, value);
        return false;
    }
    for (int i = 0; i < 6; i++) {
        mac->a[i] = b[i];
    }
    return true;
}

static bool parse_devfn(const Property *prop, int32_t *devfn, const char *value, Error **errp)
{
    unsigned slot, fn = 0;
    int used = 0;

    if (!strcmp(value, "-1")) {
        *devfn = -1;
        return true;
    }
    if (sscanf(value, "%x%n.%x%n", &slot, &used, &fn, &used) < 1 || value[used] || slot > 31 ||
        fn > 7) {
        error_setg(errp, "'%s=%s': expected SLOT[.FUNCTION], hexadecimal, up to 1f.7",
                   prop->name, value);
        return false;
    }
    *devfn = slot << 3 | fn;
    return true;
}

static bool parse_chr(const Property *prop, CharBackend *be, const char *value, Error **errp)
{
    Chardev *chr = qemu_chr_find(value);

    if (!chr) {
        error_setg(errp, "'%s=%s': no such character device", prop->name, value);
        return false;
    }
    return qemu_chr_fe_init(be, chr, errp);
}

/* The device claims the drive in *field and lets go of the one before. */
static bool claim_drive(void *dev, BlockBackend **field, BlockBackend *blk)
{
    if (blk && !blk_attach_dev(blk, dev)) {
        return false;
    }
    if (*field) {
        blk_detach_dev(*field, dev);
    }
    *field = blk;
    return true;
}

static bool parse_drive(const Property *prop, void *dev, BlockBackend **field, const char *value,
                        Error **errp)
{
    BlockBackend *blk = blk_by_name(value);

    if (!blk) {
        error_setg(errp, "'%s=%s': no such drive", prop->name, value);
        return false;
    }
    if (blk != *field && !claim_drive(dev, field, blk)) {
        error_setg(errp, "'%s=%s': the drive is already in use", prop->name, value);
        return false;
    }
    return true;
}

static bool parse_netdev(const Property *prop, NICConf *conf, const char *value, Error **errp)
{
    NetClientState *peer = qemu_find_netdev(value);

    if (!peer) {
        error_setg(errp, "'%s=%s': no such network backend", prop->name, value);
        return false;
    }
    if (peer->peer) {
        error_setg(errp, "'%s=%s': the network backend is already in use", prop->name, value);
        return false;
    }
    conf->peer = peer;
    return true;
}

bool property_parse(const Property *prop, void *base, const char *value, Error **errp)
{
    void *field = (char *)base + prop->offset;
    bool flag;

    switch (prop->kind) {
    case PROP_BOOL:
        if (!qemu_parse_bool(value, &flag)) {
            error_setg(errp, "'%s=%s': expected on or off", prop->name, value);
            return false;
        }
        *(bool *)field = flag;
        return true;
    case PROP_SIZE:
        if (!qemu_parse_size(value, 1, (uint64_t *)field)) {
            error_setg(errp, "'%s=%s': expected a size (suffixes k, M, G, T)", prop->name, value);
            return false;
        }
        return true;
    case PROP_STRING:
        g_free(*(char **)field);
        *(char **)field = g_strdup(value);
        return true;
    case PROP_CHR:
        return parse_chr(prop, field, value, errp);
    case PROP_DRIVE:
        return parse_drive(prop, base, field, value, errp);
    case PROP_NETDEV:
        return parse_netdev(prop, field, value, errp);
    case PROP_MACADDR:
        return parse_mac(prop, field, value, errp);
    case PROP_PCI_DEVFN:
        return parse_devfn(prop, field, value, errp);
    case PROP_LINK:
        error_setg(errp, "'%s': cannot be set from the command line", prop->name);
        return false;
    default:
        return parse_integer(prop, field, value, errp);
    }
}

const Property *qdev_prop_find(const DeviceState *dev, const char *name)
{
    for (const TypeInfo *type = dev->parent_obj.type; type; type = type_parent(type)) {
        for (const Property *prop = type->props; prop && prop->name; prop++) {
            if (!strcmp(prop->name, name)) {
                return prop;
            }
        }
    }
    return NULL;
}

bool qdev_prop_parse(DeviceState *dev, const char *name, const char *value, Error **errp)
{
    const Property *prop = qdev_prop_find(dev, name);

    assert(!dev->realized);
    if (!prop) {
        error_setg(errp, "%s has no property '%s'", dev->parent_obj.type->name, name);
        return false;
    }
    return property_parse(prop, dev, value, errp);
}

void property_set_default(const Property *prop, void *base)
{
    if (prop->has_default) {
        store_integer(prop, (char *)base + prop->offset, prop->defval);
    }
}

/* --- -global ---------------------------------------------------------------- */

typedef struct GlobalProp {
    char *type, *name, *value;
    bool used;
} GlobalProp;

static GArray *globals;         /* of GlobalProp, in order of the command line */
static Error *globals_error;    /* the first that did not fit; realize reports it */

bool qdev_add_global(const char *text, Error **errp)
{
    const char *equals = strchr(text, '=');
    const char *dot = memchr(text, '.', equals ? equals - text : 0);
    GlobalProp global = { 0 };

    if (!dot) {
        error_setg(errp, "-global %s: expected TYPE.property=value", text);
        return false;
    }
    global.type = g_strndup(text, dot - text);
    global.name = g_strndup(dot + 1, equals - dot - 1);
    global.value = g_strdup(equals + 1);
    if (!type_by_name(global.type)) {
        error_setg(errp, "-global %s: unknown device '%s'", text, global.type);
        return false;
    }
    if (!globals) {
        globals = g_array_new(false, false, sizeof(GlobalProp));
    }
    g_array_append_val(globals, global);
    return true;
}

static void apply_globals(DeviceState *dev)
{
    for (guint i = 0; globals && i < globals->len; i++) {
        GlobalProp *global = &g_array_index(globals, GlobalProp, i);
        Error *err = NULL;

        if (!type_is_a(dev->parent_obj.type, global->type)) {
            continue;
        }
        global->used = true;
        if (!qdev_prop_parse(dev, global->name, global->value, &err)) {
            error_prepend(&err, "-global: ");
            if (globals_error) {
                error_free(err);
            } else {
                globals_error = err;
            }
        }
    }
}

bool qdev_check_globals(Error **errp)
{
    if (globals_error) {
        error_propagate(errp, globals_error);
        globals_error = NULL;
        return false;
    }
    return true;
}

void qdev_warn_unused_globals(void)
{
    for (guint i = 0; globals && i < globals->len; i++) {
        const GlobalProp *global = &g_array_index(globals, GlobalProp, i);

        if (!global->used) {
            warn_report("-global %s.%s: this machine has no such device", global->type,
                        global->name);
        }
    }
}

void qdev_properties_set_defaults(DeviceState *dev)
{
    for (const TypeInfo *type = dev->parent_obj.type; type; type = type_parent(type)) {
        for (const Property *prop = type->props; prop && prop->name; prop++) {
            property_set_default(prop, dev);
        }
    }
    apply_globals(dev);
}

void qdev_properties_release(DeviceState *dev)
{
    for (const TypeInfo *type = dev->parent_obj.type; type; type = type_parent(type)) {
        for (const Property *prop = type->props; prop && prop->name; prop++) {
            void *field = (char *)dev + prop->offset;

            if (prop->kind == PROP_STRING) {
                g_free(*(char **)field);
            } else if (prop->kind == PROP_DRIVE) {
                claim_drive(dev, field, NULL);
            }
        }
    }
}

char *qdev_prop_format(DeviceState *dev, const Property *prop)
{
    const void *field = (char *)dev + prop->offset;
    const uint8_t *mac = field;
    int32_t devfn;

    switch (prop->kind) {
    case PROP_BOOL:
        return g_strdup(*(const bool *)field ? "true" : "false");
    case PROP_U8:
        return g_strdup_printf("%u (0x%x)", *(const uint8_t *)field, *(const uint8_t *)field);
    case PROP_U16:
        return g_strdup_printf("%u (0x%x)", *(const uint16_t *)field, *(const uint16_t *)field);
    case PROP_U32:
        return g_strdup_printf("%u (0x%x)", *(const uint32_t *)field, *(const uint32_t *)field);
    case PROP_I32:
        return g_strdup_printf("%d", *(const int32_t *)field);
    case PROP_U64:
    case PROP_SIZE:
        return g_strdup_printf("%" PRIu64 " (0x%" PRIx64 ")", *(const uint64_t *)field,
                               *(const uint64_t *)field);
    case PROP_STRING:
        return g_strdup_printf("\"%s\"", *(char *const *)field ? *(char *const *)field : "");
    case PROP_DRIVE: {
        BlockBackend *blk = *(BlockBackend *const *)field;

        return g_strdup_printf("\"%s\"", blk ? blk_name(blk) : "");
    }
    case PROP_NETDEV: {
        const NICConf *conf = field;

        return g_strdup_printf("\"%s\"", conf->peer && conf->peer->name ? conf->peer->name : "");
    }
    case PROP_MACADDR:
        return g_strdup_printf("\"%02x:%02x:%02x:%02x:%02x:%02x\"", mac[0], mac[1], mac[2],
                               mac[3], mac[4], mac[5]);
    case PROP_PCI_DEVFN:
        devfn = *(const int32_t *)field;
        return devfn < 0 ? g_strdup("-1") : g_strdup_printf("%02x.%x", devfn >> 3, devfn & 7);
    case PROP_CHR:
        return g_strdup(((const CharBackend *)field)->chr ? "connected" : "\"\"");
    default:
        return g_strdup("<link>");
    }
}

/* --- from C: names and kinds are the programmer's, so a mismatch is a bug ------ */

static void *field_of(DeviceState *dev, const char *name, PropertyKind kind)
{
    const Property *prop = qdev_prop_find(dev, name);

    if (!prop || (prop->kind != kind && !(kind == PROP_U64 && prop->kind == PROP_SIZE) &&
                  !(kind == PROP_I32 && prop->kind == PROP_PCI_DEVFN))) {
        error_report("%s: no property '%s' of that kind", dev->parent_obj.type->name, name);
        abort();
    }
    assert(!dev->realized);
    return (char *)dev + prop->offset;
}

void qdev_prop_set_bool(DeviceState *dev, const char *name, bool value)
{
    *(bool *)field_of(dev, name, PROP_BOOL) = value;
}

void qdev_prop_set_uint8(DeviceState *dev, const char *name, uint8_t value)
{
    *(uint8_t *)field_of(dev, name, PROP_U8) = value;
}

void qdev_prop_set_uint16(DeviceState *dev, const char *name, uint16_t value)
{
    *(uint16_t *)field_of(dev, name, PROP_U16) = value;
}

void qdev_prop_set_uint32(DeviceState *dev, const char *name, uint32_t value)
{
    *(uint32_t *)field_of(dev, name, PROP_U32) = value;
}

void qdev_prop_set_uint64(DeviceState *dev, const char *name, uint64_t value)
{
    *(uint64_t *)field_of(dev, name, PROP_U64) = value;
}

void qdev_prop_set_int32(DeviceState *dev, const char *name, int32_t value)
{
    *(int32_t *)field_of(dev, name, PROP_I32) = value;
}

void qdev_prop_set_string(DeviceState *dev, const char *name, const char *value)
{
    char **field = field_of(dev, name, PROP_STRING);

    g_free(*field);
    *field = g_strdup(value);
}

void qdev_prop_set_link(DeviceState *dev, const char *name, void *object)
{
    *(void **)field_of(dev, name, PROP_LINK) = object;
}

void qdev_prop_set_chr(DeviceState *dev, const char *name, Chardev *chr)
{
    CharBackend *be = field_of(dev, name, PROP_CHR);

    if (chr) {
        qemu_chr_fe_init(be, chr, &error_abort);
    }
}

void qdev_prop_set_drive(DeviceState *dev, const char *name, BlockBackend *blk)
{
    BlockBackend **field = field_of(dev, name, PROP_DRIVE);

    if (blk != *field && !claim_drive(dev, field, blk)) {
        error_report("%s: drive %s is already in use", dev->parent_obj.type->name, blk_name(blk));
        abort();
    }
}

void qdev_set_nic_properties(DeviceState *dev, NICInfo *nd)
{
    MACAddr *mac = field_of(dev, "mac", PROP_MACADDR);
    NICConf *conf = field_of(dev, "netdev", PROP_NETDEV);

    *mac = nd->macaddr;
    conf->peer = nd->netdev;
    nd->used = true;
}
