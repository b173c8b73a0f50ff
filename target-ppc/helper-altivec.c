/*
 * AltiVec integer operations that are calls, and VSCR (AltiVec PEM, chapter 6).
 *
 * Lanes are numbered as in the host's array, from the least significant:
 * operations on like lanes do not care, those that move data do.
 *
 * SPDX-License-Identifier: MIT
 */
#include "target-ppc/altivec.h"
#include "target-ppc/fp.h"
#define HELPER_H "target-ppc/helper-altivec.h"
#include "tcg/helper-proto.h"

/* --- VSCR and dispatch -------------------------------------------------------------- */

enum { VSCR_NJ = 0x00010000, VSCR_SAT = 0x00000001 };

uint32_t ppc_get_vscr(CPUPPCState *env)
{
    bool sat = env->vscr_sat || env->vscr_diff.u64[0] || env->vscr_diff.u64[1];

    return (env->vscr_nj ? VSCR_NJ : 0) | (sat ? VSCR_SAT : 0);
}

void ppc_set_vscr(CPUPPCState *env, uint32_t value)
{
    env->vscr_nj = (value & VSCR_NJ) != 0;
    env->vscr_sat = (value & VSCR_SAT) != 0;
    env->vscr_diff = (PPCVec){ .u64 = { 0, 0 } };
    ppc_fp_reload(env);
}

void helper_mfvscr(CPUPPCState *env)
{
    env->vec_result = (PPCVec){ .u32 = { ppc_get_vscr(env), 0, 0, 0 } };
}

void helper_mtvscr(CPUPPCState *env)
{
    ppc_set_vscr(env, env->vec_arg[0].u32[0]);
}

static VecFunction *const vec_functions[VEC_OP_COUNT] = {
#define VEC_OP_ENTRY(name) [VEC_OP_##name] = vec_##name,
    VEC_INT_OPS(VEC_OP_ENTRY)
    VEC_FP_OPS(VEC_OP_ENTRY)
#undef VEC_OP_ENTRY
};

void helper_vec_op(CPUPPCState *env, uint32_t packed)
{
    vec_functions[packed & 0xff](env, &env->vec_result, &env->vec_arg[0], &env->vec_arg[1],
                                 &env->vec_arg[2], packed >> 8);
}

/* --- lanes of any type ----------------------------------------------------------------- */

typedef enum Lane { U8, S8, U16, S16, U32, S32 } Lane;

static inline unsigned lane_bits(Lane lane)
{
    return 8u << (lane / 2);
}

static inline unsigned lane_count(Lane lane)
{
    return 128 / lane_bits(lane);
}

static inline int64_t lane_get(const PPCVec *v, Lane lane, unsigned i)
{
    switch (lane) {
    case U8:
        return v->u8[i];
    case S8:
        return v->s8[i];
    case U16:
        return v->u16[i];
    case S16:
        return v->s16[i];
    case U32:
        return v->u32[i];
    default:
        return v->s32[i];
    }
}

static inline void lane_set(PPCVec *v, Lane lane, unsigned i, int64_t value)
{
    switch (lane_bits(lane)) {
    case 8:
        v->u8[i] = value;
        break;
    case 16:
        v->u16[i] = value;
        break;
    default:
        v->u32[i] = value;
        break;
    }
}

/* The nearest value that the lane type has; SAT when that is another one. */
static inline int64_t saturate(CPUPPCState *env, Lane lane, int64_t value)
{
    bool is_signed = lane & 1;
    int64_t most = (INT64_C(1) << (lane_bits(lane) - is_signed)) - 1, least = is_signed ? ~most : 0;

    if (value > most || value < least) {
        vec_set_sat(env);
        return value > most ? most : least;
    }
    return value;
}

#define VEC_FUNCTION(name) \
    void vec_##name(CPUPPCState *env, PPCVec *d, const PPCVec *a, const PPCVec *b, const PPCVec *c, unsigned imm)

/* --- sums, averages ------------------------------------------------------------------------ */

/* sum where no lane of `over` is set, else the limit in the direction of a's sign. */
static inline void set_signed_sum(CPUPPCState *env, PPCVec *d, VecS32 a, VecS32 sum, VecS32 over)
{
    VecS32 limit = a >> 31 ^ INT32_MAX;

    over >>= 31;
    *(VecS32 *)d = (sum & ~over) | (limit & over);
    if (vec_any(over)) {
        vec_set_sat(env);
    }
}

