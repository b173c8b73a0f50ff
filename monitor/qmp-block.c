/*
 * QMP: disks and removable media.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "monitor/qmp-int.h"
#include "block/backend.h"
#include "hw/qdev.h"
#include "qemu/json-options.h"

/* --- what there is ------------------------------------------------------------------------ */

static json_t *image_info(const BlockDriverState *bs)
{
    struct stat st;
    json_t *info = json_pack("{s:s,s:s,s:I}", "filename", bs->filename, "format", bs->drv->name,
                             "virtual-size", (json_int_t)bs->length);

    if (bs->file && fstat(bs->file->fd, &st) == 0) {
        json_object_set_new(info, "actual-size", json_integer(st.st_blocks * INT64_C(512)));
    }
    if (bs->backing) {
        json_object_set_new(info, "backing-filename", json_string(bs->backing->filename));
        json_object_set_new(info, "backing-image", image_info(bs->backing));
    }
    return info;
}

/* What the user knows of: not the layer of -snapshot. */
static const BlockDriverState *image_of(const BlockBackend *blk)
{
    return blk->bs && blk->bs->drv == &bdrv_overlay ? blk->bs->backing : blk->bs;
}

static json_t *device_info(BlockBackend *blk, const BlockDriverState *bs, const char *node_name)
{
    const DriveOptions *opt = &blk->options;
    int depth = 0;
    json_t *info;

    for (const BlockDriverState *b = bs->backing; b; b = b->backing) {
        depth++;
    }
    info = json_pack("{s:s,s:s,s:b,s:s,s:i,s:b,s:s,s:i,s:i,s:i,s:i,s:i,s:i,s:o,s:{s:b,s:b,s:b},s:i}",
        "file", bs->filename, "node-name", node_name, "ro", blk_is_read_only(blk), "drv", bs->drv->name,
        "backing_file_depth", depth, "encrypted", false,
        "detect_zeroes", !opt->detect_zeroes ? "off" : opt->discard_unmap ? "unmap" : "on",
        "bps", 0, "bps_rd", 0, "bps_wr", 0, "iops", 0, "iops_rd", 0, "iops_wr", 0,
        "image", image_info(bs), "cache", "writeback", blk_enable_write_cache(blk), "direct", false,
        "no-flush", opt->cache_unsafe, "write_threshold", 0);
    if (bs->backing) {
        json_object_set_new(info, "backing_file", json_string(bs->backing->filename));
    }
    return info;
}

static json_t *block_info_of(BlockBackend *blk)
{
    const BlockDevOps *ops = blk->dev_ops;
    bool locked = ops && ops->is_medium_locked && ops->is_medium_locked(blk->dev_opaque);
    g_autofree char *qdev = blk_dev_id(blk);
    json_t *info = json_pack("{s:s,s:s*,s:s,s:b,s:b}", "device", blk->is_node ? "" : blk->name,
                             "qdev", qdev, "type", "unknown", "removable", blk->removable, "locked", locked);

    if (blk->bs) {
        json_object_set_new(info, "inserted", device_info(blk, image_of(blk), (blk->node ? blk->node : blk)->name));
    }
    if (blk->removable && ops) {
        json_object_set_new(info, "tray_open", json_boolean(ops->is_tray_open && ops->is_tray_open(blk->dev_opaque)));
    } else if (!blk->removable) {
        json_object_set_new(info, "io-status", json_string(blk->failed == ENOSPC ? "nospace"
                                                           : blk->failed ? "failed" : "ok"));
    }
    return info;
}

json_t *qmp_query_block(json_t *args, Error **errp)
{
    json_t *list = json_array();

    for (BlockBackend *blk = all_backends; blk; blk = blk->next) {
        if (!blk->is_node || blk->dev) {
            json_array_append_new(list, block_info_of(blk));
        }
    }
    return list;
}

json_t *qmp_query_named_block_nodes(json_t *args, Error **errp)
{
    json_t *list = json_array();

    for (BlockBackend *blk = all_backends; blk; blk = blk->next) {
        if (blk->bs) {
            json_array_append_new(list, device_info(blk, image_of(blk), (blk->node ? blk->node : blk)->name));
        }
    }
    return list;
}

static json_t *stats_of(BlockBackend *blk)
{
    static const struct { const char *word; RequestKind kind; } kinds[] = {
        { "rd", REQ_READ }, { "wr", REQ_WRITE }, { "flush", REQ_FLUSH }, { "unmap", REQ_DISCARD },
    };
    json_t *stats = json_pack("{s:I,s:b,s:b,s:[]}", "wr_highest_offset", (json_int_t)blk->highest_write,
                              "account_invalid", false, "account_failed", true, "timed_stats");

    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
        const BlockAccount *account = &blk->accounts[kinds[i].kind];
        const struct { const char *fmt; int64_t value; } rows[] = {
            { "%s_operations", account->operations }, { "%s_total_time_ns", account->time_ns },
            { "failed_%s_operations", account->failed }, { "invalid_%s_operations", 0 },
            { "%s_bytes", account->bytes }, { "%s_merged", 0 },
        };

        for (size_t j = 0; j < ARRAY_SIZE(rows) - (kinds[i].kind == REQ_FLUSH ? 2 : 0); j++) {
            g_autofree char *name = g_strdup_printf(rows[j].fmt, kinds[i].word);

            json_object_set_new(stats, name, json_integer(rows[j].value));
        }
    }
    return stats;
}

