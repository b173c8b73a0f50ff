/*
 * qcow2: header checks, opening, closing, flushing.
 *
 * Refused with one line: encryption, external data files, compression other
 * than zlib, extended L2 entries, unknown incompatible features; and, for
 * writing, images marked dirty or corrupt.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "block/qcow2.h"

enum { L1_MAX_BYTES = 32 << 20, REFTABLE_MAX_BYTES = 8 << 20, L2_CACHE_BYTES = 2 << 20,
       REFBLOCK_CACHE_BYTES = 512 << 10 };
enum { EXT_END = 0, EXT_BACKING_FORMAT = 0xe2792aca, EXT_FEATURE_NAMES = 0x6803f857 };

typedef struct Qcow2Header {
    uint8_t raw[512];
    uint32_t length;            /* extensions start here */
    char *backing_name, *backing_format;
    char *feature_name;         /* of the first unknown incompatible feature, or NULL */
} Qcow2Header;

int qcow2_corrupt(Qcow2State *s, const char *what, uint64_t offset)
{
    if (!s->corruption_reported) {
        s->corruption_reported = true;
        error_report("image %s is corrupt: %s (0x%" PRIx64 ")", s->bs->filename, what, offset);
    }
    return -EIO;
}

static uint64_t incompatible_features(const Qcow2State *s, const Qcow2Header *h)
{
    return s->version >= 3 ? ldq_be_p(h->raw + HDR_INCOMPATIBLE) : 0;
}

static void find_feature_name(Qcow2Header *h, const uint8_t *table, uint32_t length, uint64_t unknown)
{
    enum { ENTRY = 48, TYPE_INCOMPATIBLE = 0 };
    uint32_t i;

    for (i = 0; i + ENTRY <= length; i += ENTRY) {
        unsigned bit = table[i + 1];

        if (table[i] == TYPE_INCOMPATIBLE && bit < 64 && (unknown >> bit & 1) && !h->feature_name) {
            h->feature_name = g_strndup((const char *)table + i + 2, ENTRY - 2);
        }
    }
}

/* Walks the header extensions in the first cluster. */
static bool read_extensions(Qcow2State *s, Qcow2Header *h, uint64_t end, Error **errp)
{
    uint64_t unknown = incompatible_features(s, h) & ~UINT64_C(0x1f);
    uint64_t at = h->length;
    uint8_t head[8];

    while (at + sizeof(head) <= end) {
        uint32_t type, length;
        uint8_t *data;

        if (host_file_pread(s->file, at, head, sizeof(head)) < 0) {
            error_setg(errp, "cannot read the qcow2 header");
            return false;
        }
        type = ldl_be_p(head);
        length = ldl_be_p(head + 4);
        at += sizeof(head);
        if (type == EXT_END) {
            break;
        }
        if (length > end - at) {
            error_setg(errp, "damaged qcow2 header: extension 0x%x is too long", type);
            return false;
        }
        data = g_malloc0(length + 1);
        if (host_file_pread(s->file, at, data, length) < 0) {
            length = 0;
        }
        if (type == EXT_BACKING_FORMAT && !h->backing_format) {
            h->backing_format = g_strdup((char *)data);
        } else if (type == EXT_FEATURE_NAMES) {
            find_feature_name(h, data, length, unknown);
        }
        g_free(data);
        at += ROUND_UP((uint64_t)length, 8);
    }
    return true;
}

static bool read_backing_name(Qcow2State *s, Qcow2Header *h, Error **errp)
{
    uint64_t offset = ldq_be_p(h->raw + HDR_BACKING_OFFSET);
    uint32_t size = ldl_be_p(h->raw + HDR_BACKING_SIZE);

    if (offset == 0) {
        return true;
    }
    if (size == 0 || size > 1023 || offset < h->length || offset + size > s->cluster_size ||
        offset > s->cluster_size) {
        error_setg(errp, "damaged qcow2 header: backing file name out of bounds");
        return false;
    }
    h->backing_name = g_malloc0(size + 1);
    if (host_file_pread(s->file, offset, h->backing_name, size) < 0) {
        error_setg(errp, "cannot read the qcow2 header");
        return false;
    }
    return true;
}

