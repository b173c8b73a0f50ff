/*
 * Cirrus Logic GD5446 on PCI (its technical reference): packed modes of 8 to
 * 32 bits, banked and linear memory, hardware cursor.
 *
 * BAR 0   linear memory; CPU data of blits
 * BAR 1   VGA ports 0x3c0.. at 0, BitBLT registers at 0x100
 * I/O     VGA ports
 * Memory  the legacy window at 0xa0000; BitBLT registers at 0xb8000 when SR17 says so
 *
 * Left out: video overlay, YUV modes, the extended write modes with 16-bit
 * pixels (logged as unimplemented).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/display/cirrus.h"
#include "qemu/log.h"

enum { PORT_SEQ_INDEX = 0x3c4, PORT_SEQ_DATA, PORT_DAC_MASK, PORT_DAC_READ, PORT_DAC_WRITE, PORT_DAC_DATA,
       PORT_GFX_INDEX = 0x3ce, PORT_GFX_DATA, PORT_CRTC_INDEX = 0x3d4, PORT_CRTC_DATA, PORT_FIRST = 0x3b0,
       PORT_COLOUR_FIRST = 0x3c0, PORT_COLOUR_SIZE = 0x20, PORT_MONO_SIZE = 0x10 };
enum { SR_UNLOCK = 0x06, SR_MODE = 0x07, SR_DRAM = 0x0f, SR_CURSOR_X = 0x10, SR_CURSOR_Y, SR_CURSOR_ATTR,
       SR_CURSOR_PATTERN, SR_MEMORY_SIZE = 0x15, SR_CONFIG = 0x17, SR_MCLK = 0x1f, SR_EXT_FIRST = 0x06,
       SR_INDEX_MASK = 0x1f };
enum { SR_MODE_PACKED = 0x01, CURSOR_ON = 0x01, CURSOR_PALETTE = 0x02, CURSOR_64 = 0x04, CONFIG_MMIO = 0x04,
       CONFIG_MMIO_LINEAR = 0x40, UNLOCKED = 0x12, LOCKED = 0x0f };
enum { GR_OFFSET_0 = 0x09, GR_OFFSET_1, GR_EXTENSIONS, GR_EXT_FIRST = 0x09, GR_INDEX_MASK = 0x3f,
       EXT_TWO_BANKS = 0x01, EXT_BY_8 = 0x02, EXT_WRITE_MODES = 0x04, EXT_16K = 0x20 };
enum { CR_EXT_FIRST = 0x19, CR_EXTENDED_DISPLAY = 0x1b, CR_OVERLAY = 0x1d, CR_LATCH = 0x22, CR_ID = 0x27,
       CHIP_GD5446 = 0xb8 };
enum { LINEAR_SIZE = 0x2000000, MMIO_SIZE = 0x1000, MMIO_BLT = 0x100, WINDOW_MMIO = 0x18000, WINDOW_MMIO_SIZE = 0x100,
       BANK_WINDOW = 0x10000, CURSOR_AREA = 0x4000 };

static uint8_t *vram(CirrusState *s)
{
    return memory_region_get_ram_ptr(&s->vga.vram);
}

/* --- memory ---------------------------------------------------------------------------- */

static void store(CirrusState *s, uint32_t address, uint8_t value)
{
    address &= s->vga.vram_size - 1;
    vram(s)[address] = value;
    memory_region_set_dirty(&s->vga.vram, address, 1);
}

static bool extended_write(const CirrusState *s)
{
    return s->gfx[GR_EXTENSIONS] & EXT_WRITE_MODES && (s->gfx[GFX_MODE] & 7) >= 4 && (s->gfx[GFX_MODE] & 7) <= 5;
}

/* Write modes 4 and 5: a bit for each of eight pixels; 5 draws the clear ones too. */
static void write_pixels(CirrusState *s, uint32_t address, uint8_t bits)
{
    for (int i = 0; i < 8; i++) {
        if (bits & 0x80 >> i) {
            store(s, address + i, s->gfx[1]);
        } else if ((s->gfx[GFX_MODE] & 7) == 5) {
            store(s, address + i, s->gfx[0]);
        }
    }
}

