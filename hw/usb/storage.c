/*
 * USB mass storage, bulk-only transport (USB Mass Storage Class, Bulk-Only
 * Transport 1.0), with one SCSI disk behind it.
 *
 * Endpoint 1 IN and 2 OUT, bulk. While the disk works, packets get NAK.
 * Property "drive"; the disk is a "scsi-hd" on the device's own bus.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/scsi.h"
#include "hw/usb.h"
#include "qemu/bswap.h"
#include "qemu/log.h"

#define TYPE_USB_STORAGE "usb-storage"

enum { GET_MAX_LUN = USB_REQUEST(0xa1, 0xfe), BULK_RESET = USB_REQUEST(0x21, 0xff) };
/* 5.1 and 5.2 */
enum { CBW_BYTES = 31, CBW_SIGNATURE = 0x43425355, CBW_TAG = 4, CBW_LENGTH = 8, CBW_FLAGS = 12,
       CBW_LUN = 13, CBW_CDB_LENGTH = 14, CBW_CDB = 15, CBW_TO_HOST = 0x80 };
enum { CSW_BYTES = 13, CSW_SIGNATURE = 0x53425355, CSW_GOOD = 0, CSW_FAILED = 1, CSW_PHASE = 2 };
enum { ENDPOINT_IN = 1, ENDPOINT_OUT = 2 };

typedef enum { WAIT_CBW, DATA_OUT, DATA_IN, WAIT_CSW } BulkPhase;

typedef struct USBStorage {
    USBDevice parent;

    /* wiring */
    SCSIBus bus;
    SCSIRequest *req;           /* under way */
    uint8_t *piece;             /* the target's buffer, or NULL: it is not ready */
    uint32_t piece_bytes, piece_done;

    /* properties */
    BlockBackend *blk;

    /* guest state */
    uint8_t phase;              /* BulkPhase */
    uint32_t tag, data_left;    /* of dCBWDataTransferLength */
    uint8_t result;             /* bCSWStatus */
} USBStorage;
#define USB_STORAGE(o) OBJECT_CHECK(USBStorage, (o), TYPE_USB_STORAGE)

static const uint8_t storage_device[18] = {
    18, USB_DT_DEVICE, 0x00, 0x01, 0, 0, 0, 64, 0xf4, 0x46, 0x01, 0x00, 0x00, 0x00, 1, 2, 3, 1,
};
static const uint8_t storage_config[] = {
    9, USB_DT_CONFIG, 32, 0, 1, 1, 0, 0xc0, 0,
    9, 4, 0, 0, 2, 0x08, 0x06, 0x50, 0,         /* mass storage, SCSI, bulk-only */
    7, 5, 0x80 | ENDPOINT_IN, 2, 64, 0, 0,
    7, 5, ENDPOINT_OUT, 2, 64, 0, 0,
};
static const char *const storage_strings[] = { "", "QEMU", "QEMU USB HARDDRIVE", "1", NULL };

static void storage_gone(void *opaque)
{
    USBStorage *s = opaque;

    s->req = NULL;
    s->piece = NULL;
    s->piece_bytes = s->piece_done = 0;
}

static void storage_cancel(USBStorage *s)
{
    if (s->req) {
        scsi_req_cancel(s->req);
    }
    storage_gone(s);
}

static void storage_transfer(SCSIRequest *req, void *opaque, uint8_t *buf, uint32_t len, bool to_host)
{
    USBStorage *s = opaque;

    /* 6.7: the host expects the other direction; the data go nowhere. */
    if (to_host != (s->phase == DATA_IN)) {
        s->result = CSW_PHASE;
        scsi_req_continue(req);
        return;
    }
    s->piece = buf;
    s->piece_bytes = len;
    s->piece_done = 0;
}

static void storage_complete(SCSIRequest *req, void *opaque)
{
    USBStorage *s = opaque;

    if (s->result != CSW_PHASE) {
        s->result = req->status == SCSI_GOOD ? CSW_GOOD : CSW_FAILED;
    }
    s->req = NULL;
    s->piece = NULL;
    scsi_req_free(req);
}

