/*
 * IDENTIFY DEVICE and IDENTIFY PACKET DEVICE data (ATA/ATAPI-6, 8.15 and 8.16).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "hw/ide/ide-internal.h"

enum {
    W_GENERAL = 0, W_CYLINDERS = 1, W_HEADS = 3, W_SECTORS = 6, W_SERIAL = 10, W_FIRMWARE = 23,
    W_MODEL = 27, W_MULTIPLE = 47, W_CAPABILITIES = 49, W_CAPABILITIES2 = 50, W_PIO_TIMING = 51,
    W_VALID = 53, W_CURRENT_CYLINDERS = 54, W_CURRENT_HEADS = 55, W_CURRENT_SECTORS = 56,
    W_CURRENT_CAPACITY = 57, W_CURRENT_MULTIPLE = 59, W_LBA_SECTORS = 60, W_MWDMA = 63, W_PIO = 64,
    W_CYCLE_MDMA_MIN = 65, W_CYCLE_MDMA = 66, W_CYCLE_PIO = 67, W_CYCLE_PIO_IORDY = 68,
    W_QUEUE_DEPTH = 75, W_SATA = 76, W_MAJOR = 80, W_MINOR = 81, W_SETS = 82, W_ENABLED = 85, W_UDMA = 88, W_RESET_RESULT = 93,
    W_LBA48_SECTORS = 100, W_CHECKSUM = 255,
};

static void put(IDEDrive *s, unsigned word, uint16_t value)
{
    stw_le_p(s->buffer + 2 * word, value);
}

/* Two characters a word, the first in the high half, padded with blanks. */
static void put_string(IDEDrive *s, unsigned word, unsigned words, const char *text)
{
    size_t length = strlen(text);
    unsigned i;

    for (i = 0; i < 2 * words; i++) {
        s->buffer[2 * word + (i ^ 1)] = i < length ? text[i] : ' ';
    }
}

static void put_names(IDEDrive *s)
{
    put_string(s, W_SERIAL, 10, s->serial);
    put_string(s, W_FIRMWARE, 4, s->version);
    put_string(s, W_MODEL, 20, s->model);
}

/* Supported modes in the low byte, the chosen one in the high byte. */
static void put_modes(IDEDrive *s)
{
    uint8_t chosen = 1 << (s->dma_mode & 7);
    bool multiword = s->dma_mode >> 3 == 4;
    bool ultra = s->dma_mode >> 3 == 8;

    put(s, W_MWDMA, 0x07 | (multiword ? chosen << 8 : 0));
    put(s, W_UDMA, 0x3f | (ultra ? chosen << 8 : 0));
    put(s, W_PIO, 0x03);                /* modes 3 and 4 */
    put(s, W_PIO_TIMING, 0x200);
    put(s, W_CYCLE_MDMA_MIN, 120);
    put(s, W_CYCLE_MDMA, 120);
    put(s, W_CYCLE_PIO, 120);
    put(s, W_CYCLE_PIO_IORDY, 120);
    put(s, W_VALID, 0x07);              /* words 54-58, 64-70, 88 */
}

static void put_checksum(IDEDrive *s)
{
    uint8_t sum = 0xa5;
    int i;

    for (i = 0; i < 511; i++) {
        sum += s->buffer[i];
    }
    put(s, W_CHECKSUM, 0xa5 | (uint8_t)-sum << 8);
}

static void put_capacity(IDEDrive *s)
{
    uint32_t track = s->logical_heads * s->logical_sectors;
    uint32_t cylinders = track ? MIN(s->sectors / track, (uint64_t)16383) : 0;
    uint32_t chs_sectors = cylinders * track;
    uint32_t lba28 = MIN(s->sectors, (uint64_t)0xfffffff);

    put(s, W_CYLINDERS, s->cylinders);
    put(s, W_HEADS, s->heads);
    put(s, W_SECTORS, s->sectors_per_track);
    put(s, W_CURRENT_CYLINDERS, cylinders);
    put(s, W_CURRENT_HEADS, s->logical_heads);
    put(s, W_CURRENT_SECTORS, s->logical_sectors);
    stl_le_p(s->buffer + 2 * W_CURRENT_CAPACITY, chs_sectors);
    stl_le_p(s->buffer + 2 * W_LBA_SECTORS, lba28);
    stq_le_p(s->buffer + 2 * W_LBA48_SECTORS, s->sectors);
}

