/*
 * Regions of the x86 translator: see region.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TARGET_I386_REGION_H
#define TARGET_I386_REGION_H

#include "target-i386/translate.h"

/* Hot code like this may become a region: flat 32 or 64-bit code that nobody steps through. */
bool region_is_possible(const DisasContext *ctx);
/* A region from ctx->pc on; false: the first instruction reaches into the next page. */
bool translate_region(DisasContext *ctx);
/* The label of an address inside the region being translated, NULL: none. */
TCGLabel *region_label(DisasContext *ctx, target_ulong dest);

/* translate.c */
DecodeResult translate_one(DisasContext *ctx);
/* The block ends and control goes on at ctx->pc. */
void gen_fall_out(DisasContext *ctx);

#endif
