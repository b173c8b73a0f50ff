/*
 * The device tree of the virt board (Devicetree Specification 0.3; bindings of Linux).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/intc/riscv-clint.h"
#include "hw/intc/sifive-plic.h"
#include "hw/riscv-cpu.h"
#include "virt.h"
#include <libfdt.h>

enum { FDT_BYTES = 0x10000, PHANDLE_PLIC = 1, PHANDLE_FINISHER = 2, PHANDLE_CPU_INTC = 16 };
enum { POWEROFF_VALUE = 0x5555, REBOOT_VALUE = 0x7777 };

/* The tree fits into FDT_BYTES whatever the options: its size depends on the CPUs and -append alone. */
static void check(int result) { assert(result >= 0); }
static void begin(void *fdt, const char *name) { check(fdt_begin_node(fdt, name)); }
static void end(void *fdt) { check(fdt_end_node(fdt)); }
static void u32(void *fdt, const char *name, uint32_t value) { check(fdt_property_u32(fdt, name, value)); }
static void string(void *fdt, const char *name, const char *value) { check(fdt_property_string(fdt, name, value)); }
static void flag(void *fdt, const char *name) { check(fdt_property(fdt, name, NULL, 0)); }

static void cells(void *fdt, const char *name, const uint32_t *values, size_t count)
{
    g_autofree fdt32_t *big = g_new(fdt32_t, count);

    for (size_t i = 0; i < count; i++) {
        big[i] = cpu_to_fdt32(values[i]);
    }
    check(fdt_property(fdt, name, big, count * sizeof(*big)));
}

/* Two cells for each address and size. */
static void reg(void *fdt, uint64_t addr, uint64_t size)
{
    cells(fdt, "reg", (uint32_t[]) { addr >> 32, addr, size >> 32, size }, 4);
}

static void add_cpus(void *fdt, const MachineState *machine)
{
    bool mmu = !g_str_has_prefix(machine->cpu_type, "sifive-e31");

    begin(fdt, "cpus");
    u32(fdt, "#address-cells", 1);
    u32(fdt, "#size-cells", 0);
    u32(fdt, "timebase-frequency", VIRT_TIMEBASE_HZ);
    for (int i = 0; i < machine->smp_cpus; i++) {
        g_autofree char *name = g_strdup_printf("cpu@%d", i);

        begin(fdt, name);
        string(fdt, "device_type", "cpu");
        u32(fdt, "reg", i);
        string(fdt, "status", "okay");
        string(fdt, "compatible", "riscv");
        string(fdt, "riscv,isa", "rv32imac_zicsr_zifencei");
        if (mmu) {
            string(fdt, "mmu-type", "riscv,sv32");
        }
        begin(fdt, "interrupt-controller");
        u32(fdt, "#interrupt-cells", 1);
        flag(fdt, "interrupt-controller");
        string(fdt, "compatible", "riscv,cpu-intc");
        u32(fdt, "phandle", PHANDLE_CPU_INTC + i);
        end(fdt);
        end(fdt);
    }
    end(fdt);
}

/* "interrupts-extended" of a device with two wires to each hart. */
static void wires(void *fdt, int harts, uint32_t first, uint32_t second)
{
    uint32_t values[4 * VIRT_MAX_CPUS];

    for (int i = 0; i < harts; i++) {
        values[4 * i] = values[4 * i + 2] = PHANDLE_CPU_INTC + i;
        values[4 * i + 1] = first;
        values[4 * i + 3] = second;
    }
    cells(fdt, "interrupts-extended", values, 4 * harts);
}

