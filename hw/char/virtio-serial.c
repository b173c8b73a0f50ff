/*
 * Virtio console card and its ports (Virtual I/O Device 1.1, 5.3).
 *
 * Queues      0/1 port 0 receive/transmit, 2/3 control, 4/5 port 1, ..
 * Features    MULTIPORT, EMERG_WRITE
 * Properties  card: "max_ports"; ports: "chardev", "name", "nr"
 * Left out    console size (the terminal's size is not known here)
 *
 * A port passes bytes between a character device and its two queues. What the
 * guest has no buffers for stays in the character device.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/virtio/virtio-pci.h"
#include "hw/virtio/virtio-serial.h"
#include "qemu/bswap.h"
#include "qemu/log.h"

#define TYPE_VIRTIO_SERIAL_PCI "virtio-serial-pci"
#define TYPE_VIRTIO_SERIAL_PORT "virtio-serial-port"

enum { F_MULTIPORT = 1, F_EMERG_WRITE = 2 };
enum { CFG_MAX_PORTS = 4, CFG_EMERG_WRITE = 8, CFG_BYTES = 12 };
enum { PORT_QUEUE_SIZE = 128, CONTROL_QUEUE_SIZE = 32, CONTROL_BYTES = 8, NAME_MAX_BYTES = 128 };
/* 5.3.6.2 */
enum { DEVICE_READY = 0, PORT_ADD = 1, PORT_READY = 3, CONSOLE_PORT = 4, PORT_OPEN = 6,
       PORT_NAME = 7 };

struct VirtIOSerial {
    VirtIOPCIProxy proxy;
    VirtIODevice vdev;

    /* wiring */
    BusState bus;
    VirtQueue *control_in, *control_out;
    VirtIOSerialPort *ports[VIRTIO_SERIAL_MAX_PORTS];
    GByteArray *messages;       /* control messages that wait for buffers: length, bytes */

    /* properties */
    uint32_t max_ports;

    /* guest state */
    uint32_t emergency;
};
#define VIRTIO_SERIAL_PCI(o) OBJECT_CHECK(VirtIOSerial, (o), TYPE_VIRTIO_SERIAL_PCI)
#define VIRTIO_SERIAL_PORT(o) OBJECT_CHECK(VirtIOSerialPort, (o), TYPE_VIRTIO_SERIAL_PORT)

static VirtIOSerial *from_vdev(VirtIODevice *vdev)
{
    return container_of(vdev, VirtIOSerial, vdev);
}

/* --- control messages ------------------------------------------------------ */

static void send_messages(VirtIOSerial *s)
{
    VirtQueueElement *elem;

    while (s->messages->len && (elem = virtqueue_pop(s->control_in))) {
        uint8_t length = s->messages->data[0];

        virtqueue_push(s->control_in, elem,
                       virtqueue_write(&s->vdev, elem, 0, s->messages->data + 1, length));
        g_free(elem);
        g_byte_array_remove_range(s->messages, 0, 1 + length);
    }
    virtio_notify(s->control_in);
}

static void queue_message(VirtIOSerial *s, uint32_t port, uint16_t event, uint16_t value,
                          const char *text)
{
    uint8_t header[CONTROL_BYTES], length = CONTROL_BYTES + (text ? strlen(text) : 0);

    if (!virtio_has_feature(&s->vdev, F_MULTIPORT) ||
        !(s->vdev.status & VIRTIO_STATUS_DRIVER_OK)) {
        return;
    }
    virtio_stl_p(&s->vdev, header, port);
    virtio_stw_p(&s->vdev, header + 4, event);
    virtio_stw_p(&s->vdev, header + 6, value);
    g_byte_array_append(s->messages, &length, 1);
    g_byte_array_append(s->messages, header, CONTROL_BYTES);
    if (text) {
        g_byte_array_append(s->messages, (const uint8_t *)text, length - CONTROL_BYTES);
    }
    send_messages(s);
}

static void announce_port(VirtIOSerial *s, VirtIOSerialPort *port)
{
    if (port->is_console) {
        queue_message(s, port->number, CONSOLE_PORT, 1, NULL);
    }
    if (port->port_name) {
        queue_message(s, port->number, PORT_NAME, 1, port->port_name);
    }
    if (port->host_open) {
        queue_message(s, port->number, PORT_OPEN, 1, NULL);
    }
}

