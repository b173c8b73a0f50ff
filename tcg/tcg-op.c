/*
 * Emission of integer ops: moves, arithmetic, logic, shifts. Bit fields and
 * conditions are in tcg-op-bits.c.
 *
 * Bodies are written once for both widths, over a TCGType; the typed functions
 * of tcg/tcg-op.h follow each group. What a front end would otherwise have to
 * test for (add of 0, shift by 0) is folded here; the
 * rest is the optimizer's.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/tcg-emit.h"



/* --- moves ------------------------------------------------------------------- */

void tcg_gen_mov_i32(TCGv_i32 ret, TCGv_i32 a)
{
    gen_mov(TCG_TYPE_I32, ret, a);
}

void tcg_gen_mov_i64(TCGv_i64 ret, TCGv_i64 a)
{
    gen_mov(TCG_TYPE_I64, ret, a);
}

void tcg_gen_movi_i32(TCGv_i32 ret, int32_t c)
{
    gen_movi(TCG_TYPE_I32, ret, c);
}

void tcg_gen_movi_i64(TCGv_i64 ret, int64_t c)
{
    gen_movi(TCG_TYPE_I64, ret, c);
}

/* --- one op each ------------------------------------------------------------- */

void tcg_gen_neg_i32(TCGv_i32 ret, TCGv_i32 a)
{
    emit2(INDEX_op_neg_i32, ret, a);
}

void tcg_gen_not_i32(TCGv_i32 ret, TCGv_i32 a)
{
    emit2(INDEX_op_not_i32, ret, a);
}

void tcg_gen_ctpop_i32(TCGv_i32 ret, TCGv_i32 a)
{
    emit2(INDEX_op_ctpop_i32, ret, a);
}

void tcg_gen_bswap16_i32(TCGv_i32 ret, TCGv_i32 a)
{
    emit2(INDEX_op_bswap16_i32, ret, a);
}

void tcg_gen_bswap32_i32(TCGv_i32 ret, TCGv_i32 a)
{
    emit2(INDEX_op_bswap32_i32, ret, a);
}

void tcg_gen_ext8s_i32(TCGv_i32 ret, TCGv_i32 a)
{
    emit2(INDEX_op_ext8s_i32, ret, a);
}

void tcg_gen_ext8u_i32(TCGv_i32 ret, TCGv_i32 a)
{
    emit2(INDEX_op_ext8u_i32, ret, a);
}

void tcg_gen_ext16s_i32(TCGv_i32 ret, TCGv_i32 a)
{
    emit2(INDEX_op_ext16s_i32, ret, a);
}

void tcg_gen_ext16u_i32(TCGv_i32 ret, TCGv_i32 a)
{
    emit2(INDEX_op_ext16u_i32, ret, a);
}

void tcg_gen_add_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b)
{
    emit3(INDEX_op_add_i32, ret, a, b);
}

void tcg_gen_sub_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b)
{
    emit3(INDEX_op_sub_i32, ret, a, b);
}

void tcg_gen_mul_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b)
{
    emit3(INDEX_op_mul_i32, ret, a, b);
}

void tcg_gen_mulsh_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b)
{
    emit3(INDEX_op_mulsh_i32, ret, a, b);
}

void tcg_gen_muluh_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b)
{
    emit3(INDEX_op_muluh_i32, ret, a, b);
}

void tcg_gen_div_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b)
{
    emit3(INDEX_op_div_i32, ret, a, b);
}

void tcg_gen_divu_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b)
{
    emit3(INDEX_op_divu_i32, ret, a, b);
}

void tcg_gen_rem_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b)
{
    emit3(INDEX_op_rem_i32, ret, a, b);
}

void tcg_gen_remu_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b)
{
    emit3(INDEX_op_remu_i32, ret, a, b);
}

void tcg_gen_and_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b)
{
    emit3(INDEX_op_and_i32, ret, a, b);
}

void tcg_gen_or_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b)
{
    emit3(INDEX_op_or_i32, ret, a, b);
}

void tcg_gen_xor_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b)
{
    emit3(INDEX_op_xor_i32, ret, a, b);
}

void tcg_gen_andc_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b)
{
    emit3(INDEX_op_andc_i32, ret, a, b);
}

void tcg_gen_orc_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b)
{
    emit3(INDEX_op_orc_i32, ret, a, b);
}

void tcg_gen_eqv_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b)
{
    emit3(INDEX_op_eqv_i32, ret, a, b);
}

void tcg_gen_nand_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b)
{
    emit3(INDEX_op_nand_i32, ret, a, b);
}

