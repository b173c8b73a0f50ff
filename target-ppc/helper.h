/*
 * Helpers of the PowerPC front end, one list for each class of instructions.
 * See tcg/helper.h. Read several times: no include guard.
 *
 * SPDX-License-Identifier: MIT
 */
#include "target-ppc/helper-int.h"
#include "target-ppc/helper-fp.h"
#include "target-ppc/helper-altivec.h"
