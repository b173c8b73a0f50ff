/*
 * AltiVec integer, logical and compare instructions, and what the other
 * AltiVec files share (AltiVec Technology PEM, chapter 6).
 *
 * A vector register is its 128-bit big-endian value in host order: element n
 * of the manual is element count - 1 - n of the ops. VSCR.SAT is kept as the
 * union of differences between saturated and wrapped results.
 *
 * SPDX-License-Identifier: MIT
 */
#include "target-ppc/translate-altivec.h"

TCGv_vec cpu_vr[32];
static TCGv_vec cpu_sat_diff;

void translate_altivec_init(void)
{
    static char names[32][8];

    for (unsigned i = 0; i < 32; i++) {
        snprintf(names[i], sizeof(names[i]), "v%u", i & 31);
        cpu_vr[i] = tcg_global_mem_new_vec(offsetof(CPUPPCState, vr) + 16 * i, names[i]);
    }
    cpu_sat_diff = tcg_global_mem_new_vec(offsetof(CPUPPCState, vscr_diff), "vscr_diff");
}

void gen_vec_call(DisasContext *ctx, const Insn *in, VecOp op, unsigned operands)
{
    const uint8_t reg[3] = { in->va, in->vb, in->vc };

    for (unsigned i = 0; i < 3; i++) {
        if (operands & 1 << i) {
            tcg_gen_st_vec(cpu_vr[reg[i]], tcg_env, offsetof(CPUPPCState, vec_arg) + 16 * i);
        }
    }
    gen_helper_vec_op(tcg_env, tcg_constant_i32(op | in->uimm5 << 8));
    tcg_gen_ld_vec(cpu_vr[in->vd], tcg_env, offsetof(CPUPPCState, vec_result));
}

/* The value of field 6 of CR after a compare with result mask `d`: all or none. */
void gen_cr6(DisasContext *ctx, const Insn *in, TCGv_vec d)
{
    TCGv_i64 high = tcg_temp_new_i64(), low = tcg_temp_new_i64(), all = tcg_temp_new_i64();
    TCGv_i64 any = tcg_temp_new_i64(), zero = tcg_constant_i64(0), minus_1 = tcg_constant_i64(-1);

    if (!in->vrc) {
        return;
    }
    tcg_gen_st_vec(d, tcg_env, offsetof(CPUPPCState, vec_result));
    tcg_gen_ld_i64(low, tcg_env, offsetof(CPUPPCState, vec_result));
    tcg_gen_ld_i64(high, tcg_env, offsetof(CPUPPCState, vec_result) + 8);
    tcg_gen_and_i64(all, low, high);
    tcg_gen_or_i64(any, low, high);
    /* As cr_encode: -1 reads as LT, 0 as EQ. */
    tcg_gen_movcond_i64(TCG_COND_EQ, all, all, minus_1, minus_1, tcg_constant_i64(cr_encode(0)));
    tcg_gen_movcond_i64(TCG_COND_EQ, cpu_cr[6], any, zero, zero, all);
    if (ctx->track_so) {
        tcg_gen_andi_i32(cpu_cr_so, cpu_cr_so, ~(0x80 >> 6));
    }
    ctx->cmp[6] = (CompareSource) { .kind = CMP_NONE, .ra = -1, .rb = -1 };
}

/* --- one op each ---------------------------------------------------------------- */

typedef void GenVec3(unsigned vece, TCGv_vec d, TCGv_vec a, TCGv_vec b);

static void gen_vec3(const Insn *in, GenVec3 *op, unsigned vece)
{
    op(vece, cpu_vr[in->vd], cpu_vr[in->va], cpu_vr[in->vb]);
}

