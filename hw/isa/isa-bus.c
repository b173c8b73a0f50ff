/*
 * The ISA bus.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/isa.h"
#include "hw/sysbus.h"

static bool isa_bus_plug(BusState *qbus, DeviceState *dev, Error **errp)
{
    ISA_DEVICE(dev)->bus = container_of(qbus, ISABus, qbus);
    return true;
}

void isa_bus_init(ISABus *bus, size_t size, DeviceState *parent, const char *name,
                  MemoryRegion *mem, MemoryRegion *io)
{
    qbus_init(&bus->qbus, size, TYPE_ISA_BUS, parent, name);
    bus->qbus.plug = isa_bus_plug;
    bus->mem = mem;
    bus->io = io;
}

void isa_bus_set_dma(ISABus *bus, const ISADMAOps *ops, void *opaque)
{
    bus->dma_ops = ops;
    bus->dma_opaque = opaque;
}

ISADevice *isa_new(const char *type)
{
    return ISA_DEVICE(qdev_new(type));
}

bool isa_realize_and_unref(ISADevice *dev, ISABus *bus, Error **errp)
{
    return qdev_realize_and_unref(DEVICE(dev), &bus->qbus, errp);
}

ISADevice *isa_create_simple(ISABus *bus, const char *type, Error **errp)
{
    ISADevice *dev = isa_new(type);

    return isa_realize_and_unref(dev, bus, errp) ? dev : NULL;
}

void isa_register_ioport(ISADevice *dev, MemoryRegion *mr, uint16_t port)
{
    memory_region_add_subregion(dev->bus->io, port, mr);
}

qemu_irq isa_get_irq(ISADevice *dev, int n)
{
    return n >= 0 && n < ISA_NUM_IRQS ? dev->bus->irqs[n] : NULL;
}

static bool has_dma(ISADevice *dev, int channel)
{
    return dev->bus->dma_ops && channel >= 0 && channel < ISA_NUM_DMA && channel != 4;
}

void isa_dma_connect(ISADevice *dev, int channel, void (*run)(void *opaque), void *opaque)
{
    if (has_dma(dev, channel)) {
        dev->bus->dma_ops->connect(dev->bus->dma_opaque, channel, run, opaque);
    }
}

void isa_dma_set_dreq(ISADevice *dev, int channel, bool level)
{
    if (has_dma(dev, channel)) {
        dev->bus->dma_ops->set_dreq(dev->bus->dma_opaque, channel, level);
    }
}

size_t isa_dma_read(ISADevice *dev, int channel, void *buf, size_t len, bool *tc)
{
    *tc = false;
    return has_dma(dev, channel) ?
        dev->bus->dma_ops->transfer(dev->bus->dma_opaque, channel, buf, len, false, tc) : 0;
}

size_t isa_dma_write(ISADevice *dev, int channel, const void *buf, size_t len, bool *tc)
{
    *tc = false;
    return has_dma(dev, channel) ?
        dev->bus->dma_ops->transfer(dev->bus->dma_opaque, channel, (void *)buf, len, true, tc) : 0;
}

static const TypeInfo isa_device_info = {
    .name = TYPE_ISA_DEVICE,
    .parent = "device",
    .instance_size = sizeof(ISADevice),
    .bus_type = TYPE_ISA_BUS,
};
DEFINE_TYPE(isa_device_info)

/* --- the root of a machine that has ISA alone --------------------------------------- */

typedef struct ISABridge {
    SysBusDevice parent_obj;
    ISABus bus;
} ISABridge;

static const TypeInfo isa_bridge_info = {
    .name = "isabus-bridge",
    .parent = TYPE_SYS_BUS_DEVICE,
    .desc = "root of the ISA bus",
    .instance_size = sizeof(ISABridge),
};
DEFINE_TYPE(isa_bridge_info)

ISABus *isa_bridge_create(MemoryRegion *mem, MemoryRegion *io, Error **errp)
{
    DeviceState *dev = qdev_new("isabus-bridge");
    ISABridge *s = (ISABridge *)dev;

    if (!sysbus_realize_and_unref(SYS_BUS_DEVICE(dev), errp)) {
        return NULL;
    }
    isa_bus_init(&s->bus, sizeof(s->bus), dev, "isa.0", mem, io);
    return &s->bus;
}
