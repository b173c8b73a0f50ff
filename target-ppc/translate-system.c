/*
 * System-level instructions: MSR, segment registers, TLB management, return
 * from interrupt (PEM 4.4). SPRs are in translate-spr.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-ppc/insn-gen.h"

void gen_mfmsr(DisasContext *ctx, const Insn *in)
{
    tcg_gen_ld_i32(dest_gpr(ctx, in->rd), tcg_env, offsetof(CPUPPCState, msr));
}

/*
 * mtmsr rS. Kernels use it mostly to turn EE off and on: when only EE and RI
 * change and no interrupt waits, the block goes on.
 */
void gen_mtmsr(DisasContext *ctx, const Insn *in)
{
    TCGv_i32 old = tcg_temp_new_i32(), changed = tcg_temp_new_i32(), pending = tcg_temp_new_i32();
    TCGv_i32 value = cpu_gpr[in->rs];

    if (ctx->single_step || ctx->tb->cflags & CF_SINGLE_STEP) {
        tcg_gen_movi_i32(cpu_nip, ctx->next_pc);
        gen_helper_store_msr(tcg_env, value);
        gen_exit_lookup(ctx);
        return;
    }
    TCGLabel *slow = gen_exit_later(ctx, EXIT_MTMSR, ctx->next_pc);

    ctx->later_exits->value = value;
    tcg_gen_ld_i32(old, tcg_env, offsetof(CPUPPCState, msr));
    tcg_gen_xor_i32(changed, old, value);
    tcg_gen_brcond_i32(TCG_COND_TSTNE, changed, tcg_constant_i32(~(MSR_EE | MSR_RI)), slow);
    tcg_gen_ld_i32(pending, tcg_env, offsetof(CPUPPCState, pending_interrupts));
    tcg_gen_brcondi_i32(TCG_COND_NE, pending, 0, slow);
    tcg_gen_st_i32(value, tcg_env, offsetof(CPUPPCState, msr));
}

void gen_rfi(DisasContext *ctx, const Insn *in)
{
    gen_helper_rfi(tcg_env);
    gen_exit_lookup(ctx);
}

/* --- segments: writes take effect at the next context synchronisation ------------------- */

void gen_mfsr(DisasContext *ctx, const Insn *in)
{
    tcg_gen_ld_i32(dest_gpr(ctx, in->rd), tcg_env, offsetof(CPUPPCState, sr) + 4 * in->sr);
}

void gen_mtsr(DisasContext *ctx, const Insn *in)
{
    tcg_gen_st_i32(cpu_gpr[in->rs], tcg_env, offsetof(CPUPPCState, sr) + 4 * in->sr);
    tcg_gen_st8_i32(tcg_constant_i32(1), tcg_env, offsetof(CPUPPCState, segments_changed));
}

void gen_mfsrin(DisasContext *ctx, const Insn *in)
{
    gen_helper_load_srin(dest_gpr(ctx, in->rd), tcg_env, cpu_gpr[in->rb]);
}

void gen_mtsrin(DisasContext *ctx, const Insn *in)
{
    gen_helper_store_srin(tcg_env, cpu_gpr[in->rb], cpu_gpr[in->rs]);
}

/* --- TLB ------------------------------------------------------------------------------------ */

void gen_tlbie(DisasContext *ctx, const Insn *in)
{
    gen_helper_tlbie(tcg_env, cpu_gpr[in->rb]);
}

void gen_tlbia(DisasContext *ctx, const Insn *in)
{
    gen_helper_tlbia(tcg_env);
}

/* tlbie is done on all CPUs when it returns. */
void gen_tlbsync(DisasContext *ctx, const Insn *in) { }

void gen_tlbld(DisasContext *ctx, const Insn *in)
{
    gen_helper_tlb603_load(tcg_env, cpu_gpr[in->rb], tcg_constant_i32(0));
}

void gen_tlbli(DisasContext *ctx, const Insn *in)
{
    gen_helper_tlb603_load(tcg_env, cpu_gpr[in->rb], tcg_constant_i32(1));
}
