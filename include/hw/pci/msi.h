/*
 * Message-signalled interrupts (PCI Local Bus Specification 3.0, 6.8): MSI and
 * MSI-X capabilities. A message is a 32-bit write by the device as bus master.
 *
 * A board whose interrupt controller takes messages calls msi_set_supported;
 * elsewhere the init functions add nothing and devices keep their pin.
 * All under the BQL.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_PCI_MSI_H
#define HW_PCI_MSI_H

#include "hw/pci.h"

#define MSI_MAX_VECTORS 32
#define MSIX_MAX_VECTORS 2048

/* Once, when the controller that receives messages is made. */
void msi_set_supported(void);
bool msi_is_supported(void);

/*
 * Adds the capability (offset 0: anywhere). vectors: a power of two up to 32.
 * True with *errp clear also where messages are not supported: then nothing is added.
 */
bool msi_init(PCIDevice *dev, uint8_t offset, unsigned vectors, bool is_64bit, bool maskable,
              Error **errp) QEMU_MUST_CHECK;
bool msi_enabled(const PCIDevice *dev);
/* Send the message of a vector, or keep it pending while masked. MSI must be enabled. */
void msi_notify(PCIDevice *dev, unsigned vector);

/*
 * A BAR of its own for table (at 0) and pending bits (behind, at 2 KiB or
 * further). As msi_init, nothing is added where messages are not supported.
 */
bool msix_init_exclusive_bar(PCIDevice *dev, unsigned vectors, int bar, uint8_t offset,
                             Error **errp) QEMU_MUST_CHECK;
bool msix_enabled(const PCIDevice *dev);
/* A vector that the table does not have is ignored. MSI-X must be enabled. */
void msix_notify(PCIDevice *dev, unsigned vector);

/* For pci.c alone. */
void msi_config_written(PCIDevice *dev, uint32_t addr, int len);
void msix_config_written(PCIDevice *dev, uint32_t addr, int len);
void msi_reset(PCIDevice *dev);
void msix_reset(PCIDevice *dev);
void msix_uninit(PCIDevice *dev);

#endif
