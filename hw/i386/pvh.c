/*
 * -kernel on the PC for kernels with a PVH entry point: ELF files with Xen's note
 * PHYS32_ENTRY (x86/HVM direct boot ABI of Xen). The image is written at each reset;
 * an option ROM makes the start information and enters in 32-bit mode.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "pc.h"
#include "hw/loader.h"
#include "qemu/bswap.h"
#include <elf.h>

enum { NOTE_PHYS32_ENTRY = 18, ONE_MIB = 0x100000 };

/* A 64-bit kernel enters in 32-bit mode too, but needs a CPU that goes on from there. */
static bool machine_fits(const PCMachineState *s, const uint8_t *image)
{
    uint16_t machine = lduw_le_p(image + offsetof(Elf32_Ehdr, e_machine));

    return machine == EM_386 || (machine == EM_X86_64 && cpu_has(&X86_CPU(first_cpu)->env, CPUID_LM));
}

bool pc_load_pvh(PCMachineState *s, const uint8_t *image, size_t size, Error **errp)
{
    const char *path = s->parent_obj.kernel_filename, *cmdline = pc_kernel_cmdline(s);
    uint32_t initrd, initrd_bytes;
    uint64_t entry, low, high;

    if (size >= sizeof(Elf32_Ehdr) && !machine_fits(s, image)) {
        error_setg(errp, "-kernel %s: the ELF file is for another processor", path);
        return false;
    }
    if (load_elf(path, NULL, NULL, NULL, &low, &high, false, 0, errp) < 0) {
        error_prepend(errp, "-kernel %s: ", path);
        return false;
    }
    if (!elf_find_note(image, size, false, "Xen", NOTE_PHYS32_ENTRY, &entry)) {
        error_setg(errp, "-kernel %s: an ELF file without Multiboot header or PVH entry point", path);
        return false;
    }
    if (low < ONE_MIB || high > s->below_4g || entry < low || entry >= high) {
        error_setg(errp, "-kernel %s: 0x%" PRIx64 " to 0x%" PRIx64 ", entered at 0x%" PRIx64
                   ", does not fit into memory", path, low, high, entry);
        return false;
    }
    if (!pc_place_initrd(s, PC_MEMORY_ABOVE, high, &initrd, &initrd_bytes, errp)) {
        return false;
    }
    fw_cfg_add_i32(s->fw_cfg, FW_CFG_KERNEL_ENTRY, entry);
    fw_cfg_add_i32(s->fw_cfg, FW_CFG_CMDLINE_SIZE, strlen(cmdline) + 1);
    fw_cfg_add_string(s->fw_cfg, FW_CFG_CMDLINE_DATA, cmdline);
    return pc_add_boot_rom(s, "pvh.bin", errp);
}
