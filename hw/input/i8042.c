/*
 * 8042 keyboard controller of the PC (IBM PS/2 Hardware Interface Technical
 * Reference, "Keyboard and Auxiliary Device Controller").
 *
 * Port 0x60      data
 * Port 0x64      status; commands
 * IRQ 1, 12      edge: a byte of the keyboard, of the mouse is in the output buffer
 * gpio "a20"     bit 1 of the output port
 *
 * Bit 0 of the output port resets the machine.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/input/ps2.h"
#include "ps2-keys.h"
#include "qemu/log.h"
#include "sysemu/sysemu.h"
#include "trace/hw-input.h"

enum { PORT_DATA = 0x60, PORT_STATUS = 0x64, IRQ_KEYBOARD = 1, IRQ_MOUSE = 12, RAM_SIZE = 32 };
enum { ST_OBF = 0x01, ST_SYSTEM = 0x04, ST_COMMAND = 0x08, ST_UNLOCKED = 0x10, ST_MOUSE_OBF = 0x20 };
/* Command byte */
enum { MODE_KBD_INT = 0x01, MODE_MOUSE_INT = 0x02, MODE_SYSTEM = 0x04, MODE_DISABLE_KBD = 0x10,
       MODE_DISABLE_MOUSE = 0x20, MODE_TRANSLATE = 0x40 };
enum { OUT_RESET = 0x01, OUT_A20 = 0x02, OUT_UNUSED = 0xcc, OUT_KBD_OBF = 0x10, OUT_MOUSE_OBF = 0x20 };
enum { INPUT_PORT = 0x80 };     /* keyboard not locked */
enum { CMD_READ_RAM = 0x20, CMD_WRITE_RAM = 0x60, CMD_DISABLE_MOUSE = 0xa7, CMD_ENABLE_MOUSE = 0xa8,
       CMD_TEST_MOUSE = 0xa9, CMD_SELF_TEST = 0xaa, CMD_TEST_KBD = 0xab, CMD_DISABLE_KBD = 0xad,
       CMD_ENABLE_KBD = 0xae, CMD_READ_INPUT = 0xc0, CMD_READ_OUTPUT = 0xd0, CMD_WRITE_OUTPUT = 0xd1,
       CMD_WRITE_KBD_OBF = 0xd2, CMD_WRITE_MOUSE_OBF = 0xd3, CMD_WRITE_MOUSE = 0xd4,
       CMD_DISABLE_A20 = 0xdd, CMD_ENABLE_A20 = 0xdf, CMD_PULSE = 0xf0 };
enum { SELF_TEST_OK = 0x55, TEST_OK = 0 };
/* Where the byte in the output buffer comes from. */
enum { FROM_NOBODY, FROM_CONTROLLER, FROM_KEYBOARD, FROM_MOUSE };

typedef struct I8042State {
    ISADevice parent_obj;

    /* wiring */
    MemoryRegion data_port, status_port;
    qemu_irq irq_kbd, irq_mouse, a20;
    PS2Device *kbd, *mouse;     /* links */

    /* guest state */
    uint8_t status, out_port, data;
    uint8_t ram[RAM_SIZE];      /* byte 0: command byte */
    uint8_t source;             /* FROM_x of data */
    int32_t pending;            /* command that waits for its byte, -1: none */
    bool release_next;          /* translation saw 0xf0 */
} I8042State;
#define I8042(o) OBJECT_CHECK(I8042State, (o), TYPE_I8042)
#define MODE(s) ((s)->ram[0])

static void i8042_update_irq(I8042State *s)
{
    bool full = s->status & ST_OBF;

    qemu_set_irq(s->irq_kbd, full && !(s->status & ST_MOUSE_OBF) && (MODE(s) & MODE_KBD_INT));
    qemu_set_irq(s->irq_mouse, full && (s->status & ST_MOUSE_OBF) && (MODE(s) & MODE_MOUSE_INT));
}

static void fill_output(I8042State *s, uint8_t value, uint8_t source, bool as_mouse)
{
    s->data = value;
    s->source = source;
    s->status = (s->status & ~ST_MOUSE_OBF) | ST_OBF | (as_mouse ? ST_MOUSE_OBF : 0);
    i8042_update_irq(s);
}

/* Set 2 to set 1: 0xf0 vanishes and sets bit 7 of what follows. False: nothing to pass on. */
static bool translate(I8042State *s, uint8_t *value)
{
    if (*value == PS2_PREFIX_RELEASE) {
        s->release_next = true;
        return false;
    }
    *value = ps2_set2_to_set1[*value] | (s->release_next ? 0x80 : 0);
    s->release_next = false;
    return true;
}

/* Take the next byte of a device when the output buffer is free. */
static void poll_devices(I8042State *s)
{
    uint8_t value;

    while (!(s->status & ST_OBF) && !(MODE(s) & MODE_DISABLE_KBD) && ps2_has_data(s->kbd)) {
        value = ps2_read(s->kbd);
        if (!(MODE(s) & MODE_TRANSLATE) || translate(s, &value)) {
            fill_output(s, value, FROM_KEYBOARD, false);
        }
    }
    if (!(s->status & ST_OBF) && !(MODE(s) & MODE_DISABLE_MOUSE) && ps2_has_data(s->mouse)) {
        fill_output(s, ps2_read(s->mouse), FROM_MOUSE, true);
    }
}

