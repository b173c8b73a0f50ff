/*
 * VGA text modes: two fonts of plane 2, 8 or 9 dots, blinking, underline,
 * cursor; smooth scrolling and split screen. Rows are drawn when their cells,
 * their place or the cursor changed.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/display/vga-internal.h"
#include "qemu/bswap.h"
#include "qemu/timer.h"

enum { FONT_BYTES = 8192, GLYPH_BYTES = 32, MAX_ROWS = 512, MAX_TEXT_WIDTH = VGA_MAX_COLUMNS * 9 };
enum { ATTR_BLINK = 0x80, ATTR_FONT = 0x08, UNDERLINED_MASK = 0x77, UNDERLINED = 0x01 };
#define FRAME_NS (NANOSECONDS_PER_SECOND / 70)
enum { CURSOR_BLINK_FRAMES = 8, CHARACTER_BLINK_FRAMES = 16 };

/* What a row of the surface shows. Compared as bytes: no padding is left unset. */
struct VGATextRow {
    uint32_t first_row, lines, panning;
    int32_t cursor_column;          /* -1: not in this row */
    uint32_t cursor_first, cursor_last;
    uint32_t hidden;                /* blinking characters are dark now */
    uint16_t cells[VGA_MAX_COLUMNS];
};

typedef struct TextScreen {
    VGAScan scan;
    unsigned dots;                  /* of a character: 8 or 9 */
    unsigned double_x;
    uint32_t width, height;
    bool blink;
    uint64_t frame;
    uint32_t cursor_address;
    bool cursor_on;
    uint32_t rgb[16];
} TextScreen;

/* --- fonts ---------------------------------------------------------------------- */

static uint32_t font_offset(unsigned map)
{
    return (map & 3) * 0x4000 + (map >> 2) * 0x2000;
}

/* Font 0 is for characters without attribute bit 3, font 1 for those with it. */
static void load_font(VGAState *s, int n)
{
    uint8_t reg = s->seq[SEQ_CHARACTER_MAP];
    unsigned map = n ? (reg >> 2 & 3) | (reg >> 3 & 4) : (reg & 3) | (reg >> 2 & 4);
    const uint8_t *from = (uint8_t *)memory_region_get_ram_ptr(&s->vram) + font_offset(map) * 4 + 2;
    uint8_t *to = s->fonts + n * FONT_BYTES;

    for (uint32_t i = 0; i < FONT_BYTES; i++) {
        if (to[i] != from[i * 4]) {
            to[i] = from[i * 4];
            s->redraw = true;
        }
    }
}

/* --- geometry -------------------------------------------------------------------- */

static void get_screen(const VGAState *s, TextScreen *t)
{
    uint32_t all[256];

    vga_scan_get(s, &t->scan);
    t->dots = s->seq[SEQ_CLOCKING] & SEQ_CLOCKING_8_DOTS ? 8 : 9;
    t->double_x = s->seq[SEQ_CLOCKING] & SEQ_CLOCKING_HALF ? 1 : 0;
    t->width = t->scan.columns * t->dots << t->double_x;
    t->height = t->scan.lines;
    t->blink = s->attr[ATTR_MODE] & ATTR_MODE_BLINK;
    t->frame = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) / FRAME_NS;
    t->cursor_address = (s->crtc[CRTC_CURSOR_HIGH] << 8 | s->crtc[CRTC_CURSOR_LOW]) + (s->crtc[CRTC_CURSOR_END] >> 5 & 3);
    t->cursor_on = !(s->crtc[CRTC_CURSOR_START] & CRTC_CURSOR_OFF) &&
                   (s->crtc[CRTC_CURSOR_START] & 0x1f) <= (s->crtc[CRTC_CURSOR_END] & 0x1f);
    vga_palette_rgb(s, all);
    vga_attribute_rgb(s, all, t->rgb);
}

static unsigned panning(const TextScreen *t, unsigned value)
{
    return t->dots == 8 ? value & 7 : value & 8 ? 0 : (value & 7) + 1;
}

static uint16_t read_cell(VGAState *s, const TextScreen *t, uint32_t address)
{
    const uint8_t *vram = memory_region_get_ram_ptr(&s->vram);

    return ldl_le_p(vram + (vga_scan_address(s, &t->scan, address, 0) * 4 & (s->vram_size - 1)));
}

/* --- one row ----------------------------------------------------------------------- */

static void describe_row(VGAState *s, const TextScreen *t, const VGAScanLine *line, uint32_t lines, VGATextRow *row)
{
    uint32_t cursor = (t->cursor_address - line->address) & t->scan.address_mask;
    bool blinking = false;

    memset(row, 0, sizeof(*row));
    row->first_row = line->row;
    row->lines = lines;
    row->panning = panning(t, line->panning);
    row->cursor_column = -1;
    for (uint32_t x = 0; x < t->scan.columns; x++) {
        row->cells[x] = read_cell(s, t, line->address + x);
        blinking |= row->cells[x] >> 8 & ATTR_BLINK;
    }
    if (t->cursor_on && cursor < t->scan.columns && !(t->frame / CURSOR_BLINK_FRAMES & 1)) {
        row->cursor_column = cursor;
        row->cursor_first = s->crtc[CRTC_CURSOR_START] & 0x1f;
        row->cursor_last = s->crtc[CRTC_CURSOR_END] & 0x1f;
    }
    row->hidden = t->blink && blinking && t->frame / CHARACTER_BLINK_FRAMES & 1;
}

