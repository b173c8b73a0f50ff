/*
 * Virtio input devices (Virtual I/O Device 1.1, 5.8): keyboard, mouse and tablet of
 * Linux's event interface.
 *
 * Queue 0     events, a group of them for each thing that happened, the last one SYN
 * Queue 1     status (lights of a keyboard): taken and dropped
 * Property    "serial"
 *
 * A group for which the driver has no buffers is dropped as a whole.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include <linux/input-event-codes.h>
#include "hw/virtio/virtio-pci.h"
#include "qemu/bswap.h"
#include "ui/console.h"

#define TYPE_VIRTIO_INPUT "virtio-input-pci"

enum { QUEUE_SIZE = 64, EVENT_BYTES = 8, MAX_GROUP = 8 };
/* Configuration space (5.8.4) */
enum { CFG_SELECT = 0, CFG_SUBSELECT = 1, CFG_SIZE = 2, CFG_DATA = 8, DATA_BYTES = 128,
       CFG_BYTES = CFG_DATA + DATA_BYTES };
enum { SELECT_NAME = 0x01, SELECT_SERIAL = 0x02, SELECT_IDS = 0x03, SELECT_EVENTS = 0x11, SELECT_ABS = 0x12 };
enum { IDS_BYTES = 8, ABS_BYTES = 20, BUS_OF_VIRTUAL = 0x06, VENDOR = 0x0627, VERSION = 1 };
enum { POSITION_MAX = 0x7fff, ALL_KEYS = 248, BUTTONS = 3 };

/* class_data begins with the PCI part. */
typedef struct VirtIOInputClass {
    PCIDeviceClass pci;
    const char *name;
    uint16_t product;
    const QemuInputHandler *handler;
} VirtIOInputClass;

typedef struct VirtIOInput {
    VirtIOPCIProxy proxy;
    VirtIODevice vdev;

    /* wiring */
    VirtQueue *events, *status;
    const VirtIOInputClass *kind;
    uint8_t group[MAX_GROUP][EVENT_BYTES];      /* being put together; empty between calls */
    unsigned group_events;

    /* properties */
    char *serial;

    /* guest state */
    uint8_t select, subselect;
    uint8_t buttons;            /* as the driver knows them */
} VirtIOInput;
#define VIRTIO_INPUT(o) OBJECT_CHECK(VirtIOInput, (o), TYPE_VIRTIO_INPUT)

static const uint16_t button_codes[BUTTONS] = { BTN_LEFT, BTN_RIGHT, BTN_MIDDLE };

/* --- events ------------------------------------------------------------------------ */

static void add_event(VirtIOInput *s, uint16_t type, uint16_t code, uint32_t value)
{
    uint8_t *event = s->group[s->group_events];

    assert(s->group_events < MAX_GROUP);
    stw_le_p(event, type);
    stw_le_p(event + 2, code);
    stl_le_p(event + 4, value);
    s->group_events++;
}

/* With the group's end. All of its events find a buffer, or none is sent. */
static void send_group(VirtIOInput *s)
{
    VirtQueueElement *elems[MAX_GROUP];
    unsigned found = 0;

    add_event(s, EV_SYN, SYN_REPORT, 0);
    while (found < s->group_events && virtio_queue_ready(s->events) &&
           (elems[found] = virtqueue_pop(s->events))) {
        found++;
    }
    if (found == s->group_events) {
        for (unsigned i = 0; i < found; i++) {
            virtqueue_push(s->events, elems[i],
                           virtqueue_write(&s->vdev, elems[i], 0, s->group[i], EVENT_BYTES));
        }
        virtio_notify(s->events);
    } else {
        for (unsigned i = found; i > 0; i--) {
            virtqueue_unpop(s->events, elems[i - 1]);
        }
    }
    for (unsigned i = 0; i < found; i++) {
        g_free(elems[i]);
    }
    s->group_events = 0;
}

static void key_event(void *opaque, int linux_code, bool down)
{
    VirtIOInput *s = opaque;

    if (linux_code > 0 && linux_code <= ALL_KEYS) {
        add_event(s, EV_KEY, linux_code, down);
        send_group(s);
    }
}

static void buttons_event(void *opaque, unsigned mask)
{
    VirtIOInput *s = opaque;

    for (int i = 0; i < BUTTONS; i++) {
        if ((mask ^ s->buttons) & 1u << i) {
            add_event(s, EV_KEY, button_codes[i], mask >> i & 1);
        }
    }
    s->buttons = mask & ((1u << BUTTONS) - 1);
    if (s->group_events) {
        send_group(s);
    }
}

static void relative_event(VirtIOInput *s, uint16_t code, int value)
{
    if (value) {
        add_event(s, EV_REL, code, value);
    }
}

static void motion_event(void *opaque, int dx, int dy, int dz)
{
    VirtIOInput *s = opaque;

    relative_event(s, REL_X, dx);
    relative_event(s, REL_Y, dy);
    relative_event(s, REL_WHEEL, -dz);
    if (s->group_events) {
        send_group(s);
    }
}

