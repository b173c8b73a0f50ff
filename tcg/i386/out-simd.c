/*
 * x86-64: SIMD operations, each the instruction that it is named after; out of
 * line where the host lacks it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/i386/tcg-target.h"
#include "tcg/simd.h"

_Static_assert((int)P_66 == (int)SIMD_66 && (int)P_F3 == (int)SIMD_F3 && (int)P_F2 == (int)SIMD_F2 &&
               (int)P_0F == (int)SIMD_0F && (int)P_0F38 == (int)SIMD_0F38 &&
               (int)P_0F3A == (int)SIMD_0F3A && (int)P_W == (int)SIMD_W,
               "the table's encodings are opcode words");

enum { MOV_TO_VEC = P_66 | P_0F | 0x6e, MOV_FROM_VEC = P_66 | P_0F | 0x7e };

static bool on_host(const SimdOpDef *def, SimdOp simd, unsigned imm)
{
    bool compare = simd == SIMD_OP_cmpps || simd == SIMD_OP_cmppd || simd == SIMD_OP_cmpss ||
                   simd == SIMD_OP_cmpsd;
    uint32_t needs = def->features | (compare && imm > 7 ? SIMD_AVX : 0);

    return !(needs & ~(host.simd & simd_allowed_features));
}

/* --- out of line: operands and result are in CPUNeg.simd_val --- */

static uint64_t run_portable(void *env, uint64_t operands, uint64_t b, uint64_t c, uint32_t info)
{
    SimdVec *v = (SimdVec *)(uintptr_t)operands;

    simd_compute_host(info & 0xffff, &v[0], &v[0], &v[1], &v[2], info >> 16);
    return v[0].d[0];
}

static Mem simd_val(X86 *x, int n)
{
    return MEM_ENV(x->s->neg_simd_val + 16 * n);
}

/* rax = low half of the result. Keeps all other registers. */
static void call_portable(X86 *x, SimdOp simd, unsigned imm)
{
    op_rm(x, P_W | 0x8d, RAX, simd_val(x, 0));
    op_rm(x, P_W | 0x89, RAX, MEM_ENV(x->s->neg_slow_val));
    out_movi(x, RAX, (uintptr_t)run_portable);
    out_movi(x, RDX, simd | imm << 16);
    out_call_exec(x, thunks.guard);
}

static void store_operand(X86 *x, int n, int reg)
{
    if (reg >= XMM0) {
        sse_rm(x, P_0F | 0x29, reg, simd_val(x, n));
    } else {
        op_rm(x, P_W | 0x89, reg, simd_val(x, n));
    }
}

static void out_of_line(X86 *x, TCGOp *op, SimdOp simd, const int *in, int nb_in, unsigned imm)
{
    for (int i = 0; i < nb_in; i++) {
        store_operand(x, i, in[i]);
    }
    int d = ra_out(&x->ra, 0);

    call_portable(x, simd, imm);
    if (d >= XMM0) {
        sse_rm(x, P_0F | 0x28, d, simd_val(x, 0));
    } else {
        out_mov_rr(x, true, d, RAX);
    }
}

/* --- instructions --- */

/* d = f(a, b) in an instruction without VEX form: d is a's register. */
static void legacy(X86 *x, int opc, int d, int a, int b)
{
    if (d == b && d != a) {
        sse_mov(x, XMM15, b);
        b = XMM15;
    }
    sse_mov(x, d, a);
    op_rr(x, opc, d, b);
}

/* The same with c in xmm0. */
static void legacy_xmm0(X86 *x, int opc, int d, const int *in)
{
    int b = in[1] == XMM0 && in[2] != XMM0 ? XMM14 : in[1];

    sse_mov(x, XMM15, in[0]);
    if (in[2] != XMM0) {
        sse_mov(x, XMM14, XMM0);
        sse_mov(x, XMM0, in[2]);
    }
    op_rr(x, opc, XMM15, b);
    if (in[2] != XMM0) {
        sse_mov(x, XMM0, XMM14);
    }
    sse_mov(x, d, XMM15);
}

