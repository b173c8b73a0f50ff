/*
 * See gen.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "gen.h"
#include "tcg/helper-info.h"

#include <math.h>

/* --- the tests' helpers --- */

uint64_t helper_mix(uint64_t a, uint64_t b)
{
    return a * 3 + (b ^ a >> 7);
}

uint32_t helper_sum_globals(CPUArchState *env)
{
    return env->i32[0] + env->i32[3] * 5 + (uint32_t)env->i64[1];
}

void helper_change_globals(CPUArchState *env, uint32_t value)
{
    env->i32[1] += value;
    env->i64[0] ^= value;
    env->f64[1] = (uint64_t)value << 30;
    env->vec[2][1] += value;
}

uint64_t helper_six(uint32_t a, uint64_t b, uint32_t c, uint64_t d, uint32_t e, uint64_t f)
{
    return a + 3 * b + 5 * (uint64_t)c + 7 * d + 11 * (uint64_t)e + 13 * f;
}

double helper_fp_mix(double a, uint32_t b, float c)
{
    return a + b * 0.5 + c;
}

void helper_note_enter(CPUArchState *env)
{
    env->scratch[1]++;
}

uint64_t helper_fix(CPUArchState *env, uint64_t b, uint64_t c, uint64_t e, uint64_t info)
{
    return (b ^ c << 1 ^ e << 2) + info;
}

/* --- ops --- */

#define BOTH(name) INDEX_op_##name##_i32: case INDEX_op_##name##_i64
#define BOTH_FP(name) INDEX_op_##name##_f32: case INDEX_op_##name##_f64

OperandRule gen_rule(TCGOpcode opc)
{
    const char *meaning = tcg_op_defs[opc].meaning;

    if (tcg_op_defs[opc].flags & TCG_OPF_MAY_FAULT) {
        return RULE_GUEST_ADDRESS;
    }
    if (strstr(meaning, "host address")) {
        return RULE_HOST_ADDRESS;
    }
    if (strstr(meaning, ">= width")) {
        return RULE_SHIFT;
    }
    if (strstr(meaning, "undefined")) {
        return RULE_DIVISOR;
    }
    return strstr(meaning, "are 0 or 1") ? RULE_CARRY : RULE_NONE;
}

bool gen_is_value_op(TCGOpcode opc)
{
    return !(tcg_op_defs[opc].flags & (TCG_OPF_ENDS_BLOCK | TCG_OPF_COND_EXIT)) &&
           opc != INDEX_op_call && opc != INDEX_op_insn_start && opc != INDEX_op_discard &&
           opc != INDEX_op_mb && !g_str_has_prefix(tcg_op_defs[opc].name, "x87");
}

bool gen_is_fp_op(TCGOpcode opc)
{
    const char *name = tcg_op_defs[opc].name;

    return strstr(name, "_f32") || strstr(name, "_f64") || g_str_has_prefix(name, "fadd") ||
           g_str_has_prefix(name, "fsub") || g_str_has_prefix(name, "fmul");
}

/* --- values --- */

static uint64_t gen_int(void)
{
    static const uint64_t edges[] = {
        0, 1, 2, 3, 7, 8, 15, 16, 31, 32, 63, 64, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000,
        0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, 0x7fffffffffffffff,
        0x8000000000000000, 0xffffffffffffffff, 0xfffffffffffffffe, 0xffffffffffffff80,
        0xffffffffffff8000, 0xffffffff80000000, 0xffffffff00000000, 0x5555555555555555,
        0x123456789abcdef0,
    };

    switch (test_random_below(4)) {
    case 0: return test_random();
    case 1: return test_random() >> test_random_below(64);
    case 2: return (int64_t)test_random() >> test_random_below(64);
    default: return edges[test_random_below(ARRAY_SIZE(edges))];
    }
}

