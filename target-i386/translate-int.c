/*
 * Integer arithmetic and moves (SDM 2).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/insn-gen.h"

/* nop */
void gen_nop(DisasContext *ctx, Insn *in)
{
}
