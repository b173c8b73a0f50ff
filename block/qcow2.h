/*
 * qcow2 images, versions 2 and 3: shared between the qcow2-*.c files.
 *
 * Follows docs/interop/qcow2 (the published format specification).
 *
 *   qcow2.c           header, open, close, flush
 *   qcow2-io.c        guest reads, writes, discards; L2 entries
 *   qcow2-alloc.c     refcounts: allocate and free clusters
 *   qcow2-cache.c     tables in memory, and the order in which they are written
 *   qcow2-compress.c  inflating, and the cache of inflated clusters
 *
 * Locking. `lock` shared: look up and transfer data in place. Exclusive: change
 * metadata. Who holds it shared takes `cache_lock` around the caches; who holds
 * it exclusively is alone.
 *
 * Crash safety. Changed tables stay in memory until qcow2_commit, which writes
 * them so that nothing on disk ever points to a cluster that is not yet there
 * or counted: refcounts and data, barrier, L2 tables, barrier, L1. A cluster is
 * given free only after nothing on disk refers to it any more.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BLOCK_QCOW2_H
#define BLOCK_QCOW2_H

#include "block/block_int.h"

enum { QCOW2_MAGIC = 0x514649fb };
enum { QCOW2_MIN_CLUSTER_BITS = 9, QCOW2_MAX_CLUSTER_BITS = 21 };

/* Bits of L1 and L2 entries */
#define QCOW2_COPIED      (UINT64_C(1) << 63)   /* the refcount is exactly 1 */
#define QCOW2_COMPRESSED  (UINT64_C(1) << 62)
#define QCOW2_ZERO        UINT64_C(1)
#define QCOW2_OFFSET_MASK UINT64_C(0x00fffffffffffe00)
#define QCOW2_L1_RESERVED UINT64_C(0x7f000000000001ff)

/* Header fields: offset in the file */
enum {
    HDR_MAGIC = 0, HDR_VERSION = 4, HDR_BACKING_OFFSET = 8, HDR_BACKING_SIZE = 16,
    HDR_CLUSTER_BITS = 20, HDR_SIZE = 24, HDR_CRYPT = 32, HDR_L1_SIZE = 36, HDR_L1_OFFSET = 40,
    HDR_REFTABLE_OFFSET = 48, HDR_REFTABLE_CLUSTERS = 56, HDR_NB_SNAPSHOTS = 60,
    HDR_SNAPSHOTS_OFFSET = 64, HDR_V2_LENGTH = 72, HDR_INCOMPATIBLE = 72, HDR_COMPATIBLE = 80,
    HDR_AUTOCLEAR = 88, HDR_REFCOUNT_ORDER = 96, HDR_LENGTH = 100, HDR_V3_LENGTH = 104,
    HDR_COMPRESSION = 104,
};
enum { INCOMPAT_DIRTY = 1 << 0, INCOMPAT_CORRUPT = 1 << 1, INCOMPAT_DATA_FILE = 1 << 2,
       INCOMPAT_COMPRESSION = 1 << 3, INCOMPAT_EXTENDED_L2 = 1 << 4 };

/* One table of a cluster's size, as it is on disk (big-endian). */
typedef struct Qcow2Table {
    uint64_t offset;            /* 0: unused slot */
    uint64_t used;              /* clock of the last use */
    bool dirty;
    uint8_t *data;
} Qcow2Table;

typedef struct Qcow2Cache {
    Qcow2Table *tables;
    int count;
    int dirty;                  /* how many are */
    uint64_t clock;
} Qcow2Cache;

typedef struct Qcow2Inflated {
    uint64_t entry;             /* L2 entry, 0: unused */
    uint64_t used;
    uint8_t *data;
} Qcow2Inflated;

typedef struct Qcow2Extent {
    uint64_t offset, bytes;     /* of the host file */
} Qcow2Extent;

