/*
 * Intel 8237A DMA controller as a PC has it: page registers, byte channels 0-3
 * and word channels 4-7 (data sheet 231466; 82371SB data sheet, 2.5.1).
 *
 * Ports  base + (n << dshift): 0-7 address and count of channels 0-3,
 *        8 command/status, 9 request, 10 one mask bit, 11 mode, 12 clear the
 *        byte pointer, 13 master clear/temporary, 14 clear mask, 15 all masks
 *        page-base + 1, 2, 3, 7: pages (and storage in between)
 *
 * A device moves bytes when its channel is unmasked and DREQ is up; it is
 * called from a bottom half (see hw/isa.h).
 *
 * Left out: memory to memory transfers, fixed and rotating priority (each
 * device is served as it asks), the high page registers of EISA.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/dma/i8257.h"
#include "qemu/log.h"
#include "qemu/main-loop.h"
#include "trace/hw-dma.h"

enum { CHANNELS = 4, REGISTERS = 16, PAGES = 8 };
enum { REG_COMMAND = 8, REG_REQUEST, REG_MASK_BIT, REG_MODE, REG_CLEAR_FF, REG_MASTER_CLEAR,
       REG_CLEAR_MASK, REG_MASK };
enum { CMD_DISABLED = 0x04, CMD_UNSUPPORTED = 0xdb };
enum { MODE_DIRECTION = 0x0c, MODE_VERIFY = 0x00, MODE_WRITE = 0x04, MODE_READ = 0x08,
       MODE_AUTO = 0x10, MODE_DECREMENT = 0x20 };
enum { MAX_CHUNK = 4096 };

typedef struct Channel {
    /* wiring */
    void (*run)(void *opaque);
    void *run_opaque;

    /* guest state */
    uint16_t base_addr, base_count;
    uint16_t addr, count;
    uint8_t mode;
} Channel;

typedef struct I8257State {
    ISADevice parent_obj;

    /* wiring */
    MemoryRegion channel_ports, control_ports, page_ports[4];
    QEMUBH *serve;

    /* properties */
    uint32_t base, page_base;
    int32_t dshift;

    /* guest state */
    Channel channel[CHANNELS];
    uint8_t page[PAGES];
    uint8_t command, status;        /* status: bits 3-0 terminal counts */
    uint8_t mask, request, dreq;    /* one bit a channel */
    bool high_byte;                 /* byte pointer flip-flop */
} I8257State;
#define I8257(o) OBJECT_CHECK(I8257State, (o), TYPE_I8257)

typedef struct DMAPair {
    I8257State *byte, *word;
} DMAPair;

/* Offset of a channel's page register from page-base. */
static const uint8_t page_of_channel[CHANNELS] = { 7, 3, 1, 2 };

static bool channel_ready(const I8257State *s, int n)
{
    uint8_t bit = 1 << n;

    return !(s->command & CMD_DISABLED) && !(s->mask & bit) && ((s->dreq | s->request) & bit);
}

static void serve_channels(void *opaque)
{
    I8257State *s = opaque;

    for (int n = 0; n < CHANNELS; n++) {
        if (s->channel[n].run && channel_ready(s, n)) {
            s->channel[n].run(s->channel[n].run_opaque);
        }
    }
}

static void kick(I8257State *s)
{
    for (int n = 0; n < CHANNELS; n++) {
        if (s->channel[n].run && channel_ready(s, n)) {
            qemu_bh_schedule(s->serve);
            return;
        }
    }
}

/* --- transfers ------------------------------------------------------------------ */

/* Physical address of the next unit; the page does not count. */
static hwaddr unit_address(const I8257State *s, int n)
{
    uint8_t page = s->page[page_of_channel[n]];

    return s->dshift ? (hwaddr)(page & ~1) << 16 | (hwaddr)s->channel[n].addr << 1
                     : (hwaddr)page << 16 | s->channel[n].addr;
}

