/*
 * The machine "none": no CPU, no memory, no devices. For programs that only
 * ask what the executable can do.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/boards.h"

static bool none_init(MachineState *machine, Error **errp)
{
    return true;
}

static const MachineClass none_machine = {
    .name = "none",
    .desc = "empty machine",
    .max_cpus = 1,
    .default_boot_order = "",
    .block_default_type = -1,
    .is_empty = true,
    .init = none_init,
};
DEFINE_MACHINE(none_machine)
