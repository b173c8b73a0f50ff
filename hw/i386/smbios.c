/*
 * SMBIOS tables of the PC (SMBIOS reference specification 2.8): system,
 * enclosure, processors, memory. Files "etc/smbios/smbios-anchor" and
 * "etc/smbios/smbios-tables"; the firmware puts addresses and checksums in.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "pc.h"
#include "qemu/bswap.h"
#include "sysemu/sysemu.h"

enum { TYPE_SYSTEM = 1, TYPE_ENCLOSURE = 3, TYPE_PROCESSOR = 4, TYPE_MEMORY_ARRAY = 16, TYPE_MEMORY_DEVICE = 17,
       TYPE_MAPPED_ADDRESS = 19, TYPE_BOOT = 32, TYPE_END = 127 };
enum { HEADER_BYTES = 4, ANCHOR_BYTES = 31, UUID_BYTES = 16 };
enum { MAX_MODULE_GB = 16 };
#define MANUFACTURER "QEMU"

typedef struct Tables {
    GByteArray *bytes;
    unsigned count, largest;
    size_t start;               /* of the current structure */
} Tables;

static void begin(Tables *t, uint8_t type, uint16_t handle)
{
    uint8_t header[HEADER_BYTES] = { type };

    t->start = t->bytes->len;
    stw_le_p(header + 2, handle);
    g_byte_array_append(t->bytes, header, sizeof(header));
}

static void put(Tables *t, uint64_t value, int count)
{
    uint8_t bytes[8];

    stq_le_p(bytes, value);
    g_byte_array_append(t->bytes, bytes, count);
}

/* Strings in the order of their numbers, ended by NULL. */
static void end(Tables *t, const char *const *strings)
{
    unsigned size;

    t->bytes->data[t->start + 1] = t->bytes->len - t->start;
    if (!strings || !*strings) {
        put(t, 0, 1);
    }
    for (; strings && *strings; strings++) {
        g_byte_array_append(t->bytes, (const uint8_t *)*strings, strlen(*strings) + 1);
    }
    put(t, 0, 1);
    size = t->bytes->len - t->start;
    t->largest = MAX(t->largest, size);
    t->count++;
}

static void add_system(PCMachineState *s, Tables *t)
{
    enum { WAKE_UP_POWER_SWITCH = 6 };
    const char *const strings[] = { MANUFACTURER, s->parent_obj.mc->desc, s->parent_obj.mc->name, NULL };
    /* 7.2.1: the first three fields are little endian. */
    static const uint8_t order[UUID_BYTES] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };

    begin(t, TYPE_SYSTEM, 0x100);
    put(t, 0x030201, 3);        /* manufacturer, product, version */
    put(t, 0, 1);
    for (int i = 0; i < UUID_BYTES; i++) {
        put(t, qemu_uuid[order[i]], 1);
    }
    put(t, WAKE_UP_POWER_SWITCH, 1);
    put(t, 0, 2);
    end(t, strings);
}

static void add_enclosure(PCMachineState *s, Tables *t)
{
    enum { OTHER = 1, STATE_SAFE = 3, STATE_UNKNOWN = 2 };
    const char *const strings[] = { MANUFACTURER, s->parent_obj.mc->name, NULL };

    begin(t, TYPE_ENCLOSURE, 0x300);
    put(t, 1, 1);
    put(t, OTHER, 1);
    put(t, 2, 1);               /* version */
    put(t, 0, 2);
    put(t, STATE_SAFE, 1);
    put(t, STATE_SAFE, 1);
    put(t, STATE_SAFE, 1);
    put(t, STATE_UNKNOWN, 1);
    put(t, 0, 8);
    end(t, strings);
}

static void add_processor(PCMachineState *s, Tables *t, int n, int cores, int threads)
{
    enum { CENTRAL = 3, OTHER = 1, UNKNOWN = 2, STATUS_ENABLED = 0x41, MHZ = 2000, NO_CACHE = 0xffff };
    g_autofree char *socket = g_strdup_printf("CPU %d", n);
    const char *const strings[] = { socket, MANUFACTURER, s->parent_obj.mc->name, NULL };

    begin(t, TYPE_PROCESSOR, 0x400 + n);
    put(t, 1, 1);
    put(t, CENTRAL, 1);
    put(t, OTHER, 1);           /* family */
    put(t, 2, 1);
    put(t, 0, 8);               /* CPUID stays unknown */
    put(t, 3, 1);
    put(t, 0, 3);               /* voltage, external clock */
    put(t, MHZ, 2);
    put(t, MHZ, 2);
    put(t, STATUS_ENABLED, 1);
    put(t, OTHER, 1);           /* upgrade */
    put(t, NO_CACHE, 2);
    put(t, NO_CACHE, 2);
    put(t, NO_CACHE, 2);
    put(t, 0, 3);
    put(t, cores, 1);
    put(t, cores, 1);
    put(t, threads, 1);
    put(t, UNKNOWN, 2);         /* characteristics */
    put(t, OTHER, 2);
    end(t, strings);
}

