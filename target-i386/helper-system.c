/*
 * Control registers, descriptor-table registers, TLB invalidation, flags with
 * privilege, halting (SDM 3A chapters 2 and 4).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include <sched.h>
#include "qemu/log.h"
#include "sysemu/sysemu.h"
#include "target-i386/board.h"
#include "target-i386/mmu.h"
#include "target-i386/system.h"
#define HELPER_H "target-i386/helper.h"
#include "tcg/helper-proto.h"

static void QEMU_NORETURN raise_gp0(CPUX86State *env, uintptr_t retaddr)
{
    raise_exception_err_ra(env, EXCP0D_GPF, 0, retaddr);
}

void x86_interrupts_enabled(CPUX86State *env)
{
    CPUState *cpu = env_cpu(env);

    if (env->eflags & IF_MASK && qatomic_read(&cpu->interrupt_request)) {
        qatomic_set(&env_neg(env)->exit_request, 1);
    }
}

void x86_flush_translations(CPUX86State *env)
{
    tlb_flush(env_cpu(env));
    tlb_switch_tag(env_cpu(env), env->cr[3]);
}

/* --- CR0 --------------------------------------------------------------------------------------------------- */

enum {
    CR0_KNOWN = CR0_PE_MASK | CR0_MP_MASK | CR0_EM_MASK | CR0_TS_MASK | CR0_ET_MASK | CR0_NE_MASK | CR0_WP_MASK |
                CR0_AM_MASK | CR0_NW_MASK | CR0_CD_MASK | CR0_PG_MASK,
};

/* Long mode becomes active or inactive with paging (SDM 3A 9.8.5). */
static void update_lma(CPUX86State *env, uint32_t cr0)
{
    if (cr0 & CR0_PG_MASK && env->efer & MSR_EFER_LME) {
        env->efer |= MSR_EFER_LMA;
    } else if (!(cr0 & CR0_PG_MASK)) {
        env->efer &= ~(uint64_t)MSR_EFER_LMA;
    }
}

static bool uses_pdptes(const CPUX86State *env, uint32_t cr0, uint32_t cr4)
{
    return cr0 & CR0_PG_MASK && cr4 & CR4_PAE_MASK && !(env->efer & MSR_EFER_LME);
}

void helper_write_cr0(CPUX86State *env, target_ulong value)
{
    uint32_t cr0 = (value & CR0_KNOWN) | CR0_ET_MASK, changed = cr0 ^ env->cr[0];
    bool enters_long = cr0 & CR0_PG_MASK && !(env->cr[0] & CR0_PG_MASK) && env->efer & MSR_EFER_LME;

    if ((uint64_t)value >> 32 || (cr0 & CR0_PG_MASK && !(cr0 & CR0_PE_MASK)) ||
        (cr0 & CR0_NW_MASK && !(cr0 & CR0_CD_MASK)) ||
        (enters_long && (!(env->cr[4] & CR4_PAE_MASK) || env->segs[R_CS].flags & DESC_L_MASK)) ||
        (!(cr0 & CR0_PG_MASK) && (env->hflags & HF_CS64 || env->cr[4] & CR4_PCIDE_MASK))) {
        raise_gp0(env, GETPC());
    }
    if (uses_pdptes(env, cr0, env->cr[4]) && changed & (CR0_PG_MASK | CR0_CD_MASK | CR0_NW_MASK)) {
        uint64_t pdpte[4];

        if (!mmu_load_pdptes(env, env->cr[3], pdpte)) {
            raise_gp0(env, GETPC());
        }
        memcpy(env->pdpte, pdpte, sizeof(pdpte));
    }
    update_lma(env, cr0);
    env->cr[0] = cr0;
    if (changed & (CR0_PG_MASK | CR0_WP_MASK | CR0_PE_MASK)) {
        x86_flush_translations(env);
    }
    x86_update_hflags(env);
}

