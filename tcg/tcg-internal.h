/*
 * What the passes of the translator share: making and unlinking ops and temps,
 * walking an op's arguments, and the functions that tcg_gen_code() calls in
 * turn. Front ends use tcg/tcg-op.h instead.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TCG_INTERNAL_H
#define TCG_INTERNAL_H

#include "tcg/tcg.h"

/* --- ops: tcg/tcg.c ------------------------------------------------------ */

/*
 * A new op in the arena with room for nargs arguments, not filled in; life and
 * vece are 0. Calls: set call_out and call_in too. Whoever makes a
 * branch adds 1 to its label's refs; tcg_op_remove takes it off again.
 */
TCGOp *tcg_emit_op(TCGOpcode opc, unsigned nargs);      /* at the end of tcg_ctx's list */
TCGOp *tcg_op_insert_before(TCGContext *s, TCGOp *op, TCGOpcode opc, unsigned nargs);
TCGOp *tcg_op_insert_after(TCGContext *s, TCGOp *op, TCGOpcode opc, unsigned nargs);
void tcg_op_remove(TCGContext *s, TCGOp *op);

static inline unsigned tcg_op_nb_oargs(const TCGOp *op)
{
    return op->opc == INDEX_op_call ? op->call_out : tcg_op_defs[op->opc].nb_oargs;
}

static inline unsigned tcg_op_nb_iargs(const TCGOp *op)
{
    return op->opc == INDEX_op_call ? op->call_in : tcg_op_defs[op->opc].nb_iargs;
}

static inline const TCGHelperInfo *tcg_call_info(const TCGOp *op)
{
    return (const TCGHelperInfo *)op->args[op->call_out + op->call_in];
}

/* The label an op refers to (br, brcond, set_label), else NULL. */
static inline TCGLabel *tcg_op_label(const TCGOp *op)
{
    switch (op->opc) {
    case INDEX_op_br:
    case INDEX_op_set_label:
        return arg_label(op->args[0]);
    case INDEX_op_brcond_i32:
    case INDEX_op_brcond_i64:
    case INDEX_op_brcond_f32:
    case INDEX_op_brcond_f64:
        return arg_label(op->args[3]);
    default:
        return NULL;
    }
}

/* Does control never reach the next op? */
static inline bool tcg_op_no_fallthrough(const TCGOp *op)
{
    switch (op->opc) {
    case INDEX_op_br:
    case INDEX_op_exit_tb:
    case INDEX_op_goto_ptr:
        return true;
    case INDEX_op_call:
        return tcg_call_info(op)->flags & TCG_CALL_NO_RETURN;
    default:
        return false;
    }
}

/* TCGType of argument n (an output or input of any op but call), or one of these. */
enum { TCG_ARG_ANY = -1, TCG_ARG_ADDR = -2 /* as wide as guest addresses */ };
int tcg_op_arg_type(TCGOpcode opc, unsigned n);

/* --- temps: tcg/tcg.c ---------------------------------------------------- */

TCGTemp *tcg_temp_new_internal(TCGType type);
/* The constant's only temp in tcg_ctx; val is cut to the type and zero-extended. */
TCGTemp *tcg_const_temp(TCGType type, uint64_t val);

static inline bool temp_is_const(const TCGTemp *t) { return t->kind == TEMP_CONST; }

/* --- passes, in the order of tcg_gen_code() ------------------------------- */

/* All between front end and back end: the ones below and those of merge.h. */
void tcg_run_passes(TCGContext *s);
/* optimize.c: folds and rewrites; removes unreachable ops. */
void tcg_optimize(TCGContext *s);
/*
 * liveness.c: removes ops whose outputs are dead and writes of globals that
 * nobody can see, over the whole region; sets op->life.
 */
void tcg_liveness(TCGContext *s);

/*
 * Each back end. gen_code: host code for the ops at s->code_ptr; fills
 * s->insn_data, s->insn_end_off, s->nb_insns, the jmp offsets, and what
 * tcg_encode_search needs; advances s->code_ptr; result as tcg_gen_code().
 */
int tcg_target_gen_code(TCGContext *s);
void tcg_target_init(TCGContext *s);            /* from tcg_context_new */
void tcg_target_prologue(TCGContext *s);        /* from tcg_prologue_init */

/*
 * Write-back maps: at the call whose return address has offset host_off in the
 * block, the global at env_offset is dirty in host register reg (of the
 * integer or of the vector file, by type). The list is in ascending order of
 * host_off, made in the arena by the back end, read by tcg_encode_search.
 * tcg_func_start() empties it; the interpreter makes none.
 */
typedef struct TCGWriteBackEntry {
    int32_t env_offset;
    uint8_t type;               /* TCGType */
    uint8_t reg;
} TCGWriteBackEntry;

typedef struct TCGWriteBack {
    struct TCGWriteBack *next;
    uint32_t host_off;
    uint16_t insn;              /* index of the guest instruction: the call is out of line */
    uint16_t nb;
    TCGWriteBackEntry entry[];
} TCGWriteBack;

/* Position of the interpreter in the bytecode, as a return address (CONFIG_TCI). */
extern __thread uintptr_t tci_tb_ptr;

#endif
