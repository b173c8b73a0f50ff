/*
 * Virtio over PCI (Virtual I/O Device 1.1, 4.1).
 *
 * BAR 0      legacy registers, I/O (4.1.4.8), unless disable-legacy
 * BAR 1      MSI-X, where the board takes messages
 * BAR 4      modern registers, 64-bit memory, 4 KiB each: common, ISR, device
 *            configuration, notification (4 bytes a queue), unless disable-modern
 * Interrupt  INTA: ISR not 0; or MSI-X vectors
 *
 * Leaves to others: features, queues, configuration fields (virtio.c, devices).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/virtio/virtio-pci.h"
#include "hw/pci/msi.h"
#include "qemu/log.h"

enum { LEGACY_BAR = 0, MSIX_BAR = 1, MODERN_BAR = 4 };
enum { LEGACY_HOST_FEATURES = 0x00, LEGACY_GUEST_FEATURES = 0x04, LEGACY_QUEUE_PFN = 0x08,
       LEGACY_QUEUE_NUM = 0x0c, LEGACY_QUEUE_SEL = 0x0e, LEGACY_QUEUE_NOTIFY = 0x10,
       LEGACY_STATUS = 0x12, LEGACY_ISR = 0x13, LEGACY_CONFIG_VECTOR = 0x14,
       LEGACY_QUEUE_VECTOR = 0x16, LEGACY_CONFIG = 0x14, LEGACY_CONFIG_MSIX = 0x18,
       LEGACY_PFN_SHIFT = 12 };
enum { MODERN_PART = 0x1000, MODERN_COMMON = 0x0000, MODERN_ISR = 0x1000, MODERN_DEVICE = 0x2000,
       MODERN_NOTIFY = 0x3000, MODERN_BYTES = 0x4000, NOTIFY_MULTIPLIER = 4 };
enum { COMMON_DEVICE_FEATURE_SELECT = 0x00, COMMON_DEVICE_FEATURE = 0x04,
       COMMON_DRIVER_FEATURE_SELECT = 0x08, COMMON_DRIVER_FEATURE = 0x0c,
       COMMON_CONFIG_VECTOR = 0x10, COMMON_NUM_QUEUES = 0x12, COMMON_STATUS = 0x14,
       COMMON_GENERATION = 0x15, COMMON_QUEUE_SELECT = 0x16, COMMON_QUEUE_SIZE = 0x18,
       COMMON_QUEUE_VECTOR = 0x1a, COMMON_QUEUE_ENABLE = 0x1c, COMMON_QUEUE_NOTIFY_OFF = 0x1e,
       COMMON_QUEUE_DESC = 0x20, COMMON_QUEUE_DRIVER = 0x28, COMMON_QUEUE_DEVICE = 0x30 };
enum { CAP_VENDOR = 0x09, CAP_COMMON = 1, CAP_NOTIFY = 2, CAP_ISR = 3, CAP_DEVICE = 4, CAP_PCI = 5 };
/* Fields of a vendor capability */
enum { VCAP_LENGTH = 2, VCAP_TYPE = 3, VCAP_BAR = 4, VCAP_OFFSET = 8, VCAP_SIZE = 12, VCAP_EXTRA = 16,
       VCAP_BYTES = 16 };
/* Where the capabilities are */
enum { AT_COMMON = 0x40, AT_ISR = 0x50, AT_DEVICE = 0x60, AT_NOTIFY = 0x70, AT_PCI = 0x84, AT_MSIX = 0x98 };
enum { VENDOR_VIRTIO = 0x1af4, MODERN_DEVICE_BASE = 0x1040, SUBSYSTEM_MODERN = 0x1100 };

/* --- interrupts ----------------------------------------------------------- */

static void virtio_pci_update_irq(VirtIOPCIProxy *proxy)
{
    pci_set_irq(&proxy->pci, proxy->vdev->isr != 0);
}

static void virtio_pci_notify(void *opaque, uint16_t vector)
{
    VirtIOPCIProxy *proxy = opaque;

    if (msix_enabled(&proxy->pci)) {
        msix_notify(&proxy->pci, vector);
    } else {
        virtio_pci_update_irq(proxy);
    }
}

static const VirtIOTransportOps transport_ops = { .notify = virtio_pci_notify };

static uint8_t read_isr(VirtIOPCIProxy *proxy)
{
    uint8_t isr = proxy->vdev->isr;

    proxy->vdev->isr = 0;
    virtio_pci_update_irq(proxy);
    return isr;
}

