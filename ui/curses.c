/*
 * -display curses: the guest's text screen in the terminal, with attributes
 * and cursor. A graphics mode says so in a line. Alt-1 to Alt-9 switch the
 * consoles.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#ifdef CONFIG_CURSES
#define _XOPEN_SOURCE_EXTENDED 1
#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include "sysemu/sysemu.h"
#include "ui/console-int.h"
#include "ui/cp437.h"
#include "ui/curses-keys.h"

enum { ESCAPE = 27, ESCAPE_DELAY_MS = 25, CURSOR_BLOCK = 2 };

typedef struct CursesDisplay {
    DisplayChangeListener dcl;
    ConsoleText *text;
    bool utf8;
    int pointer_visible;
} CursesDisplay;

static CursesDisplay display;

/* --- picture -------------------------------------------------------------------------- */

static const short vga_to_curses[8] = {
    COLOR_BLACK, COLOR_BLUE, COLOR_GREEN, COLOR_CYAN, COLOR_RED, COLOR_MAGENTA, COLOR_YELLOW, COLOR_WHITE,
};

/* Pair 0 is white on black and cannot be defined. */
static short pair_of(unsigned fg, unsigned bg)
{
    return (bg << 3 | fg) ^ 7;
}

static void init_colours(void)
{
    if (!has_colors()) {
        return;
    }
    start_color();
    for (unsigned i = 1; i < 64; i++) {
        init_pair(pair_of((i & 7) ^ 7, i >> 3), vga_to_curses[(i & 7) ^ 7], vga_to_curses[i >> 3]);
    }
}

static void put_cell(const CursesDisplay *d, int y, int x, uint16_t cell)
{
    uint8_t attribute = cell >> 8;
    wchar_t text[2] = { cp437_to_unicode(cell & 0xff), 0 };
    attr_t attr = (attribute & 0x08 ? A_BOLD : 0) | (attribute & 0x80 && d->text->blink ? A_BLINK : 0);
    cchar_t wide;

    if (!d->utf8 && text[0] >= 0x80) {
        text[0] = '?';
    }
    setcchar(&wide, text, attr, pair_of(attribute & 7, attribute >> 4 & 7), NULL);
    mvadd_wch(y, x, &wide);
}

static void show_text(CursesDisplay *d)
{
    int rows = MIN(d->text->rows, LINES), columns = MIN(d->text->columns, COLS);

    if (d->text->rows < LINES || d->text->columns < COLS) {
        erase();
    }
    for (int y = 0; y < rows; y++) {
        for (int x = 0; x < columns; x++) {
            put_cell(d, y, x, d->text->cells[y][x]);
        }
    }
    if (d->text->cursor_x >= 0 && d->text->cursor_x < columns && d->text->cursor_y < rows) {
        curs_set(CURSOR_BLOCK);
        move(d->text->cursor_y, d->text->cursor_x);
    } else {
        curs_set(0);
    }
}

static void show_graphics_note(CursesDisplay *d)
{
    DisplaySurface *surface = qemu_console_surface(d->dcl.con);
    char note[64];

    snprintf(note, sizeof(note), "%d x %d Graphic mode", surface_width(surface), surface_height(surface));
    erase();
    curs_set(0);
    mvaddstr(LINES / 2, MAX((COLS - (int)strlen(note)) / 2, 0), note);
}

/* --- keyboard --------------------------------------------------------------------------- */

static void press(const CursesKey *key, bool alt)
{
    const struct { bool held; int code; } modifiers[] = {
        { key->flags & KEY_WITH_SHIFT, KEY_LEFTSHIFT_CODE }, { key->flags & KEY_WITH_CTRL, KEY_LEFTCTRL_CODE },
        { alt, KEY_LEFTALT_CODE },
    };

    for (size_t i = 0; i < ARRAY_SIZE(modifiers); i++) {
        if (modifiers[i].held) {
            qemu_input_send_key(modifiers[i].code, true);
        }
    }
    qemu_input_send_key(key->code, true);
    qemu_input_send_key(key->code, false);
    for (size_t i = ARRAY_SIZE(modifiers); i > 0; i--) {
        if (modifiers[i - 1].held) {
            qemu_input_send_key(modifiers[i - 1].code, false);
        }
    }
}

