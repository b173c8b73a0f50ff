/*
 * NE2000 on ISA. The controller is ne2000.c.
 *
 * Ports       32 from "iobase" (0x300)
 * Interrupt   line "irq" (9)
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/isa.h"
#include "hw/net/ne2000.h"

#define TYPE_NE2K_ISA "ne2k_isa"

enum { PORTS = 32 };

typedef struct NE2KISAState {
    ISADevice parent;

    /* properties */
    uint32_t iobase, irq;

    NE2000State ne2000;
} NE2KISAState;
#define NE2K_ISA(o) OBJECT_CHECK(NE2KISAState, (o), TYPE_NE2K_ISA)

static void ne2k_isa_reset(DeviceState *dev)
{
    ne2000_reset(&NE2K_ISA(dev)->ne2000);
}

static const VMStateField ne2k_isa_fields[] = {
    VMSTATE_STRUCT(ne2000, NE2KISAState, vmstate_ne2000, NE2000State), VMSTATE_END
};
static const VMStateDescription vmstate_ne2k_isa = {
    .name = TYPE_NE2K_ISA, .version = 1, .fields = ne2k_isa_fields,
};

static const Property ne2k_isa_props[] = {
    DEFINE_PROP_UINT32("iobase", NE2KISAState, iobase, 0x300),
    DEFINE_PROP_UINT32("irq", NE2KISAState, irq, 9),
    DEFINE_PROP_MACADDR("mac", NE2KISAState, ne2000.conf.macaddr),
    DEFINE_PROP_NETDEV("netdev", NE2KISAState, ne2000.conf),
    DEFINE_PROP_END
};

static bool ne2k_isa_realize(DeviceState *dev, Error **errp)
{
    NE2KISAState *s = NE2K_ISA(dev);

    if (s->irq >= ISA_NUM_IRQS || s->iobase > 0x10000 - PORTS) {
        error_setg(errp, "iobase=0x%x,irq=%u: out of range", s->iobase, s->irq);
        return false;
    }
    ne2000_init_io(&s->ne2000, OBJECT(dev), PORTS);
    isa_register_ioport(&s->parent, &s->ne2000.io, s->iobase);
    s->ne2000.irq = isa_get_irq(&s->parent, s->irq);
    ne2000_attach(&s->ne2000, TYPE_NE2K_ISA, OBJECT(dev)->id);
    return true;
}

static void ne2k_isa_unrealize(DeviceState *dev)
{
    qemu_del_net_client(NE2K_ISA(dev)->ne2000.nic);
}

static const TypeInfo ne2k_isa_info = {
    .name = TYPE_NE2K_ISA, .parent = TYPE_ISA_DEVICE, .desc = "NE2000 ISA",
    .instance_size = sizeof(NE2KISAState), .realize = ne2k_isa_realize,
    .unrealize = ne2k_isa_unrealize, .reset = ne2k_isa_reset, .props = ne2k_isa_props,
    .vmsd = &vmstate_ne2k_isa, .bus_type = TYPE_ISA_BUS, .user_creatable = true,
    .category = "network",
};
DEFINE_TYPE(ne2k_isa_info)
