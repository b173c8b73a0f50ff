/*
 * Rows of the altivec instructions. See insns.h.
 *
 * SPDX-License-Identifier: MIT
 */
