/*
 * PMU microcontroller of New World Macs: ADB, real-time clock, power, behind
 * the shift register of a 6522 (as the Linux and Darwin drivers drive it).
 *
 * The host asserts TREQ for each byte and the PMU answers with TACK, both
 * active low in port B; each byte ends with a shift register interrupt. A
 * command is its number, a length where the command's length varies, and data;
 * the answer has the same form without the number. What the PMU has to tell by
 * itself waits until the host fetches it with INT_ACK; a request line, active
 * low, says so.
 *
 * Left out: batteries, backlight, I2C, sleep.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/input/adb.h"
#include "hw/misc/macio/pmu.h"
#include "hw/misc/macio/via6522.h"
#include "hw/sysbus.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "sysemu/sysemu.h"
#include "trace/hw-misc-macio.h"

enum { PORT_TACK = 0x08, PORT_TREQ = 0x10 };
enum { CMD_POWER_CTRL0 = 0x10, CMD_POWER_CTRL = 0x11, CMD_ADB = 0x20, CMD_ADB_POLL_OFF = 0x21,
       CMD_SET_RTC = 0x30, CMD_WRITE_NVRAM = 0x33, CMD_READ_RTC = 0x38, CMD_READ_NVRAM = 0x3b,
       CMD_SET_VOLUME = 0x40, CMD_SET_BACKLIGHT = 0x41, CMD_GET_VOLUME = 0x48, CMD_GET_BACKLIGHT = 0x49,
       CMD_EJECT = 0x4c, CMD_SET_INTERRUPTS = 0x70, CMD_INT_ACK = 0x78, CMD_SHUTDOWN = 0x7e,
       CMD_POWER_EVENTS = 0x8f, CMD_RESET = 0xd0, CMD_GET_BRIGHT_BUTTON = 0xd9, CMD_GET_COVER = 0xdc,
       CMD_SYSTEM_READY = 0xdf, CMD_DOWNLOAD_STATUS = 0xe2, CMD_READ_RAM = 0xe8, CMD_GET_VERSION = 0xea };
enum { INT_ADB_AUTO = 0x04, INT_ADB = 0x10, INT_TICK = 0x80 };
enum { ADB_FLAGS_SET_AUTOPOLL = 0x86, PMU_VERSION = 1 };
enum { VIA_FREQUENCY = 783333, PACKET_MAX = 64, BYTE_DELAY_NS = 20 * SCALE_US, POLL_NS = 11 * SCALE_MS };
enum { VARIABLE = -1 };
#define MAC_EPOCH_OFFSET INT64_C(2082844800)    /* 1904 to 1970, in seconds */

typedef struct PMUState {
    SysBusDevice parent_obj;

    MemoryRegion mem;
    Via6522 via;
    ADBBus adb;
    qemu_irq request;           /* low: something waits for INT_ACK */
    QEMUTimer *shift_timer, *poll_timer, *tick_timer;

    bool has_adb;

    uint8_t last_b;
    uint8_t in[PACKET_MAX];     /* command without its length byte */
    uint32_t in_len;
    int32_t in_expected;        /* bytes of data to come; VARIABLE: the next byte is the length */
    uint8_t out[PACKET_MAX];    /* answer, with length byte where it varies */
    uint32_t out_len, out_pos;
    uint8_t interrupt_mask;
    uint8_t waiting;            /* INT_x bits that the host has not fetched */
    uint8_t adb_reply[2 + ADB_MAX_DATA];
    uint32_t adb_reply_len;
    uint16_t poll_mask;         /* ADB addresses; 0: no polling */
    int64_t clock_offset_s;
} PMUState;
#define PMU(o) OBJECT_CHECK(PMUState, (o), TYPE_PMU)

static void pmu_update_irq(PMUState *s)
{
    qemu_set_irq(s->request, !s->waiting);
}

static void pmu_wait_for_host(PMUState *s, uint8_t bits)
{
    s->waiting |= bits;
    pmu_update_irq(s);
}

/* --- ADB ------------------------------------------------------------------- */

static void pmu_schedule_poll(PMUState *s)
{
    if (s->has_adb && s->poll_mask && adb_has_data(&s->adb, s->poll_mask) && !timer_pending(s->poll_timer)) {
        timer_mod_ns(s->poll_timer, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + POLL_NS);
    }
}

static void pmu_service_request(void *opaque)
{
    pmu_schedule_poll(opaque);
}

static void pmu_poll_timer(void *opaque)
{
    PMUState *s = opaque;
    int len;

    if (!(s->waiting & INT_ADB) && s->poll_mask) {
        len = adb_poll(&s->adb, s->poll_mask, &s->adb_reply[0], s->adb_reply + 1);
        if (len > 0) {
            s->adb_reply_len = 1 + len;
            pmu_wait_for_host(s, INT_ADB | INT_ADB_AUTO);
        }
    }
    pmu_schedule_poll(s);
}

