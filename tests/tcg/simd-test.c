/*
 * Every SIMD operation through the configured back end against its portable
 * function: results and status flags, under random MXCSR settings, with NaNs,
 * denormals and limits in all places; as the host's instruction and, where the
 * host is denied a feature, out of line. What fails here gives guests wrong
 * vector arithmetic.
 *
 * SPDX-License-Identifier: MIT
 */
#include "gen.h"
#include "fpu/host-fp.h"

#include <math.h>

#define TRIALS 1500
#define OUT 8       /* scratch words */

/* --- operands --- */

static uint64_t single_edge(void)
{
    static const uint32_t edges[] = {
        0, 0x80000000, 1, 0x80000001, 0x007fffff, 0x00800000, 0x807fffff, 0x00800001, 0x00ffffff,
        0x3f800000, 0xbf800000, 0x3fc00000, 0x40000000, 0x7f7fffff, 0xff7fffff, 0x7f800000,
        0xff800000, 0x7fc00000, 0xffc00000, 0x7f800001, 0xff812345, 0x7fc12345, 0x4effffff,
        0x4f000000, 0xcf000000, 0x5f000000, 0xdf000000, 0x5effffff, 0x3f000000, 0x3effffff,
        0x34000000, 0x0b000000, 0x47800000, 0x477fefff, 0x477ff000, 0x38800000, 0x387fffff,
        0x33000000, 0x33000001, 0x1f800000, 0x20000000, 0x60000000,
    };

    switch (test_random_below(8)) {
    case 0: return (uint32_t)test_random();
    case 1: return (test_random() & 0x807fffff) | (uint32_t)(100 + test_random_below(60)) << 23;
    case 2: return test_random() & 0x807fffff;
    case 3: return (test_random() & 0x80000000) | (112 + test_random_below(40)) << 23;
    default: return edges[test_random_below(ARRAY_SIZE(edges))];
    }
}

static uint64_t double_edge(void)
{
    static const uint64_t edges[] = {
        0, UINT64_C(1) << 63, 1, 0x8000000000000001, 0x000fffffffffffff, 0x0010000000000000,
        0x800fffffffffffff, 0x0010000000000001, 0x3ff0000000000000, 0xbff0000000000000,
        0x3ff8000000000000, 0x7fefffffffffffff, 0xffefffffffffffff, 0x7ff0000000000000,
        0xfff0000000000000, 0x7ff8000000000000, 0xfff8000000000000, 0x7ff0000000000001,
        0xfff0000012345678, 0x7ff8000012345678, 0x41dfffffffc00000, 0x41e0000000000000,
        0xc1e0000000000000, 0xc1e0000000200000, 0x43e0000000000000, 0xc3e0000000000000,
        0x43dfffffffffffff, 0x3fe0000000000000, 0x3fdfffffffffffff, 0x47efffffe0000000,
        0x47effffff0000000, 0x3810000000000000, 0x380fffffffffffff, 0x36a0000000000000,
        0x3690000000000000, 0x1ff0000000000000, 0x2000000000000000, 0x41dfffffffe00000,
    };

    switch (test_random_below(8)) {
    case 0: return test_random();
    case 1: return (test_random() & 0x800fffffffffffff) | (uint64_t)(990 + test_random_below(80)) << 52;
    case 2: return test_random() & 0x800fffffffffffff;
    case 3: return (test_random() & 0x8000000000000000) | (uint64_t)(1000 + test_random_below(50)) << 52;
    default: return edges[test_random_below(ARRAY_SIZE(edges))];
    }
}

static SimdVec operand(void)
{
    SimdVec v;

    switch (test_random_below(5)) {
    case 0:
        for (int i = 0; i < 16; i++) {
            static const uint8_t edges[] = { 0, 1, 0x7f, 0x80, 0xff, 0x81, 8, 16 };
            v.b[i] = test_random_below(2) ? test_random() : edges[test_random_below(8)];
        }
        return v;
    case 1:     /* counts of shifts */
        v.d[0] = test_random_below(70);
        v.d[1] = test_random();
        return v;
    case 2:
        v.d[0] = double_edge();
        v.d[1] = double_edge();
        return v;
    default:
        for (int i = 0; i < 4; i++) {
            v.w[i] = single_edge();
        }
        return v;
    }
}

static uint32_t random_csr(void)
{
    uint32_t csr = SIMD_CSR_DEFAULT | test_random_below(4) << SIMD_RC_SHIFT;

    csr |= test_random_below(3) ? 0 : SIMD_DAZ;
    return csr | (test_random_below(3) ? 0 : SIMD_FTZ);
}

/* --- one operation --- */

typedef struct Trial {
    SimdOp simd;
    SimdVec in[3];
    unsigned imm;
    uint32_t csr;
    SimdVec got, expected;
    uint32_t got_flags, expected_flags;
} Trial;

static TCGv_vec load_vec(int n, const SimdVec *v)
{
    TCGv_vec t;

    if (test_random_below(2)) {
        memcpy(test_env->vec[n], v, sizeof(*v));
        return test_vec[n];
    }
    t = tcg_temp_new_vec();
    memcpy(&test_env->scratch[2 * n], v, sizeof(*v));
    tcg_gen_ld_vec(t, tcg_env, offsetof(CPUArchState, scratch[2 * n]));
    return t;
}

