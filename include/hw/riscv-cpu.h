/*
 * Between a RISC-V CPU and the board around it.
 *
 * Lines into the CPU are its unnamed gpio inputs; their numbers are those of mip's
 * bits. target-riscv implements this, interrupt controllers and boards use it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_RISCV_CPU_H
#define HW_RISCV_CPU_H

#include "hw/core/cpu.h"

enum {
    RISCV_IRQ_SSI = 1, RISCV_IRQ_MSI = 3, RISCV_IRQ_STI = 5, RISCV_IRQ_MTI = 7, RISCV_IRQ_SEI = 9, RISCV_IRQ_MEI = 11,
    RISCV_CPU_INPUTS = 12
};

/* The value of mtime now, for the time CSR. */
typedef uint64_t RISCVTimeFn(void *opaque);

/* After the CPU is realized. time may be NULL: then reading the time CSR is an illegal instruction. */
void riscv_cpu_set_board(CPUState *cpu, uint32_t hart_id, RISCVTimeFn *time, void *opaque);

#endif
