/*
 * Virtio block device (Virtual I/O Device 1.1, 5.2).
 *
 * Queues      one request queue
 * Features    SEG_MAX, GEOMETRY, RO, BLK_SIZE, FLUSH, TOPOLOGY, CONFIG_WCE,
 *             DISCARD, WRITE_ZEROES
 * Properties  "drive", "serial", "logical_block_size", "physical_block_size",
 *             "discard", "write-zeroes", "queue-size", "config-wce"
 * Left out    SCSI passthrough of the legacy interface (answered as unsupported)
 *
 * Data goes straight between image and guest memory where a request is one
 * piece of RAM, else through a bounded buffer, piece by piece. Requests that
 * stop the machine (werror=, rerror=) run again when it continues.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "block/block.h"
#include "hw/virtio/virtio-pci.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "sysemu/sysemu.h"

#define TYPE_VIRTIO_BLK_PCI "virtio-blk-pci"

enum { F_SEG_MAX = 2, F_GEOMETRY = 4, F_RO = 5, F_BLK_SIZE = 6, F_FLUSH = 9, F_TOPOLOGY = 10,
       F_CONFIG_WCE = 11, F_DISCARD = 13, F_WRITE_ZEROES = 14 };
enum { T_IN = 0, T_OUT = 1, T_FLUSH = 4, T_GET_ID = 8, T_DISCARD = 11, T_WRITE_ZEROES = 13,
       T_BARRIER = 0x80000000 };
enum { S_OK = 0, S_IOERR = 1, S_UNSUPP = 2 };
enum { HEADER_BYTES = 16, HEADER_TYPE = 0, HEADER_SECTOR = 8, ID_BYTES = 20 };
/* 5.2.4 */
enum { CFG_CAPACITY = 0, CFG_SEG_MAX = 12, CFG_CYLINDERS = 16, CFG_HEADS = 18, CFG_SECTORS = 19,
       CFG_BLK_SIZE = 20, CFG_PHYSICAL_EXP = 24, CFG_ALIGNMENT = 25, CFG_MIN_IO = 26,
       CFG_OPT_IO = 28, CFG_WRITEBACK = 32, CFG_NUM_QUEUES = 34, CFG_MAX_DISCARD = 36,
       CFG_MAX_DISCARD_SEG = 40, CFG_DISCARD_ALIGN = 44, CFG_MAX_ZEROES = 48,
       CFG_MAX_ZEROES_SEG = 52, CFG_ZEROES_UNMAP = 56, CFG_BYTES = 60 };
/* 5.2.6: a range of discard and write zeroes */
enum { RANGE_SECTOR = 0, RANGE_COUNT = 8, RANGE_FLAGS = 12, RANGE_BYTES = 16, RANGE_UNMAP = 1 };
enum { BOUNCE_BYTES = 1 << 20, SPARE_BUFFERS = 4, MAX_RANGE_SECTORS = 0x3fffff,
       MAX_CYLINDERS = 16383, GEOMETRY_HEADS = 16, GEOMETRY_SECTORS = 63 };

typedef struct VirtIOBlock VirtIOBlock;

typedef struct BlkRequest {
    VirtIOBlock *s;
    VirtQueueElement *elem;
    BlockAIOCB *acb;
    struct BlkRequest *next;
    uint32_t type;
    int64_t offset;             /* on the disk */
    uint64_t bytes, done;       /* of the whole transfer */
    uint64_t part;              /* bytes under way */
    void *host;                 /* guest RAM of the part, or NULL */
    uint8_t *bounce;            /* its buffer, or NULL */
} BlkRequest;

struct VirtIOBlock {
    VirtIOPCIProxy proxy;
    VirtIODevice vdev;

    /* wiring */
    VirtQueue *vq;
    BlkRequest *requests;       /* under way */
    GPtrArray *spare;           /* bounce buffers to use again */

