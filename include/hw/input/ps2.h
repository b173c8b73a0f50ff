/*
 * PS/2 keyboard and mouse, and the 8042 controller of the PC.
 *
 * Types "ps2-kbd", "ps2-mouse" (gpio output 0: data waits), "i8042" (ISA ports
 * 0x60 and 0x64; named gpio output "a20"; takes the two devices as links).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_INPUT_PS2_H
#define HW_INPUT_PS2_H

#include "hw/isa.h"
#include "ui/console.h"

#define TYPE_PS2_DEVICE   "ps2-device"
#define TYPE_PS2_KEYBOARD "ps2-kbd"
#define TYPE_PS2_MOUSE    "ps2-mouse"
#define TYPE_I8042        "i8042"

enum { PS2_QUEUE = 256 };

/* A device on the serial wire: bytes wait in its queue until the controller takes them. */
typedef struct PS2Device {
    DeviceState parent_obj;
    qemu_irq irq;
    uint8_t queue[PS2_QUEUE];
    uint32_t head, count;
    uint8_t last;               /* byte sent last, for RESEND */
    int32_t pending_command;    /* waits for its argument, -1: none */
} PS2Device;
#define PS2_DEVICE(o) OBJECT_CHECK(PS2Device, (o), TYPE_PS2_DEVICE)

/* class_data */
typedef struct PS2DeviceClass {
    void (*write)(PS2Device *s, uint8_t value);
    const QemuInputHandler *input;      /* its opaque is the device */
} PS2DeviceClass;

/* For the controller. */
bool ps2_has_data(const PS2Device *s);
uint8_t ps2_read(PS2Device *s);             /* 0 when there is none */
void ps2_write(PS2Device *s, uint8_t value);

/* For the devices. */
void ps2_queue(PS2Device *s, uint8_t value);
uint32_t ps2_room(const PS2Device *s);
void ps2_flush(PS2Device *s);
extern const VMStateDescription vmstate_ps2_device;

/* A packet without movement, for a driver that is to look elsewhere. */
void ps2_mouse_interrupt(PS2Device *mouse);
/* The mouse of a controller. */
PS2Device *i8042_mouse(DeviceState *i8042);
/* Board: both devices and the controller on bus; a20 gets its output. */
DeviceState *i8042_create(ISABus *bus, qemu_irq a20, Error **errp);

#endif
