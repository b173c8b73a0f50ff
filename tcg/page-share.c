/*
 * Finds accesses that share a page check; see page-share.h. Linear: each temp's
 * value is followed through a block as root + offset, where a root is a value
 * of unknown origin.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/page-share.h"

#define MAX_SPAN 1024
#define MAX_OPEN 8
#define MAX_ACCESSES 256

/* What is known about the value of a temp of the guest addresses' type; valid when block (between labels and calls) matches. */
typedef struct Value {
    int block;
    int root;               /* number of the root value */
    int32_t offset;
    /* value = current value of base + base_offset while base has version base_version */
    TCGTemp *base;
    int base_version;
    int32_t base_offset;
    int version;            /* counts this temp's definitions */
} Value;

typedef struct Member {
    TCGOp *op;
    TCGTemp *base;          /* address argument to use, and what to add */
    int32_t displacement, offset;
    struct Member *next;
} Member;

typedef struct Open {
    int root;
    unsigned mmu_idx;
    bool is_store;
    int32_t low, high;
    int count;
    Member *members;        /* last first */
} Open;

/* A sum of two values of which each base + displacement of it is an offset. */
typedef struct Sum {
    int block, root_a, root_b, root;
    unsigned shift;
} Sum;
#define MAX_SUMS 16

typedef struct Finder {
    TCGContext *s;
    Value *values;          /* by temp index */
    int block, nb_roots, nb_accesses;
    Open open[MAX_OPEN];
    int nb_open, next_victim;
    Sum sums[MAX_SUMS];
    int next_sum;
} Finder;

static TCGType addr_type(const TCGContext *s)
{
    return s->addr_bits == 32 ? TCG_TYPE_I32 : TCG_TYPE_I64;
}

static Value *value_of(Finder *f, TCGTemp *t)
{
    Value *v = &f->values[t->index];

    if (v->block != f->block) {
        v->block = f->block;
        v->root = ++f->nb_roots;
        v->offset = 0;
        v->base = NULL;
    }
    return v;
}

static void close_group(Finder *f, Open *g)
{
    if (g->count >= 2 && f->nb_accesses + g->count < MAX_ACCESSES) {
        TCGPageGroup *group = tcg_malloc(sizeof(*group));

        group->host = tcg_temp_new_internal(TCG_TYPE_I64);
        group->low = g->low;
        group->span = g->high - g->low;
        group->left = g->count;
        for (Member *m = g->members; m; m = m->next) {
            m->op->access = ++f->nb_accesses;
            m->op->args[tcg_op_nb_oargs(m->op) + tcg_op_nb_iargs(m->op) - 1] = temp_arg(m->base);
            f->s->accesses[m->op->access] = (TCGPageAccess){
                .group = group, .offset = m->offset - g->low, .displacement = m->displacement,
            };
        }
    }
    g->count = 0;
}

static void close_all(Finder *f)
{
    for (int i = 0; i < f->nb_open; i++) {
        close_group(f, &f->open[i]);
    }
    f->nb_open = 0;
}

static Open *find_open(Finder *f, int root, unsigned mmu_idx, bool is_store, int32_t low,
                       int32_t high)
{
    Open *g;

    for (int i = 0; i < f->nb_open; i++) {
        g = &f->open[i];
        if (g->root == root && g->mmu_idx == mmu_idx && g->is_store == is_store &&
            MAX(g->high, high) - (int64_t)MIN(g->low, low) <= MAX_SPAN) {
            g->low = MIN(g->low, low);
            g->high = MAX(g->high, high);
            return g;
        }
    }
    if (f->nb_open < MAX_OPEN) {
        g = &f->open[f->nb_open++];
    } else {
        g = &f->open[f->next_victim++ % MAX_OPEN];
        close_group(f, g);
    }
    *g = (Open){ root, mmu_idx, is_store, low, high, 0, NULL };
    return g;
}

static void add_access(Finder *f, TCGOp *op, bool is_store)
{
    unsigned at = tcg_op_nb_oargs(op) + tcg_op_nb_iargs(op) - 1;
    TCGTemp *addr = arg_temp(op->args[at]);
    MemOpIdx oi = op->args[at + 1];
    MemOp mop = get_memop(oi);

    if (addr->type != addr_type(f->s) || addr->kind == TEMP_CONST || (mop & MO_ALIGN)) {
        return;
    }
    Value *v = value_of(f, addr);
    Open *g = find_open(f, v->root, get_mmuidx(oi), is_store, v->offset,
                        v->offset + (int)memop_size(mop));
    Member *m = tcg_malloc(sizeof(*m));

    *m = (Member){ op, addr, 0, v->offset, g->members };
    if (v->base && f->values[v->base->index].version == v->base_version) {
        m->base = v->base;
        m->displacement = v->base_offset;
    }
    g->members = m;
    g->count++;
}

