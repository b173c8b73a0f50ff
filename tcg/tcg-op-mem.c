/*
 * Emission of host loads and stores, guest memory accesses and atomics.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/tcg-emit.h"
#include "exec/cputlb.h"

#define HELPER_H "tcg/tcg-runtime.h"
#include "tcg/helper-gen.h"


/* --- host memory: env fields ------------------------------------------------- */

void tcg_gen_ld8u_i32(TCGv_i32 ret, TCGv_ptr base, intptr_t offset)
{
    emit2c(INDEX_op_ld8u_i32, ret, base, offset);
}

void tcg_gen_ld8s_i32(TCGv_i32 ret, TCGv_ptr base, intptr_t offset)
{
    emit2c(INDEX_op_ld8s_i32, ret, base, offset);
}

void tcg_gen_ld16u_i32(TCGv_i32 ret, TCGv_ptr base, intptr_t offset)
{
    emit2c(INDEX_op_ld16u_i32, ret, base, offset);
}

void tcg_gen_ld16s_i32(TCGv_i32 ret, TCGv_ptr base, intptr_t offset)
{
    emit2c(INDEX_op_ld16s_i32, ret, base, offset);
}

void tcg_gen_ld_i32(TCGv_i32 ret, TCGv_ptr base, intptr_t offset)
{
    emit2c(INDEX_op_ld_i32, ret, base, offset);
}

void tcg_gen_st8_i32(TCGv_i32 a, TCGv_ptr base, intptr_t offset)
{
    emit2c(INDEX_op_st8_i32, a, base, offset);
}

void tcg_gen_st16_i32(TCGv_i32 a, TCGv_ptr base, intptr_t offset)
{
    emit2c(INDEX_op_st16_i32, a, base, offset);
}

void tcg_gen_st_i32(TCGv_i32 a, TCGv_ptr base, intptr_t offset)
{
    emit2c(INDEX_op_st_i32, a, base, offset);
}

void tcg_gen_ld8u_i64(TCGv_i64 ret, TCGv_ptr base, intptr_t offset)
{
    emit2c(INDEX_op_ld8u_i64, ret, base, offset);
}

void tcg_gen_ld8s_i64(TCGv_i64 ret, TCGv_ptr base, intptr_t offset)
{
    emit2c(INDEX_op_ld8s_i64, ret, base, offset);
}

void tcg_gen_ld16u_i64(TCGv_i64 ret, TCGv_ptr base, intptr_t offset)
{
    emit2c(INDEX_op_ld16u_i64, ret, base, offset);
}

void tcg_gen_ld16s_i64(TCGv_i64 ret, TCGv_ptr base, intptr_t offset)
{
    emit2c(INDEX_op_ld16s_i64, ret, base, offset);
}

void tcg_gen_ld32u_i64(TCGv_i64 ret, TCGv_ptr base, intptr_t offset)
{
    emit2c(INDEX_op_ld32u_i64, ret, base, offset);
}

void tcg_gen_ld32s_i64(TCGv_i64 ret, TCGv_ptr base, intptr_t offset)
{
    emit2c(INDEX_op_ld32s_i64, ret, base, offset);
}

void tcg_gen_ld_i64(TCGv_i64 ret, TCGv_ptr base, intptr_t offset)
{
    emit2c(INDEX_op_ld_i64, ret, base, offset);
}

void tcg_gen_st8_i64(TCGv_i64 a, TCGv_ptr base, intptr_t offset)
{
    emit2c(INDEX_op_st8_i64, a, base, offset);
}

void tcg_gen_st16_i64(TCGv_i64 a, TCGv_ptr base, intptr_t offset)
{
    emit2c(INDEX_op_st16_i64, a, base, offset);
}

void tcg_gen_st32_i64(TCGv_i64 a, TCGv_ptr base, intptr_t offset)
{
    emit2c(INDEX_op_st32_i64, a, base, offset);
}

void tcg_gen_st_i64(TCGv_i64 a, TCGv_ptr base, intptr_t offset)
{
    emit2c(INDEX_op_st_i64, a, base, offset);
}

void tcg_gen_ld_f32(TCGv_f32 ret, TCGv_ptr base, intptr_t offset)
{
    emit2c(INDEX_op_ld_f32, ret, base, offset);
}

