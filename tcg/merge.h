/*
 * Copies and extensions of values that nobody else needs; see merge.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TCG_MERGE_H
#define TCG_MERGE_H

#include "tcg/cfg.h"

/* Before liveness: 32-bit ops read 64-bit temps instead of their low halves. */
void tcg_merge_inputs(TCGContext *s);

/* Is op one that tcg_merge() may take away? */
bool tcg_may_merge(const TCGContext *s, const TCGOp *op);
/* The input of op, of block b, is not live behind it: let the maker write op's output. True: op may go. */
bool tcg_merge(const TCGBlock *b, TCGOp *op);

#endif
