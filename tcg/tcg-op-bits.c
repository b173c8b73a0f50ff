/*
 * Emission of integer ops: bit fields, conditions, conversions between the
 * widths. Each body is written once for both widths.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/tcg-emit.h"

/* --- bit fields -------------------------------------------------------------- */

static void check_field(TCGType type, unsigned ofs, unsigned len)
{
    assert(len > 0 && ofs < type_bits(type) && len <= type_bits(type) - ofs);
}

static void gen_lea(TCGType type, void *ret, void *a, void *b, unsigned shift, int32_t disp)
{
    TCGOp *op = tcg_emit_op(OP_OF_TYPE(lea, type), 5);

    assert(shift <= 3);
    op->args[0] = own_arg(ret);
    op->args[1] = own_arg(a);
    op->args[2] = own_arg(b);
    op->args[3] = shift;
    op->args[4] = (TCGArg)(intptr_t)disp;
}

void tcg_gen_lea_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b, unsigned shift, int32_t disp)
{
    gen_lea(TCG_TYPE_I32, ret, a, b, shift, disp);
}

void tcg_gen_lea_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b, unsigned shift, int32_t disp)
{
    gen_lea(TCG_TYPE_I64, ret, a, b, shift, disp);
}

static void gen_deposit(TCGType type, void *ret, void *a, void *b, unsigned ofs, unsigned len)
{
    check_field(type, ofs, len);
    if (len == type_bits(type)) {
        gen_mov(type, ret, b);
    } else {
        TCGOp *op = tcg_emit_op(OP_OF_TYPE(deposit, type), 5);

        op->args[0] = own_arg(ret);
        op->args[1] = own_arg(a);
        op->args[2] = own_arg(b);
        op->args[3] = ofs;
        op->args[4] = len;
    }
}

static void emit_extract(TCGOpcode opc, void *ret, void *a, unsigned ofs, unsigned len)
{
    TCGOp *op = tcg_emit_op(opc, 4);

    op->args[0] = own_arg(ret);
    op->args[1] = own_arg(a);
    op->args[2] = ofs;
    op->args[3] = len;
}

static void gen_extract(TCGType type, void *ret, void *a, unsigned ofs, unsigned len)
{
    check_field(type, ofs, len);
    if (ofs + len == type_bits(type)) {
        gen_shifti(OP_OF_TYPE(shr, type), type, ret, a, ofs);
    } else if (ofs == 0 && len == 8) {
        emit2(OP_OF_TYPE(ext8u, type), ret, a);
    } else if (ofs == 0 && len == 16) {
        emit2(OP_OF_TYPE(ext16u, type), ret, a);
    } else if (ofs == 0 && len == 32) {
        emit2(INDEX_op_ext32u_i64, ret, a);
    } else {
        emit_extract(OP_OF_TYPE(extract, type), ret, a, ofs, len);
    }
}

static void gen_sextract(TCGType type, void *ret, void *a, unsigned ofs, unsigned len)
{
    check_field(type, ofs, len);
    if (ofs + len == type_bits(type)) {
        gen_shifti(OP_OF_TYPE(sar, type), type, ret, a, ofs);
    } else if (ofs == 0 && len == 8) {
        emit2(OP_OF_TYPE(ext8s, type), ret, a);
    } else if (ofs == 0 && len == 16) {
        emit2(OP_OF_TYPE(ext16s, type), ret, a);
    } else if (ofs == 0 && len == 32) {
        emit2(INDEX_op_ext32s_i64, ret, a);
    } else {
        emit_extract(OP_OF_TYPE(sextract, type), ret, a, ofs, len);
    }
}

/* A field that reaches the top is a shift, one at the bottom an extract. */
static void gen_deposit_z(TCGType type, void *ret, void *b, unsigned ofs, unsigned len)
{
    check_field(type, ofs, len);
    if (ofs + len == type_bits(type)) {
        gen_shifti(OP_OF_TYPE(shl, type), type, ret, b, ofs);
    } else if (ofs == 0) {
        gen_extract(type, ret, b, 0, len);
    } else {
        gen_deposit(type, ret, tcg_const_temp(type, 0), b, ofs, len);
    }
}

