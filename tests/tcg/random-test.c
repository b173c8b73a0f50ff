/*
 * Random sequences of ops with branches, loops, helpers and faulting guest
 * accesses, against the model. What fails here is wrong liveness, allocation,
 * write-back of globals, or a wrong rewrite of the optimizer.
 *
 *     random-test [first seed [number of sequences]]
 *
 * SPDX-License-Identifier: MIT
 */
#include "gen.h"

#define DEFAULT_SEQUENCES 30000
#define MAX_ITEMS 48
#define TEMPS_PER_TYPE 5
#define ACCESS_SCRATCH 64       /* 32 words that host loads and stores touch */
#define FINAL_SCRATCH 128       /* temps at the end, two words each */
#define POOL_SIZE (8 + TEMPS_PER_TYPE)

static Model model;
static TCGTemp *pool[TCG_TYPE_COUNT][POOL_SIZE];
static int pool_size[TCG_TYPE_COUNT];
static uint64_t next_guest_pc;

/* --- operands --- */

static void pool_add(void *handle)
{
    TCGTemp *t = tcgv_temp(handle);

    if (t->index < tcg_ctx->nb_globals) {
        t = tcg_ctx->temps[t->index];
    }
    pool[t->type][pool_size[t->type]++] = t;
}

static void make_pool(void)
{
    memset(pool_size, 0, sizeof(pool_size));
    for (int i = 0; i < TEST_NB_I32; i++) {
        pool_add(test_i32[i]);
        pool_add(test_i64[i]);
    }
    for (int i = 0; i < TEST_NB_F64; i++) {
        pool_add(test_f64[i]);
        pool_add(test_vec[i]);
    }
    for (int type = 0; type < TCG_TYPE_COUNT; type++) {
        for (int i = 0; i < TEMPS_PER_TYPE; i++) {
            pool_add(tcg_temp_new_internal(type));
        }
    }
}

static TCGTemp *pick(TCGType type)
{
    return pool[type][test_random_below(pool_size[type])];
}

static TCGTemp *pick_input(TCGType type)
{
    if ((type == TCG_TYPE_I32 || type == TCG_TYPE_I64) && test_random_below(4) == 0) {
        return tcg_const_temp(type, gen_value(type).u);
    }
    return pick(type);
}

/* A temp with (value & mask) | ones, so that rules of an op hold. */
static TCGTemp *masked(TCGType type, uint64_t mask, uint64_t ones)
{
    TCGTemp *t = tcg_temp_new_internal(type);

    if (type == TCG_TYPE_I32) {
        tcg_gen_andi_i32((TCGv_i32)t, (TCGv_i32)pick_input(type), mask);
        tcg_gen_ori_i32((TCGv_i32)t, (TCGv_i32)t, ones);
    } else {
        tcg_gen_andi_i64((TCGv_i64)t, (TCGv_i64)pick_input(type), mask);
        tcg_gen_ori_i64((TCGv_i64)t, (TCGv_i64)t, ones);
    }
    return t;
}

static TCGTemp *guest_address(void)
{
    if (test_random_below(64) == 0) {
        return tcg_const_temp(test_addr_type(), TEST_FAULT_ADDR);
    }
    if (test_random_below(64) == 0) {
        return pick_input(test_addr_type());
    }
    if (test_random_below(8) == 0) {
        return tcg_const_temp(test_addr_type(), TEST_RAM_BASE + test_random_below(TEST_RAM_SIZE / 2));
    }
    return masked(test_addr_type(), TEST_RAM_SIZE / 2 - 1, TEST_RAM_BASE);
}

/* The two fixed host areas do not overlap with a vector at their end. */
static intptr_t scratch_offset(void)
{
    return offsetof(CPUArchState, scratch[ACCESS_SCRATCH + 2 * test_random_below(16)]);
}

