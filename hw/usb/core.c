/*
 * USB core: buses and ports, control transfers, standard requests (USB
 * specification 1.1, chapters 8 and 9). Host controllers and devices are in
 * their own files.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/usb.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "trace/hw-usb.h"

enum { DIR_IN = 0x80, RECIPIENT_DEVICE = 0, RECIPIENT_INTERFACE = 1, RECIPIENT_ENDPOINT = 2 };
enum { FEATURE_ENDPOINT_HALT = 0, FEATURE_REMOTE_WAKEUP = 1 };
enum { LANGUAGE_ENGLISH_US = 0x0409 };

static GPtrArray *buses;        /* of USBBus */

static const USBDeviceClass *usb_class(USBDevice *dev)
{
    return object_class_data(OBJECT(dev));
}

/* --- buses and ports ------------------------------------------------------ */

void usb_bus_init(USBBus *bus, DeviceState *host)
{
    qbus_init(&bus->qbus, sizeof(*bus), TYPE_USB_BUS, host, NULL);
    bus->qbus.hotpluggable = true;
    bus->ports = g_ptr_array_new();
    if (!buses) {
        buses = g_ptr_array_new();
    }
    bus->number = buses->len;
    g_ptr_array_add(buses, bus);
}

void usb_register_port(USBBus *bus, USBPort *port, void *opaque, int index, const USBPortOps *ops)
{
    port->bus = bus;
    port->opaque = opaque;
    port->index = index;
    port->ops = ops;
    g_ptr_array_add(bus->ports, port);
}

/* By number ("1" is the first), or the first free one. */
static USBPort *choose_port(USBBus *bus, const char *name, Error **errp)
{
    for (guint i = 0; i < bus->ports->len; i++) {
        USBPort *port = g_ptr_array_index(bus->ports, i);

        if (name ? atoi(name) == (int)i + 1 : port->dev == NULL) {
            if (port->dev) {
                error_setg(errp, "USB port %s is taken by '%s'", name,
                           OBJECT(port->dev)->type->name);
                return NULL;
            }
            return port;
        }
    }
    if (name) {
        error_setg(errp, "USB bus %d has no port %s", bus->number, name);
    } else {
        error_setg(errp, "USB bus %d has no free port", bus->number);
    }
    return NULL;
}

USBDevice *usb_create_simple(USBBus *bus, const char *type, Error **errp)
{
    USBDevice *dev = USB_DEVICE(qdev_new(type));

    return qdev_realize_and_unref(DEVICE(dev), &bus->qbus, errp) ? dev : NULL;
}

USBDevice *usb_find_device(USBPort *port, uint8_t addr)
{
    USBDevice *dev = port->dev;

    if (!dev) {
        return NULL;
    }
    if (dev->addr == addr) {
        return dev;
    }
    return usb_class(dev)->find_device ? usb_class(dev)->find_device(dev, addr) : NULL;
}

void usb_wakeup(USBDevice *dev)
{
    if (dev->port && dev->port->ops->wakeup) {
        dev->port->ops->wakeup(dev->port);
    }
}

/* --- standard requests ---------------------------------------------------- */

static int get_string(USBDevice *dev, int index, uint8_t *data, int length)
{
    const char *const *strings = usb_class(dev)->strings;
    uint8_t text[256] = { 2, USB_DT_STRING };
    const char *string = NULL;

    if (index == 0) {
        stw_le_p(text + 2, LANGUAGE_ENGLISH_US);
        text[0] = 4;
    } else {
        for (int i = 1; strings && strings[i] && i <= index; i++) {
            string = i == index ? strings[i] : NULL;
        }
        if (!string) {
            return USB_RET_STALL;
        }
        for (; *string && text[0] < 252; string++, text[0] += 2) {
            stw_le_p(text + text[0], (uint8_t)*string);
        }
    }
    length = MIN(length, text[0]);
    memcpy(data, text, length);
    return length;
}

static int get_descriptor(USBDevice *dev, int value, int length, uint8_t *data)
{
    const USBDeviceClass *uc = usb_class(dev);
    const uint8_t *descriptor;
    int size;

    switch (value >> 8) {
    case USB_DT_DEVICE:
        descriptor = uc->device_descriptor;
        size = descriptor[0];
        break;
    case USB_DT_CONFIG:
        descriptor = uc->config_descriptor;
        size = lduw_le_p(descriptor + 2);
        break;
    case USB_DT_STRING:
        return get_string(dev, value & 0xff, data, length);
    default:
        return USB_RET_STALL;
    }
    length = MIN(length, size);
    memcpy(data, descriptor, length);
    return length;
}

static uint16_t *halt_bits(USBDevice *dev, int index)
{
    return index & DIR_IN ? &dev->halted_in : &dev->halted_out;
}

static int get_status(USBDevice *dev, int recipient, int index, uint8_t *data)
{
    data[0] = data[1] = 0;
    if (recipient == RECIPIENT_DEVICE) {
        data[0] = dev->remote_wakeup << 1;
    } else if (recipient == RECIPIENT_ENDPOINT) {
        data[0] = *halt_bits(dev, index) >> (index & 15) & 1;
    }
    return 2;
}

