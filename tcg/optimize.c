/*
 * Folds constants, follows copies and rewrites ops, in one pass forward over
 * the list: each op costs a bounded amount of work. What is known about temps
 * is kept along extended basic blocks, that is until a label that is reached
 * by a branch. Ops that control does not reach are removed.
 *
 * Needs nothing, leaves op->life alone. Dead results are left to liveness.c.
 * One function for each op, in optimize-*.c, found by table.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/optimize.h"

#define CONST_EPOCH UINT64_MAX

#define FOLD_INT(name) \
    [INDEX_op_##name##_i32] = fold_##name, [INDEX_op_##name##_i64] = fold_##name,
#define FOLD_OTHER(name) [INDEX_op_##name] = fold_##name,
static FoldFunction *const folds[NB_OPS] = {
    FOLD_INT_OPS(FOLD_INT)
    FOLD_OTHER_OPS(FOLD_OTHER)
};

/* --- values of temps ------------------------------------------------------------ */

static uint64_t epoch_of(const Opt *o, const TCGTemp *t)
{
    return t->kind == TEMP_CONST ? CONST_EPOCH :
           t->kind == TEMP_GLOBAL ? o->global_epoch : o->epoch;
}

static unsigned width_of_type(TCGType type)
{
    return type == TCG_TYPE_I32 ? 32 : type == TCG_TYPE_I64 ? 64 : 0;
}

/* Upper bits of a value of the width that are equal, from the bits that may be 1. */
static unsigned sign_bits_of(uint64_t may, unsigned width)
{
    uint64_t top = may << (64 - width);

    return top ? MAX(1, __builtin_clzll(top)) : width;
}

static unsigned sign_bits_of_const(uint64_t c, unsigned width)
{
    int64_t top = (int64_t)(c << (64 - width));
    uint64_t differing = top < 0 ? ~(uint64_t)top : (uint64_t)top;

    return MIN(width, differing ? (unsigned)__builtin_clzll(differing) : 64);
}

static Value *value_new(TCGType type)
{
    Value *v = tcg_malloc(sizeof(Value));

    v->width = width_of_type(type);
    v->may = low_mask(v->width);
    v->sign_bits = 1;
    v->opc = NB_OPS;
    return v;
}

static void hold(Opt *o, TCGTemp *t, Value *v)
{
    t->state_ptr = v;
    t->state = epoch_of(o, t);
    /* A copy in a global outlives the temp that it was computed in. */
    if (!opt_home(o, v) || (t->kind == TEMP_GLOBAL && v->home->kind == TEMP_TEMP)) {
        v->home = t;
    }
}

Value *opt_value(Opt *o, TCGTemp *t)
{
    Value *v;

    if (likely(t->state == epoch_of(o, t))) {
        return t->state_ptr;
    }
    v = value_new(t->type);
    if (t->kind == TEMP_CONST) {
        v->is_const = true;
        v->may = t->val;
        v->sign_bits = sign_bits_of_const(t->val, v->width);
    }
    v->home = t;
    t->state_ptr = v;
    t->state = epoch_of(o, t);
    return v;
}

TCGTemp *opt_home(Opt *o, Value *v)
{
    TCGTemp *t = v->home;

    return t && t->state_ptr == v && t->state == epoch_of(o, t) ? t : NULL;
}

static void forget_all(Opt *o)
{
    o->epoch = o->global_epoch = ++o->last_epoch;
}

static void forget_globals(Opt *o)
{
    o->global_epoch = ++o->last_epoch;
}

/* --- rewriting an op --------------------------------------------------------------- */

TCGTemp *opt_const(Opt *o, uint64_t c)
{
    return tcg_const_temp(o->width == 32 ? TCG_TYPE_I32 : TCG_TYPE_I64, c);
}

void opt_set_input(Opt *o, TCGOp *op, unsigned n, TCGTemp *t)
{
    op->args[tcg_op_nb_oargs(op) + n] = temp_arg(t);
    o->in[n] = opt_value(o, t);
}

static TCGOpcode mov_of_type(TCGType type)
{
    static const uint16_t movs[] = {
        [TCG_TYPE_I32] = INDEX_op_mov_i32, [TCG_TYPE_I64] = INDEX_op_mov_i64,
        [TCG_TYPE_F32] = INDEX_op_mov_f32, [TCG_TYPE_F64] = INDEX_op_mov_f64,
        [TCG_TYPE_V128] = INDEX_op_mov_vec,
    };

    return movs[type];
}

bool opt_to_mov(Opt *o, TCGOp *op, TCGTemp *source)
{
    TCGTemp *dest = arg_temp(op->args[0]);
    Value *v = opt_value(o, source);

    if (opt_value(o, dest) == v) {
        tcg_op_remove(o->s, op);
        return true;
    }
    op->opc = mov_of_type(dest->type);
    op->nargs = 2;
    op->args[1] = temp_arg(source);
    hold(o, dest, v);
    return true;
}

bool opt_to_const(Opt *o, TCGOp *op, uint64_t c)
{
    return opt_to_mov(o, op, tcg_const_temp(arg_temp(op->args[0])->type, c));
}

/* --- one op -------------------------------------------------------------------------- */

static void read_inputs(Opt *o, TCGOp *op)
{
    unsigned nb_out = tcg_op_nb_oargs(op), nb_in = tcg_op_nb_iargs(op);

    for (unsigned n = 0; n < nb_in; n++) {
        TCGTemp *t = arg_temp(op->args[nb_out + n]);
        Value *v = opt_value(o, t);
        TCGTemp *home = opt_home(o, v);

        if (home) {
            op->args[nb_out + n] = temp_arg(home);
        } else {
            v->home = t;
        }
        if (n < ARRAY_SIZE(o->in)) {
            o->in[n] = v;
        }
    }
}

