/*
 * SCSI disks and CD drives: devices, data transfer, the life of a request
 * (SPC-3, SBC-3).
 *
 * Bus "SCSI"   place "scsi-id" and "lun"
 * Properties   "drive", "serial", "vendor", "product", "ver",
 *              "logical_block_size"
 * Left out     tagged ordering beyond what the block layer guarantees,
 *              persistent reservations
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/scsi/scsi-internal.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "sysemu/sysemu.h"
#include "trace/hw-scsi.h"

enum { READ_6 = 0x08, WRITE_6 = 0x0a, READ_10 = 0x28, WRITE_10 = 0x2a, WRITE_VERIFY_10 = 0x2e,
       READ_16 = 0x88, WRITE_16 = 0x8a, READ_12 = 0xa8, WRITE_12 = 0xaa };
enum { CODE_NO_SEEK = 0x2100, CODE_READ_ERROR = 0x1100, CODE_WRITE_ERROR = 0x0c00,
       CODE_NO_MEDIUM = 0x3a00, CODE_WRITE_PROTECTED = 0x2700, CODE_RESET = 0x2900,
       CODE_NEW_MEDIUM = 0x2800, CODE_NO_LUN = 0x2500, CODE_INVALID_OPCODE = 0x2000 };
enum { INQUIRY = 0x12, REQUEST_SENSE = 0x03, REPORT_LUNS = 0xa0, GET_EVENT_STATUS = 0x4a };
enum { CD_BLOCK = 2048, FUA = 0x08 };

uint64_t scsi_blocks(const SCSIDisk *s)
{
    int64_t bytes = s->tray_open ? 0 : blk_getlength(s->blk);

    return bytes > 0 ? bytes / s->block_bytes : 0;
}

/* --- ends ----------------------------------------------------------------- */

static void unlink_request(SCSIRequest *req)
{
    SCSIRequest **p = &req->dev->requests;

    while (*p && *p != req) {
        p = &(*p)->sibling;
    }
    if (*p) {
        *p = req->sibling;
    }
}

static void finish(SCSIRequest *req, uint8_t status)
{
    trace_scsi_complete(req->cdb[0], status);
    req->status = status;
    unlink_request(req);
    req->ops->complete(req, req->opaque);
}

void scsi_good(SCSIRequest *req)
{
    finish(req, SCSI_GOOD);
}

void scsi_fail(SCSIRequest *req, uint8_t key, uint16_t code)
{
    memset(req->sense, 0, sizeof(req->sense));
    req->sense[0] = 0x70;               /* current, fixed format */
    req->sense[2] = key;
    req->sense[7] = SCSI_SENSE_BYTES - 8;
    req->sense[12] = code >> 8;
    req->sense[13] = code;
    req->has_sense = true;
    req->dev->sense[0] = key;
    req->dev->sense[1] = code >> 8;
    req->dev->sense[2] = code;
    finish(req, SCSI_CHECK_CONDITION);
}

static void io_failed(SCSIRequest *req, int ret)
{
    if (ret == -ENOMEDIUM) {
        scsi_fail(req, SENSE_NOT_READY, CODE_NO_MEDIUM);
    } else if (blk_error_action_stop(req->dev->blk, req->to_host, -ret)) {
        req->stopped = true;
    } else {
        scsi_fail(req, SENSE_MEDIUM_ERROR, req->to_host ? CODE_READ_ERROR : CODE_WRITE_ERROR);
    }
}

void scsi_simple_done(void *opaque, int ret)
{
    SCSIRequest *req = opaque;

    req->acb = NULL;
    if (ret < 0) {
        scsi_fail(req, SENSE_MEDIUM_ERROR, CODE_WRITE_ERROR);
    } else {
        scsi_good(req);
    }
}

/* --- data ----------------------------------------------------------------- */

