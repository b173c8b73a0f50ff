/*
 * Between the files of the model.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_TCG_MODEL_OPS_H
#define TESTS_TCG_MODEL_OPS_H

#include "model.h"

/* model-fp.c */
void model_fp_or_vec(Model *m, const TCGOp *op);
bool model_fcompare(double a, double b, TCGFCond cond);
bool model_vec_access(Model *m, const TCGOp *op);   /* false: fault */

#endif
