/*
 * The dispatch loop of one guest CPU: exceptions, interrupts, block lookup,
 * running and chaining blocks. Making blocks is translate-all.c's, keeping them tb-store.c's.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/main-loop.h"
#include "qemu/symbols.h"
#include "exec/exec-all.h"
#include "exec/tb-internal.h"
#include "exec/tb-jmp-cache.h"
#include "sysemu/sysemu.h"
#include "tcg/tcg.h"
#include "trace/root.h"

bool singlestep_one_insn;

void cpu_loop_exit(CPUState *cpu)
{
    siglongjmp(cpu->jmp_env, 1);
}

void cpu_loop_exit_restore(CPUState *cpu, uintptr_t retaddr)
{
    if (retaddr) {
        cpu_restore_state(cpu, retaddr);
    }
    cpu_loop_exit(cpu);
}

void cpu_restart_insn(CPUState *cpu, uintptr_t ra)
{
    cpu_restore_state(cpu, ra);
    cpu->exception_index = -1;
    cpu->restart_insn = true;
    cpu_loop_exit(cpu);
}

/* The cflags that hold for every block made now. */
static uint32_t curr_cflags(CPUState *cpu)
{
    uint32_t cflags = 0;

    if (icount_enabled()) {
        cflags |= CF_USE_ICOUNT;
    }
    if (cpu->next || cpu != first_cpu) {
        cflags |= CF_PARALLEL;
    }
    if (unlikely(cpu->singlestep_enabled)) {
        cflags |= CF_NO_GOTO_TB | CF_NO_GOTO_PTR | CF_SINGLE_STEP | 1;
    } else if (unlikely(singlestep_one_insn)) {
        cflags |= CF_NO_GOTO_TB | CF_NO_GOTO_PTR | 1;
    } else if (qemu_loglevel_mask(CPU_LOG_TB_NOCHAIN)) {
        cflags |= CF_NO_GOTO_TB | CF_NO_GOTO_PTR;
    } else if (unlikely(cpu->breakpoints->len)) {
        cflags |= CF_NO_GOTO_PTR;
    }
    return cflags;
}

/*
 * Breakpoints: stop when one is at pc; otherwise blocks on a page with a
 * breakpoint hold one instruction and are not chained.
 */
static bool check_for_breakpoints(CPUState *cpu, vaddr pc, uint32_t *cflags)
{
    for (guint i = 0; i < cpu->breakpoints->len; i++) {
        CPUBreakpoint *bp = &g_array_index(cpu->breakpoints, CPUBreakpoint, i);

        if (bp->pc == pc) {
            cpu->exception_index = EXCP_DEBUG;
            return true;
        }
        if (((bp->pc ^ pc) & TARGET_PAGE_MASK) == 0) {
            *cflags = (*cflags & ~CF_COUNT_MASK) | CF_NO_GOTO_TB | CF_NO_GOTO_PTR | 1;
        }
    }
    return false;
}

static inline void tb_jmp_cache_put(CPUState *cpu, TranslationBlock *tb)
{
    CPUNeg *neg = cpu_neg(cpu);
    unsigned hash = tb_jmp_cache_hash(neg->tb_key ^ tb->pc);
    TBJumpCacheEntry *entry = &neg->jmp_cache[hash];

    if (tb->page_addr[0] != (ram_addr_t)-1 && !(qatomic_read(&tb->cflags) & (CF_NO_GOTO_PTR | CF_COUNT_MASK))) {
        entry->code = tb->code;
        qatomic_set(&cpu->jmp_cache_tbs[hash], tb);
        qatomic_set(&entry->key, neg->tb_key ^ tb->pc);
        /* Who invalidates it marks it first, then looks here. */
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
        if (unlikely(qatomic_read(&tb->cflags) & CF_INVALID)) {
            qatomic_set(&entry->key, UINT64_MAX);
        }
    }
}

/*
 * The block for the CPU's state: jump cache, hash, or translated now. When the
 * previous block left through slot `slot` of last_tb, the two are chained.
 */
static __attribute__((noinline)) TranslationBlock *
tb_find(CPUState *cpu, TranslationBlock *last_tb, int slot, vaddr pc, uint32_t flags, uint32_t cflags)
{
    CPUNeg *neg = cpu_neg(cpu);
    uint32_t hash = tb_jmp_cache_hash(neg->tb_key ^ pc);
    TranslationBlock *tb = NULL;

    if (qatomic_read(&neg->jmp_cache[hash].key) == (neg->tb_key ^ pc) && !(cflags & ~(CF_PARALLEL | CF_USE_ICOUNT))) {
        tb = cpu->jmp_cache_tbs[hash];
    }
    if (!tb) {
        tb = tb_htable_lookup(cpu, pc, flags, cflags);
        if (!tb) {
            tb = tb_gen_code(cpu, pc, flags, cflags);
        }
        tb_jmp_cache_put(cpu, tb);
    }
    if (last_tb && !(qatomic_read(&last_tb->cflags) & CF_NO_GOTO_TB) && tb->page_addr[0] != (ram_addr_t)-1 &&
        tb->page_addr[1] == (ram_addr_t)-1) {
        tb_add_jump(last_tb, slot, tb);
    }
    return tb;
}

