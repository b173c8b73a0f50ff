/*
 * String instructions (SDM 2). Without a repeat prefix they are a load, a store
 * and a step; with one a helper does as much as it can, and the instruction is
 * entered again while something is left, so interrupts come between.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/insn-gen.h"
#include "target-i386/string.h"

static MemOp element_size(const Insn *in) { return in->op[1].size; }
static unsigned source_segment(const Insn *in) { return in->seg_override >= 0 ? in->seg_override : R_DS; }

static TCGv source_address(DisasContext *ctx, Insn *in)
{
    return gen_linear(ctx, source_segment(in), extend_zx(cpu_regs[R_ESI], in->asize),
                      memop_size(element_size(in)), ACCESS_READ);
}

static TCGv dest_address(DisasContext *ctx, Insn *in, AccessKind access)
{
    return gen_linear(ctx, R_ES, extend_zx(cpu_regs[R_EDI], in->asize), memop_size(element_size(in)), access);
}

/* The element size, negative when DF is set. */
static TCGv gen_step(Insn *in)
{
    TCGv_i32 df = tcg_temp_new_i32();
    TCGv step = tcg_temp_new();

    tcg_gen_ld_i32(df, tcg_env, offsetof(CPUX86State, df));
    tcg_gen_ext_i32_tl(step, df);
    tcg_gen_shli_tl(step, step, element_size(in));
    return step;
}

static void advance(Insn *in, unsigned reg, TCGv step)
{
    TCGv next = tcg_temp_new();

    tcg_gen_add_tl(next, cpu_regs[reg], step);
    write_reg(in->asize, reg, next);
}

typedef void RepeatHelper(TCGv_i32 ret, TCGv_env env, TCGv_i32 info);

/* REP: the helper says whether the instruction is complete. */
static void gen_repeated(DisasContext *ctx, Insn *in, RepeatHelper *helper, bool sets_flags)
{
    TCGv_i32 done = tcg_temp_new_i32();
    uint32_t info = element_size(in) | in->asize << STRING_ASIZE_SHIFT | source_segment(in) << STRING_SEG_SHIFT;
    TCGLabel *complete = gen_new_label();

    if (sets_flags && in->repne) {
        info |= STRING_WHILE_NOT_EQUAL;
    }
    if (ctx->single_step) {
        info |= STRING_ONE;
    }
    gen_sync_cc_op(ctx);
    helper(done, tcg_env, tcg_constant_i32(info));
    if (sets_flags) {
        gen_cc_is_dynamic(ctx);
    }
    tcg_gen_brcondi_i32(TCG_COND_NE, done, 0, complete);
    gen_jump_out(ctx, ctx->pc);             /* interrupts are looked at there */
    gen_set_label(complete);
    ctx->ended = false;
    if (!ctx->region) {
        gen_jump(ctx, ctx->next_pc);
    }
}

static bool is_repeated(const Insn *in) { return in->rep || in->repne; }

/* movs */
void gen_movs(DisasContext *ctx, Insn *in)
{
    TCGv value, step;

    if (is_repeated(in)) {
        gen_repeated(ctx, in, gen_helper_rep_movs, false);
        return;
    }
    value = tcg_temp_new();
    gen_load(ctx, value, source_address(ctx, in), element_size(in));
    gen_store(ctx, value, dest_address(ctx, in, ACCESS_WRITE), element_size(in));
    step = gen_step(in);
    advance(in, R_ESI, step);
    advance(in, R_EDI, step);
}

/* stos */
void gen_stos(DisasContext *ctx, Insn *in)
{
    if (is_repeated(in)) {
        gen_repeated(ctx, in, gen_helper_rep_stos, false);
        return;
    }
    gen_store(ctx, cpu_regs[R_EAX], dest_address(ctx, in, ACCESS_WRITE), element_size(in));
    advance(in, R_EDI, gen_step(in));
}

/* lods */
void gen_lods(DisasContext *ctx, Insn *in)
{
    TCGv value;

    if (is_repeated(in)) {
        gen_repeated(ctx, in, gen_helper_rep_lods, false);
        return;
    }
    value = tcg_temp_new();
    gen_load(ctx, value, source_address(ctx, in), element_size(in));
    write_operand(ctx, in, 1, value);
    advance(in, R_ESI, gen_step(in));
}

static void compare(DisasContext *ctx, Insn *in, TCGv a, TCGv b)
{
    TCGv result = tcg_temp_new();

    tcg_gen_sub_tl(result, a, b);
    gen_set_cc(ctx, CC_OP_SUB + element_size(in), result, b);
    ctx->cc.a = a;
    ctx->cc.b = b;
}

/* cmps: source minus destination */
void gen_cmps(DisasContext *ctx, Insn *in)
{
    TCGv a, b, step;

    if (is_repeated(in)) {
        gen_repeated(ctx, in, gen_helper_rep_cmps, true);
        return;
    }
    a = tcg_temp_new();
    b = tcg_temp_new();
    gen_load(ctx, a, source_address(ctx, in), element_size(in));
    gen_load(ctx, b, dest_address(ctx, in, ACCESS_READ), element_size(in));
    compare(ctx, in, a, b);
    step = gen_step(in);
    advance(in, R_ESI, step);
    advance(in, R_EDI, step);
}

/* scas: accumulator minus destination */
void gen_scas(DisasContext *ctx, Insn *in)
{
    TCGv b;

    if (is_repeated(in)) {
        gen_repeated(ctx, in, gen_helper_rep_scas, true);
        return;
    }
    b = tcg_temp_new();
    gen_load(ctx, b, dest_address(ctx, in, ACCESS_READ), element_size(in));
    compare(ctx, in, copy_value(cpu_regs[R_EAX]), b);
    advance(in, R_EDI, gen_step(in));
}
