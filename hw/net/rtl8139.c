/*
 * Realtek RTL8139C+ Fast Ethernet controller: registers (RTL8139C+ data sheet,
 * chapters 5 and 6). Frames are in rtl8139-dma.c.
 *
 * BAR 0, 1   256 bytes of registers, I/O and memory
 * Interrupt  INTA, level: ISR & IMR
 * Left out   timer interrupt (the counter runs), wake on LAN, VLAN tagging,
 *            power management
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/net/rtl8139.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "qemu/timer.h"

enum {
    REG_IDR0 = 0x00, REG_MAR0 = 0x08, REG_TSD0 = 0x10, REG_TSAD0 = 0x20, REG_RBSTART = 0x30,
    REG_ERBCR = 0x34, REG_ERSR = 0x36, REG_CR = 0x37, REG_CAPR = 0x38, REG_CBR = 0x3a,
    REG_IMR = 0x3c, REG_ISR = 0x3e, REG_TCR = 0x40, REG_RCR = 0x44, REG_TCTR = 0x48,
    REG_MPC = 0x4c, REG_9346CR = 0x50, REG_CONFIG0 = 0x51, REG_TIMERINT = 0x54, REG_MSR = 0x58,
    REG_CONFIG3 = 0x59, REG_CONFIG4 = 0x5a, REG_MULINT = 0x5c, REG_RERID = 0x5e, REG_TSAD = 0x60,
    REG_BMCR = 0x62, REG_BMSR = 0x64, REG_ANAR = 0x66, REG_ANLPAR = 0x68, REG_ANER = 0x6a,
    REG_DIS = 0x6c, REG_FCSC = 0x6e, REG_NWAYTR = 0x70, REG_REC = 0x72, REG_CSCR = 0x74,
    REG_CONFIG5 = 0xd8, REG_TPPOLL = 0xd9, REG_CPCR = 0xe0, REG_RDSAR = 0xe4,
};
/* The same offsets in C+ mode */
enum { REG_TNPDS = 0x20, REG_THPDS = 0x28 };

enum { TCR_HWVER_8139CPLUS = 0x74800000, TCR_WRITABLE = 0x037f07f1 };
enum { CR9346_EEDO = 1, CR9346_EEDI = 2, CR9346_EESK = 4, CR9346_EECS = 8, CR9346_MODE = 0xc0,
       CR9346_PROGRAM = 0x80, CR9346_CONFIG = 0xc0 };
enum { BMCR_RESET = 0x8000, BMCR_AUTONEG = 0x1000, BMCR_RESTART = 0x0200, BMCR_100_FULL = 0x2100 };
enum { BMSR_VALUE = 0x782d, BMSR_LINK = 0x0004, BMSR_ANEG_DONE = 0x0020 };
enum { MSR_LINK_DOWN = 0x04, MSR_TX_FLOW = 0x80 };

void rtl8139_update_irq(RTL8139State *s)
{
    pci_set_irq(&s->parent, (s->isr & s->imr) != 0);
}

static void soft_reset(RTL8139State *s)
{
    s->cr = 0;
    s->isr = s->imr = 0;
    s->tcr = 0;
    s->rcr = 0;
    s->rx_write = 0;
    s->capr = 0xfff0;
    s->tx_next = 0;
    s->cpcr = 0;
    s->mpc = 0;
    s->tx_pos = s->tx_high_pos = s->rx_pos = 0;
    s->rbstart = 0;
    for (int i = 0; i < 4; i++) {
        s->tsd[i] = TSD_OWN;
        s->tsad[i] = 0;
    }
    rtl8139_update_irq(s);
}

/* --- reads ---------------------------------------------------------------- */

static uint32_t counter(RTL8139State *s)
{
    /* PCI clock, 33 MHz */
    int64_t elapsed_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) - s->timer_base_ns;

    return elapsed_ns * 33 / 1000;
}

static uint16_t tsad_summary(RTL8139State *s)
{
    uint16_t value = 0;

    for (int i = 0; i < 4; i++) {
        value |= (s->tsd[i] & TSD_OWN ? 1 << i : 0) | (s->tsd[i] & TSD_TUN ? 0x100 << i : 0) |
                 (s->tsd[i] & TSD_TOK ? 0x1000 << i : 0);
    }
    return value;
}

