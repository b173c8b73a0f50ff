/*
 * x86-64: integer ops.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/i386/tcg-target.h"

static const uint8_t cond_cc[] = {
    [TCG_COND_EQ] = CC_E, [TCG_COND_NE] = CC_NE,
    [TCG_COND_LT] = CC_L, [TCG_COND_GE] = CC_GE, [TCG_COND_LE] = CC_LE, [TCG_COND_GT] = CC_G,
    [TCG_COND_LTU] = CC_B, [TCG_COND_GEU] = CC_AE, [TCG_COND_LEU] = CC_BE, [TCG_COND_GTU] = CC_A,
    [TCG_COND_TSTEQ] = CC_E, [TCG_COND_TSTNE] = CC_NE,
};

static int width(const TCGOp *op) { return op_is_64(op) ? 64 : 32; }

/* d = a OP b for a commutative ALU operation; b a register. */
static void alu3(X86 *x, bool w, int alu, int d, int a, int b)
{
    if (d == b) {
        out_alu(x, w, alu, d, a);
    } else {
        out_mov_rr(x, w, d, a);
        out_alu(x, w, alu, d, b);
    }
    flags_from(x, w, d);
}

/* The two inputs of a commutative op, a constant one last. */
static void order_inputs(const TCGOp *op, int *a, int *b)
{
    bool swap = temp_is_const(arg_temp(op->args[1]));

    *a = swap ? 2 : 1;
    *b = swap ? 1 : 2;
}

void out_mov(X86 *x, TCGOp *op)
{
    bool w = op_is_64(op);
    uint64_t v;

    if (arg_const(op, 1, &v)) {
        if (ra_out_const(&x->ra, 0, v)) {
            return;
        }
        int d = ra_out(&x->ra, 0);
        if (v) {
            out_movi(x, d, v);
        } else {
            out_alu(x, false, ALU_XOR, d, d);
        }
        return;
    }
    int a = ra_in(&x->ra, 1);
    int d = ra_out(&x->ra, 0);
    out_mov_rr(x, w, d, a);
}

void out_add(X86 *x, TCGOp *op)
{
    bool w = op_is_64(op);
    int na, nb, wide = w ? P_W : 0;
    int32_t imm;

    order_inputs(op, &na, &nb);
    int a = ra_in(&x->ra, na);
    if (arg_imm32(op, nb, w, &imm)) {
        int d = ra_out(&x->ra, 0);
        if (d == a) {
            out_alui(x, w, ALU_ADD, d, imm);
            flags_from(x, w, d);
        } else {
            op_rm(x, wide | 0x8d, d, MEM(a, imm));
        }
        return;
    }
    int b = ra_in(&x->ra, nb);
    int d = ra_out(&x->ra, 0);
    if (d == a || d == b) {
        alu3(x, w, ALU_ADD, d, a, b);
    } else {
        op_rm(x, wide | 0x8d, d, MEMX(a, b, 0, 0));
    }
}

void out_lea(X86 *x, TCGOp *op)
{
    int a = ra_in(&x->ra, 1), b = ra_in(&x->ra, 2);
    int d = ra_out(&x->ra, 0);

    op_rm(x, (op_is_64(op) ? P_W : 0) | 0x8d, d, MEMX(a, b, op->args[3], op->args[4]));
}

void out_sub(X86 *x, TCGOp *op)
{
    bool w = op_is_64(op);
    int32_t imm;

    if (arg_imm32(op, 2, w, &imm) && imm != INT32_MIN) {
        int a = ra_in(&x->ra, 1);
        int d = ra_out(&x->ra, 0);
        if (d == a) {
            out_alui(x, w, ALU_SUB, d, imm);
            flags_from(x, w, d);
        } else {
            op_rm(x, (w ? P_W : 0) | 0x8d, d, MEM(a, -imm));
        }
        return;
    }
    if (arg_imm32(op, 1, w, &imm)) {
        int b = ra_in(&x->ra, 2);
        int d = ra_out(&x->ra, 0);
        out_mov_rr(x, w, d, b);
        if (imm == -1) {
            out_unary(x, w, UN_NOT, d);
        } else {
            out_unary(x, w, UN_NEG, d);
            if (imm) {
                out_alui(x, w, ALU_ADD, d, imm);
            }
        }
        return;
    }
    int a = ra_in(&x->ra, 1), b = ra_in(&x->ra, 2);
    int d = ra_out(&x->ra, 0);
    if (d == b && d != a) {
        out_unary(x, w, UN_NEG, d);
        out_alu(x, w, ALU_ADD, d, a);
    } else {
        out_mov_rr(x, w, d, a);
        out_alu(x, w, ALU_SUB, d, b);
    }
    flags_from(x, w, d);
}

