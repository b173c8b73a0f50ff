/*
 * SCSI commands other than reads and writes (SPC-3, SBC-3, MMC-5). One row and
 * one function for each.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/scsi/scsi-internal.h"
#include "qemu/bswap.h"

enum { CODE_INVALID_FIELD = 0x2400, CODE_NO_MEDIUM = 0x3a00, CODE_NO_SEEK = 0x2100,
       CODE_LOCKED = 0x5302, CODE_INVALID_PARAMETER = 0x2600 };
enum { FOR_HD = 1, FOR_CD = 2, FOR_BOTH = 3, NEEDS_MEDIUM = 4 };
enum { MAX_UNMAP_BLOCKS = 0x200000, MAX_ZERO_BLOCKS = 0x200000 };

typedef struct Command {
    void (*run)(SCSIRequest *req, SCSIDisk *s, const uint8_t *cdb, uint8_t *buf);
    uint8_t flags;
} Command;

static void invalid_field(SCSIRequest *req)
{
    scsi_fail(req, SENSE_ILLEGAL_REQUEST, CODE_INVALID_FIELD);
}

static void put_padded(uint8_t *p, const char *text, unsigned bytes)
{
    size_t n = text ? strnlen(text, bytes) : 0;

    memset(p, ' ', bytes);
    memcpy(p, text ? text : "", n);
}

/* --- every device (SPC-3) ----------------------------------------------------- */

static void cmd_good(SCSIRequest *req, SCSIDisk *s, const uint8_t *cdb, uint8_t *buf)
{
    scsi_good(req);
}

static void cmd_request_sense(SCSIRequest *req, SCSIDisk *s, const uint8_t *cdb, uint8_t *buf)
{
    buf[0] = 0x70;
    buf[2] = s->sense[0];
    buf[7] = SCSI_SENSE_BYTES - 8;
    buf[12] = s->sense[1];
    buf[13] = s->sense[2];
    memset(s->sense, 0, sizeof(s->sense));
    scsi_reply(req, SCSI_SENSE_BYTES, cdb[4]);
}

/* 6.4.2; 7.6 and SBC-3 6.5 for the pages. Returns bytes, 0: no such page. */
static uint32_t inquiry_page(SCSIDisk *s, uint8_t page, uint8_t *p)
{
    static const uint8_t disk_pages[] = { 0x00, 0x80, 0x83, 0xb0, 0xb1, 0xb2 };
    size_t serial = s->serial ? MIN(strlen(s->serial), (size_t)36) : 0;

    p[0] = s->is_cd ? 5 : 0;
    p[1] = page;
    switch (page) {
    case 0x00:
        p[3] = s->is_cd ? 3 : sizeof(disk_pages);
        memcpy(p + 4, disk_pages, p[3]);
        return 4 + p[3];
    case 0x80:                          /* serial number */
        p[3] = serial;
        memcpy(p + 4, s->serial ? s->serial : "", serial);
        return serial ? 4 + serial : 0;
    case 0x83:                          /* identification: vendor specific, ASCII */
        serial = MIN(serial ? serial : strlen(blk_name(s->blk)), (size_t)36);
        p[4] = 2;
        p[7] = serial;
        memcpy(p + 8, s->serial ? s->serial : blk_name(s->blk), serial);
        p[3] = 4 + serial;
        return 4 + p[3];
    case 0xb0:                          /* block limits */
        p[3] = 0x3c;
        stl_be_p(p + 8, SCSI_BUFFER_BYTES * 4u / s->block_bytes);
        stl_be_p(p + 20, blk_discards(s->blk) ? MAX_UNMAP_BLOCKS : 0);
        stl_be_p(p + 24, blk_discards(s->blk) ? 255 : 0);
        stl_be_p(p + 28, 4096 / MIN(s->block_bytes, 4096u));
        stq_be_p(p + 36, MAX_ZERO_BLOCKS);
        return s->is_cd ? 0 : 64;
    case 0xb1:                          /* characteristics: not rotating is not claimed */
        p[3] = 0x3c;
        return s->is_cd ? 0 : 64;
    case 0xb2:                          /* thin provisioning: UNMAP, WRITE SAME with it */
        p[3] = 4;
        p[5] = blk_discards(s->blk) ? 0xe0 : 0;
        p[6] = blk_discards(s->blk) ? 2 : 1;
        return s->is_cd ? 0 : 8;
    default:
        return 0;
    }
}

