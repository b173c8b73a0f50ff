/*
 * SIMD operations for AES (FIPS 197), SHA-1 and SHA-256 (FIPS 180-4), and
 * carry-less products. Intel SDM volume 2.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/simd-internal.h"

#include <pthread.h>

/* --- AES: byte 4 * column + row of the state --- */

static uint8_t sbox[256], inverse_sbox[256];

/* x times y modulo x^8 + x^4 + x^3 + x + 1. */
static uint8_t gf_mul(uint8_t x, uint8_t y)
{
    uint8_t product = 0;

    for (; y; y >>= 1) {
        product ^= y & 1 ? x : 0;
        x = x << 1 ^ (x & 0x80 ? 0x1b : 0);
    }
    return product;
}

static uint8_t rotate8(uint8_t x, int n) { return x << n | x >> (8 - n); }

/* FIPS 197, 5.1.1: the inverse, then an affine map. */
static void make_sboxes(void)
{
    for (int x = 0; x < 256; x++) {
        uint8_t inverse = 0, y;

        for (int k = 1; k < 256 && x; k++) {
            inverse = gf_mul(x, k) == 1 ? k : inverse;
        }
        y = inverse ^ rotate8(inverse, 1) ^ rotate8(inverse, 2) ^ rotate8(inverse, 3) ^
            rotate8(inverse, 4) ^ 0x63;
        sbox[x] = y;
        inverse_sbox[y] = x;
    }
}

static const uint8_t *boxes(bool inverse)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, make_sboxes);
    return inverse ? inverse_sbox : sbox;
}

/* ShiftRows and SubBytes, or their inverses. */
static void shift_and_substitute(SimdVec *d, const SimdVec *a, bool inverse)
{
    const uint8_t *box = boxes(inverse);

    for (int column = 0; column < 4; column++) {
        for (int row = 0; row < 4; row++) {
            int from = (inverse ? column - row : column + row) & 3;

            d->b[4 * column + row] = box[a->b[4 * from + row]];
        }
    }
}

static SimdVec mix_columns(SimdVec a, const uint8_t factors[4])
{
    SimdVec d;

    for (int i = 0; i < 16; i++) {
        uint8_t sum = 0;

        for (int row = 0; row < 4; row++) {
            sum ^= gf_mul(a.b[(i & ~3) + row], factors[(row - i) & 3]);
        }
        d.b[i] = sum;
    }
    return d;
}

static const uint8_t mix_factors[4] = { 2, 3, 1, 1 }, unmix_factors[4] = { 14, 11, 13, 9 };

static void add_key(SimdVec *d, const SimdVec *key)
{
    d->d[0] ^= key->d[0];
    d->d[1] ^= key->d[1];
}

SIMD_FN(aesenclast) { shift_and_substitute(d, a, false); add_key(d, b); }
SIMD_FN(aesdeclast) { shift_and_substitute(d, a, true); add_key(d, b); }
SIMD_FN(aesimc) { *d = mix_columns(*a, unmix_factors); }

SIMD_FN(aesenc)
{
    shift_and_substitute(d, a, false);
    *d = mix_columns(*d, mix_factors);
    add_key(d, b);
}

SIMD_FN(aesdec)
{
    shift_and_substitute(d, a, true);
    *d = mix_columns(*d, unmix_factors);
    add_key(d, b);
}

SIMD_FN(aeskeygenassist)
{
    const uint8_t *box = boxes(false);

    for (int i = 0; i < 2; i++) {
        const uint8_t *x = &a->b[8 * i + 4];
        uint32_t word = box[x[0]] | box[x[1]] << 8 | box[x[2]] << 16 | (uint32_t)box[x[3]] << 24;

        d->w[2 * i] = word;
        d->w[2 * i + 1] = (word >> 8 | word << 24) ^ imm;
    }
}

SIMD_FN(pclmulqdq)
{
    uint64_t x = a->d[imm & 1], y = b->d[imm >> 4 & 1];

    for (int i = 0; i < 64; i++) {
        if (y >> i & 1) {
            d->d[0] ^= x << i;
            d->d[1] ^= i ? x >> (64 - i) : 0;
        }
    }
}

