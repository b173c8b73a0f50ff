/*
 * The instruction table: INSN(name, form, match, mask, function, data, operands).
 *
 * A 32-bit instruction belongs to the row when (insn & mask) == match; bits outside the
 * mask are operands. 16-bit instructions are expanded first (compressed.c). The
 * meaning is gen_FUNCTION() in translate-*.c, which reads the data. operands are for the
 * disassembler: d rd, 1 rs1, 2 rs2, i I-immediate, s S-immediate, b branch target,
 * j jump target, u upper immediate, h shift amount, c CSR, z CSR's immediate.
 *
 * Read with several meanings of INSN: no include guard.
 *
 * SPDX-License-Identifier: MIT
 */

/* --- RV32I (volume I, chapter 24) --- */
INSN(lui,     U, 0x00000037, 0x0000007f, lui,     .ends = false, "d,u")
INSN(auipc,   U, 0x00000017, 0x0000007f, auipc,   .ends = false, "d,u")
INSN(jal,     J, 0x0000006f, 0x0000007f, jal,     .ends = true, "d,j")
INSN(jalr,    I, 0x00000067, 0x0000707f, jalr,    .ends = true, "d,i(1)")
INSN(beq,     B, 0x00000063, 0x0000707f, branch,  .cond = TCG_COND_EQ, "1,2,b")
INSN(bne,     B, 0x00001063, 0x0000707f, branch,  .cond = TCG_COND_NE, "1,2,b")
INSN(blt,     B, 0x00004063, 0x0000707f, branch,  .cond = TCG_COND_LT, "1,2,b")
INSN(bge,     B, 0x00005063, 0x0000707f, branch,  .cond = TCG_COND_GE, "1,2,b")
INSN(bltu,    B, 0x00006063, 0x0000707f, branch,  .cond = TCG_COND_LTU, "1,2,b")
INSN(bgeu,    B, 0x00007063, 0x0000707f, branch,  .cond = TCG_COND_GEU, "1,2,b")
INSN(lb,      I, 0x00000003, 0x0000707f, load,    .memop = MO_SB, "d,i(1)")
INSN(lh,      I, 0x00001003, 0x0000707f, load,    .memop = MO_LESW, "d,i(1)")
INSN(lw,      I, 0x00002003, 0x0000707f, load,    .memop = MO_LEUL, "d,i(1)")
INSN(lbu,     I, 0x00004003, 0x0000707f, load,    .memop = MO_UB, "d,i(1)")
INSN(lhu,     I, 0x00005003, 0x0000707f, load,    .memop = MO_LEUW, "d,i(1)")
INSN(sb,      S, 0x00000023, 0x0000707f, store,   .memop = MO_UB, "2,s(1)")
INSN(sh,      S, 0x00001023, 0x0000707f, store,   .memop = MO_LEUW, "2,s(1)")
INSN(sw,      S, 0x00002023, 0x0000707f, store,   .memop = MO_LEUL, "2,s(1)")
INSN(addi,    I, 0x00000013, 0x0000707f, alu_imm, .op3 = tcg_gen_add_i32, "d,1,i")
INSN(slti,    I, 0x00002013, 0x0000707f, set_imm, .cond = TCG_COND_LT, "d,1,i")
INSN(sltiu,   I, 0x00003013, 0x0000707f, set_imm, .cond = TCG_COND_LTU, "d,1,i")
INSN(xori,    I, 0x00004013, 0x0000707f, alu_imm, .op3 = tcg_gen_xor_i32, "d,1,i")
INSN(ori,     I, 0x00006013, 0x0000707f, alu_imm, .op3 = tcg_gen_or_i32, "d,1,i")
INSN(andi,    I, 0x00007013, 0x0000707f, alu_imm, .op3 = tcg_gen_and_i32, "d,1,i")
INSN(slli,    I, 0x00001013, 0xfe00707f, shift_imm, .op3 = tcg_gen_shl_i32, "d,1,h")
INSN(srli,    I, 0x00005013, 0xfe00707f, shift_imm, .op3 = tcg_gen_shr_i32, "d,1,h")
INSN(srai,    I, 0x40005013, 0xfe00707f, shift_imm, .op3 = tcg_gen_sar_i32, "d,1,h")
INSN(add,     R, 0x00000033, 0xfe00707f, alu,     .op3 = tcg_gen_add_i32, "d,1,2")
INSN(sub,     R, 0x40000033, 0xfe00707f, alu,     .op3 = tcg_gen_sub_i32, "d,1,2")
INSN(sll,     R, 0x00001033, 0xfe00707f, shift,   .op3 = tcg_gen_shl_i32, "d,1,2")
INSN(slt,     R, 0x00002033, 0xfe00707f, set,     .cond = TCG_COND_LT, "d,1,2")
INSN(sltu,    R, 0x00003033, 0xfe00707f, set,     .cond = TCG_COND_LTU, "d,1,2")
INSN(xor,     R, 0x00004033, 0xfe00707f, alu,     .op3 = tcg_gen_xor_i32, "d,1,2")
INSN(srl,     R, 0x00005033, 0xfe00707f, shift,   .op3 = tcg_gen_shr_i32, "d,1,2")
INSN(sra,     R, 0x40005033, 0xfe00707f, shift,   .op3 = tcg_gen_sar_i32, "d,1,2")
INSN(or,      R, 0x00006033, 0xfe00707f, alu,     .op3 = tcg_gen_or_i32, "d,1,2")
INSN(and,     R, 0x00007033, 0xfe00707f, alu,     .op3 = tcg_gen_and_i32, "d,1,2")
INSN(fence,   I, 0x0000000f, 0x0000707f, fence,   .ends = false, "")
INSN(ecall,   I, 0x00000073, 0xffffffff, ecall,   .ends = true, "")
INSN(ebreak,  I, 0x00100073, 0xffffffff, ebreak,  .ends = true, "")

