/*
 * Transcendental x87 instructions where the host has no x87: with the C
 * library's long double, as far as its precision goes.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/x87.h"

#ifndef __x86_64__
#include <math.h>

static long double to_c(FloatX80 a)
{
    switch (fpx_classify(a)) {
    case FPX_NAN:
    case FPX_UNSUPPORTED:
        return NAN;
    case FPX_INF:
        return a.se & FPX_SIGN ? -INFINITY : INFINITY;
    default:
        break;
    }
    long double magnitude = ldexpl(a.frac, MAX(a.se & FPX_EXP_MAX, 1) - 16383 - 63);

    return a.se & FPX_SIGN ? -magnitude : magnitude;
}

static FloatX80 from_c(long double a)
{
    uint16_t sign = signbit(a) ? FPX_SIGN : 0;
    int exp;

    if (isnan(a)) {
        return fpx_indefinite();
    }
    if (isinf(a)) {
        return fpx_inf(sign);
    }
    if (a == 0) {
        return fpx_zero(sign);
    }
    uint64_t frac = (uint64_t)ldexpl(frexpl(fabsl(a), &exp), 64);

    if (exp + 16382 <= 0) {
        return (FloatX80){ -exp - 16382 < 63 ? frac >> (1 - exp - 16382) : 0, sign };
    }
    return (FloatX80){ frac, sign | (exp + 16382) };
}

/* Results with two values; of those with one, the second is not pushed. */
typedef struct Results {
    long double first, second;
} Results;

static Results compute(unsigned insn, long double x, long double y)
{
    switch (insn & 0xff) {
    case 0xf0: return (Results){ exp2l(x) - 1, 0 };
    case 0xf1: return (Results){ y * log2l(x), 0 };
    case 0xf2: return (Results){ tanl(x), 1 };
    case 0xf3: return (Results){ atan2l(y, x), 0 };
    case 0xf9: return (Results){ y * (log1pl(x) / logl(2)), 0 };
    case 0xfb: return (Results){ sinl(x), cosl(x) };
    case 0xfe: return (Results){ sinl(x), 0 };
    default: return (Results){ cosl(x), 0 };
    }
}

static bool has_two_operands(unsigned insn)
{
    return (insn & 0xff) == 0xf1 || (insn & 0xff) == 0xf3 || (insn & 0xff) == 0xf9;
}

static void put_results(CPUX86State *env, unsigned insn, Results r)
{
    unsigned op = insn & 0xff;

    if (has_two_operands(insn)) {
        x87_set_st(env, 1, from_c(r.first));
        x87_pop(env);
        return;
    }
    x87_set_st(env, 0, from_c(r.first));
    if (op == 0xf2 || op == 0xfb) {
        x87_push(env, from_c(r.second));
    }
}

void x87_transcendental(CPUX86State *env, unsigned insn)
{
    unsigned op = insn & 0xff;
    bool trigonometric = op == 0xf2 || op >= 0xfb, pushes = op == 0xf2 || op == 0xfb;
    FloatX80 a = x87_st(env, 0), b = has_two_operands(insn) ? x87_st(env, 1) : a;
    bool empty = x87_is_empty(env, 0) || (has_two_operands(insn) && x87_is_empty(env, 1));
    uint32_t flags = FP_INEXACT;

    if (empty || (pushes && !x87_is_empty(env, 7))) {
        if (x87_stack_fault(env, !empty)) {
            put_results(env, insn, (Results){ NAN, NAN });
        }
        return;
    }
    if (trigonometric) {
        env->fpus &= ~FPUS_C2;
        if ((a.se & FPX_EXP_MAX) >= 16383 + 63 && (a.se & FPX_EXP_MAX) != FPX_EXP_MAX) {
            env->fpus |= FPUS_C2;       /* out of range: the operand stays */
            return;
        }
    }
    Results r = compute(insn, to_c(a), to_c(b));

    if (isnan(r.first)) {
        bool quiet_in = isnan(to_c(a)) || isnan(to_c(b));

        flags = quiet_in && (a.frac & b.frac & FPX_QUIET) ? 0 : FP_BAD_SQRT;
    } else if (r.first == 0 || fpx_classify(a) == FPX_ZERO) {
        flags = 0;
    }
    if (x87_report(env, flags)) {
        put_results(env, insn, r);
    }
}
#endif
