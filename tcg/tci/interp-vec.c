/*
 * The interpreter's 128-bit vector ops. exec_NAME: a[] are the operand words,
 * vece is log2 of the element bytes. Element 0 is the least significant, which
 * is the first in memory: the hosts are little-endian.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/tci/tci.h"

#define EXEC_PARAMS Tci *m, const uint32_t *a, unsigned vece, const uint32_t **next

static inline TciVec vec_in(Tci *m, uint32_t word)
{
    TciVec v;

    memcpy(&v, tci_slot(m, word), sizeof(v));
    return v;
}

static inline void vec_out(Tci *m, uint32_t word, TciVec v)
{
    memcpy(tci_slot(m, word), &v, sizeof(v));
}

static inline unsigned bits_of(unsigned vece)
{
    return 8u << vece;
}

static inline uint64_t lane(const TciVec *v, unsigned i, unsigned vece)
{
    uint64_t value = 0;

    memcpy(&value, &v->b[i << vece], 1u << vece);
    return value;
}

static inline int64_t signed_lane(uint64_t value, unsigned vece)
{
    return (int64_t)(value << (64 - bits_of(vece))) >> (64 - bits_of(vece));
}

static inline void set_lane(TciVec *v, unsigned i, unsigned vece, uint64_t value)
{
    memcpy(&v->b[i << vece], &value, 1u << vece);
}

/* An element of the result from those of the operands; the upper bits are dropped. */
typedef uint64_t LaneOp(uint64_t x, uint64_t y, unsigned vece);

static inline void each_lane(Tci *m, const uint32_t *a, unsigned vece, LaneOp *op)
{
    TciVec x = vec_in(m, a[1]), y = vec_in(m, a[2]), d;

    for (unsigned i = 0; i < 16u >> vece; i++) {
        set_lane(&d, i, vece, op(lane(&x, i, vece), lane(&y, i, vece), vece));
    }
    vec_out(m, a[0], d);
}

static inline void each_lane_imm(Tci *m, const uint32_t *a, unsigned vece, LaneOp *op)
{
    TciVec x = vec_in(m, a[1]), d;

    for (unsigned i = 0; i < 16u >> vece; i++) {
        set_lane(&d, i, vece, op(lane(&x, i, vece), a[2], vece));
    }
    vec_out(m, a[0], d);
}

/* --- whole vectors --- */

static inline void exec_mov(EXEC_PARAMS) { vec_out(m, a[0], vec_in(m, a[1])); }

static inline void exec_ld(EXEC_PARAMS)
{
    memcpy(tci_slot(m, a[0]), tci_host_address(m, a + 1), sizeof(TciVec));
}

static inline void exec_st(EXEC_PARAMS)
{
    memcpy(tci_host_address(m, a + 1), tci_slot(m, a[0]), sizeof(TciVec));
}

static inline void exec_qemu_ld(EXEC_PARAMS) { tci_guest_load_vec(m, a, *next); }
static inline void exec_qemu_st(EXEC_PARAMS) { tci_guest_store_vec(m, a, *next); }

static inline void exec_dup(EXEC_PARAMS)
{
    uint64_t value = tci_get(m, a[1], TCG_TYPE_I64);
    TciVec d;

    for (unsigned i = 0; i < 16u >> vece; i++) {
        set_lane(&d, i, vece, value);
    }
    vec_out(m, a[0], d);
}

static inline void exec_dup_elem(EXEC_PARAMS)
{
    TciVec x = vec_in(m, a[1]), d;

    for (unsigned i = 0; i < 16u >> vece; i++) {
        set_lane(&d, i, vece, lane(&x, a[2], vece));
    }
    vec_out(m, a[0], d);
}

static inline void exec_bitsel(EXEC_PARAMS)
{
    TciVec mask = vec_in(m, a[1]), b = vec_in(m, a[2]), c = vec_in(m, a[3]), d;

    for (unsigned i = 0; i < 2; i++) {
        d.d[i] = (b.d[i] & mask.d[i]) | (c.d[i] & ~mask.d[i]);
    }
    vec_out(m, a[0], d);
}

