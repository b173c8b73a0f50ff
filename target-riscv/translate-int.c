/*
 * Integer instructions, multiplication and division, branches (volume I, chapters 2, 7).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-riscv/translate.h"

void gen_alu(DisasContext *ctx, const Insn *in)
{
    in->row->data.op3(dest_gpr(in->rd), read_gpr(in->rs1), read_gpr(in->rs2));
}

void gen_alu_imm(DisasContext *ctx, const Insn *in)
{
    in->row->data.op3(dest_gpr(in->rd), read_gpr(in->rs1), tcg_constant_i32(in->imm));
}

void gen_set(DisasContext *ctx, const Insn *in)
{
    tcg_gen_setcond_i32(in->row->data.cond, dest_gpr(in->rd), read_gpr(in->rs1), read_gpr(in->rs2));
}

void gen_set_imm(DisasContext *ctx, const Insn *in)
{
    tcg_gen_setcondi_i32(in->row->data.cond, dest_gpr(in->rd), read_gpr(in->rs1), in->imm);
}

/* Shifts by rs2's low five bits. */
void gen_shift(DisasContext *ctx, const Insn *in)
{
    TCGv_i32 count = tcg_temp_new_i32();

    tcg_gen_andi_i32(count, read_gpr(in->rs2), 31);
    in->row->data.op3(dest_gpr(in->rd), read_gpr(in->rs1), count);
}

void gen_shift_imm(DisasContext *ctx, const Insn *in)
{
    in->row->data.op3(dest_gpr(in->rd), read_gpr(in->rs1), tcg_constant_i32(in->rs2));
}

void gen_lui(DisasContext *ctx, const Insn *in)
{
    tcg_gen_movi_i32(dest_gpr(in->rd), in->imm);
}

void gen_auipc(DisasContext *ctx, const Insn *in)
{
    tcg_gen_movi_i32(dest_gpr(in->rd), ctx->base.pc + in->imm);
}

/* --- M ------------------------------------------------------------------------------------------ */

void gen_mulhsu(DisasContext *ctx, const Insn *in)
{
    TCGv_i64 a = tcg_temp_new_i64(), b = tcg_temp_new_i64();

    tcg_gen_ext_i32_i64(a, read_gpr(in->rs1));
    tcg_gen_extu_i32_i64(b, read_gpr(in->rs2));
    tcg_gen_mul_i64(a, a, b);
    tcg_gen_extrh_i64_i32(dest_gpr(in->rd), a);
}

/*
 * Nothing traps (table 7.1): x / 0 = -1, x % 0 = x, and by -1 the least number gives
 * itself, remainder 0. The ops leave these cases undefined.
 */
static void gen_division(const Insn *in, TCGv_i32 result, TCGv_i32 by_zero)
{
    tcg_gen_movcond_i32(TCG_COND_EQ, dest_gpr(in->rd), read_gpr(in->rs2), tcg_constant_i32(0), by_zero, result);
}

void gen_div(DisasContext *ctx, const Insn *in)
{
    TCGv_i32 result = tcg_temp_new_i32(), negated = tcg_temp_new_i32(), minus_one = tcg_constant_i32(-1);

    tcg_gen_div_i32(result, read_gpr(in->rs1), read_gpr(in->rs2));
    tcg_gen_neg_i32(negated, read_gpr(in->rs1));
    tcg_gen_movcond_i32(TCG_COND_EQ, result, read_gpr(in->rs2), minus_one, negated, result);
    gen_division(in, result, minus_one);
}

void gen_divu(DisasContext *ctx, const Insn *in)
{
    TCGv_i32 result = tcg_temp_new_i32();

    tcg_gen_divu_i32(result, read_gpr(in->rs1), read_gpr(in->rs2));
    gen_division(in, result, tcg_constant_i32(-1));
}

void gen_rem(DisasContext *ctx, const Insn *in)
{
    TCGv_i32 result = tcg_temp_new_i32();

    tcg_gen_rem_i32(result, read_gpr(in->rs1), read_gpr(in->rs2));
    tcg_gen_movcond_i32(TCG_COND_EQ, result, read_gpr(in->rs2), tcg_constant_i32(-1), tcg_constant_i32(0), result);
    gen_division(in, result, read_gpr(in->rs1));
}

void gen_remu(DisasContext *ctx, const Insn *in)
{
    TCGv_i32 result = tcg_temp_new_i32();

    tcg_gen_remu_i32(result, read_gpr(in->rs1), read_gpr(in->rs2));
    gen_division(in, result, read_gpr(in->rs1));
}

/* --- branches ------------------------------------------------------------------------------------- */

void gen_branch(DisasContext *ctx, const Insn *in)
{
    translator_branch(&ctx->base, in->row->data.cond, read_gpr(in->rs1), read_gpr(in->rs2), ctx->base.pc + in->imm);
}

void gen_jal(DisasContext *ctx, const Insn *in)
{
    tcg_gen_movi_i32(dest_gpr(in->rd), ctx->base.next_pc);
    translator_jump(&ctx->base, ctx->base.pc + in->imm);
}

void gen_jalr(DisasContext *ctx, const Insn *in)
{
    TCGv_i32 target = tcg_temp_new_i32();

    tcg_gen_addi_i32(target, read_gpr(in->rs1), in->imm);
    tcg_gen_andi_i32(target, target, ~1);
    tcg_gen_movi_i32(dest_gpr(in->rd), ctx->base.next_pc);      /* after rs1 is read: it may be rd */
    translator_jump_indirect(&ctx->base, target);
}
