/*
 * Integer instructions: arithmetic, logic, rotates, shifts, compares, and the
 * condition register (PEM 4.2.1, 4.2.4).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-ppc/insn-gen.h"

/* --- condition register --------------------------------------------------------- */

void gen_cr_value(DisasContext *ctx, unsigned crf, TCGv_i64 value)
{
    tcg_gen_mov_i64(cpu_cr[crf], value);
    ctx->cmp[crf] = (CompareSource) { .kind = CMP_VALUE, .ra = -1, .rb = -1 };
    if (unlikely(ctx->track_so)) {
        tcg_gen_deposit_i32(cpu_cr_so, cpu_cr_so, cpu_xer_so, 7 - crf, 1);
    }
}

void gen_cr0(DisasContext *ctx, TCGv_i32 result)
{
    TCGv_i64 value = tcg_temp_new_i64();

    tcg_gen_ext_i32_i64(value, result);
    gen_cr_value(ctx, 0, value);
}

/* CR0 from GPR r, just written: a branch on it can test the register itself. */
static void gen_cr0_gpr(DisasContext *ctx, unsigned r)
{
    gen_cr0(ctx, cpu_gpr[r]);
    ctx->cmp[0] = (CompareSource) { CMP_SIGNED, cpu_gpr[r], tcg_constant_i32(0), r, -1 };
}

void gen_cr_bits(DisasContext *ctx, unsigned crf, TCGv_i32 bits)
{
    static int64_t values[16];
    TCGv_ptr entry = tcg_temp_new_ptr();
    TCGv_i32 index = tcg_temp_new_i32();

    if (!values[0]) {
        for (unsigned i = 16; i-- > 0;) {
            values[i] = cr_encode(i);
        }
    }
    if (ctx->track_so) {
        TCGv_i32 so = tcg_temp_new_i32();

        tcg_gen_andi_i32(so, bits, 1);
        tcg_gen_deposit_i32(cpu_cr_so, cpu_cr_so, so, 7 - crf, 1);
    } else {
        TCGLabel *clear = gen_new_label();

        tcg_gen_brcond_i32(TCG_COND_TSTEQ, bits, tcg_constant_i32(1), clear);
        gen_helper_track_so(tcg_env);
        gen_set_label(clear);
    }
    tcg_gen_andi_i32(index, bits, 15);
    tcg_gen_shli_i32(index, index, 3);
    tcg_gen_extu_i32_i64(entry, index);
    tcg_gen_add_i64(entry, entry, tcg_constant_ptr(values));
    tcg_gen_ld_i64(cpu_cr[crf], entry, 0);
    ctx->cmp[crf] = (CompareSource) { .kind = CMP_NONE, .ra = -1, .rb = -1 };
}

/* One bit of the CR (0 = LT of field 0 .. 31 = SO of field 7) as 0 or 1. */
static void gen_cr_bit(DisasContext *ctx, TCGv_i32 ret, unsigned bit)
{
    TCGv_i64 field = cpu_cr[bit / 4];
    TCGv_i64 wide = tcg_temp_new_i64();

    switch (bit % 4) {
    case 0:
        tcg_gen_extract_i64(wide, field, 62, 1);
        tcg_gen_extrl_i64_i32(ret, wide);
        break;
    case 1:
        tcg_gen_setcondi_i64(TCG_COND_GT, wide, field, 0);
        tcg_gen_extrl_i64_i32(ret, wide);
        break;
    case 2:
        tcg_gen_extrl_i64_i32(ret, field);
        tcg_gen_setcondi_i32(TCG_COND_EQ, ret, ret, 0);
        break;
    default:
        if (ctx->track_so) {
            tcg_gen_extract_i32(ret, cpu_cr_so, 7 - bit / 4, 1);
        } else {
            tcg_gen_movi_i32(ret, 0);
        }
        break;
    }
}

void gen_cr_read_bits(DisasContext *ctx, TCGv_i32 ret, unsigned crf)
{
    TCGv_i32 all = tcg_temp_new_i32();
    TCGv_i32 one = tcg_temp_new_i32();

    gen_cr_bit(ctx, all, crf * 4);
    for (unsigned i = 1; i < 4; i++) {
        gen_cr_bit(ctx, one, crf * 4 + i);
        tcg_gen_add_i32(all, all, all);
        tcg_gen_or_i32(all, all, one);
    }
    tcg_gen_mov_i32(ret, all);
}

