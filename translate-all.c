/*
 * Translated code: the code buffer, making blocks, finding them, chaining and
 * invalidating them. Running them is cpu-exec.c's; front ends and back ends do
 * the translation itself.
 *
 * One lock (tb_lock) covers the hash's writers, the page lists and the chains;
 * lookup of blocks takes none. Memory of a block stays valid until the whole
 * buffer is emptied with all guest CPUs outside generated code.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/symbols.h"
#include "qemu/timer.h"
#include "exec/exec-all.h"
#include "exec/perf.h"
#include "exec/tb-internal.h"
#include "exec/tb-jmp-cache.h"
#include "exec/ram_addr.h"
#include "disas/disas.h"
#include "sysemu/sysemu.h"
#include "tcg/tcg.h"
#include "trace/root.h"

/* --- the code buffer ------------------------------------------------------- */

#define MIN_REGIONS 8
#define MAX_REGIONS 128         /* each vCPU fills one at a time */
#define REGION_BYTES (2 * MiB)
#define REGION_SLACK (256 * 1024)   /* more than one block can need */
#define RELEASE_STEP (512 * 1024)   /* split-wx: so much new code before a look at the clock */
#define RELEASE_INTERVAL_NS NANOSECONDS_PER_SECOND
#define HUGE_PAGE ((uintptr_t)2 * MiB)

/* A part of the buffer that one thread fills. Blocks lie in it by address. */
typedef struct CodeRegion {
    uint8_t *start, *end;           /* writable view */
    pthread_mutex_t lock;           /* for tbs */
    GPtrArray *tbs;
} CodeRegion;

static struct {
    uint8_t *rw;
    ptrdiff_t rx_diff;
    size_t size, region_size;
    CodeRegion regions[MAX_REGIONS];
    int nb_regions;
    int next_region;                /* tb_lock */
    bool prologue_done;
    uint8_t *first_free;            /* behind the prologue, region 0 */
    uint64_t flush_count, gen_count, region_count, invalidate_count;
    uint64_t guest_bytes, host_bytes, guest_insns;
} code_gen;

static pthread_mutex_t tb_lock = PTHREAD_MUTEX_INITIALIZER;
static __thread CodeRegion *my_region;
static __thread uint64_t my_flush_count;
static __thread uint8_t *my_released;   /* code_ptr at the last step of RELEASE_STEP */
static __thread uint32_t jmp_insn_offsets[TB_MAX_EXITS], jmp_reset_offsets[TB_MAX_EXITS];

/*
 * Reserve address space, if possible within reach of a 32-bit displacement
 * from our own code, so that calls of helpers are short.
 */
