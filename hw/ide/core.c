/*
 * ATA bus: task file, data port, interrupts, resets, and the DMA pump.
 *
 * Leaves to others: what commands do (ata.c, atapi.c), how registers and memory
 * are reached (the controllers).
 *
 * Registers of both drives are written together; reads come from the selected
 * one. A selected drive that does not exist reads as 0, as does an empty bus.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "hw/ide/ide-internal.h"
#include "sysemu/sysemu.h"
#include "trace/hw-ide.h"

static IDEDrive *selected_drive(IDEBus *bus)
{
    return bus->drives[bus->selected];
}

/* The drive that answers for registers other than status: drive 0 when 1 is missing. */
static IDEDrive *answering_drive(IDEBus *bus)
{
    IDEDrive *s = selected_drive(bus);

    return s ? s : bus->drives[0];
}

static void update_irq(IDEBus *bus)
{
    qemu_set_irq(bus->irq, bus->irq_pending && !(bus->control & CTL_NIEN));
}

void ide_set_irq(IDEBus *bus, bool level)
{
    bus->irq_pending = level;
    update_irq(bus);
}

/* An interrupt of a drive that is not selected stays inside the drive. */
static void raise_irq(IDEDrive *s)
{
    if (selected_drive(s->bus) == s) {
        ide_set_irq(s->bus, true);
    }
}

void ide_transfer_start(IDEDrive *s, uint32_t bytes, bool data_out, AfterTransfer after)
{
    s->data_pos = 0;
    s->data_end = bytes;
    s->data_out = data_out;
    s->after = after;
    s->status = ST_DRDY | ST_DSC | ST_DRQ;
}

void ide_command_done(IDEDrive *s)
{
    s->status = ST_DRDY | ST_DSC;
    s->error = 0;
    raise_irq(s);
}

void ide_command_error(IDEDrive *s, uint8_t error)
{
    trace_ide_command_error(s->command, error);
    s->status = ST_DRDY | ST_DSC | ST_ERR;
    s->error = error;
    raise_irq(s);
}

/* 9.12: what tells a disk from a packet device after reset. */
void ide_set_signature(IDEDrive *s)
{
    s->device &= ~0xf;
    s->count[0] = 1;
    s->lba_low[0] = 1;
    s->lba_mid[0] = s->is_cd ? 0x14 : 0;
    s->lba_high[0] = s->is_cd ? 0xeb : 0;
    s->error = 1;
}

void ide_cancel(IDEDrive *s)
{
    if (s->acb) {
        blk_aio_cancel(s->acb);
        s->acb = NULL;
    }
    s->retry = RETRY_NONE;
    s->after = AFTER_NOTHING;
    s->data_pos = s->data_end = 0;
    if (s->dma != DMA_NONE) {
        ide_dma_end(s);
    }
}

/* Software and hardware reset of one drive. */
void ide_drive_reset(IDEDrive *s)
{
    ide_cancel(s);
    s->multiple = s->is_cd ? 0 : IDE_MAX_MULTIPLE;
    s->logical_heads = s->heads;
    s->logical_sectors = s->sectors_per_track;
    s->device = 0;
    s->lba48 = false;
    memset(s->features, 0, sizeof(s->features));
    s->count[1] = s->lba_low[1] = s->lba_mid[1] = s->lba_high[1] = 0;
    ide_set_signature(s);
    s->status = s->is_cd ? 0 : ST_DRDY | ST_DSC;
    if (s->is_cd) {
        atapi_reset(s);
    }
}

void ide_bus_reset(IDEBus *bus)
{
    int i;

    for (i = 0; i < IDE_UNITS; i++) {
        if (bus->drives[i]) {
            ide_drive_reset(bus->drives[i]);
        }
    }
    bus->selected = 0;
    bus->control = 0;
    ide_set_irq(bus, false);
}

/* Registers. */

static uint32_t read_status(IDEBus *bus)
{
    IDEDrive *s = selected_drive(bus);

    return s ? s->status : 0;
}

uint32_t ide_alt_status_read(IDEBus *bus)
{
    return read_status(bus);
}

