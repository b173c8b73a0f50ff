/*
 * Inside the x87: bit names and the register stack, for helper-x87*.c.
 *
 * The state is in env, or (env->x87_in_host) in the x87 unit of the host thread
 * that runs the vCPU, with the same stack, tags, flags and controls. It moves
 * there when a block without unmasked exceptions begins to use it, and back by
 * x86_fpu_to_env(). fpuc, the pointers and MMX state are always in env.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TARGET_I386_X87_H
#define TARGET_I386_X87_H

#include "target-i386/cpu.h"
#include "fpu/floatx80.h"

/* Status word (SDM 1:8.1.3). */
enum {
    FPUS_IE = 0x01, FPUS_DE = 0x02, FPUS_ZE = 0x04, FPUS_OE = 0x08, FPUS_UE = 0x10, FPUS_PE = 0x20,
    FPUS_EXCEPTIONS = 0x3f, FPUS_SF = 0x40, FPUS_ES = 0x80, FPUS_C0 = 0x100, FPUS_C1 = 0x200, FPUS_C2 = 0x400,
    FPUS_TOP_SHIFT = 11, FPUS_C3 = 0x4000, FPUS_B = 0x8000,
    FPUS_CODES = FPUS_C0 | FPUS_C2 | FPUS_C3,
    FPUS_KEPT = 0xc7ff,         /* what env->fpus holds: all but TOP */
};

/* Control word: masks of the same bits, then precision and rounding (SDM 1:8.1.5). */
enum { FPUC_MASKS = 0x3f, FPUC_PC_SHIFT = 8, FPUC_RC_SHIFT = 10, FPUC_DEFAULT = 0x37f, FPUC_WRITABLE = 0x1f3f,
       FPUC_FIXED_1 = 0x40 };

static inline FPReg *x87_reg(CPUX86State *env, unsigned i) { return &env->fpregs[(env->fpstt + i) & 7]; }
static inline FloatX80 x87_st(CPUX86State *env, unsigned i)
{
    return (FloatX80){ x87_reg(env, i)->f80.low, x87_reg(env, i)->f80.high };
}
static inline bool x87_is_empty(CPUX86State *env, unsigned i) { return env->fptags[(env->fpstt + i) & 7]; }

static inline void x87_set_st(CPUX86State *env, unsigned i, FloatX80 value)
{
    x87_reg(env, i)->f80.low = value.frac;
    x87_reg(env, i)->f80.high = value.se;
    env->fptags[(env->fpstt + i) & 7] = 0;
}

static inline void x87_pop(CPUX86State *env)
{
    env->fptags[env->fpstt] = 1;
    env->fpstt = (env->fpstt + 1) & 7;
}

/* The register below must be free. */
static inline void x87_push(CPUX86State *env, FloatX80 value)
{
    env->fpstt = (env->fpstt - 1) & 7;
    x87_set_st(env, 0, value);
}

static inline uint16_t x87_status_word(const CPUX86State *env) { return env->fpus | env->fpstt << FPUS_TOP_SHIFT; }

/* helper-x87.c */
/* Status and control word as written by the guest: ES, B and block flags follow. */
void x87_set_status_word(CPUX86State *env, uint16_t value);
void x87_set_control_word(CPUX86State *env, uint16_t value);
void x87_init_state(CPUX86State *env);
/* Rounding and scaling that the control word asks for. */
FPEnv x87_rules(const CPUX86State *env);
/*
 * Records FP_x flags and C1 of an operation. False: an unmasked exception was
 * found before it, so that it has no result.
 */
bool x87_report(CPUX86State *env, uint32_t flags);
/* Records a stack fault; true: it is masked, and the indefinite is the result. */
bool x87_stack_fault(CPUX86State *env, bool overflow);

/* Ten bytes, or the fault of either page. */
void x87_store_ten(CPUX86State *env, target_ulong addr, uint64_t low, uint16_t high, uintptr_t ra);

/* helper-x87-trans.c: F2XM1, FYL2X, FPTAN, FPATAN, FYL2XP1, FSINCOS, FSIN, FCOS on the state in env. */
void x87_transcendental(CPUX86State *env, unsigned insn);

/* helper-x87-host.c: one host instruction on the state in env, exceptions unmasked as the guest has them. */
void x87_run_on_host(CPUX86State *env, unsigned insn);

#endif
