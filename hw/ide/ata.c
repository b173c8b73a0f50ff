/*
 * ATA commands: disks, and the few that packet devices share.
 *
 * One row and one function for each command. Reads through the data port are
 * served at once when the block layer has them at hand (blk_pread_quick), so a
 * polling loop in firmware sees its data with the first look at the status.
 *
 * Left out: security, queued commands, streaming, host protected area changes
 * (aborted, as a drive without these feature sets does).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "hw/ide/ide-internal.h"
#include "trace/hw-ide.h"

enum { FOR_HD = 1, FOR_CD = 2, LBA48 = 4 };

typedef struct ATACommand {
    void (*run)(IDEDrive *s);
    uint8_t flags;
} ATACommand;

/* Addresses. */

static uint64_t get_lba(const IDEDrive *s)
{
    uint32_t cylinder = s->lba_high[0] << 8 | s->lba_mid[0];

    if (s->lba48) {
        return (uint64_t)s->lba_high[1] << 40 | (uint64_t)s->lba_mid[1] << 32 |
               (uint64_t)s->lba_low[1] << 24 | s->lba_high[0] << 16 | s->lba_mid[0] << 8 |
               s->lba_low[0];
    }
    if (s->device & DEV_LBA) {
        return (s->device & 0xf) << 24 | cylinder << 8 | s->lba_low[0];
    }
    /* 6.2: sectors count from 1; sector 0 is an address that is never found */
    if (s->lba_low[0] == 0) {
        return UINT64_MAX;
    }
    return ((uint64_t)cylinder * s->logical_heads + (s->device & 0xf)) * s->logical_sectors +
           s->lba_low[0] - 1;
}

static void set_lba(IDEDrive *s, uint64_t lba)
{
    if (s->lba48) {
        s->lba_low[0] = lba;
        s->lba_mid[0] = lba >> 8;
        s->lba_high[0] = lba >> 16;
        s->lba_low[1] = lba >> 24;
        s->lba_mid[1] = lba >> 32;
        s->lba_high[1] = lba >> 40;
    } else if (s->device & DEV_LBA) {
        s->lba_low[0] = lba;
        s->lba_mid[0] = lba >> 8;
        s->lba_high[0] = lba >> 16;
        s->device = (s->device & ~0xf) | (lba >> 24 & 0xf);
    } else if (s->logical_heads && s->logical_sectors) {
        uint64_t track = lba / s->logical_sectors;
        uint64_t cylinder = track / s->logical_heads;

        s->lba_low[0] = lba % s->logical_sectors + 1;
        s->lba_mid[0] = cylinder;
        s->lba_high[0] = cylinder >> 8;
        s->device = (s->device & ~0xf) | (track % s->logical_heads);
    }
}

static uint32_t get_count(const IDEDrive *s)
{
    uint32_t count = s->lba48 ? s->count[1] << 8 | s->count[0] : s->count[0];

    return count ? count : s->lba48 ? 65536 : 256;
}

/* Address and count of a media command. False: aborted. */
static bool begin_media_command(IDEDrive *s)
{
    s->lba = get_lba(s);
    s->sectors_left = get_count(s);
    s->block_sectors = 1;
    if (s->lba > s->sectors || s->sectors_left > s->sectors - s->lba) {
        ide_command_error(s, ERR_IDNF | ERR_ABRT);
        return false;
    }
    return true;
}

static void sectors_done(IDEDrive *s, uint32_t n)
{
    s->lba += n;
    s->sectors_left -= n;
    set_lba(s, s->lba - (s->sectors_left == 0));
    s->count[0] = s->sectors_left;
    s->count[1] = s->sectors_left >> 8;
}

/* The request failed for good: the address registers name the sector. */
static void media_error(IDEDrive *s)
{
    if (s->dma != DMA_NONE) {
        ide_dma_end(s);
    }
    set_lba(s, s->lba);
    ide_command_error(s, ERR_UNC);
}

