/*
 * The translator's IR: temps, ops, labels, contexts.
 *
 * A TranslationBlock's code is a list of ops over temps. Globals are temps that
 * live in memory at a fixed displacement from env between blocks; inside a
 * block the back end keeps them in host registers as long as it likes and makes
 * memory right at exits, before helpers that read globals, and (through write-
 * back tables, only when a fault happens) at ops that may fault.
 *
 * Everything made between tcg_func_start() and the end of tcg_gen_code() lives
 * in the context's arena and dies with the block; nothing is freed by hand.
 * A context belongs to one thread.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TCG_TCG_H
#define TCG_TCG_H

#include "qemu/osdep.h"
#include "exec/memop.h"

typedef uintptr_t TCGArg;

typedef enum TCGOpcode {
#define OP_INT(n, o, i, c, p, m) INDEX_op_##n##_i32, INDEX_op_##n##_i64,
#define OP_FP(n, o, i, c, p, m)  INDEX_op_##n##_f32, INDEX_op_##n##_f64,
#define OP_VEC(n, o, i, c, p, m) INDEX_op_##n##_vec,
#define OP_ONE(n, o, i, c, p, m) INDEX_op_##n,
#include "tcg/tcg-opc.h"
    NB_OPS
} TCGOpcode;

enum {
    TCG_OPF_PURE = 1, TCG_OPF_COMMUTES = 2, TCG_OPF_ENDS_BLOCK = 4,
    TCG_OPF_MAY_FAULT = 8, TCG_OPF_SIDE = 16, TCG_OPF_COND_EXIT = 32
};

typedef enum TCGType { TCG_TYPE_I32, TCG_TYPE_I64, TCG_TYPE_F32, TCG_TYPE_F64, TCG_TYPE_V128, TCG_TYPE_COUNT } TCGType;
#define TCG_TYPE_PTR TCG_TYPE_I64       /* hosts are 64-bit */

typedef struct TCGOpDef {
    const char *name;
    uint8_t nb_oargs, nb_iargs, nb_cargs;
    uint8_t flags;          /* TCG_OPF_x */
    int8_t type;            /* TCGType the suffix names, -1: none */
    const char *meaning;
} TCGOpDef;
extern const TCGOpDef tcg_op_defs[NB_OPS];

/* Integer conditions. Bit 0 inverts; unsigned ones are 8 above nothing: see tcg_invert_cond. */
typedef enum TCGCond {
    TCG_COND_NEVER = 0, TCG_COND_ALWAYS = 1,
    TCG_COND_EQ = 2, TCG_COND_NE = 3,
    TCG_COND_LT = 4, TCG_COND_GE = 5, TCG_COND_LE = 6, TCG_COND_GT = 7,
    TCG_COND_LTU = 8, TCG_COND_GEU = 9, TCG_COND_LEU = 10, TCG_COND_GTU = 11,
    TCG_COND_TSTEQ = 12, TCG_COND_TSTNE = 13,       /* (a & b) == 0, != 0 */
} TCGCond;
static inline TCGCond tcg_invert_cond(TCGCond c) { return (TCGCond)(c ^ 1); }
static inline TCGCond tcg_swap_cond(TCGCond c) { return c >= TCG_COND_LT && c <= TCG_COND_GTU ? (TCGCond)(c ^ 3) : c; }

/* Floating-point conditions; U: true when unordered. */
typedef enum TCGFCond {
    TCG_FCOND_EQ, TCG_FCOND_NEU, TCG_FCOND_LT, TCG_FCOND_GEU,
    TCG_FCOND_GT, TCG_FCOND_LEU, TCG_FCOND_LE, TCG_FCOND_GTU,
    TCG_FCOND_GE, TCG_FCOND_LTU, TCG_FCOND_UN, TCG_FCOND_ORD,
} TCGFCond;

/* Tests of the guard ops: true = keep the result. */
typedef enum TCGGuard {
    TCG_GUARD_NOT_NAN,      /* a is no NaN */
    TCG_GUARD_PLAIN,        /* a is no NaN, and |a| is not the least normal number */
    TCG_GUARD_NO_HALF,      /* as PLAIN (f64), and the low 29 bits of a are not 0x10000000:
                               rounding to f32 once more cannot go wrong */
    TCG_GUARD_FINITE_NORMAL,/* a is zero or |a| is above the least normal and below infinity */
    TCG_GUARD_SINGLE,       /* f64 only: as FINITE_NORMAL with the least normal f32 number:
                               a is zero, or 2^-126 < |a| < infinity */
} TCGGuard;

typedef enum TCGBar {
    TCG_MO_LD_LD = 1, TCG_MO_ST_LD = 2, TCG_MO_LD_ST = 4, TCG_MO_ST_ST = 8, TCG_MO_ALL = 15
} TCGBar;

typedef enum TCGTempKind {
    TEMP_TEMP,      /* made by tcg_temp_new_*: lives anywhere in the block */
    TEMP_GLOBAL,    /* memory at base + mem_offset */
    TEMP_FIXED,     /* env: a host register, never written */
    TEMP_CONST
} TCGTempKind;