static int change_feature(USBDevice *dev, int recipient, int feature, int index, bool set)
{
    if (recipient == RECIPIENT_DEVICE && feature == FEATURE_REMOTE_WAKEUP) {
        dev->remote_wakeup = set;
        return 0;
    }
    if (recipient == RECIPIENT_ENDPOINT && feature == FEATURE_ENDPOINT_HALT) {
        uint16_t *bits = halt_bits(dev, index), bit = 1 << (index & 15);

        *bits = set ? *bits | bit : *bits & ~bit;
        return 0;
    }
    return USB_RET_STALL;
}

/* USB_RET_STALL: not one of those, the device may know it. */
static int standard_request(USBDevice *dev, int request, int value, int index, int length,
                            uint8_t *data)
{
    int type = request >> 8;

    if ((type & 0x60) != 0) {
        return USB_RET_STALL;
    }
    switch (request & 0xff) {
    case USB_REQ_SET_ADDRESS:
        dev->addr = value & 0x7f;
        return 0;
    case USB_REQ_GET_DESCRIPTOR:
        return type & 31 ? USB_RET_STALL : get_descriptor(dev, value, length, data);
    case USB_REQ_GET_CONFIGURATION:
        data[0] = dev->configuration;
        return 1;
    case USB_REQ_SET_CONFIGURATION:
        if (value != 0 && value != usb_class(dev)->config_descriptor[5]) {
            return USB_RET_STALL;
        }
        dev->configuration = value;
        dev->halted_in = dev->halted_out = 0;
        return 0;
    case USB_REQ_GET_STATUS:
        return get_status(dev, type & 31, index, data);
    case USB_REQ_CLEAR_FEATURE:
    case USB_REQ_SET_FEATURE:
        return change_feature(dev, type & 31, value, index,
                              (request & 0xff) == USB_REQ_SET_FEATURE);
    case USB_REQ_GET_INTERFACE:
        data[0] = 0;
        return 1;
    case USB_REQ_SET_INTERFACE:
        return value == 0 ? 0 : USB_RET_STALL;
    }
    return USB_RET_STALL;
}

static int run_request(USBDevice *dev, int length)
{
    const uint8_t *s = dev->setup;
    int request = USB_REQUEST(s[0], s[1]), value = lduw_le_p(s + 2), index = lduw_le_p(s + 4);
    int ret = standard_request(dev, request, value, index, length, dev->control_data);

    if (ret == USB_RET_STALL && usb_class(dev)->handle_control) {
        ret = usb_class(dev)->handle_control(dev, request, value, index, length,
                                             dev->control_data);
    }
    if (ret == USB_RET_STALL) {
        qemu_log_mask(LOG_UNIMP, "%s: request 0x%04x value 0x%04x index 0x%04x\n",
                      OBJECT(dev)->type->name, request, value, index);
    }
    return ret;
}

/* --- control transfers (8.5.2) -------------------------------------------- */

static int control_setup(USBDevice *dev, const uint8_t *data, int len)
{
    int length, ret;

    if (len != 8) {
        return USB_RET_STALL;
    }
    memcpy(dev->setup, data, 8);
    length = lduw_le_p(dev->setup + 6);
    dev->control_pos = 0;
    dev->control_state = USB_CONTROL_IDLE;
    if (length > USB_CONTROL_BYTES) {
        return USB_RET_STALL;
    }
    dev->control_len = length;
    if (dev->setup[0] & DIR_IN) {
        ret = run_request(dev, length);
        if (ret < 0) {
            return ret;
        }
        dev->control_len = MIN(ret, length);
        dev->control_state = USB_CONTROL_DATA;
    } else {
        dev->control_state = length ? USB_CONTROL_DATA : USB_CONTROL_STATUS;
    }
    return len;
}

static int control_in(USBDevice *dev, uint8_t *data, int len)
{
    int ret;

    if (dev->control_state == USB_CONTROL_IDLE) {
        return USB_RET_STALL;
    }
    if (dev->setup[0] & DIR_IN) {
        len = MIN((uint32_t)len, dev->control_len - dev->control_pos);
        memcpy(data, dev->control_data + dev->control_pos, len);
        dev->control_pos += len;
        return len;
    }
    dev->control_state = USB_CONTROL_IDLE;          /* status stage: now it takes effect */
    ret = run_request(dev, dev->control_pos);
    return ret < 0 ? ret : 0;
}

static int control_out(USBDevice *dev, const uint8_t *data, int len)
{
    if (dev->setup[0] & DIR_IN) {
        dev->control_state = USB_CONTROL_IDLE;      /* status stage */
        return len;
    }
    if (dev->control_state != USB_CONTROL_DATA ||
        (uint32_t)len > dev->control_len - dev->control_pos) {
        return USB_RET_STALL;
    }
    memcpy(dev->control_data + dev->control_pos, data, len);
    dev->control_pos += len;
    return len;
}