json_t *qmp_query_blockstats(json_t *args, Error **errp)
{
    json_t *list = json_array();
    bool nodes = qmp_bool(args, "query-nodes");

    for (BlockBackend *blk = all_backends; blk; blk = blk->next) {
        g_autofree char *qdev = blk_dev_id(blk);

        if (nodes ? !blk->bs : blk->is_node && !blk->dev) {
            continue;
        }
        json_array_append_new(list, json_pack("{s:s*,s:s*,s:s*,s:o}",
            "device", nodes || blk->is_node ? NULL : blk->name, "qdev", nodes ? NULL : qdev,
            "node-name", blk->bs ? blk->name : NULL, "stats", stats_of(blk)));
    }
    return list;
}

/* --- nodes -------------------------------------------------------------------------------- */

json_t *qmp_blockdev_add(json_t *args, Error **errp)
{
    g_autofree char *options = json_to_options(args);

    return qmp_done_if(blockdev_add(options, errp));
}

json_t *qmp_blockdev_del(json_t *args, Error **errp)
{
    return qmp_done_if(blockdev_del(qmp_str(args, "node-name"), errp));
}

/* --- removable media ------------------------------------------------------------------------ */

/* By the drive's name or by its device, one of them. NULL: error set. */
static BlockBackend *find_drive(const char *device, const char *id, Error **errp)
{
    BlockBackend *blk = NULL;

    if (!device == !id) {
        error_setg(errp, "Exactly one of 'device' and 'id' is needed");
        return NULL;
    }
    if (device) {
        blk = blk_by_name(device);
    }
    for (BlockBackend *b = all_backends; id && b && !blk; b = b->next) {
        g_autofree char *name = blk_dev_id(b), *path = b->dev ? object_path(OBJECT(b->dev)) : NULL;

        if (b->dev && (!g_strcmp0(OBJECT(b->dev)->id, id) || !strcmp(name, id) || !strcmp(path, id))) {
            blk = b;
        }
    }
    if (!blk) {
        error_setg(errp, "Device '%s' not found", device ? device : id);
        error_set_class(errp, ERROR_DEVICE_NOT_FOUND);
    }
    return blk;
}

static BlockBackend *drive_of(json_t *args, Error **errp)
{
    return find_drive(qmp_str(args, "device"), qmp_str(args, "id"), errp);
}

json_t *qmp_eject(json_t *args, Error **errp)
{
    BlockBackend *blk = drive_of(args, errp);

    return qmp_done_if(blk && blk_eject(blk, qmp_bool(args, "force"), errp));
}

json_t *qmp_blockdev_change_medium(json_t *args, Error **errp)
{
    BlockBackend *blk = drive_of(args, errp);
    const char *mode = qmp_str(args, "read-only-mode");

    if (!blk) {
        return NULL;
    }
    return qmp_done_if(blk_change_medium(blk, qmp_str(args, "filename"), qmp_str(args, "format"),
                                         mode ? mode : "retain", qmp_bool(args, "force"), errp));
}

json_t *qmp_change(json_t *args, Error **errp)
{
    BlockBackend *blk = find_drive(qmp_str(args, "device"), NULL, errp);

    return qmp_done_if(blk && blk_change_medium(blk, qmp_str(args, "target"), qmp_str(args, "arg"), "retain",
                                         false, errp));
}

json_t *qmp_blockdev_open_tray(json_t *args, Error **errp)
{
    BlockBackend *blk = drive_of(args, errp);

    return qmp_done_if(blk && blk_open_tray(blk, qmp_bool(args, "force"), errp));
}

json_t *qmp_blockdev_close_tray(json_t *args, Error **errp)
{
    BlockBackend *blk = drive_of(args, errp);

    return qmp_done_if(blk && blk_close_tray(blk, errp));
}

json_t *qmp_blockdev_remove_medium(json_t *args, Error **errp)
{
    BlockBackend *blk = drive_of(args, errp);

    return qmp_done_if(blk && blk_remove_medium(blk, errp));
}

json_t *qmp_blockdev_insert_medium(json_t *args, Error **errp)
{
    BlockBackend *blk = drive_of(args, errp);

    return qmp_done_if(blk && blk_insert_medium(blk, qmp_str(args, "node-name"), errp));
}

json_t *qmp_block_resize(json_t *args, Error **errp)
{
    const char *name = qmp_str(args, "device") ? qmp_str(args, "device") : qmp_str(args, "node-name");
    BlockBackend *blk = name ? blk_by_name(name) : NULL;

    if (!blk) {
        error_setg(errp, "Device '%s' not found", name ? name : "");
        error_set_class(errp, ERROR_DEVICE_NOT_FOUND);
        return NULL;
    }
    return qmp_done_if(blk_resize(blk, qmp_int(args, "size", 0), errp));
}