static inline void exec_not(EXEC_PARAMS)
{
    TciVec x = vec_in(m, a[1]);

    vec_out(m, a[0], (TciVec){ .d = { ~x.d[0], ~x.d[1] } });
}

static inline void exec_pshufb(EXEC_PARAMS)
{
    TciVec x = vec_in(m, a[1]), index = vec_in(m, a[2]), d;

    for (unsigned i = 0; i < 16; i++) {
        d.b[i] = index.b[i] >= 128 ? 0 : x.b[index.b[i] & 15];
    }
    vec_out(m, a[0], d);
}

/* --- elements --- */

static uint64_t lane_and(uint64_t x, uint64_t y, unsigned vece) { return x & y; }
static uint64_t lane_or(uint64_t x, uint64_t y, unsigned vece) { return x | y; }
static uint64_t lane_xor(uint64_t x, uint64_t y, unsigned vece) { return x ^ y; }
static uint64_t lane_andc(uint64_t x, uint64_t y, unsigned vece) { return x & ~y; }
static uint64_t lane_add(uint64_t x, uint64_t y, unsigned vece) { return x + y; }
static uint64_t lane_sub(uint64_t x, uint64_t y, unsigned vece) { return x - y; }
static uint64_t lane_mul(uint64_t x, uint64_t y, unsigned vece) { return x * y; }
static uint64_t lane_avgu(uint64_t x, uint64_t y, unsigned vece) { return (x + y + 1) >> 1; }
static uint64_t lane_shli(uint64_t x, uint64_t y, unsigned vece) { return x << y; }
static uint64_t lane_shri(uint64_t x, uint64_t y, unsigned vece) { return x >> y; }
static uint64_t lane_umin(uint64_t x, uint64_t y, unsigned vece) { return x < y ? x : y; }
static uint64_t lane_umax(uint64_t x, uint64_t y, unsigned vece) { return x > y ? x : y; }
static uint64_t lane_cmpeq(uint64_t x, uint64_t y, unsigned vece) { return x == y ? -1 : 0; }

static uint64_t lane_sari(uint64_t x, uint64_t y, unsigned vece)
{
    return signed_lane(x, vece) >> y;
}

static uint64_t lane_smin(uint64_t x, uint64_t y, unsigned vece)
{
    return signed_lane(x, vece) < signed_lane(y, vece) ? x : y;
}

static uint64_t lane_smax(uint64_t x, uint64_t y, unsigned vece)
{
    return signed_lane(x, vece) > signed_lane(y, vece) ? x : y;
}

static uint64_t lane_cmpgt(uint64_t x, uint64_t y, unsigned vece)
{
    return signed_lane(x, vece) > signed_lane(y, vece) ? -1 : 0;
}

