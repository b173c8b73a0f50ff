/*
 * Optimizer: arithmetic, shifts, extensions, loads. An identity x_op_zero_is_x
 * is a function that does the rewrite when it applies.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/optimize.h"

typedef unsigned __int128 u128;

static bool is_power_of_two(uint64_t c)
{
    return c && !(c & (c - 1));
}

/* --- addition ------------------------------------------------------------------------ */

bool fold_add(Opt *o, TCGOp *op)
{
    uint64_t top;

    if (both_const(o)) {
        return opt_to_const(o, op, in_val(o, 0) + in_val(o, 1));
    }
    put_const_second(o, op);
    if (x_op_const_is_x(o, op, 0)) {
        return true;
    }
    if (in_const(o, 1) && made_by_op_with_const(o, op) &&
        reassociate(o, op, o->in[0]->in[1]->may + in_val(o, 1))) {
        return true;
    }
    top = in_val(o, 0) | in_val(o, 1);
    if (!(top >> (o->width - 1))) {
        o->out_may = low_mask(65 - (top ? __builtin_clzll(top) : 64));
    }
    o->out_sign_bits = MAX(1, MIN(o->in[0]->sign_bits, o->in[1]->sign_bits) - 1);
    return false;
}

bool fold_lea(Opt *o, TCGOp *op)
{
    unsigned shift = op->args[3];
    int64_t disp = (int32_t)op->args[4];

    if (both_const(o)) {
        return opt_to_const(o, op, in_val(o, 0) + (in_val(o, 1) << shift) + disp);
    }
    if (in_const(o, 1)) {
        opt_set_input(o, op, 1, opt_const(o, (in_val(o, 1) << shift) + disp));
        return opt_again(o, op, OPC_OF_WIDTH(o, add), 3);
    }
    if (shift == 0 && disp == 0) {
        return opt_again(o, op, OPC_OF_WIDTH(o, add), 3);
    }
    return false;
}

bool fold_sub(Opt *o, TCGOp *op)
{
    if (both_const(o)) {
        return opt_to_const(o, op, in_val(o, 0) - in_val(o, 1));
    }
    if (x_op_const_is_x(o, op, 0) || x_op_x_is_const(o, op, 0)) {
        return true;
    }
    if (in_is(o, 0, 0)) {
        op->args[1] = op->args[2];
        return opt_again(o, op, OPC_OF_WIDTH(o, neg), 2);
    }
    if (in_const(o, 1)) {
        opt_set_input(o, op, 1, opt_const(o, -in_val(o, 1)));
        return opt_again(o, op, OPC_OF_WIDTH(o, add), 3);
    }
    o->out_sign_bits = MAX(1, MIN(o->in[0]->sign_bits, o->in[1]->sign_bits) - 1);
    return false;
}

bool fold_neg(Opt *o, TCGOp *op)
{
    TCGTemp *x = MADE_BY(o, o->in[0], neg) ? opt_home(o, o->in[0]->in[0]) : NULL;

    if (in_const(o, 0)) {
        return opt_to_const(o, op, -in_val(o, 0));
    }
    return x && opt_to_mov(o, op, x);
}

/* d, carry = constants: the second move goes behind the first. */
static bool to_two_consts(Opt *o, TCGOp *op, uint64_t d, uint64_t carry)
{
    TCGTemp *d_temp = arg_temp(op->args[0]), *carry_temp = arg_temp(op->args[1]);
    TCGOp *second = tcg_op_insert_after(o->s, op, op->opc, 2);

    second->args[0] = temp_arg(carry_temp);
    op->args[0] = temp_arg(d_temp);
    opt_to_const(o, op, d);
    return opt_to_const(o, second, carry);
}

bool fold_addc(Opt *o, TCGOp *op)
{
    if (both_const(o) && in_const(o, 2)) {
        u128 sum = (u128)in_val(o, 0) + in_val(o, 1) + in_val(o, 2);

        return to_two_consts(o, op, sum, sum >> o->width & 1);
    }
    return false;
}

bool fold_subb(Opt *o, TCGOp *op)
{
    if (both_const(o) && in_const(o, 2)) {
        u128 difference = (u128)in_val(o, 0) - in_val(o, 1) - in_val(o, 2);

        return to_two_consts(o, op, difference, difference >> o->width & 1);
    }
    return false;
}

/* --- multiplication and division -------------------------------------------------------- */

