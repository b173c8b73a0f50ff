/*
 * Power Mac G4 (AGP graphics) and its relatives, New World machines: UniNorth
 * bridges, KeyLargo I/O chip, PowerPC 7400.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "mac.h"
#include "block/block.h"
#include "hw/pci-host.h"
#include "hw/usb.h"
#include "target-ppc/cpu.h"

enum { OPENPIC_FIRST_PCI_IRQ = 0x1b };
#define UNINORTH_REGS         0xf8000000
#define UNINORTH_AGP_CONFIG   0xf0800000
#define UNINORTH_AGP_DATA     0xf0c00000
#define UNINORTH_INT_CONFIG   0xf4800000
#define UNINORTH_INT_DATA     0xf4c00000
#define UNINORTH_PCI_CONFIG   0xf2800000
#define UNINORTH_PCI_DATA     0xf2c00000
#define UNINORTH_PCI_IO       0xf2000000
#define UNINORTH_PCI_MEM      0x80000000
#define UNINORTH_PCI_MEM_SIZE 0x10000000
#define MAC99_NVRAM           0xfff04000
enum { NVRAM_SHIFT = 1 };

enum { VIA_CUDA = 0, VIA_PMU = 1, VIA_PMU_ADB = 2 };
static const char *const via_names[] = { "cuda", "pmu", "pmu-adb" };

typedef struct Mac99State {
    MacMachineState parent_obj;
    MemoryRegion pci_hole;
} Mac99State;

static bool mac99_parse_via(const MacMachineState *s, uint8_t *via, Error **errp)
{
    *via = VIA_CUDA;
    for (size_t i = 0; s->via && i < ARRAY_SIZE(via_names); i++) {
        if (!strcmp(s->via, via_names[i])) {
            *via = i;
            return true;
        }
    }
    if (s->via) {
        error_setg(errp, "-M mac99,via=%s: must be cuda, pmu or pmu-adb", s->via);
        return false;
    }
    return true;
}

/* A bridge whose memory and I/O spaces no CPU address leads to. */
static bool mac99_create_side_host(const char *type, hwaddr config, hwaddr data, Error **errp)
{
    SysBusDevice *sbd = SYS_BUS_DEVICE(qdev_new(type));

    if (!sysbus_realize_and_unref(sbd, errp)) {
        return false;
    }
    sysbus_mmio_map(sbd, 0, config);
    sysbus_mmio_map(sbd, 1, data);
    return true;
}

static bool mac99_create_hosts(Mac99State *s, PCIHostState **phost, Error **errp)
{
    SysBusDevice *sbd = SYS_BUS_DEVICE(qdev_new(TYPE_UNINORTH_PCIHOST));
    SysBusDevice *regs = SYS_BUS_DEVICE(qdev_new(TYPE_UNINORTH));

    if (!sysbus_realize_and_unref(regs, errp) || !sysbus_realize_and_unref(sbd, errp)) {
        return false;
    }
    sysbus_mmio_map(regs, 0, UNINORTH_REGS);
    sysbus_mmio_map(sbd, 0, UNINORTH_PCI_CONFIG);
    sysbus_mmio_map(sbd, 1, UNINORTH_PCI_DATA);
    sysbus_mmio_map(sbd, 3, UNINORTH_PCI_IO);
    memory_region_init_alias(&s->pci_hole, OBJECT(s), "unin-pci-hole", sysbus_mmio_get_region(sbd, 2),
                             UNINORTH_PCI_MEM, UNINORTH_PCI_MEM_SIZE);
    memory_region_add_subregion(get_system_memory(), UNINORTH_PCI_MEM, &s->pci_hole);
    *phost = PCI_HOST(sbd);
    return mac99_create_side_host(TYPE_UNINORTH_AGP_PCIHOST, UNINORTH_AGP_CONFIG, UNINORTH_AGP_DATA, errp)
        && mac99_create_side_host(TYPE_UNINORTH_INTERNAL_PCIHOST, UNINORTH_INT_CONFIG, UNINORTH_INT_DATA,
                                  errp);
}

static bool mac99_create_nvram(MacMachineState *s, Error **errp)
{
    DeviceState *dev = qdev_new(TYPE_MACIO_NVRAM);

    qdev_prop_set_uint32(dev, "it_shift", NVRAM_SHIFT);
    if (s->nvram) {
        qdev_prop_set_string(dev, "file", s->nvram);
    }
    if (!sysbus_realize_and_unref(SYS_BUS_DEVICE(dev), errp)) {
        return false;
    }
    memory_region_add_subregion_overlap(get_system_memory(), MAC99_NVRAM,
                                        sysbus_mmio_get_region(SYS_BUS_DEVICE(dev), 0), 1);
    mac_nvram_format(MACIO_NVRAM(dev), s->parent_obj.prom_env);
    return true;
}

