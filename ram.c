/*
 * RAM blocks and dirty bitmaps.
 *
 * All blocks live in one reserved range of host addresses, so that a
 * ram_addr_t is an offset in it and both conversions are a subtraction. The
 * bitmaps cover the whole range; untouched parts of them take no memory.
 *
 * Blocks are private anonymous memory by default: only that gets huge pages on
 * usual hosts, and guests that touch much memory spend their time in the
 * host's TLB otherwise. A block that has to be shared or mapped twice is made
 * from a memfd (ram_block_new's `shared`).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "exec/ram_addr.h"
#include "exec/ram_block.h"
#include "exec/exec-all.h"

enum { RAM_ALIGN_BITS = 21 };   /* of a block: huge pages */
#define RAM_SPACE_MAX (64 * GiB)
#define RAM_SPACE_MIN (4 * GiB)
#define WORD_BITS 64

static uint8_t *ram_base;       /* host address of ram_addr_t 0 */
static uint64_t ram_space;      /* bytes reserved */
static ram_addr_t ram_top;      /* next free; BQL */
static RAMBlock *ram_blocks;    /* BQL for changes; entries are never freed */
static uint64_t *dirty_maps[DIRTY_MEMORY_NUM];

static void *map_reserve(uint64_t size)
{
    void *p = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    return p == MAP_FAILED ? NULL : p;
}

