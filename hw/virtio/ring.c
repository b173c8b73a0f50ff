/*
 * Split virtqueues (Virtual I/O Device 1.1, 2.6).
 *
 * The rings stay in guest memory; all their fields are read once and checked.
 * Other CPUs of the guest use them at the same time, hence the fences.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/virtio/virtio.h"

enum { DESC_BYTES = 16, DESC_ADDR = 0, DESC_LEN = 8, DESC_FLAGS = 12, DESC_NEXT = 14 };
enum { DESC_F_NEXT = 1, DESC_F_WRITE = 2, DESC_F_INDIRECT = 4 };
enum { AVAIL_FLAGS = 0, AVAIL_IDX = 2, AVAIL_RING = 4, AVAIL_F_NO_INTERRUPT = 1 };
enum { USED_FLAGS = 0, USED_IDX = 2, USED_RING = 4, USED_ENTRY_BYTES = 8, USED_F_NO_NOTIFY = 1 };

typedef struct Descriptor {
    uint64_t addr;
    uint32_t len;
    uint16_t flags, next;
} Descriptor;

static MemOp order(const VirtIODevice *vdev)
{
    return virtio_is_big_endian(vdev) ? MO_BE : MO_LE;
}

static uint16_t load16(VirtQueue *vq, uint64_t addr)
{
    return address_space_ld(vq->vdev->dma_as, addr, MO_16 | order(vq->vdev), NULL);
}

static void store16(VirtQueue *vq, uint64_t addr, uint16_t value)
{
    address_space_st(vq->vdev->dma_as, addr, value, MO_16 | order(vq->vdev), NULL);
}

static uint64_t used_event_addr(const VirtQueue *vq)
{
    return vq->avail + AVAIL_RING + 2 * vq->size;
}

static uint64_t avail_event_addr(const VirtQueue *vq)
{
    return vq->used + USED_RING + USED_ENTRY_BYTES * vq->size;
}

/* --- chains --------------------------------------------------------------- */

static bool load_descriptor(VirtQueue *vq, uint64_t table, unsigned index, Descriptor *d)
{
    VirtIODevice *vdev = vq->vdev;
    uint8_t raw[DESC_BYTES];

    if (address_space_read(vdev->dma_as, table + index * DESC_BYTES, raw, DESC_BYTES) != MEMTX_OK) {
        virtio_error(vdev, "queue %u: no memory at descriptor table 0x%" PRIx64, vq->index, table);
        return false;
    }
    d->addr = virtio_ldq_p(vdev, raw + DESC_ADDR);
    d->len = virtio_ldl_p(vdev, raw + DESC_LEN);
    d->flags = virtio_lduw_p(vdev, raw + DESC_FLAGS);
    d->next = virtio_lduw_p(vdev, raw + DESC_NEXT);
    return true;
}

/* Where the chain goes on: the ring's table or an indirect one. */
typedef struct ChainTable {
    uint64_t addr;
    uint32_t entries;
    bool indirect;
} ChainTable;

static bool enter_indirect(VirtQueue *vq, ChainTable *table, const Descriptor *d)
{
    if (table->indirect || d->len == 0 || d->len % DESC_BYTES ||
        !virtio_has_feature(vq->vdev, VIRTIO_F_INDIRECT_DESC)) {
        virtio_error(vq->vdev, "queue %u: invalid indirect descriptor of %u bytes", vq->index,
                     d->len);
        return false;
    }
    *table = (ChainTable) { d->addr, d->len / DESC_BYTES, true };
    return true;
}

static bool append_segment(VirtQueue *vq, VirtQueueElement *elem, const Descriptor *d)
{
    unsigned n = elem->out_num + elem->in_num;

    if (n == VIRTIO_MAX_SEGMENTS || d->len == 0 || d->addr + d->len < d->addr) {
        virtio_error(vq->vdev, "queue %u: invalid buffer of %u bytes at 0x%" PRIx64, vq->index,
                     d->len, d->addr);
        return false;
    }
    if (d->flags & DESC_F_WRITE) {
        elem->in_num++;
        elem->in_bytes += d->len;
    } else if (elem->in_num) {
        virtio_error(vq->vdev, "queue %u: readable buffer behind a writable one", vq->index);
        return false;
    } else {
        elem->out_num++;
        elem->out_bytes += d->len;
    }
    elem->seg[n] = (VirtSegment) { d->addr, d->len };
    return true;
}

