/*
 * USB keyboard, mouse and tablet (Device Class Definition for HID 1.11,
 * appendices B and E; HID Usage Tables 1.12).
 *
 * Endpoint 1 IN, interrupt: one report for each event, NAK when none waits.
 * Keyboard and mouse also speak the boot protocol, with the same reports.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include <linux/input-event-codes.h>
#include "hw/usb.h"
#include "qemu/bswap.h"
#include "qemu/timer.h"
#include "ui/console.h"

enum { HID_GET_REPORT = 0x01, HID_GET_IDLE, HID_GET_PROTOCOL, HID_SET_REPORT = 0x09, HID_SET_IDLE,
       HID_SET_PROTOCOL };
enum { HID_DT_HID = 0x21, HID_DT_REPORT = 0x22 };
enum { TYPE_CLASS_IN = 0xa1, TYPE_CLASS_OUT = 0x21, TYPE_INTERFACE_IN = 0x81 };

#define QUEUE_EVENTS 16
#define MAX_KEYS 6
#define MODIFIER_FIRST 0xe0

typedef struct HIDEvent {
    uint8_t usage, down;            /* keyboard */
    uint8_t buttons;                /* pointers */
    int32_t x, y, z;                /* relative or absolute */
} HIDEvent;

typedef struct USBHIDState {
    USBDevice parent;

    /* guest state */
    HIDEvent queue[QUEUE_EVENTS];
    uint32_t head, count;
    uint8_t modifiers, keys[MAX_KEYS], num_keys;
    uint8_t buttons;
    int32_t x, y;                   /* tablet: last position */
    uint8_t protocol, leds;
    uint8_t idle;                   /* 4 ms units; 0: report changes only */
    int64_t last_report_ns;
} USBHIDState;
#define USB_HID(o) OBJECT_CHECK(USBHIDState, (o), "usb-hid")

/* --- descriptors ---------------------------------------------------------- */

static const uint8_t keyboard_report[] = {
    0x05, 0x01, 0x09, 0x06, 0xa1, 0x01,                         /* application: keyboard */
    0x75, 0x01, 0x95, 0x08, 0x05, 0x07, 0x19, 0xe0, 0x29, 0xe7, /* 8 modifiers */
    0x15, 0x00, 0x25, 0x01, 0x81, 0x02,
    0x95, 0x01, 0x75, 0x08, 0x81, 0x01,                         /* reserved byte */
    0x95, 0x05, 0x75, 0x01, 0x05, 0x08, 0x19, 0x01, 0x29, 0x05, /* 5 LEDs */
    0x91, 0x02, 0x95, 0x01, 0x75, 0x03, 0x91, 0x01,
    0x95, 0x06, 0x75, 0x08, 0x15, 0x00, 0x26, 0xff, 0x00,       /* 6 keys */
    0x05, 0x07, 0x19, 0x00, 0x29, 0xff, 0x81, 0x00,
    0xc0
};

static const uint8_t mouse_report[] = {
    0x05, 0x01, 0x09, 0x02, 0xa1, 0x01, 0x09, 0x01, 0xa1, 0x00, /* application: mouse */
    0x05, 0x09, 0x19, 0x01, 0x29, 0x03, 0x15, 0x00, 0x25, 0x01, /* 3 buttons */
    0x95, 0x03, 0x75, 0x01, 0x81, 0x02, 0x95, 0x01, 0x75, 0x05, 0x81, 0x01,
    0x05, 0x01, 0x09, 0x30, 0x09, 0x31, 0x09, 0x38,             /* X, Y, wheel */
    0x15, 0x81, 0x25, 0x7f, 0x75, 0x08, 0x95, 0x03, 0x81, 0x06,
    0xc0, 0xc0
};

