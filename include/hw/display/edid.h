/*
 * EDID: how a monitor describes itself.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_DISPLAY_EDID_H
#define HW_DISPLAY_EDID_H

#include "qemu/osdep.h"

enum { EDID_BYTES = 128, EDID_MAX_SIZE = 4095 };

typedef struct EdidInfo {
    uint32_t width, height;             /* preferred mode, pixels, 480 up to EDID_MAX_SIZE */
    uint32_t max_width, max_height;
} EdidInfo;

void edid_generate(uint8_t block[EDID_BYTES], const EdidInfo *info);

#endif
