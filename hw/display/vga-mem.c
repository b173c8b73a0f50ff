/*
 * CPU access to VGA memory through the window at 0xa0000 (IBM VGA technical
 * reference, graphics controller): planes, latches, write modes, odd/even and
 * chain-4 addressing, VBE banks.
 *
 * Chained memory that needs no arithmetic is mapped as RAM.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/display/vga.h"
#include "qemu/bswap.h"

/* The memory map field of the miscellaneous register: first byte in the window, size. */
static const struct { uint32_t first, size; } maps[4] = {
    { 0x00000, 0x20000 }, { 0x00000, 0x10000 }, { 0x10000, 0x8000 }, { 0x18000, 0x8000 },
};
enum { LINEAR_MAP = 1 };        /* the only one that is mapped as RAM */

static uint32_t spread(uint8_t planes)
{
    static const uint32_t mask[16] = {
        0x00000000, 0x000000ff, 0x0000ff00, 0x0000ffff, 0x00ff0000, 0x00ff00ff, 0x00ffff00, 0x00ffffff,
        0xff000000, 0xff0000ff, 0xff00ff00, 0xff00ffff, 0xffff0000, 0xffff00ff, 0xffffff00, 0xffffffff,
    };

    return mask[planes & 15];
}

static uint32_t replicate(uint8_t value)
{
    return value * 0x01010101u;
}

/* The four planes' bytes of one offset. */
static uint8_t *plane_bytes(VGAState *s, uint32_t offset)
{
    return (uint8_t *)memory_region_get_ram_ptr(&s->vram) + (offset * 4 & (s->vram_size - 1));
}

/* --- reading --------------------------------------------------------------- */

/* Read mode 1: a bit for each pixel whose cared-for planes equal the colour. */
static uint8_t compare(const VGAState *s)
{
    uint32_t differ = (s->latch ^ spread(s->gfx[GFX_COMPARE])) & spread(s->gfx[GFX_DONT_CARE]);

    return ~(differ | differ >> 8 | differ >> 16 | differ >> 24);
}

uint8_t vga_plane_read(VGAState *s, uint32_t address)
{
    bool chained = s->seq[SEQ_MEMORY_MODE] & SEQ_MEMORY_CHAIN4;
    unsigned plane = s->gfx[GFX_READ_PLANE] & 3;
    uint32_t offset = address;

    if (chained) {
        plane = address & 3;
        offset = address >> 2;
    } else if (s->gfx[GFX_MODE] & GFX_MODE_ODD_EVEN) {
        plane = (plane & 2) | (address & 1);
        offset = address & ~1u;
    }
    s->latch = ldl_le_p(plane_bytes(s, offset));
    return s->gfx[GFX_MODE] & GFX_MODE_READ && !chained ? compare(s) : s->latch >> 8 * plane;
}

/* --- writing --------------------------------------------------------------- */

static uint32_t combine(const VGAState *s, uint32_t value)
{
    switch (s->gfx[GFX_ROTATE] >> 3 & 3) {
    case 1:
        return value & s->latch;
    case 2:
        return value | s->latch;
    case 3:
        return value ^ s->latch;
    default:
        return value;
    }
}

static uint8_t rotate(const VGAState *s, uint8_t value)
{
    unsigned count = s->gfx[GFX_ROTATE] & 7;

    return value >> count | value << (8 - count);
}

/* The four planes' bytes that the write mode makes out of a CPU byte. */
static uint32_t write_value(const VGAState *s, uint8_t value)
{
    uint32_t enable = spread(s->gfx[GFX_SET_RESET_ENABLE]), mask = replicate(s->gfx[GFX_BIT_MASK]), planes;

    switch (s->gfx[GFX_MODE] & GFX_MODE_WRITE) {
    case 0:
        planes = (replicate(rotate(s, value)) & ~enable) | (spread(s->gfx[GFX_SET_RESET]) & enable);
        break;
    case 1:
        return s->latch;
    case 2:
        planes = spread(value);
        break;
    default:
        mask &= replicate(rotate(s, value));
        planes = spread(s->gfx[GFX_SET_RESET]);
        break;
    }
    return (combine(s, planes) & mask) | (s->latch & ~mask);
}