void tcg_gen_st_f32(TCGv_f32 a, TCGv_ptr base, intptr_t offset)
{
    emit2c(INDEX_op_st_f32, a, base, offset);
}

void tcg_gen_ld_f64(TCGv_f64 ret, TCGv_ptr base, intptr_t offset)
{
    emit2c(INDEX_op_ld_f64, ret, base, offset);
}

void tcg_gen_st_f64(TCGv_f64 a, TCGv_ptr base, intptr_t offset)
{
    emit2c(INDEX_op_st_f64, a, base, offset);
}

void tcg_gen_ld_vec(TCGv_vec ret, TCGv_ptr base, intptr_t offset)
{
    emit2c(INDEX_op_ld_vec, ret, base, offset);
}

void tcg_gen_st_vec(TCGv_vec a, TCGv_ptr base, intptr_t offset)
{
    emit2c(INDEX_op_st_vec, a, base, offset);
}

/* --- guest memory ------------------------------------------------------------ */

/* value is the result of a load or what a store writes. */
static void gen_guest_access(TCGOpcode opc, void *value, void *addr, unsigned mmu_idx, MemOp op)
{
    emit2c(opc, value, addr, make_memop_idx(op, mmu_idx));
}

void tcg_gen_qemu_ld_i32(TCGv_i32 ret, TCGv_i32 addr, unsigned mmu_idx, MemOp op)
{
    gen_guest_access(INDEX_op_qemu_ld_i32, ret, addr, mmu_idx, op);
}

void tcg_gen_qemu_st_i32(TCGv_i32 a, TCGv_i32 addr, unsigned mmu_idx, MemOp op)
{
    gen_guest_access(INDEX_op_qemu_st_i32, a, addr, mmu_idx, op);
}

void tcg_gen_qemu_ld_a64_i32(TCGv_i32 ret, TCGv_i64 addr, unsigned mmu_idx, MemOp op)
{
    gen_guest_access(INDEX_op_qemu_ld_i32, ret, addr, mmu_idx, op);
}

void tcg_gen_qemu_st_a64_i32(TCGv_i32 a, TCGv_i64 addr, unsigned mmu_idx, MemOp op)
{
    gen_guest_access(INDEX_op_qemu_st_i32, a, addr, mmu_idx, op);
}

void tcg_gen_qemu_ld_i64(TCGv_i64 ret, TCGv_i32 addr, unsigned mmu_idx, MemOp op)
{
    gen_guest_access(INDEX_op_qemu_ld_i64, ret, addr, mmu_idx, op);
}

void tcg_gen_qemu_st_i64(TCGv_i64 a, TCGv_i32 addr, unsigned mmu_idx, MemOp op)
{
    gen_guest_access(INDEX_op_qemu_st_i64, a, addr, mmu_idx, op);
}

void tcg_gen_qemu_ld_a64_i64(TCGv_i64 ret, TCGv_i64 addr, unsigned mmu_idx, MemOp op)
{
    gen_guest_access(INDEX_op_qemu_ld_i64, ret, addr, mmu_idx, op);
}

void tcg_gen_qemu_st_a64_i64(TCGv_i64 a, TCGv_i64 addr, unsigned mmu_idx, MemOp op)
{
    gen_guest_access(INDEX_op_qemu_st_i64, a, addr, mmu_idx, op);
}

void tcg_gen_qemu_ld_f32(TCGv_f32 ret, TCGv_i32 addr, unsigned mmu_idx, MemOp op)
{
    gen_guest_access(INDEX_op_qemu_ld_f32, ret, addr, mmu_idx, op);
}

void tcg_gen_qemu_st_f32(TCGv_f32 a, TCGv_i32 addr, unsigned mmu_idx, MemOp op)
{
    gen_guest_access(INDEX_op_qemu_st_f32, a, addr, mmu_idx, op);
}

void tcg_gen_qemu_ld_f64(TCGv_f64 ret, TCGv_i32 addr, unsigned mmu_idx, MemOp op)
{
    gen_guest_access(INDEX_op_qemu_ld_f64, ret, addr, mmu_idx, op);
}

void tcg_gen_qemu_st_f64(TCGv_f64 a, TCGv_i32 addr, unsigned mmu_idx, MemOp op)
{
    gen_guest_access(INDEX_op_qemu_st_f64, a, addr, mmu_idx, op);
}