/* Units (bytes or words) that lie behind each other from here on, up to wanted. */
static size_t contiguous_units(const Channel *c, size_t wanted)
{
    size_t left = (size_t)c->count + 1;

    if (c->mode & MODE_DECREMENT) {
        return MIN(wanted, 1);
    }
    return MIN(MIN(wanted, left), (size_t)0x10000 - c->addr);
}

static void advance(I8257State *s, int n, size_t units, bool *tc)
{
    Channel *c = &s->channel[n];

    c->addr += c->mode & MODE_DECREMENT ? -units : units;
    if (units <= c->count) {
        c->count -= units;
        return;
    }
    *tc = true;
    s->status |= 1 << n;
    s->request &= ~(1 << n);
    if (c->mode & MODE_AUTO) {
        c->addr = c->base_addr;
        c->count = c->base_count;
    } else {
        c->count = 0xffff;
        s->mask |= 1 << n;
    }
}

/* A transfer type of "verify" moves the counters alone. */
static bool direction_fits(const Channel *c, bool to_memory)
{
    uint8_t direction = c->mode & MODE_DIRECTION;

    if (direction == MODE_VERIFY || direction == (to_memory ? MODE_WRITE : MODE_READ)) {
        return true;
    }
    qemu_log_mask(LOG_GUEST_ERROR, "i8257: mode 0x%02x does not fit the device\n", c->mode);
    return false;
}

static size_t i8257_transfer(void *opaque, int channel, void *buf, size_t len, bool to_memory, bool *tc)
{
    DMAPair *pair = opaque;
    I8257State *s = channel < CHANNELS ? pair->byte : pair->word;
    int n = channel % CHANNELS;
    size_t moved = 0;

    while (!*tc && channel_ready(s, n) && (len - moved) >> s->dshift &&
           direction_fits(&s->channel[n], to_memory)) {
        Channel *c = &s->channel[n];
        size_t units = contiguous_units(c, (len - moved) >> s->dshift);
        size_t bytes = units << s->dshift;
        uint8_t *p = (uint8_t *)buf + moved;

        if ((c->mode & MODE_DIRECTION) == MODE_VERIFY) {
            if (!to_memory) {
                memset(p, 0, bytes);
            }
        } else if (to_memory) {
            address_space_write(&address_space_memory, unit_address(s, n), p, bytes);
        } else {
            address_space_read(&address_space_memory, unit_address(s, n), p, bytes);
        }
        advance(s, n, units, tc);
        moved += bytes;
    }
    trace_i8257_transfer(channel, moved);
    return moved;
}

static void i8257_connect(void *opaque, int channel, void (*run)(void *opaque), void *run_opaque)
{
    DMAPair *pair = opaque;
    I8257State *s = channel < CHANNELS ? pair->byte : pair->word;

    s->channel[channel % CHANNELS].run = run;
    s->channel[channel % CHANNELS].run_opaque = run_opaque;
}

static void i8257_set_dreq(void *opaque, int channel, bool level)
{
    DMAPair *pair = opaque;
    I8257State *s = channel < CHANNELS ? pair->byte : pair->word;
    uint8_t bit = 1 << channel % CHANNELS;

    s->dreq = level ? s->dreq | bit : s->dreq & ~bit;
    kick(s);
}

static const ISADMAOps i8257_dma_ops = {
    .connect = i8257_connect,
    .set_dreq = i8257_set_dreq,
    .transfer = i8257_transfer,
};

/* --- registers --------------------------------------------------------------------- */

static void master_clear(I8257State *s)
{
    s->command = s->status = s->request = 0;
    s->mask = 0xf;
    s->high_byte = false;
}

static uint64_t channel_read(void *opaque, hwaddr addr, unsigned size)
{
    I8257State *s = opaque;
    unsigned reg = addr >> s->dshift;
    Channel *c = &s->channel[reg / 2];
    uint16_t value = reg & 1 ? c->count : c->addr;

    s->high_byte = !s->high_byte;
    return s->high_byte ? value & 0xff : value >> 8;
}

