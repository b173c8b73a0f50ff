/*
 * The softmmu TLB: fast tables, full entries, flushes, address-space tags.
 * Layout and rules: exec/cputlb.h. Page walks are the targets' tlb_fill;
 * accesses that miss are cputlb-ldst.c's.
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
#include "exec/tb-jmp-cache.h"

#define TLB_FULL_BITS 9
#define TLB_FULL_SIZE (1 << TLB_FULL_BITS)
#define TLB_NO_PAGE   UINT64_MAX
#define MAX_MMU_MODES 8

/* Page numbers whose fast entry was set since the log was last empty. */
typedef struct TLBLog {
    uint32_t *vpn;
    uint32_t len, cap;
} TLBLog;

#define STORE_MANY UINT32_MAX
#define STORE_PAGES (1u << 24)  /* RAM pages with a hint; sparse memory */
#define TLB_LOG_LIMIT 65536     /* beyond: the whole table is dropped at a flush */

typedef struct TLBMode {
    TLBFull full[TLB_FULL_SIZE];
    uint64_t *fast[2];          /* load, store */
    TLBLog log[2][2];           /* [store][in the tagged range] */
    vaddr large_addr, large_mask;   /* range of pages above 4 KiB; mask 0: none */
    /*
     * By RAM page: 1 + the page number whose store entry led there, or
     * STORE_MANY; 0: none since the last reset. A hint that may be stale.
     */
    uint32_t *store_vpn;
} TLBMode;

/* Entries of a tag that is not active. */
typedef struct SavedEntry {
    uint32_t vpn;
    uint8_t mode, store;
    uint64_t addend;
} SavedEntry;

#define MAX_TAGS 16
typedef struct SavedTag {
    uint64_t tag;
    uint64_t used;              /* for replacement; 0: free */
    GArray *entries;            /* of SavedEntry */
    uint64_t flush_pos;         /* in the list of page flushes */
    uint64_t protect_seq;
} SavedTag;

#define FLUSH_RING 256          /* recent page flushes, for saved tags */

/* tb_key values are given to (flags, tag) pairs. */
#define KEY_CACHE 64
typedef struct KeyEntry {
    uint64_t tag;
    uint32_t flags, epoch, id;
} KeyEntry;

struct CPUTLB {
    pthread_mutex_t lock;
    TLBMode mode[MAX_MMU_MODES];
    int num_modes;

    uint16_t tag_idxmap;
    vaddr tag_start, tag_last;
    uint64_t tag, tag_uses;
    SavedTag saved[MAX_TAGS];
    uint32_t flush_ring[FLUSH_RING];
    uint64_t flush_count;       /* page flushes ever */
    uint64_t protect_seq;       /* store entries were taken away */

    uint64_t *code_pages;       /* bitmap by page number: code was fetched through it */
    uint32_t code_epoch, next_key_id;
    KeyEntry keys[KEY_CACHE];
};

static intptr_t fast_tables_offset;     /* of the first table, from env */

