/*
 * DBDMA controller of Apple's I/O chips ("Macintosh Technology in the Common
 * Hardware Reference Platform", chapter 12).
 *
 * Region 0   32 channels of 0x80 bytes, little-endian registers
 *
 * Each channel runs a program of 16-byte little-endian descriptors in memory.
 * Transfers are given to the channel's client; everything else is done here.
 * A program that does not transfer, wait or stop is continued from a bottom
 * half after a bounded number of descriptors, so that it cannot hang the
 * machine.
 *
 * Left out: device status bits s7-s0 beyond what software sets, key and
 * cycle types other than system memory.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/ppc/mac_dbdma.h"
#include "hw/sysbus.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "qemu/main-loop.h"
#include "trace/hw-misc-macio.h"

enum { CHANNEL_SHIFT = 7, REGION_SIZE = DBDMA_CHANNELS << CHANNEL_SHIFT };
enum { REG_CONTROL, REG_STATUS, REG_CMDPTR_HI, REG_CMDPTR_LO, REG_INTR_SEL, REG_BRANCH_SEL,
       REG_WAIT_SEL, REG_COUNT };

/* ChannelStatus (12.4.2) */
enum { RUN = 0x8000, PAUSE = 0x4000, FLUSH = 0x2000, WAKE = 0x1000, DEAD = 0x0800, ACTIVE = 0x0400,
       BRANCH_TAKEN = 0x0100, DEVICE_STATUS = 0x00ff };
enum { CONTROL_WRITABLE = RUN | PAUSE | FLUSH | WAKE | DEVICE_STATUS };

/* Descriptor (12.5): req_count, command, address, cmd_dep, res_count, xfer_status */
enum { DESC_SIZE = 16, DESC_COUNT = 0, DESC_COMMAND = 2, DESC_ADDRESS = 4, DESC_CMD_DEP = 8,
       DESC_RES_COUNT = 12, DESC_STATUS = 14 };
enum { OUTPUT_MORE, OUTPUT_LAST, INPUT_MORE, INPUT_LAST, STORE_WORD, LOAD_WORD, NOP, STOP };
enum { KEY_SYSTEM = 6 };
enum { WHEN_NEVER, WHEN_TRUE, WHEN_FALSE, WHEN_ALWAYS };
enum { BURST = 64 };    /* descriptors in one go */

typedef struct DBDMAState DBDMAState;

typedef struct DBDMAChannel {
    DBDMAState *dbdma;
    qemu_irq irq;
    DBDMA_rw rw;
    DBDMA_flush flush;
    DBDMA_io io;

    uint32_t regs[REG_COUNT];
    uint8_t desc[DESC_SIZE];
} DBDMAChannel;

struct DBDMAState {
    SysBusDevice parent_obj;

    MemoryRegion mem;
    QEMUBH *bh;

    DBDMAChannel channels[DBDMA_CHANNELS];
};
#define MAC_DBDMA(o) OBJECT_CHECK(DBDMAState, (o), TYPE_MAC_DBDMA)

static unsigned desc_command(const DBDMAChannel *ch)
{
    return lduw_le_p(ch->desc + DESC_COMMAND);
}

static int channel_index(const DBDMAChannel *ch)
{
    return ch - ch->dbdma->channels;
}

static void channel_die(DBDMAChannel *ch, const char *why)
{
    qemu_log_mask(LOG_GUEST_ERROR, "dbdma: channel 0x%x: %s at 0x%08x\n", channel_index(ch), why,
                  ch->regs[REG_CMDPTR_LO]);
    ch->regs[REG_STATUS] = (ch->regs[REG_STATUS] & ~ACTIVE) | DEAD;
}

static bool channel_load(DBDMAChannel *ch)
{
    if (dma_memory_read(&address_space_memory, ch->regs[REG_CMDPTR_LO], ch->desc, DESC_SIZE) != MEMTX_OK) {
        channel_die(ch, "cannot read descriptor");
        return false;
    }
    return true;
}

static void channel_store_result(DBDMAChannel *ch, uint16_t residual)
{
    stw_le_p(ch->desc + DESC_RES_COUNT, residual);
    stw_le_p(ch->desc + DESC_STATUS, ch->regs[REG_STATUS]);
    if (dma_memory_write(&address_space_memory, ch->regs[REG_CMDPTR_LO] + DESC_RES_COUNT,
                         ch->desc + DESC_RES_COUNT, 4) != MEMTX_OK) {
        qemu_log_mask(LOG_GUEST_ERROR, "dbdma: channel 0x%x: cannot write result\n", channel_index(ch));
    }
}

