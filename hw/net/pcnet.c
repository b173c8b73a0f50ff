/*
 * AMD PCnet-PCI II (Am79C970A data sheet).
 *
 * BAR 0, 1     32 ports, or the same in memory: address PROM, then RDP, RAP,
 *              reset and BDP as words, or as double words after a 32-bit write
 * Interrupt    INTA, level: CSR0.INTR and CSR0.IENA
 * Properties   "mac", "netdev"
 * Left out     EEPROM port, media other than an ideal link, magic packets
 *
 * Descriptors come in three layouts (BCR20.SWSTYLE); desc_load and desc_store
 * know them, everything else sees one.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/pci.h"
#include "net/net.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "trace/hw-net.h"

#define TYPE_PCNET "pcnet"

enum { PROM_BYTES = 16, IO_BYTES = 32, CSRS = 128, BCRS = 32, FRAME_MAX = 4096, FCS_BYTES = 4,
       FRAME_MIN = 60, MAX_RING = 512 };
/* Ports behind the PROM, in both widths */
enum { WIO_RDP = 0x10, WIO_RAP = 0x12, WIO_RESET = 0x14, WIO_BDP = 0x16, DWIO_RDP = 0x10,
       DWIO_RAP = 0x14, DWIO_RESET = 0x18, DWIO_BDP = 0x1c };
enum { CSR0_INIT = 1 << 0, CSR0_STRT = 1 << 1, CSR0_STOP = 1 << 2, CSR0_TDMD = 1 << 3,
       CSR0_TXON = 1 << 4, CSR0_RXON = 1 << 5, CSR0_IENA = 1 << 6, CSR0_INTR = 1 << 7,
       CSR0_IDON = 1 << 8, CSR0_TINT = 1 << 9, CSR0_RINT = 1 << 10, CSR0_MERR = 1 << 11,
       CSR0_MISS = 1 << 12, CSR0_CERR = 1 << 13, CSR0_BABL = 1 << 14, CSR0_ERR = 1 << 15,
       CSR0_CAUSES = 0x5f00, CSR0_CLEARABLE = 0x7f00, CSR0_ERRORS = 0x7800 };
enum { CSR4_TXSTRT = 1 << 3, CSR4_TXSTRTM = 1 << 2, CSR4_ASTRP = 1 << 10, CSR4_CLEARABLE = 0x026a };
enum { MODE_DRX = 1 << 0, MODE_DTX = 1 << 1, MODE_LOOP = 1 << 2, MODE_DRCVPA = 1 << 13,
       MODE_DRCVBC = 1 << 14, MODE_PROM = 1 << 15 };
enum { CSR_IADR_LOW = 1, CSR_IADR_HIGH = 2, CSR_MASKS = 3, CSR_FEATURES = 4, CSR_LADRF = 8,
       CSR_PADR = 12, CSR_MODE = 15, CSR_BADR_LOW = 24, CSR_BADX_LOW = 30, CSR_STYLE = 58,
       CSR_RCVRC = 72, CSR_XMTRC = 74, CSR_RCVRL = 76, CSR_XMTRL = 78, CSR_FIFO = 80,
       CSR_CHIP_LOW = 88, CSR_CHIP_HIGH = 89 };
enum { BCR_MISC = 2, BCR_LINK = 4, BCR_BUS = 18, BCR_STYLE = 20, STYLE_32BIT = 1 << 8,
       STYLE_CSRPCNET = 1 << 9 };
/* Status of a descriptor, as in the upper half of the 32-bit layouts' second word */
enum { D_OWN = 1 << 15, D_ERR = 1 << 14, D_BUFF = 1 << 10, D_STP = 1 << 9, D_ENP = 1 << 8,
       TX_BAD_BUFFER = D_ERR, RX_CLEARED = 0x7ff0 };

