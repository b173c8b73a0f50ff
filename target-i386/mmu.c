/*
 * x86 address translation: linear to physical in every paging mode (Intel SDM
 * volume 3, chapter 4): none, 32-bit with PSE and PSE-36, PAE, four levels.
 *
 * The walk is one loop over the levels of the mode. It reads entries from
 * guest physical memory and sets accessed and dirty bits with compare-and-swap,
 * so that other CPUs' changes are never lost. Faults carry exact error codes.
 * Listings of the page tables are in mmu-dump.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "exec/ram_addr.h"
#include "target-i386/cpu.h"
#include "target-i386/mmu.h"
#include "target-i386/system.h"

/* --- physical memory ------------------------------------------------------------------------------ */

uint64_t mmu_load_entry(CPUX86State *env, hwaddr addr, unsigned size, const void **host)
{
    CPUState *cpu = env_cpu(env);

    addr &= env->a20_mask;
    *host = tlb_walk_pointer(cpu, addr);
    if (likely(*host)) {
        return size == 8 ? qatomic_read((const uint64_t *)*host) : qatomic_read((const uint32_t *)*host);
    }
    return address_space_ld(cpu->as, addr, size == 8 ? MO_LEUQ : MO_LEUL, NULL);
}

/* Set bits in an entry that still reads as `old`. False: it changed meanwhile. */
static bool update_entry(CPUX86State *env, hwaddr addr, unsigned size, uint64_t old, uint32_t bits)
{
    CPUState *cpu = env_cpu(env);
    void *host;

    addr &= env->a20_mask;
    host = tlb_walk_pointer(cpu, addr);
    if (unlikely(!host)) {
        address_space_st(cpu->as, addr, old | bits, size == 8 ? MO_LEUQ : MO_LEUL, NULL);
        return true;
    }
    if (size == 8 ? !__sync_bool_compare_and_swap((uint64_t *)host, old, old | bits)
                  : !__sync_bool_compare_and_swap((uint32_t *)host, (uint32_t)old, (uint32_t)old | bits)) {
        return false;
    }
    ram_addr_t ram = qemu_ram_offset(host);

    if (unlikely(cpu_physical_memory_page_is_clean_any(ram))) {
        cpu_physical_memory_note_write(ram, size);
    }
    return true;
}

/* --- paging modes ----------------------------------------------------------------------------------- */

static uint64_t physical_mask(const CPUX86State *env)
{
    return (UINT64_C(1) << env->phys_bits) - 1;
}

/* Entries of 32 bits; bits 39:32 of a 4 MiB page's address are in bits 20:13 (SDM 4.3). */
static const PagingLevel levels_32bit[] = {
    { 22, 10, LEVEL_LEAF_4M }, { 12, 10, LEVEL_LEAF },
};
static const PagingLevel levels_pae[] = {
    { 21, 9, LEVEL_LEAF_IF_PS }, { 12, 9, LEVEL_LEAF },
};
static const PagingLevel levels_long[] = {
    { 39, 9, 0 }, { 30, 9, LEVEL_LEAF_1G }, { 21, 9, LEVEL_LEAF_IF_PS }, { 12, 9, LEVEL_LEAF },
};

PagingMode mmu_paging_mode(const CPUX86State *env)
{
    uint64_t high = ~physical_mask(env);

    if (!(env->cr[0] & CR0_PG_MASK)) {
        return (PagingMode) { 0 };
    }
    if (!(env->cr[4] & CR4_PAE_MASK)) {
        return (PagingMode) { levels_32bit, ARRAY_SIZE(levels_32bit), 4, 0, env->cr[3] & 0xfffff000 };
    }
    if (!(env->efer & MSR_EFER_NXE)) {
        high |= PTE_NX;
    } else {
        high &= ~PTE_NX;
    }
    if (env->efer & MSR_EFER_LMA) {
        return (PagingMode) { levels_long, ARRAY_SIZE(levels_long), 8,
                              high & (PTE_NX | UINT64_C(0x000fffffffffffff)),
                              env->cr[3] & physical_mask(env) & ~UINT64_C(0xfff) };
    }
    return (PagingMode) { levels_pae, ARRAY_SIZE(levels_pae), 8, high, 0 };
}

