/*
 * The MMU inside the front end. See mmu.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TARGET_PPC_MMU_H
#define TARGET_PPC_MMU_H

#include "target-ppc/cpu.h"

/* Block address translation registers (PEM figure 7-5; 601 manual 6.7). */
enum {
    BATU_BEPI = 0xfffe0000, BATU_BL = 0x1ffc, BATU_VS = 2, BATU_VP = 1, BATL_BRPN = 0xfffe0000, BATL_WIMG = 0x78,
    BATL_PP = 3, BAT601_KS = 8, BAT601_KU = 4, BAT601_V = 0x40, BAT601_BSM = 0x3f,
};
/* Segment registers and page table entries (PEM 7.5.2.1, 7.6.1.2). */
enum {
    SR_T = 0x80000000, SR_KS = 0x40000000, SR_KP = 0x20000000, SR_N = 0x10000000, SR_VSID = 0x00ffffff,
    PTE0_V = 0x80000000, PTE0_H = 0x40, PTE1_RPN = 0xfffff000, PTE1_R = 0x100, PTE1_C = 0x080, PTE1_WIMG = 0x78,
    PTE1_G = 0x008, PTE1_PP = 3, PTES_IN_GROUP = 8,
};

/* One translation, or why there is none. */
typedef enum MMUResult { MMU_OK, MMU_NO_ENTRY, MMU_PROTECTION, MMU_NO_EXEC, MMU_DIRECT_STORE } MMUResult;

typedef struct MMUTranslation {
    hwaddr paddr;           /* of the page */
    uint64_t size;          /* bytes the mapping covers at least */
    int prot;               /* PAGE_x: what needs no further look */
    uint32_t key;           /* 603: SRR1.KEY */
    uint8_t way;            /* 603: way to replace */
} MMUTranslation;

static inline bool mmu_idx_is_user(int mmu_idx)
{
    return mmu_idx == MMU_USER_IDX || mmu_idx == MMU_USER_FETCH_IDX;
}

/* mmu-hash.c: page address translation of the 32-bit hashed table. side_effects: update R and C. */
MMUResult mmu_hash_translate(CPUPPCState *env, uint32_t ea, MMUAccessType access, int mmu_idx,
                             bool side_effects, MMUTranslation *out);
/* What a PTE's PP bits and the key allow (PEM table 7-9). */
int mmu_page_prot(uint32_t pp, bool key);
/* Address of the primary (false) or secondary PTE group. */
uint32_t mmu_pteg_address(CPUPPCState *env, uint32_t vsid, uint32_t ea, bool secondary);

/* mmu-603.c: the 603's software-loaded TLBs. */
MMUResult mmu_603_translate(CPUPPCState *env, uint32_t ea, MMUAccessType access, int mmu_idx,
                            bool side_effects, MMUTranslation *out);
void ppc_603_tlb_load(CPUPPCState *env, uint32_t ea, bool code);
uint32_t ppc_603_hash(CPUPPCState *env, bool second);
void mmu_603_invalidate(CPUPPCState *env, uint32_t ea);
void mmu_603_reset(CPUPPCState *env);

/* info.c: the block address translation registers, decoded. */
void ppc_dump_bats(CPUPPCState *env, FILE *f);

void ppc_tlb_invalidate_page(CPUPPCState *env, uint32_t ea);
void ppc_tlb_invalidate_all(CPUPPCState *env);

#endif
