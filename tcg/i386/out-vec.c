/*
 * x86-64: 128-bit vectors.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/i386/tcg-target.h"

enum { X = P_66 | P_0F, X38 = P_66 | P_0F38 };

void outv_mov(X86 *x, TCGOp *op)
{
    int a = ra_in(&x->ra, 1);
    sse_mov(x, ra_out(&x->ra, 0), a);
}

static void shuffle(X86 *x, int opc, int d, int a, int imm)
{
    sse_rr(x, opc, d, a);
    out8(x, imm);
}

enum { PSHUFD = X | 0x70, PSHUFLW = P_F2 | P_0F | 0x70, PSHUFHW = P_F3 | P_0F | 0x70,
       PUNPCKLQDQ = X | 0x6c, PUNPCKHQDQ = X | 0x6d, PXOR = X | 0xef, PSHUFB = X38 | 0x00 };

/* Every byte of d = byte 0 of a. */
static void broadcast_byte(X86 *x, int d, int a)
{
    sse3(x, PXOR, XMM15, XMM15, XMM15, true);
    sse3(x, PSHUFB, d, a, XMM15, false);
}

void outv_dup(X86 *x, TCGOp *op)
{
    int a = ra_in(&x->ra, 1);
    int d = ra_out(&x->ra, 0);

    sse_rr(x, (op->vece == MO_64 ? P_W : 0) | X | 0x6e, d, a);
    switch (op->vece) {
    case MO_8:
        broadcast_byte(x, d, d);
        break;
    case MO_16:
        shuffle(x, PSHUFLW, d, d, 0);
        sse3(x, PUNPCKLQDQ, d, d, d, false);
        break;
    case MO_32:
        shuffle(x, PSHUFD, d, d, 0);
        break;
    default:
        sse3(x, PUNPCKLQDQ, d, d, d, false);
        break;
    }
}

void outv_dup_elem(X86 *x, TCGOp *op)
{
    int a = ra_in(&x->ra, 1), n = op->args[2];
    int d = ra_out(&x->ra, 0);

    switch (op->vece) {
    case MO_8:
        sse_shifti(x, X | 0x73, 3, d, a, n);
        broadcast_byte(x, d, d);
        break;
    case MO_16:
        shuffle(x, n < 4 ? PSHUFLW : PSHUFHW, d, a, (n & 3) * 0x55);
        sse3(x, n < 4 ? PUNPCKLQDQ : PUNPCKHQDQ, d, d, d, false);
        break;
    case MO_32:
        shuffle(x, PSHUFD, d, a, n * 0x55);
        break;
    default:
        shuffle(x, PSHUFD, d, a, n ? 0xee : 0x44);
        break;
    }
}

void outv_ld(X86 *x, TCGOp *op)
{
    int base = ra_in(&x->ra, 1);
    sse_rm(x, P_0F | 0x28, ra_out(&x->ra, 0), MEM(base, op->args[2]));
}

void outv_st(X86 *x, TCGOp *op)
{
    int a = ra_in(&x->ra, 0), base = ra_in(&x->ra, 1);
    sse_rm(x, P_0F | 0x29, a, MEM(base, op->args[2]));
}

void outv_not(X86 *x, TCGOp *op)
{
    int a = ra_in(&x->ra, 1);
    sse3_m(x, PXOR, ra_out(&x->ra, 0), a, MEM_K(K_ONES));
}

void outv_andc(X86 *x, TCGOp *op)
{
    int a = ra_in(&x->ra, 1), b = ra_in(&x->ra, 2);
    sse3(x, X | 0xdf, ra_out(&x->ra, 0), b, a, false);
}

void outv_bitsel(X86 *x, TCGOp *op)
{
    int a = ra_in(&x->ra, 1), b = ra_in(&x->ra, 2), c = ra_in(&x->ra, 3);
    int d = ra_out(&x->ra, 0);

    sse3(x, X | 0xdb, XMM15, a, b, true);
    sse3(x, X | 0xdf, XMM14, a, c, false);
    sse3(x, X | 0xeb, d, XMM15, XMM14, true);
}

/* d = a OP b; opcodes by element size, 0: not an op of the IR. */
static void binary(X86 *x, TCGOp *op, const int opcodes[4], bool commutes)
{
    int opc = opcodes[op->vece];
    int a = ra_in(&x->ra, 1), b = ra_in(&x->ra, 2);

    assert(opc);
    sse3(x, opc, ra_out(&x->ra, 0), a, b, commutes);
}

