/*
 * Helpers of integer, branch, memory and system instructions.
 *
 * SPDX-License-Identifier: MIT
 */
/* helper-excp.c */
DEF_HELPER_3(raise_exception_err, TCG_CALL_NO_RETURN | TCG_CALL_MAY_RAISE, void, env, i32, i32)
/* Set track_so and execute the calling instruction again. */
DEF_HELPER_1(track_so, TCG_CALL_NO_RETURN | TCG_CALL_MAY_RAISE, void, env)
