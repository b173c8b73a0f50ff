/*
 * PCI devices and buses (PCI Local Bus Specification 2.2).
 *
 * Owns configuration space, base address registers and their mapping, option
 * ROMs, bus mastering and the way from an interrupt pin to a wire of the root
 * bus. Host bridges (hw/pci-host) turn CPU accesses into configuration cycles
 * and say where the bus's memory and I/O spaces appear; `info pci` is in
 * pci-info.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/pci.h"
#include "hw/core/qdev-internal.h"
#include "hw/pci/msi.h"
#include "net/net.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "sysemu/sysemu.h"
#include "trace/hw-pci.h"

enum { STATUS_INTERRUPT = 0x0008, STATUS_CAP_LIST = 0x0010, STATUS_ERRORS = 0xf900 };
enum { DEFAULT_SUBSYSTEM_VENDOR = 0x1af4, DEFAULT_SUBSYSTEM = 0x1100 };
#define BAR_UNMAPPED UINT64_MAX
#define ROM_MAX_SIZE (16 * MiB)
#define FIRST_CAPABILITY 0x40
#define BRIDGE_ROM_ADDRESS 0x38

static const PCIDeviceClass *pci_class(PCIDevice *dev)
{
    return object_class_data(OBJECT(dev));
}

static int bar_offset(PCIDevice *dev, int region)
{
    if (region == PCI_ROM_SLOT) {
        return pci_class(dev)->is_bridge ? BRIDGE_ROM_ADDRESS : PCI_ROM_ADDRESS;
    }
    return PCI_BASE_ADDRESS_0 + 4 * region;
}

/* --- interrupts ------------------------------------------------------------ */

/* The bus at the root and the wire that pin `pin` of dev drives there. */
static PCIBus *pci_route_to_root(PCIDevice *dev, int pin, int *wire)
{
    PCIBus *bus = dev->bus;

    while (bus->bridge) {
        pin = (pin + PCI_SLOT(dev->devfn)) & 3;
        dev = bus->bridge;
        bus = dev->bus;
    }
    *wire = bus->map_irq ? bus->map_irq(dev, pin) : pin;
    return bus;
}

static bool pci_drives_pin(PCIDevice *dev)
{
    return dev->irq_state && !msi_enabled(dev) && !msix_enabled(dev) &&
           !(pci_get_word(dev->config + PCI_COMMAND) & PCI_COMMAND_INTX_DISABLE);
}

static void pci_change_wire(PCIDevice *dev, int change)
{
    int wire, pin = dev->config[PCI_INTERRUPT_PIN] - 1;
    PCIBus *bus = pci_route_to_root(dev, pin & 3, &wire);

    if (wire < 0 || wire >= bus->nirq) {
        return;
    }
    bus->irq_count[wire] += change;
    bus->set_irq(bus->irq_opaque, wire, bus->irq_count[wire] != 0);
}

void pci_set_irq(PCIDevice *dev, int level)
{
    bool before = pci_drives_pin(dev), after;
    uint16_t status = pci_get_word(dev->config + PCI_STATUS) & ~STATUS_INTERRUPT;

    trace_pci_set_irq(OBJECT(dev)->type->name, dev->devfn, level);
    dev->irq_state = !!level;
    pci_set_word(dev->config + PCI_STATUS, level ? status | STATUS_INTERRUPT : status);
    after = pci_drives_pin(dev);
    if (before != after) {
        pci_change_wire(dev, after ? 1 : -1);
    }
}

static void pci_irq_handler(void *opaque, int n, int level)
{
    pci_set_irq(opaque, level);
}

qemu_irq pci_allocate_irq(PCIDevice *dev)
{
    return qemu_allocate_irq(OBJECT(dev)->type->name, pci_irq_handler, dev, 0);
}

/* --- base addresses -------------------------------------------------------- */

