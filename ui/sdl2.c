/*
 * -display sdl: the consoles in a window, one at a time (Ctrl-Alt-1 to 9).
 * Ctrl-Alt-G releases or takes mouse and keyboard, Ctrl-Alt-F switches to the
 * full screen, Ctrl-Alt-plus and -minus change the size, Ctrl-Alt-U goes back
 * to the guest's own. Closing the window ends the emulator.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include <SDL.h>
#include "hw/boards.h"
#include "sysemu/sysemu.h"
#include "ui/console-int.h"
#include "ui/sdl2.h"

typedef struct SDLWindow {
    DisplayChangeListener dcl;
    SDL_Window *window;
    SDL_Renderer *renderer;
    SDL_Texture *texture;
    DisplaySurface *surface;        /* borrowed from the console */
    pixman_image_t *converted;      /* when the surface is not x8r8g8b8 */
    SDL_Rect dirty;                 /* empty: nothing */
    bool grabbed, full_screen, close_ends;
    bool key_was_hot;               /* its text is not for the console */
    bool key_down[SDL_NUM_SCANCODES];
    unsigned buttons;
    int pointer_x, pointer_y;       /* absolute pointer, 0..0x7fff */
} SDLWindow;

static SDLWindow sdl;

/* --- title and grab ------------------------------------------------------- */

static void update_title(SDLWindow *s)
{
    const char *board = current_machine ? current_machine->mc->name : "", *label = NULL;
    char title[200];

    if (qemu_console_is_text(s->dcl.con)) {
        label = qemu_console_label(s->dcl.con);
    }
    snprintf(title, sizeof(title), "QEMU (%s)%s%s%s%s", qemu_name ? qemu_name : board,
             label ? " - " : "", label ? label : "", runstate_is_running() ? "" : " [Stopped]",
             s->grabbed ? " - Press Ctrl+Alt+G to release the mouse" : "");
    SDL_SetWindowTitle(s->window, title);
}

static void set_grab(SDLWindow *s, bool on)
{
    s->grabbed = on;
    SDL_SetWindowGrab(s->window, on);
    SDL_SetRelativeMouseMode(on && !qemu_input_is_absolute());
    update_title(s);
}

static void release_keys(SDLWindow *s)
{
    for (int i = 0; i < SDL_NUM_SCANCODES; i++) {
        if (s->key_down[i]) {
            s->key_down[i] = false;
            qemu_input_send_key(sdl2_linux_code(i), false);
        }
    }
}

/* --- picture -------------------------------------------------------------- */

static void all_dirty(SDLWindow *s)
{
    s->dirty = (SDL_Rect){ 0, 0, surface_width(s->surface), surface_height(s->surface) };
}

static void sdl_gfx_switch(DisplayChangeListener *dcl, DisplaySurface *surface)
{
    SDLWindow *s = dcl->opaque;
    int width = surface_width(surface), height = surface_height(surface);

    s->surface = surface;
    if (s->texture) {
        SDL_DestroyTexture(s->texture);
    }
    if (s->converted) {
        pixman_image_unref(s->converted);
        s->converted = NULL;
    }
    if (pixman_image_get_format(surface->image) != PIXMAN_x8r8g8b8) {
        s->converted = pixman_image_create_bits(PIXMAN_x8r8g8b8, width, height, NULL, 0);
    }
    s->texture = SDL_CreateTexture(s->renderer, SDL_PIXELFORMAT_RGB888,
                                   SDL_TEXTUREACCESS_STREAMING, width, height);
    SDL_RenderSetLogicalSize(s->renderer, width, height);
    if (!s->full_screen) {
        SDL_SetWindowSize(s->window, width, height);
    }
    all_dirty(s);
}

static void sdl_gfx_update(DisplayChangeListener *dcl, int x, int y, int w, int h)
{
    SDLWindow *s = dcl->opaque;
    SDL_Rect rect = { x, y, w, h };

    if (s->dirty.w) {
        SDL_UnionRect(&s->dirty, &rect, &s->dirty);
    } else {
        s->dirty = rect;
    }
}

