/*
 * Optimizer: comparisons and what depends on them.
 *
 * The guest's condition fields are often kept as a 64-bit value whose sign and
 * zero are the result of a 32-bit comparison: the difference of two extended
 * values. Where the operands are still at hand, a test of such a field becomes
 * the comparison itself.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/optimize.h"

bool tcg_eval_cond(uint64_t a, uint64_t b, TCGCond cond, unsigned width)
{
    int64_t sa = (int64_t)(a << (64 - width)), sb = (int64_t)(b << (64 - width));
    uint64_t ua = sa, ub = sb;

    switch (cond) {
    case TCG_COND_NEVER: return false;
    case TCG_COND_ALWAYS: return true;
    case TCG_COND_EQ: return ua == ub;
    case TCG_COND_NE: return ua != ub;
    case TCG_COND_LT: return sa < sb;
    case TCG_COND_GE: return sa >= sb;
    case TCG_COND_LE: return sa <= sb;
    case TCG_COND_GT: return sa > sb;
    case TCG_COND_LTU: return ua < ub;
    case TCG_COND_GEU: return ua >= ub;
    case TCG_COND_LEU: return ua <= ub;
    case TCG_COND_GTU: return ua > ub;
    case TCG_COND_TSTEQ: return (ua & ub) == 0;
    case TCG_COND_TSTNE: return (ua & ub) != 0;
    }
    return false;
}

/* A comparison while it is simplified: of two values, of the op's width or narrower. */
typedef struct Comparison {
    Value *a, *b;
    TCGTemp *a_temp, *b_temp;       /* that hold them */
    TCGCond cond;
    unsigned width;
} Comparison;

typedef enum { UNKNOWN = -1, FALSE_NOW, TRUE_NOW } Outcome;

/* --- what the values alone tell ------------------------------------------------------- */

static Outcome outcome_of_equal_values(TCGCond cond)
{
    switch (cond) {
    case TCG_COND_EQ: case TCG_COND_GE: case TCG_COND_LE: case TCG_COND_GEU: case TCG_COND_LEU:
        return TRUE_NOW;
    case TCG_COND_NE: case TCG_COND_LT: case TCG_COND_GT: case TCG_COND_LTU: case TCG_COND_GTU:
        return FALSE_NOW;
    default:
        return UNKNOWN;
    }
}

/* a against a constant beyond all that a may be, or at the end of the range. */
static Outcome outcome_of_range(const Comparison *cmp)
{
    uint64_t may = cmp->a->may, c = cmp->b->may;
    bool both_positive = !(may >> (cmp->width - 1)) && !(c >> (cmp->width - 1));
    TCGCond cond = cmp->cond;

    if (cond == TCG_COND_TSTEQ || cond == TCG_COND_TSTNE) {
        return may & c ? UNKNOWN : cond == TCG_COND_TSTEQ;
    }
    if (cond <= TCG_COND_NE) {
        return c & ~may ? cond == TCG_COND_NE : UNKNOWN;
    }
    if (cond < TCG_COND_LTU) {
        if (!both_positive) {
            return UNKNOWN;
        }
        cond += TCG_COND_LTU - TCG_COND_LT;
    }
    switch (cond) {
    case TCG_COND_LTU:
        return c > may ? TRUE_NOW : c == 0 ? FALSE_NOW : UNKNOWN;
    case TCG_COND_GEU:
        return c > may ? FALSE_NOW : c == 0 ? TRUE_NOW : UNKNOWN;
    case TCG_COND_LEU:
        return c >= may ? TRUE_NOW : UNKNOWN;
    case TCG_COND_GTU:
        return c >= may ? FALSE_NOW : UNKNOWN;
    default:
        return UNKNOWN;
    }
}

static Outcome outcome_of(const Comparison *cmp)
{
    if (cmp->a->is_const && cmp->b->is_const) {
        return tcg_eval_cond(cmp->a->may, cmp->b->may, cmp->cond, cmp->width);
    }
    if (cmp->a == cmp->b) {
        return outcome_of_equal_values(cmp->cond);
    }
    return cmp->b->is_const ? outcome_of_range(cmp) : UNKNOWN;
}

/* --- rewrites: each returns true when it changed the comparison -------------------------- */

