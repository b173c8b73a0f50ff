/*
 * The VMware backdoor: port 0x5658, read with the magic number in EAX and a command in
 * CX, answers in the general registers of the CPU that reads.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_I386_VMPORT_H
#define HW_I386_VMPORT_H

#include "hw/input/ps2.h"
#include "hw/isa.h"

typedef struct VMPortRegs {
    uint32_t eax, ebx, ecx, edx, esi, edi;
} VMPortRegs;

/* EAX is the result; other registers keep their values unless they are changed. */
typedef void VMPortCommand(void *opaque, VMPortRegs *regs);
void vmport_register(ISADevice *vmport, unsigned command, VMPortCommand *fn, void *opaque);

/* The port with its mouse, whose packets are announced by mouse. NULL with the error set. */
ISADevice *vmport_create(ISABus *bus, PS2Device *mouse, Error **errp);

#define TYPE_VMPORT  "vmport"
#define TYPE_VMMOUSE "vmmouse"

#endif
