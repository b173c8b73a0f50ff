/*
 * PCI IDE bus master engine (SFF-8038i).
 *
 * Walks the table of physical regions as the drive's DMA pump asks for memory.
 * Leaves to others: where the registers are (the controllers).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "hw/ide/bmdma.h"

enum { PRD_BYTES = 8 };
#define PRD_END_OF_TABLE (1u << 31)

/* 1.2: address, then byte count (0: 64 KiB) and the end mark. False: none left. */
static bool next_region(BMDMAState *s)
{
    uint8_t prd[PRD_BYTES];
    uint32_t word;

    if (s->last) {
        return false;
    }
    if (pci_dma_read(s->pci, s->next, prd, sizeof(prd)) != MEMTX_OK) {
        qemu_log_mask(LOG_GUEST_ERROR, "bmdma: no memory at descriptor 0x%08x\n", s->next);
        s->status |= BM_ST_ERROR;
        s->last = true;
        return false;
    }
    word = ldl_le_p(prd + 4);
    s->addr = ldl_le_p(prd) & ~1u;
    s->left = word & 0xfffe ? word & 0xfffe : 0x10000;
    s->last = word & PRD_END_OF_TABLE;
    s->next += PRD_BYTES;
    return true;
}

static size_t bmdma_move(void *opaque, void *buf, size_t bytes, bool to_memory)
{
    BMDMAState *s = opaque;
    uint8_t *p = buf;
    size_t moved = 0;

    if ((s->status & BM_ST_ACTIVE) && !(s->command & BM_CMD_TO_MEMORY) == to_memory) {
        qemu_log_mask(LOG_GUEST_ERROR, "bmdma: direction does not fit the command\n");
        return 0;
    }
    while (moved < bytes && (s->status & BM_ST_ACTIVE)) {
        size_t n = MIN(bytes - moved, (size_t)s->left);
        uint32_t addr = s->addr;

        if (n == 0) {
            if (!next_region(s)) {
                s->status &= ~BM_ST_ACTIVE;     /* 3.2: table shorter than the transfer */
            }
            continue;
        }
        s->addr += n;
        s->left -= n;
        if (to_memory) {
            pci_dma_write(s->pci, addr, p + moved, n);
        } else {
            pci_dma_read(s->pci, addr, p + moved, n);
        }
        moved += n;
    }
    return moved;
}

/* 3.2: active stays set when the table is longer than the transfer. */
static void bmdma_end(void *opaque)
{
    BMDMAState *s = opaque;

    if (s->last && s->left == 0) {
        s->status &= ~BM_ST_ACTIVE;
    }
}

static const IDEDMAOps bmdma_ops = { .move = bmdma_move, .end = bmdma_end };

void bmdma_latch_irq(BMDMAState *s)
{
    s->status |= BM_ST_INTERRUPT;
}

uint32_t bmdma_read(BMDMAState *s, unsigned reg)
{
    switch (reg) {
    case BM_COMMAND:
        return s->command;
    case BM_STATUS:
        return s->status;
    case BM_TABLE:
        return s->table;
    }
    return 0xff;
}

static void write_command(BMDMAState *s, uint8_t val)
{
    bool was_started = s->command & BM_CMD_START;

    s->command = val & (BM_CMD_START | BM_CMD_TO_MEMORY);
    if (!(val & BM_CMD_START)) {
        s->status &= ~BM_ST_ACTIVE;
    } else if (!was_started) {
        s->next = s->table;
        s->left = 0;
        s->last = false;
        s->status |= BM_ST_ACTIVE;
        ide_dma_kick(s->bus);
    }
}

void bmdma_write(BMDMAState *s, unsigned reg, uint32_t val)
{
    switch (reg) {
    case BM_COMMAND:
        write_command(s, val);
        break;
    case BM_STATUS:             /* error and interrupt: write 1 to clear */
        s->status = (s->status & ~BM_ST_DRIVES & ~(val & (BM_ST_ERROR | BM_ST_INTERRUPT))) |
                    (val & BM_ST_DRIVES);
        break;
    case BM_TABLE:
        s->table = val & ~3u;
        break;
    }
}

uint8_t bmdma_read_byte(BMDMAState *s, unsigned reg)
{
    return reg < BM_TABLE ? bmdma_read(s, reg) : bmdma_read(s, BM_TABLE) >> 8 * (reg - BM_TABLE);
}

void bmdma_write_byte(BMDMAState *s, unsigned reg, uint8_t val)
{
    if (reg < BM_TABLE) {
        bmdma_write(s, reg, val);
    } else {
        unsigned shift = 8 * (reg - BM_TABLE);

        bmdma_write(s, BM_TABLE, (s->table & ~(0xffu << shift)) | (uint32_t)val << shift);
    }
}

void bmdma_reset(BMDMAState *s)
{
    s->command = s->status = 0;
    s->table = s->next = s->addr = s->left = 0;
    s->last = false;
}

void bmdma_init(BMDMAState *s, PCIDevice *pci, IDEBus *bus)
{
    s->pci = pci;
    s->bus = bus;
    bus->dma_ops = &bmdma_ops;
    bus->dma_opaque = s;
}

const VMStateDescription vmstate_bmdma = {
    .name = "ide-bmdma",
    .version = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT8(command, BMDMAState),
        VMSTATE_UINT8(status, BMDMAState),
        VMSTATE_UINT32(table, BMDMAState),
        VMSTATE_UINT32(next, BMDMAState),
        VMSTATE_UINT32(addr, BMDMAState),
        VMSTATE_UINT32(left, BMDMAState),
        VMSTATE_BOOL(last, BMDMAState),
        VMSTATE_END
    },
};
