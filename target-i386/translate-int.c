/*
 * Integer arithmetic: add to compare, increment, multiply, divide, decimal
 * adjust, sign extension (SDM 2).
 *
 * The destination is written in front of the flags: its store may fault, and then
 * nothing has happened, and what a register has need not be kept twice.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/insn-gen.h"

/* --- two operands ------------------------------------------------------------------- */

/* Atomically in memory when other CPUs are there. */
static bool is_atomic(DisasContext *ctx, const Insn *in)
{
    return in->lock && ctx->parallel;
}

static TCGv atomic_address(DisasContext *ctx, Insn *in)
{
    return gen_address(ctx, in, memop_size(in->op[0].size), ACCESS_WRITE);
}

/* a + b or a & b.. with the flags of `op`; the operands' old value is a. */
static void finish(DisasContext *ctx, Insn *in, CCOp op, TCGv result, TCGv src)
{
    op += in->op[0].size;
    if (in->op[0].kind != OPK_MEM && src) {
        tcg_gen_mov_tl(cpu_cc_src, src);        /* it may be the destination */
        src = NULL;
    }
    write_operand(ctx, in, 0, result);
    gen_set_cc(ctx, op, written_operand(in, 0, result), src);
}

typedef void AtomicOp(TCGv ret, TCGTemp *addr, TCGv val, unsigned mmu_idx, MemOp op);

/* Old value of memory, after it was combined with val. */
static TCGv fetch_op(DisasContext *ctx, Insn *in, AtomicOp *atomic, TCGv val)
{
    TCGv old = tcg_temp_new();

    atomic(old, tcgv_temp(atomic_address(ctx, in)), val, ctx->mem_idx, data_op(ctx, in->op[0].size));
    return old;
}

/* add dst,src */
void gen_add(DisasContext *ctx, Insn *in)
{
    TCGv b = read_operand(ctx, in, 1), result = tcg_temp_new();

    if (is_atomic(ctx, in)) {
        tcg_gen_add_tl(result, fetch_op(ctx, in, tcg_gen_atomic_fetch_add_tl, b), b);
        gen_set_cc(ctx, CC_OP_ADD + in->op[0].size, result, b);
        return;
    }
    tcg_gen_add_tl(result, read_operand(ctx, in, 0), b);
    finish(ctx, in, CC_OP_ADD, result, b);
}

/* What a conditional branch behind a compare needs. */
static void remember_compare(DisasContext *ctx, TCGv a, TCGv b)
{
    ctx->cc.a = a;
    ctx->cc.b = b;
}

/* sub dst,src */
void gen_sub(DisasContext *ctx, Insn *in)
{
    TCGv b = copy_value(read_operand(ctx, in, 1)), result = tcg_temp_new(), a;

    if (is_atomic(ctx, in)) {
        TCGv negative = tcg_temp_new();

        tcg_gen_neg_tl(negative, b);
        a = fetch_op(ctx, in, tcg_gen_atomic_fetch_add_tl, negative);
        tcg_gen_sub_tl(result, a, b);
        gen_set_cc(ctx, CC_OP_SUB + in->op[0].size, result, b);
    } else {
        a = copy_value(read_operand(ctx, in, 0));
        tcg_gen_sub_tl(result, a, b);
        finish(ctx, in, CC_OP_SUB, result, b);
    }
    remember_compare(ctx, a, b);
}

/* cmp a,b */
void gen_cmp(DisasContext *ctx, Insn *in)
{
    TCGv b = copy_value(read_operand(ctx, in, 1)), a = copy_value(read_operand(ctx, in, 0));
    TCGv result = tcg_temp_new();

    tcg_gen_sub_tl(result, a, b);
    gen_set_cc(ctx, CC_OP_SUB + in->op[0].size, result, b);
    remember_compare(ctx, a, b);
}

/* test a,b */
void gen_test(DisasContext *ctx, Insn *in)
{
    TCGv result = tcg_temp_new();

    tcg_gen_and_tl(result, read_operand(ctx, in, 0), read_operand(ctx, in, 1));
    gen_set_cc(ctx, CC_OP_LOGIC + in->op[0].size, result, NULL);
}