static void unary(X86 *x, TCGOp *op, int ext)
{
    bool w = op_is_64(op);
    int a = ra_in(&x->ra, 1);
    int d = ra_out(&x->ra, 0);

    out_mov_rr(x, w, d, a);
    out_unary(x, w, ext, d);
}

void out_neg(X86 *x, TCGOp *op) { unary(x, op, UN_NEG); }
void out_not(X86 *x, TCGOp *op) { unary(x, op, UN_NOT); }

void out_mul(X86 *x, TCGOp *op)
{
    bool w = op_is_64(op);
    int na, nb, wide = w ? P_W : 0;
    int32_t imm;

    order_inputs(op, &na, &nb);
    int a = ra_in(&x->ra, na);
    if (arg_imm32(op, nb, w, &imm)) {
        int d = ra_out(&x->ra, 0);
        if (imm == (int8_t)imm) {
            op_rr(x, wide | 0x6b, d, a);
            out8(x, imm);
        } else {
            op_rr(x, wide | 0x69, d, a);
            out32(x, imm);
        }
        return;
    }
    int b = ra_in(&x->ra, nb);
    int d = ra_out(&x->ra, 0);
    if (d == b) {
        op_rr(x, wide | P_0F | 0xaf, d, a);
    } else {
        out_mov_rr(x, w, d, a);
        op_rr(x, wide | P_0F | 0xaf, d, b);
    }
}

static void mul_high(X86 *x, TCGOp *op, bool is_signed)
{
    bool w = op_is_64(op);
    int a = ra_in(&x->ra, 1), b = ra_in(&x->ra, 2);
    int d = ra_out(&x->ra, 0);

    if (w) {
        out_mov_rr(x, true, RAX, a);
        out_unary(x, true, is_signed ? UN_IMUL : UN_MUL, b);
        out_mov_rr(x, true, d, RDX);
        return;
    }
    if (is_signed) {
        op_rr(x, P_W | 0x63, RAX, a);
        op_rr(x, P_W | 0x63, RDX, b);
        op_rr(x, P_W | P_0F | 0xaf, RAX, RDX);
    } else {
        out_mov_rr(x, true, RAX, a);
        op_rr(x, P_W | P_0F | 0xaf, RAX, b);
    }
    out_shifti(x, true, SH_SHR, RAX, 32);
    out_mov_rr(x, true, d, RAX);
}

void out_mulsh(X86 *x, TCGOp *op) { mul_high(x, op, true); }
void out_muluh(X86 *x, TCGOp *op) { mul_high(x, op, false); }

/* Division without a host trap: b = 0 and b = -1 (signed) do not reach the instruction. */
static void divide(X86 *x, TCGOp *op, bool is_signed, int result)
{
    bool w = op_is_64(op);
    uint64_t v;
    bool safe = arg_const(op, 2, &v) && v != 0 &&
                (!is_signed || v != (w ? UINT64_MAX : UINT32_MAX));
    int a = ra_in(&x->ra, 1), b = ra_in(&x->ra, 2);
    int d = ra_out(&x->ra, 0);
    uint8_t *skip = NULL, *done = NULL;

    out_mov_rr(x, w, RAX, a);
    if (is_signed) {
        if (!safe) {
            op_rm(x, (w ? P_W : 0) | 0x8d, RDX, MEM(b, 1));
            out_alui(x, w, ALU_CMP, RDX, 1);
            skip = out_jcc_short(x, CC_BE);
        }
        if (w) {
            out8(x, 0x48);
        }
        out8(x, 0x99);                  /* cdq, cqo */
        out_unary(x, w, UN_IDIV, b);
        if (skip) {
            done = out_jcc_short(x, -1);
            patch_short(x, skip);
            out_unary(x, w, UN_NEG, RAX);
            out_alu(x, false, ALU_XOR, RDX, RDX);
            patch_short(x, done);
        }
    } else {
        out_alu(x, false, ALU_XOR, RDX, RDX);
        if (!safe) {
            op_rr(x, (w ? P_W : 0) | 0x85, b, b);
            skip = out_jcc_short(x, CC_E);
        }
        out_unary(x, w, UN_DIV, b);
        if (skip) {
            patch_short(x, skip);
        }
    }
    out_mov_rr(x, w, d, result);
}