static void handle_message(VirtIOSerial *s, uint32_t number, uint16_t event, uint16_t value)
{
    VirtIOSerialPort *port = number < s->max_ports ? s->ports[number] : NULL;

    if (event == DEVICE_READY) {
        for (unsigned i = 0; value && i < s->max_ports; i++) {
            if (s->ports[i]) {
                queue_message(s, i, PORT_ADD, 1, NULL);
            }
        }
        return;
    }
    if (!port) {
        qemu_log_mask(LOG_GUEST_ERROR, "virtio-serial: event %u for port %u, which is not there\n",
                      event, number);
        return;
    }
    switch (event) {
    case PORT_READY:
        if (value) {
            announce_port(s, port);
        }
        break;
    case PORT_OPEN:
        port->guest_open = value;
        if (value) {
            qemu_chr_fe_accept_input(&port->chr);
        }
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "virtio-serial: unknown control event %u\n", event);
        break;
    }
}

static void handle_control_out(VirtIODevice *vdev, VirtQueue *vq)
{
    VirtQueueElement *elem;

    while ((elem = virtqueue_pop(vq))) {
        uint8_t raw[CONTROL_BYTES];

        if (virtqueue_read(vdev, elem, 0, raw, sizeof(raw)) == sizeof(raw)) {
            handle_message(from_vdev(vdev), virtio_ldl_p(vdev, raw), virtio_lduw_p(vdev, raw + 4),
                           virtio_lduw_p(vdev, raw + 6));
        }
        virtqueue_push(vq, elem, 0);
        g_free(elem);
    }
    virtio_notify(vq);
}

static void handle_control_in(VirtIODevice *vdev, VirtQueue *vq)
{
    send_messages(from_vdev(vdev));
}

/* --- data ----------------------------------------------------------------- */

static VirtIOSerialPort *port_of_queue(VirtIODevice *vdev, const VirtQueue *vq)
{
    return from_vdev(vdev)->ports[vq->index < 2 ? 0 : vq->index / 2 - 1];
}

/* Guest to host. */
static void handle_output(VirtIODevice *vdev, VirtQueue *vq)
{
    VirtIOSerialPort *port = port_of_queue(vdev, vq);
    VirtQueueElement *elem;
    uint8_t piece[4096];

    while ((elem = virtqueue_pop(vq))) {
        uint64_t done = 0;
        size_t n;

        while (port && (n = virtqueue_read(vdev, elem, done, piece, sizeof(piece)))) {
            qemu_chr_fe_write_all(&port->chr, piece, n);
            done += n;
        }
        virtqueue_push(vq, elem, 0);
        g_free(elem);
    }
    virtio_notify(vq);
}

/* The guest has room again. */
static void handle_input(VirtIODevice *vdev, VirtQueue *vq)
{
    VirtIOSerialPort *port = port_of_queue(vdev, vq);

    if (port) {
        qemu_chr_fe_accept_input(&port->chr);
    }
}

static bool port_listens(const VirtIOSerialPort *port)
{
    const VirtIODevice *vdev = &port->serial->vdev;

    return (vdev->status & VIRTIO_STATUS_DRIVER_OK) && !vdev->broken &&
           (port->guest_open || !virtio_has_feature(vdev, F_MULTIPORT));
}

static int port_can_read(void *opaque)
{
    VirtIOSerialPort *port = opaque;

    return port_listens(port) && !virtqueue_empty(port->in) ? 4096 : 0;
}

static void port_read(void *opaque, const uint8_t *buf, int size)
{
    VirtIOSerialPort *port = opaque;
    VirtQueueElement *elem;

    while (size > 0 && (elem = virtqueue_pop(port->in))) {
        size_t n = virtqueue_write(&port->serial->vdev, elem, 0, buf, size);

        virtqueue_push(port->in, elem, n);
        g_free(elem);
        buf += n;
        size -= n;
    }
    virtio_notify(port->in);
}

