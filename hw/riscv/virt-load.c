/*
 * Images of the virt board, and the code at the reset vector, which passes hart number
 * (a0), device tree (a1) and OpenSBI's "dynamic information" (a2) on.
 *
 * Firmware lies at the start of RAM and runs in machine mode; it goes on to the
 * kernel. Without firmware the kernel is what runs in machine mode.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "hw/loader.h"
#include "sysemu/sysemu.h"
#include "virt.h"

enum { EM_RISCV_NUMBER = 243, KERNEL_ALIGN = 4 * MiB, FDT_ALIGN = 2 * MiB };
/* OpenSBI, fw_dynamic.h: words in this order. */
enum { DYNAMIC_MAGIC = 0x4942534f, DYNAMIC_VERSION = 2, DYNAMIC_NEXT_IS_S = 1 };
#define DEFAULT_FIRMWARE "opensbi-riscv32-generic-fw_dynamic.bin"

/* An ELF or flat file; a flat one goes to base. *end: first address behind it. */
static bool load_file(VirtMachineState *s, const char *option, const char *path, uint64_t base, uint64_t *entry,
                      uint64_t *end, Error **errp)
{
    uint64_t limit = VIRT_RAM + s->parent_obj.ram_size;
    ssize_t size;

    *entry = base;
    if (is_elf_file(path)) {
        size = load_elf(path, NULL, NULL, entry, NULL, end, false, EM_RISCV_NUMBER, errp);
    } else {
        size = load_image_targphys(path, base, limit > base ? limit - base : 0, errp);
        *end = base + MAX(size, 0);
    }
    if (size < 0) {
        error_prepend(errp, "%s %s: ", option, path);
        return false;
    }
    if (*end <= VIRT_RAM || *end > limit) {        /* headers in front of the code are left out */
        error_setg(errp, "%s %s: does not fit into memory", option, path);
        return false;
    }
    return true;
}

/* *start: where CPUs begin; unchanged without firmware. *end: behind it. */
static bool load_firmware(VirtMachineState *s, uint64_t *start, uint64_t *end, Error **errp)
{
    const char *name = s->parent_obj.firmware ? s->parent_obj.firmware : "default";
    g_autofree char *path = NULL;

    *end = VIRT_RAM;
    if (!strcmp(name, "none") || (qtest_enabled() && !s->parent_obj.firmware)) {
        return true;
    }
    path = qemu_find_file(strcmp(name, "default") ? name : DEFAULT_FIRMWARE);
    if (!path) {
        error_setg(errp, "-bios %s: firmware not found (see -L; -bios none does without)", name);
        return false;
    }
    return load_file(s, "-bios", path, VIRT_RAM, start, end, errp);
}

static bool load_initrd(VirtMachineState *s, uint64_t kernel_end, Error **errp)
{
    MachineState *machine = &s->parent_obj;
    uint64_t entry;

    if (!machine->initrd_filename) {
        return true;
    }
    /* Kernels clear memory behind their image: room for that. */
    s->initrd_start = ROUND_UP(kernel_end + MIN(machine->ram_size / 4, 64 * MiB), (uint64_t)KERNEL_ALIGN);
    return load_file(s, "-initrd", machine->initrd_filename, s->initrd_start, &entry, &s->initrd_end, errp);
}

/* lw in front of addi: the words behind the code are found relative to its start. */
static void add_reset_code(VirtMachineState *s, uint32_t start, uint32_t fdt, uint32_t next)
{
    const uint32_t words[] = {
        0x00000297,             /* auipc t0, 0 */
        0x0202a583,             /* lw a1, 32(t0) */
        0x02828613,             /* addi a2, t0, 40 */
        0xf1402573,             /* csrr a0, mhartid */
        0x01c2a283,             /* lw t0, 28(t0) */
        0x00028067,             /* jr t0 */
        0, start, fdt, 0,
        DYNAMIC_MAGIC, DYNAMIC_VERSION, next, DYNAMIC_NEXT_IS_S, 0, 0,
    };
    uint32_t little[ARRAY_SIZE(words)];

    for (unsigned i = 0; i < ARRAY_SIZE(words); i++) {
        stl_le_p(&little[i], words[i]);
    }
    rom_add_blob("reset code", little, sizeof(little), VIRT_ROM);
}

bool virt_load(VirtMachineState *s, Error **errp)
{
    MachineState *machine = &s->parent_obj;
    uint64_t start = VIRT_RAM, next = VIRT_RAM, firmware_end, kernel_end, fdt_addr;
    g_autofree void *fdt = NULL;
    int fdt_size;

    if (!memory_region_init_rom(&s->rom, OBJECT(s), "reset", VIRT_ROM_BYTES, errp)) {
        return false;
    }
    memory_region_add_subregion(get_system_memory(), VIRT_ROM, &s->rom);
    if (!load_firmware(s, &start, &firmware_end, errp)) {
        return false;
    }
    kernel_end = firmware_end;
    if (machine->kernel_filename) {
        bool alone = firmware_end == VIRT_RAM;

        if (!load_file(s, "-kernel", machine->kernel_filename, ROUND_UP(firmware_end, (uint64_t)KERNEL_ALIGN), &next,
                       &kernel_end, errp)) {
            return false;
        }
        start = alone ? next : start;
    }
    if (!load_initrd(s, kernel_end, errp)) {
        return false;
    }
    fdt = virt_create_fdt(s, &fdt_size);
    fdt_addr = (VIRT_RAM + machine->ram_size - fdt_size) & ~(uint64_t)(FDT_ALIGN - 1);
    if (fdt_addr < MAX(kernel_end, s->initrd_end)) {
        error_setg(errp, "-m: no room for the device tree behind the images");
        return false;
    }
    rom_add_blob("device tree", fdt, fdt_size, fdt_addr);
    add_reset_code(s, start, fdt_addr, next);
    return true;
}
