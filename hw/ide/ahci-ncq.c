/*
 * AHCI: native queued commands, READ and WRITE FPDMA QUEUED (AHCI 1.3.1, 5.6.4;
 * Serial ATA 3.0, 13.6).
 *
 * A command goes to the block layer at once, beside the others; data takes the
 * straight way where the guest's memory is one piece. After an error nothing
 * more is started until the driver has stopped the port.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/ide/ahci.h"
#include "qemu/bswap.h"
#include "qemu/log.h"

enum { WRITE_FPDMA_BIT = 1, BOUNCE_BYTES = 1 << 20, MAX_PART = 16 << 20 };
enum { FIS_SDB = 0xa1, FIS_INTERRUPT = 0x40, SDB_OFFSET = 0x58, SDB_STATUS_MASK = 0x77 };

static void send_set_device_bits(AHCIPort *port, uint32_t finished)
{
    IDEDrive *s = ahci_port_drive(port);
    uint8_t fis[8] = { FIS_SDB, FIS_INTERRUPT, s->status & SDB_STATUS_MASK, s->error };

    stl_le_p(fis + 4, finished);
    port->task_file = s->error << 8 | s->status;
    ahci_port_write_fis(port, SDB_OFFSET, fis, sizeof(fis));
    port->active &= ~finished;
    ahci_port_event(port, PORT_IS_SDBS | (s->status & ST_ERR ? PORT_IS_TFES : 0));
}

static void release(NCQCommand *cmd)
{
    g_clear_pointer(&cmd->bounce, g_free);
    cmd->used = cmd->stopped = false;
}

static void command_done(NCQCommand *cmd)
{
    AHCIPort *port = cmd->port;
    IDEDrive *s = ahci_port_drive(port);

    release(cmd);
    s->status = ST_DRDY | ST_DSC;
    s->error = 0;
    send_set_device_bits(port, 1u << cmd->tag);
}

/* The tag stays active: that is how the driver learns which command failed. */
static void command_failed(NCQCommand *cmd, uint8_t error)
{
    AHCIPort *port = cmd->port;
    IDEDrive *s = ahci_port_drive(port);

    release(cmd);
    s->status = ST_DRDY | ST_DSC | ST_ERR;
    s->error = error;
    send_set_device_bits(port, 0);
}

static void submit_part(NCQCommand *cmd);

static void part_done(void *opaque, int ret)
{
    NCQCommand *cmd = opaque;
    AHCIState *ahci = cmd->port->ahci;

    cmd->acb = NULL;
    if (cmd->host) {
        address_space_unmap(&ahci->parent.bus_master_as, cmd->host, cmd->part, cmd->is_read,
                            cmd->is_read ? cmd->part : 0);
        cmd->host = NULL;
    } else if (ret == 0 && cmd->is_read) {
        ahci_prd_copy(ahci, &cmd->prd, cmd->bounce, cmd->part, true);
    }
    if (ret < 0) {
        if (blk_error_action_stop(ahci_port_drive(cmd->port)->blk, cmd->is_read, -ret)) {
            cmd->stopped = true;
        } else {
            command_failed(cmd, cmd->is_read ? ERR_UNC : ERR_ABRT);
        }
        return;
    }
    cmd->lba += cmd->part / BDRV_SECTOR_SIZE;
    cmd->sectors_left -= cmd->part / BDRV_SECTOR_SIZE;
    submit_part(cmd);
}

static void *part_buffer(NCQCommand *cmd)
{
    AHCIState *ahci = cmd->port->ahci;
    uint64_t left = (uint64_t)cmd->sectors_left * BDRV_SECTOR_SIZE;

    cmd->part = MIN(left, (uint64_t)MAX_PART);
    cmd->host = ahci_prd_map(ahci, &cmd->prd, cmd->part, cmd->is_read);
    if (cmd->host) {
        return cmd->host;
    }
    cmd->part = MIN(left, (uint64_t)BOUNCE_BYTES);
    if (!cmd->bounce) {
        cmd->bounce = g_malloc(MIN(left, (uint64_t)BOUNCE_BYTES));
    }
    if (!cmd->is_read &&
        ahci_prd_copy(ahci, &cmd->prd, cmd->bounce, cmd->part, false) < cmd->part) {
        return NULL;
    }
    return cmd->bounce;
}

