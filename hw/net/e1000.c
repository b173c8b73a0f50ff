/*
 * Intel 82540EM Gigabit Ethernet controller: registers, EEPROM, PHY (PCI/PCI-X
 * Family of Gigabit Ethernet Controllers Software Developer's Manual, chapters
 * 5, 8, 13). Frames are in e1000-tx.c and e1000-rx.c.
 *
 * BAR 0      128 KiB of registers
 * BAR 1      64 bytes: IOADDR and IODATA
 * Interrupt  INTA, level: ICR & IMS
 * Left out   interrupt delays and throttling (at once), wake on LAN, flow control
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/net/e1000.h"
#include "qemu/bswap.h"
#include "qemu/log.h"

enum { EECD_SK = 0x01, EECD_CS = 0x02, EECD_DI = 0x04, EECD_DO = 0x08, EECD_REQ = 0x40,
       EECD_GNT = 0x80, EECD_PRES = 0x100 };
enum { EERD_START = 0x01, EERD_DONE = 0x10 };
enum { MDIC_WRITE = 1 << 26, MDIC_READ = 2 << 26, MDIC_READY = 1 << 28, MDIC_INT = 1 << 29,
       MDIC_ERROR = 1 << 30 };
enum { PHY_CTRL = 0, PHY_STATUS, PHY_ID1, PHY_ID2, PHY_ANAR, PHY_LPA, PHY_EXP, PHY_1000T_CTRL = 9,
       PHY_1000T_STATUS, PHY_EXT_STATUS = 15, M88_SPEC_CTRL, M88_SPEC_STATUS, M88_INT_ENABLE,
       M88_INT_STATUS, M88_EXT_SPEC_CTRL };
enum { PHY_CTRL_RESET = 0x8000, PHY_CTRL_RESTART = 0x0200, PHY_STATUS_LINK = 0x0004,
       PHY_STATUS_ANEG_DONE = 0x0020, M88_STATUS_LINK = 0x0400 };

/* --- interrupts and counters ---------------------------------------------- */

static void e1000_update_irq(E1000State *s)
{
    pci_set_irq(&s->parent, (*e1000_reg(s, REG_ICR) & *e1000_reg(s, REG_IMS)) != 0);
}

void e1000_raise(E1000State *s, uint32_t causes)
{
    *e1000_reg(s, REG_ICR) |= causes;
    e1000_update_irq(s);
}

void e1000_count(E1000State *s, unsigned reg, uint32_t n)
{
    uint32_t *counter = e1000_reg(s, reg);

    *counter = *counter + n < *counter ? UINT32_MAX : *counter + n;
}

void e1000_count64(E1000State *s, unsigned reg, uint32_t n)
{
    uint64_t total = *e1000_reg(s, reg) | (uint64_t)*e1000_reg(s, reg + 4) << 32;

    total = total + n < total ? UINT64_MAX : total + n;
    *e1000_reg(s, reg) = total;
    *e1000_reg(s, reg + 4) = total >> 32;
}

/* --- PHY and EEPROM ------------------------------------------------------- */

static bool link_up(E1000State *s)
{
    return !s->nic->link_down;
}

static void reset_phy(E1000State *s)
{
    memset(s->phy, 0, sizeof(s->phy));
    s->phy[PHY_CTRL] = 0x1140;
    s->phy[PHY_STATUS] = 0x7949;
    s->phy[PHY_ID1] = 0x0141;
    s->phy[PHY_ID2] = 0x0c20;
    s->phy[PHY_ANAR] = 0x0de1;
    s->phy[PHY_LPA] = 0xcde1;
    s->phy[PHY_EXP] = 0x0001;
    s->phy[PHY_1000T_CTRL] = 0x0e00;
    s->phy[PHY_1000T_STATUS] = 0x3c00;
    s->phy[PHY_EXT_STATUS] = 0x3000;
    s->phy[M88_SPEC_CTRL] = 0x0360;
    s->phy[M88_SPEC_STATUS] = 0xa800;
    s->phy[M88_EXT_SPEC_CTRL] = 0x0d60;
}

static uint16_t phy_read(E1000State *s, unsigned reg)
{
    uint16_t value = s->phy[reg];

    if (reg == PHY_STATUS && link_up(s)) {
        value |= PHY_STATUS_LINK | PHY_STATUS_ANEG_DONE;
    }
    if (reg == M88_SPEC_STATUS && link_up(s)) {
        value |= M88_STATUS_LINK;
    }
    return value;
}

