/*
 * Host bridges with an address and a data register for configuration cycles.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_PCI_HOST_H
#define HW_PCI_HOST_H

#include "hw/pci.h"
#include "hw/sysbus.h"

#define TYPE_PCI_HOST "pci-host"
#define TYPE_GRACKLE_PCIHOST "grackle-pcihost"
#define TYPE_UNINORTH_PCIHOST "uni-north-pci-pcihost"
#define TYPE_UNINORTH_AGP_PCIHOST "uni-north-agp-pcihost"
#define TYPE_UNINORTH_INTERNAL_PCIHOST "uni-north-internal-pci-pcihost"
#define TYPE_UNINORTH "uni-north"
#define PCI_HOST_IRQS 4

/*
 * Region 0 address register, region 1 data register, region 2 PCI memory
 * space, region 3 PCI I/O space. gpio outputs 0-3: INTA-INTD after swizzling.
 */
typedef struct PCIHostState {
    SysBusDevice parent_obj;
    MemoryRegion config_regs, data_regs, mem, io;
    PCIBus bus;
    qemu_irq irqs[PCI_HOST_IRQS];
    uint32_t config_reg;
} PCIHostState;
#define PCI_HOST(o) OBJECT_CHECK(PCIHostState, (o), TYPE_PCI_HOST)

/* class_data of a host bridge type. */
typedef struct PCIHostClass {
    uint64_t io_size;               /* bytes of I/O space */
    int devfn_min;
    int self_devfn;                 /* where the bridge's own function appears */
    const char *self_type;
    uint64_t data_window_mask;      /* address bits of the data register that select bytes */
    /* Configuration address (bus, devfn, register) of the register's value; false: no cycle. */
    bool (*decode)(uint32_t config_reg, uint32_t *config_addr);
} PCIHostClass;

#endif
