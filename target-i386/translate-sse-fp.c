/*
 * SSE and AVX: compares, conversions, MXCSR (SDM 2).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/translate-sse.h"

/* By the mandatory prefix: ps, pd, ss, sd. */
static SimdOp by_prefix(const Insn *in, SimdOp ps, SimdOp pd, SimdOp ss, SimdOp sd)
{
    return in->prefix == P66 ? pd : in->prefix == PF3 ? ss : in->prefix == PF2 ? sd : ps;
}

static bool is_double(const Insn *in) { return in->prefix == P66 || in->prefix == PF2; }

/* --- compares --- */

/* The legacy encoding has predicates 0 to 7. */
void gen_cmp_legacy(DisasContext *ctx, Insn *in)
{
    in->op[2].imm &= 7;
    gen_simd(ctx, in, by_prefix(in, SIMD_OP_cmpps, SIMD_OP_cmppd, SIMD_OP_cmpss, SIMD_OP_cmpsd));
}

void gen_cmp_vex(DisasContext *ctx, Insn *in)
{
    in->op[3].imm &= 31;
    gen_simd(ctx, in, by_prefix(in, SIMD_OP_cmpps, SIMD_OP_cmppd, SIMD_OP_cmpss, SIMD_OP_cmpsd));
}

/* ZF, PF, CF from the operation; the other flags are 0. */
static void gen_flags(DisasContext *ctx, Insn *in, SimdOp op)
{
    TCGv_vec a = read_vec(ctx, in, 0, 0), b = read_vec(ctx, in, 1, 0);
    TCGv_i64 flags = tcg_temp_new_i64();
    TCGv bits = tcg_temp_new();

    gen_op_to(ctx, op, flags, a, b, 0);
    tcg_gen_trunc_i64_tl(bits, flags);
    gen_set_cc_bits(ctx, bits);
}

void gen_flags_comi(DisasContext *ctx, Insn *in)
{
    bool ordered = in->opcode == 0x2f;

    gen_flags(ctx, in, is_double(in) ? ordered ? SIMD_OP_comisd : SIMD_OP_ucomisd
                                     : ordered ? SIMD_OP_comiss : SIMD_OP_ucomiss);
}

/* Both halves: a flag is set when it is for each. */
static void gen_bit_test(DisasContext *ctx, Insn *in, SimdOp op)
{
    TCGv_i64 flags = tcg_temp_new_i64(), high = tcg_temp_new_i64();
    TCGv bits = tcg_temp_new();

    tcg_gen_simd_flags(op, flags, read_vec(ctx, in, 0, 0), read_vec(ctx, in, 1, 0));
    if (vec_halves(in) == 2) {
        tcg_gen_simd_flags(op, high, read_vec(ctx, in, 0, 1), read_vec(ctx, in, 1, 1));
        tcg_gen_and_i64(flags, flags, high);
    }
    tcg_gen_trunc_i64_tl(bits, flags);
    gen_set_cc_bits(ctx, bits);
}

void gen_flags_ptest(DisasContext *ctx, Insn *in) { gen_bit_test(ctx, in, SIMD_OP_ptest); }
void gen_flags_vtestps(DisasContext *ctx, Insn *in) { gen_bit_test(ctx, in, SIMD_OP_vtestps); }
void gen_flags_vtestpd(DisasContext *ctx, Insn *in) { gen_bit_test(ctx, in, SIMD_OP_vtestpd); }

/* --- scalars and general registers --- */

/* cvtsi2ss, cvtsi2sd */
void gen_cvt_from_int(DisasContext *ctx, Insn *in)
{
    unsigned first = first_source(in);
    bool wide = in->op[first + 1].size == MO_64;
    SimdOp op = is_double(in) ? wide ? SIMD_OP_cvtsi2sd_q : SIMD_OP_cvtsi2sd_l
                              : wide ? SIMD_OP_cvtsi2ss_q : SIMD_OP_cvtsi2ss_l;
    TCGv_i64 value = tcg_temp_new_i64();
    TCGv_vec d = cpu_xmm[in->op[0].reg];

    tcg_gen_extu_tl_i64(value, read_operand(ctx, in, first + 1));
    gen_op_from(ctx, op, d, read_vec(ctx, in, first, 0), value, 0);
    write_vec(ctx, in, 0, d);
}

/* cvtss2si, cvttss2si, cvtsd2si, cvttsd2si */
void gen_cvt_to_int(DisasContext *ctx, Insn *in)
{
    static const uint16_t ops[2][2][2] = {      /* [double][rounds][64 bits] */
        { { SIMD_OP_cvttss2si_l, SIMD_OP_cvttss2si_q }, { SIMD_OP_cvtss2si_l, SIMD_OP_cvtss2si_q } },
        { { SIMD_OP_cvttsd2si_l, SIMD_OP_cvttsd2si_q }, { SIMD_OP_cvtsd2si_l, SIMD_OP_cvtsd2si_q } },
    };
    SimdOp op = ops[is_double(in)][in->opcode & 1][in->op[0].size == MO_64];
    TCGv_vec a = read_vec(ctx, in, 1, 0);
    TCGv_i64 value = tcg_temp_new_i64();
    TCGv result = tcg_temp_new();

    gen_op_to(ctx, op, value, a, a, 0);
    tcg_gen_trunc_i64_tl(result, value);
    write_operand(ctx, in, 0, result);
}

