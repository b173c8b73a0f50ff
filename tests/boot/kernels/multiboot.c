/*
 * A Multiboot kernel that prints what the loader told it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "print.h"

typedef struct Info {
    uint32_t flags, mem_lower, mem_upper, boot_device, cmdline, mods_count, mods_addr, symbols[4];
    uint32_t mmap_length, mmap_addr, drives_length, drives_addr, config_table, loader_name;
} Info;

typedef struct Module {
    uint32_t start, end, string, reserved;
} Module;

typedef struct MapEntry {
    uint32_t size;
    uint64_t base, length;
    uint32_t type;
} __attribute__((packed)) MapEntry;

extern uint8_t data_end[], bss_end[];
static uint32_t initialized = 0x12345678;

void kernel_main(uint32_t magic, const Info *info)
{
    print_value("magic", magic);
    print_value("data", initialized);
    /* The stack, at the end of bss, is in use. */
    print_value("bss", sum_bytes((uint32_t)data_end, (uint32_t)bss_end - 4096));
    print_value("flags", info->flags);
    print_value("lower", info->mem_lower);
    print_value("upper", info->mem_upper);
    print_value("device", info->boot_device);
    print_text("cmdline", info->cmdline);
    print_text("loader", info->loader_name);
    for (uint32_t i = 0; i < info->mods_count; i++) {
        const Module *module = (const Module *)info->mods_addr + i;

        print_text("module", module->string);
        print_value("offset", module->start & 0xfff);
        print_value("bytes", module->end - module->start);
        print_value("sum", sum_bytes(module->start, module->end));
    }
    for (uint32_t at = info->mmap_addr; at < info->mmap_addr + info->mmap_length;) {
        const MapEntry *entry = (const MapEntry *)at;

        print("map");
        print_hex(entry->base);
        print_hex(entry->length);
        print_value("", entry->type);
        at += entry->size + 4;
    }
    finish();
}
