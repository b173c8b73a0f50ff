/*
 * Accesses that share a page look-up: all base addresses around the borders of
 * pages, of the pages in the fast tables, and of RAM. What fails here reads or
 * writes the wrong bytes, or loses registers at a fault in the middle.
 *
 * SPDX-License-Identifier: MIT
 */
#include "harness.h"

enum { NB = 4, MARK = 0x5a5a0000 };

static const int32_t offsets[NB] = { 8, 0, -13, 20 };
static const MemOp ops[NB] = { MO_BEUL, MO_LEUL, MO_BEUW, MO_UB };

static void fill_memory(void)
{
    for (unsigned i = 0; i < TEST_RAM_SIZE; i++) {
        test_memory.ram[i] = i * 7 + (i >> 8);
    }
}

/* w0 (x0) is the base; a mark goes to w7 before each access. */
static const void *translate(bool is_store)
{
    test_begin();
    for (int i = 0; i < NB; i++) {
        TCGTemp *addr;

        tcg_gen_insn_start(0x1000 + 4 * i, 0, 0);
        tcg_gen_addi_i32(test_i32[7], test_i32[6], i);
        addr = test_addr_add(test_addr_global(0), offsets[i]);
        test_access(is_store ? INDEX_op_qemu_st_i32 : INDEX_op_qemu_ld_i32, test_i32[1 + i], addr, 0, ops[i]);
    }
    tcg_gen_exit_tb(NULL, 0);
    return test_translate();
}

static bool run_at(const void *code, uint64_t base, bool is_store)
{
    static TestMemory expected;
    uint32_t value[NB];
    int fails_at = NB;

    fill_memory();
    expected = test_memory;
    test_set_addr_value(0, base);
    test_env->i32[6] = MARK;
    for (int i = 0; i < NB; i++) {
        value[i] = test_env->i32[1 + i] = 0x01020304 * (i + 1);
    }
    for (int i = 0; i < NB && fails_at == NB; i++) {
        uint64_t v = value[i];
        MemOpIdx oi = make_memop_idx(ops[i], 0);
        uint64_t addr = test_wide ? base + offsets[i] : (uint32_t)(base + offsets[i]);

        if (!(is_store ? test_store(&expected, addr, oi, v) : test_load(&expected, addr, oi, &v))) {
            fails_at = i;
        }
        value[i] = v;
    }

    TestResult result = test_run(code);
    bool ok = result.faulted == (fails_at < NB) && (!result.faulted || result.fault_insn == fails_at);

    ok &= test_env->i32[7] == MARK + (uint32_t)MIN(fails_at, NB - 1);
    for (int i = 0; i < NB; i++) {
        ok &= test_env->i32[1 + i] == value[i];
    }
    return ok && !memcmp(&expected, &test_memory, sizeof(expected));
}

static void run_around(const char *what, uint64_t border, bool is_store)
{
    const void *code = translate(is_store);
    bool ok = true;
    static int number;

    for (int32_t i = -48; i <= 48; i++) {
        if (!run_at(code, border + i, is_store)) {
            printf("# wrong with base %08" PRIx64 "\n", border + i);
            ok = false;
        }
    }
    printf("%s %d - %s around %s\n", ok ? "ok" : "not ok", ++number, is_store ? "stores" : "loads", what);
}

int main(void)
{
    test_init();
    printf("1..10\n");
    for (int is_store = 0; is_store < 2; is_store++) {
        run_around("a page's end", TEST_RAM_BASE + 0x1000, is_store);
        run_around("the start of RAM", TEST_RAM_BASE, is_store);
        run_around("the end of the fast pages", TEST_RAM_BASE + TEST_FAST_SIZE, is_store);
        run_around("the end of RAM", TEST_RAM_BASE + TEST_RAM_SIZE, is_store);
        run_around("address 0", 0, is_store);
    }
    return 0;
}
