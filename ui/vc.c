/*
 * "vc": a text console among the graphic ones, as the other end of a serial
 * line or the monitor.
 *
 * The font is the one of the VGA BIOS that the distribution installs.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include <linux/input-event-codes.h>
#include "chardev/char-int.h"
#include "qemu/timer.h"
#include "sysemu/sysemu.h"
#include "ui/console.h"
#include "ui/console-int.h"
#include "ui/vt.h"

enum { GLYPH_WIDTH = 8, GLYPH_HEIGHT = 16, GLYPHS = 256, INPUT_LIMIT = 256, CURSOR_BLINK_MS = 500 };

typedef struct VCChardev {
    Chardev parent;
    VT vt;
    QemuConsole *con;
    bool redraw;
    uint16_t shown[VT_ROWS][VT_COLUMNS];
    int shown_x, shown_y;
    GByteArray *input;              /* typed, not yet taken */
} VCChardev;

/* --- the font ------------------------------------------------------------------------ */

/* Where the font lies is not fixed; what "A" looks like is. */
static const uint8_t *load_font(void)
{
    enum { PROBE = 'A' };
    static const uint8_t probe[GLYPH_HEIGHT] = { 0, 0, 0x10, 0x38, 0x6c, 0xc6, 0xc6, 0xfe, 0xc6, 0xc6, 0xc6, 0xc6 };
    static uint8_t font[GLYPHS * GLYPH_HEIGHT];
    static bool tried;
    g_autofree char *path = NULL, *rom = NULL;
    gsize size;
    const char *found;

    if (tried) {
        return font;
    }
    tried = true;
    path = qemu_find_file("vgabios-stdvga.bin");
    if (!path || !g_file_get_contents(path, &rom, &size, NULL)) {
        error_report("vc: no font (vgabios-stdvga.bin is not in the firmware path): text consoles stay empty");
        return font;
    }
    found = memmem(rom, size, probe, sizeof(probe));
    if (found && found - rom >= PROBE * GLYPH_HEIGHT && found - rom + (GLYPHS - PROBE) * GLYPH_HEIGHT <= (long)size) {
        memcpy(font, found - PROBE * GLYPH_HEIGHT, sizeof(font));
    }
    return font;
}

/* --- drawing --------------------------------------------------------------------------- */

static const uint32_t colours[16] = {
    0x000000, 0x0000aa, 0x00aa00, 0x00aaaa, 0xaa0000, 0xaa00aa, 0xaa5500, 0xaaaaaa,
    0x555555, 0x5555ff, 0x55ff55, 0x55ffff, 0xff5555, 0xff55ff, 0xffff55, 0xffffff,
};

static void draw_cell(VCChardev *d, int x, int y, uint16_t cell, bool cursor)
{
    DisplaySurface *surface = qemu_console_surface(d->con);
    const uint8_t *glyph = load_font() + (cell & 0xff) * GLYPH_HEIGHT;
    uint32_t fg = colours[cell >> 8 & 15], bg = colours[cell >> 12 & 7];

    if (cursor) {
        uint32_t other = fg;

        fg = bg;
        bg = other;
    }
    for (int row = 0; row < GLYPH_HEIGHT; row++) {
        uint32_t *to = (uint32_t *)(surface_data(surface) + (size_t)(y * GLYPH_HEIGHT + row) * surface_stride(surface))
                       + x * GLYPH_WIDTH;

        for (int i = 0; i < GLYPH_WIDTH; i++) {
            to[i] = glyph[row] & 0x80 >> i ? fg : bg;
        }
    }
    dpy_gfx_update(d->con, x * GLYPH_WIDTH, y * GLYPH_HEIGHT, GLYPH_WIDTH, GLYPH_HEIGHT);
}

