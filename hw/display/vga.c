/*
 * VGA registers (IBM VGA technical reference): ports, read-back, the timing
 * that the status bits show.
 *
 * The VBE extension is in vga-vbe.c, CPU access to video memory in vga-mem.c,
 * drawing in vga-draw.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "exec/ram_block.h"
#include "hw/display/vga.h"
#include "hw/display/vga-internal.h"
#include "qemu/log.h"
#include "qemu/timer.h"

enum { PORT_ATTR = 0x3c0, PORT_ATTR_READ = 0x3c1, PORT_MISC_WRITE = 0x3c2, PORT_SEQ_INDEX = 0x3c4,
       PORT_SEQ_DATA = 0x3c5, PORT_DAC_MASK = 0x3c6, PORT_DAC_READ = 0x3c7, PORT_DAC_WRITE = 0x3c8,
       PORT_DAC_DATA = 0x3c9, PORT_FEATURE_READ = 0x3ca, PORT_MISC_READ = 0x3cc, PORT_GFX_INDEX = 0x3ce,
       PORT_GFX_DATA = 0x3cf, PORT_CRTC_INDEX_MONO = 0x3b4, PORT_CRTC_DATA_MONO = 0x3b5,
       PORT_CRTC_INDEX = 0x3d4, PORT_CRTC_DATA = 0x3d5, PORT_STATUS1_MONO = 0x3ba,
       PORT_STATUS1 = 0x3da, PORT_MONO_END = 0x3c0, PORT_COLOUR_FIRST = 0x3d0 };
enum { STATUS1_DISPLAY_OFF = 0x01, STATUS1_VERTICAL_RETRACE = 0x08 };
enum { CRTC_PROTECT = 0x80, CRTC_OVERFLOW_LINE_COMPARE = 0x10, FEATURE_WRITABLE = 0x10, MISC_WRITABLE = 0xef };
enum { DAC_STATE_WRITE = 0, DAC_STATE_READ = 3 };

/* Bits that exist. */
static const uint8_t seq_mask[VGA_SEQ_COUNT] = { 0x03, 0x3d, 0x0f, 0x3f, 0x0e, 0x00, 0x00, 0xff };
static const uint8_t gfx_mask[VGA_GFX_COUNT] = { 0x0f, 0x0f, 0x0f, 0x1f, 0x03, 0x7b, 0x0f, 0x0f, 0xff };
static const uint8_t attr_mask[VGA_ATTR_COUNT] = {
    0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f,
    0xef, 0xff, 0x3f, 0x0f, 0x0f,
};

static const GraphicHwOps vga_gfx_ops = {
    .invalidate = vga_invalidate,
    .gfx_update = vga_draw,
    .text_get = vga_text_get,
};

/* --- timing ----------------------------------------------------------------- */

uint32_t vga_crtc_v_display(const VGAState *s)
{
    uint8_t overflow = s->crtc[CRTC_OVERFLOW];

    return (s->crtc[CRTC_V_DISPLAY] | (overflow & 0x02) << 7 | (overflow & 0x40) << 3) + 1;
}

uint32_t vga_crtc_line_compare(const VGAState *s)
{
    return s->crtc[CRTC_LINE_COMPARE] | (s->crtc[CRTC_OVERFLOW] & 0x10) << 4 | (s->crtc[CRTC_MAX_SCAN] & 0x40) << 3;
}

typedef struct Timing {
    uint32_t clock_hz, dots_per_line, dots_shown;
    uint32_t lines, lines_shown, retrace_start, retrace_end;
} Timing;

/* 640x480 at 60 Hz, also where the registers make no picture. */
static const Timing standard_timing = { 25175000, 800, 640, 525, 480, 490, 492 };

static Timing current_timing(const VGAState *s)
{
    enum { CLOCK_25_HZ = 25175000, CLOCK_28_HZ = 28322000, FRAME_MIN_HZ = 20, FRAME_MAX_HZ = 200 };
    uint8_t overflow = s->crtc[CRTC_OVERFLOW];
    uint32_t dots = s->seq[SEQ_CLOCKING] & SEQ_CLOCKING_8_DOTS ? 8 : 9;
    Timing t = { .clock_hz = (s->misc & 0x0c) == 0x04 ? CLOCK_28_HZ : CLOCK_25_HZ };

    dots <<= (s->seq[SEQ_CLOCKING] & SEQ_CLOCKING_HALF) != 0;
    t.dots_per_line = (s->crtc[CRTC_H_TOTAL] + 5) * dots;
    t.dots_shown = (s->crtc[CRTC_H_DISPLAY] + 1) * dots;
    t.lines = (s->crtc[CRTC_V_TOTAL] | (overflow & 0x01) << 8 | (overflow & 0x20) << 4) + 2;
    t.lines_shown = vga_crtc_v_display(s);
    t.retrace_start = s->crtc[CRTC_V_RETRACE_START] | (overflow & 0x04) << 6 | (overflow & 0x80) << 2;
    t.retrace_end = t.retrace_start + ((s->crtc[CRTC_V_RETRACE_END] - t.retrace_start) & 15);
    if (s->vbe[VBE_ENABLE] & VBE_ENABLED || t.lines_shown >= t.lines || t.retrace_start >= t.lines ||
        t.retrace_start < t.lines_shown || t.dots_shown >= t.dots_per_line ||
        t.clock_hz / (t.dots_per_line * t.lines) < FRAME_MIN_HZ ||
        t.clock_hz / (t.dots_per_line * t.lines) > FRAME_MAX_HZ) {
        return standard_timing;
    }
    return t;
}