/* crbD = value (0 or 1). The other bits of the field stay. */
static void gen_cr_write_bit(DisasContext *ctx, unsigned bit, TCGv_i32 value)
{
    TCGv_i32 bits = tcg_temp_new_i32();

    gen_cr_read_bits(ctx, bits, bit / 4);
    tcg_gen_deposit_i32(bits, bits, value, 3 - bit % 4, 1);
    gen_cr_bits(ctx, bit / 4, bits);
}

typedef void GenLogic(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b);

/* cr<op> crbD,crbA,crbB */
static void gen_cr_logic(DisasContext *ctx, const Insn *in, GenLogic *op)
{
    TCGv_i32 a = tcg_temp_new_i32();
    TCGv_i32 b = tcg_temp_new_i32();

    gen_cr_bit(ctx, a, in->crba);
    gen_cr_bit(ctx, b, in->crbb);
    op(a, a, b);
    tcg_gen_andi_i32(a, a, 1);
    gen_cr_write_bit(ctx, in->crbd, a);
}

void gen_crand(DisasContext *ctx, const Insn *in) { gen_cr_logic(ctx, in, tcg_gen_and_i32); }
void gen_crandc(DisasContext *ctx, const Insn *in) { gen_cr_logic(ctx, in, tcg_gen_andc_i32); }
void gen_cror(DisasContext *ctx, const Insn *in) { gen_cr_logic(ctx, in, tcg_gen_or_i32); }
void gen_crorc(DisasContext *ctx, const Insn *in) { gen_cr_logic(ctx, in, tcg_gen_orc_i32); }
void gen_crnand(DisasContext *ctx, const Insn *in) { gen_cr_logic(ctx, in, tcg_gen_nand_i32); }
void gen_crnor(DisasContext *ctx, const Insn *in) { gen_cr_logic(ctx, in, tcg_gen_nor_i32); }

/* crxor, creqv with equal operands clear and set a bit: calls with variable arguments do that. */
void gen_crxor(DisasContext *ctx, const Insn *in)
{
    if (in->crba == in->crbb) {
        gen_cr_write_bit(ctx, in->crbd, tcg_constant_i32(0));
    } else {
        gen_cr_logic(ctx, in, tcg_gen_xor_i32);
    }
}

void gen_creqv(DisasContext *ctx, const Insn *in)
{
    if (in->crba == in->crbb) {
        gen_cr_write_bit(ctx, in->crbd, tcg_constant_i32(1));
    } else {
        gen_cr_logic(ctx, in, tcg_gen_eqv_i32);
    }
}

/* mcrf crfD,crfS */
void gen_mcrf(DisasContext *ctx, const Insn *in)
{
    CompareSource source = ctx->cmp[in->crfs];

    tcg_gen_mov_i64(cpu_cr[in->crfd], cpu_cr[in->crfs]);
    if (ctx->track_so) {
        TCGv_i32 so = tcg_temp_new_i32();

        tcg_gen_shri_i32(so, cpu_cr_so, 7 - in->crfs);
        tcg_gen_deposit_i32(cpu_cr_so, cpu_cr_so, so, 7 - in->crfd, 1);
    }
    ctx->cmp[in->crfd] = source;
}

/* mcrxr crfD: XER[SO OV CA 0] to the field, and clears them. */
void gen_mcrxr(DisasContext *ctx, const Insn *in)
{
    TCGv_i32 bits = tcg_temp_new_i32();

    tcg_gen_add_i32(bits, cpu_xer_ca, cpu_xer_ca);
    if (ctx->track_so) {
        TCGv_i32 t = tcg_temp_new_i32();

        tcg_gen_shli_i32(t, cpu_xer_so, 3);
        tcg_gen_or_i32(bits, bits, t);
        tcg_gen_shli_i32(t, cpu_xer_ov, 2);
        tcg_gen_or_i32(bits, bits, t);
        tcg_gen_movi_i32(cpu_xer_so, 0);
        tcg_gen_movi_i32(cpu_xer_ov, 0);
    }
    gen_cr_bits(ctx, in->crfd, bits);
    tcg_gen_movi_i32(cpu_xer_ca, 0);
}