static bool check_features(Qcow2State *s, const Qcow2Header *h, Error **errp)
{
    uint64_t incompatible = incompatible_features(s, h);
    uint64_t unknown = incompatible & ~(uint64_t)(INCOMPAT_DIRTY | INCOMPAT_CORRUPT |
                       INCOMPAT_DATA_FILE | INCOMPAT_COMPRESSION | INCOMPAT_EXTENDED_L2);

    if (ldl_be_p(h->raw + HDR_CRYPT) != 0) {
        error_setg(errp, "encrypted qcow2 images are not supported");
    } else if (incompatible & INCOMPAT_DATA_FILE) {
        error_setg(errp, "qcow2 images with an external data file are not supported");
    } else if (incompatible & INCOMPAT_EXTENDED_L2) {
        error_setg(errp, "qcow2 images with extended L2 entries are not supported");
    } else if ((incompatible & INCOMPAT_COMPRESSION) && h->raw[HDR_COMPRESSION] != 0) {
        error_setg(errp, "qcow2 compression type %d is not supported (zlib is)",
                   h->raw[HDR_COMPRESSION]);
    } else if (unknown) {
        error_setg(errp, "unknown incompatible qcow2 feature: %s (bit %d)",
                   h->feature_name ? h->feature_name : "no name", __builtin_ctzll(unknown));
    } else if (s->writable && (incompatible & INCOMPAT_CORRUPT)) {
        error_setg(errp, "image is marked corrupt; it can only be opened readonly=on "
                   "(repair: qemu-img check -r all)");
    } else if (s->writable && (incompatible & INCOMPAT_DIRTY)) {
        error_setg(errp, "image was not closed properly; it can only be opened readonly=on "
                   "(repair: qemu-img check -r all)");
    } else {
        return true;
    }
    return false;
}

static bool read_header(Qcow2State *s, Qcow2Header *h, Error **errp)
{
    if (host_file_size(s->file) < HDR_V2_LENGTH ||
        host_file_pread(s->file, 0, h->raw, sizeof(h->raw)) < 0) {
        error_setg(errp, "truncated qcow2 header");
        return false;
    }
    if (ldl_be_p(h->raw + HDR_MAGIC) != QCOW2_MAGIC) {
        error_setg(errp, "not a qcow2 image");
        return false;
    }
    s->version = ldl_be_p(h->raw + HDR_VERSION);
    if (s->version < 2 || s->version > 3) {
        error_setg(errp, "qcow2 version %u is not supported", s->version);
        return false;
    }
    s->cluster_bits = ldl_be_p(h->raw + HDR_CLUSTER_BITS);
    if (s->cluster_bits < QCOW2_MIN_CLUSTER_BITS || s->cluster_bits > QCOW2_MAX_CLUSTER_BITS) {
        error_setg(errp, "damaged qcow2 header: cluster size 2^%u", s->cluster_bits);
        return false;
    }
    s->cluster_size = UINT64_C(1) << s->cluster_bits;
    s->l2_bits = s->cluster_bits - 3;
    h->length = s->version == 2 ? HDR_V2_LENGTH : ldl_be_p(h->raw + HDR_LENGTH);
    s->refcount_order = s->version == 2 ? 4 : ldl_be_p(h->raw + HDR_REFCOUNT_ORDER);
    if ((s->version == 3 && h->length < HDR_V3_LENGTH) || h->length > s->cluster_size) {
        error_setg(errp, "damaged qcow2 header: header length %u", h->length);
        return false;
    }
    if (s->refcount_order > 6) {
        error_setg(errp, "damaged qcow2 header: refcounts of 2^%u bits", s->refcount_order);
        return false;
    }
    s->refblock_bits = s->cluster_bits + 3 - s->refcount_order;
    return true;
}

/* A big-endian table of 64-bit entries, all inside the file. NULL: error set. */
static uint64_t *read_table(Qcow2State *s, const char *what, uint64_t offset, uint64_t entries,
                            uint64_t max_bytes, Error **errp)
{
    uint64_t *table;
    uint64_t i;
    int ret;

    if (entries > max_bytes / 8) {
        error_setg(errp, "damaged qcow2 header: %s table too large", what);
        return NULL;
    }
    if (offset == 0 || qcow2_in_cluster(s, offset) || offset > INT64_MAX - entries * 8) {
        error_setg(errp, "damaged qcow2 header: %s table at 0x%" PRIx64, what, offset);
        return NULL;
    }
    if ((int64_t)(offset + entries * 8) > host_file_size(s->file)) {
        error_setg(errp, "truncated qcow2 image: %s table lies behind the end of the file", what);
        return NULL;
    }
    table = g_new0(uint64_t, entries + 1);
    ret = host_file_pread(s->file, offset, table, entries * 8);
    if (ret < 0) {
        error_setg_errno(errp, -ret, "cannot read the %s table", what);
        g_free(table);
        return NULL;
    }
    for (i = 0; i < entries; i++) {
        table[i] = GUINT64_FROM_BE(table[i]);
    }
    return table;
}

