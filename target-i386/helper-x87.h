/*
 * Helpers of x87 and MMX-state instructions. insn: first byte << 8 | ModRM byte.
 *
 * SPDX-License-Identifier: MIT
 */
/* helper-x87.c: the exact path */
DEF_HELPER_1(x87_wait, TCG_CALL_MAY_RAISE, void, env)
DEF_HELPER_2(x87_reg, 0, void, env, i32)
DEF_HELPER_3(x87_mem, 0, void, env, i32, i64)
DEF_HELPER_4(x87_store, TCG_CALL_MAY_RAISE, void, env, i32, tl, i32)
DEF_HELPER_3(x87_load_m80, 0, void, env, i64, i32)
DEF_HELPER_3(x87_load_bcd, 0, void, env, i64, i32)
DEF_HELPER_3(x87_store_ten, TCG_CALL_MAY_RAISE, void, env, i32, tl)
DEF_HELPER_2(x87_comi, 0, i32, env, i32)
DEF_HELPER_3(x87_cmov, 0, void, env, i32, i32)
DEF_HELPER_1(x87_status, TCG_CALL_NO_WG, i32, env)
DEF_HELPER_2(fldcw, 0, void, env, i32)
DEF_HELPER_1(fnclex, 0, void, env)
DEF_HELPER_1(fninit, 0, void, env)

/* helper-x87-host.c */
DEF_HELPER_1(x87_to_host, TCG_CALL_NO_RWG, void, env)
DEF_HELPER_2(x87_probe_ten, TCG_CALL_MAY_RAISE, void, env, tl)

/* helper-x87-image.c */
DEF_HELPER_1(enter_mmx, TCG_CALL_NO_RWG, void, env)
DEF_HELPER_1(emms, 0, void, env)
DEF_HELPER_3(fnstenv, TCG_CALL_MAY_RAISE, void, env, tl, i32)
DEF_HELPER_3(fldenv, TCG_CALL_MAY_RAISE, void, env, tl, i32)
DEF_HELPER_3(fnsave, TCG_CALL_MAY_RAISE, void, env, tl, i32)
DEF_HELPER_3(frstor, TCG_CALL_MAY_RAISE, void, env, tl, i32)
DEF_HELPER_3(fxsave, TCG_CALL_MAY_RAISE, void, env, tl, i32)
DEF_HELPER_3(fxrstor, TCG_CALL_MAY_RAISE, void, env, tl, i32)
DEF_HELPER_1(check_xsave, TCG_CALL_MAY_RAISE, void, env)
DEF_HELPER_4(xsave, TCG_CALL_MAY_RAISE, void, env, tl, i64, i32)
DEF_HELPER_4(xrstor, TCG_CALL_MAY_RAISE, void, env, tl, i64, i32)
