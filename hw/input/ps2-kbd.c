/*
 * PS/2 keyboard (IBM PS/2 Hardware Interface Technical Reference, "Keyboards
 * (101- and 102-Key)").
 *
 * Sends set 2 codes by default; the 8042 may translate them. Sets 1 and 3 are
 * the keyboard's own.
 *
 * Left out: typematic repeat (the host's keyboard repeats).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/input/ps2.h"
#include "ps2-keys.h"
#include "qemu/log.h"
#include "sysemu/sysemu.h"
#include <linux/input-event-codes.h>

enum { CMD_SET_LEDS = 0xed, CMD_ECHO = 0xee, CMD_CODE_SET = 0xf0, CMD_ID = 0xf2, CMD_RATE = 0xf3,
       CMD_ENABLE = 0xf4, CMD_DISABLE = 0xf5, CMD_DEFAULTS = 0xf6, CMD_ALL_TYPEMATIC = 0xf7,
       CMD_ALL_MAKE_BREAK = 0xf8, CMD_ALL_MAKE = 0xf9, CMD_ALL_BOTH = 0xfa, CMD_KEY_TYPEMATIC = 0xfb,
       CMD_KEY_MAKE_BREAK = 0xfc, CMD_KEY_MAKE = 0xfd, CMD_RESEND = 0xfe, CMD_RESET = 0xff };
enum { REPLY_BAT_OK = 0xaa, REPLY_ACK = 0xfa, REPLY_RESEND = 0xfe, REPLY_ID_0 = 0xab, REPLY_ID_1 = 0x83 };
enum { SET1_RELEASE = 0x80 };
/* Key events stop before the queue is so full that a reply finds no room. */
enum { ROOM_FOR_KEY = 240, DEFAULT_RATE = 0x2b, LONGEST_CODE = 8 };

typedef struct PS2Keyboard {
    PS2Device parent_obj;

    bool scanning;
    uint8_t code_set;           /* 1 to 3 */
    uint8_t leds, rate;
    bool make_only;             /* set 3: keys send no release code */
} PS2Keyboard;
#define PS2_KEYBOARD(o) OBJECT_CHECK(PS2Keyboard, (o), TYPE_PS2_KEYBOARD)

/* --- key codes -------------------------------------------------------------------- */

static void send_set1(PS2Device *s, uint16_t set2, bool down)
{
    if (set2 & PS2_EXTENDED) {
        ps2_queue(s, PS2_PREFIX_EXTENDED);
    }
    ps2_queue(s, ps2_set2_to_set1[set2 & 0xff] | (down ? 0 : SET1_RELEASE));
}

static void send_set2(PS2Device *s, uint16_t set2, bool down)
{
    if (set2 & PS2_EXTENDED) {
        ps2_queue(s, PS2_PREFIX_EXTENDED);
    }
    if (!down) {
        ps2_queue(s, PS2_PREFIX_RELEASE);
    }
    ps2_queue(s, set2);
}

/* Pause has no release code in sets 1 and 2: both halves come when it goes down. */
static void send_pause(PS2Keyboard *s)
{
    static const uint8_t set1[] = { 0xe1, 0x1d, 0x45, 0xe1, 0x9d, 0xc5 };
    static const uint8_t set2[] = { 0xe1, 0x14, 0x77, 0xe1, 0xf0, 0x14, 0xf0, 0x77 };
    const uint8_t *bytes = s->code_set == 1 ? set1 : set2;
    size_t count = s->code_set == 1 ? sizeof(set1) : sizeof(set2);

    for (size_t i = 0; i < count; i++) {
        ps2_queue(&s->parent_obj, bytes[i]);
    }
}

static void keyboard_key(void *opaque, int linux_code, bool down)
{
    PS2Keyboard *s = opaque;
    PS2Device *dev = &s->parent_obj;
    uint16_t set2 = ps2_set2_code(linux_code);
    uint8_t set3 = ps2_set3_code(linux_code);

    if (down) {
        qemu_system_wakeup_request();
    }
    if (!s->scanning || !set2 || dev->count + LONGEST_CODE > ROOM_FOR_KEY) {
        return;
    }
    if (s->code_set == 3) {
        if (set3 && (down || !s->make_only)) {
            send_set2(dev, set3, down);
        }
    } else if (linux_code == KEY_PAUSE) {
        if (down) {
            send_pause(s);
        }
    } else if (s->code_set == 1) {
        send_set1(dev, set2, down);
    } else {
        send_set2(dev, set2, down);
    }
}

static const QemuInputHandler keyboard_handler = {
    .name = "QEMU PS/2 Keyboard",
    .is_keyboard = true,
    .key = keyboard_key,
};

