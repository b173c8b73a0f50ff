/*
 * ACPI tables of the "pc" board (ACPI specification 2.0), handed to the
 * firmware with a script that says where to put them ("etc/table-loader",
 * fw_cfg specification).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "pc.h"
#include "hw/acpi/aml.h"
#include "hw/acpi/pcihp.h"
#include "hw/acpi/piix4.h"
#include "hw/timer/hpet.h"
#include "qemu/bswap.h"

#define TABLES_FILE "etc/acpi/tables"
#define RSDP_FILE   "etc/acpi/rsdp"
enum { LOADER_ENTRY_BYTES = 128, LOADER_FILE_BYTES = 56 };
enum { LOADER_ALLOCATE = 1, LOADER_ADD_POINTER = 2, LOADER_ADD_CHECKSUM = 3 };
enum { ZONE_HIGH = 1, ZONE_FSEG = 2 };
enum { FACS_BYTES = 64, FADT_BYTES = 116, RSDP_BYTES = 20, TABLES_ALIGN = 64, RSDP_CHECKSUM = 8,
       RSDP_RSDT = 16 };
/* FADT (5.2.8) */
enum { FADT_FACS = 36, FADT_DSDT = 40, FADT_MODEL = 44, FADT_SCI = 46, FADT_SMI_CMD = 48,
       FADT_ACPI_ENABLE = 52, FADT_ACPI_DISABLE = 53, FADT_PM1A_EVENT = 56, FADT_PM1A_CONTROL = 64,
       FADT_PM_TIMER = 76, FADT_GPE0 = 80, FADT_EVENT_LENGTH = 88, FADT_CONTROL_LENGTH = 89,
       FADT_TIMER_LENGTH = 91, FADT_GPE0_LENGTH = 92, FADT_C2 = 96, FADT_C3 = 98, FADT_CENTURY = 108,
       FADT_FLAGS = 112 };
/* WBINVD works, C1, sleep button by control method, S4 from RTC, platform timer */
#define FADT_FLAG_BITS 0x80a5u
enum { C2_UNSUPPORTED = 0xfff, CMOS_CENTURY = 0x32 };
enum { DEFAULT_PM_BASE = 0x600 };
enum { PCI_SLOTS = 32, PCI_PINS = 4, PIRQ_LINKS = 4 };
#define PCI_HOLE_LAST 0xfebfffffu
#define PCI_HOLE_64   UINT64_C(0x80000000)

/* Tables under construction. */
typedef struct Build {
    PCMachineState *s;
    GByteArray *tables, *loader;
    GArray *roots;              /* of size_t: tables that the RSDT lists */
} Build;

/* --- loader script ------------------------------------------------------------------- */

static uint8_t *loader_entry(Build *b, uint32_t command, const char *file)
{
    size_t at = b->loader->len;

    g_byte_array_set_size(b->loader, at + LOADER_ENTRY_BYTES);
    memset(b->loader->data + at, 0, LOADER_ENTRY_BYTES);
    stl_le_p(b->loader->data + at, command);
    memcpy(b->loader->data + at + 4, file, strlen(file));
    return b->loader->data + at + 4 + LOADER_FILE_BYTES;
}

static void load_file(Build *b, const char *file, uint32_t align, uint8_t zone)
{
    uint8_t *p = loader_entry(b, LOADER_ALLOCATE, file);

    stl_le_p(p, align);
    p[4] = zone;
}

/* The 32 bits at offset of file hold an offset in the tables, and become an address. */
static void load_pointer(Build *b, const char *file, uint32_t offset)
{
    uint8_t *p = loader_entry(b, LOADER_ADD_POINTER, file);

    memcpy(p, TABLES_FILE, strlen(TABLES_FILE));
    stl_le_p(p + LOADER_FILE_BYTES, offset);
    p[LOADER_FILE_BYTES + 4] = 4;
}

static void load_checksum(Build *b, const char *file, uint32_t offset, uint32_t start, uint32_t length)
{
    uint8_t *p = loader_entry(b, LOADER_ADD_CHECKSUM, file);

    stl_le_p(p, offset);
    stl_le_p(p + 4, start);
    stl_le_p(p + 8, length);
}

static size_t begin_table(Build *b, const char *signature, uint8_t revision)
{
    return acpi_begin_table(b->tables, signature, revision);
}

