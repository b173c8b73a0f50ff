/*
 * What a front end calls: one function for each op, and combinations.
 *
 * Handles may name the same temp several times; every function reads all its
 * inputs before it writes an output. "i" variants take a constant. Functions
 * fold the obvious (add 0, shift 0, and with -1) so that front ends need not.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TCG_TCG_OP_H
#define TCG_TCG_OP_H

#include "tcg/simd.h"
#include "tcg/tcg.h"

/* --- i32: meanings in tcg-opc.h --- */
void tcg_gen_mov_i32(TCGv_i32 ret, TCGv_i32 a);
void tcg_gen_movi_i32(TCGv_i32 ret, int32_t c);
void tcg_gen_neg_i32(TCGv_i32 ret, TCGv_i32 a);
void tcg_gen_not_i32(TCGv_i32 ret, TCGv_i32 a);
void tcg_gen_ctpop_i32(TCGv_i32 ret, TCGv_i32 a);
void tcg_gen_bswap16_i32(TCGv_i32 ret, TCGv_i32 a);
void tcg_gen_bswap32_i32(TCGv_i32 ret, TCGv_i32 a);
void tcg_gen_ext8s_i32(TCGv_i32 ret, TCGv_i32 a);
void tcg_gen_ext8u_i32(TCGv_i32 ret, TCGv_i32 a);
void tcg_gen_ext16s_i32(TCGv_i32 ret, TCGv_i32 a);
void tcg_gen_ext16u_i32(TCGv_i32 ret, TCGv_i32 a);
void tcg_gen_add_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b);
void tcg_gen_sub_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b);
void tcg_gen_mul_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b);
void tcg_gen_mulsh_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b);
void tcg_gen_muluh_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b);
void tcg_gen_div_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b);
void tcg_gen_divu_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b);
void tcg_gen_rem_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b);
void tcg_gen_remu_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b);
void tcg_gen_and_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b);
void tcg_gen_or_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b);
void tcg_gen_xor_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b);
void tcg_gen_andc_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b);
void tcg_gen_orc_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b);
void tcg_gen_eqv_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b);
void tcg_gen_nand_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b);
void tcg_gen_nor_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b);
void tcg_gen_shl_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b);
void tcg_gen_shr_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b);
void tcg_gen_sar_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b);
void tcg_gen_rotl_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b);
void tcg_gen_rotr_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b);
void tcg_gen_clz_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b);
void tcg_gen_ctz_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b);
void tcg_gen_addi_i32(TCGv_i32 ret, TCGv_i32 a, int32_t c);
void tcg_gen_subi_i32(TCGv_i32 ret, TCGv_i32 a, int32_t c);
void tcg_gen_muli_i32(TCGv_i32 ret, TCGv_i32 a, int32_t c);
void tcg_gen_andi_i32(TCGv_i32 ret, TCGv_i32 a, int32_t c);
void tcg_gen_ori_i32(TCGv_i32 ret, TCGv_i32 a, int32_t c);
void tcg_gen_xori_i32(TCGv_i32 ret, TCGv_i32 a, int32_t c);
void tcg_gen_shli_i32(TCGv_i32 ret, TCGv_i32 a, int32_t c);
void tcg_gen_shri_i32(TCGv_i32 ret, TCGv_i32 a, int32_t c);
void tcg_gen_sari_i32(TCGv_i32 ret, TCGv_i32 a, int32_t c);
void tcg_gen_rotli_i32(TCGv_i32 ret, TCGv_i32 a, int32_t c);
void tcg_gen_rotri_i32(TCGv_i32 ret, TCGv_i32 a, int32_t c);
void tcg_gen_clzi_i32(TCGv_i32 ret, TCGv_i32 a, int32_t c);
void tcg_gen_ctzi_i32(TCGv_i32 ret, TCGv_i32 a, int32_t c);
void tcg_gen_subfi_i32(TCGv_i32 ret, int32_t c, TCGv_i32 a);    /* c - a */
void tcg_gen_abs_i32(TCGv_i32 ret, TCGv_i32 a);
void tcg_gen_addc_i32(TCGv_i32 ret, TCGv_i32 carry_out, TCGv_i32 a, TCGv_i32 b, TCGv_i32 carry_in);
void tcg_gen_subb_i32(TCGv_i32 ret, TCGv_i32 borrow_out, TCGv_i32 a, TCGv_i32 b, TCGv_i32 borrow_in);
/* ret = a + (b << shift) + disp; shift: 0 to 3 */
void tcg_gen_lea_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b, unsigned shift, int32_t disp);
void tcg_gen_deposit_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b, unsigned ofs, unsigned len);
/* deposit into zero */
void tcg_gen_deposit_z_i32(TCGv_i32 ret, TCGv_i32 b, unsigned ofs, unsigned len);
void tcg_gen_extract_i32(TCGv_i32 ret, TCGv_i32 a, unsigned ofs, unsigned len);
void tcg_gen_sextract_i32(TCGv_i32 ret, TCGv_i32 a, unsigned ofs, unsigned len);
void tcg_gen_setcond_i32(TCGCond cond, TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b);
void tcg_gen_setcondi_i32(TCGCond cond, TCGv_i32 ret, TCGv_i32 a, int32_t c);
void tcg_gen_negsetcond_i32(TCGCond cond, TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b);
/* ret = a cond b ? e : f */
void tcg_gen_movcond_i32(TCGCond cond, TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b, TCGv_i32 e, TCGv_i32 f);
void tcg_gen_brcond_i32(TCGCond cond, TCGv_i32 a, TCGv_i32 b, TCGLabel *l);
void tcg_gen_brcondi_i32(TCGCond cond, TCGv_i32 a, int32_t c, TCGLabel *l);
void tcg_gen_smin_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b);
void tcg_gen_smax_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b);
void tcg_gen_umin_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b);
void tcg_gen_umax_i32(TCGv_i32 ret, TCGv_i32 a, TCGv_i32 b);
/* lo, hi = a * b, double width */
void tcg_gen_mulu2_i32(TCGv_i32 lo, TCGv_i32 hi, TCGv_i32 a, TCGv_i32 b);
void tcg_gen_muls2_i32(TCGv_i32 lo, TCGv_i32 hi, TCGv_i32 a, TCGv_i32 b);
void tcg_gen_ld8u_i32(TCGv_i32 ret, TCGv_ptr base, intptr_t offset);
void tcg_gen_ld8s_i32(TCGv_i32 ret, TCGv_ptr base, intptr_t offset);
void tcg_gen_ld16u_i32(TCGv_i32 ret, TCGv_ptr base, intptr_t offset);
void tcg_gen_ld16s_i32(TCGv_i32 ret, TCGv_ptr base, intptr_t offset);
void tcg_gen_ld_i32(TCGv_i32 ret, TCGv_ptr base, intptr_t offset);
void tcg_gen_st8_i32(TCGv_i32 a, TCGv_ptr base, intptr_t offset);
void tcg_gen_st16_i32(TCGv_i32 a, TCGv_ptr base, intptr_t offset);
void tcg_gen_st_i32(TCGv_i32 a, TCGv_ptr base, intptr_t offset);
/* Guest memory. addr is i32 for 32-bit guests, i64 otherwise. */
void tcg_gen_qemu_ld_i32(TCGv_i32 ret, TCGv_i32 addr, unsigned mmu_idx, MemOp op);
void tcg_gen_qemu_st_i32(TCGv_i32 a, TCGv_i32 addr, unsigned mmu_idx, MemOp op);
void tcg_gen_qemu_ld_a64_i32(TCGv_i32 ret, TCGv_i64 addr, unsigned mmu_idx, MemOp op);
void tcg_gen_qemu_st_a64_i32(TCGv_i32 a, TCGv_i64 addr, unsigned mmu_idx, MemOp op);
/* Atomic (calls). ret = old value. */
void tcg_gen_atomic_cmpxchg_i32(TCGv_i32 ret, TCGTemp *addr, TCGv_i32 cmp, TCGv_i32 new_value, unsigned mmu_idx, MemOp op);
void tcg_gen_atomic_xchg_i32(TCGv_i32 ret, TCGTemp *addr, TCGv_i32 val, unsigned mmu_idx, MemOp op);
void tcg_gen_atomic_fetch_add_i32(TCGv_i32 ret, TCGTemp *addr, TCGv_i32 val, unsigned mmu_idx, MemOp op);
void tcg_gen_atomic_fetch_and_i32(TCGv_i32 ret, TCGTemp *addr, TCGv_i32 val, unsigned mmu_idx, MemOp op);
void tcg_gen_atomic_fetch_or_i32(TCGv_i32 ret, TCGTemp *addr, TCGv_i32 val, unsigned mmu_idx, MemOp op);
void tcg_gen_atomic_fetch_xor_i32(TCGv_i32 ret, TCGTemp *addr, TCGv_i32 val, unsigned mmu_idx, MemOp op);

