/*
 * "pc-testdev": what test programs for PC hardware (kvm-unit-tests) use to see how
 * accesses arrive, and to pull interrupt lines.
 *
 * Port 0xe0     a register of 32 bits, accessed with 1, 2 or 4 bytes
 *      0xe4     a guest page to be mapped anew: nothing here depends on that; reads 0
 *      0xe8     the register of 0xe0, a byte at a time
 *      0x2000   + n: level of ISA interrupt n, n < 16
 * 0xff000000    64 KiB that keep what is written, as a device does
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/misc/pc-ports.h"
#include "qemu/bswap.h"
#include "qemu/log.h"

enum { PORT_DATA = 0xe0, PORT_FLUSH = 0xe4, PORT_BYTES = 0xe8, PORT_IRQ = 0x2000, REGISTER_BYTES = 4,
       IRQ_PORTS = 24 };
#define MEMORY_BASE  0xff000000u
#define MEMORY_BYTES 0x10000

typedef struct PCTestDevState {
    ISADevice parent_obj;

    /* wiring */
    MemoryRegion data_port, flush_port, byte_port, irq_port, memory;
    qemu_irq irqs[ISA_NUM_IRQS];

    /* guest state */
    uint8_t data[REGISTER_BYTES];
    uint8_t bytes[MEMORY_BYTES];
} PCTestDevState;
#define PC_TESTDEV(o) OBJECT_CHECK(PCTestDevState, (o), TYPE_PC_TESTDEV)

/* size bytes of the guest's little-endian number at p. */
static uint64_t read_bytes(const uint8_t *p, unsigned size)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < size; i++) {
        value |= (uint64_t)p[i] << 8 * i;
    }
    return value;
}

static void write_bytes(uint8_t *p, uint64_t value, unsigned size)
{
    for (unsigned i = 0; i < size; i++) {
        p[i] = value >> 8 * i;
    }
}

static uint64_t data_read(void *opaque, hwaddr addr, unsigned size)
{
    return read_bytes(((PCTestDevState *)opaque)->data + addr, size);
}

static void data_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    write_bytes(((PCTestDevState *)opaque)->data + addr, value, size);
}

static const MemoryRegionOps data_ops = {
    .read = data_read,
    .write = data_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
};
static const MemoryRegionOps byte_ops = {
    .read = data_read,
    .write = data_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 4 },
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

static uint64_t zero_read(void *opaque, hwaddr addr, unsigned size)
{
    return 0;
}

static void flush_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
}

static const MemoryRegionOps flush_ops = {
    .read = zero_read,
    .write = flush_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
};

static void irq_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    PCTestDevState *s = opaque;

    if (addr < ISA_NUM_IRQS) {
        qemu_set_irq(s->irqs[addr], !!value);
    } else {
        qemu_log_mask(LOG_UNIMP, "pc-testdev: interrupt %u is not an ISA interrupt\n", (unsigned)addr);
    }
}

static const MemoryRegionOps irq_ops = {
    .read = zero_read,
    .write = irq_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 1 },
};

static uint64_t memory_read(void *opaque, hwaddr addr, unsigned size)
{
    return read_bytes(((PCTestDevState *)opaque)->bytes + addr, size);
}

static void memory_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    write_bytes(((PCTestDevState *)opaque)->bytes + addr, value, size);
}

static const MemoryRegionOps memory_ops = {
    .read = memory_read,
    .write = memory_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 8 },
    .impl = { .min_access_size = 1, .max_access_size = 8 },
};

static void testdev_reset(DeviceState *dev)
{
    PCTestDevState *s = PC_TESTDEV(dev);

    memset(s->data, 0, sizeof(s->data));
    memset(s->bytes, 0, sizeof(s->bytes));
    for (int i = 0; i < ISA_NUM_IRQS; i++) {
        qemu_set_irq(s->irqs[i], 0);
    }
}

static const VMStateField testdev_fields[] = {
    VMSTATE_BUFFER(data, PCTestDevState),
    VMSTATE_BUFFER(bytes, PCTestDevState),
    VMSTATE_END
};
static const VMStateDescription vmstate_testdev = {
    .name = "pc-testdev",
    .version = 1,
    .fields = testdev_fields,
};

static bool testdev_realize(DeviceState *dev, Error **errp)
{
    PCTestDevState *s = PC_TESTDEV(dev);
    ISADevice *isa = &s->parent_obj;

    for (int i = 0; i < ISA_NUM_IRQS; i++) {
        s->irqs[i] = isa_get_irq(isa, i);
    }
    memory_region_init_io(&s->data_port, OBJECT(dev), &data_ops, s, "pc-testdev-ioport", REGISTER_BYTES);
    memory_region_init_io(&s->flush_port, OBJECT(dev), &flush_ops, s, "pc-testdev-flush-page", 4);
    memory_region_init_io(&s->byte_port, OBJECT(dev), &byte_ops, s, "pc-testdev-ioport-byte", REGISTER_BYTES);
    memory_region_init_io(&s->irq_port, OBJECT(dev), &irq_ops, s, "pc-testdev-irq-line", IRQ_PORTS);
    memory_region_init_io(&s->memory, OBJECT(dev), &memory_ops, s, "pc-testdev-iomem", MEMORY_BYTES);
    isa_register_ioport(isa, &s->data_port, PORT_DATA);
    isa_register_ioport(isa, &s->flush_port, PORT_FLUSH);
    isa_register_ioport(isa, &s->byte_port, PORT_BYTES);
    isa_register_ioport(isa, &s->irq_port, PORT_IRQ);
    memory_region_add_subregion_overlap(isa->bus->mem, MEMORY_BASE, &s->memory, 1);
    return true;
}

static const TypeInfo testdev_info = {
    .name = TYPE_PC_TESTDEV,
    .parent = TYPE_ISA_DEVICE,
    .desc = "ports of test programs",
    .instance_size = sizeof(PCTestDevState),
    .realize = testdev_realize,
    .reset = testdev_reset,
    .vmsd = &vmstate_testdev,
    .user_creatable = true,
    .category = "misc",
};
DEFINE_TYPE(testdev_info)
