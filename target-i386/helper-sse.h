/*
 * Helpers of MMX, SSE and AVX instructions.
 *
 * SPDX-License-Identifier: MIT
 */
