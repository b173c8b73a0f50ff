/*
 * Virtio SCSI host adapter (Virtual I/O Device 1.1, 5.6).
 *
 * Queues      0 control, 1 events, 2 requests
 * Features    HOTPLUG; neither INOUT nor CHANGE
 * Child bus   "SCSI": targets 0 to 255, units 0 to 16383
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/scsi.h"
#include "hw/virtio/virtio-pci.h"
#include "qemu/log.h"

#define TYPE_VIRTIO_SCSI_PCI "virtio-scsi-pci"

enum { F_HOTPLUG = 1 };         /* 5.6.3 */
/* 5.6.4 */
enum { CFG_NUM_QUEUES = 0, CFG_SEG_MAX = 4, CFG_MAX_SECTORS = 8, CFG_CMD_PER_LUN = 12,
       CFG_EVENT_SIZE = 16, CFG_SENSE_SIZE = 20, CFG_CDB_SIZE = 24, CFG_MAX_CHANNEL = 28,
       CFG_MAX_TARGET = 30, CFG_MAX_LUN = 32, CFG_BYTES = 36 };
enum { QUEUE_SIZE = 256, MAX_TARGET = 255, MAX_LUN = 16383, MAX_SECTORS = 0xffff, CMD_PER_LUN = 128,
       EVENT_BYTES = 16, DEFAULT_SENSE = 96, DEFAULT_CDB = 32 };
/* 5.6.6.1: request header up to the command, and the answer in front of the data */
enum { REQ_CDB = 19, RSP_SENSE_LEN = 0, RSP_RESID = 4, RSP_STATUS = 10, RSP_RESPONSE = 11,
       RSP_SENSE = 12 };
enum { S_OK = 0, S_BAD_TARGET = 3, S_FAILURE = 9, S_FUNCTION_REJECTED = 11, S_INCORRECT_LUN = 12 };
/* 5.6.6.2 */
enum { T_TMF = 0, T_AN_QUERY = 1, T_AN_SUBSCRIBE = 2, TMF_SUBTYPE = 4, TMF_LUN = 8, TMF_BYTES = 24,
       TMF_LOGICAL_UNIT_RESET = 5, TMF_I_T_NEXUS_RESET = 4, TMF_FUNCTION_COMPLETE = 0 };
/* 5.6.6.3 */
enum { EVENT_TYPE = 0, EVENT_LUN = 4, EVENT_REASON = 12 };
enum { T_NO_EVENT = 0, T_TRANSPORT_RESET = 1, RESET_RESCAN = 1, RESET_REMOVED = 2 };
#define T_EVENTS_MISSED 0x80000000u
enum { FLAT_SPACE = 0x40, PERIPHERAL_UNITS = 256 };     /* SAM-3, 4.9: in lun[2] */

typedef struct VirtIOSCSI VirtIOSCSI;

typedef struct VSRequest {
    VirtIOSCSI *s;
    VirtQueueElement *elem;
    SCSIRequest *scsi;
    uint64_t data_done;
    struct VSRequest *next;
} VSRequest;

struct VirtIOSCSI {
    VirtIOPCIProxy proxy;
    VirtIODevice vdev;

    /* wiring */
    SCSIBus bus;
    VirtQueue *events_vq, *requests_vq;
    VSRequest *requests;

    /* guest state */
    uint32_t sense_size, cdb_size;
    bool events_missed;         /* the driver had no buffer for one */
};
#define VIRTIO_SCSI_PCI(o) OBJECT_CHECK(VirtIOSCSI, (o), TYPE_VIRTIO_SCSI_PCI)

static VirtIOSCSI *from_vdev(VirtIODevice *vdev)
{
    return container_of(vdev, VirtIOSCSI, vdev);
}

/* 5.6.6.1: 1, target, unit in the flat space format. */
static bool decode_lun(const uint8_t *lun, int *target, int *unit)
{
    *target = lun[1];
    *unit = (lun[2] << 8 | lun[3]) & 0x3fff;
    return lun[0] == 1;
}

static void free_request(VSRequest *req)
{
    VSRequest **p = &req->s->requests;

    while (*p != req) {
        p = &(*p)->next;
    }
    *p = req->next;
    g_free(req->elem);
    g_free(req);
}

static uint32_t header_bytes(VirtIOSCSI *s)
{
    return REQ_CDB + s->cdb_size;
}

static uint32_t response_bytes(VirtIOSCSI *s)
{
    return RSP_SENSE + s->sense_size;
}

