/*
 * Intel 82371SB (PIIX3) PCI-to-ISA bridge (data sheet 290550), function 0.
 *
 * Input 0-3     PIRQ A-D; config 0x60-0x63 say which ISA interrupt each one is
 * Port 0xcf9    reset control
 *
 * Left out: the timing, address decoding and DMA alias registers (storage).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/piix.h"
#include "sysemu/sysemu.h"
#include "trace/hw-isa.h"

enum { PIRQS = 4, PIRQ_ROUTE = 0x60, PIRQ_DISABLED = 0x80, PORT_RESET = 0xcf9 };
enum { RESET_SYSTEM = 0x02, RESET_CPU = 0x04 };
enum { STATUS_MEDIUM_DEVSEL = 0x0200 };

typedef struct PIIX3State {
    PCIDevice parent_obj;

    /* wiring */
    ISABus isa;
    MemoryRegion reset_port;

    /* guest state */
    uint8_t pirq_levels;
    uint8_t reset_control;
} PIIX3State;
#define PIIX3(o) OBJECT_CHECK(PIIX3State, (o), TYPE_PIIX3)

static int routed_irq(const PIIX3State *s, int pirq)
{
    uint8_t route = s->parent_obj.config[PIRQ_ROUTE + pirq];

    return route & PIRQ_DISABLED || route >= ISA_NUM_IRQS ? -1 : route;
}

/* An ISA interrupt is up while one of the PIRQs routed to it is. */
static void update_isa_irq(PIIX3State *s, int irq)
{
    bool level = false;

    for (int i = 0; i < PIRQS; i++) {
        level |= routed_irq(s, i) == irq && (s->pirq_levels & 1 << i);
    }
    if (irq >= 0) {
        qemu_set_irq(s->isa.irqs[irq], level);
    }
}

static void set_pirq(void *opaque, int pirq, int level)
{
    PIIX3State *s = PIIX3(opaque);
    uint8_t bit = 1 << pirq;

    trace_piix3_set_pirq(pirq, level);
    s->pirq_levels = level ? s->pirq_levels | bit : s->pirq_levels & ~bit;
    update_isa_irq(s, routed_irq(s, pirq));
}

static void piix3_config_write(PCIDevice *dev, uint32_t addr, uint32_t val, int len)
{
    PIIX3State *s = PIIX3(dev);
    int before[PIRQS];

    for (int i = 0; i < PIRQS; i++) {
        before[i] = routed_irq(s, i);
    }
    pci_default_write_config(dev, addr, val, len);
    for (int i = 0; i < PIRQS; i++) {
        if (routed_irq(s, i) != before[i]) {
            update_isa_irq(s, before[i]);
            update_isa_irq(s, routed_irq(s, i));
        }
    }
}

static uint64_t reset_read(void *opaque, hwaddr addr, unsigned size)
{
    return ((PIIX3State *)opaque)->reset_control;
}

static void reset_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    PIIX3State *s = opaque;

    if (value & RESET_CPU) {
        qemu_system_reset_request(SHUTDOWN_CAUSE_GUEST_RESET);
        return;
    }
    s->reset_control = value & RESET_SYSTEM;
}

static const MemoryRegionOps reset_ops = {
    .read = reset_read,
    .write = reset_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

static void piix3_reset(DeviceState *dev)
{
    static const struct { uint8_t reg, value; } defaults[] = {
        { 0x4c, 0x4d }, { 0x4d, 0x00 }, { 0x4e, 0x03 }, { 0x4f, 0x00 }, { 0x60, 0x80 }, { 0x61, 0x80 },
        { 0x62, 0x80 }, { 0x63, 0x80 }, { 0x69, 0x02 }, { 0x70, 0x80 }, { 0x76, 0x0c }, { 0x77, 0x0c },
        { 0x78, 0x02 }, { 0x79, 0x00 }, { 0x80, 0x00 }, { 0x82, 0x00 }, { 0xa0, 0x08 }, { 0xa2, 0x00 },
        { 0xa3, 0x00 }, { 0xa4, 0x00 }, { 0xa5, 0x00 }, { 0xa6, 0x00 }, { 0xa7, 0x00 }, { 0xa8, 0x0f },
        { 0xaa, 0x00 }, { 0xab, 0x00 }, { 0xac, 0x00 }, { 0xae, 0x00 },
    };
    PIIX3State *s = PIIX3(dev);
    uint8_t *config = s->parent_obj.config;

    pci_set_word(config + PCI_STATUS, STATUS_MEDIUM_DEVSEL);
    for (size_t i = 0; i < ARRAY_SIZE(defaults); i++) {
        config[defaults[i].reg] = defaults[i].value;
    }
    s->reset_control = 0;
}

static const VMStateField piix3_fields[] = {
    VMSTATE_PCI_DEVICE(parent_obj, PIIX3State),
    VMSTATE_UINT8(pirq_levels, PIIX3State),
    VMSTATE_UINT8(reset_control, PIIX3State),
    VMSTATE_END
};
static const VMStateDescription vmstate_piix3 = {
    .name = "PIIX3",
    .version = 1,
    .fields = piix3_fields,
};

static void piix3_init(Object *obj)
{
    qdev_init_gpio_in(DEVICE(obj), set_pirq, PIRQS);
}

static bool piix3_realize(DeviceState *dev, Error **errp)
{
    PIIX3State *s = PIIX3(dev);
    PCIDevice *pci = &s->parent_obj;

    isa_bus_init(&s->isa, sizeof(s->isa), dev, "isa.0", pci->bus->mem, pci->bus->io);
    memory_region_init_io(&s->reset_port, OBJECT(dev), &reset_ops, s, "piix3-reset-control", 1);
    memory_region_add_subregion_overlap(pci->bus->io, PORT_RESET, &s->reset_port, 1);
    pci->config[PCI_HEADER_TYPE] |= PCI_HEADER_TYPE_MULTI_FUNCTION;
    return true;
}

static const PCIDeviceClass piix3_class = {
    .vendor_id = 0x8086,
    .device_id = 0x7000,
    .class_id = 0x0601,
    .config_write = piix3_config_write,
};

static const TypeInfo piix3_info = {
    .name = TYPE_PIIX3,
    .parent = TYPE_PCI_DEVICE,
    .desc = "PIIX3 ISA bridge",
    .instance_size = sizeof(PIIX3State),
    .init = piix3_init,
    .realize = piix3_realize,
    .reset = piix3_reset,
    .vmsd = &vmstate_piix3,
    .class_data = &piix3_class,
};
DEFINE_TYPE(piix3_info)

PCIDevice *piix3_create(PCIBus *bus, int devfn, Error **errp)
{
    PCIDevice *dev = pci_new(devfn, TYPE_PIIX3);

    dev->multifunction = true;
    return pci_realize_and_unref(dev, bus, errp) ? dev : NULL;
}

ISABus *piix3_isa_bus(PCIDevice *piix3)
{
    return &PIIX3(piix3)->isa;
}

void piix3_connect_irqs(PCIDevice *piix3, const qemu_irq *irqs)
{
    memcpy(PIIX3(piix3)->isa.irqs, irqs, sizeof(PIIX3(piix3)->isa.irqs));
}
