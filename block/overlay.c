/*
 * The layer of -snapshot: writes go to a nameless sparse file, the image below
 * stays untouched.
 *
 * One bit per granule tells where it lives. A write of a part of a granule
 * first copies the rest from below. Nothing is ever flushed: the layer does not
 * outlive the process.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "block/block_int.h"

enum { GRANULE_BITS = 12, GRANULE = 1 << GRANULE_BITS };

typedef struct Overlay {
    /* shared: look up and transfer in place; exclusive: set bits */
    pthread_rwlock_t lock;
    uint64_t *present;
} Overlay;

static bool granule_present(const Overlay *s, int64_t g)
{
    return s->present[g / 64] >> (g % 64) & 1;
}

/* Bytes from offset that lie on one side, at most `bytes`. */
static int64_t run_length(const Overlay *s, int64_t offset, int64_t bytes, bool *present)
{
    int64_t g = offset >> GRANULE_BITS;
    int64_t n = GRANULE - (offset & (GRANULE - 1));

    *present = granule_present(s, g);
    while (n < bytes && granule_present(s, ++g) == *present) {
        n += GRANULE;
    }
    return MIN(n, bytes);
}

static int overlay_pread(BlockDriverState *bs, int64_t offset, void *buf, int64_t bytes)
{
    Overlay *s = bs->opaque;
    uint8_t *p = buf;
    int ret = 0;

    pthread_rwlock_rdlock(&s->lock);
    while (bytes > 0 && ret == 0) {
        bool present;
        int64_t n = run_length(s, offset, bytes, &present);

        ret = present ? host_file_pread(bs->file, offset, p, n)
                      : image_pread_padded(bs->backing, offset, p, n);
        p += n;
        offset += n;
        bytes -= n;
    }
    pthread_rwlock_unlock(&s->lock);
    return ret;
}

/* Copy the granule at offset g << GRANULE_BITS up. Lock held exclusively. */
static int copy_up_locked(BlockDriverState *bs, int64_t g)
{
    Overlay *s = bs->opaque;
    uint8_t buf[GRANULE];
    int ret;

    if (granule_present(s, g)) {
        return 0;
    }
    ret = image_pread_padded(bs->backing, g << GRANULE_BITS, buf, GRANULE);
    if (ret == 0) {
        ret = host_file_pwrite(bs->file, g << GRANULE_BITS, buf, GRANULE);
    }
    if (ret == 0) {
        s->present[g / 64] |= UINT64_C(1) << (g % 64);
    }
    return ret;
}

static int write_new(BlockDriverState *bs, int64_t offset, const void *buf, int64_t bytes)
{
    Overlay *s = bs->opaque;
    int64_t end = offset + bytes;
    int64_t g;
    int ret = 0;

    pthread_rwlock_wrlock(&s->lock);
    if (offset & (GRANULE - 1)) {
        ret = copy_up_locked(bs, offset >> GRANULE_BITS);
    }
    if (ret == 0 && (end & (GRANULE - 1))) {
        ret = copy_up_locked(bs, end >> GRANULE_BITS);
    }
    if (ret == 0) {
        ret = host_file_pwrite(bs->file, offset, buf, bytes);
    }
    if (ret == 0) {
        for (g = offset >> GRANULE_BITS; g < DIV_ROUND_UP(end, GRANULE); g++) {
            s->present[g / 64] |= UINT64_C(1) << (g % 64);
        }
    }
    pthread_rwlock_unlock(&s->lock);
    return ret;
}

static int overlay_pwrite(BlockDriverState *bs, int64_t offset, const void *buf, int64_t bytes)
{
    Overlay *s = bs->opaque;
    bool in_place;
    int ret = 0;

    pthread_rwlock_rdlock(&s->lock);
    in_place = run_length(s, offset, bytes, &in_place) == bytes && in_place;
    if (in_place) {
        ret = host_file_pwrite(bs->file, offset, buf, bytes);
    }
    pthread_rwlock_unlock(&s->lock);
    return in_place ? ret : write_new(bs, offset, buf, bytes);
}

static int overlay_flush(BlockDriverState *bs)
{
    return 0;
}

static void overlay_close(BlockDriverState *bs)
{
    Overlay *s = bs->opaque;

    pthread_rwlock_destroy(&s->lock);
    g_free(s->present);
    g_free(s);
}

const BlockDriver bdrv_overlay = {
    .name = "overlay",
    .close = overlay_close,
    .pread = overlay_pread,
    .pwrite = overlay_pwrite,
    .flush = overlay_flush,
};

BlockDriverState *image_new_overlay(BlockDriverState *base, Error **errp)
{
    HostFile *file = host_file_temporary(errp);
    BlockDriverState *bs;
    Overlay *s;

    if (!file) {
        return NULL;
    }
    s = g_new0(Overlay, 1);
    /* One spare word: run_length looks at the granule behind the end. */
    s->present = g_try_new0(uint64_t, base->length / GRANULE / 64 + 2);
    if (!s->present) {
        error_setg(errp, "snapshot=on: no memory for a disk of this size");
        host_file_close(file);
        g_free(s);
        return NULL;
    }
    pthread_rwlock_init(&s->lock, NULL);
    bs = g_new0(BlockDriverState, 1);
    bs->drv = &bdrv_overlay;
    bs->file = file;
    bs->backing = base;
    bs->filename = g_strdup(base->filename);
    bs->flags = IMAGE_WRITABLE;
    bs->length = base->length;
    bs->opaque = s;
    return bs;
}
