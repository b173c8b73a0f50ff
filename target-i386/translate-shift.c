/*
 * Shifts and rotates (SDM 2, RCL to ROR, SAL to SHR, SHLD, SHRD, BMI2).
 *
 * A count of 0 leaves the flags alone. With a count that is known here there is
 * nothing to decide at run time; with CL the flags' state becomes a choice
 * between the old one and the new one.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/insn-gen.h"

typedef enum ShiftKind { SHIFT_LEFT, SHIFT_RIGHT, SHIFT_ARITHMETIC } ShiftKind;

/* Count mask: 31, or 63 for 64-bit operands. */
static unsigned count_mask(const Insn *in) { return in->op[0].size == MO_64 ? 63 : 31; }

static void shift_by(ShiftKind kind, TCGv result, TCGv value, TCGv count)
{
    switch (kind) {
    case SHIFT_LEFT: tcg_gen_shl_tl(result, value, count); break;
    case SHIFT_RIGHT: tcg_gen_shr_tl(result, value, count); break;
    default: tcg_gen_sar_tl(result, value, count); break;
    }
}

static CCOp shift_cc(ShiftKind kind, MemOp size)
{
    return (kind == SHIFT_LEFT ? CC_OP_SHL : CC_OP_SAR) + size;
}

/* The operand with the bits above it that the shift moves in. */
static TCGv shift_input(DisasContext *ctx, Insn *in, ShiftKind kind)
{
    return kind == SHIFT_LEFT ? read_operand(ctx, in, 0)
         : kind == SHIFT_RIGHT ? read_operand_zx(ctx, in, 0) : read_operand_sx(ctx, in, 0);
}

/*
 * Write the result, then the flags: cc_dst, cc_src and the state `op` if count
 * is not 0, else all as before. Old and new state are chosen between at run time.
 */
static void finish_by_count(DisasContext *ctx, Insn *in, CCOp op, TCGv count, TCGv dst, TCGv src)
{
    TCGv zero = tcg_constant_tl(0);
    TCGv_i32 count32 = tcg_temp_new_i32();
    TCGv_i32 old_op = ctx->cc.op == CC_OP_DYNAMIC ? cpu_cc_op : tcg_constant_i32(ctx->cc.op);

    write_operand(ctx, in, 0, dst);
    tcg_gen_movcond_tl(TCG_COND_NE, cpu_cc_dst, count, zero, dst, cpu_cc_dst);
    tcg_gen_movcond_tl(TCG_COND_NE, cpu_cc_src, count, zero, src, cpu_cc_src);
    tcg_gen_trunc_tl_i32(count32, count);
    tcg_gen_movcond_i32(TCG_COND_NE, cpu_cc_op, count32, tcg_constant_i32(0), tcg_constant_i32(op), old_op);
    gen_cc_is_dynamic(ctx);
}

static void finish_known(DisasContext *ctx, Insn *in, CCOp op, TCGv dst, TCGv src)
{
    write_operand(ctx, in, 0, dst);
    gen_set_cc(ctx, op, written_operand(in, 0, dst), src);
}

static void gen_shift_known(DisasContext *ctx, Insn *in, ShiftKind kind, unsigned count)
{
    TCGv value, result, before;

    if (count == 0) {
        if (in->op[0].kind != OPK_MEM && in->op[0].size == MO_32) {
            write_operand(ctx, in, 0, read_operand(ctx, in, 0));
        }
        return;
    }
    value = copy_value(shift_input(ctx, in, kind));
    result = tcg_temp_new();
    before = tcg_temp_new();
    shift_by(kind, before, value, tcg_constant_tl(count - 1));
    shift_by(kind, result, value, tcg_constant_tl(count));
    finish_known(ctx, in, shift_cc(kind, in->op[0].size), result, before);
}

static void gen_shift(DisasContext *ctx, Insn *in, ShiftKind kind)
{
    TCGv count, less, value, result, before;

    if (in->op[1].kind == OPK_IMM) {
        gen_shift_known(ctx, in, kind, in->op[1].imm & count_mask(in));
        return;
    }
    count = tcg_temp_new();
    less = tcg_temp_new();
    result = tcg_temp_new();
    before = tcg_temp_new();
    tcg_gen_andi_tl(count, cpu_regs[R_ECX], count_mask(in));
    value = copy_value(shift_input(ctx, in, kind));
    shift_by(kind, result, value, count);
    /* For count 0 the count is out of range and the value not used. */
    tcg_gen_subi_tl(less, count, 1);
    shift_by(kind, before, value, less);
    finish_by_count(ctx, in, shift_cc(kind, in->op[0].size), count, result, before);
}

