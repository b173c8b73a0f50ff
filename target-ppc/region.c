/*
 * Regions: hot code from one address on, within one page, translated as a
 * whole. A first pass finds the branches whose targets lie inside; they become
 * labels, so loops run without leaving the block. Every loop head polls for
 * interrupts.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-ppc/region.h"

enum { REGION_MAX_INSNS = 128 };

typedef struct Region {
    uint32_t start;
    unsigned num;                           /* instructions */
    uint32_t opcode[REGION_MAX_INSNS];
    bool is_target[REGION_MAX_INSNS];       /* of a branch inside */
    bool is_loop_head[REGION_MAX_INSNS];    /* of a backward branch inside */
    TCGLabel *label[REGION_MAX_INSNS];
} Region;

typedef struct BranchShape {
    bool has_target;        /* direct, without link */
    bool ends;              /* control does not fall through */
    uint32_t target;
} BranchShape;

static BranchShape branch_shape(uint32_t opcode, uint32_t pc)
{
    BranchShape shape = { false, false, 0 };
    uint32_t base = opcode & 2 ? 0 : pc;
    bool always = (opcode & 0x02800000) == 0x02800000;
    bool link = opcode & 1;

    switch (opcode >> 26) {
    case 16:
        shape.has_target = !link;
        shape.target = base + (int16_t)(opcode & 0xfffc);
        shape.ends = always;
        break;
    case 18:
        shape.has_target = !link;
        shape.target = base + ((int32_t)(opcode << 6) >> 6 & ~3);
        shape.ends = true;
        break;
    case 19:
        if ((opcode & 0x7fe) == 16 << 1 || (opcode & 0x7fe) == 528 << 1) {
            shape.ends = always;
            break;
        }
        /* fall through */
    default:
        shape.ends = insn_ends_block(opcode);
        break;
    }
    return shape;
}

/* Read opcodes up to where control cannot go on, and no branch leads beyond. */
static void scan_region(DisasContext *ctx, Region *region, unsigned limit)
{
    uint32_t furthest = region->start;
    unsigned room = ((region->start | ~TARGET_PAGE_MASK) + 1 - region->start) / 4;

    limit = MIN(limit, room);
    for (unsigned i = 0; i < limit; i++) {
        uint32_t pc = region->start + 4 * i;
        BranchShape shape;

        region->opcode[i] = fetch_opcode(ctx, pc);
        region->num = i + 1;
        shape = branch_shape(region->opcode[i], pc);
        if (shape.has_target && shape.target > furthest &&
            shape.target < region->start + 4 * limit) {
            furthest = shape.target;
        }
        if (shape.ends && furthest <= pc) {
            break;
        }
    }
}

static void mark_targets(Region *region)
{
    for (unsigned i = 0; i < region->num; i++) {
        uint32_t pc = region->start + 4 * i;
        BranchShape shape = branch_shape(region->opcode[i], pc);
        uint32_t index = (shape.target - region->start) / 4;

        if (shape.has_target && shape.target >= region->start && index < region->num) {
            region->is_target[index] = true;
            region->is_loop_head[index] |= index <= i;
        }
    }
}

TCGLabel *region_label(DisasContext *ctx, uint32_t dest)
{
    Region *region = ctx->region;
    uint32_t index = (dest - region->start) / 4;

    if (dest < region->start || index >= region->num || !region->is_target[index]) {
        return NULL;
    }
    if (!region->label[index]) {
        region->label[index] = gen_new_label();
    }
    return region->label[index];
}

/* Leave at ctx->pc when an interrupt waits. */
static void gen_poll(DisasContext *ctx)
{
    tcg_gen_movi_i32(cpu_nip, ctx->pc);
    tcg_gen_check_exit(0, ctx->tb, TB_EXIT_REQUESTED);
    tcg_gen_discard(tcgv_temp(cpu_nip));
}

/* The instruction at ctx->pc may be reached by branches. */
static void begin_target(DisasContext *ctx, Region *region, unsigned i)
{
    gen_set_label(region_label(ctx, ctx->pc));
    forget_compares(ctx);
    ctx->ended = false;
    if (region->is_loop_head[i]) {
        tcg_gen_insn_start(ctx->pc, 0, 0);
        gen_poll(ctx);
    }
}

/* The op buffer is full: targets from instruction i on become exits. */
static void cut_region(DisasContext *ctx, Region *region, unsigned i)
{
    unsigned num = region->num;

    region->num = i;
    for (; i < num; i++) {
        if (region->label[i]) {
            gen_set_label(region->label[i]);
            gen_jump(ctx, region->start + 4 * i);
        }
    }
}

void translate_region(DisasContext *ctx, unsigned max_insns)
{
    Region *region = tcg_malloc(sizeof(*region));
    unsigned i;

    region->start = ctx->pc;
    scan_region(ctx, region, max_insns ? MIN(max_insns, REGION_MAX_INSNS) : REGION_MAX_INSNS);
    mark_targets(region);
    ctx->region = region;
    gen_poll(ctx);
    for (i = 0; i < region->num && !tcg_op_buf_full(); i++, ctx->pc += 4) {
        if (region->is_target[i]) {
            begin_target(ctx, region, i);
        }
        if (ctx->ended) {
            continue;
        }
        ctx->stop = false;
        translate_one(ctx, region->opcode[i]);
        if (ctx->stop && !ctx->ended) {
            tcg_gen_movi_i32(cpu_nip, ctx->next_pc);
            gen_exit_lookup(ctx);
        }
    }
    if (!ctx->ended) {
        gen_jump(ctx, ctx->pc);
    }
    cut_region(ctx, region, i);
}