void tcg_gen_qemu_ld_vec(TCGv_vec ret, TCGv_i32 addr, unsigned mmu_idx, MemOp op)
{
    gen_guest_access(INDEX_op_qemu_ld_vec, ret, addr, mmu_idx, op);
}

void tcg_gen_qemu_st_vec(TCGv_vec a, TCGv_i32 addr, unsigned mmu_idx, MemOp op)
{
    gen_guest_access(INDEX_op_qemu_st_vec, a, addr, mmu_idx, op);
}

void tcg_gen_qemu_ld_a64_f32(TCGv_f32 ret, TCGv_i64 addr, unsigned mmu_idx, MemOp op)
{
    gen_guest_access(INDEX_op_qemu_ld_f32, ret, addr, mmu_idx, op);
}

void tcg_gen_qemu_st_a64_f32(TCGv_f32 a, TCGv_i64 addr, unsigned mmu_idx, MemOp op)
{
    gen_guest_access(INDEX_op_qemu_st_f32, a, addr, mmu_idx, op);
}

void tcg_gen_qemu_ld_a64_f64(TCGv_f64 ret, TCGv_i64 addr, unsigned mmu_idx, MemOp op)
{
    gen_guest_access(INDEX_op_qemu_ld_f64, ret, addr, mmu_idx, op);
}

void tcg_gen_qemu_st_a64_f64(TCGv_f64 a, TCGv_i64 addr, unsigned mmu_idx, MemOp op)
{
    gen_guest_access(INDEX_op_qemu_st_f64, a, addr, mmu_idx, op);
}

void tcg_gen_qemu_ld_a64_vec(TCGv_vec ret, TCGv_i64 addr, unsigned mmu_idx, MemOp op)
{
    gen_guest_access(INDEX_op_qemu_ld_vec, ret, addr, mmu_idx, op);
}

void tcg_gen_qemu_st_a64_vec(TCGv_vec a, TCGv_i64 addr, unsigned mmu_idx, MemOp op)
{
    gen_guest_access(INDEX_op_qemu_st_vec, a, addr, mmu_idx, op);
}

/* --- atomics: calls of tcg/tcg-runtime.c -------------------------------------- */

static TCGTemp *widened(TCGTemp *t)
{
    TCGTemp *wide;

    if (t->type == TCG_TYPE_I64) {
        return t;
    }
    wide = tcg_temp_new_internal(TCG_TYPE_I64);
    emit2(INDEX_op_extu_i32_i64, wide, t);
    return wide;
}

static void extend_result(TCGTemp *ret, TCGTemp *old, MemOp op)
{
    unsigned bits = 8u << (op & MO_SIZE);

    if ((op & MO_SIGN) && bits < 64) {
        tcg_gen_sextract_i64((TCGv_i64)old, (TCGv_i64)old, 0, bits);
    }
    if (ret != old) {
        emit2(INDEX_op_extrl_i64_i32, ret, old);
    }
}

/* ret's type is that of the operands; the helpers take and return 64 bits. */
static void gen_atomic(const TCGHelperInfo *info, TCGTemp *ret, TCGTemp *addr,
                       TCGTemp *const *operands, unsigned mmu_idx, MemOp op)
{
    TCGTemp *args[TCG_MAX_CALL_ARGS] = { tcgv_temp(tcg_env), widened(addr) };
    TCGTemp *old = ret->type == TCG_TYPE_I64 ? ret : tcg_temp_new_internal(TCG_TYPE_I64);
    int nb_operands = info->nargs - 3;

    for (int i = 0; i < nb_operands; i++) {
        args[2 + i] = widened(operands[i]);
    }
    args[2 + nb_operands] = tcg_const_temp(TCG_TYPE_I32, make_memop_idx(op & ~MO_SIGN, mmu_idx));
    tcg_gen_call(info, old, args);
    extend_result(ret, old, op);
}

void tcg_gen_atomic_cmpxchg_i32(TCGv_i32 ret, TCGTemp *addr, TCGv_i32 cmp, TCGv_i32 new_value,
                                unsigned mmu_idx, MemOp op)
{
    TCGTemp *operands[] = { tcgv_temp(cmp), tcgv_temp(new_value) };

    gen_atomic(&helper_info_atomic_cmpxchg, tcgv_temp(ret), addr, operands, mmu_idx, op);
}

