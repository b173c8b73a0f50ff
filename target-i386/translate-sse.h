/*
 * Between the files of the MMX, SSE and AVX instructions.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TARGET_I386_TRANSLATE_SSE_H
#define TARGET_I386_TRANSLATE_SSE_H

#include "target-i386/translate.h"
#include "target-i386/insn-gen.h"
#include "tcg/simd.h"

/* Low and high halves of the vector registers. */
extern TCGv_vec cpu_xmm[CPU_NB_REGS], cpu_ymmh[CPU_NB_REGS];

/* Halves that the instruction works on: 2 when an operand has 256 bits. */
static inline unsigned vec_halves(const Insn *in)
{
    return in->vex_l && (in->op[0].size == MO_256 || in->op[1].size == MO_256) ? 2 : 1;
}
/* First source of an operation of two: the destination without VEX. */
static inline unsigned first_source(const Insn *in) { return in->vex ? 1 : 0; }
uint8_t last_imm(const Insn *in);

/* Operand n, a vector or MMX register or memory (short ones are zero-extended). */
TCGv_vec read_vec(DisasContext *ctx, Insn *in, unsigned n, unsigned half);
/* To operand 0, a register: half 0 of VEX instructions of 128 bits clears half 1. */
void write_vec(DisasContext *ctx, Insn *in, unsigned half, TCGv_vec value);
/* The same for a register by its number. */
void write_xmm(const Insn *in, unsigned reg, unsigned half, TCGv_vec value);
TCGv_vec zero_vec(void);
/* Memory of 2^size bytes at the operand's address + offset. */
TCGv_vec load_vec(DisasContext *ctx, Insn *in, MemOp size, int offset, bool aligned);
void store_vec(DisasContext *ctx, Insn *in, TCGv_vec value, MemOp size, int offset, bool aligned);
/* 64 bits zero-extended. */
TCGv_vec vec_of_i64(TCGv_i64 value);
TCGv_vec vec_const(uint64_t low, uint64_t high);

/* Behind gen_enter_mmx(). */
TCGv_vec read_mmx(unsigned reg);
void write_mmx(unsigned reg, TCGv_vec value);

/* One operation; with an exception unmasked, by a helper that knows its flags. */
void gen_op1(DisasContext *ctx, SimdOp op, TCGv_vec d, TCGv_vec a, unsigned imm);
void gen_op2(DisasContext *ctx, SimdOp op, TCGv_vec d, TCGv_vec a, TCGv_vec b, unsigned imm);
void gen_op3(DisasContext *ctx, SimdOp op, TCGv_vec d, TCGv_vec a, TCGv_vec b, TCGv_vec c);
void gen_op_from(DisasContext *ctx, SimdOp op, TCGv_vec d, TCGv_vec a, TCGv_i64 b, unsigned imm);
void gen_op_to(DisasContext *ctx, SimdOp op, TCGv_i64 d, TCGv_vec a, TCGv_vec b, unsigned imm);

/*
 * gen_NAME() for each operation. Rows whose operands are not simply those of the
 * operation have functions of their own under another name.
 */
#define SIMD(n, form, encoding, features) GenFunction gen_##n;
#include "tcg/simd-opc.h"

/* The instruction is the operation, with the operands of its row. */
void gen_simd(DisasContext *ctx, Insn *in, SimdOp op);
typedef void VecOp2(unsigned vece, TCGv_vec d, TCGv_vec a, TCGv_vec b);
/* d = a <op> b on each half, for integer ops of the IR. */
void gen_vec2(DisasContext *ctx, Insn *in, VecOp2 *op, unsigned vece);

#endif
