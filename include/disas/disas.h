/*
 * Disassembly of guest and host code for logs and the monitor.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DISAS_DISAS_H
#define DISAS_DISAS_H

#include "hw/core/cpu.h"

/* `size` bytes of guest code at virtual address `code`, one line each: "0xfff02520:  li      r0,0". */
void target_disas(FILE *f, CPUState *cpu, vaddr code, size_t size);
/* Host code in memory. */
void host_disas(FILE *f, const void *code, size_t size);
/* `count` instructions for the monitor's x/i; physical: address is not translated. False: no disassembler. */
bool monitor_disas(FILE *f, CPUState *cpu, uint64_t address, uint64_t count, bool physical);

#endif
