/*
 * IRET in every mode (SDM: page of IRET; VME: 3B 20.3).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/cpu.h"
#include "target-i386/far.h"
#define HELPER_H "target-i386/helper.h"
#include "tcg/helper-proto.h"

enum {
    FLAGS_ANY_LEVEL = CC_ALL | TF_MASK | DF_MASK | NT_MASK | RF_MASK | AC_MASK | ID_MASK,
    FLAGS_OF_16_BITS = 0xffff,
};

/* EFLAGS from a popped value; RF counts only while code breakpoints exist. */
static void set_flags(CPUX86State *env, uint32_t value, uint32_t mask, MemOp op)
{
    uint32_t old = x86_get_eflags(env);

    if (op == MO_16) {
        mask &= FLAGS_OF_16_BITS;
    }
    if (!(env->hflags & HF_CODE_BP)) {
        value &= ~RF_MASK;
    }
    x86_set_eflags(env, (old & ~mask) | (value & mask));
    x86_interrupts_enabled(env);
}

/* --- real and virtual-8086 mode ------------------------------------------------------------------------------- */

/* Virtual-8086 mode with IOPL below 3: with VME, a 16-bit IRET sets VIF in the place of IF. */
static void vme_iret_flags(CPUX86State *env, uint32_t value, MemOp op, uintptr_t retaddr)
{
    uint32_t old = x86_get_eflags(env), mask = (FLAGS_ANY_LEVEL & FLAGS_OF_16_BITS) | VIF_MASK;

    if (!(env->cr[4] & CR4_VME_MASK) || op != MO_16 || value & TF_MASK || (value & IF_MASK && old & VIP_MASK)) {
        raise_exception_err_ra(env, EXCP0D_GPF, 0, retaddr);
    }
    value = (value & ~VIF_MASK) | (value & IF_MASK ? VIF_MASK : 0);
    x86_set_eflags(env, (old & ~mask) | (value & mask));
}

static void iret_real(CPUX86State *env, MemOp op, uintptr_t retaddr)
{
    Stack s = stack_current(env, retaddr);
    bool vm86 = env->hflags & HF_VM, low_iopl = (env->eflags & IOPL_MASK) != IOPL_MASK;
    target_ulong eip;
    uint32_t selector, flags;

    if (vm86 && low_iopl && (!(env->cr[4] & CR4_VME_MASK) || op != MO_16)) {
        raise_exception_err_ra(env, EXCP0D_GPF, 0, retaddr);
    }
    eip = stack_pop(&s, op);
    selector = stack_pop(&s, op) & 0xffff;
    flags = stack_pop(&s, op);
    if (eip > env->segs[R_CS].limit) {
        raise_exception_err_ra(env, EXCP0D_GPF, 0, retaddr);
    }
    if (vm86 && low_iopl) {
        vme_iret_flags(env, flags, op, retaddr);
    } else {
        set_flags(env, flags, FLAGS_ANY_LEVEL | IF_MASK | (vm86 ? 0 : IOPL_MASK), op);
    }
    stack_commit(&s);
    env->eip = eip;
    if (vm86) {
        env->segs[R_CS] = vm86_cache(selector);
    } else {
        env->segs[R_CS].selector = selector;
        env->segs[R_CS].base = selector << 4;
    }
}

/* --- protected and long mode ------------------------------------------------------------------------------------ */

/* NT: back to the task that the link field of the TSS names. */
static void iret_task(CPUX86State *env, target_ulong next_eip, uintptr_t retaddr)
{
    TaskSwitch ts = { .source = TASK_IRET, .next_eip = next_eip, .retaddr = retaddr };
    uint32_t error;

    if (env->hflags & HF_LMA) {
        raise_exception_err_ra(env, EXCP0D_GPF, 0, retaddr);
    }
    ts.selector = sys_load(env, x86_linear(env, env->tr.base, 0), MO_16, retaddr);
    error = ts.selector & 0xfffc;
    if (ts.selector & SEL_LDT || !desc_read(env, ts.selector, &ts.desc, retaddr) || !desc_is_system(&ts.desc) ||
        (desc_type(&ts.desc) != SYS_TSS16_BUSY && desc_type(&ts.desc) != SYS_TSS32_BUSY)) {
        raise_exception_err_ra(env, EXCP0A_TSS, error, retaddr);
    }
    if (!desc_present(&ts.desc)) {
        raise_exception_err_ra(env, EXCP0B_NOSEG, error, retaddr);
    }
    switch_task(env, &ts);
}

