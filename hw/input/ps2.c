/*
 * What PS/2 devices have in common: the queue of bytes for the controller.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/input/ps2.h"
#include "trace/hw-input.h"

static void ps2_update_irq(PS2Device *s)
{
    qemu_set_irq(s->irq, s->count != 0);
}

bool ps2_has_data(const PS2Device *s)
{
    return s->count != 0;
}

uint32_t ps2_room(const PS2Device *s)
{
    return PS2_QUEUE - s->count;
}

void ps2_queue(PS2Device *s, uint8_t value)
{
    trace_ps2_queue(OBJECT(s)->type->name, value);
    if (s->count < PS2_QUEUE) {
        s->queue[(s->head + s->count++) % PS2_QUEUE] = value;
        ps2_update_irq(s);
    }
}

uint8_t ps2_read(PS2Device *s)
{
    if (!s->count) {
        return 0;
    }
    s->last = s->queue[s->head];
    s->head = (s->head + 1) % PS2_QUEUE;
    s->count--;
    if (!s->count) {        /* no call into the controller, which reads here, while bytes are left */
        ps2_update_irq(s);
    }
    return s->last;
}

void ps2_flush(PS2Device *s)
{
    s->head = s->count = 0;
    ps2_update_irq(s);
}

void ps2_write(PS2Device *s, uint8_t value)
{
    const PS2DeviceClass *pc = object_class_data(OBJECT(s));

    trace_ps2_write(OBJECT(s)->type->name, value);
    pc->write(s, value);
}

static void ps2_reset(DeviceState *dev)
{
    PS2Device *s = PS2_DEVICE(dev);

    s->last = 0;
    s->pending_command = -1;
    ps2_flush(s);
}

static int ps2_post_load(void *opaque, int version)
{
    PS2Device *s = opaque;

    return s->head >= PS2_QUEUE || s->count > PS2_QUEUE ? -EINVAL : 0;
}

static const VMStateField ps2_fields[] = {
    VMSTATE_BUFFER(queue, PS2Device),
    VMSTATE_UINT32(head, PS2Device),
    VMSTATE_UINT32(count, PS2Device),
    VMSTATE_UINT8(last, PS2Device),
    VMSTATE_INT32(pending_command, PS2Device),
    VMSTATE_END
};
const VMStateDescription vmstate_ps2_device = {
    .name = "ps2-device",
    .version = 1,
    .fields = ps2_fields,
    .post_load = ps2_post_load,
};

static void ps2_init(Object *obj)
{
    qdev_init_gpio_out(DEVICE(obj), &PS2_DEVICE(obj)->irq, 1);
}

static bool ps2_realize(DeviceState *dev, Error **errp)
{
    const PS2DeviceClass *pc = object_class_data(OBJECT(dev));

    qemu_input_handler_register(pc->input, dev);
    return true;
}

static void ps2_unrealize(DeviceState *dev)
{
    const PS2DeviceClass *pc = object_class_data(OBJECT(dev));

    qemu_input_handler_unregister(pc->input, dev);
}

static const TypeInfo ps2_device_info = {
    .name = TYPE_PS2_DEVICE,
    .parent = "device",
    .instance_size = sizeof(PS2Device),
    .init = ps2_init,
    .realize = ps2_realize,
    .unrealize = ps2_unrealize,
    .reset = ps2_reset,
    .vmsd = &vmstate_ps2_device,
};
DEFINE_TYPE(ps2_device_info)
