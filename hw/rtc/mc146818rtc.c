/*
 * Motorola MC146818A real-time clock and the PC's CMOS memory (data sheet
 * MC146818A; century byte and 128 bytes as in PIIX, 82371SB 2.5.7).
 *
 * Ports base    index (bit 7 masks NMI on a PC and is not kept here)
 *       base+1  data
 * Output 0      IRQ
 *
 * The time follows from the -rtc clock and an offset that writes change.
 * Memory and time survive reset. Periodic, alarm and update flags are computed
 * when somebody looks; a timer runs only while their interrupt is enabled.
 *
 * Left out: square wave output, daylight saving.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/rtc/mc146818rtc.h"
#include "monitor/qmp.h"
#include "qemu/timer.h"
#include "sysemu/sysemu.h"
#include "trace/hw-rtc.h"

enum { CMOS_SIZE = 128 };
enum { REG_SECONDS, REG_SECONDS_ALARM, REG_MINUTES, REG_MINUTES_ALARM, REG_HOURS, REG_HOURS_ALARM,
       REG_WEEKDAY, REG_DAY, REG_MONTH, REG_YEAR, REG_A, REG_B, REG_C, REG_D, REG_CENTURY = 0x32,
       REG_CENTURY_PS2 = 0x37 };
enum { A_UIP = 0x80, A_DIVIDER = 0x70, A_DIVIDER_32K = 0x20, A_RATE = 0x0f };
enum { B_SET = 0x80, B_PIE = 0x40, B_AIE = 0x20, B_UIE = 0x10, B_SQWE = 0x08, B_BINARY = 0x04, B_24H = 0x02 };
enum { C_IRQF = 0x80, C_PF = 0x40, C_AF = 0x20, C_UF = 0x10 };
enum { D_VALID = 0x80 };
enum { ALARM_ANY = 0xc0, HOUR_PM = 0x80 };
enum { CRYSTAL_HZ = 32768 };
#define UIP_NS 244000
#define SECOND NANOSECONDS_PER_SECOND
#define DAY_SECONDS 86400

typedef struct RTCState {
    ISADevice parent_obj;

    /* wiring */
    MemoryRegion ports;
    qemu_irq irq;
    QEMUTimer *periodic, *second;   /* armed while their interrupt is enabled */
    int64_t told_offset_s;          /* what the last RTC_CHANGE said */

    /* properties */
    uint32_t iobase;
    uint8_t isairq;

    /* guest state */
    uint8_t index;
    uint8_t cmos[CMOS_SIZE];        /* registers A-D; time while it stands still */
    /* guest's time = qemu_rtc_ns() + both; apart, for years that ns do not reach */
    int64_t offset_s, offset_ns;
    int64_t seen_s;                 /* guest's second up to which UF and AF are accounted */
    int64_t periodic_seen_ns;       /* virtual time up to which PF is accounted */
} RTCState;
#define RTC(o) OBJECT_CHECK(RTCState, (o), TYPE_MC146818_RTC)

/* --- time in registers ---------------------------------------------------------- */

static uint8_t to_register(const RTCState *s, int value)
{
    return s->cmos[REG_B] & B_BINARY ? value : value / 10 << 4 | value % 10;
}

static int from_register(const RTCState *s, uint8_t value)
{
    return s->cmos[REG_B] & B_BINARY ? value : (value >> 4) * 10 + (value & 15);
}

static int hour_from_register(const RTCState *s, uint8_t value)
{
    int hour;

    if (s->cmos[REG_B] & B_24H) {
        return from_register(s, value);
    }
    hour = from_register(s, value & ~HOUR_PM) % 12;
    return value & HOUR_PM ? hour + 12 : hour;
}

static uint8_t hour_to_register(const RTCState *s, int hour)
{
    if (s->cmos[REG_B] & B_24H) {
        return to_register(s, hour);
    }
    return to_register(s, hour % 12 ? hour % 12 : 12) | (hour >= 12 ? HOUR_PM : 0);
}

/* The clock counts: SET is clear and the divider chain runs. */
static bool counts(const RTCState *s)
{
    return !(s->cmos[REG_B] & B_SET) && (s->cmos[REG_A] & A_DIVIDER) <= A_DIVIDER_32K;
}

/* Seconds since 1970, and ns into the current second. */
static int64_t time_s(const RTCState *s)
{
    return (qemu_rtc_ns() + s->offset_ns) / SECOND + s->offset_s;
}

static int64_t fraction_ns(const RTCState *s)
{
    return (qemu_rtc_ns() + s->offset_ns) % SECOND;
}

