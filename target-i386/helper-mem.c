/*
 * Segment checks of memory operands (SDM 3A:5.3 to 5.5), for segments that are
 * not flat; translated code comes here in protected mode only.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/cpu.h"
#include "target-i386/system.h"
#include "target-i386/translate.h"
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

/* --- what the instruction at eip does with memory: asked when it faults ---------------------------------- */

static bool decode_current(CPUX86State *env, DisasContext *ctx, TranslationBlock *tb, Insn *in)
{
    vaddr pc = env_cpu(env)->cc->get_pc(env_cpu(env));
    uint32_t flags = env->hflags;

    *tb = (TranslationBlock) { .pc = pc };
    *ctx = (DisasContext) {
        .env = env, .tb = tb, .pc = pc, .code64 = flags & HF_CS64, .code32 = flags & HF_CS32, .pe = flags & HF_PE,
        .vm86 = flags & HF_VM, .protected_mode = (flags & (HF_PE | HF_VM)) == HF_PE,
    };
    return decode_insn(ctx, in, pc) == DECODE_OK;
}

/* PUSH, POP, CALL, RET, ENTER, LEAVE and their kin. */
static bool uses_stack(const Insn *in)
{
    switch (in->map << 8 | in->opcode) {
    case M_1 << 8 | 0x50 ... M_1 << 8 | 0x5f:
    case M_1 << 8 | 0x68: case M_1 << 8 | 0x6a: case M_1 << 8 | 0x8f: case M_1 << 8 | 0x9c: case M_1 << 8 | 0x9d:
    case M_1 << 8 | 0xc2: case M_1 << 8 | 0xc3: case M_1 << 8 | 0xc8 ... M_1 << 8 | 0xcb:
    case M_1 << 8 | 0xcf: case M_1 << 8 | 0xe8:
    case M_0F << 8 | 0xa0: case M_0F << 8 | 0xa1: case M_0F << 8 | 0xa8: case M_0F << 8 | 0xa9:
        return true;
    case M_1 << 8 | 0xff:
        return (in->reg & 7) == 2 || (in->reg & 7) == 3 || (in->reg & 7) == 6;
    default:
        return false;
    }
}

/* Shifts and rotates; the other read-modify-write instructions are those that LOCK goes with. */
static bool is_shift(const Insn *in)
{
    switch (in->map << 8 | in->opcode) {
    case M_1 << 8 | 0xc0: case M_1 << 8 | 0xc1: case M_1 << 8 | 0xd0 ... M_1 << 8 | 0xd3:
    case M_0F << 8 | 0xa4: case M_0F << 8 | 0xa5: case M_0F << 8 | 0xac: case M_0F << 8 | 0xad:
        return true;
    default:
        return false;
    }
}

static bool operand_covers(const CPUX86State *env, const Insn *in, vaddr addr)
{
    enum { LONGEST = 1024 };
    target_ulong start = in->disp;

    start += in->rip_relative ? in->pc + in->length : 0;
    start += in->base >= 0 ? env->regs[in->base] : 0;
    start += in->index >= 0 ? env->regs[in->index] << in->scale : 0;
    start += in->seg == R_FS || in->seg == R_GS ? env->segs[in->seg].base : 0;
    return addr - start < LONGEST;
}

bool x86_access_is_stack(CPUX86State *env, vaddr addr)
{
    TranslationBlock tb;
    DisasContext ctx;
    Insn in;

    if (!(env->hflags & HF_CS64) || !decode_current(env, &ctx, &tb, &in)) {
        return false;
    }
    if (in.has_mem && (!uses_stack(&in) || operand_covers(env, &in, addr))) {
        return in.seg == R_SS;
    }
    return uses_stack(&in);
}

bool x86_access_will_store(CPUX86State *env)
{
    TranslationBlock tb;
    DisasContext ctx;
    Insn in;

    return decode_current(env, &ctx, &tb, &in) && in.op[0].kind == OPK_MEM && (in.row->needs & LOCK || is_shift(&in));
}
