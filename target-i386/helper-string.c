/*
 * Repeated string instructions: page by page with the host's own memory
 * functions where both sides are RAM, element by element elsewhere.
 *
 * Registers are right after every element: a fault or an interrupt in the
 * middle leaves exactly the elements that are done.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/cpu.h"
#include "target-i386/string.h"
#define HELPER_H "target-i386/helper.h"
#include "tcg/helper-proto.h"

/* Elements done before interrupts are looked at again. */
enum { MAX_ELEMENTS_A_CALL = 65536 };

typedef struct StringOp {
    CPUX86State *env;
    MemOp size;
    unsigned seg;               /* of the source */
    target_ulong mask;          /* address size */
    bool while_not_equal;
    target_ulong budget;        /* elements left for this call */
    int mmu_idx;
    bool flat_source, flat_dest;        /* no checks of limits */
    uintptr_t retaddr;
} StringOp;

static bool is_flat(const CPUX86State *env, unsigned seg)
{
    switch (seg) {
    case R_CS: return env->hflags & HF_CS64;
    case R_FS: return env->hflags & HF_CS64 || !(env->hflags & HF_CHECK_FS);
    case R_GS: return env->hflags & HF_CS64 || !(env->hflags & HF_CHECK_GS);
    default: return env->hflags & HF_CS64 || !(env->hflags & HF_CHECK_DS);
    }
}

static StringOp string_op(CPUX86State *env, uint32_t info, uintptr_t retaddr)
{
    unsigned asize = info >> STRING_ASIZE_SHIFT & 3;
    StringOp op = {
        .env = env, .size = info & STRING_SIZE, .seg = info >> STRING_SEG_SHIFT & 7,
        .mask = asize == MO_16 ? 0xffff : asize == MO_32 ? UINT32_MAX : (target_ulong)-1,
        .while_not_equal = info & STRING_WHILE_NOT_EQUAL,
        .budget = info & STRING_ONE ? 1 : MAX_ELEMENTS_A_CALL,
        .mmu_idx = x86_cpu_mmu_index(env_cpu(env), MMU_DATA_LOAD), .retaddr = retaddr,
    };

    op.flat_source = is_flat(env, op.seg);
    op.flat_dest = is_flat(env, R_ES);
    return op;
}

/* --- registers ---------------------------------------------------------------------------- */

/* The part of a register that the address size names; 32 bits clear the upper half. */
static void set_part(StringOp *op, unsigned reg, target_ulong value)
{
    target_ulong *r = &op->env->regs[reg];

    *r = op->mask == 0xffff ? (*r & ~op->mask) | (value & op->mask) : value & op->mask;
}

static target_ulong get_part(const StringOp *op, unsigned reg) { return op->env->regs[reg] & op->mask; }

static void advance(StringOp *op, unsigned reg, target_ulong elements)
{
    target_ulong bytes = elements << op->size;

    set_part(op, reg, get_part(op, reg) + (op->env->df < 0 ? -bytes : bytes));
}

static void count_down(StringOp *op, target_ulong elements)
{
    set_part(op, R_ECX, get_part(op, R_ECX) - elements);
    op->budget -= elements;
}

/* --- addresses ------------------------------------------------------------------------------- */

static bool offset_allowed(StringOp *op, unsigned seg, target_ulong offset, unsigned bytes)
{
    const SegmentCache *sc = &op->env->segs[seg];
    bool real = !(op->env->hflags & HF_PE) || op->env->hflags & HF_VM;

    return real && (uint64_t)offset + bytes - 1 <= sc->limit;
}

static vaddr linear_address(StringOp *op, unsigned seg, target_ulong offset)
{
    CPUX86State *env = op->env;
    target_ulong base = env->hflags & HF_CS64 && seg != R_FS && seg != R_GS ? 0 : env->segs[seg].base;
    target_ulong sum = base + offset;

    return env->hflags & HF_CS64 ? sum : (uint32_t)sum;
}

/* Of one element, with all checks. */
static vaddr element_address(StringOp *op, unsigned seg, unsigned reg, MMUAccessType access)
{
    CPUX86State *env = op->env;
    target_ulong offset = get_part(op, reg);
    unsigned bytes = memop_size(op->size);
    bool flat = seg == R_ES ? op->flat_dest : op->flat_source;

    if (!flat && !offset_allowed(op, seg, offset, bytes)) {
        if (!(env->hflags & HF_PE) || env->hflags & HF_VM) {
            raise_exception_err_ra(env, seg == R_SS ? EXCP0C_STACK : EXCP0D_GPF, 0, op->retaddr);
        }
        x86_check_segment(env, seg, offset, bytes, access, op->retaddr);
    }
    return linear_address(op, seg, offset);
}

/*
 * How many elements from reg on, in the direction of DF, lie in one page and
 * do not reach the end of the address size; 0: an element crosses, is not
 * aligned where that is checked, or only single elements can be checked. addr is the first element's.
 */
