/*
 * x86-64: code that all blocks share: entry and exit, and the thunks between
 * slow-path stubs and C functions. A thunk saves all registers that can hold
 * guest values in CPUNeg.host_regs and host_xmm, where a fault finds them, and
 * gives them back unchanged, but for the scratch registers.
 *
 *   ld, ld16   in: rdx address, eax MemOpIdx; out: rax (rdx:rax)
 *   probe_st   in: rdx address, eax MemOpIdx
 *   st, st16   in: rdx address, eax MemOpIdx, CPUNeg.slow_val
 *   addend     in: rax guest address, kept; out: rdx addend of its page, and
 *              "above" when there is none or the access leaves the page
 *   guard      in: rax function, edx c3, CPUNeg.slow_val[0..2]; out: rax
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/i386/tcg-target.h"
#include "exec/cputlb.h"

Thunks thunks;

/* K_NORMAL_x: 2 * least + 1, 2 * (infinity - least) - 1, of bits without sign. */
static const uint64_t constant_values[K_COUNT][2] = {
    [K_SIGN_F64] = { UINT64_C(1) << 63, UINT64_C(1) << 63 },
    [K_ABS_F64] = { INT64_MAX, INT64_MAX },
    [K_SIGN_F32] = { UINT64_C(0x8000000080000000), UINT64_C(0x8000000080000000) },
    [K_ABS_F32] = { UINT64_C(0x7fffffff7fffffff), UINT64_C(0x7fffffff7fffffff) },
    [K_LEAST_F64] = { UINT64_C(0x0010000000000000), UINT64_C(0x0010000000000000) },
    [K_LEAST_F32] = { UINT64_C(0x0080000000800000), UINT64_C(0x0080000000800000) },
    [K_BSWAP128] = { UINT64_C(0x08090a0b0c0d0e0f), UINT64_C(0x0001020304050607) },
    [K_NORMAL_F64] = { UINT64_C(0x0020000000000001), UINT64_C(0xffbfffffffffffff) },
    [K_NORMAL_SINGLE] = { UINT64_C(0x7020000000000001), UINT64_C(0x8fbfffffffffffff) },
    [K_NORMAL_F32] = { 0x01000001, 0xfdffffff },
    [K_ONES] = { UINT64_MAX, UINT64_MAX },
};

static const uint8_t pushed[] = { RBP, RBX, R12, R13, R14, R15 };
#define PUSHED_BYTES ((int)(ARRAY_SIZE(pushed) + 1) * 8)
#define STACK_BYTES (ROUND_UP(FRAME_BYTES + PUSHED_BYTES, 16) - PUSHED_BYTES)

static bool holds_values(int reg)
{
    return reg != RAX && reg != RDX && reg != RSP && reg != RBP;
}

static bool call_saved(int reg)
{
    return reg == RBX || reg >= R12;
}

static void push_pop(X86 *x, int opc, int reg)
{
    if (reg & 8) {
        out8(x, 0x41);
    }
    out8(x, opc | (reg & 7));
}

static void align_code(X86 *x, int to)
{
    while ((uintptr_t)x->p & (to - 1)) {
        out8(x, 0xcc);
    }
}

static void save_regs(X86 *x, bool vec)
{
    for (int r = 0; r < 16; r++) {
        if (holds_values(r)) {
            op_rm(x, P_W | 0x89, r, MEM_ENV(x->s->neg_host_regs + 8 * r));
        }
        if (vec) {
            sse_rm(x, P_0F | 0x11, XMM0 + r, MEM_ENV(x->s->neg_host_xmm + 16 * r));
        }
    }
}

static void restore_regs(X86 *x, bool vec)
{
    for (int r = 0; r < 16; r++) {
        if (holds_values(r) && !call_saved(r)) {
            op_rm(x, P_W | 0x8b, r, MEM_ENV(x->s->neg_host_regs + 8 * r));
        }
        if (vec) {
            sse_rm(x, P_0F | 0x10, XMM0 + r, MEM_ENV(x->s->neg_host_xmm + 16 * r));
        }
    }
}

static void aligned_call(X86 *x, const void *func)
{
    out_alui(x, true, ALU_SUB, RSP, 8);
    out_call_exec(x, func);
    out_alui(x, true, ALU_ADD, RSP, 8);
}

static const uint8_t *memory_thunk(X86 *x, const void *func, int value_words, bool vec)
{
    align_code(x, 16);
    const uint8_t *at = exec_addr(x, x->p);
    int oi_reg = value_words == 0 ? RDX : value_words == 1 ? RCX : R8;
    int ra_reg = value_words == 0 ? RCX : value_words == 1 ? R8 : R9;

    save_regs(x, vec);
    out_mov_rr(x, true, RDI, RBP);
    out_mov_rr(x, true, RSI, RDX);
    out_mov_rr(x, false, oi_reg, RAX);
    op_rm(x, P_W | 0x8b, ra_reg, MEM(RSP, 0));
    if (value_words >= 1) {
        op_rm(x, P_W | 0x8b, RDX, MEM_ENV(x->s->neg_slow_val));
    }
    if (value_words == 2) {
        op_rm(x, P_W | 0x8b, RCX, MEM_ENV(x->s->neg_slow_val + 8));
    }
    aligned_call(x, func);
    restore_regs(x, vec);
    out8(x, 0xc3);
    return at;
}

