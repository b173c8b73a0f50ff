/*
 * What the files that translate floating-point instructions share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TARGET_PPC_TRANSLATE_FP_H
#define TARGET_PPC_TRANSLATE_FP_H

#include "target-ppc/translate.h"
#include "target-ppc/fp.h"

#define INSN(name, form, match, mask, needs) GenFunction gen_##name;
#include "target-ppc/insns-fp.h"
#undef INSN

extern TCGv_f64 cpu_fpr[32];
/* The record of the last operation: see fp.h. */
extern TCGv_i32 cpu_fp_lazy;
extern TCGv_f64 cpu_fp_aux[4], cpu_fp_result;

/*
 * First in each instruction whose scalar arithmetic uses the host's status
 * register. False: the block now goes through a change of mode first, and the
 * instruction is translated anew behind it.
 */
bool gen_scalar_fp(DisasContext *ctx);
/* The same for AltiVec arithmetic. */
bool gen_vector_fp(DisasContext *ctx);

/* Record forms need SO bits; false: the block restarts with them tracked. */
bool gen_can_record(DisasContext *ctx, const Insn *in);
/* CR1 of record forms. */
void gen_cr1(DisasContext *ctx, const Insn *in);
/* Behind an instruction that set FPSCR bits: the program exception of an enabled one. */
void gen_raise_enabled(DisasContext *ctx);

#endif
