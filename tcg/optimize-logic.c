/*
 * Optimizer: logic, bit counts, byte swaps, bit fields.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/optimize.h"

/* --- and, or, xor ---------------------------------------------------------------- */

static bool x_op_x_is_x(Opt *o, TCGOp *op)
{
    return o->in[0] == o->in[1] && opt_to_mov(o, op, op_input(op, 0));
}

/* d = ~x, x being input n. */
static bool to_not(Opt *o, TCGOp *op, unsigned n)
{
    op->args[1] = temp_arg(op_input(op, n));
    return opt_again(o, op, OPC_OF_WIDTH(o, not), 2);
}

/* x & mask for the masks that have an op of their own. */
static bool and_mask_is_extension(Opt *o, TCGOp *op)
{
    switch (in_val(o, 1)) {
    case 0xff:
        return opt_again(o, op, OPC_OF_WIDTH(o, ext8u), 2);
    case 0xffff:
        return opt_again(o, op, OPC_OF_WIDTH(o, ext16u), 2);
    case UINT32_MAX:
        return opt_again(o, op, INDEX_op_ext32u_i64, 2);
    default:
        return false;
    }
}

/* (x & c1) & c2 is x & (c1 & c2); the same for or and xor. */
static bool may_merge(const Opt *o, const TCGOp *op)
{
    return in_const(o, 1) && made_by_op_with_const(o, op);
}

bool fold_and(Opt *o, TCGOp *op)
{
    if (both_const(o)) {
        return opt_to_const(o, op, in_val(o, 0) & in_val(o, 1));
    }
    put_const_second(o, op);
    o->out_may = in_val(o, 0) & in_val(o, 1);
    o->out_sign_bits = MIN(o->in[0]->sign_bits, o->in[1]->sign_bits);
    if (x_op_x_is_x(o, op)) {
        return true;
    }
    if (o->out_may == 0) {
        return opt_to_const(o, op, 0);
    }
    if (in_const(o, 1)) {
        if (o->out_may == in_val(o, 0)) {
            return opt_to_mov(o, op, op_input(op, 0));
        }
        return (may_merge(o, op) &&
                reassociate(o, op, o->in[0]->in[1]->may & in_val(o, 1))) ||
               and_mask_is_extension(o, op);
    }
    return false;
}

bool fold_or(Opt *o, TCGOp *op)
{
    if (both_const(o)) {
        return opt_to_const(o, op, in_val(o, 0) | in_val(o, 1));
    }
    put_const_second(o, op);
    if (x_op_x_is_x(o, op) || x_op_const_is_x(o, op, 0) ||
        x_op_const_is_const(o, op, -1, -1)) {
        return true;
    }
    if (may_merge(o, op) && reassociate(o, op, o->in[0]->in[1]->may | in_val(o, 1))) {
        return true;
    }
    o->out_may = in_val(o, 0) | in_val(o, 1);
    o->out_sign_bits = MIN(o->in[0]->sign_bits, o->in[1]->sign_bits);
    return false;
}

bool fold_xor(Opt *o, TCGOp *op)
{
    if (both_const(o)) {
        return opt_to_const(o, op, in_val(o, 0) ^ in_val(o, 1));
    }
    put_const_second(o, op);
    if (x_op_x_is_const(o, op, 0) || x_op_const_is_x(o, op, 0)) {
        return true;
    }
    if (in_is(o, 1, -1)) {
        return to_not(o, op, 0);
    }
    if (may_merge(o, op) && reassociate(o, op, o->in[0]->in[1]->may ^ in_val(o, 1))) {
        return true;
    }
    o->out_may = in_val(o, 0) | in_val(o, 1);
    o->out_sign_bits = MIN(o->in[0]->sign_bits, o->in[1]->sign_bits);
    return false;
}

bool fold_not(Opt *o, TCGOp *op)
{
    TCGTemp *x = MADE_BY(o, o->in[0], not) ? opt_home(o, o->in[0]->in[0]) : NULL;

    if (in_const(o, 0)) {
        return opt_to_const(o, op, ~in_val(o, 0));
    }
    o->out_sign_bits = o->in[0]->sign_bits;
    return x && opt_to_mov(o, op, x);
}

