/*
 * Character devices: the host end (Chardev) and the front end's handle
 * (CharBackend, embedded in a device).
 *
 * All under the BQL. Writes to a slow peer are queued; a device never blocks.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHARDEV_CHAR_H
#define CHARDEV_CHAR_H

#include "qemu/error.h"

typedef enum { CHR_EVENT_BREAK, CHR_EVENT_OPENED, CHR_EVENT_CLOSED, CHR_EVENT_MUX_IN, CHR_EVENT_MUX_OUT } QEMUChrEvent;

typedef struct Chardev Chardev;

typedef int IOCanReadHandler(void *opaque);     /* bytes it can take now */
typedef void IOReadHandler(void *opaque, const uint8_t *buf, int size);
typedef void IOEventHandler(void *opaque, QEMUChrEvent event);

typedef struct CharBackend {
    Chardev *chr;
    IOCanReadHandler *chr_can_read;
    IOReadHandler *chr_read;
    IOEventHandler *chr_event;
    void *opaque;
    int mux_tag;
    bool open;
    bool is_monitor;        /* set before init: does not take the focus of a mux from a device */
} CharBackend;

/* "stdio", "mon:stdio", "pty", "null", "file:PATH", "unix:PATH,server,nowait", "tcp:HOST:PORT,...", "vc", or "chardev:ID"/an id */
Chardev *qemu_chr_new(const char *label, const char *spec, Error **errp);
/* The key that a mux reacts to (-echr), Ctrl-A. */
extern int term_escape_char;
/* -chardev BACKEND,id=ID,... */
Chardev *qemu_chr_new_from_opts(const char *optstr, Error **errp);
Chardev *qemu_chr_find(const char *id);
void qemu_chr_cleanup(void);    /* restores the terminal; at exit */

bool qemu_chr_fe_init(CharBackend *b, Chardev *chr, Error **errp);      /* chr may be NULL: output is dropped */
void qemu_chr_fe_deinit(CharBackend *b);
void qemu_chr_fe_set_handlers(CharBackend *b, IOCanReadHandler *can_read, IOReadHandler *read,
                              IOEventHandler *event, void *opaque);
/* Queue all of buf. */
void qemu_chr_fe_write_all(CharBackend *b, const uint8_t *buf, int len);
void qemu_chr_fe_printf(CharBackend *b, const char *fmt, ...) QEMU_PRINTF(2, 3);
/* can_read may have grown: offer waiting input again. */
void qemu_chr_fe_accept_input(CharBackend *b);
/* The oldest descriptor that came with the input and that nobody took; the caller's. -1: none. */
int qemu_chr_fe_take_fd(CharBackend *b);
void qemu_chr_fe_set_echo(CharBackend *b, bool echo);
static inline bool qemu_chr_fe_backend_connected(const CharBackend *b) { return b->chr != NULL; }

/* "/dev/pts/N" of a pty; NULL: it is something else. */
const char *qemu_chr_pty_name(const Chardev *chr);
/* chardev-remove: one that nobody uses. */
bool qemu_chr_del(const char *id, Error **errp);
void chardev_foreach(void (*fn)(void *opaque, const char *label, const char *filename, bool frontend_open),
                     void *opaque);
void chardev_foreach_backend(void (*fn)(void *opaque, const char *name), void *opaque);
void chardev_info(void (*print)(void *opaque, const char *fmt, ...), void *opaque);

#endif
