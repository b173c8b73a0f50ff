/*
 * Exact IEEE 754 arithmetic on raw bits, in integer code.
 *
 * For what the host's floating-point unit cannot give: the flags of one single
 * operation, tininess before rounding, a NaN rule of another architecture,
 * results with wrapped exponents for enabled traps. Never touches the host's
 * floating-point state.
 *
 * Values are binary64 bits. A binary32 value is handled as the binary64 value
 * that equals it (fpu_f32_to_f64, fpu_f64_to_f32: bits of NaNs included), and
 * operations take the precision that their result is rounded to.
 *
 * Follows IEEE 754-2008; the parameters cover what it leaves open.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef FPU_FPU_H
#define FPU_FPU_H

#include "qemu/osdep.h"

/* In the order of the PowerPC FPSCR.RN field. */
typedef enum FPRounding { FP_NEAREST_EVEN, FP_TO_ZERO, FP_UP, FP_DOWN } FPRounding;
typedef enum FPPrecision { FP_SINGLE, FP_DOUBLE } FPPrecision;

/* Which operand's NaN is the result. Signalling NaNs are made quiet. */
typedef enum FPNaNRule {
    FP_NAN_FIRST,           /* first operand that is a NaN; fma: a, addend, multiplier (PowerPC) */
    FP_NAN_SIGNALLING_FIRST,/* first signalling NaN, else first NaN (Arm) */
    FP_NAN_DEFAULT,         /* always the default NaN */
} FPNaNRule;

enum {
    FP_INEXACT    = 1 << 0,
    FP_UNDERFLOW  = 1 << 1,     /* tiny and inexact; or tiny, with scale_underflow */
    FP_OVERFLOW   = 1 << 2,
    FP_DIVZERO    = 1 << 3,
    FP_ROUNDED_UP = 1 << 4,     /* the magnitude was increased by rounding */
    FP_DENORMAL_IN = 1 << 5,    /* an operand was subnormal */
    /* kinds of invalid operation */
    FP_SNAN       = 1 << 8,     /* an operand is a signalling NaN */
    FP_INF_SUB    = 1 << 9,     /* infinity - infinity */
    FP_INF_DIV    = 1 << 10,    /* infinity / infinity */
    FP_ZERO_DIV   = 1 << 11,    /* 0 / 0 */
    FP_INF_MUL    = 1 << 12,    /* infinity * 0 */
    FP_BAD_SQRT   = 1 << 13,    /* square root of a negative number */
    FP_BAD_CONVERT = 1 << 14,   /* no such integer */
    FP_UNSUPPORTED = 1 << 15,   /* an operand is an extended encoding without a value */
    FP_INVALID    = 0xff00,
};

/* Rules of an operation, and its flags: operations add to them, nothing clears them. */
typedef struct FPEnv {
    FPRounding rounding;
    FPNaNRule nan_rule;
    uint64_t default_nan;
    bool tiny_before_rounding;
    bool scale_overflow;    /* overflow: divide the result by 2^1536 (single: 2^192) */
    bool scale_underflow;   /* tiny result: multiply it by the same */
    bool flush_inputs;      /* subnormal operands are zeros */
    bool flush_results;     /* tiny results become zeros, inexact and underflow */
    uint32_t flags;         /* FP_x */
} FPEnv;

typedef enum FPRelation { FP_LESS, FP_GREATER, FP_EQUAL, FP_UNORDERED } FPRelation;

#define FP_F64_SIGN (UINT64_C(1) << 63)
#define FP_F64_INF  UINT64_C(0x7ff0000000000000)
#define FP_F64_QUIET (UINT64_C(1) << 51)
#define FP_F64_FRAC ((UINT64_C(1) << 52) - 1)

static inline bool fpu_is_nan(uint64_t a) { return (a & ~FP_F64_SIGN) > FP_F64_INF; }
static inline bool fpu_is_snan(uint64_t a) { return fpu_is_nan(a) && !(a & FP_F64_QUIET); }
static inline bool fpu_is_inf(uint64_t a) { return (a & ~FP_F64_SIGN) == FP_F64_INF; }
static inline bool fpu_is_zero(uint64_t a) { return !(a & ~FP_F64_SIGN); }
static inline bool fpu_is_neg(uint64_t a) { return a >> 63; }
/* Finite, not zero, below the least normal binary64 number. */
static inline bool fpu_is_subnormal(uint64_t a) { return !(a & FP_F64_INF) && (a & FP_F64_FRAC); }

/* Same value, or same NaN. To f32: the value must be one (fpu_round gives that); NaNs are cut. */
uint64_t fpu_f32_to_f64(uint32_t a);
uint32_t fpu_f64_to_f32(uint64_t a);

uint64_t fpu_add(FPEnv *env, uint64_t a, uint64_t b, FPPrecision prec);
uint64_t fpu_sub(FPEnv *env, uint64_t a, uint64_t b, FPPrecision prec);
uint64_t fpu_mul(FPEnv *env, uint64_t a, uint64_t b, FPPrecision prec);
uint64_t fpu_div(FPEnv *env, uint64_t a, uint64_t b, FPPrecision prec);
uint64_t fpu_sqrt(FPEnv *env, uint64_t a, FPPrecision prec);
/* a * c + b, rounded once. Infinity * 0 is invalid even when b is a NaN, which is then the result. */
uint64_t fpu_fma(FPEnv *env, uint64_t a, uint64_t b, uint64_t c, FPPrecision prec);
/* a to the precision. */
uint64_t fpu_round(FPEnv *env, uint64_t a, FPPrecision prec);
/* a to an integral value in floating-point format. */
uint64_t fpu_round_to_integral(FPEnv *env, uint64_t a);

/*
 * a to an integer of `bits` (1..64) bits, rounded by env->rounding. When there
 * is none: FP_BAD_CONVERT (no other flag but FP_SNAN), and the nearest value;
 * NaN: the least value.
 */
int64_t fpu_to_int(FPEnv *env, uint64_t a, unsigned bits);
uint64_t fpu_to_uint(FPEnv *env, uint64_t a, unsigned bits);
uint64_t fpu_from_int(FPEnv *env, int64_t a, FPPrecision prec);
uint64_t fpu_from_uint(FPEnv *env, uint64_t a, FPPrecision prec);
/* a * 2^n. */
uint64_t fpu_scale(FPEnv *env, uint64_t a, int n, FPPrecision prec);

/* Quiet: only signalling NaNs raise a flag. */
FPRelation fpu_compare(FPEnv *env, uint64_t a, uint64_t b);

#endif
