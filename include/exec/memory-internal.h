/*
 * Between memory.c and exec.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EXEC_MEMORY_INTERNAL_H
#define EXEC_MEMORY_INTERNAL_H

#include "exec/memory.h"

/* The tree changed: give each address space that looks different a new view. BQL. */
void address_spaces_update(void);
/* All address spaces, in order of address_space_init. */
AddressSpace *address_space_first(void);

/* One piece of a flat view; `last` is inclusive so that 2^64 needs no special case. */
typedef struct FlatRange {
    hwaddr first, last;
    hwaddr offset;              /* of `first` in mr */
    MemoryRegion *mr;
    bool readonly, direct;      /* direct: loads may use host memory */
    uint8_t dirty_log_mask;
} FlatRange;

struct FlatView {
    uint32_t count;
    FlatRange ranges[];         /* ascending, no overlap */
};

/* flatview.c: what root looks like; root may be NULL. Free with g_free. */
FlatView *flatview_new(MemoryRegion *root);
bool flatview_equal(const FlatView *a, const FlatView *b);

#endif
