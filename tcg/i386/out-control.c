/*
 * x86-64: branches, exits, chaining, helper calls.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/i386/tcg-target.h"
#include "exec/tb-jmp-cache.h"
#include "exec/exec-all.h"

void out_insn_start(X86 *x, TCGOp *op)
{
    TCGContext *s = x->s;

    if (x->insn >= 0) {
        s->insn_end_off[x->insn] = x->p - x->start;
    }
    x->insn++;
    for (int i = 0; i < 3; i++) {
        s->insn_data[x->insn][i] = op->args[i];
    }
}

void out_discard(X86 *x, TCGOp *op)
{
    ra_discard(&x->ra, 0);
}

/* Ends a block that may branch to the op's label and may fall through. */
void out_sync_for_branch(X86 *x, TCGOp *op)
{
    TCGBlock *target = tcg_op_label(op)->state_ptr;

    ra_release_inputs(&x->ra);
    ra_sync_live(&x->ra, target->live_in);
}

void out_set_label(X86 *x, TCGOp *op)
{
    bind_label(x, arg_label(op->args[0]));
}

void out_br(X86 *x, TCGOp *op)
{
    out_sync_for_branch(x, op);
    jump_label(x, -1, arg_label(op->args[0]));
}

static void leave(X86 *x, uintptr_t value)
{
    if (value) {
        out_movi(x, RAX, value);
    } else {
        out_alu(x, false, ALU_XOR, RAX, RAX);
    }
    out_jmp_exec(x, x->s->code_gen_epilogue);
}

void out_exit_tb(X86 *x, TCGOp *op)
{
    ra_sync_globals(&x->ra);
    leave(x, op->args[0]);
}

void out_goto_tb(X86 *x, TCGOp *op)
{
    unsigned slot = op->args[0];

    ra_sync_globals(&x->ra);
    switch (((uintptr_t)x->p + 1) & 3) {        /* the displacement is patched in one store */
    case 1:
        out8(x, 0x0f);
        out8(x, 0x1f);
        out8(x, 0x00);
        break;
    case 2:
        out8(x, 0x66);
        out8(x, 0x90);
        break;
    case 3:
        out8(x, 0x90);
        break;
    }
    x->s->jmp_insn_offset[slot] = x->p - x->start;
    out_jmp(x);
    x->s->jmp_reset_offset[slot] = x->p - x->start;
}

void out_goto_ptr(X86 *x, TCGOp *op)
{
    uint64_t v;
    bool known = arg_const(op, 0, &v);
    int pc = known ? NO_REG : ra_in(&x->ra, 0);

    ra_sync_globals(&x->ra);
    if (known) {
        out_movi(x, RDX, v);
    } else {
        out_mov_rr(x, true, RDX, pc);
    }
    op_rm(x, P_W | 0x33, RDX, MEM_ENV(x->s->neg_tb_key));
    /* entry = jmp_cache + tb_jmp_cache_hash(key); its size is 16 */
    _Static_assert(sizeof(TBJumpCacheEntry) == 16, "scaled by a shift");
    op_rr(x, 0x69, RAX, RDX);
    out32(x, TB_JMP_CACHE_FACTOR << 2);
    out_alui(x, false, ALU_AND, RAX, (TB_JMP_CACHE_SIZE - 1) << 4);
    op_rm(x, P_W | 0x03, RAX, MEM_ENV(x->s->neg_jmp_cache));
    op_rm(x, P_W | 0x3b, RDX, MEM(RAX, offsetof(TBJumpCacheEntry, key)));
    uint8_t *miss = out_jcc_short(x, CC_NE);
    op_rm(x, 0xff, 4, MEM(RAX, offsetof(TBJumpCacheEntry, code)));
    patch_short(x, miss);
    leave(x, 0);
}

static void store_dirty(X86 *x, const RaDirty *dirty)
{
    store_pending(x, dirty);
    for (unsigned i = 0; i < dirty->nb; i++) {
        const TCGWriteBackEntry *e = &dirty->entry[i];
        x->ra.target->store(&x->ra, e->type, e->reg, e->env_offset, false);
    }
}

static void emit_exit_stub(X86 *x, Stub *stub)
{
    stub_here(x, stub);
    store_dirty(x, stub->dirty);
    leave(x, stub->value);
}

static void emit_icount_stub(X86 *x, Stub *stub)
{
    stub_here(x, stub);
    store_dirty(x, stub->dirty);
    op_rm_imm(x, 0x81, ALU_ADD, MEM_ENV(x->s->neg_icount_left), 4);
    out32(x, stub->op->args[0]);
    leave(x, stub->value);
}

static Stub *exit_stub(X86 *x, uintptr_t value)
{
    Stub *stub = stub_new(x, emit_exit_stub);

    stub->dirty = ra_dirty_globals(&x->ra);
    stub->value = value;
    return stub;
}