static void device_has_data(void *opaque, int n, int level)
{
    if (level) {
        poll_devices(I8042(opaque));
    }
}

static void write_output_port(I8042State *s, uint8_t value)
{
    s->out_port = value;
    qemu_set_irq(s->a20, !!(value & OUT_A20));
    if (!(value & OUT_RESET)) {
        qemu_system_reset_request(SHUTDOWN_CAUSE_GUEST_RESET);
    }
}

static uint8_t read_output_port(const I8042State *s)
{
    uint8_t value = s->out_port & ~(OUT_KBD_OBF | OUT_MOUSE_OBF);

    if (s->status & ST_OBF) {
        value |= s->status & ST_MOUSE_OBF ? OUT_MOUSE_OBF : OUT_KBD_OBF;
    }
    return value;
}

static void write_command(I8042State *s, uint8_t command)
{
    trace_i8042_command(command);
    s->pending = -1;
    switch (command) {
    case CMD_READ_RAM ... CMD_READ_RAM + RAM_SIZE - 1:
        fill_output(s, s->ram[command - CMD_READ_RAM], FROM_CONTROLLER, false);
        return;
    case CMD_WRITE_RAM ... CMD_WRITE_RAM + RAM_SIZE - 1:
    case CMD_WRITE_OUTPUT:
    case CMD_WRITE_KBD_OBF:
    case CMD_WRITE_MOUSE_OBF:
    case CMD_WRITE_MOUSE:
        s->pending = command;
        return;
    case CMD_DISABLE_MOUSE:
        MODE(s) |= MODE_DISABLE_MOUSE;
        return;
    case CMD_ENABLE_MOUSE:
        MODE(s) &= ~MODE_DISABLE_MOUSE;
        break;
    case CMD_TEST_MOUSE:
    case CMD_TEST_KBD:
        fill_output(s, TEST_OK, FROM_CONTROLLER, false);
        return;
    case CMD_SELF_TEST:
        s->status |= ST_SYSTEM;
        fill_output(s, SELF_TEST_OK, FROM_CONTROLLER, false);
        return;
    case CMD_DISABLE_KBD:
        MODE(s) |= MODE_DISABLE_KBD;
        return;
    case CMD_ENABLE_KBD:
        MODE(s) &= ~MODE_DISABLE_KBD;
        break;
    case CMD_READ_INPUT:
        fill_output(s, INPUT_PORT, FROM_CONTROLLER, false);
        return;
    case CMD_READ_OUTPUT:
        fill_output(s, read_output_port(s), FROM_CONTROLLER, false);
        return;
    case CMD_DISABLE_A20:
        write_output_port(s, s->out_port & ~OUT_A20);
        return;
    case CMD_ENABLE_A20:
        write_output_port(s, s->out_port | OUT_A20);
        return;
    case CMD_PULSE ... 0xff:            /* low bits: lines that stay up */
        if (!(command & OUT_RESET)) {
            qemu_system_reset_request(SHUTDOWN_CAUSE_GUEST_RESET);
        }
        return;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "i8042: unknown command 0x%02x\n", command);
        return;
    }
    poll_devices(s);
}

static void write_data(I8042State *s, uint8_t value)
{
    int command = s->pending;

    s->pending = -1;
    switch (command) {
    case -1:
        MODE(s) &= ~MODE_DISABLE_KBD;
        ps2_write(s->kbd, value);
        break;
    case CMD_WRITE_RAM:
        MODE(s) = value;
        s->status = (s->status & ~ST_SYSTEM) | (value & MODE_SYSTEM);
        i8042_update_irq(s);
        break;
    case CMD_WRITE_RAM + 1 ... CMD_WRITE_RAM + RAM_SIZE - 1:
        s->ram[command - CMD_WRITE_RAM] = value;
        break;
    case CMD_WRITE_OUTPUT:
        write_output_port(s, value);
        break;
    case CMD_WRITE_KBD_OBF:
        fill_output(s, value, FROM_CONTROLLER, false);
        break;
    case CMD_WRITE_MOUSE_OBF:
        fill_output(s, value, FROM_CONTROLLER, true);
        break;
    case CMD_WRITE_MOUSE:
        MODE(s) &= ~MODE_DISABLE_MOUSE;
        ps2_write(s->mouse, value);
        break;
    }
    poll_devices(s);
}

static uint64_t data_read(void *opaque, hwaddr addr, unsigned size)
{
    I8042State *s = opaque;
    uint8_t value = s->data;

    if (s->status & ST_OBF) {
        s->status &= ~(ST_OBF | ST_MOUSE_OBF);
        s->source = FROM_NOBODY;
        i8042_update_irq(s);            /* down first: each byte is an edge */
        poll_devices(s);
    }
    return value;
}

