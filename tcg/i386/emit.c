/*
 * x86-64 instruction encoder (AMD64 Architecture Programmer's Manual, volume 3;
 * Intel SDM volume 2 for VEX forms).
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/i386/tcg-target.h"

static void out_prefixes(X86 *x, int opc, int reg, int index, int rm_or_base)
{
    int rex = (opc & P_W ? 8 : 0) | (reg & 8 ? 4 : 0) | (index & 8 ? 2 : 0) | (rm_or_base & 8 ? 1 : 0);

    if (opc & P_66) {
        out8(x, 0x66);
    }
    if (opc & P_F3) {
        out8(x, 0xf3);
    }
    if (opc & P_F2) {
        out8(x, 0xf2);
    }
    if (rex || ((opc & P_B) && reg >= RSP) || ((opc & P_BM) && rm_or_base >= RSP)) {
        out8(x, 0x40 | rex);
    }
    if (opc & (P_0F | P_0F38 | P_0F3A)) {
        out8(x, 0x0f);
        if (opc & P_0F38) {
            out8(x, 0x38);
        } else if (opc & P_0F3A) {
            out8(x, 0x3a);
        }
    }
    out8(x, opc);
}

void op_rr(X86 *x, int opc, int reg, int rm)
{
    reg &= 15;
    rm &= 15;
    out_prefixes(x, opc, reg, 0, rm);
    out8(x, 0xc0 | (reg & 7) << 3 | (rm & 7));
}

static void out_mem(X86 *x, int reg, Mem m, int imm_bytes)
{
    int r = (reg & 7) << 3;

    if (m.rip) {
        out8(x, r | 5);
        out32(x, (intptr_t)m.rip - (intptr_t)(exec_addr(x, x->p) + 4 + imm_bytes));
        return;
    }
    if (m.base == NO_REG) {
        out8(x, r | 4);
        out8(x, m.scale << 6 | (m.index == NO_REG ? RSP : m.index & 7) << 3 | 5);
        out32(x, m.disp);
        return;
    }
    int mod = m.disp == 0 && (m.base & 7) != RBP ? 0 : m.disp == (int8_t)m.disp ? 0x40 : 0x80;

    if (m.index != NO_REG || (m.base & 7) == RSP) {
        int index = m.index == NO_REG ? RSP : m.index;
        out8(x, mod | r | 4);
        out8(x, m.scale << 6 | (index & 7) << 3 | (m.base & 7));
    } else {
        out8(x, mod | r | (m.base & 7));
    }
    if (mod == 0x40) {
        out8(x, m.disp);
    } else if (mod == 0x80) {
        out32(x, m.disp);
    }
}

void op_rm_imm(X86 *x, int opc, int reg, Mem m, int imm_bytes)
{
    reg &= 15;
    out_prefixes(x, opc, reg, m.index == NO_REG ? 0 : m.index, m.base == NO_REG ? 0 : m.base);
    out_mem(x, reg, m, imm_bytes);
}

void op_rm(X86 *x, int opc, int reg, Mem m)
{
    op_rm_imm(x, opc, reg, m, 0);
}

static void out_vex(X86 *x, int opc, int reg, int v, int index, int rm_or_base)
{
    int pp = opc & P_66 ? 1 : opc & P_F3 ? 2 : opc & P_F2 ? 3 : 0;
    int map = opc & P_0F38 ? 2 : opc & P_0F3A ? 3 : 1;
    int not_r = reg & 8 ? 0 : 0x80;
    int vvvv = (~v & 15) << 3;

    if (map == 1 && !(opc & P_W) && !(index & 8) && !(rm_or_base & 8)) {
        out8(x, 0xc5);
        out8(x, not_r | vvvv | pp);
    } else {
        out8(x, 0xc4);
        out8(x, not_r | (index & 8 ? 0 : 0x40) | (rm_or_base & 8 ? 0 : 0x20) | map);
        out8(x, (opc & P_W ? 0x80 : 0) | vvvv | pp);
    }
    out8(x, opc);
}

void vex_rr(X86 *x, int opc, int reg, int v, int rm)
{
    reg &= 15;
    rm &= 15;
    out_vex(x, opc, reg, v & 15, 0, rm);
    out8(x, 0xc0 | (reg & 7) << 3 | (rm & 7));
}

void vex_rm(X86 *x, int opc, int reg, int v, Mem m)
{
    int imm_bytes = opc & P_0F3A ? 1 : 0;

    reg &= 15;
    out_vex(x, opc, reg, v & 15, m.index == NO_REG ? 0 : m.index, m.base == NO_REG ? 0 : m.base);
    out_mem(x, reg, m, imm_bytes);
}

void out_mov_rr(X86 *x, bool w, int d, int a)
{
    if (d != a) {
        op_rr(x, (w ? P_W : 0) | 0x8b, d, a);
    }
}

void out_trunc(X86 *x, int d, int a)
{
    op_rr(x, 0x8b, d, a);
}

void out_movi(X86 *x, int d, uint64_t v)
{
    if (v == (uint32_t)v) {
        out_prefixes(x, 0xb8 | (d & 7), 0, 0, d);
        out32(x, v);
    } else if ((int64_t)v == (int32_t)v) {
        op_rr(x, P_W | 0xc7, 0, d);
        out32(x, v);
    } else {
        intptr_t rel = v - (uintptr_t)(exec_addr(x, x->p) + 7);

        if (rel == (int32_t)rel) {
            op_rm(x, P_W | 0x8d, d, (Mem){ NO_REG, NO_REG, 0, 0, (void *)(uintptr_t)v });
        } else {
            out_prefixes(x, P_W | 0xb8 | (d & 7), 0, 0, d);
            out64(x, v);
        }
    }
}

void out_alu(X86 *x, bool w, int alu, int d, int b)
{
    op_rr(x, (w ? P_W : 0) | alu << 3 | 3, d, b);
}

void out_alui(X86 *x, bool w, int alu, int d, int32_t imm)
{
    int wide = w ? P_W : 0;

    if (imm == (int8_t)imm) {
        op_rr(x, wide | 0x83, alu, d);
        out8(x, imm);
    } else if (d == RAX) {
        out_prefixes(x, wide | alu << 3 | 5, 0, 0, 0);
        out32(x, imm);
    } else {
        op_rr(x, wide | 0x81, alu, d);
        out32(x, imm);
    }
}

void out_shifti(X86 *x, bool w, int ext, int d, int count)
{
    if (count == 1) {
        op_rr(x, (w ? P_W : 0) | 0xd1, ext, d);
    } else if (count) {
        op_rr(x, (w ? P_W : 0) | 0xc1, ext, d);
        out8(x, count);
    }
}

void out_testi(X86 *x, int r, uint32_t imm)
{
    if (imm < 0x80) {
        if (r == RAX) {
            out8(x, 0xa8);
        } else {
            op_rr(x, P_BM | 0xf6, 0, r);
        }
        out8(x, imm);
    } else {
        op_rr(x, 0xf7, 0, r);
        out32(x, imm);
    }
}

void out_unary(X86 *x, bool w, int ext, int d)
{
    op_rr(x, (w ? P_W : 0) | 0xf7, ext, d);
}

void out_setcc(X86 *x, int cc, int d)
{
    op_rr(x, P_0F | P_BM | 0x90 | cc, 0, d);
}

void out_movzx8(X86 *x, int d, int a)
{
    op_rr(x, P_0F | P_BM | 0xb6, d, a);
}

uint8_t *out_jcc_short(X86 *x, int cc)
{
    out8(x, cc < 0 ? 0xeb : 0x70 | cc);
    out8(x, 0);
    return x->p - 1;
}

void patch_short(X86 *x, uint8_t *at)
{
    ptrdiff_t rel = x->p - (at + 1);

    assert(rel <= 127);
    *at = rel;
}

uint8_t *out_jcc(X86 *x, int cc)
{
    out8(x, 0x0f);
    out8(x, 0x80 | cc);
    out32(x, 0);
    return x->p - 4;
}

uint8_t *out_jmp(X86 *x)
{
    out8(x, 0xe9);
    out32(x, 0);
    return x->p - 4;
}

void patch_rel32(uint8_t *at, const uint8_t *to)
{
    int32_t rel = to - (at + 4);
    memcpy(at, &rel, 4);
}

static void out_far(X86 *x, int opc, int ext, const void *to)
{
    intptr_t rel = (intptr_t)to - (intptr_t)(exec_addr(x, x->p) + 5);

    if (rel == (int32_t)rel) {
        out8(x, opc);
        out32(x, rel);
    } else {
        out_movi(x, RAX, (uintptr_t)to);
        op_rr(x, 0xff, ext, RAX);
    }
}

void out_jmp_exec(X86 *x, const void *to)
{
    out_far(x, 0xe9, 4, to);
}

void out_call_exec(X86 *x, const void *to)
{
    out_far(x, 0xe8, 2, to);
}

void sse_rr(X86 *x, int opc, int d, int rm)
{
    if (host.avx) {
        vex_rr(x, opc, d, 0, rm);
    } else {
        op_rr(x, opc, d, rm);
    }
}

void sse_rm(X86 *x, int opc, int reg, Mem m)
{
    if (host.avx) {
        vex_rm(x, opc, reg, 0, m);
    } else {
        op_rm_imm(x, opc, reg, m, opc & P_0F3A ? 1 : 0);
    }
}

void sse_mov(X86 *x, int d, int a)
{
    if (d != a) {
        sse_rr(x, P_0F | 0x28, d, a);
    }
}

void sse3(X86 *x, int opc, int d, int a, int b, bool commutes)
{
    if (host.avx) {
        if (commutes && (b & 8) && !(a & 8)) {
            int t = a;
            a = b;
            b = t;
        }
        vex_rr(x, opc, d, a, b);
    } else if (d == a) {
        op_rr(x, opc, d, b);
    } else if (d == b && commutes) {
        op_rr(x, opc, d, a);
    } else if (d == b) {
        op_rr(x, P_0F | 0x28, XMM15, b);
        op_rr(x, P_0F | 0x28, d, a);
        op_rr(x, opc, d, XMM15);
    } else {
        op_rr(x, P_0F | 0x28, d, a);
        op_rr(x, opc, d, b);
    }
}

void sse3_m(X86 *x, int opc, int d, int a, Mem m)
{
    if (host.avx) {
        vex_rm(x, opc, d, a, m);
    } else {
        sse_mov(x, d, a);
        op_rm_imm(x, opc, d, m, opc & P_0F3A ? 1 : 0);
    }
}

void sse_shifti(X86 *x, int opc, int ext, int d, int a, int imm)
{
    if (host.avx) {
        vex_rr(x, opc, ext, d, a);
    } else {
        sse_mov(x, d, a);
        op_rr(x, opc, ext, d);
    }
    out8(x, imm);
}