static double gen_double(bool is_f32)
{
    static const double edges[] = {
        0.0, -0.0, 1.0, -1.0, 1.5, -2.5, 0.5, 3.0, 1e10, -1e10, 2147483647.0, -2147483648.0,
        2147483648.0, 4294967296.5, 9223372036854775808.0, -9223372036854775808.0,
        0x1p-126, 0x1p-149, 0x1.fffffep127, INFINITY, -INFINITY, NAN,
    };
    static const double wide_edges[] = { 0x1p-1022, 0x1p-1074, 0x1.fffffffffffffp1023, 0x1p-130 };

    switch (test_random_below(4)) {
    case 0: return edges[test_random_below(ARRAY_SIZE(edges))];
    case 1: return is_f32 ? 2.0 : wide_edges[test_random_below(ARRAY_SIZE(wide_edges))];
    case 2: return (int32_t)test_random() / 16.0;
    default: return ldexp((double)(int64_t)test_random(), (int)test_random_below(120) - 110);
    }
}

TestValue gen_value(TCGType type)
{
    TestValue value = { .q = { 0, 0 } };

    switch (type) {
    case TCG_TYPE_I32:
        value.u = (uint32_t)gen_int();
        break;
    case TCG_TYPE_F32:
        value.f = gen_double(true);
        break;
    case TCG_TYPE_F64:
        value.d = gen_double(false);
        break;
    case TCG_TYPE_V128:
        value.q[0] = gen_int();
        value.q[1] = gen_int();
        break;
    default:
        value.u = gen_int();
        break;
    }
    return value;
}

bool gen_same_value(TCGType type, const void *a, const void *b)
{
    static const uint8_t bytes[] = { 4, 8, 4, 8, 16 };
    TestValue x = { 0 }, y = { 0 };

    memcpy(&x, a, bytes[type]);
    memcpy(&y, b, bytes[type]);
    if (type == TCG_TYPE_F32 && isnan(x.f) && isnan(y.f)) {
        return true;
    }
    if (type == TCG_TYPE_F64 && isnan(x.d) && isnan(y.d)) {
        return true;
    }
    return memcmp(&x, &y, bytes[type]) == 0;
}

bool gen_same_lanes(const void *a, const void *b)
{
    for (int i = 0; i < 16; i += 4) {
        if (!gen_same_value(TCG_TYPE_F32, (const uint8_t *)a + i, (const uint8_t *)b + i)) {
            return false;
        }
    }
    return true;
}

/* --- constants --- */

static unsigned random_vece(TCGOpcode opc)
{
    unsigned mask = model_vece_mask(opc), vece;

    do {
        vece = test_random_below(4);
    } while (!(mask & 1 << vece));
    return vece;
}

static MemOpIdx random_memop(TCGOpcode opc)
{
    TCGType type = tcg_op_defs[opc].type;
    MemOp op;

    switch (type) {
    case TCG_TYPE_F32:
        op = MO_32;
        break;
    case TCG_TYPE_F64:
        op = MO_64;
        break;
    case TCG_TYPE_V128:
        op = MO_32 + test_random_below(3);
        break;
    default:
        op = test_random_below(type == TCG_TYPE_I32 ? 3 : 4);
        if (tcg_op_defs[opc].nb_oargs && op < (type == TCG_TYPE_I32 ? MO_32 : MO_64)) {
            op |= test_random() & MO_SIGN;
        }
        break;
    }
    return make_memop_idx(op | (test_random() & MO_BSWAP), test_random_below(3));
}

static void random_field(TCGArg *c, unsigned width)
{
    c[0] = test_random_below(width);
    c[1] = 1 + test_random_below(width - c[0]);
    if (c[1] == width) {
        c[1]--;
    }
}

TCGOpcode gen_simd_opcode(SimdForm form)
{
    static const uint16_t opcodes[] = {
        [SIMD_FORM_A] = INDEX_op_simd1_vec, [SIMD_FORM_AI] = INDEX_op_simd1_vec,
        [SIMD_FORM_STORED_AI] = INDEX_op_simd1_vec, [SIMD_FORM_SHIFT3] = INDEX_op_simd1_vec,
        [SIMD_FORM_SHIFT7] = INDEX_op_simd1_vec, [SIMD_FORM_AB] = INDEX_op_simd2_vec,
        [SIMD_FORM_ABI] = INDEX_op_simd2_vec, [SIMD_FORM_LEGACY_AB] = INDEX_op_simd2_vec,
        [SIMD_FORM_LEGACY_ABI] = INDEX_op_simd2_vec, [SIMD_FORM_ABC] = INDEX_op_simd3_vec,
        [SIMD_FORM_LEGACY_ABC] = INDEX_op_simd3_vec, [SIMD_FORM_FMA] = INDEX_op_simd3_vec,
        [SIMD_FORM_FROM] = INDEX_op_simd_from_vec, [SIMD_FORM_FROMI] = INDEX_op_simd_from_vec,
        [SIMD_FORM_R] = INDEX_op_simd_to_vec, [SIMD_FORM_RI] = INDEX_op_simd_to_vec,
        [SIMD_FORM_STORED_RI] = INDEX_op_simd_to_vec, [SIMD_FORM_FLAGS] = INDEX_op_simd_to_vec,
    };

    return opcodes[form];
}

