/*
 * NE2000 core: National DP8390D network interface controller behind Novell's
 * data and reset ports (DP8390D data sheet; RTL8029AS data sheet for the ID
 * registers and page 3).
 *
 * Region     ports 0x00-0x0f controller, 0x10-0x17 data, 0x18-0x1f reset
 * Interrupt  level: ISR & IMR
 * Left out   tally counters (always zero), loopback through the serializer;
 *            a full ring holds frames back instead of overflowing
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/net/ne2000.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "trace/hw-net.h"

enum { PORT_DATA = 0x10, PORT_RESET = 0x18 };
enum { CR_STP = 0x01, CR_STA = 0x02, CR_TXP = 0x04, CR_RD_READ = 0x08, CR_RD_WRITE = 0x10,
       CR_RD_ABORT = 0x20, CR_RD_MASK = 0x38 };
enum { ISR_PRX = 0x01, ISR_PTX = 0x02, ISR_RDC = 0x40, ISR_RST = 0x80 };
enum { DCR_WTS = 0x01 };
enum { RCR_AR = 0x02, RCR_AB = 0x04, RCR_AM = 0x08, RCR_PRO = 0x10, RCR_MON = 0x20 };
enum { RSR_PRX = 0x01, RSR_PHY = 0x20 };
enum { TSR_PTX = 0x01 };
enum { TCR_LOOPBACK = 0x06 };

/* Registers of page 0, as read and as written (names of the data sheet) */
enum { P0_CLDA0 = 1, P0_CLDA1, P0_BNRY, P0_TSR, P0_NCR, P0_FIFO, P0_ISR, P0_CRDA0, P0_CRDA1,
       P0_ID0, P0_ID1, P0_RSR, P0_CNTR0, P0_CNTR1, P0_CNTR2 };
enum { P0W_PSTART = 1, P0W_PSTOP, P0W_BNRY, P0W_TPSR, P0W_TBCR0, P0W_TBCR1, P0W_ISR, P0W_RSAR0,
       P0W_RSAR1, P0W_RBCR0, P0W_RBCR1, P0W_RCR, P0W_TCR, P0W_DCR, P0W_IMR };
enum { P1_PAR0 = 1, P1_CURR = 7, P1_MAR0 = 8 };
enum { P2_PSTART = 1, P2_PSTOP = 2, P2_TPSR = 4, P2_RCR = 0xc, P2_TCR, P2_DCR, P2_IMR };
enum { P3_CONFIG0 = 3, P3_CONFIG2 = 5, P3_CONFIG3 = 6 };

/* Fewer than any driver takes for one interrupt. */
#define BATCH_FRAMES 8

static void ne2000_update_irq(NE2000State *s)
{
    qemu_set_irq(s->irq, (s->isr & s->imr & 0x7f) != 0);
}

/* --- remote DMA (the data port) ------------------------------------------- */

/* On-card memory; addresses outside of PROM and RAM have nothing. */
static bool mem_valid(uint32_t addr)
{
    return addr < 32 || (addr >= NE2000_RAM_START && addr < NE2000_MEM_BYTES);
}

static void dma_advance(NE2000State *s, unsigned bytes)
{
    s->rsar += bytes;
    if (s->rsar == s->pstop << 8) {
        s->rsar = s->pstart << 8;
    }
    s->rbcr = s->rbcr > bytes ? s->rbcr - bytes : 0;
    if (s->rbcr == 0) {
        s->isr |= ISR_RDC;
        ne2000_update_irq(s);
    }
}

static uint64_t data_read(NE2000State *s, unsigned size)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < size; i++) {
        uint32_t addr = (uint16_t)(s->rsar + i);

        value |= (uint64_t)(mem_valid(addr) ? s->mem[addr] : 0xff) << 8 * i;
    }
    dma_advance(s, size == 1 && (s->dcr & DCR_WTS) ? 2 : size);
    return value;
}

static void data_write(NE2000State *s, uint64_t value, unsigned size)
{
    if (s->rbcr == 0) {
        return;
    }
    for (unsigned i = 0; i < size; i++) {
        uint32_t addr = (uint16_t)(s->rsar + i);

        if (addr >= NE2000_RAM_START && addr < NE2000_MEM_BYTES) {
            s->mem[addr] = value >> 8 * i;
        }
    }
    dma_advance(s, size == 1 && (s->dcr & DCR_WTS) ? 2 : size);
}

/* --- frames --------------------------------------------------------------- */

