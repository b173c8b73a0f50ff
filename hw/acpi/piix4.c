/*
 * Intel 82371AB (PIIX4) power management, function 3 (data sheet 290562,
 * chapter 7; ACPI specification 2.0, chapter 4).
 *
 * PM base (config 0x40)  PM1 event 0-3, PM1 control 4-5, timer 8-11
 * Port 0xb2, 0xb3        SMI command and status
 *      0xafe0            general purpose events
 *      0xae00            PCI hot plug
 *      0xb100            SMBus host
 * Output 0               SCI, level
 * Output "smi-irq"       SMI# for the command port
 *
 * Left out: clock control, device activity monitors and traps (storage).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/acpi/pcihp.h"
#include "hw/acpi/piix4.h"
#include "hw/i2c/smbus.h"
#include "qemu/log.h"
#include "qemu/timer.h"
#include "sysemu/sysemu.h"
#include "trace/hw-acpi.h"

enum { CFG_PM_BASE = 0x40, CFG_DEVACTB = 0x58, CFG_PM_ENABLE = 0x80, CFG_SMBUS_BASE = 0x90,
       CFG_SMBUS_ENABLE = 0xd2 };
enum { DEVACTB_APMC_BYTE = 3, DEVACTB_APMC = 0x02 };    /* bit 25: command writes make SMIs */
enum { REG_STATUS = 0x00, REG_ENABLE = 0x02, REG_CONTROL = 0x04, REG_TIMER = 0x08, PM_PORTS = 0x40 };
enum { PM1_TIMER = 0x0001, PM1_GLOBAL = 0x0020, PM1_POWER_BUTTON = 0x0100, PM1_RTC = 0x0400, PM1_WAKE = 0x8000,
       PM1_STATUS_BITS = PM1_TIMER | PM1_GLOBAL | PM1_POWER_BUTTON | PM1_RTC | PM1_WAKE };
enum { CNT_SCI_ENABLE = 0x0001, CNT_SLEEP_TYPE_SHIFT = 10, CNT_SLEEP_ENABLE = 0x2000 };
enum { COMMAND_PORTS = 2 };
enum { STATUS_RESET = 0x0280 };
#define TIMER_HZ 3579545
#define TIMER_BITS 24
#define TIMER_HALF (1u << (TIMER_BITS - 1))

typedef struct PIIX4State {
    PCIDevice parent_obj;

    /* wiring */
    MemoryRegion pm, command, gpe;
    qemu_irq sci, smi;
    QEMUTimer *overflow;
    PMSMBus smbus;
    ACPIPCIHotplug pcihp;

    /* properties */
    uint8_t disable_s3, disable_s4, s4_type;
    bool pci_hotplug;

    /* guest state */
    uint16_t status, enable, control;
    uint64_t halves_seen;       /* half periods of the timer that PM1_TIMER accounts for */
    uint16_t gpe_status, gpe_enable;
    uint8_t command_value, command_status;
} PIIX4State;
#define PIIX4(o) OBJECT_CHECK(PIIX4State, (o), TYPE_PIIX4_PM)

/* --- timer --------------------------------------------------------------------------- */

static uint64_t timer_ticks(void)
{
    return (unsigned __int128)qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) * TIMER_HZ / NANOSECONDS_PER_SECOND;
}

/* 4.7.2.1: the status bit is set when the highest bit of the count changes. */
static void account_timer(PIIX4State *s)
{
    uint64_t halves = timer_ticks() / TIMER_HALF;

    if (halves != s->halves_seen) {
        s->halves_seen = halves;
        s->status |= PM1_TIMER;
    }
}

static void piix4_update_irq(PIIX4State *s)
{
    account_timer(s);
    qemu_set_irq(s->sci, (s->status & s->enable & (PM1_TIMER | PM1_GLOBAL | PM1_POWER_BUTTON | PM1_RTC)) ||
                             (s->gpe_status & s->gpe_enable));
    if ((s->enable & PM1_TIMER) && !(s->status & PM1_TIMER)) {
        uint64_t next = (s->halves_seen + 1) * TIMER_HALF;

        timer_mod_ns(s->overflow, (unsigned __int128)next * NANOSECONDS_PER_SECOND / TIMER_HZ + 1);
    } else {
        timer_del(s->overflow);
    }
}

