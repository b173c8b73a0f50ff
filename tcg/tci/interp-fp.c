/*
 * The interpreter's floating-point ops: the host's own, in its rounding mode
 * and with its sticky flags. exec_NAME does the op for either width, operands
 * and parameters as in interp-int.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/tci/tci.h"

#include <fenv.h>
#include <math.h>

#define EXEC_PARAMS Tci *m, const uint32_t *a, TCGType type, const uint32_t **next

static inline float f32_in(Tci *m, uint32_t word)
{
    float value;

    memcpy(&value, tci_slot(m, word), sizeof(value));
    return value;
}

static inline double f64_in(Tci *m, uint32_t word)
{
    double value;

    memcpy(&value, tci_slot(m, word), sizeof(value));
    return value;
}

static inline void f32_out(Tci *m, uint32_t word, float value)
{
    memcpy(tci_slot(m, word), &value, sizeof(value));
}

static inline void f64_out(Tci *m, uint32_t word, double value)
{
    memcpy(tci_slot(m, word), &value, sizeof(value));
}

/* a[0] = the expression, computed with X, Y, Z of the op's width. */
#define COMPUTE(expr32, expr64) \
    do { \
        if (type == TCG_TYPE_F32) { \
            f32_out(m, a[0], expr32); \
        } else { \
            f64_out(m, a[0], expr64); \
        } \
    } while (0)
#define X32 f32_in(m, a[1])
#define Y32 f32_in(m, a[2])
#define Z32 f32_in(m, a[3])
#define X64 f64_in(m, a[1])
#define Y64 f64_in(m, a[2])
#define Z64 f64_in(m, a[3])

static inline void exec_fadd(EXEC_PARAMS) { COMPUTE(X32 + Y32, X64 + Y64); }
static inline void exec_fsub(EXEC_PARAMS) { COMPUTE(X32 - Y32, X64 - Y64); }
static inline void exec_fmul(EXEC_PARAMS) { COMPUTE(X32 * Y32, X64 * Y64); }
static inline void exec_fdiv(EXEC_PARAMS) { COMPUTE(X32 / Y32, X64 / Y64); }
static inline void exec_fsqrt(EXEC_PARAMS) { COMPUTE(sqrtf(X32), sqrt(X64)); }
static inline void exec_fma(EXEC_PARAMS) { COMPUTE(fmaf(X32, Y32, Z32), fma(X64, Y64, Z64)); }

/* --- bits --- */

static inline TCGType int_type(TCGType type)
{
    return type == TCG_TYPE_F32 ? TCG_TYPE_I32 : TCG_TYPE_I64;
}

static inline uint64_t sign_bit(TCGType type)
{
    return type == TCG_TYPE_F32 ? UINT64_C(1) << 31 : UINT64_C(1) << 63;
}

static inline uint64_t bits_in(Tci *m, uint32_t word, TCGType type)
{
    return tci_get(m, word, int_type(type));
}

static inline void bits_out(Tci *m, uint32_t word, TCGType type, uint64_t bits)
{
    tci_set(m, word, int_type(type), bits);
}

static inline void exec_mov(EXEC_PARAMS)
{
    bits_out(m, a[0], type, bits_in(m, a[1], type));
}

static inline void exec_fneg(EXEC_PARAMS)
{
    bits_out(m, a[0], type, bits_in(m, a[1], type) ^ sign_bit(type));
}

static inline void exec_fabs(EXEC_PARAMS)
{
    bits_out(m, a[0], type, bits_in(m, a[1], type) & ~sign_bit(type));
}

static inline void exec_ld(EXEC_PARAMS)
{
    memcpy(tci_slot(m, a[0]), tci_host_address(m, a + 1), type == TCG_TYPE_F32 ? 4 : 8);
}

static inline void exec_st(EXEC_PARAMS)
{
    memcpy(tci_host_address(m, a + 1), tci_slot(m, a[0]), type == TCG_TYPE_F32 ? 4 : 8);
}

static inline void exec_qemu_ld(EXEC_PARAMS) { tci_guest_load(m, a, int_type(type), *next); }
static inline void exec_qemu_st(EXEC_PARAMS) { tci_guest_store(m, a, int_type(type), *next); }

/* --- comparison and conversion --- */

static inline double value_in(Tci *m, uint32_t word, TCGType type)
{
    return type == TCG_TYPE_F32 ? f32_in(m, word) : f64_in(m, word);
}

/* Quiet: only signalling NaNs raise invalid, and those when they are widened. */
static bool compare(double x, double y, TCGFCond cond)
{
    switch (cond) {
    case TCG_FCOND_EQ: return x == y;
    case TCG_FCOND_NEU: return !(x == y);
    case TCG_FCOND_LT: return isless(x, y);
    case TCG_FCOND_GEU: return !isless(x, y);
    case TCG_FCOND_GT: return isgreater(x, y);
    case TCG_FCOND_LEU: return !isgreater(x, y);
    case TCG_FCOND_LE: return islessequal(x, y);
    case TCG_FCOND_GTU: return !islessequal(x, y);
    case TCG_FCOND_GE: return isgreaterequal(x, y);
    case TCG_FCOND_LTU: return !isgreaterequal(x, y);
    case TCG_FCOND_UN: return isunordered(x, y);
    case TCG_FCOND_ORD: return !isunordered(x, y);
    }
    return false;
}

static inline void exec_setcond(EXEC_PARAMS)
{
    tci_set(m, a[0], TCG_TYPE_I32, compare(value_in(m, a[1], type), value_in(m, a[2], type), a[3]));
}