static void transmit(NE2000State *s)
{
    uint32_t start = s->tpsr << 8;

    trace_ne2000_send(s->tbcr);
    if (start >= NE2000_RAM_START && start + s->tbcr <= NE2000_MEM_BYTES) {
        if (!(s->tcr & TCR_LOOPBACK)) {
            qemu_send_packet(s->nic, s->mem + start, s->tbcr);
        }
    } else {
        qemu_log_mask(LOG_GUEST_ERROR, "ne2000: transmit of %u bytes at 0x%04x, not in RAM\n",
                      s->tbcr, start);
    }
    s->tsr = TSR_PTX;
    s->isr |= ISR_PTX;
    s->cr &= ~CR_TXP;
    ne2000_update_irq(s);
}

static bool ring_valid(NE2000State *s)
{
    return s->pstart << 8 >= NE2000_RAM_START && s->pstop << 8 <= NE2000_MEM_BYTES &&
           s->pstart < s->pstop && s->curr >= s->pstart && s->curr < s->pstop;
}

/* Pages between CURR and BNRY; the two are equal only when the ring is empty. */
static unsigned ring_free_pages(NE2000State *s)
{
    unsigned total = s->pstop - s->pstart;

    return s->curr < s->bnry ? (unsigned)(s->bnry - s->curr) : total - (s->curr - s->bnry);
}

/* Drivers keep BNRY one page behind the next frame. */
static bool ring_empty(NE2000State *s)
{
    return s->curr == s->bnry || s->curr == (s->bnry + 1 == s->pstop ? s->pstart : s->bnry + 1);
}

/*
 * Drivers take a limited number of frames for one interrupt and acknowledge
 * PRX afterwards. A network much faster than the card's 10 Mbit/s would leave
 * frames in the ring with PRX clear, so while PRX waits for its interrupt no
 * frame is added; the acknowledgement lets in the next few.
 */
static bool ne2000_can_receive(NetClientState *nc)
{
    NE2000State *s = nc->opaque;

    if (s->cr & CR_STP || !ring_valid(s)) {
        return true;                    /* receive() drops it */
    }
    if (ring_free_pages(s) <= DIV_ROUND_UP(1518 + 4, 256)) {
        return false;
    }
    return !(s->isr & ISR_PRX) || s->batch || (!(s->imr & ISR_PRX) && ring_empty(s));
}

static bool accepts(NE2000State *s, const uint8_t *frame)
{
    static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

    if (s->rcr & RCR_PRO) {
        return true;
    }
    if (memcmp(frame, broadcast, 6) == 0) {
        return s->rcr & RCR_AB;
    }
    if (frame[0] & 1) {
        unsigned hash = net_crc32(frame, 6) >> 26;

        return (s->rcr & RCR_AM) && (s->mar[hash >> 3] >> (hash & 7) & 1);
    }
    return memcmp(frame, s->par, 6) == 0;
}

static void ring_write(NE2000State *s, uint32_t *addr, const uint8_t *data, size_t size)
{
    while (size) {
        size_t part = MIN(size, (size_t)((s->pstop << 8) - *addr));

        memcpy(s->mem + *addr, data, part);
        data += part;
        size -= part;
        *addr += part;
        if (*addr == (uint32_t)s->pstop << 8) {
            *addr = s->pstart << 8;
        }
    }
}

static ssize_t ne2000_receive(NetClientState *nc, const uint8_t *buf, size_t size)
{
    NE2000State *s = nc->opaque;
    uint8_t padded[60] = { 0 }, header[4];
    uint32_t addr, total, next;

    trace_ne2000_receive(size);
    if (s->cr & CR_STP || !ring_valid(s) || size > 1518 || size < 6 || !accepts(s, buf) ||
        s->rcr & RCR_MON) {
        return size;
    }
    if (!ne2000_can_receive(nc)) {
        return 0;
    }
    if (size < sizeof(padded)) {
        memcpy(padded, buf, size);
        buf = padded;
    }
    total = MAX(size, sizeof(padded)) + 4;          /* the count includes the CRC */
    next = s->curr + DIV_ROUND_UP(total + 4, 256);
    if (next >= s->pstop) {
        next -= s->pstop - s->pstart;
    }
    s->rsr = RSR_PRX | (buf[0] & 1 ? RSR_PHY : 0);
    header[0] = s->rsr;
    header[1] = next;
    stw_le_p(header + 2, total);
    addr = s->curr << 8;
    ring_write(s, &addr, header, sizeof(header));
    ring_write(s, &addr, buf, total - 4);
    s->curr = next;
    s->isr |= ISR_PRX;
    s->batch = s->batch ? s->batch - 1 : 0;
    ne2000_update_irq(s);
    return size;
}