static uint16_t valid_vector(VirtIOPCIProxy *proxy, uint16_t vector)
{
    return vector < proxy->pci.msix_vectors ? vector : VIRTIO_NO_VECTOR;
}

/* --- what both register sets do -------------------------------------------- */

static VirtQueue *selected_queue(VirtIOPCIProxy *proxy)
{
    VirtIODevice *vdev = proxy->vdev;
    VirtQueue *vq = vdev->queue_sel < vdev->num_queues ? &vdev->vq[vdev->queue_sel] : NULL;

    return vq && vq->handler ? vq : NULL;
}

static void write_status(VirtIOPCIProxy *proxy, uint8_t status)
{
    virtio_set_status(proxy->vdev, status);
    if (status == 0) {
        proxy->device_feature_select = proxy->driver_feature_select = 0;
        proxy->driver_features = 0;
        virtio_pci_update_irq(proxy);
    }
}

/* --- legacy registers (4.1.4.8) -------------------------------------------- */

static uint32_t legacy_config_offset(VirtIOPCIProxy *proxy)
{
    return msix_enabled(&proxy->pci) ? LEGACY_CONFIG_MSIX : LEGACY_CONFIG;
}

static uint32_t legacy_register_read(VirtIOPCIProxy *proxy, uint32_t addr)
{
    VirtIODevice *vdev = proxy->vdev;
    VirtQueue *vq = selected_queue(proxy);

    switch (addr) {
    case LEGACY_HOST_FEATURES:
        return virtio_host_features(vdev);
    case LEGACY_GUEST_FEATURES:
        return vdev->guest_features;
    case LEGACY_QUEUE_PFN:
        return vq ? vq->desc >> LEGACY_PFN_SHIFT : 0;
    case LEGACY_QUEUE_NUM:
        return vq ? vq->max_size : 0;
    case LEGACY_QUEUE_SEL:
        return vdev->queue_sel;
    case LEGACY_STATUS:
        return vdev->status;
    case LEGACY_ISR:
        return read_isr(proxy);
    case LEGACY_CONFIG_VECTOR:
        return vdev->config_vector;
    case LEGACY_QUEUE_VECTOR:
        return vq ? vq->vector : VIRTIO_NO_VECTOR;
    default:
        return UINT32_MAX;
    }
}

static uint64_t legacy_read(void *opaque, hwaddr addr, unsigned size)
{
    VirtIOPCIProxy *proxy = opaque;
    uint32_t config = legacy_config_offset(proxy);

    return addr < config ? legacy_register_read(proxy, addr)
                         : virtio_config_read(proxy->vdev, addr - config, size);
}

/* Old drivers forget the master bit; it comes with DRIVER_OK. */
static void legacy_write_status(VirtIOPCIProxy *proxy, uint8_t status)
{
    PCIDevice *pci = &proxy->pci;
    uint16_t command = pci_get_word(pci->config + PCI_COMMAND);

    write_status(proxy, status);
    if ((status & VIRTIO_STATUS_DRIVER_OK) && !(command & PCI_COMMAND_MASTER)) {
        pci_default_write_config(pci, PCI_COMMAND, command | PCI_COMMAND_MASTER, 2);
    }
}

static void legacy_register_write(VirtIOPCIProxy *proxy, uint32_t addr, uint32_t value)
{
    VirtIODevice *vdev = proxy->vdev;
    VirtQueue *vq = selected_queue(proxy);

    switch (addr) {
    case LEGACY_GUEST_FEATURES:
        virtio_set_features(vdev, value);
        break;
    case LEGACY_QUEUE_PFN:
        if (value == 0) {               /* how old drivers reset */
            write_status(proxy, 0);
        } else if (vq) {
            virtio_queue_set_legacy_addr(vq, (uint64_t)value << LEGACY_PFN_SHIFT);
        }
        break;
    case LEGACY_QUEUE_SEL:
        vdev->queue_sel = value;
        break;
    case LEGACY_QUEUE_NOTIFY:
        virtio_queue_kick(vdev, value & 0xffff);
        break;
    case LEGACY_STATUS:
        legacy_write_status(proxy, value);
        break;
    case LEGACY_CONFIG_VECTOR:
        vdev->config_vector = valid_vector(proxy, value);
        break;
    case LEGACY_QUEUE_VECTOR:
        if (vq) {
            vq->vector = valid_vector(proxy, value);
        }
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "%s: write of 0x%x to legacy register 0x%x\n", vdev->name,
                      value, addr);
        break;
    }
}

