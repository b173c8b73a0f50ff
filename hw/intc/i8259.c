/*
 * Intel 8259A programmable interrupt controller (data sheet 231468), with the
 * edge/level register of PIIX (82371SB data sheet, 2.5.4).
 *
 * Ports base+0   ICW1, OCW2, OCW3; reads IRR, ISR or the poll byte
 *       base+1   ICW2-4, OCW1 (mask)
 *       elcr     edge/level control of the chip's lines
 * Input 0-7      IR0-IR7; IR2 of the master is the slave's INT
 * Output 0       INT
 *
 * Left out: 8080 mode (vectors are always of x86 mode; logged), buffered mode.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/intc/i8259.h"
#include "hw/intc/intc.h"
#include "qemu/log.h"
#include "trace/hw-intc.h"

enum { LINES = 8, CASCADE_LINE = 2, SPURIOUS_LINE = 7 };
enum { MASTER_BASE = 0x20, SLAVE_BASE = 0xa0, MASTER_ELCR = 0x4d0, SLAVE_ELCR = 0x4d1,
       MASTER_ELCR_MASK = 0xf8, SLAVE_ELCR_MASK = 0xde };
enum { ICW1 = 0x10, ICW1_IC4 = 0x01, ICW1_SNGL = 0x02, ICW1_LTIM = 0x08 };
enum { ICW4_X86 = 0x01, ICW4_AEOI = 0x02, ICW4_SFNM = 0x10 };
enum { OCW3 = 0x08, OCW3_RIS = 0x01, OCW3_RR = 0x02, OCW3_POLL = 0x04, OCW3_SMM = 0x20, OCW3_ESMM = 0x40 };
enum { POLL_INTERRUPT = 0x80 };
/* OCW2 bits 7-5 */
enum { OCW2_ROTATE_AEOI_CLEAR, OCW2_EOI, OCW2_NOP, OCW2_SPECIFIC_EOI, OCW2_ROTATE_AEOI_SET,
       OCW2_ROTATE_EOI, OCW2_SET_PRIORITY, OCW2_ROTATE_SPECIFIC_EOI };
/* What the next write to base+1 is. */
enum { EXPECT_OCW1, EXPECT_ICW2, EXPECT_ICW3, EXPECT_ICW4 };

typedef struct I8259State {
    ISADevice parent_obj;

    /* wiring */
    MemoryRegion ports, elcr_port;
    qemu_irq int_out;
    struct I8259State *slave;

    /* properties */
    uint32_t iobase, elcr_addr;
    uint8_t elcr_mask;
    bool master;

    uint64_t *counts;           /* of rising edges, for `info irq` */

    /* guest state */
    uint8_t lines;              /* levels of the inputs */
    uint8_t irr, imr, isr;
    uint8_t lowest;             /* line of the lowest priority + 1: the highest one */
    uint8_t vector_base;
    uint8_t expect;
    bool read_isr, poll, special_mask, auto_eoi, rotate_on_auto_eoi, special_fully_nested;
    bool wants_icw4, single, level_triggered;
    uint8_t elcr;
} I8259State;
#define I8259(o) OBJECT_CHECK(I8259State, (o), TYPE_I8259)

/* Rank of the most urgent line in mask, 8: none. */
static int best_rank(const I8259State *s, uint8_t mask)
{
    int rank = 0;

    while (rank < LINES && !(mask & 1 << ((rank + s->lowest) & 7))) {
        rank++;
    }
    return rank;
}

/* The line that asks for service now, -1: none. */
static int pending_line(const I8259State *s)
{
    uint8_t in_service = s->isr;
    int rank = best_rank(s, s->irr & ~s->imr);

    if (s->special_mask) {
        in_service &= ~s->imr;
    }
    if (s->special_fully_nested && s->master) {
        in_service &= ~(1 << CASCADE_LINE);
    }
    return rank < best_rank(s, in_service) ? (rank + s->lowest) & 7 : -1;
}

