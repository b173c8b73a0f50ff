/*
 * PowerPC translator: guest code to ops. Owns the context, the loop over a
 * block, the decoder and what leaves a block; the meaning of instructions is in
 * translate-<class>.c, their encodings in insns-<class>.h.
 *
 * Two tiers: cold code is translated up to the first branch and counted; hot
 * code (CF_REGION) becomes a region: see region.c.
 *
 * SPDX-License-Identifier: MIT
 */

/* Log each instruction as it is decoded. */
/* #define PPC_DEBUG_DISAS */
/* Count executions of gen_ functions at translation time (info jit). */
/* #define DO_PPC_STATISTICS */

#include "qemu/osdep.h"
#include "qemu/log.h"
#include "target-ppc/translate.h"
#include "target-ppc/region.h"
#include "target-ppc/insn-gen.h"
#include "tcg/helper-info.h"

#ifdef PPC_DEBUG_DISAS
#define LOG_DISAS(...) qemu_log_mask(CPU_LOG_TB_IN_ASM, __VA_ARGS__)
#else
#define LOG_DISAS(...) do { } while (0)
#endif

enum { MAX_COLD_INSNS = 64 };

TCGv_i32 cpu_gpr[32], cpu_lr, cpu_ctr, cpu_nip, cpu_xer_ca, cpu_xer_so, cpu_xer_ov, cpu_cr_so;
TCGv_i64 cpu_cr[8];

/* --- the decoder -------------------------------------------------------------- */

typedef struct InsnRow {
    const char *name;
    uint32_t match, mask, needs;
    GenFunction *gen;
} InsnRow;

static const InsnRow insn_rows[] = {
    { .name = "invalid", .match = 0, .mask = ~0u, .needs = NEEDS_ENDS },
#define INSN(n, f, m, k, x) { .name = #n, .match = (m), .mask = (k), .needs = (x), .gen = gen_##n },
#include "target-ppc/insns.h"
#undef INSN
};

/*
 * Primary opcodes with an extended opcode have a table of 2048 row numbers
 * indexed by the low 11 bits; the others have one row.
 */
typedef struct HandlerTable {
    uint16_t direct;
    uint16_t *extended;
} HandlerTable;
static HandlerTable opcodes[64];
#ifdef DO_PPC_STATISTICS
static uint64_t insn_counts[ARRAY_SIZE(insn_rows)];
#endif

/* Put row number n into *slot; two rows for one slot are a bug in the tables. */
static void place_row(uint16_t *slot, uint16_t n)
{
    if (*slot) {
        fprintf(stderr, "instruction rows %s and %s overlap\n", insn_rows[*slot].name, insn_rows[n].name);
        abort();
    }
    *slot = n;
}

static void build_opcode_tables(void)
{
    for (unsigned n = 1; n < ARRAY_SIZE(insn_rows); n++) {
        const InsnRow *row = &insn_rows[n];
        HandlerTable *table = &opcodes[row->match >> 26];
        unsigned primary = row->match >> 26;

        assert((row->match & ~row->mask) == 0 && row->mask >> 26 == 63);
        if (primary != 4 && primary != 19 && primary != 31 && primary != 59 && primary != 63) {
            place_row(&table->direct, n);
            continue;
        }
        if (!table->extended) {
            table->extended = g_new0(uint16_t, 2048);
        }
        for (unsigned x = 0; x < 2048; x++) {
            if (((x ^ row->match) & row->mask & 2047) == 0) {
                place_row(&table->extended[x], n);
            }
        }
    }
}

static const InsnRow *find_row(uint32_t opcode)
{
    const HandlerTable *table = &opcodes[opcode >> 26];
    unsigned n = table->extended ? table->extended[opcode & 2047] : table->direct;

    if ((opcode & insn_rows[n].mask) != insn_rows[n].match) {
        n = 0;
    }
    return &insn_rows[n];
}

bool insn_ends_block(uint32_t opcode)
{
    const InsnRow *row = find_row(opcode);

    return !row->gen || (row->needs & NEEDS_ENDS);
}

static inline unsigned field(uint32_t opcode, unsigned first, unsigned last)
{
    return opcode >> (31 - last) & ((1u << (last - first + 1)) - 1);
}

