/*
 * Between the files of the optimizer.
 *
 * Each temp holds, at each point of an extended basic block, a Value: a
 * constant, or the result of one op on other Values. Two temps with the same
 * Value are copies. What a rewrite wants to use must still be held by some
 * temp, its home.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TCG_OPTIMIZE_H
#define TCG_OPTIMIZE_H

#include "tcg/tcg-internal.h"

typedef struct Value {
    TCGTemp *home;          /* may hold the value: see value_home() */
    uint64_t may;           /* integers: bits that may be 1 */
    uint8_t sign_bits;      /* integers: so many upper bits are equal, at least 1 */
    uint8_t width;          /* 32 or 64; 0: no integer */
    bool is_const;          /* the constant is `may` */
    uint16_t opc;           /* that made it, NB_OPS: unknown */
    struct Value *in[2];    /* its first inputs */
    TCGArg c[2];            /* its first constants */
} Value;

typedef struct Opt {
    TCGContext *s;
    uint64_t epoch, global_epoch;   /* temps of an older state hold unknown values */
    uint64_t last_epoch;
    bool dead;                      /* control does not get here */

    /* the op being folded */
    Value *in[6];
    unsigned width;
    uint64_t mask;                  /* of the width */
    uint64_t out_may;               /* of the first output, unless a fold says more: all */
    uint8_t out_sign_bits;
} Opt;

/* Folds op in place or removes it; true: done, outputs are recorded too. */
typedef bool FoldFunction(Opt *o, TCGOp *op);

/* optimize.c */
Value *opt_value(Opt *o, TCGTemp *t);
/* A temp that holds v now, NULL: none. */
TCGTemp *opt_home(Opt *o, Value *v);
/* op becomes d = the temp, the constant. Always true. */
bool opt_to_mov(Opt *o, TCGOp *op, TCGTemp *source);
bool opt_to_const(Opt *o, TCGOp *op, uint64_t c);
/* op becomes opc on its first n arguments, with inputs read again; goes on with that fold. */
bool opt_again(Opt *o, TCGOp *op, TCGOpcode opc, unsigned nargs);
/* Replace input n by a temp. */
void opt_set_input(Opt *o, TCGOp *op, unsigned n, TCGTemp *t);
/* Integer constant of the op's own type. */
TCGTemp *opt_const(Opt *o, uint64_t c);

/* optimize-arith.c, -logic.c, -cond.c */
#define FOLD_INT_OPS(X) \
    X(add) X(lea) X(sub) X(neg) X(mul) X(mulsh) X(muluh) X(div) X(divu) X(rem) X(remu) X(addc) X(subb) \
    X(and) X(or) X(xor) X(not) X(andc) X(orc) X(eqv) X(nand) X(nor) \
    X(shl) X(shr) X(sar) X(rotl) X(rotr) X(clz) X(ctz) X(ctpop) X(bswap16) X(bswap32) \
    X(ext8s) X(ext8u) X(ext16s) X(ext16u) X(deposit) X(extract) X(sextract) \
    X(setcond) X(negsetcond) X(movcond) X(brcond) \
    X(ld8u) X(ld8s) X(ld16u) X(ld16s) X(qemu_ld)
#define FOLD_OTHER_OPS(X) \
    X(bswap64_i64) X(ext32s_i64) X(ext32u_i64) X(ext_i32_i64) X(extu_i32_i64) \
    X(extrl_i64_i32) X(extrh_i64_i32) X(ld32u_i64) X(ld32s_i64) X(setcond_f32) X(setcond_f64) \
    X(bits_i32_f32) X(bits_f32_i32) X(bits_i64_f64) X(bits_f64_i64)
#define DECLARE_FOLD(name) FoldFunction fold_##name;
FOLD_INT_OPS(DECLARE_FOLD)
FOLD_OTHER_OPS(DECLARE_FOLD)
#undef DECLARE_FOLD

bool tcg_eval_cond(uint64_t a, uint64_t b, TCGCond cond, unsigned width);

/* --- the op being folded ------------------------------------------------------ */

#define OPC_OF_WIDTH(o, name) \
    ((TCGOpcode)(INDEX_op_##name##_i32 + ((o)->width == 64)))

/* Was v made by the op, of the width being folded? */
#define MADE_BY(o, v, name) ((v)->opc == OPC_OF_WIDTH(o, name))

static inline bool in_const(const Opt *o, unsigned n)
{
    return o->in[n]->is_const;
}

static inline uint64_t in_val(const Opt *o, unsigned n)
{
    return o->in[n]->may;
}

static inline bool in_is(const Opt *o, unsigned n, uint64_t c)
{
    return o->in[n]->is_const && o->in[n]->may == (c & o->mask);
}

static inline int64_t in_sval(const Opt *o, unsigned n)
{
    return o->width == 32 ? (int32_t)o->in[n]->may : (int64_t)o->in[n]->may;
}

static inline uint64_t low_mask(unsigned bits)
{
    return bits >= 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

/* --- identities: each does its rewrite when it applies ------------------------- */

static inline TCGTemp *op_input(const TCGOp *op, unsigned n)
{
    return arg_temp(op->args[tcg_op_nb_oargs(op) + n]);
}

static inline bool both_const(const Opt *o)
{
    return in_const(o, 0) && in_const(o, 1);
}

/* Constants come second where the order does not matter. */
static inline void put_const_second(Opt *o, TCGOp *op)
{
    if (in_const(o, 0) && !in_const(o, 1)) {
        TCGTemp *c = op_input(op, 0), *x = op_input(op, 1);

        opt_set_input(o, op, 0, x);
        opt_set_input(o, op, 1, c);
    }
}

static inline bool x_op_const_is_x(Opt *o, TCGOp *op, uint64_t c)
{
    return in_is(o, 1, c) && opt_to_mov(o, op, op_input(op, 0));
}

static inline bool x_op_const_is_const(Opt *o, TCGOp *op, uint64_t c, uint64_t result)
{
    return in_is(o, 1, c) && opt_to_const(o, op, result);
}

static inline bool x_op_x_is_const(Opt *o, TCGOp *op, uint64_t result)
{
    return o->in[0] == o->in[1] && opt_to_const(o, op, result);
}

static inline bool made_by_op_with_const(const Opt *o, const TCGOp *op)
{
    return o->in[0]->opc == op->opc && o->in[0]->in[1]->is_const;
}

/* (x op c1) op c2 is x op (c1 combined with c2), for the op that is being folded. */
static inline bool reassociate(Opt *o, TCGOp *op, uint64_t combined)
{
    TCGTemp *x = opt_home(o, o->in[0]->in[0]);

    if (!x) {
        return false;
    }
    opt_set_input(o, op, 0, x);
    opt_set_input(o, op, 1, opt_const(o, combined));
    return opt_again(o, op, op->opc, op->nargs);
}

#endif