static void i8259_update_irq(I8259State *s)
{
    qemu_set_irq(s->int_out, pending_line(s) >= 0);
}

static bool is_level(const I8259State *s, int line)
{
    return s->level_triggered || (s->elcr & 1 << line);
}

static void i8259_set_line(void *opaque, int line, int level)
{
    I8259State *s = I8259(opaque);
    uint8_t bit = 1 << line;

    trace_i8259_set_line(s->vector_base, line, level);
    if (!level) {
        s->lines &= ~bit;
        if (is_level(s, line)) {
            s->irr &= ~bit;
        }
    } else {
        s->counts[line] += !(s->lines & bit);
        if (is_level(s, line) || !(s->lines & bit)) {
            s->irr |= bit;
        }
        s->lines |= bit;
    }
    i8259_update_irq(s);
}

/* Line goes into service. */
static void acknowledge_line(I8259State *s, int line)
{
    if (s->auto_eoi) {
        if (s->rotate_on_auto_eoi) {
            s->lowest = (line + 1) & 7;
        }
    } else {
        s->isr |= 1 << line;
    }
    if (!is_level(s, line)) {
        s->irr &= ~(1 << line);
    }
    i8259_update_irq(s);
}

bool i8259_pending(DeviceState *master)
{
    return pending_line(I8259(master)) >= 0;
}

int i8259_acknowledge(DeviceState *master)
{
    I8259State *s = I8259(master), *slave = s->slave;
    int line = pending_line(s), vector;

    if (line < 0) {
        return s->vector_base + SPURIOUS_LINE;
    }
    if (line != CASCADE_LINE || !slave) {
        vector = s->vector_base + line;
    } else {
        int slave_line = pending_line(slave);

        vector = slave->vector_base + (slave_line < 0 ? SPURIOUS_LINE : slave_line);
        if (slave_line >= 0) {
            acknowledge_line(slave, slave_line);
        }
    }
    acknowledge_line(s, line);
    trace_i8259_acknowledge(line, vector);
    return vector;
}

/* --- registers -------------------------------------------------------------- */

static void start_initialization(I8259State *s, uint8_t icw1)
{
    s->imr = s->isr = 0;
    s->irr = icw1 & ICW1_LTIM ? s->lines : s->lines & s->elcr;
    s->lowest = s->vector_base = 0;
    s->read_isr = s->poll = s->special_mask = s->auto_eoi = false;
    s->rotate_on_auto_eoi = s->special_fully_nested = false;
    s->wants_icw4 = icw1 & ICW1_IC4;
    s->single = icw1 & ICW1_SNGL;
    s->level_triggered = icw1 & ICW1_LTIM;
    s->expect = EXPECT_ICW2;
}

static void write_ocw2(I8259State *s, uint8_t value)
{
    int operation = value >> 5, line = value & 7, rank;

    switch (operation) {
    case OCW2_ROTATE_AEOI_CLEAR:
    case OCW2_ROTATE_AEOI_SET:
        s->rotate_on_auto_eoi = operation == OCW2_ROTATE_AEOI_SET;
        break;
    case OCW2_EOI:
    case OCW2_ROTATE_EOI:
        rank = best_rank(s, s->isr);
        if (rank < LINES) {
            line = (rank + s->lowest) & 7;
            s->isr &= ~(1 << line);
            if (operation == OCW2_ROTATE_EOI) {
                s->lowest = (line + 1) & 7;
            }
        }
        break;
    case OCW2_SPECIFIC_EOI:
        s->isr &= ~(1 << line);
        break;
    case OCW2_SET_PRIORITY:
        s->lowest = (line + 1) & 7;
        break;
    case OCW2_ROTATE_SPECIFIC_EOI:
        s->isr &= ~(1 << line);
        s->lowest = (line + 1) & 7;
        break;
    }
}

