/*
 * VGA register set with the Bochs VBE extension, embedded by cards.
 *
 * The card owns the bus side: it maps the ports, the legacy window at 0xa0000,
 * the extension registers and the video memory.
 *
 * Video memory interleaves the four planes: byte 4 * n + p is offset n of plane
 * p. Chain-4 and linear accesses see it in that order.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_DISPLAY_VGA_H
#define HW_DISPLAY_VGA_H

#include "exec/memory.h"
#include "hw/qdev.h"
#include "ui/console.h"

/* Ports 0x3b0-0x3df, 128 KiB of memory */
enum { VGA_PORT_FIRST = 0x3b0, VGA_PORT_END = 0x3e0, VGA_WINDOW_ADDRESS = 0xa0000, VGA_WINDOW_SIZE = 0x20000 };
enum { VGA_SEQ_COUNT = 8, VGA_GFX_COUNT = 16, VGA_ATTR_COUNT = 21, VGA_CRTC_COUNT = 256 };

enum { SEQ_RESET, SEQ_CLOCKING, SEQ_PLANE_MASK, SEQ_CHARACTER_MAP, SEQ_MEMORY_MODE };
enum { SEQ_CLOCKING_8_DOTS = 0x01, SEQ_CLOCKING_HALF = 0x08, SEQ_CLOCKING_SCREEN_OFF = 0x20,
       SEQ_MEMORY_EXTENDED = 0x02, SEQ_MEMORY_SEQUENTIAL = 0x04, SEQ_MEMORY_CHAIN4 = 0x08 };
enum { GFX_SET_RESET, GFX_SET_RESET_ENABLE, GFX_COMPARE, GFX_ROTATE, GFX_READ_PLANE, GFX_MODE, GFX_MISC,
       GFX_DONT_CARE, GFX_BIT_MASK };
enum { GFX_MODE_WRITE = 0x03, GFX_MODE_READ = 0x08, GFX_MODE_ODD_EVEN = 0x10, GFX_MODE_INTERLEAVE = 0x20,
       GFX_MODE_256 = 0x40, GFX_MISC_GRAPHICS = 0x01, GFX_MISC_MAP_SHIFT = 2 };
enum { ATTR_MODE = 0x10, ATTR_OVERSCAN, ATTR_PLANE_ENABLE, ATTR_PANNING, ATTR_COLOUR_SELECT };
enum { ATTR_MODE_LINE_GRAPHICS = 0x04, ATTR_MODE_BLINK = 0x08, ATTR_MODE_SPLIT_PANNING = 0x20,
       ATTR_MODE_8BIT = 0x40, ATTR_MODE_COLOUR_SELECT = 0x80 };
enum { ATTR_INDEX_MASK = 0x1f, ATTR_INDEX_SCREEN_ON = 0x20 };
enum { CRTC_H_TOTAL, CRTC_H_DISPLAY, CRTC_H_RETRACE_START = 0x04, CRTC_V_TOTAL = 0x06, CRTC_OVERFLOW,
       CRTC_PRESET_ROW, CRTC_MAX_SCAN, CRTC_CURSOR_START, CRTC_CURSOR_END, CRTC_START_HIGH, CRTC_START_LOW,
       CRTC_CURSOR_HIGH, CRTC_CURSOR_LOW, CRTC_V_RETRACE_START, CRTC_V_RETRACE_END, CRTC_V_DISPLAY,
       CRTC_OFFSET, CRTC_UNDERLINE, CRTC_MODE = 0x17, CRTC_LINE_COMPARE };
enum { CRTC_MAX_SCAN_DOUBLE = 0x80, CRTC_UNDERLINE_DWORD = 0x40, CRTC_MODE_MAP13 = 0x01,
       CRTC_MODE_MAP14 = 0x02, CRTC_MODE_HALF_LINES = 0x04, CRTC_MODE_WRAP_MA15 = 0x20, CRTC_MODE_BYTE = 0x40,
       CRTC_CURSOR_OFF = 0x20 };
enum { MISC_COLOUR = 0x01, MISC_RAM_ENABLE = 0x02 };

/* Bochs display interface registers */
enum { VBE_ID, VBE_XRES, VBE_YRES, VBE_BPP, VBE_ENABLE, VBE_BANK, VBE_VIRT_WIDTH, VBE_VIRT_HEIGHT,
       VBE_X_OFFSET, VBE_Y_OFFSET, VBE_VIDEO_MEMORY_64K, VBE_COUNT };
enum { VBE_ID_LATEST = 0xb0c5 };
enum { VBE_ENABLED = 0x01, VBE_GET_CAPS = 0x02, VBE_DAC_8BIT = 0x20, VBE_LINEAR = 0x40,
       VBE_NO_CLEAR = 0x80 };

/* A linear mode: one pixel after the other. */
typedef struct VGALinear {
    uint32_t width, height;     /* pixels */
    uint32_t stride, start;     /* bytes of a line; of the first pixel */
    unsigned bits;              /* of a pixel: 8, 15, 16, 24, 32 */
    bool double_x, double_y;    /* each pixel, each line twice */
    uint32_t split;             /* this line of the screen and those below show memory from 0 on */
} VGALinear;

typedef struct VGAState VGAState;

