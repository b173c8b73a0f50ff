/*
 * Parallel port of the PC (IEEE 1284-1994: SPP, and EPP as a byte stream) with
 * a character device as the printer.
 *
 * I/O        base + 0 data, 1 status, 2 control, 3 EPP address, 4-7 EPP data
 * Properties "index" (LPT1 is 0), "iobase" and "irq" (-1: by index), "chardev"
 *
 * The printer is always ready: a strobe's byte is taken at once, and
 * acknowledged with an interrupt when that is enabled.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "chardev/char.h"
#include "hw/char/parallel.h"
#include "hw/isa.h"
#include "qemu/log.h"

enum { REG_DATA, REG_STATUS, REG_CONTROL, REG_EPP_ADDRESS, REG_EPP_DATA, PORTS = 8, MAX_PORTS = 3 };
enum { STATUS_NOT_BUSY = 0x80, STATUS_NOT_ACK = 0x40, STATUS_SELECTED = 0x10, STATUS_NO_ERROR = 0x08,
       STATUS_EPP_TIMEOUT = 0x01, STATUS_UNUSED = 0x06 };
enum { CONTROL_STROBE = 0x01, CONTROL_NOT_RESET = 0x04, CONTROL_SELECT = 0x08, CONTROL_IRQ = 0x10,
       CONTROL_INPUT = 0x20, CONTROL_UNUSED = 0xc0 };

typedef struct ISAParallelState {
    ISADevice parent_obj;

    MemoryRegion io;
    qemu_irq irq;
    CharBackend chr;
    int32_t index, iobase, irq_number;

    uint8_t data, control;
    bool timeout;               /* an EPP read found no data */
} ISAParallelState;
#define ISA_PARALLEL(o) OBJECT_CHECK(ISAParallelState, (o), TYPE_ISA_PARALLEL)

static const struct { uint16_t iobase; uint8_t irq; } standard[MAX_PORTS] = {
    { 0x378, 7 }, { 0x278, 7 }, { 0x3bc, 7 },
};

static void write_control(ISAParallelState *s, uint8_t value)
{
    bool strobe_ends = s->control & CONTROL_STROBE && !(value & CONTROL_STROBE);

    s->control = value & ~CONTROL_UNUSED;
    if (strobe_ends && s->control & CONTROL_NOT_RESET) {
        qemu_chr_fe_write_all(&s->chr, &s->data, 1);
        if (s->control & CONTROL_IRQ) {
            qemu_irq_pulse(s->irq);     /* nAck */
        }
    }
}

static uint8_t read_status(const ISAParallelState *s)
{
    uint8_t status = STATUS_NOT_BUSY | STATUS_NOT_ACK | STATUS_SELECTED | STATUS_NO_ERROR | STATUS_UNUSED;

    if (s->control & CONTROL_STROBE || !(s->control & CONTROL_NOT_RESET)) {
        status &= ~STATUS_NOT_BUSY;
    }
    return status | (s->timeout ? STATUS_EPP_TIMEOUT : 0);
}

static uint64_t parallel_read(void *opaque, hwaddr addr, unsigned size)
{
    ISAParallelState *s = opaque;

    switch (addr) {
    case REG_DATA:
        return s->control & CONTROL_INPUT ? 0xff : s->data;
    case REG_STATUS:
        return read_status(s);
    case REG_CONTROL:
        return s->control | CONTROL_UNUSED;
    default:
        s->timeout = true;      /* a printer sends nothing */
        return 0xff;
    }
}

static void parallel_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    ISAParallelState *s = opaque;
    uint8_t byte = data;

    switch (addr) {
    case REG_DATA:
        s->data = byte;
        break;
    case REG_STATUS:
        s->timeout &= !(byte & STATUS_EPP_TIMEOUT);
        break;
    case REG_CONTROL:
        write_control(s, byte);
        break;
    case REG_EPP_ADDRESS:
        qemu_log_mask(LOG_UNIMP, "isa-parallel: EPP address 0x%02x\n", byte);
        break;
    default:
        qemu_chr_fe_write_all(&s->chr, &byte, 1);
        break;
    }
}

static const MemoryRegionOps parallel_ops = {
    .read = parallel_read,
    .write = parallel_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

static void isa_parallel_reset(DeviceState *dev)
{
    ISAParallelState *s = ISA_PARALLEL(dev);

    s->data = 0xff;
    s->control = CONTROL_NOT_RESET | CONTROL_SELECT;
    s->timeout = false;
}

static const VMStateField isa_parallel_fields[] = {
    VMSTATE_UINT8(data, ISAParallelState),
    VMSTATE_UINT8(control, ISAParallelState),
    VMSTATE_BOOL(timeout, ISAParallelState),
    VMSTATE_END
};
static const VMStateDescription vmstate_isa_parallel = {
    .name = "isa-parallel",
    .version = 1,
    .fields = isa_parallel_fields,
};

static const Property isa_parallel_props[] = {
    DEFINE_PROP_INT32("index", ISAParallelState, index, -1),
    DEFINE_PROP_INT32("iobase", ISAParallelState, iobase, -1),
    DEFINE_PROP_INT32("irq", ISAParallelState, irq_number, -1),
    DEFINE_PROP_CHR("chardev", ISAParallelState, chr),
    DEFINE_PROP_END
};

static bool isa_parallel_realize(DeviceState *dev, Error **errp)
{
    static int next_index;      /* of ports without one, as they are made */
    ISAParallelState *s = ISA_PARALLEL(dev);

    if (s->index < 0) {
        s->index = next_index;
    }
    if (s->index >= MAX_PORTS) {
        error_setg(errp, "isa-parallel: at most %d ports (index 0 to %d)", MAX_PORTS, MAX_PORTS - 1);
        return false;
    }
    next_index = MAX(next_index, s->index + 1);
    s->iobase = s->iobase < 0 ? standard[s->index].iobase : s->iobase;
    s->irq_number = s->irq_number < 0 ? standard[s->index].irq : s->irq_number;
    s->irq = isa_get_irq(&s->parent_obj, s->irq_number);
    memory_region_init_io(&s->io, OBJECT(dev), &parallel_ops, s, "parallel", PORTS);
    isa_register_ioport(&s->parent_obj, &s->io, s->iobase);
    return true;
}

static void isa_parallel_finalize(Object *obj)
{
    qemu_chr_fe_deinit(&ISA_PARALLEL(obj)->chr);
}

static const TypeInfo isa_parallel_info = {
    .name = TYPE_ISA_PARALLEL,
    .parent = TYPE_ISA_DEVICE,
    .desc = "parallel port",
    .instance_size = sizeof(ISAParallelState),
    .finalize = isa_parallel_finalize,
    .realize = isa_parallel_realize,
    .reset = isa_parallel_reset,
    .props = isa_parallel_props,
    .vmsd = &vmstate_isa_parallel,
    .user_creatable = true,
    .category = "misc",
};
DEFINE_TYPE(isa_parallel_info)
