/*
 * Exceptions and interrupts: how they are raised, merged into double and
 * triple faults, accepted between instructions, and delivered in real mode
 * (SDM 3A chapter 6). Gates of the protected-mode IDT are helper-gate.c's.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/main-loop.h"
#include "target-i386/cpu.h"
#include "target-i386/board.h"
#include "target-i386/system.h"
#define HELPER_H "target-i386/helper.h"
#include "tcg/helper-proto.h"

/* --- raising ----------------------------------------------------------------------------------------------- */

typedef enum ExceptionClass { BENIGN, CONTRIBUTORY, PAGE_FAULT, DOUBLE_FAULT } ExceptionClass;

/* SDM table 6-4. */
static ExceptionClass exception_class(int vector)
{
    switch (vector) {
    case EXCP00_DIVZ: case EXCP0A_TSS: case EXCP0B_NOSEG: case EXCP0C_STACK: case EXCP0D_GPF:
        return CONTRIBUTORY;
    case EXCP0E_PAGE:
        return PAGE_FAULT;
    case EXCP08_DBLE:
        return DOUBLE_FAULT;
    default:
        return BENIGN;
    }
}

static bool has_error_code(unsigned vector)
{
    return vector == EXCP08_DBLE || (vector >= EXCP0A_TSS && vector <= EXCP0E_PAGE) || vector == EXCP11_ALGN;
}

const char *x86_exception_name(unsigned vector)
{
    static const char *const names[] = {
        "#DE", "#DB", "NMI", "#BP", "#OF", "#BR", "#UD", "#NM", "#DF", "#MF(9)", "#TS", "#NP", "#SS", "#GP", "#PF",
        "15", "#MF", "#AC", "#MC", "#XM",
    };

    return vector < ARRAY_SIZE(names) ? names[vector] : "interrupt";
}

static void note_fault(CPUX86State *env, unsigned vector, uint32_t error_code)
{
    if (env->old_exception < 0) {
        env->num_faults = 0;
    }
    if (env->num_faults < ARRAY_SIZE(env->faults)) {
        env->faults[env->num_faults++] = (X86Fault) {
            .vector = vector, .selector = env->segs[R_CS].selector, .error_code = error_code, .eip = env->eip,
            .cr2 = env->cr[2],
        };
    }
}

/* "#PF(0002) CR2 .. at 0008:.., then #GP(0072), then .." of the faults noted. */
static char *describe_faults(const CPUX86State *env)
{
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < env->num_faults; i++) {
        const X86Fault *fault = &env->faults[i];

        g_string_append_printf(text, "%s%s(%04x)", i ? ", then " : "", x86_exception_name(fault->vector),
                               fault->error_code);
        if (fault->vector == EXCP0E_PAGE) {
            g_string_append_printf(text, " CR2 " TARGET_FMT_lx, fault->cr2);
        }
    }
    g_string_append_printf(text, " at %04x:" TARGET_FMT_lx, env->faults[0].selector, env->faults[0].eip);
    return g_string_free(text, false);
}

static void log_double_fault(CPUX86State *env)
{
    if (qemu_loglevel_mask(CPU_LOG_INT)) {
        FILE *f = qemu_log_trylock();

        if (f) {
            char *faults = describe_faults(env);

            fprintf(f, "double fault: %s\n", faults);
            x86_explain_faults(env, f);
            g_free(faults);
            qemu_log_unlock(f);
        }
    }
}

static void QEMU_NORETURN triple_fault(CPUX86State *env)
{
    char *faults = describe_faults(env), *why = g_strdup_printf("triple fault: %s", faults);

    env->old_exception = -1;
    g_free(faults);
    x86_shut_down(env, why);
}

