/*
 * Core-local interruptor: software interrupts and timers of RISC-V CPUs. See hw/intc/riscv-clint.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_INTC_RISCV_CLINT_H
#define HW_INTC_RISCV_CLINT_H

#include "hw/sysbus.h"

#define TYPE_RISCV_CLINT "riscv-clint"
enum { CLINT_MAX_HARTS = 64, CLINT_REGION_BYTES = 0x10000 };

/* mtime of the device at opaque: RISCVTimeFn. */
uint64_t riscv_clint_time(void *opaque);

#endif
