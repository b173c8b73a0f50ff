/*
 * The Bochs VBE extension of the VGA (published with the specification of the
 * standard VGA card of this family): modes of 4 to 32 bits, banks, virtual
 * screens.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/display/vga.h"
#include "trace/hw-display.h"

enum { VBE_ID_FIRST = 0xb0c0, VBE_MAX_XRES = 16000, VBE_MAX_YRES = 12000,
       VBE_MAX_BPP = 32 };

uint16_t vga_vbe_read(VGAState *s, unsigned reg)
{
    if (reg >= VBE_COUNT) {
        return 0;
    }
    if (s->vbe[VBE_ENABLE] & VBE_GET_CAPS) {
        switch (reg) {
        case VBE_XRES:
            return VBE_MAX_XRES;
        case VBE_YRES:
            return VBE_MAX_YRES;
        case VBE_BPP:
            return VBE_MAX_BPP;
        default:
            break;
        }
    }
    return reg == VBE_VIDEO_MEMORY_64K ? s->vram_size / (64 * KiB) : s->vbe[reg];
}

static unsigned line_bytes(const VGAState *s, unsigned pixels)
{
    return s->vbe[VBE_BPP] == 4 ? pixels / 2 : pixels * ((s->vbe[VBE_BPP] + 7) / 8);
}

static bool is_depth(uint16_t bits)
{
    return bits == 4 || bits == 8 || bits == 15 || bits == 16 || bits == 24 || bits == 32;
}

static bool screen_fits(const VGAState *s, unsigned line)
{
    uint64_t offset = (uint64_t)s->vbe[VBE_Y_OFFSET] * line + line_bytes(s, s->vbe[VBE_X_OFFSET]);

    return offset + (uint64_t)(s->vbe[VBE_YRES] - 1) * line + line_bytes(s, s->vbe[VBE_XRES]) <= s->vram_size;
}

void vga_vbe_fix_geometry(VGAState *s)
{
    unsigned bytes, max_width, line, max_height;

    if (!is_depth(s->vbe[VBE_BPP])) {
        s->vbe[VBE_BPP] = 8;
    }
    bytes = line_bytes(s, 8);
    max_width = MIN(VBE_MAX_XRES, s->vram_size / bytes * 8);
    s->vbe[VBE_XRES] = MIN(MAX(s->vbe[VBE_XRES] & ~7, 8), max_width);
    s->vbe[VBE_VIRT_WIDTH] = MIN(MAX(s->vbe[VBE_VIRT_WIDTH] & ~7, s->vbe[VBE_XRES]), max_width);
    line = line_bytes(s, s->vbe[VBE_VIRT_WIDTH]);
    max_height = MIN(s->vram_size / line, UINT16_MAX);
    s->vbe[VBE_YRES] = MIN(MAX(s->vbe[VBE_YRES], 1), MIN(max_height, VBE_MAX_YRES));
    s->vbe[VBE_VIRT_HEIGHT] = max_height;
    if (!screen_fits(s, line)) {
        s->vbe[VBE_Y_OFFSET] = 0;
    }
    if (!screen_fits(s, line)) {
        s->vbe[VBE_X_OFFSET] = 0;
    }
}

/* Software that looks at the VGA registers finds a mode of that size. */
static void set_vga_registers(VGAState *s)
{
    unsigned line = line_bytes(s, s->vbe[VBE_VIRT_WIDTH]), lines = s->vbe[VBE_YRES] - 1;
    bool planar = s->vbe[VBE_BPP] == 4;

    s->gfx[GFX_MISC] = (s->gfx[GFX_MISC] & ~0x0c) | 0x04 | GFX_MISC_GRAPHICS;
    s->gfx[GFX_MODE] = (s->gfx[GFX_MODE] & ~(GFX_MODE_256 | GFX_MODE_INTERLEAVE)) | (planar ? 0 : GFX_MODE_256);
    s->crtc[CRTC_MODE] |= CRTC_MODE_MAP13 | CRTC_MODE_MAP14;
    s->crtc[CRTC_OFFSET] = line / 8;
    s->crtc[CRTC_H_DISPLAY] = s->vbe[VBE_XRES] / 8 - 1;
    s->crtc[CRTC_V_DISPLAY] = lines;
    s->crtc[CRTC_OVERFLOW] = (s->crtc[CRTC_OVERFLOW] & ~0x42) | (lines >> 7 & 0x02) | (lines >> 3 & 0x40) | 0x10;
    s->crtc[CRTC_MAX_SCAN] = (s->crtc[CRTC_MAX_SCAN] & ~0x9f) | 0x40;
    s->crtc[CRTC_LINE_COMPARE] = 0xff;
    if (!planar) {
        s->seq[SEQ_MEMORY_MODE] |= SEQ_MEMORY_CHAIN4;
        s->seq[SEQ_PLANE_MASK] = 0x0f;
    }
}