/* PIO reads. */

static void pio_read_ready(IDEDrive *s)
{
    uint32_t n = MIN(s->sectors_left, s->block_sectors);

    ide_transfer_start(s, n * BDRV_SECTOR_SIZE, false, AFTER_PIO_READ);
    sectors_done(s, n);
    ide_set_irq(s->bus, true);
}

static void pio_read_done(void *opaque, int ret)
{
    IDEDrive *s = opaque;

    s->acb = NULL;
    if (ret == 0) {
        pio_read_ready(s);
    } else if (!ide_stop_for_error(s, true, ret, RETRY_PIO_READ)) {
        media_error(s);
    }
}

static void pio_read_block(IDEDrive *s)
{
    uint32_t bytes = MIN(s->sectors_left, s->block_sectors) * BDRV_SECTOR_SIZE;
    int64_t offset = s->lba * BDRV_SECTOR_SIZE;

    if (s->sectors_left == 0) {
        s->status = ST_DRDY | ST_DSC;
    } else if (blk_pread_quick(s->blk, offset, s->buffer, bytes)) {
        pio_read_ready(s);
    } else {
        s->status = ST_BSY | ST_DSC;
        s->acb = blk_aio_pread(s->blk, offset, s->buffer, bytes, pio_read_done, s);
    }
}

static void cmd_read_sectors(IDEDrive *s)
{
    if (begin_media_command(s)) {
        pio_read_block(s);
    }
}

static void cmd_read_multiple(IDEDrive *s)
{
    if (!s->multiple) {
        ide_command_error(s, ERR_ABRT);
    } else if (begin_media_command(s)) {
        s->block_sectors = s->multiple;
        pio_read_block(s);
    }
}

/* PIO writes. */

static void pio_write_wait_data(IDEDrive *s)
{
    uint32_t n = MIN(s->sectors_left, s->block_sectors);

    ide_transfer_start(s, n * BDRV_SECTOR_SIZE, true, AFTER_PIO_WRITE);
}

static void flush_after_write_done(void *opaque, int ret)
{
    IDEDrive *s = opaque;

    s->acb = NULL;
    if (ret == 0) {
        ide_command_done(s);
    } else if (!ide_stop_for_error(s, false, ret, RETRY_FLUSH)) {
        media_error(s);
    }
}

/* The last sector is written: with the write cache off it must be on the medium first. */
static void write_command_done(IDEDrive *s)
{
    if (s->write_cache) {
        ide_command_done(s);
    } else {
        s->status = ST_BSY | ST_DSC;
        s->acb = blk_aio_flush(s->blk, flush_after_write_done, s);
    }
}

static void pio_write_done(void *opaque, int ret)
{
    IDEDrive *s = opaque;

    s->acb = NULL;
    if (ret < 0) {
        if (!ide_stop_for_error(s, false, ret, RETRY_PIO_WRITE)) {
            media_error(s);
        }
        return;
    }
    sectors_done(s, MIN(s->sectors_left, s->block_sectors));
    if (s->sectors_left == 0) {
        write_command_done(s);
    } else {
        pio_write_wait_data(s);
        ide_set_irq(s->bus, true);
    }
}

static void pio_write_block(IDEDrive *s)
{
    uint32_t n = MIN(s->sectors_left, s->block_sectors);

    s->status = ST_BSY | ST_DSC;
    s->acb = blk_aio_pwrite(s->blk, s->lba * BDRV_SECTOR_SIZE, s->buffer, n * BDRV_SECTOR_SIZE,
                            pio_write_done, s);
}

static void cmd_write_sectors(IDEDrive *s)
{
    if (begin_media_command(s)) {
        pio_write_wait_data(s);
    }
}

static void cmd_write_multiple(IDEDrive *s)
{
    if (!s->multiple) {
        ide_command_error(s, ERR_ABRT);
    } else if (begin_media_command(s)) {
        s->block_sectors = s->multiple;
        pio_write_wait_data(s);
    }
}