static bool link_up(RTL8139State *s)
{
    return !s->nic->link_down;
}

/* Registers at their aligned 16- or 32-bit offset; *size is the register's width. */
static uint32_t read_wide(RTL8139State *s, unsigned reg, unsigned *size)
{
    *size = 4;
    switch (reg) {
    case REG_TSD0 ... REG_TSD0 + 15:
        return s->tsd[(reg - REG_TSD0) / 4];
    case REG_TSAD0 ... REG_TSAD0 + 15:
        return s->tsad[(reg - REG_TSAD0) / 4];
    case REG_RBSTART:
        return s->rbstart;
    case REG_TCR:
        return s->tcr | TCR_HWVER_8139CPLUS;
    case REG_RCR:
        return s->rcr;
    case REG_TCTR:
        return counter(s);
    case REG_MPC:
        return s->mpc;
    case REG_TIMERINT:
        return s->timer_int;
    case REG_RDSAR:
        return s->rx_ring;
    case REG_RDSAR + 4:
        return s->rx_ring >> 32;
    }
    *size = 2;
    switch (reg) {
    case REG_CAPR:
        return s->capr;
    case REG_CBR:
        return s->rx_write;
    case REG_IMR:
        return s->imr;
    case REG_ISR:
        return s->isr;
    case REG_MULINT:
        return s->mulint;
    case REG_TSAD:
        return tsad_summary(s);
    case REG_BMCR:
        return s->bmcr;
    case REG_BMSR:
        return link_up(s) ? BMSR_VALUE : BMSR_VALUE & ~(BMSR_LINK | BMSR_ANEG_DONE);
    case REG_ANAR:
        return s->anar;
    case REG_ANLPAR:
        return link_up(s) ? 0x45e1 : 0;
    case REG_ANER:
        return link_up(s) ? 1 : 0;
    case REG_NWAYTR:
        return s->nwaytr;
    case REG_CSCR:
        return link_up(s) ? 0x0400 | 0x0008 : 0;
    case REG_CPCR:
        return s->cpcr;
    case REG_DIS:
    case REG_FCSC:
    case REG_REC:
        return 0;
    }
    *size = 0;
    return 0;
}

static uint8_t read_byte(RTL8139State *s, unsigned reg)
{
    unsigned size;
    uint32_t wide;

    switch (reg) {
    case REG_IDR0 ... REG_IDR0 + 5:
        return s->idr[reg - REG_IDR0];
    case REG_MAR0 ... REG_MAR0 + 7:
        return s->mar[reg - REG_MAR0];
    case REG_CR:
        return s->cr | (rtl8139_rx_empty(s) ? CR_BUFE : 0);
    case REG_9346CR:
        return (s->cr9346 & ~CR9346_EEDO) | (s->eeprom.out ? CR9346_EEDO : 0);
    case REG_CONFIG0:
    case REG_CONFIG0 + 1:
        return s->config[reg - REG_CONFIG0];
    case REG_MSR:
        return (link_up(s) ? 0 : MSR_LINK_DOWN) | MSR_TX_FLOW;
    case REG_CONFIG3:
    case REG_CONFIG4:
        return s->config[reg - REG_CONFIG3 + 3];
    case REG_CONFIG5:
        return s->config[5];
    case REG_RERID:
        return 0x10;
    case REG_ERSR:
    case REG_TPPOLL:
        return 0;
    }
    wide = read_wide(s, reg & ~3u, &size);
    if (size == 4) {
        return wide >> 8 * (reg & 3);
    }
    wide = read_wide(s, reg & ~1u, &size);
    return size == 2 ? wide >> 8 * (reg & 1) : 0;
}

static uint64_t rtl8139_read(void *opaque, hwaddr addr, unsigned size)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < size; i++) {
        value |= (uint64_t)read_byte(opaque, (addr + i) & 0xff) << 8 * i;
    }
    return value;
}

/* --- writes --------------------------------------------------------------- */

static bool config_unlocked(RTL8139State *s)
{
    return (s->cr9346 & CR9346_MODE) == CR9346_CONFIG;
}

static void write_cr(RTL8139State *s, uint8_t value)
{
    if (value & CR_RST) {
        soft_reset(s);
    }
    if (value & CR_RE && !(s->cr & CR_RE)) {
        s->rx_write = 0;
        s->capr = 0xfff0;
    }
    s->cr = value & (CR_TE | CR_RE);
    qemu_flush_queued_packets(s->nic);
}

