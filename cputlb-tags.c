/*
 * Address spaces in the TLB, and the keys of translated blocks that follow from
 * them: entries of a tag are kept while another tag is active (exec/cputlb.h).
 *
 * Where walks are known, a kept entry comes back only when each page table
 * entry that its walk read still has the value it had then. That is a walk made
 * early, which ISAs with hardware walks allow. Elsewhere the guest flushes what
 * it changes, and page flushes since then are replayed.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "exec/cputlb-internal.h"
#include "exec/tb-internal.h"
#include "exec/tb-jmp-cache.h"

#define GLOBAL_TAG UINT64_MAX   /* in block keys: of no address space */

static void basis_init(TagBasis *basis)
{
    basis->uppers = g_array_new(false, false, sizeof(TLBWalkEntry));
    basis->code = g_array_new(false, false, sizeof(TLBWalkEntry));
}

static void basis_free(TagBasis *basis)
{
    g_array_free(basis->uppers, true);
    g_array_free(basis->code, true);
}

void tlb_tags_init(CPUTLB *tlb)
{
    for (int i = 0; i < MAX_TAGS; i++) {
        tlb->saved[i].entries = g_array_new(false, false, sizeof(SavedEntry));
        basis_init(&tlb->saved[i].basis);
    }
    basis_init(&tlb->basis);
    tlb->code_pages = g_malloc0(CODE_PAGE_BITS / 8);
}

void tlb_tags_destroy(CPUTLB *tlb)
{
    for (int i = 0; i < MAX_TAGS; i++) {
        g_array_free(tlb->saved[i].entries, true);
        basis_free(&tlb->saved[i].basis);
    }
    basis_free(&tlb->basis);
    g_free(tlb->code_pages);
}

/* --- what a tag's mappings rest on ------------------------------------------------------ */

static void basis_add(CPUTLB *tlb, GArray *list, const TLBWalkEntry *e)
{
    TLBWalkEntry *known = &tlb->basis_cache[list == tlb->basis.code][(uintptr_t)e->host / 8 % BASIS_CACHE];

    if (known->host != e->host || known->value != e->value) {
        *known = *e;
        g_array_append_val(list, *e);
    }
}

void tlb_note_walk(CPUTLB *tlb, const TLBWalk *walk)
{
    tlb->entry_bytes = walk->entry_bytes;
    for (unsigned i = 0; i + 1 < walk->nb; i++) {
        basis_add(tlb, tlb->basis.uppers, &walk->level[i]);
    }
}

static bool entry_holds(const CPUTLB *tlb, const TLBWalkEntry *e)
{
    if (!e->host) {
        return false;
    }
    return tlb->entry_bytes == 8 ? qatomic_read((const uint64_t *)e->host) == e->value
                                 : qatomic_read((const uint32_t *)e->host) == e->value;
}

/* All of a list; what holds goes to the cache. */
static bool entries_hold(CPUTLB *tlb, const GArray *entries, bool code)
{
    if (entries->len > MAX_BASIS) {
        return false;
    }
    for (guint i = 0; i < entries->len; i++) {
        const TLBWalkEntry *e = &g_array_index(entries, TLBWalkEntry, i);

        if (!entry_holds(tlb, e)) {
            return false;
        }
        tlb->basis_cache[code][(uintptr_t)e->host / 8 % BASIS_CACHE] = *e;
    }
    return true;
}

void tlb_basis_start(CPUTLB *tlb)
{
    g_array_set_size(tlb->basis.uppers, 0);
    g_array_set_size(tlb->basis.code, 0);
    memset(tlb->basis_cache, 0, sizeof(tlb->basis_cache));
    tlb->basis.epoch = ++tlb->epochs;
}

/* --- block keys ----------------------------------------------------------------- */

static void key_new(CPUState *cpu, KeyEntry *k, const KeyEntry *wanted)
{
    CPUTLB *tlb = cpu->tlb;

    if (tlb->next_key_id == (tlb->hashed ? UINT16_MAX : UINT32_MAX)) {
        tlb->next_key_id = 0;
        memset(tlb->keys, 0, sizeof(tlb->keys));
        memset(cpu_neg(cpu)->jmp_cache, 0xff, TB_JMP_CACHE_SIZE * sizeof(TBJumpCacheEntry));
    }
    *k = *wanted;
    k->id = ++tlb->next_key_id;
}

