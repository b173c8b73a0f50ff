/*
 * Inside hw/ide: the bus, the drives, and what a controller provides.
 *
 *   core.c       task file registers, data port, interrupts, reset, DMA pump
 *   ata.c        commands of disks; those that both kinds know
 *   identify.c   IDENTIFY data
 *   atapi.c      packet commands: bookkeeping, data phases
 *   atapi-cmd.c  packet commands: the commands themselves
 *   drive.c      device types "ide-hd" and "ide-cd", their bus
 *   ahci*.c      AHCI (ahci.h)
 *   bmdma.c      PCI bus master engine; cmd646.c, macio.c: controllers
 *
 * Follows ATA/ATAPI-6 (T13 1410D) and MMC-3 / SFF-8020i for CD drives.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_IDE_INTERNAL_H
#define HW_IDE_INTERNAL_H

#include "exec/memory.h"
#include "hw/ide.h"
#include "block/block.h"

enum { IDE_UNITS = 2, IDE_BUFFER_BYTES = 128 << 10, IDE_MAX_MULTIPLE = 16,
       IDE_PACKET_BYTES = 12, CD_SECTOR = 2048, CD_RAW_SECTOR = 2352 };

/* Task file registers, by offset in the command block */
enum { ATA_DATA, ATA_ERROR, ATA_COUNT, ATA_LBA_LOW, ATA_LBA_MID, ATA_LBA_HIGH, ATA_DEVICE,
       ATA_STATUS, ATA_FEATURES = ATA_ERROR, ATA_COMMAND = ATA_STATUS };
enum { ST_ERR = 0x01, ST_DRQ = 0x08, ST_DSC = 0x10, ST_DF = 0x20, ST_DRDY = 0x40, ST_BSY = 0x80 };
enum { ERR_ABRT = 0x04, ERR_IDNF = 0x10, ERR_UNC = 0x40, ERR_ICRC = 0x80 };
enum { DEV_UNIT = 0x10, DEV_LBA = 0x40, DEV_OBSOLETE = 0xa0 };
enum { CTL_NIEN = 0x02, CTL_SRST = 0x04, CTL_HOB = 0x80 };
/* Interrupt reason: the count register in packet commands */
enum { IR_COMMAND = 0x01, IR_TO_HOST = 0x02 };

typedef struct IDEBus IDEBus;
typedef struct IDEDrive IDEDrive;

/* What happens when the data port has moved a whole block. */
typedef enum { AFTER_NOTHING, AFTER_PIO_READ, AFTER_PIO_WRITE, AFTER_PACKET, AFTER_PACKET_DATA,
               AFTER_PACKET_PARAMS } AfterTransfer;
/* What a DMA command moves. */
typedef enum { DMA_NONE, DMA_DISK_READ, DMA_DISK_WRITE, DMA_PACKET_READ } DMAKind;
/* The request to repeat when the machine runs again after an I/O error. */
typedef enum { RETRY_NONE, RETRY_PIO_READ, RETRY_PIO_WRITE, RETRY_DMA, RETRY_FLUSH,
               RETRY_PACKET_READ } RetryKind;

/* A controller's way to guest memory. */
typedef struct IDEDMAOps {
    /*
     * Move up to `bytes` between buf and the engine's place in guest memory;
     * says how many. Less than asked: the engine is stopped or has no more
     * memory; the controller calls ide_dma_kick when that changes.
     */
    size_t (*move)(void *opaque, void *buf, size_t bytes, bool to_memory);
    /* The command is over (or cancelled); may be NULL. */
    void (*end)(void *opaque);
} IDEDMAOps;

struct IDEBus {
    BusState qbus;
    IDEDrive *drives[IDE_UNITS];    /* NULL: no drive */

    /* wiring */
    qemu_irq irq;
    const IDEDMAOps *dma_ops;       /* NULL: no DMA */
    void *dma_opaque;
    bool sata;                      /* queued commands; IDENTIFY says so */

    /* guest state */
    uint8_t selected;               /* unit */
    uint8_t control;                /* device control register */
    bool irq_pending;               /* INTRQ, before nIEN */
};

struct IDEDrive {
    DeviceState parent_obj;

    /* wiring */
    IDEBus *bus;
    bool is_cd;
    BlockBackend *own_blk;          /* a CD-ROM drive's own, where "drive" is not given */
    BlockAIOCB *acb;                /* the request under way; NULL: none */

    /* properties */
    BlockBackend *blk;
    char *serial, *model, *version;
    int32_t unit;                   /* -1: the first free one */

    /* fixed by realize */
    uint64_t sectors;               /* disks: of 512 bytes */
    uint16_t cylinders;
    uint8_t heads, sectors_per_track;

    /* guest state: task file; [1] holds what was there before the last write */
    uint8_t features[2], count[2], lba_low[2], lba_mid[2], lba_high[2];
    uint8_t device, status, error;
    uint8_t logical_heads, logical_sectors;     /* INITIALIZE DEVICE PARAMETERS */
    uint8_t multiple;               /* sectors per block of READ MULTIPLE, 0: off */
    uint8_t dma_mode;               /* SET FEATURES transfer mode, 0: none set */
    bool write_cache, smart_enabled;

