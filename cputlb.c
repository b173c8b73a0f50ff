/*
 * The softmmu TLB: fast tables, full entries, flushes, fills.
 * Layout and rules: exec/cputlb.h. Page walks are the targets' tlb_fill;
 * accesses that miss are cputlb-ldst.c's; address spaces are cputlb-tags.c's.
 *
 * Tables of one CPU are changed under its lock. Its own thread reads them in
 * generated code without; other threads only ever take entries away.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "exec/cputlb-internal.h"
#include "exec/tb-internal.h"
#include "trace/root.h"

#define STORE_MANY 2
#define STORE_PAGES (1u << 24)  /* RAM pages with a hint; sparse memory */
#define LARGE_2M_BITS 21
#define LARGE_4M_BITS 22

static intptr_t fast_tables_offset;     /* of the first table, from env */
static size_t fast_table_bytes;

intptr_t tlb_fast_table_offset(unsigned mmu_idx, bool store)
{
    return fast_tables_offset + (intptr_t)(mmu_idx * 2 + store) * (intptr_t)fast_table_bytes;
}

/* --- the memory map changed ---------------------------------------------------- */

static void flush_work(CPUState *cpu, void *data)
{
    tlb_flush(cpu);
}

static void memory_map_changed(void)
{
    CPU_FOREACH(cpu) {
        if (cpu == current_cpu) {
            tlb_flush(cpu);
        } else {
            async_run_on_cpu(cpu, flush_work, NULL);
        }
    }
}

void cpu_set_address_space(CPUState *cpu, AddressSpace *as)
{
    if (cpu->as != as) {
        as->of_cpus = true;
        cpu->as = as;
        tlb_flush(cpu);
    }
}

void tlb_layout(intptr_t offset_from_env, size_t table_bytes)
{
    if (!first_cpu) {
        memory_register_commit_hook(memory_map_changed);
    }
    fast_tables_offset = offset_from_env;
    fast_table_bytes = table_bytes;
}

/* --- one guest CPU's tables -------------------------------------------------- */

static void *map_sparse(size_t bytes)
{
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    assert(p != MAP_FAILED);
    return p;
}

static void mode_init(CPUState *cpu, CPUTLB *tlb, int mmu_idx)
{
    TLBMode *m = &tlb->mode[mmu_idx];
    uint32_t words = fast_entries(tlb) / 64;

    m->gen[0] = m->gen[1] = tlb->gen;
    m->store_page = map_sparse(STORE_PAGES * sizeof(vaddr));
    for (int store = 0; store < 2; store++) {
        m->fast[store] = (uint64_t *)((char *)cpu->env + tlb_fast_table_offset(mmu_idx, store));
        m->tagged[store] = g_new0(uint64_t, words);
        m->log[store][0].logged = g_new0(uint64_t, words);
        m->log[store][1].logged = g_new0(uint64_t, words);
        if (tlb->hashed) {
            tlb_hash_table_init((TLBHashEntry *)m->fast[store]);
        }
    }
}

void tlb_init(CPUState *cpu)
{
    CPUTLB *tlb = g_new0(CPUTLB, 1);

    pthread_mutex_init(&tlb->lock, NULL);
    tlb->num_modes = cpu->cc->num_mmu_modes;
    tlb->hashed = cpu->cc->vaddr_bits != 32;
    tlb->gen = 1;
    tlb->entry_bytes = 8;
    for (int m = 0; m < tlb->num_modes; m++) {
        mode_init(cpu, tlb, m);
    }
    tlb_tags_init(tlb);
    cpu->tlb = tlb;
}

void tlb_destroy(CPUState *cpu)
{
    CPUTLB *tlb = cpu->tlb;

    for (int m = 0; m < tlb->num_modes; m++) {
        for (int i = 0; i < 4; i++) {
            g_free(tlb->mode[m].log[i / 2][i % 2].index);
            g_free(tlb->mode[m].log[i / 2][i % 2].logged);
        }
        g_free(tlb->mode[m].tagged[0]);
        g_free(tlb->mode[m].tagged[1]);
        for (int store = 0; tlb->walks && store < 2; store++) {
            munmap(tlb->mode[m].leaf[store], fast_entries(tlb) * sizeof(TLBWalkEntry));
        }
        munmap(tlb->mode[m].store_page, STORE_PAGES * sizeof(vaddr));
    }
    tlb_tags_destroy(tlb);
    g_free(tlb);
    cpu->tlb = NULL;
}

