/*
 * MOS 6522 versatile interface adapter (MOS Technology data sheet, 1977):
 * ports, two interval timers, shift register and interrupt flags.
 *
 * Timers are computed from the virtual clock when they are looked at, so that
 * a guest that polls the flags sees them exactly; a host timer runs only while
 * a timer's interrupt is enabled.
 *
 * Left out: pulse output on PB7, counting of PB6, handshake lines, shifting by
 * T2 or the system clock.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/misc/macio/via6522.h"
#include "qemu/log.h"

enum { T1, T2 };
static const uint8_t timer_flag[2] = { VIA_INT_T1, VIA_INT_T2 };

static int64_t ticks_to_ns(const Via6522 *via, int64_t ticks)
{
    return (int64_t)((__int128)ticks * NANOSECONDS_PER_SECOND / via->frequency_hz);
}

static int64_t ns_to_ticks(const Via6522 *via, int64_t ns)
{
    return (int64_t)((__int128)ns * via->frequency_hz / NANOSECONDS_PER_SECOND);
}

static void timer_load(Via6522 *via, Via6522Timer *t, uint16_t value, int64_t now_ns)
{
    t->start = value;
    t->start_ns = now_ns;
    t->armed = true;
    t->expires_ns = now_ns + ticks_to_ns(via, value + 1);
}

/* Bring the flag of a timer up to date; T1 in free-running mode reloads (data sheet, "Timer 1"). */
static void timer_catch_up(Via6522 *via, int n, int64_t now_ns)
{
    Via6522Timer *t = &via->timers[n];
    int64_t period_ns, missed;

    if (!t->armed || now_ns < t->expires_ns) {
        return;
    }
    via->ifr |= timer_flag[n];
    if (n == T2 || !(via->acr & VIA_ACR_T1_CONTINUOUS)) {
        t->armed = false;
        return;
    }
    period_ns = MAX(ticks_to_ns(via, t->latch + 2), 1);
    missed = (now_ns - t->expires_ns) / period_ns;
    timer_load(via, t, t->latch, t->expires_ns + ticks_to_ns(via, 1) + missed * period_ns);
}

static uint16_t timer_counter(const Via6522 *via, const Via6522Timer *t, int64_t now_ns)
{
    return t->start - (uint16_t)ns_to_ticks(via, MAX(now_ns - t->start_ns, 0));
}

static void via6522_update_irq(Via6522 *via)
{
    int64_t now_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL), next_ns = INT64_MAX;

    for (int n = 0; n < 2; n++) {
        timer_catch_up(via, n, now_ns);
        if (via->timers[n].armed && via->ier & timer_flag[n] && !(via->ifr & timer_flag[n])) {
            next_ns = MIN(next_ns, via->timers[n].expires_ns);
        }
    }
    if (next_ns != INT64_MAX) {
        timer_mod_ns(via->wakeup, next_ns);
    } else {
        timer_del(via->wakeup);
    }
    qemu_set_irq(via->irq, (via->ifr & via->ier) != 0);
}

static void via6522_wakeup(void *opaque)
{
    via6522_update_irq(opaque);
}

void via6522_raise(Via6522 *via, uint8_t flags)
{
    via->ifr |= flags;
    via6522_update_irq(via);
}

uint8_t via6522_read(Via6522 *via, int reg)
{
    int64_t now_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    uint8_t value = 0, clears = 0;

    timer_catch_up(via, T1, now_ns);
    timer_catch_up(via, T2, now_ns);
    switch (reg) {
    case VIA_REG_B:
        value = via->b;
        clears = VIA_INT_CB1 | VIA_INT_CB2;
        break;
    case VIA_REG_A:
        clears = VIA_INT_CA1 | VIA_INT_CA2;
        value = via->a;
        break;
    case VIA_REG_ANH:
        value = via->a;
        break;
    case VIA_REG_DIRB:
        value = via->dirb;
        break;
    case VIA_REG_DIRA:
        value = via->dira;
        break;
    case VIA_REG_T1CL:
        value = timer_counter(via, &via->timers[T1], now_ns);
        clears = VIA_INT_T1;
        break;
    case VIA_REG_T1CH:
        value = timer_counter(via, &via->timers[T1], now_ns) >> 8;
        break;
    case VIA_REG_T1LL:
        value = via->timers[T1].latch;
        break;
    case VIA_REG_T1LH:
        value = via->timers[T1].latch >> 8;
        break;
    case VIA_REG_T2CL:
        value = timer_counter(via, &via->timers[T2], now_ns);
        clears = VIA_INT_T2;
        break;
    case VIA_REG_T2CH:
        value = timer_counter(via, &via->timers[T2], now_ns) >> 8;
        break;
    case VIA_REG_SR:
        value = via->sr;
        clears = VIA_INT_SR;
        break;
    case VIA_REG_ACR:
        value = via->acr;
        break;
    case VIA_REG_PCR:
        value = via->pcr;
        break;
    case VIA_REG_IFR:
        value = via->ifr | (via->ifr & via->ier ? VIA_INT_ANY : 0);
        break;
    case VIA_REG_IER:
        value = via->ier | VIA_INT_ANY;
        break;
    default:
        break;
    }
    if (via->ifr & clears) {
        via->ifr &= ~clears;
        via6522_update_irq(via);
    }
    return value;
}