/* The vector that comes of `vector` while another is being delivered (SDM table 6-5). */
static unsigned merge_exceptions(CPUX86State *env, unsigned vector, uint32_t *error_code)
{
    ExceptionClass first = env->old_exception < 0 ? BENIGN : exception_class(env->old_exception);
    ExceptionClass second = exception_class(vector);

    note_fault(env, vector, *error_code);
    if (first == DOUBLE_FAULT && second != BENIGN) {
        triple_fault(env);
    }
    if ((first == CONTRIBUTORY && second == CONTRIBUTORY) || (first == PAGE_FAULT && second != BENIGN)) {
        log_double_fault(env);
        *error_code = 0;
        return EXCP08_DBLE;
    }
    return vector;
}

void raise_exception_err_ra(CPUX86State *env, unsigned vector, uint32_t error_code, uintptr_t retaddr)
{
    CPUState *cpu = env_cpu(env);

    if (retaddr) {
        cpu_restore_state(cpu, retaddr);
    }
    vector = merge_exceptions(env, vector, &error_code);
    env->old_exception = -1;
    cpu->exception_index = vector;
    env->error_code = error_code;
    env->exception_has_error_code = has_error_code(vector);
    env->exception_is_int = false;
    cpu_loop_exit(cpu);
}

void raise_exception_ra(CPUX86State *env, unsigned vector, uintptr_t retaddr)
{
    raise_exception_err_ra(env, vector, 0, retaddr);
}

/* --- delivery ---------------------------------------------------------------------------------------------- */

static void deliver_real(CPUX86State *env, const Event *ev)
{
    Stack s = stack_current(env, ev->retaddr);
    uint32_t entry;

    if (ev->vector * 4 + 3 > env->idt.limit) {
        raise_exception_err_ra(env, EXCP0D_GPF, ev->vector * 8 + 2, ev->retaddr);
    }
    entry = sys_load(env, x86_linear(env, env->idt.base, ev->vector * 4), MO_32, ev->retaddr);
    stack_push(&s, x86_get_eflags(env), MO_16);
    stack_push(&s, env->segs[R_CS].selector, MO_16);
    stack_push(&s, ev->eip, MO_16);
    stack_commit(&s);
    env->eip = entry & 0xffff;
    env->segs[R_CS].selector = entry >> 16;
    env->segs[R_CS].base = (entry >> 16) << 4;
    env->eflags &= ~(IF_MASK | TF_MASK | AC_MASK | RF_MASK);
}

static void log_event(CPUX86State *env, const Event *ev)
{
    static unsigned count;
    FILE *f = qemu_log_trylock();

    if (f) {
        fprintf(f, "%6u: v=%02x e=%04x i=%d cpl=%u IP=%04x:" TARGET_FMT_lx " pc=" TARGET_FMT_lx
                " SP=%04x:" TARGET_FMT_lx, count++, ev->vector, ev->has_error_code ? ev->error_code : 0,
                ev->kind == EVENT_INT_N, env_cpl(env), env->segs[R_CS].selector, env->eip,
                (target_ulong)(env->segs[R_CS].base + env->eip), env->segs[R_SS].selector, env->regs[R_ESP]);
        if (ev->vector == EXCP0E_PAGE) {
            fprintf(f, " CR2=" TARGET_FMT_lx "\n", env->cr[2]);
        } else {
            fprintf(f, " env->regs[R_EAX]=" TARGET_FMT_lx "\n", env->regs[R_EAX]);
        }
        x86_cpu_dump_state(env_cpu(env), f, 0);
        qemu_log_unlock(f);
    }
}

void deliver_event(CPUX86State *env, const Event *ev)
{
    if (qemu_loglevel_mask(CPU_LOG_INT)) {
        log_event(env, ev);
    }
    env->old_exception = ev->kind == EVENT_FAULT ? (int)ev->vector : -1;
    if (env->hflags & HF_PE) {
        deliver_protected(env, ev);
    } else {
        deliver_real(env, ev);
    }
    env->old_exception = -1;
    env->hflags &= ~HF_INHIBIT_IRQ;
    x86_update_hflags(env);
}