/* Nine bits, the leftmost dot highest. */
static unsigned glyph_bits(const VGAState *s, uint16_t cell, uint32_t row)
{
    uint8_t character = cell, attribute = cell >> 8;
    unsigned bits = s->fonts[(attribute & ATTR_FONT ? FONT_BYTES : 0) + character * GLYPH_BYTES + row] << 1;

    if ((attribute & UNDERLINED_MASK) == UNDERLINED && (s->crtc[CRTC_UNDERLINE] & 0x1f) == row) {
        return 0x1ff;
    }
    if (s->attr[ATTR_MODE] & ATTR_MODE_LINE_GRAPHICS && (character & 0xe0) == 0xc0) {
        bits |= bits >> 1 & 1;
    }
    return bits;
}

static uint32_t *draw_cell(const VGAState *s, const TextScreen *t, const VGATextRow *row, uint32_t x, uint32_t r,
                           uint32_t *to)
{
    uint16_t cell = x < VGA_MAX_COLUMNS ? row->cells[x] : 0;
    uint8_t attribute = cell >> 8;
    uint32_t fg = t->rgb[attribute & 15], bg = t->rgb[t->blink ? attribute >> 4 & 7 : attribute >> 4];
    unsigned bits = glyph_bits(s, cell, r);

    if ((int32_t)x == row->cursor_column && r >= row->cursor_first && r <= row->cursor_last) {
        bits = 0x1ff;
    } else if (row->hidden && attribute & ATTR_BLINK) {
        bits = 0;
    }
    for (unsigned i = 0; i < t->dots; i++) {
        *to++ = bits & 0x100 >> i ? fg : bg;
    }
    return to;
}

static void draw_row(VGAState *s, const TextScreen *t, const VGATextRow *row, uint32_t y)
{
    uint32_t dots[MAX_TEXT_WIDTH + 9], columns = t->scan.columns + (row->panning ? 1 : 0);

    for (uint32_t i = 0; i < row->lines; i++) {
        uint32_t *to = dots, *line = vga_surface_line(s, y + i);
        uint32_t r = row->first_row + i / t->scan.repeat;

        for (uint32_t x = 0; x < columns; x++) {
            to = draw_cell(s, t, row, x, r, to);
        }
        for (uint32_t x = 0; x < t->width; x++) {
            line[x] = dots[(x >> t->double_x) + row->panning];
        }
    }
}

/* --- the screen --------------------------------------------------------------------- */

static uint64_t layout_of(const TextScreen *t)
{
    return ((uint64_t)t->scan.columns * 32 + t->scan.rows_per_character) * 64 + t->dots * 4 + t->scan.repeat;
}

/* Draw what starts at line y; the number of scan lines it has. */
static uint32_t update_row(VGAState *s, const TextScreen *t, uint32_t number, uint32_t y, VGAScanLine *line)
{
    VGAScanLine first = *line;
    VGATextRow row;
    uint32_t lines = 0;

    do {
        vga_scan_next(s, &t->scan, y + lines, line);
        lines++;
    } while (y + lines < t->height && line->address == first.address && line->row >= first.row);
    describe_row(s, t, &first, lines, &row);
    if (number >= MAX_ROWS || s->redraw || memcmp(&row, &s->text_rows[number], sizeof(row))) {
        draw_row(s, t, &row, y);
        dpy_gfx_update(s->con, 0, y, t->width, lines);
        if (number < MAX_ROWS) {
            s->text_rows[number] = row;
        }
    }
    return lines;
}

void vga_draw_text(VGAState *s)
{
    TextScreen t;
    VGAScanLine line;
    uint32_t number = 0;

    get_screen(s, &t);
    vga_fit_surface(s, t.width, t.height);
    vga_fit_layout(s, VGA_KIND_TEXT, layout_of(&t));
    if (vga_fetch_dirty(s, 0, MIN(256 * KiB, s->vram_size) - 1) || s->redraw ||
        s->shown_fonts != s->seq[SEQ_CHARACTER_MAP]) {
        s->shown_fonts = s->seq[SEQ_CHARACTER_MAP];
        load_font(s, 0);
        load_font(s, 1);
    }
    vga_scan_start(&t.scan, &line);
    for (uint32_t y = 0; y < t.height; number++) {
        y += update_row(s, &t, number, y, &line);
    }
}

bool vga_text_get(void *opaque, ConsoleText *text)
{
    VGAState *s = opaque;
    VGALinear mode;
    TextScreen t;

    if (vga_vbe_linear_mode(s, &mode) || (s->card && s->card->linear_mode && s->card->linear_mode(s, &mode)) ||
        s->gfx[GFX_MISC] & GFX_MISC_GRAPHICS) {
        return false;
    }
    get_screen(s, &t);
    text->columns = MIN(t.scan.columns, CONSOLE_TEXT_COLUMNS);
    text->rows = MIN(t.height / (t.scan.rows_per_character * t.scan.repeat), CONSOLE_TEXT_ROWS);
    text->blink = t.blink;
    text->cursor_x = text->cursor_y = -1;
    for (int y = 0; y < text->rows; y++) {
        uint32_t address = t.scan.start + y * t.scan.pitch;
        uint32_t cursor = (t.cursor_address - address) & t.scan.address_mask;

        for (int x = 0; x < text->columns; x++) {
            text->cells[y][x] = read_cell(s, &t, address + x);
        }
        if (t.cursor_on && cursor < (uint32_t)text->columns) {
            text->cursor_x = cursor;
            text->cursor_y = y;
        }
    }
    return true;
}

void vga_text_init(VGAState *s)
{
    s->text_rows = g_new0(VGATextRow, MAX_ROWS);
    s->fonts = g_malloc0(2 * FONT_BYTES);
}

void vga_text_cleanup(VGAState *s)
{
    g_free(s->text_rows);
    g_free(s->fonts);
}
