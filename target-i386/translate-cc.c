/*
 * Flags in generated code. Each producer leaves its operands in cc_dst, cc_src
 * (see CCOp); a condition right behind it becomes one comparison of them, so the
 * flags themselves are almost never computed.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/translate.h"

#define TL_SIZE (TARGET_LONG_BITS == 64 ? MO_64 : MO_32)

/* A condition as a comparison. */
typedef struct Condition {
    TCGCond cond;
    TCGv a, b;
} Condition;

enum { COND_O, COND_B, COND_E, COND_BE, COND_S, COND_P, COND_L, COND_LE };

static CCOp cc_kind(CCOp op) { return op < CC_OP_ADD ? op : op & ~3; }
static MemOp cc_size(CCOp op) { return op & 3; }

static target_long sign_bit(MemOp size) { return (target_long)((uint64_t)1 << ((8u << size) - 1)); }
static target_long size_mask(MemOp size) { return (target_long)(~0ull >> (64 - (8u << size))); }

/* --- setting ------------------------------------------------------------------------------ */

void gen_set_cc(DisasContext *ctx, CCOp op, TCGv dst, TCGv src)
{
    if (src) {
        tcg_gen_mov_tl(cpu_cc_src, src);
    }
    tcg_gen_mov_tl(cpu_cc_dst, dst);
    ctx->cc = (CCSource) { .op = op };
}

void gen_set_cc_bits(DisasContext *ctx, TCGv bits)
{
    tcg_gen_mov_tl(cpu_cc_src, bits);
    ctx->cc = (CCSource) { .op = CC_OP_EFLAGS };
}

void gen_sync_cc_op(DisasContext *ctx)
{
    if (ctx->cc.op != CC_OP_DYNAMIC) {
        tcg_gen_movi_i32(cpu_cc_op, ctx->cc.op);
    }
}

void gen_cc_is_dynamic(DisasContext *ctx)
{
    ctx->cc = (CCSource) { .op = CC_OP_DYNAMIC };
    gen_forget_x87(ctx);        /* control may come from elsewhere */
}

/* --- all bits -------------------------------------------------------------------------------- */

TCGv gen_get_cc_bits(DisasContext *ctx)
{
    TCGv_i32 op = ctx->cc.op == CC_OP_DYNAMIC ? cpu_cc_op : tcg_constant_i32(ctx->cc.op);
    TCGv_i32 bits = tcg_temp_new_i32();
    TCGv result = tcg_temp_new();

    if (ctx->cc.op == CC_OP_EFLAGS) {
        tcg_gen_mov_tl(result, cpu_cc_src);
        return result;
    }
    gen_helper_cc_all(bits, op, cpu_cc_dst, cpu_cc_src, cpu_cc_src2);
    tcg_gen_extu_i32_tl(result, bits);
    return result;
}

/* From an unknown or awkward state to plain bits. */
void gen_flatten_cc(DisasContext *ctx)
{
    if (ctx->cc.op != CC_OP_EFLAGS) {
        gen_set_cc_bits(ctx, gen_get_cc_bits(ctx));
    }
}

/* The A bit of the present state in place; false: it takes more than a few operations. */
static bool gen_aux_bit(DisasContext *ctx, TCGv aux)
{
    switch (cc_kind(ctx->cc.op)) {
    case CC_OP_ADD:
    case CC_OP_SUB:
        /* A: the bits 4 of both operands and of the result have an odd number of ones. */
        if (cc_kind(ctx->cc.op) == CC_OP_ADD) {
            tcg_gen_sub_tl(aux, cpu_cc_dst, cpu_cc_src);
        } else {
            tcg_gen_add_tl(aux, cpu_cc_dst, cpu_cc_src);
        }
        tcg_gen_xor_tl(aux, aux, cpu_cc_src);
        tcg_gen_xor_tl(aux, aux, cpu_cc_dst);
        tcg_gen_andi_tl(aux, aux, CC_A);
        return true;
    case CC_OP_MIX:
        tcg_gen_andi_tl(aux, cpu_cc_src, CC_A);
        return true;
    case CC_OP_LOGIC:
    case CC_OP_SHL:
    case CC_OP_SAR:
    case CC_OP_MUL:
        tcg_gen_movi_tl(aux, 0);
        return true;
    default:
        return false;
    }
}

