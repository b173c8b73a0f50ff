/*
 * Floppy disk controller of a PC (Intel 82077AA/82078 data sheets), on ISA.
 *
 * I/O      0x3f0 SRA, SRB, DOR, TDR, MSR/DSR, FIFO; 0x3f7 DIR/CCR
 * IRQ      6, DMA channel 2 (properties "irq", "dma")
 * Drives   "driveA", "driveB"; "fdtypeA", "fdtypeB": auto, 120, 144, 288, none
 *
 * Seeks take no time. Left out: tape drives, deleted data marks on the medium.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/block/fdc-internal.h"
#include "qemu/log.h"

enum { REG_SRA, REG_SRB, REG_DOR, REG_TDR, REG_MSR, REG_FIFO, REG_COUNT };
enum { PORT_BASE = 0x3f0, PORT_DIR = 0x3f7 };
enum { SRA_INTERRUPT = 0x80, SRA_NO_DRIVE_2 = 0x40, SRA_NOT_TRACK_0 = 0x10, SRA_HEAD = 0x08, SRA_NOT_INDEX = 0x04,
       SRA_NOT_PROTECTED = 0x02, SRB_FIXED = 0xc0, MSR_READY = 0x80, MSR_TO_HOST = 0x40, MSR_NO_DMA = 0x20,
       MSR_BUSY = 0x10, DSR_RESET = 0x80, DIR_CHANGED = 0x80, RATE_MASK = 0x03, TDR_WRITABLE = 0x03 };

typedef struct ISAFDCState {
    ISADevice parent_obj;

    MemoryRegion ports, dir_port;
    char *type_names[FDC_DRIVES];
    uint32_t irq_number;

    FDCtrl ctrl;
} ISAFDCState;
#define ISA_FDC(o) OBJECT_CHECK(ISAFDCState, (o), TYPE_ISA_FDC)

/* --- wires --------------------------------------------------------------------------- */

void fdc_set_irq(FDCtrl *s, bool level)
{
    s->irq_level = level;
    qemu_set_irq(s->irq, level && s->dor & DOR_DMA_GATE);
}

static void set_dreq(FDCtrl *s, bool level)
{
    isa_dma_set_dreq(s->isa, s->dma_channel, level && s->dor & DOR_DMA_GATE);
}

void fdc_finish(FDCtrl *s, unsigned length)
{
    s->command_position = 0;
    s->result_position = 0;
    s->result_length = length;
    s->phase = length ? PHASE_RESULT : PHASE_COMMAND;
}

/* A reset by DOR or DSR: four interrupts' worth of status follow unless polling is off. */
static void soft_reset(FDCtrl *s)
{
    set_dreq(s, false);
    fdc_set_irq(s, false);
    fdc_reset_commands(s);
    s->reset_interrupts = 0;
}

static void leave_reset(FDCtrl *s)
{
    if (!(s->config & CONFIGURE_NO_POLL)) {
        s->reset_interrupts = 4;
        fdc_set_irq(s, true);
    }
}

/* --- registers ------------------------------------------------------------------------ */

static FloppyDrive *selected(FDCtrl *s)
{
    return s->drives[s->dor & 1].blk && !(s->dor & 2) ? &s->drives[s->dor & 1] : NULL;
}

static uint8_t read_sra(FDCtrl *s)
{
    FloppyDrive *drive = selected(s);

    return (s->irq_level ? SRA_INTERRUPT : 0) | (s->drives[1].blk ? 0 : SRA_NO_DRIVE_2) |
           (drive && !drive->track ? 0 : SRA_NOT_TRACK_0) | (s->head ? SRA_HEAD : 0) | SRA_NOT_INDEX |
           (drive && fd_has_medium(drive) && !blk_is_read_only(drive->blk) ? SRA_NOT_PROTECTED : 0);
}

static uint8_t read_msr(FDCtrl *s)
{
    bool dma = fdc_uses_dma(s);

    if (!(s->dor & DOR_NOT_RESET)) {
        return 0;
    }
    switch (s->phase) {
    case PHASE_COMMAND:
        return MSR_READY | (s->command_position ? MSR_BUSY : 0);
    case PHASE_EXECUTION:
        return MSR_BUSY | (dma ? 0 : MSR_READY | MSR_NO_DMA) | (fdc_transfer_is_to_host(s) ? MSR_TO_HOST : 0);
    default:
        return MSR_READY | MSR_TO_HOST | MSR_BUSY;
    }
}