static void type_to_console(CursesDisplay *d, wint_t c, bool function_key)
{
    CursesKey key;
    const char *text = NULL;
    char utf8[8] = { 0 };

    if (curses_key(c, function_key, &key) && !(key.flags & KEY_WITH_CTRL)) {
        text = text_console_key(key.code);
    }
    if (!text && !function_key) {
        utf8[g_unichar_to_utf8(c, utf8)] = 0;
        text = utf8;
    }
    if (text) {
        text_console_type(d->dcl.con, text);
    }
}

static void key_event(CursesDisplay *d, wint_t c, bool function_key, bool alt)
{
    QemuConsole *con;
    CursesKey key;

    if (function_key && c == KEY_RESIZE) {
        clear();
    } else if (alt && !function_key && c >= '1' && c <= '9') {
        con = qemu_console_by_number(c - '0');
        if (con) {
            displaychangelistener_switch(&d->dcl, con);
            clear();
        }
    } else if (qemu_console_is_text(d->dcl.con)) {
        if (function_key && (c == KEY_PPAGE || c == KEY_NPAGE)) {
            text_console_scroll(d->dcl.con, c == KEY_PPAGE ? 1 : -1);
        } else {
            type_to_console(d, c, function_key);
        }
    } else if (curses_key(c, function_key, &key)) {
        press(&key, alt);
    }
}

static void poll_keys(CursesDisplay *d)
{
    wint_t c;
    int kind;

    while ((kind = get_wch(&c)) != ERR) {
        bool alt = false;

        if (kind == OK && c == ESCAPE) {
            int next = get_wch(&c);

            alt = next != ERR;
            kind = alt ? next : OK;
            c = alt ? c : ESCAPE;
        }
        key_event(d, c, kind == KEY_CODE_YES, alt);
    }
}

static void curses_refresh(DisplayChangeListener *dcl)
{
    CursesDisplay *d = dcl->opaque;

    poll_keys(d);
    graphic_hw_update(dcl->con);
    if (graphic_hw_text(dcl->con, d->text)) {
        show_text(d);
    } else {
        show_graphics_note(d);
    }
    refresh();
}

/* --- set-up ------------------------------------------------------------------------------- */

static bool open_terminal(CursesDisplay *d, Error **errp)
{
    const char *term = getenv("TERM");

    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        error_setg(errp, "-display curses: standard input and output must be a terminal");
        return false;
    }
    setlocale(LC_CTYPE, "");
    d->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    set_escdelay(ESCAPE_DELAY_MS);
    if (!newterm(NULL, stdout, stdin)) {
        error_setg(errp, "-display curses: unknown terminal '%s'", term ? term : "");
        return false;
    }
    raw();
    noecho();
    nonl();
    nodelay(stdscr, TRUE);
    keypad(stdscr, TRUE);
    init_colours();
    return true;
}

static bool curses_init(OptList *opts, Error **errp)
{
    static const DisplayChangeListenerOps ops = { .name = "curses", .refresh = curses_refresh };
    CursesDisplay *d = &display;
    const char *charset = optlist_get(opts, "charset");

    if (charset && g_ascii_strcasecmp(charset, "cp437")) {
        error_setg(errp, "-display curses,charset=%s: not supported (supported: CP437)", charset);
        return false;
    }
    if (!optlist_check_unknown(opts, "-display curses", errp)) {
        return false;
    }
    if (!qemu_console_by_number(1)) {
        error_setg(errp, "-display curses: the machine has no console to show (use -display none)");
        return false;
    }
    if (!open_terminal(d, errp)) {
        return false;
    }
    d->text = g_new0(ConsoleText, 1);
    d->dcl.ops = &ops;
    d->dcl.opaque = d;
    register_displaychangelistener(&d->dcl);
    return true;
}

static void curses_cleanup(void)
{
    endwin();
    g_free(display.text);
    display.text = NULL;
}

static const QemuDisplay curses_display = { "curses", curses_init, curses_cleanup };

static void QEMU_CONSTRUCTOR register_curses(void)
{
    qemu_display_register(&curses_display);
}
#endif
