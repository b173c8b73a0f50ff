/*
 * The address breakpoints that chips have for their own debuggers: IABR for
 * instructions, DABR for data (MPC750 UM 2.1.2, MPC7450 UM 2.1.5). The 601's
 * forms are left out.
 *
 * IABR: blocks of code check each instruction while it is on (TBF_IABR).
 * DABR: a watchpoint of the core.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-ppc/cpu.h"
#include "target-ppc/spr.h"
#define HELPER_H "target-ppc/helper.h"
#include "tcg/helper-proto.h"

enum { IABR_ENABLE = 2, IABR_TRANSLATED = 1 };
enum { DABR_TRANSLATED = 4, DABR_WRITE = 2, DABR_READ = 1, DABR_BYTES = 8 };

bool ppc_iabr_is_on(const CPUPPCState *env)
{
    return env->spr[SPR_IABR] & IABR_ENABLE && env->model->spr_groups & SPRS_IABR;
}

/* The 603 has no translation bit. */
void helper_check_iabr(CPUPPCState *env, uint32_t pc)
{
    uint32_t iabr = env->spr[SPR_IABR];
    bool same_mode = !(iabr & IABR_TRANSLATED) == !(env->msr & MSR_IR);

    if (!((iabr ^ pc) & ~3u) && (same_mode || env->model->spr_groups & SPRS_603)) {
        raise_exception_err_ra(env, EXCP_IABR, 0, GETPC());
    }
}

void helper_store_iabr(CPUPPCState *env, uint32_t value)
{
    env->spr[SPR_IABR] = value;
    ppc_update_hflags(env);
}

static int dabr_flags(uint32_t dabr)
{
    return BP_CPU | (dabr & DABR_WRITE ? BP_MEM_WRITE : 0) | (dabr & DABR_READ ? BP_MEM_READ : 0);
}

/* Make the core's watchpoint follow DABR. */
void ppc_update_dabr(CPUPPCState *env)
{
    CPUState *cpu = env_cpu(env);
    uint32_t dabr = env->model->spr_groups & SPRS_DABR ? env->spr[SPR_DABR] : 0;

    if (dabr == env->dabr_watched) {
        return;
    }
    if (env->dabr_watched & (DABR_WRITE | DABR_READ)) {
        cpu_watchpoint_remove(cpu, env->dabr_watched & ~7u, DABR_BYTES, dabr_flags(env->dabr_watched));
    }
    if (dabr & (DABR_WRITE | DABR_READ)) {
        cpu_watchpoint_insert(cpu, dabr & ~7u, DABR_BYTES, dabr_flags(dabr));
    }
    env->dabr_watched = dabr;
}

void helper_store_dabr(CPUPPCState *env, uint32_t value)
{
    env->spr[SPR_DABR] = value;
    ppc_update_dabr(env);
}

void ppc_watchpoint_access(CPUState *cpu, vaddr addr, int access, uintptr_t retaddr)
{
    CPUPPCState *env = cpu->env;

    if (!(env->spr[SPR_DABR] & DABR_TRANSLATED) == !(env->msr & MSR_DR)) {
        env->spr[SPR_DAR] = addr;
        env->spr[SPR_DSISR] = DSISR_DABR | (access & BP_MEM_WRITE ? DSISR_STORE : 0);
        raise_exception_err_ra(env, EXCP_DSI, 0, retaddr);
    }
}
