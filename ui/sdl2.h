/*
 * Inside of the SDL window.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef UI_SDL2_H
#define UI_SDL2_H

/* Linux input event code of an SDL scancode, 0: none. */
int sdl2_linux_code(int scancode);

#endif
