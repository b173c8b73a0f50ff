/*
 * Firmware, kernel and initrd of the Macintosh boards, and the fw_cfg items
 * by which OpenBIOS finds them.
 *
 * What is loaded is kept and written again at each system reset, because the
 * guest may have overwritten it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "mac.h"
#include "qemu/bswap.h"
#include "sysemu/sysemu.h"
#include "target-ppc/cpu.h"
#include <elf.h>

enum { FWCFG_ADDR = 0xf0000510, FWCFG_DATA_ADDR = 0xf0000512 };
enum { KERNEL_ADDR = 0x01000000, KERNEL_GAP = 0x00100000, KERNEL_ADDR_MASK = 0x0fffffff, PAGE = 0x1000 };
/* Items of OpenBIOS for PowerPC. */
enum { FW_CFG_PPC_WIDTH = FW_CFG_ARCH_LOCAL, FW_CFG_PPC_HEIGHT, FW_CFG_PPC_DEPTH, FW_CFG_PPC_TBFREQ,
       FW_CFG_PPC_CLOCKFREQ, FW_CFG_PPC_IS_KVM, FW_CFG_PPC_KVM_HC, FW_CFG_PPC_KVM_PID,
       FW_CFG_PPC_NVRAM_ADDR, FW_CFG_PPC_BUSFREQ, FW_CFG_PPC_NVRAM_FLAT, FW_CFG_PPC_VIACONFIG };
enum { DEFAULT_WIDTH = 800, DEFAULT_HEIGHT = 600, DEFAULT_DEPTH = 32 };
#define IMAGE_MAX (INT64_C(1) << 31)

/* A stretch of guest memory with its initial contents; zeros follow the data. */
typedef struct Blob {
    hwaddr addr;
    uint8_t *data;
    uint64_t data_size, size;
} Blob;

typedef struct Image {
    uint64_t addr, size;        /* in guest memory; size 0: not loaded */
} Image;

static GArray *blobs;

static void blobs_write(void *opaque)
{
    for (guint i = 0; i < blobs->len; i++) {
        const Blob *b = &g_array_index(blobs, Blob, i);
        static const uint8_t zeros[PAGE];

        address_space_write_rom(&address_space_memory, b->addr, b->data, b->data_size);
        for (uint64_t at = b->data_size; at < b->size; at += PAGE) {
            address_space_write_rom(&address_space_memory, b->addr + at, zeros, MIN(PAGE, b->size - at));
        }
    }
}

static void blob_add(hwaddr addr, const void *data, uint64_t data_size, uint64_t size)
{
    Blob b = { .addr = addr, .data = g_memdup2(data, data_size), .data_size = data_size, .size = size };

    if (!blobs) {
        blobs = g_array_new(false, false, sizeof(Blob));
        qemu_register_reset(blobs_write, NULL);
    }
    g_array_append_val(blobs, b);
}

/* Where images may go: [base, base + size). */
typedef struct Window {
    uint64_t base, size;
    uint64_t elf_mask, elf_add;     /* load address = (p_paddr & mask) + add */
} Window;

static bool window_has(const Window *w, uint64_t addr, uint64_t size)
{
    return addr >= w->base && size <= w->size && addr - w->base <= w->size - size;
}

static bool is_elf(const char *data, size_t length)
{
    return length >= sizeof(Elf32_Ehdr) && !memcmp(data, ELFMAG, SELFMAG);
}

