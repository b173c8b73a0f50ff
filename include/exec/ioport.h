/*
 * I/O ports as a guest CPU reaches them: address_space_io with little-endian
 * accesses of 1, 2 or 4 bytes.
 *
 * Both take the BQL unless it is held (string instructions may hold it over
 * many accesses), and with -icount the clock is exact inside. ra: GETPC() of
 * the helper, or 0. They do not raise exceptions: permission is the caller's.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EXEC_IOPORT_H
#define EXEC_IOPORT_H

#include "hw/core/cpu.h"

uint32_t cpu_ioport_in(CPUState *cpu, uint32_t port, unsigned size, uintptr_t ra);
void cpu_ioport_out(CPUState *cpu, uint32_t port, uint32_t val, unsigned size, uintptr_t ra);

#endif
