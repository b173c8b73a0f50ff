/*
 * Floating-point SIMD operations: arithmetic and compares. Intel SDM volume 1,
 * chapter 11 (MXCSR, NaNs, order of exceptions) and volume 2.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/simd-fp.h"

/* --- one element --- */

uint64_t simd_operand(const SimdStatus *s, uint64_t x, FPPrecision prec)
{
    if ((s->csr & SIMD_DAZ) && simd_is_denormal(x, prec)) {
        return x & (prec == FP_DOUBLE ? FP_F64_SIGN : UINT64_C(1) << 31);
    }
    return x;
}

uint64_t simd_widen(uint64_t x, FPPrecision prec)
{
    return prec == FP_DOUBLE ? x : fpu_f32_to_f64(x);
}

uint64_t simd_narrow(uint64_t x, FPPrecision prec)
{
    return prec == FP_DOUBLE ? x : fpu_f64_to_f32(x);
}

FPRounding simd_rounding(unsigned rc)
{
    static const FPRounding modes[] = { FP_NEAREST_EVEN, FP_DOWN, FP_UP, FP_TO_ZERO };

    return modes[rc & 3];
}

FPEnv simd_fp_env(const SimdStatus *s)
{
    return (FPEnv){
        .rounding = simd_rounding(s->csr >> SIMD_RC_SHIFT),
        .nan_rule = FP_NAN_FIRST,
        .default_nan = UINT64_C(0xfff8000000000000),
        .flush_results = (s->csr & SIMD_FTZ) && (s->csr & SIMD_UM),
        .scale_overflow = !(s->csr & SIMD_OE << 7),
        .scale_underflow = !(s->csr & SIMD_UM),
    };
}

void simd_raise(SimdStatus *s, const FPEnv *env, bool denormal)
{
    uint32_t f = env->flags;

    s->raised |= (f & FP_INVALID ? SIMD_IE : 0) | (f & FP_DIVZERO ? SIMD_ZE : 0) |
                 (f & FP_OVERFLOW ? SIMD_OE : 0) | (f & FP_UNDERFLOW ? SIMD_UE : 0) |
                 (f & FP_INEXACT ? SIMD_PE : 0);
    if (denormal && !(f & (FP_INVALID | FP_DIVZERO))) {
        s->raised |= SIMD_DE;
    }
}

/* The second operand wherever the two have no order. */
static uint64_t min_max(SimdStatus *s, bool max, uint64_t x, uint64_t y, FPPrecision prec)
{
    FPEnv env = simd_fp_env(s);
    FPRelation relation = fpu_compare(&env, simd_widen(x, prec), simd_widen(y, prec));

    if (relation == FP_UNORDERED) {
        s->raised |= SIMD_IE;
        return y;
    }
    simd_raise(s, &env, simd_is_denormal(x, prec) || simd_is_denormal(y, prec));
    return relation == (max ? FP_GREATER : FP_LESS) ? x : y;
}

uint64_t simd_arith(SimdStatus *s, SimdArith op, uint64_t x, uint64_t y, FPPrecision prec)
{
    typedef uint64_t Fn(FPEnv *env, uint64_t a, uint64_t b, FPPrecision prec);
    static Fn *const fns[] = {
        [SIMD_ADD] = fpu_add, [SIMD_SUB] = fpu_sub, [SIMD_MUL] = fpu_mul, [SIMD_DIV] = fpu_div,
    };
    FPEnv env = simd_fp_env(s);
    bool denormal;
    uint64_t result;

    x = simd_operand(s, x, prec);
    y = simd_operand(s, y, prec);
    if (op >= SIMD_MIN) {
        return min_max(s, op == SIMD_MAX, x, y, prec);
    }
    denormal = (simd_is_denormal(x, prec) || simd_is_denormal(y, prec)) &&
               !simd_is_nan(x, prec) && !simd_is_nan(y, prec);
    result = fns[op](&env, simd_widen(x, prec), simd_widen(y, prec), prec);
    simd_raise(s, &env, denormal);
    return simd_narrow(result, prec);
}

