/*
 * "pvpanic": the guest reports that it crashed (pvpanic specification, ISA form).
 *
 * Port 0x505   reads: supported events; writes: bit 0 panicked, bit 1 crash loaded
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/misc/pc-ports.h"
#include "qemu/log.h"
#include "sysemu/sysemu.h"

enum { EVENT_PANICKED = 1, EVENT_CRASH_LOADED = 2 };

typedef struct PVPanicState {
    ISADevice parent_obj;

    MemoryRegion port;
    uint32_t ioport;
    uint8_t events;
} PVPanicState;
#define PVPANIC(o) OBJECT_CHECK(PVPanicState, (o), TYPE_PVPANIC)

static uint64_t pvpanic_read(void *opaque, hwaddr addr, unsigned size)
{
    return ((PVPanicState *)opaque)->events;
}

static void pvpanic_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    if (value & ~(uint64_t)(EVENT_PANICKED | EVENT_CRASH_LOADED)) {
        qemu_log_mask(LOG_GUEST_ERROR, "pvpanic: unknown event 0x%x\n", (unsigned)value);
    }
    if (value & EVENT_PANICKED) {
        qemu_system_shutdown_request(SHUTDOWN_CAUSE_GUEST_PANIC);
    }
}

static const MemoryRegionOps pvpanic_ops = {
    .read = pvpanic_read,
    .write = pvpanic_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

static const Property pvpanic_props[] = {
    DEFINE_PROP_UINT32("ioport", PVPanicState, ioport, 0x505),
    DEFINE_PROP_UINT8("events", PVPanicState, events, EVENT_PANICKED | EVENT_CRASH_LOADED),
    DEFINE_PROP_END
};

static bool pvpanic_realize(DeviceState *dev, Error **errp)
{
    PVPanicState *s = PVPANIC(dev);

    memory_region_init_io(&s->port, OBJECT(dev), &pvpanic_ops, s, "pvpanic", 1);
    isa_register_ioport(&s->parent_obj, &s->port, s->ioport);
    return true;
}

static const TypeInfo pvpanic_info = {
    .name = TYPE_PVPANIC,
    .parent = TYPE_ISA_DEVICE,
    .desc = "guest crash notification",
    .instance_size = sizeof(PVPanicState),
    .realize = pvpanic_realize,
    .props = pvpanic_props,
    .user_creatable = true,
    .category = "misc",
};
DEFINE_TYPE(pvpanic_info)
