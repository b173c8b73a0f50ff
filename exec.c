/*
 * Address spaces: views and their replacement, lookup, DMA.
 *
 * A view is immutable. A change of the tree makes a new one, which replaces
 * the old one in a single store; the old one is freed when no lookup can still
 * be reading it (qemu/epoch.h). Lookups copy the section out, so a read
 * section never lasts longer than a binary search.
 *
 * What an access to an I/O region does is memory-dispatch.c's.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "exec/memory.h"
#include "exec/memory-internal.h"
#include "exec/ram_addr.h"
#include "exec/ram_block.h"
#include "qemu/bswap.h"
#include "qemu/epoch.h"
#include "qemu/log.h"
#include "qemu/main-loop.h"

AddressSpace address_space_memory;
AddressSpace address_space_io;

static MemoryRegion system_memory, system_io;
static AddressSpace *spaces;            /* BQL */
static GPtrArray *commit_hooks;         /* of void (*)(void) */

/* --- views -------------------------------------------------------------------- */

static bool as_update(AddressSpace *as)
{
    FlatView *view = flatview_new(as->root);
    FlatView *old = as->view;

    if (old && flatview_equal(old, view)) {
        g_free(view);
        return false;
    }
    __atomic_store_n(&as->view, view, __ATOMIC_SEQ_CST);
    if (old) {
        epoch_retire(old, g_free);
    }
    return true;
}

void address_spaces_update(void)
{
    bool system_changed = false;

    for (AddressSpace *as = spaces; as; as = as->next) {
        system_changed |= as_update(as) && as->of_cpus;
    }
    for (guint i = 0; system_changed && commit_hooks && i < commit_hooks->len; i++) {
        void (*fn)(void) = (void (*)(void))g_ptr_array_index(commit_hooks, i);

        fn();
    }
}

void memory_register_commit_hook(void (*fn)(void))
{
    if (!commit_hooks) {
        commit_hooks = g_ptr_array_new();
    }
    g_ptr_array_add(commit_hooks, (void *)fn);
}

AddressSpace *address_space_first(void)
{
    return spaces;
}

void address_space_init(AddressSpace *as, MemoryRegion *root, const char *name)
{
    AddressSpace **link = &spaces;

    as->name = g_strdup(name);
    as->root = root;
    as->view = NULL;
    as->of_cpus = false;
    as->next = NULL;
    while (*link) {
        link = &(*link)->next;
    }
    *link = as;
    as_update(as);
}

void address_space_destroy(AddressSpace *as)
{
    for (AddressSpace **link = &spaces; *link; link = &(*link)->next) {
        if (*link == as) {
            *link = as->next;
            break;
        }
    }
    epoch_retire(as->view, g_free);
    as->view = NULL;
    as->root = NULL;
    g_free((char *)as->name);
    as->name = NULL;
}

MemoryRegion *get_system_memory(void)
{
    return &system_memory;
}

MemoryRegion *get_system_io(void)
{
    return &system_io;
}

static void QEMU_CONSTRUCTOR system_spaces_init(void)
{
    memory_region_init(&system_memory, NULL, "system", UINT64_MAX);
    address_space_init(&address_space_memory, &system_memory, "memory");
    address_space_memory.of_cpus = true;
    memory_region_init(&system_io, NULL, "io", 65536);
    address_space_init(&address_space_io, &system_io, "I/O");
}

/* --- lookup ----------------------------------------------------------------------- */

