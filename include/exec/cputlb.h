/*
 * The softmmu TLB.
 *
 * Fast tables, one for each MMU index and direction (load, store), sparse host
 * memory. The addend is host address minus guest virtual address.
 *
 * 32-bit guests: 2^20 eight-byte entries indexed by the guest page number. An
 * entry is 0 (take the slow path) or the addend. No tag, no conflict.
 * 64-bit guests: 2^16 entries of tag and addend, indexed by the low bits of the
 * page number. The tag is the page's address, or TLB_NO_TAG. Code compares it
 * with the page of the access's last byte: one test for a miss and a crossing.
 *
 * Entries are only made for plain RAM that needs no check: stores to pages
 * with translated code or a dirty log, watchpoints and I/O have none. Full
 * entries live in CPUTLB (cputlb.c) and remember the rest.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EXEC_CPUTLB_H
#define EXEC_CPUTLB_H

#include "hw/core/cpu.h"

#define TARGET_PAGE_BITS 12
#define TARGET_PAGE_SIZE (1u << TARGET_PAGE_BITS)
#define TARGET_PAGE_MASK (~(uint64_t)(TARGET_PAGE_SIZE - 1))

#define PAGE_READ  1
#define PAGE_WRITE 2
#define PAGE_EXEC  4
#define PAGE_GLOBAL 8   /* of no address space: outlives tlb_switch_tag also in the tagged range */

#define TLB_FAST_ENTRIES (1u << (32 - TARGET_PAGE_BITS))
#define TLB_FAST_BYTES   (TLB_FAST_ENTRIES * sizeof(uint64_t))

/* Tables of 64-bit guests. Memory that was never touched is a tag of page 0. */
#define TLB_HASH_BITS    16
#define TLB_HASH_ENTRIES (1u << TLB_HASH_BITS)
#define TLB_HASH_BYTES   (TLB_HASH_ENTRIES * sizeof(TLBHashEntry))
#define TLB_NO_TAG       UINT64_MAX
typedef struct TLBHashEntry {
    uint64_t tag, addend;
} TLBHashEntry;

/* Bytes of one fast table. */
static inline size_t tlb_fast_bytes(int vaddr_bits)
{
    return vaddr_bits == 32 ? TLB_FAST_BYTES : TLB_HASH_BYTES;
}

/*
 * Untouched entries must not match: that of page 0, and that of the last page,
 * whose accesses may run over into page 0.
 */
static inline void tlb_hash_table_init(TLBHashEntry *table)
{
    table[0].tag = table[TLB_HASH_ENTRIES - 1].tag = TLB_NO_TAG;
}

/* Displacement from env of the fast table of (mmu_idx, store). Constant for a run. */
intptr_t tlb_fast_table_offset(unsigned mmu_idx, bool store);

/*
 * Install a translation of the page of addr; size may exceed one page for
 * large mappings (then tlb_flush_page of any page in it flushes all of it, or everything).
 * prot: PAGE_x. cacheable RAM and I/O are told apart by paddr's section.
 */
void tlb_set_page(CPUState *cpu, vaddr addr, hwaddr paddr, int prot, int mmu_idx, uint64_t size);

/*
 * How the target's walk found a page: the host addresses and values of the
 * entries that it read, the last of which maps the page. When their tag is
 * active again, pages whose entries all read the same come back: no more than
 * what a walk would give now.
 */
#define TLB_WALK_LEVELS 5
typedef struct TLBWalkEntry {
    const void *host;
    uint64_t value;
} TLBWalkEntry;
typedef struct TLBWalk {
    unsigned nb;                /* 0: not all of it is in RAM */
    unsigned entry_bytes;       /* 4 or 8; one size between flushes */
    TLBWalkEntry level[TLB_WALK_LEVELS];
} TLBWalk;
/* tlb_set_page with the walk. A CPU uses this function always or never. */
void tlb_set_page_walk(CPUState *cpu, vaddr addr, hwaddr paddr, int prot, int mmu_idx, uint64_t size,
                       const TLBWalk *walk);
/* Host address of guest physical memory that is writable RAM, NULL: something else. For walks: fast. */
void *tlb_walk_pointer(CPUState *cpu, hwaddr addr);

/* From now on the CPU sees this physical memory (x86: in and out of SMM). Flushes. */
void cpu_set_address_space(CPUState *cpu, AddressSpace *as);

