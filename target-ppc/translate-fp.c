/*
 * Floating-point arithmetic, compares, moves (PEM 4.2.2, 8.2).
 *
 * An operation is done by the host, in the host's rounding mode, which follows
 * FPSCR.RN. A guard sends the results that may differ from the architecture's
 * (NaNs, and the limits of the subnormal range, where the host detects
 * tininess after rounding) to helper_fp_fix. Single results are rounded from
 * double; where rounding twice could differ, another guard finds it. With
 * TBF_FP_EXACT everything goes to helper_fp_exact.
 *
 * SPDX-License-Identifier: MIT
 */
#include "target-ppc/translate-fp.h"

TCGv_f64 cpu_fpr[32];
TCGv_i32 cpu_fp_lazy;
TCGv_f64 cpu_fp_aux[4], cpu_fp_result;

void translate_fp_init(void)
{
    static char fpr_names[32][8], aux_names[4][8];

    for (unsigned i = 0; i < 32; i++) {
        snprintf(fpr_names[i], sizeof(fpr_names[i]), "f%u", i & 31);
        cpu_fpr[i] = tcg_global_mem_new_f64(offsetof(CPUPPCState, fpr) + 8 * i, fpr_names[i]);
    }
    for (unsigned i = 0; i < 4; i++) {
        snprintf(aux_names[i], sizeof(aux_names[i]), "fp_aux%u", i & 3);
        cpu_fp_aux[i] = tcg_global_mem_new_f64(offsetof(CPUPPCState, fp_aux) + 8 * i, aux_names[i]);
    }
    cpu_fp_lazy = tcg_global_mem_new_i32(offsetof(CPUPPCState, fp_lazy), "fp_lazy");
    cpu_fp_result = tcg_global_mem_new_f64(offsetof(CPUPPCState, fp_result), "fp_result");
}

/* --- host modes, record forms, exceptions ----------------------------------------- */

static bool gen_fp_mode(DisasContext *ctx, bool vector)
{
    if (vector == ((ctx->flags & TBF_FP_VECTOR) != 0)) {
        return true;
    }
    gen_helper_fp_set_vector(tcg_env, tcg_constant_i32(vector));
    tcg_gen_movi_i32(cpu_nip, ctx->pc);
    gen_exit_lookup(ctx);
    return false;
}

bool gen_scalar_fp(DisasContext *ctx)
{
    return gen_fp_mode(ctx, false);
}

bool gen_vector_fp(DisasContext *ctx)
{
    return gen_fp_mode(ctx, true);
}

bool gen_can_record(DisasContext *ctx, const Insn *in)
{
    if (in->rc_bit && !ctx->track_so) {
        gen_helper_track_so(tcg_env);
        ctx->ended = true;
        return false;
    }
    return true;
}

void gen_cr1(DisasContext *ctx, const Insn *in)
{
    if (in->rc_bit) {
        TCGv_i32 bits = tcg_temp_new_i32();

        gen_helper_fpscr_cr1(bits, tcg_env);
        gen_cr_bits(ctx, 1, bits);
    }
}

void gen_raise_enabled(DisasContext *ctx)
{
    if (ctx->flags & (MSR_FE0 | MSR_FE1)) {
        gen_helper_fp_raise_enabled(tcg_env);
    }
}

/* --- arithmetic ---------------------------------------------------------------------- */

static TCGv_f64 gen_zero(void)
{
    TCGv_f64 zero = tcg_temp_new_f64();

    tcg_gen_bits_i64_f64(zero, tcg_constant_i64(0));
    return zero;
}

/* One instruction: operation, and where its operands are. */
typedef struct Arith {
    unsigned op;            /* PPC_FP_x | PPC_FP_SINGLE */
    TCGv_f64 a, b, c;       /* operands; those that do not exist are another one */
    TCGGuard test;
} Arith;

/* FR, FI and FPRF will be those of this operation. */
static void gen_record(const Arith *x)
{
    tcg_gen_movi_i32(cpu_fp_lazy, x->op);
    tcg_gen_mov_f64(cpu_fp_aux[0], x->a);
    tcg_gen_mov_f64(cpu_fp_aux[1], x->b);
    tcg_gen_mov_f64(cpu_fp_aux[2], x->c);
}

