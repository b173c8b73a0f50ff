/*
 * x86-64: guest memory.
 *
 * The fast path looks the page up in the table of exec/cputlb.h, leaves the
 * addend in rdx and accesses [rdx + address]. Pages without addend go to the
 * stub. So do accesses of 32-bit guests that are not aligned (one that stays in
 * its page comes back to the fast path's access) and those of 64-bit guests that
 * cross into another page. The stubs call a thunk.
 * Accesses that share a look-up (tcg/page-share.h) test the register that holds
 * its result; their stubs do without it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/i386/tcg-target.h"
#include "exec/cputlb.h"
#include "tcg/page-share.h"

/* What the ops of a type do with their value. */
typedef struct ValueKind {
    void (*load)(X86 *x, MemOp mop, bool w, int d, Mem m);
    void (*store)(X86 *x, MemOp mop, int a, Mem m);
    void (*from_rax)(X86 *x, MemOp mop, bool w, int d);     /* result of the thunk */
    void (*to_slow_val)(X86 *x, int a);
} ValueKind;

static MemOpIdx op_oi(const TCGOp *op) { return op->args[tcg_op_nb_oargs(op) + tcg_op_nb_iargs(op)]; }
static bool is_store_op(const TCGOp *op) { return !tcg_op_nb_oargs(op) && op->opc != INDEX_op_x87_ld; }
static bool is_x87_op(const TCGOp *op) { return op->opc == INDEX_op_x87_ld || op->opc == INDEX_op_x87_st; }

static bool wide_addr(const X86 *x) { return x->s->addr_bits == 64; }

/* A constant address: its entry is known. It stays in its page and needs no check of alignment. */
static void look_up_hashed_const(X86 *x, Stub *stub, uint64_t addr, intptr_t table)
{
    int32_t entry = table + (addr >> TARGET_PAGE_BITS) % TLB_HASH_ENTRIES * sizeof(TLBHashEntry);

    out_movi(x, RAX, addr & TARGET_PAGE_MASK);
    op_rm(x, P_W | 0x3b, RAX, MEM_ENV(entry + offsetof(TLBHashEntry, tag)));
    stub_jump(stub, out_jcc(x, CC_NE));
    op_rm(x, P_W | 0x8b, RDX, MEM_ENV(entry + offsetof(TLBHashEntry, addend)));
}

/* rdx = displacement of addr's entry in a table. */
static void out_hash_index(X86 *x, int addr)
{
    _Static_assert(sizeof(TLBHashEntry) == 16, "the shift leaves the entry number scaled");
    if (host.bmi2) {
        vex_rr(x, P_W | P_F2 | P_0F3A | 0xf0, RDX, 0, addr);     /* rorx */
        out8(x, TARGET_PAGE_BITS - 4);
    } else {
        out_mov_rr(x, true, RDX, addr);
        out_shifti(x, true, SH_SHR, RDX, TARGET_PAGE_BITS - 4);
    }
    out_alui(x, false, ALU_AND, RDX, (TLB_HASH_ENTRIES - 1) << 4);
}

/* The tag must be the page of the last byte, or of the first with its misalignment. */
static void look_up_hashed(X86 *x, Stub *stub, int addr, const TCGTemp *addr_temp, intptr_t table)
{
    MemOp mop = get_memop(op_oi(stub->op));
    int size = memop_size(mop);
    int32_t mask = -(int32_t)TARGET_PAGE_SIZE;

    if (temp_is_const(addr_temp) && !(addr_temp->val & (size - 1))) {
        look_up_hashed_const(x, stub, addr_temp->val, table);
        return;
    }
    if (mop & MO_ALIGN) {
        mask |= size - 1;
        size = 1;
    }
    if (size > 1) {
        op_rm(x, P_W | 0x8d, RAX, MEM(addr, size - 1));
    } else {
        out_mov_rr(x, true, RAX, addr);
    }
    out_hash_index(x, addr);
    out_alui(x, true, ALU_AND, RAX, mask);
    op_rm(x, P_W | 0x3b, RAX, MEMX(RBP, RDX, 0, table + offsetof(TLBHashEntry, tag)));
    stub_jump(stub, out_jcc(x, CC_NE));
    op_rm(x, P_W | 0x8b, RDX, MEMX(RBP, RDX, 0, table + offsetof(TLBHashEntry, addend)));
}

