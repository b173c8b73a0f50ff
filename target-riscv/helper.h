/*
 * Helpers of the RISC-V front end. See tcg/helper.h. Read several times: no include guard.
 *
 * SPDX-License-Identifier: MIT
 */
/* helper-excp.c */
DEF_HELPER_2(raise_exception, TCG_CALL_NO_RETURN | TCG_CALL_MAY_RAISE, void, env, i32)
DEF_HELPER_1(raise_illegal, TCG_CALL_NO_RETURN | TCG_CALL_MAY_RAISE, void, env)
DEF_HELPER_1(sret, TCG_CALL_MAY_RAISE, void, env)
DEF_HELPER_1(mret, TCG_CALL_MAY_RAISE, void, env)
DEF_HELPER_2(wfi, TCG_CALL_MAY_RAISE, void, env, i32)

/* helper-system.c */
DEF_HELPER_2(csr_read, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, i32, env, i32)
DEF_HELPER_4(csr_write, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, i32, env, i32, i32, i32)
DEF_HELPER_4(sfence_vma, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, void, env, i32, i32, i32)
DEF_HELPER_4(amo_select, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, i32, env, i32, i32, i32)