static bool read_tables(Qcow2State *s, const Qcow2Header *h, Error **errp)
{
    uint64_t size = ldq_be_p(h->raw + HDR_SIZE);
    unsigned l1_entry_bits = s->cluster_bits + s->l2_bits;
    uint64_t needed;

    if (size > INT64_MAX - BDRV_SECTOR_SIZE) {
        error_setg(errp, "damaged qcow2 header: disk size 0x%" PRIx64, size);
        return false;
    }
    s->bs->length = ROUND_UP(size, BDRV_SECTOR_SIZE);
    s->l1_offset = ldq_be_p(h->raw + HDR_L1_OFFSET);
    s->l1_size = ldl_be_p(h->raw + HDR_L1_SIZE);
    needed = ((uint64_t)s->bs->length >> l1_entry_bits) +
             ((s->bs->length & ((UINT64_C(1) << l1_entry_bits) - 1)) != 0);
    if (s->l1_size < needed) {
        error_setg(errp, "damaged qcow2 header: L1 table too small for the disk size");
        return false;
    }
    if (s->l1_size > 0) {
        s->l1 = read_table(s, "L1", s->l1_offset, s->l1_size, L1_MAX_BYTES, errp);
        if (!s->l1) {
            return false;
        }
    }
    s->reftable_offset = ldq_be_p(h->raw + HDR_REFTABLE_OFFSET);
    s->reftable_size = ldl_be_p(h->raw + HDR_REFTABLE_CLUSTERS) * (s->cluster_size / 8);
    s->reftable = read_table(s, "refcount", s->reftable_offset, s->reftable_size,
                             REFTABLE_MAX_BYTES, errp);
    return s->reftable != NULL;
}

/* True when cluster number `cluster` of the block's range counts more than 0. */
static bool last_counted(Qcow2State *s, uint64_t block, uint64_t *cluster)
{
    uint64_t i = UINT64_C(1) << s->refblock_bits;
    uint64_t count;

    while (i-- > 0) {
        *cluster = (block << s->refblock_bits) + i;
        if (qcow2_refcount(s, *cluster, &count) < 0) {
            return false;
        }
        if (count > 0) {
            return true;
        }
    }
    return false;
}

/* The last cluster in use must begin inside the file. */
static bool check_not_truncated(Qcow2State *s, Error **errp)
{
    int64_t size = host_file_size(s->file);
    uint64_t block = s->reftable_size;
    uint64_t cluster;

    while (block-- > 0) {
        uint64_t offset = s->reftable[block];

        if (!offset) {
            continue;
        }
        if (qcow2_in_cluster(s, offset)) {
            error_setg(errp, "damaged qcow2 image: refcount block at 0x%" PRIx64, offset);
            return false;
        }
        if (offset >= (uint64_t)size) {
            error_setg(errp, "truncated qcow2 image: a refcount block lies behind the end of the file");
            return false;
        }
        if (last_counted(s, block, &cluster)) {
            if (cluster << s->cluster_bits >= (uint64_t)size) {
                error_setg(errp, "truncated qcow2 image: data lies behind the end of the file");
                return false;
            }
            return true;
        }
    }
    return true;
}

/* Remember which clusters hold tables, so that no data is ever written there. */
static void collect_metadata(Qcow2State *s)
{
    uint64_t i;

    s->metadata = g_hash_table_new(NULL, NULL);
    qcow2_metadata_add(s, 0, s->cluster_size);
    qcow2_metadata_add(s, s->l1_offset, s->l1_size * UINT64_C(8));
    qcow2_metadata_add(s, s->reftable_offset, s->reftable_size * 8);
    for (i = 0; i < s->reftable_size; i++) {
        qcow2_metadata_add(s, s->reftable[i], s->reftable[i] ? s->cluster_size : 0);
    }
    for (i = 0; i < s->l1_size; i++) {
        uint64_t offset = s->l1[i] & QCOW2_OFFSET_MASK;

        qcow2_metadata_add(s, offset, offset ? s->cluster_size : 0);
    }
}

