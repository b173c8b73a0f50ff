/*
 * MC146818 real-time clock with 128 bytes of battery-backed memory.
 *
 * Type "mc146818rtc": properties "iobase", "irq". gpio output 0: IRQ.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_RTC_MC146818RTC_H
#define HW_RTC_MC146818RTC_H

#include "hw/isa.h"

#define TYPE_MC146818_RTC "mc146818rtc"

/* For the board: a byte of the memory (above the clock's registers). */
void mc146818rtc_set_cmos(DeviceState *rtc, unsigned addr, uint8_t value);
uint8_t mc146818rtc_get_cmos(DeviceState *rtc, unsigned addr);

#endif
