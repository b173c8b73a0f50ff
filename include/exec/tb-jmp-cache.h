/*
 * Where a pc lives in the indirect jump cache: shared by cpu_exec, which fills
 * the cache, and by the probes that back ends emit for goto_ptr.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EXEC_TB_JMP_CACHE_H
#define EXEC_TB_JMP_CACHE_H

#include "hw/core/cpu.h"

static inline unsigned tb_jmp_cache_hash(vaddr pc)
{
    return pc >> 2 & (TB_JMP_CACHE_SIZE - 1);
}

#endif
