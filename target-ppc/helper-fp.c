/*
 * Exact results of floating-point instructions: behind the guards of inline
 * operations, for enabled exceptions and non-IEEE mode, and for estimates.
 * Integer code only: helpers run under the guest's rounding mode. PEM 3.3, 8.2.
 *
 * SPDX-License-Identifier: MIT
 */
#include "target-ppc/fp.h"
#include "fpu/fpu.h"
#define HELPER_H "target-ppc/helper-fp.h"
#include "tcg/helper-proto.h"

#define PPC_DEFAULT_NAN UINT64_C(0x7ff8000000000000)
#define F64_ONE         UINT64_C(0x3ff0000000000000)

static uint64_t negate_unless_nan(uint64_t value)
{
    return fpu_is_nan(value) ? value : value ^ FP_F64_SIGN;
}

/* a * c - b: NaNs keep their sign. */
static uint64_t multiply_subtract(FPEnv *rules, uint64_t a, uint64_t b, uint64_t c, FPPrecision prec)
{
    return fpu_fma(rules, a, negate_unless_nan(b), c, prec);
}

/* fctiw[z]: the integer in the low word. */
static uint64_t convert_to_word(FPEnv *rules, uint64_t b)
{
    int64_t value;

    value = fpu_to_int(rules, b, 32);
    return UINT64_C(0xfff80000) << 32 | (uint32_t)value;
}

static uint64_t round_to_single(FPEnv *rules, uint64_t b)
{
    uint64_t result = fpu_round(rules, b, FP_SINGLE);

    return fpu_is_nan(result) ? result & ~UINT64_C(0x1fffffff) : result;
}

/* frsqrte: precise to double. Of status only zero divide and invalid are defined. */
static uint64_t reciprocal_sqrt(FPEnv *rules, uint64_t b)
{
    uint64_t root = fpu_sqrt(rules, b, FP_DOUBLE);

    return fpu_is_nan(root) ? root : fpu_div(rules, F64_ONE, root, FP_DOUBLE);
}

static uint64_t compute(FPEnv *rules, unsigned op, uint64_t a, uint64_t b, uint64_t c)
{
    FPPrecision prec = op & PPC_FP_SINGLE ? FP_SINGLE : FP_DOUBLE;

    switch (op & PPC_FP_OP_MASK) {
    case PPC_FP_ADD:
        return fpu_add(rules, a, b, prec);
    case PPC_FP_SUB:
        return fpu_sub(rules, a, b, prec);
    case PPC_FP_MUL:
        return fpu_mul(rules, a, c, prec);
    case PPC_FP_DIV:
        return fpu_div(rules, a, b, prec);
    case PPC_FP_SQRT:
        return fpu_sqrt(rules, b, prec);
    case PPC_FP_MADD:
        return fpu_fma(rules, a, b, c, prec);
    case PPC_FP_MSUB:
        return multiply_subtract(rules, a, b, c, prec);
    case PPC_FP_NMADD:
        return negate_unless_nan(fpu_fma(rules, a, b, c, prec));
    case PPC_FP_NMSUB:
        return negate_unless_nan(multiply_subtract(rules, a, b, c, prec));
    case PPC_FP_RSP:
        return round_to_single(rules, b);
    case PPC_FP_CTIWZ:
        rules->rounding = FP_TO_ZERO;
        return convert_to_word(rules, b);
    case PPC_FP_CTIW:
        return convert_to_word(rules, b);
    case PPC_FP_RES:
        return fpu_div(rules, F64_ONE, b, FP_SINGLE);
    case PPC_FP_RSQRTE:
        return reciprocal_sqrt(rules, b);
    default:
        assert(!"no such operation");
        return 0;
    }
}

uint64_t ppc_fp_compute(const CPUPPCState *env, unsigned op, uint64_t a, uint64_t b, uint64_t c,
                        uint32_t *flags)
{
    FPEnv rules = {
        .rounding = (FPRounding)(env->fpscr & FPSCR_RN),
        .nan_rule = FP_NAN_FIRST,
        .default_nan = PPC_DEFAULT_NAN,
        .tiny_before_rounding = true,
        .scale_overflow = env->fpscr & FPSCR_OE,
        .scale_underflow = env->fpscr & FPSCR_UE,
        .flush_results = env->fpscr & FPSCR_NI,
    };
    uint64_t result = compute(&rules, op, a, b, c);

    op &= PPC_FP_OP_MASK;
    if (op == PPC_FP_RES || op == PPC_FP_RSQRTE) {
        rules.flags &= ~FP_INEXACT;
    }
    *flags = rules.flags;
    return result;
}

