/*
 * The tree of MemoryRegions: building it, changing it, printing it.
 *
 * What the tree looks like from an address space (flat views) and accesses to
 * it are exec.c's; the memory behind RAM regions is ram.c's.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "exec/memory.h"
#include "exec/memory-internal.h"
#include "exec/ram_addr.h"
#include "exec/ram_block.h"
#include "qemu/main-loop.h"

static int transaction_depth;
static bool topology_changed;

/* --- transactions ---------------------------------------------------------- */

void memory_region_transaction_begin(void)
{
    transaction_depth++;
}

void memory_region_transaction_commit(void)
{
    assert(transaction_depth > 0);
    if (--transaction_depth == 0 && topology_changed) {
        topology_changed = false;
        address_spaces_update();
    }
}

/* A change of mr that views may show. */
static void region_changed(void)
{
    topology_changed = true;
    memory_region_transaction_begin();
    memory_region_transaction_commit();
}

/* --- construction ------------------------------------------------------------ */

void memory_region_init(MemoryRegion *mr, Object *owner, const char *name, uint64_t size)
{
    memset(mr, 0, sizeof(*mr));
    mr->owner = owner;
    mr->name = g_strdup(name ? name : "");
    mr->size = size;
    mr->enabled = true;
    mr->romd_mode = true;
    mr->subregions = g_ptr_array_new();
}

void memory_region_init_io(MemoryRegion *mr, Object *owner, const MemoryRegionOps *ops,
                           void *opaque, const char *name, uint64_t size)
{
    memory_region_init(mr, owner, name, size);
    mr->ops = ops;
    mr->opaque = opaque;
    mr->terminates = true;
}

static bool init_ram_block(MemoryRegion *mr, Error **errp)
{
    mr->ram_block = ram_block_new(mr, mr->size, false, errp);
    if (!mr->ram_block) {
        memory_region_cleanup(mr);
        return false;
    }
    mr->terminates = true;
    return true;
}

bool memory_region_init_ram(MemoryRegion *mr, Object *owner, const char *name, uint64_t size,
                            Error **errp)
{
    memory_region_init(mr, owner, name, size);
    mr->ram = true;
    return init_ram_block(mr, errp);
}

bool memory_region_init_rom(MemoryRegion *mr, Object *owner, const char *name, uint64_t size,
                            Error **errp)
{
    memory_region_init(mr, owner, name, size);
    mr->ram = true;
    mr->readonly = true;
    return init_ram_block(mr, errp);
}

bool memory_region_init_rom_device(MemoryRegion *mr, Object *owner, const MemoryRegionOps *ops,
                                   void *opaque, const char *name, uint64_t size, Error **errp)
{
    memory_region_init(mr, owner, name, size);
    mr->ops = ops;
    mr->opaque = opaque;
    mr->rom_device = true;
    return init_ram_block(mr, errp);
}

void memory_region_init_alias(MemoryRegion *mr, Object *owner, const char *name,
                              MemoryRegion *orig, hwaddr offset, uint64_t size)
{
    memory_region_init(mr, owner, name, size);
    mr->alias = orig;
    mr->alias_offset = offset;
}

void memory_region_cleanup(MemoryRegion *mr)
{
    if (!mr->name) {
        return;                 /* never initialised, or done already */
    }
    memory_region_transaction_begin();
    if (mr->container) {
        memory_region_del_subregion(mr->container, mr);
    }
    while (mr->subregions->len) {
        memory_region_del_subregion(mr, g_ptr_array_index(mr->subregions, 0));
    }
    memory_region_transaction_commit();
    if (mr->ram_block) {
        ram_block_free(mr->ram_block);
        mr->ram_block = NULL;
    }
    g_ptr_array_free(mr->subregions, true);
    mr->subregions = NULL;
    g_free((char *)mr->name);
    mr->name = NULL;
}

/* --- changes ------------------------------------------------------------------- */

/* Descending priority; of equal ones the newest first. */
static void insert_by_priority(MemoryRegion *mr, MemoryRegion *subregion)
{
    guint i = 0;

    while (i < mr->subregions->len) {
        const MemoryRegion *other = g_ptr_array_index(mr->subregions, i);

        if (subregion->priority >= other->priority) {
            break;
        }
        i++;
    }
    g_ptr_array_insert(mr->subregions, i, subregion);
}

static void add_subregion(MemoryRegion *mr, hwaddr offset, MemoryRegion *subregion)
{
    assert(!subregion->container);
    subregion->container = mr;
    subregion->addr = offset;
    insert_by_priority(mr, subregion);
    region_changed();
}

void memory_region_add_subregion(MemoryRegion *mr, hwaddr offset, MemoryRegion *subregion)
{
    subregion->may_overlap = false;
    subregion->priority = 0;
    add_subregion(mr, offset, subregion);
}

void memory_region_add_subregion_overlap(MemoryRegion *mr, hwaddr offset, MemoryRegion *subregion,
                                         int priority)
{
    subregion->may_overlap = true;
    subregion->priority = priority;
    add_subregion(mr, offset, subregion);
}

void memory_region_del_subregion(MemoryRegion *mr, MemoryRegion *subregion)
{
    assert(subregion->container == mr);
    subregion->container = NULL;
    g_ptr_array_remove(mr->subregions, subregion);
    region_changed();
}

