/*
 * Basic blocks of a translated region, for the passes behind the optimizer.
 *
 * A block starts at a label or behind a branch. goto_tb does not end one: it is
 * an exit in the middle, behind which the code for the unlinked case follows.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TCG_CFG_H
#define TCG_CFG_H

#include "tcg/tcg-internal.h"

typedef struct TCGBlock {
    TCGOp *first, *last;    /* first NULL: no ops left */
    int next, taken;        /* successors: by falling through, by branching; -1: none */
    int depth;              /* loops around it */
    int preds;              /* branches and fall-throughs into it */
    uint64_t *live_in, *live_out, *use, *def;   /* bits: tracked temps */
    uint64_t *dirty_in;     /* region registers that memory may lag behind */
} TCGBlock;

typedef struct TCGCfg {
    int nb_blocks;
    TCGBlock *blocks;
    /* Tracked temps: all globals (same index), then temps used in several blocks. */
    int nb_tracked, words;
    TCGTemp **tracked;
    int32_t *track;         /* temp index -> tracked index, -1: lives in one block */
} TCGCfg;

TCGCfg *tcg_cfg_build(TCGContext *s);

static inline int cfg_track(const TCGCfg *cfg, const TCGTemp *t)
{
    return cfg->track[t->index];
}

static inline bool bit_get(const uint64_t *set, int bit) { return set[bit >> 6] >> (bit & 63) & 1; }
static inline void bit_set(uint64_t *set, int bit) { set[bit >> 6] |= UINT64_C(1) << (bit & 63); }
static inline void bit_clear(uint64_t *set, int bit) { set[bit >> 6] &= ~(UINT64_C(1) << (bit & 63)); }

/* What an op means to globals besides its arguments. */
enum { OP_READS_GLOBALS = 1, OP_WRITES_GLOBALS = 2, OP_SYNCS_GLOBALS = 4 };
unsigned tcg_op_global_effects(const TCGOp *op);

#endif
