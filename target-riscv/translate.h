/*
 * What the translate-<class>.c files share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TARGET_RISCV_TRANSLATE_H
#define TARGET_RISCV_TRANSLATE_H

#include "target-riscv/insn.h"
#define HELPER_H "target-riscv/helper.h"
#include "tcg/helper-gen.h"

extern TCGv_i32 cpu_gpr[32], cpu_pc, cpu_load_addr, cpu_load_value;

/* x0 reads as 0, and what is written to it goes nowhere. */
static inline TCGv_i32 read_gpr(unsigned r) { return r ? cpu_gpr[r] : tcg_constant_i32(0); }
static inline TCGv_i32 dest_gpr(unsigned r) { return r ? cpu_gpr[r] : tcg_temp_new_i32(); }

/* Raise at this instruction; the rest of the block is dead. */
void gen_exception(DisasContext *ctx, int excp);
void gen_illegal(DisasContext *ctx);

#endif