/* False: the device is broken. */
static bool collect_chain(VirtQueue *vq, uint16_t head, VirtQueueElement *elem)
{
    ChainTable table = { vq->desc, vq->size, false };
    unsigned index = head, steps = 0;
    Descriptor d;

    for (;;) {
        if (index >= table.entries || ++steps > table.entries + 1) {
            virtio_error(vq->vdev, "queue %u: descriptor %u out of range, or a loop", vq->index,
                         index);
            return false;
        }
        if (!load_descriptor(vq, table.addr, index, &d)) {
            return false;
        }
        if (d.flags & DESC_F_INDIRECT) {
            if (!enter_indirect(vq, &table, &d)) {
                return false;
            }
            index = steps = 0;
            continue;
        }
        if (!append_segment(vq, elem, &d)) {
            return false;
        }
        if (!(d.flags & DESC_F_NEXT)) {
            return true;
        }
        index = d.next;
    }
}

VirtQueueElement *virtqueue_peek_head(VirtQueue *vq, uint16_t head)
{
    /* Chains are short: collect on the stack, keep what there is. */
    union {
        VirtQueueElement elem;
        uint8_t room[sizeof(VirtQueueElement) + VIRTIO_MAX_SEGMENTS * sizeof(VirtSegment)];
    } u;
    size_t bytes;

    memset(&u.elem, 0, sizeof(u.elem));
    u.elem.head = head;
    if (!collect_chain(vq, head, &u.elem)) {
        return NULL;
    }
    bytes = sizeof(u.elem) + (u.elem.out_num + u.elem.in_num) * sizeof(VirtSegment);
    return g_memdup2(&u, bytes);
}

bool virtqueue_empty(VirtQueue *vq)
{
    return vq->vdev->broken || !virtio_queue_ready(vq) ||
           load16(vq, vq->avail + AVAIL_IDX) == vq->last_avail;
}

VirtQueueElement *virtqueue_pop(VirtQueue *vq)
{
    VirtIODevice *vdev = vq->vdev;
    VirtQueueElement *elem;
    uint16_t waiting, head;

    if (vdev->broken || !virtio_queue_ready(vq)) {
        return NULL;
    }
    waiting = load16(vq, vq->avail + AVAIL_IDX) - vq->last_avail;
    if (waiting == 0) {
        return NULL;
    }
    if (waiting > vq->size || vq->in_use >= vq->size) {
        virtio_error(vdev, "queue %u: %u buffers available in a ring of %u", vq->index, waiting,
                     vq->size);
        return NULL;
    }
    __atomic_thread_fence(__ATOMIC_ACQUIRE);        /* 2.6.13.1: entries after the index */
    head = load16(vq, vq->avail + AVAIL_RING + 2 * (vq->last_avail % vq->size));
    elem = virtqueue_peek_head(vq, head);
    if (!elem) {
        return NULL;
    }
    vq->last_avail++;
    vq->in_use++;
    if (vq->notification && virtio_has_feature(vdev, VIRTIO_F_EVENT_IDX)) {
        store16(vq, avail_event_addr(vq), vq->last_avail);
    }
    return elem;
}

void virtqueue_unpop(VirtQueue *vq, const VirtQueueElement *elem)
{
    vq->last_avail--;
    vq->in_use--;
}

/* --- used elements -------------------------------------------------------- */

void virtqueue_fill(VirtQueue *vq, const VirtQueueElement *elem, uint32_t written, unsigned idx)
{
    uint64_t addr = vq->used + USED_RING +
                    USED_ENTRY_BYTES * ((uint16_t)(vq->used_idx + idx) % (vq->size ? vq->size : 1));
    uint8_t entry[USED_ENTRY_BYTES];

    if (vq->vdev->broken || !virtio_queue_ready(vq)) {
        return;
    }
    virtio_stl_p(vq->vdev, entry, elem->head);
    virtio_stl_p(vq->vdev, entry + 4, written);
    address_space_write(vq->vdev->dma_as, addr, entry, sizeof(entry));
}

void virtqueue_flush(VirtQueue *vq, unsigned count)
{
    uint16_t old = vq->used_idx;

    vq->in_use -= MIN(count, vq->in_use);
    if (vq->vdev->broken || !virtio_queue_ready(vq)) {
        return;
    }
    __atomic_thread_fence(__ATOMIC_RELEASE);        /* 2.6.14: entries before the index */
    vq->used_idx += count;
    store16(vq, vq->used + USED_IDX, vq->used_idx);
    if ((uint16_t)(vq->used_idx - vq->signalled_used) < (uint16_t)(vq->used_idx - old)) {
        vq->signalled_valid = false;                /* the index went round */
    }
}

