/*
 * Inside the x86-64 back end: registers, instruction encoder, state of the
 * block being emitted, and the out_ functions' common services.
 *
 * rbp holds env, rsp the frame. rax, rdx, xmm14 and xmm15 are scratch in every
 * op and never hold a temp across ops. An i32 in a register is zero-extended.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TCG_I386_TARGET_H
#define TCG_I386_TARGET_H

#include "tcg/regalloc.h"

enum {
    RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15,
    XMM0, XMM1, XMM2, XMM3, XMM4, XMM5, XMM6, XMM7, XMM14 = 30, XMM15 = 31,
    NO_REG = -1
};

#define FRAME_BYTES 4096

/* Opcode words: opcode byte, prefixes, map. */
enum {
    P_66 = 0x100, P_F3 = 0x200, P_F2 = 0x400,
    P_0F = 0x1000, P_0F38 = 0x2000, P_0F3A = 0x4000,
    P_W = 0x8000,           /* 64-bit operand */
    P_B = 0x10000,          /* the reg operand is a byte register */
    P_BM = 0x20000,         /* the r/m operand is a byte register */
};

/* Condition codes of jcc, setcc, cmovcc. */
enum { CC_O, CC_NO, CC_B, CC_AE, CC_E, CC_NE, CC_BE, CC_A, CC_S, CC_NS, CC_P, CC_NP, CC_L, CC_GE, CC_LE, CC_G };

enum { ALU_ADD, ALU_OR, ALU_ADC, ALU_SBB, ALU_AND, ALU_SUB, ALU_XOR, ALU_CMP };

typedef struct HostFeatures {
    bool avx, fma, bmi1, bmi2, lzcnt, popcnt, movbe, ssse3, sse41, erms;
    uint32_t simd;          /* SIMD_x of tcg/simd.h */
} HostFeatures;
extern HostFeatures host;

/* Constants and thunks behind the prologue: executable addresses. */
typedef struct Thunks {
    const uint8_t *ld[2], *st[2];       /* [1]: vector registers are in use */
    const uint8_t *probe_st[2];         /* may the store be done? */
    const uint8_t *ld16, *st16, *guard;
    const uint8_t *addend[16][2][5];    /* [mmu_idx][is store][log2 of the bytes] */
    const uint64_t *constants;          /* K_x pairs, 16-aligned */
} Thunks;
extern Thunks thunks;
enum { K_SIGN_F64, K_ABS_F64, K_SIGN_F32, K_ABS_F32, K_LEAST_F64, K_LEAST_F32, K_BSWAP128, K_ONES,
       K_NORMAL_F64, K_NORMAL_SINGLE, K_NORMAL_F32,
       K_COUNT };

typedef struct X86 X86;

/* Code behind the block. jump[]: places of rel32 displacements that lead here. */
typedef struct Stub {
    struct Stub *next;
    void (*emit)(X86 *x, struct Stub *stub);
    uint8_t *jump[4];
    int nb_jumps;
    uint8_t *back;          /* where the main code goes on */
    uint8_t *access;        /* memory: the access instruction */
    TCGOp *op;
    uint16_t insn;
    int reg[2];             /* memory: value, address */
    int host_reg;           /* memory, page shared: the group's host address */
    bool starts_group;
    int place_reg[3];       /* guard: operands' registers, or NO_REG: */
    int32_t place[3];
    bool place_frame[3];
    uint64_t value;
    RaDirty *dirty;
} Stub;

struct X86 {
    RegAlloc ra;            /* first: the allocator's callbacks get it */
    TCGContext *s;
    uint8_t *p;             /* next byte, writable alias */
    uint8_t *start;
    Stub *stubs, *last_stub;
    int insn;               /* index of the guest instruction, -1 before the first */
    /* Register whose value the host's ZF and SF describe after the last op, NO_REG: none. */
    int flags_reg, next_flags_reg;
    bool flags_wide, next_flags_wide;
};

/* --- encoder (emit.c) ------------------------------------------------------ */

static inline void out8(X86 *x, uint8_t v) { *x->p++ = v; }
static inline void out32(X86 *x, uint32_t v) { memcpy(x->p, &v, 4); x->p += 4; }
static inline void out64(X86 *x, uint64_t v) { memcpy(x->p, &v, 8); x->p += 8; }

/* Memory operand: base (NO_REG: absolute displacement) + index << scale + disp. */
typedef struct Mem {
    int base, index, scale;
    int32_t disp;
    const void *rip;        /* executable address instead of all that */
} Mem;
#define MEM(b, d) ((Mem){ (b), NO_REG, 0, (d), NULL })
#define MEMX(b, i, sc, d) ((Mem){ (b), (i), (sc), (d), NULL })
#define MEM_K(k) ((Mem){ NO_REG, NO_REG, 0, 0, &thunks.constants[(k) * 2] })
#define MEM_ENV(d) MEM(RBP, d)