void tcg_gen_atomic_xchg_i32(TCGv_i32 ret, TCGTemp *addr, TCGv_i32 val, unsigned mmu_idx, MemOp op)
{
    TCGTemp *operands[] = { tcgv_temp(val) };

    gen_atomic(&helper_info_atomic_xchg, tcgv_temp(ret), addr, operands, mmu_idx, op);
}

void tcg_gen_atomic_fetch_add_i32(TCGv_i32 ret, TCGTemp *addr, TCGv_i32 val, unsigned mmu_idx,
                                  MemOp op)
{
    TCGTemp *operands[] = { tcgv_temp(val) };

    gen_atomic(&helper_info_atomic_fetch_add, tcgv_temp(ret), addr, operands, mmu_idx, op);
}

void tcg_gen_atomic_fetch_and_i32(TCGv_i32 ret, TCGTemp *addr, TCGv_i32 val, unsigned mmu_idx,
                                  MemOp op)
{
    TCGTemp *operands[] = { tcgv_temp(val) };

    gen_atomic(&helper_info_atomic_fetch_and, tcgv_temp(ret), addr, operands, mmu_idx, op);
}

void tcg_gen_atomic_fetch_or_i32(TCGv_i32 ret, TCGTemp *addr, TCGv_i32 val, unsigned mmu_idx,
                                 MemOp op)
{
    TCGTemp *operands[] = { tcgv_temp(val) };

    gen_atomic(&helper_info_atomic_fetch_or, tcgv_temp(ret), addr, operands, mmu_idx, op);
}

void tcg_gen_atomic_fetch_xor_i32(TCGv_i32 ret, TCGTemp *addr, TCGv_i32 val, unsigned mmu_idx,
                                  MemOp op)
{
    TCGTemp *operands[] = { tcgv_temp(val) };

    gen_atomic(&helper_info_atomic_fetch_xor, tcgv_temp(ret), addr, operands, mmu_idx, op);
}

void tcg_gen_atomic_cmpxchg_i64(TCGv_i64 ret, TCGTemp *addr, TCGv_i64 cmp, TCGv_i64 new_value,
                                unsigned mmu_idx, MemOp op)
{
    TCGTemp *operands[] = { tcgv_temp(cmp), tcgv_temp(new_value) };

    gen_atomic(&helper_info_atomic_cmpxchg, tcgv_temp(ret), addr, operands, mmu_idx, op);
}

void tcg_gen_atomic_xchg_i64(TCGv_i64 ret, TCGTemp *addr, TCGv_i64 val, unsigned mmu_idx, MemOp op)
{
    TCGTemp *operands[] = { tcgv_temp(val) };

    gen_atomic(&helper_info_atomic_xchg, tcgv_temp(ret), addr, operands, mmu_idx, op);
}

void tcg_gen_atomic_fetch_add_i64(TCGv_i64 ret, TCGTemp *addr, TCGv_i64 val, unsigned mmu_idx,
                                  MemOp op)
{
    TCGTemp *operands[] = { tcgv_temp(val) };

    gen_atomic(&helper_info_atomic_fetch_add, tcgv_temp(ret), addr, operands, mmu_idx, op);
}

void tcg_gen_atomic_fetch_and_i64(TCGv_i64 ret, TCGTemp *addr, TCGv_i64 val, unsigned mmu_idx,
                                  MemOp op)
{
    TCGTemp *operands[] = { tcgv_temp(val) };

    gen_atomic(&helper_info_atomic_fetch_and, tcgv_temp(ret), addr, operands, mmu_idx, op);
}

void tcg_gen_atomic_fetch_or_i64(TCGv_i64 ret, TCGTemp *addr, TCGv_i64 val, unsigned mmu_idx,
                                 MemOp op)
{
    TCGTemp *operands[] = { tcgv_temp(val) };

    gen_atomic(&helper_info_atomic_fetch_or, tcgv_temp(ret), addr, operands, mmu_idx, op);
}

void tcg_gen_atomic_fetch_xor_i64(TCGv_i64 ret, TCGTemp *addr, TCGv_i64 val, unsigned mmu_idx,
                                  MemOp op)
{
    TCGTemp *operands[] = { tcgv_temp(val) };

    gen_atomic(&helper_info_atomic_fetch_xor, tcgv_temp(ret), addr, operands, mmu_idx, op);
}