static void write_9346cr(RTL8139State *s, uint8_t value)
{
    s->cr9346 = value & ~CR9346_EEDO;
    if ((value & CR9346_MODE) == CR9346_PROGRAM) {
        eeprom93c46_pins(&s->eeprom, value & CR9346_EECS, value & CR9346_EESK,
                         value & CR9346_EEDI);
    }
}

static void write_byte_reg(RTL8139State *s, unsigned reg, uint8_t value)
{
    switch (reg) {
    case REG_IDR0 ... REG_IDR0 + 5:
        s->idr[reg - REG_IDR0] = value;
        break;
    case REG_MAR0 ... REG_MAR0 + 7:
        s->mar[reg - REG_MAR0] = value;
        break;
    case REG_CR:
        write_cr(s, value);
        break;
    case REG_9346CR:
        write_9346cr(s, value);
        break;
    case REG_CONFIG0 + 1:
        if (config_unlocked(s)) {
            s->config[1] = value;
        }
        break;
    case REG_CONFIG3:
    case REG_CONFIG4:
        if (config_unlocked(s)) {
            s->config[reg - REG_CONFIG3 + 3] = value;
        }
        break;
    case REG_CONFIG5:
        s->config[5] = value;
        break;
    case REG_TPPOLL:
        if (value & TPPOLL_HPQ) {
            rtl8139_cplus_transmit(s, true);
        }
        if (value & TPPOLL_NPQ) {
            rtl8139_cplus_transmit(s, false);
        }
        break;
    case REG_CONFIG0:           /* read-only */
    case REG_MSR:
        break;
    default:
        qemu_log_mask(LOG_UNIMP, "rtl8139: write of 0x%02x to register 0x%02x\n", value, reg);
        break;
    }
}

static bool write_word_reg(RTL8139State *s, unsigned reg, uint16_t value)
{
    switch (reg) {
    case REG_CAPR:
        s->capr = value;
        qemu_flush_queued_packets(s->nic);
        break;
    case REG_IMR:
        s->imr = value;
        rtl8139_update_irq(s);
        qemu_flush_queued_packets(s->nic);      /* drivers do this behind new descriptors */
        break;
    case REG_ISR:               /* write one to clear */
        s->isr &= ~value;
        rtl8139_update_irq(s);
        qemu_flush_queued_packets(s->nic);
        break;
    case REG_MULINT:
        s->mulint = value;
        break;
    case REG_BMCR:              /* reset and restart are done at once */
        s->bmcr = value & BMCR_RESET ? BMCR_AUTONEG | BMCR_100_FULL : value & ~BMCR_RESTART;
        break;
    case REG_ANAR:
        s->anar = value;
        break;
    case REG_NWAYTR:
        s->nwaytr = value;
        break;
    case REG_CPCR:
        s->cpcr = value;
        break;
    case REG_CBR:               /* read-only */
    case REG_BMSR:
    case REG_ANLPAR:
    case REG_ANER:
        break;
    default:
        return false;
    }
    return true;
}

/* Half a 64-bit ring address of C+ mode. */
static void set_half(uint64_t *ring, bool high, uint32_t value)
{
    *ring = high ? (*ring & UINT32_MAX) | (uint64_t)value << 32
                 : (*ring & ~(uint64_t)UINT32_MAX) | (value & ~0xffu);
}

static void write_tsad(RTL8139State *s, unsigned reg, uint32_t value)
{
    bool high_priority = reg >= REG_THPDS;

    s->tsad[(reg - REG_TSAD0) / 4] = value;
    set_half(high_priority ? &s->tx_ring_high : &s->tx_ring, reg & 4, value);
    *(high_priority ? &s->tx_high_pos : &s->tx_pos) = 0;
}