typedef struct PCNetState {
    PCIDevice parent;

    /* wiring */
    MemoryRegion io, mmio;
    NetClientState *nic;

    /* properties */
    NICConf conf;

    /* guest state */
    uint8_t prom[PROM_BYTES];
    uint16_t csr[CSRS], bcr[BCRS];
    uint16_t rap;
    bool double_words;
    uint32_t rx_index, tx_index;        /* next descriptor of each ring */
    uint32_t tx_bytes;                  /* of a frame whose end has not come */
    uint8_t tx_frame[FRAME_MAX];
} PCNetState;
#define PCNET(o) OBJECT_CHECK(PCNetState, (o), TYPE_PCNET)

static void pcnet_update_irq(PCNetState *s)
{
    uint16_t causes = s->csr[0] & ~s->csr[CSR_MASKS] & CSR0_CAUSES;
    bool start = (s->csr[CSR_FEATURES] & (CSR4_TXSTRT | CSR4_TXSTRTM)) == CSR4_TXSTRT;

    s->csr[0] &= ~(CSR0_INTR | CSR0_ERR);
    s->csr[0] |= (causes || start ? CSR0_INTR : 0) | (s->csr[0] & CSR0_ERRORS ? CSR0_ERR : 0);
    pci_set_irq(&s->parent, (s->csr[0] & CSR0_INTR) && (s->csr[0] & CSR0_IENA));
}

/* --- descriptors ------------------------------------------------------------ */

typedef struct Descriptor {
    uint32_t buffer;
    uint16_t status;
    uint32_t bytes;             /* of the buffer */
    uint16_t message;           /* bytes of the received frame */
} Descriptor;

static bool layout_32bit(const PCNetState *s)
{
    return s->bcr[BCR_STYLE] & STYLE_32BIT;
}

static uint32_t ring_length(const PCNetState *s, int csr)
{
    uint32_t length = (uint16_t)-s->csr[csr];

    return CLAMP(length, 1u, (uint32_t)MAX_RING);
}

static uint32_t desc_addr(const PCNetState *s, int base, uint32_t index)
{
    uint32_t addr = s->csr[base] | (uint32_t)s->csr[base + 1] << 16;

    return addr + index * (layout_32bit(s) ? 16 : 8);
}

static void desc_load(PCNetState *s, uint32_t addr, Descriptor *d)
{
    uint8_t raw[16] = { 0 };
    uint32_t flags;

    if (!layout_32bit(s)) {
        pci_dma_read(&s->parent, addr, raw, 8);
        d->buffer = ldl_le_p(raw) & 0xffffff;
        d->status = raw[3] << 8;
        d->bytes = -(lduw_le_p(raw + 4) | 0xf000u) & 0xfff;
        return;
    }
    pci_dma_read(&s->parent, addr, raw, sizeof(raw));
    flags = ldl_le_p(raw + 4);
    d->buffer = ldl_le_p(raw + ((s->bcr[BCR_STYLE] & 0xff) == 3 ? 8 : 0));
    d->status = flags >> 16;
    d->bytes = -(flags | 0xf000u) & 0xfff;
}

/* Status last: it hands the descriptor over. */
static void desc_store(PCNetState *s, uint32_t addr, const Descriptor *d, bool receive)
{
    uint8_t raw[4];

    if (!layout_32bit(s)) {
        stw_le_p(raw, d->message);
        if (receive) {
            pci_dma_write(&s->parent, addr + 6, raw, 2);
        }
        raw[0] = d->status >> 8;
        pci_dma_write(&s->parent, addr + 3, raw, 1);
        return;
    }
    stl_le_p(raw, d->message);
    if (receive) {
        pci_dma_write(&s->parent, addr + ((s->bcr[BCR_STYLE] & 0xff) == 3 ? 0 : 8), raw, 4);
    }
    stw_le_p(raw, d->status);
    pci_dma_write(&s->parent, addr + 6, raw, 2);
}

/* --- transmission ------------------------------------------------------------- */

static ssize_t pcnet_receive(NetClientState *nc, const uint8_t *buf, size_t size);

static void send_frame(PCNetState *s)
{
    trace_pcnet_send(s->tx_bytes);
    if (s->csr[CSR_MODE] & MODE_LOOP) {
        pcnet_receive(s->nic, s->tx_frame, s->tx_bytes);
    } else {
        qemu_send_packet(s->nic, s->tx_frame, s->tx_bytes);
    }
    s->tx_bytes = 0;
}