uint64_t simd_sqrt(SimdStatus *s, uint64_t x, FPPrecision prec)
{
    FPEnv env = simd_fp_env(s);
    uint64_t result;

    x = simd_operand(s, x, prec);
    result = fpu_sqrt(&env, simd_widen(x, prec), prec);
    simd_raise(s, &env, simd_is_denormal(x, prec));
    return simd_narrow(result, prec);
}

/* --- vectors --- */

#define ARITH(n, op) \
    SIMD_FN(n##ps) \
    { \
        for (int i = 0; i < 4; i++) { \
            d->w[i] = simd_arith(s, op, a->w[i], b->w[i], FP_SINGLE); \
        } \
    } \
    SIMD_FN(n##pd) \
    { \
        for (int i = 0; i < 2; i++) { \
            d->d[i] = simd_arith(s, op, a->d[i], b->d[i], FP_DOUBLE); \
        } \
    } \
    SIMD_FN(n##ss) \
    { \
        *d = *a; \
        d->w[0] = simd_arith(s, op, a->w[0], b->w[0], FP_SINGLE); \
    } \
    SIMD_FN(n##sd) \
    { \
        *d = *a; \
        d->d[0] = simd_arith(s, op, a->d[0], b->d[0], FP_DOUBLE); \
    }
ARITH(add, SIMD_ADD)
ARITH(sub, SIMD_SUB)
ARITH(mul, SIMD_MUL)
ARITH(div, SIMD_DIV)
ARITH(min, SIMD_MIN)
ARITH(max, SIMD_MAX)

SIMD_FN(sqrtps)
{
    for (int i = 0; i < 4; i++) {
        d->w[i] = simd_sqrt(s, a->w[i], FP_SINGLE);
    }
}

SIMD_FN(sqrtpd)
{
    for (int i = 0; i < 2; i++) {
        d->d[i] = simd_sqrt(s, a->d[i], FP_DOUBLE);
    }
}

SIMD_FN(sqrtss)
{
    *d = *a;
    d->w[0] = simd_sqrt(s, b->w[0], FP_SINGLE);
}

SIMD_FN(sqrtsd)
{
    *d = *a;
    d->d[0] = simd_sqrt(s, b->d[0], FP_DOUBLE);
}

#define PAIRS(n, op) \
    SIMD_FN(n##ps) \
    { \
        for (int i = 0; i < 4; i++) { \
            const SimdVec *v = i < 2 ? a : b; \
            d->w[i] = simd_arith(s, op, v->w[2 * (i & 1)], v->w[2 * (i & 1) + 1], FP_SINGLE); \
        } \
    } \
    SIMD_FN(n##pd) \
    { \
        d->d[0] = simd_arith(s, op, a->d[0], a->d[1], FP_DOUBLE); \
        d->d[1] = simd_arith(s, op, b->d[0], b->d[1], FP_DOUBLE); \
    }
PAIRS(hadd, SIMD_ADD)
PAIRS(hsub, SIMD_SUB)

SIMD_FN(addsubps)
{
    for (int i = 0; i < 4; i++) {
        d->w[i] = simd_arith(s, i & 1 ? SIMD_ADD : SIMD_SUB, a->w[i], b->w[i], FP_SINGLE);
    }
}

SIMD_FN(addsubpd)
{
    for (int i = 0; i < 2; i++) {
        d->d[i] = simd_arith(s, i ? SIMD_ADD : SIMD_SUB, a->d[i], b->d[i], FP_DOUBLE);
    }
}

/* An unmasked exception of the products: the sums are not looked at. */
static bool stops(const SimdStatus *s)
{
    return s->raised & ~(s->csr >> 7);
}

/*
 * The manual leaves open in which order sums take their operands, which matters
 * for the choice among NaNs: this is what Intel processors do.
 */
SIMD_FN(dpps)
{
    uint64_t t[4] = { 0 }, pair[4];

    for (int i = 0; i < 4; i++) {
        if (imm >> (4 + i) & 1) {
            t[i] = simd_arith(s, SIMD_MUL, a->w[i], b->w[i], FP_SINGLE);
        }
    }
    if (stops(s)) {
        return;
    }
    for (int i = 0; i < 4; i++) {
        pair[i] = simd_arith(s, SIMD_ADD, t[i ^ 1], t[i], FP_SINGLE);
    }
    for (int i = 0; i < 4; i++) {
        uint64_t sum = simd_arith(s, SIMD_ADD, pair[i], pair[i ^ 2], FP_SINGLE);
        d->w[i] = imm >> i & 1 ? sum : 0;
    }
}

SIMD_FN(dppd)
{
    uint64_t t[2] = { 0 };

    for (int i = 0; i < 2; i++) {
        if (imm >> (4 + i) & 1) {
            t[i] = simd_arith(s, SIMD_MUL, a->d[i], b->d[i], FP_DOUBLE);
        }
    }
    if (stops(s)) {
        return;
    }
    for (int i = 0; i < 2; i++) {
        uint64_t sum = simd_arith(s, SIMD_ADD, t[i], t[i ^ 1], FP_DOUBLE);
        d->d[i] = imm >> i & 1 ? sum : 0;
    }
}

/* --- compares --- */

enum { L = 1, E = 2, G = 4, U = 8 };

static unsigned relation_of(SimdStatus *s, uint64_t x, uint64_t y, bool signals, FPPrecision prec)
{
    static const uint8_t bit[] = {
        [FP_LESS] = L, [FP_EQUAL] = E, [FP_GREATER] = G, [FP_UNORDERED] = U,
    };
    FPEnv env = simd_fp_env(s);
    FPRelation relation;

    x = simd_operand(s, x, prec);
    y = simd_operand(s, y, prec);
    relation = fpu_compare(&env, simd_widen(x, prec), simd_widen(y, prec));
    if (relation == FP_UNORDERED) {
        s->raised |= signals || simd_is_snan(x, prec) || simd_is_snan(y, prec) ? SIMD_IE : 0;
    } else if (simd_is_denormal(x, prec) || simd_is_denormal(y, prec)) {
        s->raised |= SIMD_DE;
    }
    return bit[relation];
}

/* CMPPS predicates: which relations hold; bit 4 exchanges quiet and signalling. */
static bool predicate(SimdStatus *s, uint64_t x, uint64_t y, unsigned imm, FPPrecision prec)
{
    static const uint8_t holds[16] = {
        E, L, L | E, U, L | G | U, E | G | U, G | U, L | E | G,
        E | U, L | U, L | E | U, 0, L | G, G | E, G, L | E | G | U,
    };
    static const uint16_t signalling = 0x6666;
    bool signals = (signalling >> (imm & 15) & 1) ^ (imm >> 4 & 1);

    return holds[imm & 15] & relation_of(s, x, y, signals, prec);
}

SIMD_FN(cmpps)
{
    for (int i = 0; i < 4; i++) {
        d->w[i] = predicate(s, a->w[i], b->w[i], imm, FP_SINGLE) ? UINT32_MAX : 0;
    }
}

SIMD_FN(cmppd)
{
    for (int i = 0; i < 2; i++) {
        d->d[i] = predicate(s, a->d[i], b->d[i], imm, FP_DOUBLE) ? UINT64_MAX : 0;
    }
}

SIMD_FN(cmpss)
{
    *d = *a;
    d->w[0] = predicate(s, a->w[0], b->w[0], imm, FP_SINGLE) ? UINT32_MAX : 0;
}

SIMD_FN(cmpsd)
{
    *d = *a;
    d->d[0] = predicate(s, a->d[0], b->d[0], imm, FP_DOUBLE) ? UINT64_MAX : 0;
}

/* EFLAGS: unordered ZF PF CF, less CF, equal ZF. */
static uint64_t flags_of(unsigned relation)
{
    return relation == U ? 0x45 : relation == L ? 1 : relation == E ? 0x40 : 0;
}

SIMD_FN(ucomiss) { d->d[0] = flags_of(relation_of(s, a->w[0], b->w[0], false, FP_SINGLE)); }
SIMD_FN(ucomisd) { d->d[0] = flags_of(relation_of(s, a->d[0], b->d[0], false, FP_DOUBLE)); }
SIMD_FN(comiss) { d->d[0] = flags_of(relation_of(s, a->w[0], b->w[0], true, FP_SINGLE)); }
SIMD_FN(comisd) { d->d[0] = flags_of(relation_of(s, a->d[0], b->d[0], true, FP_DOUBLE)); }
