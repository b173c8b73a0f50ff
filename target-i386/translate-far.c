/*
 * Far transfers, interrupts, system calls: helpers do them whole, the block
 * ends behind each (SDM 2).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/insn-gen.h"

/* The helper stored eip and may have changed every mode. */
static void gen_leave_far(DisasContext *ctx)
{
    gen_cc_is_dynamic(ctx);
    gen_exit_lookup(ctx);
}

/* The same behind a transfer that cleared TF: no single-step trap follows. */
static void gen_leave_to_handler(DisasContext *ctx)
{
    if (ctx->flags & HF_TF) {
        tcg_gen_exit_tb(NULL, 0);
        ctx->ended = true;
    } else {
        gen_leave_far(ctx);
    }
}

static TCGv_i32 operand_size(const Insn *in)
{
    return tcg_constant_i32(in->osize);
}

/* --- JMP, CALL ------------------------------------------------------------------------------------------- */

static void gen_far_direct(DisasContext *ctx, Insn *in, bool call)
{
    TCGv_i32 selector = tcg_constant_i32(in->selector);
    TCGv offset = tcg_constant_tl((target_ulong)in->op[0].imm);

    gen_sync_cc_op(ctx);
    if (call) {
        gen_helper_far_call(tcg_env, selector, offset, operand_size(in), gen_next_eip(ctx));
    } else {
        gen_helper_far_jmp(tcg_env, selector, offset, operand_size(in), gen_next_eip(ctx));
    }
    gen_leave_far(ctx);
}

void gen_callf(DisasContext *ctx, Insn *in) { gen_far_direct(ctx, in, true); }
void gen_jmpf(DisasContext *ctx, Insn *in) { gen_far_direct(ctx, in, false); }

static void gen_far_indirect(DisasContext *ctx, Insn *in, bool call)
{
    unsigned bytes = 1u << in->osize;
    TCGv addr = gen_address(ctx, in, bytes + 2, ACCESS_READ);
    TCGv offset = tcg_temp_new(), selector = tcg_temp_new();
    TCGv_i32 selector32 = tcg_temp_new_i32();

    gen_load(ctx, offset, addr, (MemOp)in->osize);
    gen_load(ctx, selector, gen_address_plus(ctx, addr, bytes), MO_16);
    tcg_gen_trunc_tl_i32(selector32, selector);
    gen_sync_cc_op(ctx);
    if (call) {
        gen_helper_far_call(tcg_env, selector32, offset, operand_size(in), gen_next_eip(ctx));
    } else {
        gen_helper_far_jmp(tcg_env, selector32, offset, operand_size(in), gen_next_eip(ctx));
    }
    gen_leave_far(ctx);
}

void gen_callf_mem(DisasContext *ctx, Insn *in) { gen_far_indirect(ctx, in, true); }
void gen_jmpf_mem(DisasContext *ctx, Insn *in) { gen_far_indirect(ctx, in, false); }

/* --- RET, IRET ----------------------------------------------------------------------------------------------- */

static void gen_far_ret_of(DisasContext *ctx, Insn *in, uint32_t bytes)
{
    gen_sync_cc_op(ctx);
    gen_helper_far_ret(tcg_env, operand_size(in), tcg_constant_i32(bytes));
    gen_leave_far(ctx);
}

void gen_retf_imm(DisasContext *ctx, Insn *in) { gen_far_ret_of(ctx, in, (uint16_t)in->op[0].imm); }
void gen_retf(DisasContext *ctx, Insn *in) { gen_far_ret_of(ctx, in, 0); }

void gen_iret(DisasContext *ctx, Insn *in)
{
    gen_sync_cc_op(ctx);
    gen_helper_iret(tcg_env, operand_size(in), gen_next_eip(ctx));
    gen_leave_far(ctx);
}

void gen_rsm(DisasContext *ctx, Insn *in)
{
    if (!(ctx->flags & HF_SMM)) {
        gen_illegal(ctx);
        return;
    }
    gen_sync_cc_op(ctx);
    gen_helper_rsm(tcg_env);
    gen_leave_to_handler(ctx);
}

/* --- interrupts ------------------------------------------------------------------------------------------------ */

void gen_int(DisasContext *ctx, Insn *in)
{
    gen_sync_cc_op(ctx);
    gen_helper_int_n(tcg_env, tcg_constant_i32((uint8_t)in->op[0].imm), gen_next_eip(ctx));
    gen_leave_to_handler(ctx);
}

static void gen_trap(DisasContext *ctx, unsigned vector)
{
    gen_sync_cc_op(ctx);
    gen_helper_int_trap(tcg_env, tcg_constant_i32(vector), gen_next_eip(ctx));
    gen_leave_to_handler(ctx);
}

void gen_int3(DisasContext *ctx, Insn *in) { gen_trap(ctx, EXCP03_INT3); }

void gen_into(DisasContext *ctx, Insn *in)
{
    enum { COND_NO = 1 };
    TCGLabel *no_overflow = gen_new_label();

    gen_sync_cc_op(ctx);
    gen_branch_on(ctx, COND_NO, no_overflow);
    gen_trap(ctx, EXCP04_INTO);
    ctx->ended = false;
    gen_set_label(no_overflow);
    gen_cc_is_dynamic(ctx);
}

void gen_int1(DisasContext *ctx, Insn *in)
{
    gen_sync_cc_op(ctx);
    gen_helper_int1(tcg_env, gen_next_eip(ctx));
    gen_leave_to_handler(ctx);
}

/* --- system calls ------------------------------------------------------------------------------------------------ */

void gen_syscall(DisasContext *ctx, Insn *in)
{
    gen_sync_cc_op(ctx);
    gen_helper_syscall(tcg_env, gen_next_eip(ctx));
    gen_leave_far(ctx);
}

static TCGv_i32 return_size(DisasContext *ctx, const Insn *in)
{
    return tcg_constant_i32(ctx->code64 && in->rex_w ? MO_64 : MO_32);
}

void gen_sysret(DisasContext *ctx, Insn *in)
{
    gen_sync_cc_op(ctx);
    gen_helper_sysret(tcg_env, return_size(ctx, in));
    gen_leave_far(ctx);
}

void gen_sysenter(DisasContext *ctx, Insn *in)
{
    gen_sync_cc_op(ctx);
    gen_helper_sysenter(tcg_env);
    gen_leave_far(ctx);
}

void gen_sysexit(DisasContext *ctx, Insn *in)
{
    gen_sync_cc_op(ctx);
    gen_helper_sysexit(tcg_env, return_size(ctx, in));
    gen_leave_far(ctx);
}
