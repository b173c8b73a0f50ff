/*
 * The interpreter's machine and the layout of its bytecode.
 *
 * Bytecode is a stream of 32-bit words. An instruction is
 *
 *     opcode (low half; vectors: vece in the high half)
 *     one word for each temp: outputs, then inputs
 *     two words for each constant of the op, least significant first
 *
 * A temp's word is offset << 2 | base: from env, from the frame, or from the
 * TCI_ENTER word at the block's head, behind which the block's constants are.
 * Labels are constants: displacement in words from the instruction.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TCG_TCI_TCI_H
#define TCG_TCI_TCI_H

#include "tcg/tcg-internal.h"

/* Opcodes beyond the IR's. */
enum {
    TCI_ENTER = NB_OPS,     /* + words to skip, then that many words of constants */
    TCI_NB_OPS
};

enum { TCI_BASE_ENV, TCI_BASE_FRAME, TCI_BASE_BLOCK };

#define TCI_FRAME_BYTES 32768

typedef union TciVec {
    uint8_t b[16];
    uint16_t h[8];
    uint32_t w[4];
    uint64_t d[2];
    float f[4];
} TciVec;

typedef struct Tci {
    uint8_t *base[3];
    uintptr_t result;       /* of exit_tb */
} Tci;

/* Runs the instruction at pc; returns the next one, NULL to leave the code. */
typedef const uint32_t *TciHandler(Tci *m, const uint32_t *pc);

/* Set once by tcg_target_init: displacements of CPUNeg's fields. */
typedef struct TciConfig {
    int exit_request, icount_left, jmp_cache, tb_key;
    TCGType pc_type;        /* of guest addresses */
    bool use_icount;
} TciConfig;
extern TciConfig tci_config;

static inline void *tci_slot(Tci *m, uint32_t word)
{
    return m->base[word & 3] + ((int32_t)word >> 2);
}

static inline uint64_t tci_get(Tci *m, uint32_t word, TCGType type)
{
    uint32_t narrow;
    uint64_t wide;

    if (type == TCG_TYPE_I32) {
        memcpy(&narrow, tci_slot(m, word), sizeof(narrow));
        return narrow;
    }
    memcpy(&wide, tci_slot(m, word), sizeof(wide));
    return wide;
}

static inline void tci_set(Tci *m, uint32_t word, TCGType type, uint64_t value)
{
    uint32_t narrow = value;

    if (type == TCG_TYPE_I32) {
        memcpy(tci_slot(m, word), &narrow, sizeof(narrow));
    } else {
        memcpy(tci_slot(m, word), &value, sizeof(value));
    }
}

/* The constant whose first word is at p. */
static inline uint64_t tci_const(const uint32_t *p)
{
    return p[0] | (uint64_t)p[1] << 32;
}

/* The fault position of the instruction that ends at next. */
static inline void tci_may_fault(const uint32_t *next)
{
    tci_tb_ptr = (uintptr_t)next;
}

/*
 * interp.c: one guest access. a[]: operand words of the op; next: what follows it.
 * Bits of floating-point values move as integers of their size.
 */
void tci_guest_load(Tci *m, const uint32_t *a, TCGType type, const uint32_t *next);
void tci_guest_store(Tci *m, const uint32_t *a, TCGType type, const uint32_t *next);
void tci_guest_load_vec(Tci *m, const uint32_t *a, const uint32_t *next);
void tci_guest_store_vec(Tci *m, const uint32_t *a, const uint32_t *next);

/* The host address that a load's or store's base word and displacement give. */
static inline void *tci_host_address(Tci *m, const uint32_t *base)
{
    return (char *)(uintptr_t)tci_get(m, base[0], TCG_TYPE_PTR) + (intptr_t)tci_const(base + 1);
}

/* Words of a plain op. */
#define TCI_LEN(out, in, consts) (1 + (out) + (in) + 2 * (consts))

#define OP_INT(n, o, i, c, p, m) TciHandler tci_##n##_i32, tci_##n##_i64;
#define OP_FP(n, o, i, c, p, m)  TciHandler tci_##n##_f32, tci_##n##_f64;
#define OP_VEC(n, o, i, c, p, m) TciHandler tci_##n##_vec;
#define OP_ONE(n, o, i, c, p, m) TciHandler tci_##n;
#include "tcg/tcg-opc.h"
TciHandler tci_enter;
uintptr_t tci_tb_exec(void *env, const void *tb_ptr);

#endif
