/*
 * GMAC / GEM: descriptor rings, address filter, checksum assist (GEM Gigabit
 * Ethernet ASIC specification, DMA and MAC chapters).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/net/checksum.h"
#include "hw/net/sungem.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "trace/hw-net.h"

#define DESC_BYTES 16
#define CRC_BYTES 4

/* Transmit control word */
#define TXD_BUFSZ        UINT64_C(0x7fff)
#define TXD_CSTART_SHIFT 15
#define TXD_COFF_SHIFT   21
#define TXD_CENAB        (UINT64_C(1) << 29)
#define TXD_EOF          (UINT64_C(1) << 30)
#define TXD_SOF          (UINT64_C(1) << 31)
#define TXD_INTME        (UINT64_C(1) << 32)

/* Receive status word */
#define RXD_BUFSZ_SHIFT  16
#define RXD_OWN          (UINT64_C(1) << 31)
#define RXD_HASH_SHIFT   44
#define RXD_HPASS        (UINT64_C(1) << 60)

static uint32_t ring_mask(uint32_t cfg)
{
    return (32u << MIN(cfg >> DMA_CFG_RINGSZ_SHIFT & 15, 8)) - 1;
}

static uint64_t ring_base(SunGEMState *s, unsigned low, unsigned high)
{
    return (*gem_reg(s, low) & ~0x7ffu) | (uint64_t)*gem_reg(s, high) << 32;
}

/* --- out ------------------------------------------------------------------ */

static void send_frame(SunGEMState *s)
{
    unsigned start = s->first_control >> TXD_CSTART_SHIFT & 0x3f;
    unsigned field = s->first_control >> TXD_COFF_SHIFT & 0xff;

    trace_sungem_send(s->frame_len);
    if (s->first_control & TXD_CENAB && start < s->frame_len && field + 2 <= s->frame_len) {
        uint64_t sum = net_checksum_add(0, s->frame + start, s->frame_len - start);

        stw_be_p(s->frame + field, net_checksum_finish(sum));
    }
    if (*gem_reg(s, MAC_XIFCFG) & XIFCFG_LBCK) {
        sungem_net.receive(s->nic, s->frame, s->frame_len);
    } else {
        qemu_send_packet(s->nic, s->frame, s->frame_len);
    }
    *gem_reg(s, MAC_TXSTAT) |= TXSTAT_XMIT;
    s->frame_len = 0;
}

static uint32_t process_descriptor(SunGEMState *s, const uint8_t *desc)
{
    uint64_t control = ldq_le_p(desc);
    uint32_t len = control & TXD_BUFSZ;

    if (control & TXD_SOF) {
        s->frame_len = 0;
        s->first_control = control;
    }
    if (s->frame_len + len > SUNGEM_FRAME_BYTES) {
        qemu_log_mask(LOG_GUEST_ERROR, "sungem: frame longer than %d bytes\n", SUNGEM_FRAME_BYTES);
        len = SUNGEM_FRAME_BYTES - s->frame_len;
    }
    pci_dma_read(&s->parent, ldq_le_p(desc + 8), s->frame + s->frame_len, len);
    s->frame_len += len;
    if (control & TXD_EOF) {
        send_frame(s);
    }
    return STAT_TXDONE | (control & TXD_INTME ? STAT_TXINTME : 0);
}

void sungem_transmit(SunGEMState *s)
{
    uint32_t cfg = *gem_reg(s, TXDMA_CFG), mask = ring_mask(cfg), status = 0;
    uint32_t *done = gem_reg(s, TXDMA_DONE);
    uint64_t base = ring_base(s, TXDMA_DBLOW, TXDMA_DBHI);

    if (!(cfg & DMA_CFG_ENABLE) || !(*gem_reg(s, MAC_TXCFG) & MAC_CFG_ENAB)) {
        return;
    }
    *done &= mask;
    for (uint32_t i = 0; i <= mask && *done != (*gem_reg(s, TXDMA_KICK) & mask); i++) {
        uint8_t desc[DESC_BYTES];

        pci_dma_read(&s->parent, base + *done * DESC_BYTES, desc, sizeof(desc));
        status |= process_descriptor(s, desc);
        *done = (*done + 1) & mask;
    }
    if (status) {
        sungem_raise(s, status | STAT_TXALL);
    }
}

/* --- in ------------------------------------------------------------------- */

static bool receiving(SunGEMState *s)
{
    return *gem_reg(s, RXDMA_CFG) & DMA_CFG_ENABLE && *gem_reg(s, MAC_RXCFG) & MAC_CFG_ENAB;
}