bool gen_set_carry_overflow(DisasContext *ctx, TCGv carry, TCGv overflow)
{
    TCGv aux = tcg_temp_new(), high = tcg_temp_new();

    if (!gen_aux_bit(ctx, aux)) {
        return false;
    }
    tcg_gen_shli_tl(high, overflow, __builtin_ctz(CC_O));
    tcg_gen_or_tl(aux, aux, carry);
    tcg_gen_or_tl(cpu_cc_src, aux, high);
    ctx->cc = (CCSource) { .op = CC_OP_MIX + cc_size(ctx->cc.op) };
    return true;
}

/* --- conditions --------------------------------------------------------------------------------- */

static Condition never(void)
{
    return (Condition) { TCG_COND_NE, tcg_constant_tl(0), tcg_constant_tl(0) };
}

static Condition test_bits(TCGv value, target_long bits)
{
    return (Condition) { TCG_COND_TSTNE, value, tcg_constant_tl(bits) };
}

static Condition not_zero(TCGv value)
{
    return (Condition) { TCG_COND_NE, value, tcg_constant_tl(0) };
}

static Condition result_zero(MemOp size)
{
    if (size == TL_SIZE) {
        return (Condition) { TCG_COND_EQ, cpu_cc_dst, tcg_constant_tl(0) };
    }
    return (Condition) { TCG_COND_TSTEQ, cpu_cc_dst, tcg_constant_tl(size_mask(size)) };
}

static Condition result_sign(MemOp size)
{
    if (size == TL_SIZE) {
        return (Condition) { TCG_COND_LT, cpu_cc_dst, tcg_constant_tl(0) };
    }
    return test_bits(cpu_cc_dst, sign_bit(size));
}

/* P is set when the low byte has an even number of ones. */
static Condition result_parity(void)
{
    TCGv folded = tcg_temp_new(), low = extend_zx(cpu_cc_dst, MO_8);

    tcg_gen_shri_tl(folded, low, 4);
    tcg_gen_xor_tl(folded, folded, low);
    tcg_gen_andi_tl(folded, folded, 15);
    tcg_gen_shr_tl(folded, tcg_constant_tl(0x9669), folded);
    return test_bits(folded, 1);
}

/* First operand of a subtraction. */
static TCGv minuend(DisasContext *ctx)
{
    TCGv value;

    if (ctx->cc.a) {
        return ctx->cc.a;
    }
    value = tcg_temp_new();
    tcg_gen_add_tl(value, cpu_cc_dst, cpu_cc_src);
    return value;
}

static TCGv subtrahend(DisasContext *ctx) { return ctx->cc.b ? ctx->cc.b : cpu_cc_src; }

/* value with its sign bit set when a and b give an overflow: (x ^ y) & (x ^ z). */
static Condition overflow_of(TCGv x, TCGv y, TCGv z, MemOp size)
{
    TCGv first = tcg_temp_new(), second = tcg_temp_new();

    tcg_gen_xor_tl(first, x, y);
    tcg_gen_xor_tl(second, x, z);
    tcg_gen_and_tl(first, first, second);
    return test_bits(first, sign_bit(size));
}

static Condition compare_unsigned(TCGCond cond, TCGv a, TCGv b, MemOp size)
{
    return (Condition) { cond, extend_zx(a, size), extend_zx(b, size) };
}

static Condition compare_signed(TCGCond cond, TCGv a, TCGv b, MemOp size)
{
    return (Condition) { cond, extend_sx(a, size), extend_sx(b, size) };
}

