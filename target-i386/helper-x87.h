/*
 * Helpers of x87 and MMX-state instructions.
 *
 * SPDX-License-Identifier: MIT
 */