static void end_table(Build *b, size_t start, bool root)
{
    acpi_end_table(b->tables, start);
    load_checksum(b, TABLES_FILE, start + ACPI_CHECKSUM, start, b->tables->len - start);
    if (root) {
        g_array_append_val(b->roots, start);
    }
}

/* --- DSDT: the PCI bus ------------------------------------------------------------------ */

/* Pin p of slot n is PIRQ (n + p - 1); the power management function has a link of its own. */
static void add_prt(Aml *pci)
{
    static const char *const links[PIRQ_LINKS] = { "\\_SB.LNKA", "\\_SB.LNKB", "\\_SB.LNKC", "\\_SB.LNKD" };
    Aml *routes = aml_new();

    for (unsigned slot = 0; slot < PCI_SLOTS; slot++) {
        for (unsigned pin = 0; pin < PCI_PINS; pin++) {
            Aml *route = aml_new();

            aml_integer(route, slot << 16 | 0xffff);
            aml_integer(route, pin);
            aml_name(route, slot == 1 && pin == 0 ? "\\_SB.LNKS" : links[(slot + pin + 3) % PIRQ_LINKS]);
            aml_integer(route, 0);
            aml_add_package(routes, 4, route);
        }
    }
    aml_begin_name(pci, "_PRT");
    aml_add_package(pci, PCI_SLOTS * PCI_PINS, routes);
}

static void add_pci_resources(PCMachineState *s, Aml *pci)
{
    Aml *crs = aml_new();
    uint64_t above = PC_MEMORY_ABOVE + s->above_4g;

    aml_word_bus_range(crs, 0, 0xff);
    aml_io(crs, 0xcf8, 8);
    aml_word_io_range(crs, 0, 0xcf7);
    aml_word_io_range(crs, 0xd00, 0xffff);
    aml_dword_memory_range(crs, 0xa0000, 0xbffff, true);
    aml_dword_memory_range(crs, s->below_4g, PCI_HOLE_LAST, false);
    aml_qword_memory_range(crs, above, above + PCI_HOLE_64 - 1);
    aml_name_crs(pci, "_CRS", crs);
}

/* Motherboard resources at fixed ports: EISA id or string id, unique id, ports. */
static void add_fixed_ports(Aml *parent, const char *name, const char *hid, const char *uid, uint16_t port,
                            uint8_t length)
{
    enum { PRESENT_NOT_SHOWN = 0x0b };
    Aml *dev = aml_new(), *crs = aml_new();

    aml_name_string(dev, "_HID", hid);
    if (uid) {
        aml_name_string(dev, "_UID", uid);
    }
    aml_name_integer(dev, "_STA", PRESENT_NOT_SHOWN);
    aml_io(crs, port, length);
    aml_name_crs(dev, "_CRS", crs);
    aml_add_device(parent, name, dev);
}

/* --- DSDT: ISA devices --------------------------------------------------------------------- */

typedef struct ISAEntry {
    const char *name, *eisa_id;
    uint16_t port, port_2;
    uint8_t length, length_2;
    int8_t irq, dma;            /* -1: none */
} ISAEntry;

static void add_isa_entry(Aml *isa, const ISAEntry *e, int uid)
{
    Aml *dev = aml_new(), *crs = aml_new();

    aml_name_eisa_id(dev, "_HID", e->eisa_id);
    if (uid) {
        aml_name_integer(dev, "_UID", uid);
    }
    aml_name_integer(dev, "_STA", 0xf);
    if (e->length) {
        aml_io(crs, e->port, e->length);
    }
    if (e->length_2) {
        aml_io(crs, e->port_2, e->length_2);
    }
    if (e->irq >= 0) {
        aml_irq(crs, e->irq);
    }
    if (e->dma >= 0) {
        aml_dma(crs, e->dma);
    }
    aml_name_crs(dev, "_CRS", crs);
    aml_add_device(isa, e->name, dev);
}

static bool port_is_mapped(uint16_t port)
{
    return address_space_find(&address_space_io, port).mr != NULL;
}

