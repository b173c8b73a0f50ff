/*
 * See model.h: integer ops, control flow, guest memory. Floating point and
 * vectors are in model-fp.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "model-ops.h"

/* --- integer ops: out[], in[] zero-extended; c[] constants; w: width in bits ---------------- */

typedef unsigned __int128 u128;

static int64_t sx(uint64_t value, unsigned w)
{
    return w == 32 ? (int32_t)value : (int64_t)value;
}

static uint64_t field(unsigned ofs, unsigned len)
{
    return (uint64_t)(((u128)1 << len) - 1) << ofs;
}

bool model_compare(uint64_t a, uint64_t b, TCGCond cond, unsigned w)
{
    bool result = false;

    switch (cond & ~1) {
    case TCG_COND_NEVER: result = false; break;
    case TCG_COND_EQ: result = a == b; break;
    case TCG_COND_LT: result = sx(a, w) < sx(b, w); break;
    case TCG_COND_LE: result = sx(a, w) <= sx(b, w); break;
    case TCG_COND_LTU: result = a < b; break;
    case TCG_COND_LEU: result = a <= b; break;
    case TCG_COND_TSTEQ: result = !(a & b); break;
    }
    return result ^ (cond & 1);
}

static uint64_t swap_bytes(uint64_t value, unsigned bytes)
{
    uint64_t result = 0;

    for (unsigned i = 0; i < bytes; i++) {
        result |= (value >> (8 * i) & 0xff) << (8 * (bytes - 1 - i));
    }
    return result;
}

static uint64_t count_leading(uint64_t value, unsigned w)
{
    unsigned n = 0;

    while (n < w && !(value >> (w - 1 - n) & 1)) {
        n++;
    }
    return n;
}

static uint64_t count_trailing(uint64_t value)
{
    unsigned n = 0;

    while (!(value >> n & 1)) {
        n++;
    }
    return n;
}

static uint64_t count_ones(uint64_t value)
{
    unsigned n = 0;

    for (; value; value &= value - 1) {
        n++;
    }
    return n;
}

#define MODEL_INT(name, body) \
    static void model_##name(uint64_t *out, const uint64_t *in, const TCGArg *c, unsigned w) \
    { \
        body; \
    }
#define A in[0]
#define B in[1]
#define SHIFT (in[1] & (w - 1))
MODEL_INT(mov, out[0] = A)
MODEL_INT(add, out[0] = A + B)
MODEL_INT(lea, out[0] = A + (B << c[0]) + (int32_t)c[1])
MODEL_INT(sub, out[0] = A - B)
MODEL_INT(neg, out[0] = 0 - A)
MODEL_INT(mul, out[0] = A * B)
MODEL_INT(mulsh, out[0] = (__int128)sx(A, w) * sx(B, w) >> w)
MODEL_INT(muluh, out[0] = (u128)A * B >> w)
MODEL_INT(div, out[0] = B == 0 || sx(B, w) == -1 ? 0 - A : (uint64_t)(sx(A, w) / sx(B, w)))
MODEL_INT(rem, out[0] = B == 0 || sx(B, w) == -1 ? 0 : sx(A, w) % sx(B, w))
MODEL_INT(divu, out[0] = B == 0 ? 0 : A / B)
MODEL_INT(remu, out[0] = B == 0 ? 0 : A % B)
MODEL_INT(addc, u128 sum = (u128)A + B + in[2]; out[0] = sum; out[1] = sum >> w & 1)
MODEL_INT(subb, u128 d = (u128)A - B - in[2]; out[0] = d; out[1] = d >> w & 1)
MODEL_INT(and, out[0] = A & B)
MODEL_INT(or, out[0] = A | B)
MODEL_INT(xor, out[0] = A ^ B)
MODEL_INT(not, out[0] = ~A)
MODEL_INT(andc, out[0] = A & ~B)
MODEL_INT(orc, out[0] = A | ~B)
MODEL_INT(eqv, out[0] = ~(A ^ B))
MODEL_INT(nand, out[0] = ~(A & B))
MODEL_INT(nor, out[0] = ~(A | B))
MODEL_INT(shl, out[0] = A << SHIFT)
MODEL_INT(shr, out[0] = A >> SHIFT)
MODEL_INT(sar, out[0] = sx(A, w) >> SHIFT)
MODEL_INT(rotl, out[0] = (u128)A << SHIFT | (u128)A << SHIFT >> w)
MODEL_INT(rotr, out[0] = A >> SHIFT | (u128)A << (w - SHIFT))
MODEL_INT(clz, out[0] = A ? count_leading(A, w) : B)
MODEL_INT(ctz, out[0] = A ? count_trailing(A) : B)
MODEL_INT(ctpop, out[0] = count_ones(A))
MODEL_INT(bswap16, out[0] = swap_bytes(A, 2))
MODEL_INT(bswap32, out[0] = swap_bytes(A, 4))
MODEL_INT(ext8s, out[0] = (int8_t)A)
MODEL_INT(ext8u, out[0] = (uint8_t)A)
MODEL_INT(ext16s, out[0] = (int16_t)A)
MODEL_INT(ext16u, out[0] = (uint16_t)A)
MODEL_INT(deposit, out[0] = (A & ~field(c[0], c[1])) | (B << c[0] & field(c[0], c[1])))
MODEL_INT(extract, out[0] = (A & field(c[0], c[1])) >> c[0])
MODEL_INT(sextract, out[0] = (int64_t)(A << (64 - c[0] - c[1])) >> (64 - c[1]))
MODEL_INT(setcond, out[0] = model_compare(A, B, c[0], w))
MODEL_INT(negsetcond, out[0] = model_compare(A, B, c[0], w) ? -1 : 0)
MODEL_INT(movcond, out[0] = model_compare(A, B, c[0], w) ? in[2] : in[3])
MODEL_INT(ld8u, out[0] = *(uint8_t *)(A + c[0]))
MODEL_INT(ld8s, out[0] = *(int8_t *)(A + c[0]))
MODEL_INT(ld16u, out[0] = *(uint16_t *)(A + c[0]))
MODEL_INT(ld16s, out[0] = *(int16_t *)(A + c[0]))
MODEL_INT(ld, out[0] = w == 32 ? *(uint32_t *)(A + c[0]) : *(uint64_t *)(A + c[0]))
MODEL_INT(st8, *(uint8_t *)(B + c[0]) = A)
MODEL_INT(st16, *(uint16_t *)(B + c[0]) = A)
MODEL_INT(st, memcpy((void *)(B + c[0]), &in[0], w / 8))
MODEL_INT(bswap64_i64, out[0] = swap_bytes(A, 8))
MODEL_INT(ext32s_i64, out[0] = (int32_t)A)
MODEL_INT(ext32u_i64, out[0] = (uint32_t)A)
MODEL_INT(ext_i32_i64, out[0] = (int32_t)A)
MODEL_INT(extu_i32_i64, out[0] = (uint32_t)A)
MODEL_INT(extrl_i64_i32, out[0] = (uint32_t)A)
MODEL_INT(extrh_i64_i32, out[0] = A >> 32)
MODEL_INT(ld32u_i64, out[0] = *(uint32_t *)(A + c[0]))
MODEL_INT(ld32s_i64, out[0] = *(int32_t *)(A + c[0]))
MODEL_INT(st32_i64, *(uint32_t *)(B + c[0]) = A)