static void legacy_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    VirtIOPCIProxy *proxy = opaque;
    uint32_t config = legacy_config_offset(proxy);

    if (addr < config) {
        legacy_register_write(proxy, addr, value);
    } else {
        virtio_config_write(proxy->vdev, addr - config, value, size);
    }
}

static const MemoryRegionOps legacy_ops = {
    .read = legacy_read, .write = legacy_write, .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 4 },
    .impl = { .min_access_size = 1, .max_access_size = 4 },
};

/* --- modern registers (4.1.4.3 to 4.1.4.7) ---------------------------------- */

static uint32_t half(uint64_t value, bool high)
{
    return high ? value >> 32 : value;
}

static void set_half(uint64_t *field, bool high, uint32_t value)
{
    *field = high ? (*field & UINT32_MAX) | (uint64_t)value << 32
                  : (*field & ~(uint64_t)UINT32_MAX) | value;
}

/* Bits of the legacy interface that a modern driver must not see (6). */
static uint64_t modern_features(VirtIODevice *vdev)
{
    return virtio_host_features(vdev) & ~(UINT64_C(1) << VIRTIO_F_NOTIFY_ON_EMPTY |
                                          UINT64_C(1) << VIRTIO_F_ANY_LAYOUT);
}

static uint32_t queue_register_read(const VirtQueue *vq, uint32_t addr)
{
    switch (addr) {
    case COMMON_QUEUE_SIZE:
        return vq->size;
    case COMMON_QUEUE_VECTOR:
        return vq->vector;
    case COMMON_QUEUE_ENABLE:
        return vq->enabled;
    case COMMON_QUEUE_NOTIFY_OFF:
        return vq->index;
    case COMMON_QUEUE_DESC:
    case COMMON_QUEUE_DESC + 4:
        return half(vq->desc, addr & 4);
    case COMMON_QUEUE_DRIVER:
    case COMMON_QUEUE_DRIVER + 4:
        return half(vq->avail, addr & 4);
    case COMMON_QUEUE_DEVICE:
    case COMMON_QUEUE_DEVICE + 4:
        return half(vq->used, addr & 4);
    default:
        return 0;
    }
}

static uint32_t common_read(VirtIOPCIProxy *proxy, uint32_t addr)
{
    VirtIODevice *vdev = proxy->vdev;
    VirtQueue *vq = selected_queue(proxy);

    switch (addr) {
    case COMMON_DEVICE_FEATURE_SELECT:
        return proxy->device_feature_select;
    case COMMON_DEVICE_FEATURE:
        return proxy->device_feature_select > 1
                   ? 0 : half(modern_features(vdev), proxy->device_feature_select);
    case COMMON_DRIVER_FEATURE_SELECT:
        return proxy->driver_feature_select;
    case COMMON_DRIVER_FEATURE:
        return proxy->driver_feature_select > 1
                   ? 0 : half(proxy->driver_features, proxy->driver_feature_select);
    case COMMON_CONFIG_VECTOR:
        return vdev->config_vector;
    case COMMON_NUM_QUEUES:
        return vdev->num_queues;
    case COMMON_STATUS:
        return vdev->status;
    case COMMON_GENERATION:
        return vdev->generation & 0xff;
    case COMMON_QUEUE_SELECT:
        return vdev->queue_sel;
    default:
        return vq ? queue_register_read(vq, addr) : 0;
    }
}

static void queue_set_size(VirtQueue *vq, uint32_t value)
{
    if (value == 0 || value > vq->max_size || (value & (value - 1)) || vq->enabled) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: queue %u: invalid size %u\n", vq->vdev->name, vq->index,
                      value);
        return;
    }
    vq->size = value;
}

static void queue_register_write(VirtIOPCIProxy *proxy, VirtQueue *vq, uint32_t addr, uint32_t value)
{
    switch (addr) {
    case COMMON_QUEUE_SIZE:
        queue_set_size(vq, value);
        break;
    case COMMON_QUEUE_VECTOR:
        vq->vector = valid_vector(proxy, value);
        break;
    case COMMON_QUEUE_ENABLE:
        vq->enabled |= value == 1;
        break;
    case COMMON_QUEUE_DESC:
    case COMMON_QUEUE_DESC + 4:
        set_half(&vq->desc, addr & 4, value);
        break;
    case COMMON_QUEUE_DRIVER:
    case COMMON_QUEUE_DRIVER + 4:
        set_half(&vq->avail, addr & 4, value);
        break;
    case COMMON_QUEUE_DEVICE:
    case COMMON_QUEUE_DEVICE + 4:
        set_half(&vq->used, addr & 4, value);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "%s: write of 0x%x to common register 0x%x\n",
                      vq->vdev->name, value, addr);
        break;
    }
}