typedef struct TCGTemp {
    TCGType type;
    TCGTempKind kind;
    int32_t mem_offset;     /* globals: from env */
    bool hot;               /* globals: declared hot by the front end */
    uint64_t val;           /* TEMP_CONST: zero-extended to 64 bits */
    const char *name;
    int32_t index;          /* in ctx->temps */
    /* for the passes; each clears what it needs */
    void *state_ptr;
    uint64_t state;
    int32_t reg;            /* allocator: host register or -1 */
    int32_t frame_offset;   /* allocator: spill slot, -1: none */
    uint32_t uses;
    struct TCGTemp *hash_next;      /* TEMP_CONST: next of its bucket */
} TCGTemp;

/* Type-safe handles. All are TCGTemp pointers underneath. */
typedef struct TCGv_i32_d *TCGv_i32;
typedef struct TCGv_i64_d *TCGv_i64;
typedef struct TCGv_f32_d *TCGv_f32;
typedef struct TCGv_f64_d *TCGv_f64;
typedef struct TCGv_vec_d *TCGv_vec;
typedef TCGv_i64 TCGv_ptr;
typedef TCGv_ptr TCGv_env;
#define tcgv_temp(v) ((TCGTemp *)(v))
static inline TCGArg temp_arg(TCGTemp *t) { return (TCGArg)t; }
static inline TCGTemp *arg_temp(TCGArg a) { return (TCGTemp *)a; }

typedef struct TCGLabel {
    int id;
    bool present;           /* set_label was emitted */
    bool backward;          /* some branch to it comes after it */
    uint32_t refs;
    void *state_ptr;        /* passes: basic block; back end: address */
    uint64_t value;
    struct TCGLabel *next;
    void *relocs;
} TCGLabel;
static inline TCGLabel *arg_label(TCGArg a) { return (TCGLabel *)a; }

/* Helper functions and their effects (see DEF_HELPER_FLAGS). */
#define TCG_CALL_NO_READ_GLOBALS  1     /* touches no global */
#define TCG_CALL_NO_WRITE_GLOBALS 2     /* may read, writes none */
#define TCG_CALL_NO_SIDE_EFFECTS  4     /* removable when its result is dead */
#define TCG_CALL_NO_RETURN        8
#define TCG_CALL_MAY_RAISE       16     /* may leave through a guest exception */
#define TCG_CALL_NO_RWG    (TCG_CALL_NO_READ_GLOBALS | TCG_CALL_NO_WRITE_GLOBALS)
#define TCG_CALL_NO_RWG_SE (TCG_CALL_NO_RWG | TCG_CALL_NO_SIDE_EFFECTS)
#define TCG_CALL_NO_WG     TCG_CALL_NO_WRITE_GLOBALS

#define TCG_MAX_CALL_ARGS 6             /* all in registers on an x86-64 host */
typedef struct TCGHelperInfo {
    void *func;
    const char *name;
    uint32_t flags;
    int8_t ret;             /* TCGType, -1: void */
    uint8_t nargs;
    int8_t args[TCG_MAX_CALL_ARGS];
} TCGHelperInfo;

typedef struct TCGOp {
    uint16_t opc;           /* TCGOpcode */
    uint8_t nargs;          /* entries in args */
    uint8_t vece;           /* vectors: MO_8.. */
    uint8_t call_out, call_in;  /* INDEX_op_call: number of outputs and inputs */
    uint16_t access;        /* qemu_ld, qemu_st: index in ctx->accesses, 0: none */
    uint32_t life;          /* liveness: bit n: arg n is dead after the op */
    struct TCGOp *prev, *next;
    TCGArg args[];
} TCGOp;

#define TCG_MAX_TEMPS  8192
#define TCG_MAX_INSNS  512

