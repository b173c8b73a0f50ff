/*
 * Virtio network card: what its two files share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_NET_VIRTIO_NET_H
#define HW_NET_VIRTIO_NET_H

#include "hw/virtio/virtio-pci.h"
#include "net/net.h"

#define TYPE_VIRTIO_NET_PCI "virtio-net-pci"

/* 5.1.3 */
enum { NET_F_CSUM = 0, NET_F_GUEST_CSUM = 1, NET_F_MAC = 5, NET_F_HOST_TSO4 = 11,
       NET_F_HOST_TSO6 = 12, NET_F_MRG_RXBUF = 15, NET_F_STATUS = 16, NET_F_CTRL_VQ = 17,
       NET_F_CTRL_RX = 18, NET_F_CTRL_VLAN = 19, NET_F_CTRL_RX_EXTRA = 20,
       NET_F_CTRL_MAC_ADDR = 23 };
/* 5.1.6: the header in front of every frame */
enum { NET_HDR_FLAGS = 0, NET_HDR_GSO_TYPE = 1, NET_HDR_HDR_LEN = 2, NET_HDR_GSO_SIZE = 4,
       NET_HDR_CSUM_START = 6, NET_HDR_CSUM_OFFSET = 8, NET_HDR_NUM_BUFFERS = 10,
       NET_HDR_LEGACY_BYTES = 10, NET_HDR_BYTES = 12 };
enum { NET_HDR_F_NEEDS_CSUM = 1, NET_HDR_F_DATA_VALID = 2 };
enum { NET_GSO_NONE = 0, NET_GSO_TCPV4 = 1, NET_GSO_TCPV6 = 4, NET_GSO_ECN = 0x80 };
enum { NET_MAC_ENTRIES = 64, NET_MAX_RX_BUFFERS = 64, NET_TX_BYTES = (64 << 10) + 128 };

typedef struct VirtIONet {
    VirtIOPCIProxy proxy;
    VirtIODevice vdev;

    /* wiring */
    VirtQueue *rx, *tx;
    NetClientState *nic;
    uint8_t *frame;             /* NET_TX_BYTES for the packet being sent */

    /* properties */
    NICConf conf;
    bool mrg_rxbuf, csum, guest_csum, host_tso4, host_tso6, ctrl_vq;
    uint16_t rx_queue_size, tx_queue_size;

    /* guest state */
    uint8_t mac[6];
    bool promisc, allmulti, alluni, nomulti, nouni, nobcast;
    bool uni_overflow, multi_overflow;          /* more addresses than the table takes */
    uint32_t mac_entries, uni_entries;          /* unicast addresses come first */
    uint8_t mac_table[6 * NET_MAC_ENTRIES];
    uint8_t vlans[4096 / 8];                    /* bit for each VLAN that passes */
} VirtIONet;
#define VIRTIO_NET_PCI(o) OBJECT_CHECK(VirtIONet, (o), TYPE_VIRTIO_NET_PCI)

/* Bytes in front of each frame, by what was negotiated. */
unsigned virtio_net_header_bytes(VirtIONet *s);
/* virtio-net-tx.c: the handler of the transmit queue. */
void virtio_net_handle_tx(VirtIODevice *vdev, VirtQueue *vq);

#endif
