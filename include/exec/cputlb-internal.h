/*
 * The TLB's parts share these: cputlb.c (tables, flushes, fills), cputlb-tags.c
 * (address spaces, block keys), cputlb-ldst.c (slow paths), cputlb-atomic.c,
 * cpu-debug.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EXEC_CPUTLB_INTERNAL_H
#define EXEC_CPUTLB_INTERNAL_H

#include "exec/exec-all.h"
#include "exec/ram_addr.h"
#include "qemu/bswap.h"

/* What is known of one guest page in one MMU mode. */
typedef struct TLBFull {
    vaddr page;
    hwaddr paddr;
    ram_addr_t ram_addr;        /* of the page; -1: I/O */
    uint8_t *host;              /* of the page; NULL: I/O */
    MemoryRegion *mr;           /* NULL: unassigned */
    hwaddr mr_offset;
    TLBWalkEntry leaf;          /* host NULL: not known */
    uint32_t gen;               /* valid while it is the mode's gen[tagged] */
    uint8_t prot;
    bool tagged;                /* of the active address space: not global */
    bool readonly;              /* ROM: stores go nowhere */
    bool watched;               /* a watchpoint lies in the page */
} TLBFull;

#define TLB_FULL_BITS 10
#define TLB_FULL_SIZE (1 << TLB_FULL_BITS)
#define MAX_MMU_MODES 8
#define TLB_LOG_LIMIT 65536     /* beyond: the whole table is dropped at a flush */
#define TLB_LARGE_BITS 4096

/* Numbers of the fast entries that were set since the log was last empty. */
typedef struct TLBLog {
    uint32_t *index;
    uint64_t *logged;           /* bits by entry: it is in index[] */
    uint32_t len, cap;
} TLBLog;

typedef struct TLBMode {
    TLBFull full[TLB_FULL_SIZE];
    uint32_t gen[2];            /* of full entries: global, tagged */
    uint64_t *fast[2];          /* load, store: addends, or TLBHashEntry */
    TLBWalkEntry *leaf[2];      /* by entry: what maps its page; NULL without tlb_set_page_walk */
    uint64_t *tagged[2];        /* bits by entry: it is of the active address space */
    TLBLog log[2][2];           /* [store][tagged] */
    vaddr large_addr, large_mask;   /* range of pages of other sizes; mask 0: none */
    /* Bits by hash: the 2 (4) MiB there may be one large page. */
    uint64_t large_2m[TLB_LARGE_BITS / 64], large_4m[TLB_LARGE_BITS / 64];
    /*
     * By RAM page: the page whose store entry led there | 1, or STORE_MANY; 0:
     * none since the last reset. A hint that may be stale.
     */
    vaddr *store_page;
} TLBMode;

/* An entry of a tag that is not active. */
typedef struct SavedEntry {
    vaddr page;
    uint8_t mode, store;
    uint64_t addend;
    TLBWalkEntry leaf;
} SavedEntry;

/* What the mappings of a tag rest on, and what code was fetched through: of TLBWalkEntry. */
typedef struct TagBasis {
    GArray *uppers;             /* entries above the leaves */
    GArray *code;               /* leaves of pages that code was fetched through */
    uint32_t epoch;             /* of block keys: new when code's mappings changed */
} TagBasis;

#define MAX_TAGS 16
#define MAX_SAVED 1024          /* entries of one tag */
#define MAX_BASIS 4096
typedef struct SavedTag {
    uint64_t tag;
    uint64_t used;              /* for replacement; 0: free */
    GArray *entries;            /* of SavedEntry */
    TagBasis basis;
    uint64_t flush_pos;         /* in the list of page flushes */
} SavedTag;

#define FLUSH_RING 256          /* recent page flushes, for saved tags */

/* tb_key values are given to (flags, tag) pairs. */
#define KEY_CACHE 512
typedef struct KeyEntry {
    uint64_t tag;
    uint32_t flags, epoch, tag_epoch, id;
} KeyEntry;

#define CODE_PAGE_BITS (1u << 17)
#define BASIS_CACHE 128

struct CPUTLB {
    pthread_mutex_t lock;
    TLBMode mode[MAX_MMU_MODES];
    int num_modes;
    bool hashed;                /* entries of the fast tables are TLBHashEntry */
    uint32_t gen;

    uint16_t tag_idxmap;
    vaddr tag_start, tag_last;
    uint64_t tag, tag_uses;
    SavedTag saved[MAX_TAGS];
    vaddr flush_ring[FLUSH_RING];
    uint64_t flush_count;       /* page flushes ever */

    bool walks;                 /* tlb_set_page_walk is used: leaf[] exists */
    unsigned entry_bytes;       /* of the guest's page tables */
    TagBasis basis;             /* of the active tag */
    TLBWalkEntry basis_cache[2][BASIS_CACHE];   /* some of basis.uppers, basis.code */
    struct {                    /* RAM around the walk pointer given last; size 0: none */
        hwaddr start;
        uint64_t size;
        uint8_t *host;
    } walk_ram;

    uint64_t *code_pages;       /* bitmap by hash of the page number: code was fetched through it */
    bool tagged_global_code;    /* blocks whose key has no tag were fetched through tagged pages */
    uint32_t code_epoch, epochs, next_key_id;
    KeyEntry keys[KEY_CACHE];
};

/* --- entries of the fast tables, under the lock ---------------------------------------------------- */

static inline uint32_t fast_entries(const CPUTLB *tlb)
{
    return tlb->hashed ? TLB_HASH_ENTRIES : TLB_FAST_ENTRIES;
}

static inline uint32_t fast_index(const CPUTLB *tlb, vaddr addr)
{
    return (addr >> TARGET_PAGE_BITS) & (fast_entries(tlb) - 1);
}

