/*
 * Inside of the character devices: what a backend provides and may call.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHARDEV_CHAR_INT_H
#define CHARDEV_CHAR_INT_H

#include "chardev/char.h"
#include "qemu/optlist.h"

typedef struct ChardevClass {
    const char *kind;               /* name in -chardev */
    size_t instance_size;
    /* Reads its parameters from opts. False: error set, nothing left open. */
    bool (*open)(Chardev *chr, OptList *opts, Error **errp);
    /* Bytes taken without blocking; 0: would block; -1: peer gone, drop it. */
    ssize_t (*write)(Chardev *chr, const uint8_t *buf, size_t len);
    /* on: call chr_drain() when writable. */
    void (*watch_output)(Chardev *chr, bool on);
    /* The front end can take input again. */
    void (*accept_input)(Chardev *chr);
    void (*set_echo)(Chardev *chr, bool echo);
    int (*take_fd)(Chardev *chr);
    void (*close)(Chardev *chr);
} ChardevClass;

typedef struct MuxState MuxState;

struct Chardev {
    const ChardevClass *cc;
    char *label;
    char *filename;                 /* for info chardev */
    bool open;                      /* a peer is there */
    CharBackend *be;                /* the front end, without a mux */
    MuxState *mux;                  /* NULL: one front end only */
    GByteArray *queue;              /* output that waits for the peer */
    bool registered;
};

extern const ChardevClass chardev_null, chardev_vc, chardev_file, chardev_stdio, chardev_pty,
    chardev_pipe, chardev_serial, chardev_socket;

/* For backends: input, events, output again possible. */
int chr_can_read(Chardev *chr);
void chr_read(Chardev *chr, const uint8_t *buf, int size);
void chr_event(Chardev *chr, QEMUChrEvent event);
void chr_drain(Chardev *chr);
/* Queue or write at once. */
void chr_write(Chardev *chr, const uint8_t *buf, size_t len);

/* char-mux.c: several front ends share one backend; the escape key switches. */
MuxState *mux_new(Chardev *chr);
void mux_free(MuxState *mux);
bool mux_attach(MuxState *mux, CharBackend *b);
void mux_detach(MuxState *mux, CharBackend *b);
void mux_handlers_changed(MuxState *mux, CharBackend *b);
int mux_can_read(MuxState *mux);
void mux_read(MuxState *mux, const uint8_t *buf, int size);
void mux_event(MuxState *mux, QEMUChrEvent event);
void mux_write(MuxState *mux, CharBackend *b, const uint8_t *buf, size_t len);
void mux_accept_input(MuxState *mux, CharBackend *b);

#endif