static void time_to_registers(RTCState *s)
{
    time_t now = time_s(s);
    struct tm tm;
    int year;

    gmtime_r(&now, &tm);
    year = tm.tm_year + 1900;
    s->cmos[REG_SECONDS] = to_register(s, tm.tm_sec);
    s->cmos[REG_MINUTES] = to_register(s, tm.tm_min);
    s->cmos[REG_HOURS] = hour_to_register(s, tm.tm_hour);
    s->cmos[REG_WEEKDAY] = to_register(s, tm.tm_wday + 1);
    s->cmos[REG_DAY] = to_register(s, tm.tm_mday);
    s->cmos[REG_MONTH] = to_register(s, tm.tm_mon + 1);
    s->cmos[REG_YEAR] = to_register(s, year % 100);
    s->cmos[REG_CENTURY] = to_register(s, year / 100 % 100);
}

static int64_t registers_to_seconds(const RTCState *s)
{
    struct tm tm = {
        .tm_sec = from_register(s, s->cmos[REG_SECONDS]),
        .tm_min = from_register(s, s->cmos[REG_MINUTES]),
        .tm_hour = hour_from_register(s, s->cmos[REG_HOURS]),
        .tm_mday = from_register(s, s->cmos[REG_DAY]),
        .tm_mon = from_register(s, s->cmos[REG_MONTH]) - 1,
        .tm_year = from_register(s, s->cmos[REG_YEAR]) +
                   from_register(s, s->cmos[REG_CENTURY]) * 100 - 1900,
    };

    return timegm(&tm);
}

/* Programs that keep the guest's clock learn how far it is from the host's. */
static void tell_offset(RTCState *s)
{
    g_autofree char *path = object_path(OBJECT(s));

    if (s->offset_s != s->told_offset_s) {
        s->told_offset_s = s->offset_s;
        qmp_event("RTC_CHANGE", "{s:I,s:s}", "offset", s->offset_s, "qom-path", path);
    }
}

/* The registers become the time; the fraction of the second is kept. */
static void set_time_from_registers(RTCState *s, int64_t fraction)
{
    int64_t now = qemu_rtc_ns();

    s->offset_ns = (fraction - now % SECOND + SECOND) % SECOND;
    s->seen_s = registers_to_seconds(s);
    s->offset_s = s->seen_s - (now + s->offset_ns) / SECOND;
    tell_offset(s);
}

/* --- flags and interrupts ---------------------------------------------------------- */

static int64_t period_clocks(const RTCState *s)
{
    int rate = s->cmos[REG_A] & A_RATE;

    if (!rate || (s->cmos[REG_A] & A_DIVIDER) != A_DIVIDER_32K) {
        return 0;
    }
    return INT64_C(1) << ((rate <= 2 ? rate + 7 : rate) - 1);
}

static int64_t ns_to_crystal(int64_t ns)
{
    return (__int128)ns * CRYSTAL_HZ / SECOND;
}

/* First ns of that crystal period. */
static int64_t crystal_to_ns(int64_t clocks)
{
    return ((__int128)clocks * SECOND + CRYSTAL_HZ - 1) / CRYSTAL_HZ;
}

static int alarm_field(const RTCState *s, int reg)
{
    uint8_t value = s->cmos[reg];

    if ((value & ALARM_ANY) == ALARM_ANY) {
        return -1;
    }
    return reg == REG_HOURS_ALARM ? hour_from_register(s, value) : from_register(s, value);
}

/* First second of the day at or after `from` that the alarm matches, DAY_SECONDS: none. */
static int next_alarm_second(const RTCState *s, int from)
{
    int hour = alarm_field(s, REG_HOURS_ALARM), minute = alarm_field(s, REG_MINUTES_ALARM);
    int second = alarm_field(s, REG_SECONDS_ALARM);

    for (int t = from; t < DAY_SECONDS; t++) {
        if (hour >= 0 && hour != t / 3600) {
            t += 3599 - t % 3600;
        } else if (minute >= 0 && minute != t / 60 % 60) {
            t += 59 - t % 60;
        } else if (second < 0 || second == t % 60) {
            return t;
        }
    }
    return DAY_SECONDS;
}

/* Guest time in seconds of the first alarm after `after`; a day later: none. */
static int64_t next_alarm(const RTCState *s, int64_t after)
{
    int64_t from = after + 1, day = from - from % DAY_SECONDS;
    int t = next_alarm_second(s, from - day);

    return t < DAY_SECONDS ? day + t : day + DAY_SECONDS + next_alarm_second(s, 0);
}

