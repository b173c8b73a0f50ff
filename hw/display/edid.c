/*
 * EDID of the emulated monitor (VESA E-EDID 1.4, section 3): one base block.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/display/edid.h"

enum { BLOCK_MANUFACTURER = 8, BLOCK_YEAR = 17, BLOCK_VERSION = 18, BLOCK_INPUT = 20, BLOCK_CHROMATICITY = 25,
       BLOCK_ESTABLISHED = 35, BLOCK_STANDARD = 38, BLOCK_DETAILED = 54, BLOCK_CHECKSUM = 127,
       DESCRIPTOR_BYTES = 18, STANDARD_COUNT = 8 };
enum { DPI = 100, REFRESH_HZ = 75, YEAR_OF_MAKE = 2014 };
enum { TAG_NAME = 0xfc, TAG_RANGE = 0xfd, TAG_SERIAL = 0xff };

static void put_u16(uint8_t *p, unsigned value)
{
    p[0] = value;
    p[1] = value >> 8;
}

static void put_descriptor(uint8_t *p, uint8_t tag, const char *text)
{
    memset(p, 0, DESCRIPTOR_BYTES);
    p[3] = tag;
    memset(p + 5, ' ', 13);
    memcpy(p + 5, text, MIN(strlen(text), 13));
    if (strlen(text) < 13) {
        p[5 + strlen(text)] = '\n';
    }
}

/* 3.10.2: timing of the preferred mode, with blanking a quarter of the line. */
static void put_timing(uint8_t *p, const EdidInfo *info)
{
    unsigned x = info->width, y = info->height, hblank = x / 4, vblank = MAX(y / 28, 8u);
    unsigned hfront = x / 16, hsync = x / 16, vfront = 1, vsync = 3;
    unsigned width_mm = x * 254 / 10 / DPI, height_mm = y * 254 / 10 / DPI;
    unsigned clock_10khz = (uint64_t)REFRESH_HZ * (x + hblank) * (y + vblank) / 10000;

    put_u16(p, MIN(clock_10khz, UINT16_MAX));
    p[2] = x;
    p[3] = hblank;
    p[4] = x >> 8 << 4 | hblank >> 8;
    p[5] = y;
    p[6] = vblank;
    p[7] = y >> 8 << 4 | vblank >> 8;
    p[8] = hfront;
    p[9] = hsync;
    p[10] = (vfront & 15) << 4 | (vsync & 15);
    p[11] = (hfront >> 8 & 3) << 6 | (hsync >> 8 & 3) << 4 | (vfront >> 4 & 3) << 2 | (vsync >> 4 & 3);
    p[12] = width_mm;
    p[13] = height_mm;
    p[14] = width_mm >> 8 << 4 | height_mm >> 8;
    p[17] = 0x18;               /* digital separate sync */
}

static void put_range(uint8_t *p)
{
    static const uint8_t limits[] = { 50, 125, 30, 160, 0xff, 0x01, '\n', ' ', ' ', ' ', ' ', ' ', ' ' };

    memset(p, 0, DESCRIPTOR_BYTES);
    p[3] = TAG_RANGE;
    memcpy(p + 5, limits, sizeof(limits));
}

/* 3.9: sizes that the screen holds, aspect ratio in bits 7-6, 60 Hz. */
static void put_standard_timings(uint8_t *p, const EdidInfo *info)
{
    static const struct { uint16_t width, height; uint8_t aspect; } sizes[] = {
        { 2048, 1152, 3 }, { 1920, 1200, 0 }, { 1920, 1080, 3 }, { 1600, 1200, 1 }, { 1680, 1050, 0 },
        { 1440, 900, 0 }, { 1280, 1024, 2 }, { 1280, 960, 1 }, { 1280, 800, 0 }, { 1280, 720, 3 },
        { 1024, 768, 1 }, { 800, 600, 1 }, { 640, 480, 1 },
    };
    int n = 0;

    for (size_t i = 0; i < ARRAY_SIZE(sizes) && n < STANDARD_COUNT; i++) {
        if (sizes[i].width <= info->max_width && sizes[i].height <= info->max_height) {
            p[2 * n] = sizes[i].width / 8 - 31;
            p[2 * n + 1] = sizes[i].aspect << 6;
            n++;
        }
    }
    for (; n < STANDARD_COUNT; n++) {
        p[2 * n] = p[2 * n + 1] = 0x01;
    }
}

void edid_generate(uint8_t block[EDID_BYTES], const EdidInfo *info)
{
    static const uint8_t header[8] = { 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00 };
    /* sRGB primaries */
    static const uint8_t chromaticity[10] = { 0xee, 0x91, 0xa3, 0x54, 0x4c, 0x99, 0x26, 0x0f, 0x50, 0x54 };
    uint8_t sum = 0;

    memset(block, 0, EDID_BYTES);
    memcpy(block, header, sizeof(header));
    block[BLOCK_MANUFACTURER] = 0x49;           /* "RHT" in five bits each, as on cards of this family */
    block[BLOCK_MANUFACTURER + 1] = 0x14;
    put_u16(block + BLOCK_MANUFACTURER + 2, 0x1234);
    block[BLOCK_YEAR - 1] = 42;                 /* week */
    block[BLOCK_YEAR] = YEAR_OF_MAKE - 1990;
    block[BLOCK_VERSION] = 1;
    block[BLOCK_VERSION + 1] = 4;
    block[BLOCK_INPUT] = 0xa5;                  /* digital, 8 bits a colour, DisplayPort */
    block[BLOCK_INPUT + 1] = info->width * 254 / 100 / DPI;
    block[BLOCK_INPUT + 2] = info->height * 254 / 100 / DPI;
    block[BLOCK_INPUT + 3] = 120;               /* gamma 2.2 */
    block[BLOCK_INPUT + 4] = 0x06;              /* sRGB, first timing is preferred */
    memcpy(block + BLOCK_CHROMATICITY, chromaticity, sizeof(chromaticity));
    block[BLOCK_ESTABLISHED] = 0x21;            /* 640x480, 800x600 at 60 Hz */
    block[BLOCK_ESTABLISHED + 1] = 0x08;        /* 1024x768 at 60 Hz */
    put_standard_timings(block + BLOCK_STANDARD, info);
    put_timing(block + BLOCK_DETAILED, info);
    put_range(block + BLOCK_DETAILED + DESCRIPTOR_BYTES);
    put_descriptor(block + BLOCK_DETAILED + 2 * DESCRIPTOR_BYTES, TAG_NAME, "QEMU Monitor");
    put_descriptor(block + BLOCK_DETAILED + 3 * DESCRIPTOR_BYTES, TAG_SERIAL, "1");
    for (int i = 0; i < BLOCK_CHECKSUM; i++) {
        sum += block[i];
    }
    block[BLOCK_CHECKSUM] = -sum;
}
