/*
 * Far JMP, CALL and RET in every mode: direct, through call gates with stack
 * switch and parameter copy, and to tasks (SDM: pages of JMP, CALL, RET).
 * IRET is helper-iret.c's.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/cpu.h"
#include "target-i386/far.h"
#define HELPER_H "target-i386/helper.h"
#include "qemu/log.h"
#include "tcg/helper-proto.h"

/* A far JMP or CALL under way. */
typedef struct FarTransfer {
    bool call;
    uint32_t selector;
    target_ulong offset, next_eip;
    MemOp op;                   /* operand size */
    uintptr_t retaddr;
} FarTransfer;

static void QEMU_NORETURN raise_for(CPUX86State *env, const FarTransfer *far, unsigned vector, uint32_t selector)
{
    raise_exception_err_ra(env, vector, selector & 0xfffc, far->retaddr);
}

static target_ulong truncate_ip(target_ulong ip, MemOp op)
{
    return op == MO_16 ? (uint16_t)ip : op == MO_32 ? (uint32_t)ip : ip;
}

/* --- real and virtual-8086 mode ------------------------------------------------------------------------------ */

static void far_real(CPUX86State *env, const FarTransfer *far)
{
    target_ulong offset = truncate_ip(far->offset, far->op);

    if (offset > env->segs[R_CS].limit) {
        raise_exception_err_ra(env, EXCP0D_GPF, 0, far->retaddr);
    }
    if (far->call) {
        Stack s = stack_current(env, far->retaddr);

        stack_push(&s, env->segs[R_CS].selector, far->op);
        stack_push(&s, far->next_eip, far->op);
        stack_commit(&s);
    }
    env->eip = offset;
    if (env->hflags & HF_VM) {
        env->segs[R_CS] = vm86_cache(far->selector);
    } else {
        env->segs[R_CS].selector = far->selector;
        env->segs[R_CS].base = far->selector << 4;
    }
}

/* --- to a code segment ------------------------------------------------------------------------------------------- */

/* Long mode: L and D together make no segment. */
static bool bad_long_segment(const CPUX86State *env, const Descriptor *d)
{
    return env->hflags & HF_LMA && (d->hi & (DESC_L_MASK | DESC_B_MASK)) == (DESC_L_MASK | DESC_B_MASK);
}

static void far_to_code(CPUX86State *env, const FarTransfer *far, Descriptor *code)
{
    unsigned cpl = env_cpl(env), rpl = far->selector & SEL_RPL;
    target_ulong offset = truncate_ip(far->offset, far->op);
    bool allowed = desc_is_conforming(code) ? desc_dpl(code) <= cpl : desc_dpl(code) == cpl && rpl <= cpl;

    if (!allowed || bad_long_segment(env, code)) {
        raise_for(env, far, EXCP0D_GPF, far->selector);
    }
    if (!desc_present(code)) {
        raise_for(env, far, EXCP0B_NOSEG, far->selector);
    }
    if (far->call) {
        Stack s = stack_current(env, far->retaddr);

        stack_need_room(&s, 2 * memop_size(far->op));
        if (!code_offset_ok(env, code, offset)) {
            raise_for(env, far, EXCP0D_GPF, 0);
        }
        stack_push(&s, env->segs[R_CS].selector, far->op);
        stack_push(&s, far->next_eip, far->op);
        desc_set_accessed(env, code, far->retaddr);
        stack_commit(&s);
    } else {
        if (!code_offset_ok(env, code, offset)) {
            raise_for(env, far, EXCP0D_GPF, 0);
        }
        desc_set_accessed(env, code, far->retaddr);
    }
    set_cs(env, far->selector, cpl, code);
    env->eip = offset;
}

/* --- through a call gate -------------------------------------------------------------------------------------------- */

/* Size of what a call gate pushes. */
static MemOp gate_op(const CPUX86State *env, const Descriptor *gate)
{
    return env->hflags & HF_LMA ? MO_64 : desc_type(gate) & 8 ? MO_32 : MO_16;
}

