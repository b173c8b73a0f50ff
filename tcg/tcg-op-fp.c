/*
 * Emission of floating-point ops, and of moves of their bits.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/tcg-emit.h"


static void gen_guard(TCGOpcode opc, void *ret, void *result, TCGGuard test,
                      const TCGHelperInfo *fix, void *const operands[3], uint32_t info)
{
    TCGOp *op = tcg_emit_op(opc, 8);

    op->args[0] = own_arg(ret);
    op->args[1] = own_arg(result);
    for (int i = 0; i < 3; i++) {
        op->args[2 + i] = own_arg(operands[i]);
    }
    op->args[5] = test;
    op->args[6] = (TCGArg)fix;
    op->args[7] = info;
}

void tcg_gen_mov_f32(TCGv_f32 ret, TCGv_f32 a)
{
    if (ret != a) {
        emit2(INDEX_op_mov_f32, ret, a);
    }
}

void tcg_gen_fsqrt_f32(TCGv_f32 ret, TCGv_f32 a)
{
    emit2(INDEX_op_fsqrt_f32, ret, a);
}

void tcg_gen_fneg_f32(TCGv_f32 ret, TCGv_f32 a)
{
    emit2(INDEX_op_fneg_f32, ret, a);
}

void tcg_gen_fabs_f32(TCGv_f32 ret, TCGv_f32 a)
{
    emit2(INDEX_op_fabs_f32, ret, a);
}

void tcg_gen_fadd_f32(TCGv_f32 ret, TCGv_f32 a, TCGv_f32 b)
{
    emit3(INDEX_op_fadd_f32, ret, a, b);
}

void tcg_gen_fsub_f32(TCGv_f32 ret, TCGv_f32 a, TCGv_f32 b)
{
    emit3(INDEX_op_fsub_f32, ret, a, b);
}

void tcg_gen_fmul_f32(TCGv_f32 ret, TCGv_f32 a, TCGv_f32 b)
{
    emit3(INDEX_op_fmul_f32, ret, a, b);
}

void tcg_gen_fdiv_f32(TCGv_f32 ret, TCGv_f32 a, TCGv_f32 b)
{
    emit3(INDEX_op_fdiv_f32, ret, a, b);
}

void tcg_gen_fma_f32(TCGv_f32 ret, TCGv_f32 a, TCGv_f32 b, TCGv_f32 c)
{
    TCGOp *op = tcg_emit_op(INDEX_op_fma_f32, 4);

    op->args[0] = own_arg(ret);
    op->args[1] = own_arg(a);
    op->args[2] = own_arg(b);
    op->args[3] = own_arg(c);
}

void tcg_gen_setcond_f32(TCGFCond cond, TCGv_i32 ret, TCGv_f32 a, TCGv_f32 b)
{
    emit3c(INDEX_op_setcond_f32, ret, a, b, cond);
}

void tcg_gen_brcond_f32(TCGFCond cond, TCGv_f32 a, TCGv_f32 b, TCGLabel *l)
{
    emit_brcond(INDEX_op_brcond_f32, a, b, cond, l);
}

void tcg_gen_cvt_f32_i32(TCGv_i32 ret, TCGv_f32 a, bool truncate)
{
    emit2c(INDEX_op_cvt_i32_f32, ret, a, truncate);
}

void tcg_gen_cvt_f32_i64(TCGv_i64 ret, TCGv_f32 a, bool truncate)
{
    emit2c(INDEX_op_cvt_i64_f32, ret, a, truncate);
}

void tcg_gen_from_i32_f32(TCGv_f32 ret, TCGv_i32 a)
{
    emit2(INDEX_op_from_i32_f32, ret, a);
}

void tcg_gen_from_i64_f32(TCGv_f32 ret, TCGv_i64 a)
{
    emit2(INDEX_op_from_i64_f32, ret, a);
}

void tcg_gen_guard_f32(TCGv_f32 ret, TCGv_f32 result, TCGGuard test, const TCGHelperInfo *fix,
                       TCGv_f32 b, TCGv_f32 c, TCGv_f32 e, uint32_t info)
{
    void *const operands[3] = { b, c, e };

    gen_guard(INDEX_op_guard_f32, ret, result, test, fix, operands, info);
}
void tcg_gen_mov_f64(TCGv_f64 ret, TCGv_f64 a)
{
    if (ret != a) {
        emit2(INDEX_op_mov_f64, ret, a);
    }
}

void tcg_gen_fsqrt_f64(TCGv_f64 ret, TCGv_f64 a)
{
    emit2(INDEX_op_fsqrt_f64, ret, a);
}

void tcg_gen_fneg_f64(TCGv_f64 ret, TCGv_f64 a)
{
    emit2(INDEX_op_fneg_f64, ret, a);
}

void tcg_gen_fabs_f64(TCGv_f64 ret, TCGv_f64 a)
{
    emit2(INDEX_op_fabs_f64, ret, a);
}

void tcg_gen_fadd_f64(TCGv_f64 ret, TCGv_f64 a, TCGv_f64 b)
{
    emit3(INDEX_op_fadd_f64, ret, a, b);
}

void tcg_gen_fsub_f64(TCGv_f64 ret, TCGv_f64 a, TCGv_f64 b)
{
    emit3(INDEX_op_fsub_f64, ret, a, b);
}

void tcg_gen_fmul_f64(TCGv_f64 ret, TCGv_f64 a, TCGv_f64 b)
{
    emit3(INDEX_op_fmul_f64, ret, a, b);
}

void tcg_gen_fdiv_f64(TCGv_f64 ret, TCGv_f64 a, TCGv_f64 b)
{
    emit3(INDEX_op_fdiv_f64, ret, a, b);
}

void tcg_gen_fma_f64(TCGv_f64 ret, TCGv_f64 a, TCGv_f64 b, TCGv_f64 c)
{
    TCGOp *op = tcg_emit_op(INDEX_op_fma_f64, 4);

    op->args[0] = own_arg(ret);
    op->args[1] = own_arg(a);
    op->args[2] = own_arg(b);
    op->args[3] = own_arg(c);
}

void tcg_gen_setcond_f64(TCGFCond cond, TCGv_i32 ret, TCGv_f64 a, TCGv_f64 b)
{
    emit3c(INDEX_op_setcond_f64, ret, a, b, cond);
}

void tcg_gen_brcond_f64(TCGFCond cond, TCGv_f64 a, TCGv_f64 b, TCGLabel *l)
{
    emit_brcond(INDEX_op_brcond_f64, a, b, cond, l);
}

void tcg_gen_cvt_f64_i32(TCGv_i32 ret, TCGv_f64 a, bool truncate)
{
    emit2c(INDEX_op_cvt_i32_f64, ret, a, truncate);
}

void tcg_gen_cvt_f64_i64(TCGv_i64 ret, TCGv_f64 a, bool truncate)
{
    emit2c(INDEX_op_cvt_i64_f64, ret, a, truncate);
}

void tcg_gen_from_i32_f64(TCGv_f64 ret, TCGv_i32 a)
{
    emit2(INDEX_op_from_i32_f64, ret, a);
}

void tcg_gen_from_i64_f64(TCGv_f64 ret, TCGv_i64 a)
{
    emit2(INDEX_op_from_i64_f64, ret, a);
}

void tcg_gen_guard_f64(TCGv_f64 ret, TCGv_f64 result, TCGGuard test, const TCGHelperInfo *fix,
                       TCGv_f64 b, TCGv_f64 c, TCGv_f64 e, uint32_t info)
{
    void *const operands[3] = { b, c, e };

    gen_guard(INDEX_op_guard_f64, ret, result, test, fix, operands, info);
}
void tcg_gen_cvt_f64_f32(TCGv_f32 ret, TCGv_f64 a)
{
    emit2(INDEX_op_cvt_f64_f32, ret, a);
}

void tcg_gen_cvt_f32_f64(TCGv_f64 ret, TCGv_f32 a)
{
    emit2(INDEX_op_cvt_f32_f64, ret, a);
}

void tcg_gen_bits_f32_i32(TCGv_i32 ret, TCGv_f32 a)
{
    emit2(INDEX_op_bits_f32_i32, ret, a);
}

void tcg_gen_bits_i32_f32(TCGv_f32 ret, TCGv_i32 a)
{
    emit2(INDEX_op_bits_i32_f32, ret, a);
}

void tcg_gen_bits_f64_i64(TCGv_i64 ret, TCGv_f64 a)
{
    emit2(INDEX_op_bits_f64_i64, ret, a);
}

void tcg_gen_bits_i64_f64(TCGv_f64 ret, TCGv_i64 a)
{
    emit2(INDEX_op_bits_i64_f64, ret, a);
}