uint32_t ide_ioport_read(IDEBus *bus, unsigned reg)
{
    IDEDrive *s = answering_drive(bus);
    int hob = bus->control & CTL_HOB ? 1 : 0;

    if (!s) {
        return 0;
    }
    switch (reg) {
    case ATA_DATA:
        return ide_data_read(bus, 2) & 0xff;
    case ATA_ERROR:
        return s->error;
    case ATA_COUNT:
        return s->count[hob];
    case ATA_LBA_LOW:
        return s->lba_low[hob];
    case ATA_LBA_MID:
        return s->lba_mid[hob];
    case ATA_LBA_HIGH:
        return s->lba_high[hob];
    case ATA_DEVICE:
        return s->device | DEV_OBSOLETE | (bus->selected ? DEV_UNIT : 0);
    case ATA_STATUS:
        ide_set_irq(bus, false);
        return read_status(bus);
    }
    return 0;
}

static void write_latched(uint8_t *pair, uint8_t val)
{
    pair[1] = pair[0];
    pair[0] = val;
}

static void write_drive_register(IDEDrive *s, unsigned reg, uint8_t val)
{
    switch (reg) {
    case ATA_FEATURES:
        write_latched(s->features, val);
        break;
    case ATA_COUNT:
        write_latched(s->count, val);
        break;
    case ATA_LBA_LOW:
        write_latched(s->lba_low, val);
        break;
    case ATA_LBA_MID:
        write_latched(s->lba_mid, val);
        break;
    case ATA_LBA_HIGH:
        write_latched(s->lba_high, val);
        break;
    case ATA_DEVICE:
        s->device = val & ~(DEV_OBSOLETE | DEV_UNIT);
        break;
    }
}

static void write_command(IDEBus *bus, uint8_t command)
{
    enum { DEVICE_RESET = 0x08, EXECUTE_DIAGNOSTIC = 0x90 };
    IDEDrive *s = selected_drive(bus);

    ide_set_irq(bus, false);
    if (command == EXECUTE_DIAGNOSTIC && !s) {
        s = bus->drives[0];     /* addressed to both */
    }
    if (!s || (bus->control & CTL_SRST)) {
        return;
    }
    if ((s->status & (ST_BSY | ST_DRQ)) && !(s->is_cd && command == DEVICE_RESET)) {
        qemu_log_mask(LOG_GUEST_ERROR, "ide: command 0x%02x while the drive is busy\n", command);
        return;
    }
    ide_exec_command(s, command);
}

void ide_ioport_write(IDEBus *bus, unsigned reg, uint32_t val)
{
    int i;

    bus->control &= ~CTL_HOB;
    switch (reg) {
    case ATA_DATA:
        ide_data_write(bus, val, 2);
        return;
    case ATA_COMMAND:
        write_command(bus, val);
        return;
    case ATA_DEVICE:
        bus->selected = val & DEV_UNIT ? 1 : 0;
        break;
    }
    for (i = 0; i < IDE_UNITS; i++) {
        if (bus->drives[i]) {
            write_drive_register(bus->drives[i], reg, val);
        }
    }
}

/* 6.2: SRST holds the drives in reset while it is set. */
void ide_control_write(IDEBus *bus, uint32_t val)
{
    bool was_reset = bus->control & CTL_SRST;
    int i;

    bus->control = val & (CTL_NIEN | CTL_SRST | CTL_HOB);
    if (val & CTL_SRST) {
        for (i = 0; i < IDE_UNITS && !was_reset; i++) {
            if (bus->drives[i]) {
                ide_cancel(bus->drives[i]);
                bus->drives[i]->status = ST_BSY | ST_DSC;
                bus->drives[i]->error = 1;
            }
        }
        bus->irq_pending = false;
    } else if (was_reset) {
        for (i = 0; i < IDE_UNITS; i++) {
            if (bus->drives[i]) {
                ide_drive_reset(bus->drives[i]);
            }
        }
        bus->selected = 0;
    }
    update_irq(bus);
}

/* Data port. */

static bool data_ready(IDEDrive *s, bool data_out, unsigned size)
{
    return s && (s->status & ST_DRQ) && s->data_out == data_out && s->dma == DMA_NONE &&
           s->data_pos + size <= IDE_BUFFER_BYTES;
}

