/*
 * Between the drawing parts of the VGA.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_DISPLAY_VGA_INTERNAL_H
#define HW_DISPLAY_VGA_INTERNAL_H

#include "hw/display/vga.h"

enum { VGA_DIRTY_PAGE = 4096, VGA_MAX_WIDTH = 16000, VGA_MAX_HEIGHT = 12000, VGA_MAX_COLUMNS = 256 };
typedef enum { VGA_KIND_NONE, VGA_KIND_BLANK, VGA_KIND_LINEAR, VGA_KIND_PLANAR, VGA_KIND_TEXT } VGAScreenKind;

/* How the CRT controller walks through memory in text and planar modes. */
typedef struct VGAScan {
    uint32_t columns, lines;        /* characters of 8 or 9 dots; scan lines */
    uint32_t start, pitch;          /* addresses: of the first character, from row to row */
    uint32_t address_mask;
    uint8_t rows_per_character;     /* scan lines, before doubling */
    uint8_t repeat;                 /* each line so many times */
    uint8_t preset_row, panning;
    uint32_t line_compare;
} VGAScan;

/* One scan line. */
typedef struct VGAScanLine {
    uint32_t address, row;
    unsigned panning;
} VGAScanLine;

void vga_scan_get(const VGAState *s, VGAScan *scan);
/* Walks from line to line: set up by start, then next for each line. */
void vga_scan_start(const VGAScan *scan, VGAScanLine *line);
void vga_scan_next(const VGAState *s, const VGAScan *scan, uint32_t y, VGAScanLine *line);
/* Offset in a plane of what the CRT controller addresses. */
uint32_t vga_scan_address(const VGAState *s, const VGAScan *scan, uint32_t address, uint32_t row);

void vga_fit_surface(VGAState *s, uint32_t width, uint32_t height);
/* A kind of picture and its layout; when they are new everything is drawn. */
void vga_fit_layout(VGAState *s, VGAScreenKind kind, uint64_t layout);
/* Fetch and clear the dirty bits of [first, last] (bytes); true when there is one. */
bool vga_fetch_dirty(VGAState *s, uint32_t first, uint32_t last);
bool vga_range_is_dirty(const VGAState *s, uint32_t first, uint32_t last);
uint32_t *vga_surface_line(VGAState *s, uint32_t y);
/* RGB of each value of a pixel: 256 colours, or 16 through the attribute controller. */
void vga_palette_rgb(const VGAState *s, uint32_t rgb[256]);
void vga_attribute_rgb(const VGAState *s, const uint32_t all[256], uint32_t rgb[16]);

void vga_draw_init(VGAState *s);
void vga_draw_cleanup(VGAState *s);

void vga_draw_text(VGAState *s);        /* vga-text.c */
void vga_text_init(VGAState *s);
void vga_text_cleanup(VGAState *s);
void vga_draw_planar(VGAState *s);      /* vga-planar.c */

#endif
