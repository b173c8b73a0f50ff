/*
 * Page tables: what mmu.c and mmu-dump.c share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TARGET_I386_MMU_H
#define TARGET_I386_MMU_H

#include "target-i386/cpu.h"

/* Bits of an entry at any level (SDM tables 4-4 to 4-20). */
enum {
    PTE_P = 1 << 0, PTE_W = 1 << 1, PTE_U = 1 << 2, PTE_PWT = 1 << 3, PTE_PCD = 1 << 4, PTE_A = 1 << 5,
    PTE_D = 1 << 6, PTE_PS = 1 << 7, PTE_G = 1 << 8,
};
#define PTE_NX (UINT64_C(1) << 63)
#define PTE_TABLE UINT64_C(0x000ffffffffff000)  /* where the next table is */

/* When an entry of a level maps a page instead of the next table. */
typedef enum LevelKind {
    LEVEL_TABLE, LEVEL_LEAF, LEVEL_LEAF_IF_PS, LEVEL_LEAF_1G, LEVEL_LEAF_4M
} LevelKind;

typedef struct PagingLevel {
    uint8_t shift, index_bits;
    uint8_t kind;               /* LevelKind */
} PagingLevel;

typedef struct PagingMode {
    const PagingLevel *levels;  /* NULL: paging is off */
    unsigned num_levels, entry_size;
    uint64_t reserved;          /* bits above the physical address, NX when it is not enabled */
    hwaddr root;                /* of levels[0]; PAE: see env->pdpte */
} PagingMode;

/* A successful walk; error: of one that failed. */
typedef struct PageWalk {
    hwaddr paddr;
    uint64_t page_size;
    int prot;                   /* PAGE_x */
    bool global;
    uint32_t error;
    TLBWalk path;               /* the entries read */
} PageWalk;

PagingMode mmu_paging_mode(const CPUX86State *env);
bool mmu_entry_is_leaf(const CPUX86State *env, const PagingLevel *level, uint64_t entry);
/* An entry of 4 or 8 bytes from physical memory, A20 applied. *host: where it is, NULL: not in RAM. */
uint64_t mmu_load_entry(CPUX86State *env, hwaddr addr, unsigned size, const void **host);
/* Read the directory pointers that cr3 leads to. False: reserved bits are set. */
bool mmu_load_pdptes(CPUX86State *env, uint64_t cr3, uint64_t pdpte[4]);

#endif
