/*
 * Inside of the monitor: what its command files share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MONITOR_MONITOR_INT_H
#define MONITOR_MONITOR_INT_H

#include "monitor/monitor.h"
#include "hw/core/cpu.h"

/* The CPU that `cpu N` chose, or NULL without any. */
CPUState *monitor_cpu(Monitor *mon);
bool monitor_set_cpu(Monitor *mon, int index);
/* Lines typed so far, oldest first; NULL behind the last. */
const char *monitor_history(Monitor *mon, unsigned index);
/* Runs fill(f, opaque) and prints what it wrote. */
void monitor_print_stream(Monitor *mon, void (*fill)(FILE *f, void *opaque), void *opaque);
/* The next blank-separated word of *args ("..." may hold blanks), NULL at the end. g_free it. */
char *monitor_next_word(const char **args);
/* What is left must be nothing; reports otherwise. */
bool monitor_args_done(const char *args);
void hmp_complete_files(const char *prefix, void (*offer)(void *opaque, const char *word),
                        void *opaque);

/*
 * Value of a C-like expression with $registers at *pos, which moves behind it
 * and its trailing blanks. A blank ends it when `word` is set.
 */
bool monitor_expr(Monitor *mon, const char **pos, bool word, uint64_t *value, Error **errp);
/* Register by name without '$'. */
bool monitor_register(CPUState *cpu, const char *name, uint64_t *value);

#endif
