/*
 * VGA registers (IBM VGA technical reference) and the Bochs VBE extension
 * (published with the standard VGA specification of this family of cards).
 *
 * Drawing is in vga-draw.c. Left out here: planar and text access to video
 * memory through the window at 0xa0000.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/display/vga.h"
#include "qemu/log.h"

enum { PORT_ATTR = 0x3c0, PORT_ATTR_READ = 0x3c1, PORT_MISC_WRITE = 0x3c2, PORT_SEQ_INDEX = 0x3c4,
       PORT_SEQ_DATA = 0x3c5, PORT_DAC_MASK = 0x3c6, PORT_DAC_READ = 0x3c7, PORT_DAC_WRITE = 0x3c8,
       PORT_DAC_DATA = 0x3c9, PORT_FEATURE_READ = 0x3ca, PORT_MISC_READ = 0x3cc, PORT_GFX_INDEX = 0x3ce,
       PORT_GFX_DATA = 0x3cf, PORT_CRTC_INDEX_MONO = 0x3b4, PORT_CRTC_DATA_MONO = 0x3b5,
       PORT_CRTC_INDEX = 0x3d4, PORT_CRTC_DATA = 0x3d5, PORT_STATUS1_MONO = 0x3ba,
       PORT_STATUS1 = 0x3da };
enum { STATUS1_DISPLAY_OFF = 0x01, STATUS1_VERTICAL_RETRACE = 0x08 };
enum { ATTR_INDEX_MASK = 0x1f, CRTC_END_RETRACE = 0x11, CRTC_PROTECT = 0x80, CRTC_OVERFLOW = 0x07,
       CRTC_LINE_COMPARE_8 = 0x10 };
enum { DAC_STATE_WRITE = 0, DAC_STATE_READ = 3 };
enum { VBE_ID_FIRST = 0xb0c0, VBE_ID_LATEST = 0xb0c5, VBE_MAX_XRES = 16000, VBE_MAX_YRES = 12000,
       VBE_MAX_BPP = 32 };

static const GraphicHwOps vga_gfx_ops = {
    .invalidate = vga_invalidate,
    .gfx_update = vga_draw,
};

/* --- ports ----------------------------------------------------------------- */

static uint8_t dac_read(VGAState *s)
{
    uint8_t value = s->palette[s->dac_read_index * 3 + s->dac_part];

    if (++s->dac_part == 3) {
        s->dac_part = 0;
        s->dac_read_index++;
    }
    return value;
}

/* A colour takes effect with its third part. */
static void dac_write(VGAState *s, uint8_t value)
{
    s->dac_cache[s->dac_part] = value;
    if (++s->dac_part == 3) {
        memcpy(s->palette + s->dac_write_index * 3, s->dac_cache, 3);
        s->dac_part = 0;
        s->dac_write_index++;
        s->redraw = true;
    }
}

uint8_t vga_port_read(VGAState *s, uint16_t port)
{
    switch (port) {
    case PORT_ATTR:
        return s->attr_data_next ? 0 : s->attr_index;
    case PORT_ATTR_READ:
        return (s->attr_index & ATTR_INDEX_MASK) < VGA_ATTR_COUNT ? s->attr[s->attr_index & ATTR_INDEX_MASK] : 0;
    case PORT_MISC_WRITE:
        return 0;
    case PORT_SEQ_INDEX:
        return s->seq_index;
    case PORT_SEQ_DATA:
        return s->seq[s->seq_index];
    case PORT_DAC_MASK:
        return s->dac_mask;
    case PORT_DAC_READ:
        return s->dac_reading;
    case PORT_DAC_WRITE:
        return s->dac_write_index;
    case PORT_DAC_DATA:
        return dac_read(s);
    case PORT_FEATURE_READ:
        return s->feature;
    case PORT_MISC_READ:
        return s->misc;
    case PORT_GFX_INDEX:
        return s->gfx_index;
    case PORT_GFX_DATA:
        return s->gfx[s->gfx_index];
    case PORT_CRTC_INDEX:
    case PORT_CRTC_INDEX_MONO:
        return s->crtc_index;
    case PORT_CRTC_DATA:
    case PORT_CRTC_DATA_MONO:
        return s->crtc[s->crtc_index];
    case PORT_STATUS1:
    case PORT_STATUS1_MONO:
        s->attr_data_next = 0;
        /* Software that waits for a change of the retrace bits sees one. */
        s->status1 ^= STATUS1_VERTICAL_RETRACE | STATUS1_DISPLAY_OFF;
        return s->status1;
    default:
        return 0xff;
    }
}

static void attr_write(VGAState *s, uint8_t value)
{
    uint8_t index = s->attr_index & ATTR_INDEX_MASK;

    if (!s->attr_data_next) {
        s->attr_index = value & 0x3f;
    } else if (index < VGA_ATTR_COUNT) {
        s->attr[index] = value;
    }
    s->attr_data_next ^= 1;
}

