/*
 * CMD Technology PCI0646 IDE controller (data sheet PCI0646U).
 *
 * BAR 0, 2    8 I/O ports: task file of the primary, secondary channel
 * BAR 1, 3    4 I/O ports: device control and alternate status at 2
 * BAR 4       16 I/O ports: bus master, 8 for each channel; the unused bytes
 *             show MRDMODE (1) and the Ultra DMA timing (3)
 * Pin A       level: interrupt of a channel that MRDMODE does not block
 *
 * Timing registers are kept but change nothing. Always in native mode.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "hw/ide/bmdma.h"

enum { CHANNELS = 2, COMMAND_PORTS = 8, CONTROL_PORTS = 4, CONTROL_OFFSET = 2, BM_MRDMODE = 1,
       BM_UDIDETCR = 3 };

/* Configuration space */
enum { CFR = 0x50, CNTRL = 0x51, ARTTIM23 = 0x57, MRDMODE = 0x71, UDIDETCR0 = 0x73,
       UDIDETCR1 = 0x7b, TIMING_FIRST = 0x52, TIMING_LAST = 0x5b };
enum { CFR_INTR_CH0 = 0x04, ARTTIM23_INTR_CH1 = 0x10, CNTRL_ENABLE = 0x0c };
enum { MRDMODE_INTR_CH0 = 0x04, MRDMODE_INTR_CH1 = 0x08,
       MRDMODE_INTR = 0x0c, MRDMODE_BLOCK = 0x30 };

typedef struct CMD646State {
    PCIDevice parent_obj;

    /* wiring */
    MemoryRegion command[CHANNELS], control[CHANNELS], bus_master;
    IDEBus bus[CHANNELS];

    /* guest state, beside configuration space */
    BMDMAState bmdma[CHANNELS];
} CMD646State;

#define CMD646(o) OBJECT_CHECK(CMD646State, (o), TYPE_CMD646_IDE)

static void cmd646_update_irq(CMD646State *s)
{
    uint8_t mode = s->parent_obj.config[MRDMODE];
    uint8_t blocked = (mode & MRDMODE_BLOCK) >> 2;      /* over the interrupt bits */

    pci_set_irq(&s->parent_obj, (mode & MRDMODE_INTR & ~blocked) != 0);
}

/* The interrupt bits of a channel show in two places. */
static void set_channel_irq(CMD646State *s, int channel, bool level)
{
    static const struct { uint8_t reg, bit; } second[CHANNELS] = {
        { CFR, CFR_INTR_CH0 }, { ARTTIM23, ARTTIM23_INTR_CH1 },
    };
    uint8_t *config = s->parent_obj.config;
    uint8_t bit = MRDMODE_INTR_CH0 << channel;

    if (level) {
        config[MRDMODE] |= bit;
        config[second[channel].reg] |= second[channel].bit;
    } else {
        config[MRDMODE] &= ~bit;
        config[second[channel].reg] &= ~second[channel].bit;
    }
    cmd646_update_irq(s);
}

static void drive_irq_changed(void *opaque, int channel, int level)
{
    CMD646State *s = opaque;

    if (level) {
        bmdma_latch_irq(&s->bmdma[channel]);
    }
    set_channel_irq(s, channel, level);
}

static void write_mrdmode(CMD646State *s, uint8_t val)
{
    uint8_t *mode = &s->parent_obj.config[MRDMODE];
    int i;

    *mode = (*mode & ~MRDMODE_BLOCK) | (val & MRDMODE_BLOCK);
    for (i = 0; i < CHANNELS; i++) {
        if (val & MRDMODE_INTR_CH0 << i) {
            set_channel_irq(s, i, false);
        }
    }
    cmd646_update_irq(s);
}

/* Ports. */

static uint64_t control_read(void *opaque, hwaddr addr, unsigned size)
{
    return addr == CONTROL_OFFSET ? ide_alt_status_read(opaque) : 0xff;
}

static void control_write(void *opaque, hwaddr addr, uint64_t val, unsigned size)
{
    if (addr == CONTROL_OFFSET) {
        ide_control_write(opaque, val);
    }
}

/* Bytes of a channel that the bus master leaves free are configuration registers. */
static uint64_t bus_master_read(void *opaque, hwaddr addr, unsigned size)
{
    CMD646State *s = opaque;
    unsigned channel = addr / BM_CHANNEL_BYTES, reg = addr % BM_CHANNEL_BYTES;

    switch (reg) {
    case BM_MRDMODE:
        return s->parent_obj.config[MRDMODE];
    case BM_UDIDETCR:
        return s->parent_obj.config[channel ? UDIDETCR1 : UDIDETCR0];
    default:
        return bmdma_read_byte(&s->bmdma[channel], reg);
    }
}

static void bus_master_write(void *opaque, hwaddr addr, uint64_t val, unsigned size)
{
    CMD646State *s = opaque;
    unsigned channel = addr / BM_CHANNEL_BYTES, reg = addr % BM_CHANNEL_BYTES;

    switch (reg) {
    case BM_MRDMODE:
        write_mrdmode(s, val);
        break;
    case BM_UDIDETCR:
        s->parent_obj.config[channel ? UDIDETCR1 : UDIDETCR0] = val;
        break;
    default:
        bmdma_write_byte(&s->bmdma[channel], reg, val);
        break;
    }
}