static void add_isa_devices(PCMachineState *s, Aml *isa)
{
    static const ISAEntry fixed[] = {
        { "KBD", "PNP0303", 0x60, 0x64, 1, 1, 1, -1 },
        { "MOU", "PNP0F13", 0, 0, 0, 0, 12, -1 },
        { "FDC0", "PNP0700", 0x3f2, 0x3f7, 4, 1, 6, 2 },
        { "RTC", "PNP0B00", 0x70, 0, 8, 0, PC_IRQ_RTC, -1 },
    };
    static const ISAEntry serial[] = {
        { "COM1", "PNP0501", 0x3f8, 0, 8, 0, 4, -1 }, { "COM2", "PNP0501", 0x2f8, 0, 8, 0, 3, -1 },
        { "COM3", "PNP0501", 0x3e8, 0, 8, 0, 4, -1 }, { "COM4", "PNP0501", 0x2e8, 0, 8, 0, 3, -1 },
    };
    static const ISAEntry parallel[] = { { "LPT1", "PNP0400", 0x378, 0, 8, 0, 7, -1 } };

    for (size_t i = 0; i < ARRAY_SIZE(fixed); i++) {
        add_isa_entry(isa, &fixed[i], 0);
    }
    for (size_t i = 0; i < ARRAY_SIZE(serial); i++) {
        if (port_is_mapped(serial[i].port)) {
            add_isa_entry(isa, &serial[i], i + 1);
        }
    }
    if (port_is_mapped(parallel[0].port)) {
        add_isa_entry(isa, &parallel[0], 1);
    }
}

/* The bridge, with the PIRQ routing registers as fields of \_SB. */
static void add_isa_bridge(PCMachineState *s, Aml *pci)
{
    static const AmlField pirq[] = { { "PRQ0", 8 }, { "PRQ1", 8 }, { "PRQ2", 8 }, { "PRQ3", 8 } };
    Aml *isa = aml_new(), *fields = aml_new();

    aml_name_integer(isa, "_ADR", 0x00010000);
    aml_operation_region(isa, "P40C", AML_PCI_CONFIG, 0x60, 4);
    aml_field(fields, "PCI0.ISA.P40C", AML_BYTE_ACCESS, true, pirq, ARRAY_SIZE(pirq));
    aml_add_scope(isa, "\\_SB", fields);
    add_isa_devices(s, isa);
    aml_add_device(pci, "ISA", isa);
}

/* --- DSDT: interrupt links -------------------------------------------------------------------- */

/* The current interrupt, in a template whose number is filled in. */
static void add_link_current(Aml *link, const char *field)
{
    static const uint32_t nothing[] = { 0 };
    enum { TEMPLATE_NUMBER = 5 };
    Aml *method = aml_new(), *crs = aml_new(), *test = aml_new(), *set = aml_new();

    aml_extended_irqs(crs, nothing, 1);
    aml_name_crs(link, "PRR0", crs);
    aml_byte(method, AML_CREATE_DWORD_FIELD);
    aml_name(method, "PRR0");
    aml_integer(method, TEMPLATE_NUMBER);
    aml_name(method, "PRRI");
    aml_byte(test, AML_LLESS);
    aml_name(test, field);
    aml_integer(test, 0x80);
    aml_byte(set, AML_STORE);
    aml_name(set, field);
    aml_name(set, "PRRI");
    aml_add_if(method, test, set);
    aml_return_name(method, "PRR0");
    aml_add_method(link, "_CRS", 0 | 8, method);
}

/* Bit 7 of the routing register: not connected. */
static void add_link_status(Aml *link, const char *field)
{
    enum { DISABLED = 0x09, ENABLED = 0x0b };
    Aml *method = aml_new(), *test = aml_new(), *off = aml_new();

    aml_byte(test, AML_AND);
    aml_integer(test, 0x80);
    aml_name(test, field);
    aml_byte(test, 0);          /* no target */
    aml_return_integer(off, DISABLED);
    aml_add_if(method, test, off);
    aml_return_integer(method, ENABLED);
    aml_add_method(link, "_STA", 0, method);
}

