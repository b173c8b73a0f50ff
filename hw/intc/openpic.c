/*
 * OpenPIC interrupt controller as in Apple's KeyLargo (Open PIC Multiprocessor
 * Interrupt Controller Register Interface Specification, revision 1.2).
 *
 * Region 0   global, timer, source and per-CPU registers, little endian
 * Inputs     64 sources
 * Outputs    one for each CPU, level
 *
 * Sources sense their wire as an active-high level or rising edge; the polarity
 * bit is storage, because wires inside the machine carry "asserted", not volts.
 *
 * Left out: pass-through of an 8259, CPU reset register.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/intc/intc.h"
#include "hw/intc/openpic.h"
#include "hw/sysbus.h"
#include "qemu/log.h"
#include "qemu/timer.h"
#include "trace/hw-intc.h"

enum { REGION_SIZE = 0x40000, GLOBAL_BASE = 0x1000, TIMER_BASE = 0x1100, TIMER_END = 0x1200,
       SOURCE_BASE = 0x10000, SOURCE_END = 0x20000, CPU_BASE = 0x20000, CPU_SHIFT = 12,
       TIMER_SHIFT = 6, SOURCE_SHIFT = 5 };
enum { REG_FEATURE = 0x1000, REG_GLOBAL_CONF = 0x1020, REG_VENDOR = 0x1080, REG_PROC_INIT = 0x1090,
       REG_IPI_0 = 0x10a0, REG_IPI_3 = 0x10d0, REG_SPURIOUS = 0x10e0, REG_TIMER_FREQUENCY = 0x10f0 };
enum { TIMER_CURRENT = 0x00, TIMER_COUNT = 0x10, TIMER_VECTOR = 0x20, TIMER_DEST = 0x30 };
enum { CPU_IPI_0 = 0x40, CPU_IPI_3 = 0x70, CPU_TASK_PRIORITY = 0x80, CPU_WHO_AM_I = 0x90,
       CPU_ACK = 0xa0, CPU_EOI = 0xb0 };
enum { CONF_RESET = 1u << 31, CONF_NO_PASS_THROUGH = 1 << 29 };
enum { VECTOR_MASK = 1u << 31, VECTOR_ACTIVITY = 1 << 30, VECTOR_POLARITY = 1 << 23,
       VECTOR_LEVEL = 1 << 22, VECTOR_PRIORITY = 0xf << 16, VECTOR_PRIORITY_SHIFT = 16,
       VECTOR_NUMBER = 0xff, VECTOR_RESET = VECTOR_MASK | 1 << 29 };
enum { TIMER_INHIBIT = 1u << 31 };
enum { FEATURE_VERSION = 2, FEATURE_CPU_SHIFT = 8, FEATURE_SOURCE_SHIFT = 16 };
enum { SPURIOUS_RESET = 0xff, TASK_PRIORITY_RESET = 15, TIMER_HZ = 4160000 };
/* Kinds of sources in one table. */
enum { TIMERS = 4, IPIS = 4, FIRST_IPI = OPENPIC_SOURCES, FIRST_TIMER = FIRST_IPI + IPIS,
       ALL_SOURCES = FIRST_TIMER + TIMERS };

typedef struct OpenPICSource {
    uint32_t vector;        /* vector/priority register without the activity bit */
    uint32_t destination;   /* bit for each CPU */
    bool level;             /* of the wire */
    uint32_t pending;       /* edge: bit for each CPU it waits for */
    uint32_t in_service;    /* bit for each CPU that acknowledged it */
} OpenPICSource;

typedef struct OpenPICTimer {
    struct OpenPICState *pic;
    QEMUTimer *timer;

    uint32_t count;
    int64_t start_ns;
} OpenPICTimer;

typedef struct OpenPICState {
    SysBusDevice parent_obj;

    MemoryRegion regs;
    qemu_irq outputs[OPENPIC_MAX_CPUS];

    uint32_t nb_cpus;

    uint64_t *counts;           /* of rising edges, for `info irq` */

    uint32_t global_conf, spurious;
    uint32_t task_priority[OPENPIC_MAX_CPUS];
    OpenPICSource sources[ALL_SOURCES];
    OpenPICTimer timers[TIMERS];
} OpenPICState;
#define OPENPIC(o) OBJECT_CHECK(OpenPICState, (o), TYPE_OPENPIC)

static unsigned source_priority(const OpenPICSource *src)
{
    return src->vector >> VECTOR_PRIORITY_SHIFT & 0xf;
}

