/*
 * Inside of the Cirrus Logic card: registers and memory (cirrus.c), the BitBLT
 * engine (cirrus-blt.c).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_DISPLAY_CIRRUS_H
#define HW_DISPLAY_CIRRUS_H

#include "hw/display/vga.h"
#include "hw/pci.h"

#define TYPE_CIRRUS_VGA "cirrus-vga"
enum { CIRRUS_SEQ = 0x20, CIRRUS_GFX = 0x40, CIRRUS_CRTC = 0x28, CIRRUS_CURSOR_COLOURS = 6,
       CIRRUS_BLT_BUFFER = 8192 };

/* Extension registers of the graphics controller */
enum { GR_BACKGROUND_1 = 0x10, GR_FOREGROUND_1, GR_BACKGROUND_2, GR_FOREGROUND_2, GR_BACKGROUND_3, GR_FOREGROUND_3,
       GR_BLT_WIDTH = 0x20, GR_BLT_HEIGHT = 0x22, GR_BLT_TO_PITCH = 0x24, GR_BLT_FROM_PITCH = 0x26, GR_BLT_TO = 0x28,
       GR_BLT_FROM = 0x2c, GR_BLT_LEFT_SKIP = 0x2f, GR_BLT_MODE = 0x30, GR_BLT_STATUS = 0x31, GR_BLT_ROP = 0x32,
       GR_BLT_MODE_EXT = 0x33, GR_BLT_KEY = 0x34 };
enum { BLT_START = 0x02, BLT_RESET = 0x04, BLT_BUSY = 0x01, BLT_BUFFERED = 0x08, BLT_AUTOSTART = 0x80 };

typedef struct CirrusState {
    PCIDevice parent_obj;

    MemoryRegion io_mono, io_ports, window, linear_container, linear_io, mmio;
    uint32_t memory_mb;

    VGAState vga;
    uint8_t seq[CIRRUS_SEQ];            /* extension registers by index, from 6 on */
    uint8_t gfx[CIRRUS_GFX];            /* from 9 on; 0 and 1 are wider than VGA's */
    uint8_t crtc[CIRRUS_CRTC];          /* from 0x19 on */
    uint8_t seq_index, gfx_index;
    uint8_t hidden_dac, hidden_dac_step;
    uint8_t cursor_palette[CIRRUS_CURSOR_COLOURS];      /* background, then foreground */
    uint16_t cursor_x, cursor_y;

    /* a blit that waits for the CPU's bytes */
    uint32_t blt_left_lines, blt_line_bytes, blt_line_position;
    uint32_t blt_to;
    uint8_t blt_buffer[CIRRUS_BLT_BUFFER];
} CirrusState;
#define CIRRUS_VGA(o) OBJECT_CHECK(CirrusState, (o), TYPE_CIRRUS_VGA)

/* Runs the blit in the registers, or waits for data. */
void cirrus_blt_start(CirrusState *s);
void cirrus_blt_reset(CirrusState *s);
/* A byte that the CPU wrote for a blit from system memory. */
void cirrus_blt_data(CirrusState *s, uint8_t value);
static inline bool cirrus_blt_waits(const CirrusState *s) { return s->blt_left_lines != 0; }

#endif
