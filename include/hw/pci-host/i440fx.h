/*
 * Intel 440FX host bridge.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_PCI_HOST_I440FX_H
#define HW_PCI_HOST_I440FX_H

#include "hw/pci.h"
#include "hw/sysbus.h"

#define TYPE_I440FX_PCIHOST "i440FX-pcihost"
#define TYPE_I440FX         "i440FX"
enum { I440FX_PIRQS = 4 };

/*
 * The bridge with its bus "pci.0", which appears in system memory behind
 * everything else and in the I/O space. ram holds the first 16 MiB or so of
 * guest RAM, as seen through the shadow registers. gpio outputs 0-3: PIRQ A-D.
 */
DeviceState *i440fx_create(MemoryRegion *ram, uint64_t ram_size, Error **errp);
PCIBus *i440fx_bus(DeviceState *host);
/* PCI memory space: ROMs of the firmware lie there. */
MemoryRegion *i440fx_pci_memory(DeviceState *host);
/* All of memory as a CPU in system management mode sees it. */
MemoryRegion *i440fx_smm_memory(DeviceState *host);

#endif
