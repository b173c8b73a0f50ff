/*
 * The loop over a block for front ends with a 32-bit pc. Cold code is translated
 * up to the first branch and counted. Hot code (CF_REGION) becomes a region:
 * what lies in one page from the pc on, with branches inside it as labels, so that
 * loops run without leaving the block. Every loop head polls for interrupts.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "exec/translator.h"
#include "tcg/helper.h"

enum { MAX_COLD_INSNS = 64, REGION_MAX_INSNS = 128 };

/* The exits of conditional branches lie behind the block, so that its code runs straight on. */
typedef struct LaterExit {
    TCGLabel *label;
    uint32_t dest;
    struct LaterExit *next;
} LaterExit;

typedef struct RegionInsn {
    uint32_t pc;
    InsnShape shape;
    bool is_target;         /* of a branch inside */
    bool is_loop_head;      /* of a backward branch inside */
    TCGLabel *label;
} RegionInsn;

typedef struct TranslatorRegion {
    uint32_t start;
    unsigned num;
    RegionInsn insn[REGION_MAX_INSNS];
    uint8_t number[TARGET_PAGE_SIZE];   /* by offset in the page: 1 + number of the instruction there */
} TranslatorRegion;
_Static_assert(REGION_MAX_INSNS < UINT8_MAX, "number[] holds them");

static TCGv_i32 guest_pc;

void translator_set_pc(TCGv_i32 pc)
{
    guest_pc = pc;
}

/* --- leaving a block ------------------------------------------------------------------------ */

/* A debugger's step is done; the pc is right. */
static void step_is_done(CPUArchState *env)
{
    env_cpu(env)->exception_index = EXCP_DEBUG;
    cpu_loop_exit(env_cpu(env));
}

static const TCGHelperInfo step_helper = {
    .func = step_is_done, .name = "step_is_done", .flags = TCG_CALL_NO_RETURN | TCG_CALL_MAY_RAISE,
    .ret = -1, .nargs = 1, .args = { TCG_TYPE_PTR },
};

static void leave(TranslatorContext *ctx)
{
    if (unlikely(ctx->tb->cflags & CF_SINGLE_STEP)) {
        tcg_gen_call(&step_helper, NULL, (TCGTemp *[]) { tcgv_temp(tcg_env) });
    } else if (ctx->tb->cflags & CF_NO_GOTO_PTR) {
        tcg_gen_exit_tb(NULL, 0);
    } else {
        tcg_gen_lookup_and_goto_ptr(tcgv_temp(guest_pc));
    }
}

void translator_exit(TranslatorContext *ctx)
{
    leave(ctx);
    ctx->ended = true;
}

static RegionInsn *region_insn(TranslatorRegion *region, uint32_t pc)
{
    unsigned number;

    if ((pc ^ region->start) & TARGET_PAGE_MASK) {
        return NULL;
    }
    number = region->number[pc & ~TARGET_PAGE_MASK];
    return number && number <= region->num ? &region->insn[number - 1] : NULL;
}

/* The label of dest when it is a branch target inside the region, else NULL. */
static TCGLabel *label_inside(TranslatorContext *ctx, uint32_t dest)
{
    RegionInsn *insn = ctx->region ? region_insn(ctx->region, dest) : NULL;

    if (!insn || !insn->is_target) {
        return NULL;
    }
    if (!insn->label) {
        insn->label = gen_new_label();
    }
    return insn->label;
}

void translator_jump(TranslatorContext *ctx, uint32_t dest)
{
    bool same_page = ((dest ^ (uint32_t)ctx->tb->pc) & TARGET_PAGE_MASK) == 0;
    TCGLabel *inside = label_inside(ctx, dest);

    if (inside) {
        tcg_gen_br(inside);
    } else if (same_page && ctx->may_chain && ctx->slots < TB_MAX_EXITS) {
        unsigned slot = ctx->slots++;

        tcg_gen_goto_tb(slot);
        tcg_gen_movi_i32(guest_pc, dest);
        tcg_gen_exit_tb(ctx->tb, slot);
    } else {
        tcg_gen_movi_i32(guest_pc, dest);
        leave(ctx);
    }
    ctx->ended = true;
}