/*
 * Data: ADB command, flags, count, bytes; or command 0, SET_AUTOPOLL, address mask.
 * The reply that OpenBIOS expects: 1, count, bytes; or 0 when there is none.
 */
static void pmu_adb_command(PMUState *s, const uint8_t *data, uint32_t len)
{
    int count, got = -1;

    if (len < 2) {
        qemu_log_mask(LOG_GUEST_ERROR, "pmu: ADB command of %u bytes\n", len);
        return;
    }
    if (data[0] == 0 && data[1] == ADB_FLAGS_SET_AUTOPOLL) {
        s->poll_mask = len >= 4 ? lduw_be_p(data + 2) : 0;
        pmu_schedule_poll(s);
        return;
    }
    count = len > 3 ? (int)MIN(len - 3, ADB_MAX_DATA) : 0;
    if (s->has_adb) {
        got = adb_request(&s->adb, data[0], data + 3, count, s->adb_reply + 2);
    }
    s->adb_reply[0] = got > 0;
    s->adb_reply[1] = MAX(got, 0);
    s->adb_reply_len = got > 0 ? 2 + got : 1;
    s->waiting &= ~INT_ADB_AUTO;
    pmu_wait_for_host(s, INT_ADB);
}

/* --- commands -------------------------------------------------------------- */

static void pmu_tick_timer(void *opaque)
{
    PMUState *s = opaque;

    timer_mod_ns(s->tick_timer, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + NANOSECONDS_PER_SECOND);
    pmu_wait_for_host(s, INT_TICK);
}

static void pmu_set_interrupts(PMUState *s, const uint8_t *data, uint32_t len)
{
    s->interrupt_mask = data[0];
    if (!(s->interrupt_mask & INT_TICK)) {
        timer_del(s->tick_timer);
    } else if (!timer_pending(s->tick_timer)) {
        timer_mod_ns(s->tick_timer, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + NANOSECONDS_PER_SECOND);
    }
}

static void pmu_answer(PMUState *s, const uint8_t *data, uint32_t len)
{
    memcpy(s->out + s->out_len, data, len);
    s->out_len += len;
}

/* ADB data go first and alone; everything else waits for the next INT_ACK. */
static void pmu_int_ack(PMUState *s, const uint8_t *data, uint32_t len)
{
    uint8_t bits = s->waiting & INT_ADB ? s->waiting & (INT_ADB | INT_ADB_AUTO) : s->waiting;

    s->waiting &= ~bits;
    pmu_answer(s, &bits, 1);
    if (bits & INT_ADB) {
        pmu_answer(s, s->adb_reply, s->adb_reply_len);
    }
    pmu_update_irq(s);
    pmu_schedule_poll(s);
}

static void pmu_adb_poll_off(PMUState *s, const uint8_t *data, uint32_t len)
{
    s->poll_mask = 0;
}

static void pmu_set_rtc(PMUState *s, const uint8_t *data, uint32_t len)
{
    s->clock_offset_s = (int64_t)ldl_be_p(data) - MAC_EPOCH_OFFSET - qemu_timedate(0);
}

static void pmu_read_rtc(PMUState *s, const uint8_t *data, uint32_t len)
{
    uint8_t seconds[4];

    stl_be_p(seconds, qemu_timedate(s->clock_offset_s) + MAC_EPOCH_OFFSET);
    pmu_answer(s, seconds, sizeof(seconds));
}

static void pmu_shutdown(PMUState *s, const uint8_t *data, uint32_t len)
{
    static const uint8_t no_error;

    if (!memcmp(data, "MATT", 4)) {
        qemu_system_shutdown_request(SHUTDOWN_CAUSE_GUEST_SHUTDOWN);
    }
    pmu_answer(s, &no_error, 1);
}

static void pmu_reset_system(PMUState *s, const uint8_t *data, uint32_t len)
{
    qemu_system_reset_request(SHUTDOWN_CAUSE_GUEST_RESET);
}

static void pmu_get_version(PMUState *s, const uint8_t *data, uint32_t len)
{
    static const uint8_t version = PMU_VERSION;

    pmu_answer(s, &version, 1);
}

static void pmu_get_zero(PMUState *s, const uint8_t *data, uint32_t len)
{
    static const uint8_t zero;

    pmu_answer(s, &zero, 1);
}

static void pmu_accept(PMUState *s, const uint8_t *data, uint32_t len)
{
}

typedef struct PMUCommand {
    uint8_t command;
    int8_t in_len, out_len;         /* data bytes, or VARIABLE */
    void (*run)(PMUState *s, const uint8_t *data, uint32_t len);
} PMUCommand;

