/*
 * 80-bit extended format: sum, product, quotient, square root, remainder.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fpu/floatx80-internal.h"

static FloatX80 add_signed(FPEnv *env, FloatX80 a, FloatX80 b, bool negate_b, FPXPrecision prec)
{
    FPXParts x = fpx_unpack(a), y = fpx_unpack(b);
    FloatX80 special;

    if (fpx_special(env, a, b, &special)) {
        return special;
    }
    y.sign ^= negate_b;
    if (x.cls == FPX_INF && y.cls == FPX_INF && x.sign != y.sign) {
        return fpx_invalid(env, FP_INF_SUB);
    }
    fpx_note_denormal(env, x);
    fpx_note_denormal(env, y);
    if (x.cls == FPX_INF || y.cls == FPX_INF) {
        return fpx_inf(x.cls == FPX_INF ? x.sign : y.sign);
    }
    if (x.cls == FPX_ZERO && y.cls == FPX_ZERO) {
        return fpx_zero(x.sign == y.sign ? x.sign : env->rounding == FP_DOWN);
    }
    if (x.cls == FPX_ZERO || y.cls == FPX_ZERO) {
        FPXParts p = x.cls == FPX_ZERO ? y : x;

        return fpx_round_pack(env, p.sign, p.exp, (FPWide)p.frac << 64, prec);
    }
    int exp = MAX(x.exp, y.exp);
    FPWide m = fpu_shift_right_jam((FPWide)x.frac << 63, exp - x.exp);
    FPWide n = fpu_shift_right_jam((FPWide)y.frac << 63, exp - y.exp);

    if (x.sign == y.sign) {
        return fpx_round_pack(env, x.sign, exp + 1, m + n, prec);
    }
    if (m == n) {
        return fpx_zero(env->rounding == FP_DOWN);
    }
    return m > n ? fpx_round_pack(env, x.sign, exp + 1, m - n, prec)
                 : fpx_round_pack(env, y.sign, exp + 1, n - m, prec);
}

FloatX80 fpx_add(FPEnv *env, FloatX80 a, FloatX80 b, FPXPrecision prec)
{
    return add_signed(env, a, b, false, prec);
}

FloatX80 fpx_sub(FPEnv *env, FloatX80 a, FloatX80 b, FPXPrecision prec)
{
    return add_signed(env, a, b, true, prec);
}

FloatX80 fpx_mul(FPEnv *env, FloatX80 a, FloatX80 b, FPXPrecision prec)
{
    FPXParts x = fpx_unpack(a), y = fpx_unpack(b);
    bool sign = x.sign ^ y.sign;
    bool inf = x.cls == FPX_INF || y.cls == FPX_INF, zero = x.cls == FPX_ZERO || y.cls == FPX_ZERO;
    FloatX80 special;

    if (fpx_special(env, a, b, &special)) {
        return special;
    }
    if (inf && zero) {
        return fpx_invalid(env, FP_INF_MUL);
    }
    fpx_note_denormal(env, x);
    fpx_note_denormal(env, y);
    if (inf || zero) {
        return inf ? fpx_inf(sign) : fpx_zero(sign);
    }
    return fpx_round_pack(env, sign, x.exp + y.exp + 1, (FPWide)x.frac * y.frac, prec);
}

FloatX80 fpx_div(FPEnv *env, FloatX80 a, FloatX80 b, FPXPrecision prec)
{
    FPXParts x = fpx_unpack(a), y = fpx_unpack(b);
    bool sign = x.sign ^ y.sign;
    FloatX80 special;

    if (fpx_special(env, a, b, &special)) {
        return special;
    }
    if (x.cls == y.cls && x.cls != FPX_FINITE) {
        return fpx_invalid(env, x.cls == FPX_INF ? FP_INF_DIV : FP_ZERO_DIV);
    }
    if (y.cls == FPX_ZERO && x.cls == FPX_FINITE) {
        env->flags |= FP_DIVZERO;       /* ranks above a denormal dividend */
        return fpx_inf(sign);
    }
    fpx_note_denormal(env, x);
    fpx_note_denormal(env, y);
    if (x.cls == FPX_INF) {
        return fpx_inf(sign);
    }
    if (x.cls == FPX_ZERO || y.cls == FPX_INF) {
        return fpx_zero(sign);
    }
    /* 63 or 64 bits of the quotient, then 64 more. */
    FPWide dividend = (FPWide)x.frac << 63;
    FPWide quotient = dividend / y.frac, rest = (dividend % y.frac) << 64;
    FPWide low = rest / y.frac;

    return fpx_round_pack(env, sign, x.exp - y.exp, quotient << 64 | low | (rest % y.frac != 0), prec);
}