static void pcnet_transmit(PCNetState *s)
{
    uint32_t length = ring_length(s, CSR_XMTRL);

    for (uint32_t n = 0; n < length && (s->csr[0] & CSR0_TXON); n++) {
        uint32_t addr = desc_addr(s, CSR_BADX_LOW, s->tx_index);
        Descriptor d = { 0 };

        desc_load(s, addr, &d);
        if (!(d.status & D_OWN)) {
            break;
        }
        if (d.status & D_STP) {
            s->tx_bytes = 0;
        }
        if (s->tx_bytes + d.bytes > FRAME_MAX) {
            qemu_log_mask(LOG_GUEST_ERROR, "pcnet: frame of more than %d bytes\n", FRAME_MAX);
            s->tx_bytes = 0;
            d.status |= TX_BAD_BUFFER;
        } else {
            pci_dma_read(&s->parent, d.buffer, s->tx_frame + s->tx_bytes, d.bytes);
            s->tx_bytes += d.bytes;
            if (d.status & D_ENP) {
                s->csr[CSR_FEATURES] |= CSR4_TXSTRT;
                send_frame(s);
            }
        }
        d.status &= ~D_OWN;
        desc_store(s, addr, &d, false);
        s->tx_index = (s->tx_index + 1) % length;
        s->csr[0] |= d.status & D_ENP ? CSR0_TINT : 0;
    }
    s->csr[0] &= ~CSR0_TDMD;
    pcnet_update_irq(s);
}

/* --- reception ---------------------------------------------------------------- */

static bool receiving(const PCNetState *s)
{
    return (s->csr[0] & CSR0_RXON) && !(s->csr[0] & CSR0_STOP);
}

static bool pcnet_can_receive(NetClientState *nc)
{
    PCNetState *s = nc->opaque;
    Descriptor d = { 0 };

    if (!receiving(s)) {
        return true;                    /* receive() drops it */
    }
    desc_load(s, desc_addr(s, CSR_BADR_LOW, s->rx_index), &d);
    return d.status & D_OWN;
}

static bool accepts(const PCNetState *s, const uint8_t *frame)
{
    static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
    uint16_t mode = s->csr[CSR_MODE];
    uint8_t own[6];

    if (mode & MODE_PROM) {
        return true;
    }
    if (!memcmp(frame, broadcast, 6)) {
        return !(mode & MODE_DRCVBC);
    }
    if (frame[0] & 1) {
        unsigned hash = net_crc32_le(frame, 6) >> 26;

        return s->csr[CSR_LADRF + hash / 16] >> hash % 16 & 1;
    }
    for (int i = 0; i < 3; i++) {
        stw_le_p(own + 2 * i, s->csr[CSR_PADR + i]);
    }
    return !(mode & MODE_DRCVPA) && !memcmp(frame, own, 6);
}

/* Fills descriptors until the frame ends. Too few of them: the last says so. */
static void put_frame(PCNetState *s, const uint8_t *buf, size_t size)
{
    uint32_t length = ring_length(s, CSR_RCVRL);
    uint16_t first = D_STP;
    size_t done = 0;

    for (uint32_t n = 0; n < length; n++) {
        uint32_t addr = desc_addr(s, CSR_BADR_LOW, s->rx_index), part;
        Descriptor d = { 0 }, next = { 0 };

        desc_load(s, addr, &d);
        if (!(d.status & D_OWN)) {
            s->csr[0] |= CSR0_MISS;
            return;
        }
        part = MIN((uint32_t)(size - done), d.bytes);
        pci_dma_write(&s->parent, d.buffer, buf + done, part);
        done += part;
        d.status = (d.status & ~(RX_CLEARED | D_OWN | D_STP | D_ENP)) | first;
        first = 0;
        s->rx_index = (s->rx_index + 1) % length;
        desc_load(s, desc_addr(s, CSR_BADR_LOW, s->rx_index), &next);
        if (done == size) {
            d.status |= D_ENP;
            d.message = size;
        } else if (!(next.status & D_OWN)) {
            d.status |= D_ERR | D_BUFF;
        }
        desc_store(s, addr, &d, true);
        if (d.status & (D_ENP | D_ERR)) {
            s->csr[0] |= CSR0_RINT;
            return;
        }
    }
}

