/*
 * A terminal: see ui/vt.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "ui/cp437.h"
#include "ui/vt.h"

enum { DEFAULT_ATTRIBUTE = 0x07, BRIGHT = 0x08, TAB_WIDTH = 8 };

/* --- lines ------------------------------------------------------------------------ */

static uint16_t *screen_line(VT *vt, int y)
{
    return vt->lines[(vt->first + vt->used - VT_ROWS + y) % VT_HISTORY];
}

const uint16_t *vt_row(const VT *vt, int y)
{
    return vt->lines[(vt->first + vt->used - VT_ROWS - vt->back + y) % VT_HISTORY];
}

static uint16_t blank(const VT *vt)
{
    return ' ' | (vt->attribute & 0x70) << 8 | (vt->attribute & 0x07) << 8;
}

static void clear_cells(VT *vt, int y, int first, int last)
{
    uint16_t *line = screen_line(vt, y);

    for (int x = MAX(first, 0); x <= MIN(last, VT_COLUMNS - 1); x++) {
        line[x] = blank(vt);
    }
}

static void copy_line(VT *vt, int to, int from)
{
    memcpy(screen_line(vt, to), screen_line(vt, from), sizeof(vt->lines[0]));
}

static void scroll_up(VT *vt)
{
    if (vt->region_first == 0 && vt->region_last == VT_ROWS - 1) {
        if (vt->used < VT_HISTORY) {
            vt->used++;
        } else {
            vt->first = (vt->first + 1) % VT_HISTORY;
        }
    } else {
        for (int y = vt->region_first; y < vt->region_last; y++) {
            copy_line(vt, y, y + 1);
        }
    }
    clear_cells(vt, vt->region_last, 0, VT_COLUMNS - 1);
}

static void scroll_down(VT *vt, int first)
{
    for (int y = vt->region_last; y > first; y--) {
        copy_line(vt, y, y - 1);
    }
    clear_cells(vt, first, 0, VT_COLUMNS - 1);
}

void vt_scroll_back(VT *vt, int rows)
{
    vt->back = CLAMP(vt->back + rows, 0, vt->used - VT_ROWS);
    vt->changed = true;
}

/* --- characters --------------------------------------------------------------------- */

static void line_feed(VT *vt)
{
    if (vt->y == vt->region_last) {
        scroll_up(vt);
    } else if (vt->y < VT_ROWS - 1) {
        vt->y++;
    }
}

static uint8_t current_attribute(const VT *vt)
{
    uint8_t fg = vt->attribute & 0x07, bg = vt->attribute >> 4 & 0x07;

    return vt->reverse ? bg | (vt->bold ? BRIGHT : 0) | fg << 4 : fg | (vt->bold ? BRIGHT : 0) | bg << 4;
}

static void put_character(VT *vt, uint8_t c)
{
    if (vt->wrap_next) {
        vt->x = 0;
        vt->wrap_next = false;
        line_feed(vt);
    }
    screen_line(vt, vt->y)[vt->x] = c | current_attribute(vt) << 8;
    if (vt->x == VT_COLUMNS - 1) {
        vt->wrap_next = true;
    } else {
        vt->x++;
    }
}

static void move_to(VT *vt, int x, int y)
{
    vt->x = CLAMP(x, 0, VT_COLUMNS - 1);
    vt->y = CLAMP(y, 0, VT_ROWS - 1);
    vt->wrap_next = false;
}

static void control(VT *vt, uint8_t c)
{
    switch (c) {
    case '\b':
        move_to(vt, vt->x - 1, vt->y);
        break;
    case '\t':
        move_to(vt, (vt->x / TAB_WIDTH + 1) * TAB_WIDTH, vt->y);
        break;
    case '\n':
    case '\v':
    case '\f':
        vt->wrap_next = false;
        line_feed(vt);
        break;
    case '\r':
        move_to(vt, 0, vt->y);
        break;
    case 0x1b:
        vt->parser = VT_ESCAPE;
        break;
    default:
        break;
    }
}

/* UTF-8; a byte that fits nowhere is a character of the code page. */
static void text(VT *vt, uint8_t c)
{
    if (vt->code_left && (c & 0xc0) == 0x80) {
        vt->code = vt->code << 6 | (c & 0x3f);
        if (--vt->code_left == 0) {
            put_character(vt, cp437_from_unicode(vt->code));
        }
        return;
    }
    vt->code_left = 0;
    if (c < 0x20 || c == 0x7f) {
        control(vt, c);
    } else if (c >= 0xc2 && c < 0xf5) {
        vt->code_left = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
        vt->code = c & (0x3f >> vt->code_left);
    } else {
        put_character(vt, c);
    }
}

