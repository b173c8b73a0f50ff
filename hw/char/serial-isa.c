/*
 * Serial port of the PC: a 16550A on the ISA bus.
 *
 * Properties "index" (COM1 is 0), "iobase" and "irq" (-1: by index), "chardev".
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/char/serial.h"

enum { MAX_ISA_PORTS = 4 };

typedef struct ISASerialState {
    ISADevice parent_obj;

    int32_t index, iobase, irq;
    SerialState uart;
} ISASerialState;
#define ISA_SERIAL(o) OBJECT_CHECK(ISASerialState, (o), TYPE_ISA_SERIAL)

static const struct { uint16_t iobase; uint8_t irq; } standard[MAX_ISA_PORTS] = {
    { 0x3f8, 4 }, { 0x2f8, 3 }, { 0x3e8, 4 }, { 0x2e8, 3 },
};

static void isa_serial_reset(DeviceState *dev)
{
    serial_reset(&ISA_SERIAL(dev)->uart);
}

static const VMStateField isa_serial_fields[] = {
    VMSTATE_STRUCT(uart, ISASerialState, vmstate_serial, SerialState),
    VMSTATE_END
};
static const VMStateDescription vmstate_isa_serial = {
    .name = "isa-serial",
    .version = 1,
    .fields = isa_serial_fields,
};

static const Property isa_serial_props[] = {
    DEFINE_PROP_INT32("index", ISASerialState, index, -1),
    DEFINE_PROP_INT32("iobase", ISASerialState, iobase, -1),
    DEFINE_PROP_INT32("irq", ISASerialState, irq, -1),
    DEFINE_PROP_CHR("chardev", ISASerialState, uart.chr),
    DEFINE_PROP_END
};

static bool isa_serial_realize(DeviceState *dev, Error **errp)
{
    static int next_index;      /* of ports without one, as they are made */
    ISASerialState *s = ISA_SERIAL(dev);

    if (s->index < 0) {
        s->index = next_index;
    }
    if (s->index >= MAX_ISA_PORTS) {
        error_setg(errp, "isa-serial: at most %d ports (index 0 to %d)", MAX_ISA_PORTS, MAX_ISA_PORTS - 1);
        return false;
    }
    next_index = MAX(next_index, s->index + 1);
    s->iobase = s->iobase < 0 ? standard[s->index].iobase : s->iobase;
    s->irq = s->irq < 0 ? standard[s->index].irq : s->irq;
    s->uart.irq = isa_get_irq(&s->parent_obj, s->irq);
    if (!serial_init(&s->uart, dev, "serial", errp)) {
        return false;
    }
    isa_register_ioport(&s->parent_obj, &s->uart.io, s->iobase);
    return true;
}

static void isa_serial_finalize(Object *obj)
{
    serial_cleanup(&ISA_SERIAL(obj)->uart);
}

static const TypeInfo isa_serial_info = {
    .name = TYPE_ISA_SERIAL,
    .parent = TYPE_ISA_DEVICE,
    .desc = "16550A serial port",
    .instance_size = sizeof(ISASerialState),
    .finalize = isa_serial_finalize,
    .realize = isa_serial_realize,
    .reset = isa_serial_reset,
    .vmsd = &vmstate_isa_serial,
    .props = isa_serial_props,
    .user_creatable = true,
    .category = "misc",
};
DEFINE_TYPE(isa_serial_info)