/* A 32-bit big-endian PowerPC executable. */
static bool load_elf_image(const char *what, const char *data, size_t length, const Window *w,
                           Image *image, Error **errp)
{
    const Elf32_Ehdr *header = (const Elf32_Ehdr *)data;
    uint64_t table, low = UINT64_MAX, high = 0;
    unsigned count;

    if (header->e_ident[EI_CLASS] != ELFCLASS32 || header->e_ident[EI_DATA] != ELFDATA2MSB
        || lduw_be_p(&header->e_machine) != EM_PPC) {
        error_setg(errp, "%s: not a 32-bit big-endian PowerPC executable", what);
        return false;
    }
    table = ldl_be_p(&header->e_phoff);
    count = lduw_be_p(&header->e_phnum);
    if (table + count * sizeof(Elf32_Phdr) > length) {
        error_setg(errp, "%s: truncated ELF file", what);
        return false;
    }
    for (unsigned i = 0; i < count; i++) {
        const Elf32_Phdr *ph = (const Elf32_Phdr *)(data + table) + i;
        uint64_t offset = ldl_be_p(&ph->p_offset), in_file = ldl_be_p(&ph->p_filesz);
        uint64_t size = ldl_be_p(&ph->p_memsz), addr;

        if (ldl_be_p(&ph->p_type) != PT_LOAD || !size) {
            continue;
        }
        addr = (ldl_be_p(&ph->p_paddr) & w->elf_mask) + w->elf_add;
        if (offset + in_file > length || in_file > size) {
            error_setg(errp, "%s: truncated ELF file", what);
            return false;
        }
        if (!window_has(w, addr, size)) {
            error_setg(errp, "%s: segment at 0x%" PRIx64 " does not fit into memory", what, addr);
            return false;
        }
        blob_add(addr, data + offset, in_file, size);
        low = MIN(low, addr);
        high = MAX(high, addr + size);
    }
    if (!high) {
        error_setg(errp, "%s: ELF file has nothing to load", what);
        return false;
    }
    *image = (Image) { .addr = low, .size = high - low };
    return true;
}

/* what: "-kernel vmlinux", for messages. */
static bool load_file(const char *option, const char *path, const Window *w, Image *image, Error **errp)
{
    g_autofree char *what = g_strdup_printf("%s %s", option, path), *data = NULL;
    GError *gerr = NULL;
    gsize length;
    struct stat st;

    if (stat(path, &st) < 0) {
        error_setg_errno(errp, errno, "%s: cannot open", what);
        return false;
    }
    if (!S_ISREG(st.st_mode) || st.st_size == 0 || st.st_size > IMAGE_MAX) {
        error_setg(errp, "%s: not a regular file of a usable size", what);
        return false;
    }
    if (!g_file_get_contents(path, &data, &length, &gerr)) {
        error_setg(errp, "%s: cannot read: %s", what, gerr->message);
        g_error_free(gerr);
        return false;
    }
    if (w->elf_mask && is_elf(data, length)) {
        return load_elf_image(what, data, length, w, image, errp);
    }
    if (!window_has(w, w->base, length)) {
        error_setg(errp, "%s: %zu bytes do not fit into memory", what, (size_t)length);
        return false;
    }
    blob_add(w->base, data, length, length);
    *image = (Image) { .addr = w->base, .size = length };
    return true;
}

static bool load_firmware(MacMachineState *s, const MacBoardInfo *info, Error **errp)
{
    const char *name = s->parent_obj.firmware ? s->parent_obj.firmware : "openbios-ppc";
    g_autofree char *path = qemu_find_file(name);
    Window rom = { .base = info->rom_base, .size = info->rom_size, .elf_mask = UINT32_MAX };
    Image image;

    if (!memory_region_init_rom(&s->rom, OBJECT(s), info->rom_name, info->rom_size, errp)) {
        return false;
    }
    memory_region_add_subregion(get_system_memory(), info->rom_base, &s->rom);
    if (!path) {
        if (qtest_enabled() && !s->parent_obj.firmware) {
            return true;
        }
        error_setg(errp, "-bios %s: firmware not found (see -L)", name);
        return false;
    }
    return load_file("-bios", path, &rom, &image, errp);
}

static void add_kernel_items(FWCfgState *fw, Image kernel, Image initrd, Image cmdline)
{
    fw_cfg_add_i32(fw, FW_CFG_KERNEL_ADDR, kernel.addr);
    fw_cfg_add_i32(fw, FW_CFG_KERNEL_SIZE, kernel.size);
    fw_cfg_add_i32(fw, FW_CFG_INITRD_ADDR, initrd.addr);
    fw_cfg_add_i32(fw, FW_CFG_INITRD_SIZE, initrd.size);
    fw_cfg_add_i32(fw, FW_CFG_KERNEL_CMDLINE, cmdline.addr);
}

