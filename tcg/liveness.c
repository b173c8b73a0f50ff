/*
 * Which values are still needed, over all blocks of the region.
 *
 * Needs: basic blocks (made here). Leaves: op->life on every op (bit n: the
 * value of argument n is not needed behind the op), live_in/live_out of each
 * block, and no op without effect whose outputs nobody needs. Exits, helpers
 * that read globals and ops that may fault need all globals.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/cfg.h"
#include "tcg/merge.h"
#include "tcg/page-share.h"

static void live_add_globals(const TCGContext *s, uint64_t *set)
{
    int n = s->nb_globals;

    for (int w = 0; w < n >> 6; w++) {
        set[w] = ~UINT64_C(0);
    }
    if (n & 63) {
        set[n >> 6] |= (UINT64_C(1) << (n & 63)) - 1;
    }
}

/* The block's own uses (before a definition) and definitions. */
static void summarize(TCGContext *s, TCGCfg *cfg, TCGBlock *b)
{
    for (TCGOp *op = b->last; op; op = op == b->first ? NULL : op->prev) {
        unsigned outs = tcg_op_nb_oargs(op), ins = tcg_op_nb_iargs(op);

        for (unsigned i = 0; i < outs; i++) {
            int k = cfg_track(cfg, arg_temp(op->args[i]));
            if (k >= 0) {
                bit_set(b->def, k);
                bit_clear(b->use, k);
            }
        }
        if (tcg_op_global_effects(op) & OP_READS_GLOBALS) {
            live_add_globals(s, b->use);
        }
        for (unsigned i = outs; i < outs + ins; i++) {
            int k = cfg_track(cfg, arg_temp(op->args[i]));
            if (k >= 0) {
                bit_set(b->use, k);
            }
        }
    }
}

static void solve(TCGCfg *cfg)
{
    bool changed = true;

    while (changed) {
        changed = false;
        for (int i = cfg->nb_blocks - 1; i >= 0; i--) {
            TCGBlock *b = &cfg->blocks[i];

            for (int w = 0; w < cfg->words; w++) {
                uint64_t out = (b->next >= 0 ? cfg->blocks[b->next].live_in[w] : 0) |
                               (b->taken >= 0 ? cfg->blocks[b->taken].live_in[w] : 0);
                uint64_t in = b->use[w] | (out & ~b->def[w]);

                b->live_out[w] = out;
                changed |= in != b->live_in[w];
                b->live_in[w] = in;
            }
        }
    }
}

static bool removable(const TCGOp *op)
{
    if (op->opc == INDEX_op_call) {
        return tcg_call_info(op)->flags & TCG_CALL_NO_SIDE_EFFECTS;
    }
    if (tcg_op_defs[op->opc].flags & TCG_OPF_PURE) {
        return true;
    }
    switch (op->opc) {
    case INDEX_op_ld8u_i32 ... INDEX_op_ld_i64:
    case INDEX_op_ld32u_i64:
    case INDEX_op_ld32s_i64:
    case INDEX_op_ld_f32:
    case INDEX_op_ld_f64:
    case INDEX_op_ld_vec:
        return true;
    default:
        return false;
    }
}

static void unlink_op(TCGContext *s, TCGBlock *b, TCGOp *op)
{
    if (b->first == b->last) {
        b->first = b->last = NULL;
    } else if (b->first == op) {
        b->first = op->next;
    } else if (b->last == op) {
        b->last = op->prev;
    }
    tcg_op_remove(s, op);
}

typedef struct Live {
    TCGCfg *cfg;
    uint64_t *set;          /* tracked temps */
    uint8_t *local;         /* by temp index: temps of one block */
} Live;

static bool is_live(const Live *live, const TCGTemp *t)
{
    int k = cfg_track(live->cfg, t);
    return k >= 0 ? bit_get(live->set, k) : live->local[t->index];
}

static void set_live(Live *live, const TCGTemp *t, bool on)
{
    int k = cfg_track(live->cfg, t);

    if (k < 0) {
        live->local[t->index] = on;
    } else if (on) {
        bit_set(live->set, k);
    } else {
        bit_clear(live->set, k);
    }
}

/* Sets op->life; false: the op does nothing. */
static bool visit_op(TCGContext *s, Live *live, TCGOp *op)
{
    unsigned outs = tcg_op_nb_oargs(op), ins = tcg_op_nb_iargs(op);
    bool needed = !removable(op);

    op->life = 0;
    for (unsigned i = 0; i < outs; i++) {
        if (is_live(live, arg_temp(op->args[i]))) {
            needed = true;
        } else {
            op->life |= 1u << i;
        }
    }
    if (!needed && outs) {
        return false;
    }
    for (unsigned i = 0; i < outs; i++) {
        set_live(live, arg_temp(op->args[i]), false);
    }
    for (unsigned i = outs; i < outs + ins; i++) {
        if (!is_live(live, arg_temp(op->args[i]))) {
            op->life |= 1u << i;
        }
    }
    if (tcg_op_global_effects(op) & OP_READS_GLOBALS) {
        live_add_globals(s, live->set);
    }
    for (unsigned i = outs; i < outs + ins; i++) {
        set_live(live, arg_temp(op->args[i]), true);
    }
    return true;
}

void tcg_liveness(TCGContext *s)
{
    if (s->share_page_checks) {
        tcg_share_page_checks(s);
    }
    TCGCfg *cfg = tcg_cfg_build(s);
    size_t bytes = cfg->words * sizeof(uint64_t);
    uint64_t *sets = tcg_malloc(bytes * (4 * cfg->nb_blocks + 1));
    Live live = { .cfg = cfg, .set = sets, .local = tcg_malloc(s->nb_temps) };

    for (int i = 0; i < cfg->nb_blocks; i++) {
        TCGBlock *b = &cfg->blocks[i];

        b->use = sets += cfg->words;
        b->def = sets += cfg->words;
        b->live_in = sets += cfg->words;
        b->live_out = sets += cfg->words;
        summarize(s, cfg, b);
    }
    solve(cfg);
    for (int i = cfg->nb_blocks - 1; i >= 0; i--) {
        TCGBlock *b = &cfg->blocks[i];
        TCGOp *prev;

        memcpy(live.set, b->live_out, bytes);
        for (TCGOp *op = b->last; op; op = prev) {
            prev = op == b->first ? NULL : op->prev;
            bool merged = tcg_may_merge(s, op) && !is_live(&live, arg_temp(op->args[1])) && tcg_merge(b, op);

            if (merged || !visit_op(s, &live, op)) {
                unlink_op(s, b, op);
            }
        }
        memcpy(b->live_in, live.set, bytes);
    }
}