/* Hand a piece over, no more of it than the initiator has room or data for. */
static void transfer(SCSIRequest *req, uint32_t bytes)
{
    uint64_t room = req->host_limit - MIN(req->done, req->host_limit);

    req->part = bytes;
    req->done += bytes;
    if (room == 0) {
        if (!req->to_host) {
            memset(req->buf, 0, bytes);
        }
        req->next(req);
        return;
    }
    if (room < bytes && !req->to_host) {
        memset(req->buf + room, 0, bytes - room);
    }
    req->ops->transfer(req, req->opaque, req->buf, MIN((uint64_t)bytes, room), req->to_host);
}

static void *request_buffer(SCSIRequest *req, uint64_t bytes)
{
    if (!req->buf) {
        req->buf = g_malloc0(CLAMP(bytes, (uint64_t)4096, (uint64_t)SCSI_BUFFER_BYTES));
    }
    return req->buf;
}

void scsi_reply(SCSIRequest *req, uint32_t bytes, uint32_t allocation)
{
    req->to_host = true;
    req->total = MIN(bytes, allocation);
    req->next = scsi_good;
    if (req->total == 0) {
        scsi_good(req);
    } else {
        transfer(req, req->total);
    }
}

void scsi_take_parameters(SCSIRequest *req, uint32_t bytes, void (*next)(SCSIRequest *req))
{
    req->to_host = false;
    req->total = bytes;
    req->next = next;
    request_buffer(req, bytes);
    if (bytes == 0) {
        scsi_good(req);
    } else if (bytes > 4096 || bytes > req->host_limit) {
        scsi_fail(req, SENSE_ILLEGAL_REQUEST, 0x1a00);      /* parameter list length */
    } else {
        transfer(req, bytes);
    }
}

static void start_piece(SCSIRequest *req);

static void piece_done(void *opaque, int ret)
{
    SCSIRequest *req = opaque;

    req->acb = NULL;
    if (ret < 0) {
        io_failed(req, ret);
        return;
    }
    req->lba += req->part / req->dev->block_bytes;
    req->blocks_left -= req->part / req->dev->block_bytes;
    if (req->to_host) {
        transfer(req, req->part);
    } else {
        start_piece(req);
    }
}

static void write_piece(SCSIRequest *req)
{
    req->acb = blk_aio_pwrite(req->dev->blk, (int64_t)req->lba * req->dev->block_bytes, req->buf,
                              req->part, piece_done, req);
}

static bool wants_flush(const SCSIRequest *req)
{
    bool fua = req->cdb[0] != WRITE_6 && (req->cdb[1] & FUA);

    return !req->to_host && (fua || !req->dev->write_cache);
}

/* Read and hand over, or ask for data and write, until nothing is left. */
static void start_piece(SCSIRequest *req)
{
    SCSIDisk *s = req->dev;
    uint64_t left = (uint64_t)req->blocks_left * s->block_bytes;

    if (left == 0) {
        if (wants_flush(req)) {
            req->acb = blk_aio_flush(s->blk, scsi_simple_done, req);
        } else {
            scsi_good(req);
        }
        return;
    }
    req->part = MIN(left, (uint64_t)SCSI_BUFFER_BYTES);
    request_buffer(req, left);
    if (req->to_host) {
        req->next = start_piece;
        req->acb = blk_aio_pread(s->blk, (int64_t)req->lba * s->block_bytes, req->buf, req->part,
                                 piece_done, req);
    } else {
        req->next = write_piece;
        transfer(req, req->part);
    }
}