static bool source_waits(const OpenPICState *s, int n, int cpu)
{
    const OpenPICSource *src = &s->sources[n];

    if (src->vector & VECTOR_MASK) {
        return false;
    }
    if (n < OPENPIC_SOURCES && src->vector & VECTOR_LEVEL) {
        return src->level && src->destination >> cpu & 1 && !src->in_service;
    }
    return src->pending >> cpu & 1;
}

/* Priority of the most urgent interrupt that the CPU is handling. */
static unsigned priority_in_service(const OpenPICState *s, int cpu)
{
    unsigned priority = 0;

    for (int n = 0; n < ALL_SOURCES; n++) {
        if (s->sources[n].in_service >> cpu & 1) {
            priority = MAX(priority, source_priority(&s->sources[n]));
        }
    }
    return priority;
}

/* The source to deliver to the CPU, -1: none. */
static int openpic_best(const OpenPICState *s, int cpu)
{
    unsigned limit = MAX(s->task_priority[cpu], priority_in_service(s, cpu));
    int best = -1;

    for (int n = 0; n < ALL_SOURCES; n++) {
        if (source_waits(s, n, cpu) && source_priority(&s->sources[n]) > limit) {
            limit = source_priority(&s->sources[n]);
            best = n;
        }
    }
    return best;
}

static void openpic_update_irq(OpenPICState *s)
{
    for (uint32_t cpu = 0; cpu < s->nb_cpus; cpu++) {
        qemu_set_irq(s->outputs[cpu], openpic_best(s, cpu) >= 0);
    }
}

/* Latch an edge for the CPUs in `cpus`; sources with several destinations go to the first. */
static void openpic_latch(OpenPICState *s, int n, uint32_t cpus)
{
    s->sources[n].pending |= cpus & ((1u << s->nb_cpus) - 1);
    openpic_update_irq(s);
}

static uint32_t first_destination(const OpenPICSource *src)
{
    return src->destination & -src->destination;
}

static void openpic_set_irq(void *opaque, int n, int level)
{
    OpenPICState *s = opaque;
    OpenPICSource *src = &s->sources[n];
    bool rising = level && !src->level;

    trace_openpic_set_irq(n, level);
    s->counts[n] += rising;
    src->level = level;
    if (rising && !(src->vector & VECTOR_LEVEL)) {
        openpic_latch(s, n, first_destination(src));
    } else {
        openpic_update_irq(s);
    }
}

static uint32_t openpic_acknowledge(OpenPICState *s, int cpu)
{
    int n = openpic_best(s, cpu);

    trace_openpic_acknowledge(cpu, n);
    if (n < 0) {
        return s->spurious;
    }
    s->sources[n].pending &= ~(1u << cpu);
    s->sources[n].in_service |= 1u << cpu;
    openpic_update_irq(s);
    return s->sources[n].vector & VECTOR_NUMBER;
}

static void openpic_end_of_interrupt(OpenPICState *s, int cpu)
{
    int best = -1;

    trace_openpic_eoi(cpu);
    for (int n = 0; n < ALL_SOURCES; n++) {
        if (s->sources[n].in_service >> cpu & 1
            && (best < 0 || source_priority(&s->sources[n]) > source_priority(&s->sources[best]))) {
            best = n;
        }
    }
    if (best < 0) {
        qemu_log_mask(LOG_GUEST_ERROR, "openpic: end of interrupt on CPU %d with none in service\n", cpu);
        return;
    }
    s->sources[best].in_service &= ~(1u << cpu);
    openpic_update_irq(s);
}

/* --- timers ---------------------------------------------------------------- */

static int64_t timer_period_ns(const OpenPICTimer *t)
{
    return MAX((int64_t)(t->count & ~TIMER_INHIBIT), 1) * NANOSECONDS_PER_SECOND / TIMER_HZ;
}

static void openpic_timer_expired(void *opaque)
{
    OpenPICTimer *t = opaque;
    int n = FIRST_TIMER + (t - t->pic->timers);

    t->start_ns += timer_period_ns(t);
    int64_t earliest_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + SCALE_US;

    timer_mod_ns(t->timer, MAX(t->start_ns + timer_period_ns(t), earliest_ns));
    openpic_latch(t->pic, n, t->pic->sources[n].destination);
}

static void openpic_timer_write(OpenPICTimer *t, uint32_t value)
{
    bool was_inhibited = t->count & TIMER_INHIBIT;

    t->count = value;
    if (value & TIMER_INHIBIT || !(value & ~TIMER_INHIBIT)) {
        timer_del(t->timer);
    } else if (was_inhibited) {
        t->start_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
        timer_mod_ns(t->timer, t->start_ns + timer_period_ns(t));
    }
}

