/*
 * Traditional memory balloon (Virtual I/O Device 1.1, 5.5).
 *
 * Queues      0 inflate, 1 deflate, 2 statistics
 * Features    STATS_VQ, DEFLATE_ON_OOM (property "deflate-on-oom")
 * Monitor     "balloon MIB" sets the guest's target, "info balloon" tells where
 *             it stands
 *
 * Inflated pages go back to the host; the guest gets zeros when it takes them
 * again.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/virtio/balloon.h"
#include "exec/ram_block.h"
#include "hw/boards.h"
#include "hw/virtio/virtio-pci.h"
#include "monitor/monitor.h"
#include "qemu/bswap.h"
#include "qemu/log.h"

#define TYPE_VIRTIO_BALLOON_PCI "virtio-balloon-pci"

enum { F_MUST_TELL_HOST = 0, F_STATS_VQ = 1, F_DEFLATE_ON_OOM = 2 };
enum { CFG_NUM_PAGES = 0, CFG_ACTUAL = 4, CFG_BYTES = 8, QUEUE_SIZE = 128 };
enum { PAGE_SHIFT = 12, PAGE_BYTES = 1 << PAGE_SHIFT, PFNS_AT_ONCE = 256 };

typedef struct VirtIOBalloon {
    VirtIOPCIProxy proxy;
    VirtIODevice vdev;

    /* wiring */
    VirtQueue *inflate, *deflate, *stats;

    /* properties */
    bool deflate_on_oom;

    /* guest state */
    uint32_t num_pages, actual;
    bool stats_held;                    /* the guest's statistics buffer is here */
    uint16_t stats_head;
} VirtIOBalloon;
#define VIRTIO_BALLOON_PCI(o) OBJECT_CHECK(VirtIOBalloon, (o), TYPE_VIRTIO_BALLOON_PCI)

static VirtIOBalloon *the_balloon;      /* what the monitor's commands are about */

static VirtIOBalloon *from_vdev(VirtIODevice *vdev)
{
    return container_of(vdev, VirtIOBalloon, vdev);
}

static void release_page(uint64_t addr)
{
    hwaddr length = PAGE_BYTES;
    void *host = address_space_map(&address_space_memory, addr, &length, true);

    if (!host || length < PAGE_BYTES) {
        qemu_log_mask(LOG_GUEST_ERROR, "virtio-balloon: 0x%" PRIx64 " is not memory\n", addr);
        return;
    }
    ram_block_discard(host, PAGE_BYTES);
    address_space_unmap(&address_space_memory, host, length, true, 0);
}

static void release_pages(VirtIODevice *vdev, VirtQueueElement *elem)
{
    uint8_t raw[4 * PFNS_AT_ONCE];
    uint64_t offset = 0;
    size_t n;

    while ((n = virtqueue_read(vdev, elem, offset, raw, sizeof(raw))) >= 4) {
        for (size_t i = 0; i + 4 <= n; i += 4) {
            release_page((uint64_t)virtio_ldl_p(vdev, raw + i) << PAGE_SHIFT);
        }
        offset += n & ~(size_t)3;
    }
}

static void handle_pages(VirtIODevice *vdev, VirtQueue *vq)
{
    VirtQueueElement *elem;

    while ((elem = virtqueue_pop(vq))) {
        if (vq == from_vdev(vdev)->inflate) {
            release_pages(vdev, elem);
        }
        virtqueue_push(vq, elem, 0);
        g_free(elem);
    }
    virtio_notify(vq);
}

/* 5.5.6.3: the guest leaves a buffer here, which is returned to ask for news. */
static void handle_stats(VirtIODevice *vdev, VirtQueue *vq)
{
    VirtIOBalloon *s = from_vdev(vdev);
    VirtQueueElement *elem;

    while ((elem = virtqueue_pop(vq))) {
        if (s->stats_held) {
            virtio_error(vdev, "a second statistics buffer");
        }
        s->stats_held = true;
        s->stats_head = elem->head;
        g_free(elem);
    }
}

static uint64_t balloon_get_features(VirtIODevice *vdev)
{
    return 1u << F_STATS_VQ | (uint64_t)from_vdev(vdev)->deflate_on_oom << F_DEFLATE_ON_OOM;
}

/* 5.5.4: little endian even for legacy drivers. */
static void balloon_get_config(VirtIODevice *vdev, uint8_t *c)
{
    stl_le_p(c + CFG_NUM_PAGES, from_vdev(vdev)->num_pages);
    stl_le_p(c + CFG_ACTUAL, from_vdev(vdev)->actual);
}

static void balloon_set_config(VirtIODevice *vdev, const uint8_t *c)
{
    from_vdev(vdev)->actual = ldl_le_p(c + CFG_ACTUAL);
}

static void balloon_reset(VirtIODevice *vdev)
{
    VirtIOBalloon *s = from_vdev(vdev);

    s->stats_held = false;
    s->stats_head = 0;
}

static const VirtIODeviceOps balloon_ops = {
    .device_id = VIRTIO_ID_BALLOON, .config_bytes = CFG_BYTES,
    .get_features = balloon_get_features, .get_config = balloon_get_config,
    .set_config = balloon_set_config, .reset = balloon_reset,
};

