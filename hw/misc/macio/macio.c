/*
 * Apple's I/O chips: where each part sits in the chip's PCI memory and which
 * input of the interrupt controller it drives.
 *
 * The parts are devices of their own; this file only composes them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/char/escc.h"
#include "hw/ide.h"
#include "hw/intc/heathrow_pic.h"
#include "hw/intc/openpic.h"
#include "hw/misc/macio/cuda.h"
#include "hw/misc/macio/macio.h"
#include "hw/misc/macio/pmu.h"
#include "hw/nvram/mac_nvram.h"
#include "hw/ppc/mac_dbdma.h"
#include "hw/sysbus.h"

enum { MACIO_SIZE = 0x80000, OFFSET_HEATHROW = 0x0, OFFSET_KEYLARGO = 0x0, OFFSET_DBDMA = 0x8000,
       OFFSET_ESCC_LEGACY = 0x12000, OFFSET_ESCC = 0x13000, OFFSET_TIMER = 0x15000,
       OFFSET_VIA = 0x16000, OFFSET_IDE = 0x20000, IDE_STRIDE = 0x1000, OFFSET_OPENPIC = 0x40000,
       OFFSET_NVRAM = 0x60000 };
enum { NVRAM_SHIFT = 4 };
/* DBDMA channels of the two IDE buses. */
static const uint32_t ide_channel[MACIO_IDE_CHANNELS] = { 0x16, 0x1a };
static const char *const ide_id[MACIO_IDE_CHANNELS] = { "macio-ide.0", "macio-ide.1" };

/* Inputs of the interrupt controller. */
typedef struct MacIOIrqs {
    int via, escc_a, escc_b, ide[MACIO_IDE_CHANNELS], ide_dma[MACIO_IDE_CHANNELS];
} MacIOIrqs;
static const MacIOIrqs oldworld_irqs = {
    .via = 0x12, .escc_a = 0x0f, .escc_b = 0x10, .ide = { 0x0d, 0x0e }, .ide_dma = { 0x02, 0x03 },
};
static const MacIOIrqs newworld_irqs = {
    .via = 0x19, .escc_a = 0x25, .escc_b = 0x24, .ide = { 0x0d, 0x0e }, .ide_dma = { 0x02, 0x03 },
};
enum { NEWWORLD_GPIO1_IRQ = 0x2f };

static void macio_place(MacIOState *s, DeviceState *part, int region, hwaddr offset)
{
    memory_region_add_subregion(&s->bar, offset, sysbus_mmio_get_region(SYS_BUS_DEVICE(part), region));
}

/* The chip owns the part; its id is the name of its type. */
static DeviceState *macio_new_part(MacIOState *s, const char *type, const char *id)
{
    DeviceState *part = qdev_new(type);

    object_add_child(OBJECT(s), id, OBJECT(part));
    return part;
}

static bool macio_realize_part(DeviceState *part, Error **errp)
{
    return sysbus_realize(SYS_BUS_DEVICE(part), errp);
}

static void macio_init(Object *obj)
{
    MacIOState *s = MACIO(obj);

    memory_region_init(&s->bar, obj, "macio", MACIO_SIZE);
    s->dbdma = macio_new_part(s, TYPE_MAC_DBDMA, TYPE_MAC_DBDMA);
    s->escc = macio_new_part(s, TYPE_ESCC, TYPE_ESCC);
    for (int i = 0; i < MACIO_IDE_CHANNELS; i++) {
        s->ide[i] = macio_new_part(s, TYPE_MACIO_IDE, ide_id[i]);
        qdev_prop_set_uint32(s->ide[i], "channel", ide_channel[i]);
        qdev_prop_set_uint32(s->ide[i], "addr", OFFSET_IDE + i * IDE_STRIDE);
        qdev_prop_set_link(s->ide[i], "dbdma", s->dbdma);
    }
}

static void macio_connect(DeviceState *part, int output, DeviceState *pic, int input)
{
    sysbus_connect_irq(SYS_BUS_DEVICE(part), output, qdev_get_gpio_in(pic, input));
}

/* What both chips have. The interrupt controller is realized already. */
static bool macio_realize_common(MacIOState *s, const MacIOIrqs *irqs, Error **errp)
{
    DeviceState *via = s->cuda ? s->cuda : s->pmu;

    if (!macio_realize_part(s->dbdma, errp) || !macio_realize_part(s->escc, errp)
        || !macio_realize_part(via, errp)) {
        return false;
    }
    macio_place(s, s->dbdma, 0, OFFSET_DBDMA);
    macio_place(s, s->escc, 0, OFFSET_ESCC);
    macio_place(s, s->escc, 1, OFFSET_ESCC_LEGACY);
    macio_connect(s->escc, 0, s->pic, irqs->escc_b);
    macio_connect(s->escc, 1, s->pic, irqs->escc_a);
    macio_place(s, via, 0, OFFSET_VIA);
    macio_connect(via, 0, s->pic, irqs->via);
    for (int i = 0; i < MACIO_IDE_CHANNELS; i++) {
        macio_connect(s->ide[i], 0, s->pic, irqs->ide[i]);
        macio_connect(s->ide[i], 1, s->pic, irqs->ide_dma[i]);
        if (!macio_realize_part(s->ide[i], errp)) {
            return false;
        }
        macio_place(s, s->ide[i], 0, OFFSET_IDE + i * IDE_STRIDE);
    }
    pci_register_bar(&s->parent_obj, 0, PCI_BASE_ADDRESS_SPACE_MEMORY, &s->bar);
    return true;
}

