/*
 * What firmware finds: its own image, the CMOS memory, the items and files of
 * the firmware configuration device (names and layouts: SeaBIOS documentation,
 * "Runtime config", and the fw_cfg specification).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "pc.h"
#include "block/block.h"
#include "hw/acpi/piix4.h"
#include "hw/block/fdc.h"
#include "hw/loader.h"
#include "hw/pci-host/i440fx.h"
#include "hw/rtc/mc146818rtc.h"
#include "qemu/bswap.h"
#include "sysemu/sysemu.h"

enum { BIOS_MAX = 16 << 20, ISA_BIOS_SIZE = 128 << 10, ISA_BIOS_END = 0x100000, BIOS_ALIGN = 64 << 10,
       OPTION_ROM_ADDRESS = 0xc0000, OPTION_ROM_SIZE = 0x20000, FWCFG_PORT = 0x510 };
/* CMOS */
enum { CMOS_FLOPPY = 0x10, CMOS_DISKS = 0x12, CMOS_EQUIPMENT = 0x14, CMOS_BASE_KB = 0x15,
       CMOS_EXT_KB = 0x17, CMOS_DISK_TYPE = 0x19, CMOS_DISK_GEOMETRY = 0x1b, CMOS_EXT_KB_2 = 0x30,
       CMOS_ABOVE_16M = 0x34, CMOS_BOOT_FLAGS = 0x38, CMOS_DISK_TRANSLATION = 0x39,
       CMOS_BOOT_ORDER = 0x3d, CMOS_ABOVE_4G = 0x5b, CMOS_CPU_COUNT = 0x5f };
enum { EQUIPMENT_FPU = 0x02, EQUIPMENT_MOUSE = 0x04, EQUIPMENT_FLOPPY = 0x01, EQUIPMENT_TWO_FLOPPIES = 0x41 };
enum { DISK_TYPE_EXTENDED = 47, DISK_GEOMETRY_BYTES = 9 };
/* Items of the x86 boards */
enum { FW_CFG_ACPI_TABLES = FW_CFG_ARCH_LOCAL, FW_CFG_SMBIOS_ENTRIES, FW_CFG_IRQ0_OVERRIDE,
       FW_CFG_E820_TABLE, FW_CFG_HPET };
enum { E820_RAM = 1, E820_RESERVED = 2, E820_ENTRY_BYTES = 20 };
/* Addresses that HyperTransport machines keep for themselves. */
#define HT_RESERVED_BASE UINT64_C(0xfd00000000)
#define HT_RESERVED_SIZE UINT64_C(0x0300000000)
enum { HT_ADDRESS_BITS = 40 };

/* --- image --------------------------------------------------------------------------- */

/* isapc has no shadow registers: its ROM can be written, and is as new after a reset. */
static bool init_rom(PCMachineState *s, MemoryRegion *mr, const char *name, uint64_t size, Error **errp)
{
    return s->pci ? memory_region_init_rom(mr, OBJECT(s), name, size, errp)
                  : memory_region_init_ram(mr, OBJECT(s), name, size, errp);
}