static uint64_t pci_bar_address(PCIDevice *dev, int region)
{
    PCIIORegion *r = &dev->io_regions[region];
    uint16_t command = pci_get_word(dev->config + PCI_COMMAND);
    uint64_t addr = pci_get_long(dev->config + bar_offset(dev, region)), last;

    if (r->type & PCI_BASE_ADDRESS_SPACE_IO) {
        addr &= ~(r->size - 1);
        last = addr + r->size - 1;
        return command & PCI_COMMAND_IO && last < UINT32_MAX ? addr : BAR_UNMAPPED;
    }
    if (!(command & PCI_COMMAND_MEMORY) || (region == PCI_ROM_SLOT && !(addr & 1))) {
        return BAR_UNMAPPED;
    }
    if (r->type & PCI_BASE_ADDRESS_MEM_TYPE_64) {
        addr |= (uint64_t)pci_get_long(dev->config + bar_offset(dev, region) + 4) << 32;
    }
    addr &= ~(r->size - 1);
    last = addr + r->size - 1;
    /* All ones are a guest that asks for the size, zero an unprogrammed BAR. */
    if (addr == 0 || last < addr || last == UINT32_MAX) {
        return BAR_UNMAPPED;
    }
    return addr;
}

static void pci_update_mappings(PCIDevice *dev)
{
    for (int i = 0; i < PCI_NUM_REGIONS; i++) {
        PCIIORegion *r = &dev->io_regions[i];
        MemoryRegion *space = r->type & PCI_BASE_ADDRESS_SPACE_IO ? dev->bus->io : dev->bus->mem;
        uint64_t addr;

        if (!r->memory) {
            continue;
        }
        addr = pci_bar_address(dev, i);
        if (addr == r->addr) {
            continue;
        }
        if (r->addr != BAR_UNMAPPED) {
            memory_region_del_subregion(space, r->memory);
        }
        r->addr = addr;
        if (addr != BAR_UNMAPPED) {
            memory_region_add_subregion_overlap(space, addr, r->memory, 1);
        }
    }
}

static void pci_update_bus_master(PCIDevice *dev)
{
    memory_region_set_enabled(&dev->bus_master_enable,
                              pci_get_word(dev->config + PCI_COMMAND) & PCI_COMMAND_MASTER);
}

void pci_register_bar(PCIDevice *dev, int region, uint8_t type, MemoryRegion *mr)
{
    PCIIORegion *r = &dev->io_regions[region];
    int offset = bar_offset(dev, region);
    uint64_t size = memory_region_size(mr), mask = ~(size - 1);

    assert(region >= 0 && region < PCI_NUM_REGIONS && size >= 4 && !(size & (size - 1)));
    *r = (PCIIORegion) { .memory = mr, .addr = BAR_UNMAPPED, .size = size, .type = type };
    if (region == PCI_ROM_SLOT) {
        mask |= 1;
    }
    pci_set_long(dev->config + offset, type);
    pci_set_long(dev->wmask + offset, mask);
    if (type & PCI_BASE_ADDRESS_MEM_TYPE_64) {
        pci_set_long(dev->config + offset + 4, 0);
        pci_set_long(dev->wmask + offset + 4, mask >> 32);
    }
}

/* First free dword-aligned stretch of config space that no capability uses. */
static int pci_find_cap_space(PCIDevice *dev, uint8_t size)
{
    uint8_t used[PCI_CONFIG_SPACE_SIZE] = { 0 };
    int run = 0;

    for (int cap = dev->config[PCI_CAPABILITY_LIST], n = 0; cap && n < 48; n++) {
        memset(used + cap, 1, MIN(0x10, PCI_CONFIG_SPACE_SIZE - cap));
        cap = dev->config[cap + 1];
    }
    for (int i = FIRST_CAPABILITY; i < PCI_CONFIG_SPACE_SIZE; i++) {
        run = used[i] || (run == 0 && i % 4) ? 0 : run + 1;
        if (run == size) {
            return i - size + 1;
        }
    }
    return 0;
}

int pci_add_capability(PCIDevice *dev, uint8_t cap_id, uint8_t offset, uint8_t size, Error **errp)
{
    int at = offset ? offset : pci_find_cap_space(dev, size);

    if (!at || at + size > PCI_CONFIG_SPACE_SIZE) {
        error_setg(errp, "%s: no room for PCI capability 0x%x", OBJECT(dev)->type->name, cap_id);
        return -1;
    }
    dev->config[at] = cap_id;
    dev->config[at + 1] = dev->config[PCI_CAPABILITY_LIST];
    dev->config[PCI_CAPABILITY_LIST] = at;
    pci_set_word(dev->config + PCI_STATUS, pci_get_word(dev->config + PCI_STATUS) | STATUS_CAP_LIST);
    memset(dev->wmask + at, 0, size);
    return at;
}