static uint32_t openpic_timer_current(const OpenPICTimer *t)
{
    uint32_t count = t->count & ~TIMER_INHIBIT;
    int64_t elapsed;

    if (!timer_pending(t->timer) || !count) {
        return 0;
    }
    elapsed = (qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) - t->start_ns) * TIMER_HZ / NANOSECONDS_PER_SECOND;
    return count - elapsed % count;
}

/* --- registers ------------------------------------------------------------- */

static void openpic_reset_registers(OpenPICState *s)
{
    s->global_conf = 0;
    s->spurious = SPURIOUS_RESET;
    for (int i = 0; i < OPENPIC_MAX_CPUS; i++) {
        s->task_priority[i] = TASK_PRIORITY_RESET;
    }
    for (int n = 0; n < ALL_SOURCES; n++) {
        OpenPICSource *src = &s->sources[n];

        src->vector = n < FIRST_TIMER ? VECTOR_RESET : VECTOR_MASK;
        src->destination = n >= FIRST_IPI && n < FIRST_TIMER ? (1u << s->nb_cpus) - 1 : 0;
        src->pending = src->in_service = 0;
    }
    for (int i = 0; i < TIMERS; i++) {
        timer_del(s->timers[i].timer);
        s->timers[i].count = TIMER_INHIBIT;
        s->timers[i].start_ns = 0;
    }
    openpic_update_irq(s);
}

static uint32_t source_read_vector(const OpenPICSource *src)
{
    return src->vector | (src->pending || src->in_service ? VECTOR_ACTIVITY : 0);
}

static void source_write_vector(OpenPICState *s, int n, uint32_t value)
{
    OpenPICSource *src = &s->sources[n];
    uint32_t writable = VECTOR_MASK | VECTOR_PRIORITY | VECTOR_NUMBER;

    if (n < OPENPIC_SOURCES) {
        writable |= VECTOR_POLARITY | VECTOR_LEVEL;
    }
    src->vector = value & writable;
    openpic_update_irq(s);
}

static uint32_t openpic_global_read(OpenPICState *s, hwaddr addr)
{
    switch (addr) {
    case REG_FEATURE:
        return (OPENPIC_SOURCES - 1) << FEATURE_SOURCE_SHIFT | (s->nb_cpus - 1) << FEATURE_CPU_SHIFT
             | FEATURE_VERSION;
    case REG_GLOBAL_CONF:
        return s->global_conf;
    case REG_VENDOR:
    case REG_PROC_INIT:
        return 0;
    case REG_IPI_0 ... REG_IPI_3:
        return source_read_vector(&s->sources[FIRST_IPI + (addr - REG_IPI_0) / 0x10]);
    case REG_SPURIOUS:
        return s->spurious;
    case REG_TIMER_FREQUENCY:
        return TIMER_HZ;
    default:
        return UINT32_MAX;
    }
}

static void openpic_global_write(OpenPICState *s, hwaddr addr, uint32_t value)
{
    switch (addr) {
    case REG_GLOBAL_CONF:
        if (value & CONF_RESET) {
            openpic_reset_registers(s);
        } else {
            s->global_conf = value & CONF_NO_PASS_THROUGH;
        }
        break;
    case REG_PROC_INIT:
        qemu_log_mask(LOG_UNIMP, "openpic: processor init 0x%x\n", value);
        break;
    case REG_IPI_0 ... REG_IPI_3:
        source_write_vector(s, FIRST_IPI + (addr - REG_IPI_0) / 0x10, value);
        break;
    case REG_SPURIOUS:
        s->spurious = value & VECTOR_NUMBER;
        break;
    case REG_FEATURE:
    case REG_VENDOR:
    case REG_TIMER_FREQUENCY:
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "openpic: write to register 0x%" PRIx64 "\n", addr);
        break;
    }
}

static uint32_t openpic_timer_reg_read(OpenPICState *s, hwaddr addr)
{
    int i = (addr - TIMER_BASE) >> TIMER_SHIFT;

    switch (addr & 0x30) {
    case TIMER_CURRENT:
        return openpic_timer_current(&s->timers[i]);
    case TIMER_COUNT:
        return s->timers[i].count;
    case TIMER_VECTOR:
        return source_read_vector(&s->sources[FIRST_TIMER + i]);
    default:
        return s->sources[FIRST_TIMER + i].destination;
    }
}

