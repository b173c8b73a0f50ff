/*
 * VGA on the ISA bus, with the VBE extension.
 *
 * I/O      VGA ports, VBE index and data at 0x1ce, 0x1cf
 * Memory   the legacy window at 0xa0000; linear at 0xe0000000
 * Property "vgamem_mb": video memory
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/display/vga.h"
#include "hw/isa.h"

#define LINEAR_ADDRESS 0xe0000000u

typedef struct ISAVGAState {
    ISADevice parent_obj;

    VGAPorts ports;
    uint32_t memory_mb;

    VGAState vga;
} ISAVGAState;
#define ISA_VGA(o) OBJECT_CHECK(ISAVGAState, (o), "isa-vga")

static void isa_vga_reset(DeviceState *dev)
{
    vga_reset(&ISA_VGA(dev)->vga);
}

static const VMStateField isa_vga_fields[] = {
    VMSTATE_STRUCT(vga, ISAVGAState, vmstate_vga, VGAState),
    VMSTATE_END
};
static const VMStateDescription vmstate_isa_vga = {
    .name = "isa-vga",
    .version = 1,
    .fields = isa_vga_fields,
};

static const Property isa_vga_props[] = {
    { .name = "vgamem_mb", .kind = PROP_U32, .offset = offsetof(ISAVGAState, memory_mb),
      .has_default = true, .defval = 8, .desc = "video memory in MiB, a power of two" },
    DEFINE_PROP_END
};

static bool isa_vga_realize(DeviceState *dev, Error **errp)
{
    ISAVGAState *s = ISA_VGA(dev);
    ISADevice *isa = ISA_DEVICE(dev);

    if (!vga_set_memory(&s->vga, OBJECT(dev), s->memory_mb, errp) || !vga_init(&s->vga, dev, errp)) {
        return false;
    }
    vga_map_legacy(&s->vga, &s->ports, OBJECT(dev), isa->bus->io, isa->bus->mem);
    memory_region_add_subregion_overlap(isa->bus->mem, LINEAR_ADDRESS, &s->vga.vram, 1);
    return true;
}

static void isa_vga_finalize(Object *obj)
{
    vga_cleanup(&ISA_VGA(obj)->vga);
}

static const TypeInfo isa_vga_info = {
    .name = "isa-vga",
    .parent = TYPE_ISA_DEVICE,
    .desc = "standard VGA card",
    .instance_size = sizeof(ISAVGAState),
    .finalize = isa_vga_finalize,
    .realize = isa_vga_realize,
    .reset = isa_vga_reset,
    .props = isa_vga_props,
    .vmsd = &vmstate_isa_vga,
    .user_creatable = true,
    .category = "display",
};
DEFINE_TYPE(isa_vga_info)
