/*
 * RTL8139C+: frames. The ring buffer and four transmit descriptors of the
 * 8139, the descriptor rings of C+ mode (RTL8139C+ data sheet, chapters 6
 * and 9), checksum and large-send offload.
 *
 * Registers are in rtl8139.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/net/checksum.h"
#include "hw/net/rtl8139.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "trace/hw-net.h"

/* Status of a received frame, in its header or descriptor */
enum { RX_ROK = 0x0001, RX_BAR = 0x2000, RX_PAM = 0x4000, RX_MAR = 0x8000 };

/* C+ descriptors */
enum { DESC_BYTES = 16, DESC_RING_MAX = 64 };
enum { DESC_OWN = 1u << 31, DESC_EOR = 1u << 30, DESC_FS = 1u << 29, DESC_LS = 1u << 28 };
enum { TXD_LGSEN = 1u << 27, TXD_MSS_SHIFT = 16, TXD_MSS_MASK = 0x7ff, TXD_IPCS = 1u << 18,
       TXD_UDPCS = 1u << 17, TXD_TCPCS = 1u << 16, TXD_SIZE = 0xffff, TXD_VLAN = 1u << 17 };
enum { RXD_SIZE = 0x1fff, RXD_MAR = 1u << 26, RXD_PAM = 1u << 25, RXD_BAR = 1u << 24,
       RXD_TCP = 1u << 16, RXD_UDP = 2u << 16, RXD_IP = 3u << 16 };

#define FRAME_MAX_BYTES (64 * 1024)
#define CRC_BYTES 4

/* --- out ------------------------------------------------------------------ */

static void send_frame(RTL8139State *s, const uint8_t *frame, size_t size)
{
    trace_rtl8139_send(size);
    if ((s->tcr & TCR_LOOPBACK) == TCR_LOOPBACK) {
        rtl8139_net.receive(s->nic, frame, size);
    } else {
        qemu_send_packet(s->nic, frame, size);
    }
}

void rtl8139_transmit(RTL8139State *s)
{
    for (int i = 0; i < 4; i++) {
        uint32_t *tsd = &s->tsd[s->tx_next];
        uint8_t frame[TSD_SIZE + 1];
        uint32_t size = *tsd & TSD_SIZE;

        if (*tsd & TSD_OWN || !(s->cr & CR_TE)) {
            return;
        }
        pci_dma_read(&s->parent, s->tsad[s->tx_next], frame, size);
        send_frame(s, frame, size);
        *tsd |= TSD_OWN | TSD_TOK;
        s->tx_next = (s->tx_next + 1) & 3;
        s->isr |= INT_TOK;
    }
}

/* Splits a TCP segment; each part gets its own length, sequence and checksums. */
static void large_send(RTL8139State *s, uint8_t *frame, size_t size, size_t mss)
{
    NetHeaders h;
    size_t header, offset;
    uint32_t seq;
    uint16_t ident;
    uint8_t flags;

    net_parse_headers(frame, size, &h);
    header = h.l4 + (h.protocol == 6 && h.l4_len >= 20 ? (frame[h.l4 + 12] >> 4) * 4 : 0);
    if (!h.ipv4 || h.protocol != 6 || mss == 0 || header < h.l4 + 20 || header > size) {
        qemu_log_mask(LOG_GUEST_ERROR, "rtl8139: large send of something that is not TCP\n");
        return;
    }
    seq = ldl_be_p(frame + h.l4 + 4);
    ident = lduw_be_p(frame + h.l3 + 4);
    flags = frame[h.l4 + 13];
    for (offset = header; offset < size; offset += mss) {
        size_t part = MIN(mss, size - offset);
        bool last = offset + part == size;
        uint8_t *out = frame + offset - header;

        memmove(out, frame, header);
        stw_be_p(out + h.l3 + 2, header - h.l3 + part);
        stw_be_p(out + h.l3 + 4, ident++);
        stl_be_p(out + h.l4 + 4, seq);
        out[h.l4 + 13] = last ? flags : flags & ~0x09;     /* FIN and PSH on the last */
        seq += part;
        h.l4_len = header - h.l4 + part;
        net_checksum_ipv4(out, &h);
        net_checksum_l4(out, &h);
        send_frame(s, out, header + part);
        memmove(frame, out, header);
    }
}

