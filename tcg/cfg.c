/*
 * Finds basic blocks, their successors and loop depth, and which temps live in
 * more than one block. Everything is in the arena and linear in the ops.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/cfg.h"

unsigned tcg_op_global_effects(const TCGOp *op)
{
    switch (op->opc) {
    case INDEX_op_exit_tb:
    case INDEX_op_goto_tb:
    case INDEX_op_goto_ptr:
        return OP_READS_GLOBALS | OP_SYNCS_GLOBALS;
    case INDEX_op_call: {
        uint32_t flags = tcg_call_info(op)->flags;
        unsigned effects = 0;

        if (!(flags & TCG_CALL_NO_READ_GLOBALS) || (flags & TCG_CALL_MAY_RAISE)) {
            effects |= OP_READS_GLOBALS | OP_SYNCS_GLOBALS;
        }
        if (!(flags & (TCG_CALL_NO_READ_GLOBALS | TCG_CALL_NO_WRITE_GLOBALS))) {
            effects |= OP_WRITES_GLOBALS;
        }
        return effects;
    }
    default:
        return tcg_op_defs[op->opc].flags & (TCG_OPF_MAY_FAULT | TCG_OPF_COND_EXIT) ?
               OP_READS_GLOBALS : 0;
    }
}

static bool ends_block(const TCGOp *op)
{
    return tcg_op_no_fallthrough(op) || (tcg_op_label(op) && op->opc != INDEX_op_set_label);
}

static int count_blocks(TCGContext *s)
{
    int n = 1;

    for (TCGOp *op = s->first_op; op; op = op->next) {
        if (op->next && (ends_block(op) || op->next->opc == INDEX_op_set_label)) {
            n++;
        }
    }
    return n;
}

static void split_blocks(TCGContext *s, TCGCfg *cfg)
{
    TCGBlock *b = cfg->blocks;

    b->first = s->first_op;
    for (TCGOp *op = s->first_op; op; op = op->next) {
        if (op->opc == INDEX_op_set_label) {
            arg_label(op->args[0])->state_ptr = b;
        }
        b->last = op;
        b->next = b->taken = -1;
        if (op->next && (ends_block(op) || op->next->opc == INDEX_op_set_label)) {
            (++b)->first = op->next;
        }
    }
}

static void link_blocks(TCGCfg *cfg)
{
    cfg->blocks[0].preds = 1;           /* the way into the region */
    for (int i = 0; i < cfg->nb_blocks; i++) {
        TCGBlock *b = &cfg->blocks[i];
        TCGLabel *l = b->last && b->last->opc != INDEX_op_set_label ? tcg_op_label(b->last) : NULL;

        if (l && l->state_ptr) {
            TCGBlock *target = l->state_ptr;
            b->taken = target - cfg->blocks;
            target->preds++;
            l->backward |= b->taken <= i;
        }
        if (i + 1 < cfg->nb_blocks && !(b->last && tcg_op_no_fallthrough(b->last))) {
            b->next = i + 1;
            cfg->blocks[i + 1].preds++;
        }
    }
    /* Blocks are in the order of the guest's code: a jump back spans its loop. */
    for (int i = 0; i < cfg->nb_blocks; i++) {
        int head = cfg->blocks[i].taken;

        for (int j = head; head >= 0 && j <= i; j++) {
            cfg->blocks[j].depth++;
        }
    }
}

/* Numbers the temps that occur in several blocks behind the globals. */
static void track_temps(TCGContext *s, TCGCfg *cfg)
{
    int32_t *seen_in = tcg_malloc(s->nb_temps * sizeof(int32_t));

    cfg->track = tcg_malloc(s->nb_temps * sizeof(int32_t));
    cfg->tracked = tcg_malloc(s->nb_temps * sizeof(TCGTemp *));
    for (int i = 0; i < s->nb_temps; i++) {
        bool global = s->temps[i]->kind == TEMP_GLOBAL;
        cfg->track[i] = global ? i : -1;
        if (i < s->nb_globals) {
            cfg->tracked[i] = s->temps[i];
        }
    }
    cfg->nb_tracked = s->nb_globals;
    for (int b = 0; b < cfg->nb_blocks && cfg->nb_blocks > 1; b++) {
        for (TCGOp *op = cfg->blocks[b].first; op; op = op->next) {
            unsigned n = tcg_op_nb_oargs(op) + tcg_op_nb_iargs(op);

            for (unsigned i = 0; i < n; i++) {
                TCGTemp *t = arg_temp(op->args[i]);
                if (t->kind != TEMP_TEMP) {
                    continue;
                }
                if (seen_in[t->index] == 0) {
                    seen_in[t->index] = b + 1;
                } else if (seen_in[t->index] != b + 1 && cfg->track[t->index] < 0) {
                    cfg->track[t->index] = cfg->nb_tracked;
                    cfg->tracked[cfg->nb_tracked++] = t;
                }
            }
            if (op == cfg->blocks[b].last) {
                break;
            }
        }
    }
    cfg->words = DIV_ROUND_UP(cfg->nb_tracked, 64);
}

TCGCfg *tcg_cfg_build(TCGContext *s)
{
    TCGCfg *cfg = tcg_malloc(sizeof(*cfg));

    for (TCGLabel *l = s->labels; l; l = l->next) {
        l->state_ptr = NULL;
        l->backward = false;
    }
    cfg->nb_blocks = count_blocks(s);
    cfg->blocks = tcg_malloc(cfg->nb_blocks * sizeof(TCGBlock));
    split_blocks(s, cfg);
    link_blocks(cfg);
    track_temps(s, cfg);
    s->cfg = cfg;
    return cfg;
}