/* The result in double precision, not negated. */
static void gen_double_op(TCGv_f64 r, const Arith *x)
{
    TCGv_f64 minus_b;

    switch (x->op & PPC_FP_OP_MASK) {
    case PPC_FP_ADD:
        tcg_gen_fadd_f64(r, x->a, x->b);
        break;
    case PPC_FP_SUB:
        tcg_gen_fsub_f64(r, x->a, x->b);
        break;
    case PPC_FP_MUL:
        tcg_gen_fmul_f64(r, x->a, x->c);
        break;
    case PPC_FP_DIV:
        tcg_gen_fdiv_f64(r, x->a, x->b);
        break;
    case PPC_FP_SQRT:
        tcg_gen_fsqrt_f64(r, x->b);
        break;
    case PPC_FP_MADD:
    case PPC_FP_NMADD:
        tcg_gen_fma_f64(r, x->a, x->c, x->b);
        break;
    case PPC_FP_MSUB:
    case PPC_FP_NMSUB:
        minus_b = tcg_temp_new_f64();
        tcg_gen_fneg_f64(minus_b, x->b);
        tcg_gen_fma_f64(r, x->a, x->c, minus_b);
        break;
    case PPC_FP_RSP:
        tcg_gen_mov_f64(r, x->b);
        break;
    }
}

static bool is_fused(unsigned op)
{
    op &= PPC_FP_OP_MASK;
    return op >= PPC_FP_MADD && op <= PPC_FP_NMSUB;
}

static bool is_negated(unsigned op)
{
    op &= PPC_FP_OP_MASK;
    return op == PPC_FP_NMADD || op == PPC_FP_NMSUB;
}

/* The architecture's result of x in a new temp. */
static TCGv_f64 gen_result(const Arith *x)
{
    TCGv_f64 r = tcg_temp_new_f64(), fixed = tcg_temp_new_f64();

    gen_double_op(r, x);
    if (x->op & PPC_FP_SINGLE) {
        TCGv_f32 single = tcg_temp_new_f32();

        if (is_fused(x->op)) {
            /* What this fixes is already single, and without the final negation. */
            unsigned plain = is_negated(x->op) ? x->op - PPC_FP_NMADD + PPC_FP_MADD : x->op;

            tcg_gen_guard_f64(r, r, TCG_GUARD_NO_HALF, &helper_info_fp_fix, x->a, x->b, x->c, plain);
        }
        tcg_gen_cvt_f64_f32(single, r);
        tcg_gen_cvt_f32_f64(r, single);
    }
    if (is_negated(x->op)) {
        tcg_gen_fneg_f64(r, r);
    }
    tcg_gen_guard_f64(fixed, r, x->test, &helper_info_fp_fix, x->a, x->b, x->c, x->op);
    return fixed;
}

/* Registers of an instruction as the exact helper wants them. */
static void gen_exact(DisasContext *ctx, const Insn *in, unsigned op)
{
    gen_helper_fp_exact(tcg_env, tcg_constant_i32(ppc_fp_pack(op, in->rd, in->ra, in->rb, in->rc)));
    gen_cr1(ctx, in);
    gen_raise_enabled(ctx);
}

static void gen_arith(DisasContext *ctx, const Insn *in, unsigned op, TCGGuard test)
{
    unsigned code = op & PPC_FP_OP_MASK;
    bool has_a = code != PPC_FP_SQRT && code != PPC_FP_RSP;
    bool has_b = code != PPC_FP_MUL;
    bool has_c = code == PPC_FP_MUL || is_fused(op);
    Arith x = { .op = op, .test = test };
    TCGv_f64 result;

    if (!gen_scalar_fp(ctx) || !gen_can_record(ctx, in)) {
        return;
    }
    if (ctx->fp_exact) {
        gen_exact(ctx, in, op);
        return;
    }
    x.b = has_b ? cpu_fpr[in->rb] : cpu_fpr[in->ra];
    x.a = has_a ? cpu_fpr[in->ra] : x.b;
    x.c = has_c ? cpu_fpr[in->rc] : x.b;
    result = gen_result(&x);
    gen_record(&x);
    tcg_gen_mov_f64(cpu_fpr[in->rd], result);
    gen_cr1(ctx, in);
}

