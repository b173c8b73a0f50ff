/*
 * The exact arithmetic library against MPFR: results, rounding, and each flag
 * (which the test derives from the infinitely precise value). If this fails,
 * rare floating-point results and status bits of guests are wrong.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fpu/fpu.h"
#include <math.h>
#include <mpfr.h>

enum { OP_ADD, OP_SUB, OP_MUL, OP_DIV, OP_SQRT, OP_FMA, OP_ROUND, OP_COUNT };
static const char *const op_names[] = { "add", "sub", "mul", "div", "sqrt", "fma", "round" };
enum { PRECISION = 4500, RANDOM_CASES = 200000 };

static const uint64_t edges[] = {
    0, 1, 2, 3, 0x000fffffffffffff, 0x0010000000000000, 0x0010000000000001, 0x001fffffffffffff,
    0x3ff0000000000000, 0x3ff0000000000001, 0x3fefffffffffffff, 0x4000000000000000,
    0x3fe0000000000000, 0x4008000000000000, 0x43e0000000000000, 0x41dfffffffc00000, 0x41e0000000000000,
    0x7fefffffffffffff, 0x7fe0000000000000, 0x7ff0000000000000, 0x7ff8000000000000,
    0x7ff0000000000001, 0x7ff4000000000123, 0x7fffffffffffffff, 0x380fffffffffffff, 0x3810000000000000,
    0x36a0000000000000, 0x3690000000000000, 0x3690000000000001, 0x47efffffe0000000, 0x47effffff0000000,
    0x47efffffefffffff, 0x380fffffe0000000, 0x380ffffff0000000, 0x3c90000000000000, 0x3ca0000000000000,
    0x1e50000000000000, 0x1ff0000000000000,
};

static uint64_t rng_state = 88172645463325252;
static unsigned failures;

static uint64_t rng(void)
{
    rng_state ^= rng_state << 13;
    rng_state ^= rng_state >> 7;
    rng_state ^= rng_state << 17;
    return rng_state;
}

/* Values whose sums, products and roundings meet: short fractions, near exponents. */
static uint64_t random_operand(void)
{
    uint64_t bits = rng();
    unsigned kind = rng() % 8;

    if (kind == 0) {
        return edges[bits % ARRAY_SIZE(edges)] ^ (bits & FP_F64_SIGN);
    }
    if (kind == 1) {
        return bits;
    }
    if (kind <= 3) {
        bits &= ~(((UINT64_C(1) << (rng() % 53)) - 1));
    }
    uint64_t exp = kind == 4 ? rng() % 60 : kind == 5 ? 870 + rng() % 60 : 1000 + rng() % 60;

    return (bits & ~FP_F64_INF) | exp << 52;
}

static double as_double(uint64_t bits)
{
    double value;

    memcpy(&value, &bits, 8);
    return value;
}

static uint64_t as_bits(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, 8);
    return bits;
}

typedef struct Expected {
    uint64_t bits;
    uint32_t flags;
} Expected;