static void timer_overflowed(void *opaque)
{
    piix4_update_irq(opaque);
}

/* --- PM registers ---------------------------------------------------------------------- */

static void enter_sleep(PIIX4State *s)
{
    unsigned type = s->control >> CNT_SLEEP_TYPE_SHIFT & 7;

    trace_piix4_sleep(type);
    if (type == PIIX4_SLEEP_S5) {
        qemu_system_shutdown_request(SHUTDOWN_CAUSE_GUEST_SHUTDOWN);
    } else if (type == PIIX4_SLEEP_S3 && !s->disable_s3) {
        qemu_system_suspend_request();
    } else if (type == s->s4_type && !s->disable_s4) {
        qemu_system_shutdown_request(SHUTDOWN_CAUSE_GUEST_SHUTDOWN);
    } else {
        qemu_log_mask(LOG_GUEST_ERROR, "PIIX4_PM: unknown sleep type %u\n", type);
    }
}

static uint64_t pm_read(void *opaque, hwaddr addr, unsigned size)
{
    PIIX4State *s = opaque;

    switch (addr) {
    case REG_STATUS:
        account_timer(s);
        return s->status;
    case REG_ENABLE:
        return s->enable;
    case REG_CONTROL:
        return s->control;
    case REG_TIMER:
        return timer_ticks() & 0xffff;
    case REG_TIMER + 2:
        return timer_ticks() >> 16 & 0xff;
    }
    return 0;
}

static void pm_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    PIIX4State *s = opaque;

    switch (addr) {
    case REG_STATUS:            /* write 1 to clear */
        account_timer(s);
        s->status &= ~(value & PM1_STATUS_BITS);
        break;
    case REG_ENABLE:
        s->enable = value;
        break;
    case REG_CONTROL:
        s->control = value & ~CNT_SLEEP_ENABLE;
        if (value & CNT_SLEEP_ENABLE) {
            enter_sleep(s);
        }
        break;
    }
    piix4_update_irq(s);
}

/* One look at the timer: its halves must fit together. */
static uint64_t pm_read_any(void *opaque, hwaddr addr, unsigned size)
{
    if (size == 4 && addr == REG_TIMER) {
        return timer_ticks() & ((1u << TIMER_BITS) - 1);
    }
    if (size == 4) {
        return pm_read(opaque, addr, 2) | pm_read(opaque, addr + 2, 2) << 16;
    }
    return pm_read(opaque, addr, 2);
}

static const MemoryRegionOps pm_ops = {
    .read = pm_read_any,
    .write = pm_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 4 },
    .impl = { .min_access_size = 2, .max_access_size = 4 },
};

static void update_pm_mapping(PIIX4State *s)
{
    uint8_t *config = s->parent_obj.config;

    memory_region_transaction_begin();
    memory_region_set_enabled(&s->pm, config[CFG_PM_ENABLE] & 1);
    memory_region_set_address(&s->pm, pci_get_long(config + CFG_PM_BASE) & 0xffc0);
    memory_region_transaction_commit();
}

static void piix4_config_write(PCIDevice *dev, uint32_t addr, uint32_t val, int len)
{
    pci_default_write_config(dev, addr, val, len);
    if ((addr < CFG_PM_BASE + 4 && addr + len > CFG_PM_BASE) ||
        (addr <= CFG_PM_ENABLE && addr + len > CFG_PM_ENABLE)) {
        update_pm_mapping(PIIX4(dev));
    }
}

/* --- SMI command port ---------------------------------------------------------------------- */

static uint64_t command_read(void *opaque, hwaddr addr, unsigned size)
{
    PIIX4State *s = opaque;

    return addr ? s->command_status : s->command_value;
}

static void command_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    PIIX4State *s = opaque;

    if (addr) {
        s->command_status = value;
        return;
    }
    trace_piix4_command(value);
    s->command_value = value;
    if (value == PIIX4_ACPI_ENABLE) {
        s->control |= CNT_SCI_ENABLE;
    } else if (value == PIIX4_ACPI_DISABLE) {
        s->control &= ~CNT_SCI_ENABLE;
    }
    if (s->parent_obj.config[CFG_DEVACTB + DEVACTB_APMC_BYTE] & DEVACTB_APMC) {
        qemu_irq_pulse(s->smi);
    }
}

