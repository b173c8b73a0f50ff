/*
 * Interrupts and exceptions through the protected-mode IDT: interrupt, trap
 * and task gates, 286 and 386 forms, virtual-8086 tasks, long mode with IST
 * (SDM 3A 6.11 to 6.14, and the pages of INT n).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/cpu.h"
#include "target-i386/system.h"

enum { ERROR_IDT = 2, ERROR_EXT = 1 };

static uint32_t ext_of(const Event *ev)
{
    return ev->kind == EVENT_INT_N ? 0 : ERROR_EXT;
}

static void QEMU_NORETURN raise_for(CPUX86State *env, const Event *ev, unsigned vector, uint32_t error_code)
{
    raise_exception_err_ra(env, vector, error_code | ext_of(ev), ev->retaddr);
}

/* --- the gate --------------------------------------------------------------------------------------------- */

/* The gate of ev's vector, with its checks. Long mode: 16 bytes, 64-bit gates only. */
static Descriptor read_gate(CPUX86State *env, const Event *ev)
{
    bool long_mode = env->hflags & HF_LMA;
    unsigned size = long_mode ? 16 : 8;
    uint32_t error = ev->vector * 8 + ERROR_IDT;
    uint32_t types = long_mode ? 1 << SYS_INT32 | 1 << SYS_TRAP32
                               : 1 << SYS_TASK_GATE | 1 << SYS_INT16 | 1 << SYS_TRAP16 | 1 << SYS_INT32 |
                                 1 << SYS_TRAP32;
    Descriptor d = { 0 };
    uint64_t raw;

    if (ev->vector * size + size - 1 > env->idt.limit) {
        raise_for(env, ev, EXCP0D_GPF, error);
    }
    d.addr = x86_linear(env, env->idt.base, ev->vector * size);
    raw = sys_load(env, d.addr, MO_64, ev->retaddr);
    d.lo = raw;
    d.hi = raw >> 32;
    if (long_mode) {
        d.base_high = sys_load(env, d.addr + 8, MO_32, ev->retaddr);
    }
    if (!desc_is_system(&d) || !(types >> desc_type(&d) & 1) ||
        (ev->kind == EVENT_INT_N && desc_dpl(&d) < env_cpl(env))) {
        raise_for(env, ev, EXCP0D_GPF, error);
    }
    if (!desc_present(&d)) {
        raise_for(env, ev, EXCP0B_NOSEG, error);
    }
    return d;
}

/* The handler's code segment. */
static Descriptor read_handler_segment(CPUX86State *env, const Event *ev, uint32_t selector)
{
    bool long_mode = env->hflags & HF_LMA;
    Descriptor d;

    if (selector_is_null(selector)) {
        raise_for(env, ev, EXCP0D_GPF, 0);
    }
    if (!desc_read(env, selector, &d, ev->retaddr) || !desc_is_code(&d) || desc_dpl(&d) > env_cpl(env) ||
        (long_mode && (d.hi & (DESC_L_MASK | DESC_B_MASK)) != DESC_L_MASK)) {
        raise_for(env, ev, EXCP0D_GPF, selector & 0xfffc);
    }
    if (!desc_present(&d)) {
        raise_for(env, ev, EXCP0B_NOSEG, selector & 0xfffc);
    }
    return d;
}

/* EFLAGS as pushed: faults have RF set, so that a code breakpoint is not met again (SDM 3B:17.3.1.1). */
static uint32_t pushed_flags(CPUX86State *env, const Event *ev)
{
    uint32_t flags = x86_get_eflags(env);
    bool is_fault = ev->kind == EVENT_FAULT && ev->vector != EXCP01_DB && ev->vector != EXCP08_DBLE &&
                    ev->vector != EXCP12_MCHK;

    return is_fault ? flags | RF_MASK : flags;
}

static void enter_handler(CPUX86State *env, const Descriptor *gate, const Descriptor *code, unsigned cpl,
                          target_ulong offset)
{
    bool is_interrupt_gate = !(desc_type(gate) & 1);

    set_cs(env, gate_selector(gate), cpl, code);
    env->eip = offset;
    env->eflags &= ~(TF_MASK | VM_MASK | RF_MASK | NT_MASK | (is_interrupt_gate ? IF_MASK : 0));
}

/* --- legacy protected mode -------------------------------------------------------------------------------------- */

static void deliver_task(CPUX86State *env, const Event *ev, const Descriptor *gate)
{
    TaskSwitch ts = {
        .source = TASK_GATE_INT, .selector = gate_selector(gate), .next_eip = ev->eip,
        .push_error = ev->has_error_code, .error_code = ev->error_code, .ext = ext_of(ev), .retaddr = ev->retaddr,
    };
    uint32_t error = ts.selector & 0xfffc;

    if (ts.selector & SEL_LDT || selector_is_null(ts.selector) ||
        !desc_read_system(env, ts.selector, &ts.desc, ev->retaddr) || !desc_is_system(&ts.desc) ||
        (desc_type(&ts.desc) != SYS_TSS16 && desc_type(&ts.desc) != SYS_TSS32)) {
        raise_for(env, ev, EXCP0D_GPF, error);
    }
    if (!desc_present(&ts.desc)) {
        raise_for(env, ev, EXCP0B_NOSEG, error);
    }
    switch_task(env, &ts);
}

static void push_vm86_segments(CPUX86State *env, Stack *s, MemOp op)
{
    stack_push(s, env->segs[R_GS].selector, op);
    stack_push(s, env->segs[R_FS].selector, op);
    stack_push(s, env->segs[R_DS].selector, op);
    stack_push(s, env->segs[R_ES].selector, op);
}

