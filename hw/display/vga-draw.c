/*
 * From VGA video memory to the console's surface: which kind of mode is on,
 * the walk of the CRT controller, dirty tracking, and the linear modes of 8,
 * 15, 16, 24 and 32 bits in either byte order.
 *
 * Only lines on pages that the guest wrote since the last time are converted.
 * Text is in vga-text.c, planes in vga-planar.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/display/vga.h"
#include "hw/display/vga-internal.h"
#include "qemu/bswap.h"
#include "trace/hw-display.h"

enum { BLANK_WIDTH = 720, BLANK_HEIGHT = 400 };

/* --- colours ------------------------------------------------------------------ */

static uint32_t expand(uint32_t value, unsigned bits)
{
    return value << (8 - bits) | value >> (2 * bits - 8);
}

static uint32_t from_555(uint16_t p)
{
    return expand(p >> 10 & 31, 5) << 16 | expand(p >> 5 & 31, 5) << 8 | expand(p & 31, 5);
}

static uint32_t from_565(uint16_t p)
{
    return expand(p >> 11, 5) << 16 | expand(p >> 5 & 63, 6) << 8 | expand(p & 31, 5);
}

void vga_palette_rgb(const VGAState *s, uint32_t rgb[256])
{
    bool eight_bits = s->vbe[VBE_ENABLE] & VBE_DAC_8BIT;

    for (int i = 0; i < 256; i++) {
        const uint8_t *c = s->palette + (i & s->dac_mask) * 3;

        rgb[i] = eight_bits ? (uint32_t)(c[0] << 16 | c[1] << 8 | c[2])
                            : expand(c[0] & 63, 6) << 16 | expand(c[1] & 63, 6) << 8 | expand(c[2] & 63, 6);
    }
}

void vga_attribute_rgb(const VGAState *s, const uint32_t all[256], uint32_t rgb[16])
{
    for (int i = 0; i < 16; i++) {
        uint8_t index = s->attr[i & s->attr[ATTR_PLANE_ENABLE]];

        if (s->attr[ATTR_MODE] & ATTR_MODE_COLOUR_SELECT) {
            index = (index & 0x0f) | (s->attr[ATTR_COLOUR_SELECT] & 0x03) << 4;
        }
        rgb[i] = all[(index & 0x3f) | (s->attr[ATTR_COLOUR_SELECT] & 0x0c) << 4];
    }
}

/* --- the surface and what of it is new ------------------------------------------ */

void vga_fit_surface(VGAState *s, uint32_t width, uint32_t height)
{
    if (s->shown_width == width && s->shown_height == height) {
        return;
    }
    trace_vga_surface(width, height);
    s->shown_width = width;
    s->shown_height = height;
    s->redraw = true;
    dpy_gfx_replace_surface(s->con, qemu_create_displaysurface(width, height));
}

void vga_fit_layout(VGAState *s, VGAScreenKind kind, uint64_t layout)
{
    if (s->shown_kind != kind || s->shown_layout != layout) {
        trace_vga_mode(kind, layout);
        s->shown_kind = kind;
        s->shown_layout = layout;
        s->redraw = true;
    }
}

uint32_t *vga_surface_line(VGAState *s, uint32_t y)
{
    DisplaySurface *surface = qemu_console_surface(s->con);

    return (uint32_t *)(surface_data(surface) + (size_t)y * surface_stride(surface));
}

bool vga_fetch_dirty(VGAState *s, uint32_t first, uint32_t last)
{
    bool any = false;

    for (uint32_t page = first / VGA_DIRTY_PAGE; page <= last / VGA_DIRTY_PAGE; page++) {
        s->dirty_pages[page] = memory_region_test_and_clear_dirty(&s->vram, page * VGA_DIRTY_PAGE, VGA_DIRTY_PAGE,
                                                                  DIRTY_MEMORY_VGA);
        any |= s->dirty_pages[page];
    }
    return any;
}

bool vga_range_is_dirty(const VGAState *s, uint32_t first, uint32_t last)
{
    for (uint32_t page = first / VGA_DIRTY_PAGE; page <= last / VGA_DIRTY_PAGE; page++) {
        if (s->dirty_pages[page]) {
            return true;
        }
    }
    return false;
}

/* --- the walk of the CRT controller ------------------------------------------------ */

static void scan_standard(const VGAState *s, VGAScan *scan)
{
    const uint8_t *crtc = s->crtc;

    *scan = (VGAScan) {
        .columns = crtc[CRTC_H_DISPLAY] + 1,
        .lines = vga_crtc_v_display(s),
        .start = (crtc[CRTC_START_HIGH] << 8 | crtc[CRTC_START_LOW]) + (crtc[CRTC_PRESET_ROW] >> 5 & 3),
        .pitch = crtc[CRTC_OFFSET] * 2,
        .address_mask = 0xffff,
        .rows_per_character = (crtc[CRTC_MAX_SCAN] & 0x1f) + 1,
        .repeat = crtc[CRTC_MAX_SCAN] & CRTC_MAX_SCAN_DOUBLE ? 2 : 1,
        .preset_row = crtc[CRTC_PRESET_ROW] & 0x1f,
        .panning = s->attr[ATTR_PANNING],
        .line_compare = vga_crtc_line_compare(s),
    };
    if (crtc[CRTC_MODE] & CRTC_MODE_HALF_LINES) {
        scan->lines *= 2;
        scan->repeat *= 2;
    }
    if (s->card && s->card->extend_address) {
        scan->address_mask = s->vram_size / 4 - 1;
        s->card->extend_address((VGAState *)s, &scan->start, &scan->pitch);
    }
}