static const uint8_t tablet_report[] = {
    0x05, 0x01, 0x09, 0x02, 0xa1, 0x01, 0x09, 0x01, 0xa1, 0x00, /* application: mouse */
    0x05, 0x09, 0x19, 0x01, 0x29, 0x03, 0x15, 0x00, 0x25, 0x01, /* 3 buttons */
    0x95, 0x03, 0x75, 0x01, 0x81, 0x02, 0x95, 0x01, 0x75, 0x05, 0x81, 0x01,
    0x05, 0x01, 0x09, 0x30, 0x09, 0x31, 0x15, 0x00, 0x26, 0xff, 0x7f, /* X, Y: 0..0x7fff */
    0x35, 0x00, 0x46, 0xff, 0x7f, 0x75, 0x10, 0x95, 0x02, 0x81, 0x02,
    0x09, 0x38, 0x15, 0x81, 0x25, 0x7f, 0x35, 0x00, 0x45, 0x00, /* wheel */
    0x75, 0x08, 0x95, 0x01, 0x81, 0x06,
    0xc0, 0xc0
};

#define DEVICE_DESCRIPTOR(product) { \
    18, USB_DT_DEVICE, 0x10, 0x01, 0, 0, 0, 8, 0x27, 0x06, (product), 0x00, 0x00, 0x00, 1, 2, 3, 1 }
/* One interface with an interrupt endpoint, polled each 10 ms (tablet: 4). */
#define CONFIG_DESCRIPTOR(boot, protocol, report_bytes, packet, interval) { \
    9, USB_DT_CONFIG, 34, 0, 1, 1, 0, 0xa0, 50, \
    9, 4, 0, 0, 1, 3, (boot), (protocol), 0, \
    9, HID_DT_HID, 0x01, 0x01, 0, 1, HID_DT_REPORT, (report_bytes), 0, \
    7, 5, 0x81, 3, (packet), 0, (interval) }
enum { HID_DESCRIPTOR_OFFSET = 18, HID_DESCRIPTOR_BYTES = 9 };

static const uint8_t keyboard_device[] = DEVICE_DESCRIPTOR(1);
static const uint8_t mouse_device[] = DEVICE_DESCRIPTOR(2);
static const uint8_t tablet_device[] = DEVICE_DESCRIPTOR(3);
static const uint8_t keyboard_config[] = CONFIG_DESCRIPTOR(1, 1, sizeof(keyboard_report), 8, 10);
static const uint8_t mouse_config[] = CONFIG_DESCRIPTOR(1, 2, sizeof(mouse_report), 4, 10);
static const uint8_t tablet_config[] = CONFIG_DESCRIPTOR(0, 0, sizeof(tablet_report), 8, 4);

static const char *const keyboard_strings[] = { "", "QEMU", "QEMU USB Keyboard", "1", NULL };
static const char *const mouse_strings[] = { "", "QEMU", "QEMU USB Mouse", "1", NULL };
static const char *const tablet_strings[] = { "", "QEMU", "QEMU USB Tablet", "1", NULL };

/* --- Linux codes to usages ------------------------------------------------ */

