/*
 * AVX, AVX2, F16C: instructions that have no form without VEX, or that move
 * elements between the halves (SDM 2).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/translate-sse.h"

static TCGv_vec copy_vec(TCGv_vec v)
{
    TCGv_vec copy = tcg_temp_new_vec();

    tcg_gen_mov_vec(copy, v);
    return copy;
}

/* Both halves of the destination at once: sources may be the same register. */
static void write_both(DisasContext *ctx, Insn *in, TCGv_vec low, TCGv_vec high)
{
    TCGv_vec first = copy_vec(low);

    write_vec(ctx, in, 1, high);
    write_vec(ctx, in, 0, first);
}

/* vzeroall (L), vzeroupper: the registers that the mode has. */
void gen_vzero(DisasContext *ctx, Insn *in)
{
    for (unsigned i = 0; i < (ctx->code64 ? 16 : 8); i++) {
        tcg_gen_bits_i64_vec(cpu_ymmh[i], tcg_constant_i64(0));
        if (in->vex_l) {
            tcg_gen_bits_i64_vec(cpu_xmm[i], tcg_constant_i64(0));
        }
    }
}

/* --- conversions --- */

void gen_cvt_half_to(DisasContext *ctx, Insn *in)
{
    TCGv_vec a = read_vec(ctx, in, 1, 0), low = tcg_temp_new_vec(), high = tcg_temp_new_vec();

    gen_op1(ctx, SIMD_OP_cvtph2ps, low, a, 0);
    if (vec_halves(in) == 2) {
        tcg_gen_dup_elem_vec(MO_64, high, a, 1);
        gen_op1(ctx, SIMD_OP_cvtph2ps, high, high, 0);
        write_vec(ctx, in, 1, high);
    }
    write_vec(ctx, in, 0, low);
}

void gen_cvt_to_half(DisasContext *ctx, Insn *in)
{
    unsigned imm = last_imm(in);
    TCGv_vec d = tcg_temp_new_vec(), high = tcg_temp_new_vec();

    gen_op1(ctx, SIMD_OP_cvtps2ph, d, read_vec(ctx, in, 1, 0), imm);
    if (vec_halves(in) == 2) {
        gen_op1(ctx, SIMD_OP_cvtps2ph, high, read_vec(ctx, in, 1, 1), imm);
        tcg_gen_simd2(SIMD_OP_movlhps, d, d, high, 0);
    }
    if (in->op[0].kind == OPK_MEM) {
        store_vec(ctx, in, d, in->op[0].size, 0, false);
    } else {
        tcg_gen_mov_vec(cpu_xmm[in->op[0].reg], d);
        tcg_gen_bits_i64_vec(cpu_ymmh[in->op[0].reg], tcg_constant_i64(0));
    }
}

/* vpmovsx, vpmovzx to 256 bits: the second half begins where the first stopped reading. */
void gen_vec_widen(DisasContext *ctx, Insn *in)
{
    static const struct { uint8_t op[2], bytes; } kinds[6] = {
        { { SIMD_OP_pmovsxbw, SIMD_OP_pmovzxbw }, 8 }, { { SIMD_OP_pmovsxbd, SIMD_OP_pmovzxbd }, 4 },
        { { SIMD_OP_pmovsxbq, SIMD_OP_pmovzxbq }, 2 }, { { SIMD_OP_pmovsxwd, SIMD_OP_pmovzxwd }, 8 },
        { { SIMD_OP_pmovsxwq, SIMD_OP_pmovzxwq }, 4 }, { { SIMD_OP_pmovsxdq, SIMD_OP_pmovzxdq }, 8 },
    };
    bool zero = in->opcode & 0x10;
    SimdOp op = kinds[in->opcode & 7].op[zero];
    TCGv_vec a = read_vec(ctx, in, 1, 0), low = tcg_temp_new_vec(), high = tcg_temp_new_vec();

    tcg_gen_simd1(op, low, a, 0);
    tcg_gen_simd1(SIMD_OP_psrldq, high, a, kinds[in->opcode & 7].bytes);
    tcg_gen_simd1(op, high, high, 0);
    write_both(ctx, in, low, high);
}

