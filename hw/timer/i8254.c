/*
 * Intel 8254 programmable interval timer (data sheet 231164).
 *
 * Ports base+0..2   counters 0-2
 *       base+3      control word, read-back command
 * Input 0           0: OUT of counter 0 does not reach output 0
 * Output 0          OUT of counter 0
 *
 * Counts follow from the virtual time at which a count was loaded; nothing
 * runs but the timer of counter 0's next edge.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/timer/i8254.h"
#include "qemu/timer.h"
#include "trace/hw-timer.h"

enum { COUNTERS = 3, CONTROL_PORT = 3 };
enum { RW_LATCH, RW_LSB, RW_MSB, RW_WORD };             /* control word bits 5-4 */
enum { READ_BACK = 3, READ_BACK_NO_COUNT = 0x20, READ_BACK_NO_STATUS = 0x10 };
enum { STATUS_OUT = 0x80, STATUS_NULL_COUNT = 0x40 };

typedef struct Counter {
    uint32_t reload;            /* 1 to 65536 clocks */
    uint16_t latch;
    uint8_t latched;            /* bytes of latch still to read: 0, RW_LSB, RW_MSB, RW_WORD */
    uint8_t status;
    bool status_latched;
    bool read_msb, write_msb;   /* the next access of a word is its high byte */
    uint8_t write_low;
    uint8_t access, mode;       /* of the control word */
    bool bcd, gate;
    bool loaded;                /* a count was written since the control word */
    int64_t start_ns;           /* virtual time of the load */
} Counter;

typedef struct I8254State {
    ISADevice parent_obj;

    /* wiring */
    MemoryRegion ports;
    qemu_irq out0;
    QEMUTimer *edge;

    /* properties */
    uint32_t iobase;

    /* guest state */
    Counter counter[COUNTERS];
    bool out0_enabled;
    int64_t seen_ns;            /* output 0 has shown OUT up to then */
} I8254State;
#define I8254(o) OBJECT_CHECK(I8254State, (o), TYPE_I8254)

/* --- time ------------------------------------------------------------------- */

