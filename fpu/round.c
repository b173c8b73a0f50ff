/*
 * Taking operands apart, the NaN rules, and the one place where results are
 * rounded and range-checked.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fpu/internal.h"

typedef struct FPFormat {
    int precision;      /* bits of the significand */
    int exp_min, exp_max;
    int scale;          /* exponent adjustment of trapped results */
} FPFormat;

static const FPFormat formats[] = {
    [FP_SINGLE] = { 24, -126, 127, 192 },
    [FP_DOUBLE] = { 53, -1022, 1023, 1536 },
};

FPParts fpu_unpack(FPEnv *env, uint64_t a)
{
    FPParts p = { .sign = a >> 63 };
    uint64_t frac = a & FP_F64_FRAC;
    int exp = a >> 52 & 0x7ff;

    if (exp == 0x7ff) {
        p.cls = frac ? FP_CLASS_NAN : FP_CLASS_INF;
    } else if (exp) {
        p.cls = FP_CLASS_FINITE;
        p.exp = exp - 1023;
        p.frac = UINT64_C(1) << 63 | frac << 11;
    } else if (frac) {
        env->flags |= FP_DENORMAL_IN;
        if (!env->flush_inputs) {
            int zeros = __builtin_clzll(frac);

            p.cls = FP_CLASS_FINITE;
            p.exp = -1011 - zeros;
            p.frac = frac << zeros;
        }
    }
    return p;
}

uint64_t fpu_pick_nan(FPEnv *env, const uint64_t *operands, unsigned count)
{
    uint64_t first = 0, first_signalling = 0;

    for (unsigned i = count; i-- > 0;) {
        if (fpu_is_nan(operands[i])) {
            first = operands[i];
        }
        if (fpu_is_snan(operands[i])) {
            first_signalling = operands[i];
            env->flags |= FP_SNAN;
        }
    }
    switch (env->nan_rule) {
    case FP_NAN_SIGNALLING_FIRST:
        return (first_signalling ? first_signalling : first) | FP_F64_QUIET;
    case FP_NAN_DEFAULT:
        return env->default_nan;
    default:
        return first | FP_F64_QUIET;
    }
}

/* keep * 2^lsb_exp as binary64 bits; it is one. */
static uint64_t pack(bool sign, uint64_t keep, int lsb_exp)
{
    int lead = 63 - (keep ? __builtin_clzll(keep) : 63);
    int exp = lsb_exp + lead;

    if (keep == 0) {
        return fpu_sign_bit(sign);
    }
    if (exp < -1022) {
        return fpu_sign_bit(sign) | keep << (lsb_exp + 1074);
    }
    return fpu_sign_bit(sign) + ((uint64_t)(exp + 1022) << 52) + (keep << (52 - lead));
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

static uint64_t overflow(FPEnv *env, bool sign, const FPFormat *format)
{
    bool to_inf = env->rounding == FP_NEAREST_EVEN || env->rounding == (sign ? FP_DOWN : FP_UP);

    env->flags |= FP_OVERFLOW | FP_INEXACT;
    if (to_inf) {
        env->flags |= FP_ROUNDED_UP;
        return fpu_sign_bit(sign) | FP_F64_INF;
    }
    return pack(sign, (UINT64_C(1) << format->precision) - 1,
                format->exp_max - format->precision + 1);
}

/* Would rounding with an unbounded exponent reach the least normal number? */
static bool tiny_after_rounding(FPEnv *env, bool sign, int exp, FPWide frac, const FPFormat *format)
{
    uint64_t keep = frac >> (128 - format->precision);

    return exp < format->exp_min - 1 || keep + 1 < UINT64_C(1) << format->precision ||
           !rounds_up(env->rounding, sign, keep, frac << format->precision);
}

uint64_t fpu_round_pack(FPEnv *env, bool sign, int exp, FPWide frac, FPPrecision prec)
{
    const FPFormat *format = &formats[prec];
    uint64_t high = frac >> 64;
    int zeros = high ? __builtin_clzll(high) : 64 + __builtin_clzll((uint64_t)frac);
    int bits = format->precision;
    bool tiny;

    frac <<= zeros;
    exp -= zeros;
    tiny = exp < format->exp_min &&
           (env->tiny_before_rounding || tiny_after_rounding(env, sign, exp, frac, format));
    if (tiny && env->scale_underflow) {
        env->flags |= FP_UNDERFLOW;
        exp += format->scale;
        tiny = false;
    } else if (tiny && env->flush_results) {
        env->flags |= FP_UNDERFLOW | FP_INEXACT;
        return fpu_sign_bit(sign);
    }
    if (exp < format->exp_min) {
        bits -= format->exp_min - exp;
        exp = format->exp_min;
        if (bits < 0) {
            bits = 0;
            frac = 1;
        }
    }
    uint64_t keep = bits ? frac >> (128 - bits) : 0;
    FPWide rest = frac << bits;

    if (rest) {
        env->flags |= FP_INEXACT | (tiny ? FP_UNDERFLOW : 0);
    }
    bool up = rounds_up(env->rounding, sign, keep, rest);

    keep += up;
    if (keep >> format->precision) {
        keep >>= 1;
        exp++;
    }
    if (exp > format->exp_max) {
        if (!env->scale_overflow || exp - format->scale > 1023) {
            return overflow(env, sign, format);
        }
        env->flags |= FP_OVERFLOW;
        exp -= format->scale;
    }
    env->flags |= up ? FP_ROUNDED_UP : 0;
    return pack(sign, keep, exp - format->precision + 1);
}
