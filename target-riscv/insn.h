/*
 * A decoded instruction, shared by translator and disassembler.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TARGET_RISCV_INSN_H
#define TARGET_RISCV_INSN_H

#include "exec/translator.h"
#include "target-riscv/cpu.h"

typedef struct DisasContext {
    TranslatorContext base;     /* first */
    uint8_t priv, mem_idx;
    bool parallel;              /* other CPUs run: atomics must be atomic */
} DisasContext;

typedef struct Insn {
    const struct InsnRow *row;  /* NULL: illegal */
    uint32_t opcode;            /* as in memory */
    uint8_t length;
    uint8_t rd, rs1, rs2;
    int32_t imm;                /* of the row's form */
    uint16_t csr;
} Insn;

typedef void GenFunction(DisasContext *ctx, const Insn *in);
typedef enum InsnForm { FORM_R, FORM_I, FORM_S, FORM_B, FORM_U, FORM_J } InsnForm;
enum { CSR_WRITE = 1, CSR_SET = 2, CSR_CLEAR = 3, CSR_OPERATION = 3, CSR_IMMEDIATE = 4 };
typedef enum AmoOp {
    AMO_SWAP, AMO_ADD, AMO_XOR, AMO_OR, AMO_AND, AMO_MIN, AMO_MAX, AMO_MINU, AMO_MAXU
} AmoOp;

typedef struct InsnRow {
    const char *name;
    InsnForm form;
    uint32_t match, mask;
    GenFunction *gen;
    struct {
        void (*op3)(TCGv_i32, TCGv_i32, TCGv_i32);
        TCGCond cond;
        MemOp memop;
        uint8_t csr;            /* CSR_x */
        AmoOp amo;
        bool ends;              /* control does not fall through, or the block has to end */
    } data;
    const char *operands;
} InsnRow;

/* decode.c: builds its tables; two rows that claim one instruction are a bug of ours. */
void riscv_decode_init(void);
/* Bytes of the instruction that begins with these 16 bits. */
static inline unsigned riscv_insn_length(uint16_t low) { return (low & 3) == 3 ? 4 : 2; }
/* opcode: 16 or 32 bits. */
Insn riscv_decode(uint32_t opcode);
/* compressed.c: the 32-bit instruction that a 16-bit one stands for, 0: none. */
uint32_t riscv_expand(uint16_t insn);

#define INSN(name, form, match, mask, function, data, operands) GenFunction gen_##function;
#include "target-riscv/insns.h"
#undef INSN

#endif
