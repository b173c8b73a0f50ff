/*
 * SCSI bus: targets and logical units.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/scsi/scsi-internal.h"

SCSIDisk *scsi_bus_find(SCSIBus *bus, int target, int lun)
{
    for (guint i = 0; i < bus->qbus.devices->len; i++) {
        SCSIDisk *s = g_ptr_array_index(bus->qbus.devices, i);

        if ((int)s->target == target && (int)s->lun == lun) {
            return s;
        }
    }
    return NULL;
}

SCSIDisk *scsi_bus_find_target(SCSIBus *bus, int target)
{
    for (guint i = 0; i < bus->qbus.devices->len; i++) {
        SCSIDisk *s = g_ptr_array_index(bus->qbus.devices, i);

        if ((int)s->target == target) {
            return s;
        }
    }
    return NULL;
}

static bool scsi_bus_plug(BusState *qbus, DeviceState *dev, Error **errp)
{
    SCSIBus *bus = (SCSIBus *)qbus;
    SCSIDisk *s = (SCSIDisk *)dev;

    if (s->target == UINT32_MAX) {
        s->target = 0;
        while ((int)s->target <= bus->max_target && scsi_bus_find_target(bus, s->target)) {
            s->target++;
        }
    }
    if ((int64_t)s->target > bus->max_target || (int64_t)s->lun > bus->max_lun) {
        error_setg(errp, "bus %s has no scsi-id=%u,lun=%u (largest: %d and %d)", qbus->name,
                   s->target, s->lun, bus->max_target, bus->max_lun);
        return false;
    }
    if (scsi_bus_find(bus, s->target, s->lun)) {
        error_setg(errp, "scsi-id=%u,lun=%u of bus %s is taken", s->target, s->lun, qbus->name);
        return false;
    }
    return true;
}

void scsi_bus_init(SCSIBus *bus, DeviceState *dev, const char *name, int max_target, int max_lun)
{
    qbus_init(&bus->qbus, sizeof(*bus), TYPE_SCSI_BUS, dev, name);
    bus->qbus.plug = scsi_bus_plug;
    bus->qbus.hotpluggable = true;
    bus->max_target = max_target;
    bus->max_lun = max_lun;
}