static void decode_fields(Insn *in, uint32_t opcode)
{
    in->opcode = opcode;
    in->rd = field(opcode, 6, 10);
    in->ra = field(opcode, 11, 15);
    in->rb = field(opcode, 16, 20);
    in->rc = field(opcode, 21, 25);
    in->me = field(opcode, 26, 30);
    in->crfd = field(opcode, 6, 8);
    in->crfs = field(opcode, 11, 13);
    in->crm = field(opcode, 12, 19);
    in->fm = field(opcode, 7, 14);
    in->sr = field(opcode, 12, 15);
    in->imm4 = field(opcode, 16, 19);
    in->vsh = field(opcode, 22, 25);
    in->spr = in->ra | in->rb << 5;
    in->simm = opcode;
    in->uimm = opcode;
    in->simm5 = (int8_t)(in->ra << 3) >> 3;
    in->rc_bit = in->lk = opcode & 1;
    in->oe = in->vrc = opcode >> 10 & 1;
    in->aa = opcode >> 1 & 1;
    in->li = (int32_t)(opcode << 6) >> 6 & ~3;
    in->bd = (int16_t)(opcode & 0xfffc);
}

/* --- registers ------------------------------------------------------------------ */

static void create_globals(void)
{
    static char gpr_names[32][4], cr_names[8][4];

    for (unsigned i = 0; i < 32; i++) {
        snprintf(gpr_names[i], sizeof(gpr_names[i]), "r%u", i & 31);
        cpu_gpr[i] = tcg_global_mem_new_i32(offsetof(CPUPPCState, gpr) + 4 * i, gpr_names[i]);
    }
    for (unsigned i = 0; i < 8; i++) {
        snprintf(cr_names[i], sizeof(cr_names[i]), "cr%u", i & 7);
        cpu_cr[i] = tcg_global_mem_new_i64(offsetof(CPUPPCState, cr) + 8 * i, cr_names[i]);
    }
    cpu_lr = tcg_global_mem_new_i32(offsetof(CPUPPCState, lr), "lr");
    cpu_ctr = tcg_global_mem_new_i32(offsetof(CPUPPCState, ctr), "ctr");
    cpu_nip = tcg_global_mem_new_i32(offsetof(CPUPPCState, nip), "nip");
    cpu_xer_ca = tcg_global_mem_new_i32(offsetof(CPUPPCState, xer_ca), "ca");
    cpu_xer_so = tcg_global_mem_new_i32(offsetof(CPUPPCState, xer_so), "so");
    cpu_xer_ov = tcg_global_mem_new_i32(offsetof(CPUPPCState, xer_ov), "ov");
    cpu_cr_so = tcg_global_mem_new_i32(offsetof(CPUPPCState, cr_so), "cr_so");
    for (unsigned i = 0; i < 32; i++) {
        if (i == 1 || (i >= 3 && i <= 10) || i >= 28) {
            tcg_global_set_hot(cpu_gpr[i]);
        }
    }
    tcg_global_set_hot(cpu_cr[0]);
}

void target_translate_init(void)
{
    create_globals();
    translate_fp_init();
    translate_altivec_init();
    build_opcode_tables();
}

TCGv_i32 dest_gpr(DisasContext *ctx, unsigned r)
{
    for (unsigned i = 0; i < 8; i++) {
        CompareSource *c = &ctx->cmp[i];

        if (c->ra == (int)r || c->rb == (int)r) {
            /* The field itself still holds the difference. */
            *c = (CompareSource) { .kind = CMP_VALUE, .ra = -1, .rb = -1 };
        }
    }
    return cpu_gpr[r];
}

void forget_compares(DisasContext *ctx)
{
    for (unsigned i = 0; i < 8; i++) {
        ctx->cmp[i] = (CompareSource) { .kind = CMP_NONE, .ra = -1, .rb = -1 };
    }
}

/* --- leaving a block -------------------------------------------------------------- */

void gen_exception_err(DisasContext *ctx, PPCException excp, uint32_t error_code)
{
    gen_helper_raise_exception_err(tcg_env, tcg_constant_i32(excp), tcg_constant_i32(error_code));
    ctx->ended = true;
}

void gen_exception(DisasContext *ctx, PPCException excp)
{
    gen_exception_err(ctx, excp, 0);
}

void gen_illegal(DisasContext *ctx)
{
    gen_exception_err(ctx, EXCP_PROGRAM, SRR1_ILLEGAL);
}

void gen_end_block(DisasContext *ctx)
{
    ctx->stop = true;
}

/* nip is stored. Traps of single-stepping come here too. */
static void gen_leave(DisasContext *ctx)
{
    if (unlikely(ctx->tb->cflags & CF_SINGLE_STEP)) {
        gen_helper_debug(tcg_env);
    } else if (unlikely(ctx->single_step)) {
        gen_helper_trace(tcg_env);
    } else if (ctx->tb->cflags & CF_NO_GOTO_PTR) {
        tcg_gen_exit_tb(NULL, 0);
    } else {
        tcg_gen_lookup_and_goto_ptr(tcgv_temp(cpu_nip));
    }
}

