/*
 * -display sdl: console 0 in a window. Ctrl-Alt-G releases or takes mouse and
 * keyboard, Ctrl-Alt-F switches to the full screen, Ctrl-Alt-U back to the
 * guest's own size. Closing the window ends the emulator.
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
    bool key_down[SDL_NUM_SCANCODES];
    unsigned buttons;
} SDLWindow;

static SDLWindow sdl;

/* --- title and grab ------------------------------------------------------- */

static void update_title(SDLWindow *s)
{
    char title[160];

    const char *board = current_machine ? current_machine->mc->name : "";

    snprintf(title, sizeof(title), "QEMU (%s)%s%s", qemu_name ? qemu_name : board,
             runstate_is_running() ? "" : " [stopped]",
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

/* Keys of the window itself. */
static bool hot_key(SDLWindow *s, const SDL_KeyboardEvent *event)
{
    SDL_Keymod mod = SDL_GetModState();

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
        SDL_SetWindowSize(s->window, surface_width(s->surface), surface_height(s->surface));
        all_dirty(s);
        return true;
    default:
        return false;
    }
}

static void key_event(SDLWindow *s, const SDL_KeyboardEvent *event)
{
    bool down = event->type == SDL_KEYDOWN;
    int scancode = event->keysym.scancode, code = sdl2_linux_code(scancode);

    if (down && !event->repeat && hot_key(s, event)) {
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
    if (qemu_input_is_absolute()) {
        int width = surface_width(s->surface), height = surface_height(s->surface);

        qemu_input_send_position(event->x * 0x7fff / MAX(width - 1, 1),
                                 event->y * 0x7fff / MAX(height - 1, 1), 0);
    } else if (s->grabbed) {
        qemu_input_send_motion(event->xrel, event->yrel, 0);
    }
}

static void button_event(SDLWindow *s, const SDL_MouseButtonEvent *event)
{
    unsigned bit = event->button == SDL_BUTTON_LEFT ? 1 : event->button == SDL_BUTTON_RIGHT ? 2
                 : event->button == SDL_BUTTON_MIDDLE ? 4 : 0;

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

static void wheel(int dz)
{
    if (qemu_input_is_absolute()) {
        return;
    }
    qemu_input_send_motion(0, 0, dz);
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
        case SDL_MOUSEMOTION:
            motion_event(s, &event.motion);
            break;
        case SDL_MOUSEBUTTONDOWN:
        case SDL_MOUSEBUTTONUP:
            button_event(s, &event.button);
            break;
        case SDL_MOUSEWHEEL:
            wheel(-event.wheel.y);
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
    if (!qemu_console_lookup_by_index(0)) {
        error_setg(errp, "-display sdl: the machine has no graphic console (use -display none)");
        return false;
    }
    if (!open_window(s, errp)) {
        return false;
    }
    if (s->full_screen) {
        SDL_SetWindowFullscreen(s->window, SDL_WINDOW_FULLSCREEN_DESKTOP);
    }
    SDL_StopTextInput();
    update_title(s);
    qemu_add_vm_change_state_handler(run_state_changed, s);
    s->dcl.ops = &ops;
    s->dcl.opaque = s;
    register_displaychangelistener(&s->dcl);
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
