/*
 * Sum, product, quotient, square root, fused multiply-add.
 *
 * Each takes its operands apart, settles NaNs, infinities and zeros, and hands
 * an exact (or exact but for a sticky bit) significand to fpu_round_pack.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fpu/internal.h"

/* The zero that a sum of opposite values gives (IEEE 754, 6.3). */
static uint64_t exact_zero(FPEnv *env)
{
    return fpu_sign_bit(env->rounding == FP_DOWN);
}

/* Sum of two magnitudes with signs; values are frac * 2^(exp - 127), below 2^127. */
static uint64_t add_wide(FPEnv *env, bool sign_a, int exp_a, FPWide a,
                         bool sign_b, int exp_b, FPWide b, FPPrecision prec)
{
    int exp = exp_a > exp_b ? exp_a : exp_b;

    a = fpu_shift_right_jam(a, exp - exp_a);
    b = fpu_shift_right_jam(b, exp - exp_b);
    if (sign_a == sign_b) {
        return fpu_round_pack(env, sign_a, exp, a + b, prec);
    }
    if (a == b) {
        return exact_zero(env);
    }
    return a > b ? fpu_round_pack(env, sign_a, exp, a - b, prec)
                 : fpu_round_pack(env, sign_b, exp, b - a, prec);
}

/* a rounded: it may be too precise, or too small, for the result. */
static uint64_t round_parts(FPEnv *env, FPParts p, FPPrecision prec)
{
    return fpu_round_pack(env, p.sign, p.exp, (FPWide)p.frac << 64, prec);
}

static uint64_t add_signed(FPEnv *env, uint64_t a, uint64_t b, bool negate_b, FPPrecision prec)
{
    FPParts x = fpu_unpack(env, a), y = fpu_unpack(env, b);

    if (x.cls == FP_CLASS_NAN || y.cls == FP_CLASS_NAN) {
        return fpu_pick_nan(env, (uint64_t[]){ a, b }, 2);
    }
    y.sign ^= negate_b;
    if (x.cls == FP_CLASS_INF || y.cls == FP_CLASS_INF) {
        if (x.cls == y.cls && x.sign != y.sign) {
            return fpu_invalid(env, FP_INF_SUB);
        }
        return fpu_sign_bit(x.cls == FP_CLASS_INF ? x.sign : y.sign) | FP_F64_INF;
    }
    if (x.cls == FP_CLASS_ZERO && y.cls == FP_CLASS_ZERO) {
        return x.sign == y.sign ? fpu_sign_bit(x.sign) : exact_zero(env);
    }
    if (x.cls == FP_CLASS_ZERO) {
        return round_parts(env, y, prec);
    }
    if (y.cls == FP_CLASS_ZERO) {
        return round_parts(env, x, prec);
    }
    return add_wide(env, x.sign, x.exp + 1, (FPWide)x.frac << 63,
                    y.sign, y.exp + 1, (FPWide)y.frac << 63, prec);
}

uint64_t fpu_add(FPEnv *env, uint64_t a, uint64_t b, FPPrecision prec)
{
    return add_signed(env, a, b, false, prec);
}

uint64_t fpu_sub(FPEnv *env, uint64_t a, uint64_t b, FPPrecision prec)
{
    return add_signed(env, a, b, true, prec);
}

uint64_t fpu_mul(FPEnv *env, uint64_t a, uint64_t b, FPPrecision prec)
{
    FPParts x = fpu_unpack(env, a), y = fpu_unpack(env, b);
    bool sign = x.sign ^ y.sign;

    if (x.cls == FP_CLASS_NAN || y.cls == FP_CLASS_NAN) {
        return fpu_pick_nan(env, (uint64_t[]){ a, b }, 2);
    }
    if (x.cls == FP_CLASS_INF || y.cls == FP_CLASS_INF) {
        if (x.cls == FP_CLASS_ZERO || y.cls == FP_CLASS_ZERO) {
            return fpu_invalid(env, FP_INF_MUL);
        }
        return fpu_sign_bit(sign) | FP_F64_INF;
    }
    if (x.cls == FP_CLASS_ZERO || y.cls == FP_CLASS_ZERO) {
        return fpu_sign_bit(sign);
    }
    return fpu_round_pack(env, sign, x.exp + y.exp + 1, (FPWide)x.frac * y.frac, prec);
}

