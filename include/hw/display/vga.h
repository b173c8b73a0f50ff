/*
 * VGA register set with the Bochs VBE extension, embedded by cards.
 *
 * The card owns the bus side: it maps the ports, the extension registers and
 * the video memory.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_DISPLAY_VGA_H
#define HW_DISPLAY_VGA_H

#include "exec/memory.h"
#include "hw/qdev.h"
#include "ui/console.h"

/* Ports 0x3b0-0x3df */
enum { VGA_PORT_FIRST = 0x3b0, VGA_PORT_END = 0x3e0 };
enum { VGA_SEQ_COUNT = 8, VGA_GFX_COUNT = 16, VGA_ATTR_COUNT = 21, VGA_CRTC_COUNT = 256 };

/* Bochs display interface registers */
enum { VBE_ID, VBE_XRES, VBE_YRES, VBE_BPP, VBE_ENABLE, VBE_BANK, VBE_VIRT_WIDTH, VBE_VIRT_HEIGHT,
       VBE_X_OFFSET, VBE_Y_OFFSET, VBE_VIDEO_MEMORY_64K, VBE_COUNT };
enum { VBE_ENABLED = 0x01, VBE_GET_CAPS = 0x02, VBE_DAC_8BIT = 0x20, VBE_LINEAR = 0x40,
       VBE_NO_CLEAR = 0x80 };

typedef struct VGAState {
    /* wiring */
    MemoryRegion vram;
    uint32_t vram_size;         /* bytes, a power of two */
    QemuConsole *con;

    /* guest state */
    uint8_t misc, feature, status1;
    uint8_t seq_index, seq[VGA_SEQ_COUNT];
    uint8_t gfx_index, gfx[VGA_GFX_COUNT];
    uint8_t attr_index, attr[VGA_ATTR_COUNT], attr_data_next;
    uint8_t crtc_index, crtc[VGA_CRTC_COUNT];
    uint8_t dac_mask, dac_read_index, dac_write_index, dac_part, dac_reading;
    uint8_t dac_cache[3];
    uint8_t palette[256 * 3];
    uint16_t vbe_index;
    uint16_t vbe[VBE_COUNT];
    bool big_endian_fb;         /* pixels of more than a byte */

    /* what the surface shows; not state */
    bool redraw;
    uint32_t shown_width, shown_height;
    uint8_t *dirty_pages;
} VGAState;

/* Makes vram and the console; vram_size is set. */
bool vga_init(VGAState *s, DeviceState *owner, Error **errp);
void vga_cleanup(VGAState *s);
void vga_reset(VGAState *s);
/* port: VGA_PORT_FIRST up to VGA_PORT_END - 1. */
uint8_t vga_port_read(VGAState *s, uint16_t port);
void vga_port_write(VGAState *s, uint16_t port, uint8_t value);
uint16_t vga_vbe_read(VGAState *s, unsigned reg);
void vga_vbe_write(VGAState *s, unsigned reg, uint16_t value);
void vga_set_big_endian_fb(VGAState *s, bool big_endian);

/* vga-draw.c */
void vga_draw(void *opaque);
void vga_invalidate(void *opaque);

extern const VMStateDescription vmstate_vga;

#endif
