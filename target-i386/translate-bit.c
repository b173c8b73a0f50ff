/*
 * Bits: BT family, scans, counts, BMI1 and BMI2, SETcc (SDM 2).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/insn-gen.h"

/* setCC dst */
void gen_setcc(DisasContext *ctx, Insn *in)
{
    write_operand(ctx, in, 0, gen_setcond_on(ctx, in->cond));
}

/* --- bit tests: C is the bit, the other flags stay --------------------------------------- */

typedef enum BitAction { BIT_TEST, BIT_SET, BIT_RESET, BIT_COMPLEMENT } BitAction;

/* A register index reaches beyond the memory operand: whole operands are added to its offset. */
static void add_bit_offset(DisasContext *ctx, Insn *in, TCGv index)
{
    MemOp size = in->op[0].size;
    TCGv units = tcg_temp_new(), offset = tcg_temp_new(), linear;

    tcg_gen_sari_tl(units, extend_sx(index, size), 3 + size);
    tcg_gen_shli_tl(units, units, size);
    tcg_gen_add_tl(offset, gen_offset(ctx, in), units);
    offset = extend_zx(offset, in->asize);
    linear = gen_linear(ctx, in->seg, offset, memop_size(size), ACCESS_READ);
    in->linear = copy_value(linear);
    in->linear_for_write = true;
}

static TCGv apply_action(BitAction action, TCGv value, TCGv mask)
{
    TCGv result = tcg_temp_new();

    switch (action) {
    case BIT_SET: tcg_gen_or_tl(result, value, mask); break;
    case BIT_RESET: tcg_gen_andc_tl(result, value, mask); break;
    default: tcg_gen_xor_tl(result, value, mask); break;
    }
    return result;
}

/* The old value, which other CPUs see changed at once. */
static TCGv atomic_action(DisasContext *ctx, Insn *in, BitAction action, TCGv mask)
{
    TCGTemp *address = tcgv_temp(gen_address(ctx, in, memop_size(in->op[0].size), ACCESS_WRITE));
    TCGv old = tcg_temp_new(), inverse = tcg_temp_new();

    switch (action) {
    case BIT_SET:
        tcg_gen_atomic_fetch_or_tl(old, address, mask, ctx->mem_idx, data_op(ctx, in->op[0].size));
        break;
    case BIT_RESET:
        tcg_gen_not_tl(inverse, mask);
        tcg_gen_atomic_fetch_and_tl(old, address, inverse, ctx->mem_idx, data_op(ctx, in->op[0].size));
        break;
    default:
        tcg_gen_atomic_fetch_xor_tl(old, address, mask, ctx->mem_idx, data_op(ctx, in->op[0].size));
        break;
    }
    return old;
}

static void gen_bit(DisasContext *ctx, Insn *in, BitAction action)
{
    unsigned bits = 8u << in->op[0].size;
    TCGv index = copy_value(read_operand(ctx, in, 1)), bit = tcg_temp_new(), value;
    TCGv mask = tcg_temp_new(), flags = gen_get_cc_bits(ctx);

    if (in->op[0].kind == OPK_MEM && in->op[1].kind == OPK_GPR) {
        add_bit_offset(ctx, in, index);
    }
    tcg_gen_andi_tl(bit, index, bits - 1);
    tcg_gen_shl_tl(mask, tcg_constant_tl(1), bit);
    if (in->lock && ctx->parallel) {
        value = atomic_action(ctx, in, action, mask);
    } else {
        value = copy_value(read_operand(ctx, in, 0));
        if (action != BIT_TEST) {
            write_operand(ctx, in, 0, apply_action(action, value, mask));
        }
    }
    tcg_gen_shr_tl(bit, value, bit);
    tcg_gen_deposit_tl(flags, flags, bit, 0, 1);
    gen_set_cc_bits(ctx, flags);
}