void gen_vaddubm(DisasContext *ctx, const Insn *in) { gen_vec3(in, tcg_gen_add_vec, MO_8); }
void gen_vadduhm(DisasContext *ctx, const Insn *in) { gen_vec3(in, tcg_gen_add_vec, MO_16); }
void gen_vadduwm(DisasContext *ctx, const Insn *in) { gen_vec3(in, tcg_gen_add_vec, MO_32); }
void gen_vsububm(DisasContext *ctx, const Insn *in) { gen_vec3(in, tcg_gen_sub_vec, MO_8); }
void gen_vsubuhm(DisasContext *ctx, const Insn *in) { gen_vec3(in, tcg_gen_sub_vec, MO_16); }
void gen_vsubuwm(DisasContext *ctx, const Insn *in) { gen_vec3(in, tcg_gen_sub_vec, MO_32); }
void gen_vmaxub(DisasContext *ctx, const Insn *in) { gen_vec3(in, tcg_gen_umax_vec, MO_8); }
void gen_vmaxuh(DisasContext *ctx, const Insn *in) { gen_vec3(in, tcg_gen_umax_vec, MO_16); }
void gen_vmaxuw(DisasContext *ctx, const Insn *in) { gen_vec3(in, tcg_gen_umax_vec, MO_32); }
void gen_vmaxsb(DisasContext *ctx, const Insn *in) { gen_vec3(in, tcg_gen_smax_vec, MO_8); }
void gen_vmaxsh(DisasContext *ctx, const Insn *in) { gen_vec3(in, tcg_gen_smax_vec, MO_16); }
void gen_vmaxsw(DisasContext *ctx, const Insn *in) { gen_vec3(in, tcg_gen_smax_vec, MO_32); }
void gen_vminub(DisasContext *ctx, const Insn *in) { gen_vec3(in, tcg_gen_umin_vec, MO_8); }
void gen_vminuh(DisasContext *ctx, const Insn *in) { gen_vec3(in, tcg_gen_umin_vec, MO_16); }
void gen_vminuw(DisasContext *ctx, const Insn *in) { gen_vec3(in, tcg_gen_umin_vec, MO_32); }
void gen_vminsb(DisasContext *ctx, const Insn *in) { gen_vec3(in, tcg_gen_smin_vec, MO_8); }
void gen_vminsh(DisasContext *ctx, const Insn *in) { gen_vec3(in, tcg_gen_smin_vec, MO_16); }
void gen_vminsw(DisasContext *ctx, const Insn *in) { gen_vec3(in, tcg_gen_smin_vec, MO_32); }
void gen_vavgub(DisasContext *ctx, const Insn *in) { gen_vec3(in, tcg_gen_avgu_vec, MO_8); }
void gen_vavguh(DisasContext *ctx, const Insn *in) { gen_vec3(in, tcg_gen_avgu_vec, MO_16); }

void gen_vand(DisasContext *ctx, const Insn *in)
{
    tcg_gen_and_vec(cpu_vr[in->vd], cpu_vr[in->va], cpu_vr[in->vb]);
}

void gen_vandc(DisasContext *ctx, const Insn *in)
{
    tcg_gen_andc_vec(cpu_vr[in->vd], cpu_vr[in->va], cpu_vr[in->vb]);
}

/* vor with equal operands is the register move. */
void gen_vor(DisasContext *ctx, const Insn *in)
{
    if (in->va == in->vb) {
        tcg_gen_mov_vec(cpu_vr[in->vd], cpu_vr[in->va]);
    } else {
        tcg_gen_or_vec(cpu_vr[in->vd], cpu_vr[in->va], cpu_vr[in->vb]);
    }
}

/* vxor with equal operands is the usual zero. */
void gen_vxor(DisasContext *ctx, const Insn *in)
{
    if (in->va == in->vb) {
        tcg_gen_dup_vec(MO_64, cpu_vr[in->vd], tcg_constant_i64(0));
    } else {
        tcg_gen_xor_vec(cpu_vr[in->vd], cpu_vr[in->va], cpu_vr[in->vb]);
    }
}

void gen_vnor(DisasContext *ctx, const Insn *in)
{
    TCGv_vec t = tcg_temp_new_vec();

    tcg_gen_or_vec(t, cpu_vr[in->va], cpu_vr[in->vb]);
    tcg_gen_not_vec(cpu_vr[in->vd], t);
}

/* vsel vD,vA,vB,vC: vB where vC has ones. */
void gen_vsel(DisasContext *ctx, const Insn *in)
{
    tcg_gen_bitsel_vec(cpu_vr[in->vd], cpu_vr[in->vc], cpu_vr[in->vb], cpu_vr[in->va]);
}

