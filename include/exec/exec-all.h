/*
 * TranslationBlocks: translated regions of guest code, their lookup and life.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EXEC_EXEC_ALL_H
#define EXEC_EXEC_ALL_H

#include "hw/core/cpu.h"
#include "exec/cputlb.h"

/* tb->cflags */
#define CF_COUNT_MASK  0x000001ff   /* at most so many guest instructions (0: default) */
#define CF_NO_GOTO_TB  0x00000200   /* no direct chaining */
#define CF_NO_GOTO_PTR 0x00000400   /* no inline indirect lookup */
#define CF_SINGLE_STEP 0x00000800   /* gdb steps: raise EXCP_DEBUG after one instruction */
#define CF_USE_ICOUNT  0x00001000
#define CF_LAST_IO     0x00002000   /* the last instruction may do I/O (icount) */
#define CF_REGION      0x00004000   /* hot: translate as a region with inner branches */
#define CF_NO_IRQ      0x00008000   /* no exit_request check at the head */
#define CF_INVALID     0x00010000
#define CF_PARALLEL    0x00020000   /* other vCPUs exist: atomics must be atomic */

#define TB_MAX_EXITS 16             /* chaining slots of one block */
#define TB_MAX_INSNS 256            /* guest instructions in one region */
/* exit_tb's value: TB address | slot, or one of these with no TB. */
#define TB_EXIT_MASK      31
#define TB_EXIT_REQUESTED 30        /* exit_request was set */
#define TB_EXIT_HOT       29        /* exec counter ran out: make a region */
#define TB_EXIT_ICOUNT    28        /* slice used up */

/* One chaining slot of a block. */
typedef struct TBExit {
    uint32_t jmp_insn_offset;   /* of the patched jump in the block's code */
    uint32_t jmp_reset_offset;  /* where the unlinked jump lands */
    TranslationBlock *dest;     /* chained block, NULL: none */
    uintptr_t next;             /* TB | slot: list of those who jump to dest */
} TBExit;

/* Aligned so that a slot fits into the low bits of its address. */
struct TranslationBlock {
    vaddr pc;
    uint32_t flags;             /* get_tb_state's */
    uint32_t cflags;
    uint32_t size;              /* bytes of guest code covered, contiguous from pc */
    uint16_t icount;            /* guest instructions in it */
    uint16_t num_exits;
    int32_t exec_left;          /* counts down in generated code; < 0: hot */
    uint32_t code_size;         /* bytes of host code */

    const void *code;           /* executable host address */
    const uint8_t *search_data; /* insn_start and write-back tables, see tcg/README */
    uint32_t search_size;
    uint32_t hash;

    ram_addr_t page_addr[2];    /* pages of the first and last byte; [1] -1: same page; [0] -1: not RAM */
    TranslationBlock *hash_next;
    uintptr_t page_next[2];     /* TB | which page: other blocks on the page */
    uintptr_t jmp_list_head;    /* TB | slot of the first who jumps here */
    TBExit *exits;
};

/* target-x/translate.c: guest code at tb->pc -> ops in tcg_ctx; sets tb->size and icount. */
void gen_intermediate_code(CPUArchState *env, TranslationBlock *tb);
/* target-x/translate.c: declare globals, once. */
void target_translate_init(void);

/* --- code-buffer.c --- */

/* Map the buffer (0: 256 MiB); false: *errp. splitwx: written through another mapping than it runs from. */
bool tcg_exec_init(size_t tb_size_bytes, bool splitwx, Error **errp);
/* The block whose host code holds host_pc, or NULL. Any thread. */
TranslationBlock *tcg_tb_lookup(uintptr_t host_pc);
/* This vCPU goes to sleep: with split-wx, unmap what its thread wrote, at most once a second. */
void tb_release_idle(void);

/* --- tb-store.c --- */

/* The valid block for this state, or NULL; raises the fetch exception of pc. */
TranslationBlock *tb_htable_lookup(CPUState *cpu, vaddr pc, uint32_t flags, uint32_t cflags);
/* Nobody finds tb or jumps to it any more. */
void tb_phys_invalidate(TranslationBlock *tb);
/*
 * RAM [start, end) changes; ra: host return address of the storing instruction
 * or 0. True: a block of several instructions that holds that address was
 * invalidated, so that what comes behind the instruction may be stale.
 */
bool tb_invalidate_phys_range(ram_addr_t start, ram_addr_t end, uintptr_t ra);
/* Forget all blocks. A vCPU outside generated code, or with the BQL, which is dropped meanwhile. */
void tb_flush(CPUState *cpu);

/* --- translate-all.c --- */

/* Translate; raises the fetch exception of pc. The block may be one that another thread made meanwhile. */
TranslationBlock *tb_gen_code(CPUState *cpu, vaddr pc, uint32_t flags, uint32_t cflags);
void dump_exec_info(FILE *f);       /* info jit */
void dump_opcount_info(FILE *f);    /* info opcount */
/*
 * For a debugger (scripts/gdb/qemu.py) that stopped a vCPU's thread in generated code or
 * a helper: guest code and operations of the block that holds host_pc, on stdout.
 */
void tb_debug_dump(uintptr_t host_pc);

/* --- cputlb.c --- */

/* The ram_addr_t of the code at pc; raises the fetch exception; -1: not RAM. */
ram_addr_t get_page_addr_code(CPUArchState *env, vaddr pc);
/* From now on stores to this RAM page take the slow path. */
void tlb_protect_code(ram_addr_t page);

/* --- cpu-exec.c --- */

/* Leave the block; run the instruction whose helper returns to ra again, as a block of its own. */
void cpu_restart_insn(CPUState *cpu, uintptr_t ra) QEMU_NORETURN;
int cpu_exec(CPUState *cpu);

#endif
