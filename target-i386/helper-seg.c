/*
 * Segment registers: descriptors, loads with all checks, and the instructions
 * that ask about selectors (SDM 3A chapters 3 and 5; LAR, LSL, VERR, VERW,
 * ARPL, LLDT, LTR).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/cpu.h"
#include "target-i386/system.h"
#define HELPER_H "target-i386/helper.h"
#include "tcg/helper-proto.h"

enum {
    ATTRIBUTES = 0x00f0ff00,            /* of a descriptor's high word */
    VM86_FLAGS = DESC_P_MASK | DESC_DPL_MASK | DESC_S_MASK | DESC_W_MASK | DESC_A_MASK,
};

/* --- descriptors ------------------------------------------------------------------------------------------ */

static bool desc_read_bytes(CPUX86State *env, uint32_t selector, unsigned size, Descriptor *d, uintptr_t retaddr)
{
    const SegmentCache *table = selector & SEL_LDT ? &env->ldt : &env->gdt;
    uint32_t index = selector & ~7u & 0xffff;
    uint64_t raw;

    if ((selector & SEL_LDT && !(table->flags & DESC_P_MASK)) || index + size - 1 > table->limit) {
        return false;
    }
    d->addr = x86_linear(env, table->base, index);
    raw = sys_load(env, d->addr, MO_64, retaddr);
    d->lo = raw;
    d->hi = raw >> 32;
    raw = size == 16 ? sys_load(env, d->addr + 8, MO_64, retaddr) : 0;
    d->base_high = raw;
    d->last = raw >> 32;
    return true;
}

bool desc_read(CPUX86State *env, uint32_t selector, Descriptor *d, uintptr_t retaddr)
{
    return desc_read_bytes(env, selector, 8, d, retaddr);
}

bool desc_read_system(CPUX86State *env, uint32_t selector, Descriptor *d, uintptr_t retaddr)
{
    return desc_read_bytes(env, selector, env->hflags & HF_LMA ? 16 : 8, d, retaddr);
}

void desc_set_accessed(CPUX86State *env, Descriptor *d, uintptr_t retaddr)
{
    if (!(d->hi & DESC_A_MASK)) {
        d->hi |= DESC_A_MASK;
        cpu_atomic_fetch_or_mmu(env, d->addr + 5, DESC_A_MASK >> 8, make_memop_idx(MO_8, implicit_mmu_idx(env)),
                                retaddr);
    }
}

SegmentCache desc_cache(uint32_t selector, const Descriptor *d)
{
    SegmentCache cache = {
        .selector = selector & 0xffff, .base = desc_base(d), .limit = desc_limit(d), .flags = d->hi & ATTRIBUTES,
    };

    if (desc_is_system(d)) {
        cache.base |= (target_ulong)((uint64_t)d->base_high << 32);
    }
    return cache;
}

SegmentCache null_cache(uint32_t selector)
{
    return (SegmentCache) { .selector = selector & 0xffff };
}

SegmentCache vm86_cache(uint32_t selector)
{
    selector &= 0xffff;
    return (SegmentCache) { .selector = selector, .base = selector << 4, .limit = 0xffff, .flags = VM86_FLAGS };
}

bool segment_covers(const SegmentCache *seg, target_ulong offset, unsigned size)
{
    uint32_t first = offset, last = first + size - 1;
    bool expand_down = (seg->flags & (DESC_S_MASK | DESC_CS_MASK | DESC_E_MASK)) == (DESC_S_MASK | DESC_E_MASK);

    if (expand_down) {
        return first > seg->limit && last >= first && (seg->flags & DESC_B_MASK || last <= 0xffff);
    }
    return last >= first && last <= seg->limit;
}

bool code_offset_ok(const CPUX86State *env, const Descriptor *d, target_ulong offset)
{
    if (env->hflags & HF_LMA && d->hi & DESC_L_MASK) {
        return x86_is_canonical(env, offset);
    }
    return offset <= desc_limit(d);
}

/* --- loads -------------------------------------------------------------------------------------------------- */

static void QEMU_NORETURN raise_selector(CPUX86State *env, unsigned vector, uint32_t selector, uintptr_t retaddr)
{
    raise_exception_err_ra(env, vector, selector & 0xfffc, retaddr);
}

