/*
 * AltiVec floating-point operations (AltiVec PEM 3.2, chapter 6).
 *
 * Rounding is to nearest, nothing traps, NaNs become quiet; a NaN result is
 * the first operand that is one (vA, vB, vC), else 0x7fc00000. With VSCR.NJ
 * subnormal operands and results are zeros. Sums and products are computed by
 * the host, whose status register is set up for that (TBF_FP_VECTOR); lanes
 * whose result is a NaN are computed again by the exact library.
 *
 * SPDX-License-Identifier: MIT
 */
#include "target-ppc/altivec.h"
#include "fpu/host-fp.h"
#include <math.h>

#define VEC_FUNCTION(name) \
    void vec_##name(CPUPPCState *env, PPCVec *d, const PPCVec *a, const PPCVec *b, const PPCVec *c, unsigned imm)

#define F32_SIGN 0x80000000u
#define F32_INF  0x7f800000u
#define F64_ONE  UINT64_C(0x3ff0000000000000)

static FPEnv vec_rules(const CPUPPCState *env)
{
    return (FPEnv) {
        .rounding = FP_NEAREST_EVEN, .nan_rule = FP_NAN_FIRST,
        .default_nan = UINT64_C(0x7ff8000000000000), .tiny_before_rounding = true,
        .flush_inputs = env->vscr_nj, .flush_results = env->vscr_nj,
    };
}

static bool f32_is_nan(uint32_t a)
{
    return (a & ~F32_SIGN) > F32_INF;
}

/* An operand as binary64, subnormal singles as the mode has them. */
static uint64_t widen(const CPUPPCState *env, uint32_t a)
{
    if (env->vscr_nj && !(a & F32_INF)) {
        a &= F32_SIGN;
    }
    return fpu_f32_to_f64(a);
}

/* --- sums and products -------------------------------------------------------------------- */

/* The host's sums and products are AltiVec's, but for NaNs. */
static bool host_computes(const CPUPPCState *env)
{
    return HOST_FP_FLUSHES || !env->vscr_nj;
}

static const PPCVec all_nans = { .u64 = { UINT64_MAX, UINT64_MAX } };

typedef uint64_t ExactLane(FPEnv *rules, uint64_t a, uint64_t b, uint64_t c);

static uint64_t exact_add(FPEnv *rules, uint64_t a, uint64_t b, uint64_t c)
{
    return fpu_add(rules, a, b, FP_SINGLE);
}

static uint64_t exact_sub(FPEnv *rules, uint64_t a, uint64_t b, uint64_t c)
{
    return fpu_sub(rules, a, b, FP_SINGLE);
}

static uint64_t exact_madd(FPEnv *rules, uint64_t a, uint64_t b, uint64_t c)
{
    return fpu_fma(rules, a, b, c, FP_SINGLE);
}

/* -(a * c - b); NaNs keep their signs. */
static uint64_t exact_nmsub(FPEnv *rules, uint64_t a, uint64_t b, uint64_t c)
{
    uint64_t result = fpu_fma(rules, a, fpu_is_nan(b) ? b : b ^ FP_F64_SIGN, c, FP_SINGLE);

    return fpu_is_nan(result) ? result : result ^ FP_F64_SIGN;
}

static bool any_nan(const PPCVec *d)
{
    VecF32 value = vec_load_f32(d);

    return vec_any(value != value);
}

/* NaN lanes of d anew. */
static void fix_nans(CPUPPCState *env, PPCVec *d, const PPCVec *a, const PPCVec *b,
                     const PPCVec *c, ExactLane *exact)
{
    for (unsigned i = 0; i < 4; i++) {
        if (f32_is_nan(d->u32[i])) {
            FPEnv rules = vec_rules(env);

            d->u32[i] = fpu_f64_to_f32(exact(&rules, widen(env, a->u32[i]), widen(env, b->u32[i]),
                                             c ? widen(env, c->u32[i]) : 0));
        }
    }
}

VEC_FUNCTION(vaddfp)
{
    *(VecF32 *)d = vec_load_f32(a) + vec_load_f32(b);
    if (!host_computes(env)) {
        *d = all_nans;
    }
    if (unlikely(any_nan(d))) {
        fix_nans(env, d, a, b, NULL, exact_add);
    }
}

VEC_FUNCTION(vsubfp)
{
    *(VecF32 *)d = vec_load_f32(a) - vec_load_f32(b);
    if (!host_computes(env)) {
        *d = all_nans;
    }
    if (unlikely(any_nan(d))) {
        fix_nans(env, d, a, b, NULL, exact_sub);
    }
}

#ifdef __x86_64__
#include <immintrin.h>

/*
 * vA * vC + vB in one rounding, on a host that can; negated: -(vA * vC - vB).
 * True: some lane is a NaN.
 */
