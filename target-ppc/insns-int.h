/*
 * Rows of the integer and branch instructions. See insns.h.
 *
 * SPDX-License-Identifier: MIT
 */