/* --- SHA --- */

static uint32_t rotl(uint32_t x, int n) { return x << n | x >> (32 - n); }
static uint32_t rotr(uint32_t x, int n) { return x >> n | x << (32 - n); }
static uint32_t choose(uint32_t x, uint32_t y, uint32_t z) { return (x & y) ^ (~x & z); }
static uint32_t majority(uint32_t x, uint32_t y, uint32_t z) { return (x & y) ^ (x & z) ^ (y & z); }

SIMD_FN(sha1nexte)
{
    *d = *b;
    d->w[3] += rotl(a->w[3], 30);
}

SIMD_FN(sha1msg1)
{
    d->w[3] = a->w[3] ^ a->w[1];
    d->w[2] = a->w[2] ^ a->w[0];
    d->w[1] = a->w[1] ^ b->w[3];
    d->w[0] = a->w[0] ^ b->w[2];
}

SIMD_FN(sha1msg2)
{
    d->w[3] = rotl(a->w[3] ^ b->w[2], 1);
    d->w[2] = rotl(a->w[2] ^ b->w[1], 1);
    d->w[1] = rotl(a->w[1] ^ b->w[0], 1);
    d->w[0] = rotl(a->w[0] ^ d->w[3], 1);
}

static uint32_t sha1_function(unsigned which, uint32_t x, uint32_t y, uint32_t z)
{
    return which == 0 ? choose(x, y, z) : which == 2 ? majority(x, y, z) : x ^ y ^ z;
}

SIMD_FN(sha1rnds4)
{
    static const uint32_t constants[4] = { 0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6 };
    uint32_t v[5] = { a->w[3], a->w[2], a->w[1], a->w[0], 0 };

    /* The first round's E is in b's top word already. */
    for (int i = 0; i < 4; i++) {
        uint32_t next = sha1_function(imm & 3, v[1], v[2], v[3]) + rotl(v[0], 5) + b->w[3 - i] +
                        v[4] + constants[imm & 3];

        v[4] = v[3];
        v[3] = v[2];
        v[2] = rotl(v[1], 30);
        v[1] = v[0];
        v[0] = next;
    }
    for (int i = 0; i < 4; i++) {
        d->w[3 - i] = v[i];
    }
}

/* a: C D G H from the top, b: A B E F; c: two words plus constants. */
SIMD_FN(sha256rnds2)
{
    uint32_t v[8] = { b->w[3], b->w[2], a->w[3], a->w[2], b->w[1], b->w[0], a->w[1], a->w[0] };

    for (int i = 0; i < 2; i++) {
        uint32_t sigma1 = rotr(v[4], 6) ^ rotr(v[4], 11) ^ rotr(v[4], 25);
        uint32_t sigma0 = rotr(v[0], 2) ^ rotr(v[0], 13) ^ rotr(v[0], 22);
        uint32_t t1 = v[7] + sigma1 + choose(v[4], v[5], v[6]) + c->w[i];
        uint32_t t2 = sigma0 + majority(v[0], v[1], v[2]);

        memmove(&v[1], &v[0], 7 * sizeof(v[0]));
        v[4] += t1;
        v[0] = t1 + t2;
    }
    d->w[3] = v[0];
    d->w[2] = v[1];
    d->w[1] = v[4];
    d->w[0] = v[5];
}

SIMD_FN(sha256msg1)
{
    for (int i = 0; i < 4; i++) {
        uint32_t w = i < 3 ? a->w[i + 1] : b->w[0];

        d->w[i] = a->w[i] + (rotr(w, 7) ^ rotr(w, 18) ^ w >> 3);
    }
}

SIMD_FN(sha256msg2)
{
    for (int i = 0; i < 4; i++) {
        uint32_t w = i < 2 ? b->w[2 + i] : d->w[i - 2];

        d->w[i] = a->w[i] + (rotr(w, 17) ^ rotr(w, 19) ^ w >> 10);
    }
}