static void timer_write_latch(Via6522Timer *t, bool high, uint8_t value)
{
    t->latch = high ? (t->latch & 0x00ff) | value << 8 : (t->latch & 0xff00) | value;
}

static void timer_write_high(Via6522 *via, int n, uint8_t value)
{
    timer_write_latch(&via->timers[n], true, value);
    via->ifr &= ~timer_flag[n];
    timer_load(via, &via->timers[n], via->timers[n].latch, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL));
}

static void write_port(uint8_t *port, uint8_t direction, uint8_t value)
{
    *port = (*port & ~direction) | (value & direction);
}

void via6522_write(Via6522 *via, int reg, uint8_t value)
{
    int64_t now_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);

    timer_catch_up(via, T1, now_ns);
    timer_catch_up(via, T2, now_ns);
    switch (reg) {
    case VIA_REG_B:
        write_port(&via->b, via->dirb, value);
        via->ifr &= ~(VIA_INT_CB1 | VIA_INT_CB2);
        break;
    case VIA_REG_A:
        via->ifr &= ~(VIA_INT_CA1 | VIA_INT_CA2);
        write_port(&via->a, via->dira, value);
        break;
    case VIA_REG_ANH:
        write_port(&via->a, via->dira, value);
        break;
    case VIA_REG_DIRB:
        via->dirb = value;
        break;
    case VIA_REG_DIRA:
        via->dira = value;
        break;
    case VIA_REG_T1CL:
    case VIA_REG_T1LL:
        timer_write_latch(&via->timers[T1], false, value);
        break;
    case VIA_REG_T1LH:
        timer_write_latch(&via->timers[T1], true, value);
        via->ifr &= ~VIA_INT_T1;
        break;
    case VIA_REG_T1CH:
        timer_write_high(via, T1, value);
        break;
    case VIA_REG_T2CL:
        timer_write_latch(&via->timers[T2], false, value);
        break;
    case VIA_REG_T2CH:
        timer_write_high(via, T2, value);
        break;
    case VIA_REG_SR:
        via->sr = value;
        via->ifr &= ~VIA_INT_SR;
        break;
    case VIA_REG_ACR:
        via->acr = value;
        break;
    case VIA_REG_PCR:
        via->pcr = value;
        break;
    case VIA_REG_IFR:
        via->ifr &= ~value;
        break;
    case VIA_REG_IER:
        via->ier = value & VIA_INT_ANY ? via->ier | (value & ~VIA_INT_ANY) : via->ier & ~value;
        break;
    default:
        break;
    }
    via6522_update_irq(via);
    if (reg == VIA_REG_B || reg == VIA_REG_ACR) {
        via->port_b_written(via->opaque);
    }
}

void via6522_reset(Via6522 *via)
{
    int64_t now_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);

    via->b = via->a = via->dirb = via->dira = via->sr = via->acr = via->pcr = via->ifr = via->ier = 0;
    for (int n = 0; n < 2; n++) {
        via->timers[n] = (Via6522Timer) { .latch = 0xffff, .start = 0xffff, .start_ns = now_ns };
    }
    via6522_update_irq(via);
}

void via6522_init(Via6522 *via, uint32_t frequency_hz, void (*port_b_written)(void *opaque), void *opaque)
{
    via->frequency_hz = frequency_hz;
    via->port_b_written = port_b_written;
    via->opaque = opaque;
    via->wakeup = timer_new_ns(QEMU_CLOCK_VIRTUAL, via6522_wakeup, via);
}

void via6522_cleanup(Via6522 *via)
{
    timer_free(via->wakeup);
}

static const VMStateField via6522_timer_fields[] = {
    VMSTATE_UINT16(latch, Via6522Timer),
    VMSTATE_UINT16(start, Via6522Timer),
    VMSTATE_INT64(start_ns, Via6522Timer),
    VMSTATE_BOOL(armed, Via6522Timer),
    VMSTATE_INT64(expires_ns, Via6522Timer),
    VMSTATE_END
};
static const VMStateDescription vmstate_via6522_timer = {
    .name = "via6522-timer",
    .version = 1,
    .fields = via6522_timer_fields,
};
static int via6522_post_load(void *opaque, int version)
{
    via6522_update_irq(opaque);
    return 0;
}
static const VMStateField via6522_fields[] = {
    VMSTATE_UINT8(b, Via6522),
    VMSTATE_UINT8(a, Via6522),
    VMSTATE_UINT8(dirb, Via6522),
    VMSTATE_UINT8(dira, Via6522),
    VMSTATE_UINT8(sr, Via6522),
    VMSTATE_UINT8(acr, Via6522),
    VMSTATE_UINT8(pcr, Via6522),
    VMSTATE_UINT8(ifr, Via6522),
    VMSTATE_UINT8(ier, Via6522),
    VMSTATE_STRUCT_ARRAY(timers, Via6522, 2, vmstate_via6522_timer, Via6522Timer),
    VMSTATE_END
};
const VMStateDescription vmstate_via6522 = {
    .name = "via6522",
    .version = 1,
    .fields = via6522_fields,
    .post_load = via6522_post_load,
};