static target_ulong run_length(StringOp *op, unsigned seg, unsigned reg, vaddr *addr)
{
    target_ulong offset = get_part(op, reg), to_wrap = op->mask - offset, bytes, last;
    bool flat = seg == R_ES ? op->flat_dest : op->flat_source;

    *addr = linear_address(op, seg, offset);
    last = memop_size(op->size) - 1;
    bytes = TARGET_PAGE_SIZE - (*addr & ~TARGET_PAGE_MASK);
    if (bytes <= last || to_wrap < last || (op->env->hflags & HF_AC && *addr & last)) {
        return 0;
    }
    if (op->env->df < 0) {
        bytes = MIN(*addr & ~TARGET_PAGE_MASK, offset) + last + 1;
        return flat || offset_allowed(op, seg, offset, last + 1) ? bytes >> op->size : 0;
    }
    if (to_wrap < bytes) {
        bytes = to_wrap + 1;
    }
    return flat || offset_allowed(op, seg, offset, bytes) ? bytes >> op->size : 0;
}

static target_ulong limit_run(const StringOp *op, target_ulong run)
{
    target_ulong left = MIN(get_part(op, R_ECX), op->budget);

    return MIN(run, left);
}

/* The run's bytes in RAM, from the lowest address; NULL: go element by element. */
static uint8_t *ram_for_run(StringOp *op, vaddr first, target_ulong run, MMUAccessType access)
{
    vaddr lowest = op->env->df < 0 ? first - ((run - 1) << op->size) : first;

    return run > 1 ? tlb_vaddr_to_host(op->env, lowest, access, op->mmu_idx) : NULL;
}

static uint64_t load_element(StringOp *op, vaddr addr)
{
    return cpu_ld_mmu(op->env, addr, make_memop_idx(x86_data_op(op->env, op->size | MO_LE), op->mmu_idx), op->retaddr);
}

static void store_element(StringOp *op, vaddr addr, uint64_t value)
{
    cpu_st_mmu(op->env, addr, value, make_memop_idx(x86_data_op(op->env, op->size | MO_LE), op->mmu_idx), op->retaddr);
}

/* --- the loop ---------------------------------------------------------------------------------- */

/* True: nothing left to do. */
static bool is_done(const StringOp *op) { return get_part(op, R_ECX) == 0; }

static bool must_pause(const StringOp *op)
{
    return op->budget == 0 || qatomic_read(&env_neg(op->env)->exit_request);
}

/* --- movs ---------------------------------------------------------------------------------------- */

/* As the guest copies, one element after the other: what it wrote it may read again. */
static void copy_run(uint8_t *dest, const uint8_t *source, size_t bytes, unsigned element, bool down)
{
    size_t distance = down ? (size_t)(source - dest) : (size_t)(dest - source);

    if (distance == 0 || distance >= bytes) {
        memmove(dest, source, bytes);
        return;
    }
    for (size_t i = 0; i < bytes; i += element) {
        size_t at = down ? bytes - element - i : i;

        memmove(dest + at, source + at, element);
    }
}

static void move_some(StringOp *op)
{
    vaddr from, to;
    target_ulong run = run_length(op, op->seg, R_ESI, &from), dest_run = run_length(op, R_ES, R_EDI, &to);
    uint8_t *source, *dest;

    run = limit_run(op, MIN(run, dest_run));
    source = ram_for_run(op, from, run, MMU_DATA_LOAD);
    dest = source ? ram_for_run(op, to, run, MMU_DATA_STORE) : NULL;
    if (dest) {
        copy_run(dest, source, run << op->size, memop_size(op->size), op->env->df < 0);
    } else {
        from = element_address(op, op->seg, R_ESI, MMU_DATA_LOAD);
        uint64_t value = load_element(op, from);

        store_element(op, element_address(op, R_ES, R_EDI, MMU_DATA_STORE), value);
        run = 1;
    }
    advance(op, R_ESI, run);
    advance(op, R_EDI, run);
    count_down(op, run);
}

uint32_t helper_rep_movs(CPUX86State *env, uint32_t info)
{
    StringOp op = string_op(env, info, GETPC());

    while (!is_done(&op)) {
        if (must_pause(&op)) {
            return 0;
        }
        move_some(&op);
    }
    return 1;
}

/* --- stos ------------------------------------------------------------------------------------------ */

static void fill(uint8_t *dest, uint64_t value, MemOp size, size_t elements)
{
    bool same_bytes = size == MO_8 || (uint8_t)value * UINT64_C(0x0101010101010101) >> (64 - (8 << size)) ==
                      (value << (64 - (8 << size))) >> (64 - (8 << size));

    if (same_bytes) {
        memset(dest, value, elements << size);
        return;
    }
    for (size_t i = 0; i < elements; i++) {
        memcpy(dest + (i << size), &value, 1u << size);     /* hosts are little-endian */
    }
}