bool mmu_entry_is_leaf(const CPUX86State *env, const PagingLevel *level, uint64_t entry)
{
    switch (level->kind) {
    case LEVEL_LEAF:
        return true;
    case LEVEL_LEAF_4M:
        return entry & PTE_PS && env->cr[4] & CR4_PSE_MASK;
    case LEVEL_LEAF_IF_PS:
        return entry & PTE_PS;
    case LEVEL_LEAF_1G:
        return entry & PTE_PS && cpu_has(env, CPUID_PDPE1GB);
    default:
        return false;
    }
}

/* Bits that must be 0 in an entry of this level. */
static uint64_t reserved_bits(const CPUX86State *env, const PagingMode *mode, const PagingLevel *level, bool leaf)
{
    if (level->kind == LEVEL_LEAF_4M) {
        if (!leaf) {
            return 0;
        }
        /* Address bits above the implemented ones, and bit 21. */
        unsigned high_bits = cpu_has(env, CPUID_PSE36) ? MIN(env->phys_bits, 40) - 32 : 0;

        return (0x3fe000 << high_bits) & 0x3fe000;
    }
    if (level->kind == LEVEL_LEAF) {
        return mode->reserved;
    }
    if (leaf) {
        return mode->reserved | (((UINT64_C(1) << level->shift) - 1) & ~UINT64_C(0x1fff));
    }
    return mode->reserved | (level->kind == LEVEL_LEAF_IF_PS ? 0 : PTE_PS);
}

/* --- the walk -------------------------------------------------------------------------------------------- */

typedef struct Access {
    MMUAccessType access;
    bool user, smap;            /* smap: user pages are forbidden */
    bool update;                /* set accessed and dirty bits */
} Access;

/* What may be done with a page whose entries' rights combine to `rights` (P W U, NX). */
static int page_protection(const CPUX86State *env, const Access *a, uint64_t rights)
{
    bool user_page = rights & PTE_U;
    int prot = 0;

    if (a->user ? !user_page : user_page && a->smap) {
        prot = 0;
    } else {
        prot = PAGE_READ;
        if (rights & PTE_W || (!a->user && !(env->cr[0] & CR0_WP_MASK))) {
            prot |= PAGE_WRITE;
        }
    }
    if (!(rights & PTE_NX) && (a->user ? user_page : !(user_page && env->cr[4] & CR4_SMEP_MASK))) {
        prot |= PAGE_EXEC;
    }
    return prot;
}

static int needed_protection(MMUAccessType access)
{
    return access == MMU_DATA_LOAD ? PAGE_READ : access == MMU_DATA_STORE ? PAGE_WRITE : PAGE_EXEC;
}

static uint32_t access_error(const CPUX86State *env, const Access *a)
{
    bool tells_fetch = (env->cr[4] & CR4_PAE_MASK && env->efer & MSR_EFER_NXE) || env->cr[4] & CR4_SMEP_MASK;

    return (a->access == MMU_DATA_STORE ? PG_ERROR_W : 0) | (a->user ? PG_ERROR_U : 0) |
           (a->access == MMU_INST_FETCH && tells_fetch ? PG_ERROR_ID : 0);
}

static hwaddr leaf_address(const PagingLevel *level, uint64_t entry, vaddr addr)
{
    uint64_t offset_mask = (UINT64_C(1) << level->shift) - 1;
    uint64_t base = entry & UINT64_C(0x000fffffffffffff) & ~offset_mask;

    if (level->kind == LEVEL_LEAF_4M) {
        base = (entry & 0xffc00000) | (entry & 0x1fe000) << 19;
    }
    return base | (addr & offset_mask);
}

typedef enum WalkResult { WALK_OK, WALK_FAULT, WALK_RETRY } WalkResult;

