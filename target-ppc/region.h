/*
 * Regions: hot code translated with its inner branches. See region.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TARGET_PPC_REGION_H
#define TARGET_PPC_REGION_H

#include "target-ppc/translate.h"

/* Translate from ctx->pc; max_insns 0: the usual limit. Leaves ctx->pc behind the region. */
void translate_region(DisasContext *ctx, unsigned max_insns);
/* The label of dest when it is a branch target inside the region, else NULL. */
TCGLabel *region_label(DisasContext *ctx, uint32_t dest);

#endif