void virtqueue_push(VirtQueue *vq, const VirtQueueElement *elem, uint32_t written)
{
    virtqueue_fill(vq, elem, written, 0);
    virtqueue_flush(vq, 1);
}

void virtqueue_set_notification(VirtQueue *vq, bool enable)
{
    vq->notification = enable;
    if (vq->vdev->broken || !virtio_queue_ready(vq)) {
        return;
    }
    if (virtio_has_feature(vq->vdev, VIRTIO_F_EVENT_IDX)) {
        if (enable) {
            store16(vq, avail_event_addr(vq), vq->last_avail);
        }
    } else {
        store16(vq, vq->used + USED_FLAGS, enable ? 0 : USED_F_NO_NOTIFY);
    }
    __atomic_thread_fence(__ATOMIC_SEQ_CST);        /* the caller looks at the ring again */
}

/* 2.6.7.2 and 2.6.8: has the used index passed the guest's mark since last time? */
bool virtqueue_should_notify(VirtQueue *vq)
{
    VirtIODevice *vdev = vq->vdev;
    uint16_t old = vq->signalled_used, now = vq->used_idx, event;
    bool valid = vq->signalled_valid;

    __atomic_thread_fence(__ATOMIC_SEQ_CST);        /* used index before the guest's wish */
    if (virtio_has_feature(vdev, VIRTIO_F_NOTIFY_ON_EMPTY) && !vq->in_use && virtqueue_empty(vq)) {
        return true;
    }
    if (!virtio_queue_ready(vq)) {
        return false;
    }
    if (!virtio_has_feature(vdev, VIRTIO_F_EVENT_IDX)) {
        return !(load16(vq, vq->avail + AVAIL_FLAGS) & AVAIL_F_NO_INTERRUPT);
    }
    vq->signalled_used = now;
    vq->signalled_valid = true;
    event = load16(vq, used_event_addr(vq));
    return !valid || (uint16_t)(now - event - 1) < (uint16_t)(now - old);
}

/* --- data ----------------------------------------------------------------- */

static size_t copy_segments(VirtIODevice *vdev, const VirtSegment *seg, unsigned n,
                            uint64_t offset, uint8_t *buf, size_t bytes, bool to_guest)
{
    size_t done = 0;

    for (; n && done < bytes; n--, seg++) {
        size_t part;

        if (offset >= seg->len) {
            offset -= seg->len;
            continue;
        }
        part = MIN(bytes - done, (size_t)(seg->len - offset));
        if (to_guest) {
            address_space_write(vdev->dma_as, seg->addr + offset, buf + done, part);
        } else {
            address_space_read(vdev->dma_as, seg->addr + offset, buf + done, part);
        }
        offset = 0;
        done += part;
    }
    return done;
}

size_t virtqueue_read(VirtIODevice *vdev, const VirtQueueElement *elem, uint64_t offset,
                      void *buf, size_t bytes)
{
    return copy_segments(vdev, elem->seg, elem->out_num, offset, buf, bytes, false);
}

size_t virtqueue_write(VirtIODevice *vdev, const VirtQueueElement *elem, uint64_t offset,
                       const void *buf, size_t bytes)
{
    return copy_segments(vdev, elem->seg + elem->out_num, elem->in_num, offset, (uint8_t *)buf,
                         bytes, true);
}

void *virtqueue_map(VirtIODevice *vdev, const VirtQueueElement *elem, uint64_t offset,
                    uint64_t bytes, bool for_device_write)
{
    const VirtSegment *seg = elem->seg + (for_device_write ? elem->out_num : 0);
    unsigned n = for_device_write ? elem->in_num : elem->out_num;
    uint64_t addr, got;
    hwaddr mapped = bytes;
    void *host;

    while (n && offset >= seg->len) {
        offset -= seg->len;
        seg++;
        n--;
    }
    if (!n || !bytes) {
        return NULL;
    }
    addr = seg->addr + offset;
    got = seg->len - offset;
    while (got < bytes) {
        if (--n == 0 || (++seg)->addr != addr + got) {
            return NULL;
        }
        got += seg->len;
    }
    host = address_space_map(vdev->dma_as, addr, &mapped, for_device_write);
    if (host && mapped < bytes) {
        address_space_unmap(vdev->dma_as, host, mapped, for_device_write, 0);
        return NULL;
    }
    return host;
}

void virtqueue_unmap(VirtIODevice *vdev, void *host, uint64_t bytes, bool for_device_write)
{
    address_space_unmap(vdev->dma_as, host, bytes, for_device_write, for_device_write ? bytes : 0);
}