static const SCSIRequestOps storage_ops = {
    .transfer = storage_transfer, .complete = storage_complete, .gone = storage_gone,
};

static int take_command(USBStorage *s, const uint8_t *cbw, int len)
{
    SCSIDisk *dev = scsi_bus_find(&s->bus, 0, 0);
    SCSIRequest *req;

    if (len != CBW_BYTES || ldl_le_p(cbw) != CBW_SIGNATURE || cbw[CBW_LUN] != 0 ||
        cbw[CBW_CDB_LENGTH] < 1 || cbw[CBW_CDB_LENGTH] > 16 || !dev) {
        qemu_log_mask(LOG_GUEST_ERROR, "usb-storage: invalid command block of %d bytes\n", len);
        return USB_RET_STALL;
    }
    s->tag = ldl_le_p(cbw + CBW_TAG);
    s->data_left = ldl_le_p(cbw + CBW_LENGTH);
    s->phase = s->data_left == 0 ? WAIT_CSW : cbw[CBW_FLAGS] & CBW_TO_HOST ? DATA_IN : DATA_OUT;
    s->result = CSW_GOOD;
    req = scsi_req_new(dev, cbw + CBW_CDB, cbw[CBW_CDB_LENGTH], s->data_left, true, &storage_ops, s);
    s->req = req;
    scsi_req_run(req);
    return len;
}

/* Bytes between the packet and the target's buffer. */
static int move_data(USBStorage *s, uint8_t *data, int len)
{
    int done = 0;

    while (done < len && s->data_left && s->piece) {
        uint32_t n = MIN(MIN((uint32_t)(len - done), s->piece_bytes - s->piece_done), s->data_left);

        if (s->phase == DATA_IN) {
            memcpy(data + done, s->piece + s->piece_done, n);
        } else {
            memcpy(s->piece + s->piece_done, data + done, n);
        }
        done += n;
        s->piece_done += n;
        s->data_left -= n;
        if (s->piece_done == s->piece_bytes) {
            s->piece = NULL;
            scsi_req_continue(s->req);
        }
    }
    return done;
}

static int data_out(USBStorage *s, uint8_t *data, int len)
{
    uint32_t wanted = MIN((uint32_t)len, s->data_left);

    if (s->req && (!s->piece || s->piece_bytes - s->piece_done < wanted)) {
        return USB_RET_NAK;             /* room for the whole packet, or none of it */
    }
    if (s->req) {
        move_data(s, data, wanted);
    } else {
        s->data_left -= wanted;         /* the command is over: the rest goes nowhere */
    }
    if (s->data_left == 0) {
        s->phase = WAIT_CSW;
    }
    return len;
}

/* A short packet ends the phase: the target had less than the host wanted. */
static int data_in(USBStorage *s, uint8_t *data, int len)
{
    int wanted = MIN((uint32_t)len, s->data_left), n;

    if (s->req && !s->piece) {
        return USB_RET_NAK;
    }
    n = move_data(s, data, wanted);
    if (n < wanted && s->req) {         /* the next piece is on its way; pieces are whole packets */
        return n ? n : USB_RET_NAK;
    }
    if (s->data_left == 0 || n < len) {
        s->phase = WAIT_CSW;
    }
    return n;
}

static int send_status(USBStorage *s, uint8_t *data, int len)
{
    uint8_t csw[CSW_BYTES];

    if (s->req) {
        return USB_RET_NAK;
    }
    stl_le_p(csw, CSW_SIGNATURE);
    stl_le_p(csw + 4, s->tag);
    stl_le_p(csw + 8, s->data_left);
    csw[12] = s->result;
    memcpy(data, csw, MIN(len, CSW_BYTES));
    s->phase = WAIT_CBW;
    return MIN(len, CSW_BYTES);
}

