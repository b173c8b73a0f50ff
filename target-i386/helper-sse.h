/*
 * Helpers of MMX, SSE and AVX instructions. Vectors go through env->simd_scratch.
 *
 * SPDX-License-Identifier: MIT
 */
/* helper-sse.c */
DEF_HELPER_3(simd_exact, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, void, env, i32, i32)
DEF_HELPER_2(ldmxcsr, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, void, env, i32)
DEF_HELPER_1(stmxcsr, TCG_CALL_NO_RWG, i32, env)
/* linear address, bytes, bytes of an element, MMU index */
DEF_HELPER_5(masked_store, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, void, env, tl, i32, i32, i32)
DEF_HELPER_5(masked_load, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, void, env, tl, i32, i32, i32)
/* base address without the index; fields of GatherInfo */
DEF_HELPER_3(gather, TCG_CALL_MAY_RAISE, void, env, tl, i32)
DEF_HELPER_3(crc32, TCG_CALL_NO_RWG_SE, i32, i32, i64, i32)

/* helper-sse-string.c: control is imm8, bit 8: 64-bit lengths. Flags, index << 16. */
DEF_HELPER_4(pcmpestr, TCG_CALL_NO_RWG, tl, env, i32, i64, i64)
DEF_HELPER_2(pcmpistr, TCG_CALL_NO_RWG, tl, env, i32)
