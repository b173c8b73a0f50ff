/*
 * qcow2: guest reads, writes, discards through the two-level cluster table.
 *
 * Leaves to others: refcounts (qcow2-alloc.c), writing tables back
 * (qcow2-cache.c), inflating (qcow2-compress.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "block/qcow2.h"

typedef enum { MAP_HOLE, MAP_ZERO, MAP_DATA, MAP_COMPRESSED } MapKind;

typedef struct Mapping {
    MapKind kind;
    bool in_place;          /* MAP_DATA: not shared, may be overwritten */
    uint64_t entry;         /* L2 entry of the first cluster */
    uint64_t host;          /* MAP_DATA: where the first byte lives */
    uint64_t bytes;         /* how far this holds */
} Mapping;

static int check_table_offset(Qcow2State *s, uint64_t l1_entry)
{
    uint64_t offset = l1_entry & QCOW2_OFFSET_MASK;

    if ((l1_entry & QCOW2_L1_RESERVED) || qcow2_in_cluster(s, offset)) {
        return qcow2_corrupt(s, "L1 entry is not valid", l1_entry);
    }
    return 0;
}

/* The L2 table for a guest offset; NULL when there is none. */
static int get_l2(Qcow2State *s, uint64_t offset, Qcow2Table **table)
{
    uint64_t l1_entry = s->l1[qcow2_l1_index(s, offset)];
    int ret;

    *table = NULL;
    if (!(l1_entry & QCOW2_OFFSET_MASK)) {
        return l1_entry ? check_table_offset(s, l1_entry & ~QCOW2_COPIED) : 0;
    }
    ret = check_table_offset(s, l1_entry);
    if (ret < 0) {
        return ret;
    }
    return qcow2_cache_get(s, &s->l2_cache, l1_entry & QCOW2_OFFSET_MASK, 0, table);
}

static MapKind kind_of(const Qcow2State *s, uint64_t entry)
{
    if (entry & QCOW2_COMPRESSED) {
        return MAP_COMPRESSED;
    }
    if (s->version >= 3 && (entry & QCOW2_ZERO)) {
        return MAP_ZERO;
    }
    return entry & QCOW2_OFFSET_MASK ? MAP_DATA : MAP_HOLE;
}

/* Does the cluster of entry b carry on where the run of map, `clusters` long, ends? */
static bool continues(const Qcow2State *s, const Mapping *map, uint64_t b, uint64_t clusters)
{
    if (kind_of(s, b) != map->kind || map->kind == MAP_COMPRESSED) {
        return false;
    }
    if (map->kind != MAP_DATA) {
        return true;
    }
    return (b & QCOW2_OFFSET_MASK) == (map->entry & QCOW2_OFFSET_MASK) + clusters * s->cluster_size &&
           (b & QCOW2_COPIED) == (map->entry & QCOW2_COPIED);
}

/* What guest bytes [offset, offset + bytes) map to, as far as one run reaches. */
static int map_range(Qcow2State *s, uint64_t offset, uint64_t bytes, Mapping *map)
{
    unsigned index = qcow2_l2_index(s, offset);
    uint64_t in_cluster = qcow2_in_cluster(s, offset);
    uint64_t clusters = 1;
    Qcow2Table *table;
    int ret = get_l2(s, offset, &table);

    if (ret < 0) {
        return ret;
    }
    memset(map, 0, sizeof(*map));
    if (!table) {
        map->bytes = MIN(bytes, ((UINT64_C(1) << s->l2_bits) - index) * s->cluster_size - in_cluster);
        return 0;
    }
    map->entry = ldq_be_p(table->data + 8 * index);
    map->kind = kind_of(s, map->entry);
    if (map->kind == MAP_DATA) {
        map->host = (map->entry & QCOW2_OFFSET_MASK) + in_cluster;
        map->in_place = map->entry & QCOW2_COPIED;
        if (qcow2_in_cluster(s, map->entry & QCOW2_OFFSET_MASK)) {
            return qcow2_corrupt(s, "data cluster not aligned", map->entry);
        }
    }
    while (index + clusters < UINT64_C(1) << s->l2_bits &&
           clusters * s->cluster_size - in_cluster < bytes &&
           continues(s, map, ldq_be_p(table->data + 8 * (index + clusters)), clusters)) {
        clusters++;
    }
    map->bytes = MIN(bytes, clusters * s->cluster_size - in_cluster);
    if (map->kind == MAP_DATA && map->host + map->bytes > s->host_end) {
        return qcow2_corrupt(s, "data cluster lies behind the end of the file", map->entry);
    }
    return 0;
}

/* Read one run. Caches are locked by the caller only for MAP_COMPRESSED. */
static int read_mapped(Qcow2State *s, const Mapping *map, uint64_t offset, void *buf)
{
    switch (map->kind) {
    case MAP_HOLE:
        return image_pread_padded(s->bs->backing, offset, buf, map->bytes);
    case MAP_ZERO:
        memset(buf, 0, map->bytes);
        return 0;
    case MAP_DATA:
        return host_file_pread(s->file, map->host, buf, map->bytes);
    case MAP_COMPRESSED:
        return qcow2_read_compressed(s, map->entry, qcow2_in_cluster(s, offset), buf, map->bytes);
    }
    return -EIO;
}

