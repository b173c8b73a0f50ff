/*
 * The log of -d: items, output file, address filter.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef QEMU_LOG_H
#define QEMU_LOG_H

#include "qemu/error.h"

#define CPU_LOG_TB_OUT_ASM (1 << 0)
#define CPU_LOG_TB_IN_ASM  (1 << 1)
#define CPU_LOG_TB_OP      (1 << 2)
#define CPU_LOG_TB_OP_OPT  (1 << 3)
#define CPU_LOG_INT        (1 << 4)
#define CPU_LOG_EXEC       (1 << 5)
#define CPU_LOG_PCALL      (1 << 6)
#define CPU_LOG_TB_CPU     (1 << 8)
#define CPU_LOG_RESET      (1 << 9)
#define LOG_UNIMP          (1 << 10)
#define LOG_GUEST_ERROR    (1 << 11)
#define CPU_LOG_MMU        (1 << 12)
#define CPU_LOG_TB_NOCHAIN (1 << 13)
#define CPU_LOG_PAGE       (1 << 14)
#define CPU_LOG_TB_OP_IND  (1 << 16)
#define CPU_LOG_TB_FPU     (1 << 17)
#define LOG_STRACE         (1 << 19)
#define LOG_PER_THREAD     (1 << 20)

extern int qemu_loglevel;

static inline bool qemu_loglevel_mask(int mask)
{
    return unlikely(qatomic_read(&qemu_loglevel) & mask);
}

/* Unconditional output to the log (dropped while no log is open). */
void qemu_log(const char *fmt, ...) QEMU_PRINTF(1, 2);

/* Output when one of the items in mask is on. */
#define qemu_log_mask(mask, ...)               \
    do {                                       \
        if (qemu_loglevel_mask(mask)) {        \
            qemu_log(__VA_ARGS__);             \
        }                                      \
    } while (0)

/* True when -dfilter is absent or covers guest address addr. */
bool qemu_log_in_addr_range(uint64_t addr);

/*
 * Lock the log for several calls that belong together. Returns the stream, or
 * NULL when no log is open. Pair with qemu_log_unlock(stream).
 */
FILE *qemu_log_trylock(void);
void qemu_log_unlock(FILE *stream);

/* -d ITEMS, -D FILE (%d is the process id, with the item tid the thread's), -dfilter RANGES. */
bool qemu_set_log_items(const char *items, Error **errp);
bool qemu_set_log_filename(const char *filename, Error **errp);
bool qemu_set_dfilter_ranges(const char *ranges, Error **errp);
void qemu_print_log_usage(FILE *f);
/* The log stays open from now on, whatever items are on. */
bool qemu_log_open(Error **errp);
void qemu_log_close(void);

#endif
