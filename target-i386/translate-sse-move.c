/*
 * SSE and AVX: moves, insertion and extraction of elements (SDM 2).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/translate-sse.h"

/* --- whole registers --- */

static void gen_move(DisasContext *ctx, Insn *in, bool aligned)
{
    unsigned halves = vec_halves(in);
    TCGv_vec v[2];

    for (unsigned half = 0; half < halves; half++) {
        if (in->op[1].kind == OPK_MEM) {
            /* 256 bits: the first half's address shows the alignment of both. */
            v[half] = load_vec(ctx, in, MO_128, 16 * half, aligned && !half);
        } else {
            v[half] = read_vec(ctx, in, 1, half);
        }
    }
    for (unsigned half = 0; half < halves; half++) {
        if (in->op[0].kind == OPK_MEM) {
            store_vec(ctx, in, v[half], MO_128, 16 * half, aligned && !half);
        } else {
            write_vec(ctx, in, half, v[half]);
        }
    }
}

void gen_mov_unaligned(DisasContext *ctx, Insn *in) { gen_move(ctx, in, false); }
void gen_mov_aligned(DisasContext *ctx, Insn *in) { gen_move(ctx, in, true); }

/* --- scalars and halves --- */

/* movss, movsd to a register: from memory the rest becomes 0, from a register it stays. */
void gen_mov_scalar_load(DisasContext *ctx, Insn *in)
{
    SimdOp op = in->prefix == PF3 ? SIMD_OP_movss : SIMD_OP_movsd;

    if (in->op[1].kind == OPK_MEM) {
        write_vec(ctx, in, 0, load_vec(ctx, in, in->op[1].size, 0, false));
    } else {
        gen_simd(ctx, in, op);
    }
}

/* The same with the destination in the r/m field. */
void gen_mov_scalar_store(DisasContext *ctx, Insn *in)
{
    SimdOp op = in->prefix == PF3 ? SIMD_OP_movss : SIMD_OP_movsd;

    if (in->op[0].kind == OPK_MEM) {
        store_vec(ctx, in, read_vec(ctx, in, 1, 0), in->op[0].size, 0, false);
    } else {
        gen_simd(ctx, in, op);
    }
}

/* movlps, movlpd: 64 bits of memory to the low half, the high one of the first source. */
void gen_mov_low_load(DisasContext *ctx, Insn *in) { gen_simd(ctx, in, SIMD_OP_movsd); }
/* movhps, movhpd: to the high half. */
void gen_mov_high_load(DisasContext *ctx, Insn *in) { gen_simd(ctx, in, SIMD_OP_movlhps); }

void gen_mov_store(DisasContext *ctx, Insn *in)
{
    store_vec(ctx, in, read_vec(ctx, in, 1, 0), in->op[0].size, 0, false);
}

void gen_mov_high_store(DisasContext *ctx, Insn *in)
{
    TCGv_vec high = tcg_temp_new_vec();

    tcg_gen_dup_elem_vec(MO_64, high, read_vec(ctx, in, 1, 0), 1);
    store_vec(ctx, in, high, MO_64, 0, false);
}

/* movq between registers clears the high half, in either direction. */
void gen_mov_low(DisasContext *ctx, Insn *in)
{
    TCGv_vec v = read_vec(ctx, in, 1, 0), low = tcg_temp_new_vec();

    if (in->op[0].kind == OPK_MEM) {
        store_vec(ctx, in, v, MO_64, 0, false);
    } else if (in->op[1].kind == OPK_MEM) {
        write_vec(ctx, in, 0, v);
    } else {
        tcg_gen_simd1(SIMD_OP_movq, low, v, 0);
        write_vec(ctx, in, 0, low);
    }
}

/* --- general registers --- */

static TCGv_i64 i64_of(TCGv value)
{
    TCGv_i64 wide = tcg_temp_new_i64();

    tcg_gen_extu_tl_i64(wide, value);
    return wide;
}

static TCGv tl_of(TCGv_i64 value)
{
    TCGv narrow = tcg_temp_new();

    tcg_gen_trunc_i64_tl(narrow, value);
    return narrow;
}

/* movd, movq from a general register or memory. */
void gen_vec_from_gpr(DisasContext *ctx, Insn *in)
{
    if (in->op[1].kind == OPK_MEM) {
        write_vec(ctx, in, 0, load_vec(ctx, in, in->op[1].size, 0, false));
    } else {
        write_vec(ctx, in, 0, vec_of_i64(i64_of(read_operand_zx(ctx, in, 1))));
    }
}

void gen_gpr_from_vec(DisasContext *ctx, Insn *in)
{
    TCGv_vec v = read_vec(ctx, in, 1, 0);
    TCGv_i64 value = tcg_temp_new_i64();

    if (in->op[0].kind == OPK_MEM) {
        store_vec(ctx, in, v, in->op[0].size, 0, false);
    } else {
        tcg_gen_bits_vec_i64(value, v);
        write_operand(ctx, in, 0, tl_of(value));
    }
}

void gen_movnti(DisasContext *ctx, Insn *in)
{
    write_operand(ctx, in, 0, read_operand(ctx, in, 1));
}

