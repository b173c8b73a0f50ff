/*
 * Debuggers' access to a guest CPU: breakpoints, watchpoints, single steps,
 * virtual memory.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "exec/cputlb-internal.h"

/* --- watchpoints ---------------------------------------------------------------------------- */

void cpu_check_watchpoint(CPUState *cpu, vaddr addr, unsigned size, int flags, uintptr_t ra)
{
    for (guint i = 0; i < cpu->watchpoints->len; i++) {
        CPUWatchpoint *wp = &g_array_index(cpu->watchpoints, CPUWatchpoint, i);

        if (!(wp->flags & flags) || wp->addr >= addr + size || addr >= wp->addr + wp->len) {
            continue;
        }
        if (wp->flags & BP_CPU) {
            cpu->cc->watchpoint_access(cpu, addr, flags, ra);
        } else if (!cpu->watchpoint_hit.len) {
            cpu->watchpoint_hit = *wp;
            cpu->watchpoint_hit.hitaddr = MAX(addr, wp->addr);
            if (cpu->cc->watchpoints_stop_before) {
                cpu->exception_index = EXCP_DEBUG;
                cpu_loop_exit_restore(cpu, ra);
            }
            /*
             * Once more, alone and to its end: the debugger sees the new value. Between instructions
             * an interrupt is being delivered; it is acknowledged already and cannot begin again.
             */
            if (ra) {
                cpu_restart_insn(cpu, ra);
            }
        }
    }
}

static void flush_debug_pages(CPUState *cpu, void *data)
{
    tlb_flush(cpu);
}

int cpu_watchpoint_insert(CPUState *cpu, vaddr addr, vaddr len, int flags)
{
    CPUWatchpoint wp = { .addr = addr, .len = len, .flags = flags };

    if (!len || addr + len - 1 < addr) {
        return -EINVAL;
    }
    g_array_append_val(cpu->watchpoints, wp);
    run_on_cpu(cpu, flush_debug_pages, NULL);
    return 0;
}

int cpu_watchpoint_remove(CPUState *cpu, vaddr addr, vaddr len, int flags)
{
    for (guint i = 0; i < cpu->watchpoints->len; i++) {
        CPUWatchpoint *wp = &g_array_index(cpu->watchpoints, CPUWatchpoint, i);

        if (wp->addr == addr && wp->len == len && wp->flags == flags) {
            g_array_remove_index(cpu->watchpoints, i);
            cpu->watchpoint_hit.len = 0;
            run_on_cpu(cpu, flush_debug_pages, NULL);
            return 0;
        }
    }
    return -ENOENT;
}

static void flush_blocks(CPUState *cpu, void *data)
{
    tb_flush(cpu);
}

int cpu_breakpoint_insert(CPUState *cpu, vaddr pc, int flags)
{
    CPUBreakpoint bp = { pc, flags };

    g_array_append_val(cpu->breakpoints, bp);
    run_on_cpu(cpu, flush_blocks, NULL);
    return 0;
}

int cpu_breakpoint_remove(CPUState *cpu, vaddr pc, int flags)
{
    for (guint i = 0; i < cpu->breakpoints->len; i++) {
        CPUBreakpoint *bp = &g_array_index(cpu->breakpoints, CPUBreakpoint, i);

        if (bp->pc == pc && bp->flags == flags) {
            g_array_remove_index(cpu->breakpoints, i);
            run_on_cpu(cpu, flush_blocks, NULL);
            return 0;
        }
    }
    return -ENOENT;
}

void cpu_single_step(CPUState *cpu, int flags)
{
    cpu->singlestep_enabled = flags;
}

bool cpu_page_is_watched(CPUState *cpu, vaddr page)
{
    for (guint i = 0; i < cpu->watchpoints->len; i++) {
        CPUWatchpoint *wp = &g_array_index(cpu->watchpoints, CPUWatchpoint, i);

        if (wp->addr < page + TARGET_PAGE_SIZE && page < wp->addr + wp->len) {
            return true;
        }
    }
    return false;
}

/* --- debuggers -------------------------------------------------------------------------------------------- */

bool cpu_memory_rw_debug(CPUState *cpu, vaddr addr, void *buf, size_t len, bool is_write)
{
    uint8_t *p = buf;

    while (len) {
        hwaddr paddr = cpu->cc->get_phys_page_debug(cpu, addr);
        size_t n = MIN(len, TARGET_PAGE_SIZE - (addr & ~TARGET_PAGE_MASK));

        if (paddr == (hwaddr)-1) {
            return false;
        }
        paddr = (paddr & TARGET_PAGE_MASK) | (addr & ~TARGET_PAGE_MASK);
        if (is_write) {
            address_space_write_rom(cpu->as, paddr, p, n);
        } else {
            address_space_read(cpu->as, paddr, p, n);
        }
        p += n;
        addr += n;
        len -= n;
    }
    return true;
}
