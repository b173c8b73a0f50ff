/*
 * USB: devices, ports, packets (USB specification 1.1, chapters 5, 8, 9, 11).
 *
 * A host controller embeds a USBBus and one USBPort for each root port, and
 * runs transactions with usb_handle_packet. Devices answer at once or with
 * USB_RET_NAK. All under the BQL.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_USB_H
#define HW_USB_H

#include "hw/qdev.h"

#define TYPE_USB_BUS    "usb-bus"
#define TYPE_USB_DEVICE "usb-device"

enum { USB_TOKEN_SETUP = 0x2d, USB_TOKEN_IN = 0x69, USB_TOKEN_OUT = 0xe1 };
enum { USB_RET_NAK = -2, USB_RET_STALL = -3, USB_RET_NODEV = -1, USB_RET_BABBLE = -4 };
enum { USB_SPEED_LOW = 0, USB_SPEED_FULL = 1 };

/* Standard requests and descriptors (chapter 9) */
enum {
    USB_REQ_GET_STATUS = 0, USB_REQ_CLEAR_FEATURE = 1, USB_REQ_SET_FEATURE = 3,
    USB_REQ_SET_ADDRESS = 5, USB_REQ_GET_DESCRIPTOR = 6, USB_REQ_SET_DESCRIPTOR = 7,
    USB_REQ_GET_CONFIGURATION = 8, USB_REQ_SET_CONFIGURATION = 9, USB_REQ_GET_INTERFACE = 10,
    USB_REQ_SET_INTERFACE = 11,
};
enum { USB_DT_DEVICE = 1, USB_DT_CONFIG = 2, USB_DT_STRING = 3 };
/* bmRequestType << 8 | bRequest */
#define USB_REQUEST(type, request) ((type) << 8 | (request))

#define USB_MAX_ENDPOINTS 15
#define USB_CONTROL_BYTES 4096

typedef struct USBDevice USBDevice;
typedef struct USBPort USBPort;
typedef struct USBBus USBBus;

/* class_data of a USB type. */
typedef struct USBDeviceClass {
    const char *product;
    int speed;
    const uint8_t *device_descriptor;       /* 18 bytes */
    const uint8_t *config_descriptor;       /* wTotalLength bytes */
    const char *const *strings;             /* [1..], ends with NULL; [0] unused */
    void (*handle_reset)(USBDevice *dev);
    /*
     * Requests beyond the standard device ones. data holds the bytes of an OUT
     * stage, or takes those of an IN stage (at most length).
     * Returns bytes, or USB_RET_STALL.
     */
    int (*handle_control)(USBDevice *dev, int request, int value, int index, int length,
                          uint8_t *data);
    /* Other endpoints. Bytes moved or USB_RET_x. */
    int (*handle_data)(USBDevice *dev, int pid, int endpoint, uint8_t *data, int len);
    /* A hub looks for the address below itself; NULL: not a hub. */
    USBDevice *(*find_device)(USBDevice *dev, uint8_t addr);
} USBDeviceClass;

typedef enum { USB_CONTROL_IDLE, USB_CONTROL_DATA, USB_CONTROL_STATUS } USBControlState;

struct USBDevice {
    DeviceState parent_obj;
    USBPort *port;

    /* guest state */
    uint8_t addr;
    uint8_t configuration;
    uint8_t remote_wakeup;
    uint16_t halted_in, halted_out;         /* bit for each endpoint */
    uint8_t control_state;
    uint8_t setup[8];
    uint8_t control_data[USB_CONTROL_BYTES];
    uint32_t control_len, control_pos;

    /* properties */
    char *port_name;                        /* "port" */
    char *serial;
};
#define USB_DEVICE(o) OBJECT_CHECK(USBDevice, (o), TYPE_USB_DEVICE)

typedef struct USBPortOps {
    void (*attach)(USBPort *port);          /* port->dev has come */
    void (*detach)(USBPort *port);          /* port->dev goes */
    void (*wakeup)(USBPort *port);          /* the device has something to tell (remote wakeup) */
} USBPortOps;

struct USBPort {
    USBDevice *dev;
    const USBPortOps *ops;
    void *opaque;
    int index;
    USBBus *bus;
};

struct USBBus {
    BusState qbus;
    GPtrArray *ports;           /* of USBPort *, free and taken */
    int number;
};

void usb_bus_init(USBBus *bus, DeviceState *host);
void usb_register_port(USBBus *bus, USBPort *port, void *opaque, int index, const USBPortOps *ops);
/* Plug a device of `type` into the first free port of any bus: for boards. NULL: error set. */
USBDevice *usb_create_simple(USBBus *bus, const char *type, Error **errp);

/* Reset signalling on the port the device is at. */
void usb_device_reset(USBDevice *dev);
USBDevice *usb_find_device(USBPort *port, uint8_t addr);
/* One transaction; setup packets have 8 bytes. Bytes moved or USB_RET_x. */
int usb_handle_packet(USBDevice *dev, int pid, int endpoint, uint8_t *data, int len);
/* The device has data for its interrupt endpoint. */
void usb_wakeup(USBDevice *dev);

extern const VMStateDescription vmstate_usb_device;
#define VMSTATE_USB_DEVICE(f, s) VMSTATE_STRUCT(f, s, vmstate_usb_device, USBDevice)

void usb_info(void (*print)(void *opaque, const char *fmt, ...), void *opaque);

#endif
