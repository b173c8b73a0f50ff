/*
 * Power Macintosh G3 (beige), an Old World machine: Grackle host bridge,
 * Heathrow I/O chip, PowerPC 750.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "mac.h"
#include "block/block.h"
#include "hw/pci-host.h"
#include "target-ppc/cpu.h"

enum { HEATHROW_FIRST_PCI_IRQ = 0x15, MACIO_SLOT = 0x10 };
#define GRACKLE_CONFIG   0xfec00000
#define GRACKLE_DATA     0xfee00000
#define GRACKLE_IO       0xfe000000
#define GRACKLE_ISA_MEM  0xfd000000     /* PCI memory from 0 */
#define GRACKLE_ISA_SIZE 0x01000000
#define GRACKLE_MEM      0x80000000     /* PCI memory at the same address */

static const MacBoardInfo g3beige_info = {
    .machine_id = MAC_ID_HEATHROW,
    .rom_base = 0xffc00000,
    .rom_size = 4 * MiB,
    .rom_name = "ppc_heathrow.bios",
    .timebase_hz = 16600000,
    .cpu_hz = 266000000,
    .bus_hz = 66000000,
};

typedef struct G3BeigeState {
    MacMachineState parent_obj;
    MemoryRegion pci_hole, isa_hole;
} G3BeigeState;

static bool g3beige_create_host(G3BeigeState *s, PCIHostState **phost, Error **errp)
{
    SysBusDevice *sbd = SYS_BUS_DEVICE(qdev_new(TYPE_GRACKLE_PCIHOST));
    MemoryRegion *mem;

    if (!sysbus_realize_and_unref(sbd, errp)) {
        return false;
    }
    mem = sysbus_mmio_get_region(sbd, 2);
    sysbus_mmio_map(sbd, 0, GRACKLE_CONFIG);
    sysbus_mmio_map(sbd, 1, GRACKLE_DATA);
    sysbus_mmio_map(sbd, 3, GRACKLE_IO);
    memory_region_init_alias(&s->pci_hole, OBJECT(s), "pci-hole", mem, GRACKLE_MEM,
                             GRACKLE_ISA_MEM - GRACKLE_MEM);
    memory_region_init_alias(&s->isa_hole, OBJECT(s), "pci-isa-hole", mem, 0, GRACKLE_ISA_SIZE);
    memory_region_add_subregion(get_system_memory(), GRACKLE_MEM, &s->pci_hole);
    memory_region_add_subregion(get_system_memory(), GRACKLE_ISA_MEM, &s->isa_hole);
    *phost = PCI_HOST(sbd);
    return true;
}

static bool g3beige_init(MachineState *machine, Error **errp)
{
    G3BeigeState *s = (G3BeigeState *)machine;
    PCIHostState *host;
    MacIOState *macio;

    if (!mac_create_cpus_and_ram(machine, &g3beige_info, errp) || !g3beige_create_host(s, &host, errp)) {
        return false;
    }
    macio = MACIO(pci_new(PCI_DEVFN(MACIO_SLOT, 0), TYPE_MACIO_OLDWORLD));
    qdev_connect_gpio_out(macio->pic, 0, mac_cpu_input(0, PPC_INPUT_INT));
    for (int i = 0; i < PCI_HOST_IRQS; i++) {
        qdev_connect_gpio_out(DEVICE(host), i, qdev_get_gpio_in(macio->pic, HEATHROW_FIRST_PCI_IRQ + i));
    }
    return mac_create_vga(machine, &host->bus, errp)
        && mac_create_nics(&host->bus, machine->mc->default_nic, -1, errp)
        && mac_realize_macio(&s->parent_obj, macio, &host->bus, errp)
        && mac_create_adb(macio, errp)
        && mac_load(&s->parent_obj, &g3beige_info, errp);
}

static const Property g3beige_props[] = {
    { .name = "nvram", .kind = PROP_STRING, .offset = offsetof(MacMachineState, nvram),
      .desc = "file that keeps the NVRAM" },
    DEFINE_PROP_END
};

static const MachineClass g3beige_machine = {
    .name = "g3beige",
    .desc = "Heathrow based PowerMAC",
    .default_cpu_type = "750",
    .default_ram_size = 128 * MiB,
    .min_ram_size = 4 * MiB,
    .max_ram_size = 2047 * MiB,
    .max_cpus = 1,
    .is_default = true,
    .default_display = "std",
    .default_nic = "ne2k_pci",
    .default_boot_order = "cd",
    .block_default_type = IF_IDE,
    .units_per_default_bus = 2,
    .instance_size = sizeof(G3BeigeState),
    .props = g3beige_props,
    .init = g3beige_init,
};
DEFINE_MACHINE(g3beige_machine)
