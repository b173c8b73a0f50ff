/*
 * Floppy disk controller of a PC.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_BLOCK_FDC_H
#define HW_BLOCK_FDC_H

#include "hw/isa.h"

#define TYPE_ISA_FDC "isa-fdc"
enum { FDC_DRIVES = 2 };

/* What the CMOS calls the drive: 0 none, 1 360K, 2 1.2M, 3 720K, 4 1.44M, 5 2.88M. After realize. */
uint8_t isa_fdc_cmos_type(ISADevice *fdc, int drive);

#endif
