/*
 * Emission of 128-bit vector ops.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/tcg-emit.h"


/* vece: log2 of the element bytes; MO_8 where elements do not matter. */
static void gen_vec2(TCGOpcode opc, unsigned vece, void *ret, void *a)
{
    emit2(opc, ret, a)->vece = vece;
}

static void gen_vec3(TCGOpcode opc, unsigned vece, void *ret, void *a, void *b)
{
    emit3(opc, ret, a, b)->vece = vece;
}

static void gen_vec_imm(TCGOpcode opc, unsigned vece, void *ret, void *a, unsigned c)
{
    emit2c(opc, ret, a, c)->vece = vece;
}

static void gen_vec_shift(TCGOpcode opc, unsigned vece, void *ret, void *a, unsigned count)
{
    assert(count < 8u << vece);
    if (count == 0) {
        tcg_gen_mov_vec(ret, a);
    } else {
        gen_vec_imm(opc, vece, ret, a, count);
    }
}

void tcg_gen_mov_vec(TCGv_vec ret, TCGv_vec a)
{
    if (ret != a) {
        gen_vec2(INDEX_op_mov_vec, MO_8, ret, a);
    }
}

void tcg_gen_dup_vec(unsigned vece, TCGv_vec ret, TCGv_i64 a)
{
    gen_vec2(INDEX_op_dup_vec, vece, ret, a);
}

void tcg_gen_dup_elem_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, unsigned elem)
{
    assert(elem < 16u >> vece);
    gen_vec_imm(INDEX_op_dup_elem_vec, vece, ret, a, elem);
}

void tcg_gen_not_vec(TCGv_vec ret, TCGv_vec a)
{
    gen_vec2(INDEX_op_not_vec, MO_8, ret, a);
}

void tcg_gen_bitsel_vec(TCGv_vec ret, TCGv_vec mask, TCGv_vec b, TCGv_vec c)
{
    TCGOp *op = tcg_emit_op(INDEX_op_bitsel_vec, 4);

    op->args[0] = own_arg(ret);
    op->args[1] = own_arg(mask);
    op->args[2] = own_arg(b);
    op->args[3] = own_arg(c);
}

void tcg_gen_pshufb_vec(TCGv_vec ret, TCGv_vec a, TCGv_vec b)
{
    gen_vec3(INDEX_op_pshufb_vec, MO_8, ret, a, b);
}

void tcg_gen_and_vec(TCGv_vec ret, TCGv_vec a, TCGv_vec b)
{
    gen_vec3(INDEX_op_and_vec, MO_8, ret, a, b);
}

void tcg_gen_or_vec(TCGv_vec ret, TCGv_vec a, TCGv_vec b)
{
    gen_vec3(INDEX_op_or_vec, MO_8, ret, a, b);
}

void tcg_gen_xor_vec(TCGv_vec ret, TCGv_vec a, TCGv_vec b)
{
    gen_vec3(INDEX_op_xor_vec, MO_8, ret, a, b);
}

void tcg_gen_andc_vec(TCGv_vec ret, TCGv_vec a, TCGv_vec b)
{
    gen_vec3(INDEX_op_andc_vec, MO_8, ret, a, b);
}

void tcg_gen_add_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b)
{
    gen_vec3(INDEX_op_add_vec, vece, ret, a, b);
}

void tcg_gen_sub_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b)
{
    gen_vec3(INDEX_op_sub_vec, vece, ret, a, b);
}

void tcg_gen_mul_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b)
{
    gen_vec3(INDEX_op_mul_vec, vece, ret, a, b);
}

void tcg_gen_ssadd_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b)
{
    gen_vec3(INDEX_op_ssadd_vec, vece, ret, a, b);
}

void tcg_gen_usadd_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b)
{
    gen_vec3(INDEX_op_usadd_vec, vece, ret, a, b);
}

void tcg_gen_sssub_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b)
{
    gen_vec3(INDEX_op_sssub_vec, vece, ret, a, b);
}

void tcg_gen_ussub_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b)
{
    gen_vec3(INDEX_op_ussub_vec, vece, ret, a, b);
}

void tcg_gen_avgu_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b)
{
    gen_vec3(INDEX_op_avgu_vec, vece, ret, a, b);
}

void tcg_gen_smin_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b)
{
    gen_vec3(INDEX_op_smin_vec, vece, ret, a, b);
}

void tcg_gen_smax_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b)
{
    gen_vec3(INDEX_op_smax_vec, vece, ret, a, b);
}

void tcg_gen_umin_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b)
{
    gen_vec3(INDEX_op_umin_vec, vece, ret, a, b);
}

void tcg_gen_umax_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b)
{
    gen_vec3(INDEX_op_umax_vec, vece, ret, a, b);
}

void tcg_gen_cmpeq_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b)
{
    gen_vec3(INDEX_op_cmpeq_vec, vece, ret, a, b);
}

void tcg_gen_cmpgt_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b)
{
    gen_vec3(INDEX_op_cmpgt_vec, vece, ret, a, b);
}

void tcg_gen_fadd_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b)
{
    gen_vec3(INDEX_op_fadd_vec, vece, ret, a, b);
}

void tcg_gen_fsub_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b)
{
    gen_vec3(INDEX_op_fsub_vec, vece, ret, a, b);
}

void tcg_gen_fmul_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b)
{
    gen_vec3(INDEX_op_fmul_vec, vece, ret, a, b);
}

void tcg_gen_shli_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, unsigned count)
{
    gen_vec_shift(INDEX_op_shli_vec, vece, ret, a, count);
}

void tcg_gen_shri_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, unsigned count)
{
    gen_vec_shift(INDEX_op_shri_vec, vece, ret, a, count);
}

void tcg_gen_sari_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, unsigned count)
{
    gen_vec_shift(INDEX_op_sari_vec, vece, ret, a, count);
}
