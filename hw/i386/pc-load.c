/*
 * -kernel on the PC: which kind of kernel it is, and Linux by its boot protocol
 * (Documentation/x86/boot.rst of Linux), old ones that load below 1 MiB included.
 * The parts go through the firmware configuration device; an option ROM copies
 * them to where they belong. Other kinds: multiboot.c, pvh.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "pc.h"
#include "hw/loader.h"
#include "qemu/bswap.h"
#include "sysemu/sysemu.h"

/* Setup header */
enum { HDR_SETUP_SECTS = 0x1f1, HDR_SYSSIZE = 0x1f4, HDR_VIDEO_MODE = 0x1fa, HDR_BOOT_FLAG = 0x1fe,
       HDR_MAGIC = 0x202, HDR_VERSION = 0x206, HDR_LOADER = 0x210, HDR_LOADFLAGS = 0x211, HDR_RAMDISK = 0x218,
       HDR_RAMDISK_SIZE = 0x21c, HDR_HEAP_END = 0x224, HDR_CMDLINE = 0x228, HDR_INITRD_MAX = 0x22c,
       HDR_CMDLINE_MAX = 0x238, HDR_MIN_BYTES = 0x250 };
/* Before protocol 2.02: in the first sector */
enum { OLD_CMDLINE_MAGIC = 0x20, OLD_CMDLINE_OFFSET = 0x22, CMDLINE_MAGIC = 0xa33f };
enum { LOADED_HIGH = 0x01, CAN_USE_HEAP = 0x80, LOADER_QEMU = 0xb0, DEFAULT_SETUP_SECTS = 4, SECTOR = 512,
       BOOT_FLAG = 0xaa55, DEFAULT_CMDLINE_MAX = 255 };
#define MAGIC_HDRS 0x53726448u      /* "HdrS" */
enum { PROTOCOL_2_0 = 0x200, PROTOCOL_HEAP = 0x201, PROTOCOL_CMDLINE_PTR = 0x202, PROTOCOL_INITRD_MAX = 0x203,
       PROTOCOL_CMDLINE_MAX = 0x206 };
enum { REAL_MODE_ADDRESS = 0x10000, CMDLINE_ADDRESS = 0x20000, LOW_REAL_MODE_ADDRESS = 0x90000,
       LOW_CMDLINE_END = 0x9a000, LOW_SETUP_BYTES = 0x8000, LOW_KERNEL_ADDRESS = 0x10000,
       HIGH_KERNEL_ADDRESS = 0x100000 };
enum { DEFAULT_INITRD_MAX = 0x37ffffff, PAGE = 4096 };

uint8_t *pc_read_file(const char *option, const char *path, size_t *size, Error **errp)
{
    int64_t bytes = 0;
    uint8_t *data = read_image(path, INT64_MAX, &bytes, errp);

    if (!data) {
        error_prepend(errp, "%s %s: ", option, path);
    }
    *size = bytes;
    return data;
}

bool pc_add_rom(PCMachineState *s, const char *option, const char *folder, const char *name, Error **errp)
{
    g_autofree char *path = qemu_find_file(name), *file = g_strconcat(folder, "/", name, NULL);
    g_autofree uint8_t *data = NULL;
    size_t size;

    if (!path) {
        error_setg(errp, "%s: option ROM %s not found (see -L)", option, name);
        return false;
    }
    data = pc_read_file(option, path, &size, errp);
    if (data && !fw_cfg_add_file(s->fw_cfg, file, data, size)) {
        error_setg(errp, "%s: no room for the option ROM %s", option, name);
        return false;
    }
    return data;
}

bool pc_add_boot_rom(PCMachineState *s, const char *name, Error **errp)
{
    if (!pc_add_rom(s, "-kernel", "genroms", name, errp)) {
        return false;
    }
    g_ptr_array_insert(s->boot_paths, 0, g_strconcat("/rom@genroms/", name, NULL));
    return true;
}

/* The number behind " vga=", 0xffff (normal), 0xfffe or 0xfffd. False: the text has none. */
static bool video_mode(const char *cmdline, uint16_t *mode)
{
    const char *at = strstr(cmdline, "vga=");

    if (!at || (at != cmdline && at[-1] != ' ')) {
        return false;
    }
    at += strlen("vga=");
    *mode = g_str_has_prefix(at, "normal") ? 0xffff : g_str_has_prefix(at, "ext") ? 0xfffe
          : g_str_has_prefix(at, "ask") ? 0xfffd : strtoul(at, NULL, 0);
    return true;
}