static Descriptor read_gate_target(CPUX86State *env, const FarTransfer *far, const Descriptor *gate)
{
    uint32_t selector = gate_selector(gate);
    unsigned cpl = env_cpl(env);
    Descriptor code;

    if (selector_is_null(selector)) {
        raise_for(env, far, EXCP0D_GPF, 0);
    }
    if (!desc_read(env, selector, &code, far->retaddr) || !desc_is_code(&code) || desc_dpl(&code) > cpl ||
        (!far->call && !desc_is_conforming(&code) && desc_dpl(&code) != cpl) ||
        (env->hflags & HF_LMA && (code.hi & (DESC_L_MASK | DESC_B_MASK)) != DESC_L_MASK)) {
        raise_for(env, far, EXCP0D_GPF, selector);
    }
    if (!desc_present(&code)) {
        raise_for(env, far, EXCP0B_NOSEG, selector);
    }
    return code;
}

static void copy_parameters(CPUX86State *env, const FarTransfer *far, Stack *to, unsigned count, MemOp op)
{
    Stack from = stack_current(env, far->retaddr);
    uint32_t words[31];

    from.error = 0;
    for (unsigned i = 0; i < count; i++) {
        words[i] = stack_pop(&from, op);
    }
    while (count--) {
        stack_push(to, words[count], op);
    }
}

/* CALL to an inner level: new stack from the TSS, old SS:ESP, parameters and return address on it. */
static void call_inner(CPUX86State *env, const FarTransfer *far, const Descriptor *gate, Descriptor *code)
{
    unsigned cpl = desc_dpl(code), count = gate->hi & 31;
    MemOp op = gate_op(env, gate);
    target_ulong offset = gate_offset(gate, op != MO_16);
    SegmentCache ss;
    Stack s;

    if (env->hflags & HF_LMA) {
        ss = null_cache(cpl);
        ss.flags = cpl << DESC_DPL_SHIFT;
        s = stack_new(env, &ss, tss_rsp(env, cpl, 0, far->retaddr), true, cpl, 0, far->retaddr);
        count = 0;
    } else {
        StackPointer sp = tss_stack(env, cpl, 0, far->retaddr);

        ss = load_inner_ss(env, sp.ss, cpl, 0, far->retaddr);
        s = stack_new(env, &ss, sp.sp, false, cpl, sp.ss & 0xfffc, far->retaddr);
        stack_need_room(&s, (4 + count) * memop_size(op));
    }
    if (!code_offset_ok(env, code, offset)) {
        raise_for(env, far, EXCP0D_GPF, 0);
    }
    stack_push(&s, env->segs[R_SS].selector, op);
    stack_push(&s, env->regs[R_ESP], op);
    copy_parameters(env, far, &s, count, op);
    stack_push(&s, env->segs[R_CS].selector, op);
    stack_push(&s, far->next_eip, op);
    desc_set_accessed(env, code, far->retaddr);
    env->segs[R_SS] = ss;
    stack_commit(&s);
    set_cs(env, gate_selector(gate), cpl, code);
    env->eip = offset;
}

static void far_to_gate(CPUX86State *env, const FarTransfer *far, const Descriptor *gate)
{
    MemOp op = gate_op(env, gate);
    Descriptor code = read_gate_target(env, far, gate);

    if (far->call && !desc_is_conforming(&code) && desc_dpl(&code) < env_cpl(env)) {
        call_inner(env, far, gate, &code);
        return;
    }
    FarTransfer direct = *far;

    direct.selector = (gate_selector(gate) & ~3u) | env_cpl(env);
    direct.offset = gate_offset(gate, op != MO_16);
    direct.op = op;
    far_to_code(env, &direct, &code);
}

/* --- to a task ---------------------------------------------------------------------------------------------------------- */

static void far_to_tss(CPUX86State *env, const FarTransfer *far, uint32_t selector, const Descriptor *tss)
{
    TaskSwitch ts = {
        .source = far->call ? TASK_CALL : TASK_JMP, .selector = selector, .desc = *tss,
        .next_eip = far->next_eip, .retaddr = far->retaddr,
    };

    if (!desc_present(tss)) {
        raise_for(env, far, EXCP0B_NOSEG, selector);
    }
    switch_task(env, &ts);
}

static void far_to_task_gate(CPUX86State *env, const FarTransfer *far, const Descriptor *gate)
{
    uint32_t selector = gate_selector(gate);
    Descriptor tss;

    if (selector & SEL_LDT || selector_is_null(selector) || !desc_read(env, selector, &tss, far->retaddr) ||
        !desc_is_system(&tss) || (desc_type(&tss) != SYS_TSS16 && desc_type(&tss) != SYS_TSS32)) {
        raise_for(env, far, EXCP0D_GPF, selector);
    }
    far_to_tss(env, far, selector, &tss);
}

