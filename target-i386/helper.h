/*
 * Helpers of the x86 front end, one list for each class of instructions.
 * See tcg/helper.h. Read several times: no include guard.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/helper-tl.h"
#include "target-i386/helper-int.h"
#include "target-i386/helper-system.h"
#include "target-i386/helper-x87.h"
#include "target-i386/helper-sse.h"