static const uint8_t usages[256] = {
    [KEY_A] = 0x04, [KEY_B] = 0x05, [KEY_C] = 0x06, [KEY_D] = 0x07, [KEY_E] = 0x08, [KEY_F] = 0x09,
    [KEY_G] = 0x0a, [KEY_H] = 0x0b, [KEY_I] = 0x0c, [KEY_J] = 0x0d, [KEY_K] = 0x0e, [KEY_L] = 0x0f,
    [KEY_M] = 0x10, [KEY_N] = 0x11, [KEY_O] = 0x12, [KEY_P] = 0x13, [KEY_Q] = 0x14, [KEY_R] = 0x15,
    [KEY_S] = 0x16, [KEY_T] = 0x17, [KEY_U] = 0x18, [KEY_V] = 0x19, [KEY_W] = 0x1a, [KEY_X] = 0x1b,
    [KEY_Y] = 0x1c, [KEY_Z] = 0x1d, [KEY_1] = 0x1e, [KEY_2] = 0x1f, [KEY_3] = 0x20, [KEY_4] = 0x21,
    [KEY_5] = 0x22, [KEY_6] = 0x23, [KEY_7] = 0x24, [KEY_8] = 0x25, [KEY_9] = 0x26, [KEY_0] = 0x27,
    [KEY_ENTER] = 0x28, [KEY_ESC] = 0x29, [KEY_BACKSPACE] = 0x2a, [KEY_TAB] = 0x2b,
    [KEY_SPACE] = 0x2c, [KEY_MINUS] = 0x2d, [KEY_EQUAL] = 0x2e, [KEY_LEFTBRACE] = 0x2f,
    [KEY_RIGHTBRACE] = 0x30, [KEY_BACKSLASH] = 0x31, [KEY_SEMICOLON] = 0x33,
    [KEY_APOSTROPHE] = 0x34, [KEY_GRAVE] = 0x35, [KEY_COMMA] = 0x36, [KEY_DOT] = 0x37,
    [KEY_SLASH] = 0x38, [KEY_CAPSLOCK] = 0x39, [KEY_F1] = 0x3a, [KEY_F2] = 0x3b, [KEY_F3] = 0x3c,
    [KEY_F4] = 0x3d, [KEY_F5] = 0x3e, [KEY_F6] = 0x3f, [KEY_F7] = 0x40, [KEY_F8] = 0x41,
    [KEY_F9] = 0x42, [KEY_F10] = 0x43, [KEY_F11] = 0x44, [KEY_F12] = 0x45, [KEY_SYSRQ] = 0x46,
    [KEY_SCROLLLOCK] = 0x47, [KEY_PAUSE] = 0x48, [KEY_INSERT] = 0x49, [KEY_HOME] = 0x4a,
    [KEY_PAGEUP] = 0x4b, [KEY_DELETE] = 0x4c, [KEY_END] = 0x4d, [KEY_PAGEDOWN] = 0x4e,
    [KEY_RIGHT] = 0x4f, [KEY_LEFT] = 0x50, [KEY_DOWN] = 0x51, [KEY_UP] = 0x52,
    [KEY_NUMLOCK] = 0x53, [KEY_KPSLASH] = 0x54, [KEY_KPASTERISK] = 0x55, [KEY_KPMINUS] = 0x56,
    [KEY_KPPLUS] = 0x57, [KEY_KPENTER] = 0x58, [KEY_KP1] = 0x59, [KEY_KP2] = 0x5a,
    [KEY_KP3] = 0x5b, [KEY_KP4] = 0x5c, [KEY_KP5] = 0x5d, [KEY_KP6] = 0x5e, [KEY_KP7] = 0x5f,
    [KEY_KP8] = 0x60, [KEY_KP9] = 0x61, [KEY_KP0] = 0x62, [KEY_KPDOT] = 0x63, [KEY_102ND] = 0x64,
    [KEY_COMPOSE] = 0x65, [KEY_POWER] = 0x66, [KEY_KPEQUAL] = 0x67, [KEY_F13] = 0x68,
    [KEY_F14] = 0x69, [KEY_F15] = 0x6a, [KEY_OPEN] = 0x74, [KEY_HELP] = 0x75, [KEY_PROPS] = 0x76,
    [KEY_FRONT] = 0x77, [KEY_STOP] = 0x78, [KEY_AGAIN] = 0x79, [KEY_UNDO] = 0x7a,
    [KEY_CUT] = 0x7b, [KEY_COPY] = 0x7c, [KEY_PASTE] = 0x7d, [KEY_FIND] = 0x7e, [KEY_MUTE] = 0x7f,
    [KEY_VOLUMEUP] = 0x80, [KEY_VOLUMEDOWN] = 0x81, [KEY_KPCOMMA] = 0x85, [KEY_RO] = 0x87,
    [KEY_YEN] = 0x89, [KEY_HENKAN] = 0x8a, [KEY_MUHENKAN] = 0x8b,
    [KEY_LEFTCTRL] = 0xe0, [KEY_LEFTSHIFT] = 0xe1, [KEY_LEFTALT] = 0xe2, [KEY_LEFTMETA] = 0xe3,
    [KEY_RIGHTCTRL] = 0xe4, [KEY_RIGHTSHIFT] = 0xe5, [KEY_RIGHTALT] = 0xe6, [KEY_RIGHTMETA] = 0xe7,
};

/* --- events from the user ------------------------------------------------- */

static HIDEvent *last_event(USBHIDState *s)
{
    return s->count ? &s->queue[(s->head + s->count - 1) % QUEUE_EVENTS] : NULL;
}

/* NULL: the guest does not listen and the queue is full. */
static HIDEvent *new_event(USBHIDState *s)
{
    HIDEvent *event;

    if (s->count == QUEUE_EVENTS) {
        return NULL;
    }
    event = &s->queue[(s->head + s->count++) % QUEUE_EVENTS];
    memset(event, 0, sizeof(*event));
    event->buttons = s->buttons;
    event->x = s->x;
    event->y = s->y;
    return event;
}