bool pc_place_initrd(PCMachineState *s, uint64_t limit, uint64_t floor, uint32_t *address, uint32_t *size,
                     Error **errp)
{
    const char *path = s->parent_obj.initrd_filename;
    uint64_t end = MIN(limit, s->below_4g - MIN(s->below_4g, PC_TABLES_BYTES));
    g_autofree uint8_t *data = NULL;
    size_t bytes;

    *address = *size = 0;
    if (!path) {
        return true;
    }
    data = pc_read_file("-initrd", path, &bytes, errp);
    if (!data) {
        return false;
    }
    if (bytes > end || ROUND_DOWN(end - bytes, PAGE) < floor) {
        error_setg(errp, "-initrd %s: %zu bytes do not fit into memory", path, bytes);
        return false;
    }
    *address = ROUND_DOWN(end - bytes, PAGE);
    *size = bytes;
    fw_cfg_add_i32(s->fw_cfg, FW_CFG_INITRD_ADDR, *address);
    fw_cfg_add_i32(s->fw_cfg, FW_CFG_INITRD_SIZE, *size);
    fw_cfg_add_bytes(s->fw_cfg, FW_CFG_INITRD_DATA, data, bytes);
    return true;
}

/* --- Linux ----------------------------------------------------------------------- */

/* A file with the boot protocol: its version (0: older than the header) and where the parts go. */
typedef struct LinuxImage {
    uint8_t *image;
    size_t size;
    uint16_t version;
    uint32_t setup_bytes, setup_addr, cmdline_addr, kernel_addr;
} LinuxImage;

static bool has_linux_header(const uint8_t *image, size_t size)
{
    return size >= HDR_MIN_BYTES && ldl_le_p(image + HDR_MAGIC) == MAGIC_HDRS;
}

/* Before the header: a boot sector whose size of the system part, in paragraphs, fits the file. */
static bool is_ancient_linux(const uint8_t *image, size_t size)
{
    enum { PARAGRAPH = 16 };
    uint32_t setup_bytes, system_bytes;

    if (size < HDR_MIN_BYTES || lduw_le_p(image + HDR_BOOT_FLAG) != BOOT_FLAG) {
        return false;
    }
    setup_bytes = ((image[HDR_SETUP_SECTS] ? image[HDR_SETUP_SECTS] : DEFAULT_SETUP_SECTS) + 1) * SECTOR;
    system_bytes = lduw_le_p(image + HDR_SYSSIZE) * PARAGRAPH;
    return system_bytes && setup_bytes < size && system_bytes <= ROUND_UP(size - setup_bytes, PARAGRAPH);
}

static bool linux_layout(const char *path, const char *cmdline, LinuxImage *l, Error **errp)
{
    uint8_t sectors = l->image[HDR_SETUP_SECTS];
    bool high = l->version >= PROTOCOL_2_0 && l->image[HDR_LOADFLAGS] & LOADED_HIGH;
    uint32_t cmdline_max = l->version >= PROTOCOL_CMDLINE_MAX ? ldl_le_p(l->image + HDR_CMDLINE_MAX)
                                                              : DEFAULT_CMDLINE_MAX;

    l->setup_bytes = ((sectors ? sectors : DEFAULT_SETUP_SECTS) + 1) * SECTOR;
    if (l->setup_bytes >= l->size) {
        error_setg(errp, "-kernel %s: the file is truncated", path);
        return false;
    }
    if (strlen(cmdline) > cmdline_max) {
        error_setg(errp, "-append: the kernel takes no more than %u characters", cmdline_max);
        return false;
    }
    l->kernel_addr = high ? HIGH_KERNEL_ADDRESS : LOW_KERNEL_ADDRESS;
    if (high && l->version >= PROTOCOL_CMDLINE_PTR) {
        l->setup_addr = REAL_MODE_ADDRESS;
        l->cmdline_addr = CMDLINE_ADDRESS;
        return true;
    }
    /* The setup code stays at 0x90000, the command line in the same segment. */
    l->setup_addr = LOW_REAL_MODE_ADDRESS;
    l->cmdline_addr = ROUND_DOWN(LOW_CMDLINE_END - strlen(cmdline) - 1, 16);
    if (l->setup_addr + MAX(l->setup_bytes, LOW_SETUP_BYTES) > l->cmdline_addr) {
        error_setg(errp, "-append: the kernel has room for %u characters",
                   LOW_CMDLINE_END - l->setup_addr - MAX(l->setup_bytes, LOW_SETUP_BYTES) - 1);
        return false;
    }
    if (!high && l->size - l->setup_bytes > LOW_REAL_MODE_ADDRESS - LOW_KERNEL_ADDRESS) {
        error_setg(errp, "-kernel %s: too big for a kernel that loads below 1 MiB", path);
        return false;
    }
    return true;
}