void out_div(X86 *x, TCGOp *op) { divide(x, op, true, RAX); }
void out_divu(X86 *x, TCGOp *op) { divide(x, op, false, RAX); }
void out_rem(X86 *x, TCGOp *op) { divide(x, op, true, RDX); }
void out_remu(X86 *x, TCGOp *op) { divide(x, op, false, RDX); }

/* args: d, carry, a, b, c. alu0 without, alu1 with carry in. */
static void with_carry(X86 *x, TCGOp *op, int alu0, int alu1)
{
    bool w = op_is_64(op), carry_out = !ra_dies(&x->ra, 1);
    uint64_t v;
    bool known = arg_const(op, 4, &v);
    int32_t imm = 0;
    bool b_imm = arg_imm32(op, 3, w, &imm);
    int c = known ? NO_REG : ra_in(&x->ra, 4);
    int a = ra_in(&x->ra, 2), b = b_imm ? NO_REG : ra_in(&x->ra, 3);
    int alu = known && !v ? alu0 : alu1;

    out_mov_rr(x, w, RAX, a);
    if (!known) {
        op_rr(x, P_0F | 0xba, 4, c);
        out8(x, 0);
    } else if (v) {
        out8(x, 0xf9);
    }
    if (b_imm) {
        out_alui(x, w, alu, RAX, imm);
    } else {
        out_alu(x, w, alu, RAX, b);
    }
    ra_release_inputs(&x->ra);
    int d = ra_out(&x->ra, 0);
    if (carry_out) {
        int k = ra_out(&x->ra, 1);
        out_setcc(x, CC_B, k);
        out_movzx8(x, k, k);
    }
    out_mov_rr(x, w, d, RAX);
}

void out_addc(X86 *x, TCGOp *op) { with_carry(x, op, ALU_ADD, ALU_ADC); }
void out_subb(X86 *x, TCGOp *op) { with_carry(x, op, ALU_SUB, ALU_SBB); }

static void logic(X86 *x, TCGOp *op, int alu, bool invert)
{
    bool w = op_is_64(op);
    int na, nb, d;
    int32_t imm;

    order_inputs(op, &na, &nb);
    int a = ra_in(&x->ra, na);
    if (arg_imm32(op, nb, w, &imm)) {
        d = ra_out(&x->ra, 0);
        out_mov_rr(x, w, d, a);
        out_alui(x, w, alu, d, imm);
        flags_from(x, w, d);
    } else {
        int b = ra_in(&x->ra, nb);
        d = ra_out(&x->ra, 0);
        alu3(x, w, alu, d, a, b);
    }
    if (invert) {
        out_unary(x, w, UN_NOT, d);
        flags_from(x, w, NO_REG);
    }
}

void out_or(X86 *x, TCGOp *op) { logic(x, op, ALU_OR, false); }
void out_xor(X86 *x, TCGOp *op) { logic(x, op, ALU_XOR, false); }
void out_eqv(X86 *x, TCGOp *op) { logic(x, op, ALU_XOR, true); }
void out_nand(X86 *x, TCGOp *op) { logic(x, op, ALU_AND, true); }
void out_nor(X86 *x, TCGOp *op) { logic(x, op, ALU_OR, true); }

void out_and(X86 *x, TCGOp *op)
{
    int na, nb;
    uint64_t v;

    order_inputs(op, &na, &nb);
    if (!arg_const(op, nb, &v)) {
        logic(x, op, ALU_AND, false);
        return;
    }
    bool low = v == (uint32_t)v;
    if (v == 0xff || v == 0xffff || v == UINT32_MAX) {
        int a = ra_in(&x->ra, na);
        int d = ra_out(&x->ra, 0);
        op_rr(x, v == 0xff ? P_0F | P_BM | 0xb6 : v == 0xffff ? P_0F | 0xb7 : 0x8b, d, a);
    } else if (low) {
        int a = ra_in(&x->ra, na);
        int d = ra_out(&x->ra, 0);
        out_mov_rr(x, false, d, a);
        out_alui(x, false, ALU_AND, d, v);
        flags_from(x, false, d);
    } else {
        logic(x, op, ALU_AND, false);
    }
}

