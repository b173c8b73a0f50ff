/*
 * Packet devices: receiving packets, sense data, data phases, medium changes.
 *
 * Leaves to others: what each packet command does (atapi-cmd.c). A reply is
 * either complete in the buffer, or sectors that are read into it piece by
 * piece (cd_sector_bytes); it goes out through the data port in blocks of at
 * most the byte count that the host set, or through the DMA pump.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "hw/ide/ide-internal.h"

enum { FILL_SECTORS = 32, FILL_RAW_SECTORS = 16, RAW_STAGING = IDE_BUFFER_BYTES / 2 };
enum { MEDIA_EVENT_EJECT_REQUEST = 1, MEDIA_EVENT_NEW = 2, MEDIA_EVENT_REMOVED = 3 };

uint64_t atapi_sectors(IDEDrive *s)
{
    if (s->tray_open || !blk_is_inserted(s->blk)) {
        return 0;
    }
    return blk_getlength(s->blk) / CD_SECTOR;
}

void atapi_ok(IDEDrive *s)
{
    s->count[0] = IR_COMMAND | IR_TO_HOST;
    s->sense_key = s->asc = s->ascq = 0;
    ide_command_done(s);
}

/* The error register carries the sense key in its high half. */
void atapi_error(IDEDrive *s, uint8_t key, uint8_t asc)
{
    s->sense_key = key;
    s->asc = asc;
    s->ascq = 0;
    s->count[0] = IR_COMMAND | IR_TO_HOST;
    if (s->dma != DMA_NONE) {
        ide_dma_end(s);
    }
    ide_command_error(s, key << 4 | ERR_ABRT);
}

/* Receiving a packet. */

void atapi_packet_start(IDEDrive *s)
{
    enum { FEATURE_DMA = 1, FEATURE_OVERLAP = 2 };

    s->packet_dma = s->features[0] & FEATURE_DMA;
    if ((s->features[0] & FEATURE_OVERLAP) || (s->packet_dma && !s->bus->dma_ops)) {
        ide_command_error(s, ERR_ABRT);
        return;
    }
    s->count[0] = IR_COMMAND;
    ide_transfer_start(s, IDE_PACKET_BYTES, true, AFTER_PACKET);
}

void atapi_packet_received(IDEDrive *s)
{
    memcpy(s->packet, s->buffer, IDE_PACKET_BYTES);
    s->status = ST_BSY | ST_DSC;
    s->reply_left = s->reply_pos = s->reply_len = s->cd_sector_bytes = 0;
    atapi_exec(s);
}

/* MODE SELECT and the like: what the host sends is accepted and ignored. */
void atapi_params_received(IDEDrive *s)
{
    atapi_ok(s);
}

/* Reading sectors into the buffer. */

static uint32_t fill_sectors(const IDEDrive *s)
{
    uint32_t left = s->reply_left / s->cd_sector_bytes;

    return MIN(left, (uint32_t)(s->cd_sector_bytes == CD_SECTOR ? FILL_SECTORS : FILL_RAW_SECTORS));
}

static uint8_t *fill_target(IDEDrive *s)
{
    return s->buffer + (s->cd_sector_bytes == CD_SECTOR ? 0 : RAW_STAGING);
}

static uint8_t to_bcd(unsigned n)
{
    return n / 10 % 10 << 4 | n % 10;
}

/* Yellow book mode 1: sync, address, mode, user data; error correction as zeros. */
static void expand_raw(IDEDrive *s, uint32_t sectors)
{
    uint32_t i;

    for (i = 0; i < sectors; i++) {
        uint8_t *p = s->buffer + i * CD_RAW_SECTOR;
        uint64_t frame = s->lba + i + 150;

        memset(p, 0, CD_RAW_SECTOR);
        memset(p + 1, 0xff, 10);
        p[12] = to_bcd(frame / 75 / 60);
        p[13] = to_bcd(frame / 75 % 60);
        p[14] = to_bcd(frame % 75);
        p[15] = 1;
        memcpy(p + 16, s->buffer + RAW_STAGING + i * CD_SECTOR, CD_SECTOR);
    }
}

static void fill_ready(IDEDrive *s)
{
    uint32_t n = fill_sectors(s);

    if (s->cd_sector_bytes != CD_SECTOR) {
        expand_raw(s, n);
    }
    s->lba += n;
    s->reply_pos = 0;
    s->reply_len = n * s->cd_sector_bytes;
}

static void fill_done(void *opaque, int ret)
{
    IDEDrive *s = opaque;

    s->acb = NULL;
    if (ret < 0) {
        if (ret == -ENOMEDIUM) {
            atapi_error(s, 2, 0x3a);
        } else if (!ide_stop_for_error(s, true, ret, RETRY_PACKET_READ)) {
            atapi_error(s, 3, 0x11);        /* medium error, unrecovered read error */
        }
        return;
    }
    fill_ready(s);
    if (s->packet_dma) {
        s->dma_pos = 0;
        s->dma_len = s->reply_len;
        ide_dma_pump(s);
    } else {
        atapi_data_next(s);
    }
}

