/*
 * AltiVec loads, stores and permutations (AltiVec PEM 4.2.2, 4.2.5, chapter 6).
 *
 * SPDX-License-Identifier: MIT
 */
#include "target-ppc/translate-altivec.h"

/* --- loads and stores ------------------------------------------------------------ */

/* rA|0 + rB with the low bits cleared, as every access does. */
static TCGv_i32 gen_aligned_ea(DisasContext *ctx, const Insn *in, unsigned bytes)
{
    TCGv_i32 ea = tcg_temp_new_i32();

    tcg_gen_andi_i32(ea, gen_ea_index(ctx, in), -(int)bytes);
    return ea;
}

/*
 * Little-endian mode changes the order of the doublewords in effect, not in the
 * register: quadword accesses ignore it but for the swap (AltiVec PEM 3.1.4).
 */
void gen_lvx(DisasContext *ctx, const Insn *in)
{
    tcg_gen_qemu_ld_vec(cpu_vr[in->vd], gen_aligned_ea(ctx, in, 16), ctx->mem_idx, MO_BE128);
}

void gen_stvx(DisasContext *ctx, const Insn *in)
{
    tcg_gen_qemu_st_vec(cpu_vr[in->vd], gen_aligned_ea(ctx, in, 16), ctx->mem_idx, MO_BE128);
}

void gen_lvxl(DisasContext *ctx, const Insn *in)
{
    gen_lvx(ctx, in);
}

void gen_stvxl(DisasContext *ctx, const Insn *in)
{
    gen_stvx(ctx, in);
}

/* Host address, less offsetof(vec_result), of the element that an address selects. */
static TCGv_ptr gen_element(TCGv_i32 ea, MemOp size)
{
    TCGv_i32 offset = tcg_temp_new_i32();
    TCGv_ptr element = tcg_temp_new_ptr();

    tcg_gen_andi_i32(offset, ea, 15);
    tcg_gen_xori_i32(offset, offset, 16 - (1 << size));
    tcg_gen_extu_i32_i64(element, offset);
    tcg_gen_add_i64(element, element, tcg_env);
    return element;
}

/* lvebx, lvehx, lvewx: the other elements are undefined; they keep their values. */
static void gen_load_element(DisasContext *ctx, const Insn *in, MemOp size)
{
    const intptr_t place = offsetof(CPUPPCState, vec_result);
    TCGv_i32 ea = gen_aligned_ea(ctx, in, 1 << size), value = tcg_temp_new_i32();
    TCGv_ptr element;

    gen_load(ctx, value, ea, size);
    element = gen_element(ea, size);
    tcg_gen_st_vec(cpu_vr[in->vd], tcg_env, place);
    if (size == MO_8) {
        tcg_gen_st8_i32(value, element, place);
    } else if (size == MO_16) {
        tcg_gen_st16_i32(value, element, place);
    } else {
        tcg_gen_st_i32(value, element, place);
    }
    tcg_gen_ld_vec(cpu_vr[in->vd], tcg_env, place);
}

static void gen_store_element(DisasContext *ctx, const Insn *in, MemOp size)
{
    const intptr_t place = offsetof(CPUPPCState, vec_result);
    TCGv_i32 ea = gen_aligned_ea(ctx, in, 1 << size), value = tcg_temp_new_i32();
    TCGv_ptr element = gen_element(ea, size);

    tcg_gen_st_vec(cpu_vr[in->vd], tcg_env, place);
    if (size == MO_8) {
        tcg_gen_ld8u_i32(value, element, place);
    } else if (size == MO_16) {
        tcg_gen_ld16u_i32(value, element, place);
    } else {
        tcg_gen_ld_i32(value, element, place);
    }
    gen_store(ctx, value, ea, size);
}

void gen_lvebx(DisasContext *ctx, const Insn *in) { gen_load_element(ctx, in, MO_8); }
void gen_lvehx(DisasContext *ctx, const Insn *in) { gen_load_element(ctx, in, MO_16); }
void gen_lvewx(DisasContext *ctx, const Insn *in) { gen_load_element(ctx, in, MO_32); }
void gen_stvebx(DisasContext *ctx, const Insn *in) { gen_store_element(ctx, in, MO_8); }
void gen_stvehx(DisasContext *ctx, const Insn *in) { gen_store_element(ctx, in, MO_16); }
void gen_stvewx(DisasContext *ctx, const Insn *in) { gen_store_element(ctx, in, MO_32); }

/* Data stream touches are hints. */
void gen_dst(DisasContext *ctx, const Insn *in)
{
}

void gen_dstst(DisasContext *ctx, const Insn *in)
{
}

void gen_dss(DisasContext *ctx, const Insn *in)
{
}

/* --- permutations that the encoding fixes ------------------------------------------- */