static void look_up(X86 *x, Stub *stub, int addr, const TCGTemp *addr_temp, bool is_store)
{
    MemOpIdx oi = op_oi(stub->op);
    int size = memop_size(get_memop(oi));
    intptr_t table = x->s->tlb_offset[get_mmuidx(oi)][is_store];

    if (wide_addr(x)) {
        look_up_hashed(x, stub, addr, addr_temp, table);
        return;
    }
    if (temp_is_const(addr_temp)) {
        op_rm(x, P_W | 0x8b, RDX, MEM_ENV(table + (addr_temp->val >> 12) * 8));
    } else {
        out_mov_rr(x, false, RDX, addr);
        out_shifti(x, false, SH_SHR, RDX, 12);
        op_rm(x, P_W | 0x8b, RDX, MEMX(RBP, RDX, 3, table));
    }
    if (size > 1 && !(temp_is_const(addr_temp) && !(addr_temp->val & (size - 1)))) {
        out_testi(x, addr, size - 1);
        stub_jump(stub, out_jcc(x, CC_NE));
    }
    op_rr(x, P_W | 0x85, RDX, RDX);
    stub_jump(stub, out_jcc(x, CC_E));
}

/* rax = guest address: rdx = addend of its page; "above" when there is none or the access crosses the page. */
static void call_addend(X86 *x, const TCGOp *op)
{
    MemOpIdx oi = op_oi(op);

    out_call_exec(x, thunks.addend[get_mmuidx(oi)][is_store_op(op)][get_memop(oi) & MO_SIZE]);
}

/* In the stub: accesses within a page with an addend go back. */
static void retry_unaligned(X86 *x, Stub *stub)
{
    MemOp mop = get_memop(op_oi(stub->op));

    if (stub->op->access || memop_size(mop) == 1 || (mop & MO_ALIGN) || stub->nb_jumps < 2) {
        return;
    }
    out_mov_rr(x, false, RAX, stub->reg[1]);
    call_addend(x, stub->op);
    patch_rel32(out_jcc(x, CC_BE), stub->access);
}

static const ValueKind *kind_of(const TCGOp *op);
static void int_to_slow_val(X86 *x, int a);

static TCGType op_type(const TCGOp *op) { return tcg_op_defs[op->opc].type; }
static bool is_16_bytes(const TCGOp *op) { return (get_memop(op_oi(op)) & MO_SIZE) == MO_128; }

/* d = guest address of a stub's access. */
static void out_guest_address(X86 *x, const Stub *stub, int d)
{
    const TCGPageAccess *acc = op_page_access(x->s, stub->op);

    if (acc && acc->displacement) {
        op_rm(x, (wide_addr(x) ? P_W : 0) | 0x8d, d, MEM(stub->reg[1], acc->displacement));
    } else {
        out_mov_rr(x, wide_addr(x), d, stub->reg[1]);
    }
}

/* Constants of up to 4 bytes are stored without a register. */
static bool is_imm_store(const TCGOp *op)
{
    return op_type(op) <= TCG_TYPE_I64 && temp_is_const(arg_temp(op->args[0])) &&
           memop_size(get_memop(op_oi(op))) <= 4;
}

static void store_imm(X86 *x, const TCGOp *op, Mem m)
{
    MemOp mop = get_memop(op_oi(op));
    int size = memop_size(mop);
    uint32_t v = arg_temp(op->args[0])->val;

    if (mop & MO_BSWAP) {
        v = __builtin_bswap32(v) >> (32 - 8 * size);
    }
    op_rm_imm(x, size == 1 ? 0xc6 : size == 2 ? P_66 | 0xc7 : 0xc7, 0, m, size);
    memcpy(x->p, &v, size);
    x->p += size;
}

static void out_access(X86 *x, const Stub *stub, Mem m)
{
    const ValueKind *kind = kind_of(stub->op);
    MemOp mop = get_memop(op_oi(stub->op));

    if (is_x87_op(stub->op)) {
        out_x87_mem(x, stub->op->args[2], m);
    } else if (tcg_op_nb_oargs(stub->op)) {
        kind->load(x, mop, op_type(stub->op) == TCG_TYPE_I64, stub->reg[0], m);
    } else if (stub->reg[0] == NO_REG) {
        store_imm(x, stub->op, m);
    } else {
        kind->store(x, mop, stub->reg[0], m);
    }
}