/* `exact` (with sticky: a little more in magnitude) to the format of prec. */
static Expected round_exact(mpfr_t exact, bool sticky, FPEnv *rules, FPPrecision prec)
{
    Expected e = { 0 };
    int digits = prec == FP_SINGLE ? 24 : 53, least = prec == FP_SINGLE ? -126 : -1022;
    int most = prec == FP_SINGLE ? 127 : 1023, wrap = prec == FP_SINGLE ? 192 : 1536;
    bool sign = mpfr_signbit(exact);
    long exp = mpfr_get_exp(exact) - 1;
    bool tiny = exp < least, scaled = false;
    mpfr_t grid, whole, half;

    mpfr_inits2(PRECISION, grid, whole, half, NULL);
    mpfr_abs(grid, exact, MPFR_RNDN);
    if (tiny && !rules->tiny_before_rounding) {
        mpfr_t rounded;
        mpfr_rnd_t mode[] = { MPFR_RNDN, MPFR_RNDZ, MPFR_RNDU, MPFR_RNDD };

        mpfr_init2(rounded, digits);
        mpfr_set(rounded, exact, mode[rules->rounding]);
        tiny = mpfr_get_exp(rounded) - 1 < least;
        mpfr_clear(rounded);
    }
    if (tiny && rules->scale_underflow) {
        exp += wrap;
        mpfr_mul_2si(grid, grid, wrap, MPFR_RNDN);
        scaled = true;
    }
    long quantum = (exp < least ? least : exp) - digits + 1;

    mpfr_mul_2si(grid, grid, -quantum, MPFR_RNDN);
    mpfr_floor(whole, grid);
    mpfr_sub(grid, grid, whole, MPFR_RNDN);
    bool inexact = sticky || !mpfr_zero_p(grid), up = false;
    int to_half = mpfr_cmp_d(grid, 0.5);

    if (rules->rounding == FP_NEAREST_EVEN) {
        mpfr_div_2ui(half, whole, 1, MPFR_RNDN);
        up = to_half > 0 || (to_half == 0 && (sticky || !mpfr_integer_p(half)));
    } else if (rules->rounding != FP_TO_ZERO) {
        up = inexact && (sign == (rules->rounding == FP_DOWN));
    }
    if (up) {
        mpfr_add_ui(whole, whole, 1, MPFR_RNDN);
    }
    mpfr_mul_2si(whole, whole, quantum, MPFR_RNDN);
    e.flags = (inexact ? FP_INEXACT : 0) | (up ? FP_ROUNDED_UP : 0) |
              (tiny && (inexact || scaled) ? FP_UNDERFLOW : 0);
    if (!mpfr_zero_p(whole) && mpfr_get_exp(whole) - 1 > most) {
        e.flags |= FP_OVERFLOW;
        if (rules->scale_overflow) {
            mpfr_mul_2si(whole, whole, -wrap, MPFR_RNDN);
        } else if (rules->rounding == FP_NEAREST_EVEN || rules->rounding == (sign ? FP_DOWN : FP_UP)) {
            e.flags |= FP_INEXACT | FP_ROUNDED_UP;
            mpfr_set_inf(whole, 1);
        } else {
            e.flags |= FP_INEXACT;
            e.flags &= ~FP_ROUNDED_UP;
            mpfr_set_ui_2exp(whole, (1ul << digits) - 1, most - digits + 1, MPFR_RNDN);
        }
    }
    e.bits = as_bits(mpfr_get_d(whole, MPFR_RNDN)) | (sign ? FP_F64_SIGN : 0);
    mpfr_clears(grid, whole, half, NULL);
    return e;
}

/* Invalid operations and NaNs, from the definitions. True: settled. */
static bool special(int op, const uint64_t *v, FPEnv *rules, Expected *e)
{
    unsigned count = op == OP_FMA ? 3 : op == OP_SQRT || op == OP_ROUND ? 1 : 2;
    double a = as_double(v[0]), b = as_double(v[1]), c = as_double(v[2]);
    bool nan = false;

    *e = (Expected){ 0 };
    if (op == OP_FMA && ((isinf(a) && c == 0) || (a == 0 && isinf(c)))) {
        e->flags |= FP_INF_MUL;
        e->bits = rules->default_nan;
    }
    for (unsigned i = count; i-- > 0;) {
        if (isnan(as_double(v[i]))) {
            nan = true;
            e->bits = v[i] | FP_F64_QUIET;
            e->flags |= v[i] & FP_F64_QUIET ? 0 : FP_SNAN;
        }
    }
    if (nan || e->flags) {
        return true;
    }
    double right = op == OP_SUB ? -b : b;

    if (op <= OP_SUB && isinf(a) && isinf(b) && signbit(a) != signbit(right)) {
        e->flags = FP_INF_SUB;
    } else if (op == OP_MUL && ((isinf(a) && b == 0) || (a == 0 && isinf(b)))) {
        e->flags = FP_INF_MUL;
    } else if (op == OP_DIV && isinf(a) && isinf(b)) {
        e->flags = FP_INF_DIV;
    } else if (op == OP_DIV && a == 0 && b == 0) {
        e->flags = FP_ZERO_DIV;
    } else if (op == OP_SQRT && a < 0) {
        e->flags = FP_BAD_SQRT;
    } else if (op == OP_FMA && (isinf(a) || isinf(c)) && isinf(b) &&
               (signbit(a) ^ signbit(c)) != (signbit(b) != 0)) {
        e->flags = FP_INF_SUB;
    }
    e->bits = rules->default_nan;
    return e->flags != 0;
}

