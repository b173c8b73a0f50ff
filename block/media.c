/*
 * Removable media, sizes and `info block`: what the monitor does to drives.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "block/backend.h"
#include "hw/qdev.h"
#include "monitor/qmp.h"

static bool check_removable(const BlockBackend *blk, Error **errp)
{
    if (!blk->removable) {
        error_setg(errp, "drive '%s' is not removable", blk->name);
    }
    return blk->removable;
}

/*
 * How programs call the device: by the id that it was given, else by its path.
 * The disk behind a virtio card counts as a device of its own without id.
 */
char *blk_dev_id(const BlockBackend *blk)
{
    Object *obj = blk->dev;
    g_autofree char *path = obj ? object_path(obj) : NULL;

    if (!obj) {
        return NULL;
    }
    if (object_dynamic_cast(obj, "virtio-pci")) {
        return g_strconcat(path, "/virtio-backend", NULL);
    }
    return g_str_has_prefix(path, "/machine/peripheral/") ? g_strdup(obj->id) : g_steal_pointer(&path);
}

void blk_tray_moved(BlockBackend *blk, bool open)
{
    g_autofree char *path = blk_dev_id(blk);

    qmp_event("DEVICE_TRAY_MOVED", "{s:s,s:s,s:b}", "device", blk->is_node ? "" : blk->name,
              "id", path ? path : "", "tray-open", open);
}

void blk_empty(BlockBackend *blk)
{
    blk_drain(blk);
    if (blk->node) {
        BlockDriverState *bs = blk->bs;

        readahead_invalidate(blk, 0, INT64_MAX);
        blk->bs = NULL;
        blk->node->lent_to = NULL;
        blk_set_image(blk->node, bs);
        blk->node = NULL;
    } else {
        blk_set_image(blk, NULL);
    }
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
        blk_tray_moved(blk, true);
    }
    return true;
}

static void close_tray(BlockBackend *blk)
{
    if (blk->dev_ops && blk->dev_ops->change_media_cb) {
        blk->dev_ops->change_media_cb(blk->dev_opaque, true);
        blk_tray_moved(blk, false);
    }
}

bool blk_eject(BlockBackend *blk, bool force, Error **errp)
{
    if (!check_removable(blk, errp) || !open_tray(blk, force, errp)) {
        return false;
    }
    blk_empty(blk);
    return true;
}

bool blk_change_medium(BlockBackend *blk, const char *filename, const char *format, const char *access,
                       bool force, Error **errp)
{
    BlockDriverState *bs;
    bool read_only;

    if (!check_removable(blk, errp)) {
        return false;
    }
    read_only = strcmp(access, "retain") ? !strcmp(access, "read-only")
                                         : blk->options.read_only || blk->options.snapshot;
    bs = image_open(filename, format, read_only ? 0 : IMAGE_WRITABLE, errp);
    if (!bs) {
        error_prepend(errp, "%s: ", filename);
        return false;
    }
    if (!open_tray(blk, force, errp)) {
        image_close(bs);
        return false;
    }
    blk_empty(blk);
    blk_set_image(blk, bs);
    close_tray(blk);
    return true;
}

bool blk_open_tray(BlockBackend *blk, bool force, Error **errp)
{
    return check_removable(blk, errp) && open_tray(blk, force, errp);
}

static bool tray_is_open(const BlockBackend *blk)
{
    return blk->dev_ops && blk->dev_ops->is_tray_open && blk->dev_ops->is_tray_open(blk->dev_opaque);
}

bool blk_close_tray(BlockBackend *blk, Error **errp)
{
    if (!check_removable(blk, errp)) {
        return false;
    }
    if (tray_is_open(blk)) {
        close_tray(blk);
    }
    return true;
}

/* A drive with a tray takes and gives media only while it is open. */
static bool check_open(const BlockBackend *blk, Error **errp)
{
    bool shut = blk->dev_ops && blk->dev_ops->is_tray_open && !tray_is_open(blk);

    if (shut) {
        error_setg(errp, "Tray of device '%s' is not open", blk->name);
    }
    return !shut && check_removable(blk, errp);
}

bool blk_remove_medium(BlockBackend *blk, Error **errp)
{
    if (!check_open(blk, errp)) {
        return false;
    }
    blk_empty(blk);
    return true;
}

bool blk_insert_medium(BlockBackend *blk, const char *node_name, Error **errp)
{
    BlockBackend *node = blk_by_name(node_name);

    if (!check_open(blk, errp)) {
        return false;
    }
    if (!node || !node->is_node) {
        error_setg(errp, "Cannot find device='' nor node-name='%s'", node_name);
        return false;
    }
    if (blk->bs) {
        error_setg(errp, "There already is a medium in device '%s'", blk->name);
        return false;
    }
    if (node->dev || node->lent_to) {
        error_setg(errp, "Node '%s' is already in use", node_name);
        return false;
    }
    blk_drain(node);
    readahead_invalidate(node, 0, INT64_MAX);
    blk_set_image(blk, node->bs);
    node->bs = NULL;
    node->lent_to = blk;
    blk->node = node;
    return true;
}

bool blk_resize(BlockBackend *blk, int64_t bytes, Error **errp)
{
    BlockDriverState *bs = blk->bs;

    if (!bs || bs->drv != &bdrv_raw || !(bs->flags & IMAGE_WRITABLE)) {
        error_setg(errp, "drive '%s': only a writable raw image can be resized", blk->name);
        return false;
    }
    if (bytes < 0 || bytes % BDRV_SECTOR_SIZE) {
        error_setg(errp, "Parameter 'size' expects a multiple of %d", BDRV_SECTOR_SIZE);
        return false;
    }
    blk_drain(blk);
    if (ftruncate(bs->file->fd, bytes) < 0) {
        error_setg_errno(errp, errno, "drive '%s': cannot resize", blk->name);
        return false;
    }
    bs->length = bytes;
    readahead_invalidate(blk, 0, INT64_MAX);
    if (blk->dev_ops && blk->dev_ops->resize_cb) {
        blk->dev_ops->resize_cb(blk->dev_opaque);
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