void gen_mfcr(DisasContext *ctx, const Insn *in)
{
    gen_helper_mfcr(dest_gpr(ctx, in->rd), tcg_env);
}

/* mtcrf CRM,rS. One or two fields inline, more by a helper. */
void gen_mtcrf(DisasContext *ctx, const Insn *in)
{
    if (__builtin_popcount(in->crm) <= 2) {
        TCGv_i32 bits = tcg_temp_new_i32();

        for (unsigned i = 0; i < 8; i++) {
            if (in->crm & 0x80 >> i) {
                tcg_gen_shri_i32(bits, cpu_gpr[in->rs], 28 - 4 * i);
                gen_cr_bits(ctx, i, bits);
            }
        }
    } else {
        gen_helper_mtcrf(tcg_env, cpu_gpr[in->rs], tcg_constant_i32(in->crm));
        forget_compares(ctx);
    }
}

/* --- compares ---------------------------------------------------------------------- */

static void gen_compare(DisasContext *ctx, unsigned crf, TCGv_i32 a, TCGv_i32 b, bool is_signed,
                        int ra, int rb)
{
    TCGv_i64 wide_a = tcg_temp_new_i64();
    TCGv_i64 wide_b = tcg_temp_new_i64();

    if (is_signed) {
        tcg_gen_ext_i32_i64(wide_a, a);
        tcg_gen_ext_i32_i64(wide_b, b);
    } else {
        tcg_gen_extu_i32_i64(wide_a, a);
        tcg_gen_extu_i32_i64(wide_b, b);
    }
    tcg_gen_sub_i64(wide_a, wide_a, wide_b);
    gen_cr_value(ctx, crf, wide_a);
    ctx->cmp[crf] = (CompareSource) { is_signed ? CMP_SIGNED : CMP_UNSIGNED, a, b, ra, rb };
}

static void gen_compare_imm(DisasContext *ctx, const Insn *in, bool is_signed)
{
    int32_t imm = is_signed ? in->simm : in->uimm;
    TCGv_i64 wide = tcg_temp_new_i64();

    if (is_signed) {
        tcg_gen_ext_i32_i64(wide, cpu_gpr[in->ra]);
    } else {
        tcg_gen_extu_i32_i64(wide, cpu_gpr[in->ra]);
    }
    tcg_gen_subi_i64(wide, wide, imm);
    gen_cr_value(ctx, in->crfd, wide);
    ctx->cmp[in->crfd] = (CompareSource) { is_signed ? CMP_SIGNED : CMP_UNSIGNED, cpu_gpr[in->ra],
                                           tcg_constant_i32(imm), in->ra, -1 };
}

void gen_cmp(DisasContext *ctx, const Insn *in)
{
    gen_compare(ctx, in->crfd, cpu_gpr[in->ra], cpu_gpr[in->rb], true, in->ra, in->rb);
}

void gen_cmpl(DisasContext *ctx, const Insn *in)
{
    gen_compare(ctx, in->crfd, cpu_gpr[in->ra], cpu_gpr[in->rb], false, in->ra, in->rb);
}

void gen_cmpi(DisasContext *ctx, const Insn *in) { gen_compare_imm(ctx, in, true); }
void gen_cmpli(DisasContext *ctx, const Insn *in) { gen_compare_imm(ctx, in, false); }

/* --- arithmetic -------------------------------------------------------------------- */

void gen_set_ov(DisasContext *ctx, TCGv_i32 overflow)
{
    if (ctx->track_so) {
        tcg_gen_mov_i32(cpu_xer_ov, overflow);
        tcg_gen_or_i32(cpu_xer_so, cpu_xer_so, overflow);
    } else {
        TCGLabel *none = gen_new_label();

        tcg_gen_brcondi_i32(TCG_COND_EQ, overflow, 0, none);
        gen_helper_track_so(tcg_env);
        gen_set_label(none);
    }
}

