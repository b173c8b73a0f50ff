/*
 * 8254 interval timer.
 *
 * Type "isa-pit": property "iobase". gpio input 0: 0 keeps counter 0 from
 * driving output 0 (the HPET took over). gpio output 0: OUT of counter 0.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_TIMER_I8254_H
#define HW_TIMER_I8254_H

#include "hw/isa.h"

#define TYPE_I8254 "isa-pit"
#define TYPE_PC_SPEAKER "isa-pcspk"
#define PIT_HZ 1193182
/* Modes of a counter (8254 data sheet, "Mode definitions"). */
enum { PIT_TERMINAL_COUNT, PIT_ONE_SHOT, PIT_RATE, PIT_SQUARE_WAVE, PIT_SOFTWARE_STROBE, PIT_HARDWARE_STROBE };

/* GATE of a counter, and the level of its OUT now. */
void i8254_set_gate(DeviceState *pit, int counter, bool level);
bool i8254_gate(DeviceState *pit, int counter);
bool i8254_out(DeviceState *pit, int counter);
/* Reload value in input clocks (1 to 65536) and mode (PIT_x): what a speaker plays. */
uint32_t i8254_initial_count(DeviceState *pit, int counter);
int i8254_mode(DeviceState *pit, int counter);

#endif