/*
 * The address of the next descriptor that the card owns; false: none. The
 * kick register does not bound it: it equals the completion register both
 * when the ring is empty and when all of it was posted.
 */
static bool next_descriptor(SunGEMState *s, hwaddr *addr, uint8_t *desc)
{
    uint32_t mask = ring_mask(*gem_reg(s, RXDMA_CFG)), done = *gem_reg(s, RXDMA_DONE) & mask;

    *addr = ring_base(s, RXDMA_DBLOW, RXDMA_DBHI) + done * DESC_BYTES;
    pci_dma_read(&s->parent, *addr, desc, DESC_BYTES);
    return ldq_le_p(desc) & RXD_OWN;
}

static bool sungem_can_receive(NetClientState *nc)
{
    SunGEMState *s = nc->opaque;
    uint8_t desc[DESC_BYTES];
    hwaddr addr;

    return !receiving(s) || next_descriptor(s, &addr, desc);
}

/* False: not for us. *flags: what the status word tells about the match. */
static bool accepts(SunGEMState *s, const uint8_t *frame, uint64_t *flags)
{
    static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
    uint32_t cfg = *gem_reg(s, MAC_RXCFG), hash;

    *flags = 0;
    if (cfg & RXCFG_PROM || memcmp(frame, broadcast, 6) == 0) {
        return true;
    }
    if (frame[0] & 1) {
        if (cfg & RXCFG_PGRP) {
            return true;
        }
        hash = net_crc32_le(frame, 6) >> 24;
        if (!(cfg & RXCFG_HFE) ||
            !(*gem_reg(s, MAC_HASH0 + (hash >> 4) * 4) >> (15 - (hash & 15)) & 1)) {
            return false;
        }
        *flags = RXD_HPASS | (uint64_t)hash << RXD_HASH_SHIFT;
        return true;
    }
    return lduw_be_p(frame) == *gem_reg(s, MAC_ADDR2) &&
           lduw_be_p(frame + 2) == *gem_reg(s, MAC_ADDR1) &&
           lduw_be_p(frame + 4) == *gem_reg(s, MAC_ADDR0);
}

static ssize_t sungem_receive(NetClientState *nc, const uint8_t *buf, size_t size)
{
    SunGEMState *s = nc->opaque;
    uint32_t cfg = *gem_reg(s, RXDMA_CFG), mask = ring_mask(cfg), first, start;
    uint32_t max = *gem_reg(s, MAC_MAXFSZ) & 0x7fff;
    uint8_t frame[SUNGEM_FRAME_BYTES + CRC_BYTES] = { 0 }, desc[DESC_BYTES];
    size_t len = MAX(size, (size_t)60), total;
    uint64_t status, flags, room;
    hwaddr addr;

    trace_sungem_receive(size);
    if (!receiving(s) || size < 14 || size + CRC_BYTES > MIN(max, (uint32_t)SUNGEM_FRAME_BYTES) ||
        !accepts(s, buf, &flags)) {
        return size;
    }
    if (!next_descriptor(s, &addr, desc)) {
        return 0;
    }
    memcpy(frame, buf, size);
    total = len;
    if (!(*gem_reg(s, MAC_RXCFG) & RXCFG_SFCS)) {
        stl_le_p(frame + len, ~net_crc32_le(frame, len));
        total += CRC_BYTES;
    }
    room = ldq_le_p(desc) >> RXD_BUFSZ_SHIFT & 0x7fff;
    if (total > room) {
        qemu_log_mask(LOG_GUEST_ERROR, "sungem: frame of %zu bytes, buffer of %" PRIu64 "\n",
                      total, room);
        total = room;
    }
    first = cfg >> RXDMA_CFG_FBOFF_SHIFT & 7;
    start = MIN(cfg >> RXDMA_CFG_CSUMOFF_SHIFT & 0x7f, (uint32_t)total);
    pci_dma_write(&s->parent, ldq_le_p(desc + 8) + first, frame, total);
    status = net_checksum_finish(net_checksum_add(0, frame + start, total - start));
    status |= (uint64_t)total << RXD_BUFSZ_SHIFT | flags;
    stq_le_p(desc, status);
    pci_dma_write(&s->parent, addr, desc, 8);
    *gem_reg(s, RXDMA_DONE) = (*gem_reg(s, RXDMA_DONE) + 1) & mask;
    *gem_reg(s, MAC_RXSTAT) |= RXSTAT_RCV;
    (*gem_reg(s, MAC_RFCTR))++;
    sungem_raise(s, STAT_RXDONE);
    return size;
}

const NetClientInfo sungem_net = {
    .type = "nic", .can_receive = sungem_can_receive, .receive = sungem_receive,
};
