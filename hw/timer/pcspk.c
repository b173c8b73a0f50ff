/*
 * Port 0x61 of the PC: speaker gate and data, and what can be seen of the
 * timer (82371SB data sheet, 2.5.5 "NMI status and control").
 *
 * Bit 0   GATE of counter 2        bit 4   toggles with each refresh cycle
 * Bit 1   speaker data             bit 5   OUT of counter 2
 *
 * The sound itself is not made here.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/timer/i8254.h"
#include "qemu/timer.h"

enum { CTL_GATE = 0x01, CTL_DATA = 0x02, CTL_REFRESH = 0x10, CTL_OUT = 0x20 };
enum { SPEAKER_COUNTER = 2, REFRESH_NS = 15085 };

typedef struct PCSpeakerState {
    ISADevice parent_obj;

    MemoryRegion port;
    DeviceState *pit;           /* link */
    uint32_t iobase;

    bool data;
} PCSpeakerState;
#define PC_SPEAKER(o) OBJECT_CHECK(PCSpeakerState, (o), TYPE_PC_SPEAKER)

static uint64_t pcspk_read(void *opaque, hwaddr addr, unsigned size)
{
    PCSpeakerState *s = opaque;
    bool refresh = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) / REFRESH_NS & 1;

    return (i8254_gate(s->pit, SPEAKER_COUNTER) ? CTL_GATE : 0) | (s->data ? CTL_DATA : 0) |
           (refresh ? CTL_REFRESH : 0) | (i8254_out(s->pit, SPEAKER_COUNTER) ? CTL_OUT : 0);
}

static void pcspk_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    PCSpeakerState *s = opaque;

    s->data = value & CTL_DATA;
    i8254_set_gate(s->pit, SPEAKER_COUNTER, value & CTL_GATE);
}

static const MemoryRegionOps pcspk_ops = {
    .read = pcspk_read,
    .write = pcspk_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

static void pcspk_reset(DeviceState *dev)
{
    PC_SPEAKER(dev)->data = false;
}

static const VMStateField pcspk_fields[] = {
    VMSTATE_BOOL(data, PCSpeakerState),
    VMSTATE_END
};
static const VMStateDescription vmstate_pcspk = {
    .name = "pcspk",
    .version = 1,
    .fields = pcspk_fields,
};

static const Property pcspk_props[] = {
    DEFINE_PROP_UINT32("iobase", PCSpeakerState, iobase, 0x61),
    DEFINE_PROP_LINK("pit", PCSpeakerState, pit),
    DEFINE_PROP_END
};

static bool pcspk_realize(DeviceState *dev, Error **errp)
{
    PCSpeakerState *s = PC_SPEAKER(dev);

    memory_region_init_io(&s->port, OBJECT(dev), &pcspk_ops, s, "pcspk", 1);
    isa_register_ioport(&s->parent_obj, &s->port, s->iobase);
    return true;
}

static const TypeInfo pcspk_info = {
    .name = TYPE_PC_SPEAKER,
    .parent = TYPE_ISA_DEVICE,
    .desc = "PC speaker",
    .instance_size = sizeof(PCSpeakerState),
    .realize = pcspk_realize,
    .reset = pcspk_reset,
    .vmsd = &vmstate_pcspk,
    .props = pcspk_props,
};
DEFINE_TYPE(pcspk_info)