static void draw(SDLWindow *s)
{
    pixman_image_t *image = s->surface->image;
    SDL_Rect r = s->dirty;
    const uint8_t *pixels;
    int stride;

    if (s->converted) {
        pixman_image_composite(PIXMAN_OP_SRC, image, NULL, s->converted, r.x, r.y, 0, 0, r.x, r.y,
                               r.w, r.h);
        image = s->converted;
    }
    stride = pixman_image_get_stride(image);
    pixels = (const uint8_t *)pixman_image_get_data(image) + r.y * (size_t)stride + r.x * 4;
    SDL_UpdateTexture(s->texture, &r, pixels, stride);
    SDL_RenderClear(s->renderer);
    SDL_RenderCopy(s->renderer, s->texture, NULL, NULL);
    SDL_RenderPresent(s->renderer);
    s->dirty.w = 0;
}

/* --- events --------------------------------------------------------------- */

/* The host's pointer hides where the guest draws one at the same place. */
static void update_pointer(SDLWindow *s)
{
    bool graphic = !qemu_console_is_text(s->dcl.con), absolute = qemu_input_is_absolute();

    SDL_ShowCursor(graphic && absolute ? SDL_DISABLE : SDL_ENABLE);
    if (SDL_GetRelativeMouseMode() != (SDL_bool)(s->grabbed && !absolute)) {
        SDL_SetRelativeMouseMode(s->grabbed && !absolute);
    }
}

static void show_console(SDLWindow *s, unsigned number)
{
    QemuConsole *con = qemu_console_by_number(number);

    if (!con || con == s->dcl.con) {
        return;
    }
    if (qemu_console_is_text(con)) {
        if (s->grabbed) {
            set_grab(s, false);
        }
        SDL_StartTextInput();
    } else {
        SDL_StopTextInput();
    }
    displaychangelistener_switch(&s->dcl, con);
    update_title(s);
    update_pointer(s);
}

/* direction 1: larger, -1: smaller, 0: as many pixels as the picture has. */
static void zoom(SDLWindow *s, int direction)
{
    enum { STEP_PERCENT = 25, SMALLEST = 160 };
    int width = surface_width(s->surface), height = surface_height(s->surface), current, unused;

    SDL_GetWindowSize(s->window, &current, &unused);
    if (direction) {
        int percent = current * 100 / MAX(width, 1) + direction * STEP_PERCENT;

        height = height * MAX(percent, SMALLEST * 100 / MAX(width, 1)) / 100;
        width = MAX(width * percent / 100, SMALLEST);
    }
    if (!s->full_screen) {
        SDL_SetWindowSize(s->window, width, height);
    }
    all_dirty(s);
}

/* Keys of the window itself. */
static bool hot_key(SDLWindow *s, const SDL_KeyboardEvent *event)
{
    /* As it was when the key went down: several events may wait. */
    unsigned mod = event->keysym.mod;

    if (!(mod & KMOD_CTRL) || !(mod & KMOD_ALT)) {
        return false;
    }
    switch (event->keysym.scancode) {
    case SDL_SCANCODE_G:
        release_keys(s);
        set_grab(s, !s->grabbed);
        return true;
    case SDL_SCANCODE_F:
        release_keys(s);
        s->full_screen = !s->full_screen;
        SDL_SetWindowFullscreen(s->window, s->full_screen ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0);
        all_dirty(s);
        return true;
    case SDL_SCANCODE_U:
    case SDL_SCANCODE_0:
        zoom(s, 0);
        return true;
    case SDL_SCANCODE_EQUALS:
    case SDL_SCANCODE_KP_PLUS:
        zoom(s, 1);
        return true;
    case SDL_SCANCODE_MINUS:
    case SDL_SCANCODE_KP_MINUS:
        zoom(s, -1);
        return true;
    default:
        if (event->keysym.scancode >= SDL_SCANCODE_1 && event->keysym.scancode <= SDL_SCANCODE_9) {
            release_keys(s);
            show_console(s, event->keysym.scancode - SDL_SCANCODE_1 + 1);
            return true;
        }
        return false;
    }
}

