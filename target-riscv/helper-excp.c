/*
 * Exceptions and interrupts: entry, return, waiting (volume II, 3.1.6 to 3.1.9, 3.3, 4.1).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/main-loop.h"
#include "exec/exec-all.h"
#include "target-riscv/cpu.h"
#define HELPER_H "target-riscv/helper.h"
#include "tcg/helper-proto.h"

enum { TVEC_VECTORED = 1 };

/* --- entry ---------------------------------------------------------------------------------- */

static uint32_t vector(uint32_t tvec, uint32_t cause)
{
    uint32_t base = tvec & ~3u;

    return tvec & TVEC_VECTORED && cause & CAUSE_INTERRUPT ? base + 4 * (cause & ~CAUSE_INTERRUPT) : base;
}

static void enter_supervisor(CPURISCVState *env, uint32_t cause, uint32_t value)
{
    uint32_t keep = env->mstatus & ~(MSTATUS_SPIE | MSTATUS_SIE | MSTATUS_SPP);

    env->mstatus = keep | (env->mstatus & MSTATUS_SIE ? MSTATUS_SPIE : 0) | (env->priv == PRIV_S ? MSTATUS_SPP : 0);
    env->scause = cause;
    env->sepc = env->pc;
    env->stval = value;
    env->pc = vector(env->stvec, cause);
    env->priv = PRIV_S;
}

static void enter_machine(CPURISCVState *env, uint32_t cause, uint32_t value)
{
    uint32_t keep = env->mstatus & ~(MSTATUS_MPIE | MSTATUS_MIE | MSTATUS_MPP);

    env->mstatus = keep | (env->mstatus & MSTATUS_MIE ? MSTATUS_MPIE : 0) | env->priv << MSTATUS_MPP_SHIFT;
    env->mcause = cause;
    env->mepc = env->pc;
    env->mtval = value;
    env->pc = vector(env->mtvec, cause);
    env->priv = PRIV_M;
}

/* A handler's first instruction traps: told once, when the saved pc is still that of the trap before. */
static void log_trap_loop(CPURISCVState *env, uint32_t saved_pc, uint32_t cause, uint32_t value)
{
    if (saved_pc != env->pc) {
        cpu_log_dead_end(env_cpu(env), env->pc, "nothing but traps from here on: cause %u at its own handler %08x, "
                         "tval %08x, first at %08x", cause, env->pc, value, saved_pc);
    }
}

static void enter(CPURISCVState *env, uint32_t cause, uint32_t value)
{
    uint32_t delegated = cause & CAUSE_INTERRUPT ? env->mideleg : env->medeleg;
    bool machine = env->priv == PRIV_M || !(delegated >> (cause & 31) & 1);
    uint32_t handler = vector(machine ? env->mtvec : env->stvec, cause);

    qemu_log_mask(CPU_LOG_INT, "trap: hart %u cause %08x epc %08x tval %08x priv %u\n", env->hart_id, cause, env->pc,
                  value, env->priv);
    if (env->pc == handler && env->priv == (machine ? PRIV_M : PRIV_S) && !(cause & CAUSE_INTERRUPT)) {
        log_trap_loop(env, machine ? env->mepc : env->sepc, cause, value);
    }
    if (machine) {
        enter_machine(env, cause, value);
    } else {
        enter_supervisor(env, cause, value);
    }
    riscv_update_hflags(env);
}

void riscv_cpu_do_interrupt(CPUState *cpu)
{
    uint32_t badaddr = cpu->env->badaddr;

    cpu->env->badaddr = 0;
    enter(cpu->env, cpu->exception_index, badaddr);
    cpu->exception_index = -1;
}

void raise_exception_ra(CPURISCVState *env, int excp, uint32_t badaddr, uintptr_t retaddr)
{
    env_cpu(env)->exception_index = excp;
    env->badaddr = badaddr;
    cpu_loop_exit_restore(env_cpu(env), retaddr);
}

void raise_illegal_ra(CPURISCVState *env, uintptr_t retaddr)
{
    cpu_restore_state(env_cpu(env), retaddr);
    raise_exception_ra(env, EXCP_ILLEGAL, riscv_fetch_insn(env, env->pc), 0);
}