static void respond(VSRequest *req, uint8_t response)
{
    VirtIOSCSI *s = req->s;
    uint8_t head[RSP_SENSE] = { 0 };
    SCSIRequest *scsi = req->scsi;

    if (scsi) {
        virtio_stl_p(&s->vdev, head + RSP_SENSE_LEN,
                     scsi->has_sense ? MIN(s->sense_size, (uint32_t)SCSI_SENSE_BYTES) : 0);
        virtio_stl_p(&s->vdev, head + RSP_RESID, scsi->host_limit - req->data_done);
        head[RSP_STATUS] = scsi->status;
        if (scsi->has_sense) {
            virtqueue_write(&s->vdev, req->elem, RSP_SENSE, scsi->sense,
                            MIN(s->sense_size, (uint32_t)SCSI_SENSE_BYTES));
        }
    }
    head[RSP_RESPONSE] = response;
    virtqueue_write(&s->vdev, req->elem, 0, head, sizeof(head));
    virtqueue_push(s->requests_vq, req->elem,
                   response_bytes(s) + (scsi && scsi->to_host ? req->data_done : 0));
    virtio_notify(s->requests_vq);
    free_request(req);
}

static void vs_transfer(SCSIRequest *scsi, void *opaque, uint8_t *buf, uint32_t len, bool to_host)
{
    VSRequest *req = opaque;
    VirtIOSCSI *s = req->s;

    if (to_host) {
        virtqueue_write(&s->vdev, req->elem, response_bytes(s) + req->data_done, buf, len);
    } else {
        virtqueue_read(&s->vdev, req->elem, header_bytes(s) + req->data_done, buf, len);
    }
    req->data_done += len;
    scsi_req_continue(scsi);
}

static void vs_complete(SCSIRequest *scsi, void *opaque)
{
    respond(opaque, S_OK);
    scsi_req_free(scsi);
}

static void vs_gone(void *opaque)
{
    VSRequest *req = opaque;

    req->scsi = NULL;
    respond(req, S_BAD_TARGET);
}

static const SCSIRequestOps vs_ops = { .transfer = vs_transfer, .complete = vs_complete, .gone = vs_gone };

/* Takes elem. */
static void start_request(VirtIOSCSI *s, VirtQueueElement *elem)
{
    uint8_t header[REQ_CDB + SCSI_CDB_MAX] = { 0 };
    uint64_t out, in;
    VSRequest *req;
    SCSIDisk *dev;
    int target, unit;

    if (elem->out_bytes < header_bytes(s) || elem->in_bytes < response_bytes(s)) {
        virtio_error(&s->vdev, "request without header or response");
        g_free(elem);
        return;
    }
    virtqueue_read(&s->vdev, elem, 0, header, MIN((size_t)header_bytes(s), sizeof(header)));
    out = elem->out_bytes - header_bytes(s);
    in = elem->in_bytes - response_bytes(s);
    req = g_new0(VSRequest, 1);
    *req = (VSRequest) { .s = s, .elem = elem, .next = s->requests };
    s->requests = req;
    if (!decode_lun(header, &target, &unit) || !scsi_bus_find_target(&s->bus, target)) {
        respond(req, S_BAD_TARGET);
        return;
    }
    if (out && in) {
        respond(req, S_FAILURE);        /* 5.6.6.1.2: bidirectional without INOUT */
        return;
    }
    dev = scsi_bus_find(&s->bus, target, unit);
    req->scsi = scsi_req_new(dev ? dev : scsi_bus_find_target(&s->bus, target), header + REQ_CDB,
                             MIN(s->cdb_size, (uint32_t)SCSI_CDB_MAX), in ? in : out, dev != NULL,
                             &vs_ops, req);
    scsi_req_run(req->scsi);
}

static void handle_requests(VirtIODevice *vdev, VirtQueue *vq)
{
    VirtQueueElement *elem;

    while ((elem = virtqueue_pop(vq))) {
        start_request(from_vdev(vdev), elem);
    }
}

/* Requests of one unit, or of all with dev NULL, end without an answer. */
static void cancel_requests(VirtIOSCSI *s, SCSIDisk *dev, bool answer)
{
    VSRequest *req = s->requests, *next;

    for (; req; req = next) {
        next = req->next;
        if (!dev || req->scsi->dev == dev) {
            scsi_req_cancel(req->scsi);
            req->scsi = NULL;
            if (answer) {
                respond(req, S_FAILURE);
            } else {
                free_request(req);
            }
        }
    }
}

