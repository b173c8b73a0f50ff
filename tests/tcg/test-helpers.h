/*
 * Helpers for the tests' blocks: a list for tcg/helper.h.
 *
 * SPDX-License-Identifier: MIT
 */
DEF_HELPER_2(mix, TCG_CALL_NO_RWG_SE, i64, i64, i64)
DEF_HELPER_1(sum_globals, TCG_CALL_NO_WRITE_GLOBALS, i32, env)
DEF_HELPER_2(change_globals, 0, void, env, i32)
DEF_HELPER_6(six, TCG_CALL_NO_RWG, i64, i32, i64, i32, i64, i32, i64)
DEF_HELPER_3(fp_mix, TCG_CALL_NO_RWG_SE, f64, f64, i32, f32)
DEF_HELPER_1(note_enter, TCG_CALL_NO_RWG, void, env)
DEF_HELPER_5(fix, TCG_CALL_NO_RWG, i64, env, i64, i64, i64, i64)
