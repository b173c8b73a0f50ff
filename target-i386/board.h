/*
 * The CPU's side of hw/x86-cpu.h: asking the board, and INIT, start-up and A20.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TARGET_I386_BOARD_H
#define TARGET_I386_BOARD_H

#include "hw/x86-cpu.h"
#include "target-i386/cpu.h"

/* INTA cycle; -1: no interrupt after all. BQL. */
int x86_board_acknowledge(CPUX86State *env);
/* These take the BQL themselves. */
uint8_t x86_board_get_tpr(CPUX86State *env);
void x86_board_set_tpr(CPUX86State *env, uint8_t tpr);
bool x86_board_read_msr(CPUX86State *env, uint32_t msr, uint64_t *value);
bool x86_board_write_msr(CPUX86State *env, uint32_t msr, uint64_t value);
/* FERR#: an x87 exception is pending with CR0.NE clear. */
void x86_board_set_ferr(CPUX86State *env, bool level);
bool x86_board_apic_enabled(CPUX86State *env);
/* DeviceState's gpio inputs. */
void x86_cpu_init_inputs(DeviceState *dev);

/* reset.c, on the CPU's own thread: INIT, and SIPI while waiting for it. */
void x86_cpu_init_signal(CPUState *cpu);
void x86_cpu_start_up(CPUState *cpu);

#endif