static int storage_handle_data(USBDevice *dev, int pid, int endpoint, uint8_t *data, int len)
{
    USBStorage *s = USB_STORAGE(dev);

    if (pid == USB_TOKEN_OUT && endpoint == ENDPOINT_OUT) {
        return s->phase == WAIT_CBW ? take_command(s, data, len)
               : s->phase == DATA_OUT ? data_out(s, data, len) : USB_RET_STALL;
    }
    if (pid == USB_TOKEN_IN && endpoint == ENDPOINT_IN) {
        return s->phase == DATA_IN ? data_in(s, data, len)
               : s->phase == WAIT_CSW ? send_status(s, data, len)
               : s->phase == DATA_OUT ? USB_RET_STALL : USB_RET_NAK;
    }
    return USB_RET_STALL;
}

static int storage_handle_control(USBDevice *dev, int request, int value, int index, int length,
                                  uint8_t *data)
{
    USBStorage *s = USB_STORAGE(dev);

    switch (request) {
    case GET_MAX_LUN:
        data[0] = 0;
        return 1;
    case BULK_RESET:
        storage_cancel(s);
        s->phase = WAIT_CBW;
        return 0;
    default:
        return USB_RET_STALL;
    }
}

static void storage_handle_reset(USBDevice *dev)
{
    USBStorage *s = USB_STORAGE(dev);

    storage_cancel(s);
    s->phase = WAIT_CBW;
    s->tag = s->data_left = 0;
    s->result = CSW_GOOD;
}

static bool storage_realize(DeviceState *qdev, Error **errp)
{
    USBStorage *s = USB_STORAGE(qdev);
    DeviceState *disk;

    if (!s->blk) {
        error_setg(errp, "property 'drive' is not set");
        return false;
    }
    scsi_bus_init(&s->bus, qdev, NULL, 0, 0);
    blk_detach_dev(s->blk, s);          /* it is the disk's */
    disk = qdev_new("scsi-hd");
    qdev_prop_set_drive(disk, "drive", s->blk);
    if (s->parent.serial) {
        qdev_prop_set_string(disk, "serial", s->parent.serial);
    }
    return qdev_realize_and_unref(disk, &s->bus.qbus, errp);
}

static void storage_unrealize(DeviceState *qdev)
{
    storage_cancel(USB_STORAGE(qdev));
}

/* A request in flight is run to its end first; what the host has not fetched is lost with it. */
static int storage_pre_save(void *opaque)
{
    blk_drain_all();
    return 0;
}

static int storage_post_load(void *opaque, int version)
{
    USBStorage *s = opaque;

    storage_cancel(s);
    if (s->phase == DATA_IN || s->phase == DATA_OUT) {
        s->result = CSW_FAILED;         /* the driver repeats the command */
    }
    return s->phase > WAIT_CSW ? -EINVAL : 0;
}

static const VMStateField storage_fields[] = {
    VMSTATE_USB_DEVICE(parent, USBStorage), VMSTATE_UINT8(phase, USBStorage),
    VMSTATE_UINT32(tag, USBStorage), VMSTATE_UINT32(data_left, USBStorage),
    VMSTATE_UINT8(result, USBStorage), VMSTATE_END
};
static const VMStateDescription vmstate_storage = {
    .name = TYPE_USB_STORAGE, .version = 1, .fields = storage_fields,
    .pre_save = storage_pre_save, .post_load = storage_post_load,
};

static const Property storage_props[] = {
    DEFINE_PROP_DRIVE("drive", USBStorage, blk),
    DEFINE_PROP_BOOTINDEX,
    DEFINE_PROP_END
};

static const USBDeviceClass storage_class = {
    .product = "QEMU USB MSD", .speed = USB_SPEED_FULL, .device_descriptor = storage_device,
    .config_descriptor = storage_config, .strings = storage_strings,
    .handle_reset = storage_handle_reset, .handle_control = storage_handle_control,
    .handle_data = storage_handle_data,
};

static const TypeInfo storage_info = {
    .name = TYPE_USB_STORAGE, .parent = TYPE_USB_DEVICE, .desc = "USB mass storage",
    .instance_size = sizeof(USBStorage), .realize = storage_realize,
    .unrealize = storage_unrealize, .props = storage_props, .vmsd = &vmstate_storage,
    .bus_type = TYPE_USB_BUS, .user_creatable = true, .category = "storage",
    .class_data = &storage_class,
};
DEFINE_TYPE(storage_info)
