/*
 * What front ends for guests with a 32-bit pc share: the loop over a block, the two
 * tiers (cold blocks that count, hot regions with inner branches), and the ways
 * out of a block. The front end gives two functions: the shape of an instruction
 * and its ops. See docs/porting.md.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EXEC_TRANSLATOR_H
#define EXEC_TRANSLATOR_H

#include "exec/exec-all.h"
#include "tcg/tcg-op.h"

typedef struct TranslatorContext TranslatorContext;

/* Where control goes from an instruction. */
typedef struct InsnShape {
    uint8_t length;         /* bytes */
    bool has_target;        /* a direct branch that translator_branch or _jump will make */
    bool ends;              /* control does not fall through, or the block has to end behind it */
    uint32_t target;
} InsnShape;

typedef struct TranslatorOps {
    /*
     * The shape of the instruction at pc. Only the length is used of one that
     * crosses into the next page, which must not be touched.
     */
    void (*shape)(TranslatorContext *ctx, uint32_t pc, InsnShape *shape);
    /* Ops of the instruction at ctx->pc; sets ctx->next_pc. insn_start is there already. */
    void (*translate)(TranslatorContext *ctx);
} TranslatorOps;

/* First member of a front end's own context. */
struct TranslatorContext {
    const TranslatorOps *ops;
    CPUArchState *env;
    TranslationBlock *tb;
    uint32_t pc, next_pc;       /* of the instruction being translated */
    bool ended;                 /* control does not reach next_pc */
    bool stop;                  /* the block ends behind this instruction: see translator_stop */
    bool may_chain;             /* goto_tb allowed */
    unsigned slots;             /* exits used */
    unsigned num_insns;
    struct LaterExit *later_exits;
    struct TranslatorRegion *region;    /* NULL: one basic block */
};

/* target_translate_init: the global that is the guest's pc. */
void translator_set_pc(TCGv_i32 pc);
/* All of gen_intermediate_code. ctx: zeroed but for ops and the front end's own fields. */
void translator_run(TranslatorContext *ctx, CPUArchState *env, TranslationBlock *tb);

/* --- for translate(): ways out -------------------------------------------------------------- */

/* To dest: inside the region, chained, or through a lookup. */
void translator_jump(TranslatorContext *ctx, uint32_t dest);
/* To dest (an instruction's address; masked by the front end). */
void translator_jump_indirect(TranslatorContext *ctx, TCGv_i32 dest);
/* To dest when a <cond> b, else to ctx->next_pc, which is set. */
void translator_branch(TranslatorContext *ctx, TCGCond cond, TCGv_i32 a, TCGv_i32 b, uint32_t dest);
/* The pc is stored, by ops or by a helper: go there. */
void translator_exit(TranslatorContext *ctx);
/* Behind this instruction the flags of get_tb_state may differ: end the block, look the next one up. */
static inline void translator_stop(TranslatorContext *ctx) { ctx->stop = true; }
/* A helper that does not return was called: what follows is dead. */
static inline void translator_raised(TranslatorContext *ctx) { ctx->ended = true; }

#endif