static int handle_packet(USBDevice *dev, int pid, int endpoint, uint8_t *data, int len)
{
    uint16_t halted = pid == USB_TOKEN_IN ? dev->halted_in : dev->halted_out;

    if (endpoint == 0) {
        switch (pid) {
        case USB_TOKEN_SETUP:
            return control_setup(dev, data, len);
        case USB_TOKEN_IN:
            return control_in(dev, data, len);
        default:
            return control_out(dev, data, len);
        }
    }
    if (halted >> endpoint & 1 || !usb_class(dev)->handle_data) {
        return USB_RET_STALL;
    }
    return usb_class(dev)->handle_data(dev, pid, endpoint, data, len);
}

int usb_handle_packet(USBDevice *dev, int pid, int endpoint, uint8_t *data, int len)
{
    int result = handle_packet(dev, pid, endpoint, data, len);

    trace_usb_packet(OBJECT(dev)->type->name, dev->addr, pid, endpoint, len, result);
    return result;
}

/* --- life ----------------------------------------------------------------- */

static void clear_state(USBDevice *dev)
{
    dev->addr = dev->configuration = dev->remote_wakeup = 0;
    dev->halted_in = dev->halted_out = 0;
    dev->control_state = USB_CONTROL_IDLE;
    dev->control_len = dev->control_pos = 0;
    memset(dev->setup, 0, sizeof(dev->setup));
    memset(dev->control_data, 0, sizeof(dev->control_data));
}

void usb_device_reset(USBDevice *dev)
{
    clear_state(dev);
    if (usb_class(dev)->handle_reset) {
        usb_class(dev)->handle_reset(dev);
    }
}

static void usb_reset(DeviceState *dev)
{
    usb_device_reset(USB_DEVICE(dev));
}

static bool usb_realize(DeviceState *qdev, Error **errp)
{
    USBDevice *dev = USB_DEVICE(qdev);
    USBBus *bus = container_of(qdev->parent_bus, USBBus, qbus);
    USBPort *port = choose_port(bus, dev->port_name, errp);

    if (!port) {
        return false;
    }
    dev->port = port;
    port->dev = dev;
    port->ops->attach(port);
    return true;
}

static void usb_unrealize(DeviceState *qdev)
{
    USBDevice *dev = USB_DEVICE(qdev);

    dev->port->ops->detach(dev->port);
    dev->port->dev = NULL;
    dev->port = NULL;
}

static const Property usb_props[] = {
    DEFINE_PROP_STRING("port", USBDevice, port_name),
    DEFINE_PROP_STRING("serial", USBDevice, serial),
    DEFINE_PROP_END
};

#define S USBDevice
static const VMStateField usb_device_fields[] = {
    VMSTATE_UINT8(addr, S), VMSTATE_UINT8(configuration, S), VMSTATE_UINT8(remote_wakeup, S),
    VMSTATE_UINT16(halted_in, S), VMSTATE_UINT16(halted_out, S), VMSTATE_UINT8(control_state, S),
    VMSTATE_BUFFER(setup, S), VMSTATE_BUFFER(control_data, S), VMSTATE_UINT32(control_len, S),
    VMSTATE_UINT32(control_pos, S), VMSTATE_END
};
#undef S

static int usb_device_post_load(void *opaque, int version)
{
    USBDevice *dev = opaque;

    return dev->control_len > USB_CONTROL_BYTES || dev->control_pos > dev->control_len ? -EINVAL
                                                                                       : 0;
}

const VMStateDescription vmstate_usb_device = {
    .name = "usb-device", .version = 1, .fields = usb_device_fields,
    .post_load = usb_device_post_load,
};

static const TypeInfo usb_device_info = {
    .name = TYPE_USB_DEVICE, .parent = "device", .instance_size = sizeof(USBDevice),
    .realize = usb_realize, .unrealize = usb_unrealize, .reset = usb_reset, .props = usb_props,
    .bus_type = TYPE_USB_BUS,
};
DEFINE_TYPE(usb_device_info)

void usb_info(void (*print)(void *opaque, const char *fmt, ...), void *opaque)
{
    bool any = false;

    for (guint i = 0; buses && i < buses->len; i++) {
        USBBus *bus = g_ptr_array_index(buses, i);

        for (guint p = 0; p < bus->ports->len; p++) {
            USBDevice *dev = ((USBPort *)g_ptr_array_index(bus->ports, p))->dev;

            if (dev) {
                any = true;
                print(opaque, "  Device %d.%d, Port %u, Speed %s Mb/s, Product %s\n", bus->number,
                      dev->addr, p + 1, usb_class(dev)->speed == USB_SPEED_LOW ? "1.5" : "12",
                      usb_class(dev)->product);
            }
        }
    }
    if (!any) {
        print(opaque, buses ? "No USB devices\n" : "USB support not enabled\n");
    }
}
