/*
 * Processor state after reset and INIT, and the start of application
 * processors by SIPI (SDM 3A 9.1, table 9-1; 8.4).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "target-i386/board.h"
#include "target-i386/cpu-models.h"
#include "target-i386/system.h"
#include "target-i386/tsc.h"
#include "target-i386/x87.h"

enum {
    DATA_FLAGS = DESC_P_MASK | DESC_S_MASK | DESC_W_MASK | DESC_A_MASK,
    CODE_FLAGS = DATA_FLAGS | DESC_CS_MASK,
};

static void reset_segments(CPUX86State *env)
{
    for (unsigned i = 0; i < SEG_COUNT; i++) {
        env->segs[i] = (SegmentCache) { .limit = 0xffff, .flags = DATA_FLAGS };
    }
    env->segs[R_CS] = (SegmentCache) { 0xf000, 0xffff, 0xffff0000, CODE_FLAGS };
    env->ldt = (SegmentCache) { .limit = 0xffff, .flags = DESC_P_MASK | SYS_LDT << DESC_TYPE_SHIFT };
    env->tr = (SegmentCache) { .limit = 0xffff, .flags = DESC_P_MASK | SYS_TSS32_BUSY << DESC_TYPE_SHIFT };
    env->gdt = env->idt = (SegmentCache) { .limit = 0xffff };
}

/* What reset and INIT have in common. */
static void reset_core(CPUState *cpu, uint32_t cr0_kept)
{
    CPUX86State *env = cpu->env;

    memset(env->regs, 0, sizeof(env->regs));
    env->regs[R_EDX] = env->model->signature;
    env->eip = 0xfff0;
    env->cc_op = CC_OP_EFLAGS;
    env->cc_dst = env->cc_src = env->cc_src2 = 0;
    env->df = 1;
    env->eflags = 2;
    reset_segments(env);
    memset(env->cr, 0, sizeof(env->cr));
    env->cr[0] = CR0_ET_MASK | cr0_kept;
    memset(env->pdpte, 0, sizeof(env->pdpte));
    memset(env->dr, 0, sizeof(env->dr));
    env->dr[6] = DR6_FIXED_1;
    env->dr[7] = DR7_FIXED_1;
    env->debug_hits = 0;
    env->efer = 0;
    env->error_code = 0;
    env->exception_has_error_code = env->exception_is_int = false;
    env->old_exception = -1;
    env->nmi_blocked = env->smm_nmi_blocked = false;
    env->shut_down = false;
    env->wait_for_sipi = env->is_application_cpu;
    env->hflags = 0;
    cpu->halted = env->wait_for_sipi;
    cpu->exception_index = -1;
    x86_leave_smm_memory(cpu);
    x86_update_breakpoints(env);
    x86_update_hflags(env);
    x86_flush_translations(env);
}

static void reset_msrs(CPUX86State *env)
{
    env->star = env->lstar = env->cstar = env->fmask = env->kernelgsbase = env->tsc_aux = 0;
    env->tsc_adjust = env->tsc_deadline = 0;
    env->sysenter_cs = env->sysenter_esp = env->sysenter_eip = 0;
    env->pat = UINT64_C(0x0007040600070406);
    env->mtrr_deftype = 0;
    memset(env->mtrr_fixed, 0, sizeof(env->mtrr_fixed));
    memset(env->mtrr_var, 0, sizeof(env->mtrr_var));
    env->mcg_cap = MCE_BANKS | 1 << 8;
    env->mcg_status = 0;
    env->mcg_ctl = ~UINT64_C(0);
    memset(env->mce_banks, 0, sizeof(env->mce_banks));
    for (unsigned i = 0; i < MCE_BANKS; i++) {
        env->mce_banks[i * 4] = ~UINT64_C(0);
    }
    env->misc_enable = 1;
    env->feature_control = env->smi_count = env->debugctl = 0;
    env->smbase = 0x30000;
    env->xcr0 = 1;
    x86_write_tsc(env, 0);
}

static void reset_fpu(CPUX86State *env)
{
    x86_fpu_to_env(env);
    x87_init_state(env);
    memset(env->fpregs, 0, sizeof(env->fpregs));
    memset(env->ymm, 0, sizeof(env->ymm));
    x86_set_mxcsr(env, 0x1f80);
}

void x86_cpu_reset(DeviceState *dev)
{
    CPUState *cpu = CPU(dev);
    CPUX86State *env = cpu->env;

    env->a20_mask = -1;
    env->sipi_vector = 0;
    reset_msrs(env);
    reset_fpu(env);
    reset_core(cpu, CR0_CD_MASK | CR0_NW_MASK);
}

/* INIT keeps the FPU, vectors, MSRs, caches. */
void x86_cpu_init_signal(CPUState *cpu)
{
    CPUX86State *env = cpu->env;

    cpu_log_reset(cpu);
    reset_core(cpu, env->cr[0] & (CR0_CD_MASK | CR0_NW_MASK));
    if (cpu->halted) {
        cpu->exception_index = EXCP_HLT;
    }
}

void x86_cpu_start_up(CPUState *cpu)
{
    CPUX86State *env = cpu->env;

    env->wait_for_sipi = false;
    env->eip = 0;
    env->segs[R_CS].selector = env->sipi_vector << 8;
    env->segs[R_CS].base = env->sipi_vector << 12;
    cpu->halted = 0;
    x86_update_hflags(env);
}