/* --- Zifencei, Zicsr --- */
INSN(fence_i, I, 0x0000100f, 0x0000707f, fence_i, .ends = true, "")
INSN(csrrw,   I, 0x00001073, 0x0000707f, csr,     .csr = CSR_WRITE, "d,c,1")
INSN(csrrs,   I, 0x00002073, 0x0000707f, csr,     .csr = CSR_SET, "d,c,1")
INSN(csrrc,   I, 0x00003073, 0x0000707f, csr,     .csr = CSR_CLEAR, "d,c,1")
INSN(csrrwi,  I, 0x00005073, 0x0000707f, csr,     .csr = CSR_WRITE | CSR_IMMEDIATE, "d,c,z")
INSN(csrrsi,  I, 0x00006073, 0x0000707f, csr,     .csr = CSR_SET | CSR_IMMEDIATE, "d,c,z")
INSN(csrrci,  I, 0x00007073, 0x0000707f, csr,     .csr = CSR_CLEAR | CSR_IMMEDIATE, "d,c,z")

/* --- M --- */
INSN(mul,     R, 0x02000033, 0xfe00707f, alu,     .op3 = tcg_gen_mul_i32, "d,1,2")
INSN(mulh,    R, 0x02001033, 0xfe00707f, alu,     .op3 = tcg_gen_mulsh_i32, "d,1,2")
INSN(mulhsu,  R, 0x02002033, 0xfe00707f, mulhsu,  .ends = false, "d,1,2")
INSN(mulhu,   R, 0x02003033, 0xfe00707f, alu,     .op3 = tcg_gen_muluh_i32, "d,1,2")
INSN(div,     R, 0x02004033, 0xfe00707f, div,     .ends = false, "d,1,2")
INSN(divu,    R, 0x02005033, 0xfe00707f, divu,    .ends = false, "d,1,2")
INSN(rem,     R, 0x02006033, 0xfe00707f, rem,     .ends = false, "d,1,2")
INSN(remu,    R, 0x02007033, 0xfe00707f, remu,    .ends = false, "d,1,2")

/* --- A: aq and rl are bits 26 and 25 --- */
INSN(lr_w,      R, 0x1000202f, 0xf9f0707f, lr,    .ends = false, "d,(1)")
INSN(sc_w,      R, 0x1800202f, 0xf800707f, sc,    .ends = false, "d,2,(1)")
INSN(amoswap_w, R, 0x0800202f, 0xf800707f, amo,   .amo = AMO_SWAP, "d,2,(1)")
INSN(amoadd_w,  R, 0x0000202f, 0xf800707f, amo,   .amo = AMO_ADD, "d,2,(1)")
INSN(amoxor_w,  R, 0x2000202f, 0xf800707f, amo,   .amo = AMO_XOR, "d,2,(1)")
INSN(amoor_w,   R, 0x4000202f, 0xf800707f, amo,   .amo = AMO_OR, "d,2,(1)")
INSN(amoand_w,  R, 0x6000202f, 0xf800707f, amo,   .amo = AMO_AND, "d,2,(1)")
INSN(amomin_w,  R, 0x8000202f, 0xf800707f, amo,   .amo = AMO_MIN, "d,2,(1)")
INSN(amomax_w,  R, 0xa000202f, 0xf800707f, amo,   .amo = AMO_MAX, "d,2,(1)")
INSN(amominu_w, R, 0xc000202f, 0xf800707f, amo,   .amo = AMO_MINU, "d,2,(1)")
INSN(amomaxu_w, R, 0xe000202f, 0xf800707f, amo,   .amo = AMO_MAXU, "d,2,(1)")

/* --- privileged (volume II, 3.3 and 4.2) --- */
INSN(sret,       I, 0x10200073, 0xffffffff, sret, .ends = true, "")
INSN(mret,       I, 0x30200073, 0xffffffff, mret, .ends = true, "")
INSN(wfi,        I, 0x10500073, 0xffffffff, wfi,  .ends = true, "")
INSN(sfence_vma, R, 0x12000073, 0xfe007fff, sfence_vma, .ends = true, "1,2")
