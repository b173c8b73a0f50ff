/*
 * Local APIC (SDM 3A, chapter 11), xAPIC and x2APIC.
 *
 * Region   1 MiB from 0xfee00000 for all CPUs: the registers of the CPU that
 *          accesses them in its first page; stores elsewhere, and to the first
 *          16 bytes, are interrupt messages
 * Input 0  LINT0 (the 8259's INT)
 *
 * The timer counts at 1 GHz. Left out: relocation of the register page, remote
 * read, the CMCI entry, the performance counter's interrupt.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "apic-internal.h"
#include "hw/intc/i8259.h"
#include "hw/intc/intc.h"
#include "hw/pci/msi.h"
#include "qemu/log.h"

/* Registers, address >> 4 */
enum { REG_ID = 0x02, REG_VERSION = 0x03, REG_TPR = 0x08, REG_APR = 0x09, REG_PPR = 0x0a, REG_EOI = 0x0b,
       REG_RRR = 0x0c, REG_LDR = 0x0d, REG_DFR = 0x0e, REG_SVR = 0x0f, REG_ISR = 0x10, REG_TMR = 0x18,
       REG_IRR = 0x20, REG_ESR = 0x28, REG_ICR_LOW = 0x30, REG_ICR_HIGH = 0x31, REG_LVT = 0x32,
       REG_INITIAL_COUNT = 0x38, REG_CURRENT_COUNT = 0x39, REG_DIVIDE = 0x3e, REG_SELF_IPI = 0x3f };
#define APIC_VERSION (0x14u | (LVT_COUNT - 1) << 16)
enum { MSR_APIC_BASE = 0x1b, MSR_TSC_DEADLINE = 0x6e0, MSR_X2APIC = 0x800, MSR_X2APIC_LAST = 0x8ff };
#define BASE_ADDRESS_MASK UINT64_C(0xffffff000)
#define SVR_WRITABLE 0x3ffu
#define DFR_RESERVED 0x0fffffffu
#define ICR_LOW_WRITABLE 0xccfffu
#define DIVIDE_WRITABLE 0xbu
enum { MESSAGE_BYTES = 0x10, PAGE_BYTES = 0x1000 };

/* What software can write of each entry. */
static const uint32_t lvt_writable[LVT_COUNT] = {
    [LVT_TIMER] = LVT_VECTOR | LVT_MASKED | LVT_TIMER_MODE,
    [LVT_THERMAL] = LVT_VECTOR | LVT_MODE | LVT_MASKED,
    [LVT_PERFORMANCE] = LVT_VECTOR | LVT_MODE | LVT_MASKED,
    [LVT_LINT0] = LVT_VECTOR | LVT_MODE | 0x2000 | LVT_LEVEL | LVT_MASKED,
    [LVT_LINT1] = LVT_VECTOR | LVT_MODE | 0x2000 | LVT_LEVEL | LVT_MASKED,
    [LVT_ERROR] = LVT_VECTOR | LVT_MASKED,
};

/* --- timer ------------------------------------------------------------------------- */

static bool deadline_mode(const APICState *s)
{
    return s->lvt[LVT_TIMER] & LVT_TIMER_DEADLINE;
}

static bool periodic(const APICState *s)
{
    return (s->lvt[LVT_TIMER] & LVT_TIMER_MODE) == LVT_TIMER_PERIODIC;
}

/* 11.5.4: log2 of the divisor. */
static int divide_shift(const APICState *s)
{
    return ((s->divide & 3) + (s->divide >> 1 & 4) + 1) & 7;
}

static uint64_t period_ns(const APICState *s)
{
    return (uint64_t)s->initial_count << divide_shift(s);
}

static uint32_t current_count(const APICState *s)
{
    uint64_t passed = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) - s->timer_start_ns;

    if (!s->initial_count || deadline_mode(s)) {
        return 0;
    }
    if (periodic(s)) {
        passed %= period_ns(s);
    } else if (passed >= period_ns(s)) {
        return 0;
    }
    return s->initial_count - (passed >> divide_shift(s));
}

