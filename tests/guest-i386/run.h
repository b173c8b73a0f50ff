/*
 * What run.c and its two platforms share.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stdint.h>
#include "layout.h"

/* The platform. */
void print(const char *text);

/* The case list's kind (fx-*.c): inputs and results of the FXSAVE image. */
void prepare_fx(uint8_t *image, uint64_t (*next_value)(void));
void mask_fx(uint8_t *image);

/* run.c. only: number of the one case to print in full, -1: all. */
void run_all(int only);