/* --- flushes ---------------------------------------------------------------------- */

static TLBFull *full_slot(TLBMode *m, vaddr addr)
{
    vaddr page = addr >> TARGET_PAGE_BITS;

    return &m->full[(page ^ page >> TLB_HASH_BITS) & (TLB_FULL_SIZE - 1)];
}

static bool full_is(const TLBMode *m, const TLBFull *f, vaddr page)
{
    return f->page == page && f->gen == m->gen[f->tagged];
}

static void log_add(TLBLog *log, uint32_t index)
{
    uint64_t bit = UINT64_C(1) << (index % 64);

    if (log->len > TLB_LOG_LIMIT || (log->logged[index / 64] & bit)) {
        return;
    }
    if (log->len == log->cap) {
        log->cap = log->cap ? log->cap * 2 : 256;
        log->index = g_renew(uint32_t, log->index, log->cap);
    }
    log->logged[index / 64] |= bit;
    log->index[log->len++] = index;
}

void log_empty(TLBLog *log)
{
    for (uint32_t i = 0; i < log->len; i++) {
        log->logged[log->index[i] / 64] = 0;
    }
    log->len = 0;
}

void fast_set(CPUTLB *tlb, TLBMode *m, int store, bool tagged, vaddr page, uint64_t addend,
              const TLBWalkEntry *leaf)
{
    uint32_t index = fast_index(tlb, page);
    uint64_t bit = UINT64_C(1) << (index % 64);

    log_add(&m->log[store][tagged], index);
    if (tagged) {
        m->tagged[store][index / 64] |= bit;
    } else {
        m->tagged[store][index / 64] &= ~bit;
    }
    if (tlb->walks) {
        m->leaf[store][index] = *leaf;
    }
    if (tlb->hashed) {
        TLBHashEntry *e = (TLBHashEntry *)m->fast[store] + index;

        e->addend = addend;
        qatomic_set(&e->tag, page);
    } else {
        qatomic_set(&m->fast[store][index], addend);
    }
}

void fast_clear(CPUTLB *tlb, TLBMode *m, int store, vaddr addr)
{
    if (fast_has(tlb, m, store, addr & TARGET_PAGE_MASK)) {
        fast_clear_index(tlb, m, store, fast_index(tlb, addr));
    }
}

void fast_flush(CPUTLB *tlb, TLBMode *m, int store)
{
    TLBLog *log = m->log[store];

    if (log[0].len > TLB_LOG_LIMIT || log[1].len > TLB_LOG_LIMIT) {
        madvise(m->fast[store], fast_table_bytes, MADV_DONTNEED);
        if (tlb->hashed) {
            tlb_hash_table_init((TLBHashEntry *)m->fast[store]);
        }
    } else {
        for (int tagged = 0; tagged < 2; tagged++) {
            for (uint32_t i = 0; i < log[tagged].len; i++) {
                fast_clear_index(tlb, m, store, log[tagged].index[i]);
            }
        }
    }
    log_empty(&log[0]);
    log_empty(&log[1]);
}

void full_flush(CPUTLB *tlb, TLBMode *m, bool tagged)
{
    if (++tlb->gen == 0) {      /* old numbers may still be around */
        for (int i = 0; i < tlb->num_modes; i++) {
            memset(tlb->mode[i].full, 0, sizeof(tlb->mode[i].full));
            tlb->mode[i].gen[0] = tlb->mode[i].gen[1] = 1;
        }
        tlb->gen = 2;
    }
    m->gen[tagged] = tlb->gen;
}