void tcg_gen_nor_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b)
{
    emit3(INDEX_op_nor_i32, ret, a, b);
}

void tcg_gen_shl_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b)
{
    emit3(INDEX_op_shl_i32, ret, a, b);
}

void tcg_gen_shr_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b)
{
    emit3(INDEX_op_shr_i32, ret, a, b);
}

void tcg_gen_sar_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b)
{
    emit3(INDEX_op_sar_i32, ret, a, b);
}

void tcg_gen_rotl_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b)
{
    emit3(INDEX_op_rotl_i32, ret, a, b);
}

void tcg_gen_rotr_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b)
{
    emit3(INDEX_op_rotr_i32, ret, a, b);
}

void tcg_gen_clz_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b)
{
    emit3(INDEX_op_clz_i32, ret, a, b);
}

void tcg_gen_ctz_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b)
{
    emit3(INDEX_op_ctz_i32, ret, a, b);
}

void tcg_gen_neg_i64(TCGv_i64 ret, TCGv_i64 a)
{
    emit2(INDEX_op_neg_i64, ret, a);
}

void tcg_gen_not_i64(TCGv_i64 ret, TCGv_i64 a)
{
    emit2(INDEX_op_not_i64, ret, a);
}

void tcg_gen_ctpop_i64(TCGv_i64 ret, TCGv_i64 a)
{
    emit2(INDEX_op_ctpop_i64, ret, a);
}

void tcg_gen_bswap16_i64(TCGv_i64 ret, TCGv_i64 a)
{
    emit2(INDEX_op_bswap16_i64, ret, a);
}

void tcg_gen_bswap32_i64(TCGv_i64 ret, TCGv_i64 a)
{
    emit2(INDEX_op_bswap32_i64, ret, a);
}

void tcg_gen_ext8s_i64(TCGv_i64 ret, TCGv_i64 a)
{
    emit2(INDEX_op_ext8s_i64, ret, a);
}

void tcg_gen_ext8u_i64(TCGv_i64 ret, TCGv_i64 a)
{
    emit2(INDEX_op_ext8u_i64, ret, a);
}

void tcg_gen_ext16s_i64(TCGv_i64 ret, TCGv_i64 a)
{
    emit2(INDEX_op_ext16s_i64, ret, a);
}

void tcg_gen_ext16u_i64(TCGv_i64 ret, TCGv_i64 a)
{
    emit2(INDEX_op_ext16u_i64, ret, a);
}

void tcg_gen_bswap64_i64(TCGv_i64 ret, TCGv_i64 a)
{
    emit2(INDEX_op_bswap64_i64, ret, a);
}

void tcg_gen_ext32s_i64(TCGv_i64 ret, TCGv_i64 a)
{
    emit2(INDEX_op_ext32s_i64, ret, a);
}

void tcg_gen_ext32u_i64(TCGv_i64 ret, TCGv_i64 a)
{
    emit2(INDEX_op_ext32u_i64, ret, a);
}

void tcg_gen_add_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b)
{
    emit3(INDEX_op_add_i64, ret, a, b);
}

void tcg_gen_sub_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b)
{
    emit3(INDEX_op_sub_i64, ret, a, b);
}

void tcg_gen_mul_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b)
{
    emit3(INDEX_op_mul_i64, ret, a, b);
}

void tcg_gen_mulsh_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b)
{
    emit3(INDEX_op_mulsh_i64, ret, a, b);
}

void tcg_gen_muluh_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b)
{
    emit3(INDEX_op_muluh_i64, ret, a, b);
}

void tcg_gen_div_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b)
{
    emit3(INDEX_op_div_i64, ret, a, b);
}

void tcg_gen_divu_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b)
{
    emit3(INDEX_op_divu_i64, ret, a, b);
}

void tcg_gen_rem_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b)
{
    emit3(INDEX_op_rem_i64, ret, a, b);
}

void tcg_gen_remu_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b)
{
    emit3(INDEX_op_remu_i64, ret, a, b);
}

void tcg_gen_and_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b)
{
    emit3(INDEX_op_and_i64, ret, a, b);
}

void tcg_gen_or_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b)
{
    emit3(INDEX_op_or_i64, ret, a, b);
}

void tcg_gen_xor_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b)
{
    emit3(INDEX_op_xor_i64, ret, a, b);
}

void tcg_gen_andc_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b)
{
    emit3(INDEX_op_andc_i64, ret, a, b);
}

void tcg_gen_orc_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b)
{
    emit3(INDEX_op_orc_i64, ret, a, b);
}

void tcg_gen_eqv_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b)
{
    emit3(INDEX_op_eqv_i64, ret, a, b);
}