/* Does the condition that `when` and a select register describe hold? (12.5.2) */
static bool condition_holds(const DBDMAChannel *ch, unsigned when, int select_reg)
{
    uint8_t mask = ch->regs[select_reg] >> 16, value = ch->regs[select_reg];
    bool match = (ch->regs[REG_STATUS] & mask & DEVICE_STATUS) == (value & mask);

    switch (when) {
    case WHEN_NEVER:
        return false;
    case WHEN_TRUE:
        return match;
    case WHEN_FALSE:
        return !match;
    default:
        return true;
    }
}

/* After a descriptor is done: interrupt, then the address of the next one. */
static void channel_interrupt(DBDMAChannel *ch)
{
    if (condition_holds(ch, desc_command(ch) >> 4 & 3, REG_INTR_SEL)) {
        qemu_irq_pulse(ch->irq);
    }
}

static void channel_advance(DBDMAChannel *ch)
{
    if (condition_holds(ch, desc_command(ch) >> 2 & 3, REG_BRANCH_SEL)) {
        ch->regs[REG_CMDPTR_LO] = ldl_le_p(ch->desc + DESC_CMD_DEP) & ~(uint32_t)(DESC_SIZE - 1);
        ch->regs[REG_STATUS] |= BRANCH_TAKEN;
    } else {
        ch->regs[REG_CMDPTR_LO] += DESC_SIZE;
        ch->regs[REG_STATUS] &= ~BRANCH_TAKEN;
    }
}

static void channel_finish(DBDMAChannel *ch, uint16_t residual)
{
    channel_store_result(ch, residual);
    channel_interrupt(ch);
    channel_advance(ch);
}

/* The client's dma_end. */
static void channel_end(DBDMA_io *io)
{
    DBDMAChannel *ch = io->channel;

    if (!io->processing) {
        return;
    }
    io->processing = false;
    if (ch->regs[REG_STATUS] & ACTIVE) {
        ch->regs[REG_STATUS] &= ~FLUSH;
        trace_dbdma_end(channel_index(ch), io->len);
        channel_finish(ch, MAX(io->len, 0));
        qemu_bh_schedule(ch->dbdma->bh);
    }
}

static void channel_transfer(DBDMAChannel *ch, unsigned op)
{
    DBDMA_io *io = &ch->io;

    if (!ch->rw) {
        qemu_log_mask(LOG_UNIMP, "dbdma: channel 0x%x has no device\n", channel_index(ch));
        channel_die(ch, "transfer without device");
        return;
    }
    io->addr = ldl_le_p(ch->desc + DESC_ADDRESS);
    io->len = lduw_le_p(ch->desc + DESC_COUNT);
    io->is_last = op == OUTPUT_LAST || op == INPUT_LAST;
    io->is_dma_out = op == OUTPUT_MORE || op == OUTPUT_LAST;
    io->processing = true;
    ch->rw(io);
}

static unsigned word_size(const DBDMAChannel *ch)
{
    unsigned count = lduw_le_p(ch->desc + DESC_COUNT) & 7;

    return count & 4 ? 4 : count & 2 ? 2 : 1;
}

static void channel_word(DBDMAChannel *ch, unsigned op)
{
    hwaddr addr = ldl_le_p(ch->desc + DESC_ADDRESS);
    unsigned size = word_size(ch);
    MemTxResult result;

    if (op == LOAD_WORD) {
        memset(ch->desc + DESC_CMD_DEP, 0, 4);
        result = dma_memory_read(&address_space_memory, addr, ch->desc + DESC_CMD_DEP, size);
        if (result == MEMTX_OK) {
            result = dma_memory_write(&address_space_memory, ch->regs[REG_CMDPTR_LO] + DESC_CMD_DEP,
                                      ch->desc + DESC_CMD_DEP, 4);
        }
    } else {
        result = dma_memory_write(&address_space_memory, addr, ch->desc + DESC_CMD_DEP, size);
    }
    if (result != MEMTX_OK) {
        channel_die(ch, "word transfer failed");
        return;
    }
    channel_store_result(ch, 0);
    channel_interrupt(ch);
    ch->regs[REG_CMDPTR_LO] += DESC_SIZE;   /* 12.5.3: these do not branch */
}