static void data_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    I8042State *s = opaque;

    s->status &= ~ST_COMMAND;
    write_data(s, value);
}

static uint64_t status_read(void *opaque, hwaddr addr, unsigned size)
{
    return ((I8042State *)opaque)->status;
}

static void status_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    I8042State *s = opaque;

    s->status |= ST_COMMAND;
    write_command(s, value);
}

static const MemoryRegionOps data_ops = {
    .read = data_read,
    .write = data_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};
static const MemoryRegionOps status_ops = {
    .read = status_read,
    .write = status_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

/* --- life ------------------------------------------------------------------------------ */

static void i8042_reset(DeviceState *dev)
{
    I8042State *s = I8042(dev);

    memset(s->ram, 0, sizeof(s->ram));
    MODE(s) = MODE_KBD_INT | MODE_MOUSE_INT;
    s->status = ST_COMMAND | ST_UNLOCKED;
    s->out_port = OUT_RESET | OUT_A20 | OUT_UNUSED;
    s->data = 0;
    s->source = FROM_NOBODY;
    s->pending = -1;
    s->release_next = false;
    qemu_set_irq(s->a20, 1);
    i8042_update_irq(s);
}

static int i8042_post_load(void *opaque, int version)
{
    I8042State *s = opaque;

    return s->pending > 0xff || s->source > FROM_MOUSE ? -EINVAL : 0;
}

static const VMStateField i8042_fields[] = {
    VMSTATE_UINT8(status, I8042State),
    VMSTATE_UINT8(out_port, I8042State),
    VMSTATE_UINT8(data, I8042State),
    VMSTATE_BUFFER(ram, I8042State),
    VMSTATE_UINT8(source, I8042State),
    VMSTATE_INT32(pending, I8042State),
    VMSTATE_BOOL(release_next, I8042State),
    VMSTATE_END
};
static const VMStateDescription vmstate_i8042 = {
    .name = "i8042",
    .version = 1,
    .fields = i8042_fields,
    .post_load = i8042_post_load,
};

static const Property i8042_props[] = {
    DEFINE_PROP_LINK("keyboard", I8042State, kbd),
    DEFINE_PROP_LINK("mouse", I8042State, mouse),
    DEFINE_PROP_END
};

static void i8042_init(Object *obj)
{
    qdev_init_gpio_in(DEVICE(obj), device_has_data, 2);
    qdev_init_gpio_out_named(DEVICE(obj), &I8042(obj)->a20, "a20", 1);
}

static bool i8042_realize(DeviceState *dev, Error **errp)
{
    I8042State *s = I8042(dev);

    if (!s->kbd || !s->mouse) {
        error_setg(errp, "i8042: keyboard and mouse are not connected");
        return false;
    }
    s->irq_kbd = isa_get_irq(&s->parent_obj, IRQ_KEYBOARD);
    s->irq_mouse = isa_get_irq(&s->parent_obj, IRQ_MOUSE);
    qdev_connect_gpio_out(DEVICE(s->kbd), 0, qdev_get_gpio_in(dev, 0));
    qdev_connect_gpio_out(DEVICE(s->mouse), 0, qdev_get_gpio_in(dev, 1));
    memory_region_init_io(&s->data_port, OBJECT(dev), &data_ops, s, "i8042-data", 1);
    memory_region_init_io(&s->status_port, OBJECT(dev), &status_ops, s, "i8042-cmd", 1);
    isa_register_ioport(&s->parent_obj, &s->data_port, PORT_DATA);
    isa_register_ioport(&s->parent_obj, &s->status_port, PORT_STATUS);
    return true;
}

static const TypeInfo i8042_info = {
    .name = TYPE_I8042,
    .parent = TYPE_ISA_DEVICE,
    .desc = "8042 keyboard controller",
    .instance_size = sizeof(I8042State),
    .init = i8042_init,
    .realize = i8042_realize,
    .reset = i8042_reset,
    .vmsd = &vmstate_i8042,
    .props = i8042_props,
};
DEFINE_TYPE(i8042_info)

PS2Device *i8042_mouse(DeviceState *i8042)
{
    return I8042(i8042)->mouse;
}

DeviceState *i8042_create(ISABus *bus, qemu_irq a20, Error **errp)
{
    DeviceState *dev = qdev_new(TYPE_I8042);
    DeviceState *kbd = qdev_new(TYPE_PS2_KEYBOARD), *mouse = qdev_new(TYPE_PS2_MOUSE);

    qdev_prop_set_link(dev, "keyboard", kbd);
    qdev_prop_set_link(dev, "mouse", mouse);
    qdev_connect_gpio_out_named(dev, "a20", 0, a20);
    if (!qdev_realize_and_unref(kbd, NULL, errp) || !qdev_realize_and_unref(mouse, NULL, errp) ||
        !isa_realize_and_unref(ISA_DEVICE(dev), bus, errp)) {
        return NULL;
    }
    return dev;
}
