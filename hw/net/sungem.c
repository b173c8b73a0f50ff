/*
 * Apple GMAC, a Sun GEM with a BCM5201 PHY behind its MII: registers (GEM
 * Gigabit Ethernet ASIC specification; IEEE 802.3 clause 22). Frames are in
 * sungem-dma.c.
 *
 * BAR 0      2 MiB of registers
 * Interrupt  INTA, level: STAT & ~IMASK
 * Left out   pause frames, wake on LAN, bit-banged MII, the serial link, FIFO
 *            access, interrupt blanking (at once)
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/net/sungem.h"
#include "qemu/bswap.h"
#include "qemu/log.h"

enum { SWRST_TXRST = 0x01, SWRST_RXRST = 0x02 };
enum { FRAME_OP_SHIFT = 28, FRAME_OP_WRITE = 1, FRAME_OP_READ = 2, FRAME_PHYAD_SHIFT = 23,
       FRAME_REGAD_SHIFT = 18, FRAME_TALSB = 0x10000 };
enum { MII_BMCR = 0, MII_BMSR, MII_PHYID1, MII_PHYID2, MII_ANAR, MII_LPA, MII_ANER };
enum { BMCR_RESET = 0x8000, BMCR_RESTART = 0x0200, BMSR_LINK = 0x0004, BMSR_ANEG_DONE = 0x0020 };

/* --- interrupts ----------------------------------------------------------- */

/* Bits 0-6 are stored; the others follow from what they summarise. */
static uint32_t status(SunGEMState *s)
{
    uint32_t value = *gem_reg(s, GREG_STAT) & STAT_AUTOCLEAR;

    value |= *gem_reg(s, MAC_TXSTAT) & ~*gem_reg(s, MAC_TXMASK) ? STAT_TXMAC : 0;
    value |= *gem_reg(s, MAC_RXSTAT) & ~*gem_reg(s, MAC_RXMASK) ? STAT_RXMAC : 0;
    return value;
}

void sungem_update_irq(SunGEMState *s)
{
    pci_set_irq(&s->parent, (status(s) & ~*gem_reg(s, GREG_IMASK)) != 0);
}

void sungem_raise(SunGEMState *s, uint32_t bits)
{
    *gem_reg(s, GREG_STAT) |= bits;
    sungem_update_irq(s);
}

/* --- PHY ------------------------------------------------------------------ */

static void reset_phy(SunGEMState *s)
{
    memset(s->phy, 0, sizeof(s->phy));
    s->phy[MII_BMCR] = 0x3100;
    s->phy[MII_BMSR] = 0x7809;
    s->phy[MII_PHYID1] = 0x0040;
    s->phy[MII_PHYID2] = 0x6212;
    s->phy[MII_ANAR] = 0x01e1;
    s->phy[MII_LPA] = 0x45e1;
    s->phy[MII_ANER] = 0x0001;
}

static uint16_t phy_read(SunGEMState *s, unsigned phy, unsigned reg)
{
    if (phy != 0) {
        return 0xffff;
    }
    if (reg == MII_BMSR && !s->nic->link_down) {
        return s->phy[reg] | BMSR_LINK | BMSR_ANEG_DONE;
    }
    return s->phy[reg];
}

static void phy_write(SunGEMState *s, unsigned phy, unsigned reg, uint16_t value)
{
    if (phy != 0) {
        return;
    }
    switch (reg) {
    case MII_BMCR:
        if (value & BMCR_RESET) {
            reset_phy(s);
        } else {
            s->phy[reg] = value & ~BMCR_RESTART;
        }
        break;
    case MII_BMSR:              /* read-only */
    case MII_PHYID1:
    case MII_PHYID2:
    case MII_LPA:
    case MII_ANER:
        break;
    default:
        s->phy[reg] = value;
        break;
    }
}

static void mif_frame(SunGEMState *s, uint32_t value)
{
    unsigned phy = value >> FRAME_PHYAD_SHIFT & 31, reg = value >> FRAME_REGAD_SHIFT & 31;

    switch (value >> FRAME_OP_SHIFT & 3) {
    case FRAME_OP_READ:
        value = (value & ~0xffffu) | phy_read(s, phy, reg);
        break;
    case FRAME_OP_WRITE:
        phy_write(s, phy, reg, value);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "sungem: invalid MII frame 0x%08x\n", value);
        break;
    }
    *gem_reg(s, MIF_FRAME) = value | FRAME_TALSB;
}

/* --- reset ---------------------------------------------------------------- */

