/*
 * 16550A UART: a core that cards embed, the ISA port, the port in memory.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_CHAR_SERIAL_H
#define HW_CHAR_SERIAL_H

#include "chardev/char.h"
#include "exec/memory.h"
#include "hw/isa.h"
#include "qemu/timer.h"

#define TYPE_ISA_SERIAL "isa-serial"
#define TYPE_SERIAL_MM "serial-mm"
enum { UART_FIFO = 16, UART_PORTS = 8 };

typedef struct SerialState {
    /* wiring */
    MemoryRegion io;            /* eight byte registers */
    qemu_irq irq;
    QEMUTimer *fifo_timeout;

    /* properties of the card */
    CharBackend chr;            /* the card's "chardev" property */
    uint32_t clock_hz;          /* 0: 1.8432 MHz */

    /* guest state */
    uint16_t divider;
    uint8_t ier, fcr, lcr, mcr, lsr, msr, scr;
    uint8_t rbr;
    uint8_t fifo[UART_FIFO];
    uint8_t fifo_head, fifo_count;
    bool thr_interrupt;         /* the transmitter has become empty and nobody read that */
    bool timeout_interrupt;     /* bytes lie in the FIFO for four character times */
} SerialState;

/* From the card's realize, with irq set; name: of the region. */
bool serial_init(SerialState *s, DeviceState *card, const char *name, Error **errp);
void serial_cleanup(SerialState *s);
void serial_reset(SerialState *s);
extern const VMStateDescription vmstate_serial;

/* hw/char/serial-mm.c: for boards, a port at addr in system memory. clock_hz 0: 1.8432 MHz. */
bool serial_mm_create(hwaddr addr, uint32_t clock_hz, qemu_irq irq, struct Chardev *chr, Error **errp) QEMU_MUST_CHECK;

#endif
