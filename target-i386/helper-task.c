/*
 * Hardware task switches, 16- and 32-bit (SDM 3A chapter 7).
 *
 * Faults before the new state is loaded leave the old task untouched; faults
 * while its segments are checked belong to the new task, at its first
 * instruction (SDM 3A 7.3, table 7-1).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/cpu.h"
#include "target-i386/system.h"

/* Places in the TSS (SDM figures 7-2 and 7-10). */
typedef struct TSSLayout {
    MemOp op;
    uint8_t eip, eflags, regs, segs, num_segs, ldt, min_limit, dynamic_end;
} TSSLayout;

static const TSSLayout layout16 = { MO_16, 14, 16, 18, 34, 4, 42, 43, 42 };
static const TSSLayout layout32 = { MO_32, 32, 36, 40, 72, 6, 96, 103, 96 };
enum { TSS32_CR3 = 28, TSS32_DEBUG_TRAP = 100 };

static const TSSLayout *layout_of(unsigned type)
{
    return type & 8 ? &layout32 : &layout16;
}

/* What the new task starts with. */
typedef struct TaskState {
    uint32_t eip, eflags, cr3, regs[8], segs[6], ldt;
    bool debug_trap;
} TaskState;

static unsigned reg_offset(const TSSLayout *l, unsigned i) { return l->regs + i * memop_size(l->op); }
/* A selector takes a whole word of the TSS's width. */
static unsigned seg_offset(const TSSLayout *l, unsigned i) { return l->segs + i * memop_size(l->op); }

static TaskState read_task(CPUX86State *env, const TSSLayout *l, target_ulong base, uintptr_t retaddr)
{
    TaskState t = { 0 };

    t.eip = sys_load(env, x86_linear(env, base, l->eip), l->op, retaddr);
    t.eflags = sys_load(env, x86_linear(env, base, l->eflags), l->op, retaddr);
    for (unsigned i = 0; i < 8; i++) {
        t.regs[i] = sys_load(env, x86_linear(env, base, reg_offset(l, i)), l->op, retaddr);
        if (l->op == MO_16) {
            t.regs[i] |= 0xffff0000;
        }
    }
    for (unsigned i = 0; i < l->num_segs; i++) {
        t.segs[i] = sys_load(env, x86_linear(env, base, seg_offset(l, i)), MO_16, retaddr);
    }
    t.ldt = sys_load(env, x86_linear(env, base, l->ldt), MO_16, retaddr);
    if (l->op == MO_32) {
        t.cr3 = sys_load(env, x86_linear(env, base, TSS32_CR3), MO_32, retaddr);
        t.debug_trap = sys_load(env, x86_linear(env, base, TSS32_DEBUG_TRAP), MO_16, retaddr) & 1;
    }
    return t;
}

/* Both pages of the fields written must be there before anything is written. */
static void probe_old_task(CPUX86State *env, const TSSLayout *l, uintptr_t retaddr)
{
    int idx = implicit_mmu_idx(env);

    probe_access(env, x86_linear(env, env->tr.base, l->eip), 1, MMU_DATA_STORE, idx, retaddr);
    probe_access(env, x86_linear(env, env->tr.base, l->dynamic_end - 1), 1, MMU_DATA_STORE, idx, retaddr);
}

static void save_task(CPUX86State *env, const TaskSwitch *ts)
{
    const TSSLayout *l = layout_of(env->tr.flags >> DESC_TYPE_SHIFT & 15);
    target_ulong base = env->tr.base;
    uint32_t eflags = x86_get_eflags(env);

    if (ts->source == TASK_IRET) {
        eflags &= ~NT_MASK;
    }
    probe_old_task(env, l, ts->retaddr);
    sys_store(env, x86_linear(env, base, l->eip), ts->next_eip, l->op, ts->retaddr);
    sys_store(env, x86_linear(env, base, l->eflags), eflags, l->op, ts->retaddr);
    for (unsigned i = 0; i < 8; i++) {
        sys_store(env, x86_linear(env, base, reg_offset(l, i)), env->regs[i], l->op, ts->retaddr);
    }
    for (unsigned i = 0; i < l->num_segs; i++) {
        sys_store(env, x86_linear(env, base, seg_offset(l, i)), env->segs[i].selector, MO_16, ts->retaddr);
    }
}

