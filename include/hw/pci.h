/*
 * PCI: devices, buses, host bridges (PCI Local Bus Specification 2.2).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_PCI_H
#define HW_PCI_H

#include "hw/qdev.h"
#include "exec/memory.h"

#define TYPE_PCI_DEVICE "pci-device"
#define TYPE_PCI_BUS    "PCI"
#define PCI_DEVFN(slot, fn) (((slot) << 3) | (fn))
#define PCI_SLOT(devfn) ((devfn) >> 3)
#define PCI_FUNC(devfn) ((devfn) & 7)
#define PCI_NUM_REGIONS 7       /* six BARs and the ROM */
#define PCI_ROM_SLOT 6
#define PCI_CONFIG_SPACE_SIZE 256
#define PCI_BASE_ADDRESS_SPACE_IO 1
#define PCI_BASE_ADDRESS_SPACE_MEMORY 0
#define PCI_BASE_ADDRESS_MEM_PREFETCH 8
#define PCI_BASE_ADDRESS_MEM_TYPE_64 4

/* Configuration space (chapter 6) */
enum {
    PCI_VENDOR_ID = 0x00, PCI_DEVICE_ID = 0x02, PCI_COMMAND = 0x04, PCI_STATUS = 0x06,
    PCI_REVISION_ID = 0x08, PCI_CLASS_PROG = 0x09, PCI_CLASS_DEVICE = 0x0a,
    PCI_CACHE_LINE_SIZE = 0x0c, PCI_LATENCY_TIMER = 0x0d, PCI_HEADER_TYPE = 0x0e,
    PCI_BASE_ADDRESS_0 = 0x10, PCI_SUBSYSTEM_VENDOR_ID = 0x2c, PCI_SUBSYSTEM_ID = 0x2e,
    PCI_ROM_ADDRESS = 0x30, PCI_CAPABILITY_LIST = 0x34,
    PCI_INTERRUPT_LINE = 0x3c, PCI_INTERRUPT_PIN = 0x3d, PCI_MIN_GNT = 0x3e, PCI_MAX_LAT = 0x3f,
};
enum { PCI_COMMAND_IO = 1, PCI_COMMAND_MEMORY = 2, PCI_COMMAND_MASTER = 4, PCI_COMMAND_INTX_DISABLE = 0x400 };
enum { PCI_HEADER_TYPE_BRIDGE = 1, PCI_HEADER_TYPE_MULTI_FUNCTION = 0x80 };

typedef struct PCIDevice PCIDevice;
typedef struct PCIBus PCIBus;

/* class_data of a PCI type. */
typedef struct PCIDeviceClass {
    uint16_t vendor_id, device_id, class_id;
    uint8_t revision, prog_if;
    uint16_t subsystem_vendor_id, subsystem_id;     /* 0: 0x1af4 and 0x1100 */
    const char *romfile;            /* option ROM in the firmware path, or NULL */
    bool is_bridge;
    bool no_hotplug;                /* stays while the machine runs */
    /* NULL: pci_default_read/write_config */
    uint32_t (*config_read)(PCIDevice *dev, uint32_t addr, int len);
    void (*config_write)(PCIDevice *dev, uint32_t addr, uint32_t val, int len);
} PCIDeviceClass;

typedef struct PCIIORegion {
    MemoryRegion *memory;           /* NULL: no such BAR */
    uint64_t addr;                  /* UINT64_MAX: not mapped */
    uint64_t size;
    uint8_t type;                   /* PCI_BASE_ADDRESS_x */
} PCIIORegion;

struct PCIDevice {
    DeviceState parent_obj;
    uint8_t config[PCI_CONFIG_SPACE_SIZE];      /* little-endian, as the guest sees it */
    uint8_t wmask[PCI_CONFIG_SPACE_SIZE];       /* writable bits */
    uint8_t w1cmask[PCI_CONFIG_SPACE_SIZE];     /* write-one-to-clear bits */
    PCIIORegion io_regions[PCI_NUM_REGIONS];
    PCIBus *bus;
    int32_t devfn;                              /* property "addr"; -1: first free slot */
    AddressSpace bus_master_as;                 /* DMA; empty while bus mastering is off */
    MemoryRegion bus_master_enable, bus_master_container;
    uint8_t irq_state;                          /* level of the device's pin */
    MemoryRegion rom;
    bool has_rom;
    char *romfile;                              /* property; NULL: the class's; "": none */
    uint32_t rombar;                            /* property; 0: no ROM BAR */
    bool multifunction;                         /* property: functions 1-7 may come */

    /* msi.c, msix.c: 0: no such capability */
    uint8_t msi_cap, msix_cap;
    uint32_t msix_vectors;
    uint32_t msix_state_bytes;                  /* table, then pending bits */
    uint8_t *msix_state;
    MemoryRegion msix_bar, msix_table_mr, msix_pba_mr;
};
#define PCI_DEVICE(o) OBJECT_CHECK(PCIDevice, (o), TYPE_PCI_DEVICE)

