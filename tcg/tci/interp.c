/*
 * The interpreter's loop, control flow, exits, calls and guest memory. Value
 * ops are in interp-int.c, interp-fp.c and interp-vec.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/tci/tci.h"
#include "exec/exec-all.h"
#include "exec/tb-jmp-cache.h"

__thread uintptr_t tci_tb_ptr;

#define OP_INT(n, o, i, c, p, m) \
    [INDEX_op_##n##_i32] = tci_##n##_i32, [INDEX_op_##n##_i64] = tci_##n##_i64,
#define OP_FP(n, o, i, c, p, m) \
    [INDEX_op_##n##_f32] = tci_##n##_f32, [INDEX_op_##n##_f64] = tci_##n##_f64,
#define OP_VEC(n, o, i, c, p, m) [INDEX_op_##n##_vec] = tci_##n##_vec,
#define OP_ONE(n, o, i, c, p, m) [INDEX_op_##n] = tci_##n,

static TciHandler *const handlers[TCI_NB_OPS] = {
#include "tcg/tcg-opc.h"
    [TCI_ENTER] = tci_enter,
};

uintptr_t tci_tb_exec(void *env, const void *tb_ptr)
{
    uint64_t frame[TCI_FRAME_BYTES / sizeof(uint64_t)] QEMU_ALIGNED(16);
    Tci m = { .base = { env, (uint8_t *)frame, NULL } };
    const uint32_t *pc = tb_ptr;

    frame[0] = (uintptr_t)env;
    while (pc) {
        pc = handlers[(uint16_t)*pc](&m, pc);
    }
    tci_tb_ptr = 0;
    return m.result;
}

const uint32_t *tci_enter(Tci *m, const uint32_t *pc)
{
    m->base[TCI_BASE_BLOCK] = (uint8_t *)pc;
    return pc + pc[1];
}

/* Never encoded: marks for the back end. */
const uint32_t *tci_insn_start(Tci *m, const uint32_t *pc)
{
    return pc + TCI_LEN(0, 0, 3);
}

const uint32_t *tci_discard(Tci *m, const uint32_t *pc)
{
    return pc + TCI_LEN(1, 0, 0);
}

const uint32_t *tci_set_label(Tci *m, const uint32_t *pc)
{
    return pc + TCI_LEN(0, 0, 1);
}

/* --- exits --- */

static const uint32_t *leave(Tci *m, uint64_t value)
{
    m->result = value;
    return NULL;
}

const uint32_t *tci_br(Tci *m, const uint32_t *pc)
{
    return pc + (int32_t)pc[1];
}

const uint32_t *tci_goto_tb(Tci *m, const uint32_t *pc)
{
    return (const uint32_t *)((const uint8_t *)(pc + 1) + (int32_t)qatomic_read(&pc[1]));
}

const uint32_t *tci_exit_tb(Tci *m, const uint32_t *pc)
{
    return leave(m, tci_const(pc + 1));
}

const uint32_t *tci_goto_ptr(Tci *m, const uint32_t *pc)
{
    uint8_t *env = m->base[TCI_BASE_ENV];
    uint64_t dest = tci_get(m, pc[1], tci_config.pc_type);
    const TBJumpCacheEntry *cache = *(TBJumpCacheEntry **)(env + tci_config.jmp_cache);
    uint64_t key = *(uint64_t *)(env + tci_config.tb_key) ^ dest;
    const TBJumpCacheEntry *entry = &cache[tb_jmp_cache_hash(key)];

    if (entry->key == key) {
        return entry->code;
    }
    return leave(m, 0);
}

const uint32_t *tci_check_exit(Tci *m, const uint32_t *pc)
{
    uint8_t *env = m->base[TCI_BASE_ENV];
    int32_t *icount_left = (int32_t *)(env + tci_config.icount_left);
    int32_t insns = pc[1];

    if (qatomic_read((uint32_t *)(env + tci_config.exit_request))) {
        return leave(m, tci_const(pc + 3));
    }
    if (tci_config.use_icount && insns) {
        if (*icount_left < insns) {
            return leave(m, (tci_const(pc + 3) & ~(uint64_t)TB_EXIT_MASK) | TB_EXIT_ICOUNT);
        }
        *icount_left -= insns;
    }
    return pc + TCI_LEN(0, 0, 2);
}

/* Encoded with the counter's address in front of the exit value. */
const uint32_t *tci_count_exec(Tci *m, const uint32_t *pc)
{
    int32_t *left = (int32_t *)(uintptr_t)tci_const(pc + 1);

    if (--*left < 0) {
        return leave(m, tci_const(pc + 3));
    }
    return pc + TCI_LEN(0, 0, 2);
}

const uint32_t *tci_mb(Tci *m, const uint32_t *pc)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    return pc + TCI_LEN(0, 0, 1);
}

/* --- calls --- */

