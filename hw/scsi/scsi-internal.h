/*
 * SCSI disks and CDs: what their files share.
 *
 *   scsi-bus.c       the bus: who is where
 *   scsi-disk.c      devices, reads and writes, the life of a request
 *   scsi-commands.c  commands that are answered from a table of facts
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_SCSI_INTERNAL_H
#define HW_SCSI_INTERNAL_H

#include "hw/scsi.h"

struct SCSIDisk {
    DeviceState parent_obj;

    /* wiring */
    SCSIRequest *requests;      /* under way */
    BlockBackend *own_blk;      /* a CD-ROM drive's own, where "drive" is not given */
    bool is_cd;

    /* properties */
    BlockBackend *blk;
    char *serial, *vendor, *product, *version;
    uint32_t target, lun;       /* UINT32_MAX: the first free target */
    uint32_t block_bytes;       /* logical_block_size; 0: 512 or 2048 */

    /* guest state */
    uint8_t sense[3];           /* key, code, qualifier: for REQUEST SENSE */
    bool unit_attention;        /* reset or a new medium, not yet told */
    uint8_t attention_code;
    bool locked, tray_open, write_cache;
    uint8_t media_event;
};
#define SCSI_DISK(o) OBJECT_CHECK(SCSIDisk, (o), TYPE_SCSI_DISK)

/* Ends of a request. */
void scsi_good(SCSIRequest *req);
void scsi_fail(SCSIRequest *req, uint8_t key, uint16_t code);
/* Answer with `bytes` of req->buf, cut to the allocation length. */
void scsi_reply(SCSIRequest *req, uint32_t bytes, uint32_t allocation);
uint64_t scsi_blocks(const SCSIDisk *s);    /* 0: no medium */
/* Ask for `bytes` of parameters; then `next` runs with them in req->buf. */
void scsi_take_parameters(SCSIRequest *req, uint32_t bytes, void (*next)(SCSIRequest *req));
/* The request waits for this; the flush, discard or zeroing is over. */
void scsi_simple_done(void *opaque, int ret);
/* scsi-commands.c. False: not one of its commands. */
bool scsi_table_command(SCSIRequest *req);

#endif
