/*
 * One element of a floating-point SIMD operation: operands and results are its
 * bits in its own format. Between the files tcg/simd-fp*.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TCG_SIMD_FP_H
#define TCG_SIMD_FP_H

#include "tcg/simd-internal.h"
#include "fpu/fpu.h"

typedef enum SimdArith {
    SIMD_ADD, SIMD_SUB, SIMD_MUL, SIMD_DIV, SIMD_MIN, SIMD_MAX
} SimdArith;

static inline bool simd_is_nan(uint64_t x, FPPrecision prec)
{
    return prec == FP_DOUBLE ? fpu_is_nan(x) : (x & 0x7fffffff) > 0x7f800000;
}

static inline bool simd_is_snan(uint64_t x, FPPrecision prec)
{
    return simd_is_nan(x, prec) && !(x >> (prec == FP_DOUBLE ? 51 : 22) & 1);
}

static inline bool simd_is_denormal(uint64_t x, FPPrecision prec)
{
    return prec == FP_DOUBLE ? fpu_is_subnormal(x) : !(x & 0x7f800000) && (x & 0x7fffff);
}

/* As MXCSR.DAZ has it. */
uint64_t simd_operand(const SimdStatus *s, uint64_t x, FPPrecision prec);
uint64_t simd_widen(uint64_t x, FPPrecision prec);
uint64_t simd_narrow(uint64_t x, FPPrecision prec);
FPRounding simd_rounding(unsigned rc);
FPEnv simd_fp_env(const SimdStatus *s);
/* The flags of an operation; denormal: an operand is, and none is a NaN. */
void simd_raise(SimdStatus *s, const FPEnv *env, bool denormal);

uint64_t simd_arith(SimdStatus *s, SimdArith op, uint64_t x, uint64_t y, FPPrecision prec);
uint64_t simd_sqrt(SimdStatus *s, uint64_t x, FPPrecision prec);

#endif
