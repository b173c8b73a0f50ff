/*
 * Accesses of generated code and helpers that the fast tables do not serve:
 * misses, I/O, pages with code or watchpoints, page crossings, code fetches.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/main-loop.h"
#include "exec/cputlb-internal.h"
#include "exec/tb-internal.h"
#include "sysemu/sysemu.h"

/* Aligned accesses happen at once, as other CPUs of the guest expect. Hosts are little-endian. */
static uint64_t load_host(const void *p, MemOp op)
{
    uint64_t val = 0;

    if ((uintptr_t)p & (memop_size(op) - 1)) {
        memcpy(&val, p, memop_size(op));
        return swap_value(val, op);
    }
    switch (op & MO_SIZE) {
    case MO_8: return qatomic_read((const uint8_t *)p);
    case MO_16: return swap_value(qatomic_read((const uint16_t *)p), op);
    case MO_32: return swap_value(qatomic_read((const uint32_t *)p), op);
    default: return swap_value(qatomic_read((const uint64_t *)p), op);
    }
}

static void store_host(void *p, uint64_t val, MemOp op)
{
    val = swap_value(val, op);
    if ((uintptr_t)p & (memop_size(op) - 1)) {
        memcpy(p, &val, memop_size(op));
        return;
    }
    switch (op & MO_SIZE) {
    case MO_8: qatomic_set((uint8_t *)p, (uint8_t)val); break;
    case MO_16: qatomic_set((uint16_t *)p, (uint16_t)val); break;
    case MO_32: qatomic_set((uint32_t *)p, (uint32_t)val); break;
    default: qatomic_set((uint64_t *)p, val); break;
    }
}

static uint64_t extend(uint64_t val, MemOp op)
{
    if (!(op & MO_SIGN)) {
        return val;
    }
    switch (op & MO_SIZE) {
    case MO_8: return (int8_t)val;
    case MO_16: return (int16_t)val;
    case MO_32: return (int32_t)val;
    default: return val;
    }
}

static void transaction_failed(CPUState *cpu, const TLBFull *f, vaddr addr, unsigned size,
                               MMUAccessType access, int mmu_idx, MemTxResult r, uintptr_t ra)
{
    if (cpu->cc->do_transaction_failed) {
        cpu->cc->do_transaction_failed(cpu, f->paddr | (addr & ~TARGET_PAGE_MASK), addr, size,
                                       access, mmu_idx, r, ra);
    }
}

int tlb_io_begin(CPUState *cpu, bool locked, uintptr_t ra)
{
    int ahead = 0;

    cpu->mem_io_pc = ra;
    if (!locked) {
        qemu_mutex_lock_iothread();
    }
    if (unlikely(icount_enabled())) {
        ahead = tb_insns_after(cpu, ra);
        cpu_neg(cpu)->icount_left += ahead;
    }
    return ahead;
}

void tlb_io_end(CPUState *cpu, bool locked, int ahead)
{
    cpu_neg(cpu)->icount_left -= ahead;
    if (!locked) {
        qemu_mutex_unlock_iothread();
    }
}

static uint64_t io_load(CPUState *cpu, const TLBFull *f, vaddr addr, MemOp op, int mmu_idx,
                        MMUAccessType access, uintptr_t ra)
{
    hwaddr offset = addr & ~TARGET_PAGE_MASK;
    bool locked = qemu_mutex_iothread_locked();
    MemTxResult r = MEMTX_OK;
    int ahead = tlb_io_begin(cpu, locked, ra);
    uint64_t val = address_space_ld(cpu->as, f->paddr + offset, op & ~MO_SIGN, &r);

    tlb_io_end(cpu, locked, ahead);
    if (unlikely(r != MEMTX_OK)) {
        transaction_failed(cpu, f, addr, memop_size(op), access, mmu_idx, r, ra);
    }
    return val;
}

static void io_store(CPUState *cpu, const TLBFull *f, vaddr addr, uint64_t val, MemOp op, int mmu_idx, uintptr_t ra)
{
    hwaddr offset = addr & ~TARGET_PAGE_MASK;
    bool locked = qemu_mutex_iothread_locked();
    MemTxResult r = MEMTX_OK;
    int ahead = tlb_io_begin(cpu, locked, ra);

    address_space_st(cpu->as, f->paddr + offset, val, op, &r);
    tlb_io_end(cpu, locked, ahead);
    if (unlikely(r != MEMTX_OK)) {
        transaction_failed(cpu, f, addr, memop_size(op), MMU_DATA_STORE, mmu_idx, r, ra);
    }
}