/* --- i64: meanings in tcg-opc.h --- */
void tcg_gen_mov_i64(TCGv_i64 ret, TCGv_i64 a);
void tcg_gen_movi_i64(TCGv_i64 ret, int64_t c);
void tcg_gen_neg_i64(TCGv_i64 ret, TCGv_i64 a);
void tcg_gen_not_i64(TCGv_i64 ret, TCGv_i64 a);
void tcg_gen_ctpop_i64(TCGv_i64 ret, TCGv_i64 a);
void tcg_gen_bswap16_i64(TCGv_i64 ret, TCGv_i64 a);
void tcg_gen_bswap32_i64(TCGv_i64 ret, TCGv_i64 a);
void tcg_gen_ext8s_i64(TCGv_i64 ret, TCGv_i64 a);
void tcg_gen_ext8u_i64(TCGv_i64 ret, TCGv_i64 a);
void tcg_gen_ext16s_i64(TCGv_i64 ret, TCGv_i64 a);
void tcg_gen_ext16u_i64(TCGv_i64 ret, TCGv_i64 a);
void tcg_gen_bswap64_i64(TCGv_i64 ret, TCGv_i64 a);
void tcg_gen_ext32s_i64(TCGv_i64 ret, TCGv_i64 a);
void tcg_gen_ext32u_i64(TCGv_i64 ret, TCGv_i64 a);
void tcg_gen_add_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b);
void tcg_gen_sub_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b);
void tcg_gen_mul_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b);
void tcg_gen_mulsh_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b);
void tcg_gen_muluh_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b);
void tcg_gen_div_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b);
void tcg_gen_divu_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b);
void tcg_gen_rem_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b);
void tcg_gen_remu_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b);
void tcg_gen_and_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b);
void tcg_gen_or_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b);
void tcg_gen_xor_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b);
void tcg_gen_andc_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b);
void tcg_gen_orc_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b);
void tcg_gen_eqv_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b);
void tcg_gen_nand_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b);
void tcg_gen_nor_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b);
void tcg_gen_shl_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b);
void tcg_gen_shr_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b);
void tcg_gen_sar_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b);
void tcg_gen_rotl_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b);
void tcg_gen_rotr_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b);
void tcg_gen_clz_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b);
void tcg_gen_ctz_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b);
void tcg_gen_addi_i64(TCGv_i64 ret, TCGv_i64 a, int64_t c);
void tcg_gen_subi_i64(TCGv_i64 ret, TCGv_i64 a, int64_t c);
void tcg_gen_muli_i64(TCGv_i64 ret, TCGv_i64 a, int64_t c);
void tcg_gen_andi_i64(TCGv_i64 ret, TCGv_i64 a, int64_t c);
void tcg_gen_ori_i64(TCGv_i64 ret, TCGv_i64 a, int64_t c);
void tcg_gen_xori_i64(TCGv_i64 ret, TCGv_i64 a, int64_t c);
void tcg_gen_shli_i64(TCGv_i64 ret, TCGv_i64 a, int64_t c);
void tcg_gen_shri_i64(TCGv_i64 ret, TCGv_i64 a, int64_t c);
void tcg_gen_sari_i64(TCGv_i64 ret, TCGv_i64 a, int64_t c);
void tcg_gen_rotli_i64(TCGv_i64 ret, TCGv_i64 a, int64_t c);
void tcg_gen_rotri_i64(TCGv_i64 ret, TCGv_i64 a, int64_t c);
void tcg_gen_clzi_i64(TCGv_i64 ret, TCGv_i64 a, int64_t c);
void tcg_gen_ctzi_i64(TCGv_i64 ret, TCGv_i64 a, int64_t c);
void tcg_gen_subfi_i64(TCGv_i64 ret, int64_t c, TCGv_i64 a);    /* c - a */
void tcg_gen_abs_i64(TCGv_i64 ret, TCGv_i64 a);
void tcg_gen_addc_i64(TCGv_i64 ret, TCGv_i64 carry_out, TCGv_i64 a, TCGv_i64 b, TCGv_i64 carry_in);
void tcg_gen_subb_i64(TCGv_i64 ret, TCGv_i64 borrow_out, TCGv_i64 a, TCGv_i64 b, TCGv_i64 borrow_in);
/* ret = a + (b << shift) + disp; shift: 0 to 3 */
void tcg_gen_lea_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b, unsigned shift, int32_t disp);
void tcg_gen_deposit_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b, unsigned ofs, unsigned len);
/* deposit into zero */
void tcg_gen_deposit_z_i64(TCGv_i64 ret, TCGv_i64 b, unsigned ofs, unsigned len);
void tcg_gen_extract_i64(TCGv_i64 ret, TCGv_i64 a, unsigned ofs, unsigned len);
void tcg_gen_sextract_i64(TCGv_i64 ret, TCGv_i64 a, unsigned ofs, unsigned len);
void tcg_gen_setcond_i64(TCGCond cond, TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b);
void tcg_gen_setcondi_i64(TCGCond cond, TCGv_i64 ret, TCGv_i64 a, int64_t c);
void tcg_gen_negsetcond_i64(TCGCond cond, TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b);
/* ret = a cond b ? e : f */
void tcg_gen_movcond_i64(TCGCond cond, TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b, TCGv_i64 e, TCGv_i64 f);
void tcg_gen_brcond_i64(TCGCond cond, TCGv_i64 a, TCGv_i64 b, TCGLabel *l);
void tcg_gen_brcondi_i64(TCGCond cond, TCGv_i64 a, int64_t c, TCGLabel *l);
void tcg_gen_smin_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b);
void tcg_gen_smax_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b);
void tcg_gen_umin_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b);
void tcg_gen_umax_i64(TCGv_i64 ret, TCGv_i64 a, TCGv_i64 b);
/* lo, hi = a * b, double width */
void tcg_gen_mulu2_i64(TCGv_i64 lo, TCGv_i64 hi, TCGv_i64 a, TCGv_i64 b);
void tcg_gen_muls2_i64(TCGv_i64 lo, TCGv_i64 hi, TCGv_i64 a, TCGv_i64 b);
void tcg_gen_ld8u_i64(TCGv_i64 ret, TCGv_ptr base, intptr_t offset);
void tcg_gen_ld8s_i64(TCGv_i64 ret, TCGv_ptr base, intptr_t offset);
void tcg_gen_ld16u_i64(TCGv_i64 ret, TCGv_ptr base, intptr_t offset);
void tcg_gen_ld16s_i64(TCGv_i64 ret, TCGv_ptr base, intptr_t offset);
void tcg_gen_ld_i64(TCGv_i64 ret, TCGv_ptr base, intptr_t offset);
void tcg_gen_ld32u_i64(TCGv_i64 ret, TCGv_ptr base, intptr_t offset);
void tcg_gen_ld32s_i64(TCGv_i64 ret, TCGv_ptr base, intptr_t offset);
void tcg_gen_st8_i64(TCGv_i64 a, TCGv_ptr base, intptr_t offset);
void tcg_gen_st16_i64(TCGv_i64 a, TCGv_ptr base, intptr_t offset);
void tcg_gen_st_i64(TCGv_i64 a, TCGv_ptr base, intptr_t offset);
void tcg_gen_st32_i64(TCGv_i64 a, TCGv_ptr base, intptr_t offset);
/* Guest memory. addr is i32 for 32-bit guests, i64 otherwise. */
void tcg_gen_qemu_ld_i64(TCGv_i64 ret, TCGv_i32 addr, unsigned mmu_idx, MemOp op);
void tcg_gen_qemu_st_i64(TCGv_i64 a, TCGv_i32 addr, unsigned mmu_idx, MemOp op);
void tcg_gen_qemu_ld_a64_i64(TCGv_i64 ret, TCGv_i64 addr, unsigned mmu_idx, MemOp op);
void tcg_gen_qemu_st_a64_i64(TCGv_i64 a, TCGv_i64 addr, unsigned mmu_idx, MemOp op);
/* Atomic (calls). ret = old value. */
void tcg_gen_atomic_cmpxchg_i64(TCGv_i64 ret, TCGTemp *addr, TCGv_i64 cmp, TCGv_i64 new_value, unsigned mmu_idx, MemOp op);
void tcg_gen_atomic_xchg_i64(TCGv_i64 ret, TCGTemp *addr, TCGv_i64 val, unsigned mmu_idx, MemOp op);
void tcg_gen_atomic_fetch_add_i64(TCGv_i64 ret, TCGTemp *addr, TCGv_i64 val, unsigned mmu_idx, MemOp op);
void tcg_gen_atomic_fetch_and_i64(TCGv_i64 ret, TCGTemp *addr, TCGv_i64 val, unsigned mmu_idx, MemOp op);
void tcg_gen_atomic_fetch_or_i64(TCGv_i64 ret, TCGTemp *addr, TCGv_i64 val, unsigned mmu_idx, MemOp op);
void tcg_gen_atomic_fetch_xor_i64(TCGv_i64 ret, TCGTemp *addr, TCGv_i64 val, unsigned mmu_idx, MemOp op);

