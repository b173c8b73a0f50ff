/*
 * AltiVec floating-point instructions (AltiVec PEM 4.2.3, chapter 6): calls,
 * with the host in the rounding mode of AltiVec.
 *
 * SPDX-License-Identifier: MIT
 */
#include "target-ppc/translate-altivec.h"

static void call_fp(DisasContext *ctx, const Insn *in, VecOp op, unsigned operands)
{
    if (gen_vector_fp(ctx)) {
        gen_vec_call(ctx, in, op, operands);
    }
}

static void call_ab(DisasContext *ctx, const Insn *in, VecOp op)
{
    call_fp(ctx, in, op, VEC_A | VEC_B);
}

static void call_b(DisasContext *ctx, const Insn *in, VecOp op)
{
    call_fp(ctx, in, op, VEC_B);
}

static void compare(DisasContext *ctx, const Insn *in, VecOp op)
{
    gen_vec_call(ctx, in, op, VEC_A | VEC_B);
    gen_cr6(ctx, in, cpu_vr[in->vd]);
}

void gen_vmaddfp(DisasContext *ctx, const Insn *in)
{
    call_fp(ctx, in, VEC_OP_vmaddfp, VEC_A | VEC_B | VEC_C);
}

void gen_vnmsubfp(DisasContext *ctx, const Insn *in)
{
    call_fp(ctx, in, VEC_OP_vnmsubfp, VEC_A | VEC_B | VEC_C);
}

void gen_vaddfp(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vaddfp); }
void gen_vsubfp(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vsubfp); }
void gen_vmaxfp(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vmaxfp); }
void gen_vminfp(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vminfp); }
void gen_vrefp(DisasContext *ctx, const Insn *in) { call_b(ctx, in, VEC_OP_vrefp); }
void gen_vrsqrtefp(DisasContext *ctx, const Insn *in) { call_b(ctx, in, VEC_OP_vrsqrtefp); }
void gen_vexptefp(DisasContext *ctx, const Insn *in) { call_b(ctx, in, VEC_OP_vexptefp); }
void gen_vlogefp(DisasContext *ctx, const Insn *in) { call_b(ctx, in, VEC_OP_vlogefp); }
void gen_vrfin(DisasContext *ctx, const Insn *in) { call_b(ctx, in, VEC_OP_vrfin); }
void gen_vrfiz(DisasContext *ctx, const Insn *in) { call_b(ctx, in, VEC_OP_vrfiz); }
void gen_vrfip(DisasContext *ctx, const Insn *in) { call_b(ctx, in, VEC_OP_vrfip); }
void gen_vrfim(DisasContext *ctx, const Insn *in) { call_b(ctx, in, VEC_OP_vrfim); }
void gen_vcfux(DisasContext *ctx, const Insn *in) { call_b(ctx, in, VEC_OP_vcfux); }
void gen_vcfsx(DisasContext *ctx, const Insn *in) { call_b(ctx, in, VEC_OP_vcfsx); }
void gen_vctuxs(DisasContext *ctx, const Insn *in) { call_b(ctx, in, VEC_OP_vctuxs); }
void gen_vctsxs(DisasContext *ctx, const Insn *in) { call_b(ctx, in, VEC_OP_vctsxs); }
void gen_vcmpeqfp(DisasContext *ctx, const Insn *in) { compare(ctx, in, VEC_OP_vcmpeqfp); }
void gen_vcmpgefp(DisasContext *ctx, const Insn *in) { compare(ctx, in, VEC_OP_vcmpgefp); }
void gen_vcmpgtfp(DisasContext *ctx, const Insn *in) { compare(ctx, in, VEC_OP_vcmpgtfp); }

/* vcmpbfp: two bits an element; CR6 tells only whether all are in bounds. */
void gen_vcmpbfp(DisasContext *ctx, const Insn *in)
{
    gen_vec_call(ctx, in, VEC_OP_vcmpbfp, VEC_A | VEC_B);
    gen_cr6(ctx, in, cpu_vr[in->vd]);
}
