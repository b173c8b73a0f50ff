/*
 * What the two Macintosh boards share: machine state, firmware and kernel
 * loading, the items that OpenBIOS reads.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_PPC_MAC_H
#define HW_PPC_MAC_H

#include "hw/boards.h"
#include "hw/misc/macio/macio.h"
#include "hw/nvram/fw_cfg.h"
#include "hw/nvram/mac_nvram.h"

typedef struct MacMachineState {
    MachineState parent_obj;
    char *nvram;                    /* property: file that keeps the NVRAM */
    char *via;                      /* property of mac99 */
    MemoryRegion rom;
} MacMachineState;

/* Values of item FW_CFG_MACHINE_ID. */
enum { MAC_ID_CORE99 = 1, MAC_ID_HEATHROW = 2 };

typedef struct MacBoardInfo {
    uint16_t machine_id;
    uint64_t rom_base, rom_size;
    const char *rom_name;
    uint32_t timebase_hz, cpu_hz, bus_hz;
    uint32_t nvram_addr;            /* 0: inside the I/O chip */
    uint8_t via_config;
} MacBoardInfo;

/* CPUs with their time base, and RAM at 0. */
bool mac_create_cpus_and_ram(MachineState *machine, const MacBoardInfo *info, Error **errp);
/* Input n (PPC_INPUT_x) of CPU `index`. */
qemu_irq mac_cpu_input(int index, int n);
/* Load firmware, kernel and initrd; fill fw_cfg. */
bool mac_load(MacMachineState *s, const MacBoardInfo *info, Error **errp);
/* Serial ports and NVRAM file of the chip; realize it; drives, keyboard, NICs, VGA. */
bool mac_realize_macio(MacMachineState *s, MacIOState *macio, PCIBus *bus, Error **errp);
bool mac_create_adb(MacIOState *macio, Error **errp);
bool mac_create_vga(MachineState *machine, PCIBus *bus, Error **errp);
bool mac_create_nics(PCIBus *bus, const char *default_model, int first_devfn, Error **errp);

#endif