static void phy_write(E1000State *s, unsigned reg, uint16_t value)
{
    switch (reg) {
    case PHY_CTRL:
        if (value & PHY_CTRL_RESET) {
            reset_phy(s);
        } else {
            s->phy[PHY_CTRL] = value & ~PHY_CTRL_RESTART;
            if (value & PHY_CTRL_RESTART) {
                e1000_raise(s, INT_LSC);
            }
        }
        break;
    case PHY_STATUS:
    case PHY_ID1:
    case PHY_ID2:
    case PHY_LPA:
    case PHY_EXP:
    case PHY_1000T_STATUS:
    case PHY_EXT_STATUS:
    case M88_SPEC_STATUS:
        break;                          /* read-only */
    default:
        s->phy[reg] = value;
        break;
    }
}

static void write_mdic(E1000State *s, uint32_t value)
{
    unsigned reg = value >> 16 & 31, phy = value >> 21 & 31;

    if (phy != 1) {
        value |= MDIC_ERROR;
    } else if (value & MDIC_READ) {
        value = (value & ~0xffffu) | phy_read(s, reg);
    } else if (value & MDIC_WRITE) {
        phy_write(s, reg, value);
    }
    *e1000_reg(s, REG_MDIC) = value | MDIC_READY;
    if (value & MDIC_INT) {
        e1000_raise(s, INT_MDAC);
    }
}

static void write_eecd(E1000State *s, uint32_t value)
{
    *e1000_reg(s, REG_EECD) = value & (EECD_SK | EECD_CS | EECD_DI | EECD_REQ | 0x30);
    eeprom93c46_pins(&s->eeprom, value & EECD_CS, value & EECD_SK, value & EECD_DI);
}

static uint32_t read_eecd(E1000State *s)
{
    uint32_t value = *e1000_reg(s, REG_EECD);

    return value | EECD_PRES | (value & EECD_REQ ? EECD_GNT : 0) |
           (s->eeprom.out ? EECD_DO : 0);
}

static void write_eerd(E1000State *s, uint32_t value)
{
    unsigned address = value >> 8 & 0xff;

    if (value & EERD_START) {
        uint16_t word = address < EEPROM93C46_WORDS ? s->eeprom.words[address] : 0xffff;

        value = (uint32_t)word << 16 | address << 8 | EERD_DONE;
    }
    *e1000_reg(s, REG_EERD) = value;
}

/* --- reset ---------------------------------------------------------------- */

static void load_address(E1000State *s)
{
    const uint16_t *w = s->eeprom.words;

    *e1000_reg(s, REG_RA) = w[0] | (uint32_t)w[1] << 16;
    *e1000_reg(s, REG_RA + 4) = w[2] | 1u << 31;
}

static void soft_reset(E1000State *s)
{
    memset(s->regs, 0, sizeof(s->regs));
    *e1000_reg(s, REG_CTRL) = CTRL_FD | 1 << 3;
    *e1000_reg(s, REG_PBA) = 0x00100030;
    *e1000_reg(s, REG_LEDCTL) = 0x00000602;
    *e1000_reg(s, REG_VET) = 0x8100;
    *e1000_reg(s, REG_RDTR) = 0;
    memset(&s->ctx, 0, sizeof(s->ctx));
    memset(&s->tso_ctx, 0, sizeof(s->tso_ctx));
    memset(s->frame, 0, sizeof(s->frame));
    s->frame_len = 0;
    s->frame_popts = 0;
    s->frame_tso = s->frame_started = false;
    load_address(s);
    e1000_update_irq(s);
}

/* --- registers ------------------------------------------------------------ */

static uint32_t read_reg(E1000State *s, unsigned reg)
{
    uint32_t value = *e1000_reg(s, reg);

    switch (reg) {
    case REG_STATUS:
        return STATUS_FD | STATUS_SPEED_1000 | (link_up(s) ? STATUS_LU : 0);
    case REG_EECD:
        return read_eecd(s);
    case REG_ICR:                       /* reading acknowledges */
        *e1000_reg(s, REG_ICR) = 0;
        e1000_update_irq(s);
        return value;
    case REG_STATS ... REG_STATS_END - 4:   /* cleared by reading */
        *e1000_reg(s, reg) = 0;
        return value;
    case REG_ICS:
        return *e1000_reg(s, REG_ICR);
    case REG_IMC:
        return 0;
    }
    return value;
}