/* --- between widths --- */
void tcg_gen_ext_i32_i64(TCGv_i64 ret, TCGv_i32 a);
void tcg_gen_extu_i32_i64(TCGv_i64 ret, TCGv_i32 a);
void tcg_gen_extrl_i64_i32(TCGv_i32 ret, TCGv_i64 a);
void tcg_gen_extrh_i64_i32(TCGv_i32 ret, TCGv_i64 a);
void tcg_gen_concat_i32_i64(TCGv_i64 ret, TCGv_i32 lo, TCGv_i32 hi);

/* --- f32 --- */
void tcg_gen_mov_f32(TCGv_f32 ret, TCGv_f32 a);
void tcg_gen_fsqrt_f32(TCGv_f32 ret, TCGv_f32 a);
void tcg_gen_fneg_f32(TCGv_f32 ret, TCGv_f32 a);
void tcg_gen_fabs_f32(TCGv_f32 ret, TCGv_f32 a);
void tcg_gen_fadd_f32(TCGv_f32 ret, TCGv_f32 a, TCGv_f32 b);
void tcg_gen_fsub_f32(TCGv_f32 ret, TCGv_f32 a, TCGv_f32 b);
void tcg_gen_fmul_f32(TCGv_f32 ret, TCGv_f32 a, TCGv_f32 b);
void tcg_gen_fdiv_f32(TCGv_f32 ret, TCGv_f32 a, TCGv_f32 b);
void tcg_gen_fma_f32(TCGv_f32 ret, TCGv_f32 a, TCGv_f32 b, TCGv_f32 c);
void tcg_gen_setcond_f32(TCGFCond cond, TCGv_i32 ret, TCGv_f32 a, TCGv_f32 b);
void tcg_gen_brcond_f32(TCGFCond cond, TCGv_f32 a, TCGv_f32 b, TCGLabel *l);
void tcg_gen_cvt_f32_i32(TCGv_i32 ret, TCGv_f32 a, bool truncate);
void tcg_gen_cvt_f32_i64(TCGv_i64 ret, TCGv_f32 a, bool truncate);
void tcg_gen_from_i32_f32(TCGv_f32 ret, TCGv_i32 a);
void tcg_gen_from_i64_f32(TCGv_f32 ret, TCGv_i64 a);
void tcg_gen_ld_f32(TCGv_f32 ret, TCGv_ptr base, intptr_t offset);
void tcg_gen_st_f32(TCGv_f32 a, TCGv_ptr base, intptr_t offset);
void tcg_gen_qemu_ld_f32(TCGv_f32 ret, TCGv_i32 addr, unsigned mmu_idx, MemOp op);
void tcg_gen_qemu_st_f32(TCGv_f32 a, TCGv_i32 addr, unsigned mmu_idx, MemOp op);
void tcg_gen_qemu_ld_a64_f32(TCGv_f32 ret, TCGv_i64 addr, unsigned mmu_idx, MemOp op);
void tcg_gen_qemu_st_a64_f32(TCGv_f32 a, TCGv_i64 addr, unsigned mmu_idx, MemOp op);
/* ret = result if it passes the test, else fix(env, b, c, e, info) on raw bits. */
void tcg_gen_guard_f32(TCGv_f32 ret, TCGv_f32 result, TCGGuard test, const TCGHelperInfo *fix,
                       TCGv_f32 b, TCGv_f32 c, TCGv_f32 e, uint32_t info);

