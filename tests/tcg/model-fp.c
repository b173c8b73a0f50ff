/*
 * See model.h: floating point by the host compiler's, vectors by elements.
 *
 * SPDX-License-Identifier: MIT
 */
#include "model-ops.h"

#include <math.h>

static TestValue f64_value(double d) { return (TestValue){ .d = d }; }
static TestValue u64_value(uint64_t u) { return (TestValue){ .u = u }; }

static TestValue f32_value(float f)
{
    TestValue value = { .u = 0 };

    value.f = f;
    return value;
}

bool model_fcompare(double a, double b, TCGFCond cond)
{
    bool less = a < b, equal = a == b, greater = a > b, unordered = isnan(a) || isnan(b);

    switch (cond) {
    case TCG_FCOND_EQ: return equal;
    case TCG_FCOND_NEU: return less || greater || unordered;
    case TCG_FCOND_LT: return less;
    case TCG_FCOND_GEU: return greater || equal || unordered;
    case TCG_FCOND_GT: return greater;
    case TCG_FCOND_LEU: return less || equal || unordered;
    case TCG_FCOND_LE: return less || equal;
    case TCG_FCOND_GTU: return greater || unordered;
    case TCG_FCOND_GE: return greater || equal;
    case TCG_FCOND_LTU: return less || unordered;
    case TCG_FCOND_UN: return unordered;
    case TCG_FCOND_ORD: return !unordered;
    }
    return false;
}

static uint64_t to_int(double x, bool truncate, int bits)
{
    double limit = ldexp(1, bits - 1), rounded = truncate ? trunc(x) : rint(x);

    if (!(rounded >= -limit && rounded < limit)) {
        return UINT64_C(1) << (bits - 1);
    }
    return (int64_t)rounded;
}

static bool guard_test(const TestValue *v, bool is_f32, TCGGuard test)
{
    double x = is_f32 ? v->f : v->d, magnitude = fabs(x);
    double least_normal = is_f32 ? 0x1p-126 : 0x1p-1022;

    switch (test) {
    case TCG_GUARD_NOT_NAN: return !isnan(x);
    case TCG_GUARD_PLAIN: return !isnan(x) && magnitude != least_normal;
    case TCG_GUARD_NO_HALF:
        return !isnan(x) && magnitude != least_normal && (v->u & 0x1fffffff) != 0x10000000;
    case TCG_GUARD_FINITE_NORMAL:
        return x == 0 || (magnitude > least_normal && magnitude < INFINITY);
    case TCG_GUARD_SINGLE:
        return x == 0 || (magnitude > 0x1p-126 && magnitude < INFINITY);
    }
    return false;
}

static TestValue guarded(Model *m, const TestValue *in, const TCGArg *c, bool is_f32)
{
    uint64_t args[TCG_MAX_CALL_ARGS] = { (uintptr_t)&m->env, in[1].u, in[2].u, in[3].u, c[2] };

    if (guard_test(&in[0], is_f32, c[0])) {
        return in[0];
    }
    return u64_value(call_int_helper((const TCGHelperInfo *)c[1], args));
}

#define BOTH(name, e32, e64) \
    case INDEX_op_##name##_f32: return f32_value(e32); \
    case INDEX_op_##name##_f64: return f64_value(e64)

static TestValue fp_result(Model *m, const TCGOp *op, const TestValue *in, const TCGArg *c)
{
    float a = in[0].f, b = in[1].f;
    double x = in[0].d, y = in[1].d;

    switch (op->opc) {
    BOTH(mov, a, x);
    BOTH(fadd, a + b, x + y);
    BOTH(fsub, a - b, x - y);
    BOTH(fmul, a * b, x * y);
    BOTH(fdiv, a / b, x / y);
    BOTH(fsqrt, sqrtf(a), sqrt(x));
    BOTH(fma, fmaf(a, b, in[2].f), fma(x, y, in[2].d));
    case INDEX_op_fneg_f32: return u64_value(in[0].u ^ 1u << 31);
    case INDEX_op_fneg_f64: return u64_value(in[0].u ^ INT64_MIN);
    case INDEX_op_fabs_f32: return u64_value(in[0].u & INT32_MAX);
    case INDEX_op_fabs_f64: return u64_value(in[0].u & INT64_MAX);
    case INDEX_op_setcond_f32: return u64_value(model_fcompare(a, b, c[0]));
    case INDEX_op_setcond_f64: return u64_value(model_fcompare(x, y, c[0]));
    case INDEX_op_cvt_i32_f32: return u64_value(to_int(a, c[0], 32));
    case INDEX_op_cvt_i64_f32: return u64_value(to_int(a, c[0], 64));
    case INDEX_op_cvt_i32_f64: return u64_value(to_int(x, c[0], 32));
    case INDEX_op_cvt_i64_f64: return u64_value(to_int(x, c[0], 64));
    BOTH(from_i32, (int32_t)in[0].u, (int32_t)in[0].u);
    BOTH(from_i64, (int64_t)in[0].u, (int64_t)in[0].u);
    case INDEX_op_guard_f32: return guarded(m, in, c, true);
    case INDEX_op_guard_f64: return guarded(m, in, c, false);
    case INDEX_op_cvt_f64_f32: return f32_value(x);
    case INDEX_op_cvt_f32_f64: return f64_value(a);
    case INDEX_op_bits_f32_i32:
    case INDEX_op_bits_i32_f32:
    case INDEX_op_bits_f64_i64:
    case INDEX_op_bits_i64_f64: return in[0];
    case INDEX_op_ld_f32: return u64_value(*(uint32_t *)(in[0].u + c[0]));
    case INDEX_op_ld_f64: return u64_value(*(uint64_t *)(in[0].u + c[0]));
    default: g_error("no model of op %s", tcg_op_defs[op->opc].name);
    }
}