/* DMA. */

static void disk_dma_done(void *opaque, int ret)
{
    IDEDrive *s = opaque;
    bool is_read = s->dma == DMA_DISK_READ;

    s->acb = NULL;
    if (ret < 0) {
        if (!ide_stop_for_error(s, is_read, ret, RETRY_DMA)) {
            media_error(s);
        }
        return;
    }
    if (!is_read) {
        sectors_done(s, s->dma_len / BDRV_SECTOR_SIZE);
        s->dma_pos = s->dma_len = 0;
    }
    ide_dma_pump(s);
}

static void disk_dma_submit(IDEDrive *s)
{
    int64_t offset = s->lba * BDRV_SECTOR_SIZE;

    if (s->dma == DMA_DISK_READ) {
        s->acb = blk_aio_pread(s->blk, offset, s->buffer, s->dma_len, disk_dma_done, s);
    } else {
        s->acb = blk_aio_pwrite(s->blk, offset, s->buffer, s->dma_len, disk_dma_done, s);
    }
}

void ide_disk_dma_next(IDEDrive *s)
{
    if (s->dma_len > 0 && s->dma == DMA_DISK_WRITE) {
        disk_dma_submit(s);             /* the buffer is full */
        return;
    }
    if (s->dma_len > 0) {
        sectors_done(s, s->dma_len / BDRV_SECTOR_SIZE);
        s->dma_pos = s->dma_len = 0;
    }
    if (s->sectors_left == 0) {
        bool is_write = s->dma == DMA_DISK_WRITE;

        ide_dma_end(s);
        if (is_write) {
            write_command_done(s);
        } else {
            ide_command_done(s);
        }
        return;
    }
    s->dma_len = MIN(s->sectors_left * BDRV_SECTOR_SIZE, (uint32_t)IDE_BUFFER_BYTES);
    if (s->dma == DMA_DISK_READ) {
        s->dma_pos = 0;
        disk_dma_submit(s);
    }
}

static void begin_dma(IDEDrive *s, DMAKind kind)
{
    if (!s->bus->dma_ops) {
        ide_command_error(s, ERR_ABRT);
    } else if (begin_media_command(s)) {
        ide_dma_start(s, kind);
        ide_dma_pump(s);
    }
}

static void cmd_read_dma(IDEDrive *s)
{
    begin_dma(s, DMA_DISK_READ);
}

static void cmd_write_dma(IDEDrive *s)
{
    begin_dma(s, DMA_DISK_WRITE);
}

/* Without data. */

static void cmd_done(IDEDrive *s)
{
    ide_command_done(s);
}

static void cmd_verify(IDEDrive *s)
{
    if (begin_media_command(s)) {
        sectors_done(s, s->sectors_left);
        ide_command_done(s);
    }
}

static void flush_done(void *opaque, int ret)
{
    IDEDrive *s = opaque;

    s->acb = NULL;
    if (ret == 0) {
        ide_command_done(s);
    } else if (!ide_stop_for_error(s, false, ret, RETRY_FLUSH)) {
        ide_command_error(s, ERR_ABRT);
    }
}

static void cmd_flush(IDEDrive *s)
{
    s->status = ST_BSY | ST_DSC;
    s->acb = blk_aio_flush(s->blk, flush_done, s);
}

static void cmd_recalibrate(IDEDrive *s)
{
    s->lba_mid[0] = s->lba_high[0] = 0;
    ide_command_done(s);
}

static void cmd_seek(IDEDrive *s)
{
    if (get_lba(s) >= s->sectors) {
        ide_command_error(s, ERR_IDNF | ERR_ABRT);
    } else {
        ide_command_done(s);
    }
}

