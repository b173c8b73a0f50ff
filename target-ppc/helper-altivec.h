/*
 * Helpers of altivec instructions.
 *
 * SPDX-License-Identifier: MIT
 */