    /* guest state: the command under way */
    uint8_t command;
    bool lba48;
    uint64_t lba;                   /* next sector */
    uint32_t sectors_left;
    uint32_t block_sectors;         /* of a data port block */
    uint32_t byte_limit;            /* of a data port block of a packet command */
    uint32_t data_pos, data_end;    /* data port window in buffer, bytes */
    bool data_out;                  /* host to drive */
    uint8_t after;                  /* AfterTransfer */
    uint8_t dma;                    /* DMAKind */
    uint32_t dma_pos, dma_len;      /* bytes moved and bytes there, in buffer */
    bool dma_pumping;               /* guards against being kicked while moving */
    uint8_t retry;                  /* RetryKind */

    /* guest state: packet commands */
    uint8_t packet[IDE_PACKET_BYTES];
    uint8_t sense_key, asc, ascq;
    bool packet_dma;
    uint32_t reply_left;            /* bytes still to come, buffered or not */
    uint32_t reply_pos, reply_len;  /* in buffer */
    uint32_t cd_sector_bytes;       /* 0: the reply is all in the buffer */
    bool tray_open, tray_locked, medium_changed;
    uint8_t media_event;            /* GET EVENT STATUS NOTIFICATION */

    uint8_t buffer[IDE_BUFFER_BYTES];
};

#define TYPE_IDE_DRIVE "ide-drive"
#define TYPE_IDE_HD "ide-hd"
#define TYPE_IDE_CD "ide-cd"
#define IDE_DRIVE(o) OBJECT_CHECK(IDEDrive, (o), TYPE_IDE_DRIVE)

/* core.c */
uint32_t ide_ioport_read(IDEBus *bus, unsigned reg);
void ide_ioport_write(IDEBus *bus, unsigned reg, uint32_t val);
uint32_t ide_alt_status_read(IDEBus *bus);
void ide_control_write(IDEBus *bus, uint32_t val);
/* Data port: bytes in the order of the disk, first byte lowest. size 2 or 4. */
uint32_t ide_data_read(IDEBus *bus, unsigned size);
void ide_data_write(IDEBus *bus, uint32_t val, unsigned size);
/* ports.c: regions of 8 ports (task file) and 1 port (control), opaque: the IDEBus. */
extern const MemoryRegionOps ide_command_ops, ide_control_ops;
void ide_bus_reset(IDEBus *bus);
extern const VMStateDescription vmstate_ide_bus;
#define VMSTATE_IDE_BUS(f, s) VMSTATE_STRUCT(f, s, vmstate_ide_bus, IDEBus)

/* core.c, for commands */
void ide_set_irq(IDEBus *bus, bool level);
/* Offer the first `bytes` of the buffer through the data port. */
void ide_transfer_start(IDEDrive *s, uint32_t bytes, bool data_out, AfterTransfer after);
/* Good end of a command: ready, interrupt. */
void ide_command_done(IDEDrive *s);
void ide_command_error(IDEDrive *s, uint8_t error);
void ide_set_signature(IDEDrive *s);
void ide_drive_reset(IDEDrive *s);
void ide_cancel(IDEDrive *s);
/* True: the machine stops and will repeat `retry`; otherwise the command fails. */
bool ide_stop_for_error(IDEDrive *s, bool is_read, int ret, RetryKind retry);
void ide_dma_start(IDEDrive *s, DMAKind kind);
/* The controller's engine can move bytes again. */
void ide_dma_kick(IDEBus *bus);
void ide_dma_pump(IDEDrive *s);
void ide_dma_end(IDEDrive *s);

/* ata.c */
void ide_exec_command(IDEDrive *s, uint8_t command);
void ide_after_transfer(IDEDrive *s);
void ide_retry(IDEDrive *s);
/* The DMA pump needs more bytes in the buffer (reads), or has filled it (writes). */
void ide_disk_dma_next(IDEDrive *s);

/* identify.c: 512 bytes into the buffer */
void ide_identify(IDEDrive *s);
void ide_identify_packet(IDEDrive *s);

/* atapi.c */
void atapi_packet_start(IDEDrive *s);       /* PACKET was written */
void atapi_packet_received(IDEDrive *s);
void atapi_params_received(IDEDrive *s);
void atapi_data_next(IDEDrive *s);          /* data port block gone: next, or the end */
void atapi_dma_next(IDEDrive *s);
void atapi_retry_read(IDEDrive *s);
void atapi_reset(IDEDrive *s);
extern const BlockDevOps atapi_dev_ops;

/* atapi.c, for atapi-cmd.c */
void atapi_ok(IDEDrive *s);
void atapi_error(IDEDrive *s, uint8_t key, uint8_t asc);
/* bytes are in the buffer; the host takes at most `limit`. */
void atapi_reply(IDEDrive *s, uint32_t bytes, uint32_t limit);
void atapi_read_sectors(IDEDrive *s, uint64_t lba, uint32_t sectors, uint32_t sector_bytes);
uint64_t atapi_sectors(IDEDrive *s);        /* of 2048 bytes; 0: no medium */
/* atapi-cmd.c */
void atapi_exec(IDEDrive *s);

/* drive.c */
void ide_bus_init(IDEBus *bus, DeviceState *parent, const char *name);
bool ide_bus_create_drives(IDEBus *bus, int bus_number, Error **errp) QEMU_MUST_CHECK;

#endif
