/*
 * SSE4.2 string compares (SDM 2:4.1, "Imm8 control byte operation").
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/cpu.h"
#include "tcg/simd.h"
#define HELPER_H "target-i386/helper.h"
#include "tcg/helper-proto.h"

/* Fields of the control byte. */
enum { CTRL_WORDS = 1, CTRL_SIGNED = 2, CTRL_LAST = 0x40, CTRL_EXPAND = 0x40 };
enum { EQUAL_ANY, RANGES, EQUAL_EACH, EQUAL_ORDERED };
enum { NEGATE = 1, NEGATE_VALID = 3 };
#define CTRL_AGGREGATION(c) ((c) >> 2 & 3)
#define CTRL_POLARITY(c) ((c) >> 4 & 3)

typedef struct Strings {
    int32_t a[16], b[16];
    int len_a, len_b, size;     /* elements: valid ones, all */
} Strings;

static int32_t element(const SimdVec *v, int i, uint32_t control)
{
    switch (control & (CTRL_WORDS | CTRL_SIGNED)) {
    case 0: return v->b[i];
    case CTRL_WORDS: return v->h[i];
    case CTRL_SIGNED: return v->sb[i];
    default: return v->sh[i];
    }
}

static int first_zero(const int32_t *s, int size)
{
    int i = 0;

    while (i < size && s[i]) {
        i++;
    }
    return i;
}

static bool matches_any(const Strings *s, int j)
{
    for (int i = 0; i < s->len_a; i++) {
        if (s->a[i] == s->b[j]) {
            return true;
        }
    }
    return false;
}

static bool in_ranges(const Strings *s, int j)
{
    for (int i = 0; i + 1 < s->len_a; i += 2) {
        if (s->a[i] <= s->b[j] && s->b[j] <= s->a[i + 1]) {
            return true;
        }
    }
    return false;
}

static bool begins_at(const Strings *s, int j)
{
    for (int i = 0; i < s->len_a && i + j < s->size; i++) {
        if (i + j >= s->len_b || s->a[i] != s->b[i + j]) {
            return false;
        }
    }
    return true;
}

/* Bit j of the first intermediate result. */
static bool compare_at(const Strings *s, int j, unsigned aggregation)
{
    bool valid_a = j < s->len_a, valid_b = j < s->len_b;

    switch (aggregation) {
    case EQUAL_ANY:
        return valid_b && matches_any(s, j);
    case RANGES:
        return valid_b && in_ranges(s, j);
    case EQUAL_EACH:
        return valid_a && valid_b ? s->a[j] == s->b[j] : valid_a == valid_b;
    default:
        return begins_at(s, j);
    }
}

static uint32_t compare(const Strings *s, uint32_t control)
{
    uint32_t result = 0, all = (1u << s->size) - 1;

    for (int j = 0; j < s->size; j++) {
        result |= (uint32_t)compare_at(s, j, CTRL_AGGREGATION(control)) << j;
    }
    if (CTRL_POLARITY(control) == NEGATE) {
        result ^= all;
    } else if (CTRL_POLARITY(control) == NEGATE_VALID) {
        result ^= (1u << s->len_b) - 1;
    }
    return result;
}

static void put_mask(SimdVec *d, uint32_t bits, const Strings *s, uint32_t control)
{
    memset(d, 0, sizeof(*d));
    if (!(control & CTRL_EXPAND)) {
        d->w[0] = bits;
        return;
    }
    for (int i = 0; i < s->size; i++) {
        if (bits >> i & 1) {
            memset(&d->b[i * 16 / s->size], 0xff, 16 / s->size);
        }
    }
}

static target_ulong finish(CPUX86State *env, Strings *s, uint32_t control)
{
    uint32_t bits = compare(s, control), index = s->size;
    uint32_t flags = (bits ? CC_C : 0) | (s->len_b < s->size ? CC_Z : 0) |
                     (s->len_a < s->size ? CC_S : 0) | (bits & 1 ? CC_O : 0);

    if (bits) {
        index = control & CTRL_LAST ? 31 - __builtin_clz(bits) : __builtin_ctz(bits);
    }
    put_mask((SimdVec *)env->simd_scratch[0], bits, s, control);
    return flags | index << 16;
}

static Strings load(CPUX86State *env, uint32_t control)
{
    Strings s = { .size = control & CTRL_WORDS ? 8 : 16 };

    for (int i = 0; i < s.size; i++) {
        s.a[i] = element((const SimdVec *)env->simd_scratch[0], i, control);
        s.b[i] = element((const SimdVec *)env->simd_scratch[1], i, control);
    }
    return s;
}

static int explicit_length(uint64_t length, bool wide, int size)
{
    uint64_t magnitude = wide ? (int64_t)length < 0 ? -length : length
                              : (uint32_t)((int32_t)length < 0 ? -(uint32_t)length : (uint32_t)length);

    return magnitude > (uint64_t)size ? size : (int)magnitude;
}

target_ulong helper_pcmpestr(CPUX86State *env, uint32_t control, uint64_t len_a, uint64_t len_b)
{
    Strings s = load(env, control);

    s.len_a = explicit_length(len_a, control >> 8, s.size);
    s.len_b = explicit_length(len_b, control >> 8, s.size);
    return finish(env, &s, control);
}

target_ulong helper_pcmpistr(CPUX86State *env, uint32_t control)
{
    Strings s = load(env, control);

    s.len_a = first_zero(s.a, s.size);
    s.len_b = first_zero(s.b, s.size);
    return finish(env, &s, control);
}
