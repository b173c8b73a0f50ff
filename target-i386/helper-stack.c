/*
 * Stacks of far transfers: words are pushed and popped with all checks before
 * any register changes, so that a fault leaves the instruction undone.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/cpu.h"
#include "target-i386/system.h"

Stack stack_new(CPUX86State *env, const SegmentCache *seg, target_ulong sp, bool long_mode, unsigned cpl,
                uint32_t error, uintptr_t retaddr)
{
    return (Stack) {
        .env = env, .seg = *seg, .sp = sp, .long_mode = long_mode,
        .mask = long_mode ? (target_ulong)-1 : seg->flags & DESC_B_MASK ? 0xffffffff : 0xffff,
        .mmu_idx = data_mmu_idx_of_cpl(env, cpl), .error = error, .retaddr = retaddr,
    };
}

Stack stack_current(CPUX86State *env, uintptr_t retaddr)
{
    return stack_new(env, &env->segs[R_SS], env->regs[R_ESP], env->hflags & HF_CS64, env_cpl(env), 0, retaddr);
}

/* The linear address of size bytes at sp; raises #SS. */
static vaddr stack_address(const Stack *s, target_ulong sp, unsigned size)
{
    if (s->long_mode) {
        if (!x86_is_canonical(s->env, sp) || !x86_is_canonical(s->env, sp + size - 1)) {
            raise_exception_err_ra(s->env, EXCP0C_STACK, s->error, s->retaddr);
        }
        return sp;
    }
    if (!segment_covers(&s->seg, sp & s->mask, size)) {
        raise_exception_err_ra(s->env, EXCP0C_STACK, s->error, s->retaddr);
    }
    return (uint32_t)(s->seg.base + (sp & s->mask));
}

/* Stacks of CPL 3 are data like others: alignment is checked where that is on. */
static MemOp stack_op(const Stack *s, MemOp op)
{
    return s->mmu_idx == MMU_USER_IDX ? x86_data_op(s->env, op) : op;
}

void stack_push(Stack *s, uint64_t value, MemOp op)
{
    unsigned size = memop_size(op);
    vaddr addr = stack_address(s, s->sp - size, size);

    cpu_st_mmu(s->env, addr, value, make_memop_idx(stack_op(s, op), s->mmu_idx), s->retaddr);
    s->sp -= size;
}

uint64_t stack_pop(Stack *s, MemOp op)
{
    unsigned size = memop_size(op);
    vaddr addr = stack_address(s, s->sp, size);

    s->sp += size;
    return cpu_ld_mmu(s->env, addr, make_memop_idx(stack_op(s, op), s->mmu_idx), s->retaddr);
}

void stack_need_room(const Stack *s, unsigned n)
{
    for (unsigned i = 2; i <= n; i += 2) {
        stack_address(s, s->sp - i, 2);
    }
}

void stack_commit(const Stack *s)
{
    CPUX86State *env = s->env;

    if (s->mask == 0xffff) {
        env->regs[R_ESP] = (env->regs[R_ESP] & ~(target_ulong)0xffff) | (s->sp & 0xffff);
    } else {
        env->regs[R_ESP] = s->sp & s->mask;
    }
}

/* --- the TSS's stacks -------------------------------------------------------------------------------------- */

static void QEMU_NORETURN raise_tss(CPUX86State *env, uint32_t ext, uintptr_t retaddr)
{
    raise_exception_err_ra(env, EXCP0A_TSS, (env->tr.selector & 0xfffc) | ext, retaddr);
}

StackPointer tss_stack(CPUX86State *env, unsigned level, uint32_t ext, uintptr_t retaddr)
{
    bool wide = (env->tr.flags >> DESC_TYPE_SHIFT & 15) >= SYS_TSS32;
    unsigned offset = wide ? 4 + 8 * level : 2 + 4 * level;
    vaddr addr = x86_linear(env, env->tr.base, offset);

    if (!(env->tr.flags & DESC_P_MASK) || offset + (wide ? 5 : 3) > env->tr.limit) {
        raise_tss(env, ext, retaddr);
    }
    if (wide) {
        uint32_t sp = sys_load(env, addr, MO_32, retaddr);

        return (StackPointer) { sys_load(env, addr + 4, MO_16, retaddr), sp };
    }
    uint32_t sp = sys_load(env, addr, MO_16, retaddr);

    return (StackPointer) { sys_load(env, addr + 2, MO_16, retaddr), sp };
}

uint64_t tss_rsp(CPUX86State *env, unsigned n, uint32_t ext, uintptr_t retaddr)
{
    unsigned offset = 4 + 8 * n;
    uint64_t rsp;

    if (!(env->tr.flags & DESC_P_MASK) || offset + 7 > env->tr.limit) {
        raise_tss(env, ext, retaddr);
    }
    rsp = sys_load(env, env->tr.base + offset, MO_64, retaddr);
    if (!x86_is_canonical(env, rsp)) {
        raise_exception_err_ra(env, EXCP0C_STACK, ext, retaddr);
    }
    return rsp;
}

SegmentCache load_inner_ss(CPUX86State *env, uint32_t selector, unsigned cpl, uint32_t ext, uintptr_t retaddr)
{
    uint32_t error = (selector & 0xfffc) | ext;
    Descriptor d;

    if (selector_is_null(selector)) {
        raise_exception_err_ra(env, EXCP0A_TSS, ext, retaddr);
    }
    if ((selector & SEL_RPL) != cpl || !desc_read(env, selector, &d, retaddr) || desc_dpl(&d) != cpl ||
        !desc_is_writable_data(&d)) {
        raise_exception_err_ra(env, EXCP0A_TSS, error, retaddr);
    }
    if (!desc_present(&d)) {
        raise_exception_err_ra(env, EXCP0C_STACK, error, retaddr);
    }
    desc_set_accessed(env, &d, retaddr);
    return desc_cache(selector, &d);
}