/* What a card of more than the standard abilities adds; each may be NULL. */
typedef struct VGACardOps {
    /* False: the card is in one of the standard modes. */
    bool (*linear_mode)(VGAState *s, VGALinear *mode);
    /* A cursor in hardware: lines it covers (first > last: none), then each on top of the picture. */
    void (*cursor_lines)(VGAState *s, int *first, int *last);
    void (*draw_cursor)(VGAState *s, int y, uint32_t *line, uint32_t width);
    /* Start of the picture and line pitch in units of the CRT controller, beyond its own bits. */
    void (*extend_address)(VGAState *s, uint32_t *start, uint32_t *pitch);
} VGACardOps;

typedef struct VGATextRow VGATextRow;

struct VGAState {
    /* wiring */
    MemoryRegion vram;
    MemoryRegion window, window_io, window_linear;      /* at VGA_WINDOW_ADDRESS */
    uint32_t vram_size;         /* bytes, a power of two */
    QemuConsole *con;
    const VGACardOps *card;     /* NULL: standard VGA */

    /* guest state */
    uint8_t misc, feature;
    uint8_t seq_index, seq[VGA_SEQ_COUNT];
    uint8_t gfx_index, gfx[VGA_GFX_COUNT];
    uint8_t attr_index, attr[VGA_ATTR_COUNT], attr_data_next;
    uint8_t crtc_index, crtc[VGA_CRTC_COUNT];
    uint8_t dac_mask, dac_read_index, dac_write_index, dac_part, dac_reading;
    uint8_t dac_cache[3];
    uint8_t palette[256 * 3];
    uint32_t latch;             /* byte p: plane p */
    uint16_t vbe_index;
    uint16_t vbe[VBE_COUNT];
    bool big_endian_fb;         /* pixels of more than a byte */

    /* what the surface shows; not state */
    bool redraw;
    uint32_t shown_width, shown_height;
    unsigned shown_kind;
    uint64_t shown_layout;
    int shown_cursor_first, shown_cursor_last;
    uint8_t *dirty_pages;
    VGATextRow *text_rows;
    uint8_t *fonts;             /* copies of the two fonts in use */
    uint8_t shown_fonts;        /* the register that chose them */
};

/* Makes vram, the window and the console; vram_size is set. */
bool vga_init(VGAState *s, DeviceState *owner, Error **errp);
void vga_cleanup(VGAState *s);
void vga_reset(VGAState *s);
/* port: VGA_PORT_FIRST up to VGA_PORT_END - 1. */
uint8_t vga_port_read(VGAState *s, uint16_t port);
void vga_port_write(VGAState *s, uint16_t port, uint8_t value);
void vga_set_big_endian_fb(VGAState *s, bool big_endian);
/* Line of a picture and other fields that are spread over the CRT controller's registers. */
uint32_t vga_crtc_v_display(const VGAState *s);
uint32_t vga_crtc_line_compare(const VGAState *s);

/* vga-vbe.c */
uint16_t vga_vbe_read(VGAState *s, unsigned reg);
void vga_vbe_write(VGAState *s, unsigned reg, uint16_t value);
/* Cut the mode to what video memory holds. */
void vga_vbe_fix_geometry(VGAState *s);
/* False: no VBE mode of 8 or more bits is on. */
bool vga_vbe_linear_mode(const VGAState *s, VGALinear *mode);
/* I/O ports 0x1ce to 0x1d1: index at 0, data at 1 (where x86 software expects it) and 2. */
extern const MemoryRegionOps vga_vbe_port_ops;
enum { VGA_VBE_PORT = 0x1ce, VGA_VBE_PORT_COUNT = 4 };

/* vga-ports.c */
enum { VGA_PORTS_COLOUR = 0x3c0, VGA_PORTS_COLOUR_SIZE = 0x20 };
extern const MemoryRegionOps vga_colour_port_ops;       /* opaque: VGAState */
typedef struct VGAPorts {
    MemoryRegion mono, colour, vbe;
} VGAPorts;
/* Ports and window of a card at their places in the bus's spaces. */
void vga_map_legacy(VGAState *s, VGAPorts *ports, Object *owner, MemoryRegion *io, MemoryRegion *mem);
/* Property "vgamem_mb" of a card into vram_size. */
bool vga_set_memory(VGAState *s, const Object *card, uint32_t megabytes, Error **errp);

/* vga-mem.c: CPU accesses through the window; offset is within the standard 128 KiB */
uint8_t vga_mem_read(VGAState *s, uint32_t offset);
void vga_mem_write(VGAState *s, uint32_t offset, uint8_t value);
/* The same behind banking: address of a plane's byte, or of a byte when chained. */
uint8_t vga_plane_read(VGAState *s, uint32_t address);
void vga_plane_write(VGAState *s, uint32_t address, uint8_t value);
/* A register changed that decides how the window works. */
void vga_update_window(VGAState *s);
void vga_window_init(VGAState *s, DeviceState *owner);

/* vga-draw.c */
void vga_draw(void *opaque);
void vga_invalidate(void *opaque);
/* vga-text.c */
bool vga_text_get(void *opaque, ConsoleText *text);

extern const VMStateDescription vmstate_vga;

#endif