    /* properties */
    BlockBackend *blk;
    char *serial;
    uint32_t logical_block_size, physical_block_size;
    uint16_t queue_size;
    bool discard, write_zeroes, config_wce;

    /* guest state */
    bool default_write_cache;   /* fixed by realize */
    uint8_t stopped_heads[VIRTIO_MAX_RING / 8];     /* requests to run when the machine continues */
};
#define VIRTIO_BLK_PCI(o) OBJECT_CHECK(VirtIOBlock, (o), TYPE_VIRTIO_BLK_PCI)

static VirtIOBlock *from_vdev(VirtIODevice *vdev)
{
    return container_of(vdev, VirtIOBlock, vdev);
}

/* --- ends of requests ------------------------------------------------------ */

static void free_buffers(BlkRequest *req)
{
    if (req->bounce) {
        if (req->s->spare->len < SPARE_BUFFERS) {
            g_ptr_array_add(req->s->spare, req->bounce);
        } else {
            g_free(req->bounce);
        }
        req->bounce = NULL;
    }
}

static void free_request(BlkRequest *req)
{
    BlkRequest **p = &req->s->requests;

    while (*p != req) {
        p = &(*p)->next;
    }
    *p = req->next;
    free_buffers(req);
    g_free(req->elem);
    g_free(req);
}

/* 5.2.6: the status is the last writable byte. */
static void finish(BlkRequest *req, uint8_t status)
{
    VirtIOBlock *s = req->s;
    VirtIODevice *vdev = &s->vdev;
    bool data_in = req->type == T_IN || req->type == T_GET_ID;

    virtqueue_write(vdev, req->elem, req->elem->in_bytes - 1, &status, 1);
    virtqueue_push(s->vq, req->elem, data_in && status == S_OK ? req->elem->in_bytes : 1);
    virtio_notify(s->vq);
    free_request(req);
}

/* The machine stops and the request runs again later, or the guest gets an error. */
static void failed(BlkRequest *req, int ret)
{
    VirtIOBlock *s = req->s;
    uint16_t head = req->elem->head;

    if (blk_error_action_stop(s->blk, req->type == T_IN, -ret)) {
        s->stopped_heads[head / 8] |= 1 << head % 8;
        free_request(req);
    } else {
        finish(req, S_IOERR);
    }
}

/* --- transfers ------------------------------------------------------------ */

static void next_part(BlkRequest *req);

/* Puts the data of a read where it belongs. */
static void part_done(void *opaque, int ret)
{
    BlkRequest *req = opaque;
    VirtIODevice *vdev = &req->s->vdev;

    req->acb = NULL;
    if (req->host) {
        virtqueue_unmap(vdev, req->host, req->part, req->type == T_IN);
        req->host = NULL;
    } else if (ret == 0 && req->type == T_IN) {
        virtqueue_write(vdev, req->elem, req->done, req->bounce, req->part);
    }
    if (ret < 0) {
        failed(req, ret);
        return;
    }
    req->done += req->part;
    next_part(req);
}

/* A buffer for the part; where it has to be a copy, the part is bounded. */
static void *part_buffer(BlkRequest *req)
{
    VirtIODevice *vdev = &req->s->vdev;
    uint64_t header = req->type == T_IN ? 0 : HEADER_BYTES;
    uint64_t left = req->bytes - req->done;
    GPtrArray *spare = req->s->spare;

    req->part = MIN(left, (uint64_t)INT32_MAX & ~(uint64_t)(BDRV_SECTOR_SIZE - 1));
    req->host = virtqueue_map(vdev, req->elem, header + req->done, req->part, req->type == T_IN);
    if (req->host) {
        return req->host;
    }
    req->part = MIN(left, (uint64_t)BOUNCE_BYTES);
    if (!req->bounce) {
        req->bounce = spare->len ? g_ptr_array_steal_index_fast(spare, spare->len - 1)
                                 : g_malloc(BOUNCE_BYTES);
    }
    if (req->type == T_OUT) {
        virtqueue_read(vdev, req->elem, header + req->done, req->bounce, req->part);
    }
    return req->bounce;
}