static void cmd_inquiry(SCSIRequest *req, SCSIDisk *s, const uint8_t *cdb, uint8_t *buf)
{
    uint32_t allocation = lduw_be_p(cdb + 3), bytes;

    if (cdb[1] & 1) {
        bytes = inquiry_page(s, cdb[2], buf);
        if (bytes) {
            scsi_reply(req, bytes, allocation);
        } else {
            invalid_field(req);
        }
        return;
    }
    if (cdb[2]) {
        invalid_field(req);
        return;
    }
    buf[0] = s->is_cd ? 5 : 0;
    buf[1] = s->is_cd ? 0x80 : 0;
    buf[2] = 5;                         /* SPC-3 */
    buf[3] = 0x12;                      /* response format 2, HiSup */
    buf[4] = 31;
    buf[7] = 0x12;                      /* Sync, CmdQue */
    put_padded(buf + 8, s->vendor, 8);
    put_padded(buf + 16, s->product, 16);
    put_padded(buf + 32, s->version, 4);
    scsi_reply(req, 36, allocation);
}

static void cmd_report_luns(SCSIRequest *req, SCSIDisk *s, const uint8_t *cdb, uint8_t *buf)
{
    SCSIBus *bus = (SCSIBus *)DEVICE(s)->parent_bus;
    uint32_t bytes = 8;

    for (int lun = 0; lun <= MIN(bus->max_lun, 255); lun++) {
        if (lun == 0 || scsi_bus_find(bus, s->target, lun)) {
            buf[bytes + 1] = lun;
            bytes += 8;
        }
    }
    stl_be_p(buf, bytes - 8);
    scsi_reply(req, bytes, ldl_be_p(cdb + 6));
}

static uint8_t medium_flags(SCSIDisk *s)
{
    return (s->is_cd ? 0 : 0x10) | (blk_is_read_only(s->blk) && !s->is_cd ? 0x80 : 0);
}

/* Pages of MODE SENSE (SPC-3 7.4, SBC-3 6.3, MMC-5 appendix E). mask: what may change. */
static uint32_t mode_page(SCSIDisk *s, uint8_t page, bool mask, uint8_t *p)
{
    p[0] = page;
    switch (page) {
    case 0x01:                          /* error recovery */
        p[1] = 10;
        p[2] = mask ? 0 : 0x80;
        return 12;
    case 0x08:                          /* caching: WCE may change */
        p[1] = 18;
        p[2] = mask || s->write_cache ? 4 : 0;
        return s->is_cd ? 0 : 20;
    case 0x0e:
        p[1] = 14;
        return s->is_cd ? 16 : 0;
    case 0x2a:                          /* capabilities */
        p[1] = 18;
        if (!mask) {
            p[2] = 0x3b;
            p[4] = 0x70;
            p[6] = 0x29 | (s->locked ? 2 : 0);
            stw_be_p(p + 8, 706);
            stw_be_p(p + 12, 512);
            stw_be_p(p + 14, 706);
        }
        return s->is_cd ? 20 : 0;
    default:
        return 0;
    }
}

static void cmd_mode_sense(SCSIRequest *req, SCSIDisk *s, const uint8_t *cdb, uint8_t *buf)
{
    static const uint8_t pages[] = { 0x01, 0x08, 0x0e, 0x2a };
    bool ten = cdb[0] == 0x5a, descriptor = !(cdb[1] & 8) && !s->is_cd && scsi_blocks(s);
    uint32_t bytes = ten ? 8 : 4;
    uint8_t wanted = cdb[2] & 0x3f;
    bool found = wanted == 0x3f;

    if (cdb[2] >> 6 == 3) {             /* saved values: none */
        scsi_fail(req, SENSE_ILLEGAL_REQUEST, 0x3900);
        return;
    }
    if (descriptor) {
        stl_be_p(buf + bytes, MIN(scsi_blocks(s), (uint64_t)0xffffff));
        stl_be_p(buf + bytes + 4, s->block_bytes);
        bytes += 8;
    }
    for (size_t i = 0; i < ARRAY_SIZE(pages); i++) {
        uint32_t n = wanted == pages[i] || wanted == 0x3f
                         ? mode_page(s, pages[i], cdb[2] >> 6 == 1, buf + bytes) : 0;

        found |= n != 0;
        bytes += n;
        if (n == 0) {
            memset(buf + bytes, 0, 20);
        }
    }
    if (!found) {
        invalid_field(req);
        return;
    }
    if (ten) {
        stw_be_p(buf, bytes - 2);
        buf[3] = medium_flags(s);
        buf[7] = descriptor ? 8 : 0;
    } else {
        buf[0] = bytes - 1;
        buf[2] = medium_flags(s);
        buf[3] = descriptor ? 8 : 0;
    }
    scsi_reply(req, bytes, ten ? lduw_be_p(cdb + 7) : cdb[4]);
}

