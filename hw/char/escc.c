/*
 * Zilog Z85C30 serial communication controller, two asynchronous channels
 * (SCC/ESCC User's Manual, chapters 2 and 5).
 *
 * Characters leave at once, so the transmitter is always empty and "all sent".
 * Input is taken from the back end only while the receive queue has room, so
 * that overruns do not occur.
 *
 * Left out: synchronous modes, baud rate timing, DMA requests, vectors.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "chardev/char.h"
#include "hw/char/escc.h"
#include "hw/sysbus.h"
#include "qemu/log.h"
#include "trace/hw-char.h"

enum { WR_COMMAND, WR_INTERRUPT, WR_VECTOR, WR_RECEIVE, WR_MODE, WR_TRANSMIT, WR_DATA = 8,
       WR_MASTER = 9, WR_MISC1 = 10, WR_CLOCK = 11, WR_BAUD_LOW = 12, WR_BAUD_HIGH = 13,
       WR_MISC2 = 14, WR_EXT_ENABLE = 15, WR_COUNT = 16 };
enum { RR_STATUS, RR_SPECIAL, RR_VECTOR, RR_PENDING, RR_DATA = 8, RR_MISC = 10,
       RR_BAUD_LOW = 12, RR_BAUD_HIGH = 13, RR_EXT_ENABLE = 15 };
enum { CMD_POINT_HIGH = 1, CMD_RESET_EXT = 2, CMD_ENABLE_NEXT_RX = 4, CMD_RESET_TX = 5,
       CMD_RESET_ERROR = 6 };
enum { INT_EXT_ENABLE = 0x01, INT_TX_ENABLE = 0x02, INT_RX_MODE = 0x18, INT_RX_FIRST = 0x08,
       INT_RX_ALL = 0x10 };
enum { RECEIVE_ENABLE = 0x01, TRANSMIT_ENABLE = 0x08 };
enum { MASTER_ENABLE = 0x08, MASTER_STATUS_HIGH = 0x10, MASTER_RESET = 0xc0, MASTER_RESET_B = 0x40,
       MASTER_RESET_A = 0x80 };
enum { MISC2_LOOPBACK = 0x10 };
enum { STATUS_RX = 0x01, STATUS_TX_EMPTY = 0x04, STATUS_DCD = 0x08, STATUS_SYNC = 0x10,
       STATUS_CTS = 0x20, STATUS_UNDERRUN = 0x40, STATUS_BREAK = 0x80 };
enum { SPECIAL_ALL_SENT = 0x01, SPECIAL_RESIDUE = 0x06 };
enum { EXT_BREAK = 0x80 };
enum { PENDING_EXT = 1, PENDING_TX = 2, PENDING_RX = 4, PENDING_A_SHIFT = 3 };
enum { CHANNEL_B, CHANNEL_A, CHANNELS };
enum { RX_QUEUE = 256 };

typedef struct ESCCState ESCCState;

typedef struct ESCCChannel {
    ESCCState *chip;
    qemu_irq irq;
    CharBackend chr;

    uint8_t wregs[WR_COUNT];
    uint8_t pointer;                /* register of the next control access */
    uint8_t rx_queue[RX_QUEUE];
    uint32_t rx_head, rx_count;
    bool rx_first_armed;            /* WR1 mode "first character": the next one interrupts */
    bool rx_pending, tx_pending, ext_pending, in_break;
} ESCCChannel;

struct ESCCState {
    SysBusDevice parent_obj;

    MemoryRegion regs, legacy_regs;

    ESCCChannel channels[CHANNELS];
};
#define ESCC(o) OBJECT_CHECK(ESCCState, (o), TYPE_ESCC)

static uint8_t escc_pending(const ESCCChannel *ch)
{
    return (ch->ext_pending ? PENDING_EXT : 0) | (ch->tx_pending ? PENDING_TX : 0)
         | (ch->rx_pending ? PENDING_RX : 0);
}

static void escc_update_irq(ESCCState *s)
{
    bool enabled = s->channels[CHANNEL_A].wregs[WR_MASTER] & MASTER_ENABLE;

    for (int i = 0; i < CHANNELS; i++) {
        qemu_set_irq(s->channels[i].irq, enabled && escc_pending(&s->channels[i]));
    }
}