/* --- configuration cycles -------------------------------------------------- */

static bool ranges_overlap(uint32_t a, uint32_t a_len, uint32_t b, uint32_t b_len)
{
    return a < b + b_len && b < a + a_len;
}

uint32_t pci_default_read_config(PCIDevice *dev, uint32_t addr, int len)
{
    uint32_t val = 0;

    for (int i = 0; i < len && addr + i < PCI_CONFIG_SPACE_SIZE; i++) {
        val |= (uint32_t)dev->config[addr + i] << (8 * i);
    }
    return val;
}

void pci_default_write_config(PCIDevice *dev, uint32_t addr, uint32_t val, int len)
{
    bool drove = pci_drives_pin(dev);

    for (int i = 0; i < len && addr + i < PCI_CONFIG_SPACE_SIZE; i++, val >>= 8) {
        uint8_t *p = &dev->config[addr + i];
        uint8_t wmask = dev->wmask[addr + i];

        *p = (*p & ~wmask) | (val & wmask);
        *p &= ~(val & dev->w1cmask[addr + i]);
    }
    if (addr < PCI_BASE_ADDRESS_0 + 24 ||
        ranges_overlap(addr, len, bar_offset(dev, PCI_ROM_SLOT), 4)) {
        pci_update_mappings(dev);
    }
    if (ranges_overlap(addr, len, PCI_COMMAND, 2)) {
        pci_update_bus_master(dev);
    }
    if (drove != pci_drives_pin(dev)) {
        pci_change_wire(dev, drove ? -1 : 1);
    }
    msi_config_written(dev, addr, len);
    msix_config_written(dev, addr, len);
}

PCIDevice *pci_find_device(PCIBus *bus, int bus_num, int devfn)
{
    if (bus->bus_num == bus_num) {
        return devfn >= 0 && devfn < 256 ? bus->devices[devfn] : NULL;
    }
    for (int i = 0; i < 256; i++) {
        PCIDevice *bridge = bus->devices[i];

        if (!bridge || !pci_class(bridge)->is_bridge || !DEVICE(bridge)->child_buses) {
            continue;
        }
        if (bus_num >= bridge->config[0x19] && bus_num <= bridge->config[0x1a]) {
            PCIBus *child = (PCIBus *)g_ptr_array_index(DEVICE(bridge)->child_buses, 0);

            child->bus_num = bridge->config[0x19];
            return pci_find_device(child, bus_num, devfn);
        }
    }
    return NULL;
}

uint32_t pci_data_read(PCIBus *bus, uint32_t config_addr, int len)
{
    PCIDevice *dev = pci_find_device(bus, config_addr >> 16 & 0xff, config_addr >> 8 & 0xff);
    uint32_t reg = config_addr & 0xff, val;

    if (!dev) {
        return len == 4 ? UINT32_MAX : (1u << (8 * len)) - 1;
    }
    val = pci_class(dev)->config_read ? pci_class(dev)->config_read(dev, reg, len)
                                      : pci_default_read_config(dev, reg, len);
    trace_pci_config_read(OBJECT(dev)->type->name, dev->devfn, reg, len, val);
    return val;
}

void pci_data_write(PCIBus *bus, uint32_t config_addr, uint32_t val, int len)
{
    PCIDevice *dev = pci_find_device(bus, config_addr >> 16 & 0xff, config_addr >> 8 & 0xff);
    uint32_t reg = config_addr & 0xff;

    if (!dev) {
        return;
    }
    trace_pci_config_write(OBJECT(dev)->type->name, dev->devfn, reg, len, val);
    if (pci_class(dev)->config_write) {
        pci_class(dev)->config_write(dev, reg, val, len);
    } else {
        pci_default_write_config(dev, reg, val, len);
    }
}

/* --- DMA ------------------------------------------------------------------- */

MemTxResult pci_dma_read(PCIDevice *dev, hwaddr addr, void *buf, hwaddr len)
{
    return address_space_read(&dev->bus_master_as, addr, buf, len);
}

MemTxResult pci_dma_write(PCIDevice *dev, hwaddr addr, const void *buf, hwaddr len)
{
    return address_space_write(&dev->bus_master_as, addr, buf, len);
}

