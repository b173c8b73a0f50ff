/*
 * Registers of temps within a block; see regalloc.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/regalloc.h"

static inline uint32_t reg_bit(int reg) { return UINT32_C(1) << reg; }

int32_t ra_place(RegAlloc *ra, TCGTemp *t, bool *frame)
{
    *frame = t->kind != TEMP_GLOBAL;
    if (*frame && t->frame_offset < 0) {
        int size = t->type == TCG_TYPE_V128 ? 16 : 8;
        int32_t at = ROUND_UP(ra->frame_used, size);

        if (at + size > ra->target->frame_bytes) {
            ra->frame_full = true;
            at = 0;
        } else {
            ra->frame_used = at + size;
        }
        t->frame_offset = at;
    }
    return *frame ? t->frame_offset : t->mem_offset;
}

static void store_temp(RegAlloc *ra, TCGTemp *t)
{
    bool frame;
    int32_t offset = ra_place(ra, t, &frame);

    ra->target->store(ra, t->type, t->reg, offset, frame);
    t->state &= ~RA_DIRTY;
}

static void drop_pending(RegAlloc *ra, TCGTemp *t)
{
    int i = 0;

    while (ra->pending[i] != t) {
        i++;
    }
    ra->pending[i] = ra->pending[--ra->nb_pending];
    t->state &= ~RA_PENDING;
}

/* Stores a pending constant: memory has it then, nothing else. */
static void store_pending(RegAlloc *ra, TCGTemp *t)
{
    bool frame;
    int32_t offset = ra_place(ra, t, &frame);

    ra->target->storei(ra, t->type, t->val, offset, frame);
    drop_pending(ra, t);
}

static void load_temp(RegAlloc *ra, TCGTemp *t, int reg)
{
    if (t->kind == TEMP_CONST) {
        ra->target->movi(ra, t->type, reg, t->val);
    } else if (t->kind == TEMP_GLOBAL || t->frame_offset >= 0) {
        bool frame;
        int32_t offset = ra_place(ra, t, &frame);
        ra->target->load(ra, t->type, reg, offset, frame);
    }
}

static void bind(RegAlloc *ra, TCGTemp *t, int reg)
{
    ra->owner[reg] = t;
    ra->free &= ~reg_bit(reg);
    t->reg = reg;
    ra->vec_used |= reg >= 16;
}

static void unbind(RegAlloc *ra, TCGTemp *t)
{
    t->state &= ~RA_DIRTY;
    if (t->state & RA_PENDING) {
        drop_pending(ra, t);
    }
    if (t->reg >= 0 && !(t->state & RA_REGION)) {
        ra->owner[t->reg] = NULL;
        ra->free |= reg_bit(t->reg);
        t->reg = -1;
    }
}

void ra_init(RegAlloc *ra, TCGContext *s, const RegTarget *target)
{
    memset(ra, 0, sizeof(*ra));
    ra->s = s;
    ra->cfg = s->cfg;
    ra->target = target;
    ra->free = target->allocatable[RA_INT] | target->allocatable[RA_VEC];
    for (int i = 0; i < s->nb_temps; i++) {
        TCGTemp *t = s->temps[i];
        t->reg = t->kind == TEMP_FIXED ? target->env_reg : -1;
        t->frame_offset = -1;
        t->state = 0;
    }
}

static void evict(RegAlloc *ra, int reg)
{
    TCGTemp *t = ra->owner[reg];

    if (t->state & RA_DIRTY) {
        store_temp(ra, t);
    }
    unbind(ra, t);
}

static int alloc_reg(RegAlloc *ra, int class)
{
    uint32_t usable = ra->target->allocatable[class] & ~ra->region_regs & ~ra->pinned;
    uint32_t now = usable & ra->free;
    int best = -1;

    if (now) {
        return __builtin_ctz(now);
    }
    for (uint32_t m = usable; m; m &= m - 1) {
        int reg = __builtin_ctz(m);
        if (best < 0 || ra->last_use[reg] < ra->last_use[best]) {
            best = reg;
        }
    }
    assert(best >= 0);
    evict(ra, best);
    return best;
}

static int pin(RegAlloc *ra, int reg)
{
    ra->pinned |= reg_bit(reg);
    ra->last_use[reg] = ++ra->clock;
    return reg;
}