/* The greatest integer whose square is not above n; n >= 2^126. */
static uint64_t integer_sqrt(FPWide n)
{
    uint64_t root = 0;

    for (int bit = 63; bit >= 0; bit--) {
        uint64_t next = root | UINT64_C(1) << bit;

        if ((FPWide)next * next <= n) {
            root = next;
        }
    }
    return root;
}

FloatX80 fpx_sqrt(FPEnv *env, FloatX80 a, FPXPrecision prec)
{
    FPXParts x = fpx_unpack(a);
    FloatX80 special;

    if (fpx_special(env, a, a, &special)) {
        return special;
    }
    if (x.cls == FPX_ZERO) {
        return a;
    }
    if (x.sign) {
        return fpx_invalid(env, FP_BAD_SQRT);
    }
    fpx_note_denormal(env, x);
    if (x.cls == FPX_INF) {
        return a;
    }
    FPWide square = (FPWide)x.frac << (63 + (x.exp & 1));
    uint64_t root = integer_sqrt(square);
    FPWide rest = square - (FPWide)root * root;
    /* (root + 1/2)^2 = root^2 + root + 1/4: never met exactly. */
    FPWide below = (FPWide)(rest > root) << 63 | (rest != 0);

    return fpx_round_pack(env, false, x.exp >> 1, (FPWide)root << 64 | below, prec);
}

/* The exponent of the dividend's part that one FPREM step takes away is less by this many. */
static int partial_step(int difference)
{
    return 32 + difference % 32;
}

/* *rest = *rest * 2^n mod y, returns the low bits of the quotient; *rest < 2y on entry. */
static uint64_t reduce(uint64_t *rest, uint64_t y, int n)
{
    uint64_t quotient = 0;
    FPWide r = *rest;

    for (int i = 0; i <= n; i++) {
        quotient <<= 1;
        if (i) {
            r <<= 1;
        }
        if (r >= y) {
            r -= y;
            quotient |= 1;
        }
    }
    *rest = r;
    return quotient;
}

/* FPREM1: the remainder nearest to zero; ties to the even quotient. rest / 2^shift < y. */
static bool past_half(uint64_t rest, uint64_t y, int shift, uint64_t quotient)
{
    FPWide twice = shift > 1 ? 0 : (FPWide)rest << (1 - shift);

    return twice > y || (twice == y && (quotient & 1));
}

bool fpx_rem(FPEnv *env, FloatX80 a, FloatX80 b, bool nearest, FloatX80 *result, uint64_t *quotient)
{
    FPXParts x = fpx_unpack(a), y = fpx_unpack(b);

    *quotient = 0;
    if (fpx_special(env, a, b, result)) {
        return true;
    }
    if (x.cls == FPX_INF || y.cls == FPX_ZERO) {
        *result = fpx_invalid(env, x.cls == FPX_INF ? FP_INF_DIV : FP_ZERO_DIV);
        return true;
    }
    fpx_note_denormal(env, x);
    fpx_note_denormal(env, y);
    if (x.cls == FPX_ZERO) {
        *result = a;
        return true;
    }
    int difference = x.exp - y.exp, exp = y.exp;
    uint64_t rest = x.frac;
    bool sign = x.sign;

    if (y.cls == FPX_INF || difference < -1 || (!nearest && difference < 0)) {
        *result = fpx_round_pack(env, sign, x.exp, (FPWide)rest << 64, FPX_64);
        return true;
    }
    if (difference >= 64) {
        int step = partial_step(difference);

        reduce(&rest, y.frac, step);
        *result = rest ? fpx_round_pack(env, sign, x.exp - step, (FPWide)rest << 64, FPX_64) : fpx_zero(sign);
        return false;
    }
    if (difference >= 0) {
        *quotient = reduce(&rest, y.frac, difference);
    } else {
        exp = x.exp;
    }
    if (nearest && past_half(rest, y.frac, difference < 0, *quotient)) {
        /* With difference -1 the divisor counts twice. */
        FPWide other = ((FPWide)y.frac << (difference < 0)) - rest;

        ++*quotient;
        *result = fpx_round_pack(env, !sign, exp, other << 64, FPX_64);
        return true;
    }
    *result = rest ? fpx_round_pack(env, sign, exp, (FPWide)rest << 64, FPX_64) : fpx_zero(sign);
    return true;
}