void x86_cpu_do_interrupt(CPUState *cpu)
{
    CPUX86State *env = cpu->env;
    unsigned vector = cpu->exception_index;
    const Event ev = {
        .kind = EVENT_FAULT, .vector = vector, .has_error_code = env->exception_has_error_code,
        .error_code = env->error_code, .eip = env->eip,
    };

    cpu->exception_index = -1;
    if (vector == EXCP01_DB) {
        x86_debug_delivered(env);
    }
    deliver_event(env, &ev);
}

/* --- software interrupts ------------------------------------------------------------------------------------- */

/* Virtual-8086 mode with VME: does the TSS's bitmap send INT n to the program's own handler? (SDM 3B:20.3) */
static bool is_redirected(CPUX86State *env, unsigned vector, uintptr_t retaddr)
{
    uint32_t io_map, byte;

    if (!(env->cr[4] & CR4_VME_MASK) || (env->tr.flags >> DESC_TYPE_SHIFT & 15) < SYS_TSS32 ||
        env->tr.limit < 0x67) {
        return false;
    }
    io_map = sys_load(env, x86_linear(env, env->tr.base, 0x66), MO_16, retaddr);
    byte = io_map - 32 + vector / 8;
    if (io_map < 32 || byte > env->tr.limit) {
        raise_exception_err_ra(env, EXCP0D_GPF, 0, retaddr);
    }
    return !(sys_load(env, x86_linear(env, env->tr.base, byte), MO_8, retaddr) >> (vector & 7) & 1);
}

/* INT n to the 8086 program's handler: with IOPL below 3 it sees VIF in the place of IF. */
static void deliver_vm86_redirected(CPUX86State *env, unsigned vector, target_ulong next_eip, uintptr_t retaddr)
{
    Stack s = stack_current(env, retaddr);
    uint32_t entry = cpu_ld_mmu(env, vector * 4, make_memop_idx(MO_32, MMU_USER_IDX), retaddr);
    uint32_t flags = x86_get_eflags(env);
    bool virtual_if = (flags & IOPL_MASK) != IOPL_MASK;

    if (virtual_if) {
        flags = (flags & ~IF_MASK) | IOPL_MASK | (flags & VIF_MASK ? IF_MASK : 0);
    }
    stack_push(&s, flags, MO_16);
    stack_push(&s, env->segs[R_CS].selector, MO_16);
    stack_push(&s, next_eip, MO_16);
    stack_commit(&s);
    env->eip = entry & 0xffff;
    env->segs[R_CS] = vm86_cache(entry >> 16);
    env->eflags &= ~(virtual_if ? VIF_MASK | TF_MASK | NT_MASK : IF_MASK | TF_MASK | NT_MASK);
    x86_update_hflags(env);
}

/* INT n; cc_op is stored, eip is that of the instruction. */
void helper_int_n(CPUX86State *env, uint32_t vector, target_ulong next_eip)
{
    const Event ev = { .kind = EVENT_INT_N, .vector = vector, .eip = next_eip, .retaddr = GETPC() };

    if (env->hflags & HF_VM) {
        if (is_redirected(env, vector, GETPC())) {
            deliver_vm86_redirected(env, vector, next_eip, GETPC());
            return;
        }
        if ((env->eflags & IOPL_MASK) != IOPL_MASK) {
            raise_exception_err_ra(env, EXCP0D_GPF, 0, GETPC());
        }
    }
    deliver_event(env, &ev);
}

/* INT3 and INTO: traps that check the gate's DPL, IOPL does not count. */
void helper_int_trap(CPUX86State *env, uint32_t vector, target_ulong next_eip)
{
    const Event ev = { .kind = EVENT_INT_N, .vector = vector, .eip = next_eip, .retaddr = GETPC() };

    deliver_event(env, &ev);
}

/* INT1. */
void helper_int1(CPUX86State *env, target_ulong next_eip)
{
    const Event ev = { .kind = EVENT_INT1, .vector = EXCP01_DB, .eip = next_eip, .retaddr = GETPC() };

    deliver_event(env, &ev);
}

void helper_raise_exception(CPUX86State *env, uint32_t vector)
{
    raise_exception_ra(env, vector, GETPC());
}