/* bt, bts, btr, btc dst,index */
void gen_bt(DisasContext *ctx, Insn *in) { gen_bit(ctx, in, BIT_TEST); }
void gen_bts(DisasContext *ctx, Insn *in) { gen_bit(ctx, in, BIT_SET); }
void gen_btr(DisasContext *ctx, Insn *in) { gen_bit(ctx, in, BIT_RESET); }
void gen_btc(DisasContext *ctx, Insn *in) { gen_bit(ctx, in, BIT_COMPLEMENT); }

/* --- scans and counts -------------------------------------------------------------------------- */

/* tzcnt, lzcnt: C when the source is 0, Z when the result is 0 */
static void gen_count_zeros(DisasContext *ctx, Insn *in, bool leading)
{
    unsigned bits = 8u << in->op[0].size;
    TCGv source = copy_value(read_operand_zx(ctx, in, 1)), result = tcg_temp_new(), none = tcg_temp_new();

    tcg_gen_setcondi_tl(TCG_COND_EQ, none, source, 0);
    if (leading) {
        tcg_gen_clzi_tl(result, source, TARGET_LONG_BITS);
        tcg_gen_subi_tl(result, result, TARGET_LONG_BITS - bits);
    } else {
        tcg_gen_ctzi_tl(result, source, bits);
    }
    gen_set_cc(ctx, CC_OP_BLSI + in->op[0].size, result, none);
    write_operand(ctx, in, 0, result);
}

/* bsf, bsr dst,src: of 0 the destination stays; Z tells */
static void gen_scan(DisasContext *ctx, Insn *in, bool reverse)
{
    TCGv source = copy_value(read_operand_zx(ctx, in, 1)), found = tcg_temp_new(), result = tcg_temp_new();
    TCGv zero = tcg_constant_tl(0), old = read_operand(ctx, in, 0);

    if (reverse) {
        tcg_gen_clzi_tl(found, source, 0);
        tcg_gen_xori_tl(found, found, TARGET_LONG_BITS - 1);
    } else {
        tcg_gen_ctzi_tl(found, source, 0);
    }
    gen_set_cc(ctx, CC_OP_LOGIC + in->op[0].size, source, NULL);
    if (in->op[0].size == MO_32 && TARGET_LONG_BITS == 64) {
        /* Nothing is written for 0: the upper half stays, too. */
        tcg_gen_movcond_tl(TCG_COND_NE, cpu_regs[in->op[0].reg], source, zero, found, old);
        return;
    }
    tcg_gen_movcond_tl(TCG_COND_NE, result, source, zero, found, old);
    write_operand(ctx, in, 0, result);
}

void gen_bsf(DisasContext *ctx, Insn *in)
{
    if (in->prefix == PF3 && cpu_has(ctx->env, CPUID_BMI1)) {
        gen_count_zeros(ctx, in, false);
    } else {
        gen_scan(ctx, in, false);
    }
}

void gen_bsr(DisasContext *ctx, Insn *in)
{
    if (in->prefix == PF3 && cpu_has(ctx->env, CPUID_LZCNT)) {
        gen_count_zeros(ctx, in, true);
    } else {
        gen_scan(ctx, in, true);
    }
}

/* popcnt dst,src */
void gen_popcnt(DisasContext *ctx, Insn *in)
{
    TCGv result = tcg_temp_new();

    tcg_gen_ctpop_tl(result, read_operand_zx(ctx, in, 1));
    gen_set_cc(ctx, CC_OP_POPCNT, result, NULL);
    write_operand(ctx, in, 0, result);
}

/* --- BMI1 ------------------------------------------------------------------------------------------ */

/* andn dst,a,b: ~a & b */
void gen_andn(DisasContext *ctx, Insn *in)
{
    TCGv result = tcg_temp_new();

    tcg_gen_andc_tl(result, read_operand(ctx, in, 2), read_operand(ctx, in, 1));
    gen_set_cc(ctx, CC_OP_LOGIC + in->op[0].size, result, NULL);
    write_operand(ctx, in, 0, result);
}

/* The lowest set bit and what is below: blsi sets C when the source is not 0, the others when it is. */
static void gen_lowest(DisasContext *ctx, Insn *in, TCGv source, TCGv result, TCGCond carry_cond)
{
    TCGv carry = tcg_temp_new();

    tcg_gen_setcondi_tl(carry_cond, carry, source, 0);
    gen_set_cc(ctx, CC_OP_BLSI + in->op[0].size, result, carry);
    write_operand(ctx, in, 0, result);
}

