/*
 * What tests of disk images do not link: the machine that stops on errors, and
 * its way to count time.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "sysemu/sysemu.h"

__attribute__((weak)) int icount_shift = -1;

__attribute__((weak)) void vm_stop(RunState state)
{
}
