/*
 * What `info pic` shows: interrupt controllers add a function that prints
 * their state.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_INTC_INTC_H
#define HW_INTC_INTC_H

typedef void IntcPrint(void *opaque, const char *fmt, ...);
/* Prints the state of dev, one fact a line. */
typedef void IntcInfo(void *dev, IntcPrint *print, void *opaque);

/* At the end of realize; dev stays for as long as the machine. */
void intc_register_info(void *dev, IntcInfo *info);
void intc_info(IntcPrint *print, void *opaque);

#endif