/* --- plugging in ----------------------------------------------------------- */

static void pci_init_config(PCIDevice *dev)
{
    const PCIDeviceClass *pc = pci_class(dev);
    uint16_t command = PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | PCI_COMMAND_INTX_DISABLE;

    pci_set_word(dev->config + PCI_VENDOR_ID, pc->vendor_id);
    pci_set_word(dev->config + PCI_DEVICE_ID, pc->device_id);
    pci_set_word(dev->config + PCI_CLASS_DEVICE, pc->class_id);
    dev->config[PCI_REVISION_ID] = pc->revision;
    dev->config[PCI_CLASS_PROG] = pc->prog_if;
    pci_set_word(dev->wmask + PCI_COMMAND, command);
    pci_set_word(dev->w1cmask + PCI_STATUS, STATUS_ERRORS);
    dev->wmask[PCI_CACHE_LINE_SIZE] = 0xff;
    dev->wmask[PCI_LATENCY_TIMER] = 0xff;
    dev->wmask[PCI_INTERRUPT_LINE] = 0xff;
    memset(dev->wmask + FIRST_CAPABILITY, 0xff, PCI_CONFIG_SPACE_SIZE - FIRST_CAPABILITY);
    if (pc->is_bridge) {
        dev->config[PCI_HEADER_TYPE] = PCI_HEADER_TYPE_BRIDGE;
        return;
    }
    pci_set_word(dev->config + PCI_SUBSYSTEM_VENDOR_ID,
                 pc->subsystem_vendor_id ? pc->subsystem_vendor_id : DEFAULT_SUBSYSTEM_VENDOR);
    pci_set_word(dev->config + PCI_SUBSYSTEM_ID,
                 pc->subsystem_id ? pc->subsystem_id : DEFAULT_SUBSYSTEM);
}

/*
 * One ROM file serves a family of cards, while firmware runs a ROM only on the card that it
 * names: the names in its PCI data structure (PCI firmware specification 3.0, 5.1.2) become
 * those of this card. The byte at 6, which x86 code images keep for it, corrects the sum.
 */
static void patch_rom_ids(PCIDevice *dev, uint8_t *rom, size_t length)
{
    enum { ROM_CHECKSUM = 6, ROM_PCIR_POINTER = 0x18, PCIR_IDS = 4, ID_BYTES = 4 };
    size_t at;

    if (length < ROM_PCIR_POINTER + 2 || rom[0] != 0x55 || rom[1] != 0xaa) {
        return;
    }
    at = lduw_le_p(rom + ROM_PCIR_POINTER);
    if (at + PCIR_IDS + ID_BYTES > length || memcmp(rom + at, "PCIR", 4)) {
        return;
    }
    for (size_t i = 0; i < ID_BYTES; i++) {
        rom[ROM_CHECKSUM] += rom[at + PCIR_IDS + i] - dev->config[PCI_VENDOR_ID + i];
        rom[at + PCIR_IDS + i] = dev->config[PCI_VENDOR_ID + i];
    }
}

/*
 * The ROM of romfile=, which must exist, or of the class, which may be missing.
 * rombar=0 leaves the card without a ROM.
 */
static bool pci_load_rom(PCIDevice *dev, Error **errp)
{
    const char *name = dev->romfile ? dev->romfile : pci_class(dev)->romfile;
    g_autofree char *path = name && *name ? qemu_find_file(name) : NULL;
    g_autofree char *data = NULL;
    gsize length, size = 2 * KiB;

    if (!name || !*name || !dev->rombar) {
        return true;
    }
    if (!path || !g_file_get_contents(path, &data, &length, NULL)) {
        if (dev->romfile) {
            error_setg(errp, "romfile=%s: cannot read the option ROM", name);
        }
        return !dev->romfile;
    }
    if (!length || length > ROM_MAX_SIZE) {
        error_setg(errp, "%s: option ROM has an invalid size of %zu bytes", path, (size_t)length);
        return false;
    }
    while (size < length) {
        size <<= 1;
    }
    if (!memory_region_init_rom(&dev->rom, OBJECT(dev), name, size, errp)) {
        return false;
    }
    memset(memory_region_get_ram_ptr(&dev->rom), 0xff, size);
    memcpy(memory_region_get_ram_ptr(&dev->rom), data, length);
    if (!dev->romfile) {
        patch_rom_ids(dev, memory_region_get_ram_ptr(&dev->rom), length);
    }
    pci_register_bar(dev, PCI_ROM_SLOT, PCI_BASE_ADDRESS_SPACE_MEMORY, &dev->rom);
    dev->has_rom = true;
    return true;
}