static void port_event(void *opaque, QEMUChrEvent event)
{
    VirtIOSerialPort *port = opaque;

    if (event == CHR_EVENT_OPENED || event == CHR_EVENT_CLOSED) {
        port->host_open = event == CHR_EVENT_OPENED;
        queue_message(port->serial, port->number, PORT_OPEN, port->host_open, NULL);
    }
}

/* --- the card --------------------------------------------------------------- */

static uint64_t serial_get_features(VirtIODevice *vdev)
{
    return 1u << F_EMERG_WRITE | (uint64_t)(from_vdev(vdev)->max_ports > 1) << F_MULTIPORT;
}

static void serial_get_config(VirtIODevice *vdev, uint8_t *c)
{
    virtio_stl_p(vdev, c + CFG_MAX_PORTS, from_vdev(vdev)->max_ports);
}

/* 5.3.4: a character that goes out before anything is set up. */
static void serial_set_config(VirtIODevice *vdev, const uint8_t *c)
{
    VirtIOSerialPort *port = from_vdev(vdev)->ports[0];
    uint8_t byte = virtio_ldl_p(vdev, c + CFG_EMERG_WRITE);

    if (port && byte) {
        qemu_chr_fe_write_all(&port->chr, &byte, 1);
    }
}

static void serial_reset(VirtIODevice *vdev)
{
    VirtIOSerial *s = from_vdev(vdev);

    g_byte_array_set_size(s->messages, 0);
    for (unsigned i = 0; i < s->max_ports; i++) {
        if (s->ports[i]) {
            s->ports[i]->guest_open = false;
        }
    }
}

static const VirtIODeviceOps serial_ops = {
    .device_id = VIRTIO_ID_CONSOLE, .config_bytes = CFG_BYTES, .get_features = serial_get_features,
    .get_config = serial_get_config, .set_config = serial_set_config, .reset = serial_reset,
};

static const VMStateField serial_fields[] = {
    VMSTATE_VIRTIO_PCI(proxy, VirtIOSerial), VMSTATE_VIRTIO(vdev, VirtIOSerial), VMSTATE_END
};
static const VMStateDescription vmstate_serial = {
    .name = "virtio-serial", .version = 1, .fields = serial_fields,
};

static bool serial_realize(DeviceState *dev, Error **errp)
{
    VirtIOSerial *s = VIRTIO_SERIAL_PCI(dev);

    if (s->max_ports < 1 || s->max_ports > VIRTIO_SERIAL_MAX_PORTS) {
        error_setg(errp, "max_ports=%u: from 1 to %d", s->max_ports, VIRTIO_SERIAL_MAX_PORTS);
        return false;
    }
    s->messages = g_byte_array_new();
    qbus_init(&s->bus, sizeof(s->bus), TYPE_VIRTIO_SERIAL_BUS, dev, NULL);
    if (s->proxy.vectors == UINT32_MAX) {
        s->proxy.vectors = s->max_ports > 1 ? 2 : 1;
    }
    virtio_pci_setup(&s->proxy, &s->vdev);
    virtio_init(&s->vdev, "virtio-serial", &serial_ops);
    for (unsigned i = 0; i < s->max_ports; i++) {
        virtio_add_queue(&s->vdev, PORT_QUEUE_SIZE, handle_input);
        virtio_add_queue(&s->vdev, PORT_QUEUE_SIZE, handle_output);
        if (i == 0) {
            s->control_in = virtio_add_queue(&s->vdev, CONTROL_QUEUE_SIZE, handle_control_in);
            s->control_out = virtio_add_queue(&s->vdev, CONTROL_QUEUE_SIZE, handle_control_out);
        }
    }
    return virtio_pci_finish(&s->proxy, errp);
}

static void serial_unrealize(DeviceState *dev)
{
    VirtIOSerial *s = VIRTIO_SERIAL_PCI(dev);

    virtio_pci_unsetup(&s->proxy);
    g_byte_array_free(s->messages, true);
}

static const Property serial_props[] = {
    DEFINE_PROP_UINT32("max_ports", VirtIOSerial, max_ports, VIRTIO_SERIAL_MAX_PORTS),
    DEFINE_PROP_END
};

static const PCIDeviceClass serial_class = {
    .vendor_id = 0x1af4, .device_id = 0x1003, .class_id = 0x0780,
    .config_read = virtio_pci_config_read, .config_write = virtio_pci_config_write,
};

