/*
 * Small devices at fixed ports of the PC.
 *
 * "port92"           0x92: A20 (named output "a20") and fast reset
 * "pc-ports"         0x80 POST codes; 0xf0, 0xf1: FERR# latch (input 0, output: ISA 13)
 * "isa-debugcon"     byte port to a chardev; properties "iobase", "readback", "chardev"
 * "isa-debug-exit"   a write ends the process; "iobase", "iosize"
 * "pvpanic"          0x505: the guest says that it crashed
 * "pc-testdev"       ports and memory of test programs
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_MISC_PC_PORTS_H
#define HW_MISC_PC_PORTS_H

#include "hw/isa.h"

#define TYPE_PORT92     "port92"
#define TYPE_PC_PORTS   "pc-ports"
#define TYPE_DEBUGCON   "isa-debugcon"
#define TYPE_DEBUG_EXIT "isa-debug-exit"
#define TYPE_PVPANIC    "pvpanic"
#define TYPE_PC_TESTDEV "pc-testdev"

#endif