void helper_raise_exception(CPURISCVState *env, uint32_t excp) { raise_exception_ra(env, excp, 0, GETPC()); }
void helper_raise_illegal(CPURISCVState *env) { raise_illegal_ra(env, GETPC()); }

/* --- interrupts --------------------------------------------------------------------------------- */

/* Those that may be taken now, of the highest mode that wants one (3.1.9). */
static uint32_t takeable(const CPURISCVState *env)
{
    uint32_t pending = riscv_mip(env) & env->mie;
    uint32_t machine = pending & ~env->mideleg, supervisor = pending & env->mideleg;

    if (machine && (env->priv < PRIV_M || env->mstatus & MSTATUS_MIE)) {
        return machine;
    }
    if (env->priv < PRIV_S || (env->priv == PRIV_S && env->mstatus & MSTATUS_SIE)) {
        return supervisor;
    }
    return 0;
}

bool riscv_cpu_exec_interrupt(CPUState *cpu, int interrupt_request)
{
    static const uint8_t priority[] = { RISCV_IRQ_MEI, RISCV_IRQ_MSI, RISCV_IRQ_MTI, RISCV_IRQ_SEI, RISCV_IRQ_SSI,
                                        RISCV_IRQ_STI };
    uint32_t irqs = interrupt_request & CPU_INTERRUPT_HARD ? takeable(cpu->env) : 0;

    for (unsigned i = 0; irqs && i < ARRAY_SIZE(priority); i++) {
        if (irqs >> priority[i] & 1) {
            enter(cpu->env, CAUSE_INTERRUPT | priority[i], 0);
            return true;
        }
    }
    return false;
}

void riscv_update_irq(CPURISCVState *env)
{
    CPUState *cpu = env_cpu(env);
    bool locked = qemu_mutex_iothread_locked();

    if (!locked) {
        qemu_mutex_lock_iothread();
    }
    if (riscv_mip(env) & env->mie) {
        cpu_interrupt(cpu, CPU_INTERRUPT_HARD);
    } else {
        cpu_reset_interrupt(cpu, CPU_INTERRUPT_HARD);
    }
    if (!locked) {
        qemu_mutex_unlock_iothread();
    }
}

/* --- return and waiting ---------------------------------------------------------------------------- */

static void go(CPURISCVState *env, uint32_t pc, uint32_t priv)
{
    env->pc = pc & ~1u;
    env->priv = priv;
    if (priv != PRIV_M) {
        env->mstatus &= ~MSTATUS_MPRV;
    }
    riscv_update_hflags(env);
    if (riscv_mip(env) & env->mie) {
        qatomic_set(&env_neg(env)->exit_request, 1);
    }
}

void helper_sret(CPURISCVState *env)
{
    uint32_t status = env->mstatus;

    if (!env->model->has_mmu || env->priv < PRIV_S || (env->priv == PRIV_S && status & MSTATUS_TSR)) {
        raise_illegal_ra(env, GETPC());
    }
    env->mstatus = (status & ~(MSTATUS_SIE | MSTATUS_SPP)) | MSTATUS_SPIE | (status & MSTATUS_SPIE ? MSTATUS_SIE : 0);
    go(env, env->sepc, status & MSTATUS_SPP ? PRIV_S : PRIV_U);
}

void helper_mret(CPURISCVState *env)
{
    uint32_t status = env->mstatus;

    if (env->priv < PRIV_M) {
        raise_illegal_ra(env, GETPC());
    }
    env->mstatus = (status & ~(MSTATUS_MIE | MSTATUS_MPP)) | MSTATUS_MPIE | (status & MSTATUS_MPIE ? MSTATUS_MIE : 0);
    go(env, env->mepc, (status & MSTATUS_MPP) >> MSTATUS_MPP_SHIFT);
}

void helper_wfi(CPURISCVState *env, uint32_t next_pc)
{
    CPUState *cpu = env_cpu(env);

    if ((env->priv == PRIV_U && env->model->has_mmu) || (env->priv != PRIV_M && env->mstatus & MSTATUS_TW)) {
        raise_illegal_ra(env, GETPC());
    }
    env->pc = next_pc;
    cpu->halted = 1;
    cpu->exception_index = EXCP_HLT;
    cpu_loop_exit(cpu);
}
