/*
 * GMAC / GEM: state and registers shared by sungem.c and sungem-dma.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_NET_SUNGEM_H
#define HW_NET_SUNGEM_H

#include "hw/pci.h"
#include "net/net.h"

#define TYPE_SUNGEM "sungem"
#define SUNGEM_BAR_BYTES 0x200000
#define SUNGEM_NUM_REGS  (0xa000 / 4)
#define SUNGEM_PHY_REGS  32
#define SUNGEM_FRAME_BYTES 9216

enum {
    GREG_CFG = 0x0004, GREG_STAT = 0x000c, GREG_IMASK = 0x0010, GREG_IACK = 0x0014,
    GREG_STAT2 = 0x001c, GREG_PCIESTAT = 0x1000, GREG_SWRST = 0x1010,
    TXDMA_KICK = 0x2000, TXDMA_CFG = 0x2004, TXDMA_DBLOW = 0x2008, TXDMA_DBHI = 0x200c,
    TXDMA_DONE = 0x2100, TXDMA_FSZ = 0x2118, TXDMA_END = 0x2200,
    RXDMA_CFG = 0x4000, RXDMA_DBLOW = 0x4004, RXDMA_DBHI = 0x4008, RXDMA_KICK = 0x4100,
    RXDMA_DONE = 0x4104, RXDMA_FSZ = 0x4120, RXDMA_END = 0x4200,
    MAC_TXRST = 0x6000, MAC_RXRST = 0x6004, MAC_SNDPAUSE = 0x6008, MAC_TXSTAT = 0x6010,
    MAC_RXSTAT = 0x6014, MAC_CSTAT = 0x6018, MAC_TXMASK = 0x6020, MAC_RXMASK = 0x6024,
    MAC_MCMASK = 0x6028, MAC_TXCFG = 0x6030, MAC_RXCFG = 0x6034, MAC_XIFCFG = 0x603c,
    MAC_MINFSZ = 0x6050, MAC_MAXFSZ = 0x6054, MAC_ADDR0 = 0x6080, MAC_ADDR1 = 0x6084,
    MAC_ADDR2 = 0x6088, MAC_HASH0 = 0x60c0, MAC_RFCTR = 0x6118,
    MIF_FRAME = 0x620c, MIF_CFG = 0x6210, MIF_STATUS = 0x6218, PCS_MIISTAT = 0x9004,
    PCS_ISTAT = 0x9018,
};

enum { STAT_TXINTME = 0x01, STAT_TXALL = 0x02, STAT_TXDONE = 0x04, STAT_RXDONE = 0x10,
       STAT_RXNOBUF = 0x20, STAT_RXTAGERR = 0x40, STAT_AUTOCLEAR = 0x7f, STAT_TXMAC = 0x4000,
       STAT_RXMAC = 0x8000, STAT_TXNR_SHIFT = 19 };
enum { DMA_CFG_ENABLE = 0x01, DMA_CFG_RINGSZ_SHIFT = 1, RXDMA_CFG_FBOFF_SHIFT = 10,
       RXDMA_CFG_CSUMOFF_SHIFT = 13 };
enum { MAC_CFG_ENAB = 0x01, TXSTAT_XMIT = 0x01, RXSTAT_RCV = 0x01 };
enum { RXCFG_SFCS = 0x04, RXCFG_PROM = 0x08, RXCFG_PGRP = 0x10, RXCFG_HFE = 0x20 };
enum { XIFCFG_LBCK = 0x02 };

typedef struct SunGEMState {
    PCIDevice parent;

    /* wiring */
    MemoryRegion bar;
    NetClientState *nic;

    /* properties */
    NICConf conf;

    /* guest state */
    uint32_t regs[SUNGEM_NUM_REGS];
    uint16_t phy[SUNGEM_PHY_REGS];
    uint8_t frame[SUNGEM_FRAME_BYTES];      /* gathered so far */
    uint32_t frame_len;
    uint64_t first_control;                 /* of the frame's first descriptor */
} SunGEMState;
#define SUNGEM(o) OBJECT_CHECK(SunGEMState, (o), TYPE_SUNGEM)

static inline uint32_t *gem_reg(SunGEMState *s, unsigned offset) { return &s->regs[offset / 4]; }

void sungem_raise(SunGEMState *s, uint32_t status);
void sungem_update_irq(SunGEMState *s);
void sungem_transmit(SunGEMState *s);           /* sungem-dma.c */
extern const NetClientInfo sungem_net;

#endif
