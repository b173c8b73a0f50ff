/*
 * SIMD operations on integers: arithmetic, packs, shifts. Intel SDM volume 2.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/simd-internal.h"

static int sat_s8(int x) { return x < -128 ? -128 : x > 127 ? 127 : x; }
static int sat_u8(int x) { return x < 0 ? 0 : x > 255 ? 255 : x; }
static int sat_s16(int x) { return x < -32768 ? -32768 : x > 32767 ? 32767 : x; }
static int sat_u16(int x) { return x < 0 ? 0 : x > 65535 ? 65535 : x; }

/* --- packs: a's elements below b's --- */

#define PACK(n, out, in, count, saturate) \
    SIMD_FN(n) \
    { \
        for (int i = 0; i < count; i++) { \
            d->out[i] = saturate(a->in[i]); \
            d->out[i + count] = saturate(b->in[i]); \
        } \
    }
PACK(packsswb, sb, sh, 8, sat_s8)
PACK(packuswb, b, sh, 8, sat_u8)
PACK(packssdw, sh, sw, 4, sat_s16)
PACK(packusdw, h, sw, 4, sat_u16)

/* --- element by element --- */

#define EACH(n, out, count, expr) \
    SIMD_FN(n) \
    { \
        for (int i = 0; i < count; i++) { \
            d->out[i] = (expr); \
        } \
    }
EACH(pcmpgtq, d, 2, a->sd[i] > b->sd[i] ? UINT64_MAX : 0)
EACH(pmulhw, h, 8, a->sh[i] * b->sh[i] >> 16)
EACH(pmulhuw, h, 8, (uint32_t)a->h[i] * b->h[i] >> 16)
EACH(pmuludq, d, 2, (uint64_t)a->w[2 * i] * b->w[2 * i])
EACH(pmuldq, sd, 2, (int64_t)a->sw[2 * i] * b->sw[2 * i])
EACH(pmaddwd, w, 4, (uint32_t)(a->sh[2 * i] * b->sh[2 * i]) +
                    (uint32_t)(a->sh[2 * i + 1] * b->sh[2 * i + 1]))
EACH(pmaddubsw, sh, 8, sat_s16(a->b[2 * i] * b->sb[2 * i] + a->b[2 * i + 1] * b->sb[2 * i + 1]))
EACH(pmulhrsw, sh, 8, ((a->sh[i] * b->sh[i] >> 14) + 1) >> 1)
EACH(psignb, b, 16, b->sb[i] < 0 ? -a->b[i] : b->b[i] ? a->b[i] : 0)
EACH(psignw, h, 8, b->sh[i] < 0 ? -a->h[i] : b->h[i] ? a->h[i] : 0)
EACH(psignd, w, 4, b->sw[i] < 0 ? -a->w[i] : b->w[i] ? a->w[i] : 0)
EACH(pabsb, b, 16, a->sb[i] < 0 ? -a->b[i] : a->b[i])
EACH(pabsw, h, 8, a->sh[i] < 0 ? -a->h[i] : a->h[i])
EACH(pabsd, w, 4, a->sw[i] < 0 ? -a->w[i] : a->w[i])

/* --- pairs of neighbours: a's in the low half, b's in the high half --- */

#define PAIRS(n, out, in, half, expr) \
    SIMD_FN(n) \
    { \
        for (int i = 0; i < 2 * half; i++) { \
            const SimdVec *v = i < half ? a : b; \
            int k = 2 * (i % half); \
            d->out[i] = (expr); \
        } \
    }
PAIRS(phaddw, h, h, 4, v->h[k] + v->h[k + 1])
PAIRS(phaddd, w, w, 2, v->w[k] + v->w[k + 1])
PAIRS(phaddsw, sh, sh, 4, sat_s16(v->sh[k] + v->sh[k + 1]))
PAIRS(phsubw, h, h, 4, v->h[k] - v->h[k + 1])
PAIRS(phsubd, w, w, 2, v->w[k] - v->w[k + 1])
PAIRS(phsubsw, sh, sh, 4, sat_s16(v->sh[k] - v->sh[k + 1]))

/* --- sums of absolute differences, minimum position --- */

static unsigned distance(unsigned x, unsigned y) { return x > y ? x - y : y - x; }

SIMD_FN(psadbw)
{
    for (int i = 0; i < 16; i++) {
        d->d[i / 8] += distance(a->b[i], b->b[i]);
    }
}

SIMD_FN(mpsadbw)
{
    int from = imm & 4, block = (imm & 3) * 4;

    for (int i = 0; i < 8; i++) {
        for (int k = 0; k < 4; k++) {
            d->h[i] += distance(a->b[from + i + k], b->b[block + k]);
        }
    }
}

SIMD_FN(phminposuw)
{
    int best = 0;

    for (int i = 1; i < 8; i++) {
        best = a->h[i] < a->h[best] ? i : best;
    }
    d->h[0] = a->h[best];
    d->h[1] = best;
}

/* --- shifts: counts of the width and above give zeros or signs --- */

EACH(psrlw, h, 8, b->d[0] < 16 ? a->h[i] >> b->d[0] : 0)
EACH(psrld, w, 4, b->d[0] < 32 ? a->w[i] >> b->d[0] : 0)
EACH(psrlq, d, 2, b->d[0] < 64 ? a->d[i] >> b->d[0] : 0)
EACH(psraw, sh, 8, a->sh[i] >> (b->d[0] < 16 ? b->d[0] : 15))
EACH(psrad, sw, 4, a->sw[i] >> (b->d[0] < 32 ? b->d[0] : 31))
EACH(psllw, h, 8, b->d[0] < 16 ? a->h[i] << b->d[0] : 0)
EACH(pslld, w, 4, b->d[0] < 32 ? a->w[i] << b->d[0] : 0)
EACH(psllq, d, 2, b->d[0] < 64 ? a->d[i] << b->d[0] : 0)
EACH(psrldq, b, 16, i + imm < 16 ? a->b[i + imm] : 0)
EACH(pslldq, b, 16, i >= (int)imm ? a->b[i - imm] : 0)
EACH(vpsrlvd, w, 4, b->w[i] < 32 ? a->w[i] >> b->w[i] : 0)
EACH(vpsrlvq, d, 2, b->d[i] < 64 ? a->d[i] >> b->d[i] : 0)
EACH(vpsravd, sw, 4, a->sw[i] >> (b->w[i] < 32 ? b->w[i] : 31))
EACH(vpsllvd, w, 4, b->w[i] < 32 ? a->w[i] << b->w[i] : 0)
EACH(vpsllvq, d, 2, b->d[i] < 64 ? a->d[i] << b->d[i] : 0)
