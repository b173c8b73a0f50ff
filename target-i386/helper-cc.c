/*
 * Lazy flags: the arithmetic flags of a recorded operation (see CCOp), and
 * EFLAGS as a whole (SDM 1:3.4.3).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/cpu.h"
#define HELPER_H "target-i386/helper.h"
#include "tcg/helper-proto.h"

/* The operation as 64-bit numbers: values cut to the operand's size. */
typedef struct CCInput {
    uint64_t dst, src, carry_in;
    uint64_t sign;              /* top bit of the size */
} CCInput;

static uint32_t parity_flag(uint64_t dst)
{
    return __builtin_parity(dst & 0xff) ? 0 : CC_P;
}

static uint32_t result_flags(const CCInput *in)
{
    return parity_flag(in->dst) | (in->dst ? 0 : CC_Z) | (in->dst & in->sign ? CC_S : 0);
}

static uint32_t flag_if(bool condition, uint32_t flag) { return condition ? flag : 0; }

static uint32_t cc_add(const CCInput *in, uint64_t mask)
{
    uint64_t first = (in->dst - in->src - in->carry_in) & mask;
    bool carry = in->carry_in ? in->dst <= first : in->dst < first;

    return result_flags(in) | flag_if(carry, CC_C) | ((first ^ in->src ^ in->dst) & CC_A) |
           flag_if((first ^ in->dst) & (in->src ^ in->dst) & in->sign, CC_O);
}

static uint32_t cc_sub(const CCInput *in, uint64_t mask)
{
    uint64_t first = (in->dst + in->src + in->carry_in) & mask;
    bool carry = in->carry_in ? first <= in->src : first < in->src;

    return result_flags(in) | flag_if(carry, CC_C) | ((first ^ in->src ^ in->dst) & CC_A) |
           flag_if((first ^ in->src) & (first ^ in->dst) & in->sign, CC_O);
}

static uint32_t cc_sized(CCOp kind, const CCInput *in, uint64_t mask, uint64_t raw_src)
{
    switch (kind) {
    case CC_OP_ADD:
    case CC_OP_ADC:
        return cc_add(in, mask);
    case CC_OP_SUB:
    case CC_OP_SBB:
        return cc_sub(in, mask);
    case CC_OP_INC:
        return result_flags(in) | (raw_src & CC_C) | flag_if(!(in->dst & 15), CC_A) |
               flag_if(in->dst == in->sign, CC_O);
    case CC_OP_DEC:
        return result_flags(in) | (raw_src & CC_C) | flag_if((in->dst & 15) == 15, CC_A) |
               flag_if(in->dst == in->sign - 1, CC_O);
    case CC_OP_SHL:
        return result_flags(in) | flag_if(in->src & in->sign, CC_C) |
               flag_if((in->src ^ in->dst) & in->sign, CC_O);
    case CC_OP_SAR:
        return result_flags(in) | (raw_src & CC_C) | flag_if((in->src ^ in->dst) & in->sign, CC_O);
    case CC_OP_MUL:
        return result_flags(in) | flag_if(raw_src, CC_C | CC_O);
    case CC_OP_BLSI:
        return (result_flags(in) & ~CC_P) | flag_if(raw_src, CC_C);
    case CC_OP_MIX:
        return result_flags(in) | (raw_src & (CC_C | CC_O | CC_A));
    default:
        return result_flags(in);
    }
}

uint32_t x86_compute_cc(CCOp op, target_ulong dst, target_ulong src, target_ulong src2)
{
    unsigned bits = 8u << (op & 3);
    uint64_t mask = ~0ull >> (64 - bits);
    CCInput in = { .dst = dst & mask, .src = src & mask, .sign = 1ull << (bits - 1) };
    CCOp kind = op & ~3;

    if (op == CC_OP_EFLAGS) {
        return src & CC_ALL;
    }
    if (op == CC_OP_POPCNT) {
        return dst ? 0 : CC_Z;
    }
    in.carry_in = kind == CC_OP_ADC || kind == CC_OP_SBB ? src2 : 0;
    return cc_sized(kind, &in, mask, src);
}

uint32_t helper_cc_all(uint32_t op, target_ulong dst, target_ulong src, target_ulong src2)
{
    return x86_compute_cc(op, dst, src, src2);
}

uint32_t helper_cc_carry(uint32_t op, target_ulong dst, target_ulong src, target_ulong src2)
{
    return x86_compute_cc(op, dst, src, src2) & CC_C;
}

uint32_t x86_get_eflags(CPUX86State *env)
{
    return env->eflags | x86_compute_cc(env->cc_op, env->cc_dst, env->cc_src, env->cc_src2) |
           (env->df < 0 ? DF_MASK : 0) | 2;
}

void x86_set_eflags(CPUX86State *env, uint32_t value)
{
    env->cc_op = CC_OP_EFLAGS;
    env->cc_src = value & CC_ALL;
    env->df = value & DF_MASK ? -1 : 1;
    env->eflags = value & ~(CC_ALL | DF_MASK | 2);
    x86_update_hflags(env);
}
