/*
 * -kernel on the PC for Multiboot kernels (Multiboot Specification, version 0.6.96):
 * ELF files, and flat ones whose header says where they belong. -initrd names the
 * modules, separated by commas (,, is a comma), each a file with its arguments.
 *
 * Kernel, strings and modules are one piece that an option ROM copies; it adds the
 * memory map to the information structure and enters in 32-bit mode.
 * Left out: setting a video mode (header flag 2), which is said on stderr.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "pc.h"
#include "hw/loader.h"
#include "qemu/bswap.h"
#include <elf.h>

/* 3.1: header, within the first 8 KiB, at a multiple of 4 */
enum { HEADER_SEARCH_BYTES = 8192, HEADER_BYTES = 12, HEADER_ADDRESSES_BYTES = 32, WORD = 4 };
enum { HEADER_FLAGS = 4, HEADER_CHECKSUM = 8, HEADER_ADDR = 12, HEADER_LOAD = 16, HEADER_LOAD_END = 20,
       HEADER_BSS_END = 24, HEADER_ENTRY = 28 };
enum { FLAG_VIDEO = 1 << 2, FLAGS_MUST_KNOW = 0xffff, FLAGS_KNOWN = 0x0007, FLAG_ADDRESSES = 1 << 16 };
#define HEADER_MAGIC 0x1badb002u
/* 3.3: information structure */
enum { INFO_FLAGS = 0, INFO_BOOT_DEVICE = 12, INFO_CMDLINE = 16, INFO_MODS_COUNT = 20, INFO_MODS_ADDR = 24,
       INFO_MMAP_ADDR = 48, INFO_LOADER_NAME = 64, INFO_BYTES = 88 };
enum { INFO_MEMORY = 1 << 0, INFO_HAS_BOOT_DEVICE = 1 << 1, INFO_HAS_CMDLINE = 1 << 2, INFO_HAS_MODS = 1 << 3,
       INFO_HAS_MMAP = 1 << 6, INFO_HAS_LOADER_NAME = 1 << 9 };
enum { MODULE_START = 0, MODULE_END = 4, MODULE_STRING = 8, MODULE_BYTES = 16 };
/* Where the option ROM's contract puts the structure and the memory map; the first disk. */
enum { INFO_ADDRESS = 0x9500, MMAP_ADDRESS = 0x9000, PAGE = 4096 };
#define FIRST_DISK 0x8000ffffu

/* What the kernel's memory holds, growing upwards from addr. */
typedef struct Load {
    GByteArray *bytes;
    uint32_t addr, entry;
} Load;

int multiboot_find_header(const uint8_t *image, size_t size)
{
    size_t end = MIN(size, HEADER_SEARCH_BYTES);

    for (size_t at = 0; at + HEADER_BYTES <= end; at += WORD) {
        uint32_t sum = ldl_le_p(image + at) + ldl_le_p(image + at + HEADER_FLAGS) +
                       ldl_le_p(image + at + HEADER_CHECKSUM);

        if (ldl_le_p(image + at) == HEADER_MAGIC && !sum) {
            return at;
        }
    }
    return -1;
}

/* --- kernel --------------------------------------------------------------------------- */

/* 3.1.3: a piece of the file, zeroes behind it. limit: end of memory. */
static bool load_flat(Load *load, const uint8_t *image, size_t size, uint32_t header, uint64_t limit, Error **errp)
{
    const uint8_t *h = image + header;
    uint32_t header_addr, bytes, all;
    uint64_t data_end, bss_end;
    size_t at;

    if (size - header < HEADER_ADDRESSES_BYTES) {
        error_setg(errp, "the file is truncated");
        return false;
    }
    header_addr = ldl_le_p(h + HEADER_ADDR);
    load->addr = ldl_le_p(h + HEADER_LOAD);
    load->entry = ldl_le_p(h + HEADER_ENTRY);
    if (load->addr > header_addr || header_addr - load->addr > header) {
        error_setg(errp, "the addresses in the Multiboot header make no sense");
        return false;
    }
    at = header - (header_addr - load->addr);
    data_end = ldl_le_p(h + HEADER_LOAD_END);
    data_end = data_end ? data_end : load->addr + (size - at);      /* 0: to the end of the file */
    bss_end = MAX(data_end, ldl_le_p(h + HEADER_BSS_END));          /* 0: no bss */
    bytes = data_end - load->addr;
    all = bss_end - load->addr;
    if (data_end < load->addr || bss_end > limit) {
        error_setg(errp, "0x%x to 0x%" PRIx64 " does not fit into memory", load->addr, bss_end);
        return false;
    }
    if (bytes > size - at) {
        error_setg(errp, "the file is truncated");
        return false;
    }
    g_byte_array_append(load->bytes, image + at, bytes);
    g_byte_array_set_size(load->bytes, all);
    memset(load->bytes->data + bytes, 0, all - bytes);
    return true;
}

