/*
 * Virtio core: features, status, configuration space, interrupts, state
 * (Virtual I/O Device 1.1, chapters 2, 3 and 6).
 *
 * Rings are ring.c's, registers the transport's.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/virtio/virtio.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "trace/hw-virtio.h"

enum { LEGACY_ALIGN = 4096, DESC_BYTES = 16 };

/* --- byte order ----------------------------------------------------------- */

bool virtio_is_big_endian(const VirtIODevice *vdev)
{
    return target_words_bigendian && !virtio_has_feature(vdev, VIRTIO_F_VERSION_1);
}

uint16_t virtio_lduw_p(const VirtIODevice *vdev, const void *p)
{
    return virtio_is_big_endian(vdev) ? lduw_be_p(p) : lduw_le_p(p);
}

uint32_t virtio_ldl_p(const VirtIODevice *vdev, const void *p)
{
    return virtio_is_big_endian(vdev) ? ldl_be_p(p) : ldl_le_p(p);
}

uint64_t virtio_ldq_p(const VirtIODevice *vdev, const void *p)
{
    return virtio_is_big_endian(vdev) ? ldq_be_p(p) : ldq_le_p(p);
}

void virtio_stw_p(const VirtIODevice *vdev, void *p, uint16_t v)
{
    if (virtio_is_big_endian(vdev)) {
        stw_be_p(p, v);
    } else {
        stw_le_p(p, v);
    }
}

void virtio_stl_p(const VirtIODevice *vdev, void *p, uint32_t v)
{
    if (virtio_is_big_endian(vdev)) {
        stl_be_p(p, v);
    } else {
        stl_le_p(p, v);
    }
}

void virtio_stq_p(const VirtIODevice *vdev, void *p, uint64_t v)
{
    if (virtio_is_big_endian(vdev)) {
        stq_be_p(p, v);
    } else {
        stq_le_p(p, v);
    }
}

/* --- interrupts ----------------------------------------------------------- */

void virtio_notify(VirtQueue *vq)
{
    VirtIODevice *vdev = vq->vdev;

    if (!vdev->broken && virtqueue_should_notify(vq)) {
        vdev->isr |= VIRTIO_ISR_QUEUE;
        trace_virtio_notify(vdev->name, vq->index);
        vdev->transport->notify(vdev->transport_opaque, vq->vector);
    }
}

void virtio_notify_config(VirtIODevice *vdev)
{
    vdev->generation++;
    if (vdev->status & VIRTIO_STATUS_DRIVER_OK) {
        vdev->isr |= VIRTIO_ISR_QUEUE | VIRTIO_ISR_CONFIG;
        vdev->transport->notify(vdev->transport_opaque, vdev->config_vector);
    }
}

void virtio_error(VirtIODevice *vdev, const char *fmt, ...)
{
    g_autofree char *text = NULL;
    va_list ap;

    va_start(ap, fmt);
    text = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    qemu_log_mask(LOG_GUEST_ERROR, "%s: %s; broken until reset\n", vdev->name, text);
    vdev->broken = true;
    if (virtio_has_feature(vdev, VIRTIO_F_VERSION_1)) {
        vdev->status |= VIRTIO_STATUS_NEEDS_RESET;
        virtio_notify_config(vdev);
    }
}

/* --- queues --------------------------------------------------------------- */

bool virtio_queue_ready(const VirtQueue *vq)
{
    return vq->handler && vq->enabled && vq->desc && vq->size;
}

void virtio_queue_set_legacy_addr(VirtQueue *vq, uint64_t addr)
{
    vq->desc = addr;
    vq->avail = addr + (uint64_t)vq->size * DESC_BYTES;
    vq->used = ROUND_UP(vq->avail + 2 * (3 + (uint64_t)vq->size), LEGACY_ALIGN);
    vq->enabled = addr != 0;
}

static void queue_bh(void *opaque)
{
    VirtQueue *vq = opaque;
    VirtIODevice *vdev = vq->vdev;

    if (virtio_queue_ready(vq) && !vdev->broken && (vdev->status & VIRTIO_STATUS_DRIVER_OK)) {
        vq->handler(vdev, vq);
    }
}

