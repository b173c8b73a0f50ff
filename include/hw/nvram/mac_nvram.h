/*
 * Battery-backed memory of Macs, and the variables in it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_NVRAM_MAC_NVRAM_H
#define HW_NVRAM_MAC_NVRAM_H

#include "hw/sysbus.h"

#define TYPE_MACIO_NVRAM "macio-nvram"
#define MACIO_NVRAM_SIZE 0x2000

/*
 * Properties "size" (bytes), "it_shift" (log2 of the distance of two bytes in
 * the address space), "file" (contents kept there; absent: lost at exit).
 * Region 0 covers size << it_shift bytes.
 */
typedef struct MacIONVRAMState {
    SysBusDevice parent_obj;

    MemoryRegion mem;

    uint32_t size;
    uint32_t it_shift;
    char *file;

    uint8_t *data;
    bool loaded;            /* the contents come from `file` */
} MacIONVRAMState;
#define MACIO_NVRAM(o) OBJECT_CHECK(MacIONVRAMState, (o), TYPE_MACIO_NVRAM)

/*
 * Write Open Firmware's partitions, with `variables` ("name=value", of char *)
 * in the system partition, unless the contents came from a file and there are
 * no variables. After realize.
 */
void mac_nvram_format(MacIONVRAMState *s, GPtrArray *variables);

#endif