static bool set_operands(Opt *o, Comparison *cmp, TCGTemp *a, TCGTemp *b, TCGCond cond)
{
    cmp->a = opt_value(o, a);
    cmp->b = opt_value(o, b);
    cmp->a_temp = a;
    cmp->b_temp = b;
    cmp->cond = cond;
    cmp->width = a->type == TCG_TYPE_I32 ? 32 : 64;
    return true;
}

static bool const_comes_second(Opt *o, Comparison *cmp)
{
    return cmp->a->is_const && !cmp->b->is_const &&
           set_operands(o, cmp, cmp->b_temp, cmp->a_temp, tcg_swap_cond(cmp->cond));
}

static bool is_zero(const Value *v)
{
    return v->is_const && v->may == 0;
}

static bool is_equality(TCGCond cond)
{
    return cond == TCG_COND_EQ || cond == TCG_COND_NE;
}

static TCGType type_of_width(unsigned width)
{
    return width == 32 ? TCG_TYPE_I32 : TCG_TYPE_I64;
}

/* x < 1 unsigned and the like are tests for zero. */
static bool unsigned_end_of_range_is_equality(Opt *o, Comparison *cmp)
{
    TCGTemp *zero;
    bool is_zero_test;

    if (!cmp->b->is_const) {
        return false;
    }
    if ((cmp->cond == TCG_COND_LTU || cmp->cond == TCG_COND_GEU) && cmp->b->may == 1) {
        is_zero_test = cmp->cond == TCG_COND_LTU;
    } else if ((cmp->cond == TCG_COND_LEU || cmp->cond == TCG_COND_GTU) && cmp->b->may == 0) {
        is_zero_test = cmp->cond == TCG_COND_LEU;
    } else {
        return false;
    }
    zero = tcg_const_temp(type_of_width(cmp->width), 0);
    return set_operands(o, cmp, cmp->a_temp, zero, is_zero_test ? TCG_COND_EQ : TCG_COND_NE);
}

/* setcond(c, x, y) != 0 is x c y. Of a setcond, 1 is the other value than 0. */
static bool test_of_setcond_is_its_comparison(Opt *o, Comparison *cmp)
{
    Value *v = cmp->a;
    TCGTemp *x, *y;
    bool wanted;

    if ((v->opc != INDEX_op_setcond_i32 && v->opc != INDEX_op_setcond_i64) ||
        !is_equality(cmp->cond) || !cmp->b->is_const || cmp->b->may > 1) {
        return false;
    }
    wanted = (cmp->cond == TCG_COND_EQ) == (cmp->b->may == 1);
    x = opt_home(o, v->in[0]);
    y = opt_home(o, v->in[1]);
    return x && y && set_operands(o, cmp, x, y, wanted ? (TCGCond)v->c[0]
                                                       : tcg_invert_cond(v->c[0]));
}

/* (x & y) == 0 tests bits, when x & y is not kept in a global anyway. */
static bool test_of_and_is_bit_test(Opt *o, Comparison *cmp)
{
    Value *v = cmp->a;
    TCGTemp *x, *y;

    if ((v->opc != INDEX_op_and_i32 && v->opc != INDEX_op_and_i64) || !is_equality(cmp->cond) ||
        !is_zero(cmp->b) || cmp->a_temp->kind != TEMP_TEMP) {
        return false;
    }
    x = opt_home(o, v->in[0]);
    y = opt_home(o, v->in[1]);
    return x && y &&
           set_operands(o, cmp, x, y, cmp->cond == TCG_COND_EQ ? TCG_COND_TSTEQ : TCG_COND_TSTNE);
}

/* x - y == 0 is x == y; x + c == 0 is x == -c. */
static bool test_of_difference_is_equality(Opt *o, Comparison *cmp)
{
    Value *v = cmp->a;
    TCGTemp *x, *y;

    if (!is_equality(cmp->cond) || !is_zero(cmp->b)) {
        return false;
    }
    switch (v->opc) {
    case INDEX_op_sub_i32: case INDEX_op_sub_i64:
    case INDEX_op_xor_i32: case INDEX_op_xor_i64:
        y = opt_home(o, v->in[1]);
        break;
    case INDEX_op_add_i32: case INDEX_op_add_i64:
        y = v->in[1]->is_const ? tcg_const_temp(type_of_width(cmp->width), -v->in[1]->may) : NULL;
        break;
    default:
        return false;
    }
    x = opt_home(o, v->in[0]);
    return x && y && set_operands(o, cmp, x, y, cmp->cond);
}

