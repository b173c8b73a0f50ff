/*
 * Exits, chains, the jump cache, counters, helper calls, atomics, rounding:
 * what the dispatch loop and front ends rely on beyond single ops.
 *
 * SPDX-License-Identifier: MIT
 */
#include "gen.h"
#include "exec/exec-all.h"
#include "exec/tb-jmp-cache.h"

#include <fenv.h>

static uintptr_t run_block(void)
{
    TestResult r = test_run(test_translate());

    g_assert_false(r.faulted);
    return r.exit_value;
}

/* A value that exit_tb takes for the address of a block. */
#define FAKE_TB ((const void *)0x5540)

static void test_exit_value(void)
{
    tcg_gen_insn_start(0x1000, 0, 0);
    tcg_gen_exit_tb(FAKE_TB, 3);
    g_assert_cmphex(run_block(), ==, 0x5543);
}

/* An unlinked slot falls through; linked it enters the other block; unlinked again. */
static void test_chain(void)
{
    uintptr_t first, second, jump;

    tcg_gen_insn_start(0x1000, 0, 0);
    tcg_gen_movi_i32(test_i32[0], 1);
    tcg_gen_exit_tb(NULL, 9);
    second = (uintptr_t)test_translate();

    test_keep_code();
    test_begin();
    tcg_gen_insn_start(0x1000, 0, 0);
    tcg_gen_addi_i32(test_i32[1], test_i32[1], 1);
    tcg_gen_goto_tb(1);
    tcg_gen_exit_tb(FAKE_TB, 1);
    first = (uintptr_t)test_translate();
    jump = first + tcg_ctx->jmp_insn_offset[1];

    g_assert_cmphex(test_run((void *)first).exit_value, ==, 0x5541);
    tb_target_set_jmp_target(jump, jump - tcg_ctx->splitwx_diff, second);
    g_assert_cmphex(test_run((void *)first).exit_value, ==, 9);
    g_assert_cmpuint(test_env->i32[0], ==, 1);
    tb_target_set_jmp_target(jump, jump - tcg_ctx->splitwx_diff,
                             first + tcg_ctx->jmp_reset_offset[1]);
    g_assert_cmphex(test_run((void *)first).exit_value, ==, 0x5541);
    g_assert_cmpuint(test_env->i32[1], ==, 3);
}

/* goto_ptr goes where the cache says for this key, and leaves with 0 otherwise. */
static void test_goto_ptr(void)
{
    CPUNeg *neg = env_neg(test_env);
    TBJumpCacheEntry *entry = &neg->jmp_cache[tb_jmp_cache_hash(0x80002000)];
    const void *code;

    neg->tb_key = UINT64_C(0x77) << 32;
    tcg_gen_insn_start(0x1000, 0, 0);
    tcg_gen_exit_tb(NULL, 9);
    entry->code = test_translate();
    entry->key = neg->tb_key ^ 0x80002000;

    test_keep_code();
    test_begin();
    tcg_gen_insn_start(0x1000, 0, 0);
    tcg_gen_addi_i32(test_i32[0], test_i32[0], 4);
    tcg_gen_lookup_and_goto_ptr(tcgv_temp(test_i32[0]));
    code = test_translate();

    test_env->i32[0] = 0x80002000 - 4;
    g_assert_cmphex(test_run(code).exit_value, ==, 9);
    test_env->i32[0] = 0x80002000;
    g_assert_cmphex(test_run(code).exit_value, ==, 0);
    g_assert_cmphex(test_env->i32[0], ==, 0x80002004);
    test_env->i32[0] = 0x80002000 - 4;
    neg->tb_key = UINT64_C(0x78) << 32;
    g_assert_cmphex(test_run(code).exit_value, ==, 0);
}

/* A loop leaves at its head when asked to, with globals in memory. */
static void test_exit_request(void)
{
    TCGLabel *head = gen_new_label();
    TCGv_i32 one = tcg_temp_new_i32();

    tcg_gen_insn_start(0x1000, 0, 0);
    tcg_gen_movi_i32(one, 1);
    gen_set_label(head);
    tcg_gen_check_exit(1, FAKE_TB, TB_EXIT_REQUESTED);
    tcg_gen_addi_i32(test_i32[0], test_i32[0], 1);
    tcg_gen_setcondi_i32(TCG_COND_EQ, one, test_i32[0], 10);
    tcg_gen_st_i32(one, tcg_env, ENV_NEG_OFFSET(exit_request));
    tcg_gen_br(head);
    g_assert_cmphex(run_block(), ==, 0x5540 | TB_EXIT_REQUESTED);
    g_assert_cmpuint(test_env->i32[0], ==, 10);
}

