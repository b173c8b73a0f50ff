/*
 * AHCI: physical region descriptor tables (AHCI 1.3.1, 4.2.3.3).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/ide/ahci.h"
#include "qemu/bswap.h"

enum { PRD_BYTES = 16, PRD_COUNT = 12, PRD_COUNT_MASK = 0x3fffff };

/* Address and size of what is left of the current entry. False: the table is used up. */
static bool current_piece(AHCIState *s, PRDWalk *walk, uint64_t *addr, uint32_t *bytes)
{
    uint8_t raw[PRD_BYTES];

    while (walk->index < walk->entries) {
        uint32_t size;

        if (pci_dma_read(&s->parent, walk->table + (uint64_t)walk->index * PRD_BYTES, raw,
                         sizeof(raw)) != MEMTX_OK) {
            return false;
        }
        size = (ldl_le_p(raw + PRD_COUNT) & PRD_COUNT_MASK) + 1;
        if (walk->offset < size) {
            *addr = ldq_le_p(raw) + walk->offset;
            *bytes = size - walk->offset;
            return true;
        }
        walk->index++;
        walk->offset = 0;
    }
    return false;
}

size_t ahci_prd_copy(AHCIState *s, PRDWalk *walk, void *buf, size_t bytes, bool to_memory)
{
    uint8_t *p = buf;
    size_t done = 0;
    uint64_t addr;
    uint32_t piece;

    while (done < bytes && current_piece(s, walk, &addr, &piece)) {
        size_t n = MIN(bytes - done, (size_t)piece);

        if (to_memory) {
            pci_dma_write(&s->parent, addr, p + done, n);
        } else {
            pci_dma_read(&s->parent, addr, p + done, n);
        }
        walk->offset += n;
        done += n;
    }
    return done;
}

void *ahci_prd_map(AHCIState *s, PRDWalk *walk, size_t bytes, bool to_memory)
{
    AddressSpace *as = &s->parent.bus_master_as;
    PRDWalk ahead = *walk;
    uint64_t start = 0, addr;
    size_t got = 0;
    uint32_t piece;
    hwaddr mapped = bytes;
    void *host;

    while (got < bytes && current_piece(s, &ahead, &addr, &piece)) {
        size_t n = MIN(bytes - got, (size_t)piece);

        if (got && addr != start + got) {
            return NULL;
        }
        start = got ? start : addr;
        ahead.offset += n;
        got += n;
    }
    if (got < bytes) {
        return NULL;
    }
    host = address_space_map(as, start, &mapped, to_memory);
    if (host && mapped < bytes) {
        address_space_unmap(as, host, mapped, to_memory, 0);
        return NULL;
    }
    if (host) {
        *walk = ahead;
    }
    return host;
}

static const VMStateField prd_fields[] = {
    VMSTATE_UINT64(table, PRDWalk), VMSTATE_UINT32(entries, PRDWalk),
    VMSTATE_UINT32(index, PRDWalk), VMSTATE_UINT32(offset, PRDWalk), VMSTATE_END
};
const VMStateDescription vmstate_ahci_prd = {
    .name = "ahci-prd", .version = 1, .fields = prd_fields,
};
