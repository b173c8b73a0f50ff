/*
 * Opening and closing images and their chains of backing files.
 *
 * Leaves to others: formats (raw.c, qcow2.c), requests (backend.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "block/block_int.h"

enum { MAX_CHAIN = 100 };

/* Formats that are recognised only to be refused: their bytes are no raw disk. */
static const struct {
    const char *format;
    const char magic[9];
    int length;
} foreign_formats[] = {
    { "vhdx", "vhdxfile", 8 },
    { "vmdk", "KDMV", 4 },
    { "qed", "QED", 4 },
    { "luks", "LUKS\xba\xbe", 6 },
    { "vpc", "conectix", 8 },
};

static const BlockDriver *driver_by_name(const char *name)
{
    static const BlockDriver *const drivers[] = { &bdrv_raw, &bdrv_qcow2 };
    unsigned i;

    for (i = 0; i < ARRAY_SIZE(drivers); i++) {
        if (strcmp(drivers[i]->name, name) == 0) {
            return drivers[i];
        }
    }
    return NULL;
}

bool image_format_known(const char *format)
{
    return driver_by_name(format) != NULL;
}

static const BlockDriver *probe(HostFile *file, Error **errp)
{
    uint8_t head[16];
    unsigned i;
    int ret = host_file_pread(file, 0, head, sizeof(head));

    if (ret < 0) {
        error_setg_errno(errp, -ret, "cannot read");
        return NULL;
    }
    if (memcmp(head, "QFI\xfb", 4) == 0) {
        return &bdrv_qcow2;
    }
    for (i = 0; i < ARRAY_SIZE(foreign_formats); i++) {
        if (memcmp(head, foreign_formats[i].magic, foreign_formats[i].length) == 0) {
            error_setg(errp, "image format %s is not supported (format=raw takes the bytes as they are)",
                       foreign_formats[i].format);
            return NULL;
        }
    }
    return &bdrv_raw;
}

static BlockDriverState *open_at_depth(const char *filename, const char *format, int flags,
                                       int depth, Error **errp)
{
    BlockDriverState *bs = g_new0(BlockDriverState, 1);

    bs->filename = g_strdup(filename);
    bs->flags = flags;
    bs->depth = depth;
    bs->file = host_file_open(filename, flags, errp);
    if (!bs->file) {
        goto fail;
    }
    if (format) {
        bs->drv = driver_by_name(format);
        if (!bs->drv) {
            error_setg(errp, "unknown image format '%s' (known: raw, qcow2)", format);
            goto fail;
        }
    } else {
        bs->drv = probe(bs->file, errp);
        if (!bs->drv) {
            goto fail;
        }
    }
    if (bs->drv->open(bs, errp)) {
        return bs;
    }
fail:
    host_file_close(bs->file);
    g_free(bs->filename);
    g_free(bs);
    return NULL;
}

/* "file:" may precede a name; any other protocol is not ours. */
static const char *strip_protocol(const char *name, Error **errp)
{
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789+-");

    if (g_str_has_prefix(name, "file:")) {
        return name + 5;
    }
    if (n > 0 && name[n] == ':' && access(name, F_OK) < 0) {
        error_setg(errp, "protocol '%.*s' is not supported, only files are", (int)n, name);
        return NULL;
    }
    return name;
}

BlockDriverState *image_open(const char *filename, const char *format, int flags, Error **errp)
{
    const char *path = strip_protocol(filename, errp);

    return path ? open_at_depth(path, format, flags, 0, errp) : NULL;
}

BlockDriverState *image_open_backing(BlockDriverState *bs, const char *name, const char *format,
                                     Error **errp)
{
    BlockDriverState *backing = NULL;
    const char *path;
    char *full = NULL;

    if (bs->depth >= MAX_CHAIN) {
        error_setg(errp, "more than %d backing files (a loop?)", MAX_CHAIN);
        return NULL;
    }
    path = strip_protocol(name, errp);
    if (path) {
        if (path[0] != '/') {
            char *dir = g_path_get_dirname(bs->filename);

            full = g_build_filename(dir, path, NULL);
            g_free(dir);
            path = full;
        }
        backing = open_at_depth(path, format, bs->flags & ~IMAGE_WRITABLE, bs->depth + 1, errp);
    }
    if (!backing) {
        error_prepend(errp, "backing file '%s': ", name);
    }
    g_free(full);
    return backing;
}

void image_close(BlockDriverState *bs)
{
    while (bs) {
        BlockDriverState *backing = bs->backing;

        bs->drv->close(bs);
        host_file_close(bs->file);
        g_free(bs->filename);
        g_free(bs);
        bs = backing;
    }
}

int image_pread_padded(BlockDriverState *bs, int64_t offset, void *buf, int64_t bytes)
{
    int64_t inside = bs ? MIN(bytes, MAX(bs->length - offset, 0)) : 0;
    int ret = 0;

    if (inside > 0) {
        ret = bs->drv->pread(bs, offset, buf, inside);
    }
    memset((uint8_t *)buf + inside, 0, bytes - inside);
    return ret;
}