static SegmentCache checked_stack(CPUX86State *env, uint32_t selector, uintptr_t retaddr)
{
    unsigned cpl = env_cpl(env);
    Descriptor d;

    if (selector_is_null(selector)) {
        SegmentCache cache = null_cache(selector);

        if (!(env->hflags & HF_CS64) || cpl == 3 || (selector & SEL_RPL) != cpl) {
            raise_exception_err_ra(env, EXCP0D_GPF, 0, retaddr);
        }
        cache.flags = cpl << DESC_DPL_SHIFT;
        return cache;
    }
    if (!desc_read(env, selector, &d, retaddr) || (selector & SEL_RPL) != cpl || desc_dpl(&d) != cpl ||
        !desc_is_writable_data(&d)) {
        raise_selector(env, EXCP0D_GPF, selector, retaddr);
    }
    if (!desc_present(&d)) {
        raise_selector(env, EXCP0C_STACK, selector, retaddr);
    }
    desc_set_accessed(env, &d, retaddr);
    return desc_cache(selector, &d);
}

static SegmentCache checked_data(CPUX86State *env, uint32_t selector, uintptr_t retaddr)
{
    Descriptor d;

    if (selector_is_null(selector)) {
        return null_cache(selector);
    }
    if (!desc_read(env, selector, &d, retaddr) || !desc_is_readable(&d) ||
        (!desc_is_conforming(&d) && desc_dpl(&d) < MAX(selector & SEL_RPL, env_cpl(env)))) {
        raise_selector(env, EXCP0D_GPF, selector, retaddr);
    }
    if (!desc_present(&d)) {
        raise_selector(env, EXCP0B_NOSEG, selector, retaddr);
    }
    desc_set_accessed(env, &d, retaddr);
    return desc_cache(selector, &d);
}

void load_segment(CPUX86State *env, unsigned seg, uint32_t selector, uintptr_t retaddr)
{
    selector &= 0xffff;
    if (env->hflags & HF_VM) {
        env->segs[seg] = vm86_cache(selector);
    } else if (!(env->hflags & HF_PE)) {
        /* Limit and attributes stay: "unreal mode" rests on it. */
        env->segs[seg].selector = selector;
        env->segs[seg].base = selector << 4;
    } else {
        env->segs[seg] = seg == R_SS ? checked_stack(env, selector, retaddr) : checked_data(env, selector, retaddr);
    }
}

void helper_load_seg(CPUX86State *env, uint32_t seg, uint32_t selector)
{
    load_segment(env, seg, selector, GETPC());
    x86_update_hflags(env);
}

void drop_inner_segments(CPUX86State *env, unsigned cpl)
{
    static const uint8_t data_segments[] = { R_ES, R_FS, R_GS, R_DS };

    for (unsigned i = 0; i < ARRAY_SIZE(data_segments); i++) {
        SegmentCache *seg = &env->segs[data_segments[i]];
        bool conforming = (seg->flags & (DESC_CS_MASK | DESC_C_MASK)) == (DESC_CS_MASK | DESC_C_MASK);

        if (seg->flags & DESC_P_MASK && !conforming && (seg->flags >> DESC_DPL_SHIFT & 3) < cpl) {
            *seg = null_cache(0);
        }
    }
}

/* --- LDTR and TR --------------------------------------------------------------------------------------------- */

void load_ldt(CPUX86State *env, uint32_t selector, unsigned bad_vector, uint32_t ext, uintptr_t retaddr)
{
    Descriptor d;

    selector &= 0xffff;
    if (selector_is_null(selector)) {
        env->ldt = null_cache(selector);
        return;
    }
    if (selector & SEL_LDT || !desc_read_system(env, selector, &d, retaddr) || !desc_is_system(&d) ||
        desc_type(&d) != SYS_LDT || !desc_upper_half_ok(&d)) {
        raise_exception_err_ra(env, bad_vector, (selector & 0xfffc) | ext, retaddr);
    }
    if (!desc_present(&d)) {
        raise_exception_err_ra(env, bad_vector == EXCP0D_GPF ? EXCP0B_NOSEG : bad_vector, (selector & 0xfffc) | ext,
                               retaddr);
    }
    env->ldt = desc_cache(selector, &d);
}

