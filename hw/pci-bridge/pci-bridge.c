/*
 * PCI-PCI bridge (PCI-to-PCI Bridge Architecture Specification 1.2), with the
 * identity of the usual virtual bridge, 1b36:0001.
 *
 * Windows      I/O 0x1c (32 bits with 0x30), memory 0x20, prefetchable 0x24
 *              (64 bits with 0x28 and 0x2c); open while base <= limit and the
 *              command register enables the space
 * Child bus    "ID.0" or "pci.N"; its bus masters need the bridge's master bit
 * Property     "chassis_nr": in the slot numbering capability, not 0
 * Left out     hot plug (SHPC), VGA and ISA modes of the bridge control register
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/pci.h"
#include "trace/hw-pci-bridge.h"

#define TYPE_PCI_BRIDGE "pci-bridge"

enum { PRIMARY_BUS = 0x18, SECONDARY_BUS = 0x19, SUBORDINATE_BUS = 0x1a, IO_BASE = 0x1c,
       IO_LIMIT = 0x1d, SECONDARY_STATUS = 0x1e, MEMORY_BASE = 0x20, MEMORY_LIMIT = 0x22,
       PREF_BASE = 0x24, PREF_LIMIT = 0x26, PREF_BASE_UPPER = 0x28, PREF_LIMIT_UPPER = 0x2c,
       IO_BASE_UPPER = 0x30, IO_LIMIT_UPPER = 0x32, BRIDGE_CONTROL = 0x3e };
enum { CONTROL_SECONDARY_RESET = 0x40, CONTROL_WRITABLE = 0x0fff, RANGE_64BIT = 1 };
enum { CAP_SLOT_NUMBERING = 0x04, SLOT_FIRST_IN_CHASSIS = 0x20 };
enum { WINDOW_IO, WINDOW_MEMORY, WINDOW_PREFETCHABLE, WINDOWS };

typedef struct PCIBridgeState {
    PCIDevice parent;

    PCIBus bus;
    MemoryRegion mem, io;               /* spaces of the secondary bus */
    MemoryRegion windows[WINDOWS];      /* parts of them, in the primary bus's spaces */
    bool window_open[WINDOWS];

    uint8_t chassis_nr;
} PCIBridgeState;
#define PCI_BRIDGE(o) OBJECT_CHECK(PCIBridgeState, (o), TYPE_PCI_BRIDGE)

/* 3.2.5.6-3.2.5.10: [base, limit] of a window. */
static void window_range(PCIBridgeState *s, int window, uint64_t *base, uint64_t *limit)
{
    const uint8_t *c = s->parent.config;

    switch (window) {
    case WINDOW_IO:
        *base = (c[IO_BASE] & 0xf0) << 8 | (uint32_t)pci_get_word(c + IO_BASE_UPPER) << 16;
        *limit = (c[IO_LIMIT] & 0xf0) << 8 | 0xfff |
                 (uint32_t)pci_get_word(c + IO_LIMIT_UPPER) << 16;
        break;
    case WINDOW_MEMORY:
        *base = (uint64_t)(pci_get_word(c + MEMORY_BASE) & 0xfff0) << 16;
        *limit = (uint64_t)(pci_get_word(c + MEMORY_LIMIT) & 0xfff0) << 16 | 0xfffff;
        break;
    default:
        *base = (uint64_t)(pci_get_word(c + PREF_BASE) & 0xfff0) << 16 |
                (uint64_t)pci_get_long(c + PREF_BASE_UPPER) << 32;
        *limit = (uint64_t)(pci_get_word(c + PREF_LIMIT) & 0xfff0) << 16 | 0xfffff |
                 (uint64_t)pci_get_long(c + PREF_LIMIT_UPPER) << 32;
        break;
    }
}

static void update_windows(PCIBridgeState *s)
{
    PCIBus *primary = s->parent.bus;
    uint16_t command = pci_get_word(s->parent.config + PCI_COMMAND);

    memory_region_transaction_begin();
    for (int i = 0; i < WINDOWS; i++) {
        bool is_io = i == WINDOW_IO;
        uint64_t base, limit;

        if (s->window_open[i]) {
            memory_region_del_subregion(is_io ? primary->io : primary->mem, &s->windows[i]);
            memory_region_cleanup(&s->windows[i]);
            s->window_open[i] = false;
        }
        window_range(s, i, &base, &limit);
        trace_pci_bridge_window(i, base, limit);
        if (base <= limit && (command & (is_io ? PCI_COMMAND_IO : PCI_COMMAND_MEMORY))) {
            memory_region_init_alias(&s->windows[i], OBJECT(s), "bridge window",
                                     is_io ? &s->io : &s->mem, base, limit - base + 1);
            memory_region_add_subregion_overlap(is_io ? primary->io : primary->mem, base,
                                                &s->windows[i], 1);
            s->window_open[i] = true;
        }
    }
    memory_region_transaction_commit();
}