/*
 * Function 0 of a card that the user made must say multifunction=on before
 * others join it; boards put their chips' functions together as they like.
 */
static bool pci_check_functions(PCIBus *bus, PCIDevice *dev, const char *type, Error **errp)
{
    PCIDevice *first = bus->devices[PCI_DEVFN(PCI_SLOT(dev->devfn), 0)];

    if (PCI_FUNC(dev->devfn) && first && OBJECT(first)->type->user_creatable &&
        !first->multifunction) {
        error_setg(errp, "slot %d holds %s, which is not multifunction=on: %s cannot be function %d",
                   PCI_SLOT(dev->devfn), OBJECT(first)->type->name, type, PCI_FUNC(dev->devfn));
        return false;
    }
    return true;
}

static bool pci_choose_devfn(PCIBus *bus, PCIDevice *dev, Error **errp)
{
    const char *type = OBJECT(dev)->type->name;

    if (dev->devfn < 0) {
        for (int devfn = bus->devfn_min; devfn < 256; devfn += 8) {
            if (!bus->devices[devfn]) {
                dev->devfn = devfn;
                return true;
            }
        }
        error_setg(errp, "no free slot on bus %s", bus->qbus.name);
        return false;
    }
    if (dev->devfn > 255) {
        error_setg(errp, "PCI address out of range");
        return false;
    }
    if (bus->devices[dev->devfn]) {
        error_setg(errp, "PCI slot %d function %d already in use by %s", PCI_SLOT(dev->devfn),
                   PCI_FUNC(dev->devfn), OBJECT(bus->devices[dev->devfn])->type->name);
        return false;
    }
    return pci_check_functions(bus, dev, type, errp);
}

/* Software scans functions 1-7 only when function 0 says that they exist. */
static void pci_mark_multifunction(PCIBus *bus, PCIDevice *dev)
{
    PCIDevice *first = bus->devices[PCI_DEVFN(PCI_SLOT(dev->devfn), 0)];

    if (dev->multifunction) {
        dev->config[PCI_HEADER_TYPE] |= PCI_HEADER_TYPE_MULTI_FUNCTION;
    }
    for (int fn = 1; first && fn < 8; fn++) {
        if (bus->devices[PCI_DEVFN(PCI_SLOT(dev->devfn), fn)]) {
            first->config[PCI_HEADER_TYPE] |= PCI_HEADER_TYPE_MULTI_FUNCTION;
        }
    }
}

static bool pci_may_come_or_go(PCIDevice *dev, Error **errp)
{
    if (pci_class(dev)->no_hotplug) {
        error_setg(errp, "%s cannot come or go while the machine runs", OBJECT(dev)->type->name);
        return false;
    }
    return true;
}

static bool pci_bus_plug(BusState *qbus, DeviceState *qdev, Error **errp)
{
    PCIBus *bus = container_of(qbus, PCIBus, qbus);
    PCIDevice *dev = PCI_DEVICE(qdev);

    if ((qdev_machine_is_ready() && !pci_may_come_or_go(dev, errp)) || !pci_choose_devfn(bus, dev, errp)) {
        return false;
    }
    dev->bus = bus;
    for (int i = 0; i < PCI_NUM_REGIONS; i++) {
        dev->io_regions[i].addr = BAR_UNMAPPED;
    }
    pci_init_config(dev);
    if (!pci_load_rom(dev, errp)) {
        return false;
    }
    memory_region_init(&dev->bus_master_container, OBJECT(dev), "bus master container", UINT64_MAX);
    memory_region_init_alias(&dev->bus_master_enable, OBJECT(dev), "bus master",
                             bus->bridge ? &bus->bridge->bus_master_container
                                         : get_system_memory(), 0, UINT64_MAX);
    memory_region_set_enabled(&dev->bus_master_enable, false);
    memory_region_add_subregion(&dev->bus_master_container, 0, &dev->bus_master_enable);
    address_space_init(&dev->bus_master_as, &dev->bus_master_container, OBJECT(dev)->type->name);
    bus->devices[dev->devfn] = dev;
    pci_mark_multifunction(bus, dev);
    return true;
}

