/*
 * What `info pic` and `info irq` show: interrupt controllers add a function that
 * prints their state, and count how often each of their lines rose.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_INTC_INTC_H
#define HW_INTC_INTC_H

typedef void IntcPrint(void *opaque, const char *fmt, ...);
/* Prints the state of dev, one fact a line. */
typedef void IntcInfo(void *dev, IntcPrint *print, void *opaque);

/* At the end of realize; dev stays for as long as the machine. kind: what `info` calls it, static. */
void intc_register_info(void *dev, const char *kind, IntcInfo *info);
/* All controllers of a kind (NULL: of every kind). False: there are none. */
bool intc_info(const char *kind, IntcPrint *print, void *opaque);

/*
 * Counters for lines of that name from first_line on, to be incremented by their owner;
 * they stay for ever. They are the host's statistics, not state of the machine.
 */
uint64_t *intc_register_counts(const char *name, int first_line, int lines);
/* `info irq`: under each name the lines that rose. */
void intc_info_counts(IntcPrint *print, void *opaque);

#endif
