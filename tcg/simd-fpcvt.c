/*
 * Floating-point SIMD operations: conversions, rounding, fused multiply-add,
 * estimates. Intel SDM volume 1, chapters 11 and 14, and volume 2.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/simd-fp.h"

/* --- between the formats --- */

/* Has the double more than 24 significant bits? */
static bool is_wider_than_single(uint64_t x)
{
    uint64_t frac = x & FP_F64_FRAC;

    if (x & FP_F64_INF) {
        return frac << (12 + 23);
    }
    return frac && frac << __builtin_clzll(frac) << 24;
}

static uint64_t convert(SimdStatus *s, uint64_t x, FPPrecision from, FPPrecision to)
{
    FPEnv env = simd_fp_env(s);
    uint64_t result;

    x = simd_operand(s, x, from);
    result = fpu_round(&env, simd_widen(x, from), to);
    if (env.scale_underflow && (env.flags & FP_UNDERFLOW)) {
        /* The exponent that wraps may be out of range still: precision alone counts. */
        env.flags = (env.flags & ~FP_INEXACT) | (is_wider_than_single(x) ? FP_INEXACT : 0);
    }
    simd_raise(s, &env, simd_is_denormal(x, from));
    return simd_narrow(result, to);
}

SIMD_FN(cvtps2pd)
{
    d->d[0] = convert(s, a->w[0], FP_SINGLE, FP_DOUBLE);
    d->d[1] = convert(s, a->w[1], FP_SINGLE, FP_DOUBLE);
}

SIMD_FN(cvtpd2ps)
{
    d->w[0] = convert(s, a->d[0], FP_DOUBLE, FP_SINGLE);
    d->w[1] = convert(s, a->d[1], FP_DOUBLE, FP_SINGLE);
}

SIMD_FN(cvtss2sd)
{
    *d = *a;
    d->d[0] = convert(s, b->w[0], FP_SINGLE, FP_DOUBLE);
}

SIMD_FN(cvtsd2ss)
{
    *d = *a;
    d->w[0] = convert(s, b->d[0], FP_DOUBLE, FP_SINGLE);
}

/* --- to and from integers --- */

enum { ROUND, TRUNCATE };

/* The integer indefinite value where there is none. */
static uint64_t to_int(SimdStatus *s, uint64_t x, FPPrecision prec, unsigned bits, int how)
{
    FPEnv env = simd_fp_env(s);
    int64_t result;

    if (how == TRUNCATE) {
        env.rounding = FP_TO_ZERO;
    }
    result = fpu_to_int(&env, simd_widen(simd_operand(s, x, prec), prec), bits);
    simd_raise(s, &env, false);
    if (env.flags & FP_BAD_CONVERT) {
        return UINT64_C(1) << (bits - 1);
    }
    return bits == 32 ? (uint32_t)result : (uint64_t)result;
}

static uint64_t from_int(SimdStatus *s, int64_t x, FPPrecision prec)
{
    FPEnv env = simd_fp_env(s);
    uint64_t result = fpu_from_int(&env, x, prec);

    simd_raise(s, &env, false);
    return simd_narrow(result, prec);
}

#define EACH(n, out, count, expr) \
    SIMD_FN(n) \
    { \
        for (int i = 0; i < count; i++) { \
            d->out[i] = (expr); \
        } \
    }
EACH(cvtdq2ps, w, 4, from_int(s, a->sw[i], FP_SINGLE))
EACH(cvtdq2pd, d, 2, from_int(s, a->sw[i], FP_DOUBLE))
EACH(cvtps2dq, w, 4, to_int(s, a->w[i], FP_SINGLE, 32, ROUND))
EACH(cvttps2dq, w, 4, to_int(s, a->w[i], FP_SINGLE, 32, TRUNCATE))
EACH(cvtpd2dq, w, 2, to_int(s, a->d[i], FP_DOUBLE, 32, ROUND))
EACH(cvttpd2dq, w, 2, to_int(s, a->d[i], FP_DOUBLE, 32, TRUNCATE))