static bool balloon_is_there(Error **errp)
{
    if (!the_balloon) {
        error_setg(errp, "no balloon device has been activated");
        error_set_class(errp, ERROR_DEVICE_NOT_ACTIVE);
    }
    return the_balloon != NULL;
}

bool balloon_set_target(uint64_t bytes, Error **errp)
{
    uint64_t ram = current_machine->ram_size;

    if (!balloon_is_there(errp)) {
        return false;
    }
    if (!bytes) {
        error_setg(errp, "expected a size");
        return false;
    }
    the_balloon->num_pages = (ram - MIN(bytes, ram)) >> PAGE_SHIFT;
    virtio_notify_config(&the_balloon->vdev);
    return true;
}

bool balloon_get_actual(uint64_t *bytes, Error **errp)
{
    uint64_t ram = current_machine->ram_size;

    if (!balloon_is_there(errp)) {
        return false;
    }
    *bytes = ram - MIN((uint64_t)the_balloon->actual * PAGE_BYTES, ram);     /* the guest says it */
    return true;
}

static void hmp_balloon(Monitor *mon, const char *args)
{
    Error *err = NULL;
    char *end;
    uint64_t target = strtoull(args, &end, 0) * MiB;

    if (!balloon_set_target(end == args || *end ? 0 : target, &err)) {
        error_prepend(&err, "balloon: ");
        error_report_err(err);
    }
}

static void hmp_info_balloon(Monitor *mon, const char *args)
{
    Error *err = NULL;
    uint64_t actual;

    if (!balloon_get_actual(&actual, &err)) {
        error_prepend(&err, "info balloon: ");
        error_report_err(err);
        return;
    }
    monitor_printf(mon, "balloon: actual=%" PRIu64 "\n", actual / MiB);
}

static const HMPCommand balloon_command = { "balloon", NULL, "target",
    "request the guest to change its memory to the target (in MiB)", hmp_balloon, NULL };
static const HMPCommand info_balloon_command = { "info balloon", NULL, "",
    "show balloon information", hmp_info_balloon, NULL };
DEFINE_HMP(balloon_command)
DEFINE_HMP(info_balloon_command)

static const VMStateField balloon_fields[] = {
    VMSTATE_VIRTIO_PCI(proxy, VirtIOBalloon), VMSTATE_VIRTIO(vdev, VirtIOBalloon),
    VMSTATE_UINT32(num_pages, VirtIOBalloon), VMSTATE_UINT32(actual, VirtIOBalloon),
    VMSTATE_BOOL(stats_held, VirtIOBalloon), VMSTATE_UINT16(stats_head, VirtIOBalloon),
    VMSTATE_END
};
static const VMStateDescription vmstate_balloon = {
    .name = "virtio-balloon", .version = 1, .fields = balloon_fields,
};

static bool balloon_realize(DeviceState *dev, Error **errp)
{
    VirtIOBalloon *s = VIRTIO_BALLOON_PCI(dev);

    if (the_balloon) {
        error_setg(errp, "only one balloon is possible");
        return false;
    }
    if (s->proxy.vectors == UINT32_MAX) {
        s->proxy.vectors = 0;
    }
    virtio_pci_setup(&s->proxy, &s->vdev);
    virtio_init(&s->vdev, "virtio-balloon", &balloon_ops);
    s->inflate = virtio_add_queue(&s->vdev, QUEUE_SIZE, handle_pages);
    s->deflate = virtio_add_queue(&s->vdev, QUEUE_SIZE, handle_pages);
    s->stats = virtio_add_queue(&s->vdev, QUEUE_SIZE, handle_stats);
    if (!virtio_pci_finish(&s->proxy, errp)) {
        return false;
    }
    the_balloon = s;
    return true;
}

static void balloon_unrealize(DeviceState *dev)
{
    the_balloon = NULL;
    virtio_pci_unsetup(&VIRTIO_BALLOON_PCI(dev)->proxy);
}

static void balloon_device_reset(DeviceState *dev)
{
    VirtIOBalloon *s = VIRTIO_BALLOON_PCI(dev);

    s->num_pages = s->actual = 0;
}

static const Property balloon_props[] = {
    DEFINE_PROP_BOOL("deflate-on-oom", VirtIOBalloon, deflate_on_oom, false),
    DEFINE_PROP_END
};

static const PCIDeviceClass balloon_class = {
    .vendor_id = 0x1af4, .device_id = 0x1002, .class_id = 0x00ff,
    .config_read = virtio_pci_config_read, .config_write = virtio_pci_config_write,
};

static const TypeInfo balloon_info = {
    .name = TYPE_VIRTIO_BALLOON_PCI, .parent = TYPE_VIRTIO_PCI, .desc = "Virtio memory balloon",
    .instance_size = sizeof(VirtIOBalloon), .realize = balloon_realize,
    .unrealize = balloon_unrealize, .reset = balloon_device_reset, .props = balloon_props,
    .vmsd = &vmstate_balloon, .user_creatable = true, .category = "misc",
    .class_data = &balloon_class,
};
DEFINE_TYPE(balloon_info)
