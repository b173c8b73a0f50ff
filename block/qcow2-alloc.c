/*
 * qcow2: refcounts. Finds free clusters, grows the refcount structures.
 *
 * A refcount block that is missing is made at the first cluster it describes,
 * so it always counts itself. The refcount table grows by moving behind
 * everything that it could describe before.
 *
 * Caller holds the lock exclusively (see qcow2.h).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "block/qcow2.h"

static uint64_t get_count(const Qcow2State *s, const uint8_t *block, uint64_t i)
{
    switch (s->refcount_order) {
    case 0: return block[i / 8] >> (i % 8) & 1;
    case 1: return block[i / 4] >> (2 * (i % 4)) & 3;
    case 2: return block[i / 2] >> (4 * (i % 2)) & 15;
    case 3: return block[i];
    case 4: return lduw_be_p(block + 2 * i);
    case 5: return ldl_be_p(block + 4 * i);
    default: return ldq_be_p(block + 8 * i);
    }
}

static void put_bits(uint8_t *p, unsigned shift, unsigned mask, uint64_t count)
{
    *p = (*p & ~(mask << shift)) | (unsigned)count << shift;
}

static void put_count(const Qcow2State *s, uint8_t *block, uint64_t i, uint64_t count)
{
    switch (s->refcount_order) {
    case 0: put_bits(block + i / 8, i % 8, 1, count); break;
    case 1: put_bits(block + i / 4, 2 * (i % 4), 3, count); break;
    case 2: put_bits(block + i / 2, 4 * (i % 2), 15, count); break;
    case 3: block[i] = count; break;
    case 4: stw_be_p(block + 2 * i, count); break;
    case 5: stl_be_p(block + 4 * i, count); break;
    default: stq_be_p(block + 8 * i, count); break;
    }
}

void qcow2_metadata_add(Qcow2State *s, uint64_t offset, uint64_t bytes)
{
    uint64_t c;

    if (s->metadata && bytes) {
        for (c = offset >> s->cluster_bits; c <= (offset + bytes - 1) >> s->cluster_bits; c++) {
            g_hash_table_add(s->metadata, GSIZE_TO_POINTER(c));
        }
    }
}

void qcow2_metadata_remove(Qcow2State *s, uint64_t offset)
{
    if (s->metadata) {
        g_hash_table_remove(s->metadata, GSIZE_TO_POINTER(offset >> s->cluster_bits));
    }
}

bool qcow2_is_metadata(Qcow2State *s, uint64_t offset)
{
    return s->metadata &&
           g_hash_table_contains(s->metadata, GSIZE_TO_POINTER(offset >> s->cluster_bits));
}

/* The refcount block for a cluster, or *block = NULL when there is none. */
static int find_block(Qcow2State *s, uint64_t cluster, Qcow2Table **block)
{
    uint64_t i = cluster >> s->refblock_bits;
    uint64_t offset;

    *block = NULL;
    if (i >= s->reftable_size || !s->reftable[i]) {
        return 0;
    }
    offset = s->reftable[i];
    if (qcow2_in_cluster(s, offset)) {
        return qcow2_corrupt(s, "refcount block not aligned", offset);
    }
    return qcow2_cache_get(s, &s->refblock_cache, offset, 0, block);
}

int qcow2_refcount(Qcow2State *s, uint64_t cluster, uint64_t *count)
{
    Qcow2Table *block;
    int ret = find_block(s, cluster, &block);

    *count = 0;
    if (ret == 0 && block) {
        *count = get_count(s, block->data, cluster & ((UINT64_C(1) << s->refblock_bits) - 1));
    }
    return ret;
}

/* The block exists. */
static int set_refcount(Qcow2State *s, uint64_t cluster, uint64_t count)
{
    Qcow2Table *block;
    int ret = find_block(s, cluster, &block);

    if (ret == 0 && !block) {
        return qcow2_corrupt(s, "no refcount block for a cluster in use", cluster << s->cluster_bits);
    }
    if (ret == 0) {
        put_count(s, block->data, cluster & ((UINT64_C(1) << s->refblock_bits) - 1), count);
        qcow2_cache_mark_dirty(&s->refblock_cache, block);
    }
    return ret;
}

/* Place a refcount block at the first cluster it describes, on disk and in the table. */
static int new_block(Qcow2State *s, uint64_t cluster)
{
    uint64_t i = cluster >> s->refblock_bits;
    uint64_t offset = cluster << s->cluster_bits;
    uint64_t entry_be = GUINT64_TO_BE(offset);
    Qcow2Table *block;
    int ret;

    ret = qcow2_cache_get(s, &s->refblock_cache, offset, TABLE_FRESH, &block);
    if (ret < 0) {
        return ret;
    }
    put_count(s, block->data, cluster & ((UINT64_C(1) << s->refblock_bits) - 1), 1);
    ret = host_file_pwrite(s->file, offset, block->data, s->cluster_size);
    if (ret == 0) {
        ret = host_file_sync(s->file);
    }
    if (ret == 0) {
        ret = host_file_pwrite(s->file, s->reftable_offset + i * 8, &entry_be, 8);
    }
    if (ret < 0) {
        qcow2_cache_forget(&s->refblock_cache, offset);
        return ret;
    }
    s->reftable[i] = offset;
    qcow2_metadata_add(s, offset, s->cluster_size);
    return 0;
}