/* --- 64-bit comparisons of widened values -------------------------------------------------- */

static TCGCond unsigned_cond(TCGCond cond)
{
    return cond >= TCG_COND_LT && cond <= TCG_COND_GT ? cond + (TCG_COND_LTU - TCG_COND_LT) : cond;
}

/* The 32-bit temp which v is the extension (by opc) of. */
static TCGTemp *narrow_source(Opt *o, Value *v, TCGOpcode opc)
{
    if (v->is_const) {
        bool fits = opc == INDEX_op_ext_i32_i64 ? (int64_t)v->may == (int32_t)v->may
                                                : v->may <= UINT32_MAX;

        return fits ? tcg_const_temp(TCG_TYPE_I32, v->may) : NULL;
    }
    return v->opc == opc ? opt_home(o, v->in[0]) : NULL;
}

/*
 * Extension keeps the order: sign extension both orders, zero extension makes
 * the signed order the unsigned one.
 */
static bool comparison_of_widened_is_narrow(Opt *o, Comparison *cmp, Value *a, Value *b)
{
    TCGOpcode opc = a->opc;
    TCGTemp *x, *y;

    if (opc != INDEX_op_ext_i32_i64 && opc != INDEX_op_extu_i32_i64) {
        return false;
    }
    x = narrow_source(o, a, opc);
    y = narrow_source(o, b, opc);
    return x && y && set_operands(o, cmp, x, y, opc == INDEX_op_ext_i32_i64
                                                ? cmp->cond : unsigned_cond(cmp->cond));
}

/* The two values whose difference v is, when it cannot overflow. */
static bool split_difference(Opt *o, Value *v, Value **a, Value **b)
{
    if (v->opc != INDEX_op_sub_i64 && !(v->opc == INDEX_op_add_i64 && v->in[1]->is_const)) {
        return false;
    }
    *a = v->in[0];
    *b = v->opc == INDEX_op_sub_i64 ? v->in[1]
                                    : opt_value(o, tcg_const_temp(TCG_TYPE_I64, -v->in[1]->may));
    return (*a)->opc == INDEX_op_ext_i32_i64 || (*a)->opc == INDEX_op_extu_i32_i64;
}

static bool sign_of_difference_is_comparison(Opt *o, Comparison *cmp)
{
    Value *a, *b;

    return cmp->width == 64 && is_zero(cmp->b) && cmp->cond <= TCG_COND_GT &&
           split_difference(o, cmp->a, &a, &b) && comparison_of_widened_is_narrow(o, cmp, a, b);
}

/* The low half of such a difference is zero when all of it is. */
static bool low_half_of_difference_is_comparison(Opt *o, Comparison *cmp)
{
    Value *a, *b;

    return cmp->a->opc == INDEX_op_extrl_i64_i32 && is_equality(cmp->cond) && is_zero(cmp->b) &&
           split_difference(o, cmp->a->in[0], &a, &b) &&
           comparison_of_widened_is_narrow(o, cmp, a, b);
}

/* --- the comparison of an op ----------------------------------------------------------------- */

/* Rewrites that keep the width: any op may use them. */
static bool rewrite_same_width(Opt *o, Comparison *cmp)
{
    return const_comes_second(o, cmp) || unsigned_end_of_range_is_equality(o, cmp) ||
           test_of_setcond_is_its_comparison(o, cmp) ||
           test_of_difference_is_equality(o, cmp) ||
           low_half_of_difference_is_comparison(o, cmp);
}

/* Rewrites that may narrow it: branches. */
static bool rewrite_any_width(Opt *o, Comparison *cmp)
{
    return test_of_and_is_bit_test(o, cmp) ||
           (cmp->width == 64 && comparison_of_widened_is_narrow(o, cmp, cmp->a, cmp->b)) ||
           sign_of_difference_is_comparison(o, cmp);
}

/* The comparison of inputs 0 and 1, simplified in place; the condition is argument c. */
static Outcome simplify(Opt *o, TCGOp *op, unsigned c, bool may_narrow, Comparison *cmp)
{
    enum { MAX_STEPS = 6 };
    Outcome outcome;

    set_operands(o, cmp, op_input(op, 0), op_input(op, 1), op->args[c]);
    for (int i = 0; i < MAX_STEPS; i++) {
        outcome = outcome_of(cmp);
        if (outcome != UNKNOWN ||
            !(rewrite_same_width(o, cmp) || (may_narrow && rewrite_any_width(o, cmp)))) {
            break;
        }
    }
    outcome = outcome_of(cmp);
    opt_set_input(o, op, 0, cmp->a_temp);
    opt_set_input(o, op, 1, cmp->b_temp);
    op->args[c] = cmp->cond;
    return outcome;
}

