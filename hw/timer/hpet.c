/*
 * IA-PC high precision event timers (HPET specification 1.0a): a 100 MHz
 * counter of 64 bits and three comparators.
 *
 * Region 0         1 KiB of registers, 32- and 64-bit accesses
 * Input 0          the RTC's interrupt; dropped in legacy routing
 * Output n         interrupt line n
 * Output "pit-enable"  0: the 8254 must not drive line 0
 *
 * Property "intcap": lines that comparators can be routed to.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/timer/hpet.h"
#include "qemu/log.h"
#include "qemu/timer.h"
#include "trace/hw-timer.h"

enum { COMPARATORS = 3, REGION_SIZE = 0x400, TICK_NS = 10, RTC_LINE = 8 };
enum { REG_CAPABILITY = 0x000, REG_CONFIG = 0x010, REG_STATUS = 0x020, REG_COUNTER = 0x0f0,
       REG_TIMERS = 0x100, TIMER_BYTES = 0x20, TIMER_CONFIG = 0x00, TIMER_COMPARATOR = 0x08,
       TIMER_FSB = 0x10 };
enum { CONFIG_ENABLE = 1, CONFIG_LEGACY = 2 };
enum { TN_LEVEL = 1 << 1, TN_INT_ENABLE = 1 << 2, TN_PERIODIC = 1 << 3, TN_PERIODIC_CAP = 1 << 4,
       TN_64BIT_CAP = 1 << 5, TN_SET_VALUE = 1 << 6, TN_32BIT = 1 << 8, TN_ROUTE_SHIFT = 9,
       TN_ROUTE = 31 << 9, TN_WRITABLE = 0x3f4e };
/* Vendor 0x8086, legacy routing, 64 bits, three comparators, revision 1; the period in fs. */
#define CAPABILITY (0x8086a201u | (uint64_t)(TICK_NS * 1000000) << 32)

struct HPETState;

typedef struct Comparator {
    struct HPETState *hpet;
    QEMUTimer *timer;
    uint8_t number;

    uint64_t config, value, fsb;
    uint64_t period;            /* what was written last: added in periodic mode */
} Comparator;

typedef struct HPETState {
    SysBusDevice parent_obj;

    /* wiring */
    MemoryRegion regs;
    qemu_irq lines[HPET_LINES], pit_enable;

    /* properties */
    uint32_t intcap;

    /* guest state */
    uint64_t config, status;
    uint64_t counter;           /* while it stands still */
    int64_t offset_ns;          /* counter = (virtual time + offset) / 10 while it runs */
    Comparator comparator[COMPARATORS];
    bool rtc_level;
} HPETState;
#define HPET(o) OBJECT_CHECK(HPETState, (o), TYPE_HPET)

static bool running(const HPETState *s) { return s->config & CONFIG_ENABLE; }
static bool legacy(const HPETState *s) { return s->config & CONFIG_LEGACY; }

static uint64_t counter_now(const HPETState *s)
{
    return running(s) ? (uint64_t)(qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + s->offset_ns) / TICK_NS
                      : s->counter;
}

/* --- interrupts --------------------------------------------------------------------- */

static int comparator_line(const Comparator *c)
{
    if (legacy(c->hpet) && c->number < 2) {
        return c->number == 0 ? 0 : RTC_LINE;
    }
    return (c->config & TN_ROUTE) >> TN_ROUTE_SHIFT;
}

static void hpet_update_irq(HPETState *s)
{
    for (int i = 0; i < COMPARATORS; i++) {
        Comparator *c = &s->comparator[i];

        if (c->config & TN_LEVEL) {
            qemu_set_irq(s->lines[comparator_line(c)],
                         (s->status & 1u << i) && (c->config & TN_INT_ENABLE) && running(s));
        }
    }
}

static void comparator_fires(Comparator *c)
{
    HPETState *s = c->hpet;

    trace_hpet_expire(c->number);
    if (c->config & TN_LEVEL) {
        s->status |= 1u << c->number;
        hpet_update_irq(s);
    } else if (c->config & TN_INT_ENABLE && running(s)) {
        qemu_irq_pulse(s->lines[comparator_line(c)]);
    }
}

/* --- comparators ----------------------------------------------------------------------- */

static uint64_t comparator_mask(const Comparator *c)
{
    return c->config & TN_32BIT ? UINT32_MAX : UINT64_MAX;
}

/* Ticks until the counter reaches the comparator, at least 1; it wraps. */
static uint64_t ticks_left(const Comparator *c, uint64_t now)
{
    uint64_t mask = comparator_mask(c), left = (c->value - now) & mask;

    return left ? left : mask;
}

static void arm(Comparator *c)
{
    HPETState *s = c->hpet;
    uint64_t now = counter_now(s), left = ticks_left(c, now);

    if (!running(s) || left > INT64_MAX / TICK_NS / 2) {
        timer_del(c->timer);
        return;
    }
    timer_mod_ns(c->timer, (int64_t)(now + left) * TICK_NS - s->offset_ns);
}

