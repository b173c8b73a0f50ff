/*
 * Where translated blocks are kept: by physical page, in a hash, and in the
 * chains of those that jump to each other; what a store to code takes away.
 *
 * One lock (tb_lock) covers the hash's writers, the page lists and the chains;
 * lookup of blocks takes none. Memory of a block stays valid until the whole
 * buffer is emptied with all guest CPUs outside generated code.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "exec/tb-internal.h"
#include "exec/tb-jmp-cache.h"
#include "exec/ram_addr.h"
#include "tcg/tcg.h"
#include "trace/root.h"

static pthread_mutex_t tb_lock = PTHREAD_MUTEX_INITIALIZER;

/* --- blocks by physical page ------------------------------------------------- */

#define PAGE_L2_BITS 10
#define PAGE_L1_SIZE (1 << 14)       /* for the 64 GiB of ram.c */
#define GRANULE_BITS (TARGET_PAGE_BITS - 6)

/* What is translated of a page of RAM. tb_lock, but for reads of `granules`. */
typedef struct CodePage {
    uintptr_t head;             /* TB | which page: list of the blocks */
    uint64_t granules;          /* bit n: a block covers bytes of the page's n-th 64th part */
    uint32_t lost_regions;      /* that were invalidated by stores */
    uint32_t stores;            /* seen: a block that was made meanwhile may be stale */
} CodePage;
static CodePage *page_l1[PAGE_L1_SIZE];

static CodePage *code_page(ram_addr_t addr, bool alloc)
{
    uint64_t page = addr >> TARGET_PAGE_BITS;
    uint64_t l1 = page >> PAGE_L2_BITS;

    if (l1 >= PAGE_L1_SIZE) {
        return NULL;
    }
    CodePage *pages = qatomic_load_acquire(&page_l1[l1]);

    if (!pages) {
        if (!alloc) {
            return NULL;
        }
        pages = g_new0(CodePage, 1 << PAGE_L2_BITS);
        qatomic_store_release(&page_l1[l1], pages);
    }
    return &pages[page & ((1 << PAGE_L2_BITS) - 1)];
}

/* Bits of the granules that hold RAM bytes [start, end) of one page. */
static uint64_t granule_mask(ram_addr_t start, ram_addr_t end)
{
    unsigned first = (start & ~TARGET_PAGE_MASK) >> GRANULE_BITS;
    unsigned last = ((end - 1) & ~TARGET_PAGE_MASK) >> GRANULE_BITS;

    return UINT64_MAX << first & UINT64_MAX >> (63 - last);
}

static TranslationBlock *list_tb(uintptr_t link)
{
    return (TranslationBlock *)(link & ~(uintptr_t)TB_EXIT_MASK);
}

/* RAM range [*start, *end) of tb's part n. */
static void tb_page_range(const TranslationBlock *tb, int n, ram_addr_t *start, ram_addr_t *end)
{
    unsigned offset = tb->pc & ~TARGET_PAGE_MASK;

    if (n == 0) {
        *start = tb->page_addr[0] + offset;
        *end = tb->page_addr[0] + MIN(offset + tb->size, TARGET_PAGE_SIZE);
    } else {
        *start = tb->page_addr[1];
        *end = tb->page_addr[1] + offset + tb->size - TARGET_PAGE_SIZE;
    }
}

static uint64_t tb_granules(const TranslationBlock *tb, int n)
{
    ram_addr_t start, end;

    tb_page_range(tb, n, &start, &end);
    return granule_mask(start, end);
}

static void page_add(TranslationBlock *tb, int n)
{
    CodePage *page = code_page(tb->page_addr[n], true);

    tb->page_next[n] = page->head;
    page->head = (uintptr_t)tb | n;
    qatomic_set(&page->granules, page->granules | tb_granules(tb, n));
    tlb_protect_code(tb->page_addr[n]);
}

static void page_remove(TranslationBlock *tb, int n)
{
    uintptr_t *link = &code_page(tb->page_addr[n], true)->head;

    while (*link) {
        TranslationBlock *t = list_tb(*link);
        int k = *link & TB_EXIT_MASK;

        if (t == tb && k == n) {
            *link = t->page_next[k];
            return;
        }
        link = &t->page_next[k];
    }
}

