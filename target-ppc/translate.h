/*
 * What the translate-<class>.c files share: decoded instruction, context of the
 * block, access to registers and memory.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TARGET_PPC_TRANSLATE_H
#define TARGET_PPC_TRANSLATE_H

#include "target-ppc/cpu.h"
#include "exec/exec-all.h"
#include "qemu/log.h"
#include "tcg/tcg-op.h"
#define HELPER_H "target-ppc/helper.h"
#include "tcg/helper-gen.h"

/* `needs` of a row, beside the feature bits of cpu.h (those stay below bit 16). */
enum {
    NEEDS_SUPER = 1 << 16, NEEDS_FP_ON = 1 << 17, NEEDS_VEC_ON = 1 << 18, NEEDS_ENDS = 1 << 19,
};
#define BASE    0
#define SUPER   NEEDS_SUPER
#define ENDS    NEEDS_ENDS
#define FLOAT   (PPC_BASE_FLOAT | NEEDS_FP_ON)
#define FLOATX  (PPC_BASE_FLOAT | PPC_FLOAT_OPT | NEEDS_FP_ON)
#define FSQRT   (PPC_BASE_FLOAT | PPC_FSQRT | NEEDS_FP_ON)
#define ALTIVEC (PPC_ALTIVEC_FEATURE | NEEDS_VEC_ON)

/* All fields of all forms by their names in the manual. vX and frX share the places of rX. */
typedef struct Insn {
    uint32_t opcode;
    union { uint8_t rd, rs, to, bo, vd, crbd; };    /* bits 6-10 */
    union { uint8_t ra, bi, va, crba, uimm5; };     /* bits 11-15 */
    union { uint8_t rb, sh, vb, crbb, nb; };        /* bits 16-20 */
    union { uint8_t rc, mb, vc; };                  /* bits 21-25 (register C; mb) */
    uint8_t me;                                     /* bits 26-30 */
    uint8_t crfd, crfs;                             /* bits 6-8, 11-13 */
    uint8_t crm, fm, sr, imm4, vsh;                 /* mtcrf, mtfsf, mtsr, mtfsfi, vsldoi */
    uint8_t tbr_hi;                                 /* unused half of a split field */
    uint16_t spr;                                   /* halves put right */
    int16_t simm;
    uint16_t uimm;
    int8_t simm5;                                   /* bits 11-15 signed */
    bool rc_bit, oe, lk, aa, vrc;                   /* bits 31, 21, 31, 30, 21 (vector compares) */
    int32_t li, bd;                                 /* branch displacements in bytes */
} Insn;

/* What last set a CR field in this straight line of code: a compare of two values. */
typedef struct CompareSource {
    enum { CMP_NONE, CMP_VALUE, CMP_SIGNED, CMP_UNSIGNED } kind;    /* VALUE: the field is a plain i64 difference */
    TCGv_i32 a, b;              /* CMP_SIGNED, _UNSIGNED */
    int8_t ra, rb;              /* GPRs that a, b are, -1: none */
} CompareSource;

/* An exit whose code is put behind the block. */
typedef enum ExitKind { EXIT_DIRECT, EXIT_LR, EXIT_CTR, EXIT_MTMSR } ExitKind;
typedef struct LaterExit {
    TCGLabel *label;
    ExitKind kind;
    uint32_t dest;
    TCGv_i32 value;             /* EXIT_MTMSR: new MSR */
    struct LaterExit *next;
} LaterExit;

typedef struct DisasContext {
    CPUPPCState *env;
    TranslationBlock *tb;
    uint32_t pc, next_pc;       /* of the instruction being translated */
    uint32_t opcode;
    uint32_t flags;             /* tb->flags */
    uint32_t features;
    uint8_t mem_idx;            /* data MMU index */
    bool fpu_on, vec_on, user, le, track_so, fp_exact, single_step;
    bool ended;                 /* control does not reach next_pc */
    bool stop;                  /* the block ends behind this instruction */
    bool may_chain;             /* goto_tb allowed */
    unsigned slots;             /* exits used */
    unsigned num_insns;
    CompareSource cmp[8];
    LaterExit *later_exits;
    struct Region *region;      /* NULL: one basic block */
} DisasContext;