static void write_ocw3(I8259State *s, uint8_t value)
{
    s->poll = value & OCW3_POLL;
    if (value & OCW3_RR) {
        s->read_isr = value & OCW3_RIS;
    }
    if (value & OCW3_ESMM) {
        s->special_mask = value & OCW3_SMM;
    }
}

/* base+1 during initialization and after it. */
static void write_data(I8259State *s, uint8_t value)
{
    switch (s->expect) {
    case EXPECT_OCW1:
        s->imr = value;
        break;
    case EXPECT_ICW2:
        s->vector_base = value & 0xf8;
        s->expect = !s->single ? EXPECT_ICW3 : s->wants_icw4 ? EXPECT_ICW4 : EXPECT_OCW1;
        break;
    case EXPECT_ICW3:           /* the cascade is wired */
        s->expect = s->wants_icw4 ? EXPECT_ICW4 : EXPECT_OCW1;
        break;
    case EXPECT_ICW4:
        if (!(value & ICW4_X86)) {
            qemu_log_mask(LOG_UNIMP, "i8259: 8080 mode\n");
        }
        s->special_fully_nested = value & ICW4_SFNM;
        s->auto_eoi = value & ICW4_AEOI;
        s->expect = EXPECT_OCW1;
        break;
    }
}

static void i8259_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    I8259State *s = opaque;

    if (addr) {
        write_data(s, data);
    } else if (data & ICW1) {
        start_initialization(s, data);
    } else if (data & OCW3) {
        write_ocw3(s, data);
    } else {
        write_ocw2(s, data);
    }
    i8259_update_irq(s);
}

/* Poll command: the next read acknowledges. */
static uint8_t poll_read(I8259State *s)
{
    int line = pending_line(s);

    s->poll = false;
    if (line < 0) {
        return 0;
    }
    acknowledge_line(s, line);
    return POLL_INTERRUPT | line;
}

static uint64_t i8259_read(void *opaque, hwaddr addr, unsigned size)
{
    I8259State *s = opaque;

    if (s->poll) {
        return poll_read(s);
    }
    return addr ? s->imr : s->read_isr ? s->isr : s->irr;
}

static const MemoryRegionOps i8259_ops = {
    .read = i8259_read,
    .write = i8259_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

static uint64_t elcr_read(void *opaque, hwaddr addr, unsigned size)
{
    return ((I8259State *)opaque)->elcr;
}

static void elcr_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    I8259State *s = opaque;

    s->elcr = data & s->elcr_mask;
}