void tcg_gen_deposit_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b, unsigned ofs, unsigned len)
{
    gen_deposit(TCG_TYPE_I32, ret, a, b, ofs, len);
}

void tcg_gen_deposit_z_i32(TCGv_i32 ret, TCGv_i32 b, unsigned ofs, unsigned len)
{
    gen_deposit_z(TCG_TYPE_I32, ret, b, ofs, len);
}

void tcg_gen_extract_i32(TCGv_i32 ret, TCGv_i32 a, unsigned ofs, unsigned len)
{
    gen_extract(TCG_TYPE_I32, ret, a, ofs, len);
}

void tcg_gen_sextract_i32(TCGv_i32 ret, TCGv_i32 a, unsigned ofs, unsigned len)
{
    gen_sextract(TCG_TYPE_I32, ret, a, ofs, len);
}

void tcg_gen_deposit_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b, unsigned ofs, unsigned len)
{
    gen_deposit(TCG_TYPE_I64, ret, a, b, ofs, len);
}

void tcg_gen_deposit_z_i64(TCGv_i64 ret, TCGv_i64 b, unsigned ofs, unsigned len)
{
    gen_deposit_z(TCG_TYPE_I64, ret, b, ofs, len);
}

void tcg_gen_extract_i64(TCGv_i64 ret, TCGv_i64 a, unsigned ofs, unsigned len)
{
    gen_extract(TCG_TYPE_I64, ret, a, ofs, len);
}

void tcg_gen_sextract_i64(TCGv_i64 ret, TCGv_i64 a, unsigned ofs, unsigned len)
{
    gen_sextract(TCG_TYPE_I64, ret, a, ofs, len);
}

/* --- conditions -------------------------------------------------------------- */

static void gen_setcond(TCGType type, TCGCond cond, void *ret, void *a, void *b)
{
    if (cond <= TCG_COND_ALWAYS) {
        gen_movi(type, ret, cond == TCG_COND_ALWAYS);
    } else {
        emit3c(OP_OF_TYPE(setcond, type), ret, a, b, cond);
    }
}

static void gen_negsetcond(TCGType type, TCGCond cond, void *ret, void *a, void *b)
{
    if (cond <= TCG_COND_ALWAYS) {
        gen_movi(type, ret, cond == TCG_COND_ALWAYS ? -1 : 0);
    } else {
        emit3c(OP_OF_TYPE(negsetcond, type), ret, a, b, cond);
    }
}

static void gen_movcond(TCGType type, TCGCond cond, void *ret, void *a, void *b, void *e, void *f)
{
    if (cond == TCG_COND_ALWAYS || e == f) {
        gen_mov(type, ret, e);
    } else if (cond == TCG_COND_NEVER) {
        gen_mov(type, ret, f);
    } else {
        TCGOp *op = tcg_emit_op(OP_OF_TYPE(movcond, type), 6);

        op->args[0] = own_arg(ret);
        op->args[1] = own_arg(a);
        op->args[2] = own_arg(b);
        op->args[3] = own_arg(e);
        op->args[4] = own_arg(f);
        op->args[5] = cond;
    }
}

static void gen_brcond(TCGType type, TCGCond cond, void *a, void *b, TCGLabel *l)
{
    if (cond == TCG_COND_ALWAYS) {
        tcg_gen_br(l);
    } else if (cond != TCG_COND_NEVER) {
        emit_brcond(OP_OF_TYPE(brcond, type), a, b, cond, l);
    }
}

void tcg_gen_setcond_i32(TCGCond cond, TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b)
{
    gen_setcond(TCG_TYPE_I32, cond, ret, a, b);
}

void tcg_gen_setcondi_i32(TCGCond cond, TCGv_i32 ret, TCGv_i32 a, int32_t c)
{
    gen_setcond(TCG_TYPE_I32, cond, ret, a, tcg_constant_i32(c));
}

void tcg_gen_negsetcond_i32(TCGCond cond, TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b)
{
    gen_negsetcond(TCG_TYPE_I32, cond, ret, a, b);
}

void tcg_gen_movcond_i32(TCGCond cond, TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b, TCGv_i32 e, TCGv_i32 f)
{
    gen_movcond(TCG_TYPE_I32, cond, ret, a, b, e, f);
}