/* Saturating ops have elements of at most 16 bits: 64-bit sums are exact. */
static int64_t clamp(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

static int64_t signed_clamp(int64_t value, unsigned vece)
{
    int64_t high = (INT64_C(1) << (bits_of(vece) - 1)) - 1;

    return clamp(value, -high - 1, high);
}

static int64_t unsigned_clamp(int64_t value, unsigned vece)
{
    return clamp(value, 0, (INT64_C(1) << bits_of(vece)) - 1);
}

static uint64_t lane_ssadd(uint64_t x, uint64_t y, unsigned vece)
{
    return signed_clamp(signed_lane(x, vece) + signed_lane(y, vece), vece);
}

static uint64_t lane_sssub(uint64_t x, uint64_t y, unsigned vece)
{
    return signed_clamp(signed_lane(x, vece) - signed_lane(y, vece), vece);
}

static uint64_t lane_usadd(uint64_t x, uint64_t y, unsigned vece)
{
    return unsigned_clamp(x + y, vece);
}

static uint64_t lane_ussub(uint64_t x, uint64_t y, unsigned vece)
{
    return unsigned_clamp((int64_t)x - (int64_t)y, vece);
}

static float float_of(uint64_t bits)
{
    uint32_t narrow = bits;
    float value;

    memcpy(&value, &narrow, sizeof(value));
    return value;
}

static uint64_t bits_of_float(float value)
{
    uint32_t bits;

    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

static uint64_t lane_fadd(uint64_t x, uint64_t y, unsigned vece)
{
    return bits_of_float(float_of(x) + float_of(y));
}

static uint64_t lane_fsub(uint64_t x, uint64_t y, unsigned vece)
{
    return bits_of_float(float_of(x) - float_of(y));
}

static uint64_t lane_fmul(uint64_t x, uint64_t y, unsigned vece)
{
    return bits_of_float(float_of(x) * float_of(y));
}

static inline void exec_and(EXEC_PARAMS) { each_lane(m, a, MO_64, lane_and); }
static inline void exec_or(EXEC_PARAMS) { each_lane(m, a, MO_64, lane_or); }
static inline void exec_xor(EXEC_PARAMS) { each_lane(m, a, MO_64, lane_xor); }
static inline void exec_andc(EXEC_PARAMS) { each_lane(m, a, MO_64, lane_andc); }
static inline void exec_add(EXEC_PARAMS) { each_lane(m, a, vece, lane_add); }
static inline void exec_sub(EXEC_PARAMS) { each_lane(m, a, vece, lane_sub); }
static inline void exec_mul(EXEC_PARAMS) { each_lane(m, a, vece, lane_mul); }
static inline void exec_ssadd(EXEC_PARAMS) { each_lane(m, a, vece, lane_ssadd); }
static inline void exec_usadd(EXEC_PARAMS) { each_lane(m, a, vece, lane_usadd); }
static inline void exec_sssub(EXEC_PARAMS) { each_lane(m, a, vece, lane_sssub); }
static inline void exec_ussub(EXEC_PARAMS) { each_lane(m, a, vece, lane_ussub); }
static inline void exec_avgu(EXEC_PARAMS) { each_lane(m, a, vece, lane_avgu); }
static inline void exec_smin(EXEC_PARAMS) { each_lane(m, a, vece, lane_smin); }
static inline void exec_smax(EXEC_PARAMS) { each_lane(m, a, vece, lane_smax); }
static inline void exec_umin(EXEC_PARAMS) { each_lane(m, a, vece, lane_umin); }
static inline void exec_umax(EXEC_PARAMS) { each_lane(m, a, vece, lane_umax); }
static inline void exec_cmpeq(EXEC_PARAMS) { each_lane(m, a, vece, lane_cmpeq); }
static inline void exec_cmpgt(EXEC_PARAMS) { each_lane(m, a, vece, lane_cmpgt); }
static inline void exec_shli(EXEC_PARAMS) { each_lane_imm(m, a, vece, lane_shli); }
static inline void exec_shri(EXEC_PARAMS) { each_lane_imm(m, a, vece, lane_shri); }
static inline void exec_sari(EXEC_PARAMS) { each_lane_imm(m, a, vece, lane_sari); }
static inline void exec_fadd(EXEC_PARAMS) { each_lane(m, a, vece, lane_fadd); }
static inline void exec_fsub(EXEC_PARAMS) { each_lane(m, a, vece, lane_fsub); }
static inline void exec_fmul(EXEC_PARAMS) { each_lane(m, a, vece, lane_fmul); }

/* --- handlers from the rows of the op table --- */

#define OP_VEC(n, o, i, c, p, mean) \
    const uint32_t *tci_##n##_vec(Tci *m, const uint32_t *pc) \
    { \
        const uint32_t *next = pc + TCI_LEN(o, i, c); \
        exec_##n(m, pc + 1, *pc >> 16, &next); \
        return next; \
    }
#define OP_INT(n, o, i, c, p, mean)
#define OP_FP(n, o, i, c, p, mean)
#define OP_ONE(n, o, i, c, p, mean)
#include "tcg/tcg-opc.h"
