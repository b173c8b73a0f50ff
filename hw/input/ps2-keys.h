/*
 * Key codes of PS/2 keyboards (IBM PS/2 Hardware Interface Technical Reference,
 * "Keyboards"): sets 2 and 3 by Linux key code, and the translation of the 8042
 * from set 2 to set 1.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_INPUT_PS2_KEYS_H
#define HW_INPUT_PS2_KEYS_H

#include "qemu/osdep.h"

/* Set 2 code of a key; EXTENDED: with the prefix 0xe0. 0: no such key. */
enum { PS2_EXTENDED = 0x100, PS2_PREFIX_EXTENDED = 0xe0, PS2_PREFIX_RELEASE = 0xf0 };
uint16_t ps2_set2_code(int linux_code);
uint8_t ps2_set3_code(int linux_code);
/* Set 1 code of a set 2 code, without the release bit. */
extern const uint8_t ps2_set2_to_set1[256];

#endif
