/*
 * What the files that translate AltiVec instructions share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TARGET_PPC_TRANSLATE_ALTIVEC_H
#define TARGET_PPC_TRANSLATE_ALTIVEC_H

#include "target-ppc/translate-fp.h"
#include "target-ppc/altivec.h"

#define INSN(name, form, match, mask, needs) GenFunction gen_##name;
#include "target-ppc/insns-altivec.h"
#undef INSN

extern TCGv_vec cpu_vr[32];

/* Operands that a call reads. */
enum { VEC_A = 1, VEC_B = 2, VEC_C = 4 };

/* vD = vec_NAME(vA, vB, vC): see altivec.h. */
void gen_vec_call(DisasContext *ctx, const Insn *in, VecOp op, unsigned operands);
/* Record forms of compares: CR6 from result d. */
void gen_cr6(DisasContext *ctx, const Insn *in, TCGv_vec d);

#endif
