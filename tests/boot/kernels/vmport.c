/*
 * A Multiboot kernel that talks to the VMware backdoor: version, memory, unknown
 * commands, then the absolute pointer: what the mouse did until its right button.
 *
 * SPDX-License-Identifier: MIT
 */
#include "print.h"

enum { PORT = 0x5658, GET_VERSION = 10, GET_RAM = 20, POINTER_DATA = 39, POINTER_STATUS = 40,
       POINTER_COMMAND = 41, UNKNOWN = 0x77 };
enum { DISABLE = 0xf5, READ_ID = 0x45414552, ABSOLUTE = 0x53424152, RIGHT_BUTTON = 0x10 };
#define MAGIC 0x564d5868

typedef struct Registers {
    uint32_t eax, ebx, ecx, edx;
} Registers;

static Registers call_magic(uint32_t magic, uint32_t command, uint32_t argument)
{
    Registers r = { magic, argument, command, PORT };

    __asm__ volatile("inl %%dx, %%eax" : "+a"(r.eax), "+b"(r.ebx), "+c"(r.ecx), "+d"(r.edx));
    return r;
}

/* A byte from the port behind. */
static Registers call_behind(uint32_t command)
{
    Registers r = { MAGIC, 7, command, PORT + 1 };

    __asm__ volatile("inb %%dx, %%al" : "+a"(r.eax), "+b"(r.ebx), "+c"(r.ecx), "+d"(r.edx));
    return r;
}

static Registers call(uint32_t command, uint32_t argument)
{
    return call_magic(MAGIC, command, argument);
}

static void print_registers(const char *name, Registers r)
{
    print(name);
    print_hex(r.eax);
    print_hex(r.ebx);
    print_hex(r.ecx);
    print_value("", r.edx);
}

void kernel_main(void)
{
    Registers packet;

    print_registers("version", call(GET_VERSION, 0));
    print_registers("memory", call(GET_RAM, 0));
    print_registers("unknown", call(UNKNOWN, 7));
    print_registers("no magic", call_magic(1, GET_VERSION, 7));
    print_registers("behind", call_behind(GET_VERSION));
    print_registers("off", call(POINTER_STATUS, 0));
    print_registers("enable", call(POINTER_COMMAND, READ_ID));
    print_registers("status", call(POINTER_STATUS, 0));
    print_registers("id", call(POINTER_DATA, 1));
    print_registers("absolute", call(POINTER_COMMAND, ABSOLUTE));
    print_registers("empty", call(POINTER_STATUS, 0));
    print("READY\n");
    do {
        while (!(call(POINTER_STATUS, 0).eax & 0xffff)) {
        }
        packet = call(POINTER_DATA, 4);
        print_registers("packet", packet);
    } while (!(packet.eax & RIGHT_BUTTON));
    print_registers("too much", call(POINTER_DATA, 4));
    print_registers("error", call(POINTER_STATUS, 0));
    print_registers("disable", call(POINTER_COMMAND, DISABLE));
    print_registers("disabled", call(POINTER_STATUS, 0));
    finish();
}