static ssize_t pcnet_receive(NetClientState *nc, const uint8_t *buf, size_t size)
{
    PCNetState *s = nc->opaque;
    uint8_t frame[FRAME_MAX + FCS_BYTES] = { 0 };
    size_t padded = MAX(size, (size_t)FRAME_MIN);

    trace_pcnet_receive(size);
    if (!receiving(s) || size < 6 || padded > FRAME_MAX - FCS_BYTES || !accepts(s, buf)) {
        return size;
    }
    memcpy(frame, buf, size);
    stl_le_p(frame + padded, ~net_crc32_le(frame, padded));
    put_frame(s, frame, padded + FCS_BYTES);
    pcnet_update_irq(s);
    return size;
}

static const NetClientInfo pcnet_client = {
    .type = "nic", .can_receive = pcnet_can_receive, .receive = pcnet_receive,
};

/* --- initialisation block (chapter "Initialization Block") ----------------------- */

static void set_ring(PCNetState *s, int base, int length_csr, uint32_t addr, unsigned log2)
{
    s->csr[base] = addr;
    s->csr[base + 1] = addr >> 16;
    s->csr[length_csr] = -(1u << MIN(log2, 9u));
}

static void pcnet_init_block(PCNetState *s)
{
    uint32_t addr = s->csr[CSR_IADR_LOW] | (uint32_t)s->csr[CSR_IADR_HIGH] << 16;
    bool wide = layout_32bit(s);
    const uint8_t *p;
    uint8_t raw[28];
    uint32_t rx, tx;

    if (pci_dma_read(&s->parent, addr, raw, sizeof(raw)) != MEMTX_OK) {
        qemu_log_mask(LOG_GUEST_ERROR, "pcnet: no memory at the initialization block 0x%08x\n", addr);
        s->csr[0] |= CSR0_MERR;
        return;
    }
    p = raw + (wide ? 4 : 2);
    s->csr[CSR_MODE] = lduw_le_p(raw);
    for (int i = 0; i < 3; i++) {
        s->csr[CSR_PADR + i] = lduw_le_p(p + 2 * i);
    }
    p += wide ? 8 : 6;
    for (int i = 0; i < 4; i++) {
        s->csr[CSR_LADRF + i] = lduw_le_p(p + 2 * i);
    }
    rx = ldl_le_p(p + 8);
    tx = ldl_le_p(p + 12);
    set_ring(s, CSR_BADR_LOW, CSR_RCVRL, wide ? rx : rx & 0xffffff, wide ? raw[2] >> 4 : rx >> 29);
    set_ring(s, CSR_BADX_LOW, CSR_XMTRL, wide ? tx : tx & 0xffffff, wide ? raw[3] >> 4 : tx >> 29);
    s->rx_index = s->tx_index = 0;
    s->csr[0] |= CSR0_IDON;
}

static void pcnet_start(PCNetState *s)
{
    s->csr[0] |= s->csr[CSR_MODE] & MODE_DTX ? 0 : CSR0_TXON;
    s->csr[0] |= s->csr[CSR_MODE] & MODE_DRX ? 0 : CSR0_RXON;
    s->csr[0] |= CSR0_STRT;
    s->tx_bytes = 0;
}