void memory_region_set_enabled(MemoryRegion *mr, bool enabled)
{
    if (mr->enabled != enabled) {
        mr->enabled = enabled;
        region_changed();
    }
}

void memory_region_set_address(MemoryRegion *mr, hwaddr addr)
{
    if (mr->addr == addr) {
        return;
    }
    mr->addr = addr;
    if (mr->container) {
        g_ptr_array_remove(mr->container->subregions, mr);
        insert_by_priority(mr->container, mr);
        region_changed();
    }
}

void memory_region_set_alias_offset(MemoryRegion *mr, hwaddr offset)
{
    assert(mr->alias);
    if (mr->alias_offset != offset) {
        mr->alias_offset = offset;
        region_changed();
    }
}

void memory_region_set_readonly(MemoryRegion *mr, bool readonly)
{
    if (mr->readonly != readonly) {
        mr->readonly = readonly;
        region_changed();
    }
}

void memory_region_rom_device_set_romd(MemoryRegion *mr, bool romd_mode)
{
    assert(mr->rom_device);
    if (mr->romd_mode != romd_mode) {
        mr->romd_mode = romd_mode;
        region_changed();
    }
}

/* --- RAM and its dirty bits -------------------------------------------------------- */

uint64_t memory_region_size(const MemoryRegion *mr)
{
    return mr->size;
}

void *memory_region_get_ram_ptr(MemoryRegion *mr)
{
    hwaddr offset = 0;

    while (mr->alias) {
        offset += mr->alias_offset;
        mr = mr->alias;
    }
    assert(mr->ram_block);
    return mr->ram_block->host + offset;
}

ram_addr_t memory_region_get_ram_addr(MemoryRegion *mr)
{
    return mr->ram_block ? mr->ram_block->offset : (ram_addr_t)-1;
}

bool memory_region_is_direct(const MemoryRegion *mr)
{
    return mr->ram || (mr->rom_device && mr->romd_mode);
}

void memory_region_set_log(MemoryRegion *mr, bool log, unsigned client)
{
    uint8_t mask = mr->dirty_log_mask;

    mask = log ? mask | 1u << client : mask & ~(1u << client);
    if (mask == mr->dirty_log_mask) {
        return;
    }
    mr->dirty_log_mask = mask;
    /* A client that does not look leaves its bits set: stores stay fast. */
    memory_region_set_dirty(mr, 0, mr->size);
    region_changed();
}

void memory_region_set_dirty(MemoryRegion *mr, hwaddr addr, hwaddr size)
{
    if (mr->ram_block && size) {
        cpu_physical_memory_set_dirty_log(mr->ram_block->offset + addr, size);
    }
}

bool memory_region_test_and_clear_dirty(MemoryRegion *mr, hwaddr addr, hwaddr size,
                                        unsigned client)
{
    assert(mr->ram_block && addr <= mr->size && size <= mr->size - addr);
    return cpu_physical_memory_test_and_clear_dirty(mr->ram_block->offset + addr, size, client);
}

/* --- info mtree ------------------------------------------------------------------------ */

typedef void PrintFunc(void *opaque, const char *fmt, ...);

static const char *region_kind(const MemoryRegion *mr)
{
    return mr->rom_device ? "romd" : mr->ram ? (mr->readonly ? "rom" : "ram") : "i/o";
}

static gint compare_addr(gconstpointer a, gconstpointer b)
{
    const MemoryRegion *const *x = a, *const *y = b;

    if ((*x)->addr != (*y)->addr) {
        return (*x)->addr < (*y)->addr ? -1 : 1;
    }
    return (*y)->priority - (*x)->priority;
}

static void print_region(const MemoryRegion *mr, hwaddr base, int indent, PrintFunc *print,
                         void *opaque)
{
    hwaddr first = base + mr->addr;
    hwaddr last = mr->size == UINT64_MAX ? UINT64_MAX : first + mr->size - 1;
    const char *disabled = mr->enabled ? "" : " [disabled]";

    if (mr->alias) {
        print(opaque,
              "%*s%016" PRIx64 "-%016" PRIx64 " (prio %d, %s): alias %s @%s %016" PRIx64
              "-%016" PRIx64 "%s\n",
              indent, "", first, last, mr->priority, region_kind(mr->alias), mr->name,
              mr->alias->name, mr->alias_offset, mr->alias_offset + mr->size - 1, disabled);
    } else {
        GPtrArray *sorted = g_ptr_array_new();

        print(opaque, "%*s%016" PRIx64 "-%016" PRIx64 " (prio %d, %s): %s%s\n", indent, "", first,
              last, mr->priority, region_kind(mr), mr->name, disabled);
        for (guint i = 0; i < mr->subregions->len; i++) {
            g_ptr_array_add(sorted, g_ptr_array_index(mr->subregions, i));
        }
        g_ptr_array_sort(sorted, compare_addr);
        for (guint i = 0; i < sorted->len; i++) {
            print_region(g_ptr_array_index(sorted, i), first, indent + 2, print, opaque);
        }
        g_ptr_array_free(sorted, true);
    }
}

void mtree_info(PrintFunc *print, void *opaque)
{
    for (AddressSpace *as = address_space_first(); as; as = as->next) {
        print(opaque, "address-space: %s\n", as->name);
        if (as->root) {
            print_region(as->root, 0, 2, print, opaque);
        }
        print(opaque, "\n");
    }
}
