/*
 * What tests/util/stubs.c lets a test set and see.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_UTIL_TEST_STUBS_H
#define TESTS_UTIL_TEST_STUBS_H

#include "qemu/osdep.h"

extern int64_t test_clock_ns;           /* QEMU_CLOCK_VIRTUAL */
extern int64_t test_clock_step_ns;      /* added at each look at it */
/* The last call of tb_invalidate_phys_range. */
extern ram_addr_t test_invalidated_start, test_invalidated_end;

#endif