static void packed_write(CirrusState *s, uint32_t address, uint8_t value)
{
    if (extended_write(s)) {
        write_pixels(s, s->gfx[GR_EXTENSIONS] & EXT_BY_8 ? address * 8 : address, value);
    } else {
        store(s, address, value);
    }
}

/* 3.4: where the two halves of the window look. */
static uint32_t bank_address(const CirrusState *s, uint32_t offset)
{
    unsigned shift = s->gfx[GR_EXTENSIONS] & EXT_16K ? 14 : 12;

    if (s->gfx[GR_EXTENSIONS] & EXT_TWO_BANKS && offset >= BANK_WINDOW / 2) {
        return (s->gfx[GR_OFFSET_1] << shift) + offset - BANK_WINDOW / 2;
    }
    return (s->gfx[GR_OFFSET_0] << shift) + offset;
}

static uint8_t blt_register(unsigned offset)
{
    static const uint8_t map[0x44] = {
        [0x00] = 0x00, [0x01] = 0x10, [0x02] = 0x12, [0x03] = 0x14, [0x04] = 0x01, [0x05] = 0x11, [0x06] = 0x13,
        [0x07] = 0x15, [0x08] = 0x20, [0x09] = 0x21, [0x0a] = 0x22, [0x0b] = 0x23, [0x0c] = 0x24, [0x0d] = 0x25,
        [0x0e] = 0x26, [0x0f] = 0x27, [0x10] = 0x28, [0x11] = 0x29, [0x12] = 0x2a, [0x14] = 0x2c, [0x15] = 0x2d,
        [0x16] = 0x2e, [0x17] = 0x2f, [0x18] = 0x30, [0x1a] = 0x32, [0x1b] = 0x33, [0x1c] = 0x34, [0x1d] = 0x35,
        [0x20] = 0x38, [0x21] = 0x39, [0x40] = 0x31,
    };

    return offset < sizeof(map) && (map[offset] || !offset) ? map[offset] : 0xff;
}

static void gfx_write(CirrusState *s, uint8_t index, uint8_t value);

static uint64_t window_read(void *opaque, hwaddr addr, unsigned size)
{
    CirrusState *s = opaque;

    if (s->seq[SR_CONFIG] & CONFIG_MMIO && !(s->seq[SR_CONFIG] & CONFIG_MMIO_LINEAR) &&
        addr - WINDOW_MMIO < WINDOW_MMIO_SIZE) {
        uint8_t reg = blt_register(addr - WINDOW_MMIO);

        return reg == 0xff ? 0xff : s->gfx[reg];
    }
    if (!(s->seq[SR_MODE] & SR_MODE_PACKED)) {
        return vga_mem_read(&s->vga, addr);
    }
    return addr < BANK_WINDOW ? vram(s)[bank_address(s, addr) & (s->vga.vram_size - 1)] : 0xff;
}

static void window_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    CirrusState *s = opaque;

    if (s->seq[SR_CONFIG] & CONFIG_MMIO && !(s->seq[SR_CONFIG] & CONFIG_MMIO_LINEAR) &&
        addr - WINDOW_MMIO < WINDOW_MMIO_SIZE) {
        uint8_t reg = blt_register(addr - WINDOW_MMIO);

        if (reg != 0xff) {
            gfx_write(s, reg, data);
        }
    } else if (cirrus_blt_waits(s)) {
        cirrus_blt_data(s, data);
    } else if (!(s->seq[SR_MODE] & SR_MODE_PACKED)) {
        vga_mem_write(&s->vga, addr, data);
    } else if (addr < BANK_WINDOW) {
        packed_write(s, bank_address(s, addr), data);
    }
}

static const MemoryRegionOps window_ops = {
    .read = window_read,
    .write = window_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

static uint64_t linear_read(void *opaque, hwaddr addr, unsigned size)
{
    CirrusState *s = opaque;

    return vram(s)[addr & (s->vga.vram_size - 1)];
}

static void linear_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    CirrusState *s = opaque;

    if (cirrus_blt_waits(s)) {
        cirrus_blt_data(s, data);
        if (!cirrus_blt_waits(s)) {
            memory_region_set_enabled(&s->vga.vram, !extended_write(s));
        }
    } else {
        packed_write(s, addr, data);
    }
}

