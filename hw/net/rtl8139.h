/*
 * RTL8139C+: state and registers shared by rtl8139.c and rtl8139-dma.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_NET_RTL8139_H
#define HW_NET_RTL8139_H

#include "hw/net/eeprom93c46.h"
#include "hw/pci.h"
#include "net/net.h"

#define TYPE_RTL8139 "rtl8139"

enum { CR_BUFE = 0x01, CR_TE = 0x04, CR_RE = 0x08, CR_RST = 0x10 };
enum { INT_ROK = 0x0001, INT_RER = 0x0002, INT_TOK = 0x0004, INT_TER = 0x0008, INT_RXOVW = 0x0010,
       INT_LINK = 0x0020, INT_TDU = 0x0080, INT_SW = 0x0100, INT_TIMEOUT = 0x4000 };
enum { RCR_AAP = 0x01, RCR_APM = 0x02, RCR_AM = 0x04, RCR_AB = 0x08, RCR_WRAP = 0x80,
       RCR_RBLEN_SHIFT = 11 };
enum { TCR_CLRABT = 0x01, TCR_LOOPBACK = 0x60000 };
enum { TSD_SIZE = 0x1fff, TSD_OWN = 0x2000, TSD_TUN = 0x4000, TSD_TOK = 0x8000 };
enum { CPCR_TX = 0x0001, CPCR_RX = 0x0002, CPCR_RXCHKSUM = 0x0020, CPCR_RXVLAN = 0x0040 };
enum { TPPOLL_NPQ = 0x40, TPPOLL_HPQ = 0x80 };

typedef struct RTL8139State {
    PCIDevice parent;

    /* wiring */
    MemoryRegion bar_io, bar_mem;
    NetClientState *nic;

    /* properties */
    NICConf conf;

    /* guest state */
    uint8_t idr[6], mar[8];
    uint32_t tsd[4], tsad[4];   /* in C+ mode tsad is unused; rings are below */
    uint8_t tx_next;            /* descriptor that is sent next */
    uint32_t rbstart, rx_write; /* rx_write: offset, CBR */
    uint16_t capr;
    uint8_t cr;
    uint16_t imr, isr;
    uint32_t tcr, rcr, mpc;
    uint8_t cr9346, config[6];
    uint16_t bmcr, anar, mulint, nwaytr;
    uint32_t timer_int;
    int64_t timer_base_ns;
    uint16_t cpcr;
    uint64_t tx_ring, tx_ring_high, rx_ring;    /* C+ */
    uint32_t tx_pos, tx_high_pos, rx_pos;       /* descriptor numbers */
    EEPROM93C46 eeprom;
} RTL8139State;
#define RTL8139(o) OBJECT_CHECK(RTL8139State, (o), TYPE_RTL8139)

void rtl8139_update_irq(RTL8139State *s);
void rtl8139_link_changed(NetClientState *nc);

/* rtl8139-dma.c */
void rtl8139_transmit(RTL8139State *s);             /* what the four descriptors hold */
void rtl8139_cplus_transmit(RTL8139State *s, bool high_priority);
bool rtl8139_rx_empty(RTL8139State *s);
extern const NetClientInfo rtl8139_net;

#endif