typedef void BinaryOp(TCGv ret, TCGv a, TCGv b);

static void gen_logic(DisasContext *ctx, Insn *in, BinaryOp *op, AtomicOp *atomic)
{
    TCGv b = read_operand(ctx, in, 1), result = tcg_temp_new();

    if (is_atomic(ctx, in)) {
        op(result, fetch_op(ctx, in, atomic, b), b);
        gen_set_cc(ctx, CC_OP_LOGIC + in->op[0].size, result, NULL);
        return;
    }
    op(result, read_operand(ctx, in, 0), b);
    finish(ctx, in, CC_OP_LOGIC, result, NULL);
}

/* and, or, xor dst,src */
void gen_and(DisasContext *ctx, Insn *in) { gen_logic(ctx, in, tcg_gen_and_tl, tcg_gen_atomic_fetch_and_tl); }
void gen_or(DisasContext *ctx, Insn *in) { gen_logic(ctx, in, tcg_gen_or_tl, tcg_gen_atomic_fetch_or_tl); }
void gen_xor(DisasContext *ctx, Insn *in) { gen_logic(ctx, in, tcg_gen_xor_tl, tcg_gen_atomic_fetch_xor_tl); }

/*
 * Read-modify-write by compare and exchange, until nobody came between:
 * gen_locked_begin(); compute the new value of the old one; gen_locked_end().
 */
typedef struct LockedLoop {
    TCGLabel *again;
    TCGv old;
} LockedLoop;

static LockedLoop gen_locked_begin(DisasContext *ctx, Insn *in)
{
    LockedLoop loop = { gen_new_label(), tcg_temp_new() };

    gen_load(ctx, loop.old, atomic_address(ctx, in), in->op[0].size);
    gen_set_label(loop.again);
    return loop;
}

static void gen_locked_end(DisasContext *ctx, Insn *in, LockedLoop *loop, TCGv result)
{
    TCGv found = tcg_temp_new(), expected = tcg_temp_new();

    tcg_gen_mov_tl(expected, loop->old);
    tcg_gen_atomic_cmpxchg_tl(found, tcgv_temp(in->linear), expected, result, ctx->mem_idx, data_op(ctx, in->op[0].size));
    tcg_gen_mov_tl(loop->old, found);
    tcg_gen_brcond_tl(TCG_COND_NE, found, expected, loop->again);
}

/* adc and sbb: op combines with the operand and with the carry. */
static void gen_with_carry(DisasContext *ctx, Insn *in, CCOp cc, BinaryOp *op)
{
    TCGv carry = gen_get_carry(ctx), b = copy_value(read_operand(ctx, in, 1)), result = tcg_temp_new();

    if (is_atomic(ctx, in)) {
        LockedLoop loop = gen_locked_begin(ctx, in);

        op(result, loop.old, b);
        op(result, result, carry);
        gen_locked_end(ctx, in, &loop, result);
        gen_set_cc(ctx, cc + in->op[0].size, result, b);
    } else {
        op(result, read_operand(ctx, in, 0), b);
        op(result, result, carry);
        finish(ctx, in, cc, result, b);
    }
    tcg_gen_mov_tl(cpu_cc_src2, carry);
}

/* adc, sbb dst,src */
void gen_adc(DisasContext *ctx, Insn *in) { gen_with_carry(ctx, in, CC_OP_ADC, tcg_gen_add_tl); }
void gen_sbb(DisasContext *ctx, Insn *in) { gen_with_carry(ctx, in, CC_OP_SBB, tcg_gen_sub_tl); }

