/*
 * PCI hot plug by ACPI: the registers, and cards that come and go while the machine
 * runs. The tables that use them are made in hw/i386/acpi-pci.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/acpi/pcihp.h"
#include "hw/core/cpu.h"
#include "hw/core/qdev-internal.h"
#include "qemu/log.h"
#include "sysemu/sysemu.h"

enum { SLOTS = 32, FUNCTIONS = 8 };

static bool made_by_user(const PCIDevice *dev)
{
    const Object *parent = OBJECT(dev)->parent;

    return parent == qdev_container("peripheral") || parent == qdev_container("peripheral-anon");
}

uint32_t acpi_pcihp_slots(PCIBus *bus)
{
    uint32_t slots = UINT32_MAX << PCI_SLOT(bus->devfn_min);

    for (int devfn = 0; devfn < SLOTS * FUNCTIONS; devfn++) {
        if (bus->devices[devfn] && !made_by_user(bus->devices[devfn])) {
            slots &= ~(1u << PCI_SLOT(devfn));
        }
    }
    return slots;
}

/* --- cards ------------------------------------------------------------------------- */

/* Function 0 comes last. */
static void card_plugged(void *opaque, PCIDevice *dev)
{
    ACPIPCIHotplug *s = opaque;

    if (PCI_FUNC(dev->devfn) == 0) {
        s->up |= 1u << PCI_SLOT(dev->devfn);
        s->event(s->opaque);
    }
}

static bool card_unplug_request(void *opaque, PCIDevice *dev, Error **errp)
{
    ACPIPCIHotplug *s = opaque;
    uint32_t slot = 1u << PCI_SLOT(dev->devfn);

    if (!(acpi_pcihp_slots(s->bus) & slot)) {
        error_setg(errp, "slot %d has a device of the board", PCI_SLOT(dev->devfn));
        return false;
    }
    s->down |= slot;
    s->event(s->opaque);
    return true;
}

static const PCIHotplugOps hotplug_ops = {
    .plugged = card_plugged,
    .unplug_request = card_unplug_request,
};

static void remove_card(PCIBus *bus, int slot)
{
    for (int function = 0; function < FUNCTIONS; function++) {
        PCIDevice *dev = bus->devices[PCI_DEVFN(slot, function)];

        if (dev) {
            qdev_unplug(DEVICE(dev));
        }
    }
}

/* No vCPU may be in the middle of an access to a device that goes. */
static void remove_cards(void *opaque)
{
    ACPIPCIHotplug *s = opaque;
    uint32_t slots;

    pause_all_vcpus();          /* lets go of the BQL: a vCPU may still add to s->leaving */
    slots = s->leaving & acpi_pcihp_slots(s->bus);
    s->leaving = 0;
    for (int slot = 0; slot < SLOTS; slot++) {
        if (slots & 1u << slot) {
            remove_card(s->bus, slot);
        }
    }
    if (runstate_is_running()) {
        resume_all_vcpus();
    }
}

static void let_go(ACPIPCIHotplug *s, uint32_t slots)
{
    s->up &= ~slots;
    s->down &= ~slots;
    s->leaving |= slots;
    if (s->leaving) {
        qemu_bh_schedule(s->eject);
    }
}

/* --- registers ----------------------------------------------------------------------- */

static uint64_t pcihp_read(void *opaque, hwaddr addr, unsigned size)
{
    ACPIPCIHotplug *s = opaque;
    uint32_t value;

    if (s->bus_number && addr < ACPI_PCIHP_BUS) {
        return 0;
    }
    switch (addr) {
    case ACPI_PCIHP_UP:
        value = s->up;
        s->up = 0;
        return value;
    case ACPI_PCIHP_DOWN:
        return s->down;
    case ACPI_PCIHP_SLOTS:
        return acpi_pcihp_slots(s->bus);
    case ACPI_PCIHP_BUS:
        return s->bus_number;
    }
    return 0;
}

static void pcihp_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    ACPIPCIHotplug *s = opaque;

    if (addr == ACPI_PCIHP_BUS) {
        s->bus_number = value;
    } else if (addr == ACPI_PCIHP_EJECT && !s->bus_number) {
        let_go(s, value & acpi_pcihp_slots(s->bus));
    } else {
        qemu_log_mask(LOG_GUEST_ERROR, "acpi-pcihp: write of 0x%" PRIx64 " to register 0x%x of bus %u\n", value,
                      (unsigned)addr, s->bus_number);
    }
}

static const MemoryRegionOps pcihp_ops = {
    .read = pcihp_read,
    .write = pcihp_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 4, .max_access_size = 4 },
    .impl = { .min_access_size = 4, .max_access_size = 4 },
};

/* --- life ------------------------------------------------------------------------------ */

void acpi_pcihp_reset(ACPIPCIHotplug *s)
{
    s->up = s->bus_number = 0;
    let_go(s, s->down);
}

static int pcihp_post_load(void *opaque, int version)
{
    ACPIPCIHotplug *s = opaque;

    if (s->leaving && !s->bus) {        /* property acpi-root-pci-hotplug=off */
        return -EINVAL;
    }
    let_go(s, 0);
    return 0;
}

static const VMStateField pcihp_fields[] = {
    VMSTATE_UINT32(up, ACPIPCIHotplug),
    VMSTATE_UINT32(down, ACPIPCIHotplug),
    VMSTATE_UINT32(leaving, ACPIPCIHotplug),
    VMSTATE_UINT32(bus_number, ACPIPCIHotplug),
    VMSTATE_END
};
const VMStateDescription vmstate_acpi_pcihp = {
    .name = "acpi-pcihp",
    .version = 1,
    .fields = pcihp_fields,
    .post_load = pcihp_post_load,
};

void acpi_pcihp_init(ACPIPCIHotplug *s, Object *owner, PCIBus *bus, void (*event)(void *opaque), void *opaque)
{
    s->bus = bus;
    s->event = event;
    s->opaque = opaque;
    s->eject = qemu_bh_new(remove_cards, s);
    memory_region_init_io(&s->io, owner, &pcihp_ops, s, "acpi-pci-hotplug", ACPI_PCIHP_BYTES);
    pci_bus_set_hotplug(bus, &hotplug_ops, s);
}
