/*
 * Rows of the integer, string, flag and control-transfer instructions. See insns.h.
 *
 * SPDX-License-Identifier: MIT
 */
/*   name       map    opcode prefix modrm  operands             needs */
INSN(nop,       M_1,   0x90, ANY, NONE,   OPS(no_form),        FN)
