/*
 * Exceptions and interrupts: entry, return, MSR changes (PEM chapter 6).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/main-loop.h"
#include "target-ppc/cpu.h"
#include "target-ppc/fp.h"
#include "target-ppc/spr.h"
#define HELPER_H "target-ppc/helper.h"
#include "tcg/helper-proto.h"

enum {
    SRR1_FROM_MSR = 0x87c0ffff,         /* the other bits tell the cause */
    HID0_DOZE = 0x00800000, HID0_NAP = 0x00400000, HID0_SLEEP = 0x00200000,
    SRR1_603_DATA_STORE = 0x00010000, SRR1_603_CODE = 0x00040000, SRR1_603_KEY = 0x00080000,
    SRR1_MCHECK_EXTERNAL = 0x00080000,
};

/* --- MSR --------------------------------------------------------------------------------- */

/* r0-r3 have a second set for the 603's TLB miss handlers. */
static void swap_tgpr(CPUPPCState *env)
{
    for (unsigned i = 0; i < 4; i++) {
        uint32_t other = env->tgpr[i];

        env->tgpr[i] = env->gpr[i];
        env->gpr[i] = other;
    }
}

/* Context synchronising: what was changed before takes effect. */
static void set_msr(CPUPPCState *env, uint32_t value)
{
    value &= env->model->msr_mask;
    if ((value ^ env->msr) & MSR_TGPR) {
        swap_tgpr(env);
    }
    env->msr = value;
    if (env->segments_changed) {
        ppc_sync_segments(env);
    }
    ppc_update_hflags(env);
    if (value & MSR_EE && qatomic_read(&env->pending_interrupts)) {
        qatomic_set(&env_neg(env)->exit_request, 1);
    }
}

void ppc_store_msr(CPUPPCState *env, uint32_t value)
{
    set_msr(env, value & ~MSR_POW);
}

/* --- entry -------------------------------------------------------------------------------- */

static void log_exception(CPUPPCState *env, PPCException excp, uint32_t error_code)
{
    qemu_log_mask(CPU_LOG_INT, "Raise exception at %08x => %08x (%08x) msr %08x\n", env->nip, excp,
                  error_code, env->msr);
}

static void log_machine_check(CPUPPCState *env, const char *outcome)
{
    cpu_log_dead_end(env_cpu(env), env->nip, "machine check (input MCP) at %08x, MSR.ME is %s: %s", env->nip,
                     env->msr & MSR_ME ? "set" : "clear", outcome);
}

/* The machine cannot take a machine check: it stops until reset. */
static void enter_checkstop(CPUPPCState *env)
{
    CPUState *cpu = env_cpu(env);

    log_machine_check(env, "checkstop");
    env->checkstopped = true;
    cpu->halted = 1;
    cpu->interrupt_request |= CPU_INTERRUPT_EXITTB;
    qatomic_set(&env_neg(env)->exit_request, 1);
}

/* SRR1's cause bits for the 603's TLB misses: CR0, key, what missed. */
static uint32_t tlb_miss_cause(const CPUPPCState *env, PPCException excp, uint32_t error_code)
{
    return (ppc_get_cr(env) & 0xf0000000) | error_code |
           (excp == EXCP_IFTLB ? SRR1_603_CODE : excp == EXCP_DSTLB ? SRR1_603_DATA_STORE : 0);
}

/*
 * Enter the handler of excp. error_code: SRR1's cause bits; DSI and alignment
 * have DAR and DSISR set already. nip: the instruction, or the next one for
 * system calls and traces.
 */
static void enter_exception(CPUPPCState *env, PPCException excp, uint32_t error_code)
{
    uint32_t srr1 = env->msr & SRR1_FROM_MSR;
    uint32_t keep = MSR_ME | MSR_IP | MSR_ILE;
    uint32_t msr;

    log_exception(env, excp, error_code);
    switch (excp) {
    case EXCP_MCHECK:
        if (!(env->msr & MSR_ME)) {
            enter_checkstop(env);
            return;
        }
        log_machine_check(env, "exception 0x200");
        keep &= ~MSR_ME;
        srr1 |= SRR1_MCHECK_EXTERNAL;
        break;
    case EXCP_IFTLB:
    case EXCP_DLTLB:
    case EXCP_DSTLB:
        srr1 |= tlb_miss_cause(env, excp, error_code);
        break;
    default:
        srr1 |= error_code;
        break;
    }
    env->spr[SPR_SRR0] = env->nip;
    env->spr[SPR_SRR1] = srr1;
    msr = env->msr & keep;
    if (msr & MSR_ILE) {
        msr |= MSR_LE;
    }
    if (excp >= EXCP_IFTLB && excp <= EXCP_DSTLB && env->model->spr_groups & SPRS_603) {
        msr |= MSR_TGPR;
    }
    env->nip = (msr & MSR_IP ? 0xfff00000 : 0) | excp;
    set_msr(env, msr);
}

void ppc_cpu_do_interrupt(CPUState *cpu)
{
    CPUPPCState *env = cpu->env;
    uint32_t error_code = env->error_code;

    env->error_code = 0;
    enter_exception(env, cpu->exception_index, error_code);
    cpu->exception_index = -1;
}

void raise_exception_err_ra(CPUPPCState *env, PPCException excp, uint32_t error_code, uintptr_t retaddr)
{
    CPUState *cpu = env_cpu(env);

    cpu->exception_index = excp;
    env->error_code = error_code;
    cpu_loop_exit_restore(cpu, retaddr);
}