static int64_t now_ns(void)
{
    return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

static uint64_t ns_to_clocks(int64_t ns)
{
    return (unsigned __int128)(uint64_t)ns * PIT_HZ / NANOSECONDS_PER_SECOND;
}

/* First ns at which that many clocks have passed. */
static int64_t clocks_to_ns(uint64_t clocks)
{
    return ((unsigned __int128)clocks * NANOSECONDS_PER_SECOND + PIT_HZ - 1) / PIT_HZ;
}

static uint64_t clocks_since_load(const Counter *c, int64_t at_ns)
{
    return ns_to_clocks(MAX(at_ns - c->start_ns, 0));
}

/* OUT at a time (data sheet, "Mode definitions"). */
static bool out_level(const Counter *c, int64_t at_ns)
{
    uint64_t d;

    if (!c->loaded) {
        return c->mode != PIT_TERMINAL_COUNT;
    }
    d = clocks_since_load(c, at_ns);
    switch (c->mode) {
    case PIT_TERMINAL_COUNT:
    case PIT_ONE_SHOT:
        return d >= c->reload;
    case PIT_RATE:
        return c->reload == 1 || d % c->reload != c->reload - 1;
    case PIT_SQUARE_WAVE:
        return d % c->reload < (c->reload + 1) / 2;
    default:
        return d != c->reload;
    }
}

/* The value that a read finds. */
static uint16_t count_value(const Counter *c, int64_t at_ns)
{
    uint64_t d = clocks_since_load(c, at_ns);
    uint32_t value;

    switch (c->mode) {
    case PIT_RATE:
        value = c->reload - d % c->reload;
        break;
    case PIT_SQUARE_WAVE:       /* counts by two */
        value = c->reload - 2 * d % c->reload;
        break;
    default:
        value = c->reload - d;
        break;
    }
    if (c->bcd) {
        value %= 10000;
        value = value / 1000 << 12 | value / 100 % 10 << 8 | value / 10 % 10 << 4 | value % 10;
    }
    return value;
}

/* Virtual time of OUT's next change after at_ns, -1: none. */
static int64_t next_edge(const Counter *c, int64_t at_ns)
{
    uint64_t d, half = (c->reload + 1) / 2, base, next;

    if (!c->loaded) {
        return -1;
    }
    d = clocks_since_load(c, at_ns);
    base = d - d % c->reload;
    switch (c->mode) {
    case PIT_TERMINAL_COUNT:
    case PIT_ONE_SHOT:
        if (d >= c->reload) {
            return -1;
        }
        next = c->reload;
        break;
    case PIT_RATE:
        next = d - base < c->reload - 1 ? base + c->reload - 1 : base + c->reload;
        break;
    case PIT_SQUARE_WAVE:
        next = d - base < half ? base + half : base + c->reload;
        break;
    default:
        if (d > c->reload) {
            return -1;
        }
        next = d < c->reload ? c->reload : (uint64_t)c->reload + 1;
        break;
    }
    return MAX(c->start_ns + clocks_to_ns(next), at_ns + 1);
}

/* --- output ------------------------------------------------------------------ */

/* OUT went up after from_ns and not after to_ns: however late somebody looks, an edge is an edge. */
static bool rose_between(const Counter *c, int64_t from_ns, int64_t to_ns)
{
    uint64_t from, to;

    if (!c->loaded || from_ns < c->start_ns) {
        from_ns = c->start_ns;
    }
    if (!c->loaded || to_ns <= from_ns) {
        return false;
    }
    from = clocks_since_load(c, from_ns);
    to = clocks_since_load(c, to_ns);
    switch (c->mode) {
    case PIT_RATE:
    case PIT_SQUARE_WAVE:
        return from / c->reload != to / c->reload;
    case PIT_TERMINAL_COUNT:
    case PIT_ONE_SHOT:
        return from < c->reload && to >= c->reload;
    default:
        return from <= c->reload && to > c->reload;
    }
}

static void i8254_update_irq(I8254State *s)
{
    Counter *c = &s->counter[0];
    int64_t now = now_ns(), next = next_edge(c, now);

    if (!s->out0_enabled) {
        s->seen_ns = now;
        timer_del(s->edge);
        return;
    }
    if (rose_between(c, s->seen_ns, now)) {
        qemu_irq_lower(s->out0);
        qemu_irq_raise(s->out0);
    }
    s->seen_ns = now;
    qemu_set_irq(s->out0, out_level(c, now));
    if (next < 0) {
        timer_del(s->edge);
    } else {
        timer_mod_ns(s->edge, next);
    }
}

static void edge_reached(void *opaque)
{
    i8254_update_irq(opaque);
}

static void set_out0_enabled(void *opaque, int n, int level)
{
    I8254State *s = I8254(opaque);

    s->out0_enabled = level;
    if (!level) {
        qemu_set_irq(s->out0, 0);
    }
    i8254_update_irq(s);
}

static void counter_changed(I8254State *s, Counter *c)
{
    if (c == &s->counter[0]) {
        i8254_update_irq(s);
    }
}

static void load_count(I8254State *s, Counter *c, uint32_t value)
{
    trace_i8254_load(c - s->counter, value);
    if (c->bcd) {
        value = (value >> 12) * 1000 + (value >> 8 & 15) * 100 + (value >> 4 & 15) * 10 + (value & 15);
        c->reload = value ? value : 10000;
    } else {
        c->reload = value ? value : 0x10000;
    }
    c->start_ns = now_ns();
    c->loaded = true;
    counter_changed(s, c);
}

void i8254_set_gate(DeviceState *pit, int counter, bool level)
{
    I8254State *s = I8254(pit);
    Counter *c = &s->counter[counter];

    if (level && !c->gate && c->mode != PIT_TERMINAL_COUNT && c->mode != PIT_SOFTWARE_STROBE) {
        c->start_ns = now_ns();         /* a rising edge starts or restarts */
        counter_changed(s, c);
    }
    c->gate = level;
}

bool i8254_gate(DeviceState *pit, int counter)
{
    return I8254(pit)->counter[counter].gate;
}

bool i8254_out(DeviceState *pit, int counter)
{
    return out_level(&I8254(pit)->counter[counter], now_ns());
}

uint32_t i8254_initial_count(DeviceState *pit, int counter)
{
    return I8254(pit)->counter[counter].reload;
}

int i8254_mode(DeviceState *pit, int counter)
{
    return I8254(pit)->counter[counter].mode;
}

/* --- registers ------------------------------------------------------------------ */

static void latch_count(Counter *c)
{
    if (!c->latched) {
        c->latch = count_value(c, now_ns());
        c->latched = c->access;
    }
}

static void latch_status(Counter *c)
{
    if (!c->status_latched) {
        c->status = (out_level(c, now_ns()) ? STATUS_OUT : 0) | (c->loaded ? 0 : STATUS_NULL_COUNT) |
                    c->access << 4 | c->mode << 1 | c->bcd;
        c->status_latched = true;
    }
}

static void read_back(I8254State *s, uint8_t command)
{
    for (int i = 0; i < COUNTERS; i++) {
        if (!(command & 2 << i)) {
            continue;
        }
        if (!(command & READ_BACK_NO_COUNT)) {
            latch_count(&s->counter[i]);
        }
        if (!(command & READ_BACK_NO_STATUS)) {
            latch_status(&s->counter[i]);
        }
    }
}

static void write_control(I8254State *s, uint8_t value)
{
    int number = value >> 6, access = value >> 4 & 3, mode = value >> 1 & 7;
    Counter *c;

    if (number == READ_BACK) {
        read_back(s, value);
        return;
    }
    c = &s->counter[number];
    if (access == RW_LATCH) {
        latch_count(c);
        return;
    }
    c->access = access;
    c->mode = mode > PIT_HARDWARE_STROBE ? mode - 4 : mode;       /* bit 2 is not looked at in modes 2 and 3 */
    c->bcd = value & 1;
    c->read_msb = c->write_msb = false;
    c->latched = 0;
    c->status_latched = false;
    c->loaded = false;
    counter_changed(s, c);
}

static void write_count(I8254State *s, Counter *c, uint8_t value)
{
    switch (c->access) {
    case RW_LSB:
        load_count(s, c, value);
        break;
    case RW_MSB:
        load_count(s, c, value << 8);
        break;
    case RW_WORD:
        if (c->write_msb) {
            load_count(s, c, c->write_low | value << 8);
        } else {
            c->write_low = value;
        }
        c->write_msb = !c->write_msb;
        break;
    }
}

static void i8254_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    I8254State *s = opaque;

    i8254_update_irq(s);        /* an edge that is due, the main loop being late, comes before the write */
    if (addr == CONTROL_PORT) {
        write_control(s, data);
    } else {
        write_count(s, &s->counter[addr], data);
    }
}

