/*
 * Ops write where their result is wanted. A copy of a value that nobody else
 * needs goes away, and its maker writes the copy. Where the back end's 32-bit
 * ops zero-extend (ctx->ops_zero_extend), an extension is such a copy as well,
 * and 32-bit ops read the low halves of 64-bit temps as they are.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/merge.h"

enum { MAX_DISTANCE = 16 };     /* ops looked at to find the maker of a value */

static bool is_copy(const TCGOp *op)
{
    switch (op->opc) {
    case INDEX_op_mov_i32:
    case INDEX_op_mov_i64:
    case INDEX_op_mov_f32:
    case INDEX_op_mov_f64:
    case INDEX_op_mov_vec:
        return true;
    default:
        return false;
    }
}

static bool is_zero_extension(const TCGOp *op)
{
    return op->opc == INDEX_op_ext32u_i64 || op->opc == INDEX_op_extu_i32_i64;
}

/* 32-bit ops that may read 64-bit temps, and whose result is zero-extended whatever the inputs' upper halves are. */
static bool works_on_low_halves(TCGOpcode opc)
{
    switch (opc) {
    case INDEX_op_add_i32:
    case INDEX_op_lea_i32:
    case INDEX_op_sub_i32:
    case INDEX_op_neg_i32:
    case INDEX_op_mul_i32:
    case INDEX_op_and_i32:
    case INDEX_op_or_i32:
    case INDEX_op_xor_i32:
    case INDEX_op_not_i32:
    case INDEX_op_andc_i32:
    case INDEX_op_orc_i32:
    case INDEX_op_eqv_i32:
    case INDEX_op_nand_i32:
    case INDEX_op_nor_i32:
    case INDEX_op_shl_i32:
    case INDEX_op_shr_i32:
    case INDEX_op_sar_i32:
    case INDEX_op_rotl_i32:
    case INDEX_op_rotr_i32:
    case INDEX_op_bswap16_i32:
    case INDEX_op_bswap32_i32:
    case INDEX_op_ext8s_i32:
    case INDEX_op_ext8u_i32:
    case INDEX_op_ext16s_i32:
    case INDEX_op_ext16u_i32:
    case INDEX_op_setcond_i32:
    case INDEX_op_negsetcond_i32:
    case INDEX_op_movcond_i32:
    case INDEX_op_brcond_i32:
        return true;
    default:
        return false;
    }
}

/* The 32-bit op that makes the low half of what a 64-bit op makes; NB_OPS: none. */
static TCGOpcode op_of_low_half(const TCGOp *op)
{
    const TCGTemp *count;

    switch (op->opc) {
    case INDEX_op_add_i64: return INDEX_op_add_i32;
    case INDEX_op_lea_i64: return INDEX_op_lea_i32;
    case INDEX_op_sub_i64: return INDEX_op_sub_i32;
    case INDEX_op_neg_i64: return INDEX_op_neg_i32;
    case INDEX_op_mul_i64: return INDEX_op_mul_i32;
    case INDEX_op_and_i64: return INDEX_op_and_i32;
    case INDEX_op_or_i64: return INDEX_op_or_i32;
    case INDEX_op_xor_i64: return INDEX_op_xor_i32;
    case INDEX_op_not_i64: return INDEX_op_not_i32;
    case INDEX_op_andc_i64: return INDEX_op_andc_i32;
    case INDEX_op_orc_i64: return INDEX_op_orc_i32;
    case INDEX_op_eqv_i64: return INDEX_op_eqv_i32;
    case INDEX_op_nand_i64: return INDEX_op_nand_i32;
    case INDEX_op_nor_i64: return INDEX_op_nor_i32;
    case INDEX_op_shl_i64:
        count = arg_temp(op->args[2]);
        return temp_is_const(count) && count->val < 32 ? INDEX_op_shl_i32 : NB_OPS;
    default:
        return NB_OPS;
    }
}

/* --- results ---------------------------------------------------------------------- */

static int find_arg(const TCGOp *op, unsigned first, unsigned nb, const TCGTemp *t)
{
    for (unsigned i = first; i < first + nb; i++) {
        if (arg_temp(op->args[i]) == t) {
            return i;
        }
    }
    return -1;
}

/*
 * The op of b before `copy_op` that made its input, when the output could have
 * been written there. *reads: ops between the two read the input.
 */
