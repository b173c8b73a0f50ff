/*
 * Port 0x92, "system control port A" of the PS/2 (82371SB data sheet, 2.5.6),
 * and two ports that every PC has: 0x80 (POST code) and 0xf0 (coprocessor).
 *
 * 0x92 bit 0   a change to 1 resets the machine
 *      bit 1   A20 (gpio output "a20")
 * 0x80         writes are dropped, reads are all ones
 * 0xf0         a write clears the interrupt that FERR# (input 0) raised, ISA 13,
 *              and raises the output "ignne" until FERR# goes away
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/misc/pc-ports.h"
#include "sysemu/sysemu.h"

enum { PORT_CONTROL = 0x92, PORT_POST = 0x80, PORT_FERR = 0xf0, FERR_IRQ = 13 };
enum { CTL_RESET = 0x01, CTL_A20 = 0x02 };

typedef struct Port92State {
    ISADevice parent_obj;

    MemoryRegion port;
    qemu_irq a20;

    uint8_t value;
} Port92State;
#define PORT92(o) OBJECT_CHECK(Port92State, (o), TYPE_PORT92)

static uint64_t port92_read(void *opaque, hwaddr addr, unsigned size)
{
    return ((Port92State *)opaque)->value;
}

static void port92_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    Port92State *s = opaque;
    bool reset = value & CTL_RESET && !(s->value & CTL_RESET);

    s->value = value;
    qemu_set_irq(s->a20, !!(value & CTL_A20));
    if (reset) {
        qemu_system_reset_request(SHUTDOWN_CAUSE_GUEST_RESET);
    }
}

static const MemoryRegionOps port92_ops = {
    .read = port92_read,
    .write = port92_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

static void port92_reset(DeviceState *dev)
{
    PORT92(dev)->value = 0;
}

static const VMStateField port92_fields[] = {
    VMSTATE_UINT8(value, Port92State),
    VMSTATE_END
};
static const VMStateDescription vmstate_port92 = {
    .name = "port92",
    .version = 1,
    .fields = port92_fields,
};

static void port92_init(Object *obj)
{
    qdev_init_gpio_out_named(DEVICE(obj), &PORT92(obj)->a20, "a20", 1);
}

static bool port92_realize(DeviceState *dev, Error **errp)
{
    Port92State *s = PORT92(dev);

    memory_region_init_io(&s->port, OBJECT(dev), &port92_ops, s, "port92", 1);
    isa_register_ioport(&s->parent_obj, &s->port, PORT_CONTROL);
    return true;
}

static const TypeInfo port92_info = {
    .name = TYPE_PORT92,
    .parent = TYPE_ISA_DEVICE,
    .desc = "system control port A",
    .instance_size = sizeof(Port92State),
    .init = port92_init,
    .realize = port92_realize,
    .reset = port92_reset,
    .vmsd = &vmstate_port92,
};
DEFINE_TYPE(port92_info)

/* --- ports 0x80 and 0xf0 ----------------------------------------------------------- */

typedef struct PCPortsState {
    ISADevice parent_obj;

    MemoryRegion post, ferr_port;
    qemu_irq irq, ignne;

    bool latched;
} PCPortsState;
#define PC_PORTS(o) OBJECT_CHECK(PCPortsState, (o), TYPE_PC_PORTS)

static void ports_update_irq(PCPortsState *s)
{
    qemu_set_irq(s->irq, s->latched);
}

static void ferr_changed(void *opaque, int n, int level)
{
    PCPortsState *s = PC_PORTS(opaque);

    if (level) {
        s->latched = true;
        ports_update_irq(s);
    } else {
        qemu_set_irq(s->ignne, 0);
    }
}

static uint64_t ones_read(void *opaque, hwaddr addr, unsigned size)
{
    return UINT64_MAX;
}

static void post_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
}

static void ferr_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    PCPortsState *s = opaque;

    s->latched = false;
    ports_update_irq(s);
    qemu_set_irq(s->ignne, 1);          /* the CPU takes it while it asserts FERR# */
}

static const MemoryRegionOps post_ops = {
    .read = ones_read,
    .write = post_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};
static const MemoryRegionOps ferr_ops = {
    .read = ones_read,
    .write = ferr_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

static void ports_reset(DeviceState *dev)
{
    PCPortsState *s = PC_PORTS(dev);

    s->latched = false;
    ports_update_irq(s);
}

static const VMStateField ports_fields[] = {
    VMSTATE_BOOL(latched, PCPortsState),
    VMSTATE_END
};
static const VMStateDescription vmstate_ports = {
    .name = "pc-ports",
    .version = 1,
    .fields = ports_fields,
};

static void ports_init(Object *obj)
{
    qdev_init_gpio_in(DEVICE(obj), ferr_changed, 1);
    qdev_init_gpio_out_named(DEVICE(obj), &PC_PORTS(obj)->ignne, "ignne", 1);
}

static bool ports_realize(DeviceState *dev, Error **errp)
{
    PCPortsState *s = PC_PORTS(dev);

    s->irq = isa_get_irq(&s->parent_obj, FERR_IRQ);
    memory_region_init_io(&s->post, OBJECT(dev), &post_ops, s, "ioport80", 1);
    memory_region_init_io(&s->ferr_port, OBJECT(dev), &ferr_ops, s, "ioportF0", 1);
    isa_register_ioport(&s->parent_obj, &s->post, PORT_POST);
    isa_register_ioport(&s->parent_obj, &s->ferr_port, PORT_FERR);
    return true;
}

static const TypeInfo pc_ports_info = {
    .name = TYPE_PC_PORTS,
    .parent = TYPE_ISA_DEVICE,
    .desc = "POST code and coprocessor ports",
    .instance_size = sizeof(PCPortsState),
    .init = ports_init,
    .realize = ports_realize,
    .reset = ports_reset,
    .vmsd = &vmstate_ports,
};
DEFINE_TYPE(pc_ports_info)
