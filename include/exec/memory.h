/*
 * Guest physical memory: MemoryRegions form a tree, an AddressSpace flattens
 * it to a sorted view used for dispatch, DMA and TLB fills.
 *
 * Topology changes need the BQL. Lookups take none: a view is immutable and is
 * replaced as a whole.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EXEC_MEMORY_H
#define EXEC_MEMORY_H

#include "qemu/osdep.h"
#include "qemu/error.h"
#include "exec/memop.h"

typedef struct MemoryRegion MemoryRegion;
typedef struct AddressSpace AddressSpace;
typedef struct RAMBlock RAMBlock;
typedef struct Object Object;
typedef struct FlatView FlatView;

enum device_endian { DEVICE_NATIVE_ENDIAN, DEVICE_BIG_ENDIAN, DEVICE_LITTLE_ENDIAN };

typedef enum { MEMTX_OK = 0, MEMTX_ERROR = 1, MEMTX_DECODE_ERROR = 2 } MemTxResult;

/*
 * Callbacks of an I/O region, called under the BQL. addr is the offset in the
 * region, data is in host order as the CPU's bus would carry it: a device with
 * DEVICE_LITTLE_ENDIAN on a big-endian guest sees swapped data. NATIVE means
 * the guest CPU's order.
 */
typedef struct MemoryRegionOps {
    uint64_t (*read)(void *opaque, hwaddr addr, unsigned size);
    void (*write)(void *opaque, hwaddr addr, uint64_t data, unsigned size);
    enum device_endian endianness;
    struct {                    /* what the guest may do; others get a bus error */
        unsigned min_access_size, max_access_size;  /* 0: 1 and 8 */
        bool unaligned;
    } valid;
    struct {                    /* what the callbacks take; others are split or widened */
        unsigned min_access_size, max_access_size;  /* 0: 1 and 4 */
        bool unaligned;
    } impl;
} MemoryRegionOps;

struct MemoryRegion {
    const MemoryRegionOps *ops;
    void *opaque;
    Object *owner;
    const char *name;           /* owned copy */
    uint64_t size;              /* UINT64_MAX stands for 2^64 */
    hwaddr addr;                /* offset in container */
    MemoryRegion *container;
    MemoryRegion *alias;
    hwaddr alias_offset;
    int32_t priority;
    bool enabled, ram, readonly, rom_device, romd_mode, may_overlap, terminates;
    uint8_t dirty_log_mask;     /* bits 1 << DIRTY_MEMORY_x */
    RAMBlock *ram_block;
    GPtrArray *subregions;      /* of MemoryRegion *, by descending priority */
};

enum { DIRTY_MEMORY_VGA, DIRTY_MEMORY_CODE, DIRTY_MEMORY_MIGRATION, DIRTY_MEMORY_NUM };

/* A container, or (with ops) a leaf. The caller owns *mr. */
void memory_region_init(MemoryRegion *mr, Object *owner, const char *name, uint64_t size);
void memory_region_init_io(MemoryRegion *mr, Object *owner, const MemoryRegionOps *ops,
                           void *opaque, const char *name, uint64_t size);
bool memory_region_init_ram(MemoryRegion *mr, Object *owner, const char *name, uint64_t size, Error **errp);
bool memory_region_init_rom(MemoryRegion *mr, Object *owner, const char *name, uint64_t size, Error **errp);
/* Reads are RAM (romd mode), writes go to ops: flash chips. */
bool memory_region_init_rom_device(MemoryRegion *mr, Object *owner, const MemoryRegionOps *ops,
                                   void *opaque, const char *name, uint64_t size, Error **errp);
void memory_region_init_alias(MemoryRegion *mr, Object *owner, const char *name,
                              MemoryRegion *orig, hwaddr offset, uint64_t size);
void memory_region_cleanup(MemoryRegion *mr);

void memory_region_add_subregion(MemoryRegion *mr, hwaddr offset, MemoryRegion *subregion);
void memory_region_add_subregion_overlap(MemoryRegion *mr, hwaddr offset, MemoryRegion *subregion, int priority);
void memory_region_del_subregion(MemoryRegion *mr, MemoryRegion *subregion);
void memory_region_set_enabled(MemoryRegion *mr, bool enabled);
void memory_region_set_address(MemoryRegion *mr, hwaddr addr);
void memory_region_set_alias_offset(MemoryRegion *mr, hwaddr offset);
void memory_region_set_readonly(MemoryRegion *mr, bool readonly);
void memory_region_rom_device_set_romd(MemoryRegion *mr, bool romd_mode);
/* Batch several changes into one new view. Nests. */
void memory_region_transaction_begin(void);
void memory_region_transaction_commit(void);

