/*
 * SPDX-License-Identifier: MIT
 */
#include "tcg/tcg-internal.h"
void tcg_optimize(TCGContext *s)
{
}
