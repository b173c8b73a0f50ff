/*
 * 82540EM: address filter, receive descriptors, checksum verification
 * (Software Developer's Manual, 3.2).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/net/checksum.h"
#include "hw/net/e1000.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "trace/hw-net.h"

enum { RXD_DD = 0x01, RXD_EOP = 0x02, RXD_IXSM = 0x04, RXD_VP = 0x08, RXD_TCPCS = 0x20,
       RXD_IPCS = 0x40, RXD_PIF = 0x80 };
enum { RXD_ERR_TCPE = 0x20, RXD_ERR_IPE = 0x40 };
enum { RXCSUM_IPOFL = 0x100, RXCSUM_TUOFL = 0x200 };
enum { RAH_VALID = 1u << 31 };
#define CRC_BYTES 4

static uint32_t ring_count(E1000State *s)
{
    return *e1000_reg(s, REG_RDLEN) / E1000_DESC_BYTES;
}

static uint32_t free_descriptors(E1000State *s)
{
    uint32_t head = *e1000_reg(s, REG_RDH), tail = *e1000_reg(s, REG_RDT), count = ring_count(s);

    if (head >= count || tail >= count) {
        return 0;
    }
    return tail >= head ? tail - head : count - head + tail;
}

/* Bytes of one buffer: RCTL.BSIZE and BSEX. */
static uint32_t buffer_bytes(E1000State *s)
{
    uint32_t rctl = *e1000_reg(s, REG_RCTL), code = rctl >> RCTL_BSIZE_SHIFT & 3;

    return rctl & RCTL_BSEX ? code ? 32768 >> code : 2048 : 2048 >> code;
}

static bool e1000_can_receive(NetClientState *nc)
{
    E1000State *s = nc->opaque;

    if (!(*e1000_reg(s, REG_RCTL) & RCTL_EN)) {
        return true;                    /* receive() drops it */
    }
    return free_descriptors(s) * (uint64_t)buffer_bytes(s) >= 1522;
}

static bool vlan_accepts(E1000State *s, const uint8_t *frame)
{
    uint16_t id;

    if (!(*e1000_reg(s, REG_RCTL) & RCTL_VFE) ||
        lduw_be_p(frame + 12) != (*e1000_reg(s, REG_VET) & 0xffff)) {
        return true;
    }
    id = lduw_be_p(frame + 14) & 0xfff;
    return *e1000_reg(s, REG_VFTA + (id >> 5) * 4) >> (id & 31) & 1;
}

static bool accepts(E1000State *s, const uint8_t *frame)
{
    static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
    static const uint8_t shifts[4] = { 4, 3, 2, 0 };
    uint32_t rctl = *e1000_reg(s, REG_RCTL);

    if (!vlan_accepts(s, frame)) {
        return false;
    }
    if (rctl & (frame[0] & 1 ? RCTL_MPE : RCTL_UPE)) {
        return true;
    }
    if (memcmp(frame, broadcast, 6) == 0 && rctl & RCTL_BAM) {
        return true;
    }
    for (unsigned reg = REG_RA; reg < REG_RA_END; reg += 8) {
        uint32_t low = *e1000_reg(s, reg), high = *e1000_reg(s, reg + 4);

        if (high & RAH_VALID && low == ldl_le_p(frame) && (high & 0xffff) == lduw_le_p(frame + 4)) {
            return true;
        }
    }
    if (frame[0] & 1) {
        unsigned hash = lduw_le_p(frame + 4) >> shifts[rctl >> RCTL_MO_SHIFT & 3] & 0xfff;

        return *e1000_reg(s, REG_MTA + (hash >> 5) * 4) >> (hash & 31) & 1;
    }
    return false;
}

/* Status and error bits of the last descriptor: what the checksum unit found. */
static void verify(E1000State *s, const uint8_t *frame, size_t size, uint8_t *status,
                   uint8_t *errors)
{
    uint32_t rxcsum = *e1000_reg(s, REG_RXCSUM);
    NetHeaders h;

    net_parse_headers(frame, size, &h);
    if (rxcsum & RXCSUM_IPOFL && h.ipv4) {
        *status |= RXD_IPCS;
        if (net_checksum_finish(net_checksum_add(0, frame + h.l3, h.l4 - h.l3)) != 0) {
            *errors |= RXD_ERR_IPE;
        }
    }
    if (rxcsum & RXCSUM_TUOFL && (h.protocol == 6 || h.protocol == 17) && h.l4_len >= 8) {
        bool absent = h.protocol == 17 && lduw_be_p(frame + h.l4 + 6) == 0;
        uint64_t sum = net_checksum_pseudo(frame, &h, h.l4_len);

        if (!absent) {
            *status |= RXD_TCPCS;
            if (net_checksum_finish(net_checksum_add(sum, frame + h.l4, h.l4_len)) != 0) {
                *errors |= RXD_ERR_TCPE;
            }
        }
    }
    if (!(*status & (RXD_IPCS | RXD_TCPCS))) {
        *status |= RXD_IXSM;
    }
}