VEC_FUNCTION(vaddsws)
{
    VecS32 x = vec_load_s32(a), y = vec_load_s32(b), sum = x + y;

    set_signed_sum(env, d, x, sum, ~(x ^ y) & (x ^ sum));
}

VEC_FUNCTION(vsubsws)
{
    VecS32 x = vec_load_s32(a), y = vec_load_s32(b), sum = x - y;

    set_signed_sum(env, d, x, sum, (x ^ y) & (x ^ sum));
}

VEC_FUNCTION(vadduws)
{
    VecU32 x = vec_load_u32(a), sum = x + vec_load_u32(b);
    VecS32 carry = sum < x;

    *(VecU32 *)d = sum | (VecU32)carry;
    if (vec_any(carry)) {
        vec_set_sat(env);
    }
}

VEC_FUNCTION(vsubuws)
{
    VecU32 x = vec_load_u32(a), y = vec_load_u32(b);
    VecS32 borrow = x < y;

    *(VecU32 *)d = (x - y) & ~(VecU32)borrow;
    if (vec_any(borrow)) {
        vec_set_sat(env);
    }
}

static inline void average(PPCVec *d, const PPCVec *a, const PPCVec *b, Lane lane)
{
    for (unsigned i = 0; i < lane_count(lane); i++) {
        lane_set(d, lane, i, (lane_get(a, lane, i) + lane_get(b, lane, i) + 1) >> 1);
    }
}

VEC_FUNCTION(vavguw)
{
    VecU32 x = vec_load_u32(a), y = vec_load_u32(b);

    *(VecU32 *)d = (x | y) - ((x ^ y) >> 1);
}

VEC_FUNCTION(vavgsb) { average(d, a, b, S8); }
VEC_FUNCTION(vavgsh) { average(d, a, b, S16); }
VEC_FUNCTION(vavgsw) { average(d, a, b, S32); }

/* Each word of d: the sum of the lanes of a in it, plus the word of b, saturated as `word` says. */
static inline void sum_in_words(CPUPPCState *env, PPCVec *d, const PPCVec *a, const PPCVec *b,
                                Lane lane, Lane word)
{
    unsigned lanes = 32 / lane_bits(lane);

    for (unsigned i = 0; i < 4; i++) {
        int64_t sum = lane_get(b, word, i);

        for (unsigned k = 0; k < lanes; k++) {
            sum += lane_get(a, lane, i * lanes + k);
        }
        lane_set(d, word, i, saturate(env, word, sum));
    }
}

VEC_FUNCTION(vsum4ubs) { sum_in_words(env, d, a, b, U8, U32); }
VEC_FUNCTION(vsum4sbs) { sum_in_words(env, d, a, b, S8, S32); }
VEC_FUNCTION(vsum4shs) { sum_in_words(env, d, a, b, S16, S32); }

VEC_FUNCTION(vsum2sws)
{
    for (unsigned i = 0; i < 4; i += 2) {
        d->s32[i] = saturate(env, S32, (int64_t)a->s32[i] + a->s32[i + 1] + b->s32[i]);
        d->s32[i + 1] = 0;
    }
}

VEC_FUNCTION(vsumsws)
{
    int64_t sum = (int64_t)a->s32[0] + a->s32[1] + a->s32[2] + a->s32[3] + b->s32[0];

    *d = (PPCVec){ .s32 = { saturate(env, S32, sum), 0, 0, 0 } };
}

/* --- shifts ------------------------------------------------------------------------------------ */

static inline void rotate(PPCVec *d, const PPCVec *a, const PPCVec *b, Lane lane)
{
    unsigned bits = lane_bits(lane);

    for (unsigned i = 0; i < lane_count(lane); i++) {
        uint64_t value = lane_get(a, lane, i);
        unsigned count = lane_get(b, lane, i) & (bits - 1);

        lane_set(d, lane, i, value << count | value >> (bits - count));
    }
}

VEC_FUNCTION(vrlb) { rotate(d, a, b, U8); }
VEC_FUNCTION(vrlh) { rotate(d, a, b, U16); }
VEC_CLONES VEC_FUNCTION(vrlw)
{
    VecU32 x = vec_load_u32(a), count = vec_load_u32(b) & 31;

    *(VecU32 *)d = x << count | x >> (-count & 31);
}


