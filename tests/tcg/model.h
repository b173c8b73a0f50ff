/*
 * A plain interpreter of ops, from their meaning in tcg/tcg-opc.h alone: what
 * optimizer and back ends are compared with.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_TCG_MODEL_H
#define TESTS_TCG_MODEL_H

#include "harness.h"

typedef struct Model {
    CPUArchState env;           /* a guest CPU and memory of its own */
    TestMemory memory;
    TestValue temps[TCG_MAX_TEMPS];
} Model;

/* Copy the real guest into the model. */
void model_load_guest(Model *m);
/* Interpret the ops of tcg_ctx, as they are: call before test_translate(). */
TestResult model_run(Model *m);
/* One op, operands in m->temps. Control flow and guest memory excluded. */
void model_op(Model *m, const TCGOp *op);

TestValue model_read(Model *m, const TCGTemp *t);
void model_write(Model *m, const TCGTemp *t, TestValue value);
bool model_compare(uint64_t a, uint64_t b, TCGCond cond, unsigned bits);

/* Calls a helper whose arguments and result are integers. */
uint64_t call_int_helper(const TCGHelperInfo *info, const uint64_t *args);

/* Vector ops: mask of the vece that op may have, e.g. 1 << MO_8. */
unsigned model_vece_mask(TCGOpcode opc);

#endif