static void keyboard_key(void *opaque, int linux_code, bool down)
{
    USBHIDState *s = opaque;
    uint8_t usage = linux_code >= 0 && linux_code < 256 ? usages[linux_code] : 0;
    HIDEvent *event = usage ? new_event(s) : NULL;

    if (event) {
        event->usage = usage;
        event->down = down;
        usb_wakeup(&s->parent);
    }
}

/* Moves join the last event unless a button changed. */
static void mouse_motion(void *opaque, int dx, int dy, int dz)
{
    USBHIDState *s = opaque;
    HIDEvent *event = last_event(s);

    if (!event || event->buttons != s->buttons) {
        event = new_event(s);
    }
    if (event) {
        event->x = CLAMP(event->x + dx, -100000, 100000);
        event->y = CLAMP(event->y + dy, -100000, 100000);
        event->z = CLAMP(event->z + dz, -127, 127);
        usb_wakeup(&s->parent);
    }
}

static void tablet_position(void *opaque, int x, int y, int dz)
{
    USBHIDState *s = opaque;
    HIDEvent *event = last_event(s);

    s->x = CLAMP(x, 0, 0x7fff);
    s->y = CLAMP(y, 0, 0x7fff);
    if (!event || event->buttons != s->buttons) {
        event = new_event(s);
    }
    if (event) {
        event->x = s->x;
        event->y = s->y;
        event->z = CLAMP(event->z + dz, -127, 127);
        usb_wakeup(&s->parent);
    }
}

static void pointer_buttons(void *opaque, unsigned mask)
{
    USBHIDState *s = opaque;

    s->buttons = mask & 7;
    if (new_event(s)) {
        usb_wakeup(&s->parent);
    }
}

static const QemuInputHandler keyboard_handler = {
    .name = "QEMU USB Keyboard", .is_keyboard = true, .key = keyboard_key,
};
static const QemuInputHandler mouse_handler = {
    .name = "QEMU USB Mouse", .is_pointer = true, .motion = mouse_motion,
    .buttons = pointer_buttons,
};
static const QemuInputHandler tablet_handler = {
    .name = "QEMU USB Tablet", .is_pointer = true, .is_absolute = true,
    .position = tablet_position, .buttons = pointer_buttons,
};

/* --- the three devices ---------------------------------------------------- */

typedef struct HIDClass {
    USBDeviceClass usb;
    const QemuInputHandler *handler;
    const uint8_t *report_descriptor;
    size_t report_descriptor_bytes;
    /* Takes the next event off the queue when there is one; writes the current report. */
    int (*report)(USBHIDState *s, uint8_t *data);
} HIDClass;

static const HIDClass *hid_class(USBHIDState *s)
{
    return object_class_data(OBJECT(s));
}

static void apply_key(USBHIDState *s, const HIDEvent *event)
{
    uint8_t *found = memchr(s->keys, event->usage, s->num_keys);

    if (event->usage >= MODIFIER_FIRST) {
        uint8_t bit = 1 << (event->usage - MODIFIER_FIRST);

        s->modifiers = event->down ? s->modifiers | bit : s->modifiers & ~bit;
    } else if (event->down && !found && s->num_keys < MAX_KEYS) {
        s->keys[s->num_keys++] = event->usage;
    } else if (!event->down && found) {
        *found = s->keys[--s->num_keys];
        s->keys[s->num_keys] = 0;
    }
}

static HIDEvent *take_event(USBHIDState *s)
{
    HIDEvent *event = NULL;

    if (s->count) {
        event = &s->queue[s->head];
        s->head = (s->head + 1) % QUEUE_EVENTS;
        s->count--;
    }
    return event;
}

static int keyboard_make_report(USBHIDState *s, uint8_t *data)
{
    HIDEvent *event = take_event(s);

    if (event) {
        apply_key(s, event);
    }
    data[0] = s->modifiers;
    data[1] = 0;
    memcpy(data + 2, s->keys, MAX_KEYS);
    return 8;
}