static const TypeInfo serial_info = {
    .name = TYPE_VIRTIO_SERIAL_PCI, .parent = TYPE_VIRTIO_PCI, .desc = "Virtio console card",
    .instance_size = sizeof(VirtIOSerial), .realize = serial_realize,
    .unrealize = serial_unrealize, .props = serial_props, .vmsd = &vmstate_serial,
    .user_creatable = true, .category = "input", .class_data = &serial_class,
};
DEFINE_TYPE(serial_info)

/* --- ports ---------------------------------------------------------------- */

static bool choose_number(VirtIOSerial *s, VirtIOSerialPort *port, Error **errp)
{
    uint32_t n = port->is_console ? 0 : 1;      /* port 0 is for a console */

    if (port->number == UINT32_MAX) {
        while (n < s->max_ports && s->ports[n]) {
            n++;
        }
        port->number = n;
    }
    if (port->number >= s->max_ports || s->ports[port->number]) {
        error_setg(errp, "bus %s has no free port%s", s->bus.name,
                   port->number < s->max_ports ? " of this number" : "");
        return false;
    }
    return true;
}

static bool port_realize(DeviceState *dev, Error **errp)
{
    VirtIOSerialPort *port = VIRTIO_SERIAL_PORT(dev);
    VirtIOSerial *s = VIRTIO_SERIAL_PCI(dev->parent_bus->parent);
    unsigned queue;

    if (port->port_name && strlen(port->port_name) > NAME_MAX_BYTES) {
        error_setg(errp, "name=: at most %d characters", NAME_MAX_BYTES);
        return false;
    }
    if (!choose_number(s, port, errp)) {
        return false;
    }
    queue = port->number ? 2 * port->number + 2 : 0;
    port->serial = s;
    port->in = &s->vdev.vq[queue];
    port->out = &s->vdev.vq[queue + 1];
    s->ports[port->number] = port;
    port->host_open = qemu_chr_fe_backend_connected(&port->chr) && port->is_console;
    qemu_chr_fe_set_handlers(&port->chr, port_can_read, port_read, port_event, port);
    queue_message(s, port->number, PORT_ADD, 1, NULL);
    return true;
}

static void port_unrealize(DeviceState *dev)
{
    VirtIOSerialPort *port = VIRTIO_SERIAL_PORT(dev);

    qemu_chr_fe_deinit(&port->chr);
    port->serial->ports[port->number] = NULL;
}

static void console_init(Object *obj)
{
    ((VirtIOSerialPort *)obj)->is_console = true;
}

static const VMStateField port_fields[] = {
    VMSTATE_BOOL(guest_open, VirtIOSerialPort), VMSTATE_END
};
static const VMStateDescription vmstate_port = {
    .name = "virtio-serial-port", .version = 1, .fields = port_fields,
};

static const Property port_props[] = {
    DEFINE_PROP_CHR("chardev", VirtIOSerialPort, chr),
    DEFINE_PROP_STRING("name", VirtIOSerialPort, port_name),
    DEFINE_PROP_UINT32("nr", VirtIOSerialPort, number, UINT32_MAX),
    DEFINE_PROP_END
};

static const TypeInfo port_info = {
    .name = TYPE_VIRTIO_SERIAL_PORT, .parent = "device", .instance_size = sizeof(VirtIOSerialPort),
    .realize = port_realize, .unrealize = port_unrealize, .props = port_props,
    .vmsd = &vmstate_port, .bus_type = TYPE_VIRTIO_SERIAL_BUS,
};
DEFINE_TYPE(port_info)

static const TypeInfo serialport_info = {
    .name = "virtserialport", .parent = TYPE_VIRTIO_SERIAL_PORT, .desc = "Virtio serial port",
    .instance_size = sizeof(VirtIOSerialPort), .user_creatable = true, .category = "input",
};
DEFINE_TYPE(serialport_info)

static const TypeInfo console_info = {
    .name = "virtconsole", .parent = TYPE_VIRTIO_SERIAL_PORT, .desc = "Virtio console port",
    .instance_size = sizeof(VirtIOSerialPort), .init = console_init, .user_creatable = true,
    .category = "input",
};
DEFINE_TYPE(console_info)