void gen_jump_indirect(DisasContext *ctx, TCGv_i32 dest)
{
    tcg_gen_andi_i32(cpu_nip, dest, ~3);
    gen_leave(ctx);
    ctx->ended = true;
}

void gen_jump(DisasContext *ctx, uint32_t dest)
{
    bool same_page = ((dest ^ (uint32_t)ctx->tb->pc) & TARGET_PAGE_MASK) == 0;

    TCGLabel *inside = ctx->region ? region_label(ctx, dest) : NULL;

    if (inside) {
        tcg_gen_br(inside);
    } else if (same_page && ctx->may_chain && ctx->slots < TB_MAX_EXITS) {
        unsigned slot = ctx->slots++;

        tcg_gen_goto_tb(slot);
        tcg_gen_movi_i32(cpu_nip, dest);
        tcg_gen_exit_tb(ctx->tb, slot);
    } else {
        tcg_gen_movi_i32(cpu_nip, dest);
        gen_leave(ctx);
    }
    ctx->ended = true;
}

void gen_exit_lookup(DisasContext *ctx)
{
    gen_leave(ctx);
    ctx->ended = true;
}

/*
 * Exits of conditional branches are put behind the block, so that its code
 * runs straight on. The registers there are those of the branch.
 */
TCGLabel *gen_exit_later(DisasContext *ctx, ExitKind kind, uint32_t dest)
{
    LaterExit *later = tcg_malloc(sizeof(*later));

    *later = (LaterExit) { .label = gen_new_label(), .kind = kind, .dest = dest, .next = ctx->later_exits };
    ctx->later_exits = later;
    return later->label;
}

static void gen_later_exits(DisasContext *ctx)
{
    while (ctx->later_exits) {
        LaterExit *later = ctx->later_exits;

        ctx->later_exits = later->next;
        gen_set_label(later->label);
        if (later->kind == EXIT_LR) {
            gen_jump_indirect(ctx, cpu_lr);
        } else if (later->kind == EXIT_CTR) {
            gen_jump_indirect(ctx, cpu_ctr);
        } else if (later->kind == EXIT_MTMSR) {
            tcg_gen_movi_i32(cpu_nip, later->dest);
            gen_helper_store_msr(tcg_env, later->value);
            gen_exit_lookup(ctx);
        } else {
            gen_jump(ctx, later->dest);
        }
    }
}

/* --- the loop ------------------------------------------------------------------------ */

static void log_opcode(DisasContext *ctx)
{
    LOG_DISAS("----------------\n");
    LOG_DISAS("nip=%08x super=%d ir=%d\n", ctx->pc, !ctx->user, (ctx->flags & MSR_IR) != 0);
    LOG_DISAS("translate opcode %08x (%02x %02x %02x %02x) (%s)\n", ctx->opcode,
              field(ctx->opcode, 0, 5), field(ctx->opcode, 26, 30), field(ctx->opcode, 21, 25),
              field(ctx->opcode, 11, 15), ctx->le ? "little" : "big");
}

static void translate_insn(DisasContext *ctx, uint32_t opcode)
{
    Insn in;
    const InsnRow *row = find_row(opcode);
    uint32_t needs = row->needs;

    ctx->opcode = opcode;
    log_opcode(ctx);
#ifdef DO_PPC_STATISTICS
    insn_counts[row - insn_rows]++;
#endif
    if (unlikely(!row->gen || (needs & 0xffff & ~ctx->features))) {
        qemu_log_mask(LOG_GUEST_ERROR, "invalid opcode %08x at %08x\n", opcode, ctx->pc);
        gen_illegal(ctx);
    } else if (unlikely(needs & NEEDS_SUPER && ctx->user)) {
        gen_exception_err(ctx, EXCP_PROGRAM, SRR1_PRIV);
    } else if (unlikely(needs & NEEDS_FP_ON && !ctx->fpu_on)) {
        gen_exception(ctx, EXCP_FPU);
    } else if (unlikely(needs & NEEDS_VEC_ON && !ctx->vec_on)) {
        gen_exception(ctx, EXCP_VPU);
    } else {
        decode_fields(&in, opcode);
        row->gen(ctx, &in);
        ctx->stop |= (needs & NEEDS_ENDS) != 0;
    }
}

