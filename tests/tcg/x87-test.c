/*
 * The x87 ops on the host's unit: register and memory forms, guest memory on
 * the fast and the slow path, faults, status, compares, conditional moves, the
 * call that loads the unit. What fails here corrupts floating point of x86 guests.
 *
 * SPDX-License-Identifier: MIT
 */
#include "gen.h"

enum {      /* first byte << 8 | ModRM */
    FLD1 = 0xd9e8, FLDZ = 0xd9ee, FADDP = 0xdec1, FNINIT = 0xdbe3, FUCOMIP = 0xdfe9, FUCOMI = 0xdbe9, FSTP_ST0 = 0xddd8,
    FLD_M64 = 0xdd00, FSTP_M64 = 0xdd18, FLD_M32 = 0xd900, FSTP_M32 = 0xd918, FMUL_M64 = 0xdc08, FILD_M16 = 0xdf00,
    FISTP_M16 = 0xdf18, FISTP_M64 = 0xdf38, FLD_M80 = 0xdb28, FSTP_M80 = 0xdb38, FLDPI = 0xd9eb,
};

#define SLOW_ADDR (TEST_RAM_BASE + TEST_FAST_SIZE)

static void begin(void)
{
    memset(test_env, 0, sizeof(*test_env));
    memset(&test_memory, 0, sizeof(test_memory));
    test_begin();
    tcg_gen_insn_start(0x1000, 0, 0);
    tcg_gen_x87(FNINIT);
}

static TestResult run(void)
{
    TCGv_i32 status = tcg_temp_new_i32();

    tcg_gen_x87_status(status);
    tcg_gen_mov_i32(test_i32[6], status);
    tcg_gen_exit_tb(NULL, 0);
    return test_run(test_translate());
}

static void reset_host(void)
{
#ifdef __x86_64__
    __asm__ volatile("fninit");
#endif
}

static void set_f64(uint64_t addr, double value)
{
    memcpy(test_memory.ram + (addr - TEST_RAM_BASE), &value, 8);
}

static double get_f64(uint64_t addr)
{
    double value;

    memcpy(&value, test_memory.ram + (addr - TEST_RAM_BASE), 8);
    return value;
}

/* An access at base + offset; base: a register that is 0, or the test's own. */
static void *sum(unsigned base, uint64_t offset)
{
    if (test_wide) {
        TCGv_i64 t = tcg_temp_new_i64();

        tcg_gen_addi_i64(t, test_i64[base], offset);
        return t;
    }
    TCGv_i32 t = tcg_temp_new_i32();

    tcg_gen_addi_i32(t, test_i32[base], offset);
    return t;
}

static void load(unsigned base, uint64_t offset, MemOp size, unsigned insn)
{
    void *addr = sum(base, offset);

    if (test_wide) {
        tcg_gen_x87_ld_i64(addr, 0, size, insn);
    } else {
        tcg_gen_x87_ld_i32(addr, 0, size, insn);
    }
}

static void store(unsigned base, uint64_t offset, MemOp size, unsigned insn)
{
    void *addr = sum(base, offset);

    if (test_wide) {
        tcg_gen_x87_st_i64(addr, 0, size, insn);
    } else {
        tcg_gen_x87_st_i32(addr, 0, size, insn);
    }
}

enum { ZERO = 7, BASE = 0 };        /* registers */

/* (a * b + 1) from and to guest memory: fast, slow, unaligned, across pages. */
static void test_guest_memory(void)
{
    const uint64_t addrs[] = {
        TEST_RAM_BASE, TEST_RAM_BASE + 0x104, TEST_RAM_BASE + 0x203, SLOW_ADDR + 0x40, SLOW_ADDR + 0x81,
        TEST_RAM_BASE + 0xffc, TEST_RAM_BASE + TEST_FAST_SIZE - 3,
    };

    for (unsigned i = 0; i < ARRAY_SIZE(addrs); i++) {
        begin();
        set_f64(addrs[i], 2.5 + i);
        load(ZERO, addrs[i], MO_LEUQ, FLD_M64);
        load(ZERO, addrs[i], MO_LEUQ, FMUL_M64);
        tcg_gen_x87(FLD1);
        tcg_gen_x87(FADDP);
        store(ZERO, addrs[i], MO_LEUQ, FSTP_M64);
        g_assert_false(run().faulted);
        reset_host();
        g_assert_cmpfloat(get_f64(addrs[i]), ==, (2.5 + i) * (2.5 + i) + 1);
        g_assert_cmphex(test_env->i32[6] & 0x3800, ==, 0);
    }
}

/* Accesses that share one page check, by a base that the slow path does and does not serve. */
static void test_shared_checks(void)
{
    for (unsigned i = 0; i < 3; i++) {
        uint64_t base = i == 0 ? TEST_RAM_BASE + 0x400 : i == 1 ? SLOW_ADDR + 0x400 : TEST_RAM_BASE + 0xff4;

        begin();
        test_env->i32[BASE] = base;
        test_env->i64[BASE] = base;
        set_f64(base, 1.5);
        set_f64(base + 8, 4);
        load(BASE, 0, MO_LEUQ, FLD_M64);
        load(BASE, 8, MO_LEUQ, FMUL_M64);
        store(BASE, 16, MO_LEUQ, FSTP_M64);
        tcg_gen_x87(FLDPI);
        store(BASE, 24, MO_LEUQ, FISTP_M64);
        g_assert_false(run().faulted);
        reset_host();
        g_assert_cmpfloat(get_f64(base + 16), ==, 6.0);
        g_assert_cmpuint(test_memory.ram[base + 24 - TEST_RAM_BASE], ==, 3);
        g_assert_cmphex(test_env->i32[6], ==, 0x20);
    }
}

