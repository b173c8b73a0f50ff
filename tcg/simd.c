/*
 * The table of SIMD operations, and running one portably.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/simd-internal.h"
#include "fpu/host-fp.h"

#define SIMD(n, form, encoding, features) \
    [SIMD_OP_##n] = { #n, SIMD_FORM_##form, features, encoding, tcg_simd_##n },
const SimdOpDef simd_op_defs[NB_SIMD_OPS] = {
#include "tcg/simd-opc.h"
};

uint32_t simd_allowed_features = UINT32_MAX;

#ifndef __x86_64__
__thread uint32_t host_simd_csr_value = SIMD_CSR_DEFAULT;
#endif

void simd_compute(SimdOp op, SimdStatus *s, SimdVec *d, const SimdVec *a, const SimdVec *b,
                  const SimdVec *c, unsigned imm)
{
    SimdVec result = { .d = { 0, 0 } };

    simd_op_defs[op].fn(s, &result, a, b, c, imm);
    *d = result;
}

void simd_compute_host(SimdOp op, SimdVec *d, const SimdVec *a, const SimdVec *b,
                       const SimdVec *c, unsigned imm)
{
    SimdStatus status = { .csr = host_simd_csr() };

    simd_compute(op, &status, d, a, b, c, imm);
    if (status.raised & ~status.csr) {
        host_simd_set_csr(status.csr | status.raised);
    }
}
