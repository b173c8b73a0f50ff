/*
 * Branches, traps and the system call (PEM 4.2.4).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-ppc/insn-gen.h"
#include "target-ppc/region.h"

enum { BO_IGNORE_CONDITION = 16, BO_CONDITION_TRUE = 8, BO_KEEP_CTR = 4, BO_CTR_ZERO = 2 };

static bool is_unconditional(const Insn *in)
{
    return (in->bo & (BO_IGNORE_CONDITION | BO_KEEP_CTR)) == (BO_IGNORE_CONDITION | BO_KEEP_CTR);
}

/* Branch to label when CR bit `bit` equals `sense`. */
static void gen_branch_on_bit(DisasContext *ctx, unsigned bit, bool sense, TCGLabel *label)
{
    static const TCGCond conds[2][3] = {
        { TCG_COND_LT, TCG_COND_GT, TCG_COND_EQ }, { TCG_COND_LTU, TCG_COND_GTU, TCG_COND_EQ }
    };
    const CompareSource *source = &ctx->cmp[bit / 4];
    TCGv_i64 field = cpu_cr[bit / 4];
    unsigned kind = bit % 4;

    if (kind == 3) {
        TCGv_i32 so = cpu_cr_so;

        if (ctx->track_so) {
            tcg_gen_brcond_i32(sense ? TCG_COND_TSTNE : TCG_COND_TSTEQ, so,
                               tcg_constant_i32(0x80 >> bit / 4), label);
        } else if (!sense) {
            tcg_gen_br(label);
        }
    } else if (source->kind == CMP_SIGNED || source->kind == CMP_UNSIGNED) {
        TCGCond cond = conds[source->kind == CMP_UNSIGNED][kind];

        tcg_gen_brcond_i32(sense ? cond : tcg_invert_cond(cond), source->a, source->b, label);
    } else if (kind == 2) {
        TCGv_i32 low = tcg_temp_new_i32();

        tcg_gen_extrl_i64_i32(low, field);
        tcg_gen_brcondi_i32(sense ? TCG_COND_EQ : TCG_COND_NE, low, 0, label);
    } else if (kind == 1) {
        tcg_gen_brcondi_i64(sense ? TCG_COND_GT : TCG_COND_LE, field, 0, label);
    } else if (source->kind == CMP_VALUE) {
        tcg_gen_brcondi_i64(sense ? TCG_COND_LT : TCG_COND_GE, field, 0, label);
    } else {
        TCGv_i64 shifted = tcg_temp_new_i64();

        tcg_gen_add_i64(shifted, field, field);     /* bit 62 becomes the sign */
        tcg_gen_brcondi_i64(sense ? TCG_COND_LT : TCG_COND_GE, shifted, 0, label);
    }
}

/* Decrement CTR as BO says and branch to `taken` when all that BO asks for holds. */
static void gen_branch_if(DisasContext *ctx, const Insn *in, TCGLabel *taken)
{
    TCGLabel *not_taken = NULL;
    bool has_condition = !(in->bo & BO_IGNORE_CONDITION);

    if (!(in->bo & BO_KEEP_CTR)) {
        bool zero = in->bo & BO_CTR_ZERO;

        tcg_gen_subi_i32(cpu_ctr, cpu_ctr, 1);
        if (!has_condition) {
            tcg_gen_brcondi_i32(zero ? TCG_COND_EQ : TCG_COND_NE, cpu_ctr, 0, taken);
            return;
        }
        not_taken = gen_new_label();
        tcg_gen_brcondi_i32(zero ? TCG_COND_NE : TCG_COND_EQ, cpu_ctr, 0, not_taken);
    }
    gen_branch_on_bit(ctx, in->bi, in->bo & BO_CONDITION_TRUE, taken);
    if (not_taken) {
        gen_set_label(not_taken);
    }
}

/* Behind a conditional branch: a region goes on, a cold block ends. */
static void gen_fall_through(DisasContext *ctx)
{
    if (!ctx->region) {
        gen_jump(ctx, ctx->next_pc);
    }
}

static void gen_link(DisasContext *ctx, const Insn *in)
{
    if (in->lk) {
        tcg_gen_movi_i32(cpu_lr, ctx->next_pc);
    }
}

/* b[l][a] target */
void gen_b(DisasContext *ctx, const Insn *in)
{
    gen_link(ctx, in);
    gen_jump(ctx, (in->aa ? 0 : ctx->pc) + in->li);
}