static bool load_segments(Load *load, const uint8_t *image, size_t size, uint64_t limit, Error **errp)
{
    uint64_t entry, addr, len;
    uint8_t *flat = elf_flatten(image, size, false, EM_386, &entry, &addr, &len, errp);

    if (!flat) {
        return false;
    }
    if (addr + len > limit) {
        error_setg(errp, "0x%" PRIx64 " to 0x%" PRIx64 " does not fit into memory", addr, addr + len);
        g_free(flat);
        return false;
    }
    load->addr = addr;
    load->entry = entry;
    g_byte_array_unref(load->bytes);
    load->bytes = g_byte_array_new_take(flat, len);
    return true;
}

/* --- what the kernel is told ------------------------------------------------------------ */

/* Zeroes up to a page. */
static void align_page(Load *load)
{
    guint len = load->bytes->len, aligned = ROUND_UP(load->addr + len, PAGE) - load->addr;

    g_byte_array_set_size(load->bytes, aligned);
    memset(load->bytes->data + len, 0, aligned - len);
}

/* Address of a copy of the bytes behind what is there. */
static uint32_t append(Load *load, const void *data, size_t size)
{
    uint32_t addr = load->addr + load->bytes->len;

    g_byte_array_append(load->bytes, data, size);
    return addr;
}

static uint32_t append_text(Load *load, const char *text)
{
    return append(load, text, strlen(text) + 1);
}

/* -initrd cut at its commas, ",," standing for one; of char *. */
static GPtrArray *module_texts(const char *option)
{
    GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);
    GString *text = g_string_new(NULL);

    for (const char *at = option; at && *at; at++) {
        if (*at == ',' && at[1] != ',') {
            g_ptr_array_add(texts, g_strdup(text->str));
            g_string_truncate(text, 0);
            continue;
        }
        at += *at == ',';
        g_string_append_c(text, *at);
    }
    if (text->len) {
        g_ptr_array_add(texts, g_strdup(text->str));
    }
    g_string_free(text, true);
    return texts;
}

/* A module's file, on a page of its own; row: start, end and string of the list. */
static bool append_module(Load *load, const char *text, uint64_t limit, uint8_t *row, Error **errp)
{
    g_autofree char *path = g_strndup(text, strcspn(text, " "));
    g_autofree uint8_t *data = NULL;
    uint32_t start;
    size_t size;

    data = pc_read_file("-initrd", path, &size, errp);
    if (!data) {
        return false;
    }
    align_page(load);
    if (size > limit - MIN(limit, load->addr + load->bytes->len)) {
        error_setg(errp, "-initrd %s: %zu bytes do not fit into memory", path, size);
        return false;
    }
    start = append(load, data, size);
    stl_le_p(row + MODULE_START, start);
    stl_le_p(row + MODULE_END, start + size);
    return true;
}

