/*
 * PMU: the power management microcontroller of New World Macs, behind a 6522.
 *
 * Region 0: the 6522's registers. sysbus output 0: its interrupt. gpio output
 * 0: request line to the host, active low. Property "has-adb"; bus: ADB.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_MISC_MACIO_PMU_H
#define HW_MISC_MACIO_PMU_H

#define TYPE_PMU "pmu"

#endif