static void account_flags(RTCState *s)
{
    int64_t now = time_s(s), virtual_now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    int64_t period = period_clocks(s);

    if (counts(s) && now > s->seen_s) {
        s->cmos[REG_C] |= C_UF;
        if (next_alarm(s, s->seen_s) <= now) {
            s->cmos[REG_C] |= C_AF;
        }
    }
    s->seen_s = now;
    if (period && ns_to_crystal(virtual_now) / period != ns_to_crystal(s->periodic_seen_ns) / period) {
        s->cmos[REG_C] |= C_PF;
    }
    s->periodic_seen_ns = virtual_now;
}

static void rtc_update_irq(RTCState *s)
{
    uint8_t enabled = s->cmos[REG_B] & (B_PIE | B_AIE | B_UIE);     /* at the bits of register C */

    if (s->cmos[REG_C] & enabled) {
        s->cmos[REG_C] |= C_IRQF;
    } else {
        s->cmos[REG_C] &= ~C_IRQF;
    }
    qemu_set_irq(s->irq, !!(s->cmos[REG_C] & C_IRQF));
}

static void arm_periodic(RTCState *s)
{
    int64_t period = period_clocks(s), now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);

    if (period && (s->cmos[REG_B] & B_PIE)) {
        timer_mod_ns(s->periodic, crystal_to_ns((ns_to_crystal(now) / period + 1) * period));
    } else {
        timer_del(s->periodic);
    }
}

static void arm_second(RTCState *s)
{
    int64_t now = time_s(s), next;

    if (!counts(s) || !(s->cmos[REG_B] & (B_UIE | B_AIE))) {
        timer_del(s->second);
        return;
    }
    next = s->cmos[REG_B] & B_UIE ? now + 1 : next_alarm(s, now);
    timer_mod_ns(s->second, qemu_clock_get_ns(qemu_rtc_clock_type()) + (next - now) * SECOND - fraction_ns(s));
}

static void rearm(RTCState *s)
{
    account_flags(s);
    rtc_update_irq(s);
    arm_periodic(s);
    arm_second(s);
}

static void timer_expired(void *opaque)
{
    RTCState *s = opaque;

    rearm(s);
    if (s->cmos[REG_C] & s->cmos[REG_B] & C_AF) {
        qemu_system_wakeup_request();
    }
}

/* --- registers ----------------------------------------------------------------------- */

static uint8_t read_status_a(RTCState *s)
{
    return s->cmos[REG_A] | (counts(s) && fraction_ns(s) >= SECOND - UIP_NS ? A_UIP : 0);
}

static uint8_t read_status_c(RTCState *s)
{
    uint8_t value;

    account_flags(s);
    rtc_update_irq(s);
    value = s->cmos[REG_C];
    s->cmos[REG_C] = 0;
    rtc_update_irq(s);
    return value;
}

static bool is_time_register(unsigned index)
{
    return index <= REG_YEAR || index == REG_CENTURY;
}

static uint8_t cmos_read(RTCState *s, unsigned index)
{
    index = index == REG_CENTURY_PS2 ? REG_CENTURY : index;
    if (is_time_register(index) && counts(s)) {
        time_to_registers(s);
    }
    switch (index) {
    case REG_A:
        return read_status_a(s);
    case REG_C:
        return read_status_c(s);
    }
    return s->cmos[index];
}

/* Leaving divider reset: the first update comes half a second later. */
static void write_status_a(RTCState *s, uint8_t value)
{
    bool counted = counts(s);

    if (counted) {
        time_to_registers(s);
    }
    account_flags(s);
    s->cmos[REG_A] = value & ~A_UIP;
    if (!counted && counts(s)) {
        set_time_from_registers(s, SECOND / 2);
    }
    rearm(s);
}

static void write_status_b(RTCState *s, uint8_t value)
{
    bool counted = counts(s);
    int64_t fraction = fraction_ns(s);

    if (counted) {
        time_to_registers(s);
    }
    account_flags(s);
    if (value & B_SET) {
        value &= ~B_UIE;
    }
    s->cmos[REG_B] = value;
    if (!counted && counts(s)) {
        set_time_from_registers(s, fraction);
    }
    rearm(s);
}

static void cmos_write(RTCState *s, unsigned index, uint8_t value)
{
    trace_cmos_write(index, value);
    index = index == REG_CENTURY_PS2 ? REG_CENTURY : index;
    switch (index) {
    case REG_A:
        write_status_a(s, value);
        return;
    case REG_B:
        write_status_b(s, value);
        return;
    case REG_C:
    case REG_D:
        return;                 /* read-only */
    case REG_SECONDS_ALARM:
    case REG_MINUTES_ALARM:
    case REG_HOURS_ALARM:
        account_flags(s);
        s->cmos[index] = value;
        rearm(s);
        return;
    }
    if (is_time_register(index) && counts(s)) {
        int64_t fraction = fraction_ns(s);

        account_flags(s);
        time_to_registers(s);
        s->cmos[index] = value;
        set_time_from_registers(s, fraction);
        rearm(s);
        return;
    }
    s->cmos[index] = value;
}

