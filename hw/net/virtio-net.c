/*
 * Virtio network card (Virtual I/O Device 1.1, 5.1).
 *
 * Queues      0 receive, 1 transmit, 2 control
 * Features    CSUM, GUEST_CSUM, MAC, HOST_TSO4, HOST_TSO6, MRG_RXBUF, STATUS,
 *             CTRL_VQ, CTRL_RX, CTRL_RX_EXTRA, CTRL_VLAN, CTRL_MAC_ADDR
 * Properties  "mac", "netdev", "mrg_rxbuf", "csum", "host_tso4", "host_tso6",
 *             "ctrl_vq", "rx_queue_size", "tx_queue_size"
 * Left out    multiqueue, receive segmentation offloads, announcements
 *
 * Checksums and segmentation of transmitted packets are done here
 * (virtio-net-tx.c): the host computes them much faster than the guest, and
 * every backend sees plain frames.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/net/virtio-net.h"
#include "hw/net/checksum.h"
#include "qemu/log.h"

enum { CFG_MAC = 0, CFG_STATUS = 6, CFG_BYTES = 8, STATUS_LINK_UP = 1 };
/* 5.1.6.5 */
enum { CTRL_OK = 0, CTRL_ERR = 1 };
enum { CTRL_RX = 0, CTRL_RX_PROMISC = 0, CTRL_RX_ALLMULTI = 1, CTRL_RX_ALLUNI = 2,
       CTRL_RX_NOMULTI = 3, CTRL_RX_NOUNI = 4, CTRL_RX_NOBCAST = 5 };
enum { CTRL_MAC = 1, CTRL_MAC_TABLE_SET = 0, CTRL_MAC_ADDR_SET = 1 };
enum { CTRL_VLAN = 2, CTRL_VLAN_ADD = 0, CTRL_VLAN_DEL = 1, MAX_VLAN = 4096 };
enum { CTRL_QUEUE_SIZE = 64, FRAME_MAX = 64 << 10 };

static VirtIONet *from_vdev(VirtIODevice *vdev)
{
    return container_of(vdev, VirtIONet, vdev);
}

unsigned virtio_net_header_bytes(VirtIONet *s)
{
    return virtio_has_feature(&s->vdev, NET_F_MRG_RXBUF) ||
           virtio_has_feature(&s->vdev, VIRTIO_F_VERSION_1) ? NET_HDR_BYTES : NET_HDR_LEGACY_BYTES;
}

/* --- receive -------------------------------------------------------------- */

static bool net_can_receive(NetClientState *nc)
{
    VirtIONet *s = nc->opaque;

    if (!(s->vdev.status & VIRTIO_STATUS_DRIVER_OK) || s->vdev.broken) {
        return true;                    /* receive() drops it */
    }
    return !virtqueue_empty(s->rx);
}

static bool in_table(VirtIONet *s, const uint8_t *mac, unsigned first, unsigned end)
{
    for (unsigned i = first; i < end; i++) {
        if (!memcmp(s->mac_table + 6 * i, mac, 6)) {
            return true;
        }
    }
    return false;
}

/* 5.1.6.5.1 and 5.1.6.5.2 */
static bool accepts(VirtIONet *s, const uint8_t *frame, size_t size)
{
    static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

    if (s->promisc) {
        return true;
    }
    if (size >= 16 && frame[12] == 0x81 && frame[13] == 0) {
        unsigned vid = (frame[14] << 8 | frame[15]) % MAX_VLAN;

        if (!(s->vlans[vid / 8] >> vid % 8 & 1)) {
            return false;
        }
    }
    if (!memcmp(frame, broadcast, 6)) {
        return !s->nobcast;
    }
    if (frame[0] & 1) {
        return !s->nomulti && (s->allmulti || s->multi_overflow ||
                               in_table(s, frame, s->uni_entries, s->mac_entries));
    }
    return !s->nouni && (s->alluni || s->uni_overflow || !memcmp(frame, s->mac, 6) ||
                         in_table(s, frame, 0, s->uni_entries));
}

