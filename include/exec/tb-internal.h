/*
 * Between cpu-exec.c, translate-all.c, tb-store.c, code-buffer.c and cputlb.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EXEC_TB_INTERNAL_H
#define EXEC_TB_INTERNAL_H

/* Executions after which a block becomes a region. */
#define TB_HOT_THRESHOLD 200

#include "exec/exec-all.h"
#include "tcg/tcg.h"

/* What `info jit` tells. Races between threads lose counts, but for flushes, which stop all of them. */
typedef struct TBStats {
    uint64_t blocks, regions, flushes, invalidations;
    uint64_t guest_bytes, guest_insns, host_bytes;      /* of all blocks so far */
} TBStats;
extern TBStats tb_stats;

/* --- code-buffer.c --- */

/* Executable minus writable address of the same code; 0 without split-wx. */
extern ptrdiff_t code_rx_diff;
/* vCPU thread, once: where code goes, and the prologue. */
void code_buffer_attach(TCGContext *s);
/* Room for a block in this thread's region; may empty the buffer and leave cpu_exec's loop body. */
void code_buffer_ensure_room(CPUState *cpu);
/* Side tables of a block that begins below the high-water mark end before this. */
uint8_t *code_buffer_end(const TCGContext *s);
/* tb, finished, is behind all others of this thread's region: now it can be found by host address. */
void code_buffer_add(TranslationBlock *tb);
/* All regions are unused again. Only while no vCPU executes generated code. */
void code_buffer_reset(void);
/* In bytes. */
size_t code_buffer_size(void);

/* --- tb-store.c --- */

/*
 * The number of stores to the page so far. Before its code is read: from now on
 * stores are seen.
 */
uint32_t tb_begin_reading_page(ram_addr_t page_addr);
/*
 * Publish tb; returns it, or the equal block that another thread published
 * first. stores: of each page when translation began; when there were more
 * since, the block is for this time only.
 */
TranslationBlock *tb_publish(TranslationBlock *tb, const uint32_t stores[2]);
/* Regions of the page at addr that stores took away so far. */
uint32_t tb_page_lost_regions(ram_addr_t addr);
/* Those who jump to old jump to the region tb from now on, if that is still valid; old goes. */
void tb_replace(TranslationBlock *old, TranslationBlock *tb);
/* Chain slot n of tb to next, unless it is chained or either is invalid. */
void tb_add_jump(TranslationBlock *tb, int n, TranslationBlock *next);

/* --- translate-all.c and others --- */

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