/* Modules and their list; its address and length go into info. */
static bool append_modules(Load *load, const char *option, uint64_t limit, uint8_t *info, Error **errp)
{
    g_autoptr(GPtrArray) texts = module_texts(option);
    g_autofree uint8_t *rows = g_malloc0(MODULE_BYTES * MAX(texts->len, 1));

    for (guint i = 0; i < texts->len; i++) {
        const char *text = g_ptr_array_index(texts, i);

        stl_le_p(rows + MODULE_BYTES * i + MODULE_STRING, append_text(load, text));
    }
    for (guint i = 0; i < texts->len; i++) {
        if (!append_module(load, g_ptr_array_index(texts, i), limit, rows + MODULE_BYTES * i, errp)) {
            return false;
        }
    }
    align_page(load);
    stl_le_p(info + INFO_MODS_COUNT, texts->len);
    stl_le_p(info + INFO_MODS_ADDR, append(load, rows, MODULE_BYTES * texts->len));
    return true;
}

/* The option ROM fills in sizes of memory and the map. */
static bool append_info(PCMachineState *s, Load *load, uint64_t limit, Error **errp)
{
    g_autofree char *cmdline = g_strdup_printf("%s %s", s->parent_obj.kernel_filename, pc_kernel_cmdline(s));
    uint8_t info[INFO_BYTES] = { 0 };

    stl_le_p(info + INFO_FLAGS, INFO_MEMORY | INFO_HAS_BOOT_DEVICE | INFO_HAS_CMDLINE | INFO_HAS_MODS |
             INFO_HAS_MMAP | INFO_HAS_LOADER_NAME);
    stl_le_p(info + INFO_BOOT_DEVICE, FIRST_DISK);
    stl_le_p(info + INFO_MMAP_ADDR, MMAP_ADDRESS);
    align_page(load);
    stl_le_p(info + INFO_CMDLINE, append_text(load, cmdline));
    stl_le_p(info + INFO_LOADER_NAME, append_text(load, "qemu"));
    if (!append_modules(load, s->parent_obj.initrd_filename, limit, info, errp)) {
        return false;
    }
    if (load->addr + (uint64_t)load->bytes->len > limit) {
        error_setg(errp, "-kernel %s: no room for the text of -append behind it", s->parent_obj.kernel_filename);
        return false;
    }
    fw_cfg_add_i32(s->fw_cfg, FW_CFG_INITRD_ADDR, INFO_ADDRESS);
    fw_cfg_add_i32(s->fw_cfg, FW_CFG_INITRD_SIZE, sizeof(info));
    fw_cfg_add_bytes(s->fw_cfg, FW_CFG_INITRD_DATA, info, sizeof(info));
    return true;
}

/* --- all -------------------------------------------------------------------------------- */

static bool load_image(Load *load, const char *path, const uint8_t *image, size_t size, uint64_t limit, Error **errp)
{
    int header = multiboot_find_header(image, size);
    uint32_t flags = ldl_le_p(image + header + HEADER_FLAGS);

    if (flags & FLAGS_MUST_KNOW & ~FLAGS_KNOWN) {
        error_setg(errp, "-kernel %s: needs unknown Multiboot features (flags 0x%x)", path, flags);
        return false;
    }
    if (flags & FLAG_VIDEO) {
        warn_report("-kernel %s: asks for a video mode; it starts in text mode", path);
    }
    if (!(flags & FLAG_ADDRESSES ? load_flat(load, image, size, header, limit, errp)
                                 : load_segments(load, image, size, limit, errp))) {
        error_prepend(errp, "-kernel %s: ", path);
        return false;
    }
    return true;
}

bool pc_load_multiboot(PCMachineState *s, const uint8_t *image, size_t size, Error **errp)
{
    uint64_t limit = s->below_4g - MIN(s->below_4g, PC_TABLES_BYTES);
    Load load = { .bytes = g_byte_array_new() };
    bool ok = load_image(&load, s->parent_obj.kernel_filename, image, size, limit, errp) &&
              append_info(s, &load, limit, errp);

    if (ok) {
        fw_cfg_add_i32(s->fw_cfg, FW_CFG_KERNEL_ENTRY, load.entry);
        pc_set_kernel_data(s, load.addr, load.bytes->data, load.bytes->len);
        ok = pc_add_boot_rom(s, "multiboot_dma.bin", errp);
    }
    g_byte_array_unref(load.bytes);
    return ok;
}
