/*
 * Appending ops from handles: shared by the tcg-op*.c files.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TCG_EMIT_H
#define TCG_EMIT_H

#include "tcg/tcg-internal.h"
#include "tcg/tcg-op.h"

/* The i32 or i64 op of a pair, named by its i32 member. */
#define OP_OF_TYPE(name, type) ((TCGOpcode)(INDEX_op_##name##_i32 + (type)))
_Static_assert(INDEX_op_add_i64 == INDEX_op_add_i32 + TCG_TYPE_I64, "pairs are adjacent");

static inline unsigned type_bits(TCGType type)
{
    return type == TCG_TYPE_I32 ? 32 : 64;
}

/* The context's own copy of a global's shared handle; other temps as they are. */
static inline TCGTemp *own_temp(void *v)
{
    TCGTemp *t = v;

    return t->index < tcg_ctx->nb_globals ? tcg_ctx->temps[t->index] : t;
}

static inline TCGArg own_arg(void *v)
{
    return temp_arg(own_temp(v));
}

static inline TCGOp *emit2(TCGOpcode opc, void *a, void *b)
{
    TCGOp *op = tcg_emit_op(opc, 2);

    op->args[0] = own_arg(a);
    op->args[1] = own_arg(b);
    return op;
}

static inline TCGOp *emit3(TCGOpcode opc, void *a, void *b, void *c)
{
    TCGOp *op = tcg_emit_op(opc, 3);

    op->args[0] = own_arg(a);
    op->args[1] = own_arg(b);
    op->args[2] = own_arg(c);
    return op;
}

/* Two temps and a constant. */
static inline TCGOp *emit2c(TCGOpcode opc, void *a, void *b, TCGArg c)
{
    TCGOp *op = tcg_emit_op(opc, 3);

    op->args[0] = own_arg(a);
    op->args[1] = own_arg(b);
    op->args[2] = c;
    return op;
}

/* Three temps and a constant. */
static inline TCGOp *emit3c(TCGOpcode opc, void *a, void *b, void *c, TCGArg d)
{
    TCGOp *op = tcg_emit_op(opc, 4);

    op->args[0] = own_arg(a);
    op->args[1] = own_arg(b);
    op->args[2] = own_arg(c);
    op->args[3] = d;
    return op;
}

/* A branch from here to l. */
static inline TCGArg use_label(TCGLabel *l)
{
    l->refs++;
    if (l->present) {
        l->backward = true;
    }
    return (TCGArg)l;
}

/* brcond of any type: two temps, condition, label. */
static inline void emit_brcond(TCGOpcode opc, void *a, void *b, TCGArg cond, TCGLabel *l)
{
    TCGOp *op = tcg_emit_op(opc, 4);

    op->args[0] = own_arg(a);
    op->args[1] = own_arg(b);
    op->args[2] = cond;
    op->args[3] = use_label(l);
}

/* --- integer moves and shifts, either width ---------------------------------- */

static inline void gen_mov(TCGType type, void *ret, void *a)
{
    if (ret != a) {
        emit2(OP_OF_TYPE(mov, type), ret, a);
    }
}

static inline void gen_movi(TCGType type, void *ret, uint64_t c)
{
    gen_mov(type, ret, tcg_const_temp(type, c));
}

/* ret = a <op> c */
static inline void gen_op_imm(TCGOpcode opc, TCGType type, void *ret, void *a, uint64_t c)
{
    emit3(opc, ret, a, tcg_const_temp(type, c));
}

/* Shifts and rotates; opc is of the type. */
static inline void gen_shifti(TCGOpcode opc, TCGType type, void *ret, void *a, uint64_t c)
{
    assert(c < type_bits(type));
    if (c == 0) {
        gen_mov(type, ret, a);
    } else {
        gen_op_imm(opc, type, ret, a, c);
    }
}

#endif
