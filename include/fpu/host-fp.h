/*
 * The host's floating-point status register: rounding mode and sticky flags of
 * the calling thread. The only place that knows how the host keeps them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef FPU_HOST_FP_H
#define FPU_HOST_FP_H

#include "fpu/fpu.h"

#ifdef __x86_64__
#include <xmmintrin.h>

/* Default state (all exceptions masked) with the given rounding; clears the flags. */
static inline void host_fp_load(FPRounding rounding)
{
    static const uint16_t control[] = {
        [FP_NEAREST_EVEN] = 0x0000, [FP_TO_ZERO] = 0x6000, [FP_UP] = 0x4000, [FP_DOWN] = 0x2000,
    };

    _mm_setcsr(0x1f80 | control[rounding]);
}

/* Nearest rounding; with `flush`, subnormal operands and results are zeros (where HOST_FP_FLUSHES). */
#define HOST_FP_FLUSHES true
static inline void host_fp_load_nearest(bool flush)
{
    _mm_setcsr(0x1f80 | (flush ? 0x8040 : 0));
}

/* FP_x flags raised since the last call; clears them. */
static inline uint32_t host_fp_take_flags(void)
{
    uint32_t csr = _mm_getcsr();

    if (!(csr & 0x3f)) {
        return 0;
    }
    _mm_setcsr(csr & ~0x3fu);
    return (csr & 0x20 ? FP_INEXACT : 0) | (csr & 0x10 ? FP_UNDERFLOW : 0) |
           (csr & 0x08 ? FP_OVERFLOW : 0) | (csr & 0x04 ? FP_DIVZERO : 0);
}

/* The status that simd_ ops work under, in MXCSR's format: all exceptions must be masked. */
static inline uint32_t host_simd_csr(void)
{
    return _mm_getcsr();
}

static inline void host_simd_set_csr(uint32_t csr)
{
    _mm_setcsr(csr);
}
#else
#include <fenv.h>

static inline void host_fp_load(FPRounding rounding)
{
    static const int modes[] = {
        [FP_NEAREST_EVEN] = FE_TONEAREST, [FP_TO_ZERO] = FE_TOWARDZERO,
        [FP_UP] = FE_UPWARD, [FP_DOWN] = FE_DOWNWARD,
    };

    feclearexcept(FE_ALL_EXCEPT);
    fesetround(modes[rounding]);
}

#define HOST_FP_FLUSHES false
static inline void host_fp_load_nearest(bool flush)
{
    (void)flush;
    host_fp_load(FP_NEAREST_EVEN);
}

static inline uint32_t host_fp_take_flags(void)
{
    int flags = fetestexcept(FE_ALL_EXCEPT);

    feclearexcept(FE_ALL_EXCEPT);
    return (flags & FE_INEXACT ? FP_INEXACT : 0) | (flags & FE_UNDERFLOW ? FP_UNDERFLOW : 0) |
           (flags & FE_OVERFLOW ? FP_OVERFLOW : 0) | (flags & FE_DIVBYZERO ? FP_DIVZERO : 0);
}

/* No instruction of the host works under it. */
extern __thread uint32_t host_simd_csr_value;     /* tcg/simd.c */

static inline uint32_t host_simd_csr(void)
{
    return host_simd_csr_value;
}

static inline void host_simd_set_csr(uint32_t csr)
{
    host_simd_csr_value = csr;
}
#endif

#endif