bool pc_load_bios(PCMachineState *s, const char *default_name, Error **errp)
{
    const char *name = s->parent_obj.firmware ? s->parent_obj.firmware : default_name;
    g_autofree char *path = qemu_find_file(name);
    MemoryRegion *space = s->pci ? i440fx_pci_memory(s->host) : get_system_memory();
    int64_t size = path ? get_image_size(path, errp) : BIOS_ALIGN;
    uint64_t isa_size;

    if (!path && !(qtest_enabled() && !s->parent_obj.firmware)) {
        error_setg(errp, "-bios %s: firmware not found (see -L)", name);
        return false;
    }
    if (size < 0) {
        error_prepend(errp, "-bios %s: ", name);
        return false;
    }
    if (!size || size > BIOS_MAX || size % BIOS_ALIGN) {
        error_setg(errp, "-bios %s: the size must be a multiple of 64 KiB up to 16 MiB", name);
        return false;
    }
    if (!init_rom(s, &s->bios, "pc.bios", size, errp) ||
        (path && load_image_mr(path, &s->bios, errp) < 0)) {
        error_prepend(errp, "-bios %s: ", name);
        return false;
    }
    isa_size = MIN(size, ISA_BIOS_SIZE);
    memory_region_init_alias(&s->isa_bios, OBJECT(s), "isa-bios", &s->bios, size - isa_size, isa_size);
    memory_region_add_subregion_overlap(space, ISA_BIOS_END - isa_size, &s->isa_bios, 1);
    memory_region_add_subregion(space, PC_MEMORY_ABOVE - size, &s->bios);
    if (!init_rom(s, &s->option_roms, "pc.rom", OPTION_ROM_SIZE, errp)) {
        return false;
    }
    memory_region_add_subregion_overlap(space, OPTION_ROM_ADDRESS, &s->option_roms, 1);
    if (!s->pci && path) {
        rom_add_blob(name, memory_region_get_ram_ptr(&s->bios), size, PC_MEMORY_ABOVE - size);
    }
    return true;
}

/* --- CMOS --------------------------------------------------------------------------------- */

static void cmos_set16(PCMachineState *s, unsigned addr, uint64_t value)
{
    mc146818rtc_set_cmos(s->rtc, addr, value);
    mc146818rtc_set_cmos(s->rtc, addr + 1, value >> 8);
}

static void set_memory_sizes(PCMachineState *s)
{
    uint64_t kilobytes = s->parent_obj.ram_size / KiB, base = MIN(kilobytes, 640);
    uint64_t extended = kilobytes > 1024 ? MIN(kilobytes - 1024, UINT16_MAX) : 0;
    uint64_t above_16m = s->below_4g > 16 * MiB ? (s->below_4g - 16 * MiB) / (64 * KiB) : 0;
    uint64_t above_4g = s->above_4g / (64 * KiB);

    cmos_set16(s, CMOS_BASE_KB, base);
    cmos_set16(s, CMOS_EXT_KB, extended);
    cmos_set16(s, CMOS_EXT_KB_2, extended);
    cmos_set16(s, CMOS_ABOVE_16M, MIN(above_16m, UINT16_MAX));
    cmos_set16(s, CMOS_ABOVE_4G, above_4g);
    mc146818rtc_set_cmos(s->rtc, CMOS_ABOVE_4G + 2, above_4g >> 16);
    mc146818rtc_set_cmos(s->rtc, CMOS_CPU_COUNT, s->parent_obj.smp_cpus - 1);
}

/* Nibbles: 1 floppy, 2 disk, 3 CD, 4 network; the third device is beside the flags. */
static bool set_boot_order(PCMachineState *s, const char *order, Error **errp)
{
    uint8_t device[3] = { 0 };

    for (int i = 0; order[i]; i++) {
        static const char letters[] = "acdn";
        const char *at = strchr(order[i] == 'b' ? "a" : letters, order[i] == 'b' ? 'a' : order[i]);

        if (i >= 3 || !at) {
            error_setg(errp, "-boot %s: %s", order,
                       i >= 3 ? "at most three devices" : "this machine boots from a, c, d and n");
            return false;
        }
        device[i] = order[i] == 'b' ? 1 : at - letters + 1;
    }
    mc146818rtc_set_cmos(s->rtc, CMOS_BOOT_ORDER, device[1] << 4 | device[0]);
    mc146818rtc_set_cmos(s->rtc, CMOS_BOOT_FLAGS, device[2] << 4);
    return true;
}

