/*
 * The order in which SeaBIOS tries devices: "bootindex" properties as lines of
 * the file "bootorder" of fw_cfg, each the Open Firmware path of a device
 * (SeaBIOS documentation, "Runtime configuration").
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/core/qdev-internal.h"
#include "hw/i386/pc.h"
#include "hw/pci.h"
#include "hw/scsi.h"
#include "hw/usb.h"

/* "/pci@i0cf8/pci-bridge@4/scsi@2,1": nodes from the root bus down to a card. */
static void append_pci(GString *path, PCIDevice *dev, const char *node)
{
    if (dev->bus->bridge) {
        append_pci(path, dev->bus->bridge, "pci-bridge");
    } else {
        g_string_append(path, "/pci@i0cf8");
    }
    g_string_append_printf(path, "/%s@%x", node, PCI_SLOT(dev->devfn));
    if (PCI_FUNC(dev->devfn)) {
        g_string_append_printf(path, ",%x", PCI_FUNC(dev->devfn));
    }
}

/* The number in properties that children of a bus have; 0 without it. */
static int64_t number_of(DeviceState *dev, const char *name)
{
    const Property *prop = qdev_prop_find(dev, name);

    return prop ? *(int32_t *)((char *)dev + prop->offset) : 0;
}

/* "ide.1" and "ahci0.3" end in the number of the channel or port. */
static int bus_number(const BusState *bus)
{
    const char *dot = strrchr(bus->name, '.');

    return dot ? atoi(dot + 1) : 0;
}

/* What hangs on a card of the PCI bus. False: SeaBIOS has no path for it. */
static bool append_disk(GString *path, DeviceState *dev)
{
    BusState *bus = dev->parent_bus;
    PCIDevice *card = (PCIDevice *)object_dynamic_cast(OBJECT(bus->parent), TYPE_PCI_DEVICE);
    bool ahci = card && pci_get_word(card->config + PCI_CLASS_DEVICE) == 0x0106;

    if (!card) {
        return false;
    }
    if (!strcmp(bus->bus_type, "IDE")) {
        append_pci(path, card, ahci ? "pci8086,2922" : "ide");
        g_string_append_printf(path, "/drive@%x/disk@%x", bus_number(bus), (int)number_of(dev, "unit"));
        return true;
    }
    if (!strcmp(bus->bus_type, TYPE_SCSI_BUS)) {
        append_pci(path, card, "scsi");
        g_string_append_printf(path, "/channel@0/disk@%x,%x", (int)number_of(dev, "scsi-id"),
                               (int)number_of(dev, "lun"));
        return true;
    }
    if (!strcmp(bus->bus_type, TYPE_USB_BUS)) {
        append_pci(path, card, "usb");
        g_string_append_printf(path, "/storage@%x/channel@0/disk@0,0", ((USBDevice *)dev)->port->index + 1);
        return true;
    }
    return false;
}

/* NULL: SeaBIOS has no path for it. */
static char *boot_path(DeviceState *dev)
{
    PCIDevice *card = (PCIDevice *)object_dynamic_cast(OBJECT(dev), TYPE_PCI_DEVICE);
    GString *path = g_string_new(NULL);
    bool known = true;

    if (card && pci_get_word(card->config + PCI_CLASS_DEVICE) == 0x0200) {
        append_pci(path, card, "ethernet");
        g_string_append(path, "/ethernet-phy@0");
    } else if (card) {
        append_pci(path, card, "scsi");
        g_string_append(path, "/disk@0,0");
    } else {
        known = dev->parent_bus && append_disk(path, dev);
    }
    return g_string_free(path, !known);
}

static void collect(DeviceState *dev, void *opaque)
{
    if (qdev_prop_find(dev, "bootindex") && dev->bootindex >= 0) {
        g_ptr_array_add(opaque, dev);
    }
}

static gint compare(gconstpointer a, gconstpointer b)
{
    return (*(DeviceState *const *)a)->bootindex - (*(DeviceState *const *)b)->bootindex;
}

void pc_append_bootindexes(GString *order)
{
    g_autoptr(GPtrArray) devices = g_ptr_array_new();

    qdev_foreach(collect, devices);
    g_ptr_array_sort(devices, compare);
    for (guint i = 0; i < devices->len; i++) {
        g_autofree char *path = boot_path(g_ptr_array_index(devices, i));

        if (path) {
            g_string_append_printf(order, "%s\n", path);
        }
    }
}
