/*
 * Integer programs: primes, sorting, checksums, hashing, strings.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bench.h"

uint32_t bench_sieve(long rounds)
{
    enum { LIMIT = 2 << 20 };
    uint8_t *composite = malloc(LIMIT);
    uint32_t sum = 0;

    for (long r = 0; r < rounds; r++) {
        memset(composite, 0, LIMIT);
        for (uint32_t i = 2; i * i < LIMIT; i++) {
            if (!composite[i]) {
                for (uint32_t k = i * i; k < LIMIT; k += i) {
                    composite[k] = 1;
                }
            }
        }
        for (uint32_t i = 2; i < LIMIT; i++) {
            sum += composite[i] ? 0 : i ^ r;
        }
    }
    free(composite);
    return sum;
}

static int by_value(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

uint32_t bench_sort(long rounds)
{
    enum { COUNT = 100000 };
    uint32_t *values = malloc(COUNT * sizeof(*values)), seed = 12345, sum = 0;

    for (long r = 0; r < rounds; r++) {
        for (int i = 0; i < COUNT; i++) {
            values[i] = next_random(&seed);
        }
        qsort(values, COUNT, sizeof(*values), by_value);
        for (int i = 0; i < COUNT; i += 101) {
            sum = sum * 31 + values[i];
        }
    }
    free(values);
    return sum;
}

uint32_t bench_crc32(long megabytes)
{
    enum { SIZE = 1 << 20 };
    static uint32_t table[256];
    uint8_t *data = malloc(SIZE);
    uint32_t seed = 1, crc = UINT32_MAX;

    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i;

        for (int bit = 0; bit < 8; bit++) {
            c = (c >> 1) ^ (c & 1 ? 0xedb88320u : 0);
        }
        table[i] = c;
    }
    for (int i = 0; i < SIZE; i++) {
        data[i] = next_random(&seed);
    }
    for (long r = 0; r < megabytes; r++) {
        for (int i = 0; i < SIZE; i++) {
            crc = table[(crc ^ data[i]) & 0xff] ^ (crc >> 8);
        }
    }
    free(data);
    return ~crc;
}

static inline uint32_t rotate(uint32_t x, int n)
{
    return x << n | x >> (32 - n);
}

/* Add-rotate-xor rounds over 64-byte blocks, in the manner of hash functions. */
uint32_t bench_hash(long megabytes)
{
    enum { WORDS = 1 << 18 };
    uint32_t *data = malloc(WORDS * 4), seed = 7;
    uint32_t a = 0x01234567, b = 0x89abcdef, c = 0xfedcba98, d = 0x76543210;

    for (int i = 0; i < WORDS; i++) {
        data[i] = next_random(&seed);
    }
    for (long r = 0; r < megabytes; r++) {
        for (int i = 0; i < WORDS; i += 16) {
            for (int k = 0; k < 16; k++) {
                uint32_t f = (b & c) | (~b & d);

                f += a + data[i + k] + 0x5a827999;
                a = d;
                d = c;
                c = rotate(b, 30);
                b += rotate(f, (k & 3) * 5 + 7);
            }
        }
    }
    free(data);
    return a ^ b ^ c ^ d;
}

uint32_t bench_strings(long rounds)
{
    static const char *const words[] = { "alpha", "bravo charlie", "delta", "echo foxtrot golf", "hotel" };
    char text[256];
    uint32_t sum = 0;

    for (long r = 0; r < rounds; r++) {
        size_t length = 0;

        for (int i = 0; i < 6; i++) {
            const char *w = words[(r + i) % 5];

            memcpy(text + length, w, strlen(w) + 1);
            length += strlen(w);
        }
        char *found = strchr(text, "aeiou"[r % 5]);

        sum = sum * 33 + length + (found ? found - text : 99) + (strcmp(text, words[r % 5]) > 0);
        sum ^= (uint32_t)r / (sum % 13 + 1);
    }
    return sum;
}
