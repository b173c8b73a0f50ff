/*
 * x86-64: scalar floating point in the low element of vector registers.
 *
 * SPDX-License-Identifier: MIT
 */
#include <math.h>
#include "tcg/i386/tcg-target.h"

static bool is_f64(const TCGOp *op) { return tcg_op_defs[op->opc].type == TCG_TYPE_F64; }
/* Prefix of the scalar instruction. */
static int scalar(const TCGOp *op) { return P_0F | (is_f64(op) ? P_F2 : P_F3); }
/* Prefix of compares and logic. */
static int packed(const TCGOp *op) { return P_0F | (is_f64(op) ? P_66 : 0); }

void outf_mov(X86 *x, TCGOp *op)
{
    int a = ra_in(&x->ra, 1);
    sse_mov(x, ra_out(&x->ra, 0), a);
}

static void arith(X86 *x, TCGOp *op, int opc, bool commutes)
{
    int a = ra_in(&x->ra, 1), b = ra_in(&x->ra, 2);
    sse3(x, scalar(op) | opc, ra_out(&x->ra, 0), a, b, commutes);
}

void outf_fadd(X86 *x, TCGOp *op) { arith(x, op, 0x58, true); }
void outf_fsub(X86 *x, TCGOp *op) { arith(x, op, 0x5c, false); }
void outf_fmul(X86 *x, TCGOp *op) { arith(x, op, 0x59, true); }
void outf_fdiv(X86 *x, TCGOp *op) { arith(x, op, 0x5e, false); }

/* d = f(a) by an instruction that takes the rest of d from another register. */
static void unary(X86 *x, TCGOp *op, int opc)
{
    int a = ra_in(&x->ra, 1);
    int d = ra_out(&x->ra, 0);

    if (host.avx) {
        vex_rr(x, opc, d, a, a);
    } else {
        op_rr(x, opc, d, a);
    }
}

void outf_fsqrt(X86 *x, TCGOp *op) { unary(x, op, scalar(op) | 0x51); }
void out_cvt_f64_f32(X86 *x, TCGOp *op) { unary(x, op, P_F2 | P_0F | 0x5a); }
void out_cvt_f32_f64(X86 *x, TCGOp *op) { unary(x, op, P_F3 | P_0F | 0x5a); }

static uint64_t fma_bits(void *env, uint64_t a, uint64_t b, uint64_t c, uint32_t double_format)
{
    if (double_format) {
        double v[3];
        memcpy(&v[0], &a, 8);
        memcpy(&v[1], &b, 8);
        memcpy(&v[2], &c, 8);
        v[0] = fma(v[0], v[1], v[2]);
        memcpy(&a, &v[0], 8);
    } else {
        float v[3];
        memcpy(&v[0], &a, 4);
        memcpy(&v[1], &b, 4);
        memcpy(&v[2], &c, 4);
        v[0] = fmaf(v[0], v[1], v[2]);
        a = 0;
        memcpy(&a, &v[0], 4);
    }
    return a;
}

void call_guard_thunk(X86 *x, const void *func, uint32_t info)
{
    out_movi(x, RAX, (uintptr_t)func);
    out_movi(x, RDX, info);
    out_call_exec(x, thunks.guard);
}

void outf_fma(X86 *x, TCGOp *op)
{
    int a = ra_in(&x->ra, 1), b = ra_in(&x->ra, 2), c = ra_in(&x->ra, 3);
    int d = ra_out(&x->ra, 0);
    int wide = is_f64(op) ? P_W : 0;

    if (!host.fma) {
        for (int i = 0; i < 3; i++) {
            sse_rm(x, P_F2 | P_0F | 0x11, i == 0 ? a : i == 1 ? b : c,
                   MEM_ENV(x->s->neg_slow_val + 8 * i));
        }
        call_guard_thunk(x, fma_bits, is_f64(op));
        sse_rr(x, wide | P_66 | P_0F | 0x6e, d, RAX);
    } else if (d == c) {
        vex_rr(x, wide | P_66 | P_0F38 | 0xb9, d, a, b);
    } else if (d == b) {
        vex_rr(x, wide | P_66 | P_0F38 | 0xa9, d, a, c);
    } else {
        sse_mov(x, d, a);
        vex_rr(x, wide | P_66 | P_0F38 | 0xa9, d, b, c);
    }
}

static void with_mask(X86 *x, TCGOp *op, int opc, int mask)
{
    int a = ra_in(&x->ra, 1);
    sse3_m(x, packed(op) | opc, ra_out(&x->ra, 0), a, MEM_K(mask));
}