static void add_link(Aml *sb, const char *name, const char *field, int uid)
{
    static const uint32_t choices[] = { 5, 10, 11 };
    enum { TEMPLATE_NUMBER = 5 };
    Aml *link = aml_new(), *crs = aml_new(), *disable = aml_new(), *set = aml_new();

    aml_name_eisa_id(link, "_HID", "PNP0C0F");
    aml_name_integer(link, "_UID", uid);
    aml_extended_irqs(crs, choices, ARRAY_SIZE(choices));
    aml_name_crs(link, "_PRS", crs);
    add_link_status(link, field);
    aml_byte(disable, AML_OR);
    aml_name(disable, field);
    aml_integer(disable, 0x80);
    aml_name(disable, field);
    aml_add_method(link, "_DIS", 0, disable);
    add_link_current(link, field);
    aml_byte(set, AML_CREATE_DWORD_FIELD);
    aml_byte(set, AML_ARG0);
    aml_integer(set, TEMPLATE_NUMBER);
    aml_name(set, "PRRI");
    aml_byte(set, AML_STORE);
    aml_name(set, "PRRI");
    aml_name(set, field);
    aml_add_method(link, "_SRS", 1, set);
    aml_add_device(sb, name, link);
}

/* The power management function's interrupt cannot be moved. */
static void add_sci_link(Aml *sb)
{
    static const uint32_t sci[] = { PC_IRQ_SCI };
    Aml *link = aml_new(), *crs = aml_new(), *status = aml_new(), *current = aml_new();

    aml_name_eisa_id(link, "_HID", "PNP0C0F");
    aml_name_integer(link, "_UID", PIRQ_LINKS);
    aml_extended_irqs(crs, sci, 1);
    aml_name_crs(link, "_PRS", crs);
    aml_return_integer(status, 0x0b);
    aml_add_method(link, "_STA", 0, status);
    aml_add_method(link, "_DIS", 0, aml_new());
    aml_return_name(current, "_PRS");
    aml_add_method(link, "_CRS", 0, current);
    aml_add_method(link, "_SRS", 1, aml_new());
    aml_add_device(sb, "LNKS", link);
}

/* --- DSDT: the rest ----------------------------------------------------------------------------- */

static void add_hpet_device(Aml *sb)
{
    Aml *dev = aml_new(), *crs = aml_new();

    aml_name_eisa_id(dev, "_HID", "PNP0103");
    aml_name_integer(dev, "_UID", 0);
    aml_name_integer(dev, "_STA", 0xf);
    aml_memory32_fixed(crs, HPET_ADDRESS, 0x400);
    aml_name_crs(dev, "_CRS", crs);
    aml_add_device(sb, "HPET", dev);
}

static void add_processors(PCMachineState *s, Aml *sb)
{
    Aml *cpus = aml_new();

    aml_name_string(cpus, "_HID", "ACPI0010");
    aml_name_eisa_id(cpus, "_CID", "PNP0A05");
    for (int i = 0; i < s->parent_obj.smp_cpus; i++) {
        char name[5];

        snprintf(name, sizeof(name), "C%03X", (unsigned)i & 0xfff);
        aml_add_processor(cpus, name, i, aml_new());
    }
    aml_add_device(sb, "CPUS", cpus);
}

static void add_sleep_state(Aml *root, const char *name, int type)
{
    Aml *values = aml_new();

    aml_integer(values, type);
    aml_integer(values, type);
    aml_integer(values, 0);
    aml_integer(values, 0);
    aml_begin_name(root, name);
    aml_add_package(root, 4, values);
}

static void build_dsdt(Build *b)
{
    static const char *const links[] = { "LNKA", "LNKB", "LNKC", "LNKD" };
    static const char *const fields[] = { "PRQ0", "PRQ1", "PRQ2", "PRQ3" };
    PCMachineState *s = b->s;
    Aml *sb = aml_new(), *pci = aml_new(), *gpe = aml_new();
    size_t start = begin_table(b, "DSDT", 1);

    aml_name_eisa_id(pci, "_HID", "PNP0A03");
    aml_name_integer(pci, "_ADR", 0);
    aml_name_integer(pci, "_UID", 0);
    add_prt(pci);
    add_pci_resources(s, pci);
    add_fixed_ports(pci, "GPE0", "PNP0A06", "GPE0 resources", PIIX4_GPE_BASE, PIIX4_GPE_BYTES);
    add_fixed_ports(pci, "FWCF", "QEMU0002", NULL, 0x510, 0x0c);
    if (piix4_has_pci_hotplug(s->pm)) {
        add_fixed_ports(pci, "PHPR", "PNP0A06", "PCI Hotplug resources", PIIX4_PCIHP_BASE, ACPI_PCIHP_BYTES);
        pc_add_pci_hotplug(s, pci, gpe);
    }
    add_isa_bridge(s, pci);
    aml_add_device(sb, "PCI0", pci);
    for (int i = 0; i < PIRQ_LINKS; i++) {
        add_link(sb, links[i], fields[i], i);
    }
    add_sci_link(sb);
    if (s->hpet) {
        add_hpet_device(sb);
    }
    add_processors(s, sb);
    aml_add_scope(b->tables, "\\_SB", sb);
    aml_name_string(gpe, "_HID", "ACPI0006");
    aml_add_scope(b->tables, "\\_GPE", gpe);
    if (piix4_has_sleep_state(s->pm, 3)) {
        add_sleep_state(b->tables, "\\_S3", PIIX4_SLEEP_S3);
    }
    if (piix4_has_sleep_state(s->pm, 4)) {
        add_sleep_state(b->tables, "\\_S4", piix4_s4_type(s->pm));
    }
    add_sleep_state(b->tables, "\\_S5", PIIX4_SLEEP_S5);
    end_table(b, start, false);
}

