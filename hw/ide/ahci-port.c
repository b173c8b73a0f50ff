/*
 * AHCI: one port, between command lists in guest memory and a drive of hw/ide
 * (AHCI 1.3.1, chapters 4, 5 and 10; Serial ATA 3.0, 10.3 for FISes).
 *
 * A drive runs one command at a time. Its task file is written from the command
 * FIS; its data port is emptied and filled here (ahci_port_pump), its DMA asks
 * for memory through dma_ops. When the drive is idle again the command is over.
 *
 * Left out: port multipliers, power management, FIS-based switching.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/ide/ahci.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "sysemu/sysemu.h"
#include "trace/hw-ide.h"

enum { HEADER_BYTES = 32, HEADER_PRDBC = 4, HEADER_TABLE = 8, HEADER_CFL = 0x1f,
       HEADER_PRDTL_SHIFT = 16 };
enum { TABLE_CFIS = 0x00, TABLE_ACMD = 0x40, TABLE_PRDT = 0x80, CFIS_BYTES = 64 };
enum { FIS_H2D = 0x27, FIS_D2H = 0x34, FIS_PIO_SETUP = 0x5f };
enum { FIS_COMMAND = 0x80, FIS_INTERRUPT = 0x40, FIS_TO_HOST = 0x20 };
enum { FB_PIO_SETUP = 0x20, FB_D2H = 0x40, D2H_BYTES = 20 };
enum { SSTS_PRESENT = 0x113, SERR_EXCHANGED = 1 << 26, TFD_RESET = 0x7f };
enum { SIGNATURE_DISK = 0x00000101, SIGNATURE_CD = 0xeb140101 };
enum { READ_FPDMA_QUEUED = 0x60, WRITE_FPDMA_QUEUED = 0x61 };

IDEDrive *ahci_port_drive(const AHCIPort *port)
{
    return port->bus.drives[0];
}

void ahci_port_event(AHCIPort *port, uint32_t causes)
{
    port->irq_status |= causes;
    ahci_update_irq(port->ahci);
}

/* --- FISes to the host ------------------------------------------------------ */

bool ahci_port_write_fis(AHCIPort *port, uint32_t offset, const uint8_t *fis, uint32_t bytes)
{
    if (!(port->command & PORT_CMD_FRE)) {
        return false;
    }
    pci_dma_write(&port->ahci->parent, port->fis_base + offset, fis, bytes);
    return true;
}

static void put_task_file(uint8_t *fis, const IDEDrive *s)
{
    fis[2] = s->status;
    fis[3] = s->error;
    fis[4] = s->lba_low[0];
    fis[5] = s->lba_mid[0];
    fis[6] = s->lba_high[0];
    fis[7] = s->device | DEV_OBSOLETE;
    fis[8] = s->lba_low[1];
    fis[9] = s->lba_mid[1];
    fis[10] = s->lba_high[1];
    fis[12] = s->count[0];
    fis[13] = s->count[1];
}

void ahci_port_send_d2h(AHCIPort *port)
{
    IDEDrive *s = ahci_port_drive(port);
    uint8_t fis[D2H_BYTES] = { FIS_D2H, FIS_INTERRUPT };

    put_task_file(fis, s);
    port->task_file = s->error << 8 | s->status;
    ahci_port_write_fis(port, FB_D2H, fis, sizeof(fis));
    ahci_port_event(port, PORT_IS_DHRS | (s->status & ST_ERR ? PORT_IS_TFES : 0));
}

/* 10.3.11 of Serial ATA: in front of each data port block. */
static void send_pio_setup(AHCIPort *port, bool to_host, uint32_t bytes, uint8_t ending_status)
{
    IDEDrive *s = ahci_port_drive(port);
    uint8_t fis[D2H_BYTES] = { FIS_PIO_SETUP, FIS_INTERRUPT | (to_host ? FIS_TO_HOST : 0) };

    put_task_file(fis, s);
    fis[15] = ending_status;
    stw_le_p(fis + 16, bytes);
    port->task_file = s->error << 8 | ending_status;
    ahci_port_write_fis(port, FB_PIO_SETUP, fis, sizeof(fis));
    ahci_port_event(port, PORT_IS_PSS);
}

/* 5.3.2.3: the drive says what it is, once the host takes FISes. */
static void send_signature(AHCIPort *port)
{
    IDEDrive *s = ahci_port_drive(port);
    uint8_t fis[D2H_BYTES] = { FIS_D2H };

    if (!s || port->signature_sent || !(port->command & PORT_CMD_FRE)) {
        return;
    }
    put_task_file(fis, s);
    fis[2] = s->is_cd ? 0 : ST_DRDY | ST_DSC;
    port->task_file = s->error << 8 | fis[2];
    port->signature = s->is_cd ? SIGNATURE_CD : SIGNATURE_DISK;
    port->signature_sent = true;
    ahci_port_write_fis(port, FB_D2H, fis, sizeof(fis));
}

/* --- data ----------------------------------------------------------------- */

