/*
 * The part of the "pc" board's DSDT that finds and lets go of PCI cards while the
 * machine runs (ACPI specification 2.0, 6.3: device insertion and removal), by the
 * registers of hw/acpi/pcihp.h.
 *
 * Each slot that takes part is a device S00 to S1F of PCI0; the event's method tells
 * the system which of them to look at again, and which to give back.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "pc.h"
#include "hw/acpi/aml.h"
#include "hw/acpi/pcihp.h"
#include "hw/acpi/piix4.h"

enum { SLOTS = 32, METHOD_SERIALIZED = 8 };
enum { NOTIFY_CHECK = 1, NOTIFY_EJECT = 3 };    /* 5.6.3 */

static void slot_name(char *name, size_t size, int slot)
{
    snprintf(name, size, "S%02X", slot & 0xff);
}

static void add_registers(Aml *pci)
{
    static const AmlField fields[] = { { "PCIU", 32 }, { "PCID", 32 }, { "B0EJ", 32 }, { NULL, 32 }, { "BNUM", 32 } };

    aml_operation_region(pci, "PCST", AML_SYSTEM_IO, PIIX4_PCIHP_BASE, ACPI_PCIHP_BUS + 4);
    aml_field(pci, "PCST", AML_DWORD_ACCESS, false, fields, ARRAY_SIZE(fields));
}

/* Store (value, name) */
static void store(Aml *method, uint64_t value, const char *name)
{
    aml_byte(method, AML_STORE);
    aml_integer(method, value);
    aml_name(method, name);
}

static void add_slot(Aml *pci, int slot)
{
    Aml *dev = aml_new(), *eject = aml_new();
    char name[5];

    slot_name(name, sizeof(name), slot);
    aml_name_integer(dev, "_SUN", slot);
    aml_name_integer(dev, "_ADR", (uint32_t)slot << 16);
    store(eject, 0, "BNUM");
    store(eject, UINT64_C(1) << slot, "B0EJ");
    aml_add_method(dev, "_EJ0", 1 | METHOD_SERIALIZED, eject);
    aml_add_device(pci, name, dev);
}

/* If (And (Local, bit)) { Notify (slot, code) } */
static void notify_slot(Aml *method, int local, int slot, int code)
{
    Aml *test = aml_new(), *notify = aml_new();
    char name[5];

    slot_name(name, sizeof(name), slot);
    aml_byte(test, AML_AND);
    aml_byte(test, local);
    aml_integer(test, UINT64_C(1) << slot);
    aml_byte(test, 0);          /* no target */
    aml_byte(notify, AML_NOTIFY);
    aml_name(notify, name);
    aml_integer(notify, code);
    aml_add_if(method, test, notify);
}

/* PCNT: each register is read once, since reading clears PCIU. */
static void add_event_method(Aml *pci, uint32_t slots)
{
    static const struct { const char *field; int local, code; } kinds[] = {
        { "PCIU", AML_LOCAL0, NOTIFY_CHECK }, { "PCID", AML_LOCAL0 + 1, NOTIFY_EJECT },
    };
    Aml *method = aml_new();

    store(method, 0, "BNUM");
    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
        aml_byte(method, AML_STORE);
        aml_name(method, kinds[i].field);
        aml_byte(method, kinds[i].local);
        for (int slot = 0; slot < SLOTS; slot++) {
            if (slots & 1u << slot) {
                notify_slot(method, kinds[i].local, slot, kinds[i].code);
            }
        }
    }
    aml_add_method(pci, "PCNT", METHOD_SERIALIZED, method);
}

void pc_add_pci_hotplug(PCMachineState *s, Aml *pci, Aml *gpe)
{
    uint32_t slots = acpi_pcihp_slots(s->pci);
    Aml *event = aml_new();

    add_registers(pci);
    for (int slot = 0; slot < SLOTS; slot++) {
        if (slots & 1u << slot) {
            add_slot(pci, slot);
        }
    }
    add_event_method(pci, slots);
    aml_name(event, "\\_SB.PCI0.PCNT");
    aml_add_method(gpe, "_E01", 0, event);
}