uint32_t ppc_fp_class(uint64_t value, bool single)
{
    uint64_t least_normal = single ? UINT64_C(0x3810000000000000) : UINT64_C(0x0010000000000000);
    bool negative = fpu_is_neg(value);

    if (fpu_is_nan(value)) {
        return 0x11;
    }
    if (fpu_is_inf(value)) {
        return negative ? 0x09 : 0x05;
    }
    if (fpu_is_zero(value)) {
        return negative ? 0x12 : 0x02;
    }
    if ((value & ~FP_F64_SIGN) < least_normal) {
        return negative ? 0x18 : 0x14;
    }
    return negative ? 0x08 : 0x04;
}

/* Guards: the result of `op`, its exceptions noted. */
uint64_t helper_fp_fix(CPUPPCState *env, uint64_t a, uint64_t b, uint64_t c, uint32_t op)
{
    uint32_t flags;
    uint64_t result = ppc_fp_compute(env, op, a, b, c, &flags);

    ppc_fp_raise_bits(env, ppc_fp_exception_bits(flags));
    return result;
}

/* Guard of lfs: the loaded word is a NaN, which must not become quiet. */
uint64_t helper_fp_fix_lfs(CPUPPCState *env, uint64_t word, uint64_t b, uint64_t c, uint32_t info)
{
    return fpu_f32_to_f64(word);
}

/*
 * Guard of stfs: what gives the right word when bits 0-1 and 5-34 are taken
 * from it (PEM D.7, "single-precision store"). Only subnormal singles differ.
 */
uint64_t helper_fp_fix_stfs(CPUPPCState *env, uint64_t value, uint64_t b, uint64_t c, uint32_t info)
{
    unsigned exp = value >> 52 & 0x7ff;
    uint64_t word;

    if (exp > 896 || exp < 874) {
        return value;
    }
    word = (value & FP_F64_SIGN) >> 32 |
           ((value & FP_F64_FRAC) | UINT64_C(1) << 52) >> (29 + 897 - exp);
    return (word & 0xc0000000) << 32 | (word & 0x3fffffff) << 29;
}

/* Estimates and out-of-range conversions, exceptions noted. */
uint64_t helper_fp_unary(CPUPPCState *env, uint64_t b, uint32_t op)
{
    return helper_fp_fix(env, 0, b, 0, op);
}

/*
 * One instruction by the book, on registers: enabled exceptions keep frD, FPRF
 * (invalid, zero divide) or wrap the exponent. Does not raise.
 */
void helper_fp_exact(CPUPPCState *env, uint32_t packed)
{
    unsigned op = packed & 0xff, d = packed >> 8 & 31;
    uint64_t a = env->fpr[packed >> 13 & 31], b = env->fpr[packed >> 18 & 31];
    uint64_t c = env->fpr[packed >> 23 & 31];
    uint32_t flags;
    uint64_t result;

    ppc_fp_settle(env);
    result = ppc_fp_compute(env, op, a, b, c, &flags);
    ppc_fp_raise_bits(env, ppc_fp_exception_bits(flags));
    if (((flags & FP_INVALID) && (env->fpscr & FPSCR_VE)) ||
        ((flags & FP_DIVZERO) && (env->fpscr & FPSCR_ZE))) {
        env->fpscr &= ~(uint32_t)(FPSCR_FR | FPSCR_FI);
        return;
    }
    env->fpr[d] = result;
    env->fpscr &= ~(uint32_t)(FPSCR_FR | FPSCR_FI | FPSCR_FPRF);
    if ((op & PPC_FP_OP_MASK) != PPC_FP_CTIW && (op & PPC_FP_OP_MASK) != PPC_FP_CTIWZ) {
        env->fpscr |= ppc_fp_class(result, op & PPC_FP_SINGLE) << FPSCR_FPRF_SHIFT;
    }
    if ((op & PPC_FP_OP_MASK) != PPC_FP_RES && (op & PPC_FP_OP_MASK) != PPC_FP_RSQRTE) {
        env->fpscr |= (flags & FP_INEXACT ? FPSCR_FI : 0) | (flags & FP_ROUNDED_UP ? FPSCR_FR : 0);
    }
}

/* fcmpu, fcmpo with a NaN: exceptions. FPCC is recorded by the caller. */
void helper_fcmp_unordered(CPUPPCState *env, uint64_t a, uint64_t b, uint32_t op)
{
    bool signalling = fpu_is_snan(a) || fpu_is_snan(b);
    uint32_t bits = signalling ? FPSCR_VXSNAN : 0;

    if (op == PPC_FP_CMPO && (!signalling || !(env->fpscr & FPSCR_VE))) {
        bits |= FPSCR_VXVC;
    }
    ppc_fp_raise_bits(env, bits);
}