static TCGTemp *pick_by_rule(TCGOpcode opc, unsigned n, TCGType type)
{
    OperandRule rule = gen_rule(opc);
    bool is_last = n == tcg_op_defs[opc].nb_iargs - 1u;

    if (rule == RULE_SHIFT && n == 1) {
        return masked(type, type == TCG_TYPE_I32 ? 31 : 63, 0);
    }
    if (rule == RULE_DIVISOR && n == 1) {
        return masked(type, 0xff, 1);
    }
    if (rule == RULE_CARRY && n == 2) {
        return masked(type, 1, 0);
    }
    if (rule == RULE_HOST_ADDRESS && is_last) {
        return tcg_ctx->temps[0];
    }
    if (rule == RULE_GUEST_ADDRESS && is_last) {
        return guest_address();
    }
    return pick_input(type);
}

/* --- items --- */

/* NaNs may have other bits than in the model: those must not become integers. */
static bool spreads_nan_bits(TCGOpcode opc)
{
    switch (opc) {
    case INDEX_op_bits_f32_i32:
    case INDEX_op_bits_f64_i64:
    case INDEX_op_st_f32:
    case INDEX_op_st_f64:
    case INDEX_op_qemu_st_f32:
    case INDEX_op_qemu_st_f64:
    case INDEX_op_guard_f32:
    case INDEX_op_guard_f64:
    case INDEX_op_fadd_vec:
    case INDEX_op_fsub_vec:
    case INDEX_op_fmul_vec:
        return true;
    default:
        return false;
    }
}

static TCGOpcode random_opcode(void)
{
    TCGOpcode opc;

    do {
        opc = test_random_below(NB_OPS);
    } while (!gen_is_value_op(opc) || spreads_nan_bits(opc));
    return opc;
}

static void emit_value_op(void)
{
    TCGOpcode opc = random_opcode();
    const TCGOpDef *def = &tcg_op_defs[opc];
    TCGTemp *args[6];
    TCGOp *op;
    int n = 0;

    for (int i = 0; i < def->nb_oargs; i++, n++) {
        do {
            args[n] = pick(tcg_op_arg_type(opc, n));
        } while (n == 1 && args[1] == args[0]);
    }
    for (int i = 0; i < def->nb_iargs; i++, n++) {
        int type = tcg_op_arg_type(opc, n);

        args[n] = pick_by_rule(opc, i, type == TCG_ARG_ADDR ? (int)test_addr_type() : type);
    }
    op = tcg_emit_op(opc, n + def->nb_cargs);
    for (int i = 0; i < n; i++) {
        op->args[i] = temp_arg(args[i]);
    }
    gen_constants(op, scratch_offset());
}

static TCGTemp *indexed_address(TCGTemp *base, TCGTemp *index)
{
    TCGTemp *addr = tcg_temp_new_internal(test_addr_type());
    unsigned shift = test_random_below(2) + 1;
    int disp = (int)test_random_below(96) - 64;

    if (test_wide) {
        tcg_gen_lea_i64((TCGv_i64)addr, (TCGv_i64)base, (TCGv_i64)index, shift, disp);
    } else {
        tcg_gen_lea_i32((TCGv_i32)addr, (TCGv_i32)base, (TCGv_i32)index, shift, disp);
    }
    return addr;
}

/* Accesses around one base register, as to a stack frame; some cross a page, some fault. */
static void emit_access_group(void)
{
    static const TCGOpcode accesses[] = {
        INDEX_op_qemu_ld_i32, INDEX_op_qemu_st_i32, INDEX_op_qemu_ld_i64, INDEX_op_qemu_st_i64,
        INDEX_op_qemu_ld_f64, INDEX_op_qemu_ld_vec, INDEX_op_qemu_st_vec,
    };
    uint64_t near_page_end = TEST_RAM_BASE | (test_random_below(2) ? 0xfe0 : 0);
    TCGTemp *base = masked(test_addr_type(), TEST_RAM_SIZE - 1, near_page_end);
    TCGTemp *index = test_random_below(2) ? masked(test_addr_type(), 15, 0) : NULL;

    for (int i = test_random_below(5); i >= 0; i--) {
        TCGOpcode opc = accesses[test_random_below(ARRAY_SIZE(accesses))];
        TCGTemp *addr = index ? indexed_address(base, index) : test_addr_add(base, (int)test_random_below(96) - 32);
        TCGOp *op;

        op = tcg_emit_op(opc, 3);
        op->args[0] = temp_arg(pick(tcg_op_arg_type(opc, 0)));
        op->args[1] = temp_arg(addr);
        gen_constants(op, 0);
        if (test_random_below(3) == 0) {
            emit_value_op();
        }
    }
}

