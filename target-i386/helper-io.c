/*
 * I/O ports: IN, OUT, INS, OUTS with the TSS's permission bitmap (SDM 1
 * chapter 18).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "exec/ioport.h"
#include "target-i386/system.h"
#define HELPER_H "target-i386/helper.h"
#include "tcg/helper-proto.h"

/* --- permission -------------------------------------------------------------------------------------------- */

static void check_bitmap(CPUX86State *env, uint32_t port, unsigned size, uintptr_t retaddr)
{
    uint32_t offset, bits;

    if ((env->tr.flags >> DESC_TYPE_SHIFT & 15) < SYS_TSS32 || env->tr.limit < 0x67) {
        raise_exception_err_ra(env, EXCP0D_GPF, 0, retaddr);
    }
    offset = sys_load(env, x86_linear(env, env->tr.base, 0x66), MO_16, retaddr) + port / 8;
    /* Two bytes are read always. */
    if (offset + 1 > env->tr.limit) {
        raise_exception_err_ra(env, EXCP0D_GPF, 0, retaddr);
    }
    bits = sys_load(env, x86_linear(env, env->tr.base, offset), MO_16, retaddr);
    if (bits >> (port & 7) & ((1u << size) - 1)) {
        raise_exception_err_ra(env, EXCP0D_GPF, 0, retaddr);
    }
}

static void check_permission(CPUX86State *env, uint32_t port, unsigned size, uintptr_t retaddr)
{
    bool vm86 = env->hflags & HF_VM;

    if (env->hflags & HF_PE && (vm86 || env_cpl(env) > (env->eflags & IOPL_MASK) >> IOPL_SHIFT)) {
        check_bitmap(env, port, size, retaddr);
    }
    if (unlikely(env->hflags & HF_DATA_BP) && env->cr[4] & CR4_DE_MASK) {
        x86_check_io_breakpoint(env, port, size);
    }
}

/* --- one access ---------------------------------------------------------------------------------------------- */

uint32_t helper_in(CPUX86State *env, uint32_t port, uint32_t op)
{
    port &= 0xffff;
    check_permission(env, port, 1u << op, GETPC());
    return cpu_ioport_in(env_cpu(env), port, 1u << op, GETPC());
}

void helper_out(CPUX86State *env, uint32_t port, uint32_t value, uint32_t op)
{
    port &= 0xffff;
    check_permission(env, port, 1u << op, GETPC());
    cpu_ioport_out(env_cpu(env), port, value, 1u << op, GETPC());
}

/* --- strings ------------------------------------------------------------------------------------------------------ */

/* Masks of an address size. */
static target_ulong address_mask(unsigned asize)
{
    return asize == MO_16 ? 0xffff : asize == MO_32 ? 0xffffffff : (target_ulong)-1;
}

static void set_masked(target_ulong *reg, target_ulong value, unsigned asize)
{
    target_ulong mask = address_mask(asize);

    *reg = asize == MO_16 ? (*reg & ~mask) | (value & mask) : value & mask;
}

typedef struct StringIO {
    CPUX86State *env;
    unsigned seg, reg;
    MemOp op;
    unsigned asize;
    bool is_in, rep;
    uintptr_t retaddr;
} StringIO;

static vaddr element_address(const StringIO *s)
{
    CPUX86State *env = s->env;
    const SegmentCache *seg = &env->segs[s->seg];
    target_ulong offset = env->regs[s->reg] & address_mask(s->asize);
    uint32_t needed = s->is_in ? DESC_W_MASK : 0;
    bool fits;

    if (env->hflags & HF_CS64) {
        return (s->seg >= R_FS ? seg->base : 0) + offset;
    }
    fits = segment_covers(seg, offset, 1u << s->op);
    if (env->hflags & HF_PE && !(env->hflags & HF_VM)) {
        fits = fits && seg->flags & DESC_P_MASK && (seg->flags & needed) == needed &&
               (seg->flags & (DESC_CS_MASK | DESC_R_MASK)) != DESC_CS_MASK && !(s->is_in && seg->flags & DESC_CS_MASK);
    }
    if (!fits) {
        raise_exception_err_ra(env, s->seg == R_SS ? EXCP0C_STACK : EXCP0D_GPF, 0, s->retaddr);
    }
    return (uint32_t)(seg->base + offset);
}

static void transfer_element(const StringIO *s)
{
    CPUX86State *env = s->env;
    MemOpIdx oi = make_memop_idx(x86_data_op(env, s->op), x86_cpu_mmu_index(env_cpu(env), MMU_DATA_LOAD));
    uint32_t port = env->regs[R_EDX] & 0xffff, value;
    vaddr addr = element_address(s);
    unsigned size = 1u << s->op, in_first_page = MIN(size, TARGET_PAGE_SIZE - (addr & ~TARGET_PAGE_MASK));

    if (s->is_in) {
        probe_access(env, addr, in_first_page, MMU_DATA_STORE, get_mmuidx(oi), s->retaddr);
        if (in_first_page < size) {
            probe_access(env, x86_linear(env, addr, in_first_page), size - in_first_page, MMU_DATA_STORE,
                         get_mmuidx(oi), s->retaddr);
        }
        value = cpu_ioport_in(env_cpu(env), port, size, s->retaddr);
        cpu_st_mmu(env, addr, value, oi, s->retaddr);
    } else {
        value = cpu_ld_mmu(env, addr, oi, s->retaddr);
        cpu_ioport_out(env_cpu(env), port, value, size, s->retaddr);
    }
    set_masked(&env->regs[s->reg], env->regs[s->reg] + (env->df << s->op), s->asize);
}

/* True: all is done. False: an interrupt waits, the instruction goes on later. */
static bool transfer_string(const StringIO *s)
{
    CPUX86State *env = s->env;

    if (!s->rep) {
        transfer_element(s);
        return true;
    }
    while (env->regs[R_ECX] & address_mask(s->asize)) {
        transfer_element(s);
        set_masked(&env->regs[R_ECX], env->regs[R_ECX] - 1, s->asize);
        if (env->regs[R_ECX] & address_mask(s->asize) &&
            (qatomic_read(&env_neg(env)->exit_request) || env->hflags & (HF_TF | HF_DATA_BP))) {
            return false;
        }
    }
    return true;
}

/* 1: done; 0: eip stays. flags: op | asize << 4 | rep << 8 | segment << 12. */
uint32_t helper_ins(CPUX86State *env, uint32_t flags)
{
    const StringIO s = { env, R_ES, R_EDI, (MemOp)(flags & 15), flags >> 4 & 15, true, flags >> 8 & 1, GETPC() };

    check_permission(env, env->regs[R_EDX] & 0xffff, 1u << s.op, GETPC());
    return transfer_string(&s);
}

uint32_t helper_outs(CPUX86State *env, uint32_t flags)
{
    const StringIO s = {
        env, flags >> 12, R_ESI, (MemOp)(flags & 15), flags >> 4 & 15, false, flags >> 8 & 1, GETPC()
    };

    check_permission(env, env->regs[R_EDX] & 0xffff, 1u << s.op, GETPC());
    return transfer_string(&s);
}