void outf_fneg(X86 *x, TCGOp *op) { with_mask(x, op, 0x57, is_f64(op) ? K_SIGN_F64 : K_SIGN_F32); }
void outf_fabs(X86 *x, TCGOp *op) { with_mask(x, op, 0x54, is_f64(op) ? K_ABS_F64 : K_ABS_F32); }

/* --- compares: ucomis sets CF (below), ZF (equal), all of CF ZF PF for unordered --- */

typedef struct FCond {
    uint8_t cc;
    bool swap;          /* compare b with a */
    int8_t parity;      /* 1: or unordered, -1: and ordered, 0: cc says it all */
} FCond;

static const FCond fconds[] = {
    [TCG_FCOND_EQ] = { CC_E, false, -1 }, [TCG_FCOND_NEU] = { CC_NE, false, 1 },
    [TCG_FCOND_LT] = { CC_A, true, 0 }, [TCG_FCOND_GEU] = { CC_BE, true, 0 },
    [TCG_FCOND_GT] = { CC_A, false, 0 }, [TCG_FCOND_LEU] = { CC_BE, false, 0 },
    [TCG_FCOND_LE] = { CC_AE, true, 0 }, [TCG_FCOND_GTU] = { CC_B, true, 0 },
    [TCG_FCOND_GE] = { CC_AE, false, 0 }, [TCG_FCOND_LTU] = { CC_B, false, 0 },
    [TCG_FCOND_UN] = { CC_P, false, 0 }, [TCG_FCOND_ORD] = { CC_NP, false, 0 },
};

static const FCond *compare(X86 *x, TCGOp *op, int n, TCGFCond cond)
{
    const FCond *f = &fconds[cond];
    int a = ra_in(&x->ra, n), b = ra_in(&x->ra, n + 1);

    sse_rr(x, packed(op) | 0x2e, f->swap ? b : a, f->swap ? a : b);
    return f;
}

void outf_setcond(X86 *x, TCGOp *op)
{
    const FCond *f = compare(x, op, 1, op->args[3]);
    int d = ra_out(&x->ra, 0);

    out_setcc(x, f->cc, RAX);
    if (f->parity) {
        out_setcc(x, f->parity > 0 ? CC_P : CC_NP, RDX);
        out_alu(x, false, f->parity > 0 ? ALU_OR : ALU_AND, RAX, RDX);
    }
    out_movzx8(x, d, RAX);
}

void outf_brcond(X86 *x, TCGOp *op)
{
    const FCond *f = compare(x, op, 0, op->args[2]);
    TCGLabel *label = arg_label(op->args[3]);

    out_sync_for_branch(x, op);
    if (f->parity < 0) {
        uint8_t *unordered = out_jcc_short(x, CC_P);
        jump_label(x, f->cc, label);
        patch_short(x, unordered);
    } else {
        if (f->parity > 0) {
            jump_label(x, CC_P, label);
        }
        jump_label(x, f->cc, label);
    }
}

/* --- conversions --- */

static void to_int(X86 *x, TCGOp *op, bool w)
{
    int a = ra_in(&x->ra, 1);
    int d = ra_out(&x->ra, 0);

    sse_rr(x, (w ? P_W : 0) | scalar(op) | (op->args[2] ? 0x2c : 0x2d), d, a);
}

void outf_cvt_i32(X86 *x, TCGOp *op) { to_int(x, op, false); }
void outf_cvt_i64(X86 *x, TCGOp *op) { to_int(x, op, true); }

static void from_int(X86 *x, TCGOp *op, bool w)
{
    int a = ra_in(&x->ra, 1);
    int d = ra_out(&x->ra, 0);

    sse3(x, P_0F | 0x57, d, d, d, true);        /* no dependency on the old value */
    sse3(x, (w ? P_W : 0) | scalar(op) | 0x2a, d, d, a, false);
}

void outf_from_i32(X86 *x, TCGOp *op) { from_int(x, op, false); }
void outf_from_i64(X86 *x, TCGOp *op) { from_int(x, op, true); }

static void bits_to_fp(X86 *x, TCGOp *op, int wide)
{
    int a = ra_in(&x->ra, 1);
    sse_rr(x, wide | P_66 | P_0F | 0x6e, ra_out(&x->ra, 0), a);
}

static void fp_to_bits(X86 *x, TCGOp *op, int wide)
{
    int a = ra_in(&x->ra, 1);
    sse_rr(x, wide | P_66 | P_0F | 0x7e, a, ra_out(&x->ra, 0));
}

