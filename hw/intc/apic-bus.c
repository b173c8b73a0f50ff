/*
 * Local APIC: acceptance of interrupts, priorities, and messages between APICs
 * (SDM 3A, chapter 11: 11.5 local interrupts, 11.6 IPIs, 11.8 handling, 11.11 MSI).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "apic-internal.h"
#include "hw/intc/i8259.h"
#include "qemu/log.h"
#include "trace/hw-intc.h"

enum { FIRST_LEGAL_VECTOR = 16 };
enum { ICR_MODE_SHIFT = 8, ICR_LOGICAL = 0x800, ICR_ASSERT = 0x4000, ICR_LEVEL = 0x8000,
       ICR_SHORTHAND_SHIFT = 18, ICR_DEST_SHIFT = 24 };
enum { SHORTHAND_NONE, SHORTHAND_SELF, SHORTHAND_ALL, SHORTHAND_OTHERS };
enum { DFR_FLAT = 0xf };
enum { MSI_LOGICAL = 0x4, MSI_DEST_SHIFT = 12, MSI_LEVEL = 0x8000 };
#define BROADCAST     0xffu
#define BROADCAST_X2  0xffffffffu

/* --- 256-bit registers ----------------------------------------------------------- */

static bool test_bit(const uint32_t bits[8], uint8_t n) { return bits[n / 32] >> n % 32 & 1; }
static void set_bit(uint32_t bits[8], uint8_t n) { bits[n / 32] |= 1u << n % 32; }
static void clear_bit(uint32_t bits[8], uint8_t n) { bits[n / 32] &= ~(1u << n % 32); }

int apic_highest(const uint32_t bits[8])
{
    for (int i = 7; i >= 0; i--) {
        if (bits[i]) {
            return i * 32 + 31 - __builtin_clz(bits[i]);
        }
    }
    return -1;
}

/* --- priorities -------------------------------------------------------------------- */

/* 11.8.3.1 */
uint8_t apic_processor_priority(const APICState *s)
{
    int in_service = MAX(apic_highest(s->isr), 0);

    return (s->tpr & 0xf0) >= (in_service & 0xf0) ? s->tpr : in_service & 0xf0;
}

int apic_pending_vector(const APICState *s)
{
    int vector = apic_highest(s->irr);

    if (!apic_hw_enabled(s) || !(s->svr & SVR_ENABLE) || vector < 0 ||
        (vector & 0xf0) <= (apic_processor_priority(s) & 0xf0)) {
        return -1;
    }
    return vector;
}

bool apic_accepts_pic(const APICState *s)
{
    uint32_t lint0 = s->lvt[LVT_LINT0];

    return s->pic && (!apic_hw_enabled(s) ||
                      (!(lint0 & LVT_MASKED) && (lint0 & LVT_MODE) >> 8 == APIC_DM_EXTINT));
}

void apic_update_irq(APICState *s)
{
    qemu_set_irq(s->cpu_lines[X86_CPU_INTR],
                 apic_pending_vector(s) >= 0 || (s->pic_level && apic_accepts_pic(s)));
}

int apic_acknowledge(APICState *s)
{
    int vector = apic_pending_vector(s);

    if (vector >= 0) {
        trace_apic_acknowledge(s->apic_id, vector);
        clear_bit(s->irr, vector);
        set_bit(s->isr, vector);
        apic_update_irq(s);
        return vector;
    }
    if (s->pic_level && apic_accepts_pic(s)) {
        return i8259_acknowledge(s->pic);
    }
    return -1;
}

void apic_eoi(APICState *s)
{
    int vector = apic_highest(s->isr);

    trace_apic_eoi(s->apic_id, vector);
    if (vector < 0) {
        return;
    }
    clear_bit(s->isr, vector);
    if (test_bit(s->tmr, vector) && s->bus->eoi) {
        s->bus->eoi(s->bus->eoi_opaque, vector);
    }
    apic_update_irq(s);
}

/* --- local interrupts ----------------------------------------------------------------- */

void apic_set_error(APICState *s, uint32_t bit)
{
    s->esr_pending |= bit;
    apic_local_event(s, LVT_ERROR);
}

void apic_accept(APICState *s, uint8_t vector, bool level)
{
    trace_apic_accept(s->apic_id, vector, level);
    if (vector < FIRST_LEGAL_VECTOR) {
        apic_set_error(s, ESR_RECEIVE_VECTOR);
        return;
    }
    set_bit(s->irr, vector);
    if (level) {
        set_bit(s->tmr, vector);
    } else {
        clear_bit(s->tmr, vector);
    }
    apic_update_irq(s);
}

static void pulse(APICState *s, X86CPUInput line)
{
    qemu_irq_pulse(s->cpu_lines[line]);
}

