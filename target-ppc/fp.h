/*
 * PowerPC floating point: FPSCR bits and the operations as the exact routines
 * know them.
 *
 * How status is kept. Sticky exception bits of inline operations gather in the
 * host's status register, those of exact ones in env->fpscr; reading FPSCR
 * merges them. FR, FI and FPRF describe the last operation only: generated
 * code records it (fp_lazy, fp_aux), and reading FPSCR computes it again.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TARGET_PPC_FP_H
#define TARGET_PPC_FP_H

#include "target-ppc/cpu.h"

/* FPSCR (PEM 2.1.4). */
enum {
    FPSCR_FX = 0x80000000, FPSCR_FEX = 0x40000000, FPSCR_VX = 0x20000000, FPSCR_OX = 0x10000000,
    FPSCR_UX = 0x08000000, FPSCR_ZX = 0x04000000, FPSCR_XX = 0x02000000, FPSCR_VXSNAN = 0x01000000,
    FPSCR_VXISI = 0x00800000, FPSCR_VXIDI = 0x00400000, FPSCR_VXZDZ = 0x00200000,
    FPSCR_VXIMZ = 0x00100000, FPSCR_VXVC = 0x00080000, FPSCR_FR = 0x00040000, FPSCR_FI = 0x00020000,
    FPSCR_C = 0x00010000, FPSCR_FPCC = 0x0000f000, FPSCR_FPRF = 0x0001f000,
    FPSCR_VXSOFT = 0x00000400, FPSCR_VXSQRT = 0x00000200, FPSCR_VXCVI = 0x00000100,
    FPSCR_VE = 0x00000080, FPSCR_OE = 0x00000040, FPSCR_UE = 0x00000020, FPSCR_ZE = 0x00000010,
    FPSCR_XE = 0x00000008, FPSCR_NI = 0x00000004, FPSCR_RN = 0x00000003,

    FPSCR_VX_ALL = FPSCR_VXSNAN | FPSCR_VXISI | FPSCR_VXIDI | FPSCR_VXZDZ | FPSCR_VXIMZ |
                   FPSCR_VXVC | FPSCR_VXSOFT | FPSCR_VXSQRT | FPSCR_VXCVI,
    FPSCR_STICKY = FPSCR_OX | FPSCR_UX | FPSCR_ZX | FPSCR_XX | FPSCR_VX_ALL,
    FPSCR_EXACT = FPSCR_VE | FPSCR_OE | FPSCR_UE | FPSCR_ZE | FPSCR_XE | FPSCR_NI,
    FPSCR_RESERVED = 0x00000800,
};
#define FPSCR_FPRF_SHIFT 12

/* Operations on frA, frB, frC. PPC_FP_NONE: nothing recorded. */
typedef enum PPCFPOp {
    PPC_FP_NONE, PPC_FP_ADD, PPC_FP_SUB, PPC_FP_MUL, PPC_FP_DIV, PPC_FP_SQRT,
    PPC_FP_MADD, PPC_FP_MSUB, PPC_FP_NMADD, PPC_FP_NMSUB, PPC_FP_RSP,
    PPC_FP_CTIW, PPC_FP_CTIWZ, PPC_FP_RES, PPC_FP_RSQRTE,
    PPC_FP_CMPU, PPC_FP_CMPO,
    PPC_FP_OP_MASK = 0x1f,
    PPC_FP_SINGLE = 0x20,       /* result rounded to single */
    /* only in env->fp_lazy: */
    PPC_FP_COMPARED = 0x40,     /* a compare of fp_aux[3] and fp_result came after it */
} PPCFPOp;

/* Operands of the helper fp_exact: operation and register numbers. */
static inline uint32_t ppc_fp_pack(unsigned op, unsigned d, unsigned a, unsigned b, unsigned c)
{
    return op | d << 8 | a << 13 | b << 18 | c << 23;
}

/* helper-fp.c: the exact result; FP_x flags in *flags. Reads env's rounding mode and enables. */
uint64_t ppc_fp_compute(const CPUPPCState *env, unsigned op, uint64_t a, uint64_t b, uint64_t c,
                        uint32_t *flags);
/* The class code of a result, for FPRF. */
uint32_t ppc_fp_class(uint64_t value, bool single);

/* fpscr.c: set exception bits, and FX when one is new. */
void ppc_fp_raise_bits(CPUPPCState *env, uint32_t bits);
/* FP_x flags of one operation as FPSCR exception bits. */
uint32_t ppc_fp_exception_bits(uint32_t flags);
/* fpscr holds everything: sticky host flags, FR, FI, FPRF. */
void ppc_fp_settle(CPUPPCState *env);
/* Rounding rules of vectors changed (VSCR.NJ). */
void ppc_fp_reload(CPUPPCState *env);
/* CPUClass hooks. */
void ppc_fp_enter(CPUState *cpu);
void ppc_fp_leave(CPUState *cpu);

#endif
