/*
 * POWER instructions that the 601 kept (601 user's manual, chapter 3).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-ppc/insn-gen.h"
#include "target-ppc/power.h"

enum { CACHE_LINE_601 = 64 };

static intptr_t mq_offset(void) { return offsetof(CPUPPCState, spr) + 4 * SPR_MQ; }

/* --- arithmetic ----------------------------------------------------------------------- */

/* abs[o][.] rD,rA: overflows for the most negative number. */
void gen_abs(DisasContext *ctx, const Insn *in)
{
    if (in->oe) {
        TCGv_i32 overflow = tcg_temp_new_i32();

        tcg_gen_setcondi_i32(TCG_COND_EQ, overflow, cpu_gpr[in->ra], INT32_MIN);
        gen_set_ov(ctx, overflow);
    }
    tcg_gen_abs_i32(dest_gpr(ctx, in->rd), cpu_gpr[in->ra]);
    if (in->rc_bit) {
        gen_cr0(ctx, cpu_gpr[in->rd]);
    }
}

/* nabs[o][.] never overflows. */
void gen_nabs(DisasContext *ctx, const Insn *in)
{
    TCGv_i32 result = tcg_temp_new_i32();

    if (in->oe) {
        gen_set_ov(ctx, tcg_constant_i32(0));
    }
    tcg_gen_abs_i32(result, cpu_gpr[in->ra]);
    tcg_gen_neg_i32(dest_gpr(ctx, in->rd), result);
    if (in->rc_bit) {
        gen_cr0(ctx, cpu_gpr[in->rd]);
    }
}

/* Difference or zero: b - a where b > a signed. Returns the result in rD. */
static void gen_difference(DisasContext *ctx, const Insn *in, TCGv_i32 b, bool oe)
{
    TCGv_i32 a = cpu_gpr[in->ra], zero = tcg_constant_i32(0);
    TCGv_i32 result = tcg_temp_new_i32();

    tcg_gen_sub_i32(result, b, a);
    tcg_gen_movcond_i32(TCG_COND_GT, result, a, b, zero, result);
    if (oe) {
        TCGv_i32 overflow = tcg_temp_new_i32();

        /* The true difference is not negative here. */
        tcg_gen_setcondi_i32(TCG_COND_LT, overflow, result, 0);
        gen_set_ov(ctx, overflow);
    }
    write_gpr(ctx, in->rd, result);
}

void gen_doz(DisasContext *ctx, const Insn *in)
{
    gen_difference(ctx, in, cpu_gpr[in->rb], in->oe);
    if (in->rc_bit) {
        gen_cr0(ctx, cpu_gpr[in->rd]);
    }
}

void gen_dozi(DisasContext *ctx, const Insn *in)
{
    gen_difference(ctx, in, tcg_constant_i32(in->simm), false);
}

/* mul[o][.] rD,rA,rB: 64-bit product in rD and MQ; CR0 is of MQ. */
void gen_mul(DisasContext *ctx, const Insn *in)
{
    TCGv_i32 low = tcg_temp_new_i32(), high = tcg_temp_new_i32();

    tcg_gen_muls2_i32(low, high, cpu_gpr[in->ra], cpu_gpr[in->rb]);
    if (in->oe) {
        TCGv_i32 overflow = tcg_temp_new_i32();

        tcg_gen_sari_i32(overflow, low, 31);
        tcg_gen_setcond_i32(TCG_COND_NE, overflow, overflow, high);
        gen_set_ov(ctx, overflow);
    }
    tcg_gen_st_i32(low, tcg_env, mq_offset());
    write_gpr(ctx, in->rd, high);
    if (in->rc_bit) {
        gen_cr0(ctx, low);
    }
}

/* div[o][.] rD,rA,rB: CR0 is of the remainder in MQ. */
void gen_div(DisasContext *ctx, const Insn *in)
{
    TCGv_i64 quotient = tcg_temp_new_i64();
    TCGv_i32 t = tcg_temp_new_i32(), old_mq = tcg_temp_new_i32();

    tcg_gen_ld_i32(old_mq, tcg_env, mq_offset());
    gen_helper_power_div(quotient, tcg_env, cpu_gpr[in->ra], cpu_gpr[in->rb]);
    if (in->oe) {
        tcg_gen_extrh_i64_i32(t, quotient);
        if (!ctx->track_so) {
            /* Starting anew needs MQ as it was. */
            TCGv_i32 new_mq = tcg_temp_new_i32();

            tcg_gen_ld_i32(new_mq, tcg_env, mq_offset());
            tcg_gen_st_i32(old_mq, tcg_env, mq_offset());
            gen_set_ov(ctx, t);
            tcg_gen_st_i32(new_mq, tcg_env, mq_offset());
        } else {
            gen_set_ov(ctx, t);
        }
    }
    tcg_gen_extrl_i64_i32(dest_gpr(ctx, in->rd), quotient);
    if (in->rc_bit) {
        tcg_gen_ld_i32(t, tcg_env, mq_offset());
        gen_cr0(ctx, t);
    }
}

