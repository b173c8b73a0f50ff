/*
 * The NE2000 core: DP8390 with the Novell interface; for ISA and PCI cards.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_NET_NE2000_H
#define HW_NET_NE2000_H

#include "exec/memory.h"
#include "hw/irq.h"
#include "migration/vmstate.h"
#include "net/net.h"

#define NE2000_MEM_BYTES (48 * 1024)    /* PROM at 0, RAM from 16 KiB on */
#define NE2000_RAM_START (16 * 1024)

typedef struct NE2000State {
    /* wiring */
    MemoryRegion io;
    qemu_irq irq;
    NetClientState *nic;
    unsigned batch;             /* frames that may still come in; 0 outside of a register write */

    /* properties */
    NICConf conf;

    /* guest state */
    uint8_t cr, isr, imr, rcr, tcr, dcr, rsr, tsr;
    uint8_t pstart, pstop, bnry, curr, tpsr;
    uint16_t tbcr, rsar, rbcr;
    uint8_t par[6], mar[8];
    uint8_t mem[NE2000_MEM_BYTES];
} NE2000State;

extern const VMStateDescription vmstate_ne2000;

/* The region of 32 ports; the owner connects irq. */
void ne2000_init_io(NE2000State *s, Object *owner, uint64_t size);
void ne2000_attach(NE2000State *s, const char *model, const char *id);
void ne2000_reset(NE2000State *s);

#endif