void helper_lldt(CPUX86State *env, uint32_t selector)
{
    load_ldt(env, selector, EXCP0D_GPF, 0, GETPC());
}

void helper_ltr(CPUX86State *env, uint32_t selector)
{
    uintptr_t retaddr = GETPC();
    Descriptor d;

    selector &= 0xffff;
    if (selector_is_null(selector)) {
        raise_exception_err_ra(env, EXCP0D_GPF, 0, retaddr);
    }
    if (selector & SEL_LDT || !desc_read_system(env, selector, &d, retaddr) || !desc_is_system(&d) ||
        (desc_type(&d) != SYS_TSS32 && (desc_type(&d) != SYS_TSS16 || env->hflags & HF_LMA)) ||
        !desc_upper_half_ok(&d)) {
        raise_selector(env, EXCP0D_GPF, selector, retaddr);
    }
    if (!desc_present(&d)) {
        raise_selector(env, EXCP0B_NOSEG, selector, retaddr);
    }
    d.hi |= DESC_TSS_BUSY_MASK;
    cpu_atomic_fetch_or_mmu(env, d.addr + 5, DESC_TSS_BUSY_MASK >> 8,
                            make_memop_idx(MO_8, implicit_mmu_idx(env)), retaddr);
    env->tr = desc_cache(selector, &d);
}

/* --- questions about selectors: ZF is the answer ------------------------------------------------------------- */

/* Privilege rule of LAR, LSL, VERR and VERW. */
static bool is_visible(const CPUX86State *env, uint32_t selector, const Descriptor *d)
{
    return desc_is_conforming(d) || desc_dpl(d) >= MAX(selector & SEL_RPL, env_cpl(env));
}

static bool system_type_in(const Descriptor *d, uint32_t types)
{
    return types >> desc_type(d) & 1;
}

/* System types that LAR and LSL know (SDM LAR, LSL: tables). */
enum {
    LSL_TYPES = 1 << SYS_TSS16 | 1 << SYS_LDT | 1 << SYS_TSS16_BUSY | 1 << SYS_TSS32 | 1 << SYS_TSS32_BUSY,
    LAR_TYPES = LSL_TYPES | 1 << SYS_CALL16 | 1 << SYS_TASK_GATE | 1 << SYS_CALL32,
    LSL_TYPES_LONG = 1 << SYS_LDT | 1 << SYS_TSS32 | 1 << SYS_TSS32_BUSY,
    LAR_TYPES_LONG = LSL_TYPES_LONG | 1 << SYS_CALL32,
};

static bool query_descriptor(CPUX86State *env, uint32_t selector, uint32_t types, uint32_t types_long,
                             Descriptor *d, uintptr_t retaddr)
{
    if (selector_is_null(selector) || !desc_read(env, selector, d, retaddr)) {
        return false;
    }
    if (desc_is_system(d) && !system_type_in(d, env->hflags & HF_LMA ? types_long : types)) {
        return false;
    }
    return is_visible(env, selector, d);
}

/* The result, with bit 32 as ZF. */
uint64_t helper_lar(CPUX86State *env, uint32_t selector)
{
    Descriptor d;

    return query_descriptor(env, selector, LAR_TYPES, LAR_TYPES_LONG, &d, GETPC())
               ? (d.hi & 0x00ffff00) | UINT64_C(1) << 32 : 0;
}

uint64_t helper_lsl(CPUX86State *env, uint32_t selector)
{
    Descriptor d;

    return query_descriptor(env, selector, LSL_TYPES, LSL_TYPES_LONG, &d, GETPC())
               ? desc_limit(&d) | UINT64_C(1) << 32 : 0;
}

uint32_t helper_verr(CPUX86State *env, uint32_t selector)
{
    Descriptor d;

    return query_descriptor(env, selector, 0, 0, &d, GETPC()) && desc_is_readable(&d);
}

uint32_t helper_verw(CPUX86State *env, uint32_t selector)
{
    Descriptor d;

    return query_descriptor(env, selector, 0, 0, &d, GETPC()) && desc_is_writable_data(&d);
}
