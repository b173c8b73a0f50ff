/*
 * Rows of the system instructions. See insns.h.
 *
 * SPDX-License-Identifier: MIT
 */