static void write_half(uint16_t *reg, uint8_t value, bool high)
{
    *reg = high ? (*reg & 0x00ff) | value << 8 : (*reg & 0xff00) | value;
}

static void channel_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    I8257State *s = opaque;
    unsigned reg = addr >> s->dshift;
    Channel *c = &s->channel[reg / 2];

    write_half(reg & 1 ? &c->base_count : &c->base_addr, data, s->high_byte);
    write_half(reg & 1 ? &c->count : &c->addr, data, s->high_byte);
    s->high_byte = !s->high_byte;
}

static uint64_t control_read(void *opaque, hwaddr addr, unsigned size)
{
    I8257State *s = opaque;
    uint8_t value;

    switch ((addr >> s->dshift) + REG_COMMAND) {
    case REG_COMMAND:           /* status: terminal counts clear, requests in bits 7-4 */
        value = s->status | (s->dreq | s->request) << 4;
        s->status = 0;
        return value;
    case REG_MASK:
        return s->mask;
    }
    return 0;
}

static void set_bit(uint8_t *bits, uint64_t data)
{
    uint8_t bit = 1 << (data & 3);

    *bits = data & 4 ? *bits | bit : *bits & ~bit;
}

static void control_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    I8257State *s = opaque;

    switch ((addr >> s->dshift) + REG_COMMAND) {
    case REG_COMMAND:
        if (data & CMD_UNSUPPORTED) {
            qemu_log_mask(LOG_UNIMP, "i8257: command 0x%02x\n", (unsigned)data);
        }
        s->command = data;
        break;
    case REG_REQUEST:
        set_bit(&s->request, data);
        break;
    case REG_MASK_BIT:
        set_bit(&s->mask, data);
        break;
    case REG_MODE:
        s->channel[data & 3].mode = data & ~3;
        break;
    case REG_CLEAR_FF:
        s->high_byte = false;
        break;
    case REG_MASTER_CLEAR:
        master_clear(s);
        break;
    case REG_CLEAR_MASK:
        s->mask = 0;
        break;
    case REG_MASK:
        s->mask = data & 0xf;
        break;
    }
    kick(s);
}

static const MemoryRegionOps channel_ops = {
    .read = channel_read,
    .write = channel_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};
static const MemoryRegionOps control_ops = {
    .read = control_read,
    .write = control_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

/* Where the regions of page registers lie: 1-3, 7; 0 and 4-6 are not decoded. */
static const struct { uint8_t offset, size; } page_spans[] = { { 1, 3 }, { 7, 1 } };

static uint64_t page_read(void *opaque, hwaddr addr, unsigned size)
{
    return *((uint8_t *)opaque + addr);
}

static void page_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    *((uint8_t *)opaque + addr) = data;
}