/* --- with a complement: a constant second operand is complemented at once ------------ */

static bool complement_const(Opt *o, TCGOp *op, TCGOpcode opc)
{
    if (!in_const(o, 1)) {
        return false;
    }
    opt_set_input(o, op, 1, opt_const(o, ~in_val(o, 1)));
    return opt_again(o, op, opc, 3);
}

bool fold_andc(Opt *o, TCGOp *op)
{
    if (x_op_x_is_const(o, op, 0) || complement_const(o, op, OPC_OF_WIDTH(o, and))) {
        return true;
    }
    if (in_is(o, 0, 0)) {
        return opt_to_const(o, op, 0);
    }
    if (in_is(o, 0, -1)) {
        return to_not(o, op, 1);
    }
    o->out_may = in_val(o, 0);
    return false;
}

bool fold_orc(Opt *o, TCGOp *op)
{
    if (x_op_x_is_const(o, op, -1) || complement_const(o, op, OPC_OF_WIDTH(o, or))) {
        return true;
    }
    return in_is(o, 0, 0) && to_not(o, op, 1);
}

bool fold_eqv(Opt *o, TCGOp *op)
{
    put_const_second(o, op);
    return x_op_x_is_const(o, op, -1) || complement_const(o, op, OPC_OF_WIDTH(o, xor));
}

bool fold_nand(Opt *o, TCGOp *op)
{
    if (both_const(o)) {
        return opt_to_const(o, op, ~(in_val(o, 0) & in_val(o, 1)));
    }
    put_const_second(o, op);
    if (x_op_const_is_const(o, op, 0, -1)) {
        return true;
    }
    return (o->in[0] == o->in[1] || in_is(o, 1, -1)) && to_not(o, op, 0);
}

bool fold_nor(Opt *o, TCGOp *op)
{
    if (both_const(o)) {
        return opt_to_const(o, op, ~(in_val(o, 0) | in_val(o, 1)));
    }
    put_const_second(o, op);
    if (x_op_const_is_const(o, op, -1, 0)) {
        return true;
    }
    return (o->in[0] == o->in[1] || in_is(o, 1, 0)) && to_not(o, op, 0);
}

/* --- counts and bytes ------------------------------------------------------------------ */

bool fold_clz(Opt *o, TCGOp *op)
{
    if (in_const(o, 0)) {
        uint64_t x = in_val(o, 0);

        return x ? opt_to_const(o, op, __builtin_clzll(x) - (64 - o->width))
                 : opt_to_mov(o, op, op_input(op, 1));
    }
    o->out_may = in_val(o, 1) | (o->width - 1);
    return false;
}

bool fold_ctz(Opt *o, TCGOp *op)
{
    if (in_const(o, 0)) {
        uint64_t x = in_val(o, 0);

        return x ? opt_to_const(o, op, __builtin_ctzll(x)) : opt_to_mov(o, op, op_input(op, 1));
    }
    o->out_may = in_val(o, 1) | (o->width - 1);
    return false;
}

bool fold_ctpop(Opt *o, TCGOp *op)
{
    o->out_may = 2 * o->width - 1;
    return in_const(o, 0) && opt_to_const(o, op, __builtin_popcountll(in_val(o, 0)));
}

/* Swapping moves the bits that may be set as it moves the bits of a constant. */
static bool fold_swap(Opt *o, TCGOp *op, uint64_t swapped)
{
    o->out_may = swapped;
    return in_const(o, 0) && opt_to_const(o, op, swapped);
}

bool fold_bswap16(Opt *o, TCGOp *op) { return fold_swap(o, op, __builtin_bswap16(in_val(o, 0))); }
bool fold_bswap32(Opt *o, TCGOp *op) { return fold_swap(o, op, __builtin_bswap32(in_val(o, 0))); }

bool fold_bswap64_i64(Opt *o, TCGOp *op)
{
    return fold_swap(o, op, __builtin_bswap64(in_val(o, 0)));
}

/* --- bit fields --------------------------------------------------------------------------- */