static void *map_near_code(size_t size, int prot)
{
    const uintptr_t step = 64 * MiB;
    uintptr_t at = ((uintptr_t)map_near_code & ~(step - 1)) - size - step;

    for (int i = 0; i < 8; i++, at -= step) {
        void *p = mmap((void *)at, size, prot,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);

        if (p == (void *)at) {
            return p;
        }
        if (p != MAP_FAILED) {          /* a kernel that does not know the flag */
            munmap(p, size);
        }
    }
    return mmap(NULL, size, prot, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

static bool map_code_buffer(size_t size, bool splitwx, Error **errp)
{
    uint8_t *base, *rx;
    int fd;

    if (!splitwx) {
        base = map_near_code(size, PROT_READ | PROT_WRITE | PROT_EXEC);
        if (base == MAP_FAILED) {
            error_setg_errno(errp, errno, "-accel tcg,tb-size: cannot map %zu bytes", size);
            return false;
        }
        code_gen.rw = base;
        return true;
    }
    base = map_near_code(2 * size + 2 * HUGE_PAGE, PROT_NONE);
    rx = (uint8_t *)ROUND_UP((uintptr_t)base, HUGE_PAGE);
    fd = memfd_create("code_gen_buffer", MFD_CLOEXEC);
    code_gen.rw = rx + size + sysconf(_SC_PAGESIZE);
    if (base == MAP_FAILED || fd < 0 || ftruncate(fd, size) < 0 ||
        mmap(rx, size, PROT_READ | PROT_EXEC, MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED ||
        mmap(code_gen.rw, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED) {
        error_setg_errno(errp, errno, "-accel tcg,tb-size: cannot map %zu bytes twice", size);
        if (fd >= 0) {
            close(fd);
        }
        return false;
    }
    close(fd);
    madvise(rx, size, MADV_HUGEPAGE);
    code_gen.rx_diff = rx - code_gen.rw;
    return true;
}

/*
 * The pages of a shared file stay when the writable mapping lets go of them: what
 * was written is then mapped once, for execution, until somebody writes again. Now
 * and then only: blocks are looked up in these pages, and each faults again.
 */
static void release_writable_pages(void)
{
    static __thread int64_t last_ns;
    int64_t now_ns = qemu_clock_get_ns(QEMU_CLOCK_REALTIME);

    if (now_ns - last_ns > RELEASE_INTERVAL_NS) {
        last_ns = now_ns;
        madvise(code_gen.rw, code_gen.size, MADV_DONTNEED);
    }
}

void tb_release_idle(void)
{
    if (code_gen.rx_diff && my_region) {
        release_writable_pages();
    }
}

bool tcg_exec_init(size_t tb_size_bytes, bool splitwx, Error **errp)
{
    size_t size = ROUND_UP(tb_size_bytes ? tb_size_bytes : 256 * MiB, MAX_REGIONS * 4096);

    if (size < 8 * MiB || size > 1 * GiB) {
        error_setg(errp, "-accel tcg,tb-size: must be from 8 to 1024 MiB");
        return false;
    }
    if (!map_code_buffer(size, splitwx, errp)) {
        return false;
    }
    code_gen.size = size;
    code_gen.nb_regions = MIN(MAX(size / REGION_BYTES, MIN_REGIONS), MAX_REGIONS);
    code_gen.region_size = size / code_gen.nb_regions & ~(size_t)4095;
    for (int i = 0; i < code_gen.nb_regions; i++) {
        CodeRegion *r = &code_gen.regions[i];

        r->start = code_gen.rw + i * code_gen.region_size;
        r->end = r->start + code_gen.region_size;
        r->tbs = g_ptr_array_new();
        pthread_mutex_init(&r->lock, NULL);
    }
    code_gen.first_free = code_gen.regions[0].start;
    tcg_init();
    target_translate_init();
    return true;
}

void translate_context_config(CPUState *cpu)
{
    TCGContext *s = tcg_ctx;

    s->addr_bits = cpu->cc->vaddr_bits;
    for (int i = 0; i < cpu->cc->num_mmu_modes; i++) {
        s->tlb_offset[i][0] = tlb_fast_table_offset(i, false);
        s->tlb_offset[i][1] = tlb_fast_table_offset(i, true);
    }
    s->neg_exit_request = ENV_NEG_OFFSET(exit_request);
    s->neg_icount_left = ENV_NEG_OFFSET(icount_left);
    s->neg_jmp_cache = ENV_NEG_OFFSET(jmp_cache);
    s->neg_tb_key = ENV_NEG_OFFSET(tb_key);
    s->neg_host_regs = ENV_NEG_OFFSET(host_regs);
    s->neg_host_xmm = ENV_NEG_OFFSET(host_xmm);
    s->neg_slow_addr = ENV_NEG_OFFSET(slow_addr);
    s->neg_slow_val = ENV_NEG_OFFSET(slow_val);
    s->neg_simd_val = ENV_NEG_OFFSET(simd_val);
    s->use_icount = icount_enabled();
    s->splitwx_diff = code_gen.rx_diff;
    s->jmp_insn_offset = jmp_insn_offsets;
    s->jmp_reset_offset = jmp_reset_offsets;

    pthread_mutex_lock(&tb_lock);
    s->code_buf = s->code_ptr = code_gen.first_free;
    s->code_highwater = code_gen.regions[0].end - REGION_SLACK;
    if (!code_gen.prologue_done) {
        tcg_prologue_init(s);
        code_gen.first_free = (uint8_t *)ROUND_UP((uintptr_t)s->code_ptr, (uintptr_t)64);
        code_gen.prologue_done = true;
        if (perf_wants_code) {
            perf_report_code(s->code_buf + code_gen.rx_diff, s->code_ptr - s->code_buf, "prologue and thunks");
        }
    } else {
        tcg_prologue_attach(s);
    }
    my_region = NULL;
    pthread_mutex_unlock(&tb_lock);
}

/* Give this thread the next unused region. False: all are used. */
static bool take_region(TCGContext *s)
{
    pthread_mutex_lock(&tb_lock);
    if (code_gen.next_region == code_gen.nb_regions) {
        pthread_mutex_unlock(&tb_lock);
        return false;
    }
    int i = code_gen.next_region++;

    my_region = &code_gen.regions[i];
    my_flush_count = code_gen.flush_count;
    s->code_buf = s->code_ptr = i == 0 ? code_gen.first_free : my_region->start;
    s->code_highwater = my_region->end - REGION_SLACK;
    my_released = s->code_ptr;
    pthread_mutex_unlock(&tb_lock);
    return true;
}

TranslationBlock *tcg_tb_lookup(uintptr_t host_pc)
{
    uintptr_t rw = host_pc - code_gen.rx_diff;
    size_t offset = rw - (uintptr_t)code_gen.rw;
    TranslationBlock *found = NULL;

    if (offset >= code_gen.size) {
        return NULL;
    }
    CodeRegion *r = &code_gen.regions[MIN(offset / code_gen.region_size, (size_t)code_gen.nb_regions - 1)];

    pthread_mutex_lock(&r->lock);
    guint lo = 0, hi = r->tbs->len;

    while (lo < hi) {
        guint mid = (lo + hi) / 2;
        TranslationBlock *tb = g_ptr_array_index(r->tbs, mid);
        uintptr_t start = (uintptr_t)tb->code;

        if (host_pc < start) {
            hi = mid;
        } else if (host_pc > start + tb->code_size) {
            lo = mid + 1;
        } else {
            found = tb;
            break;
        }
    }
    pthread_mutex_unlock(&r->lock);
    return found;
}

int tb_insns_after(CPUState *cpu, uintptr_t retaddr)
{
    TranslationBlock *tb = tcg_tb_lookup(retaddr);
    uint64_t data[3];
    int index;

    if (!tb) {
        return 0;
    }
    index = tcg_restore_search(tb->search_data, tb->search_size, retaddr - (uintptr_t)tb->code, cpu->env, data);
    return index < 0 ? 0 : MAX(tb->icount - index - 1, 0);
}

bool cpu_restore_state(CPUState *cpu, uintptr_t retaddr)
{
    TranslationBlock *tb = tcg_tb_lookup(retaddr);
    uint64_t data[3];
    int index;

    if (!tb) {
        return false;
    }
    index = tcg_restore_search(tb->search_data, tb->search_size, retaddr - (uintptr_t)tb->code, cpu->env, data);
    if (index < 0) {
        return false;
    }
    if (tb->cflags & CF_USE_ICOUNT) {
        cpu_neg(cpu)->icount_left += MAX(tb->icount - index, 0);
    }
    cpu->cc->restore_state_to_opc(cpu, tb, data);
    return true;
}

/* --- blocks by physical page ------------------------------------------------- */

#define PAGE_L2_BITS 10
#define PAGE_L1_SIZE (1 << 14)
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

    tb_target_set_jmp_target(rx, rx - code_gen.rx_diff, target);
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
    code_gen.invalidate_count++;
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
        code_gen.invalidate_count++;
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
    for (int i = 0; i < code_gen.nb_regions; i++) {
        g_ptr_array_set_size(code_gen.regions[i].tbs, 0);
    }
    code_gen.next_region = 0;
    code_gen.flush_count++;
    CPU_FOREACH(cpu) {
        memset(cpu_neg(cpu)->jmp_cache, 0xff, TB_JMP_CACHE_SIZE * sizeof(TBJumpCacheEntry));
    }
    pthread_mutex_unlock(&tb_lock);
}

void tb_flush(CPUState *cpu)
{
    cpu_exec_exclusive(do_tb_flush);
}

/* --- making a block ------------------------------------------------------------------ */

/* Host code under the guest instruction that it is for. */
static void log_host_code(FILE *f, CPUState *cpu, const TranslationBlock *tb)
{
    const TCGContext *s = tcg_ctx;
    const uint8_t *code = tb->code;
    uint32_t start = 0;

    fprintf(f, "OUT: [size=%u]\n", tb->code_size);
    for (int i = 0; i < s->nb_insns; i++) {
        uint32_t end = s->insn_end_off[i];

        if (end > start) {
            fprintf(f, "  -- guest addr 0x%0*" PRIx64 "%s\n", cpu->cc->vaddr_bits / 4, s->insn_data[i][0],
                    start ? "" : " + tb prologue");
            host_disas(f, code + start, end - start);
            start = end;
        }
    }
    if (tb->code_size > start) {
        fprintf(f, "  -- tb slow paths\n");
        host_disas(f, code + start, tb->code_size - start);
    }
    fprintf(f, "\n");
}

static void log_tb(CPUState *cpu, TranslationBlock *tb, int mask)
{
    FILE *f;

    if (!qemu_loglevel_mask(mask) || !qemu_log_in_addr_range(tb->pc)) {
        return;
    }
    f = qemu_log_trylock();
    if (!f) {
        return;
    }
    if (mask == CPU_LOG_TB_IN_ASM) {
        const char *name = symbol_lookup(tb->pc, NULL);

        fprintf(f, "----------------\nIN: %s\n", name ? name : "");
        target_disas(f, cpu, tb->pc, tb->size);
        fprintf(f, "\n");
    } else if (mask == CPU_LOG_TB_OP) {
        fprintf(f, "OP:\n");
        tcg_dump_ops(tcg_ctx, f);
        fprintf(f, "\n");
    } else {
        log_host_code(f, cpu, tb);
    }
    qemu_log_unlock(f);
}

/*
 * The number of stores to the page so far. Before its code is read: from now on
 * stores are seen.
 */
static uint32_t begin_reading_page(ram_addr_t page_addr)
{
    pthread_mutex_lock(&tb_lock);
    CodePage *page = code_page(page_addr, true);
    uint32_t stores = page ? qatomic_read(&page->stores) : 0;

    pthread_mutex_unlock(&tb_lock);
    tlb_protect_code(page_addr);
    return stores;
}

/*
 * Publish tb; returns it, or the equal block that another thread published
 * first. stores: of each page when translation began; when there were more
 * since, the block is for this time only.
 */
static TranslationBlock *tb_publish(TranslationBlock *tb, const uint32_t stores[2])
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

/* Side tables and exits behind the code. False: no room. */
static bool tb_finish(TCGContext *s, TranslationBlock *tb, uint8_t *code, int code_size)
{
    uint8_t *p = code + code_size;
    int search_size = tcg_encode_search(s, p, s->code_highwater + REGION_SLACK / 2);

    if (search_size < 0) {
        return false;
    }
    tb->code = code + s->splitwx_diff;
    tb->code_size = code_size;
    tb->search_data = p;
    tb->search_size = search_size;
    p = (uint8_t *)ROUND_UP((uintptr_t)(p + search_size), (uintptr_t)8);
    tb->exits = (TBExit *)p;
    tb->num_exits = 0;
    for (int n = 0; n < TB_MAX_EXITS; n++) {
        if (jmp_insn_offsets[n] != UINT32_MAX) {
            tb->num_exits = n + 1;
        }
    }
    for (int n = 0; n < tb->num_exits; n++) {
        tb->exits[n] = (TBExit) { jmp_insn_offsets[n], jmp_reset_offsets[n], NULL, 0 };
    }
    s->code_ptr = (uint8_t *)ROUND_UP((uintptr_t)(p + tb->num_exits * sizeof(TBExit)), (uintptr_t)64);
    return true;
}

/* Regions that stores invalidate again and again are not worth their making. */
static int32_t hot_threshold(ram_addr_t phys_pc)
{
    const CodePage *page = phys_pc == (ram_addr_t)-1 ? NULL : code_page(phys_pc, false);
    uint32_t lost = page ? qatomic_read(&page->lost_regions) : 0;

    return TB_HOT_THRESHOLD << MIN(lost, 16);
}

static TranslationBlock *tb_begin(TCGContext *s, vaddr pc, uint32_t flags, uint32_t cflags, ram_addr_t phys_pc)
{
    TranslationBlock *tb = (TranslationBlock *)s->code_ptr;

    memset(tb, 0, sizeof(*tb));
    tb->pc = pc;
    tb->flags = flags;
    tb->cflags = cflags;
    tb->exec_left = hot_threshold(phys_pc);
    tb->page_addr[0] = phys_pc == (ram_addr_t)-1 ? phys_pc : phys_pc & TARGET_PAGE_MASK;
    tb->page_addr[1] = -1;
    memset(jmp_insn_offsets, 0xff, sizeof(jmp_insn_offsets));
    s->tb = tb;
    s->tb_exec_left = &tb->exec_left;
    return tb;
}

static uint64_t op_counts[NB_OPS];

/* Statistics: races between threads lose counts. */
static void count(uint64_t *counter, uint64_t n)
{
    qatomic_set(counter, qatomic_read(counter) + n);
}

static void count_ops(const TCGContext *s)
{
    for (const TCGOp *op = s->first_op; op; op = op->next) {
        count(&op_counts[op->opc], 1);
    }
}

/* One attempt: the finished block, or NULL and tcg_gen_code's result in *error. */
static TranslationBlock *tb_try_gen(CPUState *cpu, vaddr pc, uint32_t flags, uint32_t cflags,
                                    ram_addr_t phys_pc, int *error)
{
    TCGContext *s = tcg_ctx;
    TranslationBlock *tb = tb_begin(s, pc, flags, cflags, phys_pc);
    uint8_t *code = (uint8_t *)ROUND_UP((uintptr_t)(tb + 1), (uintptr_t)16);

    tcg_func_start(s);
    gen_intermediate_code(cpu->env, tb);
    assert(tb->size);
    log_tb(cpu, tb, CPU_LOG_TB_IN_ASM);
    log_tb(cpu, tb, CPU_LOG_TB_OP);

    uint8_t *begin = s->code_ptr;

    s->code_buf = s->code_ptr = code;
    *error = tcg_gen_code(s);
    if (*error < 0 || !tb_finish(s, tb, code, *error)) {
        s->code_ptr = begin;
        return NULL;
    }
    log_tb(cpu, tb, CPU_LOG_TB_OUT_ASM);
    perf_report_block(tb);
    count_ops(s);
    count(&code_gen.gen_count, 1);
    count(&code_gen.guest_bytes, tb->size);
    count(&code_gen.host_bytes, tb->code_size);
    count(&code_gen.guest_insns, tb->icount);
    trace_translate_block(pc, flags, tb->icount, tb->size, tb->code_size, cflags & CF_REGION);
    return tb;
}

/* Room for a block in this thread's part of the buffer; may empty the buffer and leave the block. */
static void ensure_code_space(CPUState *cpu)
{
    TCGContext *s = tcg_ctx;

    if (my_region && my_flush_count == code_gen.flush_count && s->code_ptr < s->code_highwater) {
        if (code_gen.rx_diff && s->code_ptr - my_released > RELEASE_STEP) {
            my_released = s->code_ptr;
            release_writable_pages();
        }
        return;
    }
    if (!take_region(s)) {
        tb_flush(cpu);
        cpu->exception_index = -1;
        cpu_loop_exit(cpu);
    }
}

/* Tries with fewer instructions or more room until there is a block. */
static TranslationBlock *tb_gen_some(CPUState *cpu, vaddr pc, uint32_t flags, uint32_t cflags,
                                     ram_addr_t phys_pc)
{
    int max_insns = cflags & CF_COUNT_MASK ? cflags & CF_COUNT_MASK : TB_MAX_INSNS;

    for (;;) {
        int error = 0;
        TranslationBlock *tb = tb_try_gen(cpu, pc, flags, cflags, phys_pc, &error);

        if (tb) {
            return tb;
        }
        if (error == -2 && max_insns > 1) {
            max_insns /= 2;
            cflags = (cflags & ~CF_COUNT_MASK) | max_insns;
        } else {
            tcg_ctx->code_ptr = tcg_ctx->code_highwater;
            ensure_code_space(cpu);
        }
    }
}

__attribute__((noinline))
TranslationBlock *tb_gen_code(CPUState *cpu, vaddr pc, uint32_t flags, uint32_t cflags)
{
    ram_addr_t phys_pc = get_page_addr_code(cpu->env, pc);
    ram_addr_t second;
    uint32_t stores[2] = { 0 };
    TranslationBlock *tb;

    ensure_code_space(cpu);
    if (phys_pc == (ram_addr_t)-1) {
        cflags = (cflags & ~(CF_COUNT_MASK | CF_REGION)) | CF_NO_GOTO_TB | CF_NO_GOTO_PTR | 1;
    } else {
        stores[0] = begin_reading_page(phys_pc & TARGET_PAGE_MASK);
    }
    for (bool seen = false;;) {
        tb = tb_gen_some(cpu, pc, flags, cflags, phys_pc);
        if (!(((pc + tb->size - 1) ^ pc) & TARGET_PAGE_MASK)) {
            break;
        }
        second = get_page_addr_code(cpu->env, (pc & TARGET_PAGE_MASK) + TARGET_PAGE_SIZE);
        if (second == (ram_addr_t)-1) {
            tb->page_addr[0] = -1;      /* not to be found: half of it is no RAM */
            break;
        }
        if (seen || cpu_physical_memory_is_clean(second, DIRTY_MEMORY_CODE)) {
            stores[1] = seen ? stores[1] : begin_reading_page(second & TARGET_PAGE_MASK);
            tb->page_addr[1] = second & TARGET_PAGE_MASK;
            break;
        }
        seen = true;                    /* stores were not noticed yet: read it again */
        stores[1] = begin_reading_page(second & TARGET_PAGE_MASK);
    }
    pthread_mutex_lock(&my_region->lock);
    g_ptr_array_add(my_region->tbs, tb);
    pthread_mutex_unlock(&my_region->lock);
    if (tb->page_addr[0] != (ram_addr_t)-1) {
        tb = tb_publish(tb, stores);
    }
    if (tb->page_addr[0] == (ram_addr_t)-1 && tb->icount > 1 && cpu->cc->stores_change_next_insn) {
        /* Nobody would notice that it writes to itself: go on by single instructions. */
        cflags = (cflags & ~(CF_COUNT_MASK | CF_REGION)) | CF_NO_GOTO_TB | CF_NO_GOTO_PTR | 1;
        return tb_gen_code(cpu, pc, flags, cflags);
    }
    return tb;
}

void tb_make_region(CPUState *cpu, TranslationBlock *old)
{
    TranslationBlock *tb;

    uint32_t cflags = qatomic_read(&old->cflags);

    if (cflags & (CF_INVALID | CF_REGION | CF_COUNT_MASK)) {
        old->exec_left = INT32_MAX;
        return;
    }
    old->exec_left = INT32_MAX;         /* until the region takes over */
    tb = tb_gen_code(cpu, old->pc, old->flags, cflags | CF_REGION);
    count(&code_gen.region_count, 1);
    pthread_mutex_lock(&tb_lock);
    if (tb->page_addr[0] != (ram_addr_t)-1 && (tb->cflags & (CF_REGION | CF_INVALID)) == CF_REGION) {
        tb_remove_locked(old, tb);
    }
    pthread_mutex_unlock(&tb_lock);
}

/* --- information ------------------------------------------------------------------------ */

void dump_exec_info(FILE *f)
{
    fprintf(f, "Translation buffer state:\n");
    fprintf(f, "gen code size       %" PRIu64 "/%zu\n", code_gen.host_bytes, code_gen.size);
    fprintf(f, "TB count            %" PRIu64 " (%" PRIu64 " regions)\n", code_gen.gen_count, code_gen.region_count);
    if (code_gen.gen_count) {
        fprintf(f, "TB avg target size  %.1f bytes\n", (double)code_gen.guest_bytes / code_gen.gen_count);
        fprintf(f, "TB avg host size    %.1f bytes (expansion ratio: %.1f)\n",
                (double)code_gen.host_bytes / code_gen.gen_count,
                (double)code_gen.host_bytes / code_gen.guest_bytes);
        fprintf(f, "host bytes per guest instruction %.1f\n",
                (double)code_gen.host_bytes / MAX(code_gen.guest_insns, 1));
    }
    fprintf(f, "TB flush count      %" PRIu64 "\n", code_gen.flush_count);
    fprintf(f, "TB invalidate count %" PRIu64 "\n", code_gen.invalidate_count);
}

/* The operations are not kept: the block is translated again, as far as them. */
void tb_debug_dump(uintptr_t host_pc)
{
    const TranslationBlock *tb = tcg_tb_lookup(host_pc);
    TranslationBlock copy;

    if (!tb || !current_cpu) {
        return;
    }
    copy = *tb;
    printf("IN:\n");
    target_disas(stdout, current_cpu, tb->pc, tb->size);
    tcg_func_start(tcg_ctx);
    tcg_ctx->tb = &copy;
    gen_intermediate_code(current_cpu->env, &copy);
    printf("\nOP:\n");
    tcg_dump_ops(tcg_ctx, stdout);
    fflush(stdout);
}

void dump_opcount_info(FILE *f)
{
    for (int i = 0; i < NB_OPS; i++) {
        if (op_counts[i]) {
            fprintf(f, "%-20s %" PRIu64 "\n", tcg_op_defs[i].name, op_counts[i]);
        }
    }
}
