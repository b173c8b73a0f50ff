/*
 * Shared by the files of fpu/: operands taken apart, results put together.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef FPU_INTERNAL_H
#define FPU_INTERNAL_H

#include "fpu/fpu.h"

typedef unsigned __int128 FPWide;

typedef enum FPClass { FP_CLASS_ZERO, FP_CLASS_FINITE, FP_CLASS_INF, FP_CLASS_NAN } FPClass;

/* A finite value is frac * 2^(exp - 63), bit 63 of frac set. */
typedef struct FPParts {
    FPClass cls;
    bool sign;
    int exp;
    uint64_t frac;
} FPParts;

FPParts fpu_unpack(FPEnv *env, uint64_t a);

/*
 * Round (-1)^sign * frac * 2^(exp - 127), frac not 0; bits that were lost on the
 * right are "ored" into bit 0, at least two bits below the last one kept.
 */
uint64_t fpu_round_pack(FPEnv *env, bool sign, int exp, FPWide frac, FPPrecision prec);

/* The NaN that results from operands of which one is a NaN. Sets FP_SNAN. */
uint64_t fpu_pick_nan(FPEnv *env, const uint64_t *operands, unsigned count);

/* The default NaN, with a flag. */
static inline uint64_t fpu_invalid(FPEnv *env, uint32_t flag)
{
    env->flags |= flag;
    return env->default_nan;
}

static inline uint64_t fpu_sign_bit(bool sign)
{
    return sign ? FP_F64_SIGN : 0;
}

/* x >> n; bit 0 is set when ones were lost. */
static inline FPWide fpu_shift_right_jam(FPWide x, unsigned n)
{
    if (n == 0) {
        return x;
    }
    if (n > 127) {
        return x != 0;
    }
    return x >> n | ((x << (128 - n)) != 0);
}

#endif
