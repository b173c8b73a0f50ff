/*
 * Guest accesses without a label or call between them that differ by constants share one look-up.
 *
 * The first access of a group checks that all bytes the group touches lie in
 * one page with an addend, and keeps the host address of the lowest one in a
 * temp; 0 when they do not, and each access then looks up its own page.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TCG_PAGE_SHARE_H
#define TCG_PAGE_SHARE_H

#include "tcg/cfg.h"

typedef struct TCGPageGroup {
    TCGTemp *host;          /* i64, seen by the back end alone: host address or 0 */
    int32_t low;            /* lowest offset from the root address */
    int32_t span;           /* bytes from there to the end of the last access */
    int left;               /* accesses that are still to be emitted */
    bool started;
} TCGPageGroup;

/* One access: its guest address is the address argument + displacement (modulo the size of an address). */
typedef struct TCGPageAccess {
    TCGPageGroup *group;
    int32_t offset;         /* from the group's lowest byte */
    int32_t displacement;
} TCGPageAccess;

/* Before liveness: finds groups, folds additions of constants into the accesses. */
void tcg_share_page_checks(TCGContext *s);

static inline TCGPageAccess *op_page_access(const TCGContext *s, const TCGOp *op)
{
    return op->access ? &s->accesses[op->access] : NULL;
}

#endif