/* --- the hash of blocks -------------------------------------------------------- */

#define TB_HASH_BITS 19     /* about as many as blocks fit in the buffer */
static TranslationBlock *tb_hash[1 << TB_HASH_BITS];

static uint32_t tb_hash_func(ram_addr_t phys_pc, vaddr pc, uint32_t flags)
{
    uint64_t h = (phys_pc ^ pc * UINT64_C(0x9e3779b97f4a7c15) ^ flags * UINT64_C(0xc2b2ae3d27d4eb4f));

    h *= UINT64_C(0x9e3779b97f4a7c15);
    return h >> (64 - TB_HASH_BITS);
}

/* Cflags that make otherwise equal blocks different. A region serves as a plain block. */
static uint32_t cflags_key(uint32_t cflags)
{
    return cflags & ~(CF_REGION | CF_INVALID);
}

static TranslationBlock *hash_find(ram_addr_t phys_pc, vaddr pc, uint32_t flags, uint32_t cflags)
{
    TranslationBlock *tb = qatomic_load_acquire(&tb_hash[tb_hash_func(phys_pc, pc, flags)]);

    for (; tb; tb = qatomic_load_acquire(&tb->hash_next)) {
        if (tb->pc == pc && tb->flags == flags &&
            (tb->page_addr[0] | (pc & ~TARGET_PAGE_MASK)) == phys_pc &&
            cflags_key(qatomic_read(&tb->cflags)) == cflags_key(cflags) &&
            !(qatomic_read(&tb->cflags) & CF_INVALID)) {
            return tb;
        }
    }
    return NULL;
}

/* A block that spans two pages holds only while the second is mapped as it was. */
static bool second_page_matches(CPUState *cpu, TranslationBlock *tb)
{
    if (tb->page_addr[1] == (ram_addr_t)-1) {
        return true;
    }
    vaddr second = (tb->pc & TARGET_PAGE_MASK) + TARGET_PAGE_SIZE;

    return (get_page_addr_code(cpu->env, second) & TARGET_PAGE_MASK) == tb->page_addr[1];
}

TranslationBlock *tb_htable_lookup(CPUState *cpu, vaddr pc, uint32_t flags, uint32_t cflags)
{
    ram_addr_t phys_pc = get_page_addr_code(cpu->env, pc);
    TranslationBlock *tb;

    if (phys_pc == (ram_addr_t)-1) {
        return NULL;
    }
    tb = hash_find(phys_pc, pc, flags, cflags);
    return tb && second_page_matches(cpu, tb) ? tb : NULL;
}

/* --- chains -------------------------------------------------------------------- */

static void set_jmp_target(TranslationBlock *tb, int n, uintptr_t target)
{
    uintptr_t rx = (uintptr_t)tb->code + tb->exits[n].jmp_insn_offset;

    tb_target_set_jmp_target(rx, rx - code_rx_diff, target);
}

void tb_add_jump(TranslationBlock *tb, int n, TranslationBlock *next)
{
    if (n >= tb->num_exits || qatomic_read(&tb->exits[n].dest) ||
        tb->exits[n].jmp_insn_offset == UINT32_MAX) {
        return;
    }
    pthread_mutex_lock(&tb_lock);
    TBExit *e = &tb->exits[n];

    if (!e->dest && !((tb->cflags | next->cflags) & CF_INVALID) && !(next->cflags & CF_NO_GOTO_TB)) {
        qatomic_set(&e->dest, next);
        e->next = next->jmp_list_head;
        next->jmp_list_head = (uintptr_t)tb | n;
        set_jmp_target(tb, n, (uintptr_t)next->code);
        qemu_log_mask(CPU_LOG_EXEC, "Linking TBs %p [%08" PRIx64 "] index %d -> %p [%08" PRIx64 "]\n",
                      tb->code, tb->pc, n, next->code, next->pc);
    }
    pthread_mutex_unlock(&tb_lock);
}

