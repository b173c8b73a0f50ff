/*
 * MMX: registers, and instructions that are not done element by element, so
 * that their 64-bit form is more than the low half of the 128-bit one (SDM 2).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/translate-sse.h"

static intptr_t mmx_offset(unsigned reg)
{
    return offsetof(CPUX86State, fpregs) + reg * sizeof(FPReg);
}

TCGv_vec read_mmx(unsigned reg)
{
    TCGv_i64 value = tcg_temp_new_i64();

    tcg_gen_ld_i64(value, tcg_env, mmx_offset(reg));
    return vec_of_i64(value);
}

/* Sign and exponent become ones (SDM 1:9.6.2). */
void write_mmx(unsigned reg, TCGv_vec value)
{
    TCGv_i64 low = tcg_temp_new_i64();

    tcg_gen_bits_vec_i64(low, value);
    tcg_gen_st_i64(low, tcg_env, mmx_offset(reg));
    tcg_gen_st16_i32(tcg_constant_i32(0xffff), tcg_env, mmx_offset(reg) + 8);
}

/* --- moves --- */

void gen_mmx_mov(DisasContext *ctx, Insn *in)
{
    gen_enter_mmx(ctx);
    if (in->op[0].kind == OPK_MEM) {
        store_vec(ctx, in, read_vec(ctx, in, 1, 0), MO_64, 0, false);
    } else {
        write_vec(ctx, in, 0, read_vec(ctx, in, 1, 0));
    }
}

void gen_mmx_from_gpr(DisasContext *ctx, Insn *in)
{
    TCGv_i64 value = tcg_temp_new_i64();

    gen_enter_mmx(ctx);
    tcg_gen_extu_tl_i64(value, read_operand_zx(ctx, in, 1));
    write_mmx(in->op[0].reg, vec_of_i64(value));
}

void gen_gpr_from_mmx(DisasContext *ctx, Insn *in)
{
    TCGv_i64 value = tcg_temp_new_i64();
    TCGv result = tcg_temp_new();

    gen_enter_mmx(ctx);
    tcg_gen_ld_i64(value, tcg_env, mmx_offset(in->op[1].reg));
    tcg_gen_trunc_i64_tl(result, value);
    write_operand(ctx, in, 0, result);
}

void gen_movq2dq(DisasContext *ctx, Insn *in)
{
    gen_enter_mmx(ctx);
    write_vec(ctx, in, 0, read_mmx(in->op[1].reg));
}

void gen_movdq2q(DisasContext *ctx, Insn *in)
{
    gen_enter_mmx(ctx);
    write_mmx(in->op[0].reg, read_vec(ctx, in, 1, 0));
}

/* --- both operands side by side in one vector --- */

static TCGv_vec joined(DisasContext *ctx, Insn *in)
{
    TCGv_vec t = tcg_temp_new_vec();

    gen_enter_mmx(ctx);
    tcg_gen_simd2(SIMD_OP_punpcklqdq, t, read_vec(ctx, in, 0, 0), read_vec(ctx, in, 1, 0), 0);
    return t;
}

/* The operation takes the low half of its result from its first operand. */
static void gen_joined(DisasContext *ctx, Insn *in, SimdOp op)
{
    TCGv_vec t = joined(ctx, in);

    tcg_gen_simd2(op, t, t, t, 0);
    write_vec(ctx, in, 0, t);
}

void gen_mmx_packsswb(DisasContext *ctx, Insn *in) { gen_joined(ctx, in, SIMD_OP_packsswb); }
void gen_mmx_packuswb(DisasContext *ctx, Insn *in) { gen_joined(ctx, in, SIMD_OP_packuswb); }
void gen_mmx_packssdw(DisasContext *ctx, Insn *in) { gen_joined(ctx, in, SIMD_OP_packssdw); }
void gen_mmx_phaddw(DisasContext *ctx, Insn *in) { gen_joined(ctx, in, SIMD_OP_phaddw); }
void gen_mmx_phaddd(DisasContext *ctx, Insn *in) { gen_joined(ctx, in, SIMD_OP_phaddd); }
void gen_mmx_phaddsw(DisasContext *ctx, Insn *in) { gen_joined(ctx, in, SIMD_OP_phaddsw); }
void gen_mmx_phsubw(DisasContext *ctx, Insn *in) { gen_joined(ctx, in, SIMD_OP_phsubw); }
void gen_mmx_phsubd(DisasContext *ctx, Insn *in) { gen_joined(ctx, in, SIMD_OP_phsubd); }
void gen_mmx_phsubsw(DisasContext *ctx, Insn *in) { gen_joined(ctx, in, SIMD_OP_phsubsw); }

/* The low half of the 128-bit form has all that the 64-bit form interleaves; the upper part is wanted. */
static void gen_unpack_high(DisasContext *ctx, Insn *in, SimdOp low_op)
{
    TCGv_vec t = tcg_temp_new_vec();

    gen_enter_mmx(ctx);
    tcg_gen_simd2(low_op, t, read_vec(ctx, in, 0, 0), read_vec(ctx, in, 1, 0), 0);
    tcg_gen_dup_elem_vec(MO_64, t, t, 1);
    write_vec(ctx, in, 0, t);
}

void gen_mmx_punpckhbw(DisasContext *ctx, Insn *in) { gen_unpack_high(ctx, in, SIMD_OP_punpcklbw); }
void gen_mmx_punpckhwd(DisasContext *ctx, Insn *in) { gen_unpack_high(ctx, in, SIMD_OP_punpcklwd); }
void gen_mmx_punpckhdq(DisasContext *ctx, Insn *in) { gen_unpack_high(ctx, in, SIMD_OP_punpckldq); }

/* --- shuffles --- */

void gen_mmx_pshufw(DisasContext *ctx, Insn *in)
{
    TCGv_vec t = tcg_temp_new_vec();

    gen_enter_mmx(ctx);
    tcg_gen_simd1(SIMD_OP_pshuflw, t, read_vec(ctx, in, 1, 0), last_imm(in));
    write_vec(ctx, in, 0, t);
}

/* Bit 3 of an index has no meaning here. */
void gen_mmx_pshufb(DisasContext *ctx, Insn *in)
{
    TCGv_vec t = tcg_temp_new_vec();

    gen_enter_mmx(ctx);
    tcg_gen_and_vec(t, read_vec(ctx, in, 1, 0), vec_const(UINT64_C(0x8787878787878787), 0));
    tcg_gen_pshufb_vec(t, read_vec(ctx, in, 0, 0), t);
    write_vec(ctx, in, 0, t);
}

void gen_mmx_palignr(DisasContext *ctx, Insn *in)
{
    TCGv_vec t = tcg_temp_new_vec();

    gen_enter_mmx(ctx);
    tcg_gen_simd2(SIMD_OP_punpcklqdq, t, read_vec(ctx, in, 1, 0), read_vec(ctx, in, 0, 0), 0);
    tcg_gen_simd1(SIMD_OP_psrldq, t, t, last_imm(in));
    write_vec(ctx, in, 0, t);
}