/* On the CPU's own thread (or with it stopped). */
void tlb_flush(CPUState *cpu);
void tlb_flush_by_mmuidx(CPUState *cpu, uint16_t idxmap);
void tlb_flush_page(CPUState *cpu, vaddr addr);
/* All pages in [addr, addr + len). */
void tlb_flush_range(CPUState *cpu, vaddr addr, uint64_t len);
/* As tlb_flush / _page on every CPU; the caller's own is done on return. */
void tlb_flush_all_cpus(CPUState *src);
void tlb_flush_page_all_cpus(CPUState *src, vaddr addr);

/*
 * Address-space tags: entries below the tag are kept while another tag is
 * active and come back when it is active again. Pages in [addr, addr + len) of
 * the given MMU indexes belong to the tagged range; the rest is global.
 * Flushes reach the kept entries too. Gives tb_key a value that is unique
 * for (flags, tag).
 *
 * With tlb_set_page_walk a switch means what a write to CR3 does, to the same
 * tag too: entries of the range without PAGE_GLOBAL are dropped, and those of
 * the tag that a walk would give again are there at once.
 */
void tlb_set_tagged_range(CPUState *cpu, uint16_t idxmap, vaddr addr, uint64_t len);
void tlb_switch_tag(CPUState *cpu, uint64_t tag);

/* Slow paths of generated code and helpers' own accesses. ra: GETPC(), or 0. */
uint64_t cpu_ld_mmu(CPUArchState *env, vaddr addr, MemOpIdx oi, uintptr_t ra);
void cpu_st_mmu(CPUArchState *env, vaddr addr, uint64_t val, MemOpIdx oi, uintptr_t ra);
/* Whatever makes the store leave the instruction (fault, watchpoint, changed code) happens now. */
void cpu_probe_st_mmu(CPUArchState *env, vaddr addr, MemOpIdx oi, uintptr_t ra);
typedef struct Int128Pair { uint64_t lo, hi; } Int128Pair;      /* value bits 0-63, 64-127 */
Int128Pair cpu_ld16_mmu(CPUArchState *env, vaddr addr, MemOpIdx oi, uintptr_t ra);
void cpu_st16_mmu(CPUArchState *env, vaddr addr, Int128Pair val, MemOpIdx oi, uintptr_t ra);
/* As a fetch: for translators. Never I/O-faults; raises the guest's fetch exception. */
uint32_t cpu_ldl_code(CPUArchState *env, vaddr addr);
uint16_t cpu_lduw_code(CPUArchState *env, vaddr addr);
uint8_t cpu_ldub_code(CPUArchState *env, vaddr addr);

/* Atomic read-modify-write; returns the old value (zero-extended). */
uint64_t cpu_atomic_cmpxchg_mmu(CPUArchState *env, vaddr addr, uint64_t cmp, uint64_t new_value, MemOpIdx oi, uintptr_t ra);
uint64_t cpu_atomic_xchg_mmu(CPUArchState *env, vaddr addr, uint64_t val, MemOpIdx oi, uintptr_t ra);
uint64_t cpu_atomic_fetch_add_mmu(CPUArchState *env, vaddr addr, uint64_t val, MemOpIdx oi, uintptr_t ra);
uint64_t cpu_atomic_fetch_and_mmu(CPUArchState *env, vaddr addr, uint64_t val, MemOpIdx oi, uintptr_t ra);
uint64_t cpu_atomic_fetch_or_mmu(CPUArchState *env, vaddr addr, uint64_t val, MemOpIdx oi, uintptr_t ra);
uint64_t cpu_atomic_fetch_xor_mmu(CPUArchState *env, vaddr addr, uint64_t val, MemOpIdx oi, uintptr_t ra);

/* Raise the access's exception now if it would fault; [addr, addr+size) within one page. Host pointer, or NULL for I/O. */
void *probe_access(CPUArchState *env, vaddr addr, unsigned size, MMUAccessType access, int mmu_idx, uintptr_t ra);
/* Host pointer when the page is plain RAM and mapped for access; NULL otherwise. Never faults. */
void *tlb_vaddr_to_host(CPUArchState *env, vaddr addr, MMUAccessType access, int mmu_idx);

/* The flags of get_tb_state changed (mode switch inside a block that ends, interrupts). */
void tb_key_update(CPUState *cpu);

/*
 * Return address of the helper in generated code, as the key of the side tables. For .c files
 * alone: tests/Makefile.include finds those by it that the portable back end needs built again.
 */
#ifdef CONFIG_TCI
extern __thread uintptr_t tci_tb_ptr;   /* the interpreter's position */
#define GETPC() tci_tb_ptr
#else
#define GETPC() ((uintptr_t)__builtin_return_address(0))
#endif

#endif