void gen_blsr(DisasContext *ctx, Insn *in)
{
    TCGv source = copy_value(read_operand_zx(ctx, in, 1)), result = tcg_temp_new();

    tcg_gen_subi_tl(result, source, 1);
    tcg_gen_and_tl(result, result, source);
    gen_lowest(ctx, in, source, result, TCG_COND_EQ);
}

void gen_blsmsk(DisasContext *ctx, Insn *in)
{
    TCGv source = copy_value(read_operand_zx(ctx, in, 1)), result = tcg_temp_new();

    tcg_gen_subi_tl(result, source, 1);
    tcg_gen_xor_tl(result, result, source);
    gen_lowest(ctx, in, source, result, TCG_COND_EQ);
}

void gen_blsi(DisasContext *ctx, Insn *in)
{
    TCGv source = copy_value(read_operand_zx(ctx, in, 1)), result = tcg_temp_new();

    tcg_gen_neg_tl(result, source);
    tcg_gen_and_tl(result, result, source);
    gen_lowest(ctx, in, source, result, TCG_COND_NE);
}

/* value with the bits from `count` on cleared; count below 256, any size */
static TCGv low_bits(TCGv value, TCGv count, MemOp size)
{
    TCGv mask = tcg_temp_new(), result = tcg_temp_new();
    unsigned bits = 8u << size;

    tcg_gen_shl_tl(mask, tcg_constant_tl(-1), count);
    tcg_gen_andc_tl(mask, value, mask);
    tcg_gen_movcond_tl(TCG_COND_LTU, result, count, tcg_constant_tl(bits), mask, value);
    return result;
}

/* bextr dst,src,control: length in bits 15-8, start in 7-0 */
void gen_bextr(DisasContext *ctx, Insn *in)
{
    MemOp size = in->op[0].size;
    TCGv source = read_operand_zx(ctx, in, 1), control = read_operand(ctx, in, 2);
    TCGv start = tcg_temp_new(), length = tcg_temp_new(), result = tcg_temp_new();

    tcg_gen_ext8u_tl(start, control);
    tcg_gen_extract_tl(length, control, 8, 8);
    tcg_gen_shr_tl(result, source, start);
    tcg_gen_movcond_tl(TCG_COND_LTU, result, start, tcg_constant_tl(8u << size), result, tcg_constant_tl(0));
    result = low_bits(result, length, size);
    gen_set_cc(ctx, CC_OP_LOGIC + size, result, NULL);
    write_operand(ctx, in, 0, result);
}

/* --- BMI2 ---------------------------------------------------------------------------------------------- */

/* bzhi dst,src,index: C when the index is beyond the operand */
void gen_bzhi(DisasContext *ctx, Insn *in)
{
    MemOp size = in->op[0].size;
    TCGv source = copy_value(read_operand_zx(ctx, in, 1)), index = tcg_temp_new(), carry = tcg_temp_new(), result;

    tcg_gen_ext8u_tl(index, read_operand(ctx, in, 2));
    tcg_gen_setcondi_tl(TCG_COND_GTU, carry, index, (8 << size) - 1);
    result = low_bits(source, index, size);
    gen_set_cc(ctx, CC_OP_BLSI + size, result, carry);
    write_operand(ctx, in, 0, result);
}

/* pdep, pext dst,src,mask */
void gen_pdep(DisasContext *ctx, Insn *in)
{
    TCGv result = tcg_temp_new();

    gen_helper_pdep(result, read_operand(ctx, in, 1), read_operand_zx(ctx, in, 2));
    write_operand(ctx, in, 0, result);
}

void gen_pext(DisasContext *ctx, Insn *in)
{
    TCGv result = tcg_temp_new();

    gen_helper_pext(result, read_operand(ctx, in, 1), read_operand_zx(ctx, in, 2));
    write_operand(ctx, in, 0, result);
}
