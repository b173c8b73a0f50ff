/*
 * Ops on values as wide as a guest address, for front ends that are compiled
 * for several widths: TCGv and tcg_gen_NAME_tl() stand for the i32 or the i64
 * op, by TARGET_LONG_BITS.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TCG_TCG_OP_TL_H
#define TCG_TCG_OP_TL_H

#include "tcg/tcg-op.h"

#if TARGET_LONG_BITS == 64
typedef TCGv_i64 TCGv;
#define TL(name) tcg_gen_##name##_i64
#define tcg_temp_new tcg_temp_new_i64
#define tcg_constant_tl tcg_constant_i64
#define tcg_global_mem_new tcg_global_mem_new_i64
#define tcg_gen_bswap64_tl tcg_gen_bswap64_i64
#define tcg_gen_ext32u_tl tcg_gen_ext32u_i64
#define tcg_gen_ext32s_tl tcg_gen_ext32s_i64
#define tcg_gen_extu_i32_tl tcg_gen_extu_i32_i64
#define tcg_gen_ext_i32_tl tcg_gen_ext_i32_i64
#define tcg_gen_trunc_tl_i32 tcg_gen_extrl_i64_i32
#define tcg_gen_trunc_i64_tl tcg_gen_mov_i64
#define tcg_gen_extu_tl_i64 tcg_gen_mov_i64
#define tcg_gen_ext_tl_i64 tcg_gen_mov_i64
/* Guest memory at an address of the guest's width. */
#define tcg_gen_tl_ld_i32 tcg_gen_qemu_ld_a64_i32
#define tcg_gen_tl_st_i32 tcg_gen_qemu_st_a64_i32
#define tcg_gen_tl_ld_i64 tcg_gen_qemu_ld_a64_i64
#define tcg_gen_tl_st_i64 tcg_gen_qemu_st_a64_i64
#define tcg_gen_tl_ld_vec tcg_gen_qemu_ld_a64_vec
#define tcg_gen_tl_st_vec tcg_gen_qemu_st_a64_vec
#define tcg_gen_tl_ld_tl tcg_gen_qemu_ld_a64_i64
#define tcg_gen_tl_st_tl tcg_gen_qemu_st_a64_i64
#else
typedef TCGv_i32 TCGv;
#define TL(name) tcg_gen_##name##_i32
#define tcg_temp_new tcg_temp_new_i32
#define tcg_constant_tl tcg_constant_i32
#define tcg_global_mem_new tcg_global_mem_new_i32
#define tcg_gen_ext32u_tl tcg_gen_mov_i32
#define tcg_gen_ext32s_tl tcg_gen_mov_i32
#define tcg_gen_extu_i32_tl tcg_gen_mov_i32
#define tcg_gen_ext_i32_tl tcg_gen_mov_i32
#define tcg_gen_trunc_tl_i32 tcg_gen_mov_i32
#define tcg_gen_trunc_i64_tl tcg_gen_extrl_i64_i32
#define tcg_gen_extu_tl_i64 tcg_gen_extu_i32_i64
#define tcg_gen_ext_tl_i64 tcg_gen_ext_i32_i64
#define tcg_gen_tl_ld_i32 tcg_gen_qemu_ld_i32
#define tcg_gen_tl_st_i32 tcg_gen_qemu_st_i32
#define tcg_gen_tl_ld_i64 tcg_gen_qemu_ld_i64
#define tcg_gen_tl_st_i64 tcg_gen_qemu_st_i64
#define tcg_gen_tl_ld_vec tcg_gen_qemu_ld_vec
#define tcg_gen_tl_st_vec tcg_gen_qemu_st_vec
#define tcg_gen_tl_ld_tl tcg_gen_qemu_ld_i32
#define tcg_gen_tl_st_tl tcg_gen_qemu_st_i32
#endif

#define tcg_gen_x87_ld_tl TL(x87_ld)
#define tcg_gen_x87_st_tl TL(x87_st)
#define tcg_gen_mov_tl TL(mov)
#define tcg_gen_movi_tl TL(movi)
#define tcg_gen_neg_tl TL(neg)
#define tcg_gen_not_tl TL(not)
#define tcg_gen_ctpop_tl TL(ctpop)
#define tcg_gen_bswap16_tl TL(bswap16)
#define tcg_gen_bswap32_tl TL(bswap32)
#define tcg_gen_ext8s_tl TL(ext8s)
#define tcg_gen_ext8u_tl TL(ext8u)
#define tcg_gen_ext16s_tl TL(ext16s)
#define tcg_gen_ext16u_tl TL(ext16u)
#define tcg_gen_add_tl TL(add)
#define tcg_gen_sub_tl TL(sub)
#define tcg_gen_mul_tl TL(mul)
#define tcg_gen_and_tl TL(and)
#define tcg_gen_or_tl TL(or)
#define tcg_gen_xor_tl TL(xor)
#define tcg_gen_andc_tl TL(andc)
#define tcg_gen_eqv_tl TL(eqv)
#define tcg_gen_shl_tl TL(shl)
#define tcg_gen_shr_tl TL(shr)
#define tcg_gen_sar_tl TL(sar)
#define tcg_gen_rotl_tl TL(rotl)
#define tcg_gen_rotr_tl TL(rotr)
#define tcg_gen_clzi_tl TL(clzi)
#define tcg_gen_ctzi_tl TL(ctzi)
#define tcg_gen_clz_tl TL(clz)
#define tcg_gen_ctz_tl TL(ctz)
#define tcg_gen_addi_tl TL(addi)
#define tcg_gen_subi_tl TL(subi)
#define tcg_gen_subfi_tl TL(subfi)
#define tcg_gen_muli_tl TL(muli)
#define tcg_gen_andi_tl TL(andi)
#define tcg_gen_ori_tl TL(ori)
#define tcg_gen_xori_tl TL(xori)
#define tcg_gen_shli_tl TL(shli)
#define tcg_gen_shri_tl TL(shri)
#define tcg_gen_sari_tl TL(sari)
#define tcg_gen_rotli_tl TL(rotli)
#define tcg_gen_rotri_tl TL(rotri)
#define tcg_gen_lea_tl TL(lea)
#define tcg_gen_deposit_tl TL(deposit)
#define tcg_gen_extract_tl TL(extract)
#define tcg_gen_sextract_tl TL(sextract)
#define tcg_gen_setcond_tl TL(setcond)
#define tcg_gen_setcondi_tl TL(setcondi)
#define tcg_gen_negsetcond_tl TL(negsetcond)
#define tcg_gen_movcond_tl TL(movcond)
#define tcg_gen_brcond_tl TL(brcond)
#define tcg_gen_brcondi_tl TL(brcondi)
#define tcg_gen_mulu2_tl TL(mulu2)
#define tcg_gen_muls2_tl TL(muls2)
#define tcg_gen_ld_tl TL(ld)
#define tcg_gen_st_tl TL(st)
#define tcg_gen_addc_tl TL(addc)
#define tcg_gen_subb_tl TL(subb)
#define tcg_gen_atomic_cmpxchg_tl TL(atomic_cmpxchg)
#define tcg_gen_atomic_xchg_tl TL(atomic_xchg)
#define tcg_gen_atomic_fetch_add_tl TL(atomic_fetch_add)
#define tcg_gen_atomic_fetch_and_tl TL(atomic_fetch_and)
#define tcg_gen_atomic_fetch_or_tl TL(atomic_fetch_or)
#define tcg_gen_atomic_fetch_xor_tl TL(atomic_fetch_xor)

#endif