/* The guest need not verify what the host just did (5.1.6.4.2). */
static uint8_t receive_flags(VirtIONet *s, const uint8_t *frame, size_t size)
{
    NetHeaders h;
    uint64_t sum;

    if (!virtio_has_feature(&s->vdev, NET_F_GUEST_CSUM)) {
        return 0;
    }
    net_parse_headers(frame, size, &h);
    if ((h.protocol != 6 && h.protocol != 17) || h.l4 + h.l4_len > size) {
        return 0;
    }
    sum = net_checksum_add(net_checksum_pseudo(frame, &h, h.l4_len), frame + h.l4, h.l4_len);
    return net_checksum_finish(sum) == 0 ? NET_HDR_F_DATA_VALID : 0;
}

/* Spreads header and frame over as many buffers as it takes. False: too few of them. */
static bool put_frame(VirtIONet *s, const uint8_t *header, unsigned header_bytes,
                      const uint8_t *frame, size_t size)
{
    VirtQueueElement *elems[NET_MAX_RX_BUFFERS] = { NULL };
    uint32_t filled[NET_MAX_RX_BUFFERS] = { 0 };
    unsigned n = 0;
    size_t done = 0;
    bool mergeable = virtio_has_feature(&s->vdev, NET_F_MRG_RXBUF);
    bool ok = true;

    while (done < size && ok) {
        unsigned skip = n ? 0 : header_bytes;
        VirtQueueElement *elem = n < NET_MAX_RX_BUFFERS ? virtqueue_pop(s->rx) : NULL;

        if (!elem) {
            ok = false;
            break;
        }
        elems[n] = elem;
        if (elem->in_bytes <= skip) {
            virtio_error(&s->vdev, "receive buffer of %" PRIu64 " bytes", elem->in_bytes);
            ok = false;
        } else {
            size_t part = MIN(size - done, (size_t)(elem->in_bytes - skip));

            virtqueue_write(&s->vdev, elem, skip, frame + done, part);
            done += part;
            filled[n] = skip + part;
            ok = done == size || mergeable;
        }
        n++;
    }
    if (ok) {
        uint8_t count[2];

        virtio_stw_p(&s->vdev, count, n);
        virtqueue_write(&s->vdev, elems[0], 0, header, header_bytes);
        if (header_bytes == NET_HDR_BYTES) {
            virtqueue_write(&s->vdev, elems[0], NET_HDR_NUM_BUFFERS, count, 2);
        }
        for (unsigned i = 0; i < n; i++) {
            virtqueue_fill(s->rx, elems[i], filled[i], i);
        }
        virtqueue_flush(s->rx, n);
    }
    while (n--) {
        if (!ok) {
            virtqueue_unpop(s->rx, elems[n]);
        }
        g_free(elems[n]);
    }
    return ok;
}

static ssize_t net_receive(NetClientState *nc, const uint8_t *buf, size_t size)
{
    VirtIONet *s = nc->opaque;
    uint8_t header[NET_HDR_BYTES] = { 0 };

    if (!(s->vdev.status & VIRTIO_STATUS_DRIVER_OK) || s->vdev.broken || size < 14 ||
        size > FRAME_MAX || !accepts(s, buf, size)) {
        return size;
    }
    if (virtqueue_empty(s->rx)) {
        return 0;
    }
    header[NET_HDR_FLAGS] = receive_flags(s, buf, size);
    if (!put_frame(s, header, virtio_net_header_bytes(s), buf, size)) {
        /* Not enough room now; a frame that never fits a single buffer is lost. */
        return virtio_has_feature(&s->vdev, NET_F_MRG_RXBUF) && !s->vdev.broken ? 0 : size;
    }
    virtio_notify(s->rx);
    return size;
}

static void net_link_changed(NetClientState *nc)
{
    VirtIONet *s = nc->opaque;

    if (virtio_has_feature(&s->vdev, NET_F_STATUS)) {
        virtio_notify_config(&s->vdev);
    }
}

static const NetClientInfo net_client = {
    .type = "nic", .can_receive = net_can_receive, .receive = net_receive,
    .link_status_changed = net_link_changed,
};

/* New buffers, or a driver that just came up. */
static void handle_rx(VirtIODevice *vdev, VirtQueue *vq)
{
    qemu_flush_queued_packets(from_vdev(vdev)->nic);
}

