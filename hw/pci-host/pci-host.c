/*
 * Common part of the Mac host bridges: an address and a data register for
 * configuration cycles, memory and I/O spaces, four interrupt wires.
 *
 * The meaning of the address register is the bridge's own (PCIHostClass).
 * Both registers are little endian.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/pci-host.h"

enum { REGS_SIZE = 0x1000 };
#define MEM_SPACE_SIZE (4 * GiB)

static const PCIHostClass *host_class(PCIHostState *s)
{
    return object_class_data(OBJECT(s));
}

static void pci_host_set_irq(void *opaque, int wire, int level)
{
    PCIHostState *s = opaque;

    qemu_set_irq(s->irqs[wire], level);
}

static int pci_host_map_irq(PCIDevice *dev, int pin)
{
    return (pin + PCI_SLOT(dev->devfn)) % PCI_HOST_IRQS;
}

static uint64_t pci_host_config_read(void *opaque, hwaddr addr, unsigned size)
{
    PCIHostState *s = opaque;

    return s->config_reg;
}

static void pci_host_config_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    PCIHostState *s = opaque;

    s->config_reg = data;
}

static const MemoryRegionOps pci_host_config_ops = {
    .read = pci_host_config_read,
    .write = pci_host_config_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 4, .max_access_size = 4 },
};

static uint64_t pci_host_data_read(void *opaque, hwaddr addr, unsigned size)
{
    PCIHostState *s = opaque;
    uint32_t config_addr;

    if (!host_class(s)->decode(s->config_reg, &config_addr)) {
        return UINT32_MAX;
    }
    return pci_data_read(&s->bus, config_addr | (addr & host_class(s)->data_window_mask), size);
}

static void pci_host_data_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    PCIHostState *s = opaque;
    uint32_t config_addr;

    if (host_class(s)->decode(s->config_reg, &config_addr)) {
        pci_data_write(&s->bus, config_addr | (addr & host_class(s)->data_window_mask), data, size);
    }
}

static const MemoryRegionOps pci_host_data_ops = {
    .read = pci_host_data_read,
    .write = pci_host_data_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 4 },
};

static void pci_host_init(Object *obj)
{
    PCIHostState *s = PCI_HOST(obj);
    SysBusDevice *sbd = SYS_BUS_DEVICE(obj);

    memory_region_init_io(&s->config_regs, obj, &pci_host_config_ops, s, "pci-conf-idx", REGS_SIZE);
    memory_region_init_io(&s->data_regs, obj, &pci_host_data_ops, s, "pci-conf-data", REGS_SIZE);
    memory_region_init(&s->mem, obj, "pci-mmio", MEM_SPACE_SIZE);
    memory_region_init(&s->io, obj, "pci-isa-mmio", host_class(s)->io_size);
    sysbus_init_mmio(sbd, &s->config_regs);
    sysbus_init_mmio(sbd, &s->data_regs);
    sysbus_init_mmio(sbd, &s->mem);
    sysbus_init_mmio(sbd, &s->io);
    qdev_init_gpio_out(DEVICE(obj), s->irqs, PCI_HOST_IRQS);
}

static void pci_host_reset(DeviceState *dev)
{
    PCI_HOST(dev)->config_reg = 0;
}

static const VMStateField pci_host_fields[] = {
    VMSTATE_UINT32(config_reg, PCIHostState),
    VMSTATE_END
};
static const VMStateDescription vmstate_pci_host = {
    .name = "pci-host",
    .version = 1,
    .fields = pci_host_fields,
};

static bool pci_host_realize(DeviceState *dev, Error **errp)
{
    PCIHostState *s = PCI_HOST(dev);
    const PCIHostClass *hc = host_class(s);

    pci_root_bus_init(&s->bus, sizeof(s->bus), dev, NULL, &s->mem, &s->io, hc->devfn_min,
                      pci_host_set_irq, pci_host_map_irq, s, PCI_HOST_IRQS);
    return pci_realize_and_unref(pci_new(hc->self_devfn, hc->self_type), &s->bus, errp);
}

static const TypeInfo pci_host_info = {
    .name = TYPE_PCI_HOST,
    .parent = TYPE_SYS_BUS_DEVICE,
    .desc = "PCI host bridge",
    .instance_size = sizeof(PCIHostState),
    .init = pci_host_init,
    .realize = pci_host_realize,
    .reset = pci_host_reset,
    .vmsd = &vmstate_pci_host,
};
DEFINE_TYPE(pci_host_info)