/* Sums are exact where they are subnormal: only NaNs need a look. */
void gen_fadd(DisasContext *ctx, const Insn *in)
{
    gen_arith(ctx, in, PPC_FP_ADD, TCG_GUARD_NOT_NAN);
}

void gen_fadds(DisasContext *ctx, const Insn *in)
{
    gen_arith(ctx, in, PPC_FP_ADD | PPC_FP_SINGLE, TCG_GUARD_NOT_NAN);
}

void gen_fsub(DisasContext *ctx, const Insn *in)
{
    gen_arith(ctx, in, PPC_FP_SUB, TCG_GUARD_NOT_NAN);
}

void gen_fsubs(DisasContext *ctx, const Insn *in)
{
    gen_arith(ctx, in, PPC_FP_SUB | PPC_FP_SINGLE, TCG_GUARD_NOT_NAN);
}

void gen_fmul(DisasContext *ctx, const Insn *in)
{
    gen_arith(ctx, in, PPC_FP_MUL, TCG_GUARD_PLAIN);
}

void gen_fmuls(DisasContext *ctx, const Insn *in)
{
    gen_arith(ctx, in, PPC_FP_MUL | PPC_FP_SINGLE, TCG_GUARD_SINGLE);
}

void gen_fdiv(DisasContext *ctx, const Insn *in)
{
    gen_arith(ctx, in, PPC_FP_DIV, TCG_GUARD_PLAIN);
}

void gen_fdivs(DisasContext *ctx, const Insn *in)
{
    gen_arith(ctx, in, PPC_FP_DIV | PPC_FP_SINGLE, TCG_GUARD_SINGLE);
}

void gen_fsqrt(DisasContext *ctx, const Insn *in)
{
    gen_arith(ctx, in, PPC_FP_SQRT, TCG_GUARD_NOT_NAN);
}

void gen_fsqrts(DisasContext *ctx, const Insn *in)
{
    gen_arith(ctx, in, PPC_FP_SQRT | PPC_FP_SINGLE, TCG_GUARD_NOT_NAN);
}

void gen_fmadd(DisasContext *ctx, const Insn *in)
{
    gen_arith(ctx, in, PPC_FP_MADD, TCG_GUARD_PLAIN);
}

void gen_fmadds(DisasContext *ctx, const Insn *in)
{
    gen_arith(ctx, in, PPC_FP_MADD | PPC_FP_SINGLE, TCG_GUARD_SINGLE);
}

void gen_fmsub(DisasContext *ctx, const Insn *in)
{
    gen_arith(ctx, in, PPC_FP_MSUB, TCG_GUARD_PLAIN);
}

void gen_fmsubs(DisasContext *ctx, const Insn *in)
{
    gen_arith(ctx, in, PPC_FP_MSUB | PPC_FP_SINGLE, TCG_GUARD_SINGLE);
}

void gen_fnmadd(DisasContext *ctx, const Insn *in)
{
    gen_arith(ctx, in, PPC_FP_NMADD, TCG_GUARD_PLAIN);
}

void gen_fnmadds(DisasContext *ctx, const Insn *in)
{
    gen_arith(ctx, in, PPC_FP_NMADD | PPC_FP_SINGLE, TCG_GUARD_SINGLE);
}

void gen_fnmsub(DisasContext *ctx, const Insn *in)
{
    gen_arith(ctx, in, PPC_FP_NMSUB, TCG_GUARD_PLAIN);
}

void gen_fnmsubs(DisasContext *ctx, const Insn *in)
{
    gen_arith(ctx, in, PPC_FP_NMSUB | PPC_FP_SINGLE, TCG_GUARD_SINGLE);
}

void gen_frsp(DisasContext *ctx, const Insn *in)
{
    gen_arith(ctx, in, PPC_FP_RSP | PPC_FP_SINGLE, TCG_GUARD_SINGLE);
}

/* --- estimates and conversions ------------------------------------------------------------ */