void out_check_exit(X86 *x, TCGOp *op)
{
    op_rm_imm(x, 0x83, ALU_CMP, MEM_ENV(x->s->neg_exit_request), 1);
    out8(x, 0);
    stub_jump(exit_stub(x, op->args[1]), out_jcc(x, CC_NE));
    if (x->s->use_icount && op->args[0]) {
        Stub *stub = exit_stub(x, (op->args[1] & ~(uintptr_t)TB_EXIT_MASK) | TB_EXIT_ICOUNT);

        stub->emit = emit_icount_stub;
        stub->op = op;
        op_rm_imm(x, 0x81, ALU_SUB, MEM_ENV(x->s->neg_icount_left), 4);
        out32(x, op->args[0]);
        stub_jump(stub, out_jcc(x, CC_S));
    }
}

void out_count_exec(X86 *x, TCGOp *op)
{
    const uint8_t *counter = (const uint8_t *)x->s->tb_exec_left;
    intptr_t distance = counter - exec_addr(x, x->p);
    Mem m = { NO_REG, NO_REG, 0, 0, counter };

    if (distance != (int32_t)(distance + 64 * KiB) - 64 * KiB) {
        out_movi(x, RAX, (uintptr_t)counter);
        m = MEM(RAX, 0);
    }
    op_rm_imm(x, 0x83, ALU_SUB, m, 1);
    out8(x, 1);
    stub_jump(exit_stub(x, op->args[0]), out_jcc(x, CC_S));
}

void out_mb(X86 *x, TCGOp *op)
{
    if (op->args[0] & TCG_MO_ST_LD) {
        out8(x, 0xf0);                  /* lock or dword [rsp], 0 */
        op_rm_imm(x, 0x83, ALU_OR, MEM(RSP, 0), 1);
        out8(x, 0);
    }
}

/* --- helper calls (System V ABI) --- */

static const uint8_t int_args[] = { RDI, RSI, RDX, RCX, R8, R9 };

typedef struct Move {
    int dst, src;           /* src NO_REG: from memory or constant */
    TCGTemp *temp;
} Move;

static void move_in(X86 *x, const Move *m)
{
    bool frame;
    TCGTemp *t = m->temp;

    if (temp_is_const(t) || (t->state & RA_PENDING)) {
        x->ra.target->movi(&x->ra, t->type, m->dst, t->val);
    } else {
        int32_t offset = ra_place(&x->ra, t, &frame);
        x->ra.target->load(&x->ra, t->type, m->dst, offset, frame);
    }
}

/* Register to register moves in an order that overwrites nothing still needed. */
static void move_all(X86 *x, Move *moves, int nb)
{
    for (int left = nb; left > 0;) {
        bool moved = false;

        for (int i = 0; i < nb; i++) {
            bool blocked = moves[i].src == NO_REG;

            for (int j = 0; j < nb && !blocked; j++) {
                blocked = j != i && moves[j].src == moves[i].dst;
            }
            if (!blocked) {
                x->ra.target->mov(&x->ra, moves[i].temp->type, moves[i].dst, moves[i].src);
                moves[i].src = NO_REG;
                left--;
                moved = true;
            }
        }
        for (int i = 0; i < nb && !moved; i++) {
            if (moves[i].src != NO_REG) {       /* a cycle: set one of it aside */
                int aside = moves[i].src < 16 ? RAX : XMM15, from = moves[i].src;

                x->ra.target->mov(&x->ra, aside < 16 ? TCG_TYPE_I64 : TCG_TYPE_V128, aside, from);
                for (int j = 0; j < nb; j++) {
                    if (moves[j].src == from) {
                        moves[j].src = aside;
                    }
                }
                break;
            }
        }
    }
}

static void load_arguments(X86 *x, TCGOp *op)
{
    Move regs[TCG_MAX_CALL_ARGS], others[TCG_MAX_CALL_ARGS];
    int nb_regs = 0, nb_others = 0, nb_int = 0, nb_vec = 0;

    for (int i = op->call_out; i < op->call_out + op->call_in; i++) {
        TCGTemp *t = arg_temp(op->args[i]);
        Move m = { .temp = t, .src = t->reg };

        m.dst = ra_class(t->type) == RA_INT ? int_args[nb_int++] : XMM0 + nb_vec++;
        if (t->reg >= 0) {
            regs[nb_regs++] = m;
        } else {
            others[nb_others++] = m;
        }
    }
    move_all(x, regs, nb_regs);
    for (int i = 0; i < nb_others; i++) {
        move_in(x, &others[i]);
    }
}

void out_call(X86 *x, TCGOp *op)
{
    const TCGHelperInfo *info = tcg_call_info(op);
    unsigned effects = tcg_op_global_effects(op);
    TCGTemp *result = op->call_out ? arg_temp(op->args[0]) : NULL;

    ra_before_call(&x->ra, effects);
    load_arguments(x, op);
    out_call_exec(x, info->func);
    if (info->flags & TCG_CALL_NO_RETURN) {
        return;
    }
    ra_release_inputs(&x->ra);
    ra_after_call(&x->ra, effects, result);
    if (result) {
        int class = ra_class(result->type);
        x->ra.hint[class] = class == RA_VEC ? XMM0 : NO_REG;
        int d = ra_out(&x->ra, 0);
        x->ra.target->mov(&x->ra, result->type, d, class == RA_VEC ? XMM0 : RAX);
    }
}