static const PMUCommand pmu_commands[] = {
    { CMD_POWER_CTRL0, 1, 0, pmu_accept },
    { CMD_POWER_CTRL, 1, 0, pmu_accept },
    { CMD_ADB, VARIABLE, 0, pmu_adb_command },
    { CMD_ADB_POLL_OFF, 0, 0, pmu_adb_poll_off },
    { CMD_SET_RTC, 4, 0, pmu_set_rtc },
    { CMD_WRITE_NVRAM, 3, 0, pmu_accept },
    { CMD_READ_RTC, 0, 4, pmu_read_rtc },
    { CMD_READ_NVRAM, 2, 1, pmu_get_zero },
    { CMD_SET_VOLUME, 1, 0, pmu_accept },
    { CMD_SET_BACKLIGHT, 1, 0, pmu_accept },
    { CMD_GET_VOLUME, 0, 1, pmu_get_zero },
    { CMD_GET_BACKLIGHT, 0, 1, pmu_get_zero },
    { CMD_EJECT, 1, 0, pmu_accept },
    { CMD_SET_INTERRUPTS, 1, 0, pmu_set_interrupts },
    { CMD_INT_ACK, 0, VARIABLE, pmu_int_ack },
    { CMD_SHUTDOWN, 4, 1, pmu_shutdown },
    { CMD_POWER_EVENTS, VARIABLE, VARIABLE, pmu_get_zero },
    { CMD_RESET, 0, 0, pmu_reset_system },
    { CMD_GET_BRIGHT_BUTTON, 1, 1, pmu_get_zero },
    { CMD_GET_COVER, 0, 1, pmu_get_zero },
    { CMD_SYSTEM_READY, VARIABLE, VARIABLE, pmu_accept },
    { CMD_DOWNLOAD_STATUS, 0, 1, pmu_get_zero },
    { CMD_READ_RAM, 3, VARIABLE, pmu_get_zero },
    { CMD_GET_VERSION, 0, 1, pmu_get_version },
};

/* Unknown commands have the form that their group usually has: bit 3 means an answer. */
static const PMUCommand *pmu_find_command(uint8_t number, PMUCommand *unknown)
{
    for (size_t i = 0; i < ARRAY_SIZE(pmu_commands); i++) {
        if (pmu_commands[i].command == number) {
            return &pmu_commands[i];
        }
    }
    *unknown = (PMUCommand) { number, VARIABLE, number & 8 ? VARIABLE : 0, pmu_accept };
    return unknown;
}

static void pmu_run(PMUState *s, const PMUCommand *c)
{
    bool counted = c->out_len == VARIABLE;

    trace_pmu_command(s->in[0], s->in_len);
    s->out_len = counted;       /* room for the length */
    s->out_pos = 0;
    c->run(s, s->in + 1, s->in_len - 1);
    if (counted) {
        s->out[0] = s->out_len - 1;
    }
    s->in_len = 0;
}

static void pmu_take_byte(PMUState *s, uint8_t byte)
{
    PMUCommand unknown;
    const PMUCommand *c;

    if (!s->in_len) {
        c = pmu_find_command(byte, &unknown);
        if (c == &unknown) {
            qemu_log_mask(LOG_UNIMP, "pmu: command 0x%02x\n", byte);
        }
        s->in[s->in_len++] = byte;
        s->in_expected = c->in_len;
    } else if (s->in_expected == VARIABLE) {
        s->in_expected = byte;
    } else {
        if (s->in_len < PACKET_MAX) {
            s->in[s->in_len++] = byte;
        }
        s->in_expected--;
    }
    if (s->in_len && s->in_expected == 0) {
        pmu_run(s, pmu_find_command(s->in[0], &unknown));
    }
}

/* --- the wires ------------------------------------------------------------- */

static void pmu_shift_timer(void *opaque)
{
    PMUState *s = opaque;

    via6522_raise(&s->via, VIA_INT_SR);
}

static void pmu_port_b_written(void *opaque)
{
    PMUState *s = opaque;
    /* TACK is the PMU's, whatever direction the host has programmed. */
    uint8_t b = (s->via.b & ~PORT_TACK) | (s->last_b & PORT_TACK), changed = b ^ s->last_b;

    if (changed & PORT_TREQ && !(b & PORT_TREQ)) {
        if (s->via.acr & VIA_ACR_SR_OUT) {
            pmu_take_byte(s, s->via.sr);
        } else {
            s->via.sr = s->out_pos < s->out_len ? s->out[s->out_pos++] : 0;
        }
        b &= ~PORT_TACK;
        timer_mod_ns(s->shift_timer, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + BYTE_DELAY_NS);
    } else if (changed & PORT_TREQ) {
        b |= PORT_TACK;
    }
    s->via.b = s->last_b = b;
}