/* A field of nothing but zeros goes in: an and. */
static bool deposit_zero_is_and(Opt *o, TCGOp *op, uint64_t field)
{
    if (!in_is(o, 1, 0)) {
        return false;
    }
    opt_set_input(o, op, 1, opt_const(o, ~field));
    return opt_again(o, op, OPC_OF_WIDTH(o, and), 3);
}

/* Into zero: a shift where the field reaches the top or nothing would be cut off. */
static bool deposit_into_zero(Opt *o, TCGOp *op, unsigned ofs, unsigned len)
{
    TCGTemp *b = op_input(op, 1);

    if (!in_is(o, 0, 0)) {
        return false;
    }
    if (ofs + len == o->width || !(in_val(o, 1) & ~low_mask(len))) {
        opt_set_input(o, op, 0, b);
        opt_set_input(o, op, 1, opt_const(o, ofs));
        return opt_again(o, op, OPC_OF_WIDTH(o, shl), 3);
    }
    if (ofs == 0 && len <= 32) {
        opt_set_input(o, op, 0, b);
        opt_set_input(o, op, 1, opt_const(o, low_mask(len)));
        return opt_again(o, op, OPC_OF_WIDTH(o, and), 3);
    }
    return false;
}

bool fold_deposit(Opt *o, TCGOp *op)
{
    unsigned ofs = op->args[3], len = op->args[4];
    uint64_t field = low_mask(len) << ofs;
    uint64_t inserted = in_val(o, 1) << ofs & field;

    if (both_const(o)) {
        return opt_to_const(o, op, (in_val(o, 0) & ~field) | inserted);
    }
    if (deposit_zero_is_and(o, op, field) || deposit_into_zero(o, op, ofs, len)) {
        return true;
    }
    if (ofs == 0 && x_op_x_is_x(o, op)) {
        return true;
    }
    o->out_may = (in_val(o, 0) & ~field) | inserted;
    return false;
}

/* The field's bits are all that can be set in x: a shift does it. */
static bool extract_is_shift(Opt *o, TCGOp *op, unsigned ofs, unsigned len, TCGOpcode shift)
{
    if (in_val(o, 0) & ~low_mask(ofs + len)) {
        return false;
    }
    op->args[2] = temp_arg(opt_const(o, ofs));
    return opt_again(o, op, shift, 3);
}

bool fold_extract(Opt *o, TCGOp *op)
{
    unsigned ofs = op->args[2], len = op->args[3];

    o->out_may = in_val(o, 0) >> ofs & low_mask(len);
    if (in_const(o, 0) || o->out_may == 0) {
        return opt_to_const(o, op, o->out_may);
    }
    if (ofs == 0 && len <= 32) {
        op->args[2] = temp_arg(opt_const(o, low_mask(len)));
        return opt_again(o, op, OPC_OF_WIDTH(o, and), 3);
    }
    return extract_is_shift(o, op, ofs, len, OPC_OF_WIDTH(o, shr));
}

static bool sextract_is_extension(Opt *o, TCGOp *op, unsigned len)
{
    switch (len) {
    case 8:
        return opt_again(o, op, OPC_OF_WIDTH(o, ext8s), 2);
    case 16:
        return opt_again(o, op, OPC_OF_WIDTH(o, ext16s), 2);
    case 32:
        return opt_again(o, op, INDEX_op_ext32s_i64, 2);
    default:
        return false;
    }
}

bool fold_sextract(Opt *o, TCGOp *op)
{
    unsigned ofs = op->args[2], len = op->args[3];

    if (in_const(o, 0)) {
        return opt_to_const(o, op, (int64_t)(in_val(o, 0) << (64 - ofs - len)) >> (64 - len));
    }
    if (!(in_val(o, 0) >> (ofs + len - 1) & 1)) {
        return opt_again(o, op, OPC_OF_WIDTH(o, extract), 4);
    }
    if (ofs == 0) {
        if (o->in[0]->sign_bits > o->width - len) {
            return opt_to_mov(o, op, op_input(op, 0));
        }
        if (sextract_is_extension(o, op, len)) {
            return true;
        }
    }
    o->out_sign_bits = o->width - len + 1;
    return false;
}
