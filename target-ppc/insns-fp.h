/*
 * Rows of the floating-point instructions. See insns.h.
 *
 * SPDX-License-Identifier: MIT
 */