static void data_moved(IDEDrive *s, unsigned size)
{
    s->data_pos += size;
    if (s->data_pos >= s->data_end) {
        s->status &= ~ST_DRQ;
        ide_after_transfer(s);
    }
}

uint32_t ide_data_read(IDEBus *bus, unsigned size)
{
    IDEDrive *s = selected_drive(bus);
    uint32_t val;

    if (!data_ready(s, false, size)) {
        return 0;
    }
    val = s->buffer[s->data_pos] | s->buffer[s->data_pos + 1] << 8;
    if (size == 4) {
        val |= s->buffer[s->data_pos + 2] << 16 | (uint32_t)s->buffer[s->data_pos + 3] << 24;
    }
    data_moved(s, size);
    return val;
}

void ide_data_write(IDEBus *bus, uint32_t val, unsigned size)
{
    IDEDrive *s = selected_drive(bus);
    unsigned i;

    if (data_ready(s, true, size)) {
        for (i = 0; i < size; i++) {
            s->buffer[s->data_pos + i] = val >> (8 * i);
        }
        data_moved(s, size);
    }
}

/* Errors that stop the machine. */

bool ide_stop_for_error(IDEDrive *s, bool is_read, int ret, RetryKind retry)
{
    if (!blk_error_action_stop(s->blk, is_read, -ret)) {
        return false;
    }
    s->retry = retry;
    return true;
}

/*
 * DMA. The pump moves bytes between the buffer and the controller as long as
 * both sides can, and asks the command for the next part when the buffer is
 * used up. It is entered from the command, from request completions, and from
 * the controller (kick), possibly while it already runs.
 */

void ide_dma_start(IDEDrive *s, DMAKind kind)
{
    trace_ide_dma_start(kind);
    s->dma = kind;
    s->dma_pos = s->dma_len = 0;
    s->status = ST_BSY | ST_DSC;
}

void ide_dma_end(IDEDrive *s)
{
    s->dma = DMA_NONE;
    s->dma_pos = s->dma_len = 0;
    if (s->bus->dma_ops && s->bus->dma_ops->end) {
        s->bus->dma_ops->end(s->bus->dma_opaque);
    }
}

void ide_dma_pump(IDEDrive *s)
{
    IDEBus *bus = s->bus;

    if (s->dma_pumping) {
        return;
    }
    s->dma_pumping = true;
    while (s->dma != DMA_NONE && !s->acb && s->retry == RETRY_NONE) {
        if (s->dma_pos < s->dma_len) {
            size_t wanted = s->dma_len - s->dma_pos;
            size_t moved = bus->dma_ops->move(bus->dma_opaque, s->buffer + s->dma_pos, wanted,
                                              s->dma != DMA_DISK_WRITE);

            s->dma_pos += moved;
            if (s->dma_pos < s->dma_len) {
                break;
            }
        }
        if (s->dma == DMA_PACKET_READ) {
            atapi_dma_next(s);
        } else if (s->dma != DMA_NONE) {
            ide_disk_dma_next(s);
        }
    }
    if (s->dma != DMA_NONE) {           /* 9.7: busy with the medium, or waiting for memory */
        s->status = s->acb || s->retry != RETRY_NONE ? ST_BSY | ST_DSC : ST_DRDY | ST_DSC | ST_DRQ;
    }
    s->dma_pumping = false;
}

void ide_dma_kick(IDEBus *bus)
{
    int i;

    for (i = 0; i < IDE_UNITS; i++) {
        if (bus->drives[i] && bus->drives[i]->dma != DMA_NONE) {
            ide_dma_pump(bus->drives[i]);
        }
    }
}

static int bus_post_load(void *opaque, int version)
{
    IDEBus *bus = opaque;

    bus->selected &= 1;
    return 0;
}

const VMStateDescription vmstate_ide_bus = {
    .name = "ide-bus",
    .version = 1,
    .post_load = bus_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT8(selected, IDEBus),
        VMSTATE_UINT8(control, IDEBus),
        VMSTATE_BOOL(irq_pending, IDEBus),
        VMSTATE_END
    },
};
