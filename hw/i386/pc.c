/*
 * The PC boards: "pc" (Intel 440FX, PIIX3, PIIX4 power management) and "isapc"
 * (the same devices on ISA alone).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "pc.h"
#include "vmport.h"
#include "block/block.h"
#include "hw/acpi/piix4.h"
#include "hw/block/fdc.h"
#include "hw/char/parallel.h"
#include "hw/char/serial.h"
#include "hw/dma/i8257.h"
#include "hw/i2c/smbus.h"
#include "hw/ide.h"
#include "hw/input/ps2.h"
#include "hw/intc/i8259.h"
#include "hw/misc/pc-ports.h"
#include "hw/pci-host/i440fx.h"
#include "hw/piix.h"
#include "hw/rtc/mc146818rtc.h"
#include "hw/timer/hpet.h"
#include "hw/timer/i8254.h"
#include "net/net.h"
#include "sysemu/sysemu.h"

enum { PIIX_SLOT = 1, IDE_CHANNELS = 2, SERIAL_PORTS = 4, PARALLEL_PORTS = 3, FIRST_NIC_SLOT = 3, VGA_SLOT = 2 };
enum { IDE_IRQ_FIRST = 14, IOAPIC_TIMER_PIN = 2 };
/* RAM below 4 GiB ends at the first limit, or at the second when there is more. */
#define RAM_BELOW_LIMIT UINT64_C(0xe0000000)
#define RAM_BELOW_SPLIT UINT64_C(0xc0000000)

#ifdef TARGET_X86_64
#define DEFAULT_CPU "qemu64"
#else
#define DEFAULT_CPU "qemu32"
#endif

/* --- memory ------------------------------------------------------------------------ */

static void map_ram(PCMachineState *s)
{
    MachineState *machine = &s->parent_obj;

    s->below_4g = machine->ram_size < RAM_BELOW_LIMIT ? machine->ram_size : RAM_BELOW_SPLIT;
    s->above_4g = machine->ram_size - s->below_4g;
    memory_region_init_alias(&s->ram_below, OBJECT(s), "ram-below-4g", machine->ram, 0, s->below_4g);
    memory_region_add_subregion(get_system_memory(), 0, &s->ram_below);
    if (s->above_4g) {
        memory_region_init_alias(&s->ram_above, OBJECT(s), "ram-above-4g", machine->ram, s->below_4g,
                                 s->above_4g);
        memory_region_add_subregion(get_system_memory(), PC_MEMORY_ABOVE, &s->ram_above);
    }
}

/* --- interrupts ----------------------------------------------------------------------- */

static void set_gsi(void *opaque, int n, int level)
{
    PCMachineState *s = opaque;

    if (n < ISA_NUM_IRQS) {
        qemu_set_irq(s->pic_inputs[n], level);
    }
    if (s->ioapic) {
        qemu_set_irq(qdev_get_gpio_in(s->ioapic, n == PC_IRQ_TIMER ? IOAPIC_TIMER_PIN : n), level);
    }
}

/* INT of the 8259 pair: LINT0 of each local APIC, or INTR of a CPU without one. */
static void set_pic_output(void *opaque, int n, int level)
{
    PCMachineState *s = opaque;

    if (!s->has_apic) {
        qemu_set_irq(qdev_get_gpio_in(DEVICE(first_cpu), X86_CPU_INTR), level);
    }
    for (int i = 0; i < s->apic_bus.count; i++) {
        qemu_set_irq(qdev_get_gpio_in(DEVICE(s->apic_bus.apics[i]), 0), level);
    }
}

/* A CPU without local APIC. */
static int plain_acknowledge(void *opaque)
{
    PCMachineState *s = opaque;

    return i8259_pending(s->pic) ? i8259_acknowledge(s->pic) : -1;
}

static uint8_t plain_get_tpr(void *opaque)
{
    return 0;
}

static void plain_set_tpr(void *opaque, uint8_t tpr)
{
}

static bool plain_read_msr(void *opaque, uint32_t msr, uint64_t *value)
{
    return false;
}

static bool plain_write_msr(void *opaque, uint32_t msr, uint64_t value)
{
    return false;
}

static bool plain_apic_enabled(void *opaque)
{
    return false;
}

static void plain_set_ferr(void *opaque, bool level)
{
    qemu_set_irq(((PCMachineState *)opaque)->apic_bus.ferr, level);
}

