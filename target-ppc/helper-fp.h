/*
 * Helpers of floating-point instructions.
 *
 * SPDX-License-Identifier: MIT
 */
/* fpscr.c */
DEF_HELPER_1(mffs, TCG_CALL_NO_WG, i64, env)
DEF_HELPER_3(mtfsf, 0, i32, env, i32, i32)
DEF_HELPER_2(mtfsb1, 0, i32, env, i32)
DEF_HELPER_2(fpscr_field, 0, i32, env, i32)
DEF_HELPER_1(fpscr_cr1, TCG_CALL_NO_RWG, i32, env)
DEF_HELPER_1(fp_raise_enabled, TCG_CALL_MAY_RAISE, void, env)
DEF_HELPER_2(fp_set_vector, 0, void, env, i32)
/* helper-fp.c. fp_fix..: called by guards */
DEF_HELPER_5(fp_fix, TCG_CALL_NO_RWG, i64, env, i64, i64, i64, i32)
DEF_HELPER_5(fp_fix_lfs, TCG_CALL_NO_RWG, i64, env, i64, i64, i64, i32)
DEF_HELPER_5(fp_fix_stfs, TCG_CALL_NO_RWG, i64, env, i64, i64, i64, i32)
DEF_HELPER_3(fp_unary, TCG_CALL_NO_RWG, i64, env, i64, i32)
DEF_HELPER_2(fp_exact, 0, void, env, i32)
DEF_HELPER_4(fcmp_unordered, TCG_CALL_NO_RWG, void, env, i64, i64, i32)
