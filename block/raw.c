/*
 * Raw images: byte n of the disk is byte n of the file.
 *
 * A size that is no multiple of the sector is rounded up; the missing bytes
 * read as zeros.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "block/block_int.h"

static bool raw_open(BlockDriverState *bs, Error **errp)
{
    int64_t size = host_file_size(bs->file);

    if (size < 0) {
        error_setg_errno(errp, -size, "cannot find out the size");
        return false;
    }
    bs->length = ROUND_UP(size, BDRV_SECTOR_SIZE);
    return true;
}

static void raw_close(BlockDriverState *bs)
{
}

static int raw_pread(BlockDriverState *bs, int64_t offset, void *buf, int64_t bytes)
{
    return host_file_pread(bs->file, offset, buf, bytes);
}

static int raw_pwrite(BlockDriverState *bs, int64_t offset, const void *buf, int64_t bytes)
{
    return host_file_pwrite(bs->file, offset, buf, bytes);
}

static int raw_flush(BlockDriverState *bs)
{
    return host_file_sync(bs->file);
}

static int raw_pdiscard(BlockDriverState *bs, int64_t offset, int64_t bytes)
{
    int ret = host_file_punch(bs->file, offset, bytes);

    return ret == -ENOTSUP ? 0 : ret;
}

static int raw_pwrite_zeroes(BlockDriverState *bs, int64_t offset, int64_t bytes)
{
    return host_file_punch(bs->file, offset, bytes);
}

const BlockDriver bdrv_raw = {
    .name = "raw",
    .open = raw_open,
    .close = raw_close,
    .pread = raw_pread,
    .pwrite = raw_pwrite,
    .flush = raw_flush,
    .pdiscard = raw_pdiscard,
    .pwrite_zeroes = raw_pwrite_zeroes,
};