/* divs[o][.] rD,rA,rB: 32 by 32 bits, remainder in MQ; CR0 is of the remainder. */
void gen_divs(DisasContext *ctx, const Insn *in)
{
    TCGv_i32 a = cpu_gpr[in->ra], b = cpu_gpr[in->rb], zero = tcg_constant_i32(0);
    TCGv_i32 bad = tcg_temp_new_i32(), t = tcg_temp_new_i32();
    TCGv_i32 quotient = tcg_temp_new_i32(), remainder = tcg_temp_new_i32();

    tcg_gen_setcondi_i32(TCG_COND_EQ, bad, a, INT32_MIN);
    tcg_gen_setcondi_i32(TCG_COND_EQ, t, b, -1);
    tcg_gen_and_i32(bad, bad, t);
    tcg_gen_setcondi_i32(TCG_COND_EQ, t, b, 0);
    tcg_gen_or_i32(bad, bad, t);
    if (in->oe) {
        gen_set_ov(ctx, bad);
    }
    tcg_gen_sari_i32(t, a, 31);
    tcg_gen_div_i32(quotient, a, b);
    tcg_gen_movcond_i32(TCG_COND_NE, quotient, bad, zero, t, quotient);
    tcg_gen_mul_i32(remainder, quotient, b);
    tcg_gen_sub_i32(remainder, a, remainder);
    tcg_gen_st_i32(remainder, tcg_env, mq_offset());
    write_gpr(ctx, in->rd, quotient);
    if (in->rc_bit) {
        gen_cr0(ctx, remainder);
    }
}

/* clcs rD,rA: all the cache line sizes that rA can ask for are the same. */
void gen_clcs(DisasContext *ctx, const Insn *in)
{
    tcg_gen_movi_i32(dest_gpr(ctx, in->rd), CACHE_LINE_601);
}

/* --- masks and inserts: rA is the destination ------------------------------------------- */

static void gen_power_finish(DisasContext *ctx, const Insn *in)
{
    if (in->rc_bit) {
        gen_cr0(ctx, cpu_gpr[in->ra]);
    }
}

void gen_maskg(DisasContext *ctx, const Insn *in)
{
    gen_helper_power_maskg(dest_gpr(ctx, in->ra), cpu_gpr[in->rs], cpu_gpr[in->rb]);
    gen_power_finish(ctx, in);
}

/* dest = bits of `from` where mask is set, of dest elsewhere. */
static void gen_insert(TCGv_i32 dest, TCGv_i32 from, TCGv_i32 mask)
{
    TCGv_i32 keep = tcg_temp_new_i32(), taken = tcg_temp_new_i32();

    tcg_gen_andc_i32(keep, dest, mask);
    tcg_gen_and_i32(taken, from, mask);
    tcg_gen_or_i32(dest, keep, taken);
}

void gen_maskir(DisasContext *ctx, const Insn *in)
{
    gen_insert(dest_gpr(ctx, in->ra), cpu_gpr[in->rs], cpu_gpr[in->rb]);
    gen_power_finish(ctx, in);
}

/* rlmi[.] rA,rS,rB,MB,ME: rlwimi with the count in rB. */
void gen_rlmi(DisasContext *ctx, const Insn *in)
{
    TCGv_i32 count = tcg_temp_new_i32(), rotated = tcg_temp_new_i32(), mask = tcg_temp_new_i32();

    tcg_gen_andi_i32(count, cpu_gpr[in->rb], 31);
    tcg_gen_rotl_i32(rotated, cpu_gpr[in->rs], count);
    gen_helper_power_maskg(mask, tcg_constant_i32(in->mb), tcg_constant_i32(in->me));
    gen_insert(dest_gpr(ctx, in->ra), rotated, mask);
    gen_power_finish(ctx, in);
}