/* Takes the VLAN tag out when CTRL.VME asks for it; returns the new size. */
static size_t strip_vlan(E1000State *s, uint8_t *frame, size_t size, uint16_t *tag, uint8_t *status)
{
    if (!(*e1000_reg(s, REG_CTRL) & CTRL_VME) || size < 18 ||
        lduw_be_p(frame + 12) != (*e1000_reg(s, REG_VET) & 0xffff)) {
        return size;
    }
    *tag = lduw_be_p(frame + 14);
    *status |= RXD_VP;
    memmove(frame + 12, frame + 16, size - 16);
    return size - 4;
}

static void count_received(E1000State *s, const uint8_t *frame, size_t size)
{
    static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

    e1000_count(s, REG_GPRC, 1);
    e1000_count(s, REG_TPR, 1);
    e1000_count64(s, REG_GORCL, size + CRC_BYTES);
    e1000_count64(s, REG_TORL, size + CRC_BYTES);
    if (memcmp(frame, broadcast, 6) == 0) {
        e1000_count(s, REG_BPRC, 1);
    } else if (frame[0] & 1) {
        e1000_count(s, REG_MPRC, 1);
    }
}

/* Spreads `total` bytes over descriptors; the caller has seen that there are enough. */
static void fill_descriptors(E1000State *s, const uint8_t *frame, size_t total, uint8_t status,
                             uint8_t errors, uint16_t tag)
{
    uint64_t base = *e1000_reg(s, REG_RDBAL) | (uint64_t)*e1000_reg(s, REG_RDBAH) << 32;
    uint32_t count = ring_count(s), *head = e1000_reg(s, REG_RDH), room = buffer_bytes(s);

    for (size_t done = 0; done < total;) {
        hwaddr addr = base + *head * E1000_DESC_BYTES;
        size_t part = MIN(total - done, (size_t)room);
        bool last = done + part == total;
        uint8_t desc[E1000_DESC_BYTES];
        uint64_t buffer;

        pci_dma_read(&s->parent, addr, desc, 8);
        buffer = ldq_le_p(desc);
        if (buffer) {
            pci_dma_write(&s->parent, buffer, frame + done, part);
        } else {
            qemu_log_mask(LOG_GUEST_ERROR, "e1000: receive descriptor without a buffer\n");
        }
        stw_le_p(desc + 8, part);
        stw_le_p(desc + 10, 0);
        desc[12] = RXD_DD | (last ? RXD_EOP | status : status & RXD_VP);
        desc[13] = last ? errors : 0;
        stw_le_p(desc + 14, tag);
        pci_dma_write(&s->parent, addr + 8, desc + 8, 8);
        *head = *head + 1 == count ? 0 : *head + 1;
        done += part;
    }
}

static ssize_t e1000_receive(NetClientState *nc, const uint8_t *buf, size_t size)
{
    E1000State *s = nc->opaque;
    uint32_t rctl = *e1000_reg(s, REG_RCTL), threshold, causes = INT_RXT0;
    uint8_t frame[16384 + 64], status = 0, errors = 0;
    size_t len = size, total;
    uint16_t tag = 0;

    trace_e1000_receive(size);
    if (!(rctl & RCTL_EN) || size < 14 || size > (rctl & RCTL_LPE ? 16384 : 1518) ||
        !accepts(s, buf)) {
        return size;
    }
    memcpy(frame, buf, size);
    if (len < 60) {
        memset(frame + len, 0, 60 - len);
        len = 60;
    }
    count_received(s, frame, len);
    len = strip_vlan(s, frame, len, &tag, &status);
    verify(s, frame, len, &status, &errors);
    total = len;
    if (!(rctl & RCTL_SECRC)) {
        stl_le_p(frame + len, ~net_crc32_le(frame, len));
        total += CRC_BYTES;
    }
    if (total > free_descriptors(s) * (uint64_t)buffer_bytes(s)) {
        e1000_count(s, REG_RNBC, 1);
        e1000_raise(s, INT_RXO);
        return 0;
    }
    fill_descriptors(s, frame, total, status, errors, tag);
    threshold = ring_count(s) >> (1 + (rctl >> RCTL_RDMTS_SHIFT & 3));
    if (free_descriptors(s) <= threshold) {
        causes |= INT_RXDMT0;
    }
    e1000_raise(s, causes);
    return size;
}

const NetClientInfo e1000_net = {
    .type = "nic", .can_receive = e1000_can_receive, .receive = e1000_receive,
    .link_status_changed = e1000_link_changed,
};
