/*
 * -kernel on the PC: Linux by its boot protocol (Documentation/x86/boot.rst of
 * Linux), through the firmware configuration device and an option ROM that
 * copies the parts to where they belong.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "pc.h"
#include "hw/loader.h"
#include "qemu/bswap.h"
#include "sysemu/sysemu.h"

/* Setup header */
enum { HDR_SETUP_SECTS = 0x1f1, HDR_VIDEO_MODE = 0x1fa, HDR_MAGIC = 0x202, HDR_VERSION = 0x206,
       HDR_LOADER = 0x210, HDR_LOADFLAGS = 0x211, HDR_RAMDISK = 0x218, HDR_RAMDISK_SIZE = 0x21c,
       HDR_HEAP_END = 0x224, HDR_CMDLINE = 0x228, HDR_INITRD_MAX = 0x22c, HDR_CMDLINE_MAX = 0x238,
       HDR_MIN_BYTES = 0x250 };
enum { LOADED_HIGH = 0x01, CAN_USE_HEAP = 0x80, LOADER_QEMU = 0xb0, DEFAULT_SETUP_SECTS = 4, SECTOR = 512 };
#define MAGIC_HDRS 0x53726448u      /* "HdrS" */
enum { PROTOCOL_CMDLINE_PTR = 0x202, PROTOCOL_INITRD_MAX = 0x203, PROTOCOL_HEAP = 0x201 };
enum { REAL_MODE_ADDRESS = 0x10000, CMDLINE_ADDRESS = 0x20000, LOW_REAL_MODE_ADDRESS = 0x90000,
       LOW_KERNEL_ADDRESS = 0x10000, HIGH_KERNEL_ADDRESS = 0x100000 };
enum { DEFAULT_INITRD_MAX = 0x37ffffff, TABLES_BYTES = 0x28000, PAGE = 4096 };

/* Bytes of a file, NULL with the error set; g_free. */
static uint8_t *read_file(const char *option, const char *path, gsize *size, Error **errp)
{
    g_autoptr(GError) err = NULL;
    char *data;

    if (!g_file_get_contents(path, &data, size, &err)) {
        error_setg(errp, "%s %s: cannot read: %s", option, path,
                   err->code == G_FILE_ERROR_NOENT ? "No such file or directory" : err->message);
        return NULL;
    }
    return (uint8_t *)data;
}

