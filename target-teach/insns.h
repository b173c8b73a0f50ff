/*
 * The whole instruction set of Teach: INSN(name, opcode, form, function, data).
 *
 * A word is opcode[31:26] rd[25:22] ra[21:18], then rb[17:14] or imm[17:0] (signed).
 *   R  rd, ra, rb      bits 13-0 are zero
 *   I  rd, ra, imm
 *   B  rd, ra, target  pc + 4 * imm
 *   J  rd, target      pc + 4 * imm[21:0]
 *   U  rd, imm         ra is zero
 *   N  none            everything else is zero
 * r0 reads as 0. Opcodes without a row, and what is not zero where it has to be,
 * are illegal. The meaning of a row is gen_FUNCTION() in translate.c, which reads
 * the data. Read with several meanings of INSN: no include guard.
 *
 * SPDX-License-Identifier: MIT
 */
INSN(add,   0x01, R, alu,     .op3 = tcg_gen_add_i32)
INSN(sub,   0x02, R, alu,     .op3 = tcg_gen_sub_i32)
INSN(and,   0x03, R, alu,     .op3 = tcg_gen_and_i32)
INSN(or,    0x04, R, alu,     .op3 = tcg_gen_or_i32)
INSN(xor,   0x05, R, alu,     .op3 = tcg_gen_xor_i32)
INSN(shl,   0x06, R, shift,   .op3 = tcg_gen_shl_i32)       /* by rb[4:0] */
INSN(shr,   0x07, R, shift,   .op3 = tcg_gen_shr_i32)
INSN(sar,   0x08, R, shift,   .op3 = tcg_gen_sar_i32)
INSN(mul,   0x09, R, alu,     .op3 = tcg_gen_mul_i32)
INSN(divu,  0x0a, R, divu,    .ends = false)                /* by 0: all ones */
INSN(slt,   0x0b, R, set,     .cond = TCG_COND_LT)
INSN(sltu,  0x0c, R, set,     .cond = TCG_COND_LTU)
INSN(addi,  0x10, I, alu_imm, .op3 = tcg_gen_add_i32)
INSN(andi,  0x11, I, alu_imm, .op3 = tcg_gen_and_i32)
INSN(ori,   0x12, I, alu_imm, .op3 = tcg_gen_or_i32)
INSN(xori,  0x13, I, alu_imm, .op3 = tcg_gen_xor_i32)
INSN(shli,  0x14, I, shli,    .ends = false)                /* by imm[4:0] */
INSN(lui,   0x15, U, lui,     .ends = false)                /* rd = imm << 14 */
INSN(ldw,   0x18, I, load,    .memop = MO_LEUL | MO_ALIGN)
INSN(ldb,   0x19, I, load,    .memop = MO_UB)
INSN(stw,   0x1a, I, store,   .memop = MO_LEUL | MO_ALIGN)
INSN(stb,   0x1b, I, store,   .memop = MO_UB)
INSN(beq,   0x20, B, branch,  .cond = TCG_COND_EQ)
INSN(bne,   0x21, B, branch,  .cond = TCG_COND_NE)
INSN(blt,   0x22, B, branch,  .cond = TCG_COND_LT)
INSN(bltu,  0x23, B, branch,  .cond = TCG_COND_LTU)
INSN(jal,   0x24, J, jal,     .ends = true)                 /* rd = next pc */
INSN(jr,    0x25, I, jr,      .ends = true)                 /* rd = next pc, pc = (ra + imm) & ~3 */
INSN(trap,  0x30, N, trap,    .ends = true)
INSN(iret,  0x31, N, iret,    .ends = true)
INSN(wait,  0x32, N, wait,    .ends = true)                 /* until an interrupt is wanted */
INSN(mfs,   0x33, U, mfs,     .ends = false)                /* special register imm of cpu.h */
INSN(mts,   0x34, U, mts,     .ends = true)