static uint8_t status1(const VGAState *s)
{
    Timing t = current_timing(s);
    uint64_t now_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    uint64_t dot = now_ns / NANOSECONDS_PER_SECOND * t.clock_hz +
                   now_ns % NANOSECONDS_PER_SECOND * t.clock_hz / NANOSECONDS_PER_SECOND;
    uint32_t line = dot / t.dots_per_line % t.lines, column = dot % t.dots_per_line;
    uint8_t status = 0;

    if (line >= t.lines_shown || column >= t.dots_shown) {
        status |= STATUS1_DISPLAY_OFF;
    }
    if (line >= t.retrace_start && line < t.retrace_end) {
        status |= STATUS1_VERTICAL_RETRACE;
    }
    return status;
}

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

/* The CRT controller and status 1 answer at 0x3bx or at 0x3dx. */
static bool port_is_hidden(const VGAState *s, uint16_t port)
{
    return s->misc & MISC_COLOUR ? port < PORT_MONO_END : port >= PORT_COLOUR_FIRST;
}

uint8_t vga_port_read(VGAState *s, uint16_t port)
{
    if (port_is_hidden(s, port)) {
        return 0xff;
    }
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
        return status1(s);
    default:
        return port >= PORT_MONO_END && port < PORT_COLOUR_FIRST ? 0 : 0xff;
    }
}

static void attr_write(VGAState *s, uint8_t value)
{
    uint8_t index = s->attr_index & ATTR_INDEX_MASK;

    if (!s->attr_data_next) {
        s->attr_index = value & 0x3f;
        s->redraw = true;
    } else if (index < VGA_ATTR_COUNT) {
        s->attr[index] = value & attr_mask[index];
        s->redraw = true;
    }
    s->attr_data_next ^= 1;
}

static void crtc_write(VGAState *s, uint8_t value)
{
    if (s->crtc[CRTC_V_RETRACE_END] & CRTC_PROTECT && s->crtc_index <= CRTC_OVERFLOW) {
        if (s->crtc_index == CRTC_OVERFLOW) {
            s->crtc[CRTC_OVERFLOW] = (s->crtc[CRTC_OVERFLOW] & ~CRTC_OVERFLOW_LINE_COMPARE) |
                                     (value & CRTC_OVERFLOW_LINE_COMPARE);
        }
        return;
    }
    s->crtc[s->crtc_index] = value;
}

void vga_port_write(VGAState *s, uint16_t port, uint8_t value)
{
    if (port_is_hidden(s, port)) {
        return;
    }
    switch (port) {
    case PORT_ATTR:
        attr_write(s, value);
        break;
    case PORT_MISC_WRITE:
        s->misc = value & MISC_WRITABLE;
        vga_update_window(s);
        break;
    case PORT_SEQ_INDEX:
        s->seq_index = value % VGA_SEQ_COUNT;
        break;
    case PORT_SEQ_DATA:
        s->seq[s->seq_index] = value & seq_mask[s->seq_index];
        s->redraw |= s->seq_index != SEQ_PLANE_MASK;
        vga_update_window(s);
        break;
    case PORT_DAC_MASK:
        s->dac_mask = value;
        s->redraw = true;
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
        s->gfx[s->gfx_index] = value & gfx_mask[s->gfx_index];
        vga_update_window(s);
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
        s->feature = value & FEATURE_WRITABLE;
        break;
    default:
        qemu_log_mask(LOG_UNIMP, "vga: write of 0x%02x to port 0x%x\n", value, port);
        break;
    }
}

/* --- life ------------------------------------------------------------------ */

void vga_set_big_endian_fb(VGAState *s, bool big_endian)
{
    s->big_endian_fb = big_endian;
    s->redraw = true;
}

void vga_reset(VGAState *s)
{
    s->misc = s->feature = 0;
    s->latch = 0;
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
    s->big_endian_fb = target_words_bigendian;
    ram_block_discard(memory_region_get_ram_ptr(&s->vram), s->vram_size);
    memory_region_set_dirty(&s->vram, 0, s->vram_size);
    vga_update_window(s);
    s->redraw = true;
}

bool vga_init(VGAState *s, DeviceState *owner, Error **errp)
{
    if (!memory_region_init_ram(&s->vram, OBJECT(owner), "vga.vram", s->vram_size, errp)) {
        return false;
    }
    memory_region_set_log(&s->vram, true, DIRTY_MEMORY_VGA);
    s->dirty_pages = g_malloc0(s->vram_size / VGA_DIRTY_PAGE);
    vga_draw_init(s);
    vga_window_init(s, owner);
    s->con = graphic_console_init(owner, 0, &vga_gfx_ops, s);
    return true;
}

void vga_cleanup(VGAState *s)
{
    g_free(s->dirty_pages);
    vga_draw_cleanup(s);
}

static int vga_post_load(void *opaque, int version)
{
    VGAState *s = opaque;

    s->seq_index %= VGA_SEQ_COUNT;
    s->gfx_index %= VGA_GFX_COUNT;
    s->dac_part %= 3;
    if (s->vbe[VBE_ENABLE] & VBE_ENABLED) {
        vga_vbe_fix_geometry(s);
    }
    s->vbe[VBE_BANK] &= s->vram_size / (64 * KiB) - 1;
    vga_update_window(s);
    s->redraw = true;
    return 0;
}
static const VMStateField vga_fields[] = {
    VMSTATE_UINT8(misc, VGAState),
    VMSTATE_UINT8(feature, VGAState),
    VMSTATE_UINT32(latch, VGAState),
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
    .version = 2,
    .fields = vga_fields,
    .post_load = vga_post_load,
};
