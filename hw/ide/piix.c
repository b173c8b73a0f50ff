/*
 * IDE function of Intel PIIX3 (82371SB data sheet 290550, chapter 5), and IDE
 * on the ISA bus ("isa-ide").
 *
 * Ports 0x1f0-7, 0x3f6   primary task file and control, ISA interrupt 14
 *       0x170-7, 0x376   secondary, interrupt 15
 * BAR 4                  bus master, 8 ports for each channel
 *
 * Timing registers are storage; the legacy ports are always decoded.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/ide/bmdma.h"
#include "hw/isa.h"
#include "hw/piix.h"

enum { CHANNELS = 2, COMMAND_PORTS = 8 };
enum { STATUS_RESET = 0x0280, PROG_IF_BUS_MASTER = 0x80 };

/* One channel's ports, wherever they are. */
typedef struct IDEPorts {
    MemoryRegion command, control;
} IDEPorts;

static const struct { uint16_t command, control; uint8_t irq; } legacy[CHANNELS] = {
    { 0x1f0, 0x3f6, 14 }, { 0x170, 0x376, 15 },
};

/* --- ports ----------------------------------------------------------------------- */

static void init_ports(IDEPorts *ports, Object *owner, IDEBus *bus, MemoryRegion *io, uint16_t command,
                       uint16_t control)
{
    memory_region_init_io(&ports->command, owner, &ide_command_ops, bus, "ide", COMMAND_PORTS);
    memory_region_init_io(&ports->control, owner, &ide_control_ops, bus, "ide", 1);
    memory_region_add_subregion(io, command, &ports->command);
    memory_region_add_subregion(io, control, &ports->control);
}

/* --- PIIX3 --------------------------------------------------------------------------- */

typedef struct PIIXIDEState {
    PCIDevice parent_obj;

    /* wiring */
    MemoryRegion bus_master;
    IDEPorts ports[CHANNELS];
    IDEBus bus[CHANNELS];
    qemu_irq irq[CHANNELS];

    /* guest state, beside configuration space */
    BMDMAState bmdma[CHANNELS];
} PIIXIDEState;
#define PIIX_IDE(o) OBJECT_CHECK(PIIXIDEState, (o), TYPE_PIIX3_IDE)

static void drive_irq_changed(void *opaque, int channel, int level)
{
    PIIXIDEState *s = opaque;

    if (level) {
        bmdma_latch_irq(&s->bmdma[channel]);
    }
    qemu_set_irq(s->irq[channel], level);
}

static uint64_t bus_master_read(void *opaque, hwaddr addr, unsigned size)
{
    PIIXIDEState *s = opaque;

    return bmdma_read_byte(&s->bmdma[addr / BM_CHANNEL_BYTES], addr % BM_CHANNEL_BYTES);
}

static void bus_master_write(void *opaque, hwaddr addr, uint64_t val, unsigned size)
{
    PIIXIDEState *s = opaque;

    bmdma_write_byte(&s->bmdma[addr / BM_CHANNEL_BYTES], addr % BM_CHANNEL_BYTES, val);
}

static const MemoryRegionOps bus_master_ops = {
    .read = bus_master_read, .write = bus_master_write, .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

/*
 * IDETIM and what follows it keep their values, as if the firmware had put them
 * back: on a wake-up from S3 it does not, and Linux takes a channel whose decode
 * bit is off for one that the board does not have.
 */
static void piix_ide_reset(DeviceState *dev)
{
    PIIXIDEState *s = PIIX_IDE(dev);

    for (int i = 0; i < CHANNELS; i++) {
        bmdma_reset(&s->bmdma[i]);
    }
    pci_set_word(s->parent_obj.config + PCI_STATUS, STATUS_RESET);
}

static const VMStateDescription vmstate_piix_ide = {
    .name = TYPE_PIIX3_IDE,
    .version = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_PCI_DEVICE(parent_obj, PIIXIDEState),
        VMSTATE_STRUCT_ARRAY(bus, PIIXIDEState, CHANNELS, vmstate_ide_bus, IDEBus),
        VMSTATE_BMDMA_ARRAY(bmdma, PIIXIDEState, CHANNELS),
        VMSTATE_END
    },
};

static void piix_ide_init(Object *obj)
{
    qdev_init_gpio_out(DEVICE(obj), PIIX_IDE(obj)->irq, CHANNELS);
}