/* A one-shot count that has run down meanwhile, the host being late, is due now. */
static void arm_timer(APICState *s)
{
    int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    uint64_t period = period_ns(s), passed = now - s->timer_start_ns;

    if (deadline_mode(s)) {
        if (s->deadline) {
            timer_mod_ns(s->timer, MAX(s->bus->tsc_ns(s->cpu, s->deadline), now));
        } else {
            timer_del(s->timer);
        }
    } else if (!period) {
        timer_del(s->timer);
    } else {
        timer_mod_ns(s->timer, s->timer_start_ns + (periodic(s) ? passed / period + 1 : 1) * period);
    }
}

static void timer_expired(void *opaque)
{
    APICState *s = opaque;

    s->deadline = 0;
    apic_local_event(s, LVT_TIMER);
    if (periodic(s)) {
        arm_timer(s);
    }
}

/* Before a register of the timer changes: what is due and has not run yet happens first. */
static void timer_catch_up(APICState *s)
{
    if (timer_pending(s->timer) && timer_expire_time_ns(s->timer) <= qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL)) {
        timer_del(s->timer);
        timer_expired(s);
    }
}

/* The mode or the divisor is another: the count, unless it has run down, goes on from `count`. */
static void timer_goes_on(APICState *s, uint32_t count)
{
    s->timer_start_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) -
                        ((uint64_t)(s->initial_count - count) << divide_shift(s));
    if (timer_pending(s->timer) || periodic(s)) {
        arm_timer(s);
    }
}

static void write_initial_count(APICState *s, uint32_t value)
{
    if (!deadline_mode(s)) {
        timer_catch_up(s);
        s->initial_count = value;
        s->timer_start_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
        arm_timer(s);
    }
}

static void write_divide(APICState *s, uint32_t value)
{
    uint32_t count;

    timer_catch_up(s);
    count = current_count(s);
    s->divide = value & DIVIDE_WRITABLE;
    if (!deadline_mode(s)) {
        timer_goes_on(s, count);
    }
}

/* --- registers -------------------------------------------------------------------------- */

static uint32_t apic_read_register(APICState *s, unsigned reg)
{
    switch (reg) {
    case REG_ID:
        return apic_x2apic(s) ? s->apic_id : (uint32_t)s->apic_id << 24;
    case REG_VERSION:
        return APIC_VERSION;
    case REG_TPR:
        return s->tpr;
    case REG_APR:
    case REG_RRR:
    case REG_EOI:
        return 0;
    case REG_PPR:
        return apic_processor_priority(s);
    case REG_LDR:
        return apic_x2apic(s) ? (uint32_t)(s->apic_id >> 4) << 16 | 1u << (s->apic_id & 15) : s->ldr;
    case REG_DFR:
        return s->dfr;
    case REG_SVR:
        return s->svr;
    case REG_ISR ... REG_ISR + 7:
        return s->isr[reg - REG_ISR];
    case REG_TMR ... REG_TMR + 7:
        return s->tmr[reg - REG_TMR];
    case REG_IRR ... REG_IRR + 7:
        return s->irr[reg - REG_IRR];
    case REG_ESR:
        return s->esr;
    case REG_ICR_LOW:
    case REG_ICR_HIGH:
        return s->icr[reg - REG_ICR_LOW];
    case REG_LVT ... REG_LVT + LVT_COUNT - 1:
        return s->lvt[reg - REG_LVT];
    case REG_INITIAL_COUNT:
        return s->initial_count;
    case REG_CURRENT_COUNT:
        return current_count(s);
    case REG_DIVIDE:
        return s->divide;
    }
    qemu_log_mask(LOG_GUEST_ERROR, "apic: read of register 0x%x\n", reg << 4);
    apic_set_error(s, ESR_REGISTER);
    return 0;
}

