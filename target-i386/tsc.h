/*
 * The time-stamp counter: counts at a fixed rate of guest time.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TARGET_I386_TSC_H
#define TARGET_I386_TSC_H

#include "target-i386/cpu.h"

/* One tick a nanosecond: the rate that guests measure is exact. */
enum { TSC_HZ = 1000000000 };

static inline uint64_t x86_tsc_ticks(void)
{
    return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

static inline uint64_t x86_read_tsc(const CPUX86State *env)
{
    return x86_tsc_ticks() + env->tsc_offset;
}

static inline void x86_write_tsc(CPUX86State *env, uint64_t value)
{
    env->tsc_offset = value - x86_tsc_ticks();
}

/* Virtual time at which the counter reaches tsc. */
static inline int64_t x86_tsc_to_ns(const CPUX86State *env, uint64_t tsc)
{
    return tsc - env->tsc_offset;
}

#endif
