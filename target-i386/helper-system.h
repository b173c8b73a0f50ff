/*
 * Helpers of system-level instructions: segments, control registers, MSRs, I/O, far transfers.
 *
 * SPDX-License-Identifier: MIT
 */
