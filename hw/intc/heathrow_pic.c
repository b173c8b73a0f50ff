/*
 * Interrupt controller of Apple's Heathrow I/O chip, as the Linux driver for
 * Old World machines uses it.
 *
 * Region 0   two banks of event, enable, ack, level registers, little endian:
 *            sources 32-63 at 0x10, sources 0-31 at 0x20
 * Inputs     64 sources
 * Output 0   level: an enabled source waits
 *
 * Most sources latch a rising edge in their event bit until it is acknowledged;
 * the level-triggered ones show their wire. The chip's feature register is
 * plain storage.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/sysbus.h"
#include "hw/intc/heathrow_pic.h"
#include "hw/intc/intc.h"
#include "qemu/log.h"
#include "trace/hw-intc.h"

enum { REGION_SIZE = 0x1000, BANKS = 2, BANK_HIGH = 0x10, BANK_LOW = 0x20, BANK_END = 0x30 };
enum { REG_EVENT = 0x0, REG_ENABLE = 0x4, REG_ACK = 0x8, REG_LEVEL = 0xc };
enum { REG_MEDIA_BAY = 0x34, REG_FEATURE = 0x38 };

/* Sources of each bank that follow their wire instead of latching edges. */
static const uint32_t level_triggered[BANKS] = { 0x1ff00000, 0 };

typedef struct HeathrowBank {
    uint32_t events, enable, levels;
} HeathrowBank;

typedef struct HeathrowState {
    SysBusDevice parent_obj;

    MemoryRegion regs;
    qemu_irq irq;

    HeathrowBank banks[BANKS];      /* 0: sources 0-31 */
    uint32_t media_bay, feature;

    uint64_t *counts;               /* of rising edges, for `info irq` */
} HeathrowState;
#define HEATHROW(o) OBJECT_CHECK(HeathrowState, (o), TYPE_HEATHROW)

static uint32_t heathrow_events(const HeathrowState *s, int n)
{
    return s->banks[n].events | (s->banks[n].levels & level_triggered[n]);
}

static void heathrow_update_irq(HeathrowState *s)
{
    uint32_t waiting = 0;

    for (int n = 0; n < BANKS; n++) {
        waiting |= heathrow_events(s, n) & s->banks[n].enable;
    }
    qemu_set_irq(s->irq, waiting != 0);
}

static uint64_t heathrow_read(void *opaque, hwaddr addr, unsigned size)
{
    HeathrowState *s = opaque;
    int n = addr >= BANK_LOW ? 0 : 1;

    if (addr >= BANK_HIGH && addr < BANK_END) {
        switch (addr & 0xc) {
        case REG_EVENT:
            return heathrow_events(s, n);
        case REG_ENABLE:
            return s->banks[n].enable;
        case REG_LEVEL:
            return s->banks[n].levels;
        default:
            return 0;
        }
    }
    switch (addr) {
    case REG_MEDIA_BAY:
        return s->media_bay;
    case REG_FEATURE:
        return s->feature;
    default:
        qemu_log_mask(LOG_UNIMP, "heathrow: read of register 0x%" PRIx64 "\n", addr);
        return 0;
    }
}

static void heathrow_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    HeathrowState *s = opaque;
    int n = addr >= BANK_LOW ? 0 : 1;

    if (addr >= BANK_HIGH && addr < BANK_END) {
        switch (addr & 0xc) {
        case REG_ENABLE:
            s->banks[n].enable = data;
            break;
        case REG_ACK:
            s->banks[n].events &= ~(uint32_t)data;
            break;
        default:
            qemu_log_mask(LOG_GUEST_ERROR, "heathrow: write to read-only register 0x%" PRIx64 "\n", addr);
            break;
        }
        heathrow_update_irq(s);
        return;
    }
    switch (addr) {
    case REG_MEDIA_BAY:
        s->media_bay = data;
        break;
    case REG_FEATURE:
        s->feature = data;
        break;
    default:
        qemu_log_mask(LOG_UNIMP, "heathrow: write of 0x%" PRIx64 " to register 0x%" PRIx64 "\n", data, addr);
        break;
    }
}

static const MemoryRegionOps heathrow_ops = {
    .read = heathrow_read,
    .write = heathrow_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 4, .max_access_size = 4 },
};

static void heathrow_set_irq(void *opaque, int n, int level)
{
    HeathrowState *s = opaque;
    HeathrowBank *bank = &s->banks[n / 32];
    uint32_t bit = 1u << (n % 32);

    trace_heathrow_set_irq(n, level);
    if (level && !(bank->levels & bit)) {
        s->counts[n]++;
        bank->events |= bit & ~level_triggered[n / 32];
        bank->levels |= bit;
    } else if (!level) {
        bank->levels &= ~bit;
    }
    heathrow_update_irq(s);
}

static void heathrow_reset(DeviceState *dev)
{
    HeathrowState *s = HEATHROW(dev);

    for (int n = 0; n < BANKS; n++) {
        s->banks[n].events = 0;
        s->banks[n].enable = 0;
    }
    s->media_bay = 0;
    s->feature = 0;
    heathrow_update_irq(s);
}

static const VMStateField heathrow_bank_fields[] = {
    VMSTATE_UINT32(events, HeathrowBank),
    VMSTATE_UINT32(enable, HeathrowBank),
    VMSTATE_UINT32(levels, HeathrowBank),
    VMSTATE_END
};
static const VMStateDescription vmstate_heathrow_bank = {
    .name = "heathrow-bank",
    .version = 1,
    .fields = heathrow_bank_fields,
};
static const VMStateField heathrow_fields[] = {
    VMSTATE_STRUCT_ARRAY(banks, HeathrowState, BANKS, vmstate_heathrow_bank, HeathrowBank),
    VMSTATE_UINT32(media_bay, HeathrowState),
    VMSTATE_UINT32(feature, HeathrowState),
    VMSTATE_END
};
static const VMStateDescription vmstate_heathrow = {
    .name = TYPE_HEATHROW,
    .version = 1,
    .fields = heathrow_fields,
};

static void heathrow_init(Object *obj)
{
    HeathrowState *s = HEATHROW(obj);

    memory_region_init_io(&s->regs, obj, &heathrow_ops, s, "heathrow-pic", REGION_SIZE);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->regs);
    qdev_init_gpio_in(DEVICE(obj), heathrow_set_irq, HEATHROW_IRQS);
    qdev_init_gpio_out(DEVICE(obj), &s->irq, 1);
}

static void heathrow_print(void *dev, IntcPrint *print, void *opaque)
{
    const HeathrowState *s = dev;

    for (int n = 0; n < BANKS; n++) {
        print(opaque, "heathrow: sources %d-%d: events %08x, enabled %08x, wires %08x\n", n * 32,
              n * 32 + 31, heathrow_events(s, n), s->banks[n].enable, s->banks[n].levels);
    }
}

static bool heathrow_realize(DeviceState *dev, Error **errp)
{
    intc_register_info(dev, "heathrow", heathrow_print);
    HEATHROW(dev)->counts = intc_register_counts("heathrow", 0, 32 * BANKS);
    return true;
}

static const TypeInfo heathrow_info = {
    .name = TYPE_HEATHROW,
    .parent = TYPE_SYS_BUS_DEVICE,
    .desc = "Heathrow interrupt controller",
    .instance_size = sizeof(HeathrowState),
    .init = heathrow_init,
    .realize = heathrow_realize,
    .reset = heathrow_reset,
    .vmsd = &vmstate_heathrow,
};
DEFINE_TYPE(heathrow_info)