static const MemoryRegionOps linear_ops = {
    .read = linear_read,
    .write = linear_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

/* Linear memory is RAM unless writes mean something else. */
static void update_linear(CirrusState *s)
{
    memory_region_set_enabled(&s->vga.vram, !cirrus_blt_waits(s) && !extended_write(s));
}

/* --- registers ---------------------------------------------------------------------------- */

static void seq_write(CirrusState *s, uint8_t full_index, uint8_t value)
{
    uint8_t index = full_index & SR_INDEX_MASK;

    s->vga.redraw |= index == SR_MODE;
    switch (index) {
    case SR_UNLOCK:
        s->seq[SR_UNLOCK] = (value & 0x17) == UNLOCKED ? UNLOCKED : LOCKED;
        break;
    case SR_CURSOR_X:
        s->seq[SR_CURSOR_X] = value;
        s->cursor_x = value << 3 | full_index >> 5;
        break;
    case SR_CURSOR_Y:
        s->seq[SR_CURSOR_Y] = value;
        s->cursor_y = value << 3 | full_index >> 5;
        break;
    case SR_CONFIG:
        s->seq[SR_CONFIG] = (s->seq[SR_CONFIG] & 0x38) | (value & 0xc7);
        break;
    default:
        s->seq[index] = value;
        break;
    }
}

static void gfx_write(CirrusState *s, uint8_t index, uint8_t value)
{
    static const uint8_t high[] = { GR_BLT_WIDTH + 1, GR_BLT_HEIGHT + 1, GR_BLT_TO_PITCH + 1, GR_BLT_FROM_PITCH + 1 };

    for (size_t i = 0; i < ARRAY_SIZE(high); i++) {
        value &= index == high[i] ? 0x1f : 0xff;
    }
    value &= index == GR_BLT_TO + 2 || index == GR_BLT_FROM + 2 ? 0x3f : 0xff;
    if (index == GR_BLT_STATUS) {
        uint8_t old = s->gfx[GR_BLT_STATUS];

        s->gfx[GR_BLT_STATUS] = (value & ~(BLT_BUSY | BLT_BUFFERED)) | (old & (BLT_BUSY | BLT_BUFFERED));
        if (old & BLT_RESET && !(value & BLT_RESET)) {
            cirrus_blt_reset(s);
        } else if (value & BLT_START && !(old & BLT_START)) {
            cirrus_blt_start(s);
        }
    } else {
        s->gfx[index] = value;
        if (index == GR_BLT_TO + 2 && s->gfx[GR_BLT_STATUS] & BLT_AUTOSTART) {
            cirrus_blt_start(s);
        }
    }
    update_linear(s);
}

/* Indices below the extensions are the VGA's, though GR0, GR1 and GR5 are wider. */
static void gfx_port_write(CirrusState *s, uint8_t value)
{
    uint8_t index = s->gfx_index & GR_INDEX_MASK;

    if (index < GR_EXT_FIRST) {
        s->vga.gfx_index = index;
        vga_port_write(&s->vga, PORT_GFX_DATA, value);
    }
    gfx_write(s, index, index == GFX_MODE ? value & 0x7f : value);
}

static uint8_t gfx_port_read(CirrusState *s)
{
    uint8_t index = s->gfx_index & GR_INDEX_MASK;

    if (index >= GR_EXT_FIRST || index < 2 || index == GFX_MODE) {
        return index <= 0x39 ? s->gfx[index] : 0xff;
    }
    s->vga.gfx_index = index;
    return vga_port_read(&s->vga, PORT_GFX_DATA);
}

static uint8_t crtc_port_read(CirrusState *s, uint16_t port)
{
    uint8_t index = s->vga.crtc_index, value = vga_port_read(&s->vga, port);

    if (index < CR_EXT_FIRST || !(s->vga.misc & MISC_COLOUR) != (port < PORT_COLOUR_FIRST)) {
        return value;
    }
    switch (index) {
    case CR_LATCH:
        return s->vga.latch >> 8 * (s->vga.gfx[GFX_READ_PLANE] & 3);
    case 0x24:
        return s->vga.attr_data_next << 7;
    case 0x26:
        return s->vga.attr_index & 0x3f;
    case CR_ID:
        return CHIP_GD5446;
    default:
        return index <= 0x25 ? s->crtc[index] : 0xff;
    }
}

static uint8_t cirrus_port_read(CirrusState *s, uint16_t port)
{
    uint8_t index = s->seq_index & SR_INDEX_MASK;

    if (port != PORT_DAC_MASK) {
        s->hidden_dac_step = 0;
    }
    switch (port) {
    case PORT_SEQ_INDEX:
        return s->seq_index;
    case PORT_SEQ_DATA:
        return index < SR_EXT_FIRST ? vga_port_read(&s->vga, port) : s->seq[index];
    case PORT_GFX_INDEX:
        return s->gfx_index;
    case PORT_GFX_DATA:
        return gfx_port_read(s);
    case PORT_CRTC_DATA:
    case PORT_CRTC_DATA - PORT_COLOUR_SIZE:
        return crtc_port_read(s, port);
    case PORT_DAC_MASK:
        if (++s->hidden_dac_step > 4) {
            s->hidden_dac_step = 0;
            return s->hidden_dac;
        }
        return s->vga.dac_mask;
    default:
        return vga_port_read(&s->vga, port);
    }
}

/* With SR12.1 the DAC's entries 0 and 15 are the cursor's colours. */
static bool write_cursor_colour(CirrusState *s, uint8_t value)
{
    uint8_t *entry;

    if (!(s->seq[SR_CURSOR_ATTR] & CURSOR_PALETTE)) {
        return false;
    }
    entry = s->cursor_palette + (s->vga.dac_write_index & 15 ? 3 : 0);
    entry[s->vga.dac_part] = value;
    if (++s->vga.dac_part == 3) {
        s->vga.dac_part = 0;
        s->vga.dac_write_index++;
    }
    return true;
}

static void cirrus_port_write(CirrusState *s, uint16_t port, uint8_t value)
{
    bool hidden = port == PORT_DAC_MASK && s->hidden_dac_step == 4;

    s->hidden_dac_step = 0;
    switch (port) {
    case PORT_SEQ_INDEX:
        s->seq_index = value;
        vga_port_write(&s->vga, port, value);
        break;
    case PORT_SEQ_DATA:
        if ((s->seq_index & SR_INDEX_MASK) < SR_EXT_FIRST) {
            vga_port_write(&s->vga, port, value);
        } else {
            seq_write(s, s->seq_index, value);
        }
        break;
    case PORT_GFX_INDEX:
        s->gfx_index = value;
        break;
    case PORT_GFX_DATA:
        gfx_port_write(s, value);
        break;
    case PORT_CRTC_DATA:
    case PORT_CRTC_DATA - PORT_COLOUR_SIZE:
        if (s->vga.crtc_index >= CR_EXT_FIRST && s->vga.crtc_index < CIRRUS_CRTC) {
            s->crtc[s->vga.crtc_index] = value;
            s->vga.redraw = true;
        } else {
            vga_port_write(&s->vga, port, value);
        }
        break;
    case PORT_DAC_DATA:
        if (!write_cursor_colour(s, value)) {
            vga_port_write(&s->vga, port, value);
        }
        break;
    default:
        if (hidden) {
            s->hidden_dac = value;
            s->vga.redraw = true;
        } else {
            vga_port_write(&s->vga, port, value);
        }
        break;
    }
    memory_region_set_enabled(&s->vga.window_linear, false);    /* banks are ours */
}

static uint64_t mono_read(void *opaque, hwaddr addr, unsigned size)
{
    return cirrus_port_read(opaque, PORT_FIRST + addr);
}

static void mono_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    cirrus_port_write(opaque, PORT_FIRST + addr, data);
}