void ra_op_start(RegAlloc *ra, TCGOp *op)
{
    ra->op = op;
    ra->pinned = 0;
    ra->released = false;
    ra->hint[RA_INT] = ra->hint[RA_VEC] = -1;
}

int ra_use_temp(RegAlloc *ra, TCGTemp *t)
{
    if (t->kind == TEMP_FIXED) {
        return t->reg;
    }
    if (t->reg < 0) {
        int reg = alloc_reg(ra, ra_class(t->type));
        if (t->state & RA_PENDING) {
            drop_pending(ra, t);
            ra->target->movi(ra, t->type, reg, t->val);
            t->state |= RA_DIRTY;
        } else {
            load_temp(ra, t, reg);
        }
        bind(ra, t, reg);
    }
    return pin(ra, t->reg);
}

int ra_in(RegAlloc *ra, int n)
{
    return ra_use_temp(ra, arg_temp(ra->op->args[n]));
}

int ra_make_temp(RegAlloc *ra, TCGTemp *t)
{
    bind(ra, t, alloc_reg(ra, ra_class(t->type)));
    t->state |= RA_DIRTY;
    return pin(ra, t->reg);
}

void ra_end_temp(RegAlloc *ra, TCGTemp *t)
{
    unbind(ra, t);
}

/* share: the registers may be given to outputs of the same op. */
static void release_inputs(RegAlloc *ra, bool share)
{
    TCGOp *op = ra->op;
    unsigned outs = tcg_op_nb_oargs(op), n = outs + tcg_op_nb_iargs(op);

    if (ra->released) {
        return;
    }
    ra->released = true;
    for (unsigned i = outs; i < n; i++) {
        TCGTemp *t = arg_temp(op->args[i]);

        if (!ra_dies(ra, i) || t->kind == TEMP_FIXED) {
            continue;
        }
        if (share && t->reg >= 0 && !(t->state & RA_REGION)) {
            int class = ra_class(t->type);
            ra->pinned &= ~reg_bit(t->reg);
            if (ra->hint[class] < 0) {
                ra->hint[class] = t->reg;
            }
        }
        unbind(ra, t);
    }
}

void ra_release_inputs(RegAlloc *ra)
{
    release_inputs(ra, true);
}

int ra_out_apart(RegAlloc *ra, int n)
{
    TCGTemp *t = arg_temp(ra->op->args[n]);
    int class = ra_class(t->type), reg = ra->hint[class];
    bool hinted = reg >= 0 && (ra->free & reg_bit(reg));

    release_inputs(ra, false);
    if (!(t->state & RA_REGION) && (t->reg < 0 || hinted)) {
        reg = hinted ? reg : alloc_reg(ra, class);
        unbind(ra, t);
        bind(ra, t, reg);
    }
    t->state |= RA_DIRTY;
    return pin(ra, t->reg);
}

int ra_out(RegAlloc *ra, int n)
{
    ra_release_inputs(ra);
    return ra_out_apart(ra, n);
}

bool ra_out_const(RegAlloc *ra, int n, uint64_t value)
{
    TCGTemp *t = arg_temp(ra->op->args[n]);

    if ((t->state & RA_REGION) || ra_class(t->type) != RA_INT ||
        ra->nb_pending == RA_MAX_PENDING) {
        return false;
    }
    ra_release_inputs(ra);
    unbind(ra, t);
    t->state |= RA_PENDING;
    t->val = value;
    ra->pending[ra->nb_pending++] = t;
    return true;
}

void ra_discard(RegAlloc *ra, int n)
{
    unbind(ra, arg_temp(ra->op->args[n]));
}

void ra_op_end(RegAlloc *ra)
{
    unsigned outs = tcg_op_nb_oargs(ra->op);

    ra_release_inputs(ra);
    for (unsigned i = 0; i < outs; i++) {
        if (ra_dies(ra, i)) {
            unbind(ra, arg_temp(ra->op->args[i]));
        }
    }
}

void ra_block_start(RegAlloc *ra, int block, bool falls_in)
{
    const TCGBlock *b = &ra->cfg->blocks[block];

    if (falls_in && b->preds <= 1) {
        return;
    }
    ra_forget(ra);
    for (uint32_t m = ra->region_regs; m; m &= m - 1) {
        TCGTemp *t = ra->owner[__builtin_ctz(m)];

        t->state &= ~RA_DIRTY;
        if (b->dirty_in && bit_get(b->dirty_in, cfg_track(ra->cfg, t))) {
            t->state |= RA_DIRTY;
        }
    }
}

