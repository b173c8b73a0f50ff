/*
 * MSI-X capability (PCI Local Bus Specification 3.0, 6.8.2).
 *
 * The table and the pending bits are in one BAR; their bytes are
 * PCIDevice.msix_state. MSI is msi.c's.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/pci/msi.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "trace/hw-pci.h"

enum { CAP_ID_MSIX = 0x11, CAP_BYTES = 12 };
enum { MSIX_FLAGS = 2, MSIX_TABLE = 4, MSIX_PBA = 8 };
enum { FLAG_MASK_ALL = 0x4000, FLAG_ENABLE = 0x8000 };
enum { ENTRY_BYTES = 16, ENTRY_DATA = 8, ENTRY_CONTROL = 12, CONTROL_MASKED = 1 };
enum { BAR_MIN_BYTES = 4 * KiB };

static uint8_t *entry(PCIDevice *dev, unsigned vector)
{
    return dev->msix_state + vector * ENTRY_BYTES;
}

static uint8_t *pending_bits(PCIDevice *dev)
{
    return dev->msix_state + dev->msix_vectors * ENTRY_BYTES;
}

static unsigned pba_bytes(unsigned vectors)
{
    return ROUND_UP(vectors, 64) / 8;
}

static uint16_t msix_flags(const PCIDevice *dev)
{
    return pci_get_word(dev->config + dev->msix_cap + MSIX_FLAGS);
}

static bool masked(PCIDevice *dev, unsigned vector)
{
    return (msix_flags(dev) & FLAG_MASK_ALL) ||
           (entry(dev, vector)[ENTRY_CONTROL] & CONTROL_MASKED);
}

bool msix_enabled(const PCIDevice *dev)
{
    return dev->msix_cap && (msix_flags(dev) & FLAG_ENABLE);
}

static void send_message(PCIDevice *dev, unsigned vector)
{
    const uint8_t *e = entry(dev, vector);

    address_space_st(&dev->bus_master_as, ldq_le_p(e) & ~UINT64_C(3), ldl_le_p(e + ENTRY_DATA),
                     MO_32 | MO_LE, NULL);
}

void msix_notify(PCIDevice *dev, unsigned vector)
{
    trace_msix_notify(OBJECT(dev)->type->name, vector);
    if (vector >= dev->msix_vectors) {
        return;
    }
    if (masked(dev, vector)) {
        pending_bits(dev)[vector / 8] |= 1 << vector % 8;
    } else {
        send_message(dev, vector);
    }
}

/* 6.8.2.9: a pending message goes out as soon as it may. */
static void send_pending(PCIDevice *dev, unsigned vector)
{
    uint8_t *bits = pending_bits(dev) + vector / 8, bit = 1 << vector % 8;

    if ((*bits & bit) && msix_enabled(dev) && !masked(dev, vector)) {
        *bits &= ~bit;
        send_message(dev, vector);
    }
}

void msix_config_written(PCIDevice *dev, uint32_t addr, int len)
{
    if (!dev->msix_cap || addr + len <= dev->msix_cap || addr >= dev->msix_cap + 4u) {
        return;
    }
    for (unsigned vector = 0; vector < dev->msix_vectors; vector++) {
        send_pending(dev, vector);
    }
}

static uint64_t table_read(void *opaque, hwaddr addr, unsigned size)
{
    PCIDevice *dev = opaque;

    return ldl_le_p(dev->msix_state + addr);
}

static void table_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    PCIDevice *dev = opaque;

    if (addr % ENTRY_BYTES == ENTRY_CONTROL) {
        value &= CONTROL_MASKED;
    }
    stl_le_p(dev->msix_state + addr, value);
    send_pending(dev, addr / ENTRY_BYTES);
}

static const MemoryRegionOps table_ops = {
    .read = table_read, .write = table_write, .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 4, .max_access_size = 8 },
    .impl = { .min_access_size = 4, .max_access_size = 4 },
};

static uint64_t pba_read(void *opaque, hwaddr addr, unsigned size)
{
    PCIDevice *dev = opaque;

    return ldl_le_p(pending_bits(dev) + addr);
}

static void pba_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    PCIDevice *dev = opaque;

    qemu_log_mask(LOG_GUEST_ERROR, "%s: write to the read-only MSI-X pending bits\n",
                  OBJECT(dev)->type->name);
}

static const MemoryRegionOps pba_ops = {
    .read = pba_read, .write = pba_write, .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 4, .max_access_size = 8 },
    .impl = { .min_access_size = 4, .max_access_size = 4 },
};

bool msix_init_exclusive_bar(PCIDevice *dev, unsigned vectors, int bar, uint8_t offset,
                             Error **errp)
{
    uint32_t table_bytes = vectors * ENTRY_BYTES, pba_at = BAR_MIN_BYTES / 2;
    uint64_t bar_bytes = BAR_MIN_BYTES;
    int cap;

    assert(vectors && vectors <= MSIX_MAX_VECTORS);
    if (!msi_is_supported()) {
        return true;
    }
    while (table_bytes > pba_at || pba_at + pba_bytes(vectors) > bar_bytes) {
        bar_bytes *= 2;
        pba_at = bar_bytes / 2;
    }
    cap = pci_add_capability(dev, CAP_ID_MSIX, offset, CAP_BYTES, errp);
    if (cap < 0) {
        return false;
    }
    dev->msix_cap = cap;
    dev->msix_vectors = vectors;
    dev->msix_state_bytes = table_bytes + pba_bytes(vectors);
    dev->msix_state = g_malloc0(dev->msix_state_bytes);
    pci_set_word(dev->config + cap + MSIX_FLAGS, vectors - 1);
    pci_set_word(dev->wmask + cap + MSIX_FLAGS, FLAG_ENABLE | FLAG_MASK_ALL);
    pci_set_long(dev->config + cap + MSIX_TABLE, bar);
    pci_set_long(dev->config + cap + MSIX_PBA, pba_at | bar);
    memory_region_init(&dev->msix_bar, OBJECT(dev), "msix", bar_bytes);
    memory_region_init_io(&dev->msix_table_mr, OBJECT(dev), &table_ops, dev, "msix-table",
                          table_bytes);
    memory_region_init_io(&dev->msix_pba_mr, OBJECT(dev), &pba_ops, dev, "msix-pba",
                          pba_bytes(vectors));
    memory_region_add_subregion(&dev->msix_bar, 0, &dev->msix_table_mr);
    memory_region_add_subregion(&dev->msix_bar, pba_at, &dev->msix_pba_mr);
    pci_register_bar(dev, bar, PCI_BASE_ADDRESS_SPACE_MEMORY, &dev->msix_bar);
    msix_reset(dev);
    return true;
}

/* 6.8.2.9: all vectors come up masked. */
void msix_reset(PCIDevice *dev)
{
    if (!dev->msix_cap) {
        return;
    }
    pci_set_word(dev->config + dev->msix_cap + MSIX_FLAGS, dev->msix_vectors - 1);
    memset(dev->msix_state, 0, dev->msix_state_bytes);
    for (unsigned vector = 0; vector < dev->msix_vectors; vector++) {
        entry(dev, vector)[ENTRY_CONTROL] = CONTROL_MASKED;
    }
}

void msix_uninit(PCIDevice *dev)
{
    g_clear_pointer(&dev->msix_state, g_free);
    dev->msix_state_bytes = dev->msix_vectors = 0;
    dev->msix_cap = 0;
}