int qcow2_pread(BlockDriverState *bs, int64_t offset, void *buf, int64_t bytes)
{
    Qcow2State *s = bs->opaque;
    uint8_t *p = buf;
    int ret = 0;

    pthread_rwlock_rdlock(&s->lock);
    while (bytes > 0 && ret == 0) {
        Mapping map;

        pthread_mutex_lock(&s->cache_lock);
        ret = map_range(s, offset, bytes, &map);
        if (ret == 0 && map.kind == MAP_COMPRESSED) {
            ret = read_mapped(s, &map, offset, p);
            pthread_mutex_unlock(&s->cache_lock);
        } else {
            pthread_mutex_unlock(&s->cache_lock);
            if (ret == 0) {
                ret = read_mapped(s, &map, offset, p);
            }
        }
        if (ret == 0) {
            p += map.bytes;
            offset += map.bytes;
            bytes -= map.bytes;
        }
    }
    pthread_rwlock_unlock(&s->lock);
    return ret;
}

/* An L2 table for offset that may be changed: made, or copied if shared. Exclusive. */
static int get_l2_for_write(Qcow2State *s, uint64_t offset, Qcow2Table **out)
{
    uint64_t *l1_entry = &s->l1[qcow2_l1_index(s, offset)];
    uint64_t old = *l1_entry & QCOW2_OFFSET_MASK;
    Qcow2Table *table;
    uint64_t host;
    uint8_t *content;
    int ret = get_l2(s, offset, &table);

    if (ret < 0) {
        return ret;
    }
    if (table && (*l1_entry & QCOW2_COPIED)) {
        *out = table;
        return 0;
    }
    content = table ? g_memdup2(table->data, s->cluster_size) : g_malloc0(s->cluster_size);
    ret = qcow2_alloc_cluster(s, &host);
    if (ret == 0) {
        /* Takes the host's space now: a full host fails the write, not the flush. */
        ret = host_file_pwrite(s->file, host, content, s->cluster_size);
        if (ret == 0) {
            ret = qcow2_cache_get(s, &s->l2_cache, host, TABLE_FRESH, out);
        }
        if (ret < 0) {
            qcow2_alloc_undo(s, host);
        }
    }
    if (ret == 0) {
        memcpy((*out)->data, content, s->cluster_size);
        qcow2_cache_mark_dirty(&s->l2_cache, *out);
        qcow2_metadata_add(s, host, s->cluster_size);
        *l1_entry = host | QCOW2_COPIED;
        s->l1_dirty = true;
        if (old) {
            qcow2_cache_forget(&s->l2_cache, old);
            qcow2_free_later(s, old, s->cluster_size);
        }
    }
    g_free(content);
    return ret;
}

/* The cluster that entry named is no longer part of the guest's disk. */
static void drop_entry(Qcow2State *s, uint64_t entry)
{
    if (kind_of(s, entry) != MAP_COMPRESSED && qcow2_is_metadata(s, entry & QCOW2_OFFSET_MASK) &&
        (entry & QCOW2_OFFSET_MASK)) {
        qcow2_corrupt(s, "data cluster lies on a table", entry);
    } else if (entry & QCOW2_COMPRESSED) {
        Qcow2Extent extent = qcow2_compressed_extent(s, entry);

        qcow2_forget_compressed(s, entry);
        qcow2_free_later(s, extent.offset, extent.bytes);
    } else if ((entry & QCOW2_OFFSET_MASK) && !qcow2_in_cluster(s, entry & QCOW2_OFFSET_MASK)) {
        qcow2_free_later(s, entry & QCOW2_OFFSET_MASK, s->cluster_size);
    }
}

/* Give the cluster of offset a place of its own and fill it: old contents, then new. Exclusive. */
static int write_new_cluster(Qcow2State *s, uint64_t offset, const void *buf, uint64_t bytes)
{
    uint64_t in_cluster = qcow2_in_cluster(s, offset);
    uint64_t start = offset - in_cluster;
    Qcow2Table *table;
    Mapping map;
    uint8_t *data;
    uint64_t host;
    int ret;

    ret = get_l2_for_write(s, offset, &table);
    if (ret == 0) {
        ret = map_range(s, start, s->cluster_size, &map);
    }
    if (ret < 0) {
        return ret;
    }
    data = g_malloc(s->cluster_size);
    if (bytes < s->cluster_size) {
        ret = read_mapped(s, &map, start, data);
    }
    memcpy(data + in_cluster, buf, bytes);
    if (ret == 0) {
        ret = qcow2_alloc_cluster(s, &host);
    }
    if (ret == 0) {
        ret = host_file_pwrite(s->file, host, data, s->cluster_size);
        if (ret == 0) {
            /* Allocating may have pushed the table out. */
            ret = get_l2(s, offset, &table);
        }
        if (ret < 0) {
            qcow2_alloc_undo(s, host);
        }
    }
    g_free(data);
    if (ret == 0) {
        drop_entry(s, map.entry);
        stq_be_p(table->data + 8 * qcow2_l2_index(s, offset), host | QCOW2_COPIED);
        qcow2_cache_mark_dirty(&s->l2_cache, table);
    }
    return ret;
}

