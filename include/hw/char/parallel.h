/*
 * Parallel ports.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_CHAR_PARALLEL_H
#define HW_CHAR_PARALLEL_H

/* ISA device with properties "index" (0 to 2) and "chardev", the printer. */
#define TYPE_ISA_PARALLEL "isa-parallel"

#endif