static void set_busy(CPUX86State *env, vaddr desc_addr, bool busy, uintptr_t retaddr)
{
    MemOpIdx oi = make_memop_idx(MO_8, implicit_mmu_idx(env));

    if (busy) {
        cpu_atomic_fetch_or_mmu(env, desc_addr + 5, DESC_TSS_BUSY_MASK >> 8, oi, retaddr);
    } else {
        cpu_atomic_fetch_and_mmu(env, desc_addr + 5, (uint8_t)~(DESC_TSS_BUSY_MASK >> 8), oi, retaddr);
    }
}

/* --- segments of the new task: errors are #TS in it -------------------------------------------------------------- */

static void QEMU_NORETURN raise_ts(CPUX86State *env, uint32_t selector, uint32_t ext)
{
    raise_exception_err_ra(env, EXCP0A_TSS, (selector & 0xfffc) | ext, 0);
}

static void task_load_cs(CPUX86State *env, uint32_t selector, uint32_t ext)
{
    unsigned rpl = selector & SEL_RPL;
    Descriptor d;

    if (selector_is_null(selector) || !desc_read(env, selector, &d, 0) || !desc_is_code(&d) ||
        (desc_is_conforming(&d) ? desc_dpl(&d) > rpl : desc_dpl(&d) != rpl)) {
        raise_ts(env, selector, ext);
    }
    if (!desc_present(&d)) {
        raise_exception_err_ra(env, EXCP0B_NOSEG, (selector & 0xfffc) | ext, 0);
    }
    desc_set_accessed(env, &d, 0);
    env->segs[R_CS] = desc_cache(selector, &d);
}

static void task_load_ss(CPUX86State *env, uint32_t selector, unsigned cpl, uint32_t ext)
{
    Descriptor d;

    if (selector_is_null(selector) || !desc_read(env, selector, &d, 0) || !desc_is_writable_data(&d) ||
        desc_dpl(&d) != cpl || (selector & SEL_RPL) != cpl) {
        raise_ts(env, selector, ext);
    }
    if (!desc_present(&d)) {
        raise_exception_err_ra(env, EXCP0C_STACK, (selector & 0xfffc) | ext, 0);
    }
    desc_set_accessed(env, &d, 0);
    env->segs[R_SS] = desc_cache(selector, &d);
}

static void task_load_data(CPUX86State *env, unsigned seg, uint32_t selector, unsigned cpl, uint32_t ext)
{
    Descriptor d;

    if (selector_is_null(selector)) {
        env->segs[seg] = null_cache(selector);
        return;
    }
    if (!desc_read(env, selector, &d, 0) || !desc_is_readable(&d) ||
        (!desc_is_conforming(&d) && desc_dpl(&d) < MAX(selector & SEL_RPL, cpl))) {
        raise_ts(env, selector, ext);
    }
    if (!desc_present(&d)) {
        raise_exception_err_ra(env, EXCP0B_NOSEG, (selector & 0xfffc) | ext, 0);
    }
    desc_set_accessed(env, &d, 0);
    env->segs[seg] = desc_cache(selector, &d);
}

static void load_task_segments(CPUX86State *env, const TaskState *t, uint32_t ext)
{
    unsigned cpl = t->segs[R_CS] & SEL_RPL;

    if (t->eflags & VM_MASK) {
        for (unsigned i = 0; i < SEG_COUNT; i++) {
            env->segs[i] = vm86_cache(t->segs[i]);
        }
        return;
    }
    task_load_cs(env, t->segs[R_CS], ext);
    x86_update_hflags(env);
    task_load_ss(env, t->segs[R_SS], cpl, ext);
    task_load_data(env, R_ES, t->segs[R_ES], cpl, ext);
    task_load_data(env, R_DS, t->segs[R_DS], cpl, ext);
    task_load_data(env, R_FS, t->segs[R_FS], cpl, ext);
    task_load_data(env, R_GS, t->segs[R_GS], cpl, ext);
}