static void write_csr0(PCNetState *s, uint16_t value)
{
    s->csr[0] &= ~(value & CSR0_CLEARABLE);
    s->csr[0] = (s->csr[0] & ~CSR0_IENA) | (value & CSR0_IENA);
    if (value & CSR0_STOP) {
        s->csr[0] = CSR0_STOP;
        s->csr[CSR_FEATURES] &= ~0x02c2;
        pcnet_update_irq(s);
        return;
    }
    if (value & (CSR0_INIT | CSR0_STRT)) {
        s->csr[0] &= ~CSR0_STOP;
    }
    /* Both stay set until STOP; drivers write back what they read. */
    if ((value & CSR0_INIT) && !(s->csr[0] & CSR0_INIT)) {
        s->csr[0] |= CSR0_INIT;
        pcnet_init_block(s);
    }
    if ((value & CSR0_STRT) && !(s->csr[0] & CSR0_STRT)) {
        pcnet_start(s);
    }
    if ((value & (CSR0_TDMD | CSR0_STRT)) && (s->csr[0] & CSR0_TXON)) {
        pcnet_transmit(s);
    }
    pcnet_update_irq(s);
    if (s->csr[0] & CSR0_RXON) {
        qemu_flush_queued_packets(s->nic);
    }
}

/* --- registers --------------------------------------------------------------- */

static void write_style(PCNetState *s, uint16_t value)
{
    static const uint16_t bits[4] = { 0, STYLE_32BIT, STYLE_32BIT | STYLE_CSRPCNET,
                                      STYLE_32BIT | STYLE_CSRPCNET };
    unsigned style = value & 0xff;

    if (style > 3) {
        qemu_log_mask(LOG_GUEST_ERROR, "pcnet: software style %u\n", style);
        style = 0;
    }
    s->bcr[BCR_STYLE] = style | (style ? bits[style] : STYLE_CSRPCNET);
    s->csr[CSR_STYLE] = s->bcr[BCR_STYLE];
}

static uint16_t csr_read(PCNetState *s)
{
    return s->rap < CSRS ? s->csr[s->rap] : 0;
}

static void csr_write(PCNetState *s, uint16_t value)
{
    switch (s->rap) {
    case 0:
        write_csr0(s, value);
        break;
    case CSR_MASKS:
        s->csr[CSR_MASKS] = value;
        pcnet_update_irq(s);
        break;
    case CSR_FEATURES:
        s->csr[CSR_FEATURES] = (s->csr[CSR_FEATURES] & CSR4_CLEARABLE & ~value) |
                               (value & ~CSR4_CLEARABLE);
        pcnet_update_irq(s);
        break;
    case CSR_STYLE:
        write_style(s, value);
        break;
    case CSR_CHIP_LOW:
    case CSR_CHIP_HIGH:
        break;                          /* read only */
    case CSR_RCVRC:
        s->rx_index = (uint16_t)-value % ring_length(s, CSR_RCVRL);
        s->csr[s->rap] = value;
        break;
    case CSR_XMTRC:
        s->tx_index = (uint16_t)-value % ring_length(s, CSR_XMTRL);
        s->csr[s->rap] = value;
        break;
    case CSR_RCVRL:
    case CSR_XMTRL:
        s->csr[s->rap] = value;
        s->rx_index %= ring_length(s, CSR_RCVRL);
        s->tx_index %= ring_length(s, CSR_XMTRL);
        break;
    default:
        if (s->rap < CSRS) {
            s->csr[s->rap] = value;
        } else {
            qemu_log_mask(LOG_GUEST_ERROR, "pcnet: write to CSR%u\n", s->rap);
        }
        break;
    }
}

static uint16_t bcr_read(PCNetState *s)
{
    if (s->rap == BCR_LINK) {           /* LED 0: the link is up */
        return s->bcr[BCR_LINK] | (s->nic->link_down ? 0 : 0x8000);
    }
    return s->rap < BCRS ? s->bcr[s->rap] : 0;
}

static void bcr_write(PCNetState *s, uint16_t value)
{
    if (s->rap == BCR_STYLE) {
        write_style(s, value);
    } else if (s->rap == BCR_LINK) {
        s->bcr[BCR_LINK] = value & 0x7fff;
    } else if (s->rap < BCRS) {
        s->bcr[s->rap] = value;
    } else {
        qemu_log_mask(LOG_GUEST_ERROR, "pcnet: write to BCR%u\n", s->rap);
    }
}