void vga_scan_get(const VGAState *s, VGAScan *scan)
{
    if (!(s->vbe[VBE_ENABLE] & VBE_ENABLED)) {
        scan_standard(s, scan);
        return;
    }
    *scan = (VGAScan) {
        .columns = s->vbe[VBE_XRES] / 8,
        .lines = s->vbe[VBE_YRES],
        .start = (s->vbe[VBE_Y_OFFSET] * s->vbe[VBE_VIRT_WIDTH] + s->vbe[VBE_X_OFFSET]) / 8,
        .pitch = s->vbe[VBE_VIRT_WIDTH] / 8,
        .address_mask = s->vram_size / 4 - 1,
        .rows_per_character = 1,
        .repeat = 1,
        .panning = s->vbe[VBE_X_OFFSET] & 7,
        .line_compare = UINT32_MAX,
    };
}

void vga_scan_start(const VGAScan *scan, VGAScanLine *line)
{
    line->address = scan->start;
    line->row = MIN(scan->preset_row, scan->rows_per_character - 1u);
    line->panning = scan->panning;
}

void vga_scan_next(const VGAState *s, const VGAScan *scan, uint32_t y, VGAScanLine *line)
{
    if (y == scan->line_compare) {
        line->address = line->row = 0;
        if (s->attr[ATTR_MODE] & ATTR_MODE_SPLIT_PANNING) {
            line->panning = 0;
        }
    } else if ((y + 1) % scan->repeat == 0 && ++line->row >= scan->rows_per_character) {
        line->row = 0;
        line->address += scan->pitch;
    }
}

uint32_t vga_scan_address(const VGAState *s, const VGAScan *scan, uint32_t address, uint32_t row)
{
    uint8_t mode = s->crtc[CRTC_MODE];
    uint32_t result = address;

    if (s->vbe[VBE_ENABLE] & VBE_ENABLED) {
        return address & scan->address_mask;
    }
    if (s->crtc[CRTC_UNDERLINE] & CRTC_UNDERLINE_DWORD) {
        /* Chained bytes are next to each other here: see vga.h. */
        if (!(s->seq[SEQ_MEMORY_MODE] & SEQ_MEMORY_CHAIN4)) {
            result = address << 2 | (address >> 12 & 3);
        }
    } else if (!(mode & CRTC_MODE_BYTE)) {
        result = address << 1 | (address >> (mode & CRTC_MODE_WRAP_MA15 ? 15 : 13) & 1);
    }
    if (!(mode & CRTC_MODE_MAP13)) {
        result = (result & ~(1u << 13)) | (row & 1) << 13;
    }
    if (!(mode & CRTC_MODE_MAP14)) {
        result = (result & ~(1u << 14)) | (row >> 1 & 1) << 14;
    }
    return result & scan->address_mask;
}

/* --- linear modes ------------------------------------------------------------------- */

static uint32_t line_pixels(const VGALinear *mode)
{
    return mode->double_x ? mode->width / 2 : mode->width;
}

static void convert_line(const VGAState *s, const VGALinear *mode, const uint32_t *rgb, const uint8_t *from,
                         uint32_t *to)
{
    bool big = s->big_endian_fb;
    uint32_t width = line_pixels(mode);

    switch (mode->bits) {
    case 8:
        for (uint32_t x = 0; x < width; x++) {
            to[x] = rgb[from[x]];
        }
        break;
    case 15:
        for (uint32_t x = 0; x < width; x++) {
            to[x] = from_555(big ? lduw_be_p(from + 2 * x) : lduw_le_p(from + 2 * x));
        }
        break;
    case 16:
        for (uint32_t x = 0; x < width; x++) {
            to[x] = from_565(big ? lduw_be_p(from + 2 * x) : lduw_le_p(from + 2 * x));
        }
        break;
    case 24:
        for (uint32_t x = 0; x < width; x++) {
            const uint8_t *p = from + 3 * x;

            to[x] = big ? p[0] << 16 | p[1] << 8 | p[2] : p[2] << 16 | p[1] << 8 | p[0];
        }
        break;
    default:
        for (uint32_t x = 0; x < width; x++) {
            to[x] = (big ? ldl_be_p(from + 4 * x) : ldl_le_p(from + 4 * x)) & 0xffffff;
        }
        break;
    }
    for (uint32_t x = mode->double_x ? mode->width : 0; x > 0; x--) {
        to[x - 1] = to[(x - 1) / 2];
    }
}

