/*
 * Rows of the x87 and MMX-state instructions. See insns.h. Rows that cover several
 * instructions tell them apart by the reg field, as the host's unit does; without a
 * row are the encodings that the SDM leaves reserved. Aliases that all processors
 * have (FSTP1, FCOM2, ..) are included.
 *
 * SPDX-License-Identifier: MIT
 */
/*   name            map    opcode prefix modrm              operands    needs */
INSN(fwait,          M_1,   0x9b,  ANY,   NONE,              OPS(),      FN)
/* fadd fmul fcom fcomp fsub fsubr fdiv fdivr; fiadd .. fidivr */
INSN(x87_arith_mem,  M_1,   0xd8,  ANY,   MEM,               OPS(Md),    FN | FPU)
INSN(x87_arith_mem,  M_1,   0xda,  ANY,   MEM,               OPS(Md),    FN | FPU)
INSN(x87_arith_mem,  M_1,   0xdc,  ANY,   MEM,               OPS(Mq),    FN | FPU)
INSN(x87_arith_mem,  M_1,   0xde,  ANY,   MEM,               OPS(Mw),    FN | FPU)
/* fld, fild */
INSN(x87_load,       M_1,   0xd9,  ANY,   MEM | REG(0),      OPS(Md),    FN | FPU)
INSN(x87_load,       M_1,   0xdd,  ANY,   MEM | REG(0),      OPS(Mq),    FN | FPU)
INSN(x87_load,       M_1,   0xdf,  ANY,   MEM | REG(0),      OPS(Mw),    FN | FPU)
INSN(x87_load,       M_1,   0xdb,  ANY,   MEM | REG(0),      OPS(Md),    FN | FPU)
INSN(x87_load,       M_1,   0xdf,  ANY,   MEM | REG(5),      OPS(Mq),    FN | FPU)
INSN(fld_m80,        M_1,   0xdb,  ANY,   MEM | REG(5),      OPS(Mt),    FN | FPU)
INSN(fbld,           M_1,   0xdf,  ANY,   MEM | REG(4),      OPS(Mt),    FN | FPU)
/* fst, fstp, fist, fistp, fisttp */
INSN(x87_store,      M_1,   0xd9,  ANY,   MEM | REG(2),      OPS(Md),    FN | FPU)
INSN(x87_store,      M_1,   0xd9,  ANY,   MEM | REG(3),      OPS(Md),    FN | FPU)
INSN(x87_store,      M_1,   0xdd,  ANY,   MEM | REG(2),      OPS(Mq),    FN | FPU)
INSN(x87_store,      M_1,   0xdd,  ANY,   MEM | REG(3),      OPS(Mq),    FN | FPU)
INSN(x87_store,      M_1,   0xdf,  ANY,   MEM | REG(2),      OPS(Mw),    FN | FPU)
INSN(x87_store,      M_1,   0xdf,  ANY,   MEM | REG(3),      OPS(Mw),    FN | FPU)
INSN(x87_store,      M_1,   0xdb,  ANY,   MEM | REG(2),      OPS(Md),    FN | FPU)
INSN(x87_store,      M_1,   0xdb,  ANY,   MEM | REG(3),      OPS(Md),    FN | FPU)
INSN(x87_store,      M_1,   0xdf,  ANY,   MEM | REG(7),      OPS(Mq),    FN | FPU)
INSN(x87_store,      M_1,   0xdb,  ANY,   MEM | REG(1),      OPS(Md),    FN | FPU | CPUID_SSE3)
INSN(x87_store,      M_1,   0xdd,  ANY,   MEM | REG(1),      OPS(Mq),    FN | FPU | CPUID_SSE3)
INSN(x87_store,      M_1,   0xdf,  ANY,   MEM | REG(1),      OPS(Mw),    FN | FPU | CPUID_SSE3)
INSN(x87_store_ten,  M_1,   0xdb,  ANY,   MEM | REG(7),      OPS(Mt),    FN | FPU)
INSN(x87_store_ten,  M_1,   0xdf,  ANY,   MEM | REG(6),      OPS(Mt),    FN | FPU)
/* control */
INSN(fldenv,         M_1,   0xd9,  ANY,   MEM | REG(4),      OPS(M),     FN | FPU | ENDS)
INSN(fldcw,          M_1,   0xd9,  ANY,   MEM | REG(5),      OPS(Mw),    FN | FPU)
INSN(fnstenv,        M_1,   0xd9,  ANY,   MEM | REG(6),      OPS(M),     FN | FPU | ENDS)
INSN(fnstcw,         M_1,   0xd9,  ANY,   MEM | REG(7),      OPS(Mw),    FN | FPU)
INSN(frstor,         M_1,   0xdd,  ANY,   MEM | REG(4),      OPS(M),     FN | FPU | ENDS)
INSN(fnsave,         M_1,   0xdd,  ANY,   MEM | REG(6),      OPS(M),     FN | FPU | ENDS)
INSN(fnstsw,         M_1,   0xdd,  ANY,   MEM | REG(7),      OPS(Mw),    FN | FPU)
INSN(fnstsw,         M_1,   0xdf,  ANY,   MOD3 | REG(4) | RM(0), OPS(AX), FN | FPU)
INSN(x87_nop,        M_1,   0xdb,  ANY,   MOD3 | REG(4) | RM(0), OPS(),  FN | FPU)      /* feni */
INSN(x87_nop,        M_1,   0xdb,  ANY,   MOD3 | REG(4) | RM(1), OPS(),  FN | FPU)      /* fdisi */
INSN(fnclex,         M_1,   0xdb,  ANY,   MOD3 | REG(4) | RM(2), OPS(),  FN | FPU)
INSN(fninit,         M_1,   0xdb,  ANY,   MOD3 | REG(4) | RM(3), OPS(),  FN | FPU)
INSN(x87_nop,        M_1,   0xdb,  ANY,   MOD3 | REG(4) | RM(4), OPS(),  FN | FPU)      /* fsetpm */
/* registers: arithmetic with ST(0), with ST(i) as destination, and popping */
INSN(x87_reg,        M_1,   0xd8,  ANY,   MOD3,              OPS(),      FN | FPU)
INSN(x87_reg,        M_1,   0xdc,  ANY,   MOD3,              OPS(),      FN | FPU)
INSN(x87_reg,        M_1,   0xde,  ANY,   MOD3 | REG(0),     OPS(),      FN | FPU)
INSN(x87_reg,        M_1,   0xde,  ANY,   MOD3 | REG(1),     OPS(),      FN | FPU)
INSN(x87_reg,        M_1,   0xde,  ANY,   MOD3 | REG(2),     OPS(),      FN | FPU)
INSN(x87_reg,        M_1,   0xde,  ANY,   MOD3 | REG(3) | RM(1), OPS(),  FN | FPU)      /* fcompp */
INSN(x87_reg,        M_1,   0xde,  ANY,   MOD3 | REG(4),     OPS(),      FN | FPU)
INSN(x87_reg,        M_1,   0xde,  ANY,   MOD3 | REG(5),     OPS(),      FN | FPU)
INSN(x87_reg,        M_1,   0xde,  ANY,   MOD3 | REG(6),     OPS(),      FN | FPU)
INSN(x87_reg,        M_1,   0xde,  ANY,   MOD3 | REG(7),     OPS(),      FN | FPU)
/* fld, fxch, fnop, fstp */
INSN(x87_reg,        M_1,   0xd9,  ANY,   MOD3 | REG(0),     OPS(),      FN | FPU)
INSN(x87_reg,        M_1,   0xd9,  ANY,   MOD3 | REG(1),     OPS(),      FN | FPU)
INSN(x87_reg,        M_1,   0xd9,  ANY,   MOD3 | REG(2) | RM(0), OPS(),  FN | FPU)
INSN(x87_reg,        M_1,   0xd9,  ANY,   MOD3 | REG(3),     OPS(),      FN | FPU)
/* fchs fabs ftst fxam; constants; functions */
INSN(x87_reg,        M_1,   0xd9,  ANY,   MOD3 | REG(4) | RM(0), OPS(),  FN | FPU)
INSN(x87_reg,        M_1,   0xd9,  ANY,   MOD3 | REG(4) | RM(1), OPS(),  FN | FPU)
INSN(x87_reg,        M_1,   0xd9,  ANY,   MOD3 | REG(4) | RM(4), OPS(),  FN | FPU)
INSN(x87_reg,        M_1,   0xd9,  ANY,   MOD3 | REG(4) | RM(5), OPS(),  FN | FPU)
INSN(x87_reg,        M_1,   0xd9,  ANY,   MOD3 | REG(5) | RM(0), OPS(),  FN | FPU)
INSN(x87_reg,        M_1,   0xd9,  ANY,   MOD3 | REG(5) | RM(1), OPS(),  FN | FPU)
INSN(x87_reg,        M_1,   0xd9,  ANY,   MOD3 | REG(5) | RM(2), OPS(),  FN | FPU)
INSN(x87_reg,        M_1,   0xd9,  ANY,   MOD3 | REG(5) | RM(3), OPS(),  FN | FPU)
INSN(x87_reg,        M_1,   0xd9,  ANY,   MOD3 | REG(5) | RM(4), OPS(),  FN | FPU)
INSN(x87_reg,        M_1,   0xd9,  ANY,   MOD3 | REG(5) | RM(5), OPS(),  FN | FPU)
INSN(x87_reg,        M_1,   0xd9,  ANY,   MOD3 | REG(5) | RM(6), OPS(),  FN | FPU)
INSN(x87_reg,        M_1,   0xd9,  ANY,   MOD3 | REG(6),     OPS(),      FN | FPU)
INSN(x87_reg,        M_1,   0xd9,  ANY,   MOD3 | REG(7),     OPS(),      FN | FPU)
/* ffree fxch fst fstp fucom fucomp; fucompp; ffreep fxch fstp fstp */
INSN(x87_reg,        M_1,   0xdd,  ANY,   MOD3 | REG(0),     OPS(),      FN | FPU)
INSN(x87_reg,        M_1,   0xdd,  ANY,   MOD3 | REG(1),     OPS(),      FN | FPU)
INSN(x87_reg,        M_1,   0xdd,  ANY,   MOD3 | REG(2),     OPS(),      FN | FPU)
INSN(x87_reg,        M_1,   0xdd,  ANY,   MOD3 | REG(3),     OPS(),      FN | FPU)
INSN(x87_reg,        M_1,   0xdd,  ANY,   MOD3 | REG(4),     OPS(),      FN | FPU)
INSN(x87_reg,        M_1,   0xdd,  ANY,   MOD3 | REG(5),     OPS(),      FN | FPU)
INSN(x87_reg,        M_1,   0xda,  ANY,   MOD3 | REG(5) | RM(1), OPS(),  FN | FPU)
INSN(x87_reg,        M_1,   0xdf,  ANY,   MOD3 | REG(0),     OPS(),      FN | FPU)
INSN(x87_reg,        M_1,   0xdf,  ANY,   MOD3 | REG(1),     OPS(),      FN | FPU)
INSN(x87_reg,        M_1,   0xdf,  ANY,   MOD3 | REG(2),     OPS(),      FN | FPU)
INSN(x87_reg,        M_1,   0xdf,  ANY,   MOD3 | REG(3),     OPS(),      FN | FPU)
/* with EFLAGS */
INSN(fcmov,          M_1,   0xda,  ANY,   MOD3 | REG(0),     OPS(),      FPU | CPUID_CMOV)
INSN(fcmov,          M_1,   0xda,  ANY,   MOD3 | REG(1),     OPS(),      FPU | CPUID_CMOV)
INSN(fcmov,          M_1,   0xda,  ANY,   MOD3 | REG(2),     OPS(),      FPU | CPUID_CMOV)
INSN(fcmov,          M_1,   0xda,  ANY,   MOD3 | REG(3),     OPS(),      FPU | CPUID_CMOV)
INSN(fcmov,          M_1,   0xdb,  ANY,   MOD3 | REG(0),     OPS(),      FPU | CPUID_CMOV)
INSN(fcmov,          M_1,   0xdb,  ANY,   MOD3 | REG(1),     OPS(),      FPU | CPUID_CMOV)
INSN(fcmov,          M_1,   0xdb,  ANY,   MOD3 | REG(2),     OPS(),      FPU | CPUID_CMOV)
INSN(fcmov,          M_1,   0xdb,  ANY,   MOD3 | REG(3),     OPS(),      FPU | CPUID_CMOV)
INSN(fcomi,          M_1,   0xdb,  ANY,   MOD3 | REG(5),     OPS(),      FPU | CPUID_CMOV)
INSN(fcomi,          M_1,   0xdb,  ANY,   MOD3 | REG(6),     OPS(),      FPU | CPUID_CMOV)
INSN(fcomi,          M_1,   0xdf,  ANY,   MOD3 | REG(5),     OPS(),      FPU | CPUID_CMOV)
INSN(fcomi,          M_1,   0xdf,  ANY,   MOD3 | REG(6),     OPS(),      FPU | CPUID_CMOV)
/* MMX and vector state */
INSN(emms,           M_0F,  0x77,  NP,    NONE,              OPS(),      FN | MMX | CPUID_MMX)
INSN(femms,          M_0F,  0x0e,  ANY,   NONE,              OPS(),      FN | MMX | CPUID_3DNOW)
INSN(fxsave,         M_0F,  0xae,  NP,    MEM | REG(0),      OPS(M),     FN | FPU | CPUID_FXSR)
INSN(fxrstor,        M_0F,  0xae,  NP,    MEM | REG(1),      OPS(M),     FN | FPU | CPUID_FXSR | ENDS)
INSN(xsave,          M_0F,  0xae,  NP,    MEM | REG(4),      OPS(M),     FN | CPUID_XSAVE)
INSN(xrstor,         M_0F,  0xae,  NP,    MEM | REG(5),      OPS(M),     FN | CPUID_XSAVE | ENDS)
INSN(xsave,          M_0F,  0xae,  NP,    MEM | REG(6),      OPS(M),     FN | CPUID_XSAVEOPT)
INSN(xsave,          M_0F,  0xc7,  NP,    MEM | REG(4),      OPS(M),     FN | CPUID_XSAVEC)