/* Address and count of a read or write. False: not one. */
static bool decode_transfer(SCSIRequest *req, bool *write)
{
    const uint8_t *c = req->cdb;

    *write = c[0] == WRITE_6 || c[0] == WRITE_10 || c[0] == WRITE_VERIFY_10 || c[0] == WRITE_12 ||
             c[0] == WRITE_16;
    switch (c[0]) {
    case READ_6:
    case WRITE_6:
        req->lba = (c[1] & 0x1f) << 16 | c[2] << 8 | c[3];
        req->blocks_left = c[4] ? c[4] : 256;
        return true;
    case READ_10:
    case WRITE_10:
    case WRITE_VERIFY_10:
        req->lba = ldl_be_p(c + 2);
        req->blocks_left = lduw_be_p(c + 7);
        return true;
    case READ_12:
    case WRITE_12:
        req->lba = ldl_be_p(c + 2);
        req->blocks_left = ldl_be_p(c + 6);
        return true;
    case READ_16:
    case WRITE_16:
        req->lba = ldq_be_p(c + 2);
        req->blocks_left = ldl_be_p(c + 10);
        return true;
    default:
        return false;
    }
}

static void run_transfer(SCSIRequest *req, bool write)
{
    SCSIDisk *s = req->dev;
    uint64_t blocks = scsi_blocks(s);

    if (blocks == 0) {
        scsi_fail(req, SENSE_NOT_READY, CODE_NO_MEDIUM);
    } else if (write && blk_is_read_only(s->blk)) {
        scsi_fail(req, SENSE_DATA_PROTECT, CODE_WRITE_PROTECTED);
    } else if (req->lba > blocks || req->blocks_left > blocks - req->lba) {
        scsi_fail(req, SENSE_ILLEGAL_REQUEST, CODE_NO_SEEK);
    } else {
        req->to_host = !write;
        req->total = (uint64_t)req->blocks_left * s->block_bytes;
        start_piece(req);
    }
}

/* --- requests ------------------------------------------------------------- */

SCSIRequest *scsi_req_new(SCSIDisk *dev, const uint8_t *cdb, size_t cdb_bytes, uint64_t data_limit,
                          bool lun_ok, const SCSIRequestOps *ops, void *opaque)
{
    SCSIRequest *req = g_new0(SCSIRequest, 1);

    req->dev = dev;
    memcpy(req->cdb, cdb, MIN(cdb_bytes, sizeof(req->cdb)));
    req->host_limit = data_limit;
    req->ops = ops;
    req->opaque = opaque;
    req->sibling = dev->requests;
    dev->requests = req;
    if (!lun_ok) {
        req->blocks_left = UINT32_MAX;      /* told apart in scsi_req_run */
    }
    return req;
}

/* SPC-3, 6.4.1: a unit that is not there answers INQUIRY alone. */
static void run_without_unit(SCSIRequest *req)
{
    request_buffer(req, 0);
    if (req->cdb[0] == INQUIRY && !(req->cdb[1] & 1)) {
        req->buf[0] = 0x7f;
        req->buf[4] = 31;
        scsi_reply(req, 36, lduw_be_p(req->cdb + 3));
    } else {
        scsi_fail(req, SENSE_ILLEGAL_REQUEST, CODE_NO_LUN);
    }
}

void scsi_req_run(SCSIRequest *req)
{
    SCSIDisk *s = req->dev;
    uint8_t op = req->cdb[0];
    bool write;

    trace_scsi_command(op);
    if (req->blocks_left == UINT32_MAX && op != REPORT_LUNS) {
        req->blocks_left = 0;
        run_without_unit(req);
        return;
    }
    req->blocks_left = 0;
    if (s->unit_attention && op != INQUIRY && op != REPORT_LUNS && op != REQUEST_SENSE &&
        op != GET_EVENT_STATUS) {
        s->unit_attention = false;
        scsi_fail(req, SENSE_UNIT_ATTENTION, s->attention_code << 8);
        return;
    }
    if (decode_transfer(req, &write)) {
        run_transfer(req, write);
        return;
    }
    request_buffer(req, 0);
    if (!scsi_table_command(req)) {
        qemu_log_mask(LOG_UNIMP, "%s: command 0x%02x\n", OBJECT(s)->type->name, op);
        scsi_fail(req, SENSE_ILLEGAL_REQUEST, CODE_INVALID_OPCODE);
    }
}

