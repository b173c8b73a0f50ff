/*
 * Where every VGA card is on the bus: its ports, the VBE ports and the window at
 * 0xa0000; and how much memory the standard cards may have.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/display/vga.h"

enum { PORTS_MONO = VGA_PORT_FIRST, PORTS_MONO_SIZE = 0x10, MIN_MEMORY_MB = 1, MAX_MEMORY_MB = 256 };

static uint64_t mono_read(void *opaque, hwaddr addr, unsigned size)
{
    return vga_port_read(opaque, PORTS_MONO + addr);
}

static void mono_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    vga_port_write(opaque, PORTS_MONO + addr, data);
}

static const MemoryRegionOps mono_ops = {
    .read = mono_read,
    .write = mono_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

static uint64_t colour_read(void *opaque, hwaddr addr, unsigned size)
{
    return vga_port_read(opaque, VGA_PORTS_COLOUR + addr);
}

static void colour_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    vga_port_write(opaque, VGA_PORTS_COLOUR + addr, data);
}

const MemoryRegionOps vga_colour_port_ops = {
    .read = colour_read,
    .write = colour_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 4 },
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

void vga_map_legacy(VGAState *s, VGAPorts *ports, Object *owner, MemoryRegion *io, MemoryRegion *mem)
{
    memory_region_init_io(&ports->mono, owner, &mono_ops, s, "vga", PORTS_MONO_SIZE);
    memory_region_init_io(&ports->colour, owner, &vga_colour_port_ops, s, "vga", VGA_PORTS_COLOUR_SIZE);
    memory_region_init_io(&ports->vbe, owner, &vga_vbe_port_ops, s, "vbe", VGA_VBE_PORT_COUNT);
    memory_region_add_subregion(io, PORTS_MONO, &ports->mono);
    memory_region_add_subregion(io, VGA_PORTS_COLOUR, &ports->colour);
    memory_region_add_subregion(io, VGA_VBE_PORT, &ports->vbe);
    memory_region_add_subregion_overlap(mem, VGA_WINDOW_ADDRESS, &s->window, 1);
}

bool vga_set_memory(VGAState *s, const Object *card, uint32_t megabytes, Error **errp)
{
    if (megabytes < MIN_MEMORY_MB || megabytes > MAX_MEMORY_MB || (megabytes & (megabytes - 1))) {
        error_setg(errp, "%s: vgamem_mb=%u: must be a power of two from %d to %d", card->type->name, megabytes,
                   MIN_MEMORY_MB, MAX_MEMORY_MB);
        return false;
    }
    s->vram_size = megabytes * MiB;
    return true;
}