/* Characters come as text input; the rest of the keyboard here. */
static void text_key(SDLWindow *s, const SDL_KeyboardEvent *event)
{
    const char *text = text_console_key(sdl2_linux_code(event->keysym.scancode));
    SDL_Keycode key = event->keysym.sym;

    if (event->keysym.mod & KMOD_CTRL) {
        if (event->keysym.scancode == SDL_SCANCODE_PAGEUP || event->keysym.scancode == SDL_SCANCODE_PAGEDOWN) {
            text_console_scroll(s->dcl.con, event->keysym.scancode == SDL_SCANCODE_PAGEUP ? 1 : -1);
        } else if (key >= SDLK_a && key <= SDLK_z) {
            char control[2] = { key - SDLK_a + 1, 0 };

            text_console_type(s->dcl.con, control);
        }
    } else if (text) {
        text_console_type(s->dcl.con, text);
    }
}

static void key_event(SDLWindow *s, const SDL_KeyboardEvent *event)
{
    bool down = event->type == SDL_KEYDOWN;
    int scancode = event->keysym.scancode, code = sdl2_linux_code(scancode);

    if (down && !event->repeat) {
        s->key_was_hot = hot_key(s, event);
        if (s->key_was_hot) {
            return;
        }
    }
    if (qemu_console_is_text(s->dcl.con)) {
        if (down) {
            text_key(s, event);
        }
        return;
    }
    /* A key that went down for the window must not go up for the guest. */
    if (code && (down || s->key_down[scancode])) {
        s->key_down[scancode] = down;
        qemu_input_send_key(code, down);
    }
}

static void motion_event(SDLWindow *s, const SDL_MouseMotionEvent *event)
{
    if (qemu_console_is_text(s->dcl.con)) {
        return;
    }
    if (qemu_input_is_absolute()) {
        int width = surface_width(s->surface), height = surface_height(s->surface);

        s->pointer_x = CLAMP(event->x, 0, width - 1) * 0x7fff / MAX(width - 1, 1);
        s->pointer_y = CLAMP(event->y, 0, height - 1) * 0x7fff / MAX(height - 1, 1);
        qemu_input_send_position(s->pointer_x, s->pointer_y, 0);
    } else if (s->grabbed) {
        qemu_input_send_motion(event->xrel, event->yrel, 0);
    }
}

static void button_event(SDLWindow *s, const SDL_MouseButtonEvent *event)
{
    unsigned bit = event->button == SDL_BUTTON_LEFT ? 1 : event->button == SDL_BUTTON_RIGHT ? 2
                 : event->button == SDL_BUTTON_MIDDLE ? 4 : 0;

    if (qemu_console_is_text(s->dcl.con)) {
        return;
    }
    if (!s->grabbed && !qemu_input_is_absolute()) {
        if (event->type == SDL_MOUSEBUTTONUP && bit == 1) {
            set_grab(s, true);
        }
        return;
    }
    s->buttons = event->type == SDL_MOUSEBUTTONDOWN ? s->buttons | bit : s->buttons & ~bit;
    qemu_input_send_buttons(s->buttons);
}

static void window_event(SDLWindow *s, const SDL_WindowEvent *event)
{
    switch (event->event) {
    case SDL_WINDOWEVENT_EXPOSED:
    case SDL_WINDOWEVENT_SIZE_CHANGED:
        all_dirty(s);
        break;
    case SDL_WINDOWEVENT_FOCUS_LOST:
        release_keys(s);
        if (s->grabbed) {
            set_grab(s, false);
        }
        break;
    }
}

static void wheel(SDLWindow *s, int dz)
{
    if (qemu_console_is_text(s->dcl.con)) {
        text_console_scroll(s->dcl.con, -dz);
    } else if (qemu_input_is_absolute()) {
        qemu_input_send_position(s->pointer_x, s->pointer_y, dz);
    } else {
        qemu_input_send_motion(0, 0, dz);
    }
}