typedef struct Qcow2State {
    BlockDriverState *bs;
    HostFile *file;
    pthread_rwlock_t lock;
    pthread_mutex_t cache_lock;

    uint32_t version;
    unsigned cluster_bits, l2_bits, refcount_order, refblock_bits;
    uint64_t cluster_size;
    bool writable;

    uint64_t l1_offset;
    uint32_t l1_size;           /* entries */
    uint64_t *l1;               /* host byte order */
    bool l1_dirty;

    uint64_t reftable_offset;
    uint64_t reftable_size;     /* entries */
    uint64_t *reftable;         /* host byte order */

    Qcow2Cache l2_cache, refblock_cache;
    uint64_t next_free;         /* cluster number: none below is free */
    uint64_t host_end;          /* no cluster in use begins here or behind */
    GArray *to_free;            /* Qcow2Extent: still referred to on disk */
    GHashTable *metadata;       /* cluster numbers of header and tables; writable images */

    Qcow2Inflated *inflated;
    int inflated_count;
    uint64_t inflated_clock;
    bool corruption_reported;
} Qcow2State;

/* qcow2.c: say once that the image is damaged; returns -EIO. */
int qcow2_corrupt(Qcow2State *s, const char *what, uint64_t offset);

/* qcow2-cache.c */
void qcow2_cache_init(Qcow2State *s, Qcow2Cache *cache, size_t max_bytes);
void qcow2_cache_cleanup(Qcow2Cache *cache);
/*
 * The table at host offset; it stays in place until the next get of the same
 * cache. fresh: start from zeros instead of the disk's contents.
 */
enum { TABLE_FRESH = 1 << 0 };
int qcow2_cache_get(Qcow2State *s, Qcow2Cache *cache, uint64_t offset, int flags, Qcow2Table **out);
void qcow2_cache_mark_dirty(Qcow2Cache *cache, Qcow2Table *table);
void qcow2_cache_forget(Qcow2Cache *cache, uint64_t offset);
/* Write all changed tables, in order, with barriers. */
int qcow2_commit(Qcow2State *s);

/* qcow2-alloc.c: lock held exclusively */
int qcow2_alloc_cluster(Qcow2State *s, uint64_t *offset);
/* The cluster was never referred to: free at once. */
void qcow2_alloc_undo(Qcow2State *s, uint64_t offset);
/* Free after the next commit. */
void qcow2_free_later(Qcow2State *s, uint64_t offset, uint64_t bytes);
int qcow2_free_now(Qcow2State *s, const Qcow2Extent *extent);
int qcow2_refcount(Qcow2State *s, uint64_t cluster, uint64_t *count);
void qcow2_metadata_add(Qcow2State *s, uint64_t offset, uint64_t bytes);
void qcow2_metadata_remove(Qcow2State *s, uint64_t offset);
bool qcow2_is_metadata(Qcow2State *s, uint64_t offset);

/* qcow2-compress.c: cache_lock held, or lock exclusively */
int qcow2_read_compressed(Qcow2State *s, uint64_t entry, uint64_t in_cluster, void *buf, uint64_t bytes);
/* Host range of a compressed cluster. */
Qcow2Extent qcow2_compressed_extent(const Qcow2State *s, uint64_t entry);
void qcow2_forget_compressed(Qcow2State *s, uint64_t entry);
void qcow2_inflated_cleanup(Qcow2State *s);

/* qcow2-io.c */
int qcow2_pread(BlockDriverState *bs, int64_t offset, void *buf, int64_t bytes);
int qcow2_pwrite(BlockDriverState *bs, int64_t offset, const void *buf, int64_t bytes);
int qcow2_pdiscard(BlockDriverState *bs, int64_t offset, int64_t bytes);
int qcow2_pwrite_zeroes(BlockDriverState *bs, int64_t offset, int64_t bytes);

static inline uint64_t qcow2_in_cluster(const Qcow2State *s, uint64_t offset)
{
    return offset & (s->cluster_size - 1);
}

static inline unsigned qcow2_l2_index(const Qcow2State *s, uint64_t offset)
{
    return offset >> s->cluster_bits & ((1u << s->l2_bits) - 1);
}

static inline uint64_t qcow2_l1_index(const Qcow2State *s, uint64_t offset)
{
    return offset >> (s->cluster_bits + s->l2_bits);
}

#endif