static void pci_bus_unplug(BusState *qbus, DeviceState *qdev)
{
    PCIBus *bus = container_of(qbus, PCIBus, qbus);
    PCIDevice *dev = PCI_DEVICE(qdev);

    pci_set_irq(dev, 0);
    pci_set_word(dev->config + PCI_COMMAND, 0);
    pci_update_mappings(dev);
    bus->devices[dev->devfn] = NULL;
    address_space_destroy(&dev->bus_master_as);
    memory_region_cleanup(&dev->bus_master_enable);
    memory_region_cleanup(&dev->bus_master_container);
    for (int i = 0; i < PCI_NUM_REGIONS; i++) {
        if (dev->io_regions[i].memory) {
            memory_region_cleanup(dev->io_regions[i].memory);
        }
    }
    msix_uninit(dev);
}

static void pci_bus_plugged(BusState *qbus, DeviceState *dev)
{
    PCIBus *bus = container_of(qbus, PCIBus, qbus);

    if (bus->hotplug) {
        bus->hotplug->plugged(bus->hotplug_opaque, PCI_DEVICE(dev));
    }
}

static bool pci_bus_unplug_request(BusState *qbus, DeviceState *dev, Error **errp)
{
    PCIBus *bus = container_of(qbus, PCIBus, qbus);

    return pci_may_come_or_go(PCI_DEVICE(dev), errp) &&
           bus->hotplug->unplug_request(bus->hotplug_opaque, PCI_DEVICE(dev), errp);
}

void pci_bus_set_hotplug(PCIBus *bus, const PCIHotplugOps *ops, void *opaque)
{
    bus->hotplug = ops;
    bus->hotplug_opaque = opaque;
    bus->qbus.plugged = pci_bus_plugged;
    bus->qbus.unplug_request = pci_bus_unplug_request;
    bus->qbus.hotpluggable = true;
}

void pci_root_bus_init(PCIBus *bus, size_t size, DeviceState *host, const char *name,
                       MemoryRegion *mem, MemoryRegion *io, int devfn_min,
                       pci_set_irq_fn set_irq, pci_map_irq_fn map_irq, void *opaque, int nirq)
{
    assert(nirq <= (int)ARRAY_SIZE(bus->irq_count));
    qbus_init(&bus->qbus, size, TYPE_PCI_BUS, host, name);
    bus->qbus.plug = pci_bus_plug;
    bus->qbus.unplug = pci_bus_unplug;
    bus->mem = mem;
    bus->io = io;
    bus->devfn_min = devfn_min;
    bus->set_irq = set_irq;
    bus->map_irq = map_irq;
    bus->irq_opaque = opaque;
    bus->nirq = nirq;
}

void pci_secondary_bus_init(PCIBus *bus, size_t size, PCIDevice *bridge, const char *name,
                            MemoryRegion *mem, MemoryRegion *io)
{
    qbus_init(&bus->qbus, size, TYPE_PCI_BUS, DEVICE(bridge), name);
    bus->qbus.plug = pci_bus_plug;
    bus->qbus.unplug = pci_bus_unplug;
    bus->mem = mem;
    bus->io = io;
    bus->bridge = bridge;
}

PCIDevice *pci_new(int devfn, const char *type)
{
    PCIDevice *dev = PCI_DEVICE(qdev_new(type));

    dev->devfn = devfn;
    return dev;
}

bool pci_realize_and_unref(PCIDevice *dev, PCIBus *bus, Error **errp)
{
    return qdev_realize_and_unref(DEVICE(dev), &bus->qbus, errp);
}

PCIDevice *pci_create_simple(PCIBus *bus, int devfn, const char *type)
{
    PCIDevice *dev = pci_new(devfn, type);

    if (!pci_realize_and_unref(dev, bus, &error_abort)) {
        return NULL;
    }
    return dev;
}