/* Features that say "whoever does not know me clears my bit before writing". */
static bool clear_autoclear(Qcow2State *s, const Qcow2Header *h, Error **errp)
{
    static const uint8_t none[8];
    int ret;

    if (s->version < 3 || ldq_be_p(h->raw + HDR_AUTOCLEAR) == 0) {
        return true;
    }
    ret = host_file_pwrite(s->file, HDR_AUTOCLEAR, none, sizeof(none));
    if (ret < 0) {
        error_setg_errno(errp, -ret, "cannot write the qcow2 header");
        return false;
    }
    return true;
}

static void free_state(Qcow2State *s)
{
    qcow2_cache_cleanup(&s->l2_cache);
    qcow2_cache_cleanup(&s->refblock_cache);
    qcow2_inflated_cleanup(s);
    g_clear_pointer(&s->metadata, g_hash_table_destroy);
    g_array_free(s->to_free, true);
    pthread_rwlock_destroy(&s->lock);
    pthread_mutex_destroy(&s->cache_lock);
    g_free(s->l1);
    g_free(s->reftable);
    g_free(s);
}

static bool load(Qcow2State *s, Qcow2Header *h, Error **errp)
{
    uint64_t backing_offset, end;

    if (!read_header(s, h, errp)) {
        return false;
    }
    backing_offset = ldq_be_p(h->raw + HDR_BACKING_OFFSET);
    end = backing_offset && backing_offset < s->cluster_size ? backing_offset : s->cluster_size;
    if (!read_extensions(s, h, end, errp) || !check_features(s, h, errp) ||
        !read_backing_name(s, h, errp) || !read_tables(s, h, errp)) {
        return false;
    }
    s->host_end = ROUND_UP((uint64_t)host_file_size(s->file), s->cluster_size);
    qcow2_cache_init(s, &s->l2_cache, L2_CACHE_BYTES);
    qcow2_cache_init(s, &s->refblock_cache, REFBLOCK_CACHE_BYTES);
    if (!(incompatible_features(s, h) & INCOMPAT_DIRTY) && !check_not_truncated(s, errp)) {
        return false;
    }
    if (s->writable) {
        collect_metadata(s);
    }
    if (h->backing_name) {
        s->bs->backing = image_open_backing(s->bs, h->backing_name, h->backing_format, errp);
        if (!s->bs->backing) {
            return false;
        }
    }
    return !s->writable || clear_autoclear(s, h, errp);
}

static bool qcow2_open(BlockDriverState *bs, Error **errp)
{
    Qcow2State *s = g_new0(Qcow2State, 1);
    Qcow2Header h = { .length = 0 };
    bool ok;

    s->bs = bs;
    s->file = bs->file;
    s->writable = bs->flags & IMAGE_WRITABLE;
    s->to_free = g_array_new(false, false, sizeof(Qcow2Extent));
    pthread_rwlock_init(&s->lock, NULL);
    pthread_mutex_init(&s->cache_lock, NULL);
    bs->opaque = s;
    ok = load(s, &h, errp);
    if (!ok) {
        image_close(bs->backing);
        bs->backing = NULL;
        free_state(s);
    }
    g_free(h.backing_name);
    g_free(h.backing_format);
    g_free(h.feature_name);
    return ok;
}

static int qcow2_flush(BlockDriverState *bs)
{
    Qcow2State *s = bs->opaque;
    bool dirty;
    int ret;

    pthread_rwlock_rdlock(&s->lock);
    pthread_mutex_lock(&s->cache_lock);
    dirty = s->l2_cache.dirty || s->refblock_cache.dirty || s->l1_dirty || s->to_free->len;
    ret = dirty ? qcow2_commit(s) : 0;
    pthread_mutex_unlock(&s->cache_lock);
    pthread_rwlock_unlock(&s->lock);
    if (!dirty && !(bs->flags & IMAGE_UNSAFE)) {
        ret = host_file_sync(s->file);
    }
    return ret;
}

static void qcow2_close(BlockDriverState *bs)
{
    Qcow2State *s = bs->opaque;

    /* The second round writes the refcounts of what the first set free. */
    if (s->writable && (qcow2_flush(bs) < 0 || qcow2_flush(bs) < 0)) {
        error_report("image %s: cannot write all changes", bs->filename);
    }
    free_state(s);
}

const BlockDriver bdrv_qcow2 = {
    .name = "qcow2",
    .open = qcow2_open,
    .close = qcow2_close,
    .pread = qcow2_pread,
    .pwrite = qcow2_pwrite,
    .flush = qcow2_flush,
    .pdiscard = qcow2_pdiscard,
    .pwrite_zeroes = qcow2_pwrite_zeroes,
};