static bool piix_ide_realize(DeviceState *dev, Error **errp)
{
    static const char *const names[CHANNELS] = { "ide.0", "ide.1" };
    PIIXIDEState *s = PIIX_IDE(dev);
    PCIDevice *pci = &s->parent_obj;

    for (int i = 0; i < CHANNELS; i++) {
        ide_bus_init(&s->bus[i], dev, names[i]);
        s->bus[i].irq = qemu_allocate_irq("piix-ide.drive", drive_irq_changed, s, i);
        bmdma_init(&s->bmdma[i], pci, &s->bus[i]);
        init_ports(&s->ports[i], OBJECT(dev), &s->bus[i], pci->bus->io, legacy[i].command,
                   legacy[i].control);
    }
    memory_region_init_io(&s->bus_master, OBJECT(dev), &bus_master_ops, s, "piix-bmdma",
                          CHANNELS * BM_CHANNEL_BYTES);
    pci_register_bar(pci, 4, PCI_BASE_ADDRESS_SPACE_IO, &s->bus_master);
    return true;
}

static const PCIDeviceClass piix_ide_class = {
    .vendor_id = 0x8086,
    .device_id = 0x7010,
    .class_id = 0x0101,
    .prog_if = PROG_IF_BUS_MASTER,
    .no_hotplug = true,
};

static const TypeInfo piix_ide_info = {
    .name = TYPE_PIIX3_IDE,
    .parent = TYPE_PCI_DEVICE,
    .desc = "PIIX3 IDE controller",
    .instance_size = sizeof(PIIXIDEState),
    .init = piix_ide_init,
    .realize = piix_ide_realize,
    .reset = piix_ide_reset,
    .vmsd = &vmstate_piix_ide,
    .category = "storage",
    .class_data = &piix_ide_class,
};
DEFINE_TYPE(piix_ide_info)

/* --- ISA ------------------------------------------------------------------------------- */

typedef struct ISAIDEState {
    ISADevice parent_obj;

    /* wiring */
    IDEPorts ports;
    IDEBus bus;

    /* properties */
    uint32_t iobase, iobase2, irq;
} ISAIDEState;
#define ISA_IDE(o) OBJECT_CHECK(ISAIDEState, (o), TYPE_ISA_IDE)

static const VMStateDescription vmstate_isa_ide = {
    .name = TYPE_ISA_IDE,
    .version = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_IDE_BUS(bus, ISAIDEState),
        VMSTATE_END
    },
};

static const Property isa_ide_props[] = {
    DEFINE_PROP_UINT32("iobase", ISAIDEState, iobase, 0x1f0),
    DEFINE_PROP_UINT32("iobase2", ISAIDEState, iobase2, 0x3f6),
    DEFINE_PROP_UINT32("irq", ISAIDEState, irq, 14),
    DEFINE_PROP_END
};

static bool isa_ide_realize(DeviceState *dev, Error **errp)
{
    ISAIDEState *s = ISA_IDE(dev);

    ide_bus_init(&s->bus, dev, NULL);
    s->bus.irq = isa_get_irq(&s->parent_obj, s->irq);
    init_ports(&s->ports, OBJECT(dev), &s->bus, s->parent_obj.bus->io, s->iobase, s->iobase2);
    return true;
}

static const TypeInfo isa_ide_info = {
    .name = TYPE_ISA_IDE,
    .parent = TYPE_ISA_DEVICE,
    .desc = "IDE controller",
    .instance_size = sizeof(ISAIDEState),
    .realize = isa_ide_realize,
    .vmsd = &vmstate_isa_ide,
    .props = isa_ide_props,
    .user_creatable = true,
    .category = "storage",
};
DEFINE_TYPE(isa_ide_info)

bool isa_ide_create(ISABus *isa, int channel, Error **errp)
{
    ISADevice *dev = isa_new(TYPE_ISA_IDE);

    qdev_prop_set_uint32(DEVICE(dev), "iobase", legacy[channel].command);
    qdev_prop_set_uint32(DEVICE(dev), "iobase2", legacy[channel].control);
    qdev_prop_set_uint32(DEVICE(dev), "irq", legacy[channel].irq);
    return isa_realize_and_unref(dev, isa, errp) && ide_bus_create_drives(&ISA_IDE(dev)->bus, channel, errp);
}