/* rdx = addend of the page of rax. */
static void out_addend(X86 *x, MemOpIdx oi, bool is_store)
{
    out_mov_rr(x, false, RDX, RAX);
    out_shifti(x, false, SH_SHR, RDX, 12);
    op_rm(x, P_W | 0x8b, RDX, MEMX(RBP, RDX, 3, x->s->tlb_offset[get_mmuidx(oi)][is_store]));
    op_rr(x, P_W | 0x85, RDX, RDX);
}

/* In the stub of an access whose group has no common page: look up this one's. */
static void retry_alone(X86 *x, Stub *stub)
{
    if (!stub->op->access) {
        return;
    }
    if (stub->starts_group) {
        out_alu(x, false, ALU_XOR, stub->host_reg, stub->host_reg);
    }
    out_guest_address(x, stub, RAX);
    call_addend(x, stub->op);
    uint8_t *slow = out_jcc_short(x, CC_A);
    out_alu(x, true, ALU_ADD, RDX, RAX);        /* rax is scratch in stores of vector registers */
    out_access(x, stub, MEM(RDX, 0));
    stub_back(x, stub);
    patch_short(x, slow);
}

/* host_reg = rax + addend of the page of all bytes of the group. */
static void start_group_hashed(X86 *x, Stub *stub, const TCGPageAccess *acc)
{
    intptr_t table = x->s->tlb_offset[get_mmuidx(op_oi(stub->op))][is_store_op(stub->op)];

    op_rm(x, P_W | 0x8d, stub->host_reg, MEM(RAX, acc->group->span - 1));
    out_hash_index(x, RAX);
    out_alui(x, true, ALU_AND, stub->host_reg, -(int32_t)TARGET_PAGE_SIZE);
    op_rm(x, P_W | 0x3b, stub->host_reg, MEMX(RBP, RDX, 0, table + offsetof(TLBHashEntry, tag)));
    stub_jump(stub, out_jcc(x, CC_NE));
    out_mov_rr(x, true, stub->host_reg, RAX);
    op_rm(x, P_W | 0x03, stub->host_reg, MEMX(RBP, RDX, 0, table + offsetof(TLBHashEntry, addend)));
}

/* The group's first access: host_reg = host address of its lowest byte. */
static void start_group(X86 *x, Stub *stub, const TCGPageAccess *acc)
{
    int32_t to_low = acc->displacement - acc->offset;

    if (to_low) {
        op_rm(x, (wide_addr(x) ? P_W : 0) | 0x8d, RAX, MEM(stub->reg[1], to_low));
    } else {
        out_mov_rr(x, wide_addr(x), RAX, stub->reg[1]);
    }
    if (wide_addr(x)) {
        start_group_hashed(x, stub, acc);
        return;
    }
    out_addend(x, op_oi(stub->op), is_store_op(stub->op));
    stub_jump(stub, out_jcc(x, CC_E));
    op_rm(x, P_W | 0x8d, stub->host_reg, MEMX(RDX, RAX, 0, 0));
    out_alui(x, false, ALU_AND, RAX, 0xfff);
    out_alui(x, false, ALU_CMP, RAX, 0x1000 - acc->group->span);
    stub_jump(stub, out_jcc(x, CC_A));
}

/* Registers are chosen; stub->reg is filled. */
static void shared_access(X86 *x, Stub *stub, const TCGPageAccess *acc)
{
    if (stub->starts_group) {
        start_group(x, stub, acc);
    } else {
        op_rr(x, P_W | 0x85, stub->host_reg, stub->host_reg);
        stub_jump(stub, out_jcc(x, CC_E));
    }
    out_access(x, stub, MEM(stub->host_reg, acc->offset));
    stub->back = x->p;
}

static void take_group(X86 *x, Stub *stub, TCGPageGroup *group)
{
    stub->starts_group = !group->started;
    stub->host_reg = group->started ? ra_use_temp(&x->ra, group->host)
                                    : ra_make_temp(&x->ra, group->host);
    group->started = true;
    if (--group->left == 0) {
        ra_end_temp(&x->ra, group->host);       /* pinned: not reused in this op */
    }
}

static void call_thunk(X86 *x, Stub *stub, const uint8_t *thunk)
{
    out_guest_address(x, stub, RDX);
    out_movi(x, RAX, op_oi(stub->op));
    out_call_exec(x, thunk);
    record_write_back(x, stub);
}