static bool mac99_create_usb(PCIBus *bus, bool with_input, Error **errp)
{
    PCIDevice *ohci = pci_new(-1, "pci-ohci");
    USBBus *usb;

    if (!pci_realize_and_unref(ohci, bus, errp)) {
        return false;
    }
    if (!with_input) {
        return true;
    }
    usb = container_of(g_ptr_array_index(DEVICE(ohci)->child_buses, 0), USBBus, qbus);
    return usb_create_simple(usb, "usb-kbd", errp) && usb_create_simple(usb, "usb-mouse", errp);
}

static MacIOState *mac99_create_macio(MachineState *machine, PCIHostState *host, uint8_t via)
{
    MacIOState *macio = MACIO(pci_new(-1, TYPE_MACIO_NEWWORLD));

    qdev_prop_set_bool(DEVICE(macio), "has-pmu", via != VIA_CUDA);
    qdev_prop_set_bool(DEVICE(macio), "has-adb", via != VIA_PMU);
    qdev_prop_set_uint32(macio->pic, "nb_cpus", machine->smp_cpus);
    for (int i = 0; i < machine->smp_cpus; i++) {
        sysbus_connect_irq(SYS_BUS_DEVICE(macio->pic), i, mac_cpu_input(i, PPC_INPUT_INT));
    }
    for (int i = 0; i < PCI_HOST_IRQS; i++) {
        qdev_connect_gpio_out(DEVICE(host), i, qdev_get_gpio_in(macio->pic, OPENPIC_FIRST_PCI_IRQ + i));
    }
    return macio;
}

static bool mac99_init(MachineState *machine, Error **errp)
{
    Mac99State *s = (Mac99State *)machine;
    MacBoardInfo info = {
        .machine_id = MAC_ID_CORE99,
        .rom_base = 0xfff00000,
        .rom_size = 1 * MiB,
        .rom_name = "ppc_core99.bios",
        .timebase_hz = 100000000,
        .cpu_hz = 900000000,
        .bus_hz = 100000000,
        .nvram_addr = MAC99_NVRAM,
    };
    PCIHostState *host;
    MacIOState *macio;
    bool use_usb;

    if (!mac99_parse_via(&s->parent_obj, &info.via_config, errp)
        || !mac_create_cpus_and_ram(machine, &info, errp) || !mac99_create_hosts(s, &host, errp)) {
        return false;
    }
    macio = mac99_create_macio(machine, host, info.via_config);
    use_usb = machine->usb != 0;
    return mac_realize_macio(&s->parent_obj, macio, &host->bus, errp)
        && (info.via_config == VIA_PMU || mac_create_adb(macio, errp))
        && (!use_usb || mac99_create_usb(&host->bus, info.via_config == VIA_PMU, errp))
        && mac_create_vga(machine, &host->bus, errp)
        && mac_create_nics(&host->bus, machine->mc->default_nic, -1, errp)
        && mac99_create_nvram(&s->parent_obj, errp)
        && mac_load(&s->parent_obj, &info, errp);
}

static const Property mac99_props[] = {
    { .name = "via", .kind = PROP_STRING, .offset = offsetof(MacMachineState, via),
      .desc = "cuda, pmu (input by USB) or pmu-adb" },
    { .name = "nvram", .kind = PROP_STRING, .offset = offsetof(MacMachineState, nvram),
      .desc = "file that keeps the NVRAM" },
    DEFINE_PROP_END
};

static const MachineClass mac99_machine = {
    .name = "mac99",
    .desc = "Mac99 based PowerMAC",
    .default_cpu_type = "7400_v2.9",
    .default_ram_size = 128 * MiB,
    .min_ram_size = 4 * MiB,
    .max_ram_size = 2048 * MiB,
    .max_cpus = 1,
    .default_display = "std",
    .default_nic = "sungem",
    .default_boot_order = "cd",
    .block_default_type = IF_IDE,
    .units_per_default_bus = 2,
    .instance_size = sizeof(Mac99State),
    .props = mac99_props,
    .init = mac99_init,
};
DEFINE_MACHINE(mac99_machine)