static uint64_t pmu_read(void *opaque, hwaddr addr, unsigned size)
{
    PMUState *s = opaque;

    return via6522_read(&s->via, addr >> VIA_REG_SHIFT & 0xf);
}

static void pmu_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    PMUState *s = opaque;

    via6522_write(&s->via, addr >> VIA_REG_SHIFT & 0xf, data);
}

static const MemoryRegionOps pmu_ops = {
    .read = pmu_read,
    .write = pmu_write,
    .endianness = DEVICE_BIG_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

static void pmu_reset(DeviceState *dev)
{
    PMUState *s = PMU(dev);

    timer_del(s->shift_timer);
    timer_del(s->poll_timer);
    timer_del(s->tick_timer);
    via6522_reset(&s->via);
    s->via.b = s->last_b = PORT_TACK | PORT_TREQ;
    s->via.dirb = 0xff;     /* OpenBIOS relies on it */
    s->in_len = s->out_len = s->out_pos = 0;
    s->in_expected = 0;
    s->interrupt_mask = s->waiting = 0;
    s->adb_reply_len = 0;
    s->poll_mask = 0;
    pmu_update_irq(s);
}

static int pmu_post_load(void *opaque, int version)
{
    PMUState *s = opaque;

    return s->in_len <= PACKET_MAX && s->out_len <= PACKET_MAX && s->out_pos <= s->out_len
        && s->adb_reply_len <= sizeof(s->adb_reply) ? 0 : -EINVAL;
}
static const VMStateField pmu_fields[] = {
    VMSTATE_STRUCT(via, PMUState, vmstate_via6522, Via6522),
    VMSTATE_TIMER_PTR(shift_timer, PMUState),
    VMSTATE_TIMER_PTR(poll_timer, PMUState),
    VMSTATE_TIMER_PTR(tick_timer, PMUState),
    VMSTATE_UINT8(last_b, PMUState),
    VMSTATE_BUFFER(in, PMUState),
    VMSTATE_UINT32(in_len, PMUState),
    VMSTATE_INT32(in_expected, PMUState),
    VMSTATE_BUFFER(out, PMUState),
    VMSTATE_UINT32(out_len, PMUState),
    VMSTATE_UINT32(out_pos, PMUState),
    VMSTATE_UINT8(interrupt_mask, PMUState),
    VMSTATE_UINT8(waiting, PMUState),
    VMSTATE_BUFFER(adb_reply, PMUState),
    VMSTATE_UINT32(adb_reply_len, PMUState),
    VMSTATE_UINT16(poll_mask, PMUState),
    VMSTATE_INT64(clock_offset_s, PMUState),
    VMSTATE_END
};
static const VMStateDescription vmstate_pmu = {
    .name = TYPE_PMU,
    .version = 1,
    .fields = pmu_fields,
    .post_load = pmu_post_load,
};

static const Property pmu_props[] = {
    DEFINE_PROP_BOOL("has-adb", PMUState, has_adb, true),
    DEFINE_PROP_END
};

static void pmu_init(Object *obj)
{
    PMUState *s = PMU(obj);

    memory_region_init_io(&s->mem, obj, &pmu_ops, s, "pmu", VIA_REGION_SIZE);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->mem);
    sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->via.irq);
    qdev_init_gpio_out(DEVICE(obj), &s->request, 1);
    via6522_init(&s->via, VIA_FREQUENCY, pmu_port_b_written, s);
    s->shift_timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, pmu_shift_timer, s);
    s->poll_timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, pmu_poll_timer, s);
    s->tick_timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, pmu_tick_timer, s);
}

static bool pmu_realize(DeviceState *dev, Error **errp)
{
    PMUState *s = PMU(dev);

    if (s->has_adb) {
        adb_bus_init(&s->adb, dev, pmu_service_request, s);
    }
    return true;
}

static void pmu_finalize(Object *obj)
{
    PMUState *s = PMU(obj);

    timer_free(s->shift_timer);
    timer_free(s->poll_timer);
    timer_free(s->tick_timer);
    via6522_cleanup(&s->via);
}

static const TypeInfo pmu_info = {
    .name = TYPE_PMU,
    .parent = TYPE_SYS_BUS_DEVICE,
    .desc = "power management microcontroller",
    .instance_size = sizeof(PMUState),
    .init = pmu_init,
    .finalize = pmu_finalize,
    .realize = pmu_realize,
    .reset = pmu_reset,
    .props = pmu_props,
    .vmsd = &vmstate_pmu,
};
DEFINE_TYPE(pmu_info)
