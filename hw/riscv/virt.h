/*
 * What the parts of the virt board share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_RISCV_VIRT_H
#define HW_RISCV_VIRT_H

#include "hw/boards.h"

enum { VIRT_MAX_CPUS = 8, VIRT_UART_IRQ = 10, VIRT_IRQ_SOURCES = 96 };
#define VIRT_ROM        UINT64_C(0x00001000)
#define VIRT_ROM_BYTES  UINT64_C(0x0000f000)
#define VIRT_FINISHER   UINT64_C(0x00100000)
#define VIRT_CLINT      UINT64_C(0x02000000)
#define VIRT_PLIC       UINT64_C(0x0c000000)
#define VIRT_UART       UINT64_C(0x10000000)
#define VIRT_UART_HZ    3686400
#define VIRT_TIMEBASE_HZ 10000000
#define VIRT_RAM        UINT64_C(0x80000000)

typedef struct VirtMachineState {
    MachineState parent_obj;
    MemoryRegion rom;
    uint64_t initrd_start, initrd_end;      /* equal: none */
} VirtMachineState;

/* virt-fdt.c: the device tree; *size its bytes. g_free. */
void *virt_create_fdt(const VirtMachineState *s, int *size);
/* virt-load.c: firmware, kernel, initrd, device tree, and the code at the reset vector. */
bool virt_load(VirtMachineState *s, Error **errp);

#endif
