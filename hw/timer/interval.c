/*
 * A plain interval timer, the thinnest complete device: docs/devices.md explains it.
 *
 * Region 0   three 32-bit registers, little endian
 *   PERIOD   0   microseconds between expiries; writing starts the timer, 0 stops it
 *   STATUS   4   bit 0: expired; writing 1 clears it
 *   COUNT    8   read-only: microseconds since the machine started
 * IRQ 0      level: STATUS bit 0
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/timer.h"
#include "hw/timer/interval.h"

enum { REG_PERIOD = 0, REG_STATUS = 4, REG_COUNT = 8, REGION_BYTES = 0x1000 };
enum { STATUS_EXPIRED = 1 };

typedef struct IntervalTimerState {
    SysBusDevice parent_obj;

    /* wiring: made by init, dies with the object */
    MemoryRegion regs;
    qemu_irq irq;
    QEMUTimer *expiry;

    /* guest state: every field is in reset() and in vmstate */
    uint32_t period_us, status;
} IntervalTimerState;
#define INTERVAL_TIMER(o) OBJECT_CHECK(IntervalTimerState, (o), TYPE_INTERVAL_TIMER)

static void interval_timer_update_irq(IntervalTimerState *s) { qemu_set_irq(s->irq, s->status & STATUS_EXPIRED); }

static void restart(IntervalTimerState *s)
{
    timer_mod_ns(s->expiry, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + (int64_t)s->period_us * SCALE_US);
}

static uint64_t interval_timer_read(void *opaque, hwaddr addr, unsigned size)
{
    IntervalTimerState *s = opaque;

    switch (addr) {
    case REG_PERIOD:
        return s->period_us;
    case REG_STATUS:
        return s->status;
    case REG_COUNT:
        return qemu_clock_get_us(QEMU_CLOCK_VIRTUAL);
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "interval-timer: read of offset 0x%" PRIx64 "\n", addr);
        return 0;
    }
}

static void interval_timer_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    IntervalTimerState *s = opaque;

    switch (addr) {
    case REG_PERIOD:
        s->period_us = value;
        timer_del(s->expiry);
        if (s->period_us) {
            restart(s);
        }
        break;
    case REG_STATUS:
        s->status &= ~value;
        interval_timer_update_irq(s);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "interval-timer: write of 0x%" PRIx64 " to offset 0x%" PRIx64 "\n", value, addr);
        break;
    }
}

static const MemoryRegionOps interval_timer_ops = {
    .read = interval_timer_read,
    .write = interval_timer_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 4, .max_access_size = 4 },
};

static void interval_timer_expired(void *opaque)
{
    IntervalTimerState *s = opaque;

    s->status |= STATUS_EXPIRED;
    restart(s);
    interval_timer_update_irq(s);
}

static void interval_timer_reset(DeviceState *dev)
{
    IntervalTimerState *s = INTERVAL_TIMER(dev);

    s->period_us = s->status = 0;
    timer_del(s->expiry);
    interval_timer_update_irq(s);
}

static const VMStateDescription vmstate_interval_timer = {
    .name = TYPE_INTERVAL_TIMER,
    .version = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32(period_us, IntervalTimerState),
        VMSTATE_UINT32(status, IntervalTimerState),
        VMSTATE_TIMER_PTR(expiry, IntervalTimerState),
        VMSTATE_END
    },
};

static void interval_timer_init(Object *obj)
{
    IntervalTimerState *s = INTERVAL_TIMER(obj);

    s->expiry = timer_new_ns(QEMU_CLOCK_VIRTUAL, interval_timer_expired, s);
    memory_region_init_io(&s->regs, obj, &interval_timer_ops, s, TYPE_INTERVAL_TIMER, REGION_BYTES);
    sysbus_init_mmio(&s->parent_obj, &s->regs);
    sysbus_init_irq(&s->parent_obj, &s->irq);
}

static void interval_timer_finalize(Object *obj) { timer_free(INTERVAL_TIMER(obj)->expiry); }

static const TypeInfo interval_timer_info = {
    .name = TYPE_INTERVAL_TIMER,
    .parent = TYPE_SYS_BUS_DEVICE,
    .desc = "interval timer",
    .instance_size = sizeof(IntervalTimerState),
    .init = interval_timer_init,
    .finalize = interval_timer_finalize,
    .reset = interval_timer_reset,
    .vmsd = &vmstate_interval_timer,
};
DEFINE_TYPE(interval_timer_info)