void out_andc(X86 *x, TCGOp *op)
{
    bool w = op_is_64(op);
    int a = ra_in(&x->ra, 1), b = ra_in(&x->ra, 2);
    int d = ra_out(&x->ra, 0);

    if (host.bmi1) {
        vex_rr(x, (w ? P_W : 0) | P_0F38 | 0xf2, d, b, a);
    } else {
        out_mov_rr(x, w, RAX, b);
        out_unary(x, w, UN_NOT, RAX);
        out_alu(x, w, ALU_AND, RAX, a);
        out_mov_rr(x, w, d, RAX);
    }
}

void out_orc(X86 *x, TCGOp *op)
{
    bool w = op_is_64(op);
    int a = ra_in(&x->ra, 1), b = ra_in(&x->ra, 2);
    int d = ra_out(&x->ra, 0);
    int t = d == a ? RAX : d;

    out_mov_rr(x, w, t, b);
    out_unary(x, w, UN_NOT, t);
    alu3(x, w, ALU_OR, d, t, a);
}

/* Shift by a register that is not rcx: through rcx, whose owner waits in rdx. */
static void shift_by_cl(X86 *x, bool w, int ext, int d, int a, int b)
{
    out_mov_rr(x, w, RAX, a);
    if (b != RCX) {
        out_mov_rr(x, true, RDX, RCX);
        out_mov_rr(x, false, RCX, b);
    }
    op_rr(x, (w ? P_W : 0) | 0xd3, ext, RAX);
    if (b != RCX) {
        out_mov_rr(x, true, RCX, RDX);
    }
    out_mov_rr(x, w, d, RAX);
}

static void shift(X86 *x, TCGOp *op, int ext, int bmi_prefix)
{
    bool w = op_is_64(op);
    uint64_t v;
    int a = ra_in(&x->ra, 1);

    if (arg_const(op, 2, &v)) {
        int d = ra_out(&x->ra, 0), count = v & (width(op) - 1);
        if (ext == SH_SHL && count == 1 && d != a) {
            op_rm(x, (w ? P_W : 0) | 0x8d, d, MEMX(a, a, 0, 0));
        } else if (ext <= SH_ROR && d != a && count && host.bmi2) {
            vex_rr(x, (w ? P_W : 0) | P_F2 | P_0F3A | 0xf0, d, 0, a);
            out8(x, ext == SH_ROR ? count : width(op) - count);
        } else {
            out_mov_rr(x, w, d, a);
            out_shifti(x, w, ext, d, count);
        }
        return;
    }
    int b = ra_in(&x->ra, 2);
    int d = ra_out(&x->ra, 0);
    if (bmi_prefix && host.bmi2) {
        vex_rr(x, (w ? P_W : 0) | bmi_prefix | P_0F38 | 0xf7, d, b, a);
    } else {
        shift_by_cl(x, w, ext, d, a, b);
    }
}

void out_shl(X86 *x, TCGOp *op) { shift(x, op, SH_SHL, P_66); }
void out_shr(X86 *x, TCGOp *op) { shift(x, op, SH_SHR, P_F2); }
void out_sar(X86 *x, TCGOp *op) { shift(x, op, SH_SAR, P_F3); }
void out_rotl(X86 *x, TCGOp *op) { shift(x, op, SH_ROL, 0); }
void out_rotr(X86 *x, TCGOp *op) { shift(x, op, SH_ROR, 0); }

