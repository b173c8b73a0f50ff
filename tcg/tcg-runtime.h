/*
 * Helpers that the translator itself calls from generated code: a list for
 * tcg/helper.h, included several times on purpose.
 *
 * SPDX-License-Identifier: MIT
 */

/* old = atomic(env, addr, operands, MemOpIdx); globals are right before the call. */
#define ATOMIC_FLAGS (TCG_CALL_NO_WRITE_GLOBALS | TCG_CALL_MAY_RAISE)
DEF_HELPER_5(atomic_cmpxchg,  ATOMIC_FLAGS, i64, env, i64, i64, i64, i32)
DEF_HELPER_4(atomic_xchg,      ATOMIC_FLAGS, i64, env, i64, i64, i32)
DEF_HELPER_4(atomic_fetch_add, ATOMIC_FLAGS, i64, env, i64, i64, i32)
DEF_HELPER_4(atomic_fetch_and, ATOMIC_FLAGS, i64, env, i64, i64, i32)
DEF_HELPER_4(atomic_fetch_or,  ATOMIC_FLAGS, i64, env, i64, i64, i32)
DEF_HELPER_4(atomic_fetch_xor, ATOMIC_FLAGS, i64, env, i64, i64, i32)
#undef ATOMIC_FLAGS