static void comparator_reached(void *opaque)
{
    Comparator *c = opaque;
    uint64_t mask = comparator_mask(c);

    comparator_fires(c);
    if (c->config & TN_PERIODIC && c->period & mask) {
        uint64_t late = (counter_now(c->hpet) - c->value) & mask, period = c->period & mask;

        c->value = (c->value + (late / period + 1) * period) & mask;
    }
    arm(c);
}

/* Before a register changes: what is due and has not run yet, the main loop being late, happens first. */
static void catch_up(HPETState *s)
{
    for (int i = 0; i < COMPARATORS; i++) {
        Comparator *c = &s->comparator[i];

        if (timer_pending(c->timer) && timer_expire_time_ns(c->timer) <= qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL)) {
            timer_del(c->timer);
            comparator_reached(c);
        }
    }
}

/* --- registers --------------------------------------------------------------------------- */

static uint64_t insert(uint64_t before, uint64_t value, unsigned shift, unsigned size)
{
    uint64_t mask = size == 8 ? UINT64_MAX : (uint64_t)UINT32_MAX << shift;

    return (before & ~mask) | (value << shift & mask);
}

static uint64_t read_comparator(const Comparator *c, unsigned reg)
{
    switch (reg) {
    case TIMER_CONFIG:
        return c->config;
    case TIMER_COMPARATOR:
        return c->value;
    case TIMER_FSB:
        return c->fsb;
    }
    return 0;
}

static uint64_t read_register(const HPETState *s, hwaddr reg)
{
    switch (reg) {
    case REG_CAPABILITY:
        return CAPABILITY;
    case REG_CONFIG:
        return s->config;
    case REG_STATUS:
        return s->status;
    case REG_COUNTER:
        return counter_now(s);
    case REG_TIMERS ... REG_TIMERS + COMPARATORS * TIMER_BYTES - 1:
        return read_comparator(&s->comparator[(reg - REG_TIMERS) / TIMER_BYTES], reg % TIMER_BYTES);
    }
    qemu_log_mask(LOG_GUEST_ERROR, "hpet: read of register 0x%" PRIx64 "\n", reg);
    return 0;
}

static void write_config(HPETState *s, uint64_t value)
{
    uint64_t before = s->config;

    if (!(before & CONFIG_ENABLE) && (value & CONFIG_ENABLE)) {
        s->offset_ns = (int64_t)(s->counter * TICK_NS) - qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    } else if ((before & CONFIG_ENABLE) && !(value & CONFIG_ENABLE)) {
        s->counter = counter_now(s);
    }
    s->config = value & (CONFIG_ENABLE | CONFIG_LEGACY);
    for (int i = 0; i < COMPARATORS; i++) {
        arm(&s->comparator[i]);
    }
    if ((before ^ s->config) & CONFIG_LEGACY) {
        qemu_set_irq(s->pit_enable, !legacy(s));
        qemu_set_irq(s->lines[RTC_LINE], !legacy(s) && s->rtc_level);
    }
    hpet_update_irq(s);
}

/* 2.3.9.2.2: in periodic mode a write sets the period, and the comparator when SET_VALUE is on. */
static void write_comparator(Comparator *c, unsigned reg, uint64_t value, unsigned shift, unsigned size)
{
    switch (reg) {
    case TIMER_CONFIG:
        value = insert(c->config, value, shift, size);
        c->config = (c->config & ~(uint64_t)TN_WRITABLE) | (value & TN_WRITABLE);
        if (c->config & TN_32BIT) {
            c->value = (uint32_t)c->value;
            c->period = (uint32_t)c->period;
        }
        hpet_update_irq(c->hpet);
        break;
    case TIMER_COMPARATOR:
        if (c->config & TN_32BIT && shift) {
            return;
        }
        if (!(c->config & TN_PERIODIC) || c->config & TN_SET_VALUE) {
            c->value = insert(c->value, value, shift, size) & comparator_mask(c);
        }
        if (c->config & TN_PERIODIC) {
            c->period = insert(c->period, value, shift, size) & comparator_mask(c);
        }
        c->config &= ~(uint64_t)TN_SET_VALUE;
        break;
    case TIMER_FSB:
        c->fsb = insert(c->fsb, value, shift, size);
        return;
    }
    arm(c);
}

