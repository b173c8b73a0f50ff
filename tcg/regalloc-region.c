/*
 * Which temps own a host register in a whole region; see regalloc.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/regalloc.h"

void ra_assign_region(RegAlloc *ra)
{
}

void ra_load_region(RegAlloc *ra)
{
}