/* Signs of the elements to a general register, zero-extended to all of it. */
static void gen_signs(DisasContext *ctx, Insn *in, SimdOp op, unsigned bits)
{
    TCGv_i64 value = tcg_temp_new_i64(), high;

    tcg_gen_simd_to(op, value, read_vec(ctx, in, 1, 0), 0);
    if (in->op[0].kind == OPK_GPR && vec_halves(in) == 2) {
        high = tcg_temp_new_i64();
        tcg_gen_simd_to(op, high, read_vec(ctx, in, 1, 1), 0);
        tcg_gen_deposit_i64(value, value, high, bits, bits);
    }
    write_reg(MO_32, in->op[0].reg, tl_of(value));
}

void gen_vec_movmskps(DisasContext *ctx, Insn *in) { gen_signs(ctx, in, SIMD_OP_movmskps, 4); }
void gen_vec_movmskpd(DisasContext *ctx, Insn *in) { gen_signs(ctx, in, SIMD_OP_movmskpd, 2); }
void gen_vec_pmovmskb(DisasContext *ctx, Insn *in) { gen_signs(ctx, in, SIMD_OP_pmovmskb, 16); }

void gen_mmx_movmsk(DisasContext *ctx, Insn *in)
{
    gen_enter_mmx(ctx);
    gen_signs(ctx, in, SIMD_OP_pmovmskb, 8);
}

/* --- elements --- */

/* pextrb, pextrw, pextrd, pextrq, extractps by their opcodes. */
static SimdOp extract_op(const Insn *in)
{
    switch (in->opcode) {
    case 0x14: return SIMD_OP_pextrb;
    case 0x15: case 0xc5: return SIMD_OP_pextrw;
    default: return in->op[0].size == MO_64 ? SIMD_OP_pextrq : SIMD_OP_pextrd;
    }
}

void gen_pextr(DisasContext *ctx, Insn *in)
{
    bool is_mmx = in->op[1].kind == OPK_MMX;
    TCGv_i64 value = tcg_temp_new_i64();

    if (is_mmx) {
        gen_enter_mmx(ctx);
    }
    tcg_gen_simd_to(extract_op(in), value, read_vec(ctx, in, 1, 0), last_imm(in) & (is_mmx ? 3 : 15));
    write_operand(ctx, in, 0, tl_of(value));
}

static SimdOp insert_op(const Insn *in, unsigned source)
{
    switch (in->opcode) {
    case 0x20: return SIMD_OP_pinsrb;
    case 0xc4: return SIMD_OP_pinsrw;
    default: return in->op[source].size == MO_64 ? SIMD_OP_pinsrq : SIMD_OP_pinsrd;
    }
}

void gen_pinsr(DisasContext *ctx, Insn *in)
{
    bool is_mmx = in->op[0].kind == OPK_MMX;
    unsigned first = first_source(in);
    TCGv_vec d = tcg_temp_new_vec();

    if (is_mmx) {
        gen_enter_mmx(ctx);
    }
    tcg_gen_simd_from(insert_op(in, first + 1), d, read_vec(ctx, in, first, 0),
                      i64_of(read_operand(ctx, in, first + 1)), last_imm(in) & (is_mmx ? 3 : 15));
    write_vec(ctx, in, 0, d);
}

/* From memory there is but one element to choose. */
void gen_insertps_any(DisasContext *ctx, Insn *in)
{
    unsigned first = first_source(in);
    unsigned imm = last_imm(in) & (in->op[first + 1].kind == OPK_MEM ? 0x3f : 0xff);
    TCGv_vec d = tcg_temp_new_vec();

    tcg_gen_simd2(SIMD_OP_insertps, d, read_vec(ctx, in, first, 0), read_vec(ctx, in, first + 1, 0), imm);
    write_vec(ctx, in, 0, d);
}

/* --- bytes under a mask, to DS:rDI --- */

static TCGv mask_target(DisasContext *ctx, const Insn *in, unsigned bytes)
{
    unsigned seg = in->seg_override >= 0 ? in->seg_override : R_DS;

    return copy_value(gen_linear(ctx, seg, extend_zx(cpu_regs[R_EDI], in->asize), bytes, ACCESS_WRITE));
}

static void gen_masked_store(DisasContext *ctx, Insn *in, TCGv_vec value, TCGv_vec mask, unsigned bytes)
{
    TCGv linear = mask_target(ctx, in, bytes);

    tcg_gen_st_vec(value, tcg_env, offsetof(CPUX86State, simd_scratch[0]));
    tcg_gen_st_vec(mask, tcg_env, offsetof(CPUX86State, simd_scratch[1]));
    gen_helper_masked_store(tcg_env, linear, tcg_constant_i32(bytes), tcg_constant_i32(1),
                            tcg_constant_i32(ctx->mem_idx));
}

void gen_maskmovdqu(DisasContext *ctx, Insn *in)
{
    gen_masked_store(ctx, in, read_vec(ctx, in, 0, 0), read_vec(ctx, in, 1, 0), 16);
}

void gen_maskmovq(DisasContext *ctx, Insn *in)
{
    gen_enter_mmx(ctx);
    gen_masked_store(ctx, in, read_vec(ctx, in, 0, 0), read_vec(ctx, in, 1, 0), 8);
}