static TCGCond random_cond(void)
{
    return TCG_COND_EQ + test_random_below(TCG_COND_TSTNE - TCG_COND_EQ + 1);
}

static void emit_random_branch(TCGLabel *l)
{
    switch (test_random_below(5)) {
    case 0:
        tcg_gen_brcond_f64(test_random_below(TCG_FCOND_ORD + 1), (TCGv_f64)pick(TCG_TYPE_F64),
                           (TCGv_f64)pick(TCG_TYPE_F64), l);
        break;
    case 1:
        tcg_gen_brcond_i64(random_cond(), (TCGv_i64)pick_input(TCG_TYPE_I64),
                           (TCGv_i64)pick_input(TCG_TYPE_I64), l);
        break;
    case 2:
        tcg_gen_br(l);
        break;
    default:
        tcg_gen_brcond_i32(random_cond(), (TCGv_i32)pick_input(TCG_TYPE_I32),
                           (TCGv_i32)pick_input(TCG_TYPE_I32), l);
        break;
    }
}

static void emit_call(void)
{
    switch (test_random_below(4)) {
    case 0:
        gen_helper_mix((TCGv_i64)pick(TCG_TYPE_I64), (TCGv_i64)pick_input(TCG_TYPE_I64),
                       (TCGv_i64)pick_input(TCG_TYPE_I64));
        break;
    case 1:
        gen_helper_sum_globals((TCGv_i32)pick(TCG_TYPE_I32), tcg_env);
        break;
    case 2:
        gen_helper_change_globals(tcg_env, (TCGv_i32)pick_input(TCG_TYPE_I32));
        break;
    default:
        gen_helper_six((TCGv_i64)pick(TCG_TYPE_I64), (TCGv_i32)pick_input(TCG_TYPE_I32),
                       (TCGv_i64)pick_input(TCG_TYPE_I64), (TCGv_i32)pick_input(TCG_TYPE_I32),
                       (TCGv_i64)pick_input(TCG_TYPE_I64), (TCGv_i32)pick_input(TCG_TYPE_I32),
                       (TCGv_i64)pick_input(TCG_TYPE_I64));
        break;
    }
}

/* The compare of PowerPC: a condition field as the difference of two extended values. */
static void emit_condition_field(void)
{
    TCGv_i64 field = (TCGv_i64)pick(TCG_TYPE_I64);
    TCGv_i64 a = tcg_temp_new_i64(), b = tcg_temp_new_i64();

    if (test_random_below(2)) {
        tcg_gen_ext_i32_i64(a, (TCGv_i32)pick_input(TCG_TYPE_I32));
        tcg_gen_ext_i32_i64(b, (TCGv_i32)pick_input(TCG_TYPE_I32));
    } else {
        tcg_gen_extu_i32_i64(a, (TCGv_i32)pick_input(TCG_TYPE_I32));
        tcg_gen_extu_i32_i64(b, (TCGv_i32)pick_input(TCG_TYPE_I32));
    }
    tcg_gen_sub_i64(field, a, b);
    if (test_random_below(2)) {
        tcg_gen_setcondi_i64(random_cond(), (TCGv_i64)pick(TCG_TYPE_I64), field, 0);
    }
    if (test_random_below(2)) {
        tcg_gen_extrl_i64_i32((TCGv_i32)pick(TCG_TYPE_I32), field);
    }
}

static void emit_exit(void)
{
    TCGLabel *over = gen_new_label();

    emit_random_branch(over);
    tcg_gen_exit_tb(NULL, test_random_below(16));
    gen_set_label(over);
}