typedef void GenFunction(DisasContext *ctx, const Insn *in);

extern TCGv_i32 cpu_gpr[32], cpu_lr, cpu_ctr, cpu_nip, cpu_xer_ca, cpu_xer_so, cpu_xer_ov, cpu_cr_so;
extern TCGv_i64 cpu_cr[8];

/* Called by target_translate_init: declare globals of the class. */
void translate_fp_init(void);
void translate_altivec_init(void);

/* --- registers --- */
static inline TCGv_i32 read_gpr(DisasContext *ctx, unsigned r) { return cpu_gpr[r]; }
/* rA|0 of addresses. */
static inline TCGv_i32 read_gpr_or_0(DisasContext *ctx, unsigned r)
{
    return r ? cpu_gpr[r] : tcg_constant_i32(0);
}
/* The global to compute GPR r into: what was remembered about its old value is forgotten. */
TCGv_i32 dest_gpr(DisasContext *ctx, unsigned r);
static inline void write_gpr(DisasContext *ctx, unsigned r, TCGv_i32 value)
{
    tcg_gen_mov_i32(dest_gpr(ctx, r), value);
}

/* --- condition register --- */
/* Field crf from a signed difference or result; its SO bit from XER.SO. */
void gen_cr_value(DisasContext *ctx, unsigned crf, TCGv_i64 value);
/* CR0 from a 32-bit result (record forms). */
void gen_cr0(DisasContext *ctx, TCGv_i32 result);
/*
 * Field crf from four bits (LT GT EQ SO), any combination. Without track_so a
 * set SO bit starts the instruction anew, so call this before other effects
 * (or have effects that may happen twice).
 */
void gen_cr_bits(DisasContext *ctx, unsigned crf, TCGv_i32 bits);
/* Forget what was remembered about compares: fields or registers were written elsewhere. */
void forget_compares(DisasContext *ctx);
/* The four bits of field crf. */
void gen_cr_read_bits(DisasContext *ctx, TCGv_i32 ret, unsigned crf);

/* XER.OV = value (0 or 1), SO sticks. Before other effects: may start the instruction anew. */
void gen_set_ov(DisasContext *ctx, TCGv_i32 overflow);

/* --- memory --- */
/* rA|0 + d, rA|0 + rB. */
TCGv_i32 gen_ea_imm(DisasContext *ctx, const Insn *in);
TCGv_i32 gen_ea_index(DisasContext *ctx, const Insn *in);
/* Big-endian MemOp size given (sign too): adds byte order; little-endian mode adjusts *ea. */
MemOp gen_mem_op(DisasContext *ctx, MemOp size, TCGv_i32 *ea);
void gen_load(DisasContext *ctx, TCGv_i32 ret, TCGv_i32 ea, MemOp size);
void gen_store(DisasContext *ctx, TCGv_i32 value, TCGv_i32 ea, MemOp size);

/* --- exceptions and block ends --- */
/* Raise; the rest of the block is dead (ctx->ended) unless `conditional` code branches around it. */
void gen_exception(DisasContext *ctx, PPCException excp);
void gen_exception_err(DisasContext *ctx, PPCException excp, uint32_t error_code);
void gen_illegal(DisasContext *ctx);
/* Direct jump: chained, inside the region, or through a lookup. */
void gen_jump(DisasContext *ctx, uint32_t dest);
/* Jump to dest & ~3. */
void gen_jump_indirect(DisasContext *ctx, TCGv_i32 dest);
/* A label to branch to; the exit behind it is emitted at the end of the block. */
TCGLabel *gen_exit_later(DisasContext *ctx, ExitKind kind, uint32_t dest);
/* nip is stored: leave through a lookup of it. */
void gen_exit_lookup(DisasContext *ctx);
/* The block ends behind this instruction, flags may have changed: continue through a lookup. */
void gen_end_block(DisasContext *ctx);

/* --- translate.c for region.c --- */
uint32_t fetch_opcode(DisasContext *ctx, uint32_t pc);
void translate_one(DisasContext *ctx, uint32_t opcode);
/* Illegal, or a row with ENDS. */
bool insn_ends_block(uint32_t opcode);
void ppc_dump_statistics(CPUState *cpu, FILE *f);

#endif