bool pci_nic_init(struct NICInfo *nd, PCIBus *bus, const char *default_model, int devfn, Error **errp)
{
    const char *model = nd->model ? nd->model : default_model;
    const TypeInfo *type = type_by_name(model);
    PCIDevice *dev;

    if (!type || !type_is_a(type, TYPE_PCI_DEVICE) || !type->category || strcmp(type->category, "network")) {
        error_setg(errp, "-nic model=%s: unsupported model on this machine", model);
        return false;
    }
    dev = pci_new(devfn, model);
    qdev_set_nic_properties(DEVICE(dev), nd);
    nd->used = true;
    return pci_realize_and_unref(dev, bus, errp);
}

/* --- reset, state ---------------------------------------------------------- */

static void pci_device_reset(DeviceState *qdev)
{
    PCIDevice *dev = PCI_DEVICE(qdev);

    if (!dev->bus) {
        return;
    }
    pci_set_irq(dev, 0);
    pci_set_word(dev->config + PCI_COMMAND, 0);
    pci_set_word(dev->config + PCI_STATUS, pci_get_word(dev->config + PCI_STATUS) &
                 ~(STATUS_ERRORS | STATUS_INTERRUPT));
    dev->config[PCI_CACHE_LINE_SIZE] = 0;
    dev->config[PCI_INTERRUPT_LINE] = 0;
    for (int i = 0; i < PCI_NUM_REGIONS; i++) {
        if (dev->io_regions[i].memory) {
            pci_set_long(dev->config + bar_offset(dev, i), dev->io_regions[i].type);
        }
    }
    msi_reset(dev);
    msix_reset(dev);
    pci_update_mappings(dev);
    pci_update_bus_master(dev);
}

static PCIBus *pci_child_bus(PCIDevice *dev)
{
    if (!pci_class(dev)->is_bridge || !DEVICE(dev)->child_buses) {
        return NULL;
    }
    return (PCIBus *)g_ptr_array_index(DEVICE(dev)->child_buses, 0);
}

static void pci_count_wires(PCIBus *bus)
{
    for (int i = 0; i < 256; i++) {
        PCIDevice *dev = bus->devices[i];

        if (dev && pci_drives_pin(dev)) {
            int wire, pin = dev->config[PCI_INTERRUPT_PIN] - 1;
            PCIBus *root = pci_route_to_root(dev, pin & 3, &wire);

            if (wire >= 0 && wire < root->nirq) {
                root->irq_count[wire]++;
            }
        }
        if (dev && pci_child_bus(dev)) {
            pci_count_wires(pci_child_bus(dev));
        }
    }
}

/* The interrupt controller's own state holds the level of its inputs. */
static void pci_recount_wires(PCIBus *bus)
{
    while (bus->bridge) {
        bus = bus->bridge->bus;
    }
    memset(bus->irq_count, 0, sizeof(bus->irq_count));
    pci_count_wires(bus);
}

static int pci_post_load(void *opaque, int version)
{
    PCIDevice *dev = opaque;

    pci_update_mappings(dev);
    pci_update_bus_master(dev);
    pci_recount_wires(dev->bus);
    return 0;
}

static const VMStateField pci_device_fields[] = {
    VMSTATE_BUFFER(config, PCIDevice),
    VMSTATE_UINT8(irq_state, PCIDevice),
    VMSTATE_VBUFFER(msix_state, PCIDevice, msix_state_bytes),
    VMSTATE_END
};
const VMStateDescription vmstate_pci_device = {
    .name = "pci-device",
    .version = 1,
    .fields = pci_device_fields,
    .post_load = pci_post_load,
};

static const Property pci_device_props[] = {
    { .name = "addr", .kind = PROP_PCI_DEVFN, .offset = offsetof(PCIDevice, devfn),
      .has_default = true, .defval = -1, .desc = "slot and function, as 06.0" },
    { .name = "romfile", .kind = PROP_STRING, .offset = offsetof(PCIDevice, romfile),
      .desc = "option ROM in the firmware path; empty: none" },
    DEFINE_PROP_UINT32("rombar", PCIDevice, rombar, 1),
    DEFINE_PROP_BOOL("multifunction", PCIDevice, multifunction, false),
    DEFINE_PROP_END
};

static const TypeInfo pci_device_info = {
    .name = TYPE_PCI_DEVICE,
    .parent = "device",
    .instance_size = sizeof(PCIDevice),
    .reset = pci_device_reset,
    .props = pci_device_props,
    .bus_type = TYPE_PCI_BUS,
};
DEFINE_TYPE(pci_device_info)