static void add_interrupt_controllers(void *fdt, const MachineState *machine)
{
    static const char clint_compatible[] = "sifive,clint0\0riscv,clint0";
    static const char plic_compatible[] = "sifive,plic-1.0.0\0riscv,plic0";

    begin(fdt, "clint@2000000");
    check(fdt_property(fdt, "compatible", clint_compatible, sizeof(clint_compatible)));
    reg(fdt, VIRT_CLINT, CLINT_REGION_BYTES);
    wires(fdt, machine->smp_cpus, RISCV_IRQ_MSI, RISCV_IRQ_MTI);
    end(fdt);
    begin(fdt, "plic@c000000");
    check(fdt_property(fdt, "compatible", plic_compatible, sizeof(plic_compatible)));
    u32(fdt, "phandle", PHANDLE_PLIC);
    u32(fdt, "#address-cells", 0);
    u32(fdt, "#interrupt-cells", 1);
    flag(fdt, "interrupt-controller");
    u32(fdt, "riscv,ndev", VIRT_IRQ_SOURCES);
    reg(fdt, VIRT_PLIC, PLIC_REGION_BYTES);
    wires(fdt, machine->smp_cpus, RISCV_IRQ_MEI, RISCV_IRQ_SEI);
    end(fdt);
}

static void add_devices(void *fdt, const MachineState *machine)
{
    static const char finisher_compatible[] = "sifive,test1\0sifive,test0\0syscon";

    begin(fdt, "soc");
    u32(fdt, "#address-cells", 2);
    u32(fdt, "#size-cells", 2);
    string(fdt, "compatible", "simple-bus");
    flag(fdt, "ranges");
    add_interrupt_controllers(fdt, machine);
    begin(fdt, "serial@10000000");
    string(fdt, "compatible", "ns16550a");
    reg(fdt, VIRT_UART, 0x100);
    u32(fdt, "clock-frequency", VIRT_UART_HZ);
    u32(fdt, "interrupt-parent", PHANDLE_PLIC);
    u32(fdt, "interrupts", VIRT_UART_IRQ);
    end(fdt);
    begin(fdt, "test@100000");
    check(fdt_property(fdt, "compatible", finisher_compatible, sizeof(finisher_compatible)));
    u32(fdt, "phandle", PHANDLE_FINISHER);
    reg(fdt, VIRT_FINISHER, 0x1000);
    end(fdt);
    end(fdt);
}

static void add_syscon(void *fdt, const char *name, const char *compatible, uint32_t value)
{
    begin(fdt, name);
    string(fdt, "compatible", compatible);
    u32(fdt, "regmap", PHANDLE_FINISHER);
    u32(fdt, "offset", 0);
    u32(fdt, "value", value);
    end(fdt);
}

static void add_chosen(void *fdt, const VirtMachineState *s)
{
    begin(fdt, "chosen");
    string(fdt, "stdout-path", "/soc/serial@10000000");
    if (s->parent_obj.kernel_cmdline) {
        string(fdt, "bootargs", s->parent_obj.kernel_cmdline);
    }
    if (s->initrd_end > s->initrd_start) {
        u32(fdt, "linux,initrd-start", s->initrd_start);
        u32(fdt, "linux,initrd-end", s->initrd_end);
    }
    end(fdt);
}

void *virt_create_fdt(const VirtMachineState *s, int *size)
{
    const MachineState *machine = &s->parent_obj;
    int bytes = FDT_BYTES + (machine->kernel_cmdline ? strlen(machine->kernel_cmdline) : 0);
    void *fdt = g_malloc0(bytes);

    check(fdt_create(fdt, bytes));
    check(fdt_finish_reservemap(fdt));
    begin(fdt, "");
    u32(fdt, "#address-cells", 2);
    u32(fdt, "#size-cells", 2);
    string(fdt, "compatible", "riscv-virtio");
    string(fdt, "model", "riscv-virtio,qemu");
    add_chosen(fdt, s);
    begin(fdt, "memory@80000000");
    string(fdt, "device_type", "memory");
    reg(fdt, VIRT_RAM, machine->ram_size);
    end(fdt);
    add_cpus(fdt, machine);
    add_devices(fdt, machine);
    add_syscon(fdt, "poweroff", "syscon-poweroff", POWEROFF_VALUE);
    add_syscon(fdt, "reboot", "syscon-reboot", REBOOT_VALUE);
    end(fdt);
    check(fdt_finish(fdt));
    *size = fdt_totalsize(fdt);
    return fdt;
}
