/*
 * `info pci`: what configuration space says about each device.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/pci.h"

typedef void (*PrintFn)(void *opaque, const char *fmt, ...);

static const struct {
    uint16_t id;
    const char *name;
} class_names[] = {
    { 0x0100, "SCSI controller" }, { 0x0101, "IDE controller" }, { 0x0106, "SATA controller" },
    { 0x0200, "Ethernet controller" }, { 0x0300, "VGA controller" }, { 0x0380, "Display controller" },
    { 0x0401, "Audio controller" }, { 0x0600, "Host bridge" }, { 0x0601, "ISA bridge" },
    { 0x0604, "PCI bridge" }, { 0x0680, "Bridge" }, { 0x0c03, "USB controller" },
    { 0x0c05, "SMBus" },
};

const char *pci_class_name(uint16_t class_id)
{
    for (size_t i = 0; i < ARRAY_SIZE(class_names); i++) {
        if (class_names[i].id == class_id) {
            return class_names[i].name;
        }
    }
    return NULL;
}

static void print_class(PrintFn print, void *opaque, uint16_t class_id)
{
    const char *name = pci_class_name(class_id);

    if (name) {
        print(opaque, "    %s", name);
    } else {
        print(opaque, "    Class %d", class_id);
    }
}

static void print_region(PrintFn print, void *opaque, PCIIORegion *r, int index)
{
    uint64_t last = r->addr + r->size - 1;

    if (r->type & PCI_BASE_ADDRESS_SPACE_IO) {
        print(opaque, "      BAR%d: I/O at 0x%04" PRIx64 " [0x%04" PRIx64 "].\n", index, r->addr, last);
        return;
    }
    print(opaque, "      BAR%d: %d bit%s memory at 0x%08" PRIx64 " [0x%08" PRIx64 "].\n", index,
          r->type & PCI_BASE_ADDRESS_MEM_TYPE_64 ? 64 : 32,
          r->type & PCI_BASE_ADDRESS_MEM_PREFETCH ? " prefetchable" : "", r->addr, last);
}

static void print_device(PrintFn print, void *opaque, PCIBus *bus, PCIDevice *dev)
{
    const char *id = OBJECT(dev)->id;

    print(opaque, "  Bus %2d, device %3d, function %d:\n", bus->bus_num, PCI_SLOT(dev->devfn),
          PCI_FUNC(dev->devfn));
    print_class(print, opaque, pci_get_word(dev->config + PCI_CLASS_DEVICE));
    print(opaque, ": PCI device %04x:%04x\n", pci_get_word(dev->config + PCI_VENDOR_ID),
          pci_get_word(dev->config + PCI_DEVICE_ID));
    if (!(dev->config[PCI_HEADER_TYPE] & PCI_HEADER_TYPE_BRIDGE)) {
        print(opaque, "      PCI subsystem %04x:%04x\n",
              pci_get_word(dev->config + PCI_SUBSYSTEM_VENDOR_ID),
              pci_get_word(dev->config + PCI_SUBSYSTEM_ID));
    }
    if (dev->config[PCI_INTERRUPT_PIN]) {
        print(opaque, "      IRQ %d, pin %c\n", dev->config[PCI_INTERRUPT_LINE],
              dev->config[PCI_INTERRUPT_PIN] + 'A' - 1);
    }
    for (int i = 0; i < PCI_NUM_REGIONS; i++) {
        if (dev->io_regions[i].memory) {
            print_region(print, opaque, &dev->io_regions[i], i);
        }
    }
    print(opaque, "      id \"%s\"\n", id ? id : "");
}

static void print_bus(PrintFn print, void *opaque, PCIBus *bus)
{
    for (int devfn = 0; devfn < 256; devfn++) {
        if (bus->devices[devfn]) {
            print_device(print, opaque, bus, bus->devices[devfn]);
        }
    }
}

/* Every PCI bus below the system bus, in the order of `info qtree`. */
static void print_buses_of(PrintFn print, void *opaque, BusState *qbus)
{
    for (guint i = 0; qbus->devices && i < qbus->devices->len; i++) {
        DeviceState *dev = g_ptr_array_index(qbus->devices, i);

        for (guint j = 0; dev->child_buses && j < dev->child_buses->len; j++) {
            BusState *child = g_ptr_array_index(dev->child_buses, j);

            if (!strcmp(child->bus_type, TYPE_PCI_BUS)) {
                print_bus(print, opaque, container_of(child, PCIBus, qbus));
            }
            print_buses_of(print, opaque, child);
        }
    }
}

void pci_info(void (*print)(void *opaque, const char *fmt, ...), void *opaque)
{
    print_buses_of(print, opaque, sysbus_get_default());
}