static void mode_flush(CPUTLB *tlb, TLBMode *m)
{
    fast_flush(tlb, m, 0);
    fast_flush(tlb, m, 1);
    full_flush(tlb, m, false);
    full_flush(tlb, m, true);
    m->large_mask = 0;
    memset(m->large_2m, 0, sizeof(m->large_2m));
    memset(m->large_4m, 0, sizeof(m->large_4m));
}

void tlb_flush_by_mmuidx(CPUState *cpu, uint16_t idxmap)
{
    CPUTLB *tlb = cpu->tlb;

    trace_cpu_tlb_flush(cpu->cpu_index, idxmap);
    pthread_mutex_lock(&tlb->lock);
    for (int m = 0; m < tlb->num_modes; m++) {
        if (idxmap >> m & 1) {
            mode_flush(tlb, &tlb->mode[m]);
        }
    }
    if (idxmap & tlb->tag_idxmap) {
        saved_drop_all(tlb);
    }
    if ((idxmap & tlb->tag_idxmap) == tlb->tag_idxmap) {
        tlb_basis_start(tlb);
    }
    tlb->walk_ram.size = 0;
    pthread_mutex_unlock(&tlb->lock);
    code_mapping_changed(cpu, 0, true);
}

void tlb_flush(CPUState *cpu)
{
    tlb_flush_by_mmuidx(cpu, 0xffff);
}

/* --- large pages ------------------------------------------------------------------------ */

static uint64_t *large_word(uint64_t *bits, vaddr addr, int shift, uint64_t *bit)
{
    uint64_t n = (addr >> shift ^ addr >> (shift + 16)) % TLB_LARGE_BITS;

    *bit = UINT64_C(1) << (n % 64);
    return &bits[n / 64];
}

static void large_set(uint64_t *bits, vaddr addr, int shift)
{
    uint64_t bit, *word = large_word(bits, addr, shift, &bit);

    *word |= bit;
}

static bool large_test(uint64_t *bits, vaddr addr, int shift)
{
    uint64_t bit, *word = large_word(bits, addr, shift, &bit);

    return *word & bit;
}

static void note_large_page(TLBMode *m, vaddr addr, uint64_t size)
{
    vaddr mask = ~(size - 1);

    if (size == UINT64_C(1) << LARGE_2M_BITS) {
        large_set(m->large_2m, addr, LARGE_2M_BITS);
        return;
    }
    if (size == UINT64_C(1) << LARGE_4M_BITS) {
        large_set(m->large_4m, addr, LARGE_4M_BITS);
        return;
    }
    if (m->large_mask) {
        mask &= m->large_mask;
        while ((addr ^ m->large_addr) & mask) {
            mask <<= 1;
        }
    }
    m->large_addr = addr & mask;
    m->large_mask = mask;
}

static void flush_small_page(CPUTLB *tlb, TLBMode *m, vaddr page)
{
    TLBFull *f = full_slot(m, page);

    if (f->page == page) {
        f->gen = 0;
    }
    fast_clear(tlb, m, 0, page);
    fast_clear(tlb, m, 1, page);
}

/* All pages of the naturally aligned block around addr. */
static void flush_block(CPUTLB *tlb, TLBMode *m, vaddr addr, int shift)
{
    vaddr start = addr >> shift << shift;

    for (vaddr offset = 0; offset >> shift == 0; offset += TARGET_PAGE_SIZE) {
        flush_small_page(tlb, m, start + offset);
    }
}

static void mode_flush_page(CPUTLB *tlb, TLBMode *m, vaddr addr)
{
    if (m->large_mask && (addr & m->large_mask) == m->large_addr) {
        mode_flush(tlb, m);
        return;
    }
    flush_small_page(tlb, m, addr & TARGET_PAGE_MASK);
    if (large_test(m->large_4m, addr, LARGE_4M_BITS)) {
        flush_block(tlb, m, addr, LARGE_4M_BITS);
    } else if (large_test(m->large_2m, addr, LARGE_2M_BITS)) {
        flush_block(tlb, m, addr, LARGE_2M_BITS);
    }
}

/* --- one page ----------------------------------------------------------------------------- */