static const MemoryRegionOps elcr_ops = {
    .read = elcr_read,
    .write = elcr_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

static void i8259_info(void *dev, IntcPrint *print, void *opaque)
{
    I8259State *s = dev;

    print(opaque, "pic%d: irr=%02x imr=%02x isr=%02x hprio=%d irq_base=%02x rr_sel=%d elcr=%02x fnm=%d\n",
          s->master ? 0 : 1, s->irr, s->imr, s->isr, s->lowest, s->vector_base, s->read_isr,
          s->elcr, s->special_fully_nested);
}

/* --- life ------------------------------------------------------------------- */

static void i8259_reset(DeviceState *dev)
{
    I8259State *s = I8259(dev);

    s->elcr = 0;
    start_initialization(s, 0);
    s->irr = 0;
    s->single = s->wants_icw4 = false;
    s->expect = EXPECT_OCW1;
    i8259_update_irq(s);
}

static int i8259_post_load(void *opaque, int version)
{
    I8259State *s = opaque;

    s->lowest &= 7;
    return s->expect > EXPECT_ICW4 ? -EINVAL : 0;
}

static const VMStateField i8259_fields[] = {
    VMSTATE_UINT8(lines, I8259State),
    VMSTATE_UINT8(irr, I8259State),
    VMSTATE_UINT8(imr, I8259State),
    VMSTATE_UINT8(isr, I8259State),
    VMSTATE_UINT8(lowest, I8259State),
    VMSTATE_UINT8(vector_base, I8259State),
    VMSTATE_UINT8(expect, I8259State),
    VMSTATE_BOOL(read_isr, I8259State),
    VMSTATE_BOOL(poll, I8259State),
    VMSTATE_BOOL(special_mask, I8259State),
    VMSTATE_BOOL(auto_eoi, I8259State),
    VMSTATE_BOOL(rotate_on_auto_eoi, I8259State),
    VMSTATE_BOOL(special_fully_nested, I8259State),
    VMSTATE_BOOL(wants_icw4, I8259State),
    VMSTATE_BOOL(single, I8259State),
    VMSTATE_BOOL(level_triggered, I8259State),
    VMSTATE_UINT8(elcr, I8259State),
    VMSTATE_END
};
static const VMStateDescription vmstate_i8259 = {
    .name = "i8259",
    .version = 1,
    .fields = i8259_fields,
    .post_load = i8259_post_load,
};

static const Property i8259_props[] = {
    DEFINE_PROP_UINT32("iobase", I8259State, iobase, MASTER_BASE),
    DEFINE_PROP_UINT32("elcr_addr", I8259State, elcr_addr, MASTER_ELCR),
    DEFINE_PROP_UINT8("elcr_mask", I8259State, elcr_mask, MASTER_ELCR_MASK),
    DEFINE_PROP_BOOL("master", I8259State, master, true),
    DEFINE_PROP_LINK("slave", I8259State, slave),
    DEFINE_PROP_END
};

static void i8259_init(Object *obj)
{
    I8259State *s = I8259(obj);

    qdev_init_gpio_in(DEVICE(obj), i8259_set_line, LINES);
    qdev_init_gpio_out(DEVICE(obj), &s->int_out, 1);
}

static bool i8259_realize(DeviceState *dev, Error **errp)
{
    I8259State *s = I8259(dev);

    memory_region_init_io(&s->ports, OBJECT(dev), &i8259_ops, s, "pic", 2);
    memory_region_init_io(&s->elcr_port, OBJECT(dev), &elcr_ops, s, "elcr", 1);
    isa_register_ioport(&s->parent_obj, &s->ports, s->iobase);
    isa_register_ioport(&s->parent_obj, &s->elcr_port, s->elcr_addr);
    intc_register_info(s, "pic", i8259_info);
    s->counts = intc_register_counts("isa-i8259", s->master ? 0 : LINES, LINES);
    return true;
}

static const TypeInfo i8259_info_type = {
    .name = TYPE_I8259,
    .parent = TYPE_ISA_DEVICE,
    .desc = "8259A interrupt controller",
    .instance_size = sizeof(I8259State),
    .init = i8259_init,
    .realize = i8259_realize,
    .reset = i8259_reset,
    .vmsd = &vmstate_i8259,
    .props = i8259_props,
};
DEFINE_TYPE(i8259_info_type)

DeviceState *i8259_create_pair(ISABus *bus, qemu_irq int_out, qemu_irq *inputs, Error **errp)
{
    DeviceState *master = qdev_new(TYPE_I8259), *slave = qdev_new(TYPE_I8259);

    qdev_prop_set_uint32(slave, "iobase", SLAVE_BASE);
    qdev_prop_set_uint32(slave, "elcr_addr", SLAVE_ELCR);
    qdev_prop_set_uint8(slave, "elcr_mask", SLAVE_ELCR_MASK);
    qdev_prop_set_bool(slave, "master", false);
    qdev_prop_set_link(master, "slave", slave);
    if (!isa_realize_and_unref(ISA_DEVICE(master), bus, errp) ||
        !isa_realize_and_unref(ISA_DEVICE(slave), bus, errp)) {
        return NULL;
    }
    qdev_connect_gpio_out(master, 0, int_out);
    qdev_connect_gpio_out(slave, 0, qdev_get_gpio_in(master, CASCADE_LINE));
    for (int i = 0; i < LINES; i++) {
        inputs[i] = qdev_get_gpio_in(master, i);
        inputs[LINES + i] = qdev_get_gpio_in(slave, i);
    }
    return master;
}
