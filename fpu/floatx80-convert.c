/*
 * 80-bit extended format: between formats, integers and packed decimals,
 * comparison, scaling.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fpu/floatx80-internal.h"

FloatX80 fpx_from_f64(FPEnv *env, uint64_t a)
{
    uint16_t sign = fpu_is_neg(a) ? FPX_SIGN : 0;
    uint64_t frac = a & FP_F64_FRAC;
    int exp = a >> 52 & 0x7ff;

    if (exp == 0x7ff) {
        env->flags |= fpu_is_snan(a) ? FP_SNAN : 0;
        return (FloatX80){ FPX_INT_BIT | (frac ? FPX_QUIET : 0) | frac << 11, sign | FPX_EXP_MAX };
    }
    if (exp) {
        return (FloatX80){ FPX_INT_BIT | frac << 11, sign | (exp + 15360) };
    }
    if (!frac) {
        return fpx_zero(sign);
    }
    int zeros = __builtin_clzll(frac);

    env->flags |= FP_DENORMAL_IN;
    return (FloatX80){ frac << zeros, sign | (15372 - zeros) };
}

FloatX80 fpx_from_f32(FPEnv *env, uint32_t a)
{
    FloatX80 r = fpx_from_f64(env, fpu_f32_to_f64(a));

    /* As binary64 it is normal. */
    env->flags |= (a & 0x7f800000) == 0 && (a & 0x7fffff) ? FP_DENORMAL_IN : 0;
    return r;
}

/* The binary64 value, or for FP_SINGLE the one that equals the binary32 value. */
static uint64_t to_binary(FPEnv *env, FloatX80 a, FPPrecision prec)
{
    FPXParts x = fpx_unpack(a);
    FloatX80 nan;

    if (fpx_special(env, a, a, &nan)) {
        /* Only the bits that the format keeps. */
        return fpu_sign_bit(nan.se & FPX_SIGN) | FP_F64_INF | (nan.frac << 1 >> 12);
    }
    if (x.cls == FPX_INF || x.cls == FPX_ZERO) {
        return fpu_sign_bit(x.sign) | (x.cls == FPX_INF ? FP_F64_INF : 0);
    }
    return fpu_round_pack(env, x.sign, x.exp, (FPWide)x.frac << 64, prec);
}

uint64_t fpx_to_f64(FPEnv *env, FloatX80 a)
{
    return to_binary(env, a, FP_DOUBLE);
}

uint32_t fpx_to_f32(FPEnv *env, FloatX80 a)
{
    return fpu_f64_to_f32(to_binary(env, a, FP_SINGLE));
}

FloatX80 fpx_from_int(int64_t a)
{
    uint64_t magnitude = a < 0 ? -(uint64_t)a : (uint64_t)a;
    int zeros = a ? __builtin_clzll(magnitude) : 0;

    return a ? (FloatX80){ magnitude << zeros, (16383 + 63 - zeros) | (a < 0 ? FPX_SIGN : 0) } : fpx_zero(false);
}

int64_t fpx_to_int(FPEnv *env, FloatX80 a, unsigned bits)
{
    FPXParts x = fpx_unpack(a);
    FPWide least = (FPWide)1 << (bits - 1);
    uint32_t flags;

    if (x.cls == FPX_ZERO) {
        return 0;
    }
    if (x.cls == FPX_FINITE && x.exp < 64) {
        FPWide whole = fpx_round_magnitude(env, x, &flags);

        if (whole <= least - !x.sign) {
            env->flags |= flags;
            return x.sign ? -(uint64_t)whole : (uint64_t)whole;
        }
    }
    env->flags |= FP_BAD_CONVERT;
    return -(uint64_t)least;
}

FloatX80 fpx_round_to_integral(FPEnv *env, FloatX80 a)
{
    FPXParts x = fpx_unpack(a);
    FloatX80 special;
    uint32_t flags;

    if (fpx_special(env, a, a, &special)) {
        return special;
    }
    fpx_note_denormal(env, x);
    if (x.cls != FPX_FINITE || x.exp >= 63) {
        return a;
    }
    FPWide whole = fpx_round_magnitude(env, x, &flags);

    env->flags |= flags;
    return whole ? fpx_round_pack(env, x.sign, 127, whole, FPX_64) : fpx_zero(x.sign);
}

