/*
 * Monitor: `info ...`. The subsystems format their own state; this file only
 * connects them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "monitor/monitor-int.h"
#include "block/block.h"
#include "chardev/char.h"
#include "exec/exec-all.h"
#include "hw/boards.h"
#include "hw/intc/intc.h"
#include "hw/loader.h"
#include "hw/pci.h"
#include "hw/usb.h"
#include "net/net.h"
#include "sysemu/sysemu.h"
#include "ui/console.h"

/* --- CPUs ----------------------------------------------------------------- */

typedef struct DumpJob {
    CPUState *cpu;
    void (*dump)(CPUState *cpu, FILE *f, void *opaque);
    void *opaque;
    FILE *f;
} DumpJob;

static void dump_on_cpu(CPUState *cpu, void *data)
{
    DumpJob *job = data;

    job->dump(cpu, job->f, job->opaque);
}

/* State of a CPU is whole only on its own thread, outside generated code. */
static void fill_from_cpu(FILE *f, void *opaque)
{
    DumpJob *job = opaque;

    job->f = f;
    run_on_cpu(job->cpu, dump_on_cpu, job);
}

static void print_from_cpu(Monitor *mon, CPUState *cpu, void (*dump)(CPUState *cpu, FILE *f, void *opaque),
                           void *opaque)
{
    DumpJob job = { .cpu = cpu, .dump = dump, .opaque = opaque };

    monitor_print_stream(mon, fill_from_cpu, &job);
}

void monitor_print_cpu(Monitor *mon, void (*print)(CPUState *cpu, FILE *f, void *opaque), void *opaque)
{
    CPUState *cpu = monitor_cpu(mon);

    if (!cpu) {
        error_report("No CPU available");
        return;
    }
    print_from_cpu(mon, cpu, print, opaque);
}

bool monitor_address(Monitor *mon, const char *args, uint64_t *addr)
{
    Error *err = NULL;

    if (!monitor_expr(mon, &args, false, addr, &err)) {
        error_report_err(err);
        return false;
    }
    return monitor_args_done(args);
}

static void dump_registers(CPUState *cpu, FILE *f, void *opaque)
{
    cpu->cc->dump_state(cpu, f, DUMP_FPU | DUMP_VPU);
}

static void info_registers(Monitor *mon, const char *args)
{
    CPUState *only = monitor_cpu(mon);
    bool all = strcmp(args, "-a") == 0;

    if (!only) {
        error_report("No CPU available");
        return;
    }
    CPU_FOREACH(cpu) {
        if (all || cpu == only) {
            if (all) {
                monitor_printf(mon, "\nCPU#%d\n", cpu->cpu_index);
            }
            print_from_cpu(mon, cpu, dump_registers, NULL);
        }
    }
}

static void info_cpus(Monitor *mon, const char *args)
{
    CPUState *current = monitor_cpu(mon);

    CPU_FOREACH(cpu) {
        monitor_printf(mon, "%c CPU #%d: thread_id=%d%s\n", cpu == current ? '*' : ' ',
                       cpu->cpu_index, cpu->thread_id, cpu->halted ? " (halted)" : "");
    }
}

static void dump_tlb(CPUState *cpu, FILE *f, void *opaque)
{
    cpu->cc->dump_mmu(cpu, f);
}

static void info_tlb(Monitor *mon, const char *args)
{
    CPUState *cpu = monitor_cpu(mon);

    if (!cpu || !cpu->cc->dump_mmu) {
        error_report("info tlb: not available for this CPU");
        return;
    }
    print_from_cpu(mon, cpu, dump_tlb, NULL);
}

static void dump_walk(CPUState *cpu, FILE *f, void *opaque)
{
    vaddr addr = *(uint64_t *)opaque;
    hwaddr page = cpu->cc->get_phys_page_debug(cpu, addr);

    if (cpu->cc->dump_walk) {
        cpu->cc->dump_walk(cpu, addr, f);
    }
    if (page == (hwaddr)-1) {
        fprintf(f, "    no translation\n");
    } else {
        fprintf(f, "    physical address %09" PRIx64 "\n", page | (addr & ~TARGET_PAGE_MASK));
    }
}

