/*
 * Invariants of the op list, checked between passes in debug builds:
 * links, argument counts and types, labels, writable outputs.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/tcg-internal.h"

#ifdef CONFIG_DEBUG_TCG

/* Types of outputs and inputs that differ from the type an op's name ends in. */
enum { OWN = 0, I32, I64, F32, F64, ADDR };
#define BOTH(op, ...) \
    [INDEX_op_##op##_i32] = { __VA_ARGS__ }, [INDEX_op_##op##_i64] = { __VA_ARGS__ }
#define BOTH_FP(op, ...) \
    [INDEX_op_##op##_f32] = { __VA_ARGS__ }, [INDEX_op_##op##_f64] = { __VA_ARGS__ }

static const uint8_t arg_types[NB_OPS][4] = {
    BOTH(ld8u, OWN, I64), BOTH(ld8s, OWN, I64), BOTH(ld16u, OWN, I64), BOTH(ld16s, OWN, I64),
    BOTH(ld, OWN, I64), BOTH(st8, OWN, I64), BOTH(st16, OWN, I64), BOTH(st, OWN, I64),
    BOTH(qemu_ld, OWN, ADDR), BOTH(qemu_st, OWN, ADDR),
    BOTH_FP(ld, OWN, I64), BOTH_FP(st, OWN, I64),
    BOTH_FP(qemu_ld, OWN, ADDR), BOTH_FP(qemu_st, OWN, ADDR),
    BOTH_FP(setcond, I32), BOTH_FP(cvt_i32, I32), BOTH_FP(cvt_i64, I64),
    BOTH_FP(from_i32, OWN, I32), BOTH_FP(from_i64, OWN, I64),
    [INDEX_op_bswap64_i64] = { I64, I64 }, [INDEX_op_ext32s_i64] = { I64, I64 },
    [INDEX_op_ext32u_i64] = { I64, I64 }, [INDEX_op_ext_i32_i64] = { I64, I32 },
    [INDEX_op_extu_i32_i64] = { I64, I32 }, [INDEX_op_extrl_i64_i32] = { I32, I64 },
    [INDEX_op_extrh_i64_i32] = { I32, I64 }, [INDEX_op_ld32u_i64] = { I64, I64 },
    [INDEX_op_ld32s_i64] = { I64, I64 }, [INDEX_op_st32_i64] = { I64, I64 },
    [INDEX_op_cvt_f64_f32] = { F32, F64 }, [INDEX_op_cvt_f32_f64] = { F64, F32 },
    [INDEX_op_bits_f32_i32] = { I32, F32 }, [INDEX_op_bits_i32_f32] = { F32, I32 },
    [INDEX_op_bits_f64_i64] = { I64, F64 }, [INDEX_op_bits_i64_f64] = { F64, I64 },
    [INDEX_op_dup_vec] = { OWN, I64 }, [INDEX_op_ld_vec] = { OWN, I64 },
    [INDEX_op_st_vec] = { OWN, I64 },
    [INDEX_op_qemu_ld_vec] = { OWN, ADDR }, [INDEX_op_qemu_st_vec] = { OWN, ADDR },
    [INDEX_op_goto_ptr] = { ADDR },
};

/* What is being checked, for the message. */
typedef struct Checker {
    TCGContext *s;
    const char *after_pass;
    const TCGOp *op;
} Checker;

static void check(const Checker *c, bool ok, const char *what)
{
    if (!ok) {
        fprintf(stderr, "tcg: after %s: op '%s': %s\n", c->after_pass,
                c->op ? tcg_op_defs[c->op->opc].name : "(list)", what);
        tcg_dump_ops(c->s, stderr);
        abort();
    }
}

static bool type_fits(const Checker *c, unsigned n, TCGType type)
{
    const TCGOpDef *def = &tcg_op_defs[c->op->opc];

    if (c->op->opc == INDEX_op_call) {
        const TCGHelperInfo *info = tcg_call_info(c->op);

        return type == (TCGType)(n < c->op->call_out ? info->ret : info->args[n - c->op->call_out]);
    }
    switch (n < 4 ? arg_types[c->op->opc][n] : OWN) {
    case I32: return type == TCG_TYPE_I32;
    case I64: return type == TCG_TYPE_I64;
    case F32: return type == TCG_TYPE_F32;
    case F64: return type == TCG_TYPE_F64;
    case ADDR: return type == (c->s->addr_bits == 32 ? TCG_TYPE_I32 : TCG_TYPE_I64);
    default: return def->type < 0 || type == (TCGType)def->type;
    }
}

static void check_args(const Checker *c)
{
    const TCGOp *op = c->op;
    const TCGOpDef *def = &tcg_op_defs[op->opc];
    unsigned nb_out = tcg_op_nb_oargs(op), nb_in = tcg_op_nb_iargs(op);

    check(c, op->nargs == nb_out + nb_in + (op->opc == INDEX_op_call ? 1 : def->nb_cargs),
          "wrong number of arguments");
    for (unsigned n = 0; n < nb_out + nb_in; n++) {
        const TCGTemp *t = arg_temp(op->args[n]);

        check(c, t && t->index >= 0 && t->index < c->s->nb_temps && c->s->temps[t->index] == t,
              "argument is no temp of this context");
        check(c, n >= nb_out || t->kind == TEMP_TEMP || t->kind == TEMP_GLOBAL,
              "output is read-only");
        check(c, type_fits(c, n, t->type), "argument has the wrong type");
    }
}

void tcg_verify(TCGContext *s, const char *after_pass)
{
    Checker c = { s, after_pass, NULL };
    TCGOp *prev = NULL;
    int nb_ops = 0;

    for (TCGLabel *l = s->labels; l; l = l->next) {
        l->value = 0;
    }
    for (TCGOp *op = s->first_op; op; prev = op, op = op->next) {
        c.op = op;
        nb_ops++;
        check(&c, op->opc < NB_OPS && op->prev == prev, "broken links");
        check_args(&c);
        if (tcg_op_label(op) && op->opc != INDEX_op_set_label) {
            check(&c, tcg_op_label(op)->present, "branch to a label that is nowhere");
            tcg_op_label(op)->value++;
        }
    }
    c.op = NULL;
    check(&c, s->last_op == prev && s->nb_ops == nb_ops, "broken list");
    check(&c, !prev || tcg_op_no_fallthrough(prev), "control runs off the end");
    for (TCGLabel *l = s->labels; l; l = l->next) {
        check(&c, l->refs == l->value, "references of a label are miscounted");
    }
}

#else

void tcg_verify(TCGContext *s, const char *after_pass)
{
}

#endif
