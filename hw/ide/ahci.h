/*
 * AHCI: what the controller's files share (Serial ATA AHCI 1.3.1).
 *
 *   ahci.c       PCI function, registers, interrupts, resets
 *   ahci-port.c  command lists, FISes, PIO and DMA commands of hw/ide's drives
 *   ahci-ncq.c   native queued commands
 *   ahci-prd.c   walking a physical region descriptor table
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_IDE_AHCI_H
#define HW_IDE_AHCI_H

#include "hw/ide/ide-internal.h"
#include "hw/pci.h"

enum { AHCI_PORTS = 6, AHCI_SLOTS = 32 };

/* PxIS and PxIE (3.3.5) */
enum { PORT_IS_DHRS = 1 << 0, PORT_IS_PSS = 1 << 1, PORT_IS_SDBS = 1 << 3, PORT_IS_DPS = 1 << 5,
       PORT_IS_PCS = 1 << 6, PORT_IS_PRCS = 1 << 22, PORT_IS_OFS = 1 << 24, PORT_IS_HBFS = 1 << 29,
       PORT_IS_TFES = 1 << 30 };
/* PxCMD (3.3.7) */
enum { PORT_CMD_ST = 1 << 0, PORT_CMD_SUD = 1 << 1, PORT_CMD_POD = 1 << 2, PORT_CMD_CLO = 1 << 3,
       PORT_CMD_FRE = 1 << 4, PORT_CMD_FR = 1 << 14, PORT_CMD_CR = 1 << 15 };

/* Where a transfer stands in its table. */
typedef struct PRDWalk {
    uint64_t table;             /* guest address */
    uint32_t entries, index;
    uint32_t offset;            /* bytes of entry `index` that are done */
} PRDWalk;

typedef struct AHCIState AHCIState;
typedef struct AHCIPort AHCIPort;

typedef struct NCQCommand {
    AHCIPort *port;
    BlockAIOCB *acb;
    void *host;                 /* guest memory of the part under way, or NULL: */
    uint8_t *bounce;            /* its copy */
    uint32_t part;              /* bytes under way */

    /* guest state */
    bool used, is_read;
    bool stopped;               /* to run again when the machine continues */
    uint8_t tag;
    uint64_t lba;
    uint32_t sectors_left;
    PRDWalk prd;
} NCQCommand;

struct AHCIPort {
    AHCIState *ahci;
    int index;
    IDEBus bus;
    bool pumping;               /* ahci_port_pump is running */

    /* guest state: registers */
    uint64_t command_list, fis_base;
    uint32_t irq_status, irq_enable, command, task_file, signature;
    uint32_t sata_status, sata_control, sata_error, active, issued;

    /* guest state: the command that the drive is busy with */
    int32_t busy_slot;          /* -1: none */
    bool pio_in_done;           /* its last block went to the host by a PIO setup FIS */
    bool signature_sent;
    uint8_t acmd[16];
    PRDWalk prd;
    uint32_t transferred;       /* bytes, for PRDBC */
    NCQCommand ncq[AHCI_SLOTS];
};

struct AHCIState {
    PCIDevice parent;

    MemoryRegion abar, idp;
    AHCIPort ports[AHCI_PORTS];

    /* guest state */
    uint32_t ghc, irq_status;
    uint32_t idp_index;         /* of the index/data pair */
};

/* ahci.c: PxIS changed. */
void ahci_update_irq(AHCIState *s);

/* ahci-port.c */
void ahci_port_init(AHCIPort *port);
/* Registers and drive as after COMRESET; first: also what only power-up and HBA reset clear. */
void ahci_port_reset(AHCIPort *port, bool first);
void ahci_port_write_command(AHCIPort *port, uint32_t value);
/* Start what is issued and can start. */
void ahci_port_run(AHCIPort *port);
/* Raise interrupt causes of a port. */
void ahci_port_event(AHCIPort *port, uint32_t causes);
bool ahci_port_write_fis(AHCIPort *port, uint32_t offset, const uint8_t *fis, uint32_t bytes);
void ahci_port_send_d2h(AHCIPort *port);
IDEDrive *ahci_port_drive(const AHCIPort *port);     /* NULL: nothing attached */

/* ahci-ncq.c */
void ahci_ncq_start(AHCIPort *port, int slot, const uint8_t *cfis, const PRDWalk *prd);
void ahci_ncq_cancel(AHCIPort *port);
void ahci_ncq_retry(AHCIPort *port);
extern const VMStateDescription vmstate_ahci_ncq;

/* ahci-prd.c: copies between buf and guest memory; returns bytes there was room for. */
size_t ahci_prd_copy(AHCIState *s, PRDWalk *walk, void *buf, size_t bytes, bool to_memory);
/* Host pointer to the next `bytes` when they are one piece of RAM (the walk moves), else NULL. */
void *ahci_prd_map(AHCIState *s, PRDWalk *walk, size_t bytes, bool to_memory);
extern const VMStateDescription vmstate_ahci_prd;

#endif
