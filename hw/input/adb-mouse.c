/*
 * Apple ADB mouse ("Guide to the Macintosh Family Hardware", chapter 8;
 * extended protocol: Apple technical note HW01).
 *
 * Register 0   buttons (0 = pressed) and motion since the last Talk; a third
 *              byte with the middle button and high motion bits in handler 4
 * Register 1   identification, in handler 4
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/input/adb.h"
#include "qemu/bswap.h"
#include "ui/console.h"

enum { HANDLER_100CPI = 1, HANDLER_200CPI = 2, HANDLER_EXTENDED = 4 };
enum { BUTTON_LEFT = 1, BUTTON_RIGHT = 2, BUTTON_MIDDLE = 4, BUTTON_UP = 0x80 };
enum { MOTION_MAX = 63, MOTION_MAX_EXTENDED = 511, RESOLUTION = 200, CLASS_MOUSE = 1, BUTTONS = 3 };

typedef struct ADBMouse {
    ADBDevice parent_obj;

    int32_t dx, dy;
    uint8_t buttons, reported_buttons;
} ADBMouse;
#define ADB_MOUSE(o) OBJECT_CHECK(ADBMouse, (o), TYPE_ADB_MOUSE)

static int take_motion(int32_t *motion, int limit)
{
    int step = MAX(MIN(*motion, limit), -limit - 1);

    *motion -= step;
    return step;
}

static bool adb_mouse_has_data(ADBDevice *dev)
{
    ADBMouse *s = ADB_MOUSE(dev);

    return s->dx || s->dy || s->buttons != s->reported_buttons;
}

static int adb_mouse_talk_motion(ADBMouse *s, uint8_t *data)
{
    bool extended = s->parent_obj.handler == HANDLER_EXTENDED;
    int limit = extended ? MOTION_MAX_EXTENDED : MOTION_MAX, dx, dy;

    if (!adb_mouse_has_data(&s->parent_obj)) {
        return 0;
    }
    dx = take_motion(&s->dx, limit);
    dy = take_motion(&s->dy, limit);
    s->reported_buttons = s->buttons;
    data[0] = (s->buttons & BUTTON_LEFT ? 0 : BUTTON_UP) | (dy & 0x7f);
    data[1] = (s->buttons & BUTTON_RIGHT ? 0 : BUTTON_UP) | (dx & 0x7f);
    if (!extended) {
        return 2;
    }
    data[2] = (s->buttons & BUTTON_MIDDLE ? 0 : 0x80) | (dy >> 7 & 7) << 4 | 0x08 | (dx >> 7 & 7);
    return 3;
}

static int adb_mouse_talk(ADBDevice *dev, int reg, uint8_t data[ADB_MAX_DATA])
{
    ADBMouse *s = ADB_MOUSE(dev);

    if (reg == 0) {
        return adb_mouse_talk_motion(s, data);
    }
    if (reg == 1 && dev->handler == HANDLER_EXTENDED) {
        memcpy(data, "appl", 4);
        stw_be_p(data + 4, RESOLUTION);
        data[6] = CLASS_MOUSE;
        data[7] = BUTTONS;
        return 8;
    }
    return 0;
}

static void adb_mouse_listen(ADBDevice *dev, int reg, const uint8_t *data, int len)
{
}

static void adb_mouse_flush(ADBDevice *dev)
{
    ADBMouse *s = ADB_MOUSE(dev);

    s->dx = s->dy = 0;
    s->reported_buttons = s->buttons;
}

static bool adb_mouse_accepts_handler(uint8_t handler)
{
    return handler == HANDLER_100CPI || handler == HANDLER_200CPI || handler == HANDLER_EXTENDED;
}

static const ADBDeviceClass adb_mouse_class = {
    .address = ADB_ADDRESS_MOUSE,
    .handler = HANDLER_200CPI,
    .talk = adb_mouse_talk,
    .listen = adb_mouse_listen,
    .flush = adb_mouse_flush,
    .has_data = adb_mouse_has_data,
    .accepts_handler = adb_mouse_accepts_handler,
};

static void adb_mouse_motion(void *opaque, int dx, int dy, int dz)
{
    ADBMouse *s = opaque;

    s->dx += dx;
    s->dy += dy;
    adb_service_request(&s->parent_obj);
}

static void adb_mouse_buttons(void *opaque, unsigned mask)
{
    ADBMouse *s = opaque;

    s->buttons = mask;
    adb_service_request(&s->parent_obj);
}

static const QemuInputHandler adb_mouse_handler = {
    .name = "ADB mouse",
    .is_pointer = true,
    .motion = adb_mouse_motion,
    .buttons = adb_mouse_buttons,
};

static void adb_mouse_reset(DeviceState *dev)
{
    ADBMouse *s = ADB_MOUSE(dev);

    s->dx = s->dy = 0;
    s->buttons = s->reported_buttons = 0;
}

static const VMStateField adb_mouse_fields[] = {
    VMSTATE_STRUCT(parent_obj, ADBMouse, vmstate_adb_device, ADBDevice),
    VMSTATE_INT32(dx, ADBMouse),
    VMSTATE_INT32(dy, ADBMouse),
    VMSTATE_UINT8(buttons, ADBMouse),
    VMSTATE_UINT8(reported_buttons, ADBMouse),
    VMSTATE_END
};
static const VMStateDescription vmstate_adb_mouse = {
    .name = TYPE_ADB_MOUSE,
    .version = 1,
    .fields = adb_mouse_fields,
};

static bool adb_mouse_realize(DeviceState *dev, Error **errp)
{
    qemu_input_handler_register(&adb_mouse_handler, ADB_MOUSE(dev));
    return true;
}

static const TypeInfo adb_mouse_info = {
    .name = TYPE_ADB_MOUSE,
    .parent = TYPE_ADB_DEVICE,
    .desc = "ADB mouse",
    .instance_size = sizeof(ADBMouse),
    .realize = adb_mouse_realize,
    .reset = adb_mouse_reset,
    .vmsd = &vmstate_adb_mouse,
    .class_data = &adb_mouse_class,
};
DEFINE_TYPE(adb_mouse_info)
