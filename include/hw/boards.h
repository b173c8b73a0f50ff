/*
 * Machines: what -M chooses.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_BOARDS_H
#define HW_BOARDS_H

#include "hw/qdev.h"
#include "exec/memory.h"

typedef struct MachineState MachineState;

typedef struct MachineClass {
    const char *name;
    const char *alias;              /* may be NULL */
    const char *desc;
    const char *default_cpu_type;   /* model name as -cpu takes it */
    uint64_t default_ram_size;      /* bytes */
    uint64_t min_ram_size;          /* bytes: what the firmware needs */
    uint64_t max_ram_size;          /* bytes, 0: no limit of the board's own */
    int max_cpus;
    bool is_default;
    bool is_empty;                  /* no memory and no default devices */
    bool has_acpi;                  /* power management by ACPI: sleep and wake-up */
    const char *default_display;    /* -vga default: "std", "none" */
    const char *default_nic;        /* model of -nic / -net nic without model */
    const char *default_boot_order; /* "cd" */
    int block_default_type;         /* BlockInterfaceType of -drive without if= */
    int units_per_default_bus;      /* IDE: 2 */
    size_t instance_size;           /* of the board's MachineState, 0: plain */
    const Property *props;          /* -M board,prop=value */
    /* Build the board. False: error set, vl.c ends the process. */
    bool (*init)(MachineState *machine, Error **errp);
    /* Called by system reset after all devices; may be NULL. */
    void (*reset)(MachineState *machine);
} MachineClass;

/* -smp: how the guest's CPUs are packaged. sockets * cores * threads == max_cpus. */
typedef struct CPUTopology {
    int sockets, cores, threads, max_cpus;
} CPUTopology;

/* -boot; strings are interned. */
typedef struct BootOptions {
    const char *order, *once;   /* NULL: not given */
    bool menu, strict;
    int splash_time_ms;         /* how long the menu waits, -1: not given */
    int reboot_timeout_ms;      /* until the next try when nothing boots, -1: never */
} BootOptions;

struct MachineState {
    Object parent_obj;              /* root "/machine" of the object tree */
    const MachineClass *mc;
    uint64_t ram_size;
    int smp_cpus;                   /* that there are from the start */
    CPUTopology topology;
    const char *cpu_type;           /* -cpu text with features, or default */
    const char *memory_backend;     /* id of the object that says what its memory is like, or NULL */
    const char *firmware;           /* -bios */
    const char *kernel_filename, *initrd_filename, *kernel_cmdline;
    const char *boot_order;         /* of the first start: -boot once= */
    BootOptions boot;               /* order: of later starts, never NULL after defaults */
    GPtrArray *prom_env;            /* of char * "name=value" */
    int graphic_width, graphic_height, graphic_depth;   /* -g, 0: board default */
    const char *vga_model;          /* "std", "none", ... after defaults */
    bool nographic;                 /* -nographic: firmware talks to the serial line */
    int usb;                        /* -usb, -machine usb=: 1 on, 0 off, -1 the board decides */
    MemoryRegion *ram;              /* allocated before init, not mapped */
    bool merge_ram;                 /* mem-merge=on: the host looks for equal pages */
    bool hide_ram;                  /* dump-guest-core=off: not in core dumps of the process */
};

extern MachineState *current_machine;

void machine_register(const MachineClass *mc);
#define DEFINE_MACHINE(mc) \
    static void QEMU_CONSTRUCTOR mc##_register(void) { machine_register(&mc); }
const MachineClass *machine_find(const char *name);     /* name or alias; NULL: default */
void machine_print_list(FILE *f);
/* In the order of their names. */
void machine_foreach(void (*fn)(const MachineClass *mc, void *opaque), void *opaque);
#define MACHINE_RAM_ID "machine.ram"    /* what a memory backend may be called that is the machine's memory */
/* vl.c: make the one machine (current_machine), before its options are set. */
MachineState *machine_new(const MachineClass *mc);

#endif
