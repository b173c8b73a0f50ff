/*
 * Guest benchmark programs: each takes an amount of work and returns a
 * checksum that depends on nothing but that amount.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BENCH(name, work) uint32_t bench_##name(long work_);
#include "list.h"
#undef BENCH

/* A repeatable sequence. */
static inline uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

#endif