static uint8_t task_management(VirtIOSCSI *s, const uint8_t *raw)
{
    uint32_t subtype = virtio_ldl_p(&s->vdev, raw + TMF_SUBTYPE);
    int target, unit;
    SCSIDisk *dev;

    if (!decode_lun(raw + TMF_LUN, &target, &unit) || !scsi_bus_find_target(&s->bus, target)) {
        return S_BAD_TARGET;
    }
    dev = scsi_bus_find(&s->bus, target, unit);
    if (!dev) {
        return S_INCORRECT_LUN;
    }
    if (subtype == TMF_LOGICAL_UNIT_RESET || subtype == TMF_I_T_NEXUS_RESET) {
        cancel_requests(s, dev, true);
        scsi_device_reset(dev);
    } else {
        cancel_requests(s, dev, true);          /* aborts: all that the unit has */
    }
    return TMF_FUNCTION_COMPLETE;
}

static void handle_control(VirtIODevice *vdev, VirtQueue *vq)
{
    VirtIOSCSI *s = from_vdev(vdev);
    VirtQueueElement *elem;

    while ((elem = virtqueue_pop(vq))) {
        uint8_t raw[TMF_BYTES] = { 0 }, response[5] = { 0 };
        size_t n = virtqueue_read(vdev, elem, 0, raw, sizeof(raw));
        uint32_t type = virtio_ldl_p(vdev, raw), bytes;

        if (type == T_TMF && n == TMF_BYTES) {
            response[0] = task_management(s, raw);
            bytes = 1;
        } else if (type == T_AN_QUERY || type == T_AN_SUBSCRIBE) {
            bytes = sizeof(response);           /* no events to subscribe to */
        } else {
            response[0] = S_FUNCTION_REJECTED;
            bytes = 1;
        }
        virtqueue_push(vq, elem, virtqueue_write(vdev, elem, 0, response, bytes));
        g_free(elem);
    }
    virtio_notify(vq);
}

static void send_event(VirtIOSCSI *s, uint32_t type, int target, int lun, uint32_t reason)
{
    uint8_t event[EVENT_BYTES] = { 0 };
    VirtQueueElement *elem = virtqueue_pop(s->events_vq);

    if (!elem) {
        s->events_missed = true;
        return;
    }
    if (elem->in_bytes < EVENT_BYTES) {
        virtio_error(&s->vdev, "event buffer of %" PRIu64 " bytes", elem->in_bytes);
        g_free(elem);
        return;
    }
    virtio_stl_p(&s->vdev, event + EVENT_TYPE, type | (s->events_missed ? T_EVENTS_MISSED : 0));
    if (type != T_NO_EVENT) {
        event[EVENT_LUN] = 1;
        event[EVENT_LUN + 1] = target;
        /* Linux takes these two bytes for the number, so small ones go without the format. */
        event[EVENT_LUN + 2] = lun >> 8 | (lun < PERIPHERAL_UNITS ? 0 : FLAT_SPACE);
        event[EVENT_LUN + 3] = lun;
    }
    virtio_stl_p(&s->vdev, event + EVENT_REASON, reason);
    s->events_missed = false;
    virtqueue_push(s->events_vq, elem, virtqueue_write(&s->vdev, elem, 0, event, sizeof(event)));
    virtio_notify(s->events_vq);
    g_free(elem);
}

static void unit_changed(SCSIBus *bus, int target, int lun, bool present)
{
    VirtIOSCSI *s = container_of(bus, VirtIOSCSI, bus);

    if ((s->vdev.status & VIRTIO_STATUS_DRIVER_OK) && virtio_has_feature(&s->vdev, F_HOTPLUG)) {
        send_event(s, T_TRANSPORT_RESET, target, lun, present ? RESET_RESCAN : RESET_REMOVED);
    }
}

/* Buffers wait there for events. */
static void handle_events(VirtIODevice *vdev, VirtQueue *vq)
{
    VirtIOSCSI *s = from_vdev(vdev);

    if (s->events_missed) {
        send_event(s, T_NO_EVENT, 0, 0, 0);
    }
}

static uint64_t scsi_get_features(VirtIODevice *vdev)
{
    return 1u << F_HOTPLUG;
}