static void openpic_timer_reg_write(OpenPICState *s, hwaddr addr, uint32_t value)
{
    int i = (addr - TIMER_BASE) >> TIMER_SHIFT;

    switch (addr & 0x30) {
    case TIMER_CURRENT:
        break;
    case TIMER_COUNT:
        openpic_timer_write(&s->timers[i], value);
        break;
    case TIMER_VECTOR:
        source_write_vector(s, FIRST_TIMER + i, value);
        break;
    default:
        s->sources[FIRST_TIMER + i].destination = value & ((1u << s->nb_cpus) - 1);
        break;
    }
}

static uint32_t openpic_cpu_read(OpenPICState *s, hwaddr addr)
{
    uint32_t cpu = (addr - CPU_BASE) >> CPU_SHIFT;

    if (cpu >= s->nb_cpus) {
        return UINT32_MAX;
    }
    switch (addr & 0xff0) {
    case CPU_TASK_PRIORITY:
        return s->task_priority[cpu];
    case CPU_WHO_AM_I:
        return cpu;
    case CPU_ACK:
        return openpic_acknowledge(s, cpu);
    case CPU_EOI:
        return 0;
    default:
        return UINT32_MAX;
    }
}

static void openpic_cpu_write(OpenPICState *s, hwaddr addr, uint32_t value)
{
    uint32_t cpu = (addr - CPU_BASE) >> CPU_SHIFT;

    if (cpu >= s->nb_cpus) {
        qemu_log_mask(LOG_GUEST_ERROR, "openpic: register 0x%" PRIx64 " of a missing CPU\n", addr);
        return;
    }
    switch (addr & 0xff0) {
    case CPU_IPI_0 ... CPU_IPI_3:
        openpic_latch(s, FIRST_IPI + ((addr & 0xff0) - CPU_IPI_0) / 0x10, value);
        break;
    case CPU_TASK_PRIORITY:
        s->task_priority[cpu] = value & 0xf;
        openpic_update_irq(s);
        break;
    case CPU_EOI:
        openpic_end_of_interrupt(s, cpu);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "openpic: write to register 0x%" PRIx64 "\n", addr);
        break;
    }
}

static uint64_t openpic_read(void *opaque, hwaddr addr, unsigned size)
{
    OpenPICState *s = opaque;
    uint32_t n = (addr - SOURCE_BASE) >> SOURCE_SHIFT;

    if (addr & 0xf || addr < GLOBAL_BASE) {
        return UINT32_MAX;
    }
    if (addr >= CPU_BASE) {
        return openpic_cpu_read(s, addr);
    }
    if (addr >= SOURCE_BASE && n < OPENPIC_SOURCES) {
        return addr & 0x10 ? s->sources[n].destination : source_read_vector(&s->sources[n]);
    }
    if (addr >= TIMER_BASE && addr < TIMER_END) {
        return openpic_timer_reg_read(s, addr);
    }
    return openpic_global_read(s, addr);
}

static void openpic_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    OpenPICState *s = opaque;
    uint32_t n = (addr - SOURCE_BASE) >> SOURCE_SHIFT;

    if (addr & 0xf || addr < GLOBAL_BASE) {
        qemu_log_mask(LOG_GUEST_ERROR, "openpic: write to register 0x%" PRIx64 "\n", addr);
    } else if (addr >= CPU_BASE) {
        openpic_cpu_write(s, addr, data);
    } else if (addr >= SOURCE_BASE && n < OPENPIC_SOURCES) {
        if (addr & 0x10) {
            s->sources[n].destination = data & ((1u << s->nb_cpus) - 1);
            openpic_update_irq(s);
        } else {
            source_write_vector(s, n, data);
        }
    } else if (addr >= TIMER_BASE && addr < TIMER_END) {
        openpic_timer_reg_write(s, addr, data);
    } else {
        openpic_global_write(s, addr, data);
    }
}

static const MemoryRegionOps openpic_ops = {
    .read = openpic_read,
    .write = openpic_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 4, .max_access_size = 4 },
};

static void openpic_reset(DeviceState *dev)
{
    openpic_reset_registers(OPENPIC(dev));
}

