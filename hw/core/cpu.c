/*
 * The base type of guest CPUs. What a CPU does is cpus.c's, cputlb.c's and the
 * target's.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/core/cpu.h"

static const TypeInfo cpu_info = {
    .name = TYPE_CPU,
    .parent = "device",
    .instance_size = sizeof(CPUState),
};
DEFINE_TYPE(cpu_info)