/* Until they are checked, the segments hold their selectors and nothing can be accessed through them. */
static void clear_segments(CPUX86State *env, const TaskState *t)
{
    unsigned cpl = t->eflags & VM_MASK ? 3 : t->segs[R_CS] & SEL_RPL;

    for (unsigned i = 0; i < SEG_COUNT; i++) {
        env->segs[i] = null_cache(t->segs[i]);
    }
    env->segs[R_CS].flags = env->segs[R_SS].flags = cpl << DESC_DPL_SHIFT;
}

static void push_error_code(CPUX86State *env, const TaskSwitch *ts, const TSSLayout *l)
{
    Stack s = stack_current(env, 0);

    s.error = ts->ext;
    stack_push(&s, ts->error_code, l->op);
    stack_commit(&s);
}

/* --- the switch ------------------------------------------------------------------------------------------------------- */

static void commit_task(CPUX86State *env, const TaskSwitch *ts, const TSSLayout *l, TaskState *t)
{
    bool nested = ts->source == TASK_CALL || ts->source == TASK_GATE_INT;

    if (nested) {
        t->eflags |= NT_MASK;
    }
    env->tr = desc_cache(ts->selector, &ts->desc);
    env->tr.flags |= DESC_TSS_BUSY_MASK;
    env->cr[0] |= CR0_TS_MASK;
    if (l->op == MO_32 && env->cr[0] & CR0_PG_MASK && t->cr3 != env->cr[3]) {
        x86_set_cr3(env, t->cr3);
    }
    for (unsigned i = 0; i < 8; i++) {
        env->regs[i] = t->regs[i];
    }
    env->eip = t->eip;
    env->dr[7] &= ~UINT32_C(0x155);         /* local breakpoints belong to the old task */
    x86_update_breakpoints(env);
    clear_segments(env, t);
    env->ldt = null_cache(t->ldt);
    x86_set_eflags(env, l->op == MO_16 ? t->eflags & 0xffff : t->eflags);
    x86_update_hflags(env);
}

void switch_task(CPUX86State *env, const TaskSwitch *ts)
{
    const TSSLayout *l = layout_of(desc_type(&ts->desc));
    uint32_t old_selector = env->tr.selector;
    target_ulong new_base = desc_base(&ts->desc);
    TaskState t;
    Descriptor old;

    if (desc_limit(&ts->desc) < l->min_limit) {
        raise_exception_err_ra(env, EXCP0A_TSS, (ts->selector & 0xfffc) | ts->ext, ts->retaddr);
    }
    t = read_task(env, l, new_base, ts->retaddr);
    save_task(env, ts);
    if ((ts->source == TASK_JMP || ts->source == TASK_IRET) &&
        desc_read(env, old_selector, &old, ts->retaddr)) {
        set_busy(env, old.addr, false, ts->retaddr);
    }
    if (ts->source == TASK_CALL || ts->source == TASK_GATE_INT) {
        sys_store(env, x86_linear(env, new_base, 0), old_selector, MO_16, ts->retaddr);
    }
    if (ts->source != TASK_IRET) {
        set_busy(env, ts->desc.addr, true, ts->retaddr);
    }
    if (ts->retaddr) {
        cpu_restore_state(env_cpu(env), ts->retaddr);   /* faults from here on are the new task's */
    }
    commit_task(env, ts, l, &t);
    load_ldt(env, t.ldt, EXCP0A_TSS, ts->ext, 0);
    load_task_segments(env, &t, ts->ext);
    x86_update_hflags(env);
    if (t.eip > env->segs[R_CS].limit) {
        raise_exception_err_ra(env, EXCP0D_GPF, ts->ext, 0);
    }
    if (ts->push_error) {
        push_error_code(env, ts, l);
    }
    if (t.debug_trap) {
        raise_debug(env, DR6_BT, 0);
    }
}
