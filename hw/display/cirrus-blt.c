/*
 * Cirrus Logic GD5446: the BitBLT engine (technical reference, chapter 9):
 * copies in both directions, raster operations, 8x8 patterns, colour
 * expansion of monochrome data, transparency, fills.
 *
 * A blit is complete when the register write that starts it returns.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/display/cirrus.h"
#include "qemu/log.h"

enum { MODE_BACKWARDS = 0x01, MODE_TO_SYSTEM = 0x02, MODE_FROM_SYSTEM = 0x04, MODE_TRANSPARENT = 0x08,
       MODE_WIDTH_SHIFT = 4, MODE_PATTERN = 0x40, MODE_EXPAND = 0x80 };
enum { EXT_SOLID_FILL = 0x04, EXT_INVERT = 0x02, EXT_DWORD = 0x01 };
enum { PATTERN_LINES = 8, MAX_WIDTH = 0x2000 };

typedef struct Blit {
    uint32_t width, height;         /* bytes, lines */
    int32_t to_pitch, from_pitch;
    uint32_t to, from;
    uint8_t mode, ext, rop;
    unsigned pixel;                 /* bytes */
    uint32_t foreground, background, key;
    unsigned skip;                  /* leftmost pixels, bits that are not drawn */
} Blit;

/* 9.4.10: the codes of the sixteen operations. */
static uint8_t combine(uint8_t rop, uint8_t source, uint8_t destination)
{
    switch (rop) {
    case 0x00: return 0;
    case 0x05: return source & destination;
    case 0x06: return destination;
    case 0x09: return source & ~destination;
    case 0x0b: return ~destination;
    case 0x0d: return source;
    case 0x0e: return 0xff;
    case 0x50: return ~source & destination;
    case 0x59: return source ^ destination;
    case 0x6d: return source | destination;
    case 0x90: return ~source | ~destination;
    case 0x95: return ~(source ^ destination);
    case 0xad: return source | ~destination;
    case 0xd0: return ~source;
    case 0xd6: return ~source | destination;
    case 0xda: return ~source & ~destination;
    default: return destination;
    }
}

static uint8_t *vram(CirrusState *s)
{
    return memory_region_get_ram_ptr(&s->vga.vram);
}

static uint32_t colour(const CirrusState *s, int low)
{
    return s->gfx[low ? 1 : 0] | s->gfx[GR_BACKGROUND_1 + low] << 8 | s->gfx[GR_BACKGROUND_2 + low] << 16 |
           (uint32_t)s->gfx[GR_BACKGROUND_3 + low] << 24;
}

static Blit current_blit(const CirrusState *s)
{
    const uint8_t *g = s->gfx;
    Blit b = {
        .width = ((g[GR_BLT_WIDTH] | g[GR_BLT_WIDTH + 1] << 8) & (MAX_WIDTH - 1)) + 1,
        .height = ((g[GR_BLT_HEIGHT] | g[GR_BLT_HEIGHT + 1] << 8) & 0x7ff) + 1,
        .to_pitch = (g[GR_BLT_TO_PITCH] | g[GR_BLT_TO_PITCH + 1] << 8) & 0x1fff,
        .from_pitch = (g[GR_BLT_FROM_PITCH] | g[GR_BLT_FROM_PITCH + 1] << 8) & 0x1fff,
        .to = g[GR_BLT_TO] | g[GR_BLT_TO + 1] << 8 | (g[GR_BLT_TO + 2] & 0x3f) << 16,
        .from = g[GR_BLT_FROM] | g[GR_BLT_FROM + 1] << 8 | (g[GR_BLT_FROM + 2] & 0x3f) << 16,
        .mode = g[GR_BLT_MODE],
        .ext = g[GR_BLT_MODE_EXT],
        .rop = g[GR_BLT_ROP],
        .pixel = (g[GR_BLT_MODE] >> MODE_WIDTH_SHIFT & 3) + 1,
        .foreground = colour(s, 1),
        .background = colour(s, 0),
        .key = g[GR_BLT_KEY] | g[GR_BLT_KEY + 1] << 8,
    };

    b.skip = b.pixel == 3 ? (g[GR_BLT_LEFT_SKIP] & 0x1f) / 3 : g[GR_BLT_LEFT_SKIP] & 7;
    return b;
}