static bool in_large_page(CPUTLB *tlb, vaddr addr)
{
    for (int i = 0; i < tlb->num_modes; i++) {
        TLBMode *m = &tlb->mode[i];

        if ((m->large_mask && (addr & m->large_mask) == m->large_addr) ||
            large_test(m->large_2m, addr, LARGE_2M_BITS) || large_test(m->large_4m, addr, LARGE_4M_BITS)) {
            return true;
        }
    }
    return false;
}

void tlb_flush_page(CPUState *cpu, vaddr addr)
{
    CPUTLB *tlb = cpu->tlb;
    bool large;

    pthread_mutex_lock(&tlb->lock);
    large = in_large_page(tlb, addr);
    for (int m = 0; m < tlb->num_modes; m++) {
        mode_flush_page(tlb, &tlb->mode[m], addr);
    }
    tlb->flush_ring[tlb->flush_count++ % FLUSH_RING] = addr & TARGET_PAGE_MASK;
    if (large) {
        saved_drop_all(tlb);
    }
    pthread_mutex_unlock(&tlb->lock);
    code_mapping_changed(cpu, addr, large);
}

void tlb_flush_range(CPUState *cpu, vaddr addr, uint64_t len)
{
    if (len > 512 * TARGET_PAGE_SIZE) {
        tlb_flush(cpu);
        return;
    }
    for (vaddr a = addr & TARGET_PAGE_MASK; a < addr + len; a += TARGET_PAGE_SIZE) {
        tlb_flush_page(cpu, a);
    }
}

static void flush_page_work(CPUState *cpu, void *data)
{
    tlb_flush_page(cpu, (uintptr_t)data);
}

void tlb_flush_all_cpus(CPUState *src)
{
    CPU_FOREACH(cpu) {
        if (cpu != src) {
            async_run_on_cpu(cpu, flush_work, NULL);
        }
    }
    tlb_flush(src);
}

void tlb_flush_page_all_cpus(CPUState *src, vaddr addr)
{
    CPU_FOREACH(cpu) {
        if (cpu != src) {
            async_run_on_cpu(cpu, flush_page_work, (void *)(uintptr_t)addr);
        }
    }
    tlb_flush_page(src, addr);
}

/* --- stores that must be seen: code pages, dirty logs ------------------------------- */

/* Clear store entry number index when it leads into host memory [start, start + len). */
static void store_entry_reset(CPUTLB *tlb, TLBMode *m, uint32_t index, uintptr_t start, size_t len)
{
    uint64_t addend;
    vaddr page;

    if (fast_read(tlb, m, 1, index, &page, &addend) && addend + page - start < len) {
        fast_clear_index(tlb, m, 1, index);
    }
}

/* Take away store entries that lead to host memory [start, start + len). */
static void mode_reset_store(CPUTLB *tlb, TLBMode *m, uintptr_t start, size_t len)
{
    for (int tagged = 0; tagged < 2; tagged++) {
        TLBLog *log = &m->log[1][tagged];

        if (log->len > TLB_LOG_LIMIT) {
            fast_flush(tlb, m, 1);
            return;
        }
        for (uint32_t k = 0; k < log->len; k++) {
            store_entry_reset(tlb, m, log->index[k], start, len);
        }
    }
}

/* The same for one page, whose entry is usually known. */
static void mode_reset_store_page(CPUTLB *tlb, TLBMode *m, ram_addr_t page, uintptr_t host)
{
    uint64_t n = page >> TARGET_PAGE_BITS;
    vaddr hint = n < STORE_PAGES ? m->store_page[n] : STORE_MANY;

    if (hint == STORE_MANY) {
        mode_reset_store(tlb, m, host, TARGET_PAGE_SIZE);
    } else if (hint) {
        store_entry_reset(tlb, m, fast_index(tlb, hint), host, TARGET_PAGE_SIZE);
    }
    if (n < STORE_PAGES && hint) {
        m->store_page[n] = 0;
    }
}

void tlb_note_store_entry(TLBMode *m, ram_addr_t ram_page, vaddr page)
{
    uint64_t n = ram_page >> TARGET_PAGE_BITS;

    if (n < STORE_PAGES && m->store_page[n] != (page | 1)) {
        m->store_page[n] = m->store_page[n] ? STORE_MANY : page | 1;
    }
}

