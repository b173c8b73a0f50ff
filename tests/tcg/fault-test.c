/*
 * Guest accesses and helpers that leave a block in its middle: guest state must
 * be that of exactly the instruction that faults, wherever globals were kept.
 *
 * SPDX-License-Identifier: MIT
 */
#include "gen.h"

/* Global 7 is 0. */
static TCGTemp *fault_address(void)
{
    return test_addr_add(test_addr_global(7), TEST_FAULT_ADDR);
}

/* Every global is dirty at a load that faults; what comes after has not happened. */
static void test_dirty_globals(void)
{
    TCGv_i32 result = tcg_temp_new_i32();
    TestResult r;

    tcg_gen_insn_start(0x1000, 1, 2);
    for (int i = 0; i < TEST_NB_I32; i++) {
        tcg_gen_addi_i32(test_i32[i], test_i32[i], i == 7 ? 0 : 100 + i);
    }
    for (int i = 0; i < TEST_NB_I64; i++) {
        tcg_gen_addi_i64(test_i64[i], test_i64[i], i == 7 ? 0 : 200 + i);
    }
    for (int i = 0; i < TEST_NB_F64; i++) {
        tcg_gen_from_i32_f64(test_f64[i], test_i32[i]);
    }
    for (int i = 0; i < TEST_NB_VEC; i++) {
        tcg_gen_dup_vec(MO_64, test_vec[i], test_i64[i]);
    }
    tcg_gen_insn_start(0x1004, 3, 4);
    test_access(INDEX_op_qemu_ld_i32, result, fault_address(), 0, MO_BEUL);
    tcg_gen_insn_start(0x1008, 5, 6);
    tcg_gen_mov_i32(test_i32[0], result);
    tcg_gen_movi_i64(test_i64[0], 0);
    tcg_gen_exit_tb(NULL, 0);
    r = test_run(test_translate());

    g_assert_true(r.faulted);
    g_assert_cmpint(r.fault_insn, ==, 1);
    g_assert_cmphex(r.fault_data[0], ==, 0x1004);
    g_assert_cmphex(r.fault_data[2], ==, 4);
    for (int i = 0; i < TEST_NB_I32 - 1; i++) {
        g_assert_cmpuint(test_env->i32[i], ==, 100 + i);
        g_assert_cmpuint(test_env->i64[i], ==, 200 + i);
    }
    for (int i = 0; i < TEST_NB_F64; i++) {
        TestValue v = { .d = 100 + i };

        g_assert_cmphex(test_env->f64[i], ==, v.u);
        g_assert_cmpuint(test_env->vec[i][1], ==, 200 + i);
    }
}

/* A constant that is still to be written, and a copy of another global. */
static void test_pending_moves(void)
{
    TestResult r;

    test_env->i32[1] = 77;
    tcg_gen_insn_start(0x1000, 0, 0);
    tcg_gen_movi_i32(test_i32[0], 0x12345678);
    tcg_gen_mov_i32(test_i32[2], test_i32[1]);
    tcg_gen_movi_i64(test_i64[3], INT64_C(0x1122334455667788));
    test_access(INDEX_op_qemu_st_i32, test_i32[1], fault_address(), 0, MO_UB);
    tcg_gen_movi_i32(test_i32[0], 1);
    tcg_gen_movi_i32(test_i32[2], 2);
    tcg_gen_movi_i64(test_i64[3], 3);
    tcg_gen_exit_tb(NULL, 0);
    r = test_run(test_translate());

    g_assert_true(r.faulted);
    g_assert_cmphex(test_env->i32[0], ==, 0x12345678);
    g_assert_cmpuint(test_env->i32[2], ==, 77);
    g_assert_cmphex(test_env->i64[3], ==, 0x1122334455667788);
}