void out_bits_f32_i32(X86 *x, TCGOp *op) { fp_to_bits(x, op, 0); }
void out_bits_i32_f32(X86 *x, TCGOp *op) { bits_to_fp(x, op, 0); }
void out_bits_f64_i64(X86 *x, TCGOp *op) { fp_to_bits(x, op, P_W); }
void out_bits_i64_f64(X86 *x, TCGOp *op) { bits_to_fp(x, op, P_W); }

void outf_ld(X86 *x, TCGOp *op)
{
    int base = ra_in(&x->ra, 1);
    sse_rm(x, scalar(op) | 0x10, ra_out(&x->ra, 0), MEM(base, op->args[2]));
}

void outf_st(X86 *x, TCGOp *op)
{
    int a = ra_in(&x->ra, 0), base = ra_in(&x->ra, 1);
    sse_rm(x, scalar(op) | 0x11, a, MEM(base, op->args[2]));
}

/* --- guards --- */

/* Tests a; jumps to the stub when the result must not be used. */
static void guard_test(X86 *x, Stub *stub, TCGOp *op, int a)
{
    bool f64 = is_f64(op);
    TCGGuard test = op->args[5];

    if (test == TCG_GUARD_NOT_NAN) {
        sse_rr(x, packed(op) | 0x2e, a, a);
        stub_jump(stub, out_jcc(x, CC_P));
        return;
    }
    if (test == TCG_GUARD_FINITE_NORMAL || test == TCG_GUARD_SINGLE) {
        int k = !f64 ? K_NORMAL_F32 : test == TCG_GUARD_SINGLE ? K_NORMAL_SINGLE : K_NORMAL_F64;
        Mem span = MEM_K(k);
        int wide = f64 ? P_W : 0;

        span.rip = (const uint64_t *)span.rip + 1;
        sse_rr(x, wide | P_66 | P_0F | 0x7e, a, RAX);
        out_alu(x, f64, ALU_ADD, RAX, RAX);
        uint8_t *zero = out_jcc_short(x, CC_E);
        op_rm(x, wide | ALU_SUB << 3 | 3, RAX, MEM_K(k));
        op_rm(x, wide | ALU_CMP << 3 | 3, RAX, span);
        stub_jump(stub, out_jcc(x, CC_AE));
        patch_short(x, zero);
        return;
    }
    /* equal and unordered both set ZF */
    sse3_m(x, packed(op) | 0x54, XMM15, a, MEM_K(f64 ? K_ABS_F64 : K_ABS_F32));
    sse_rm(x, packed(op) | 0x2e, XMM15, MEM_K(f64 ? K_LEAST_F64 : K_LEAST_F32));
    stub_jump(stub, out_jcc(x, CC_E));
    if (test == TCG_GUARD_NO_HALF && f64) {
        sse_rr(x, P_66 | P_0F | 0x7e, a, RAX);
        out_shifti(x, false, SH_SHL, RAX, 3);
        out_unary(x, false, UN_NEG, RAX);       /* overflows for 1 << 31 alone */
        stub_jump(stub, out_jcc(x, CC_O));
    }
}

static void emit_guard_stub(X86 *x, Stub *stub)
{
    const TCGHelperInfo *fix = (const TCGHelperInfo *)stub->op->args[6];
    int wide = is_f64(stub->op) ? P_W : 0;

    stub_here(x, stub);
    for (int i = 0; i < 3; i++) {
        Mem to = MEM_ENV(x->s->neg_slow_val + 8 * i);

        if (stub->place_reg[i] != NO_REG) {
            sse_rm(x, P_F2 | P_0F | 0x11, stub->place_reg[i], to);
        } else {
            op_rm(x, wide | 0x8b, RAX, MEM(stub->place_frame[i] ? RSP : RBP, stub->place[i]));
            op_rm(x, P_W | 0x89, RAX, to);
        }
    }
    call_guard_thunk(x, fix->func, stub->op->args[7]);
    sse_rr(x, wide | P_66 | P_0F | 0x6e, stub->reg[0], RAX);
    stub_back(x, stub);
}

void outf_guard(X86 *x, TCGOp *op)
{
    Stub *stub = stub_new(x, emit_guard_stub);
    int a = ra_in(&x->ra, 1);

    stub->op = op;
    for (int i = 0; i < 3; i++) {
        TCGTemp *t = arg_temp(op->args[2 + i]);

        stub->place_reg[i] = t->reg;    /* not overwritten before the test */
        if (t->reg < 0) {
            stub->place[i] = ra_place(&x->ra, t, &stub->place_frame[i]);
        }
    }
    int d = ra_out(&x->ra, 0);
    stub->reg[0] = d;
    guard_test(x, stub, op, a);
    sse_mov(x, d, a);
    stub->back = x->p;
}