/* 3.1.1: FEATURES_OK stays clear when the driver takes what was not offered. */
static void common_write_status(VirtIOPCIProxy *proxy, uint8_t status)
{
    VirtIODevice *vdev = proxy->vdev;

    if ((status & VIRTIO_STATUS_FEATURES_OK) && !(vdev->status & VIRTIO_STATUS_FEATURES_OK)) {
        uint64_t wanted = proxy->driver_features;

        virtio_set_features(vdev, wanted);
        if ((wanted & ~virtio_host_features(vdev)) || !(wanted >> VIRTIO_F_VERSION_1 & 1)) {
            status &= ~VIRTIO_STATUS_FEATURES_OK;
        }
    }
    write_status(proxy, status);
}

static void common_write(VirtIOPCIProxy *proxy, uint32_t addr, uint32_t value)
{
    VirtIODevice *vdev = proxy->vdev;
    VirtQueue *vq = selected_queue(proxy);

    switch (addr) {
    case COMMON_DEVICE_FEATURE_SELECT:
        proxy->device_feature_select = value;
        break;
    case COMMON_DRIVER_FEATURE_SELECT:
        proxy->driver_feature_select = value;
        break;
    case COMMON_DRIVER_FEATURE:
        if (proxy->driver_feature_select < 2) {
            set_half(&proxy->driver_features, proxy->driver_feature_select, value);
        }
        break;
    case COMMON_CONFIG_VECTOR:
        vdev->config_vector = valid_vector(proxy, value);
        break;
    case COMMON_STATUS:
        common_write_status(proxy, value);
        break;
    case COMMON_QUEUE_SELECT:
        vdev->queue_sel = value;
        break;
    default:
        if (vq) {
            queue_register_write(proxy, vq, addr, value);
        }
        break;
    }
}

static uint64_t modern_read(void *opaque, hwaddr addr, unsigned size)
{
    VirtIOPCIProxy *proxy = opaque;
    uint32_t offset = addr % MODERN_PART;

    switch (addr - offset) {
    case MODERN_COMMON:
        return common_read(proxy, offset);
    case MODERN_ISR:
        return offset ? 0 : read_isr(proxy);
    case MODERN_DEVICE:
        return virtio_config_read(proxy->vdev, offset, size);
    default:
        return 0;
    }
}

static void modern_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    VirtIOPCIProxy *proxy = opaque;
    uint32_t offset = addr % MODERN_PART;

    switch (addr - offset) {
    case MODERN_COMMON:
        common_write(proxy, offset, value);
        break;
    case MODERN_DEVICE:
        virtio_config_write(proxy->vdev, offset, value, size);
        break;
    case MODERN_NOTIFY:
        virtio_queue_kick(proxy->vdev, offset / NOTIFY_MULTIPLIER);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "%s: write to the read-only ISR register\n",
                      proxy->vdev->name);
        break;
    }
}

static const MemoryRegionOps modern_ops = {
    .read = modern_read, .write = modern_write, .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 8 },
    .impl = { .min_access_size = 1, .max_access_size = 4 },
};

/* --- access through configuration space (4.1.4.8) ---------------------------- */

/* The BAR 4 address that the capability names; false: it makes no sense. */
static bool pci_window(VirtIOPCIProxy *proxy, uint32_t *offset, uint32_t *size)
{
    const uint8_t *cap = proxy->pci.config + AT_PCI;

    *offset = pci_get_long(cap + VCAP_OFFSET);
    *size = pci_get_long(cap + VCAP_SIZE);
    return cap[VCAP_BAR] == MODERN_BAR && (*size == 1 || *size == 2 || *size == 4) &&
           *offset < MODERN_BYTES && *offset % *size == 0;
}

static bool touches_pci_window(VirtIOPCIProxy *proxy, uint32_t addr, int len)
{
    return !proxy->disable_modern && addr < AT_PCI + VCAP_EXTRA + 4 &&
           addr + len > AT_PCI + VCAP_EXTRA;
}

