/*
 * Emission of SIMD operations.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/tcg-emit.h"

static void gen_simd(TCGOpcode opc, SimdOp simd, void *ret, void *const *in, int nb_in, unsigned imm)
{
    TCGOp *op = tcg_emit_op(opc, nb_in + 3);

    assert(!imm || simd_form_has_imm(simd_op_defs[simd].form));
    op->args[0] = own_arg(ret);
    for (int i = 0; i < nb_in; i++) {
        op->args[1 + i] = own_arg(in[i]);
    }
    op->args[1 + nb_in] = simd;
    op->args[2 + nb_in] = imm;
}

void tcg_gen_simd1(SimdOp simd, TCGv_vec ret, TCGv_vec a, unsigned imm)
{
    gen_simd(INDEX_op_simd1_vec, simd, ret, (void *[]){ a }, 1, imm);
}

void tcg_gen_simd2(SimdOp simd, TCGv_vec ret, TCGv_vec a, TCGv_vec b, unsigned imm)
{
    gen_simd(INDEX_op_simd2_vec, simd, ret, (void *[]){ a, b }, 2, imm);
}

void tcg_gen_simd3(SimdOp simd, TCGv_vec ret, TCGv_vec a, TCGv_vec b, TCGv_vec c)
{
    gen_simd(INDEX_op_simd3_vec, simd, ret, (void *[]){ a, b, c }, 3, 0);
}

void tcg_gen_simd_from(SimdOp simd, TCGv_vec ret, TCGv_vec a, TCGv_i64 b, unsigned imm)
{
    gen_simd(INDEX_op_simd_from_vec, simd, ret, (void *[]){ a, b }, 2, imm);
}

void tcg_gen_simd_to(SimdOp simd, TCGv_i64 ret, TCGv_vec a, unsigned imm)
{
    gen_simd(INDEX_op_simd_to_vec, simd, ret, (void *[]){ a, a }, 2, imm);
}

void tcg_gen_simd_flags(SimdOp simd, TCGv_i64 ret, TCGv_vec a, TCGv_vec b)
{
    gen_simd(INDEX_op_simd_to_vec, simd, ret, (void *[]){ a, b }, 2, 0);
}

void tcg_gen_bits_i64_vec(TCGv_vec ret, TCGv_i64 a)
{
    emit2(INDEX_op_bits_i64_vec, ret, a);
}

void tcg_gen_bits_vec_i64(TCGv_i64 ret, TCGv_vec a)
{
    emit2(INDEX_op_bits_vec_i64, ret, a);
}
