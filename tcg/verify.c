/*
 * Invariants of the op list, checked between passes in debug builds:
 * links, argument counts and types, labels, writable outputs.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/tcg-internal.h"

#ifdef CONFIG_DEBUG_TCG

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
    int expected;

    if (c->op->opc == INDEX_op_call) {
        const TCGHelperInfo *info = tcg_call_info(c->op);

        return type == (TCGType)(n < c->op->call_out ? info->ret : info->args[n - c->op->call_out]);
    }
    expected = tcg_op_arg_type(c->op->opc, n);
    if (expected == TCG_ARG_ADDR) {
        expected = c->s->addr_bits == 32 ? TCG_TYPE_I32 : TCG_TYPE_I64;
    }
    if (c->s->ops_zero_extend && expected == TCG_TYPE_I32 && type == TCG_TYPE_I64) {
        return true;                /* a low half, see merge.c */
    }
    return expected == TCG_ARG_ANY || type == (TCGType)expected;
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
    while (prev && prev->opc == INDEX_op_insn_start) {
        prev = prev->prev;          /* marks of instructions that are never reached */
    }
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