static const MemoryRegionOps command_ops = {
    .read = command_read,
    .write = command_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

/* --- general purpose events ------------------------------------------------------------------ */

static uint64_t gpe_read(void *opaque, hwaddr addr, unsigned size)
{
    PIIX4State *s = opaque;
    uint16_t value = addr < 2 ? s->gpe_status : s->gpe_enable;

    return addr & 1 ? value >> 8 : value & 0xff;
}

static void gpe_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    PIIX4State *s = opaque;
    int shift = addr & 1 ? 8 : 0;

    if (addr < 2) {
        s->gpe_status &= ~(value << shift);
    } else {
        s->gpe_enable = (s->gpe_enable & ~(0xff << shift)) | value << shift;
    }
    piix4_update_irq(s);
}

static const MemoryRegionOps gpe_ops = {
    .read = gpe_read,
    .write = gpe_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

static void pci_slot_event(void *opaque)
{
    PIIX4State *s = opaque;

    s->gpe_status |= 1 << PIIX4_GPE_PCI_HOTPLUG;
    piix4_update_irq(s);
}

/* --- events from outside ----------------------------------------------------------------------- */

static void power_button(void *opaque)
{
    PIIX4State *s = opaque;

    if (qemu_system_wakeup_request()) {
        return;
    }
    if (s->enable & PM1_POWER_BUTTON) {
        s->status |= PM1_POWER_BUTTON;
        piix4_update_irq(s);
    }
}

static void woken_up(void *opaque)
{
    PIIX4State *s = opaque;

    s->status |= PM1_WAKE | PM1_POWER_BUTTON;
}

uint16_t piix4_pm_base(PCIDevice *pm)
{
    return pm->config[CFG_PM_ENABLE] & 1 ? pci_get_long(pm->config + CFG_PM_BASE) & 0xffc0 : 0;
}

BusState *piix4_smbus(PCIDevice *pm)
{
    return &PIIX4(pm)->smbus.bus;
}

bool piix4_has_sleep_state(PCIDevice *pm, int state)
{
    return state == 3 ? !PIIX4(pm)->disable_s3 : state == 4 && !PIIX4(pm)->disable_s4;
}

uint8_t piix4_s4_type(PCIDevice *pm)
{
    return PIIX4(pm)->s4_type;
}

bool piix4_has_pci_hotplug(PCIDevice *pm)
{
    return PIIX4(pm)->pci_hotplug;
}

/* --- life ------------------------------------------------------------------------------------------ */

static void piix4_reset(DeviceState *dev)
{
    PIIX4State *s = PIIX4(dev);
    uint8_t *config = s->parent_obj.config;

    pci_set_word(config + PCI_STATUS, STATUS_RESET);
    memset(config + 0x40, 0, PCI_CONFIG_SPACE_SIZE - 0x40);
    pci_set_long(config + CFG_PM_BASE, 1);
    config[0x5f] = 0x90;        /* parallel, serial and floppy decoding of a PC */
    config[0x63] = 0x60;
    config[0x67] = 0x08;
    pci_set_long(config + CFG_SMBUS_BASE, PIIX4_SMBUS_BASE | 1);
    config[CFG_SMBUS_ENABLE] = 0x09;
    s->status = s->enable = s->control = 0;
    s->halves_seen = timer_ticks() / TIMER_HALF;
    s->gpe_status = s->gpe_enable = 0;
    s->command_value = s->command_status = 0;
    pm_smbus_reset(&s->smbus);
    update_pm_mapping(s);
    piix4_update_irq(s);
}

/* After the buses' resets, which must find all their devices. */
static void reset_hotplug(void *opaque)
{
    acpi_pcihp_reset(&PIIX4(opaque)->pcihp);
}

static int piix4_post_load(void *opaque, int version)
{
    update_pm_mapping(opaque);
    return 0;
}

static const VMStateField piix4_fields[] = {
    VMSTATE_PCI_DEVICE(parent_obj, PIIX4State),
    VMSTATE_UINT16(status, PIIX4State),
    VMSTATE_UINT16(enable, PIIX4State),
    VMSTATE_UINT16(control, PIIX4State),
    VMSTATE_UINT64(halves_seen, PIIX4State),
    VMSTATE_UINT16(gpe_status, PIIX4State),
    VMSTATE_UINT16(gpe_enable, PIIX4State),
    VMSTATE_UINT8(command_value, PIIX4State),
    VMSTATE_UINT8(command_status, PIIX4State),
    VMSTATE_TIMER_PTR(overflow, PIIX4State),
    VMSTATE_STRUCT(smbus, PIIX4State, vmstate_pm_smbus, PMSMBus),
    VMSTATE_STRUCT(pcihp, PIIX4State, vmstate_acpi_pcihp, ACPIPCIHotplug),
    VMSTATE_END
};
static const VMStateDescription vmstate_piix4 = {
    .name = "piix4_pm",
    .version = 1,
    .fields = piix4_fields,
    .post_load = piix4_post_load,
};

static const Property piix4_props[] = {
    DEFINE_PROP_UINT8("disable_s3", PIIX4State, disable_s3, 0),
    DEFINE_PROP_UINT8("disable_s4", PIIX4State, disable_s4, 0),
    DEFINE_PROP_UINT8("s4_val", PIIX4State, s4_type, 2),
    DEFINE_PROP_BOOL("acpi-root-pci-hotplug", PIIX4State, pci_hotplug, true),
    DEFINE_PROP_END
};

static void piix4_init(Object *obj)
{
    PIIX4State *s = PIIX4(obj);

    qdev_init_gpio_out(DEVICE(obj), &s->sci, 1);
    qdev_init_gpio_out_named(DEVICE(obj), &s->smi, "smi-irq", 1);
    s->overflow = timer_new_ns(QEMU_CLOCK_VIRTUAL, timer_overflowed, s);
}

static void piix4_finalize(Object *obj)
{
    timer_free(PIIX4(obj)->overflow);
}

static bool piix4_realize(DeviceState *dev, Error **errp)
{
    PIIX4State *s = PIIX4(dev);
    PCIDevice *pci = &s->parent_obj;
    MemoryRegion *io = pci->bus->io;

    pci->config[PCI_INTERRUPT_PIN] = 1;
    memory_region_init_io(&s->pm, OBJECT(dev), &pm_ops, s, "piix4-pm", PM_PORTS);
    memory_region_set_enabled(&s->pm, false);
    memory_region_add_subregion_overlap(io, 0, &s->pm, 0);
    memory_region_init_io(&s->command, OBJECT(dev), &command_ops, s, "apm-io", COMMAND_PORTS);
    memory_region_add_subregion(io, PIIX4_SMI_COMMAND, &s->command);
    memory_region_init_io(&s->gpe, OBJECT(dev), &gpe_ops, s, "acpi-gpe0", PIIX4_GPE_BYTES);
    memory_region_add_subregion(io, PIIX4_GPE_BASE, &s->gpe);
    pm_smbus_init(&s->smbus, dev);
    memory_region_add_subregion(io, PIIX4_SMBUS_BASE, &s->smbus.io);
    if (s->pci_hotplug) {
        acpi_pcihp_init(&s->pcihp, OBJECT(dev), pci->bus, pci_slot_event, s);
        memory_region_add_subregion(io, PIIX4_PCIHP_BASE, &s->pcihp.io);
        qemu_register_reset(reset_hotplug, s);
    }
    qemu_register_powerdown_notifier(power_button, s);
    qemu_register_wakeup_notifier(woken_up, s);
    return true;
}

static const PCIDeviceClass piix4_class = {
    .vendor_id = 0x8086,
    .device_id = 0x7113,
    .class_id = 0x0680,
    .revision = 3,
    .config_write = piix4_config_write,
};

static const TypeInfo piix4_info = {
    .name = TYPE_PIIX4_PM,
    .parent = TYPE_PCI_DEVICE,
    .desc = "PIIX4 power management",
    .instance_size = sizeof(PIIX4State),
    .init = piix4_init,
    .finalize = piix4_finalize,
    .realize = piix4_realize,
    .reset = piix4_reset,
    .vmsd = &vmstate_piix4,
    .props = piix4_props,
    .class_data = &piix4_class,
};
DEFINE_TYPE(piix4_info)