static bool cpu_handle_halt(CPUState *cpu)
{
    bool halted = cpu->halted;

    if (halted) {
        qemu_mutex_lock_iothread();
        if (cpu->cc->has_work(cpu)) {
            cpu->halted = 0;
            halted = false;
        }
        qemu_mutex_unlock_iothread();
    }
    return halted;
}

/* True: cpu_exec returns *ret. */
static bool cpu_handle_exception(CPUState *cpu, int *ret)
{
    if (cpu->exception_index < 0) {
        return false;
    }
    if (cpu->exception_index >= EXCP_INTERRUPT) {
        *ret = cpu->exception_index;
        if (*ret == EXCP_DEBUG && cpu->cc->debug_excp_handler) {
            cpu->cc->debug_excp_handler(cpu);
        }
        cpu->exception_index = -1;
        return true;
    }
    if (trace_cpu_exception_enabled()) {
        trace_cpu_exception(cpu->cpu_index, cpu->cc->get_pc(cpu), cpu->exception_index);
    }
    cpu->watchpoint_hit.len = 0;        /* the instruction did not get to its end */
    if (cpu->cc->exceptions_unlocked) {
        cpu->cc->do_interrupt(cpu);
    } else {
        qemu_mutex_lock_iothread();
        cpu->cc->do_interrupt(cpu);
        qemu_mutex_unlock_iothread();
    }
    cpu->exception_index = -1;
    tb_key_update(cpu);
    if (unlikely(cpu->singlestep_enabled || cpu->watchpoint_hit.len)) {
        *ret = EXCP_DEBUG;
        return true;
    }
    return false;
}

/* True: look at cpu->exception_index again before running more code. */
static bool cpu_handle_interrupt(CPUState *cpu, TranslationBlock **last_tb)
{
    if (unlikely(cpu->watchpoint_hit.len)) {
        return false;                   /* first comes the rest of the instruction */
    }
    if (unlikely(qatomic_read(&cpu_neg(cpu)->exit_request))) {
        /* Cleared before the request is read: a later one sets it again. */
        qatomic_xchg(&cpu_neg(cpu)->exit_request, 0);
    }
    if (unlikely(qatomic_read(&cpu->stop) || qatomic_read(&cpu->work) || cpu_exclusive_wanted())) {
        cpu->exception_index = EXCP_INTERRUPT;  /* before an interrupt: a profile sees where it came */
        return true;
    }
    if (unlikely(qatomic_read(&cpu->interrupt_request))) {
        qemu_mutex_lock_iothread();
        uint32_t request = cpu->interrupt_request;

        if (request & CPU_INTERRUPT_DEBUG) {
            cpu->interrupt_request &= ~CPU_INTERRUPT_DEBUG;
            cpu->exception_index = EXCP_DEBUG;
        } else if (request & CPU_INTERRUPT_HALT) {
            cpu->interrupt_request &= ~CPU_INTERRUPT_HALT;
            cpu->halted = 1;
            cpu->exception_index = EXCP_HLT;
        } else if (request & CPU_INTERRUPT_RESET) {
            cpu->interrupt_request &= ~CPU_INTERRUPT_RESET;
            cpu_reset(cpu);
            tb_key_update(cpu);
            *last_tb = NULL;
        } else {
            if (request & CPU_INTERRUPT_EXITTB) {
                cpu->interrupt_request &= ~CPU_INTERRUPT_EXITTB;
                *last_tb = NULL;
            }
            if (!(cpu->singlestep_enabled & SSTEP_NOIRQ) && cpu->cc->exec_interrupt(cpu, request)) {
                cpu->exception_index = cpu->watchpoint_hit.len ? EXCP_DEBUG : -1;
                tb_key_update(cpu);
                *last_tb = NULL;
            }
        }
        qemu_mutex_unlock_iothread();
        if (cpu->exception_index >= 0) {
            return true;
        }
    }
    return false;
}

