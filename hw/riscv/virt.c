/*
 * The "virt" board of RISC-V: CPUs with timers and software interrupts (CLINT), PLIC,
 * a UART and the test finisher, at the addresses of the board of that name that
 * bare-metal programs, OpenSBI and Linux are made for.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/char/serial.h"
#include "hw/intc/riscv-clint.h"
#include "hw/intc/sifive-plic.h"
#include "hw/misc/test-finisher.h"
#include "hw/riscv-cpu.h"
#include "sysemu/sysemu.h"
#include "virt.h"

static bool create_cpus(MachineState *machine, Error **errp)
{
    for (int i = 0; i < machine->smp_cpus; i++) {
        if (!cpu_create(machine->cpu_type, errp)) {
            return false;
        }
    }
    return true;
}

static qemu_irq cpu_input(int hart, int n)
{
    return qdev_get_gpio_in(DEVICE(qemu_get_cpu(hart)), n);
}

static bool create_clint(MachineState *machine, Error **errp)
{
    DeviceState *dev = qdev_new(TYPE_RISCV_CLINT);
    SysBusDevice *sbd = SYS_BUS_DEVICE(dev);

    qdev_prop_set_uint32(dev, "num-harts", machine->smp_cpus);
    qdev_prop_set_uint32(dev, "timebase-frequency", VIRT_TIMEBASE_HZ);
    if (!sysbus_realize_and_unref(sbd, errp)) {
        return false;
    }
    sysbus_mmio_map(sbd, 0, VIRT_CLINT);
    for (int i = 0; i < machine->smp_cpus; i++) {
        sysbus_connect_irq(sbd, 2 * i, cpu_input(i, RISCV_IRQ_MSI));
        sysbus_connect_irq(sbd, 2 * i + 1, cpu_input(i, RISCV_IRQ_MTI));
        riscv_cpu_set_board(qemu_get_cpu(i), i, riscv_clint_time, sbd);
    }
    return true;
}

/* Two contexts for each hart: machine mode, then supervisor mode. */
static DeviceState *create_plic(MachineState *machine, Error **errp)
{
    DeviceState *dev = qdev_new(TYPE_SIFIVE_PLIC);
    SysBusDevice *sbd = SYS_BUS_DEVICE(dev);

    qdev_prop_set_uint32(dev, "num-sources", VIRT_IRQ_SOURCES);
    qdev_prop_set_uint32(dev, "num-contexts", 2 * machine->smp_cpus);
    if (!sysbus_realize_and_unref(sbd, errp)) {
        return NULL;
    }
    sysbus_mmio_map(sbd, 0, VIRT_PLIC);
    for (int i = 0; i < machine->smp_cpus; i++) {
        sysbus_connect_irq(sbd, 2 * i, cpu_input(i, RISCV_IRQ_MEI));
        sysbus_connect_irq(sbd, 2 * i + 1, cpu_input(i, RISCV_IRQ_SEI));
    }
    return dev;
}

static bool virt_init(MachineState *machine, Error **errp)
{
    VirtMachineState *s = (VirtMachineState *)machine;
    DeviceState *plic;

    if (!create_cpus(machine, errp) || !create_clint(machine, errp) || !(plic = create_plic(machine, errp))) {
        return false;
    }
    memory_region_add_subregion(get_system_memory(), VIRT_RAM, machine->ram);
    return serial_mm_create(VIRT_UART, VIRT_UART_HZ, qdev_get_gpio_in(plic, VIRT_UART_IRQ), serial_hd(0), errp)
        && test_finisher_create(VIRT_FINISHER, errp)
        && virt_load(s, errp);
}

static const MachineClass virt_machine = {
    .name = "virt",
    .desc = "RISC-V VirtIO board without VirtIO",
    .default_cpu_type = "rv32",
    .default_ram_size = 128 * MiB,
    .min_ram_size = 8 * MiB,
    .max_ram_size = 2048 * MiB,
    .max_cpus = VIRT_MAX_CPUS,
    .is_default = true,
    .default_display = "none",
    .instance_size = sizeof(VirtMachineState),
    .init = virt_init,
};
DEFINE_MACHINE(virt_machine)
