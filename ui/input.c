/*
 * Input core: routes keys and pointer events of windows and the monitor to
 * the newest active handler of each kind. Codes are Linux input event codes.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include <linux/input-event-codes.h>
#include "ui/console.h"

typedef struct InputEntry {
    const QemuInputHandler *handler;
    void *opaque;
} InputEntry;

static GArray *handlers;            /* of InputEntry, the newest last */
static unsigned button_state;

void qemu_input_handler_register(const QemuInputHandler *handler, void *opaque)
{
    InputEntry entry = { handler, opaque };

    if (!handlers) {
        handlers = g_array_new(FALSE, FALSE, sizeof(InputEntry));
    }
    g_array_append_val(handlers, entry);
}

void qemu_input_handler_unregister(const QemuInputHandler *handler, void *opaque)
{
    for (guint i = 0; handlers && i < handlers->len; i++) {
        InputEntry *entry = &g_array_index(handlers, InputEntry, i);

        if (entry->handler == handler && entry->opaque == opaque) {
            g_array_remove_index(handlers, i);
            return;
        }
    }
}

void qemu_input_handler_activate(const QemuInputHandler *handler, void *opaque)
{
    guint last = handlers ? handlers->len : 0;

    if (last) {
        InputEntry *newest = &g_array_index(handlers, InputEntry, last - 1);

        if (newest->handler == handler && newest->opaque == opaque) {
            return;
        }
    }
    qemu_input_handler_unregister(handler, opaque);
    qemu_input_handler_register(handler, opaque);
}

typedef enum { WANT_KEYBOARD, WANT_POINTER } InputKind;

static InputEntry *find_handler(InputKind kind)
{
    for (guint i = handlers ? handlers->len : 0; i > 0; i--) {
        InputEntry *entry = &g_array_index(handlers, InputEntry, i - 1);

        if (kind == WANT_KEYBOARD ? entry->handler->is_keyboard : entry->handler->is_pointer) {
            return entry;
        }
    }
    return NULL;
}

void qemu_input_send_key(int linux_code, bool down)
{
    InputEntry *entry = find_handler(WANT_KEYBOARD);

    if (entry && entry->handler->key) {
        entry->handler->key(entry->opaque, linux_code, down);
    }
}

void qemu_input_send_motion(int dx, int dy, int dz)
{
    InputEntry *entry = find_handler(WANT_POINTER);

    if (entry && entry->handler->motion) {
        entry->handler->motion(entry->opaque, dx, dy, dz);
    }
}

void qemu_input_send_position(int x, int y, int dz)
{
    InputEntry *entry = find_handler(WANT_POINTER);

    if (entry && entry->handler->position) {
        entry->handler->position(entry->opaque, x, y, dz);
    }
}

void qemu_input_send_buttons(unsigned mask)
{
    InputEntry *entry = find_handler(WANT_POINTER);

    if (mask == button_state) {
        return;
    }
    button_state = mask;
    if (entry && entry->handler->buttons) {
        entry->handler->buttons(entry->opaque, mask);
    }
}

bool qemu_input_is_absolute(void)
{
    InputEntry *entry = find_handler(WANT_POINTER);

    return entry && entry->handler->is_absolute;
}

void qemu_input_foreach_pointer(void (*fn)(void *opaque, const char *name, int index, bool current, bool absolute),
                                void *opaque)
{
    InputEntry *current = find_handler(WANT_POINTER);

    for (guint i = 0; handlers && i < handlers->len; i++) {
        InputEntry *entry = &g_array_index(handlers, InputEntry, i);

        if (entry->handler->is_pointer) {
            fn(opaque, entry->handler->name, i, entry == current, entry->handler->is_absolute);
        }
    }
}