/* 11.4.7.2: software-disabled, all entries are masked. */
static void write_svr(APICState *s, uint32_t value)
{
    s->svr = value & SVR_WRITABLE;
    if (!(s->svr & SVR_ENABLE)) {
        for (int i = 0; i < LVT_COUNT; i++) {
            s->lvt[i] |= LVT_MASKED;
        }
    }
    apic_update_irq(s);
}

static void write_lvt_timer(APICState *s, uint32_t value)
{
    uint32_t count, changed;

    timer_catch_up(s);
    count = current_count(s);
    changed = value ^ s->lvt[LVT_TIMER];
    s->lvt[LVT_TIMER] = value;
    if (changed & LVT_TIMER_DEADLINE) {
        s->initial_count = 0;
        s->deadline = 0;
        arm_timer(s);
    } else if (changed & LVT_TIMER_PERIODIC && !deadline_mode(s)) {
        timer_goes_on(s, count);
    }
}

static void write_lvt(APICState *s, int n, uint32_t value)
{
    if (!(s->svr & SVR_ENABLE)) {
        value |= LVT_MASKED;
    }
    value &= lvt_writable[n];
    if (n == LVT_TIMER) {
        write_lvt_timer(s, value);
    } else {
        s->lvt[n] = value;
        apic_update_irq(s);
    }
}

static void apic_write_register(APICState *s, unsigned reg, uint32_t value)
{
    switch (reg) {
    case REG_ID:
        if (!apic_x2apic(s)) {
            s->apic_id = value >> 24;
        }
        break;
    case REG_TPR:
        s->tpr = value;
        apic_update_irq(s);
        break;
    case REG_EOI:
        apic_eoi(s);
        break;
    case REG_LDR:
        s->ldr = value & 0xff000000;
        break;
    case REG_DFR:
        s->dfr = value | DFR_RESERVED;
        break;
    case REG_SVR:
        write_svr(s, value);
        break;
    case REG_ESR:               /* a write latches what happened since the last one */
        s->esr = s->esr_pending;
        s->esr_pending = 0;
        break;
    case REG_ICR_LOW:
        s->icr[0] = value & ICR_LOW_WRITABLE;
        apic_send_ipi(s);
        break;
    case REG_ICR_HIGH:
        s->icr[1] = value;
        break;
    case REG_LVT ... REG_LVT + LVT_COUNT - 1:
        write_lvt(s, reg - REG_LVT, value);
        break;
    case REG_INITIAL_COUNT:
        write_initial_count(s, value);
        break;
    case REG_DIVIDE:
        write_divide(s, value);
        break;
    case REG_VERSION:
    case REG_APR:
    case REG_PPR:
    case REG_RRR:
    case REG_ISR ... REG_ESR - 1:
    case REG_CURRENT_COUNT:
        break;                  /* read-only */
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "apic: write of 0x%x to register 0x%x\n", value, reg << 4);
        apic_set_error(s, ESR_REGISTER);
        break;
    }
}

/* The CPU on whose thread this runs; the monitor and devices see the first one's. */
static APICState *accessed_apic(APICBus *bus)
{
    int index = current_cpu ? current_cpu->cpu_index : 0;

    return index < bus->count ? bus->apics[index] : NULL;
}

static uint64_t space_read(void *opaque, hwaddr addr, unsigned size)
{
    APICState *s = accessed_apic(opaque);

    if (!s || !apic_hw_enabled(s) || apic_x2apic(s) || addr >= PAGE_BYTES || addr & 0xf) {
        return 0;
    }
    return apic_read_register(s, addr >> 4);
}

static void space_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    APICBus *bus = opaque;
    APICState *s = accessed_apic(bus);

    if (addr >= PAGE_BYTES || addr < MESSAGE_BYTES) {
        apic_bus_msi(bus, addr, value);
    } else if (s && apic_hw_enabled(s) && !apic_x2apic(s) && !(addr & 0xf)) {
        apic_write_register(s, addr >> 4, value);
    }
}