uint32_t virtio_pci_config_read(PCIDevice *pci, uint32_t addr, int len)
{
    VirtIOPCIProxy *proxy = VIRTIO_PCI(pci);
    uint32_t offset, size;

    if (touches_pci_window(proxy, addr, len) && pci_window(proxy, &offset, &size)) {
        pci_set_long(pci->config + AT_PCI + VCAP_EXTRA, modern_read(proxy, offset, size));
    }
    return pci_default_read_config(pci, addr, len);
}

void virtio_pci_config_write(PCIDevice *pci, uint32_t addr, uint32_t value, int len)
{
    VirtIOPCIProxy *proxy = VIRTIO_PCI(pci);
    uint32_t offset, size;

    pci_default_write_config(pci, addr, value, len);
    if (touches_pci_window(proxy, addr, len) && pci_window(proxy, &offset, &size)) {
        value = pci_get_long(pci->config + AT_PCI + VCAP_EXTRA);
        modern_write(proxy, offset, size == 4 ? value : value & ((1u << 8 * size) - 1), size);
    }
}

/* --- life ----------------------------------------------------------------- */

static bool add_vendor_cap(PCIDevice *pci, int at, int type, uint32_t offset, uint32_t size,
                           unsigned extra, Error **errp)
{
    int cap = pci_add_capability(pci, CAP_VENDOR, at, VCAP_BYTES + extra, errp);

    if (cap < 0) {
        return false;
    }
    pci->config[cap + VCAP_LENGTH] = VCAP_BYTES + extra;
    pci->config[cap + VCAP_TYPE] = type;
    pci->config[cap + VCAP_BAR] = type == CAP_PCI ? 0 : MODERN_BAR;
    pci_set_long(pci->config + cap + VCAP_OFFSET, offset);
    pci_set_long(pci->config + cap + VCAP_SIZE, size);
    return true;
}

static bool init_modern(VirtIOPCIProxy *proxy, Error **errp)
{
    PCIDevice *pci = &proxy->pci;

    if (!add_vendor_cap(pci, AT_COMMON, CAP_COMMON, MODERN_COMMON, MODERN_PART, 0, errp) ||
        !add_vendor_cap(pci, AT_ISR, CAP_ISR, MODERN_ISR, MODERN_PART, 0, errp) ||
        !add_vendor_cap(pci, AT_DEVICE, CAP_DEVICE, MODERN_DEVICE, MODERN_PART, 0, errp) ||
        !add_vendor_cap(pci, AT_NOTIFY, CAP_NOTIFY, MODERN_NOTIFY, MODERN_PART, 4, errp) ||
        !add_vendor_cap(pci, AT_PCI, CAP_PCI, 0, 0, 4, errp)) {
        return false;
    }
    pci_set_long(pci->config + AT_NOTIFY + VCAP_EXTRA, NOTIFY_MULTIPLIER);
    pci->wmask[AT_PCI + VCAP_BAR] = 0xff;
    memset(pci->wmask + AT_PCI + VCAP_OFFSET, 0xff, 12);
    memory_region_init_io(&proxy->modern, OBJECT(proxy), &modern_ops, proxy, "virtio-pci",
                          MODERN_BYTES);
    pci_register_bar(pci, MODERN_BAR, PCI_BASE_ADDRESS_MEM_PREFETCH | PCI_BASE_ADDRESS_MEM_TYPE_64,
                     &proxy->modern);
    return true;
}

static void init_legacy(VirtIOPCIProxy *proxy)
{
    uint32_t used = LEGACY_CONFIG_MSIX + proxy->vdev->ops->config_bytes, size = 32;

    while (size < used) {
        size *= 2;
    }
    memory_region_init_io(&proxy->legacy, OBJECT(proxy), &legacy_ops, proxy, "virtio-pci-legacy",
                          size);
    pci_register_bar(&proxy->pci, LEGACY_BAR, PCI_BASE_ADDRESS_SPACE_IO, &proxy->legacy);
}

void virtio_pci_setup(VirtIOPCIProxy *proxy, VirtIODevice *vdev)
{
    proxy->vdev = vdev;
    vdev->transport = &transport_ops;
    vdev->transport_opaque = proxy;
    vdev->dma_as = &proxy->pci.bus_master_as;
    vdev->indirect_desc = proxy->indirect_desc;
    vdev->event_idx = proxy->event_idx;
    vdev->legacy_only = proxy->disable_modern;
}