/* --- saturating, carries ------------------------------------------------------------ */

static void gen_saturating(const Insn *in, GenVec3 *saturating, GenVec3 *wrapping, unsigned vece)
{
    TCGv_vec wrapped = tcg_temp_new_vec();

    wrapping(vece, wrapped, cpu_vr[in->va], cpu_vr[in->vb]);
    saturating(vece, cpu_vr[in->vd], cpu_vr[in->va], cpu_vr[in->vb]);
    tcg_gen_xor_vec(wrapped, wrapped, cpu_vr[in->vd]);
    tcg_gen_or_vec(cpu_sat_diff, cpu_sat_diff, wrapped);
}

void gen_vaddubs(DisasContext *ctx, const Insn *in)
{
    gen_saturating(in, tcg_gen_usadd_vec, tcg_gen_add_vec, MO_8);
}

void gen_vadduhs(DisasContext *ctx, const Insn *in)
{
    gen_saturating(in, tcg_gen_usadd_vec, tcg_gen_add_vec, MO_16);
}

void gen_vaddsbs(DisasContext *ctx, const Insn *in)
{
    gen_saturating(in, tcg_gen_ssadd_vec, tcg_gen_add_vec, MO_8);
}

void gen_vaddshs(DisasContext *ctx, const Insn *in)
{
    gen_saturating(in, tcg_gen_ssadd_vec, tcg_gen_add_vec, MO_16);
}

void gen_vsububs(DisasContext *ctx, const Insn *in)
{
    gen_saturating(in, tcg_gen_ussub_vec, tcg_gen_sub_vec, MO_8);
}

void gen_vsubuhs(DisasContext *ctx, const Insn *in)
{
    gen_saturating(in, tcg_gen_ussub_vec, tcg_gen_sub_vec, MO_16);
}

void gen_vsubsbs(DisasContext *ctx, const Insn *in)
{
    gen_saturating(in, tcg_gen_sssub_vec, tcg_gen_sub_vec, MO_8);
}

void gen_vsubshs(DisasContext *ctx, const Insn *in)
{
    gen_saturating(in, tcg_gen_sssub_vec, tcg_gen_sub_vec, MO_16);
}

/* d = a >= b unsigned */
static void gen_geu(unsigned vece, TCGv_vec d, TCGv_vec a, TCGv_vec b)
{
    TCGv_vec t = tcg_temp_new_vec();

    tcg_gen_umax_vec(vece, t, a, b);
    tcg_gen_cmpeq_vec(vece, d, t, a);
}

/* vsubcuw: 1 where vA - vB does not borrow. */
void gen_vsubcuw(DisasContext *ctx, const Insn *in)
{
    TCGv_vec t = tcg_temp_new_vec();

    gen_geu(MO_32, t, cpu_vr[in->va], cpu_vr[in->vb]);
    tcg_gen_shri_vec(MO_32, cpu_vr[in->vd], t, 31);
}

/* vaddcuw: carries of the words, that is where vA > ~vB. */
void gen_vaddcuw(DisasContext *ctx, const Insn *in)
{
    TCGv_vec t = tcg_temp_new_vec(), u = tcg_temp_new_vec();

    tcg_gen_not_vec(t, cpu_vr[in->vb]);
    gen_geu(MO_32, u, t, cpu_vr[in->va]);
    tcg_gen_not_vec(u, u);
    tcg_gen_shri_vec(MO_32, cpu_vr[in->vd], u, 31);
}

/* --- compares ------------------------------------------------------------------------- */

static void gen_vec_compare(DisasContext *ctx, const Insn *in, GenVec3 *op, unsigned vece)
{
    gen_vec3(in, op, vece);
    gen_cr6(ctx, in, cpu_vr[in->vd]);
}

static void gen_gtu(unsigned vece, TCGv_vec d, TCGv_vec a, TCGv_vec b)
{
    TCGv_vec t = tcg_temp_new_vec();

    gen_geu(vece, t, b, a);
    tcg_gen_not_vec(d, t);
}