void tcg_gen_nand_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b)
{
    emit3(INDEX_op_nand_i64, ret, a, b);
}

void tcg_gen_nor_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b)
{
    emit3(INDEX_op_nor_i64, ret, a, b);
}

void tcg_gen_shl_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b)
{
    emit3(INDEX_op_shl_i64, ret, a, b);
}

void tcg_gen_shr_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b)
{
    emit3(INDEX_op_shr_i64, ret, a, b);
}

void tcg_gen_sar_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b)
{
    emit3(INDEX_op_sar_i64, ret, a, b);
}

void tcg_gen_rotl_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b)
{
    emit3(INDEX_op_rotl_i64, ret, a, b);
}

void tcg_gen_rotr_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b)
{
    emit3(INDEX_op_rotr_i64, ret, a, b);
}

void tcg_gen_clz_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b)
{
    emit3(INDEX_op_clz_i64, ret, a, b);
}

void tcg_gen_ctz_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b)
{
    emit3(INDEX_op_ctz_i64, ret, a, b);
}

/* --- with constants ---------------------------------------------------------- */

static void gen_addi(TCGType type, void *ret, void *a, uint64_t c)
{
    if (c == 0) {
        gen_mov(type, ret, a);
    } else {
        gen_op_imm(OP_OF_TYPE(add, type), type, ret, a, c);
    }
}

static void gen_subfi(TCGType type, void *ret, uint64_t c, void *a)
{
    if (c == 0) {
        emit2(OP_OF_TYPE(neg, type), ret, a);
    } else {
        emit3(OP_OF_TYPE(sub, type), ret, tcg_const_temp(type, c), a);
    }
}

static void gen_muli(TCGType type, void *ret, void *a, uint64_t c)
{
    if (c == 0) {
        gen_movi(type, ret, 0);
    } else if (c == 1) {
        gen_mov(type, ret, a);
    } else {
        gen_op_imm(OP_OF_TYPE(mul, type), type, ret, a, c);
    }
}

/* c is sign-extended: -1 is all ones of either width. */
static void gen_andi(TCGType type, void *ret, void *a, int64_t c)
{
    if (c == 0) {
        gen_movi(type, ret, 0);
    } else if (c == -1) {
        gen_mov(type, ret, a);
    } else if (c == 0xff) {
        emit2(OP_OF_TYPE(ext8u, type), ret, a);
    } else if (c == 0xffff) {
        emit2(OP_OF_TYPE(ext16u, type), ret, a);
    } else if (type == TCG_TYPE_I64 && c == UINT32_MAX) {
        emit2(INDEX_op_ext32u_i64, ret, a);
    } else {
        gen_op_imm(OP_OF_TYPE(and, type), type, ret, a, c);
    }
}

static void gen_ori(TCGType type, void *ret, void *a, int64_t c)
{
    if (c == 0) {
        gen_mov(type, ret, a);
    } else if (c == -1) {
        gen_movi(type, ret, -1);
    } else {
        gen_op_imm(OP_OF_TYPE(or, type), type, ret, a, c);
    }
}

static void gen_xori(TCGType type, void *ret, void *a, int64_t c)
{
    if (c == 0) {
        gen_mov(type, ret, a);
    } else if (c == -1) {
        emit2(OP_OF_TYPE(not, type), ret, a);
    } else {
        gen_op_imm(OP_OF_TYPE(xor, type), type, ret, a, c);
    }
}

/* |a| = (a ^ s) - s with s = a < 0 ? -1 : 0 */
static void gen_abs(TCGType type, void *ret, void *a)
{
    TCGTemp *sign = tcg_temp_new_internal(type);
    TCGTemp *flipped = tcg_temp_new_internal(type);

    gen_op_imm(OP_OF_TYPE(sar, type), type, sign, a, type_bits(type) - 1);
    emit3(OP_OF_TYPE(xor, type), flipped, a, sign);
    emit3(OP_OF_TYPE(sub, type), ret, flipped, sign);
}

void tcg_gen_addi_i32(TCGv_i32 ret, TCGv_i32 a, int32_t c)
{
    gen_addi(TCG_TYPE_I32, ret, a, c);
}

void tcg_gen_subi_i32(TCGv_i32 ret, TCGv_i32 a, int32_t c)
{
    gen_addi(TCG_TYPE_I32, ret, a, -(uint64_t)c);
}

void tcg_gen_subfi_i32(TCGv_i32 ret, int32_t c, TCGv_i32 a)
{
    gen_subfi(TCG_TYPE_I32, ret, c, a);
}