static const MemoryRegionOps page_ops = {
    .read = page_read,
    .write = page_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

/* --- life ------------------------------------------------------------------------------ */

static void i8257_reset(DeviceState *dev)
{
    I8257State *s = I8257(dev);

    master_clear(s);
    s->dreq = 0;
    memset(s->page, 0, sizeof(s->page));
    for (int n = 0; n < CHANNELS; n++) {
        Channel *c = &s->channel[n];

        c->base_addr = c->base_count = c->addr = c->count = 0;
        c->mode = 0;
    }
    qemu_bh_cancel(s->serve);
}

static int i8257_post_load(void *opaque, int version)
{
    kick(opaque);
    return 0;
}

static const VMStateField channel_fields[] = {
    VMSTATE_UINT16(base_addr, Channel),
    VMSTATE_UINT16(base_count, Channel),
    VMSTATE_UINT16(addr, Channel),
    VMSTATE_UINT16(count, Channel),
    VMSTATE_UINT8(mode, Channel),
    VMSTATE_END
};
static const VMStateDescription vmstate_channel = {
    .name = "i8257-channel",
    .version = 1,
    .fields = channel_fields,
};
static const VMStateField i8257_fields[] = {
    VMSTATE_STRUCT_ARRAY(channel, I8257State, CHANNELS, vmstate_channel, Channel),
    VMSTATE_UINT8_ARRAY(page, I8257State, PAGES),
    VMSTATE_UINT8(command, I8257State),
    VMSTATE_UINT8(status, I8257State),
    VMSTATE_UINT8(mask, I8257State),
    VMSTATE_UINT8(request, I8257State),
    VMSTATE_UINT8(dreq, I8257State),
    VMSTATE_BOOL(high_byte, I8257State),
    VMSTATE_END
};
static const VMStateDescription vmstate_i8257 = {
    .name = "i8257",
    .version = 1,
    .fields = i8257_fields,
    .post_load = i8257_post_load,
};

static const Property i8257_props[] = {
    DEFINE_PROP_UINT32("base", I8257State, base, 0),
    DEFINE_PROP_UINT32("page-base", I8257State, page_base, 0x80),
    DEFINE_PROP_INT32("dshift", I8257State, dshift, 0),
    DEFINE_PROP_END
};

static void i8257_finalize(Object *obj)
{
    if (I8257(obj)->serve) {
        qemu_bh_delete(I8257(obj)->serve);
    }
}

static bool i8257_realize(DeviceState *dev, Error **errp)
{
    I8257State *s = I8257(dev);
    Object *obj = OBJECT(dev);

    if (s->dshift < 0 || s->dshift > 1) {
        error_setg(errp, "i8257: dshift=%d: must be 0 or 1", s->dshift);
        return false;
    }
    s->serve = qemu_bh_new(serve_channels, s);
    memory_region_init_io(&s->channel_ports, obj, &channel_ops, s, "dma-chan", 8 << s->dshift);
    memory_region_init_io(&s->control_ports, obj, &control_ops, s, "dma-cont", 8 << s->dshift);
    isa_register_ioport(&s->parent_obj, &s->channel_ports, s->base);
    isa_register_ioport(&s->parent_obj, &s->control_ports, s->base + (8 << s->dshift));
    for (size_t i = 0; i < ARRAY_SIZE(page_spans); i++) {
        uint8_t offset = page_spans[i].offset;

        memory_region_init_io(&s->page_ports[i], obj, &page_ops, s->page + offset, "dma-page",
                              page_spans[i].size);
        isa_register_ioport(&s->parent_obj, &s->page_ports[i], s->page_base + offset);
    }
    return true;
}

static const TypeInfo i8257_info = {
    .name = TYPE_I8257,
    .parent = TYPE_ISA_DEVICE,
    .desc = "8237A DMA controller",
    .instance_size = sizeof(I8257State),
    .finalize = i8257_finalize,
    .realize = i8257_realize,
    .reset = i8257_reset,
    .vmsd = &vmstate_i8257,
    .props = i8257_props,
};
DEFINE_TYPE(i8257_info)

bool i8257_create_pair(ISABus *bus, Error **errp)
{
    DMAPair *pair = g_new0(DMAPair, 1);     /* lives with the bus, that is with the process */
    ISADevice *byte = isa_new(TYPE_I8257), *word = isa_new(TYPE_I8257);

    qdev_prop_set_uint32(DEVICE(word), "base", 0xc0);
    qdev_prop_set_uint32(DEVICE(word), "page-base", 0x88);
    qdev_prop_set_int32(DEVICE(word), "dshift", 1);
    *pair = (DMAPair){ .byte = I8257(byte), .word = I8257(word) };
    isa_bus_set_dma(bus, &i8257_dma_ops, pair);
    return isa_realize_and_unref(byte, bus, errp) && isa_realize_and_unref(word, bus, errp);
}