/* A setcond of what is 0 or 1 already. */
static bool setcond_of_bool(Opt *o, TCGOp *op, TCGCond cond)
{
    if (in_val(o, 0) > 1 || !in_const(o, 1) || in_val(o, 1) > 1 || !is_equality(cond)) {
        return false;
    }
    if ((cond == TCG_COND_EQ) == (in_val(o, 1) == 1)) {
        return opt_to_mov(o, op, op_input(op, 0));
    }
    opt_set_input(o, op, 1, opt_const(o, 1));
    return opt_again(o, op, OPC_OF_WIDTH(o, xor), 3);
}

/* The sign bit alone. */
static bool setcond_of_sign(Opt *o, TCGOp *op, TCGCond cond)
{
    if (cond != TCG_COND_LT || !in_is(o, 1, 0)) {
        return false;
    }
    opt_set_input(o, op, 1, opt_const(o, o->width - 1));
    return opt_again(o, op, OPC_OF_WIDTH(o, shr), 3);
}

bool fold_setcond(Opt *o, TCGOp *op)
{
    Comparison cmp;
    Outcome outcome = simplify(o, op, 3, false, &cmp);

    if (outcome != UNKNOWN) {
        return opt_to_const(o, op, outcome);
    }
    o->out_may = 1;
    return setcond_of_bool(o, op, cmp.cond) || setcond_of_sign(o, op, cmp.cond);
}

bool fold_negsetcond(Opt *o, TCGOp *op)
{
    Comparison cmp;
    Outcome outcome = simplify(o, op, 3, false, &cmp);

    if (outcome != UNKNOWN) {
        return opt_to_const(o, op, -(uint64_t)outcome);
    }
    o->out_sign_bits = o->width;
    return false;
}

/* a c b ? x : y with constants x and y that setcond or negsetcond makes. */
static bool movcond_of_bools(Opt *o, TCGOp *op)
{
    TCGCond cond = op->args[5];
    TCGOpcode opc;

    if (in_is(o, 2, 1) && in_is(o, 3, 0)) {
        opc = OPC_OF_WIDTH(o, setcond);
    } else if (in_is(o, 2, 0) && in_is(o, 3, 1)) {
        opc = OPC_OF_WIDTH(o, setcond);
        cond = tcg_invert_cond(cond);
    } else if (in_is(o, 2, -1) && in_is(o, 3, 0)) {
        opc = OPC_OF_WIDTH(o, negsetcond);
    } else {
        return false;
    }
    op->args[3] = cond;
    return opt_again(o, op, opc, 4);
}

bool fold_movcond(Opt *o, TCGOp *op)
{
    Comparison cmp;
    Outcome outcome = simplify(o, op, 5, false, &cmp);

    if (outcome != UNKNOWN || o->in[2] == o->in[3]) {
        return opt_to_mov(o, op, op_input(op, outcome == FALSE_NOW ? 3 : 2));
    }
    o->out_may = in_val(o, 2) | in_val(o, 3);
    o->out_sign_bits = MIN(o->in[2]->sign_bits, o->in[3]->sign_bits);
    return movcond_of_bools(o, op);
}

bool fold_brcond(Opt *o, TCGOp *op)
{
    Comparison cmp;
    Outcome outcome = simplify(o, op, 2, true, &cmp);

    if (outcome == FALSE_NOW) {
        tcg_op_remove(o->s, op);
    } else if (outcome == TRUE_NOW) {
        op->opc = INDEX_op_br;
        op->nargs = 1;
        op->args[0] = op->args[3];
        o->dead = true;
    } else {
        op->opc = cmp.width == 32 ? INDEX_op_brcond_i32 : INDEX_op_brcond_i64;
    }
    return true;
}

/* Floating-point comparisons give 0 or 1. */
bool fold_setcond_f32(Opt *o, TCGOp *op)
{
    o->out_may = 1;
    return false;
}

bool fold_setcond_f64(Opt *o, TCGOp *op)
{
    o->out_may = 1;
    return false;
}