/* OV of result = a + b. */
static void gen_ov_add(DisasContext *ctx, TCGv_i32 result, TCGv_i32 a, TCGv_i32 b)
{
    TCGv_i32 overflow = tcg_temp_new_i32();
    TCGv_i32 t = tcg_temp_new_i32();

    tcg_gen_xor_i32(overflow, result, b);
    tcg_gen_xor_i32(t, a, b);
    tcg_gen_andc_i32(overflow, overflow, t);
    tcg_gen_shri_i32(overflow, overflow, 31);
    gen_set_ov(ctx, overflow);
}

static void gen_finish(DisasContext *ctx, const Insn *in)
{
    if (in->rc_bit) {
        gen_cr0_gpr(ctx, in->rd);
    }
}

typedef enum CarryIn { CARRY_0, CARRY_1, CARRY_CA } CarryIn;

/*
 * rD = a + b + carry. All additions and subtractions are this: a - b = a + ~b + 1.
 * carry_out: XER.CA gets the carry.
 */
static void gen_arith(DisasContext *ctx, const Insn *in, TCGv_i32 a, TCGv_i32 b, CarryIn carry,
                      bool carry_out)
{
    TCGv_i32 result = tcg_temp_new_i32();
    TCGv_i32 ca = tcg_temp_new_i32();

    if (carry == CARRY_CA) {
        tcg_gen_addc_i32(result, ca, a, b, cpu_xer_ca);
    } else if (carry_out) {
        tcg_gen_addc_i32(result, ca, a, b, tcg_constant_i32(carry));
    } else {
        tcg_gen_add_i32(result, a, b);
        if (carry == CARRY_1) {
            tcg_gen_addi_i32(result, result, 1);
        }
    }
    if (in->oe) {
        gen_ov_add(ctx, result, a, b);
    }
    if (carry_out) {
        tcg_gen_mov_i32(cpu_xer_ca, ca);
    }
    tcg_gen_mov_i32(dest_gpr(ctx, in->rd), result);
    gen_finish(ctx, in);
}

void gen_add(DisasContext *ctx, const Insn *in)
{
    TCGv_i32 a = cpu_gpr[in->ra], b = cpu_gpr[in->rb];

    if (in->oe) {
        gen_arith(ctx, in, a, b, CARRY_0, false);
    } else {
        tcg_gen_add_i32(dest_gpr(ctx, in->rd), a, b);
        gen_finish(ctx, in);
    }
}

/* addc[o][.] rD,rA,rB: the carry of an addition is sum < addend. */
void gen_addc(DisasContext *ctx, const Insn *in)
{
    gen_arith(ctx, in, cpu_gpr[in->ra], cpu_gpr[in->rb], CARRY_0, true);
}

void gen_adde(DisasContext *ctx, const Insn *in)
{
    gen_arith(ctx, in, cpu_gpr[in->ra], cpu_gpr[in->rb], CARRY_CA, true);
}

void gen_addme(DisasContext *ctx, const Insn *in)
{
    gen_arith(ctx, in, cpu_gpr[in->ra], tcg_constant_i32(-1), CARRY_CA, true);
}

void gen_addze(DisasContext *ctx, const Insn *in)
{
    gen_arith(ctx, in, cpu_gpr[in->ra], tcg_constant_i32(0), CARRY_CA, true);
}

static TCGv_i32 inverted_ra(const Insn *in)
{
    TCGv_i32 a = tcg_temp_new_i32();

    tcg_gen_not_i32(a, cpu_gpr[in->ra]);
    return a;
}

/* subf[o][.] rD,rA,rB: rD = rB - rA. */
void gen_subf(DisasContext *ctx, const Insn *in)
{
    if (in->oe) {
        gen_arith(ctx, in, inverted_ra(in), cpu_gpr[in->rb], CARRY_1, false);
    } else {
        tcg_gen_sub_i32(dest_gpr(ctx, in->rd), cpu_gpr[in->rb], cpu_gpr[in->ra]);
        gen_finish(ctx, in);
    }
}

/* subfc[o][.]: CA = rB >= rA unsigned. */
void gen_subfc(DisasContext *ctx, const Insn *in)
{
    if (in->oe) {
        gen_arith(ctx, in, inverted_ra(in), cpu_gpr[in->rb], CARRY_1, true);
        return;
    }
    tcg_gen_setcond_i32(TCG_COND_GEU, cpu_xer_ca, cpu_gpr[in->rb], cpu_gpr[in->ra]);
    tcg_gen_sub_i32(dest_gpr(ctx, in->rd), cpu_gpr[in->rb], cpu_gpr[in->ra]);
    gen_finish(ctx, in);
}

