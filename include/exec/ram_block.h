/*
 * RAM blocks: the host memory behind RAM and ROM regions. For memory.c,
 * snapshots and migration; others use memory.h and ram_addr.h.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EXEC_RAM_BLOCK_H
#define EXEC_RAM_BLOCK_H

#include "exec/memory.h"

struct RAMBlock {
    MemoryRegion *mr;
    uint8_t *host;
    ram_addr_t offset;          /* of its first byte in the space of all blocks */
    uint64_t length;            /* bytes, whole pages; 0: freed */
    int fd;                     /* memfd of a shared block, else -1 */
    RAMBlock *next;
};

/* size bytes, zeroed, for mr (its name is used). shared: backed by a memfd. BQL. */
RAMBlock *ram_block_new(MemoryRegion *mr, uint64_t size, bool shared, Error **errp);
/* No view may refer to it any more. BQL. */
void ram_block_free(RAMBlock *block);
/* All blocks, newest first. */
RAMBlock *ram_block_first(void);
/* The block that holds a host pointer, and where in it; NULL: no guest memory. */
RAMBlock *qemu_ram_block_from_host(const void *host, ram_addr_t *offset);
/* Give whole host pages back to the host; they read as zeros. BQL. */
void ram_block_discard(void *host, uint64_t bytes);

#endif