static const VMStateField openpic_source_fields[] = {
    VMSTATE_UINT32(vector, OpenPICSource),
    VMSTATE_UINT32(destination, OpenPICSource),
    VMSTATE_BOOL(level, OpenPICSource),
    VMSTATE_UINT32(pending, OpenPICSource),
    VMSTATE_UINT32(in_service, OpenPICSource),
    VMSTATE_END
};
static const VMStateDescription vmstate_openpic_source = {
    .name = "openpic-source",
    .version = 1,
    .fields = openpic_source_fields,
};
static const VMStateField openpic_timer_fields[] = {
    VMSTATE_TIMER_PTR(timer, OpenPICTimer),
    VMSTATE_UINT32(count, OpenPICTimer),
    VMSTATE_INT64(start_ns, OpenPICTimer),
    VMSTATE_END
};
static const VMStateDescription vmstate_openpic_timer = {
    .name = "openpic-timer",
    .version = 1,
    .fields = openpic_timer_fields,
};
static const VMStateField openpic_fields[] = {
    VMSTATE_UINT32(global_conf, OpenPICState),
    VMSTATE_UINT32(spurious, OpenPICState),
    VMSTATE_UINT32_ARRAY(task_priority, OpenPICState, OPENPIC_MAX_CPUS),
    VMSTATE_STRUCT_ARRAY(sources, OpenPICState, ALL_SOURCES, vmstate_openpic_source, OpenPICSource),
    VMSTATE_STRUCT_ARRAY(timers, OpenPICState, TIMERS, vmstate_openpic_timer, OpenPICTimer),
    VMSTATE_END
};
static const VMStateDescription vmstate_openpic = {
    .name = TYPE_OPENPIC,
    .version = 1,
    .fields = openpic_fields,
};

static const Property openpic_props[] = {
    DEFINE_PROP_UINT32("nb_cpus", OpenPICState, nb_cpus, 1),
    DEFINE_PROP_END
};

static void openpic_init(Object *obj)
{
    OpenPICState *s = OPENPIC(obj);

    memory_region_init_io(&s->regs, obj, &openpic_ops, s, TYPE_OPENPIC, REGION_SIZE);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->regs);
    qdev_init_gpio_in(DEVICE(obj), openpic_set_irq, OPENPIC_SOURCES);
    for (int i = 0; i < OPENPIC_MAX_CPUS; i++) {
        sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->outputs[i]);
    }
    for (int i = 0; i < TIMERS; i++) {
        s->timers[i].pic = s;
        s->timers[i].timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, openpic_timer_expired, &s->timers[i]);
    }
}

static void openpic_print(void *dev, IntcPrint *print, void *opaque)
{
    const OpenPICState *s = dev;

    for (uint32_t cpu = 0; cpu < s->nb_cpus; cpu++) {
        print(opaque, "openpic: CPU %u: task priority %u, in service %u, output %s\n", cpu,
              s->task_priority[cpu], priority_in_service(s, cpu),
              openpic_best(s, cpu) >= 0 ? "raised" : "low");
    }
    for (int n = 0; n < ALL_SOURCES; n++) {
        const OpenPICSource *src = &s->sources[n];

        if (!(src->vector & VECTOR_MASK)) {
            print(opaque, "openpic: source %2d: vector %3u, priority %2u, to %x, %s, wire %d, "
                  "pending %x, in service %x\n", n, src->vector & VECTOR_NUMBER,
                  source_priority(src), src->destination,
                  src->vector & VECTOR_LEVEL ? "level" : "edge", src->level, src->pending,
                  src->in_service);
        }
    }
}

static bool openpic_realize(DeviceState *dev, Error **errp)
{
    OpenPICState *s = OPENPIC(dev);

    if (!s->nb_cpus || s->nb_cpus > OPENPIC_MAX_CPUS) {
        error_setg(errp, "openpic: nb_cpus=%u: 1 to %d CPUs are possible", s->nb_cpus, OPENPIC_MAX_CPUS);
        return false;
    }
    intc_register_info(s, "openpic", openpic_print);
    s->counts = intc_register_counts("openpic", 0, ALL_SOURCES);
    return true;
}

static void openpic_finalize(Object *obj)
{
    OpenPICState *s = OPENPIC(obj);

    for (int i = 0; i < TIMERS; i++) {
        timer_free(s->timers[i].timer);
    }
}

static const TypeInfo openpic_info = {
    .name = TYPE_OPENPIC,
    .parent = TYPE_SYS_BUS_DEVICE,
    .desc = "OpenPIC interrupt controller",
    .instance_size = sizeof(OpenPICState),
    .init = openpic_init,
    .finalize = openpic_finalize,
    .realize = openpic_realize,
    .reset = openpic_reset,
    .props = openpic_props,
    .vmsd = &vmstate_openpic,
};
DEFINE_TYPE(openpic_info)