/* For the concatenation of two vectors: byte masks for pshufb of the first and the second. */
typedef struct Shuffle {
    PPCVec first, second;
} Shuffle;

/* `select` (byte n of the result, 0-31: which byte of vA || vB) as masks. */
static void make_shuffle(Shuffle *s, const uint8_t select[16])
{
    for (unsigned n = 0; n < 16; n++) {
        unsigned from = select[n];

        s->first.u8[VEC_B(n)] = from < 16 ? 15 - from : 0x80;
        s->second.u8[VEC_B(n)] = from < 16 ? 0x80 : 31 - from;
    }
}

static void gen_shuffle(const Insn *in, const Shuffle *s)
{
    TCGv_vec mask = tcg_temp_new_vec(), first = tcg_temp_new_vec(), second = tcg_temp_new_vec();

    tcg_gen_ld_vec(mask, tcg_constant_ptr(&s->first), 0);
    tcg_gen_pshufb_vec(first, cpu_vr[in->va], mask);
    tcg_gen_ld_vec(mask, tcg_constant_ptr(&s->second), 0);
    tcg_gen_pshufb_vec(second, cpu_vr[in->vb], mask);
    tcg_gen_or_vec(cpu_vr[in->vd], first, second);
}

/* vsldoi vD,vA,vB,SHB: bytes SHB.. of vA || vB. */
void gen_vsldoi(DisasContext *ctx, const Insn *in)
{
    static Shuffle shuffles[16];
    uint8_t select[16];

    for (unsigned n = 0; n < 16; n++) {
        select[n] = n + in->vsh;
    }
    make_shuffle(&shuffles[in->vsh], select);
    gen_shuffle(in, &shuffles[in->vsh]);
}

/* vmrgh*, vmrgl*: alternate elements of `size` bytes from the halves that start at byte `from`. */
static void gen_merge(const Insn *in, Shuffle *s, unsigned size, unsigned from)
{
    uint8_t select[16];

    for (unsigned n = 0; n < 16; n++) {
        unsigned element = n / (2 * size), second = n / size & 1;

        select[n] = from + element * size + n % size + 16 * second;
    }
    make_shuffle(s, select);
    gen_shuffle(in, s);
}

void gen_vmrghb(DisasContext *ctx, const Insn *in)
{
    static Shuffle s;

    gen_merge(in, &s, 1, 0);
}

void gen_vmrghh(DisasContext *ctx, const Insn *in)
{
    static Shuffle s;

    gen_merge(in, &s, 2, 0);
}

void gen_vmrghw(DisasContext *ctx, const Insn *in)
{
    static Shuffle s;

    gen_merge(in, &s, 4, 0);
}

void gen_vmrglb(DisasContext *ctx, const Insn *in)
{
    static Shuffle s;

    gen_merge(in, &s, 1, 8);
}

void gen_vmrglh(DisasContext *ctx, const Insn *in)
{
    static Shuffle s;

    gen_merge(in, &s, 2, 8);
}

void gen_vmrglw(DisasContext *ctx, const Insn *in)
{
    static Shuffle s;

    gen_merge(in, &s, 4, 8);
}

/* vpkuhum, vpkuwum: the low halves of all elements, `size` bytes each. */
static void gen_pack_modulo(const Insn *in, Shuffle *s, unsigned size)
{
    uint8_t select[16];

    for (unsigned n = 0; n < 16; n++) {
        select[n] = n / size * 2 * size + size + n % size;
    }
    make_shuffle(s, select);
    gen_shuffle(in, s);
}

void gen_vpkuhum(DisasContext *ctx, const Insn *in)
{
    static Shuffle s;

    gen_pack_modulo(in, &s, 1);
}

void gen_vpkuwum(DisasContext *ctx, const Insn *in)
{
    static Shuffle s;

    gen_pack_modulo(in, &s, 2);
}

/* vupk*: elements of `size` bytes from byte `from` of vB, sign-extended to twice the size. */
static void gen_unpack(const Insn *in, Shuffle *s, unsigned size, unsigned from)
{
    TCGv_vec mask = tcg_temp_new_vec();
    uint8_t select[16];

    for (unsigned n = 0; n < 16; n++) {
        /* Into the high half of the wide element; the low half does not matter. */
        select[n] = from + n / (2 * size) * size + n % size;
    }
    make_shuffle(s, select);
    tcg_gen_ld_vec(mask, tcg_constant_ptr(&s->first), 0);
    tcg_gen_pshufb_vec(mask, cpu_vr[in->vb], mask);
    tcg_gen_sari_vec(size == 1 ? MO_16 : MO_32, cpu_vr[in->vd], mask, 8 * size);
}

void gen_vupkhsb(DisasContext *ctx, const Insn *in)
{
    static Shuffle s;

    gen_unpack(in, &s, 1, 0);
}

