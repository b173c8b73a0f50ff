/*
 * Between the files of the local APIC: apic.c (registers, timer, life) and
 * apic-bus.c (acceptance, priorities, messages).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_INTC_APIC_INTERNAL_H
#define HW_INTC_APIC_INTERNAL_H

#include "hw/intc/apic.h"
#include "qemu/timer.h"

/* Local vector table entries, in register order from 0x320. */
enum { LVT_TIMER, LVT_THERMAL, LVT_PERFORMANCE, LVT_LINT0, LVT_LINT1, LVT_ERROR, LVT_COUNT };
enum { LVT_VECTOR = 0xff, LVT_MODE = 0x700, LVT_PENDING = 0x1000, LVT_LEVEL = 0x8000, LVT_MASKED = 0x10000,
       LVT_TIMER_MODE = 0x60000, LVT_TIMER_PERIODIC = 0x20000, LVT_TIMER_DEADLINE = 0x40000 };
enum { SVR_ENABLE = 0x100 };
enum { BASE_BSP = 0x100, BASE_X2APIC = 0x400, BASE_ENABLE = 0x800 };
enum { ESR_SEND_VECTOR = 0x20, ESR_RECEIVE_VECTOR = 0x40, ESR_REGISTER = 0x80 };

struct APICState {
    DeviceState parent_obj;

    /* wiring */
    APICBus *bus;
    CPUState *cpu;
    DeviceState *pic;           /* NULL: no ExtINT */
    qemu_irq cpu_lines[X86_CPU_INPUTS];
    QEMUTimer *timer;

    /* properties */
    uint32_t id;
    bool bootstrap;

    /* guest state */
    uint64_t base;              /* MSR 0x1b */
    uint32_t ldr, dfr, svr;
    uint8_t apic_id, tpr;
    uint32_t isr[8], tmr[8], irr[8];
    uint32_t lvt[LVT_COUNT];
    uint32_t esr, esr_pending;
    uint32_t icr[2];
    uint32_t divide, initial_count;
    int64_t timer_start_ns;     /* of the current initial count */
    uint64_t deadline;          /* TSC deadline, 0: disarmed */
    bool pic_level;             /* LINT0 */
};
#define APIC(o) OBJECT_CHECK(APICState, (o), TYPE_APIC)

static inline bool apic_hw_enabled(const APICState *s) { return s->base & BASE_ENABLE; }
static inline bool apic_x2apic(const APICState *s) { return s->base & BASE_X2APIC; }

/* apic-bus.c */
/* Highest set bit of a 256-bit register, -1: none. */
int apic_highest(const uint32_t bits[8]);
uint8_t apic_processor_priority(const APICState *s);
/* The vector that the CPU should take, -1: none above its priority. */
int apic_pending_vector(const APICState *s);
/* The 8259's INT reaches the CPU as it is. */
bool apic_accepts_pic(const APICState *s);
void apic_update_irq(APICState *s);
void apic_accept(APICState *s, uint8_t vector, bool level);
/* An event of the local vector table. */
void apic_local_event(APICState *s, int lvt);
void apic_set_error(APICState *s, uint32_t bit);
void apic_eoi(APICState *s);
int apic_acknowledge(APICState *s);
/* ICR was written. */
void apic_send_ipi(APICState *s);

/* apic.c: INIT leaves id and base. */
void apic_init_reset(APICState *s);

#endif
