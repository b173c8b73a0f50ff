/*
 * Case lists about x87, MMX and SSE: random registers, default control words.
 *
 * SPDX-License-Identifier: MIT
 */
#include "run.h"

enum { FX_FCW = 0, FX_FSW = 2, FX_FTW = 4, FX_FOP = 6, FX_FIP = 8, FX_MXCSR = 24, FX_MASK = 28, FX_ST = 32, FX_XMM = 160 };

static void put(uint8_t *at, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++) {
        at[i] = value >> 8 * i;
    }
}

void prepare_fx(uint8_t *image, uint64_t (*next_value)(void))
{
    for (unsigned i = 0; i < 512; i++) {
        image[i] = 0;
    }
    put(image + FX_FCW, 0x37f, 2);
    image[FX_FTW] = 0xff;
    put(image + FX_MXCSR, 0x1f80, 4);
    for (unsigned i = 0; i < 8; i++) {
        put(image + FX_ST + 16 * i, next_value(), 8);
        put(image + FX_ST + 16 * i + 8, next_value(), 2);
    }
    for (unsigned i = 0; i < 2 * sizeof(long); i++) {
        put(image + FX_XMM + 16 * i, next_value(), 8);
        put(image + FX_XMM + 16 * i + 8, next_value(), 8);
    }
}

/* Pointers of the last instruction and what is reserved. */
void mask_fx(uint8_t *image)
{
    put(image + FX_FOP, 0, 2);
    put(image + FX_FIP, 0, 8);
    put(image + FX_FIP + 8, 0, 8);
    put(image + FX_MASK, 0, 4);
    for (unsigned i = 0; i < 8; i++) {
        put(image + FX_ST + 16 * i + 10, 0, 6);
    }
}