static void info_walk(Monitor *mon, const char *args)
{
    uint64_t addr;

    if (monitor_address(mon, args, &addr)) {
        monitor_print_cpu(mon, dump_walk, &addr);
    }
}

/* Walks the whole 32-bit address space and prints runs of pages that follow each other. */
static void dump_mem(CPUState *cpu, FILE *f, void *opaque)
{
    uint64_t start = 0, page = 0x1000;
    hwaddr start_phys = (hwaddr)-1;

    for (uint64_t addr = 0; addr <= UINT64_C(0x100000000); addr += page) {
        hwaddr phys = addr >> 32 ? (hwaddr)-1 : cpu->cc->get_phys_page_debug(cpu, addr);

        if (start_phys != (hwaddr)-1 && phys != start_phys + (addr - start)) {
            fprintf(f, "%08" PRIx64 "-%08" PRIx64 " %09" PRIx64 " -> %09" PRIx64 "\n", start,
                    addr - 1, addr - start, start_phys);
            start_phys = (hwaddr)-1;
        }
        if (start_phys == (hwaddr)-1 && phys != (hwaddr)-1) {
            start = addr;
            start_phys = phys;
        }
    }
}

static void info_mem(Monitor *mon, const char *args)
{
    CPUState *cpu = monitor_cpu(mon);

    if (!cpu || !cpu->cc->get_phys_page_debug || cpu->cc->vaddr_bits != 32) {
        error_report("info mem: not available for this CPU");
        return;
    }
    print_from_cpu(mon, cpu, dump_mem, NULL);
}

static void fill_jit(FILE *f, void *opaque)
{
    dump_exec_info(f);
}

static void info_jit(Monitor *mon, const char *args)
{
    monitor_print_stream(mon, fill_jit, NULL);
}

static void fill_opcount(FILE *f, void *opaque)
{
    dump_opcount_info(f);
}

static void info_opcount(Monitor *mon, const char *args)
{
    monitor_print_stream(mon, fill_opcount, NULL);
}

/* --- the machine ---------------------------------------------------------- */

static void info_mtree(Monitor *mon, const char *args)
{
    mtree_info(monitor_print_cb, mon);
}

static void info_qtree(Monitor *mon, const char *args)
{
    qtree_info(monitor_print_cb, mon);
}

static void print_object(Monitor *mon, const Object *obj, int depth)
{
    monitor_printf(mon, "%*s/%s (%s)\n", depth * 2, "", obj->id ? obj->id : "",
                   obj->type ? obj->type->name : "");
    for (guint i = 0; obj->children && i < obj->children->len; i++) {
        print_object(mon, g_ptr_array_index(obj->children, i), depth + 1);
    }
}

static void info_qom_tree(Monitor *mon, const char *args)
{
    if (current_machine) {
        print_object(mon, OBJECT(current_machine), 0);
    }
}

static void info_pci(Monitor *mon, const char *args)
{
    pci_info(monitor_print_cb, mon);
}

static void info_usb(Monitor *mon, const char *args)
{
    usb_info(monitor_print_cb, mon);
}

static void info_network(Monitor *mon, const char *args)
{
    net_info(monitor_print_cb, mon);
}

static void info_block(Monitor *mon, const char *args)
{
    block_info(monitor_print_cb, mon);
}

static void info_chardev(Monitor *mon, const char *args)
{
    chardev_info(monitor_print_cb, mon);
}

static void info_mice(Monitor *mon, const char *args)
{
    qemu_input_info(monitor_print_cb, mon);
}

static void info_status(Monitor *mon, const char *args)
{
    RunState state = runstate_get();

    monitor_printf(mon, "VM status: %s", runstate_is_running() ? "running" : "paused");
    if (state != RUN_STATE_RUNNING && state != RUN_STATE_PAUSED) {
        monitor_printf(mon, " (%s)", runstate_name(state));
    }
    monitor_printf(mon, "\n");
}

static void info_version(Monitor *mon, const char *args)
{
    monitor_printf(mon, "%s\n", QEMU_VERSION_TEXT);
}