static int mouse_make_report(USBHIDState *s, uint8_t *data)
{
    HIDEvent *event = s->count ? &s->queue[s->head] : NULL;
    int dx = event ? CLAMP(event->x, -127, 127) : 0, dy = event ? CLAMP(event->y, -127, 127) : 0;

    data[0] = event ? event->buttons : s->buttons;
    data[1] = dx;
    data[2] = dy;
    data[3] = event ? -event->z : 0;
    if (event) {
        event->x -= dx;
        event->y -= dy;
        event->z = 0;
        if (event->x == 0 && event->y == 0) {
            take_event(s);
        }
    }
    return 4;
}

static int tablet_make_report(USBHIDState *s, uint8_t *data)
{
    HIDEvent *event = take_event(s);

    data[0] = event ? event->buttons : s->buttons;
    stw_le_p(data + 1, event ? event->x : s->x);
    stw_le_p(data + 3, event ? event->y : s->y);
    data[5] = event ? -event->z : 0;
    return 6;
}

/* --- requests and packets ------------------------------------------------- */

static int copy_descriptor(uint8_t *data, int length, const uint8_t *from, size_t bytes)
{
    length = MIN((size_t)length, bytes);
    memcpy(data, from, length);
    return length;
}

static int hid_control(USBDevice *dev, int request, int value, int index, int length,
                       uint8_t *data)
{
    USBHIDState *s = USB_HID(dev);
    const HIDClass *hc = hid_class(s);
    uint8_t report[8];

    switch (request) {
    case USB_REQUEST(TYPE_INTERFACE_IN, USB_REQ_GET_DESCRIPTOR):
        if (value >> 8 == HID_DT_REPORT) {
            return copy_descriptor(data, length, hc->report_descriptor,
                                   hc->report_descriptor_bytes);
        }
        if (value >> 8 == HID_DT_HID) {
            return copy_descriptor(data, length, hc->usb.config_descriptor + HID_DESCRIPTOR_OFFSET,
                                   HID_DESCRIPTOR_BYTES);
        }
        return USB_RET_STALL;
    case USB_REQUEST(TYPE_CLASS_IN, HID_GET_REPORT):
        return copy_descriptor(data, length, report, hc->report(s, report));
    case USB_REQUEST(TYPE_CLASS_OUT, HID_SET_REPORT):
        s->leds = length > 0 ? data[0] : 0;
        return 0;
    case USB_REQUEST(TYPE_CLASS_IN, HID_GET_IDLE):
        data[0] = s->idle;
        return 1;
    case USB_REQUEST(TYPE_CLASS_OUT, HID_SET_IDLE):
        s->idle = value >> 8;
        return 0;
    case USB_REQUEST(TYPE_CLASS_IN, HID_GET_PROTOCOL):
        data[0] = s->protocol;
        return 1;
    case USB_REQUEST(TYPE_CLASS_OUT, HID_SET_PROTOCOL):
        s->protocol = value & 1;
        return 0;
    }
    return USB_RET_STALL;
}

static int hid_data(USBDevice *dev, int pid, int endpoint, uint8_t *data, int len)
{
    USBHIDState *s = USB_HID(dev);
    int64_t now_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    uint8_t report[8];

    if (pid != USB_TOKEN_IN || endpoint != 1) {
        return USB_RET_STALL;
    }
    if (s->count == 0 &&
        (s->idle == 0 || now_ns - s->last_report_ns < s->idle * 4 * INT64_C(1000000))) {
        return USB_RET_NAK;
    }
    s->last_report_ns = now_ns;
    return copy_descriptor(data, len, report, hid_class(s)->report(s, report));
}

static void hid_reset(USBDevice *dev)
{
    USBHIDState *s = USB_HID(dev);

    memset(s->queue, 0, sizeof(s->queue));
    s->head = s->count = 0;
    s->modifiers = s->num_keys = s->buttons = 0;
    memset(s->keys, 0, sizeof(s->keys));
    s->x = s->y = 0;
    s->protocol = 1;
    s->idle = 0;
    s->leds = 0;
    s->last_report_ns = 0;
}

/* --- life ----------------------------------------------------------------- */

static bool hid_realize(DeviceState *dev, Error **errp)
{
    USBHIDState *s = USB_HID(dev);

    qemu_input_handler_register(hid_class(s)->handler, s);
    return true;
}