/* The width that the op computes in. */
static void set_width(Opt *o, const TCGOp *op)
{
    int type = tcg_op_defs[op->opc].type;

    o->width = type == TCG_TYPE_I32 ? 32 : 64;
    o->mask = low_mask(o->width);
    o->out_may = o->mask;
    o->out_sign_bits = 1;
}

/* Outputs hold new values: the op on its inputs, with what the fold found out. */
static void write_outputs(Opt *o, TCGOp *op)
{
    const TCGOpDef *def = &tcg_op_defs[op->opc];
    unsigned nb_out = tcg_op_nb_oargs(op), nb_in = tcg_op_nb_iargs(op);

    for (unsigned n = 0; n < nb_out; n++) {
        TCGTemp *t = arg_temp(op->args[n]);
        Value *v = value_new(t->type);

        if (n == 0 && op->opc != INDEX_op_call) {
            if (v->width) {
                v->may &= o->out_may;
                v->sign_bits = MAX(MIN(o->out_sign_bits, v->width),
                                   sign_bits_of(v->may, v->width));
            }
            if (def->flags & TCG_OPF_PURE) {
                v->opc = op->opc;
                for (unsigned i = 0; i < MIN(nb_in, 2u); i++) {
                    v->in[i] = o->in[i];
                }
                for (unsigned i = 0; i < MIN(def->nb_cargs, 2u); i++) {
                    v->c[i] = op->args[nb_out + nb_in + i];
                }
            }
        } else if (n == 1) {
            v->may = 1;                 /* the carry of addc and subb */
            v->sign_bits = v->width - 1;
        }
        v->home = t;
        t->state_ptr = v;
        t->state = epoch_of(o, t);
    }
}

bool opt_again(Opt *o, TCGOp *op, TCGOpcode opc, unsigned nargs)
{
    op->opc = opc;
    op->nargs = nargs;
    set_width(o, op);
    read_inputs(o, op);
    if (!folds[opc] || !folds[opc](o, op)) {
        write_outputs(o, op);
    }
    return true;
}

static bool op_is_mov(const TCGOp *op)
{
    return op->opc == INDEX_op_mov_i32 || op->opc == INDEX_op_mov_i64 ||
           op->opc == INDEX_op_mov_f32 || op->opc == INDEX_op_mov_f64 ||
           op->opc == INDEX_op_mov_vec;
}

static void optimize_op(Opt *o, TCGOp *op)
{
    set_width(o, op);
    read_inputs(o, op);
    if (op_is_mov(op)) {
        opt_to_mov(o, op, arg_temp(op->args[1]));
        return;
    }
    if (op->opc == INDEX_op_call &&
        !(tcg_call_info(op)->flags & (TCG_CALL_NO_WRITE_GLOBALS | TCG_CALL_NO_READ_GLOBALS))) {
        forget_globals(o);
    }
    if (!folds[op->opc] || !folds[op->opc](o, op)) {
        write_outputs(o, op);
    }
}

/* --- control flow ---------------------------------------------------------------------- */

static bool op_is_branch_to(const TCGOp *op, const TCGLabel *l)
{
    return op && op->opc != INDEX_op_set_label && tcg_op_label(op) == l;
}

/* Floating-point compares stay: they may set sticky flags. */
static bool op_is_useless_branch_to(const TCGOp *op, const TCGLabel *l)
{
    return op_is_branch_to(op, l) && op->opc != INDEX_op_brcond_f32 &&
           op->opc != INDEX_op_brcond_f64;
}

/*
 * A branch around a jump: "brcond c, L; br M; L:" is "brcond !c, M". Both the
 * integer and the floating-point conditions are inverted by their bit 0.
 */
static void invert_branch_around_jump(Opt *o, TCGOp *label_op)
{
    TCGLabel *l = arg_label(label_op->args[0]);
    TCGOp *jump = label_op->prev, *branch = jump ? jump->prev : NULL;

    if (jump && jump->opc == INDEX_op_br && op_is_branch_to(branch, l) &&
        branch->opc != INDEX_op_br) {
        TCGLabel *dest = arg_label(jump->args[0]);

        branch->args[2] ^= 1;
        branch->args[3] = (TCGArg)dest;
        dest->refs++;
        l->refs--;
        tcg_op_remove(o->s, jump);
        o->dead = false;
    }
}

static void optimize_label(Opt *o, TCGOp *op)
{
    TCGLabel *l = arg_label(op->args[0]);

    invert_branch_around_jump(o, op);
    while (op_is_useless_branch_to(op->prev, l)) {
        o->dead = false;
        tcg_op_remove(o->s, op->prev);
    }
    if (l->refs == 0) {
        tcg_op_remove(o->s, op);
        return;
    }
    o->dead = false;
    forget_all(o);
}

void tcg_optimize(TCGContext *s)
{
    Opt o = { .s = s };
    TCGOp *next;

    for (int i = 0; i < s->nb_temps; i++) {
        s->temps[i]->state = 0;
    }
    forget_all(&o);
    for (TCGOp *op = s->first_op; op; op = next) {
        next = op->next;
        if (op->opc == INDEX_op_set_label) {
            optimize_label(&o, op);
        } else if (o.dead && op->opc != INDEX_op_insn_start) {
            tcg_op_remove(s, op);
        } else {
            optimize_op(&o, op);
            if (tcg_op_no_fallthrough(op)) {
                o.dead = true;
            }
        }
    }
}
