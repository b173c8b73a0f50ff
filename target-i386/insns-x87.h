/*
 * Rows of the x87 and MMX-state instructions. See insns.h.
 *
 * SPDX-License-Identifier: MIT
 */
/*   name  map  opcode prefix modrm  operands  needs */