static const MemoryRegionOps space_ops = {
    .read = space_read,
    .write = space_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 4, .max_access_size = 4 },
};

/* --- the CPU's side ------------------------------------------------------------------------ */

static int board_acknowledge(void *opaque)
{
    return apic_acknowledge(opaque);
}

static uint8_t board_get_tpr(void *opaque)
{
    return ((APICState *)opaque)->tpr;
}

static void board_set_tpr(void *opaque, uint8_t tpr)
{
    apic_write_register(opaque, REG_TPR, tpr);
}

static bool board_apic_enabled(void *opaque)
{
    return apic_hw_enabled(opaque);
}

/* 11.12.1: from off to xAPIC to x2APIC, and off again. */
static bool write_base(APICState *s, uint64_t value)
{
    uint64_t mode = value & (BASE_ENABLE | BASE_X2APIC), before = s->base & (BASE_ENABLE | BASE_X2APIC);

    if (mode == BASE_X2APIC || (before == (BASE_ENABLE | BASE_X2APIC) && mode == BASE_ENABLE) ||
        (before == 0 && mode == (BASE_ENABLE | BASE_X2APIC))) {
        return false;
    }
    if ((value & BASE_ADDRESS_MASK) != APIC_DEFAULT_ADDRESS) {
        qemu_log_mask(LOG_UNIMP, "apic: base address 0x%" PRIx64 "\n", value & BASE_ADDRESS_MASK);
    }
    s->base = (value & (BASE_ADDRESS_MASK | BASE_ENABLE | BASE_X2APIC)) | (s->base & BASE_BSP);
    if (!apic_hw_enabled(s)) {
        apic_init_reset(s);
    }
    apic_update_irq(s);
    return true;
}

static bool read_x2apic(APICState *s, unsigned reg, uint64_t *value)
{
    if (!apic_x2apic(s) || reg == REG_DFR || reg == REG_ICR_HIGH || reg == REG_EOI) {
        return false;
    }
    *value = apic_read_register(s, reg);
    if (reg == REG_ICR_LOW) {
        *value |= (uint64_t)s->icr[1] << 32;
    }
    return true;
}

static bool write_x2apic(APICState *s, unsigned reg, uint64_t value)
{
    if (!apic_x2apic(s) || reg == REG_DFR || reg == REG_ICR_HIGH || reg == REG_ID || reg == REG_LDR) {
        return false;
    }
    if (reg == REG_SELF_IPI) {
        apic_accept(s, value, false);
        return true;
    }
    if (reg == REG_ICR_LOW) {
        s->icr[1] = value >> 32;
    }
    apic_write_register(s, reg, value);
    return true;
}

static bool board_read_msr(void *opaque, uint32_t msr, uint64_t *value)
{
    APICState *s = opaque;

    switch (msr) {
    case MSR_APIC_BASE:
        *value = s->base;
        return true;
    case MSR_TSC_DEADLINE:
        *value = s->deadline;
        return true;
    case MSR_X2APIC ... MSR_X2APIC_LAST:
        return read_x2apic(s, msr - MSR_X2APIC, value);
    }
    return false;
}

static bool board_write_msr(void *opaque, uint32_t msr, uint64_t value)
{
    APICState *s = opaque;

    switch (msr) {
    case MSR_APIC_BASE:
        return write_base(s, value);
    case MSR_TSC_DEADLINE:
        if (deadline_mode(s)) {
            timer_catch_up(s);
            s->deadline = value;
            arm_timer(s);
        }
        return true;
    case MSR_X2APIC ... MSR_X2APIC_LAST:
        return write_x2apic(s, msr - MSR_X2APIC, value);
    }
    return false;
}

static void board_set_ferr(void *opaque, bool level)
{
    qemu_set_irq(((APICState *)opaque)->bus->ferr, level);
}

const X86CPUBoard apic_cpu_board = {
    .acknowledge = board_acknowledge,
    .get_tpr = board_get_tpr,
    .set_tpr = board_set_tpr,
    .read_msr = board_read_msr,
    .write_msr = board_write_msr,
    .apic_enabled = board_apic_enabled,
    .set_ferr = board_set_ferr,
};