static void iret_to_vm86(CPUX86State *env, Stack *s, target_ulong eip, uint32_t cs, uint32_t flags)
{
    target_ulong esp = stack_pop(s, MO_32);
    static const uint8_t order[] = { R_SS, R_ES, R_DS, R_FS, R_GS };
    uint32_t selectors[ARRAY_SIZE(order)];

    for (unsigned i = 0; i < ARRAY_SIZE(order); i++) {
        selectors[i] = stack_pop(s, MO_32);
    }
    for (unsigned i = 0; i < ARRAY_SIZE(order); i++) {
        env->segs[order[i]] = vm86_cache(selectors[i]);
    }
    env->segs[R_CS] = vm86_cache(cs);
    env->eip = eip & 0xffff;
    env->regs[R_ESP] = esp;
    set_flags(env, flags, FLAGS_ANY_LEVEL | IF_MASK | IOPL_MASK | VM_MASK | VIF_MASK | VIP_MASK, MO_32);
}

static uint32_t writable_flags(const CPUX86State *env)
{
    unsigned cpl = env_cpl(env);
    uint32_t mask = FLAGS_ANY_LEVEL;

    if (cpl == 0) {
        mask |= IOPL_MASK | VIF_MASK | VIP_MASK;
    }
    if (cpl <= (env->eflags & IOPL_MASK) >> IOPL_SHIFT) {
        mask |= IF_MASK;
    }
    return mask;
}

static void iret_protected(CPUX86State *env, MemOp op, target_ulong next_eip, uintptr_t retaddr)
{
    Stack s = stack_current(env, retaddr);
    target_ulong eip;
    uint32_t selector, flags, mask = writable_flags(env);
    unsigned rpl;

    if (env->eflags & NT_MASK) {
        iret_task(env, next_eip, retaddr);
        return;
    }
    eip = stack_pop(&s, op);
    selector = stack_pop(&s, op) & 0xffff;
    flags = stack_pop(&s, op);
    if (flags & VM_MASK && op == MO_32 && env_cpl(env) == 0 && !(env->hflags & HF_LMA)) {
        iret_to_vm86(env, &s, eip, selector, flags);
        return;
    }
    Descriptor code = return_segment(env, selector, retaddr);

    rpl = selector & SEL_RPL;
    if (rpl == env_cpl(env) && !(env->hflags & HF_CS64)) {
        if (!code_offset_ok(env, &code, eip)) {
            raise_exception_err_ra(env, EXCP0D_GPF, 0, retaddr);
        }
        desc_set_accessed(env, &code, retaddr);
        stack_commit(&s);
        set_cs(env, selector, rpl, &code);
    } else {
        target_ulong sp = stack_pop(&s, op);
        uint32_t ss_selector = stack_pop(&s, op) & 0xffff;
        SegmentCache ss = return_stack_segment(env, ss_selector, rpl, &code, retaddr);

        if (!code_offset_ok(env, &code, eip)) {
            raise_exception_err_ra(env, EXCP0D_GPF, 0, retaddr);
        }
        desc_set_accessed(env, &code, retaddr);
        bool outer = rpl != env_cpl(env);

        set_cs(env, selector, rpl, &code);
        commit_outer_stack(env, &ss, sp);
        if (outer) {
            drop_inner_segments(env, rpl);
        }
    }
    env->eip = eip;
    set_flags(env, flags, mask, op);
}

void helper_iret(CPUX86State *env, uint32_t op, target_ulong next_eip)
{
    uint32_t old_cs = env->segs[R_CS].selector;

    env->nmi_blocked = false;
    if (!(env->hflags & HF_PE) || env->hflags & HF_VM) {
        iret_real(env, (MemOp)op, GETPC());
    } else {
        iret_protected(env, (MemOp)op, next_eip, GETPC());
    }
    x86_update_hflags(env);
    x86_log_transfer(env, "iret", old_cs);
}