void qemu_input_info(void (*print)(void *opaque, const char *fmt, ...), void *opaque)
{
    InputEntry *current = find_handler(WANT_POINTER);

    if (!current) {
        print(opaque, "No mouse devices connected\n");
    }
    for (guint i = 0; handlers && i < handlers->len; i++) {
        InputEntry *entry = &g_array_index(handlers, InputEntry, i);

        if (entry->handler->is_pointer) {
            print(opaque, "%c Mouse #%u: %s%s\n", entry == current ? '*' : ' ', i,
                  entry->handler->name, entry->handler->is_absolute ? " (absolute)" : "");
        }
    }
}

/* --- names of keys -------------------------------------------------------- */

static const struct { const char *name; int code; } key_names[] = {
    { "shift", KEY_LEFTSHIFT }, { "shift_r", KEY_RIGHTSHIFT },
    { "alt", KEY_LEFTALT }, { "alt_r", KEY_RIGHTALT },
    { "ctrl", KEY_LEFTCTRL }, { "ctrl_r", KEY_RIGHTCTRL },
    { "meta_l", KEY_LEFTMETA }, { "meta_r", KEY_RIGHTMETA }, { "menu", KEY_MENU },
    { "compose", KEY_COMPOSE }, { "esc", KEY_ESC },
    { "1", KEY_1 }, { "2", KEY_2 }, { "3", KEY_3 }, { "4", KEY_4 }, { "5", KEY_5 },
    { "6", KEY_6 }, { "7", KEY_7 }, { "8", KEY_8 }, { "9", KEY_9 }, { "0", KEY_0 },
    { "minus", KEY_MINUS }, { "equal", KEY_EQUAL }, { "backspace", KEY_BACKSPACE },
    { "tab", KEY_TAB }, { "q", KEY_Q }, { "w", KEY_W }, { "e", KEY_E }, { "r", KEY_R },
    { "t", KEY_T }, { "y", KEY_Y }, { "u", KEY_U }, { "i", KEY_I }, { "o", KEY_O }, { "p", KEY_P },
    { "bracket_left", KEY_LEFTBRACE }, { "bracket_right", KEY_RIGHTBRACE }, { "ret", KEY_ENTER },
    { "a", KEY_A }, { "s", KEY_S }, { "d", KEY_D }, { "f", KEY_F }, { "g", KEY_G }, { "h", KEY_H },
    { "j", KEY_J }, { "k", KEY_K }, { "l", KEY_L }, { "semicolon", KEY_SEMICOLON },
    { "apostrophe", KEY_APOSTROPHE }, { "grave_accent", KEY_GRAVE },
    { "backslash", KEY_BACKSLASH }, { "z", KEY_Z }, { "x", KEY_X }, { "c", KEY_C }, { "v", KEY_V },
    { "b", KEY_B }, { "n", KEY_N }, { "m", KEY_M }, { "comma", KEY_COMMA }, { "dot", KEY_DOT },
    { "slash", KEY_SLASH }, { "less", KEY_102ND }, { "asterisk", KEY_KPASTERISK },
    { "spc", KEY_SPACE }, { "caps_lock", KEY_CAPSLOCK }, { "f1", KEY_F1 }, { "f2", KEY_F2 },
    { "f3", KEY_F3 }, { "f4", KEY_F4 }, { "f5", KEY_F5 }, { "f6", KEY_F6 }, { "f7", KEY_F7 },
    { "f8", KEY_F8 }, { "f9", KEY_F9 }, { "f10", KEY_F10 }, { "f11", KEY_F11 }, { "f12", KEY_F12 },
    { "num_lock", KEY_NUMLOCK }, { "scroll_lock", KEY_SCROLLLOCK }, { "print", KEY_SYSRQ },
    { "sysrq", KEY_SYSRQ }, { "pause", KEY_PAUSE },
    { "kp_divide", KEY_KPSLASH }, { "kp_multiply", KEY_KPASTERISK },
    { "kp_subtract", KEY_KPMINUS }, { "kp_add", KEY_KPPLUS }, { "kp_enter", KEY_KPENTER },
    { "kp_decimal", KEY_KPDOT }, { "kp_comma", KEY_KPCOMMA }, { "kp_equals", KEY_KPEQUAL },
    { "kp_0", KEY_KP0 }, { "kp_1", KEY_KP1 }, { "kp_2", KEY_KP2 }, { "kp_3", KEY_KP3 },
    { "kp_4", KEY_KP4 }, { "kp_5", KEY_KP5 }, { "kp_6", KEY_KP6 }, { "kp_7", KEY_KP7 },
    { "kp_8", KEY_KP8 }, { "kp_9", KEY_KP9 },
    { "home", KEY_HOME }, { "pgup", KEY_PAGEUP }, { "pgdn", KEY_PAGEDOWN }, { "end", KEY_END },
    { "left", KEY_LEFT }, { "up", KEY_UP }, { "down", KEY_DOWN }, { "right", KEY_RIGHT },
    { "insert", KEY_INSERT }, { "delete", KEY_DELETE }, { "help", KEY_HELP },
    { "power", KEY_POWER }, { "sleep", KEY_SLEEP }, { "wake", KEY_WAKEUP },
    { "audiomute", KEY_MUTE }, { "volumedown", KEY_VOLUMEDOWN }, { "volumeup", KEY_VOLUMEUP },
    { "ro", KEY_RO }, { "yen", KEY_YEN }, { "henkan", KEY_HENKAN }, { "muhenkan", KEY_MUHENKAN },
    { "hiragana", KEY_HIRAGANA }, { "stop", KEY_STOP }, { "again", KEY_AGAIN },
    { "props", KEY_PROPS }, { "undo", KEY_UNDO }, { "front", KEY_FRONT }, { "copy", KEY_COPY },
    { "open", KEY_OPEN }, { "paste", KEY_PASTE }, { "find", KEY_FIND }, { "cut", KEY_CUT },
};

