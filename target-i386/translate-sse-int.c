/*
 * SSE and AVX: integer instructions that are ops of the IR, shifts by
 * immediates, string compares, CRC32, fences (SDM 2).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/translate-sse.h"

/* --- element by element --- */

void gen_paddb(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_add_vec, MO_8); }
void gen_paddw(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_add_vec, MO_16); }
void gen_paddd(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_add_vec, MO_32); }
void gen_paddq(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_add_vec, MO_64); }
void gen_psubb(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_sub_vec, MO_8); }
void gen_psubw(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_sub_vec, MO_16); }
void gen_psubd(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_sub_vec, MO_32); }
void gen_psubq(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_sub_vec, MO_64); }
void gen_pmullw(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_mul_vec, MO_16); }
void gen_pmulld(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_mul_vec, MO_32); }
void gen_paddsb(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_ssadd_vec, MO_8); }
void gen_paddsw(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_ssadd_vec, MO_16); }
void gen_paddusb(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_usadd_vec, MO_8); }
void gen_paddusw(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_usadd_vec, MO_16); }
void gen_psubsb(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_sssub_vec, MO_8); }
void gen_psubsw(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_sssub_vec, MO_16); }
void gen_psubusb(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_ussub_vec, MO_8); }
void gen_psubusw(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_ussub_vec, MO_16); }
void gen_pavgb(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_avgu_vec, MO_8); }
void gen_pavgw(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_avgu_vec, MO_16); }
void gen_pminsb(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_smin_vec, MO_8); }
void gen_pminsw(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_smin_vec, MO_16); }
void gen_pminsd(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_smin_vec, MO_32); }
void gen_pmaxsb(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_smax_vec, MO_8); }
void gen_pmaxsw(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_smax_vec, MO_16); }
void gen_pmaxsd(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_smax_vec, MO_32); }
void gen_pminub(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_umin_vec, MO_8); }
void gen_pminuw(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_umin_vec, MO_16); }
void gen_pminud(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_umin_vec, MO_32); }
void gen_pmaxub(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_umax_vec, MO_8); }
void gen_pmaxuw(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_umax_vec, MO_16); }
void gen_pmaxud(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_umax_vec, MO_32); }
void gen_pcmpeqb(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_cmpeq_vec, MO_8); }
void gen_pcmpeqw(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_cmpeq_vec, MO_16); }
void gen_pcmpeqd(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_cmpeq_vec, MO_32); }
void gen_pcmpeqq(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_cmpeq_vec, MO_64); }
void gen_pcmpgtb(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_cmpgt_vec, MO_8); }
void gen_pcmpgtw(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_cmpgt_vec, MO_16); }
void gen_pcmpgtd(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, tcg_gen_cmpgt_vec, MO_32); }

/* --- logic: elements do not matter --- */

static void op_and(unsigned vece, TCGv_vec d, TCGv_vec a, TCGv_vec b) { tcg_gen_and_vec(d, a, b); }
static void op_or(unsigned vece, TCGv_vec d, TCGv_vec a, TCGv_vec b) { tcg_gen_or_vec(d, a, b); }
static void op_andn(unsigned vece, TCGv_vec d, TCGv_vec a, TCGv_vec b) { tcg_gen_andc_vec(d, b, a); }

/* The usual way to clear a register. */
static void op_xor(unsigned vece, TCGv_vec d, TCGv_vec a, TCGv_vec b)
{
    if (a == b) {
        tcg_gen_bits_i64_vec(d, tcg_constant_i64(0));
    } else {
        tcg_gen_xor_vec(d, a, b);
    }
}

void gen_pand(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, op_and, MO_64); }
void gen_por(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, op_or, MO_64); }
void gen_pandn(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, op_andn, MO_64); }
void gen_pxor(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, op_xor, MO_64); }

static void op_pshufb(unsigned vece, TCGv_vec d, TCGv_vec a, TCGv_vec b) { tcg_gen_pshufb_vec(d, a, b); }
void gen_pshufb(DisasContext *ctx, Insn *in) { gen_vec2(ctx, in, op_pshufb, MO_8); }

/* --- shifts by an immediate: the operand is the r/m register, VEX writes vvvv --- */

static unsigned shift_vece(const Insn *in) { return (in->opcode & 3) == 0 ? MO_8 : in->opcode & 3; }

typedef void ShiftOp(unsigned vece, TCGv_vec d, TCGv_vec a, unsigned count);

/* zero: counts of the width and above give 0, else they fill with signs. */
static void gen_shift_imm(DisasContext *ctx, Insn *in, ShiftOp *op, bool zero)
{
    unsigned vece = shift_vece(in), width = 8u << vece, count = last_imm(in);

    if (in->op[0].kind == OPK_MMX) {
        gen_enter_mmx(ctx);
    }
    for (unsigned half = 0; half < vec_halves(in); half++) {
        TCGv_vec a = read_vec(ctx, in, in->vex ? 1 : 0, half), d = tcg_temp_new_vec();

        if (count >= width && zero) {
            d = zero_vec();
        } else {
            op(vece, d, a, MIN(count, width - 1));
        }
        write_vec(ctx, in, half, d);
    }
}

