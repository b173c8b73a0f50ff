/*
 * Between the files tcg/simd-*.c: the portable function of each row.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TCG_SIMD_INTERNAL_H
#define TCG_SIMD_INTERNAL_H

#include "tcg/simd.h"

#define SIMD(n, form, encoding, features) SimdFn tcg_simd_##n;
#include "tcg/simd-opc.h"

#define SIMD_FN(n) \
    void tcg_simd_##n(SimdStatus *s, SimdVec *d, const SimdVec *a, const SimdVec *b, \
                      const SimdVec *c, unsigned imm)

#endif
