/*
 * The interpreter's SIMD operations: the portable function of each.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/tci/tci.h"
#include "tcg/simd.h"

static SimdVec vec_in(Tci *m, uint32_t word)
{
    SimdVec v;

    memcpy(&v, tci_slot(m, word), sizeof(v));
    return v;
}

static void vec_out(Tci *m, uint32_t word, const SimdVec *v)
{
    memcpy(tci_slot(m, word), v, sizeof(*v));
}

/* a: operand words of an op with nb_in vectors. */
static SimdVec compute(Tci *m, const uint32_t *a, int nb_in)
{
    SimdVec in[3] = { 0 }, d;
    const uint32_t *constants = a + 1 + nb_in;

    for (int i = 0; i < nb_in; i++) {
        in[i] = vec_in(m, a[1 + i]);
    }
    simd_compute_host(constants[0], &d, &in[0], &in[1], &in[2], constants[2]);
    return d;
}

static const uint32_t *run(Tci *m, const uint32_t *pc, int nb_in)
{
    SimdVec d = compute(m, pc + 1, nb_in);

    vec_out(m, pc[1], &d);
    return pc + TCI_LEN(1, nb_in, 2);
}

const uint32_t *tci_simd1_vec(Tci *m, const uint32_t *pc) { return run(m, pc, 1); }
const uint32_t *tci_simd2_vec(Tci *m, const uint32_t *pc) { return run(m, pc, 2); }
const uint32_t *tci_simd3_vec(Tci *m, const uint32_t *pc) { return run(m, pc, 3); }

const uint32_t *tci_simd_to_vec(Tci *m, const uint32_t *pc)
{
    SimdVec d = compute(m, pc + 1, 2);

    tci_set(m, pc[1], TCG_TYPE_I64, d.d[0]);
    return pc + TCI_LEN(1, 2, 2);
}

const uint32_t *tci_simd_from_vec(Tci *m, const uint32_t *pc)
{
    SimdVec a = vec_in(m, pc[2]), b = { .d = { tci_get(m, pc[3], TCG_TYPE_I64) } }, d;

    simd_compute_host(pc[4], &d, &a, &b, NULL, pc[6]);
    vec_out(m, pc[1], &d);
    return pc + TCI_LEN(1, 2, 2);
}

const uint32_t *tci_bits_i64_vec(Tci *m, const uint32_t *pc)
{
    SimdVec d = { .d = { tci_get(m, pc[2], TCG_TYPE_I64), 0 } };

    vec_out(m, pc[1], &d);
    return pc + TCI_LEN(1, 1, 0);
}

const uint32_t *tci_bits_vec_i64(Tci *m, const uint32_t *pc)
{
    SimdVec a = vec_in(m, pc[2]);

    tci_set(m, pc[1], TCG_TYPE_I64, a.d[0]);
    return pc + TCI_LEN(1, 1, 0);
}