void gen_shl(DisasContext *ctx, Insn *in) { gen_shift(ctx, in, SHIFT_LEFT); }
void gen_shr(DisasContext *ctx, Insn *in) { gen_shift(ctx, in, SHIFT_RIGHT); }
void gen_sar(DisasContext *ctx, Insn *in) { gen_shift(ctx, in, SHIFT_ARITHMETIC); }

/* --- rotates: C and O change, and only if the masked count is not 0 -------------------------------- */

/* value repeated until it fills a register that the host can rotate. */
static TCGv replicate(TCGv value, MemOp size)
{
    TCGv wide = extend_zx(value, size), copy = tcg_temp_new();

    if (size == MO_8) {
        tcg_gen_muli_tl(copy, wide, 0x01010101);
        return copy;
    }
    tcg_gen_muli_tl(copy, wide, 0x00010001);
    return copy;
}

/* Rotate the low 8 << size bits of value. */
static TCGv rotate_value(MemOp size, TCGv value, TCGv count, bool left)
{
    TCGv result = tcg_temp_new();
    TCGv_i32 narrow = tcg_temp_new_i32(), count32 = tcg_temp_new_i32();

    if (size == MO_64) {
        (left ? tcg_gen_rotl_tl : tcg_gen_rotr_tl)(result, value, count);
        return result;
    }
    tcg_gen_trunc_tl_i32(narrow, size < MO_32 ? replicate(value, size) : value);
    tcg_gen_trunc_tl_i32(count32, count);
    (left ? tcg_gen_rotl_i32 : tcg_gen_rotr_i32)(narrow, narrow, count32);
    tcg_gen_extu_i32_tl(result, narrow);
    return result;
}

/* C and O after a rotation to `result`, as 0 or 1. */
static void rotate_carry_overflow(MemOp size, TCGv result, bool left, TCGv carry, TCGv overflow)
{
    unsigned top = (8u << size) - 1;

    tcg_gen_extract_tl(overflow, result, top, 1);
    if (left) {
        tcg_gen_andi_tl(carry, result, 1);
        tcg_gen_xor_tl(overflow, overflow, carry);
    } else {
        tcg_gen_mov_tl(carry, overflow);
        tcg_gen_extract_tl(overflow, result, top - 1, 1);
        tcg_gen_xor_tl(overflow, overflow, carry);
    }
}

/* bits with C and O as after a rotation to `result`. */
static TCGv rotate_flags(TCGv bits, MemOp size, TCGv result, bool left)
{
    TCGv carry = tcg_temp_new(), overflow = tcg_temp_new(), flags = tcg_temp_new();

    rotate_carry_overflow(size, result, left, carry, overflow);
    tcg_gen_deposit_tl(flags, bits, carry, __builtin_ctz(CC_C), 1);
    tcg_gen_deposit_tl(flags, flags, overflow, __builtin_ctz(CC_O), 1);
    return flags;
}

static void gen_rotate(DisasContext *ctx, Insn *in, bool left)
{
    MemOp size = in->op[0].size;
    bool known = in->op[1].kind == OPK_IMM;
    TCGv count = tcg_temp_new(), value, result, bits;

    if (known && !(in->op[1].imm & count_mask(in))) {
        gen_shift_known(ctx, in, SHIFT_LEFT, 0);
        return;
    }
    if (known) {
        count = tcg_constant_tl(in->op[1].imm & count_mask(in) & (size == MO_64 ? 63 : 31));
    } else {
        tcg_gen_andi_tl(count, cpu_regs[R_ECX], count_mask(in));
    }
    value = copy_value(read_operand(ctx, in, 0));
    result = rotate_value(size, value, count, left);
    if (known && ctx->cc.op != CC_OP_EFLAGS) {
        TCGv carry = tcg_temp_new(), overflow = tcg_temp_new();

        write_operand(ctx, in, 0, result);
        rotate_carry_overflow(size, result, left, carry, overflow);
        if (gen_set_carry_overflow(ctx, carry, overflow)) {
            return;
        }
        gen_set_cc_bits(ctx, rotate_flags(gen_get_cc_bits(ctx), size, result, left));
        return;
    }
    bits = gen_get_cc_bits(ctx);
    write_operand(ctx, in, 0, result);
    if (known) {
        gen_set_cc_bits(ctx, rotate_flags(bits, size, result, left));
    } else {
        TCGv flags = rotate_flags(bits, size, result, left);

        tcg_gen_movcond_tl(TCG_COND_NE, flags, count, tcg_constant_tl(0), flags, bits);
        gen_set_cc_bits(ctx, flags);
    }
}

