/*
 * Helpers of integer, branch, memory and system instructions.
 *
 * SPDX-License-Identifier: MIT
 */
/* helper-excp.c */
DEF_HELPER_1(refuse_in_le, TCG_CALL_NO_RETURN | TCG_CALL_MAY_RAISE, void, env)
DEF_HELPER_3(raise_exception_err, TCG_CALL_NO_RETURN | TCG_CALL_MAY_RAISE, void, env, i32, i32)
DEF_HELPER_1(track_so, TCG_CALL_NO_RETURN | TCG_CALL_MAY_RAISE, void, env)
DEF_HELPER_1(debug, TCG_CALL_NO_RETURN | TCG_CALL_MAY_RAISE, void, env)
DEF_HELPER_1(trace, TCG_CALL_NO_RETURN | TCG_CALL_MAY_RAISE, void, env)
DEF_HELPER_1(syscall, 0, void, env)
DEF_HELPER_1(rfi, 0, void, env)
DEF_HELPER_2(store_msr, TCG_CALL_MAY_RAISE, void, env, i32)

/* helper-int.c */
DEF_HELPER_1(mfcr, TCG_CALL_NO_WG, i32, env)
DEF_HELPER_3(mtcrf, TCG_CALL_MAY_RAISE, void, env, i32, i32)
DEF_HELPER_1(load_xer, TCG_CALL_NO_WG, i32, env)
DEF_HELPER_2(store_xer, 0, void, env, i32)
DEF_HELPER_5(lswx, TCG_CALL_MAY_RAISE, void, env, i32, i32, i32, i32)
DEF_HELPER_3(stswx, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, void, env, i32, i32)
DEF_HELPER_3(check_ear, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, void, env, i32, i32)
DEF_HELPER_4(cache_op, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, void, env, i32, i32, i32)
DEF_HELPER_3(dcbz, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, void, env, i32, i32)

/* helper-system.c */
DEF_HELPER_1(load_tbl, TCG_CALL_NO_RWG, i32, env)
DEF_HELPER_1(load_tbu, TCG_CALL_NO_RWG, i32, env)
DEF_HELPER_2(store_tbl, TCG_CALL_NO_RWG, void, env, i32)
DEF_HELPER_2(store_tbu, TCG_CALL_NO_RWG, void, env, i32)
DEF_HELPER_1(load_decr, TCG_CALL_NO_RWG, i32, env)
DEF_HELPER_2(store_decr, TCG_CALL_NO_RWG, void, env, i32)
DEF_HELPER_2(load_rtc, TCG_CALL_NO_RWG, i32, env, i32)
DEF_HELPER_3(store_rtc, TCG_CALL_NO_RWG, void, env, i32, i32)
DEF_HELPER_2(load_hash, TCG_CALL_NO_RWG, i32, env, i32)
DEF_HELPER_2(store_sdr1, 0, void, env, i32)
DEF_HELPER_3(store_bat, 0, void, env, i32, i32)
DEF_HELPER_2(load_srin, TCG_CALL_NO_WG, i32, env, i32)
DEF_HELPER_3(store_srin, 0, void, env, i32, i32)
DEF_HELPER_1(sync_segments, 0, void, env)
DEF_HELPER_2(tlbie, 0, void, env, i32)
DEF_HELPER_1(tlbia, 0, void, env)
DEF_HELPER_3(tlb603_load, 0, void, env, i32, i32)

/* debug.c */
DEF_HELPER_2(check_iabr, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, void, env, i32)
DEF_HELPER_2(store_iabr, 0, void, env, i32)
DEF_HELPER_2(store_dabr, 0, void, env, i32)

/* helper-power.c */
DEF_HELPER_4(power_shift, 0, i32, env, i32, i32, i32)
DEF_HELPER_2(power_maskg, TCG_CALL_NO_RWG_SE, i32, i32, i32)
DEF_HELPER_3(power_div, TCG_CALL_NO_RWG, i64, env, i32, i32)
DEF_HELPER_4(lscbx, TCG_CALL_MAY_RAISE, i32, env, i32, i32, i32)
