/*
 * Helpers of AltiVec instructions.
 *
 * SPDX-License-Identifier: MIT
 */
/* One call for all operations: number in bits 0-7, immediate from bit 8. */
DEF_HELPER_2(vec_op, TCG_CALL_NO_RWG, void, env, i32)
/* VSCR to vec_result, from vec_arg[0] */
DEF_HELPER_1(mfvscr, 0, void, env)
DEF_HELPER_1(mtvscr, 0, void, env)
