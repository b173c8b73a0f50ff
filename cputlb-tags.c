/*
 * Address spaces in the TLB, and the keys of translated blocks that follow from
 * them: entries of a tag are kept while another tag is active (exec/cputlb.h).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "exec/cputlb-internal.h"
#include "exec/tb-internal.h"
#include "exec/tb-jmp-cache.h"

void tlb_tags_init(CPUTLB *tlb)
{
    for (int i = 0; i < MAX_TAGS; i++) {
        tlb->saved[i].entries = g_array_new(false, false, sizeof(SavedEntry));
    }
    tlb->code_pages = g_malloc0(CODE_PAGE_BITS / 8);
}

void tlb_tags_destroy(CPUTLB *tlb)
{
    for (int i = 0; i < MAX_TAGS; i++) {
        g_array_free(tlb->saved[i].entries, true);
    }
    g_free(tlb->code_pages);
}

/* --- block keys ----------------------------------------------------------------- */

void tb_key_update(CPUState *cpu)
{
    CPUTLB *tlb = cpu->tlb;
    uint32_t flags;
    vaddr pc;

    cpu->cc->get_tb_state(cpu->env, &pc, &flags);

    uint32_t h = (flags * 0x9e3779b1u ^ (uint32_t)(tlb->tag ^ tlb->tag >> TARGET_PAGE_BITS) * 0x85ebca6bu) >> 26;
    uint32_t last_id = tlb->hashed ? UINT16_MAX : UINT32_MAX;
    KeyEntry *k = &tlb->keys[h % KEY_CACHE];

    if (k->id == 0 || k->flags != flags || k->tag != tlb->tag || k->epoch != tlb->code_epoch) {
        if (tlb->next_key_id == last_id) {
            tlb->next_key_id = 0;
            memset(tlb->keys, 0, sizeof(tlb->keys));
            memset(cpu_neg(cpu)->jmp_cache, 0xff, TB_JMP_CACHE_SIZE * sizeof(TBJumpCacheEntry));
        }
        *k = (KeyEntry) { tlb->tag, flags, tlb->code_epoch, ++tlb->next_key_id };
    }
    /*
     * Above all bits in which two addresses of code can differ. Address spaces
     * get different places in the jump cache for the same pc.
     */
    cpu_neg(cpu)->tb_key = (uint64_t)k->id << (tlb->hashed ? 48 : 32) | tb_jmp_cache_colour(tlb->tag);
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

/* The bit of addr's page in code_pages. */
static uint32_t code_page_bit(vaddr addr)
{
    vaddr page = addr >> TARGET_PAGE_BITS;

    return (page ^ page >> 20) % CODE_PAGE_BITS;
}

void code_mapping_changed(CPUState *cpu, vaddr addr, bool all)
{
    CPUTLB *tlb = cpu->tlb;
    uint32_t bit = code_page_bit(addr);

    if (all || (tlb->code_pages[bit / 64] >> (bit % 64) & 1)) {
        tlb->code_epoch++;
        cpu_neg(cpu)->tb_key = 0;       /* of no entry, until tb_key_update */
        tb_key_update(cpu);
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

void saved_drop_all(CPUTLB *tlb)
{
    for (int i = 0; i < MAX_TAGS; i++) {
        tlb->saved[i].used = 0;
    }
}

/* Move the tagged entries of one table to `out`. False: there are too many to follow. */
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
            g_array_append_val(out, e);
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
            fast_set(tlb, &tlb->mode[e->mode], e->store, true, e->page, e->addend);
        }
    }
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


void tlb_note_code_page(CPUState *cpu, vaddr addr)
{
    uint32_t bit = code_page_bit(addr);

    cpu->tlb->code_pages[bit / 64] |= UINT64_C(1) << (bit % 64);
}