static void next_part(BlkRequest *req)
{
    VirtIOBlock *s = req->s;
    int64_t offset = req->offset + req->done;
    void *buf;

    if (req->done == req->bytes) {
        finish(req, S_OK);
        return;
    }
    buf = part_buffer(req);
    if (req->type == T_IN) {
        req->acb = blk_aio_pread(s->blk, offset, buf, req->part, part_done, req);
    } else {
        req->acb = blk_aio_pwrite(s->blk, offset, buf, req->part, part_done, req);
    }
}

/* 5.2.6.2: whole blocks inside the disk. */
static bool range_valid(VirtIOBlock *s, uint64_t sector, uint64_t bytes)
{
    uint64_t sectors = blk_getlength(s->blk) < 0 ? 0 : blk_getlength(s->blk) / BDRV_SECTOR_SIZE;
    uint64_t per_block = s->logical_block_size / BDRV_SECTOR_SIZE;

    return bytes % s->logical_block_size == 0 && sector % per_block == 0 && sector <= sectors &&
           bytes / BDRV_SECTOR_SIZE <= sectors - sector;
}

static void start_transfer(BlkRequest *req, uint64_t sector)
{
    VirtIOBlock *s = req->s;

    req->bytes = req->type == T_IN ? req->elem->in_bytes - 1 : req->elem->out_bytes - HEADER_BYTES;
    if (!range_valid(s, sector, req->bytes)) {
        qemu_log_mask(LOG_GUEST_ERROR, "virtio-blk: %" PRIu64 " bytes at sector %" PRIu64
                      " are outside of the disk\n", req->bytes, sector);
        finish(req, S_IOERR);
        return;
    }
    req->offset = sector * BDRV_SECTOR_SIZE;
    next_part(req);
}

static void start_get_id(BlkRequest *req)
{
    char id[ID_BYTES] = { 0 };
    const char *serial = req->s->serial ? req->s->serial : "";

    memcpy(id, serial, strnlen(serial, ID_BYTES));
    virtqueue_write(&req->s->vdev, req->elem, 0, id,
                    MIN((uint64_t)ID_BYTES, req->elem->in_bytes - 1));
    finish(req, S_OK);
}

/* Flush, discard, write zeroes. */
static void simple_done(void *opaque, int ret)
{
    BlkRequest *req = opaque;

    req->acb = NULL;
    if (ret < 0) {
        failed(req, ret);
    } else {
        finish(req, S_OK);
    }
}

/* 5.2.6.2: one range, as max_discard_seg and max_write_zeroes_seg say. */
static void start_range(BlkRequest *req)
{
    VirtIOBlock *s = req->s;
    uint8_t raw[RANGE_BYTES];
    uint64_t sector, bytes;
    uint32_t flags;

    if (req->elem->out_bytes != HEADER_BYTES + RANGE_BYTES) {
        finish(req, S_UNSUPP);
        return;
    }
    virtqueue_read(&s->vdev, req->elem, HEADER_BYTES, raw, RANGE_BYTES);
    sector = virtio_ldq_p(&s->vdev, raw + RANGE_SECTOR);
    bytes = (uint64_t)virtio_ldl_p(&s->vdev, raw + RANGE_COUNT) * BDRV_SECTOR_SIZE;
    flags = virtio_ldl_p(&s->vdev, raw + RANGE_FLAGS);
    if ((flags & ~RANGE_UNMAP) || (req->type == T_DISCARD && flags)) {
        finish(req, S_UNSUPP);
    } else if (bytes > (uint64_t)MAX_RANGE_SECTORS * BDRV_SECTOR_SIZE ||
               !range_valid(s, sector, bytes)) {
        finish(req, S_IOERR);
    } else if (req->type == T_DISCARD) {
        req->acb = blk_aio_pdiscard(s->blk, sector * BDRV_SECTOR_SIZE, bytes, simple_done, req);
    } else {
        req->acb = blk_aio_pwrite_zeroes(s->blk, sector * BDRV_SECTOR_SIZE, bytes,
                                         flags & RANGE_UNMAP, simple_done, req);
    }
}

