/*
 * Helpers of floating-point instructions.
 *
 * SPDX-License-Identifier: MIT
 */
