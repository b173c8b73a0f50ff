/*
 * Near jumps, calls, returns, loops (SDM 2). Far ones: translate-far.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/insn-gen.h"

/* ud0, ud1, ud2 */
void gen_ud(DisasContext *ctx, Insn *in)
{
    gen_illegal(ctx);
}

/* --- conditional -------------------------------------------------------------------- */

/* Behind a conditional branch. */
static void gen_fall_through(DisasContext *ctx)
{
    if (!ctx->region) {
        gen_jump(ctx, ctx->next_pc);
    }
}

/* jCC target */
void gen_jcc(DisasContext *ctx, Insn *in)
{
    if (ctx->cc.op == CC_OP_DYNAMIC) {
        gen_flatten_cc(ctx);            /* before the exit takes note of where the flags are */
    }
    gen_branch_on(ctx, in->cond, gen_target_label(ctx, in, in->op[1].imm));
    gen_fall_through(ctx);
}

/* (E/R)CX by address size */
static TCGv counter(Insn *in) { return extend_zx(cpu_regs[R_ECX], in->asize); }

/* jcxz jecxz jrcxz target */
void gen_jcxz(DisasContext *ctx, Insn *in)
{
    tcg_gen_brcondi_tl(TCG_COND_EQ, counter(in), 0, gen_target_label(ctx, in, in->op[0].imm));
    gen_fall_through(ctx);
}

/* loop target: count down, go on while not 0 (and while Z is as asked) */
static void gen_counted_loop(DisasContext *ctx, Insn *in, int wanted_z)
{
    TCGv count = tcg_temp_new(), z = wanted_z < 0 ? NULL : gen_setcond_on(ctx, 4 | !wanted_z);
    TCGLabel *past = gen_new_label(), *taken = gen_target_label(ctx, in, in->op[0].imm);

    tcg_gen_subi_tl(count, cpu_regs[R_ECX], 1);
    write_reg(in->asize, R_ECX, count);
    if (wanted_z >= 0) {
        tcg_gen_brcondi_tl(TCG_COND_EQ, z, 0, past);
    }
    tcg_gen_brcondi_tl(TCG_COND_NE, counter(in), 0, taken);
    gen_set_label(past);
    gen_fall_through(ctx);
}

void gen_loop(DisasContext *ctx, Insn *in) { gen_counted_loop(ctx, in, -1); }
void gen_loope(DisasContext *ctx, Insn *in) { gen_counted_loop(ctx, in, 1); }
void gen_loopne(DisasContext *ctx, Insn *in) { gen_counted_loop(ctx, in, 0); }

/* --- unconditional -------------------------------------------------------------------- */

/* jmp target */
void gen_jmp(DisasContext *ctx, Insn *in)
{
    gen_jump_rel(ctx, in, in->op[0].imm);
}

/* call target */
void gen_call(DisasContext *ctx, Insn *in)
{
    gen_check_rel(ctx, in, in->op[0].imm);
    push_value(ctx, in->osize, gen_next_eip(ctx));
    gen_jump_rel(ctx, in, in->op[0].imm);
}

/* jmp reg or mem */
void gen_jmp_rm(DisasContext *ctx, Insn *in)
{
    gen_jump_indirect(ctx, read_operand_zx(ctx, in, 0));
}

/* call reg or mem */
void gen_call_rm(DisasContext *ctx, Insn *in)
{
    TCGv dest = copy_value(read_operand_zx(ctx, in, 0));

    gen_check_eip(ctx, dest);
    push_value(ctx, in->osize, gen_next_eip(ctx));
    gen_jump_indirect(ctx, dest);
}

/* ret [bytes] */
void gen_ret(DisasContext *ctx, Insn *in)
{
    TCGv dest = pop_value(ctx, in->osize);

    gen_check_eip(ctx, dest);
    pop_done(ctx, in->osize);
    if (in->op[0].kind == OPK_IMM && in->op[0].imm) {
        TCGv top = tcg_temp_new();

        tcg_gen_addi_tl(top, cpu_regs[R_ESP], in->op[0].imm);
        write_reg(stack_size(ctx), R_ESP, top);
    }
    gen_jump_indirect(ctx, dest);
}