void gen_subfe(DisasContext *ctx, const Insn *in)
{
    gen_arith(ctx, in, inverted_ra(in), cpu_gpr[in->rb], CARRY_CA, true);
}

void gen_subfme(DisasContext *ctx, const Insn *in)
{
    gen_arith(ctx, in, inverted_ra(in), tcg_constant_i32(-1), CARRY_CA, true);
}

void gen_subfze(DisasContext *ctx, const Insn *in)
{
    gen_arith(ctx, in, inverted_ra(in), tcg_constant_i32(0), CARRY_CA, true);
}

/* addi, addis: rA = 0 stands for the value 0. */
static void gen_add_imm(DisasContext *ctx, const Insn *in, int32_t imm)
{
    if (in->ra == 0) {
        tcg_gen_movi_i32(dest_gpr(ctx, in->rd), imm);
    } else {
        tcg_gen_addi_i32(dest_gpr(ctx, in->rd), cpu_gpr[in->ra], imm);
    }
}

void gen_addi(DisasContext *ctx, const Insn *in) { gen_add_imm(ctx, in, in->simm); }
void gen_addis(DisasContext *ctx, const Insn *in) { gen_add_imm(ctx, in, (int32_t)((uint32_t)in->uimm << 16)); }

/* addic rD,rA,SIMM */
void gen_addic(DisasContext *ctx, const Insn *in)
{
    TCGv_i32 result = tcg_temp_new_i32();

    tcg_gen_addi_i32(result, cpu_gpr[in->ra], in->simm);
    tcg_gen_setcond_i32(TCG_COND_LTU, cpu_xer_ca, result, cpu_gpr[in->ra]);
    write_gpr(ctx, in->rd, result);
}

void gen_addic_(DisasContext *ctx, const Insn *in)
{
    gen_addic(ctx, in);
    gen_cr0_gpr(ctx, in->rd);
}

/* subfic rD,rA,SIMM: rD = SIMM - rA, CA = SIMM >= rA unsigned. */
void gen_subfic(DisasContext *ctx, const Insn *in)
{
    tcg_gen_setcondi_i32(TCG_COND_LEU, cpu_xer_ca, cpu_gpr[in->ra], in->simm);
    tcg_gen_subfi_i32(dest_gpr(ctx, in->rd), in->simm, cpu_gpr[in->ra]);
}

/* neg[o][.] rD,rA: overflows for the most negative rA. */
void gen_neg(DisasContext *ctx, const Insn *in)
{
    if (in->oe) {
        TCGv_i32 overflow = tcg_temp_new_i32();

        tcg_gen_setcondi_i32(TCG_COND_EQ, overflow, cpu_gpr[in->ra], INT32_MIN);
        gen_set_ov(ctx, overflow);
    }
    tcg_gen_neg_i32(dest_gpr(ctx, in->rd), cpu_gpr[in->ra]);
    gen_finish(ctx, in);
}

void gen_mulli(DisasContext *ctx, const Insn *in)
{
    tcg_gen_muli_i32(dest_gpr(ctx, in->rd), cpu_gpr[in->ra], in->simm);
}

/* mullw[o][.]: OV when the signed product needs more than 32 bits. */
void gen_mullw(DisasContext *ctx, const Insn *in)
{
    if (in->oe) {
        TCGv_i32 low = tcg_temp_new_i32();
        TCGv_i32 high = tcg_temp_new_i32();

        tcg_gen_muls2_i32(low, high, cpu_gpr[in->ra], cpu_gpr[in->rb]);
        tcg_gen_sari_i32(low, low, 31);
        tcg_gen_setcond_i32(TCG_COND_NE, high, high, low);
        gen_set_ov(ctx, high);
    }
    tcg_gen_mul_i32(dest_gpr(ctx, in->rd), cpu_gpr[in->ra], cpu_gpr[in->rb]);
    gen_finish(ctx, in);
}

void gen_mulhw(DisasContext *ctx, const Insn *in)
{
    tcg_gen_mulsh_i32(dest_gpr(ctx, in->rd), cpu_gpr[in->ra], cpu_gpr[in->rb]);
    gen_finish(ctx, in);
}