/* Entry number index: false when it is empty. Only for numbers that were set once. */
static inline bool fast_read(const CPUTLB *tlb, const TLBMode *m, int store, uint32_t index,
                             vaddr *page, uint64_t *addend)
{
    if (tlb->hashed) {
        const TLBHashEntry *e = (const TLBHashEntry *)m->fast[store] + index;

        *page = qatomic_read(&e->tag);
        *addend = e->addend;
        return *page != TLB_NO_TAG;
    }
    *page = (vaddr)index << TARGET_PAGE_BITS;
    *addend = qatomic_read(&m->fast[store][index]);
    return *addend != 0;
}

static inline void fast_clear_index(const CPUTLB *tlb, TLBMode *m, int store, uint32_t index)
{
    if (tlb->hashed) {
        qatomic_set(&((TLBHashEntry *)m->fast[store])[index].tag, TLB_NO_TAG);
    } else if (qatomic_read(&m->fast[store][index])) {
        qatomic_set(&m->fast[store][index], 0);
    }
}

static inline bool fast_is_tagged(const TLBMode *m, int store, uint32_t index)
{
    return m->tagged[store][index / 64] >> (index % 64) & 1;
}

/* Is there an entry for page? */
static inline bool fast_has(const CPUTLB *tlb, const TLBMode *m, int store, vaddr page)
{
    uint32_t index = fast_index(tlb, page);

    return tlb->hashed ? ((const TLBHashEntry *)m->fast[store])[index].tag == page
                       : m->fast[store][index] != 0;
}

/* leaf: NULL without walks. */
void fast_set(CPUTLB *tlb, TLBMode *m, int store, bool tagged, vaddr page, uint64_t addend,
              const TLBWalkEntry *leaf);
void fast_clear(CPUTLB *tlb, TLBMode *m, int store, vaddr addr);
void log_empty(TLBLog *log);
/* Empty the whole table. */
void fast_flush(CPUTLB *tlb, TLBMode *m, int store);
/* The full entries of the active address space (tagged), or the others, are void. */
void full_flush(CPUTLB *tlb, TLBMode *m, bool tagged);
/* Kept entries of other address spaces are void. */
void saved_drop_all(CPUTLB *tlb);
/* The mapping of a page that code was fetched from changed (all: of any). */
void code_mapping_changed(CPUState *cpu, vaddr addr, bool all);
/* A tagged page was installed: remember what its walk rests on. */
void tlb_note_walk(CPUTLB *tlb, const TLBWalk *walk);
/* Stores lead to RAM through this page. */
void tlb_note_store_entry(TLBMode *m, ram_addr_t ram_page, vaddr page);
/* Code was fetched through f. */
void tlb_note_code(CPUState *cpu, TLBFull *f);
/* Begin the active address space's list anew: it has no entries. */
void tlb_basis_start(CPUTLB *tlb);
/* tlb_init and tlb_destroy for cputlb-tags.c's part. */
void tlb_tags_init(CPUTLB *tlb);
void tlb_tags_destroy(CPUTLB *tlb);

/*
 * The entry for an access, filled when needed. Raises the guest's exception;
 * with probe it returns NULL instead.
 */
TLBFull *tlb_lookup(CPUState *cpu, vaddr addr, unsigned size, MMUAccessType access,
                    int mmu_idx, bool probe, uintptr_t ra);
/* The page is accessed again: bring it back to the fast tables if it belongs there. */
void tlb_fast_refill(CPUState *cpu, int mmu_idx, const TLBFull *f, MMUAccessType access);
/* May stores to the page go straight to memory? */
bool tlb_stores_unwatched(const TLBFull *f);
/*
 * A store to [addr, addr + size) of f's page is about to happen: invalidate code,
 * set dirty bits. Does not return where the running block has to be left first.
 */
void tlb_note_store(CPUState *cpu, int mmu_idx, TLBFull *f, vaddr addr, unsigned size, uintptr_t ra);
/*
 * Around an access to a device, which may read the clock or arm a timer: take
 * the BQL unless locked; with -icount the count is exact there, whatever the
 * extent of the block. Begin's result goes to end.
 */
int tlb_io_begin(CPUState *cpu, bool locked, uintptr_t ra);
void tlb_io_end(CPUState *cpu, bool locked, int ahead);
/* Leave through EXCP_DEBUG when a watchpoint covers the access. flags: BP_MEM_x. */
void cpu_check_watchpoint(CPUState *cpu, vaddr addr, unsigned size, int flags, uintptr_t ra);
/* A debugger's watchpoint lies in the page. */
bool cpu_page_is_watched(CPUState *cpu, vaddr page);

/* A value of the access's size between the host's and the access's byte order. */
static inline uint64_t swap_value(uint64_t v, MemOp op)
{
    if (op & MO_BSWAP) {
        switch (op & MO_SIZE) {
        case MO_16: return bswap16(v);
        case MO_32: return bswap32(v);
        case MO_64: return bswap64(v);
        default: break;
        }
    }
    return v;
}

static inline bool crosses_page(vaddr addr, unsigned size)
{
    return (addr & ~TARGET_PAGE_MASK) + size > TARGET_PAGE_SIZE;
}

/* MO_ALIGN. */
static inline void check_alignment(CPUState *cpu, vaddr addr, MemOp op, MMUAccessType access,
                                   int mmu_idx, uintptr_t ra)
{
    if ((op & MO_ALIGN) && (addr & (memop_size(op) - 1))) {
        cpu->cc->do_unaligned_access(cpu, addr, access, mmu_idx, ra);
    }
}

#endif
