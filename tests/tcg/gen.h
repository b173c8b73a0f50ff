/*
 * Random operands of ops.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_TCG_GEN_H
#define TESTS_TCG_GEN_H

#include "model.h"

/* The tests' helpers. */
#define HELPER_H "tests/tcg/test-helpers.h"
#include "tcg/helper-proto.h"
#include "tcg/helper-gen.h"

/* What an op's inputs have to fulfil so that its result is defined. */
typedef enum OperandRule {
    RULE_NONE,
    RULE_SHIFT,         /* in[1] < width */
    RULE_DIVISOR,       /* in[1] != 0, no MIN / -1 */
    RULE_CARRY,         /* in[2] is 0 or 1 */
    RULE_HOST_ADDRESS,  /* the last input is env */
    RULE_GUEST_ADDRESS, /* the last input is a guest address */
} OperandRule;
OperandRule gen_rule(TCGOpcode opc);

/* Ops that compute: no control flow, no call, no mark; x87 ops have tests of their own. */
bool gen_is_value_op(TCGOpcode opc);
/* NaN results may differ in their bits: not to be compared exactly. */
bool gen_is_fp_op(TCGOpcode opc);

/* The op that has SIMD operations of that form. */
TCGOpcode gen_simd_opcode(SimdForm form);
/* The manual leaves the result's low bits open. */
bool gen_simd_is_estimate(SimdOp simd);
/* It leaves the order of additions, and so the choice among NaNs, open. */
bool gen_simd_is_dot_product(SimdOp simd);

/* A value of the type, often an edge case. */
TestValue gen_value(TCGType type);
/* Valid constants of the op and its vece; host accesses are at env + scratch_offset. */
void gen_constants(TCGOp *op, intptr_t scratch_offset);

/* Are the two results the same, but for the bits of NaNs? */
bool gen_same_value(TCGType type, const void *a, const void *b);
/* The same of vectors of f32. */
bool gen_same_lanes(const void *a, const void *b);

#endif
