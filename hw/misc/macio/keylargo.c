/*
 * KeyLargo's own registers: feature controls, GPIO, free-running timer (as the
 * Linux and Darwin drivers use them).
 *
 * Region 0   feature control registers (storage) and GPIO bytes
 * Region 1   timer: 64 bits at 18.432 MHz, little endian, at 0x38
 * Inputs     0-15: external interrupt GPIOs
 * Output 0   interrupt of external GPIO 1
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/misc/macio/macio.h"
#include "hw/sysbus.h"
#include "qemu/log.h"
#include "qemu/timer.h"

enum { REGS_SIZE = 0x80, TIMER_SIZE = 0x1000 };
enum { FEATURE_FIRST = 0x34, FEATURE_END = 0x50, FEATURES = (FEATURE_END - FEATURE_FIRST) / 4 };
enum { GPIO_LEVELS_0 = 0x50, GPIO_LEVELS_1 = 0x54, EXTINT_FIRST = 0x58, EXTINT_COUNT = 18,
       GPIO_FIRST = 0x6a, GPIO_COUNT = 17, GPIO_END = GPIO_FIRST + GPIO_COUNT };
enum { GPIO_DATA_IN = 0x02, GPIO_OUT_ENABLE = 0x04, GPIO_DATA_OUT = 0x01 };
enum { TIMER_LOW = 0x38, TIMER_HIGH = 0x3c, TIMER_HZ = 18432000 };
enum { PMU_GPIO = 1 };

typedef struct KeyLargoState {
    SysBusDevice parent_obj;

    MemoryRegion regs, timer;
    qemu_irq gpio1_irq;

    uint32_t features[FEATURES];
    uint8_t gpios[EXTINT_COUNT + GPIO_COUNT];       /* external interrupts first */
} KeyLargoState;
#define KEYLARGO(o) OBJECT_CHECK(KeyLargoState, (o), TYPE_KEYLARGO_REGS)

/* GPIO 1 carries the PMU's request, active low. */
static void keylargo_update_irq(KeyLargoState *s)
{
    qemu_set_irq(s->gpio1_irq, !(s->gpios[PMU_GPIO] & GPIO_DATA_IN));
}

static uint32_t keylargo_levels(const KeyLargoState *s, int first)
{
    uint32_t levels = 0;

    for (int i = 0; i < 32 && first + i < EXTINT_COUNT; i++) {
        levels |= s->gpios[first + i] & GPIO_DATA_IN ? 1u << i : 0;
    }
    return levels;
}

static uint64_t keylargo_read(void *opaque, hwaddr addr, unsigned size)
{
    KeyLargoState *s = opaque;

    if (addr >= FEATURE_FIRST && addr < FEATURE_END) {
        return s->features[(addr - FEATURE_FIRST) / 4] >> 8 * (addr & 3);
    }
    if (addr >= EXTINT_FIRST && addr < GPIO_END && addr < REGS_SIZE) {
        return s->gpios[addr - EXTINT_FIRST];
    }
    if (addr >= GPIO_LEVELS_0 && addr < EXTINT_FIRST) {
        return keylargo_levels(s, (addr & 4) * 8) >> 8 * (addr & 3);
    }
    qemu_log_mask(LOG_UNIMP, "keylargo: read of register 0x%" PRIx64 "\n", addr);
    return 0;
}

static void keylargo_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    KeyLargoState *s = opaque;
    uint8_t value = data;

    if (addr >= FEATURE_FIRST && addr < FEATURE_END) {
        uint32_t *reg = &s->features[(addr - FEATURE_FIRST) / 4];
        int shift = 8 * (addr & 3);

        *reg = (*reg & ~(0xffu << shift)) | (uint32_t)value << shift;
        return;
    }
    if (addr >= EXTINT_FIRST && addr < GPIO_END && addr < REGS_SIZE) {
        uint8_t *gpio = &s->gpios[addr - EXTINT_FIRST];

        *gpio = (value & ~GPIO_DATA_IN) | (*gpio & GPIO_DATA_IN);
        if (value & GPIO_OUT_ENABLE) {
            *gpio = value & GPIO_DATA_OUT ? *gpio | GPIO_DATA_IN : *gpio & ~GPIO_DATA_IN;
        }
        return;
    }
    qemu_log_mask(LOG_UNIMP, "keylargo: write of 0x%02x to register 0x%" PRIx64 "\n", value, addr);
}

static const MemoryRegionOps keylargo_ops = {
    .read = keylargo_read,
    .write = keylargo_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 4 },
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

static uint64_t keylargo_timer_read(void *opaque, hwaddr addr, unsigned size)
{
    uint64_t ticks = (unsigned __int128)qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) * TIMER_HZ / NANOSECONDS_PER_SECOND;

    switch (addr) {
    case TIMER_LOW:
        return (uint32_t)ticks;
    case TIMER_HIGH:
        return ticks >> 32;
    default:
        return 0;
    }
}

static void keylargo_timer_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    qemu_log_mask(LOG_UNIMP, "keylargo: write of 0x%" PRIx64 " to timer register 0x%" PRIx64 "\n", data, addr);
}

static const MemoryRegionOps keylargo_timer_ops = {
    .read = keylargo_timer_read,
    .write = keylargo_timer_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 4, .max_access_size = 4 },
};

static void keylargo_set_gpio(void *opaque, int n, int level)
{
    KeyLargoState *s = opaque;

    s->gpios[n] = level ? s->gpios[n] | GPIO_DATA_IN : s->gpios[n] & ~GPIO_DATA_IN;
    keylargo_update_irq(s);
}

static void keylargo_reset(DeviceState *dev)
{
    KeyLargoState *s = KEYLARGO(dev);

    memset(s->features, 0, sizeof(s->features));
    memset(s->gpios, 0, sizeof(s->gpios));
    s->gpios[PMU_GPIO] = GPIO_DATA_IN;
    keylargo_update_irq(s);
}

static const VMStateField keylargo_fields[] = {
    VMSTATE_UINT32_ARRAY(features, KeyLargoState, FEATURES),
    VMSTATE_BUFFER(gpios, KeyLargoState),
    VMSTATE_END
};
static const VMStateDescription vmstate_keylargo = {
    .name = TYPE_KEYLARGO_REGS,
    .version = 1,
    .fields = keylargo_fields,
};

static void keylargo_init(Object *obj)
{
    KeyLargoState *s = KEYLARGO(obj);
    SysBusDevice *sbd = SYS_BUS_DEVICE(obj);

    memory_region_init_io(&s->regs, obj, &keylargo_ops, s, "keylargo", REGS_SIZE);
    memory_region_init_io(&s->timer, obj, &keylargo_timer_ops, s, "timer", TIMER_SIZE);
    sysbus_init_mmio(sbd, &s->regs);
    sysbus_init_mmio(sbd, &s->timer);
    sysbus_init_irq(sbd, &s->gpio1_irq);
    qdev_init_gpio_in(DEVICE(obj), keylargo_set_gpio, EXTINT_COUNT);
}

static const TypeInfo keylargo_info = {
    .name = TYPE_KEYLARGO_REGS,
    .parent = TYPE_SYS_BUS_DEVICE,
    .desc = "KeyLargo feature, GPIO and timer registers",
    .instance_size = sizeof(KeyLargoState),
    .init = keylargo_init,
    .reset = keylargo_reset,
    .vmsd = &vmstate_keylargo,
};
DEFINE_TYPE(keylargo_info)