static void info_name(Monitor *mon, const char *args)
{
    if (qemu_name) {
        monitor_printf(mon, "%s\n", qemu_name);
    }
}

static void info_uuid(Monitor *mon, const char *args)
{
    for (size_t i = 0; i < sizeof(qemu_uuid); i++) {
        monitor_printf(mon, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "",
                       qemu_uuid[i]);
    }
    monitor_printf(mon, "\n");
}

static void info_irq(Monitor *mon, const char *args)
{
    intc_info_counts(monitor_print_cb, mon);
}

static void info_pic(Monitor *mon, const char *args)
{
    intc_info(NULL, monitor_print_cb, mon);
}

static void info_intc_kind(Monitor *mon, const char *kind)
{
    if (!intc_info(kind, monitor_print_cb, mon)) {
        error_report("info %s: this machine has none", kind);
    }
}

static void info_lapic(Monitor *mon, const char *args) { info_intc_kind(mon, "lapic"); }
static void info_ioapic(Monitor *mon, const char *args) { info_intc_kind(mon, "ioapic"); }
static void info_heathrow(Monitor *mon, const char *args) { info_intc_kind(mon, "heathrow"); }
static void info_openpic(Monitor *mon, const char *args) { info_intc_kind(mon, "openpic"); }

static void info_roms(Monitor *mon, const char *args)
{
    rom_info(monitor_print_cb, mon);
}

static void info_history(Monitor *mon, const char *args)
{
    const char *line;

    for (unsigned i = 0; (line = monitor_history(mon, i)); i++) {
        monitor_printf(mon, "%u: '%s'\n", i, line);
    }
}

/* --- table ---------------------------------------------------------------- */

static const HMPCommand info_commands[] = {
    { "info registers", NULL, "[-a]", "show the CPU registers (-a: of all CPUs)",
      info_registers },
    { "info cpus", NULL, "", "show the CPUs", info_cpus },
    { "info mem", NULL, "", "show the active virtual memory mappings", info_mem },
    { "info tlb", NULL, "", "show address translation state", info_tlb },
    { "info walk", NULL, "address", "show how a virtual address is translated", info_walk },
    { "info jit", NULL, "", "show translator statistics", info_jit },
    { "info opcount", NULL, "", "show counts of intermediate operations", info_opcount },
    { "info mtree", NULL, "", "show the memory tree", info_mtree },
    { "info qtree", NULL, "", "show the device tree", info_qtree },
    { "info qom-tree", NULL, "", "show the tree of objects", info_qom_tree },
    { "info pci", NULL, "", "show PCI devices", info_pci },
    { "info usb", NULL, "", "show USB devices", info_usb },
    { "info network", NULL, "", "show network cards and backends", info_network },
    { "info block", NULL, "", "show block devices", info_block },
    { "info chardev", NULL, "", "show character devices", info_chardev },
    { "info mice", NULL, "", "show which pointer gets events", info_mice },
    { "info status", NULL, "", "show whether the machine runs", info_status },
    { "info version", NULL, "", "show the version", info_version },
    { "info name", NULL, "", "show the name of the guest", info_name },
    { "info uuid", NULL, "", "show the identity of the guest", info_uuid },
    { "info irq", NULL, "", "show counts of interrupts", info_irq },
    { "info pic", NULL, "", "show the state of the interrupt controllers", info_pic },
    { "info lapic", NULL, "", "show the local APICs", info_lapic },
    { "info ioapic", NULL, "", "show the I/O APIC and its redirection table", info_ioapic },
    { "info heathrow", NULL, "", "show the Heathrow interrupt controller", info_heathrow },
    { "info openpic", NULL, "", "show the OpenPIC and its sources", info_openpic },
    { "info roms", NULL, "", "show what is loaded at each reset", info_roms },
    { "info history", NULL, "", "show the command line history", info_history },
};

static void QEMU_CONSTRUCTOR register_info_commands(void)
{
    for (size_t i = 0; i < ARRAY_SIZE(info_commands); i++) {
        hmp_register(&info_commands[i]);
    }
}