static void position_event(void *opaque, int x, int y, int dz)
{
    VirtIOInput *s = opaque;

    add_event(s, EV_ABS, ABS_X, CLAMP(x, 0, POSITION_MAX));
    add_event(s, EV_ABS, ABS_Y, CLAMP(y, 0, POSITION_MAX));
    relative_event(s, REL_WHEEL, -dz);
    send_group(s);
}

/* --- configuration space ------------------------------------------------------------- */

static void set_bit(uint8_t *bits, unsigned bit)
{
    bits[bit / 8] |= 1 << bit % 8;
}

static void set_bits(uint8_t *bits, const uint16_t *codes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        set_bit(bits, codes[i]);
    }
}

/* The codes of an event type that the device sends, as bits. */
static void event_bits(const QemuInputHandler *h, uint8_t type, uint8_t *bits)
{
    if (type == EV_KEY && h->is_keyboard) {
        for (unsigned code = 1; code <= ALL_KEYS; code++) {
            set_bit(bits, code);
        }
    } else if (type == EV_KEY) {
        set_bits(bits, button_codes, BUTTONS);
    } else if (type == EV_REP && h->is_keyboard) {
        set_bits(bits, (const uint16_t[]){ REP_DELAY, REP_PERIOD }, 2);
    } else if (type == EV_LED && h->is_keyboard) {
        set_bits(bits, (const uint16_t[]){ LED_NUML, LED_CAPSL, LED_SCROLLL }, 3);
    } else if (type == EV_REL && h->is_pointer) {
        set_bit(bits, REL_WHEEL);
        if (!h->is_absolute) {
            set_bits(bits, (const uint16_t[]){ REL_X, REL_Y }, 2);
        }
    } else if (type == EV_ABS && h->is_absolute) {
        set_bits(bits, (const uint16_t[]){ ABS_X, ABS_Y }, 2);
    }
}

/* Bytes of text; a longer one is cut. */
static uint8_t put_text(uint8_t *data, const char *text)
{
    size_t length = text ? MIN(strlen(text), (size_t)DATA_BYTES) : 0;

    memcpy(data, text ? text : "", length);
    return length;
}

static uint8_t put_ids(const VirtIOInput *s, uint8_t *data)
{
    stw_le_p(data, BUS_OF_VIRTUAL);
    stw_le_p(data + 2, VENDOR);
    stw_le_p(data + 4, s->kind->product);
    stw_le_p(data + 6, VERSION);
    return IDS_BYTES;
}

/* The answer to what the driver selected: its size, 0: nothing of the kind. */
static uint8_t put_answer(const VirtIOInput *s, uint8_t *data)
{
    const QemuInputHandler *h = s->kind->handler;
    uint8_t size;

    switch (s->select) {
    case SELECT_NAME:
        return s->subselect ? 0 : put_text(data, s->kind->name);
    case SELECT_SERIAL:
        return s->subselect ? 0 : put_text(data, s->serial);
    case SELECT_IDS:
        return s->subselect ? 0 : put_ids(s, data);
    case SELECT_EVENTS:
        event_bits(h, s->subselect, data);
        for (size = DATA_BYTES; size && !data[size - 1]; size--) {
        }
        return size;
    case SELECT_ABS:
        if (!h->is_absolute || s->subselect > ABS_Y) {
            return 0;
        }
        stl_le_p(data + 4, POSITION_MAX);       /* behind the minimum */
        return ABS_BYTES;
    }
    return 0;
}

static void input_get_config(VirtIODevice *vdev, uint8_t *config)
{
    VirtIOInput *s = container_of(vdev, VirtIOInput, vdev);

    memset(config, 0, CFG_BYTES);
    config[CFG_SELECT] = s->select;
    config[CFG_SUBSELECT] = s->subselect;
    config[CFG_SIZE] = put_answer(s, config + CFG_DATA);
}

static void input_set_config(VirtIODevice *vdev, const uint8_t *config)
{
    VirtIOInput *s = container_of(vdev, VirtIOInput, vdev);

    s->select = config[CFG_SELECT];
    s->subselect = config[CFG_SUBSELECT];
}

/* --- life ------------------------------------------------------------------------------ */

/* Buffers of the event queue wait for events. */
static void handle_events(VirtIODevice *vdev, VirtQueue *vq)
{
}

static void handle_status(VirtIODevice *vdev, VirtQueue *vq)
{
    VirtQueueElement *elem;

    while ((elem = virtqueue_pop(vq))) {
        virtqueue_push(vq, elem, 0);
        g_free(elem);
    }
    virtio_notify(vq);
}

/* The device that the user sees is the newest that a driver took. */
static void input_status_changed(VirtIODevice *vdev, uint8_t old)
{
    VirtIOInput *s = container_of(vdev, VirtIOInput, vdev);

    if (vdev->status & ~old & VIRTIO_STATUS_DRIVER_OK) {
        qemu_input_handler_activate(s->kind->handler, s);
    }
}