static void vc_gfx_update(void *opaque)
{
    VCChardev *d = opaque;
    bool visible = !d->vt.cursor_hidden && !d->vt.back &&
                   !(qemu_clock_get_ms(QEMU_CLOCK_REALTIME) / CURSOR_BLINK_MS & 1);
    int cursor_x = visible ? d->vt.x : -1, cursor_y = visible ? d->vt.y : -1;

    if (!d->vt.changed && !d->redraw && cursor_x == d->shown_x && cursor_y == d->shown_y) {
        return;
    }
    for (int y = 0; y < VT_ROWS; y++) {
        const uint16_t *row = vt_row(&d->vt, y);

        for (int x = 0; x < VT_COLUMNS; x++) {
            bool is_cursor = x == cursor_x && y == cursor_y;

            if (d->redraw || row[x] != d->shown[y][x] || is_cursor || (x == d->shown_x && y == d->shown_y)) {
                draw_cell(d, x, y, row[x], is_cursor);
                d->shown[y][x] = row[x];
            }
        }
    }
    d->shown_x = cursor_x;
    d->shown_y = cursor_y;
    d->vt.changed = d->redraw = false;
}

static void vc_invalidate(void *opaque)
{
    VCChardev *d = opaque;

    d->redraw = true;
}

static bool vc_text_get(void *opaque, ConsoleText *text)
{
    VCChardev *d = opaque;

    text->columns = VT_COLUMNS;
    text->rows = VT_ROWS;
    text->blink = true;
    text->cursor_x = d->vt.cursor_hidden || d->vt.back ? -1 : d->vt.x;
    text->cursor_y = text->cursor_x < 0 ? -1 : d->vt.y;
    for (int y = 0; y < VT_ROWS; y++) {
        memcpy(text->cells[y], vt_row(&d->vt, y), VT_COLUMNS * sizeof(uint16_t));
    }
    return true;
}

/* --- input -------------------------------------------------------------------------------- */

static void offer_input(VCChardev *d)
{
    int n;

    while (d->input->len && (n = MIN(chr_can_read(&d->parent), (int)d->input->len)) > 0) {
        uint8_t part[INPUT_LIMIT];

        n = MIN(n, INPUT_LIMIT);
        memcpy(part, d->input->data, n);
        g_byte_array_remove_range(d->input, 0, n);
        chr_read(&d->parent, part, n);
    }
}

static void vc_type(void *opaque, const char *text)
{
    VCChardev *d = opaque;

    if (d->input->len + strlen(text) <= INPUT_LIMIT) {
        g_byte_array_append(d->input, (const uint8_t *)text, strlen(text));
    }
    offer_input(d);
}

static void vc_scroll(void *opaque, int pages)
{
    VCChardev *d = opaque;

    vt_scroll_back(&d->vt, pages * VT_ROWS / 2);
}

/* --- the character device ------------------------------------------------------------------ */

static ssize_t vc_write(Chardev *chr, const uint8_t *buf, size_t len)
{
    VCChardev *d = (VCChardev *)chr;

    vt_write(&d->vt, buf, len);
    return len;
}

static void vc_accept_input(Chardev *chr)
{
    offer_input((VCChardev *)chr);
}

static bool vc_open(Chardev *chr, OptList *opts, Error **errp)
{
    static const GraphicHwOps ops = {
        .invalidate = vc_invalidate, .gfx_update = vc_gfx_update, .text_get = vc_text_get,
    };
    static const TextConsoleOps text_ops = { .type = vc_type, .scroll = vc_scroll };
    static const char *const sizes[] = { "width", "height", "cols", "rows" };
    VCChardev *d = (VCChardev *)chr;

    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
        optlist_get(opts, sizes[i]);        /* the grid has one size */
    }
    vt_init(&d->vt);
    d->vt.answer = vc_type;
    d->vt.opaque = d;
    d->input = g_byte_array_new();
    d->redraw = true;
    d->con = text_console_init(chr->label, &ops, &text_ops, d, VT_COLUMNS * GLYPH_WIDTH, VT_ROWS * GLYPH_HEIGHT);
    chr->filename = g_strdup("vc");
    chr->open = true;
    return true;
}

const ChardevClass chardev_vc = {
    .kind = "vc",
    .instance_size = sizeof(VCChardev),
    .open = vc_open,
    .write = vc_write,
    .accept_input = vc_accept_input,
};