void virtio_queue_kick(VirtIODevice *vdev, unsigned n)
{
    trace_virtio_queue_notify(vdev->name, n);
    if (n >= (unsigned)vdev->num_queues || !virtio_queue_ready(&vdev->vq[n])) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: notification of queue %u, which is not set up\n",
                      vdev->name, n);
        return;
    }
    qemu_bh_schedule(vdev->vq[n].bh);
}

VirtQueue *virtio_add_queue(VirtIODevice *vdev, uint16_t max_size, VirtQueueHandler *handler)
{
    VirtQueue *vq = &vdev->vq[vdev->num_queues];

    assert(vdev->num_queues < VIRTIO_MAX_QUEUES && max_size <= VIRTIO_MAX_RING);
    vq->vdev = vdev;
    vq->index = vdev->num_queues++;
    vq->handler = handler;
    vq->max_size = vq->size = max_size;
    vq->vector = VIRTIO_NO_VECTOR;
    vq->bh = qemu_bh_new(queue_bh, vq);
    return vq;
}

void virtio_skip_queue(VirtIODevice *vdev)
{
    assert(vdev->num_queues < VIRTIO_MAX_QUEUES);
    vdev->vq[vdev->num_queues].vdev = vdev;
    vdev->vq[vdev->num_queues].index = vdev->num_queues;
    vdev->num_queues++;
}

static void reset_queue(VirtQueue *vq)
{
    if (vq->bh) {
        qemu_bh_cancel(vq->bh);
    }
    vq->size = vq->max_size;
    vq->enabled = vq->signalled_valid = false;
    vq->desc = vq->avail = vq->used = 0;
    vq->vector = VIRTIO_NO_VECTOR;
    vq->last_avail = vq->used_idx = vq->signalled_used = 0;
    vq->notification = true;
    vq->in_use = 0;
}

/* --- features and status -------------------------------------------------- */

uint64_t virtio_host_features(VirtIODevice *vdev)
{
    uint64_t features = vdev->ops->get_features ? vdev->ops->get_features(vdev) : 0;

    features |= UINT64_C(1) << VIRTIO_F_NOTIFY_ON_EMPTY | UINT64_C(1) << VIRTIO_F_ANY_LAYOUT;
    features |= (uint64_t)vdev->indirect_desc << VIRTIO_F_INDIRECT_DESC;
    features |= (uint64_t)vdev->event_idx << VIRTIO_F_EVENT_IDX;
    features |= (uint64_t)!vdev->legacy_only << VIRTIO_F_VERSION_1;
    return features;
}

void virtio_set_features(VirtIODevice *vdev, uint64_t features)
{
    uint64_t unknown = features & ~virtio_host_features(vdev);

    if (unknown) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: features 0x%" PRIx64 " were not offered\n",
                      vdev->name, unknown);
    }
    vdev->guest_features = features & ~unknown;
    if (vdev->ops->features_chosen) {
        vdev->ops->features_chosen(vdev);
    }
}

void virtio_set_status(VirtIODevice *vdev, uint8_t status)
{
    uint8_t old = vdev->status;

    trace_virtio_set_status(vdev->name, status);
    if (status == 0) {
        virtio_reset(vdev);
        return;
    }
    vdev->status = status | (old & VIRTIO_STATUS_NEEDS_RESET);
    if (vdev->ops->status_changed && vdev->status != old) {
        vdev->ops->status_changed(vdev, old);
    }
}

void virtio_reset(VirtIODevice *vdev)
{
    if (vdev->ops->reset) {
        vdev->ops->reset(vdev);
    }
    vdev->guest_features = 0;
    vdev->status = vdev->isr = 0;
    vdev->queue_sel = 0;
    vdev->config_vector = VIRTIO_NO_VECTOR;
    vdev->generation = 0;
    vdev->broken = false;
    for (int i = 0; i < vdev->num_queues; i++) {
        reset_queue(&vdev->vq[i]);
    }
}

/* --- configuration space (2.4): bytes in memory order ---------------------- */