static void init_context(DisasContext *ctx, CPUPPCState *env, TranslationBlock *tb)
{
    uint32_t flags = tb->flags;

    memset(ctx, 0, sizeof(*ctx));
    ctx->env = env;
    ctx->tb = tb;
    ctx->pc = tb->pc;
    ctx->flags = flags;
    ctx->features = env->model->features;
    ctx->user = flags & MSR_PR;
    ctx->mem_idx = !(flags & MSR_DR) ? MMU_REAL_IDX : ctx->user ? MMU_USER_IDX : MMU_KERNEL_IDX;
    ctx->fpu_on = flags & MSR_FP;
    ctx->vec_on = flags & MSR_VEC;
    ctx->le = flags & MSR_LE;
    ctx->track_so = flags & TBF_TRACK_SO;
    ctx->fp_exact = flags & TBF_FP_EXACT;
    ctx->single_step = flags & (MSR_SE | MSR_BE);
    ctx->may_chain = !(tb->cflags & (CF_NO_GOTO_TB | CF_SINGLE_STEP)) && !ctx->single_step;
    forget_compares(ctx);
}

/* Exits at the head of cold code: interrupts, and being hot now. Returns the op to patch. */
static TCGOp *gen_cold_head(DisasContext *ctx)
{
    TranslationBlock *tb = ctx->tb;
    TCGOp *check;

    if (tb->cflags & CF_NO_IRQ) {
        return NULL;
    }
    tcg_gen_movi_i32(cpu_nip, tb->pc);
    tcg_gen_check_exit(0, tb, TB_EXIT_REQUESTED);
    check = tcg_ctx->last_op;
    if (!(tb->cflags & (CF_COUNT_MASK | CF_SINGLE_STEP | CF_USE_ICOUNT | CF_NO_GOTO_TB)) &&
        !ctx->single_step) {
        tcg_gen_count_exec(tb, TB_EXIT_HOT);
    }
    /* From here on insn_start tells where the guest is. */
    tcg_gen_discard(tcgv_temp(cpu_nip));
    return check;
}

void translate_one(DisasContext *ctx, uint32_t opcode)
{
    ctx->next_pc = ctx->pc + 4;
    tcg_gen_insn_start(ctx->pc, 0, 0);
    if (unlikely(ctx->flags & TBF_IABR)) {
        gen_helper_check_iabr(tcg_env, tcg_constant_i32(ctx->pc));
    }
    translate_insn(ctx, opcode);
    ctx->num_insns++;
}

uint32_t fetch_opcode(DisasContext *ctx, uint32_t pc)
{
    /* Little-endian mode swaps the words of each doubleword (PEM 3.1.4). */
    return cpu_ldl_code(ctx->env, ctx->le ? pc ^ 4 : pc);
}

/* One basic block, up to the first instruction that ends it. */
static void translate_basic_block(DisasContext *ctx, unsigned max_insns)
{
    uint32_t page_end = (ctx->pc | ~TARGET_PAGE_MASK) + 1;

    do {
        translate_one(ctx, fetch_opcode(ctx, ctx->pc));
        ctx->pc += 4;
    } while (!ctx->ended && !ctx->stop && ctx->pc != page_end && ctx->num_insns < max_insns &&
             !tcg_op_buf_full());
    if (!ctx->ended) {
        if (ctx->stop) {
            tcg_gen_movi_i32(cpu_nip, ctx->pc);
            gen_exit_lookup(ctx);
        } else {
            gen_jump(ctx, ctx->pc);
        }
    }
}

void gen_intermediate_code(CPUArchState *env, TranslationBlock *tb)
{
    DisasContext context, *ctx = &context;
    unsigned max_insns = tb->cflags & CF_COUNT_MASK;
    TCGOp *check = NULL;

    init_context(ctx, env, tb);
    if (ctx->single_step || tb->cflags & CF_SINGLE_STEP) {
        max_insns = 1;
    }
    if (tb->cflags & CF_REGION) {
        translate_region(ctx, max_insns);
    } else {
        check = gen_cold_head(ctx);
        translate_basic_block(ctx, max_insns ? max_insns : MAX_COLD_INSNS);
    }
    gen_later_exits(ctx);
    tb->size = ctx->pc - (uint32_t)tb->pc;
    tb->icount = ctx->num_insns;
    if (check) {
        check->args[0] = ctx->num_insns;
    }
}

void ppc_dump_statistics(CPUState *cpu, FILE *f)
{
#ifdef DO_PPC_STATISTICS
    for (unsigned i = 0; i < ARRAY_SIZE(insn_rows); i++) {
        if (insn_counts[i]) {
            fprintf(f, "%-12s %08x: %" PRIu64 "\n", insn_rows[i].name, insn_rows[i].match, insn_counts[i]);
        }
    }
#endif
}