static const int and_opcodes[4] = { X | 0xdb, X | 0xdb, X | 0xdb, X | 0xdb };
static const int or_opcodes[4] = { X | 0xeb, X | 0xeb, X | 0xeb, X | 0xeb };
static const int xor_opcodes[4] = { X | 0xef, X | 0xef, X | 0xef, X | 0xef };
static const int add_opcodes[4] = { X | 0xfc, X | 0xfd, X | 0xfe, X | 0xd4 };
static const int sub_opcodes[4] = { X | 0xf8, X | 0xf9, X | 0xfa, X | 0xfb };
static const int mul_opcodes[4] = { 0, X | 0xd5, X38 | 0x40, 0 };
static const int ssadd_opcodes[4] = { X | 0xec, X | 0xed, 0, 0 };
static const int usadd_opcodes[4] = { X | 0xdc, X | 0xdd, 0, 0 };
static const int sssub_opcodes[4] = { X | 0xe8, X | 0xe9, 0, 0 };
static const int ussub_opcodes[4] = { X | 0xd8, X | 0xd9, 0, 0 };
static const int avgu_opcodes[4] = { X | 0xe0, X | 0xe3, 0, 0 };
static const int smin_opcodes[4] = { X38 | 0x38, X | 0xea, X38 | 0x39, 0 };
static const int smax_opcodes[4] = { X38 | 0x3c, X | 0xee, X38 | 0x3d, 0 };
static const int umin_opcodes[4] = { X | 0xda, X38 | 0x3a, X38 | 0x3b, 0 };
static const int umax_opcodes[4] = { X | 0xde, X38 | 0x3e, X38 | 0x3f, 0 };
static const int cmpeq_opcodes[4] = { X | 0x74, X | 0x75, X | 0x76, X38 | 0x29 };
static const int cmpgt_opcodes[4] = { X | 0x64, X | 0x65, X | 0x66, 0 };
static const int pshufb_opcodes[4] = { PSHUFB, PSHUFB, PSHUFB, PSHUFB };
static const int fadd_opcodes[4] = { 0, 0, P_0F | 0x58, 0 };
static const int fsub_opcodes[4] = { 0, 0, P_0F | 0x5c, 0 };
static const int fmul_opcodes[4] = { 0, 0, P_0F | 0x59, 0 };

void outv_and(X86 *x, TCGOp *op) { binary(x, op, and_opcodes, true); }
void outv_or(X86 *x, TCGOp *op) { binary(x, op, or_opcodes, true); }
void outv_xor(X86 *x, TCGOp *op) { binary(x, op, xor_opcodes, true); }
void outv_add(X86 *x, TCGOp *op) { binary(x, op, add_opcodes, true); }
void outv_sub(X86 *x, TCGOp *op) { binary(x, op, sub_opcodes, false); }
void outv_mul(X86 *x, TCGOp *op) { binary(x, op, mul_opcodes, true); }
void outv_ssadd(X86 *x, TCGOp *op) { binary(x, op, ssadd_opcodes, true); }
void outv_usadd(X86 *x, TCGOp *op) { binary(x, op, usadd_opcodes, true); }
void outv_sssub(X86 *x, TCGOp *op) { binary(x, op, sssub_opcodes, false); }
void outv_ussub(X86 *x, TCGOp *op) { binary(x, op, ussub_opcodes, false); }
void outv_avgu(X86 *x, TCGOp *op) { binary(x, op, avgu_opcodes, true); }
void outv_smin(X86 *x, TCGOp *op) { binary(x, op, smin_opcodes, true); }
void outv_smax(X86 *x, TCGOp *op) { binary(x, op, smax_opcodes, true); }
void outv_umin(X86 *x, TCGOp *op) { binary(x, op, umin_opcodes, true); }
void outv_umax(X86 *x, TCGOp *op) { binary(x, op, umax_opcodes, true); }
void outv_cmpeq(X86 *x, TCGOp *op) { binary(x, op, cmpeq_opcodes, true); }
void outv_cmpgt(X86 *x, TCGOp *op) { binary(x, op, cmpgt_opcodes, false); }
void outv_pshufb(X86 *x, TCGOp *op) { binary(x, op, pshufb_opcodes, false); }
void outv_fadd(X86 *x, TCGOp *op) { binary(x, op, fadd_opcodes, true); }
void outv_fsub(X86 *x, TCGOp *op) { binary(x, op, fsub_opcodes, false); }
void outv_fmul(X86 *x, TCGOp *op) { binary(x, op, fmul_opcodes, true); }

static void shift(X86 *x, TCGOp *op, int ext)
{
    int a = ra_in(&x->ra, 1);
    int d = ra_out(&x->ra, 0);

    sse_shifti(x, X | (0x70 + op->vece), ext, d, a, op->args[2]);
}

void outv_shli(X86 *x, TCGOp *op) { shift(x, op, 6); }
void outv_shri(X86 *x, TCGOp *op) { shift(x, op, 2); }
void outv_sari(X86 *x, TCGOp *op) { shift(x, op, 4); }
