/*
 * Reads that the guest waits for in a loop: a few windows of the disk in memory.
 *
 * Firmware and boot loaders read block after block through the data port and
 * poll the status in between. A window is filled by a worker; the caller waits
 * for it a short while and otherwise takes the asynchronous way. All under the
 * BQL, except that a worker writes into a window while `fill` is set.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "block/backend.h"

enum { PATIENCE_NS = 10 * 1000 * 1000 };

void readahead_invalidate(BlockBackend *blk, int64_t offset, int64_t bytes)
{
    int i;

    for (i = 0; i < READAHEAD_WINDOWS; i++) {
        ReadaheadWindow *w = &blk->windows[i];

        if (w->bytes && w->offset < offset + bytes && offset < w->offset + w->bytes) {
            w->stale = true;
            w->valid = false;
        }
    }
}

void readahead_cleanup(BlockBackend *blk)
{
    int i;

    for (i = 0; i < READAHEAD_WINDOWS; i++) {
        g_clear_pointer(&blk->windows[i].data, g_free);
        blk->windows[i].bytes = 0;
        blk->windows[i].valid = false;
    }
}

static void fill_done(void *opaque, int ret)
{
    ReadaheadWindow *w = opaque;

    w->fill = NULL;
    w->valid = ret == 0 && !w->stale;
    if (!w->valid) {
        w->bytes = 0;
    }
}

static ReadaheadWindow *find_window(BlockBackend *blk, int64_t offset)
{
    int i;

    for (i = 0; i < READAHEAD_WINDOWS; i++) {
        ReadaheadWindow *w = &blk->windows[i];

        if (w->bytes && !w->stale && offset >= w->offset && offset < w->offset + w->bytes) {
            return w;
        }
    }
    return NULL;
}

/* NULL: all windows are being filled. */
static ReadaheadWindow *start_fill(BlockBackend *blk, int64_t offset)
{
    ReadaheadWindow *w = NULL;
    int i;

    for (i = 0; i < READAHEAD_WINDOWS; i++) {
        ReadaheadWindow *candidate = &blk->windows[i];

        if (!candidate->fill && (!w || candidate->used < w->used)) {
            w = candidate;
        }
    }
    if (w) {
        if (!w->data) {
            w->data = g_malloc(READAHEAD_BYTES);
        }
        w->offset = ROUND_DOWN(offset, READAHEAD_BYTES);
        w->bytes = MIN(READAHEAD_BYTES, blk_getlength(blk) - w->offset);
        w->valid = w->stale = false;
        w->fill = blk_aio_pread(blk, w->offset, w->data, w->bytes, fill_done, w);
    }
    return w;
}

bool blk_pread_quick(BlockBackend *blk, int64_t offset, void *buf, int64_t bytes)
{
    int64_t length = blk_getlength(blk);
    uint8_t *p = buf;

    if (offset < 0 || bytes < 0 || bytes > length || offset > length - bytes) {
        return false;
    }
    while (bytes > 0) {
        ReadaheadWindow *w = find_window(blk, offset);
        int64_t n;

        if (!w) {
            w = start_fill(blk, offset);
        }
        if (!w || (w->fill && !blk_wait(w->fill, PATIENCE_NS)) || !w->valid) {
            return false;
        }
        w->used = ++blk->window_clock;
        n = MIN(bytes, w->offset + w->bytes - offset);
        memcpy(p, w->data + (offset - w->offset), n);
        p += n;
        offset += n;
        bytes -= n;
    }
    return true;
}