static uint64_t colour_read(void *opaque, hwaddr addr, unsigned size)
{
    return cirrus_port_read(opaque, PORT_COLOUR_FIRST + addr);
}

static void colour_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    cirrus_port_write(opaque, PORT_COLOUR_FIRST + addr, data);
}

static const MemoryRegionOps mono_ops = {
    .read = mono_read, .write = mono_write, .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};
static const MemoryRegionOps colour_ops = {
    .read = colour_read, .write = colour_write, .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

static uint64_t mmio_read(void *opaque, hwaddr addr, unsigned size)
{
    CirrusState *s = opaque;
    uint8_t reg;

    if (addr < MMIO_BLT) {
        return addr < PORT_COLOUR_SIZE ? cirrus_port_read(s, PORT_COLOUR_FIRST + addr) : 0xff;
    }
    reg = blt_register(addr - MMIO_BLT);
    return reg == 0xff ? 0xff : s->gfx[reg];
}

static void mmio_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    CirrusState *s = opaque;
    uint8_t reg;

    if (addr < PORT_COLOUR_SIZE) {
        cirrus_port_write(s, PORT_COLOUR_FIRST + addr, data);
    } else if (addr >= MMIO_BLT && (reg = blt_register(addr - MMIO_BLT)) != 0xff) {
        gfx_write(s, reg, data);
    } else {
        qemu_log_mask(LOG_GUEST_ERROR, "cirrus: write of 0x%02x to register 0x%x\n", (unsigned)data, (unsigned)addr);
    }
}

