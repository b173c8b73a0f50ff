/*
 * Apple's I/O chips as PCI functions: Heathrow (Old World) and KeyLargo (New
 * World), with the devices inside.
 *
 * pci_new() makes the chip and what is inside, not realized; the board sets
 * properties of the parts (chardevs, NVRAM file, number of CPUs) and realizes
 * the chip. Interrupts inside the chip are wired by the chip; the board
 * connects the interrupt controller's outputs and the PCI wires.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_MISC_MACIO_MACIO_H
#define HW_MISC_MACIO_MACIO_H

#include "hw/pci.h"

#define TYPE_MACIO "macio"
#define TYPE_MACIO_OLDWORLD "macio-oldworld"
#define TYPE_MACIO_NEWWORLD "macio-newworld"
#define TYPE_KEYLARGO_REGS "keylargo-regs"
#define MACIO_IDE_CHANNELS 2

typedef struct MacIOState {
    PCIDevice parent_obj;

    MemoryRegion bar;
    DeviceState *pic, *dbdma, *escc, *ide[MACIO_IDE_CHANNELS];
    DeviceState *cuda;              /* NULL when there is a PMU */
    DeviceState *pmu;               /* NULL when there is a CUDA */
    DeviceState *nvram;             /* Old World only */
    DeviceState *regs;              /* New World only: feature, GPIO and timer registers */

    bool has_pmu;                   /* New World: properties */
    bool has_adb;
} MacIOState;
#define MACIO(o) OBJECT_CHECK(MacIOState, (o), TYPE_MACIO)

#endif
