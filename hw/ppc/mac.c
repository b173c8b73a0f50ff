/*
 * Parts that both Macintosh boards place: CPUs, RAM, what hangs on the I/O
 * chip, display and network cards.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "mac.h"
#include "block/block.h"
#include "hw/ide.h"
#include "hw/input/adb.h"
#include "net/net.h"
#include "sysemu/sysemu.h"
#include "target-ppc/cpu.h"

enum { MACIO_IDE_BUSES = 2, EXTRA_IDE_BUSES = 2, UNITS = 2 };

bool mac_create_cpus_and_ram(MachineState *machine, const MacBoardInfo *info, Error **errp)
{
    for (int i = 0; i < machine->smp_cpus; i++) {
        CPUState *cpu = cpu_create(machine->cpu_type, errp);

        if (!cpu) {
            return false;
        }
        cpu_ppc_tb_init(&POWERPC_CPU(cpu)->env, info->timebase_hz);
    }
    memory_region_add_subregion(get_system_memory(), 0, machine->ram);
    return true;
}

qemu_irq mac_cpu_input(int index, int n)
{
    return qdev_get_gpio_in(DEVICE(qemu_get_cpu(index)), n);
}

/* Drives of -hda.. beyond the I/O chip's two buses get a controller of their own. */
static bool create_extra_ide(PCIBus *bus, Error **errp)
{
    bool wanted = false;
    PCIDevice *ide;

    for (int i = 0; i < EXTRA_IDE_BUSES * UNITS; i++) {
        wanted |= drive_get(IF_IDE, MACIO_IDE_BUSES + i / UNITS, i % UNITS) != NULL;
    }
    if (!wanted) {
        return true;
    }
    ide = pci_new(-1, TYPE_CMD646_IDE);
    return pci_realize_and_unref(ide, bus, errp)
        && pci_ide_create_drives(DEVICE(ide), MACIO_IDE_BUSES, errp);
}

bool mac_realize_macio(MacMachineState *s, MacIOState *macio, PCIBus *bus, Error **errp)
{
    qdev_prop_set_chr(macio->escc, "chrA", serial_hd(0));
    qdev_prop_set_chr(macio->escc, "chrB", serial_hd(1));
    if (macio->nvram && s->nvram) {
        qdev_prop_set_string(macio->nvram, "file", s->nvram);
    }
    if (!pci_realize_and_unref(&macio->parent_obj, bus, errp)) {
        return false;
    }
    if (macio->nvram) {
        mac_nvram_format(MACIO_NVRAM(macio->nvram), s->parent_obj.prom_env);
    }
    for (int i = 0; i < MACIO_IDE_CHANNELS; i++) {
        if (!macio_ide_create_drives(macio->ide[i], i, errp)) {
            return false;
        }
    }
    return create_extra_ide(bus, errp);
}

bool mac_create_adb(MacIOState *macio, Error **errp)
{
    DeviceState *controller = macio->cuda ? macio->cuda : macio->pmu;
    BusState *bus = g_ptr_array_index(controller->child_buses, 0);

    return qdev_realize_and_unref(qdev_new(TYPE_ADB_KEYBOARD), bus, errp)
        && qdev_realize_and_unref(qdev_new(TYPE_ADB_MOUSE), bus, errp);
}

bool mac_create_vga(MachineState *machine, PCIBus *bus, Error **errp)
{
    const char *model = machine->vga_model ? machine->vga_model : "none";

    if (!strcmp(model, "none")) {
        return true;
    }
    if (strcmp(model, "std") || !type_by_name("VGA")) {
        error_setg(errp, "-vga %s: not available on this machine", model);
        return false;
    }
    return pci_realize_and_unref(pci_new(-1, "VGA"), bus, errp);
}

bool mac_create_nics(PCIBus *bus, const char *default_model, int first_devfn, Error **errp)
{
    for (int i = 0; i < nb_nics; i++) {
        if (!nd_table[i].used
            && !pci_nic_init(&nd_table[i], bus, default_model, i == 0 ? first_devfn : -1, errp)) {
            return false;
        }
    }
    return true;
}