/* adcx, adox dst,src: one flag is carry in and out, the others stay. */
static void gen_add_with_flag(DisasContext *ctx, Insn *in, uint32_t flag)
{
    TCGv bits = gen_get_cc_bits(ctx), carry = tcg_temp_new(), result = tcg_temp_new(), out = tcg_temp_new();
    TCGv a = read_operand_zx(ctx, in, 0), b = read_operand_zx(ctx, in, 1);
    unsigned shift = __builtin_ctz(flag);

    tcg_gen_extract_tl(carry, bits, shift, 1);
    if (in->op[0].size == MO_32 && TARGET_LONG_BITS == 64) {
        tcg_gen_add_tl(result, a, b);
        tcg_gen_add_tl(result, result, carry);
        tcg_gen_shri_tl(out, result, 31);
        tcg_gen_shri_tl(out, out, 1);
    } else {
        tcg_gen_addc_tl(result, out, a, b, carry);
    }
    tcg_gen_deposit_tl(bits, bits, out, shift, 1);
    gen_set_cc_bits(ctx, bits);
    write_operand(ctx, in, 0, result);
}

void gen_adcx(DisasContext *ctx, Insn *in) { gen_add_with_flag(ctx, in, CC_C); }
void gen_adox(DisasContext *ctx, Insn *in) { gen_add_with_flag(ctx, in, CC_O); }

/* --- one operand ---------------------------------------------------------------------- */

/* inc, dec: C stays. */
static void gen_step(DisasContext *ctx, Insn *in, CCOp cc, int delta)
{
    TCGv carry = gen_get_carry(ctx), result = tcg_temp_new();

    if (is_atomic(ctx, in)) {
        TCGv step = tcg_constant_tl(delta);

        tcg_gen_add_tl(result, fetch_op(ctx, in, tcg_gen_atomic_fetch_add_tl, step), step);
        gen_set_cc(ctx, cc + in->op[0].size, result, carry);
        return;
    }
    tcg_gen_addi_tl(result, read_operand(ctx, in, 0), delta);
    finish(ctx, in, cc, result, carry);
}

void gen_inc(DisasContext *ctx, Insn *in) { gen_step(ctx, in, CC_OP_INC, 1); }
void gen_dec(DisasContext *ctx, Insn *in) { gen_step(ctx, in, CC_OP_DEC, -1); }

/* not: no flags */
void gen_not(DisasContext *ctx, Insn *in)
{
    TCGv result = tcg_temp_new();

    if (is_atomic(ctx, in)) {
        fetch_op(ctx, in, tcg_gen_atomic_fetch_xor_tl, tcg_constant_tl(-1));
        return;
    }
    tcg_gen_not_tl(result, read_operand(ctx, in, 0));
    write_operand(ctx, in, 0, result);
}

/* neg: as 0 - value */
void gen_neg(DisasContext *ctx, Insn *in)
{
    TCGv result = tcg_temp_new(), value;

    if (is_atomic(ctx, in)) {
        LockedLoop loop = gen_locked_begin(ctx, in);

        value = tcg_temp_new();
        tcg_gen_mov_tl(value, loop.old);
        tcg_gen_neg_tl(result, value);
        gen_locked_end(ctx, in, &loop, result);
        gen_set_cc(ctx, CC_OP_SUB + in->op[0].size, result, value);
    } else {
        value = copy_value(read_operand(ctx, in, 0));
        tcg_gen_neg_tl(result, value);
        finish(ctx, in, CC_OP_SUB, result, value);
    }
    remember_compare(ctx, tcg_constant_tl(0), value);
}

/* --- multiply ----------------------------------------------------------------------------- */

/* AX = AL * value; DX:AX = AX * value: the product fits a register. */
static void gen_mul_narrow(DisasContext *ctx, MemOp size, TCGv a, TCGv b, bool is_signed)
{
    TCGv product = tcg_temp_new(), over = tcg_temp_new();

    tcg_gen_mul_tl(product, a, b);
    if (size == MO_8) {
        write_reg(MO_16, R_EAX, product);
    } else {
        TCGv high = tcg_temp_new();

        tcg_gen_shri_tl(high, product, 8 << size);
        write_reg(size, R_EAX, product);
        write_reg(size, R_EDX, high);
    }
    if (is_signed) {
        tcg_gen_sub_tl(over, extend_sx(product, size), product);
    } else {
        tcg_gen_shri_tl(over, product, 8 << size);
    }
    gen_set_cc(ctx, CC_OP_MUL + size, product, over);
}