/* --- shuffles within halves --- */

void gen_vpermilps_imm(DisasContext *ctx, Insn *in) { gen_simd(ctx, in, SIMD_OP_pshufd); }

void gen_vpermilpd_imm(DisasContext *ctx, Insn *in)
{
    unsigned imm = last_imm(in), halves = vec_halves(in);
    TCGv_vec d[2];

    for (unsigned half = 0; half < halves; half++) {
        TCGv_vec a = read_vec(ctx, in, 1, half);

        d[half] = tcg_temp_new_vec();
        tcg_gen_simd2(SIMD_OP_shufpd, d[half], a, a, imm >> 2 * half & 3);
    }
    for (unsigned half = 0; half < halves; half++) {
        write_vec(ctx, in, half, d[half]);
    }
}

/* --- halves --- */

/* vperm2f128, vperm2i128 */
void gen_vperm_halves(DisasContext *ctx, Insn *in)
{
    unsigned imm = last_imm(in);
    TCGv_vec sources[4], d[2];

    for (unsigned i = 0; i < 4; i++) {
        sources[i] = read_vec(ctx, in, i < 2 ? 1 : 2, i & 1);
    }
    for (unsigned half = 0; half < 2; half++, imm >>= 4) {
        d[half] = imm & 8 ? zero_vec() : sources[imm & 3];
    }
    write_both(ctx, in, d[0], copy_vec(d[1]));
}

void gen_vinsert_half(DisasContext *ctx, Insn *in)
{
    TCGv_vec b = copy_vec(read_vec(ctx, in, 2, 0));
    bool high = last_imm(in) & 1;

    write_both(ctx, in, high ? read_vec(ctx, in, 1, 0) : b, high ? b : read_vec(ctx, in, 1, 1));
}

void gen_vextract_half(DisasContext *ctx, Insn *in)
{
    TCGv_vec v = read_vec(ctx, in, 1, last_imm(in) & 1);

    if (in->op[0].kind == OPK_MEM) {
        store_vec(ctx, in, v, MO_128, 0, false);
    } else {
        tcg_gen_mov_vec(cpu_xmm[in->op[0].reg], v);
        tcg_gen_bits_i64_vec(cpu_ymmh[in->op[0].reg], tcg_constant_i64(0));
    }
}

/* --- broadcasts --- */

static void write_repeated(DisasContext *ctx, Insn *in, TCGv_vec v)
{
    if (vec_halves(in) == 2) {
        write_vec(ctx, in, 1, v);
    }
    write_vec(ctx, in, 0, v);
}

/* Operand 1's size is that of the element. */
void gen_vbroadcast(DisasContext *ctx, Insn *in)
{
    TCGv_vec d = tcg_temp_new_vec();

    tcg_gen_dup_elem_vec(in->op[1].size, d, read_vec(ctx, in, 1, 0), 0);
    write_repeated(ctx, in, d);
}

void gen_vbroadcast_half(DisasContext *ctx, Insn *in) { write_repeated(ctx, in, read_vec(ctx, in, 1, 0)); }

/* --- any element to any place --- */

/* vpermd, vpermps: element i is the one that the low three bits of a's element i name. */
void gen_vperm_words(DisasContext *ctx, Insn *in)
{
    TCGv_vec b[2] = { read_vec(ctx, in, 2, 0), read_vec(ctx, in, 2, 1) }, d[2];

    for (unsigned half = 0; half < 2; half++) {
        TCGv_vec index = read_vec(ctx, in, 1, half), from_low = tcg_temp_new_vec();
        TCGv_vec which = tcg_temp_new_vec();

        d[half] = tcg_temp_new_vec();
        tcg_gen_simd2(SIMD_OP_vpermilps, from_low, b[0], index, 0);
        tcg_gen_simd2(SIMD_OP_vpermilps, d[half], b[1], index, 0);
        tcg_gen_shli_vec(MO_32, which, index, 29);      /* bit 2 to the sign */
        tcg_gen_simd3(SIMD_OP_blendvps, d[half], from_low, d[half], which);
    }
    write_both(ctx, in, d[0], d[1]);
}