/* --- control sequences ----------------------------------------------------------------- */

static int parameter(const VT *vt, int i, int missing)
{
    return i < vt->parameters && vt->parameter[i] ? vt->parameter[i] : missing;
}

static void select_rendition(VT *vt)
{
    static const uint8_t ansi_to_vga[8] = { 0, 4, 2, 6, 1, 5, 3, 7 };

    for (int i = 0; i < MAX(vt->parameters, 1); i++) {
        int p = parameter(vt, i, 0);

        if (p == 0) {
            vt->attribute = DEFAULT_ATTRIBUTE;
            vt->reverse = vt->bold = false;
        } else if (p == 1 || p == 22) {
            vt->bold = p == 1;
        } else if (p == 7 || p == 27) {
            vt->reverse = p == 7;
        } else if ((p >= 30 && p <= 37) || (p >= 90 && p <= 97)) {
            vt->attribute = (vt->attribute & 0x70) | ansi_to_vga[p % 10];
            vt->bold |= p >= 90;
        } else if ((p >= 40 && p <= 47) || (p >= 100 && p <= 107)) {
            vt->attribute = (vt->attribute & 0x07) | ansi_to_vga[p % 10] << 4;
        } else if (p == 39) {
            vt->attribute = (vt->attribute & 0x70) | (DEFAULT_ATTRIBUTE & 0x07);
        } else if (p == 49) {
            vt->attribute &= 0x07;
        }
    }
}

static void erase_display(VT *vt, int what)
{
    int first = what == 0 ? vt->y : 0, last = what == 1 ? vt->y : VT_ROWS - 1;

    for (int y = first; y <= last; y++) {
        clear_cells(vt, y, what == 0 && y == vt->y ? vt->x : 0, what == 1 && y == vt->y ? vt->x : VT_COLUMNS - 1);
    }
}

static void shift_cells(VT *vt, int count)
{
    uint16_t *line = screen_line(vt, vt->y);
    int n = MIN(abs(count), VT_COLUMNS - vt->x), rest = VT_COLUMNS - vt->x - n;

    if (count > 0) {
        memmove(line + vt->x + n, line + vt->x, rest * sizeof(*line));
        clear_cells(vt, vt->y, vt->x, vt->x + n - 1);
    } else {
        memmove(line + vt->x, line + vt->x + n, rest * sizeof(*line));
        clear_cells(vt, vt->y, VT_COLUMNS - n, VT_COLUMNS - 1);
    }
}

static void shift_lines(VT *vt, int count)
{
    int first = vt->region_first;

    if (vt->y < first || vt->y > vt->region_last) {
        return;
    }
    for (int i = MIN(abs(count), VT_ROWS); i > 0; i--) {
        if (count > 0) {
            scroll_down(vt, vt->y);
        } else {
            for (int y = vt->y; y < vt->region_last; y++) {
                copy_line(vt, y, y + 1);
            }
            clear_cells(vt, vt->region_last, 0, VT_COLUMNS - 1);
        }
    }
}

static void report(VT *vt, int what)
{
    char line[32];

    if (what == 6) {
        snprintf(line, sizeof(line), "\033[%d;%dR", vt->y + 1, vt->x + 1);
        vt->answer(vt->opaque, line);
    } else if (what == 5) {
        vt->answer(vt->opaque, "\033[0n");
    }
}

static void set_region(VT *vt)
{
    int first = parameter(vt, 0, 1) - 1, last = parameter(vt, 1, VT_ROWS) - 1;

    if (first < last && last < VT_ROWS) {
        vt->region_first = first;
        vt->region_last = last;
        move_to(vt, 0, 0);
    }
}

