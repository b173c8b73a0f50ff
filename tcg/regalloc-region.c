/*
 * Which temps own a host register in a whole region; see regalloc.h.
 *
 * A temp without one is loaded in each block that reads it first and stored in
 * each block that writes it. A region register saves that, weighted by loop
 * depth, and costs a load at the region's head, stores at its exits, and, when
 * helpers destroy the register, a store and a load at each call.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/regalloc.h"

#define MAX_WEIGHTED_DEPTH 4
#define DEPTH_FACTOR_LOG2 3
#define HOT_BONUS 2
#define LEAST_GAIN 2
/* Registers left for everything else, unless an op needs more at once. */
#define LOCAL_REGS 4

typedef struct Candidate {
    TCGTemp *temp;
    uint32_t benefit;
    int32_t read_in, written_in;    /* last block that did */
} Candidate;

static uint32_t block_weight(const TCGBlock *b)
{
    return 1u << DEPTH_FACTOR_LOG2 * MIN(b->depth, MAX_WEIGHTED_DEPTH);
}

static void count_arg(RegAlloc *ra, Candidate *c, int block, TCGArg arg, bool written)
{
    TCGTemp *t = arg_temp(arg);
    int k = cfg_track(ra->cfg, t);
    uint32_t w = block_weight(&ra->cfg->blocks[block]);

    if (k < 0) {
        return;
    }
    c += k;
    c->temp = t;
    if (written) {
        c->benefit += c->written_in != block + 1 ? w : 0;
        c->written_in = block + 1;
    } else {
        c->benefit += c->read_in != block + 1 && c->written_in != block + 1 ? w : 0;
        c->read_in = block + 1;
    }
}

typedef struct Counts {
    uint32_t calls;         /* weight of all calls */
    int operands;           /* most operands of an op */
} Counts;

/* Cheap without a register: see ra_out_const. */
static bool makes_constant(const TCGOp *op)
{
    return op->opc == INDEX_op_discard ||
           ((op->opc == INDEX_op_mov_i32 || op->opc == INDEX_op_mov_i64) &&
            temp_is_const(arg_temp(op->args[1])));
}

/* Fills c[tracked index]. */
static Counts count_uses(RegAlloc *ra, Candidate *c)
{
    Counts counts = { 0 };

    for (int i = 0; i < ra->cfg->nb_blocks; i++) {
        TCGBlock *b = &ra->cfg->blocks[i];

        for (TCGOp *op = b->first; op; op = op == b->last ? NULL : op->next) {
            unsigned outs = tcg_op_nb_oargs(op), n = outs + tcg_op_nb_iargs(op);

            for (unsigned j = outs; j < n; j++) {
                count_arg(ra, c, i, op->args[j], false);
            }
            for (unsigned j = 0; j < outs && !makes_constant(op); j++) {
                count_arg(ra, c, i, op->args[j], true);
            }
            if (op->opc != INDEX_op_call) {
                counts.operands = MAX(counts.operands, (int)n);
            } else if (!(tcg_call_info(op)->flags & TCG_CALL_NO_RETURN)) {
                counts.calls += block_weight(b);
            }
        }
    }
    return counts;
}

static int by_benefit(const void *a, const void *b)
{
    const Candidate *const *x = a, *const *y = b;

    if ((*x)->benefit != (*y)->benefit) {
        return (*x)->benefit < (*y)->benefit ? 1 : -1;
    }
    return (*x)->temp->index - (*y)->temp->index;
}

/* The best free register for the next most useful temp; -1: none is left. */
static int choose_reg(RegAlloc *ra, int class, const Counts *n)
{
    uint32_t free = ra->target->allocatable[class] & ~ra->region_regs;
    uint32_t lasting = free & ~ra->target->call_clobbered, calls = n->calls;

    if (__builtin_popcount(free) <= MAX(LOCAL_REGS, n->operands)) {
        return -1;
    }
    if (calls && lasting) {
        return __builtin_ctz(lasting);
    }
    return 31 - __builtin_clz(free);
}

