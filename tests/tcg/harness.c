/*
 * See harness.h. Stands in for cputlb.c: the slow paths of guest accesses,
 * and the state restoration of cpu_loop_exit_restore().
 *
 * SPDX-License-Identifier: MIT
 */
#include "harness.h"
#include "tcg/cpu-neg.h"

#define CODE_BYTES  (4 * MiB)
#define TABLE_START (1 * MiB)       /* of the fast tables, from the block's start */

bool test_wide;
uint64_t test_ram_base = 0x10000;
TestMemory test_memory;
CPUArchState *test_env;
TCGv_i32 test_i32[TEST_NB_I32];
TCGv_i64 test_i64[TEST_NB_I64];
TCGv_f64 test_f64[TEST_NB_F64];
TCGv_vec test_vec[TEST_NB_VEC];

static uint8_t *code_base;          /* where the next block goes */
static const void *running;
static int running_size;
static uint8_t search[1 << 16];
static int search_size;
static sigjmp_buf fault_jump;
static uintptr_t fault_retaddr;
static uint64_t random_state;
static int32_t exec_left;
static uint32_t jmp_insn_offset[32], jmp_reset_offset[32];
static TBJumpCacheEntry jump_cache[TB_JMP_CACHE_SIZE];

void test_random_seed(uint64_t seed)
{
    random_state = seed * 2 + 1;
}

uint64_t test_random(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state * 0x2545f4914f6cdd1dULL >> 8 ^ random_state << 40;
}

/* --- guest memory --- */

static bool mapped(uint64_t addr, MemOp op)
{
    if ((op & MO_ALIGN) && (addr & (memop_size(op) - 1))) {
        return false;
    }
    return addr >= TEST_RAM_BASE && addr - TEST_RAM_BASE <= TEST_RAM_SIZE - memop_size(op);
}

TCGTemp *test_addr_add(TCGTemp *base, int64_t offset)
{
    TCGTemp *addr = tcg_temp_new_internal(test_addr_type());

    if (test_wide) {
        tcg_gen_addi_i64((TCGv_i64)addr, (TCGv_i64)base, offset);
    } else {
        tcg_gen_addi_i32((TCGv_i32)addr, (TCGv_i32)base, offset);
    }
    return addr;
}

void test_access(TCGOpcode opc, void *value, TCGTemp *addr, unsigned mmu_idx, MemOp mop)
{
    TCGTemp *own = tcgv_temp(value);
    TCGOp *op = tcg_emit_op(opc, 3);

    op->args[0] = temp_arg(own->index < tcg_ctx->nb_globals ? tcg_ctx->temps[own->index] : own);
    op->args[1] = temp_arg(addr->index < tcg_ctx->nb_globals ? tcg_ctx->temps[addr->index] : addr);
    op->args[2] = make_memop_idx(mop, mmu_idx);
}

TCGTemp *test_addr_global(int n)
{
    return test_wide ? tcgv_temp(test_i64[n]) : tcgv_temp(test_i32[n]);
}

uint64_t test_addr_value(int n)
{
    return test_wide ? test_env->i64[n] : test_env->i32[n];
}

void test_set_addr_value(int n, uint64_t value)
{
    if (test_wide) {
        test_env->i64[n] = value;
    } else {
        test_env->i32[n] = value;
    }
}

static uint64_t swapped(uint64_t value, MemOp op)
{
    return op & MO_BSWAP ? __builtin_bswap64(value) >> (64 - 8 * memop_size(op)) : value;
}

bool test_load(TestMemory *mem, uint64_t addr, MemOpIdx oi, uint64_t *value)
{
    MemOp op = get_memop(oi);

    if (!mapped(addr, op)) {
        return false;
    }
    *value = 0;
    memcpy(value, &mem->ram[addr - TEST_RAM_BASE], memop_size(op));
    *value = swapped(*value, op);
    if (op & MO_SIGN) {
        unsigned unused = 64 - 8 * memop_size(op);

        *value = (int64_t)(*value << unused) >> unused;
    }
    return true;
}

bool test_store(TestMemory *mem, uint64_t addr, MemOpIdx oi, uint64_t value)
{
    MemOp op = get_memop(oi);

    if (!mapped(addr, op)) {
        return false;
    }
    value = swapped(value, op);
    memcpy(&mem->ram[addr - TEST_RAM_BASE], &value, memop_size(op));
    return true;
}

static void fault(uintptr_t ra)
{
    fault_retaddr = ra;
    siglongjmp(fault_jump, 1);
}

uint64_t cpu_ld_mmu(CPUArchState *env, vaddr addr, MemOpIdx oi, uintptr_t ra)
{
    uint64_t value = 0;

    if (!test_load(&test_memory, addr, oi, &value)) {
        fault(ra);
    }
    return value;
}

void cpu_st_mmu(CPUArchState *env, vaddr addr, uint64_t val, MemOpIdx oi, uintptr_t ra)
{
    if (!test_store(&test_memory, addr, oi, val)) {
        fault(ra);
    }
}