void gen_psrl_imm(DisasContext *ctx, Insn *in) { gen_shift_imm(ctx, in, tcg_gen_shri_vec, true); }
void gen_psra_imm(DisasContext *ctx, Insn *in) { gen_shift_imm(ctx, in, tcg_gen_sari_vec, false); }
void gen_psll_imm(DisasContext *ctx, Insn *in) { gen_shift_imm(ctx, in, tcg_gen_shli_vec, true); }

/* psrldq, pslldq */
void gen_shift_bytes(DisasContext *ctx, Insn *in)
{
    SimdOp op = (in->modrm >> 3 & 7) == 3 ? SIMD_OP_psrldq : SIMD_OP_pslldq;

    for (unsigned half = 0; half < vec_halves(in); half++) {
        TCGv_vec d = tcg_temp_new_vec();

        tcg_gen_simd1(op, d, read_vec(ctx, in, in->vex ? 1 : 0, half), last_imm(in));
        write_vec(ctx, in, half, d);
    }
}

/* --- string compares: helper-sse-string.c --- */

/* Their memory operand need not be aligned. */
static TCGv_vec load_or_read(DisasContext *ctx, Insn *in)
{
    return in->op[1].kind == OPK_MEM ? load_vec(ctx, in, MO_128, 0, false) : read_vec(ctx, in, 1, 0);
}

/* Operands to env->simd_scratch. explicit: EAX and EDX are the lengths. */
static TCGv gen_string_compare(DisasContext *ctx, Insn *in, bool explicit)
{
    TCGv_vec a = read_vec(ctx, in, 0, 0), b = load_or_read(ctx, in);
    TCGv_i64 len_a = tcg_temp_new_i64(), len_b = tcg_temp_new_i64();
    TCGv_i32 control = tcg_constant_i32(last_imm(in) | (in->rex_w ? 0x100 : 0));
    TCGv result = tcg_temp_new();

    tcg_gen_st_vec(a, tcg_env, offsetof(CPUX86State, simd_scratch[0]));
    tcg_gen_st_vec(b, tcg_env, offsetof(CPUX86State, simd_scratch[1]));
    if (explicit) {
        tcg_gen_extu_tl_i64(len_a, cpu_regs[R_EAX]);
        tcg_gen_extu_tl_i64(len_b, cpu_regs[R_EDX]);
        gen_helper_pcmpestr(result, tcg_env, control, len_a, len_b);
    } else {
        gen_helper_pcmpistr(result, tcg_env, control);
    }
    return result;
}

/* The helpers' result: flags in the low half, index in bits 16 and up. The mask comes in simd_scratch[0]. */
static void gen_string_index(DisasContext *ctx, Insn *in, bool explicit)
{
    TCGv result = gen_string_compare(ctx, in, explicit), flags = tcg_temp_new();

    tcg_gen_shri_tl(cpu_regs[R_ECX], result, 16);
    tcg_gen_andi_tl(flags, result, CC_ALL);
    gen_set_cc_bits(ctx, flags);
}

static void gen_string_mask(DisasContext *ctx, Insn *in, bool explicit)
{
    TCGv result = gen_string_compare(ctx, in, explicit), flags = tcg_temp_new();
    TCGv_vec mask = tcg_temp_new_vec();

    tcg_gen_ld_vec(mask, tcg_env, offsetof(CPUX86State, simd_scratch[0]));
    write_xmm(in, 0, 0, mask);
    tcg_gen_andi_tl(flags, result, CC_ALL);
    gen_set_cc_bits(ctx, flags);
}

void gen_pcmpestri(DisasContext *ctx, Insn *in) { gen_string_index(ctx, in, true); }
void gen_pcmpistri(DisasContext *ctx, Insn *in) { gen_string_index(ctx, in, false); }
void gen_pcmpestrm(DisasContext *ctx, Insn *in) { gen_string_mask(ctx, in, true); }
void gen_pcmpistrm(DisasContext *ctx, Insn *in) { gen_string_mask(ctx, in, false); }

/* --- CRC32 --- */

void gen_crc32(DisasContext *ctx, Insn *in)
{
    TCGv_i64 data = tcg_temp_new_i64();
    TCGv_i32 crc = tcg_temp_new_i32();
    TCGv result = tcg_temp_new();

    tcg_gen_extu_tl_i64(data, read_operand_zx(ctx, in, 1));
    tcg_gen_trunc_tl_i32(crc, cpu_regs[in->op[0].reg]);
    gen_helper_crc32(crc, crc, data, tcg_constant_i32(8u << in->op[1].size));
    tcg_gen_extu_i32_tl(result, crc);
    write_reg(MO_32, in->op[0].reg, result);
}

/* --- fences and hints: generated code keeps the guest's order but for stores before loads --- */

void gen_mfence(DisasContext *ctx, Insn *in) { tcg_gen_mb(TCG_MO_ALL); }
void gen_lfence(DisasContext *ctx, Insn *in) { tcg_gen_mb(TCG_MO_LD_LD | TCG_MO_LD_ST); }
void gen_sfence(DisasContext *ctx, Insn *in) { tcg_gen_mb(TCG_MO_ST_ST); }
void gen_prefetch(DisasContext *ctx, Insn *in) { }