static void count_zeros(X86 *x, TCGOp *op, bool leading)
{
    bool w = op_is_64(op), native = leading ? host.lzcnt : host.bmi1;
    int wide = w ? P_W : 0;
    uint64_t v;
    bool plain = native && arg_const(op, 2, &v) && v == (uint64_t)width(op);
    int a = ra_in(&x->ra, 1), b = plain ? NO_REG : ra_in(&x->ra, 2);
    int d = ra_out(&x->ra, 0);
    int opc = wide | P_0F | (leading ? 0xbd : 0xbc);

    if (plain) {
        op_rr(x, opc | P_F3, d, a);
    } else if (native) {
        op_rr(x, opc | P_F3, RAX, a);
        op_rr(x, wide | P_0F | 0x40 | CC_B, RAX, b);
        out_mov_rr(x, w, d, RAX);
    } else {
        op_rr(x, opc, RAX, a);
        uint8_t *zero = out_jcc_short(x, CC_E);
        if (leading) {
            out_alui(x, w, ALU_XOR, RAX, width(op) - 1);
        }
        uint8_t *done = out_jcc_short(x, -1);
        patch_short(x, zero);
        out_mov_rr(x, w, RAX, b);
        patch_short(x, done);
        out_mov_rr(x, w, d, RAX);
    }
}

void out_clz(X86 *x, TCGOp *op) { count_zeros(x, op, true); }
void out_ctz(X86 *x, TCGOp *op) { count_zeros(x, op, false); }

/* d = a through an instruction with two register operands. */
static void convert(X86 *x, TCGOp *op, int opc)
{
    int a = ra_in(&x->ra, 1);
    int d = ra_out(&x->ra, 0);

    op_rr(x, opc, d, a);
}

static int wide_bit(const TCGOp *op) { return op_is_64(op) ? P_W : 0; }

void out_ctpop(X86 *x, TCGOp *op) { convert(x, op, wide_bit(op) | P_F3 | P_0F | 0xb8); }
void out_ext8s(X86 *x, TCGOp *op) { convert(x, op, wide_bit(op) | P_BM | P_0F | 0xbe); }
void out_ext8u(X86 *x, TCGOp *op) { convert(x, op, P_BM | P_0F | 0xb6); }
void out_ext16s(X86 *x, TCGOp *op) { convert(x, op, wide_bit(op) | P_0F | 0xbf); }
void out_ext16u(X86 *x, TCGOp *op) { convert(x, op, P_0F | 0xb7); }
void out_ext32s_i64(X86 *x, TCGOp *op) { convert(x, op, P_W | 0x63); }
void out_ext32u_i64(X86 *x, TCGOp *op) { convert(x, op, 0x8b); }
void out_ext_i32_i64(X86 *x, TCGOp *op) { convert(x, op, P_W | 0x63); }
void out_extrl_i64_i32(X86 *x, TCGOp *op) { convert(x, op, 0x8b); }

void out_extu_i32_i64(X86 *x, TCGOp *op)
{
    int a = ra_in(&x->ra, 1);
    int d = ra_out(&x->ra, 0);

    out_mov_rr(x, false, d, a);
}

void out_extrh_i64_i32(X86 *x, TCGOp *op)
{
    int a = ra_in(&x->ra, 1);
    int d = ra_out(&x->ra, 0);

    out_mov_rr(x, true, d, a);
    out_shifti(x, true, SH_SHR, d, 32);
}

void out_bswap16(X86 *x, TCGOp *op)
{
    int a = ra_in(&x->ra, 1);
    int d = ra_out(&x->ra, 0);

    out_mov_rr(x, false, d, a);
    op_rr(x, P_66 | 0xc1, SH_ROL, d);
    out8(x, 8);
    op_rr(x, P_0F | 0xb7, d, d);
}

static void out_bswap(X86 *x, bool w, int d)
{
    op_rr(x, (w ? P_W : 0) | P_0F | 0xc8 | (d & 7), 0, d);
    x->p--;
}

void out_bswap32(X86 *x, TCGOp *op)
{
    int a = ra_in(&x->ra, 1);
    int d = ra_out(&x->ra, 0);

    out_mov_rr(x, false, d, a);
    out_bswap(x, false, d);
}

void out_bswap64_i64(X86 *x, TCGOp *op)
{
    int a = ra_in(&x->ra, 1);
    int d = ra_out(&x->ra, 0);

    out_mov_rr(x, true, d, a);
    out_bswap(x, true, d);
}

