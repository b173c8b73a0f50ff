/*
 * Removable media and `info block`: what the monitor does to drives.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "block/backend.h"

static BlockBackend *find_removable(const char *device, Error **errp)
{
    BlockBackend *blk = blk_by_name(device);

    if (!blk) {
        error_setg(errp, "no drive '%s' (see info block)", device);
    } else if (!blk->removable) {
        error_setg(errp, "drive '%s' is not removable", device);
        return NULL;
    }
    return blk;
}

/* Open the tray, unless the guest forbids it. */
static bool open_tray(BlockBackend *blk, bool force, Error **errp)
{
    const BlockDevOps *ops = blk->dev_ops;
    void *opaque = blk->dev_opaque;

    if (!ops || (ops->is_tray_open && ops->is_tray_open(opaque))) {
        return true;
    }
    if (ops->is_medium_locked && ops->is_medium_locked(opaque)) {
        if (ops->eject_request_cb) {
            ops->eject_request_cb(opaque, force);
        }
        if (!force) {
            error_setg(errp, "drive '%s' is locked by the guest (which is asked to release it)",
                       blk->name);
            return false;
        }
    }
    blk_drain(blk);
    if (ops->change_media_cb) {
        ops->change_media_cb(opaque, false);
    }
    return true;
}

bool blk_eject(const char *device, bool force, Error **errp)
{
    BlockBackend *blk = find_removable(device, errp);

    if (!blk || !open_tray(blk, force, errp)) {
        return false;
    }
    blk_drain(blk);
    blk_set_image(blk, NULL);
    return true;
}

bool blk_change_medium(const char *device, const char *filename, Error **errp)
{
    BlockBackend *blk = find_removable(device, errp);
    BlockDriverState *bs;
    int flags;

    if (!blk) {
        return false;
    }
    flags = blk->options.read_only || blk->options.snapshot ? 0 : IMAGE_WRITABLE;
    bs = image_open(filename, NULL, flags, errp);
    if (!bs) {
        error_prepend(errp, "%s: ", filename);
        return false;
    }
    if (!open_tray(blk, false, errp)) {
        image_close(bs);
        return false;
    }
    blk_drain(blk);
    blk_set_image(blk, bs);
    if (blk->dev_ops && blk->dev_ops->change_media_cb) {
        blk->dev_ops->change_media_cb(blk->dev_opaque, true);
    }
    return true;
}

void block_info(void (*print)(void *opaque, const char *fmt, ...), void *opaque)
{
    BlockBackend *blk;

    for (blk = all_backends; blk; blk = blk->next) {
        const BlockDriverState *bs = blk->bs;
        bool temporary = bs && bs->drv == &bdrv_overlay;
        const BlockDriverState *image = temporary ? bs->backing : bs;

        if (image) {
            print(opaque, "%s: %s (%s%s%s)\n", blk->name, image->filename, image->drv->name,
                  blk_is_read_only(blk) ? ", read-only" : "", temporary ? ", snapshot" : "");
        } else {
            print(opaque, "%s: [not inserted]\n", blk->name);
        }
        print(opaque, "    Attached to:      %s\n", blk->dev ? "a device" : "nothing");
        if (blk->removable) {
            const BlockDevOps *ops = blk->dev_ops;

            print(opaque, "    Removable device: %slocked, tray %s\n",
                  ops && ops->is_medium_locked && ops->is_medium_locked(blk->dev_opaque) ? "" : "not ",
                  ops && ops->is_tray_open && ops->is_tray_open(blk->dev_opaque) ? "open" : "closed");
        }
        if (image) {
            print(opaque, "    Cache mode:       %s\n",
                  blk->options.cache_unsafe ? "writeback, ignore flushes"
                  : blk->options.cache_writethrough ? "writethrough" : "writeback");
        }
        if (image && image->backing) {
            print(opaque, "    Backing file:     %s\n", image->backing->filename);
        }
    }
}