static void fused(X86 *x, int opc, int d, int a, int b, int c)
{
    if (d != a && (d == b || d == c)) {
        sse_mov(x, XMM15, a);
        vex_rr(x, opc, XMM15, b, c);
        sse_mov(x, d, XMM15);
    } else {
        sse_mov(x, d, a);
        vex_rr(x, opc, d, b, c);
    }
}

/* CF, PF and ZF; the instruction clears SF and AF. */
static void flags_to(X86 *x, int d)
{
    out8(x, 0x9f);                          /* lahf */
    out8(x, 0x0f);
    out8(x, 0xb6);
    out8(x, 0xc4);                          /* movzx eax, ah */
    out_alui(x, false, ALU_AND, RAX, 0x45);
    out_mov_rr(x, false, d, RAX);
}

static void out_form(X86 *x, const SimdOpDef *def, int d, const int *in, unsigned imm)
{
    int opc = def->encoding;

    switch (def->form) {
    case SIMD_FORM_A:
    case SIMD_FORM_AI:
    case SIMD_FORM_R:
    case SIMD_FORM_RI:
        sse_rr(x, opc, d, in[0]);
        break;
    case SIMD_FORM_STORED_AI:
    case SIMD_FORM_STORED_RI:
        sse_rr(x, opc, in[0], d);
        break;
    case SIMD_FORM_SHIFT3:
    case SIMD_FORM_SHIFT7:
        sse_shifti(x, opc, def->form == SIMD_FORM_SHIFT3 ? 3 : 7, d, in[0], imm);
        return;
    case SIMD_FORM_LEGACY_AB:
    case SIMD_FORM_LEGACY_ABI:
        legacy(x, opc, d, in[0], in[1]);
        break;
    case SIMD_FORM_ABC:
        vex_rr(x, opc, d, in[0], in[1]);
        out8(x, (in[2] & 15) << 4);
        break;
    case SIMD_FORM_LEGACY_ABC:
        legacy_xmm0(x, opc, d, in);
        break;
    case SIMD_FORM_FMA:
        fused(x, opc, d, in[0], in[1], in[2]);
        break;
    case SIMD_FORM_FLAGS:
        sse_rr(x, opc, in[0], in[1]);
        flags_to(x, d);
        break;
    default:
        sse3(x, opc, d, in[0], in[1], false);
        break;
    }
    if (simd_form_has_imm(def->form)) {
        out8(x, imm);
    }
}

static void out_simd(X86 *x, TCGOp *op)
{
    int nb_in = tcg_op_nb_iargs(op), in[3];
    SimdOp simd = op->args[1 + nb_in];
    unsigned imm = op->args[2 + nb_in];
    const SimdOpDef *def = &simd_op_defs[simd];

    for (int i = 0; i < nb_in; i++) {
        in[i] = ra_in(&x->ra, 1 + i);
    }
    if (!on_host(def, simd, imm)) {
        out_of_line(x, op, simd, in, nb_in, imm);
        return;
    }
    out_form(x, def, ra_out(&x->ra, 0), in, imm);
}

void out_simd1_vec(X86 *x, TCGOp *op) { out_simd(x, op); }
void out_simd2_vec(X86 *x, TCGOp *op) { out_simd(x, op); }
void out_simd3_vec(X86 *x, TCGOp *op) { out_simd(x, op); }
void out_simd_from_vec(X86 *x, TCGOp *op) { out_simd(x, op); }
void out_simd_to_vec(X86 *x, TCGOp *op) { out_simd(x, op); }

void out_bits_i64_vec(X86 *x, TCGOp *op)
{
    uint64_t value;

    if (arg_const(op, 1, &value) && !value) {
        int d = ra_out(&x->ra, 0);
        sse3(x, P_66 | P_0F | 0xef, d, d, d, true);     /* pxor */
    } else {
        int a = ra_in(&x->ra, 1);
        sse_rr(x, P_W | MOV_TO_VEC, ra_out(&x->ra, 0), a);
    }
}

void out_bits_vec_i64(X86 *x, TCGOp *op)
{
    int a = ra_in(&x->ra, 1);
    sse_rr(x, P_W | MOV_FROM_VEC, a, ra_out(&x->ra, 0));
}
