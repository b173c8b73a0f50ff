/*
 * Between formats, to and from integers, comparisons.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fpu/internal.h"

uint64_t fpu_f32_to_f64(uint32_t a)
{
    uint64_t sign = (uint64_t)(a >> 31) << 63;
    uint32_t exp = a >> 23 & 0xff, frac = a & 0x7fffff;

    if (exp == 0xff) {
        return sign | FP_F64_INF | (uint64_t)frac << 29;
    }
    if (exp) {
        return sign | (uint64_t)(exp + 896) << 52 | (uint64_t)frac << 29;
    }
    if (frac) {
        int shift = __builtin_clz(frac) - 8;

        return sign | (uint64_t)(897 - shift) << 52 | (((uint64_t)frac << (shift + 29)) & FP_F64_FRAC);
    }
    return sign;
}

uint32_t fpu_f64_to_f32(uint64_t a)
{
    uint32_t sign = a >> 32 & 0x80000000u;
    int exp = a >> 52 & 0x7ff;
    uint64_t frac = a & FP_F64_FRAC;

    if (exp == 0x7ff) {
        uint32_t cut = frac >> 29;

        /* A NaN must not become an infinity. */
        return sign | 0x7f800000u | (frac && !cut ? 1 : cut);
    }
    if (exp > 896) {
        return sign | (uint32_t)(exp - 896) << 23 | (uint32_t)(frac >> 29);
    }
    if (exp < 897 - 23) {
        return sign;
    }
    return sign | (uint32_t)((frac | UINT64_C(1) << 52) >> (29 + 897 - exp));
}

uint64_t fpu_round(FPEnv *env, uint64_t a, FPPrecision prec)
{
    FPParts x = fpu_unpack(env, a);

    switch (x.cls) {
    case FP_CLASS_NAN:
        return fpu_pick_nan(env, &a, 1);
    case FP_CLASS_INF:
        return a;
    case FP_CLASS_ZERO:
        return fpu_sign_bit(x.sign);
    default:
        return fpu_round_pack(env, x.sign, x.exp, (FPWide)x.frac << 64, prec);
    }
}

uint64_t fpu_scale(FPEnv *env, uint64_t a, int n, FPPrecision prec)
{
    FPParts x = fpu_unpack(env, a);

    if (x.cls != FP_CLASS_FINITE) {
        return fpu_round(env, a, prec);
    }
    return fpu_round_pack(env, x.sign, x.exp + n, (FPWide)x.frac << 64, prec);
}

/* The integer nearest to |x| by the rounding mode; x.exp < 64. Sets no flag but in *flags. */
static FPWide round_to_integer(FPEnv *env, FPParts x, uint32_t *flags)
{
    FPWide fixed = fpu_shift_right_jam((FPWide)x.frac << 64, 63 - x.exp);
    uint64_t whole = fixed >> 64;
    uint64_t rest = fixed;
    const uint64_t half = UINT64_C(1) << 63;
    bool up = false;

    switch (env->rounding) {
    case FP_NEAREST_EVEN:
        up = rest > half || (rest == half && (whole & 1));
        break;
    case FP_UP:
        up = !x.sign && rest;
        break;
    case FP_DOWN:
        up = x.sign && rest;
        break;
    case FP_TO_ZERO:
        break;
    }
    *flags = (rest ? FP_INEXACT : 0) | (up ? FP_ROUNDED_UP : 0);
    return (FPWide)whole + up;
}

uint64_t fpu_round_to_integral(FPEnv *env, uint64_t a)
{
    FPParts x = fpu_unpack(env, a);
    uint32_t flags;
    FPWide whole;

    if (x.cls == FP_CLASS_NAN) {
        return fpu_pick_nan(env, &a, 1);
    }
    if (x.cls == FP_CLASS_ZERO) {
        return fpu_sign_bit(x.sign);
    }
    if (x.cls == FP_CLASS_INF || x.exp >= 52) {
        return a;
    }
    whole = round_to_integer(env, x, &flags);
    env->flags |= flags;
    if (!whole) {
        return fpu_sign_bit(x.sign);
    }
    /* Below 2^53: packing is exact. */
    return fpu_round_pack(env, x.sign, 127, whole, FP_DOUBLE);
}

/* Magnitude of the integer that a rounds to, or FP_BAD_CONVERT and the limit. */
static uint64_t to_magnitude(FPEnv *env, FPParts x, FPWide limit)
{
    uint32_t flags;
    FPWide whole = limit + 1;

    if (x.cls == FP_CLASS_ZERO) {
        return 0;
    }
    if (x.cls == FP_CLASS_FINITE && x.exp < 64) {
        whole = round_to_integer(env, x, &flags);
    }
    if (whole > limit) {
        env->flags |= FP_BAD_CONVERT;
        return limit;
    }
    env->flags |= flags;
    return whole;
}

int64_t fpu_to_int(FPEnv *env, uint64_t a, unsigned bits)
{
    FPParts x = fpu_unpack(env, a);
    FPWide least = (FPWide)1 << (bits - 1);
    uint64_t magnitude;

    if (x.cls == FP_CLASS_NAN) {
        env->flags |= FP_BAD_CONVERT | (fpu_is_snan(a) ? FP_SNAN : 0);
        return -(uint64_t)least;
    }
    magnitude = to_magnitude(env, x, x.sign ? least : least - 1);
    return x.sign ? -magnitude : magnitude;
}

uint64_t fpu_to_uint(FPEnv *env, uint64_t a, unsigned bits)
{
    FPParts x = fpu_unpack(env, a);

    if (x.cls == FP_CLASS_NAN) {
        env->flags |= FP_BAD_CONVERT | (fpu_is_snan(a) ? FP_SNAN : 0);
        return 0;
    }
    return to_magnitude(env, x, x.sign ? 0 : ((FPWide)1 << bits) - 1);
}

uint64_t fpu_from_uint(FPEnv *env, uint64_t a, FPPrecision prec)
{
    return a ? fpu_round_pack(env, false, 127, a, prec) : 0;
}

uint64_t fpu_from_int(FPEnv *env, int64_t a, FPPrecision prec)
{
    uint64_t magnitude = a < 0 ? -(uint64_t)a : (uint64_t)a;

    return a ? fpu_round_pack(env, a < 0, 127, magnitude, prec) : 0;
}

FPRelation fpu_compare(FPEnv *env, uint64_t a, uint64_t b)
{
    if (fpu_is_nan(a) || fpu_is_nan(b)) {
        env->flags |= fpu_is_snan(a) || fpu_is_snan(b) ? FP_SNAN : 0;
        return FP_UNORDERED;
    }
    FPParts x = fpu_unpack(env, a), y = fpu_unpack(env, b);

    if (x.cls == FP_CLASS_ZERO && y.cls == FP_CLASS_ZERO) {
        return FP_EQUAL;
    }
    /* Ordered as sign and magnitude; flushed operands are zeros. */
    int64_t p = x.cls == FP_CLASS_ZERO ? 0 : (int64_t)(a & ~FP_F64_SIGN);
    int64_t q = y.cls == FP_CLASS_ZERO ? 0 : (int64_t)(b & ~FP_F64_SIGN);

    p = x.sign ? -p : p;
    q = y.sign ? -q : q;
    return p < q ? FP_LESS : p > q ? FP_GREATER : FP_EQUAL;
}
