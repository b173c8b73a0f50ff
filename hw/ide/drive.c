/*
 * Device types "ide-hd" and "ide-cd", and the bus they sit on.
 *
 * Bus "IDE"    two units; a drive takes the unit it names or the first free one
 * Properties   "drive" backend, "serial", "model", "ver", "unit" (-1: automatic)
 *
 * Leaves to others: everything a guest sees (core.c, ata.c, atapi.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/ide/ide-internal.h"
#include "sysemu/sysemu.h"

enum { MAX_CYLINDERS = 16383, DEFAULT_HEADS = 16, DEFAULT_SECTORS = 63 };

/* The bus. */

static bool bus_plug(BusState *qbus, DeviceState *dev, Error **errp)
{
    IDEBus *bus = (IDEBus *)qbus;
    IDEDrive *s = (IDEDrive *)dev;

    if (s->unit < 0) {
        s->unit = bus->drives[0] ? 1 : 0;
    }
    if (s->unit >= IDE_UNITS) {
        error_setg(errp, "unit=%d: an IDE bus has units 0 and 1", s->unit);
        return false;
    }
    if (bus->drives[s->unit]) {
        error_setg(errp, "unit=%d of bus %s is taken", s->unit, qbus->name);
        return false;
    }
    return true;
}

static void bus_unplug(BusState *qbus, DeviceState *dev)
{
    IDEBus *bus = (IDEBus *)qbus;
    int i;

    for (i = 0; i < IDE_UNITS; i++) {
        if (bus->drives[i] == (IDEDrive *)dev) {
            bus->drives[i] = NULL;
        }
    }
}

static void bus_reset(BusState *qbus)
{
    ide_bus_reset((IDEBus *)qbus);
}

void ide_bus_init(IDEBus *bus, DeviceState *parent, const char *name)
{
    qbus_init(&bus->qbus, sizeof(*bus), TYPE_IDE_BUS, parent, name);
    bus->qbus.plug = bus_plug;
    bus->qbus.unplug = bus_unplug;
    bus->qbus.reset = bus_reset;
    bus->qbus.max_devices = IDE_UNITS;
}

bool ide_bus_create_drives(IDEBus *bus, int bus_number, Error **errp)
{
    int unit;

    for (unit = 0; unit < IDE_UNITS; unit++) {
        DriveInfo *info = drive_get(IF_IDE, bus_number, unit);
        DeviceState *dev;

        if (!info) {
            continue;
        }
        dev = qdev_new(info->media_cd ? TYPE_IDE_CD : TYPE_IDE_HD);
        qdev_prop_set_drive(dev, "drive", info->blk);
        qdev_prop_set_int32(dev, "unit", unit);
        if (info->serial) {
            qdev_prop_set_string(dev, "serial", info->serial);
        }
        if (!qdev_realize_and_unref(dev, &bus->qbus, errp)) {
            return false;
        }
    }
    return true;
}

bool pci_ide_create_drives(DeviceState *pci_ide, int first_bus, Error **errp)
{
    for (guint i = 0; i < pci_ide->child_buses->len; i++) {
        if (!ide_bus_create_drives(g_ptr_array_index(pci_ide->child_buses, i), first_bus + i, errp)) {
            return false;
        }
    }
    return true;
}

/* The drives. */

static void drive_reset(DeviceState *dev)
{
    IDEDrive *s = (IDEDrive *)dev;

    s->write_cache = true;
    s->smart_enabled = true;
    s->dma_mode = 0;
    s->command = 0;
    s->dma_pumping = false;
    s->medium_changed = false;
    s->media_event = 0;
    ide_drive_reset(s);
}

static void vm_state_changed(void *opaque, bool running, RunState state)
{
    if (running) {
        ide_retry(opaque);
    }
}

static void set_geometry(IDEDrive *s)
{
    s->heads = DEFAULT_HEADS;
    s->sectors_per_track = DEFAULT_SECTORS;
    s->cylinders = CLAMP(s->sectors / (DEFAULT_HEADS * DEFAULT_SECTORS), (uint64_t)1,
                         (uint64_t)MAX_CYLINDERS);
}