static inline void exec_brcond(EXEC_PARAMS)
{
    if (compare(value_in(m, a[0], type), value_in(m, a[1], type), a[2])) {
        *next = a - 1 + (int32_t)a[4];
    }
}

/* Of this thread's arithmetic: feraiseexcept() may raise it in another unit's status only. */
static void raise_inexact(void)
{
    volatile double one = 1, sum = one + 0x1p-60;

    (void)sum;
}

/* x as an integer of the given width; invalid and the least one when it does not fit. */
static int64_t to_integer(double x, bool truncate, unsigned bits)
{
    double limit = bits == 32 ? 0x1p31 : 0x1p63;
    /* What truncates to -limit; the compiler's trunc() may raise inexact: only for what fits. */
    double below = bits == 32 ? -0x1p31 - 1 : -0x1p63 - 0x1p11;
    bool fits = truncate ? isgreater(x, below) && isless(x, limit)
                         : isgreaterequal(nearbyint(x), -limit) && isless(nearbyint(x), limit);
    double rounded = !fits ? 0 : truncate ? trunc(x) : nearbyint(x);

    if (!fits) {
        feraiseexcept(FE_INVALID);
        return bits == 32 ? INT32_MIN : INT64_MIN;
    }
    if (rounded != x) {
        raise_inexact();
    }
    return (int64_t)rounded;
}

static inline void exec_cvt_i32(EXEC_PARAMS)
{
    tci_set(m, a[0], TCG_TYPE_I32, to_integer(value_in(m, a[1], type), a[2], 32));
}

static inline void exec_cvt_i64(EXEC_PARAMS)
{
    tci_set(m, a[0], TCG_TYPE_I64, to_integer(value_in(m, a[1], type), a[2], 64));
}

static inline void exec_from_i32(EXEC_PARAMS)
{
    int32_t x = tci_get(m, a[1], TCG_TYPE_I32);

    COMPUTE(x, x);
}

static inline void exec_from_i64(EXEC_PARAMS)
{
    int64_t x = tci_get(m, a[1], TCG_TYPE_I64);

    COMPUTE(x, x);
}

const uint32_t *tci_cvt_f64_f32(Tci *m, const uint32_t *pc)
{
    f32_out(m, pc[1], f64_in(m, pc[2]));
    return pc + TCI_LEN(1, 1, 0);
}

const uint32_t *tci_cvt_f32_f64(Tci *m, const uint32_t *pc)
{
    f64_out(m, pc[1], f32_in(m, pc[2]));
    return pc + TCI_LEN(1, 1, 0);
}

/* --- guards --- */

#define F32_LEAST_NORMAL_AS_F64 (UINT64_C(0x381) << 52)      /* 2^-126 */

static bool guard_holds(uint64_t bits, TCGGuard test, TCGType type)
{
    uint64_t magnitude = bits & ~sign_bit(type);
    uint64_t least_normal = type == TCG_TYPE_F32 ? 1u << 23 : UINT64_C(1) << 52;
    uint64_t infinity = type == TCG_TYPE_F32 ? 0xffu << 23 : UINT64_C(0x7ff) << 52;
    bool plain = magnitude <= infinity && magnitude != least_normal;

    switch (test) {
    case TCG_GUARD_NOT_NAN:
        return magnitude <= infinity;
    case TCG_GUARD_PLAIN:
        return plain;
    case TCG_GUARD_NO_HALF:
        return plain && (bits & 0x1fffffff) != 0x10000000;
    case TCG_GUARD_FINITE_NORMAL:
        return magnitude == 0 || (magnitude > least_normal && magnitude < infinity);
    case TCG_GUARD_SINGLE:
        return magnitude == 0 || (magnitude > F32_LEAST_NORMAL_AS_F64 && magnitude < infinity);
    }
    return false;
}

typedef uint64_t GuardFix(void *env, uint64_t b, uint64_t c, uint64_t e, uint64_t info);

static inline void exec_guard(EXEC_PARAMS)
{
    uint64_t result = bits_in(m, a[1], type);

    if (!guard_holds(result, a[5], type)) {
        const TCGHelperInfo *info = (const TCGHelperInfo *)(uintptr_t)tci_const(a + 7);

        tci_may_fault(*next);
        result = ((GuardFix *)info->func)(m->base[TCI_BASE_ENV], bits_in(m, a[2], type),
                                          bits_in(m, a[3], type), bits_in(m, a[4], type),
                                          tci_const(a + 9));
    }
    bits_out(m, a[0], type, result);
}

/* --- handlers from the rows of the op table --- */

#define OP_FP(n, o, i, c, p, mean) \
    const uint32_t *tci_##n##_f32(Tci *m, const uint32_t *pc) \
    { \
        const uint32_t *next = pc + TCI_LEN(o, i, c); \
        exec_##n(m, pc + 1, TCG_TYPE_F32, &next); \
        return next; \
    } \
    const uint32_t *tci_##n##_f64(Tci *m, const uint32_t *pc) \
    { \
        const uint32_t *next = pc + TCI_LEN(o, i, c); \
        exec_##n(m, pc + 1, TCG_TYPE_F64, &next); \
        return next; \
    }
#define OP_INT(n, o, i, c, p, mean)
#define OP_VEC(n, o, i, c, p, mean)
#define OP_ONE(n, o, i, c, p, mean)
#include "tcg/tcg-opc.h"
