/*
 * Inside of the user interface: what a kind of -display provides.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef UI_CONSOLE_INT_H
#define UI_CONSOLE_INT_H

#include "qemu/optlist.h"
#include "ui/console.h"

typedef struct QemuDisplay {
    const char *name;
    bool (*init)(OptList *opts, Error **errp);
    void (*cleanup)(void);
} QemuDisplay;

/* From constructors; the first one is the default. */
void qemu_display_register(const QemuDisplay *display);

#endif