void op_rr(X86 *x, int opc, int reg, int rm);
void op_rm(X86 *x, int opc, int reg, Mem m);
/* As op_rm, with imm_bytes of immediate behind it (rip-relative operands need to know). */
void op_rm_imm(X86 *x, int opc, int reg, Mem m, int imm_bytes);
void vex_rr(X86 *x, int opc, int reg, int v, int rm);
void vex_rm(X86 *x, int opc, int reg, int v, Mem m);

void out_mov_rr(X86 *x, bool w, int d, int a);  /* nothing for d == a */
void out_trunc(X86 *x, int d, int a);           /* zero-extends the low half, also for d == a */
void out_movi(X86 *x, int d, uint64_t v);       /* keeps flags */
void out_alu(X86 *x, bool w, int alu, int d, int b);
void out_alui(X86 *x, bool w, int alu, int d, int32_t imm);
void out_shifti(X86 *x, bool w, int ext, int d, int count);
enum { SH_ROL = 0, SH_ROR = 1, SH_SHL = 4, SH_SHR = 5, SH_SAR = 7 };
void out_testi(X86 *x, int r, uint32_t imm);
void out_unary(X86 *x, bool w, int ext, int d);
enum { UN_NOT = 2, UN_NEG = 3, UN_MUL = 4, UN_IMUL = 5, UN_DIV = 6, UN_IDIV = 7 };
void out_setcc(X86 *x, int cc, int d);          /* low byte only */
void out_movzx8(X86 *x, int d, int a);
/* Short forward jumps over a few bytes. */
uint8_t *out_jcc_short(X86 *x, int cc);         /* CC or -1: always */
void patch_short(X86 *x, uint8_t *at);
/* Jump with rel32: returns the place of the displacement. */
uint8_t *out_jcc(X86 *x, int cc);
uint8_t *out_jmp(X86 *x);
void patch_rel32(uint8_t *at, const uint8_t *to);
/* Jump or call of an executable address outside the block. rax dies when far. */
void out_jmp_exec(X86 *x, const void *to);
void out_call_exec(X86 *x, const void *to);

/* Vector and scalar FP instructions: VEX when there is AVX, else copy + two operands. */
void sse_rr(X86 *x, int opc, int d, int rm);            /* two operands: moves, converts, compares */
void sse_rm(X86 *x, int opc, int reg, Mem m);
void sse3(X86 *x, int opc, int d, int a, int b, bool commutes);
void sse3_m(X86 *x, int opc, int d, int a, Mem m);
void sse_shifti(X86 *x, int opc, int ext, int d, int a, int imm);
void sse_mov(X86 *x, int d, int a);                     /* whole register */

/* x87 instruction (first byte << 8 | ModRM) with a memory operand (out-x87.c). */
void out_x87_mem(X86 *x, int insn, Mem m);
/* rax = func(env, CPUNeg.slow_val[0..2], info); other registers are kept (out-fp.c). */
void call_guard_thunk(X86 *x, const void *func, uint32_t info);

/* --- services (tcg-target.c) ---------------------------------------------------- */

Stub *stub_new(X86 *x, void (*emit)(X86 *, Stub *));
void stub_jump(Stub *stub, uint8_t *rel32);
void stub_here(X86 *x, Stub *stub);     /* all jumps to the stub land here */
void stub_back(X86 *x, Stub *stub);     /* jump to stub->back */
/* The write-back map of the call that ends here. */
void record_write_back(X86 *x, Stub *stub);
/* In a stub: constants that memory does not have yet. rax dies. */
void store_pending(X86 *x, const RaDirty *dirty);
void jump_label(X86 *x, int cc, TCGLabel *label);       /* -1: always */
void bind_label(X86 *x, TCGLabel *label);

static inline bool op_is_64(const TCGOp *op) { return tcg_op_defs[op->opc].type == TCG_TYPE_I64; }
/* Argument n is a constant that fits a sign-extended 32-bit immediate of that width. */
bool arg_imm32(const TCGOp *op, int n, bool w, int32_t *imm);
static inline bool arg_const(const TCGOp *op, int n, uint64_t *v)
{
    const TCGTemp *t = arg_temp(op->args[n]);
    *v = t->val;
    return temp_is_const(t);
}
static inline uint8_t *exec_addr(X86 *x, uint8_t *rw) { return rw + x->s->splitwx_diff; }

typedef void OutFn(X86 *x, TCGOp *op);
extern OutFn *const out_fns[NB_OPS];

/* One function for each op of the list. */
#define OP_INT(n, o, i, c, p, m) OutFn out_##n;
#define OP_FP(n, o, i, c, p, m)  OutFn outf_##n;
#define OP_VEC(n, o, i, c, p, m) OutFn outv_##n;
#define OP_ONE(n, o, i, c, p, m) OutFn out_##n;
#include "tcg/tcg-opc.h"

/* The op's last flag-setting instruction had this result. */
static inline void flags_from(X86 *x, bool w, int reg)
{
    x->next_flags_reg = reg;
    x->next_flags_wide = w;
}

void thunks_emit(X86 *x);
void out_sync_for_branch(X86 *x, TCGOp *op);    /* end of a block by branch op */

#endif
