/*
 * Rows of the memory instructions. See insns.h.
 *
 * SPDX-License-Identifier: MIT
 */