static void input_reset(VirtIODevice *vdev)
{
    VirtIOInput *s = container_of(vdev, VirtIOInput, vdev);

    s->select = s->subselect = s->buttons = 0;
}

static const VirtIODeviceOps input_ops = {
    .device_id = VIRTIO_ID_INPUT, .config_bytes = CFG_BYTES, .get_config = input_get_config,
    .set_config = input_set_config, .status_changed = input_status_changed, .reset = input_reset,
};

static const VMStateField input_fields[] = {
    VMSTATE_VIRTIO_PCI(proxy, VirtIOInput), VMSTATE_VIRTIO(vdev, VirtIOInput),
    VMSTATE_UINT8(select, VirtIOInput), VMSTATE_UINT8(subselect, VirtIOInput),
    VMSTATE_UINT8(buttons, VirtIOInput), VMSTATE_END
};
static const VMStateDescription vmstate_input = {
    .name = "virtio-input", .version = 1, .fields = input_fields,
};

static const Property input_props[] = {
    DEFINE_PROP_STRING("serial", VirtIOInput, serial),
    DEFINE_PROP_END
};

static bool input_realize(DeviceState *dev, Error **errp)
{
    VirtIOInput *s = VIRTIO_INPUT(dev);

    s->kind = object_class_data(OBJECT(dev));
    virtio_pci_setup(&s->proxy, &s->vdev);
    virtio_init(&s->vdev, "virtio-input", &input_ops);
    s->events = virtio_add_queue(&s->vdev, QUEUE_SIZE, handle_events);
    s->status = virtio_add_queue(&s->vdev, QUEUE_SIZE, handle_status);
    if (!virtio_pci_finish(&s->proxy, errp)) {
        return false;
    }
    qemu_input_handler_register(s->kind->handler, s);
    return true;
}

static void input_unrealize(DeviceState *dev)
{
    VirtIOInput *s = VIRTIO_INPUT(dev);

    qemu_input_handler_unregister(s->kind->handler, s);
    virtio_pci_unsetup(&s->proxy);
}

static const TypeInfo input_info = {
    .name = TYPE_VIRTIO_INPUT, .parent = TYPE_VIRTIO_PCI, .instance_size = sizeof(VirtIOInput),
    .realize = input_realize, .unrealize = input_unrealize, .props = input_props, .vmsd = &vmstate_input,
};
DEFINE_TYPE(input_info)

/* --- the three kinds --------------------------------------------------------------------- */

#define INPUT_PCI(class_id_) { .vendor_id = 0x1af4, .device_id = 0x1052, .class_id = (class_id_), \
    .config_read = virtio_pci_config_read, .config_write = virtio_pci_config_write }

static const QemuInputHandler keyboard_handler = {
    .name = "QEMU Virtio Keyboard", .is_keyboard = true, .key = key_event,
};
static const VirtIOInputClass keyboard_class = {
    .pci = INPUT_PCI(0x0900), .name = "QEMU Virtio Keyboard", .product = 1, .handler = &keyboard_handler,
};
static const TypeInfo keyboard_info = {
    .name = "virtio-keyboard-pci", .parent = TYPE_VIRTIO_INPUT, .desc = "Virtio keyboard",
    .instance_size = sizeof(VirtIOInput), .user_creatable = true, .category = "input",
    .class_data = &keyboard_class,
};
DEFINE_TYPE(keyboard_info)

static const QemuInputHandler mouse_handler = {
    .name = "QEMU Virtio Mouse", .is_pointer = true, .motion = motion_event, .buttons = buttons_event,
};
static const VirtIOInputClass mouse_class = {
    .pci = INPUT_PCI(0x0902), .name = "QEMU Virtio Mouse", .product = 2, .handler = &mouse_handler,
};
static const TypeInfo mouse_info = {
    .name = "virtio-mouse-pci", .parent = TYPE_VIRTIO_INPUT, .desc = "Virtio mouse",
    .instance_size = sizeof(VirtIOInput), .user_creatable = true, .category = "input",
    .class_data = &mouse_class,
};
DEFINE_TYPE(mouse_info)

static const QemuInputHandler tablet_handler = {
    .name = "QEMU Virtio Tablet", .is_pointer = true, .is_absolute = true, .position = position_event,
    .buttons = buttons_event,
};
static const VirtIOInputClass tablet_class = {
    .pci = INPUT_PCI(0x0902), .name = "QEMU Virtio Tablet", .product = 3, .handler = &tablet_handler,
};
static const TypeInfo tablet_info = {
    .name = "virtio-tablet-pci", .parent = TYPE_VIRTIO_INPUT, .desc = "Virtio tablet",
    .instance_size = sizeof(VirtIOInput), .user_creatable = true, .category = "input",
    .class_data = &tablet_class,
};
DEFINE_TYPE(tablet_info)