/* LMSW can set PE but not clear it. */
void helper_lmsw(CPUX86State *env, uint32_t value)
{
    uint32_t low = (value & 15) | (env->cr[0] & CR0_PE_MASK);

    env->cr[0] = (env->cr[0] & ~(target_ulong)15) | low;
    x86_update_hflags(env);
}

void helper_clts(CPUX86State *env)
{
    env->cr[0] &= ~(target_ulong)CR0_TS_MASK;
    x86_update_hflags(env);
}

/* --- CR3 and translations ----------------------------------------------------------------------------------- */

enum { CR3_PCID = 0xfff };
#define CR3_NO_FLUSH (UINT64_C(1) << 63)

/* The core keeps what a walk would give again: see cputlb-tags.c. */
void x86_set_cr3(CPUX86State *env, target_ulong value)
{
    env->cr[3] = value;
    if (env->cr[0] & CR0_PG_MASK) {
        tlb_switch_tag(env_cpu(env), value);
    }
}

void helper_write_cr3(CPUX86State *env, target_ulong value)
{
    bool no_flush = false;

    if (env->hflags & HF_LMA) {
        uint64_t v = value;

        if (env->cr[4] & CR4_PCIDE_MASK) {
            no_flush = v & CR3_NO_FLUSH;
            v &= ~CR3_NO_FLUSH;
        }
        if (v >> env->phys_bits) {
            raise_gp0(env, GETPC());
        }
        value = v;
    } else if (uses_pdptes(env, env->cr[0], env->cr[4])) {
        uint64_t pdpte[4];

        if (!mmu_load_pdptes(env, value, pdpte)) {
            raise_gp0(env, GETPC());
        }
        memcpy(env->pdpte, pdpte, sizeof(pdpte));
    }
    if (no_flush && !((value ^ env->cr[3]) & CR3_PCID)) {
        env->cr[3] = value;
        return;
    }
    x86_set_cr3(env, value);
}

void helper_invlpg(CPUX86State *env, target_ulong linear)
{
    if (x86_is_canonical(env, linear)) {
        tlb_flush_page(env_cpu(env), linear);
    }
}

/* INVPCID: everything it may ask for is covered by dropping all (SDM 2, INVPCID). */
void helper_invpcid(CPUX86State *env, target_ulong type, uint64_t pcid, uint64_t linear)
{
    bool bad_pcid = pcid >> 12 || (type <= 1 && pcid && !(env->cr[4] & CR4_PCIDE_MASK));

    if (type > 3 || (type <= 1 && bad_pcid) || (type == 0 && !x86_is_canonical(env, linear))) {
        raise_gp0(env, GETPC());
    }
    if (type == 0 && pcid == (env->cr[4] & CR4_PCIDE_MASK ? env->cr[3] & CR3_PCID : 0)) {
        tlb_flush_page(env_cpu(env), linear);
    } else {
        tlb_flush(env_cpu(env));
    }
}

/* --- CR4, CR8 --------------------------------------------------------------------------------------------------- */

/* CR4 bits and the feature that brings each. */
static uint32_t known_cr4(const CPUX86State *env)
{
    static const struct { uint32_t bit; uint16_t feature; } rows[] = {
        { CR4_VME_MASK | CR4_PVI_MASK, CPUID_VME }, { CR4_TSD_MASK, CPUID_TSC }, { CR4_DE_MASK, CPUID_DE },
        { CR4_PSE_MASK, CPUID_PSE }, { CR4_PAE_MASK, CPUID_PAE }, { CR4_MCE_MASK, CPUID_MCE },
        { CR4_PGE_MASK, CPUID_PGE }, { CR4_PCE_MASK, CPUID_MMX }, { CR4_OSFXSR_MASK, CPUID_FXSR },
        { CR4_OSXMMEXCPT_MASK, CPUID_SSE }, { CR4_UMIP_MASK, CPUID_UMIP },
        { CR4_FSGSBASE_MASK, CPUID_FSGSBASE }, { CR4_PCIDE_MASK, CPUID_PCID }, { CR4_OSXSAVE_MASK, CPUID_XSAVE },
        { CR4_SMEP_MASK, CPUID_SMEP }, { CR4_SMAP_MASK, CPUID_SMAP },
    };
    uint32_t known = 0;

    for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
        known |= cpu_has(env, rows[i].feature) ? rows[i].bit : 0;
    }
    return known;
}