void tcg_gen_muli_i32(TCGv_i32 ret, TCGv_i32 a, int32_t c)
{
    gen_muli(TCG_TYPE_I32, ret, a, c);
}

void tcg_gen_andi_i32(TCGv_i32 ret, TCGv_i32 a, int32_t c)
{
    gen_andi(TCG_TYPE_I32, ret, a, c);
}

void tcg_gen_ori_i32(TCGv_i32 ret, TCGv_i32 a, int32_t c)
{
    gen_ori(TCG_TYPE_I32, ret, a, c);
}

void tcg_gen_xori_i32(TCGv_i32 ret, TCGv_i32 a, int32_t c)
{
    gen_xori(TCG_TYPE_I32, ret, a, c);
}

void tcg_gen_shli_i32(TCGv_i32 ret, TCGv_i32 a, int32_t c)
{
    gen_shifti(INDEX_op_shl_i32, TCG_TYPE_I32, ret, a, c);
}

void tcg_gen_shri_i32(TCGv_i32 ret, TCGv_i32 a, int32_t c)
{
    gen_shifti(INDEX_op_shr_i32, TCG_TYPE_I32, ret, a, c);
}

void tcg_gen_sari_i32(TCGv_i32 ret, TCGv_i32 a, int32_t c)
{
    gen_shifti(INDEX_op_sar_i32, TCG_TYPE_I32, ret, a, c);
}

void tcg_gen_rotli_i32(TCGv_i32 ret, TCGv_i32 a, int32_t c)
{
    gen_shifti(INDEX_op_rotl_i32, TCG_TYPE_I32, ret, a, c);
}

void tcg_gen_rotri_i32(TCGv_i32 ret, TCGv_i32 a, int32_t c)
{
    gen_shifti(INDEX_op_rotr_i32, TCG_TYPE_I32, ret, a, c);
}

void tcg_gen_clzi_i32(TCGv_i32 ret, TCGv_i32 a, int32_t c)
{
    gen_op_imm(INDEX_op_clz_i32, TCG_TYPE_I32, ret, a, c);
}

void tcg_gen_ctzi_i32(TCGv_i32 ret, TCGv_i32 a, int32_t c)
{
    gen_op_imm(INDEX_op_ctz_i32, TCG_TYPE_I32, ret, a, c);
}

void tcg_gen_abs_i32(TCGv_i32 ret, TCGv_i32 a)
{
    gen_abs(TCG_TYPE_I32, ret, a);
}

void tcg_gen_addi_i64(TCGv_i64 ret, TCGv_i64 a, int64_t c)
{
    gen_addi(TCG_TYPE_I64, ret, a, c);
}

void tcg_gen_subi_i64(TCGv_i64 ret, TCGv_i64 a, int64_t c)
{
    gen_addi(TCG_TYPE_I64, ret, a, -(uint64_t)c);
}

void tcg_gen_subfi_i64(TCGv_i64 ret, int64_t c, TCGv_i64 a)
{
    gen_subfi(TCG_TYPE_I64, ret, c, a);
}

void tcg_gen_muli_i64(TCGv_i64 ret, TCGv_i64 a, int64_t c)
{
    gen_muli(TCG_TYPE_I64, ret, a, c);
}

void tcg_gen_andi_i64(TCGv_i64 ret, TCGv_i64 a, int64_t c)
{
    gen_andi(TCG_TYPE_I64, ret, a, c);
}

void tcg_gen_ori_i64(TCGv_i64 ret, TCGv_i64 a, int64_t c)
{
    gen_ori(TCG_TYPE_I64, ret, a, c);
}

void tcg_gen_xori_i64(TCGv_i64 ret, TCGv_i64 a, int64_t c)
{
    gen_xori(TCG_TYPE_I64, ret, a, c);
}

void tcg_gen_shli_i64(TCGv_i64 ret, TCGv_i64 a, int64_t c)
{
    gen_shifti(INDEX_op_shl_i64, TCG_TYPE_I64, ret, a, c);
}

void tcg_gen_shri_i64(TCGv_i64 ret, TCGv_i64 a, int64_t c)
{
    gen_shifti(INDEX_op_shr_i64, TCG_TYPE_I64, ret, a, c);
}

void tcg_gen_sari_i64(TCGv_i64 ret, TCGv_i64 a, int64_t c)
{
    gen_shifti(INDEX_op_sar_i64, TCG_TYPE_I64, ret, a, c);
}

void tcg_gen_rotli_i64(TCGv_i64 ret, TCGv_i64 a, int64_t c)
{
    gen_shifti(INDEX_op_rotl_i64, TCG_TYPE_I64, ret, a, c);
}