uint32_t virtio_config_read(VirtIODevice *vdev, uint32_t addr, unsigned size)
{
    uint8_t config[VIRTIO_MAX_CONFIG] = { 0 };
    uint32_t value = 0;

    if (vdev->ops->get_config) {
        vdev->ops->get_config(vdev, config);
    }
    for (unsigned i = 0; i < size; i++) {
        uint8_t byte = addr + i < vdev->ops->config_bytes ? config[addr + i] : 0xff;

        value |= (uint32_t)byte << 8 * i;
    }
    return value;
}

void virtio_config_write(VirtIODevice *vdev, uint32_t addr, uint32_t value, unsigned size)
{
    uint8_t config[VIRTIO_MAX_CONFIG] = { 0 };

    if (!vdev->ops->set_config || size > vdev->ops->config_bytes ||
        addr > vdev->ops->config_bytes - size) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: write of %u bytes to read-only configuration 0x%x\n",
                      vdev->name, size, addr);
        return;
    }
    vdev->ops->get_config(vdev, config);
    for (unsigned i = 0; i < size; i++) {
        config[addr + i] = value >> 8 * i;
    }
    vdev->ops->set_config(vdev, config);
}

/* --- life ----------------------------------------------------------------- */

void virtio_init(VirtIODevice *vdev, const char *name, const VirtIODeviceOps *ops)
{
    assert(ops->config_bytes <= VIRTIO_MAX_CONFIG);
    vdev->name = name;
    vdev->ops = ops;
    vdev->config_vector = VIRTIO_NO_VECTOR;
}

void virtio_cleanup(VirtIODevice *vdev)
{
    virtio_reset(vdev);
    for (int i = 0; i < vdev->num_queues; i++) {
        if (vdev->vq[i].bh) {
            qemu_bh_delete(vdev->vq[i].bh);
        }
    }
    vdev->num_queues = 0;
}

static const VMStateField queue_fields[] = {
    VMSTATE_UINT16(size, VirtQueue), VMSTATE_BOOL(enabled, VirtQueue),
    VMSTATE_UINT64(desc, VirtQueue), VMSTATE_UINT64(avail, VirtQueue),
    VMSTATE_UINT64(used, VirtQueue), VMSTATE_UINT16(vector, VirtQueue),
    VMSTATE_UINT16(last_avail, VirtQueue), VMSTATE_UINT16(used_idx, VirtQueue),
    VMSTATE_UINT16(signalled_used, VirtQueue), VMSTATE_BOOL(signalled_valid, VirtQueue),
    VMSTATE_BOOL(notification, VirtQueue), VMSTATE_UINT32(in_use, VirtQueue), VMSTATE_END
};
static const VMStateDescription vmstate_queue = {
    .name = "virtqueue", .version = 1, .fields = queue_fields,
};

/* Kicks that had not been handled when the state was saved are in the rings alone. */
static int virtio_post_load(void *opaque, int version)
{
    VirtIODevice *vdev = opaque;

    for (int i = 0; i < VIRTIO_MAX_QUEUES; i++) {
        VirtQueue *vq = &vdev->vq[i];

        if (vq->size > vq->max_size || vq->in_use > VIRTIO_MAX_RING) {
            return -EINVAL;
        }
        if (virtio_queue_ready(vq)) {
            qemu_bh_schedule(vq->bh);
        }
    }
    return 0;
}

static const VMStateField virtio_fields[] = {
    VMSTATE_UINT64(guest_features, VirtIODevice), VMSTATE_UINT8(status, VirtIODevice),
    VMSTATE_UINT8(isr, VirtIODevice), VMSTATE_UINT16(queue_sel, VirtIODevice),
    VMSTATE_UINT16(config_vector, VirtIODevice), VMSTATE_UINT32(generation, VirtIODevice),
    VMSTATE_BOOL(broken, VirtIODevice),
    VMSTATE_STRUCT_ARRAY(vq, VirtIODevice, VIRTIO_MAX_QUEUES, vmstate_queue, VirtQueue),
    VMSTATE_END
};
const VMStateDescription vmstate_virtio = {
    .name = "virtio", .version = 1, .fields = virtio_fields, .post_load = virtio_post_load,
};
