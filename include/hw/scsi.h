/*
 * SCSI targets behind any transport: devices "scsi-hd" and "scsi-cd" on a
 * "SCSI" bus (SPC-3, SBC-3, MMC-5).
 *
 * A host adapter makes a request with the command's bytes and lets it run. The
 * target calls transfer() for each piece of data, in order: it has filled buf
 * (to_host), or wants it filled. The adapter answers with scsi_req_continue,
 * at once or later. complete() ends the request. All under the BQL.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_SCSI_H
#define HW_SCSI_H

#include "block/block.h"
#include "hw/qdev.h"

#define TYPE_SCSI_BUS "SCSI"
#define TYPE_SCSI_DISK "scsi-disk"

enum { SCSI_CDB_MAX = 32, SCSI_SENSE_BYTES = 18, SCSI_BUFFER_BYTES = 1 << 20 };
enum { SCSI_GOOD = 0x00, SCSI_CHECK_CONDITION = 0x02, SCSI_BUSY = 0x08 };
enum { SENSE_NO_SENSE = 0, SENSE_NOT_READY = 2, SENSE_MEDIUM_ERROR = 3, SENSE_HARDWARE_ERROR = 4,
       SENSE_ILLEGAL_REQUEST = 5, SENSE_UNIT_ATTENTION = 6, SENSE_DATA_PROTECT = 7 };

typedef struct SCSIBus SCSIBus;
typedef struct SCSIDisk SCSIDisk;
typedef struct SCSIRequest SCSIRequest;

typedef struct SCSIRequestOps {
    /* len bytes at buf: to be taken (to_host) or to be put there. Then scsi_req_continue. */
    void (*transfer)(SCSIRequest *req, void *opaque, uint8_t *buf, uint32_t len, bool to_host);
    /* The last call; status and sense are set. The adapter may free the request. */
    void (*complete)(SCSIRequest *req, void *opaque);
    /* Or this is it: the unit is removed, and the request freed. */
    void (*gone)(void *opaque);
} SCSIRequestOps;

struct SCSIRequest {
    SCSIDisk *dev;
    const SCSIRequestOps *ops;
    void *opaque;
    uint8_t cdb[SCSI_CDB_MAX];

    /* the data: how much there is, how much has moved */
    bool to_host;
    uint64_t total, done;
    uint64_t host_limit;        /* what the adapter has room or data for */

    /* the end */
    uint8_t status;
    uint8_t sense[SCSI_SENSE_BYTES];
    bool has_sense;

    /* the target's own */
    BlockAIOCB *acb;
    uint8_t *buf;
    uint32_t part;              /* bytes in buf */
    uint64_t lba;
    uint32_t blocks_left;
    void (*next)(SCSIRequest *req);     /* after the adapter took or gave a piece */
    bool stopped;               /* to run again when the machine continues */
    SCSIRequest *sibling;       /* in the device's list */
};

struct SCSIBus {
    BusState qbus;
    int max_target, max_lun;
    /* A unit has come or goes. NULL: the initiator finds out by itself. */
    void (*changed)(SCSIBus *bus, int target, int lun, bool present);
};

/* An embedded bus below dev. */
void scsi_bus_init(SCSIBus *bus, DeviceState *dev, const char *name, int max_target, int max_lun);
/* NULL: nothing there. */
SCSIDisk *scsi_bus_find(SCSIBus *bus, int target, int lun);
/* Any logical unit of the target, for commands that every target answers. */
SCSIDisk *scsi_bus_find_target(SCSIBus *bus, int target);

/* data_limit: bytes the initiator has room for, or gives. lun_ok false: the unit does not exist. */
SCSIRequest *scsi_req_new(SCSIDisk *dev, const uint8_t *cdb, size_t cdb_bytes, uint64_t data_limit,
                          bool lun_ok, const SCSIRequestOps *ops, void *opaque);
/* Starts; callbacks may come before it returns. */
void scsi_req_run(SCSIRequest *req);
void scsi_req_continue(SCSIRequest *req);
/* No callback comes any more; frees. */
void scsi_req_cancel(SCSIRequest *req);
void scsi_req_free(SCSIRequest *req);
void scsi_device_reset(SCSIDisk *dev);

#endif