static void emit_load_stub(X86 *x, Stub *stub)
{
    TCGType type = op_type(stub->op);
    const uint8_t *thunk = is_16_bytes(stub->op) ? thunks.ld16 : thunks.ld[x->ra.vec_used];

    stub_here(x, stub);
    retry_unaligned(x, stub);
    store_pending(x, stub->dirty);
    retry_alone(x, stub);
    call_thunk(x, stub, thunk);
    kind_of(stub->op)->from_rax(x, get_memop(op_oi(stub->op)), type == TCG_TYPE_I64, stub->reg[0]);
    stub_back(x, stub);
}

static void emit_store_stub(X86 *x, Stub *stub)
{
    const uint8_t *thunk = is_16_bytes(stub->op) ? thunks.st16 : thunks.st[x->ra.vec_used];

    stub_here(x, stub);
    retry_unaligned(x, stub);
    store_pending(x, stub->dirty);
    retry_alone(x, stub);
    if (stub->reg[0] == NO_REG) {
        out_movi(x, RDX, arg_temp(stub->op->args[0])->val);
        int_to_slow_val(x, RDX);
    } else {
        kind_of(stub->op)->to_slow_val(x, stub->reg[0]);
    }
    call_thunk(x, stub, thunk);
    stub_back(x, stub);
}

static void guest_load(X86 *x, TCGOp *op)
{
    Stub *stub = stub_new(x, emit_load_stub);
    const TCGPageAccess *acc = op_page_access(x->s, op);
    const TCGTemp *addr_temp = arg_temp(op->args[1]);
    int addr = ra_in(&x->ra, 1);

    stub->op = op;
    if (acc) {
        take_group(x, stub, acc->group);
    }
    stub->dirty = ra_dirty_globals(&x->ra);     /* all registers written before the access are taken */
    int d = ra_out(&x->ra, 0);
    stub->reg[0] = d;
    stub->reg[1] = addr;
    if (acc) {
        shared_access(x, stub, acc);
        return;
    }
    look_up(x, stub, addr, addr_temp, false);
    stub->access = x->p;
    out_access(x, stub, MEMX(RDX, addr, 0, 0));
    stub->back = x->p;
}

static void guest_store(X86 *x, TCGOp *op)
{
    Stub *stub = stub_new(x, emit_store_stub);
    const TCGPageAccess *acc = op_page_access(x->s, op);
    bool imm = is_imm_store(op);
    int value = imm ? NO_REG : ra_in(&x->ra, 0), addr = ra_in(&x->ra, 1);

    stub->op = op;
    stub->reg[0] = value;
    stub->reg[1] = addr;
    if (acc) {
        take_group(x, stub, acc->group);
    }
    stub->dirty = ra_dirty_globals(&x->ra);
    if (acc) {
        shared_access(x, stub, acc);
        return;
    }
    look_up(x, stub, addr, arg_temp(op->args[1]), true);
    stub->access = x->p;
    out_access(x, stub, MEMX(RDX, addr, 0, 0));
    stub->back = x->p;
}

/* --- the host's x87 unit: its operand is guest memory --- */

static void emit_x87_load_stub(X86 *x, Stub *stub)
{
    Mem value = MEM_ENV(x->s->neg_slow_val);

    stub_here(x, stub);
    retry_unaligned(x, stub);
    store_pending(x, stub->dirty);
    retry_alone(x, stub);
    call_thunk(x, stub, thunks.ld[x->ra.vec_used]);
    op_rm(x, P_W | 0x89, RAX, value);
    out_x87_mem(x, stub->op->args[2], value);
    stub_back(x, stub);
}

/* The fault comes first, while the unit is as it was. */
static void emit_x87_store_stub(X86 *x, Stub *stub)
{
    stub_here(x, stub);
    retry_unaligned(x, stub);
    store_pending(x, stub->dirty);
    retry_alone(x, stub);
    call_thunk(x, stub, thunks.probe_st[x->ra.vec_used]);
    out_x87_mem(x, stub->op->args[2], MEM_ENV(x->s->neg_slow_val));
    call_thunk(x, stub, thunks.st[x->ra.vec_used]);
    stub_back(x, stub);
}