/* --- f64 --- */
void tcg_gen_mov_f64(TCGv_f64 ret, TCGv_f64 a);
void tcg_gen_fsqrt_f64(TCGv_f64 ret, TCGv_f64 a);
void tcg_gen_fneg_f64(TCGv_f64 ret, TCGv_f64 a);
void tcg_gen_fabs_f64(TCGv_f64 ret, TCGv_f64 a);
void tcg_gen_fadd_f64(TCGv_f64 ret, TCGv_f64 a, TCGv_f64 b);
void tcg_gen_fsub_f64(TCGv_f64 ret, TCGv_f64 a, TCGv_f64 b);
void tcg_gen_fmul_f64(TCGv_f64 ret, TCGv_f64 a, TCGv_f64 b);
void tcg_gen_fdiv_f64(TCGv_f64 ret, TCGv_f64 a, TCGv_f64 b);
void tcg_gen_fma_f64(TCGv_f64 ret, TCGv_f64 a, TCGv_f64 b, TCGv_f64 c);
void tcg_gen_setcond_f64(TCGFCond cond, TCGv_i32 ret, TCGv_f64 a, TCGv_f64 b);
void tcg_gen_brcond_f64(TCGFCond cond, TCGv_f64 a, TCGv_f64 b, TCGLabel *l);
void tcg_gen_cvt_f64_i32(TCGv_i32 ret, TCGv_f64 a, bool truncate);
void tcg_gen_cvt_f64_i64(TCGv_i64 ret, TCGv_f64 a, bool truncate);
void tcg_gen_from_i32_f64(TCGv_f64 ret, TCGv_i32 a);
void tcg_gen_from_i64_f64(TCGv_f64 ret, TCGv_i64 a);
void tcg_gen_ld_f64(TCGv_f64 ret, TCGv_ptr base, intptr_t offset);
void tcg_gen_st_f64(TCGv_f64 a, TCGv_ptr base, intptr_t offset);
void tcg_gen_qemu_ld_f64(TCGv_f64 ret, TCGv_i32 addr, unsigned mmu_idx, MemOp op);
void tcg_gen_qemu_st_f64(TCGv_f64 a, TCGv_i32 addr, unsigned mmu_idx, MemOp op);
void tcg_gen_qemu_ld_a64_f64(TCGv_f64 ret, TCGv_i64 addr, unsigned mmu_idx, MemOp op);
void tcg_gen_qemu_st_a64_f64(TCGv_f64 a, TCGv_i64 addr, unsigned mmu_idx, MemOp op);
/* ret = result if it passes the test, else fix(env, b, c, e, info) on raw bits. */
void tcg_gen_guard_f64(TCGv_f64 ret, TCGv_f64 result, TCGGuard test, const TCGHelperInfo *fix,
                       TCGv_f64 b, TCGv_f64 c, TCGv_f64 e, uint32_t info);