static bool write_long_reg(RTL8139State *s, unsigned reg, uint32_t value)
{
    switch (reg) {
    case REG_TSD0 ... REG_TSD0 + 15:
        s->tsd[(reg - REG_TSD0) / 4] = value & ~(TSD_TOK | TSD_TUN);
        if (!(value & TSD_OWN)) {
            rtl8139_transmit(s);
            rtl8139_update_irq(s);
        }
        break;
    case REG_TSAD0 ... REG_TSAD0 + 15:
        write_tsad(s, reg, value);
        break;
    case REG_RBSTART:
        s->rbstart = value;
        s->rx_write = 0;
        s->capr = 0xfff0;
        break;
    case REG_TCR:
        s->tcr = value & TCR_WRITABLE;
        break;
    case REG_RCR:
        s->rcr = value;
        qemu_flush_queued_packets(s->nic);
        break;
    case REG_TCTR:              /* any write clears */
        s->timer_base_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
        break;
    case REG_MPC:
        s->mpc = 0;
        break;
    case REG_TIMERINT:
        s->timer_int = value;
        break;
    case REG_RDSAR:
    case REG_RDSAR + 4:
        set_half(&s->rx_ring, reg != REG_RDSAR, value);
        s->rx_pos = 0;
        break;
    default:
        return false;
    }
    return true;
}

static void write_small(RTL8139State *s, unsigned reg, uint64_t value, unsigned size)
{
    uint16_t other;

    if (size == 2 && !(reg & 1) && write_word_reg(s, reg, value)) {
        return;
    }
    for (unsigned i = 0; i < size; i++) {
        unsigned at = reg + i, width;
        uint8_t byte = value >> 8 * i;

        /* A byte of a word register: the other byte keeps its value (for ISR: zero). */
        other = read_wide(s, at & ~1u, &width);
        if (width == 2) {
            other = (at & ~1u) == REG_ISR ? 0 : other;
            write_word_reg(s, at & ~1u, at & 1 ? (other & 0xff) | byte << 8
                                               : (other & 0xff00) | byte);
        } else {
            write_byte_reg(s, at & 0xff, byte);
        }
    }
}

static void rtl8139_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    RTL8139State *s = opaque;

    if (size == 4) {
        if (!(addr & 3) && write_long_reg(s, addr, value)) {
            return;
        }
        write_small(s, addr, value & 0xffff, 2);
        write_small(s, (addr + 2) & 0xff, value >> 16, 2);
        return;
    }
    write_small(s, addr, value, size);
}

static const MemoryRegionOps rtl8139_ops = {
    .read = rtl8139_read, .write = rtl8139_write, .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 4, .unaligned = true },
    .impl = { .min_access_size = 1, .max_access_size = 4, .unaligned = true },
};

/* --- life ----------------------------------------------------------------- */

void rtl8139_link_changed(NetClientState *nc)
{
    RTL8139State *s = nc->opaque;

    s->isr |= INT_LINK;
    rtl8139_update_irq(s);
}

static void rtl8139_reset(DeviceState *dev)
{
    RTL8139State *s = RTL8139(dev);

    memcpy(s->idr, s->conf.macaddr.a, 6);
    memset(s->mar, 0, sizeof(s->mar));
    memset(s->config, 0, sizeof(s->config));
    s->config[0] = 0x10;        /* boot ROM size */
    s->config[1] = 0x0c;        /* I/O and memory mapped */
    s->config[3] = 0x01;        /* fast back to back */
    s->cr9346 = 0;
    s->bmcr = BMCR_AUTONEG | BMCR_100_FULL;
    s->anar = 0x05e1;
    s->mulint = s->nwaytr = 0;
    s->timer_int = 0;
    s->timer_base_ns = 0;
    s->tx_ring = s->tx_ring_high = s->rx_ring = 0;
    eeprom93c46_reset(&s->eeprom);
    soft_reset(s);
}

#define S RTL8139State
static const VMStateField rtl8139_fields[] = {
    VMSTATE_PCI_DEVICE(parent, S), VMSTATE_BUFFER(idr, S), VMSTATE_BUFFER(mar, S),
    VMSTATE_UINT32_ARRAY(tsd, S, 4), VMSTATE_UINT32_ARRAY(tsad, S, 4), VMSTATE_UINT8(tx_next, S),
    VMSTATE_UINT32(rbstart, S), VMSTATE_UINT32(rx_write, S), VMSTATE_UINT16(capr, S),
    VMSTATE_UINT8(cr, S), VMSTATE_UINT16(imr, S), VMSTATE_UINT16(isr, S), VMSTATE_UINT32(tcr, S),
    VMSTATE_UINT32(rcr, S), VMSTATE_UINT32(mpc, S), VMSTATE_UINT8(cr9346, S),
    VMSTATE_BUFFER(config, S), VMSTATE_UINT16(bmcr, S), VMSTATE_UINT16(anar, S),
    VMSTATE_UINT16(mulint, S), VMSTATE_UINT16(nwaytr, S), VMSTATE_UINT32(timer_int, S),
    VMSTATE_INT64(timer_base_ns, S), VMSTATE_UINT16(cpcr, S), VMSTATE_UINT64(tx_ring, S),
    VMSTATE_UINT64(tx_ring_high, S), VMSTATE_UINT64(rx_ring, S), VMSTATE_UINT32(tx_pos, S),
    VMSTATE_UINT32(tx_high_pos, S), VMSTATE_UINT32(rx_pos, S),
    VMSTATE_STRUCT(eeprom, S, vmstate_eeprom93c46, EEPROM93C46), VMSTATE_END
};