void ra_forget(RegAlloc *ra)
{
    while (ra->nb_pending) {
        drop_pending(ra, ra->pending[0]);
    }
    for (int reg = 0; reg < RA_NREGS; reg++) {
        TCGTemp *t = ra->owner[reg];
        if (t && !(t->state & RA_REGION)) {
            unbind(ra, t);
        }
    }
}

void ra_sync_live(RegAlloc *ra, const uint64_t *live)
{
    for (int i = ra->nb_pending - 1; i >= 0; i--) {
        int k = cfg_track(ra->cfg, ra->pending[i]);
        if (k >= 0 && bit_get(live, k)) {
            store_pending(ra, ra->pending[i]);
        }
    }
    for (int reg = 0; reg < RA_NREGS; reg++) {
        TCGTemp *t = ra->owner[reg];

        if (t && (t->state & (RA_DIRTY | RA_REGION)) == RA_DIRTY) {
            int k = cfg_track(ra->cfg, t);
            if (k >= 0 && bit_get(live, k)) {
                store_temp(ra, t);
            }
        }
    }
}

void ra_sync_globals(RegAlloc *ra)
{
    for (int i = ra->nb_pending - 1; i >= 0; i--) {
        if (ra->pending[i]->kind == TEMP_GLOBAL) {
            store_pending(ra, ra->pending[i]);
        }
    }
    for (int reg = 0; reg < RA_NREGS; reg++) {
        TCGTemp *t = ra->owner[reg];

        if (t && t->kind == TEMP_GLOBAL && (t->state & RA_DIRTY)) {
            store_temp(ra, t);
        }
    }
}

static bool input_dies(const RegAlloc *ra, const TCGTemp *t)
{
    unsigned outs = tcg_op_nb_oargs(ra->op), n = outs + tcg_op_nb_iargs(ra->op);

    for (unsigned i = outs; i < n; i++) {
        if (arg_temp(ra->op->args[i]) == t) {
            return ra_dies(ra, i);
        }
    }
    return false;
}

void ra_before_call(RegAlloc *ra, unsigned effects)
{
    if (effects & OP_SYNCS_GLOBALS) {
        ra_sync_globals(ra);
    }
    for (uint32_t m = ra->target->call_clobbered; m; m &= m - 1) {
        TCGTemp *t = ra->owner[__builtin_ctz(m)];

        if (t && (t->state & RA_DIRTY) && !input_dies(ra, t)) {
            store_temp(ra, t);
        }
    }
}

void ra_after_call(RegAlloc *ra, unsigned effects, TCGTemp *result)
{
    for (int reg = 0; reg < RA_NREGS; reg++) {
        TCGTemp *t = ra->owner[reg];
        bool lost = t && ((ra->target->call_clobbered & reg_bit(reg)) ||
                          (t->kind == TEMP_GLOBAL && (effects & OP_WRITES_GLOBALS)));

        if (lost && !(t->state & RA_REGION)) {
            unbind(ra, t);
        } else if (lost && t != result) {
            load_temp(ra, t, reg);
        }
    }
}

RaDirty *ra_dirty_globals(RegAlloc *ra)
{
    TCGWriteBackEntry list[RA_NREGS];
    unsigned nb = 0;

    for (int reg = 0; reg < RA_NREGS; reg++) {
        TCGTemp *t = ra->owner[reg];

        if (t && t->kind == TEMP_GLOBAL && (t->state & RA_DIRTY)) {
            list[nb++] = (TCGWriteBackEntry){ t->mem_offset, t->type, reg };
        }
    }
    RaDirty *d = tcg_malloc(sizeof(*d) + nb * sizeof(list[0]));
    d->nb = nb;
    for (int i = 0; i < ra->nb_pending; i++) {
        TCGTemp *t = ra->pending[i];
        if (t->kind == TEMP_GLOBAL) {
            d->pending[d->nb_pending++] = (RaPending){ t->mem_offset, t->type, t->val };
        }
    }
    memcpy(d->entry, list, nb * sizeof(list[0]));
    return d;
}