/* A system descriptor: gates and TSSs need DPL >= CPL and RPL. */
static void far_to_system(CPUX86State *env, const FarTransfer *far, Descriptor *d)
{
    bool long_mode = env->hflags & HF_LMA;
    unsigned type = desc_type(d);
    bool is_tss = (type == SYS_TSS16 || type == SYS_TSS32) && !(far->selector & SEL_LDT);

    if (desc_dpl(d) < MAX(far->selector & SEL_RPL, env_cpl(env)) ||
        (long_mode && (type != SYS_CALL32 || !desc_read_system(env, far->selector, d, far->retaddr) ||
                       !desc_upper_half_ok(d)))) {
        raise_for(env, far, EXCP0D_GPF, far->selector);
    }
    if (is_tss && !long_mode) {
        far_to_tss(env, far, far->selector, d);
        return;
    }
    if (type != SYS_CALL16 && type != SYS_CALL32 && type != SYS_TASK_GATE) {
        raise_for(env, far, EXCP0D_GPF, far->selector);
    }
    if (!desc_present(d)) {
        raise_for(env, far, EXCP0B_NOSEG, far->selector);
    }
    if (type == SYS_TASK_GATE) {
        far_to_task_gate(env, far, d);
    } else {
        far_to_gate(env, far, d);
    }
}

void x86_log_transfer(CPUX86State *env, const char *what, uint32_t old_cs)
{
    const int digits = TARGET_LONG_BITS / 4;

    if (qemu_loglevel_mask(CPU_LOG_PCALL) && env->hflags & HF_PE && !(env->hflags & HF_VM)) {
        qemu_log("%s from %04x (CPL %u) to %04x:%0*" PRIx64 " (CPL %u), stack %04x:%0*" PRIx64 "\n", what, old_cs,
                 old_cs & SEL_RPL, env->segs[R_CS].selector, digits, (uint64_t)env->eip, env_cpl(env),
                 env->segs[R_SS].selector, digits, (uint64_t)env->regs[R_ESP]);
    }
}

static void far_transfer(CPUX86State *env, const FarTransfer *far)
{
    uint32_t old_cs = env->segs[R_CS].selector;
    Descriptor d;

    if (!(env->hflags & HF_PE) || env->hflags & HF_VM) {
        far_real(env, far);
    } else {
        if (selector_is_null(far->selector)) {
            raise_for(env, far, EXCP0D_GPF, 0);
        }
        if (!desc_read(env, far->selector, &d, far->retaddr)) {
            raise_for(env, far, EXCP0D_GPF, far->selector);
        }
        if (desc_is_code(&d)) {
            far_to_code(env, far, &d);
        } else if (desc_is_system(&d)) {
            far_to_system(env, far, &d);
        } else {
            raise_for(env, far, EXCP0D_GPF, far->selector);
        }
    }
    x86_update_hflags(env);
    x86_log_transfer(env, far->call ? "far call" : "far jump", old_cs);
}

void helper_far_jmp(CPUX86State *env, uint32_t selector, target_ulong offset, uint32_t op, target_ulong next_eip)
{
    const FarTransfer far = { false, selector & 0xffff, offset, next_eip, (MemOp)op, GETPC() };

    far_transfer(env, &far);
}

void helper_far_call(CPUX86State *env, uint32_t selector, target_ulong offset, uint32_t op, target_ulong next_eip)
{
    const FarTransfer far = { true, selector & 0xffff, offset, next_eip, (MemOp)op, GETPC() };

    far_transfer(env, &far);
}

/* --- RETF ------------------------------------------------------------------------------------------------------------------ */

static void ret_real(CPUX86State *env, Stack *s, MemOp op, uint32_t pop_bytes)
{
    target_ulong eip = stack_pop(s, op);
    uint32_t selector = stack_pop(s, op) & 0xffff;

    if (eip > env->segs[R_CS].limit) {
        raise_exception_err_ra(env, EXCP0D_GPF, 0, s->retaddr);
    }
    s->sp += pop_bytes;
    stack_commit(s);
    env->eip = eip;
    if (env->hflags & HF_VM) {
        env->segs[R_CS] = vm86_cache(selector);
    } else {
        env->segs[R_CS].selector = selector;
        env->segs[R_CS].base = selector << 4;
    }
}