/*
 * Blocks that begin with the head of their loop: what the loop keeps in registers
 * is in memory when it leaves at that head, by a poll or by a fault.
 */
static void test_loop_at_start(void)
{
    TCGLabel *head = gen_new_label();
    TCGv_i32 last = tcg_temp_new_i32();

    gen_set_label(head);
    tcg_gen_insn_start(0x1000, 0, 0);
    tcg_gen_check_exit(0, FAKE_TB, TB_EXIT_REQUESTED);
    tcg_gen_addi_i32(test_i32[0], test_i32[0], 1);
    tcg_gen_add_i32(test_i32[1], test_i32[1], test_i32[0]);
    tcg_gen_setcondi_i32(TCG_COND_EQ, last, test_i32[0], 10);
    tcg_gen_st_i32(last, tcg_env, ENV_NEG_OFFSET(exit_request));
    tcg_gen_brcondi_i32(TCG_COND_NE, test_i32[1], 0, head);
    tcg_gen_exit_tb(NULL, 9);
    test_env->i32[0] = 4;
    test_env->i32[1] = 100;
    g_assert_cmphex(run_block(), ==, 0x5540 | TB_EXIT_REQUESTED);
    g_assert_cmpuint(test_env->i32[0], ==, 10);
    g_assert_cmpuint(test_env->i32[1], ==, 100 + 5 + 6 + 7 + 8 + 9 + 10);
}

static void test_fault_at_start_of_loop(void)
{
    TCGLabel *head = gen_new_label();
    TestResult r;

    gen_set_label(head);
    tcg_gen_insn_start(0x1000, 0, 0);
    tcg_gen_qemu_ld_i32(test_i32[1], test_i32[0], 0, MO_LEUL);
    tcg_gen_addi_i32(test_i32[0], test_i32[0], 0x4000);
    tcg_gen_brcondi_i32(TCG_COND_NE, test_i32[0], 0, head);
    tcg_gen_exit_tb(NULL, 9);
    test_env->i32[0] = TEST_RAM_BASE;
    r = test_run(test_translate());
    g_assert_true(r.faulted);
    g_assert_cmphex(test_env->i32[0], ==, TEST_RAM_BASE + TEST_RAM_SIZE);
}

/* With icount a block head takes its instructions, or leaves and takes none. */
static void test_icount(void)
{
    TCGLabel *head = gen_new_label();

    tcg_ctx->use_icount = true;
    env_neg(test_env)->icount_left = 17;
    tcg_gen_insn_start(0x1000, 0, 0);
    gen_set_label(head);
    tcg_gen_check_exit(5, FAKE_TB, TB_EXIT_REQUESTED);
    tcg_gen_addi_i32(test_i32[0], test_i32[0], 1);
    tcg_gen_br(head);
    g_assert_cmphex(run_block(), ==, 0x5540 | TB_EXIT_ICOUNT);
    g_assert_cmpuint(test_env->i32[0], ==, 3);
    g_assert_cmpint(env_neg(test_env)->icount_left, ==, 2);
}

static void test_hot_counter(void)
{
    const void *code;
    int runs = 0;

    tcg_gen_insn_start(0x1000, 0, 0);
    tcg_gen_count_exec(FAKE_TB, TB_EXIT_HOT);
    tcg_gen_exit_tb(NULL, 2);
    code = test_translate();
    *tcg_ctx->tb_exec_left = 3;
    while (test_run(code).exit_value == 2) {
        runs++;
    }
    g_assert_cmpint(runs, ==, 3);
}

static void test_helper_arguments(void)
{
    TCGv_f32 f = tcg_temp_new_f32();

    test_env->i32[1] = 0xfffffff1;
    test_env->i64[1] = UINT64_C(0x123456789abcdef0);
    test_env->f64[1] = (TestValue){ .d = 2.5 }.u;
    tcg_gen_insn_start(0x1000, 0, 0);
    gen_helper_six(test_i64[0], test_i32[1], test_i64[1], tcg_constant_i32(-3), test_i64[1],
                   test_i32[1], tcg_constant_i64(-7));
    tcg_gen_from_i32_f32(f, tcg_constant_i32(9));
    gen_helper_fp_mix(test_f64[0], test_f64[1], tcg_constant_i32(5), f);
    tcg_gen_exit_tb(NULL, 0);
    run_block();
    g_assert_cmphex(test_env->i64[0], ==, helper_six(0xfffffff1, test_env->i64[1], -3,
                                                     test_env->i64[1], 0xfffffff1, -7));
    g_assert_cmpfloat((TestValue){ .u = test_env->f64[0] }.d, ==, 2.5 + 2.5 + 9);
}

