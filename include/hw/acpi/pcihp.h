/*
 * PCI hot plug by ACPI: registers through which the tables' methods learn which
 * slots of the root bus have a new card or shall give theirs back, and let go of one.
 *
 * Port 0x00  slots with a new card, a bit each; reading clears them
 *      0x04  slots whose card shall go
 *      0x08  write: the cards of these slots go; read: 0 (no features)
 *      0x0c  slots that take part
 *      0x10  bus number; only 0 has slots
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_ACPI_PCIHP_H
#define HW_ACPI_PCIHP_H

#include "hw/pci.h"
#include "qemu/main-loop.h"

enum { ACPI_PCIHP_UP = 0x00, ACPI_PCIHP_DOWN = 0x04, ACPI_PCIHP_EJECT = 0x08, ACPI_PCIHP_SLOTS = 0x0c,
       ACPI_PCIHP_BUS = 0x10, ACPI_PCIHP_BYTES = 0x18 };

typedef struct ACPIPCIHotplug {
    /* wiring */
    MemoryRegion io;
    PCIBus *bus;
    QEMUBH *eject;
    void (*event)(void *opaque);
    void *opaque;

    /* guest state, bits of slots */
    uint32_t up, down, leaving, bus_number;
} ACPIPCIHotplug;

extern const VMStateDescription vmstate_acpi_pcihp;

/* The registers are mapped by the owner. event: something is to be looked at (a general purpose event). */
void acpi_pcihp_init(ACPIPCIHotplug *s, Object *owner, PCIBus *bus, void (*event)(void *opaque), void *opaque);
/* Cards that were asked to go are gone after a reset, once the owner calls this outside of it. */
void acpi_pcihp_reset(ACPIPCIHotplug *s);
/* Slots whose cards may come and go: all that no device of the board has. */
uint32_t acpi_pcihp_slots(PCIBus *bus);

#endif