/* Count clusters [first, first + used) in new refcount blocks that start at `at`. */
static int write_counting_blocks(Qcow2State *s, uint64_t first, uint64_t used, uint64_t at,
                                 uint64_t *table)
{
    uint64_t per_block = UINT64_C(1) << s->refblock_bits;
    uint8_t *data = g_malloc(s->cluster_size);
    uint64_t done, i;
    int ret = 0;

    for (done = 0; done < used && ret == 0; done += per_block, at++) {
        memset(data, 0, s->cluster_size);
        for (i = 0; i < per_block && done + i < used; i++) {
            put_count(s, data, i, 1);
        }
        table[(first + done) >> s->refblock_bits] = at << s->cluster_bits;
        ret = host_file_pwrite(s->file, at << s->cluster_bits, data, s->cluster_size);
    }
    g_free(data);
    return ret;
}

static int write_reftable(Qcow2State *s, uint64_t offset, const uint64_t *table, uint64_t entries)
{
    uint64_t *disk = g_new(uint64_t, entries);
    uint8_t header[12];
    uint64_t i;
    int ret;

    for (i = 0; i < entries; i++) {
        disk[i] = GUINT64_TO_BE(table[i]);
    }
    ret = host_file_pwrite(s->file, offset, disk, entries * 8);
    g_free(disk);
    if (ret == 0) {
        ret = host_file_sync(s->file);
    }
    if (ret == 0) {
        stq_be_p(header, offset);
        stl_be_p(header + 8, (entries * 8) >> s->cluster_bits);
        ret = host_file_pwrite(s->file, HDR_REFTABLE_OFFSET, header, sizeof(header));
    }
    return ret == 0 ? host_file_sync(s->file) : ret;
}

static int grow_reftable(Qcow2State *s)
{
    uint64_t first = s->reftable_size << s->refblock_bits;      /* not described so far */
    uint64_t per_cluster = s->cluster_size / 8;
    uint64_t entries = ROUND_UP(s->reftable_size + MAX(s->reftable_size / 2, 1) + 1, per_cluster);
    uint64_t clusters = entries / per_cluster;
    uint64_t blocks = 1, used;
    uint64_t *table;
    Qcow2Extent old = { s->reftable_offset, s->reftable_size * 8 };
    int ret;

    while ((blocks << s->refblock_bits) < clusters + blocks) {
        blocks++;
    }
    if (entries < s->reftable_size + blocks) {
        return -EFBIG;
    }
    used = clusters + blocks;
    table = g_new0(uint64_t, entries);
    memcpy(table, s->reftable, s->reftable_size * 8);
    ret = write_counting_blocks(s, first, used, first + clusters, table);
    if (ret == 0) {
        ret = write_reftable(s, first << s->cluster_bits, table, entries);
    }
    if (ret < 0) {
        g_free(table);
        return ret;
    }
    g_free(s->reftable);
    s->reftable = table;
    s->reftable_size = entries;
    s->reftable_offset = first << s->cluster_bits;
    qcow2_metadata_add(s, s->reftable_offset, used << s->cluster_bits);
    for (used = 0; used < old.bytes; used += s->cluster_size) {
        qcow2_metadata_remove(s, old.offset + used);
    }
    return qcow2_free_now(s, &old);
}

int qcow2_alloc_cluster(Qcow2State *s, uint64_t *offset)
{
    uint64_t cluster, count;
    int ret;

    for (cluster = s->next_free;; cluster++) {
        if (cluster >> (56 - s->cluster_bits)) {
            return -EFBIG;
        }
        if (cluster >> s->refblock_bits >= s->reftable_size) {
            ret = grow_reftable(s);
        } else {
            ret = 0;
        }
        if (ret == 0 && !s->reftable[cluster >> s->refblock_bits]) {
            if (qcow2_is_metadata(s, cluster << s->cluster_bits)) {
                return qcow2_corrupt(s, "a table lies in clusters without refcount",
                                     cluster << s->cluster_bits);
            }
            ret = new_block(s, cluster);
        }
        if (ret == 0) {
            ret = qcow2_refcount(s, cluster, &count);
        }
        if (ret < 0) {
            return ret;
        }
        if (count == 0) {
            break;
        }
    }
    if (qcow2_is_metadata(s, cluster << s->cluster_bits)) {
        return qcow2_corrupt(s, "refcount of a table is zero", cluster << s->cluster_bits);
    }
    ret = set_refcount(s, cluster, 1);
    if (ret == 0) {
        s->next_free = cluster + 1;
        *offset = cluster << s->cluster_bits;
        s->host_end = MAX(s->host_end, *offset + s->cluster_size);
    }
    return ret;
}

void qcow2_alloc_undo(Qcow2State *s, uint64_t offset)
{
    uint64_t cluster = offset >> s->cluster_bits;

    if (set_refcount(s, cluster, 0) == 0) {
        s->next_free = MIN(s->next_free, cluster);
    }
}

void qcow2_free_later(Qcow2State *s, uint64_t offset, uint64_t bytes)
{
    Qcow2Extent extent = { offset, bytes };

    g_array_append_val(s->to_free, extent);
}

int qcow2_free_now(Qcow2State *s, const Qcow2Extent *extent)
{
    uint64_t cluster = extent->offset >> s->cluster_bits;
    uint64_t last = (extent->offset + extent->bytes - 1) >> s->cluster_bits;
    uint64_t count;
    int ret = 0;

    for (; cluster <= last && ret == 0; cluster++) {
        ret = qcow2_refcount(s, cluster, &count);
        if (ret == 0 && count == 0) {
            ret = qcow2_corrupt(s, "a cluster in use has refcount 0", cluster << s->cluster_bits);
        }
        if (ret == 0) {
            ret = set_refcount(s, cluster, count - 1);
        }
        if (ret == 0 && count == 1) {
            s->next_free = MIN(s->next_free, cluster);
            qcow2_metadata_remove(s, cluster << s->cluster_bits);
        }
    }
    return ret;
}
