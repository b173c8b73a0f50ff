/*
 * The table of CPU models. See cpu-models.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TARGET_PPC_CPU_MODELS_H
#define TARGET_PPC_CPU_MODELS_H

#include "target-ppc/cpu.h"

/* The model of a CPU object, from its type. */
const PPCModel *ppc_model_of(const Object *obj);
extern const CPUClass ppc_cpu_class;

#endif