static void cmd_init_parameters(IDEDrive *s)
{
    if (s->count[0] == 0) {
        ide_command_error(s, ERR_ABRT);
        return;
    }
    s->logical_heads = (s->device & 0xf) + 1;
    s->logical_sectors = s->count[0];
    ide_command_done(s);
}

static void cmd_set_multiple(IDEDrive *s)
{
    uint8_t n = s->count[0];

    if (n > IDE_MAX_MULTIPLE || (n & (n - 1))) {
        ide_command_error(s, ERR_ABRT);
        return;
    }
    s->multiple = n;
    ide_command_done(s);
}

/* 8.29: the largest address, not the number of sectors */
static void cmd_native_max(IDEDrive *s)
{
    uint64_t max = s->sectors ? s->sectors - 1 : 0;

    s->device |= DEV_LBA;
    set_lba(s, s->lba48 ? max : MIN(max, (uint64_t)0xfffffff));
    ide_command_done(s);
}

static void cmd_check_power(IDEDrive *s)
{
    s->count[0] = 0xff;         /* active or idle */
    ide_command_done(s);
}

/* 8.9: both drives run the test, drive 0 reports. No reset of other settings. */
static void cmd_diagnostic(IDEDrive *s)
{
    IDEBus *bus = s->bus;
    int i;

    for (i = 0; i < IDE_UNITS; i++) {
        IDEDrive *drive = bus->drives[i];

        if (drive) {
            ide_cancel(drive);
            ide_set_signature(drive);
            drive->status = drive->is_cd ? 0 : ST_DRDY | ST_DSC;
        }
    }
    bus->selected = 0;
    ide_set_irq(bus, true);
}

/* 8.7: packet devices only; no interrupt */
static void cmd_device_reset(IDEDrive *s)
{
    ide_cancel(s);
    ide_set_signature(s);
    s->status = 0;
}

static void cmd_set_features(IDEDrive *s)
{
    enum { ENABLE_WRITE_CACHE = 0x02, SET_TRANSFER_MODE = 0x03, DISABLE_WRITE_CACHE = 0x82 };

    switch (s->features[0]) {
    case ENABLE_WRITE_CACHE:
        s->write_cache = true;
        break;
    case DISABLE_WRITE_CACHE:
        s->write_cache = false;
        cmd_flush(s);
        return;
    case SET_TRANSFER_MODE:     /* 8.46.3: PIO 0x0y, multiword 0x2y, Ultra 0x4y */
        switch (s->count[0] >> 3) {
        case 0: case 1:
            s->dma_mode = 0;
            break;
        case 4: case 8:
            if ((s->count[0] & 7) > (s->count[0] >> 3 == 4 ? 2 : 5)) {
                ide_command_error(s, ERR_ABRT);
                return;
            }
            s->dma_mode = s->count[0];
            break;
        default:
            ide_command_error(s, ERR_ABRT);
            return;
        }
        break;
    case 0x05: case 0x85:       /* power management */
    case 0x42: case 0xc2:       /* acoustic management */
    case 0x55: case 0xaa:       /* read look-ahead */
    case 0x66: case 0xcc:       /* keep settings over reset */
    case 0x5d: case 0xdd: case 0x5e: case 0xde:     /* release, SERVICE interrupts */
        break;
    default:
        ide_command_error(s, ERR_ABRT);
        return;
    }
    ide_command_done(s);
}

/* Data of one block out of the buffer. */
static void reply_sector(IDEDrive *s)
{
    s->sectors_left = 0;
    ide_transfer_start(s, BDRV_SECTOR_SIZE, false, AFTER_NOTHING);
    s->error = 0;
    ide_set_irq(s->bus, true);
}

static void cmd_identify(IDEDrive *s)
{
    if (s->is_cd) {
        ide_set_signature(s);           /* 8.15: how packet devices are told apart */
        ide_command_error(s, ERR_ABRT);
        return;
    }
    ide_identify(s);
    reply_sector(s);
}

