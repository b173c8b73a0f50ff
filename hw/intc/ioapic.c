/*
 * Intel 82093AA I/O APIC (data sheet 290566), with the EOI register of version
 * 0x20.
 *
 * Region 0     0x00 register select, 0x10 window, 0x40 EOI; 32 bits
 * Input 0-23   interrupt lines, active high (polarity bits are kept only)
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/intc/apic.h"
#include "hw/intc/intc.h"
#include "qemu/log.h"
#include "trace/hw-intc.h"

enum { REG_SELECT = 0x00, REG_WINDOW = 0x10, REG_EOI = 0x40, REGION_SIZE = 0x1000 };
enum { INDEX_ID = 0x00, INDEX_VERSION = 0x01, INDEX_ARBITRATION = 0x02, INDEX_TABLE = 0x10,
       INDEX_END = INDEX_TABLE + 2 * IOAPIC_PINS };
enum { VERSION = 0x20 };
enum { RTE_VECTOR = 0xff, RTE_MODE_SHIFT = 8, RTE_LOGICAL = 0x800, RTE_STATUS = 0x1000,
       RTE_REMOTE_IRR = 0x4000, RTE_LEVEL = 0x8000, RTE_MASKED = 0x10000, RTE_DEST_SHIFT = 56 };
#define RTE_READ_ONLY ((uint64_t)(RTE_STATUS | RTE_REMOTE_IRR))

typedef struct IOAPICState {
    SysBusDevice parent_obj;

    /* wiring */
    MemoryRegion regs;
    APICBus *bus;
    uint64_t *counts;           /* of rising edges, for `info irq` */

    /* guest state */
    uint8_t select, id;
    uint32_t lines;             /* levels of the inputs */
    uint32_t irr;               /* asks for delivery */
    uint64_t table[IOAPIC_PINS];
} IOAPICState;
#define IOAPIC(o) OBJECT_CHECK(IOAPICState, (o), TYPE_IOAPIC)

/* Send what waits and is not masked. A level entry waits for EOI after that. */
static void ioapic_service(IOAPICState *s)
{
    for (int pin = 0; pin < IOAPIC_PINS; pin++) {
        uint64_t *rte = &s->table[pin];
        APICMessage message;

        if (!(s->irr & 1u << pin) || *rte & RTE_MASKED) {
            continue;
        }
        if (*rte & RTE_LEVEL) {
            if (*rte & RTE_REMOTE_IRR) {
                continue;
            }
            *rte |= RTE_REMOTE_IRR;
        } else {
            s->irr &= ~(1u << pin);
        }
        message = (APICMessage){
            .dest = *rte >> RTE_DEST_SHIFT,
            .logical = *rte & RTE_LOGICAL,
            .mode = *rte >> RTE_MODE_SHIFT & 7,
            .vector = *rte & RTE_VECTOR,
            .level = *rte & RTE_LEVEL,
        };
        if (message.mode == APIC_DM_EXTINT) {
            continue;           /* the 8259's INT goes to LINT0 by wire */
        }
        apic_bus_deliver(s->bus, &message);
    }
}

static void ioapic_set_line(void *opaque, int pin, int level)
{
    IOAPICState *s = IOAPIC(opaque);
    uint32_t bit = 1u << pin;

    trace_ioapic_set_line(pin, level);
    s->counts[pin] += level && !(s->lines & bit);
    if (s->table[pin] & RTE_LEVEL) {
        s->irr = level ? s->irr | bit : s->irr & ~bit;
    } else if (level && !(s->lines & bit)) {
        s->irr |= bit;
    }
    s->lines = level ? s->lines | bit : s->lines & ~bit;
    if (level) {
        ioapic_service(s);
    }
}

/* Lines that are still up interrupt again. */
static void ioapic_eoi(void *opaque, uint8_t vector)
{
    IOAPICState *s = opaque;

    for (int pin = 0; pin < IOAPIC_PINS; pin++) {
        if ((s->table[pin] & RTE_VECTOR) == vector && s->table[pin] & RTE_REMOTE_IRR) {
            s->table[pin] &= ~(uint64_t)RTE_REMOTE_IRR;
        }
    }
    ioapic_service(s);
}

/* --- registers --------------------------------------------------------------------- */

static uint32_t read_window(const IOAPICState *s)
{
    unsigned n = s->select - INDEX_TABLE;

    switch (s->select) {
    case INDEX_ID:
    case INDEX_ARBITRATION:
        return (uint32_t)s->id << 24;
    case INDEX_VERSION:
        return VERSION | (IOAPIC_PINS - 1) << 16;
    case INDEX_TABLE ... INDEX_END - 1:
        return s->table[n / 2] >> (n & 1 ? 32 : 0);
    }
    qemu_log_mask(LOG_GUEST_ERROR, "ioapic: read of register 0x%02x\n", s->select);
    return 0;
}

