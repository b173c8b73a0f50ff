/*
 * The human monitor: commands, line editing, completion.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MONITOR_MONITOR_H
#define MONITOR_MONITOR_H

#include "qemu/error.h"

typedef struct Monitor Monitor;
struct Chardev;

/* Takes the front end of chr. BQL. */
bool monitor_init_hmp(struct Chardev *chr, bool use_readline, Error **errp);
void monitor_printf(Monitor *mon, const char *fmt, ...) QEMU_PRINTF(2, 3);
/* The monitor whose command runs now, or NULL. */
Monitor *monitor_cur(void);

/* Runs one command line for a client of another protocol; returns what it printed (g_free). BQL. */
char *monitor_run_captured(const char *line, int cpu_index);

typedef struct HMPCommand {
    const char *name;           /* "info registers" for subcommands of info */
    const char *alias;          /* one-letter form, or NULL */
    const char *params;         /* for help */
    const char *help;
    /* args: what follows the name, leading blanks removed; borrowed. Errors go through error_report. */
    void (*cmd)(Monitor *mon, const char *args);
    /* Offers words for the argument that begins with prefix; may be NULL. */
    void (*complete)(const char *prefix, void (*offer)(void *opaque, const char *word), void *opaque);
} HMPCommand;
/* Subsystems add their own commands (DEFINE_HMP at file scope). */
void hmp_register(const HMPCommand *cmd);
#define DEFINE_HMP(cmd) \
    static void QEMU_CONSTRUCTOR cmd##_hmp(void) { hmp_register(&cmd); }
struct CPUState;
/*
 * Prints what print(cpu, f, opaque) writes about the monitor's CPU, on that
 * CPU's thread and outside generated code. Reports the lack of a CPU.
 */
void monitor_print_cpu(Monitor *mon, void (*print)(struct CPUState *cpu, FILE *f, void *opaque), void *opaque);
/* args is one expression, as of `x`. False: it is not, and the reason was reported. */
bool monitor_address(Monitor *mon, const char *args, uint64_t *addr);
/* Adapter for the `print` parameters of xxx_info functions: opaque is a Monitor *. */
void monitor_print_cb(void *opaque, const char *fmt, ...);

#endif