/* --- the host's x87 unit: see tcg-opc.h; only with tcg_ctx->host_x87 --- */

void tcg_gen_x87(unsigned insn);
void tcg_gen_x87_m(TCGv_ptr base, intptr_t offset, unsigned insn);
/* The size of the MemOp is that of the instruction's operand, up to 8 bytes. */
void tcg_gen_x87_ld_i32(TCGv_i32 addr, TCGArg mmu_idx, MemOp memop, unsigned insn);
void tcg_gen_x87_ld_i64(TCGv_i64 addr, TCGArg mmu_idx, MemOp memop, unsigned insn);
void tcg_gen_x87_st_i32(TCGv_i32 addr, TCGArg mmu_idx, MemOp memop, unsigned insn);
void tcg_gen_x87_st_i64(TCGv_i64 addr, TCGArg mmu_idx, MemOp memop, unsigned insn);
void tcg_gen_x87_status(TCGv_i32 ret);
void tcg_gen_x87_comi(TCGv_i32 ret, unsigned insn);
void tcg_gen_x87_cmov(TCGv_i32 cond, unsigned st);
void tcg_gen_x87_enter(intptr_t env_offset, const TCGHelperInfo *helper);

void tcg_gen_cvt_f64_f32(TCGv_f32 ret, TCGv_f64 a);
void tcg_gen_cvt_f32_f64(TCGv_f64 ret, TCGv_f32 a);
void tcg_gen_bits_f32_i32(TCGv_i32 ret, TCGv_f32 a);
void tcg_gen_bits_i32_f32(TCGv_f32 ret, TCGv_i32 a);
void tcg_gen_bits_f64_i64(TCGv_i64 ret, TCGv_f64 a);
void tcg_gen_bits_i64_f64(TCGv_f64 ret, TCGv_i64 a);