int qemu_input_key_by_name(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(key_names); i++) {
        if (strcmp(key_names[i].name, name) == 0) {
            return key_names[i].code;
        }
    }
    return 0;
}

/* Linux numbers the first 0x58 keys after the same scan code set. */
int qemu_input_key_by_number(int number)
{
    static const struct { uint8_t number, code; } extended[] = {
        { 0x9c, KEY_KPENTER }, { 0x9d, KEY_RIGHTCTRL }, { 0xb5, KEY_KPSLASH }, { 0xb7, KEY_SYSRQ },
        { 0xb8, KEY_RIGHTALT }, { 0xc7, KEY_HOME }, { 0xc8, KEY_UP }, { 0xc9, KEY_PAGEUP },
        { 0xcb, KEY_LEFT }, { 0xcd, KEY_RIGHT }, { 0xcf, KEY_END }, { 0xd0, KEY_DOWN },
        { 0xd1, KEY_PAGEDOWN }, { 0xd2, KEY_INSERT }, { 0xd3, KEY_DELETE }, { 0xdb, KEY_LEFTMETA },
        { 0xdc, KEY_RIGHTMETA }, { 0xdd, KEY_COMPOSE },
    };

    for (size_t i = 0; i < ARRAY_SIZE(extended); i++) {
        if (extended[i].number == number) {
            return extended[i].code;
        }
    }
    return number > 0 && number <= KEY_F12 ? number : 0;
}

void qemu_input_complete_key(const char *prefix, void (*offer)(void *opaque, const char *word),
                             void *opaque)
{
    const char *dash = strrchr(prefix, '-'), *last = dash ? dash + 1 : prefix;

    for (size_t i = 0; i < ARRAY_SIZE(key_names); i++) {
        if (g_str_has_prefix(key_names[i].name, last)) {
            char *word = g_strdup_printf("%.*s%s", (int)(last - prefix), prefix,
                                         key_names[i].name);

            offer(opaque, word);
            g_free(word);
        }
    }
}