/* --- control -------------------------------------------------------------- */

static uint8_t control_rx(VirtIONet *s, uint8_t command, VirtQueueElement *elem)
{
    bool *const flags[] = { &s->promisc, &s->allmulti, &s->alluni, &s->nomulti, &s->nouni,
                            &s->nobcast };
    uint8_t on;

    if (command >= ARRAY_SIZE(flags) || virtqueue_read(&s->vdev, elem, 2, &on, 1) != 1) {
        return CTRL_ERR;
    }
    *flags[command] = on;
    return CTRL_OK;
}

/* One half of the filter: count, then addresses. *offset moves behind it. */
static bool read_table(VirtIONet *s, VirtQueueElement *elem, uint64_t *offset, bool *overflow)
{
    uint8_t raw[4];
    uint32_t count;

    if (virtqueue_read(&s->vdev, elem, *offset, raw, 4) != 4) {
        return false;
    }
    count = virtio_ldl_p(&s->vdev, raw);
    if (*offset + 4 + (uint64_t)count * 6 > elem->out_bytes) {
        return false;
    }
    *overflow = count > NET_MAC_ENTRIES - s->mac_entries;
    if (!*overflow) {
        virtqueue_read(&s->vdev, elem, *offset + 4, s->mac_table + 6 * s->mac_entries, 6 * count);
        s->mac_entries += count;
    }
    *offset += 4 + (uint64_t)count * 6;
    return true;
}

static uint8_t control_mac(VirtIONet *s, uint8_t command, VirtQueueElement *elem)
{
    uint64_t offset = 2;

    if (command == CTRL_MAC_ADDR_SET) {
        if (elem->out_bytes != 8) {
            return CTRL_ERR;
        }
        virtqueue_read(&s->vdev, elem, 2, s->mac, 6);
        qemu_format_nic_info_str(s->nic, s->mac);
        return CTRL_OK;
    }
    if (command != CTRL_MAC_TABLE_SET) {
        return CTRL_ERR;
    }
    s->mac_entries = s->uni_entries = 0;
    if (!read_table(s, elem, &offset, &s->uni_overflow)) {
        return CTRL_ERR;
    }
    s->uni_entries = s->mac_entries;
    return read_table(s, elem, &offset, &s->multi_overflow) ? CTRL_OK : CTRL_ERR;
}

static uint8_t control_vlan(VirtIONet *s, uint8_t command, VirtQueueElement *elem)
{
    uint8_t raw[2];
    unsigned vid;

    if (virtqueue_read(&s->vdev, elem, 2, raw, 2) != 2 || command > CTRL_VLAN_DEL) {
        return CTRL_ERR;
    }
    vid = virtio_lduw_p(&s->vdev, raw);
    if (vid >= MAX_VLAN) {
        return CTRL_ERR;
    }
    if (command == CTRL_VLAN_ADD) {
        s->vlans[vid / 8] |= 1 << vid % 8;
    } else {
        s->vlans[vid / 8] &= ~(1 << vid % 8);
    }
    return CTRL_OK;
}

static uint8_t run_control(VirtIONet *s, VirtQueueElement *elem)
{
    uint8_t header[2];

    virtqueue_read(&s->vdev, elem, 0, header, sizeof(header));
    switch (header[0]) {
    case CTRL_RX:
        return control_rx(s, header[1], elem);
    case CTRL_MAC:
        return control_mac(s, header[1], elem);
    case CTRL_VLAN:
        return control_vlan(s, header[1], elem);
    default:
        return CTRL_ERR;
    }
}

static void handle_control(VirtIODevice *vdev, VirtQueue *vq)
{
    VirtQueueElement *elem;

    while ((elem = virtqueue_pop(vq))) {
        uint8_t ack;

        if (elem->out_bytes < 2 || elem->in_bytes < 1) {
            virtio_error(vdev, "control command without header or acknowledgement");
            g_free(elem);
            return;
        }
        ack = run_control(from_vdev(vdev), elem);
        virtqueue_write(vdev, elem, elem->in_bytes - 1, &ack, 1);
        virtqueue_push(vq, elem, 1);
        virtio_notify(vq);
        g_free(elem);
    }
}

