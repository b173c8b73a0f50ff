/*
 * qcow2: compressed clusters (raw deflate), read only.
 *
 * The last few inflated clusters are kept: boot loaders read sector by sector.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include <zlib.h>
#include "block/qcow2.h"

enum { INFLATED_BYTES = 1 << 20, INFLATED_MIN = 2, INFLATED_MAX = 16 };

Qcow2Extent qcow2_compressed_extent(const Qcow2State *s, uint64_t entry)
{
    unsigned offset_bits = 62 - (s->cluster_bits - 8);
    uint64_t offset = entry & ((UINT64_C(1) << offset_bits) - 1);
    uint64_t sectors = (entry & (QCOW2_COMPRESSED - 1)) >> offset_bits;
    Qcow2Extent extent = {
        .offset = offset,
        .bytes = (sectors + 1) * BDRV_SECTOR_SIZE - offset % BDRV_SECTOR_SIZE,
    };

    return extent;
}

/* True when src holds at least dst_bytes of inflated data. */
static bool inflate_cluster(uint8_t *dst, size_t dst_bytes, uint8_t *src, size_t src_bytes)
{
    z_stream z = { .next_in = src, .avail_in = src_bytes, .next_out = dst, .avail_out = dst_bytes };
    bool complete;

    if (inflateInit2(&z, -MAX_WBITS) != Z_OK) {
        return false;
    }
    inflate(&z, Z_FINISH);
    complete = z.avail_out == 0;
    inflateEnd(&z);
    return complete;
}

static Qcow2Inflated *slot_for(Qcow2State *s, uint64_t entry)
{
    Qcow2Inflated *oldest;
    int i;

    if (!s->inflated) {
        s->inflated_count = CLAMP(INFLATED_BYTES / (int)s->cluster_size, INFLATED_MIN, INFLATED_MAX);
        s->inflated = g_new0(Qcow2Inflated, s->inflated_count);
    }
    oldest = &s->inflated[0];
    for (i = 0; i < s->inflated_count; i++) {
        if (s->inflated[i].entry == entry) {
            return &s->inflated[i];
        }
        if (s->inflated[i].used < oldest->used) {
            oldest = &s->inflated[i];
        }
    }
    return oldest;
}

int qcow2_read_compressed(Qcow2State *s, uint64_t entry, uint64_t in_cluster, void *buf, uint64_t bytes)
{
    Qcow2Inflated *slot = slot_for(s, entry);

    if (slot->entry != entry) {
        Qcow2Extent extent = qcow2_compressed_extent(s, entry);
        uint8_t *src = g_malloc(extent.bytes);
        int ret = host_file_pread(s->file, extent.offset, src, extent.bytes);
        bool complete = false;

        slot->entry = 0;
        if (!slot->data) {
            slot->data = g_malloc(s->cluster_size);
        }
        if (ret == 0) {
            complete = inflate_cluster(slot->data, s->cluster_size, src, extent.bytes);
        }
        g_free(src);
        if (ret < 0) {
            return ret;
        }
        if (!complete) {
            return qcow2_corrupt(s, "compressed cluster does not inflate", extent.offset);
        }
        slot->entry = entry;
    }
    slot->used = ++s->inflated_clock;
    memcpy(buf, slot->data + in_cluster, bytes);
    return 0;
}

void qcow2_forget_compressed(Qcow2State *s, uint64_t entry)
{
    int i;

    for (i = 0; i < s->inflated_count; i++) {
        if (s->inflated[i].entry == entry) {
            s->inflated[i].entry = 0;
            s->inflated[i].used = 0;
        }
    }
}

void qcow2_inflated_cleanup(Qcow2State *s)
{
    int i;

    for (i = 0; i < s->inflated_count; i++) {
        g_free(s->inflated[i].data);
    }
    g_free(s->inflated);
}