static const uint8_t *guard_thunk(X86 *x)
{
    align_code(x, 16);
    const uint8_t *at = exec_addr(x, x->p);

    save_regs(x, true);
    out_mov_rr(x, true, RDI, RBP);
    out_mov_rr(x, false, R8, RDX);
    op_rm(x, P_W | 0x8b, RSI, MEM_ENV(x->s->neg_slow_val));
    op_rm(x, P_W | 0x8b, RDX, MEM_ENV(x->s->neg_slow_val + 8));
    op_rm(x, P_W | 0x8b, RCX, MEM_ENV(x->s->neg_slow_val + 16));
    out_alui(x, true, ALU_SUB, RSP, 8);
    op_rr(x, 0xff, 2, RAX);
    out_alui(x, true, ALU_ADD, RSP, 8);
    restore_regs(x, true);
    out8(x, 0xc3);
    return at;
}

static const uint8_t *addend_thunk(X86 *x, intptr_t table, int size)
{
    const uint8_t *at = exec_addr(x, x->p);

    out_mov_rr(x, false, RDX, RAX);
    out_shifti(x, false, SH_SHR, RDX, 12);
    op_rm(x, P_W | 0x8b, RDX, MEMX(RBP, RDX, 3, table));
    op_rr(x, P_W | 0x85, RDX, RDX);
    uint8_t *none = out_jcc_short(x, CC_E);
    push_pop(x, 0x50, RAX);
    out_alui(x, false, ALU_AND, RAX, 0xfff);
    out_alui(x, false, ALU_CMP, RAX, 0x1000 - size);
    push_pop(x, 0x58, RAX);
    out8(x, 0xc3);
    patch_short(x, none);
    op_rr(x, P_W | 0x85, RSP, RSP);     /* neither zero nor carry: above */
    out8(x, 0xc3);
    return at;
}

static const uint8_t *addend_thunk_hashed(X86 *x, intptr_t table, int size)
{
    const uint8_t *at = exec_addr(x, x->p);

    out_mov_rr(x, true, RDX, RAX);
    out_shifti(x, true, SH_SHR, RDX, TARGET_PAGE_BITS - 4);
    out_alui(x, false, ALU_AND, RDX, (TLB_HASH_ENTRIES - 1) << 4);
    push_pop(x, 0x50, RAX);
    op_rm(x, P_W | 0x8d, RAX, MEM(RAX, size - 1));
    out_alui(x, true, ALU_AND, RAX, -(int32_t)TARGET_PAGE_SIZE);
    op_rm(x, P_W | 0x3b, RAX, MEMX(RBP, RDX, 0, table + offsetof(TLBHashEntry, tag)));
    push_pop(x, 0x58, RAX);
    op_rm(x, P_W | 0x8b, RDX, MEMX(RBP, RDX, 0, table + offsetof(TLBHashEntry, addend)));
    uint8_t *hit = out_jcc_short(x, CC_E);      /* equal: not above */
    op_rr(x, P_W | 0x85, RSP, RSP);     /* neither zero nor carry: above */
    patch_short(x, hit);
    out8(x, 0xc3);
    return at;
}

static void addend_thunks(X86 *x)
{
    bool wide = x->s->addr_bits == 64;

    for (int mode = 0; mode < 16; mode++) {
        for (int store = 0; store < 2 && x->s->tlb_offset[mode][store]; store++) {
            for (int size = 0; size < 5; size++) {
                intptr_t table = x->s->tlb_offset[mode][store];

                thunks.addend[mode][store][size] = wide ? addend_thunk_hashed(x, table, 1 << size)
                                                        : addend_thunk(x, table, 1 << size);
            }
        }
    }
}

static void entry_and_exit(X86 *x)
{
    align_code(x, 16);
    tcg_qemu_tb_exec = (uintptr_t (*)(void *, const void *))exec_addr(x, x->p);
    for (unsigned i = 0; i < ARRAY_SIZE(pushed); i++) {
        push_pop(x, 0x50, pushed[i]);
    }
    out_alui(x, true, ALU_SUB, RSP, STACK_BYTES);
    out_mov_rr(x, true, RBP, RDI);
    op_rr(x, 0xff, 4, RSI);

    align_code(x, 16);
    x->s->code_gen_epilogue = exec_addr(x, x->p);
    out_alui(x, true, ALU_ADD, RSP, STACK_BYTES);
    for (int i = ARRAY_SIZE(pushed) - 1; i >= 0; i--) {
        push_pop(x, 0x58, pushed[i]);
    }
    out8(x, 0xc3);
}

void thunks_emit(X86 *x)
{
    align_code(x, 16);
    thunks.constants = (const uint64_t *)exec_addr(x, x->p);
    memcpy(x->p, constant_values, sizeof(constant_values));
    x->p += sizeof(constant_values);
    entry_and_exit(x);
    for (int vec = 0; vec < 2; vec++) {
        thunks.ld[vec] = memory_thunk(x, cpu_ld_mmu, 0, vec);
        thunks.st[vec] = memory_thunk(x, cpu_st_mmu, 1, vec);
        thunks.probe_st[vec] = memory_thunk(x, cpu_probe_st_mmu, 0, vec);
    }
    thunks.ld16 = memory_thunk(x, cpu_ld16_mmu, 0, true);
    thunks.st16 = memory_thunk(x, cpu_st16_mmu, 2, true);
    thunks.guard = guard_thunk(x);
    addend_thunks(x);
    align_code(x, 16);
}
