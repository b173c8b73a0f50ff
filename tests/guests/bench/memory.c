/*
 * Memory programs: streaming and dependent accesses.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bench.h"

uint32_t bench_copy(long rounds)
{
    enum { WORDS = 1 << 18 };
    uint32_t *a = malloc(WORDS * 4), *b = malloc(WORDS * 4), seed = 3, sum = 0;

    for (int i = 0; i < WORDS; i++) {
        a[i] = next_random(&seed);
    }
    for (long r = 0; r < rounds; r++) {
        memcpy(b, a, WORDS * 4);
        b[r % WORDS] += r;
        if (r % 8 == 0) {
            for (int i = 0; i < WORDS; i++) {
                a[i] = b[i] * 5 + a[WORDS - 1 - i];
            }
        }
        sum = sum * 31 + a[(r * 37) % WORDS] + b[(r * 11) % WORDS];
    }
    free(a);
    free(b);
    return sum;
}

uint32_t bench_chase(long steps)
{
    enum { LINES = 1 << 19, LINE_WORDS = 16 };
    uint32_t *ring = malloc((size_t)LINES * LINE_WORDS * 4), at = 0, sum = 0;

    /* A full-period congruential sequence visits every line once. */
    for (uint32_t i = 0; i < LINES; i++) {
        ring[i * LINE_WORDS] = (i * 69069u + 362437u) % LINES;
    }
    while (steps--) {
        at = ring[at * LINE_WORDS];
        sum += at;
    }
    free(ring);
    return sum;
}
