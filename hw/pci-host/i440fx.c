/*
 * Intel 440FX host bridge, 82441FX (data sheet 290549): configuration
 * mechanism 1, shadow RAM (PAM), system management RAM.
 *
 * Ports 0xcf8   configuration address (32-bit accesses alone)
 *       0xcfc   configuration data
 * Output 0-3    PIRQ A-D of the bus
 *
 * Left out: DRAM timing and row registers (plain storage), error reporting.
 * A segment that is "write RAM, read PCI" goes to PCI altogether.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/pci-host/i440fx.h"
#include "trace/hw-pci-host.h"

enum { PORT_CONFIG_ADDRESS = 0xcf8, PORT_CONFIG_DATA = 0xcfc };
#define CONFIG_ENABLE (1u << 31)
enum { PAM_FIRST = 0x59, PAM_LAST = 0x5f, SMRAM = 0x72, RAM_SIZE_HINT = 0x57 };
enum { PAM_READ_RAM = 1, PAM_WRITE_RAM = 2 };
enum { SMRAM_BASE = 0x02, SMRAM_ENABLE = 0x08, SMRAM_LOCKED = 0x10, SMRAM_CLOSED = 0x20, SMRAM_OPEN = 0x40,
       SMRAM_WRITABLE = 0x78 };
enum { SEGMENTS = 13, SEGMENT_SIZE = 0x4000, SEGMENTS_BASE = 0xc0000, BIOS_BASE = 0xf0000,
       BIOS_SIZE = 0x10000, SMRAM_ADDRESS = 0xa0000, SMRAM_SIZE = 0x20000 };
enum { STATUS_MEDIUM_DEVSEL = 0x0200 };

typedef struct Segment {
    MemoryRegion ram, pci;
} Segment;

typedef struct I440FXHost {
    SysBusDevice parent_obj;

    /* wiring */
    MemoryRegion config_address, config_data, pci_memory;
    PCIBus bus;
    qemu_irq pirq[I440FX_PIRQS];

    /* guest state */
    uint32_t address;
} I440FXHost;
#define I440FX_HOST(o) OBJECT_CHECK(I440FXHost, (o), TYPE_I440FX_PCIHOST)

/* Function 0 of device 0. */
typedef struct I440FXState {
    PCIDevice parent_obj;

    /* wiring */
    MemoryRegion *ram;
    uint64_t ram_size;
    Segment segment[SEGMENTS];
    MemoryRegion smram_hole;            /* PCI at 0xa0000 for everybody */
    MemoryRegion smm_root, smm_system, smm_ram;
} I440FXState;
#define I440FX(o) OBJECT_CHECK(I440FXState, (o), TYPE_I440FX)

/* --- shadow and system management RAM ------------------------------------------------ */

/* Two bits of read and write enable; segment 0 is the 64 KiB of the BIOS, in PAM0's high half. */
static uint8_t segment_mode(const I440FXState *s, int n)
{
    int nibble = n + 1;

    return s->parent_obj.config[PAM_FIRST + nibble / 2] >> (nibble & 1 ? 4 : 0) & 3;
}

static void update_memory(I440FXState *s)
{
    uint8_t smram = s->parent_obj.config[SMRAM];

    memory_region_transaction_begin();
    for (int i = 0; i < SEGMENTS; i++) {
        uint8_t mode = segment_mode(s, i);
        bool ram = mode & PAM_READ_RAM;

        memory_region_set_readonly(&s->segment[i].ram, !(mode & PAM_WRITE_RAM));
        memory_region_set_enabled(&s->segment[i].ram, ram);
        memory_region_set_enabled(&s->segment[i].pci, !ram);
    }
    memory_region_set_enabled(&s->smram_hole, !(smram & SMRAM_OPEN && smram & SMRAM_ENABLE));
    memory_region_set_enabled(&s->smm_ram, smram & SMRAM_ENABLE && !(smram & SMRAM_CLOSED));
    memory_region_transaction_commit();
}

/* 4.1.16: locked, the space cannot be opened, and only a reset unlocks it. */
static void write_smram(I440FXState *s, uint8_t value)
{
    uint8_t *smram = &s->parent_obj.config[SMRAM];

    trace_i440fx_smram(value);
    if (*smram & SMRAM_LOCKED) {
        *smram = (*smram & ~SMRAM_CLOSED) | (value & SMRAM_CLOSED);
        return;
    }
    *smram = (value & SMRAM_WRITABLE) | SMRAM_BASE;
    if (value & SMRAM_LOCKED) {
        *smram &= ~SMRAM_OPEN;
    }
}