static void offload_and_send(RTL8139State *s, uint8_t *frame, size_t size, uint32_t opts1)
{
    NetHeaders h;

    if (opts1 & TXD_LGSEN) {
        large_send(s, frame, size, opts1 >> TXD_MSS_SHIFT & TXD_MSS_MASK);
        return;
    }
    if (opts1 & (TXD_IPCS | TXD_UDPCS | TXD_TCPCS)) {
        net_parse_headers(frame, size, &h);
        if (opts1 & TXD_IPCS) {
            net_checksum_ipv4(frame, &h);
        }
        if ((opts1 & TXD_UDPCS && h.protocol == 17) || (opts1 & TXD_TCPCS && h.protocol == 6)) {
            net_checksum_l4(frame, &h);
        }
    }
    send_frame(s, frame, size);
}

void rtl8139_cplus_transmit(RTL8139State *s, bool high_priority)
{
    uint64_t ring = high_priority ? s->tx_ring_high : s->tx_ring;
    uint32_t *pos = high_priority ? &s->tx_high_pos : &s->tx_pos;
    uint8_t *frame = g_malloc(FRAME_MAX_BYTES);
    size_t size = 0;
    uint32_t first_opts1 = 0;

    if (!(s->cr & CR_TE) || !(s->cpcr & CPCR_TX)) {
        g_free(frame);
        return;
    }
    for (int i = 0; i < 2 * DESC_RING_MAX; i++) {
        uint8_t desc[DESC_BYTES];
        hwaddr addr = ring + *pos * DESC_BYTES;
        uint32_t opts1, len;

        pci_dma_read(&s->parent, addr, desc, sizeof(desc));
        opts1 = ldl_le_p(desc);
        if (!(opts1 & DESC_OWN)) {
            break;
        }
        len = opts1 & TXD_SIZE;
        if (opts1 & DESC_FS) {
            size = 0;
            first_opts1 = opts1;
        }
        if (size + len > FRAME_MAX_BYTES) {
            qemu_log_mask(LOG_GUEST_ERROR, "rtl8139: frame longer than 64 KiB\n");
            len = 0;
        }
        pci_dma_read(&s->parent, ldq_le_p(desc + 8), frame + size, len);
        size += len;
        stl_le_p(desc, opts1 & (DESC_EOR | DESC_FS | DESC_LS | TXD_SIZE));  /* no error bits */
        pci_dma_write(&s->parent, addr, desc, 4);
        *pos = opts1 & DESC_EOR || *pos + 1 >= DESC_RING_MAX ? 0 : *pos + 1;
        if (opts1 & DESC_LS) {
            offload_and_send(s, frame, size, first_opts1);
            s->isr |= INT_TOK;
            size = 0;
        }
    }
    g_free(frame);
    s->isr |= INT_TDU;
    rtl8139_update_irq(s);
}

/* --- in ------------------------------------------------------------------- */

static uint32_t ring_bytes(RTL8139State *s)
{
    return 8192u << (s->rcr >> RCR_RBLEN_SHIFT & 3);
}

/* CAPR is 16 behind what the driver has read. */
static uint32_t rx_read_offset(RTL8139State *s)
{
    return (uint32_t)(uint16_t)(s->capr + 16) % ring_bytes(s);
}

bool rtl8139_rx_empty(RTL8139State *s)
{
    return rx_read_offset(s) == s->rx_write % ring_bytes(s);
}

/* RX_x bits of a frame for us, 0: not for us. */
static uint32_t filter(RTL8139State *s, const uint8_t *frame)
{
    static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

    if (memcmp(frame, broadcast, 6) == 0) {
        return s->rcr & (RCR_AB | RCR_AAP) ? RX_BAR | RX_ROK : 0;
    }
    if (frame[0] & 1) {
        unsigned hash = net_crc32(frame, 6) >> 26;
        bool match = s->rcr & RCR_AM && s->mar[hash >> 3] >> (hash & 7) & 1;

        return match || s->rcr & RCR_AAP ? RX_MAR | RX_ROK : 0;
    }
    if (memcmp(frame, s->idr, 6) == 0) {
        return s->rcr & (RCR_APM | RCR_AAP) ? RX_PAM | RX_ROK : 0;
    }
    return s->rcr & RCR_AAP ? RX_ROK : 0;
}

static bool cplus_rx(RTL8139State *s)
{
    return s->cpcr & CPCR_RX;
}

static bool rtl8139_can_receive(NetClientState *nc)
{
    RTL8139State *s = nc->opaque;
    uint8_t opts1[4];
    uint32_t free_bytes;

    if (!(s->cr & CR_RE)) {
        return true;                    /* receive() drops it */
    }
    if (cplus_rx(s)) {
        pci_dma_read(&s->parent, s->rx_ring + s->rx_pos * DESC_BYTES, opts1, 4);
        return ldl_le_p(opts1) & DESC_OWN;
    }
    free_bytes = (rx_read_offset(s) - s->rx_write - 1) % ring_bytes(s);
    return free_bytes >= 2048 || rtl8139_rx_empty(s);
}