bool fold_mul(Opt *o, TCGOp *op)
{
    if (both_const(o)) {
        return opt_to_const(o, op, in_val(o, 0) * in_val(o, 1));
    }
    put_const_second(o, op);
    if (x_op_const_is_const(o, op, 0, 0) || x_op_const_is_x(o, op, 1)) {
        return true;
    }
    if (in_is(o, 1, -1)) {
        return opt_again(o, op, OPC_OF_WIDTH(o, neg), 2);
    }
    if (in_const(o, 1) && is_power_of_two(in_val(o, 1))) {
        opt_set_input(o, op, 1, opt_const(o, __builtin_ctzll(in_val(o, 1))));
        return opt_again(o, op, OPC_OF_WIDTH(o, shl), 3);
    }
    return false;
}

bool fold_mulsh(Opt *o, TCGOp *op)
{
    if (both_const(o)) {
        return opt_to_const(o, op, (__int128)in_sval(o, 0) * in_sval(o, 1) >> o->width);
    }
    put_const_second(o, op);
    return x_op_const_is_const(o, op, 0, 0);
}

bool fold_muluh(Opt *o, TCGOp *op)
{
    if (both_const(o)) {
        return opt_to_const(o, op, (u128)in_val(o, 0) * in_val(o, 1) >> o->width);
    }
    put_const_second(o, op);
    return x_op_const_is_const(o, op, 0, 0) || x_op_const_is_const(o, op, 1, 0);
}

/* Undefined quotients stay: whatever the host gives is right. */
static bool signed_division_defined(const Opt *o)
{
    return in_val(o, 1) != 0 && !in_is(o, 1, -1);
}

bool fold_div(Opt *o, TCGOp *op)
{
    if (both_const(o) && signed_division_defined(o)) {
        return opt_to_const(o, op, in_sval(o, 0) / in_sval(o, 1));
    }
    return x_op_const_is_x(o, op, 1);
}

bool fold_rem(Opt *o, TCGOp *op)
{
    if (both_const(o) && signed_division_defined(o)) {
        return opt_to_const(o, op, in_sval(o, 0) % in_sval(o, 1));
    }
    return x_op_const_is_const(o, op, 1, 0);
}

bool fold_divu(Opt *o, TCGOp *op)
{
    if (both_const(o) && in_val(o, 1)) {
        return opt_to_const(o, op, in_val(o, 0) / in_val(o, 1));
    }
    if (in_const(o, 1) && is_power_of_two(in_val(o, 1))) {
        opt_set_input(o, op, 1, opt_const(o, __builtin_ctzll(in_val(o, 1))));
        return opt_again(o, op, OPC_OF_WIDTH(o, shr), 3);
    }
    return false;
}

bool fold_remu(Opt *o, TCGOp *op)
{
    if (both_const(o) && in_val(o, 1)) {
        return opt_to_const(o, op, in_val(o, 0) % in_val(o, 1));
    }
    if (in_const(o, 1) && is_power_of_two(in_val(o, 1))) {
        opt_set_input(o, op, 1, opt_const(o, in_val(o, 1) - 1));
        return opt_again(o, op, OPC_OF_WIDTH(o, and), 3);
    }
    return false;
}

/* --- shifts -------------------------------------------------------------------------------- */

/* A constant count in the defined range. */
static bool count_known(const Opt *o)
{
    return in_const(o, 1) && in_val(o, 1) < o->width;
}

static bool zero_op_x_is_zero(Opt *o, TCGOp *op)
{
    return in_is(o, 0, 0) && opt_to_const(o, op, 0);
}

/* Two shifts of a kind are one, while the counts together stay below the width. */
static bool merge_shifts(Opt *o, TCGOp *op)
{
    Value *v = o->in[0];

    return count_known(o) && made_by_op_with_const(o, op) &&
           v->in[1]->may + in_val(o, 1) < o->width &&
           reassociate(o, op, v->in[1]->may + in_val(o, 1));
}

bool fold_shl(Opt *o, TCGOp *op)
{
    if (zero_op_x_is_zero(o, op) || x_op_const_is_x(o, op, 0)) {
        return true;
    }
    if (count_known(o)) {
        unsigned count = in_val(o, 1);

        if (in_const(o, 0)) {
            return opt_to_const(o, op, in_val(o, 0) << count);
        }
        if (merge_shifts(o, op)) {
            return true;
        }
        o->out_may = in_val(o, 0) << count & o->mask;
        o->out_sign_bits = o->in[0]->sign_bits > count ? o->in[0]->sign_bits - count : 1;
    }
    return false;
}

bool fold_shr(Opt *o, TCGOp *op)
{
    if (zero_op_x_is_zero(o, op) || x_op_const_is_x(o, op, 0)) {
        return true;
    }
    if (count_known(o)) {
        unsigned count = in_val(o, 1);

        if (in_const(o, 0)) {
            return opt_to_const(o, op, in_val(o, 0) >> count);
        }
        if (merge_shifts(o, op)) {
            return true;
        }
        o->out_may = in_val(o, 0) >> count;
        if (o->out_may == 0) {
            return opt_to_const(o, op, 0);
        }
    }
    return false;
}