void gen_vcmpequb(DisasContext *ctx, const Insn *in) { gen_vec_compare(ctx, in, tcg_gen_cmpeq_vec, MO_8); }
void gen_vcmpequh(DisasContext *ctx, const Insn *in) { gen_vec_compare(ctx, in, tcg_gen_cmpeq_vec, MO_16); }
void gen_vcmpequw(DisasContext *ctx, const Insn *in) { gen_vec_compare(ctx, in, tcg_gen_cmpeq_vec, MO_32); }
void gen_vcmpgtsb(DisasContext *ctx, const Insn *in) { gen_vec_compare(ctx, in, tcg_gen_cmpgt_vec, MO_8); }
void gen_vcmpgtsh(DisasContext *ctx, const Insn *in) { gen_vec_compare(ctx, in, tcg_gen_cmpgt_vec, MO_16); }
void gen_vcmpgtsw(DisasContext *ctx, const Insn *in) { gen_vec_compare(ctx, in, tcg_gen_cmpgt_vec, MO_32); }
void gen_vcmpgtub(DisasContext *ctx, const Insn *in) { gen_vec_compare(ctx, in, gen_gtu, MO_8); }
void gen_vcmpgtuh(DisasContext *ctx, const Insn *in) { gen_vec_compare(ctx, in, gen_gtu, MO_16); }
void gen_vcmpgtuw(DisasContext *ctx, const Insn *in) { gen_vec_compare(ctx, in, gen_gtu, MO_32); }

/* --- products --------------------------------------------------------------------------- */

/* The even (more significant) or odd elements of half the width, widened in place. */
static TCGv_vec gen_widened(TCGv_vec v, unsigned wide, bool odd, bool is_signed)
{
    TCGv_vec t = tcg_temp_new_vec();
    unsigned bits = 4u << wide;

    if (odd) {
        tcg_gen_shli_vec(wide, t, v, bits);
        v = t;
    }
    if (is_signed) {
        tcg_gen_sari_vec(wide, t, v, bits);
    } else {
        tcg_gen_shri_vec(wide, t, v, bits);
    }
    return t;
}

static void gen_vmul(const Insn *in, unsigned wide, bool odd, bool is_signed)
{
    TCGv_vec a = gen_widened(cpu_vr[in->va], wide, odd, is_signed);
    TCGv_vec b = gen_widened(cpu_vr[in->vb], wide, odd, is_signed);

    tcg_gen_mul_vec(wide, cpu_vr[in->vd], a, b);
}

void gen_vmuloub(DisasContext *ctx, const Insn *in) { gen_vmul(in, MO_16, true, false); }
void gen_vmulouh(DisasContext *ctx, const Insn *in) { gen_vmul(in, MO_32, true, false); }
void gen_vmulosb(DisasContext *ctx, const Insn *in) { gen_vmul(in, MO_16, true, true); }
void gen_vmulosh(DisasContext *ctx, const Insn *in) { gen_vmul(in, MO_32, true, true); }
void gen_vmuleub(DisasContext *ctx, const Insn *in) { gen_vmul(in, MO_16, false, false); }
void gen_vmuleuh(DisasContext *ctx, const Insn *in) { gen_vmul(in, MO_32, false, false); }
void gen_vmulesb(DisasContext *ctx, const Insn *in) { gen_vmul(in, MO_16, false, true); }
void gen_vmulesh(DisasContext *ctx, const Insn *in) { gen_vmul(in, MO_32, false, true); }

/* vmladduhm vD,vA,vB,vC: low halves of vA * vB + vC. */
void gen_vmladduhm(DisasContext *ctx, const Insn *in)
{
    TCGv_vec t = tcg_temp_new_vec();

    tcg_gen_mul_vec(MO_16, t, cpu_vr[in->va], cpu_vr[in->vb]);
    tcg_gen_add_vec(MO_16, cpu_vr[in->vd], t, cpu_vr[in->vc]);
}

/* --- calls --------------------------------------------------------------------------------- */

static void call_ab(DisasContext *ctx, const Insn *in, VecOp op)
{
    gen_vec_call(ctx, in, op, VEC_A | VEC_B);
}