void cpu_probe_st_mmu(CPUArchState *env, vaddr addr, MemOpIdx oi, uintptr_t ra)
{
    if (!mapped(addr, get_memop(oi))) {
        fault(ra);
    }
}

/* A 16-byte access is two of 8; big-endian ones have the high half first. */
Int128Pair cpu_ld16_mmu(CPUArchState *env, vaddr addr, MemOpIdx oi, uintptr_t ra)
{
    MemOp half = MO_64 | (get_memop(oi) & MO_BSWAP);
    MemOpIdx half_oi = make_memop_idx(half, get_mmuidx(oi));
    uint64_t first = cpu_ld_mmu(env, addr, half_oi, ra);
    uint64_t second = cpu_ld_mmu(env, addr + 8, half_oi, ra);

    return half & MO_BSWAP ? (Int128Pair){ second, first } : (Int128Pair){ first, second };
}

void cpu_st16_mmu(CPUArchState *env, vaddr addr, Int128Pair val, MemOpIdx oi, uintptr_t ra)
{
    MemOp half = MO_64 | (get_memop(oi) & MO_BSWAP);
    MemOpIdx half_oi = make_memop_idx(half, get_mmuidx(oi));

    if (!mapped(addr, half) || !mapped(addr + 8, half)) {
        fault(ra);
    }
    cpu_st_mmu(env, addr, half & MO_BSWAP ? val.hi : val.lo, half_oi, ra);
    cpu_st_mmu(env, addr + 8, half & MO_BSWAP ? val.lo : val.hi, half_oi, ra);
}

/* --- atomics: one thread --- */

static uint64_t read_old(CPUArchState *env, vaddr addr, MemOpIdx oi, uintptr_t ra)
{
    return cpu_ld_mmu(env, addr, oi, ra);
}

static uint64_t exchange(CPUArchState *env, vaddr addr, uint64_t value, uint64_t old, MemOpIdx oi,
                         uintptr_t ra)
{
    cpu_st_mmu(env, addr, value, oi, ra);
    return old;
}

uint64_t cpu_atomic_cmpxchg_mmu(CPUArchState *env, vaddr addr, uint64_t cmp, uint64_t new_value,
                                MemOpIdx oi, uintptr_t ra)
{
    uint64_t old = read_old(env, addr, oi, ra);

    return old == cmp ? exchange(env, addr, new_value, old, oi, ra) : old;
}

uint64_t cpu_atomic_xchg_mmu(CPUArchState *env, vaddr addr, uint64_t val, MemOpIdx oi,
                             uintptr_t ra)
{
    return exchange(env, addr, val, read_old(env, addr, oi, ra), oi, ra);
}

uint64_t cpu_atomic_fetch_add_mmu(CPUArchState *env, vaddr addr, uint64_t val, MemOpIdx oi,
                                  uintptr_t ra)
{
    uint64_t old = read_old(env, addr, oi, ra);

    return exchange(env, addr, old + val, old, oi, ra);
}

uint64_t cpu_atomic_fetch_and_mmu(CPUArchState *env, vaddr addr, uint64_t val, MemOpIdx oi,
                                  uintptr_t ra)
{
    uint64_t old = read_old(env, addr, oi, ra);

    return exchange(env, addr, old & val, old, oi, ra);
}

uint64_t cpu_atomic_fetch_or_mmu(CPUArchState *env, vaddr addr, uint64_t val, MemOpIdx oi,
                                 uintptr_t ra)
{
    uint64_t old = read_old(env, addr, oi, ra);

    return exchange(env, addr, old | val, old, oi, ra);
}

uint64_t cpu_atomic_fetch_xor_mmu(CPUArchState *env, vaddr addr, uint64_t val, MemOpIdx oi,
                                  uintptr_t ra)
{
    uint64_t old = read_old(env, addr, oi, ra);

    return exchange(env, addr, old ^ val, old, oi, ra);
}

/* --- the CPU --- */

static void make_globals(void)
{
    static const char *const i32_names[] = { "w0", "w1", "w2", "w3", "w4", "w5", "w6", "w7" };
    static const char *const i64_names[] = { "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7" };
    static const char *const f64_names[] = { "f0", "f1", "f2", "f3" };
    static const char *const vec_names[] = { "v0", "v1", "v2", "v3" };

    for (int i = 0; i < TEST_NB_I32; i++) {
        test_i32[i] = tcg_global_mem_new_i32(offsetof(CPUArchState, i32[i]), i32_names[i]);
    }
    for (int i = 0; i < TEST_NB_I64; i++) {
        test_i64[i] = tcg_global_mem_new_i64(offsetof(CPUArchState, i64[i]), i64_names[i]);
    }
    for (int i = 0; i < TEST_NB_F64; i++) {
        test_f64[i] = tcg_global_mem_new_f64(offsetof(CPUArchState, f64[i]), f64_names[i]);
    }
    for (int i = 0; i < TEST_NB_VEC; i++) {
        test_vec[i] = tcg_global_mem_new_vec(offsetof(CPUArchState, vec[i]), vec_names[i]);
    }
    tcg_global_set_hot(test_i32[0]);
    tcg_global_set_hot(test_i32[1]);
    tcg_global_set_hot(test_i64[0]);
}