FPRelation fpx_compare(FPEnv *env, FloatX80 a, FloatX80 b, bool quiet)
{
    FPXParts x = fpx_unpack(a), y = fpx_unpack(b);
    FloatX80 special;

    if (fpx_special(env, a, b, &special)) {
        env->flags |= quiet ? 0 : FP_SNAN;
        return FP_UNORDERED;
    }
    fpx_note_denormal(env, x);
    fpx_note_denormal(env, y);
    if (x.cls == FPX_ZERO && y.cls == FPX_ZERO) {
        return FP_EQUAL;
    }
    if (x.sign != y.sign) {
        return x.sign ? FP_LESS : FP_GREATER;
    }
    int exp_x = x.cls == FPX_ZERO ? INT_MIN : x.exp, exp_y = y.cls == FPX_ZERO ? INT_MIN : y.exp;

    if (exp_x == exp_y && x.frac == y.frac) {
        return FP_EQUAL;
    }
    bool less = exp_x != exp_y ? exp_x < exp_y : x.frac < y.frac;

    return less != x.sign ? FP_LESS : FP_GREATER;
}

/* b cut to an integer, within bounds that over- and underflow everything. */
static int scale_count(FPXParts y)
{
    if (y.cls == FPX_ZERO || y.exp < 0) {
        return 0;
    }
    int count = y.exp > 16 ? 0x20000 : (int)(y.frac >> (63 - y.exp));

    return y.sign ? -count : count;
}

FloatX80 fpx_scale(FPEnv *env, FloatX80 a, FloatX80 b)
{
    FPXParts x = fpx_unpack(a), y = fpx_unpack(b);
    FloatX80 special;

    if (fpx_special(env, a, b, &special)) {
        return special;
    }
    if (y.cls == FPX_INF && x.cls == (y.sign ? FPX_INF : FPX_ZERO)) {
        return fpx_invalid(env, FP_INF_MUL);
    }
    fpx_note_denormal(env, x);
    fpx_note_denormal(env, y);
    if (y.cls == FPX_INF) {
        return y.sign ? fpx_zero(x.sign) : fpx_inf(x.sign);
    }
    if (x.cls != FPX_FINITE) {
        return a;
    }
    return fpx_round_pack(env, x.sign, x.exp + scale_count(y), (FPWide)x.frac << 64, FPX_64);
}

FloatX80 fpx_extract(FPEnv *env, FloatX80 a, FloatX80 *exponent)
{
    FPXParts x = fpx_unpack(a);
    FloatX80 special;

    if (fpx_special(env, a, a, &special)) {
        *exponent = special;
        return special;
    }
    if (x.cls == FPX_ZERO) {
        env->flags |= FP_DIVZERO;
        *exponent = fpx_inf(true);
        return a;
    }
    fpx_note_denormal(env, x);
    if (x.cls == FPX_INF) {
        *exponent = fpx_inf(false);
        return a;
    }
    *exponent = fpx_from_int(x.exp);
    return (FloatX80){ x.frac, 16383 | (x.sign ? FPX_SIGN : 0) };
}

FloatX80 fpx_from_bcd(const uint8_t *bcd)
{
    int64_t value = 0;

    for (int i = 8; i >= 0; i--) {
        value = value * 100 + (bcd[i] >> 4) * 10 + (bcd[i] & 15);
    }
    FloatX80 r = fpx_from_int(value);

    r.se |= bcd[9] & 0x80 ? FPX_SIGN : 0;
    return r;
}

void fpx_to_bcd(FPEnv *env, FloatX80 a, uint8_t *bcd)
{
    static const uint8_t indefinite[10] = { 0, 0, 0, 0, 0, 0, 0, 0xc0, 0xff, 0xff };
    FPEnv scratch = *env;
    int64_t value = fpx_to_int(&scratch, a, 64);
    uint64_t magnitude = value < 0 ? -(uint64_t)value : (uint64_t)value;

    if ((scratch.flags & FP_BAD_CONVERT) || magnitude > UINT64_C(999999999999999999)) {
        env->flags |= FP_BAD_CONVERT;
        memcpy(bcd, indefinite, sizeof(indefinite));
        return;
    }
    env->flags = scratch.flags;
    for (int i = 0; i < 9; i++) {
        bcd[i] = magnitude % 10 | magnitude / 10 % 10 << 4;
        magnitude /= 100;
    }
    bcd[9] = a.se & FPX_SIGN ? 0x80 : 0;
}
