/*
 * MOS 6522 versatile interface adapter, embedded by the device behind it.
 *
 * The owner reads and writes port B and the shift register in `b` and `sr`,
 * is told of the guest's writes, and raises VIA_INT_SR and VIA_INT_CB1/CA1.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_MISC_MACIO_VIA6522_H
#define HW_MISC_MACIO_VIA6522_H

#include "hw/irq.h"
#include "migration/vmstate.h"
#include "qemu/timer.h"

enum { VIA_REG_B, VIA_REG_A, VIA_REG_DIRB, VIA_REG_DIRA, VIA_REG_T1CL, VIA_REG_T1CH, VIA_REG_T1LL,
       VIA_REG_T1LH, VIA_REG_T2CL, VIA_REG_T2CH, VIA_REG_SR, VIA_REG_ACR, VIA_REG_PCR, VIA_REG_IFR,
       VIA_REG_IER, VIA_REG_ANH };
enum { VIA_INT_CA2 = 0x01, VIA_INT_CA1 = 0x02, VIA_INT_SR = 0x04, VIA_INT_CB2 = 0x08,
       VIA_INT_CB1 = 0x10, VIA_INT_T2 = 0x20, VIA_INT_T1 = 0x40, VIA_INT_ANY = 0x80 };
enum { VIA_ACR_SR_MODE = 0x1c, VIA_ACR_SR_OUT = 0x10, VIA_ACR_T2_COUNT_PB6 = 0x20,
       VIA_ACR_T1_CONTINUOUS = 0x40 };
/* Macs put consecutive registers 0x200 apart. */
#define VIA_REG_SHIFT 9
#define VIA_REGION_SIZE 0x2000

typedef struct Via6522Timer {
    uint16_t latch;
    uint16_t start;         /* counter value at start_ns */
    int64_t start_ns;
    bool armed;             /* the next underflow sets the flag */
    int64_t expires_ns;
} Via6522Timer;

typedef struct Via6522 {
    /* wiring */
    qemu_irq irq;
    QEMUTimer *wakeup;
    uint32_t frequency_hz;
    void (*port_b_written)(void *opaque);       /* also after changes of ACR */
    void *opaque;

    /* guest state */
    uint8_t b, a, dirb, dira, sr, acr, pcr, ifr, ier;
    Via6522Timer timers[2];
} Via6522;

void via6522_init(Via6522 *via, uint32_t frequency_hz, void (*port_b_written)(void *opaque), void *opaque);
void via6522_cleanup(Via6522 *via);
void via6522_reset(Via6522 *via);
uint8_t via6522_read(Via6522 *via, int reg);
void via6522_write(Via6522 *via, int reg, uint8_t value);
/* Set flags as the chip's inputs would. */
void via6522_raise(Via6522 *via, uint8_t flags);

extern const VMStateDescription vmstate_via6522;

#endif