void gen_mulhwu(DisasContext *ctx, const Insn *in)
{
    tcg_gen_muluh_i32(dest_gpr(ctx, in->rd), cpu_gpr[in->ra], cpu_gpr[in->rb]);
    gen_finish(ctx, in);
}

/*
 * Division. By zero, and MIN / -1, the result is undefined: chips give 0 for
 * unsigned and the sign of rA, repeated, for signed division; OV is set.
 */
static void gen_divide(DisasContext *ctx, const Insn *in, bool is_signed)
{
    TCGv_i32 a = cpu_gpr[in->ra], b = cpu_gpr[in->rb];
    TCGv_i32 bad = tcg_temp_new_i32();
    TCGv_i32 quotient = tcg_temp_new_i32();
    TCGv_i32 instead = tcg_temp_new_i32();

    tcg_gen_setcondi_i32(TCG_COND_EQ, bad, b, 0);
    tcg_gen_movi_i32(instead, 0);
    if (is_signed) {
        TCGv_i32 t = tcg_temp_new_i32();
        TCGv_i32 minus_one = tcg_temp_new_i32();

        tcg_gen_setcondi_i32(TCG_COND_EQ, t, a, INT32_MIN);
        tcg_gen_setcondi_i32(TCG_COND_EQ, minus_one, b, -1);
        tcg_gen_and_i32(t, t, minus_one);
        tcg_gen_or_i32(bad, bad, t);
        tcg_gen_sari_i32(instead, a, 31);
    }
    if (in->oe) {
        gen_set_ov(ctx, bad);
    }
    if (is_signed) {
        tcg_gen_div_i32(quotient, a, b);
    } else {
        tcg_gen_divu_i32(quotient, a, b);
    }
    tcg_gen_movcond_i32(TCG_COND_NE, dest_gpr(ctx, in->rd), bad, tcg_constant_i32(0), instead, quotient);
    gen_finish(ctx, in);
}

void gen_divw(DisasContext *ctx, const Insn *in) { gen_divide(ctx, in, true); }
void gen_divwu(DisasContext *ctx, const Insn *in) { gen_divide(ctx, in, false); }

/* --- logic: rA is the destination ------------------------------------------------------ */

static void gen_logic_finish(DisasContext *ctx, const Insn *in)
{
    if (in->rc_bit) {
        gen_cr0_gpr(ctx, in->ra);
    }
}

static void gen_logic(DisasContext *ctx, const Insn *in, GenLogic *op)
{
    op(dest_gpr(ctx, in->ra), cpu_gpr[in->rs], cpu_gpr[in->rb]);
    gen_logic_finish(ctx, in);
}

void gen_and(DisasContext *ctx, const Insn *in) { gen_logic(ctx, in, tcg_gen_and_i32); }
void gen_andc(DisasContext *ctx, const Insn *in) { gen_logic(ctx, in, tcg_gen_andc_i32); }
void gen_orc(DisasContext *ctx, const Insn *in) { gen_logic(ctx, in, tcg_gen_orc_i32); }
void gen_xor(DisasContext *ctx, const Insn *in) { gen_logic(ctx, in, tcg_gen_xor_i32); }
void gen_eqv(DisasContext *ctx, const Insn *in) { gen_logic(ctx, in, tcg_gen_eqv_i32); }
void gen_nand(DisasContext *ctx, const Insn *in) { gen_logic(ctx, in, tcg_gen_nand_i32); }

/* or rA,rS,rS is the move, or. the test of a register. */
void gen_or(DisasContext *ctx, const Insn *in)
{
    if (in->rs != in->rb) {
        gen_logic(ctx, in, tcg_gen_or_i32);
        return;
    }
    if (in->ra != in->rs) {
        write_gpr(ctx, in->ra, cpu_gpr[in->rs]);
    }
    gen_logic_finish(ctx, in);
}

/* nor rA,rS,rS is "not". */
void gen_nor(DisasContext *ctx, const Insn *in)
{
    if (in->rs != in->rb) {
        gen_logic(ctx, in, tcg_gen_nor_i32);
        return;
    }
    tcg_gen_not_i32(dest_gpr(ctx, in->ra), cpu_gpr[in->rs]);
    gen_logic_finish(ctx, in);
}