/* cond tells the comparison after CMP; false: no single comparison. */
static bool condition_of_sub(DisasContext *ctx, unsigned cond, MemOp size, Condition *c)
{
    switch (cond) {
    case COND_B:
        *c = compare_unsigned(TCG_COND_LTU, minuend(ctx), subtrahend(ctx), size);
        return true;
    case COND_BE:
        *c = compare_unsigned(TCG_COND_LEU, minuend(ctx), subtrahend(ctx), size);
        return true;
    case COND_L:
        *c = compare_signed(TCG_COND_LT, minuend(ctx), subtrahend(ctx), size);
        return true;
    case COND_LE:
        *c = compare_signed(TCG_COND_LE, minuend(ctx), subtrahend(ctx), size);
        return true;
    case COND_E:
        if (ctx->cc.a && size == TL_SIZE) {
            *c = (Condition) { TCG_COND_EQ, ctx->cc.a, ctx->cc.b };
            return true;
        }
        return false;
    case COND_O:
        *c = overflow_of(minuend(ctx), subtrahend(ctx), cpu_cc_dst, size);
        return true;
    default:
        return false;
    }
}

static bool condition_of_logic(unsigned cond, MemOp size, Condition *c)
{
    switch (cond) {
    case COND_O:
    case COND_B:
        *c = never();
        return true;
    case COND_BE:
        *c = result_zero(size);
        return true;
    case COND_L:
        *c = result_sign(size);
        return true;
    case COND_LE:
        *c = (Condition) { TCG_COND_LE, extend_sx(cpu_cc_dst, size), tcg_constant_tl(0) };
        return true;
    default:
        return false;
    }
}

static Condition carry_of_adc(MemOp size)
{
    TCGv dst = extend_zx(cpu_cc_dst, size), src = extend_zx(cpu_cc_src, size);
    TCGv less = tcg_temp_new(), equal = tcg_temp_new();

    tcg_gen_setcond_tl(TCG_COND_LTU, less, dst, src);
    tcg_gen_setcond_tl(TCG_COND_EQ, equal, dst, src);
    tcg_gen_and_tl(equal, equal, cpu_cc_src2);
    tcg_gen_or_tl(less, less, equal);
    return not_zero(less);
}

/* O and B of the kinds that have them in one comparison. */
static bool condition_of_kind(DisasContext *ctx, unsigned cond, CCOp kind, MemOp size, Condition *c)
{
    switch (kind) {
    case CC_OP_SUB:
        return condition_of_sub(ctx, cond, size, c);
    case CC_OP_LOGIC:
        return condition_of_logic(cond, size, c);
    case CC_OP_ADD:
        if (cond == COND_B) {
            *c = compare_unsigned(TCG_COND_LTU, cpu_cc_dst, cpu_cc_src, size);
            return true;
        }
        return false;
    case CC_OP_ADC:
        if (cond == COND_B) {
            *c = carry_of_adc(size);
            return true;
        }
        return false;
    case CC_OP_INC:
    case CC_OP_DEC:
        if (cond == COND_O) {
            *c = (Condition) { TCG_COND_EQ, extend_zx(cpu_cc_dst, size),
                               tcg_constant_tl(sign_bit(size) - (kind == CC_OP_DEC)) };
            if (size != TL_SIZE) {
                c->b = tcg_constant_tl((sign_bit(size) - (kind == CC_OP_DEC)) & size_mask(size));
            }
            return true;
        }
        *c = not_zero(cpu_cc_src);
        return cond == COND_B;
    case CC_OP_MUL:
    case CC_OP_BLSI:
        *c = not_zero(cpu_cc_src);
        if (kind == CC_OP_BLSI && cond == COND_O) {
            *c = never();
        }
        return cond == COND_B || cond == COND_O;
    case CC_OP_SHL:
        *c = test_bits(cpu_cc_src, sign_bit(size));
        return cond == COND_B;
    case CC_OP_SAR:
        *c = test_bits(cpu_cc_src, 1);
        return cond == COND_B;
    case CC_OP_MIX:
        *c = test_bits(cpu_cc_src, cond == COND_B ? CC_C : CC_O);
        return cond == COND_B || cond == COND_O;
    default:
        return false;
    }
}

