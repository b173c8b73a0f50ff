/*
 * Floppy controller: the execution phase of commands that move sectors
 * (82077AA data sheet, 5.1), by DMA or by the FIFO register.
 *
 * Sectors have 512 bytes. Images are read and written within the access that
 * needs them: they are small.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/block/fdc-internal.h"
#include "qemu/log.h"

enum { FORMAT_ID_BYTES = 4, RESULT_BYTES = 7 };
enum { ARG_CYLINDER = 2, ARG_SIDE, ARG_SECTOR, ARG_SIZE, ARG_END_OF_TRACK, ARG_GAP, ARG_LENGTH };
enum { FORMAT_SIZE = 2, FORMAT_SECTORS, FORMAT_GAP, FORMAT_FILL };
enum { COMMAND_READ_TRACK = 0x02, COMMAND_VERIFY = 0x16, COMMAND_READ_DELETED = 0x0c };

bool fdc_transfer_is_to_host(const FDCtrl *s)
{
    return s->kind == XFER_READ;
}

static bool moves_data(const FDCtrl *s)
{
    return s->kind != XFER_VERIFY;
}

/* --- the end -------------------------------------------------------------------------- */

static void end_transfer(FDCtrl *s, uint8_t st0)
{
    s->result[0] = st0 | (s->head ? ST0_HEAD : 0) | s->drive;
    s->result[1] = s->st1;
    s->result[2] = s->st2;
    s->result[3] = s->cylinder;
    s->result[4] = s->side;
    s->result[5] = s->sector;
    s->result[6] = FD_SECTOR_CODE;
    s->set_dreq(s, false);
    fdc_finish(s, RESULT_BYTES);
    fdc_set_irq(s, true);
}

static void fail(FDCtrl *s, uint8_t st1, uint8_t st2)
{
    s->st1 |= st1;
    s->st2 |= st2;
    end_transfer(s, ST0_ABNORMAL);
}

/* The next sector's id (table 5-5). False: it was the last one. */
static bool next_sector(FDCtrl *s)
{
    bool multi_track = s->command[0] & CMD_MULTI_TRACK;

    if (s->sector != s->end_of_track) {
        s->sector++;
        return true;
    }
    s->sector = 1;
    if (multi_track && !s->head) {
        s->head = 1;
        s->side ^= 1;
        return true;
    }
    if (multi_track) {
        s->side ^= 1;
    }
    s->cylinder++;
    return false;
}

/* --- sectors --------------------------------------------------------------------------- */

/* What stands in the way of reading or writing the sector; false: the transfer is over. */
static bool sector_is_there(FDCtrl *s)
{
    FloppyDrive *drive = fdc_drive(s, s->drive);

    if (!fdc_drive_exists(s, s->drive) || !fd_has_medium(drive) || (s->ccr & 3) != drive->rate ||
        !(s->command[0] & CMD_MFM)) {
        fail(s, ST1_MISSING_MARK, 0);
        return false;
    }
    if (s->cylinder != drive->track) {
        fail(s, ST1_NO_DATA, ST2_WRONG_CYLINDER);
        return false;
    }
    if (!fd_has_sector(drive, drive->track, s->head, s->sector) || s->side != s->head) {
        fail(s, ST1_NO_DATA, 0);
        return false;
    }
    return true;
}

static bool disk_io(FDCtrl *s, bool write)
{
    FloppyDrive *drive = fdc_drive(s, s->drive);
    int64_t offset = fd_offset(drive, drive->track, s->head, s->sector);
    int ret;

    /* The last format that fits may be larger than the image. */
    if (offset + FD_SECTOR_BYTES > blk_getlength(drive->blk)) {
        fail(s, ST1_NO_DATA, 0);
        return false;
    }
    ret = write ? blk_pwrite(drive->blk, offset, s->buffer, FD_SECTOR_BYTES)
                : blk_pread(drive->blk, offset, s->buffer, FD_SECTOR_BYTES);
    if (ret < 0) {
        fail(s, ST1_DATA_ERROR, ST2_DATA_ERROR);
    }
    return ret >= 0;
}

/* Fill the buffer for a sector; false: the transfer ended. */
static bool begin_sector(FDCtrl *s)
{
    s->position = 0;
    s->length = s->kind == XFER_FORMAT ? FORMAT_ID_BYTES : FD_SECTOR_BYTES;
    if (s->kind == XFER_FORMAT) {
        return true;
    }
    return sector_is_there(s) && (s->kind == XFER_WRITE || disk_io(s, false));
}