/* One destination byte; addresses wrap at the end of video memory. */
static void put(CirrusState *s, const Blit *b, uint32_t address, uint8_t source)
{
    uint8_t *p = vram(s) + (address & (s->vga.vram_size - 1));

    *p = combine(b->rop, source, *p);
}

/* Transparent: the result of the operation that equals the key is not stored. */
static void put_pixel(CirrusState *s, const Blit *b, uint32_t address, const uint8_t *source, unsigned bytes)
{
    uint8_t old[4] = { 0 }, result[4] = { 0 };
    bool is_key = true;

    for (unsigned i = 0; i < bytes; i++) {
        old[i] = vram(s)[(address + i) & (s->vga.vram_size - 1)];
        result[i] = combine(b->rop, source[i], old[i]);
        is_key &= result[i] == (b->pixel == 1 ? b->key & 0xff : b->key >> 8 * (i & 1) & 0xff);
    }
    for (unsigned i = 0; i < bytes && !(b->mode & MODE_TRANSPARENT && is_key); i++) {
        vram(s)[(address + i) & (s->vga.vram_size - 1)] = result[i];
    }
}

static void copy_line(CirrusState *s, const Blit *b, uint32_t to, const uint8_t *source)
{
    if (!(b->mode & MODE_TRANSPARENT)) {
        for (uint32_t x = 0; x < b->width; x++) {
            put(s, b, to + x, source[x]);
        }
        return;
    }
    for (uint32_t x = 0; x < b->width; x += b->pixel) {
        put_pixel(s, b, to + x, source + x, MIN(b->pixel, b->width - x));
    }
}

/* bits: a bit for each pixel, the leftmost highest. */
static void expand_line(CirrusState *s, const Blit *b, uint32_t to, const uint8_t *bits, unsigned mask)
{
    uint32_t pixels = b->width / b->pixel;

    for (uint32_t x = b->skip; x < pixels; x++) {
        bool set = bits[(x >> 3) & mask] & 0x80 >> (x & 7);
        bool shown = b->ext & EXT_INVERT && b->mode & MODE_TRANSPARENT ? !set : set;
        uint32_t value = set ? b->foreground : b->background;

        if (b->mode & MODE_TRANSPARENT) {
            if (!shown) {
                continue;
            }
            value = b->ext & EXT_INVERT ? b->background : b->foreground;
        }
        for (unsigned i = 0; i < b->pixel; i++) {
            put(s, b, to + x * b->pixel + i, value >> 8 * i);
        }
    }
}

static void mark_dirty(CirrusState *s, const Blit *b)
{
    uint64_t first = b->to, last = first + (uint64_t)(b->height - 1) * b->to_pitch + b->width;

    if (b->mode & MODE_BACKWARDS) {
        uint64_t span = (uint64_t)(b->height - 1) * b->to_pitch + b->width;

        first = span > b->to ? 0 : b->to + 1 - span;
        last = b->to + 1;
    }
    first = MIN(first, s->vga.vram_size - 1);
    if (last > s->vga.vram_size) {
        memory_region_set_dirty(&s->vga.vram, 0, s->vga.vram_size);
    } else {
        memory_region_set_dirty(&s->vga.vram, first, last - first);
    }
}

/* --- sources in video memory --------------------------------------------------------------- */

static void fetch(CirrusState *s, uint32_t from, uint8_t *to, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes; i++) {
        to[i] = vram(s)[(from + i) & (s->vga.vram_size - 1)];
    }
}

static void solid_fill(CirrusState *s, const Blit *b)
{
    for (uint32_t y = 0; y < b->height; y++) {
        for (uint32_t x = 0; x < b->width; x++) {
            put(s, b, b->to + y * b->to_pitch + x, b->foreground >> 8 * (x % b->pixel));
        }
    }
}

/* The pattern's first line is in the low bits of its address. */
static void pattern_fill(CirrusState *s, const Blit *b)
{
    unsigned line_bytes = b->mode & MODE_EXPAND ? 1 : b->pixel == 3 ? 32 : PATTERN_LINES * b->pixel;
    uint32_t base = b->from & ~(PATTERN_LINES * line_bytes - 1);
    unsigned first = b->from & 7;
    uint8_t tile[32], line[MAX_WIDTH];

    for (uint32_t y = 0; y < b->height; y++) {
        uint32_t to = b->to + y * b->to_pitch;

        fetch(s, base + ((first + y) & 7) * line_bytes, tile, line_bytes);
        if (b->mode & MODE_EXPAND) {
            expand_line(s, b, to, tile, 0);
            continue;
        }
        for (uint32_t x = 0; x < b->width; x++) {
            line[x] = tile[x % (PATTERN_LINES * b->pixel)];
        }
        copy_line(s, b, to, line);
    }
}