static uint8_t read_fifo(FDCtrl *s)
{
    if (s->phase == PHASE_EXECUTION && !fdc_uses_dma(s) && fdc_transfer_is_to_host(s)) {
        return fdc_pio_read(s);
    }
    if (s->phase != PHASE_RESULT) {
        qemu_log_mask(LOG_GUEST_ERROR, "fdc: read of the FIFO without data\n");
        return 0;
    }
    fdc_set_irq(s, false);
    if (s->result_position + 1u >= s->result_length) {
        uint8_t value = s->result[s->result_position];
        bool seek_waits = s->seek_ended || s->reset_interrupts;

        fdc_finish(s, 0);
        if (seek_waits && s->seek_ended) {
            fdc_set_irq(s, true);
        }
        return value;
    }
    return s->result[s->result_position++];
}

static uint64_t ports_read(void *opaque, hwaddr addr, unsigned size)
{
    FDCtrl *s = opaque;

    switch (addr) {
    case REG_SRA:
        return read_sra(s);
    case REG_SRB:
        return SRB_FIXED | (s->dor >> 4 & 3) | (s->dor & 1) << 5;
    case REG_DOR:
        return s->dor;
    case REG_TDR:
        return s->tdr;
    case REG_MSR:
        return read_msr(s);
    default:
        return read_fifo(s);
    }
}

static void write_dor(FDCtrl *s, uint8_t value)
{
    uint8_t old = s->dor;

    s->dor = value;
    if (!(value & DOR_NOT_RESET)) {
        soft_reset(s);
    } else if (!(old & DOR_NOT_RESET)) {
        leave_reset(s);
    } else if ((old ^ value) & DOR_DMA_GATE) {
        fdc_set_irq(s, s->irq_level);
        set_dreq(s, s->phase == PHASE_EXECUTION && fdc_uses_dma(s));
    }
}

static void write_dsr(FDCtrl *s, uint8_t value)
{
    s->dsr = value & ~DSR_RESET;
    s->ccr = value & RATE_MASK;
    if (value & DSR_RESET) {
        soft_reset(s);
        leave_reset(s);
    }
}

static void write_fifo(FDCtrl *s, uint8_t value)
{
    if (!(s->dor & DOR_NOT_RESET)) {
        qemu_log_mask(LOG_GUEST_ERROR, "fdc: write of 0x%02x to the FIFO in reset\n", value);
    } else if (s->phase == PHASE_COMMAND) {
        fdc_command_byte(s, value);
    } else if (s->phase == PHASE_EXECUTION && !fdc_uses_dma(s) && !fdc_transfer_is_to_host(s)) {
        fdc_pio_write(s, value);
    } else {
        qemu_log_mask(LOG_GUEST_ERROR, "fdc: write of 0x%02x to the FIFO while it is not expected\n", value);
    }
}

static void ports_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    FDCtrl *s = opaque;

    switch (addr) {
    case REG_DOR:
        write_dor(s, data);
        break;
    case REG_TDR:
        s->tdr = data & TDR_WRITABLE;
        break;
    case REG_MSR:
        write_dsr(s, data);
        break;
    case REG_FIFO:
        write_fifo(s, data);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "fdc: write of 0x%02x to read-only register %u\n", (unsigned)data,
                      (unsigned)addr);
        break;
    }
}

static const MemoryRegionOps ports_ops = {
    .read = ports_read,
    .write = ports_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

static uint64_t dir_read(void *opaque, hwaddr addr, unsigned size)
{
    FDCtrl *s = opaque;
    FloppyDrive *drive = selected(s);

    return !drive || drive->changed || !fd_has_medium(drive) ? DIR_CHANGED : 0;
}

static void ccr_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    FDCtrl *s = opaque;

    s->ccr = data & RATE_MASK;
    s->dsr = (s->dsr & ~RATE_MASK) | s->ccr;
}