static void gen_mul_wide(DisasContext *ctx, MemOp size, TCGv a, TCGv b, bool is_signed)
{
    TCGv low = tcg_temp_new(), high = tcg_temp_new(), over = high;

    if (is_signed) {
        tcg_gen_muls2_tl(low, high, a, b);
        over = tcg_temp_new();
        tcg_gen_sari_tl(over, low, TARGET_LONG_BITS - 1);
        tcg_gen_sub_tl(over, over, high);
    } else {
        tcg_gen_mulu2_tl(low, high, a, b);
    }
    tcg_gen_mov_tl(cpu_regs[R_EAX], low);
    tcg_gen_mov_tl(cpu_regs[R_EDX], high);
    gen_set_cc(ctx, CC_OP_MUL + size, low, over);
}

static void gen_mul_acc(DisasContext *ctx, Insn *in, bool is_signed)
{
    MemOp size = in->op[0].size;
    TCGv b = is_signed ? read_operand_sx(ctx, in, 0) : read_operand_zx(ctx, in, 0);
    TCGv a = is_signed ? extend_sx(cpu_regs[R_EAX], size) : extend_zx(cpu_regs[R_EAX], size);

    if (16u << size <= TARGET_LONG_BITS) {
        gen_mul_narrow(ctx, size, a, b, is_signed);
    } else {
        gen_mul_wide(ctx, size, a, b, is_signed);
    }
}

/* mul, imul: accumulator times operand, double width */
void gen_mul(DisasContext *ctx, Insn *in) { gen_mul_acc(ctx, in, false); }
void gen_imul(DisasContext *ctx, Insn *in) { gen_mul_acc(ctx, in, true); }

/* imul dst,a,b: operand 0 = operand 1 * operand 2, truncated */
void gen_imul2(DisasContext *ctx, Insn *in)
{
    MemOp size = in->op[0].size;
    TCGv a = read_operand_sx(ctx, in, 1), b = read_operand_sx(ctx, in, 2);
    TCGv product = tcg_temp_new(), over = tcg_temp_new();

    if (16u << size <= TARGET_LONG_BITS) {
        tcg_gen_mul_tl(product, a, b);
        tcg_gen_sub_tl(over, extend_sx(product, size), product);
    } else {
        TCGv high = tcg_temp_new();

        tcg_gen_muls2_tl(product, high, a, b);
        tcg_gen_sari_tl(over, product, TARGET_LONG_BITS - 1);
        tcg_gen_sub_tl(over, over, high);
    }
    gen_set_cc(ctx, CC_OP_MUL + size, product, over);
    write_operand(ctx, in, 0, product);
}

/* mulx high,low,src: EDX times source, no flags */
void gen_mulx(DisasContext *ctx, Insn *in)
{
    MemOp size = in->op[0].size;
    TCGv a = extend_zx(cpu_regs[R_EDX], size), b = read_operand_zx(ctx, in, 2);
    TCGv low = tcg_temp_new(), high = tcg_temp_new();

    if (16u << size <= TARGET_LONG_BITS) {
        tcg_gen_mul_tl(low, a, b);
        tcg_gen_shri_tl(high, low, 8 << size);
    } else {
        tcg_gen_mulu2_tl(low, high, a, b);
    }
    write_operand(ctx, in, 1, low);
    write_operand(ctx, in, 0, high);
}

/* --- divide --------------------------------------------------------------------------------- */

/* Raise #DE unless cond holds. */
static void gen_divide_error_unless(DisasContext *ctx, TCGCond cond, TCGv_i64 a, TCGv_i64 b)
{
    TCGLabel *fine = gen_new_label();

    tcg_gen_brcond_i64(cond, a, b, fine);
    gen_exception(ctx, EXCP00_DIVZ);
    ctx->ended = false;
    gen_set_label(fine);
}