/* Everything but fctiw[z] in range is a call. */
static void gen_unary_call(DisasContext *ctx, const Insn *in, unsigned op)
{
    Arith x = { .op = op, .a = cpu_fpr[in->rb], .b = cpu_fpr[in->rb], .c = cpu_fpr[in->rb] };
    TCGv_i64 bits = tcg_temp_new_i64();

    if (!gen_scalar_fp(ctx) || !gen_can_record(ctx, in)) {
        return;
    }
    if (ctx->fp_exact) {
        gen_exact(ctx, in, op);
        return;
    }
    tcg_gen_bits_f64_i64(bits, x.b);
    gen_helper_fp_unary(bits, tcg_env, bits, tcg_constant_i32(op));
    gen_record(&x);
    tcg_gen_bits_i64_f64(cpu_fpr[in->rd], bits);
    gen_cr1(ctx, in);
}

void gen_fres(DisasContext *ctx, const Insn *in)
{
    gen_unary_call(ctx, in, PPC_FP_RES | PPC_FP_SINGLE);
}

void gen_frsqrte(DisasContext *ctx, const Insn *in)
{
    gen_unary_call(ctx, in, PPC_FP_RSQRTE);
}

/* fctiw[z][.] frD,frB: the host gives INT32_MIN for what has no integer, and for INT32_MIN. */
static void gen_convert(DisasContext *ctx, const Insn *in, unsigned op)
{
    Arith x = { .op = op, .a = cpu_fpr[in->rb], .b = cpu_fpr[in->rb], .c = cpu_fpr[in->rb] };
    TCGv_i32 word = tcg_temp_new_i32();
    TCGv_i64 bits = tcg_temp_new_i64();
    TCGLabel *done = gen_new_label();

    if (!gen_scalar_fp(ctx) || !gen_can_record(ctx, in)) {
        return;
    }
    if (ctx->fp_exact) {
        gen_exact(ctx, in, op);
        return;
    }
    tcg_gen_cvt_f64_i32(word, x.b, op == PPC_FP_CTIWZ);
    tcg_gen_extu_i32_i64(bits, word);
    tcg_gen_ori_i64(bits, bits, (int64_t)(UINT64_C(0xfff80000) << 32));
    tcg_gen_brcondi_i32(TCG_COND_NE, word, INT32_MIN, done);
    tcg_gen_bits_f64_i64(bits, x.b);
    gen_helper_fp_unary(bits, tcg_env, bits, tcg_constant_i32(op));
    gen_set_label(done);
    gen_record(&x);
    tcg_gen_bits_i64_f64(cpu_fpr[in->rd], bits);
    gen_cr1(ctx, in);
}

void gen_fctiw(DisasContext *ctx, const Insn *in)
{
    gen_convert(ctx, in, PPC_FP_CTIW);
}

void gen_fctiwz(DisasContext *ctx, const Insn *in)
{
    gen_convert(ctx, in, PPC_FP_CTIWZ);
}

/* --- compares ------------------------------------------------------------------------------ */

/*
 * CR field crf of unordered operands: only SO is set. Without track_so this
 * starts the instruction anew.
 */
static void gen_unordered(DisasContext *ctx, const Insn *in, unsigned op)
{
    TCGv_i64 a = tcg_temp_new_i64(), b = tcg_temp_new_i64();

    if (!ctx->track_so) {
        gen_helper_track_so(tcg_env);
        return;
    }
    tcg_gen_bits_f64_i64(a, cpu_fpr[in->ra]);
    tcg_gen_bits_f64_i64(b, cpu_fpr[in->rb]);
    gen_helper_fcmp_unordered(tcg_env, a, b, tcg_constant_i32(op));
    tcg_gen_ori_i32(cpu_cr_so, cpu_cr_so, 0x80 >> in->crfd);
    tcg_gen_movi_i64(cpu_cr[in->crfd], cr_encode(0));
}