/* What S_RESET does: rings and modes, not the bus configuration. */
static void soft_reset(PCNetState *s)
{
    memset(s->csr, 0, sizeof(s->csr));
    s->csr[0] = CSR0_STOP;
    s->csr[CSR_FEATURES] = 0x0115;
    for (int i = 0; i < 3; i++) {
        s->csr[CSR_PADR + i] = lduw_le_p(s->prom + 2 * i);
    }
    s->csr[CSR_RCVRC] = s->csr[CSR_XMTRC] = s->csr[CSR_RCVRL] = s->csr[CSR_XMTRL] = 1;
    s->csr[CSR_FIFO] = 0x1410;
    s->csr[CSR_CHIP_LOW] = 0x1003;
    s->csr[CSR_CHIP_HIGH] = 0x0262;
    s->csr[100] = 0x0200;
    s->csr[103] = 0x0105;
    s->rap = 0;
    s->double_words = false;
    s->rx_index = s->tx_index = s->tx_bytes = 0;
    write_style(s, 0);
    pcnet_update_irq(s);
}

static uint32_t port_read(PCNetState *s, hwaddr addr)
{
    switch (addr) {
    case WIO_RDP:
        return csr_read(s);
    case WIO_RAP:
    case DWIO_RAP:
        if (s->double_words == (addr == DWIO_RAP)) {
            return s->rap;
        }
        if (addr == WIO_RESET) {
            soft_reset(s);
        }
        return 0;
    case WIO_BDP:
        return s->double_words ? 0 : bcr_read(s);
    case DWIO_RESET:
        if (s->double_words) {
            soft_reset(s);
        }
        return 0;
    case DWIO_BDP:
        return s->double_words ? bcr_read(s) : 0;
    default:
        return 0;
    }
}

static void port_write(PCNetState *s, hwaddr addr, uint32_t value)
{
    hwaddr rap = s->double_words ? DWIO_RAP : WIO_RAP, bdp = s->double_words ? DWIO_BDP : WIO_BDP;

    if (addr == WIO_RDP) {
        csr_write(s, value);
    } else if (addr == rap) {
        s->rap = value & 0x7f;
    } else if (addr == bdp) {
        bcr_write(s, value);
    }
}

static uint64_t pcnet_read(void *opaque, hwaddr addr, unsigned size)
{
    PCNetState *s = opaque;
    uint64_t value = 0;

    if (addr < PROM_BYTES) {
        for (unsigned i = 0; i < size && addr + i < PROM_BYTES; i++) {
            value |= (uint64_t)s->prom[addr + i] << 8 * i;
        }
        return value;
    }
    return size == 1 ? 0 : port_read(s, addr);
}

static void pcnet_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    PCNetState *s = opaque;

    if (addr < PROM_BYTES) {
        for (unsigned i = 0; i < size && (s->bcr[BCR_MISC] & 0x100) && addr + i < PROM_BYTES; i++) {
            s->prom[addr + i] = value >> 8 * i;     /* BCR2.APROMWE */
        }
        return;
    }
    if (size == 4 && !s->double_words) {
        s->double_words = true;
    }
    if (size != 1) {
        port_write(s, addr, value);
    }
}

static const MemoryRegionOps pcnet_ops = {
    .read = pcnet_read, .write = pcnet_write, .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 4 },
    .impl = { .min_access_size = 1, .max_access_size = 4 },
};

/* --- life ----------------------------------------------------------------- */

static void pcnet_reset(DeviceState *dev)
{
    PCNetState *s = PCNET(dev);
    uint16_t sum = 0;

    memset(s->prom, 0, sizeof(s->prom));
    memcpy(s->prom, s->conf.macaddr.a, 6);
    s->prom[9] = 0x11;                  /* PCI hardware */
    s->prom[14] = s->prom[15] = 0x57;
    for (int i = 0; i < PROM_BYTES; i++) {
        sum += s->prom[i];
    }
    stw_le_p(s->prom + 12, sum);
    memset(s->bcr, 0, sizeof(s->bcr));
    s->bcr[0] = s->bcr[1] = 0x0005;
    s->bcr[BCR_MISC] = 0x0002;
    s->bcr[BCR_LINK] = 0x00c0;
    s->bcr[5] = 0x0084;
    s->bcr[6] = 0x0088;
    s->bcr[7] = 0x0090;
    s->bcr[BCR_BUS] = 0x9001;
    s->bcr[19] = 0x0002;
    s->bcr[22] = 0xff06;
    memset(s->tx_frame, 0, sizeof(s->tx_frame));
    soft_reset(s);
}