static ssize_t cplus_receive(RTL8139State *s, const uint8_t *buf, size_t size, uint32_t status)
{
    size_t total = size + CRC_BYTES, done = 0;
    uint32_t crc = ~net_crc32_le(buf, size);
    uint8_t *frame = g_malloc(total);

    memcpy(frame, buf, size);
    stl_le_p(frame + size, crc);
    for (int i = 0; i < DESC_RING_MAX && done < total; i++) {
        hwaddr addr = s->rx_ring + s->rx_pos * DESC_BYTES;
        uint8_t desc[DESC_BYTES];
        uint32_t opts1, part;

        pci_dma_read(&s->parent, addr, desc, sizeof(desc));
        opts1 = ldl_le_p(desc);
        if (!(opts1 & DESC_OWN)) {
            s->isr |= INT_RXOVW;        /* descriptors unavailable */
            s->mpc++;
            break;
        }
        part = MIN(opts1 & RXD_SIZE, total - done);
        pci_dma_write(&s->parent, ldq_le_p(desc + 8), frame + done, part);
        stl_le_p(desc, (opts1 & DESC_EOR) | (done == 0 ? DESC_FS : 0) |
                 (done + part == total ? DESC_LS : 0) | (status & RX_BAR ? RXD_BAR : 0) |
                 (status & RX_PAM ? RXD_PAM : 0) | (status & RX_MAR ? RXD_MAR : 0) |
                 (total & RXD_SIZE));
        stl_le_p(desc + 4, 0);
        pci_dma_write(&s->parent, addr, desc, 8);
        s->rx_pos = opts1 & DESC_EOR || s->rx_pos + 1 >= DESC_RING_MAX ? 0 : s->rx_pos + 1;
        done += part;
    }
    g_free(frame);
    if (done == total) {
        s->isr |= INT_ROK;
    }
    return size;
}

/* Writes at the ring's write offset; wraps unless RCR.WRAP lets the frame run over. */
static void ring_write(RTL8139State *s, const uint8_t *data, size_t size)
{
    uint32_t bytes = ring_bytes(s), room = bytes - s->rx_write;

    if (size > room && !(s->rcr & RCR_WRAP && bytes < 65536)) {
        pci_dma_write(&s->parent, s->rbstart + s->rx_write, data, room);
        pci_dma_write(&s->parent, s->rbstart, data + room, size - room);
    } else {
        pci_dma_write(&s->parent, s->rbstart + s->rx_write, data, size);
    }
}

static ssize_t ring_receive(RTL8139State *s, const uint8_t *buf, size_t size, uint32_t status)
{
    uint8_t *record = g_malloc0(ROUND_UP(4 + size + CRC_BYTES, 4));

    stw_le_p(record, status);
    stw_le_p(record + 2, size + CRC_BYTES);
    memcpy(record + 4, buf, size);
    stl_le_p(record + 4 + size, ~net_crc32_le(buf, size));
    ring_write(s, record, 4 + size + CRC_BYTES);
    s->rx_write = (s->rx_write + ROUND_UP(4 + size + CRC_BYTES, 4)) % ring_bytes(s);
    s->isr |= INT_ROK;
    g_free(record);
    return size;
}

static ssize_t rtl8139_receive(NetClientState *nc, const uint8_t *buf, size_t size)
{
    RTL8139State *s = nc->opaque;
    uint8_t padded[60] = { 0 };
    size_t original = size;
    uint32_t status;

    trace_rtl8139_receive(size);
    if (!(s->cr & CR_RE) || size < 14 || size > 4096) {
        return size;
    }
    status = filter(s, buf);
    if (!status) {
        return size;
    }
    if (!rtl8139_can_receive(nc)) {
        return 0;
    }
    if (size < sizeof(padded)) {
        memcpy(padded, buf, size);
        buf = padded;
        size = sizeof(padded);
    }
    if (cplus_rx(s)) {
        cplus_receive(s, buf, size, status);
    } else {
        ring_receive(s, buf, size, status);
    }
    rtl8139_update_irq(s);
    return original;
}

const NetClientInfo rtl8139_net = {
    .type = "nic", .can_receive = rtl8139_can_receive, .receive = rtl8139_receive,
    .link_status_changed = rtl8139_link_changed,
};