void helper_raise_exception_err(CPUX86State *env, uint32_t vector, uint32_t error_code)
{
    raise_exception_err_ra(env, vector, error_code, GETPC());
}

/* A debugger steps: eip is right. */
void helper_debug(CPUX86State *env)
{
    env_cpu(env)->exception_index = EXCP_DEBUG;
    cpu_loop_exit(env_cpu(env));
}

/* --- the shadow of STI and MOV SS ------------------------------------------------------------------------------ */

void helper_begin_inhibit_irq(CPUX86State *env)
{
    env->hflags |= HF_INHIBIT_IRQ;
    tb_key_update(env_cpu(env));
}

/* At the head of the block of the instruction in the shadow. */
void helper_end_inhibit_irq(CPUX86State *env)
{
    env->hflags &= ~HF_INHIBIT_IRQ;
    tb_key_update(env_cpu(env));
    x86_interrupts_enabled(env);
}

/* --- between instructions -------------------------------------------------------------------------------------- */

static void deliver_external(CPUX86State *env, unsigned vector)
{
    const Event ev = { .kind = EVENT_EXTERNAL, .vector = vector, .eip = env->eip };

    deliver_event(env, &ev);
}

static bool accepts_interrupts(const CPUX86State *env)
{
    return env->eflags & IF_MASK && !(env->hflags & HF_INHIBIT_IRQ);
}

/* What of `request` would be taken now, by priority (SDM table 6-2); 0: nothing. */
static int acceptable(const CPUX86State *env, int request)
{
    if (request & CPU_INTERRUPT_INIT && !(env->hflags & HF_SMM)) {
        return CPU_INTERRUPT_INIT;
    }
    if (request & CPU_INTERRUPT_SIPI && env->wait_for_sipi) {
        return CPU_INTERRUPT_SIPI;
    }
    if (env->wait_for_sipi || env->shut_down) {
        return 0;
    }
    if (request & CPU_INTERRUPT_SMI && !(env->hflags & HF_SMM)) {
        return CPU_INTERRUPT_SMI;
    }
    if (request & CPU_INTERRUPT_NMI && !env->nmi_blocked && !(env->hflags & HF_INHIBIT_IRQ)) {
        return CPU_INTERRUPT_NMI;
    }
    if (request & CPU_INTERRUPT_MCE) {
        return CPU_INTERRUPT_MCE;
    }
    if (request & CPU_INTERRUPT_HARD && accepts_interrupts(env)) {
        return CPU_INTERRUPT_HARD;
    }
    return 0;
}

static void take_hardware_interrupt(CPUState *cpu)
{
    CPUX86State *env = cpu->env;
    int vector = x86_board_acknowledge(env);

    if (vector >= 0) {
        deliver_external(env, vector);
    }
}

bool x86_cpu_exec_interrupt(CPUState *cpu, int interrupt_request)
{
    CPUX86State *env = cpu->env;
    int taken = acceptable(env, interrupt_request);

    if (taken && taken != CPU_INTERRUPT_HARD) {
        cpu_reset_interrupt(cpu, taken);
    }
    switch (taken) {
    case CPU_INTERRUPT_INIT:
        x86_cpu_init_signal(cpu);
        return !cpu->halted;            /* else exception_index leads out of the loop */
    case CPU_INTERRUPT_SIPI:
        x86_cpu_start_up(cpu);
        return true;
    case CPU_INTERRUPT_SMI:
        x86_enter_smm(cpu);
        return true;
    case CPU_INTERRUPT_NMI:
        env->nmi_blocked = true;
        deliver_external(env, EXCP02_NMI);
        return true;
    case CPU_INTERRUPT_MCE:
        deliver_external(env, EXCP12_MCHK);
        return true;
    case CPU_INTERRUPT_HARD:
        take_hardware_interrupt(cpu);
        return true;
    default:
        return false;
    }
}

bool x86_cpu_has_work(CPUState *cpu)
{
    return (cpu->interrupt_request & CPU_INTERRUPT_RESET) || acceptable(cpu->env, cpu->interrupt_request);
}