static __attribute__((target("fma"))) bool fused(PPCVec *d, const PPCVec *a, const PPCVec *b,
                                                 const PPCVec *c, bool negated)
{
    __m128 x = _mm_load_ps(a->f32), y = _mm_load_ps(b->f32), z = _mm_load_ps(c->f32);
    __m128 r = negated ? _mm_xor_ps(_mm_fmsub_ps(x, z, y), _mm_set1_ps(-0.0f)) : _mm_fmadd_ps(x, z, y);

    _mm_store_ps(d->f32, r);
    return _mm_movemask_ps(_mm_cmpunord_ps(r, r)) != 0;
}

static bool have_fused(void)
{
    return __builtin_cpu_supports("fma");
}
#else
static bool fused(PPCVec *d, const PPCVec *a, const PPCVec *b, const PPCVec *c, bool negated)
{
    for (unsigned i = 0; i < 4; i++) {
        float sum = fmaf(a->f32[i], c->f32[i], negated ? -b->f32[i] : b->f32[i]);

        d->f32[i] = negated ? -sum : sum;
    }
    return any_nan(d);
}

static bool have_fused(void)
{
    return true;
}
#endif

static void multiply_add(CPUPPCState *env, PPCVec *d, const PPCVec *a, const PPCVec *b,
                         const PPCVec *c, ExactLane *exact)
{
    if (!have_fused() || !host_computes(env)) {
        *d = all_nans;
        fix_nans(env, d, a, b, c, exact);
    } else if (unlikely(fused(d, a, b, c, exact == exact_nmsub))) {
        fix_nans(env, d, a, b, c, exact);
    }
}

VEC_FUNCTION(vmaddfp) { multiply_add(env, d, a, b, c, exact_madd); }
VEC_FUNCTION(vnmsubfp) { multiply_add(env, d, a, b, c, exact_nmsub); }

/* --- comparisons ------------------------------------------------------------------------------ */

static FPRelation relation(CPUPPCState *env, uint32_t a, uint32_t b)
{
    FPEnv rules = vec_rules(env);

    return fpu_compare(&rules, widen(env, a), widen(env, b));
}

static inline void compare(CPUPPCState *env, PPCVec *d, const PPCVec *a, const PPCVec *b,
                           unsigned relations)
{
    for (unsigned i = 0; i < 4; i++) {
        d->u32[i] = relations >> relation(env, a->u32[i], b->u32[i]) & 1 ? ~0u : 0;
    }
}

VEC_FUNCTION(vcmpeqfp) { compare(env, d, a, b, 1 << FP_EQUAL); }
VEC_FUNCTION(vcmpgtfp) { compare(env, d, a, b, 1 << FP_GREATER); }
VEC_FUNCTION(vcmpgefp) { compare(env, d, a, b, 1 << FP_GREATER | 1 << FP_EQUAL); }

/* Bit 0: not a <= b; bit 1: not a >= -b. */
VEC_FUNCTION(vcmpbfp)
{
    for (unsigned i = 0; i < 4; i++) {
        FPRelation upper = relation(env, a->u32[i], b->u32[i]);
        FPRelation lower = relation(env, a->u32[i], b->u32[i] ^ F32_SIGN);

        d->u32[i] = (upper == FP_LESS || upper == FP_EQUAL ? 0 : 0x80000000u) |
                    (lower == FP_GREATER || lower == FP_EQUAL ? 0 : 0x40000000u);
    }
}

/* The extreme in the direction of `wanted`; -0 is less than +0; NaNs as everywhere. */
static inline uint32_t extreme(CPUPPCState *env, uint32_t a, uint32_t b, FPRelation wanted)
{
    FPRelation found = relation(env, a, b);
    uint32_t chosen = found == wanted ? a : b;

    if (found == FP_UNORDERED) {
        chosen = (f32_is_nan(a) ? a : b) | 0x00400000;
    } else if (found == FP_EQUAL) {
        chosen = wanted == FP_GREATER ? a & b : a | b;
    }
    return env->vscr_nj && !(chosen & F32_INF) ? chosen & F32_SIGN : chosen;
}

VEC_FUNCTION(vmaxfp)
{
    for (unsigned i = 0; i < 4; i++) {
        d->u32[i] = extreme(env, a->u32[i], b->u32[i], FP_GREATER);
    }
}

VEC_FUNCTION(vminfp)
{
    for (unsigned i = 0; i < 4; i++) {
        d->u32[i] = extreme(env, a->u32[i], b->u32[i], FP_LESS);
    }
}

/* --- estimates ----------------------------------------------------------------------------------- */

typedef uint64_t UnaryLane(FPEnv *rules, uint64_t b);

static void each_lane(CPUPPCState *env, PPCVec *d, const PPCVec *b, UnaryLane *op)
{
    for (unsigned i = 0; i < 4; i++) {
        FPEnv rules = vec_rules(env);

        d->u32[i] = fpu_f64_to_f32(op(&rules, widen(env, b->u32[i])));
    }
}