static void write_ctrl(E1000State *s, uint32_t value)
{
    if (value & CTRL_PHY_RST) {
        reset_phy(s);
    }
    if (value & CTRL_RST) {
        soft_reset(s);
        return;
    }
    *e1000_reg(s, REG_CTRL) = value & ~CTRL_PHY_RST;
}

static void write_reg(E1000State *s, unsigned reg, uint32_t value)
{
    switch (reg) {
    case REG_CTRL:
        write_ctrl(s, value);
        break;
    case REG_STATUS:
        break;
    case REG_EECD:
        write_eecd(s, value);
        break;
    case REG_EERD:
        write_eerd(s, value);
        break;
    case REG_MDIC:
        write_mdic(s, value);
        break;
    case REG_ICR:                       /* write one to clear */
        *e1000_reg(s, REG_ICR) &= ~value;
        e1000_update_irq(s);
        break;
    case REG_ICS:
        e1000_raise(s, value);
        break;
    case REG_IMS:
        *e1000_reg(s, REG_IMS) |= value;
        e1000_update_irq(s);
        break;
    case REG_IMC:
        *e1000_reg(s, REG_IMS) &= ~value;
        e1000_update_irq(s);
        break;
    case REG_RDLEN:
    case REG_TDLEN:
        *e1000_reg(s, reg) = value & 0xfff80;
        break;
    case REG_RDBAL:
    case REG_TDBAL:
        *e1000_reg(s, reg) = value & ~15u;
        break;
    case REG_RDH:
    case REG_TDH:
        *e1000_reg(s, reg) = value & 0xffff;
        break;
    case REG_RDT:
        *e1000_reg(s, reg) = value & 0xffff;
        qemu_flush_queued_packets(s->nic);
        break;
    case REG_RCTL:
        *e1000_reg(s, reg) = value;
        qemu_flush_queued_packets(s->nic);
        break;
    case REG_TDT:
    case REG_TCTL:
        *e1000_reg(s, reg) = reg == REG_TDT ? value & 0xffff : value;
        e1000_transmit(s);
        break;
    case REG_STATS ... REG_STATS_END - 4:
        break;
    default:
        *e1000_reg(s, reg) = value;
        break;
    }
}

static uint64_t mmio_read(void *opaque, hwaddr addr, unsigned size)
{
    if (addr / 4 >= E1000_NUM_REGS) {
        qemu_log_mask(LOG_UNIMP, "e1000: read of register 0x%05" PRIx64 "\n", addr);
        return 0;
    }
    return read_reg(opaque, addr);
}

static void mmio_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    if (addr / 4 >= E1000_NUM_REGS) {
        qemu_log_mask(LOG_UNIMP, "e1000: write of 0x%08" PRIx64 " to register 0x%05" PRIx64 "\n",
                      value, addr);
        return;
    }
    write_reg(opaque, addr, value);
}

static const MemoryRegionOps mmio_ops = {
    .read = mmio_read, .write = mmio_write, .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 4, .max_access_size = 4 },
};

enum { IO_IOADDR = 0, IO_IODATA = 4 };

static uint64_t io_read(void *opaque, hwaddr addr, unsigned size)
{
    E1000State *s = opaque;

    switch (addr) {
    case IO_IOADDR:
        return s->io_addr;
    case IO_IODATA:
        return mmio_read(s, s->io_addr & ~3u, 4);
    default:
        return 0;
    }
}

static void io_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    E1000State *s = opaque;

    if (addr == IO_IOADDR) {
        s->io_addr = value;
    } else if (addr == IO_IODATA) {
        mmio_write(s, s->io_addr & ~3u, value, 4);
    }
}

static const MemoryRegionOps io_ops = {
    .read = io_read, .write = io_write, .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 4, .max_access_size = 4 },
};

/* --- life ----------------------------------------------------------------- */

void e1000_link_changed(NetClientState *nc)
{
    e1000_raise(nc->opaque, INT_LSC);
}