/* The leaf is found: check rights, set A and D. */
static WalkResult finish_walk(CPUX86State *env, const Access *a, const PagingMode *mode, hwaddr entry_addr,
                              uint64_t entry, uint64_t rights, PageWalk *out)
{
    int prot = page_protection(env, a, rights);
    uint32_t bits = PTE_A | (a->access == MMU_DATA_STORE ? PTE_D : 0);

    if (!(prot & needed_protection(a->access))) {
        out->error = access_error(env, a) | PG_ERROR_P;
        return WALK_FAULT;
    }
    if (a->update && (entry & bits) != bits) {
        if (!update_entry(env, entry_addr, mode->entry_size, entry, bits)) {
            return WALK_RETRY;
        }
        entry |= bits;
        out->path.level[out->path.nb - 1].value |= bits;
    }
    if (!(entry & PTE_D)) {
        prot &= ~PAGE_WRITE;            /* the first store comes here again */
    }
    out->prot = prot;
    out->global = entry & PTE_G && env->cr[4] & CR4_PGE_MASK;
    return WALK_OK;
}

static void note_entry(PageWalk *out, const void *host, uint64_t entry)
{
    out->path.level[out->path.nb++] = (TLBWalkEntry) { host, entry };
}

static WalkResult walk_levels(CPUX86State *env, vaddr addr, const Access *a, const PagingMode *mode,
                              hwaddr table, PageWalk *out)
{
    uint64_t rights = PTE_P | PTE_W | PTE_U | PTE_NX;   /* NX inverted while combining */

    for (unsigned i = 0; i < mode->num_levels; i++) {
        const PagingLevel *level = &mode->levels[i];
        unsigned index = addr >> level->shift & ((1u << level->index_bits) - 1);
        hwaddr entry_addr = table + index * mode->entry_size;
        const void *host;
        uint64_t entry = mmu_load_entry(env, entry_addr, mode->entry_size, &host);
        bool leaf = mmu_entry_is_leaf(env, level, entry);

        note_entry(out, host, entry);
        if (!(entry & PTE_P)) {
            out->error = access_error(env, a);
            return WALK_FAULT;
        }
        if (entry & reserved_bits(env, mode, level, leaf)) {
            out->error = access_error(env, a) | PG_ERROR_P | PG_ERROR_RSVD;
            return WALK_FAULT;
        }
        rights &= entry ^ PTE_NX;
        if (leaf) {
            out->page_size = UINT64_C(1) << level->shift;
            out->paddr = leaf_address(level, entry, addr);
            return finish_walk(env, a, mode, entry_addr, entry, rights ^ PTE_NX, out);
        }
        if (a->update && !(entry & PTE_A)) {
            if (!update_entry(env, entry_addr, mode->entry_size, entry, PTE_A)) {
                return WALK_RETRY;
            }
            out->path.level[out->path.nb - 1].value |= PTE_A;
        }
        table = entry & PTE_TABLE;
    }
    assert(!"the last level is a leaf");
    return WALK_FAULT;
}

/* PAE: the table of the directory pointer register of addr. False: not present. */
static bool pae_root(CPUX86State *env, vaddr addr, hwaddr *table, PageWalk *out)
{
    unsigned n = addr >> 30 & 3;
    hwaddr place = ((env->cr[3] & 0xffffffe0) + 8 * n) & env->a20_mask;

    if (!(env->pdpte[n] & PTE_P)) {
        return false;
    }
    note_entry(out, tlb_walk_pointer(env_cpu(env), place), env->pdpte[n]);
    *table = env->pdpte[n] & physical_mask(env) & ~UINT64_C(0xfff);
    return true;
}

static bool walk(CPUX86State *env, vaddr addr, const Access *a, PageWalk *out)
{
    PagingMode mode = mmu_paging_mode(env);
    hwaddr table = mode.root;
    WalkResult result;

    out->path = (TLBWalk) { .entry_bytes = mode.entry_size ? mode.entry_size : 4 };
    out->global = false;
    if (!mode.levels) {
        out->paddr = (uint32_t)addr;
        out->page_size = TARGET_PAGE_SIZE;
        out->prot = PAGE_READ | PAGE_WRITE | PAGE_EXEC;
        return true;
    }
    do {
        out->path.nb = 0;
        if (mode.levels == levels_pae && !pae_root(env, addr, &table, out)) {
            out->error = access_error(env, a);
            return false;
        }
        result = walk_levels(env, addr, a, &mode, table, out);
    } while (result == WALK_RETRY);
    return result == WALK_OK;
}