/* vpermq, vpermpd */
void gen_vperm_quads(DisasContext *ctx, Insn *in)
{
    unsigned imm = last_imm(in);
    TCGv_vec a[2] = { read_vec(ctx, in, 1, 0), read_vec(ctx, in, 1, 1) }, d[2];

    for (unsigned half = 0; half < 2; half++, imm >>= 4) {
        unsigned first = imm & 3, second = imm >> 2 & 3;

        d[half] = tcg_temp_new_vec();
        tcg_gen_simd2(SIMD_OP_shufpd, d[half], a[first >> 1], a[second >> 1],
                      (first & 1) | (second & 1) << 1);
    }
    write_both(ctx, in, d[0], d[1]);
}

/* --- memory under a mask: elements whose mask is positive are not touched --- */

static unsigned mask_element(const Insn *in)
{
    bool wide = in->opcode == 0x8c || in->opcode == 0x8e ? in->rex_w : in->opcode & 1;

    return wide ? 8 : 4;
}

void gen_vmask_load(DisasContext *ctx, Insn *in)
{
    unsigned halves = vec_halves(in), element = mask_element(in);
    TCGv linear = gen_address(ctx, in, 16 * halves, ACCESS_READ);
    TCGv_vec d[2];

    for (unsigned half = 0; half < halves; half++) {
        d[half] = tcg_temp_new_vec();
        tcg_gen_st_vec(read_vec(ctx, in, 1, half), tcg_env, offsetof(CPUX86State, simd_scratch[1]));
        gen_helper_masked_load(tcg_env, half ? gen_address_plus(ctx, linear, 16) : linear,
                               tcg_constant_i32(16), tcg_constant_i32(element),
                               tcg_constant_i32(ctx->mem_idx));
        tcg_gen_ld_vec(d[half], tcg_env, offsetof(CPUX86State, simd_scratch[0]));
    }
    for (unsigned half = 0; half < halves; half++) {
        write_vec(ctx, in, half, d[half]);
    }
}

void gen_vmask_store(DisasContext *ctx, Insn *in)
{
    unsigned halves = vec_halves(in), element = mask_element(in);
    TCGv linear = gen_address(ctx, in, 16 * halves, ACCESS_WRITE);

    /* The upper half first: when it faults nothing has been stored; the lower one is probed by then. */
    for (int half = halves - 1; half >= 0; half--) {
        tcg_gen_st_vec(read_vec(ctx, in, 2, half), tcg_env, offsetof(CPUX86State, simd_scratch[0]));
        tcg_gen_st_vec(read_vec(ctx, in, 1, half), tcg_env, offsetof(CPUX86State, simd_scratch[1]));
        gen_helper_masked_store(tcg_env, half ? gen_address_plus(ctx, linear, 16) : linear,
                                tcg_constant_i32(16), tcg_constant_i32(element),
                                tcg_constant_i32(ctx->mem_idx));
    }
}

/* The index register of the SIB byte is a vector; all three registers differ. */
void gen_vgather(DisasContext *ctx, Insn *in)
{
    unsigned dest = in->op[0].reg, mask = in->op[2].reg;
    uint32_t info = dest << GATHER_DEST | mask << GATHER_MASK | in->scale << GATHER_SCALE |
                    (in->opcode & 1) << GATHER_WIDE_INDEX | in->rex_w << GATHER_WIDE_DATA |
                    in->vex_l << GATHER_256 | (in->asize != MO_64) << GATHER_ADDR32 |
                    ctx->mem_idx << GATHER_MMU_IDX;

    if (in->vector_index < 0 || in->vector_index == (int)dest || in->vector_index == (int)mask ||
        dest == mask) {
        gen_illegal(ctx);
        return;
    }
    in->index = -1;
    gen_helper_gather(tcg_env, gen_address(ctx, in, 1, ACCESS_READ),
                      tcg_constant_i32(info | in->vector_index << GATHER_INDEX));
}