/* d = low len bits of a << ofs. */
static void place_field(X86 *x, bool w, int d, int a, int ofs, int len)
{
    int bits = w ? 64 : 32;

    if (ofs + len == bits) {
        out_mov_rr(x, w, d, a);
    } else if (len == 8) {
        out_movzx8(x, d, a);
    } else if (len == 16) {
        op_rr(x, P_0F | 0xb7, d, a);
    } else if (len < 32) {
        out_mov_rr(x, false, d, a);
        out_alui(x, false, ALU_AND, d, (INT64_C(1) << len) - 1);
    } else {
        out_mov_rr(x, w, d, a);
        out_shifti(x, w, SH_SHL, d, bits - len);
        out_shifti(x, w, SH_SHR, d, bits - len - ofs);
        return;
    }
    out_shifti(x, w, SH_SHL, d, ofs);
}

/* Low byte or word of d = that of a; the host merges without a stall. */
static void merge_low(X86 *x, int d, int a, int len)
{
    if (len == 8) {
        op_rr(x, P_B | P_BM | 0x88, a, d);
    } else {
        op_rr(x, P_66 | 0x89, a, d);
    }
}

/* Parts that the host can write alone: bits 0-7, 8-15, 0-15. */
static bool deposit_part(X86 *x, TCGOp *op)
{
    bool w = op_is_64(op);
    int ofs = op->args[3], len = op->args[4];
    uint64_t a_value, b_value;
    bool of_const = arg_const(op, 2, &b_value);

    if (!((len == 8 && (ofs == 0 || ofs == 8)) || (len == 16 && ofs == 0)) || arg_const(op, 1, &a_value)) {
        return false;
    }
    int a = ra_in(&x->ra, 1), b = of_const ? RAX : ra_in(&x->ra, 2);
    int d = ra_out(&x->ra, 0);

    if (of_const) {
        out_movi(x, RAX, b_value & ((1 << len) - 1));
    } else if (d == b && d != a) {
        out_mov_rr(x, false, RAX, b);
        b = RAX;
    } else if (a == b && ofs) {
        out_mov_rr(x, false, RAX, b);   /* the rotation moves it */
        b = RAX;
    }
    out_mov_rr(x, w, d, a);
    if (ofs) {
        out_shifti(x, w, SH_ROR, d, ofs);
    }
    merge_low(x, d, b, len);
    if (ofs) {
        out_shifti(x, w, SH_ROL, d, ofs);
    }
    return true;
}

void out_deposit(X86 *x, TCGOp *op)
{
    if (deposit_part(x, op)) {
        return;
    }
    bool w = op_is_64(op);
    int ofs = op->args[3], len = op->args[4];
    uint64_t v, mask = (len == 64 ? UINT64_MAX : (UINT64_C(1) << len) - 1) << ofs;
    bool into_zero = arg_const(op, 1, &v) && v == 0;
    bool of_const = arg_const(op, 2, &v);
    uint64_t field = v << ofs & mask;
    int a = into_zero ? NO_REG : ra_in(&x->ra, 1), b = of_const ? NO_REG : ra_in(&x->ra, 2);
    int d = ra_out(&x->ra, 0);

    if (into_zero && !of_const) {
        place_field(x, w, d, b, ofs, len);
        return;
    }
    if (of_const) {
        out_movi(x, RAX, field);
    } else {
        place_field(x, w, RAX, b, ofs, len);
    }
    if (into_zero) {
        out_mov_rr(x, w, d, RAX);
        return;
    }
    uint64_t keep = w ? ~mask : (uint32_t)~mask;
    out_mov_rr(x, w, d, a);
    if (!w || (int64_t)keep == (int32_t)keep) {
        out_alui(x, w, ALU_AND, d, keep);
    } else if (keep == (uint32_t)keep) {
        out_trunc(x, d, d);
        out_alui(x, false, ALU_AND, d, keep);
    } else {
        out_movi(x, RDX, keep);
        out_alu(x, true, ALU_AND, d, RDX);
    }
    if (!of_const || field) {
        out_alu(x, w, ALU_OR, d, RAX);
    }
}