/* Mode "all characters" follows the queue; "first" stays as it was latched. */
static void escc_update_rx(ESCCChannel *ch)
{
    if ((ch->wregs[WR_INTERRUPT] & INT_RX_MODE) != INT_RX_FIRST) {
        ch->rx_pending = ch->rx_count && (ch->wregs[WR_INTERRUPT] & INT_RX_MODE) == INT_RX_ALL;
    } else if (ch->rx_count && ch->rx_first_armed) {
        ch->rx_first_armed = false;
        ch->rx_pending = true;
    } else if (!ch->rx_count) {
        ch->rx_pending = false;
    }
}

static int escc_can_receive(void *opaque)
{
    ESCCChannel *ch = opaque;

    return ch->wregs[WR_RECEIVE] & RECEIVE_ENABLE ? RX_QUEUE - ch->rx_count : 0;
}

static void escc_receive(void *opaque, const uint8_t *buf, int size)
{
    ESCCChannel *ch = opaque;

    trace_escc_receive(size);
    for (int i = 0; i < size && ch->rx_count < RX_QUEUE; i++) {
        ch->rx_queue[(ch->rx_head + ch->rx_count++) % RX_QUEUE] = buf[i];
    }
    escc_update_rx(ch);
    escc_update_irq(ch->chip);
}

static void escc_event(void *opaque, QEMUChrEvent event)
{
    ESCCChannel *ch = opaque;
    uint8_t nul = 0;

    if (event != CHR_EVENT_BREAK) {
        return;
    }
    ch->in_break = true;
    ch->ext_pending = ch->wregs[WR_INTERRUPT] & INT_EXT_ENABLE && ch->wregs[WR_EXT_ENABLE] & EXT_BREAK;
    escc_receive(ch, &nul, 1);
}

static void escc_channel_reset(ESCCChannel *ch)
{
    memset(ch->wregs, 0, sizeof(ch->wregs));
    ch->wregs[WR_MODE] = 0x04;
    ch->wregs[WR_CLOCK] = 0x08;
    ch->wregs[WR_MISC2] = 0x30 & ~MISC2_LOOPBACK;
    ch->wregs[WR_EXT_ENABLE] = 0xf8;
    ch->pointer = 0;
    ch->rx_head = ch->rx_count = 0;
    ch->rx_first_armed = true;
    ch->rx_pending = ch->tx_pending = ch->ext_pending = ch->in_break = false;
}

static uint8_t escc_read_data(ESCCChannel *ch)
{
    uint8_t value = ch->rx_queue[ch->rx_head];

    if (!ch->rx_count) {
        return 0;
    }
    ch->rx_head = (ch->rx_head + 1) % RX_QUEUE;
    ch->rx_count--;
    if ((ch->wregs[WR_INTERRUPT] & INT_RX_MODE) == INT_RX_FIRST) {
        ch->rx_pending = false;
    }
    escc_update_rx(ch);
    escc_update_irq(ch->chip);
    qemu_chr_fe_accept_input(&ch->chr);
    return value;
}

static void escc_write_data(ESCCChannel *ch, uint8_t value)
{
    trace_escc_transmit(value);
    if (!(ch->wregs[WR_TRANSMIT] & TRANSMIT_ENABLE)) {
        qemu_log_mask(LOG_GUEST_ERROR, "escc: character 0x%02x sent with the transmitter off\n", value);
        return;
    }
    if (ch->wregs[WR_MISC2] & MISC2_LOOPBACK) {
        if (ch->rx_count < RX_QUEUE) {
            escc_receive(ch, &value, 1);
        }
    } else {
        qemu_chr_fe_write_all(&ch->chr, &value, 1);
    }
    /* The full buffer ends the request, the empty one makes the next: a new edge for the controller. */
    ch->tx_pending = false;
    escc_update_irq(ch->chip);
    ch->tx_pending = ch->wregs[WR_INTERRUPT] & INT_TX_ENABLE;
    escc_update_irq(ch->chip);
}

/* RR2 of channel B: the vector with the highest pending source in it (5.2.4). */
static uint8_t escc_modified_vector(ESCCState *s)
{
    uint8_t vector = s->channels[CHANNEL_A].wregs[WR_VECTOR], code = 3;
    static const struct { uint8_t channel, pending, code; } order[] = {
        { CHANNEL_A, PENDING_RX, 6 }, { CHANNEL_A, PENDING_TX, 4 }, { CHANNEL_A, PENDING_EXT, 5 },
        { CHANNEL_B, PENDING_RX, 2 }, { CHANNEL_B, PENDING_TX, 0 }, { CHANNEL_B, PENDING_EXT, 1 },
    };

    for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
        if (escc_pending(&s->channels[order[i].channel]) & order[i].pending) {
            code = order[i].code;
            break;
        }
    }
    if (s->channels[CHANNEL_A].wregs[WR_MASTER] & MASTER_STATUS_HIGH) {
        code = (code & 1) << 2 | (code & 2) | code >> 2;
        return (vector & 0x8f) | code << 4;
    }
    return (vector & 0xf1) | code << 1;
}

