/*
 * Rows of the POWER instructions that the 601 kept (601 user's manual, chapter
 * 3 and appendix B). See insns.h.
 *
 * SPDX-License-Identifier: MIT
 */
/*   name    form  match       mask        needs */
INSN(dozi,   D,   0x24000000, 0xfc000000, PPC_601)
INSN(rlmi,   M,   0x58000000, 0xfc000000, PPC_601)
INSN(clcs,   X,   0x7c000426, 0xfc00ffff, PPC_601)
INSN(abs,    XO,  0x7c0002d0, 0xfc00fbfe, PPC_601)
INSN(nabs,   XO,  0x7c0003d0, 0xfc00fbfe, PPC_601)
INSN(doz,    XO,  0x7c000210, 0xfc0003fe, PPC_601)
INSN(mul,    XO,  0x7c0000d6, 0xfc0003fe, PPC_601)
INSN(div,    XO,  0x7c000296, 0xfc0003fe, PPC_601)
INSN(divs,   XO,  0x7c0002d6, 0xfc0003fe, PPC_601)
INSN(maskg,  X,   0x7c00003a, 0xfc0007fe, PPC_601)
INSN(maskir, X,   0x7c00043a, 0xfc0007fe, PPC_601)
INSN(rrib,   X,   0x7c000432, 0xfc0007fe, PPC_601)
INSN(sle,    X,   0x7c000132, 0xfc0007fe, PPC_601)
INSN(sleq,   X,   0x7c0001b2, 0xfc0007fe, PPC_601)
INSN(sliq,   X,   0x7c000170, 0xfc0007fe, PPC_601)
INSN(slliq,  X,   0x7c0001f0, 0xfc0007fe, PPC_601)
INSN(sllq,   X,   0x7c0001b0, 0xfc0007fe, PPC_601)
INSN(slq,    X,   0x7c000130, 0xfc0007fe, PPC_601)
INSN(sre,    X,   0x7c000532, 0xfc0007fe, PPC_601)
INSN(srea,   X,   0x7c000732, 0xfc0007fe, PPC_601)
INSN(sreq,   X,   0x7c0005b2, 0xfc0007fe, PPC_601)
INSN(sriq,   X,   0x7c000570, 0xfc0007fe, PPC_601)
INSN(srliq,  X,   0x7c0005f0, 0xfc0007fe, PPC_601)
INSN(srlq,   X,   0x7c0005b0, 0xfc0007fe, PPC_601)
INSN(srq,    X,   0x7c000530, 0xfc0007fe, PPC_601)
INSN(sraiq,  X,   0x7c000770, 0xfc0007fe, PPC_601)
INSN(sraq,   X,   0x7c000730, 0xfc0007fe, PPC_601)
INSN(lscbx,  X,   0x7c00022a, 0xfc0007fe, PPC_601)
