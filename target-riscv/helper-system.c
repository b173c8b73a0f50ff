/*
 * Helpers of CSR instructions, fences of translation, and atomics between CPUs.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-riscv/insn.h"
#define HELPER_H "target-riscv/helper.h"
#include "tcg/helper-proto.h"

uint32_t helper_csr_read(CPURISCVState *env, uint32_t csr)
{
    uint32_t old = 0;

    if (!riscv_csr_access(env, csr, &old, 0, 0, false)) {
        raise_illegal_ra(env, GETPC());
    }
    return old;
}

uint32_t helper_csr_write(CPURISCVState *env, uint32_t csr, uint32_t value, uint32_t mask)
{
    uint32_t old = 0;

    if (!riscv_csr_access(env, csr, &old, value, mask, true)) {
        raise_illegal_ra(env, GETPC());
    }
    return old;
}

/* given: bit 0 an address, bit 1 an address space. Without an address everything goes. */
void helper_sfence_vma(CPURISCVState *env, uint32_t addr, uint32_t asid, uint32_t given)
{
    if (!env->model->has_mmu || env->priv == PRIV_U || (env->priv == PRIV_S && env->mstatus & MSTATUS_TVM)) {
        raise_illegal_ra(env, GETPC());
    }
    if (given & 1) {
        tlb_flush_page(env_cpu(env), addr & TARGET_PAGE_MASK);
    } else {
        tlb_flush(env_cpu(env));
    }
}

static uint32_t select_value(AmoOp op, uint32_t a, uint32_t b)
{
    switch (op) {
    case AMO_MIN:
        return (int32_t)a < (int32_t)b ? a : b;
    case AMO_MAX:
        return (int32_t)a > (int32_t)b ? a : b;
    case AMO_MINU:
        return MIN(a, b);
    default:
        return MAX(a, b);
    }
}

/* AMOMIN and its like between several CPUs: returns the old value. op: AmoOp, and the MMU index from bit 8 on. */
uint32_t helper_amo_select(CPURISCVState *env, uint32_t addr, uint32_t value, uint32_t op)
{
    MemOpIdx oi = make_memop_idx(MO_LEUL | MO_ALIGN, op >> 8);
    uintptr_t ra = GETPC();
    uint32_t old = cpu_atomic_fetch_or_mmu(env, addr, 0, oi, ra), seen;

    while ((seen = cpu_atomic_cmpxchg_mmu(env, addr, old, select_value(op & 0xff, old, value), oi, ra)) != old) {
        old = seen;
    }
    return old;
}
