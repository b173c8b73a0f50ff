/*
 * Keys of a terminal -> Linux input event codes: see ui/curses-keys.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#ifdef CONFIG_CURSES
#include <curses.h>
#include "ui/curses-keys.h"

/* The numbers of linux/input-event-codes.h. */
enum { LINUX_ESC = 1, LINUX_BACKSPACE = 14, LINUX_TAB = 15, LINUX_ENTER = 28, LINUX_F1 = 59, LINUX_F11 = 87,
       LINUX_HOME = 102, LINUX_UP = 103, LINUX_PAGEUP = 104, LINUX_LEFT = 105, LINUX_RIGHT = 106, LINUX_END = 107,
       LINUX_DOWN = 108, LINUX_PAGEDOWN = 109, LINUX_INSERT = 110, LINUX_DELETE = 111 };

/* Printing characters in the order of the codes that they start at. */
static const struct { int first; const char *plain, *shifted; } rows[] = {
    { 2, "1234567890-=", "!@#$%^&*()_+" },
    { 16, "qwertyuiop[]", "QWERTYUIOP{}" },
    { 30, "asdfghjkl;'`", "ASDFGHJKL:\"~" },
    { 43, "\\zxcvbnm,./", "|ZXCVBNM<>?" },
    { 57, " ", " " },
};

static bool printing_key(uint32_t c, CursesKey *key)
{
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const char *plain = strchr(rows[i].plain, c), *shifted = strchr(rows[i].shifted, c);

        if (plain || shifted) {
            key->code = rows[i].first + (plain ? plain - rows[i].plain : shifted - rows[i].shifted);
            key->flags = plain ? 0 : KEY_WITH_SHIFT;
            return true;
        }
    }
    return false;
}

static bool control_key(uint32_t c, CursesKey *key)
{
    key->flags = 0;
    switch (c) {
    case '\r':
    case '\n':
        key->code = LINUX_ENTER;
        return true;
    case '\t':
        key->code = LINUX_TAB;
        return true;
    case 27:
        key->code = LINUX_ESC;
        return true;
    case '\b':
    case 127:
        key->code = LINUX_BACKSPACE;
        return true;
    default:
        if (c == 0 || c > 31 || !printing_key(c < 27 ? c + 'a' - 1 : c + '@', key)) {
            return false;
        }
        key->flags = KEY_WITH_CTRL;
        return true;
    }
}

static bool special_key(uint32_t c, CursesKey *key)
{
    static const struct { int curses, code; unsigned flags; } keys[] = {
        { KEY_UP, LINUX_UP, 0 }, { KEY_DOWN, LINUX_DOWN, 0 }, { KEY_LEFT, LINUX_LEFT, 0 },
        { KEY_RIGHT, LINUX_RIGHT, 0 }, { KEY_HOME, LINUX_HOME, 0 }, { KEY_END, LINUX_END, 0 },
        { KEY_PPAGE, LINUX_PAGEUP, 0 }, { KEY_NPAGE, LINUX_PAGEDOWN, 0 }, { KEY_IC, LINUX_INSERT, 0 },
        { KEY_DC, LINUX_DELETE, 0 }, { KEY_BACKSPACE, LINUX_BACKSPACE, 0 }, { KEY_ENTER, LINUX_ENTER, 0 },
        { KEY_BTAB, LINUX_TAB, KEY_WITH_SHIFT }, { KEY_SR, LINUX_UP, KEY_WITH_SHIFT },
        { KEY_SF, LINUX_DOWN, KEY_WITH_SHIFT }, { KEY_SLEFT, LINUX_LEFT, KEY_WITH_SHIFT },
        { KEY_SRIGHT, LINUX_RIGHT, KEY_WITH_SHIFT },
    };

    if (c > (uint32_t)KEY_F(0) && c <= (uint32_t)KEY_F(24)) {
        int n = c - KEY_F(0), f = (n - 1) % 12 + 1;

        key->code = f <= 10 ? LINUX_F1 + f - 1 : LINUX_F11 + f - 11;
        key->flags = n > 12 ? KEY_WITH_SHIFT : 0;
        return true;
    }
    for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
        if ((uint32_t)keys[i].curses == c) {
            key->code = keys[i].code;
            key->flags = keys[i].flags;
            return true;
        }
    }
    return false;
}

bool curses_key(uint32_t c, bool function_key, CursesKey *key)
{
    if (function_key) {
        return special_key(c, key);
    }
    return c < 32 || c == 127 ? control_key(c, key) : c < 127 && printing_key(c, key);
}
#endif
