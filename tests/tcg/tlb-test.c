/*
 * The TLB's tables without a guest: flushes, large pages, address spaces and
 * the validation of kept entries, for 32 and 64-bit guest addresses. What fails
 * here lets a guest see a mapping that it took away, or fill entries in vain.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "exec/cputlb-internal.h"
#include "exec/tb-internal.h"
#include "harness.h"

enum { MODES = 2, RAM_BYTES = 8 * MiB, LEAVES = 64 };
#define USER_BASE   UINT64_C(0x400000)
#define PTE_GLOBAL  0x100
#define PTE_PRESENT 1

static MemoryRegion ram;
static CPUState *cpu;
static CPUClass cc;
static unsigned fills;
static uint32_t state_flags;

CPUState *first_cpu;
__thread CPUState *current_cpu;

void async_run_on_cpu(CPUState *c, run_on_cpu_func *fn, void *data)
{
    fn(c, data);
}

bool cpu_page_is_watched(CPUState *c, vaddr page)
{
    return false;
}

void cpu_restart_insn(CPUState *c, uintptr_t ra)
{
    abort();
}

/* --- a guest: one table of LEAVES entries for each space, under one upper entry ------------------ */

static uint64_t upper[4], leaf[4][LEAVES];
static unsigned space;

static bool fill(CPUState *c, vaddr addr, unsigned size, MMUAccessType access, int mmu_idx, bool probe,
                 uintptr_t ra)
{
    uint64_t *entry = &leaf[space][(addr - USER_BASE) >> TARGET_PAGE_BITS & (LEAVES - 1)];
    TLBWalk walk = { .nb = 2, .entry_bytes = 8, .level = { { &upper[space], upper[space] }, { entry, *entry } } };
    int prot = PAGE_READ | PAGE_WRITE | PAGE_EXEC | (*entry & PTE_GLOBAL ? PAGE_GLOBAL : 0);

    fills++;
    if (!(*entry & upper[space] & PTE_PRESENT)) {
        return false;
    }
    tlb_set_page_walk(c, addr, *entry & TARGET_PAGE_MASK, prot, mmu_idx, TARGET_PAGE_SIZE, &walk);
    return true;
}

static void get_state(CPUArchState *env, vaddr *pc, uint32_t *flags)
{
    *pc = USER_BASE;
    *flags = state_flags;
}