static void poll_events(SDLWindow *s)
{
    SDL_Event event;

    while (SDL_PollEvent(&event)) {
        switch (event.type) {
        case SDL_KEYDOWN:
        case SDL_KEYUP:
            key_event(s, &event.key);
            break;
        case SDL_TEXTINPUT:
            if (!s->key_was_hot) {
                text_console_type(s->dcl.con, event.text.text);
            }
            break;
        case SDL_MOUSEMOTION:
            motion_event(s, &event.motion);
            break;
        case SDL_MOUSEBUTTONDOWN:
        case SDL_MOUSEBUTTONUP:
            button_event(s, &event.button);
            break;
        case SDL_MOUSEWHEEL:
            wheel(s, -event.wheel.y);
            break;
        case SDL_WINDOWEVENT:
            window_event(s, &event.window);
            break;
        case SDL_QUIT:
            if (s->close_ends) {
                qemu_system_shutdown_request(SHUTDOWN_CAUSE_HOST_UI);
            }
            break;
        }
    }
}

static void sdl_refresh(DisplayChangeListener *dcl)
{
    SDLWindow *s = dcl->opaque;

    graphic_hw_update(dcl->con);
    update_pointer(s);
    poll_events(s);
    if (s->dirty.w && s->texture) {
        draw(s);
    }
}

/* --- set-up --------------------------------------------------------------- */

static void run_state_changed(void *opaque, bool running, RunState state)
{
    update_title(opaque);
}

static bool open_window(SDLWindow *s, Error **errp)
{
    /* SDL would fall back to a driver that shows nothing. */
    if (!getenv("DISPLAY") && !getenv("WAYLAND_DISPLAY") && !getenv("SDL_VIDEODRIVER")) {
        error_setg(errp, "-display sdl: no display (use -nographic or -display none)");
        return false;
    }
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
    SDL_SetHint(SDL_HINT_GRAB_KEYBOARD, "1");
    if (SDL_Init(SDL_INIT_VIDEO) != 0) {
        error_setg(errp, "-display sdl: no display: %s (use -nographic or -display none)",
                   SDL_GetError());
        return false;
    }
    s->window = SDL_CreateWindow("QEMU", SDL_WINDOWPOS_UNDEFINED, SDL_WINDOWPOS_UNDEFINED, 640,
                                 480, SDL_WINDOW_RESIZABLE);
    s->renderer = s->window ? SDL_CreateRenderer(s->window, -1, 0) : NULL;
    if (!s->renderer) {
        error_setg(errp, "-display sdl: cannot open a window: %s", SDL_GetError());
        SDL_Quit();
        return false;
    }
    return true;
}

static bool sdl_init(OptList *opts, Error **errp)
{
    static const DisplayChangeListenerOps ops = {
        .name = "sdl", .refresh = sdl_refresh, .gfx_update = sdl_gfx_update,
        .gfx_switch = sdl_gfx_switch,
    };
    SDLWindow *s = &sdl;

    if (!optlist_get_bool(opts, "full-screen", false, &s->full_screen, "-display sdl", errp) ||
        !optlist_get_bool(opts, "window-close", true, &s->close_ends, "-display sdl", errp) ||
        !optlist_check_unknown(opts, "-display sdl", errp)) {
        return false;
    }
    if (!qemu_console_by_number(1)) {
        error_setg(errp, "-display sdl: the machine has no console to show (use -display none)");
        return false;
    }
    if (!open_window(s, errp)) {
        return false;
    }
    if (s->full_screen) {
        SDL_SetWindowFullscreen(s->window, SDL_WINDOW_FULLSCREEN_DESKTOP);
    }
    qemu_add_vm_change_state_handler(run_state_changed, s);
    s->dcl.ops = &ops;
    s->dcl.opaque = s;
    register_displaychangelistener(&s->dcl);
    if (qemu_console_is_text(s->dcl.con)) {
        SDL_StartTextInput();
    } else {
        SDL_StopTextInput();
    }
    update_title(s);
    return true;
}

static void sdl_cleanup(void)
{
    SDL_Quit();
}

static const QemuDisplay sdl_display = { "sdl", sdl_init, sdl_cleanup };

static void QEMU_CONSTRUCTOR register_sdl(void)
{
    qemu_display_register(&sdl_display);
}