static bool format_sector(FDCtrl *s)
{
    FloppyDrive *drive = fdc_drive(s, s->drive);

    s->cylinder = s->buffer[0];
    s->side = s->buffer[1];
    s->sector = s->buffer[2];
    if (!fd_has_sector(drive, drive->track, s->head, s->sector)) {
        /* An id that the image cannot hold: written nowhere. */
        qemu_log_mask(LOG_UNIMP, "fdc: FORMAT TRACK with sector id %u/%u/%u\n", s->cylinder, s->side, s->sector);
        return true;
    }
    memset(s->buffer, s->command[FORMAT_FILL], FD_SECTOR_BYTES);
    return disk_io(s, true);
}

/* A sector's bytes have all passed. False: the transfer ended. */
static bool complete_sector(FDCtrl *s, bool terminal_count)
{
    bool more;

    if (s->kind == XFER_FORMAT) {
        if (!format_sector(s)) {
            return false;
        }
        if (--s->end_of_track == 0 || terminal_count) {
            end_transfer(s, 0);
            return false;
        }
        return begin_sector(s);
    }
    if (s->kind == XFER_WRITE && !disk_io(s, true)) {
        return false;
    }
    if ((s->kind >= XFER_SCAN_EQUAL && !(s->st2 & ST2_SCAN_NOT_SATISFIED)) || s->st2 & ST2_CONTROL_MARK) {
        end_transfer(s, 0);     /* found; or a mark that is not wanted */
        return false;
    }
    more = next_sector(s);
    if (s->sectors_left && --s->sectors_left == 0) {
        more = false;
        terminal_count = true;
    }
    if (terminal_count || (!more && (s->kind == XFER_VERIFY || s->kind >= XFER_SCAN_EQUAL))) {
        end_transfer(s, 0);
        return false;
    }
    if (!more) {
        fail(s, ST1_END_OF_CYLINDER, 0);
        return false;
    }
    if (s->kind >= XFER_SCAN_EQUAL) {
        s->st2 = ST2_SCAN_HIT;
    }
    return begin_sector(s);
}

/* --- the host's side ---------------------------------------------------------------------- */

/* SCAN: 0xff on either side matches anything. */
static void scan_bytes(FDCtrl *s, const uint8_t *host, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint8_t disk = s->buffer[s->position + i];

        if (disk == host[i] || disk == 0xff || host[i] == 0xff) {
            continue;
        }
        s->st2 &= ~ST2_SCAN_HIT;
        if (s->kind == XFER_SCAN_EQUAL || (s->kind == XFER_SCAN_LOW ? disk > host[i] : disk < host[i])) {
            s->st2 |= ST2_SCAN_NOT_SATISFIED;
        }
    }
}

static size_t dma_step(FDCtrl *s, bool *terminal_count)
{
    uint8_t host[FD_SECTOR_BYTES];
    size_t left = s->length - s->position, moved;

    if (fdc_transfer_is_to_host(s)) {
        return isa_dma_write(s->isa, s->dma_channel, s->buffer + s->position, left, terminal_count);
    }
    moved = isa_dma_read(s->isa, s->dma_channel, host, left, terminal_count);
    if (s->kind >= XFER_SCAN_EQUAL) {
        scan_bytes(s, host, moved);
    } else {
        memcpy(s->buffer + s->position, host, moved);
    }
    return moved;
}

void fdc_dma_run(void *opaque)
{
    FDCtrl *s = opaque;

    while (s->phase == PHASE_EXECUTION && fdc_uses_dma(s)) {
        bool terminal_count = false;
        size_t moved = dma_step(s, &terminal_count);

        s->position += moved;
        if (terminal_count && s->position < s->length && s->kind == XFER_WRITE) {
            memset(s->buffer + s->position, 0, s->length - s->position);
        }
        if (s->position == s->length || terminal_count) {
            complete_sector(s, terminal_count);
        } else {
            return;             /* masked, or the other direction */
        }
    }
}

uint8_t fdc_pio_read(FDCtrl *s)
{
    uint8_t value = s->buffer[s->position++];

    fdc_set_irq(s, false);
    if (s->position == s->length && complete_sector(s, false)) {
        fdc_set_irq(s, true);
    }
    return value;
}