static const X86CPUBoard plain_board = {
    .acknowledge = plain_acknowledge,
    .get_tpr = plain_get_tpr,
    .set_tpr = plain_set_tpr,
    .read_msr = plain_read_msr,
    .write_msr = plain_write_msr,
    .apic_enabled = plain_apic_enabled,
    .set_ferr = plain_set_ferr,
};

static bool create_cpus(PCMachineState *s, Error **errp)
{
    MachineState *machine = &s->parent_obj;

    for (int i = 0; i < machine->smp_cpus; i++) {
        CPUState *cpu = cpu_create(machine->cpu_type, errp);

        if (!cpu) {
            return false;
        }
        x86_cpu_set_bootstrap(cpu, i == 0);
    }
    s->has_apic = cpu_has(&X86_CPU(first_cpu)->env, CPUID_APIC);
    if (!s->has_apic && machine->smp_cpus > 1) {
        error_setg(errp, "-smp %d: CPU model %s has no APIC", machine->smp_cpus, machine->cpu_type);
        return false;
    }
    return true;
}

/* Interrupt controllers, once the ISA bus stands. */
static bool create_intc(PCMachineState *s, Error **errp)
{
    qemu_irq pic_output = qemu_allocate_irq("pc.pic-output", set_pic_output, s, 0);

    s->pic = i8259_create_pair(s->isa, pic_output, s->pic_inputs, errp);
    if (!s->pic) {
        return false;
    }
    if (!s->has_apic) {
        x86_cpu_set_board(first_cpu, &plain_board, s, 0);
        return true;
    }
    apic_bus_init(&s->apic_bus, OBJECT(s));
    s->apic_bus.tsc_ns = x86_cpu_tsc_ns;
    memory_region_add_subregion_overlap(get_system_memory(), APIC_DEFAULT_ADDRESS, &s->apic_bus.space, 4096);
    CPU_FOREACH(cpu) {
        DeviceState *apic = apic_create(&s->apic_bus, cpu, cpu->cpu_index, cpu == first_cpu, s->pic, errp);

        if (!apic) {
            return false;
        }
        x86_cpu_set_board(cpu, &apic_cpu_board, apic, cpu->cpu_index);
    }
    if (!s->pci) {
        return true;
    }
    s->ioapic = ioapic_create(&s->apic_bus, errp);
    if (!s->ioapic) {
        return false;
    }
    sysbus_mmio_map(SYS_BUS_DEVICE(s->ioapic), 0, IOAPIC_DEFAULT_ADDRESS);
    return true;
}

/* --- ISA devices ------------------------------------------------------------------------- */

/* The RTC's interrupt passes through the HPET, which may also silence the 8254. */
static bool create_timers(PCMachineState *s, Error **errp)
{
    qemu_irq rtc_irq = s->gsi[PC_IRQ_RTC];
    DeviceState *speaker = qdev_new(TYPE_PC_SPEAKER);

    s->pit = qdev_new(TYPE_I8254);
    if (!isa_realize_and_unref(ISA_DEVICE(s->pit), s->isa, errp)) {
        return false;
    }
    qdev_connect_gpio_out(s->pit, 0, s->gsi[PC_IRQ_TIMER]);
    if (s->hpet_enabled && s->pci && s->has_apic) {
        s->hpet = qdev_new(TYPE_HPET);
        if (!sysbus_realize_and_unref(SYS_BUS_DEVICE(s->hpet), errp)) {
            return false;
        }
        sysbus_mmio_map(SYS_BUS_DEVICE(s->hpet), 0, HPET_ADDRESS);
        for (int i = 0; i < PC_GSIS; i++) {
            qdev_connect_gpio_out(s->hpet, i, s->gsi[i]);
        }
        qdev_connect_gpio_out_named(s->hpet, "pit-enable", 0, qdev_get_gpio_in(s->pit, 0));
        rtc_irq = qdev_get_gpio_in(s->hpet, 0);
    }
    s->rtc = qdev_new(TYPE_MC146818_RTC);
    qdev_connect_gpio_out(s->rtc, 0, rtc_irq);
    qdev_prop_set_link(speaker, "pit", s->pit);
    if (s->speaker_audiodev) {
        qdev_prop_set_string(speaker, "audiodev", s->speaker_audiodev);
    }
    return isa_realize_and_unref(ISA_DEVICE(s->rtc), s->isa, errp) &&
           isa_realize_and_unref(ISA_DEVICE(speaker), s->isa, errp);
}

