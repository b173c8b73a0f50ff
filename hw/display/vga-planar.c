/*
 * VGA graphics modes that the CRT controller walks through: 16 colours in
 * planes, 2 and 4 colours of the CGA, 256 colours chained or not (mode X).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/display/vga-internal.h"
#include "qemu/bswap.h"

typedef enum { PIXELS_PLANAR, PIXELS_INTERLEAVED, PIXELS_BYTES } PixelFormat;

typedef struct PlanarScreen {
    VGAScan scan;
    PixelFormat format;
    unsigned double_x;          /* 1: each dot twice */
    uint32_t width, height;
    uint32_t rgb[256];
} PlanarScreen;

/* Byte i of entry b: bit 7 - i of b. */
static uint64_t bits_to_bytes[256];

static void QEMU_CONSTRUCTOR init_bits_to_bytes(void)
{
    for (int b = 0; b < 256; b++) {
        for (int i = 0; i < 8; i++) {
            bits_to_bytes[b] |= (uint64_t)(b >> (7 - i) & 1) << 8 * i;
        }
    }
}

/* The eight dots of one address, as values before the palette. */
static void decode_planar(uint32_t word, uint8_t *to)
{
    stq_le_p(to, bits_to_bytes[word & 0xff] | bits_to_bytes[word >> 8 & 0xff] << 1 |
                 bits_to_bytes[word >> 16 & 0xff] << 2 | bits_to_bytes[word >> 24] << 3);
}

/* Two bits of planes 0 (then 1) and two of planes 2 (then 3) make a dot. */
static void decode_interleaved(uint32_t word, uint8_t *to)
{
    for (int i = 0; i < 4; i++) {
        unsigned shift = 6 - 2 * i;

        to[i] = (word >> shift & 3) | (word >> (16 + shift) & 3) << 2;
        to[4 + i] = (word >> (8 + shift) & 3) | (word >> (24 + shift) & 3) << 2;
    }
}

static void decode_bytes(uint32_t word, uint8_t *to)
{
    for (int i = 0; i < 4; i++) {
        to[2 * i] = to[2 * i + 1] = word >> 8 * i;
    }
}

static void get_screen(const VGAState *s, PlanarScreen *screen)
{
    uint32_t all[256];

    vga_scan_get(s, &screen->scan);
    screen->format = s->gfx[GFX_MODE] & GFX_MODE_256 ? PIXELS_BYTES
                   : s->gfx[GFX_MODE] & GFX_MODE_INTERLEAVE ? PIXELS_INTERLEAVED : PIXELS_PLANAR;
    screen->double_x = s->seq[SEQ_CLOCKING] & SEQ_CLOCKING_HALF && !(s->vbe[VBE_ENABLE] & VBE_ENABLED) ? 1 : 0;
    screen->width = screen->scan.columns * 8 << screen->double_x;
    screen->height = MIN(screen->scan.lines, VGA_MAX_HEIGHT);
    vga_palette_rgb(s, screen->format == PIXELS_BYTES ? screen->rgb : all);
    if (screen->format != PIXELS_BYTES) {
        vga_attribute_rgb(s, all, screen->rgb);
    }
}

/* Dots by which the picture is moved to the left. */
static unsigned panning(const PlanarScreen *screen, unsigned value)
{
    return screen->format == PIXELS_BYTES ? value & 7 & ~1u : value & 8 ? 0 : value & 7;
}

static void draw_line(VGAState *s, const PlanarScreen *screen, const VGAScanLine *line, uint32_t y)
{
    const uint8_t *vram = memory_region_get_ram_ptr(&s->vram);
    uint8_t dots[VGA_MAX_WIDTH + 16];      /* one address more for panning */
    const uint8_t *from = dots + panning(screen, line->panning);
    uint32_t *to = vga_surface_line(s, y);

    for (uint32_t x = 0; x <= screen->scan.columns; x++) {
        uint32_t offset = vga_scan_address(s, &screen->scan, line->address + x, line->row);
        uint32_t word = ldl_le_p(vram + (offset * 4 & (s->vram_size - 1)));

        switch (screen->format) {
        case PIXELS_PLANAR:
            decode_planar(word, dots + 8 * x);
            break;
        case PIXELS_INTERLEAVED:
            decode_interleaved(word, dots + 8 * x);
            break;
        case PIXELS_BYTES:
            decode_bytes(word, dots + 8 * x);
            break;
        }
    }
    for (uint32_t x = 0; x < screen->width; x++) {
        to[x] = screen->rgb[from[x >> screen->double_x]];
    }
}

static bool line_is_dirty(const VGAState *s, const PlanarScreen *screen, const VGAScanLine *line)
{
    uint32_t first = vga_scan_address(s, &screen->scan, line->address, line->row);
    uint32_t last = vga_scan_address(s, &screen->scan, line->address + screen->scan.columns, line->row);

    if (last < first) {         /* wraps */
        return true;
    }
    return vga_range_is_dirty(s, first * 4 & (s->vram_size - 1), MIN(last * 4 + 3, s->vram_size - 1));
}

static uint64_t layout_of(const PlanarScreen *screen)
{
    const VGAScan *scan = &screen->scan;
    uint64_t h = scan->start;

    h = h * 8191 + scan->pitch;
    h = h * 31 + scan->rows_per_character;
    h = h * 5 + scan->repeat;
    h = h * 31 + scan->preset_row;
    h = h * 17 + scan->panning;
    h = h * 1031 + MIN(scan->line_compare, screen->height);
    return (h * 4 + screen->format) * 2 + 1;
}

void vga_draw_planar(VGAState *s)
{
    PlanarScreen screen;
    VGAScanLine line;
    uint32_t run = 0;

    get_screen(s, &screen);
    vga_fit_surface(s, screen.width, screen.height);
    vga_fit_layout(s, VGA_KIND_PLANAR, layout_of(&screen));
    if (!vga_fetch_dirty(s, 0, MIN((uint64_t)screen.scan.address_mask * 4 + 3, s->vram_size - 1)) && !s->redraw) {
        return;
    }
    vga_scan_start(&screen.scan, &line);
    for (uint32_t y = 0; y < screen.height; y++) {
        if (s->redraw || line_is_dirty(s, &screen, &line)) {
            draw_line(s, &screen, &line, y);
            run++;
        } else if (run) {
            dpy_gfx_update(s->con, 0, y - run, screen.width, run);
            run = 0;
        }
        vga_scan_next(s, &screen.scan, y, &line);
    }
    if (run) {
        dpy_gfx_update(s->con, 0, screen.height - run, screen.width, run);
    }
}