/*
 * Any helper is called with six integer and six floating-point arguments. On
 * hosts that pass the two kinds in register files of their own, a callee that
 * takes fewer finds its arguments where it looks for them.
 */
#define CALL_PARAMS uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, \
                    double, double, double, double, double, double
#define CALL_ARGS   n[0], n[1], n[2], n[3], n[4], n[5], f[0], f[1], f[2], f[3], f[4], f[5]
#if !defined(__x86_64__) && !defined(__aarch64__)
#error "the interpreter's calls do not know this host's calling convention"
#endif

typedef uint64_t IntHelper(CALL_PARAMS);
typedef float F32Helper(CALL_PARAMS);
typedef double F64Helper(CALL_PARAMS);

const uint32_t *tci_call(Tci *m, const uint32_t *pc)
{
    const TCGHelperInfo *info = (const TCGHelperInfo *)(uintptr_t)tci_const(pc + 1);
    const uint32_t *ret = pc + 3, *args = ret + (info->ret >= 0), *next = args + info->nargs;
    uint64_t n[TCG_MAX_CALL_ARGS] = { 0 };
    double f[TCG_MAX_CALL_ARGS] = { 0 };
    int nb_int = 0, nb_fp = 0;

    for (int i = 0; i < info->nargs; i++) {
        switch (info->args[i]) {
        case TCG_TYPE_F32:
            memcpy(&f[nb_fp++], tci_slot(m, args[i]), sizeof(float));
            break;
        case TCG_TYPE_F64:
            memcpy(&f[nb_fp++], tci_slot(m, args[i]), sizeof(double));
            break;
        default:
            n[nb_int++] = tci_get(m, args[i], info->args[i]);
            break;
        }
    }
    tci_may_fault(next);
    if (info->ret == TCG_TYPE_F32) {
        float result = ((F32Helper *)info->func)(CALL_ARGS);
        memcpy(tci_slot(m, *ret), &result, sizeof(result));
    } else if (info->ret == TCG_TYPE_F64) {
        double result = ((F64Helper *)info->func)(CALL_ARGS);
        memcpy(tci_slot(m, *ret), &result, sizeof(result));
    } else {
        uint64_t result = ((IntHelper *)info->func)(CALL_ARGS);

        if (info->ret >= 0) {
            tci_set(m, *ret, info->ret, result);
        }
    }
    return next;
}

/* --- guest memory --- */

static uint64_t sign_extend_load(uint64_t value, MemOp op)
{
    unsigned unused_bits = 64 - (8u << (op & MO_SIZE));

    return op & MO_SIGN ? (uint64_t)((int64_t)(value << unused_bits) >> unused_bits) : value;
}

void tci_guest_load(Tci *m, const uint32_t *a, TCGType type, const uint32_t *next)
{
    MemOpIdx oi = a[2];
    uint64_t value;

    tci_may_fault(next);
    value = cpu_ld_mmu((CPUArchState *)m->base[TCI_BASE_ENV], tci_get(m, a[1], tci_config.pc_type),
                       oi, (uintptr_t)next);
    tci_set(m, a[0], type, sign_extend_load(value, get_memop(oi)));
}

void tci_guest_store(Tci *m, const uint32_t *a, TCGType type, const uint32_t *next)
{
    tci_may_fault(next);
    cpu_st_mmu((CPUArchState *)m->base[TCI_BASE_ENV], tci_get(m, a[1], tci_config.pc_type),
               tci_get(m, a[0], type), a[2], (uintptr_t)next);
}

static bool is_16_bytes(MemOpIdx oi)
{
    return (get_memop(oi) & MO_SIZE) == MO_128;
}

void tci_guest_load_vec(Tci *m, const uint32_t *a, const uint32_t *next)
{
    Int128Pair value = { 0, 0 };

    if (!is_16_bytes(a[2])) {
        tci_guest_load(m, a, TCG_TYPE_I64, next);
        memcpy((uint8_t *)tci_slot(m, a[0]) + 8, &value.hi, 8);
        return;
    }
    tci_may_fault(next);
    value = cpu_ld16_mmu((CPUArchState *)m->base[TCI_BASE_ENV],
                         tci_get(m, a[1], tci_config.pc_type), a[2], (uintptr_t)next);
    memcpy(tci_slot(m, a[0]), &value, sizeof(value));
}

void tci_guest_store_vec(Tci *m, const uint32_t *a, const uint32_t *next)
{
    Int128Pair value;

    if (!is_16_bytes(a[2])) {
        tci_guest_store(m, a, TCG_TYPE_I64, next);
        return;
    }
    memcpy(&value, tci_slot(m, a[0]), sizeof(value));
    tci_may_fault(next);
    cpu_st16_mmu((CPUArchState *)m->base[TCI_BASE_ENV], tci_get(m, a[1], tci_config.pc_type),
                 value, a[2], (uintptr_t)next);
}