static uint32_t high_uimm(const Insn *in) { return (uint32_t)in->uimm << 16; }

void gen_ori(DisasContext *ctx, const Insn *in)
{
    if (in->uimm || in->ra != in->rs) {
        tcg_gen_ori_i32(dest_gpr(ctx, in->ra), cpu_gpr[in->rs], in->uimm);
    }
}

void gen_oris(DisasContext *ctx, const Insn *in)
{
    tcg_gen_ori_i32(dest_gpr(ctx, in->ra), cpu_gpr[in->rs], high_uimm(in));
}

void gen_xori(DisasContext *ctx, const Insn *in)
{
    tcg_gen_xori_i32(dest_gpr(ctx, in->ra), cpu_gpr[in->rs], in->uimm);
}

void gen_xoris(DisasContext *ctx, const Insn *in)
{
    tcg_gen_xori_i32(dest_gpr(ctx, in->ra), cpu_gpr[in->rs], high_uimm(in));
}

void gen_andi_(DisasContext *ctx, const Insn *in)
{
    tcg_gen_andi_i32(dest_gpr(ctx, in->ra), cpu_gpr[in->rs], in->uimm);
    gen_cr0_gpr(ctx, in->ra);
}

void gen_andis_(DisasContext *ctx, const Insn *in)
{
    tcg_gen_andi_i32(dest_gpr(ctx, in->ra), cpu_gpr[in->rs], high_uimm(in));
    gen_cr0_gpr(ctx, in->ra);
}

void gen_cntlzw(DisasContext *ctx, const Insn *in)
{
    tcg_gen_clzi_i32(dest_gpr(ctx, in->ra), cpu_gpr[in->rs], 32);
    gen_logic_finish(ctx, in);
}

void gen_extsb(DisasContext *ctx, const Insn *in)
{
    tcg_gen_ext8s_i32(dest_gpr(ctx, in->ra), cpu_gpr[in->rs]);
    gen_logic_finish(ctx, in);
}

void gen_extsh(DisasContext *ctx, const Insn *in)
{
    tcg_gen_ext16s_i32(dest_gpr(ctx, in->ra), cpu_gpr[in->rs]);
    gen_logic_finish(ctx, in);
}

/* --- rotates ----------------------------------------------------------------------------- */

/* Ones from bit mb to bit me of the manual's count, wrapping when mb > me. */
static uint32_t rotate_mask(unsigned mb, unsigned me)
{
    uint32_t from_mb = UINT32_MAX >> mb;
    uint32_t to_me = UINT32_MAX << (31 - me);

    return mb <= me ? from_mb & to_me : from_mb | to_me;
}

/* rlwinm[.] rA,rS,SH,MB,ME */
void gen_rlwinm(DisasContext *ctx, const Insn *in)
{
    TCGv_i32 s = cpu_gpr[in->rs], d = dest_gpr(ctx, in->ra);
    unsigned sh = in->sh, mb = in->mb, me = in->me;

    if (mb == 0 && me == 31 - sh) {
        tcg_gen_shli_i32(d, s, sh);
    } else if (me == 31 && sh == (32 - mb) % 32) {
        tcg_gen_shri_i32(d, s, mb);
    } else if (me == 31 && mb <= 31 && sh != 0 && 32 - sh <= mb) {
        tcg_gen_extract_i32(d, s, 32 - sh, 32 - mb);
    } else if (mb <= me && me == 31 - sh) {
        tcg_gen_deposit_z_i32(d, s, sh, me - mb + 1);
    } else if (sh == 0) {
        tcg_gen_andi_i32(d, s, rotate_mask(mb, me));
    } else {
        tcg_gen_rotli_i32(d, s, sh);
        tcg_gen_andi_i32(d, d, rotate_mask(mb, me));
    }
    gen_logic_finish(ctx, in);
}

