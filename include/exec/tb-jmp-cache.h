/*
 * Where a pc lives in the indirect jump cache: shared by cpu_exec, which fills
 * the cache, and by the probes that back ends emit for goto_ptr.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EXEC_TB_JMP_CACHE_H
#define EXEC_TB_JMP_CACHE_H

#include "hw/core/cpu.h"

/*
 * key: pc, or an entry's key (tb_key ^ pc): its low half is pc ^ colour. The two low
 * bits go on top of the index: blocks of ISAs without alignment lie close together.
 */
#define TB_JMP_CACHE_FACTOR ((1u << TB_JMP_CACHE_BITS) + 1)
static inline unsigned tb_jmp_cache_hash(uint64_t key)
{
    return (uint32_t)key * TB_JMP_CACHE_FACTOR >> 2 & (TB_JMP_CACHE_SIZE - 1);
}

/* Low half of tb_key: a few index bits that depend on the address space. */
#define TB_JMP_CACHE_COLOURS 4
static inline uint32_t tb_jmp_cache_colour(uint64_t address_space)
{
    uint32_t hash = (address_space ^ address_space >> 4 ^ address_space >> 9) % TB_JMP_CACHE_COLOURS;

    return hash << TB_JMP_CACHE_BITS;
}

#endif
