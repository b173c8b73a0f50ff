/*
 * The simd_ ops' operations: x86 vector and scalar instructions on 128 bits.
 *
 * A back end runs a row as the host's instruction where the host has it; the
 * portable functions here do everywhere what the manual says, with the state
 * of MXCSR as a parameter. The interpreter, hosts without an instruction, and a
 * front end that needs the flags of a single operation use those.
 *
 * The status that the ops work under is that of include/fpu/host-fp.h: what
 * host_simd_csr() returns is MXCSR's format on every host.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TCG_SIMD_H
#define TCG_SIMD_H

#include "qemu/osdep.h"

/* Encodings: opcode byte and these. */
enum {
    SIMD_66 = 0x100, SIMD_F3 = 0x200, SIMD_F2 = 0x400,
    SIMD_0F = 0x1000, SIMD_0F38 = 0x2000, SIMD_0F3A = 0x4000, SIMD_W = 0x8000,
};

/* Host features. */
enum {
    SIMD_AVX = 1, SIMD_AVX2 = 2, SIMD_F16C = 4, SIMD_SSE42 = 8, SIMD_AES = 16, SIMD_PCLMUL = 32,
    SIMD_SHA = 64, SIMD_FMA3 = 128,
};

/* Operands. d: vector, r: integer; a, b, c: vectors, i: integer; imm: immediate byte. */
typedef enum SimdForm {
    SIMD_FORM_A,            /* d = f(a) */
    SIMD_FORM_AI,           /* d = f(a, imm) */
    SIMD_FORM_STORED_AI,    /* the same; d is in the r/m field */
    SIMD_FORM_SHIFT3,       /* d = f(a, imm); opcode group member 3 */
    SIMD_FORM_SHIFT7,
    SIMD_FORM_AB,           /* d = f(a, b) */
    SIMD_FORM_ABI,
    SIMD_FORM_LEGACY_AB,    /* has no VEX encoding */
    SIMD_FORM_LEGACY_ABI,
    SIMD_FORM_ABC,          /* d = f(a, b, c); c: mask */
    SIMD_FORM_LEGACY_ABC,   /* c in xmm0 */
    SIMD_FORM_FMA,          /* d = f(a, b, c) */
    SIMD_FORM_FROM,         /* d = f(a, i) */
    SIMD_FORM_FROMI,
    SIMD_FORM_R,            /* r = f(a) */
    SIMD_FORM_RI,
    SIMD_FORM_STORED_RI,    /* r in the r/m field */
    SIMD_FORM_FLAGS,        /* r = flags of f(a, b) */
} SimdForm;

typedef enum SimdOp {
#define SIMD(n, form, encoding, features) SIMD_OP_##n,
#include "tcg/simd-opc.h"
    NB_SIMD_OPS
} SimdOp;

typedef union SimdVec {
    uint8_t b[16];
    int8_t sb[16];
    uint16_t h[8];
    int16_t sh[8];
    uint32_t w[4];
    int32_t sw[4];
    uint64_t d[2];
    int64_t sd[2];
} SimdVec QEMU_ALIGNED(16);

/* MXCSR. */
enum {
    SIMD_IE = 1, SIMD_DE = 2, SIMD_ZE = 4, SIMD_OE = 8, SIMD_UE = 16, SIMD_PE = 32,
    SIMD_FLAGS = 63, SIMD_DAZ = 64, SIMD_MASKS = 63 << 7, SIMD_UM = SIMD_UE << 7,
    SIMD_RC_SHIFT = 13, SIMD_RC = 3 << SIMD_RC_SHIFT, SIMD_FTZ = 1 << 15,
    SIMD_CSR_DEFAULT = SIMD_MASKS,
};

/* What an operation works under, and the flags of its own that it raised. */
typedef struct SimdStatus {
    uint32_t csr;
    uint32_t raised;
} SimdStatus;

/* b->d[0] is the integer of FROM forms, d->d[0] that of R and FLAGS forms (32-bit ones zero-extended). */
typedef void SimdFn(SimdStatus *s, SimdVec *d, const SimdVec *a, const SimdVec *b,
                    const SimdVec *c, unsigned imm);

typedef struct SimdOpDef {
    const char *name;
    uint8_t form;           /* SimdForm */
    uint8_t features;
    uint32_t encoding;
    SimdFn *fn;
} SimdOpDef;
extern const SimdOpDef simd_op_defs[NB_SIMD_OPS];

static inline bool simd_form_has_imm(SimdForm form)
{
    return form == SIMD_FORM_AI || form == SIMD_FORM_STORED_AI || form == SIMD_FORM_SHIFT3 ||
           form == SIMD_FORM_SHIFT7 || form == SIMD_FORM_ABI || form == SIMD_FORM_LEGACY_ABI ||
           form == SIMD_FORM_FROMI || form == SIMD_FORM_RI || form == SIMD_FORM_STORED_RI;
}

/* d may be any of the operands. */
void simd_compute(SimdOp op, SimdStatus *s, SimdVec *d, const SimdVec *a, const SimdVec *b,
                  const SimdVec *c, unsigned imm);
/* The same under the calling thread's status, which gets the flags. */
void simd_compute_host(SimdOp op, SimdVec *d, const SimdVec *a, const SimdVec *b,
                       const SimdVec *c, unsigned imm);

/*
 * Features that back ends may use, all at first: tests take some away. Blocks
 * translated before keep what they have.
 */
extern uint32_t simd_allowed_features;

#endif
