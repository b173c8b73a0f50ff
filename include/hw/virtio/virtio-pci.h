/*
 * Virtio over PCI (Virtual I/O Device 1.1, 4.1): transitional and modern.
 *
 * A card's structure starts with a VirtIOPCIProxy; its class_data names the
 * configuration cycles below. The card's realize calls virtio_pci_setup for its
 * VirtIODevice before virtio_init and virtio_add_queue, and
 * virtio_pci_finish when the queues exist.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_VIRTIO_VIRTIO_PCI_H
#define HW_VIRTIO_VIRTIO_PCI_H

#include "hw/pci.h"
#include "hw/virtio/virtio.h"

#define TYPE_VIRTIO_PCI "virtio-pci"

typedef struct VirtIOPCIProxy {
    PCIDevice pci;

    /* wiring */
    VirtIODevice *vdev;
    MemoryRegion legacy;        /* BAR 0, I/O */
    MemoryRegion modern;        /* BAR 4, memory */

    /* properties */
    bool disable_legacy, disable_modern, indirect_desc, event_idx;
    uint32_t vectors;           /* of MSI-X; 0: none; UINT32_MAX: one a queue and one more */

    /* guest state */
    uint32_t device_feature_select, driver_feature_select;
    uint64_t driver_features;   /* as written so far */
} VirtIOPCIProxy;
#define VIRTIO_PCI(o) OBJECT_CHECK(VirtIOPCIProxy, (o), TYPE_VIRTIO_PCI)

/* Wires vdev and proxy together. */
void virtio_pci_setup(VirtIOPCIProxy *proxy, VirtIODevice *vdev);
/* Identity, BARs, capabilities. */
bool virtio_pci_finish(VirtIOPCIProxy *proxy, Error **errp) QEMU_MUST_CHECK;
/* For the class_data of each card. */
uint32_t virtio_pci_config_read(PCIDevice *pci, uint32_t addr, int len);
void virtio_pci_config_write(PCIDevice *pci, uint32_t addr, uint32_t value, int len);
/* From unrealize. */
void virtio_pci_unsetup(VirtIOPCIProxy *proxy);

extern const VMStateDescription vmstate_virtio_pci;
#define VMSTATE_VIRTIO_PCI(f, s) VMSTATE_STRUCT(f, s, vmstate_virtio_pci, VirtIOPCIProxy)

#endif