/* 4.1.2: device numbers below 0x1040 are transitional, and come from the class. */
static bool choose_identity(VirtIOPCIProxy *proxy, Error **errp)
{
    PCIDevice *pci = &proxy->pci;
    const PCIDeviceClass *pc = object_class_data(OBJECT(pci));

    if (proxy->disable_legacy && proxy->disable_modern) {
        error_setg(errp, "disable-legacy=on and disable-modern=on leave nothing");
        return false;
    }
    if (pc->device_id >= MODERN_DEVICE_BASE) {
        proxy->disable_legacy = true;           /* never had a legacy interface */
        if (proxy->disable_modern) {
            error_setg(errp, "disable-modern=on: this device has no legacy interface");
            return false;
        }
    }
    pci_set_word(pci->config + PCI_SUBSYSTEM_VENDOR_ID, VENDOR_VIRTIO);
    if (proxy->disable_legacy) {
        pci_set_word(pci->config + PCI_DEVICE_ID, MODERN_DEVICE_BASE + proxy->vdev->ops->device_id);
        pci->config[PCI_REVISION_ID] = 1;
        pci_set_word(pci->config + PCI_SUBSYSTEM_ID, SUBSYSTEM_MODERN);
    } else {
        pci_set_word(pci->config + PCI_SUBSYSTEM_ID, proxy->vdev->ops->device_id);
    }
    return true;
}

bool virtio_pci_finish(VirtIOPCIProxy *proxy, Error **errp)
{
    PCIDevice *pci = &proxy->pci;
    uint32_t vectors = proxy->vectors == UINT32_MAX ? (uint32_t)proxy->vdev->num_queues + 1
                                                    : proxy->vectors;

    if (vectors > MSIX_MAX_VECTORS) {
        error_setg(errp, "vectors=%u: at most %d", vectors, MSIX_MAX_VECTORS);
        return false;
    }
    if (!choose_identity(proxy, errp)) {
        return false;
    }
    pci->config[PCI_INTERRUPT_PIN] = 1;
    if ((!proxy->disable_modern && !init_modern(proxy, errp)) ||
        (vectors && !msix_init_exclusive_bar(pci, vectors, MSIX_BAR,
                                             proxy->disable_modern ? 0 : AT_MSIX, errp))) {
        return false;
    }
    if (!proxy->disable_legacy) {
        init_legacy(proxy);
    }
    return true;
}

void virtio_pci_unsetup(VirtIOPCIProxy *proxy)
{
    virtio_cleanup(proxy->vdev);
}

static void virtio_pci_reset(DeviceState *dev)
{
    VirtIOPCIProxy *proxy = VIRTIO_PCI(dev);

    if (proxy->vdev) {
        write_status(proxy, 0);
    }
}

static const VMStateField virtio_pci_fields[] = {
    VMSTATE_PCI_DEVICE(pci, VirtIOPCIProxy),
    VMSTATE_UINT32(device_feature_select, VirtIOPCIProxy),
    VMSTATE_UINT32(driver_feature_select, VirtIOPCIProxy),
    VMSTATE_UINT64(driver_features, VirtIOPCIProxy),
    VMSTATE_END
};
const VMStateDescription vmstate_virtio_pci = {
    .name = TYPE_VIRTIO_PCI, .version = 1, .fields = virtio_pci_fields,
};

static const Property virtio_pci_props[] = {
    DEFINE_PROP_BOOL("disable-legacy", VirtIOPCIProxy, disable_legacy, false),
    DEFINE_PROP_BOOL("disable-modern", VirtIOPCIProxy, disable_modern, false),
    DEFINE_PROP_BOOL("indirect_desc", VirtIOPCIProxy, indirect_desc, true),
    DEFINE_PROP_BOOL("event_idx", VirtIOPCIProxy, event_idx, true),
    DEFINE_PROP_UINT32("vectors", VirtIOPCIProxy, vectors, UINT32_MAX),
    DEFINE_PROP_END
};

static const TypeInfo virtio_pci_info = {
    .name = TYPE_VIRTIO_PCI, .parent = TYPE_PCI_DEVICE, .instance_size = sizeof(VirtIOPCIProxy),
    .reset = virtio_pci_reset, .props = virtio_pci_props,
};
DEFINE_TYPE(virtio_pci_info)