static void cmd_identify_packet(IDEDrive *s)
{
    ide_identify_packet(s);
    reply_sector(s);
}

static void cmd_read_signed(IDEDrive *s)
{
    if (s->is_cd) {
        ide_set_signature(s);           /* 9.10: as above */
        ide_command_error(s, ERR_ABRT);
    } else {
        cmd_read_sectors(s);
    }
}

static uint8_t checksum(const uint8_t *p)
{
    uint8_t sum = 0;
    int i;

    for (i = 0; i < BDRV_SECTOR_SIZE - 1; i++) {
        sum += p[i];
    }
    return -sum;
}

/* Attributes and thresholds: id, flags (2), value, worst, raw (6). */
static void smart_data(IDEDrive *s, bool thresholds)
{
    static const struct { uint8_t id, flags, value, threshold; } attributes[] = {
        { 0x01, 0x03, 0x64, 0x06 },     /* read error rate */
        { 0x03, 0x03, 0x64, 0x00 },     /* spin-up time */
        { 0x05, 0x03, 0x64, 0x24 },     /* reallocated sectors */
        { 0x09, 0x03, 0x64, 0x00 },     /* power-on hours */
        { 0x0c, 0x03, 0x64, 0x00 },     /* power cycles */
        { 0xc2, 0x02, 0x64, 0x00 },     /* temperature */
    };
    unsigned i;

    memset(s->buffer, 0, BDRV_SECTOR_SIZE);
    s->buffer[0] = 1;
    for (i = 0; i < ARRAY_SIZE(attributes); i++) {
        uint8_t *p = s->buffer + 2 + 12 * i;

        p[0] = attributes[i].id;
        if (thresholds) {
            p[1] = attributes[i].threshold;
        } else {
            p[1] = attributes[i].flags;
            p[3] = p[4] = attributes[i].value;
        }
    }
    s->buffer[511] = checksum(s->buffer);
    reply_sector(s);
}

static void cmd_smart(IDEDrive *s)
{
    enum { READ_DATA = 0xd0, READ_THRESHOLDS = 0xd1, AUTOSAVE = 0xd2, OFFLINE = 0xd4,
           ENABLE = 0xd8, DISABLE = 0xd9, RETURN_STATUS = 0xda };
    uint8_t what = s->features[0];

    if (s->lba_mid[0] != 0x4f || s->lba_high[0] != 0xc2 || (!s->smart_enabled && what != ENABLE)) {
        ide_command_error(s, ERR_ABRT);
        return;
    }
    switch (what) {
    case READ_DATA:
    case READ_THRESHOLDS:
        smart_data(s, what == READ_THRESHOLDS);
        return;
    case ENABLE:
    case DISABLE:
        s->smart_enabled = what == ENABLE;
        break;
    case AUTOSAVE:
    case OFFLINE:
    case RETURN_STATUS:         /* the address stays as it is: no threshold exceeded */
        break;
    default:
        ide_command_error(s, ERR_ABRT);
        return;
    }
    ide_command_done(s);
}