static const NetClientInfo ne2000_net = {
    .type = "nic", .can_receive = ne2000_can_receive, .receive = ne2000_receive,
};

/* --- controller registers ------------------------------------------------- */

static uint8_t page0_read(NE2000State *s, unsigned reg)
{
    switch (reg) {
    case P0_CLDA0:
    case P0_CRDA0:
        return s->rsar;
    case P0_CLDA1:
    case P0_CRDA1:
        return s->rsar >> 8;
    case P0_BNRY:
        return s->bnry;
    case P0_TSR:
        return s->tsr;
    case P0_ISR:
        return s->isr;
    case P0_ID0:
        return 0x50;
    case P0_ID1:
        return 0x43;
    case P0_RSR:
        return s->rsr;
    default:                    /* collisions, FIFO, tally counters */
        return 0;
    }
}

static uint8_t page2_read(NE2000State *s, unsigned reg)
{
    switch (reg) {
    case P2_PSTART:
        return s->pstart;
    case P2_PSTOP:
        return s->pstop;
    case P2_TPSR:
        return s->tpsr;
    case P2_RCR:
        return s->rcr;
    case P2_TCR:
        return s->tcr;
    case P2_DCR:
        return s->dcr;
    case P2_IMR:
        return s->imr;
    default:
        return 0;
    }
}

static uint8_t controller_read(NE2000State *s, unsigned reg)
{
    if (reg == 0) {
        return s->cr;
    }
    switch (s->cr >> 6) {
    case 0:
        return page0_read(s, reg);
    case 1:
        return reg < P1_CURR ? s->par[reg - P1_PAR0] : reg == P1_CURR ? s->curr
                                                                      : s->mar[reg - P1_MAR0];
    case 2:
        return page2_read(s, reg);
    default:
        return reg == P3_CONFIG3 ? 0x40 : 0;        /* full duplex */
    }
}

static void command_write(NE2000State *s, uint8_t value)
{
    s->cr = value;
    if (value & CR_STP) {
        s->isr |= ISR_RST;
        return;
    }
    s->isr &= ~ISR_RST;
    if ((value & (CR_RD_READ | CR_RD_WRITE)) && s->rbcr == 0) {
        s->isr |= ISR_RDC;
    }
    if (value & CR_TXP) {
        transmit(s);
    }
    ne2000_update_irq(s);
    qemu_flush_queued_packets(s->nic);
}

static void page0_write(NE2000State *s, unsigned reg, uint8_t value)
{
    switch (reg) {
    case P0W_PSTART:
        s->pstart = value;
        break;
    case P0W_PSTOP:
        s->pstop = value;
        break;
    case P0W_BNRY:
        s->bnry = value;
        qemu_flush_queued_packets(s->nic);
        break;
    case P0W_TPSR:
        s->tpsr = value;
        break;
    case P0W_TBCR0:
        s->tbcr = (s->tbcr & 0xff00) | value;
        break;
    case P0W_TBCR1:
        s->tbcr = (s->tbcr & 0x00ff) | value << 8;
        break;
    case P0W_ISR:                       /* write one to clear; RST is status only */
        s->isr &= ~(value & 0x7f);
        ne2000_update_irq(s);
        s->batch = value & ISR_PRX ? BATCH_FRAMES : 0;
        qemu_flush_queued_packets(s->nic);
        s->batch = 0;
        break;
    case P0W_RSAR0:
        s->rsar = (s->rsar & 0xff00) | value;
        break;
    case P0W_RSAR1:
        s->rsar = (s->rsar & 0x00ff) | value << 8;
        break;
    case P0W_RBCR0:
        s->rbcr = (s->rbcr & 0xff00) | value;
        break;
    case P0W_RBCR1:
        s->rbcr = (s->rbcr & 0x00ff) | value << 8;
        break;
    case P0W_RCR:
        s->rcr = value;
        break;
    case P0W_TCR:
        s->tcr = value;
        break;
    case P0W_DCR:
        s->dcr = value;
        break;
    case P0W_IMR:
        s->imr = value;
        ne2000_update_irq(s);
        break;
    }
}

