/*
 * QMP: query-pci, what configuration space says about each device.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "monitor/qmp-int.h"
#include "hw/pci.h"

static json_t *describe_bus(PCIBus *bus);

static json_t *describe_regions(const PCIDevice *dev)
{
    json_t *list = json_array();

    for (int i = 0; i < PCI_NUM_REGIONS; i++) {
        const PCIIORegion *r = &dev->io_regions[i];
        bool io = r->type & PCI_BASE_ADDRESS_SPACE_IO;
        json_t *region;

        if (!r->memory) {
            continue;
        }
        region = json_pack("{s:i,s:s,s:I,s:I}", "bar", i, "type", io ? "io" : "memory", "address",
                           (json_int_t)r->addr, "size", (json_int_t)r->size);
        if (!io) {
            json_object_set_new(region, "prefetch", json_boolean(r->type & PCI_BASE_ADDRESS_MEM_PREFETCH));
            json_object_set_new(region, "mem_type_64", json_boolean(r->type & PCI_BASE_ADDRESS_MEM_TYPE_64));
        }
        json_array_append_new(list, region);
    }
    return list;
}

/* PCI-to-PCI Bridge Architecture, 3.2.5: a window's base and limit, `shift` bits up. */
static json_t *describe_window(const uint8_t *c, int at, bool io)
{
    uint32_t base = io ? (c[at] & 0xf0) << 8 : (uint32_t)(pci_get_word(c + at) & 0xfff0) << 16;
    uint32_t limit = io ? (c[at + 1] & 0xf0) << 8 | 0xfff
                        : (uint32_t)(pci_get_word(c + at + 2) & 0xfff0) << 16 | 0xfffff;

    return json_pack("{s:I,s:I}", "base", (json_int_t)base, "limit", (json_int_t)limit);
}

/* The PCI bus below a device; NULL: none. */
static PCIBus *bus_below(DeviceState *dev)
{
    for (guint i = 0; dev->child_buses && i < dev->child_buses->len; i++) {
        BusState *child = g_ptr_array_index(dev->child_buses, i);

        if (!strcmp(child->bus_type, TYPE_PCI_BUS)) {
            return container_of(child, PCIBus, qbus);
        }
    }
    return NULL;
}

static json_t *describe_bridge(PCIDevice *dev)
{
    enum { PRIMARY = 0x18, SECONDARY, SUBORDINATE, IO = 0x1c, MEMORY = 0x20, PREFETCHABLE = 0x24 };
    const uint8_t *c = dev->config;
    PCIBus *bus = bus_below(DEVICE(dev));

    return json_pack("{s:{s:i,s:i,s:i,s:o,s:o,s:o},s:o*}", "bus", "number", c[PRIMARY], "secondary",
        c[SECONDARY], "subordinate", c[SUBORDINATE], "io_range", describe_window(c, IO, true),
        "memory_range", describe_window(c, MEMORY, false), "prefetchable_range",
        describe_window(c, PREFETCHABLE, false), "devices", bus ? describe_bus(bus) : NULL);
}

static json_t *describe_device(PCIBus *bus, PCIDevice *dev)
{
    const uint8_t *c = dev->config;
    bool bridge = c[PCI_HEADER_TYPE] & PCI_HEADER_TYPE_BRIDGE, user = false;
    uint16_t class_id = pci_get_word(c + PCI_CLASS_DEVICE);
    const char *desc = pci_class_name(class_id), *id = OBJECT(dev)->id;
    json_t *info = json_pack("{s:i,s:i,s:i,s:{s:i,s:s*},s:{s:i,s:i},s:i,s:o}", "bus", bus->bus_num,
        "slot", PCI_SLOT(dev->devfn), "function", PCI_FUNC(dev->devfn), "class_info", "class", class_id,
        "desc", desc, "id", "device", pci_get_word(c + PCI_DEVICE_ID), "vendor",
        pci_get_word(c + PCI_VENDOR_ID), "irq_pin", c[PCI_INTERRUPT_PIN], "regions", describe_regions(dev));

    user = OBJECT(dev)->parent && !g_strcmp0(OBJECT(dev)->parent->id, "peripheral");
    json_object_set_new(info, "qdev_id", json_string(user ? id : ""));
    if (c[PCI_INTERRUPT_PIN]) {
        json_object_set_new(info, "irq", json_integer(c[PCI_INTERRUPT_LINE]));
    }
    if (bridge) {
        json_object_set_new(info, "pci_bridge", describe_bridge(dev));
    } else {
        json_t *ids = json_object_get(info, "id");

        json_object_set_new(ids, "subsystem", json_integer(pci_get_word(c + PCI_SUBSYSTEM_ID)));
        json_object_set_new(ids, "subsystem-vendor", json_integer(pci_get_word(c + PCI_SUBSYSTEM_VENDOR_ID)));
    }
    return info;
}

static json_t *describe_bus(PCIBus *bus)
{
    json_t *list = json_array();

    for (int devfn = 0; devfn < 256; devfn++) {
        if (bus->devices[devfn]) {
            json_array_append_new(list, describe_device(bus, bus->devices[devfn]));
        }
    }
    return list;
}

json_t *qmp_query_pci(json_t *args, Error **errp)
{
    json_t *list = json_array();
    BusState *system = sysbus_get_default();

    for (guint i = 0; system->devices && i < system->devices->len; i++) {
        PCIBus *bus = bus_below(g_ptr_array_index(system->devices, i));

        if (bus) {
            json_array_append_new(list, json_pack("{s:i,s:o}", "bus", bus->bus_num, "devices",
                                                  describe_bus(bus)));
        }
    }
    return list;
}
