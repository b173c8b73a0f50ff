/*
 * Keys of a terminal -> Linux input event codes. Apart from ui/curses.c
 * because curses.h and input-event-codes.h define the same names.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef UI_CURSES_KEYS_H
#define UI_CURSES_KEYS_H

#include "qemu/osdep.h"

enum { KEY_WITH_SHIFT = 1, KEY_WITH_CTRL = 2 };
enum { KEY_LEFTCTRL_CODE = 29, KEY_LEFTSHIFT_CODE = 42, KEY_LEFTALT_CODE = 56 };

typedef struct CursesKey {
    int code;
    unsigned flags;
} CursesKey;

/* c: a character, or a KEY_x of curses. US layout. False: no such key. */
bool curses_key(uint32_t c, bool function_key, CursesKey *key);

#endif
