/*
 * Atomic read-modify-write of guest memory, and probes.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "exec/cputlb-internal.h"

void *probe_access(CPUArchState *env, vaddr addr, unsigned size, MMUAccessType access, int mmu_idx, uintptr_t ra)
{
    CPUState *cpu = env_cpu(env);
    TLBFull *f = tlb_lookup(cpu, addr, size, access, mmu_idx, false, ra);

    if (unlikely(f->watched)) {
        cpu_check_watchpoint(cpu, addr, size, access == MMU_DATA_STORE ? BP_MEM_WRITE : BP_MEM_READ, ra);
    }
    if (!f->host || (access == MMU_DATA_STORE && f->readonly)) {
        return NULL;
    }
    if (access == MMU_DATA_STORE) {
        tlb_note_store(cpu, mmu_idx, f, addr, size, ra);
    }
    return f->host + (addr & ~TARGET_PAGE_MASK);
}

void *tlb_vaddr_to_host(CPUArchState *env, vaddr addr, MMUAccessType access, int mmu_idx)
{
    CPUState *cpu = env_cpu(env);
    TLBFull *f = tlb_lookup(cpu, addr, 1, access, mmu_idx, true, 0);

    if (!f || !f->host || f->watched || (access == MMU_DATA_STORE && !tlb_stores_unwatched(f))) {
        return NULL;
    }
    return f->host + (addr & ~TARGET_PAGE_MASK);
}

typedef enum AtomicKind { ATOMIC_CMPXCHG, ATOMIC_XCHG, ATOMIC_ADD, ATOMIC_AND, ATOMIC_OR, ATOMIC_XOR } AtomicKind;

static uint64_t atomic_new_value(AtomicKind kind, uint64_t old, uint64_t val)
{
    switch (kind) {
    case ATOMIC_ADD: return old + val;
    case ATOMIC_AND: return old & val;
    case ATOMIC_OR:  return old | val;
    case ATOMIC_XOR: return old ^ val;
    default:         return val;
    }
}

static bool host_cmpxchg(void *p, uint64_t *expected, uint64_t desired, MemOp op)
{
#define CMPXCHG(type) ({                                                            \
        type e_ = *expected;                                                        \
        bool ok_ = __atomic_compare_exchange_n((type *)p, &e_, (type)desired, false, \
                                               __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); \
        *expected = e_;                                                             \
        ok_; })
    switch (op & MO_SIZE) {
    case MO_8:  return CMPXCHG(uint8_t);
    case MO_16: return CMPXCHG(uint16_t);
    case MO_32: return CMPXCHG(uint32_t);
    default:    return CMPXCHG(uint64_t);
    }
#undef CMPXCHG
}

/* Unaligned, I/O or ROM: not atomic, like split locks of old buses. */
static uint64_t atomic_slow(CPUArchState *env, vaddr addr, AtomicKind kind, uint64_t cmp, uint64_t val,
                            MemOpIdx oi, uintptr_t ra)
{
    MemOpIdx plain = make_memop_idx((MemOp)(get_memop(oi) & ~MO_SIGN), get_mmuidx(oi));
    uint64_t old = cpu_ld_mmu(env, addr, plain, ra);

    if (kind != ATOMIC_CMPXCHG || old == cmp) {
        cpu_st_mmu(env, addr, atomic_new_value(kind, old, val), plain, ra);
    }
    return old;
}

static uint64_t atomic_rmw(CPUArchState *env, vaddr addr, AtomicKind kind, uint64_t cmp, uint64_t val,
                           MemOpIdx oi, uintptr_t ra)
{
    MemOp op = get_memop(oi);
    unsigned size = memop_size(op);
    uint64_t mask = size == 8 ? UINT64_MAX : (UINT64_C(1) << 8 * size) - 1;
    uint64_t raw;
    void *p;

    check_alignment(env_cpu(env), addr, op, MMU_DATA_STORE, get_mmuidx(oi), ra);
    cmp &= mask;
    if (addr & (size - 1)) {
        return atomic_slow(env, addr, kind, cmp, val, oi, ra);
    }
    p = probe_access(env, addr, size, MMU_DATA_STORE, get_mmuidx(oi), ra);
    if (!p) {
        return atomic_slow(env, addr, kind, cmp, val, oi, ra);
    }
    if (kind == ATOMIC_CMPXCHG) {
        raw = swap_value(cmp, op);
        host_cmpxchg(p, &raw, swap_value(val, op), op);
        return swap_value(raw, op);
    }
    raw = 0;
    host_cmpxchg(p, &raw, 0, op);       /* reads */
    while (!host_cmpxchg(p, &raw, swap_value(atomic_new_value(kind, swap_value(raw, op), val), op), op)) {
    }
    return swap_value(raw, op);
}

uint64_t cpu_atomic_cmpxchg_mmu(CPUArchState *env, vaddr addr, uint64_t cmp, uint64_t new_value, MemOpIdx oi, uintptr_t ra)
{
    return atomic_rmw(env, addr, ATOMIC_CMPXCHG, cmp, new_value, oi, ra);
}

uint64_t cpu_atomic_xchg_mmu(CPUArchState *env, vaddr addr, uint64_t val, MemOpIdx oi, uintptr_t ra)
{
    return atomic_rmw(env, addr, ATOMIC_XCHG, 0, val, oi, ra);
}

uint64_t cpu_atomic_fetch_add_mmu(CPUArchState *env, vaddr addr, uint64_t val, MemOpIdx oi, uintptr_t ra)
{
    return atomic_rmw(env, addr, ATOMIC_ADD, 0, val, oi, ra);
}

uint64_t cpu_atomic_fetch_and_mmu(CPUArchState *env, vaddr addr, uint64_t val, MemOpIdx oi, uintptr_t ra)
{
    return atomic_rmw(env, addr, ATOMIC_AND, 0, val, oi, ra);
}

uint64_t cpu_atomic_fetch_or_mmu(CPUArchState *env, vaddr addr, uint64_t val, MemOpIdx oi, uintptr_t ra)
{
    return atomic_rmw(env, addr, ATOMIC_OR, 0, val, oi, ra);
}

uint64_t cpu_atomic_fetch_xor_mmu(CPUArchState *env, vaddr addr, uint64_t val, MemOpIdx oi, uintptr_t ra)
{
    return atomic_rmw(env, addr, ATOMIC_XOR, 0, val, oi, ra);
}