static bool create_serial(PCMachineState *s, Error **errp)
{
    for (int i = 0; i < SERIAL_PORTS; i++) {
        DeviceState *dev;

        if (!serial_hd(i)) {
            continue;
        }
        dev = qdev_new(TYPE_ISA_SERIAL);
        qdev_prop_set_int32(dev, "index", i);
        qdev_prop_set_chr(dev, "chardev", serial_hd(i));
        if (!isa_realize_and_unref(ISA_DEVICE(dev), s->isa, errp)) {
            return false;
        }
    }
    return true;
}

static bool create_parallel(PCMachineState *s, Error **errp)
{
    for (int i = 0; i < PARALLEL_PORTS; i++) {
        DeviceState *dev;

        if (!parallel_hd(i)) {
            continue;
        }
        dev = qdev_new(TYPE_ISA_PARALLEL);
        qdev_prop_set_int32(dev, "index", i);
        qdev_prop_set_chr(dev, "chardev", parallel_hd(i));
        if (!isa_realize_and_unref(ISA_DEVICE(dev), s->isa, errp)) {
            return false;
        }
    }
    return true;
}

static bool create_floppy(PCMachineState *s, Error **errp)
{
    static const char *const names[FDC_DRIVES] = { "driveA", "driveB" };
    DeviceState *dev = qdev_new(TYPE_ISA_FDC);

    for (int i = 0; i < FDC_DRIVES; i++) {
        DriveInfo *drive = drive_get(IF_FLOPPY, 0, i);

        if (drive) {
            qdev_prop_set_drive(dev, names[i], drive->blk);
        }
    }
    s->floppy = ISA_DEVICE(dev);
    return isa_realize_and_unref(s->floppy, s->isa, errp);
}

/* Keyboard controller, and the backdoor whose pointer shares the mouse's interrupt. */
static bool create_input(PCMachineState *s, qemu_irq a20, Error **errp)
{
    DeviceState *i8042 = i8042_create(s->isa, a20, errp);
    const char *vmport = s->vmport ? s->vmport : "auto";

    if (!i8042) {
        return false;
    }
    if (strcmp(vmport, "on") && strcmp(vmport, "off") && strcmp(vmport, "auto")) {
        error_setg(errp, "-machine vmport=%s: on, off or auto", vmport);
        return false;
    }
    if (!strcmp(vmport, "off") || (!strcmp(vmport, "auto") && !s->pci)) {
        return true;
    }
    return vmport_create(s->isa, i8042_mouse(i8042), errp) != NULL;
}

static bool create_isa_devices(PCMachineState *s, Error **errp)
{
    qemu_irq a20 = qdev_get_gpio_in(DEVICE(first_cpu), X86_CPU_A20);
    DeviceState *port92 = qdev_new(TYPE_PORT92), *ports = qdev_new(TYPE_PC_PORTS);

    s->apic_bus.ferr = qdev_get_gpio_in(ports, 0);
    qdev_connect_gpio_out_named(port92, "a20", 0, a20);
    qdev_connect_gpio_out_named(ports, "ignne", 0, qdev_get_gpio_in(DEVICE(first_cpu), X86_CPU_IGNNE));
    return i8257_create_pair(s->isa, errp) && create_timers(s, errp) &&
           isa_realize_and_unref(ISA_DEVICE(ports), s->isa, errp) && create_serial(s, errp) &&
           create_parallel(s, errp) && create_floppy(s, errp) && create_input(s, a20, errp) &&
           isa_realize_and_unref(ISA_DEVICE(port92), s->isa, errp);
}

/* --- display and network -------------------------------------------------------------------- */

typedef struct DisplayModel {
    const char *name;           /* -vga */
    const char *pci_type, *isa_type, *isa_rom;
} DisplayModel;

static const DisplayModel display_models[] = {
    { "std", "VGA", "isa-vga", "vgabios.bin" },
    { "cirrus", "cirrus-vga", NULL, NULL },
    { "virtio", "virtio-vga", NULL, NULL },
    { "vmware", "vmware-svga", NULL, NULL },
    { "qxl", "qxl-vga", NULL, NULL },
};

static bool create_display(PCMachineState *s, Error **errp)
{
    const char *model = s->parent_obj.vga_model ? s->parent_obj.vga_model : "none";

    if (!strcmp(model, "none")) {
        return true;
    }
    for (size_t i = 0; i < ARRAY_SIZE(display_models); i++) {
        const char *type = s->pci ? display_models[i].pci_type : display_models[i].isa_type;

        if (strcmp(model, display_models[i].name) || !type || !type_by_name(type)) {
            continue;
        }
        s->isa_vga_rom = s->pci ? NULL : display_models[i].isa_rom;
        return s->pci ? pci_realize_and_unref(pci_new(PCI_DEVFN(VGA_SLOT, 0), type), s->pci, errp)
                      : isa_realize_and_unref(isa_new(type), s->isa, errp);
    }
    error_setg(errp, "-vga %s: not available on this machine", model);
    return false;
}