static void next_instruction(void)
{
    tcg_gen_insn_start(next_guest_pc, test_random_below(100), 0);
    next_guest_pc += 4;
}

static void emit_items(int count, int depth);

static void emit_loop(int depth)
{
    TCGv_i32 left = tcg_temp_new_i32();
    TCGLabel *head = gen_new_label();

    tcg_gen_movi_i32(left, 1 + test_random_below(4));
    gen_set_label(head);
    if (test_random_below(2)) {
        tcg_gen_check_exit(1, NULL, 30);
    }
    emit_items(test_random_below(10), depth + 1);
    tcg_gen_subi_i32(left, left, 1);
    tcg_gen_brcondi_i32(TCG_COND_NE, left, 0, head);
}

/* Branches stay in their level, so that no loop is entered from its side. */
static void emit_items(int count, int depth)
{
    TCGLabel *ahead = NULL;

    for (int i = 0; i < count; i++) {
        unsigned kind = test_random_below(100);

        if (kind < 25) {
            next_instruction();
        }
        if (kind < 5 && !ahead) {
            ahead = gen_new_label();
            emit_random_branch(ahead);
        } else if (kind < 10 && ahead) {
            gen_set_label(ahead);
            ahead = NULL;
        } else if (kind < 14) {
            emit_call();
        } else if (kind < 17) {
            emit_exit();
        } else if (kind < 20 && depth < 2) {
            emit_loop(depth);
        } else if (kind < 26) {
            emit_condition_field();
        } else if (kind < 32) {
            emit_access_group();
        } else {
            emit_value_op();
        }
    }
    if (ahead) {
        gen_set_label(ahead);
    }
}

/* --- a whole sequence --- */

static void move_temp(TCGTemp *t, unsigned slot, bool is_load)
{
    static const TCGOpcode loads[] = {
        INDEX_op_ld_i32, INDEX_op_ld_i64, INDEX_op_ld_f32, INDEX_op_ld_f64, INDEX_op_ld_vec
    };
    static const TCGOpcode stores[] = {
        INDEX_op_st_i32, INDEX_op_st_i64, INDEX_op_st_f32, INDEX_op_st_f64, INDEX_op_st_vec
    };
    TCGOp *op = tcg_emit_op(is_load ? loads[t->type] : stores[t->type], 3);

    op->args[0] = temp_arg(t);
    op->args[1] = temp_arg(tcg_ctx->temps[0]);
    op->args[2] = offsetof(CPUArchState, scratch[slot]);
}

/* Temps in the order of the pool; the slots from `slot` on, two words each. */
static void move_temps(unsigned slot, bool is_load)
{
    for (int type = 0; type < TCG_TYPE_COUNT; type++) {
        for (int i = 0; i < pool_size[type]; i++) {
            if (pool[type][i]->kind == TEMP_TEMP) {
                move_temp(pool[type][i], slot, is_load);
                slot += 2;
            }
        }
    }
}

static void emit_sequence(int items)
{
    make_pool();
    next_guest_pc = 0x1000;
    next_instruction();
    move_temps(0, true);
    emit_items(items, 0);
    move_temps(FINAL_SCRATCH, false);
    tcg_gen_exit_tb(NULL, 1);
}

static void fill_guest(void)
{
    memset(test_env, 0, sizeof(*test_env));
    for (int i = 0; i < TEST_NB_I32; i++) {
        test_env->i32[i] = gen_value(TCG_TYPE_I32).u;
        test_env->i64[i] = gen_value(TCG_TYPE_I64).u;
    }
    for (int i = 0; i < TEST_NB_F64; i++) {
        test_env->f64[i] = gen_value(TCG_TYPE_F64).u;
        memcpy(test_env->vec[i], &(TestValue){ .u = test_random() }, 16);
    }
    for (int i = 0; i < FINAL_SCRATCH; i++) {
        test_env->scratch[i] = gen_value(TCG_TYPE_I64).u;
    }
    for (size_t i = 0; i < sizeof(test_memory); i += 8) {
        memcpy(&test_memory.ram[i], &(uint64_t){ i * 0x9e3779b97f4a7c15 }, 8);
    }
}