/* --- vectors; vece: MO_8 .. MO_64 --- */
void tcg_gen_mov_vec(TCGv_vec ret, TCGv_vec a);
void tcg_gen_dup_vec(unsigned vece, TCGv_vec ret, TCGv_i64 a);
void tcg_gen_dup_elem_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, unsigned elem);
void tcg_gen_ld_vec(TCGv_vec ret, TCGv_ptr base, intptr_t offset);
void tcg_gen_st_vec(TCGv_vec a, TCGv_ptr base, intptr_t offset);
void tcg_gen_qemu_ld_vec(TCGv_vec ret, TCGv_i32 addr, unsigned mmu_idx, MemOp op);
void tcg_gen_qemu_st_vec(TCGv_vec a, TCGv_i32 addr, unsigned mmu_idx, MemOp op);
void tcg_gen_qemu_ld_a64_vec(TCGv_vec ret, TCGv_i64 addr, unsigned mmu_idx, MemOp op);
void tcg_gen_qemu_st_a64_vec(TCGv_vec a, TCGv_i64 addr, unsigned mmu_idx, MemOp op);
void tcg_gen_not_vec(TCGv_vec ret, TCGv_vec a);
void tcg_gen_bitsel_vec(TCGv_vec ret, TCGv_vec mask, TCGv_vec b, TCGv_vec c);
void tcg_gen_pshufb_vec(TCGv_vec ret, TCGv_vec a, TCGv_vec b);
void tcg_gen_and_vec(TCGv_vec ret, TCGv_vec a, TCGv_vec b);
void tcg_gen_or_vec(TCGv_vec ret, TCGv_vec a, TCGv_vec b);
void tcg_gen_xor_vec(TCGv_vec ret, TCGv_vec a, TCGv_vec b);
void tcg_gen_andc_vec(TCGv_vec ret, TCGv_vec a, TCGv_vec b);
void tcg_gen_add_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b);
void tcg_gen_sub_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b);
void tcg_gen_mul_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b);
void tcg_gen_ssadd_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b);
void tcg_gen_usadd_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b);
void tcg_gen_sssub_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b);
void tcg_gen_ussub_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b);
void tcg_gen_avgu_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b);
void tcg_gen_smin_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b);
void tcg_gen_smax_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b);
void tcg_gen_umin_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b);
void tcg_gen_umax_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b);
void tcg_gen_cmpeq_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b);
void tcg_gen_cmpgt_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b);
void tcg_gen_fadd_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b);
void tcg_gen_fsub_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b);
void tcg_gen_fmul_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, TCGv_vec b);
void tcg_gen_shli_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, unsigned count);
void tcg_gen_shri_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, unsigned count);
void tcg_gen_sari_vec(unsigned vece, TCGv_vec ret, TCGv_vec a, unsigned count);