/* DX:AX, or AX for bytes, as a 64-bit number. */
static TCGv_i64 gen_dividend(MemOp size, bool is_signed)
{
    TCGv_i64 low = tcg_temp_new_i64(), high = tcg_temp_new_i64();

    tcg_gen_extu_tl_i64(low, cpu_regs[R_EAX]);
    if (size == MO_8) {
        (is_signed ? tcg_gen_ext16s_i64 : tcg_gen_ext16u_i64)(low, low);
        return low;
    }
    tcg_gen_extu_tl_i64(high, cpu_regs[R_EDX]);
    tcg_gen_deposit_i64(low, low, high, 8 << size, 8 << size);
    if (size == MO_16) {
        (is_signed ? tcg_gen_ext32s_i64 : tcg_gen_ext32u_i64)(low, low);
    }
    return low;
}

static void gen_div_results(MemOp size, TCGv_i64 quotient, TCGv_i64 remainder)
{
    TCGv q = tcg_temp_new(), r = tcg_temp_new();

    tcg_gen_trunc_i64_tl(q, quotient);
    tcg_gen_trunc_i64_tl(r, remainder);
    if (size == MO_8) {
        write_reg(MO_8, R_EAX, q);
        tcg_gen_deposit_tl(cpu_regs[R_EAX], cpu_regs[R_EAX], r, 8, 8);
    } else {
        write_reg(size, R_EAX, q);
        write_reg(size, R_EDX, r);
    }
}

/* remainder = dividend - quotient * divisor */
static void gen_remainder(TCGv_i64 remainder, TCGv_i64 n, TCGv_i64 quotient, TCGv_i64 d)
{
    tcg_gen_mul_i64(remainder, quotient, d);
    tcg_gen_sub_i64(remainder, n, remainder);
}

/* 8 to 32 bits. The quotient fits exactly if the high half is below the divisor. */
static void gen_div_narrow(DisasContext *ctx, Insn *in)
{
    MemOp size = in->op[0].size;
    TCGv_i64 n, high = tcg_temp_new_i64(), d = tcg_temp_new_i64();
    TCGv_i64 quotient = tcg_temp_new_i64(), remainder = tcg_temp_new_i64();

    tcg_gen_extu_tl_i64(d, read_operand_zx(ctx, in, 0));
    n = gen_dividend(size, false);
    tcg_gen_shri_i64(high, n, 8 << size);
    gen_divide_error_unless(ctx, TCG_COND_LTU, high, d);
    tcg_gen_divu_i64(quotient, n, d);
    gen_remainder(remainder, n, quotient, d);
    gen_div_results(size, quotient, remainder);
}

static void gen_idiv_narrow(DisasContext *ctx, Insn *in)
{
    MemOp size = in->op[0].size;
    TCGv_i64 n, d = tcg_temp_new_i64(), fits = tcg_temp_new_i64();
    TCGv_i64 quotient = tcg_temp_new_i64(), remainder = tcg_temp_new_i64();

    tcg_gen_ext_tl_i64(d, read_operand_sx(ctx, in, 0));
    n = gen_dividend(size, true);
    gen_divide_error_unless(ctx, TCG_COND_NE, d, tcg_constant_i64(0));
    /* No divisor of 32 bits makes this fit, and -1 is not to be tried. */
    gen_divide_error_unless(ctx, TCG_COND_NE, n, tcg_constant_i64(INT64_MIN));
    tcg_gen_div_i64(quotient, n, d);
    tcg_gen_sextract_i64(fits, quotient, 0, 8 << size);
    gen_divide_error_unless(ctx, TCG_COND_EQ, fits, quotient);
    gen_remainder(remainder, n, quotient, d);
    gen_div_results(size, quotient, remainder);
}