/* Only the write cache can be changed. */
static void mode_selected(SCSIRequest *req)
{
    bool ten = req->cdb[0] == 0x55;
    uint32_t header = ten ? 8 : 4, at;

    if (req->part < header) {
        scsi_fail(req, SENSE_ILLEGAL_REQUEST, 0x1a00);
        return;
    }
    at = header + (ten ? lduw_be_p(req->buf + 6) : req->buf[3]);
    if (at + 3 <= req->part && (req->buf[at] & 0x3f) == 0x08) {
        req->dev->write_cache = req->buf[at + 2] & 4;
        req->acb = blk_aio_flush(req->dev->blk, scsi_simple_done, req);
        return;
    }
    scsi_good(req);
}

static void cmd_mode_select(SCSIRequest *req, SCSIDisk *s, const uint8_t *cdb, uint8_t *buf)
{
    scsi_take_parameters(req, cdb[0] == 0x55 ? lduw_be_p(cdb + 7) : cdb[4], mode_selected);
}

static void cmd_start_stop(SCSIRequest *req, SCSIDisk *s, const uint8_t *cdb, uint8_t *buf)
{
    if (s->is_cd && (cdb[4] & 2)) {     /* load or eject */
        if (s->locked && !(cdb[4] & 1)) {
            scsi_fail(req, SENSE_ILLEGAL_REQUEST, CODE_LOCKED);
            return;
        }
        if (s->tray_open != !(cdb[4] & 1)) {
            s->tray_open = !(cdb[4] & 1);
            blk_tray_moved(s->blk, s->tray_open);
        }
    }
    scsi_good(req);
}

static void cmd_prevent_removal(SCSIRequest *req, SCSIDisk *s, const uint8_t *cdb, uint8_t *buf)
{
    s->locked = s->is_cd && (cdb[4] & 1);
    scsi_good(req);
}

/* --- disks (SBC-3) ------------------------------------------------------------- */

static void cmd_read_capacity(SCSIRequest *req, SCSIDisk *s, const uint8_t *cdb, uint8_t *buf)
{
    stl_be_p(buf, MIN(scsi_blocks(s) - 1, (uint64_t)UINT32_MAX));
    stl_be_p(buf + 4, s->block_bytes);
    scsi_reply(req, 8, 8);
}

static void cmd_service_action_in(SCSIRequest *req, SCSIDisk *s, const uint8_t *cdb, uint8_t *buf)
{
    if ((cdb[1] & 0x1f) != 0x10) {      /* READ CAPACITY (16) */
        invalid_field(req);
        return;
    }
    stq_be_p(buf, scsi_blocks(s) - 1);
    stl_be_p(buf + 8, s->block_bytes);
    buf[14] = blk_discards(s->blk) ? 0x80 : 0;
    scsi_reply(req, 32, ldl_be_p(cdb + 10));
}

static void cmd_synchronize(SCSIRequest *req, SCSIDisk *s, const uint8_t *cdb, uint8_t *buf)
{
    req->acb = blk_aio_flush(s->blk, scsi_simple_done, req);
}

static bool range_ok(SCSIDisk *s, uint64_t lba, uint64_t blocks)
{
    return lba <= scsi_blocks(s) && blocks <= scsi_blocks(s) - lba;
}

/* 5.28: one descriptor at a time. */
static void unmap_done(void *opaque, int ret);

static void unmap_next(SCSIRequest *req)
{
    const uint8_t *d = req->buf + 8 + 16 * req->blocks_left;
    SCSIDisk *s = req->dev;
    uint64_t lba;
    uint32_t blocks;

    if (d + 16 > req->buf + req->part) {
        scsi_good(req);
        return;
    }
    lba = ldq_be_p(d);
    blocks = ldl_be_p(d + 8);
    if (!range_ok(s, lba, blocks)) {
        scsi_fail(req, SENSE_ILLEGAL_REQUEST, CODE_NO_SEEK);
        return;
    }
    req->blocks_left++;
    req->acb = blk_aio_pdiscard(s->blk, (int64_t)lba * s->block_bytes,
                                (int64_t)blocks * s->block_bytes, unmap_done, req);
}