static uint64_t reciprocal(FPEnv *rules, uint64_t b)
{
    return fpu_div(rules, F64_ONE, b, FP_SINGLE);
}

static uint64_t reciprocal_sqrt(FPEnv *rules, uint64_t b)
{
    uint64_t root = fpu_sqrt(rules, b, FP_DOUBLE);

    return fpu_is_nan(root) ? root : fpu_div(rules, F64_ONE, root, FP_SINGLE);
}

static double as_double(uint64_t bits)
{
    double value;

    memcpy(&value, &bits, sizeof(value));
    return value;
}

/* The result of the host's function f, rounded to single. */
static uint64_t rounded_function(FPEnv *rules, double (*f)(double), uint64_t b)
{
    double value = f(as_double(b));
    uint64_t bits;

    memcpy(&bits, &value, sizeof(bits));
    return fpu_round(rules, bits, FP_SINGLE);
}

static uint64_t power_of_2(FPEnv *rules, uint64_t b)
{
    return fpu_is_nan(b) ? fpu_round(rules, b, FP_SINGLE) : rounded_function(rules, exp2, b);
}

/* Zeros give -infinity, negative numbers the default NaN. */
static uint64_t logarithm(FPEnv *rules, uint64_t b)
{
    if (fpu_is_nan(b)) {
        return fpu_round(rules, b, FP_SINGLE);
    }
    if (fpu_is_zero(b)) {
        return FP_F64_SIGN | FP_F64_INF;
    }
    return fpu_is_neg(b) ? rules->default_nan : rounded_function(rules, log2, b);
}

VEC_FUNCTION(vrefp) { each_lane(env, d, b, reciprocal); }
VEC_FUNCTION(vrsqrtefp) { each_lane(env, d, b, reciprocal_sqrt); }
VEC_FUNCTION(vexptefp) { each_lane(env, d, b, power_of_2); }
VEC_FUNCTION(vlogefp) { each_lane(env, d, b, logarithm); }

/* --- to and from integers ---------------------------------------------------------------------------- */

static void round_lanes(CPUPPCState *env, PPCVec *d, const PPCVec *b, FPRounding rounding)
{
    for (unsigned i = 0; i < 4; i++) {
        FPEnv rules = vec_rules(env);

        rules.rounding = rounding;
        d->u32[i] = fpu_f64_to_f32(fpu_round_to_integral(&rules, widen(env, b->u32[i])));
    }
}

VEC_FUNCTION(vrfin) { round_lanes(env, d, b, FP_NEAREST_EVEN); }
VEC_FUNCTION(vrfiz) { round_lanes(env, d, b, FP_TO_ZERO); }
VEC_FUNCTION(vrfip) { round_lanes(env, d, b, FP_UP); }
VEC_FUNCTION(vrfim) { round_lanes(env, d, b, FP_DOWN); }

/* 2^n * value; the power is exact. */
static uint64_t scaled(FPEnv *rules, uint64_t value, int n)
{
    return fpu_scale(rules, value, n, FP_DOUBLE);
}

VEC_FUNCTION(vcfux)
{
    for (unsigned i = 0; i < 4; i++) {
        FPEnv rules = vec_rules(env);

        d->u32[i] = fpu_f64_to_f32(scaled(&rules, fpu_from_uint(&rules, b->u32[i], FP_SINGLE), -(int)imm));
    }
}

VEC_FUNCTION(vcfsx)
{
    for (unsigned i = 0; i < 4; i++) {
        FPEnv rules = vec_rules(env);

        d->u32[i] = fpu_f64_to_f32(scaled(&rules, fpu_from_int(&rules, b->s32[i], FP_SINGLE), -(int)imm));
    }
}

/* Truncated, saturated; a NaN becomes 0. */
static inline uint32_t to_word(CPUPPCState *env, uint32_t b, unsigned imm, bool is_signed)
{
    FPEnv rules = vec_rules(env);
    uint64_t value = scaled(&rules, widen(env, b), imm);
    uint32_t word;

    if (fpu_is_nan(value)) {
        return 0;
    }
    rules.rounding = FP_TO_ZERO;
    word = is_signed ? (uint32_t)fpu_to_int(&rules, value, 32) : (uint32_t)fpu_to_uint(&rules, value, 32);
    if (rules.flags & FP_BAD_CONVERT) {
        vec_set_sat(env);
    }
    return word;
}

VEC_FUNCTION(vctuxs)
{
    for (unsigned i = 0; i < 4; i++) {
        d->u32[i] = to_word(env, b->u32[i], imm, false);
    }
}

VEC_FUNCTION(vctsxs)
{
    for (unsigned i = 0; i < 4; i++) {
        d->u32[i] = to_word(env, b->u32[i], imm, true);
    }
}
