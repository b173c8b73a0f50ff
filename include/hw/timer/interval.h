/*
 * A plain interval timer: hw/timer/interval.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_TIMER_INTERVAL_H
#define HW_TIMER_INTERVAL_H

#include "hw/sysbus.h"

#define TYPE_INTERVAL_TIMER "interval-timer"

#endif