void tcg_gen_rotri_i64(TCGv_i64 ret, TCGv_i64 a, int64_t c)
{
    gen_shifti(INDEX_op_rotr_i64, TCG_TYPE_I64, ret, a, c);
}

void tcg_gen_clzi_i64(TCGv_i64 ret, TCGv_i64 a, int64_t c)
{
    gen_op_imm(INDEX_op_clz_i64, TCG_TYPE_I64, ret, a, c);
}

void tcg_gen_ctzi_i64(TCGv_i64 ret, TCGv_i64 a, int64_t c)
{
    gen_op_imm(INDEX_op_ctz_i64, TCG_TYPE_I64, ret, a, c);
}

void tcg_gen_abs_i64(TCGv_i64 ret, TCGv_i64 a)
{
    gen_abs(TCG_TYPE_I64, ret, a);
}

/* --- carries and double-width products --------------------------------------- */

/* addc, subb: both outputs, three inputs. */
static void gen_carry(TCGOpcode opc, void *ret, void *carry_out, void *a, void *b, void *carry_in)
{
    TCGOp *op = tcg_emit_op(opc, 5);

    op->args[0] = own_arg(ret);
    op->args[1] = own_arg(carry_out);
    op->args[2] = own_arg(a);
    op->args[3] = own_arg(b);
    op->args[4] = own_arg(carry_in);
}

static void gen_mul2_i32(TCGOpcode extend, TCGv_i32 lo, TCGv_i32 hi, TCGv_i32 a, TCGv_i32 b)
{
    TCGTemp *wide_a = tcg_temp_new_internal(TCG_TYPE_I64);
    TCGTemp *wide_b = tcg_temp_new_internal(TCG_TYPE_I64);

    emit2(extend, wide_a, a);
    emit2(extend, wide_b, b);
    emit3(INDEX_op_mul_i64, wide_a, wide_a, wide_b);
    emit2(INDEX_op_extrl_i64_i32, lo, wide_a);
    emit2(INDEX_op_extrh_i64_i32, hi, wide_a);
}

static void gen_mul2_i64(TCGOpcode high, TCGv_i64 lo, TCGv_i64 hi, TCGv_i64 a, TCGv_i64 b)
{
    TCGTemp *high_half = tcg_temp_new_internal(TCG_TYPE_I64);

    emit3(high, high_half, a, b);
    emit3(INDEX_op_mul_i64, lo, a, b);
    gen_mov(TCG_TYPE_I64, hi, high_half);
}

void tcg_gen_addc_i32(TCGv_i32 ret, TCGv_i32 carry_out, TCGv_i32 a, TCGv_i32 b, TCGv_i32 carry_in)
{
    gen_carry(INDEX_op_addc_i32, ret, carry_out, a, b, carry_in);
}

void tcg_gen_subb_i32(TCGv_i32 ret, TCGv_i32 borrow_out, TCGv_i32 a, TCGv_i32 b, TCGv_i32 borrow_in)
{
    gen_carry(INDEX_op_subb_i32, ret, borrow_out, a, b, borrow_in);
}

void tcg_gen_addc_i64(TCGv_i64 ret, TCGv_i64 carry_out, TCGv_i64 a, TCGv_i64 b, TCGv_i64 carry_in)
{
    gen_carry(INDEX_op_addc_i64, ret, carry_out, a, b, carry_in);
}

void tcg_gen_subb_i64(TCGv_i64 ret, TCGv_i64 borrow_out, TCGv_i64 a, TCGv_i64 b, TCGv_i64 borrow_in)
{
    gen_carry(INDEX_op_subb_i64, ret, borrow_out, a, b, borrow_in);
}

void tcg_gen_mulu2_i32(TCGv_i32 lo, TCGv_i32 hi, TCGv_i32 a, TCGv_i32 b)
{
    gen_mul2_i32(INDEX_op_extu_i32_i64, lo, hi, a, b);
}

void tcg_gen_muls2_i32(TCGv_i32 lo, TCGv_i32 hi, TCGv_i32 a, TCGv_i32 b)
{
    gen_mul2_i32(INDEX_op_ext_i32_i64, lo, hi, a, b);
}

void tcg_gen_mulu2_i64(TCGv_i64 lo, TCGv_i64 hi, TCGv_i64 a, TCGv_i64 b)
{
    gen_mul2_i64(INDEX_op_muluh_i64, lo, hi, a, b);
}

void tcg_gen_muls2_i64(TCGv_i64 lo, TCGv_i64 hi, TCGv_i64 a, TCGv_i64 b)
{
    gen_mul2_i64(INDEX_op_mulsh_i64, lo, hi, a, b);
}