/* Backwards: addresses are of the last bytes, and everything runs down. */
static void copy_backwards(CirrusState *s, const Blit *b)
{
    uint8_t line[MAX_WIDTH];

    for (uint32_t y = 0; y < b->height; y++) {
        fetch(s, b->from - y * b->from_pitch - (b->width - 1), line, b->width);
        copy_line(s, b, b->to - y * b->to_pitch - (b->width - 1), line);
    }
}

static void copy_forwards(CirrusState *s, const Blit *b)
{
    uint8_t line[MAX_WIDTH];
    uint32_t source_bytes = (b->width / b->pixel + 7) / 8, from = b->from;

    for (uint32_t y = 0; y < b->height; y++) {
        uint32_t to = b->to + y * b->to_pitch;

        if (b->mode & MODE_EXPAND) {
            fetch(s, from, line, source_bytes);     /* lines of bits are packed */
            from += source_bytes;
            expand_line(s, b, to, line, UINT_MAX);
        } else {
            fetch(s, b->from + y * b->from_pitch, line, b->width);
            copy_line(s, b, to, line);
        }
    }
}

/* --- the CPU's bytes ------------------------------------------------------------------------ */

static void wait_for_data(CirrusState *s, const Blit *b)
{
    uint32_t bytes = b->width;

    if (b->mode & MODE_EXPAND) {
        bytes = (b->width / b->pixel + 7) / 8;
        bytes = b->ext & EXT_DWORD ? ROUND_UP(bytes, 4) : bytes;
    } else {
        bytes = ROUND_UP(bytes, 4);
    }
    s->blt_line_bytes = MIN(bytes, CIRRUS_BLT_BUFFER);
    s->blt_left_lines = b->height;
    s->blt_line_position = 0;
    s->blt_to = b->to;
    s->gfx[GR_BLT_STATUS] |= BLT_BUSY | BLT_BUFFERED;
}

void cirrus_blt_data(CirrusState *s, uint8_t value)
{
    Blit b;

    s->blt_buffer[s->blt_line_position++] = value;
    if (s->blt_line_position < s->blt_line_bytes) {
        return;
    }
    s->blt_line_position = 0;
    b = current_blit(s);
    b.to = s->blt_to;
    b.height = 1;
    if (b.mode & MODE_EXPAND) {
        expand_line(s, &b, b.to, s->blt_buffer, UINT_MAX);
    } else {
        copy_line(s, &b, b.to, s->blt_buffer);
    }
    mark_dirty(s, &b);
    s->blt_to += b.to_pitch;
    if (--s->blt_left_lines == 0) {
        s->gfx[GR_BLT_STATUS] &= ~(BLT_BUSY | BLT_BUFFERED | BLT_START);
    }
}

void cirrus_blt_reset(CirrusState *s)
{
    s->blt_left_lines = s->blt_line_bytes = s->blt_line_position = 0;
    s->gfx[GR_BLT_STATUS] &= ~(BLT_BUSY | BLT_BUFFERED | BLT_START | BLT_RESET);
}

void cirrus_blt_start(CirrusState *s)
{
    Blit b = current_blit(s);

    if (b.mode & MODE_TO_SYSTEM) {
        qemu_log_mask(LOG_UNIMP, "cirrus: blit to system memory\n");
        cirrus_blt_reset(s);
        return;
    }
    if (b.mode & MODE_FROM_SYSTEM) {
        wait_for_data(s, &b);
        return;
    }
    if (b.ext & EXT_SOLID_FILL && b.mode & MODE_EXPAND && b.mode & MODE_PATTERN) {
        solid_fill(s, &b);
    } else if (b.mode & MODE_PATTERN) {
        pattern_fill(s, &b);
    } else if (b.mode & MODE_BACKWARDS && !(b.mode & MODE_EXPAND)) {
        copy_backwards(s, &b);
    } else {
        copy_forwards(s, &b);
    }
    mark_dirty(s, &b);
    cirrus_blt_reset(s);
}
