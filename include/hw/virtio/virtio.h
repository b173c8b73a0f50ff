/*
 * Virtio devices without their transport (OASIS Virtual I/O Device 1.1).
 *
 * A device embeds a VirtIODevice and describes itself with VirtIODeviceOps; a
 * transport (virtio-pci.h) gives it registers and interrupts. Everything runs
 * under the BQL; queue handlers run in the main loop, never on a vCPU's thread.
 *
 *   virtio.c   features, status, configuration space, interrupts, state
 *   ring.c     split rings: descriptor chains in, used elements out
 *
 * Whatever the guest gives is checked. A ring that makes no sense breaks the
 * device until it is reset (2.1.2: DEVICE_NEEDS_RESET) and logs a guest error.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_VIRTIO_VIRTIO_H
#define HW_VIRTIO_VIRTIO_H

#include "hw/qdev.h"
#include "exec/memory.h"
#include "qemu/main-loop.h"

enum { VIRTIO_MAX_QUEUES = 64, VIRTIO_MAX_RING = 1024, VIRTIO_MAX_CONFIG = 256,
       VIRTIO_MAX_SEGMENTS = 1024 };
enum { VIRTIO_NO_VECTOR = 0xffff };

/* Device status (2.1) */
enum { VIRTIO_STATUS_ACKNOWLEDGE = 1, VIRTIO_STATUS_DRIVER = 2, VIRTIO_STATUS_DRIVER_OK = 4,
       VIRTIO_STATUS_FEATURES_OK = 8, VIRTIO_STATUS_NEEDS_RESET = 0x40, VIRTIO_STATUS_FAILED = 0x80 };
/* Feature bits of every device (6) */
enum { VIRTIO_F_NOTIFY_ON_EMPTY = 24, VIRTIO_F_ANY_LAYOUT = 27, VIRTIO_F_INDIRECT_DESC = 28,
       VIRTIO_F_EVENT_IDX = 29, VIRTIO_F_VERSION_1 = 32 };
/* Interrupt status (4.1.4.5) */
enum { VIRTIO_ISR_QUEUE = 1, VIRTIO_ISR_CONFIG = 2 };
/* Device numbers (5) */
enum { VIRTIO_ID_NET = 1, VIRTIO_ID_BLOCK = 2, VIRTIO_ID_CONSOLE = 3, VIRTIO_ID_RNG = 4,
       VIRTIO_ID_BALLOON = 5, VIRTIO_ID_SCSI = 8, VIRTIO_ID_INPUT = 18 };

typedef struct VirtIODevice VirtIODevice;
typedef struct VirtQueue VirtQueue;
typedef void VirtQueueHandler(VirtIODevice *vdev, VirtQueue *vq);

/* A buffer of the guest: device-readable segments first, then writable ones. */
typedef struct VirtSegment {
    uint64_t addr;
    uint32_t len;               /* not 0 */
} VirtSegment;

typedef struct VirtQueueElement {
    uint16_t head;              /* what the guest knows it by */
    unsigned out_num, in_num;
    uint64_t out_bytes, in_bytes;
    VirtSegment seg[];          /* out_num readable, then in_num writable */
} VirtQueueElement;

struct VirtQueue {
    /* wiring */
    VirtIODevice *vdev;
    VirtQueueHandler *handler;  /* NULL: the queue does not exist */
    QEMUBH *bh;
    uint16_t index, max_size;

    /* guest state */
    uint16_t size;
    bool enabled;               /* modern transports; legacy: desc is set */
    uint64_t desc, avail, used; /* guest addresses of the three parts */
    uint16_t vector;
    uint16_t last_avail;        /* next entry of the available ring */
    uint16_t used_idx;
    uint16_t signalled_used;    /* used_idx at the last interrupt decision */
    bool signalled_valid;
    bool notification;          /* the guest shall kick */
    uint32_t in_use;            /* elements taken and not returned */
};

typedef struct VirtIODeviceOps {
    uint16_t device_id;
    uint16_t config_bytes;
    /* Device-specific feature bits that the device offers. */
    uint64_t (*get_features)(VirtIODevice *vdev);
    void (*features_chosen)(VirtIODevice *vdev);            /* may be NULL */
    /* Fields in the byte order of virtio_stw_config.. ; NULL: no such space. */
    void (*get_config)(VirtIODevice *vdev, uint8_t *config);
    void (*set_config)(VirtIODevice *vdev, const uint8_t *config);
    void (*status_changed)(VirtIODevice *vdev, uint8_t old);
    /* Cancel requests, forget the guest. Queues are emptied afterwards. */
    void (*reset)(VirtIODevice *vdev);
} VirtIODeviceOps;

typedef struct VirtIOTransportOps {
    /* Interrupt: vector of a queue or of configuration changes; isr is up to date. */
    void (*notify)(void *opaque, uint16_t vector);
} VirtIOTransportOps;

struct VirtIODevice {
    /* wiring */
    const VirtIODeviceOps *ops;
    const VirtIOTransportOps *transport;
    void *transport_opaque;
    AddressSpace *dma_as;
    const char *name;
    int num_queues;