void gen_rol(DisasContext *ctx, Insn *in) { gen_rotate(ctx, in, true); }
void gen_ror(DisasContext *ctx, Insn *in) { gen_rotate(ctx, in, false); }

/* rcl, rcr: through C, modulo 9, 17, 33 or 65 */
static void gen_rotate_carry(DisasContext *ctx, Insn *in, bool left)
{
    MemOp size = in->op[0].size;
    TCGv value = copy_value(read_operand_zx(ctx, in, 0)), bits = gen_get_cc_bits(ctx);
    TCGv result = tcg_temp_new(), overflow = tcg_temp_new(), flags = tcg_temp_new();
    TCGv_i32 count = tcg_temp_new_i32(), info = tcg_temp_new_i32(), counted = tcg_temp_new_i32();
    unsigned top = (8u << size) - 1;

    tcg_gen_trunc_tl_i32(count, read_operand(ctx, in, 1));
    tcg_gen_andi_i32(count, count, count_mask(in));
    if (size == MO_8 || size == MO_16) {
        tcg_gen_remu_i32(counted, count, tcg_constant_i32(size == MO_8 ? 9 : 17));
    } else {
        tcg_gen_mov_i32(counted, count);
    }
    tcg_gen_trunc_tl_i32(info, bits);
    tcg_gen_andi_i32(info, info, CC_C);
    tcg_gen_ori_i32(info, info, size << 2 | (left ? 2 : 0));
    gen_helper_rotate_carry(result, tcg_env, value, counted, info);
    write_operand(ctx, in, 0, result);
    /* Left: O = top ^ C. Right: O = the two top bits differ. */
    tcg_gen_extract_tl(overflow, result, top, 1);
    if (left) {
        tcg_gen_xor_tl(overflow, overflow, cpu_cc_src2);
    } else {
        TCGv second = tcg_temp_new();

        tcg_gen_extract_tl(second, result, top - 1, 1);
        tcg_gen_xor_tl(overflow, overflow, second);
    }
    tcg_gen_deposit_tl(flags, bits, cpu_cc_src2, __builtin_ctz(CC_C), 1);
    tcg_gen_deposit_tl(flags, flags, overflow, __builtin_ctz(CC_O), 1);
    TCGv wide_count = tcg_temp_new();

    tcg_gen_extu_i32_tl(wide_count, count);
    tcg_gen_movcond_tl(TCG_COND_NE, flags, wide_count, tcg_constant_tl(0), flags, bits);
    gen_set_cc_bits(ctx, flags);
}

void gen_rcl(DisasContext *ctx, Insn *in) { gen_rotate_carry(ctx, in, true); }
void gen_rcr(DisasContext *ctx, Insn *in) { gen_rotate_carry(ctx, in, false); }

/* --- double shifts ------------------------------------------------------------------------------------ */

/*
 * dst and the bits that come from src, as one number shifted by `count`: the
 * result's low bits. 16 bits: counts over 16 are undefined; what chips do is
 * rotate in the destination again (SDM 2 leaves it open).
 */