void scsi_req_continue(SCSIRequest *req)
{
    req->next(req);
}

void scsi_req_free(SCSIRequest *req)
{
    g_free(req->buf);
    g_free(req);
}

void scsi_req_cancel(SCSIRequest *req)
{
    if (req->acb) {
        blk_aio_cancel(req->acb);
        req->acb = NULL;
    }
    unlink_request(req);
    scsi_req_free(req);
}

static void vm_state_changed(void *opaque, bool running, RunState state)
{
    SCSIDisk *s = opaque;
    SCSIRequest *req, *next;

    for (req = running ? s->requests : NULL; req; req = next) {
        next = req->sibling;
        if (req->stopped) {
            req->stopped = false;
            if (req->to_host) {
                start_piece(req);
            } else {
                write_piece(req);
            }
        }
    }
}

/* --- devices -------------------------------------------------------------- */

void scsi_device_reset(SCSIDisk *s)
{
    memset(s->sense, 0, sizeof(s->sense));
    s->unit_attention = true;
    s->attention_code = CODE_RESET >> 8;
    s->locked = false;
    s->media_event = 0;
    s->write_cache = s->blk ? blk_enable_write_cache(s->blk) : true;
}

static void disk_reset(DeviceState *dev)
{
    SCSIDisk *s = SCSI_DISK(dev);

    s->tray_open = false;
    scsi_device_reset(s);
}

static void change_media(void *opaque, bool load)
{
    SCSIDisk *s = opaque;

    s->tray_open = !load;
    s->unit_attention = load;
    s->attention_code = CODE_NEW_MEDIUM >> 8;
    s->media_event = load ? 2 : 3;
}

static bool tray_is_open(void *opaque)
{
    return ((SCSIDisk *)opaque)->tray_open;
}

static bool medium_is_locked(void *opaque)
{
    return ((SCSIDisk *)opaque)->locked;
}

static void eject_request(void *opaque, bool force)
{
    SCSIDisk *s = opaque;

    s->media_event = 1;                 /* the eject button */
    if (force) {
        s->locked = false;
    }
}

static const BlockDevOps cd_dev_ops = {
    .change_media_cb = change_media, .eject_request_cb = eject_request,
    .is_tray_open = tray_is_open, .is_medium_locked = medium_is_locked,
};

static bool check_drive(SCSIDisk *s, Error **errp)
{
    if (!s->blk && s->is_cd) {
        s->blk = s->own_blk = blk_new_empty_cd();
    }
    if (!s->blk) {
        error_setg(errp, "property 'drive' is not set");
        return false;
    }
    if (!s->is_cd && !blk_is_inserted(s->blk)) {
        error_setg(errp, "drive '%s' has no medium", blk_name(s->blk));
        return false;
    }
    if (s->block_bytes == 0) {
        s->block_bytes = s->is_cd ? CD_BLOCK : BDRV_SECTOR_SIZE;
    }
    if (s->block_bytes < BDRV_SECTOR_SIZE || s->block_bytes > 32 * KiB ||
        (s->block_bytes & (s->block_bytes - 1))) {
        error_setg(errp, "logical_block_size=%u: a power of two from 512 to 32768", s->block_bytes);
        return false;
    }
    if (!blk_attach_dev(s->blk, s)) {
        error_setg(errp, "drive '%s' is already in use", blk_name(s->blk));
        return false;
    }
    return true;
}

static void free_own_blk(SCSIDisk *s)
{
    if (s->own_blk) {
        blk_free(s->own_blk);
        s->blk = s->own_blk = NULL;
    }
}

static void default_string(char **field, const char *value)
{
    if (!*field && value) {
        *field = g_strdup(value);
    }
}

static void tell_bus(SCSIDisk *s, bool present)
{
    SCSIBus *bus = (SCSIBus *)s->parent_obj.parent_bus;

    if (bus->changed) {
        bus->changed(bus, s->target, s->lun, present);
    }
}

