/*
 * Motorola MPC106 "Grackle" host bridge (MPC106 User's Manual, chapters 3, 7).
 *
 * The address register is CONFIG_ADDR: enable bit 31, bus, device, function,
 * register. The memory controller's own registers are plain storage.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/pci-host.h"

enum { CONFIG_ENABLE = 1u << 31, CONFIG_ADDR_MASK = 0x00fffffc };

static bool grackle_decode(uint32_t config_reg, uint32_t *config_addr)
{
    *config_addr = config_reg & CONFIG_ADDR_MASK;
    return config_reg & CONFIG_ENABLE;
}

static const PCIHostClass grackle_host_class = {
    .io_size = 2 * MiB,
    .devfn_min = PCI_DEVFN(1, 0),
    .self_devfn = PCI_DEVFN(0, 0),
    .self_type = "grackle",
    .data_window_mask = 3,
    .decode = grackle_decode,
};

static const TypeInfo grackle_pcihost_info = {
    .name = TYPE_GRACKLE_PCIHOST,
    .parent = TYPE_PCI_HOST,
    .instance_size = sizeof(PCIHostState),
    .class_data = &grackle_host_class,
};
DEFINE_TYPE(grackle_pcihost_info)

static const PCIDeviceClass grackle_pci_class = {
    .vendor_id = 0x1057,
    .device_id = 0x0002,
    .class_id = 0x0600,
    .prog_if = 0x01,
};

static const TypeInfo grackle_pci_info = {
    .name = "grackle",
    .parent = TYPE_PCI_DEVICE,
    .desc = "MPC106 host bridge",
    .instance_size = sizeof(PCIDevice),
    .vmsd = &vmstate_pci_device,
    .class_data = &grackle_pci_class,
};
DEFINE_TYPE(grackle_pci_info)
