/*
 * Address translation: real mode, block address translation (PEM 7.3, 7.4),
 * dispatch to the page tables, faults, and what keeps the TLB true.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "target-ppc/mmu.h"
#include "target-ppc/spr.h"

enum {
    USER_SEGMENTS = 12,             /* segments that belong to the running program */
};
#define USER_SPACE_BYTES ((uint64_t)USER_SEGMENTS << 28)
enum {
    TRANSLATED_IDXMAP = 1 << MMU_USER_IDX | 1 << MMU_KERNEL_IDX |
                        1 << MMU_USER_FETCH_IDX | 1 << MMU_KERNEL_FETCH_IDX
};

/* --- block address translation ------------------------------------------------------------ */

/* Does the pair at `upper_spr` map ea? Then *out is set, prot 0 where nothing is allowed. */
static bool match_bat(CPUPPCState *env, unsigned upper_spr, uint32_t ea, bool user, MMUTranslation *out)
{
    uint32_t upper = env->spr[upper_spr], lower = env->spr[upper_spr + 1];
    uint32_t offset_mask = (upper & BATU_BL) << 15 | 0x1ffff;

    if (!(upper & (user ? BATU_VP : BATU_VS)) || ((ea ^ upper) & BATU_BEPI & ~offset_mask)) {
        return false;
    }
    out->paddr = ((lower & BATL_BRPN & ~offset_mask) | (ea & offset_mask)) & TARGET_PAGE_MASK;
    out->prot = (lower & BATL_PP) == 0 ? 0 : (lower & BATL_PP) == 2 ? PAGE_READ | PAGE_WRITE : PAGE_READ;
    return true;
}

/* The 601 has four pairs for both code and data, with page-like protection (601 manual 6.7). */
static bool match_bat_601(CPUPPCState *env, unsigned upper_spr, uint32_t ea, bool user, MMUTranslation *out)
{
    uint32_t upper = env->spr[upper_spr], lower = env->spr[upper_spr + 1];
    uint32_t offset_mask = (lower & BAT601_BSM) << 17 | 0x1ffff;

    if (!(lower & BAT601_V) || ((ea ^ upper) & BATU_BEPI & ~offset_mask)) {
        return false;
    }
    out->paddr = ((lower & BATL_BRPN & ~offset_mask) | (ea & offset_mask)) & TARGET_PAGE_MASK;
    out->prot = mmu_page_prot(upper, upper & (user ? BAT601_KU : BAT601_KS));
    return true;
}

static bool find_bat(CPUPPCState *env, uint32_t ea, MMUAccessType access, bool user, MMUTranslation *out)
{
    const PPCModel *model = env->model;
    bool code = access == MMU_INST_FETCH, old = model->features & PPC_BATS_601;
    unsigned low = code || old ? SPR_IBAT0U : SPR_DBAT0U;
    unsigned high = code ? SPR_IBAT4U : SPR_DBAT4U;

    for (unsigned i = 0; i < 4; i++) {
        if (old ? match_bat_601(env, low + 2 * i, ea, user, out) : match_bat(env, low + 2 * i, ea, user, out)) {
            return true;
        }
    }
    for (unsigned i = 0; model->features & PPC_HIGH_BATS && i < 4; i++) {
        if (match_bat(env, high + 2 * i, ea, user, out)) {
            return true;
        }
    }
    return false;
}

void ppc_store_bat(CPUPPCState *env, unsigned spr, uint32_t value)
{
    if (env->spr[spr] != value) {
        env->spr[spr] = value;
        tlb_flush(env_cpu(env));
    }
}

/* --- any translation ------------------------------------------------------------------------ */