void ide_identify(IDEDrive *s)
{
    enum { SATA_GEN1 = 1 << 1, SATA_NCQ = 1 << 8 };
    enum { SET_SMART = 1 << 0, SET_POWER = 1 << 3, SET_WRITE_CACHE = 1 << 5, SET_LOOK_AHEAD = 1 << 6,
           SET_NOP = 1 << 14 };
    enum { SET2_LBA48 = 1 << 10, SET2_FLUSH = 1 << 12, SET2_FLUSH_EXT = 1 << 13, WORD_VALID = 1 << 14 };
    uint16_t sets = SET_SMART | SET_POWER | SET_WRITE_CACHE | SET_LOOK_AHEAD | SET_NOP;
    uint16_t sets2 = SET2_LBA48 | SET2_FLUSH | SET2_FLUSH_EXT | WORD_VALID;

    memset(s->buffer, 0, BDRV_SECTOR_SIZE);
    put(s, W_GENERAL, 0x0040);          /* fixed drive */
    put_names(s);
    put(s, W_MULTIPLE, 0x8000 | IDE_MAX_MULTIPLE);
    put(s, W_CAPABILITIES, s->bus->dma_ops ? 0x0f00 : 0x0e00);  /* IORDY, LBA, DMA */
    put(s, W_CAPABILITIES2, 0x4000);
    put(s, W_CURRENT_MULTIPLE, s->multiple ? 0x100 | s->multiple : 0);
    put_capacity(s);
    put_modes(s);
    put(s, W_MAJOR, 0x00f0);            /* ATA-4 to ATA/ATAPI-7 */
    put(s, W_MINOR, 0x0016);
    put(s, W_SETS, sets);
    put(s, W_SETS + 1, sets2);
    put(s, W_SETS + 2, WORD_VALID);
    put(s, W_ENABLED, (sets & ~(SET_SMART | SET_WRITE_CACHE)) | (s->smart_enabled ? SET_SMART : 0) |
        (s->write_cache ? SET_WRITE_CACHE : 0));
    put(s, W_ENABLED + 1, sets2 & ~WORD_VALID);
    put(s, W_ENABLED + 2, WORD_VALID);
    if (s->bus->sata) {
        put(s, W_QUEUE_DEPTH, 31);
        put(s, W_SATA, SATA_GEN1 | SATA_NCQ);
    } else {
        put(s, W_RESET_RESULT, s->unit ? 0x6b00 : 0x600b);  /* 80-conductor cable */
    }
    put_checksum(s);
}

void ide_identify_packet(IDEDrive *s)
{
    memset(s->buffer, 0, BDRV_SECTOR_SIZE);
    put(s, W_GENERAL, 0x85c0);          /* CD-ROM, removable, DRQ within 50 us, 12-byte packets */
    put_names(s);
    put(s, W_CAPABILITIES, s->bus->dma_ops ? 0x0b00 : 0x0a00);
    put_modes(s);
    put(s, W_MAJOR, 0x001e);            /* ATA-1 to ATA/ATAPI-4 */
    put(s, W_SETS, 1 << 4 | 1 << 14);   /* PACKET, NOP */
    put(s, W_SETS + 1, 1 << 14);
    put(s, W_ENABLED, 1 << 4 | 1 << 14);
    put(s, W_ENABLED + 2, 1 << 14);
    put(s, W_RESET_RESULT, s->unit ? 0x6b00 : 0x600b);
    put_checksum(s);
}