static uint8_t read_latched(Counter *c)
{
    if (c->latched == RW_MSB) {
        c->latched = 0;
        return c->latch >> 8;
    }
    c->latched = c->latched == RW_WORD ? RW_MSB : 0;
    return c->latch;
}

static uint64_t i8254_read(void *opaque, hwaddr addr, unsigned size)
{
    I8254State *s = opaque;
    Counter *c = &s->counter[addr];
    uint16_t value;

    if (addr == CONTROL_PORT) {
        return 0;               /* three-state; 0 on the PC's bus here */
    }
    if (c->status_latched) {
        c->status_latched = false;
        return c->status;
    }
    if (c->latched) {
        return read_latched(c);
    }
    value = count_value(c, now_ns());
    if (c->access == RW_WORD) {
        c->read_msb = !c->read_msb;
        return c->read_msb ? value & 0xff : value >> 8;
    }
    return c->access == RW_MSB ? value >> 8 : value & 0xff;
}

static const MemoryRegionOps i8254_ops = {
    .read = i8254_read,
    .write = i8254_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

/* --- life ----------------------------------------------------------------------- */

static void i8254_reset(DeviceState *dev)
{
    I8254State *s = I8254(dev);

    for (int i = 0; i < COUNTERS; i++) {
        s->counter[i] = (Counter){ .mode = PIT_SQUARE_WAVE, .access = RW_WORD, .reload = 0x10000, .gate = i != 2,
                                   .start_ns = now_ns() };
    }
    s->out0_enabled = true;
    s->seen_ns = now_ns();
    i8254_update_irq(s);
}

static int i8254_post_load(void *opaque, int version)
{
    I8254State *s = opaque;

    for (int i = 0; i < COUNTERS; i++) {
        Counter *c = &s->counter[i];

        if (c->reload < 1 || c->reload > 0x10000 || c->mode > PIT_HARDWARE_STROBE || c->access > RW_WORD ||
            c->latched > RW_WORD) {
            return -EINVAL;
        }
    }
    return 0;
}

static const VMStateField counter_fields[] = {
    VMSTATE_UINT32(reload, Counter),
    VMSTATE_UINT16(latch, Counter),
    VMSTATE_UINT8(latched, Counter),
    VMSTATE_UINT8(status, Counter),
    VMSTATE_BOOL(status_latched, Counter),
    VMSTATE_BOOL(read_msb, Counter),
    VMSTATE_BOOL(write_msb, Counter),
    VMSTATE_UINT8(write_low, Counter),
    VMSTATE_UINT8(access, Counter),
    VMSTATE_UINT8(mode, Counter),
    VMSTATE_BOOL(bcd, Counter),
    VMSTATE_BOOL(gate, Counter),
    VMSTATE_BOOL(loaded, Counter),
    VMSTATE_INT64(start_ns, Counter),
    VMSTATE_END
};
static const VMStateDescription vmstate_counter = {
    .name = "i8254-counter",
    .version = 1,
    .fields = counter_fields,
};
static const VMStateField i8254_fields[] = {
    VMSTATE_STRUCT_ARRAY(counter, I8254State, COUNTERS, vmstate_counter, Counter),
    VMSTATE_BOOL(out0_enabled, I8254State),
    VMSTATE_INT64(seen_ns, I8254State),
    VMSTATE_TIMER_PTR(edge, I8254State),
    VMSTATE_END
};
static const VMStateDescription vmstate_i8254 = {
    .name = "i8254",
    .version = 1,
    .fields = i8254_fields,
    .post_load = i8254_post_load,
};

static const Property i8254_props[] = {
    DEFINE_PROP_UINT32("iobase", I8254State, iobase, 0x40),
    DEFINE_PROP_END
};

static void i8254_init(Object *obj)
{
    I8254State *s = I8254(obj);

    qdev_init_gpio_in(DEVICE(obj), set_out0_enabled, 1);
    qdev_init_gpio_out(DEVICE(obj), &s->out0, 1);
    s->edge = timer_new_ns(QEMU_CLOCK_VIRTUAL, edge_reached, s);
}

static void i8254_finalize(Object *obj)
{
    timer_free(I8254(obj)->edge);
}

static bool i8254_realize(DeviceState *dev, Error **errp)
{
    I8254State *s = I8254(dev);

    memory_region_init_io(&s->ports, OBJECT(dev), &i8254_ops, s, "pit", 4);
    isa_register_ioport(&s->parent_obj, &s->ports, s->iobase);
    return true;
}

static const TypeInfo i8254_info = {
    .name = TYPE_I8254,
    .parent = TYPE_ISA_DEVICE,
    .desc = "8254 interval timer",
    .instance_size = sizeof(I8254State),
    .init = i8254_init,
    .finalize = i8254_finalize,
    .realize = i8254_realize,
    .reset = i8254_reset,
    .vmsd = &vmstate_i8254,
    .props = i8254_props,
};
DEFINE_TYPE(i8254_info)