/* --- requests ------------------------------------------------------------- */

static bool changes_disk(uint32_t type)
{
    return type == T_OUT || type == T_DISCARD || type == T_WRITE_ZEROES;
}

/* Takes elem. */
static void start_request(VirtIOBlock *s, VirtQueueElement *elem)
{
    VirtIODevice *vdev = &s->vdev;
    uint8_t header[HEADER_BYTES];
    BlkRequest *req;

    if (virtqueue_read(vdev, elem, 0, header, HEADER_BYTES) < HEADER_BYTES || !elem->in_bytes) {
        virtio_error(vdev, "request without header or status");
        g_free(elem);
        return;
    }
    req = g_new0(BlkRequest, 1);
    req->s = s;
    req->elem = elem;
    req->next = s->requests;
    s->requests = req;
    req->type = virtio_ldl_p(vdev, header + HEADER_TYPE) & ~(uint32_t)T_BARRIER;
    if (changes_disk(req->type) && blk_is_read_only(s->blk)) {
        finish(req, S_IOERR);
        return;
    }
    switch (req->type) {
    case T_IN:
    case T_OUT:
        start_transfer(req, virtio_ldq_p(vdev, header + HEADER_SECTOR));
        break;
    case T_FLUSH:
        req->acb = blk_aio_flush(s->blk, simple_done, req);
        break;
    case T_GET_ID:
        start_get_id(req);
        break;
    case T_DISCARD:
    case T_WRITE_ZEROES:
        start_range(req);
        break;
    default:
        finish(req, S_UNSUPP);
        break;
    }
}

static void handle_requests(VirtIODevice *vdev, VirtQueue *vq)
{
    VirtIOBlock *s = from_vdev(vdev);
    VirtQueueElement *elem;

    do {
        virtqueue_set_notification(vq, false);
        while ((elem = virtqueue_pop(vq))) {
            start_request(s, elem);
        }
        virtqueue_set_notification(vq, true);
    } while (!virtqueue_empty(vq));
}

static void vm_state_changed(void *opaque, bool running, RunState state)
{
    VirtIOBlock *s = opaque;

    for (unsigned head = 0; running && head < VIRTIO_MAX_RING; head++) {
        if (s->stopped_heads[head / 8] >> head % 8 & 1) {
            VirtQueueElement *elem = virtqueue_peek_head(s->vq, head);

            s->stopped_heads[head / 8] &= ~(1 << head % 8);
            if (elem) {
                start_request(s, elem);
            }
        }
    }
}

/* --- features and configuration --------------------------------------------- */

static uint64_t blk_get_features(VirtIODevice *vdev)
{
    VirtIOBlock *s = from_vdev(vdev);
    uint64_t features = 1u << F_SEG_MAX | 1u << F_GEOMETRY | 1u << F_BLK_SIZE | 1u << F_FLUSH |
                        1u << F_TOPOLOGY;

    features |= (uint64_t)s->config_wce << F_CONFIG_WCE;
    features |= (uint64_t)s->discard << F_DISCARD | (uint64_t)s->write_zeroes << F_WRITE_ZEROES;
    return features | (uint64_t)blk_is_read_only(s->blk) << F_RO;
}

/* 5.2.6.2: a driver that cannot flush needs each write on the medium. */
static void blk_features_chosen(VirtIODevice *vdev)
{
    VirtIOBlock *s = from_vdev(vdev);

    blk_set_enable_write_cache(s->blk, virtio_has_feature(vdev, F_FLUSH) ? s->default_write_cache
                                                                        : false);
}

