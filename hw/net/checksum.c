/*
 * Internet checksums (checksum.h).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/net/checksum.h"
#include "qemu/bswap.h"

enum { ETH_TYPE_OFFSET = 12, ETH_HEADER_BYTES = 14, VLAN_TAG_BYTES = 4 };
enum { ETH_TYPE_IPV4 = 0x0800, ETH_TYPE_IPV6 = 0x86dd, ETH_TYPE_VLAN = 0x8100 };
enum { PROTO_TCP = 6, PROTO_UDP = 17 };
enum { TCP_CHECKSUM = 16, UDP_CHECKSUM = 6, IPV4_CHECKSUM = 10 };

uint64_t net_checksum_add(uint64_t start, const uint8_t *data, size_t len)
{
    for (size_t i = 0; i + 1 < len; i += 2) {
        start += lduw_be_p(data + i);
    }
    return len & 1 ? start + ((uint64_t)data[len - 1] << 8) : start;
}

uint16_t net_checksum_finish(uint64_t sum)
{
    while (sum >> 16) {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return ~sum;
}

void net_parse_headers(const uint8_t *frame, size_t len, NetHeaders *h)
{
    size_t l3 = ETH_HEADER_BYTES, header, total;
    uint16_t type;

    memset(h, 0, sizeof(*h));
    if (len < l3) {
        return;
    }
    type = lduw_be_p(frame + ETH_TYPE_OFFSET);
    if (type == ETH_TYPE_VLAN && len >= l3 + VLAN_TAG_BYTES) {
        type = lduw_be_p(frame + ETH_TYPE_OFFSET + VLAN_TAG_BYTES);
        l3 += VLAN_TAG_BYTES;
    }
    if (type == ETH_TYPE_IPV4 && len >= l3 + 20 && frame[l3] >> 4 == 4) {
        header = (frame[l3] & 15) * 4;
        total = lduw_be_p(frame + l3 + 2);
        if (header < 20 || total < header || l3 + total > len) {
            return;
        }
        h->ipv4 = true;
        h->protocol = lduw_be_p(frame + l3 + 6) & 0x3fff ? 0 : frame[l3 + 9];
    } else if (type == ETH_TYPE_IPV6 && len >= l3 + 40 && frame[l3] >> 4 == 6) {
        header = 40;
        total = header + lduw_be_p(frame + l3 + 4);
        if (l3 + total > len) {
            return;
        }
        h->ipv6 = true;
        h->protocol = frame[l3 + 6];
    } else {
        return;
    }
    h->l3 = l3;
    h->l4 = l3 + header;
    h->l4_len = total - header;
}

uint64_t net_checksum_pseudo(const uint8_t *frame, const NetHeaders *h, size_t l4_len)
{
    uint64_t sum = h->protocol + (l4_len >> 16) + (l4_len & 0xffff);

    return h->ipv4 ? net_checksum_add(sum, frame + h->l3 + 12, 8)
                   : net_checksum_add(sum, frame + h->l3 + 8, 32);
}

void net_checksum_ipv4(uint8_t *frame, const NetHeaders *h)
{
    if (h->ipv4) {
        stw_be_p(frame + h->l3 + IPV4_CHECKSUM, 0);
        stw_be_p(frame + h->l3 + IPV4_CHECKSUM,
                 net_checksum_finish(net_checksum_add(0, frame + h->l3, h->l4 - h->l3)));
    }
}

void net_checksum_l4(uint8_t *frame, const NetHeaders *h)
{
    size_t field = h->protocol == PROTO_TCP ? TCP_CHECKSUM : UDP_CHECKSUM;
    uint16_t sum;

    if ((h->protocol != PROTO_TCP && h->protocol != PROTO_UDP) || h->l4_len < field + 2) {
        return;
    }
    stw_be_p(frame + h->l4 + field, 0);
    sum = net_checksum_finish(net_checksum_add(net_checksum_pseudo(frame, h, h->l4_len),
                                               frame + h->l4, h->l4_len));
    stw_be_p(frame + h->l4 + field, sum == 0 && h->protocol == PROTO_UDP ? 0xffff : sum);
}