/* INT of the 8259 at LINT0. */
static void lint0_changed(void *opaque, int n, int level)
{
    APICState *s = APIC(opaque);
    bool rising = level && !s->pic_level;

    s->pic_level = level;
    if (rising && !(s->lvt[LVT_LINT0] & LVT_MASKED) &&
        (s->lvt[LVT_LINT0] & LVT_MODE) >> 8 != APIC_DM_EXTINT) {
        apic_local_event(s, LVT_LINT0);
    }
    apic_update_irq(s);
}

static void print_bits(const char *name, const uint32_t bits[8], IntcPrint *print, void *opaque)
{
    print(opaque, " %s", name);
    if (apic_highest(bits) < 0) {
        print(opaque, " (none)");
    }
    for (int v = 255; v >= 0; v--) {
        if (bits[v / 32] >> v % 32 & 1) {
            print(opaque, " %d", v);
        }
    }
}

static void print_lvt(const APICState *s, int n, const char *name, IntcPrint *print, void *opaque)
{
    static const char *const modes[8] = { "fixed", "lowest", "SMI", "3", "NMI", "INIT", "6", "ExtINT" };
    static const char *const timer_modes[4] = { "one-shot", "periodic", "deadline", "3" };
    uint32_t lvt = s->lvt[n];

    print(opaque, "apic%d: %-7s 0x%08x: vector %u, %s%s%s", s->apic_id, name, lvt, lvt & LVT_VECTOR,
          n == LVT_TIMER ? timer_modes[(lvt & LVT_TIMER_MODE) / LVT_TIMER_PERIODIC] : modes[(lvt & LVT_MODE) >> 8],
          lvt & LVT_PENDING ? ", pending" : "", lvt & LVT_MASKED ? ", masked" : "");
    if (n == LVT_LINT0 || n == LVT_LINT1) {
        print(opaque, ", %s", lvt & LVT_LEVEL ? "level" : "edge");
    }
    print(opaque, "\n");
}

static void apic_info(void *dev, IntcPrint *print, void *opaque)
{
    APICState *s = dev;

    print(opaque, "apic%d: base=0x%08" PRIx64 " svr=0x%03x tpr=%02x ldr=%08x dfr=%08x",
          s->apic_id, s->base, s->svr, s->tpr, s->ldr, s->dfr);
    print_bits("irr", s->irr, print, opaque);
    print_bits("isr", s->isr, print, opaque);
    print(opaque, "\n");
    for (int i = 0; i < LVT_COUNT; i++) {
        static const char *const names[LVT_COUNT] = { "LVTT", "LVTTHMR", "LVTPC", "LVT0", "LVT1", "LVTERR" };

        print_lvt(s, i, names[i], print, opaque);
    }
}

/* --- life ------------------------------------------------------------------------------------ */

/* 11.4.7.3 */
void apic_init_reset(APICState *s)
{
    s->tpr = 0;
    s->ldr = 0;
    s->dfr = 0xffffffff;
    s->svr = 0xff;
    memset(s->isr, 0, sizeof(s->isr));
    memset(s->tmr, 0, sizeof(s->tmr));
    memset(s->irr, 0, sizeof(s->irr));
    for (int i = 0; i < LVT_COUNT; i++) {
        s->lvt[i] = LVT_MASKED;
    }
    s->esr = s->esr_pending = 0;
    s->icr[0] = s->icr[1] = 0;
    s->divide = s->initial_count = 0;
    s->timer_start_ns = 0;
    s->deadline = 0;
    timer_del(s->timer);
    apic_update_irq(s);
}

static void apic_reset(DeviceState *dev)
{
    APICState *s = APIC(dev);

    s->apic_id = s->id;
    s->base = APIC_DEFAULT_ADDRESS | BASE_ENABLE | (s->bootstrap ? BASE_BSP : 0);
    s->pic_level = s->pic && i8259_pending(s->pic);
    apic_init_reset(s);
}