/* tb no longer jumps through slot n. tb_lock. */
static void unlink_outgoing(TranslationBlock *tb, int n)
{
    TranslationBlock *dest = tb->exits[n].dest;

    if (!dest) {
        return;
    }
    for (uintptr_t *link = &dest->jmp_list_head; *link;) {
        TBExit *e = &list_tb(*link)->exits[*link & TB_EXIT_MASK];

        if (e == &tb->exits[n]) {
            *link = e->next;
            break;
        }
        link = &e->next;
    }
    qatomic_set(&tb->exits[n].dest, NULL);
}

/* Nobody jumps to tb any more; with `instead`, they jump there. tb_lock. */
static void redirect_incoming(TranslationBlock *tb, TranslationBlock *instead)
{
    uintptr_t link = tb->jmp_list_head;

    tb->jmp_list_head = 0;
    while (link) {
        TranslationBlock *from = list_tb(link);
        int n = link & TB_EXIT_MASK;
        TBExit *e = &from->exits[n];
        uintptr_t next = e->next;

        if (instead && !(from->cflags & CF_INVALID)) {
            qatomic_set(&e->dest, instead);
            e->next = instead->jmp_list_head;
            instead->jmp_list_head = link;
            set_jmp_target(from, n, (uintptr_t)instead->code);
        } else {
            qatomic_set(&e->dest, NULL);
            set_jmp_target(from, n, (uintptr_t)from->code + e->jmp_reset_offset);
        }
        link = next;
    }
}

/* --- invalidation ---------------------------------------------------------------- */

static void hash_remove(TranslationBlock *tb)
{
    TranslationBlock **link = &tb_hash[tb->hash];

    while (*link && *link != tb) {
        link = &(*link)->hash_next;
    }
    if (*link) {
        qatomic_store_release(link, tb->hash_next);
    }
}

/* tb_lock held. */
static void tb_remove_locked(TranslationBlock *tb, TranslationBlock *instead)
{
    if (tb->cflags & CF_INVALID) {
        return;
    }
    qatomic_store_release(&tb->cflags, tb->cflags | CF_INVALID);
    hash_remove(tb);
    if (tb->page_addr[0] != (ram_addr_t)-1) {
        page_remove(tb, 0);
    }
    if (tb->page_addr[1] != (ram_addr_t)-1) {
        page_remove(tb, 1);
    }
    tb_jmp_cache_drop(tb);
    for (int n = 0; n < tb->num_exits; n++) {
        unlink_outgoing(tb, n);
    }
    redirect_incoming(tb, instead);
}

void tb_phys_invalidate(TranslationBlock *tb)
{
    pthread_mutex_lock(&tb_lock);
    tb_remove_locked(tb, NULL);
    tb_stats.invalidations++;
    pthread_mutex_unlock(&tb_lock);
}

/* Other CPUs may be in a loop of one of the blocks: they look for their block again. */
static void leave_blocks(void)
{
    CPU_FOREACH(cpu) {
        if (cpu != current_cpu) {
            cpu_exit(cpu);
        }
    }
}

/* tb_lock held; [start, end) within one page. True: `running` was among the blocks. */
static bool invalidate_in_page(CodePage *page, ram_addr_t start, ram_addr_t end,
                               const TranslationBlock *running)
{
    uintptr_t link = page->head;
    uint64_t granules = 0;
    bool hit = false, region = false;

    while (link) {
        TranslationBlock *tb = list_tb(link);
        int n = link & TB_EXIT_MASK;
        ram_addr_t first, last;

        link = tb->page_next[n];
        tb_page_range(tb, n, &first, &last);
        if (first >= end || start >= last) {
            granules |= tb_granules(tb, n);
            continue;
        }
        hit |= tb == running;
        if (tb->cflags & CF_REGION) {
            region = true;
            page->lost_regions++;
        }
        trace_translate_invalidate(start, tb->pc);
        tb_remove_locked(tb, NULL);
        tb_stats.invalidations++;
    }
    qatomic_set(&page->granules, granules);
    if (!page->head) {
        cpu_physical_memory_set_dirty_flag(start & TARGET_PAGE_MASK, DIRTY_MEMORY_CODE);
    }
    if (region) {
        leave_blocks();
    }
    return hit;
}