/* Runs one descriptor. False: the channel waits, stopped or died. */
static bool channel_step(DBDMAChannel *ch)
{
    unsigned command, op, key;

    if (!channel_load(ch)) {
        return false;
    }
    command = desc_command(ch);
    op = command >> 12;
    key = command >> 8 & 7;
    trace_dbdma_command(channel_index(ch), ch->regs[REG_CMDPTR_LO], command);
    if (op > STOP) {
        channel_die(ch, "reserved command");
        return false;
    }
    if (condition_holds(ch, command & 3, REG_WAIT_SEL) && op != STOP) {
        return false;
    }
    switch (op) {
    case STOP:
        ch->regs[REG_STATUS] &= ~(ACTIVE | FLUSH);
        return false;
    case NOP:
        channel_finish(ch, 0);
        break;
    case STORE_WORD:
    case LOAD_WORD:
        if (key != KEY_SYSTEM) {
            qemu_log_mask(LOG_UNIMP, "dbdma: word transfer with key %u\n", key);
        }
        channel_word(ch, op);
        break;
    default:
        channel_transfer(ch, op);
        return false;
    }
    return ch->regs[REG_STATUS] & ACTIVE;
}

static bool channel_runnable(const DBDMAChannel *ch)
{
    return (ch->regs[REG_STATUS] & (RUN | ACTIVE | PAUSE | DEAD)) == (RUN | ACTIVE) && !ch->io.processing;
}

static void dbdma_run(void *opaque)
{
    DBDMAState *s = opaque;

    for (int i = 0; i < DBDMA_CHANNELS; i++) {
        DBDMAChannel *ch = &s->channels[i];

        for (int n = 0; channel_runnable(ch) && channel_step(ch); n++) {
            if (n == BURST) {
                qemu_bh_schedule(s->bh);
                break;
            }
        }
    }
}

void DBDMA_kick(void *dbdma, int nchan)
{
    qemu_bh_schedule(MAC_DBDMA(dbdma)->bh);
}

void DBDMA_register_channel(void *dbdma, int nchan, qemu_irq irq,
                            DBDMA_rw rw, DBDMA_flush flush, void *opaque)
{
    DBDMAChannel *ch = &MAC_DBDMA(dbdma)->channels[nchan];

    assert(nchan >= 0 && nchan < DBDMA_CHANNELS);
    ch->irq = irq;
    ch->rw = rw;
    ch->flush = flush;
    ch->io.opaque = opaque;
    ch->io.channel = ch;
    ch->io.dma_end = channel_end;
}

static void channel_flush(DBDMAChannel *ch)
{
    if (ch->io.processing && ch->flush) {
        ch->flush(&ch->io);
    }
    ch->regs[REG_STATUS] &= ~FLUSH;
}

/* ChannelControl: the high half says which bits of the low half to write (12.4.1). */
static void channel_control(DBDMAChannel *ch, uint32_t value)
{
    uint32_t mask = value >> 16 & CONTROL_WRITABLE, status = ch->regs[REG_STATUS];
    bool was_running = status & RUN;

    status = (status & ~mask) | (value & mask);
    if (status & WAKE) {
        status &= ~WAKE;
        if (status & RUN && !(status & DEAD)) {
            status |= ACTIVE;
        }
    }
    if (status & RUN && !was_running && !(status & DEAD)) {
        status |= ACTIVE;
    }
    if (!(status & RUN)) {
        status &= ~(ACTIVE | DEAD);
    }
    ch->regs[REG_STATUS] = status;
    if (status & FLUSH) {
        channel_flush(ch);
    }
    if (was_running && !(status & RUN) && ch->io.processing) {
        channel_flush(ch);
        ch->io.processing = false;
    }
    if (channel_runnable(ch)) {
        qemu_bh_schedule(ch->dbdma->bh);
    }
}

static uint64_t dbdma_read(void *opaque, hwaddr addr, unsigned size)
{
    DBDMAState *s = opaque;
    DBDMAChannel *ch = &s->channels[addr >> CHANNEL_SHIFT];
    int reg = (addr & ((1 << CHANNEL_SHIFT) - 1)) / 4;

    switch (reg) {
    case REG_CONTROL:
        return ch->regs[REG_STATUS];
    case REG_CMDPTR_HI:
        return 0;
    default:
        return reg < REG_COUNT ? ch->regs[reg] : 0;
    }
}

