/*
 * ATA and ATAPI drives, and the controllers that boards place.
 *
 * Types "ide-hd" and "ide-cd" sit on an "IDE" bus (two units). Controllers:
 *
 *   "macio-ide"    sysbus; region 0 (4 KiB), outputs 0 device, 1 DMA completion;
 *                  properties "channel" (DBDMA channel number), "addr" (shown
 *                  only), link "dbdma" (NULL: no DMA). Child bus "ide.N".
 *   "cmd646-ide"   PCI; two child buses; BARs 0-3 task files, BAR 4 bus master.
 *   "piix3-ide"    PCI; two child buses at the legacy ports, BAR 4 bus master;
 *                  gpio outputs 0 and 1: their interrupts (hw/piix.h)
 *   "isa-ide"      ISA; one child bus; properties "iobase", "iobase2", "irq".
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_IDE_H
#define HW_IDE_H

#include "hw/qdev.h"

#define TYPE_IDE_BUS "IDE"
#define TYPE_MACIO_IDE "macio-ide"
#define TYPE_CMD646_IDE "cmd646-ide"
#define TYPE_ISA_IDE "isa-ide"

/*
 * Make and realize the drives that -hda.., -cdrom and -drive if=ide put on bus
 * number `bus` (0: hda and hdb). The controller is realized already.
 */
bool macio_ide_create_drives(DeviceState *macio_ide, int bus, Error **errp) QEMU_MUST_CHECK;
struct ISABus;
/* The ISA controller of channel 0 or 1 at its usual place, with its drives. */
bool isa_ide_create(struct ISABus *isa, int channel, Error **errp) QEMU_MUST_CHECK;
/* As above for the two buses of a PCI controller: bus numbers first_bus and first_bus + 1. */
bool pci_ide_create_drives(DeviceState *pci_ide, int first_bus, Error **errp) QEMU_MUST_CHECK;

#endif