void tlb_reset_dirty_range(ram_addr_t start, ram_addr_t len)
{
    uintptr_t host = (uintptr_t)qemu_ram_addr_to_host(start);

    if (!host) {
        return;
    }
    CPU_FOREACH(cpu) {
        CPUTLB *tlb = cpu->tlb;

        pthread_mutex_lock(&tlb->lock);
        for (int i = 0; i < tlb->num_modes; i++) {
            if (len == TARGET_PAGE_SIZE) {
                mode_reset_store_page(tlb, &tlb->mode[i], start, host);
            } else {
                mode_reset_store(tlb, &tlb->mode[i], host, len);
            }
        }
        pthread_mutex_unlock(&tlb->lock);
    }
}

void tlb_protect_code(ram_addr_t page)
{
    if (cpu_physical_memory_is_clean(page, DIRTY_MEMORY_CODE)) {
        return;
    }
    cpu_physical_memory_clear_dirty_flag(page, DIRTY_MEMORY_CODE);
    tlb_reset_dirty_range(page, TARGET_PAGE_SIZE);
}

/* --- filling ---------------------------------------------------------------------------- */

bool tlb_stores_unwatched(const TLBFull *f)
{
    return f->host && !f->readonly && !f->watched && !cpu_physical_memory_page_is_clean_any(f->ram_addr);
}

static void fast_fill(CPUTLB *tlb, TLBMode *m, const TLBFull *f)
{
    uint64_t addend = (uintptr_t)f->host - f->page;

    if (!f->host || f->watched) {
        return;
    }
    if (f->prot & PAGE_READ) {
        fast_set(tlb, m, 0, f->tagged, f->page, addend, &f->leaf);
    }
    if ((f->prot & PAGE_WRITE) && tlb_stores_unwatched(f)) {
        tlb_note_store_entry(m, f->ram_addr, f->page);
        fast_set(tlb, m, 1, f->tagged, f->page, addend, &f->leaf);
    }
}

/* What the memory map says about the page at f->paddr. */
static void full_find_memory(CPUState *cpu, TLBFull *f)
{
    MemoryRegionSection sec = address_space_find(cpu->as, f->paddr);

    f->mr = sec.mr;
    if (!sec.mr) {
        return;
    }
    f->mr_offset = f->paddr - sec.offset_within_address_space + sec.offset_within_region;
    if (memory_region_is_direct(sec.mr) &&
        f->paddr + TARGET_PAGE_SIZE - sec.offset_within_address_space <= sec.size) {
        f->host = (uint8_t *)memory_region_get_ram_ptr(sec.mr) + f->mr_offset;
        f->ram_addr = memory_region_get_ram_addr(sec.mr) + f->mr_offset;
        f->readonly = sec.readonly || sec.mr->rom_device;
    }
}

static void start_walks(CPUTLB *tlb)
{
    for (int m = 0; m < tlb->num_modes; m++) {
        for (int store = 0; store < 2; store++) {
            tlb->mode[m].leaf[store] = map_sparse(fast_entries(tlb) * sizeof(TLBWalkEntry));
        }
    }
    tlb->walks = true;
}