void vga_plane_write(VGAState *s, uint32_t address, uint8_t value)
{
    uint8_t planes = s->seq[SEQ_PLANE_MASK];
    uint32_t offset = address, mask, old, updated;
    uint8_t *bytes;

    if (s->seq[SEQ_MEMORY_MODE] & SEQ_MEMORY_CHAIN4) {
        planes &= 1 << (address & 3);
        offset = address >> 2;
    } else if (!(s->seq[SEQ_MEMORY_MODE] & SEQ_MEMORY_SEQUENTIAL)) {
        planes &= address & 1 ? 0x0a : 0x05;
        offset = address & ~1u;
    }
    mask = spread(planes);
    bytes = plane_bytes(s, offset);
    old = ldl_le_p(bytes);
    updated = (write_value(s, value) & mask) | (old & ~mask);
    if (updated != old) {
        stl_le_p(bytes, updated);
        memory_region_set_dirty(&s->vram, offset * 4 & (s->vram_size - 1), 4);
    }
}

/* --- the window ------------------------------------------------------------- */

static uint32_t bank_base(const VGAState *s)
{
    return s->vbe[VBE_ENABLE] & VBE_ENABLED ? s->vbe[VBE_BANK] * 64 * KiB : 0;
}

/* False: nothing answers at that place of the window. */
static bool window_address(const VGAState *s, uint32_t offset, uint32_t *address)
{
    unsigned map = s->gfx[GFX_MISC] >> GFX_MISC_MAP_SHIFT & 3;

    *address = offset - maps[map].first + bank_base(s);
    return s->misc & MISC_RAM_ENABLE && offset - maps[map].first < maps[map].size;
}

uint8_t vga_mem_read(VGAState *s, uint32_t offset)
{
    uint32_t address;

    return window_address(s, offset, &address) ? vga_plane_read(s, address) : 0xff;
}

void vga_mem_write(VGAState *s, uint32_t offset, uint8_t value)
{
    uint32_t address;

    if (window_address(s, offset, &address)) {
        vga_plane_write(s, address, value);
    }
}

static uint64_t window_read(void *opaque, hwaddr addr, unsigned size)
{
    return vga_mem_read(opaque, addr);
}

static void window_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    vga_mem_write(opaque, addr, data);
}

static const MemoryRegionOps window_ops = {
    .read = window_read,
    .write = window_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

/* True when a byte of the window is a byte of chained memory, unchanged. */
static bool window_is_linear(const VGAState *s)
{
    return s->misc & MISC_RAM_ENABLE && (s->gfx[GFX_MISC] >> GFX_MISC_MAP_SHIFT & 3) == LINEAR_MAP &&
           s->seq[SEQ_MEMORY_MODE] & SEQ_MEMORY_CHAIN4 && (s->seq[SEQ_PLANE_MASK] & 15) == 15 &&
           !(s->gfx[GFX_MODE] & GFX_MODE_WRITE) &&
           !(s->gfx[GFX_SET_RESET_ENABLE] & 15) && !(s->gfx[GFX_ROTATE] & 0x1f) && s->gfx[GFX_BIT_MASK] == 0xff;
}

void vga_update_window(VGAState *s)
{
    memory_region_transaction_begin();
    memory_region_set_alias_offset(&s->window_linear, bank_base(s) & (s->vram_size - 1));
    memory_region_set_enabled(&s->window_linear, window_is_linear(s));
    memory_region_transaction_commit();
}

void vga_window_init(VGAState *s, DeviceState *owner)
{
    Object *obj = OBJECT(owner);

    memory_region_init(&s->window, obj, "vga-lowmem", VGA_WINDOW_SIZE);
    memory_region_init_io(&s->window_io, obj, &window_ops, s, "vga-lowmem-io", VGA_WINDOW_SIZE);
    memory_region_init_alias(&s->window_linear, obj, "vga.chain4", &s->vram, 0, maps[LINEAR_MAP].size);
    memory_region_add_subregion(&s->window, 0, &s->window_io);
    memory_region_add_subregion_overlap(&s->window, 0, &s->window_linear, 1);
    memory_region_set_enabled(&s->window_linear, false);
}