static void dbdma_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    DBDMAState *s = opaque;
    DBDMAChannel *ch = &s->channels[addr >> CHANNEL_SHIFT];
    int reg = (addr & ((1 << CHANNEL_SHIFT) - 1)) / 4;

    switch (reg) {
    case REG_CONTROL:
        channel_control(ch, data);
        break;
    case REG_CMDPTR_LO:
        if (ch->regs[REG_STATUS] & ACTIVE) {
            qemu_log_mask(LOG_GUEST_ERROR, "dbdma: channel 0x%x: command pointer written while active\n",
                          channel_index(ch));
            break;
        }
        ch->regs[reg] = data & ~(uint64_t)(DESC_SIZE - 1);
        break;
    case REG_INTR_SEL:
    case REG_BRANCH_SEL:
    case REG_WAIT_SEL:
        ch->regs[reg] = data & 0x00ff00ff;
        break;
    case REG_STATUS:
    case REG_CMDPTR_HI:
        break;
    default:
        qemu_log_mask(LOG_UNIMP, "dbdma: write to register 0x%" PRIx64 "\n", addr);
        break;
    }
}

static const MemoryRegionOps dbdma_ops = {
    .read = dbdma_read,
    .write = dbdma_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 4, .max_access_size = 4 },
    .impl = { .min_access_size = 4, .max_access_size = 4 },
};

static void dbdma_reset(DeviceState *dev)
{
    DBDMAState *s = MAC_DBDMA(dev);

    for (int i = 0; i < DBDMA_CHANNELS; i++) {
        DBDMAChannel *ch = &s->channels[i];

        channel_flush(ch);
        ch->io.processing = false;
        memset(ch->regs, 0, sizeof(ch->regs));
        memset(ch->desc, 0, sizeof(ch->desc));
    }
}

static const VMStateField dbdma_channel_fields[] = {
    VMSTATE_UINT32_ARRAY(regs, DBDMAChannel, REG_COUNT),
    VMSTATE_BUFFER(desc, DBDMAChannel),
    VMSTATE_BOOL(io.processing, DBDMAChannel),
    VMSTATE_UINT64(io.addr, DBDMAChannel),
    VMSTATE_INT32(io.len, DBDMAChannel),
    VMSTATE_BOOL(io.is_last, DBDMAChannel),
    VMSTATE_BOOL(io.is_dma_out, DBDMAChannel),
    VMSTATE_END
};
static const VMStateDescription vmstate_dbdma_channel = {
    .name = "mac-dbdma-channel",
    .version = 1,
    .fields = dbdma_channel_fields,
};
static int dbdma_post_load(void *opaque, int version)
{
    DBDMAState *s = opaque;

    qemu_bh_schedule(s->bh);
    return 0;
}
static const VMStateField dbdma_fields[] = {
    VMSTATE_STRUCT_ARRAY(channels, DBDMAState, DBDMA_CHANNELS, vmstate_dbdma_channel, DBDMAChannel),
    VMSTATE_END
};
static const VMStateDescription vmstate_dbdma = {
    .name = TYPE_MAC_DBDMA,
    .version = 1,
    .fields = dbdma_fields,
    .post_load = dbdma_post_load,
};

static void dbdma_init(Object *obj)
{
    DBDMAState *s = MAC_DBDMA(obj);

    for (int i = 0; i < DBDMA_CHANNELS; i++) {
        s->channels[i].dbdma = s;
    }
    memory_region_init_io(&s->mem, obj, &dbdma_ops, s, "dbdma", REGION_SIZE);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->mem);
    s->bh = qemu_bh_new(dbdma_run, s);
}

static void dbdma_finalize(Object *obj)
{
    qemu_bh_delete(MAC_DBDMA(obj)->bh);
}

static const TypeInfo dbdma_info = {
    .name = TYPE_MAC_DBDMA,
    .parent = TYPE_SYS_BUS_DEVICE,
    .desc = "Macintosh descriptor-based DMA controller",
    .instance_size = sizeof(DBDMAState),
    .init = dbdma_init,
    .finalize = dbdma_finalize,
    .reset = dbdma_reset,
    .vmsd = &vmstate_dbdma,
};
DEFINE_TYPE(dbdma_info)