/* rlwimi[.] rA,rS,SH,MB,ME: insert under the mask. */
void gen_rlwimi(DisasContext *ctx, const Insn *in)
{
    TCGv_i32 s = cpu_gpr[in->rs], d = dest_gpr(ctx, in->ra);
    unsigned mb = in->mb, me = in->me;

    if (mb <= me && in->sh == 31 - me) {
        tcg_gen_deposit_i32(d, d, s, 31 - me, me - mb + 1);
    } else {
        uint32_t mask = rotate_mask(mb, me);
        TCGv_i32 t = tcg_temp_new_i32();
        TCGv_i32 keep = tcg_temp_new_i32();

        tcg_gen_rotli_i32(t, s, in->sh);
        tcg_gen_andi_i32(t, t, mask);
        tcg_gen_andi_i32(keep, d, ~mask);
        tcg_gen_or_i32(d, t, keep);
    }
    gen_logic_finish(ctx, in);
}

void gen_rlwnm(DisasContext *ctx, const Insn *in)
{
    TCGv_i32 count = tcg_temp_new_i32();
    TCGv_i32 t = tcg_temp_new_i32();

    tcg_gen_andi_i32(count, cpu_gpr[in->rb], 31);
    tcg_gen_rotl_i32(t, cpu_gpr[in->rs], count);
    tcg_gen_andi_i32(dest_gpr(ctx, in->ra), t, rotate_mask(in->mb, in->me));
    gen_logic_finish(ctx, in);
}

/* --- shifts: counts of 32 to 63 shift everything out --------------------------------------- */

static void gen_shift(DisasContext *ctx, const Insn *in, GenLogic *shift)
{
    TCGv_i32 count = tcg_temp_new_i32();
    TCGv_i32 result = tcg_temp_new_i32();
    TCGv_i32 zero = tcg_constant_i32(0);

    tcg_gen_andi_i32(count, cpu_gpr[in->rb], 31);
    shift(result, cpu_gpr[in->rs], count);
    tcg_gen_andi_i32(count, cpu_gpr[in->rb], 32);
    tcg_gen_movcond_i32(TCG_COND_EQ, dest_gpr(ctx, in->ra), count, zero, result, zero);
    gen_logic_finish(ctx, in);
}

void gen_slw(DisasContext *ctx, const Insn *in) { gen_shift(ctx, in, tcg_gen_shl_i32); }
void gen_srw(DisasContext *ctx, const Insn *in) { gen_shift(ctx, in, tcg_gen_shr_i32); }

/* srawi[.]: CA when rS is negative and ones were shifted out. */
void gen_srawi(DisasContext *ctx, const Insn *in)
{
    TCGv_i32 s = cpu_gpr[in->rs];

    if (in->sh == 0) {
        tcg_gen_movi_i32(cpu_xer_ca, 0);
        write_gpr(ctx, in->ra, s);
    } else {
        TCGv_i32 sign = tcg_temp_new_i32();

        tcg_gen_sari_i32(sign, s, 31);
        tcg_gen_and_i32(sign, sign, s);
        tcg_gen_andi_i32(sign, sign, (1u << in->sh) - 1);
        tcg_gen_setcondi_i32(TCG_COND_NE, cpu_xer_ca, sign, 0);
        tcg_gen_sari_i32(dest_gpr(ctx, in->ra), s, in->sh);
    }
    gen_logic_finish(ctx, in);
}

/* sraw[.]: in 64 bits, so that counts up to 63 are ordinary. */
void gen_sraw(DisasContext *ctx, const Insn *in)
{
    TCGv_i64 wide = tcg_temp_new_i64();
    TCGv_i64 count = tcg_temp_new_i64();
    TCGv_i64 shifted = tcg_temp_new_i64();
    TCGv_i64 back = tcg_temp_new_i64();

    tcg_gen_ext_i32_i64(wide, cpu_gpr[in->rs]);
    tcg_gen_extu_i32_i64(count, cpu_gpr[in->rb]);
    tcg_gen_andi_i64(count, count, 63);
    tcg_gen_sar_i64(shifted, wide, count);
    tcg_gen_shl_i64(back, shifted, count);
    tcg_gen_setcond_i64(TCG_COND_NE, back, back, wide);
    tcg_gen_shri_i64(wide, wide, 63);
    tcg_gen_and_i64(back, back, wide);
    tcg_gen_extrl_i64_i32(cpu_xer_ca, back);
    tcg_gen_extrl_i64_i32(dest_gpr(ctx, in->ra), shifted);
    gen_logic_finish(ctx, in);
}