static void write_entry(IOAPICState *s, unsigned n, uint32_t value)
{
    uint64_t *rte = &s->table[n / 2], kept = *rte & RTE_READ_ONLY;
    uint32_t bit = 1u << n / 2;

    if (n & 1) {
        *rte = (*rte & UINT32_MAX) | (uint64_t)value << 32;
        return;
    }
    *rte = (*rte & ~(uint64_t)UINT32_MAX) | (value & 0x1ffff & ~RTE_READ_ONLY) | kept;
    if (!(*rte & RTE_LEVEL)) {
        *rte &= ~(uint64_t)RTE_REMOTE_IRR;
    } else if (s->lines & bit) {
        s->irr |= bit;
    } else {
        s->irr &= ~bit;
    }
    ioapic_service(s);
}

static void write_window(IOAPICState *s, uint32_t value)
{
    switch (s->select) {
    case INDEX_ID:
        s->id = value >> 24 & 0xf;
        break;
    case INDEX_VERSION:
    case INDEX_ARBITRATION:
        break;
    case INDEX_TABLE ... INDEX_END - 1:
        write_entry(s, s->select - INDEX_TABLE, value);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "ioapic: write of 0x%x to register 0x%02x\n", value, s->select);
        break;
    }
}

static uint64_t ioapic_read(void *opaque, hwaddr addr, unsigned size)
{
    IOAPICState *s = opaque;

    switch (addr) {
    case REG_SELECT:
        return s->select;
    case REG_WINDOW:
        return size == 4 ? read_window(s) : 0;
    }
    return 0;
}

static void ioapic_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    IOAPICState *s = opaque;

    switch (addr) {
    case REG_SELECT:
        s->select = value;
        break;
    case REG_WINDOW:
        if (size == 4) {
            write_window(s, value);
        }
        break;
    case REG_EOI:
        ioapic_eoi(s, value);
        break;
    }
}

static const MemoryRegionOps ioapic_ops = {
    .read = ioapic_read,
    .write = ioapic_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 4 },
};

static void ioapic_info(void *dev, IntcPrint *print, void *opaque)
{
    static const char *const modes[8] = { "fixed", "lowest", "SMI", "3", "NMI", "INIT", "6", "ExtINT" };
    IOAPICState *s = dev;

    print(opaque, "ioapic0: ver=0x%x id=0x%02x sel=0x%02x irr=%06x\n", VERSION, s->id, s->select, s->irr);
    for (int pin = 0; pin < IOAPIC_PINS; pin++) {
        uint64_t rte = s->table[pin];

        print(opaque, "  pin %-2d 0x%016" PRIx64 ": vector %u, %s, to %s %02x, %s%s%s\n", pin, rte,
              (unsigned)(rte & RTE_VECTOR), modes[rte >> RTE_MODE_SHIFT & 7], rte & RTE_LOGICAL ? "logical" : "APIC",
              (unsigned)(rte >> RTE_DEST_SHIFT), rte & RTE_LEVEL ? "level" : "edge",
              rte & RTE_REMOTE_IRR ? ", remote IRR" : "", rte & RTE_MASKED ? ", masked" : "");
    }
}

/* --- life --------------------------------------------------------------------------------- */

static void ioapic_reset(DeviceState *dev)
{
    IOAPICState *s = IOAPIC(dev);

    s->select = s->id = 0;
    s->irr = 0;
    for (int pin = 0; pin < IOAPIC_PINS; pin++) {
        s->table[pin] = RTE_MASKED;
    }
}

static const VMStateField ioapic_fields[] = {
    VMSTATE_UINT8(select, IOAPICState),
    VMSTATE_UINT8(id, IOAPICState),
    VMSTATE_UINT32(lines, IOAPICState),
    VMSTATE_UINT32(irr, IOAPICState),
    VMSTATE_UINT64_ARRAY(table, IOAPICState, IOAPIC_PINS),
    VMSTATE_END
};
static const VMStateDescription vmstate_ioapic = {
    .name = "ioapic",
    .version = 1,
    .fields = ioapic_fields,
};

static void ioapic_init(Object *obj)
{
    IOAPICState *s = IOAPIC(obj);

    memory_region_init_io(&s->regs, obj, &ioapic_ops, s, "ioapic", REGION_SIZE);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->regs);
    qdev_init_gpio_in(DEVICE(obj), ioapic_set_line, IOAPIC_PINS);
}

static const TypeInfo ioapic_info_type = {
    .name = TYPE_IOAPIC,
    .parent = TYPE_SYS_BUS_DEVICE,
    .desc = "I/O APIC",
    .instance_size = sizeof(IOAPICState),
    .init = ioapic_init,
    .reset = ioapic_reset,
    .vmsd = &vmstate_ioapic,
};
DEFINE_TYPE(ioapic_info_type)

DeviceState *ioapic_create(APICBus *bus, Error **errp)
{
    DeviceState *dev = qdev_new(TYPE_IOAPIC);

    IOAPIC(dev)->bus = bus;
    IOAPIC(dev)->counts = intc_register_counts("ioapic", 0, IOAPIC_PINS);
    if (!sysbus_realize_and_unref(SYS_BUS_DEVICE(dev), errp)) {
        return NULL;
    }
    intc_register_info(IOAPIC(dev), "ioapic", ioapic_info);
    bus->eoi = ioapic_eoi;
    bus->eoi_opaque = IOAPIC(dev);
    return dev;
}
