/*
 * Firmware, kernel and initrd of the Macintosh boards, and the fw_cfg items
 * by which OpenBIOS finds them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "mac.h"
#include "hw/loader.h"
#include "sysemu/sysemu.h"

enum { FWCFG_ADDR = 0xf0000510, FWCFG_DATA_ADDR = 0xf0000512 };
enum { KERNEL_ADDR = 0x01000000, KERNEL_GAP = 0x00100000, KERNEL_ADDR_MASK = 0x0fffffff, PAGE = 0x1000 };
/* Items of OpenBIOS for PowerPC. */
enum { FW_CFG_PPC_WIDTH = FW_CFG_ARCH_LOCAL, FW_CFG_PPC_HEIGHT, FW_CFG_PPC_DEPTH, FW_CFG_PPC_TBFREQ,
       FW_CFG_PPC_CLOCKFREQ, FW_CFG_PPC_IS_KVM, FW_CFG_PPC_KVM_HC, FW_CFG_PPC_KVM_PID,
       FW_CFG_PPC_NVRAM_ADDR, FW_CFG_PPC_BUSFREQ, FW_CFG_PPC_NVRAM_FLAT, FW_CFG_PPC_VIACONFIG };
enum { DEFAULT_WIDTH = 800, DEFAULT_HEIGHT = 600, DEFAULT_DEPTH = 32 };

typedef struct Image {
    uint64_t addr, size;        /* in guest memory; size 0: not loaded */
} Image;

static uint64_t kernel_address(void *opaque, uint64_t addr)
{
    return (addr & KERNEL_ADDR_MASK) + KERNEL_ADDR;
}

/*
 * ELF or flat file into [base, base + size). A flat file goes to base;
 * translate is for ELF segments, elf: that format is taken at all.
 */
typedef struct Window {
    uint64_t base, size;
    bool elf;
    uint64_t (*translate)(void *opaque, uint64_t addr);
} Window;

static bool load_file(const char *option, const char *path, const Window *w, Image *image, Error **errp)
{
    uint64_t low = w->base, high;
    ssize_t size;

    if (w->elf && is_elf_file(path)) {
        size = load_elf(path, w->translate, NULL, NULL, &low, &high, true, EM_PPC_NUMBER, errp);
    } else {
        size = load_image_targphys(path, w->base, w->size, errp);
        high = w->base + MAX(size, 0);
    }
    if (size < 0) {
        error_prepend(errp, "%s %s: ", option, path);
        return false;
    }
    if (low < w->base || high > w->base + w->size) {
        error_setg(errp, "%s %s: does not fit into memory", option, path);
        return false;
    }
    *image = (Image) { .addr = low, .size = high - low };
    return true;
}

static bool load_firmware(MacMachineState *s, const MacBoardInfo *info, Error **errp)
{
    const char *name = s->parent_obj.firmware ? s->parent_obj.firmware : "openbios-ppc";
    g_autofree char *path = qemu_find_file(name);
    Window rom = { .base = info->rom_base, .size = info->rom_size, .elf = true };
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
    Window w = { .base = KERNEL_ADDR, .elf = true, .translate = kernel_address };
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
        rom_add_blob("cmdline", machine->kernel_cmdline, cmdline.size, cmdline.addr);
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