static void log_cpu_exec(CPUState *cpu, vaddr pc, const TranslationBlock *tb)
{
    if (qemu_loglevel_mask(CPU_LOG_EXEC | CPU_LOG_TB_CPU) && qemu_log_in_addr_range(pc)) {
        FILE *f = qemu_log_trylock();

        if (f) {
            if (qemu_loglevel_mask(CPU_LOG_EXEC)) {
                const char *name = symbol_lookup(pc, NULL);

                fprintf(f, "Trace %d: %p [%08" PRIx64 "/%08x/%08x] %s\n", cpu->cpu_index, tb->code, pc,
                        tb->flags, tb->cflags, name ? name : "");
            }
            if (qemu_loglevel_mask(CPU_LOG_TB_CPU)) {
                cpu->cc->dump_state(cpu, f, qemu_loglevel_mask(CPU_LOG_TB_FPU) ? DUMP_FPU | DUMP_VPU : 0);
            }
            qemu_log_unlock(f);
        }
    }
}

/*
 * What a block's return value asks for. Sets *last_tb and *slot when the exit
 * can be chained. True: the slice of -icount is used up.
 */
static bool tb_exit_value(CPUState *cpu, uintptr_t value, TranslationBlock **last_tb, int *slot)
{
    TranslationBlock *tb = (TranslationBlock *)(value & ~(uintptr_t)TB_EXIT_MASK);

    *slot = value & TB_EXIT_MASK;
    *last_tb = NULL;
    switch (*slot) {
    case TB_EXIT_REQUESTED:
        return false;
    case TB_EXIT_ICOUNT:
        return true;
    case TB_EXIT_HOT:
        tb_make_region(cpu, tb);
        return false;
    default:
        *last_tb = tb;
        return false;
    }
}

/* A few instructions remain in the slice: run exactly those. */
static uint32_t icount_tail_cflags(CPUState *cpu, uint32_t cflags)
{
    int32_t left = cpu_neg(cpu)->icount_left;

    return (cflags & ~CF_COUNT_MASK) | CF_NO_GOTO_TB | CF_NO_GOTO_PTR | MIN(left, 255);
}

/* The instruction of cpu_restart_insn(), alone; for a watchpoint, to its end whatever happens. */
static uint32_t restart_cflags(CPUState *cpu, uint32_t cflags)
{
    cpu->restart_insn = false;
    return (cflags & ~CF_COUNT_MASK) | CF_NO_GOTO_TB | CF_NO_GOTO_PTR | (cpu->watchpoint_hit.len ? CF_NO_IRQ : 0) | 1;
}

/* What surrounds a stay in cpu_exec. */
static void exec_enter(CPUState *cpu)
{
    current_cpu = cpu;
    tb_key_update(cpu);
    if (cpu->cc->exec_enter) {
        cpu->cc->exec_enter(cpu);
    }
}

static void exec_leave(CPUState *cpu)
{
    cpu->in_exec = false;
    if (cpu->cc->exec_leave) {
        cpu->cc->exec_leave(cpu);
    }
}

int cpu_exec(CPUState *cpu)
{
    TranslationBlock *volatile keep_last = NULL;
    volatile bool tail = false;
    int ret;

    if (cpu_handle_halt(cpu)) {
        return EXCP_HALTED;
    }
    exec_enter(cpu);
    if (sigsetjmp(cpu->jmp_env, 0)) {
        if (qemu_mutex_iothread_locked()) {
            qemu_mutex_unlock_iothread();
        }
        keep_last = NULL;
        tb_key_update(cpu);
    }
    cpu->in_exec = true;
    while (!cpu_handle_exception(cpu, &ret)) {
        TranslationBlock *last_tb = keep_last;
        int slot = 0;

        while (!cpu_handle_interrupt(cpu, &last_tb)) {
            vaddr pc;
            uint32_t flags, cflags = curr_cflags(cpu);

            cpu->cc->get_tb_state(cpu->env, &pc, &flags);
            if (unlikely(cpu->breakpoints->len) && !cpu->singlestep_enabled &&
                check_for_breakpoints(cpu, pc, &cflags)) {
                break;
            }
            if (unlikely(tail)) {
                if (cpu_neg(cpu)->icount_left <= 0) {
                    tail = false;
                    cpu->exception_index = EXCP_INTERRUPT;
                    break;
                }
                cflags = icount_tail_cflags(cpu, cflags);
                last_tb = NULL;
            }
            if (unlikely(cpu->restart_insn)) {
                cflags = restart_cflags(cpu, cflags);
            }
            TranslationBlock *tb = tb_find(cpu, last_tb, slot, pc, flags, cflags);

            log_cpu_exec(cpu, pc, tb);
            uintptr_t value = tcg_qemu_tb_exec(cpu->env, tb->code);

            tail = tb_exit_value(cpu, value, &last_tb, &slot) || (tail && cpu_neg(cpu)->icount_left > 0);
            if (icount_enabled() && cpu_neg(cpu)->icount_left <= 0) {
                tail = true;
            }
            if (unlikely(cpu->watchpoint_hit.len)) {
                cpu->exception_index = EXCP_DEBUG;
                break;
            }
        }
        keep_last = NULL;
    }
    exec_leave(cpu);
    return ret;
}