static Condition condition_of_bits(TCGv bits, unsigned cond)
{
    TCGv mixed;

    switch (cond) {
    case COND_O: return test_bits(bits, CC_O);
    case COND_B: return test_bits(bits, CC_C);
    case COND_E: return test_bits(bits, CC_Z);
    case COND_BE: return test_bits(bits, CC_Z | CC_C);
    case COND_S: return test_bits(bits, CC_S);
    case COND_P: return test_bits(bits, CC_P);
    default:
        /* S != O: O moved onto S. */
        mixed = tcg_temp_new();
        tcg_gen_shri_tl(mixed, bits, 4);
        tcg_gen_xor_tl(mixed, mixed, bits);
        if (cond == COND_L) {
            return test_bits(mixed, CC_S);
        }
        tcg_gen_andi_tl(mixed, mixed, CC_S);
        {
            TCGv zero = tcg_temp_new();

            tcg_gen_andi_tl(zero, bits, CC_Z);
            tcg_gen_or_tl(mixed, mixed, zero);
        }
        return not_zero(mixed);
    }
}

/* cond: the even ones (COND_x). */
static Condition gen_condition(DisasContext *ctx, unsigned cond)
{
    CCOp op = ctx->cc.op, kind = cc_kind(op);
    MemOp size = cc_size(op);
    Condition c;

    if (op == CC_OP_DYNAMIC) {
        gen_flatten_cc(ctx);
        return condition_of_bits(cpu_cc_src, cond);
    }
    if (op == CC_OP_EFLAGS) {
        return condition_of_bits(cpu_cc_src, cond);
    }
    if (op == CC_OP_POPCNT) {
        return cond == COND_E || cond == COND_BE || cond == COND_LE ? result_zero(TL_SIZE) : never();
    }
    if (condition_of_kind(ctx, cond, kind, size, &c)) {
        return c;
    }
    switch (cond) {
    case COND_E: return result_zero(size);
    case COND_S: return result_sign(size);
    case COND_P:
        if (kind == CC_OP_BLSI) {
            return never();
        }
        return result_parity();
    default:
        return condition_of_bits(gen_get_cc_bits(ctx), cond);
    }
}

void gen_branch_on(DisasContext *ctx, unsigned cond, TCGLabel *label)
{
    Condition c = gen_condition(ctx, cond >> 1);

    tcg_gen_brcond_tl(cond & 1 ? tcg_invert_cond(c.cond) : c.cond, c.a, c.b, label);
}

TCGv gen_setcond_on(DisasContext *ctx, unsigned cond)
{
    Condition c = gen_condition(ctx, cond >> 1);
    TCGv result = tcg_temp_new();

    tcg_gen_setcond_tl(cond & 1 ? tcg_invert_cond(c.cond) : c.cond, result, c.a, c.b);
    return result;
}

void gen_movcond_on(DisasContext *ctx, unsigned cond, TCGv ret, TCGv if_true, TCGv if_false)
{
    Condition c = gen_condition(ctx, cond >> 1);

    tcg_gen_movcond_tl(cond & 1 ? tcg_invert_cond(c.cond) : c.cond, ret, c.a, c.b, if_true, if_false);
}

TCGv gen_get_carry(DisasContext *ctx)
{
    TCGv_i32 carry;
    TCGv result;

    if (ctx->cc.op != CC_OP_DYNAMIC) {
        return gen_setcond_on(ctx, 2);
    }
    carry = tcg_temp_new_i32();
    result = tcg_temp_new();
    gen_helper_cc_carry(carry, cpu_cc_op, cpu_cc_dst, cpu_cc_src, cpu_cc_src2);
    tcg_gen_extu_i32_tl(result, carry);
    return result;
}