void tb_key_update(CPUState *cpu)
{
    CPUTLB *tlb = cpu->tlb;
    KeyEntry key = { .tag = tlb->tag, .epoch = tlb->code_epoch, .tag_epoch = tlb->basis.epoch };
    KeyEntry *k;
    vaddr pc;

    cpu->cc->get_tb_state(cpu->env, &pc, &key.flags);
    if (cpu->cc->blocks_are_global && !tlb->tagged_global_code &&
        cpu->cc->blocks_are_global(cpu->env, key.flags)) {
        key.tag = GLOBAL_TAG;
        key.tag_epoch = 0;
    }
    k = &tlb->keys[(key.flags * 0x9e3779b1u ^
                    (uint32_t)(key.tag ^ key.tag >> TARGET_PAGE_BITS) * 0x85ebca6bu) >> 23];
    if (k->id == 0 || k->flags != key.flags || k->tag != key.tag || k->epoch != key.epoch ||
        k->tag_epoch != key.tag_epoch) {
        key_new(cpu, k, &key);
    }
    /*
     * Above all bits in which two addresses of code can differ. Address spaces
     * get different places in the jump cache for the same pc.
     */
    cpu_neg(cpu)->tb_key = (uint64_t)k->id << (tlb->hashed ? 48 : 32) | tb_jmp_cache_colour(key.tag);
}

void tb_jmp_cache_drop(TranslationBlock *tb)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);    /* its mark comes first, see tb_jmp_cache_put */
    CPU_FOREACH(cpu) {
        for (unsigned colour = 0; colour < TB_JMP_CACHE_COLOURS; colour++) {
            uint32_t h = tb_jmp_cache_hash(tb->pc ^ tb_jmp_cache_colour(colour));

            if (qatomic_read(&cpu->jmp_cache_tbs[h]) == tb) {
                qatomic_set(&cpu_neg(cpu)->jmp_cache[h].key, UINT64_MAX);
            }
        }
    }
}

/* The bit of addr's page in code_pages. */
static uint32_t code_page_bit(vaddr addr)
{
    vaddr page = addr >> TARGET_PAGE_BITS;

    return (page ^ page >> 17) % CODE_PAGE_BITS;
}

void code_mapping_changed(CPUState *cpu, vaddr addr, bool all)
{
    CPUTLB *tlb = cpu->tlb;
    uint32_t bit = code_page_bit(addr);

    if (all || (tlb->code_pages[bit / 64] >> (bit % 64) & 1)) {
        tlb->code_epoch++;              /* no block is found without noting its page again */
        memset(tlb->code_pages, 0, CODE_PAGE_BITS / 8);
        if (all) {
            tlb->tagged_global_code = false;
        }
        cpu_neg(cpu)->tb_key = 0;       /* of no entry, until tb_key_update */
        tb_key_update(cpu);
    }
}

void tlb_note_code(CPUState *cpu, TLBFull *f)
{
    CPUTLB *tlb = cpu->tlb;
    uint32_t bit = code_page_bit(f->page);

    tlb->code_pages[bit / 64] |= UINT64_C(1) << (bit % 64);
    if (!f->tagged || !tlb->walks) {
        return;
    }
    basis_add(tlb, tlb->basis.code, &f->leaf);
    if (cpu->cc->blocks_are_global && !tlb->tagged_global_code) {
        uint32_t flags;
        vaddr pc;

        cpu->cc->get_tb_state(cpu->env, &pc, &flags);
        if (cpu->cc->blocks_are_global(cpu->env, flags)) {
            tlb->tagged_global_code = true;
            tb_key_update(cpu);
        }
    }
}

/* --- address-space tags ------------------------------------------------------------------------- */

