/*
 * Every op alone, through all passes and the configured back end, against the
 * model: edge and random values, in globals, temps and constants, outputs of
 * their own or on top of an input. What fails here gives wrong guest results.
 *
 * SPDX-License-Identifier: MIT
 */
#include "gen.h"

#define TRIALS 400
#define OUT_SCRATCH 64          /* scratch index of the first output */
#define ACCESS_SCRATCH 128      /* of what host loads and stores touch */

static Model model;

/* --- one trial: values of the inputs, then the block --- */

static unsigned width_of(TCGOpcode opc)
{
    return tcg_op_defs[opc].type == TCG_TYPE_I32 ? 32 : 64;
}

static TestValue input_value(TCGOpcode opc, unsigned n, TCGType type)
{
    TestValue value = gen_value(type);

    switch (gen_rule(opc)) {
    case RULE_SHIFT:
        value.u &= n == 1 ? width_of(opc) - 1 : UINT64_MAX;
        break;
    case RULE_DIVISOR:
        if (n == 1 && (value.u == 0 || (type == TCG_TYPE_I32 ? (int32_t)value.u == -1
                                                             : (int64_t)value.u == -1))) {
            value.u = 3;
        }
        break;
    case RULE_CARRY:
        value.u &= n == 2 ? 1 : UINT64_MAX;
        break;
    default:
        break;
    }
    return value;
}

static TCGTemp *load_temp(TCGType type, unsigned slot)
{
    TCGTemp *t = tcg_temp_new_internal(type);
    intptr_t offset = offsetof(CPUArchState, scratch[2 * slot]);

    switch (type) {
    case TCG_TYPE_I32: tcg_gen_ld_i32((TCGv_i32)t, tcg_env, offset); break;
    case TCG_TYPE_I64: tcg_gen_ld_i64((TCGv_i64)t, tcg_env, offset); break;
    case TCG_TYPE_F32: tcg_gen_ld_f32((TCGv_f32)t, tcg_env, offset); break;
    case TCG_TYPE_F64: tcg_gen_ld_f64((TCGv_f64)t, tcg_env, offset); break;
    default: tcg_gen_ld_vec((TCGv_vec)t, tcg_env, offset); break;
    }
    return t;
}

static void store_temp(TCGTemp *t, unsigned slot)
{
    intptr_t offset = offsetof(CPUArchState, scratch[2 * slot]);

    switch (t->type) {
    case TCG_TYPE_I32: tcg_gen_st_i32((TCGv_i32)t, tcg_env, offset); break;
    case TCG_TYPE_I64: tcg_gen_st_i64((TCGv_i64)t, tcg_env, offset); break;
    case TCG_TYPE_F32: tcg_gen_st_f32((TCGv_f32)t, tcg_env, offset); break;
    case TCG_TYPE_F64: tcg_gen_st_f64((TCGv_f64)t, tcg_env, offset); break;
    default: tcg_gen_st_vec((TCGv_vec)t, tcg_env, offset); break;
    }
}

static TCGTemp *global(TCGType type, unsigned n)
{
    void *handle;

    switch (type) {
    case TCG_TYPE_I32: handle = test_i32[n]; break;
    case TCG_TYPE_I64: handle = test_i64[n]; break;
    case TCG_TYPE_F64: handle = n < TEST_NB_F64 ? test_f64[n] : NULL; break;
    case TCG_TYPE_V128: handle = n < TEST_NB_VEC ? test_vec[n] : NULL; break;
    default: handle = NULL; break;
    }
    return handle ? tcg_ctx->temps[tcgv_temp(handle)->index] : NULL;
}

static TCGTemp *make_input(TCGType type, unsigned n, TestValue value)
{
    TCGTemp *g = global(type, n);

    if ((type == TCG_TYPE_I32 || type == TCG_TYPE_I64) && test_random_below(4) == 0) {
        return tcg_const_temp(type, value.u);
    }
    if (g && test_random_below(2)) {
        memcpy((uint8_t *)test_env + g->mem_offset, &value,
               type == TCG_TYPE_V128 ? 16 : type == TCG_TYPE_I32 ? 4 : 8);
        return g;
    }
    memcpy(&test_env->scratch[2 * n], &value, sizeof(value));
    return load_temp(type, n);
}

static TCGTemp *make_output(TCGType type, unsigned n, TCGTemp *const *inputs, unsigned nb_in)
{
    TCGTemp *in = nb_in ? inputs[test_random_below(nb_in)] : NULL;
    TCGTemp *g = global(type, 5 + n);

    /* Two outputs on one input would be ambiguous. */
    if (in && n == 0 && in->type == type && in->kind <= TEMP_GLOBAL && test_random_below(2)) {
        return in;
    }
    return g && test_random_below(2) ? g : tcg_temp_new_internal(type);
}

static TCGTemp *address_input(OperandRule rule)
{
    uint64_t addr = TEST_RAM_BASE + test_random_below(TEST_RAM_SIZE - 16);

    if (rule == RULE_HOST_ADDRESS) {
        return tcg_ctx->temps[0];
    }
    return make_input(test_addr_type(), 3, (TestValue){ .u = addr });
}