/* --- between element sizes --- */

/* cvtps2pd, cvtdq2pd: the low half of the source. */
void gen_cvt_widen(DisasContext *ctx, Insn *in)
{
    SimdOp op = in->opcode == 0x5a ? SIMD_OP_cvtps2pd : SIMD_OP_cvtdq2pd;
    TCGv_vec a = read_vec(ctx, in, 1, 0), low = tcg_temp_new_vec(), high = tcg_temp_new_vec();

    gen_op1(ctx, op, low, a, 0);
    if (vec_halves(in) == 2) {
        tcg_gen_dup_elem_vec(MO_64, high, a, 1);
        gen_op1(ctx, op, high, high, 0);
        write_vec(ctx, in, 1, high);
    }
    write_vec(ctx, in, 0, low);
}

/* A result of half the length: the two parts together, the rest 0. */
static void write_narrowed(DisasContext *ctx, Insn *in, TCGv_vec low, TCGv_vec high)
{
    if (high) {
        tcg_gen_simd2(SIMD_OP_movlhps, low, low, high, 0);
        tcg_gen_bits_i64_vec(cpu_ymmh[in->op[0].reg], tcg_constant_i64(0));
    }
    write_vec(ctx, in, 0, low);
}

/* cvtpd2ps, cvtpd2dq, cvttpd2dq */
void gen_cvt_narrow(DisasContext *ctx, Insn *in)
{
    SimdOp op = in->opcode == 0x5a ? SIMD_OP_cvtpd2ps
                : in->prefix == P66 ? SIMD_OP_cvttpd2dq : SIMD_OP_cvtpd2dq;
    TCGv_vec low = tcg_temp_new_vec(), high = vec_halves(in) == 2 ? tcg_temp_new_vec() : NULL;

    gen_op1(ctx, op, low, read_vec(ctx, in, 1, 0), 0);
    if (high) {
        gen_op1(ctx, op, high, read_vec(ctx, in, 1, 1), 0);
    }
    write_narrowed(ctx, in, low, high);
}

/* --- MMX operands --- */

/* Two integers to the low half; memory does not enter MMX state (SDM 2, CVTPI2PD). */
static TCGv_vec mmx_integers(DisasContext *ctx, Insn *in)
{
    if (in->op[1].kind == OPK_MMX || in->prefix == NP) {
        gen_enter_mmx(ctx);
    }
    return read_vec(ctx, in, 1, 0);
}

void gen_cvtpi2ps(DisasContext *ctx, Insn *in)
{
    TCGv_vec t = tcg_temp_new_vec(), d = cpu_xmm[in->op[0].reg];

    gen_op1(ctx, SIMD_OP_cvtdq2ps, t, mmx_integers(ctx, in), 0);
    tcg_gen_simd2(SIMD_OP_movsd, d, d, t, 0);
}

void gen_cvtpi2pd(DisasContext *ctx, Insn *in)
{
    gen_op1(ctx, SIMD_OP_cvtdq2pd, cpu_xmm[in->op[0].reg], mmx_integers(ctx, in), 0);
}

/* cvtps2pi, cvttps2pi: elements that do not count must not raise anything. */
void gen_cvtps2pi(DisasContext *ctx, Insn *in)
{
    TCGv_vec t = tcg_temp_new_vec();

    gen_enter_mmx(ctx);
    tcg_gen_simd1(SIMD_OP_movq, t, read_vec(ctx, in, 1, 0), 0);
    gen_op1(ctx, in->opcode == 0x2d ? SIMD_OP_cvtps2dq : SIMD_OP_cvttps2dq, t, t, 0);
    write_vec(ctx, in, 0, t);
}

void gen_cvtpd2pi(DisasContext *ctx, Insn *in)
{
    TCGv_vec t = tcg_temp_new_vec();

    gen_enter_mmx(ctx);
    gen_op1(ctx, in->opcode == 0x2d ? SIMD_OP_cvtpd2dq : SIMD_OP_cvttpd2dq, t, read_vec(ctx, in, 1, 0), 0);
    write_vec(ctx, in, 0, t);
}

/* --- MXCSR --- */

void gen_ldmxcsr(DisasContext *ctx, Insn *in)
{
    TCGv_i32 value = tcg_temp_new_i32();

    tcg_gen_trunc_tl_i32(value, read_operand(ctx, in, 0));
    gen_helper_ldmxcsr(tcg_env, value);
}

void gen_stmxcsr(DisasContext *ctx, Insn *in)
{
    TCGv_i32 value = tcg_temp_new_i32();
    TCGv wide = tcg_temp_new();

    gen_helper_stmxcsr(value, tcg_env);
    tcg_gen_extu_i32_tl(wide, value);
    write_operand(ctx, in, 0, wide);
}