static void blk_get_config(VirtIODevice *vdev, uint8_t *c)
{
    VirtIOBlock *s = from_vdev(vdev);
    uint64_t sectors = MAX(blk_getlength(s->blk), 0) / BDRV_SECTOR_SIZE;
    uint32_t block = s->logical_block_size;
    uint64_t cylinders = sectors / (GEOMETRY_HEADS * GEOMETRY_SECTORS);

    virtio_stq_p(vdev, c + CFG_CAPACITY, sectors);
    virtio_stl_p(vdev, c + CFG_SEG_MAX, s->queue_size - 2);
    virtio_stw_p(vdev, c + CFG_CYLINDERS, CLAMP(cylinders, (uint64_t)2, (uint64_t)MAX_CYLINDERS));
    c[CFG_HEADS] = GEOMETRY_HEADS;
    c[CFG_SECTORS] = GEOMETRY_SECTORS;
    virtio_stl_p(vdev, c + CFG_BLK_SIZE, block);
    c[CFG_PHYSICAL_EXP] = __builtin_ctz(s->physical_block_size / block);
    c[CFG_WRITEBACK] = blk_enable_write_cache(s->blk);
    virtio_stw_p(vdev, c + CFG_NUM_QUEUES, 1);
    virtio_stl_p(vdev, c + CFG_MAX_DISCARD, s->discard ? MAX_RANGE_SECTORS : 0);
    virtio_stl_p(vdev, c + CFG_MAX_DISCARD_SEG, s->discard);
    virtio_stl_p(vdev, c + CFG_DISCARD_ALIGN, s->discard ? block / BDRV_SECTOR_SIZE : 0);
    virtio_stl_p(vdev, c + CFG_MAX_ZEROES, s->write_zeroes ? MAX_RANGE_SECTORS : 0);
    virtio_stl_p(vdev, c + CFG_MAX_ZEROES_SEG, s->write_zeroes);
    c[CFG_ZEROES_UNMAP] = s->write_zeroes;
}

static void blk_set_config(VirtIODevice *vdev, const uint8_t *c)
{
    VirtIOBlock *s = from_vdev(vdev);

    if (virtio_has_feature(vdev, F_CONFIG_WCE)) {
        blk_set_enable_write_cache(s->blk, c[CFG_WRITEBACK]);
    }
}

/* --- life ----------------------------------------------------------------- */

static void blk_reset(VirtIODevice *vdev)
{
    VirtIOBlock *s = from_vdev(vdev);

    while (s->requests) {
        BlkRequest *req = s->requests;

        if (req->acb) {
            blk_aio_cancel(req->acb);
        }
        if (req->host) {
            virtqueue_unmap(vdev, req->host, req->part, req->type == T_IN);
        }
        free_request(req);
    }
    memset(s->stopped_heads, 0, sizeof(s->stopped_heads));
    blk_set_enable_write_cache(s->blk, s->default_write_cache);
}

static const VirtIODeviceOps blk_ops = {
    .device_id = VIRTIO_ID_BLOCK, .config_bytes = CFG_BYTES, .get_features = blk_get_features,
    .features_chosen = blk_features_chosen, .get_config = blk_get_config,
    .set_config = blk_set_config, .reset = blk_reset,
};

static int blk_pre_save(void *opaque)
{
    blk_drain_all();
    return 0;
}

static const VMStateField blk_fields[] = {
    VMSTATE_VIRTIO_PCI(proxy, VirtIOBlock), VMSTATE_VIRTIO(vdev, VirtIOBlock),
    VMSTATE_BUFFER(stopped_heads, VirtIOBlock), VMSTATE_END
};
static const VMStateDescription vmstate_blk = {
    .name = "virtio-blk", .version = 1, .fields = blk_fields, .pre_save = blk_pre_save,
};

