/*
 * Exact arithmetic on the 80-bit extended format of the x87, in integer code.
 *
 * Follows the Intel SDM, volume 1, chapters 4 and 8: encodings without a value
 * (unnormals, pseudo-infinities, pseudo-NaNs) are invalid operands, of two NaNs
 * the one with the larger significand results, tininess is detected after
 * rounding, the precision control rounds the significand but not the exponent.
 * Operations read `rounding`, `scale_overflow` and `scale_underflow` of FPEnv
 * (results are scaled by 2^24576) and add to its `flags`.
 *
 * FP_DENORMAL_IN is raised where the x87 raises #D: for denormal operands of
 * operations without NaN or invalid operands.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef FPU_FLOATX80_H
#define FPU_FLOATX80_H

#include "fpu/fpu.h"

typedef struct FloatX80 {
    uint64_t frac;      /* the significand, integer bit included */
    uint16_t se;        /* sign and exponent */
} FloatX80;

/* What the precision control selects: bits of the significand. */
typedef enum FPXPrecision { FPX_24, FPX_53, FPX_64 } FPXPrecision;

typedef enum FPXClass { FPX_ZERO, FPX_FINITE, FPX_INF, FPX_NAN, FPX_UNSUPPORTED, FPX_DENORMAL } FPXClass;

#define FPX_SIGN 0x8000
#define FPX_EXP_MAX 0x7fff
#define FPX_INT_BIT (UINT64_C(1) << 63)
#define FPX_QUIET (UINT64_C(1) << 62)

/* The "real indefinite" QNaN that invalid operations give. */
static inline FloatX80 fpx_indefinite(void)
{
    return (FloatX80){ FPX_INT_BIT | FPX_QUIET, 0xffff };
}

static inline FloatX80 fpx_zero(bool sign) { return (FloatX80){ 0, sign ? FPX_SIGN : 0 }; }
static inline FloatX80 fpx_inf(bool sign)
{
    return (FloatX80){ FPX_INT_BIT, FPX_EXP_MAX | (sign ? FPX_SIGN : 0) };
}

/* Denormal and pseudo-denormal numbers are FPX_DENORMAL, FPX_FINITE is normal. */
FPXClass fpx_classify(FloatX80 a);

FloatX80 fpx_add(FPEnv *env, FloatX80 a, FloatX80 b, FPXPrecision prec);
FloatX80 fpx_sub(FPEnv *env, FloatX80 a, FloatX80 b, FPXPrecision prec);
FloatX80 fpx_mul(FPEnv *env, FloatX80 a, FloatX80 b, FPXPrecision prec);
FloatX80 fpx_div(FPEnv *env, FloatX80 a, FloatX80 b, FPXPrecision prec);
FloatX80 fpx_sqrt(FPEnv *env, FloatX80 a, FPXPrecision prec);
/* FRNDINT. */
FloatX80 fpx_round_to_integral(FPEnv *env, FloatX80 a);
/* FSCALE: a * 2^(b cut to an integer). */
FloatX80 fpx_scale(FPEnv *env, FloatX80 a, FloatX80 b);
/* FXTRACT: *exponent and the significand of a. Zero: FP_DIVZERO. */
FloatX80 fpx_extract(FPEnv *env, FloatX80 a, FloatX80 *exponent);

/*
 * FPREM, or FPREM1 with `nearest`: a less a multiple of b. *quotient: low bits of
 * the multiple. False: only the exponent was reduced (C2).
 */
bool fpx_rem(FPEnv *env, FloatX80 a, FloatX80 b, bool nearest, FloatX80 *result, uint64_t *quotient);

/* FCOM; with `quiet` (FUCOM) quiet NaNs are not invalid. */
FPRelation fpx_compare(FPEnv *env, FloatX80 a, FloatX80 b, bool quiet);

/* Bits of binary32 and binary64; signalling NaNs are made quiet. */
FloatX80 fpx_from_f32(FPEnv *env, uint32_t a);
FloatX80 fpx_from_f64(FPEnv *env, uint64_t a);
uint32_t fpx_to_f32(FPEnv *env, FloatX80 a);
uint64_t fpx_to_f64(FPEnv *env, FloatX80 a);

FloatX80 fpx_from_int(int64_t a);
/* To an integer of `bits` (1..64) bits by env->rounding; without one: FP_BAD_CONVERT, the least value. */
int64_t fpx_to_int(FPEnv *env, FloatX80 a, unsigned bits);

/* 18 packed decimal digits, nine bytes, and the sign in the top bit of the tenth. */
FloatX80 fpx_from_bcd(const uint8_t *bcd);
void fpx_to_bcd(FPEnv *env, FloatX80 a, uint8_t *bcd);

#endif