static MMUResult translate(CPUPPCState *env, uint32_t ea, MMUAccessType access, int mmu_idx,
                           bool side_effects, MMUTranslation *out)
{
    bool store = access == MMU_DATA_STORE;

    *out = (MMUTranslation) { .paddr = ea & TARGET_PAGE_MASK, .size = TARGET_PAGE_SIZE };
    if (mmu_idx == MMU_REAL_IDX) {
        out->prot = PAGE_READ | PAGE_WRITE | PAGE_EXEC;
        return MMU_OK;
    }
    if (find_bat(env, ea, access, mmu_idx_is_user(mmu_idx), out)) {
        if (!(out->prot & (store ? PAGE_WRITE : PAGE_READ))) {
            return MMU_PROTECTION;
        }
        if (access == MMU_INST_FETCH) {
            out->prot = PAGE_EXEC;
        }
        return MMU_OK;
    }
    if (env->model->features & PPC_TLB603) {
        return mmu_603_translate(env, ea, access, mmu_idx, side_effects, out);
    }
    return mmu_hash_translate(env, ea, access, mmu_idx, side_effects, out);
}

static void raise_fetch_fault(CPUPPCState *env, uint32_t ea, MMUResult why, const MMUTranslation *t,
                              uintptr_t retaddr) QEMU_NORETURN;
static void raise_fetch_fault(CPUPPCState *env, uint32_t ea, MMUResult why, const MMUTranslation *t,
                              uintptr_t retaddr)
{
    uint32_t cause = why == MMU_NO_ENTRY ? SRR1_NOPTE : why == MMU_PROTECTION ? SRR1_PROT : SRR1_NOEXEC;

    if (why == MMU_NO_ENTRY && env->model->features & PPC_TLB603) {
        raise_exception_err_ra(env, EXCP_IFTLB, t->key | (uint32_t)t->way << 17, retaddr);
    }
    raise_exception_err_ra(env, EXCP_ISI, cause, retaddr);
}

static void raise_data_fault(CPUPPCState *env, uint32_t ea, bool store, MMUResult why,
                             const MMUTranslation *t, uintptr_t retaddr) QEMU_NORETURN;
static void raise_data_fault(CPUPPCState *env, uint32_t ea, bool store, MMUResult why,
                             const MMUTranslation *t, uintptr_t retaddr)
{
    uint32_t cause = why == MMU_NO_ENTRY ? DSISR_NOPTE : why == MMU_PROTECTION ? DSISR_PROT : DSISR_EAR;

    if (why == MMU_NO_ENTRY && env->model->features & PPC_TLB603) {
        raise_exception_err_ra(env, store ? EXCP_DSTLB : EXCP_DLTLB, t->key | (uint32_t)t->way << 17,
                               retaddr);
    }
    cpu_restore_state(env_cpu(env), retaddr);
    env->spr[SPR_DAR] = env->msr & MSR_LE ? ppc_computed_address(env) : ea;
    env->spr[SPR_DSISR] = cause | (store ? DSISR_STORE : 0);
    raise_exception_err_ra(env, EXCP_DSI, 0, 0);
}

bool ppc_cpu_tlb_fill(CPUState *cpu, vaddr addr, unsigned size, MMUAccessType access,
                      int mmu_idx, bool probe, uintptr_t retaddr)
{
    CPUPPCState *env = cpu->env;
    uint32_t ea = addr;
    MMUTranslation t;
    MMUResult result = translate(env, ea, access, mmu_idx, true, &t);

    if (result == MMU_OK) {
        tlb_set_page(cpu, ea & TARGET_PAGE_MASK, t.paddr, t.prot, mmu_idx, t.size);
        return true;
    }
    if (probe) {
        return false;
    }
    qemu_log_mask(CPU_LOG_MMU, "mmu: ea %08x access %d idx %d: fault %d\n", ea, access, mmu_idx, result);
    if (access == MMU_INST_FETCH) {
        raise_fetch_fault(env, ea, result, &t, retaddr);
    }
    raise_data_fault(env, ea, access == MMU_DATA_STORE, result, &t, retaddr);
}

