/*
 * Devices that a board places by hand: memory regions and wires by number.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_SYSBUS_H
#define HW_SYSBUS_H

#include "hw/qdev.h"
#include "exec/memory.h"

#define TYPE_SYS_BUS_DEVICE "sys-bus-device"
#define SYSBUS_MAX_MMIO 32
#define SYSBUS_MAX_IRQ  256

typedef struct SysBusDevice {
    DeviceState parent_obj;
    int num_mmio;
    MemoryRegion *mmio[SYSBUS_MAX_MMIO];
    int num_irq;
    qemu_irq *irq[SYSBUS_MAX_IRQ];
} SysBusDevice;

#define SYS_BUS_DEVICE(o) OBJECT_CHECK(SysBusDevice, (o), TYPE_SYS_BUS_DEVICE)

/* For the device's init: announce region / output number n (in call order). */
void sysbus_init_mmio(SysBusDevice *dev, MemoryRegion *mr);
void sysbus_init_irq(SysBusDevice *dev, qemu_irq *pin);

/* For the board. */
MemoryRegion *sysbus_mmio_get_region(SysBusDevice *dev, int n);
void sysbus_mmio_map(SysBusDevice *dev, int n, hwaddr addr);    /* into system memory */
void sysbus_connect_irq(SysBusDevice *dev, int n, qemu_irq irq);
bool sysbus_realize(SysBusDevice *dev, Error **errp) QEMU_MUST_CHECK;
bool sysbus_realize_and_unref(SysBusDevice *dev, Error **errp) QEMU_MUST_CHECK;

#endif