static void i440fx_config_write(PCIDevice *dev, uint32_t addr, uint32_t val, int len)
{
    I440FXState *s = I440FX(dev);

    pci_default_write_config(dev, addr, val, len);
    if (addr <= SMRAM && addr + len > SMRAM) {
        write_smram(s, val >> 8 * (SMRAM - addr));
    }
    if ((addr <= PAM_LAST && addr + len > PAM_FIRST) || (addr <= SMRAM && addr + len > SMRAM)) {
        update_memory(s);
    }
}

/* --- configuration cycles ---------------------------------------------------------------- */

static uint64_t address_read(void *opaque, hwaddr addr, unsigned size)
{
    I440FXHost *s = opaque;

    return size == 4 && addr == 0 ? s->address : (UINT64_C(1) << 8 * size) - 1;
}

static void address_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    I440FXHost *s = opaque;

    if (size == 4 && addr == 0) {
        s->address = value;
    }
}

static const MemoryRegionOps address_ops = {
    .read = address_read,
    .write = address_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 4 },
};

static uint64_t data_read(void *opaque, hwaddr addr, unsigned size)
{
    I440FXHost *s = opaque;

    if (!(s->address & CONFIG_ENABLE)) {
        return (UINT64_C(1) << 8 * size) - 1;
    }
    return pci_data_read(&s->bus, (s->address & 0xfffffc) | addr, size);
}

static void data_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    I440FXHost *s = opaque;

    if (s->address & CONFIG_ENABLE) {
        pci_data_write(&s->bus, (s->address & 0xfffffc) | addr, value, size);
    }
}

static const MemoryRegionOps data_ops = {
    .read = data_read,
    .write = data_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 4 },
};

static void i440fx_set_pirq(void *opaque, int wire, int level)
{
    qemu_set_irq(((I440FXHost *)opaque)->pirq[wire], level);
}

/* Device 1 has PIRQ A at its pin A. */
static int i440fx_map_irq(PCIDevice *dev, int pin)
{
    return (pin + PCI_SLOT(dev->devfn) - 1) & 3;
}

/* --- life ------------------------------------------------------------------------------------ */

static void i440fx_reset(DeviceState *dev)
{
    I440FXState *s = I440FX(dev);
    uint8_t *config = s->parent_obj.config;

    pci_set_word(config + PCI_COMMAND, 0);
    /*
     * The shadow registers stay: firmware tells from its own variables, which it keeps in shadow
     * RAM, that it has run before, and only then looks whether the machine wakes from S3.
     */
    config[SMRAM] = SMRAM_BASE;
    config[RAM_SIZE_HINT] = MIN(s->ram_size / (8 * MiB), UINT8_MAX);
    update_memory(s);
}

static int i440fx_post_load(void *opaque, int version)
{
    update_memory(opaque);
    return 0;
}

static const VMStateField i440fx_fields[] = {
    VMSTATE_PCI_DEVICE(parent_obj, I440FXState),
    VMSTATE_END
};
static const VMStateDescription vmstate_i440fx = {
    .name = "i440FX",
    .version = 1,
    .fields = i440fx_fields,
    .post_load = i440fx_post_load,
};

static void init_segments(I440FXState *s, MemoryRegion *pci_memory)
{
    for (int i = 0; i < SEGMENTS; i++) {
        hwaddr base = i == 0 ? BIOS_BASE : SEGMENTS_BASE + (i - 1) * SEGMENT_SIZE;
        uint64_t size = i == 0 ? BIOS_SIZE : SEGMENT_SIZE;

        memory_region_init_alias(&s->segment[i].ram, OBJECT(s), "pam-ram", s->ram, base, size);
        memory_region_init_alias(&s->segment[i].pci, OBJECT(s), "pam-pci", pci_memory, base, size);
        memory_region_add_subregion_overlap(get_system_memory(), base, &s->segment[i].ram, 1);
        memory_region_add_subregion_overlap(get_system_memory(), base, &s->segment[i].pci, 1);
    }
}

/* System memory, with RAM at 0xa0000 in front of it. */
static void init_smram(I440FXState *s, MemoryRegion *pci_memory)
{
    memory_region_init_alias(&s->smram_hole, OBJECT(s), "smram-region", pci_memory, SMRAM_ADDRESS, SMRAM_SIZE);
    memory_region_add_subregion_overlap(get_system_memory(), SMRAM_ADDRESS, &s->smram_hole, 1);
    memory_region_init(&s->smm_root, OBJECT(s), "smm-memory", UINT64_MAX);
    memory_region_init_alias(&s->smm_system, OBJECT(s), "memory", get_system_memory(), 0, UINT64_MAX);
    memory_region_init_alias(&s->smm_ram, OBJECT(s), "smram-low", s->ram, SMRAM_ADDRESS, SMRAM_SIZE);
    memory_region_add_subregion(&s->smm_root, 0, &s->smm_system);
    memory_region_add_subregion_overlap(&s->smm_root, SMRAM_ADDRESS, &s->smm_ram, 1);
}