static int apic_post_load(void *opaque, int version)
{
    apic_update_irq(opaque);
    return 0;
}

static const VMStateField apic_fields[] = {
    VMSTATE_UINT64(base, APICState),
    VMSTATE_UINT32(ldr, APICState),
    VMSTATE_UINT32(dfr, APICState),
    VMSTATE_UINT32(svr, APICState),
    VMSTATE_UINT8(apic_id, APICState),
    VMSTATE_UINT8(tpr, APICState),
    VMSTATE_UINT32_ARRAY(isr, APICState, 8),
    VMSTATE_UINT32_ARRAY(tmr, APICState, 8),
    VMSTATE_UINT32_ARRAY(irr, APICState, 8),
    VMSTATE_UINT32_ARRAY(lvt, APICState, LVT_COUNT),
    VMSTATE_UINT32(esr, APICState),
    VMSTATE_UINT32(esr_pending, APICState),
    VMSTATE_UINT32_ARRAY(icr, APICState, 2),
    VMSTATE_UINT32(divide, APICState),
    VMSTATE_UINT32(initial_count, APICState),
    VMSTATE_INT64(timer_start_ns, APICState),
    VMSTATE_UINT64(deadline, APICState),
    VMSTATE_BOOL(pic_level, APICState),
    VMSTATE_TIMER_PTR(timer, APICState),
    VMSTATE_END
};
static const VMStateDescription vmstate_apic = {
    .name = "apic",
    .version = 1,
    .fields = apic_fields,
    .post_load = apic_post_load,
};

static const Property apic_props[] = {
    DEFINE_PROP_UINT32("id", APICState, id, 0),
    DEFINE_PROP_BOOL("bootstrap", APICState, bootstrap, false),
    DEFINE_PROP_END
};

static void apic_init(Object *obj)
{
    APICState *s = APIC(obj);

    qdev_init_gpio_in(DEVICE(obj), lint0_changed, 1);
    qdev_init_gpio_out(DEVICE(obj), s->cpu_lines, X86_CPU_INPUTS);
    s->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, timer_expired, s);
}

static void apic_finalize(Object *obj)
{
    timer_free(APIC(obj)->timer);
}

static const TypeInfo apic_info_type = {
    .name = TYPE_APIC,
    .parent = "device",
    .desc = "local APIC",
    .instance_size = sizeof(APICState),
    .init = apic_init,
    .finalize = apic_finalize,
    .reset = apic_reset,
    .vmsd = &vmstate_apic,
    .props = apic_props,
};
DEFINE_TYPE(apic_info_type)

void apic_bus_init(APICBus *bus, Object *owner)
{
    memory_region_init_io(&bus->space, owner, &space_ops, bus, "apic-msi", APIC_SPACE_SIZE);
    msi_set_supported();
}

DeviceState *apic_create(APICBus *bus, CPUState *cpu, uint32_t id, bool bootstrap, DeviceState *pic,
                         Error **errp)
{
    DeviceState *dev = qdev_new(TYPE_APIC);
    APICState *s = APIC(dev);

    if (bus->count == APIC_MAX) {
        error_setg(errp, "apic: more than %d processors", APIC_MAX);
        return NULL;
    }
    qdev_prop_set_uint32(dev, "id", id);
    qdev_prop_set_bool(dev, "bootstrap", bootstrap);
    s->bus = bus;
    s->cpu = cpu;
    s->pic = pic;
    for (int i = 0; i < X86_CPU_INPUTS; i++) {
        qdev_connect_gpio_out(dev, i, qdev_get_gpio_in(DEVICE(cpu), i));
    }
    if (!qdev_realize_and_unref(dev, NULL, errp)) {
        return NULL;
    }
    bus->apics[bus->count++] = s;
    intc_register_info(s, "lapic", apic_info);
    return dev;
}
