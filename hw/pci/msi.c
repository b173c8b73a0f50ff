/*
 * MSI capability (PCI Local Bus Specification 3.0, 6.8.1).
 *
 * All state is in configuration space. MSI-X is msix.c's.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/pci/msi.h"
#include "trace/hw-pci.h"

enum { CAP_ID_MSI = 0x05 };
enum { MSI_FLAGS = 2, MSI_ADDRESS = 4 };
enum { FLAG_ENABLE = 0x0001, FLAG_QUEUE_MASK = 0x0070, FLAG_64BIT = 0x0080, FLAG_MASKABLE = 0x0100 };
enum { QUEUE_MASK_SHIFT = 1, QUEUE_SIZE_SHIFT = 4 };

static bool supported;

void msi_set_supported(void)
{
    supported = true;
}

bool msi_is_supported(void)
{
    return supported;
}

static uint16_t msi_flags(const PCIDevice *dev)
{
    return pci_get_word(dev->config + dev->msi_cap + MSI_FLAGS);
}

static unsigned data_offset(uint16_t flags)
{
    return flags & FLAG_64BIT ? 12 : 8;
}

static unsigned mask_offset(uint16_t flags)
{
    return flags & FLAG_64BIT ? 16 : 12;
}

static unsigned pending_offset(uint16_t flags)
{
    return mask_offset(flags) + 4;
}

static unsigned capability_size(uint16_t flags)
{
    return flags & FLAG_MASKABLE ? pending_offset(flags) + 4 : data_offset(flags) + 2;
}

bool msi_init(PCIDevice *dev, uint8_t offset, unsigned vectors, bool is_64bit, bool maskable,
              Error **errp)
{
    uint16_t flags = __builtin_ctz(vectors) << QUEUE_MASK_SHIFT | (is_64bit ? FLAG_64BIT : 0) |
                     (maskable ? FLAG_MASKABLE : 0);
    int cap;

    assert(vectors && vectors <= MSI_MAX_VECTORS && !(vectors & (vectors - 1)));
    if (!supported) {
        return true;
    }
    cap = pci_add_capability(dev, CAP_ID_MSI, offset, capability_size(flags), errp);
    if (cap < 0) {
        return false;
    }
    dev->msi_cap = cap;
    pci_set_word(dev->config + cap + MSI_FLAGS, flags);
    pci_set_word(dev->wmask + cap + MSI_FLAGS, FLAG_QUEUE_MASK | FLAG_ENABLE);
    pci_set_long(dev->wmask + cap + MSI_ADDRESS, 0xfffffffc);
    if (is_64bit) {
        pci_set_long(dev->wmask + cap + MSI_ADDRESS + 4, 0xffffffff);
    }
    pci_set_word(dev->wmask + cap + data_offset(flags), 0xffff);
    if (maskable) {
        pci_set_long(dev->wmask + cap + mask_offset(flags), UINT32_MAX >> (32 - vectors));
    }
    return true;
}

bool msi_enabled(const PCIDevice *dev)
{
    return dev->msi_cap && (msi_flags(dev) & FLAG_ENABLE);
}

/* 6.8.1.6: the device changes the low bits of the data to tell its vectors apart. */
static void send_message(PCIDevice *dev, unsigned vector)
{
    const uint8_t *cap = dev->config + dev->msi_cap;
    uint16_t flags = msi_flags(dev);
    unsigned allocated = 1u << ((flags & FLAG_QUEUE_MASK) >> QUEUE_SIZE_SHIFT);
    uint64_t addr = pci_get_long(cap + MSI_ADDRESS);
    uint32_t data = pci_get_word(cap + data_offset(flags));

    if (flags & FLAG_64BIT) {
        addr |= (uint64_t)pci_get_long(cap + MSI_ADDRESS + 4) << 32;
    }
    if (allocated > 1 && allocated <= MSI_MAX_VECTORS) {
        data = (data & ~(allocated - 1)) | (vector & (allocated - 1));
    }
    address_space_st(&dev->bus_master_as, addr, data, MO_32 | MO_LE, NULL);
}

void msi_notify(PCIDevice *dev, unsigned vector)
{
    uint16_t flags = msi_flags(dev);
    uint8_t *cap = dev->config + dev->msi_cap;

    trace_msi_notify(OBJECT(dev)->type->name, vector);
    if ((flags & FLAG_MASKABLE) && (pci_get_long(cap + mask_offset(flags)) >> vector & 1)) {
        pci_set_long(cap + pending_offset(flags),
                     pci_get_long(cap + pending_offset(flags)) | 1u << vector);
        return;
    }
    send_message(dev, vector);
}

/* What the guest has unmasked goes out now. */
void msi_config_written(PCIDevice *dev, uint32_t addr, int len)
{
    uint16_t flags;
    uint8_t *cap;
    uint32_t mask, pending;

    if (!msi_enabled(dev) || addr + len <= dev->msi_cap) {
        return;
    }
    flags = msi_flags(dev);
    if (!(flags & FLAG_MASKABLE) || addr >= dev->msi_cap + capability_size(flags)) {
        return;
    }
    cap = dev->config + dev->msi_cap;
    mask = pci_get_long(cap + mask_offset(flags));
    pending = pci_get_long(cap + pending_offset(flags));
    pci_set_long(cap + pending_offset(flags), pending & mask);
    for (unsigned vector = 0; vector < MSI_MAX_VECTORS; vector++) {
        if ((pending & ~mask) >> vector & 1) {
            send_message(dev, vector);
        }
    }
}

void msi_reset(PCIDevice *dev)
{
    uint8_t *cap = dev->config + dev->msi_cap;
    uint16_t flags;

    if (!dev->msi_cap) {
        return;
    }
    flags = msi_flags(dev) & ~(FLAG_QUEUE_MASK | FLAG_ENABLE);
    memset(cap + MSI_ADDRESS, 0, capability_size(flags) - MSI_ADDRESS);
    pci_set_word(cap + MSI_FLAGS, flags);
}