static bool check_properties(VirtIOBlock *s, Error **errp)
{
    uint32_t block = s->logical_block_size, physical = s->physical_block_size;

    if (!s->blk) {
        error_setg(errp, "property 'drive' is not set");
        return false;
    }
    if (!blk_is_inserted(s->blk)) {
        error_setg(errp, "drive '%s' has no medium", blk_name(s->blk));
        return false;
    }
    if (block < BDRV_SECTOR_SIZE || block > 2 * MiB || (block & (block - 1)) || physical < block ||
        physical > 2 * MiB || (physical & (physical - 1))) {
        error_setg(errp, "block sizes must be powers of two from 512 bytes to 2 MiB");
        return false;
    }
    if (s->queue_size < 4 || s->queue_size > VIRTIO_MAX_RING || (s->queue_size & (s->queue_size - 1))) {
        error_setg(errp, "queue-size=%u: must be a power of two from 4 to %d", s->queue_size,
                   VIRTIO_MAX_RING);
        return false;
    }
    if (!blk_attach_dev(s->blk, s)) {
        error_setg(errp, "drive '%s' is already in use", blk_name(s->blk));
        return false;
    }
    return true;
}

static void medium_resized(void *opaque)
{
    VirtIOBlock *s = opaque;

    virtio_notify_config(&s->vdev);
}

static bool blk_realize(DeviceState *dev, Error **errp)
{
    static const BlockDevOps dev_ops = { .resize_cb = medium_resized };
    VirtIOBlock *s = VIRTIO_BLK_PCI(dev);

    if (!check_properties(s, errp)) {
        return false;
    }
    if (!s->serial) {
        s->serial = g_strdup(blk_serial(s->blk));
    }
    s->default_write_cache = blk_enable_write_cache(s->blk);
    blk_set_dev_ops(s->blk, &dev_ops, s);
    s->spare = g_ptr_array_new_with_free_func(g_free);
    virtio_pci_setup(&s->proxy, &s->vdev);
    virtio_init(&s->vdev, "virtio-blk", &blk_ops);
    s->vq = virtio_add_queue(&s->vdev, s->queue_size, handle_requests);
    if (!virtio_pci_finish(&s->proxy, errp)) {
        blk_detach_dev(s->blk, s);
        return false;
    }
    qemu_add_vm_change_state_handler(vm_state_changed, s);
    return true;
}

static void blk_unrealize(DeviceState *dev)
{
    VirtIOBlock *s = VIRTIO_BLK_PCI(dev);

    qemu_del_vm_change_state_handler(vm_state_changed, s);
    virtio_pci_unsetup(&s->proxy);
    blk_detach_dev(s->blk, s);
    g_ptr_array_free(s->spare, true);
}

static const Property blk_props[] = {
    DEFINE_PROP_DRIVE("drive", VirtIOBlock, blk),
    DEFINE_PROP_STRING("serial", VirtIOBlock, serial),
    DEFINE_PROP_UINT32("logical_block_size", VirtIOBlock, logical_block_size, 512),
    DEFINE_PROP_UINT32("physical_block_size", VirtIOBlock, physical_block_size, 512),
    DEFINE_PROP_UINT16("queue-size", VirtIOBlock, queue_size, 256),
    DEFINE_PROP_BOOL("discard", VirtIOBlock, discard, true),
    DEFINE_PROP_BOOL("write-zeroes", VirtIOBlock, write_zeroes, true),
    DEFINE_PROP_BOOL("config-wce", VirtIOBlock, config_wce, true),
    DEFINE_PROP_BOOTINDEX,
    DEFINE_PROP_END
};

static const PCIDeviceClass blk_class = {
    .vendor_id = 0x1af4, .device_id = 0x1001, .class_id = 0x0100,
    .config_read = virtio_pci_config_read, .config_write = virtio_pci_config_write,
};

static const TypeInfo blk_info = {
    .name = TYPE_VIRTIO_BLK_PCI, .parent = TYPE_VIRTIO_PCI, .desc = "Virtio block device",
    .instance_size = sizeof(VirtIOBlock), .realize = blk_realize, .unrealize = blk_unrealize,
    .props = blk_props, .vmsd = &vmstate_blk, .user_creatable = true, .category = "storage",
    .class_data = &blk_class,
};
DEFINE_TYPE(blk_info)
