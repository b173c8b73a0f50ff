/*
 * Flattening: from the tree of MemoryRegions to the sorted list of what is
 * visible at each address.
 *
 * Regions are drawn front to back: subregions by descending priority, then the
 * region that holds them; what comes later only fills the gaps.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "exec/memory-internal.h"
#include "exec/ram_addr.h"

/* Addresses while drawing: an alias may place its target's start below zero. */
typedef __int128 Wide;

/* A half-open window of addresses. */
typedef struct Window {
    Wide start, end;
} Window;

static Wide region_span(const MemoryRegion *mr)
{
    return mr->size == UINT64_MAX ? (Wide)1 << 64 : (Wide)mr->size;
}

static Window window_clip(Window w, Wide start, Wide end)
{
    return (Window){ MAX(w.start, start), MIN(w.end, end) };
}

/* Put the parts of [w.start, w.end) that are still free into the list. */
static void draw_leaf(GArray *ranges, MemoryRegion *mr, Wide base, Window w, bool readonly)
{
    guint i = 0;

    while (i < ranges->len && (Wide)g_array_index(ranges, FlatRange, i).last < w.start) {
        i++;
    }
    while (w.start < w.end) {
        const FlatRange *next = i < ranges->len ? &g_array_index(ranges, FlatRange, i) : NULL;
        Wide gap_end = next ? MIN(w.end, (Wide)next->first) : w.end;
        Wide continue_at = next ? (Wide)next->last + 1 : w.end;

        if (w.start < gap_end) {
            FlatRange piece = {
                .first = w.start, .last = gap_end - 1, .offset = w.start - base, .mr = mr,
                .readonly = readonly || mr->readonly, .direct = memory_region_is_direct(mr),
                .dirty_log_mask = mr->dirty_log_mask,
            };

            g_array_insert_val(ranges, i, piece);
            i++;
        }
        w.start = MAX(w.start, continue_at);
        i++;
    }
}

/* base: address of mr's first byte. */
static void draw(GArray *ranges, MemoryRegion *mr, Wide base, Window w, bool readonly)
{
    if (!mr->enabled) {
        return;
    }
    w = window_clip(w, base, base + region_span(mr));
    if (w.start >= w.end) {
        return;
    }
    readonly |= mr->readonly;
    if (mr->alias) {
        draw(ranges, mr->alias, base - (Wide)mr->alias_offset, w, readonly);
        return;
    }
    for (guint i = 0; i < mr->subregions->len; i++) {
        MemoryRegion *sub = g_ptr_array_index(mr->subregions, i);

        draw(ranges, sub, base + (Wide)sub->addr, w, readonly);
    }
    if (mr->terminates) {
        draw_leaf(ranges, mr, base, w, readonly);
    }
}

/* Can b be part of the same range as a, which ends right before it? */
static bool mergeable(const FlatRange *a, const FlatRange *b)
{
    return a->last + 1 == b->first && a->mr == b->mr && a->readonly == b->readonly &&
           a->offset + (b->first - a->first) == b->offset;
}

FlatView *flatview_new(MemoryRegion *root)
{
    GArray *ranges = g_array_new(false, false, sizeof(FlatRange));
    FlatView *view;

    if (root) {
        draw(ranges, root, 0, (Window){ 0, (Wide)1 << 64 }, false);
    }
    view = g_malloc0(sizeof(FlatView) + ranges->len * sizeof(FlatRange));
    for (guint i = 0; i < ranges->len; i++) {
        const FlatRange *r = &g_array_index(ranges, FlatRange, i);

        if (view->count && mergeable(&view->ranges[view->count - 1], r)) {
            view->ranges[view->count - 1].last = r->last;
        } else {
            view->ranges[view->count++] = *r;
        }
    }
    g_array_free(ranges, true);
    return view;
}

static bool range_equal(const FlatRange *a, const FlatRange *b)
{
    return a->first == b->first && a->last == b->last && a->offset == b->offset &&
           a->mr == b->mr && a->readonly == b->readonly && a->direct == b->direct &&
           a->dirty_log_mask == b->dirty_log_mask;
}

bool flatview_equal(const FlatView *a, const FlatView *b)
{
    if (a->count != b->count) {
        return false;
    }
    for (uint32_t i = 0; i < a->count; i++) {
        if (!range_equal(&a->ranges[i], &b->ranges[i])) {
            return false;
        }
    }
    return true;
}
