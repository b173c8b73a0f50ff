/*
 * The 603's TLBs: two ways of 32 sets for code and for data, filled by the
 * miss handlers of the operating system (603e user's manual, chapter 5).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-ppc/mmu.h"

enum { KEY = 0x00080000, WAY = 0x00020000 };      /* SRR1 */

static unsigned set_of(uint32_t ea) { return ea >> 12 & (TLB_6XX_SETS - 1); }

uint32_t ppc_603_hash(CPUPPCState *env, bool second)
{
    /* The last miss decides which address the hash registers describe. */
    bool code = env->fault_insn;
    uint32_t ea = env->spr[code ? SPR_IMISS : SPR_DMISS];

    return mmu_pteg_address(env, env->sr[ea >> 28] & SR_VSID, ea, second);
}

static void note_miss(CPUPPCState *env, uint32_t ea, MMUAccessType access, MMUTranslation *out)
{
    bool code = access == MMU_INST_FETCH;
    uint32_t vsid = env->sr[ea >> 28] & SR_VSID;
    uint32_t compare = PTE0_V | vsid << 7 | (ea >> 22 & 0x3f);

    env->fault_insn = code;
    env->spr[code ? SPR_IMISS : SPR_DMISS] = ea;
    env->spr[code ? SPR_ICMP : SPR_DCMP] = compare;
    out->way = env->tlb6xx_lru[code] >> set_of(ea) & 1;
}

MMUResult mmu_603_translate(CPUPPCState *env, uint32_t ea, MMUAccessType access, int mmu_idx,
                            bool side_effects, MMUTranslation *out)
{
    uint32_t segment = env->sr[ea >> 28];
    bool key = segment & (mmu_idx_is_user(mmu_idx) ? SR_KP : SR_KS);
    bool code = access == MMU_INST_FETCH, store = access == MMU_DATA_STORE;
    uint32_t tag = PTE0_V | (segment & SR_VSID) << 7 | (ea >> 22 & 0x3f);

    if (segment & SR_T) {
        return MMU_DIRECT_STORE;
    }
    if (code && segment & SR_N) {
        return MMU_NO_EXEC;
    }
    out->key = key ? KEY : 0;
    for (unsigned way = 0; way < TLB_6XX_WAYS; way++) {
        const PPC6xxTLB *entry = &env->tlb6xx[code][way][set_of(ea)];
        int prot = mmu_page_prot(entry->pte1, key);

        if ((entry->pte0 & ~0x40u) != tag || entry->ea != (ea & TARGET_PAGE_MASK)) {
            continue;
        }
        if (code && entry->pte1 & PTE1_G) {
            return MMU_NO_EXEC;
        }
        if (!(prot & (store ? PAGE_WRITE : PAGE_READ))) {
            return MMU_PROTECTION;
        }
        if (store && !(entry->pte1 & PTE1_C)) {
            out->way = way;             /* a store to a clean page is a miss that replaces it */
            if (side_effects) {
                note_miss(env, ea, access, out);
                out->way = way;
            }
            return MMU_NO_ENTRY;
        }
        out->paddr = entry->pte1 & PTE1_RPN;
        out->size = TARGET_PAGE_SIZE;
        out->prot = code ? PAGE_EXEC : prot & (entry->pte1 & PTE1_C ? PAGE_READ | PAGE_WRITE : PAGE_READ);
        env->tlb6xx_lru[code] = (env->tlb6xx_lru[code] & ~(1u << set_of(ea))) | (1 - way) << set_of(ea);
        return MMU_OK;
    }
    if (side_effects) {
        note_miss(env, ea, access, out);
    }
    return MMU_NO_ENTRY;
}

/* tlbld, tlbli: SRR1 names the way, DCMP or ICMP and RPA hold the entry. */
void ppc_603_tlb_load(CPUPPCState *env, uint32_t ea, bool code)
{
    unsigned way = env->spr[SPR_SRR1] & WAY ? 1 : 0;
    PPC6xxTLB *entry = &env->tlb6xx[code][way][set_of(ea)];

    if (entry->pte0 & PTE0_V) {
        tlb_flush_page(env_cpu(env), entry->ea);
    }
    entry->pte0 = env->spr[code ? SPR_ICMP : SPR_DCMP];
    entry->pte1 = env->spr[SPR_RPA];
    entry->ea = ea & TARGET_PAGE_MASK;
    tlb_flush_page(env_cpu(env), entry->ea);
}

void mmu_603_invalidate(CPUPPCState *env, uint32_t ea)
{
    for (unsigned code = 0; code < 2; code++) {
        for (unsigned way = 0; way < TLB_6XX_WAYS; way++) {
            PPC6xxTLB *entry = &env->tlb6xx[code][way][set_of(ea)];

            if (entry->pte0 & PTE0_V) {
                tlb_flush_page(env_cpu(env), entry->ea);
                entry->pte0 &= ~PTE0_V;
            }
        }
    }
}

void mmu_603_reset(CPUPPCState *env)
{
    memset(env->tlb6xx, 0, sizeof(env->tlb6xx));
    memset(env->tlb6xx_lru, 0, sizeof(env->tlb6xx_lru));
}
