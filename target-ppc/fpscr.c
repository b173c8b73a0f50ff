/*
 * The floating-point status and control register, and the host status register
 * that stands in for part of it while generated code runs. See fp.h; PEM 2.1.4, 3.3.6.
 *
 * SPDX-License-Identifier: MIT
 */
#include "target-ppc/fp.h"
#include "fpu/host-fp.h"
#define HELPER_H "target-ppc/helper-fp.h"
#include "tcg/helper-proto.h"

void ppc_fp_raise_bits(CPUPPCState *env, uint32_t bits)
{
    if (bits & ~env->fpscr) {
        env->fpscr |= bits | FPSCR_FX;
    }
}

uint32_t ppc_fp_exception_bits(uint32_t flags)
{
    static const struct { uint32_t flag, bit; } map[] = {
        { FP_INEXACT, FPSCR_XX }, { FP_UNDERFLOW, FPSCR_UX }, { FP_OVERFLOW, FPSCR_OX },
        { FP_DIVZERO, FPSCR_ZX }, { FP_SNAN, FPSCR_VXSNAN }, { FP_INF_SUB, FPSCR_VXISI },
        { FP_INF_DIV, FPSCR_VXIDI }, { FP_ZERO_DIV, FPSCR_VXZDZ }, { FP_INF_MUL, FPSCR_VXIMZ },
        { FP_BAD_SQRT, FPSCR_VXSQRT }, { FP_BAD_CONVERT, FPSCR_VXCVI },
    };
    uint32_t bits = 0;

    for (unsigned i = 0; flags && i < ARRAY_SIZE(map); i++) {
        bits |= flags & map[i].flag ? map[i].bit : 0;
    }
    return bits;
}

/* Move the host's sticky flags to fpscr. In vector mode they mean nothing. */
static void take_host_flags(CPUPPCState *env)
{
    if (env->fp_live) {
        uint32_t flags = host_fp_take_flags();

        if (!env->fp_vector) {
            ppc_fp_raise_bits(env, ppc_fp_exception_bits(flags));
        }
    }
}

/* The host computes as the guest's mode says; its flags are cleared. */
static void load_host(CPUPPCState *env)
{
    if (!env->fp_live) {
        return;
    }
    if (env->fp_vector) {
        host_fp_load_nearest(env->vscr_nj);
    } else {
        host_fp_load((FPRounding)(env->fpscr & FPSCR_RN));
    }
}

void ppc_fp_reload(CPUPPCState *env)
{
    take_host_flags(env);
    load_host(env);
}

void ppc_fp_enter(CPUState *cpu)
{
    cpu->env->fp_live = true;
    load_host(cpu->env);
}

void ppc_fp_leave(CPUState *cpu)
{
    take_host_flags(cpu->env);
    cpu->env->fp_live = false;
    host_fp_load(FP_NEAREST_EVEN);
}

/* FR, FI, FPRF of the recorded operation. */
static void compute_last(CPUPPCState *env)
{
    unsigned op = env->fp_lazy & (PPC_FP_OP_MASK | PPC_FP_SINGLE);

    if ((op & PPC_FP_OP_MASK) != PPC_FP_NONE) {
        uint32_t flags, status;
        uint64_t result = ppc_fp_compute(env, op, env->fp_aux[0], env->fp_aux[1], env->fp_aux[2], &flags);
        unsigned code = op & PPC_FP_OP_MASK;

        status = code == PPC_FP_CTIW || code == PPC_FP_CTIWZ
                     ? 0 : ppc_fp_class(result, op & PPC_FP_SINGLE) << FPSCR_FPRF_SHIFT;
        if (code != PPC_FP_RES && code != PPC_FP_RSQRTE) {
            status |= (flags & FP_INEXACT ? FPSCR_FI : 0) | (flags & FP_ROUNDED_UP ? FPSCR_FR : 0);
        }
        env->fpscr = (env->fpscr & ~(FPSCR_FPRF | FPSCR_FI | FPSCR_FR)) | status;
    }
    if (env->fp_lazy & PPC_FP_COMPARED) {
        static const uint8_t codes[] = {
            [FP_LESS] = 8, [FP_GREATER] = 4, [FP_EQUAL] = 2, [FP_UNORDERED] = 1
        };
        FPEnv quiet = { 0 };
        FPRelation relation = fpu_compare(&quiet, env->fp_aux[3], env->fp_result);

        env->fpscr = (env->fpscr & ~FPSCR_FPCC) | codes[relation] << FPSCR_FPRF_SHIFT;
    }
}

static void settle_last(CPUPPCState *env)
{
    compute_last(env);
    env->fp_lazy = PPC_FP_NONE;
}