static void fill_eeprom(E1000State *s)
{
    uint16_t *w = s->eeprom.words, sum = 0;

    memset(w, 0, sizeof(s->eeprom.words));
    for (int i = 0; i < 3; i++) {
        w[i] = lduw_le_p(s->conf.macaddr.a + 2 * i);
    }
    w[0x08] = w[0x09] = 0xffff;         /* no part number */
    w[0x0a] = 0x4408;                   /* initialization control 1 */
    w[0x0b] = 0x1100;                   /* subsystem */
    w[0x0c] = 0x1af4;
    w[0x0d] = 0x100e;                   /* device, vendor */
    w[0x0e] = 0x8086;
    w[0x0f] = 0x3040;                   /* initialization control 2 */
    for (int i = 0; i < EEPROM93C46_WORDS - 1; i++) {
        sum += w[i];
    }
    w[EEPROM93C46_WORDS - 1] = 0xbaba - sum;
}

static void e1000_reset(DeviceState *dev)
{
    E1000State *s = E1000(dev);

    s->io_addr = 0;
    eeprom93c46_reset(&s->eeprom);
    reset_phy(s);
    soft_reset(s);
}

#define S E1000State
static const VMStateField e1000_fields[] = {
    VMSTATE_PCI_DEVICE(parent, S), VMSTATE_UINT32_ARRAY(regs, S, E1000_NUM_REGS),
    VMSTATE_UINT16_ARRAY(phy, S, E1000_PHY_REGS), VMSTATE_UINT32(io_addr, S),
    VMSTATE_STRUCT(eeprom, S, vmstate_eeprom93c46, EEPROM93C46),
    VMSTATE_STRUCT(ctx, S, vmstate_e1000_context, E1000Context),
    VMSTATE_STRUCT(tso_ctx, S, vmstate_e1000_context, E1000Context), VMSTATE_BUFFER(frame, S),
    VMSTATE_UINT32(frame_len, S), VMSTATE_UINT8(frame_popts, S), VMSTATE_BOOL(frame_tso, S),
    VMSTATE_BOOL(frame_started, S), VMSTATE_END
};

static int e1000_post_load(void *opaque, int version)
{
    return ((E1000State *)opaque)->frame_len > E1000_FRAME_BYTES ? -EINVAL : 0;
}

static const VMStateDescription vmstate_e1000 = {
    .name = "e1000", .version = 1, .fields = e1000_fields, .post_load = e1000_post_load,
};

static const Property e1000_props[] = {
    DEFINE_PROP_MACADDR("mac", S, conf.macaddr), DEFINE_PROP_NETDEV("netdev", S, conf),
    DEFINE_PROP_BOOTINDEX,
    DEFINE_PROP_END
};
#undef S

static bool e1000_realize(DeviceState *dev, Error **errp)
{
    E1000State *s = E1000(dev);

    s->parent.config[PCI_INTERRUPT_PIN] = 1;
    s->parent.config[PCI_CACHE_LINE_SIZE] = 0x10;
    memory_region_init_io(&s->mmio, OBJECT(dev), &mmio_ops, s, "e1000-mmio", E1000_MMIO_BYTES);
    memory_region_init_io(&s->io, OBJECT(dev), &io_ops, s, "e1000-io", 0x40);
    pci_register_bar(&s->parent, 0, PCI_BASE_ADDRESS_SPACE_MEMORY, &s->mmio);
    pci_register_bar(&s->parent, 1, PCI_BASE_ADDRESS_SPACE_IO, &s->io);
    qemu_macaddr_default_if_unset(&s->conf.macaddr);
    fill_eeprom(s);
    s->nic = qemu_new_nic(&e1000_net, &s->conf, TYPE_E1000, OBJECT(dev)->id, s);
    qemu_format_nic_info_str(s->nic, s->conf.macaddr.a);
    return true;
}

static void e1000_unrealize(DeviceState *dev)
{
    qemu_del_net_client(E1000(dev)->nic);
}

static const PCIDeviceClass e1000_class = {
    .vendor_id = 0x8086, .device_id = 0x100e, .class_id = 0x0200, .revision = 0x03,
    .romfile = "efi-e1000.rom",
};

static const TypeInfo e1000_info = {
    .name = TYPE_E1000, .parent = TYPE_PCI_DEVICE, .desc = "Intel 82540EM Gigabit Ethernet",
    .instance_size = sizeof(E1000State), .realize = e1000_realize,
    .unrealize = e1000_unrealize, .reset = e1000_reset, .props = e1000_props,
    .vmsd = &vmstate_e1000, .bus_type = TYPE_PCI_BUS, .user_creatable = true,
    .category = "network", .class_data = &e1000_class,
};
DEFINE_TYPE(e1000_info)