void helper_raise_exception_err(CPUPPCState *env, uint32_t excp, uint32_t error_code)
{
    raise_exception_err_ra(env, excp, error_code, GETPC());
}

void helper_syscall(CPUPPCState *env)
{
    enter_exception(env, EXCP_SYSCALL, 0);
}

/* The instruction that made the call starts anew with SO bits tracked. */
void helper_track_so(CPUPPCState *env)
{
    CPUState *cpu = env_cpu(env);

    cpu_restore_state(cpu, GETPC());
    env->track_so = true;
    env->hflags |= TBF_TRACK_SO;
    tb_key_update(cpu);
    cpu->exception_index = -1;
    cpu_loop_exit(cpu);
}

/* nip is right: behind the instruction. */
void helper_debug(CPUPPCState *env)
{
    env_cpu(env)->exception_index = EXCP_DEBUG;
    cpu_loop_exit(env_cpu(env));
}

void helper_trace(CPUPPCState *env)
{
    env_cpu(env)->exception_index = EXCP_TRACE;
    env->error_code = 0;
    cpu_loop_exit(env_cpu(env));
}

/* --- changes of MSR that can raise ------------------------------------------------------------ */

/* FE0, FE1 allow the enabled FP exception that FPSCR holds: it comes in front of nip (PEM 6.4.7). */
static void raise_allowed_fp(CPUPPCState *env, uint32_t old_msr)
{
    if (env->msr & (MSR_FE0 | MSR_FE1) && !(old_msr & (MSR_FE0 | MSR_FE1)) &&
        ppc_get_fpscr(env) & FPSCR_FEX) {
        enter_exception(env, EXCP_PROGRAM, SRR1_FP | SRR1_NEXT);
    }
}

/* nip is right: behind mtmsr. POW puts the CPU to sleep if HID0 says how. */
void helper_store_msr(CPUPPCState *env, uint32_t value)
{
    uint32_t old = env->msr;

    set_msr(env, value & ~MSR_POW);
    if (value & MSR_POW && env->spr[SPR_HID0] & (HID0_DOZE | HID0_NAP | HID0_SLEEP)) {
        CPUState *cpu = env_cpu(env);

        env->msr |= MSR_POW;
        cpu->halted = 1;
        cpu->exception_index = EXCP_HLT;
        cpu_loop_exit(cpu);
    }
    raise_allowed_fp(env, old);
}

void helper_rfi(CPUPPCState *env)
{
    uint32_t srr1 = env->spr[SPR_SRR1], old = env->msr;

    env->nip = env->spr[SPR_SRR0] & ~3u;
    set_msr(env, (env->msr & ~SRR1_FROM_MSR & ~(MSR_TGPR | MSR_POW)) | (srr1 & SRR1_FROM_MSR));
    raise_allowed_fp(env, old);
}

/* --- interrupts ------------------------------------------------------------------------------ */

void ppc_set_irq(PowerPCCPU *cpu, uint32_t irq, bool level)
{
    CPUPPCState *env = &cpu->env;

    if (level) {
        qatomic_fetch_or(&env->pending_interrupts, irq);
        cpu_interrupt(CPU(cpu), CPU_INTERRUPT_HARD);
    } else {
        qatomic_fetch_and(&env->pending_interrupts, ~irq);
        if (!env->pending_interrupts) {
            cpu_reset_interrupt(CPU(cpu), CPU_INTERRUPT_HARD);
        }
    }
}

typedef struct IRQRow {
    uint32_t irq;
    PPCException excp;
    uint32_t needs_msr;         /* bit that lets it in, 0: always */
    bool latched;               /* taking it ends it; else the input decides */
} IRQRow;

/* By priority (PEM table 6-3). */
static const IRQRow irq_rows[] = {
    { PPC_IRQ_RESET, EXCP_RESET, 0, true },
    { PPC_IRQ_MCHECK, EXCP_MCHECK, 0, true },
    { PPC_IRQ_SMI, EXCP_SMI, MSR_EE, false },
    { PPC_IRQ_EXTERNAL, EXCP_EXTERNAL, MSR_EE, false },
    { PPC_IRQ_PERFM, EXCP_PERFM, MSR_EE, true },
    { PPC_IRQ_DECR, EXCP_DECR, MSR_EE, true },
    { PPC_IRQ_THERM, EXCP_THERM, MSR_EE, true },
};

static const IRQRow *deliverable_irq(const CPUPPCState *env)
{
    uint32_t pending = qatomic_read(&env->pending_interrupts);

    for (unsigned i = 0; pending && i < ARRAY_SIZE(irq_rows); i++) {
        const IRQRow *row = &irq_rows[i];

        if (pending & row->irq && (env->msr & row->needs_msr) == row->needs_msr) {
            return row;
        }
    }
    return NULL;
}

bool ppc_cpu_exec_interrupt(CPUState *cpu, int interrupt_request)
{
    CPUPPCState *env = cpu->env;
    const IRQRow *row;

    if (!(interrupt_request & CPU_INTERRUPT_HARD) || !(row = deliverable_irq(env))) {
        return false;
    }
    if (row->latched) {
        ppc_set_irq(POWERPC_CPU(cpu), row->irq, false);
    }
    enter_exception(env, row->excp, 0);
    return true;
}

bool ppc_cpu_has_work(CPUState *cpu)
{
    CPUPPCState *env = cpu->env;

    if (cpu->interrupt_request & CPU_INTERRUPT_RESET) {
        return true;
    }
    return !env->checkstopped && cpu->interrupt_request & CPU_INTERRUPT_HARD && deliverable_irq(env);
}
