/*
 * x86-64: the host's x87 unit. Accesses to guest memory are in out-mem.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/i386/tcg-target.h"

void out_x87_mem(X86 *x, int insn, Mem m)
{
    op_rm(x, insn >> 8, insn >> 3 & 7, m);
}

static void out_insn(X86 *x, int insn)
{
    out8(x, insn >> 8);
    out8(x, insn);
}

void out_x87(X86 *x, TCGOp *op)
{
    out_insn(x, op->args[0]);
}

void out_x87_m(X86 *x, TCGOp *op)
{
    int base = ra_in(&x->ra, 0);

    out_x87_mem(x, op->args[2], MEM(base, op->args[1]));
}

void out_x87_status(X86 *x, TCGOp *op)
{
    out_insn(x, 0xdfe0);                        /* fnstsw ax */
    op_rr(x, P_0F | 0xb7, ra_out(&x->ra, 0), RAX);
}

void out_x87_comi(X86 *x, TCGOp *op)
{
    out_insn(x, op->args[1]);
    out8(x, 0x9f);                              /* lahf */
    op_rr(x, P_0F | 0xb6, RAX, RSP);            /* movzx eax, ah */
    out_alui(x, false, ALU_AND, RAX, 0x45);
    out_mov_rr(x, false, ra_out(&x->ra, 0), RAX);
}

void out_x87_cmov(X86 *x, TCGOp *op)
{
    int a = ra_in(&x->ra, 0);

    op_rr(x, 0x85, a, a);
    out_insn(x, 0xdbc8 | op->args[1]);          /* fcmovne */
}

static void emit_enter_stub(X86 *x, Stub *stub)
{
    const TCGHelperInfo *helper = (const TCGHelperInfo *)stub->op->args[1];

    stub_here(x, stub);
    call_guard_thunk(x, helper->func, 0);
    stub_back(x, stub);
}

void out_x87_enter(X86 *x, TCGOp *op)
{
    Stub *stub = stub_new(x, emit_enter_stub);

    stub->op = op;
    op_rm_imm(x, 0x80, ALU_CMP, MEM_ENV(op->args[0]), 1);
    out8(x, 0);
    stub_jump(stub, out_jcc(x, CC_E));
    stub->back = x->p;
}