/* The first range that ends at or after addr; view->count when there is none. */
static uint32_t view_search(const FlatView *view, hwaddr addr)
{
    uint32_t low = 0, high = view->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (view->ranges[middle].last < addr) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static uint64_t span(hwaddr first, hwaddr last)
{
    return last - first == UINT64_MAX ? UINT64_MAX : last - first + 1;
}

MemoryRegionSection address_space_find(AddressSpace *as, hwaddr addr)
{
    MemoryRegionSection section = { .mr = NULL };
    const FlatView *view;
    uint32_t i;

    epoch_enter();
    view = __atomic_load_n(&as->view, __ATOMIC_SEQ_CST);
    i = view_search(view, addr);
    if (i < view->count && view->ranges[i].first <= addr) {
        const FlatRange *r = &view->ranges[i];

        section.mr = r->mr;
        section.offset_within_address_space = r->first;
        section.offset_within_region = r->offset;
        section.size = span(r->first, r->last);
        section.readonly = r->readonly;
    } else {
        hwaddr first = i ? view->ranges[i - 1].last + 1 : 0;
        hwaddr last = i < view->count ? view->ranges[i].first - 1 : UINT64_MAX;

        section.offset_within_address_space = first;
        section.size = span(first, last);
    }
    epoch_exit();
    return section;
}

/* Bytes from addr to the end of its section. */
static uint64_t section_left(const MemoryRegionSection *s, hwaddr addr)
{
    uint64_t skip = addr - s->offset_within_address_space;

    return s->size == UINT64_MAX ? UINT64_MAX - skip : s->size - skip;
}

static hwaddr section_offset(const MemoryRegionSection *s, hwaddr addr)
{
    return addr - s->offset_within_address_space + s->offset_within_region;
}

static bool section_direct(const MemoryRegionSection *s, bool is_write)
{
    if (!s->mr) {
        return false;
    }
    return is_write ? s->mr->ram && !s->readonly : memory_region_is_direct(s->mr);
}

static uint8_t *section_host(const MemoryRegionSection *s, hwaddr addr)
{
    return s->mr->ram_block->host + section_offset(s, addr);
}

static ram_addr_t section_ram_addr(const MemoryRegionSection *s, hwaddr addr)
{
    return s->mr->ram_block->offset + section_offset(s, addr);
}

/* --- one access ---------------------------------------------------------------------- */

/* I/O regions are only touched under the BQL. True: it was taken here. */
static bool io_lock(void)
{
    if (qemu_mutex_iothread_locked()) {
        return false;
    }
    qemu_mutex_lock_iothread();
    return true;
}

static void io_unlock(bool taken)
{
    if (taken) {
        qemu_mutex_unlock_iothread();
    }
}

static uint64_t load_bytes(const void *p, MemOp op)
{
    bool big = op & MO_BSWAP;

    switch (op & MO_SIZE) {
    case MO_8:
        return *(const uint8_t *)p;
    case MO_16:
        return big ? lduw_be_p(p) : lduw_le_p(p);
    case MO_32:
        return big ? ldl_be_p(p) : ldl_le_p(p);
    default:
        return big ? ldq_be_p(p) : ldq_le_p(p);
    }
}

static void store_bytes(void *p, uint64_t val, MemOp op)
{
    bool big = op & MO_BSWAP;

    switch (op & MO_SIZE) {
    case MO_8:
        *(uint8_t *)p = val;
        break;
    case MO_16:
        big ? stw_be_p(p, val) : stw_le_p(p, val);
        break;
    case MO_32:
        big ? stl_be_p(p, val) : stl_le_p(p, val);
        break;
    default:
        big ? stq_be_p(p, val) : stq_le_p(p, val);
        break;
    }
}

static uint64_t sign_extend(uint64_t val, MemOp op)
{
    unsigned shift = 64 - 8 * memop_size(op);

    return op & MO_SIGN ? (uint64_t)((int64_t)(val << shift) >> shift) : val;
}

bool address_space_section_takes(const MemoryRegionSection *s, hwaddr addr, unsigned size)
{
    if (s->mr && !memory_region_is_direct(s->mr) && !s->mr->ram) {
        return s->mr->size - section_offset(s, addr) >= size;
    }
    return section_left(s, addr) >= size;
}

/* What dispatch takes as the address: the offset, or where nothing is. */
static hwaddr dispatch_addr(const MemoryRegionSection *s, hwaddr addr)
{
    return s->mr ? section_offset(s, addr) : addr;
}

uint64_t address_space_ld(AddressSpace *as, hwaddr addr, MemOp op, MemTxResult *result)
{
    MemoryRegionSection s = address_space_find(as, addr);
    unsigned size = memop_size(op);
    MemTxResult r = MEMTX_OK;
    uint64_t val = 0;

    if (!address_space_section_takes(&s, addr, size)) {
        uint8_t bytes[8] = { 0 };

        r = address_space_read(as, addr, bytes, size);
        val = load_bytes(bytes, op);
    } else if (section_direct(&s, false)) {
        val = load_bytes(section_host(&s, addr), op);
    } else {
        bool taken = io_lock();

        r = memory_region_dispatch_read(s.mr, dispatch_addr(&s, addr), &val, op);
        io_unlock(taken);
    }
    if (result) {
        *result = r;
    }
    return sign_extend(val, op);
}

void address_space_st(AddressSpace *as, hwaddr addr, uint64_t val, MemOp op, MemTxResult *result)
{
    MemoryRegionSection s = address_space_find(as, addr);
    unsigned size = memop_size(op);
    MemTxResult r = MEMTX_OK;

    if (!address_space_section_takes(&s, addr, size)) {
        uint8_t bytes[8];

        store_bytes(bytes, val, op);
        r = address_space_write(as, addr, bytes, size);
    } else if (section_direct(&s, true)) {
        store_bytes(section_host(&s, addr), val, op);
        cpu_physical_memory_note_write(section_ram_addr(&s, addr), size);
    } else {
        bool taken = io_lock();

        r = memory_region_dispatch_write(s.mr, dispatch_addr(&s, addr), val, op);
        io_unlock(taken);
    }
    if (result) {
        *result = r;
    }
}

/* --- many bytes ------------------------------------------------------------------------ */

/* Largest access at addr, in log2 bytes, that is aligned, fits len and suits the region. */
static MemOp io_piece(const MemoryRegionSection *s, hwaddr addr, hwaddr len)
{
    unsigned max = s->mr && s->mr->ops ? s->mr->ops->valid.max_access_size : 0;
    hwaddr offset = dispatch_addr(s, addr);
    unsigned log2_size = MO_32;

    if (max >= 8) {
        log2_size = MO_64;
    }
    while (log2_size > MO_8 && ((max && 1u << log2_size > max) || 1u << log2_size > len ||
                                (offset & ((1u << log2_size) - 1)))) {
        log2_size--;
    }
    return log2_size;
}

/* One access of an I/O region on behalf of a copy; returns how many bytes it covered. */
static unsigned copy_io(const MemoryRegionSection *s, hwaddr addr, uint8_t *buf, hwaddr len,
                        bool is_write, MemTxResult *result)
{
    MemOp op = io_piece(s, addr, MIN(len, section_left(s, addr)));
    bool taken = io_lock();
    uint64_t val = 0;

    if (is_write) {
        val = load_bytes(buf, op);
        *result |= memory_region_dispatch_write(s->mr, dispatch_addr(s, addr), val, op);
    } else {
        *result |= memory_region_dispatch_read(s->mr, dispatch_addr(s, addr), &val, op);
        store_bytes(buf, val, op);
    }
    io_unlock(taken);
    return memop_size(op);
}

/* A gap is skipped as a whole: one log line, and no loop over gigabytes of nothing. */
static void copy_nothing(hwaddr addr, uint8_t *buf, hwaddr len, bool is_write)
{
    qemu_log_mask(LOG_GUEST_ERROR,
                  "Invalid access at addr 0x%" PRIx64 ", size %" PRIu64
                  ", region (none): %s of unassigned memory\n",
                  addr, len, is_write ? "write" : "read");
    if (!is_write) {
        memset(buf, 0, len);
    }
}

static MemTxResult address_space_copy(AddressSpace *as, hwaddr addr, uint8_t *buf, hwaddr len,
                                      bool is_write)
{
    MemTxResult result = MEMTX_OK;

    while (len) {
        MemoryRegionSection s = address_space_find(as, addr);
        hwaddr n = MIN(len, section_left(&s, addr));

        if (!s.mr) {
            copy_nothing(addr, buf, n, is_write);
            result |= MEMTX_DECODE_ERROR;
        } else if (!section_direct(&s, is_write)) {
            n = copy_io(&s, addr, buf, n, is_write, &result);
        } else if (is_write) {
            memcpy(section_host(&s, addr), buf, n);
            cpu_physical_memory_note_write(section_ram_addr(&s, addr), n);
        } else {
            memcpy(buf, section_host(&s, addr), n);
        }
        buf += n;
        addr += n;
        len -= n;
    }
    return result;
}

MemTxResult address_space_read(AddressSpace *as, hwaddr addr, void *buf, hwaddr len)
{
    return address_space_copy(as, addr, buf, len, false);
}

MemTxResult address_space_write(AddressSpace *as, hwaddr addr, const void *buf, hwaddr len)
{
    return address_space_copy(as, addr, (uint8_t *)buf, len, true);
}

MemTxResult address_space_set(AddressSpace *as, hwaddr addr, uint8_t c, hwaddr len)
{
    uint8_t chunk[4096];
    MemTxResult result = MEMTX_OK;

    memset(chunk, c, sizeof(chunk));
    while (len) {
        hwaddr n = MIN(len, sizeof(chunk));

        result |= address_space_write(as, addr, chunk, n);
        addr += n;
        len -= n;
    }
    return result;
}

MemTxResult address_space_write_rom(AddressSpace *as, hwaddr addr, const void *buf, hwaddr len)
{
    const uint8_t *bytes = buf;
    MemTxResult result = MEMTX_OK;

    while (len) {
        MemoryRegionSection s = address_space_find(as, addr);
        hwaddr n = MIN(len, section_left(&s, addr));

        if (s.mr && s.mr->ram_block) {
            memcpy(section_host(&s, addr), bytes, n);
            cpu_physical_memory_note_write(section_ram_addr(&s, addr), n);
        } else {
            result |= s.mr ? MEMTX_ERROR : MEMTX_DECODE_ERROR;
        }
        bytes += n;
        addr += n;
        len -= n;
    }
    return result;
}

bool address_space_access_valid(AddressSpace *as, hwaddr addr, hwaddr len, bool is_write)
{
    while (len) {
        MemoryRegionSection s = address_space_find(as, addr);
        hwaddr n = MIN(len, section_left(&s, addr));

        if (!s.mr || (is_write && s.mr->ram && s.readonly)) {
            return false;
        }
        addr += n;
        len -= n;
    }
    return true;
}

void *address_space_map(AddressSpace *as, hwaddr addr, hwaddr *plen, bool is_write)
{
    MemoryRegionSection s = address_space_find(as, addr);

    if (!*plen || !section_direct(&s, is_write)) {
        return NULL;
    }
    *plen = MIN(*plen, section_left(&s, addr));
    return section_host(&s, addr);
}

void address_space_unmap(AddressSpace *as, void *buffer, hwaddr len, bool is_write,
                         hwaddr access_len)
{
    assert(access_len <= len);
    if (is_write && access_len) {
        cpu_physical_memory_note_write(qemu_ram_addr_from_host(buffer), access_len);
    }
}