static void control_sequence(VT *vt, uint8_t final)
{
    int n = parameter(vt, 0, 1);

    switch (final) {
    case 'A': move_to(vt, vt->x, vt->y - n); break;
    case 'B': case 'e': move_to(vt, vt->x, vt->y + n); break;
    case 'C': case 'a': move_to(vt, vt->x + n, vt->y); break;
    case 'D': move_to(vt, vt->x - n, vt->y); break;
    case 'E': move_to(vt, 0, vt->y + n); break;
    case 'F': move_to(vt, 0, vt->y - n); break;
    case 'G': case '`': move_to(vt, n - 1, vt->y); break;
    case 'H': case 'f': move_to(vt, parameter(vt, 1, 1) - 1, n - 1); break;
    case 'J': erase_display(vt, parameter(vt, 0, 0)); break;
    case 'K': clear_cells(vt, vt->y, parameter(vt, 0, 0) ? 0 : vt->x,
                          parameter(vt, 0, 0) == 1 ? vt->x : VT_COLUMNS - 1); break;
    case 'L': shift_lines(vt, n); break;
    case 'M': shift_lines(vt, -n); break;
    case 'P': shift_cells(vt, -n); break;
    case '@': shift_cells(vt, n); break;
    case 'X': clear_cells(vt, vt->y, vt->x, vt->x + n - 1); break;
    case 'd': move_to(vt, vt->x, n - 1); break;
    case 'h': case 'l':
        if (vt->private_sequence && parameter(vt, 0, 0) == 25) {
            vt->cursor_hidden = final == 'l';
        }
        break;
    case 'm': select_rendition(vt); break;
    case 'n': report(vt, parameter(vt, 0, 0)); break;
    case 'r': set_region(vt); break;
    case 's': vt->saved_x = vt->x; vt->saved_y = vt->y; break;
    case 'u': move_to(vt, vt->saved_x, vt->saved_y); break;
    default: break;
    }
}

static void csi(VT *vt, uint8_t c)
{
    if (c >= '0' && c <= '9') {
        if (!vt->parameters) {
            vt->parameters = 1;
        }
        vt->parameter[vt->parameters - 1] = MIN(vt->parameter[vt->parameters - 1] * 10 + (c - '0'), 9999);
    } else if (c == ';') {
        vt->parameters = MIN(MAX(vt->parameters, 1) + 1, VT_MAX_PARAMETERS);
    } else if (c == '?' || c == '>') {
        vt->private_sequence = true;
    } else if (c >= 0x40) {
        vt->parser = VT_TEXT;
        control_sequence(vt, c);
    } else if (c < 0x20) {
        vt->parser = VT_TEXT;
        control(vt, c);
    }
}

static void escape(VT *vt, uint8_t c)
{
    vt->parser = VT_TEXT;
    switch (c) {
    case '[':
        vt->parser = VT_CSI;
        vt->parameters = 0;
        vt->private_sequence = false;
        memset(vt->parameter, 0, sizeof(vt->parameter));
        break;
    case ']': case 'P': case '^': case '_':
        vt->parser = VT_STRING;
        break;
    case '(': case ')': case '#': case '%':
        vt->parser = VT_SKIP_ONE;
        break;
    case '7': vt->saved_x = vt->x; vt->saved_y = vt->y; break;
    case '8': move_to(vt, vt->saved_x, vt->saved_y); break;
    case 'D': line_feed(vt); break;
    case 'E': move_to(vt, 0, vt->y); line_feed(vt); break;
    case 'M':
        if (vt->y == vt->region_first) {
            scroll_down(vt, vt->region_first);
        } else {
            move_to(vt, vt->x, vt->y - 1);
        }
        break;
    case 'c': {
        void (*answer)(void *opaque, const char *text) = vt->answer;
        void *opaque = vt->opaque;

        vt_init(vt);
        vt->answer = answer;
        vt->opaque = opaque;
        break;
    }
    default: break;
    }
}

void vt_write(VT *vt, const uint8_t *buf, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        switch (vt->parser) {
        case VT_TEXT: text(vt, buf[i]); break;
        case VT_ESCAPE: escape(vt, buf[i]); break;
        case VT_CSI: csi(vt, buf[i]); break;
        case VT_SKIP_ONE: vt->parser = VT_TEXT; break;
        case VT_STRING:
            if (buf[i] == '\a' || buf[i] == 0x1b) {
                vt->parser = buf[i] == 0x1b ? VT_SKIP_ONE : VT_TEXT;
            }
            break;
        }
    }
    vt->back = 0;
    vt->changed = true;
}

void vt_init(VT *vt)
{
    memset(vt, 0, sizeof(*vt));
    vt->used = VT_ROWS;
    vt->region_last = VT_ROWS - 1;
    vt->attribute = DEFAULT_ATTRIBUTE;
    vt->changed = true;
    for (int y = 0; y < VT_ROWS; y++) {
        clear_cells(vt, y, 0, VT_COLUMNS - 1);
    }
}
