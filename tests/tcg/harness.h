/*
 * A guest CPU and guest memory just large enough to run blocks of ops on the
 * back end that the build has configured.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_TCG_HARNESS_H
#define TESTS_TCG_HARNESS_H

#include "exec/cputlb.h"
#include "tcg/tcg-internal.h"
#include "tcg/tcg-op.h"

#define TEST_NB_I32 8
#define TEST_NB_I64 8
#define TEST_NB_F64 4
#define TEST_NB_VEC 4
#define TEST_SCRATCH 256

typedef union TestValue {
    uint64_t u;
    uint64_t q[2];
    double d;
    float f;
    uint8_t b[16];
} TestValue;

/* The guest CPU: env of the blocks. */
struct CPUArchState {
    uint32_t i32[TEST_NB_I32];
    uint64_t i64[TEST_NB_I64];
    uint64_t f64[TEST_NB_F64];
    uint64_t vec[TEST_NB_VEC][2] QEMU_ALIGNED(16);
    uint64_t scratch[TEST_SCRATCH] QEMU_ALIGNED(16);
};

/*
 * Guest memory: RAM pages that are in the fast tables, RAM that only the slow
 * path reaches, and nothing elsewhere: faults. Guest addresses have 32 bits, or
 * 64 with TEST_ADDR_BITS=64 in the environment.
 */
extern bool test_wide;              /* 64 bits */
extern uint64_t test_ram_base;
#define TEST_RAM_BASE  test_ram_base
#define TEST_FAST_SIZE 0x4000u
#define TEST_RAM_SIZE  0x8000u
#define TEST_FAULT_ADDR (test_ram_base + 0x30000u)
static inline TCGType test_addr_type(void) { return test_wide ? TCG_TYPE_I64 : TCG_TYPE_I32; }

typedef struct TestMemory {
    uint8_t ram[TEST_RAM_SIZE];
} TestMemory;

extern TestMemory test_memory;
extern CPUArchState *test_env;      /* of real runs */

extern TCGv_i32 test_i32[TEST_NB_I32];
extern TCGv_i64 test_i64[TEST_NB_I64];
extern TCGv_f64 test_f64[TEST_NB_F64];
extern TCGv_vec test_vec[TEST_NB_VEC];

typedef struct TestResult {
    bool faulted;
    uintptr_t exit_value;       /* when not faulted */
    int fault_insn;             /* index of the instruction, and its insn_start args */
    uint64_t fault_data[3];
} TestResult;

/* Once, before anything else. */
void test_init(void);
/* Begin a block. */
void test_begin(void);
/* Translate what was emitted since test_begin(). Aborts when it does not fit. */
const void *test_translate(void);
/* The block translated last stays valid when the next one is translated. */
void test_keep_code(void);
/* Run translated code on test_env and test_memory. */
TestResult test_run(const void *code);

/* Guest CPU and memory are zero, nobody wants an exit, instructions are not counted. */
void test_reset_guest(void);
typedef struct TestCase {
    const char *name;
    void (*run)(void);
} TestCase;
/* main() of a program of cases: each begins with a block on a guest that is reset. */
int test_main(int argc, char **argv, const TestCase *cases, size_t count);

/* An access at base + offset, base an address-wide temp. */
TCGTemp *test_addr_add(TCGTemp *base, int64_t offset);
void test_access(TCGOpcode opc, void *value, TCGTemp *addr, unsigned mmu_idx, MemOp op);
/* Global n of the addresses' type, and its value. */
TCGTemp *test_addr_global(int n);
uint64_t test_addr_value(int n);
void test_set_addr_value(int n, uint64_t value);

/* The block's guest access, shared with the model; false: fault. */
bool test_load(TestMemory *mem, uint64_t addr, MemOpIdx oi, uint64_t *value);
bool test_store(TestMemory *mem, uint64_t addr, MemOpIdx oi, uint64_t value);

/* Deterministic random numbers. */
uint64_t test_random(void);
void test_random_seed(uint64_t seed);
static inline unsigned test_random_below(unsigned n) { return test_random() % n; }

#endif