static void make_cpu(int vaddr_bits)
{
    size_t table_bytes = tlb_fast_bytes(vaddr_bits), head = 64 * KiB;
    size_t cache = TB_JMP_CACHE_SIZE * (sizeof(TBJumpCacheEntry) + sizeof(TranslationBlock *));
    uint8_t *block = mmap(NULL, head + cache + 2 * MODES * table_bytes, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    g_assert(block != MAP_FAILED);
    cc = (CPUClass) { .vaddr_bits = vaddr_bits, .num_mmu_modes = MODES, .env_offset = 32 * KiB,
                      .get_tb_state = get_state, .tlb_fill = fill };
    cpu = (CPUState *)block;
    cpu->cc = &cc;
    cpu->env = (CPUArchState *)(block + cc.env_offset);
    cpu->as = &address_space_memory;
    cpu->watchpoints = g_array_new(false, true, sizeof(CPUWatchpoint));
    cpu_neg(cpu)->jmp_cache = (TBJumpCacheEntry *)(block + head);
    cpu->jmp_cache_tbs = (TranslationBlock **)(cpu_neg(cpu)->jmp_cache + TB_JMP_CACHE_SIZE);
    tlb_layout((intptr_t)(head + cache) - (intptr_t)cc.env_offset, table_bytes);
    tlb_init(cpu);
    first_cpu = cpu;
    tlb_set_tagged_range(cpu, (1 << MODES) - 1, 0, 0);
    space = 0;
    for (int s = 0; s < 4; s++) {
        upper[s] = PTE_PRESENT;
        for (int i = 0; i < LEAVES; i++) {
            leaf[s][i] = (uint64_t)(s * LEAVES + i) << TARGET_PAGE_BITS | PTE_PRESENT;
        }
    }
    tlb_switch_tag(cpu, 0);
}

static void switch_space(unsigned to)
{
    space = to;
    tlb_switch_tag(cpu, to);
}

static vaddr page(unsigned n)
{
    return USER_BASE + n * (vaddr)TARGET_PAGE_SIZE;
}

/* The page that generated code would reach: its number in RAM, -1: the slow path. */
static int fast_page(int mode, bool store, unsigned n)
{
    TLBMode *m = &cpu->tlb->mode[mode];
    uint64_t addend;
    vaddr got;

    if (!fast_has(cpu->tlb, m, store, page(n)) ||
        !fast_read(cpu->tlb, m, store, fast_index(cpu->tlb, page(n)), &got, &addend)) {
        return -1;
    }
    g_assert_cmphex(got, ==, page(n));
    return (addend + page(n) - (uintptr_t)memory_region_get_ram_ptr(&ram)) >> TARGET_PAGE_BITS;
}

static void touch(unsigned n, int mode)
{
    g_assert_nonnull(tlb_lookup(cpu, page(n), 1, MMU_DATA_LOAD, mode, true, 0));
}

/* --- cases -------------------------------------------------------------------------------------------- */

static void test_flush(void)
{
    touch(3, 0);
    touch(4, 1);
    g_assert_cmpint(fast_page(0, false, 3), ==, 3);
    g_assert_cmpint(fast_page(0, true, 3), ==, 3);
    g_assert_cmpint(fast_page(1, false, 3), ==, -1);
    g_assert_cmpint(fast_page(1, true, 4), ==, 4);
    tlb_flush_page(cpu, page(3) + 5);
    g_assert_cmpint(fast_page(0, false, 3), ==, -1);
    g_assert_cmpint(fast_page(1, true, 4), ==, 4);
    tlb_flush_by_mmuidx(cpu, 1);
    g_assert_cmpint(fast_page(1, true, 4), ==, 4);
    tlb_flush(cpu);
    g_assert_cmpint(fast_page(1, true, 4), ==, -1);
    g_assert_cmpint(fast_page(1, false, 4), ==, -1);
}

static void test_large_page(void)
{
    const uint64_t size = 2 * MiB;

    touch(0, 0);
    tlb_set_page(cpu, page(520), 520 << TARGET_PAGE_BITS, PAGE_READ, 0, size);
    tlb_set_page(cpu, page(530), 530 << TARGET_PAGE_BITS, PAGE_READ, 0, size);
    tlb_flush_page(cpu, page(600));
    g_assert_cmpint(fast_page(0, false, 520), ==, -1);
    g_assert_cmpint(fast_page(0, false, 530), ==, -1);
    g_assert_cmpint(fast_page(0, false, 0), ==, 0);
}

/* Back in a space: what was there is there, without a walk. */
static void test_spaces(void)
{
    touch(1, 0);
    touch(2, 1);
    switch_space(1);
    g_assert_cmpint(fast_page(0, false, 1), ==, -1);
    touch(1, 0);
    g_assert_cmpint(fast_page(0, false, 1), ==, LEAVES + 1);
    fills = 0;
    switch_space(0);
    g_assert_cmpint(fast_page(0, false, 1), ==, 1);
    g_assert_cmpint(fast_page(0, true, 1), ==, 1);
    g_assert_cmpint(fast_page(1, false, 2), ==, 2);
    switch_space(1);
    g_assert_cmpint(fast_page(0, false, 1), ==, LEAVES + 1);
    g_assert_cmpuint(fills, ==, 0);
}

/* Entries that changed meanwhile do not come back, others do. */
static void test_changed_entry(void)
{
    touch(1, 0);
    touch(2, 0);
    switch_space(1);
    leaf[0][1] = 9 << TARGET_PAGE_BITS | PTE_PRESENT;
    switch_space(0);
    g_assert_cmpint(fast_page(0, false, 1), ==, -1);
    g_assert_cmpint(fast_page(0, false, 2), ==, 2);
    touch(1, 0);
    g_assert_cmpint(fast_page(0, false, 1), ==, 9);

    /* The same tag again means the same. */
    leaf[0][2] = 0;
    switch_space(0);
    g_assert_cmpint(fast_page(0, false, 1), ==, 9);
    g_assert_cmpint(fast_page(0, false, 2), ==, -1);
    g_assert_null(tlb_lookup(cpu, page(2), 1, MMU_DATA_LOAD, 0, true, 0));

    switch_space(1);
    upper[0] |= 0x20;
    switch_space(0);
    g_assert_cmpint(fast_page(0, false, 1), ==, -1);
    touch(1, 0);
    switch_space(1);
    switch_space(0);
    g_assert_cmpint(fast_page(0, false, 1), ==, 9);
}

static void test_global(void)
{
    leaf[0][5] |= PTE_GLOBAL;
    touch(5, 0);
    touch(6, 0);
    switch_space(1);
    g_assert_cmpint(fast_page(0, false, 5), ==, 5);
    g_assert_cmpint(fast_page(0, false, 6), ==, -1);
    tlb_flush_page(cpu, page(5));
    g_assert_cmpint(fast_page(0, false, 5), ==, -1);
}

/* A page got code while its space was away: loads come back, stores do not. */
static void test_protected(void)
{
    touch(7, 0);
    switch_space(1);
    tlb_protect_code(memory_region_get_ram_addr(&ram) + (7 << TARGET_PAGE_BITS));
    switch_space(0);
    g_assert_cmpint(fast_page(0, false, 7), ==, 7);
    g_assert_cmpint(fast_page(0, true, 7), ==, -1);
    cpu_physical_memory_set_dirty_flag(memory_region_get_ram_addr(&ram) + (7 << TARGET_PAGE_BITS),
                                       DIRTY_MEMORY_CODE);
    touch(8, 0);
    g_assert_cmpint(fast_page(0, true, 8), ==, 8);
    tlb_protect_code(memory_region_get_ram_addr(&ram) + (8 << TARGET_PAGE_BITS));
    g_assert_cmpint(fast_page(0, true, 8), ==, -1);
    g_assert_cmpint(fast_page(0, false, 8), ==, 8);
    cpu_physical_memory_set_dirty_flag(memory_region_get_ram_addr(&ram) + (8 << TARGET_PAGE_BITS),
                                       DIRTY_MEMORY_CODE);
}

/* Keys of blocks: one for each space, the old one on return, a new one when code's mapping changed. */
static void test_keys(void)
{
    touch(1, 0);
    tlb_note_code(cpu, tlb_lookup(cpu, page(1), 1, MMU_INST_FETCH, 0, true, 0));
    tb_key_update(cpu);
    uint64_t first = cpu_neg(cpu)->tb_key;

    switch_space(1);
    g_assert_cmphex(cpu_neg(cpu)->tb_key, !=, first);
    switch_space(0);
    g_assert_cmphex(cpu_neg(cpu)->tb_key, ==, first);
    state_flags = 1;
    tb_key_update(cpu);
    g_assert_cmphex(cpu_neg(cpu)->tb_key, !=, first);
    state_flags = 0;
    switch_space(1);
    leaf[0][1] = 10 << TARGET_PAGE_BITS | PTE_PRESENT;
    switch_space(0);
    g_assert_cmphex(cpu_neg(cpu)->tb_key, !=, first);
}

/* More spaces than are kept, more entries than a full table holds. */
static void test_many(void)
{
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned tag = 0; tag < 3 * MAX_TAGS; tag++) {
            space = tag % 4;
            tlb_switch_tag(cpu, tag);
            for (unsigned n = 0; n < LEAVES; n++) {
                touch(n, n % MODES);
                g_assert_cmpint(fast_page(n % MODES, false, n), ==, space * LEAVES + n);
            }
        }
    }
}

