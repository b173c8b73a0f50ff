/*
 * One channel of a PCI IDE bus master (SFF-8038i, "Programming Interface for
 * Bus Master IDE Controller").
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_IDE_BMDMA_H
#define HW_IDE_BMDMA_H

#include "hw/pci.h"
#include "hw/ide/ide-internal.h"

enum { BM_COMMAND = 0, BM_STATUS = 2, BM_TABLE = 4, BM_CHANNEL_BYTES = 8 };
enum { BM_CMD_START = 0x01, BM_CMD_TO_MEMORY = 0x08 };
enum { BM_ST_ACTIVE = 0x01, BM_ST_ERROR = 0x02, BM_ST_INTERRUPT = 0x04, BM_ST_DRIVES = 0x60 };

typedef struct BMDMAState {
    /* wiring */
    PCIDevice *pci;
    IDEBus *bus;

    /* guest state */
    uint8_t command, status;
    uint32_t table;             /* physical region descriptors: address in guest memory */
    uint32_t next;              /* descriptor to load */
    uint32_t addr, left;        /* of the current region */
    bool last;                  /* the current region ends the table */
} BMDMAState;

/* Makes the engine the DMA of bus. */
void bmdma_init(BMDMAState *s, PCIDevice *pci, IDEBus *bus);
void bmdma_reset(BMDMAState *s);
/* reg: BM_COMMAND, BM_STATUS, or BM_TABLE (32 bits). */
uint32_t bmdma_read(BMDMAState *s, unsigned reg);
void bmdma_write(BMDMAState *s, unsigned reg, uint32_t val);
/* The same by bytes: reg up to BM_CHANNEL_BYTES - 1. */
uint8_t bmdma_read_byte(BMDMAState *s, unsigned reg);
void bmdma_write_byte(BMDMAState *s, unsigned reg, uint8_t val);
/* The drive's interrupt went up: latched in the status. */
void bmdma_latch_irq(BMDMAState *s);

extern const VMStateDescription vmstate_bmdma;
#define VMSTATE_BMDMA_ARRAY(f, s, n) VMSTATE_STRUCT_ARRAY(f, s, n, vmstate_bmdma, BMDMAState)

#endif