/* The reserved range and the bitmaps: once, before the first block. */
static bool ram_space_init(Error **errp)
{
    uint64_t bitmap_bytes;

    if (ram_base) {
        return true;
    }
    for (ram_space = RAM_SPACE_MAX; ram_space >= (uint64_t)RAM_SPACE_MIN; ram_space /= 2) {
        uint8_t *p = map_reserve(ram_space + (1u << RAM_ALIGN_BITS));

        if (p) {
            ram_base = (uint8_t *)ROUND_UP((uintptr_t)p, (uintptr_t)1 << RAM_ALIGN_BITS);
            break;
        }
    }
    if (!ram_base) {
        error_setg_errno(errp, errno, "cannot reserve host addresses for guest memory");
        return false;
    }
    bitmap_bytes = ram_space >> TARGET_PAGE_BITS >> 3;
    for (int i = 0; i < DIRTY_MEMORY_NUM; i++) {
        void *map = mmap(NULL, bitmap_bytes, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

        if (map == MAP_FAILED) {
            error_setg_errno(errp, errno, "cannot allocate dirty bitmaps");
            return false;
        }
        dirty_maps[i] = map;
    }
    return true;
}

/* --- blocks --------------------------------------------------------------- */

static int ram_memfd(const char *name, uint64_t size)
{
    int fd = memfd_create(name, MFD_CLOEXEC);

    if (fd >= 0 && ftruncate(fd, size) < 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

static void dirty_fill(ram_addr_t start, uint64_t len);

RAMBlock *ram_block_new(MemoryRegion *mr, uint64_t size, bool shared, Error **errp)
{
    uint64_t mapped = ROUND_UP(size, (uint64_t)TARGET_PAGE_SIZE);
    int flags = MAP_FIXED | MAP_NORESERVE;
    RAMBlock *block;
    void *host;
    int fd = -1;

    if (!ram_space_init(errp)) {
        return NULL;
    }
    if (!size || size > ram_space || mapped > ram_space - ram_top) {
        error_setg(errp, "cannot allocate %" PRIu64 " bytes of guest memory for %s: %" PRIu64 " GiB are the most",
                   size, mr->name, ram_space / GiB);
        return NULL;
    }
    if (shared) {
        fd = ram_memfd(mr->name, mapped);
    }
    flags |= fd >= 0 ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS;
    host = mmap(ram_base + ram_top, mapped, PROT_READ | PROT_WRITE, flags, fd, 0);
    if (host == MAP_FAILED) {
        error_setg_errno(errp, errno, "cannot allocate %" PRIu64 " bytes of guest memory for %s",
                         size, mr->name);
        if (fd >= 0) {
            close(fd);
        }
        return NULL;
    }
    madvise(host, mapped, MADV_HUGEPAGE);       /* both only improve things */
    madvise(host, mapped, MADV_DONTFORK);

    block = g_new0(RAMBlock, 1);
    block->mr = mr;
    block->host = host;
    block->offset = ram_top;
    block->length = mapped;
    block->fd = fd;
    dirty_fill(ram_top, mapped);
    ram_top = ROUND_UP(ram_top + mapped, (uint64_t)1 << RAM_ALIGN_BITS);
    block->next = ram_blocks;
    qatomic_store_release(&ram_blocks, block);
    return block;
}

void ram_block_free(RAMBlock *block)
{
    uint64_t length = block->length;

    qatomic_set(&block->length, 0);
    mmap(block->host, length, PROT_NONE, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
         -1, 0);
    if (block->fd >= 0) {
        close(block->fd);
    }
}

RAMBlock *ram_block_first(void)
{
    return qatomic_load_acquire(&ram_blocks);
}

static RAMBlock *block_of(ram_addr_t addr)
{
    for (RAMBlock *b = ram_block_first(); b; b = b->next) {
        if (addr - b->offset < qatomic_read(&b->length)) {
            return b;
        }
    }
    return NULL;
}

uint8_t *qemu_ram_addr_to_host(ram_addr_t addr)
{
    return block_of(addr) ? ram_base + addr : NULL;
}

ram_addr_t qemu_ram_addr_from_host(const void *host)
{
    ram_addr_t addr = (const uint8_t *)host - ram_base;

    return ram_base && block_of(addr) ? addr : (ram_addr_t)-1;
}

ram_addr_t qemu_ram_offset(const void *host)
{
    return (const uint8_t *)host - ram_base;
}

RAMBlock *qemu_ram_block_from_host(const void *host, ram_addr_t *offset)
{
    ram_addr_t addr = (const uint8_t *)host - ram_base;
    RAMBlock *block = ram_base ? block_of(addr) : NULL;

    if (block) {
        *offset = addr - block->offset;
    }
    return block;
}

/* --- dirty bitmaps ---------------------------------------------------------- */

static uint64_t *bitmap_word(unsigned client, uint64_t page)
{
    return &dirty_maps[client][page / WORD_BITS];
}

static uint64_t page_bit(uint64_t page)
{
    return UINT64_C(1) << (page % WORD_BITS);
}

/* Bits of the word of `page` that belong to pages page..last. */
static uint64_t word_mask(uint64_t page, uint64_t last)
{
    uint64_t mask = ~UINT64_C(0) << (page % WORD_BITS);

    if (last / WORD_BITS == page / WORD_BITS) {
        mask &= ~UINT64_C(0) >> (WORD_BITS - 1 - last % WORD_BITS);
    }
    return mask;
}

static void bitmap_set(unsigned client, ram_addr_t start, uint64_t len)
{
    uint64_t page = start >> TARGET_PAGE_BITS;
    uint64_t last = (start + len - 1) >> TARGET_PAGE_BITS;

    for (; page <= last; page = (page | (WORD_BITS - 1)) + 1) {
        uint64_t *word = bitmap_word(client, page);
        uint64_t mask = word_mask(page, last);

        if ((qatomic_read(word) & mask) != mask) {
            (void)qatomic_fetch_or(word, mask);
        }
    }
}

static void dirty_fill(ram_addr_t start, uint64_t len)
{
    for (int client = 0; client < DIRTY_MEMORY_NUM; client++) {
        bitmap_set(client, start, len);
    }
}

bool cpu_physical_memory_is_clean(ram_addr_t addr, unsigned client)
{
    uint64_t page = addr >> TARGET_PAGE_BITS;

    return !(qatomic_read(bitmap_word(client, page)) & page_bit(page));
}

void cpu_physical_memory_set_dirty_flag(ram_addr_t addr, unsigned client)
{
    uint64_t page = addr >> TARGET_PAGE_BITS;

    (void)qatomic_fetch_or(bitmap_word(client, page), page_bit(page));
}

void cpu_physical_memory_clear_dirty_flag(ram_addr_t addr, unsigned client)
{
    uint64_t page = addr >> TARGET_PAGE_BITS;

    (void)qatomic_fetch_and(bitmap_word(client, page), ~page_bit(page));
}

bool cpu_physical_memory_page_is_clean_any(ram_addr_t addr)
{
    for (int client = 0; client < DIRTY_MEMORY_NUM; client++) {
        if (cpu_physical_memory_is_clean(addr, client)) {
            return true;
        }
    }
    return false;
}

void cpu_physical_memory_set_dirty_log(ram_addr_t start, ram_addr_t len)
{
    if (len) {
        bitmap_set(DIRTY_MEMORY_VGA, start, len);
        bitmap_set(DIRTY_MEMORY_MIGRATION, start, len);
    }
}

/* True when a page of the range holds translated code. */
static bool range_has_code(ram_addr_t start, ram_addr_t len)
{
    uint64_t page = start >> TARGET_PAGE_BITS;
    uint64_t last = (start + len - 1) >> TARGET_PAGE_BITS;

    for (; page <= last; page = (page | (WORD_BITS - 1)) + 1) {
        uint64_t mask = word_mask(page, last);

        if ((qatomic_read(bitmap_word(DIRTY_MEMORY_CODE, page)) & mask) != mask) {
            return true;
        }
    }
    return false;
}

void cpu_physical_memory_note_write(ram_addr_t start, ram_addr_t len)
{
    if (!len) {
        return;
    }
    if (range_has_code(start, len)) {
        tb_invalidate_phys_range(start, start + len, 0);
    }
    cpu_physical_memory_set_dirty_log(start, len);
}

bool cpu_physical_memory_test_and_clear_dirty(ram_addr_t start, ram_addr_t len, unsigned client)
{
    uint64_t page = start >> TARGET_PAGE_BITS;
    uint64_t last = (start + len - 1) >> TARGET_PAGE_BITS;
    bool dirty = false;

    if (!len) {
        return false;
    }
    for (; page <= last; page = (page | (WORD_BITS - 1)) + 1) {
        uint64_t *word = bitmap_word(client, page);
        uint64_t mask = word_mask(page, last);

        if (qatomic_read(word) & mask) {
            dirty |= (qatomic_fetch_and(word, ~mask) & mask) != 0;
        }
    }
    if (dirty) {
        tlb_reset_dirty_range(start, len);
    }
    return dirty;
}

void ram_block_discard(void *host, uint64_t bytes)
{
    ram_addr_t offset;
    RAMBlock *block = qemu_ram_block_from_host(host, &offset);

    if (block && bytes <= block->length - offset) {
        if (madvise(host, bytes, block->fd >= 0 ? MADV_REMOVE : MADV_DONTNEED) < 0) {
            memset(host, 0, bytes);     /* locked memory */
        }
        cpu_physical_memory_note_write(qemu_ram_addr_from_host(host), bytes);
    }
}
