/*
 * IDE cell of Apple's Heathrow and KeyLargo I/O chips.
 *
 * Region 0    4 KiB, little endian: task file registers every 16 bytes (device
 *             control and alternate status at 0x160), timing at 0x200,
 *             interrupt status at 0x300
 * IRQ 0, 1    drive, DMA channel
 * Properties  "channel" DBDMA channel, "dbdma" its controller (NULL: no DMA),
 *             "addr" place in the chip, informative
 *
 * Register use follows the Linux drivers (pata_macio). Timings are kept but
 * change nothing.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "hw/sysbus.h"
#include "hw/ppc/mac_dbdma.h"
#include "hw/ide/ide-internal.h"

enum { REGION_BYTES = 0x1000, REG_SHIFT = 4, REG_CONTROL = 0x16, REG_CONTROL_OLD = 0x8,
       REG_TIMING = 0x200, REG_INTERRUPT = 0x300 };
enum { INTERRUPT_DEVICE = 1 << 30 };
#define INTERRUPT_DMA (1u << 31)

typedef struct MacIOIDEState {
    SysBusDevice parent_obj;

    /* wiring */
    MemoryRegion regs;
    IDEBus bus;
    qemu_irq drive_irq, dma_irq;        /* out */
    qemu_irq channel_irq;               /* from the DBDMA channel */
    void *dbdma;
    DBDMA_io *io;                       /* the descriptor handed over last; see current_io */

    /* properties */
    uint32_t channel, addr;

    /* guest state */
    uint32_t timing;
    uint32_t interrupts;
} MacIOIDEState;

#define MACIO_IDE(o) OBJECT_CHECK(MacIOIDEState, (o), TYPE_MACIO_IDE)

/* Interrupts pass through to the board and show in the interrupt register. */

static void drive_irq_changed(void *opaque, int n, int level)
{
    MacIOIDEState *s = opaque;

    s->interrupts = (s->interrupts & ~INTERRUPT_DEVICE) | (level ? INTERRUPT_DEVICE : 0);
    qemu_set_irq(s->drive_irq, level);
}

static void channel_irq_changed(void *opaque, int n, int level)
{
    MacIOIDEState *s = opaque;

    s->interrupts = (s->interrupts & ~INTERRUPT_DMA) | (level ? INTERRUPT_DMA : 0);
    qemu_set_irq(s->dma_irq, level);
}

static uint64_t macio_ide_read(void *opaque, hwaddr addr, unsigned size)
{
    MacIOIDEState *s = opaque;
    unsigned reg = addr >> REG_SHIFT;

    if (addr == REG_TIMING) {
        return s->timing;
    }
    if (addr == REG_INTERRUPT) {
        return s->interrupts;
    }
    if (reg == ATA_DATA && size > 1) {
        return ide_data_read(&s->bus, size);
    }
    if (reg <= ATA_STATUS) {
        return ide_ioport_read(&s->bus, reg);
    }
    if (reg == REG_CONTROL || reg == REG_CONTROL_OLD) {
        return ide_alt_status_read(&s->bus);
    }
    qemu_log_mask(LOG_GUEST_ERROR, "macio-ide: read of 0x%" HWADDR_PRIx ", %u bytes\n", addr, size);
    return 0;
}

static void macio_ide_write(void *opaque, hwaddr addr, uint64_t val, unsigned size)
{
    MacIOIDEState *s = opaque;
    unsigned reg = addr >> REG_SHIFT;

    if (addr == REG_TIMING) {
        s->timing = val;
    } else if (reg == ATA_DATA && size > 1) {
        ide_data_write(&s->bus, val, size);
    } else if (reg <= ATA_COMMAND) {
        ide_ioport_write(&s->bus, reg, val & 0xff);
    } else if (reg == REG_CONTROL || reg == REG_CONTROL_OLD) {
        ide_control_write(&s->bus, val & 0xff);
    } else {
        qemu_log_mask(LOG_GUEST_ERROR, "macio-ide: write of 0x%" PRIx64 " to 0x%" HWADDR_PRIx
                      ", %u bytes\n", val, addr, size);
    }
}

static const MemoryRegionOps macio_ide_ops = {
    .read = macio_ide_read,
    .write = macio_ide_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 4 },
    .impl = { .min_access_size = 1, .max_access_size = 4 },
};

/*
 * DMA: the controller hands over one descriptor at a time; it stays ours until
 * its bytes are moved or the channel is stopped.
 */

static DBDMA_io *current_io(MacIOIDEState *s)
{
    return s->io && s->io->processing ? s->io : NULL;
}