void translator_jump_indirect(TranslatorContext *ctx, TCGv_i32 dest)
{
    tcg_gen_mov_i32(guest_pc, dest);
    translator_exit(ctx);
}

void translator_branch(TranslatorContext *ctx, TCGCond cond, TCGv_i32 a, TCGv_i32 b, uint32_t dest)
{
    TCGLabel *taken = label_inside(ctx, dest);

    if (!taken) {
        LaterExit *later = tcg_malloc(sizeof(*later));

        *later = (LaterExit) { .label = gen_new_label(), .dest = dest, .next = ctx->later_exits };
        ctx->later_exits = later;
        taken = later->label;
    }
    tcg_gen_brcond_i32(cond, a, b, taken);
    if (!ctx->region) {
        translator_jump(ctx, ctx->next_pc);
    }
}

static void gen_later_exits(TranslatorContext *ctx)
{
    while (ctx->later_exits) {
        LaterExit *later = ctx->later_exits;

        ctx->later_exits = later->next;
        gen_set_label(later->label);
        translator_jump(ctx, later->dest);
    }
}

/* --- instructions --------------------------------------------------------------------------- */

static void translate_one(TranslatorContext *ctx)
{
    tcg_gen_insn_start(ctx->pc, 0, 0);
    ctx->stop = false;
    ctx->ops->translate(ctx);
    ctx->num_insns++;
    if (ctx->stop && !ctx->ended) {
        tcg_gen_movi_i32(guest_pc, ctx->next_pc);
        translator_exit(ctx);
    }
}

/* Leave at ctx->pc when somebody wants the CPU. Returns the op. */
static TCGOp *gen_poll(TranslatorContext *ctx)
{
    TCGOp *check;

    tcg_gen_movi_i32(guest_pc, ctx->pc);
    tcg_gen_check_exit(0, ctx->tb, TB_EXIT_REQUESTED);
    check = tcg_ctx->last_op;
    return check;
}

/* From here on insn_start tells where the guest is. */
static void forget_pc(void)
{
    tcg_gen_discard(tcgv_temp(guest_pc));
}

/* --- cold code: one basic block --------------------------------------------------------------- */

/* At the head: interrupts, and being hot now. Returns the op that is to be told the instructions. */
static TCGOp *gen_cold_head(TranslatorContext *ctx)
{
    TranslationBlock *tb = ctx->tb;
    TCGOp *check;

    if (tb->cflags & CF_NO_IRQ) {
        return NULL;
    }
    check = gen_poll(ctx);
    if (!(tb->cflags & (CF_COUNT_MASK | CF_SINGLE_STEP | CF_USE_ICOUNT | CF_NO_GOTO_TB))) {
        tcg_gen_count_exec(tb, TB_EXIT_HOT);
    }
    forget_pc();
    return check;
}

/* An instruction that reaches into the next page is a block of its own: its fetch may fault. */
static bool fits_in_page(TranslatorContext *ctx, uint32_t page_end)
{
    InsnShape shape = { .length = 0 };

    if (page_end - ctx->pc >= sizeof(uint32_t)) {
        return true;
    }
    ctx->ops->shape(ctx, ctx->pc, &shape);
    return shape.length <= page_end - ctx->pc;
}

static void translate_basic_block(TranslatorContext *ctx, unsigned max_insns)
{
    uint32_t page_end = (ctx->pc | ~TARGET_PAGE_MASK) + 1;

    do {
        translate_one(ctx);
        ctx->pc = ctx->next_pc;
    } while (!ctx->ended && page_end - ctx->pc - 1 < TARGET_PAGE_SIZE - 1 && ctx->num_insns < max_insns &&
             !tcg_op_buf_full() && fits_in_page(ctx, page_end));
    if (!ctx->ended) {
        translator_jump(ctx, ctx->pc);
    }
}

/* --- hot code: a region ----------------------------------------------------------------------- */

