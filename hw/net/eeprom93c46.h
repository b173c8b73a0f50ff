/*
 * 93C46 serial EEPROM, 64 words of 16 bits, Microwire (Microchip 93C46 data
 * sheet). Cards store their address in it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_NET_EEPROM93C46_H
#define HW_NET_EEPROM93C46_H

#include "migration/vmstate.h"

#define EEPROM93C46_WORDS 64

typedef struct EEPROM93C46 {
    uint16_t words[EEPROM93C46_WORDS];
    uint8_t cs, sk, out;        /* pins */
    uint8_t write_enabled;
    uint8_t phase;              /* see eeprom93c46.c */
    uint8_t bits;               /* received or sent in this phase */
    uint32_t shift;
    uint8_t address;
} EEPROM93C46;

extern const VMStateDescription vmstate_eeprom93c46;

/* Pins change together; the data output is eeprom->out. */
void eeprom93c46_pins(EEPROM93C46 *eeprom, int cs, int sk, int di);
void eeprom93c46_reset(EEPROM93C46 *eeprom);    /* the interface, not the contents */

#endif