intptr_t tlb_fast_table_offset(unsigned mmu_idx, bool store)
{
    return fast_tables_offset + (intptr_t)(mmu_idx * 2 + store) * (intptr_t)TLB_FAST_BYTES;
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

void tlb_layout(intptr_t offset_from_env)
{
    if (!first_cpu) {
        memory_register_commit_hook(memory_map_changed);
    }
    fast_tables_offset = offset_from_env;
}

/* --- one guest CPU's tables -------------------------------------------------- */

void tlb_init(CPUState *cpu)
{
    CPUTLB *tlb = g_new0(CPUTLB, 1);

    pthread_mutex_init(&tlb->lock, NULL);
    tlb->num_modes = cpu->cc->num_mmu_modes;
    for (int m = 0; m < tlb->num_modes; m++) {
        for (int s = 0; s < 2; s++) {
            tlb->mode[m].fast[s] = (uint64_t *)((char *)cpu->env + tlb_fast_table_offset(m, s));
        }
        for (int i = 0; i < TLB_FULL_SIZE; i++) {
            tlb->mode[m].full[i].page = TLB_NO_PAGE;
        }
        tlb->mode[m].store_vpn = mmap(NULL, STORE_PAGES * sizeof(uint32_t), PROT_READ | PROT_WRITE,
                                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        assert(tlb->mode[m].store_vpn != MAP_FAILED);
    }
    for (int i = 0; i < MAX_TAGS; i++) {
        tlb->saved[i].entries = g_array_new(false, false, sizeof(SavedEntry));
    }
    tlb->code_pages = g_malloc0(TLB_FAST_ENTRIES / 8);
    cpu->tlb = tlb;
}

void tlb_destroy(CPUState *cpu)
{
    CPUTLB *tlb = cpu->tlb;

    for (int m = 0; m < tlb->num_modes; m++) {
        for (int i = 0; i < 4; i++) {
            g_free(tlb->mode[m].log[i / 2][i % 2].vpn);
        }
        munmap(tlb->mode[m].store_vpn, STORE_PAGES * sizeof(uint32_t));
    }
    for (int i = 0; i < MAX_TAGS; i++) {
        g_array_free(tlb->saved[i].entries, true);
    }
    g_free(tlb->code_pages);
    g_free(tlb);
    cpu->tlb = NULL;
}

static uint32_t vpn_of(vaddr addr)
{
    return (uint32_t)addr >> TARGET_PAGE_BITS;
}

/* --- block keys ----------------------------------------------------------------- */

void tb_key_update(CPUState *cpu)
{
    CPUTLB *tlb = cpu->tlb;
    uint32_t flags;
    vaddr pc;

    cpu->cc->get_tb_state(cpu->env, &pc, &flags);

    uint32_t h = (flags * 0x9e3779b1u ^ (uint32_t)tlb->tag * 0x85ebca6bu) >> 26;
    KeyEntry *k = &tlb->keys[h % KEY_CACHE];

    if (k->id == 0 || k->flags != flags || k->tag != tlb->tag || k->epoch != tlb->code_epoch) {
        *k = (KeyEntry) { tlb->tag, flags, tlb->code_epoch, ++tlb->next_key_id };
        if (tlb->next_key_id == UINT32_MAX) {
            tlb->next_key_id = 0;
            memset(tlb->keys, 0, sizeof(tlb->keys));
            memset(cpu_neg(cpu)->jmp_cache, 0xff, TB_JMP_CACHE_SIZE * sizeof(TBJumpCacheEntry));
        }
    }
    /* Address spaces get different places in the jump cache for the same pc. */
    cpu_neg(cpu)->tb_key = (uint64_t)k->id << 32 | tb_jmp_cache_colour(tlb->tag);
}

void tb_jmp_cache_drop(TranslationBlock *tb)
{
    CPU_FOREACH(cpu) {
        for (unsigned colour = 0; colour < TB_JMP_CACHE_COLOURS; colour++) {
            uint32_t h = tb_jmp_cache_hash(tb->pc ^ tb_jmp_cache_colour(colour));

            if (cpu->jmp_cache_tbs[h] == tb) {
                qatomic_set(&cpu_neg(cpu)->jmp_cache[h].key, UINT64_MAX);
            }
        }
    }
}

/* The mapping of a page that code was fetched from changed (all: of any). */
static void code_mapping_changed(CPUState *cpu, vaddr addr, bool all)
{
    CPUTLB *tlb = cpu->tlb;
    uint32_t vpn = vpn_of(addr);

    if (all || (tlb->code_pages[vpn / 64] >> (vpn % 64) & 1)) {
        tlb->code_epoch++;
        cpu_neg(cpu)->tb_key = 0;       /* of no entry, until tb_key_update */
        tb_key_update(cpu);
    }
}

/* --- flushes ---------------------------------------------------------------------- */

static TLBFull *full_slot(TLBMode *m, vaddr addr)
{
    return &m->full[(addr >> TARGET_PAGE_BITS) & (TLB_FULL_SIZE - 1)];
}

static void log_add(TLBLog *log, uint32_t vpn)
{
    if (log->len > TLB_LOG_LIMIT) {
        return;
    }
    if (log->len == log->cap) {
        log->cap = log->cap ? log->cap * 2 : 256;
        log->vpn = g_renew(uint32_t, log->vpn, log->cap);
    }
    log->vpn[log->len++] = vpn;
}

static bool vpn_is_tagged(const CPUTLB *tlb, uint32_t vpn)
{
    vaddr page = (vaddr)vpn << TARGET_PAGE_BITS;

    return page >= tlb->tag_start && page <= tlb->tag_last;
}

static void fast_set(CPUTLB *tlb, TLBMode *m, int store, uint32_t vpn, uint64_t addend)
{
    uint64_t *e = &m->fast[store][vpn];

    if (!*e) {
        log_add(&m->log[store][vpn_is_tagged(tlb, vpn)], vpn);
    }
    qatomic_set(e, addend);
}

static void fast_clear(TLBMode *m, int store, uint32_t vpn)
{
    uint64_t *e = &m->fast[store][vpn];

    if (qatomic_read(e)) {
        qatomic_set(e, 0);
    }
}

static void fast_flush(TLBMode *m, int store)
{
    TLBLog *log = m->log[store];

    if (log[0].len > TLB_LOG_LIMIT || log[1].len > TLB_LOG_LIMIT) {
        madvise(m->fast[store], TLB_FAST_BYTES, MADV_DONTNEED);
        log[0].len = log[1].len = 0;
        return;
    }
    for (int tagged = 0; tagged < 2; tagged++) {
        for (uint32_t i = 0; i < log[tagged].len; i++) {
            qatomic_set(&m->fast[store][log[tagged].vpn[i]], 0);
        }
        log[tagged].len = 0;
    }
}

static void mode_flush(TLBMode *m)
{
    fast_flush(m, 0);
    fast_flush(m, 1);
    for (int i = 0; i < TLB_FULL_SIZE; i++) {
        m->full[i].page = TLB_NO_PAGE;
    }
    m->large_mask = 0;
}

static void saved_drop_all(CPUTLB *tlb)
{
    for (int i = 0; i < MAX_TAGS; i++) {
        tlb->saved[i].used = 0;
    }
}

void tlb_flush_by_mmuidx(CPUState *cpu, uint16_t idxmap)
{
    CPUTLB *tlb = cpu->tlb;

    pthread_mutex_lock(&tlb->lock);
    for (int m = 0; m < tlb->num_modes; m++) {
        if (idxmap >> m & 1) {
            mode_flush(&tlb->mode[m]);
        }
    }
    if (idxmap & tlb->tag_idxmap) {
        saved_drop_all(tlb);
    }
    pthread_mutex_unlock(&tlb->lock);
    code_mapping_changed(cpu, 0, true);
}

void tlb_flush(CPUState *cpu)
{
    tlb_flush_by_mmuidx(cpu, 0xffff);
}

static void mode_flush_page(TLBMode *m, vaddr addr)
{
    TLBFull *f = full_slot(m, addr);

    if (m->large_mask && (addr & m->large_mask) == m->large_addr) {
        mode_flush(m);
        return;
    }
    if (f->page == (addr & TARGET_PAGE_MASK)) {
        f->page = TLB_NO_PAGE;
    }
    fast_clear(m, 0, vpn_of(addr));
    fast_clear(m, 1, vpn_of(addr));
}

void tlb_flush_page(CPUState *cpu, vaddr addr)
{
    CPUTLB *tlb = cpu->tlb;

    pthread_mutex_lock(&tlb->lock);
    for (int m = 0; m < tlb->num_modes; m++) {
        mode_flush_page(&tlb->mode[m], addr);
    }
    tlb->flush_ring[tlb->flush_count++ % FLUSH_RING] = vpn_of(addr);
    pthread_mutex_unlock(&tlb->lock);
    code_mapping_changed(cpu, addr, false);
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

/* --- address-space tags ------------------------------------------------------------------------- */

void tlb_set_tagged_range(CPUState *cpu, uint16_t idxmap, vaddr addr, uint64_t len)
{
    tlb_flush(cpu);             /* the logs are kept by range */
    cpu->tlb->tag_idxmap = idxmap;
    cpu->tlb->tag_start = addr;
    cpu->tlb->tag_last = addr + len - 1;
}

/* Where the active tag goes: its old place, a free one, or the least recently used. */
static SavedTag *saved_slot(CPUTLB *tlb, uint64_t tag)
{
    SavedTag *victim = &tlb->saved[0];

    for (int i = 0; i < MAX_TAGS; i++) {
        SavedTag *s = &tlb->saved[i];

        if (s->used && s->tag == tag) {
            return s;
        }
        if (s->used < victim->used) {
            victim = s;
        }
    }
    return victim;
}

static SavedTag *saved_find(CPUTLB *tlb, uint64_t tag)
{
    for (int i = 0; i < MAX_TAGS; i++) {
        if (tlb->saved[i].used && tlb->saved[i].tag == tag) {
            return &tlb->saved[i];
        }
    }
    return NULL;
}

/* Move the tagged entries of one table to `out`. False: there are too many to follow. */
static bool save_table(CPUTLB *tlb, int mode, int store, GArray *out)
{
    TLBMode *m = &tlb->mode[mode];
    TLBLog *log = &m->log[store][1];

    if (log->len > TLB_LOG_LIMIT) {
        fast_flush(m, store);
        return false;
    }
    for (uint32_t i = 0; i < log->len; i++) {
        uint32_t vpn = log->vpn[i];
        uint64_t addend = m->fast[store][vpn];

        if (addend) {
            SavedEntry e = { vpn, mode, store, addend };

            g_array_append_val(out, e);
            qatomic_set(&m->fast[store][vpn], 0);
        }
    }
    log->len = 0;
    return true;
}

static void save_active(CPUTLB *tlb)
{
    SavedTag *s = saved_slot(tlb, tlb->tag);
    bool complete = true;

    g_array_set_size(s->entries, 0);
    for (int m = 0; m < tlb->num_modes; m++) {
        if (tlb->tag_idxmap >> m & 1) {
            complete &= save_table(tlb, m, 0, s->entries);
            complete &= save_table(tlb, m, 1, s->entries);
            for (int i = 0; i < TLB_FULL_SIZE; i++) {
                TLBFull *f = &tlb->mode[m].full[i];

                if (f->page != TLB_NO_PAGE && vpn_is_tagged(tlb, vpn_of(f->page))) {
                    f->page = TLB_NO_PAGE;
                }
            }
        }
    }
    s->tag = tlb->tag;
    s->used = complete ? ++tlb->tag_uses : 0;
    s->flush_pos = tlb->flush_count;
    s->protect_seq = tlb->protect_seq;
}

static void restore_tag(CPUTLB *tlb, SavedTag *s)
{
    if (tlb->flush_count - s->flush_pos > FLUSH_RING) {
        return;                         /* too much happened meanwhile */
    }
    for (guint i = 0; i < s->entries->len; i++) {
        SavedEntry *e = &g_array_index(s->entries, SavedEntry, i);

        if (!e->store || s->protect_seq == tlb->protect_seq) {
            fast_set(tlb, &tlb->mode[e->mode], e->store, e->vpn, e->addend);
        }
    }
    for (uint64_t pos = s->flush_pos; pos < tlb->flush_count; pos++) {
        uint32_t vpn = tlb->flush_ring[pos % FLUSH_RING];

        for (int m = 0; m < tlb->num_modes; m++) {
            if ((tlb->tag_idxmap >> m & 1) && vpn_is_tagged(tlb, vpn)) {
                fast_clear(&tlb->mode[m], 0, vpn);
                fast_clear(&tlb->mode[m], 1, vpn);
            }
        }
    }
}

void tlb_switch_tag(CPUState *cpu, uint64_t tag)
{
    CPUTLB *tlb = cpu->tlb;
    SavedTag *s;

    if (tag == tlb->tag) {
        return;
    }
    pthread_mutex_lock(&tlb->lock);
    save_active(tlb);
    tlb->tag = tag;
    s = saved_find(tlb, tag);
    if (s) {
        restore_tag(tlb, s);
    }
    pthread_mutex_unlock(&tlb->lock);
    tb_key_update(cpu);
}

/* --- stores that must be seen: code pages, dirty logs ------------------------------- */

/* Does the store entry of vpn lead into host memory [start, start + len)? */
static bool store_leads_to(TLBMode *m, uint32_t vpn, uintptr_t start, size_t len)
{
    uint64_t addend = m->fast[1][vpn];

    return addend && addend + ((uint64_t)vpn << TARGET_PAGE_BITS) - start < len;
}

/* Take away store entries that lead to host memory [start, start + len). */
static void mode_reset_store(TLBMode *m, uintptr_t start, size_t len)
{
    for (int tagged = 0; tagged < 2; tagged++) {
        TLBLog *log = &m->log[1][tagged];

        if (log->len > TLB_LOG_LIMIT) {
            fast_flush(m, 1);
            return;
        }
        for (uint32_t k = 0; k < log->len; k++) {
            if (store_leads_to(m, log->vpn[k], start, len)) {
                qatomic_set(&m->fast[1][log->vpn[k]], 0);
            }
        }
    }
}

/* The same for one page, whose entry is usually known. */
static void mode_reset_store_page(TLBMode *m, ram_addr_t page, uintptr_t host)
{
    uint64_t n = page >> TARGET_PAGE_BITS;
    uint32_t hint = n < STORE_PAGES ? m->store_vpn[n] : STORE_MANY;

    if (hint == STORE_MANY) {
        mode_reset_store(m, host, TARGET_PAGE_SIZE);
    } else if (hint && store_leads_to(m, hint - 1, host, TARGET_PAGE_SIZE)) {
        qatomic_set(&m->fast[1][hint - 1], 0);
    }
    if (n < STORE_PAGES && hint) {
        m->store_vpn[n] = 0;
    }
}

static void note_store_entry(TLBMode *m, ram_addr_t page, uint32_t vpn)
{
    uint64_t n = page >> TARGET_PAGE_BITS;

    if (n < STORE_PAGES && m->store_vpn[n] != vpn + 1) {
        m->store_vpn[n] = m->store_vpn[n] ? STORE_MANY : vpn + 1;
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
        tlb->protect_seq++;
        for (int i = 0; i < tlb->num_modes; i++) {
            if (len == TARGET_PAGE_SIZE) {
                mode_reset_store_page(&tlb->mode[i], start, host);
            } else {
                mode_reset_store(&tlb->mode[i], host, len);
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
        fast_set(tlb, m, 0, vpn_of(f->page), addend);
    }
    if ((f->prot & PAGE_WRITE) && tlb_stores_unwatched(f)) {
        note_store_entry(m, f->ram_addr, vpn_of(f->page));
        fast_set(tlb, m, 1, vpn_of(f->page), addend);
    }
}

static void note_large_page(TLBMode *m, vaddr addr, uint64_t size)
{
    vaddr mask = ~(size - 1);

    if (m->large_mask) {
        mask &= m->large_mask;
        while ((addr ^ m->large_addr) & mask) {
            mask <<= 1;
        }
    }
    m->large_addr = addr & mask;
    m->large_mask = mask;
}

void tlb_set_page(CPUState *cpu, vaddr addr, hwaddr paddr, int prot, int mmu_idx, uint64_t size)
{
    CPUTLB *tlb = cpu->tlb;
    TLBMode *m = &tlb->mode[mmu_idx];
    vaddr page = addr & TARGET_PAGE_MASK;
    MemoryRegionSection sec = address_space_find(cpu->as, paddr & TARGET_PAGE_MASK);
    TLBFull *f = full_slot(m, page);

    paddr &= TARGET_PAGE_MASK;
    pthread_mutex_lock(&tlb->lock);
    if (size > TARGET_PAGE_SIZE) {
        note_large_page(m, addr, size);
    }
    fast_clear(m, 0, vpn_of(page));
    fast_clear(m, 1, vpn_of(page));
    *f = (TLBFull) { .page = page, .paddr = paddr, .ram_addr = -1, .mr = sec.mr, .prot = prot };
    if (sec.mr) {
        f->mr_offset = paddr - sec.offset_within_address_space + sec.offset_within_region;
        if (memory_region_is_direct(sec.mr) &&
            paddr + TARGET_PAGE_SIZE - sec.offset_within_address_space <= sec.size) {
            f->host = (uint8_t *)memory_region_get_ram_ptr(sec.mr) + f->mr_offset;
            f->ram_addr = memory_region_get_ram_addr(sec.mr) + f->mr_offset;
            f->readonly = sec.readonly || sec.mr->rom_device;
        }
    }
    f->watched = cpu->watchpoints->len && cpu_page_is_watched(cpu, page);
    fast_fill(tlb, m, f);
    pthread_mutex_unlock(&tlb->lock);
    qemu_log_mask(CPU_LOG_MMU, "tlb_set_page: vaddr=%08" PRIx64 " paddr=%08" PRIx64 " prot=%x idx=%d\n",
                  page, paddr, prot, mmu_idx);
}

static uint8_t prot_of(MMUAccessType access)
{
    return access == MMU_DATA_LOAD ? PAGE_READ : access == MMU_DATA_STORE ? PAGE_WRITE : PAGE_EXEC;
}

TLBFull *tlb_lookup(CPUState *cpu, vaddr addr, unsigned size, MMUAccessType access,
                    int mmu_idx, bool probe, uintptr_t ra)
{
    TLBFull *f = full_slot(&cpu->tlb->mode[mmu_idx], addr);
    vaddr page = addr & TARGET_PAGE_MASK;

    if (likely(f->page == page && (f->prot & prot_of(access)))) {
        return f;
    }
    if (!cpu->cc->tlb_fill(cpu, addr, size, access, mmu_idx, probe, ra)) {
        return NULL;
    }
    return f->page == page && (f->prot & prot_of(access)) ? f : NULL;
}

void tlb_fast_refill(CPUState *cpu, int mmu_idx, const TLBFull *f, MMUAccessType access)
{
    TLBMode *m = &cpu->tlb->mode[mmu_idx];

    if (!m->fast[access == MMU_DATA_STORE][vpn_of(f->page)]) {
        pthread_mutex_lock(&cpu->tlb->lock);
        fast_fill(cpu->tlb, m, f);
        pthread_mutex_unlock(&cpu->tlb->lock);
    }
}

void tlb_note_code_page(CPUState *cpu, vaddr addr)
{
    uint32_t vpn = vpn_of(addr);

    cpu->tlb->code_pages[vpn / 64] |= UINT64_C(1) << (vpn % 64);
}

void tlb_note_store(CPUState *cpu, int mmu_idx, TLBFull *f, vaddr addr, unsigned size, uintptr_t ra)
{
    ram_addr_t ram = f->ram_addr + (addr & ~TARGET_PAGE_MASK);

    if (cpu_physical_memory_is_clean(ram, DIRTY_MEMORY_CODE)) {
        tb_invalidate_phys_range(ram, ram + size, ra);
    }
    cpu_physical_memory_set_dirty_log(ram, size);
    if (tlb_stores_unwatched(f)) {
        tlb_fast_refill(cpu, mmu_idx, f, MMU_DATA_STORE);
    }
}
