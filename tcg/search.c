/*
 * The side table of a block: which guest instruction a host address belongs to,
 * and the write-back maps of its slow paths.
 *
 *   uleb n                      instructions
 *   n times                     sleb differences of the three insn_start
 *                               arguments, uleb difference of the end offset
 *   uleb k                      different write-back entries
 *   k times                     sleb env offset, byte type | register << 3
 *   uleb m                      maps, ascending offset
 *   m times                     uleb offset difference, sleb instruction
 *                               difference, uleb 2 * count + (1: as before),
 *                               count entry numbers
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/tcg-internal.h"
#include "hw/core/cpu.h"

#define MAX_ENTRIES 255

typedef struct Out {
    uint8_t *p, *end;
} Out;

static void put_byte(Out *o, uint8_t v)
{
    if (o->p < o->end) {
        *o->p = v;
    }
    o->p++;
}

static void put_uleb(Out *o, uint64_t v)
{
    while (v >= 0x80) {
        put_byte(o, v | 0x80);
        v >>= 7;
    }
    put_byte(o, v);
}

static void put_sleb(Out *o, int64_t v)
{
    while (v < -64 || v > 63) {
        put_byte(o, v | 0x80);
        v >>= 7;
    }
    put_byte(o, v & 0x7f);
}

static uint64_t get_uleb(const uint8_t **p)
{
    uint64_t v = 0;
    unsigned shift = 0;
    uint8_t b;

    do {
        b = *(*p)++;
        v |= (uint64_t)(b & 0x7f) << shift;
        shift += 7;
    } while (b & 0x80);
    return v;
}

static int64_t get_sleb(const uint8_t **p)
{
    uint64_t v = 0;
    unsigned shift = 0;
    uint8_t b;

    do {
        b = *(*p)++;
        v |= (uint64_t)(b & 0x7f) << shift;
        shift += 7;
    } while (b & 0x80);
    if ((b & 0x40) && shift < 64) {
        v |= -(UINT64_C(1) << shift);
    }
    return v;
}

static void put_insns(TCGContext *s, Out *o)
{
    uint64_t last[3] = { 0 };
    uint32_t last_off = 0;

    put_uleb(o, s->nb_insns);
    for (int i = 0; i < s->nb_insns; i++) {
        for (int j = 0; j < 3; j++) {
            put_sleb(o, s->insn_data[i][j] - last[j]);
            last[j] = s->insn_data[i][j];
        }
        put_uleb(o, s->insn_end_off[i] - last_off);
        last_off = s->insn_end_off[i];
    }
}

/* Number of e in the table of different entries; adds it when new. */
static int intern(TCGWriteBackEntry *table, int *nb, const TCGWriteBackEntry *e)
{
    for (int i = 0; i < *nb; i++) {
        if (table[i].env_offset == e->env_offset && table[i].reg == e->reg &&
            table[i].type == e->type) {
            return i;
        }
    }
    if (*nb == MAX_ENTRIES) {
        return -1;
    }
    table[*nb] = *e;
    return (*nb)++;
}

static bool same_map(const TCGWriteBack *a, const TCGWriteBack *b)
{
    return a && a->nb == b->nb && !memcmp(a->entry, b->entry, a->nb * sizeof(a->entry[0]));
}

static bool put_maps(TCGContext *s, Out *o)
{
    TCGWriteBackEntry table[MAX_ENTRIES];
    int nb = 0, maps = 0;
    const TCGWriteBack *prev = NULL;

    for (TCGWriteBack *w = s->write_backs; w; w = w->next, maps++) {
        for (unsigned i = 0; i < w->nb; i++) {
            if (intern(table, &nb, &w->entry[i]) < 0) {
                return false;
            }
        }
    }
    put_uleb(o, nb);
    for (int i = 0; i < nb; i++) {
        put_sleb(o, table[i].env_offset);
        put_byte(o, table[i].type | table[i].reg << 3);
    }
    put_uleb(o, maps);
    for (TCGWriteBack *w = s->write_backs; w; prev = w, w = w->next) {
        bool same = same_map(prev, w);

        put_uleb(o, w->host_off - (prev ? prev->host_off : 0));
        put_sleb(o, (int)w->insn - (prev ? prev->insn : 0));
        put_uleb(o, same ? 1 : w->nb * 2);
        for (unsigned i = 0; i < w->nb && !same; i++) {
            put_byte(o, intern(table, &nb, &w->entry[i]));
        }
    }
    return true;
}

int tcg_encode_search(TCGContext *s, uint8_t *out, uint8_t *end)
{
    Out o = { out, end };

    put_insns(s, &o);
    return put_maps(s, &o) && o.p <= o.end ? o.p - out : -1;
}

static void write_back(void *env, int32_t env_offset, TCGType type, unsigned reg)
{
    const CPUNeg *neg = env_neg(env);
    void *to = (char *)env + env_offset;

    switch (type) {
    case TCG_TYPE_I32:
        memcpy(to, &neg->host_regs[reg], 4);
        break;
    case TCG_TYPE_I64:
        memcpy(to, &neg->host_regs[reg], 8);
        break;
    case TCG_TYPE_F32:
        memcpy(to, neg->host_xmm[reg], 4);
        break;
    case TCG_TYPE_F64:
        memcpy(to, neg->host_xmm[reg], 8);
        break;
    default:
        memcpy(to, neg->host_xmm[reg], 16);
        break;
    }
}

/* Applies the map of host_off at p. Returns its instruction, -1: there is none. */
static int apply_map(const uint8_t *p, uint32_t host_off, void *env)
{
    int32_t offset[MAX_ENTRIES];
    uint8_t where[MAX_ENTRIES];
    int nb = get_uleb(&p);

    for (int i = 0; i < nb; i++) {
        offset[i] = get_sleb(&p);
        where[i] = *p++;
    }
    int maps = get_uleb(&p);
    uint32_t off = 0;
    int insn = 0;
    unsigned count = 0;
    const uint8_t *entries = p;

    for (int i = 0; i < maps; i++) {
        off += get_uleb(&p);
        insn += get_sleb(&p);
        unsigned head = get_uleb(&p);
        if (!(head & 1)) {
            count = head >> 1;
            entries = p;
            p += count;
        }
        if (off == host_off) {
            for (unsigned j = 0; j < count; j++) {
                write_back(env, offset[entries[j]], where[entries[j]] & 7, where[entries[j]] >> 3);
            }
            return insn;
        }
    }
    return -1;
}

int tcg_restore_search(const uint8_t *search, uint32_t search_size, uint32_t host_off,
                       void *env, uint64_t data[3])
{
    const uint8_t *p = search;
    int n = get_uleb(&p), found = -1;
    const uint8_t *first = p;
    uint32_t off = 0;

    for (int i = 0; i < n; i++) {
        for (int j = 0; j < 3; j++) {
            get_sleb(&p);
        }
        off += get_uleb(&p);
        if (found < 0 && host_off <= off) {
            found = i;
        }
    }
    if (found < 0) {
        found = apply_map(p, host_off, env);
        if (found < 0) {
            return -1;
        }
    }
    memset(data, 0, 3 * sizeof(data[0]));
    for (int i = 0; i <= found; i++) {
        for (int j = 0; j < 3; j++) {
            data[j] += get_sleb(&first);
        }
        get_uleb(&first);
    }
    return found;
}