/* Done by model_run(). */
#define model_brcond  NULL
#define model_qemu_ld NULL
#define model_qemu_st NULL

typedef void IntModel(uint64_t *out, const uint64_t *in, const TCGArg *c, unsigned w);

#define OP_INT(n, o, i, c, p, m) \
    [INDEX_op_##n##_i32] = model_##n, [INDEX_op_##n##_i64] = model_##n,
#define OP_FP(n, o, i, c, p, m)
#define OP_VEC(n, o, i, c, p, m)
#define OP_ONE(n, o, i, c, p, m)
static IntModel *const int_models[NB_OPS] = {
#include "tcg/tcg-opc.h"
    [INDEX_op_bswap64_i64] = model_bswap64_i64, [INDEX_op_ext32s_i64] = model_ext32s_i64,
    [INDEX_op_ext32u_i64] = model_ext32u_i64, [INDEX_op_ext_i32_i64] = model_ext_i32_i64,
    [INDEX_op_extu_i32_i64] = model_extu_i32_i64, [INDEX_op_extrl_i64_i32] = model_extrl_i64_i32,
    [INDEX_op_extrh_i64_i32] = model_extrh_i64_i32, [INDEX_op_ld32u_i64] = model_ld32u_i64,
    [INDEX_op_ld32s_i64] = model_ld32s_i64, [INDEX_op_st32_i64] = model_st32_i64,
};

/* --- temps --- */

static size_t type_bytes(TCGType type)
{
    static const uint8_t bytes[] = {
        [TCG_TYPE_I32] = 4, [TCG_TYPE_I64] = 8, [TCG_TYPE_F32] = 4, [TCG_TYPE_F64] = 8,
        [TCG_TYPE_V128] = 16,
    };

    return bytes[type];
}

TestValue model_read(Model *m, const TCGTemp *t)
{
    TestValue value = { .q = { 0, 0 } };

    switch (t->kind) {
    case TEMP_CONST:
        value.u = t->val;
        break;
    case TEMP_FIXED:
        value.u = (uintptr_t)&m->env;
        break;
    case TEMP_GLOBAL:
        memcpy(&value, (uint8_t *)&m->env + t->mem_offset, type_bytes(t->type));
        break;
    case TEMP_TEMP:
        value = m->temps[t->index];
        break;
    }
    return value;
}

void model_write(Model *m, const TCGTemp *t, TestValue value)
{
    TestValue kept = { .q = { 0, 0 } };

    memcpy(&kept, &value, type_bytes(t->type));
    if (t->kind == TEMP_GLOBAL) {
        memcpy((uint8_t *)&m->env + t->mem_offset, &kept, type_bytes(t->type));
    } else {
        g_assert_cmpint(t->kind, ==, TEMP_TEMP);
        m->temps[t->index] = kept;
    }
}

/* --- ops --- */

static void run_int(Model *m, const TCGOp *op)
{
    const TCGOpDef *def = &tcg_op_defs[op->opc];
    uint64_t in[4] = { 0 }, out[2] = { 0 };
    const TCGArg *constants = &op->args[def->nb_oargs + def->nb_iargs];
    unsigned width = def->type == TCG_TYPE_I32 ? 32 : 64;

    for (int i = 0; i < def->nb_iargs; i++) {
        in[i] = model_read(m, arg_temp(op->args[def->nb_oargs + i])).u;
    }
    int_models[op->opc](out, in, constants, width);
    for (int i = 0; i < def->nb_oargs; i++) {
        model_write(m, arg_temp(op->args[i]), (TestValue){ .u = out[i] });
    }
}

void model_op(Model *m, const TCGOp *op)
{
    if (int_models[op->opc]) {
        run_int(m, op);
    } else {
        model_fp_or_vec(m, op);
    }
}

uint64_t call_int_helper(const TCGHelperInfo *info, const uint64_t *a)
{
    uint64_t (*func)(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t) = info->func;

    return func(a[0], a[1], a[2], a[3], a[4], a[5]);
}

static void run_call(Model *m, const TCGOp *op)
{
    uint64_t args[TCG_MAX_CALL_ARGS] = { 0 };
    uint64_t result;

    for (int i = 0; i < op->call_in; i++) {
        args[i] = model_read(m, arg_temp(op->args[op->call_out + i])).u;
    }
    result = call_int_helper(tcg_call_info(op), args);
    if (op->call_out) {
        model_write(m, arg_temp(op->args[0]), (TestValue){ .u = result });
    }
}

/* False: it faults. */
static bool run_guest_access(Model *m, const TCGOp *op)
{
    const TCGOpDef *def = &tcg_op_defs[op->opc];
    bool is_load = def->nb_oargs;
    TCGTemp *value_temp = arg_temp(op->args[0]);
    uint64_t addr = model_read(m, arg_temp(op->args[1])).u;
    TestValue value = { .q = { 0, 0 } };

    if (def->type == TCG_TYPE_V128) {
        return model_vec_access(m, op);
    }
    if (is_load) {
        if (!test_load(&m->memory, addr, op->args[2], &value.u)) {
            return false;
        }
        model_write(m, value_temp, value);
        return true;
    }
    return test_store(&m->memory, addr, op->args[2], model_read(m, value_temp).u);
}

static bool branch_taken(Model *m, const TCGOp *op)
{
    TestValue a = model_read(m, arg_temp(op->args[0]));
    TestValue b = model_read(m, arg_temp(op->args[1]));

    switch (op->opc) {
    case INDEX_op_brcond_i32:
        return model_compare(a.u, b.u, op->args[2], 32);
    case INDEX_op_brcond_i64:
        return model_compare(a.u, b.u, op->args[2], 64);
    case INDEX_op_brcond_f32:
        return model_fcompare(a.f, b.f, op->args[2]);
    default:
        return model_fcompare(a.d, b.d, op->args[2]);
    }
}

void model_load_guest(Model *m)
{
    m->env = *test_env;
    m->memory = test_memory;
}

static const TCGOp *label_op(const TCGLabel *l)
{
    const TCGOp *op = tcg_ctx->first_op;

    while (op->opc != INDEX_op_set_label || arg_label(op->args[0]) != l) {
        op = op->next;
    }
    return op;
}

/* The fault of op: with the instruction that it belongs to in the order of the text. */
static TestResult fault_at(const TCGOp *op)
{
    TestResult result = { .faulted = true, .fault_insn = -1 };

    for (; op; op = op->prev) {
        if (op->opc == INDEX_op_insn_start) {
            if (result.fault_insn++ < 0) {
                memcpy(result.fault_data, op->args, sizeof(result.fault_data));
            }
        }
    }
    return result;
}

TestResult model_run(Model *m)
{
    for (const TCGOp *op = tcg_ctx->first_op; op; op = op->next) {
        const TCGOpDef *def = &tcg_op_defs[op->opc];

        if (op->opc == INDEX_op_exit_tb) {
            return (TestResult){ .exit_value = op->args[0] };
        } else if (op->opc == INDEX_op_call) {
            run_call(m, op);
        } else if (def->flags & TCG_OPF_MAY_FAULT) {
            if (!run_guest_access(m, op)) {
                return fault_at(op);
            }
        } else if (op->opc == INDEX_op_br || (tcg_op_label(op) && op->opc != INDEX_op_set_label &&
                                              branch_taken(m, op))) {
            op = label_op(tcg_op_label(op));
        } else if (!(def->flags & (TCG_OPF_ENDS_BLOCK | TCG_OPF_COND_EXIT)) &&
                   op->opc != INDEX_op_insn_start && op->opc != INDEX_op_mb &&
                   op->opc != INDEX_op_discard) {
            model_op(m, op);
        }
    }
    g_assert_not_reached();
}
