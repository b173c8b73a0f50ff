/*
 * Segment checks of memory operands (SDM 3A:5.3 to 5.5), for segments that are
 * not flat; translated code comes here in protected mode only.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/cpu.h"
#define HELPER_H "target-i386/helper.h"
#include "tcg/helper-proto.h"

/* Do bytes from offset on lie within the limit? */
static bool within_limit(const SegmentCache *sc, target_ulong offset, uint32_t bytes)
{
    uint64_t first = (uint32_t)offset, last = first + bytes - 1;
    bool expand_down = (sc->flags & (DESC_CS_MASK | DESC_E_MASK)) == DESC_E_MASK;

    if (expand_down) {
        return first > sc->limit && last <= (sc->flags & DESC_B_MASK ? UINT32_MAX : 0xffff);
    }
    return last <= sc->limit;
}

static void QEMU_NORETURN raise_segment_fault(CPUX86State *env, unsigned seg, uintptr_t retaddr)
{
    raise_exception_err_ra(env, seg == R_SS ? EXCP0C_STACK : EXCP0D_GPF, 0, retaddr);
}

void x86_check_segment(CPUX86State *env, unsigned seg, target_ulong offset, uint32_t bytes,
                       MMUAccessType access, uintptr_t retaddr)
{
    const SegmentCache *sc = &env->segs[seg];
    bool code = sc->flags & DESC_CS_MASK;
    /* R of code and W of data are the same bit; data is always readable. */
    bool allowed = access == MMU_DATA_STORE ? !code && sc->flags & DESC_W_MASK : !code || sc->flags & DESC_R_MASK;

    if (!(sc->flags & DESC_P_MASK)) {
        raise_segment_fault(env, seg, retaddr);         /* null selector */
    }
    if (!allowed) {
        raise_exception_err_ra(env, EXCP0D_GPF, 0, retaddr);
    }
    if (!within_limit(sc, offset, bytes)) {
        raise_segment_fault(env, seg, retaddr);
    }
}

void helper_check_segment_read(CPUX86State *env, uint32_t seg, target_ulong offset, uint32_t bytes)
{
    x86_check_segment(env, seg, offset, bytes, MMU_DATA_LOAD, GETPC());
}

void helper_check_segment_write(CPUX86State *env, uint32_t seg, target_ulong offset, uint32_t bytes)
{
    x86_check_segment(env, seg, offset, bytes, MMU_DATA_STORE, GETPC());
}
