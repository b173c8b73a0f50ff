/*
 * The Teach board: RAM at 0 with the program of -kernel (a flat file), UART, timer, test finisher.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/boards.h"
#include "hw/char/serial.h"
#include "hw/loader.h"
#include "hw/misc/test-finisher.h"
#include "hw/timer/interval.h"
#include "sysemu/sysemu.h"
#include "target-teach/cpu.h"

#define UART_BASE     0x80000000
#define TIMER_BASE    0x80001000
#define FINISHER_BASE 0x80002000

static bool teach_init(MachineState *machine, Error **errp)
{
    CPUState *cpu = cpu_create(machine->cpu_type, errp);
    SysBusDevice *timer = SYS_BUS_DEVICE(qdev_new(TYPE_INTERVAL_TIMER));

    if (!cpu || !sysbus_realize_and_unref(timer, errp) || !serial_mm_create(UART_BASE, 0, NULL, serial_hd(0), errp)
        || !test_finisher_create(FINISHER_BASE, errp)) {
        return false;
    }
    sysbus_mmio_map(timer, 0, TIMER_BASE);
    sysbus_connect_irq(timer, 0, qdev_get_gpio_in(DEVICE(cpu), 0));
    memory_region_add_subregion(get_system_memory(), 0, machine->ram);
    if (machine->kernel_filename && load_image_targphys(machine->kernel_filename, 0, machine->ram_size, errp) < 0) {
        error_prepend(errp, "-kernel %s: ", machine->kernel_filename);
        return false;
    }
    return true;
}

static const MachineClass teach_machine = {
    .name = "teach",
    .desc = "Teach board",
    .default_cpu_type = "teach",
    .default_ram_size = 16 * MiB,
    .max_ram_size = 2048 * MiB,
    .max_cpus = 1,
    .is_default = true, .default_display = "none",
    .init = teach_init,
};
DEFINE_MACHINE(teach_machine)
