/*
 * The TLB's parts share these: cputlb.c (tables, flushes, tags), cputlb-ldst.c
 * (slow paths), cputlb-atomic.c, cpu-debug.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EXEC_CPUTLB_INTERNAL_H
#define EXEC_CPUTLB_INTERNAL_H

#include "exec/exec-all.h"
#include "exec/ram_addr.h"

/* What is known of one guest page in one MMU mode. */
typedef struct TLBFull {
    vaddr page;                 /* TLB_NO_PAGE: unused */
    hwaddr paddr;
    ram_addr_t ram_addr;        /* of the page; -1: I/O */
    uint8_t *host;              /* of the page; NULL: I/O */
    MemoryRegion *mr;           /* NULL: unassigned */
    hwaddr mr_offset;
    uint8_t prot;
    bool readonly;              /* ROM: stores go nowhere */
    bool watched;               /* a watchpoint lies in the page */
} TLBFull;

/*
 * The entry for an access, filled when needed. Raises the guest's exception;
 * with probe it returns NULL instead.
 */
TLBFull *tlb_lookup(CPUState *cpu, vaddr addr, unsigned size, MMUAccessType access,
                    int mmu_idx, bool probe, uintptr_t ra);
/* The page is accessed again: bring it back to the fast tables if it belongs there. */
void tlb_fast_refill(CPUState *cpu, int mmu_idx, const TLBFull *f, MMUAccessType access);
/* May stores to the page go straight to memory? */
bool tlb_stores_unwatched(const TLBFull *f);
/* Code was fetched through the page of addr. */
void tlb_note_code_page(CPUState *cpu, vaddr addr);
/* A store to [addr, addr + size) of f's page is about to happen: invalidate code, set dirty bits. */
void tlb_note_store(CPUState *cpu, int mmu_idx, TLBFull *f, vaddr addr, unsigned size, uintptr_t ra);
/* Leave through EXCP_DEBUG when a watchpoint covers the access. flags: BP_MEM_x. */
void cpu_check_watchpoint(CPUState *cpu, vaddr addr, unsigned size, int flags, uintptr_t ra);
/* A debugger's watchpoint lies in the page. */
bool cpu_page_is_watched(CPUState *cpu, vaddr page);

static inline bool crosses_page(vaddr addr, unsigned size)
{
    return (addr & ~TARGET_PAGE_MASK) + size > TARGET_PAGE_SIZE;
}

/* MO_ALIGN. */
static inline void check_alignment(CPUState *cpu, vaddr addr, MemOp op, MMUAccessType access,
                                   int mmu_idx, uintptr_t ra)
{
    if ((op & MO_ALIGN) && (addr & (memop_size(op) - 1))) {
        cpu->cc->do_unaligned_access(cpu, addr, access, mmu_idx, ra);
    }
}

#endif