void out_extract(X86 *x, TCGOp *op)
{
    bool w = op_is_64(op);
    int ofs = op->args[2], len = op->args[3];
    int a = ra_in(&x->ra, 1);
    int d = ra_out(&x->ra, 0);

    if (ofs + len == width(op)) {
        out_mov_rr(x, w, d, a);
        out_shifti(x, w, SH_SHR, d, ofs);
    } else if (ofs == 0 && len == 32) {
        out_trunc(x, d, a);
    } else if (ofs + len == 32) {
        out_trunc(x, d, a);
        out_shifti(x, false, SH_SHR, d, ofs);
    } else if (len > 31) {
        out_mov_rr(x, w, d, a);
        out_shifti(x, w, SH_SHL, d, 64 - len - ofs);
        out_shifti(x, w, SH_SHR, d, 64 - len);
    } else {
        int from = a;
        if (ofs) {
            out_mov_rr(x, w, d, a);
            out_shifti(x, w, SH_SHR, d, ofs);
            from = d;
        }
        if (len == 8) {
            out_movzx8(x, d, from);
        } else if (len == 16) {
            op_rr(x, P_0F | 0xb7, d, from);
        } else {
            out_mov_rr(x, false, d, from);
            out_alui(x, false, ALU_AND, d, (INT64_C(1) << len) - 1);
        }
    }
}

void out_sextract(X86 *x, TCGOp *op)
{
    bool w = op_is_64(op);
    int wide = w ? P_W : 0, ofs = op->args[2], len = op->args[3];
    int a = ra_in(&x->ra, 1);
    int d = ra_out(&x->ra, 0);

    if (ofs == 0 && len == 8) {
        op_rr(x, wide | P_0F | P_BM | 0xbe, d, a);
    } else if (ofs == 0 && len == 16) {
        op_rr(x, wide | P_0F | 0xbf, d, a);
    } else if (ofs == 0 && len == 32 && w) {
        op_rr(x, P_W | 0x63, d, a);
    } else {
        out_mov_rr(x, w, d, a);
        out_shifti(x, w, SH_SHL, d, width(op) - len - ofs);
        out_shifti(x, w, SH_SAR, d, width(op) - len);
    }
}

/* Compares inputs n and n+1; returns the condition code to use. */
static int compare(X86 *x, TCGOp *op, bool w, int n, TCGCond cond)
{
    int32_t imm;
    uint64_t v;
    bool test = cond == TCG_COND_TSTEQ || cond == TCG_COND_TSTNE;
    int a = ra_in(&x->ra, n);

    if (test && arg_const(op, n + 1, &v) && v == (uint32_t)v) {
        out_testi(x, a, v);
    } else if (!test && arg_imm32(op, n + 1, w, &imm)) {
        bool equality = cond == TCG_COND_EQ || cond == TCG_COND_NE;

        if (imm == 0 && equality && x->flags_reg == a && x->flags_wide <= w) {
            return cond_cc[cond];
        }
        if (imm == 0) {
            op_rr(x, (w ? P_W : 0) | 0x85, a, a);
        } else {
            out_alui(x, w, ALU_CMP, a, imm);
        }
    } else {
        int b = ra_in(&x->ra, n + 1);
        if (test) {
            op_rr(x, (w ? P_W : 0) | 0x85, b, a);
        } else {
            out_alu(x, w, ALU_CMP, a, b);
        }
    }
    return cond_cc[cond];
}

/* Conditions that need no comparison. */
static bool constant_cond(TCGCond cond) { return cond <= TCG_COND_ALWAYS; }

static void set_by_cond(X86 *x, TCGOp *op, bool negate)
{
    bool w = op_is_64(op);
    TCGCond cond = op->args[3];
    uint64_t v;

    if (constant_cond(cond)) {
        out_movi(x, ra_out(&x->ra, 0), cond == TCG_COND_NEVER ? 0 : !negate ? 1 :
                 w ? UINT64_MAX : UINT32_MAX);
        return;
    }
    if (cond == TCG_COND_LT && arg_const(op, 2, &v) && v == 0) {
        int a = ra_in(&x->ra, 1);
        int d = ra_out(&x->ra, 0);
        out_mov_rr(x, w, d, a);
        out_shifti(x, w, negate ? SH_SAR : SH_SHR, d, width(op) - 1);
        return;
    }
    int cc = compare(x, op, w, 1, cond);
    int d = ra_out(&x->ra, 0);
    if (negate && cc == CC_B) {
        out_alu(x, w, ALU_SBB, d, d);
        return;
    }
    out_setcc(x, cc, d);
    out_movzx8(x, d, d);
    if (negate) {
        out_unary(x, w, UN_NEG, d);
    }
}

