/*
 * Apple ADB keyboard ("Guide to the Macintosh Family Hardware", chapter 8).
 *
 * Register 0   up to two key transitions, bit 7 = released
 * Register 2   lights in bits 2-0, 0 = on
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/input/adb.h"
#include "ui/console.h"
#include <linux/input-event-codes.h>

enum { QUEUE = 128, NO_KEY = 0xff, RELEASED = 0x80, HANDLER_STANDARD = 1, HANDLER_EXTENDED = 2,
       HANDLER_LEFT_RIGHT = 3 };
enum { ADB_LEFT_CTRL = 0x36, ADB_LEFT_SHIFT = 0x38, ADB_LEFT_ALT = 0x3a, ADB_RIGHT_SHIFT = 0x7b,
       ADB_RIGHT_ALT = 0x7c, ADB_RIGHT_CTRL = 0x7d, ADB_POWER = 0x7f };

typedef struct ADBKeyboard {
    ADBDevice parent_obj;

    uint8_t queue[QUEUE];
    uint32_t head, count;
    uint8_t lights;
} ADBKeyboard;
#define ADB_KEYBOARD(o) OBJECT_CHECK(ADBKeyboard, (o), TYPE_ADB_KEYBOARD)

/* Linux code to ADB code; A is 0, which no other key may have. */
static const uint8_t adb_codes[] = {
    [KEY_A] = 0x00, [KEY_S] = 0x01, [KEY_D] = 0x02, [KEY_F] = 0x03, [KEY_H] = 0x04,
    [KEY_G] = 0x05, [KEY_Z] = 0x06, [KEY_X] = 0x07, [KEY_C] = 0x08, [KEY_V] = 0x09,
    [KEY_102ND] = 0x0a, [KEY_B] = 0x0b, [KEY_Q] = 0x0c, [KEY_W] = 0x0d, [KEY_E] = 0x0e,
    [KEY_R] = 0x0f, [KEY_Y] = 0x10, [KEY_T] = 0x11, [KEY_1] = 0x12, [KEY_2] = 0x13,
    [KEY_3] = 0x14, [KEY_4] = 0x15, [KEY_6] = 0x16, [KEY_5] = 0x17, [KEY_EQUAL] = 0x18,
    [KEY_9] = 0x19, [KEY_7] = 0x1a, [KEY_MINUS] = 0x1b, [KEY_8] = 0x1c, [KEY_0] = 0x1d,
    [KEY_RIGHTBRACE] = 0x1e, [KEY_O] = 0x1f, [KEY_U] = 0x20, [KEY_LEFTBRACE] = 0x21,
    [KEY_I] = 0x22, [KEY_P] = 0x23, [KEY_ENTER] = 0x24, [KEY_L] = 0x25, [KEY_J] = 0x26,
    [KEY_APOSTROPHE] = 0x27, [KEY_K] = 0x28, [KEY_SEMICOLON] = 0x29, [KEY_BACKSLASH] = 0x2a,
    [KEY_COMMA] = 0x2b, [KEY_SLASH] = 0x2c, [KEY_N] = 0x2d, [KEY_M] = 0x2e, [KEY_DOT] = 0x2f,
    [KEY_TAB] = 0x30, [KEY_SPACE] = 0x31, [KEY_GRAVE] = 0x32, [KEY_BACKSPACE] = 0x33,
    [KEY_ESC] = 0x35, [KEY_LEFTCTRL] = 0x36, [KEY_LEFTMETA] = 0x37, [KEY_RIGHTMETA] = 0x37,
    [KEY_LEFTSHIFT] = 0x38, [KEY_CAPSLOCK] = 0x39, [KEY_LEFTALT] = 0x3a, [KEY_LEFT] = 0x3b,
    [KEY_RIGHT] = 0x3c, [KEY_DOWN] = 0x3d, [KEY_UP] = 0x3e, [KEY_KPDOT] = 0x41,
    [KEY_KPASTERISK] = 0x43, [KEY_KPPLUS] = 0x45, [KEY_NUMLOCK] = 0x47, [KEY_KPSLASH] = 0x4b,
    [KEY_KPENTER] = 0x4c, [KEY_KPMINUS] = 0x4e, [KEY_KPEQUAL] = 0x51, [KEY_KP0] = 0x52,
    [KEY_KP1] = 0x53, [KEY_KP2] = 0x54, [KEY_KP3] = 0x55, [KEY_KP4] = 0x56, [KEY_KP5] = 0x57,
    [KEY_KP6] = 0x58, [KEY_KP7] = 0x59, [KEY_KP8] = 0x5b, [KEY_KP9] = 0x5c, [KEY_YEN] = 0x5d,
    [KEY_RO] = 0x5e, [KEY_KPCOMMA] = 0x5f, [KEY_F5] = 0x60, [KEY_F6] = 0x61, [KEY_F7] = 0x62,
    [KEY_F3] = 0x63, [KEY_F8] = 0x64, [KEY_F9] = 0x65, [KEY_F11] = 0x67, [KEY_SYSRQ] = 0x69,
    [KEY_F13] = 0x69, [KEY_SCROLLLOCK] = 0x6b, [KEY_F14] = 0x6b, [KEY_F10] = 0x6d,
    [KEY_F12] = 0x6f, [KEY_PAUSE] = 0x71, [KEY_F15] = 0x71, [KEY_INSERT] = 0x72,
    [KEY_HELP] = 0x72, [KEY_HOME] = 0x73, [KEY_PAGEUP] = 0x74, [KEY_DELETE] = 0x75,
    [KEY_F4] = 0x76, [KEY_END] = 0x77, [KEY_F2] = 0x78, [KEY_PAGEDOWN] = 0x79, [KEY_F1] = 0x7a,
    [KEY_RIGHTSHIFT] = 0x7b, [KEY_RIGHTALT] = 0x7c, [KEY_RIGHTCTRL] = 0x7d, [KEY_POWER] = 0x7f,
};

