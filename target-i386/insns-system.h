/*
 * Rows of the system-level instructions: segments, control registers, MSRs, I/O, far transfers. See insns.h.
 *
 * SPDX-License-Identifier: MIT
 */
/*   name  map  opcode prefix modrm  operands  needs */
