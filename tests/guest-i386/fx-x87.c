/*
 * Case lists about the x87: stacks with edge values and empty registers, every
 * rounding and precision, exceptions masked and (one in three) unmasked.
 *
 * SPDX-License-Identifier: MIT
 */
#include "run.h"

enum { FX_FCW = 0, FX_FSW = 2, FX_FTW = 4, FX_FOP = 6, FX_FIP = 8, FX_FDP = 16, FX_MXCSR = 24, FX_MASK = 28, FX_ST = 32 };

static void put(uint8_t *at, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++) {
        at[i] = value >> 8 * i;
    }
}

/* next_value() gives edge integers: too few bits of chance. */
static uint64_t random_bits(uint64_t (*next_value)(void))
{
    static uint64_t state;

    state = (state ^ next_value()) * 0x9e3779b97f4a7c15 + 0x632be59bd9b4e019;
    return state ^ state >> 29;
}

static void put_register(uint8_t *at, uint64_t r, uint64_t significand)
{
    static const uint16_t exponents[] = {
        0, 0, 1, 2, 15305, 15360, 15361, 16233, 16256, 16257, 16319, 16382, 16383, 16383, 16384, 16385,
        16398, 16399, 16414, 16415, 16446, 16447, 16510, 16511, 17406, 17407, 32766, 32767, 32767, 16384, 16390, 16380,
    };
    static const uint64_t significands[] = {
        0, 1, 1ull << 63, 1ull << 63, 1ull << 63, 3ull << 62, 3ull << 62, ~0ull, 0x8000000000000001, 0x8000000000000400,
        0xfffffffffffffc00, 0xfffffffffffff800, 0x8000008000000000, 0xa000000000000000, 0x4000000000000000,
        0xffffff8000000000,
    };
    uint16_t exponent = r & 3 ? exponents[r >> 2 & 31] : 16363 + (r >> 2 & 31);

    if (r & 0xc0) {
        significand = significands[r >> 8 & 15];
    }
    if (r & 0x7000 && exponent) {
        significand |= 1ull << 63;
    }
    put(at, significand, 8);
    put(at + 8, exponent | (r >> 4 & 0x8000), 2);
}

void prepare_fx(uint8_t *image, uint64_t (*next_value)(void))
{
    uint64_t r = random_bits(next_value);
    uint16_t control = 0x40 | (r & 0xf00) | (r >> 16 & 3 ? 0x3f : r >> 18 & 0x3f);
    uint16_t status = (r >> 24 & 0x7f00) | (r >> 40 & 3 ? 0 : r >> 42 & 0x7f & control);
    uint8_t used = r >> 50 & 1 ? r >> 56 : r >> 51 & 1 ? 0x3c : 0xff;

    for (unsigned i = 0; i < 512; i++) {
        image[i] = 0;
    }
    put(image + FX_FCW, control, 2);
    put(image + FX_FSW, status, 2);
    image[FX_FTW] = used;
    put(image + FX_MXCSR, 0x1f80, 4);
    for (unsigned i = 0; i < 8; i++) {
        uint64_t choice = random_bits(next_value);

        put_register(image + FX_ST + 16 * i, choice, random_bits(next_value));
    }
}

/* Which instructions leave pointers differs between processors. */
void mask_fx(uint8_t *image)
{
    put(image + FX_FOP, 0, 2);
    put(image + FX_FIP, 0, 8);
    put(image + FX_FDP, 0, 8);
    put(image + FX_MASK, 0, 4);
    for (unsigned i = 0; i < 8; i++) {
        put(image + FX_ST + 16 * i + 10, 0, 6);
    }
}