static void add_memory_array(PCMachineState *s, Tables *t, int modules)
{
    enum { LOCATION_OTHER = 1, USE_SYSTEM = 3, ECC_MULTI_BIT = 6, NO_ERROR_HANDLE = 0xfffe };

    begin(t, TYPE_MEMORY_ARRAY, 0x1000);
    put(t, LOCATION_OTHER, 1);
    put(t, USE_SYSTEM, 1);
    put(t, ECC_MULTI_BIT, 1);
    put(t, s->parent_obj.ram_size / KiB, 4);
    put(t, NO_ERROR_HANDLE, 2);
    put(t, modules, 2);
    put(t, 0, 8);
    end(t, NULL);
}

static void add_memory_device(Tables *t, int n, uint64_t bytes)
{
    enum { NO_ERROR_HANDLE = 0xfffe, UNKNOWN_WIDTH = 0xffff, FORM_DIMM = 9, TYPE_RAM = 7, DETAIL_OTHER = 2 };
    g_autofree char *slot = g_strdup_printf("DIMM %d", n);
    const char *const strings[] = { slot, MANUFACTURER, NULL };

    begin(t, TYPE_MEMORY_DEVICE, 0x1100 + n);
    put(t, 0x1000, 2);
    put(t, NO_ERROR_HANDLE, 2);
    put(t, UNKNOWN_WIDTH, 2);
    put(t, UNKNOWN_WIDTH, 2);
    put(t, bytes / MiB, 2);
    put(t, FORM_DIMM, 1);
    put(t, 0, 1);
    put(t, 1, 1);
    put(t, 0, 1);
    put(t, TYPE_RAM, 1);
    put(t, DETAIL_OTHER, 2);
    put(t, 0, 2);
    put(t, 2, 1);
    put(t, 0, 3);
    put(t, 0, 1);               /* rank unknown */
    put(t, 0, 4);
    put(t, 0, 8);               /* speed, voltages unknown */
    end(t, strings);
}

static void add_mapping(Tables *t, int n, uint64_t base, uint64_t length)
{
    begin(t, TYPE_MAPPED_ADDRESS, 0x1300 + n);
    put(t, base / KiB, 4);
    put(t, (base + length) / KiB - 1, 4);
    put(t, 0x1000, 2);
    put(t, 1, 1);
    put(t, 0, 8);
    put(t, 0, 8);
    end(t, NULL);
}

static void add_all(PCMachineState *s, Tables *t)
{
    const CPUTopology *topology = &s->parent_obj.topology;
    uint64_t ram = s->parent_obj.ram_size, module = (uint64_t)MAX_MODULE_GB * GiB;
    int modules = (ram + module - 1) / module;

    add_system(s, t);
    add_enclosure(s, t);
    for (int i = 0; i < topology->sockets; i++) {
        add_processor(s, t, i, topology->cores, topology->threads);
    }
    add_memory_array(s, t, modules);
    for (int i = 0; i < modules; i++) {
        add_memory_device(t, i, i < modules - 1 ? module : ram - i * module);
    }
    add_mapping(t, 0, 0, s->below_4g);
    if (s->above_4g) {
        add_mapping(t, 1, PC_MEMORY_ABOVE, s->above_4g);
    }
    begin(t, TYPE_BOOT, 0x2000);
    put(t, 0, 7);
    end(t, NULL);
    begin(t, TYPE_END, 0x7f00);
    end(t, NULL);
}

/* Checksums are left to the firmware, which puts the address in. */
static void make_anchor(const Tables *t, uint8_t anchor[ANCHOR_BYTES])
{
    memset(anchor, 0, ANCHOR_BYTES);
    memcpy(anchor, "_SM_", 4);
    anchor[5] = ANCHOR_BYTES;
    anchor[6] = 2;
    anchor[7] = 8;
    stw_le_p(anchor + 8, t->largest);
    memcpy(anchor + 16, "_DMI_", 5);
    stw_le_p(anchor + 22, t->bytes->len);
    stw_le_p(anchor + 28, t->count);
    anchor[30] = 0x28;
}

void pc_build_smbios(PCMachineState *s)
{
    Tables t = { .bytes = g_byte_array_new() };
    uint8_t anchor[ANCHOR_BYTES];

    add_all(s, &t);
    make_anchor(&t, anchor);
    fw_cfg_add_file(s->fw_cfg, "etc/smbios/smbios-anchor", anchor, sizeof(anchor));
    fw_cfg_add_file(s->fw_cfg, "etc/smbios/smbios-tables", t.bytes->data, t.bytes->len);
    g_byte_array_free(t.bytes, true);
}
