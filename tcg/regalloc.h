/*
 * Register allocation while code is emitted: the back end asks for each operand
 * of the op at hand, and gets a host register.
 *
 * Two kinds of temps have registers. Region temps own one from the head of the
 * region to its exits (regalloc-region.c chooses them). All others get one when
 * they are first used in a block, and keep it until another temp needs it, or a
 * label. Memory (env, or the frame for temps) is brought up to date when a
 * register is given up, at exits, and around helpers. Registers 0-15 are the
 * integer file, 16-31 the vector file.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TCG_REGALLOC_H
#define TCG_REGALLOC_H

#include "tcg/cfg.h"

#define RA_NREGS 32
#define RA_MAX_PENDING 8
enum { RA_INT, RA_VEC };
static inline int ra_class(TCGType type) { return type >= TCG_TYPE_F32 ? RA_VEC : RA_INT; }

/* TCGTemp.state */
enum {
    RA_DIRTY = 1,       /* the register is newer than memory */
    RA_REGION = 2,      /* owns its register in the whole region */
    RA_PENDING = 4,     /* is TCGTemp.val, which neither a register nor memory holds */
};

typedef struct RegAlloc RegAlloc;

/* What a host provides. Places in memory: displacement from env, or in the frame. */
typedef struct RegTarget {
    uint32_t allocatable[2];
    uint32_t call_clobbered;
    int env_reg;
    int frame_bytes;
    void (*load)(RegAlloc *ra, TCGType type, int reg, int32_t offset, bool frame);
    void (*store)(RegAlloc *ra, TCGType type, int reg, int32_t offset, bool frame);
    void (*mov)(RegAlloc *ra, TCGType type, int dst, int src);
    void (*movi)(RegAlloc *ra, TCGType type, int dst, uint64_t value);   /* keeps flags */
    void (*storei)(RegAlloc *ra, TCGType type, uint64_t value, int32_t offset, bool frame); /* too */
} RegTarget;

struct RegAlloc {
    TCGContext *s;
    TCGCfg *cfg;
    const RegTarget *target;
    TCGOp *op;
    TCGTemp *owner[RA_NREGS];
    uint32_t last_use[RA_NREGS];
    uint32_t clock;
    uint32_t free;          /* allocatable, without owner */
    uint32_t pinned;        /* operands of the op */
    uint32_t region_regs;
    int hint[2];            /* by class: register of an input that died in the op */
    bool released;
    TCGTemp *pending[RA_MAX_PENDING];
    int nb_pending;
    int32_t frame_used;
    bool frame_full;
    bool vec_used;
};

void ra_init(RegAlloc *ra, TCGContext *s, const RegTarget *target);

/* A region: choose registers; then, at its head, load those that are live. */
void ra_assign_region(RegAlloc *ra);
void ra_load_region(RegAlloc *ra);

void ra_block_start(RegAlloc *ra, int block, bool falls_in);
/* Make memory right for what live (a block's live_in) still needs in other blocks. */
void ra_sync_live(RegAlloc *ra, const uint64_t *live);
void ra_forget(RegAlloc *ra);

void ra_op_start(RegAlloc *ra, TCGOp *op);
void ra_op_end(RegAlloc *ra);

/* Argument n of the op as an input: its register. */
int ra_in(RegAlloc *ra, int n);
/* As an output. Inputs whose last use this is may share it: they must have been read,
   or the code must work when they are the same. */
int ra_out(RegAlloc *ra, int n);
/* As an output that shares a register with no input. */
int ra_out_apart(RegAlloc *ra, int n);
/* As an output that is a constant; false: not possible, use ra_out. */
bool ra_out_const(RegAlloc *ra, int n, uint64_t value);
/* The value of output n is not needed any more. */
void ra_discard(RegAlloc *ra, int n);
/* Temps of the back end's own, which no op names: make, use, end. */
int ra_make_temp(RegAlloc *ra, TCGTemp *t);
int ra_use_temp(RegAlloc *ra, TCGTemp *t);
void ra_end_temp(RegAlloc *ra, TCGTemp *t);
/* Inputs that die give up their registers; done by ra_out. */
void ra_release_inputs(RegAlloc *ra);
static inline bool ra_dies(const RegAlloc *ra, int n) { return ra->op->life >> n & 1; }

/* Store dirty globals; they stay in registers. */
void ra_sync_globals(RegAlloc *ra);
/* Before a call with these effects; then after it, reload region registers. */
void ra_before_call(RegAlloc *ra, unsigned effects);
void ra_after_call(RegAlloc *ra, unsigned effects, TCGTemp *result);

/* Dirty globals and their registers, for slow paths and cold exits. */
typedef struct RaPending {
    int32_t env_offset;
    TCGType type;
    uint64_t value;
} RaPending;

typedef struct RaDirty {
    RaPending pending[RA_MAX_PENDING];
    int nb_pending;
    unsigned nb;
    TCGWriteBackEntry entry[];      /* reg: RegAlloc's number */
} RaDirty;
RaDirty *ra_dirty_globals(RegAlloc *ra);

/* Where a temp's value is without a register: displacement; *frame tells from what. */
int32_t ra_place(RegAlloc *ra, TCGTemp *t, bool *frame);

#endif