/* The fields that the loader fills in. */
static void complete_header(const LinuxImage *l, const char *cmdline, uint32_t initrd, uint32_t initrd_bytes)
{
    uint32_t cmdline_at = l->cmdline_addr - l->setup_addr;
    uint16_t mode;

    if (video_mode(cmdline, &mode)) {
        stw_le_p(l->image + HDR_VIDEO_MODE, mode);
    }
    if (l->version >= PROTOCOL_2_0) {
        l->image[HDR_LOADER] = LOADER_QEMU;
        stl_le_p(l->image + HDR_RAMDISK, initrd);
        stl_le_p(l->image + HDR_RAMDISK_SIZE, initrd_bytes);
    }
    if (l->version >= PROTOCOL_HEAP) {
        l->image[HDR_LOADFLAGS] |= CAN_USE_HEAP;
        stw_le_p(l->image + HDR_HEAP_END, cmdline_at - SECTOR);
    }
    if (l->version >= PROTOCOL_CMDLINE_PTR) {
        stl_le_p(l->image + HDR_CMDLINE, l->cmdline_addr);
    } else {
        stw_le_p(l->image + OLD_CMDLINE_MAGIC, CMDLINE_MAGIC);
        stw_le_p(l->image + OLD_CMDLINE_OFFSET, cmdline_at);
    }
}

static bool load_linux(PCMachineState *s, uint8_t *image, size_t size, Error **errp)
{
    const char *path = s->parent_obj.kernel_filename, *cmdline = pc_kernel_cmdline(s);
    LinuxImage l = { .image = image, .size = size,
                     .version = has_linux_header(image, size) ? lduw_le_p(image + HDR_VERSION) : 0 };
    uint32_t initrd_max, initrd, initrd_bytes;

    if (l.version < PROTOCOL_2_0 && s->parent_obj.initrd_filename) {
        error_setg(errp, "-initrd %s: the kernel is too old for one", s->parent_obj.initrd_filename);
        return false;
    }
    initrd_max = l.version >= PROTOCOL_INITRD_MAX ? ldl_le_p(image + HDR_INITRD_MAX) : DEFAULT_INITRD_MAX;
    if (!linux_layout(path, cmdline, &l, errp) ||
        !pc_place_initrd(s, (uint64_t)initrd_max + 1, HIGH_KERNEL_ADDRESS, &initrd, &initrd_bytes, errp)) {
        return false;
    }
    complete_header(&l, cmdline, initrd, initrd_bytes);
    fw_cfg_add_i32(s->fw_cfg, FW_CFG_CMDLINE_ADDR, l.cmdline_addr);
    fw_cfg_add_i32(s->fw_cfg, FW_CFG_CMDLINE_SIZE, strlen(cmdline) + 1);
    fw_cfg_add_string(s->fw_cfg, FW_CFG_CMDLINE_DATA, cmdline);
    fw_cfg_add_i32(s->fw_cfg, FW_CFG_SETUP_ADDR, l.setup_addr);
    fw_cfg_add_i32(s->fw_cfg, FW_CFG_SETUP_SIZE, l.setup_bytes);
    fw_cfg_add_bytes(s->fw_cfg, FW_CFG_SETUP_DATA, image, l.setup_bytes);
    pc_set_kernel_data(s, l.kernel_addr, image + l.setup_bytes, size - l.setup_bytes);
    return pc_add_boot_rom(s, "linuxboot_dma.bin", errp);
}

/* --- all kinds --------------------------------------------------------------------- */

const char *pc_kernel_cmdline(const PCMachineState *s)
{
    return s->parent_obj.kernel_cmdline ? s->parent_obj.kernel_cmdline : "";
}

void pc_set_kernel_data(PCMachineState *s, uint32_t address, const uint8_t *data, size_t size)
{
    fw_cfg_add_i32(s->fw_cfg, FW_CFG_KERNEL_ADDR, address);
    fw_cfg_add_i32(s->fw_cfg, FW_CFG_KERNEL_SIZE, size);
    fw_cfg_add_bytes(s->fw_cfg, FW_CFG_KERNEL_DATA, data, size);
}

bool pc_load_kernel(PCMachineState *s, Error **errp)
{
    const char *path = s->parent_obj.kernel_filename;
    g_autofree uint8_t *image = NULL;
    size_t size;

    if (!path) {
        return true;
    }
    image = pc_read_file("-kernel", path, &size, errp);
    if (!image) {
        return false;
    }
    if (has_linux_header(image, size)) {
        return load_linux(s, image, size, errp);
    }
    if (multiboot_find_header(image, size) >= 0) {
        return pc_load_multiboot(s, image, size, errp);
    }
    if (is_elf_file(path)) {
        return pc_load_pvh(s, image, size, errp);
    }
    if (is_ancient_linux(image, size)) {
        return load_linux(s, image, size, errp);
    }
    error_setg(errp, "-kernel %s: neither a Linux, Multiboot nor PVH kernel", path);
    return false;
}
