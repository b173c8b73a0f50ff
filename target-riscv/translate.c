/*
 * RISC-V translator: context, loop and decoder's caller. The meaning of instructions is
 * in translate-<class>.c, their encodings in insns.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "target-riscv/translate.h"
#include "tcg/helper-info.h"

TCGv_i32 cpu_gpr[32], cpu_pc, cpu_load_addr, cpu_load_value;

void gen_exception(DisasContext *ctx, int excp)
{
    gen_helper_raise_exception(tcg_env, tcg_constant_i32(excp));
    translator_raised(&ctx->base);
}

void gen_illegal(DisasContext *ctx)
{
    gen_helper_raise_illegal(tcg_env);
    translator_raised(&ctx->base);
}

uint32_t riscv_fetch_insn(CPURISCVState *env, uint32_t pc)
{
    uint16_t low = cpu_lduw_code(env, pc);

    return riscv_insn_length(low) == 4 ? low | (uint32_t)cpu_lduw_code(env, pc + 2) << 16 : low;
}

/* Is there more than the first half on the page of pc? */
static bool second_half_is_near(uint32_t pc)
{
    return ((pc + 2) & ~TARGET_PAGE_MASK) != 0;
}

static void riscv_shape(TranslatorContext *base, uint32_t pc, InsnShape *shape)
{
    Insn in;

    shape->length = riscv_insn_length(cpu_lduw_code(base->env, pc));
    if (shape->length == 4 && !second_half_is_near(pc)) {
        return;
    }
    in = riscv_decode(riscv_fetch_insn(base->env, pc));
    shape->ends = !in.row || in.row->data.ends;
    shape->has_target = in.row && (in.row->form == FORM_B || (in.row->form == FORM_J && in.rd == 0));
    shape->target = pc + in.imm;
}

static void riscv_translate(TranslatorContext *base)
{
    DisasContext *ctx = (DisasContext *)base;
    Insn in = riscv_decode(riscv_fetch_insn(base->env, base->pc));

    base->next_pc = base->pc + in.length;
    if (unlikely(!in.row)) {
        qemu_log_mask(LOG_GUEST_ERROR, "illegal instruction %0*x at %08x\n", 2 * in.length, in.opcode, base->pc);
        gen_illegal(ctx);
        return;
    }
    in.row->gen(ctx, &in);
}

void gen_intermediate_code(CPUArchState *env, TranslationBlock *tb)
{
    static const TranslatorOps ops = { .shape = riscv_shape, .translate = riscv_translate };
    DisasContext ctx = {
        .base.ops = &ops,
        .priv = tb->flags & TBF_PRIV,
        .mem_idx = tb->flags >> TBF_MEM_IDX_SHIFT,
        .parallel = tb->cflags & CF_PARALLEL,
    };

    translator_run(&ctx.base, env, tb);
}

void target_translate_init(void)
{
    for (unsigned i = 1; i < 32; i++) {
        cpu_gpr[i] = tcg_global_mem_new_i32(offsetof(CPURISCVState, gpr) + 4 * i, riscv_gpr_names[i]);
        /* ra, sp, s0, s1, a0 to a5: what compressed instructions reach, too */
        if (i <= 2 || (i >= 8 && i <= 15)) {
            tcg_global_set_hot(cpu_gpr[i]);
        }
    }
    cpu_pc = tcg_global_mem_new_i32(offsetof(CPURISCVState, pc), "pc");
    cpu_load_addr = tcg_global_mem_new_i32(offsetof(CPURISCVState, load_addr), "load_addr");
    cpu_load_value = tcg_global_mem_new_i32(offsetof(CPURISCVState, load_value), "load_value");
    translator_set_pc(cpu_pc);
    riscv_decode_init();
}
