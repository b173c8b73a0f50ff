/*
 * Case lists without FPU and vector state.
 *
 * SPDX-License-Identifier: MIT
 */
#include "run.h"

void prepare_fx(uint8_t *image, uint64_t (*next_value)(void))
{
}

void mask_fx(uint8_t *image)
{
}
