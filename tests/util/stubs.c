/*
 * What unit tests do not link: time that the test sets, a lock that is not
 * there, and back ends that nobody has. Weak, so that a test may bring its own.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "block/block.h"
#include "chardev/char.h"
#include "exec/exec-all.h"
#include "exec/ram_addr.h"
#include "monitor/qmp.h"
#include "net/net.h"
#include "qemu/main-loop.h"
#include "qemu/timer.h"
#include "test-stubs.h"

#define WEAK __attribute__((weak))

int64_t test_clock_ns, test_clock_step_ns;
ram_addr_t test_invalidated_start, test_invalidated_end;

WEAK const bool target_words_bigendian = true;

WEAK bool icount_on_vcpu(void)
{
    return false;
}

WEAK void icount_timer_armed(int64_t expires_ns)
{
}

WEAK int64_t cpu_get_clock_ns(void)
{
    return test_clock_ns += test_clock_step_ns;
}

WEAK void qemu_mutex_lock_iothread(void)
{
}

WEAK void qemu_mutex_unlock_iothread(void)
{
}

WEAK bool qemu_mutex_iothread_locked(void)
{
    return true;
}

WEAK bool tb_invalidate_phys_range(ram_addr_t start, ram_addr_t end, uintptr_t ra)
{
    test_invalidated_start = start;
    test_invalidated_end = end;
    return false;
}

WEAK void tlb_reset_dirty_range(ram_addr_t start, ram_addr_t len)
{
}

WEAK Chardev *qemu_chr_find(const char *id)
{
    return NULL;
}

WEAK bool qemu_chr_fe_init(CharBackend *b, Chardev *chr, Error **errp)
{
    return true;
}

WEAK BlockBackend *blk_by_name(const char *id)
{
    return NULL;
}

WEAK const char *blk_name(BlockBackend *blk)
{
    return "";
}

WEAK BlockBackend *blockdev_file_drive(const char *name)
{
    return NULL;
}

WEAK NetClientState *qemu_find_netdev(const char *id)
{
    return NULL;
}

WEAK void qmp_event(const char *name, const char *fmt, ...)
{
}
