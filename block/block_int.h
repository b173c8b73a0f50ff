/*
 * Inside the block layer: host files, image drivers, chains of images.
 *
 * Everything here is synchronous and safe to call from several threads at
 * once; block/backend.c turns it into requests on worker threads. Functions
 * that do I/O return 0 or -errno. Offsets and lengths are bytes.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BLOCK_BLOCK_INT_H
#define BLOCK_BLOCK_INT_H

#include "block/block.h"

typedef struct HostFile {
    int fd;
    char *path;
    bool writable;
} HostFile;

enum { IMAGE_WRITABLE = 1 << 0, IMAGE_UNSAFE = 1 << 1 /* flush does nothing */ };

/* Opens and locks a regular file or block device. NULL: error set. */
HostFile *host_file_open(const char *path, int flags, Error **errp);
/* An empty file without a name; it vanishes with the process. */
HostFile *host_file_temporary(Error **errp);
void host_file_close(HostFile *file);
int64_t host_file_size(HostFile *file);
/* What lies behind the end of the file reads as zeros. */
int host_file_pread(HostFile *file, int64_t offset, void *buf, int64_t bytes);
int host_file_pwrite(HostFile *file, int64_t offset, const void *buf, int64_t bytes);
int host_file_sync(HostFile *file);
/* Deallocate; the range reads as zeros afterwards. -ENOTSUP: host cannot. */
int host_file_punch(HostFile *file, int64_t offset, int64_t bytes);

typedef struct BlockDriverState BlockDriverState;

/* An image format. Ranges are inside the image; pdiscard and pwrite_zeroes may be NULL. */
typedef struct BlockDriver {
    const char *name;
    bool (*open)(BlockDriverState *bs, Error **errp);
    void (*close)(BlockDriverState *bs);
    int (*pread)(BlockDriverState *bs, int64_t offset, void *buf, int64_t bytes);
    int (*pwrite)(BlockDriverState *bs, int64_t offset, const void *buf, int64_t bytes);
    int (*flush)(BlockDriverState *bs);
    int (*pdiscard)(BlockDriverState *bs, int64_t offset, int64_t bytes);
    int (*pwrite_zeroes)(BlockDriverState *bs, int64_t offset, int64_t bytes);
} BlockDriver;

struct BlockDriverState {
    const BlockDriver *drv;
    HostFile *file;             /* NULL only while opening */
    BlockDriverState *backing;  /* owned; NULL: none */
    char *filename;             /* as the user or the parent image gave it */
    int flags;                  /* IMAGE_x */
    int depth;                  /* position in the chain, 0 is the top */
    int64_t length;             /* a multiple of the sector size */
    void *opaque;               /* the driver's */
};

extern const BlockDriver bdrv_raw, bdrv_qcow2, bdrv_overlay;

/* format NULL: probe. NULL: error set ("cannot open: ..."), nothing left open. */
BlockDriverState *image_open(const char *filename, const char *format, int flags, Error **errp);
/* The backing file of bs, named relative to it. */
BlockDriverState *image_open_backing(BlockDriverState *bs, const char *name, const char *format,
                                     Error **errp);
/* A temporary layer that takes all writes to base (which it then owns). */
BlockDriverState *image_new_overlay(BlockDriverState *base, Error **errp);
/* Flushes, closes and frees the chain. */
void image_close(BlockDriverState *bs);
/* As the driver's pread; what lies behind the image's end reads as zeros. */
int image_pread_padded(BlockDriverState *bs, int64_t offset, void *buf, int64_t bytes);
bool image_format_known(const char *format);

static inline bool buffer_is_zero(const void *buf, size_t bytes)
{
    const uint8_t *p = buf;

    return bytes == 0 || (p[0] == 0 && memcmp(p, p + 1, bytes - 1) == 0);
}

#endif