static TCGOp *find_maker(const TCGBlock *b, const TCGOp *copy_op, bool *reads)
{
    const TCGTemp *copy = arg_temp(copy_op->args[0]), *made = arg_temp(copy_op->args[1]);
    bool global = copy->kind == TEMP_GLOBAL || made->kind == TEMP_GLOBAL;
    TCGOp *op = (TCGOp *)copy_op;

    *reads = false;
    for (int n = 0; n < MAX_DISTANCE && op != b->first; n++) {
        op = op->prev;
        unsigned outs = tcg_op_nb_oargs(op), ins = tcg_op_nb_iargs(op);

        if (find_arg(op, 0, outs, copy) >= 0) {
            return NULL;
        }
        if (find_arg(op, 0, outs, made) >= 0) {
            bool makes = op->opc != INDEX_op_discard && !(tcg_op_defs[op->opc].flags & TCG_OPF_ENDS_BLOCK) &&
                         (op->opc != INDEX_op_call || made->kind != TEMP_GLOBAL);

            return makes ? op : NULL;
        }
        if (find_arg(op, outs, ins, copy) >= 0 || (global && tcg_op_global_effects(op))) {
            return NULL;
        }
        *reads |= find_arg(op, outs, ins, made) >= 0;
    }
    return NULL;
}

bool tcg_may_merge(const TCGContext *s, const TCGOp *op)
{
    return is_copy(op) || (s->ops_zero_extend && is_zero_extension(op));
}

bool tcg_merge(const TCGBlock *b, TCGOp *op)
{
    TCGTemp *copy = arg_temp(op->args[0]), *made = arg_temp(op->args[1]);
    bool reads;
    TCGOp *maker;

    if (copy == made || (made->kind != TEMP_TEMP && made->kind != TEMP_GLOBAL)) {
        return false;
    }
    maker = find_maker(b, op, &reads);
    if (!maker) {
        return false;
    }
    if (is_zero_extension(op)) {
        TCGOpcode low = op->opc == INDEX_op_ext32u_i64 ? op_of_low_half(maker) : maker->opc;

        if (reads || low == NB_OPS || !works_on_low_halves(low)) {
            return false;
        }
        maker->opc = low;
    }
    maker->args[find_arg(maker, 0, tcg_op_nb_oargs(maker), made)] = temp_arg(copy);
    for (TCGOp *between = maker->next; reads && between != op; between = between->next) {
        for (unsigned i = tcg_op_nb_oargs(between), n = i + tcg_op_nb_iargs(between); i < n; i++) {
            if (arg_temp(between->args[i]) == made) {
                between->args[i] = temp_arg(copy);
            }
        }
    }
    return true;
}

/* --- inputs --------------------------------------------------------------------------- */

/*
 * While inputs are visited: temp->state counts the writes to a temp; of a low
 * half, state_ptr is the whole, val the whole's count when it was taken, and
 * uses the stretch of code in which that is known.
 */
static TCGTemp *whole_of(const TCGTemp *half, uint32_t stretch)
{
    TCGTemp *whole = half->state_ptr;

    return half->kind == TEMP_TEMP && whole && half->uses == stretch && half->val == whole->state ? whole : NULL;
}

static void use_whole_inputs(TCGOp *op, uint32_t stretch)
{
    unsigned outs = tcg_op_nb_oargs(op), n = outs + tcg_op_nb_iargs(op);
    bool extends = op->opc == INDEX_op_extu_i32_i64 || op->opc == INDEX_op_ext_i32_i64;

    if (!extends && !works_on_low_halves(op->opc)) {
        return;
    }
    for (unsigned i = outs; i < n; i++) {
        TCGTemp *whole = whole_of(arg_temp(op->args[i]), stretch);

        if (whole) {
            op->args[i] = temp_arg(whole);
            if (extends) {
                op->opc = op->opc == INDEX_op_extu_i32_i64 ? INDEX_op_ext32u_i64 : INDEX_op_ext32s_i64;
            }
        }
    }
}

void tcg_merge_inputs(TCGContext *s)
{
    uint32_t stretch = 1;

    for (int i = 0; i < s->nb_temps; i++) {
        s->temps[i]->state = 0;
        s->temps[i]->state_ptr = NULL;
    }
    for (TCGOp *op = s->first_op; op; op = op->next) {
        use_whole_inputs(op, stretch);
        for (unsigned i = 0; i < tcg_op_nb_oargs(op); i++) {
            TCGTemp *t = arg_temp(op->args[i]);

            t->state++;
            t->state_ptr = NULL;
        }
        if (op->opc == INDEX_op_set_label || (tcg_op_global_effects(op) & OP_WRITES_GLOBALS)) {
            stretch++;
        } else if (op->opc == INDEX_op_extrl_i64_i32 && arg_temp(op->args[0])->kind == TEMP_TEMP) {
            TCGTemp *half = arg_temp(op->args[0]), *whole = arg_temp(op->args[1]);

            half->state_ptr = whole;
            half->val = whole->state;
            half->uses = stretch;
        }
    }
}