static void reset_secondary(PCIBridgeState *s)
{
    for (guint i = 0; i < s->bus.qbus.devices->len; i++) {
        device_reset(g_ptr_array_index(s->bus.qbus.devices, i));
    }
}

static void bridge_config_write(PCIDevice *dev, uint32_t addr, uint32_t val, int len)
{
    PCIBridgeState *s = PCI_BRIDGE(dev);
    bool in_reset = dev->config[BRIDGE_CONTROL] & CONTROL_SECONDARY_RESET;

    pci_default_write_config(dev, addr, val, len);
    if (!in_reset && (dev->config[BRIDGE_CONTROL] & CONTROL_SECONDARY_RESET)) {
        reset_secondary(s);
    }
    s->bus.bus_num = dev->config[SECONDARY_BUS];
    update_windows(s);
}

static void bridge_reset(DeviceState *qdev)
{
    PCIBridgeState *s = PCI_BRIDGE(qdev);
    uint8_t *c = s->parent.config;

    memset(c + PRIMARY_BUS, 0, PCI_ROM_ADDRESS + 4 - PRIMARY_BUS);
    pci_set_word(c + BRIDGE_CONTROL, 0);
    c[IO_BASE] = c[IO_LIMIT] = 0;
    pci_set_word(c + SECONDARY_STATUS, 0x00a0);     /* 66 MHz, fast back-to-back */
    pci_set_word(c + PREF_BASE, RANGE_64BIT);
    pci_set_word(c + PREF_LIMIT, RANGE_64BIT);
    s->bus.bus_num = 0;
    update_windows(s);
}

static int bridge_post_load(void *opaque, int version)
{
    PCIBridgeState *s = opaque;

    s->bus.bus_num = s->parent.config[SECONDARY_BUS];
    update_windows(s);
    return 0;
}

static const VMStateField bridge_fields[] = {
    VMSTATE_PCI_DEVICE(parent, PCIBridgeState), VMSTATE_END
};
static const VMStateDescription vmstate_bridge = {
    .name = TYPE_PCI_BRIDGE, .version = 1, .fields = bridge_fields, .post_load = bridge_post_load,
};

static const Property bridge_props[] = {
    DEFINE_PROP_UINT8("chassis_nr", PCIBridgeState, chassis_nr, 1),
    DEFINE_PROP_END
};

static void init_config(PCIDevice *dev)
{
    memset(dev->wmask + PRIMARY_BUS, 0xff, 4);      /* bus numbers, latency timer */
    dev->wmask[IO_BASE] = dev->wmask[IO_LIMIT] = 0xf0;
    pci_set_word(dev->w1cmask + SECONDARY_STATUS, 0xf900);
    for (int reg = MEMORY_BASE; reg <= PREF_LIMIT; reg += 2) {
        pci_set_word(dev->wmask + reg, 0xfff0);
    }
    memset(dev->wmask + PREF_BASE_UPPER, 0xff, 8);
    pci_set_word(dev->wmask + BRIDGE_CONTROL, CONTROL_WRITABLE);
    pci_set_word(dev->w1cmask + BRIDGE_CONTROL, 0);
    pci_set_word(dev->config + PCI_STATUS, pci_get_word(dev->config + PCI_STATUS) | 0x00a0);
}

static bool bridge_realize(DeviceState *qdev, Error **errp)
{
    PCIBridgeState *s = PCI_BRIDGE(qdev);
    int cap;

    if (s->chassis_nr == 0) {
        error_setg(errp, "chassis_nr=0: must not be 0");
        return false;
    }
    init_config(&s->parent);
    cap = pci_add_capability(&s->parent, CAP_SLOT_NUMBERING, 0, 4, errp);
    if (cap < 0) {
        return false;
    }
    s->parent.config[cap + 2] = SLOT_FIRST_IN_CHASSIS;
    s->parent.config[cap + 3] = s->chassis_nr;
    memory_region_init(&s->mem, OBJECT(s), "secondary memory", UINT64_MAX);
    memory_region_init(&s->io, OBJECT(s), "secondary I/O", 4 * GiB);
    pci_secondary_bus_init(&s->bus, sizeof(s->bus), &s->parent, NULL, &s->mem, &s->io);
    return true;
}

static const PCIDeviceClass bridge_class = {
    .vendor_id = 0x1b36, .device_id = 0x0001, .class_id = 0x0604, .is_bridge = true,
    .config_write = bridge_config_write,
    .no_hotplug = true,
};

static const TypeInfo bridge_info = {
    .name = TYPE_PCI_BRIDGE, .parent = TYPE_PCI_DEVICE, .desc = "Standard PCI Bridge",
    .instance_size = sizeof(PCIBridgeState), .realize = bridge_realize, .reset = bridge_reset,
    .vmsd = &vmstate_bridge, .props = bridge_props, .user_creatable = true, .category = "bridge",
    .class_data = &bridge_class,
};
DEFINE_TYPE(bridge_info)