static const MemoryRegionOps control_ops = {
    .read = control_read, .write = control_write, .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};
static const MemoryRegionOps bus_master_ops = {
    .read = bus_master_read, .write = bus_master_write, .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

/* Configuration space: writing 1 clears interrupt bits. */
static void cmd646_config_write(PCIDevice *dev, uint32_t addr, uint32_t val, int len)
{
    CMD646State *s = CMD646(dev);
    int i;

    for (i = 0; i < len; i++) {
        uint8_t byte = val >> 8 * i;

        if (addr + i == MRDMODE) {
            write_mrdmode(s, byte);
        } else if (addr + i == CFR && (byte & CFR_INTR_CH0)) {
            set_channel_irq(s, 0, false);
        } else if (addr + i == ARTTIM23 && (byte & ARTTIM23_INTR_CH1)) {
            set_channel_irq(s, 1, false);
        }
    }
    pci_default_write_config(dev, addr, val, len);
}

static void cmd646_reset(DeviceState *dev)
{
    CMD646State *s = CMD646(dev);
    int i;

    for (i = 0; i < CHANNELS; i++) {
        bmdma_reset(&s->bmdma[i]);
        set_channel_irq(s, i, false);
    }
    memset(s->parent_obj.config + TIMING_FIRST, 0, TIMING_LAST - TIMING_FIRST + 1);
    s->parent_obj.config[CNTRL] = CNTRL_ENABLE;
    s->parent_obj.config[MRDMODE] = 0;
    s->parent_obj.config[UDIDETCR0] = s->parent_obj.config[UDIDETCR1] = 0;
    cmd646_update_irq(s);
}

static const VMStateDescription vmstate_cmd646 = {
    .name = TYPE_CMD646_IDE,
    .version = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_PCI_DEVICE(parent_obj, CMD646State),
        VMSTATE_STRUCT_ARRAY(bus, CMD646State, CHANNELS, vmstate_ide_bus, IDEBus),
        VMSTATE_BMDMA_ARRAY(bmdma, CMD646State, CHANNELS),
        VMSTATE_END
    },
};

static bool cmd646_realize(DeviceState *dev, Error **errp)
{
    CMD646State *s = CMD646(dev);
    PCIDevice *pci = &s->parent_obj;
    Object *owner = &dev->parent_obj;
    int i;

    for (i = 0; i < CHANNELS; i++) {
        ide_bus_init(&s->bus[i], dev, NULL);
        s->bus[i].irq = qemu_allocate_irq("cmd646-ide.drive", drive_irq_changed, s, i);
        bmdma_init(&s->bmdma[i], pci, &s->bus[i]);
        memory_region_init_io(&s->command[i], owner, &ide_command_ops, &s->bus[i], "cmd646-command",
                              COMMAND_PORTS);
        memory_region_init_io(&s->control[i], owner, &control_ops, &s->bus[i], "cmd646-control",
                              CONTROL_PORTS);
        pci_register_bar(pci, 2 * i, PCI_BASE_ADDRESS_SPACE_IO, &s->command[i]);
        pci_register_bar(pci, 2 * i + 1, PCI_BASE_ADDRESS_SPACE_IO, &s->control[i]);
    }
    memory_region_init_io(&s->bus_master, owner, &bus_master_ops, s, "cmd646-bus-master",
                          CHANNELS * BM_CHANNEL_BYTES);
    pci_register_bar(pci, 4, PCI_BASE_ADDRESS_SPACE_IO, &s->bus_master);
    pci->config[PCI_INTERRUPT_PIN] = 1;
    memset(pci->wmask + TIMING_FIRST, 0xff, TIMING_LAST - TIMING_FIRST + 1);
    pci->wmask[ARTTIM23] = 0xff & ~ARTTIM23_INTR_CH1;
    pci->wmask[CNTRL] = CNTRL_ENABLE;
    pci->wmask[UDIDETCR0] = pci->wmask[UDIDETCR1] = 0xff;
    return true;
}

static const PCIDeviceClass cmd646_class = {
    .vendor_id = 0x1095, .device_id = 0x0646, .class_id = 0x0101, .revision = 0x07, .prog_if = 0x8f,
    .config_write = cmd646_config_write,
    .no_hotplug = true,
};

static const TypeInfo cmd646_info = {
    .name = TYPE_CMD646_IDE,
    .parent = TYPE_PCI_DEVICE,
    .desc = "CMD PCI0646 IDE controller",
    .instance_size = sizeof(CMD646State),
    .realize = cmd646_realize,
    .reset = cmd646_reset,
    .vmsd = &vmstate_cmd646,
    .bus_type = TYPE_PCI_BUS,
    .user_creatable = true,
    .category = "storage",
    .class_data = &cmd646_class,
};

DEFINE_TYPE(cmd646_info)
