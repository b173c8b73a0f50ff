/*
 * Compressed instructions (volume I, chapter 16): each stands for a 32-bit one.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-riscv/insn.h"

enum { OP_LOAD = 0x03, OP_IMM = 0x13, OP_STORE = 0x23, OP_REG = 0x33, OP_LUI = 0x37, OP_BRANCH = 0x63, OP_JALR = 0x67,
       OP_JAL = 0x6f, OP_EBREAK = 0x00100073 };
enum { FUNCT_ADD = 0, FUNCT_SLL = 1, FUNCT_LW = 2, FUNCT_XOR = 4, FUNCT_SR = 5, FUNCT_OR = 6, FUNCT_AND = 7,
       FUNCT_BEQ = 0, FUNCT_BNE = 1 };
enum { REG_RA = 1, REG_SP = 2 };
#define ALTERNATE (1u << 30)            /* sub, sra, srai */

/* --- 32-bit encodings ------------------------------------------------------------------------- */

static uint32_t enc_i(unsigned op, unsigned funct3, unsigned rd, unsigned rs1, int32_t imm)
{
    return (uint32_t)imm << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | op;
}

static uint32_t enc_r(unsigned funct3, unsigned rd, unsigned rs1, unsigned rs2)
{
    return rs2 << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | OP_REG;
}

static uint32_t enc_s(unsigned rs2, unsigned rs1, uint32_t imm)
{
    return (imm >> 5 & 0x7f) << 25 | rs2 << 20 | rs1 << 15 | FUNCT_LW << 12 | (imm & 31) << 7 | OP_STORE;
}

static uint32_t enc_b(unsigned funct3, unsigned rs1, uint32_t imm)
{
    return (imm >> 12 & 1) << 31 | (imm >> 5 & 63) << 25 | rs1 << 15 | funct3 << 12 | (imm >> 1 & 15) << 8 |
           (imm >> 11 & 1) << 7 | OP_BRANCH;
}

static uint32_t enc_j(unsigned rd, uint32_t imm)
{
    return (imm >> 20 & 1) << 31 | (imm >> 1 & 0x3ff) << 21 | (imm >> 11 & 1) << 20 | (imm >> 12 & 0xff) << 12 |
           rd << 7 | OP_JAL;
}

/* --- fields of 16-bit encodings ---------------------------------------------------------------- */

/* `count` bits from bit `from` of insn, put to bit `to`. */
static uint32_t move_bits(uint16_t insn, unsigned from, unsigned count, unsigned to)
{
    return (insn >> from & ((1u << count) - 1)) << to;
}

static int32_t sign_extend(uint32_t value, unsigned bits) { return (int32_t)(value << (32 - bits)) >> (32 - bits); }

static unsigned short_reg(uint16_t insn, unsigned from) { return 8 + (insn >> from & 7); }
static int32_t imm6(uint16_t insn) { return sign_extend(move_bits(insn, 12, 1, 5) | move_bits(insn, 2, 5, 0), 6); }

static uint32_t word_offset(uint16_t insn)
{
    return move_bits(insn, 5, 1, 6) | move_bits(insn, 10, 3, 3) | move_bits(insn, 6, 1, 2);
}

static int32_t jump_offset(uint16_t insn)
{
    return sign_extend(move_bits(insn, 12, 1, 11) | move_bits(insn, 8, 1, 10) | move_bits(insn, 9, 2, 8) |
                       move_bits(insn, 6, 1, 7) | move_bits(insn, 7, 1, 6) | move_bits(insn, 2, 1, 5) |
                       move_bits(insn, 11, 1, 4) | move_bits(insn, 3, 3, 1), 12);
}

static int32_t branch_offset(uint16_t insn)
{
    return sign_extend(move_bits(insn, 12, 1, 8) | move_bits(insn, 5, 2, 6) | move_bits(insn, 2, 1, 5) |
                       move_bits(insn, 10, 2, 3) | move_bits(insn, 3, 2, 1), 9);
}

/* --- quadrants (tables 16.5 to 16.7) ------------------------------------------------------------ */

static uint32_t expand_0(uint16_t insn)
{
    unsigned low = short_reg(insn, 2), high = short_reg(insn, 7);
    uint32_t wide = move_bits(insn, 7, 4, 6) | move_bits(insn, 11, 2, 4) | move_bits(insn, 5, 1, 3) |
                    move_bits(insn, 6, 1, 2);

    switch (insn >> 13) {
    case 0:                             /* c.addi4spn; 0 is reserved, all zero bits are illegal */
        return wide ? enc_i(OP_IMM, FUNCT_ADD, low, REG_SP, wide) : 0;
    case 2:                             /* c.lw */
        return enc_i(OP_LOAD, FUNCT_LW, low, high, word_offset(insn));
    case 6:                             /* c.sw */
        return enc_s(low, high, word_offset(insn));
    default:
        return 0;
    }
}

