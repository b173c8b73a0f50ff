/*
 * Standard VGA card on PCI (its published specification).
 *
 * BAR 0   video memory
 * BAR 2   EDID at 0; registers: VGA ports at 0x400, VBE registers at 0x500,
 *         extended registers at 0x600
 * I/O     VGA ports, VBE index and data at 0x1ce, 0x1cf, 0x1d0
 * Memory  the legacy window at 0xa0000
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/display/edid.h"
#include "hw/display/vga.h"
#include "hw/pci.h"
#include "qemu/log.h"

enum { MMIO_SIZE = 0x1000, MMIO_PORTS = 0x400, MMIO_VBE = 0x500, MMIO_VBE_SIZE = VBE_COUNT * 2,
       MMIO_EXT = 0x600, MMIO_EXT_SIZE = 8,
       MMIO_EDID_SIZE = 0x400 };
enum { EXT_SIZE = 0x0, EXT_BYTE_ORDER = 0x4 };
#define BYTE_ORDER_BIG    0xbebebebeu
#define BYTE_ORDER_LITTLE 0x1e1e1e1eu

typedef struct PCIVGAState {
    PCIDevice parent_obj;

    MemoryRegion mmio, mmio_edid, mmio_ports, mmio_vbe, mmio_ext;
    VGAPorts ports;
    uint32_t memory_mb;
    bool has_mmio, has_edid;
    EdidInfo monitor;
    uint8_t edid[EDID_BYTES];

    VGAState vga;
} PCIVGAState;
#define PCI_VGA(o) OBJECT_CHECK(PCIVGAState, (o), "VGA")

static uint64_t mmio_vbe_read(void *opaque, hwaddr addr, unsigned size)
{
    return vga_vbe_read(opaque, addr >> 1);
}

static void mmio_vbe_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    vga_vbe_write(opaque, addr >> 1, data);
}

static const MemoryRegionOps mmio_vbe_ops = {
    .read = mmio_vbe_read,
    .write = mmio_vbe_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 4 },
    .impl = { .min_access_size = 2, .max_access_size = 2 },
};

static uint64_t mmio_ext_read(void *opaque, hwaddr addr, unsigned size)
{
    VGAState *s = opaque;

    switch (addr) {
    case EXT_SIZE:
        return MMIO_EXT_SIZE;
    case EXT_BYTE_ORDER:
        return s->big_endian_fb ? BYTE_ORDER_BIG : BYTE_ORDER_LITTLE;
    default:
        return 0;
    }
}

static void mmio_ext_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    if (addr == EXT_BYTE_ORDER && (uint32_t)data == BYTE_ORDER_BIG) {
        vga_set_big_endian_fb(opaque, true);
    } else if (addr == EXT_BYTE_ORDER && (uint32_t)data == BYTE_ORDER_LITTLE) {
        vga_set_big_endian_fb(opaque, false);
    } else {
        qemu_log_mask(LOG_GUEST_ERROR, "VGA: write of 0x%" PRIx64 " to extended register 0x%" PRIx64 "\n",
                      data, addr);
    }
}

static const MemoryRegionOps mmio_ext_ops = {
    .read = mmio_ext_read,
    .write = mmio_ext_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 4, .max_access_size = 4 },
    .impl = { .min_access_size = 4, .max_access_size = 4 },
};

static uint64_t mmio_edid_read(void *opaque, hwaddr addr, unsigned size)
{
    const PCIVGAState *s = opaque;

    return addr < EDID_BYTES ? s->edid[addr] : 0;
}

static void mmio_edid_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    qemu_log_mask(LOG_GUEST_ERROR, "VGA: write of 0x%" PRIx64 " to EDID byte 0x%" PRIx64 "\n", data, addr);
}

static const MemoryRegionOps mmio_edid_ops = {
    .read = mmio_edid_read,
    .write = mmio_edid_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 4 },
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

static void pci_vga_reset(DeviceState *dev)
{
    vga_reset(&PCI_VGA(dev)->vga);
}

static const VMStateField pci_vga_fields[] = {
    VMSTATE_PCI_DEVICE(parent_obj, PCIVGAState),
    VMSTATE_STRUCT(vga, PCIVGAState, vmstate_vga, VGAState),
    VMSTATE_END
};
static const VMStateDescription vmstate_pci_vga = {
    .name = "vga-pci",
    .version = 1,
    .fields = pci_vga_fields,
};

static const Property pci_vga_props[] = {
    { .name = "vgamem_mb", .kind = PROP_U32, .offset = offsetof(PCIVGAState, memory_mb),
      .has_default = true, .defval = 16, .desc = "video memory in MiB, a power of two" },
    DEFINE_PROP_BOOL("mmio", PCIVGAState, has_mmio, true),
    DEFINE_PROP_BOOL("edid", PCIVGAState, has_edid, true),
    DEFINE_PROP_UINT32("xres", PCIVGAState, monitor.width, 1280),
    DEFINE_PROP_UINT32("yres", PCIVGAState, monitor.height, 800),
    DEFINE_PROP_UINT32("xmax", PCIVGAState, monitor.max_width, 2048),
    DEFINE_PROP_UINT32("ymax", PCIVGAState, monitor.max_height, 2048),
    DEFINE_PROP_END
};

static void pci_vga_map_mmio(PCIVGAState *s)
{
    Object *obj = OBJECT(s);

    memory_region_init(&s->mmio, obj, "vga.mmio", MMIO_SIZE);
    memory_region_init_io(&s->mmio_ports, obj, &vga_colour_port_ops, &s->vga, "vga ioports remapped",
                          VGA_PORTS_COLOUR_SIZE);
    memory_region_init_io(&s->mmio_vbe, obj, &mmio_vbe_ops, &s->vga, "bochs dispi interface", MMIO_VBE_SIZE);
    memory_region_init_io(&s->mmio_ext, obj, &mmio_ext_ops, &s->vga, "qemu extended regs", MMIO_EXT_SIZE);
    if (s->has_edid) {
        edid_generate(s->edid, &s->monitor);
        memory_region_init_io(&s->mmio_edid, obj, &mmio_edid_ops, s, "edid", MMIO_EDID_SIZE);
        memory_region_add_subregion(&s->mmio, 0, &s->mmio_edid);
    }
    memory_region_add_subregion(&s->mmio, MMIO_PORTS, &s->mmio_ports);
    memory_region_add_subregion(&s->mmio, MMIO_VBE, &s->mmio_vbe);
    memory_region_add_subregion(&s->mmio, MMIO_EXT, &s->mmio_ext);
    pci_register_bar(&s->parent_obj, 2, PCI_BASE_ADDRESS_SPACE_MEMORY, &s->mmio);
}

static bool pci_vga_realize(DeviceState *dev, Error **errp)
{
    PCIVGAState *s = PCI_VGA(dev);

    if (!vga_set_memory(&s->vga, OBJECT(dev), s->memory_mb, errp)) {
        return false;
    }
    if (s->monitor.width < 640 || s->monitor.width > EDID_MAX_SIZE || s->monitor.height < 480 ||
        s->monitor.height > EDID_MAX_SIZE) {
        error_setg(errp, "VGA: xres=%u,yres=%u: must be from 640x480 to %dx%d", s->monitor.width, s->monitor.height,
                   EDID_MAX_SIZE, EDID_MAX_SIZE);
        return false;
    }
    if (!vga_init(&s->vga, dev, errp)) {
        return false;
    }
    pci_register_bar(&s->parent_obj, 0, PCI_BASE_ADDRESS_MEM_PREFETCH, &s->vga.vram);
    if (s->has_mmio) {
        pci_vga_map_mmio(s);
    }
    vga_map_legacy(&s->vga, &s->ports, OBJECT(dev), s->parent_obj.bus->io, s->parent_obj.bus->mem);
    return true;
}

static void pci_vga_finalize(Object *obj)
{
    vga_cleanup(&PCI_VGA(obj)->vga);
}

static const PCIDeviceClass pci_vga_class = {
    .vendor_id = 0x1234,
    .device_id = 0x1111,
    .class_id = 0x0300,
    .revision = 2,
    .romfile = "vgabios-stdvga.bin",
    .no_hotplug = true,
};

static const TypeInfo pci_vga_info = {
    .name = "VGA",
    .parent = TYPE_PCI_DEVICE,
    .desc = "standard VGA card",
    .instance_size = sizeof(PCIVGAState),
    .finalize = pci_vga_finalize,
    .realize = pci_vga_realize,
    .reset = pci_vga_reset,
    .props = pci_vga_props,
    .vmsd = &vmstate_pci_vga,
    .user_creatable = true,
    .category = "display",
    .class_data = &pci_vga_class,
};
DEFINE_TYPE(pci_vga_info)