#define TO_INT(n, in, prec, how) \
    SIMD_FN(n##2si_l) { d->d[0] = to_int(s, a->in[0], prec, 32, how); } \
    SIMD_FN(n##2si_q) { d->d[0] = to_int(s, a->in[0], prec, 64, how); }
TO_INT(cvtss, w, FP_SINGLE, ROUND)
TO_INT(cvtsd, d, FP_DOUBLE, ROUND)
TO_INT(cvttss, w, FP_SINGLE, TRUNCATE)
TO_INT(cvttsd, d, FP_DOUBLE, TRUNCATE)

SIMD_FN(cvtsi2ss_l) { *d = *a; d->w[0] = from_int(s, b->sw[0], FP_SINGLE); }
SIMD_FN(cvtsi2ss_q) { *d = *a; d->w[0] = from_int(s, b->sd[0], FP_SINGLE); }
SIMD_FN(cvtsi2sd_l) { *d = *a; d->d[0] = from_int(s, b->sw[0], FP_DOUBLE); }
SIMD_FN(cvtsi2sd_q) { *d = *a; d->d[0] = from_int(s, b->sd[0], FP_DOUBLE); }

/* --- rounding to integral values; imm bit 2: MXCSR's rounding, bit 3: no inexact flag --- */

static uint64_t integral(SimdStatus *s, uint64_t x, unsigned imm, FPPrecision prec)
{
    FPEnv env = simd_fp_env(s);
    uint64_t result;

    if (!(imm & 4)) {
        env.rounding = simd_rounding(imm);
    }
    result = fpu_round_to_integral(&env, simd_widen(simd_operand(s, x, prec), prec));
    if (imm & 8) {
        env.flags &= ~FP_INEXACT;
    }
    simd_raise(s, &env, false);
    return simd_narrow(result, prec);
}

EACH(roundps, w, 4, integral(s, a->w[i], imm, FP_SINGLE))
EACH(roundpd, d, 2, integral(s, a->d[i], imm, FP_DOUBLE))
SIMD_FN(roundss) { *d = *a; d->w[0] = integral(s, b->w[0], imm, FP_SINGLE); }
SIMD_FN(roundsd) { *d = *a; d->d[0] = integral(s, b->d[0], imm, FP_DOUBLE); }

/* --- half precision --- */

static uint32_t from_half(SimdStatus *s, uint16_t h)
{
    uint32_t sign = (uint32_t)(h >> 15) << 31, exp = h >> 10 & 31, frac = h & 0x3ff;

    if (exp == 31) {
        if (frac && !(frac & 0x200)) {
            s->raised |= SIMD_IE;
        }
        return sign | 0x7f800000 | (frac ? frac << 13 | 0x400000 : 0);
    }
    if (exp) {
        return sign | (exp + 112) << 23 | frac << 13;
    }
    if (frac) {
        int shift = __builtin_clz(frac) - 21;

        return sign | (uint32_t)(113 - shift) << 23 | (frac << (shift + 13) & 0x7fffff);
    }
    return sign;
}

static bool rounds_away(FPRounding rounding, bool sign, bool odd, uint64_t rest, uint64_t half)
{
    switch (rounding) {
    case FP_NEAREST_EVEN:
        return rest > half || (rest == half && odd);
    case FP_UP:
        return !sign && rest;
    case FP_DOWN:
        return sign && rest;
    default:
        return false;
    }
}

/* Of a finite single that is not 0: significand of 24 bits, units of 2^unit_exp. */
static uint16_t round_half(SimdStatus *s, FPRounding rounding, bool sign, uint64_t frac, int unit_exp)
{
    int lead = 63 - __builtin_clzll(frac), exp = unit_exp + lead;
    /* Units of the result: 11 significant bits, or 2^-24. */
    int drop = MAX(lead - 10, -24 - unit_exp);
    bool unbounded_tiny, tiny = exp < -14;

    if (drop > 40) {
        frac = 1;
        drop = 40;
    }
    uint64_t rest = drop > 0 ? frac & ((UINT64_C(1) << drop) - 1) : 0;
    uint64_t keep = drop > 0 ? frac >> drop : frac << -drop;
    uint64_t half = drop > 0 ? UINT64_C(1) << (drop - 1) : 0;

    if (exp == -15) {       /* would 11 bits round to the least normal number? */
        int full = lead - 10;
        uint64_t all = frac >> full, lost = frac & ((UINT64_C(1) << full) - 1);

        unbounded_tiny = all != 0x7ff ||
                         !rounds_away(rounding, sign, true, lost, UINT64_C(1) << (full - 1));
        tiny = unbounded_tiny;
    }
    keep += rounds_away(rounding, sign, keep & 1, rest, half);
    if (rest) {
        s->raised |= SIMD_PE;
    }
    if (tiny && (rest || !(s->csr & SIMD_UM))) {
        s->raised |= SIMD_UE;
    }
    /* keep carries into the exponent field by itself. */
    uint64_t bits = exp < -14 ? keep : keep + ((uint64_t)(exp + 14) << 10);

    if (bits >= 0x7c00) {
        bool to_inf = rounding == FP_NEAREST_EVEN || rounding == (sign ? FP_DOWN : FP_UP);

        s->raised |= SIMD_OE | SIMD_PE;
        bits = to_inf ? 0x7c00 : 0x7bff;
    }
    return bits | sign << 15;
}

static uint16_t to_half(SimdStatus *s, uint32_t x, unsigned imm)
{
    FPRounding rounding = simd_rounding(imm & 4 ? s->csr >> SIMD_RC_SHIFT : imm);
    uint32_t sign, exp, frac;

    x = simd_operand(s, x, FP_SINGLE);
    sign = x >> 31;
    exp = x >> 23 & 0xff;
    frac = x & 0x7fffff;
    if (exp == 0xff) {
        s->raised |= simd_is_snan(x, FP_SINGLE) ? SIMD_IE : 0;
        return sign << 15 | 0x7c00 | (frac ? 0x200 | frac >> 13 : 0);
    }
    if (!exp && !frac) {
        return sign << 15;
    }
    s->raised |= exp ? 0 : SIMD_DE;
    return round_half(s, rounding, sign, exp ? frac | 1u << 23 : frac, exp ? (int)exp - 150 : -149);
}

EACH(cvtph2ps, w, 4, from_half(s, a->h[i]))
EACH(cvtps2ph, h, 4, to_half(s, a->w[i], imm))

/* --- fused multiply-add --- */

enum { NEGATE_PRODUCT = 1, NEGATE_ADDEND = 2 };

static uint64_t fused(SimdStatus *s, uint64_t x, uint64_t y, uint64_t z, int negate, FPPrecision prec)
{
    FPEnv env = simd_fp_env(s);
    uint64_t sign = prec == FP_DOUBLE ? FP_F64_SIGN : UINT64_C(1) << 31;
    uint64_t in[3] = { simd_operand(s, x, prec), simd_operand(s, y, prec), simd_operand(s, z, prec) };
    bool denormal = false, nan = false;

    for (int i = 0; i < 3; i++) {
        denormal |= simd_is_denormal(in[i], prec);
        nan |= simd_is_nan(in[i], prec);
    }
    if (nan) {
        for (int i = 0; i < 3; i++) {
            s->raised |= simd_is_snan(in[i], prec) ? SIMD_IE : 0;
        }
        for (int i = 0; ; i++) {
            if (simd_is_nan(in[i], prec)) {
                return in[i] | (prec == FP_DOUBLE ? FP_F64_QUIET : 1u << 22);
            }
        }
    }
    in[0] ^= negate & NEGATE_PRODUCT ? sign : 0;
    in[2] ^= negate & NEGATE_ADDEND ? sign : 0;
    x = fpu_fma(&env, simd_widen(in[0], prec), simd_widen(in[2], prec), simd_widen(in[1], prec), prec);
    simd_raise(s, &env, denormal);
    return simd_narrow(x, prec);
}

/* even, odd: what to negate in those elements. X, Y, Z: which vectors multiply and add. */
#define FMA_ORDER(n, X, Y, Z, even, odd) \
    SIMD_FN(n##ps) \
    { \
        for (int i = 0; i < 4; i++) { \
            d->w[i] = fused(s, X->w[i], Y->w[i], Z->w[i], i & 1 ? odd : even, FP_SINGLE); \
        } \
    } \
    SIMD_FN(n##pd) \
    { \
        for (int i = 0; i < 2; i++) { \
            d->d[i] = fused(s, X->d[i], Y->d[i], Z->d[i], i & 1 ? odd : even, FP_DOUBLE); \
        } \
    }
#define FMA_SCALAR(n, X, Y, Z, negate) \
    SIMD_FN(n##ss) { *d = *a; d->w[0] = fused(s, X->w[0], Y->w[0], Z->w[0], negate, FP_SINGLE); } \
    SIMD_FN(n##sd) { *d = *a; d->d[0] = fused(s, X->d[0], Y->d[0], Z->d[0], negate, FP_DOUBLE); }
#define FMA_PACKED(n, even, odd) \
    FMA_ORDER(n##132, a, c, b, even, odd) \
    FMA_ORDER(n##213, b, a, c, even, odd) \
    FMA_ORDER(n##231, b, c, a, even, odd)
#define FMA_ALL(n, negate) \
    FMA_PACKED(n, negate, negate) \
    FMA_SCALAR(n##132, a, c, b, negate) \
    FMA_SCALAR(n##213, b, a, c, negate) \
    FMA_SCALAR(n##231, b, c, a, negate)
FMA_PACKED(fmaddsub, NEGATE_ADDEND, 0)
FMA_PACKED(fmsubadd, 0, NEGATE_ADDEND)
FMA_ALL(fmadd, 0)
FMA_ALL(fmsub, NEGATE_ADDEND)
FMA_ALL(fnmadd, NEGATE_PRODUCT)
FMA_ALL(fnmsub, NEGATE_PRODUCT | NEGATE_ADDEND)

/*
 * --- estimates: the manual bounds the relative error by 1.5 * 2^-12; these are
 * rounded to 12 bits. No flags; denormals are zeros. ---
 */

static uint32_t cut_estimate(uint64_t wide)
{
    uint32_t x = fpu_f64_to_f32(wide);

    return (x & 0x7f800000) ? (x + 0x400) & ~0x7ffu : x & 0x80000000;
}

static uint32_t estimate(uint32_t x, bool root)
{
    FPEnv env = { .nan_rule = FP_NAN_FIRST, .default_nan = UINT64_C(0xfff8000000000000) };
    uint64_t one = UINT64_C(0x3ff) << 52, wide;

    if (simd_is_nan(x, FP_SINGLE)) {
        return x | 1u << 22;
    }
    if (!(x & 0x7f800000)) {
        return (x & 0x80000000) | 0x7f800000;
    }
    if (root && x >> 31) {
        return 0xffc00000;
    }
    if ((x & 0x7fffffff) == 0x7f800000) {
        return x & 0x80000000;
    }
    wide = fpu_f32_to_f64(x);
    wide = root ? fpu_div(&env, one, fpu_sqrt(&env, wide, FP_DOUBLE), FP_SINGLE)
                : fpu_div(&env, one, wide, FP_SINGLE);
    return cut_estimate(wide);
}

EACH(rcpps, w, 4, estimate(a->w[i], false))
EACH(rsqrtps, w, 4, estimate(a->w[i], true))
SIMD_FN(rcpss) { *d = *a; d->w[0] = estimate(b->w[0], false); }
SIMD_FN(rsqrtss) { *d = *a; d->w[0] = estimate(b->w[0], true); }