/* First byte of a line of the screen. */
static uint32_t line_start(const VGALinear *mode, uint32_t y)
{
    uint32_t unsplit = y < mode->split ? y : y - mode->split;

    unsplit = mode->double_y ? unsplit / 2 : unsplit;
    return (y < mode->split ? mode->start : 0) + unsplit * mode->stride;
}

/* Depth or size may have changed since the geometry was checked. */
static bool linear_is_possible(const VGAState *s, const VGALinear *mode)
{
    uint64_t bytes = (uint64_t)line_pixels(mode) * ((mode->bits + 7) / 8);

    return mode->height && mode->width && mode->width <= INT16_MAX && mode->height <= INT16_MAX &&
           mode->start + (uint64_t)(mode->height - 1) * mode->stride + bytes <= s->vram_size;
}

static void cursor_range(VGAState *s, int *first, int *last)
{
    *first = 0;
    *last = -1;
    if (s->card && s->card->cursor_lines) {
        s->card->cursor_lines(s, first, last);
    }
}

static bool is_between(int y, int first, int last)
{
    return y >= first && y <= last;
}

static void draw_linear(VGAState *s, const VGALinear *mode)
{
    const uint8_t *vram = memory_region_get_ram_ptr(&s->vram);
    uint32_t rgb[256], bytes = line_pixels(mode) * ((mode->bits + 7) / 8), run = 0;
    int first, last;

    cursor_range(s, &first, &last);
    vga_palette_rgb(s, rgb);
    for (uint32_t y = 0; y < mode->height; y++) {
        uint32_t from = line_start(mode, y);

        if (s->redraw || vga_range_is_dirty(s, from, from + bytes - 1) || is_between(y, first, last) ||
            is_between(y, s->shown_cursor_first, s->shown_cursor_last)) {
            convert_line(s, mode, rgb, vram + from, vga_surface_line(s, y));
            if (is_between(y, first, last)) {
                s->card->draw_cursor(s, y, vga_surface_line(s, y), mode->width);
            }
            run++;
        } else if (run) {
            dpy_gfx_update(s->con, 0, y - run, mode->width, run);
            run = 0;
        }
    }
    if (run) {
        dpy_gfx_update(s->con, 0, mode->height - run, mode->width, run);
    }
    s->shown_cursor_first = first;
    s->shown_cursor_last = last;
}

static void show_linear(VGAState *s, const VGALinear *mode)
{
    uint32_t bytes = line_pixels(mode) * ((mode->bits + 7) / 8);
    uint32_t last = mode->start + ((mode->double_y ? mode->height / 2 : mode->height) - 1) * mode->stride + bytes - 1;
    int cursor_first, cursor_last;

    vga_fit_surface(s, mode->width, mode->height);
    vga_fit_layout(s, VGA_KIND_LINEAR, (uint64_t)mode->start << 32 | mode->stride << 6 | mode->bits);
    cursor_range(s, &cursor_first, &cursor_last);
    if (vga_fetch_dirty(s, mode->split < mode->height ? 0 : mode->start, MIN(last, s->vram_size - 1)) || s->redraw ||
        cursor_first <= cursor_last || s->shown_cursor_first <= s->shown_cursor_last) {
        draw_linear(s, mode);
    }
}

/* --- every refresh ---------------------------------------------------------------- */

static void show_blank(VGAState *s)
{
    DisplaySurface *surface;

    if (!s->shown_width) {
        vga_fit_surface(s, BLANK_WIDTH, BLANK_HEIGHT);
    }
    vga_fit_layout(s, VGA_KIND_BLANK, 0);
    if (s->redraw) {
        surface = qemu_console_surface(s->con);
        memset(surface_data(surface), 0, (size_t)surface_stride(surface) * surface_height(surface));
        dpy_gfx_update(s->con, 0, 0, surface_width(surface), surface_height(surface));
    }
}

static bool is_blank(const VGAState *s)
{
    return !(s->attr_index & ATTR_INDEX_SCREEN_ON) || s->seq[SEQ_CLOCKING] & SEQ_CLOCKING_SCREEN_OFF;
}

void vga_draw(void *opaque)
{
    VGAState *s = opaque;
    VGALinear mode;

    if (vga_vbe_linear_mode(s, &mode) || (s->card && s->card->linear_mode && s->card->linear_mode(s, &mode))) {
        if (linear_is_possible(s, &mode)) {
            show_linear(s, &mode);
        } else {
            show_blank(s);
        }
    } else if (is_blank(s)) {
        show_blank(s);
    } else if (s->gfx[GFX_MISC] & GFX_MISC_GRAPHICS) {
        vga_draw_planar(s);
    } else {
        vga_draw_text(s);
    }
    s->redraw = false;
}

void vga_invalidate(void *opaque)
{
    VGAState *s = opaque;

    s->redraw = true;
}

void vga_draw_init(VGAState *s)
{
    s->shown_cursor_last = -1;
    vga_text_init(s);
}

void vga_draw_cleanup(VGAState *s)
{
    vga_text_cleanup(s);
}