static uint32_t expand_arithmetic(uint16_t insn)
{
    static const uint8_t functs[] = { FUNCT_ADD, FUNCT_XOR, FUNCT_OR, FUNCT_AND };
    unsigned rd = short_reg(insn, 7), which = insn >> 5 & 3;
    bool bit12 = insn >> 12 & 1;

    switch (insn >> 10 & 3) {
    case 0:                             /* c.srli; the sixth bit is for 64-bit registers */
        return bit12 ? 0 : enc_i(OP_IMM, FUNCT_SR, rd, rd, imm6(insn));
    case 1:                             /* c.srai */
        return bit12 ? 0 : enc_i(OP_IMM, FUNCT_SR, rd, rd, imm6(insn)) | ALTERNATE;
    case 2:                             /* c.andi */
        return enc_i(OP_IMM, FUNCT_AND, rd, rd, imm6(insn));
    default:                            /* c.sub, c.xor, c.or, c.and */
        return bit12 ? 0 : enc_r(functs[which], rd, rd, short_reg(insn, 2)) | (which == 0 ? ALTERNATE : 0);
    }
}

static uint32_t expand_1(uint16_t insn)
{
    unsigned rd = insn >> 7 & 31;
    int32_t stack = sign_extend(move_bits(insn, 12, 1, 9) | move_bits(insn, 3, 2, 7) | move_bits(insn, 5, 1, 6) |
                                move_bits(insn, 2, 1, 5) | move_bits(insn, 6, 1, 4), 10);

    switch (insn >> 13) {
    case 0:                             /* c.addi, c.nop */
        return enc_i(OP_IMM, FUNCT_ADD, rd, rd, imm6(insn));
    case 1:                             /* c.jal */
        return enc_j(REG_RA, jump_offset(insn));
    case 2:                             /* c.li */
        return enc_i(OP_IMM, FUNCT_ADD, rd, 0, imm6(insn));
    case 3:                             /* c.addi16sp, c.lui */
        if (rd == REG_SP) {
            return stack ? enc_i(OP_IMM, FUNCT_ADD, REG_SP, REG_SP, stack) : 0;
        }
        return imm6(insn) ? (uint32_t)imm6(insn) << 12 | rd << 7 | OP_LUI : 0;
    case 4:
        return expand_arithmetic(insn);
    case 5:                             /* c.j */
        return enc_j(0, jump_offset(insn));
    case 6:                             /* c.beqz */
        return enc_b(FUNCT_BEQ, short_reg(insn, 7), branch_offset(insn));
    default:                            /* c.bnez */
        return enc_b(FUNCT_BNE, short_reg(insn, 7), branch_offset(insn));
    }
}

static uint32_t expand_2(uint16_t insn)
{
    unsigned rd = insn >> 7 & 31, rs2 = insn >> 2 & 31;
    bool bit12 = insn >> 12 & 1;

    switch (insn >> 13) {
    case 0:                             /* c.slli */
        return bit12 ? 0 : enc_i(OP_IMM, FUNCT_SLL, rd, rd, rs2);
    case 2:                             /* c.lwsp */
        return rd ? enc_i(OP_LOAD, FUNCT_LW, rd, REG_SP,
                          move_bits(insn, 2, 2, 6) | move_bits(insn, 12, 1, 5) | move_bits(insn, 4, 3, 2)) : 0;
    case 4:
        if (rs2) {                      /* c.mv, c.add */
            return enc_r(FUNCT_ADD, rd, bit12 ? rd : 0, rs2);
        }
        if (!rd) {                      /* c.ebreak */
            return bit12 ? OP_EBREAK : 0;
        }
        return enc_i(OP_JALR, 0, bit12 ? REG_RA : 0, rd, 0);    /* c.jr, c.jalr */
    case 6:                             /* c.swsp */
        return enc_s(rs2, REG_SP, move_bits(insn, 7, 2, 6) | move_bits(insn, 9, 4, 2));
    default:
        return 0;
    }
}

uint32_t riscv_expand(uint16_t insn)
{
    switch (insn & 3) {
    case 0:
        return expand_0(insn);
    case 1:
        return expand_1(insn);
    default:
        return expand_2(insn);
    }
}