static void call_abc(DisasContext *ctx, const Insn *in, VecOp op)
{
    gen_vec_call(ctx, in, op, VEC_A | VEC_B | VEC_C);
}

static void call_b(DisasContext *ctx, const Insn *in, VecOp op)
{
    gen_vec_call(ctx, in, op, VEC_B);
}

void gen_vadduws(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vadduws); }
void gen_vaddsws(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vaddsws); }
void gen_vsubuws(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vsubuws); }
void gen_vsubsws(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vsubsws); }
void gen_vavguw(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vavguw); }
void gen_vavgsb(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vavgsb); }
void gen_vavgsh(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vavgsh); }
void gen_vavgsw(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vavgsw); }
void gen_vrlb(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vrlb); }
void gen_vrlh(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vrlh); }
void gen_vrlw(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vrlw); }
void gen_vslb(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vslb); }
void gen_vslh(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vslh); }
void gen_vslw(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vslw); }
void gen_vsrb(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vsrb); }
void gen_vsrh(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vsrh); }
void gen_vsrw(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vsrw); }
void gen_vsrab(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vsrab); }
void gen_vsrah(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vsrah); }
void gen_vsraw(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vsraw); }
void gen_vsl(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vsl); }
void gen_vsr(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vsr); }
void gen_vslo(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vslo); }
void gen_vsro(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vsro); }
void gen_vsum4ubs(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vsum4ubs); }
void gen_vsum4sbs(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vsum4sbs); }
void gen_vsum4shs(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vsum4shs); }
void gen_vsum2sws(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vsum2sws); }
void gen_vsumsws(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vsumsws); }
void gen_vmhaddshs(DisasContext *ctx, const Insn *in) { call_abc(ctx, in, VEC_OP_vmhaddshs); }
void gen_vmhraddshs(DisasContext *ctx, const Insn *in) { call_abc(ctx, in, VEC_OP_vmhraddshs); }
void gen_vmsumubm(DisasContext *ctx, const Insn *in) { call_abc(ctx, in, VEC_OP_vmsumubm); }
void gen_vmsummbm(DisasContext *ctx, const Insn *in) { call_abc(ctx, in, VEC_OP_vmsummbm); }
void gen_vmsumuhm(DisasContext *ctx, const Insn *in) { call_abc(ctx, in, VEC_OP_vmsumuhm); }
void gen_vmsumuhs(DisasContext *ctx, const Insn *in) { call_abc(ctx, in, VEC_OP_vmsumuhs); }
void gen_vmsumshm(DisasContext *ctx, const Insn *in) { call_abc(ctx, in, VEC_OP_vmsumshm); }
void gen_vmsumshs(DisasContext *ctx, const Insn *in) { call_abc(ctx, in, VEC_OP_vmsumshs); }
void gen_vpkuhus(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vpkuhus); }
void gen_vpkuwus(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vpkuwus); }
void gen_vpkshus(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vpkshus); }
void gen_vpkswus(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vpkswus); }
void gen_vpkshss(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vpkshss); }
void gen_vpkswss(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vpkswss); }
void gen_vpkpx(DisasContext *ctx, const Insn *in) { call_ab(ctx, in, VEC_OP_vpkpx); }
void gen_vupkhpx(DisasContext *ctx, const Insn *in) { call_b(ctx, in, VEC_OP_vupkhpx); }
void gen_vupklpx(DisasContext *ctx, const Insn *in) { call_b(ctx, in, VEC_OP_vupklpx); }

/* --- VSCR ------------------------------------------------------------------------------------- */

void gen_mfvscr(DisasContext *ctx, const Insn *in)
{
    gen_helper_mfvscr(tcg_env);
    tcg_gen_ld_vec(cpu_vr[in->vd], tcg_env, offsetof(CPUPPCState, vec_result));
}

void gen_mtvscr(DisasContext *ctx, const Insn *in)
{
    tcg_gen_st_vec(cpu_vr[in->vb], tcg_env, offsetof(CPUPPCState, vec_arg));
    gen_helper_mtvscr(tcg_env);
}