/* --- commands ------------------------------------------------------------------------ */

static void set_defaults(PS2Keyboard *s)
{
    s->rate = DEFAULT_RATE;
    s->make_only = false;
    s->code_set = 2;
}

static void write_argument(PS2Keyboard *s, uint8_t command, uint8_t value)
{
    PS2Device *dev = &s->parent_obj;

    dev->pending_command = -1;
    switch (command) {
    case CMD_SET_LEDS:
        s->leds = value & 7;
        break;
    case CMD_RATE:
        s->rate = value & 0x7f;
        break;
    case CMD_CODE_SET:
        if (value > 3) {
            ps2_queue(dev, REPLY_RESEND);
            return;
        }
        ps2_queue(dev, REPLY_ACK);
        if (value) {
            s->code_set = value;
        } else {
            ps2_queue(dev, s->code_set);
        }
        return;
    }
    ps2_queue(dev, REPLY_ACK);
}

static void keyboard_command(PS2Keyboard *s, uint8_t command)
{
    PS2Device *dev = &s->parent_obj;

    switch (command) {
    case CMD_SET_LEDS:
    case CMD_CODE_SET:
    case CMD_RATE:
    case CMD_KEY_TYPEMATIC:
    case CMD_KEY_MAKE_BREAK:
    case CMD_KEY_MAKE:
        dev->pending_command = command;
        break;
    case CMD_ECHO:
        ps2_queue(dev, CMD_ECHO);
        return;
    case CMD_ID:
        ps2_queue(dev, REPLY_ACK);
        ps2_queue(dev, REPLY_ID_0);
        ps2_queue(dev, REPLY_ID_1);
        return;
    case CMD_ENABLE:
        s->scanning = true;
        break;
    case CMD_DISABLE:
        set_defaults(s);
        s->scanning = false;
        break;
    case CMD_DEFAULTS:
        set_defaults(s);
        s->scanning = true;
        break;
    case CMD_ALL_TYPEMATIC:
    case CMD_ALL_MAKE:
        s->make_only = true;
        break;
    case CMD_ALL_MAKE_BREAK:
    case CMD_ALL_BOTH:
        s->make_only = false;
        break;
    case CMD_RESEND:
        ps2_queue(dev, dev->last);
        return;
    case CMD_RESET:
        ps2_flush(dev);
        set_defaults(s);
        s->scanning = true;
        s->leds = 0;
        ps2_queue(dev, REPLY_ACK);
        ps2_queue(dev, REPLY_BAT_OK);
        return;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "ps2-kbd: unknown command 0x%02x\n", command);
        ps2_queue(dev, REPLY_RESEND);
        return;
    }
    ps2_queue(dev, REPLY_ACK);
}

/* A command byte is taken even where an argument is due. */
static void keyboard_write(PS2Device *dev, uint8_t value)
{
    PS2Keyboard *s = PS2_KEYBOARD(dev);

    if (dev->pending_command >= 0 && value < CMD_SET_LEDS) {
        write_argument(s, dev->pending_command, value);
        return;
    }
    dev->pending_command = -1;
    keyboard_command(s, value);
}

/* --- life ------------------------------------------------------------------------------- */

static void keyboard_reset(DeviceState *dev)
{
    PS2Keyboard *s = PS2_KEYBOARD(dev);

    set_defaults(s);
    s->scanning = true;
    s->leds = 0;
}

static int keyboard_post_load(void *opaque, int version)
{
    PS2Keyboard *s = opaque;

    return s->code_set < 1 || s->code_set > 3 ? -EINVAL : 0;
}

static const VMStateField keyboard_fields[] = {
    VMSTATE_BOOL(scanning, PS2Keyboard),
    VMSTATE_UINT8(code_set, PS2Keyboard),
    VMSTATE_UINT8(leds, PS2Keyboard),
    VMSTATE_UINT8(rate, PS2Keyboard),
    VMSTATE_BOOL(make_only, PS2Keyboard),
    VMSTATE_END
};
static const VMStateDescription vmstate_keyboard = {
    .name = "ps2-kbd",
    .version = 1,
    .fields = keyboard_fields,
    .post_load = keyboard_post_load,
};

static const PS2DeviceClass keyboard_class = { .write = keyboard_write, .input = &keyboard_handler };

static const TypeInfo ps2_keyboard_info = {
    .name = TYPE_PS2_KEYBOARD,
    .parent = TYPE_PS2_DEVICE,
    .desc = "PS/2 keyboard",
    .instance_size = sizeof(PS2Keyboard),
    .reset = keyboard_reset,
    .vmsd = &vmstate_keyboard,
    .category = "input",
    .class_data = &keyboard_class,
};
DEFINE_TYPE(ps2_keyboard_info)