static uint8_t adb_code(const ADBKeyboard *s, int linux_code)
{
    uint8_t code;

    if (linux_code < 0 || linux_code >= (int)ARRAY_SIZE(adb_codes)
        || (!adb_codes[linux_code] && linux_code != KEY_A)) {
        return NO_KEY;
    }
    code = adb_codes[linux_code];
    if (s->parent_obj.handler == HANDLER_LEFT_RIGHT) {
        return code;
    }
    switch (code) {
    case ADB_RIGHT_SHIFT:
        return ADB_LEFT_SHIFT;
    case ADB_RIGHT_ALT:
        return ADB_LEFT_ALT;
    case ADB_RIGHT_CTRL:
        return ADB_LEFT_CTRL;
    default:
        return code;
    }
}

static void adb_kbd_put(ADBKeyboard *s, uint8_t code)
{
    if (s->count < QUEUE) {
        s->queue[(s->head + s->count++) % QUEUE] = code;
    }
}

static uint8_t adb_kbd_get(ADBKeyboard *s)
{
    uint8_t code = s->queue[s->head];

    if (!s->count) {
        return NO_KEY;
    }
    s->head = (s->head + 1) % QUEUE;
    s->count--;
    return code;
}

static int adb_kbd_talk(ADBDevice *dev, int reg, uint8_t data[ADB_MAX_DATA])
{
    ADBKeyboard *s = ADB_KEYBOARD(dev);

    switch (reg) {
    case 0:
        if (!s->count) {
            return 0;
        }
        data[0] = adb_kbd_get(s);
        /* The power key fills both bytes. */
        data[1] = (data[0] & ~RELEASED) == ADB_POWER ? data[0] : adb_kbd_get(s);
        return 2;
    case 2:
        data[0] = 0xff;
        data[1] = 0xf8 | s->lights;
        return 2;
    default:
        return 0;
    }
}

static void adb_kbd_listen(ADBDevice *dev, int reg, const uint8_t *data, int len)
{
    if (reg == 2 && len >= 2) {
        ADB_KEYBOARD(dev)->lights = data[1] & 7;
    }
}

static void adb_kbd_flush(ADBDevice *dev)
{
    ADB_KEYBOARD(dev)->count = 0;
}

static bool adb_kbd_has_data(ADBDevice *dev)
{
    return ADB_KEYBOARD(dev)->count;
}

static bool adb_kbd_accepts_handler(uint8_t handler)
{
    return handler >= HANDLER_STANDARD && handler <= HANDLER_LEFT_RIGHT;
}

static const ADBDeviceClass adb_kbd_class = {
    .address = ADB_ADDRESS_KEYBOARD,
    .handler = HANDLER_STANDARD,
    .talk = adb_kbd_talk,
    .listen = adb_kbd_listen,
    .flush = adb_kbd_flush,
    .has_data = adb_kbd_has_data,
    .accepts_handler = adb_kbd_accepts_handler,
};

static void adb_kbd_key(void *opaque, int linux_code, bool down)
{
    ADBKeyboard *s = opaque;
    uint8_t code = adb_code(s, linux_code);

    if (code != NO_KEY) {
        adb_kbd_put(s, down ? code : code | RELEASED);
        adb_service_request(&s->parent_obj);
    }
}

static const QemuInputHandler adb_kbd_handler = {
    .name = "ADB keyboard",
    .is_keyboard = true,
    .key = adb_kbd_key,
};

static void adb_kbd_reset(DeviceState *dev)
{
    ADBKeyboard *s = ADB_KEYBOARD(dev);

    s->head = s->count = 0;
    s->lights = 7;
}

static int adb_kbd_post_load(void *opaque, int version)
{
    ADBKeyboard *s = opaque;

    return s->head < QUEUE && s->count <= QUEUE ? 0 : -EINVAL;
}
static const VMStateField adb_kbd_fields[] = {
    VMSTATE_STRUCT(parent_obj, ADBKeyboard, vmstate_adb_device, ADBDevice),
    VMSTATE_BUFFER(queue, ADBKeyboard),
    VMSTATE_UINT32(head, ADBKeyboard),
    VMSTATE_UINT32(count, ADBKeyboard),
    VMSTATE_UINT8(lights, ADBKeyboard),
    VMSTATE_END
};
static const VMStateDescription vmstate_adb_kbd = {
    .name = TYPE_ADB_KEYBOARD,
    .version = 1,
    .fields = adb_kbd_fields,
    .post_load = adb_kbd_post_load,
};

static bool adb_kbd_realize(DeviceState *dev, Error **errp)
{
    qemu_input_handler_register(&adb_kbd_handler, ADB_KEYBOARD(dev));
    return true;
}

static const TypeInfo adb_kbd_info = {
    .name = TYPE_ADB_KEYBOARD,
    .parent = TYPE_ADB_DEVICE,
    .desc = "ADB keyboard",
    .instance_size = sizeof(ADBKeyboard),
    .realize = adb_kbd_realize,
    .reset = adb_kbd_reset,
    .vmsd = &vmstate_adb_kbd,
    .class_data = &adb_kbd_class,
};
DEFINE_TYPE(adb_kbd_info)