static void scsi_get_config(VirtIODevice *vdev, uint8_t *c)
{
    VirtIOSCSI *s = from_vdev(vdev);

    virtio_stl_p(vdev, c + CFG_NUM_QUEUES, 1);
    virtio_stl_p(vdev, c + CFG_SEG_MAX, QUEUE_SIZE - 2);
    virtio_stl_p(vdev, c + CFG_MAX_SECTORS, MAX_SECTORS);
    virtio_stl_p(vdev, c + CFG_CMD_PER_LUN, CMD_PER_LUN);
    virtio_stl_p(vdev, c + CFG_EVENT_SIZE, EVENT_BYTES);
    virtio_stl_p(vdev, c + CFG_SENSE_SIZE, s->sense_size);
    virtio_stl_p(vdev, c + CFG_CDB_SIZE, s->cdb_size);
    virtio_stw_p(vdev, c + CFG_MAX_TARGET, MAX_TARGET);
    virtio_stl_p(vdev, c + CFG_MAX_LUN, MAX_LUN);
}

static void scsi_set_config(VirtIODevice *vdev, const uint8_t *c)
{
    VirtIOSCSI *s = from_vdev(vdev);
    uint32_t sense = virtio_ldl_p(vdev, c + CFG_SENSE_SIZE);
    uint32_t cdb = virtio_ldl_p(vdev, c + CFG_CDB_SIZE);

    if (sense > 65535 || cdb > 255) {
        virtio_error(vdev, "sense_size %u or cdb_size %u out of range", sense, cdb);
        return;
    }
    s->sense_size = sense;
    s->cdb_size = cdb;
}

static void scsi_reset(VirtIODevice *vdev)
{
    VirtIOSCSI *s = from_vdev(vdev);

    cancel_requests(s, NULL, false);
    s->sense_size = DEFAULT_SENSE;
    s->cdb_size = DEFAULT_CDB;
    s->events_missed = false;
}

static const VirtIODeviceOps scsi_ops = {
    .device_id = VIRTIO_ID_SCSI, .config_bytes = CFG_BYTES, .get_features = scsi_get_features,
    .get_config = scsi_get_config, .set_config = scsi_set_config, .reset = scsi_reset,
};

static int scsi_pre_save(void *opaque)
{
    blk_drain_all();
    return 0;
}

static int scsi_post_load(void *opaque, int version)
{
    VirtIOSCSI *s = opaque;

    return s->sense_size > 65535 || s->cdb_size > 255 ? -EINVAL : 0;
}

static const VMStateField scsi_fields[] = {
    VMSTATE_VIRTIO_PCI(proxy, VirtIOSCSI), VMSTATE_VIRTIO(vdev, VirtIOSCSI),
    VMSTATE_UINT32(sense_size, VirtIOSCSI), VMSTATE_UINT32(cdb_size, VirtIOSCSI),
    VMSTATE_BOOL(events_missed, VirtIOSCSI), VMSTATE_END
};
static const VMStateDescription vmstate_scsi = {
    .name = "virtio-scsi", .version = 1, .fields = scsi_fields, .pre_save = scsi_pre_save,
    .post_load = scsi_post_load,
};

static bool scsi_realize(DeviceState *dev, Error **errp)
{
    VirtIOSCSI *s = VIRTIO_SCSI_PCI(dev);

    scsi_bus_init(&s->bus, dev, NULL, MAX_TARGET, MAX_LUN);
    s->bus.changed = unit_changed;
    virtio_pci_setup(&s->proxy, &s->vdev);
    virtio_init(&s->vdev, "virtio-scsi", &scsi_ops);
    virtio_add_queue(&s->vdev, QUEUE_SIZE, handle_control);
    s->events_vq = virtio_add_queue(&s->vdev, QUEUE_SIZE, handle_events);
    s->requests_vq = virtio_add_queue(&s->vdev, QUEUE_SIZE, handle_requests);
    s->sense_size = DEFAULT_SENSE;
    s->cdb_size = DEFAULT_CDB;
    return virtio_pci_finish(&s->proxy, errp);
}

static void scsi_unrealize(DeviceState *dev)
{
    virtio_pci_unsetup(&VIRTIO_SCSI_PCI(dev)->proxy);
}

static const PCIDeviceClass scsi_class = {
    .vendor_id = 0x1af4, .device_id = 0x1004, .class_id = 0x0100,
    .config_read = virtio_pci_config_read, .config_write = virtio_pci_config_write,
};

static const TypeInfo scsi_info = {
    .name = TYPE_VIRTIO_SCSI_PCI, .parent = TYPE_VIRTIO_PCI, .desc = "Virtio SCSI host adapter",
    .instance_size = sizeof(VirtIOSCSI), .realize = scsi_realize, .unrealize = scsi_unrealize,
    .vmsd = &vmstate_scsi, .user_creatable = true, .category = "storage",
    .class_data = &scsi_class,
};
DEFINE_TYPE(scsi_info)
