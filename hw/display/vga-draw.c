/*
 * From VGA video memory to the console's surface: linear modes of 8, 15, 16,
 * 24 and 32 bits in either byte order.
 *
 * Only lines on pages that the guest wrote since the last time are converted.
 * Left out: text and planar modes, which show a black screen.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/display/vga.h"
#include "qemu/bswap.h"

enum { DIRTY_PAGE = 4096, BLANK_WIDTH = 720, BLANK_HEIGHT = 400 };

typedef struct Screen {
    uint32_t width, height, stride, start;      /* pixels; bytes of a line; of the first pixel */
    unsigned bits;
} Screen;

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

static void palette_to_rgb(const VGAState *s, uint32_t rgb[256])
{
    bool eight_bits = s->vbe[VBE_ENABLE] & VBE_DAC_8BIT;

    for (int i = 0; i < 256; i++) {
        const uint8_t *c = s->palette + i * 3;

        rgb[i] = eight_bits ? (uint32_t)(c[0] << 16 | c[1] << 8 | c[2])
                            : expand(c[0] & 63, 6) << 16 | expand(c[1] & 63, 6) << 8 | expand(c[2] & 63, 6);
    }
}

static void draw_line(const VGAState *s, const Screen *screen, const uint32_t *rgb, const uint8_t *from,
                      uint32_t *to)
{
    bool big = s->big_endian_fb;

    switch (screen->bits) {
    case 8:
        for (uint32_t x = 0; x < screen->width; x++) {
            to[x] = rgb[from[x]];
        }
        break;
    case 15:
        for (uint32_t x = 0; x < screen->width; x++) {
            to[x] = from_555(big ? lduw_be_p(from + 2 * x) : lduw_le_p(from + 2 * x));
        }
        break;
    case 16:
        for (uint32_t x = 0; x < screen->width; x++) {
            to[x] = from_565(big ? lduw_be_p(from + 2 * x) : lduw_le_p(from + 2 * x));
        }
        break;
    case 24:
        for (uint32_t x = 0; x < screen->width; x++) {
            const uint8_t *p = from + 3 * x;

            to[x] = big ? p[0] << 16 | p[1] << 8 | p[2] : p[2] << 16 | p[1] << 8 | p[0];
        }
        break;
    default:
        for (uint32_t x = 0; x < screen->width; x++) {
            to[x] = (big ? ldl_be_p(from + 4 * x) : ldl_le_p(from + 4 * x)) & 0xffffff;
        }
        break;
    }
}

/* False: no linear mode is on. */
static bool current_screen(const VGAState *s, Screen *screen)
{
    unsigned bits = s->vbe[VBE_BPP], bytes = (bits + 7) / 8;

    if (!(s->vbe[VBE_ENABLE] & VBE_ENABLED) || (bits != 8 && bits != 15 && bits != 16 && bits != 24 && bits != 32)) {
        return false;
    }
    *screen = (Screen) {
        .width = s->vbe[VBE_XRES],
        .height = s->vbe[VBE_YRES],
        .stride = s->vbe[VBE_VIRT_WIDTH] * bytes,
        .start = s->vbe[VBE_Y_OFFSET] * s->vbe[VBE_VIRT_WIDTH] * bytes + s->vbe[VBE_X_OFFSET] * bytes,
        .bits = bits,
    };
    /* Depth may have changed since the geometry was checked. */
    return screen->height && screen->width
        && (uint64_t)screen->start + (uint64_t)(screen->height - 1) * screen->stride
           + (uint64_t)screen->width * bytes <= s->vram_size;
}

static void fit_surface(VGAState *s, uint32_t width, uint32_t height)
{
    if (s->shown_width == width && s->shown_height == height) {
        return;
    }
    s->shown_width = width;
    s->shown_height = height;
    s->redraw = true;
    dpy_gfx_replace_surface(s->con, qemu_create_displaysurface(width, height));
}

static void draw_blank(VGAState *s)
{
    DisplaySurface *surface;

    fit_surface(s, BLANK_WIDTH, BLANK_HEIGHT);
    if (!s->redraw) {
        return;
    }
    s->redraw = false;
    surface = qemu_console_surface(s->con);
    memset(surface_data(surface), 0, (size_t)surface_stride(surface) * surface_height(surface));
    dpy_gfx_update(s->con, 0, 0, BLANK_WIDTH, BLANK_HEIGHT);
}

/* Fetch and clear the dirty bits of [first, last]; true when there is one. */
static bool fetch_dirty(VGAState *s, uint32_t first, uint32_t last)
{
    bool any = false;

    for (uint32_t page = first / DIRTY_PAGE; page <= last / DIRTY_PAGE; page++) {
        s->dirty_pages[page] = memory_region_test_and_clear_dirty(&s->vram, page * DIRTY_PAGE, DIRTY_PAGE,
                                                                  DIRTY_MEMORY_VGA);
        any |= s->dirty_pages[page];
    }
    return any;
}

static bool line_is_dirty(const VGAState *s, uint32_t first, uint32_t last)
{
    for (uint32_t page = first / DIRTY_PAGE; page <= last / DIRTY_PAGE; page++) {
        if (s->dirty_pages[page]) {
            return true;
        }
    }
    return false;
}

static void draw_lines(VGAState *s, const Screen *screen)
{
    const uint8_t *vram = memory_region_get_ram_ptr(&s->vram);
    DisplaySurface *surface = qemu_console_surface(s->con);
    uint32_t rgb[256], line_bytes = screen->width * ((screen->bits + 7) / 8), run = 0;

    palette_to_rgb(s, rgb);
    for (uint32_t y = 0; y < screen->height; y++) {
        uint32_t first = screen->start + y * screen->stride;

        if (s->redraw || line_is_dirty(s, first, first + line_bytes - 1)) {
            draw_line(s, screen, rgb, vram + first,
                      (uint32_t *)(surface_data(surface) + (size_t)y * surface_stride(surface)));
            run++;
        } else if (run) {
            dpy_gfx_update(s->con, 0, y - run, screen->width, run);
            run = 0;
        }
    }
    if (run) {
        dpy_gfx_update(s->con, 0, screen->height - run, screen->width, run);
    }
}

void vga_draw(void *opaque)
{
    VGAState *s = opaque;
    Screen screen;

    if (!current_screen(s, &screen)) {
        draw_blank(s);
        return;
    }
    fit_surface(s, screen.width, screen.height);
    if (fetch_dirty(s, screen.start, screen.start + (screen.height - 1) * screen.stride
                    + screen.width * ((screen.bits + 7) / 8) - 1) || s->redraw) {
        draw_lines(s, &screen);
        s->redraw = false;
    }
}

void vga_invalidate(void *opaque)
{
    VGAState *s = opaque;

    s->redraw = true;
}