/* SIMD operations (tcg/simd.h); imm is 0 where the form has none. */
void tcg_gen_simd1(SimdOp simd, TCGv_vec ret, TCGv_vec a, unsigned imm);
void tcg_gen_simd2(SimdOp simd, TCGv_vec ret, TCGv_vec a, TCGv_vec b, unsigned imm);
void tcg_gen_simd3(SimdOp simd, TCGv_vec ret, TCGv_vec a, TCGv_vec b, TCGv_vec c);
/* Forms FROM, FROMI: with an integer. */
void tcg_gen_simd_from(SimdOp simd, TCGv_vec ret, TCGv_vec a, TCGv_i64 b, unsigned imm);
/* Forms R, RI, STORED_RI; FLAGS. */
void tcg_gen_simd_to(SimdOp simd, TCGv_i64 ret, TCGv_vec a, unsigned imm);
void tcg_gen_simd_flags(SimdOp simd, TCGv_i64 ret, TCGv_vec a, TCGv_vec b);
/* 64 bits to and from the low half; the high half becomes 0. */
void tcg_gen_bits_i64_vec(TCGv_vec ret, TCGv_i64 a);
void tcg_gen_bits_vec_i64(TCGv_i64 ret, TCGv_vec a);

/* --- control --- */
void gen_set_label(TCGLabel *l);
void tcg_gen_br(TCGLabel *l);
/* First op of each guest instruction. */
void tcg_gen_insn_start(uint64_t pc, uint64_t a, uint64_t b);
/*
 * A direct exit: tcg_gen_goto_tb(slot); store the new pc; tcg_gen_exit_tb(tb, slot).
 * Slots are numbered from 0, below TB_MAX_EXITS, each used once.
 */
void tcg_gen_goto_tb(unsigned slot);
void tcg_gen_exit_tb(const void *tb, unsigned slot);
/* After the store of the new pc: jump-cache lookup of pc, inline. pc is i32 or i64 (32-bit guests: i32). */
void tcg_gen_lookup_and_goto_ptr(TCGTemp *pc);
/* At block heads and back edges. */
void tcg_gen_check_exit(unsigned insns, const void *tb, unsigned exit_value);
void tcg_gen_count_exec(const void *tb, unsigned exit_value);
void tcg_gen_mb(TCGBar type);
void tcg_gen_discard(TCGTemp *t);

#endif
