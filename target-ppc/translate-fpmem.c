/*
 * Floating-point loads and stores (PEM 4.2.3.9, 8.2, appendix D.6 and D.7).
 *
 * SPDX-License-Identifier: MIT
 */
#include "target-ppc/translate-fp.h"

typedef TCGv_i32 GenAddress(DisasContext *ctx, const Insn *in);

enum { UPDATE = 1, SINGLE = 2 };

/* A single in memory becomes the same value in double format. */
static void gen_load_single(DisasContext *ctx, TCGv_f64 ret, TCGv_i32 ea)
{
    TCGv_i32 word = tcg_temp_new_i32();
    TCGv_i64 word64 = tcg_temp_new_i64();
    TCGv_f32 single = tcg_temp_new_f32();
    TCGv_f64 value = tcg_temp_new_f64(), raw = tcg_temp_new_f64();

    gen_load(ctx, word, ea, MO_32);
    tcg_gen_bits_i32_f32(single, word);
    tcg_gen_cvt_f32_f64(value, single);
    tcg_gen_extu_i32_i64(word64, word);
    tcg_gen_bits_i64_f64(raw, word64);
    tcg_gen_guard_f64(ret, value, TCG_GUARD_NOT_NAN, &helper_info_fp_fix_lfs, raw, raw, raw, 0);
}

/* Bits 0-1 and 5-34 of the register, but for values that are subnormal as singles. */
static void gen_store_single(DisasContext *ctx, TCGv_f64 value, TCGv_i32 ea)
{
    TCGv_f64 fixed = tcg_temp_new_f64();
    TCGv_i64 bits = tcg_temp_new_i64(), top = tcg_temp_new_i64();
    TCGv_i32 word = tcg_temp_new_i32();

    tcg_gen_guard_f64(fixed, value, TCG_GUARD_SINGLE, &helper_info_fp_fix_stfs, value, value, value, 0);
    tcg_gen_bits_f64_i64(bits, fixed);
    tcg_gen_shri_i64(top, bits, 62);
    tcg_gen_shri_i64(bits, bits, 29);
    tcg_gen_deposit_i64(bits, bits, top, 30, 2);
    tcg_gen_extrl_i64_i32(word, bits);
    gen_store(ctx, word, ea, MO_32);
}

static void gen_fp_load(DisasContext *ctx, const Insn *in, GenAddress *address, unsigned how)
{
    TCGv_i32 ea = address(ctx, in), access = ea;

    if (how & SINGLE) {
        gen_load_single(ctx, cpu_fpr[in->rd], ea);
    } else {
        MemOp op = gen_mem_op(ctx, MO_64, &access);

        tcg_gen_qemu_ld_f64(cpu_fpr[in->rd], access, ctx->mem_idx, op);
    }
    if (how & UPDATE) {
        write_gpr(ctx, in->ra, ea);
    }
}

static void gen_fp_store(DisasContext *ctx, const Insn *in, GenAddress *address, unsigned how)
{
    TCGv_i32 ea = address(ctx, in), access = ea;

    if (how & SINGLE) {
        gen_store_single(ctx, cpu_fpr[in->rs], ea);
    } else {
        MemOp op = gen_mem_op(ctx, MO_64, &access);

        tcg_gen_qemu_st_f64(cpu_fpr[in->rs], access, ctx->mem_idx, op);
    }
    if (how & UPDATE) {
        write_gpr(ctx, in->ra, ea);
    }
}

void gen_lfs(DisasContext *ctx, const Insn *in)
{
    gen_fp_load(ctx, in, gen_ea_imm, SINGLE);
}

void gen_lfsu(DisasContext *ctx, const Insn *in)
{
    gen_fp_load(ctx, in, gen_ea_imm, SINGLE | UPDATE);
}

void gen_lfsx(DisasContext *ctx, const Insn *in)
{
    gen_fp_load(ctx, in, gen_ea_index, SINGLE);
}

void gen_lfsux(DisasContext *ctx, const Insn *in)
{
    gen_fp_load(ctx, in, gen_ea_index, SINGLE | UPDATE);
}

void gen_lfd(DisasContext *ctx, const Insn *in)
{
    gen_fp_load(ctx, in, gen_ea_imm, 0);
}

void gen_lfdu(DisasContext *ctx, const Insn *in)
{
    gen_fp_load(ctx, in, gen_ea_imm, UPDATE);
}

void gen_lfdx(DisasContext *ctx, const Insn *in)
{
    gen_fp_load(ctx, in, gen_ea_index, 0);
}

void gen_lfdux(DisasContext *ctx, const Insn *in)
{
    gen_fp_load(ctx, in, gen_ea_index, UPDATE);
}

void gen_stfs(DisasContext *ctx, const Insn *in)
{
    gen_fp_store(ctx, in, gen_ea_imm, SINGLE);
}

void gen_stfsu(DisasContext *ctx, const Insn *in)
{
    gen_fp_store(ctx, in, gen_ea_imm, SINGLE | UPDATE);
}

void gen_stfsx(DisasContext *ctx, const Insn *in)
{
    gen_fp_store(ctx, in, gen_ea_index, SINGLE);
}

void gen_stfsux(DisasContext *ctx, const Insn *in)
{
    gen_fp_store(ctx, in, gen_ea_index, SINGLE | UPDATE);
}

void gen_stfd(DisasContext *ctx, const Insn *in)
{
    gen_fp_store(ctx, in, gen_ea_imm, 0);
}

void gen_stfdu(DisasContext *ctx, const Insn *in)
{
    gen_fp_store(ctx, in, gen_ea_imm, UPDATE);
}

void gen_stfdx(DisasContext *ctx, const Insn *in)
{
    gen_fp_store(ctx, in, gen_ea_index, 0);
}

void gen_stfdux(DisasContext *ctx, const Insn *in)
{
    gen_fp_store(ctx, in, gen_ea_index, UPDATE);
}

/* stfiwx frS,rA,rB: the low word as it is. */
void gen_stfiwx(DisasContext *ctx, const Insn *in)
{
    TCGv_i64 bits = tcg_temp_new_i64();
    TCGv_i32 word = tcg_temp_new_i32();

    tcg_gen_bits_f64_i64(bits, cpu_fpr[in->rs]);
    tcg_gen_extrl_i64_i32(word, bits);
    gen_store(ctx, word, gen_ea_index(ctx, in), MO_32);
}