static int pcnet_post_load(void *opaque, int version)
{
    PCNetState *s = opaque;

    return s->rx_index >= MAX_RING || s->tx_index >= MAX_RING || s->tx_bytes > FRAME_MAX ? -EINVAL : 0;
}

#define S PCNetState
static const VMStateField pcnet_fields[] = {
    VMSTATE_PCI_DEVICE(parent, S), VMSTATE_BUFFER(prom, S), VMSTATE_UINT16_ARRAY(csr, S, CSRS),
    VMSTATE_UINT16_ARRAY(bcr, S, BCRS), VMSTATE_UINT16(rap, S), VMSTATE_BOOL(double_words, S),
    VMSTATE_UINT32(rx_index, S), VMSTATE_UINT32(tx_index, S), VMSTATE_UINT32(tx_bytes, S),
    VMSTATE_BUFFER(tx_frame, S), VMSTATE_END
};
#undef S
static const VMStateDescription vmstate_pcnet = {
    .name = TYPE_PCNET, .version = 1, .fields = pcnet_fields, .post_load = pcnet_post_load,
};

static bool pcnet_realize(DeviceState *dev, Error **errp)
{
    PCNetState *s = PCNET(dev);
    PCIDevice *pci = &s->parent;

    pci_set_word(pci->config + PCI_STATUS, 0x0280);     /* fast back-to-back, medium DEVSEL */
    pci_set_long(pci->config + PCI_SUBSYSTEM_VENDOR_ID, 0);
    pci->config[PCI_INTERRUPT_PIN] = 1;
    pci->config[PCI_MIN_GNT] = 0x06;
    pci->config[PCI_MAX_LAT] = 0xff;
    memory_region_init_io(&s->io, OBJECT(s), &pcnet_ops, s, "pcnet-io", IO_BYTES);
    memory_region_init_io(&s->mmio, OBJECT(s), &pcnet_ops, s, "pcnet-mmio", IO_BYTES);
    pci_register_bar(pci, 0, PCI_BASE_ADDRESS_SPACE_IO, &s->io);
    pci_register_bar(pci, 1, PCI_BASE_ADDRESS_SPACE_MEMORY, &s->mmio);
    qemu_macaddr_default_if_unset(&s->conf.macaddr);
    s->nic = qemu_new_nic(&pcnet_client, &s->conf, TYPE_PCNET, OBJECT(dev)->id, s);
    qemu_format_nic_info_str(s->nic, s->conf.macaddr.a);
    return true;
}

static void pcnet_unrealize(DeviceState *dev)
{
    qemu_del_net_client(PCNET(dev)->nic);
}

static const Property pcnet_props[] = {
    DEFINE_PROP_MACADDR("mac", PCNetState, conf.macaddr),
    DEFINE_PROP_NETDEV("netdev", PCNetState, conf),
    DEFINE_PROP_BOOTINDEX,
    DEFINE_PROP_END
};

static const PCIDeviceClass pcnet_class = {
    .vendor_id = 0x1022, .device_id = 0x2000, .class_id = 0x0200, .revision = 0x10,
    .romfile = "efi-pcnet.rom",
};

static const TypeInfo pcnet_info = {
    .name = TYPE_PCNET, .parent = TYPE_PCI_DEVICE, .desc = "AMD PCnet-PCI II (Am79C970A)",
    .instance_size = sizeof(PCNetState), .realize = pcnet_realize, .unrealize = pcnet_unrealize,
    .reset = pcnet_reset, .props = pcnet_props, .vmsd = &vmstate_pcnet, .user_creatable = true,
    .category = "network", .class_data = &pcnet_class,
};
DEFINE_TYPE(pcnet_info)