/* Small sizes, and host memory. */
static void test_sizes(void)
{
    begin();
    memcpy(test_memory.ram, (float[]){ 0.75f }, 4);
    memcpy(test_memory.ram + 8, (int16_t[]){ -300 }, 2);
    load(ZERO, TEST_RAM_BASE, MO_LEUL, FLD_M32);
    tcg_gen_x87_m(tcg_env, offsetof(CPUArchState, scratch[2]), FSTP_M80);
    load(ZERO, TEST_RAM_BASE + 8, MO_LEUW, FILD_M16);
    tcg_gen_x87_m(tcg_env, offsetof(CPUArchState, scratch[2]), FLD_M80);
    tcg_gen_x87(FADDP);
    store(ZERO, SLOW_ADDR, MO_LEUL, FSTP_M32);
    tcg_gen_x87(FLD1);
    store(ZERO, SLOW_ADDR + 9, MO_LEUW, FISTP_M16);
    g_assert_false(run().faulted);
    reset_host();
    float sum;

    memcpy(&sum, test_memory.ram + TEST_FAST_SIZE, 4);
    g_assert_cmpfloat(sum, ==, -299.25f);
    g_assert_cmpuint(test_memory.ram[TEST_FAST_SIZE + 9], ==, 1);
    g_assert_cmpuint(test_memory.ram[TEST_FAST_SIZE + 10], ==, 0);
}

/* A fault leaves stack and flags as they were: pi rounds, and would have been popped. */
static void test_fault(void)
{
    uint16_t status = 0xffff;

    begin();
    tcg_gen_movi_i32(test_i32[0], 5);
    tcg_gen_x87(FLDPI);
    tcg_gen_insn_start(0x1004, 0, 0);
    store(ZERO, TEST_FAULT_ADDR, MO_LEUQ, FSTP_M64);
    tcg_gen_insn_start(0x1006, 0, 0);
    tcg_gen_movi_i32(test_i32[0], 6);
    TestResult r = run();

#ifdef __x86_64__
    __asm__ volatile("fnstsw %0" : "=a"(status));
#endif
    reset_host();
    g_assert_true(r.faulted);
    g_assert_cmphex(r.fault_data[0], ==, 0x1004);
    g_assert_cmpuint(test_env->i32[0], ==, 5);
    g_assert_cmphex(status, ==, 0x3800);

    begin();
    tcg_gen_insn_start(0x1004, 0, 0);
    load(ZERO, TEST_FAULT_ADDR, MO_LEUQ, FLD_M64);
    r = run();
    reset_host();
    g_assert_true(r.faulted);
    g_assert_cmphex(r.fault_data[0], ==, 0x1004);
}

static void test_compare_and_move(void)
{
    for (uint32_t take = 0; take < 3; take++) {
        begin();
        TCGv_i32 flags = tcg_temp_new_i32();

        test_env->i32[0] = take << 16;
        tcg_gen_x87(FLD1);
        tcg_gen_x87(FLDZ);
        tcg_gen_x87_cmov(test_i32[0], 1);
        tcg_gen_x87_comi(flags, FUCOMI);
        tcg_gen_mov_i32(test_i32[1], flags);
        tcg_gen_x87_comi(flags, FUCOMIP);
        tcg_gen_mov_i32(test_i32[2], flags);
        tcg_gen_x87(FSTP_ST0);
        tcg_gen_x87_comi(flags, FUCOMI);        /* empty: unordered */
        tcg_gen_mov_i32(test_i32[3], flags);
        run();
        reset_host();
        g_assert_cmphex(test_env->i32[1], ==, take ? 0x40 : 0x01);
        g_assert_cmphex(test_env->i32[2], ==, take ? 0x40 : 0x01);
        g_assert_cmphex(test_env->i32[3], ==, 0x45);
        g_assert_cmphex(test_env->i32[6], ==, 0x41);
    }
}

/* Called while the byte is 0 alone; registers survive. */
static void test_enter(void)
{
    for (unsigned loaded = 0; loaded < 2; loaded++) {
        begin();
        test_env->scratch[0] = loaded;
        for (int i = 0; i < TEST_NB_I32; i++) {
            tcg_gen_addi_i32(test_i32[i], test_i32[i], 10 + i);
        }
        tcg_gen_x87_enter(offsetof(CPUArchState, scratch[0]), &helper_info_note_enter);
        tcg_gen_add_i32(test_i32[0], test_i32[0], test_i32[5]);
        run();
        reset_host();
        g_assert_cmpuint(test_env->i32[0], ==, 25);
        g_assert_cmpuint(test_env->i32[4], ==, 14);
        g_assert_cmpuint(test_env->scratch[1], ==, !loaded);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    test_init();
    if (!tcg_ctx->host_x87) {
        printf("1..0 # SKIP this back end has no x87 ops\n");
        return 0;
    }
    g_test_add_func("/tcg/x87/guest-memory", test_guest_memory);
    g_test_add_func("/tcg/x87/shared-checks", test_shared_checks);
    g_test_add_func("/tcg/x87/sizes", test_sizes);
    g_test_add_func("/tcg/x87/fault", test_fault);
    g_test_add_func("/tcg/x87/compare-and-move", test_compare_and_move);
    g_test_add_func("/tcg/x87/enter", test_enter);
    return g_test_run();
}