uint64_t memory_region_size(const MemoryRegion *mr);
/* Host pointer to the bytes of a RAM or ROM region. */
void *memory_region_get_ram_ptr(MemoryRegion *mr);
ram_addr_t memory_region_get_ram_addr(MemoryRegion *mr);

/* Dirty tracking of a RAM region for the display. addr: offset in mr. */
void memory_region_set_log(MemoryRegion *mr, bool log, unsigned client);
void memory_region_set_dirty(MemoryRegion *mr, hwaddr addr, hwaddr size);
/* True when any page of the range was dirty; the range is clean afterwards. */
bool memory_region_test_and_clear_dirty(MemoryRegion *mr, hwaddr addr, hwaddr size, unsigned client);

struct AddressSpace {
    const char *name;
    MemoryRegion *root;
    FlatView *view;             /* current; see exec.c for its lifetime */
    bool of_cpus;               /* guest CPUs run in it: a change flushes their TLBs */
    AddressSpace *next;
};

void address_space_init(AddressSpace *as, MemoryRegion *root, const char *name);
void address_space_destroy(AddressSpace *as);

extern AddressSpace address_space_memory;   /* CPU physical memory */
extern AddressSpace address_space_io;       /* x86 ports; PCI I/O elsewhere */
MemoryRegion *get_system_memory(void);
MemoryRegion *get_system_io(void);

/*
 * Copy bytes; crosses regions, honours ROM, marks dirty, invalidates
 * translated code. Takes the BQL itself for I/O regions.
 */
MemTxResult address_space_read(AddressSpace *as, hwaddr addr, void *buf, hwaddr len);
MemTxResult address_space_write(AddressSpace *as, hwaddr addr, const void *buf, hwaddr len);
MemTxResult address_space_set(AddressSpace *as, hwaddr addr, uint8_t c, hwaddr len);
/* Writes into ROM too: loaders and debuggers. */
MemTxResult address_space_write_rom(AddressSpace *as, hwaddr addr, const void *buf, hwaddr len);
bool address_space_access_valid(AddressSpace *as, hwaddr addr, hwaddr len, bool is_write);

/* One access of 1, 2, 4 or 8 bytes with the exact size; op gives size and order. */
uint64_t address_space_ld(AddressSpace *as, hwaddr addr, MemOp op, MemTxResult *result);
void address_space_st(AddressSpace *as, hwaddr addr, uint64_t val, MemOp op, MemTxResult *result);

/*
 * Host pointer to *plen guest bytes at addr, or NULL when it is not RAM.
 * *plen may shrink. Unmap tells how much was written.
 */
void *address_space_map(AddressSpace *as, hwaddr addr, hwaddr *plen, bool is_write);
void address_space_unmap(AddressSpace *as, void *buffer, hwaddr len, bool is_write, hwaddr access_len);

static inline MemTxResult dma_memory_read(AddressSpace *as, hwaddr a, void *b, hwaddr n) { return address_space_read(as, a, b, n); }
static inline MemTxResult dma_memory_write(AddressSpace *as, hwaddr a, const void *b, hwaddr n) { return address_space_write(as, a, b, n); }

/* One piece of a view. */
typedef struct MemoryRegionSection {
    MemoryRegion *mr;                   /* never an alias; NULL: unassigned */
    hwaddr offset_within_address_space;
    hwaddr offset_within_region;
    uint64_t size;
    bool readonly;
} MemoryRegionSection;

/* The piece that holds addr; mr is NULL where nothing is mapped. */
MemoryRegionSection address_space_find(AddressSpace *as, hwaddr addr);
/*
 * Does an access of size bytes go to the section as a whole? Devices are chosen by
 * the address, and get what they cover, also where a part shows another region.
 */
bool address_space_section_takes(const MemoryRegionSection *s, hwaddr addr, unsigned size);
/* One dispatched access to an I/O region: exact size, BQL held. op's byte order is the access's. */
MemTxResult memory_region_dispatch_read(MemoryRegion *mr, hwaddr addr, uint64_t *pval, MemOp op);
MemTxResult memory_region_dispatch_write(MemoryRegion *mr, hwaddr addr, uint64_t val, MemOp op);

/* `info mtree`. */
void mtree_info(void (*print)(void *opaque, const char *fmt, ...), void *opaque);

/* True when the executable's guest CPUs are big-endian (target-x/cpu.c defines it). */
extern const bool target_words_bigendian;

#endif
