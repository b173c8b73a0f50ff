/*
 * Virtio network card: transmission (Virtual I/O Device 1.1, 5.1.6.2).
 *
 * Completes partial checksums and cuts TCP segments out of large packets, so
 * that what leaves are plain Ethernet frames.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/net/virtio-net.h"
#include "hw/net/checksum.h"
#include "qemu/bswap.h"
#include "qemu/log.h"

enum { IP4_LENGTH = 2, IP4_ID = 4, IP6_LENGTH = 4, IP6_HEADER = 40, TCP_SEQ = 4, TCP_OFFSET = 12,
       TCP_FLAGS = 13, TCP_HEADER_MIN = 20, TCP_FIN = 0x01, TCP_PSH = 0x08, TCP_CWR = 0x80 };

static void log_invalid(const char *what, size_t size)
{
    qemu_log_mask(LOG_GUEST_ERROR, "virtio-net: %s in a packet of %zu bytes\n", what, size);
}

/* The field holds the pseudo header's sum; add everything from start. */
static bool complete_checksum(VirtIONet *s, const uint8_t *header, size_t size)
{
    size_t start = virtio_lduw_p(&s->vdev, header + NET_HDR_CSUM_START);
    size_t field = start + virtio_lduw_p(&s->vdev, header + NET_HDR_CSUM_OFFSET);
    uint16_t sum;

    if (field + 2 > size || start > size) {
        log_invalid("checksum outside", size);
        return false;
    }
    sum = net_checksum_finish(net_checksum_add(0, s->frame + start, size - start));
    stw_be_p(s->frame + field, sum ? sum : 0xffff);
    return true;
}

/* The headers of the packet for a segment with `payload` bytes at `offset`. */
static void patch_headers(uint8_t *frame, const NetHeaders *h, const uint8_t *original,
                          size_t headers, size_t offset, size_t payload, bool last, unsigned index)
{
    uint8_t *tcp = frame + h->l4;

    memcpy(frame, original, headers);
    if (h->ipv4) {
        stw_be_p(frame + h->l3 + IP4_LENGTH, headers - h->l3 + payload);
        stw_be_p(frame + h->l3 + IP4_ID, lduw_be_p(original + h->l3 + IP4_ID) + index);
    } else {
        stw_be_p(frame + h->l3 + IP6_LENGTH, headers - h->l3 - IP6_HEADER + payload);
    }
    stl_be_p(tcp + TCP_SEQ, ldl_be_p(original + h->l4 + TCP_SEQ) + offset);
    if (!last) {
        tcp[TCP_FLAGS] &= ~(TCP_FIN | TCP_PSH);
    }
    if (index) {
        tcp[TCP_FLAGS] &= ~TCP_CWR;
    }
}

static void send_segments(VirtIONet *s, const NetHeaders *h, size_t headers, size_t size,
                          size_t segment)
{
    uint8_t out[2 * KiB + 64 * KiB];
    size_t payload = size - headers;

    for (size_t offset = 0, index = 0; offset < payload; offset += segment, index++) {
        size_t part = MIN(segment, payload - offset);
        NetHeaders segment_headers = *h;

        patch_headers(out, h, s->frame, headers, offset, part, offset + part == payload, index);
        memcpy(out + headers, s->frame + headers + offset, part);
        segment_headers.l4_len = headers - h->l4 + part;
        if (h->ipv4) {
            net_checksum_ipv4(out, &segment_headers);
        }
        net_checksum_l4(out, &segment_headers);
        qemu_send_packet(s->nic, out, headers + part);
    }
}

static void send_large(VirtIONet *s, const uint8_t *header, size_t size)
{
    uint8_t type = header[NET_HDR_GSO_TYPE] & ~NET_GSO_ECN;
    size_t segment = virtio_lduw_p(&s->vdev, header + NET_HDR_GSO_SIZE), headers;
    NetHeaders h;

    net_parse_headers(s->frame, size, &h);
    if (h.protocol != 6 || (type == NET_GSO_TCPV4 ? !h.ipv4 : !h.ipv6) ||
        h.l4 + TCP_HEADER_MIN > size) {
        log_invalid("segmentation of something else than TCP", size);
        return;
    }
    headers = h.l4 + (s->frame[h.l4 + TCP_OFFSET] >> 4) * 4;
    if (segment == 0 || headers < h.l4 + TCP_HEADER_MIN || headers >= size || headers > 2 * KiB) {
        log_invalid("invalid segmentation", size);
        return;
    }
    send_segments(s, &h, headers, size, segment);
}

static void send_packet(VirtIONet *s, VirtQueueElement *elem)
{
    unsigned header_bytes = virtio_net_header_bytes(s);
    uint8_t header[NET_HDR_BYTES] = { 0 };
    size_t size;

    if (elem->out_bytes <= header_bytes || elem->out_bytes - header_bytes > NET_TX_BYTES) {
        log_invalid("no header, or too much data,", elem->out_bytes);
        return;
    }
    virtqueue_read(&s->vdev, elem, 0, header, header_bytes);
    size = virtqueue_read(&s->vdev, elem, header_bytes, s->frame, elem->out_bytes - header_bytes);
    switch (header[NET_HDR_GSO_TYPE] & ~NET_GSO_ECN) {
    case NET_GSO_NONE:
        if (!(header[NET_HDR_FLAGS] & NET_HDR_F_NEEDS_CSUM) || complete_checksum(s, header, size)) {
            qemu_send_packet(s->nic, s->frame, size);
        }
        break;
    case NET_GSO_TCPV4:
    case NET_GSO_TCPV6:
        send_large(s, header, size);
        break;
    default:
        log_invalid("unknown segmentation type", size);
        break;
    }
}

void virtio_net_handle_tx(VirtIODevice *vdev, VirtQueue *vq)
{
    VirtIONet *s = container_of(vdev, VirtIONet, vdev);
    VirtQueueElement *elem;

    do {
        virtqueue_set_notification(vq, false);
        while ((elem = virtqueue_pop(vq))) {
            send_packet(s, elem);
            virtqueue_push(vq, elem, 0);
            virtio_notify(vq);
            g_free(elem);
        }
        virtqueue_set_notification(vq, true);
    } while (!virtqueue_empty(vq));
}
