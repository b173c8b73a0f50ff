/*
 * Single flags, and flags to and from AH (SDM 2).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/insn-gen.h"

/* clc, stc, cmc */
void gen_clc(DisasContext *ctx, Insn *in)
{
    TCGv bits = gen_get_cc_bits(ctx);

    tcg_gen_andi_tl(bits, bits, ~CC_C);
    gen_set_cc_bits(ctx, bits);
}

void gen_stc(DisasContext *ctx, Insn *in)
{
    TCGv bits = gen_get_cc_bits(ctx);

    tcg_gen_ori_tl(bits, bits, CC_C);
    gen_set_cc_bits(ctx, bits);
}

void gen_cmc(DisasContext *ctx, Insn *in)
{
    TCGv bits = gen_get_cc_bits(ctx);

    tcg_gen_xori_tl(bits, bits, CC_C);
    gen_set_cc_bits(ctx, bits);
}

/* cld, std: env->df is the step of string instructions */
static void set_direction(int df)
{
    tcg_gen_st_i32(tcg_constant_i32(df), tcg_env, offsetof(CPUX86State, df));
}

void gen_cld(DisasContext *ctx, Insn *in) { set_direction(1); }
void gen_std(DisasContext *ctx, Insn *in) { set_direction(-1); }

/* lahf: AH = S Z 0 A 0 P 1 C */
void gen_lahf(DisasContext *ctx, Insn *in)
{
    TCGv bits = gen_get_cc_bits(ctx);

    tcg_gen_andi_tl(bits, bits, CC_S | CC_Z | CC_A | CC_P | CC_C);
    tcg_gen_ori_tl(bits, bits, 2);
    tcg_gen_deposit_tl(cpu_regs[R_EAX], cpu_regs[R_EAX], bits, 8, 8);
}

/* sahf: all but O */
void gen_sahf(DisasContext *ctx, Insn *in)
{
    TCGv bits = gen_get_cc_bits(ctx), ah = tcg_temp_new();

    tcg_gen_extract_tl(ah, cpu_regs[R_EAX], 8, 8);
    tcg_gen_andi_tl(ah, ah, CC_S | CC_Z | CC_A | CC_P | CC_C);
    tcg_gen_andi_tl(bits, bits, CC_O);
    tcg_gen_or_tl(bits, bits, ah);
    gen_set_cc_bits(ctx, bits);
}

/* salc: AL = C ? -1 : 0 */
void gen_salc(DisasContext *ctx, Insn *in)
{
    TCGv value = tcg_temp_new();

    tcg_gen_neg_tl(value, gen_get_carry(ctx));
    write_reg(MO_8, R_EAX, value);
}