static void default_string(char **field, const char *value)
{
    if (!*field) {
        *field = g_strdup(value);
    }
}

static bool drive_realize(DeviceState *dev, Error **errp)
{
    static int made;
    IDEDrive *s = (IDEDrive *)dev;
    char serial[16];

    if (!s->blk && s->is_cd) {
        s->blk = s->own_blk = blk_new_empty_cd();
    }
    if (!s->blk) {
        error_setg(errp, "%s: property 'drive' is not set", dev->parent_obj.type->name);
        return false;
    }
    if (!s->is_cd && !blk_is_inserted(s->blk)) {
        error_setg(errp, "%s: drive '%s' has no medium", dev->parent_obj.type->name, blk_name(s->blk));
        return false;
    }
    if (!s->is_cd && blk_is_read_only(s->blk)) {
        error_setg(errp, "%s: drive '%s' is read-only, a disk must be writable (or snapshot=on)",
                   dev->parent_obj.type->name, blk_name(s->blk));
        return false;
    }
    if (!blk_attach_dev(s->blk, s)) {
        error_setg(errp, "%s: drive '%s' is already in use", dev->parent_obj.type->name,
                   blk_name(s->blk));
        return false;
    }
    s->bus = (IDEBus *)dev->parent_bus;
    s->sectors = s->is_cd ? 0 : blk_getlength(s->blk) / BDRV_SECTOR_SIZE;
    set_geometry(s);
    snprintf(serial, sizeof(serial), "QM%05d", ++made);
    default_string(&s->serial, serial);
    default_string(&s->model, s->is_cd ? "QEMU DVD-ROM" : "QEMU HARDDISK");
    default_string(&s->version, "2.5+");
    if (s->is_cd) {
        blk_set_dev_ops(s->blk, &atapi_dev_ops, s);
    }
    s->bus->drives[s->unit] = s;
    qemu_add_vm_change_state_handler(vm_state_changed, s);
    return true;
}

static void drive_unrealize(DeviceState *dev)
{
    IDEDrive *s = (IDEDrive *)dev;

    qemu_del_vm_change_state_handler(vm_state_changed, s);
    ide_cancel(s);
    blk_detach_dev(s->blk, s);
    if (s->own_blk) {
        blk_free(s->own_blk);
        s->blk = s->own_blk = NULL;
    }
}

static int drive_pre_save(void *opaque)
{
    blk_drain_all();
    return 0;
}

/* A damaged stream must not lead outside of the buffer. */
static int drive_post_load(void *opaque, int version)
{
    IDEDrive *s = opaque;

    if (s->data_end > IDE_BUFFER_BYTES || s->data_pos > s->data_end ||
        s->dma_len > IDE_BUFFER_BYTES || s->dma_pos > s->dma_len ||
        s->reply_len > IDE_BUFFER_BYTES || s->reply_pos > s->reply_len ||
        s->multiple > IDE_MAX_MULTIPLE || s->block_sectors > IDE_MAX_MULTIPLE ||
        s->after > AFTER_PACKET_PARAMS || s->dma > DMA_PACKET_READ || s->retry > RETRY_PACKET_READ ||
        (s->cd_sector_bytes && s->cd_sector_bytes != CD_SECTOR && s->cd_sector_bytes != CD_RAW_SECTOR)) {
        return -EINVAL;
    }
    return 0;
}