void apic_local_event(APICState *s, int lvt)
{
    uint32_t entry = s->lvt[lvt];

    if (entry & LVT_MASKED || !apic_hw_enabled(s)) {
        return;
    }
    switch ((entry & LVT_MODE) >> 8) {
    case APIC_DM_FIXED:
        if (lvt == LVT_ERROR && (entry & LVT_VECTOR) < FIRST_LEGAL_VECTOR) {
            return;             /* an error about the error vector is not reported */
        }
        apic_accept(s, entry & LVT_VECTOR, (lvt == LVT_LINT0 || lvt == LVT_LINT1) && (entry & LVT_LEVEL));
        break;
    case APIC_DM_SMI:
        pulse(s, X86_CPU_SMI);
        break;
    case APIC_DM_NMI:
        pulse(s, X86_CPU_NMI);
        break;
    case APIC_DM_EXTINT:
        apic_update_irq(s);
        break;
    }
}

/* --- messages -------------------------------------------------------------------------- */

/* 11.6.2.2: logical destination mode. */
static bool matches_logical(const APICState *s, uint32_t dest)
{
    uint8_t mask = s->ldr >> 24;

    if (apic_x2apic(s)) {
        uint32_t ldr = (s->apic_id >> 4) << 16 | 1u << (s->apic_id & 15);

        return dest >> 16 == ldr >> 16 && (dest & ldr & 0xffff);
    }
    if (s->dfr >> 28 == DFR_FLAT) {
        return mask & dest;
    }
    return (mask >> 4 == dest >> 4) && (mask & dest & 0xf);
}

static bool matches(const APICState *s, const APICMessage *message)
{
    if (!apic_hw_enabled(s)) {
        return false;
    }
    if (message->dest == BROADCAST_X2 || (message->dest == BROADCAST && !apic_x2apic(s))) {
        return true;
    }
    return message->logical ? matches_logical(s, message->dest) : s->apic_id == message->dest;
}

static void receive(APICState *s, const APICMessage *message)
{
    switch (message->mode) {
    case APIC_DM_FIXED:
    case APIC_DM_LOWEST_PRIORITY:
        apic_accept(s, message->vector, message->level);
        break;
    case APIC_DM_SMI:
        pulse(s, X86_CPU_SMI);
        break;
    case APIC_DM_NMI:
        pulse(s, X86_CPU_NMI);
        break;
    case APIC_DM_INIT:
        apic_init_reset(s);
        pulse(s, X86_CPU_INIT);
        break;
    case APIC_DM_SIPI:
        qemu_set_irq(s->cpu_lines[X86_CPU_SIPI], 0x100 | message->vector);
        qemu_set_irq(s->cpu_lines[X86_CPU_SIPI], 0);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "apic: message with delivery mode %d\n", message->mode);
        break;
    }
}

void apic_bus_deliver(APICBus *bus, const APICMessage *message)
{
    APICState *lowest = NULL;

    trace_apic_bus_deliver(message->dest, message->logical, message->mode, message->vector);
    for (int i = 0; i < bus->count; i++) {
        APICState *s = bus->apics[i];

        if (!matches(s, message)) {
            continue;
        }
        if (message->mode != APIC_DM_LOWEST_PRIORITY) {
            receive(s, message);
        } else if ((s->svr & SVR_ENABLE) &&
                   (!lowest || apic_processor_priority(s) < apic_processor_priority(lowest))) {
            lowest = s;
        }
    }
    if (lowest) {
        receive(lowest, message);
    }
}

void apic_bus_msi(APICBus *bus, hwaddr addr, uint32_t data)
{
    APICMessage message = {
        .dest = addr >> MSI_DEST_SHIFT & 0xff,
        .logical = addr & MSI_LOGICAL,
        .mode = data >> ICR_MODE_SHIFT & 7,
        .vector = data,
        .level = data & MSI_LEVEL,
    };

    apic_bus_deliver(bus, &message);
}

void apic_send_ipi(APICState *s)
{
    APICMessage message = {
        .dest = apic_x2apic(s) ? s->icr[1] : s->icr[1] >> ICR_DEST_SHIFT,
        .logical = s->icr[0] & ICR_LOGICAL,
        .mode = s->icr[0] >> ICR_MODE_SHIFT & 7,
        .vector = s->icr[0],
    };

    if (message.mode <= APIC_DM_LOWEST_PRIORITY && message.vector < FIRST_LEGAL_VECTOR) {
        apic_set_error(s, ESR_SEND_VECTOR);
        return;
    }
    /* 11.6.1: INIT level de-assert only synchronises arbitration ids. */
    if (message.mode == APIC_DM_INIT && (s->icr[0] & ICR_LEVEL) && !(s->icr[0] & ICR_ASSERT)) {
        return;
    }
    switch (s->icr[0] >> ICR_SHORTHAND_SHIFT & 3) {
    case SHORTHAND_NONE:
        apic_bus_deliver(s->bus, &message);
        break;
    case SHORTHAND_SELF:
        receive(s, &message);
        break;
    case SHORTHAND_ALL:
    case SHORTHAND_OTHERS:
        for (int i = 0; i < s->bus->count; i++) {
            APICState *other = s->bus->apics[i];

            if (apic_hw_enabled(other) && (other != s || (s->icr[0] >> ICR_SHORTHAND_SHIFT & 3) == SHORTHAND_ALL)) {
                receive(other, &message);
            }
        }
        break;
    }
}