static void unmap_done(void *opaque, int ret)
{
    SCSIRequest *req = opaque;

    if (ret < 0) {
        scsi_simple_done(req, ret);
    } else {
        req->acb = NULL;
        unmap_next(req);
    }
}

static void cmd_unmap(SCSIRequest *req, SCSIDisk *s, const uint8_t *cdb, uint8_t *buf)
{
    if (blk_is_read_only(s->blk)) {
        scsi_fail(req, SENSE_DATA_PROTECT, 0x2700);
        return;
    }
    scsi_take_parameters(req, lduw_be_p(cdb + 7), unmap_next);
}

/* 5.42: only zeros, or with UNMAP. */
static void write_same_data(SCSIRequest *req)
{
    SCSIDisk *s = req->dev;

    if (req->buf[0] || memcmp(req->buf, req->buf + 1, s->block_bytes - 1)) {
        scsi_fail(req, SENSE_ILLEGAL_REQUEST, CODE_INVALID_PARAMETER);
        return;
    }
    req->acb = blk_aio_pwrite_zeroes(s->blk, (int64_t)req->lba * s->block_bytes,
                                     (int64_t)req->total * s->block_bytes, req->cdb[1] & 8,
                                     scsi_simple_done, req);
}

static void cmd_write_same(SCSIRequest *req, SCSIDisk *s, const uint8_t *cdb, uint8_t *buf)
{
    bool sixteen = cdb[0] == 0x93;
    uint64_t lba = sixteen ? ldq_be_p(cdb + 2) : ldl_be_p(cdb + 2);
    uint32_t blocks = sixteen ? ldl_be_p(cdb + 10) : lduw_be_p(cdb + 7);

    if (blk_is_read_only(s->blk)) {
        scsi_fail(req, SENSE_DATA_PROTECT, 0x2700);
    } else if (!range_ok(s, lba, blocks) || blocks == 0 || blocks > MAX_ZERO_BLOCKS) {
        scsi_fail(req, SENSE_ILLEGAL_REQUEST, CODE_NO_SEEK);
    } else if (s->block_bytes > 4096) {
        invalid_field(req);
    } else {
        req->lba = lba;
        scsi_take_parameters(req, s->block_bytes, write_same_data);
        req->total = blocks;
    }
}

/* --- CDs (MMC-5) ----------------------------------------------------------------- */

static void put_msf(uint8_t *p, uint32_t frame, bool msf)
{
    if (msf) {
        frame += 150;
        p[0] = 0;
        p[1] = frame / 75 / 60;
        p[2] = frame / 75 % 60;
        p[3] = frame % 75;
    } else {
        stl_be_p(p, frame);
    }
}

static void cmd_read_toc(SCSIRequest *req, SCSIDisk *s, const uint8_t *cdb, uint8_t *buf)
{
    bool msf = cdb[1] & 2;
    uint8_t format = cdb[2] & 0xf ? cdb[2] & 0xf : cdb[9] >> 6;
    uint32_t bytes = 4;

    if (format > 1 || (format == 0 && cdb[6] > 1 && cdb[6] != 0xaa)) {
        invalid_field(req);
        return;
    }
    buf[2] = buf[3] = 1;
    if (format == 1 || cdb[6] <= 1) {
        buf[5] = 0x14;
        buf[6] = 1;
        put_msf(buf + 8, 0, msf);
        bytes += 8;
    }
    if (format == 0) {
        buf[bytes + 1] = 0x14;
        buf[bytes + 2] = 0xaa;
        put_msf(buf + bytes + 4, scsi_blocks(s), msf);
        bytes += 8;
    }
    stw_be_p(buf, bytes - 2);
    scsi_reply(req, bytes, lduw_be_p(cdb + 7));
}

static void cmd_get_configuration(SCSIRequest *req, SCSIDisk *s, const uint8_t *cdb, uint8_t *buf)
{
    enum { PROFILE_CD = 0x08, PROFILE_DVD = 0x10, CD_MAX_BLOCKS = 80 * 60 * 75 };
    uint64_t blocks = scsi_blocks(s);

    buf[7] = blocks == 0 ? 0 : blocks > CD_MAX_BLOCKS ? PROFILE_DVD : PROFILE_CD;
    buf[10] = 0x03;                     /* feature 0: profile list */
    buf[11] = 8;
    buf[13] = PROFILE_DVD;
    buf[14] = buf[7] == PROFILE_DVD;
    buf[17] = PROFILE_CD;
    buf[18] = buf[7] == PROFILE_CD;
    buf[21] = 1;                        /* feature 1: core */
    buf[22] = 0x0b;
    buf[23] = 8;
    buf[27] = 1;                        /* SCSI */
    stl_be_p(buf, 32 - 4);
    scsi_reply(req, 32, lduw_be_p(cdb + 7));
}

