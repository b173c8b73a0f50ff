/*
 * A PVH kernel that prints its start information.
 *
 * SPDX-License-Identifier: MIT
 */
#include "print.h"

typedef struct StartInfo {
    uint32_t magic, version, flags, modules_count;
    uint64_t modules_addr, cmdline_addr, rsdp_addr;
    /* version 1 */
    uint64_t map_addr;
    uint32_t map_count, reserved;
} StartInfo;

typedef struct Module {
    uint64_t addr, size, cmdline, reserved;
} Module;

typedef struct MapEntry {
    uint64_t base, length;
    uint32_t type, reserved;
} MapEntry;

void kernel_main(const StartInfo *info)
{
    const Module *modules = (const Module *)(uint32_t)info->modules_addr;
    const MapEntry *map = (const MapEntry *)(uint32_t)info->map_addr;

    print_value("magic", info->magic);
    print_value("version", info->version);
    print_text("cmdline", info->cmdline_addr);
    print_value("rsdp", *(const uint32_t *)(uint32_t)info->rsdp_addr);
    for (uint32_t i = 0; i < info->modules_count; i++) {
        print_value("bytes", modules[i].size);
        print_value("sum", sum_bytes(modules[i].addr, modules[i].addr + modules[i].size));
    }
    for (uint32_t i = 0; i < info->map_count; i++) {
        print("map");
        print_hex(map[i].base);
        print_hex(map[i].length);
        print_value("", map[i].type);
    }
    finish();
}