void gen_vupkhsh(DisasContext *ctx, const Insn *in)
{
    static Shuffle s;

    gen_unpack(in, &s, 2, 0);
}

void gen_vupklsb(DisasContext *ctx, const Insn *in)
{
    static Shuffle s;

    gen_unpack(in, &s, 1, 8);
}

void gen_vupklsh(DisasContext *ctx, const Insn *in)
{
    static Shuffle s;

    gen_unpack(in, &s, 2, 8);
}

/* --- splats ---------------------------------------------------------------------------- */

void gen_vspltb(DisasContext *ctx, const Insn *in)
{
    tcg_gen_dup_elem_vec(MO_8, cpu_vr[in->vd], cpu_vr[in->vb], VEC_B(in->uimm5 & 15));
}

void gen_vsplth(DisasContext *ctx, const Insn *in)
{
    tcg_gen_dup_elem_vec(MO_16, cpu_vr[in->vd], cpu_vr[in->vb], VEC_H(in->uimm5 & 7));
}

void gen_vspltw(DisasContext *ctx, const Insn *in)
{
    tcg_gen_dup_elem_vec(MO_32, cpu_vr[in->vd], cpu_vr[in->vb], VEC_W(in->uimm5 & 3));
}

void gen_vspltisb(DisasContext *ctx, const Insn *in)
{
    tcg_gen_dup_vec(MO_8, cpu_vr[in->vd], tcg_constant_i64(in->simm5));
}

void gen_vspltish(DisasContext *ctx, const Insn *in)
{
    tcg_gen_dup_vec(MO_16, cpu_vr[in->vd], tcg_constant_i64(in->simm5));
}

void gen_vspltisw(DisasContext *ctx, const Insn *in)
{
    tcg_gen_dup_vec(MO_32, cpu_vr[in->vd], tcg_constant_i64(in->simm5));
}

/* --- permutations by register -------------------------------------------------------------- */

/* Bytes 0-31 in a row, in the order of a register that is read backwards. */
static const uint8_t ramp[32] QEMU_ALIGNED(16) = {
    31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16,
    15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0,
};

/*
 * lvsl, lvsr: bytes sh, sh + 1, .. where sh is the misalignment, or 16 less it.
 * The register is a window of the ramp; it is read in halves, as a vector load
 * wants alignment.
 */
static void gen_permute_control(DisasContext *ctx, const Insn *in, bool right)
{
    TCGv_i32 sh = tcg_temp_new_i32();
    TCGv_i64 window = tcg_temp_new_i64(), half = tcg_temp_new_i64();
    const intptr_t place = offsetof(CPUPPCState, vec_result);

    tcg_gen_andi_i32(sh, gen_ea_index(ctx, in), 15);
    if (right) {
        tcg_gen_extu_i32_i64(window, sh);
    } else {
        tcg_gen_subfi_i32(sh, 16, sh);
        tcg_gen_extu_i32_i64(window, sh);
    }
    tcg_gen_addi_i64(window, window, (intptr_t)ramp);
    tcg_gen_ld_i64(half, window, 0);
    tcg_gen_st_i64(half, tcg_env, place);
    tcg_gen_ld_i64(half, window, 8);
    tcg_gen_st_i64(half, tcg_env, place + 8);
    tcg_gen_ld_vec(cpu_vr[in->vd], tcg_env, place);
}

void gen_lvsl(DisasContext *ctx, const Insn *in)
{
    gen_permute_control(ctx, in, false);
}

void gen_lvsr(DisasContext *ctx, const Insn *in)
{
    gen_permute_control(ctx, in, true);
}

/* vperm vD,vA,vB,vC: byte n is byte vC[n] (five bits) of vA || vB. */
void gen_vperm(DisasContext *ctx, const Insn *in)
{
    TCGv_vec index = tcg_temp_new_vec(), second = tcg_temp_new_vec();
    TCGv_vec from_a = tcg_temp_new_vec(), from_b = tcg_temp_new_vec();

    tcg_gen_dup_vec(MO_8, index, tcg_constant_i64(0x0f));
    tcg_gen_andc_vec(index, index, cpu_vr[in->vc]);
    tcg_gen_dup_vec(MO_8, second, tcg_constant_i64(0x10));
    tcg_gen_and_vec(from_b, second, cpu_vr[in->vc]);
    tcg_gen_cmpeq_vec(MO_8, second, second, from_b);
    tcg_gen_pshufb_vec(from_a, cpu_vr[in->va], index);
    if (in->va == in->vb) {
        tcg_gen_mov_vec(cpu_vr[in->vd], from_a);
    } else {
        tcg_gen_pshufb_vec(from_b, cpu_vr[in->vb], index);
        tcg_gen_bitsel_vec(cpu_vr[in->vd], second, from_b, from_a);
    }
}

