/*
 * "isa-debug-exit": a write of N ends the process with status 2N + 1.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/misc/pc-ports.h"
#include "sysemu/sysemu.h"

typedef struct DebugExitState {
    ISADevice parent_obj;

    MemoryRegion port;
    uint32_t iobase, iosize;
} DebugExitState;
#define DEBUG_EXIT(o) OBJECT_CHECK(DebugExitState, (o), TYPE_DEBUG_EXIT)

static uint64_t debug_exit_read(void *opaque, hwaddr addr, unsigned size)
{
    return 0;
}

static void debug_exit_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    qemu_system_exit_request(value << 1 | 1);
}

static const MemoryRegionOps debug_exit_ops = {
    .read = debug_exit_read,
    .write = debug_exit_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 4 },
};

static const Property debug_exit_props[] = {
    DEFINE_PROP_UINT32("iobase", DebugExitState, iobase, 0x501),
    DEFINE_PROP_UINT32("iosize", DebugExitState, iosize, 2),
    DEFINE_PROP_END
};

static bool debug_exit_realize(DeviceState *dev, Error **errp)
{
    DebugExitState *s = DEBUG_EXIT(dev);

    if (!s->iosize || s->iosize > 0x100) {
        error_setg(errp, "isa-debug-exit: iosize=%u: must be 1 to 256", s->iosize);
        return false;
    }
    memory_region_init_io(&s->port, OBJECT(dev), &debug_exit_ops, s, "isa-debug-exit", s->iosize);
    isa_register_ioport(&s->parent_obj, &s->port, s->iobase);
    return true;
}

static const TypeInfo debug_exit_info = {
    .name = TYPE_DEBUG_EXIT,
    .parent = TYPE_ISA_DEVICE,
    .desc = "ends the process with a status",
    .instance_size = sizeof(DebugExitState),
    .realize = debug_exit_realize,
    .props = debug_exit_props,
    .user_creatable = true,
    .category = "misc",
};
DEFINE_TYPE(debug_exit_info)
