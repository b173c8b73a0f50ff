/*
 * Code page 437 and Unicode.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef UI_CP437_H
#define UI_CP437_H

#include "qemu/osdep.h"

uint16_t cp437_to_unicode(uint8_t c);
/* '?' for what the code page lacks. */
uint8_t cp437_from_unicode(uint32_t code);

#endif
