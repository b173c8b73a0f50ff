/*
 * Output of guest test programs through the serial port of g3beige.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef GUEST_PPC_CONSOLE_H
#define GUEST_PPC_CONSOLE_H

#include <stdint.h>

void console_init(void);
void print(const char *text);
void print_hex(uint32_t value);
void print_dec(uint32_t value);

#endif
