/*
 * PS/2 mouse (IBM PS/2 Hardware Interface Technical Reference, "Auxiliary
 * device"), with the wheel and five-button extensions of Microsoft's
 * IntelliMouse and IntelliMouse Explorer.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/input/ps2.h"
#include "qemu/log.h"

enum { CMD_SCALING_1 = 0xe6, CMD_SCALING_2 = 0xe7, CMD_RESOLUTION = 0xe8, CMD_STATUS = 0xe9,
       CMD_STREAM = 0xea, CMD_POLL = 0xeb, CMD_WRAP_OFF = 0xec, CMD_WRAP = 0xee, CMD_REMOTE = 0xf0,
       CMD_ID = 0xf2, CMD_RATE = 0xf3, CMD_ENABLE = 0xf4, CMD_DISABLE = 0xf5, CMD_DEFAULTS = 0xf6,
       CMD_RESEND = 0xfe, CMD_RESET = 0xff };
enum { REPLY_BAT_OK = 0xaa, REPLY_ACK = 0xfa, REPLY_ERROR = 0xfc };
enum { ID_STANDARD = 0, ID_WHEEL = 3, ID_FIVE_BUTTONS = 4 };
enum { PACKET_ALWAYS = 0x08, PACKET_X_SIGN = 0x10, PACKET_Y_SIGN = 0x20 };
enum { STATUS_REMOTE = 0x40, STATUS_ENABLED = 0x20, STATUS_SCALING_2 = 0x10 };
/* Movement is kept back while the queue holds more than that. */
enum { QUEUE_FOR_MOTION = 16, LONGEST_PACKET = 4, MAX_DELTA = 255 };

typedef struct PS2Mouse {
    PS2Device parent_obj;

    uint8_t id, rate, resolution;
    bool remote, wrap, enabled, scaling_2;
    uint8_t last_rates[2];      /* the rates set before the last one: identify the driver */
    uint8_t buttons, sent_buttons;
    int32_t dx, dy, dz;         /* not sent yet; dy grows downwards */
} PS2Mouse;
#define PS2_MOUSE(o) OBJECT_CHECK(PS2Mouse, (o), TYPE_PS2_MOUSE)

/* --- packets --------------------------------------------------------------------------- */

static void send_packet(PS2Mouse *s)
{
    PS2Device *dev = &s->parent_obj;
    int dx = CLAMP(s->dx, -MAX_DELTA - 1, MAX_DELTA), dy = CLAMP(-s->dy, -MAX_DELTA - 1, MAX_DELTA);
    int limit = s->id == ID_FIVE_BUTTONS ? 7 : 127, dz = CLAMP(s->dz, -limit - 1, limit);

    ps2_queue(dev, PACKET_ALWAYS | (s->buttons & 7) | (dx < 0 ? PACKET_X_SIGN : 0) |
                       (dy < 0 ? PACKET_Y_SIGN : 0));
    ps2_queue(dev, dx);
    ps2_queue(dev, dy);
    if (s->id == ID_WHEEL) {
        ps2_queue(dev, dz);
    } else if (s->id == ID_FIVE_BUTTONS) {
        ps2_queue(dev, (dz & 0xf) | (s->buttons & 0x18) << 1);
    }
    s->dx -= dx;
    s->dy += dy;
    s->dz = s->id == ID_STANDARD ? 0 : s->dz - dz;
    s->sent_buttons = s->buttons;
}

void ps2_mouse_interrupt(PS2Device *mouse)
{
    PS2Mouse *s = PS2_MOUSE(mouse);

    if (s->enabled && mouse->count + LONGEST_PACKET <= QUEUE_FOR_MOTION) {
        send_packet(s);
    }
}

static bool has_news(const PS2Mouse *s)
{
    return s->dx || s->dy || (s->dz && s->id != ID_STANDARD) || s->buttons != s->sent_buttons;
}

static void stream(PS2Mouse *s)
{
    while (s->enabled && !s->remote && !s->wrap && has_news(s) &&
           s->parent_obj.count + LONGEST_PACKET <= QUEUE_FOR_MOTION) {
        send_packet(s);
    }
}

static void mouse_motion(void *opaque, int dx, int dy, int dz)
{
    PS2Mouse *s = opaque;

    s->dx = CLAMP(s->dx + dx, -0x7fff, 0x7fff);
    s->dy = CLAMP(s->dy + dy, -0x7fff, 0x7fff);
    s->dz = CLAMP(s->dz + dz, -0x7fff, 0x7fff);
    stream(s);
}

static void mouse_buttons(void *opaque, unsigned mask)
{
    PS2Mouse *s = opaque;

    s->buttons = mask & 0x1f;
    stream(s);
}

static const QemuInputHandler mouse_handler = {
    .name = "QEMU PS/2 Mouse",
    .is_pointer = true,
    .motion = mouse_motion,
    .buttons = mouse_buttons,
};

/* --- commands ----------------------------------------------------------------------------- */

static void set_defaults(PS2Mouse *s)
{
    s->rate = 100;
    s->resolution = 2;
    s->remote = s->enabled = s->scaling_2 = false;
    s->dx = s->dy = s->dz = 0;
    s->sent_buttons = s->buttons;
}