static bool i440fx_realize(DeviceState *dev, Error **errp)
{
    I440FXState *s = I440FX(dev);
    PCIDevice *pci = &s->parent_obj;

    init_segments(s, pci->bus->mem);
    init_smram(s, pci->bus->mem);
    pci->wmask[SMRAM] = 0;
    pci_set_word(pci->config + PCI_STATUS, STATUS_MEDIUM_DEVSEL);
    return true;
}

static const PCIDeviceClass i440fx_class = {
    .vendor_id = 0x8086,
    .device_id = 0x1237,
    .class_id = 0x0600,
    .revision = 2,
    .config_write = i440fx_config_write,
};

static const TypeInfo i440fx_info = {
    .name = TYPE_I440FX,
    .parent = TYPE_PCI_DEVICE,
    .desc = "440FX host bridge",
    .instance_size = sizeof(I440FXState),
    .realize = i440fx_realize,
    .reset = i440fx_reset,
    .vmsd = &vmstate_i440fx,
    .class_data = &i440fx_class,
};
DEFINE_TYPE(i440fx_info)

static void host_reset(DeviceState *dev)
{
    I440FX_HOST(dev)->address = 0;
}

static const VMStateField host_fields[] = {
    VMSTATE_UINT32(address, I440FXHost),
    VMSTATE_END
};
static const VMStateDescription vmstate_host = {
    .name = "i440FX-pcihost",
    .version = 1,
    .fields = host_fields,
};

static void host_init(Object *obj)
{
    I440FXHost *s = I440FX_HOST(obj);

    memory_region_init_io(&s->config_address, obj, &address_ops, s, "pci-conf-idx", 4);
    memory_region_init_io(&s->config_data, obj, &data_ops, s, "pci-conf-data", 4);
    memory_region_init(&s->pci_memory, obj, "pci", UINT64_MAX);
    qdev_init_gpio_out(DEVICE(obj), s->pirq, I440FX_PIRQS);
}

static bool host_realize(DeviceState *dev, Error **errp)
{
    I440FXHost *s = I440FX_HOST(dev);

    memory_region_add_subregion_overlap(get_system_memory(), 0, &s->pci_memory, -1);
    memory_region_add_subregion(get_system_io(), PORT_CONFIG_ADDRESS, &s->config_address);
    memory_region_add_subregion(get_system_io(), PORT_CONFIG_DATA, &s->config_data);
    pci_root_bus_init(&s->bus, sizeof(s->bus), dev, "pci.0", &s->pci_memory, get_system_io(), 0,
                      i440fx_set_pirq, i440fx_map_irq, s, I440FX_PIRQS);
    return true;
}

static const TypeInfo host_info = {
    .name = TYPE_I440FX_PCIHOST,
    .parent = TYPE_SYS_BUS_DEVICE,
    .desc = "440FX PCI bus",
    .instance_size = sizeof(I440FXHost),
    .init = host_init,
    .realize = host_realize,
    .reset = host_reset,
    .vmsd = &vmstate_host,
};
DEFINE_TYPE(host_info)

DeviceState *i440fx_create(MemoryRegion *ram, uint64_t ram_size, Error **errp)
{
    DeviceState *host = qdev_new(TYPE_I440FX_PCIHOST);
    PCIDevice *dev = pci_new(PCI_DEVFN(0, 0), TYPE_I440FX);

    I440FX(dev)->ram = ram;
    I440FX(dev)->ram_size = ram_size;
    if (!sysbus_realize_and_unref(SYS_BUS_DEVICE(host), errp) ||
        !pci_realize_and_unref(dev, i440fx_bus(host), errp)) {
        return NULL;
    }
    return host;
}

PCIBus *i440fx_bus(DeviceState *host)
{
    return &I440FX_HOST(host)->bus;
}

MemoryRegion *i440fx_pci_memory(DeviceState *host)
{
    return &I440FX_HOST(host)->pci_memory;
}

MemoryRegion *i440fx_smm_memory(DeviceState *host)
{
    return &I440FX(i440fx_bus(host)->devices[0])->smm_root;
}
