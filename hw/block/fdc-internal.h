/*
 * Inside of the floppy controller: drives (fdc-drive.c), commands
 * (fdc-commands.c), transfers (fdc-transfer.c), registers and bus (fdc.c).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_BLOCK_FDC_INTERNAL_H
#define HW_BLOCK_FDC_INTERNAL_H

#include "block/block.h"
#include "hw/block/fdc.h"

enum { FD_SECTOR_BYTES = 512, FD_SECTOR_CODE = 2 };

/* Drives by what they can hold. */
typedef enum { FD_TYPE_NONE, FD_TYPE_120, FD_TYPE_144, FD_TYPE_288 } FloppyType;

typedef struct FloppyDrive {
    BlockBackend *blk;          /* NULL: no drive */
    FloppyType type;
    bool auto_type;

    /* medium, from its size */
    uint8_t heads, sectors, tracks;     /* 0: none */
    uint8_t rate;               /* code of CCR: 0 500, 1 300, 2 250 kb/s, 3 1 Mb/s */

    /* guest state */
    uint8_t track;              /* where the heads are */
    bool changed;               /* DSKCHG */
} FloppyDrive;

bool fd_parse_type(const char *name, FloppyDrive *drive);
uint8_t fd_cmos_type(const FloppyDrive *drive);
/* Geometry of the medium in the drive; an automatic drive becomes one that fits. */
void fd_look_at_medium(FloppyDrive *drive);
static inline bool fd_has_medium(const FloppyDrive *drive) { return drive->sectors != 0; }
/* False: no such sector on this medium. */
bool fd_has_sector(const FloppyDrive *drive, uint8_t track, uint8_t head, uint8_t sector);
int64_t fd_offset(const FloppyDrive *drive, uint8_t track, uint8_t head, uint8_t sector);

typedef enum { PHASE_COMMAND, PHASE_EXECUTION, PHASE_RESULT } FDPhase;
typedef enum { XFER_READ, XFER_WRITE, XFER_FORMAT, XFER_VERIFY, XFER_SCAN_EQUAL, XFER_SCAN_LOW,
               XFER_SCAN_HIGH } FDTransferKind;

/* Status registers (82077AA data sheet, chapter 6) */
enum { ST0_ABNORMAL = 0x40, ST0_INVALID = 0x80, ST0_READY_CHANGED = 0xc0, ST0_SEEK_END = 0x20, ST0_HEAD = 0x04,
       ST0_EQUIPMENT = 0x10 };
enum { ST1_MISSING_MARK = 0x01, ST1_NOT_WRITABLE = 0x02, ST1_NO_DATA = 0x04, ST1_DATA_ERROR = 0x20,
       ST1_END_OF_CYLINDER = 0x80 };
enum { ST2_DATA_ERROR = 0x20, ST2_WRONG_CYLINDER = 0x10, ST2_CONTROL_MARK = 0x40, ST2_SCAN_HIT = 0x08,
       ST2_SCAN_NOT_SATISFIED = 0x04 };
enum { CMD_MULTI_TRACK = 0x80, CMD_MFM = 0x40, CMD_SKIP = 0x20, CMD_MASK = 0x1f };
enum { DOR_SELECT = 0x03, DOR_NOT_RESET = 0x04, DOR_DMA_GATE = 0x08, DOR_MOTOR_0 = 0x10 };
enum { CONFIGURE_IMPLIED_SEEK = 0x40, CONFIGURE_NO_POLL = 0x10 };
enum { MAX_COMMAND = 17, MAX_RESULT = 16 };

typedef struct FDCtrl {
    /* wiring */
    FloppyDrive drives[FDC_DRIVES];
    qemu_irq irq;
    void (*set_dreq)(struct FDCtrl *s, bool level);
    ISADevice *isa;
    int32_t dma_channel;

    /* guest state */
    uint8_t dor, tdr, dsr, ccr;
    uint8_t phase;              /* FDPhase */
    bool irq_level;
    uint8_t reset_interrupts;   /* SENSE INTERRUPT STATUSes that a reset owes */
    uint8_t seek_ended;         /* bit for each drive */
    uint8_t seek_status[4];     /* their ST0 */
    uint8_t timers[2];          /* SPECIFY; bit 0 of the second: no DMA */
    uint8_t config, precompensation, perpendicular;
    bool lock;
    uint8_t command[MAX_COMMAND], command_length, command_position;
    uint8_t result[MAX_RESULT], result_length, result_position;

    /* a transfer */
    uint8_t kind;               /* FDTransferKind */
    uint8_t drive, head;        /* that the command chose */
    uint8_t cylinder, side, sector;     /* C, H, R of the sector id */
    uint8_t end_of_track;       /* EOT, or sectors left of a FORMAT */
    uint16_t sectors_left;      /* VERIFY and READ TRACK: 0 means until EOT */
    uint8_t st1, st2;
    uint8_t buffer[FD_SECTOR_BYTES];
    uint16_t position, length;  /* in buffer */
} FDCtrl;

static inline FloppyDrive *fdc_drive(FDCtrl *s, unsigned n) { return &s->drives[n & 1]; }
static inline bool fdc_drive_exists(const FDCtrl *s, unsigned n) { return n < FDC_DRIVES && s->drives[n].blk; }
static inline bool fdc_uses_dma(const FDCtrl *s) { return !(s->timers[1] & 1); }

void fdc_set_irq(FDCtrl *s, bool level);
/* Go to the result phase (length 0: back to the command phase). */
void fdc_finish(FDCtrl *s, unsigned length);
/* fdc-commands.c */
void fdc_command_byte(FDCtrl *s, uint8_t value);
void fdc_reset_commands(FDCtrl *s);
/* fdc-transfer.c */
void fdc_start_transfer(FDCtrl *s, FDTransferKind kind);
void fdc_start_format(FDCtrl *s);
void fdc_read_id(FDCtrl *s);
void fdc_dma_run(void *opaque);
uint8_t fdc_pio_read(FDCtrl *s);
void fdc_pio_write(FDCtrl *s, uint8_t value);
bool fdc_transfer_is_to_host(const FDCtrl *s);

#endif
