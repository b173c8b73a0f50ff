/*
 * Apple UniNorth: host bridges for AGP, the PCI slots and the internal bus,
 * and the chip's own registers.
 *
 * The address register selects a device of bus 0 by one bit of 31-11 (type 0),
 * or holds bus, device and function like a type 1 cycle when bit 0 is set, as
 * the Linux driver's CFA0 and CFA1 forms show. OpenBIOS sets bit 31 and then
 * gives bus, device and function as well. The data register is 8 bytes wide,
 * and its address alone selects among them; only in the plain form, bit 2 of
 * the address register counts.
 *
 * Left out: clock, reset and arbiter controls of the chip (plain storage).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/pci-host.h"
#include "qemu/log.h"

enum { CFA_TYPE1 = 1, CFA_PLAIN = 1u << 31, CFA_REGISTER_MASK = 0xf8, CFA_PLAIN_MASK = 0x00fffffc, CFA_FUNCTION_SHIFT = 8, CFA_FIRST_IDSEL = 11 };

static bool uninorth_decode(uint32_t config_reg, uint32_t *config_addr)
{
    uint32_t reg = config_reg & CFA_REGISTER_MASK, idsel = config_reg >> CFA_FIRST_IDSEL;

    if (config_reg & CFA_PLAIN) {
        *config_addr = config_reg & CFA_PLAIN_MASK;
        return true;
    }
    if (config_reg & CFA_TYPE1) {
        *config_addr = (config_reg & 0x00ffff00) | reg;
        return true;
    }
    if (!idsel) {
        return false;
    }
    *config_addr = (uint32_t)(__builtin_ctz(idsel) + CFA_FIRST_IDSEL) << 11
                 | (config_reg >> CFA_FUNCTION_SHIFT & 7) << 8 | reg;
    return true;
}

static const PCIHostClass uninorth_pci_host_class = {
    .io_size = 8 * MiB,
    .devfn_min = PCI_DEVFN(12, 0),
    .self_devfn = PCI_DEVFN(11, 0),
    .self_type = "uni-north-pci",
    .data_window_mask = 7,
    .decode = uninorth_decode,
};

static const PCIHostClass uninorth_agp_host_class = {
    .io_size = 8 * MiB,
    .devfn_min = PCI_DEVFN(12, 0),
    .self_devfn = PCI_DEVFN(11, 0),
    .self_type = "uni-north-agp",
    .data_window_mask = 7,
    .decode = uninorth_decode,
};

static const PCIHostClass uninorth_internal_host_class = {
    .io_size = 8 * MiB,
    .devfn_min = PCI_DEVFN(15, 0),
    .self_devfn = PCI_DEVFN(14, 0),
    .self_type = "uni-north-internal-pci",
    .data_window_mask = 7,
    .decode = uninorth_decode,
};

#define UNINORTH_HOST(var, type_name, class_var)    \
    static const TypeInfo var = {                   \
        .name = type_name,                          \
        .parent = TYPE_PCI_HOST,                    \
        .instance_size = sizeof(PCIHostState),      \
        .class_data = &class_var,                   \
    };                                              \
    DEFINE_TYPE(var)
UNINORTH_HOST(uninorth_pcihost_info, TYPE_UNINORTH_PCIHOST, uninorth_pci_host_class)
UNINORTH_HOST(uninorth_agp_pcihost_info, TYPE_UNINORTH_AGP_PCIHOST, uninorth_agp_host_class)
UNINORTH_HOST(uninorth_internal_pcihost_info, TYPE_UNINORTH_INTERNAL_PCIHOST, uninorth_internal_host_class)

static const PCIDeviceClass uninorth_pci_class = {
    .vendor_id = 0x106b, .device_id = 0x001f, .class_id = 0x0600,
};
static const PCIDeviceClass uninorth_agp_class = {
    .vendor_id = 0x106b, .device_id = 0x0020, .class_id = 0x0600,
};
static const PCIDeviceClass uninorth_internal_class = {
    .vendor_id = 0x106b, .device_id = 0x001e, .class_id = 0x0600,
};

#define UNINORTH_FUNCTION(var, type_name, class_var, text)  \
    static const TypeInfo var = {                           \
        .name = type_name,                                  \
        .parent = TYPE_PCI_DEVICE,                          \
        .desc = text,                                       \
        .instance_size = sizeof(PCIDevice),                 \
        .vmsd = &vmstate_pci_device,                        \
        .class_data = &class_var,                           \
    };                                                      \
    DEFINE_TYPE(var)
UNINORTH_FUNCTION(uninorth_pci_info, "uni-north-pci", uninorth_pci_class, "UniNorth PCI bridge")
UNINORTH_FUNCTION(uninorth_agp_info, "uni-north-agp", uninorth_agp_class, "UniNorth AGP bridge")
UNINORTH_FUNCTION(uninorth_internal_info, "uni-north-internal-pci", uninorth_internal_class,
                  "UniNorth internal PCI bridge")

/* --- the chip's own registers ---------------------------------------------- */

enum { REG_VERSION = 0x00, UNINORTH_REGS = 0x1000, VERSION_UNINORTH = 0x00000007 };

typedef struct UniNorthState {
    SysBusDevice parent_obj;

    MemoryRegion regs_region;

    uint32_t regs[UNINORTH_REGS / 4];
} UniNorthState;
#define UNINORTH(o) OBJECT_CHECK(UniNorthState, (o), TYPE_UNINORTH)

static uint64_t uninorth_read(void *opaque, hwaddr addr, unsigned size)
{
    UniNorthState *s = opaque;

    return s->regs[addr / 4];
}

static void uninorth_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    UniNorthState *s = opaque;

    if (addr == REG_VERSION) {
        qemu_log_mask(LOG_GUEST_ERROR, "uni-north: write of 0x%" PRIx64 " to the version register\n", data);
        return;
    }
    s->regs[addr / 4] = data;
}

static const MemoryRegionOps uninorth_ops = {
    .read = uninorth_read,
    .write = uninorth_write,
    .endianness = DEVICE_BIG_ENDIAN,
    .impl = { .min_access_size = 4, .max_access_size = 4 },
};

static void uninorth_reset(DeviceState *dev)
{
    UniNorthState *s = UNINORTH(dev);

    memset(s->regs, 0, sizeof(s->regs));
    s->regs[REG_VERSION / 4] = VERSION_UNINORTH;
}

static const VMStateField uninorth_fields[] = {
    VMSTATE_UINT32_ARRAY(regs, UniNorthState, UNINORTH_REGS / 4),
    VMSTATE_END
};
static const VMStateDescription vmstate_uninorth = {
    .name = TYPE_UNINORTH,
    .version = 1,
    .fields = uninorth_fields,
};

static void uninorth_init(Object *obj)
{
    UniNorthState *s = UNINORTH(obj);

    memory_region_init_io(&s->regs_region, obj, &uninorth_ops, s, "unin", UNINORTH_REGS);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->regs_region);
}

static const TypeInfo uninorth_info = {
    .name = TYPE_UNINORTH,
    .parent = TYPE_SYS_BUS_DEVICE,
    .desc = "UniNorth memory controller and bridge registers",
    .instance_size = sizeof(UniNorthState),
    .init = uninorth_init,
    .reset = uninorth_reset,
    .vmsd = &vmstate_uninorth,
};
DEFINE_TYPE(uninorth_info)