void out_setcond(X86 *x, TCGOp *op) { set_by_cond(x, op, false); }
void out_negsetcond(X86 *x, TCGOp *op) { set_by_cond(x, op, true); }

void out_movcond(X86 *x, TCGOp *op)
{
    bool w = op_is_64(op);
    int wide = w ? P_W : 0;
    TCGCond cond = op->args[5];

    if (constant_cond(cond)) {
        int a = ra_in(&x->ra, cond == TCG_COND_ALWAYS ? 3 : 4);
        int d = ra_out(&x->ra, 0);
        out_mov_rr(x, w, d, a);
        return;
    }
    int cc = compare(x, op, w, 1, cond);
    int e = ra_in(&x->ra, 3), f = ra_in(&x->ra, 4);
    int d = ra_out(&x->ra, 0);
    if (d == e) {
        op_rr(x, wide | P_0F | 0x40 | (cc ^ 1), d, f);
    } else {
        out_mov_rr(x, w, d, f);
        op_rr(x, wide | P_0F | 0x40 | cc, d, e);
    }
}

void out_brcond(X86 *x, TCGOp *op)
{
    bool w = op_is_64(op);
    TCGCond cond = op->args[2];

    if (constant_cond(cond)) {
        out_sync_for_branch(x, op);
        if (cond == TCG_COND_ALWAYS) {
            jump_label(x, -1, arg_label(op->args[3]));
        }
        return;
    }
    int cc = compare(x, op, w, 0, cond);
    out_sync_for_branch(x, op);
    jump_label(x, cc, arg_label(op->args[3]));
}

/* --- host memory --- */

static Mem host_mem(X86 *x, TCGOp *op, int n)
{
    intptr_t offset = op->args[n + 1];
    int base = ra_in(&x->ra, n);

    if (offset != (int32_t)offset) {
        out_movi(x, RAX, offset);
        return MEMX(base, RAX, 0, 0);
    }
    return MEM(base, offset);
}

static void load(X86 *x, TCGOp *op, int opc)
{
    Mem m = host_mem(x, op, 1);
    op_rm(x, opc, ra_out(&x->ra, 0), m);
}

void out_ld8u(X86 *x, TCGOp *op) { load(x, op, P_0F | 0xb6); }
void out_ld8s(X86 *x, TCGOp *op) { load(x, op, wide_bit(op) | P_0F | 0xbe); }
void out_ld16u(X86 *x, TCGOp *op) { load(x, op, P_0F | 0xb7); }
void out_ld16s(X86 *x, TCGOp *op) { load(x, op, wide_bit(op) | P_0F | 0xbf); }
void out_ld(X86 *x, TCGOp *op) { load(x, op, wide_bit(op) | 0x8b); }
void out_ld32u_i64(X86 *x, TCGOp *op) { load(x, op, 0x8b); }
void out_ld32s_i64(X86 *x, TCGOp *op) { load(x, op, P_W | 0x63); }

static void store(X86 *x, TCGOp *op, int bytes)
{
    int wide = bytes == 8 ? P_W : bytes == 2 ? P_66 : 0;
    uint64_t v;

    if (arg_const(op, 0, &v) && (bytes < 8 || (int64_t)v == (int32_t)v)) {
        int imm_bytes = bytes == 8 ? 4 : bytes;
        Mem m = host_mem(x, op, 1);
        op_rm_imm(x, wide | (bytes == 1 ? 0xc6 : 0xc7), 0, m, imm_bytes);
        memcpy(x->p, &v, imm_bytes);
        x->p += imm_bytes;
        return;
    }
    int a = ra_in(&x->ra, 0);
    Mem m = host_mem(x, op, 1);
    op_rm(x, wide | (bytes == 1 ? P_B | 0x88 : 0x89), a, m);
}

void out_st8(X86 *x, TCGOp *op) { store(x, op, 1); }
void out_st16(X86 *x, TCGOp *op) { store(x, op, 2); }
void out_st(X86 *x, TCGOp *op) { store(x, op, op_is_64(op) ? 8 : 4); }
void out_st32_i64(X86 *x, TCGOp *op) { store(x, op, 4); }