/* Overwrite in place as far as that is possible; *done says how far. */
static int write_in_place(Qcow2State *s, uint64_t offset, const uint8_t *buf, uint64_t bytes,
                          uint64_t *done)
{
    int ret = 0;

    *done = 0;
    pthread_rwlock_rdlock(&s->lock);
    while (*done < bytes) {
        Mapping map;
        uint64_t c;

        pthread_mutex_lock(&s->cache_lock);
        ret = map_range(s, offset + *done, bytes - *done, &map);
        if (ret == 0 && map.kind == MAP_DATA) {
            for (c = 0; c < map.bytes && ret == 0; c += s->cluster_size) {
                if (qcow2_is_metadata(s, map.host + c) ||
                    qcow2_is_metadata(s, map.host + map.bytes - 1)) {
                    ret = qcow2_corrupt(s, "data cluster lies on a table", map.entry);
                }
            }
        }
        pthread_mutex_unlock(&s->cache_lock);
        if (ret < 0 || map.kind != MAP_DATA || !map.in_place) {
            break;
        }
        ret = host_file_pwrite(s->file, map.host, buf + *done, map.bytes);
        if (ret < 0) {
            break;
        }
        *done += map.bytes;
    }
    pthread_rwlock_unlock(&s->lock);
    return ret;
}

int qcow2_pwrite(BlockDriverState *bs, int64_t offset, const void *buf, int64_t bytes)
{
    Qcow2State *s = bs->opaque;
    const uint8_t *p = buf;
    int ret = 0;

    while (bytes > 0) {
        uint64_t n;

        ret = write_in_place(s, offset, p, bytes, &n);
        if (ret == 0 && n == 0) {
            n = MIN((uint64_t)bytes, s->cluster_size - qcow2_in_cluster(s, offset));
            pthread_rwlock_wrlock(&s->lock);
            ret = write_new_cluster(s, offset, p, n);
            pthread_rwlock_unlock(&s->lock);
        }
        if (ret < 0) {
            return ret;
        }
        p += n;
        offset += n;
        bytes -= n;
    }
    return ret;
}

/* Make whole clusters read as zeros (or, without a backing file, holes). Exclusive. */
static int clear_cluster(Qcow2State *s, uint64_t offset)
{
    uint64_t cleared = s->version >= 3 ? QCOW2_ZERO : 0;
    Qcow2Table *table;
    uint8_t *p;
    uint64_t entry;
    int ret = get_l2(s, offset, &table);

    if (ret < 0) {
        return ret;
    }
    if (!s->bs->backing) {
        if (!table || kind_of(s, ldq_be_p(table->data + 8 * qcow2_l2_index(s, offset))) == MAP_HOLE) {
            return 0;
        }
        cleared = 0;
    } else if (s->version < 3) {
        return -ENOTSUP;
    }
    ret = get_l2_for_write(s, offset, &table);
    if (ret < 0) {
        return ret;
    }
    p = table->data + 8 * qcow2_l2_index(s, offset);
    entry = ldq_be_p(p);
    if (entry != cleared) {
        drop_entry(s, entry);
        stq_be_p(p, cleared);
        qcow2_cache_mark_dirty(&s->l2_cache, table);
    }
    return 0;
}

int qcow2_pdiscard(BlockDriverState *bs, int64_t offset, int64_t bytes)
{
    Qcow2State *s = bs->opaque;
    uint64_t first = ROUND_UP((uint64_t)offset, s->cluster_size);
    uint64_t end = offset + bytes;
    int ret = 0;

    if ((int64_t)end < bs->length) {
        end = ROUND_DOWN(end, s->cluster_size);
    }
    for (; first < end && ret == 0; first += s->cluster_size) {
        pthread_rwlock_wrlock(&s->lock);
        ret = clear_cluster(s, first);
        pthread_rwlock_unlock(&s->lock);
    }
    return ret == -ENOTSUP ? 0 : ret;
}

int qcow2_pwrite_zeroes(BlockDriverState *bs, int64_t offset, int64_t bytes)
{
    Qcow2State *s = bs->opaque;
    int ret = 0;

    if (qcow2_in_cluster(s, offset) ||
        (qcow2_in_cluster(s, offset + bytes) && offset + bytes < bs->length)) {
        return -ENOTSUP;
    }
    for (; bytes > 0 && ret == 0; offset += s->cluster_size, bytes -= s->cluster_size) {
        pthread_rwlock_wrlock(&s->lock);
        ret = clear_cluster(s, offset);
        pthread_rwlock_unlock(&s->lock);
    }
    return ret;
}