hwaddr ppc_cpu_get_phys_page_debug(CPUState *cpu, vaddr addr)
{
    CPUPPCState *env = cpu->env;
    bool user = env->msr & MSR_PR;
    int data_idx = !(env->msr & MSR_DR) ? MMU_REAL_IDX : user ? MMU_USER_IDX : MMU_KERNEL_IDX;
    int code_idx = !(env->msr & MSR_IR) ? MMU_REAL_IDX : user ? MMU_USER_FETCH_IDX : MMU_KERNEL_FETCH_IDX;
    MMUTranslation t;

    if (translate(env, addr, MMU_DATA_LOAD, data_idx, false, &t) == MMU_OK ||
        translate(env, addr, MMU_INST_FETCH, code_idx, false, &t) == MMU_OK) {
        return t.paddr;
    }
    return -1;
}

/* --- invalidation ------------------------------------------------------------------------------ */

/*
 * tlbie names a page by EA bits 4-19; entries of every segment with that page
 * index go on hardware. Only segments that share the VSID matter to software.
 */
void ppc_tlb_invalidate_page(CPUPPCState *env, uint32_t ea)
{
    CPUState *cpu = env_cpu(env);
    unsigned segment = ea >> 28;

    ea &= TARGET_PAGE_MASK;
    if (env->model->features & PPC_TLB603) {
        mmu_603_invalidate(env, ea);
    }
    tlb_flush_page_all_cpus(cpu, ea);
    for (unsigned i = 0; i < 16; i++) {
        if (i != segment && env->sr[i] == env->sr[segment]) {
            tlb_flush_page_all_cpus(cpu, (ea & 0x0fffffff) | i << 28);
        }
    }
}

void ppc_tlb_invalidate_all(CPUPPCState *env)
{
    mmu_603_reset(env);
    tlb_flush_all_cpus(env_cpu(env));
}

/* A number for the contents of the user's segment registers. */
static uint64_t user_segments_tag(const CPUPPCState *env)
{
    uint64_t tag = 0;

    for (unsigned i = 0; i < USER_SEGMENTS; i++) {
        tag = (tag ^ env->sr[i]) * UINT64_C(0x9e3779b97f4a7c15);
        tag ^= tag >> 29;
    }
    return tag;
}

void ppc_sync_segments(CPUPPCState *env)
{
    CPUState *cpu = env_cpu(env);

    env->segments_changed = false;
    if (memcmp(env->sr, env->sr_active, USER_SEGMENTS * sizeof(env->sr[0]))) {
        tlb_switch_tag(cpu, user_segments_tag(env));
    }
    for (unsigned i = USER_SEGMENTS; i < 16; i++) {
        if (env->sr[i] != env->sr_active[i]) {
            tlb_flush_range(cpu, (vaddr)i << 28, 1 << 28);
        }
    }
    memcpy(env->sr_active, env->sr, sizeof(env->sr));
}

void ppc_mmu_reset(CPUPPCState *env)
{
    CPUState *cpu = env_cpu(env);

    mmu_603_reset(env);
    tlb_set_tagged_range(cpu, TRANSLATED_IDXMAP, 0, USER_SPACE_BYTES);
    memcpy(env->sr_active, env->sr, sizeof(env->sr));
    env->segments_changed = false;
    tlb_switch_tag(cpu, user_segments_tag(env));
    tlb_flush(cpu);
}

/* --- info tlb --------------------------------------------------------------------------------------- */

void ppc_dump_mmu(CPUState *cpu, FILE *f)
{
    CPUPPCState *env = cpu->env;

    ppc_dump_bats(env, f);
    fprintf(f, "SDR1 %08x\n", env->spr[SPR_SDR1]);
    for (unsigned i = 0; i < 16; i++) {
        fprintf(f, "SR%-2u %08x%c", i, env->sr[i], i % 4 == 3 ? '\n' : ' ');
    }
    if (env->model->features & PPC_TLB603) {
        for (unsigned n = 0; n < 2 * TLB_6XX_WAYS * TLB_6XX_SETS; n++) {
            const PPC6xxTLB *entry = &env->tlb6xx[0][0][0] + n;

            if (entry->pte0 & 0x80000000) {
                fprintf(f, "%s ea %08x pte %08x %08x\n", n < TLB_6XX_WAYS * TLB_6XX_SETS ? "data" : "code",
                        entry->ea, entry->pte0, entry->pte1);
            }
        }
    }
}