bool fold_sar(Opt *o, TCGOp *op)
{
    if (zero_op_x_is_zero(o, op) || x_op_const_is_x(o, op, 0)) {
        return true;
    }
    if (!(in_val(o, 0) >> (o->width - 1))) {
        return opt_again(o, op, OPC_OF_WIDTH(o, shr), 3);
    }
    if (count_known(o)) {
        unsigned count = in_val(o, 1);

        if (in_const(o, 0)) {
            return opt_to_const(o, op, in_sval(o, 0) >> count);
        }
        if (merge_shifts(o, op)) {
            return true;
        }
        o->out_sign_bits = MIN(o->width, o->in[0]->sign_bits + count);
    }
    return false;
}

static uint64_t rotated_left(const Opt *o, uint64_t x, unsigned count)
{
    return ((u128)x << count | (u128)x << count >> o->width) & o->mask;
}

static bool fold_rotate(Opt *o, TCGOp *op, unsigned left_count)
{
    if (zero_op_x_is_zero(o, op) || x_op_const_is_x(o, op, 0)) {
        return true;
    }
    if (count_known(o)) {
        o->out_may = rotated_left(o, in_val(o, 0), left_count);
        return in_const(o, 0) && opt_to_const(o, op, o->out_may);
    }
    return false;
}

bool fold_rotl(Opt *o, TCGOp *op)
{
    return fold_rotate(o, op, in_val(o, 1) & (o->width - 1));
}

bool fold_rotr(Opt *o, TCGOp *op)
{
    return fold_rotate(o, op, -in_val(o, 1) & (o->width - 1));
}

/* --- extensions and loads --------------------------------------------------------------------- */

/*
 * An extension looks at the low bits alone: of an extension that keeps them,
 * take the operand.
 */
static void skip_wider_extension(Opt *o, TCGOp *op, unsigned bits)
{
    Value *v = o->in[0];
    unsigned kept;
    TCGTemp *x;

    switch (v->opc) {
    case INDEX_op_ext8s_i32: case INDEX_op_ext8s_i64:
    case INDEX_op_ext8u_i32: case INDEX_op_ext8u_i64:
        kept = 8;
        break;
    case INDEX_op_ext16s_i32: case INDEX_op_ext16s_i64:
    case INDEX_op_ext16u_i32: case INDEX_op_ext16u_i64:
        kept = 16;
        break;
    case INDEX_op_ext32s_i64: case INDEX_op_ext32u_i64:
        kept = 32;
        break;
    default:
        return;
    }
    if (kept >= bits && (x = opt_home(o, v->in[0])) && x->type == op_input(op, 0)->type) {
        opt_set_input(o, op, 0, x);
    }
}

static bool fold_zero_extension(Opt *o, TCGOp *op, unsigned bits)
{
    skip_wider_extension(o, op, bits);
    if (in_const(o, 0)) {
        return opt_to_const(o, op, in_val(o, 0) & low_mask(bits));
    }
    o->out_may = in_val(o, 0) & low_mask(bits);
    return o->out_may == in_val(o, 0) && opt_to_mov(o, op, op_input(op, 0));
}

static uint64_t sign_extended(uint64_t x, unsigned bits)
{
    return (int64_t)(x << (64 - bits)) >> (64 - bits);
}

static bool fold_sign_extension(Opt *o, TCGOp *op, unsigned bits)
{
    skip_wider_extension(o, op, bits);
    if (in_const(o, 0)) {
        return opt_to_const(o, op, sign_extended(in_val(o, 0), bits));
    }
    if (o->in[0]->sign_bits > o->width - bits) {
        return opt_to_mov(o, op, op_input(op, 0));
    }
    o->out_sign_bits = o->width - bits + 1;
    if (!(in_val(o, 0) >> (bits - 1) & 1)) {
        o->out_may = in_val(o, 0) & low_mask(bits);
    }
    return false;
}

bool fold_ext8s(Opt *o, TCGOp *op) { return fold_sign_extension(o, op, 8); }
bool fold_ext8u(Opt *o, TCGOp *op) { return fold_zero_extension(o, op, 8); }
bool fold_ext16s(Opt *o, TCGOp *op) { return fold_sign_extension(o, op, 16); }
bool fold_ext16u(Opt *o, TCGOp *op) { return fold_zero_extension(o, op, 16); }

bool fold_ext32s_i64(Opt *o, TCGOp *op)
{
    return fold_sign_extension(o, op, 32);
}

bool fold_ext32u_i64(Opt *o, TCGOp *op)
{
    return fold_zero_extension(o, op, 32);
}