static void vbe_enable(VGAState *s, uint16_t value)
{
    bool switched_on = value & VBE_ENABLED && !(s->vbe[VBE_ENABLE] & VBE_ENABLED);

    trace_vga_vbe_enable(value, s->vbe[VBE_XRES], s->vbe[VBE_YRES], s->vbe[VBE_BPP]);
    if (switched_on) {
        s->vbe[VBE_VIRT_WIDTH] = s->vbe[VBE_X_OFFSET] = s->vbe[VBE_Y_OFFSET] = 0;
        vga_vbe_fix_geometry(s);
        set_vga_registers(s);
        if (!(value & VBE_NO_CLEAR)) {
            uint32_t bytes = s->vbe[VBE_YRES] * line_bytes(s, s->vbe[VBE_VIRT_WIDTH]);

            memset(memory_region_get_ram_ptr(&s->vram), 0, bytes);
            memory_region_set_dirty(&s->vram, 0, bytes);
        }
    } else if (!(value & VBE_ENABLED)) {
        s->vbe[VBE_BANK] = 0;
    }
    s->vbe[VBE_ENABLE] = value;
    s->redraw = true;
    vga_update_window(s);
}

void vga_vbe_write(VGAState *s, unsigned reg, uint16_t value)
{
    switch (reg) {
    case VBE_ID:
        if (value >= VBE_ID_FIRST && value <= VBE_ID_LATEST) {
            s->vbe[VBE_ID] = value;
        }
        break;
    case VBE_ENABLE:
        vbe_enable(s, value);
        break;
    case VBE_BANK:
        s->vbe[VBE_BANK] = value & (s->vram_size / (64 * KiB) - 1);
        vga_update_window(s);
        break;
    case VBE_XRES:
    case VBE_YRES:
    case VBE_BPP:
    case VBE_VIRT_WIDTH:
    case VBE_X_OFFSET:
    case VBE_Y_OFFSET:
        s->vbe[reg] = value;
        if (s->vbe[VBE_ENABLE] & VBE_ENABLED) {
            vga_vbe_fix_geometry(s);
            set_vga_registers(s);
            s->redraw = true;
        }
        break;
    default:
        break;
    }
}

bool vga_vbe_linear_mode(const VGAState *s, VGALinear *mode)
{
    unsigned bits = s->vbe[VBE_BPP], bytes = (bits + 7) / 8;

    if (!(s->vbe[VBE_ENABLE] & VBE_ENABLED) || bits < 8) {
        return false;
    }
    *mode = (VGALinear) {
        .width = s->vbe[VBE_XRES],
        .height = s->vbe[VBE_YRES],
        .stride = s->vbe[VBE_VIRT_WIDTH] * bytes,
        .start = s->vbe[VBE_Y_OFFSET] * s->vbe[VBE_VIRT_WIDTH] * bytes + s->vbe[VBE_X_OFFSET] * bytes,
        .bits = bits,
        .split = UINT32_MAX,
    };
    return true;
}

/* --- ports ----------------------------------------------------------------- */

static uint64_t vbe_port_read(void *opaque, hwaddr addr, unsigned size)
{
    VGAState *s = opaque;

    return addr == 0 ? s->vbe_index : vga_vbe_read(s, s->vbe_index);
}

static void vbe_port_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    VGAState *s = opaque;

    if (addr == 0) {
        s->vbe_index = data;
    } else {
        vga_vbe_write(s, s->vbe_index, data);
    }
}

const MemoryRegionOps vga_vbe_port_ops = {
    .read = vbe_port_read,
    .write = vbe_port_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 2, .unaligned = true },
    .impl = { .min_access_size = 2, .max_access_size = 2, .unaligned = true },
};
