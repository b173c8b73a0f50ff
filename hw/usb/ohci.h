/*
 * OHCI: state shared by ohci.c (registers, root hub) and ohci-lists.c (frames).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_USB_OHCI_H
#define HW_USB_OHCI_H

#include "hw/pci.h"
#include "hw/usb.h"
#include "qemu/timer.h"

#define TYPE_PCI_OHCI "pci-ohci"
#define OHCI_MAX_PORTS 15

enum { CTL_PLE = 1 << 2, CTL_IE = 1 << 3, CTL_CLE = 1 << 4, CTL_BLE = 1 << 5, CTL_HCFS = 3 << 6,
       CTL_IR = 1 << 8 };
enum { HCFS_RESET = 0 << 6, HCFS_RESUME = 1 << 6, HCFS_OPERATIONAL = 2 << 6,
       HCFS_SUSPEND = 3 << 6 };
enum { CMD_HCR = 1 << 0, CMD_CLF = 1 << 1, CMD_BLF = 1 << 2, CMD_OCR = 1 << 3 };
enum { INT_SO = 1 << 0, INT_WDH = 1 << 1, INT_SF = 1 << 2, INT_RD = 1 << 3, INT_UE = 1 << 4,
       INT_FNO = 1 << 5, INT_RHSC = 1 << 6, INT_OC = 1 << 30, INT_MIE = 1u << 31 };

typedef struct OHCIState {
    PCIDevice parent;

    /* wiring */
    MemoryRegion mmio;
    USBBus bus;
    USBPort ports[OHCI_MAX_PORTS];
    QEMUTimer *frame_timer;

    /* properties */
    uint32_t num_ports;
    char *masterbus;            /* accepted for compatibility, must be empty */
    uint32_t firstport;

    /* guest state */
    uint32_t control, command, status, enabled;
    uint32_t hcca, periodic_current, control_head, control_current, bulk_head, bulk_current;
    uint32_t done_head, done_count;     /* frames until the done queue is written; 7: none */
    uint32_t fm_interval, periodic_start, ls_threshold;
    uint16_t frame_number;
    int64_t frame_start_ns;
    uint32_t rh_a, rh_b, rh_status, port_status[OHCI_MAX_PORTS];
} OHCIState;
#define PCI_OHCI(o) OBJECT_CHECK(OHCIState, (o), TYPE_PCI_OHCI)

void ohci_raise(OHCIState *s, uint32_t bits);
/* Stop: unrecoverable error (memory that is not there). */
void ohci_die(OHCIState *s);
/* One frame of 1 ms: lists, done queue, frame interrupts. */
void ohci_run_frame(OHCIState *s);
/* True when the next frame cannot wait: something is in a list of the guest's. */
bool ohci_is_busy(OHCIState *s);

#endif