typedef struct Case {
    const char *name;
    void (*run)(void);
    int bits;
} Case;

static const Case cases[] = {
    { "flush", test_flush, 0 }, { "large-page", test_large_page, 0 }, { "spaces", test_spaces, 0 },
    { "changed-entry", test_changed_entry, 0 }, { "global", test_global, 0 },
    { "protected", test_protected, 0 }, { "keys", test_keys, 0 }, { "many", test_many, 0 },
};

static void run_case(gconstpointer data)
{
    const Case *c = data;

    make_cpu(c->bits);
    c->run();
    tlb_destroy(cpu);
    first_cpu = NULL;
}

int main(int argc, char **argv)
{
    Error *err = NULL;

    g_test_init(&argc, &argv, NULL);
    g_assert_true(memory_region_init_ram(&ram, NULL, "ram", RAM_BYTES, &err));
    memory_region_add_subregion(get_system_memory(), 0, &ram);
    for (int bits = 32; bits <= 64; bits += 32) {
        for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
            Case *c = g_new(Case, 1);
            g_autofree char *name = g_strdup_printf("/tcg/tlb/%d/%s", bits, cases[i].name);

            *c = cases[i];
            c->bits = bits;
            g_test_add_data_func(name, c, run_case);
        }
    }
    return g_test_run();
}
