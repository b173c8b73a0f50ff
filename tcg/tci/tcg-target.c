/*
 * Portable back end: encodes ops as bytecode for the interpreter (tci.h has
 * the layout). Temps live in a frame and globals in env memory, so that guest
 * state is right at every instruction and there is nothing to write back.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/tci/tci.h"

/* Room that one instruction never exceeds. */
#define MAX_INSN_BYTES 256

TciConfig tci_config;

typedef struct Encoder {
    TCGContext *s;
    uint32_t *start, *cur;
    uint32_t frame_used;        /* bytes */
} Encoder;

/* A branch whose label comes later: the place of its displacement. */
typedef struct Reloc {
    struct Reloc *next;
    uint32_t *insn, *field;
} Reloc;

static uint32_t current_offset(const Encoder *e)
{
    return (e->cur - e->start) * sizeof(uint32_t);
}

static void put(Encoder *e, uint32_t word)
{
    *e->cur++ = word;
}

static void put_const(Encoder *e, uint64_t c)
{
    put(e, c);
    put(e, c >> 32);
}

/* --- places of temps --- */

static uint32_t place(int base, int32_t offset)
{
    return (uint32_t)offset << 2 | base;
}

static uint32_t frame_place(Encoder *e, TCGType type)
{
    uint32_t size = type == TCG_TYPE_V128 ? 16 : 8;
    uint32_t offset = ROUND_UP(e->frame_used, size);

    e->frame_used = offset + size;
    return place(TCI_BASE_FRAME, offset);
}

static uint32_t const_place(Encoder *e, const TCGTemp *t)
{
    uint32_t offset = current_offset(e);

    put_const(e, t->val);
    return place(TCI_BASE_BLOCK, offset);
}

/* t->state holds the temp's word, t->uses says that it has one. */
static void place_temp(Encoder *e, TCGTemp *t)
{
    if (t->uses) {
        return;
    }
    t->uses = 1;
    switch (t->kind) {
    case TEMP_GLOBAL:
        t->state = place(TCI_BASE_ENV, t->mem_offset);
        break;
    case TEMP_FIXED:
        t->state = place(TCI_BASE_FRAME, 0);
        break;
    case TEMP_TEMP:
        t->state = frame_place(e, t->type);
        break;
    case TEMP_CONST:
        t->state = const_place(e, t);
        break;
    }
}

/* The block's head: TCI_ENTER with all constants. */
static bool put_head(Encoder *e)
{
    TCGContext *s = e->s;
    uint32_t *skip;

    e->frame_used = 8;          /* slot 0 holds env */
    put(e, TCI_ENTER);
    skip = e->cur++;
    for (int i = 0; i < s->nb_temps; i++) {
        s->temps[i]->uses = 0;
    }
    for (TCGOp *op = s->first_op; op; op = op->next) {
        unsigned nb_temps = tcg_op_nb_oargs(op) + tcg_op_nb_iargs(op);

        if ((uint8_t *)e->cur + MAX_INSN_BYTES > s->code_highwater) {
            return false;
        }
        for (unsigned i = 0; i < nb_temps; i++) {
            place_temp(e, arg_temp(op->args[i]));
        }
    }
    *skip = e->cur - e->start;
    return true;
}

/* --- instructions --- */

/* The label's displacement from insn, now or when the label is placed. */
static void put_label(Encoder *e, uint32_t *insn, TCGLabel *l)
{
    if (l->state_ptr) {
        put_const(e, (int64_t)((uint32_t *)l->state_ptr - insn));
    } else {
        Reloc *r = tcg_malloc(sizeof(Reloc));

        *r = (Reloc){ .next = l->relocs, .insn = insn, .field = e->cur };
        l->relocs = r;
        put_const(e, 0);
    }
}

static void place_label(Encoder *e, TCGLabel *l)
{
    l->state_ptr = e->cur;
    for (Reloc *r = l->relocs; r; r = r->next) {
        int64_t displacement = e->cur - r->insn;

        r->field[0] = displacement;
        r->field[1] = displacement >> 32;
    }
}

static void put_call(Encoder *e, const TCGOp *op)
{
    put(e, INDEX_op_call);
    put_const(e, (uintptr_t)tcg_call_info(op));
    for (int i = 0; i < op->call_out + op->call_in; i++) {
        put(e, arg_temp(op->args[i])->state);
    }
}