static void guest_x87(X86 *x, TCGOp *op)
{
    Stub *stub = stub_new(x, is_store_op(op) ? emit_x87_store_stub : emit_x87_load_stub);
    const TCGPageAccess *acc = op_page_access(x->s, op);
    int addr = ra_in(&x->ra, 0);

    stub->op = op;
    stub->reg[0] = NO_REG;
    stub->reg[1] = addr;
    if (acc) {
        take_group(x, stub, acc->group);
    }
    stub->dirty = ra_dirty_globals(&x->ra);
    if (acc) {
        shared_access(x, stub, acc);
        return;
    }
    look_up(x, stub, addr, arg_temp(op->args[0]), is_store_op(op));
    stub->access = x->p;
    out_access(x, stub, MEMX(RDX, addr, 0, 0));
    stub->back = x->p;
}

void out_x87_ld(X86 *x, TCGOp *op) { guest_x87(x, op); }
void out_x87_st(X86 *x, TCGOp *op) { guest_x87(x, op); }

/* --- integers --- */

static void out_bswap_reg(X86 *x, bool w, int d)
{
    if (d & 8 || w) {
        out8(x, 0x40 | (w ? 8 : 0) | (d & 8 ? 1 : 0));
    }
    out8(x, 0x0f);
    out8(x, 0xc8 | (d & 7));
}

static void extend(X86 *x, MemOp mop, bool w, int d, int a)
{
    int wide = w ? P_W : 0;

    switch (mop & (MO_SIZE | MO_SIGN)) {
    case MO_UB:
        op_rr(x, P_0F | P_BM | 0xb6, d, a);
        break;
    case MO_SB:
        op_rr(x, wide | P_0F | P_BM | 0xbe, d, a);
        break;
    case MO_16:
        op_rr(x, P_0F | 0xb7, d, a);
        break;
    case MO_16 | MO_SIGN:
        op_rr(x, wide | P_0F | 0xbf, d, a);
        break;
    case MO_32 | MO_SIGN:
        op_rr(x, w ? P_W | 0x63 : 0x8b, d, a);
        break;
    case MO_32:
        out_trunc(x, d, a);
        break;
    default:
        out_mov_rr(x, true, d, a);
        break;
    }
}

/* A byte-swapped 32 or 64-bit load. */
static void load_swapped(X86 *x, bool w, int d, Mem m)
{
    if (host.movbe) {
        op_rm(x, (w ? P_W : 0) | P_0F38 | 0xf0, d, m);
    } else {
        op_rm(x, (w ? P_W : 0) | 0x8b, d, m);
        out_bswap_reg(x, w, d);
    }
}

static void int_load(X86 *x, MemOp mop, bool w, int d, Mem m)
{
    int wide = w ? P_W : 0;
    bool swap = mop & MO_BSWAP;

    switch (mop & (MO_SIZE | MO_SIGN)) {
    case MO_UB:
        op_rm(x, P_0F | 0xb6, d, m);
        break;
    case MO_SB:
        op_rm(x, wide | P_0F | 0xbe, d, m);
        break;
    case MO_16:
    case MO_16 | MO_SIGN:
        if (!swap && (mop & MO_SIGN)) {
            op_rm(x, wide | P_0F | 0xbf, d, m);
            break;
        }
        op_rm(x, P_0F | 0xb7, d, m);
        if (swap) {
            op_rr(x, P_66 | 0xc1, SH_ROL, d);
            out8(x, 8);
            if (mop & MO_SIGN) {
                extend(x, mop, w, d, d);
            }
        }
        break;
    case MO_32:
    case MO_32 | MO_SIGN:
        if (swap) {
            load_swapped(x, false, d, m);
            if (w && (mop & MO_SIGN)) {
                extend(x, mop, w, d, d);
            }
        } else {
            op_rm(x, w && (mop & MO_SIGN) ? P_W | 0x63 : 0x8b, d, m);
        }
        break;
    default:
        if (swap) {
            load_swapped(x, true, d, m);
        } else {
            op_rm(x, P_W | 0x8b, d, m);
        }
        break;
    }
}

static void int_store(X86 *x, MemOp mop, int a, Mem m)
{
    int size = mop & MO_SIZE;
    int wide = size == MO_64 ? P_W : size == MO_16 ? P_66 : 0;

    if (size == MO_8) {
        op_rm(x, P_B | 0x88, a, m);
    } else if (!(mop & MO_BSWAP)) {
        op_rm(x, wide | 0x89, a, m);
    } else if (host.movbe) {
        op_rm(x, wide | P_0F38 | 0xf1, a, m);
    } else {
        out_mov_rr(x, size == MO_64, RAX, a);
        if (size == MO_16) {
            op_rr(x, P_66 | 0xc1, SH_ROL, RAX);
            out8(x, 8);
        } else {
            out_bswap_reg(x, size == MO_64, RAX);
        }
        op_rm(x, wide | 0x89, RAX, m);
    }
}