void fdc_pio_write(FDCtrl *s, uint8_t value)
{
    fdc_set_irq(s, false);
    if (s->kind >= XFER_SCAN_EQUAL) {
        scan_bytes(s, &value, 1);
    } else {
        s->buffer[s->position] = value;
    }
    if (++s->position == s->length && complete_sector(s, false)) {
        fdc_set_irq(s, true);
    }
}

/* --- the beginning --------------------------------------------------------------------------- */

static void begin(FDCtrl *s)
{
    s->phase = PHASE_EXECUTION;
    if (!begin_sector(s)) {
        return;
    }
    if (!moves_data(s)) {
        while (complete_sector(s, false)) {
            /* the next one */
        }
    } else if (fdc_uses_dma(s)) {
        s->set_dreq(s, true);
    } else {
        fdc_set_irq(s, true);
    }
}

static void choose_drive(FDCtrl *s)
{
    s->drive = s->command[1] & 3;
    s->head = s->command[1] >> 2 & 1;
    s->st1 = s->st2 = 0;
    s->sectors_left = 0;
}

static bool is_protected(FDCtrl *s)
{
    return fdc_drive_exists(s, s->drive) && blk_is_read_only(fdc_drive(s, s->drive)->blk);
}

void fdc_start_transfer(FDCtrl *s, FDTransferKind kind)
{
    uint8_t command = s->command[0] & CMD_MASK;

    s->kind = kind;
    choose_drive(s);
    s->cylinder = s->command[ARG_CYLINDER];
    s->side = s->command[ARG_SIDE];
    s->sector = command == COMMAND_READ_TRACK ? 1 : s->command[ARG_SECTOR];
    s->end_of_track = s->command[ARG_END_OF_TRACK];
    if (s->config & CONFIGURE_IMPLIED_SEEK && fdc_drive_exists(s, s->drive)) {
        fdc_drive(s, s->drive)->track = s->cylinder;
    }
    if (command == COMMAND_VERIFY && s->command[1] & 0x80) {
        s->sectors_left = s->command[ARG_LENGTH] ? s->command[ARG_LENGTH] : 256;
    }
    if (s->command[ARG_SIZE] != FD_SECTOR_CODE) {
        fail(s, ST1_NO_DATA, 0);
        return;
    }
    if (kind == XFER_WRITE && is_protected(s)) {
        fail(s, ST1_NOT_WRITABLE, 0);
        return;
    }
    if (kind >= XFER_SCAN_EQUAL) {
        s->st2 = ST2_SCAN_HIT;
    }
    if (command == COMMAND_READ_DELETED) {
        if (s->command[0] & CMD_SKIP) {
            fail(s, ST1_NO_DATA, 0);        /* no sector has the deleted mark */
            return;
        }
        s->st2 |= ST2_CONTROL_MARK;
    }
    begin(s);
}

void fdc_start_format(FDCtrl *s)
{
    FloppyDrive *drive;

    s->kind = XFER_FORMAT;
    choose_drive(s);
    drive = fdc_drive(s, s->drive);
    s->cylinder = drive->track;
    s->side = s->head;
    s->sector = 1;
    s->end_of_track = s->command[FORMAT_SECTORS];
    if (!fdc_drive_exists(s, s->drive) || !fd_has_medium(drive) || (s->ccr & 3) != drive->rate) {
        fail(s, ST1_MISSING_MARK, 0);
    } else if (is_protected(s)) {
        fail(s, ST1_NOT_WRITABLE, 0);
    } else if (s->command[FORMAT_SIZE] != FD_SECTOR_CODE || !s->end_of_track) {
        qemu_log_mask(LOG_UNIMP, "fdc: FORMAT TRACK with %u sectors of size code %u\n", s->end_of_track,
                      s->command[FORMAT_SIZE]);
        fail(s, ST1_NO_DATA, 0);
    } else {
        begin(s);
    }
}

/* The first id that comes by. */
void fdc_read_id(FDCtrl *s)
{
    FloppyDrive *drive;

    choose_drive(s);
    drive = fdc_drive(s, s->drive);
    s->cylinder = drive->track;
    s->side = s->head;
    s->sector = 1;
    s->kind = XFER_VERIFY;
    if (sector_is_there(s)) {
        end_transfer(s, 0);
    }
}
