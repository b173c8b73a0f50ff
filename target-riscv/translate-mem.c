/*
 * Loads, stores, atomics, fences (volume I, chapters 2.6, 2.7, 3, 8).
 *
 * Plain accesses may be misaligned; atomics may not. While there is one CPU nothing
 * comes between the parts of an atomic instruction, so it is a load and a store.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-riscv/translate.h"

static const MemOp MO_ATOMIC = MO_LEUL | MO_ALIGN;

static TCGv_i32 gen_address(const Insn *in)
{
    TCGv_i32 addr;

    if (in->imm == 0) {
        return read_gpr(in->rs1);
    }
    addr = tcg_temp_new_i32();
    tcg_gen_addi_i32(addr, read_gpr(in->rs1), in->imm);
    return addr;
}

/* A load to x0 is made: it may fault, or a device may notice. */
void gen_load(DisasContext *ctx, const Insn *in)
{
    tcg_gen_qemu_ld_i32(dest_gpr(in->rd), gen_address(in), ctx->mem_idx, in->row->data.memop);
}

void gen_store(DisasContext *ctx, const Insn *in)
{
    tcg_gen_qemu_st_i32(read_gpr(in->rs2), gen_address(in), ctx->mem_idx, in->row->data.memop);
}

/* --- fences ----------------------------------------------------------------------------------------- */

void gen_fence(DisasContext *ctx, const Insn *in)
{
    if (ctx->parallel) {
        tcg_gen_mb(TCG_MO_ALL);
    }
}

/* Stores to code invalidate its blocks at once; what was translated behind this instruction is left. */
void gen_fence_i(DisasContext *ctx, const Insn *in)
{
    translator_stop(&ctx->base);
}

/* --- A ------------------------------------------------------------------------------------------------ */

void gen_lr(DisasContext *ctx, const Insn *in)
{
    TCGv_i32 addr = tcg_temp_new_i32();

    tcg_gen_mov_i32(addr, read_gpr(in->rs1));
    tcg_gen_qemu_ld_i32(cpu_load_value, addr, ctx->mem_idx, MO_ATOMIC);
    gen_fence(ctx, in);
    tcg_gen_mov_i32(cpu_load_addr, addr);
    tcg_gen_mov_i32(dest_gpr(in->rd), cpu_load_value);
}

/* Succeeds (0) when the reservation is for this address and memory still holds what LR read. */
void gen_sc(DisasContext *ctx, const Insn *in)
{
    TCGLabel *fail = gen_new_label(), *done = gen_new_label();
    TCGv_i32 addr = tcg_temp_new_i32(), old = tcg_temp_new_i32(), failed = tcg_temp_new_i32();

    tcg_gen_mov_i32(addr, read_gpr(in->rs1));
    tcg_gen_movi_i32(failed, 1);
    tcg_gen_brcond_i32(TCG_COND_NE, addr, cpu_load_addr, fail);
    if (ctx->parallel) {
        tcg_gen_atomic_cmpxchg_i32(old, tcgv_temp(addr), cpu_load_value, read_gpr(in->rs2), ctx->mem_idx, MO_ATOMIC);
        tcg_gen_setcond_i32(TCG_COND_NE, failed, old, cpu_load_value);
    } else {
        tcg_gen_qemu_st_i32(read_gpr(in->rs2), addr, ctx->mem_idx, MO_ATOMIC);
        tcg_gen_movi_i32(failed, 0);
    }
    tcg_gen_br(done);
    gen_set_label(fail);
    gen_fence(ctx, in);
    gen_set_label(done);
    tcg_gen_movi_i32(cpu_load_addr, NO_RESERVATION);
    tcg_gen_mov_i32(dest_gpr(in->rd), failed);
}

typedef void Gen3(TCGv_i32, TCGv_i32, TCGv_i32);
typedef void GenAtomic(TCGv_i32, TCGTemp *, TCGv_i32, unsigned, MemOp);

static void gen_swap(TCGv_i32 ret, TCGv_i32 old, TCGv_i32 value) { tcg_gen_mov_i32(ret, value); }

static const struct { Gen3 *plain; GenAtomic *atomic; } amo_ops[] = {
    [AMO_SWAP] = { gen_swap, tcg_gen_atomic_xchg_i32 },
    [AMO_ADD] = { tcg_gen_add_i32, tcg_gen_atomic_fetch_add_i32 },
    [AMO_XOR] = { tcg_gen_xor_i32, tcg_gen_atomic_fetch_xor_i32 },
    [AMO_OR] = { tcg_gen_or_i32, tcg_gen_atomic_fetch_or_i32 },
    [AMO_AND] = { tcg_gen_and_i32, tcg_gen_atomic_fetch_and_i32 },
    [AMO_MIN] = { tcg_gen_smin_i32, NULL },
    [AMO_MAX] = { tcg_gen_smax_i32, NULL },
    [AMO_MINU] = { tcg_gen_umin_i32, NULL },
    [AMO_MAXU] = { tcg_gen_umax_i32, NULL },
};

void gen_amo(DisasContext *ctx, const Insn *in)
{
    AmoOp op = in->row->data.amo;
    TCGv_i32 addr = read_gpr(in->rs1), value = read_gpr(in->rs2), old = tcg_temp_new_i32();

    if (!ctx->parallel) {
        TCGv_i32 result = tcg_temp_new_i32();

        tcg_gen_qemu_ld_i32(old, addr, ctx->mem_idx, MO_ATOMIC);
        amo_ops[op].plain(result, old, value);
        tcg_gen_qemu_st_i32(result, addr, ctx->mem_idx, MO_ATOMIC);
    } else if (amo_ops[op].atomic) {
        amo_ops[op].atomic(old, tcgv_temp(addr), value, ctx->mem_idx, MO_ATOMIC);
    } else {
        gen_helper_amo_select(old, tcg_env, addr, value, tcg_constant_i32(op | ctx->mem_idx << 8));
    }
    tcg_gen_mov_i32(dest_gpr(in->rd), old);
}
