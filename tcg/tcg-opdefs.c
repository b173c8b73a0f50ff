/*
 * The table of op properties, made from tcg/tcg-opc.h, and the types of operands.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/tcg-internal.h"

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

/* Types of outputs and inputs that differ from the type an op's name ends in. */
enum { OWN = 0, I32, I64, F32, F64, VEC, ADDR };
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
    [INDEX_op_simd1_vec] = { VEC, VEC }, [INDEX_op_simd2_vec] = { VEC, VEC, VEC },
    [INDEX_op_simd3_vec] = { VEC, VEC, VEC, VEC },
    [INDEX_op_simd_from_vec] = { VEC, VEC, I64 }, [INDEX_op_simd_to_vec] = { I64, VEC, VEC },
    [INDEX_op_bits_i64_vec] = { VEC, I64 }, [INDEX_op_bits_vec_i64] = { I64, VEC },
    [INDEX_op_goto_ptr] = { ADDR },
};

int tcg_op_arg_type(TCGOpcode opc, unsigned n)
{
    static const int8_t types[] = {
        [I32] = TCG_TYPE_I32, [I64] = TCG_TYPE_I64, [F32] = TCG_TYPE_F32, [F64] = TCG_TYPE_F64,
        [VEC] = TCG_TYPE_V128, [ADDR] = TCG_ARG_ADDR,
    };
    unsigned kind = n < 4 ? arg_types[opc][n] : OWN;

    if (kind != OWN) {
        return types[kind];
    }
    return tcg_op_defs[opc].type >= 0 ? tcg_op_defs[opc].type : TCG_ARG_ANY;
}
