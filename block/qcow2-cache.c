/*
 * qcow2: L2 tables and refcount blocks in memory, and the order of writing.
 *
 * The header qcow2.h states the order and the locks. A table leaves the cache
 * only when it is clean; if none is, everything is committed first.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "block/qcow2.h"

void qcow2_cache_init(Qcow2State *s, Qcow2Cache *cache, size_t max_bytes)
{
    cache->count = MAX(max_bytes / s->cluster_size, 4);
    cache->tables = g_new0(Qcow2Table, cache->count);
}

void qcow2_cache_cleanup(Qcow2Cache *cache)
{
    int i;

    for (i = 0; i < cache->count; i++) {
        g_free(cache->tables[i].data);
    }
    g_free(cache->tables);
    cache->tables = NULL;
    cache->count = 0;
}

static Qcow2Table *oldest_clean(Qcow2Cache *cache)
{
    Qcow2Table *best = NULL;
    int i;

    for (i = 0; i < cache->count; i++) {
        Qcow2Table *t = &cache->tables[i];

        if (!t->dirty && (!best || t->used < best->used)) {
            best = t;
        }
    }
    return best;
}

int qcow2_cache_get(Qcow2State *s, Qcow2Cache *cache, uint64_t offset, int flags, Qcow2Table **out)
{
    Qcow2Table *table;
    int i, ret;

    for (i = 0; i < cache->count; i++) {
        table = &cache->tables[i];
        if (table->offset == offset) {
            goto found;
        }
    }
    table = oldest_clean(cache);
    if (!table) {
        ret = qcow2_commit(s);
        table = oldest_clean(cache);
        if (!table) {
            return ret < 0 ? ret : -EIO;
        }
    }
    if (!table->data) {
        table->data = g_malloc(s->cluster_size);
    }
    table->offset = 0;
    if (!(flags & TABLE_FRESH)) {
        if ((int64_t)offset >= host_file_size(s->file)) {
            return qcow2_corrupt(s, "a table lies behind the end of the file", offset);
        }
        ret = host_file_pread(s->file, offset, table->data, s->cluster_size);
        if (ret < 0) {
            return ret;
        }
    }
    table->offset = offset;
found:
    if (flags & TABLE_FRESH) {
        memset(table->data, 0, s->cluster_size);
    }
    table->used = ++cache->clock;
    *out = table;
    return 0;
}

void qcow2_cache_mark_dirty(Qcow2Cache *cache, Qcow2Table *table)
{
    if (!table->dirty) {
        table->dirty = true;
        cache->dirty++;
    }
}

void qcow2_cache_forget(Qcow2Cache *cache, uint64_t offset)
{
    int i;

    for (i = 0; i < cache->count; i++) {
        Qcow2Table *table = &cache->tables[i];

        if (table->offset == offset) {
            table->offset = 0;
            table->used = 0;
            cache->dirty -= table->dirty;
            table->dirty = false;
        }
    }
}

static int write_tables(Qcow2State *s, Qcow2Cache *cache)
{
    int i, ret;

    for (i = 0; i < cache->count && cache->dirty > 0; i++) {
        Qcow2Table *table = &cache->tables[i];

        if (table->dirty) {
            ret = host_file_pwrite(s->file, table->offset, table->data, s->cluster_size);
            if (ret < 0) {
                return ret;
            }
            table->dirty = false;
            cache->dirty--;
        }
    }
    return 0;
}

static int barrier(Qcow2State *s)
{
    return s->bs->flags & IMAGE_UNSAFE ? 0 : host_file_sync(s->file);
}

static int write_l1(Qcow2State *s)
{
    uint64_t *disk = g_new(uint64_t, s->l1_size);
    uint32_t i;
    int ret;

    for (i = 0; i < s->l1_size; i++) {
        disk[i] = GUINT64_TO_BE(s->l1[i]);
    }
    ret = host_file_pwrite(s->file, s->l1_offset, disk, s->l1_size * sizeof(uint64_t));
    g_free(disk);
    if (ret == 0) {
        s->l1_dirty = false;
    }
    return ret;
}

/* Nothing on disk refers to these clusters any more. */
static int release_freed(Qcow2State *s)
{
    GArray *list = s->to_free;
    guint i;
    int ret = 0;

    /* Taken first: freeing may need room in the cache and commit again. */
    s->to_free = g_array_new(false, false, sizeof(Qcow2Extent));
    for (i = 0; i < list->len && ret == 0; i++) {
        ret = qcow2_free_now(s, &g_array_index(list, Qcow2Extent, i));
    }
    g_array_free(list, true);
    return ret;
}

int qcow2_commit(Qcow2State *s)
{
    bool references = s->l2_cache.dirty > 0 || s->l1_dirty;
    bool tables = s->l2_cache.dirty > 0;
    int ret = write_tables(s, &s->refblock_cache);

    if (ret == 0 && references) {
        ret = barrier(s);       /* data and refcounts before what points to them */
    }
    if (ret == 0 && tables) {
        ret = write_tables(s, &s->l2_cache);
    }
    if (ret == 0 && s->l1_dirty) {
        if (tables) {
            ret = barrier(s);   /* L2 tables before the L1 table that points to them */
        }
        if (ret == 0) {
            ret = write_l1(s);
        }
    }
    if (ret == 0) {
        ret = barrier(s);
    }
    if (ret == 0 && s->to_free->len > 0) {
        ret = release_freed(s);
    }
    return ret;
}
