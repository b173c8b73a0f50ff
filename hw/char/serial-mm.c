/*
 * A 16550A whose registers lie in memory.
 *
 * Region 0   eight byte registers
 * IRQ 0      level
 * Property   "clock-frequency": input clock in Hz, 0: 1.8432 MHz; "chardev"
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/char/serial.h"
#include "hw/sysbus.h"

typedef struct SerialMMState {
    SysBusDevice parent_obj;

    SerialState uart;
} SerialMMState;
#define SERIAL_MM(o) OBJECT_CHECK(SerialMMState, (o), TYPE_SERIAL_MM)

static void serial_mm_reset(DeviceState *dev)
{
    serial_reset(&SERIAL_MM(dev)->uart);
}

static const VMStateDescription vmstate_serial_mm = {
    .name = TYPE_SERIAL_MM,
    .version = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_STRUCT(uart, SerialMMState, vmstate_serial, SerialState),
        VMSTATE_END
    },
};

static const Property serial_mm_props[] = {
    DEFINE_PROP_UINT32("clock-frequency", SerialMMState, uart.clock_hz, 0),
    DEFINE_PROP_CHR("chardev", SerialMMState, uart.chr),
    DEFINE_PROP_END
};

static void serial_mm_init(Object *obj)
{
    SerialMMState *s = SERIAL_MM(obj);

    sysbus_init_mmio(&s->parent_obj, &s->uart.io);
    sysbus_init_irq(&s->parent_obj, &s->uart.irq);
}

static bool serial_mm_realize(DeviceState *dev, Error **errp)
{
    return serial_init(&SERIAL_MM(dev)->uart, dev, "serial", errp);
}

static void serial_mm_finalize(Object *obj)
{
    serial_cleanup(&SERIAL_MM(obj)->uart);
}

bool serial_mm_create(hwaddr addr, uint32_t clock_hz, qemu_irq irq, struct Chardev *chr, Error **errp)
{
    DeviceState *dev = qdev_new(TYPE_SERIAL_MM);
    SysBusDevice *sbd = SYS_BUS_DEVICE(dev);

    qdev_prop_set_chr(dev, "chardev", chr);
    qdev_prop_set_uint32(dev, "clock-frequency", clock_hz);
    if (!sysbus_realize_and_unref(sbd, errp)) {
        return false;
    }
    sysbus_mmio_map(sbd, 0, addr);
    sysbus_connect_irq(sbd, 0, irq);
    return true;
}

static const TypeInfo serial_mm_info = {
    .name = TYPE_SERIAL_MM,
    .parent = TYPE_SYS_BUS_DEVICE,
    .desc = "16550A serial port in memory",
    .instance_size = sizeof(SerialMMState),
    .init = serial_mm_init,
    .finalize = serial_mm_finalize,
    .realize = serial_mm_realize,
    .reset = serial_mm_reset,
    .props = serial_mm_props,
    .vmsd = &vmstate_serial_mm,
};
DEFINE_TYPE(serial_mm_info)
