/*
 * Helpers of system-level instructions: segments, control registers, MSRs, I/O, far transfers.
 *
 * SPDX-License-Identifier: MIT
 */
/* helper-seg.c */
DEF_HELPER_3(load_seg, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, void, env, i32, i32)
DEF_HELPER_2(lldt, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, void, env, i32)
DEF_HELPER_2(ltr, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, void, env, i32)
DEF_HELPER_2(lar, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, i64, env, i32)
DEF_HELPER_2(lsl, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, i64, env, i32)
DEF_HELPER_2(verr, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, i32, env, i32)
DEF_HELPER_2(verw, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, i32, env, i32)

/* helper-excp.c: eip of the next instruction is the last operand */
DEF_HELPER_3(int_n, TCG_CALL_MAY_RAISE, void, env, i32, tl)
DEF_HELPER_3(int_trap, TCG_CALL_MAY_RAISE, void, env, i32, tl)
DEF_HELPER_2(int1, TCG_CALL_MAY_RAISE, void, env, tl)

/* helper-far.c, helper-iret.c: selector, offset, MemOp of the operand size, next eip */
DEF_HELPER_5(far_jmp, TCG_CALL_MAY_RAISE, void, env, i32, tl, i32, tl)
DEF_HELPER_5(far_call, TCG_CALL_MAY_RAISE, void, env, i32, tl, i32, tl)
DEF_HELPER_3(far_ret, TCG_CALL_MAY_RAISE, void, env, i32, i32)
DEF_HELPER_3(iret, TCG_CALL_MAY_RAISE, void, env, i32, tl)

/* helper-syscall.c */
DEF_HELPER_1(sysenter, TCG_CALL_MAY_RAISE, void, env)
DEF_HELPER_2(sysexit, TCG_CALL_MAY_RAISE, void, env, i32)
DEF_HELPER_2(syscall, TCG_CALL_MAY_RAISE, void, env, tl)
DEF_HELPER_2(sysret, TCG_CALL_MAY_RAISE, void, env, i32)
DEF_HELPER_1(swapgs, TCG_CALL_NO_RWG, void, env)

/* helper-system.c */
DEF_HELPER_2(write_cr0, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, void, env, tl)
DEF_HELPER_2(write_cr3, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, void, env, tl)
DEF_HELPER_2(write_cr4, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, void, env, tl)
DEF_HELPER_1(read_cr8, TCG_CALL_NO_WG, tl, env)
DEF_HELPER_2(write_cr8, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, void, env, tl)
DEF_HELPER_2(lmsw, TCG_CALL_NO_WG, void, env, i32)
DEF_HELPER_1(clts, TCG_CALL_NO_WG, void, env)
DEF_HELPER_2(invlpg, TCG_CALL_NO_WG, void, env, tl)
DEF_HELPER_4(invpcid, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, void, env, tl, i64, i64)
DEF_HELPER_1(cli, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, void, env)
DEF_HELPER_1(sti, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, i32, env)
DEF_HELPER_2(pushf, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, tl, env, i32)
DEF_HELPER_2(popf_check, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, void, env, i32)
DEF_HELPER_3(popf, TCG_CALL_MAY_RAISE, void, env, tl, i32)
DEF_HELPER_2(set_ac, TCG_CALL_NO_WG, void, env, i32)
DEF_HELPER_1(hlt, TCG_CALL_NO_RETURN | TCG_CALL_MAY_RAISE, void, env)
DEF_HELPER_1(pause, TCG_CALL_NO_RWG, void, env)
DEF_HELPER_1(mwait, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, void, env)

/* debug.c */
DEF_HELPER_2(read_dr, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, tl, env, i32)
DEF_HELPER_3(write_dr, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, void, env, i32, tl)
DEF_HELPER_2(check_code_breakpoint, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, void, env, tl)
DEF_HELPER_1(clear_rf, TCG_CALL_NO_WG, void, env)
DEF_HELPER_1(debug_traps, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, void, env)

/* smm.c */
DEF_HELPER_1(rsm, TCG_CALL_MAY_RAISE, void, env)

/* helper-msr.c, cpuid.c */
DEF_HELPER_2(rdmsr, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, i64, env, i32)
DEF_HELPER_3(wrmsr, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, void, env, i32, i64)
DEF_HELPER_1(rdtsc, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, i64, env)
DEF_HELPER_1(rdpmc, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, i64, env)
DEF_HELPER_2(xgetbv, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, i64, env, i32)
DEF_HELPER_3(xsetbv, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, void, env, i32, i64)
DEF_HELPER_1(rdrand, TCG_CALL_NO_RWG, i64, env)
DEF_HELPER_1(cpuid, 0, void, env)

/* helper-io.c */
DEF_HELPER_3(in, TCG_CALL_MAY_RAISE, i32, env, i32, i32)     /* vmport changes registers */
DEF_HELPER_4(out, TCG_CALL_MAY_RAISE | TCG_CALL_NO_WG, void, env, i32, i32, i32)
DEF_HELPER_2(ins, TCG_CALL_MAY_RAISE, i32, env, i32)
DEF_HELPER_2(outs, TCG_CALL_MAY_RAISE, i32, env, i32)