void helper_write_cr4(CPUX86State *env, target_ulong value)
{
    uint32_t changed = value ^ env->cr[4];

    if (value & ~(target_ulong)known_cr4(env) ||
        (env->hflags & HF_LMA && !(value & CR4_PAE_MASK)) ||
        (changed & value & CR4_PCIDE_MASK && (!(env->hflags & HF_LMA) || env->cr[3] & CR3_PCID))) {
        raise_gp0(env, GETPC());
    }
    if (uses_pdptes(env, env->cr[0], value) && changed & (CR4_PAE_MASK | CR4_PGE_MASK | CR4_PSE_MASK | CR4_SMEP_MASK)) {
        uint64_t pdpte[4];

        if (!mmu_load_pdptes(env, env->cr[3], pdpte)) {
            raise_gp0(env, GETPC());
        }
        memcpy(env->pdpte, pdpte, sizeof(pdpte));
    }
    env->cr[4] = value;
    if (changed & (CR4_PSE_MASK | CR4_PAE_MASK | CR4_PGE_MASK | CR4_PCIDE_MASK | CR4_SMEP_MASK | CR4_SMAP_MASK)) {
        x86_flush_translations(env);
    }
    x86_update_hflags(env);
}

target_ulong helper_read_cr8(CPUX86State *env)
{
    return x86_board_get_tpr(env) >> 4;
}

void helper_write_cr8(CPUX86State *env, target_ulong value)
{
    if (value & ~(target_ulong)15) {
        raise_gp0(env, GETPC());
    }
    x86_board_set_tpr(env, value << 4);
}

/* --- flags with privilege -------------------------------------------------------------------------------------- */

static unsigned iopl_of(const CPUX86State *env) { return (env->eflags & IOPL_MASK) >> IOPL_SHIFT; }

/* Do VME or PVI give VIF the part of IF here? */
static bool uses_virtual_if(const CPUX86State *env)
{
    if (env->hflags & HF_VM) {
        return env->cr[4] & CR4_VME_MASK && iopl_of(env) < 3;
    }
    return env->cr[4] & CR4_PVI_MASK && env_cpl(env) == 3 && iopl_of(env) < 3;
}

static bool may_change_if(const CPUX86State *env)
{
    return !(env->hflags & HF_PE) || iopl_of(env) >= env_cpl(env);
}

void helper_cli(CPUX86State *env)
{
    if (may_change_if(env)) {
        env->eflags &= ~IF_MASK;
    } else if (uses_virtual_if(env)) {
        env->eflags &= ~VIF_MASK;
    } else {
        raise_gp0(env, GETPC());
    }
}

/* 1: interrupts were off, so a shadow begins. */
uint32_t helper_sti(CPUX86State *env)
{
    if (may_change_if(env)) {
        bool was_off = !(env->eflags & IF_MASK);

        env->eflags |= IF_MASK;
        x86_interrupts_enabled(env);
        return was_off;
    }
    if (!uses_virtual_if(env) || env->eflags & VIP_MASK) {
        raise_gp0(env, GETPC());
    }
    env->eflags |= VIF_MASK;
    return 0;
}

/* The image of PUSHF: VM and RF read as 0. */
target_ulong helper_pushf(CPUX86State *env, uint32_t op)
{
    uint32_t flags = x86_get_eflags(env) & ~(VM_MASK | RF_MASK);

    if (env->hflags & HF_VM && iopl_of(env) < 3) {
        if (!(env->cr[4] & CR4_VME_MASK) || op != MO_16) {
            raise_gp0(env, GETPC());
        }
        flags = (flags & ~IF_MASK) | IOPL_MASK | (flags & VIF_MASK ? IF_MASK : 0);
    }
    return flags;
}

