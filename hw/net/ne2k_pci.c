/*
 * NE2000 on PCI: Realtek RTL8029. The controller is ne2000.c.
 *
 * BAR 0      256 ports, of which 32 decode
 * Interrupt  INTA
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/net/ne2000.h"
#include "hw/pci.h"

#define TYPE_NE2K_PCI "ne2k_pci"

typedef struct NE2KPCIState {
    PCIDevice parent;
    NE2000State ne2000;
} NE2KPCIState;
#define NE2K_PCI(o) OBJECT_CHECK(NE2KPCIState, (o), TYPE_NE2K_PCI)

static void ne2k_pci_reset(DeviceState *dev)
{
    ne2000_reset(&NE2K_PCI(dev)->ne2000);
}

static const VMStateField ne2k_pci_fields[] = {
    VMSTATE_PCI_DEVICE(parent, NE2KPCIState),
    VMSTATE_STRUCT(ne2000, NE2KPCIState, vmstate_ne2000, NE2000State),
    VMSTATE_END
};
static const VMStateDescription vmstate_ne2k_pci = {
    .name = "ne2k_pci", .version = 1, .fields = ne2k_pci_fields,
};

static const Property ne2k_pci_props[] = {
    DEFINE_PROP_MACADDR("mac", NE2KPCIState, ne2000.conf.macaddr),
    DEFINE_PROP_NETDEV("netdev", NE2KPCIState, ne2000.conf),
    DEFINE_PROP_BOOTINDEX,
    DEFINE_PROP_END
};

static bool ne2k_pci_realize(DeviceState *dev, Error **errp)
{
    NE2KPCIState *s = NE2K_PCI(dev);

    s->parent.config[PCI_INTERRUPT_PIN] = 1;
    ne2000_init_io(&s->ne2000, OBJECT(dev), 0x100);
    pci_register_bar(&s->parent, 0, PCI_BASE_ADDRESS_SPACE_IO, &s->ne2000.io);
    s->ne2000.irq = pci_allocate_irq(&s->parent);
    ne2000_attach(&s->ne2000, TYPE_NE2K_PCI, OBJECT(dev)->id);
    return true;
}

static void ne2k_pci_unrealize(DeviceState *dev)
{
    qemu_del_net_client(NE2K_PCI(dev)->ne2000.nic);
}

static const PCIDeviceClass ne2k_pci_class = {
    .vendor_id = 0x10ec, .device_id = 0x8029, .class_id = 0x0200, .romfile = "efi-ne2k_pci.rom",
};

static const TypeInfo ne2k_pci_info = {
    .name = TYPE_NE2K_PCI, .parent = TYPE_PCI_DEVICE, .desc = "NE2000 PCI (Realtek RTL8029)",
    .instance_size = sizeof(NE2KPCIState), .realize = ne2k_pci_realize,
    .unrealize = ne2k_pci_unrealize, .reset = ne2k_pci_reset, .props = ne2k_pci_props,
    .vmsd = &vmstate_ne2k_pci, .bus_type = TYPE_PCI_BUS, .user_creatable = true,
    .category = "network", .class_data = &ne2k_pci_class,
};
DEFINE_TYPE(ne2k_pci_info)
