/*
 * 82540EM: state and registers shared by e1000.c, e1000-tx.c and e1000-rx.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_NET_E1000_H
#define HW_NET_E1000_H

#include "hw/net/eeprom93c46.h"
#include "hw/pci.h"
#include "net/net.h"

#define TYPE_E1000 "e1000"
#define E1000_MMIO_BYTES 0x20000
#define E1000_NUM_REGS   (0x5c00 / 4)
#define E1000_PHY_REGS   32
#define E1000_DESC_BYTES 16

enum {
    REG_CTRL = 0x0000, REG_STATUS = 0x0008, REG_EECD = 0x0010, REG_EERD = 0x0014,
    REG_CTRL_EXT = 0x0018, REG_MDIC = 0x0020, REG_FCAL = 0x0028, REG_FCAH = 0x002c,
    REG_FCT = 0x0030, REG_VET = 0x0038, REG_ICR = 0x00c0, REG_ITR = 0x00c4, REG_ICS = 0x00c8,
    REG_IMS = 0x00d0, REG_IMC = 0x00d8, REG_RCTL = 0x0100, REG_FCTTV = 0x0170, REG_TXCW = 0x0178,
    REG_RXCW = 0x0180, REG_TCTL = 0x0400, REG_TIPG = 0x0410, REG_AIT = 0x0458, REG_LEDCTL = 0x0e00,
    REG_PBA = 0x1000, REG_FCRTL = 0x2160, REG_FCRTH = 0x2168,
    REG_RDBAL = 0x2800, REG_RDBAH = 0x2804, REG_RDLEN = 0x2808, REG_RDH = 0x2810,
    REG_RDT = 0x2818, REG_RDTR = 0x2820, REG_RXDCTL = 0x2828, REG_RADV = 0x282c,
    REG_RSRPD = 0x2c00,
    REG_TDBAL = 0x3800, REG_TDBAH = 0x3804, REG_TDLEN = 0x3808, REG_TDH = 0x3810,
    REG_TDT = 0x3818, REG_TIDV = 0x3820, REG_TXDCTL = 0x3828, REG_TADV = 0x382c, REG_TSPMT = 0x3830,
    REG_STATS = 0x4000, REG_STATS_END = 0x4128,
    REG_MPRC = 0x407c, REG_BPRC = 0x4078, REG_GPRC = 0x4074, REG_GPTC = 0x4080,
    REG_GORCL = 0x4088, REG_GOTCL = 0x4090, REG_RNBC = 0x40a0, REG_TORL = 0x40c0,
    REG_TOTL = 0x40c8, REG_TPR = 0x40d0, REG_TPT = 0x40d4, REG_MPC = 0x4010,
    REG_RXCSUM = 0x5000, REG_MTA = 0x5200, REG_MTA_END = 0x5400, REG_RA = 0x5400,
    REG_RA_END = 0x5480, REG_VFTA = 0x5600, REG_VFTA_END = 0x5800, REG_WUC = 0x5800,
    REG_WUFC = 0x5808, REG_MANC = 0x5820,
};

enum { CTRL_FD = 1 << 0, CTRL_SLU = 1 << 6, CTRL_RST = 1 << 26, CTRL_VME = 1 << 30,
       CTRL_PHY_RST = 1u << 31 };
enum { STATUS_FD = 0x01, STATUS_LU = 0x02, STATUS_SPEED_1000 = 0x80, STATUS_PCI66 = 0x800 };
enum { INT_TXDW = 0x001, INT_TXQE = 0x002, INT_LSC = 0x004, INT_RXDMT0 = 0x010, INT_RXO = 0x040,
       INT_RXT0 = 0x080, INT_MDAC = 0x200 };
enum { RCTL_EN = 0x2, RCTL_UPE = 0x8, RCTL_MPE = 0x10, RCTL_LPE = 0x20, RCTL_LBM = 0xc0,
       RCTL_RDMTS_SHIFT = 8, RCTL_MO_SHIFT = 12, RCTL_BAM = 0x8000, RCTL_BSIZE_SHIFT = 16,
       RCTL_VFE = 0x40000, RCTL_BSEX = 1 << 25, RCTL_SECRC = 1 << 26 };
enum { TCTL_EN = 0x2 };

/* Offload parameters of the last context descriptor */
typedef struct E1000Context {
    uint8_t ipcss, ipcso, tucss, tucso, hdrlen;
    uint16_t ipcse, tucse, mss;
    uint32_t paylen;
    bool tcp, ip;
} E1000Context;

#define E1000_FRAME_BYTES (64 * 1024 + 256)

typedef struct E1000State {
    PCIDevice parent;

    /* wiring */
    MemoryRegion mmio, io;
    NetClientState *nic;

    /* properties */
    NICConf conf;

    /* guest state */
    uint32_t regs[E1000_NUM_REGS];
    uint16_t phy[E1000_PHY_REGS];
    uint32_t io_addr;
    EEPROM93C46 eeprom;
    E1000Context ctx;           /* for plain checksums, and */
    E1000Context tso_ctx;       /* for segmentation */
    uint8_t frame[E1000_FRAME_BYTES];       /* gathered so far */
    uint32_t frame_len;
    uint8_t frame_popts;        /* of its first data descriptor */
    bool frame_tso, frame_started;
} E1000State;
#define E1000(o) OBJECT_CHECK(E1000State, (o), TYPE_E1000)

static inline uint32_t *e1000_reg(E1000State *s, unsigned offset) { return &s->regs[offset / 4]; }

void e1000_raise(E1000State *s, uint32_t causes);
void e1000_count(E1000State *s, unsigned reg, uint32_t n);      /* 32 bits, sticks at the maximum */
void e1000_count64(E1000State *s, unsigned reg, uint32_t n);
void e1000_transmit(E1000State *s);             /* e1000-tx.c */
extern const VMStateDescription vmstate_e1000_context;
extern const NetClientInfo e1000_net;           /* e1000-rx.c */
void e1000_link_changed(NetClientState *nc);

#endif
