/*
 * Debug console: a port whose bytes go to a chardev (Bochs and SeaBIOS use it).
 *
 * Properties "iobase" (0xe9), "readback" (what reads find, 0xe9), "chardev".
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "chardev/char.h"
#include "hw/misc/pc-ports.h"

typedef struct DebugconState {
    ISADevice parent_obj;

    MemoryRegion port;
    CharBackend chr;
    uint32_t iobase, readback;
} DebugconState;
#define DEBUGCON(o) OBJECT_CHECK(DebugconState, (o), TYPE_DEBUGCON)

static uint64_t debugcon_read(void *opaque, hwaddr addr, unsigned size)
{
    return ((DebugconState *)opaque)->readback;
}

static void debugcon_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    DebugconState *s = opaque;
    uint8_t byte = value;

    qemu_chr_fe_write_all(&s->chr, &byte, 1);
}

static const MemoryRegionOps debugcon_ops = {
    .read = debugcon_read,
    .write = debugcon_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

static const Property debugcon_props[] = {
    DEFINE_PROP_UINT32("iobase", DebugconState, iobase, 0xe9),
    DEFINE_PROP_UINT32("readback", DebugconState, readback, 0xe9),
    DEFINE_PROP_CHR("chardev", DebugconState, chr),
    DEFINE_PROP_END
};

static bool debugcon_realize(DeviceState *dev, Error **errp)
{
    DebugconState *s = DEBUGCON(dev);

    if (!qemu_chr_fe_backend_connected(&s->chr)) {
        error_setg(errp, "isa-debugcon: needs a chardev");
        return false;
    }
    memory_region_init_io(&s->port, OBJECT(dev), &debugcon_ops, s, "isa-debugcon", 1);
    isa_register_ioport(&s->parent_obj, &s->port, s->iobase);
    return true;
}

static const TypeInfo debugcon_info = {
    .name = TYPE_DEBUGCON,
    .parent = TYPE_ISA_DEVICE,
    .desc = "debug console",
    .instance_size = sizeof(DebugconState),
    .realize = debugcon_realize,
    .props = debugcon_props,
    .user_creatable = true,
    .category = "misc",
};
DEFINE_TYPE(debugcon_info)