static const ATACommand commands[256] = {
    [0x08] = { cmd_device_reset, FOR_CD },
    [0x10 ... 0x1f] = { cmd_recalibrate, FOR_HD },
    [0x20 ... 0x21] = { cmd_read_signed, FOR_HD | FOR_CD },
    [0x24] = { cmd_read_sectors, FOR_HD | LBA48 },
    [0x25] = { cmd_read_dma, FOR_HD | LBA48 },
    [0x27] = { cmd_native_max, FOR_HD | LBA48 },
    [0x29] = { cmd_read_multiple, FOR_HD | LBA48 },
    [0x30 ... 0x31] = { cmd_write_sectors, FOR_HD },
    [0x34] = { cmd_write_sectors, FOR_HD | LBA48 },
    [0x35] = { cmd_write_dma, FOR_HD | LBA48 },
    [0x39] = { cmd_write_multiple, FOR_HD | LBA48 },
    [0x3c] = { cmd_write_sectors, FOR_HD },
    [0x40 ... 0x41] = { cmd_verify, FOR_HD },
    [0x42] = { cmd_verify, FOR_HD | LBA48 },
    [0x70 ... 0x7f] = { cmd_seek, FOR_HD },
    [0x90] = { cmd_diagnostic, FOR_HD | FOR_CD },
    [0x91] = { cmd_init_parameters, FOR_HD },
    [0x94 ... 0x97] = { cmd_done, FOR_HD | FOR_CD },
    [0x98] = { cmd_check_power, FOR_HD | FOR_CD },
    [0x99] = { cmd_done, FOR_HD | FOR_CD },
    [0xa0] = { atapi_packet_start, FOR_CD },
    [0xa1] = { cmd_identify_packet, FOR_CD },
    [0xb0] = { cmd_smart, FOR_HD },
    [0xc4] = { cmd_read_multiple, FOR_HD },
    [0xc5] = { cmd_write_multiple, FOR_HD },
    [0xc6] = { cmd_set_multiple, FOR_HD },
    [0xc8 ... 0xc9] = { cmd_read_dma, FOR_HD },
    [0xca ... 0xcb] = { cmd_write_dma, FOR_HD },
    [0xe0 ... 0xe3] = { cmd_done, FOR_HD | FOR_CD },     /* standby, idle */
    [0xe5] = { cmd_check_power, FOR_HD | FOR_CD },
    [0xe6] = { cmd_done, FOR_HD | FOR_CD },              /* sleep */
    [0xe7] = { cmd_flush, FOR_HD },
    [0xea] = { cmd_flush, FOR_HD | LBA48 },
    [0xec] = { cmd_identify, FOR_HD | FOR_CD },
    [0xef] = { cmd_set_features, FOR_HD | FOR_CD },
    [0xf8] = { cmd_native_max, FOR_HD },
};

void ide_exec_command(IDEDrive *s, uint8_t command)
{
    const ATACommand *row = &commands[command];

    trace_ide_exec_command(s->is_cd ? "ide-cd" : "ide-hd", command);
    s->command = command;
    s->lba48 = row->flags & LBA48;
    s->error = 0;
    if (!row->run || !(row->flags & (s->is_cd ? FOR_CD : FOR_HD))) {
        if (command != 0) {             /* NOP always aborts */
            qemu_log_mask(LOG_UNIMP, "%s: ATA command 0x%02x\n", s->is_cd ? "ide-cd" : "ide-hd",
                          command);
        }
        ide_command_error(s, ERR_ABRT);
        return;
    }
    row->run(s);
}

void ide_after_transfer(IDEDrive *s)
{
    switch ((AfterTransfer)s->after) {
    case AFTER_NOTHING:
        s->status = ST_DRDY | ST_DSC;
        break;
    case AFTER_PIO_READ:
        pio_read_block(s);
        break;
    case AFTER_PIO_WRITE:
        pio_write_block(s);
        break;
    case AFTER_PACKET:
        atapi_packet_received(s);
        break;
    case AFTER_PACKET_DATA:
        atapi_data_next(s);
        break;
    case AFTER_PACKET_PARAMS:
        atapi_params_received(s);
        break;
    }
}

/* The machine runs again after an I/O error stopped it. */
void ide_retry(IDEDrive *s)
{
    RetryKind retry = s->retry;

    s->retry = RETRY_NONE;
    switch (retry) {
    case RETRY_NONE:
        break;
    case RETRY_PIO_READ:
        pio_read_block(s);
        break;
    case RETRY_PIO_WRITE:
        pio_write_block(s);
        break;
    case RETRY_DMA:
        disk_dma_submit(s);
        break;
    case RETRY_FLUSH:
        cmd_flush(s);
        break;
    case RETRY_PACKET_READ:
        atapi_retry_read(s);
        break;
    }
}
