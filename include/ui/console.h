/*
 * Displays: graphic consoles (made by cards), surfaces, listeners (windows).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef UI_CONSOLE_H
#define UI_CONSOLE_H

#include "qemu/error.h"
#include "hw/qdev.h"
#include <pixman.h>

typedef struct QemuConsole QemuConsole;

/* What a listener shows: a pixman image, x8r8g8b8 unless said otherwise. */
typedef struct DisplaySurface {
    pixman_image_t *image;
    bool borrowed;          /* pixels are the card's video memory */
} DisplaySurface;
static inline int surface_width(DisplaySurface *s) { return pixman_image_get_width(s->image); }
static inline int surface_height(DisplaySurface *s) { return pixman_image_get_height(s->image); }
static inline int surface_stride(DisplaySurface *s) { return pixman_image_get_stride(s->image); }
static inline uint8_t *surface_data(DisplaySurface *s) { return (uint8_t *)pixman_image_get_data(s->image); }
DisplaySurface *qemu_create_displaysurface(int width, int height);
DisplaySurface *qemu_create_displaysurface_from(int width, int height, pixman_format_code_t format, int stride, uint8_t *data);

/* What a text mode shows; for displays that are text themselves. */
enum { CONSOLE_TEXT_COLUMNS = 256, CONSOLE_TEXT_ROWS = 128 };
typedef struct ConsoleText {
    int columns, rows;
    int cursor_x, cursor_y;             /* -1: no cursor */
    bool blink;                         /* bit 15 of a cell blinks, rather than being a bright background */
    uint16_t cells[CONSOLE_TEXT_ROWS][CONSOLE_TEXT_COLUMNS];    /* code page 437, attribute << 8 */
} ConsoleText;

typedef struct GraphicHwOps {
    void (*invalidate)(void *opaque);           /* redraw everything next time */
    void (*gfx_update)(void *opaque);           /* bring the surface up to date, report rectangles */
    bool (*text_get)(void *opaque, ConsoleText *text);  /* false: a graphics mode; may be NULL */
} GraphicHwOps;

QemuConsole *graphic_console_init(DeviceState *dev, uint32_t head, const GraphicHwOps *ops, void *opaque);
void graphic_hw_update(QemuConsole *con);
void graphic_hw_invalidate(QemuConsole *con);
/* False: the console shows graphics. */
bool graphic_hw_text(QemuConsole *con, ConsoleText *text);
/* The console takes the surface and frees the old one. */
void dpy_gfx_replace_surface(QemuConsole *con, DisplaySurface *surface);
void dpy_gfx_update(QemuConsole *con, int x, int y, int w, int h);
DisplaySurface *qemu_console_surface(QemuConsole *con);
QemuConsole *qemu_console_lookup_by_index(unsigned index);      /* graphic ones; NULL: none */

/* A console that is a terminal ("vc"). */
typedef struct TextConsoleOps {
    void (*type)(void *opaque, const char *text);       /* UTF-8 and control characters */
    void (*scroll)(void *opaque, int half_pages);       /* positive: back */
} TextConsoleOps;
QemuConsole *text_console_init(const char *label, const GraphicHwOps *ops, const TextConsoleOps *text_ops,
                               void *opaque, int width, int height);
bool qemu_console_is_text(const QemuConsole *con);
/* con may be a graphic one: nothing happens. */
void text_console_type(QemuConsole *con, const char *text);
void text_console_scroll(QemuConsole *con, int half_pages);
/* What a special key sends to a terminal; NULL: it is none. */
const char *text_console_key(int linux_code);
/* Number in the order of the switching keys, from 1: graphic ones, monitors, serial lines. NULL: none. */
QemuConsole *qemu_console_by_number(unsigned number);
const char *qemu_console_label(const QemuConsole *con);         /* NULL: graphic */

typedef struct DisplayChangeListener DisplayChangeListener;
typedef struct DisplayChangeListenerOps {
    const char *name;
    void (*refresh)(DisplayChangeListener *dcl);        /* 30 times a second */
    void (*gfx_update)(DisplayChangeListener *dcl, int x, int y, int w, int h);
    void (*gfx_switch)(DisplayChangeListener *dcl, DisplaySurface *surface);
} DisplayChangeListenerOps;
struct DisplayChangeListener {
    const DisplayChangeListenerOps *ops;
    QemuConsole *con;
    void *opaque;
};
void register_displaychangelistener(DisplayChangeListener *dcl);
/* Show another console. */
void displaychangelistener_switch(DisplayChangeListener *dcl, QemuConsole *con);

/* -display / -nographic; "sdl", "none", ... */
bool qemu_display_init(const char *spec, Error **errp);
void qemu_display_cleanup(void);
/* PNG when the name ends in .png or format says so, else PPM. */
bool qemu_screendump(const char *filename, const char *format, Error **errp);

/* --- input ---------------------------------------------------------------- */

/*
 * Keys are Linux input event codes (linux/input-event-codes.h: KEY_A ...).
 * dz: notches of the wheel, positive towards the user (down).
 */
typedef struct QemuInputHandler {
    const char *name;
    bool is_keyboard, is_pointer, is_absolute;
    void (*key)(void *opaque, int linux_code, bool down);
    void (*motion)(void *opaque, int dx, int dy, int dz);           /* relative */
    void (*position)(void *opaque, int x, int y, int dz);           /* 0..0x7fff */
    void (*buttons)(void *opaque, unsigned mask);                   /* 1 left, 2 right, 4 middle */
} QemuInputHandler;
/* The newest active handler of a kind gets the events. */
void qemu_input_handler_register(const QemuInputHandler *handler, void *opaque);
void qemu_input_handler_unregister(const QemuInputHandler *handler, void *opaque);
void qemu_input_handler_activate(const QemuInputHandler *handler, void *opaque);

void qemu_input_send_key(int linux_code, bool down);
void qemu_input_send_motion(int dx, int dy, int dz);
void qemu_input_send_position(int x, int y, int dz);
void qemu_input_send_buttons(unsigned mask);
bool qemu_input_is_absolute(void);
/* "ret", "a", "ctrl", ...: a Linux code, 0 when unknown. */
int qemu_input_key_by_name(const char *name);
/* By the number of the PC's first scan code set, with 0x80 for the e0 prefix; 0: no such key. */
int qemu_input_key_by_number(int number);
void qemu_input_foreach_pointer(void (*fn)(void *opaque, const char *name, int index, bool current, bool absolute),
                                void *opaque);
/* Names that complete the last key of "ctrl-al..."; for the monitor. */
void qemu_input_complete_key(const char *prefix, void (*offer)(void *opaque, const char *word), void *opaque);
/* `info mice`. */
void qemu_input_info(void (*print)(void *opaque, const char *fmt, ...), void *opaque);

#endif