static void submit_part(NCQCommand *cmd)
{
    BlockBackend *blk = ahci_port_drive(cmd->port)->blk;
    int64_t offset = cmd->lba * BDRV_SECTOR_SIZE;
    void *buf;

    if (cmd->sectors_left == 0) {
        command_done(cmd);
        return;
    }
    buf = part_buffer(cmd);
    if (!buf) {
        qemu_log_mask(LOG_GUEST_ERROR, "ahci: queued write with less memory than sectors\n");
        command_failed(cmd, ERR_ABRT);
    } else if (cmd->is_read) {
        cmd->acb = blk_aio_pread(blk, offset, buf, cmd->part, part_done, cmd);
    } else {
        cmd->acb = blk_aio_pwrite(blk, offset, buf, cmd->part, part_done, cmd);
    }
}

void ahci_ncq_start(AHCIPort *port, int slot, const uint8_t *cfis, const PRDWalk *prd)
{
    IDEDrive *s = ahci_port_drive(port);
    uint8_t tag = cfis[12] >> 3;
    NCQCommand *cmd = &port->ncq[tag];
    uint32_t count = cfis[3] | cfis[11] << 8;

    port->issued &= ~(1u << slot);          /* 5.6.4.2: the drive took it */
    if (cmd->used || tag != slot || s->is_cd) {
        qemu_log_mask(LOG_GUEST_ERROR, "ahci: queued command with tag %u in slot %d\n", tag, slot);
        s->status = ST_DRDY | ST_DSC | ST_ERR;
        s->error = ERR_ABRT;
        ahci_port_send_d2h(port);
        return;
    }
    *cmd = (NCQCommand) { .port = port, .used = true, .tag = tag, .prd = *prd };
    cmd->is_read = !(cfis[2] & WRITE_FPDMA_BIT);
    cmd->lba = (uint64_t)cfis[10] << 40 | (uint64_t)cfis[9] << 32 | (uint64_t)cfis[8] << 24 |
               cfis[6] << 16 | cfis[5] << 8 | cfis[4];
    cmd->sectors_left = count ? count : 65536;
    if (cmd->lba > s->sectors || cmd->sectors_left > s->sectors - cmd->lba) {
        command_failed(cmd, ERR_IDNF | ERR_ABRT);
        return;
    }
    submit_part(cmd);
}

void ahci_ncq_cancel(AHCIPort *port)
{
    for (int i = 0; i < AHCI_SLOTS; i++) {
        NCQCommand *cmd = &port->ncq[i];

        if (cmd->acb) {
            blk_aio_cancel(cmd->acb);
            cmd->acb = NULL;
        }
        if (cmd->host) {
            address_space_unmap(&port->ahci->parent.bus_master_as, cmd->host, cmd->part,
                                cmd->is_read, cmd->is_read ? cmd->part : 0);
            cmd->host = NULL;
        }
        release(cmd);
    }
}

void ahci_ncq_retry(AHCIPort *port)
{
    for (int i = 0; i < AHCI_SLOTS; i++) {
        NCQCommand *cmd = &port->ncq[i];

        if (cmd->used && cmd->stopped) {
            cmd->stopped = false;
            cmd->port = port;
            submit_part(cmd);
        }
    }
}

static int ncq_post_load(void *opaque, int version)
{
    NCQCommand *cmd = opaque;

    return cmd->sectors_left > 65536 || cmd->tag >= AHCI_SLOTS ? -EINVAL : 0;
}

static const VMStateField ncq_fields[] = {
    VMSTATE_BOOL(used, NCQCommand), VMSTATE_BOOL(is_read, NCQCommand),
    VMSTATE_BOOL(stopped, NCQCommand), VMSTATE_UINT8(tag, NCQCommand),
    VMSTATE_UINT64(lba, NCQCommand), VMSTATE_UINT32(sectors_left, NCQCommand),
    VMSTATE_STRUCT(prd, NCQCommand, vmstate_ahci_prd, PRDWalk), VMSTATE_END
};
const VMStateDescription vmstate_ahci_ncq = {
    .name = "ahci-ncq", .version = 1, .fields = ncq_fields, .post_load = ncq_post_load,
};