/* bc[l][a] BO,BI,target */
void gen_bc(DisasContext *ctx, const Insn *in)
{
    uint32_t target = (in->aa ? 0 : ctx->pc) + in->bd;
    TCGLabel *taken;

    gen_link(ctx, in);
    if (is_unconditional(in)) {
        gen_jump(ctx, target);
        return;
    }
    taken = ctx->region ? region_label(ctx, target) : NULL;
    if (!taken) {
        taken = gen_exit_later(ctx, EXIT_DIRECT, target);
    }
    gen_branch_if(ctx, in, taken);
    gen_fall_through(ctx);
}

/* bclr, bcctr: kind names the register that holds the target. */
static void gen_branch_register(DisasContext *ctx, const Insn *in, ExitKind kind)
{
    TCGv_i32 source = kind == EXIT_LR ? cpu_lr : cpu_ctr;

    if (in->lk && kind == EXIT_LR) {
        TCGv_i32 copy = tcg_temp_new_i32();
        TCGLabel *taken = gen_new_label(), *past = gen_new_label();

        /* The old LR is the target. */
        tcg_gen_mov_i32(copy, cpu_lr);
        gen_link(ctx, in);
        if (is_unconditional(in)) {
            gen_jump_indirect(ctx, copy);
            return;
        }
        gen_branch_if(ctx, in, taken);
        tcg_gen_br(past);
        gen_set_label(taken);
        gen_jump_indirect(ctx, copy);
        gen_set_label(past);
        ctx->ended = false;
        gen_fall_through(ctx);
        return;
    }
    gen_link(ctx, in);
    if (is_unconditional(in)) {
        gen_jump_indirect(ctx, source);
        return;
    }
    gen_branch_if(ctx, in, gen_exit_later(ctx, kind, 0));
    gen_fall_through(ctx);
}

void gen_bclr(DisasContext *ctx, const Insn *in) { gen_branch_register(ctx, in, EXIT_LR); }
void gen_bcctr(DisasContext *ctx, const Insn *in) { gen_branch_register(ctx, in, EXIT_CTR); }

/* sc: entered without leaving generated code. */
void gen_sc(DisasContext *ctx, const Insn *in)
{
    tcg_gen_movi_i32(cpu_nip, ctx->next_pc);
    gen_helper_syscall(tcg_env);
    gen_exit_lookup(ctx);
}

/* --- traps ------------------------------------------------------------------------------- */

enum { TO_LT = 16, TO_GT = 8, TO_EQ = 4, TO_LTU = 2, TO_GTU = 1 };

static void gen_trap(DisasContext *ctx, unsigned to, TCGv_i32 a, TCGv_i32 b)
{
    static const struct { uint8_t bit; TCGCond cond; } tests[] = {
        { TO_LT, TCG_COND_LT }, { TO_GT, TCG_COND_GT }, { TO_EQ, TCG_COND_EQ },
        { TO_LTU, TCG_COND_LTU }, { TO_GTU, TCG_COND_GTU },
    };
    TCGLabel *trap, *past;

    if (to == 0) {
        return;
    }
    if (to == 31) {
        gen_exception_err(ctx, EXCP_PROGRAM, SRR1_TRAP);
        return;
    }
    if ((to & (to - 1)) == 0) {
        /* One condition: jump over the exception. */
        past = gen_new_label();
        for (unsigned i = 0; i < ARRAY_SIZE(tests); i++) {
            if (to == tests[i].bit) {
                tcg_gen_brcond_i32(tcg_invert_cond(tests[i].cond), a, b, past);
            }
        }
    } else {
        trap = gen_new_label();
        past = gen_new_label();
        for (unsigned i = 0; i < ARRAY_SIZE(tests); i++) {
            if (to & tests[i].bit) {
                tcg_gen_brcond_i32(tests[i].cond, a, b, trap);
            }
        }
        tcg_gen_br(past);
        gen_set_label(trap);
    }
    gen_exception_err(ctx, EXCP_PROGRAM, SRR1_TRAP);
    ctx->ended = false;
    gen_set_label(past);
}

void gen_tw(DisasContext *ctx, const Insn *in)
{
    gen_trap(ctx, in->to, cpu_gpr[in->ra], cpu_gpr[in->rb]);
}

void gen_twi(DisasContext *ctx, const Insn *in)
{
    gen_trap(ctx, in->to, cpu_gpr[in->ra], tcg_constant_i32(in->simm));
}