static TCGv double_shift(MemOp size, TCGv dst, TCGv src, TCGv count, bool left)
{
    unsigned bits = 8u << size;
    TCGv result = tcg_temp_new(), rest = tcg_temp_new(), other = tcg_temp_new();

    if (size == MO_16) {
        TCGv_i64 wide = tcg_temp_new_i64(), part = tcg_temp_new_i64(), c = tcg_temp_new_i64();

        tcg_gen_extu_tl_i64(wide, extend_zx(dst, MO_16));
        tcg_gen_extu_tl_i64(part, extend_zx(src, MO_16));
        tcg_gen_extu_tl_i64(c, count);
        tcg_gen_deposit_i64(wide, wide, wide, 32, 16);
        tcg_gen_deposit_i64(wide, wide, part, 16, 16);
        /* dst:src:dst; the left shift looks at the top one. */
        if (left) {
            tcg_gen_shl_i64(wide, wide, c);
            tcg_gen_shri_i64(wide, wide, 32);
        } else {
            tcg_gen_shr_i64(wide, wide, c);
        }
        tcg_gen_trunc_i64_tl(result, wide);
        return result;
    }
    /* The second shift's count is one less, after a shift by one: count 0 stays in range. */
    tcg_gen_xori_tl(rest, count, bits - 1);
    if (left) {
        tcg_gen_shl_tl(result, dst, count);
        tcg_gen_shri_tl(other, extend_zx(src, size), 1);
        tcg_gen_shr_tl(other, other, rest);
    } else {
        tcg_gen_shr_tl(result, extend_zx(dst, size), count);
        tcg_gen_shli_tl(other, src, 1);
        tcg_gen_shl_tl(other, other, rest);
    }
    tcg_gen_or_tl(result, result, other);
    return result;
}

static void gen_double_shift(DisasContext *ctx, Insn *in, bool left)
{
    MemOp size = in->op[0].size;
    bool known = in->op[2].kind == OPK_IMM;
    TCGv count = tcg_temp_new(), less = tcg_temp_new(), dst, src, result, before;
    CCOp op = (left ? CC_OP_SHL : CC_OP_SAR) + size;

    if (known && !(in->op[2].imm & count_mask(in))) {
        gen_shift_known(ctx, in, SHIFT_LEFT, 0);
        return;
    }
    if (known) {
        count = tcg_constant_tl(in->op[2].imm & count_mask(in));
    } else {
        tcg_gen_andi_tl(count, cpu_regs[R_ECX], count_mask(in));
    }
    dst = copy_value(read_operand(ctx, in, 0));
    src = copy_value(read_operand(ctx, in, 1));
    result = double_shift(size, dst, src, count, left);
    tcg_gen_subi_tl(less, count, 1);
    tcg_gen_andi_tl(less, less, count_mask(in));
    before = double_shift(size, dst, src, less, left);
    if (known) {
        finish_known(ctx, in, op, result, before);
    } else {
        finish_by_count(ctx, in, op, count, result, before);
    }
}

/* shld, shrd dst,src,count */
void gen_shld(DisasContext *ctx, Insn *in) { gen_double_shift(ctx, in, true); }
void gen_shrd(DisasContext *ctx, Insn *in) { gen_double_shift(ctx, in, false); }

/* --- BMI2: no flags --------------------------------------------------------------------------------------- */

static void gen_shift_no_flags(DisasContext *ctx, Insn *in, ShiftKind kind)
{
    MemOp size = in->op[0].size;
    TCGv count = tcg_temp_new(), result = tcg_temp_new(), value;

    value = kind == SHIFT_LEFT ? read_operand(ctx, in, 1)
          : kind == SHIFT_RIGHT ? read_operand_zx(ctx, in, 1) : read_operand_sx(ctx, in, 1);
    tcg_gen_andi_tl(count, read_operand(ctx, in, 2), size == MO_64 ? 63 : 31);
    shift_by(kind, result, value, count);
    write_operand(ctx, in, 0, result);
}

void gen_shlx(DisasContext *ctx, Insn *in) { gen_shift_no_flags(ctx, in, SHIFT_LEFT); }
void gen_shrx(DisasContext *ctx, Insn *in) { gen_shift_no_flags(ctx, in, SHIFT_RIGHT); }
void gen_sarx(DisasContext *ctx, Insn *in) { gen_shift_no_flags(ctx, in, SHIFT_ARITHMETIC); }

/* rorx dst,src,imm */
void gen_rorx(DisasContext *ctx, Insn *in)
{
    MemOp size = in->op[0].size;
    TCGv count = tcg_constant_tl(in->op[2].imm & (size == MO_64 ? 63 : 31));

    write_operand(ctx, in, 0, rotate_value(size, read_operand(ctx, in, 1), count, false));
}