/* --- the core's hooks -------------------------------------------------------------------------------------- */

static void QEMU_NORETURN raise_non_canonical(CPUX86State *env, vaddr addr, MMUAccessType access, uintptr_t retaddr)
{
    unsigned vector = EXCP0D_GPF;

    if (retaddr && access != MMU_INST_FETCH) {
        cpu_restore_state(env_cpu(env), retaddr);
        vector = x86_access_is_stack(env, addr) ? EXCP0C_STACK : EXCP0D_GPF;
    }
    raise_exception_err_ra(env, vector, 0, 0);
}

static void QEMU_NORETURN raise_page_fault(CPUX86State *env, vaddr addr, MMUAccessType access, int mmu_idx,
                                           uint32_t error, uintptr_t retaddr)
{
    if (retaddr && access == MMU_DATA_LOAD && mmu_idx == x86_cpu_mmu_index(env_cpu(env), access)) {
        cpu_restore_state(env_cpu(env), retaddr);
        retaddr = 0;
        error |= x86_access_will_store(env) ? PG_ERROR_W : 0;
    }
    env->cr[2] = addr;
    raise_exception_err_ra(env, EXCP0E_PAGE, error, retaddr);
}

bool x86_cpu_tlb_fill(CPUState *cpu, vaddr addr, unsigned size, MMUAccessType access, int mmu_idx,
                      bool probe, uintptr_t retaddr)
{
    CPUX86State *env = cpu->env;
    Access a = {
        .access = access, .user = mmu_idx == MMU_USER_IDX, .update = true,
        .smap = mmu_idx == MMU_KSMAP_IDX && env->cr[4] & CR4_SMAP_MASK,
    };
    PageWalk page;

    if (!x86_is_canonical(env, addr)) {
        if (probe) {
            return false;
        }
        raise_non_canonical(env, addr, access, retaddr);
    }
    if (!walk(env, addr, &a, &page)) {
        if (probe) {
            return false;
        }
        raise_page_fault(env, addr, access, mmu_idx, page.error, retaddr);
    }
    for (unsigned i = 0; i < page.path.nb; i++) {
        if (!page.path.level[i].host) {
            page.path.nb = 0;           /* tables that are not in RAM are walked each time */
        }
    }
    tlb_set_page_walk(cpu, addr & TARGET_PAGE_MASK, page.paddr & TARGET_PAGE_MASK & env->a20_mask,
                      page.prot | (page.global ? PAGE_GLOBAL : 0), mmu_idx, page.page_size, &page.path);
    return true;
}

hwaddr x86_cpu_get_phys_page_debug(CPUState *cpu, vaddr addr)
{
    CPUX86State *env = cpu->env;
    const Access a = { .access = MMU_DATA_LOAD };
    PageWalk page;

    if (!x86_is_canonical(env, addr) || !walk(env, addr, &a, &page)) {
        return -1;
    }
    return page.paddr & TARGET_PAGE_MASK & env->a20_mask;
}

/* --- PAE's four directory pointers are registers (SDM 4.4.1) --------------------------------------------- */

bool mmu_load_pdptes(CPUX86State *env, uint64_t cr3, uint64_t pdpte[4])
{
    uint64_t reserved = ~physical_mask(env) | 0x1e6;
    const void *host;

    for (unsigned i = 0; i < 4; i++) {
        pdpte[i] = mmu_load_entry(env, (cr3 & 0xffffffe0) + 8 * i, 8, &host);
        if (pdpte[i] & PTE_P && pdpte[i] & reserved) {
            return false;
        }
    }
    return true;
}
