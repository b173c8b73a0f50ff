/*
 * Environment calls, CSRs, returns from traps (volume I, chapter 9; volume II, 3.3, 4.2).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-riscv/translate.h"

void gen_ecall(DisasContext *ctx, const Insn *in)
{
    gen_exception(ctx, EXCP_ECALL_U + ctx->priv);
}

void gen_ebreak(DisasContext *ctx, const Insn *in)
{
    gen_exception(ctx, EXCP_BREAKPOINT);
}

/* CSRRS and CSRRC with x0 or 0 do not write at all. */
void gen_csr(DisasContext *ctx, const Insn *in)
{
    unsigned operation = in->row->data.csr & CSR_OPERATION;
    TCGv_i32 value = in->row->data.csr & CSR_IMMEDIATE ? tcg_constant_i32(in->rs1) : read_gpr(in->rs1);
    TCGv_i32 mask = value, old = tcg_temp_new_i32();

    if (operation != CSR_WRITE && in->rs1 == 0) {
        gen_helper_csr_read(dest_gpr(in->rd), tcg_env, tcg_constant_i32(in->csr));
        return;
    }
    if (operation == CSR_WRITE) {
        mask = tcg_constant_i32(-1);
    } else if (operation == CSR_CLEAR) {
        value = tcg_constant_i32(0);
    }
    gen_helper_csr_write(old, tcg_env, tcg_constant_i32(in->csr), value, mask);
    tcg_gen_mov_i32(dest_gpr(in->rd), old);
    translator_stop(&ctx->base);        /* mode flags and interrupt masks may have changed */
}

void gen_sret(DisasContext *ctx, const Insn *in)
{
    gen_helper_sret(tcg_env);
    translator_exit(&ctx->base);
}

void gen_mret(DisasContext *ctx, const Insn *in)
{
    gen_helper_mret(tcg_env);
    translator_exit(&ctx->base);
}

void gen_wfi(DisasContext *ctx, const Insn *in)
{
    gen_helper_wfi(tcg_env, tcg_constant_i32(ctx->base.next_pc));
    translator_stop(&ctx->base);
}

void gen_sfence_vma(DisasContext *ctx, const Insn *in)
{
    gen_helper_sfence_vma(tcg_env, read_gpr(in->rs1), read_gpr(in->rs2),
                          tcg_constant_i32((in->rs1 != 0) | (in->rs2 != 0) << 1));
    translator_stop(&ctx->base);
}