/* An ISA card is at 0x300 and interrupt 9; a board has room for one of them. */
static bool create_isa_nic(PCMachineState *s, NICInfo *nd, Error **errp)
{
    const char *model = nd->model ? nd->model : s->parent_obj.mc->default_nic;
    const TypeInfo *type = type_by_name(model);
    DeviceState *dev;

    if (!type || !type_is_a(type, TYPE_ISA_DEVICE)) {
        if (!nd->model) {
            return true;        /* a default that this build does not have */
        }
        error_setg(errp, "-nic model=%s: unsupported model on this machine", model);
        return false;
    }
    dev = qdev_new(model);
    qdev_set_nic_properties(dev, nd);
    nd->used = true;
    return isa_realize_and_unref(ISA_DEVICE(dev), s->isa, errp);
}

static bool create_nics(PCMachineState *s, Error **errp)
{
    for (int i = 0; i < nb_nics; i++) {
        NICInfo *nd = &nd_table[i];

        if (nd->used) {
            continue;
        }
        if (!s->pci || (nd->model && !strcmp(nd->model, "ne2k_isa"))) {
            if (!create_isa_nic(s, nd, errp)) {
                return false;
            }
        } else if (!pci_nic_init(nd, s->pci, s->parent_obj.mc->default_nic, -1, errp)) {
            return false;
        }
    }
    return true;
}

/* --- PCI ---------------------------------------------------------------------------------------- */

static bool create_pci_host(PCMachineState *s, PCIDevice **piix3, Error **errp)
{
    s->host = i440fx_create(s->parent_obj.ram, s->parent_obj.ram_size, errp);
    if (!s->host) {
        return false;
    }
    s->pci = i440fx_bus(s->host);
    *piix3 = piix3_create(s->pci, PCI_DEVFN(PIIX_SLOT, 0), errp);
    if (!*piix3) {
        return false;
    }
    piix3_connect_irqs(*piix3, s->gsi);
    for (int i = 0; i < I440FX_PIRQS; i++) {
        qdev_connect_gpio_out(s->host, i, qdev_get_gpio_in(DEVICE(*piix3), i));
    }
    s->isa = piix3_isa_bus(*piix3);
    if (s->smm_enabled) {
        CPU_FOREACH(cpu) {
            x86_cpu_set_smm_memory(cpu, i440fx_smm_memory(s->host));
        }
    }
    return true;
}

static bool create_ide(PCMachineState *s, Error **errp)
{
    PCIDevice *ide = pci_new(PCI_DEVFN(PIIX_SLOT, 1), TYPE_PIIX3_IDE);

    if (!pci_realize_and_unref(ide, s->pci, errp)) {
        return false;
    }
    for (int i = 0; i < IDE_CHANNELS; i++) {
        qdev_connect_gpio_out(DEVICE(ide), i, s->gsi[IDE_IRQ_FIRST + i]);
    }
    return pci_ide_create_drives(DEVICE(ide), 0, errp);
}

static bool create_usb(PCMachineState *s, Error **errp)
{
    if (s->parent_obj.usb != 1) {
        return true;
    }
    if (!type_by_name("piix3-usb-uhci")) {
        error_setg(errp, "-usb: this build has no UHCI controller");
        return false;
    }
    return pci_realize_and_unref(pci_new(PCI_DEVFN(PIIX_SLOT, 2), "piix3-usb-uhci"), s->pci, errp);
}

/* The firmware resumes the guest when it finds that in the CMOS after a reset. */
static void note_suspend(void *opaque)
{
    enum { CMOS_SHUTDOWN_STATUS = 0x0f, SHUTDOWN_RESUME = 0xfe };

    mc146818rtc_set_cmos(((PCMachineState *)opaque)->rtc, CMOS_SHUTDOWN_STATUS, SHUTDOWN_RESUME);
}