static void controller_write(NE2000State *s, unsigned reg, uint8_t value)
{
    if (reg == 0) {
        command_write(s, value);
    } else if (s->cr >> 6 == 0) {
        page0_write(s, reg, value);
    } else if (s->cr >> 6 == 1) {
        if (reg < P1_CURR) {
            s->par[reg - P1_PAR0] = value;
        } else if (reg == P1_CURR) {
            s->curr = value;
        } else {
            s->mar[reg - P1_MAR0] = value;
        }
    } else {
        qemu_log_mask(LOG_GUEST_ERROR, "ne2000: write 0x%02x to register %u of page %u\n", value,
                      reg, s->cr >> 6);
    }
}

static uint64_t ne2000_read(void *opaque, hwaddr addr, unsigned size)
{
    NE2000State *s = opaque;
    uint64_t value = 0;

    addr &= 0x1f;
    if (addr >= PORT_RESET) {
        ne2000_reset(s);
        return 0;
    }
    if (addr >= PORT_DATA) {
        return data_read(s, size);
    }
    for (unsigned i = 0; i < size && addr + i < PORT_DATA; i++) {
        value |= (uint64_t)controller_read(s, addr + i) << 8 * i;
    }
    return value;
}

static void ne2000_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    NE2000State *s = opaque;

    addr &= 0x1f;
    if (addr >= PORT_RESET) {
        return;                 /* the reset pulse is the read */
    }
    if (addr >= PORT_DATA) {
        data_write(s, value, size);
        return;
    }
    for (unsigned i = 0; i < size && addr + i < PORT_DATA; i++) {
        controller_write(s, addr + i, value >> 8 * i);
    }
}

static const MemoryRegionOps ne2000_ops = {
    .read = ne2000_read, .write = ne2000_write, .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 4, .unaligned = true },
    .impl = { .min_access_size = 1, .max_access_size = 4, .unaligned = true },
};

/* --- life ----------------------------------------------------------------- */

void ne2000_reset(NE2000State *s)
{
    s->cr = CR_RD_ABORT | CR_STP;
    s->isr = ISR_RST;
    s->imr = s->rcr = s->tcr = s->dcr = s->rsr = s->tsr = 0;
    s->pstart = s->pstop = s->bnry = s->curr = s->tpsr = 0;
    s->tbcr = s->rsar = s->rbcr = 0;
    memset(s->par, 0, sizeof(s->par));
    memset(s->mar, 0, sizeof(s->mar));
    memset(s->mem, 0, sizeof(s->mem));
    /* Novell's PROM: each byte of the address on both halves of a word, "WW" behind. */
    for (int i = 0; i < 6; i++) {
        s->mem[2 * i] = s->mem[2 * i + 1] = s->conf.macaddr.a[i];
    }
    s->mem[28] = s->mem[29] = s->mem[30] = s->mem[31] = 0x57;
    ne2000_update_irq(s);
}

#define S NE2000State
static const VMStateField ne2000_fields[] = {
    VMSTATE_UINT8(cr, S), VMSTATE_UINT8(isr, S), VMSTATE_UINT8(imr, S), VMSTATE_UINT8(rcr, S),
    VMSTATE_UINT8(tcr, S), VMSTATE_UINT8(dcr, S), VMSTATE_UINT8(rsr, S), VMSTATE_UINT8(tsr, S),
    VMSTATE_UINT8(pstart, S), VMSTATE_UINT8(pstop, S), VMSTATE_UINT8(bnry, S),
    VMSTATE_UINT8(curr, S), VMSTATE_UINT8(tpsr, S), VMSTATE_UINT16(tbcr, S),
    VMSTATE_UINT16(rsar, S), VMSTATE_UINT16(rbcr, S), VMSTATE_BUFFER(par, S),
    VMSTATE_BUFFER(mar, S), VMSTATE_BUFFER(mem, S), VMSTATE_END
};
#undef S

const VMStateDescription vmstate_ne2000 = {
    .name = "ne2000", .version = 1, .fields = ne2000_fields,
};

void ne2000_init_io(NE2000State *s, Object *owner, uint64_t size)
{
    memory_region_init_io(&s->io, owner, &ne2000_ops, s, "ne2000", size);
}

void ne2000_attach(NE2000State *s, const char *model, const char *id)
{
    qemu_macaddr_default_if_unset(&s->conf.macaddr);
    s->nic = qemu_new_nic(&ne2000_net, &s->conf, model, id, s);
    qemu_format_nic_info_str(s->nic, s->conf.macaddr.a);
}
