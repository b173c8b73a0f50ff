/*
 * Rows of the system-level instructions: MSR, SPRs, segments, TLBs. See insns.h.
 *
 * SPDX-License-Identifier: MIT
 */
/*   name    form  match       mask        needs */
INSN(rfi,    XL,  0x4c000064, 0xffffffff, SUPER | ENDS)
INSN(mfmsr,  X,   0x7c0000a6, 0xfc1fffff, SUPER)
INSN(mtmsr,  X,   0x7c000124, 0xfc1fffff, SUPER)
INSN(mfspr,  XFX, 0x7c0002a6, 0xfc0007ff, BASE)
INSN(mftb,   XFX, 0x7c0002e6, 0xfc0007ff, PPC_NOT_601)
INSN(mtspr,  XFX, 0x7c0003a6, 0xfc0007ff, BASE)
INSN(mtsr,   X,   0x7c0001a4, 0xfc10ffff, SUPER)
INSN(mtsrin, X,   0x7c0001e4, 0xfc1f07ff, SUPER)
INSN(mfsr,   X,   0x7c0004a6, 0xfc10ffff, SUPER)
INSN(mfsrin, X,   0x7c000526, 0xfc1f07ff, SUPER)
INSN(tlbie,  X,   0x7c000264, 0xffff07ff, SUPER)
INSN(tlbia,  X,   0x7c0002e4, 0xffffffff, SUPER | PPC_TLBIA)
INSN(tlbsync, X,  0x7c00046c, 0xffffffff, SUPER | PPC_TLBSYNC)
INSN(tlbld,  X,   0x7c0007a4, 0xffff07ff, SUPER | PPC_TLB603)
INSN(tlbli,  X,   0x7c0007e4, 0xffff07ff, SUPER | PPC_TLB603)