/* --- features and configuration --------------------------------------------- */

static uint64_t net_get_features(VirtIODevice *vdev)
{
    VirtIONet *s = from_vdev(vdev);
    uint64_t features = 1u << NET_F_MAC | 1u << NET_F_STATUS;

    features |= (uint64_t)s->csum << NET_F_CSUM | (uint64_t)s->guest_csum << NET_F_GUEST_CSUM;
    features |= (uint64_t)(s->csum && s->host_tso4) << NET_F_HOST_TSO4;
    features |= (uint64_t)(s->csum && s->host_tso6) << NET_F_HOST_TSO6;
    features |= (uint64_t)s->mrg_rxbuf << NET_F_MRG_RXBUF;
    if (s->ctrl_vq) {
        features |= 1u << NET_F_CTRL_VQ | 1u << NET_F_CTRL_RX | 1u << NET_F_CTRL_VLAN |
                    1u << NET_F_CTRL_RX_EXTRA | 1u << NET_F_CTRL_MAC_ADDR;
    }
    return features;
}

/* A driver that knows nothing of VLAN filters gets all of them. */
static void net_features_chosen(VirtIODevice *vdev)
{
    VirtIONet *s = from_vdev(vdev);

    memset(s->vlans, virtio_has_feature(vdev, NET_F_CTRL_VLAN) ? 0 : 0xff, sizeof(s->vlans));
}

static void net_get_config(VirtIODevice *vdev, uint8_t *c)
{
    VirtIONet *s = from_vdev(vdev);

    memcpy(c + CFG_MAC, s->mac, 6);
    virtio_stw_p(vdev, c + CFG_STATUS, s->nic->link_down ? 0 : STATUS_LINK_UP);
}

/* Legacy drivers set the address here (5.1.4.1). */
static void net_set_config(VirtIODevice *vdev, const uint8_t *c)
{
    VirtIONet *s = from_vdev(vdev);

    if (!virtio_has_feature(vdev, VIRTIO_F_VERSION_1) &&
        !virtio_has_feature(vdev, NET_F_CTRL_MAC_ADDR)) {
        memcpy(s->mac, c + CFG_MAC, 6);
        qemu_format_nic_info_str(s->nic, s->mac);
    }
}

static void net_status_changed(VirtIODevice *vdev, uint8_t old)
{
    if ((vdev->status & ~old) & VIRTIO_STATUS_DRIVER_OK) {
        qemu_bh_schedule(from_vdev(vdev)->rx->bh);
    }
}

/* --- life ----------------------------------------------------------------- */

static void net_reset(VirtIODevice *vdev)
{
    VirtIONet *s = from_vdev(vdev);

    memcpy(s->mac, s->conf.macaddr.a, 6);
    s->promisc = true;
    s->allmulti = s->alluni = s->nomulti = s->nouni = s->nobcast = false;
    s->mac_entries = s->uni_entries = 0;
    s->uni_overflow = s->multi_overflow = false;
    memset(s->mac_table, 0, sizeof(s->mac_table));
    memset(s->vlans, 0xff, sizeof(s->vlans));
    qemu_format_nic_info_str(s->nic, s->mac);
}

static const VirtIODeviceOps net_ops = {
    .device_id = VIRTIO_ID_NET, .config_bytes = CFG_BYTES, .get_features = net_get_features,
    .features_chosen = net_features_chosen, .get_config = net_get_config,
    .set_config = net_set_config, .status_changed = net_status_changed, .reset = net_reset,
};

static int net_post_load(void *opaque, int version)
{
    VirtIONet *s = opaque;

    return s->mac_entries > NET_MAC_ENTRIES || s->uni_entries > s->mac_entries ? -EINVAL : 0;
}