/* What is loaded has so many bits. */
static bool zero_extended_load(Opt *o, unsigned bits)
{
    o->out_may = low_mask(bits);
    return false;
}

static bool sign_extended_load(Opt *o, unsigned bits)
{
    o->out_sign_bits = o->width - bits + 1;
    return false;
}

bool fold_ld8u(Opt *o, TCGOp *op) { return zero_extended_load(o, 8); }
bool fold_ld8s(Opt *o, TCGOp *op) { return sign_extended_load(o, 8); }
bool fold_ld16u(Opt *o, TCGOp *op) { return zero_extended_load(o, 16); }
bool fold_ld16s(Opt *o, TCGOp *op) { return sign_extended_load(o, 16); }
bool fold_ld32u_i64(Opt *o, TCGOp *op) { return zero_extended_load(o, 32); }
bool fold_ld32s_i64(Opt *o, TCGOp *op) { return sign_extended_load(o, 32); }

bool fold_qemu_ld(Opt *o, TCGOp *op)
{
    MemOp memop = get_memop(op->args[2]);
    unsigned bits = MIN(o->width, 8 * memop_size(memop));

    return memop & MO_SIGN ? sign_extended_load(o, bits) : zero_extended_load(o, bits);
}

/* --- between widths ---------------------------------------------------------------- */

/* The operand of the conversion that made input 0, when that conversion is opc. */
static TCGTemp *operand_of(Opt *o, TCGOpcode opc)
{
    return o->in[0]->opc == opc ? opt_home(o, o->in[0]->in[0]) : NULL;
}

bool fold_ext_i32_i64(Opt *o, TCGOp *op)
{
    TCGTemp *x = operand_of(o, INDEX_op_extrl_i64_i32);

    if (in_const(o, 0)) {
        return opt_to_const(o, op, (int32_t)in_val(o, 0));
    }
    if (x) {
        op->args[1] = temp_arg(x);
        return opt_again(o, op, INDEX_op_ext32s_i64, 2);
    }
    if (!(in_val(o, 0) >> 31)) {
        return opt_again(o, op, INDEX_op_extu_i32_i64, 2);
    }
    o->out_sign_bits = o->in[0]->sign_bits + 32;
    return false;
}

bool fold_extu_i32_i64(Opt *o, TCGOp *op)
{
    TCGTemp *x = operand_of(o, INDEX_op_extrl_i64_i32);

    if (in_const(o, 0)) {
        return opt_to_const(o, op, in_val(o, 0));
    }
    if (x) {
        op->args[1] = temp_arg(x);
        return opt_again(o, op, INDEX_op_ext32u_i64, 2);
    }
    o->out_may = in_val(o, 0);
    return false;
}

bool fold_extrl_i64_i32(Opt *o, TCGOp *op)
{
    TCGTemp *x;

    if (in_const(o, 0)) {
        return opt_to_const(o, op, in_val(o, 0));
    }
    if ((x = operand_of(o, INDEX_op_ext_i32_i64)) ||
        (x = operand_of(o, INDEX_op_extu_i32_i64))) {
        return opt_to_mov(o, op, x);
    }
    if ((x = operand_of(o, INDEX_op_ext32s_i64)) || (x = operand_of(o, INDEX_op_ext32u_i64))) {
        opt_set_input(o, op, 0, x);
    }
    o->out_may = (uint32_t)in_val(o, 0);
    o->out_sign_bits = o->in[0]->sign_bits > 32 ? o->in[0]->sign_bits - 32 : 1;
    o->s->takes_low_halves = true;
    return false;
}

bool fold_extrh_i64_i32(Opt *o, TCGOp *op)
{
    if (in_const(o, 0) || in_val(o, 0) <= UINT32_MAX) {
        return opt_to_const(o, op, in_val(o, 0) >> 32);
    }
    o->out_may = in_val(o, 0) >> 32;
    return false;
}

/* Bits of a floating-point value and back. */
static bool inverse_of(Opt *o, TCGOp *op, TCGOpcode inverse)
{
    TCGTemp *x = operand_of(o, inverse);

    return x && opt_to_mov(o, op, x);
}

bool fold_bits_i32_f32(Opt *o, TCGOp *op) { return inverse_of(o, op, INDEX_op_bits_f32_i32); }
bool fold_bits_f32_i32(Opt *o, TCGOp *op) { return inverse_of(o, op, INDEX_op_bits_i32_f32); }
bool fold_bits_i64_f64(Opt *o, TCGOp *op) { return inverse_of(o, op, INDEX_op_bits_f64_i64); }
bool fold_bits_f64_i64(Opt *o, TCGOp *op) { return inverse_of(o, op, INDEX_op_bits_i64_f64); }
