/*
 * Heathrow interrupt controller: gpio inputs are the sources, output 0 the CPU.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_INTC_HEATHROW_PIC_H
#define HW_INTC_HEATHROW_PIC_H

#define TYPE_HEATHROW "heathrow"
#define HEATHROW_IRQS 64

#endif