static void int_from_rax(X86 *x, MemOp mop, bool w, int d)
{
    extend(x, mop, w, d, RAX);
}

static void int_to_slow_val(X86 *x, int a)
{
    op_rm(x, P_W | 0x89, a, MEM_ENV(x->s->neg_slow_val));
}

/* --- scalar FP and vectors --- */

static void fp_load(X86 *x, MemOp mop, bool w, int d, Mem m)
{
    bool is_64 = (mop & MO_SIZE) == MO_64;

    if (mop & MO_BSWAP) {
        load_swapped(x, is_64, RAX, m);
        sse_rr(x, (is_64 ? P_W : 0) | P_66 | P_0F | 0x6e, d, RAX);
    } else {
        sse_rm(x, (is_64 ? P_F2 : P_F3) | P_0F | 0x10, d, m);
    }
}

static void fp_store(X86 *x, MemOp mop, int a, Mem m)
{
    bool is_64 = (mop & MO_SIZE) == MO_64;

    if (mop & MO_BSWAP) {
        sse_rr(x, (is_64 ? P_W : 0) | P_66 | P_0F | 0x7e, a, RAX);
        int_store(x, mop, RAX, m);
    } else {
        sse_rm(x, (is_64 ? P_F2 : P_F3) | P_0F | 0x11, a, m);
    }
}

static void fp_from_rax(X86 *x, MemOp mop, bool w, int d)
{
    sse_rr(x, ((mop & MO_SIZE) == MO_64 ? P_W : 0) | P_66 | P_0F | 0x6e, d, RAX);
}

static void fp_to_slow_val(X86 *x, int a)
{
    sse_rm(x, P_F2 | P_0F | 0x11, a, MEM_ENV(x->s->neg_slow_val));
}

static void vec_load(X86 *x, MemOp mop, bool w, int d, Mem m)
{
    sse_rm(x, P_F3 | P_0F | 0x6f, d, m);
    if (mop & MO_BSWAP) {
        sse3_m(x, P_66 | P_0F38 | 0x00, d, d, MEM_K(K_BSWAP128));
    }
}

static void vec_store(X86 *x, MemOp mop, int a, Mem m)
{
    if (mop & MO_BSWAP) {
        sse3_m(x, P_66 | P_0F38 | 0x00, XMM15, a, MEM_K(K_BSWAP128));
        a = XMM15;
    }
    sse_rm(x, P_F3 | P_0F | 0x7f, a, m);
}

static void vec_from_rax(X86 *x, MemOp mop, bool w, int d)
{
    sse_rr(x, P_W | P_66 | P_0F | 0x6e, d, RAX);
    sse3(x, P_W | P_66 | P_0F3A | 0x22, d, d, RDX, false);
    out8(x, 1);
}

static void vec_to_slow_val(X86 *x, int a)
{
    sse_rm(x, P_F3 | P_0F | 0x7f, a, MEM_ENV(x->s->neg_slow_val));
}

static const ValueKind int_kind = { int_load, int_store, int_from_rax, int_to_slow_val };
static const ValueKind fp_kind = { fp_load, fp_store, fp_from_rax, fp_to_slow_val };
static const ValueKind vec_kind = { vec_load, vec_store, vec_from_rax, vec_to_slow_val };

/* Short accesses of vectors are those of scalars: loads clear the rest of the register. */
static const ValueKind *kind_of(const TCGOp *op)
{
    return is_16_bytes(op) ? &vec_kind : ra_class(op_type(op)) == RA_VEC ? &fp_kind : &int_kind;
}

void out_qemu_ld(X86 *x, TCGOp *op) { guest_load(x, op); }
void out_qemu_st(X86 *x, TCGOp *op) { guest_store(x, op); }
void outf_qemu_ld(X86 *x, TCGOp *op) { guest_load(x, op); }
void outf_qemu_st(X86 *x, TCGOp *op) { guest_store(x, op); }
void outv_qemu_ld(X86 *x, TCGOp *op) { guest_load(x, op); }
void outv_qemu_st(X86 *x, TCGOp *op) { guest_store(x, op); }