void ppc_fp_settle(CPUPPCState *env)
{
    settle_last(env);
    take_host_flags(env);
}

/* With the two summary bits, which are not stored. */
static uint32_t with_summaries(uint32_t fpscr)
{
    uint32_t invalid = fpscr & FPSCR_VX_ALL ? FPSCR_VX : 0;
    bool enabled = (invalid && (fpscr & FPSCR_VE)) ||
                   (fpscr >> 22 & fpscr & (FPSCR_OE | FPSCR_UE | FPSCR_ZE | FPSCR_XE));

    return (fpscr & ~(FPSCR_VX | FPSCR_FEX)) | invalid | (enabled ? FPSCR_FEX : 0);
}

uint32_t ppc_get_fpscr(CPUPPCState *env)
{
    ppc_fp_settle(env);
    return with_summaries(env->fpscr);
}

/* Bits that describe the last operation, and those that its computation depends on. */
enum {
    FPSCR_LAST = FPSCR_FPRF | FPSCR_FI | FPSCR_FR,
    FPSCR_RULES = FPSCR_RN | FPSCR_OE | FPSCR_UE | FPSCR_NI,
};

/*
 * Replace the bits of mask. What is recorded of the last operation stays so
 * where that is possible: saving and restoring FPSCR around library functions
 * is frequent. True: the block's flags changed.
 */
static bool replace_bits(CPUPPCState *env, uint32_t value, uint32_t mask)
{
    uint32_t old, fpscr;
    bool exact;

    mask &= ~(uint32_t)(FPSCR_FEX | FPSCR_VX);
    if ((mask & FPSCR_LAST) == FPSCR_LAST) {
        env->fp_lazy = PPC_FP_NONE;
    } else if (env->fp_lazy && (mask & (FPSCR_LAST | ((env->fpscr ^ value) & FPSCR_RULES)))) {
        settle_last(env);
    }
    take_host_flags(env);
    old = env->fpscr;
    fpscr = ((old & ~mask) | (value & mask)) & ~(uint32_t)FPSCR_RESERVED;
    exact = fpscr & FPSCR_EXACT;
    env->fpscr = fpscr;
    if ((old ^ fpscr) & FPSCR_RN) {
        load_host(env);
    }
    if (exact == env->fp_exact) {
        return false;
    }
    env->fp_exact = exact;
    ppc_update_hflags(env);
    return true;
}

void ppc_set_fpscr(CPUPPCState *env, uint32_t value)
{
    replace_bits(env, value, UINT32_MAX);
}

void ppc_fp_reset(CPUPPCState *env)
{
    env->fp_exact = env->fpscr & FPSCR_EXACT;
    load_host(env);
}

/* mffs. The caller clears fp_lazy, as it is a global. */
uint64_t helper_mffs(CPUPPCState *env)
{
    compute_last(env);
    take_host_flags(env);
    return with_summaries(env->fpscr);
}

/* mtfsf, mtfsfi, mtfsb0: bits of mask are replaced by those of value. Not 0: block flags changed. */
uint32_t helper_mtfsf(CPUPPCState *env, uint32_t value, uint32_t mask)
{
    return replace_bits(env, value, mask);
}

/* mtfsb1 of an exception bit sets FX, too. */
uint32_t helper_mtfsb1(CPUPPCState *env, uint32_t bit)
{
    take_host_flags(env);
    if (bit & FPSCR_STICKY & ~env->fpscr) {
        bit |= FPSCR_FX;
    }
    return replace_bits(env, bit, bit);
}

/* FX FEX VX OX, as record forms copy them to CR1. */
uint32_t helper_fpscr_cr1(CPUPPCState *env)
{
    take_host_flags(env);
    return with_summaries(env->fpscr) >> 28;
}

/* Field n of FPSCR, for mcrfs. */
uint32_t helper_fpscr_field(CPUPPCState *env, uint32_t field)
{
    return ppc_get_fpscr(env) >> (28 - 4 * field) & 15;
}

/* An enabled exception is pending and MSR.FE0, FE1 are not both 0: program exception. */
void helper_fp_raise_enabled(CPUPPCState *env)
{
    take_host_flags(env);
    if (with_summaries(env->fpscr) & FPSCR_FEX) {
        raise_exception_err_ra(env, EXCP_PROGRAM, SRR1_FP, GETPC());
    }
}

/* Scalar code follows (vector = 0), or vector code, which rounds to nearest and has no flags. */
void helper_fp_set_vector(CPUPPCState *env, uint32_t vector)
{
    take_host_flags(env);
    env->fp_vector = vector;
    load_host(env);
    ppc_update_hflags(env);
}
