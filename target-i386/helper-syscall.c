/*
 * SYSENTER, SYSEXIT, SYSCALL, SYSRET (SDM 2; APM 3 for SYSCALL outside long
 * mode), SWAPGS.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/system.h"
#define HELPER_H "target-i386/helper.h"
#include "tcg/helper-proto.h"

enum {
    FLAT = DESC_G_MASK | DESC_B_MASK | DESC_P_MASK | DESC_S_MASK | DESC_W_MASK | DESC_A_MASK,
    FLAT_CODE = FLAT | DESC_CS_MASK,
    FLAT_CODE64 = (FLAT_CODE & ~DESC_B_MASK) | DESC_L_MASK,
};

/* These instructions read no descriptor. */
static void set_flat_segment(SegmentCache *seg, uint32_t selector, unsigned cpl, uint32_t flags)
{
    seg->selector = (selector & 0xfffc) | cpl;
    seg->limit = UINT32_MAX;
    seg->base = 0;
    seg->flags = flags | cpl << DESC_DPL_SHIFT;
}

static void set_flat(CPUX86State *env, uint32_t cs, uint32_t ss, unsigned cpl, bool code64)
{
    set_flat_segment(&env->segs[R_CS], cs, cpl, code64 ? FLAT_CODE64 : FLAT_CODE);
    set_flat_segment(&env->segs[R_SS], ss, cpl, FLAT);
}

/* --- SYSENTER ------------------------------------------------------------------------------------------------ */

void helper_sysenter(CPUX86State *env)
{
    bool long_mode = env->hflags & HF_LMA;

    if (!(env->hflags & HF_PE) || selector_is_null(env->sysenter_cs)) {
        raise_exception_err_ra(env, EXCP0D_GPF, 0, GETPC());
    }
    env->eflags &= ~(VM_MASK | IF_MASK | RF_MASK);
    set_flat(env, env->sysenter_cs, env->sysenter_cs + 8, 0, long_mode);
    env->regs[R_ESP] = long_mode ? env->sysenter_esp : (uint32_t)env->sysenter_esp;
    env->eip = long_mode ? env->sysenter_eip : (uint32_t)env->sysenter_eip;
    x86_update_hflags(env);
}

/* op: MO_64 returns to 64-bit code. */
void helper_sysexit(CPUX86State *env, uint32_t op)
{
    bool to64 = op == MO_64;

    if (!(env->hflags & HF_PE) || selector_is_null(env->sysenter_cs) || env_cpl(env) ||
        (to64 && (!x86_is_canonical(env, env->regs[R_ECX]) || !x86_is_canonical(env, env->regs[R_EDX])))) {
        raise_exception_err_ra(env, EXCP0D_GPF, 0, GETPC());
    }
    set_flat(env, env->sysenter_cs + (to64 ? 32 : 16), env->sysenter_cs + (to64 ? 40 : 24), 3, to64);
    env->regs[R_ESP] = to64 ? env->regs[R_ECX] : (uint32_t)env->regs[R_ECX];
    env->eip = to64 ? env->regs[R_EDX] : (uint32_t)env->regs[R_EDX];
    x86_update_hflags(env);
}

/* --- SYSCALL ---------------------------------------------------------------------------------------------------- */

void helper_syscall(CPUX86State *env, target_ulong next_eip)
{
    uint32_t selector = env->star >> 32;

    if (!(env->efer & MSR_EFER_SCE)) {
        raise_exception_ra(env, EXCP06_ILLOP, GETPC());
    }
    env->regs[R_ECX] = next_eip;
#ifdef TARGET_X86_64
    if (env->hflags & HF_LMA) {
        uint32_t flags = x86_get_eflags(env) & ~RF_MASK;
        bool from64 = env->hflags & HF_CS64;

        env->regs[11] = flags;
        set_flat(env, selector & 0xfffc, (selector & 0xfffc) + 8, 0, true);
        env->eip = from64 ? env->lstar : env->cstar;
        x86_set_eflags(env, flags & ~(uint32_t)env->fmask);
        return;
    }
#endif
    set_flat(env, selector & 0xfffc, (selector & 0xfffc) + 8, 0, false);
    env->eip = (uint32_t)env->star;
    env->eflags &= ~(IF_MASK | RF_MASK | VM_MASK);
    x86_update_hflags(env);
}

void helper_sysret(CPUX86State *env, uint32_t op)
{
    uint32_t selector = env->star >> 48;

    if (!(env->efer & MSR_EFER_SCE)) {
        raise_exception_ra(env, EXCP06_ILLOP, GETPC());
    }
    if (!(env->hflags & HF_PE) || env_cpl(env)) {
        raise_exception_err_ra(env, EXCP0D_GPF, 0, GETPC());
    }
#ifdef TARGET_X86_64
    if (env->hflags & HF_LMA) {
        uint32_t flags = env->regs[11] & (CC_ALL | TF_MASK | IF_MASK | DF_MASK | IOPL_MASK | NT_MASK | AC_MASK |
                                          VIF_MASK | VIP_MASK | ID_MASK);

        if (op == MO_64 && !x86_is_canonical(env, env->regs[R_ECX])) {
            raise_exception_err_ra(env, EXCP0D_GPF, 0, GETPC());
        }
        set_flat(env, op == MO_64 ? selector + 16 : selector, selector + 8, 3, op == MO_64);
        env->eip = op == MO_64 ? env->regs[R_ECX] : (uint32_t)env->regs[R_ECX];
        x86_set_eflags(env, flags | 2);
        x86_interrupts_enabled(env);
        return;
    }
#endif
    set_flat(env, selector, selector + 8, 3, false);
    env->eip = (uint32_t)env->regs[R_ECX];
    env->eflags |= IF_MASK;
    x86_update_hflags(env);
    x86_interrupts_enabled(env);
}

void helper_swapgs(CPUX86State *env)
{
    uint64_t base = env->segs[R_GS].base;

    env->segs[R_GS].base = env->kernelgsbase;
    env->kernelgsbase = base;
}
