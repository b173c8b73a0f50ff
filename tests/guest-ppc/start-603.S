/*
 * The system test's vectors with the 603's table search.
 * SPDX-License-Identifier: MIT
 */
#define SOFTWARE_TLB
#include "start-system.S"
