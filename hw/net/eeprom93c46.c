/*
 * 93C46 serial EEPROM in its 64 x 16 organisation (eeprom93c46.h).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/net/eeprom93c46.h"

enum { PHASE_IDLE, PHASE_COMMAND, PHASE_READ, PHASE_WRITE, PHASE_DONE };
enum { OP_EXTENDED = 0, OP_WRITE = 1, OP_READ = 2, OP_ERASE = 3 };
enum { EXT_DISABLE = 0, EXT_WRITE_ALL = 1, EXT_ERASE_ALL = 2, EXT_ENABLE = 3 };

static void fill(EEPROM93C46 *e, uint16_t value)
{
    for (int i = 0; i < EEPROM93C46_WORDS && e->write_enabled; i++) {
        e->words[i] = value;
    }
}

/* Opcode and address (8 bits) are complete. */
static void start_command(EEPROM93C46 *e)
{
    e->address = e->shift & 0x3f;
    e->phase = PHASE_DONE;
    e->bits = 0;
    switch (e->shift >> 6 & 3) {
    case OP_READ:
        e->phase = PHASE_READ;
        e->shift = e->words[e->address];
        e->out = 0;                     /* the dummy bit in front of the data */
        break;
    case OP_WRITE:
        e->phase = PHASE_WRITE;
        e->shift = 0;
        break;
    case OP_ERASE:
        if (e->write_enabled) {
            e->words[e->address] = 0xffff;
        }
        break;
    case OP_EXTENDED:
        switch (e->address >> 4) {
        case EXT_DISABLE:
        case EXT_ENABLE:
            e->write_enabled = e->address >> 4 == EXT_ENABLE;
            break;
        case EXT_ERASE_ALL:
            fill(e, 0xffff);
            break;
        case EXT_WRITE_ALL:
            break;                      /* 93C46 boards do not use it */
        }
        break;
    }
}

static void clock_bit(EEPROM93C46 *e, int di)
{
    switch (e->phase) {
    case PHASE_IDLE:
        if (di) {                       /* start bit */
            e->phase = PHASE_COMMAND;
            e->bits = 0;
            e->shift = 0;
        }
        break;
    case PHASE_COMMAND:
        e->shift = e->shift << 1 | di;
        if (++e->bits == 8) {
            start_command(e);
        }
        break;
    case PHASE_READ:                    /* goes on with the next word */
        e->out = e->shift >> 15 & 1;
        e->shift <<= 1;
        if (++e->bits == 16) {
            e->address = (e->address + 1) & 0x3f;
            e->shift = e->words[e->address];
            e->bits = 0;
        }
        break;
    case PHASE_WRITE:
        e->shift = e->shift << 1 | di;
        if (++e->bits == 16) {
            if (e->write_enabled) {
                e->words[e->address] = e->shift;
            }
            e->phase = PHASE_DONE;
        }
        break;
    }
}

void eeprom93c46_pins(EEPROM93C46 *e, int cs, int sk, int di)
{
    if (!cs) {
        e->phase = PHASE_IDLE;
        e->out = 1;                     /* pulled up; also "ready" after a write */
    } else if (!e->cs) {
        e->phase = PHASE_IDLE;
        e->out = 1;
    }
    if (cs && sk && !e->sk) {
        clock_bit(e, !!di);
    }
    e->cs = !!cs;
    e->sk = !!sk;
}

void eeprom93c46_reset(EEPROM93C46 *e)
{
    e->cs = e->sk = 0;
    e->out = 1;
    e->phase = PHASE_IDLE;
    e->bits = e->write_enabled = e->address = 0;
    e->shift = 0;
}

static const VMStateField eeprom93c46_fields[] = {
    VMSTATE_UINT16_ARRAY(words, EEPROM93C46, EEPROM93C46_WORDS),
    VMSTATE_UINT8(cs, EEPROM93C46), VMSTATE_UINT8(sk, EEPROM93C46),
    VMSTATE_UINT8(out, EEPROM93C46), VMSTATE_UINT8(write_enabled, EEPROM93C46),
    VMSTATE_UINT8(phase, EEPROM93C46), VMSTATE_UINT8(bits, EEPROM93C46),
    VMSTATE_UINT32(shift, EEPROM93C46), VMSTATE_UINT8(address, EEPROM93C46), VMSTATE_END
};
const VMStateDescription vmstate_eeprom93c46 = {
    .name = "eeprom93c46", .version = 1, .fields = eeprom93c46_fields,
};