static const MemoryRegionOps mmio_ops = {
    .read = mmio_read, .write = mmio_write, .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

/* --- picture ----------------------------------------------------------------------------------- */

static CirrusState *card_of(VGAState *vga)
{
    return container_of(vga, CirrusState, vga);
}

static unsigned mode_bits(const CirrusState *s)
{
    switch (s->seq[SR_MODE] & 0x0e) {
    case 0x02:
    case 0x06:
        return (s->hidden_dac & 0x0f) == 1 ? 16 : 15;
    case 0x04:
        return 24;
    case 0x08:
        return 32;
    default:
        return 8;
    }
}

static uint32_t start_address(const CirrusState *s)
{
    uint8_t extended = s->crtc[CR_EXTENDED_DISPLAY];

    return s->vga.crtc[CRTC_START_HIGH] << 8 | s->vga.crtc[CRTC_START_LOW] | (extended & 0x01) << 16 |
           (extended & 0x0c) << 15 | (s->crtc[CR_OVERLAY] & 0x80) << 12;
}

static bool linear_mode(VGAState *vga, VGALinear *mode)
{
    CirrusState *s = card_of(vga);
    bool doubled = vga->crtc[CRTC_MAX_SCAN] & CRTC_MAX_SCAN_DOUBLE;

    if (!(s->seq[SR_MODE] & SR_MODE_PACKED)) {
        return false;
    }
    *mode = (VGALinear) {
        .width = (vga->crtc[CRTC_H_DISPLAY] + 1) * 8,
        .height = vga_crtc_v_display(vga),
        .stride = (vga->crtc[CRTC_OFFSET] | (s->crtc[CR_EXTENDED_DISPLAY] & 0x10) << 4) * 8,
        .start = start_address(s) * 4,
        .bits = mode_bits(s),
        .double_y = doubled,
        .split = vga_crtc_line_compare(vga) + 1,
    };
    if (mode->split >= mode->height) {
        mode->split = UINT32_MAX;
    }
    return true;
}

static unsigned cursor_size(const CirrusState *s)
{
    return s->seq[SR_CURSOR_ATTR] & CURSOR_64 ? 64 : 32;
}

static void cursor_lines(VGAState *vga, int *first, int *last)
{
    CirrusState *s = card_of(vga);

    if (s->seq[SR_CURSOR_ATTR] & CURSOR_ON) {
        *first = s->cursor_y;
        *last = s->cursor_y + cursor_size(s) - 1;
    }
}

static uint32_t cursor_rgb(const uint8_t *c)
{
    return (uint32_t)(c[0] << 2 | c[0] >> 4) << 16 | (c[1] << 2 | c[1] >> 4) << 8 | (c[2] << 2 | c[2] >> 4);
}

/* 5.3: two planes; 0 leaves, 1 inverts, 2 and 3 are the two colours. */
static void draw_cursor(VGAState *vga, int y, uint32_t *line, uint32_t width)
{
    CirrusState *s = card_of(vga);
    unsigned size = cursor_size(s), row = y - s->cursor_y;
    const uint8_t *area = vram(s) + s->vga.vram_size - CURSOR_AREA, *planes[2];
    uint32_t colours[2] = { cursor_rgb(s->cursor_palette), cursor_rgb(s->cursor_palette + 3) };

    if (size == 64) {
        planes[0] = area + (s->seq[SR_CURSOR_PATTERN] & 0x3c) * 256 + row * 16;
        planes[1] = planes[0] + 8;
    } else {
        planes[0] = area + (s->seq[SR_CURSOR_PATTERN] & 0x3f) * 256 + row * 4;
        planes[1] = planes[0] + 128;
    }
    for (unsigned x = 0; x < size && s->cursor_x + x < width; x++) {
        unsigned low = planes[0][x / 8] >> (7 - x % 8) & 1, high = planes[1][x / 8] >> (7 - x % 8) & 1;

        if (high) {
            line[s->cursor_x + x] = colours[low];
        } else if (low) {
            line[s->cursor_x + x] ^= 0xffffff;
        }
    }
}

static const VGACardOps card_ops = {
    .linear_mode = linear_mode,
    .cursor_lines = cursor_lines,
    .draw_cursor = draw_cursor,
};

/* --- life --------------------------------------------------------------------------------------- */

static void cirrus_reset(DeviceState *dev)
{
    CirrusState *s = CIRRUS_VGA(dev);

    vga_reset(&s->vga);
    memset(s->seq, 0, sizeof(s->seq));
    memset(s->gfx, 0, sizeof(s->gfx));
    memset(s->crtc, 0, sizeof(s->crtc));
    memset(s->cursor_palette, 0, sizeof(s->cursor_palette));
    memset(s->blt_buffer, 0, sizeof(s->blt_buffer));
    s->seq_index = s->gfx_index = s->hidden_dac = s->hidden_dac_step = 0;
    s->cursor_x = s->cursor_y = 0;
    s->blt_to = 0;
    s->seq[SR_UNLOCK] = LOCKED;
    s->seq[SR_DRAM] = 0x98;                     /* 64-bit DRAM, banks switched */
    s->seq[SR_MEMORY_SIZE] = s->memory_mb == 4 ? 0x04 : 0x03;
    s->seq[SR_CONFIG] = 0x20;                   /* PCI */
    s->seq[SR_MCLK] = 0x2d;
    s->gfx[0x18] = 0x0f;
    cirrus_blt_reset(s);
    update_linear(s);
}

static int cirrus_post_load(void *opaque, int version)
{
    CirrusState *s = opaque;

    s->blt_line_bytes = CLAMP(s->blt_line_bytes, 1, CIRRUS_BLT_BUFFER);
    s->blt_line_position = MIN(s->blt_line_position, s->blt_line_bytes - 1);
    update_linear(s);
    return 0;
}

static const VMStateField cirrus_fields[] = {
    VMSTATE_PCI_DEVICE(parent_obj, CirrusState),
    VMSTATE_STRUCT(vga, CirrusState, vmstate_vga, VGAState),
    VMSTATE_BUFFER(seq, CirrusState),
    VMSTATE_BUFFER(gfx, CirrusState),
    VMSTATE_BUFFER(crtc, CirrusState),
    VMSTATE_UINT8(seq_index, CirrusState),
    VMSTATE_UINT8(gfx_index, CirrusState),
    VMSTATE_UINT8(hidden_dac, CirrusState),
    VMSTATE_UINT8(hidden_dac_step, CirrusState),
    VMSTATE_BUFFER(cursor_palette, CirrusState),
    VMSTATE_UINT16(cursor_x, CirrusState),
    VMSTATE_UINT16(cursor_y, CirrusState),
    VMSTATE_UINT32(blt_left_lines, CirrusState),
    VMSTATE_UINT32(blt_line_bytes, CirrusState),
    VMSTATE_UINT32(blt_line_position, CirrusState),
    VMSTATE_UINT32(blt_to, CirrusState),
    VMSTATE_BUFFER(blt_buffer, CirrusState),
    VMSTATE_END
};
static const VMStateDescription vmstate_cirrus = {
    .name = "cirrus-vga",
    .version = 1,
    .fields = cirrus_fields,
    .post_load = cirrus_post_load,
};

static const Property cirrus_props[] = {
    { .name = "vgamem_mb", .kind = PROP_U32, .offset = offsetof(CirrusState, memory_mb),
      .has_default = true, .defval = 4, .desc = "video memory in MiB: 2 or 4" },
    DEFINE_PROP_END
};

static void map_regions(CirrusState *s)
{
    Object *obj = OBJECT(s);
    PCIBus *bus = s->parent_obj.bus;

    memory_region_init_io(&s->io_mono, obj, &mono_ops, s, "cirrus-io", PORT_MONO_SIZE);
    memory_region_init_io(&s->io_ports, obj, &colour_ops, s, "cirrus-io", PORT_COLOUR_SIZE);
    memory_region_add_subregion(bus->io, PORT_FIRST, &s->io_mono);
    memory_region_add_subregion(bus->io, PORT_COLOUR_FIRST, &s->io_ports);
    memory_region_init_io(&s->window, obj, &window_ops, s, "cirrus-lowmem", VGA_WINDOW_SIZE);
    memory_region_add_subregion_overlap(bus->mem, VGA_WINDOW_ADDRESS, &s->window, 1);
    memory_region_init(&s->linear_container, obj, "cirrus-pci-bar0", LINEAR_SIZE);
    memory_region_init_io(&s->linear_io, obj, &linear_ops, s, "cirrus-linear-io", LINEAR_SIZE);
    memory_region_add_subregion(&s->linear_container, 0, &s->linear_io);
    memory_region_add_subregion_overlap(&s->linear_container, 0, &s->vga.vram, 1);
    memory_region_init_io(&s->mmio, obj, &mmio_ops, s, "cirrus-mmio", MMIO_SIZE);
    pci_register_bar(&s->parent_obj, 0, PCI_BASE_ADDRESS_MEM_PREFETCH, &s->linear_container);
    pci_register_bar(&s->parent_obj, 1, PCI_BASE_ADDRESS_SPACE_MEMORY, &s->mmio);
}

static bool cirrus_realize(DeviceState *dev, Error **errp)
{
    CirrusState *s = CIRRUS_VGA(dev);

    if (s->memory_mb != 2 && s->memory_mb != 4) {
        error_setg(errp, "cirrus-vga: vgamem_mb=%u: must be 2 or 4", s->memory_mb);
        return false;
    }
    s->vga.vram_size = s->memory_mb * MiB;
    s->vga.card = &card_ops;
    if (!vga_init(&s->vga, dev, errp)) {
        return false;
    }
    map_regions(s);
    return true;
}

static void cirrus_finalize(Object *obj)
{
    vga_cleanup(&CIRRUS_VGA(obj)->vga);
}

static const PCIDeviceClass cirrus_class = {
    .vendor_id = 0x1013,
    .device_id = CHIP_GD5446,
    .class_id = 0x0300,
    .romfile = "vgabios-cirrus.bin",
    .no_hotplug = true,
};

static const TypeInfo cirrus_info = {
    .name = TYPE_CIRRUS_VGA,
    .parent = TYPE_PCI_DEVICE,
    .desc = "Cirrus Logic GD5446 VGA",
    .instance_size = sizeof(CirrusState),
    .finalize = cirrus_finalize,
    .realize = cirrus_realize,
    .reset = cirrus_reset,
    .props = cirrus_props,
    .vmsd = &vmstate_cirrus,
    .user_creatable = true,
    .category = "display",
    .class_data = &cirrus_class,
};
DEFINE_TYPE(cirrus_info)