static const VMStateDescription vmstate_ide_drive = {
    .name = "ide-drive",
    .version = 1,
    .pre_save = drive_pre_save,
    .post_load = drive_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT8_ARRAY(features, IDEDrive, 2),
        VMSTATE_UINT8_ARRAY(count, IDEDrive, 2),
        VMSTATE_UINT8_ARRAY(lba_low, IDEDrive, 2),
        VMSTATE_UINT8_ARRAY(lba_mid, IDEDrive, 2),
        VMSTATE_UINT8_ARRAY(lba_high, IDEDrive, 2),
        VMSTATE_UINT8(device, IDEDrive),
        VMSTATE_UINT8(status, IDEDrive),
        VMSTATE_UINT8(error, IDEDrive),
        VMSTATE_UINT8(logical_heads, IDEDrive),
        VMSTATE_UINT8(logical_sectors, IDEDrive),
        VMSTATE_UINT8(multiple, IDEDrive),
        VMSTATE_UINT8(dma_mode, IDEDrive),
        VMSTATE_BOOL(write_cache, IDEDrive),
        VMSTATE_BOOL(smart_enabled, IDEDrive),
        VMSTATE_UINT8(command, IDEDrive),
        VMSTATE_BOOL(lba48, IDEDrive),
        VMSTATE_UINT64(lba, IDEDrive),
        VMSTATE_UINT32(sectors_left, IDEDrive),
        VMSTATE_UINT32(block_sectors, IDEDrive),
        VMSTATE_UINT32(byte_limit, IDEDrive),
        VMSTATE_UINT32(data_pos, IDEDrive),
        VMSTATE_UINT32(data_end, IDEDrive),
        VMSTATE_BOOL(data_out, IDEDrive),
        VMSTATE_UINT8(after, IDEDrive),
        VMSTATE_UINT8(dma, IDEDrive),
        VMSTATE_UINT32(dma_pos, IDEDrive),
        VMSTATE_UINT32(dma_len, IDEDrive),
        VMSTATE_UINT8(retry, IDEDrive),
        VMSTATE_UINT8_ARRAY(packet, IDEDrive, IDE_PACKET_BYTES),
        VMSTATE_UINT8(sense_key, IDEDrive),
        VMSTATE_UINT8(asc, IDEDrive),
        VMSTATE_UINT8(ascq, IDEDrive),
        VMSTATE_BOOL(packet_dma, IDEDrive),
        VMSTATE_UINT32(reply_left, IDEDrive),
        VMSTATE_UINT32(reply_pos, IDEDrive),
        VMSTATE_UINT32(reply_len, IDEDrive),
        VMSTATE_UINT32(cd_sector_bytes, IDEDrive),
        VMSTATE_BOOL(tray_open, IDEDrive),
        VMSTATE_BOOL(tray_locked, IDEDrive),
        VMSTATE_BOOL(medium_changed, IDEDrive),
        VMSTATE_UINT8(media_event, IDEDrive),
        VMSTATE_BUFFER(buffer, IDEDrive),
        VMSTATE_END
    },
};

static const Property drive_props[] = {
    DEFINE_PROP_DRIVE("drive", IDEDrive, blk),
    DEFINE_PROP_STRING("serial", IDEDrive, serial),
    DEFINE_PROP_STRING("model", IDEDrive, model),
    DEFINE_PROP_STRING("ver", IDEDrive, version),
    DEFINE_PROP_INT32("unit", IDEDrive, unit, -1),
    DEFINE_PROP_BOOTINDEX,
    DEFINE_PROP_END
};

static void cd_init(Object *obj)
{
    ((IDEDrive *)obj)->is_cd = true;
}

static const TypeInfo ide_drive_info = {
    .name = TYPE_IDE_DRIVE,
    .parent = "device",
    .desc = "IDE drive",
    .instance_size = sizeof(IDEDrive),
    .realize = drive_realize,
    .unrealize = drive_unrealize,
    .reset = drive_reset,
    .props = drive_props,
    .vmsd = &vmstate_ide_drive,
    .bus_type = TYPE_IDE_BUS,
    .category = "storage",
};

static const TypeInfo ide_hd_info = {
    .name = TYPE_IDE_HD,
    .parent = TYPE_IDE_DRIVE,
    .desc = "IDE hard disk",
    .instance_size = sizeof(IDEDrive),
    .bus_type = TYPE_IDE_BUS,
    .user_creatable = true,
    .category = "storage",
};

static const TypeInfo ide_cd_info = {
    .name = TYPE_IDE_CD,
    .parent = TYPE_IDE_DRIVE,
    .desc = "IDE CD-ROM drive",
    .instance_size = sizeof(IDEDrive),
    .init = cd_init,
    .bus_type = TYPE_IDE_BUS,
    .user_creatable = true,
    .category = "storage",
};

DEFINE_TYPE(ide_drive_info)
DEFINE_TYPE(ide_hd_info)
DEFINE_TYPE(ide_cd_info)
