/*
 * 80-bit extended format: taking operands apart, the NaN rules of the x87, and
 * the one place where results are rounded and range-checked.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fpu/floatx80-internal.h"

enum { EXP_BIAS = 16383, EXP_MIN = -16382, EXP_TOP = 16383, SCALE = 24576 };

static const int precision_bits[] = { [FPX_24] = 24, [FPX_53] = 53, [FPX_64] = 64 };

FPXClass fpx_classify(FloatX80 a)
{
    int exp = a.se & FPX_EXP_MAX;

    if (exp == 0) {
        return a.frac ? FPX_DENORMAL : FPX_ZERO;
    }
    if (!(a.frac & FPX_INT_BIT)) {
        return FPX_UNSUPPORTED;
    }
    if (exp == FPX_EXP_MAX) {
        return a.frac == FPX_INT_BIT ? FPX_INF : FPX_NAN;
    }
    return FPX_FINITE;
}

FPXParts fpx_unpack(FloatX80 a)
{
    FPXParts p = { .cls = fpx_classify(a), .sign = a.se & FPX_SIGN, .frac = a.frac };

    if (p.cls == FPX_DENORMAL) {
        int zeros = __builtin_clzll(a.frac);

        p.cls = FPX_FINITE;
        p.denormal = true;
        p.exp = EXP_MIN - zeros;
        p.frac = a.frac << zeros;
    } else {
        p.exp = (a.se & FPX_EXP_MAX) - EXP_BIAS;
    }
    return p;
}

static bool is_snan(FloatX80 a)
{
    return fpx_classify(a) == FPX_NAN && !(a.frac & FPX_QUIET);
}

/* SDM volume 1, table 4-7: the larger significand wins; a quiet NaN beats a signalling one. */
static FloatX80 pick_nan(FloatX80 a, FloatX80 b)
{
    bool nan_a = fpx_classify(a) == FPX_NAN, nan_b = fpx_classify(b) == FPX_NAN;
    FloatX80 r;

    if (!nan_a || !nan_b) {
        r = nan_a ? a : b;
    } else if (is_snan(a) != is_snan(b)) {
        r = is_snan(a) ? b : a;
    } else if (a.frac != b.frac) {
        r = a.frac > b.frac ? a : b;
    } else {
        r = a.se < b.se ? a : b;
    }
    r.frac |= FPX_QUIET;
    return r;
}

bool fpx_special(FPEnv *env, FloatX80 a, FloatX80 b, FloatX80 *result)
{
    FPXClass x = fpx_classify(a), y = fpx_classify(b);

    if (x == FPX_UNSUPPORTED || y == FPX_UNSUPPORTED) {
        *result = fpx_invalid(env, FP_UNSUPPORTED);
        return true;
    }
    if (x != FPX_NAN && y != FPX_NAN) {
        return false;
    }
    env->flags |= is_snan(a) || is_snan(b) ? FP_SNAN : 0;
    *result = pick_nan(a, b);
    return true;
}

/* Must a value whose kept part is `keep` and whose rest is rest / 2^128 units grow? */
static bool rounds_up(FPRounding rounding, bool sign, uint64_t keep, FPWide rest)
{
    const FPWide half = (FPWide)1 << 127;

    switch (rounding) {
    case FP_NEAREST_EVEN:
        return rest > half || (rest == half && (keep & 1));
    case FP_UP:
        return !sign && rest;
    case FP_DOWN:
        return sign && rest;
    default:
        return false;
    }
}

static FloatX80 overflow(FPEnv *env, bool sign, int bits)
{
    bool to_inf = env->rounding == FP_NEAREST_EVEN || env->rounding == (sign ? FP_DOWN : FP_UP);

    env->flags |= FP_OVERFLOW | FP_INEXACT;
    if (to_inf) {
        env->flags |= FP_ROUNDED_UP;
        return fpx_inf(sign);
    }
    return (FloatX80){ UINT64_MAX << (64 - bits), (FPX_EXP_MAX - 1) | (sign ? FPX_SIGN : 0) };
}

/* Is the value, rounded as if the exponent had no bound, below the least normal number? */
static bool is_tiny(FPEnv *env, bool sign, int exp, FPWide frac, int bits)
{
    uint64_t keep = frac >> (128 - bits);

    if (exp != EXP_MIN - 1) {
        return exp < EXP_MIN;
    }
    return keep != UINT64_MAX >> (64 - bits) || !rounds_up(env->rounding, sign, keep, frac << (bits % 128));
}

FloatX80 fpx_round_pack(FPEnv *env, bool sign, int exp, FPWide frac, FPXPrecision prec)
{
    uint64_t high = frac >> 64;
    int zeros = high ? __builtin_clzll(high) : 64 + __builtin_clzll((uint64_t)frac);
    int bits = precision_bits[prec];

    frac <<= zeros;
    exp -= zeros;
    bool tiny = is_tiny(env, sign, exp, frac, bits);

    if (tiny && env->scale_underflow) {
        env->flags |= FP_UNDERFLOW;
        tiny = false;
        exp += SCALE;
        if (exp < EXP_MIN) {    /* FSCALE alone goes that far (SDM volume 1, 8.5.5) */
            env->flags |= FP_INEXACT;
            return fpx_zero(sign);
        }
    }
    if (exp < EXP_MIN) {
        frac = fpu_shift_right_jam(frac, EXP_MIN - exp);
        exp = EXP_MIN;
    }
    uint64_t keep = frac >> (128 - bits);
    FPWide rest = frac << bits;
    bool up = rounds_up(env->rounding, sign, keep, rest);

    if (rest) {
        env->flags |= FP_INEXACT | (tiny ? FP_UNDERFLOW : 0);
    }
    uint64_t result = keep << (64 - bits);

    if (up) {
        result += UINT64_C(1) << (64 - bits);
        if (result == 0) {      /* carried out of the integer bit */
            result = FPX_INT_BIT;
            exp++;
        }
    }
    if (exp > EXP_TOP) {
        if (!env->scale_overflow) {
            return overflow(env, sign, bits);
        }
        if (exp - SCALE > EXP_TOP) {
            env->flags |= FP_OVERFLOW | FP_INEXACT | FP_ROUNDED_UP;
            return fpx_inf(sign);
        }
        env->flags |= FP_OVERFLOW;
        exp -= SCALE;
    }
    env->flags |= up ? FP_ROUNDED_UP : 0;
    return (FloatX80){ result, (result & FPX_INT_BIT ? exp + EXP_BIAS : 0) | (sign ? FPX_SIGN : 0) };
}

FPWide fpx_round_magnitude(FPEnv *env, FPXParts x, uint32_t *flags)
{
    FPWide fixed = fpu_shift_right_jam((FPWide)x.frac << 64, 63 - x.exp);
    uint64_t whole = fixed >> 64;
    FPWide rest = fixed << 64;
    bool up = rounds_up(env->rounding, x.sign, whole, rest);

    *flags = (rest ? FP_INEXACT : 0) | (up ? FP_ROUNDED_UP : 0);
    return (FPWide)whole + up;
}