/* fcmpu/fcmpo crfD,frA,frB. The field's value is "greater" minus "less". */
static void gen_compare(DisasContext *ctx, const Insn *in, unsigned op)
{
    TCGv_f64 a = cpu_fpr[in->ra], b = cpu_fpr[in->rb];
    TCGv_i32 less = tcg_temp_new_i32(), greater = tcg_temp_new_i32();
    TCGLabel *ordered = gen_new_label(), *done = gen_new_label();

    if (!gen_scalar_fp(ctx)) {
        return;
    }
    tcg_gen_brcond_f64(TCG_FCOND_ORD, a, b, ordered);
    gen_unordered(ctx, in, op);
    if (ctx->track_so) {
        tcg_gen_br(done);
    }
    gen_set_label(ordered);
    tcg_gen_setcond_f64(TCG_FCOND_LT, less, a, b);
    tcg_gen_setcond_f64(TCG_FCOND_GT, greater, a, b);
    tcg_gen_sub_i32(less, greater, less);
    tcg_gen_ext_i32_i64(cpu_cr[in->crfd], less);
    if (ctx->track_so) {
        tcg_gen_andi_i32(cpu_cr_so, cpu_cr_so, ~(0x80 >> in->crfd));
        gen_set_label(done);
    }
    ctx->cmp[in->crfd] = (CompareSource) {
        .kind = ctx->track_so ? CMP_NONE : CMP_VALUE, .ra = -1, .rb = -1
    };
    tcg_gen_mov_f64(cpu_fp_aux[3], a);
    tcg_gen_mov_f64(cpu_fp_result, b);
    tcg_gen_ori_i32(cpu_fp_lazy, cpu_fp_lazy, PPC_FP_COMPARED);
    if (ctx->fp_exact) {
        gen_raise_enabled(ctx);
    }
}

void gen_fcmpu(DisasContext *ctx, const Insn *in)
{
    gen_compare(ctx, in, PPC_FP_CMPU);
}

void gen_fcmpo(DisasContext *ctx, const Insn *in)
{
    gen_compare(ctx, in, PPC_FP_CMPO);
}

/* --- moves ----------------------------------------------------------------------------------- */

void gen_fmr(DisasContext *ctx, const Insn *in)
{
    if (gen_can_record(ctx, in)) {
        tcg_gen_mov_f64(cpu_fpr[in->rd], cpu_fpr[in->rb]);
        gen_cr1(ctx, in);
    }
}

void gen_fneg(DisasContext *ctx, const Insn *in)
{
    if (gen_can_record(ctx, in)) {
        tcg_gen_fneg_f64(cpu_fpr[in->rd], cpu_fpr[in->rb]);
        gen_cr1(ctx, in);
    }
}

void gen_fabs(DisasContext *ctx, const Insn *in)
{
    if (gen_can_record(ctx, in)) {
        tcg_gen_fabs_f64(cpu_fpr[in->rd], cpu_fpr[in->rb]);
        gen_cr1(ctx, in);
    }
}

void gen_fnabs(DisasContext *ctx, const Insn *in)
{
    if (gen_can_record(ctx, in)) {
        tcg_gen_fabs_f64(cpu_fpr[in->rd], cpu_fpr[in->rb]);
        tcg_gen_fneg_f64(cpu_fpr[in->rd], cpu_fpr[in->rd]);
        gen_cr1(ctx, in);
    }
}

/* fsel[.] frD,frA,frC,frB: frC when frA >= 0 (-0 too), frB when it is less or a NaN. */
void gen_fsel(DisasContext *ctx, const Insn *in)
{
    TCGv_i32 chosen = tcg_temp_new_i32();
    TCGv_i64 chosen64 = tcg_temp_new_i64(), b = tcg_temp_new_i64(), c = tcg_temp_new_i64();

    if (!gen_can_record(ctx, in)) {
        return;
    }
    tcg_gen_setcond_f64(TCG_FCOND_GE, chosen, cpu_fpr[in->ra], gen_zero());
    tcg_gen_extu_i32_i64(chosen64, chosen);
    tcg_gen_bits_f64_i64(b, cpu_fpr[in->rb]);
    tcg_gen_bits_f64_i64(c, cpu_fpr[in->rc]);
    tcg_gen_movcond_i64(TCG_COND_NE, b, chosen64, tcg_constant_i64(0), c, b);
    tcg_gen_bits_i64_f64(cpu_fpr[in->rd], b);
    gen_cr1(ctx, in);
}