/* Checks of POPF that come before the stack is read. */
void helper_popf_check(CPUX86State *env, uint32_t op)
{
    if (env->hflags & HF_VM && iopl_of(env) < 3 && (!(env->cr[4] & CR4_VME_MASK) || op != MO_16)) {
        raise_gp0(env, GETPC());
    }
}

void helper_popf(CPUX86State *env, target_ulong value, uint32_t op)
{
    uint32_t mask = CC_ALL | TF_MASK | DF_MASK | NT_MASK | AC_MASK | ID_MASK, old = x86_get_eflags(env);
    uint32_t flags = value;

    if (env->hflags & HF_VM && iopl_of(env) < 3) {
        if (flags & TF_MASK || (flags & IF_MASK && old & VIP_MASK)) {
            raise_gp0(env, GETPC());
        }
        flags = (flags & ~VIF_MASK) | (flags & IF_MASK ? VIF_MASK : 0);
        mask = (mask & 0xffff) | VIF_MASK;
    } else {
        if (!(env->hflags & HF_PE) || (env_cpl(env) == 0 && !(env->hflags & HF_VM))) {
            mask |= IOPL_MASK;
        }
        if (may_change_if(env)) {
            mask |= IF_MASK;
        }
        if (op == MO_16) {
            mask &= 0xffff;
        }
    }
    x86_set_eflags(env, (old & ~(mask | RF_MASK)) | (flags & mask));
    x86_interrupts_enabled(env);
}

/* --- halting --------------------------------------------------------------------------------------------------- */

void helper_hlt(CPUX86State *env)
{
    CPUState *cpu = env_cpu(env);

    env->hflags &= ~HF_INHIBIT_IRQ;     /* STI; HLT: interrupts end the halt */
    x86_update_hflags(env);
    cpu->halted = 1;
    cpu->exception_index = EXCP_HLT;
    cpu_loop_exit(cpu);
}

/*
 * PAUSE, with several CPUs: another has a lock or an answer that this one waits
 * for. Where there are fewer host CPUs it may be waiting for ours.
 */
void helper_pause(CPUX86State *env)
{
    enum { PAUSES_TO_YIELD = 16 };
    static __thread unsigned count;

    if (++count % PAUSES_TO_YIELD == 0) {
        sched_yield();
    }
}

/* MWAIT: another CPU's store is not watched for, so it must not sleep for long: it is a NOP with several CPUs. */
void helper_mwait(CPUX86State *env)
{
    if ((uint32_t)env->regs[R_ECX] & ~1u) {
        raise_gp0(env, GETPC());
    }
    sched_yield();
}

void x86_shut_down(CPUX86State *env, char *why)
{
    CPUState *cpu = env_cpu(env);

    if (qemu_loglevel_mask(CPU_LOG_INT | CPU_LOG_RESET | LOG_GUEST_ERROR)) {
        FILE *f = qemu_log_trylock();

        if (f) {
            fprintf(f, "CPU %d shuts down: %s\n", cpu->cpu_index, why);
            if (qemu_loglevel_mask(CPU_LOG_INT | CPU_LOG_RESET)) {
                x86_explain_faults(env, f);
                x86_cpu_dump_state(cpu, f, 0);
            }
            qemu_log_unlock(f);
        }
    }
    g_free(why);
    qemu_system_reset_request(SHUTDOWN_CAUSE_GUEST_RESET);
    env->shut_down = true;
    cpu->halted = 1;
    cpu->exception_index = EXCP_HLT;
    cpu_loop_exit(cpu);
}

/* STAC, CLAC. */
void helper_set_ac(CPUX86State *env, uint32_t on)
{
    env->eflags = on ? env->eflags | AC_MASK : env->eflags & ~AC_MASK;
    x86_update_hflags(env);
}