static void clear_range(SunGEMState *s, unsigned from, unsigned to)
{
    memset(gem_reg(s, from), 0, to - from);
}

static void reset_tx(SunGEMState *s)
{
    clear_range(s, TXDMA_KICK, TXDMA_END);
    *gem_reg(s, TXDMA_FSZ) = 0x90;              /* 9 KiB in units of 64 bytes */
    *gem_reg(s, MAC_TXCFG) = 0;
    *gem_reg(s, MAC_TXSTAT) = 0;
    s->frame_len = 0;
    s->first_control = 0;
}

static void reset_rx(SunGEMState *s)
{
    clear_range(s, RXDMA_CFG, RXDMA_END);
    *gem_reg(s, RXDMA_FSZ) = 0x140;             /* 20 KiB */
    *gem_reg(s, MAC_RXCFG) = 0;
    *gem_reg(s, MAC_RXSTAT) = 0;
}

static void software_reset(SunGEMState *s, uint32_t which)
{
    if (which & SWRST_TXRST) {
        reset_tx(s);
    }
    if (which & SWRST_RXRST) {
        reset_rx(s);
    }
    if ((which & (SWRST_TXRST | SWRST_RXRST)) == (SWRST_TXRST | SWRST_RXRST)) {
        *gem_reg(s, GREG_STAT) = 0;
        *gem_reg(s, GREG_IMASK) = UINT32_MAX;
    }
    sungem_update_irq(s);
}

/* --- registers ------------------------------------------------------------ */

static uint32_t read_and_clear(SunGEMState *s, unsigned reg)
{
    uint32_t value = *gem_reg(s, reg);

    *gem_reg(s, reg) = 0;
    sungem_update_irq(s);
    return value;
}

static uint32_t read_reg(SunGEMState *s, unsigned reg)
{
    uint32_t value;

    switch (reg) {
    case GREG_STAT:
    case GREG_STAT2:
        value = status(s) | *gem_reg(s, TXDMA_DONE) << STAT_TXNR_SHIFT;
        if (reg == GREG_STAT) {
            *gem_reg(s, GREG_STAT) &= ~STAT_AUTOCLEAR;
            sungem_update_irq(s);
        }
        return value;
    case MAC_TXSTAT:
    case MAC_RXSTAT:
    case MAC_CSTAT:
    case PCS_ISTAT:
        return read_and_clear(s, reg);
    case PCS_MIISTAT:
        return 0x0108;                          /* no partner at the serial link */
    }
    return *gem_reg(s, reg);
}

static void write_reg(SunGEMState *s, unsigned reg, uint32_t value)
{
    switch (reg) {
    case GREG_STAT:                             /* read-only */
    case GREG_STAT2:
    case GREG_PCIESTAT:
    case TXDMA_DONE:
    case TXDMA_FSZ:
    case RXDMA_DONE:
    case RXDMA_FSZ:
    case MAC_TXSTAT:
    case MAC_RXSTAT:
    case MAC_CSTAT:
    case MIF_STATUS:
    case PCS_MIISTAT:
    case PCS_ISTAT:
        break;
    case GREG_IACK:
        *gem_reg(s, GREG_STAT) &= ~(value & STAT_AUTOCLEAR);
        sungem_update_irq(s);
        break;
    case GREG_IMASK:
    case MAC_TXMASK:
    case MAC_RXMASK:
        *gem_reg(s, reg) = value;
        sungem_update_irq(s);
        break;
    case GREG_SWRST:                            /* done at once: reads as zero */
        software_reset(s, value);
        break;
    case MAC_TXRST:
        *gem_reg(s, MAC_TXCFG) = 0;
        break;
    case MAC_RXRST:
        *gem_reg(s, MAC_RXCFG) = 0;
        break;
    case TXDMA_KICK:
    case TXDMA_CFG:
    case MAC_TXCFG:
        *gem_reg(s, reg) = value;
        sungem_transmit(s);
        break;
    case RXDMA_KICK:
    case RXDMA_CFG:
    case MAC_RXCFG:
        *gem_reg(s, reg) = value;
        qemu_flush_queued_packets(s->nic);
        break;
    case MIF_FRAME:
        mif_frame(s, value);
        break;
    default:
        *gem_reg(s, reg) = value;
        break;
    }
}

static uint64_t sungem_read(void *opaque, hwaddr addr, unsigned size)
{
    if (addr / 4 >= SUNGEM_NUM_REGS) {
        return 0;                               /* expansion ROM: empty */
    }
    return read_reg(opaque, addr);
}

