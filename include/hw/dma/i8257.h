/*
 * 8237A DMA controllers of the PC (type "i8257": "base", "page-base", "dshift").
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_DMA_I8257_H
#define HW_DMA_I8257_H

#include "hw/isa.h"

#define TYPE_I8257 "i8257"

/* The pair at ports 0 and 0xc0; becomes the bus's DMA. */
bool i8257_create_pair(ISABus *bus, Error **errp) QEMU_MUST_CHECK;

#endif