static bool disk_realize(DeviceState *dev, Error **errp)
{
    SCSIDisk *s = SCSI_DISK(dev);

    if (!check_drive(s, errp)) {
        free_own_blk(s);
        return false;
    }
    default_string(&s->serial, blk_serial(s->blk));
    default_string(&s->vendor, "QEMU");
    default_string(&s->product, s->is_cd ? "QEMU CD-ROM" : "QEMU HARDDISK");
    default_string(&s->version, "2.5+");
    if (s->is_cd) {
        blk_set_dev_ops(s->blk, &cd_dev_ops, s);
    }
    qemu_add_vm_change_state_handler(vm_state_changed, s);
    tell_bus(s, true);
    return true;
}

static void disk_unrealize(DeviceState *dev)
{
    SCSIDisk *s = SCSI_DISK(dev);

    qemu_del_vm_change_state_handler(vm_state_changed, s);
    while (s->requests) {
        const SCSIRequestOps *ops = s->requests->ops;
        void *opaque = s->requests->opaque;

        scsi_req_cancel(s->requests);
        ops->gone(opaque);
    }
    tell_bus(s, false);
    blk_detach_dev(s->blk, s);
    free_own_blk(s);
}

static void cd_init(Object *obj)
{
    ((SCSIDisk *)obj)->is_cd = true;
}

static const VMStateField disk_fields[] = {
    VMSTATE_BUFFER(sense, SCSIDisk), VMSTATE_BOOL(unit_attention, SCSIDisk),
    VMSTATE_UINT8(attention_code, SCSIDisk), VMSTATE_BOOL(locked, SCSIDisk),
    VMSTATE_BOOL(tray_open, SCSIDisk), VMSTATE_BOOL(write_cache, SCSIDisk),
    VMSTATE_UINT8(media_event, SCSIDisk), VMSTATE_END
};
static const VMStateDescription vmstate_disk = {
    .name = TYPE_SCSI_DISK, .version = 1, .fields = disk_fields,
};

static const Property disk_props[] = {
    DEFINE_PROP_DRIVE("drive", SCSIDisk, blk),
    DEFINE_PROP_STRING("serial", SCSIDisk, serial),
    DEFINE_PROP_STRING("vendor", SCSIDisk, vendor),
    DEFINE_PROP_STRING("product", SCSIDisk, product),
    DEFINE_PROP_STRING("ver", SCSIDisk, version),
    DEFINE_PROP_UINT32("scsi-id", SCSIDisk, target, UINT32_MAX),
    DEFINE_PROP_UINT32("lun", SCSIDisk, lun, 0),
    DEFINE_PROP_UINT32("logical_block_size", SCSIDisk, block_bytes, 0),
    DEFINE_PROP_BOOTINDEX,
    DEFINE_PROP_END
};

static const TypeInfo disk_info = {
    .name = TYPE_SCSI_DISK, .parent = "device", .instance_size = sizeof(SCSIDisk),
    .realize = disk_realize, .unrealize = disk_unrealize, .reset = disk_reset,
    .props = disk_props, .vmsd = &vmstate_disk, .bus_type = TYPE_SCSI_BUS,
};
DEFINE_TYPE(disk_info)

static const TypeInfo hd_info = {
    .name = "scsi-hd", .parent = TYPE_SCSI_DISK, .desc = "SCSI disk",
    .instance_size = sizeof(SCSIDisk), .user_creatable = true, .category = "storage",
};
DEFINE_TYPE(hd_info)

static const TypeInfo scsi_cd_info = {
    .name = "scsi-cd", .parent = TYPE_SCSI_DISK, .desc = "SCSI CD-ROM drive",
    .instance_size = sizeof(SCSIDisk), .init = cd_init, .user_creatable = true,
    .category = "storage",
};
DEFINE_TYPE(scsi_cd_info)
