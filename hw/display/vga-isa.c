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

enum { MIN_MEMORY_MB = 1, MAX_MEMORY_MB = 256, PORTS_MONO = 0x3b0, PORTS_COLOUR = 0x3c0, PORTS_MONO_SIZE = 0x10,
       PORTS_COLOUR_SIZE = 0x20 };
#define LINEAR_ADDRESS 0xe0000000u

typedef struct ISAVGAState {
    ISADevice parent_obj;

    MemoryRegion io_mono, io_colour, io_vbe;
    uint32_t memory_mb;

    VGAState vga;
} ISAVGAState;
#define ISA_VGA(o) OBJECT_CHECK(ISAVGAState, (o), "isa-vga")

static uint64_t mono_read(void *opaque, hwaddr addr, unsigned size)
{
    return vga_port_read(opaque, PORTS_MONO + addr);
}

static void mono_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    vga_port_write(opaque, PORTS_MONO + addr, data);
}

static uint64_t colour_read(void *opaque, hwaddr addr, unsigned size)
{
    return vga_port_read(opaque, PORTS_COLOUR + addr);
}

static void colour_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    vga_port_write(opaque, PORTS_COLOUR + addr, data);
}

static const MemoryRegionOps mono_ops = {
    .read = mono_read,
    .write = mono_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

static const MemoryRegionOps colour_ops = {
    .read = colour_read,
    .write = colour_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

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
    Object *obj = OBJECT(dev);

    if (s->memory_mb < MIN_MEMORY_MB || s->memory_mb > MAX_MEMORY_MB || s->memory_mb & (s->memory_mb - 1)) {
        error_setg(errp, "isa-vga: vgamem_mb=%u: must be a power of two from %d to %d", s->memory_mb,
                   MIN_MEMORY_MB, MAX_MEMORY_MB);
        return false;
    }
    s->vga.vram_size = s->memory_mb * MiB;
    if (!vga_init(&s->vga, dev, errp)) {
        return false;
    }
    memory_region_init_io(&s->io_mono, obj, &mono_ops, &s->vga, "vga", PORTS_MONO_SIZE);
    memory_region_init_io(&s->io_colour, obj, &colour_ops, &s->vga, "vga", PORTS_COLOUR_SIZE);
    memory_region_init_io(&s->io_vbe, obj, &vga_vbe_port_ops, &s->vga, "vbe", VGA_VBE_PORT_COUNT);
    isa_register_ioport(isa, &s->io_mono, PORTS_MONO);
    isa_register_ioport(isa, &s->io_colour, PORTS_COLOUR);
    isa_register_ioport(isa, &s->io_vbe, VGA_VBE_PORT);
    memory_region_add_subregion_overlap(isa->bus->mem, VGA_WINDOW_ADDRESS, &s->vga.window, 1);
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