static void set_floppies(PCMachineState *s)
{
    uint8_t a = isa_fdc_cmos_type(s->floppy, 0), b = isa_fdc_cmos_type(s->floppy, 1);
    uint8_t equipment = EQUIPMENT_FPU | EQUIPMENT_MOUSE;

    if (a && b) {
        equipment |= EQUIPMENT_TWO_FLOPPIES;
    } else if (a || b) {
        equipment |= EQUIPMENT_FLOPPY;
    }
    mc146818rtc_set_cmos(s->rtc, CMOS_FLOPPY, a << 4 | b);
    mc146818rtc_set_cmos(s->rtc, CMOS_EQUIPMENT, equipment);
}

/* The two disks of the first channel: user-defined type 47, geometry, translation. */
static void set_disks(PCMachineState *s)
{
    enum { HEADS = 16, SECTORS = 63, MAX_CYLINDERS = 16383, TRANSLATE_LBA = 1 };
    uint8_t types = 0, translation = 0;

    for (int i = 0; i < 4; i++) {
        DriveInfo *drive = drive_get(IF_IDE, i / 2, i % 2);
        uint8_t geometry[DISK_GEOMETRY_BYTES] = { 0 };
        int64_t sectors, cylinders;

        if (!drive || drive->media_cd) {
            continue;
        }
        sectors = blk_getlength(drive->blk) / BDRV_SECTOR_SIZE;
        cylinders = CLAMP(sectors / (HEADS * SECTORS), 1, MAX_CYLINDERS);
        translation |= (cylinders > 1024 ? TRANSLATE_LBA : 0) << 2 * i;
        if (i >= 2) {
            continue;
        }
        types |= 0xf0 >> 4 * i;
        mc146818rtc_set_cmos(s->rtc, CMOS_DISK_TYPE + i, DISK_TYPE_EXTENDED);
        stw_le_p(geometry, cylinders);
        geometry[2] = HEADS;
        stw_le_p(geometry + 3, UINT16_MAX);     /* no write precompensation */
        geometry[5] = 0xc0 | (HEADS > 8) << 3;
        stw_le_p(geometry + 6, cylinders);
        geometry[8] = SECTORS;
        for (int j = 0; j < DISK_GEOMETRY_BYTES; j++) {
            mc146818rtc_set_cmos(s->rtc, CMOS_DISK_GEOMETRY + DISK_GEOMETRY_BYTES * i + j, geometry[j]);
        }
    }
    mc146818rtc_set_cmos(s->rtc, CMOS_DISKS, types);
    mc146818rtc_set_cmos(s->rtc, CMOS_DISK_TRANSLATION, translation);
}

/* --- firmware configuration ---------------------------------------------------------------- */

static void put_e820(GByteArray *table, uint64_t address, uint64_t length, uint32_t type)
{
    uint8_t entry[E820_ENTRY_BYTES];

    stq_le_p(entry, address);
    stq_le_p(entry + 8, length);
    stl_le_p(entry + 16, type);
    g_byte_array_append(table, entry, sizeof(entry));
}

static void add_e820(PCMachineState *s)
{
    GByteArray *table = g_byte_array_new();

    /* A guest with 32-bit addresses would take the range for its end of memory. */
    if (X86_CPU(first_cpu)->env.phys_bits >= HT_ADDRESS_BITS) {
        put_e820(table, HT_RESERVED_BASE, HT_RESERVED_SIZE, E820_RESERVED);
    }
    put_e820(table, 0, s->below_4g, E820_RAM);
    if (s->above_4g) {
        put_e820(table, PC_MEMORY_ABOVE, s->above_4g, E820_RAM);
    }
    fw_cfg_add_file(s->fw_cfg, "etc/e820", table->data, table->len);
    g_byte_array_free(table, true);
}

/* Count, and one comparator block: id, address, tick, page protection. */
static void add_hpet_item(PCMachineState *s)
{
    uint8_t item[1 + 8 * 15] = { 0xff };

    if (s->hpet) {
        item[0] = 1;
        stl_le_p(item + 1, 0x8086a201);
        stq_le_p(item + 5, 0xfed00000);
    }
    fw_cfg_add_bytes(s->fw_cfg, FW_CFG_HPET, item, sizeof(item));
}