static bool create_pm(PCMachineState *s, Error **errp)
{
    if (!s->acpi_enabled) {
        return true;
    }
    s->pm = pci_new(PCI_DEVFN(PIIX_SLOT, 3), TYPE_PIIX4_PM);
    if (!pci_realize_and_unref(s->pm, s->pci, errp)) {
        return false;
    }
    qemu_register_suspend_notifier(note_suspend, s);
    qdev_connect_gpio_out(DEVICE(s->pm), 0, s->gsi[PC_IRQ_SCI]);
    if (s->smm_enabled) {
        qdev_connect_gpio_out_named(DEVICE(s->pm), "smi-irq", 0,
                                    qdev_get_gpio_in(DEVICE(first_cpu), X86_CPU_SMI));
    }
    return smbus_eeprom_create_spd(piix4_smbus(s->pm), s->parent_obj.ram_size, errp);
}

/* --- boards ----------------------------------------------------------------------------------------- */

static void init_common(PCMachineState *s)
{
    s->boot_paths = g_ptr_array_new_with_free_func(g_free);
    for (int i = 0; i < PC_GSIS; i++) {
        s->gsi[i] = qemu_allocate_irq("pc.gsi", set_gsi, s, i);
    }
    map_ram(s);
}

static bool pc_init(MachineState *machine, Error **errp)
{
    PCMachineState *s = (PCMachineState *)machine;
    PCIDevice *piix3;

    init_common(s);
    return create_cpus(s, errp) && create_pci_host(s, &piix3, errp) && create_intc(s, errp) &&
           pc_load_bios(s, "bios-256k.bin", errp) && create_isa_devices(s, errp) &&
           create_display(s, errp) && create_nics(s, errp) && create_ide(s, errp) &&
           create_usb(s, errp) && create_pm(s, errp) &&
           pc_init_firmware_config(s, errp);
}

static bool isapc_init(MachineState *machine, Error **errp)
{
    PCMachineState *s = (PCMachineState *)machine;

    init_common(s);
    s->acpi_enabled = false;
    s->isa = isa_bridge_create(get_system_memory(), get_system_io(), errp);
    if (!s->isa) {
        return false;
    }
    memcpy(s->isa->irqs, s->gsi, sizeof(s->isa->irqs));
    if (!create_cpus(s, errp) || !create_intc(s, errp) || !pc_load_bios(s, "bios.bin", errp) ||
        !create_isa_devices(s, errp) || !create_display(s, errp) || !create_nics(s, errp)) {
        return false;
    }
    for (int i = 0; i < IDE_CHANNELS; i++) {
        if (!isa_ide_create(s->isa, i, errp)) {
            return false;
        }
    }
    return pc_init_firmware_config(s, errp);
}

static void pc_reset(MachineState *machine)
{
    pc_update_firmware_config((PCMachineState *)machine);
}

static const Property pc_props[] = {
    DEFINE_PROP_BOOL("hpet", PCMachineState, hpet_enabled, true),
    DEFINE_PROP_BOOL("acpi", PCMachineState, acpi_enabled, true),
    DEFINE_PROP_BOOL("smm", PCMachineState, smm_enabled, true),
    DEFINE_PROP_STRING("vmport", PCMachineState, vmport),
    DEFINE_PROP_STRING("pcspk-audiodev", PCMachineState, speaker_audiodev),
    DEFINE_PROP_END
};

static const MachineClass pc_machine = {
    .name = "pc-i440fx-7.2",
    .alias = "pc",
    .desc = "Standard PC (i440FX + PIIX, 1996)",
    .default_cpu_type = DEFAULT_CPU,
    .default_ram_size = 128 * MiB,
    .min_ram_size = 1 * MiB,
    .max_cpus = PC_MAX_CPUS,
    .is_default = true,
    .has_acpi = true,
    .default_display = "std",
    .default_nic = "e1000",
    .default_boot_order = "cad",
    .block_default_type = IF_IDE,
    .units_per_default_bus = 2,
    .instance_size = sizeof(PCMachineState),
    .props = pc_props,
    .init = pc_init,
    .reset = pc_reset,
};
DEFINE_MACHINE(pc_machine)

static const MachineClass isapc_machine = {
    .name = "isapc",
    .desc = "ISA-only PC",
    .default_cpu_type = "486",
    .default_ram_size = 128 * MiB,
    .min_ram_size = 1 * MiB,
    .max_ram_size = 0xe0000000,
    .max_cpus = 1,
    .default_display = "std",
    .default_nic = "ne2k_isa",
    .default_boot_order = "cad",
    .block_default_type = IF_IDE,
    .units_per_default_bus = 2,
    .instance_size = sizeof(PCMachineState),
    .props = pc_props,
    .init = isapc_init,
    .reset = pc_reset,
};
DEFINE_MACHINE(isapc_machine)