static void store_some(StringOp *op)
{
    vaddr to;
    target_ulong run = limit_run(op, run_length(op, R_ES, R_EDI, &to));
    uint8_t *dest = ram_for_run(op, to, run, MMU_DATA_STORE);

    if (dest) {
        fill(dest, op->env->regs[R_EAX], op->size, run);
    } else {
        store_element(op, element_address(op, R_ES, R_EDI, MMU_DATA_STORE), op->env->regs[R_EAX]);
        run = 1;
    }
    advance(op, R_EDI, run);
    count_down(op, run);
}

uint32_t helper_rep_stos(CPUX86State *env, uint32_t info)
{
    StringOp op = string_op(env, info, GETPC());

    while (!is_done(&op)) {
        if (must_pause(&op)) {
            return 0;
        }
        store_some(&op);
    }
    return 1;
}

/* --- lods -------------------------------------------------------------------------------------------- */

static void set_accumulator(CPUX86State *env, MemOp size, uint64_t value)
{
    target_ulong kept = size == MO_8 ? ~(target_ulong)0xff : size == MO_16 ? ~(target_ulong)0xffff : 0;

    env->regs[R_EAX] = (env->regs[R_EAX] & kept) | value;
}

uint32_t helper_rep_lods(CPUX86State *env, uint32_t info)
{
    StringOp op = string_op(env, info, GETPC());

    while (!is_done(&op)) {
        if (must_pause(&op)) {
            return 0;
        }
        set_accumulator(env, op.size, load_element(&op, element_address(&op, op.seg, R_ESI, MMU_DATA_LOAD)));
        advance(&op, R_ESI, 1);
        count_down(&op, 1);
    }
    return 1;
}

/* --- cmps, scas ------------------------------------------------------------------------------------------ */

/* One comparison's flags. True: the repetition ends. */
static bool compare(StringOp *op, uint64_t a, uint64_t b)
{
    CPUX86State *env = op->env;
    uint64_t mask = ~0ull >> (64 - (8u << op->size));

    env->cc_dst = a - b;
    env->cc_src = b;
    env->cc_op = CC_OP_SUB + op->size;
    return ((a ^ b) & mask ? false : true) == op->while_not_equal;
}

/* Element number n of a run in RAM; lowest is its lowest address. */
static uint64_t run_element(const StringOp *op, const uint8_t *lowest, target_ulong run, target_ulong n)
{
    uint64_t value = 0;

    n = op->env->df < 0 ? run - 1 - n : n;
    memcpy(&value, lowest + (n << op->size), memop_size(op->size));     /* hosts are little-endian */
    return value;
}

/* True: the repetition ends. */
static bool compare_memory_some(StringOp *op)
{
    vaddr from, to;
    target_ulong run = run_length(op, op->seg, R_ESI, &from), dest_run = run_length(op, R_ES, R_EDI, &to);
    target_ulong done = 0;
    uint8_t *source, *dest;
    uint64_t a, b;

    run = limit_run(op, MIN(run, dest_run));
    source = ram_for_run(op, from, run, MMU_DATA_LOAD);
    dest = source ? ram_for_run(op, to, run, MMU_DATA_LOAD) : NULL;
    if (dest) {
        do {
            a = run_element(op, source, run, done);
            b = run_element(op, dest, run, done);
        } while (++done < run && (a == b) != op->while_not_equal);
    } else {
        a = load_element(op, element_address(op, op->seg, R_ESI, MMU_DATA_LOAD));
        b = load_element(op, element_address(op, R_ES, R_EDI, MMU_DATA_LOAD));
        done = 1;
    }
    advance(op, R_ESI, done);
    advance(op, R_EDI, done);
    count_down(op, done);
    return compare(op, a, b);
}

uint32_t helper_rep_cmps(CPUX86State *env, uint32_t info)
{
    StringOp op = string_op(env, info, GETPC());

    while (!is_done(&op)) {
        if (must_pause(&op)) {
            return 0;
        }
        if (compare_memory_some(&op)) {
            return 1;
        }
    }
    return 1;
}

/* True: the repetition ends. */
static bool compare_accumulator_some(StringOp *op)
{
    vaddr to;
    target_ulong run = limit_run(op, run_length(op, R_ES, R_EDI, &to)), done = 0;
    uint8_t *dest = ram_for_run(op, to, run, MMU_DATA_LOAD);
    uint64_t mask = ~0ull >> (64 - (8u << op->size)), a = op->env->regs[R_EAX], b;

    if (dest) {
        do {
            b = run_element(op, dest, run, done);
        } while (++done < run && ((a & mask) == b) != op->while_not_equal);
    } else {
        b = load_element(op, element_address(op, R_ES, R_EDI, MMU_DATA_LOAD));
        done = 1;
    }
    advance(op, R_EDI, done);
    count_down(op, done);
    return compare(op, a, b);
}

uint32_t helper_rep_scas(CPUX86State *env, uint32_t info)
{
    StringOp op = string_op(env, info, GETPC());

    while (!is_done(&op)) {
        if (must_pause(&op)) {
            return 0;
        }
        if (compare_accumulator_some(&op)) {
            return 1;
        }
    }
    return 1;
}