static void cmd_get_event_status(SCSIRequest *req, SCSIDisk *s, const uint8_t *cdb, uint8_t *buf)
{
    enum { CLASS_MEDIA = 4 };

    if (!(cdb[1] & 1)) {
        invalid_field(req);
        return;
    }
    buf[3] = 1 << CLASS_MEDIA;
    if (cdb[4] & 1 << CLASS_MEDIA) {
        stw_be_p(buf, 6);
        buf[2] = CLASS_MEDIA;
        buf[4] = s->media_event;
        buf[5] = (s->tray_open ? 1 : 0) | (scsi_blocks(s) ? 2 : 0);
        s->media_event = 0;
        scsi_reply(req, 8, lduw_be_p(cdb + 7));
    } else {
        stw_be_p(buf, 2);
        buf[2] = 0x80;
        scsi_reply(req, 4, lduw_be_p(cdb + 7));
    }
}

static void cmd_read_disc_information(SCSIRequest *req, SCSIDisk *s, const uint8_t *cdb, uint8_t *buf)
{
    stw_be_p(buf, 32);
    buf[2] = 0x0e;
    buf[3] = buf[4] = buf[5] = buf[6] = 1;
    buf[7] = 0x20;
    scsi_reply(req, 34, lduw_be_p(cdb + 7));
}

static const Command commands[256] = {
    [0x00] = { cmd_good, FOR_BOTH | NEEDS_MEDIUM },             /* TEST UNIT READY */
    [0x03] = { cmd_request_sense, FOR_BOTH },
    [0x12] = { cmd_inquiry, FOR_BOTH },
    [0x15] = { cmd_mode_select, FOR_BOTH },
    [0x16] = { cmd_good, FOR_BOTH },                            /* RESERVE, RELEASE */
    [0x17] = { cmd_good, FOR_BOTH },
    [0x1a] = { cmd_mode_sense, FOR_BOTH },
    [0x1b] = { cmd_start_stop, FOR_BOTH },
    [0x1e] = { cmd_prevent_removal, FOR_BOTH },
    [0x25] = { cmd_read_capacity, FOR_BOTH | NEEDS_MEDIUM },
    [0x2b] = { cmd_good, FOR_BOTH | NEEDS_MEDIUM },             /* SEEK */
    [0x2f] = { cmd_good, FOR_HD | NEEDS_MEDIUM },               /* VERIFY */
    [0x35] = { cmd_synchronize, FOR_BOTH | NEEDS_MEDIUM },
    [0x41] = { cmd_write_same, FOR_HD | NEEDS_MEDIUM },
    [0x42] = { cmd_unmap, FOR_HD | NEEDS_MEDIUM },
    [0x43] = { cmd_read_toc, FOR_CD | NEEDS_MEDIUM },
    [0x46] = { cmd_get_configuration, FOR_CD },
    [0x4a] = { cmd_get_event_status, FOR_CD },
    [0x51] = { cmd_read_disc_information, FOR_CD | NEEDS_MEDIUM },
    [0x55] = { cmd_mode_select, FOR_BOTH },
    [0x5a] = { cmd_mode_sense, FOR_BOTH },
    [0x8f] = { cmd_good, FOR_HD | NEEDS_MEDIUM },               /* VERIFY (16) */
    [0x91] = { cmd_synchronize, FOR_HD | NEEDS_MEDIUM },
    [0x93] = { cmd_write_same, FOR_HD | NEEDS_MEDIUM },
    [0x9e] = { cmd_service_action_in, FOR_HD | NEEDS_MEDIUM },
    [0xa0] = { cmd_report_luns, FOR_BOTH },
    [0xbb] = { cmd_good, FOR_CD },                              /* SET CD SPEED */
};

bool scsi_table_command(SCSIRequest *req)
{
    const Command *row = &commands[req->cdb[0]];
    SCSIDisk *s = req->dev;

    if (!row->run || !(row->flags & (s->is_cd ? FOR_CD : FOR_HD))) {
        return false;
    }
    if ((row->flags & NEEDS_MEDIUM) && scsi_blocks(s) == 0) {
        scsi_fail(req, SENSE_NOT_READY, CODE_NO_MEDIUM);
    } else {
        row->run(req, s, req->cdb, req->buf);
    }
    return true;
}
