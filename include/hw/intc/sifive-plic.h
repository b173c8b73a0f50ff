/*
 * Platform-level interrupt controller of RISC-V boards. See hw/intc/sifive-plic.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_INTC_SIFIVE_PLIC_H
#define HW_INTC_SIFIVE_PLIC_H

#include "hw/sysbus.h"

#define TYPE_SIFIVE_PLIC "sifive-plic"
enum { PLIC_MAX_SOURCES = 128, PLIC_MAX_CONTEXTS = 32, PLIC_REGION_BYTES = 0x600000 };

#endif
