/*
 * A register by which a bare-metal program ends the machine: hw/misc/test-finisher.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_MISC_TEST_FINISHER_H
#define HW_MISC_TEST_FINISHER_H

#include "hw/sysbus.h"

#define TYPE_TEST_FINISHER "test-finisher"

/* Make one at addr in system memory. */
bool test_finisher_create(hwaddr addr, Error **errp) QEMU_MUST_CHECK;

#endif