/* Up to where control cannot go on, and no branch leads beyond. */
static void scan_region(TranslatorContext *ctx, TranslatorRegion *region, unsigned limit)
{
    uint32_t pc = region->start, furthest = 0;      /* offset of the last target seen */
    uint32_t room = (region->start | ~TARGET_PAGE_MASK) + 1 - region->start;

    while (region->num < limit && pc - region->start < room) {
        RegionInsn *insn = &region->insn[region->num];
        InsnShape *shape = &insn->shape;
        uint32_t offset = pc - region->start, ahead;

        insn->pc = pc;
        ctx->ops->shape(ctx, pc, shape);
        if (offset + shape->length > room) {
            break;
        }
        region->number[pc & ~TARGET_PAGE_MASK] = ++region->num;
        ahead = shape->target - region->start;
        if (shape->has_target && ahead < room && ahead > furthest) {
            furthest = ahead;
        }
        pc += shape->length;
        if (shape->ends && furthest <= offset) {
            break;
        }
    }
}

static void mark_targets(TranslatorRegion *region)
{
    for (unsigned i = 0; i < region->num; i++) {
        const InsnShape *shape = &region->insn[i].shape;
        RegionInsn *target = shape->has_target ? region_insn(region, shape->target) : NULL;

        if (target) {
            target->is_target = true;
            target->is_loop_head |= target <= &region->insn[i];
        }
    }
}

static void begin_target(TranslatorContext *ctx, const RegionInsn *insn)
{
    gen_set_label(label_inside(ctx, insn->pc));
    ctx->ended = false;
    if (insn->is_loop_head) {
        tcg_gen_insn_start(insn->pc, 0, 0);
        gen_poll(ctx);
        forget_pc();
    }
}

/* The op buffer is full: targets from instruction i on become exits. */
static void cut_region(TranslatorContext *ctx, TranslatorRegion *region, unsigned i)
{
    unsigned num = region->num;

    region->num = i;
    for (; i < num; i++) {
        if (region->insn[i].label) {
            gen_set_label(region->insn[i].label);
            translator_jump(ctx, region->insn[i].pc);
        }
    }
}

/* False: not even one instruction. */
static bool translate_region(TranslatorContext *ctx, unsigned max_insns)
{
    TranslatorRegion *region = tcg_malloc(sizeof(*region));
    unsigned i;

    region->start = ctx->pc;
    scan_region(ctx, region, max_insns ? MIN(max_insns, REGION_MAX_INSNS) : REGION_MAX_INSNS);
    if (!region->num) {
        return false;
    }
    mark_targets(region);
    ctx->region = region;
    gen_poll(ctx);
    forget_pc();
    for (i = 0; i < region->num && !tcg_op_buf_full(); i++) {
        ctx->pc = region->insn[i].pc;
        if (region->insn[i].is_target) {
            begin_target(ctx, &region->insn[i]);
        }
        if (!ctx->ended) {
            translate_one(ctx);
        }
        ctx->pc += region->insn[i].shape.length;
    }
    if (!ctx->ended) {
        translator_jump(ctx, ctx->pc);
    }
    cut_region(ctx, region, i);
    return true;
}

/* --- a block ----------------------------------------------------------------------------------- */

void translator_run(TranslatorContext *ctx, CPUArchState *env, TranslationBlock *tb)
{
    unsigned max_insns = tb->cflags & CF_SINGLE_STEP ? 1 : tb->cflags & CF_COUNT_MASK;
    TCGOp *check = NULL;

    ctx->env = env;
    ctx->tb = tb;
    ctx->pc = tb->pc;
    ctx->may_chain = !(tb->cflags & (CF_NO_GOTO_TB | CF_SINGLE_STEP));
    if (!(tb->cflags & CF_REGION) || !translate_region(ctx, max_insns)) {
        check = gen_cold_head(ctx);
        translate_basic_block(ctx, max_insns ? max_insns : MAX_COLD_INSNS);
    }
    tb->size = ctx->pc - (uint32_t)tb->pc;
    gen_later_exits(ctx);
    tb->icount = ctx->num_insns;
    if (check) {
        check->args[0] = ctx->num_insns;
    }
}