static void fill_table(void *table)
{
    TLBHashEntry *hashed = table;
    uint64_t *direct = table;

    if (test_wide) {
        tlb_hash_table_init(hashed);
    }
    for (uint32_t offset = 0; offset < TEST_FAST_SIZE; offset += TARGET_PAGE_SIZE) {
        uint64_t page = TEST_RAM_BASE + offset, addend = (uintptr_t)test_memory.ram - TEST_RAM_BASE;

        if (test_wide) {
            hashed[(page >> TARGET_PAGE_BITS) % TLB_HASH_ENTRIES] = (TLBHashEntry){ page, addend };
        } else {
            direct[page >> TARGET_PAGE_BITS] = addend;
        }
    }
}

/* CPUNeg, env and the two fast tables in one block of sparse memory. */
static void make_cpu(TCGContext *s)
{
    size_t table_bytes = tlb_fast_bytes(s->addr_bits);
    uint8_t *block = mmap(NULL, TABLE_START + 2 * table_bytes, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    g_assert(block != MAP_FAILED);
    test_env = (CPUArchState *)(block + 4096);
    for (int store = 0; store < 2; store++) {
        uint8_t *table = block + TABLE_START + store * table_bytes;

        for (int mmu_idx = 0; mmu_idx < 16; mmu_idx++) {
            s->tlb_offset[mmu_idx][store] = table - (uint8_t *)test_env;
        }
        fill_table(table);
    }
    env_neg(test_env)->jmp_cache = jump_cache;
    memset(jump_cache, 0xff, sizeof(jump_cache));
}

static void configure(TCGContext *s)
{
    s->addr_bits = test_wide ? 64 : 32;
    tcg_context_find_cpu_neg(s);
    s->tb_exec_left = &exec_left;
    s->jmp_insn_offset = jmp_insn_offset;
    s->jmp_reset_offset = jmp_reset_offset;
}

void test_init(void)
{
    uint8_t *buffer = mmap(NULL, CODE_BYTES, PROT_READ | PROT_WRITE | PROT_EXEC,
                           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    g_assert(buffer != MAP_FAILED);
    test_wide = !g_strcmp0(g_getenv("TEST_ADDR_BITS"), "64");
    if (test_wide) {
        test_ram_base = UINT64_C(0xffff832145670000);
    }
    tcg_init();
    make_globals();
    tcg_ctx = tcg_context_new();
    configure(tcg_ctx);
    make_cpu(tcg_ctx);
    tcg_ctx->code_buf = tcg_ctx->code_ptr = buffer;
    tcg_ctx->code_highwater = buffer + CODE_BYTES - 4096;
    tcg_prologue_init(tcg_ctx);
    code_base = (uint8_t *)ROUND_UP((uintptr_t)tcg_ctx->code_ptr, (uintptr_t)64);
}

void test_keep_code(void)
{
    code_base = (uint8_t *)ROUND_UP((uintptr_t)running + running_size, (uintptr_t)64);
}

void test_begin(void)
{
    tcg_func_start(tcg_ctx);
    exec_left = INT32_MAX;
}

const void *test_translate(void)
{
    TCGContext *s = tcg_ctx;
    int size;

    s->code_buf = s->code_ptr = code_base;
    size = tcg_gen_code(s);
    g_assert_cmpint(size, >, 0);
    search_size = tcg_encode_search(s, search, search + sizeof(search));
    g_assert_cmpint(search_size, >=, 0);
    running = code_base + s->splitwx_diff;
    running_size = size;
    return running;
}

TestResult test_run(const void *code)
{
    TestResult result = { 0 };

    if (sigsetjmp(fault_jump, 0)) {
        uintptr_t offset = fault_retaddr - (uintptr_t)running;

        g_assert_cmpuint(offset, <=, running_size);
        result.faulted = true;
        result.fault_insn = tcg_restore_search(search, search_size, offset, test_env,
                                               result.fault_data);
        return result;
    }
    result.exit_value = tcg_qemu_tb_exec(test_env, code);
    return result;
}

void test_reset_guest(void)
{
    memset(test_env, 0, sizeof(*test_env));
    memset(&test_memory, 0, sizeof(test_memory));
    env_neg(test_env)->exit_request = 0;
    tcg_ctx->use_icount = false;
}

static void run_case(gconstpointer data)
{
    const TestCase *c = data;

    test_reset_guest();
    test_begin();
    c->run();
}

int test_main(int argc, char **argv, const TestCase *cases, size_t count)
{
    g_test_init(&argc, &argv, NULL);
    test_init();
    for (size_t i = 0; i < count; i++) {
        g_test_add_data_func(cases[i].name, &cases[i], run_case);
    }
    return g_test_run();
}