bool gen_simd_is_estimate(SimdOp simd)
{
    return simd == SIMD_OP_rcpps || simd == SIMD_OP_rcpss || simd == SIMD_OP_rsqrtps ||
           simd == SIMD_OP_rsqrtss;
}

bool gen_simd_is_dot_product(SimdOp simd)
{
    return simd == SIMD_OP_dpps || simd == SIMD_OP_dppd;
}

/* An operation of exact result for the op. */
static SimdOp random_simd(TCGOpcode opc)
{
    SimdOp simd;

    do {
        simd = test_random_below(NB_SIMD_OPS);
    } while (gen_simd_opcode(simd_op_defs[simd].form) != opc || gen_simd_is_estimate(simd) ||
             gen_simd_is_dot_product(simd));
    return simd;
}

static bool is_field_op(TCGOpcode opc)
{
    return strstr(tcg_op_defs[opc].meaning, "bits c1") != NULL;
}

void gen_constants(TCGOp *op, intptr_t scratch_offset)
{
    const TCGOpDef *def = &tcg_op_defs[op->opc];
    TCGArg *c = &op->args[def->nb_oargs + def->nb_iargs];

    if (def->type == TCG_TYPE_V128) {
        op->vece = random_vece(op->opc);
    }
    if (!def->nb_cargs) {
        return;
    }
    switch (op->opc) {
    case BOTH(lea):
        c[0] = test_random_below(4);
        c[1] = test_random_below(2) ? (TCGArg)(int32_t)test_random() : 0;
        break;
    case BOTH(setcond):
    case BOTH(negsetcond):
    case BOTH(movcond):
    case BOTH(brcond):
        c[0] = TCG_COND_EQ + test_random_below(TCG_COND_TSTNE - TCG_COND_EQ + 1);
        break;
    case BOTH_FP(setcond):
    case BOTH_FP(brcond):
        c[0] = test_random_below(TCG_FCOND_ORD + 1);
        break;
    case BOTH_FP(guard):
        do {
            c[0] = test_random_below(TCG_GUARD_SINGLE + 1);
        } while (op->opc == INDEX_op_guard_f32 &&
                 (c[0] == TCG_GUARD_NO_HALF || c[0] == TCG_GUARD_SINGLE));
        c[1] = (TCGArg)&helper_info_fix;
        c[2] = test_random_below(1000);
        break;
    case INDEX_op_simd1_vec:
    case INDEX_op_simd2_vec:
    case INDEX_op_simd3_vec:
    case INDEX_op_simd_from_vec:
    case INDEX_op_simd_to_vec:
        c[0] = random_simd(op->opc);
        c[1] = simd_form_has_imm(simd_op_defs[c[0]].form) ? test_random_below(256) : 0;
        break;
    case INDEX_op_dup_elem_vec:
        c[0] = test_random_below(16 >> op->vece);
        break;
    default:
        if (gen_rule(op->opc) == RULE_GUEST_ADDRESS) {
            c[0] = random_memop(op->opc);
        } else if (gen_rule(op->opc) == RULE_HOST_ADDRESS) {
            c[0] = scratch_offset;
        } else if (is_field_op(op->opc)) {
            random_field(c, def->type == TCG_TYPE_I32 ? 32 : 64);
        } else if (def->type == TCG_TYPE_V128) {
            c[0] = 1 + test_random_below((8 << op->vece) - 1);
        } else {
            c[0] = test_random_below(2);        /* truncate */
        }
        break;
    }
}
