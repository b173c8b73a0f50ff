/*
 * Regions: hot code from one address on, within one page, translated as a
 * whole. A first pass decodes and finds the branches whose targets lie inside;
 * they become labels, so loops run without leaving the block. Every loop head
 * polls for interrupts. Where branches meet, only env->cc_op knows the flags.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/insn-gen.h"
#include "target-i386/region.h"

enum { REGION_MAX_INSNS = 160, NO_INSN = 255 };

typedef struct Region {
    target_ulong start;
    unsigned num;                           /* instructions */
    target_ulong pc[REGION_MAX_INSNS + 1];
    bool is_target[REGION_MAX_INSNS];       /* of a branch inside */
    bool is_loop_head[REGION_MAX_INSNS];    /* of a backward branch inside */
    TCGLabel *label[REGION_MAX_INSNS];
    target_ulong target[REGION_MAX_INSNS];  /* of the branch there; start - 1: none */
    uint8_t index[TARGET_PAGE_SIZE];        /* by offset in the page: instruction that begins there */
} Region;

bool region_is_possible(const DisasContext *ctx)
{
    uint32_t not = CF_COUNT_MASK | CF_SINGLE_STEP | CF_USE_ICOUNT | CF_NO_GOTO_TB;

    return !(ctx->tb->cflags & not) && !ctx->single_step && !ctx->cs_base && !ctx->check_code &&
           ctx->code32 | ctx->code64 && !(ctx->flags & HF_CODE_BP);
}

static bool branch_target(DisasContext *ctx, const Insn *in, target_ulong *target)
{
    GenFunction *gen = in->row->gen;
    int64_t displacement;

    if (gen == gen_jcc) {
        displacement = in->op[1].imm;
    } else if (gen == gen_jmp || gen == gen_jcxz || gen == gen_loop || gen == gen_loope || gen == gen_loopne) {
        displacement = in->op[0].imm;
    } else {
        return false;
    }
    if (!ctx->code64 && in->osize == MO_16) {
        return false;
    }
    *target = ctx->pc + in->length + displacement;
    if (!ctx->code64) {
        *target = (uint32_t)*target;
    }
    return true;
}

static bool ends_flow(const Insn *in)
{
    GenFunction *gen = in->row->gen;

    return gen == gen_jmp || gen == gen_ret || gen == gen_call || gen == gen_jmp_rm || gen == gen_call_rm ||
           gen == gen_ud || in->row->needs & ENDS;
}

static bool in_page(const Region *region, target_ulong pc)
{
    return ((pc ^ region->start) & TARGET_PAGE_MASK) == 0;
}

/* Decode up to where control cannot go on, and no branch leads beyond. */
static void scan_region(DisasContext *ctx, Region *region)
{
    target_ulong furthest = region->start, target;

    memset(region->index, NO_INSN, sizeof(region->index));
    while (region->num < REGION_MAX_INSNS) {
        Insn in;

        if (decode_insn(ctx, &in, ctx->pc) != DECODE_OK || !in_page(region, ctx->pc + in.length - 1)) {
            break;
        }
        region->target[region->num] = region->start - 1;
        if (branch_target(ctx, &in, &target)) {
            region->target[region->num] = target;
            if (target > furthest && in_page(region, target)) {
                furthest = target;
            }
        }
        region->index[ctx->pc & ~TARGET_PAGE_MASK] = region->num;
        region->pc[region->num++] = ctx->pc;
        ctx->num_insns = region->num;   /* only the first may fault */
        bool ended = ends_flow(&in) && furthest <= ctx->pc;

        ctx->pc += in.length;
        if (ended || !in_page(region, ctx->pc)) {
            break;
        }
    }
    region->pc[region->num] = ctx->pc;
    ctx->num_insns = 0;
    ctx->pc = region->start;
}

/* The instruction at an address; -1: none begins there. */
static int insn_at(const Region *region, target_ulong pc)
{
    int index = in_page(region, pc) ? region->index[pc & ~TARGET_PAGE_MASK] : NO_INSN;

    return index < (int)region->num ? index : -1;
}

static void mark_targets(Region *region)
{
    for (unsigned i = 0; i < region->num; i++) {
        int index = insn_at(region, region->target[i]);

        if (region->target[i] != region->start - 1 && index >= 0) {
            region->is_target[index] = true;
            region->is_loop_head[index] |= index <= (int)i;
        }
    }
}

TCGLabel *region_label(DisasContext *ctx, target_ulong dest)
{
    Region *region = ctx->region;
    int index = region ? insn_at(region, dest) : -1;

    if (index < 0 || !region->is_target[index]) {
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
    tcg_gen_movi_tl(cpu_eip, ctx->pc);
    tcg_gen_check_exit(0, ctx->tb, TB_EXIT_REQUESTED);
    tcg_gen_discard(tcgv_temp(cpu_eip));
}

/* The instruction at ctx->pc may be reached by branches. */
static void begin_target(DisasContext *ctx, Region *region, unsigned i)
{
    if (!ctx->ended) {
        gen_sync_cc_op(ctx);
    }
    gen_set_label(region_label(ctx, ctx->pc));
    gen_cc_is_dynamic(ctx);
    gen_forget_x87(ctx);
    ctx->ended = false;
    if (region->is_loop_head[i]) {
        tcg_gen_insn_start(ctx->pc, CC_OP_DYNAMIC, 0);
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
            gen_cc_is_dynamic(ctx);
            gen_jump(ctx, region->pc[i]);
        }
    }
}

bool translate_region(DisasContext *ctx)
{
    Region *region = tcg_malloc(sizeof(*region));
    unsigned i;

    region->start = ctx->pc;
    scan_region(ctx, region);
    if (!region->num) {
        return false;
    }
    mark_targets(region);
    ctx->region = region;
    for (i = 0; i < region->num && !tcg_op_buf_full(); i++) {
        ctx->pc = region->pc[i];
        if (region->is_target[i]) {
            begin_target(ctx, region, i);
        }
        if (ctx->ended) {
            continue;
        }
        ctx->stop = false;
        translate_one(ctx);
        if (!ctx->ended && (ctx->stop || ctx->shadow)) {
            ctx->pc = ctx->next_pc;
            gen_fall_out(ctx);
            ctx->shadow = 0;
        }
    }
    ctx->pc = region->pc[i];
    if (!ctx->ended) {
        gen_jump(ctx, ctx->pc);
    }
    ctx->stop = false;
    cut_region(ctx, region, i);
    return true;
}