static void macio_oldworld_init(Object *obj)
{
    MacIOState *s = MACIO(obj);

    s->pic = macio_new_part(s, TYPE_HEATHROW, TYPE_HEATHROW);
    s->cuda = macio_new_part(s, TYPE_CUDA, TYPE_CUDA);
    s->nvram = macio_new_part(s, TYPE_MACIO_NVRAM, TYPE_MACIO_NVRAM);
    qdev_prop_set_uint32(s->nvram, "it_shift", NVRAM_SHIFT);
}

static bool macio_oldworld_realize(DeviceState *dev, Error **errp)
{
    MacIOState *s = MACIO(dev);

    if (!macio_realize_part(s->pic, errp) || !macio_realize_part(s->nvram, errp)) {
        return false;
    }
    macio_place(s, s->pic, 0, OFFSET_HEATHROW);
    macio_place(s, s->nvram, 0, OFFSET_NVRAM);
    return macio_realize_common(s, &oldworld_irqs, errp);
}

static void macio_newworld_init(Object *obj)
{
    MacIOState *s = MACIO(obj);

    s->pic = macio_new_part(s, TYPE_OPENPIC, TYPE_OPENPIC);
    s->regs = macio_new_part(s, TYPE_KEYLARGO_REGS, TYPE_KEYLARGO_REGS);
}

static bool macio_newworld_realize(DeviceState *dev, Error **errp)
{
    MacIOState *s = MACIO(dev);

    if (s->has_pmu) {
        s->pmu = macio_new_part(s, TYPE_PMU, TYPE_PMU);
        qdev_prop_set_bool(s->pmu, "has-adb", s->has_adb);
    } else {
        s->cuda = macio_new_part(s, TYPE_CUDA, TYPE_CUDA);
    }
    if (!macio_realize_part(s->pic, errp) || !macio_realize_part(s->regs, errp)) {
        return false;
    }
    macio_place(s, s->pic, 0, OFFSET_OPENPIC);
    macio_place(s, s->regs, 0, OFFSET_KEYLARGO);
    macio_place(s, s->regs, 1, OFFSET_TIMER);
    macio_connect(s->regs, 0, s->pic, NEWWORLD_GPIO1_IRQ);
    if (!macio_realize_common(s, &newworld_irqs, errp)) {
        return false;
    }
    if (s->pmu) {
        qdev_connect_gpio_out(s->pmu, 0, qdev_get_gpio_in(s->regs, 1));
    }
    return true;
}

static const Property macio_newworld_props[] = {
    DEFINE_PROP_BOOL("has-pmu", MacIOState, has_pmu, false),
    DEFINE_PROP_BOOL("has-adb", MacIOState, has_adb, false),
    DEFINE_PROP_END
};

static const PCIDeviceClass macio_oldworld_class = {
    .vendor_id = 0x106b, .device_id = 0x0010, .class_id = 0xff00,
};
static const PCIDeviceClass macio_newworld_class = {
    .vendor_id = 0x106b, .device_id = 0x0022, .class_id = 0xff00,
};

static const TypeInfo macio_info = {
    .name = TYPE_MACIO,
    .parent = TYPE_PCI_DEVICE,
    .instance_size = sizeof(MacIOState),
    .init = macio_init,
    .vmsd = &vmstate_pci_device,
};
DEFINE_TYPE(macio_info)

static const TypeInfo macio_oldworld_info = {
    .name = TYPE_MACIO_OLDWORLD,
    .parent = TYPE_MACIO,
    .desc = "Heathrow I/O chip",
    .instance_size = sizeof(MacIOState),
    .init = macio_oldworld_init,
    .realize = macio_oldworld_realize,
    .class_data = &macio_oldworld_class,
};
DEFINE_TYPE(macio_oldworld_info)

static const TypeInfo macio_newworld_info = {
    .name = TYPE_MACIO_NEWWORLD,
    .parent = TYPE_MACIO,
    .desc = "KeyLargo I/O chip",
    .instance_size = sizeof(MacIOState),
    .init = macio_newworld_init,
    .realize = macio_newworld_realize,
    .props = macio_newworld_props,
    .class_data = &macio_newworld_class,
};
DEFINE_TYPE(macio_newworld_info)