static uint64_t rtc_read(void *opaque, hwaddr addr, unsigned size)
{
    RTCState *s = opaque;

    return addr ? cmos_read(s, s->index) : 0xff;
}

static void rtc_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    RTCState *s = opaque;

    if (addr) {
        cmos_write(s, s->index, data);
    } else {
        s->index = data & (CMOS_SIZE - 1);
    }
}

static const MemoryRegionOps rtc_ops = {
    .read = rtc_read,
    .write = rtc_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

void mc146818rtc_set_cmos(DeviceState *rtc, unsigned addr, uint8_t value)
{
    RTC(rtc)->cmos[addr & (CMOS_SIZE - 1)] = value;
}

uint8_t mc146818rtc_get_cmos(DeviceState *rtc, unsigned addr)
{
    return RTC(rtc)->cmos[addr & (CMOS_SIZE - 1)];
}

/* --- life -------------------------------------------------------------------------------- */

/* MC146818A, RESET pin: interrupts off, flags cleared; time and memory stay. */
static void rtc_reset(DeviceState *dev)
{
    RTCState *s = RTC(dev);

    s->cmos[REG_B] &= ~(B_PIE | B_AIE | B_UIE | B_SQWE);
    s->cmos[REG_C] = 0;
    s->index = 0;
    s->seen_s = time_s(s);
    s->periodic_seen_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    rearm(s);
}

static int rtc_post_load(void *opaque, int version)
{
    RTCState *s = opaque;

    s->index &= CMOS_SIZE - 1;
    return 0;
}

static const VMStateField rtc_fields[] = {
    VMSTATE_UINT8(index, RTCState),
    VMSTATE_BUFFER(cmos, RTCState),
    VMSTATE_INT64(offset_s, RTCState),
    VMSTATE_INT64(offset_ns, RTCState),
    VMSTATE_INT64(seen_s, RTCState),
    VMSTATE_INT64(periodic_seen_ns, RTCState),
    VMSTATE_TIMER_PTR(periodic, RTCState),
    VMSTATE_TIMER_PTR(second, RTCState),
    VMSTATE_END
};
static const VMStateDescription vmstate_rtc = {
    .name = "mc146818rtc",
    .version = 1,
    .fields = rtc_fields,
    .post_load = rtc_post_load,
};

static const Property rtc_props[] = {
    DEFINE_PROP_UINT32("iobase", RTCState, iobase, 0x70),
    DEFINE_PROP_UINT8("irq", RTCState, isairq, 8),
    DEFINE_PROP_END
};

static void rtc_finalize(Object *obj)
{
    RTCState *s = RTC(obj);

    timer_free(s->periodic);
    timer_free(s->second);
}

static void rtc_init(Object *obj)
{
    qdev_init_gpio_out(DEVICE(obj), &RTC(obj)->irq, 1);
}

static bool rtc_realize(DeviceState *dev, Error **errp)
{
    RTCState *s = RTC(dev);

    s->periodic = timer_new_ns(QEMU_CLOCK_VIRTUAL, timer_expired, s);
    s->second = timer_new_ns(qemu_rtc_clock_type(), timer_expired, s);
    s->cmos[REG_A] = 0x26;          /* 32 kHz, 1024 Hz: what a PC's firmware leaves */
    s->cmos[REG_B] = B_24H;
    s->cmos[REG_D] = D_VALID;
    time_to_registers(s);
    if (!s->irq) {
        s->irq = isa_get_irq(&s->parent_obj, s->isairq);
    }
    memory_region_init_io(&s->ports, OBJECT(dev), &rtc_ops, s, "rtc", 2);
    isa_register_ioport(&s->parent_obj, &s->ports, s->iobase);
    return true;
}

static const TypeInfo rtc_info = {
    .name = TYPE_MC146818_RTC,
    .parent = TYPE_ISA_DEVICE,
    .desc = "MC146818 real-time clock",
    .instance_size = sizeof(RTCState),
    .init = rtc_init,
    .finalize = rtc_finalize,
    .realize = rtc_realize,
    .reset = rtc_reset,
    .vmsd = &vmstate_rtc,
    .props = rtc_props,
};
DEFINE_TYPE(rtc_info)
