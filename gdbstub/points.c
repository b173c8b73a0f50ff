/*
 * Breakpoints and watchpoints that the debugger has set, on every CPU alike.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "gdbstub/internal.h"

static int watch_flags(GdbPoint type)
{
    switch (type) {
    case GDB_WRITE:
        return BP_GDB | BP_MEM_WRITE;
    case GDB_READ:
        return BP_GDB | BP_MEM_READ;
    default:
        return BP_GDB | BP_MEM_ACCESS;
    }
}

static bool has_breakpoint(vaddr addr)
{
    for (guint i = 0; i < first_cpu->breakpoints->len; i++) {
        const CPUBreakpoint *bp = &g_array_index(first_cpu->breakpoints, CPUBreakpoint, i);

        if (bp->pc == addr && bp->flags == BP_GDB) {
            return true;
        }
    }
    return false;
}

static bool has_watchpoint(vaddr addr, vaddr len, int flags)
{
    for (guint i = 0; i < first_cpu->watchpoints->len; i++) {
        const CPUWatchpoint *wp = &g_array_index(first_cpu->watchpoints, CPUWatchpoint, i);

        if (wp->addr == addr && wp->len == len && wp->flags == flags) {
            return true;
        }
    }
    return false;
}

/* Packets may arrive twice: what is there already stays as it is. */
bool gdb_point_insert(GdbPoint type, vaddr addr, vaddr len)
{
    int flags = watch_flags(type);

    if (type <= GDB_HW_BREAK) {
        if (has_breakpoint(addr)) {
            return true;
        }
        if (first_cpu->breakpoints->len >= GDB_MAX_POINTS) {
            return false;
        }
        CPU_FOREACH(cpu) {
            cpu_breakpoint_insert(cpu, addr, BP_GDB);
        }
        return true;
    }
    if (!len || addr + len - 1 < addr || first_cpu->watchpoints->len >= GDB_MAX_POINTS) {
        return false;
    }
    if (!has_watchpoint(addr, len, flags)) {
        CPU_FOREACH(cpu) {
            cpu_watchpoint_insert(cpu, addr, len, flags);
        }
    }
    return true;
}

bool gdb_point_remove(GdbPoint type, vaddr addr, vaddr len)
{
    bool found = true;

    CPU_FOREACH(cpu) {
        found &= type <= GDB_HW_BREAK ? cpu_breakpoint_remove(cpu, addr, BP_GDB) == 0
                                      : cpu_watchpoint_remove(cpu, addr, len, watch_flags(type)) == 0;
    }
    return found;
}

/* On the CPU's own thread, which reads the lists while it runs. */
static void clear_cpu(CPUState *cpu, void *data)
{
    for (guint i = cpu->breakpoints->len; i-- > 0;) {
        CPUBreakpoint bp = g_array_index(cpu->breakpoints, CPUBreakpoint, i);

        if (bp.flags & BP_GDB) {
            cpu_breakpoint_remove(cpu, bp.pc, bp.flags);
        }
    }
    for (guint i = cpu->watchpoints->len; i-- > 0;) {
        CPUWatchpoint wp = g_array_index(cpu->watchpoints, CPUWatchpoint, i);

        if (wp.flags & BP_GDB) {
            cpu_watchpoint_remove(cpu, wp.addr, wp.len, wp.flags);
        }
    }
}

void gdb_points_clear(void)
{
    CPU_FOREACH(cpu) {
        run_on_cpu(cpu, clear_cpu, NULL);
    }
}