static void crtc_write(VGAState *s, uint8_t value)
{
    if (s->crtc[CRTC_END_RETRACE] & CRTC_PROTECT && s->crtc_index <= CRTC_OVERFLOW) {
        if (s->crtc_index == CRTC_OVERFLOW) {
            s->crtc[CRTC_OVERFLOW] = (s->crtc[CRTC_OVERFLOW] & ~CRTC_LINE_COMPARE_8) | (value & CRTC_LINE_COMPARE_8);
        }
        return;
    }
    s->crtc[s->crtc_index] = value;
}

void vga_port_write(VGAState *s, uint16_t port, uint8_t value)
{
    switch (port) {
    case PORT_ATTR:
        attr_write(s, value);
        break;
    case PORT_MISC_WRITE:
        s->misc = value & ~0x10;
        break;
    case PORT_SEQ_INDEX:
        s->seq_index = value % VGA_SEQ_COUNT;
        break;
    case PORT_SEQ_DATA:
        s->seq[s->seq_index] = value;
        break;
    case PORT_DAC_MASK:
        s->dac_mask = value;
        break;
    case PORT_DAC_READ:
        s->dac_read_index = value;
        s->dac_part = 0;
        s->dac_reading = DAC_STATE_READ;
        break;
    case PORT_DAC_WRITE:
        s->dac_write_index = value;
        s->dac_part = 0;
        s->dac_reading = DAC_STATE_WRITE;
        break;
    case PORT_DAC_DATA:
        dac_write(s, value);
        break;
    case PORT_GFX_INDEX:
        s->gfx_index = value % VGA_GFX_COUNT;
        break;
    case PORT_GFX_DATA:
        s->gfx[s->gfx_index] = value;
        break;
    case PORT_CRTC_INDEX:
    case PORT_CRTC_INDEX_MONO:
        s->crtc_index = value;
        break;
    case PORT_CRTC_DATA:
    case PORT_CRTC_DATA_MONO:
        crtc_write(s, value);
        break;
    case PORT_STATUS1:
    case PORT_STATUS1_MONO:
        s->feature = value & 0x10;
        break;
    default:
        qemu_log_mask(LOG_UNIMP, "vga: write of 0x%02x to port 0x%x\n", value, port);
        break;
    }
}

/* --- VBE ------------------------------------------------------------------- */

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

static unsigned vbe_line_bytes(const VGAState *s, unsigned pixels)
{
    return s->vbe[VBE_BPP] == 4 ? pixels / 8 : pixels * ((s->vbe[VBE_BPP] + 7) / 8);
}

/* The screen and the offsets have to lie in video memory. */
static void vbe_fix_geometry(VGAState *s)
{
    unsigned bytes = MAX(vbe_line_bytes(s, 8), 1u);     /* of 8 pixels */
    unsigned max_width = MIN(VBE_MAX_XRES, s->vram_size / bytes * 8), line, max_height;
    uint64_t offset;

    s->vbe[VBE_XRES] = MIN(MAX(s->vbe[VBE_XRES] & ~7, 8), max_width);
    s->vbe[VBE_VIRT_WIDTH] = MIN(MAX(s->vbe[VBE_VIRT_WIDTH] & ~7, s->vbe[VBE_XRES]), max_width);
    line = vbe_line_bytes(s, s->vbe[VBE_VIRT_WIDTH]);
    max_height = MIN(s->vram_size / line, UINT16_MAX);
    s->vbe[VBE_YRES] = MIN(MAX(s->vbe[VBE_YRES], 1), MIN(max_height, VBE_MAX_YRES));
    s->vbe[VBE_VIRT_HEIGHT] = max_height;
    offset = (uint64_t)s->vbe[VBE_Y_OFFSET] * line + vbe_line_bytes(s, s->vbe[VBE_X_OFFSET]);
    if (offset + (uint64_t)(s->vbe[VBE_YRES] - 1) * line + vbe_line_bytes(s, s->vbe[VBE_XRES]) > s->vram_size) {
        s->vbe[VBE_X_OFFSET] = s->vbe[VBE_Y_OFFSET] = 0;
    }
}

static void vbe_enable(VGAState *s, uint16_t value)
{
    bool switched_on = value & VBE_ENABLED && !(s->vbe[VBE_ENABLE] & VBE_ENABLED);

    if (switched_on) {
        s->vbe[VBE_VIRT_WIDTH] = s->vbe[VBE_X_OFFSET] = s->vbe[VBE_Y_OFFSET] = 0;
        vbe_fix_geometry(s);
        if (!(value & VBE_NO_CLEAR)) {
            uint32_t bytes = s->vbe[VBE_YRES] * vbe_line_bytes(s, s->vbe[VBE_VIRT_WIDTH]);

            memset(memory_region_get_ram_ptr(&s->vram), 0, bytes);
            memory_region_set_dirty(&s->vram, 0, bytes);
        }
    } else if (!(value & VBE_ENABLED)) {
        s->vbe[VBE_BANK] = 0;
    }
    s->vbe[VBE_ENABLE] = value;
    s->redraw = true;
}