/* The third time around a loop: globals in registers across its back edge. */
static void test_loop(void)
{
    TCGLabel *head = gen_new_label();
    TCGv_i32 value = tcg_temp_new_i32();
    TestResult r;

    test_set_addr_value(1, TEST_RAM_BASE + TEST_RAM_SIZE - 12);
    tcg_gen_insn_start(0x1000, 0, 0);
    gen_set_label(head);
    tcg_gen_check_exit(1, NULL, 30);
    tcg_gen_addi_i32(test_i32[0], test_i32[0], 1);
    tcg_gen_insn_start(0x1004, 0, 0);
    if (test_wide) {
        tcg_gen_addi_i64(test_i64[1], test_i64[1], 4);
    } else {
        tcg_gen_addi_i32(test_i32[1], test_i32[1], 4);
    }
    test_access(INDEX_op_qemu_ld_i32, value, test_addr_global(1), 0, MO_LEUL);
    tcg_gen_add_i32(test_i32[2], test_i32[2], value);
    tcg_gen_insn_start(0x1008, 0, 0);
    tcg_gen_br(head);
    r = test_run(test_translate());

    g_assert_true(r.faulted);
    g_assert_cmphex(r.fault_data[0], ==, 0x1004);
    g_assert_cmpuint(test_env->i32[0], ==, 3);
    g_assert_cmphex(test_addr_value(1), ==, TEST_RAM_BASE + TEST_RAM_SIZE);
}

/* An atomic is a call: its fault is found by the helper's return address. */
static void test_atomic(void)
{
    TestResult r;

    tcg_gen_insn_start(0x1000, 0, 0);
    tcg_gen_movi_i32(test_i32[0], 5);
    tcg_gen_insn_start(0x1004, 0, 0);
    tcg_gen_atomic_fetch_add_i32(test_i32[1], fault_address(), test_i32[0], 0, MO_BEUL);
    tcg_gen_insn_start(0x1008, 0, 0);
    tcg_gen_movi_i32(test_i32[0], 6);
    tcg_gen_exit_tb(NULL, 0);
    r = test_run(test_translate());

    g_assert_true(r.faulted);
    g_assert_cmphex(r.fault_data[0], ==, 0x1004);
    g_assert_cmpuint(test_env->i32[0], ==, 5);
}

/* The destination of a load that faults keeps its value, even on top of the address. */
static void test_load_over_address(void)
{
    TestResult r;

    tcg_gen_insn_start(0x1000, 0, 0);
    if (test_wide) {
        tcg_gen_movi_i64(test_i64[3], TEST_FAULT_ADDR);
        test_access(INDEX_op_qemu_ld_i64, test_i64[3], tcgv_temp(test_i64[3]), 0, MO_BEUL);
    } else {
        tcg_gen_movi_i32(test_i32[3], TEST_FAULT_ADDR);
        test_access(INDEX_op_qemu_ld_i32, test_i32[3], tcgv_temp(test_i32[3]), 0, MO_BEUL);
    }
    tcg_gen_exit_tb(NULL, 0);
    r = test_run(test_translate());

    g_assert_true(r.faulted);
    g_assert_cmphex(test_addr_value(3), ==, TEST_FAULT_ADDR);
}

/* The same instruction, aligned: one access of several bytes is checked, others are not. */
static void test_alignment(void)
{
    for (int i = 0; i < 2; i++) {
        TestResult r;

        test_reset_guest();
        test_begin();
        test_set_addr_value(1, TEST_RAM_BASE + i);
        tcg_gen_insn_start(0x1000, 0, 0);
        test_access(INDEX_op_qemu_ld_i32, test_i32[0], test_addr_global(1), 0, MO_BEUW | MO_ALIGN);
        tcg_gen_exit_tb(NULL, 0);
        r = test_run(test_translate());
        g_assert_cmpint(r.faulted, ==, i);
    }
}

static const TestCase cases[] = {
    { "/tcg/fault/dirty-globals", test_dirty_globals },
    { "/tcg/fault/pending-moves", test_pending_moves },
    { "/tcg/fault/loop", test_loop },
    { "/tcg/fault/atomic", test_atomic },
    { "/tcg/fault/load-over-address", test_load_over_address },
    { "/tcg/fault/alignment", test_alignment },
};

int main(int argc, char **argv)
{
    return test_main(argc, argv, cases, ARRAY_SIZE(cases));
}