uint64_t fpu_div(FPEnv *env, uint64_t a, uint64_t b, FPPrecision prec)
{
    FPParts x = fpu_unpack(env, a), y = fpu_unpack(env, b);
    bool sign = x.sign ^ y.sign;

    if (x.cls == FP_CLASS_NAN || y.cls == FP_CLASS_NAN) {
        return fpu_pick_nan(env, (uint64_t[]){ a, b }, 2);
    }
    if (x.cls == FP_CLASS_INF) {
        return y.cls == FP_CLASS_INF ? fpu_invalid(env, FP_INF_DIV)
                                     : fpu_sign_bit(sign) | FP_F64_INF;
    }
    if (y.cls == FP_CLASS_ZERO) {
        if (x.cls == FP_CLASS_ZERO) {
            return fpu_invalid(env, FP_ZERO_DIV);
        }
        env->flags |= FP_DIVZERO;
        return fpu_sign_bit(sign) | FP_F64_INF;
    }
    if (x.cls == FP_CLASS_ZERO || y.cls == FP_CLASS_INF) {
        return fpu_sign_bit(sign);
    }
    /* The quotient of two significands in [2^63, 2^64), times 2^63: 63 or 64 bits. */
    FPWide dividend = (FPWide)x.frac << 63;
    FPWide quotient = dividend / y.frac;
    bool sticky = quotient * y.frac != dividend;

    return fpu_round_pack(env, sign, x.exp - y.exp, quotient << 64 | sticky, prec);
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

uint64_t fpu_sqrt(FPEnv *env, uint64_t a, FPPrecision prec)
{
    FPParts x = fpu_unpack(env, a);

    if (x.cls == FP_CLASS_NAN) {
        return fpu_pick_nan(env, &a, 1);
    }
    if (x.cls == FP_CLASS_ZERO) {
        return fpu_sign_bit(x.sign);
    }
    if (x.sign) {
        return fpu_invalid(env, FP_BAD_SQRT);
    }
    if (x.cls == FP_CLASS_INF) {
        return FP_F64_INF;
    }
    FPWide square = (FPWide)x.frac << (63 + (x.exp & 1));
    uint64_t root = integer_sqrt(square);
    bool sticky = (FPWide)root * root != square;

    return fpu_round_pack(env, false, x.exp >> 1, (FPWide)root << 64 | sticky, prec);
}

uint64_t fpu_fma(FPEnv *env, uint64_t a, uint64_t b, uint64_t c, FPPrecision prec)
{
    FPParts x = fpu_unpack(env, a), y = fpu_unpack(env, b), z = fpu_unpack(env, c);
    bool sign = x.sign ^ z.sign;
    bool inf = x.cls == FP_CLASS_INF || z.cls == FP_CLASS_INF;
    bool zero = x.cls == FP_CLASS_ZERO || z.cls == FP_CLASS_ZERO;
    bool nan = x.cls == FP_CLASS_NAN || z.cls == FP_CLASS_NAN;

    if (inf && zero && !nan) {
        env->flags |= FP_INF_MUL;
    }
    if (nan || y.cls == FP_CLASS_NAN) {
        return fpu_pick_nan(env, (uint64_t[]){ a, b, c }, 3);
    }
    if (inf && zero) {
        return env->default_nan;
    }
    if (inf) {
        if (y.cls == FP_CLASS_INF && y.sign != sign) {
            return fpu_invalid(env, FP_INF_SUB);
        }
        return fpu_sign_bit(sign) | FP_F64_INF;
    }
    if (y.cls == FP_CLASS_INF) {
        return fpu_sign_bit(y.sign) | FP_F64_INF;
    }
    if (zero) {
        if (y.cls == FP_CLASS_ZERO) {
            return y.sign == sign ? fpu_sign_bit(sign) : exact_zero(env);
        }
        return round_parts(env, y, prec);
    }
    FPWide product = (FPWide)x.frac * z.frac;
    int exp = x.exp + z.exp + 1;

    if (y.cls == FP_CLASS_ZERO) {
        return fpu_round_pack(env, sign, exp, product, prec);
    }
    /* The low 22 bits of the product are zero: the shift loses nothing. */
    return add_wide(env, sign, exp + 1, product >> 1, y.sign, y.exp + 1, (FPWide)y.frac << 63, prec);
}
