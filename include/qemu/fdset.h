/*
 * File descriptors that whoever started or steers the emulator hands in: by
 * name (getfd), and in sets that "/dev/fdset/N" opens (-add-fd, add-fd).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef QEMU_FDSET_H
#define QEMU_FDSET_H

#include "qemu/error.h"

typedef struct FdSetEntry {
    int fd;
    char *opaque;               /* the giver's note, may be NULL */
} FdSetEntry;

typedef struct FdSet {
    int64_t id;
    GArray *entries;            /* of FdSetEntry */
} FdSet;

/* id -1: a new set. Takes fd, which is in no set yet. Returns the set, NULL: error set. */
const FdSet *fdset_add(int64_t id, int fd, const char *opaque, Error **errp);
/* fd -1: all of the set. */
bool fdset_remove(int64_t id, int fd, Error **errp);
void fdset_foreach(void (*fn)(void *opaque, const FdSet *set), void *opaque);

/* Takes fd; one of that name before is closed. */
void fd_name_add(const char *name, int fd);
/* The caller's from now on; -1: no such name. */
int fd_name_take(const char *name);
/* "fd=": a number of a descriptor that is open, or a name. -1: error set. */
int fd_from_text(const char *text, Error **errp);

/* open() that knows "/dev/fdset/N": a copy of a member with the same access. -1 and errno. */
int qemu_open(const char *path, int flags, mode_t mode);

#endif
