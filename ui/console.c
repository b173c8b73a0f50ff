/*
 * Graphic consoles, their surfaces and the listeners that show them. The
 * windows are in their own files; -display chooses among displays[].
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include <linux/input-event-codes.h>
#include "qemu/optlist.h"
#include "qemu/timer.h"
#include "sysemu/sysemu.h"
#include "ui/console.h"
#include "ui/console-int.h"

#define REFRESH_PERIOD_MS 33

struct QemuConsole {
    DeviceState *dev;
    uint32_t head;
    const GraphicHwOps *ops;
    void *opaque;
    DisplaySurface *surface;
    const TextConsoleOps *text_ops;     /* NULL: graphic */
    char *label;
};

static GPtrArray *consoles;         /* of QemuConsole, graphic */
static GPtrArray *text_consoles;    /* of QemuConsole, monitors first */
static GPtrArray *listeners;        /* of DisplayChangeListener */
static QEMUTimer *refresh_timer;

/* --- surfaces ------------------------------------------------------------- */

DisplaySurface *qemu_create_displaysurface(int width, int height)
{
    DisplaySurface *s = g_new0(DisplaySurface, 1);

    s->image = pixman_image_create_bits(PIXMAN_x8r8g8b8, width, height, NULL, width * 4);
    return s;
}

DisplaySurface *qemu_create_displaysurface_from(int width, int height, pixman_format_code_t format,
                                                int stride, uint8_t *data)
{
    DisplaySurface *s = g_new0(DisplaySurface, 1);

    s->image = pixman_image_create_bits(format, width, height, (uint32_t *)data, stride);
    s->borrowed = true;
    return s;
}

static void surface_free(DisplaySurface *s)
{
    if (s) {
        pixman_image_unref(s->image);
        g_free(s);
    }
}

/* --- consoles ------------------------------------------------------------- */

QemuConsole *graphic_console_init(DeviceState *dev, uint32_t head, const GraphicHwOps *ops,
                                  void *opaque)
{
    QemuConsole *con = g_new0(QemuConsole, 1);

    con->dev = dev;
    con->head = head;
    con->ops = ops;
    con->opaque = opaque;
    con->surface = qemu_create_displaysurface(640, 480);
    if (!consoles) {
        consoles = g_ptr_array_new();
    }
    g_ptr_array_add(consoles, con);
    return con;
}

QemuConsole *qemu_console_lookup_by_index(unsigned index)
{
    return consoles && index < consoles->len ? g_ptr_array_index(consoles, index) : NULL;
}

static bool is_monitor_label(const char *label)
{
    return g_str_has_prefix(label, "compat_monitor");
}

QemuConsole *text_console_init(const char *label, const GraphicHwOps *ops, const TextConsoleOps *text_ops,
                               void *opaque, int width, int height)
{
    QemuConsole *con = g_new0(QemuConsole, 1);
    guint place;

    con->ops = ops;
    con->text_ops = text_ops;
    con->opaque = opaque;
    con->label = g_strdup(label);
    con->surface = qemu_create_displaysurface(width, height);
    if (!text_consoles) {
        text_consoles = g_ptr_array_new();
    }
    place = text_consoles->len;
    while (is_monitor_label(label) && place > 0
           && !is_monitor_label(((QemuConsole *)g_ptr_array_index(text_consoles, place - 1))->label)) {
        place--;
    }
    g_ptr_array_insert(text_consoles, place, con);
    return con;
}

bool qemu_console_is_text(const QemuConsole *con)
{
    return con && con->text_ops;
}

const char *qemu_console_label(const QemuConsole *con)
{
    return con->label;
}

void text_console_type(QemuConsole *con, const char *text)
{
    if (qemu_console_is_text(con)) {
        con->text_ops->type(con->opaque, text);
    }
}

void text_console_scroll(QemuConsole *con, int half_pages)
{
    if (qemu_console_is_text(con)) {
        con->text_ops->scroll(con->opaque, half_pages);
    }
}

const char *text_console_key(int linux_code)
{
    static const struct { int code; const char *text; } keys[] = {
        { KEY_ENTER, "\r" }, { KEY_KPENTER, "\r" }, { KEY_BACKSPACE, "\177" }, { KEY_TAB, "\t" }, { KEY_ESC, "\033" },
        { KEY_UP, "\033[A" }, { KEY_DOWN, "\033[B" }, { KEY_RIGHT, "\033[C" }, { KEY_LEFT, "\033[D" },
        { KEY_HOME, "\033[1~" }, { KEY_INSERT, "\033[2~" }, { KEY_DELETE, "\033[3~" }, { KEY_END, "\033[4~" },
        { KEY_PAGEUP, "\033[5~" }, { KEY_PAGEDOWN, "\033[6~" },
    };

    for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
        if (keys[i].code == linux_code) {
            return keys[i].text;
        }
    }
    return NULL;
}

QemuConsole *qemu_console_by_number(unsigned number)
{
    guint graphic = consoles ? consoles->len : 0;

    if (number == 0 || number <= graphic) {
        return number ? g_ptr_array_index(consoles, number - 1) : NULL;
    }
    number -= graphic + 1;
    return text_consoles && number < text_consoles->len ? g_ptr_array_index(text_consoles, number) : NULL;
}

DisplaySurface *qemu_console_surface(QemuConsole *con)
{
    return con ? con->surface : NULL;
}