/* --- other tables -------------------------------------------------------------------------------- */

static void build_facs(Build *b)
{
    uint8_t facs[FACS_BYTES] = "FACS";

    stl_le_p(facs + 4, FACS_BYTES);
    aml_bytes(b->tables, facs, sizeof(facs));
}

static void build_fadt(Build *b, size_t facs, size_t dsdt)
{
    uint16_t pm_base = piix4_pm_base(b->s->pm);
    size_t start = begin_table(b, "FACP", 1);
    uint8_t fadt[FADT_BYTES] = { 0 };

    pm_base = pm_base ? pm_base : DEFAULT_PM_BASE;
    stl_le_p(fadt + FADT_FACS, facs);
    stl_le_p(fadt + FADT_DSDT, dsdt);
    fadt[FADT_MODEL] = 1;       /* interrupts in the 8259's manner, too */
    stw_le_p(fadt + FADT_SCI, PC_IRQ_SCI);
    stl_le_p(fadt + FADT_SMI_CMD, PIIX4_SMI_COMMAND);
    fadt[FADT_ACPI_ENABLE] = PIIX4_ACPI_ENABLE;
    fadt[FADT_ACPI_DISABLE] = PIIX4_ACPI_DISABLE;
    stl_le_p(fadt + FADT_PM1A_EVENT, pm_base);
    stl_le_p(fadt + FADT_PM1A_CONTROL, pm_base + 4);
    stl_le_p(fadt + FADT_PM_TIMER, pm_base + 8);
    stl_le_p(fadt + FADT_GPE0, PIIX4_GPE_BASE);
    fadt[FADT_EVENT_LENGTH] = 4;
    fadt[FADT_CONTROL_LENGTH] = 2;
    fadt[FADT_TIMER_LENGTH] = 4;
    fadt[FADT_GPE0_LENGTH] = PIIX4_GPE_BYTES;
    stw_le_p(fadt + FADT_C2, C2_UNSUPPORTED);
    stw_le_p(fadt + FADT_C3, C2_UNSUPPORTED);
    fadt[FADT_CENTURY] = CMOS_CENTURY;
    stl_le_p(fadt + FADT_FLAGS, FADT_FLAG_BITS);
    aml_bytes(b->tables, fadt + ACPI_HEADER_BYTES, FADT_BYTES - ACPI_HEADER_BYTES);
    load_pointer(b, TABLES_FILE, start + FADT_FACS);
    load_pointer(b, TABLES_FILE, start + FADT_DSDT);
    end_table(b, start, true);
}

/* ISA interrupts that are not what ISA says: the timer is at pin 2; PCI's are level, active high. */
static void add_override(GByteArray *t, uint8_t source, uint32_t gsi, uint16_t flags)
{
    uint8_t entry[10] = { 2, 10, 0, source };

    stl_le_p(entry + 4, gsi);
    stw_le_p(entry + 8, flags);
    aml_bytes(t, entry, sizeof(entry));
}