static inline void shift_left(PPCVec *d, const PPCVec *a, const PPCVec *b, Lane lane)
{
    for (unsigned i = 0; i < lane_count(lane); i++) {
        lane_set(d, lane, i, lane_get(a, lane, i) << (lane_get(b, lane, i) & (lane_bits(lane) - 1)));
    }
}

VEC_FUNCTION(vslb) { shift_left(d, a, b, U8); }
VEC_FUNCTION(vslh) { shift_left(d, a, b, U16); }
VEC_CLONES VEC_FUNCTION(vslw) { *(VecU32 *)d = vec_load_u32(a) << (vec_load_u32(b) & 31); }

/* Signed lanes shift in their sign. */
static inline void shift_right(PPCVec *d, const PPCVec *a, const PPCVec *b, Lane lane)
{
    for (unsigned i = 0; i < lane_count(lane); i++) {
        lane_set(d, lane, i, lane_get(a, lane, i) >> (lane_get(b, lane, i) & (lane_bits(lane) - 1)));
    }
}

VEC_FUNCTION(vsrb) { shift_right(d, a, b, U8); }
VEC_FUNCTION(vsrh) { shift_right(d, a, b, U16); }
VEC_CLONES VEC_FUNCTION(vsrw) { *(VecU32 *)d = vec_load_u32(a) >> (vec_load_u32(b) & 31); }
VEC_FUNCTION(vsrab) { shift_right(d, a, b, S8); }
VEC_FUNCTION(vsrah) { shift_right(d, a, b, S16); }
VEC_CLONES VEC_FUNCTION(vsraw) { *(VecS32 *)d = vec_load_s32(a) >> (vec_load_s32(b) & 31); }

static unsigned __int128 whole(const PPCVec *v)
{
    return (unsigned __int128)v->u64[1] << 64 | v->u64[0];
}

static void set_whole(PPCVec *d, unsigned __int128 value)
{
    d->u64[0] = value;
    d->u64[1] = value >> 64;
}

/* vsl, vsr: by 0-7 bits; vslo, vsro: by octets. The count is in the last byte of vB. */
VEC_FUNCTION(vsl) { set_whole(d, whole(a) << (b->u8[0] & 7)); }
VEC_FUNCTION(vsr) { set_whole(d, whole(a) >> (b->u8[0] & 7)); }
VEC_FUNCTION(vslo) { set_whole(d, whole(a) << (b->u8[0] & 0x78)); }
VEC_FUNCTION(vsro) { set_whole(d, whole(a) >> (b->u8[0] & 0x78)); }

/* --- products ------------------------------------------------------------------------------------- */

static inline void multiply_high_add(CPUPPCState *env, PPCVec *d, const PPCVec *a, const PPCVec *b,
                                     const PPCVec *c, int64_t round)
{
    for (unsigned i = 0; i < 8; i++) {
        int64_t product = (int64_t)a->s16[i] * b->s16[i] + round;

        d->s16[i] = saturate(env, S16, (product >> 15) + c->s16[i]);
    }
}

VEC_FUNCTION(vmhaddshs) { multiply_high_add(env, d, a, b, c, 0); }
VEC_FUNCTION(vmhraddshs) { multiply_high_add(env, d, a, b, c, 0x4000); }

/* The sum of the products of lanes in word i, and word i of c. */
static inline int64_t multiply_sum(const PPCVec *a, Lane lane_a, const PPCVec *b, Lane lane_b,
                                   const PPCVec *c, Lane word, unsigned i)
{
    unsigned lanes = 32 / lane_bits(lane_a);
    int64_t sum = lane_get(c, word, i);

    for (unsigned k = i * lanes; k < (i + 1) * lanes; k++) {
        sum += lane_get(a, lane_a, k) * lane_get(b, lane_b, k);
    }
    return sum;
}

static inline void multiply_sum_modulo(PPCVec *d, const PPCVec *a, Lane lane_a, const PPCVec *b,
                                       Lane lane_b, const PPCVec *c)
{
    for (unsigned i = 0; i < 4; i++) {
        d->u32[i] = multiply_sum(a, lane_a, b, lane_b, c, U32, i);
    }
}