/* rrib[.] rA,rS,rB: bit 0 of rS into the bit of rA that rB names. */
void gen_rrib(DisasContext *ctx, const Insn *in)
{
    TCGv_i32 count = tcg_temp_new_i32(), bit = tcg_temp_new_i32(), mask = tcg_temp_new_i32();

    tcg_gen_andi_i32(count, cpu_gpr[in->rb], 31);
    tcg_gen_andi_i32(bit, cpu_gpr[in->rs], INT32_MIN);
    tcg_gen_shr_i32(bit, bit, count);
    tcg_gen_shr_i32(mask, tcg_constant_i32(INT32_MIN), count);
    gen_insert(dest_gpr(ctx, in->ra), bit, mask);
    gen_power_finish(ctx, in);
}

/* --- shifts with MQ ------------------------------------------------------------------------ */

static void gen_power_shift(DisasContext *ctx, const Insn *in, unsigned kind, bool immediate)
{
    TCGv_i32 amount = immediate ? tcg_constant_i32(in->sh) : cpu_gpr[in->rb];

    gen_helper_power_shift(dest_gpr(ctx, in->ra), tcg_env, tcg_constant_i32(kind), cpu_gpr[in->rs], amount);
    gen_power_finish(ctx, in);
}

enum { LEFT = 0, RIGHT = POWER_RIGHT, MQ_IN = POWER_FILL_MQ, SIGN = POWER_FILL_SIGN, MQ_OUT = POWER_SET_MQ,
       LONG = POWER_BIT_26 };

void gen_sle(DisasContext *ctx, const Insn *in) { gen_power_shift(ctx, in, LEFT | MQ_OUT, false); }
void gen_sleq(DisasContext *ctx, const Insn *in) { gen_power_shift(ctx, in, LEFT | MQ_IN | MQ_OUT, false); }
void gen_sliq(DisasContext *ctx, const Insn *in) { gen_power_shift(ctx, in, LEFT | MQ_OUT, true); }
void gen_slliq(DisasContext *ctx, const Insn *in) { gen_power_shift(ctx, in, LEFT | MQ_IN | MQ_OUT, true); }
void gen_sllq(DisasContext *ctx, const Insn *in) { gen_power_shift(ctx, in, LEFT | MQ_IN | LONG, false); }
void gen_slq(DisasContext *ctx, const Insn *in) { gen_power_shift(ctx, in, LEFT | MQ_OUT | LONG, false); }
void gen_sre(DisasContext *ctx, const Insn *in) { gen_power_shift(ctx, in, RIGHT | MQ_OUT, false); }
void gen_srea(DisasContext *ctx, const Insn *in) { gen_power_shift(ctx, in, RIGHT | SIGN | MQ_OUT, false); }
void gen_sreq(DisasContext *ctx, const Insn *in) { gen_power_shift(ctx, in, RIGHT | MQ_IN | MQ_OUT, false); }
void gen_sriq(DisasContext *ctx, const Insn *in) { gen_power_shift(ctx, in, RIGHT | MQ_OUT, true); }
void gen_srliq(DisasContext *ctx, const Insn *in) { gen_power_shift(ctx, in, RIGHT | MQ_IN | MQ_OUT, true); }
void gen_srlq(DisasContext *ctx, const Insn *in) { gen_power_shift(ctx, in, RIGHT | MQ_IN | LONG, false); }
void gen_srq(DisasContext *ctx, const Insn *in) { gen_power_shift(ctx, in, RIGHT | MQ_OUT | LONG, false); }
void gen_sraiq(DisasContext *ctx, const Insn *in) { gen_power_shift(ctx, in, RIGHT | SIGN | MQ_OUT, true); }
void gen_sraq(DisasContext *ctx, const Insn *in) { gen_power_shift(ctx, in, RIGHT | SIGN | MQ_OUT | LONG, false); }

/* lscbx[.] rD,rA,rB: load a string up to a byte; CR0 = 0 0 found SO. */
void gen_lscbx(DisasContext *ctx, const Insn *in)
{
    TCGv_i32 result = tcg_temp_new_i32(), bits = tcg_temp_new_i32();

    gen_helper_lscbx(result, tcg_env, gen_ea_index(ctx, in), tcg_constant_i32(in->rd),
                     tcg_constant_i32(in->ra | in->rb << 5));
    forget_compares(ctx);
    if (in->rc_bit) {
        tcg_gen_extract_i32(bits, result, 16, 1);
        tcg_gen_add_i32(bits, bits, bits);
        if (ctx->track_so) {
            tcg_gen_or_i32(bits, bits, cpu_xer_so);
        }
        gen_cr_bits(ctx, 0, bits);
    }
}
