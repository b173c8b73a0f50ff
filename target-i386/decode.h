/*
 * The decoder: bytes of guest code to an Insn, by the rows of insns.h.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TARGET_I386_DECODE_H
#define TARGET_I386_DECODE_H

#include "target-i386/cpu.h"
#include "tcg/tcg-op-tl.h"

typedef struct DisasContext DisasContext;
typedef struct Insn Insn;
typedef void GenFunction(DisasContext *ctx, Insn *in);

/* Columns of rows; see insns.h. */
enum { M_1, M_0F, M_0F38, M_0F3A, V_0F, V_0F38, V_0F3A, M_3DNOW, MAP_COUNT };
enum { NP = 1, P66 = 2, PF3 = 4, PF2 = 8, ANY = 15 };
#define NONE   0
#define REG(n) (8 | (n))
#define MEM    0x10
#define MOD3   0x20
#define RM(n)  (0x200 | (n) << 6)
enum { W0 = 0x400, W1 = 0x800, L0 = 0x1000, L1 = 0x2000 };
enum {
    NEEDS_FEATURE = 0x1ff,
    LOCK = 1 << 9, NO64 = 1 << 10, ONLY64 = 1 << 11, PROT = 1 << 12, CPL0 = 1 << 13, D64 = 1 << 14,
    F64 = 1 << 15, ENDS = 1 << 16, FW = 1 << 17, FN = 1 << 18, FPU = 1 << 19, MMX = 1 << 20,
    SSE = 1 << 21, AVX = 1 << 22,
};

enum { MAX_OPERANDS = 5 };

typedef struct InsnRow {
    const char *name;
    GenFunction *gen;
    uint8_t map, opcode, prefix;
    uint16_t modrm;
    uint8_t forms[MAX_OPERANDS];
    uint32_t needs;
} InsnRow;

typedef enum OperandKind {
    OPK_NONE, OPK_GPR, OPK_MEM, OPK_IMM, OPK_REL, OPK_FAR, OPK_SEG, OPK_CR, OPK_DR, OPK_MMX, OPK_XMM
} OperandKind;

typedef struct Operand {
    uint8_t kind;
    uint8_t size;               /* MO_8 .. MO_128, 5: 256 bits; memory without size: MO_8 */
    uint8_t reg;                /* number; bits 8-15 of it when `high` */
    bool high;                  /* AH CH DH BH */
    int64_t imm;                /* OPK_IMM; OPK_REL: displacement; OPK_FAR: offset */
} Operand;
enum { MO_256 = 5, MO_80 = 6 };

struct Insn {
    const InsnRow *row;
    target_ulong pc;            /* linear address */
    uint8_t length;             /* bytes */
    uint8_t map, opcode;
    uint8_t modrm, mod, reg, rm;        /* reg and rm with their REX or VEX bits */
    uint8_t prefix;             /* NP, P66, PF3 or PF2: the mandatory one */
    uint8_t cond;               /* rows with form cc */
    bool lock, rep, repne;      /* F3 and F2: the later one */
    bool data16, addr_size;     /* prefixes 66 and 67 */
    bool rex, rex_w, vex, vex_l, rex_x, rex_b, rex_r;
    uint8_t vvvv;
    int8_t seg_override;        /* R_x, -1: none */
    uint8_t osize, asize;       /* MO_16 .. MO_64 */
    Operand op[MAX_OPERANDS];

    /* the memory operand, if there is one */
    bool has_mem, rip_relative;
    int8_t base, index;         /* registers, -1: none */
    int8_t vector_index;        /* of a SIB byte, for gathers; -1: there is none */
    uint8_t scale;              /* log2 */
    uint8_t seg;                /* override or default */
    int64_t disp;               /* RIP-relative: from the next instruction */
    uint16_t selector;          /* OPK_FAR */
    TCGv linear;                /* its address once computed */
    bool linear_for_write;
};

typedef enum DecodeResult {
    DECODE_OK,
    DECODE_UD,                  /* no row: #UD */
    DECODE_TOO_LONG,            /* over 15 bytes: #GP(0) */
    DECODE_NEXT_PAGE,           /* reaches into the next page, which ctx does not allow */
} DecodeResult;

/* Once: tables from rows; overlapping rows abort. */
void decoder_init(void);
/* Decode at pc. May raise a fetch fault when it is the first instruction of the block. */
DecodeResult decode_insn(DisasContext *ctx, Insn *in, target_ulong pc);

#endif