/* Within one page. */
static uint64_t load_in_page(CPUState *cpu, vaddr addr, MemOp op, int mmu_idx, MMUAccessType access, uintptr_t ra)
{
    unsigned size = memop_size(op);
    TLBFull *f = tlb_lookup(cpu, addr, size, access, mmu_idx, false, ra);

    if (unlikely(f->watched) && access == MMU_DATA_LOAD) {
        cpu_check_watchpoint(cpu, addr, size, BP_MEM_READ, ra);
    }
    if (likely(f->host)) {
        if (access == MMU_DATA_LOAD) {
            tlb_fast_refill(cpu, mmu_idx, f, access);
        }
        return load_host(f->host + (addr & ~TARGET_PAGE_MASK), op);
    }
    return io_load(cpu, f, addr, op, mmu_idx, access, ra);
}

static void store_in_page(CPUState *cpu, vaddr addr, uint64_t val, MemOp op, int mmu_idx, uintptr_t ra)
{
    unsigned size = memop_size(op);
    TLBFull *f = tlb_lookup(cpu, addr, size, MMU_DATA_STORE, mmu_idx, false, ra);

    if (unlikely(f->watched)) {
        cpu_check_watchpoint(cpu, addr, size, BP_MEM_WRITE, ra);
    }
    if (unlikely(!f->host || f->readonly)) {
        io_store(cpu, f, addr, val, op, mmu_idx, ra);
        return;
    }
    tlb_note_store(cpu, mmu_idx, f, addr, size, ra);
    store_host(f->host + (addr & ~TARGET_PAGE_MASK), val, op);
}

/* Byte i of an access, on a CPU whose addresses wrap at 32 bits. */
static vaddr byte_addr(CPUState *cpu, vaddr addr, unsigned i)
{
    return cpu->cc->vaddr_bits == 32 ? (uint32_t)(addr + i) : addr + i;
}

static uint64_t load_common(CPUState *cpu, vaddr addr, MemOpIdx oi, MMUAccessType access, uintptr_t ra)
{
    MemOp op = get_memop(oi);
    unsigned size = memop_size(op);
    int mmu_idx = get_mmuidx(oi);
    uint64_t val = 0;

    check_alignment(cpu, addr, op, access, mmu_idx, ra);
    if (likely(!crosses_page(addr, size))) {
        return extend(load_in_page(cpu, addr, op, mmu_idx, access, ra), op);
    }
    /* Both pages must be there before anything is read. */
    tlb_lookup(cpu, addr, size, access, mmu_idx, false, ra);
    tlb_lookup(cpu, byte_addr(cpu, addr, size - 1) & TARGET_PAGE_MASK, 1, access, mmu_idx, false, ra);
    for (unsigned i = 0; i < size; i++) {
        uint64_t b = load_in_page(cpu, byte_addr(cpu, addr, i), MO_UB, mmu_idx, access, ra);

        val |= b << 8 * (op & MO_BSWAP ? size - 1 - i : i);
    }
    return extend(val, op);
}

uint64_t cpu_ld_mmu(CPUArchState *env, vaddr addr, MemOpIdx oi, uintptr_t ra)
{
    return load_common(env_cpu(env), addr, oi, MMU_DATA_LOAD, ra);
}

void cpu_st_mmu(CPUArchState *env, vaddr addr, uint64_t val, MemOpIdx oi, uintptr_t ra)
{
    CPUState *cpu = env_cpu(env);
    MemOp op = get_memop(oi);
    unsigned size = memop_size(op);
    int mmu_idx = get_mmuidx(oi);

    check_alignment(cpu, addr, op, MMU_DATA_STORE, mmu_idx, ra);
    if (likely(!crosses_page(addr, size))) {
        store_in_page(cpu, addr, val, op, mmu_idx, ra);
        return;
    }
    tlb_lookup(cpu, addr, size, MMU_DATA_STORE, mmu_idx, false, ra);
    tlb_lookup(cpu, byte_addr(cpu, addr, size - 1) & TARGET_PAGE_MASK, 1, MMU_DATA_STORE, mmu_idx, false, ra);
    for (unsigned i = 0; i < size; i++) {
        uint8_t b = val >> 8 * (op & MO_BSWAP ? size - 1 - i : i);

        store_in_page(cpu, byte_addr(cpu, addr, i), b, MO_UB, mmu_idx, ra);
    }
}

