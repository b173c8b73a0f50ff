/*
 * What generated code is called, for the host's perf; and a profile of the guest.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EXEC_PERF_H
#define EXEC_PERF_H

#include "exec/exec-all.h"

/* -perfmap: /tmp/perf-PID.map. */
bool perf_map_start(Error **errp);
/* -jitdump: jit-PID.dump in the current directory, for perf inject --jit. */
bool perf_jitdump_start(Error **errp);
extern bool perf_wants_code;
/* A block is made. Any vCPU thread. */
void perf_add_block(const TranslationBlock *tb);
static inline void perf_report_block(const TranslationBlock *tb)
{
    if (unlikely(perf_wants_code)) {
        perf_add_block(tb);
    }
}
/* Code that belongs to no block. */
void perf_report_code(const void *code, size_t size, const char *name);
void perf_close(void);

/*
 * -profile [file=]FILE[,hz=N]: N times a second, the functions that each running guest
 * CPU is in. Written as folded stacks by profile_close(). BQL.
 */
bool profile_start(const char *options, Error **errp);
void profile_close(void);

#endif
