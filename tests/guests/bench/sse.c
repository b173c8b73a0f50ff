/*
 * SSE and SSE2: packed single and double arithmetic, byte sums.
 *
 * SPDX-License-Identifier: MIT
 */
#ifdef __x86_64__
#include "bench.h"
#include <emmintrin.h>

enum { COUNT = 4096 };
static float left[COUNT] __attribute__((aligned(16))), right[COUNT] __attribute__((aligned(16)));
static uint8_t bytes[COUNT] __attribute__((aligned(16)));

static void fill(void)
{
    uint32_t seed = 11;

    for (int i = 0; i < COUNT; i++) {
        left[i] = (next_random(&seed) >> 8) / 16777216.0f;
        right[i] = i % 61 / 32.0f;
        bytes[i] = seed;
    }
}

uint32_t bench_sse(long rounds)
{
    __m128 single = _mm_setzero_ps();
    __m128d twice = _mm_setzero_pd();
    __m128i sums = _mm_setzero_si128();
    uint32_t words[12], sum = 0;

    fill();
    for (long r = 0; r < rounds; r++) {
        __m128 scale = _mm_set1_ps(0.25f + r % 16 / 64.0f);
        __m128i level = _mm_set1_epi8(r & 0x7f);

        for (int i = 0; i < COUNT; i += 4) {
            __m128 v = _mm_add_ps(_mm_mul_ps(_mm_load_ps(left + i), scale), _mm_load_ps(right + i));

            single = _mm_add_ps(_mm_mul_ps(single, scale), _mm_min_ps(v, _mm_shuffle_ps(v, v, 0x1b)));
            if (i % 16 == 0) {
                twice = _mm_add_pd(twice, _mm_sqrt_pd(_mm_cvtps_pd(v)));
                sums = _mm_add_epi64(sums, _mm_sad_epu8(_mm_load_si128((__m128i *)(bytes + i)), level));
            }
        }
    }
    memcpy(words, &single, 16);
    memcpy(words + 4, &twice, 16);
    memcpy(words + 8, &sums, 16);
    for (int i = 0; i < 12; i++) {
        sum = sum * 31 + words[i];
    }
    return sum;
}
#endif