void graphic_hw_update(QemuConsole *con)
{
    if (con && con->ops->gfx_update) {
        con->ops->gfx_update(con->opaque);
    }
}

void graphic_hw_invalidate(QemuConsole *con)
{
    if (con && con->ops->invalidate) {
        con->ops->invalidate(con->opaque);
    }
}

bool graphic_hw_text(QemuConsole *con, ConsoleText *text)
{
    return con && con->ops->text_get && con->ops->text_get(con->opaque, text);
}

void dpy_gfx_replace_surface(QemuConsole *con, DisplaySurface *surface)
{
    DisplaySurface *old = con->surface;

    con->surface = surface;
    for (guint i = 0; listeners && i < listeners->len; i++) {
        DisplayChangeListener *dcl = g_ptr_array_index(listeners, i);

        if (dcl->con == con && dcl->ops->gfx_switch) {
            dcl->ops->gfx_switch(dcl, surface);
        }
    }
    if (old != surface) {
        surface_free(old);
    }
}

void dpy_gfx_update(QemuConsole *con, int x, int y, int w, int h)
{
    int width = surface_width(con->surface), height = surface_height(con->surface);

    x = CLAMP(x, 0, width);
    y = CLAMP(y, 0, height);
    w = MIN(w, width - x);
    h = MIN(h, height - y);
    if (w <= 0 || h <= 0) {
        return;
    }
    for (guint i = 0; listeners && i < listeners->len; i++) {
        DisplayChangeListener *dcl = g_ptr_array_index(listeners, i);

        if (dcl->con == con && dcl->ops->gfx_update) {
            dcl->ops->gfx_update(dcl, x, y, w, h);
        }
    }
}

/* --- listeners ------------------------------------------------------------ */

static void refresh(void *opaque)
{
    timer_mod(refresh_timer, qemu_clock_get_ms(QEMU_CLOCK_REALTIME) + REFRESH_PERIOD_MS);
    for (guint i = 0; i < listeners->len; i++) {
        DisplayChangeListener *dcl = g_ptr_array_index(listeners, i);

        if (dcl->ops->refresh) {
            dcl->ops->refresh(dcl);
        }
    }
}

void register_displaychangelistener(DisplayChangeListener *dcl)
{
    if (!listeners) {
        listeners = g_ptr_array_new();
    }
    if (!dcl->con) {
        dcl->con = qemu_console_by_number(1);
    }
    g_ptr_array_add(listeners, dcl);
    if (dcl->ops->gfx_switch) {
        dcl->ops->gfx_switch(dcl, qemu_console_surface(dcl->con));
    }
    graphic_hw_invalidate(dcl->con);
    if (!refresh_timer) {
        refresh_timer = timer_new_ms(QEMU_CLOCK_REALTIME, refresh, NULL);
        timer_mod(refresh_timer, qemu_clock_get_ms(QEMU_CLOCK_REALTIME));
    }
}

void displaychangelistener_switch(DisplayChangeListener *dcl, QemuConsole *con)
{
    dcl->con = con;
    if (dcl->ops->gfx_switch) {
        dcl->ops->gfx_switch(dcl, qemu_console_surface(con));
    }
    graphic_hw_invalidate(con);
}

/* --- -display ------------------------------------------------------------- */

static GPtrArray *displays;         /* of const QemuDisplay *, from constructors */
static const QemuDisplay *active_display;

void qemu_display_register(const QemuDisplay *display)
{
    if (!displays) {
        displays = g_ptr_array_new();
    }
    g_ptr_array_add(displays, (gpointer)display);
}

static const QemuDisplay *find_display(const char *name)
{
    for (guint i = 0; displays && i < displays->len; i++) {
        const QemuDisplay *display = g_ptr_array_index(displays, i);

        if (strcmp(display->name, name) == 0) {
            return display;
        }
    }
    return NULL;
}

static void report_unknown(const char *name, Error **errp)
{
    GString *known = g_string_new("none");

    for (guint i = 0; displays && i < displays->len; i++) {
        g_string_append_printf(known, ", %s",
                               ((const QemuDisplay *)g_ptr_array_index(displays, i))->name);
    }
    error_setg(errp, "-display %s: unknown or not built in (available: %s)", name, known->str);
    g_string_free(known, TRUE);
}

bool qemu_display_init(const char *spec, Error **errp)
{
    OptList *opts;
    const char *name;
    const QemuDisplay *display;
    bool ok = true;

    if (!spec || !*spec) {
        if (displays == NULL || displays->len == 0) {
            return true;
        }
        spec = ((const QemuDisplay *)g_ptr_array_index(displays, 0))->name;
    }
    opts = optlist_new(spec, "type");
    name = optlist_get(opts, "type");
    display = name ? find_display(name) : NULL;
    if (name && strcmp(name, "none") == 0) {
        ok = optlist_check_unknown(opts, "-display none", errp);
    } else if (!display) {
        report_unknown(name ? name : spec, errp);
        ok = false;
    } else {
        ok = display->init(opts, errp);
        active_display = ok ? display : NULL;
    }
    optlist_free(opts);
    return ok;
}

void qemu_display_cleanup(void)
{
    timer_free(refresh_timer);
    refresh_timer = NULL;
    if (active_display && active_display->cleanup) {
        active_display->cleanup();
    }
    active_display = NULL;
}