static void descriptor_done(MacIOIDEState *s)
{
    DBDMA_io *io = s->io;

    s->io = NULL;
    io->dma_end(io);
}

static size_t move_bytes(void *opaque, void *buf, size_t bytes, bool to_memory)
{
    MacIOIDEState *s = opaque;
    uint8_t *p = buf;
    size_t moved = 0;
    DBDMA_io *io;

    while (moved < bytes && (io = current_io(s)) && io->is_dma_out != to_memory) {
        size_t n = MIN(bytes - moved, (size_t)MAX(io->len, 0));

        if (to_memory) {
            dma_memory_write(&address_space_memory, io->addr, p + moved, n);
        } else {
            dma_memory_read(&address_space_memory, io->addr, p + moved, n);
        }
        io->addr += n;
        io->len -= n;
        moved += n;
        if (io->len <= 0) {
            descriptor_done(s);
        }
    }
    return moved;
}

/* The drive's command is over before the descriptor: the rest is its residual count. */
static void command_over(void *opaque)
{
    MacIOIDEState *s = opaque;

    if (current_io(s)) {
        descriptor_done(s);
    }
}

static const IDEDMAOps macio_dma_ops = { .move = move_bytes, .end = command_over };

static void dbdma_rw(DBDMA_io *io)
{
    MacIOIDEState *s = io->opaque;

    s->io = io;
    if (io->len <= 0) {
        descriptor_done(s);
    } else {
        ide_dma_kick(&s->bus);
    }
}

/* Nothing is held back: all bytes that the drive had are in memory already. */
static void dbdma_flush(DBDMA_io *io)
{
}

static void macio_ide_reset(DeviceState *dev)
{
    MacIOIDEState *s = MACIO_IDE(dev);

    s->io = NULL;
    s->timing = 0;
    s->interrupts = 0;
}

static const VMStateDescription vmstate_macio_ide = {
    .name = "macio-ide",
    .version = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_IDE_BUS(bus, MacIOIDEState),
        VMSTATE_UINT32(timing, MacIOIDEState),
        VMSTATE_UINT32(interrupts, MacIOIDEState),
        VMSTATE_END
    },
};

static const Property macio_ide_props[] = {
    DEFINE_PROP_UINT32("channel", MacIOIDEState, channel, 0),
    DEFINE_PROP_UINT32("addr", MacIOIDEState, addr, 0),
    DEFINE_PROP_LINK("dbdma", MacIOIDEState, dbdma),
    DEFINE_PROP_END
};

static void macio_ide_init(Object *obj)
{
    MacIOIDEState *s = MACIO_IDE(obj);
    SysBusDevice *sbd = SYS_BUS_DEVICE(obj);

    memory_region_init_io(&s->regs, obj, &macio_ide_ops, s, "macio-ide", REGION_BYTES);
    sysbus_init_mmio(sbd, &s->regs);
    sysbus_init_irq(sbd, &s->drive_irq);
    sysbus_init_irq(sbd, &s->dma_irq);
    ide_bus_init(&s->bus, DEVICE(obj), NULL);
}

static bool macio_ide_realize(DeviceState *dev, Error **errp)
{
    MacIOIDEState *s = MACIO_IDE(dev);

    s->bus.irq = qemu_allocate_irq("macio-ide.drive", drive_irq_changed, s, 0);
    s->channel_irq = qemu_allocate_irq("macio-ide.dma", channel_irq_changed, s, 0);
    if (s->dbdma) {
        if (s->channel >= DBDMA_CHANNELS) {
            error_setg(errp, "macio-ide: channel=%u: DBDMA has %d channels", s->channel, DBDMA_CHANNELS);
            return false;
        }
        s->bus.dma_ops = &macio_dma_ops;
        s->bus.dma_opaque = s;
        DBDMA_register_channel(s->dbdma, s->channel, s->channel_irq, dbdma_rw, dbdma_flush, s);
    }
    return true;
}

static const TypeInfo macio_ide_info = {
    .name = TYPE_MACIO_IDE,
    .parent = TYPE_SYS_BUS_DEVICE,
    .desc = "Apple MacIO IDE",
    .instance_size = sizeof(MacIOIDEState),
    .init = macio_ide_init,
    .realize = macio_ide_realize,
    .reset = macio_ide_reset,
    .props = macio_ide_props,
    .vmsd = &vmstate_macio_ide,
    .category = "storage",
};

DEFINE_TYPE(macio_ide_info)

bool macio_ide_create_drives(DeviceState *macio_ide, int bus, Error **errp)
{
    return ide_bus_create_drives(&MACIO_IDE(macio_ide)->bus, bus, errp);
}