bool tb_invalidate_phys_range(ram_addr_t start, ram_addr_t end, uintptr_t ra)
{
    const TranslationBlock *running = NULL;
    bool hit = false;

    while (start < end) {
        ram_addr_t page_end = MIN(end, (start & TARGET_PAGE_MASK) + TARGET_PAGE_SIZE);
        CodePage *page = code_page(start, false);

        if (page) {
            (void)qatomic_fetch_add(&page->stores, 1);
        }
        if (page && (qatomic_read(&page->granules) & granule_mask(start, page_end))) {
            running = ra && !running ? tcg_tb_lookup(ra) : running;
            pthread_mutex_lock(&tb_lock);
            hit |= invalidate_in_page(page, start, page_end, running);
            pthread_mutex_unlock(&tb_lock);
        }
        start = page_end;
    }
    return hit && running->icount > 1;
}

static void do_tb_flush(void)
{
    trace_translate_flush();
    pthread_mutex_lock(&tb_lock);
    for (int i = 0; i < PAGE_L1_SIZE; i++) {
        for (int k = 0; page_l1[i] && k < 1 << PAGE_L2_BITS; k++) {
            if (page_l1[i][k].head) {
                ram_addr_t page = ((ram_addr_t)i << PAGE_L2_BITS | k) << TARGET_PAGE_BITS;

                cpu_physical_memory_set_dirty_flag(page, DIRTY_MEMORY_CODE);
            }
            page_l1[i][k] = (CodePage) { 0 };
        }
    }
    memset(tb_hash, 0, sizeof(tb_hash));
    code_buffer_reset();
    tb_stats.flushes++;
    CPU_FOREACH(cpu) {
        memset(cpu_neg(cpu)->jmp_cache, 0xff, TB_JMP_CACHE_SIZE * sizeof(TBJumpCacheEntry));
    }
    pthread_mutex_unlock(&tb_lock);
}

void tb_flush(CPUState *cpu)
{
    cpu_exec_exclusive(do_tb_flush);
}

/* --- coming and going ------------------------------------------------------------ */

uint32_t tb_page_lost_regions(ram_addr_t addr)
{
    const CodePage *page = code_page(addr, false);

    return page ? qatomic_read(&page->lost_regions) : 0;
}

uint32_t tb_begin_reading_page(ram_addr_t page_addr)
{
    pthread_mutex_lock(&tb_lock);
    CodePage *page = code_page(page_addr, true);
    uint32_t stores = page ? qatomic_read(&page->stores) : 0;

    pthread_mutex_unlock(&tb_lock);
    tlb_protect_code(page_addr);
    return stores;
}

TranslationBlock *tb_publish(TranslationBlock *tb, const uint32_t stores[2])
{
    ram_addr_t phys_pc = tb->page_addr[0] | (tb->pc & ~TARGET_PAGE_MASK);

    pthread_mutex_lock(&tb_lock);
    for (int n = 0; n < 2; n++) {
        if (tb->page_addr[n] != (ram_addr_t)-1 && code_page(tb->page_addr[n], true)->stores != stores[n]) {
            pthread_mutex_unlock(&tb_lock);
            tb->page_addr[0] = tb->page_addr[1] = -1;
            return tb;
        }
    }
    if ((tb->cflags & (CF_REGION | CF_PARALLEL)) == CF_PARALLEL) {
        TranslationBlock *other = hash_find(phys_pc, tb->pc, tb->flags, tb->cflags);

        if (other && other->page_addr[1] == tb->page_addr[1]) {
            pthread_mutex_unlock(&tb_lock);
            return other;
        }
    }
    page_add(tb, 0);
    if (tb->page_addr[1] != (ram_addr_t)-1) {
        page_add(tb, 1);
    }
    tb->hash = tb_hash_func(phys_pc, tb->pc, tb->flags);
    tb->hash_next = tb_hash[tb->hash];
    qatomic_store_release(&tb_hash[tb->hash], tb);
    pthread_mutex_unlock(&tb_lock);
    return tb;
}

void tb_replace(TranslationBlock *old, TranslationBlock *tb)
{
    pthread_mutex_lock(&tb_lock);
    if (tb->page_addr[0] != (ram_addr_t)-1 && (tb->cflags & (CF_REGION | CF_INVALID)) == CF_REGION) {
        tb_remove_locked(old, tb);
    }
    pthread_mutex_unlock(&tb_lock);
}