static void assign(RegAlloc *ra, Candidate *c, const Counts *n)
{
    TCGTemp *t = c->temp;
    int reg = choose_reg(ra, ra_class(t->type), n);
    uint32_t cost = LEAST_GAIN;

    if (reg < 0) {
        return;
    }
    if (ra->target->call_clobbered >> reg & 1) {
        cost += 2 * n->calls;
    }
    if (c->benefit < cost) {
        return;
    }
    ra->region_regs |= UINT32_C(1) << reg;
    ra->free &= ~(UINT32_C(1) << reg);
    ra->owner[reg] = t;
    ra->vec_used |= reg >= 16;
    t->reg = reg;
    t->state |= RA_REGION;
}

/* Bits of globals in word w of a set of tracked temps. */
static uint64_t global_bits(const RegAlloc *ra, int w)
{
    int n = ra->s->nb_globals - w * 64;

    return n >= 64 ? UINT64_MAX : n <= 0 ? 0 : (UINT64_C(1) << n) - 1;
}

/* Where may a region register be newer than memory? Forward over the blocks. */
static void solve_dirty(RegAlloc *ra)
{
    TCGCfg *cfg = ra->cfg;
    uint64_t *sets = tcg_malloc(2 * cfg->nb_blocks * cfg->words * sizeof(uint64_t));
    uint64_t *gen = sets + cfg->nb_blocks * cfg->words;
    bool *syncs = tcg_malloc(cfg->nb_blocks * sizeof(bool));
    bool changed = true;

    for (int i = 0; i < cfg->nb_blocks; i++) {
        TCGBlock *b = &cfg->blocks[i];
        uint64_t *g = &gen[i * cfg->words];

        b->dirty_in = &sets[i * cfg->words];
        for (TCGOp *op = b->first; op; op = op == b->last ? NULL : op->next) {
            if (tcg_op_global_effects(op) & OP_SYNCS_GLOBALS) {
                for (int w = 0; w < cfg->words; w++) {
                    g[w] &= ~global_bits(ra, w);
                }
                syncs[i] = true;
            }
            for (unsigned j = 0; j < tcg_op_nb_oargs(op); j++) {
                TCGTemp *t = arg_temp(op->args[j]);
                if (t->state & RA_REGION) {
                    bit_set(g, cfg_track(cfg, t));
                }
            }
        }
    }
    while (changed) {
        changed = false;
        for (int i = 0; i < cfg->nb_blocks; i++) {
            TCGBlock *b = &cfg->blocks[i];

            for (int w = 0; w < cfg->words; w++) {
                uint64_t kept = syncs[i] ? ~global_bits(ra, w) : UINT64_MAX;
                uint64_t out = (b->dirty_in[w] & kept) | gen[i * cfg->words + w];

                for (int k = 0; k < 2; k++) {
                    int to = k ? b->taken : b->next;
                    if (to >= 0 && (out & ~cfg->blocks[to].dirty_in[w])) {
                        cfg->blocks[to].dirty_in[w] |= out;
                        changed = true;
                    }
                }
            }
        }
    }
}

void ra_assign_region(RegAlloc *ra)
{
    TCGCfg *cfg = ra->cfg;

    if (cfg->nb_blocks == 1) {
        return;
    }
    Candidate *c = tcg_malloc(cfg->nb_tracked * sizeof(*c));
    Candidate **order = tcg_malloc(cfg->nb_tracked * sizeof(*order));
    Counts counts = count_uses(ra, c);
    int nb = 0;

    for (int k = 0; k < cfg->nb_tracked; k++) {
        if (c[k].benefit > LEAST_GAIN) {
            c[k].benefit += c[k].temp->hot ? HOT_BONUS : 0;
            order[nb++] = &c[k];
        }
    }
    qsort(order, nb, sizeof(*order), by_benefit);
    for (int i = 0; i < nb; i++) {
        assign(ra, order[i], &counts);
    }
    if (ra->region_regs) {
        solve_dirty(ra);
    }
}

void ra_load_region(RegAlloc *ra)
{
    const uint64_t *live = ra->cfg->blocks[0].live_in;

    for (uint32_t m = ra->region_regs; m; m &= m - 1) {
        int reg = __builtin_ctz(m);
        TCGTemp *t = ra->owner[reg];

        if (t->kind == TEMP_GLOBAL && bit_get(live, cfg_track(ra->cfg, t))) {
            ra->target->load(ra, t->type, reg, t->mem_offset, false);
        }
    }
}
