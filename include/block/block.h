/*
 * Disk images: a BlockBackend is what a drive hands to a device.
 *
 * Requests run on worker threads; completions come in the main loop under the
 * BQL. Requests that overlap are ordered. Sectors are 512 bytes.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BLOCK_BLOCK_H
#define BLOCK_BLOCK_H

#include "qemu/error.h"

#define BDRV_SECTOR_BITS 9
#define BDRV_SECTOR_SIZE 512

typedef struct BlockBackend BlockBackend;
typedef struct BlockAIOCB BlockAIOCB;
/* ret: 0, or -errno */
typedef void BlockCompletionFunc(void *opaque, int ret);

typedef enum { IF_DEFAULT = -1, IF_NONE, IF_IDE, IF_SCSI, IF_FLOPPY, IF_VIRTIO, IF_PFLASH, IF_MTD, IF_SD } BlockInterfaceType;

typedef struct DriveInfo {
    BlockInterfaceType type;
    int bus, unit;
    bool media_cd;
    BlockBackend *blk;
    char *id, *serial;
} DriveInfo;

/* -drive / -hda..: parse and open. if_type default is the machine's. */
DriveInfo *drive_new(const char *optstr, BlockInterfaceType default_if, bool snapshot, Error **errp);
/* -blockdev, in order; then once finish, which makes drives of files that stand alone. */
bool blockdev_add(const char *optstr, Error **errp);
bool blockdev_finish(Error **errp);
/* Ends a node that nobody uses. */
bool blockdev_del(const char *name, Error **errp);
/* A drive of the file node called name, when there is one that no image uses; NULL: none. */
struct BlockBackend *blockdev_file_drive(const char *name);
DriveInfo *drive_get(BlockInterfaceType type, int bus, int unit);      /* NULL: none */
/* serial= of the drive, or NULL. */
const char *blk_serial(BlockBackend *blk);
/* Calls fn for each drive in order of appearance until it returns false. */
bool drive_foreach(bool (*fn)(DriveInfo *info, void *opaque, Error **errp), void *opaque,
                   Error **errp);
BlockBackend *blk_by_name(const char *id);
bool drive_check_orphaned(Error **errp);    /* false: no device took some drive */

/* For a CD-ROM drive without drive=: nothing in it yet, no name. blk_free ends it. */
BlockBackend *blk_new_empty_cd(void);
void blk_free(BlockBackend *blk);
bool blk_is_inserted(BlockBackend *blk);
bool blk_is_read_only(BlockBackend *blk);
int64_t blk_getlength(BlockBackend *blk);       /* bytes, rounded up to a sector; -errno */
const char *blk_name(BlockBackend *blk);

/* What happens at media change, for the device. */
typedef struct BlockDevOps {
    void (*change_media_cb)(void *opaque, bool load);
    void (*eject_request_cb)(void *opaque, bool force);
    bool (*is_tray_open)(void *opaque);
    bool (*is_medium_locked)(void *opaque);
    void (*resize_cb)(void *opaque);
} BlockDevOps;
/* A device claims the backend; false: already taken. */
bool blk_attach_dev(BlockBackend *blk, void *dev);
bool blk_is_attached(const BlockBackend *blk);
void blk_detach_dev(BlockBackend *blk, void *dev);
void blk_set_dev_ops(BlockBackend *blk, const BlockDevOps *ops, void *opaque);

/* Asynchronous; buf stays the caller's until cb. Byte offsets and lengths. */
BlockAIOCB *blk_aio_pread(BlockBackend *blk, int64_t offset, void *buf, int64_t bytes, BlockCompletionFunc *cb, void *opaque);
BlockAIOCB *blk_aio_pwrite(BlockBackend *blk, int64_t offset, const void *buf, int64_t bytes, BlockCompletionFunc *cb, void *opaque);
BlockAIOCB *blk_aio_flush(BlockBackend *blk, BlockCompletionFunc *cb, void *opaque);
BlockAIOCB *blk_aio_pdiscard(BlockBackend *blk, int64_t offset, int64_t bytes, BlockCompletionFunc *cb, void *opaque);
/* The range reads as zeros afterwards; may_unmap: its space may be given back. */
BlockAIOCB *blk_aio_pwrite_zeroes(BlockBackend *blk, int64_t offset, int64_t bytes, bool may_unmap,
                                  BlockCompletionFunc *cb, void *opaque);
/* Off: each write is on the medium when it completes. */
bool blk_enable_write_cache(BlockBackend *blk);
void blk_set_enable_write_cache(BlockBackend *blk, bool enable);
bool blk_discards(BlockBackend *blk);           /* discard=unmap */
/* cb is not called (the transfer may still take place); waits until buf is free. */
void blk_aio_cancel(BlockAIOCB *acb);

/*
 * For a small read that the guest waits for in a polling loop. True: buf is
 * filled. False: the data did not come within a few milliseconds (or the read
 * fails); use blk_aio_pread. Reads ahead; sees all writes made before. BQL.
 */
bool blk_pread_quick(BlockBackend *blk, int64_t offset, void *buf, int64_t bytes);

/* Synchronous, for realize and loaders. 0 or -errno. */
int blk_pread(BlockBackend *blk, int64_t offset, void *buf, int64_t bytes);
int blk_pwrite(BlockBackend *blk, int64_t offset, const void *buf, int64_t bytes);
int blk_flush(BlockBackend *blk);
void blk_drain_all(void);       /* wait until no request is under way */
void blk_close_all(void);       /* drain, flush, close: at exit */

/*
 * After a failed request. True: the machine stops (werror=enospc/stop) and the
 * device must keep the request and run it again from its VM-change handler.
 */
bool blk_error_action_stop(BlockBackend *blk, bool is_read, int error);

/* Monitor: removable media, info block. */
/* format NULL: as before or probed. access: "retain", "read-only" or "read-write". */
bool blk_change_medium(BlockBackend *blk, const char *filename, const char *format, const char *access,
                       bool force, Error **errp);
bool blk_eject(BlockBackend *blk, bool force, Error **errp);
bool blk_open_tray(BlockBackend *blk, bool force, Error **errp);
bool blk_close_tray(BlockBackend *blk, Error **errp);
/* The tray is open, or there is none. */
bool blk_remove_medium(BlockBackend *blk, Error **errp);
/* The image of a node of blockdev_add; a removed medium goes back to its node. */
bool blk_insert_medium(BlockBackend *blk, const char *node_name, Error **errp);
/* The device has moved its tray: clients are told. BQL. */
void blk_tray_moved(BlockBackend *blk, bool open);
/* A new size in bytes, also for the device. Raw images alone. */
bool blk_resize(BlockBackend *blk, int64_t bytes, Error **errp);
void block_info(void (*print)(void *opaque, const char *fmt, ...), void *opaque);

#endif