/* Six bytes, S0 to S5: bit 7: offered, low bits: sleep type. */
static void add_system_states(PCMachineState *s)
{
    uint8_t states[6] = { 0x80, 0, 0, PIIX4_SLEEP_S3, 0, 0x80 };

    if (!s->pm) {
        return;
    }
    states[3] |= piix4_has_sleep_state(s->pm, 3) ? 0x80 : 0;
    states[4] = piix4_s4_type(s->pm) | (piix4_has_sleep_state(s->pm, 4) ? 0x80 : 0);
    fw_cfg_add_file(s->fw_cfg, "etc/system-states", states, sizeof(states));
}

static void add_items(PCMachineState *s)
{
    MachineState *machine = &s->parent_obj;
    uint8_t fail_wait[4], menu_wait[2];

    fw_cfg_add_i16(s->fw_cfg, FW_CFG_NB_CPUS, machine->smp_cpus);
    fw_cfg_add_i16(s->fw_cfg, FW_CFG_MAX_CPUS, machine->smp_cpus);
    fw_cfg_add_i64(s->fw_cfg, FW_CFG_RAM_SIZE, machine->ram_size);
    fw_cfg_add_i16(s->fw_cfg, FW_CFG_NOGRAPHIC, machine->nographic);
    fw_cfg_add_i16(s->fw_cfg, FW_CFG_BOOT_MENU, machine->boot.menu);
    fw_cfg_add_i32(s->fw_cfg, FW_CFG_IRQ0_OVERRIDE, 1);
    stl_le_p(fail_wait, machine->boot.reboot_timeout_ms);
    fw_cfg_add_file(s->fw_cfg, "etc/boot-fail-wait", fail_wait, sizeof(fail_wait));
    if (machine->boot.splash_time_ms >= 0) {
        stw_le_p(menu_wait, machine->boot.splash_time_ms);
        fw_cfg_add_file(s->fw_cfg, "etc/boot-menu-wait", menu_wait, sizeof(menu_wait));
    }
    add_hpet_item(s);
    add_e820(s);
    add_system_states(s);
}

bool pc_init_firmware_config(PCMachineState *s, Error **errp)
{
    s->fw_cfg = fw_cfg_init_io(FWCFG_PORT);
    set_memory_sizes(s);
    set_floppies(s);
    set_disks(s);
    add_items(s);
    if (!set_boot_order(s, s->parent_obj.boot.order, errp) ||
        !set_boot_order(s, s->parent_obj.boot_order, errp)) {
        return false;
    }
    pc_build_smbios(s);
    if (s->isa_vga_rom && !pc_add_rom(s, "-vga", "vgaroms", s->isa_vga_rom, errp)) {
        return false;
    }
    return pc_load_kernel(s, errp);
}

void pc_update_firmware_config(PCMachineState *s)
{
    GString *order = g_string_new(NULL);

    /* -boot once= is over when the machine starts for the second time. */
    if (s->started && s->parent_obj.boot.once && !set_boot_order(s, s->parent_obj.boot.order, &error_abort)) {
        return;
    }
    s->started = true;
    for (guint i = 0; i < s->boot_paths->len; i++) {
        g_string_append_printf(order, "%s\n", (char *)g_ptr_array_index(s->boot_paths, i));
    }
    pc_append_bootindexes(order);
    if (s->parent_obj.boot.strict) {
        g_string_append(order, "HALT");
    } else if (order->len) {
        g_string_truncate(order, order->len - 1);
    }
    fw_cfg_add_file(s->fw_cfg, "bootorder", order->str, order->len ? order->len + 1 : 0);
    g_string_free(order, true);
    if (s->acpi_enabled) {
        pc_build_acpi(s);
    }
}