/* --- vectors: elements of v, zero- and sign-extended --- */

static uint64_t get_u(const TestValue *v, int i, int bytes)
{
    uint64_t value = 0;

    memcpy(&value, &v->b[i * bytes], bytes);
    return value;
}

static int64_t get_s(const TestValue *v, int i, int bytes)
{
    return (int64_t)(get_u(v, i, bytes) << (64 - 8 * bytes)) >> (64 - 8 * bytes);
}

static int64_t saturate(int64_t value, int64_t low, int64_t high)
{
    return MAX(low, MIN(high, value));
}

static uint64_t float_lane(TCGOpcode opc, uint64_t xu, uint64_t yu)
{
    TestValue x = { .u = xu }, y = { .u = yu };

    return f32_value(opc == INDEX_op_fadd_vec ? x.f + y.f :
                     opc == INDEX_op_fsub_vec ? x.f - y.f : x.f * y.f).u;
}

static uint64_t lane_result(const TCGOp *op, const TestValue *in, int i, int bytes, uint64_t count)
{
    uint64_t x = get_u(&in[0], i, bytes), y = get_u(&in[1], i, bytes);
    int64_t sx = get_s(&in[0], i, bytes), sy = get_s(&in[1], i, bytes);
    int64_t high = bytes < 8 ? INT64_C(1) << (8 * bytes - 1) : 0;

    switch (op->opc) {
    case INDEX_op_mov_vec: return x;
    case INDEX_op_dup_vec: return in[0].u;
    case INDEX_op_dup_elem_vec: return get_u(&in[0], count, bytes);
    case INDEX_op_and_vec: return x & y;
    case INDEX_op_or_vec: return x | y;
    case INDEX_op_xor_vec: return x ^ y;
    case INDEX_op_andc_vec: return x & ~y;
    case INDEX_op_not_vec: return ~x;
    case INDEX_op_bitsel_vec: return (y & x) | (get_u(&in[2], i, bytes) & ~x);
    case INDEX_op_add_vec: return x + y;
    case INDEX_op_sub_vec: return x - y;
    case INDEX_op_mul_vec: return x * y;
    case INDEX_op_ssadd_vec: return saturate(sx + sy, -high, high - 1);
    case INDEX_op_sssub_vec: return saturate(sx - sy, -high, high - 1);
    case INDEX_op_usadd_vec: return saturate(x + y, 0, 2 * high - 1);
    case INDEX_op_ussub_vec: return saturate((int64_t)(x - y), 0, 2 * high - 1);
    case INDEX_op_avgu_vec: return (x + y + 1) / 2;
    case INDEX_op_smin_vec: return MIN(sx, sy);
    case INDEX_op_smax_vec: return MAX(sx, sy);
    case INDEX_op_umin_vec: return MIN(x, y);
    case INDEX_op_umax_vec: return MAX(x, y);
    case INDEX_op_cmpeq_vec: return x == y ? -1 : 0;
    case INDEX_op_cmpgt_vec: return sx > sy ? -1 : 0;
    case INDEX_op_shli_vec: return x << count;
    case INDEX_op_shri_vec: return x >> count;
    case INDEX_op_sari_vec: return sx >> count;
    case INDEX_op_pshufb_vec: return y & 0x80 ? 0 : in[0].b[y & 15];
    default: return float_lane(op->opc, x, y);
    }
}

static TestValue vec_result(const TCGOp *op, const TestValue *in, const TCGArg *c)
{
    int bytes = 1 << op->vece;
    TestValue result;

    for (int i = 0; i < 16 / bytes; i++) {
        uint64_t element = lane_result(op, in, i, bytes, c[0]);

        memcpy(&result.b[i * bytes], &element, bytes);
    }
    return result;
}