static void emit_trial(TCGOpcode opc)
{
    const TCGOpDef *def = &tcg_op_defs[opc];
    OperandRule rule = gen_rule(opc);
    TCGTemp *in[4], *out[2];
    TCGOp *op;

    for (int i = 0; i < def->nb_iargs; i++) {
        bool is_address = i == def->nb_iargs - 1 && rule >= RULE_HOST_ADDRESS;
        int type = tcg_op_arg_type(opc, def->nb_oargs + i);

        in[i] = is_address ? address_input(rule) : make_input(type, i, input_value(opc, i, type));
    }
    for (int i = 0; i < def->nb_oargs; i++) {
        out[i] = make_output(tcg_op_arg_type(opc, i), i, in, def->nb_iargs);
    }
    op = tcg_emit_op(opc, def->nb_oargs + def->nb_iargs + def->nb_cargs);
    for (int i = 0; i < def->nb_oargs; i++) {
        op->args[i] = temp_arg(out[i]);
    }
    for (int i = 0; i < def->nb_iargs; i++) {
        op->args[def->nb_oargs + i] = temp_arg(in[i]);
    }
    gen_constants(op, offsetof(CPUArchState, scratch[ACCESS_SCRATCH]));
    for (int i = 0; i < def->nb_oargs; i++) {
        store_temp(out[i], OUT_SCRATCH / 2 + i);
    }
}

/* --- comparison --- */

static void fill_guest(void)
{
    uint64_t *words = (uint64_t *)test_env;

    for (size_t i = 0; i < sizeof(CPUArchState) / 8; i++) {
        words[i] = test_random();
    }
    for (size_t i = 0; i < sizeof(test_memory) / 8; i += 16) {
        memcpy(&test_memory.ram[8 * i], &(uint64_t){ test_random() }, 8);
    }
}

static bool outputs_agree(TCGOpcode opc)
{
    for (int i = 0; i < tcg_op_defs[opc].nb_oargs; i++) {
        TCGType type = tcg_op_arg_type(opc, i);
        const uint64_t *got = &test_env->scratch[OUT_SCRATCH + 2 * i];
        const uint64_t *expected = &model.env.scratch[OUT_SCRATCH + 2 * i];

        if (!(type == TCG_TYPE_V128 && gen_is_fp_op(opc) ? gen_same_lanes(got, expected)
                                                         : gen_same_value(type, got, expected))) {
            return false;
        }
    }
    /* NaNs may also sit in an output global: only exact ops are compared as a whole. */
    return gen_is_fp_op(opc) || memcmp(test_env, &model.env, sizeof(CPUArchState)) == 0;
}

static bool trial(TCGOpcode opc)
{
    TestResult got, expected;
    const void *code;

    test_begin();
    fill_guest();
    tcg_gen_insn_start(0x1000, 0, 0);
    emit_trial(opc);
    tcg_gen_exit_tb(NULL, 0);
    model_load_guest(&model);
    expected = model_run(&model);
    code = test_translate();
    got = test_run(code);
    return got.faulted == expected.faulted && outputs_agree(opc) &&
           memcmp(&test_memory, &model.memory, sizeof(test_memory)) == 0;
}

/* Says how the trial that began with this seed fails: its ops again, not optimized. */
static void report(TCGOpcode opc, uint64_t seed)
{
    const TCGOpDef *def = &tcg_op_defs[opc];

    printf("# op %s, seed 0x%" PRIx64 "\n", def->name, seed);
    for (int i = 0; i < def->nb_oargs; i++) {
        const uint64_t *got = &test_env->scratch[OUT_SCRATCH + 2 * i];
        const uint64_t *expected = &model.env.scratch[OUT_SCRATCH + 2 * i];

        printf("# output %d: got %016" PRIx64 "%016" PRIx64 ", expected %016" PRIx64 "%016" PRIx64
               "\n", i, got[1], got[0], expected[1], expected[0]);
    }
    test_random_seed(seed);
    test_begin();
    fill_guest();
    emit_trial(opc);
    for (int i = 0; i < 4; i++) {
        printf("# input %d: temp %016" PRIx64 "%016" PRIx64 " w 0x%x x 0x%" PRIx64 "\n", i,
               test_env->scratch[2 * i + 1], test_env->scratch[2 * i], test_env->i32[i],
               test_env->i64[i]);
    }
    tcg_dump_ops(tcg_ctx, stdout);
}

static bool test_op(TCGOpcode opc, uint64_t seed)
{
    for (int i = 0; i < TRIALS; i++) {
        uint64_t trial_seed = seed + (uint64_t)opc * TRIALS + i;

        test_random_seed(trial_seed);
        if (!trial(opc)) {
            report(opc, trial_seed);
            return false;
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    uint64_t seed = argc > 1 ? g_ascii_strtoull(argv[1], NULL, 0) : 1;
    int number = 0, failed = 0;

    test_init();
    printf("# seed %" PRIu64 "\n", seed);
    for (int opc = 0; opc < NB_OPS; opc++) {
        if (gen_is_value_op(opc)) {
            bool ok = test_op(opc, seed);

            printf("%s %d - %s\n", ok ? "ok" : "not ok", ++number, tcg_op_defs[opc].name);
            failed += !ok;
        }
    }
    printf("1..%d\n", number);
    return failed != 0;
}