static void sungem_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    if (addr / 4 >= SUNGEM_NUM_REGS) {
        qemu_log_mask(LOG_GUEST_ERROR, "sungem: write of 0x%08" PRIx64 " to 0x%06" PRIx64 "\n",
                      value, addr);
        return;
    }
    write_reg(opaque, addr, value);
}

static const MemoryRegionOps sungem_ops = {
    .read = sungem_read, .write = sungem_write, .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 4, .max_access_size = 4 },
};

/* --- life ----------------------------------------------------------------- */

static void sungem_reset(DeviceState *dev)
{
    SunGEMState *s = SUNGEM(dev);
    const uint8_t *mac = s->conf.macaddr.a;

    memset(s->regs, 0, sizeof(s->regs));
    memset(s->frame, 0, sizeof(s->frame));
    reset_phy(s);
    software_reset(s, SWRST_TXRST | SWRST_RXRST);
    *gem_reg(s, MAC_MINFSZ) = 0x40;
    *gem_reg(s, MAC_MAXFSZ) = 0x5ee;
    *gem_reg(s, MAC_TXMASK) = *gem_reg(s, MAC_RXMASK) = *gem_reg(s, MAC_MCMASK) = 0xffff;
    *gem_reg(s, MIF_CFG) = 0x100;               /* a PHY at MDIO 0 */
    /* The firmware takes the station's address from here. */
    *gem_reg(s, MAC_ADDR0) = lduw_be_p(mac + 4);
    *gem_reg(s, MAC_ADDR1) = lduw_be_p(mac + 2);
    *gem_reg(s, MAC_ADDR2) = lduw_be_p(mac);
    sungem_update_irq(s);
}

#define S SunGEMState
static const VMStateField sungem_fields[] = {
    VMSTATE_PCI_DEVICE(parent, S), VMSTATE_UINT32_ARRAY(regs, S, SUNGEM_NUM_REGS),
    VMSTATE_UINT16_ARRAY(phy, S, SUNGEM_PHY_REGS), VMSTATE_BUFFER(frame, S),
    VMSTATE_UINT32(frame_len, S), VMSTATE_UINT64(first_control, S), VMSTATE_END
};

static int sungem_post_load(void *opaque, int version)
{
    return ((SunGEMState *)opaque)->frame_len > SUNGEM_FRAME_BYTES ? -EINVAL : 0;
}

static const VMStateDescription vmstate_sungem = {
    .name = "sungem", .version = 1, .fields = sungem_fields, .post_load = sungem_post_load,
};

static const Property sungem_props[] = {
    DEFINE_PROP_MACADDR("mac", S, conf.macaddr), DEFINE_PROP_NETDEV("netdev", S, conf),
    DEFINE_PROP_END
};
#undef S

static bool sungem_realize(DeviceState *dev, Error **errp)
{
    SunGEMState *s = SUNGEM(dev);

    s->parent.config[PCI_INTERRUPT_PIN] = 1;
    s->parent.config[PCI_MIN_GNT] = 0x40;
    s->parent.config[PCI_MAX_LAT] = 0x40;
    pci_set_long(s->parent.config + PCI_SUBSYSTEM_VENDOR_ID, 0);
    memory_region_init_io(&s->bar, OBJECT(dev), &sungem_ops, s, "sungem", SUNGEM_BAR_BYTES);
    pci_register_bar(&s->parent, 0, PCI_BASE_ADDRESS_SPACE_MEMORY, &s->bar);
    qemu_macaddr_default_if_unset(&s->conf.macaddr);
    s->nic = qemu_new_nic(&sungem_net, &s->conf, TYPE_SUNGEM, OBJECT(dev)->id, s);
    qemu_format_nic_info_str(s->nic, s->conf.macaddr.a);
    return true;
}

static void sungem_unrealize(DeviceState *dev)
{
    qemu_del_net_client(SUNGEM(dev)->nic);
}

static const PCIDeviceClass sungem_class = {
    .vendor_id = 0x106b, .device_id = 0x0021, .class_id = 0x0200, .revision = 0x01,
};

static const TypeInfo sungem_info = {
    .name = TYPE_SUNGEM, .parent = TYPE_PCI_DEVICE, .desc = "Apple GMAC (Sun GEM)",
    .instance_size = sizeof(SunGEMState), .realize = sungem_realize,
    .unrealize = sungem_unrealize, .reset = sungem_reset, .props = sungem_props,
    .vmsd = &vmstate_sungem, .bus_type = TYPE_PCI_BUS, .user_creatable = true,
    .category = "network", .class_data = &sungem_class,
};
DEFINE_TYPE(sungem_info)
