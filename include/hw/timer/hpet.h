/*
 * High precision event timers (type "hpet").
 *
 * Region 0. gpio input 0: the RTC's IRQ on its way to interrupt 8. gpio outputs
 * 0-31: interrupt lines of the board; named output "pit-enable": 0 while the
 * legacy routing takes the 8254's place.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_TIMER_HPET_H
#define HW_TIMER_HPET_H

#include "hw/sysbus.h"

#define TYPE_HPET "hpet"
#define HPET_ADDRESS 0xfed00000u
enum { HPET_LINES = 32 };

#endif