void tlb_set_tagged_range(CPUState *cpu, uint16_t idxmap, vaddr addr, uint64_t len)
{
    tlb_flush(cpu);             /* the logs are kept by range */
    cpu->tlb->tag_idxmap = idxmap;
    cpu->tlb->tag_start = addr;
    cpu->tlb->tag_last = addr + len - 1;
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

/* Where the active tag goes: its old place, a free one, or the least recently used. */
static SavedTag *saved_slot(CPUTLB *tlb, uint64_t tag)
{
    SavedTag *victim = saved_find(tlb, tag);

    for (int i = 0; !victim && i < MAX_TAGS; i++) {
        if (!tlb->saved[i].used) {
            victim = &tlb->saved[i];
        }
    }
    for (int i = 0; !victim && i < MAX_TAGS; i++) {
        victim = &tlb->saved[0];
        for (int k = 1; k < MAX_TAGS; k++) {
            victim = tlb->saved[k].used < victim->used ? &tlb->saved[k] : victim;
        }
    }
    return victim;
}

void saved_drop_all(CPUTLB *tlb)
{
    for (int i = 0; i < MAX_TAGS; i++) {
        tlb->saved[i].used = 0;
    }
}

/* Move the tagged entries of one table to `out`, the newest ones. False: there are too many to follow. */
static bool save_table(CPUTLB *tlb, int mode, int store, GArray *out)
{
    TLBMode *m = &tlb->mode[mode];
    TLBLog *log = &m->log[store][1];

    if (log->len > TLB_LOG_LIMIT) {
        fast_flush(tlb, m, store);
        return false;
    }
    for (uint32_t i = 0; i < log->len; i++) {
        uint32_t index = log->index[i];
        SavedEntry e = { .mode = mode, .store = store };

        if (fast_is_tagged(m, store, index) && fast_read(tlb, m, store, index, &e.page, &e.addend)) {
            if (log->len - i <= MAX_SAVED) {
                e.leaf = tlb->walks ? m->leaf[store][index] : e.leaf;
                g_array_append_val(out, e);
            }
            fast_clear_index(tlb, m, store, index);
        }
    }
    log_empty(log);
    return true;
}

static void save_active(CPUTLB *tlb)
{
    SavedTag *s = saved_slot(tlb, tlb->tag);
    bool complete = true;
    TagBasis basis = s->basis;

    g_array_set_size(s->entries, 0);
    for (int m = 0; m < tlb->num_modes; m++) {
        if (tlb->tag_idxmap >> m & 1) {
            complete &= save_table(tlb, m, 0, s->entries);
            complete &= save_table(tlb, m, 1, s->entries);
            full_flush(tlb, &tlb->mode[m], true);
        }
    }
    s->tag = tlb->tag;
    s->used = complete ? ++tlb->tag_uses : 0;
    s->flush_pos = tlb->flush_count;
    if (tlb->walks) {
        s->basis = tlb->basis;
        tlb->basis = basis;
    }
}

/* Do stores through the entry still need nothing but the store? */
static bool store_may_return(const SavedEntry *e, ram_addr_t *ram)
{
    *ram = qemu_ram_offset((const void *)(uintptr_t)(e->addend + e->page));
    return !cpu_physical_memory_page_is_clean_any(*ram);
}

static void restore_entries(CPUTLB *tlb, const SavedTag *s)
{
    ram_addr_t ram;

    for (guint i = 0; i < s->entries->len; i++) {
        const SavedEntry *e = &g_array_index(s->entries, SavedEntry, i);
        TLBMode *m = &tlb->mode[e->mode];

        if ((tlb->walks && !entry_holds(tlb, &e->leaf)) || (e->store && !store_may_return(e, &ram))) {
            continue;
        }
        if (e->store) {
            tlb_note_store_entry(m, ram, e->page);
        }
        fast_set(tlb, m, e->store, true, e->page, e->addend, &e->leaf);
    }
}

/* Page flushes that the kept entries missed. */
static void replay_flushes(CPUTLB *tlb, const SavedTag *s)
{
    for (uint64_t pos = s->flush_pos; pos < tlb->flush_count; pos++) {
        vaddr page = tlb->flush_ring[pos % FLUSH_RING];

        for (int m = 0; m < tlb->num_modes; m++) {
            if ((tlb->tag_idxmap >> m & 1) && page >= tlb->tag_start && page <= tlb->tag_last) {
                fast_clear(tlb, &tlb->mode[m], 0, page);
                fast_clear(tlb, &tlb->mode[m], 1, page);
            }
        }
    }
}

static void restore_tag(CPUTLB *tlb, SavedTag *s)
{
    if (!tlb->walks) {
        if (s && tlb->flush_count - s->flush_pos <= FLUSH_RING) {
            restore_entries(tlb, s);
            replay_flushes(tlb, s);
        }
        return;
    }
    memset(tlb->basis_cache, 0, sizeof(tlb->basis_cache));
    if (!s || !entries_hold(tlb, s->basis.uppers, false)) {
        tlb_basis_start(tlb);
        return;
    }
    TagBasis basis = tlb->basis;

    tlb->basis = s->basis;
    s->basis = basis;
    s->used = 0;
    if (!entries_hold(tlb, tlb->basis.code, true)) {
        g_array_set_size(tlb->basis.code, 0);
        tlb->basis.epoch = ++tlb->epochs;
    }
    restore_entries(tlb, s);
}

void tlb_switch_tag(CPUState *cpu, uint64_t tag)
{
    CPUTLB *tlb = cpu->tlb;

    if (tag == tlb->tag && !tlb->walks) {
        return;
    }
    pthread_mutex_lock(&tlb->lock);
    save_active(tlb);
    tlb->tag = tag;
    restore_tag(tlb, saved_find(tlb, tag));
    pthread_mutex_unlock(&tlb->lock);
    tb_key_update(cpu);
}
