/*
 * SIMD operations that move elements. Intel SDM volume 2.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/simd-internal.h"

#define EACH(n, out, count, expr) \
    SIMD_FN(n) \
    { \
        for (int i = 0; i < count; i++) { \
            d->out[i] = (expr); \
        } \
    }

EACH(movss, w, 4, i ? a->w[i] : b->w[0])
EACH(movsd, d, 2, i ? a->d[1] : b->d[0])
EACH(movhlps, d, 2, i ? a->d[1] : b->d[1])
EACH(movlhps, d, 2, i ? b->d[0] : a->d[0])
EACH(movsldup, w, 4, a->w[i & 2])
EACH(movshdup, w, 4, a->w[i | 1])
EACH(movddup, d, 2, a->d[0])
EACH(movq, d, 2, i ? 0 : a->d[0])

/* --- interleaving the low (from 0) or high halves --- */

#define UNPACK(n, out, count, from) EACH(n, out, count, (i & 1 ? b : a)->out[from + i / 2])
UNPACK(unpcklps, w, 4, 0)
UNPACK(unpckhps, w, 4, 2)
UNPACK(unpcklpd, d, 2, 0)
UNPACK(unpckhpd, d, 2, 1)
UNPACK(punpcklbw, b, 16, 0)
UNPACK(punpcklwd, h, 8, 0)
UNPACK(punpckldq, w, 4, 0)
UNPACK(punpcklqdq, d, 2, 0)
UNPACK(punpckhbw, b, 16, 8)
UNPACK(punpckhwd, h, 8, 4)
UNPACK(punpckhdq, w, 4, 2)
UNPACK(punpckhqdq, d, 2, 1)

/* --- shuffles by immediate and by vector --- */

EACH(shufps, w, 4, (i < 2 ? a : b)->w[imm >> 2 * i & 3])
EACH(shufpd, d, 2, (i ? b : a)->d[imm >> i & 1])
EACH(pshufd, w, 4, a->w[imm >> 2 * i & 3])
EACH(pshuflw, h, 8, i < 4 ? a->h[imm >> 2 * i & 3] : a->h[i])
EACH(pshufhw, h, 8, i < 4 ? a->h[i] : a->h[4 + (imm >> 2 * (i - 4) & 3)])
EACH(vpermilps, w, 4, a->w[b->w[i] & 3])
EACH(vpermilpd, d, 2, a->d[b->d[i] >> 1 & 1])

SIMD_FN(palignr)
{
    for (unsigned i = 0; i < 16; i++) {
        unsigned from = i + imm;

        d->b[i] = from < 16 ? b->b[from] : from < 32 ? a->b[from - 16] : 0;
    }
}

/* --- blends --- */

EACH(blendps, w, 4, (imm >> i & 1 ? b : a)->w[i])
EACH(blendpd, d, 2, (imm >> i & 1 ? b : a)->d[i])
EACH(pblendw, h, 8, (imm >> i & 1 ? b : a)->h[i])
EACH(vpblendd, w, 4, (imm >> i & 1 ? b : a)->w[i])
EACH(blendvps, w, 4, (c->w[i] >> 31 ? b : a)->w[i])
EACH(blendvpd, d, 2, (c->d[i] >> 63 ? b : a)->d[i])
EACH(pblendvb, b, 16, (c->b[i] >> 7 ? b : a)->b[i])

SIMD_FN(insertps)
{
    *d = *a;
    d->w[imm >> 4 & 3] = b->w[imm >> 6 & 3];
    for (int i = 0; i < 4; i++) {
        if (imm >> i & 1) {
            d->w[i] = 0;
        }
    }
}

/* --- to and from integers --- */

SIMD_FN(movmskps)
{
    for (int i = 0; i < 4; i++) {
        d->d[0] |= (a->w[i] >> 31) << i;
    }
}

SIMD_FN(movmskpd)
{
    d->d[0] = a->d[0] >> 63 | a->d[1] >> 63 << 1;
}

SIMD_FN(pmovmskb)
{
    for (int i = 0; i < 16; i++) {
        d->d[0] |= (a->b[i] >> 7) << i;
    }
}

SIMD_FN(pextrb) { d->d[0] = a->b[imm & 15]; }
SIMD_FN(pextrw) { d->d[0] = a->h[imm & 7]; }
SIMD_FN(pextrd) { d->d[0] = a->w[imm & 3]; }
SIMD_FN(pextrq) { d->d[0] = a->d[imm & 1]; }
SIMD_FN(pinsrb) { *d = *a; d->b[imm & 15] = b->d[0]; }
SIMD_FN(pinsrw) { *d = *a; d->h[imm & 7] = b->d[0]; }
SIMD_FN(pinsrd) { *d = *a; d->w[imm & 3] = b->d[0]; }
SIMD_FN(pinsrq) { *d = *a; d->d[imm & 1] = b->d[0]; }

/* --- widening --- */

EACH(pmovsxbw, sh, 8, a->sb[i])
EACH(pmovsxbd, sw, 4, a->sb[i])
EACH(pmovsxbq, sd, 2, a->sb[i])
EACH(pmovsxwd, sw, 4, a->sh[i])
EACH(pmovsxwq, sd, 2, a->sh[i])
EACH(pmovsxdq, sd, 2, a->sw[i])
EACH(pmovzxbw, h, 8, a->b[i])
EACH(pmovzxbd, w, 4, a->b[i])
EACH(pmovzxbq, d, 2, a->b[i])
EACH(pmovzxwd, w, 4, a->h[i])
EACH(pmovzxwq, d, 2, a->h[i])
EACH(pmovzxdq, d, 2, a->w[i])

/* --- tests: ZF: (b & a) is zero, CF: (b & ~a) is zero, of the bits in the mask --- */

static uint64_t test_flags(const SimdVec *a, const SimdVec *b, uint64_t mask)
{
    uint64_t both = (a->d[0] & b->d[0] & mask) | (a->d[1] & b->d[1] & mask);
    uint64_t only_b = (~a->d[0] & b->d[0] & mask) | (~a->d[1] & b->d[1] & mask);

    return (both ? 0 : 0x40) | (only_b ? 0 : 1);
}

SIMD_FN(ptest) { d->d[0] = test_flags(a, b, UINT64_MAX); }
SIMD_FN(vtestps) { d->d[0] = test_flags(a, b, UINT64_C(0x8000000080000000)); }
SIMD_FN(vtestpd) { d->d[0] = test_flags(a, b, UINT64_C(1) << 63); }
