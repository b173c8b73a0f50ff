/*
 * Between cpu-exec.c, translate-all.c and cputlb.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EXEC_TB_INTERNAL_H
#define EXEC_TB_INTERNAL_H

/* Executions after which a block becomes a region. */
#define TB_HOT_THRESHOLD 200

#include "exec/exec-all.h"

/* Chain slot n of tb to next, unless it is chained or either is invalid. */
void tb_add_jump(TranslationBlock *tb, int n, TranslationBlock *next);
/* tb's counter ran out: put a region in its place. */
void tb_make_region(CPUState *cpu, TranslationBlock *tb);
/* vCPU thread, once: point its TCG context at the CPU's tables and the code buffer. */
void translate_context_config(CPUState *cpu);
/* Before the first tlb_init: where the first fast table lies, and how large one is. */
void tlb_layout(intptr_t offset_from_env, size_t table_bytes);
/* cpu->tlb and the tables behind env. */
void tlb_init(CPUState *cpu);
void tlb_destroy(CPUState *cpu);
/* Instructions of the block at retaddr that come after the one there: charged, but not executed. */
int tb_insns_after(CPUState *cpu, uintptr_t retaddr);
/* Forget jump-cache entries of a block. */
void tb_jmp_cache_drop(TranslationBlock *tb);
/*
 * Run fn while no vCPU executes generated code. Caller is a vCPU outside
 * generated code, or holds the BQL, which is dropped meanwhile.
 */
void cpu_exec_exclusive(void (*fn)(void));
/* Somebody waits for all vCPUs to leave generated code: leave cpu_exec. */
bool cpu_exclusive_wanted(void);
/* vCPU thread: around generated code. */
void cpu_exec_start(CPUState *cpu);
void cpu_exec_end(CPUState *cpu);

#endif