bool pc_add_boot_rom(PCMachineState *s, const char *name, Error **errp)
{
    g_autofree char *path = qemu_find_file(name), *file = g_strconcat("genroms/", name, NULL);
    g_autofree uint8_t *data = NULL;
    gsize size;

    if (!path) {
        error_setg(errp, "-kernel: option ROM %s not found (see -L)", name);
        return false;
    }
    data = read_file("-kernel", path, &size, errp);
    if (!data || !fw_cfg_add_file(s->fw_cfg, file, data, size)) {
        return false;
    }
    g_ptr_array_insert(s->boot_paths, 0, g_strconcat("/rom@", file, NULL));
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

/* Below the limits of the kernel and of low memory, where the firmware's tables end it. */
static bool place_initrd(PCMachineState *s, uint8_t *header, uint32_t max, Error **errp)
{
    const char *path = s->parent_obj.initrd_filename;
    g_autofree uint8_t *data = NULL;
    uint64_t limit = MIN((uint64_t)max + 1, s->below_4g - MIN(s->below_4g, TABLES_BYTES));
    uint32_t address;
    gsize size;

    if (!path) {
        return true;
    }
    data = read_file("-initrd", path, &size, errp);
    if (!data) {
        return false;
    }
    if (size > limit || ROUND_UP(limit - size, PAGE) < HIGH_KERNEL_ADDRESS) {
        error_setg(errp, "-initrd %s: %zu bytes do not fit into memory", path, (size_t)size);
        return false;
    }
    address = (limit - size) & -(uint64_t)PAGE;
    fw_cfg_add_i32(s->fw_cfg, FW_CFG_INITRD_ADDR, address);
    fw_cfg_add_i32(s->fw_cfg, FW_CFG_INITRD_SIZE, size);
    fw_cfg_add_bytes(s->fw_cfg, FW_CFG_INITRD_DATA, data, size);
    stl_le_p(header + HDR_RAMDISK, address);
    stl_le_p(header + HDR_RAMDISK_SIZE, size);
    return true;
}

static bool load_linux(PCMachineState *s, uint8_t *image, gsize size, Error **errp)
{
    const char *path = s->parent_obj.kernel_filename;
    const char *cmdline = s->parent_obj.kernel_cmdline ? s->parent_obj.kernel_cmdline : "";
    uint16_t version = ldl_le_p(image + HDR_MAGIC) == MAGIC_HDRS ? lduw_le_p(image + HDR_VERSION) : 0;
    bool high = version >= PROTOCOL_CMDLINE_PTR && image[HDR_LOADFLAGS] & LOADED_HIGH;
    uint32_t real_mode = high ? REAL_MODE_ADDRESS : LOW_REAL_MODE_ADDRESS;
    uint32_t setup_bytes = ((image[HDR_SETUP_SECTS] ? image[HDR_SETUP_SECTS] : DEFAULT_SETUP_SECTS) + 1) * SECTOR;
    uint32_t initrd_max = version >= PROTOCOL_INITRD_MAX ? ldl_le_p(image + HDR_INITRD_MAX) : DEFAULT_INITRD_MAX;
    uint16_t mode;

    if (!high) {
        error_setg(errp, "-kernel %s: not a kernel that loads high (boot protocol 2.02)", path);
        return false;
    }
    if (setup_bytes >= size) {
        error_setg(errp, "-kernel %s: the file is truncated", path);
        return false;
    }
    if (strlen(cmdline) >= (version >= 0x206 ? ldl_le_p(image + HDR_CMDLINE_MAX) : 255) + 1) {
        error_setg(errp, "-append: the kernel takes no more than %u characters",
                   version >= 0x206 ? ldl_le_p(image + HDR_CMDLINE_MAX) : 255);
        return false;
    }
    if (!place_initrd(s, image, initrd_max, errp)) {
        return false;
    }
    if (video_mode(cmdline, &mode)) {
        stw_le_p(image + HDR_VIDEO_MODE, mode);
    }
    image[HDR_LOADER] = LOADER_QEMU;
    image[HDR_LOADFLAGS] |= CAN_USE_HEAP;
    stw_le_p(image + HDR_HEAP_END, CMDLINE_ADDRESS - real_mode - SECTOR);
    stl_le_p(image + HDR_CMDLINE, CMDLINE_ADDRESS);
    fw_cfg_add_i32(s->fw_cfg, FW_CFG_CMDLINE_ADDR, CMDLINE_ADDRESS);
    fw_cfg_add_i32(s->fw_cfg, FW_CFG_CMDLINE_SIZE, strlen(cmdline) + 1);
    fw_cfg_add_string(s->fw_cfg, FW_CFG_CMDLINE_DATA, cmdline);
    fw_cfg_add_i32(s->fw_cfg, FW_CFG_SETUP_ADDR, real_mode);
    fw_cfg_add_i32(s->fw_cfg, FW_CFG_SETUP_SIZE, setup_bytes);
    fw_cfg_add_bytes(s->fw_cfg, FW_CFG_SETUP_DATA, image, setup_bytes);
    fw_cfg_add_i32(s->fw_cfg, FW_CFG_KERNEL_ADDR, HIGH_KERNEL_ADDRESS);
    fw_cfg_add_i32(s->fw_cfg, FW_CFG_KERNEL_SIZE, size - setup_bytes);
    fw_cfg_add_bytes(s->fw_cfg, FW_CFG_KERNEL_DATA, image + setup_bytes, size - setup_bytes);
    return pc_add_boot_rom(s, "linuxboot_dma.bin", errp);
}

bool pc_load_kernel(PCMachineState *s, Error **errp)
{
    const char *path = s->parent_obj.kernel_filename;
    g_autofree uint8_t *image = NULL;
    gsize size;

    if (!path) {
        return true;
    }
    image = read_file("-kernel", path, &size, errp);
    if (!image) {
        return false;
    }
    if (size < HDR_MIN_BYTES) {
        error_setg(errp, "-kernel %s: the file is too short for a kernel", path);
        return false;
    }
    return load_linux(s, image, size, errp);
}