static void put_plain(Encoder *e, const TCGOp *op)
{
    const TCGOpDef *def = &tcg_op_defs[op->opc];
    const TCGLabel *label = tcg_op_label(op);
    uint32_t *insn = e->cur;
    int nb_temps = def->nb_oargs + def->nb_iargs;

    put(e, op->opc | (uint32_t)op->vece << 16);
    for (int i = 0; i < nb_temps; i++) {
        put(e, arg_temp(op->args[i])->state);
    }
    for (int i = nb_temps; i < op->nargs; i++) {
        if (label && op->args[i] == (TCGArg)label) {
            put_label(e, insn, (TCGLabel *)label);
        } else {
            put_const(e, op->args[i]);
        }
    }
}

/* goto_tb's constant is a displacement in bytes: at first, to the next instruction. */
static void put_goto_tb(Encoder *e, const TCGOp *op)
{
    put(e, INDEX_op_goto_tb);
    e->s->jmp_insn_offset[op->args[0]] = current_offset(e);
    put_const(e, 2 * sizeof(uint32_t));
    e->s->jmp_reset_offset[op->args[0]] = current_offset(e);
}

static void put_count_exec(Encoder *e, const TCGOp *op)
{
    put(e, INDEX_op_count_exec);
    put_const(e, (uintptr_t)e->s->tb_exec_left);
    put_const(e, op->args[0]);
}

static void begin_insn(Encoder *e, const TCGOp *op)
{
    TCGContext *s = e->s;

    if (s->nb_insns) {
        s->insn_end_off[s->nb_insns - 1] = current_offset(e);
    }
    for (int i = 0; i < 3; i++) {
        s->insn_data[s->nb_insns][i] = op->args[i];
    }
    s->nb_insns++;
}

static void put_op(Encoder *e, const TCGOp *op)
{
    switch (op->opc) {
    case INDEX_op_insn_start:
        begin_insn(e, op);
        break;
    case INDEX_op_set_label:
        place_label(e, arg_label(op->args[0]));
        break;
    case INDEX_op_discard:
        break;
    case INDEX_op_call:
        put_call(e, op);
        break;
    case INDEX_op_goto_tb:
        put_goto_tb(e, op);
        break;
    case INDEX_op_count_exec:
        put_count_exec(e, op);
        break;
    default:
        put_plain(e, op);
        break;
    }
}

int tcg_target_gen_code(TCGContext *s)
{
    Encoder e = { .s = s, .start = (uint32_t *)s->code_ptr, .cur = (uint32_t *)s->code_ptr };

    for (TCGLabel *l = s->labels; l; l = l->next) {
        l->state_ptr = l->relocs = NULL;
    }
    s->nb_insns = 0;
    tci_config = (TciConfig){
        .exit_request = s->neg_exit_request, .icount_left = s->neg_icount_left,
        .jmp_cache = s->neg_jmp_cache, .tb_key = s->neg_tb_key, .use_icount = s->use_icount,
        .pc_type = s->addr_bits == 32 ? TCG_TYPE_I32 : TCG_TYPE_I64,
    };
    if (!put_head(&e)) {
        return -1;
    }
    if (e.frame_used > TCI_FRAME_BYTES) {
        return -2;
    }
    for (TCGOp *op = s->first_op; op; op = op->next) {
        if ((uint8_t *)e.cur + MAX_INSN_BYTES > s->code_highwater) {
            return -1;
        }
        put_op(&e, op);
    }
    if (s->nb_insns) {
        s->insn_end_off[s->nb_insns - 1] = current_offset(&e);
    }
    s->code_ptr = (uint8_t *)e.cur;
    return current_offset(&e);
}

void tcg_target_init(TCGContext *s)
{
}

/* The epilogue is a block of its own that leaves with 0. */
void tcg_target_prologue(TCGContext *s)
{
    Encoder e = { .s = s, .start = (uint32_t *)s->code_ptr, .cur = (uint32_t *)s->code_ptr };

    put(&e, INDEX_op_exit_tb);
    put_const(&e, 0);
    s->code_gen_epilogue = s->code_ptr + s->splitwx_diff;
    s->code_ptr = (uint8_t *)e.cur;
    tcg_qemu_tb_exec = tci_tb_exec;
}

/* One aligned word: other threads see the old or the new destination. */
void tb_target_set_jmp_target(uintptr_t jmp_rx, uintptr_t jmp_rw, uintptr_t target_rx)
{
    qatomic_set((int32_t *)jmp_rw, (int32_t)(target_rx - jmp_rx));
}
