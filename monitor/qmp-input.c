/*
 * QMP: screenshots, keys and pointers.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include <linux/input-event-codes.h>
#include "hw/core/qdev-internal.h"
#include "monitor/qmp-int.h"
#include "qemu/timer.h"
#include "ui/console.h"

enum { SENDKEY_MAX_KEYS = 16, SENDKEY_HOLD_MS = 100 };

/* There is one screen: "device" may name any device, "head" is 0. */
static bool check_screen(json_t *args, Error **errp)
{
    const char *device = qmp_str(args, "device");

    if (device && !object_resolve_path(object_root(), device)) {
        error_setg(errp, "Device '%s' not found", device);
        error_set_class(errp, ERROR_DEVICE_NOT_FOUND);
        return false;
    }
    if (qmp_int(args, "head", 0) != 0) {
        error_setg(errp, "Parameter 'head' expects 0");
        return false;
    }
    return true;
}

json_t *qmp_screendump(json_t *args, Error **errp)
{
    return qmp_done_if(check_screen(args, errp) && qemu_screendump(qmp_str(args, "filename"), qmp_str(args, "format"), errp));
}

/* --- keys --------------------------------------------------------------------------------- */

static int held_keys[SENDKEY_MAX_KEYS], held_count;
static QEMUTimer *release_timer;

static void release_keys(void *opaque)
{
    while (held_count) {
        qemu_input_send_key(held_keys[--held_count], false);
    }
}

/* The Linux code of a KeyValue; 0: error set. Numbers are codes of the PC's first scan code set. */
static int key_code(json_t *key, Error **errp)
{
    json_t *data = json_object_get(key, "data");
    const char *name = json_string_value(data);
    int code = name ? qemu_input_key_by_name(name) : qemu_input_key_by_number(json_integer_value(data));

    if (!code && name) {
        error_setg(errp, "Parameter 'data' does not accept value '%s'", name);
    } else if (!code) {
        error_setg(errp, "%" JSON_INTEGER_FORMAT " is no key number", json_integer_value(data));
    }
    return code;
}

json_t *qmp_send_key(json_t *args, Error **errp)
{
    json_t *keys = json_object_get(args, "keys"), *key;
    int64_t hold_ms = qmp_int(args, "hold-time", SENDKEY_HOLD_MS);
    int codes[SENDKEY_MAX_KEYS], count = 0;
    size_t i;

    if (json_array_size(keys) > SENDKEY_MAX_KEYS) {
        error_setg(errp, "too many keys");
        return NULL;
    }
    json_array_foreach(keys, i, key) {
        int code = key_code(key, errp);

        if (!code) {
            return NULL;
        }
        codes[count++] = code;
    }
    release_keys(NULL);
    while (held_count < count) {
        qemu_input_send_key(codes[held_count], true);
        held_keys[held_count] = codes[held_count];
        held_count++;
    }
    if (!release_timer) {
        release_timer = timer_new_ms(QEMU_CLOCK_VIRTUAL, release_keys, NULL);
    }
    timer_mod(release_timer, qemu_clock_get_ms(QEMU_CLOCK_VIRTUAL) + CLAMP(hold_ms, 1, 3600000));
    return qmp_done();
}

/* --- events --------------------------------------------------------------------------------- */

/* What the events of one command add up to. */
typedef struct PointerMove {
    bool relative, absolute;
    int dx, dy, dz;
} PointerMove;

static int absolute_position[2];        /* what the last events said: axes come one by one */
static unsigned buttons;

/* 1 left, 2 right, 4 middle; 0: the wheel, which moves by dz. */
static unsigned button_bit(const char *name)
{
    return !strcmp(name, "left") ? 1 : !strcmp(name, "right") ? 2 : !strcmp(name, "middle") ? 4 : 0;
}

static bool collect_event(json_t *event, PointerMove *move, Error **errp)
{
    json_t *data = json_object_get(event, "data");
    const char *type = qmp_str(event, "type"), *axis = qmp_str(data, "axis"), *button = qmp_str(data, "button");
    int value = CLAMP(qmp_int(data, "value", 0), -0x8000, 0x7fff);
    bool down = qmp_bool(data, "down");

    if (*type == 'k') {
        int code = key_code(json_object_get(data, "key"), errp);

        if (code) {
            qemu_input_send_key(code, down);
        }
        return code != 0;
    }
    if (*type == 'b') {
        unsigned bit = button_bit(button);

        buttons = down ? buttons | bit : buttons & ~bit;
        if (!bit && down) {
            move->relative |= !qemu_input_is_absolute();
            move->absolute |= qemu_input_is_absolute();
            move->dz += !strcmp(button, "wheel-up") ? -1 : !strcmp(button, "wheel-down") ? 1 : 0;
        }
    } else if (*type == 'r') {
        move->relative = true;
        *(*axis == 'x' ? &move->dx : &move->dy) += value;
    } else {
        move->absolute = true;
        absolute_position[*axis == 'y'] = MAX(value, 0);
    }
    return true;
}

json_t *qmp_input_send_event(json_t *args, Error **errp)
{
    PointerMove move = { 0 };
    json_t *event;
    size_t i;

    if (!check_screen(args, errp)) {
        return NULL;
    }
    json_array_foreach(json_object_get(args, "events"), i, event) {
        if (!collect_event(event, &move, errp)) {
            return NULL;
        }
    }
    if (move.relative) {
        qemu_input_send_motion(move.dx, move.dy, move.absolute ? 0 : move.dz);
    }
    if (move.absolute) {
        qemu_input_send_position(absolute_position[0], absolute_position[1], move.dz);
    }
    qemu_input_send_buttons(buttons);
    return qmp_done();
}

static void list_mouse(void *opaque, const char *name, int index, bool current, bool absolute)
{
    json_array_append_new(opaque, json_pack("{s:s,s:i,s:b,s:b}", "name", name, "index", index, "current",
                                            current, "absolute", absolute));
}

json_t *qmp_query_mice(json_t *args, Error **errp)
{
    json_t *list = json_array();

    qemu_input_foreach_pointer(list_mouse, list);
    return list;
}