/* 1 or 0, so that all checks of a run are made and reported. */
static int check(bool ok, const char *what)
{
    if (!ok) {
        printf("# differs: %s\n", what);
    }
    return ok;
}

static bool same_fp(void)
{
    unsigned slot = FINAL_SCRATCH + 2 * 2 * TEMPS_PER_TYPE;

    for (int i = 0; i < TEST_NB_F64; i++) {
        if (!gen_same_value(TCG_TYPE_F64, &test_env->f64[i], &model.env.f64[i])) {
            return false;
        }
    }
    for (int i = 0; i < 2 * TEMPS_PER_TYPE; i++) {
        if (!gen_same_value(i < TEMPS_PER_TYPE ? TCG_TYPE_F32 : TCG_TYPE_F64,
                            &test_env->scratch[slot + 2 * i], &model.env.scratch[slot + 2 * i])) {
            return false;
        }
    }
    return true;
}

static bool same_scratch(void)
{
    unsigned fp = FINAL_SCRATCH + 2 * 2 * TEMPS_PER_TYPE, vec = fp + 2 * 2 * TEMPS_PER_TYPE;

    return !memcmp(test_env->scratch, model.env.scratch, fp * 8) &&
           !memcmp(&test_env->scratch[vec], &model.env.scratch[vec], (TEST_SCRATCH - vec) * 8);
}

static bool run_sequence(uint64_t seed, int items)
{
    TestResult got, expected;

    test_random_seed(seed);
    fill_guest();
    test_begin();
    emit_sequence(items);
    model_load_guest(&model);
    expected = model_run(&model);
    got = test_run(test_translate());
    return check(got.faulted == expected.faulted, "faulted or not") &
           check(got.exit_value == expected.exit_value, "exit value") &
           check(got.fault_insn == expected.fault_insn, "instruction that faults") &
           check(!memcmp(got.fault_data, expected.fault_data, 24), "insn_start data") &
           check(!memcmp(test_env->i32, model.env.i32, sizeof(model.env.i32)), "i32 globals") &
           check(!memcmp(test_env->i64, model.env.i64, sizeof(model.env.i64)), "i64 globals") &
           check(!memcmp(test_env->vec, model.env.vec, sizeof(model.env.vec)), "vec globals") &
           check(same_fp(), "f32 and f64 values") & check(same_scratch(), "temps and stores") &
           check(!memcmp(&test_memory, &model.memory, sizeof(test_memory)), "guest memory");
}

/* The shortest prefix of the sequence that fails as well, as ops. */
static void report(uint64_t seed, int items)
{
    int shortest = 0;

    while (shortest < items && run_sequence(seed, shortest)) {
        shortest++;
    }
    printf("# seed %" PRIu64 ", first %d items:\n", seed, shortest);
    test_random_seed(seed);
    fill_guest();
    test_begin();
    emit_sequence(shortest);
    tcg_dump_ops(tcg_ctx, stdout);
    tcg_optimize(tcg_ctx);
    tcg_liveness(tcg_ctx);
    printf("# after optimization and liveness:\n");
    tcg_dump_ops(tcg_ctx, stdout);
}

int main(int argc, char **argv)
{
    uint64_t seed = argc > 1 ? g_ascii_strtoull(argv[1], NULL, 0) : 1;
    int sequences = argc > 2 ? atoi(argv[2]) : DEFAULT_SEQUENCES;
    bool ok = true;

    test_init();
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("1..1\n# seeds %" PRIu64 " to %" PRIu64 "\n", seed, seed + sequences - 1);
    for (int i = 0; ok && i < sequences; i++) {
        int items = 1 + (seed + i) % MAX_ITEMS;

        ok = run_sequence(seed + i, items);
        if (!ok) {
            report(seed + i, items);
        }
    }
    printf("%s 1 - random sequences agree with the model\n", ok ? "ok" : "not ok");
    return !ok;
}
