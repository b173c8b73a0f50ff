/*
 * Intel PIIX3 (82371SB): ISA bridge and IDE function.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_PIIX_H
#define HW_PIIX_H

#include "hw/isa.h"
#include "hw/pci.h"

#define TYPE_PIIX3     "PIIX3"
#define TYPE_PIIX3_IDE "piix3-ide"

/* The bridge at slot.0 with its bus "isa.0". gpio inputs 0-3: PIRQ A-D. */
PCIDevice *piix3_create(PCIBus *bus, int devfn, Error **errp);
ISABus *piix3_isa_bus(PCIDevice *piix3);
/* Where ISA interrupt n goes, for the bus and for PIRQ routing. */
void piix3_connect_irqs(PCIDevice *piix3, const qemu_irq *irqs);

#endif
