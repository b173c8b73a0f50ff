/*
 * Shared by the floatx80 files: operands taken apart, results put together.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef FPU_FLOATX80_INTERNAL_H
#define FPU_FLOATX80_INTERNAL_H

#include "fpu/floatx80.h"
#include "fpu/internal.h"

/* A finite value is frac * 2^(exp - 63), bit 63 of frac set. */
typedef struct FPXParts {
    FPXClass cls;       /* never FPX_DENORMAL */
    bool sign, denormal;
    int exp;
    uint64_t frac;
} FPXParts;

FPXParts fpx_unpack(FloatX80 a);

/* Raises FP_DENORMAL_IN for a denormal operand: called when NaNs and invalid operands are ruled out. */
static inline void fpx_note_denormal(FPEnv *env, FPXParts p)
{
    env->flags |= p.denormal ? FP_DENORMAL_IN : 0;
}

/* As fpu_round_pack: (-1)^sign * frac * 2^(exp - 127), frac not 0. */
FloatX80 fpx_round_pack(FPEnv *env, bool sign, int exp, FPWide frac, FPXPrecision prec);

/*
 * True: an operand is a NaN or has no value, and *result is what the operation
 * gives. Unary operations pass a twice.
 */
bool fpx_special(FPEnv *env, FloatX80 a, FloatX80 b, FloatX80 *result);

/* The indefinite, with a flag. */
static inline FloatX80 fpx_invalid(FPEnv *env, uint32_t flag)
{
    env->flags |= flag;
    return fpx_indefinite();
}

/*
 * |x| as an integer by the rounding mode; x.exp < 64. *flags: FP_INEXACT and
 * FP_ROUNDED_UP.
 */
FPWide fpx_round_magnitude(FPEnv *env, FPXParts x, uint32_t *flags);

#endif