static void write_register(HPETState *s, hwaddr reg, uint64_t value, unsigned shift, unsigned size)
{
    catch_up(s);
    switch (reg) {
    case REG_CAPABILITY:
        break;
    case REG_CONFIG:
        write_config(s, insert(s->config, value, shift, size));
        break;
    case REG_STATUS:            /* write 1 to clear */
        s->status &= ~(value << shift);
        hpet_update_irq(s);
        break;
    case REG_COUNTER:
        if (running(s)) {
            qemu_log_mask(LOG_GUEST_ERROR, "hpet: the counter is written while it runs\n");
        }
        s->counter = insert(counter_now(s), value, shift, size);
        s->offset_ns = (int64_t)(s->counter * TICK_NS) - qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
        break;
    case REG_TIMERS ... REG_TIMERS + COMPARATORS * TIMER_BYTES - 1:
        write_comparator(&s->comparator[(reg - REG_TIMERS) / TIMER_BYTES], reg % TIMER_BYTES, value,
                         shift, size);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "hpet: write of 0x%" PRIx64 " to register 0x%" PRIx64 "\n",
                      value, reg);
        break;
    }
}

static uint64_t hpet_read(void *opaque, hwaddr addr, unsigned size)
{
    return read_register(opaque, addr & ~7) >> (addr & 4 ? 32 : 0);
}

static void hpet_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    write_register(opaque, addr & ~7, value, addr & 4 ? 32 : 0, size);
}

static const MemoryRegionOps hpet_ops = {
    .read = hpet_read,
    .write = hpet_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 4, .max_access_size = 8 },
    .impl = { .min_access_size = 4, .max_access_size = 8 },
};

static void rtc_line_changed(void *opaque, int n, int level)
{
    HPETState *s = HPET(opaque);

    s->rtc_level = level;
    if (!legacy(s)) {
        qemu_set_irq(s->lines[RTC_LINE], level);
    }
}

/* --- life ------------------------------------------------------------------------------------ */

static void hpet_reset(DeviceState *dev)
{
    HPETState *s = HPET(dev);

    s->config = s->status = s->counter = 0;
    s->offset_ns = 0;
    s->rtc_level = false;
    for (int i = 0; i < COMPARATORS; i++) {
        Comparator *c = &s->comparator[i];

        timer_del(c->timer);
        c->config = TN_PERIODIC_CAP | TN_64BIT_CAP | (uint64_t)s->intcap << 32;
        c->value = UINT64_MAX;
        c->period = c->fsb = 0;
    }
    qemu_set_irq(s->pit_enable, 1);
}

static const VMStateField comparator_fields[] = {
    VMSTATE_UINT64(config, Comparator),
    VMSTATE_UINT64(value, Comparator),
    VMSTATE_UINT64(fsb, Comparator),
    VMSTATE_UINT64(period, Comparator),
    VMSTATE_TIMER_PTR(timer, Comparator),
    VMSTATE_END
};
static const VMStateDescription vmstate_comparator = {
    .name = "hpet-comparator",
    .version = 1,
    .fields = comparator_fields,
};
static const VMStateField hpet_fields[] = {
    VMSTATE_UINT64(config, HPETState),
    VMSTATE_UINT64(status, HPETState),
    VMSTATE_UINT64(counter, HPETState),
    VMSTATE_INT64(offset_ns, HPETState),
    VMSTATE_STRUCT_ARRAY(comparator, HPETState, COMPARATORS, vmstate_comparator, Comparator),
    VMSTATE_BOOL(rtc_level, HPETState),
    VMSTATE_END
};
static const VMStateDescription vmstate_hpet = {
    .name = "hpet",
    .version = 1,
    .fields = hpet_fields,
};

static const Property hpet_props[] = {
    DEFINE_PROP_UINT32("intcap", HPETState, intcap, 4),
    DEFINE_PROP_END
};

static void hpet_init(Object *obj)
{
    HPETState *s = HPET(obj);

    for (int i = 0; i < COMPARATORS; i++) {
        s->comparator[i].hpet = s;
        s->comparator[i].number = i;
        s->comparator[i].timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, comparator_reached, &s->comparator[i]);
    }
    memory_region_init_io(&s->regs, obj, &hpet_ops, s, "hpet", REGION_SIZE);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->regs);
    qdev_init_gpio_in(DEVICE(obj), rtc_line_changed, 1);
    qdev_init_gpio_out(DEVICE(obj), s->lines, HPET_LINES);
    qdev_init_gpio_out_named(DEVICE(obj), &s->pit_enable, "pit-enable", 1);
}

static void hpet_finalize(Object *obj)
{
    for (int i = 0; i < COMPARATORS; i++) {
        timer_free(HPET(obj)->comparator[i].timer);
    }
}

static const TypeInfo hpet_info = {
    .name = TYPE_HPET,
    .parent = TYPE_SYS_BUS_DEVICE,
    .desc = "high precision event timers",
    .instance_size = sizeof(HPETState),
    .init = hpet_init,
    .finalize = hpet_finalize,
    .reset = hpet_reset,
    .vmsd = &vmstate_hpet,
    .props = hpet_props,
};
DEFINE_TYPE(hpet_info)
