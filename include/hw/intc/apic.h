/*
 * Local APICs, the bus between them, and I/O APICs.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_INTC_APIC_H
#define HW_INTC_APIC_H

#include "hw/sysbus.h"
#include "hw/x86-cpu.h"

#define TYPE_APIC   "apic"
#define TYPE_IOAPIC "ioapic"
enum { IOAPIC_PINS = 24, APIC_MAX = 255 };
#define APIC_DEFAULT_ADDRESS   0xfee00000u
#define IOAPIC_DEFAULT_ADDRESS 0xfec00000u
#define APIC_SPACE_SIZE        0x100000u

typedef struct APICState APICState;

/* Delivery modes of interrupt messages. */
enum { APIC_DM_FIXED, APIC_DM_LOWEST_PRIORITY, APIC_DM_SMI, APIC_DM_NMI = 4, APIC_DM_INIT, APIC_DM_SIPI,
       APIC_DM_EXTINT };

typedef struct APICMessage {
    uint32_t dest;
    bool logical;               /* dest is a set, not an id */
    uint8_t mode;               /* APIC_DM_x */
    uint8_t vector;
    bool level;                 /* trigger mode */
} APICMessage;

/* All local APICs of a machine and where they appear in memory. */
typedef struct APICBus {
    MemoryRegion space;         /* registers of the accessing CPU, and message addresses */
    APICState *apics[APIC_MAX]; /* by CPU index */
    int count;
    void (*eoi)(void *opaque, uint8_t vector);  /* of a level-triggered vector; may be NULL */
    void *eoi_opaque;
    int64_t (*tsc_ns)(CPUState *cpu, uint64_t tsc);     /* x86_cpu_tsc_ns */
    qemu_irq ferr;
} APICBus;

/* tsc_ns and ferr are the board's to set. */
void apic_bus_init(APICBus *bus, Object *owner);
/*
 * The local APIC of cpu, realized, with its lines connected to the CPU. gpio
 * input 0 is LINT0, the 8259's INT; pic (may be NULL) answers ExtINT cycles.
 * The board hands apic_cpu_board with the APIC as opaque to the CPU.
 */
extern const X86CPUBoard apic_cpu_board;
DeviceState *apic_create(APICBus *bus, CPUState *cpu, uint32_t id, bool bootstrap, DeviceState *pic,
                         Error **errp);
void apic_bus_deliver(APICBus *bus, const APICMessage *message);
/* A store of data to a message address, 0xfee00000 and up. */
void apic_bus_msi(APICBus *bus, hwaddr addr, uint32_t data);

/* The I/O APIC: gpio inputs 0-23, region 0; becomes the bus's receiver of EOIs. */
DeviceState *ioapic_create(APICBus *bus, Error **errp);

#endif
