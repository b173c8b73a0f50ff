/*
 * A terminal: bytes in, a grid of cells out (ECMA-48, the sequences of the
 * VT102 that the monitor and serial consoles of guests use).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef UI_VT_H
#define UI_VT_H

#include "qemu/osdep.h"

enum { VT_COLUMNS = 80, VT_ROWS = 25, VT_HISTORY = 1000, VT_MAX_PARAMETERS = 8 };
typedef enum { VT_TEXT, VT_ESCAPE, VT_CSI, VT_SKIP_ONE, VT_STRING } VTParser;

typedef struct VT {
    /* Cells are code page 437 with a VGA attribute << 8. A ring of lines, the screen last. */
    uint16_t lines[VT_HISTORY][VT_COLUMNS];
    int first, used;            /* of the ring */
    int x, y;                   /* y: row of the screen */
    bool wrap_next;
    int saved_x, saved_y;
    int region_first, region_last;
    int back;                   /* rows scrolled back */
    uint8_t attribute;          /* foreground, background << 4 */
    bool reverse, bold, cursor_hidden;
    bool changed;

    VTParser parser;
    int parameter[VT_MAX_PARAMETERS], parameters;
    bool private_sequence;
    uint32_t code, code_left;   /* UTF-8 */
    /* Answers to the host side: cursor position reports. */
    void (*answer)(void *opaque, const char *text);
    void *opaque;
} VT;

void vt_init(VT *vt);
void vt_write(VT *vt, const uint8_t *buf, size_t len);
/* The row that is shown at y, with scrolling back. */
const uint16_t *vt_row(const VT *vt, int y);
/* Move the view up (positive) or down. */
void vt_scroll_back(VT *vt, int rows);

#endif