static Expected expected_result(int op, const uint64_t *v, FPEnv *rules, FPPrecision prec)
{
    Expected e;
    mpfr_t a, b, c, r;
    int inexact = 0;
    mpfr_rnd_t zero_sign = rules->rounding == FP_DOWN ? MPFR_RNDD : MPFR_RNDZ;

    if (special(op, v, rules, &e)) {
        return e;
    }
    mpfr_inits2(PRECISION, a, b, c, r, NULL);
    mpfr_set_d(a, as_double(v[0]), MPFR_RNDN);
    mpfr_set_d(b, as_double(v[1]), MPFR_RNDN);
    mpfr_set_d(c, as_double(v[2]), MPFR_RNDN);
    switch (op) {
    case OP_ADD: inexact = mpfr_add(r, a, b, zero_sign); break;
    case OP_SUB: inexact = mpfr_sub(r, a, b, zero_sign); break;
    case OP_MUL: inexact = mpfr_mul(r, a, b, MPFR_RNDZ); break;
    case OP_DIV: inexact = mpfr_div(r, a, b, MPFR_RNDZ); break;
    case OP_SQRT: inexact = mpfr_sqrt(r, a, MPFR_RNDZ); break;
    case OP_FMA: inexact = mpfr_fma(r, a, c, b, zero_sign); break;
    default: mpfr_set(r, a, MPFR_RNDN); break;
    }
    if (mpfr_zero_p(r) || mpfr_inf_p(r)) {
        e = (Expected){ as_bits(mpfr_get_d(r, MPFR_RNDN)), 0 };
        if (op == OP_DIV && mpfr_zero_p(b) && !mpfr_inf_p(a)) {
            e.flags = FP_DIVZERO;
        }
    } else {
        e = round_exact(r, inexact != 0, rules, prec);
    }
    mpfr_clears(a, b, c, r, NULL);
    return e;
}

static uint64_t library_result(int op, const uint64_t *v, FPEnv *env, FPPrecision prec)
{
    switch (op) {
    case OP_ADD: return fpu_add(env, v[0], v[1], prec);
    case OP_SUB: return fpu_sub(env, v[0], v[1], prec);
    case OP_MUL: return fpu_mul(env, v[0], v[1], prec);
    case OP_DIV: return fpu_div(env, v[0], v[1], prec);
    case OP_SQRT: return fpu_sqrt(env, v[0], prec);
    case OP_FMA: return fpu_fma(env, v[0], v[1], v[2], prec);
    default: return fpu_round(env, v[0], prec);
    }
}

static void check_case(int op, const uint64_t *v, FPEnv rules, FPPrecision prec)
{
    Expected e = expected_result(op, v, &rules, prec);
    uint64_t bits = library_result(op, v, &rules, prec);
    uint32_t flags = rules.flags & ~FP_DENORMAL_IN;

    if ((bits != e.bits || flags != e.flags) && failures++ < 10) {
        printf("# %s %s mode %d: %016" PRIx64 " %016" PRIx64 " %016" PRIx64 " gives %016" PRIx64
               " flags %x, should be %016" PRIx64 " flags %x\n", op_names[op],
               prec ? "double" : "single", rules.rounding, v[0], v[1], v[2], bits, flags,
               e.bits, e.flags);
    }
}

static void check_rules(int op, const uint64_t *v, FPPrecision prec, unsigned variant)
{
    FPEnv rules = { .default_nan = 0x7ff8000000000000, .rounding = variant & 3,
                    .tiny_before_rounding = !(variant & 4), .scale_overflow = (variant >> 3) == 1,
                    .scale_underflow = (variant >> 3) == 1 };

    check_case(op, v, rules, prec);
}

static void test_op(int op)
{
    for (unsigned i = 0; i < ARRAY_SIZE(edges); i++) {
        for (unsigned k = 0; k < ARRAY_SIZE(edges); k++) {
            uint64_t third = edges[rng() % ARRAY_SIZE(edges)] ^ (rng() & FP_F64_SIGN);
            uint64_t v[3] = { edges[i] ^ (rng() & FP_F64_SIGN), edges[k], third };

            check_rules(op, v, FP_DOUBLE, rng() % 12);
            check_rules(op, v, FP_SINGLE, rng() % 8);
        }
    }
    for (unsigned i = 0; i < RANDOM_CASES; i++) {
        uint64_t v[3] = { random_operand(), random_operand(), random_operand() };

        /* Wrapped exponents of a single result from a huge double are not defined. */
        check_rules(op, v, FP_DOUBLE, i % 12);
        check_rules(op, v, FP_SINGLE, i % 8);
    }
}

