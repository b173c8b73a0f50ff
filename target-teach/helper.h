/*
 * Functions that generated code calls: see tcg/helper.h. No include guard.
 *
 * SPDX-License-Identifier: MIT
 */
DEF_HELPER_2(raise_exception, TCG_CALL_NO_RETURN | TCG_CALL_MAY_RAISE, void, env, i32)
DEF_HELPER_1(iret, 0, void, env)
DEF_HELPER_1(wait, TCG_CALL_NO_RETURN | TCG_CALL_MAY_RAISE, void, env)
DEF_HELPER_3(mts, TCG_CALL_NO_RWG, void, env, i32, i32)
