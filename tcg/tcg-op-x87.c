/*
 * Emission of the ops of the host's x87 unit.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/tcg-emit.h"
#include "tcg/helper.h"

void tcg_gen_x87(unsigned insn)
{
    tcg_emit_op(INDEX_op_x87, 1)->args[0] = insn;
}

void tcg_gen_x87_m(TCGv_ptr base, intptr_t offset, unsigned insn)
{
    TCGOp *op = tcg_emit_op(INDEX_op_x87_m, 3);

    op->args[0] = own_arg(base);
    op->args[1] = offset;
    op->args[2] = insn;
}

static void gen_guest(TCGOpcode opc, void *addr, TCGArg mmu_idx, MemOp memop, unsigned insn)
{
    TCGOp *op = tcg_emit_op(opc, 3);

    op->args[0] = own_arg(addr);
    op->args[1] = make_memop_idx(memop, mmu_idx);
    op->args[2] = insn;
}

void tcg_gen_x87_ld_i32(TCGv_i32 addr, TCGArg mmu_idx, MemOp memop, unsigned insn)
{
    gen_guest(INDEX_op_x87_ld, addr, mmu_idx, memop, insn);
}

void tcg_gen_x87_ld_i64(TCGv_i64 addr, TCGArg mmu_idx, MemOp memop, unsigned insn)
{
    gen_guest(INDEX_op_x87_ld, addr, mmu_idx, memop, insn);
}

void tcg_gen_x87_st_i32(TCGv_i32 addr, TCGArg mmu_idx, MemOp memop, unsigned insn)
{
    gen_guest(INDEX_op_x87_st, addr, mmu_idx, memop, insn);
}

void tcg_gen_x87_st_i64(TCGv_i64 addr, TCGArg mmu_idx, MemOp memop, unsigned insn)
{
    gen_guest(INDEX_op_x87_st, addr, mmu_idx, memop, insn);
}

void tcg_gen_x87_status(TCGv_i32 ret)
{
    tcg_emit_op(INDEX_op_x87_status, 1)->args[0] = own_arg(ret);
}

void tcg_gen_x87_comi(TCGv_i32 ret, unsigned insn)
{
    TCGOp *op = tcg_emit_op(INDEX_op_x87_comi, 2);

    op->args[0] = own_arg(ret);
    op->args[1] = insn;
}

void tcg_gen_x87_cmov(TCGv_i32 cond, unsigned st)
{
    TCGOp *op = tcg_emit_op(INDEX_op_x87_cmov, 2);

    op->args[0] = own_arg(cond);
    op->args[1] = st;
}

void tcg_gen_x87_enter(intptr_t env_offset, const TCGHelperInfo *helper)
{
    TCGOp *op = tcg_emit_op(INDEX_op_x87_enter, 2);

    op->args[0] = env_offset;
    op->args[1] = (TCGArg)helper;
}
