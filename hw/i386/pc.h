/*
 * The PC boards: what pc.c builds and the other files of hw/i386 describe to
 * the guest.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_I386_PC_H
#define HW_I386_PC_H

#include "hw/acpi/aml.h"
#include "hw/boards.h"
#include "hw/intc/apic.h"
#include "hw/isa.h"
#include "hw/nvram/fw_cfg.h"
#include "hw/pci.h"
#include "target-i386/cpu.h"

enum { PC_GSIS = 24, PC_MAX_CPUS = 255 };
enum { PC_IRQ_TIMER = 0, PC_IRQ_RTC = 8, PC_IRQ_SCI = 9 };
#define PC_MEMORY_ABOVE  UINT64_C(0x100000000)
/* The firmware's tables end low memory; nothing is loaded there. */
enum { PC_TABLES_BYTES = 0x28000 };

typedef struct PCMachineState {
    MachineState parent_obj;

    /* properties */
    bool hpet_enabled, acpi_enabled, smm_enabled;
    char *vmport;               /* on, off, auto */
    char *speaker_audiodev;     /* NULL: the speaker is silent */

    /* memory */
    uint64_t below_4g, above_4g;        /* bytes of RAM */
    MemoryRegion ram_below, ram_above, bios, isa_bios, option_roms;

    /* what other parts refer to */
    APICBus apic_bus;
    bool has_apic;
    qemu_irq gsi[PC_GSIS];
    qemu_irq pic_inputs[ISA_NUM_IRQS];
    DeviceState *pic, *ioapic, *pit, *rtc, *hpet;
    ISABus *isa;
    PCIBus *pci;                /* NULL: isapc */
    PCIDevice *pm;              /* NULL: isapc, or ACPI is off */
    DeviceState *host;
    ISADevice *floppy;
    FWCfgState *fw_cfg;
    bool started;               /* the machine has been reset once, to start */
    const char *isa_vga_rom;    /* BIOS of a display card on the ISA bus, or NULL */
    /* Without those of devices with a bootindex, which are found when the machine starts. */
    GPtrArray *boot_paths;      /* of char *: lines of "bootorder", first to try first */
} PCMachineState;

/* pc-fw.c: BIOS image, CMOS, firmware configuration; run once the devices are there. */
bool pc_load_bios(PCMachineState *s, const char *default_name, Error **errp);
bool pc_init_firmware_config(PCMachineState *s, Error **errp);
/* At each reset: tables that follow from devices made later. */
void pc_update_firmware_config(PCMachineState *s);

/* pc-load.c: -kernel, option ROMs that no PCI card has */
bool pc_load_kernel(PCMachineState *s, Error **errp);
/* The text of -append, "" without one. */
const char *pc_kernel_cmdline(const PCMachineState *s);
/* A file that an option names: g_free; NULL with the error set. */
uint8_t *pc_read_file(const char *option, const char *path, size_t *size, Error **errp);
/* What an option ROM copies to the address before it starts the kernel. */
void pc_set_kernel_data(PCMachineState *s, uint32_t address, const uint8_t *data, size_t size);
/*
 * -initrd as high as limit and the end of memory allow, and not below floor; the option ROM
 * copies it. address and size are 0 without an -initrd.
 */
bool pc_place_initrd(PCMachineState *s, uint64_t limit, uint64_t floor, uint32_t *address, uint32_t *size,
                     Error **errp);
/* ROM file in the firmware path as "FOLDER/NAME" for the firmware: "vgaroms", "genroms". */
bool pc_add_rom(PCMachineState *s, const char *option, const char *folder, const char *name, Error **errp);
/* Option ROM file in the firmware path as "genroms/NAME", to be booted first. */
bool pc_add_boot_rom(PCMachineState *s, const char *name, Error **errp);

/* multiboot.c: offset of the header in the file, -1: there is none. */
int multiboot_find_header(const uint8_t *image, size_t size);
bool pc_load_multiboot(PCMachineState *s, const uint8_t *image, size_t size, Error **errp);
/* pvh.c */
bool pc_load_pvh(PCMachineState *s, const uint8_t *image, size_t size, Error **errp);

/* acpi-build.c, smbios.c: files of the firmware configuration */
void pc_build_acpi(PCMachineState *s);
/* acpi-pci.c: PCI hot plug, as children of PCI0 and of the general purpose events' scope. */
void pc_add_pci_hotplug(PCMachineState *s, Aml *pci, Aml *gpe);
void pc_build_smbios(PCMachineState *s);

/* pc-bootorder.c: the lines of "bootorder" for devices with a bootindex, each with a newline. */
void pc_append_bootindexes(GString *order);

#endif