static void push_frame(CPUX86State *env, Stack *s, const Event *ev, MemOp op)
{
    stack_push(s, pushed_flags(env, ev), op);
    stack_push(s, env->segs[R_CS].selector, op);
    stack_push(s, ev->eip, op);
    if (ev->has_error_code) {
        stack_push(s, ev->error_code, op);
    }
}

static void forget_vm86_segments(CPUX86State *env)
{
    env->segs[R_GS] = env->segs[R_FS] = env->segs[R_DS] = env->segs[R_ES] = null_cache(0);
}

/* To an inner level: SS:ESP come from the TSS. */
static void deliver_inner(CPUX86State *env, const Event *ev, const Descriptor *gate, const Descriptor *code)
{
    unsigned cpl = desc_dpl(code);
    MemOp op = desc_type(gate) & 8 ? MO_32 : MO_16;
    bool from_vm86 = env->hflags & HF_VM;
    uint32_t ext = ext_of(ev);
    unsigned words = 5 + ev->has_error_code + (from_vm86 ? 4 : 0);
    target_ulong offset = gate_offset(gate, op == MO_32);
    StackPointer sp;
    SegmentCache ss;
    Stack s;

    if (from_vm86 && cpl != 0) {
        raise_for(env, ev, EXCP0D_GPF, gate_selector(gate) & 0xfffc);
    }
    sp = tss_stack(env, cpl, ext, ev->retaddr);
    ss = load_inner_ss(env, sp.ss, cpl, ext, ev->retaddr);
    s = stack_new(env, &ss, sp.sp, false, cpl, (sp.ss & 0xfffc) | ext, ev->retaddr);
    stack_need_room(&s, words * memop_size(op));
    if (!code_offset_ok(env, code, offset)) {
        raise_for(env, ev, EXCP0D_GPF, 0);
    }
    if (from_vm86) {
        push_vm86_segments(env, &s, op);
    }
    stack_push(&s, env->segs[R_SS].selector, op);
    stack_push(&s, env->regs[R_ESP], op);
    push_frame(env, &s, ev, op);
    if (from_vm86) {
        forget_vm86_segments(env);
    }
    env->segs[R_SS] = ss;
    stack_commit(&s);
    enter_handler(env, gate, code, cpl, offset);
}

static void deliver_same_level(CPUX86State *env, const Event *ev, const Descriptor *gate, const Descriptor *code)
{
    MemOp op = desc_type(gate) & 8 ? MO_32 : MO_16;
    target_ulong offset = gate_offset(gate, op == MO_32);
    Stack s = stack_current(env, ev->retaddr);

    if (env->hflags & HF_VM) {
        raise_for(env, ev, EXCP0D_GPF, gate_selector(gate) & 0xfffc);
    }
    s.error = ext_of(ev);
    stack_need_room(&s, (3 + ev->has_error_code) * memop_size(op));
    if (!code_offset_ok(env, code, offset)) {
        raise_for(env, ev, EXCP0D_GPF, 0);
    }
    push_frame(env, &s, ev, op);
    stack_commit(&s);
    enter_handler(env, gate, code, env_cpl(env), offset);
}

static void deliver_legacy(CPUX86State *env, const Event *ev)
{
    Descriptor gate = read_gate(env, ev), code;

    if (desc_type(&gate) == SYS_TASK_GATE) {
        deliver_task(env, ev, &gate);
        return;
    }
    code = read_handler_segment(env, ev, gate_selector(&gate));
    desc_set_accessed(env, &code, ev->retaddr);
    if (!desc_is_conforming(&code) && desc_dpl(&code) < env_cpl(env)) {
        deliver_inner(env, ev, &gate, &code);
    } else {
        deliver_same_level(env, ev, &gate, &code);
    }
}

/* --- long mode (SDM 3A 6.14) ----------------------------------------------------------------------------------------- */

static void deliver_long(CPUX86State *env, const Event *ev)
{
    Descriptor gate = read_gate(env, ev);
    Descriptor code = read_handler_segment(env, ev, gate_selector(&gate));
    unsigned ist = gate.hi & 7;
    unsigned cpl = desc_is_conforming(&code) ? env_cpl(env) : desc_dpl(&code);
    bool inner = cpl < env_cpl(env);
    target_ulong offset = gate_offset(&gate, true), rsp;
    Stack s;

    rsp = ist ? tss_rsp(env, 3 + ist, ext_of(ev), ev->retaddr)
              : inner ? tss_rsp(env, cpl, ext_of(ev), ev->retaddr) : env->regs[R_ESP];
    if (!x86_is_canonical(env, offset)) {
        raise_for(env, ev, EXCP0D_GPF, 0);
    }
    desc_set_accessed(env, &code, ev->retaddr);
    s = stack_new(env, &env->segs[R_SS], rsp & ~(target_ulong)15, true, cpl, ext_of(ev), ev->retaddr);
    stack_push(&s, env->segs[R_SS].selector, MO_64);
    stack_push(&s, env->regs[R_ESP], MO_64);
    push_frame(env, &s, ev, MO_64);
    if (inner) {
        env->segs[R_SS] = null_cache(cpl);
        env->segs[R_SS].flags = cpl << DESC_DPL_SHIFT;
    }
    stack_commit(&s);
    enter_handler(env, &gate, &code, cpl, offset);
}

void deliver_protected(CPUX86State *env, const Event *ev)
{
    if (env->hflags & HF_LMA) {
        deliver_long(env, ev);
    } else {
        deliver_legacy(env, ev);
    }
}