/* Integers: from MPFR's rounding of the value to an integer. */
static void check_to_int(uint64_t bits, FPRounding rounding, unsigned width)
{
    static const mpfr_rnd_t modes[] = { MPFR_RNDN, MPFR_RNDZ, MPFR_RNDU, MPFR_RNDD };
    FPEnv env = { .rounding = rounding };
    int64_t got = fpu_to_int(&env, bits, width), least = -1 - (INT64_MAX >> (64 - width)), want;
    uint32_t flags = 0;
    double value = as_double(bits);
    mpfr_t whole;

    mpfr_init2(whole, PRECISION);
    mpfr_set_d(whole, value, MPFR_RNDN);
    if (isnan(value)) {
        want = least;
        flags = FP_BAD_CONVERT | (bits & FP_F64_QUIET ? 0 : FP_SNAN);
    } else {
        mpfr_rint(whole, whole, modes[rounding]);
        if (mpfr_cmp_si(whole, least) < 0 || mpfr_cmp_si(whole, ~least) > 0) {
            want = value < 0 ? least : ~least;
            flags = FP_BAD_CONVERT;
        } else {
            want = mpfr_get_si(whole, MPFR_RNDN);
            flags = mpfr_cmp_d(whole, value) ? FP_INEXACT : 0;
            mpfr_t magnitude;

            mpfr_init2(magnitude, PRECISION);
            mpfr_set_d(magnitude, value, MPFR_RNDN);
            flags |= mpfr_cmpabs(whole, magnitude) > 0 ? FP_ROUNDED_UP : 0;
            mpfr_clear(magnitude);
        }
    }
    mpfr_clear(whole);
    env.flags &= ~FP_DENORMAL_IN;
    if ((got != want || env.flags != flags) && failures++ < 10) {
        printf("# to_int%u mode %d: %016" PRIx64 " gives %" PRIx64 " flags %x, should be %" PRIx64
               " flags %x\n", width, rounding, bits, got, env.flags, want, flags);
    }
}

static void test_to_int(void)
{
    for (unsigned i = 0; i < ARRAY_SIZE(edges) * 8; i++) {
        uint64_t bits = edges[i / 8] ^ (i & 1 ? FP_F64_SIGN : 0);

        check_to_int(bits, i / 2 % 4, 32);
        check_to_int(bits, i / 2 % 4, 64);
    }
    for (unsigned i = 0; i < RANDOM_CASES; i++) {
        uint64_t bits = (rng() & ~FP_F64_INF) | (uint64_t)(1015 + rng() % 80) << 52;

        check_to_int(bits, i % 4, i & 4 ? 32 : 64);
    }
}

static void test_formats(void)
{
    for (uint64_t i = 0; i < 1u << 20; i++) {
        uint32_t single = i << 12 | (rng() & 0xfff);
        float value;
        double widened;

        memcpy(&value, &single, 4);
        widened = value;
        if (fpu_f64_to_f32(fpu_f32_to_f64(single)) != single ||
            (!isnan(value) && fpu_f32_to_f64(single) != as_bits(widened))) {
            failures++;
        }
    }
}

static void test_compare(void)
{
    for (unsigned i = 0; i < RANDOM_CASES; i++) {
        uint64_t a = random_operand(), b = i & 1 ? random_operand() : a ^ (rng() & FP_F64_SIGN);
        double x = as_double(a), y = as_double(b);
        FPEnv env = { 0 };
        FPRelation want = isnan(x) || isnan(y) ? FP_UNORDERED : x < y ? FP_LESS : x > y ? FP_GREATER : FP_EQUAL;

        failures += fpu_compare(&env, a, b) != want;
    }
}

static void report(int number, const char *name)
{
    printf("%sok %d - %s\n", failures ? "not " : "", number, name);
}

int main(void)
{
    int number = 0;
    unsigned total = 0;
    static void (*const others[])(void) = { test_to_int, test_formats, test_compare };
    static const char *const names[] = { "to_int", "formats", "compare" };

    printf("1..%d\n", OP_COUNT + (int)ARRAY_SIZE(others));
    for (int op = 0; op < OP_COUNT; op++) {
        failures = 0;
        test_op(op);
        total += failures;
        report(++number, op_names[op]);
    }
    for (unsigned i = 0; i < ARRAY_SIZE(others); i++) {
        failures = 0;
        others[i]();
        total += failures;
        report(++number, names[i]);
    }
    return total != 0;
}