/* Kernel, then initrd after a gap (the kernel's heap), then the command line. */
static bool load_kernel(MachineState *machine, FWCfgState *fw, Error **errp)
{
    Window w = { .base = KERNEL_ADDR, .elf_mask = KERNEL_ADDR_MASK, .elf_add = KERNEL_ADDR };
    Image kernel = { 0 }, initrd = { 0 }, cmdline = { 0 };
    uint64_t next;

    if (!machine->kernel_filename) {
        if (machine->initrd_filename) {
            error_setg(errp, "-initrd %s: needs -kernel", machine->initrd_filename);
            return false;
        }
        return true;
    }
    w.size = machine->ram_size > KERNEL_ADDR ? machine->ram_size - KERNEL_ADDR : 0;
    if (!load_file("-kernel", machine->kernel_filename, &w, &kernel, errp)) {
        return false;
    }
    next = ROUND_UP(kernel.addr + kernel.size, PAGE) + KERNEL_GAP;
    if (machine->initrd_filename) {
        w = (Window) { .base = next, .size = machine->ram_size > next ? machine->ram_size - next : 0 };
        if (!load_file("-initrd", machine->initrd_filename, &w, &initrd, errp)) {
            return false;
        }
        next = ROUND_UP(initrd.addr + initrd.size, PAGE);
    }
    if (machine->kernel_cmdline && *machine->kernel_cmdline) {
        cmdline = (Image) { .addr = next, .size = strlen(machine->kernel_cmdline) + 1 };
        if (cmdline.addr + cmdline.size > machine->ram_size) {
            error_setg(errp, "-append: no room in memory");
            return false;
        }
        blob_add(cmdline.addr, machine->kernel_cmdline, cmdline.size, cmdline.size);
    }
    add_kernel_items(fw, kernel, initrd, cmdline);
    return true;
}

/* OpenBIOS's letters: a, b floppy; c disk; d CD-ROM; n network; m kernel in memory. */
static bool add_boot_device(MachineState *machine, FWCfgState *fw, Error **errp)
{
    const char *order = machine->boot_order ? machine->boot_order : "cd";

    if (machine->kernel_filename) {
        fw_cfg_add_i16(fw, FW_CFG_BOOT_DEVICE, 'm');
        return true;
    }
    for (; *order; order++) {
        if (*order >= 'c' && *order <= 'f') {
            fw_cfg_add_i16(fw, FW_CFG_BOOT_DEVICE, *order);
            return true;
        }
    }
    error_setg(errp, "-boot %s: no device that this machine can boot from", machine->boot_order);
    return false;
}

static void add_video_driver(FWCfgState *fw)
{
    g_autofree char *path = qemu_find_file("qemu_vga.ndrv");
    g_autofree char *data = NULL;
    gsize length;

    if (path && g_file_get_contents(path, &data, &length, NULL)) {
        fw_cfg_add_file(fw, "ndrv/qemu_vga.ndrv", data, length);
    }
}

bool mac_load(MacMachineState *s, const MacBoardInfo *info, Error **errp)
{
    MachineState *machine = &s->parent_obj;
    FWCfgState *fw = fw_cfg_init_mem(FWCFG_ADDR, FWCFG_DATA_ADDR);

    fw_cfg_add_i16(fw, FW_CFG_NB_CPUS, machine->smp_cpus);
    fw_cfg_add_i16(fw, FW_CFG_MAX_CPUS, machine->smp_cpus);
    fw_cfg_add_i64(fw, FW_CFG_RAM_SIZE, machine->ram_size);
    fw_cfg_add_i16(fw, FW_CFG_MACHINE_ID, info->machine_id);
    fw_cfg_add_i16(fw, FW_CFG_NOGRAPHIC, machine->nographic);
    fw_cfg_add_i16(fw, FW_CFG_PPC_WIDTH, machine->graphic_width ? machine->graphic_width : DEFAULT_WIDTH);
    fw_cfg_add_i16(fw, FW_CFG_PPC_HEIGHT, machine->graphic_height ? machine->graphic_height : DEFAULT_HEIGHT);
    fw_cfg_add_i16(fw, FW_CFG_PPC_DEPTH, machine->graphic_depth ? machine->graphic_depth : DEFAULT_DEPTH);
    fw_cfg_add_i32(fw, FW_CFG_PPC_TBFREQ, info->timebase_hz);
    fw_cfg_add_i32(fw, FW_CFG_PPC_CLOCKFREQ, info->cpu_hz);
    fw_cfg_add_i32(fw, FW_CFG_PPC_BUSFREQ, info->bus_hz);
    fw_cfg_add_i32(fw, FW_CFG_PPC_NVRAM_ADDR, info->nvram_addr);
    fw_cfg_add_i16(fw, FW_CFG_PPC_VIACONFIG, info->via_config);
    add_video_driver(fw);
    return load_firmware(s, info, errp) && load_kernel(machine, fw, errp)
        && add_boot_device(machine, fw, errp);
}
