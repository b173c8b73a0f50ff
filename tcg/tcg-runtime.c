/*
 * Helpers that the translator itself calls from generated code: atomic
 * read-modify-write of guest memory. The accesses are cputlb.c's; here they
 * get the return address that makes their faults precise.
 *
 * SPDX-License-Identifier: MIT
 */
#include "exec/cputlb.h"

#define HELPER_H "tcg/tcg-runtime.h"
#include "tcg/helper-info.h"

uint64_t helper_atomic_cmpxchg(CPUArchState *env, uint64_t addr, uint64_t cmp,
                               uint64_t new_value, uint32_t oi)
{
    return cpu_atomic_cmpxchg_mmu(env, addr, cmp, new_value, oi, GETPC());
}

uint64_t helper_atomic_xchg(CPUArchState *env, uint64_t addr, uint64_t val, uint32_t oi)
{
    return cpu_atomic_xchg_mmu(env, addr, val, oi, GETPC());
}

uint64_t helper_atomic_fetch_add(CPUArchState *env, uint64_t addr, uint64_t val, uint32_t oi)
{
    return cpu_atomic_fetch_add_mmu(env, addr, val, oi, GETPC());
}

uint64_t helper_atomic_fetch_and(CPUArchState *env, uint64_t addr, uint64_t val, uint32_t oi)
{
    return cpu_atomic_fetch_and_mmu(env, addr, val, oi, GETPC());
}

uint64_t helper_atomic_fetch_or(CPUArchState *env, uint64_t addr, uint64_t val, uint32_t oi)
{
    return cpu_atomic_fetch_or_mmu(env, addr, val, oi, GETPC());
}

uint64_t helper_atomic_fetch_xor(CPUArchState *env, uint64_t addr, uint64_t val, uint32_t oi)
{
    return cpu_atomic_fetch_xor_mmu(env, addr, val, oi, GETPC());
}
