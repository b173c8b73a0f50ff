/*
 * Segmented address translation through the hashed page table (PEM 7.5, 7.6).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "target-ppc/mmu.h"

int mmu_page_prot(uint32_t pp, bool key)
{
    static const int prots[2][4] = {
        { PAGE_READ | PAGE_WRITE, PAGE_READ | PAGE_WRITE, PAGE_READ | PAGE_WRITE, PAGE_READ },
        { 0, PAGE_READ, PAGE_READ | PAGE_WRITE, PAGE_READ },
    };

    return prots[key][pp & 3];
}

uint32_t mmu_pteg_address(CPUPPCState *env, uint32_t vsid, uint32_t ea, bool secondary)
{
    uint32_t sdr1 = env->spr[SPR_SDR1];
    uint32_t hash = (vsid & 0x7ffff) ^ (ea >> 12 & 0xffff);
    uint32_t mask = (sdr1 & 0x1ff) << 10 | 0x3ff;

    if (secondary) {
        hash = ~hash;
    }
    return (sdr1 & 0xffff0000) | (hash & mask & 0x7ffff) << 6;
}

typedef struct PTE {
    hwaddr address;
    uint32_t word1;
} PTE;


static bool search_group(CPUState *cpu, hwaddr group, uint32_t tag, PTE *pte)
{
    hwaddr length = PTES_IN_GROUP * 8;
    uint32_t words[PTES_IN_GROUP * 2];

    if (address_space_read(cpu->as, group, words, length) != MEMTX_OK) {
        return false;
    }
    for (unsigned i = 0; i < PTES_IN_GROUP; i++) {
        if (GUINT32_FROM_BE(words[2 * i]) == tag) {
            pte->address = group + 8 * i;
            pte->word1 = GUINT32_FROM_BE(words[2 * i + 1]);
            return true;
        }
    }
    return false;
}

/* Set R, and C for stores, in memory: byte stores, as the chips do. */
static void update_history(CPUState *cpu, PTE *pte, bool store)
{
    uint32_t word1 = pte->word1 | PTE1_R | (store ? PTE1_C : 0);
    MemTxResult result;

    if ((word1 ^ pte->word1) & PTE1_R) {
        address_space_st(cpu->as, pte->address + 6, word1 >> 8 & 0xff, MO_UB, &result);
    }
    if ((word1 ^ pte->word1) & PTE1_C) {
        address_space_st(cpu->as, pte->address + 7, word1 & 0xff, MO_UB, &result);
    }
    pte->word1 = word1;
}

MMUResult mmu_hash_translate(CPUPPCState *env, uint32_t ea, MMUAccessType access, int mmu_idx,
                             bool side_effects, MMUTranslation *out)
{
    CPUState *cpu = env_cpu(env);
    uint32_t segment = env->sr[ea >> 28], vsid = segment & SR_VSID;
    bool key = segment & (mmu_idx_is_user(mmu_idx) ? SR_KP : SR_KS);
    uint32_t tag = PTE0_V | vsid << 7 | (ea >> 22 & 0x3f);
    bool store = access == MMU_DATA_STORE;
    PTE pte;
    int prot;

    if (segment & SR_T) {
        return MMU_DIRECT_STORE;
    }
    if (access == MMU_INST_FETCH && segment & SR_N) {
        return MMU_NO_EXEC;
    }
    if (!search_group(cpu, mmu_pteg_address(env, vsid, ea, false), tag, &pte) &&
        !search_group(cpu, mmu_pteg_address(env, vsid, ea, true), tag | PTE0_H, &pte)) {
        return MMU_NO_ENTRY;
    }
    prot = mmu_page_prot(pte.word1, key);
    if (access == MMU_INST_FETCH && pte.word1 & PTE1_G) {
        return MMU_NO_EXEC;
    }
    if (!(prot & (store ? PAGE_WRITE : PAGE_READ))) {
        return MMU_PROTECTION;
    }
    if (side_effects) {
        update_history(cpu, &pte, store);
    }
    /* The first store must come here, to set C. */
    out->prot = prot & (pte.word1 & PTE1_C ? PAGE_READ | PAGE_WRITE : PAGE_READ);
    if (!(segment & SR_N) && !(pte.word1 & PTE1_G)) {
        out->prot |= PAGE_EXEC;
    }
    out->paddr = pte.word1 & PTE1_RPN;
    out->size = TARGET_PAGE_SIZE;
    return MMU_OK;
}