void vga_vbe_write(VGAState *s, unsigned reg, uint16_t value)
{
    switch (reg) {
    case VBE_ID:
        if (value >= VBE_ID_FIRST && value <= VBE_ID_LATEST) {
            s->vbe[VBE_ID] = value;
        }
        break;
    case VBE_BPP:
        s->vbe[VBE_BPP] = value ? value : 8;
        break;
    case VBE_ENABLE:
        vbe_enable(s, value);
        break;
    case VBE_XRES:
    case VBE_YRES:
    case VBE_BANK:
        s->vbe[reg] = value;
        break;
    case VBE_VIRT_WIDTH:
    case VBE_X_OFFSET:
    case VBE_Y_OFFSET:
        s->vbe[reg] = value;
        vbe_fix_geometry(s);
        s->redraw = true;
        break;
    default:
        break;
    }
}

void vga_set_big_endian_fb(VGAState *s, bool big_endian)
{
    s->big_endian_fb = big_endian;
    s->redraw = true;
}

/* --- life ------------------------------------------------------------------ */

void vga_reset(VGAState *s)
{
    s->misc = s->feature = s->status1 = 0;
    s->seq_index = s->gfx_index = s->attr_index = s->crtc_index = s->attr_data_next = 0;
    memset(s->seq, 0, sizeof(s->seq));
    memset(s->gfx, 0, sizeof(s->gfx));
    memset(s->attr, 0, sizeof(s->attr));
    memset(s->crtc, 0, sizeof(s->crtc));
    s->dac_mask = s->dac_read_index = s->dac_write_index = s->dac_part = s->dac_reading = 0;
    memset(s->dac_cache, 0, sizeof(s->dac_cache));
    memset(s->palette, 0, sizeof(s->palette));
    s->vbe_index = 0;
    memset(s->vbe, 0, sizeof(s->vbe));
    s->vbe[VBE_ID] = VBE_ID_LATEST;
    s->vbe[VBE_BPP] = 8;
    s->big_endian_fb = target_words_bigendian;
    memset(memory_region_get_ram_ptr(&s->vram), 0, s->vram_size);
    memory_region_set_dirty(&s->vram, 0, s->vram_size);
    s->redraw = true;
}

bool vga_init(VGAState *s, DeviceState *owner, Error **errp)
{
    if (!memory_region_init_ram(&s->vram, OBJECT(owner), "vga.vram", s->vram_size, errp)) {
        return false;
    }
    memory_region_set_log(&s->vram, true, DIRTY_MEMORY_VGA);
    s->dirty_pages = g_malloc0(s->vram_size / 4096);
    s->con = graphic_console_init(owner, 0, &vga_gfx_ops, s);
    return true;
}

void vga_cleanup(VGAState *s)
{
    g_free(s->dirty_pages);
}

static int vga_post_load(void *opaque, int version)
{
    VGAState *s = opaque;

    s->seq_index %= VGA_SEQ_COUNT;
    s->gfx_index %= VGA_GFX_COUNT;
    s->dac_part %= 3;
    if (s->vbe[VBE_ENABLE] & VBE_ENABLED) {
        vbe_fix_geometry(s);
    }
    s->redraw = true;
    return 0;
}
static const VMStateField vga_fields[] = {
    VMSTATE_UINT8(misc, VGAState),
    VMSTATE_UINT8(feature, VGAState),
    VMSTATE_UINT8(status1, VGAState),
    VMSTATE_UINT8(seq_index, VGAState),
    VMSTATE_BUFFER(seq, VGAState),
    VMSTATE_UINT8(gfx_index, VGAState),
    VMSTATE_BUFFER(gfx, VGAState),
    VMSTATE_UINT8(attr_index, VGAState),
    VMSTATE_BUFFER(attr, VGAState),
    VMSTATE_UINT8(attr_data_next, VGAState),
    VMSTATE_UINT8(crtc_index, VGAState),
    VMSTATE_BUFFER(crtc, VGAState),
    VMSTATE_UINT8(dac_mask, VGAState),
    VMSTATE_UINT8(dac_read_index, VGAState),
    VMSTATE_UINT8(dac_write_index, VGAState),
    VMSTATE_UINT8(dac_part, VGAState),
    VMSTATE_UINT8(dac_reading, VGAState),
    VMSTATE_BUFFER(dac_cache, VGAState),
    VMSTATE_BUFFER(palette, VGAState),
    VMSTATE_UINT16(vbe_index, VGAState),
    VMSTATE_UINT16_ARRAY(vbe, VGAState, VBE_COUNT),
    VMSTATE_BOOL(big_endian_fb, VGAState),
    VMSTATE_END
};
const VMStateDescription vmstate_vga = {
    .name = "vga",
    .version = 1,
    .fields = vga_fields,
    .post_load = vga_post_load,
};
