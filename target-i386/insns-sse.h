/*
 * Rows of the MMX, SSE and AVX instructions. See insns.h.
 *
 * SPDX-License-Identifier: MIT
 */
/*   name  map  opcode prefix modrm  operands  needs */
