/*
 * Emission of control flow, exits, calls and the marks of guest instructions.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/tcg-emit.h"
#include "exec/cputlb.h"
#include "tcg/helper.h"

static void emit_consts(TCGOpcode opc, unsigned nargs, TCGArg a, TCGArg b, TCGArg c)
{
    const TCGArg args[3] = { a, b, c };
    TCGOp *op = tcg_emit_op(opc, nargs);

    memcpy(op->args, args, nargs * sizeof(args[0]));
}

void gen_set_label(TCGLabel *l)
{
    assert(!l->present);
    l->present = true;
    emit_consts(INDEX_op_set_label, 1, (TCGArg)l, 0, 0);
}

void tcg_gen_br(TCGLabel *l)
{
    emit_consts(INDEX_op_br, 1, use_label(l), 0, 0);
}

void tcg_gen_insn_start(uint64_t pc, uint64_t a, uint64_t b)
{
    tcg_ctx->nb_insns++;
    emit_consts(INDEX_op_insn_start, 3, pc, a, b);
}

void tcg_gen_goto_tb(unsigned slot)
{
    emit_consts(INDEX_op_goto_tb, 1, slot, 0, 0);
}

void tcg_gen_exit_tb(const void *tb, unsigned slot)
{
    emit_consts(INDEX_op_exit_tb, 1, (uintptr_t)tb | slot, 0, 0);
}

void tcg_gen_lookup_and_goto_ptr(TCGTemp *pc)
{
    tcg_emit_op(INDEX_op_goto_ptr, 1)->args[0] = own_arg(pc);
}

void tcg_gen_check_exit(unsigned insns, const void *tb, unsigned exit_value)
{
    emit_consts(INDEX_op_check_exit, 2, insns, (uintptr_t)tb | exit_value, 0);
}

void tcg_gen_count_exec(const void *tb, unsigned exit_value)
{
    emit_consts(INDEX_op_count_exec, 1, (uintptr_t)tb | exit_value, 0, 0);
}

void tcg_gen_mb(TCGBar type)
{
    emit_consts(INDEX_op_mb, 1, type, 0, 0);
}

void tcg_gen_discard(TCGTemp *t)
{
    tcg_emit_op(INDEX_op_discard, 1)->args[0] = own_arg(t);
}

void tcg_gen_call(const TCGHelperInfo *info, TCGTemp *ret, TCGTemp **args)
{
    unsigned nb_out = ret != NULL;
    TCGOp *op = tcg_emit_op(INDEX_op_call, nb_out + info->nargs + 1);

    assert(nb_out == (info->ret >= 0));
    op->call_out = nb_out;
    op->call_in = info->nargs;
    if (ret) {
        op->args[0] = own_arg(ret);
    }
    for (unsigned i = 0; i < info->nargs; i++) {
        op->args[nb_out + i] = own_arg(args[i]);
    }
    op->args[nb_out + info->nargs] = (TCGArg)info;
}