void tcg_gen_brcond_i32(TCGCond cond, TCGv_i32 a, TCGv_i32 b, TCGLabel *l)
{
    gen_brcond(TCG_TYPE_I32, cond, a, b, l);
}

void tcg_gen_brcondi_i32(TCGCond cond, TCGv_i32 a, int32_t c, TCGLabel *l)
{
    gen_brcond(TCG_TYPE_I32, cond, a, tcg_constant_i32(c), l);
}

void tcg_gen_smin_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b)
{
    gen_movcond(TCG_TYPE_I32, TCG_COND_LT, ret, a, b, a, b);
}

void tcg_gen_smax_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b)
{
    gen_movcond(TCG_TYPE_I32, TCG_COND_GT, ret, a, b, a, b);
}

void tcg_gen_umin_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b)
{
    gen_movcond(TCG_TYPE_I32, TCG_COND_LTU, ret, a, b, a, b);
}

void tcg_gen_umax_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b)
{
    gen_movcond(TCG_TYPE_I32, TCG_COND_GTU, ret, a, b, a, b);
}

void tcg_gen_setcond_i64(TCGCond cond, TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b)
{
    gen_setcond(TCG_TYPE_I64, cond, ret, a, b);
}

void tcg_gen_setcondi_i64(TCGCond cond, TCGv_i64 ret, TCGv_i64 a, int64_t c)
{
    gen_setcond(TCG_TYPE_I64, cond, ret, a, tcg_constant_i64(c));
}

void tcg_gen_negsetcond_i64(TCGCond cond, TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b)
{
    gen_negsetcond(TCG_TYPE_I64, cond, ret, a, b);
}

void tcg_gen_movcond_i64(TCGCond cond, TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b, TCGv_i64 e, TCGv_i64 f)
{
    gen_movcond(TCG_TYPE_I64, cond, ret, a, b, e, f);
}

void tcg_gen_brcond_i64(TCGCond cond, TCGv_i64 a, TCGv_i64 b, TCGLabel *l)
{
    gen_brcond(TCG_TYPE_I64, cond, a, b, l);
}

void tcg_gen_brcondi_i64(TCGCond cond, TCGv_i64 a, int64_t c, TCGLabel *l)
{
    gen_brcond(TCG_TYPE_I64, cond, a, tcg_constant_i64(c), l);
}

void tcg_gen_smin_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b)
{
    gen_movcond(TCG_TYPE_I64, TCG_COND_LT, ret, a, b, a, b);
}

void tcg_gen_smax_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b)
{
    gen_movcond(TCG_TYPE_I64, TCG_COND_GT, ret, a, b, a, b);
}

void tcg_gen_umin_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b)
{
    gen_movcond(TCG_TYPE_I64, TCG_COND_LTU, ret, a, b, a, b);
}

void tcg_gen_umax_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b)
{
    gen_movcond(TCG_TYPE_I64, TCG_COND_GTU, ret, a, b, a, b);
}

/* --- between widths ---------------------------------------------------------- */

void tcg_gen_ext_i32_i64(TCGv_i64 ret, TCGv_i32 a)
{
    emit2(INDEX_op_ext_i32_i64, ret, a);
}

void tcg_gen_extu_i32_i64(TCGv_i64 ret, TCGv_i32 a)
{
    emit2(INDEX_op_extu_i32_i64, ret, a);
}

void tcg_gen_extrl_i64_i32(TCGv_i32 ret, TCGv_i64 a)
{
    emit2(INDEX_op_extrl_i64_i32, ret, a);
}

void tcg_gen_extrh_i64_i32(TCGv_i32 ret, TCGv_i64 a)
{
    emit2(INDEX_op_extrh_i64_i32, ret, a);
}

void tcg_gen_concat_i32_i64(TCGv_i64 ret, TCGv_i32 lo, TCGv_i32 hi)
{
    TCGTemp *low = tcg_temp_new_internal(TCG_TYPE_I64);
    TCGTemp *high = tcg_temp_new_internal(TCG_TYPE_I64);

    emit2(INDEX_op_extu_i32_i64, low, lo);
    emit2(INDEX_op_extu_i32_i64, high, hi);
    gen_deposit(TCG_TYPE_I64, ret, low, high, 32, 32);
}