/* What a helper reads and writes through env is what the block has. */
static void test_helper_globals(void)
{
    tcg_gen_insn_start(0x1000, 0, 0);
    tcg_gen_movi_i32(test_i32[0], 10);
    tcg_gen_movi_i32(test_i32[1], 50);
    tcg_gen_movi_i64(test_i64[1], 3);
    gen_helper_sum_globals(test_i32[2], tcg_env);
    gen_helper_change_globals(tcg_env, tcg_constant_i32(7));
    tcg_gen_add_i32(test_i32[3], test_i32[1], test_i32[2]);
    tcg_gen_exit_tb(NULL, 0);
    run_block();
    g_assert_cmpuint(test_env->i32[2], ==, 13);
    g_assert_cmpuint(test_env->i32[1], ==, 57);
    g_assert_cmpuint(test_env->i32[3], ==, 70);
}

static void test_atomics(void)
{
    uint32_t big_endian = __builtin_bswap32(100);

    memcpy(&test_memory.ram[8], &big_endian, 4);
    test_memory.ram[20] = 0xfe;
    test_env->i32[6] = TEST_RAM_BASE + 8;
    test_env->i32[7] = TEST_RAM_BASE + 20;
    tcg_gen_insn_start(0x1000, 0, 0);
    tcg_gen_atomic_fetch_add_i32(test_i32[0], tcgv_temp(test_i32[6]), tcg_constant_i32(11), 0,
                                 MO_BEUL);
    tcg_gen_atomic_cmpxchg_i32(test_i32[1], tcgv_temp(test_i32[6]), tcg_constant_i32(111),
                               tcg_constant_i32(5), 0, MO_BEUL);
    tcg_gen_atomic_xchg_i32(test_i32[2], tcgv_temp(test_i32[7]), tcg_constant_i32(1), 0, MO_SB);
    tcg_gen_exit_tb(NULL, 0);
    run_block();
    memcpy(&big_endian, &test_memory.ram[8], 4);
    g_assert_cmpuint(test_env->i32[0], ==, 100);
    g_assert_cmpuint(test_env->i32[1], ==, 111);
    g_assert_cmpuint(__builtin_bswap32(big_endian), ==, 5);
    g_assert_cmphex(test_env->i32[2], ==, 0xfffffffe);
    g_assert_cmpuint(test_memory.ram[20], ==, 1);
}

/* Arithmetic and conversions follow the host's rounding mode and set its flags. */
static void test_rounding(void)
{
    const void *code;

    tcg_gen_insn_start(0x1000, 0, 0);
    tcg_gen_fdiv_f64(test_f64[2], test_f64[0], test_f64[1]);
    tcg_gen_cvt_f64_i32(test_i32[0], test_f64[2], false);
    tcg_gen_cvt_f64_i32(test_i32[1], test_f64[2], true);
    tcg_gen_exit_tb(NULL, 0);
    code = test_translate();
    test_env->f64[0] = (TestValue){ .d = 8 }.u;
    test_env->f64[1] = (TestValue){ .d = 3 }.u;
    feclearexcept(FE_ALL_EXCEPT);
    fesetround(FE_UPWARD);
    test_run(code);
    fesetround(FE_TONEAREST);
    g_assert_true(fetestexcept(FE_INEXACT));
    g_assert_cmphex(test_env->f64[2], ==, 0x4005555555555556);
    g_assert_cmpuint(test_env->i32[0], ==, 3);
    g_assert_cmpuint(test_env->i32[1], ==, 2);
    fesetround(FE_DOWNWARD);
    test_run(code);
    fesetround(FE_TONEAREST);
    g_assert_cmphex(test_env->f64[2], ==, 0x4005555555555555);
    g_assert_cmpuint(test_env->i32[0], ==, 2);
}

static const TestCase cases[] = {
    { "/tcg/control/exit-value", test_exit_value },
    { "/tcg/control/chain", test_chain },
    { "/tcg/control/goto-ptr", test_goto_ptr },
    { "/tcg/control/exit-request", test_exit_request },
    { "/tcg/control/loop-at-start", test_loop_at_start },
    { "/tcg/control/fault-at-start-of-loop", test_fault_at_start_of_loop },
    { "/tcg/control/icount", test_icount },
    { "/tcg/control/hot-counter", test_hot_counter },
    { "/tcg/control/helper-arguments", test_helper_arguments },
    { "/tcg/control/helper-globals", test_helper_globals },
    { "/tcg/control/atomics", test_atomics },
    { "/tcg/control/rounding", test_rounding },
};

int main(int argc, char **argv)
{
    return test_main(argc, argv, cases, ARRAY_SIZE(cases));
}
