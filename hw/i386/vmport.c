/*
 * The VMware backdoor port (open-vm-tools, "backdoor"; vmmouse.c of Linux).
 *
 * Command 10   version: EAX 6, EBX the magic number, ECX the product
 *         20   bytes of memory in EAX
 *         39-41  the absolute pointer, vmmouse.c
 * Other commands, and reads without the magic number, answer all ones.
 * Left out: the high-bandwidth variant (port 0x5659, writes).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "pc.h"
#include "vmport.h"
#include "qemu/log.h"

enum { PORT = 0x5658, PORT_BYTES = 4, COMMANDS = 0x2c };
enum { GET_VERSION = 10, GET_RAM_SIZE = 20 };
enum { VERSION = 6, PRODUCT = 2, RAM_SIZE_EBX = 0x1177 };
#define MAGIC 0x564d5868u       /* "VMXh" */

typedef struct VMPortState {
    ISADevice parent_obj;

    MemoryRegion port;
    struct {
        VMPortCommand *fn;
        void *opaque;
    } commands[COMMANDS];
} VMPortState;
#define VMPORT(o) OBJECT_CHECK(VMPortState, (o), TYPE_VMPORT)

void vmport_register(ISADevice *vmport, unsigned command, VMPortCommand *fn, void *opaque)
{
    assert(command < COMMANDS);
    VMPORT(vmport)->commands[command].fn = fn;
    VMPORT(vmport)->commands[command].opaque = opaque;
}

static void get_version(void *opaque, VMPortRegs *regs)
{
    regs->eax = VERSION;
    regs->ebx = MAGIC;
    regs->ecx = PRODUCT;
}

static void get_ram_size(void *opaque, VMPortRegs *regs)
{
    regs->eax = MIN(current_machine->ram_size, UINT32_MAX);
    regs->ebx = RAM_SIZE_EBX;
}

/* What the command leaves alone keeps all of its bits. */
static void write_back(target_ulong *reg, uint32_t before, uint32_t after)
{
    if (before != after) {
        *reg = after;
    }
}

static uint64_t vmport_read(void *opaque, hwaddr addr, unsigned size)
{
    VMPortState *s = opaque;
    CPUX86State *env = current_cpu ? current_cpu->env : NULL;
    target_ulong *r = env ? env->regs : NULL;
    VMPortRegs before, regs;
    uint16_t command;

    /* A debugger's read has no CPU; the ports behind are those of the variant that is left out. */
    if (addr || !env || (uint32_t)r[R_EAX] != MAGIC) {
        return UINT32_MAX;
    }
    before = (VMPortRegs){ r[R_EAX], r[R_EBX], r[R_ECX], r[R_EDX], r[R_ESI], r[R_EDI] };
    regs = before;
    command = regs.ecx;
    if (command >= COMMANDS || !s->commands[command].fn) {
        qemu_log_mask(LOG_UNIMP, "vmport: unknown command %u\n", command);
        return UINT32_MAX;
    }
    s->commands[command].fn(s->commands[command].opaque, &regs);
    write_back(&r[R_EBX], before.ebx, regs.ebx);
    write_back(&r[R_ECX], before.ecx, regs.ecx);
    write_back(&r[R_EDX], before.edx, regs.edx);
    write_back(&r[R_ESI], before.esi, regs.esi);
    write_back(&r[R_EDI], before.edi, regs.edi);
    return regs.eax;
}

static void vmport_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    qemu_log_mask(LOG_UNIMP, "vmport: write of 0x%" PRIx64 "\n", value);
}

static const MemoryRegionOps vmport_ops = {
    .read = vmport_read,
    .write = vmport_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 4, .unaligned = true },
    .impl = { .min_access_size = 1, .max_access_size = 4, .unaligned = true },
};

static bool vmport_realize(DeviceState *dev, Error **errp)
{
    VMPortState *s = VMPORT(dev);

    vmport_register(&s->parent_obj, GET_VERSION, get_version, s);
    vmport_register(&s->parent_obj, GET_RAM_SIZE, get_ram_size, s);
    memory_region_init_io(&s->port, OBJECT(dev), &vmport_ops, s, "vmport", PORT_BYTES);
    isa_register_ioport(&s->parent_obj, &s->port, PORT);
    return true;
}

static const TypeInfo vmport_info = {
    .name = TYPE_VMPORT,
    .parent = TYPE_ISA_DEVICE,
    .desc = "VMware backdoor",
    .instance_size = sizeof(VMPortState),
    .realize = vmport_realize,
};
DEFINE_TYPE(vmport_info)

ISADevice *vmport_create(ISABus *bus, PS2Device *mouse, Error **errp)
{
    ISADevice *vmport = isa_create_simple(bus, TYPE_VMPORT, errp);
    ISADevice *pointer;

    if (!vmport) {
        return NULL;
    }
    pointer = isa_new(TYPE_VMMOUSE);
    qdev_prop_set_link(DEVICE(pointer), "vmport", vmport);
    qdev_prop_set_link(DEVICE(pointer), "mouse", mouse);
    return isa_realize_and_unref(pointer, bus, errp) ? vmport : NULL;
}
