/*
 * The table of op properties, made from tcg/tcg-opc.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/tcg.h"

#define PURE       TCG_OPF_PURE
#define COMMUTES   TCG_OPF_COMMUTES
#define ENDS_BLOCK TCG_OPF_ENDS_BLOCK
#define MAY_FAULT  TCG_OPF_MAY_FAULT
#define SIDE       TCG_OPF_SIDE
#define COND_EXIT  TCG_OPF_COND_EXIT

#define OP_INT(n, o, i, c, p, m) \
    [INDEX_op_##n##_i32] = { #n "_i32", o, i, c, p, TCG_TYPE_I32, m }, \
    [INDEX_op_##n##_i64] = { #n "_i64", o, i, c, p, TCG_TYPE_I64, m },
#define OP_FP(n, o, i, c, p, m) \
    [INDEX_op_##n##_f32] = { #n "_f32", o, i, c, p, TCG_TYPE_F32, m }, \
    [INDEX_op_##n##_f64] = { #n "_f64", o, i, c, p, TCG_TYPE_F64, m },
#define OP_VEC(n, o, i, c, p, m) \
    [INDEX_op_##n##_vec] = { #n "_vec", o, i, c, p, TCG_TYPE_V128, m },
#define OP_ONE(n, o, i, c, p, m) \
    [INDEX_op_##n] = { #n, o, i, c, p, -1, m },

const TCGOpDef tcg_op_defs[NB_OPS] = {
#include "tcg/tcg-opc.h"
};