static size_t port_dma_move(void *opaque, void *buf, size_t bytes, bool to_memory)
{
    AHCIPort *port = opaque;
    size_t moved = ahci_prd_copy(port->ahci, &port->prd, buf, bytes, to_memory);

    port->transferred += moved;
    if (moved < bytes) {        /* 6.1.10: the rest is lost, the host hears of it */
        qemu_log_mask(LOG_GUEST_ERROR, "ahci: descriptor table shorter than the transfer\n");
        memset((uint8_t *)buf + moved, 0, to_memory ? 0 : bytes - moved);
        ahci_port_event(port, PORT_IS_OFS);
    }
    return bytes;
}

static const IDEDMAOps port_dma_ops = { .move = port_dma_move };

/* One block of the data port. */
static void move_block(AHCIPort *port, IDEDrive *s)
{
    uint32_t bytes = s->data_end - s->data_pos;
    bool to_host = !s->data_out, packet = s->after == AFTER_PACKET;

    if (packet) {
        memcpy(s->buffer, port->acmd, MIN(bytes, (uint32_t)sizeof(port->acmd)));
    } else {
        port_dma_move(port, s->buffer + s->data_pos, bytes, to_host);
    }
    s->data_pos = s->data_end;
    s->status &= ~ST_DRQ;
    ide_after_transfer(s);
    port->pio_in_done = to_host && !packet && !(s->status & (ST_BSY | ST_DRQ | ST_ERR));
    if (!packet) {
        send_pio_setup(port, to_host, bytes, s->status);
    }
}

static void command_over(AHCIPort *port)
{
    IDEDrive *s = ahci_port_drive(port);
    int slot = port->busy_slot;
    uint8_t raw[4];

    stl_le_p(raw, port->transferred);
    pci_dma_write(&port->ahci->parent, port->command_list + HEADER_BYTES * slot + HEADER_PRDBC, raw,
                  sizeof(raw));
    port->busy_slot = -1;
    port->issued &= ~(1u << slot);
    port->bus.irq_pending = false;
    if (port->pio_in_done && !(s->status & ST_ERR)) {
        port->task_file = s->error << 8 | s->status;
    } else {
        ahci_port_send_d2h(port);
    }
}

/* Does all that the drive waits for; at the end the command is over or the drive busy. */
static void ahci_port_pump(AHCIPort *port)
{
    IDEDrive *s = ahci_port_drive(port);

    if (port->pumping || port->busy_slot < 0 || !s) {
        return;
    }
    port->pumping = true;
    while (s->dma == DMA_NONE && (s->status & ST_DRQ) && s->data_pos < s->data_end) {
        move_block(port, s);
    }
    if (s->dma == DMA_NONE && !s->acb && s->retry == RETRY_NONE && !(s->status & (ST_BSY | ST_DRQ))) {
        command_over(port);
    }
    port->pumping = false;
}

/* The drive's interrupt. */
static void port_irq(void *opaque, int n, int level)
{
    AHCIPort *port = opaque;

    if (level && !port->pumping && port->busy_slot >= 0) {
        ahci_port_pump(port);
        ahci_port_run(port);
    }
}

/* --- commands ------------------------------------------------------------- */

static void write_task_file(AHCIPort *port, const uint8_t *cfis)
{
    static const struct { uint8_t reg, previous, current; } map[] = {
        { ATA_FEATURES, 11, 3 }, { ATA_COUNT, 13, 12 }, { ATA_LBA_LOW, 8, 4 },
        { ATA_LBA_MID, 9, 5 }, { ATA_LBA_HIGH, 10, 6 },
    };

    for (size_t i = 0; i < ARRAY_SIZE(map); i++) {
        ide_ioport_write(&port->bus, map[i].reg, cfis[map[i].previous]);
        ide_ioport_write(&port->bus, map[i].reg, cfis[map[i].current]);
    }
    ide_ioport_write(&port->bus, ATA_DEVICE, cfis[7] & ~DEV_UNIT);
}

/* A FIS for the control register: software reset (10.4.1). */
static void write_control(AHCIPort *port, int slot, uint8_t control)
{
    bool was_reset = port->bus.control & CTL_SRST;

    ide_control_write(&port->bus, control & CTL_SRST);
    port->issued &= ~(1u << slot);
    if (was_reset && !(control & CTL_SRST)) {
        port->signature_sent = false;
        send_signature(port);
        ahci_port_event(port, PORT_IS_DHRS);
    }
}

static void reject(AHCIPort *port, int slot, const char *why)
{
    qemu_log_mask(LOG_GUEST_ERROR, "ahci: slot %d of port %d: %s\n", slot, port->index, why);
    port->issued &= ~(1u << slot);
    ahci_port_event(port, PORT_IS_HBFS);
}