/* Meanings in tcg/tcg-opc.h name the elements where not all are possible. */
unsigned model_vece_mask(TCGOpcode opc)
{
    const char *meaning = tcg_op_defs[opc].meaning, *list = strrchr(meaning, '(');
    unsigned mask = 0;

    if (strstr(meaning, "vece 2")) {
        return 1 << MO_32;
    }
    if (opc == INDEX_op_pshufb_vec) {
        return 1 << MO_8;
    }
    if (!list || !g_ascii_isdigit(list[1])) {
        list = strstr(meaning, "low half") ? "16 32" : "8 16 32 64";
    }
    mask |= strstr(list, "8") ? 1 << MO_8 : 0;
    mask |= strstr(list, "16") ? 1 << MO_16 : 0;
    mask |= strstr(list, "32") ? 1 << MO_32 : 0;
    mask |= strstr(list, "64") ? 1 << MO_64 : 0;
    return mask;
}

/* 4 or 8 bytes. */
static bool short_vec_access(Model *m, const TCGOp *op, uint64_t addr)
{
    TestValue value = model_read(m, arg_temp(op->args[0]));

    if (op->opc == INDEX_op_qemu_st_vec) {
        return test_store(&m->memory, addr, op->args[2], value.u);
    }
    value.q[1] = 0;
    if (!test_load(&m->memory, addr, op->args[2], &value.u)) {
        return false;
    }
    model_write(m, arg_temp(op->args[0]), value);
    return true;
}

bool model_vec_access(Model *m, const TCGOp *op)
{
    MemOpIdx half = make_memop_idx(MO_64 | (get_memop(op->args[2]) & MO_BSWAP), 0);
    int first = get_memop(op->args[2]) & MO_BSWAP ? 1 : 0;
    uint64_t addr = model_read(m, arg_temp(op->args[1])).u, unused;
    TestValue value = model_read(m, arg_temp(op->args[0]));

    if ((get_memop(op->args[2]) & MO_SIZE) != MO_128) {
        return short_vec_access(m, op, addr);
    }
    if (!test_load(&m->memory, addr, half, &unused) ||
        !test_load(&m->memory, addr + 8, half, &unused)) {
        return false;
    }
    if (op->opc == INDEX_op_qemu_ld_vec) {
        test_load(&m->memory, addr, half, &value.q[first]);
        test_load(&m->memory, addr + 8, half, &value.q[1 - first]);
        model_write(m, arg_temp(op->args[0]), value);
    } else {
        test_store(&m->memory, addr, half, value.q[first]);
        test_store(&m->memory, addr + 8, half, value.q[1 - first]);
    }
    return true;
}

static TestValue simd_result(const TestValue *in, const TCGArg *c)
{
    SimdStatus status = { .csr = SIMD_CSR_DEFAULT };
    SimdVec v[3], d;
    TestValue result;

    memcpy(v, in, sizeof(v));
    simd_compute(c[0], &status, &d, &v[0], &v[1], &v[2], c[1]);
    memcpy(&result, &d, sizeof(d));
    return result;
}

void model_fp_or_vec(Model *m, const TCGOp *op)
{
    const TCGOpDef *def = &tcg_op_defs[op->opc];
    const TCGArg *c = &op->args[def->nb_oargs + def->nb_iargs];
    TestValue in[4] = { 0 };

    for (int i = 0; i < def->nb_iargs; i++) {
        in[i] = model_read(m, arg_temp(op->args[def->nb_oargs + i]));
    }
    switch (op->opc) {
    case INDEX_op_st_f32:
        memcpy((void *)(in[1].u + c[0]), &in[0], 4);
        break;
    case INDEX_op_st_f64:
        memcpy((void *)(in[1].u + c[0]), &in[0], 8);
        break;
    case INDEX_op_st_vec:
        memcpy((void *)(in[1].u + c[0]), &in[0], 16);
        break;
    case INDEX_op_ld_vec:
        memcpy(&in[1], (void *)(in[0].u + c[0]), 16);
        model_write(m, arg_temp(op->args[0]), in[1]);
        break;
    case INDEX_op_bits_i64_vec:
    case INDEX_op_bits_vec_i64:
        model_write(m, arg_temp(op->args[0]), u64_value(in[0].u));
        break;
    case INDEX_op_simd1_vec:
    case INDEX_op_simd2_vec:
    case INDEX_op_simd3_vec:
    case INDEX_op_simd_from_vec:
    case INDEX_op_simd_to_vec:
        model_write(m, arg_temp(op->args[0]), simd_result(in, c));
        break;
    default:
        model_write(m, arg_temp(op->args[0]),
                    def->type == TCG_TYPE_V128 ? vec_result(op, in, c) : fp_result(m, op, in, c));
        break;
    }
}