static uint8_t escc_status(const ESCCChannel *ch)
{
    return STATUS_TX_EMPTY | STATUS_UNDERRUN | STATUS_DCD | STATUS_CTS | STATUS_SYNC
         | (ch->rx_count ? STATUS_RX : 0) | (ch->in_break ? STATUS_BREAK : 0);
}

static uint8_t escc_read_control(ESCCChannel *ch)
{
    ESCCState *s = ch->chip;
    int reg = ch->pointer;

    ch->pointer = 0;
    switch (reg) {
    case RR_STATUS:
    case RR_STATUS + 4:
        return escc_status(ch);
    case RR_SPECIAL:
    case RR_SPECIAL + 4:
        return SPECIAL_ALL_SENT | SPECIAL_RESIDUE;
    case RR_VECTOR:
    case RR_VECTOR + 4:
        return ch == &s->channels[CHANNEL_B] ? escc_modified_vector(s)
                                             : s->channels[CHANNEL_A].wregs[WR_VECTOR];
    case RR_PENDING:
    case RR_PENDING + 4:
        return ch == &s->channels[CHANNEL_B] ? 0
            : escc_pending(&s->channels[CHANNEL_A]) << PENDING_A_SHIFT | escc_pending(&s->channels[CHANNEL_B]);
    case RR_DATA:
        return escc_read_data(ch);
    case RR_MISC:
        return 0;
    default:
        return ch->wregs[reg];
    }
}

static void escc_command(ESCCChannel *ch, uint8_t value)
{
    ch->pointer = value & 7;
    switch (value >> 3 & 7) {
    case CMD_POINT_HIGH:
        ch->pointer |= 8;
        break;
    case CMD_RESET_EXT:
        ch->ext_pending = false;
        ch->in_break = false;
        break;
    case CMD_ENABLE_NEXT_RX:
        ch->rx_first_armed = true;
        escc_update_rx(ch);
        break;
    case CMD_RESET_TX:
        ch->tx_pending = false;
        break;
    case CMD_RESET_ERROR:
    default:
        break;
    }
}

/* WR9 is one register for both channels; each keeps a copy. */
static void escc_write_master(ESCCState *s, uint8_t value)
{
    if ((value & MASTER_RESET) == MASTER_RESET || (value & MASTER_RESET) == MASTER_RESET_A) {
        escc_channel_reset(&s->channels[CHANNEL_A]);
    }
    if ((value & MASTER_RESET) == MASTER_RESET || (value & MASTER_RESET) == MASTER_RESET_B) {
        escc_channel_reset(&s->channels[CHANNEL_B]);
    }
    s->channels[CHANNEL_A].wregs[WR_MASTER] = value & ~MASTER_RESET;
    s->channels[CHANNEL_B].wregs[WR_MASTER] = value & ~MASTER_RESET;
}

static void escc_write_control(ESCCChannel *ch, uint8_t value)
{
    ESCCState *s = ch->chip;
    int reg = ch->pointer;

    ch->pointer = 0;
    switch (reg) {
    case WR_COMMAND:
        escc_command(ch, value);
        break;
    case WR_VECTOR:
        s->channels[CHANNEL_A].wregs[WR_VECTOR] = value;
        s->channels[CHANNEL_B].wregs[WR_VECTOR] = value;
        break;
    case WR_DATA:
        escc_write_data(ch, value);
        return;
    case WR_MASTER:
        escc_write_master(s, value);
        break;
    default:
        ch->wregs[reg] = value;
        escc_update_rx(ch);
        break;
    }
    escc_update_irq(s);
    if (reg == WR_RECEIVE) {
        qemu_chr_fe_accept_input(&ch->chr);
    }
}

static uint64_t escc_access_read(ESCCState *s, int channel, bool data)
{
    ESCCChannel *ch = &s->channels[channel];

    return data ? escc_read_data(ch) : escc_read_control(ch);
}

static void escc_access_write(ESCCState *s, int channel, bool data, uint8_t value)
{
    ESCCChannel *ch = &s->channels[channel];

    if (data) {
        escc_write_data(ch, value);
    } else {
        escc_write_control(ch, value);
    }
}