static inline void multiply_sum_saturate(CPUPPCState *env, PPCVec *d, const PPCVec *a,
                                         const PPCVec *b, const PPCVec *c, Lane lane, Lane word)
{
    for (unsigned i = 0; i < 4; i++) {
        d->u32[i] = saturate(env, word, multiply_sum(a, lane, b, lane, c, word, i));
    }
}

VEC_FUNCTION(vmsumubm) { multiply_sum_modulo(d, a, U8, b, U8, c); }
VEC_FUNCTION(vmsummbm) { multiply_sum_modulo(d, a, S8, b, U8, c); }
VEC_FUNCTION(vmsumuhm) { multiply_sum_modulo(d, a, U16, b, U16, c); }

/* Sums of the two signed products in each word, modulo 2^32. */
static inline VecS32 pair_products(const PPCVec *a, const PPCVec *b)
{
    VecS32 x = vec_load_s32(a), y = vec_load_s32(b);

    return (x >> 16) * (y >> 16) + (x << 16 >> 16) * (y << 16 >> 16);
}

VEC_CLONES VEC_FUNCTION(vmsumshm) { *(VecS32 *)d = pair_products(a, b) + vec_load_s32(c); }
VEC_FUNCTION(vmsumuhs) { multiply_sum_saturate(env, d, a, b, c, U16, U32); }

/* Only two products of -32768 by itself exceed a word before vC is added. */
VEC_CLONES VEC_FUNCTION(vmsumshs)
{
    VecS32 products = pair_products(a, b), z = vec_load_s32(c), sum = products + z;

    if (unlikely(vec_any(products == INT32_MIN))) {
        multiply_sum_saturate(env, d, a, b, c, S16, S32);
    } else {
        set_signed_sum(env, d, z, sum, ~(products ^ z) & (products ^ sum));
    }
}

/* --- packs ------------------------------------------------------------------------------------------- */

/* The lanes of a (more significant) and b, saturated to half their width. */
static inline void pack(CPUPPCState *env, PPCVec *d, const PPCVec *a, const PPCVec *b,
                        Lane from, Lane to)
{
    unsigned half = lane_count(from);

    for (unsigned i = 0; i < half; i++) {
        lane_set(d, to, i, saturate(env, to, lane_get(b, from, i)));
        lane_set(d, to, half + i, saturate(env, to, lane_get(a, from, i)));
    }
}

VEC_FUNCTION(vpkuhus) { pack(env, d, a, b, U16, U8); }
VEC_FUNCTION(vpkuwus) { pack(env, d, a, b, U32, U16); }
VEC_FUNCTION(vpkshus) { pack(env, d, a, b, S16, U8); }
VEC_FUNCTION(vpkswus) { pack(env, d, a, b, S32, U16); }
VEC_FUNCTION(vpkshss) { pack(env, d, a, b, S16, S8); }
VEC_FUNCTION(vpkswss) { pack(env, d, a, b, S32, S16); }

/* A pixel of 8/8/8/8 bits as 1/5/5/5. */
static uint16_t pack_pixel(uint32_t pixel)
{
    return (pixel >> 9 & 0xfc00) | (pixel >> 6 & 0x03e0) | (pixel >> 3 & 0x001f);
}

VEC_FUNCTION(vpkpx)
{
    for (unsigned i = 0; i < 4; i++) {
        d->u16[i] = pack_pixel(b->u32[i]);
        d->u16[4 + i] = pack_pixel(a->u32[i]);
    }
}

/* The first bit fills a byte; the others are extended with zeros. */
static uint32_t unpack_pixel(uint16_t pixel)
{
    return (pixel & 0x8000 ? 0xff000000u : 0) | (uint32_t)(pixel & 0x7c00) << 6 |
           (uint32_t)(pixel & 0x03e0) << 3 | (pixel & 0x001f);
}

VEC_FUNCTION(vupkhpx)
{
    for (unsigned i = 0; i < 4; i++) {
        d->u32[i] = unpack_pixel(b->u16[4 + i]);
    }
}

VEC_FUNCTION(vupklpx)
{
    for (unsigned i = 0; i < 4; i++) {
        d->u32[i] = unpack_pixel(b->u16[i]);
    }
}