void cpu_probe_st_mmu(CPUArchState *env, vaddr addr, MemOpIdx oi, uintptr_t ra)
{
    CPUState *cpu = env_cpu(env);
    unsigned size = memop_size(get_memop(oi));
    int mmu_idx = get_mmuidx(oi);

    check_alignment(cpu, addr, get_memop(oi), MMU_DATA_STORE, mmu_idx, ra);
    if (likely(!crosses_page(addr, size))) {
        probe_access(env, addr, size, MMU_DATA_STORE, mmu_idx, ra);
        return;
    }
    unsigned first = TARGET_PAGE_SIZE - (addr & ~TARGET_PAGE_MASK);

    tlb_lookup(cpu, addr, first, MMU_DATA_STORE, mmu_idx, false, ra);
    probe_access(env, byte_addr(cpu, addr, first), size - first, MMU_DATA_STORE, mmu_idx, ra);
    probe_access(env, addr, first, MMU_DATA_STORE, mmu_idx, ra);
}

Int128Pair cpu_ld16_mmu(CPUArchState *env, vaddr addr, MemOpIdx oi, uintptr_t ra)
{
    CPUState *cpu = env_cpu(env);
    MemOp op = (MemOp)((get_memop(oi) & ~(MO_SIZE | MO_SIGN | MO_ALIGN)) | MO_64);
    MemOpIdx half = make_memop_idx(op, get_mmuidx(oi));
    Int128Pair r;

    check_alignment(cpu, addr, get_memop(oi), MMU_DATA_LOAD, get_mmuidx(oi), ra);
    r.lo = cpu_ld_mmu(env, byte_addr(cpu, addr, op & MO_BSWAP ? 8 : 0), half, ra);
    r.hi = cpu_ld_mmu(env, byte_addr(cpu, addr, op & MO_BSWAP ? 0 : 8), half, ra);
    return r;
}

void cpu_st16_mmu(CPUArchState *env, vaddr addr, Int128Pair val, MemOpIdx oi, uintptr_t ra)
{
    CPUState *cpu = env_cpu(env);
    MemOp op = (MemOp)((get_memop(oi) & ~(MO_SIZE | MO_SIGN | MO_ALIGN)) | MO_64);
    MemOpIdx half = make_memop_idx(op, get_mmuidx(oi));

    check_alignment(cpu, addr, get_memop(oi), MMU_DATA_STORE, get_mmuidx(oi), ra);
    if (crosses_page(addr, 16)) {
        tlb_lookup(cpu, addr, 16, MMU_DATA_STORE, get_mmuidx(oi), false, ra);
        tlb_lookup(cpu, byte_addr(cpu, addr, 15), 1, MMU_DATA_STORE, get_mmuidx(oi), false, ra);
    }
    cpu_st_mmu(env, byte_addr(cpu, addr, op & MO_BSWAP ? 8 : 0), val.lo, half, ra);
    cpu_st_mmu(env, byte_addr(cpu, addr, op & MO_BSWAP ? 0 : 8), val.hi, half, ra);
}

/* --- code ------------------------------------------------------------------------------------------ */

static uint64_t load_code(CPUArchState *env, vaddr addr, MemOp op)
{
    CPUState *cpu = env_cpu(env);
    int mmu_idx = cpu->cc->mmu_index(cpu, MMU_INST_FETCH);

    return load_common(cpu, addr, make_memop_idx(op, mmu_idx), MMU_INST_FETCH, 0);
}

uint32_t cpu_ldl_code(CPUArchState *env, vaddr addr)
{
    return load_code(env, addr, target_words_bigendian ? MO_BEUL : MO_LEUL);
}

uint16_t cpu_lduw_code(CPUArchState *env, vaddr addr)
{
    return load_code(env, addr, target_words_bigendian ? MO_BEUW : MO_LEUW);
}

uint8_t cpu_ldub_code(CPUArchState *env, vaddr addr)
{
    return load_code(env, addr, MO_UB);
}

ram_addr_t get_page_addr_code(CPUArchState *env, vaddr pc)
{
    CPUState *cpu = env_cpu(env);
    int mmu_idx = cpu->cc->mmu_index(cpu, MMU_INST_FETCH);
    TLBFull *f = tlb_lookup(cpu, pc, 1, MMU_INST_FETCH, mmu_idx, false, 0);

    tlb_note_code(cpu, f);
    return f->host ? f->ram_addr + (pc & ~TARGET_PAGE_MASK) : (ram_addr_t)-1;
}