static void start_command(AHCIPort *port, int slot)
{
    PCIDevice *pci = &port->ahci->parent;
    uint8_t header[HEADER_BYTES], cfis[CFIS_BYTES];
    uint64_t table;
    PRDWalk prd;

    trace_ahci_start_command(slot);
    if (pci_dma_read(pci, port->command_list + HEADER_BYTES * slot, header, sizeof(header)) !=
        MEMTX_OK) {
        reject(port, slot, "no memory at the command list");
        return;
    }
    table = ldq_le_p(header + HEADER_TABLE) & ~UINT64_C(0x7f);
    if (pci_dma_read(pci, table + TABLE_CFIS, cfis, sizeof(cfis)) != MEMTX_OK) {
        reject(port, slot, "no memory at the command table");
        return;
    }
    if (cfis[0] != FIS_H2D || (header[0] & HEADER_CFL) < 5 || (cfis[1] & 0x0f)) {
        reject(port, slot, "not a FIS for a drive");
        return;
    }
    prd = (PRDWalk) { table + TABLE_PRDT, ldl_le_p(header) >> HEADER_PRDTL_SHIFT, 0, 0 };
    if (!(cfis[1] & FIS_COMMAND)) {
        write_control(port, slot, cfis[15]);
        return;
    }
    if (cfis[2] == READ_FPDMA_QUEUED || cfis[2] == WRITE_FPDMA_QUEUED) {
        ahci_ncq_start(port, slot, cfis, &prd);
        return;
    }
    pci_dma_read(pci, table + TABLE_ACMD, port->acmd, sizeof(port->acmd));
    port->prd = prd;
    port->transferred = 0;
    port->pio_in_done = false;
    port->busy_slot = slot;
    port->task_file = (port->task_file & ~(uint32_t)ST_DRQ) | ST_BSY;
    write_task_file(port, cfis);
    port->pumping = true;               /* interrupts while it starts are looked at below */
    ide_ioport_write(&port->bus, ATA_COMMAND, cfis[2]);
    port->pumping = false;
    ahci_port_pump(port);
}

void ahci_port_run(AHCIPort *port)
{
    IDEDrive *s = ahci_port_drive(port);

    for (int slot = 0; slot < AHCI_SLOTS; slot++) {
        if (!(port->command & PORT_CMD_ST) || !s || port->busy_slot >= 0 || port->pumping) {
            return;
        }
        if (port->issued >> slot & 1) {
            start_command(port, slot);
        }
    }
}

/* --- state ---------------------------------------------------------------- */

static void stop_commands(AHCIPort *port)
{
    IDEDrive *s = ahci_port_drive(port);

    ahci_ncq_cancel(port);
    if (s && port->busy_slot >= 0) {
        ide_cancel(s);
        s->status = ST_DRDY | ST_DSC;
    }
    port->busy_slot = -1;
    port->issued = port->active = 0;
}

/* 3.3.7 */
void ahci_port_write_command(AHCIPort *port, uint32_t value)
{
    enum { WRITABLE = PORT_CMD_ST | PORT_CMD_SUD | PORT_CMD_POD | PORT_CMD_FRE | 0x0f000000 };
    bool was_started = port->command & PORT_CMD_ST;

    port->command = (port->command & ~WRITABLE) | (value & WRITABLE) | PORT_CMD_SUD | PORT_CMD_POD;
    port->command &= ~(PORT_CMD_CR | PORT_CMD_FR);
    if (port->command & PORT_CMD_ST) {
        port->command |= PORT_CMD_CR;
    } else if (was_started) {
        stop_commands(port);
    }
    if (port->command & PORT_CMD_FRE) {
        port->command |= PORT_CMD_FR;
        send_signature(port);
    }
    if (value & PORT_CMD_CLO) {
        port->task_file &= ~(uint32_t)(ST_BSY | ST_DRQ);
    }
    ahci_port_run(port);
}

void ahci_port_reset(AHCIPort *port, bool first)
{
    stop_commands(port);
    if (ahci_port_drive(port)) {
        ide_bus_reset(&port->bus);
    }
    if (first) {
        port->command_list = port->fis_base = 0;
        port->irq_enable = 0;
        port->command = PORT_CMD_SUD | PORT_CMD_POD;
        port->sata_control = 0;
        memset(port->acmd, 0, sizeof(port->acmd));
        memset(&port->prd, 0, sizeof(port->prd));
        port->transferred = 0;
        port->pio_in_done = false;
    }
    port->irq_status = 0;
    port->task_file = TFD_RESET;
    port->signature = UINT32_MAX;
    port->signature_sent = false;
    port->sata_status = ahci_port_drive(port) ? SSTS_PRESENT : 0;
    port->sata_error = first || !ahci_port_drive(port) ? 0 : SERR_EXCHANGED;
    send_signature(port);
}

static void vm_state_changed(void *opaque, bool running, RunState state)
{
    AHCIPort *port = opaque;

    if (running) {
        ahci_ncq_retry(port);
        ahci_port_pump(port);
        ahci_port_run(port);
    }
}

void ahci_port_init(AHCIPort *port)
{
    ide_bus_init(&port->bus, DEVICE(port->ahci), NULL);
    port->bus.qbus.max_devices = 1;
    port->bus.sata = true;
    port->bus.irq = qemu_allocate_irq("ahci.port", port_irq, port, 0);
    port->bus.dma_ops = &port_dma_ops;
    port->bus.dma_opaque = port;
    port->busy_slot = -1;
    qemu_add_vm_change_state_handler(vm_state_changed, port);
}
