/*
 * Devices that a board places by hand.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/sysbus.h"

BusState *sysbus_get_default(void)
{
    static BusState *bus;

    if (!bus) {
        bus = g_new0(BusState, 1);
        qbus_init(bus, sizeof(*bus), "System", NULL, "main-system-bus");
    }
    return bus;
}

void sysbus_init_mmio(SysBusDevice *dev, MemoryRegion *mr)
{
    assert(dev->num_mmio < SYSBUS_MAX_MMIO);
    dev->mmio[dev->num_mmio++] = mr;
}

void sysbus_init_irq(SysBusDevice *dev, qemu_irq *pin)
{
    assert(dev->num_irq < SYSBUS_MAX_IRQ);
    dev->irq[dev->num_irq++] = pin;
}

MemoryRegion *sysbus_mmio_get_region(SysBusDevice *dev, int n)
{
    assert(n >= 0 && n < dev->num_mmio);
    return dev->mmio[n];
}

void sysbus_mmio_map(SysBusDevice *dev, int n, hwaddr addr)
{
    MemoryRegion *mr = sysbus_mmio_get_region(dev, n);

    if (mr->container) {
        memory_region_set_address(mr, addr);
    } else {
        memory_region_add_subregion(get_system_memory(), addr, mr);
    }
}

void sysbus_connect_irq(SysBusDevice *dev, int n, qemu_irq irq)
{
    assert(n >= 0 && n < dev->num_irq);
    *dev->irq[n] = irq;
}

bool sysbus_realize(SysBusDevice *dev, Error **errp)
{
    return qdev_realize(&dev->parent_obj, sysbus_get_default(), errp);
}

bool sysbus_realize_and_unref(SysBusDevice *dev, Error **errp)
{
    return qdev_realize_and_unref(&dev->parent_obj, sysbus_get_default(), errp);
}

static const TypeInfo sysbus_device_info = {
    .name = TYPE_SYS_BUS_DEVICE,
    .parent = "device",
    .instance_size = sizeof(SysBusDevice),
    .bus_type = "System",
};
DEFINE_TYPE(sysbus_device_info)
