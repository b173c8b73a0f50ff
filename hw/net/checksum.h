/*
 * Internet checksums for cards that compute them (RFC 1071).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_NET_CHECKSUM_H
#define HW_NET_CHECKSUM_H

#include "qemu/osdep.h"

/* One's complement sum of big-endian words, not folded; start: an earlier sum of an even length. */
uint64_t net_checksum_add(uint64_t start, const uint8_t *data, size_t len);
/* Folded and complemented. */
uint16_t net_checksum_finish(uint64_t sum);

/* Where the headers of an Ethernet frame are; all zero when it is not IP. */
typedef struct NetHeaders {
    bool ipv4, ipv6;
    uint8_t protocol;           /* 6 TCP, 17 UDP; 0 for fragments */
    size_t l3, l4;              /* offsets */
    size_t l4_len;              /* from l4 to the end of the IP packet */
} NetHeaders;
void net_parse_headers(const uint8_t *frame, size_t len, NetHeaders *h);
/* Sum of the pseudo header for l4_len bytes. */
uint64_t net_checksum_pseudo(const uint8_t *frame, const NetHeaders *h, size_t l4_len);

/* Fill in the IPv4 header's checksum, and TCP's or UDP's over a whole frame. */
void net_checksum_ipv4(uint8_t *frame, const NetHeaders *h);
void net_checksum_l4(uint8_t *frame, const NetHeaders *h);

#endif