    /* properties */
    bool indirect_desc, event_idx;
    bool legacy_only;           /* VERSION_1 is not offered */

    /* guest state */
    uint64_t guest_features;
    uint8_t status, isr;
    uint16_t queue_sel, config_vector;
    uint32_t generation;        /* of the configuration space */
    bool broken;
    VirtQueue vq[VIRTIO_MAX_QUEUES];
};

/* From a device's realize: ops and queues; the transport fills in the rest first. */
void virtio_init(VirtIODevice *vdev, const char *name, const VirtIODeviceOps *ops);
VirtQueue *virtio_add_queue(VirtIODevice *vdev, uint16_t max_size, VirtQueueHandler *handler);
/* A queue that this device does not use but whose number must exist. */
void virtio_skip_queue(VirtIODevice *vdev);
void virtio_cleanup(VirtIODevice *vdev);

/* For transports. */
void virtio_reset(VirtIODevice *vdev);
uint64_t virtio_host_features(VirtIODevice *vdev);
void virtio_set_features(VirtIODevice *vdev, uint64_t features);
void virtio_set_status(VirtIODevice *vdev, uint8_t status);
uint32_t virtio_config_read(VirtIODevice *vdev, uint32_t addr, unsigned size);
void virtio_config_write(VirtIODevice *vdev, uint32_t addr, uint32_t value, unsigned size);
bool virtio_queue_ready(const VirtQueue *vq);
/* 2.6.2: the legacy layout, all parts behind each other; addr 0: no ring. */
void virtio_queue_set_legacy_addr(VirtQueue *vq, uint64_t addr);
/* The guest kicked queue n: its handler runs soon in the main loop. */
void virtio_queue_kick(VirtIODevice *vdev, unsigned n);

static inline bool virtio_has_feature(const VirtIODevice *vdev, unsigned bit)
{
    return vdev->guest_features >> bit & 1;
}
/* 2.4.3: a legacy driver's fields have the guest CPU's byte order, a modern one's are little endian. */
bool virtio_is_big_endian(const VirtIODevice *vdev);
uint16_t virtio_lduw_p(const VirtIODevice *vdev, const void *p);
uint32_t virtio_ldl_p(const VirtIODevice *vdev, const void *p);
uint64_t virtio_ldq_p(const VirtIODevice *vdev, const void *p);
void virtio_stw_p(const VirtIODevice *vdev, void *p, uint16_t v);
void virtio_stl_p(const VirtIODevice *vdev, void *p, uint32_t v);
void virtio_stq_p(const VirtIODevice *vdev, void *p, uint64_t v);

/* Break the device: the guest broke the rules. Logged with -d guest_errors. */
void virtio_error(VirtIODevice *vdev, const char *fmt, ...) QEMU_PRINTF(2, 3);
/* Used elements were pushed: interrupt unless the guest said that it looks by itself. */
void virtio_notify(VirtQueue *vq);
void virtio_notify_config(VirtIODevice *vdev);

/* ring.c. The next chain; NULL: none (or the device broke). g_free. */
VirtQueueElement *virtqueue_pop(VirtQueue *vq);
/* The chain that starts at descriptor `head`, which was popped before. g_free. */
VirtQueueElement *virtqueue_peek_head(VirtQueue *vq, uint16_t head);
/* Undo the newest pop. */
void virtqueue_unpop(VirtQueue *vq, const VirtQueueElement *elem);
/* Give the element back; `written` bytes of its writable part were filled. */
void virtqueue_push(VirtQueue *vq, const VirtQueueElement *elem, uint32_t written);
/* The same in two steps, for several elements at once: idx counts from 0. */
void virtqueue_fill(VirtQueue *vq, const VirtQueueElement *elem, uint32_t written, unsigned idx);
void virtqueue_flush(VirtQueue *vq, unsigned count);
bool virtqueue_empty(VirtQueue *vq);
/* Whether the guest shall kick when it adds buffers. */
void virtqueue_set_notification(VirtQueue *vq, bool enable);
bool virtqueue_should_notify(VirtQueue *vq);

/* Copy out of the readable or into the writable part. Returns bytes there were. */
size_t virtqueue_read(VirtIODevice *vdev, const VirtQueueElement *elem, uint64_t offset,
                      void *buf, size_t bytes);
size_t virtqueue_write(VirtIODevice *vdev, const VirtQueueElement *elem, uint64_t offset,
                       const void *buf, size_t bytes);
/*
 * Host pointer to a range of the writable (for_device_write) or readable part
 * when it is one piece of RAM, else NULL. Unmap with the same range.
 */
void *virtqueue_map(VirtIODevice *vdev, const VirtQueueElement *elem, uint64_t offset,
                    uint64_t bytes, bool for_device_write);
void virtqueue_unmap(VirtIODevice *vdev, void *host, uint64_t bytes, bool for_device_write);

extern const VMStateDescription vmstate_virtio;
#define VMSTATE_VIRTIO(f, s) VMSTATE_STRUCT(f, s, vmstate_virtio, VirtIODevice)

#endif