/* Saved state may come from anywhere: indices must be in range. */
static int rtl8139_post_load(void *opaque, int version)
{
    RTL8139State *s = opaque;

    return s->tx_next > 3 || s->tx_pos > 63 || s->tx_high_pos > 63 || s->rx_pos > 63 ? -EINVAL : 0;
}

static const VMStateDescription vmstate_rtl8139 = {
    .name = "rtl8139", .version = 1, .fields = rtl8139_fields, .post_load = rtl8139_post_load,
};

static const Property rtl8139_props[] = {
    DEFINE_PROP_MACADDR("mac", S, conf.macaddr), DEFINE_PROP_NETDEV("netdev", S, conf),
    DEFINE_PROP_BOOTINDEX,
    DEFINE_PROP_END
};
#undef S

static void fill_eeprom(RTL8139State *s)
{
    const uint8_t *mac = s->conf.macaddr.a;

    memset(s->eeprom.words, 0xff, sizeof(s->eeprom.words));
    s->eeprom.words[0] = 0x8129;
    s->eeprom.words[1] = 0x10ec;
    s->eeprom.words[2] = 0x8139;
    for (int i = 0; i < 3; i++) {
        s->eeprom.words[7 + i] = lduw_le_p(mac + 2 * i);
    }
}

static bool rtl8139_realize(DeviceState *dev, Error **errp)
{
    RTL8139State *s = RTL8139(dev);

    s->parent.config[PCI_INTERRUPT_PIN] = 1;
    s->parent.config[PCI_MIN_GNT] = 0x20;
    s->parent.config[PCI_MAX_LAT] = 0x40;
    memory_region_init_io(&s->bar_io, OBJECT(dev), &rtl8139_ops, s, "rtl8139-io", 0x100);
    memory_region_init_io(&s->bar_mem, OBJECT(dev), &rtl8139_ops, s, "rtl8139-mem", 0x100);
    pci_register_bar(&s->parent, 0, PCI_BASE_ADDRESS_SPACE_IO, &s->bar_io);
    pci_register_bar(&s->parent, 1, PCI_BASE_ADDRESS_SPACE_MEMORY, &s->bar_mem);
    qemu_macaddr_default_if_unset(&s->conf.macaddr);
    fill_eeprom(s);
    s->nic = qemu_new_nic(&rtl8139_net, &s->conf, TYPE_RTL8139, OBJECT(dev)->id, s);
    qemu_format_nic_info_str(s->nic, s->conf.macaddr.a);
    return true;
}

static void rtl8139_unrealize(DeviceState *dev)
{
    qemu_del_net_client(RTL8139(dev)->nic);
}

static const PCIDeviceClass rtl8139_class = {
    .vendor_id = 0x10ec, .device_id = 0x8139, .class_id = 0x0200, .revision = 0x20,
    .romfile = "efi-rtl8139.rom",
};

static const TypeInfo rtl8139_info = {
    .name = TYPE_RTL8139, .parent = TYPE_PCI_DEVICE, .desc = "Realtek RTL8139C+ Fast Ethernet",
    .instance_size = sizeof(RTL8139State), .realize = rtl8139_realize,
    .unrealize = rtl8139_unrealize, .reset = rtl8139_reset, .props = rtl8139_props,
    .vmsd = &vmstate_rtl8139, .bus_type = TYPE_PCI_BUS, .user_creatable = true,
    .category = "network", .class_data = &rtl8139_class,
};
DEFINE_TYPE(rtl8139_info)
