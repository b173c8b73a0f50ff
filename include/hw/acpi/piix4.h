/*
 * Power management function of Intel PIIX4 (82371AB).
 *
 * Type "PIIX4_PM": gpio output 0: SCI, named output "smi-irq": SMI#. Property
 * "disable_s3", "disable_s4", "s4_val", "acpi-root-pci-hotplug".
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_ACPI_PIIX4_H
#define HW_ACPI_PIIX4_H

#include "hw/pci.h"

#define TYPE_PIIX4_PM "PIIX4_PM"
enum { PIIX4_SMBUS_BASE = 0xb100, PIIX4_GPE_BASE = 0xafe0, PIIX4_GPE_BYTES = 4,
       PIIX4_PCIHP_BASE = 0xae00, PIIX4_GPE_PCI_HOTPLUG = 1, PIIX4_SMI_COMMAND = 0xb2,
       PIIX4_ACPI_ENABLE = 0xf1, PIIX4_ACPI_DISABLE = 0xf0 };
/* Sleep types in PM1_CNT. */
enum { PIIX4_SLEEP_S5 = 0, PIIX4_SLEEP_S3 = 1 };

/* I/O address of the PM registers, as the firmware set it; 0: not enabled. */
uint16_t piix4_pm_base(PCIDevice *pm);
BusState *piix4_smbus(PCIDevice *pm);
/* Is that state offered (3 or 4), and the sleep type of S4. */
bool piix4_has_sleep_state(PCIDevice *pm, int state);
uint8_t piix4_s4_type(PCIDevice *pm);
/* Property "acpi-root-pci-hotplug": registers of hw/acpi/pcihp.h at PIIX4_PCIHP_BASE. */
bool piix4_has_pci_hotplug(PCIDevice *pm);

#endif