static void fill_submit(IDEDrive *s)
{
    s->acb = blk_aio_pread(s->blk, s->lba * CD_SECTOR, fill_target(s),
                           (int64_t)fill_sectors(s) * CD_SECTOR, fill_done, s);
}

void atapi_retry_read(IDEDrive *s)
{
    fill_submit(s);
}

/* Data phases. */

static uint32_t byte_count_limit(const IDEDrive *s)
{
    uint32_t limit = s->lba_high[0] << 8 | s->lba_mid[0];

    if (limit == 0 || limit == 0xffff) {
        limit = 0xfffe;
    }
    return limit;
}

void atapi_data_next(IDEDrive *s)
{
    uint32_t size;

    if (s->reply_left == 0) {
        atapi_ok(s);
        return;
    }
    if (s->reply_pos >= s->reply_len) {
        s->status = ST_BSY | ST_DSC;
        if (!blk_pread_quick(s->blk, s->lba * CD_SECTOR, fill_target(s),
                             (int64_t)fill_sectors(s) * CD_SECTOR)) {
            fill_submit(s);
            return;
        }
        fill_ready(s);
    }
    size = MIN(s->reply_left, s->reply_len - s->reply_pos);
    if (size > s->byte_limit) {
        size = MAX(s->byte_limit & ~1u, 2u);
    }
    ide_transfer_start(s, size, false, AFTER_PACKET_DATA);
    s->data_pos = s->reply_pos;
    s->data_end = s->reply_pos + size;
    s->reply_pos += size;
    s->reply_left -= size;
    s->count[0] = IR_TO_HOST;
    s->lba_mid[0] = size;
    s->lba_high[0] = size >> 8;
    ide_set_irq(s->bus, true);
}

/* The pump has moved what was in the buffer. */
void atapi_dma_next(IDEDrive *s)
{
    s->reply_left -= MIN(s->reply_left, s->dma_len);
    s->dma_pos = s->dma_len = 0;
    if (s->reply_left == 0) {
        ide_dma_end(s);
        atapi_ok(s);
    } else {
        fill_submit(s);
    }
}

static void begin_reply(IDEDrive *s)
{
    if (s->packet_dma) {
        ide_dma_start(s, DMA_PACKET_READ);
        s->count[0] = IR_TO_HOST;
        s->dma_len = s->reply_len;
        if (s->reply_len == 0) {
            fill_submit(s);
        } else {
            ide_dma_pump(s);
        }
    } else {
        s->byte_limit = byte_count_limit(s);
        atapi_data_next(s);
    }
}

void atapi_reply(IDEDrive *s, uint32_t bytes, uint32_t limit)
{
    s->reply_left = s->reply_len = MIN(bytes, limit);
    if (s->reply_left == 0) {
        atapi_ok(s);
    } else {
        begin_reply(s);
    }
}

void atapi_read_sectors(IDEDrive *s, uint64_t lba, uint32_t sectors, uint32_t sector_bytes)
{
    uint64_t total = atapi_sectors(s);

    if (lba > total || sectors > total - lba) {
        atapi_error(s, 5, 0x21);            /* illegal request, address out of range */
    } else if (sectors == 0) {
        atapi_ok(s);
    } else if (sectors > UINT32_MAX / CD_RAW_SECTOR) {
        atapi_error(s, 5, 0x24);
    } else {
        s->lba = lba;
        s->cd_sector_bytes = sector_bytes;
        s->reply_left = sectors * sector_bytes;
        begin_reply(s);
    }
}

/* Reset and medium changes. */

void atapi_reset(IDEDrive *s)
{
    s->sense_key = 0;
    s->asc = s->ascq = 0;
    s->tray_locked = false;
    s->reply_left = s->reply_pos = s->reply_len = 0;
}

static void change_media_cb(void *opaque, bool load)
{
    IDEDrive *s = opaque;

    s->tray_open = !load;
    s->medium_changed = load;
    s->media_event = load ? MEDIA_EVENT_NEW : MEDIA_EVENT_REMOVED;
    if (!load) {
        s->tray_locked = false;
    }
}

static void eject_request_cb(void *opaque, bool force)
{
    IDEDrive *s = opaque;

    s->media_event = MEDIA_EVENT_EJECT_REQUEST;
    if (force) {
        s->tray_locked = false;
    }
}

static bool is_tray_open(void *opaque)
{
    return ((IDEDrive *)opaque)->tray_open;
}

static bool is_medium_locked(void *opaque)
{
    return ((IDEDrive *)opaque)->tray_locked;
}

const BlockDevOps atapi_dev_ops = {
    .change_media_cb = change_media_cb,
    .eject_request_cb = eject_request_cb,
    .is_tray_open = is_tray_open,
    .is_medium_locked = is_medium_locked,
};