static void emit(const Trial *t)
{
    TCGOpcode opc = gen_simd_opcode(simd_op_defs[t->simd].form);
    TCGv_vec in[3], ret;
    TCGv_i64 integer = tcg_temp_new_i64();
    intptr_t out = offsetof(CPUArchState, scratch[OUT]);

    for (int i = 0; i < 3; i++) {
        in[i] = load_vec(i, &t->in[i]);
    }
    ret = test_random_below(2) ? in[test_random_below(3)] : tcg_temp_new_vec();
    switch (opc) {
    case INDEX_op_simd1_vec:
        tcg_gen_simd1(t->simd, ret, in[0], t->imm);
        break;
    case INDEX_op_simd2_vec:
        tcg_gen_simd2(t->simd, ret, in[0], in[1], t->imm);
        break;
    case INDEX_op_simd3_vec:
        tcg_gen_simd3(t->simd, ret, in[0], in[1], in[2]);
        break;
    case INDEX_op_simd_from_vec:
        test_env->i64[0] = t->in[1].d[0];
        tcg_gen_simd_from(t->simd, ret, in[0], test_i64[0], t->imm);
        break;
    default:
        if (simd_op_defs[t->simd].form == SIMD_FORM_FLAGS) {
            tcg_gen_simd_flags(t->simd, integer, in[0], in[1]);
        } else {
            tcg_gen_simd_to(t->simd, integer, in[0], t->imm);
        }
        tcg_gen_st_i64(integer, tcg_env, out);
        return;
    }
    tcg_gen_st_vec(ret, tcg_env, out);
}

static void run_on_host(Trial *t)
{
    const void *code;

    test_begin();
    tcg_gen_insn_start(0x1000, 0, 0);
    emit(t);
    tcg_gen_exit_tb(NULL, 0);
    code = test_translate();
    memset(&test_env->scratch[OUT], 0, sizeof(t->got));
    host_simd_set_csr(t->csr);
    test_run(code);
    t->got_flags = host_simd_csr() & SIMD_FLAGS;
    host_simd_set_csr(SIMD_CSR_DEFAULT);
    memcpy(&t->got, &test_env->scratch[OUT], sizeof(t->got));
}

/* Within 1.5 * 2^-12 of each other, or the same special value. */
static bool near(uint32_t got, uint32_t expected)
{
    float x, y;

    memcpy(&x, &got, 4);
    memcpy(&y, &expected, 4);
    if (got == expected || (fabsf(x) < 0x1p-126f && fabsf(y) < 0x1p-125f)) {
        return true;
    }
    return isfinite(y) && fabs((double)x - y) <= fabs((double)y) * (3.5 / 4096);
}

/* Their sums take operands in an order of the host's own: any NaN of two will do. */
static bool same_dot_product(const Trial *t)
{
    TCGType type = t->simd == SIMD_OP_dpps ? TCG_TYPE_F32 : TCG_TYPE_F64;
    int bytes = type == TCG_TYPE_F32 ? 4 : 8;

    for (int i = 0; i < 16; i += bytes) {
        if (!gen_same_value(type, &t->got.b[i], &t->expected.b[i])) {
            return false;
        }
    }
    return true;
}

static bool agrees(const Trial *t)
{
    if (t->got_flags != t->expected_flags) {
        return false;
    }
    if (gen_simd_is_dot_product(t->simd)) {
        return same_dot_product(t);
    }
    if (gen_simd_is_estimate(t->simd)) {
        return near(t->got.w[0], t->expected.w[0]) && near(t->got.w[1], t->expected.w[1]) &&
               near(t->got.w[2], t->expected.w[2]) && near(t->got.w[3], t->expected.w[3]);
    }
    return !memcmp(&t->got, &t->expected, sizeof(t->got));
}

static void report(const Trial *t)
{
    const SimdVec *shown[] = { &t->in[0], &t->in[1], &t->in[2], &t->got, &t->expected };
    static const char *const names[] = { "a", "b", "c", "got", "expected" };

    printf("# %s imm 0x%x csr 0x%x: flags 0x%x, expected 0x%x\n", simd_op_defs[t->simd].name, t->imm,
           t->csr, t->got_flags, t->expected_flags);
    for (int i = 0; i < 5; i++) {
        printf("# %-8s %08x %08x %08x %08x\n", names[i], shown[i]->w[3], shown[i]->w[2],
               shown[i]->w[1], shown[i]->w[0]);
    }
}

static bool test_simd(SimdOp simd, uint64_t seed)
{
    bool has_imm = simd_form_has_imm(simd_op_defs[simd].form);
    int failures = 0;

    test_random_seed(seed);
    for (int i = 0; i < TRIALS && failures < 3; i++) {
        Trial t = { .simd = simd, .csr = random_csr(), .imm = has_imm ? test_random_below(256) : 0 };
        SimdStatus status = { .csr = t.csr };

        for (int k = 0; k < 3; k++) {
            t.in[k] = operand();
        }
        simd_compute(simd, &status, &t.expected, &t.in[0], &t.in[1], &t.in[2], t.imm);
        t.expected_flags = status.raised;
        run_on_host(&t);
        if (!agrees(&t)) {
            report(&t);
            failures++;
        }
    }
    return !failures;
}

int main(int argc, char **argv)
{
    uint64_t seed = argc > 1 && argv[1][0] != '-' ? g_ascii_strtoull(argv[1], NULL, 0) : 1;
    int number = 0, failed = 0;

    test_init();
    printf("# seed %" PRIu64 "\n", seed);
    for (int allowed = 1; allowed >= 0; allowed--) {
        simd_allowed_features = allowed ? UINT32_MAX : 0;
        for (int simd = 0; simd < NB_SIMD_OPS; simd++) {
            bool compares = g_str_has_prefix(simd_op_defs[simd].name, "cmp");

            if (allowed || simd_op_defs[simd].features || compares) {
                bool ok = test_simd(simd, seed + simd);

                printf("%s %d - %s%s\n", ok ? "ok" : "not ok", ++number, simd_op_defs[simd].name,
                       allowed ? "" : ", out of line");
                failed += !ok;
            }
        }
    }
    printf("1..%d\n", number);
    return failed != 0;
}