#ifdef TARGET_X86_64
/* RDX:RAX: inline when RDX only extends RAX. */
static void gen_div_64(DisasContext *ctx, Insn *in, bool is_signed)
{
    TCGv d = copy_value(read_operand(ctx, in, 0)), n = copy_value(cpu_regs[R_EAX]);
    TCGv q = tcg_temp_new(), r = tcg_temp_new(), extension = tcg_constant_tl(0);
    TCGLabel *slow = gen_new_label(), *done = gen_new_label();

    if (is_signed) {
        extension = tcg_temp_new();
        tcg_gen_sari_tl(extension, n, 63);
    }
    tcg_gen_brcond_tl(TCG_COND_NE, cpu_regs[R_EDX], extension, slow);
    tcg_gen_brcondi_tl(TCG_COND_EQ, d, 0, slow);
    if (is_signed) {
        tcg_gen_brcondi_tl(TCG_COND_EQ, d, -1, slow);
        tcg_gen_div_i64(q, n, d);
    } else {
        tcg_gen_divu_i64(q, n, d);
    }
    gen_remainder(r, n, q, d);
    tcg_gen_mov_tl(cpu_regs[R_EAX], q);
    tcg_gen_mov_tl(cpu_regs[R_EDX], r);
    tcg_gen_br(done);
    gen_set_label(slow);
    if (is_signed) {
        gen_helper_idiv64(tcg_env, d);
    } else {
        gen_helper_div64(tcg_env, d);
    }
    gen_set_label(done);
}
#endif

static void gen_divide(DisasContext *ctx, Insn *in, bool is_signed)
{
#ifdef TARGET_X86_64
    if (in->op[0].size == MO_64) {
        gen_div_64(ctx, in, is_signed);
        return;
    }
#endif
    (is_signed ? gen_idiv_narrow : gen_div_narrow)(ctx, in);
}

/* div, idiv: all flags undefined, they stay */
void gen_div(DisasContext *ctx, Insn *in) { gen_divide(ctx, in, false); }
void gen_idiv(DisasContext *ctx, Insn *in) { gen_divide(ctx, in, true); }

/* --- sign extension ------------------------------------------------------------------------------ */

/* cbw cwde cdqe */
void gen_cbw(DisasContext *ctx, Insn *in)
{
    write_reg(in->osize, R_EAX, extend_sx(cpu_regs[R_EAX], in->osize - 1));
}

/* cwd cdq cqo */
void gen_cwd(DisasContext *ctx, Insn *in)
{
    TCGv sign = tcg_temp_new();

    tcg_gen_sari_tl(sign, extend_sx(cpu_regs[R_EAX], in->osize), TARGET_LONG_BITS - 1);
    write_reg(in->osize, R_EDX, sign);
}

/* --- decimal adjust: helpers take and give the flags as bits ---------------------------------------- */

typedef void DecimalHelper(TCGv_i32 ret, TCGv_env env, TCGv_i32 bits, TCGv_i32 immediate);

static void gen_decimal(DisasContext *ctx, DecimalHelper *helper, unsigned immediate)
{
    TCGv_i32 bits = tcg_temp_new_i32(), result = tcg_temp_new_i32();
    TCGv flags = tcg_temp_new();

    tcg_gen_trunc_tl_i32(bits, gen_get_cc_bits(ctx));
    helper(result, tcg_env, bits, tcg_constant_i32(immediate));
    tcg_gen_extu_i32_tl(flags, result);
    gen_set_cc_bits(ctx, flags);
}

void gen_aaa(DisasContext *ctx, Insn *in) { gen_decimal(ctx, gen_helper_aaa, 0); }
void gen_aas(DisasContext *ctx, Insn *in) { gen_decimal(ctx, gen_helper_aas, 0); }
void gen_daa(DisasContext *ctx, Insn *in) { gen_decimal(ctx, gen_helper_daa, 0); }
void gen_das(DisasContext *ctx, Insn *in) { gen_decimal(ctx, gen_helper_das, 0); }
void gen_aad(DisasContext *ctx, Insn *in) { gen_decimal(ctx, gen_helper_aad, in->op[0].imm); }

/* aam imm: 0 divides by zero */
void gen_aam(DisasContext *ctx, Insn *in)
{
    if (in->op[0].imm == 0) {
        gen_exception(ctx, EXCP00_DIVZ);
        return;
    }
    gen_decimal(ctx, gen_helper_aam, in->op[0].imm);
}