/* Drivers ask for a wheel by rates 200, 100, 80, for five buttons by 200, 200, 80. */
static void set_rate(PS2Mouse *s, uint8_t rate)
{
    if (rate == 80 && s->last_rates[0] == 200 && s->last_rates[1] == 100) {
        s->id = ID_WHEEL;
    } else if (rate == 80 && s->last_rates[0] == 200 && s->last_rates[1] == 200) {
        s->id = ID_FIVE_BUTTONS;
    }
    s->last_rates[0] = s->last_rates[1];
    s->last_rates[1] = rate;
    s->rate = rate;
}

static void send_status(PS2Mouse *s)
{
    PS2Device *dev = &s->parent_obj;
    uint8_t buttons = (s->buttons & 1) << 2 | (s->buttons & 2) >> 1 | (s->buttons & 4) >> 1;

    ps2_queue(dev, REPLY_ACK);
    ps2_queue(dev, (s->remote ? STATUS_REMOTE : 0) | (s->enabled ? STATUS_ENABLED : 0) |
                       (s->scaling_2 ? STATUS_SCALING_2 : 0) | buttons);
    ps2_queue(dev, s->resolution);
    ps2_queue(dev, s->rate);
}

static void mouse_command(PS2Mouse *s, uint8_t command)
{
    PS2Device *dev = &s->parent_obj;

    switch (command) {
    case CMD_SCALING_1:
    case CMD_SCALING_2:
        s->scaling_2 = command == CMD_SCALING_2;
        break;
    case CMD_RESOLUTION:
    case CMD_RATE:
        dev->pending_command = command;
        break;
    case CMD_STATUS:
        send_status(s);
        return;
    case CMD_STREAM:
    case CMD_REMOTE:
        s->remote = command == CMD_REMOTE;
        break;
    case CMD_POLL:
        ps2_queue(dev, REPLY_ACK);
        send_packet(s);
        return;
    case CMD_WRAP_OFF:
    case CMD_WRAP:
        s->wrap = command == CMD_WRAP;
        break;
    case CMD_ID:
        ps2_queue(dev, REPLY_ACK);
        ps2_queue(dev, s->id);
        return;
    case CMD_ENABLE:                    /* the counters start anew */
    case CMD_DISABLE:
        s->enabled = command == CMD_ENABLE;
        s->dx = s->dy = s->dz = 0;
        break;
    case CMD_DEFAULTS:
        set_defaults(s);
        break;
    case CMD_RESEND:
        ps2_queue(dev, dev->last);
        return;
    case CMD_RESET:
        ps2_flush(dev);
        set_defaults(s);
        s->id = ID_STANDARD;
        s->wrap = false;
        ps2_queue(dev, REPLY_ACK);
        ps2_queue(dev, REPLY_BAT_OK);
        ps2_queue(dev, s->id);
        return;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "ps2-mouse: unknown command 0x%02x\n", command);
        ps2_queue(dev, REPLY_ERROR);
        return;
    }
    ps2_queue(dev, REPLY_ACK);
    stream(s);
}

static void mouse_write(PS2Device *dev, uint8_t value)
{
    PS2Mouse *s = PS2_MOUSE(dev);
    int command = dev->pending_command;

    dev->pending_command = -1;
    if (s->wrap && value != CMD_RESET && value != CMD_WRAP_OFF) {
        ps2_queue(dev, value);
    } else if (command == CMD_RATE) {
        set_rate(s, value);
        ps2_queue(dev, REPLY_ACK);
    } else if (command == CMD_RESOLUTION) {
        s->resolution = value & 3;
        ps2_queue(dev, REPLY_ACK);
    } else {
        mouse_command(s, value);
    }
}

/* --- life ----------------------------------------------------------------------------------- */

static void mouse_reset(DeviceState *dev)
{
    PS2Mouse *s = PS2_MOUSE(dev);

    s->buttons = 0;
    set_defaults(s);
    s->id = ID_STANDARD;
    s->wrap = false;
    memset(s->last_rates, 0, sizeof(s->last_rates));
}

static const VMStateField mouse_fields[] = {
    VMSTATE_UINT8(id, PS2Mouse),
    VMSTATE_UINT8(rate, PS2Mouse),
    VMSTATE_UINT8(resolution, PS2Mouse),
    VMSTATE_BOOL(remote, PS2Mouse),
    VMSTATE_BOOL(wrap, PS2Mouse),
    VMSTATE_BOOL(enabled, PS2Mouse),
    VMSTATE_BOOL(scaling_2, PS2Mouse),
    VMSTATE_UINT8_ARRAY(last_rates, PS2Mouse, 2),
    VMSTATE_UINT8(buttons, PS2Mouse),
    VMSTATE_UINT8(sent_buttons, PS2Mouse),
    VMSTATE_INT32(dx, PS2Mouse),
    VMSTATE_INT32(dy, PS2Mouse),
    VMSTATE_INT32(dz, PS2Mouse),
    VMSTATE_END
};
static const VMStateDescription vmstate_mouse = {
    .name = "ps2-mouse",
    .version = 1,
    .fields = mouse_fields,
};

static const PS2DeviceClass mouse_class = { .write = mouse_write, .input = &mouse_handler };

static const TypeInfo ps2_mouse_info = {
    .name = TYPE_PS2_MOUSE,
    .parent = TYPE_PS2_DEVICE,
    .desc = "PS/2 mouse",
    .instance_size = sizeof(PS2Mouse),
    .reset = mouse_reset,
    .vmsd = &vmstate_mouse,
    .category = "input",
    .class_data = &mouse_class,
};
DEFINE_TYPE(ps2_mouse_info)
