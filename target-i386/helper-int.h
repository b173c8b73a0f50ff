/*
 * Helpers of integer, flag, string and control-transfer instructions.
 *
 * SPDX-License-Identifier: MIT
 */
/* helper-excp.c */
DEF_HELPER_2(raise_exception, TCG_CALL_NO_RETURN | TCG_CALL_MAY_RAISE, void, env, i32)
DEF_HELPER_3(raise_exception_err, TCG_CALL_NO_RETURN | TCG_CALL_MAY_RAISE, void, env, i32, i32)
DEF_HELPER_1(debug, TCG_CALL_NO_RETURN | TCG_CALL_MAY_RAISE, void, env)
DEF_HELPER_1(single_step, TCG_CALL_NO_RETURN | TCG_CALL_MAY_RAISE, void, env)
DEF_HELPER_1(end_inhibit_irq, 0, void, env)
DEF_HELPER_1(begin_inhibit_irq, 0, void, env)

/* helper-cc.c: flags of a lazy state: op, dst, src, src2 */
DEF_HELPER_4(cc_all, TCG_CALL_NO_RWG_SE, i32, i32, tl, tl, tl)
DEF_HELPER_4(cc_carry, TCG_CALL_NO_RWG_SE, i32, i32, tl, tl, tl)

/* helper-int.c */
DEF_HELPER_3(aaa, 0, i32, env, i32, i32)
DEF_HELPER_3(aas, 0, i32, env, i32, i32)
DEF_HELPER_3(daa, 0, i32, env, i32, i32)
DEF_HELPER_3(das, 0, i32, env, i32, i32)
DEF_HELPER_3(aam, 0, i32, env, i32, i32)
DEF_HELPER_3(aad, 0, i32, env, i32, i32)
#ifdef TARGET_X86_64
DEF_HELPER_2(div64, TCG_CALL_MAY_RAISE, void, env, tl)
DEF_HELPER_2(idiv64, TCG_CALL_MAY_RAISE, void, env, tl)
DEF_HELPER_2(cmpxchg16b, TCG_CALL_MAY_RAISE, i32, env, tl)
#endif
DEF_HELPER_2(cmpxchg8b, TCG_CALL_MAY_RAISE, i32, env, tl)
DEF_HELPER_2(pdep, TCG_CALL_NO_RWG_SE, tl, tl, tl)
DEF_HELPER_2(pext, TCG_CALL_NO_RWG_SE, tl, tl, tl)
DEF_HELPER_4(rotate_carry, 0, tl, env, tl, i32, i32)
DEF_HELPER_2(probe_write, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, void, env, tl)

/* helper-string.c: operands and address size in the last, see StringInfo */
DEF_HELPER_2(rep_movs, TCG_CALL_MAY_RAISE, i32, env, i32)
DEF_HELPER_2(rep_stos, TCG_CALL_MAY_RAISE, i32, env, i32)
DEF_HELPER_2(rep_lods, TCG_CALL_MAY_RAISE, i32, env, i32)
DEF_HELPER_2(rep_cmps, TCG_CALL_MAY_RAISE, i32, env, i32)
DEF_HELPER_2(rep_scas, TCG_CALL_MAY_RAISE, i32, env, i32)

/* helper-mem.c: bytes at an offset in a segment that is not flat */
DEF_HELPER_4(check_segment_read, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, void, env, i32, tl, i32)
DEF_HELPER_4(check_segment_write, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, void, env, i32, tl, i32)
