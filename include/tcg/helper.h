/*
 * Declaring helpers: a target's helper.h is a list of DEF_HELPER_n rows; this
 * header makes, from that list, the C prototypes (helper_NAME), the call
 * emitters (gen_helper_NAME) and the TCGHelperInfo records.
 *
 *   DEF_HELPER_n(name, flags, ret, arg1 .. argn)     n = 0..6
 *   flags: TCG_CALL_x | ...;  types: void i32 s32 i64 s64 f32 f64 ptr env
 *
 * f32/f64 arguments and results are C float and double in SSE registers.
 *
 * Use: in the target's translate files
 *     #define HELPER_H "target-ppc/helper.h"
 *     #include "tcg/helper-gen.h"          emitters
 * in helper files
 *     #include "tcg/helper-proto.h"        prototypes
 * and in exactly one file
 *     #include "tcg/helper-info.h"         records
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TCG_HELPER_H
#define TCG_HELPER_H

#include "tcg/tcg.h"

#define dh_ctype_void void
#define dh_ctype_i32  uint32_t
#define dh_ctype_s32  int32_t
#define dh_ctype_i64  uint64_t
#define dh_ctype_s64  int64_t
#define dh_ctype_f32  float
#define dh_ctype_f64  double
#define dh_ctype_ptr  void *
#define dh_ctype_env  CPUArchState *
#define dh_ctype(t) dh_ctype_##t

#define dh_tcgv_i32 TCGv_i32
#define dh_tcgv_s32 TCGv_i32
#define dh_tcgv_i64 TCGv_i64
#define dh_tcgv_s64 TCGv_i64
#define dh_tcgv_f32 TCGv_f32
#define dh_tcgv_f64 TCGv_f64
#define dh_tcgv_ptr TCGv_ptr
#define dh_tcgv_env TCGv_env
#define dh_tcgv(t) dh_tcgv_##t

#define dh_type_void (-1)
#define dh_type_i32 TCG_TYPE_I32
#define dh_type_s32 TCG_TYPE_I32
#define dh_type_i64 TCG_TYPE_I64
#define dh_type_s64 TCG_TYPE_I64
#define dh_type_f32 TCG_TYPE_F32
#define dh_type_f64 TCG_TYPE_F64
#define dh_type_ptr TCG_TYPE_PTR
#define dh_type_env TCG_TYPE_PTR
#define dh_type(t) dh_type_##t

/* First parameter list entry and argument for a result of type t. */
#define dh_retdecl_void
#define dh_retdecl_i32 TCGv_i32 ret,
#define dh_retdecl_s32 TCGv_i32 ret,
#define dh_retdecl_i64 TCGv_i64 ret,
#define dh_retdecl_s64 TCGv_i64 ret,
#define dh_retdecl_f32 TCGv_f32 ret,
#define dh_retdecl_f64 TCGv_f64 ret,
#define dh_retdecl_ptr TCGv_ptr ret,
#define dh_retdecl(t) dh_retdecl_##t
#define dh_ret_void NULL
#define dh_ret_i32 tcgv_temp(ret)
#define dh_ret_s32 tcgv_temp(ret)
#define dh_ret_i64 tcgv_temp(ret)
#define dh_ret_s64 tcgv_temp(ret)
#define dh_ret_f32 tcgv_temp(ret)
#define dh_ret_f64 tcgv_temp(ret)
#define dh_ret_ptr tcgv_temp(ret)
#define dh_ret(t) dh_ret_##t

/* tcg/tcg-op.c: the call op. args: info->nargs temps. ret: NULL for void. */
void tcg_gen_call(const TCGHelperInfo *info, TCGTemp *ret, TCGTemp **args);

#endif