/* --- FPSCR -------------------------------------------------------------------------------------- */

/* The undefined high word reads as the reference chips' documentation shows it. */
void gen_mffs(DisasContext *ctx, const Insn *in)
{
    TCGv_i64 value = tcg_temp_new_i64();

    if (gen_can_record(ctx, in)) {
        gen_helper_mffs(value, tcg_env);
        tcg_gen_movi_i32(cpu_fp_lazy, PPC_FP_NONE);
        tcg_gen_bits_i64_f64(cpu_fpr[in->rd], value);
        gen_cr1(ctx, in);
    }
}

/* Behind a change of FPSCR: the block goes on unless it was translated for other flags. */
static void gen_leave_if(DisasContext *ctx, TCGv_i32 flags_changed)
{
    TCGLabel *same = gen_new_label();

    tcg_gen_brcondi_i32(TCG_COND_EQ, flags_changed, 0, same);
    tcg_gen_movi_i32(cpu_nip, ctx->next_pc);
    gen_exit_lookup(ctx);
    ctx->ended = false;
    gen_set_label(same);
}

/* mcrfs crfD,crfS: copies a field and clears its exception bits. */
void gen_mcrfs(DisasContext *ctx, const Insn *in)
{
    TCGv_i32 bits = tcg_temp_new_i32();
    uint32_t clear = (UINT32_C(0xf0000000) >> 4 * in->crfs) & (FPSCR_STICKY | FPSCR_FX);

    gen_helper_fpscr_field(bits, tcg_env, tcg_constant_i32(in->crfs));
    gen_cr_bits(ctx, in->crfd, bits);
    if (clear) {
        gen_helper_mtfsf(bits, tcg_env, tcg_constant_i32(0), tcg_constant_i32(clear));
    }
}

/* Bits of FPSCR in mask become those of value. */
static void gen_set_fpscr(DisasContext *ctx, const Insn *in, TCGv_i32 value, uint32_t mask)
{
    TCGv_i32 flags_changed = tcg_temp_new_i32();

    gen_helper_mtfsf(flags_changed, tcg_env, value, tcg_constant_i32(mask));
    gen_cr1(ctx, in);
    gen_raise_enabled(ctx);
    gen_leave_if(ctx, flags_changed);
}

void gen_mtfsf(DisasContext *ctx, const Insn *in)
{
    TCGv_i64 bits = tcg_temp_new_i64();
    TCGv_i32 value = tcg_temp_new_i32();
    uint32_t mask = 0;

    if (!gen_can_record(ctx, in)) {
        return;
    }
    for (unsigned i = 0; i < 8; i++) {
        mask |= in->fm & (1 << i) ? 0xfu << 4 * i : 0;
    }
    tcg_gen_bits_f64_i64(bits, cpu_fpr[in->rb]);
    tcg_gen_extrl_i64_i32(value, bits);
    gen_set_fpscr(ctx, in, value, mask);
}

void gen_mtfsfi(DisasContext *ctx, const Insn *in)
{
    unsigned shift = 28 - 4 * in->crfd;

    if (gen_can_record(ctx, in)) {
        gen_set_fpscr(ctx, in, tcg_constant_i32((uint32_t)in->imm4 << shift), 0xfu << shift);
    }
}

void gen_mtfsb0(DisasContext *ctx, const Insn *in)
{
    if (gen_can_record(ctx, in)) {
        gen_set_fpscr(ctx, in, tcg_constant_i32(0), UINT32_C(0x80000000) >> in->crbd);
    }
}

void gen_mtfsb1(DisasContext *ctx, const Insn *in)
{
    uint32_t bit = (UINT32_C(0x80000000) >> in->crbd) & ~(uint32_t)(FPSCR_FEX | FPSCR_VX);

    if (gen_can_record(ctx, in)) {
        TCGv_i32 flags_changed = tcg_temp_new_i32();

        gen_helper_mtfsb1(flags_changed, tcg_env, tcg_constant_i32(bit));
        gen_cr1(ctx, in);
        gen_raise_enabled(ctx);
        gen_leave_if(ctx, flags_changed);
    }
}
