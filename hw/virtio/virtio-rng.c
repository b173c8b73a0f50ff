/*
 * Virtio entropy device (Virtual I/O Device 1.1, 5.4).
 *
 * Queues      one; every buffer is filled with random bytes
 * Properties  "max-bytes" in each "period" (ms); 0: no limit
 *
 * The bytes come from the host, or from -seed where runs must repeat.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/virtio/virtio-pci.h"
#include "qemu/timer.h"
#include "sysemu/sysemu.h"

#define TYPE_VIRTIO_RNG_PCI "virtio-rng-pci"

enum { QUEUE_SIZE = 8, PIECE_BYTES = 4096, MAX_FILL = 64 << 10 };

typedef struct VirtIORng {
    VirtIOPCIProxy proxy;
    VirtIODevice vdev;

    /* wiring */
    VirtQueue *vq;
    QEMUTimer *refill;

    /* properties */
    uint64_t max_bytes;
    uint32_t period_ms;

    /* guest state */
    uint64_t quota;             /* bytes left in this period */
} VirtIORng;
#define VIRTIO_RNG_PCI(o) OBJECT_CHECK(VirtIORng, (o), TYPE_VIRTIO_RNG_PCI)

static uint32_t fill(VirtIORng *s, VirtQueueElement *elem)
{
    uint64_t bytes = MIN(elem->in_bytes, (uint64_t)MAX_FILL), done;
    uint8_t piece[PIECE_BYTES];

    if (s->max_bytes) {
        bytes = MIN(bytes, s->quota);
        s->quota -= bytes;
    }
    for (done = 0; done < bytes; done += sizeof(piece)) {
        size_t n = MIN(bytes - done, (uint64_t)sizeof(piece));

        qemu_guest_getrandom(piece, n);
        virtqueue_write(&s->vdev, elem, done, piece, n);
    }
    return bytes;
}

static void handle_requests(VirtIODevice *vdev, VirtQueue *vq)
{
    VirtIORng *s = container_of(vdev, VirtIORng, vdev);
    VirtQueueElement *elem;

    while ((!s->max_bytes || s->quota) && (elem = virtqueue_pop(vq))) {
        virtqueue_push(vq, elem, fill(s, elem));
        g_free(elem);
    }
    virtio_notify(vq);
    if (s->max_bytes && !timer_pending(s->refill)) {
        timer_mod(s->refill, qemu_clock_get_ms(QEMU_CLOCK_VIRTUAL) + s->period_ms);
    }
}

static void new_period(void *opaque)
{
    VirtIORng *s = opaque;

    s->quota = s->max_bytes;
    if (virtio_queue_ready(s->vq)) {
        qemu_bh_schedule(s->vq->bh);
    }
}

static void rng_reset(VirtIODevice *vdev)
{
    VirtIORng *s = container_of(vdev, VirtIORng, vdev);

    timer_del(s->refill);
    s->quota = s->max_bytes;
}

static const VirtIODeviceOps rng_ops = { .device_id = VIRTIO_ID_RNG, .reset = rng_reset };

static const VMStateField rng_fields[] = {
    VMSTATE_VIRTIO_PCI(proxy, VirtIORng), VMSTATE_VIRTIO(vdev, VirtIORng),
    VMSTATE_UINT64(quota, VirtIORng), VMSTATE_TIMER_PTR(refill, VirtIORng), VMSTATE_END
};
static const VMStateDescription vmstate_rng = {
    .name = "virtio-rng", .version = 1, .fields = rng_fields,
};

static bool rng_realize(DeviceState *dev, Error **errp)
{
    VirtIORng *s = VIRTIO_RNG_PCI(dev);

    if (s->max_bytes && !s->period_ms) {
        error_setg(errp, "period=0: must not be 0 with max-bytes");
        return false;
    }
    s->refill = timer_new_ms(QEMU_CLOCK_VIRTUAL, new_period, s);
    virtio_pci_setup(&s->proxy, &s->vdev);
    virtio_init(&s->vdev, "virtio-rng", &rng_ops);
    s->vq = virtio_add_queue(&s->vdev, QUEUE_SIZE, handle_requests);
    return virtio_pci_finish(&s->proxy, errp);
}

static void rng_unrealize(DeviceState *dev)
{
    VirtIORng *s = VIRTIO_RNG_PCI(dev);

    virtio_pci_unsetup(&s->proxy);
    timer_free(s->refill);
}

static const Property rng_props[] = {
    DEFINE_PROP_UINT64("max-bytes", VirtIORng, max_bytes, 0),
    DEFINE_PROP_UINT32("period", VirtIORng, period_ms, 1 << 16),
    DEFINE_PROP_END
};

static const PCIDeviceClass rng_class = {
    .vendor_id = 0x1af4, .device_id = 0x1005, .class_id = 0x00ff,
    .config_read = virtio_pci_config_read, .config_write = virtio_pci_config_write,
};

static const TypeInfo rng_info = {
    .name = TYPE_VIRTIO_RNG_PCI, .parent = TYPE_VIRTIO_PCI, .desc = "Virtio entropy device",
    .instance_size = sizeof(VirtIORng), .realize = rng_realize, .unrealize = rng_unrealize,
    .props = rng_props, .vmsd = &vmstate_rng, .user_creatable = true, .category = "misc",
    .class_data = &rng_class,
};
DEFINE_TYPE(rng_info)