static void hid_unrealize(DeviceState *dev)
{
    USBHIDState *s = USB_HID(dev);

    qemu_input_handler_unregister(hid_class(s)->handler, s);
}

static const VMStateField hid_event_fields[] = {
    VMSTATE_UINT8(usage, HIDEvent), VMSTATE_UINT8(down, HIDEvent),
    VMSTATE_UINT8(buttons, HIDEvent), VMSTATE_INT32(x, HIDEvent), VMSTATE_INT32(y, HIDEvent),
    VMSTATE_INT32(z, HIDEvent), VMSTATE_END
};
static const VMStateDescription vmstate_hid_event = {
    .name = "usb-hid/event", .version = 1, .fields = hid_event_fields,
};

#define S USBHIDState
static const VMStateField hid_fields[] = {
    VMSTATE_USB_DEVICE(parent, S),
    VMSTATE_STRUCT_ARRAY(queue, S, QUEUE_EVENTS, vmstate_hid_event, HIDEvent),
    VMSTATE_UINT32(head, S), VMSTATE_UINT32(count, S), VMSTATE_UINT8(modifiers, S),
    VMSTATE_BUFFER(keys, S), VMSTATE_UINT8(num_keys, S), VMSTATE_UINT8(buttons, S),
    VMSTATE_INT32(x, S), VMSTATE_INT32(y, S), VMSTATE_UINT8(protocol, S), VMSTATE_UINT8(leds, S),
    VMSTATE_UINT8(idle, S), VMSTATE_INT64(last_report_ns, S), VMSTATE_END
};
#undef S

static int hid_post_load(void *opaque, int version)
{
    USBHIDState *s = opaque;

    return s->head >= QUEUE_EVENTS || s->count > QUEUE_EVENTS || s->num_keys > MAX_KEYS ? -EINVAL
                                                                                        : 0;
}

static const VMStateDescription vmstate_hid = {
    .name = "usb-hid", .version = 1, .fields = hid_fields, .post_load = hid_post_load,
};

static const TypeInfo usb_hid_info = {
    .name = "usb-hid", .parent = TYPE_USB_DEVICE, .instance_size = sizeof(USBHIDState),
    .realize = hid_realize, .unrealize = hid_unrealize, .vmsd = &vmstate_hid,
};
DEFINE_TYPE(usb_hid_info)

#define HID_CLASS(what, title, usb_speed) { \
    .usb = { .product = title, .speed = usb_speed, .device_descriptor = what##_device, \
             .config_descriptor = what##_config, .strings = what##_strings, \
             .handle_reset = hid_reset, .handle_control = hid_control, .handle_data = hid_data }, \
    .handler = &what##_handler, .report_descriptor = what##_report, \
    .report_descriptor_bytes = sizeof(what##_report), .report = what##_make_report }

static const HIDClass keyboard_class = HID_CLASS(keyboard, "QEMU USB Keyboard", USB_SPEED_FULL);
static const HIDClass mouse_class = HID_CLASS(mouse, "QEMU USB Mouse", USB_SPEED_FULL);
static const HIDClass tablet_class = HID_CLASS(tablet, "QEMU USB Tablet", USB_SPEED_FULL);

static const TypeInfo usb_kbd_info = {
    .name = "usb-kbd", .parent = "usb-hid", .desc = "USB keyboard",
    .instance_size = sizeof(USBHIDState), .bus_type = TYPE_USB_BUS, .user_creatable = true,
    .category = "input", .class_data = &keyboard_class,
};
static const TypeInfo usb_mouse_info = {
    .name = "usb-mouse", .parent = "usb-hid", .desc = "USB mouse",
    .instance_size = sizeof(USBHIDState), .bus_type = TYPE_USB_BUS, .user_creatable = true,
    .category = "input", .class_data = &mouse_class,
};
static const TypeInfo usb_tablet_info = {
    .name = "usb-tablet", .parent = "usb-hid", .desc = "USB tablet (absolute pointer)",
    .instance_size = sizeof(USBHIDState), .bus_type = TYPE_USB_BUS, .user_creatable = true,
    .category = "input", .class_data = &tablet_class,
};
DEFINE_TYPE(usb_kbd_info)
DEFINE_TYPE(usb_mouse_info)
DEFINE_TYPE(usb_tablet_info)