#define S VirtIONet
static const VMStateField net_fields[] = {
    VMSTATE_VIRTIO_PCI(proxy, S), VMSTATE_VIRTIO(vdev, S), VMSTATE_BUFFER(mac, S),
    VMSTATE_BOOL(promisc, S), VMSTATE_BOOL(allmulti, S), VMSTATE_BOOL(alluni, S),
    VMSTATE_BOOL(nomulti, S), VMSTATE_BOOL(nouni, S), VMSTATE_BOOL(nobcast, S),
    VMSTATE_BOOL(uni_overflow, S), VMSTATE_BOOL(multi_overflow, S), VMSTATE_UINT32(mac_entries, S),
    VMSTATE_UINT32(uni_entries, S), VMSTATE_BUFFER(mac_table, S), VMSTATE_BUFFER(vlans, S),
    VMSTATE_END
};
#undef S
static const VMStateDescription vmstate_net = {
    .name = "virtio-net", .version = 1, .fields = net_fields, .post_load = net_post_load,
};

static bool ring_size_valid(const char *name, uint16_t size, Error **errp)
{
    if (size < 16 || size > VIRTIO_MAX_RING || (size & (size - 1))) {
        error_setg(errp, "%s=%u: must be a power of two from 16 to %d", name, size,
                   VIRTIO_MAX_RING);
        return false;
    }
    return true;
}

static bool net_realize(DeviceState *dev, Error **errp)
{
    VirtIONet *s = VIRTIO_NET_PCI(dev);

    if (!ring_size_valid("rx_queue_size", s->rx_queue_size, errp) ||
        !ring_size_valid("tx_queue_size", s->tx_queue_size, errp)) {
        return false;
    }
    qemu_macaddr_default_if_unset(&s->conf.macaddr);
    virtio_pci_setup(&s->proxy, &s->vdev);
    virtio_init(&s->vdev, "virtio-net", &net_ops);
    s->rx = virtio_add_queue(&s->vdev, s->rx_queue_size, handle_rx);
    s->tx = virtio_add_queue(&s->vdev, s->tx_queue_size, virtio_net_handle_tx);
    if (s->ctrl_vq) {
        virtio_add_queue(&s->vdev, CTRL_QUEUE_SIZE, handle_control);
    }
    s->frame = g_malloc(NET_TX_BYTES);
    s->nic = qemu_new_nic(&net_client, &s->conf, OBJECT(dev)->type->name, OBJECT(dev)->id, s);
    return virtio_pci_finish(&s->proxy, errp);
}

static void net_unrealize(DeviceState *dev)
{
    VirtIONet *s = VIRTIO_NET_PCI(dev);

    virtio_pci_unsetup(&s->proxy);
    qemu_del_net_client(s->nic);
    g_free(s->frame);
}

static const Property net_props[] = {
    DEFINE_PROP_MACADDR("mac", VirtIONet, conf.macaddr),
    DEFINE_PROP_NETDEV("netdev", VirtIONet, conf),
    DEFINE_PROP_BOOL("mrg_rxbuf", VirtIONet, mrg_rxbuf, true),
    DEFINE_PROP_BOOL("csum", VirtIONet, csum, true),
    DEFINE_PROP_BOOL("guest_csum", VirtIONet, guest_csum, true),
    DEFINE_PROP_BOOL("host_tso4", VirtIONet, host_tso4, true),
    DEFINE_PROP_BOOL("host_tso6", VirtIONet, host_tso6, true),
    DEFINE_PROP_BOOL("ctrl_vq", VirtIONet, ctrl_vq, true),
    DEFINE_PROP_UINT16("rx_queue_size", VirtIONet, rx_queue_size, 256),
    DEFINE_PROP_UINT16("tx_queue_size", VirtIONet, tx_queue_size, 256),
    DEFINE_PROP_BOOTINDEX,
    DEFINE_PROP_END
};

static const PCIDeviceClass net_class = {
    .vendor_id = 0x1af4, .device_id = 0x1000, .class_id = 0x0200, .romfile = "efi-virtio.rom",
    .config_read = virtio_pci_config_read, .config_write = virtio_pci_config_write,
};

static const TypeInfo virtio_net_info = {
    .name = TYPE_VIRTIO_NET_PCI, .parent = TYPE_VIRTIO_PCI, .desc = "Virtio network card",
    .instance_size = sizeof(VirtIONet), .realize = net_realize, .unrealize = net_unrealize,
    .props = net_props, .vmsd = &vmstate_net, .user_creatable = true, .category = "network",
    .class_data = &net_class,
};
DEFINE_TYPE(virtio_net_info)