void tlb_set_page_walk(CPUState *cpu, vaddr addr, hwaddr paddr, int prot, int mmu_idx, uint64_t size,
                       const TLBWalk *walk)
{
    CPUTLB *tlb = cpu->tlb;
    TLBMode *m = &tlb->mode[mmu_idx];
    vaddr page = addr & TARGET_PAGE_MASK;
    TLBFull *f = full_slot(m, page);

    pthread_mutex_lock(&tlb->lock);
    if (unlikely(walk && !tlb->walks)) {
        start_walks(tlb);
    }
    if (size > TARGET_PAGE_SIZE) {
        note_large_page(m, addr, size);
    }
    fast_clear(tlb, m, 0, page);
    fast_clear(tlb, m, 1, page);
    *f = (TLBFull) { .page = page, .paddr = paddr & TARGET_PAGE_MASK, .ram_addr = -1, .prot = prot };
    f->tagged = !(prot & PAGE_GLOBAL) && (tlb->tag_idxmap >> mmu_idx & 1) &&
                page >= tlb->tag_start && page <= tlb->tag_last;
    f->gen = m->gen[f->tagged];
    if (walk && walk->nb && f->tagged) {
        f->leaf = walk->level[walk->nb - 1];
        tlb_note_walk(tlb, walk);
    }
    full_find_memory(cpu, f);
    f->watched = cpu->watchpoints->len && cpu_page_is_watched(cpu, page);
    fast_fill(tlb, m, f);
    pthread_mutex_unlock(&tlb->lock);
    qemu_log_mask(CPU_LOG_MMU, "tlb_set_page: vaddr=%08" PRIx64 " paddr=%08" PRIx64 " prot=%x idx=%d\n",
                  page, f->paddr, prot, mmu_idx);
}

void tlb_set_page(CPUState *cpu, vaddr addr, hwaddr paddr, int prot, int mmu_idx, uint64_t size)
{
    tlb_set_page_walk(cpu, addr, paddr, prot, mmu_idx, size, NULL);
}

void *tlb_walk_pointer(CPUState *cpu, hwaddr addr)
{
    CPUTLB *tlb = cpu->tlb;

    if (unlikely(addr - tlb->walk_ram.start >= tlb->walk_ram.size)) {
        MemoryRegionSection sec = address_space_find(cpu->as, addr);

        if (!sec.mr || !sec.mr->ram || sec.readonly) {
            return NULL;
        }
        tlb->walk_ram.start = sec.offset_within_address_space;
        tlb->walk_ram.size = sec.size - 7;      /* whole entries */
        tlb->walk_ram.host = (uint8_t *)memory_region_get_ram_ptr(sec.mr) + sec.offset_within_region;
    }
    return tlb->walk_ram.host + (addr - tlb->walk_ram.start);
}

static uint8_t prot_of(MMUAccessType access)
{
    return access == MMU_DATA_LOAD ? PAGE_READ : access == MMU_DATA_STORE ? PAGE_WRITE : PAGE_EXEC;
}

TLBFull *tlb_lookup(CPUState *cpu, vaddr addr, unsigned size, MMUAccessType access,
                    int mmu_idx, bool probe, uintptr_t ra)
{
    TLBMode *m = &cpu->tlb->mode[mmu_idx];
    TLBFull *f = full_slot(m, addr);
    vaddr page = addr & TARGET_PAGE_MASK;

    if (likely(full_is(m, f, page) && (f->prot & prot_of(access)))) {
        return f;
    }
    if (!cpu->cc->tlb_fill(cpu, addr, size, access, mmu_idx, probe, ra)) {
        return NULL;
    }
    return full_is(m, f, page) && (f->prot & prot_of(access)) ? f : NULL;
}

void tlb_fast_refill(CPUState *cpu, int mmu_idx, const TLBFull *f, MMUAccessType access)
{
    TLBMode *m = &cpu->tlb->mode[mmu_idx];

    if (!fast_has(cpu->tlb, m, access == MMU_DATA_STORE, f->page)) {
        pthread_mutex_lock(&cpu->tlb->lock);
        fast_fill(cpu->tlb, m, f);
        pthread_mutex_unlock(&cpu->tlb->lock);
    }
}

void tlb_note_store(CPUState *cpu, int mmu_idx, TLBFull *f, vaddr addr, unsigned size, uintptr_t ra)
{
    ram_addr_t ram = f->ram_addr + (addr & ~TARGET_PAGE_MASK);

    if (cpu_physical_memory_is_clean(ram, DIRTY_MEMORY_CODE)) {
        if (tb_invalidate_phys_range(ram, ram + size, ra) && cpu->cc->stores_change_next_insn) {
            cpu_restart_insn(cpu, ra);
        }
    }
    cpu_physical_memory_set_dirty_log(ram, size);
    if (tlb_stores_unwatched(f)) {
        tlb_fast_refill(cpu, mmu_idx, f, MMU_DATA_STORE);
    }
}