static const MemoryRegionOps dir_ops = {
    .read = dir_read,
    .write = ccr_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

/* --- media ------------------------------------------------------------------------------ */

static void medium_changed(void *opaque, bool load)
{
    FloppyDrive *drive = opaque;
    FloppyType type = drive->type;
    bool was_auto = drive->auto_type;

    /* The drive stays what it was found to be at the start. */
    drive->auto_type = false;
    fd_look_at_medium(drive);
    drive->type = type;
    drive->auto_type = was_auto;
    if (!load) {
        drive->sectors = 0;     /* the image is still there during the call */
    }
    drive->changed = true;
}

static const BlockDevOps medium_ops = { .change_media_cb = medium_changed };

/* --- life ---------------------------------------------------------------------------------- */

static void isa_fdc_reset(DeviceState *dev)
{
    FDCtrl *s = &ISA_FDC(dev)->ctrl;

    s->lock = false;
    soft_reset(s);
    s->dor = DOR_NOT_RESET | DOR_DMA_GATE;
    s->tdr = s->dsr = s->ccr = 0;
    s->perpendicular = 0;
    memset(s->timers, 0, sizeof(s->timers));
    s->timers[1] = 1;
    s->kind = s->drive = s->head = s->cylinder = s->side = s->sector = 0;
    s->end_of_track = s->st1 = s->st2 = 0;
    s->sectors_left = s->position = s->length = 0;
    memset(s->buffer, 0, sizeof(s->buffer));
    memset(s->command, 0, sizeof(s->command));
    memset(s->result, 0, sizeof(s->result));
    memset(s->seek_status, 0, sizeof(s->seek_status));
    for (int i = 0; i < FDC_DRIVES; i++) {
        s->drives[i].track = 0;
        s->drives[i].changed = true;
    }
}

static const VMStateField drive_fields[] = {
    VMSTATE_UINT8(track, FloppyDrive),
    VMSTATE_BOOL(changed, FloppyDrive),
    VMSTATE_END
};
static const VMStateDescription vmstate_drive = { .name = "fdc/drive", .version = 1, .fields = drive_fields };

static int ctrl_post_load(void *opaque, int version)
{
    FDCtrl *s = opaque;

    s->command_position = MIN(s->command_position, MAX_COMMAND - 1);
    s->result_length = MIN(s->result_length, MAX_RESULT);
    s->result_position = MIN(s->result_position, MAX_RESULT - 1);
    s->length = MIN(s->length, FD_SECTOR_BYTES);
    s->kind = MIN(s->kind, XFER_SCAN_HIGH);
    s->drive &= 3;
    s->head &= 1;
    s->seek_ended &= 15;
    s->reset_interrupts = MIN(s->reset_interrupts, 4);
    if (s->phase > PHASE_RESULT || (s->phase == PHASE_EXECUTION && s->position >= s->length) ||
        (s->phase == PHASE_RESULT && s->result_position >= s->result_length)) {
        s->phase = PHASE_COMMAND;
        s->command_position = 0;
    }
    return 0;
}

static const VMStateField ctrl_fields[] = {
    VMSTATE_STRUCT_ARRAY(drives, FDCtrl, FDC_DRIVES, vmstate_drive, FloppyDrive),
    VMSTATE_UINT8(dor, FDCtrl),
    VMSTATE_UINT8(tdr, FDCtrl),
    VMSTATE_UINT8(dsr, FDCtrl),
    VMSTATE_UINT8(ccr, FDCtrl),
    VMSTATE_UINT8(phase, FDCtrl),
    VMSTATE_BOOL(irq_level, FDCtrl),
    VMSTATE_UINT8(reset_interrupts, FDCtrl),
    VMSTATE_UINT8(seek_ended, FDCtrl),
    VMSTATE_BUFFER(seek_status, FDCtrl),
    VMSTATE_BUFFER(timers, FDCtrl),
    VMSTATE_UINT8(config, FDCtrl),
    VMSTATE_UINT8(precompensation, FDCtrl),
    VMSTATE_UINT8(perpendicular, FDCtrl),
    VMSTATE_BOOL(lock, FDCtrl),
    VMSTATE_BUFFER(command, FDCtrl),
    VMSTATE_UINT8(command_position, FDCtrl),
    VMSTATE_BUFFER(result, FDCtrl),
    VMSTATE_UINT8(result_length, FDCtrl),
    VMSTATE_UINT8(result_position, FDCtrl),
    VMSTATE_UINT8(kind, FDCtrl),
    VMSTATE_UINT8(drive, FDCtrl),
    VMSTATE_UINT8(head, FDCtrl),
    VMSTATE_UINT8(cylinder, FDCtrl),
    VMSTATE_UINT8(side, FDCtrl),
    VMSTATE_UINT8(sector, FDCtrl),
    VMSTATE_UINT8(end_of_track, FDCtrl),
    VMSTATE_UINT16(sectors_left, FDCtrl),
    VMSTATE_UINT8(st1, FDCtrl),
    VMSTATE_UINT8(st2, FDCtrl),
    VMSTATE_BUFFER(buffer, FDCtrl),
    VMSTATE_UINT16(position, FDCtrl),
    VMSTATE_UINT16(length, FDCtrl),
    VMSTATE_END
};
static const VMStateDescription vmstate_ctrl = {
    .name = "fdc",
    .version = 1,
    .fields = ctrl_fields,
    .post_load = ctrl_post_load,
};

static const VMStateField isa_fdc_fields[] = {
    VMSTATE_STRUCT(ctrl, ISAFDCState, vmstate_ctrl, FDCtrl),
    VMSTATE_END
};
static const VMStateDescription vmstate_isa_fdc = { .name = "isa-fdc", .version = 1, .fields = isa_fdc_fields };

static const Property isa_fdc_props[] = {
    DEFINE_PROP_DRIVE("driveA", ISAFDCState, ctrl.drives[0].blk),
    DEFINE_PROP_DRIVE("driveB", ISAFDCState, ctrl.drives[1].blk),
    DEFINE_PROP_STRING("fdtypeA", ISAFDCState, type_names[0]),
    DEFINE_PROP_STRING("fdtypeB", ISAFDCState, type_names[1]),
    DEFINE_PROP_UINT32("irq", ISAFDCState, irq_number, 6),
    DEFINE_PROP_INT32("dma", ISAFDCState, ctrl.dma_channel, 2),
    DEFINE_PROP_END
};

static bool set_up_drive(DeviceState *dev, FloppyDrive *drive, const char *type, Error **errp)
{
    if (!fd_parse_type(type, drive)) {
        error_setg(errp, "isa-fdc: unknown drive type '%s' (known: auto, 120, 144, 288, none)", type);
        return false;
    }
    if (drive->type == FD_TYPE_NONE) {
        drive->blk = NULL;
    }
    if (drive->blk) {
        if (!blk_attach_dev(drive->blk, dev)) {
            error_setg(errp, "isa-fdc: drive '%s' is in use", blk_name(drive->blk));
            return false;
        }
        blk_set_dev_ops(drive->blk, &medium_ops, drive);
        fd_look_at_medium(drive);
    }
    return true;
}

static bool isa_fdc_realize(DeviceState *dev, Error **errp)
{
    ISAFDCState *s = ISA_FDC(dev);
    ISADevice *isa = ISA_DEVICE(dev);

    if (s->irq_number >= ISA_NUM_IRQS || s->ctrl.dma_channel < 0 || s->ctrl.dma_channel > 3) {
        error_setg(errp, "isa-fdc: irq must be 0 to 15, dma 0 to 3");
        return false;
    }
    for (int i = 0; i < FDC_DRIVES; i++) {
        if (!set_up_drive(dev, &s->ctrl.drives[i], s->type_names[i], errp)) {
            return false;
        }
    }
    s->ctrl.isa = isa;
    s->ctrl.set_dreq = set_dreq;
    s->ctrl.irq = isa_get_irq(isa, s->irq_number);
    isa_dma_connect(isa, s->ctrl.dma_channel, fdc_dma_run, &s->ctrl);
    memory_region_init_io(&s->ports, OBJECT(dev), &ports_ops, &s->ctrl, "fdc", REG_COUNT);
    memory_region_init_io(&s->dir_port, OBJECT(dev), &dir_ops, &s->ctrl, "fdc", 1);
    isa_register_ioport(isa, &s->ports, PORT_BASE);
    isa_register_ioport(isa, &s->dir_port, PORT_DIR);
    return true;
}

uint8_t isa_fdc_cmos_type(ISADevice *fdc, int drive)
{
    return fd_cmos_type(&ISA_FDC(fdc)->ctrl.drives[drive]);
}

static const TypeInfo isa_fdc_info = {
    .name = TYPE_ISA_FDC,
    .parent = TYPE_ISA_DEVICE,
    .desc = "floppy disk controller",
    .instance_size = sizeof(ISAFDCState),
    .realize = isa_fdc_realize,
    .reset = isa_fdc_reset,
    .props = isa_fdc_props,
    .vmsd = &vmstate_isa_fdc,
    .user_creatable = true,
    .category = "storage",
};
DEFINE_TYPE(isa_fdc_info)
