/*
 * One access to an I/O region: what is allowed, splitting and widening to what
 * the device's callbacks take, byte order, and the guard against a device that
 * reaches itself by DMA.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "exec/memory.h"
#include "hw/qdev.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "trace/root.h"

/*
 * Regions whose callbacks are on this thread's stack, innermost first. A
 * device that programs itself through DMA would see its own half-done state,
 * and could recurse without end: such accesses are refused.
 */
typedef struct ActiveAccess {
    const MemoryRegion *mr;
    struct ActiveAccess *outer;
} ActiveAccess;

static __thread ActiveAccess *active_access;

static bool access_reenters(const MemoryRegion *mr)
{
    for (const ActiveAccess *a = active_access; a; a = a->outer) {
        if (a->mr == mr || (mr->owner && a->mr->owner == mr->owner)) {
            return true;
        }
    }
    return false;
}

static void log_refused(const MemoryRegion *mr, hwaddr addr, unsigned size, const char *what,
                        const char *reason)
{
    qemu_log_mask(LOG_GUEST_ERROR,
                  "Invalid access at addr 0x%" PRIx64 ", size %u, region '%s': %s: %s\n", addr,
                  size, mr ? mr->name : "(none)", what, reason);
}

/* MEMTX_OK when the region takes such an access. */
static MemTxResult check_access(const MemoryRegion *mr, hwaddr addr, unsigned size,
                                const char *what)
{
    const MemoryRegionOps *ops;
    const char *reason = NULL;

    if (!mr || !mr->ops) {
        log_refused(mr, addr, size, what, "unassigned memory");
        return MEMTX_DECODE_ERROR;
    }
    ops = mr->ops;
    if (!ops->valid.unaligned && (addr & (size - 1))) {
        reason = "unaligned";
    } else if (size < ops->valid.min_access_size ||
               (ops->valid.max_access_size && size > ops->valid.max_access_size)) {
        reason = "size not supported";
    } else if (access_reenters(mr)) {
        reason = "the device is already busy with an access";
    }
    if (reason) {
        log_refused(mr, addr, size, what, reason);
        return MEMTX_ERROR;
    }
    return MEMTX_OK;
}

static bool device_is_big(const MemoryRegionOps *ops)
{
    return ops->endianness == DEVICE_NATIVE_ENDIAN ? target_words_bigendian
                                                   : ops->endianness == DEVICE_BIG_ENDIAN;
}

static uint64_t size_mask(unsigned size)
{
    return size >= 8 ? ~UINT64_C(0) : (UINT64_C(1) << size * 8) - 1;
}

static uint64_t swap_bytes(uint64_t val, unsigned size)
{
    return size == 1 ? val : bswap64(val) >> (64 - 8 * size);
}

/* Bit position of n bytes at byte `offset` of a word of `size` bytes. */
static unsigned lane_shift(bool big, unsigned size, unsigned offset, unsigned n)
{
    return 8 * (big ? size - offset - n : offset);
}

static unsigned impl_min(const MemoryRegionOps *ops)
{
    return ops->impl.min_access_size ? ops->impl.min_access_size : 1;
}

/* The next callback of an access of which `left` bytes are left at addr. */
static unsigned piece_size(const MemoryRegionOps *ops, hwaddr addr, unsigned left)
{
    unsigned size = ops->impl.max_access_size ? ops->impl.max_access_size : 4;

    while (size > left || (!ops->impl.unaligned && (addr & (size - 1)))) {
        size /= 2;
    }
    return size;
}

/* n bytes in the device's order; a narrower piece is a lane of an aligned wide read. */
static uint64_t read_piece(MemoryRegion *mr, hwaddr addr, unsigned n, bool big)
{
    unsigned min = impl_min(mr->ops);
    unsigned offset;

    if (n >= min) {
        return mr->ops->read(mr->opaque, addr, n) & size_mask(n);
    }
    offset = addr & (min - 1);
    return mr->ops->read(mr->opaque, addr - offset, min) >> lane_shift(big, min, offset, n) &
           size_mask(n);
}

/* As read_piece; the other lanes of a wide write are zero. */
static void write_piece(MemoryRegion *mr, hwaddr addr, uint64_t val, unsigned n, bool big)
{
    unsigned min = impl_min(mr->ops);
    unsigned offset;

    if (n >= min) {
        mr->ops->write(mr->opaque, addr, val, n);
        return;
    }
    offset = addr & (min - 1);
    mr->ops->write(mr->opaque, addr - offset, val << lane_shift(big, min, offset, n), min);
}

MemTxResult memory_region_dispatch_read(MemoryRegion *mr, hwaddr addr, uint64_t *pval, MemOp op)
{
    unsigned size = memop_size(op);
    MemTxResult result = check_access(mr, addr, size, "read");
    ActiveAccess self = { mr, active_access };
    bool big;

    *pval = 0;
    if (result != MEMTX_OK || !mr->ops->read) {
        return result;
    }
    big = device_is_big(mr->ops);
    active_access = &self;
    for (unsigned done = 0, n; done < size; done += n) {
        n = piece_size(mr->ops, addr + done, size - done);
        *pval |= read_piece(mr, addr + done, n, big) << lane_shift(big, size, done, n);
    }
    active_access = self.outer;
    trace_memory_region_ops_read(mr->name, addr, size, *pval);
    if (big != !!(op & MO_BSWAP)) {
        *pval = swap_bytes(*pval, size);
    }
    return MEMTX_OK;
}

MemTxResult memory_region_dispatch_write(MemoryRegion *mr, hwaddr addr, uint64_t val, MemOp op)
{
    unsigned size = memop_size(op);
    ActiveAccess self = { mr, active_access };
    MemTxResult result;
    bool big;

    if (mr && mr->ram) {
        log_refused(mr, addr, size, "write", "read-only memory");
        return MEMTX_OK;        /* buses do not report this */
    }
    result = check_access(mr, addr, size, "write");
    if (result != MEMTX_OK || !mr->ops->write) {
        return result;
    }
    val &= size_mask(size);
    big = device_is_big(mr->ops);
    if (big != !!(op & MO_BSWAP)) {
        val = swap_bytes(val, size);
    }
    trace_memory_region_ops_write(mr->name, addr, size, val);
    active_access = &self;
    for (unsigned done = 0, n; done < size; done += n) {
        n = piece_size(mr->ops, addr + done, size - done);
        write_piece(mr, addr + done, val >> lane_shift(big, size, done, n) & size_mask(n), n, big);
    }
    active_access = self.outer;
    return MEMTX_OK;
}