typedef struct TCGContext {
    /* arena of the block */
    uint8_t *pool_cur, *pool_end;
    void *pool_first, *pool_chunk;

    int nb_globals;         /* temps[0 .. nb_globals-1]; temps[0] is env */
    int nb_temps;
    TCGTemp **temps;        /* TCG_MAX_TEMPS pointers */
    TCGTemp **consts;       /* buckets of constants, see tcg_const_temp */

    TCGOp *first_op, *last_op;
    int nb_ops;
    TCGLabel *labels;       /* newest first */
    int nb_labels;
    bool takes_low_halves;  /* the optimizer left an extrl_i64_i32 */

    /* guest and host set-up (tcg_context_config) */
    int addr_bits;          /* 32 or 64 */
    intptr_t tlb_offset[16][2];     /* [mmu_idx][store]: fast table, from env */
    int neg_exit_request, neg_icount_left, neg_jmp_cache, neg_tb_key, neg_host_regs,
        neg_host_xmm, neg_slow_addr, neg_slow_val, neg_simd_val;      /* displacements from env */
    bool use_icount;

    /* the block being generated */
    void *tb;               /* TranslationBlock *; opaque here */
    int32_t *tb_exec_left;  /* executable-view-reachable counter */
    uint32_t *jmp_insn_offset, *jmp_reset_offset;       /* tb's arrays */
    uintptr_t gen_tb_exit_base;     /* for logs */

    /* output: writable pointer; executable address = pointer + splitwx_diff */
    uint8_t *code_buf, *code_ptr, *code_highwater;
    ptrdiff_t splitwx_diff;
    const void *code_gen_epilogue;  /* exec address: leave with the value in the return register */

    /* instruction boundaries, filled by tcg_gen_code */
    int nb_insns;
    uint64_t (*insn_data)[3];       /* [TCG_MAX_INSNS] insn_start args */
    uint32_t *insn_end_off;         /* host offset where instruction i ends */
    struct TCGWriteBack *write_backs, *last_write_back; /* see tcg-internal.h */

    struct TCGCfg *cfg;     /* tcg_liveness: basic blocks, see tcg/cfg.h */
    bool host_x87;          /* the back end takes the x87 ops */
    bool ops_zero_extend;   /* the back end's 32-bit ops zero-extend, see tcg/merge.c */
    bool share_page_checks; /* the back end takes ctx->accesses, see tcg/page-share.h */
    struct TCGPageAccess *accesses;
    void *target_state;     /* back end's own, per context */
} TCGContext;

extern __thread TCGContext *tcg_ctx;
extern TCGv_env tcg_env;            /* the same handle in every context */

/* tcg/tcg.c */
/* Once: shared tables. Then one context for each vCPU thread. */
void tcg_init(void);
TCGContext *tcg_context_new(void);  /* copies globals declared so far */
void tcg_context_free(TCGContext *s);
/* Begin a block: empties the arena, ops, labels. */
void tcg_func_start(TCGContext *s);
/*
 * Passes over the ops, then host code at s->code_ptr for `tb`.
 * Returns the bytes of code, or -1: no room (code_highwater), -2: too many ops
 * for the back end (retry with fewer instructions).
 */
int tcg_gen_code(TCGContext *s);
/* True: the front end must end the block before the next instruction. */
bool tcg_op_buf_full(void);
void *tcg_malloc(size_t size);      /* from the arena, zeroed, 16-aligned */

/* Emit the prologue and thunks at s->code_ptr once; all contexts share them. */
void tcg_prologue_init(TCGContext *s);
/* Further contexts: use the prologue that another one emitted. */
void tcg_prologue_attach(TCGContext *s);
/* Run code at tb_ptr; returns exit_tb's value. */
extern uintptr_t (*tcg_qemu_tb_exec)(void *env, const void *tb_ptr);

/* tcg/<host>: chaining. rx: executable address, rw: writable alias of the jump at rx. */
void tb_target_set_jmp_target(uintptr_t jmp_rx, uintptr_t jmp_rw, uintptr_t target_rx);

/*
 * The block's side tables, written behind the code by tcg_gen_code users:
 * translate-all.c and code-buffer.c call these two.
 */
/* Encode insn boundaries and write-back maps. Returns bytes, -1 when they do not fit. */
int tcg_encode_search(TCGContext *s, uint8_t *out, uint8_t *end);
/*
 * host_off: offset in the block of the return address of the call that faults.
 * Fills data[3] with insn_start's args; writes dirty globals from the thunk's
 * register save area to env where the op at host_off has a write-back map.
 * Returns the index of the instruction, -1 when host_off is outside.
 */
int tcg_restore_search(const uint8_t *search, uint32_t search_size, uint32_t host_off,
                       void *env, uint64_t data[3]);

/* Text of the ops to f (-d op). */
void tcg_dump_ops(TCGContext *s, FILE *f);
/* Checks of the invariants between passes (debug builds). */
void tcg_verify(TCGContext *s, const char *after_pass);

/* Globals: before the first context is made. */
TCGv_i32 tcg_global_mem_new_i32(int env_offset, const char *name);
TCGv_i64 tcg_global_mem_new_i64(int env_offset, const char *name);
TCGv_f64 tcg_global_mem_new_f64(int env_offset, const char *name);
TCGv_vec tcg_global_mem_new_vec(int env_offset, const char *name);
/* Hint: keep v in a host register where there is a choice. */
void tcg_global_set_hot(void *v);

/* Temps: live until the end of the block, across labels. */
TCGv_i32 tcg_temp_new_i32(void);
TCGv_i64 tcg_temp_new_i64(void);
TCGv_f32 tcg_temp_new_f32(void);
TCGv_f64 tcg_temp_new_f64(void);
TCGv_vec tcg_temp_new_vec(void);
#define tcg_temp_new_ptr tcg_temp_new_i64
TCGv_i32 tcg_constant_i32(int32_t val);     /* read-only, one temp a value */
TCGv_i64 tcg_constant_i64(int64_t val);
#define tcg_constant_ptr(p) tcg_constant_i64((intptr_t)(p))

TCGLabel *gen_new_label(void);

#endif