Descriptor return_segment(CPUX86State *env, uint32_t selector, uintptr_t retaddr)
{
    unsigned rpl = selector & SEL_RPL;
    Descriptor d;

    if (selector_is_null(selector)) {
        raise_exception_err_ra(env, EXCP0D_GPF, 0, retaddr);
    }
    if (!desc_read(env, selector, &d, retaddr) || rpl < env_cpl(env) || !desc_is_code(&d) ||
        (desc_is_conforming(&d) ? desc_dpl(&d) > rpl : desc_dpl(&d) != rpl) || bad_long_segment(env, &d)) {
        raise_exception_err_ra(env, EXCP0D_GPF, selector & 0xfffc, retaddr);
    }
    if (!desc_present(&d)) {
        raise_exception_err_ra(env, EXCP0B_NOSEG, selector & 0xfffc, retaddr);
    }
    return d;
}

SegmentCache return_stack_segment(CPUX86State *env, uint32_t selector, unsigned cpl, const Descriptor *code,
                                  uintptr_t retaddr)
{
    Descriptor d;

    if (selector_is_null(selector)) {
        bool to_64bit = env->hflags & HF_LMA && code->hi & DESC_L_MASK;
        SegmentCache cache = null_cache(selector);

        if (!to_64bit || cpl == 3) {
            raise_exception_err_ra(env, EXCP0D_GPF, 0, retaddr);
        }
        cache.flags = cpl << DESC_DPL_SHIFT;
        return cache;
    }
    if (!desc_read(env, selector, &d, retaddr) || (selector & SEL_RPL) != cpl || desc_dpl(&d) != cpl ||
        !desc_is_writable_data(&d)) {
        raise_exception_err_ra(env, EXCP0D_GPF, selector & 0xfffc, retaddr);
    }
    if (!desc_present(&d)) {
        raise_exception_err_ra(env, EXCP0C_STACK, selector & 0xfffc, retaddr);
    }
    desc_set_accessed(env, &d, retaddr);
    return desc_cache(selector, &d);
}

void commit_outer_stack(CPUX86State *env, const SegmentCache *ss, target_ulong sp)
{
    env->segs[R_SS] = *ss;
    if (env->segs[R_CS].flags & DESC_L_MASK && env->hflags & HF_LMA) {
        env->regs[R_ESP] = sp;
    } else if (ss->flags & DESC_B_MASK) {
        env->regs[R_ESP] = (uint32_t)sp;
    } else {
        env->regs[R_ESP] = (env->regs[R_ESP] & ~(target_ulong)0xffff) | (sp & 0xffff);
    }
}

static void ret_protected(CPUX86State *env, Stack *s, MemOp op, uint32_t pop_bytes)
{
    target_ulong eip = stack_pop(s, op);
    uint32_t selector = stack_pop(s, op) & 0xffff;
    Descriptor code = return_segment(env, selector, s->retaddr);
    unsigned rpl = selector & SEL_RPL;

    if (rpl == env_cpl(env)) {
        if (!code_offset_ok(env, &code, eip)) {
            raise_exception_err_ra(env, EXCP0D_GPF, 0, s->retaddr);
        }
        desc_set_accessed(env, &code, s->retaddr);
        s->sp += pop_bytes;
        stack_commit(s);
        set_cs(env, selector, rpl, &code);
    } else {
        s->sp += pop_bytes;
        target_ulong sp = stack_pop(s, op);
        uint32_t ss_selector = stack_pop(s, op) & 0xffff;
        SegmentCache ss = return_stack_segment(env, ss_selector, rpl, &code, s->retaddr);

        if (!code_offset_ok(env, &code, eip)) {
            raise_exception_err_ra(env, EXCP0D_GPF, 0, s->retaddr);
        }
        desc_set_accessed(env, &code, s->retaddr);
        set_cs(env, selector, rpl, &code);
        commit_outer_stack(env, &ss, sp + pop_bytes);
        drop_inner_segments(env, rpl);
    }
    env->eip = eip;
}

void helper_far_ret(CPUX86State *env, uint32_t op, uint32_t pop_bytes)
{
    Stack s = stack_current(env, GETPC());
    uint32_t old_cs = env->segs[R_CS].selector;

    if (!(env->hflags & HF_PE) || env->hflags & HF_VM) {
        ret_real(env, &s, (MemOp)op, pop_bytes);
    } else {
        ret_protected(env, &s, (MemOp)op, pop_bytes);
    }
    x86_update_hflags(env);
    x86_log_transfer(env, "far return", old_cs);
}