static void build_madt(Build *b)
{
    enum { LEVEL_ACTIVE_HIGH = 0x000d, PCAT_COMPATIBLE = 1, PROCESSOR_ENABLED = 1 };
    static const uint8_t level_irqs[] = { 5, PC_IRQ_SCI, 10, 11 };
    static const uint8_t lint1_nmi[] = { 4, 6, 0xff, 0, 0, 1 };
    uint8_t head[8], ioapic[12] = { 1, 12 };
    size_t start = begin_table(b, "APIC", 1);

    stl_le_p(head, APIC_DEFAULT_ADDRESS);
    stl_le_p(head + 4, PCAT_COMPATIBLE);
    aml_bytes(b->tables, head, sizeof(head));
    for (int i = 0; i < b->s->parent_obj.smp_cpus; i++) {
        uint8_t cpu[8] = { 0, 8, i, i, PROCESSOR_ENABLED };

        aml_bytes(b->tables, cpu, sizeof(cpu));
    }
    stl_le_p(ioapic + 4, IOAPIC_DEFAULT_ADDRESS);
    aml_bytes(b->tables, ioapic, sizeof(ioapic));
    add_override(b->tables, PC_IRQ_TIMER, 2, 0);
    for (size_t i = 0; i < ARRAY_SIZE(level_irqs); i++) {
        add_override(b->tables, level_irqs[i], level_irqs[i], LEVEL_ACTIVE_HIGH);
    }
    aml_bytes(b->tables, lint1_nmi, sizeof(lint1_nmi));
    end_table(b, start, true);
}

static void build_hpet(Build *b)
{
    uint8_t body[20] = { 0 };
    size_t start = begin_table(b, "HPET", 1);

    stl_le_p(body, 0x8086a201);
    stq_le_p(body + 8, HPET_ADDRESS);
    aml_bytes(b->tables, body, sizeof(body));
    end_table(b, start, true);
}

/* Emulated devices: one read of the PM timer is enough. */
static void build_waet(Build *b)
{
    enum { PM_TIMER_GOOD = 2 };
    uint8_t flags[4];
    size_t start = begin_table(b, "WAET", 1);

    stl_le_p(flags, PM_TIMER_GOOD);
    aml_bytes(b->tables, flags, sizeof(flags));
    end_table(b, start, true);
}

static size_t build_rsdt(Build *b)
{
    size_t start = begin_table(b, "RSDT", 1);

    for (guint i = 0; i < b->roots->len; i++) {
        uint8_t offset[4];

        stl_le_p(offset, g_array_index(b->roots, size_t, i));
        load_pointer(b, TABLES_FILE, b->tables->len);
        aml_bytes(b->tables, offset, sizeof(offset));
    }
    end_table(b, start, false);
    return start;
}

static void build_rsdp(Build *b, size_t rsdt)
{
    uint8_t rsdp[RSDP_BYTES] = "RSD PTR ";

    memcpy(rsdp + 9, "BOCHS ", 6);
    stl_le_p(rsdp + RSDP_RSDT, rsdt);
    load_pointer(b, RSDP_FILE, RSDP_RSDT);
    load_checksum(b, RSDP_FILE, RSDP_CHECKSUM, 0, RSDP_BYTES);
    fw_cfg_add_file(b->s->fw_cfg, RSDP_FILE, rsdp, sizeof(rsdp));
}

void pc_build_acpi(PCMachineState *s)
{
    Build b = { .s = s, .tables = g_byte_array_new(), .loader = g_byte_array_new(),
                .roots = g_array_new(false, false, sizeof(size_t)) };
    size_t facs = 0, dsdt;

    load_file(&b, RSDP_FILE, 16, ZONE_FSEG);
    load_file(&b, TABLES_FILE, TABLES_ALIGN, ZONE_HIGH);
    build_facs(&b);
    dsdt = b.tables->len;
    build_dsdt(&b);
    build_fadt(&b, facs, dsdt);
    if (s->has_apic) {
        build_madt(&b);
    }
    if (s->hpet) {
        build_hpet(&b);
    }
    build_waet(&b);
    build_rsdp(&b, build_rsdt(&b));
    fw_cfg_add_file(s->fw_cfg, TABLES_FILE, b.tables->data, b.tables->len);
    fw_cfg_add_file(s->fw_cfg, "etc/table-loader", b.loader->data, b.loader->len);
    g_byte_array_free(b.tables, true);
    g_byte_array_free(b.loader, true);
    g_array_free(b.roots, true);
}