/* Addresses from 0x40 on are the recovery registers of the DMA logic around the chip. */
static uint64_t escc_read(void *opaque, hwaddr addr, unsigned size)
{
    return addr < 0x40 ? escc_access_read(opaque, addr >> 5, addr >> 4 & 1) : 0;
}

static void escc_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    if (addr < 0x40) {
        escc_access_write(opaque, addr >> 5, addr >> 4 & 1, data);
    }
}

static uint64_t escc_legacy_read(void *opaque, hwaddr addr, unsigned size)
{
    return addr < 8 ? escc_access_read(opaque, addr >> 1 & 1, addr >> 2) : 0;
}

static void escc_legacy_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    if (addr < 8) {
        escc_access_write(opaque, addr >> 1 & 1, addr >> 2, data);
    }
}

static const MemoryRegionOps escc_ops = {
    .read = escc_read,
    .write = escc_write,
    .endianness = DEVICE_BIG_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};
static const MemoryRegionOps escc_legacy_ops = {
    .read = escc_legacy_read,
    .write = escc_legacy_write,
    .endianness = DEVICE_BIG_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

static void escc_reset(DeviceState *dev)
{
    ESCCState *s = ESCC(dev);

    for (int i = 0; i < CHANNELS; i++) {
        escc_channel_reset(&s->channels[i]);
    }
    escc_update_irq(s);
}

static const VMStateField escc_channel_fields[] = {
    VMSTATE_BUFFER(wregs, ESCCChannel),
    VMSTATE_UINT8(pointer, ESCCChannel),
    VMSTATE_BUFFER(rx_queue, ESCCChannel),
    VMSTATE_UINT32(rx_head, ESCCChannel),
    VMSTATE_UINT32(rx_count, ESCCChannel),
    VMSTATE_BOOL(rx_first_armed, ESCCChannel),
    VMSTATE_BOOL(rx_pending, ESCCChannel),
    VMSTATE_BOOL(tx_pending, ESCCChannel),
    VMSTATE_BOOL(ext_pending, ESCCChannel),
    VMSTATE_BOOL(in_break, ESCCChannel),
    VMSTATE_END
};
static int escc_channel_post_load(void *opaque, int version)
{
    ESCCChannel *ch = opaque;

    return ch->pointer < WR_COUNT && ch->rx_head < RX_QUEUE && ch->rx_count <= RX_QUEUE ? 0 : -EINVAL;
}
static const VMStateDescription vmstate_escc_channel = {
    .name = "escc-channel",
    .version = 1,
    .fields = escc_channel_fields,
    .post_load = escc_channel_post_load,
};
static const VMStateField escc_fields[] = {
    VMSTATE_STRUCT_ARRAY(channels, ESCCState, CHANNELS, vmstate_escc_channel, ESCCChannel),
    VMSTATE_END
};
static const VMStateDescription vmstate_escc = {
    .name = TYPE_ESCC,
    .version = 1,
    .fields = escc_fields,
};

static const Property escc_props[] = {
    DEFINE_PROP_CHR("chrB", ESCCState, channels[CHANNEL_B].chr),
    DEFINE_PROP_CHR("chrA", ESCCState, channels[CHANNEL_A].chr),
    DEFINE_PROP_END
};

static void escc_init(Object *obj)
{
    ESCCState *s = ESCC(obj);

    memory_region_init_io(&s->regs, obj, &escc_ops, s, "escc", ESCC_SIZE);
    memory_region_init_io(&s->legacy_regs, obj, &escc_legacy_ops, s, "escc-legacy", ESCC_LEGACY_SIZE);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->regs);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->legacy_regs);
    for (int i = 0; i < CHANNELS; i++) {
        s->channels[i].chip = s;
        sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->channels[i].irq);
    }
}

static bool escc_realize(DeviceState *dev, Error **errp)
{
    ESCCState *s = ESCC(dev);

    for (int i = 0; i < CHANNELS; i++) {
        qemu_chr_fe_set_handlers(&s->channels[i].chr, escc_can_receive, escc_receive, escc_event,
                                 &s->channels[i]);
    }
    return true;
}

static const TypeInfo escc_info = {
    .name = TYPE_ESCC,
    .parent = TYPE_SYS_BUS_DEVICE,
    .desc = "Z85C30 serial controller",
    .instance_size = sizeof(ESCCState),
    .init = escc_init,
    .realize = escc_realize,
    .reset = escc_reset,
    .props = escc_props,
    .vmsd = &vmstate_escc,
};
DEFINE_TYPE(escc_info)