static void define(Finder *f, TCGTemp *t)
{
    Value *v = value_of(f, t);

    v->root = ++f->nb_roots;
    v->offset = 0;
    v->base = NULL;
    v->version++;
}

/* t = from + offset */
static void define_sum(Finder *f, TCGTemp *t, TCGTemp *from, uint64_t offset)
{
    Value in = *value_of(f, from), *v = value_of(f, t);
    int64_t step = t->type == TCG_TYPE_I32 ? (int32_t)offset : (int64_t)offset;
    int64_t sum = in.offset + (int64_t)(int32_t)step;

    if (t->type != addr_type(f->s) || step != (int32_t)step || sum != (int32_t)sum ||
        sum > INT32_MAX - 4096 || sum < INT32_MIN + 4096) {
        define(f, t);
        return;
    }
    v->root = in.root;
    v->offset = sum;
    v->version++;
    v->base = NULL;
    if (from != t) {
        v->base = from;
        v->base_version = in.version;
        v->base_offset = step;
    }
}

/* The root of (root_a) + (root_b << shift). */
static int sum_root(Finder *f, int root_a, int root_b, unsigned shift)
{
    for (int i = 0; i < MAX_SUMS; i++) {
        Sum *s = &f->sums[i];

        if (s->block == f->block && s->root_a == root_a && s->root_b == root_b && s->shift == shift) {
            return s->root;
        }
    }
    f->sums[f->next_sum % MAX_SUMS] = (Sum){ f->block, root_a, root_b, ++f->nb_roots, shift };
    return f->sums[f->next_sum++ % MAX_SUMS].root;
}

/* t = a + (b << shift) + disp */
static void define_lea(Finder *f, TCGTemp *t, TCGTemp *a, TCGTemp *b, unsigned shift, int32_t disp)
{
    Value va = *value_of(f, a), vb = *value_of(f, b);
    int64_t sum = (int64_t)va.offset + ((int64_t)vb.offset << shift) + disp;

    define(f, t);
    if (t->type == addr_type(f->s) && sum <= INT32_MAX - 4096 && sum >= INT32_MIN + 4096) {
        Value *v = value_of(f, t);

        v->root = sum_root(f, va.root, vb.root, shift);
        v->offset = sum;
    }
}

static void visit(Finder *f, TCGOp *op)
{
    switch (op->opc) {
    case INDEX_op_qemu_ld_i32:
    case INDEX_op_qemu_ld_i64:
    case INDEX_op_qemu_ld_f32:
    case INDEX_op_qemu_ld_f64:
    case INDEX_op_x87_ld:
        add_access(f, op, false);
        break;
    case INDEX_op_qemu_st_i32:
    case INDEX_op_qemu_st_i64:
    case INDEX_op_qemu_st_f32:
    case INDEX_op_qemu_st_f64:
    case INDEX_op_x87_st:
        add_access(f, op, true);
        break;
    case INDEX_op_call:         /* may change the TLB, and globals */
        close_all(f);
        f->block++;
        break;
    case INDEX_op_add_i32:
    case INDEX_op_add_i64:
        if (temp_is_const(arg_temp(op->args[2])) && !temp_is_const(arg_temp(op->args[1]))) {
            define_sum(f, arg_temp(op->args[0]), arg_temp(op->args[1]),
                       arg_temp(op->args[2])->val);
            return;
        }
        break;
    case INDEX_op_lea_i32:
    case INDEX_op_lea_i64:
        if (!temp_is_const(arg_temp(op->args[1]))) {
            define_lea(f, arg_temp(op->args[0]), arg_temp(op->args[1]), arg_temp(op->args[2]),
                       op->args[3], op->args[4]);
            return;
        }
        break;
    case INDEX_op_mov_i32:
    case INDEX_op_mov_i64:
        if (!temp_is_const(arg_temp(op->args[1]))) {
            define_sum(f, arg_temp(op->args[0]), arg_temp(op->args[1]), 0);
            return;
        }
        break;
    default:
        break;
    }
    for (unsigned i = 0; i < tcg_op_nb_oargs(op); i++) {
        define(f, arg_temp(op->args[i]));
    }
}

void tcg_share_page_checks(TCGContext *s)
{
    Finder f = { .s = s, .block = 1 };

    f.values = tcg_malloc(s->nb_temps * sizeof(Value));
    s->accesses = tcg_malloc(MAX_ACCESSES * sizeof(TCGPageAccess));
    for (TCGOp *op = s->first_op; op; op = op->next) {
        op->access = 0;
        if (op->opc == INDEX_op_set_label) {
            close_all(&f);
            f.block++;
        } else {
            visit(&f, op);
        }
    }
    close_all(&f);
}
