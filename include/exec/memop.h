/*
 * MemOp: size, sign, byte order and alignment rule of one guest access.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EXEC_MEMOP_H
#define EXEC_MEMOP_H

#include "qemu/osdep.h"

typedef enum MemOp {
    MO_8 = 0, MO_16 = 1, MO_32 = 2, MO_64 = 3, MO_128 = 4,
    MO_SIZE = 7,            /* mask: log2 of the bytes */
    MO_SIGN = 8,            /* sign-extend what is loaded */
    MO_BSWAP = 16,          /* swap against the (little-endian) host */
    MO_LE = 0,
    MO_BE = MO_BSWAP,
    MO_ALIGN = 32,          /* raise cc->do_unaligned_access unless size-aligned */

    MO_UB = MO_8, MO_SB = MO_8 | MO_SIGN,
    MO_LEUW = MO_16, MO_LESW = MO_16 | MO_SIGN, MO_LEUL = MO_32,
    MO_LESL = MO_32 | MO_SIGN, MO_LEUQ = MO_64,
    MO_BEUW = MO_16 | MO_BE, MO_BESW = MO_16 | MO_BE | MO_SIGN,
    MO_BEUL = MO_32 | MO_BE, MO_BESL = MO_32 | MO_BE | MO_SIGN,
    MO_BEUQ = MO_64 | MO_BE, MO_BE128 = MO_128 | MO_BE,
} MemOp;

static inline unsigned memop_size(MemOp op) { return 1u << (op & MO_SIZE); }

/* MemOp and MMU index packed for slow-path helpers. */
typedef uint32_t MemOpIdx;
static inline MemOpIdx make_memop_idx(MemOp op, unsigned mmu_idx) { return op << 4 | mmu_idx; }
static inline MemOp get_memop(MemOpIdx oi) { return (MemOp)(oi >> 4); }
static inline unsigned get_mmuidx(MemOpIdx oi) { return oi & 15; }

#endif
