/*
 * The instruction table: one row for each encoding of the manual's opcode map
 * (SDM 2, appendix A).
 *
 *   INSN(name, map, opcode, prefix, modrm, OPS(operands), needs)
 *
 * name     the row's meaning is gen_NAME()
 * map      M_1 (one byte), M_0F, M_0F38, M_0F3A, V_0F, V_0F38, V_0F3A (VEX), M_3DNOW
 * opcode   first opcode: a Z form takes 8 of them, the form cc 16
 * prefix   ANY: prefixes are no part of the opcode; else the mandatory ones allowed:
 *          NP | P66 | PF3 | PF2 (F3 and F2 win over 66)
 * modrm    NONE, or constraints: REG(n) MOD3 MEM RM(n), and for VEX W0 W1 L0 L1
 * OPS      operand forms of insn-forms.h, destination first
 * needs    a feature number of cpu.h (CPUID_x, 0: always there) combined with
 *   LOCK     may have a LOCK prefix when operand 0 is memory
 *   NO64     not in 64-bit mode;  ONLY64: only there
 *   PROT     not in real and virtual-8086 mode (#UD)
 *   CPL0     #GP outside CPL 0
 *   D64      operand size is 64 bits in 64-bit mode (66: 16 bits);  F64: 66 changes nothing
 *   ENDS     the translation block ends behind it
 *   FW       writes all arithmetic flags, reads none;  FN: neither reads nor writes them
 *   FPU, MMX, SSE, AVX   what CR0, CR4 and XCR0 must allow (#NM, #UD)
 *
 * Read with several meanings of INSN: no include guard.
 *
 * SPDX-License-Identifier: MIT
 */
#include "target-i386/insns-int.h"
#include "target-i386/insns-system.h"
#include "target-i386/insns-x87.h"
#include "target-i386/insns-sse.h"
#include "target-i386/insns-avx.h"