/* Of the chip that tells the guest about cards that come and go. */
typedef struct PCIHotplugOps {
    void (*plugged)(void *opaque, PCIDevice *dev);
    bool (*unplug_request)(void *opaque, PCIDevice *dev, Error **errp);
} PCIHotplugOps;

typedef int (*pci_map_irq_fn)(PCIDevice *dev, int pin);     /* pin 0-3 -> wire of the bus */
typedef void (*pci_set_irq_fn)(void *opaque, int wire, int level);

struct PCIBus {
    BusState qbus;
    PCIDevice *devices[256];
    MemoryRegion *mem, *io;
    int devfn_min;
    pci_map_irq_fn map_irq;
    pci_set_irq_fn set_irq;
    void *irq_opaque;
    int nirq;
    int irq_count[64];
    PCIDevice *bridge;          /* for a bus behind a bridge */
    int bus_num;
    const PCIHotplugOps *hotplug;       /* NULL: cards stay */
    void *hotplug_opaque;
};

/* An embedded root bus; mem and io are the PCI memory and I/O spaces. */
void pci_root_bus_init(PCIBus *bus, size_t size, DeviceState *host, const char *name,
                       MemoryRegion *mem, MemoryRegion *io, int devfn_min,
                       pci_set_irq_fn set_irq, pci_map_irq_fn map_irq, void *opaque, int nirq);
/* Configuration cycles from a host bridge; missing devices read all ones. */
uint32_t pci_data_read(PCIBus *bus, uint32_t config_addr, int len);
void pci_data_write(PCIBus *bus, uint32_t config_addr, uint32_t val, int len);
PCIDevice *pci_find_device(PCIBus *bus, int bus_num, int devfn);
/* The bus behind a bridge; mem and io are the bridge's own windows onto it. */
void pci_secondary_bus_init(PCIBus *bus, size_t size, PCIDevice *bridge, const char *name,
                            MemoryRegion *mem, MemoryRegion *io);

/* Cards may come and go while the machine runs. */
void pci_bus_set_hotplug(PCIBus *bus, const PCIHotplugOps *ops, void *opaque);

PCIDevice *pci_new(int devfn, const char *type);        /* devfn -1: automatic */
bool pci_realize_and_unref(PCIDevice *dev, PCIBus *bus, Error **errp) QEMU_MUST_CHECK;
PCIDevice *pci_create_simple(PCIBus *bus, int devfn, const char *type);
/* -nic / -net nic cards not yet claimed; default model when unnamed. */
bool pci_nic_init(struct NICInfo *nd, PCIBus *bus, const char *default_model, int devfn, Error **errp);

/* From realize. The region's owner is the device. */
void pci_register_bar(PCIDevice *dev, int region, uint8_t type, MemoryRegion *mr);
/* Appends a capability; returns its offset. */
int pci_add_capability(PCIDevice *dev, uint8_t cap_id, uint8_t offset, uint8_t size, Error **errp);
uint32_t pci_default_read_config(PCIDevice *dev, uint32_t addr, int len);
void pci_default_write_config(PCIDevice *dev, uint32_t addr, uint32_t val, int len);

/* Level of the device's interrupt pin; without effect while MSI or MSI-X is enabled. */
void pci_set_irq(PCIDevice *dev, int level);
/* An ordinary wire that drives the pin. */
qemu_irq pci_allocate_irq(PCIDevice *dev);

MemTxResult pci_dma_read(PCIDevice *dev, hwaddr addr, void *buf, hwaddr len);
MemTxResult pci_dma_write(PCIDevice *dev, hwaddr addr, const void *buf, hwaddr len);

static inline void pci_set_byte(uint8_t *p, uint8_t v) { *p = v; }
static inline void pci_set_word(uint8_t *p, uint16_t v) { p[0] = v; p[1] = v >> 8; }
static inline void pci_set_long(uint8_t *p, uint32_t v) { pci_set_word(p, v); pci_set_word(p + 2, v >> 16); }
static inline uint16_t pci_get_word(const uint8_t *p) { return p[0] | p[1] << 8; }
static inline uint32_t pci_get_long(const uint8_t *p) { return pci_get_word(p) | (uint32_t)pci_get_word(p + 2) << 16; }

extern const VMStateDescription vmstate_pci_device;
#define VMSTATE_PCI_DEVICE(f, s) VMSTATE_STRUCT(f, s, vmstate_pci_device, PCIDevice)

/* "Ethernet controller"; NULL: not known here. */
const char *pci_class_name(uint16_t class_id);
void pci_info(void (*print)(void *opaque, const char *fmt, ...), void *opaque);

#endif
